# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Read a capture file: UDP, TCP and ICMP over IPv4 and IPv6, on Ethernet, "any" or
nflog.

In: pcap, micro- or nanoseconds, either byte order (pcap-savefile(5)). Out: a
Packet for each. A packet that is neither UDP nor TCP, and a later fragment of a
datagram, has no ports. This is enough for the checks. To look at packets, use
Wireshark, tshark or tcpdump.
"""
import socket
import struct
from dataclasses import dataclass

from .files import read_file

MAGIC = {b"\xd4\xc3\xb2\xa1": ("<", 1000), b"\xa1\xb2\xc3\xd4": (">", 1000),
         b"\x4d\x3c\xb2\xa1": ("<", 1), b"\xa1\xb2\x3c\x4d": (">", 1)}
# link type -> bytes before IP, where the EtherType stands (pcap-linktype(7))
LINK = {1: (14, 12), 113: (16, 14), 276: (20, 0)}
NFLOG = 239  # what a firewall rule has logged: attributes, not a frame
NFULA_PAYLOAD, NFULA_PREFIX = 9, 10  # linux/netfilter/nfnetlink_log.h
MOST = 8 << 20  # bytes of a file: a lab's own have some thousands
ETHERTYPES = (b"\x08\x00", b"\x86\xdd")  # IPv4, IPv6
PROTOCOL = {1: "icmp", 6: "tcp", 17: "udp", 58: "icmpv6"}
ICMP_ERRORS = {"icmp": (3, 4, 5, 11, 12),  # they quote a packet (RFC 1122, 3.2.2)
               "icmpv6": (1, 2, 3, 4)}  # RFC 4443, 2.1
EXTENSIONS = (0, 43, 60)  # of IPv6: each has its length in units of 8 bytes
FRAGMENT = 44
FLAGS = ("FIN", "SYN", "RST", "PSH", "ACK", "URG")  # RFC 9293, 3.1


@dataclass(frozen=True)
class Packet:
    """One packet. time_ns: CLOCK_REALTIME; length: of the payload."""
    time_ns: int
    proto: str
    src: str  # address:port; of IPv6 [address]:port
    dst: str
    length: int
    flags: tuple = ()
    data: bytes = b""
    prefix: str = ""  # of the rule that logged it
    ident: int = 0  # of the IP packet: its fragments have the same
    offset: int = 0  # of a fragment, in bytes
    more: bool = False  # fragments follow
    seq: int = 0  # TCP
    ack: int = 0
    options: bytes = b""
    icmp: tuple = ()  # type, code
    quoted: tuple = ()  # src, dst of the packet that an ICMP error is about
    direction: str = ""  # in, out; this and the comment: pcapng.py
    comment: str = ""

    @property
    def mss(self):
        """The TCP option MSS (RFC 9293, 3.7.1); None: without it."""
        at = 0
        while at + 1 < len(self.options) and self.options[at]:
            kind, size = self.options[at], self.options[at + 1]
            if kind == 2 and size == 4:
                return int.from_bytes(self.options[at + 2:at + 4], "big")
            at += 1 if kind == 1 else max(2, size)
        return None

    def __str__(self):
        if self.quoted:
            return (f"{self.proto.upper()} {self.src} → {self.dst} "
                    f"{self.icmp[0]}/{self.icmp[1]} about {' → '.join(self.quoted)}")
        if self.offset or self.more:
            return (f"{self.proto.upper()} {self.src} → {self.dst} fragment at "
                    f"{self.offset}")
        what = "-".join(self.flags) or f"{self.length} bytes"
        return f"{self.proto.upper()} {self.src} → {self.dst} {what}"


def read(path):
    """All packets of a file; OSError or ValueError if it is not a capture
    file.
    """
    return parse(read_file(path, MOST))


def parse(data):
    """All packets in the bytes of a file. A file that ends within a header or a
    packet is refused, because the part that is missing might matter.
    """
    if data[:4] not in MAGIC or len(data) < 24:
        raise ValueError("this is not a pcap file")
    order, unit_ns = MAGIC[data[:4]]
    linktype = struct.unpack(order + "I", data[20:24])[0] & 0xffff
    if linktype not in (*LINK, NFLOG):
        raise ValueError(f"link type {linktype} is unknown")
    packets, at = [], 24
    while at < len(data):
        if len(data) - at < 16:
            raise ValueError("the file is cut off")
        seconds, part, kept, _ = struct.unpack(order + "4I", data[at:at + 16])
        frame = data[at + 16:at + 16 + kept]
        if len(frame) < kept:
            raise ValueError("the file is cut off")
        at += 16 + kept
        packet = decode(seconds * 10**9 + part * unit_ns, frame, linktype)
        if packet:
            packets.append(packet)
    return packets


def decode(time_ns, frame, linktype):
    """One frame; None if it is no IP packet."""
    if linktype == NFLOG:
        logged = attributes(frame)
        prefix = logged.get(NFULA_PREFIX, b"").rstrip(b"\0").decode(
            errors="backslashreplace")
        return decode_ip(time_ns, logged.get(NFULA_PAYLOAD, b""), prefix)
    begin, ethertype = LINK[linktype]
    if frame[ethertype:ethertype + 2] not in ETHERTYPES:
        return None
    return decode_ip(time_ns, frame[begin:])


def attributes(frame):
    """The attributes of a logged packet by type: netlink's, in the order of
    bytes of the machine that logged it (LINKTYPE_NFLOG).
    """
    found, at = {}, 4
    while at + 4 <= len(frame):
        size, kind = struct.unpack("=HH", frame[at:at + 4])
        found[kind] = frame[at + 4:at + size]
        at += max(4, (size + 3) & ~3)
    return found


def decode_ip(time_ns, ip, prefix=""):
    """One IP packet; None if it is neither IPv4 nor IPv6."""
    version = ip[0] >> 4 if ip else 0
    if version == 4 and len(ip) >= 20:
        return decode_payload(time_ns, prefix, *ipv4(ip))
    if version == 6 and len(ip) >= 40:
        return decode_payload(time_ns, prefix, *ipv6(ip))
    return None


def ipv4(ip):
    """The header of an IPv4 packet: protocol, source, destination, what it is a
    fragment of, and its payload.
    """
    header, total, ident, part = (ip[0] & 15) * 4, *struct.unpack("!3H",
                                                                  ip[2:8])
    fragment = {"ident": ident, "offset": (part & 0x1fff) * 8,
                "more": bool(part & 0x2000)}
    src, dst = (".".join(map(str, ip[i:i + 4])) for i in (12, 16))
    return PROTOCOL.get(ip[9], str(ip[9])), src, dst, fragment, ip[header:total]


def ipv6(ip):
    """The same of IPv6, after its extension headers (RFC 8200, 4)."""
    src, dst = (f"[{socket.inet_ntop(socket.AF_INET6, ip[i:i + 16])}]"
                for i in (8, 24))
    following, body = ip[6], ip[40:40 + struct.unpack("!H", ip[4:6])[0]]
    fragment = {}
    while following in (*EXTENSIONS, FRAGMENT) and len(body) >= 8:
        size = 8
        if following == FRAGMENT:
            part, ident = struct.unpack("!HI", body[2:8])
            fragment = {"ident": ident, "offset": part & 0xfff8,
                        "more": bool(part & 1)}
        else:
            size += body[1] * 8
        following, body = body[0], body[size:]
        if fragment.get("offset"):
            break  # the rest is not a header
    return PROTOCOL.get(following, str(following)), src, dst, fragment, body


def decode_payload(time_ns, prefix, proto, src, dst, fragment, body):
    """What IP carries."""
    if fragment.get("offset"):
        return Packet(time_ns, proto, src, dst, len(body), (), body, prefix,
                      **fragment)
    if proto in ICMP_ERRORS and len(body) >= 8:
        about = decode_ip(0, body[8:]) if body[0] in ICMP_ERRORS[proto] else None
        return Packet(time_ns, proto, src, dst, len(body), (), body, prefix,
                      icmp=(body[0], body[1]),
                      quoted=(about.src, about.dst) if about else ())
    flags, more = (), {}
    if proto in ("udp", "tcp") and len(body) >= 8:
        src += f":{struct.unpack('!H', body[:2])[0]}"
        dst += f":{struct.unpack('!H', body[2:4])[0]}"
        size = 8
        if proto == "tcp" and len(body) >= 20:
            size = (body[12] >> 4) * 4
            flags = tuple(name for bit, name in enumerate(FLAGS)
                          if body[13] >> bit & 1)
            more = {"seq": struct.unpack("!I", body[4:8])[0],
                    "ack": struct.unpack("!I", body[8:12])[0],
                    "options": body[20:size]}
        body = body[size:]
    return Packet(time_ns, proto, src, dst, len(body), flags, body, prefix,
                  **fragment, **more)
