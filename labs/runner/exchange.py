# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Collect and send: reports over UDP, from the students' machines to the teacher's.

A report travels in datagrams that are numbered, acknowledged, and sent again when
no acknowledgement comes. So tcpdump and the tracer show what TCP would do for us.
Nothing is encrypted, and nobody proves who they are.

    dialtone report ID NUMBER COUNT\\n   and up to CHUNK bytes, to the teacher
    dialtone have ID NUMBER COUNT\\n     back: this datagram has arrived
    dialtone refused ID NUMBER COUNT\\n  back: what has arrived is not a report

An answer has another first line than a report. Otherwise a forged source address
could make two machines that collect answer each other for ever.
"""
# getaddrinfo() would load it later, when root may have taken another's rights
import encodings.idna  # pylint: disable=unused-import
import json
import re
import secrets
import socket
import sys
from collections import OrderedDict, deque

from . import classroom, notebook, report, reports
from .catalogue import shown
from .errors import (CANNOT_RUN, INPUT_OUTPUT, TOO_EARLY, USAGE, LabError)
from .language import say
from .visible import visible

PORT = 9117
CHUNK = 1024  # bytes of a report in a datagram: it fits in every MTU of IPv6
MOST = 256  # datagrams of a report: 256 KiB
TRANSFERS = 64  # that are not complete, at once
STUDENTS = 1000  # reports that are kept
TRIES, FIRST_WAIT_S, LONGEST_WAIT_S = 10, 0.25, 4
HEADER = re.compile(rb"dialtone (report|have|refused) ([0-9a-f]{16}) "
                    rb"(\d{1,4}) (\d{1,4})\n")


def header(word, name, number, count):
    """The first line of a datagram."""
    return f"dialtone {word} {name} {number} {count}\n".encode()


def port_number(text):
    """The number of a port; LabError if the text is not one."""
    if text is None:
        return PORT
    if not re.fullmatch(r"\d{1,5}", text) or not 0 < int(text) < 65536:
        raise LabError(USAGE, f"'{text}' is not a port (1 to 65535)")
    return int(text)


# ---- the student's side ----------------------------------------------------

def connected(host, port):
    """A UDP socket that is connected to a host."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)
    except (OSError, UnicodeError) as error:
        raise LabError(TOO_EARLY, f"no address found for '{host}': "
                       f"{getattr(error, 'strerror', None) or error}") \
            from None
    family, kind, proto, _, address = found[0]
    made = socket.socket(family, kind, proto)
    made.connect(address)  # sends nothing, as lab 02 shows
    return made


def acknowledged(sock, datagram, expected):
    """Send until the acknowledgement comes. Returns how often it was sent; 0: it
    never came.
    """
    wait = FIRST_WAIT_S
    for tries in range(1, TRIES + 1):
        sock.send(datagram)
        sock.settimeout(wait)
        try:
            while True:
                came = sock.recv(2048)
                if came == expected:
                    return tries
                if came.startswith(expected.replace(b" have ", b" refused ")):
                    raise LabError(INPUT_OUTPUT, "the teacher's machine "
                                   "refused the report: it has another "
                                   "version of labs/lab, or no room")
        except TimeoutError:
            wait = min(2 * wait, LONGEST_WAIT_S)
    return 0


def send(host, port_text):
    """labs/lab send HOST [PORT]"""
    port = port_number(port_text)
    data = json.dumps(report.made()).encode()
    chunks = [data[i:i + CHUNK] for i in range(0, len(data), CHUNK)]
    if len(chunks) > MOST:
        raise LabError(TOO_EARLY, "the report is too large to send; give the "
                       "teacher the output of labs/lab report --json")
    name, again = secrets.token_hex(8), 0
    try:
        with connected(host, port) as sock:
            for number, chunk in enumerate(chunks):
                tries = acknowledged(
                    sock, header("report", name, number, len(chunks)) + chunk,
                    header("have", name, number, len(chunks)))
                if not tries:
                    raise LabError(INPUT_OUTPUT, f"no answer from {host}, UDP "
                                   f"port {port}: is labs/lab collect running "
                                   "there, and does a firewall let it through?")
                again += tries - 1
    except ConnectionRefusedError:
        raise LabError(TOO_EARLY, f"nobody listens at {host}, UDP port {port}: "
                       "the teacher starts labs/lab collect") from None
    except OSError as error:
        raise LabError(INPUT_OUTPUT, f"{host}, UDP port {port}: "
                       f"{error.strerror}") from None
    print(say("Sent to {host}: {count} datagrams, each acknowledged; {again} sent "
              "again.", host=visible(host), count=len(chunks), again=again))
    return 0


