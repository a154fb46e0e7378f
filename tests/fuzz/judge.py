# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Compare what the tracer said of a run with what others saw of it.

The others are the programs' own log, strace, and tcpdump. Each function below
takes a Run (evidence.py) and yields faults. A fault is a contradiction that no
delay of a witness can explain. A case that is too close to call is not a fault.
"""
import collections
import re

import world
from evidence import CLOSE_NS, COMPARED, SENDS, digest, written

FIN, SYN, RST, ACK = 1, 2, 4, 16
LATE_NS = 5_000_000  # how long after its time a packet may be captured

# kind: KIND of programs, "/", what tells faults of one kind apart
Fault = collections.namedtuple("Fault", "kind program text")


# ---- calls -----------------------------------------------------------------

def connects(run):
    """Number, result and errno of each connect and send."""
    if run.lost:
        return
    for (tid, name, fd), rest in run.surplus.items():
        yield Fault("connects/number", None, f"{name}({fd}) of {tid}: "
                    f"{len(rest)} more than the log has")
    for call in run.calls:
        if call.call not in COMPARED or call.error == "EBADF":
            continue
        if bool(call.exit) != bool(call.proto):
            yield Fault(f"connects/{call.kind}", call.program,
                        f"{call}: the tracer has "
                        f"{'it' if call.exit else 'no such call'}")
        elif call.exit and call.exit["ret"] != (-call.errno or call.ret):
            yield Fault("connects/result", call.program,
                        f"{call}: the tracer has {call.exit['ret']}")
    for proto, verdict in run.verdicts.items():
        missing = [c for c in run.connects(proto) if c.exit and not c.verdict]
        if missing:
            yield Fault("connects/verdict", missing[0].program,
                        f"{missing[0]}: not in the verdict, which lists "
                        f"{len(verdict['connects'])} connects")


def asked_length(op):
    """The bytes and the messages that a send operation passes to the kernel:
    of several messages, the bytes of the first.
    """
    words = op.split()
    return int(words[3]), 3 if words[2] == "sendmmsg" else None


def lengths(run):
    """Length and number of messages at entry are what the call was given."""
    for call in run.calls:
        if not call.enter or call.call not in SENDS:
            continue
        args = call.enter["args"]
        shown = args.get("len"), args.get("vlen")
        asked = asked_length(run.programs[call.program][call.op])
        if shown != asked:
            yield Fault(f"lengths/{call.call}", call.program,
                        f"{call}: bytes and messages {asked}, "
                        f"the tracer has {shown}")


def addresses(run):
    """The address of bind and connect is the one that the program gave."""
    for call in run.calls:
        if not call.enter or not call.proto or \
                call.call not in ("bind", "connect"):
            continue
        words = run.programs[call.program][call.op].split()
        shown = call.enter["args"].get("peer")
        if words[2] in ("bad", "short"):
            given = None
        elif words[2] == "unspec":
            given = "AF_UNSPEC"
        else:
            given = written(words[2], words[3])
        if shown != given:
            odd = words[2] if words[2].isalpha() else "address"
            yield Fault(f"addresses/{call.call}-{odd}", call.program,
                        f"{call}: to {given}, the tracer has {shown}")


STRACE_CALL = re.compile(r"^(\d+) +(\w+)\((-?\d+)")
STRACE_RESUMED = re.compile(r"^(\d+) +<\.\.\. (\w+) resumed>")
STRACE_RESULT = re.compile(r"\) += (-?\d+)(?: (E[A-Z0-9]+))?")


def strace_calls(lines):
    """(tid, name, descriptor): results, in order."""
    calls, open_fd = collections.defaultdict(list), {}
    for line in lines:
        begin, resumed = STRACE_CALL.match(line), STRACE_RESUMED.match(line)
        if begin:
            tid, name = int(begin.group(1)), begin.group(2)
            open_fd[tid] = int(begin.group(3))
        elif resumed:
            tid, name = int(resumed.group(1)), resumed.group(2)
        else:
            continue
        result = STRACE_RESULT.search(line)
        if result:
            calls[tid, name, open_fd[tid]].append(
                result.group(2) or int(result.group(1)))
    return calls


def strace(run):
    """strace and the log agree; else the log is no ground truth."""
    if run.strace is None:
        return
    seen = strace_calls(run.strace)
    for call in run.calls:
        if call.call not in ("connect", "bind"):
            continue
        theirs = seen[call.tid, call.call, call.fd]
        result = theirs.pop(0) if theirs else None
        if result != (call.error or call.ret):
            yield Fault("strace", call.program, f"{call}: strace has {result}")


# ---- packets ---------------------------------------------------------------

def sender(packet):
    """The inode of the program's socket that sent it; None: not known."""
    if packet.payload[:1] == b"P" and len(packet.payload) >= 16:
        return int(packet.payload[1:16], 16)
    return None


