/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The record: everything that a witness reports has this one form, and every
 * later stage (order, story, claims, the views) takes it `const`.
 *
 *   in: ring-buffer events (decode.c), captured packets (capture.c),
 *       recordings (recording.c)
 *
 * A record owns its pointers (meta, call.stack, verdict); record_fini() frees
 * them. Everything else is held by value, so a record may be copied as long as
 * only one copy is finished.
 */
#ifndef DIALTONE_RECORD_H
#define DIALTONE_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "bpf/event.h"
#include "endpoint.h"

#define RECORD_VERSION 1

enum record_type {
	RECORD_META = 1,
	RECORD_ENTER,
	RECORD_EXIT,
	RECORD_CALL,
	RECORD_PACKET,
	RECORD_ICMP,
	RECORD_STATE,
	RECORD_LOST,
	RECORD_CONTROL,
	RECORD_TALLY,
	RECORD_ENDED,
	RECORD_VERDICT,
};

enum witness {
	WITNESS_SYSCALL = 1, /* the system-call boundary */
	WITNESS_KERNEL, /* functions, and packets as the kernel sees them */
	WITNESS_WIRE,   /* libpcap */
};

enum tier {
	TIER_KPROBE = 1,
	TIER_TRACEPOINT,
};

/* Which function the plan chose for a step of the story. */
struct plan_choice {
	char *step;       /* "udp_connect" */
	char *symbol;     /* the function that is watched; NULL: none is */
	char *tried;      /* why others, or all, failed; NULL: first hit */
	bool never_fired; /* attached, and the self-test did not trigger it */
};

/* The first record of every run. */
struct meta {
	int version;    /* of the format: RECORD_VERSION */
	char *dialtone; /* version of the program; NULL in older recordings */
	char *command;  /* "udp", "tcp", "both" */
	char *kernel;   /* release, as uname -r prints it */
	enum tier tier;
	uint64_t start_realtime_ns;
	int64_t realtime_minus_monotonic_ns;
	char *iface;   /* "any", "lo" ... */
	char *no_ipv6; /* why the self-test could not use IPv6; NULL: it did */
	uint64_t events; /* -n: no more than that are shown; 0: all */
	/* -F: which connections are shown and judged; NULL: all */
	struct flow_filter *filter;
	struct plan_choice *plan;
	unsigned int plan_len;
};

struct record_syscall {
	enum syscall_id id;
	int32_t fd; /* -1: none */
	uint32_t len;
	uint32_t flags;
	uint64_t args[3]; /* named by syscalls.c */
	int64_t ret;      /* RECORD_EXIT: the result, or -errno */
	bool other_netns; /* the socket is in a network namespace not watched */
	/*
	 * RECORD_EXIT without an entry: a seccomp filter or a debugger
	 * (ptrace(2)) may have kept the kernel from entering the call
	 */
	bool skippable;
	/*
	 * close(2): at its entry another descriptor, or a call of another
	 * thread, held the socket, too
	 */
	bool still_open;
};

struct record_call {
	char step[24];     /* plan name: "udp_connect" */
	char function[48]; /* the kernel's: "__ip4_datagram_connect" */
	enum event_context context;
	uint32_t len;
	enum connect_from from; /* of the steps that connect */
	char **stack; /* "udp_sendmsg+0x0", innermost first; NULL: not asked */
	unsigned int stack_len;
};

struct record_packet {
	enum witness witness; /* kernel or wire */
	enum event_direction direction;
	char iface[IFNAME_BYTES];
	uint32_t len;      /* payload bytes after the UDP or TCP header */
	uint8_t fragment;  /* enum fragment */
	uint8_t tcp_flags; /* TH_SYN ... of RFC 9293; 0 for UDP */
	uint32_t seq, ack;
	/*
	 * UDP, of the kernel: no followed call on its socket sent it when it
	 * left; it had waited, or a task that is not followed sent it
	 */
	bool outside_call;
	/*
	 * The two ends as the sending socket has them, where they are not the
	 * packet's: NAT has translated it. Family 0: they are, or unknown.
	 */
	struct endpoint own_local, own_peer;
};

struct record_state {
	uint32_t old_state, new_state; /* include/net/tcp_states.h */
	enum event_context context;    /* 0: not known */
	bool continues; /* CLOSE: of the socket; the connection is in TIME_WAIT */
	enum connect_from from; /* of SYN-SENT: FROM_KERNEL, or unknown */
};

/* An ICMP error. Proto, local and peer are those of the packet it quotes. */
struct record_icmp {
	enum witness witness; /* these three as in record_packet */
	enum event_direction direction;
	char iface[IFNAME_BYTES];
	uint8_t type, code;   /* RFC 792; over IPv6 RFC 4443 */
	struct endpoint from; /* the host that reports; no port */
};

enum lost_cause {
	LOST_DROPPED, /* the witness had no room: ring buffer, socket buffer */
	LOST_LATE,    /* came too late to be put in its place by time */
	LOST_TRUNCATED,  /* the recording ends before its run did */
	LOST_MISSED,     /* the witness was busy with another */
	LOST_UNREAD,     /* came, and could not be read */
	LOST_UNWATCHED,  /* came by a way that the witness does not watch */
	LOST_UNFOLLOWED, /* processes, for which the table had no room */
	LOST_ROTATED,    /* what is in earlier files of the recording */
};

struct record_lost {
	enum witness witness;
	enum lost_cause cause;
	uint64_t count;
	uint64_t since_ns; /* CLOCK_MONOTONIC */
};

