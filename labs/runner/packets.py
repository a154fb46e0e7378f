# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Packets: the captures of a run, one line for each packet. tshark and Wireshark
show more; this needs neither.

In: a lab's evidence. Out: number, seconds since the first packet, addresses,
flags or bytes, TCP's numbers, the beginning of the data, and the rule that logged
it. Of a pcapng file also how many packets were lost, the system calls, and each
packet's direction and comment.
"""
from . import notebook
from .catalogue import shown
from .errors import DAMAGED, TOO_EARLY, LabError
from .evidence import Evidence, NoEvidence
from .language import say
from .pcap import Packet
from .visible import visible


MOST = 40  # bytes of data that are shown


def sequence(packet):
    """The numbers of a segment, as they are on the wire."""
    ack = f", ack {packet.ack}" if "ACK" in packet.flags else ""
    mss = f", MSS {packet.mss}" if packet.mss else ""
    return f", seq {packet.seq}{ack}{mss}"


def described(packet):
    """A packet in one line."""
    prefix = f"  {packet.prefix}" if packet.prefix else ""
    size = say(", {count} bytes", count=packet.length) + sequence(packet) \
        if packet.flags else ""
    data = f"  {packet.data[:MOST].decode(errors='replace')!r}" \
        if packet.data and not packet.quoted else ""  # the line has what it quotes
    comment = f"  {'; '.join(packet.comment.splitlines())}" if packet.comment \
        else ""
    direction = f"{packet.direction:<3} " if packet.direction else ""
    return f"{direction}{packet}{size}{data}{prefix}{comment}"


def show(path, rows, lost):
    """One capture. rows: packets, calls; lost: None if the file does not say it."""
    count = sum(isinstance(row, Packet) for row in rows)
    name = visible(shown(path))
    print(say("{path}: {count} packets", path=name, count=count) if lost is None
          else say("{path}: {count} packets, {lost} lost", path=name, count=count,
                   lost=lost))
    first_ns = next((row.time_ns for row in rows if row), 0)
    for number, row in enumerate(rows, 1):
        if row:
            seconds = (row.time_ns - first_ns) / 10**9
            words = described(row) if isinstance(row, Packet) else str(row)
            print(f"{number:>5} {seconds:11.6f}  {visible(words)}")


def read(evidence, name):
    """The rows of a capture, and how many packets were lost."""
    if name.endswith(".pcapng"):
        capture = evidence.capture(name)
        return capture.rows, capture.lost
    return evidence.packets(name), None


def verb(lab, modify):
    """labs/lab packets NN [--modify]"""
    name = "modify" if modify else "run"
    folder = notebook.open_evidence(lab, name)
    if folder is None:
        raise LabError(TOO_EARLY, f"lab {lab.number} has no such run: labs/lab "
                       f"run {lab.number}")
    with folder:
        with notebook.keeping(folder.path):
            captures = [entry for entry in folder.names()
                        if entry.endswith((".pcap", ".pcapng"))]
        if not captures:
            raise LabError(TOO_EARLY, f"the run of lab {lab.number} has no "
                           "capture")
        evidence = Evidence(folder)
        for capture in captures:
            try:
                show(folder.path / capture, *read(evidence, capture))
            except NoEvidence as why:
                raise LabError(DAMAGED, str(why)) from None
    return 0
