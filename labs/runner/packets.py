# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Packets: the captures of a run, one line for each packet. tshark and Wireshark
show more; this needs neither.

In: a lab's evidence. Out: number, seconds since the first packet, addresses,
flags or bytes, the beginning of the data, and the rule that logged it.
"""
from . import notebook
from .catalogue import shown
from .errors import DAMAGED, TOO_EARLY, LabError
from .evidence import Evidence, NoEvidence
from .language import say
from .visible import visible


MOST = 40  # bytes of data that are shown


def show(path, packets):
    """One capture."""
    print(say("{path}: {count} packets", path=visible(shown(path)),
              count=len(packets)))
    for number, packet in enumerate(packets, 1):
        seconds = (packet.time_ns - packets[0].time_ns) / 10**9
        prefix = f"  {packet.prefix}" if packet.prefix else ""
        size = say(", {count} bytes", count=packet.length) if packet.flags else ""
        data = f"  {packet.data[:MOST].decode(errors='replace')!r}" \
            if packet.data else ""
        print(f"{number:>5} {seconds:11.6f}  "
              + visible(f"{packet}{size}{data}{prefix}"))


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
                        if entry.endswith(".pcap")]
        if not captures:
            raise LabError(TOO_EARLY, f"the run of lab {lab.number} has no "
                           "capture")
        evidence = Evidence(folder)
        for capture in captures:
            try:
                show(folder.path / capture, evidence.packets(capture))
            except NoEvidence as why:
                raise LabError(DAMAGED, str(why)) from None
    return 0
