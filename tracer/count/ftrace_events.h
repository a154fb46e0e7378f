/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Decodes the three events that counting through ftrace needs. The kernel
 * itself describes the position of each field (events/.../format), and
 * libtraceevent reads that description. Pure.
 *
 *   in:  raw records of function, task_newtask and task_rename
 *   out: struct ftrace_event
 */
#ifndef DIALTONE_FTRACE_EVENTS_H
#define DIALTONE_FTRACE_EVENTS_H

#include <event-parse.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "bpf/event.h"
#include "counts.h"

enum ftrace_kind {
	FTRACE_CALL, /* @tid, or an interrupt on top of it, called @address */
	FTRACE_NEWTASK, /* @tid made @other, which begins with @comm */
	FTRACE_RENAME,  /* @other is called @comm from now on */
};

struct ftrace_event {
	uint64_t ts_ns; /* the instance's clock */
	uint64_t order; /* the order of reading, for two of the same time */
	enum ftrace_kind kind;
	enum count_context context;
	pid_t tid, other;
	uint64_t address;
	bool thread; /* @other is a thread of @tid's process */
	char comm[COMM_BYTES];
};

struct ftrace_decoder {
	struct tep_event *function, *newtask, *rename;
	struct tep_format_field *ip, *child, *clone_flags, *child_comm,
		*renamed, *new_comm;
};

/* Looks for the formats in @tep, which must last. 0; -ENOENT: one is missing. */
int ftrace_decoder_init(struct ftrace_decoder *decoder, struct tep_handle *tep);

/* 0; -ENOENT for any other event; -EBADMSG: cut short. */
int ftrace_decode(const struct ftrace_decoder *decoder,
		  const struct tep_event *format,
		  const struct tep_record *record, struct ftrace_event *event);

#endif
