# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Compare what the tracer saw with what others saw of the same run.

    compare.py connects RECORDING STRACE_OUTPUT
    compare.py packets  RECORDING PCAP PORT
    compare.py parts    RECORDING PCAP WITNESS DIRECTION
    compare.py errors   RECORDING PCAP WITNESS DIRECTION
    compare.py calls    BPFTRACE_OUTPUT COMM RECORDING...
    compare.py functions    the functions that `calls` compares

Prints both columns, the tracer's on the left; exit status 0 if they are equal
and not empty, 1 if not.
"""
import collections
import json
import re
import subprocess
import sys


def records(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def tracer_connects(path):
    """`udp 127.0.0.1:9007 = 0`: every connect(2) that returned."""
    out = []
    for r in records(path):
        if r["type"] == "exit" and r["name"] == "connect":
            result = r["errno"] or str(r["ret"])
            out.append(f"{r['args'].get('peer', '?')} = {result}")
    return out


def ends(ipv4, ipv6, port):
    """An end as the tracer writes it; IPv4-mapped is written as IPv4."""
    ipv4 = ipv4 or ipv6.removeprefix("::ffff:") if "." in ipv6 else ipv4
    return f"{ipv4}:{port}" if ipv4 else f"[{ipv6}]:{port}"


def strace_connects(path):
    """The same from `strace -f -e trace=connect`, halves of a call joined."""
    halves = {}
    out = []
    for line in open(path, encoding="utf-8", errors="replace"):
        pid = re.match(r"(?:\[pid +)?(\d+)", line)
        pid = pid.group(1) if pid else ""
        if "<unfinished ...>" in line:
            halves[pid] = line.split("<unfinished")[0]
            continue
        if "resumed>" in line:
            line = halves.pop(pid, "") + line.split("resumed>", 1)[1]
        if "connect(" not in line:
            continue
        result = re.search(r"\) += (-?\d+)(?: (E[A-Z]+))?", line)
        if not result:
            continue
        peer = re.search(
            r"sin_port=htons\((\d+)\), sin_addr=inet_addr\(\"([^\"]+)\"", line)
        peer6 = re.search(
            r"sin6_port=htons\((\d+)\),.* inet_pton\(AF_INET6, \"([^\"]+)\"",
            line)
        if peer:
            who = f"{peer.group(2)}:{peer.group(1)}"
        elif peer6:
            who = ends("", peer6.group(2), peer6.group(1))
        elif "AF_UNSPEC" in line:
            who = "AF_UNSPEC"
        else:
            continue  # AF_UNIX, AF_NETLINK: not what the lab follows
        out.append(f"{who} = {result.group(2) or result.group(1)}")
    return out


# Those that only ever run in the calling task: bpftrace tells tasks by name, and
# in softirq the name is that of the task that was interrupted.
FUNCTIONS = """__ip4_datagram_connect udp_sendmsg udp_recvmsg ip_send_skb
    udp_destroy_sock __ip6_datagram_connect udpv6_sendmsg udpv6_recvmsg
    ip6_send_skb udpv6_destroy_sock tcp_v6_connect tcp_v4_connect tcp_connect tcp_sendmsg tcp_recvmsg
    tcp_close""".split()

FLAG_BITS = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"]


def tracer_packets(path, port):
    out = []
    for r in records(path):
        if r["type"] != "packet" or r["witness"] != "wire":
            continue
        if not any(end.endswith(f":{port}") for end in (r["src"], r["dst"])):
            continue
        flags = " ".join(r.get("flags", []))
        out.append(f"{r['src']} > {r['dst']} {r['proto']} {flags} {r['len']}")
    return out


def tcpdump_packets(path, port):
    fields = ["ip.src", "ip.dst", "udp.srcport", "udp.dstport", "udp.length",
              "tcp.srcport", "tcp.dstport", "tcp.flags", "tcp.len",
              "ipv6.src", "ipv6.dst"]
    command = ["tshark", "-r", path, "-Y",
               f"udp.port == {port} or tcp.port == {port}", "-T", "fields"]
    for field in fields:
        command += ["-e", field]
    out = []
    text = subprocess.run(command, check=True, capture_output=True,
                          text=True).stdout
    for line in text.splitlines():
        (src, dst, usrc, udst, ulen, tsrc, tdst, flags,
         tlen, src6, dst6) = (line.split("\t") + [""] * 11)[:11]
        src, dst = ends(src, src6, usrc or tsrc), ends(dst, dst6, udst or tdst)
        if usrc:
            out.append(f"{src} > {dst} udp  {int(ulen) - 8}")
        else:
            bits = int(flags, 16)
            names = " ".join(n for i, n in enumerate(FLAG_BITS)
                             if bits >> i & 1)
            out.append(f"{src} > {dst} tcp {names} {tlen}")
    return out


def tracer_parts(path, witness, direction):
    """Every UDP packet as one of the tracer's witnesses tells it, with ports,
    for a datagram's later fragments too."""
    return [f"{r['src']} > {r['dst']} {r.get('fragment', 'whole')} {r['len']}"
            for r in records(path)
            if r["type"] == "packet" and r["proto"] == "udp" and
            r["witness"] == witness and r["direction"] == direction]