def packets(run):
    """Each datagram of a program is shown, with its length; no stranger's."""
    if run.lost:
        return
    shown = collections.Counter()
    for r in run.records:
        if r["type"] == "packet" and r["witness"] == "wire" and \
                r["proto"] == "udp":
            shown[r["src"], r["dst"], r["len"]] += 1
    inodes = {c.inode: c.program for c in run.calls
              if c.call == "socket" and c.proto}
    for p in run.packets:
        if p.proto != "udp" or sender(p) not in inodes:
            continue
        key = (written(p.src, p.sport), written(p.dst, p.dport), p.length)
        if not shown[key]:
            yield Fault("packets/missing", inodes[sender(p)],
                        f"{key[0]} → {key[1]}, {p.length} bytes: tcpdump has "
                        "it, the tracer does not")
        shown[key] -= 1
    yield from strangers(run, shown)


def within_a_connect(run, src, dst):
    """While a socket connects, its port is not known yet: a datagram to or from
    the peer may be its own, and is shown.
    """
    times = [r["ts_ns"] + run.offset for r in run.records
             if r["type"] == "packet" and r["witness"] == "wire" and
             (r["src"], r["dst"]) == (src, dst)]
    peers = {end.rsplit(":", 1)[1] for end in (src, dst)}
    return all(any(c.begin - CLOSE_NS < t < c.end + CLOSE_NS
                   for c in run.connects("udp") if c.enter and
                   c.enter["args"].get("peer", "").rsplit(":", 1)[-1] in peers)
               for t in times)


def strangers(run, shown):
    """A neighbour's datagram is shown only to a socket of the programs."""
    ours = {c.port for c in run.calls if c.proto == "udp" and c.port and
            c.call in ("bind", "connect") and (c.call != "bind" or not c.ret)}
    ours |= {p.sport for p in run.packets if sender(p)}
    for (src, dst, length), count in shown.items():
        if length != len(world.NEIGHBOUR):
            continue  # a program's own, without room for its inode
        ports = {int(end.rsplit(":", 1)[1]) for end in (src, dst)}
        if count > 0 and not ports & ours and \
                not within_a_connect(run, src, dst):
            yield Fault("packets/stranger", None, f"{src} → {dst}: {count} "
                        "shown, and no socket of the programs had either port")


# ---- verdicts --------------------------------------------------------------

def whole(run):
    """The verdict is that of its connects."""
    for proto, verdict in run.verdicts.items():
        results = {c["result"] for c in verdict["connects"]}
        if (verdict["result"] == "fail") != ("fail" in results) and \
                not run.lost:
            yield Fault("verdict", None, f"{proto}: {verdict['result']}, but "
                        f"its connects: {sorted(results)}")


def sends_inside(run, connect, own):
    """Packets of sends that began after connect's entry, captured before its
    exit: what is captured inside may have been sent before."""
    begin = connect.enter["ts_ns"] + run.offset
    end = connect.exit["ts_ns"] + run.offset
    sends = [c for c in run.calls if c.call in SENDS and
             c.inode == connect.inode and begin < c.begin and c.end < end]
    return [p for p in own
            if any(c.begin < p.ts_ns < c.end for c in sends)]


