# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Read a pcapng file: packets, what is written next to each, and system calls.

In: a file of `tracer capture FILE.pcapng` or `tracer ... --pcapng FILE`, either byte
order (the IETF draft draft-ietf-opsawg-pcapng). Out: its rows in the order of
Wireshark's packet list: a Packet, a Call, or None for a frame without an IP packet.

Both programs write the interface's statistics last. So a file without them lacks its
end, and is refused: a packet might be missing.
"""
import struct
from dataclasses import dataclass, replace

from . import pcap

SECTION, INTERFACE, STATISTICS, PACKET, JOURNAL = 0x0a0d0d0a, 1, 5, 6, 9
ORDER = {b"\x4d\x3c\x2b\x1a": "<", b"\x1a\x2b\x3c\x4d": ">"}
COMMENT = 1  # an option of each block
FLAGS, DROPPED, RESOLUTION = 2, 5, 9  # of a packet, of statistics, of an interface
DIRECTION = {1: "in", 2: "out"}  # bits 0 and 1 of FLAGS
CUT_OFF = "the file is cut off"


@dataclass(frozen=True)
class Call:
    """A system call that has returned. time_ns: CLOCK_REALTIME."""
    time_ns: int
    pid: str
    comm: str
    text: str  # connect(3, 10.0.0.2:9007) = 0

    def __str__(self):
        return f"{self.comm} {self.pid}: {self.text}"


@dataclass(frozen=True)
class Capture:
    """A whole file. lost: packets that the kernel dropped for lack of room."""
    rows: tuple
    lost: int

    @property
    def packets(self):
        """The IP packets of it."""
        return [row for row in self.rows if isinstance(row, pcap.Packet)]


def parse(data):
    """The Capture in the bytes of a file; ValueError if they are none."""
    if data[:4] != SECTION.to_bytes(4, "little") or data[8:12] not in ORDER:
        raise ValueError("this is not a pcapng file")
    order = ORDER[data[8:12]]
    interfaces, rows, lost, kind = [], [], 0, None
    for kind, body in blocks(data, order):
        if kind == INTERFACE:
            interfaces.append(interface(body, order))
        elif kind == PACKET:
            rows.append(packet(body, order, interfaces))
        elif kind == JOURNAL:
            rows.append(call(body))
        elif kind == STATISTICS:
            lost += number(options(body[12:], order).get(DROPPED, b""), order)
    if kind != STATISTICS:
        raise ValueError(CUT_OFF)
    return Capture(tuple(rows), lost)


def blocks(data, order):
    """Each block: its type and what it holds."""
    at = 0
    while at < len(data):
        if len(data) - at < 12:
            raise ValueError(CUT_OFF)
        kind, size = struct.unpack(order + "2I", data[at:at + 8])
        if size < 12 or size % 4:
            raise ValueError(f"a block of {size} bytes")
        block = data[at:at + size]
        if len(block) < size:
            raise ValueError(CUT_OFF)
        if block[-4:] != block[4:8]:
            raise ValueError("a block has two lengths")
        yield kind, block[8:-4]
        at += size


def options(data, order):
    """The options at the end of a block, by their codes."""
    found, at = {}, 0
    while at + 4 <= len(data):
        code, size = struct.unpack(order + "2H", data[at:at + 4])
        if code == 0:
            break
        found[code] = data[at + 4:at + 4 + size]
        at += 4 + (size + 3 & ~3)
    return found


def number(data, order):
    """The integer in an option. An option that is missing counts as 0."""
    return int.from_bytes(data, "little" if order == "<" else "big")


def interface(body, order):
    """Its link type, and how many of its units of time make a second."""
    if len(body) < 8:
        raise ValueError("an interface without a link type")
    linktype = struct.unpack(order + "H", body[:2])[0]
    if linktype not in pcap.LINK:
        raise ValueError(f"link type {linktype} is unknown")
    unit = (options(body[8:], order).get(RESOLUTION) or b"\6")[0]
    return linktype, 2 ** (unit & 127) if unit & 128 else 10 ** unit


def packet(body, order, interfaces):
    """The packet of a block, with its direction and comment."""
    if len(body) < 20:
        raise ValueError("a packet without a header")
    which, high, low, kept, _ = struct.unpack(order + "5I", body[:20])
    if which >= len(interfaces) or kept > len(body) - 20:
        raise ValueError("a packet without its interface, or without its bytes")
    linktype, units = interfaces[which]
    time_ns = (high << 32 | low) * 10**9 // units
    found = pcap.decode(time_ns, body[20:20 + kept], linktype)
    said = options(body[20 + (kept + 3 & ~3):], order)
    return found and replace(
        found, direction=DIRECTION.get(number(said.get(FLAGS, b""), order) & 3, ""),
        comment=said.get(COMMENT, b"").decode(errors="backslashreplace"))


def call(body):
    """The system call of a block: lines KEY=value, as `journalctl -o export` has
    them.
    """
    lines = body.rstrip(b"\0").decode(errors="backslashreplace").split("\n")
    values = dict(line.split("=", 1) for line in lines if "=" in line)
    microseconds = values.get("__REALTIME_TIMESTAMP", "")
    if not microseconds.isdecimal() or len(microseconds) > 20:
        raise ValueError("a system call without a time")
    return Call(int(microseconds) * 1000, values.get("_PID", ""),
                values.get("_COMM", ""), values.get("MESSAGE", ""))