def tcpdump_parts(path):
    """The same from tshark. Later fragments have no ports: those of the first
    one with the same ends and identification."""
    fields = ["ip.src", "ip.dst", "ip.id", "ip.flags.mf", "ip.frag_offset",
              "ip.len", "ipv6.src", "ipv6.dst", "ipv6.fraghdr.ident",
              "ipv6.fraghdr.more", "ipv6.fraghdr.offset", "ipv6.plen",
              "udp.srcport", "udp.dstport", "udp.length",
              "ipv6.hopopts.len_oct", "ipv6.dstopts.len_oct"]
    command = ["tshark", "-r", path, "-T", "fields",
               "-o", "ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE"]
    for field in fields:
        command += ["-e", field]
    ports, out = {}, []
    text = subprocess.run(command, check=True, capture_output=True,
                          text=True).stdout
    for line in text.splitlines():
        (src, dst, ident, more, offset, total, src6, dst6, ident6, more6,
         offset6, payload, sport, dport, length, hop, opts) = line.split("\t")
        key = (src or src6, dst or dst6, ident or ident6)
        if sport:
            ports[key] = sport, dport
            cut = (more or more6) in ("1", "True")
            part, size = "first" if cut else "whole", int(length) - 8
        else:
            assert int(offset or offset6) > 0, line
            part = "later"
            size = (int(total) - 20 if src else
                      int(payload) - 8 - int(hop or 0) - int(opts or 0))
        sport, dport = ports[key]
        out.append(f"{ends(src, src6, sport)} > {ends(dst, dst6, dport)} "
                   f"{part} {size}")
    return out


def tracer_errors(path, witness, direction):
    """Every ICMP error as one of the tracer's witnesses tells it: type, code,
    who reports, and the packet that it reports on."""
    return [f"{r['icmp_type']} {r['icmp_code']} {r['from']} {r['proto']} "
            f"{r['src']} > {r['dst']}" for r in records(path)
            if r["type"] == "icmp" and r["witness"] == witness and
            r["direction"] == direction]


def tcpdump_errors(path):
    """The same from tshark, which tells first the outer address, then the
    quoted one."""
    fields = ["icmp.type", "icmp.code", "ip.src", "ip.dst", "icmpv6.type",
              "icmpv6.code", "ipv6.src", "ipv6.dst", "udp.srcport",
              "udp.dstport", "tcp.srcport", "tcp.dstport"]
    command = ["tshark", "-r", path, "-T", "fields"]
    for field in fields:
        command += ["-e", field]
    out = []
    text = subprocess.run(command, check=True, capture_output=True,
                          text=True).stdout
    for line in text.splitlines():
        (kind, code, src, dst, kind6, code6, src6, dst6, usrc, udst, tsrc,
         tdst) = (line.split("\t") + [""] * 12)[:12]
        proto = "udp" if usrc else "tcp"
        who, whose = (src or src6).split(",")
        where = (dst or dst6).split(",")[1]
        quoted = [ends(a if kind else "", "" if kind else a, port)
                  for a, port in ((whose, usrc or tsrc), (where, udst or tdst))]
        out.append(f"{kind or kind6} {code or code6} {who} {proto} "
                   f"{quoted[0]} > {quoted[1]}")
    return out


def tracer_calls(paths, comm):
    return collections.Counter(
        r["function"] for path in paths for r in records(path)
        if r["type"] == "call" and r["comm"] == comm and
        r["context"] == "task")


def bpftrace_calls(path, comm):
    counts = {}
    for line in open(path, encoding="utf-8"):
        match = re.match(r"@\[(.+), (\w+)\]: (\d+)", line)
        if match and match.group(1) == comm:
            counts[match.group(2)] = int(match.group(3))
    return counts


def show(left, right, other):
    """Both columns; equal and not empty?"""
    print(f"  {'tracer':58}  {other}")
    for i in range(max(len(left), len(right))):
        a = left[i] if i < len(left) else "-"
        b = right[i] if i < len(right) else "-"
        print(f"  {a:58}{'  ' if a == b else '! '}{b}")
    return bool(left) and left == right


def main(what, *args):
    if what == "connects":
        recording, strace = args
        return show(tracer_connects(recording), strace_connects(strace),
                    "strace")
    if what == "packets":
        recording, pcap, port = args
        return show(tracer_packets(recording, port),
                    tcpdump_packets(pcap, port), "tcpdump")
    if what == "parts":
        recording, pcap, witness, direction = args
        return show(tracer_parts(recording, witness, direction),
                    tcpdump_parts(pcap), "tcpdump")
    if what == "errors":
        recording, pcap, witness, direction = args
        return show(tracer_errors(recording, witness, direction),
                    tcpdump_errors(pcap), "tcpdump")
    if what == "calls":
        bpftrace, comm, *recordings = args
        ours = tracer_calls(recordings, comm)
        theirs = bpftrace_calls(bpftrace, comm)
        watched = [f for f in FUNCTIONS if f in ours or f in theirs]
        return show([f"{f} {ours.get(f, 0)}" for f in watched],
                    [f"{f} {theirs.get(f, 0)}" for f in watched], "bpftrace")
    raise SystemExit(__doc__)


if __name__ == "__main__":
    if sys.argv[1:] == ["functions"]:
        print(*FUNCTIONS)
        sys.exit(0)
    if len(sys.argv) < 4:
        raise SystemExit(__doc__)
    sys.exit(0 if main(*sys.argv[1:]) else 1)
