# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Check the order of a recording against rules that always hold.

    tracer udp --json ... | order.py ROUND_TRIPS

Reads JSON Lines of UDP echoes on standard input and fails at the first record
that contradicts:

 - time never runs backwards;
 - a thread is in one system call at a time: no exit before its enter;
 - a packet comes after the call that sent it: of each address, neither witness
   has seen more packets leave than sends have been entered;
 - a datagram comes in after it went out: the kernel's account of one device has
   no more incoming ones. (A capture on lo has each packet once, as incoming: it is
   compared with the sends alone.)

Prints what was counted; the sends of each side must be ROUND_TRIPS.
"""
import collections
import json
import sys

SENDS = {"sendto", "sendmsg", "sendmmsg", "write", "writev"}


class Contradiction(Exception):
    """A record that cannot stand where it stands."""


class Order:
    """What has been seen so far."""

    def __init__(self):
        self.last_ns = 0
        self.inside = {}                       # tid: name of the call
        self.sends = collections.Counter()     # by local address
        self.packets = collections.Counter()   # by witness, direction, source

    def call(self, record):
        """Enter and exit of one thread take turns."""
        tid, name = record["tid"], record["name"]
        if record["type"] == "exit":
            # the first call of a thread may have begun before the tracer did
            if self.inside.pop(tid, name) != name:
                raise Contradiction("an exit from another call")
            return
        if tid in self.inside:
            raise Contradiction(f"enters within {self.inside[tid]}")
        self.inside[tid] = name
        if name in SENDS and record.get("proto") == "udp":
            self.sends[record["local"]] += 1

    def packet(self, record):
        """Out after the send, in after out."""
        witness, src = record["witness"], record["src"]
        way = record["direction"]
        self.packets[witness, way, src] += 1
        most = self.sends[src]
        if way == "in" and witness == "kernel":
            most = self.packets[witness, "out", src]
        if self.packets[witness, way, src] > most:
            raise Contradiction(f"{way} before it was sent")

    def take(self, record):
        """One record."""
        now = record.get("ts_ns", 0)
        if now:
            if now < self.last_ns:
                raise Contradiction("time runs backwards")
            self.last_ns = now
        if record["type"] in ("enter", "exit"):
            self.call(record)
        elif record["type"] == "packet":
            self.packet(record)


def main(round_trips):
    """0 if nothing contradicts and nothing is missing."""
    order, count, lost = Order(), 0, 0
    for line in sys.stdin:
        record = json.loads(line)
        count += 1
        lost += record.get("count", 0) if record["type"] == "lost" else 0
        try:
            order.take(record)
        except Contradiction as what:
            print(f"record {count}: {what}\n{line}")
            return 1
    sends = sorted(order.sends.values())
    print(f"{count} records, {lost} lost, sends by address: {sends}")
    return 0 if lost == 0 and sends == [round_trips] * 2 else 1


sys.exit(main(int(sys.argv[1])))
