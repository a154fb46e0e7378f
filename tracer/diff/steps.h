/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A run as sockets, and each socket as lanes of steps: what can be compared with
 * another run. Times, pids, sequence numbers and ports that the kernel has chosen
 * are not part of a step.
 *
 * Two processors work at once, and a tracer stops at some moment. So these
 * differ between runs of one program, and are not steps:
 *   - in what order steps of two lanes came;
 *   - acknowledgements without data, but for that of the handshake;
 *   - what a socket still receives after its program began to close it, and a call
 *     that had not returned when the run ended.
 */
#ifndef DIALTONE_STEPS_OF_RUN_H
#define DIALTONE_STEPS_OF_RUN_H

#include "story/past_run.h"

#define DIFF_WORDS 160

enum lane_of_socket {
	LANE_CALLS,    /* system calls, and the functions in them */
	LANE_SENT,     /* packets that it sent */
	LANE_RECEIVED, /* packets for it, and ICMP errors */
	LANE_STATES,   /* TCP */
	LANES,
};

struct diff_step {
	char name[DIFF_WORDS];   /* what is aligned: "connect" */
	char words[DIFF_WORDS];  /* "connect(3, 127.0.0.1:9007)" */
	char result[DIFF_WORDS]; /* "= 0"; empty if the step has no result */
	unsigned int times;      /* in a row */
	uint64_t line;           /* of the first, in the recording */
};

struct diff_lane {
	struct diff_step *steps;
	unsigned int len, room;
};

struct diff_socket {
	uint32_t life;
	uint8_t proto;
	char comm[COMM_BYTES]; /* of the first task that used it */
	struct endpoint local, peer;
	struct diff_lane lanes[LANES];
	bool handshake; /* SYN-ACK was the last packet */
	uint32_t last; /* places of its last call: it, or its exit, ends what */
	uint32_t last_exit; /* is received, or sent */
};

struct diff_run {
	struct diff_socket *sockets;
	unsigned int len, room;
	bool functions; /* they are steps, too: both runs have watched them */
	/* steps of the plan that packets cause, and that ran: by enum step */
	bool ran[STEP_MAX];
};

/* Zeroed but for @functions. 0 or -ENOMEM; then, too, diff_run_fini() frees it. */
int diff_run_take(struct diff_run *run, const struct history *history);

void diff_run_fini(struct diff_run *run);

/* Is the step one that a packet causes, in whatever call or softirq? */
bool diff_step_is_packets(const char *step);

#endif
