# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""dial.py udp|tcp ADDRESS PORT: connect, send, read the echo, in Python."""
import socket
import sys

network, address, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
kind = socket.SOCK_DGRAM if network == "udp" else socket.SOCK_STREAM
with socket.socket(socket.AF_INET, kind) as sock:
    sock.settimeout(5)
    sock.setblocking(True)
    sock.connect((address, port))
    sock.send(b"HELLO")
    print(len(sock.recv(1024)), "bytes from", sock.getpeername())
