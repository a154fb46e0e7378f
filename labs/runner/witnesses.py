# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Whether the witnesses of one run agree, for a check.

In: the evidence of one run: the tracer's recording, a capture, what the program
and strace say. Out: nothing, or an expect() that does not hold. Each file alone
may be right and come from another run, or from an editor. So the verdict is
computed once more from the records, and the files must have the same ports and
the same packets at the same times.
"""
from .checking import expect, inconclusive

APART_MS = 20  # two witnesses of one packet: both have the kernel's time
PROTO = {"udp-connect-silent": "udp", "tcp-connect-handshake": "tcp"}
HANDSHAKE = (("SYN",), ("SYN", "ACK"), ("ACK",))


def calls(run, proto):
    """Each connect(2) in the records: (record of its entry, of its exit)."""
    found, begun = [], {}
    for record in run.records(name="run.jsonl"):
        if record.get("name") != "connect" or record.get("proto") != proto:
            continue
        if record["type"] == "enter":
            begun[record["tid"]] = record
        elif record["type"] == "exit" and record["tid"] in begun:
            found.append((begun.pop(record["tid"]), record))
    return found


def sent_within(run, enter, leave):
    """Packets that this socket sent between entry and exit of the call."""
    return [packet for packet in run.records(type="packet", direction="out")
            if enter["ts_ns"] < packet["ts_ns"] < leave["ts_ns"]
            and (packet.get("sock") == enter["sock"]
                 or packet["witness"] == "wire"
                 and packet["src"] == leave["local"])]


def flags_of(run, witness, local, peer):
    """The flags of the first three different packets of a connection."""
    flags = []
    for packet in run.records(type="packet", proto="tcp", witness=witness):
        if {packet["src"], packet["dst"]} == {local, peer} and \
                tuple(packet["flags"]) not in flags[-1:]:
            flags.append(tuple(packet["flags"]))
    return tuple(flags[:3])


def verdict_stands(run, claim):
    """The tracer's verdict on a claim, computed from its records."""
    verdict, proto = run.verdict(claim), PROTO[claim]
    made = calls(run, proto)
    said = [(call["peer"], call["ret"]) for call in verdict["connects"]]
    expect(f"a record of each connect(2) of the verdict: {said}",
           [(enter["peer"], leave["ret"]) for enter, leave in made] == said,
           came=[(enter["peer"], leave["ret"]) for enter, leave in made])
    for control in run.records(type="control"):
        expect("each self-test seen by each witness",
               control["seen"] == control["sent"] > 0,
               came=f"{control['witness']}: {control['seen']}")
    if not run.records(type="control"):
        inconclusive("run.jsonl has no self-test: it is not a whole recording")
    if verdict["result"] != "pass":
        return
    for enter, leave in made:
        if proto == "udp":
            sent = sent_within(run, enter, leave)
            expect("PASS: 0 packets of this socket in the records of the call",
                   not sent, came=", ".join(
                       f"{packet['src']} → {packet['dst']}" for packet in sent))
        elif not leave["errno"] or leave["errno"] == "EINPROGRESS":
            for witness in ("kernel", "wire"):
                came = flags_of(run, witness, leave["local"], leave["peer"])
                expect("PASS: SYN, SYN-ACK, ACK in the records of the "
                       f"{witness}", came == HANDSHAKE,
                       came=", ".join("-".join(flags) for flags in came)
                       or "none")


def one_port(run, proto, **others):
    """The local address of the last connect(2) of the tracer's records, which
    every other witness has, too: NAME=ADDRESS.
    """
    made = calls(run, proto)
    if not made:
        inconclusive(f"run.jsonl has no connect(2) over {proto.upper()}")
    local = made[-1][1]["local"]
    for name, address in others.items():
        expect(f"{local}, as in the tracer's records, in {name}",
               address == local, came=address)


def same_packets(run, packets):
    """Each packet that the tracer saw on the wire is in the capture, at the same
    time. The capture, which runs for longer, may have more.
    """
    meta = run.records(type="meta")
    if not meta:
        inconclusive("run.jsonl has no beginning")
    offset_ns = meta[0]["realtime_minus_monotonic_ns"]
    left = list(packets)
    for seen in run.records(type="packet", witness="wire"):
        at = seen["ts_ns"] + offset_ns
        like = [packet for packet in left
                if (packet.src, packet.dst, packet.length) ==
                (seen["src"], seen["dst"], seen["len"])
                and sorted(packet.flags) == sorted(seen.get("flags", []))]
        name = f"{seen['src']} → {seen['dst']}, {seen['len']} bytes"
        expect(f"the tracer's packet {name} in the capture", like,
               came="; ".join(map(str, packets[:3])) or "nothing")
        nearest = min(like, key=lambda packet: abs(packet.time_ns - at))
        apart_ms = abs(nearest.time_ns - at) / 10**6
        expect(f"packet {name} at the same time in the capture",
               apart_ms <= APART_MS, came=f"{apart_ms:.0f} ms apart")
        left.remove(nearest)


def same_kernel(run):
    """The experiment and the tracer ran on one kernel."""
    meta, kernel = run.records(type="meta"), run.text("kernel").strip()
    expect(f"kernel {kernel}, as the experiment noted it",
           meta and meta[0]["kernel"] == kernel,
           came=meta[0]["kernel"] if meta else "no record of it")