struct record_control {
	enum witness witness;
	uint32_t sent, seen;    /* self-tests */
	uint16_t unseen_family; /* AF_INET, AF_INET6: saw none of that one; 0 */
};

/*
 * What the probes counted themselves, and what came out of the ring. In every
 * run: hits = delivered + dropped + filtered, and delivered = received.
 */
struct record_tally {
	uint64_t hits;      /* a probe fired */
	uint64_t delivered; /* and put its event into the ring */
	uint64_t dropped;   /* the ring had no room for it */
	uint64_t filtered;  /* for no followed process */
	uint64_t received;  /* taken out of the ring */
	/* these four are not part of the sum */
	uint64_t left_out;  /* processes of a followed name, in another netns */
	uint64_t elsewhere; /* -a, --port, -F: connect(2) in another netns */
	uint64_t other_connects; /* connect(2) on the protocol not asked for */
	uint64_t
		stopped_after; /* -n ended the run after so many events; or 0 */
	uint64_t unselected;   /* connect(2) that the filter did not select */
};

/* How the command ended. There is no such record if the tracer ended it. */
struct record_ended {
	uint32_t status; /* of exit(3) */
	uint32_t signal; /* that ended it; 0: it exited */
};

/* Are both sums right? */
bool tally_is_even(const struct record_tally *tally);

enum verdict_result {
	VERDICT_PASS = 1,
	VERDICT_FAIL,
	VERDICT_INCONCLUSIVE,
	VERDICT_NOT_JUDGED, /* of one connect(2): it says nothing about the claim */
};

/* One connect(2) as a verdict lists it. */
struct verdict_connect {
	uint32_t pid;
	char comm[COMM_BYTES];
	int32_t fd;
	struct endpoint peer, local;
	/* the peer that the kernel stored, if it is another; else family 0 */
	struct endpoint stored;
	struct endpoint wire_local, wire_peer; /* where NAT translated them */
	enum verdict_result result;
	bool returned; /* false: its exit was never seen, and @ret means nothing */
	int64_t ret; /* 0 or -errno */
	uint64_t duration_ns;
	/* inside the call: UDP, what it sent; TCP, in both directions */
	uint32_t packets;
	uint32_t received; /* UDP: what came for it inside the call */
	char flags[128];   /* TCP: "SYN SYN-ACK ACK", in order of time */
};

/*
 * A verdict lists the first so many connects that passed, and the first so many
 * that did not: its line in a recording stays below LINE_BYTES_MAX, and a long
 * run needs no memory for the rest.
 */
#define VERDICT_PASSED_MAX 100
#define VERDICT_OTHERS_MAX 800

struct verdict {
	char claim[32]; /* "udp-connect-silent", "tcp-connect-handshake" */
	enum verdict_result result;
	enum tier tier;
	char summary[320]; /* the sentence after PASS, FAIL, INCONCLUSIVE */
	struct verdict_connect *connects;
	unsigned int connects_len;
	uint64_t unlisted; /* connects that are not in the list */
	char **reasons;    /* a sentence each, with the remedy */
	unsigned int reasons_len;
};

struct record {
	enum record_type type;
	uint64_t ts_ns; /* CLOCK_MONOTONIC; 0 where it has no time */

	/* the task: enter, exit, call; state, if it has an origin */
	uint32_t pid, tid;
	char comm[COMM_BYTES];

	/* the socket: enter, exit, call, packet, state */
	uint8_t proto; /* IPPROTO_UDP, IPPROTO_TCP, 0 unknown */
	/* a number per socket and run; of a packet, its sender's; 0: unknown */
	uint32_t socket;
	struct endpoint
		local;        /* of a packet, and of a call that is given one */
	struct endpoint peer; /* (udp_rcv, tcp_rcv): source and destination */
	/* of a captured packet: its number in struct kept; 0: not kept */
	uint32_t kept;
	uint64_t line; /* of the recording it is in; 0: in none */

	union {
		struct meta *meta;
		struct record_syscall syscall;
		struct record_call call;
		struct record_packet packet;
		struct record_icmp icmp;
		struct record_state state;
		struct record_lost lost;
		struct record_control control;
		struct record_tally tally;
		struct record_ended ended;
		struct verdict *verdict;
	};
};

/* Does it report what happened at a socket? Other records are about the run. */
bool record_is_observed(const struct record *record);

/* Entry or exit of the close(2) that ends the socket: nothing else holds it. */
bool record_ends_socket(const struct record *record);

/* The record's witness; "kernel" if it has no witness in particular. */
enum witness record_witness(const struct record *record);

/* Frees what the record owns and empties it; an empty record is allowed. */
void record_fini(struct record *record);

/*
 * Free what the pointer holds, and the pointer; NULL is allowed. For code that
 * keeps a meta or a verdict for longer than its record.
 */
void meta_free(struct meta *meta);
void verdict_free(struct verdict *verdict);

/* "syscall", "kernel", "wire"; "unknown" for other values. */
const char *witness_name(enum witness witness);

/* "kprobe", "tracepoint"; "unknown" for other values. */
const char *tier_name(enum tier tier);

/* "connect", "compat", "io_uring", "kernel"; "unknown" for other values. */
const char *connect_from_name(enum connect_from from);

/* "dropped", "late", "truncated"; "unknown" for other values. */
const char *lost_cause_name(enum lost_cause cause);

/* "pass", "fail", "inconclusive", "not judged"; "unknown" for none. */
const char *verdict_result_name(enum verdict_result result);

/*
 * Where a stage sends its records. @push takes the record over, whatever it
 * returns: 0, or -errno, which ends the run.
 */
struct record_sink {
	int (*push)(struct record_sink *sink, struct record *record);
};

#endif