def udp_silent(run):
    """FAIL only if that very socket sent; PASS only if it did not."""
    for call in run.connects("udp"):
        if not call.verdict:
            continue
        result = call.verdict["result"]
        near = [p for p in run.between(call.begin - CLOSE_NS,
                                       call.end + LATE_NS)
                if p.proto == "udp"]
        own = [p for p in near if sender(p) == call.inode]
        unknown = [p for p in near if sender(p) is None and
                   p.payload[:1] != b"N" and p.sport == call.port]
        inside = sends_inside(run, call, own)
        alike = [p for p in near if p.sport == call.port and
                 sender(p) != call.inode]
        if result == "fail" and not own and not unknown:
            yield Fault("udp-fail", call.program,
                        f"{call}: FAIL, but its socket sent nothing near the "
                        f"call ({run.reason(call)})")
        elif result == "pass" and inside:
            yield Fault("udp-pass", call.program,
                        f"{call}: PASS, but its socket sent "
                        f"{len(inside)} inside the call")
        elif result == "inconclusive" and not own and not alike and \
                not run.lost:
            reason = run.reason(call)
            yield Fault(f"udp-unclear/{digest(reason)}", call.program,
                        f"{call}: INCONCLUSIVE, and nothing was unclear "
                        f"({reason})")


def named_port(run, call):
    """The port that the program has named, as text; "" without one."""
    return "".join(run.programs[call.program][call.op].split()[3:])


def overlap(one, other):
    """Two calls on the same socket, at the same time."""
    return one.inode == other.inode and \
        one.begin <= other.end and one.end >= other.begin


def meanwhile(run, call):
    """Other connects of the same socket, during the call."""
    return [c for c in run.connects("tcp")
            if c is not call and overlap(c, call)]


def reached_ports(run, call):
    """The ports that its packets may go to, as text: the named one, or the one
    that NAT redirects it to.
    """
    named = named_port(run, call)
    return {named, str(world.ANSWERS)} if named == str(world.REDIRECTED) \
        else {named}


def ports_meanwhile(run, call):
    """The ports that other threads connect the same socket to, during the call:
    packets to and from them are not the call's.
    """
    own = reached_ports(run, call) | {""}
    others = {named_port(run, c) for c in meanwhile(run, call)}
    return {int(port) for port in others - own} - {call.port}


def sent_meanwhile(run, call):
    """Another thread, or another process, sends by the same socket during the
    call: with Fast Open, the SYN that connect(2) left out may be of this send.
    """
    return any(c.call in SENDS and c.tid != call.tid and overlap(c, call)
               for c in run.calls)


def own_ports(run, call, flow):
    """The socket's port during the call. One that is refused gives its port
    back, and may have another by the time its program asks.
    """
    own = {call.port} - {0}
    if own and (not call.error or translated(run, flow, call.port)):
        return own
    syns = {p.sport for p in flow if p.flags & (SYN | ACK) == SYN and
            p.ts_ns <= call.end and str(p.dport) in reached_ports(run, call)}
    return own & syns or syns or own


def exchange(run, call):
    """The flags of the call's flow from its entry on: what tcpdump saw."""
    end = max([c.end for c in run.calls if c.inode == call.inode] +
              [call.end]) + 10**9
    later = [c.begin for c in run.connects("tcp")
             if c.inode == call.inode and c.begin > call.end and
             c.error not in ("EALREADY", "EISCONN")]
    earlier = [c.end for c in run.calls
               if c.inode == call.inode and c.end < call.begin]
    strange = ports_meanwhile(run, call)
    flow = [p for p in run.between(max([call.begin - CLOSE_NS] + earlier),
                                   min([end] + later))
            if p.proto == "tcp" and not strange & {p.sport, p.dport}]
    ports = own_ports(run, call, flow)
    sent_as = {port: translated(run, flow, port) for port in ports}
    return [[p for p in flow if port in (p.sport, p.dport) or
             p.sport == sent_as[port]] for port in sorted(ports)]


def translated(run, flow, port):
    """The source port that NAT gives a socket with that port where an earlier
    translation has left its flow in use (nf_nat_core.c, get_unique_tuple());
    None: it leaves the port as it is.
    """
    if any(p.sport == port and p.flags & (SYN | ACK) == SYN for p in flow):
        return None
    answers = [p.ts_ns for p in flow
               if p.dport == port and p.flags & (SYN | ACK) == SYN | ACK]
    ours = {c.port for c in run.calls if c.port}
    syns = [p.sport for p in flow if p.flags & (SYN | ACK) == SYN and
            p.sport not in ours and answers and p.ts_ns < answers[0]]
    return syns[-1] if syns else None


