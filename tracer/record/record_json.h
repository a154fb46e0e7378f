/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A record as one JSON object, and back. The keys:
 *
 *   meta     version, command, kernel, tier, start_realtime_ns,
 *            realtime_minus_monotonic_ns, iface, no_ipv6,
 *            plan: [{step, symbol, tried, deaf}]
 *   enter    ts_ns, pid, tid, comm, name, fd, proto, args, local, peer, sock,
 *   exit     other_netns; exit: ret (a result, or -errno), errno (a name),
 *            skippable (no entry was seen, and seccomp or ptrace may be why)
 *   call     ts_ns, pid, tid, comm, step, function, context, proto, local,
 *            peer, len, stack, sock, origin (of a connect that is not by
 *            connect(2): compat, io_uring, kernel)
 *   packet   ts_ns, iface, direction, proto, src, dst, len, flags, seq, ack,
 *            witness, fragment (first, later), sock (the one that sent it);
 *            sock_local, sock_peer: its own two ends, where NAT has translated
 *            those of the packet
 *   icmp     ts_ns, iface, direction, from (the host that reports), icmp_type,
 *            icmp_code, error (its name), witness; proto, src, dst: of the
 *            packet that it reports on
 *   state    ts_ns, local, peer, old, new, sock, context,
 *            continues (in TIME_WAIT, without the socket); origin: kernel, with
 *            pid, tid and comm
 *   lost     witness, cause (dropped, late, truncated, missed, unread,
 *            unwatched, unfollowed, rotated), count, since_ns
 *   control  witness, sent, seen, deaf (IPv4, IPv6: that one alone unseen)
 *   tally    hits, delivered, dropped, filtered, received; left_out (processes
 *            of a followed name in other network namespaces), other_connects
 *            (calls on the protocol that was not asked for), stopped_after
 *            (events: -n)
 *   ended    status, signal (0: it exited): of the command
 *   verdict  claim, result, tier, summary, connects: [{pid, comm, fd, peer,
 *            local, result, ret, errno, duration_ns, packets, flags,
 *            received (UDP: what came for the socket), stored_peer (what the
 *            kernel keeps, if not peer), wire_local, wire_peer (where NAT has
 *            translated the two)}], unlisted (how many calls are not among
 *            the connects; absent: none), reasons
 *
 * args has the arguments by their names (syscalls.c). local and peer are those
 * of the socket: on exit, as they are after the call. An address that is not
 * known is left out; fd is null where the call has none, sock where the socket
 * is not known is left out. A 64-bit number above 2^63-1 is written as the
 * negative one of the same bits.
 *
 * comm and iface are bytes that others choose: what is not printable UTF-8 is
 * written \xNN (text_escape() with names), and reading gives the same bytes.
 */
#ifndef DIALTONE_RECORD_JSON_H
#define DIALTONE_RECORD_JSON_H

#include <jansson.h>

#include "record.h"

/* A new reference that the caller drops, or NULL: out of memory. */
json_t *record_to_json(const struct record *record);

#define WHY_SIZE 96

/*
 * Fills @record, which then owns its pointers. 0; -ENOENT for a type of record
 * or a system call that this reader does not know (skip it); -EINVAL, and @why
 * names the wrong key; -ENOMEM. On any error @record is empty. Unknown keys are
 * skipped.
 */
int record_from_json(struct record *record, const json_t *json,
		     char why[WHY_SIZE]);

#endif
