/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Test records, a line each: a table of these is a run, as tests write it.
 * What a line leaves out is filled in by play_record().
 */
#ifndef DIALTONE_PLAY_H
#define DIALTONE_PLAY_H

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>

#include "record/record.h"

#define UDP IPPROTO_UDP
#define TCP IPPROTO_TCP

struct play {
	enum record_type type;
	unsigned int after_us; /* since the line before; 0: 10 */
	unsigned int pid, tid; /* 0: 4242, and the same as pid */
	const char *comm;      /* NULL: "client" */
	uint8_t proto;         /* 0: that of the line before */
	uint32_t sock;
	const char *local, *peer; /* of packets: from and to */
	/* enter, exit */
	enum syscall_id id;
	int fd;      /* 0: 3 */
	int64_t ret; /* or what a call's or packet's len is */
	unsigned int flags;
	uint64_t args[3];
	bool other_netns, skippable, still_open;
	/* call */
	const char *step, *function;
	bool softirq;
	/* packet; lost and control have the witness as well */
	enum witness witness; /* 0: both, the kernel first */
	bool in;
	const char *iface; /* NULL: "lo" */
	uint32_t seq;
	const char *own_local, *own_peer; /* where NAT has translated it */
	/* icmp */
	uint8_t icmp_type, icmp_code;
	const char *from;
	/* call, state */
	enum connect_from from_where;
	/* state */
	uint32_t old_state, new_state; /* in a task, unless .softirq */
	bool continues;
	/* lost, control; meta: of the plan */
	uint64_t count, seen;
	uint16_t unseen_family; /* AF_INET, AF_INET6; 0 */
	enum lost_cause cause;
};

/* Where the clock and the protocol stand; zeroed is a beginning. */
struct player {
	struct record_sink *sink;
	uint64_t now_ns;
	uint8_t proto;
};

/* Pushes the record, or the two records, of a line. 0 or what the sink said. */
int play(struct player *player, const struct play *line);

/* The same for @n lines; stops at an error. */
int play_all(struct player *player, const struct play *lines, size_t n);

#define PLAY(player, lines) \
	play_all(player, lines, sizeof(lines) / sizeof((lines)[0]))

/* Pushes a meta record with a plan that wants for nothing. */
int play_meta(struct player *player, const char *command, const char *iface);

/* The same; the function of @step never fired, or (NULL) there is none. */
int play_meta_flawed(struct player *player, const char *command,
		     const char *step, const char *symbol);

/* Pushes a meta record of a machine without IPv6. */
int play_meta_no_ipv6(struct player *player, const char *command,
		      const char *why);

/* Pushes a meta record with a filter, in the form of flow_filter_parse(). */
int play_meta_filtered(struct player *player, const char *command,
		       const char *bytecode);

/* Pushes the controls: each witness saw both of two self-tests. */
int play_controls(struct player *player);

struct endpoint play_endpoint(const char *text);

#endif
