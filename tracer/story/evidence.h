/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The evidence: the part of a run that a verdict is made from. The story
 * collects it and the claims weigh it; it contains no judgement.
 */
#ifndef DIALTONE_EVIDENCE_H
#define DIALTONE_EVIDENCE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "record/flow_filter.h"
#include "record/record.h"

#define WITNESSES   (WITNESS_WIRE + 1) /* arrays are indexed by witness */
#define LOST_CAUSES (LOST_ROTATED + 1)

struct flow;
struct passed;
struct waiting_at;

/* A packet as evidence. */
struct packet_seen {
	uint64_t ts_ns; /* 0: none */
	struct endpoint src, dst;
	uint32_t len;
};

/* What refused a TCP connect(2) of which no SYN was seen. */
struct refusal {
	uint64_t ts_ns;       /* 0: nothing */
	bool reset;           /* a RST; else an ICMP error: */
	struct endpoint from; /* of a RST with its port */
	uint8_t icmp_type, icmp_code;
};

/* Where a connect(2) stands, for connects.c. */
enum connect_stage {
	CONNECT_GOES_ON, /* it may still change */
	CONNECT_IS_OVER, /* and will be judged as soon as nothing points to it */
	CONNECT_IS_KEPT, /* until the end of the run */
};

/* One connect(2), from its entry to its exit. */
struct connect {
	uint64_t number; /* 1, 2 ..., in the order in which they began */
	uint8_t proto;
	uint32_t pid, tid, socket;
	char comm[COMM_BYTES];
	int32_t fd;
	bool ipv6;              /* the socket is of AF_INET6 */
	struct endpoint peer;   /* as the call gave it; may be AF_UNSPEC */
	struct endpoint stored; /* as the kernel keeps it; family 0: unknown */
	/* the two ends of its SYN where NAT translated them; else family 0 */
	struct endpoint wire_local, wire_peer;
	struct endpoint before; /* the socket's own address at entry */
	struct endpoint local;  /* the latest that was known of it */
	uint64_t enter_ns, exit_ns;
	bool entered, returned; /* its entry and its exit were seen */
	int64_t ret;            /* 0 or -errno, if it returned */
	/*
	 * No entry was seen, and a seccomp filter or a debugger (ptrace(2)) may
	 * have kept the kernel from entering; @skipped: they did, because its
	 * thread was not in the call when the tracer began
	 */
	bool skippable, skipped;
	bool other_netns;  /* not where the packet witnesses look */
	bool crowded;      /* more packets passed than could be kept */
	bool settled;      /* a later call has reported its end */
	bool began;        /* TCP: the state shows that its own SYN is due */
	uint64_t previous; /* TCP: number of the last on the same socket; 0 */
	/* another thread's on the same socket, open at its entry; or NULL */
	struct connect *alongside;
	uint64_t behind; /* number of another that began while it was open; 0 */
	uint64_t first;  /* number of the earlier that this one asks about; 0 */
	/* entry to exit: UDP, what the socket sent; TCP, both directions */
	uint32_t inside[WITNESSES];
	struct packet_seen packet; /* UDP: the first of those */
	/*
	 * UDP, entry to exit: packets to the socket, and packets from its
	 * address whose sending socket is unknown.
	 */
	uint32_t received[WITNESSES], unnamed[WITNESSES];
	uint32_t outside; /* UDP: of its socket, but sent by no call in it */
	struct refusal refusal;
	bool mptcp;     /* TCP sockets below it send its packets */
	bool fast_open; /* TCP_FASTOPEN_CONNECT was set on its socket */
	bool given_up;  /* TCP: closed before it was answered */
	bool abandoned; /* its exit was missed: it will not return */
	bool cut_off;   /* the run ended within the call, as far as is known */
	bool dead;      /* TCP: the kernel has given it up */
	LIST_ENTRY(connect) waiting; /* flows.h: no SYN of it was seen yet */
	struct waiting_at *waits_at; /* NULL: it does not wait */
	struct flow *flow;           /* TCP: its handshake; NULL: none seen */
	uint32_t sender_tid;         /* thread that sent meanwhile; or 0 */
	enum syscall_id sender_call;
	/* connects.c */
	LIST_HEAD(passed_list, passed)
	counted;               /* packets that it is counted by */
	unsigned int pointers; /* of sockets and other connects, to it */
	bool pinned;           /* a view refers to it */
	enum connect_stage stage;
	uint64_t due_ns; /* when it is to be judged; 0: at once */
	TAILQ_ENTRY(connect) over;
	unsigned int at;    /* its place in evidence.connects */
	enum choice choice; /* of the filter; without one it is open */
};

/* Packets of followed sockets that one witness saw and another did not. */
struct gap {
	uint8_t proto;
	enum witness saw, missed;
	char iface[IFNAME_BYTES]; /* where the one saw them */
	uint64_t packets;
};

/* Connects that kernel functions show, but no system call. */
struct stray {
	uint64_t count;
	/* the first of them */
	uint8_t proto;
	uint32_t pid;
	char comm[COMM_BYTES];
	char function[48]; /* or the state that it came to */
	enum connect_from from;
};

#define STRAYS_MAX 2 /* protocols */

#define GAPS_MAX 16 /* interfaces, witnesses, protocols; more are not kept */

struct evidence {
	struct meta *meta; /* NULL: there was none */
	/*
	 * The connects that are kept; a NULL entry was judged while the run
	 * went on. At the end, those that the filter left out are after
	 * connects_len.
	 */
	struct connect **connects;
	unsigned int connects_len, connects_room, connects_gone;
	unsigned int connects_left_out;
	uint64_t connects_begun;
	uint64_t lost[WITNESSES][LOST_CAUSES];
	struct {
		uint64_t sent, seen;
		uint16_t unseen_family; /* as in struct record_control */
	} control[WITNESSES];
	struct record_tally tally; /* all zero: there was none */
	struct record_ended ended; /* all zero: the command did not fail */
	struct gap gaps[GAPS_MAX];
	unsigned int gaps_len;
	struct stray strays[STRAYS_MAX];
};

#endif
