# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Random programs for play_program, from a seed.

program(seed, index) returns a list of operations. The same seed and index give
the same program. Index says which ports of the world are the program's.
"""
import random

import world

UDP = ["udp4", "udp4", "udp4", "udp6"]
TCP = ["tcp4", "tcp4", "tcp6"]
OTHER = ["udplite", "ping", "raw-udp", "raw-tcp"]
FORMS = ["send", "sendto", "sendmsg", "sendmmsg", "write", "writev"]
LENGTHS = [0, 1, 5, 16, 17, 40, 100, 700, 1400]
ODD = ["unspec", "unspec", "unspec", "bad", "short"]
SLOTS = 4


class Maker:
    """One program in the making."""

    def __init__(self, seed, index):
        self.random = random.Random(f"{seed} {index}")
        self.first = world.first_port(index)
        self.kinds = {}  # slot: kind of its socket
        self.bound = {}  # slot: address and port that it asked for
        self.ops = []

    def add(self, *words):
        self.ops.append(" ".join(str(w) for w in words))

    def chance(self, probability):
        return self.random.random() < probability

    def pick(self, *choices):
        return self.random.choice(choices)

    def host(self, kind):
        """An address of this machine, as a peer."""
        if kind.endswith("6"):
            return self.pick("::1", "::1", "::", "::ffff:127.0.0.1",
                             "::ffff:127.0.0.1", "::ffff:0.0.0.0")
        return self.pick("127.0.0.1", "127.0.0.1", "127.0.0.1", "127.0.0.7",
                         "127.0.0.2", "0.0.0.0")

    def own_host(self, kind):
        if kind.endswith("6"):
            return self.pick("::1", "::", "::ffff:127.0.0.1")
        return self.pick("127.0.0.1", "127.0.0.1", "127.0.0.1", "0.0.0.0")

    def own_port(self, kind):
        if "tcp" in kind:
            return self.first + self.random.randrange(10, 60)
        return self.first + self.random.randrange(world.BUSY_PORTS)

    def bind(self, slot):
        kind = self.kinds[slot]
        self.bound[slot] = self.own_host(kind), self.own_port(kind)
        self.add("bind", slot, *self.bound[slot])

    def peer(self, slot):
        """The words of an address that this socket connects to."""
        kind = self.kinds[slot]
        if slot in self.bound and self.chance(0.08):
            return self.bound[slot]  # itself
        if self.chance(0.15):
            return (self.random.choice(ODD),)
        if self.chance(0.04):
            return self.pick(("255.255.255.255", 9), ("10.9.9.9", 7001),
                             ("fd00::9", 7001), ("127.0.0.1", 0))
        port = self.pick(world.ANSWERS, world.ANSWERS, world.ANSWERS,
                         world.ECHOES, world.REFUSES, world.SILENT,
                         world.REJECTED, world.REDIRECTED,
                         self.own_port(kind))
        return self.host(kind), port

    def socket(self):
        slot = self.random.randrange(SLOTS)
        kinds = self.random.choices([UDP, TCP, OTHER], [5, 6, 1])[0]
        kind = self.random.choice(kinds)
        self.kinds[slot] = kind
        self.bound.pop(slot, None)
        self.add("socket", slot, kind)
        if self.chance(0.4 if "tcp" in kind else 0.1):
            self.add("option", slot, "nonblock")
        if "tcp" in kind and self.chance(0.3):
            self.add("option", slot, "linger")
        if "tcp" in kind and self.chance(0.25):
            self.add("option", slot, "fastopen")
        if self.chance(0.3):
            self.add("option", slot, "reuse")
        if self.chance(0.5 if "udp" in kind else 0.25):
            self.bind(slot)
        if "tcp" in kind and self.chance(0.7):
            self.connect(slot)

    def connect(self, slot):
        self.add("connect", slot, *self.peer(slot))

    def send(self, slot):
        if self.kinds[slot].startswith("raw"):
            return  # a malformed packet, which the tracer counts as unread
        form, length = self.random.choice(FORMS), self.random.choice(LENGTHS)
        peer = ()
        if form.startswith("send") and form != "send" and self.chance(0.4):
            peer = (self.host(self.kinds[slot]),
                    self.pick(world.ANSWERS, world.ECHOES, world.REFUSES))
        self.add("send", slot, form, length, *peer)

    def step(self):
        """One operation on a socket that there is."""
        if not self.kinds or self.chance(0.2):
            self.socket()
            return
        slot = self.random.choice(sorted(self.kinds))
        what = self.random.choices(
            ["connect", "send", "wait", "dup", "close", "bind"],
            [10, 6, 1, 1, 1, 1])[0]
        if what == "connect":
            self.connect(slot)
        elif what == "send":
            self.send(slot)
        elif what == "wait":
            self.add("wait", slot)
        elif what == "dup":
            copy = self.random.randrange(SLOTS)
            self.kinds[copy] = self.kinds[slot]
            self.add("dup", slot, copy)
        elif what == "bind":
            self.bind(slot)
        else:
            self.add("close", slot)

    def aside(self):
        """The same kind of steps in a thread or in a child."""
        place = len(self.ops)
        for _ in range(self.random.randrange(1, 5)):
            self.step()
        self.ops.insert(place, f"{self.pick('thread', 'fork')} "
                               f"{len(self.ops) - place}")

    def race(self):
        """Connects on a UDP socket while another task sends: on the same
        socket, from another one, or to the one that connects."""
        slots = [s for s, kind in self.kinds.items() if kind in UDP]
        if not slots:
            return
        connects, sends = self.random.choice(slots), self.random.choice(slots)
        to = self.host(self.kinds[sends]), world.ANSWERS
        if connects in self.bound and self.chance(0.7):
            sends = SLOTS  # a slot of its own
            to = self.twin(connects, sends)
        self.add(self.pick("thread", "fork"), 2)
        self.add("times", self.random.randrange(20, 100))
        self.add("send", sends, self.pick("sendto", "sendmsg", "flood"), 40,
                 *to)
        self.add("times", self.random.randrange(20, 100),
                 self.pick(0, 200, 1000))
        self.add("connect", connects, self.host(self.kinds[connects]),
                 self.pick(world.ANSWERS, world.REFUSES, world.REDIRECTED))
        self.add("join")

    def twin(self, slot, other):
        """A second socket: it sends to the first one, or shares its port.
        Returns where it sends to."""
        kind, (host, port) = self.kinds[slot], self.bound[slot]
        self.add("socket", other, kind)
        if self.chance(0.5):
            return host, port
        for one in (slot, other):
            self.add("option", one, "reuse")
            self.add("bind", one, host, port)
        return self.host(kind), world.ANSWERS


def program(seed, index):
    maker = Maker(seed, index)
    maker.socket()
    for _ in range(maker.random.randrange(3, 14)):
        form = maker.random.choices([maker.step, maker.aside, maker.race],
                                    [8, 1, 2])[0]
        form()
        if maker.chance(0.1):
            maker.add("join")
    return maker.ops