def reports_another(run, call):
    """Its result is that of another connect(2) on its socket: one that was put
    off, or that another thread is in.
    """
    return meanwhile(run, call) or any(c.inode == call.inode and c.begin < call.begin and
               c.error in ("EINPROGRESS", "EALREADY", "EINTR")
               for c in run.connects("tcp"))


def has_handshake(flow, end_ns):
    """SYN, SYN-ACK, ACK in this order, the ACK before end_ns."""
    wanted = [SYN, SYN | ACK, ACK]
    for p in flow:
        if p.ts_ns > end_ns:
            return False
        if p.flags & (SYN | ACK | RST) == wanted[0]:
            wanted.pop(0)
            if not wanted:
                return True
    return False


def was_refused(flow):
    """SYN, and RST without a SYN-ACK between them."""
    syn = False
    for p in flow:
        if syn and p.flags & RST:
            return True
        if p.flags & SYN:
            syn = not p.flags & ACK
    return False


def began(flows, call):
    """A SYN left within the call."""
    return any(p.flags & (SYN | ACK) == SYN and p.ts_ns < call.end
               for flow in flows for p in flow)


def of_other_family(flows, call):
    """IPv4 packets of a socket that is connected over IPv6. A socket whose peer
    was IPv4-mapped and that AF_UNSPEC has dissolved sends them (6.18), and the
    answers do not reach it: its connect(2) stays in SYN_SENT.
    """
    return call.exit.get("peer", "").startswith("[") and \
        not any(":" in p.src for flow in flows for p in flow)


def tcp_handshake(run):
    """PASS only with an exchange; no FAIL with one; no doubt without cause."""
    for call in run.connects("tcp"):
        if not call.verdict:
            continue
        result = call.verdict["result"]
        flows = exchange(run, call)
        end = call.end + CLOSE_NS if call.ret == 0 else 2**63
        shaken = any(has_handshake(flow, end) for flow in flows)
        # a Fast Open's SYN may leave as soon as the call has returned
        within = any(has_handshake(flow, call.end - CLOSE_NS)
                     for flow in flows)
        refused = any(was_refused(flow) for flow in flows)
        flags = [" ".join(f"{p.flags:#x}" for p in f[:8]) for f in flows[:2]]
        reason = run.reason(call)
        seen = f"tcpdump: {flags}; {reason}"
        if result == "pass" and not shaken and (call.ret == 0 or not refused):
            yield Fault(f"tcp-pass/{call.error or call.ret}", call.program,
                        f"{call}: PASS without an exchange ({seen})")
        elif result == "fail" and (shaken or refused):
            yield Fault(f"tcp-fail/{digest(reason)}", call.program,
                        f"{call}: FAIL with an exchange ({seen})")
        elif result != "pass" and call.ret == 0 and within and \
                not run.lost and not sent_meanwhile(run, call) and \
                not (result == "not judged" and reports_another(run, call)):
            yield Fault(f"tcp-unclear/{digest(reason)}", call.program,
                        f"{call}: {result}, and the handshake was whole "
                        f"({seen})")
        elif result == "not judged" and call.error == "EINPROGRESS" and \
                (shaken or refused) and began(flows, call) and \
                not of_other_family(flows, call) and not run.lost:
            yield Fault("tcp-unclear/not-judged", call.program,
                        f"{call}: not judged, and it began an exchange "
                        f"({seen})")
        elif result != "pass" and call.error == "ECONNREFUSED" and \
                refused and not run.lost and \
                not (result == "not judged" and reports_another(run, call)):
            yield Fault(f"tcp-unclear/{digest(reason)}", call.program,
                        f"{call}: {result}, and it was refused ({seen})")


CHECKS = {
    "strace": strace, "connects": connects, "lengths": lengths,
    "addresses": addresses, "packets": packets, "verdict": whole,
    "udp": udp_silent, "tcp": tcp_handshake,
}


def faults(run):
    return [fault for check in CHECKS.values() for fault in check(run)]
