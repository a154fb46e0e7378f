# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Send UDP datagrams with headers of IPv6's own before the transport's.

    extensions.py ADDRESS PORT

Each combination of hop-by-hop and destination options (RFC 8200 4.3, 4.6),
small and large enough to be cut up; to an echo server. Its answers, which have no
such headers, are compared with what was sent. Needs CAP_NET_RAW (ipv6(7)).
"""
import socket
import sys

# Next header (the kernel fills it in), eights less the first, one option: PadN,
# or the one for experiments that is passed over (RFC 4727 3.2)
PADDING = bytes([0, 0, 1, 4, 0, 0, 0, 0])
LONG = bytes([0, 1, 0x1e, 12]) + bytes(12)
HEADERS = [[], [(socket.IPV6_HOPOPTS, PADDING)],
           [(socket.IPV6_DSTOPTS, PADDING)],
           [(socket.IPV6_HOPOPTS, PADDING), (socket.IPV6_DSTOPTS, LONG)]]
SIZES = [5, 4000]


def main(address, port):
    for headers in HEADERS:
        for size in SIZES:
            with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as udp:
                udp.settimeout(10)
                for option, data in headers:
                    udp.setsockopt(socket.IPPROTO_IPV6, option, data)
                udp.connect((address, port))
                payload = bytes(range(256)) * 16
                udp.send(payload[:size])
                assert udp.recv(65536) == payload[:size]


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