# ---- the teacher's side ----------------------------------------------------

class Transfers:
    """The reports that are on their way."""

    def __init__(self):
        self._open = OrderedDict()  # (address, ID) -> [bytes or None, ...]
        self._done = deque(maxlen=TRANSFERS)  # their acknowledgement may be lost

    def take(self, sender, found, chunk):
        """One datagram. The whole report if it was the last that was missing."""
        number, count = int(found[3]), int(found[4])
        key = sender, found[2]
        if key in self._done:
            return None
        chunks = self._open.setdefault(key, [None] * count)
        if len(chunks) == count:
            chunks[number] = chunk
        if len(self._open) > TRANSFERS:
            self._open.popitem(last=False)
        if None in chunks:
            return None
        del self._open[key]
        return b"".join(chunks)

    def finish(self, sender, found):
        """It has been kept: answer its datagrams, and do no more."""
        self._done.append((sender, found[2]))


def valid(datagram):
    """The match of HEADER, or None if the datagram is not part of a report."""
    found = HEADER.match(datagram)
    if not found or found[1] != b"report":
        return None
    number, count = int(found[3]), int(found[4])
    fits = number < count <= MOST and len(datagram) - found.end() <= CHUNK
    return found if fits else None


def file_name(student, sender):
    """A name for a report; what students choose has no other characters."""
    return re.sub(r"[^A-Za-z0-9_-]", "_", student) + "@" + \
        re.sub(r"[^A-Za-z0-9.]", "_", sender) + ".json"


def keep(folder, sender, data):
    """Store a report. Another one from the same machine and student is replaced.
    Returns it, or None if the data is not a report.
    """
    try:
        found = reports.parse(data, "the report")
    except LabError:
        return None
    name = file_name(found.student, sender)
    names = folder.names()
    if name not in names and len(names) >= STUDENTS:
        return None
    with notebook.keeping(folder.path / name):
        folder.write_whole(name, data)
    return found


def show(folder, found, sender):
    """After each report: the whole class on a terminal, else a line."""
    if sys.stdout.isatty():
        everybody, _ = reports.read_all([folder.path])
        print("\033[H\033[2J" + classroom.text(everybody), flush=True)
        return
    passed = sum(entry["result"] == "pass" for entry in found.labs.values())
    print(f"{visible(found.student)} at {sender}: {passed} labs passed",
          flush=True)


def listening(port):
    """A UDP socket for every address of this machine."""
    for family, address in ((socket.AF_INET6, "::"), (socket.AF_INET, "")):
        try:
            sock = socket.socket(family, socket.SOCK_DGRAM)
        except OSError:
            continue  # no IPv6 here
        try:
            if family == socket.AF_INET6:
                sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
            sock.bind((address, port))
            return sock
        except OSError as error:
            sock.close()
            if family == socket.AF_INET:
                raise LabError(CANNOT_RUN, f"UDP port {port}: "
                               f"{error.strerror}; labs/lab collect PORT "
                               "takes another") from None
    raise LabError(CANNOT_RUN, "this machine has no UDP")


def serve(sock, folder):
    """Answer datagrams until Ctrl-C."""
    transfers = Transfers()
    while True:
        datagram, address = sock.recvfrom(2048)
        found = valid(datagram)
        if not found:
            continue
        sender = address[0].removeprefix("::ffff:")
        whole = transfers.take(sender, found, datagram[found.end():])
        kept = whole and keep(folder, sender, whole)
        if kept:
            transfers.finish(sender, found)
        word = b"have" if kept or whole is None else b"refused"
        try:
            sock.sendto(found[0].replace(b"report", word, 1), address)
        except OSError:
            pass  # it is sent again, and so is the answer
        if kept:
            show(folder, kept, sender)


def collect(port_text):
    """labs/lab collect [PORT]"""
    port = port_number(port_text)
    with listening(port) as sock, notebook.class_folder() as folder:
        again = "" if port == PORT else f" {port}"
        print(say("Listening on UDP port {port}. A student types: labs/lab send "
                  "{host}{again}\nCtrl-C ends it.", port=port,
                  host=socket.gethostname(), again=again), flush=True)
        try:
            serve(sock, folder)
        except KeyboardInterrupt:
            count = len(folder.names())
            print("\n" + say("{count} reports are in {folder}: labs/lab class "
                             "shows them", count=count,
                             folder=shown(folder.path)))
    return 0
