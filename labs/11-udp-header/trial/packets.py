# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Lab 11: the packets for the student's functions, and the expected results.

In: a seed, which differs from run to run. Out: cases(seed): CASES, which are
always the same, and some for this run. The experiment calls the functions with
them, and the check compares the results. No program can contain them in advance.
"""
import random
import socket
import struct
from dataclasses import dataclass

FROM, TO = "10.0.0.1", "10.0.0.2"
ADDRESSES = socket.inet_aton(FROM) + socket.inet_aton(TO)
MALFORMED = "malformed"
ROOM = 1024  # PAYLOAD_BYTES of start.c


@dataclass(frozen=True)
class Case:
    """Bytes for one of the student's functions."""
    kind: str  # parse, checksum, unpack: as in harness.c
    name: str
    data: bytes
    expected: str


def checksum(data):
    """RFC 1071, by Python's long integers: modulo 0xffff, and never 0."""
    data += b"\0" * (len(data) % 2)
    return 0xffff - int.from_bytes(data, "big") % 0xffff


def segment(source, to, payload=b"", length=None, check=None):
    """A UDP segment; length and checksum true unless given."""
    length = 8 + len(payload) if length is None else length
    if check is None:
        pseudo = ADDRESSES + struct.pack("!HH", socket.IPPROTO_UDP, length)
        check = checksum(pseudo + struct.pack("!HHHH", source, to, length, 0)
                         + payload)
    return struct.pack("!HHHH", source, to, length, check) + payload


def packet(body, options=b"", words=None):
    """An IPv4 packet; words: the header length field, in words."""
    words = 5 + len(options) // 4 if words is None else words
    head = struct.pack("!BBHHHBBH", 0x40 | words, 0,
                       20 + len(options) + len(body), 0, 0, 64,
                       socket.IPPROTO_UDP, 0)
    return head + ADDRESSES + options + body


def unpacked(payload, source=4000, check="right"):
    """What the harness prints of a good datagram."""
    return (f"bytes={len(payload)} from={FROM}:{source} checksum={check} "
            f"payload={payload[:ROOM].hex()}")


def parsed(source, to, length, check):
    """What the harness prints of a header."""
    return (f"source={source} destination={to} length={length} "
            f"checksum=0x{check:04x}")


