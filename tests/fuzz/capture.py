# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The packets of a capture file that tcpdump is still writing.

tcpdump must have been started with -y LINUX_SLL2 and nanoseconds. This reader
is the fuzzer's own; it shares no code with the tracer.
"""
import collections
import ipaddress
import struct

Packet = collections.namedtuple(
    "Packet", "ts_ns proto src sport dst dport flags length payload")

SLL2_BYTES = 20
MAGIC_NS = 0xa1b23c4d
IPV4, IPV6 = 0x0800, 0x86dd
TCP, UDP = 6, 17


def text(address):
    """As the tracer writes it: IPv4-mapped is written as IPv4."""
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)


def decode_ip(protocol, data):
    """Transport, source, destination, the rest; None for anything else."""
    if protocol == IPV4 and len(data) >= 20:
        header, total = (data[0] & 15) * 4, struct.unpack(">H", data[2:4])[0]
        src, dst = data[12:16], data[16:20]
        return (data[9], text(ipaddress.ip_address(src)),
                text(ipaddress.ip_address(dst)), data[header:],
                total - header)
    if protocol == IPV6 and len(data) >= 40:
        return (data[6], text(ipaddress.ip_address(data[8:24])),
                text(ipaddress.ip_address(data[24:40])), data[40:],
                struct.unpack(">H", data[4:6])[0])
    return None


def decode(ts_ns, data):
    ip = decode_ip(struct.unpack(">H", data[:2])[0], data[SLL2_BYTES:])
    if not ip or len(ip[3]) < 8:
        return None
    proto, src, dst, rest, length = ip
    sport, dport = struct.unpack(">HH", rest[:4])
    if proto == UDP:
        return Packet(ts_ns, "udp", src, sport, dst, dport, 0, length - 8,
                      rest[8:])
    if proto == TCP and len(rest) >= 20:
        header = (rest[12] >> 4) * 4
        return Packet(ts_ns, "tcp", src, sport, dst, dport, rest[13],
                      length - header, rest[header:])
    return None


class Capture:
    """Reads on from where it stopped."""

    def __init__(self, path):
        self.file = open(path, "rb")
        self.rest = b""
        self.begun = False

    def read(self):
        """The packets that have been written since the last call."""
        self.rest += self.file.read()
        packets, at = [], 0
        if not self.begun:
            if len(self.rest) < 24:
                return []
            if struct.unpack("=I", self.rest[:4])[0] != MAGIC_NS:
                raise ValueError("the capture has no nanoseconds")
            self.begun, at = True, 24
        while len(self.rest) >= at + 16:
            seconds, ns, kept, _ = struct.unpack("=IIII",
                                                 self.rest[at:at + 16])
            if len(self.rest) < at + 16 + kept:
                break
            packet = decode(seconds * 10**9 + ns,
                            self.rest[at + 16:at + 16 + kept])
            if packet:
                packets.append(packet)
            at += 16 + kept
        self.rest = self.rest[at:]
        return packets