HELLO = segment(4000, 9007, b"HELLO")
CASES = [
    Case("parse", "a header, and 5 bytes",
         segment(4000, 9007, b"HELLO", check=0xbeef),
         parsed(4000, 9007, 13, 0xbeef)),
    Case("parse", "high bytes above 127",
         segment(65535, 40000, b"", check=0xff80),
         parsed(65535, 40000, 8, 0xff80)),
    Case("parse", "a header and nothing after it",
         segment(1, 2, check=3), parsed(1, 2, 8, 3)),
    Case("parse", "more bytes than the length says",
         segment(1, 2, b"padded", length=9, check=3), parsed(1, 2, 9, 3)),
    Case("parse", "7 bytes", HELLO[:7], MALFORMED),
    Case("parse", "no byte at all", b"", MALFORMED),
    Case("parse", "a length of 7, less than a header",
         segment(1, 2, b"HELLO", length=7), MALFORMED),
    Case("parse", "a length of 0", segment(1, 2, b"HELLO", length=0),
         MALFORMED),
    Case("parse", "a length of 14 where 13 bytes came",
         segment(1, 2, b"HELLO", length=14), MALFORMED),
    Case("parse", "a length of 65535 where 13 bytes came",
         segment(1, 2, b"HELLO", length=65535), MALFORMED),
    Case("checksum", "an even number of bytes",
         packet(segment(4000, 9007, b"EVEN")), "checksum=right"),
    Case("checksum", "an odd number of bytes", packet(HELLO),
         "checksum=right"),
    Case("checksum", "no payload", packet(segment(4000, 9007)),
         "checksum=right"),
    Case("checksum", "a sum that carries more than once",
         packet(segment(65535, 65535, b"\xff" * 1000)), "checksum=right"),
    Case("checksum", "one bit flipped", packet(HELLO[:-1] + b"N"),
         "checksum=wrong"),
    Case("checksum", "another sender's address",
         packet(HELLO).replace(socket.inet_aton(FROM),
                               socket.inet_aton("10.0.0.3"), 1),
         "checksum=wrong"),
    Case("checksum", "a field of 0: the sender made none",
         packet(segment(4000, 9007, b"HELLO", check=0)), "checksum=none"),
    Case("unpack", "a datagram of 5 bytes", packet(HELLO),
         unpacked(b"HELLO")),
    Case("unpack", "an empty datagram", packet(segment(4000, 9007)),
         unpacked(b"")),
    Case("unpack", "an IP header of 24 bytes, with options",
         packet(HELLO, options=b"\1\1\1\1"), unpacked(b"HELLO")),
    Case("unpack", "an IP header of 60 bytes",
         packet(HELLO, options=b"\1" * 40), unpacked(b"HELLO")),
    Case("unpack", "4 bytes of padding after the datagram",
         packet(HELLO + b"\0\0\0\0"), unpacked(b"HELLO")),
    Case("unpack", "as much as there is room for",
         packet(segment(4000, 9007, b"x" * ROOM)), unpacked(b"x" * ROOM)),
    Case("unpack", "one byte more than there is room for",
         packet(segment(4000, 9007, b"x" * ROOM + b"y")),
         unpacked(b"x" * ROOM + b"y")),
    Case("unpack", "7 bytes after the IP header", packet(HELLO[:7]),
         MALFORMED),
    Case("unpack", "a length of 100 where 13 bytes came",
         packet(segment(4000, 9007, b"HELLO", length=100)), MALFORMED),
    Case("unpack", "an IP header that says 60 bytes, of 33",
         packet(HELLO, words=15), MALFORMED),
    Case("unpack", "an IP header that says 16 bytes",
         packet(segment(12, 9007, b"HELLO"), words=4), MALFORMED),
    Case("unpack", "19 bytes, less than an IP header", packet(b"")[:19],
         MALFORMED),
    Case("unpack", "no byte", b"", MALFORMED),
]


def fresh(seed):
    """Some more cases of each kind, with numbers that this seed chooses."""
    chosen = random.Random(seed)

    def port():
        return chosen.randrange(1, 65536)

    def bytes_of(most):
        return chosen.randbytes(chosen.randrange(1, most))

    def case(kind, name, data, expected):
        return Case(kind, f"{name} (new in each run)", data, expected)

    source, to, check, data = port(), port(), port(), bytes_of(100)
    yield case("parse", "a header, and a payload",
               segment(source, to, data, check=check),
               parsed(source, to, 8 + len(data), check))
    source, to, check, data = port(), port(), port(), bytes_of(100)
    yield case("parse", "padding after a header", segment(
        source, to, data, length=8, check=check), parsed(source, to, 8, check))
    data = bytes_of(100)
    yield case("parse", "a length above what came",
               segment(port(), port(), data,
                       length=8 + len(data) + chosen.randrange(1, 60000)),
               MALFORMED)
    yield case("parse", "less than a header",
               segment(port(), port())[:chosen.randrange(1, 8)], MALFORMED)
    good = packet(segment(port(), port(), bytes_of(200)))
    yield case("checksum", "a payload", good, "checksum=right")
    at = 20 + chosen.randrange(8, len(good) - 20)
    yield case("checksum", "a bit flipped", good[:at] + bytes(
        [good[at] ^ 1 << chosen.randrange(8)]) + good[at + 1:],
        "checksum=wrong")
    source, data = port(), bytes_of(200)
    yield case("unpack", "a datagram", packet(segment(source, port(), data)),
               unpacked(data, source))
    source, data, words = port(), bytes_of(200), chosen.randrange(1, 11)
    yield case("unpack", "IP options, and padding",
               packet(segment(source, port(), data) + b"\0" * words,
                      options=b"\1" * 4 * words), unpacked(data, source))
    data = segment(port(), port(), bytes_of(200))
    yield case("unpack", "a datagram that was cut off",
               packet(data[:chosen.randrange(len(data))]), MALFORMED)


def cases(seed):
    """All cases of one run."""
    return CASES + list(fresh(seed))
