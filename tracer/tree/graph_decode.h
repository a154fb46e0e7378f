/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Decodes the events that a call tree needs. The kernel itself describes the
 * position of each field (events/.../format), and libtraceevent reads that
 * description: they have moved between 5.10 and 7.2.
 *
 *   in:  raw records of ftrace
 *   out: struct tree_event
 */
#ifndef DIALTONE_GRAPH_DECODE_H
#define DIALTONE_GRAPH_DECODE_H

#include <event-parse.h>

#include "tree_log.h"
#include "tree_scope.h"

struct graph_decoder {
	struct tep_event *entry, *exit, *packet, *sched;
	struct tep_event *call[SCOPE_ROOTS], *result[SCOPE_ROOTS];
	struct tep_format_field *entry_func, *exit_func, *calltime, *rettime;
	struct tep_format_field *bytes, *next_pid;
};

/* Looks for the formats in @tep, which must last. 0; -ENOENT: one is missing. */
int graph_decoder_init(struct graph_decoder *decoder, struct tep_handle *tep,
		       const struct tree_scope *scope);

/*
 * Decodes into @event, and the rest into *@more: the address of the function of
 * an entry or exit; for TREE_OFF the task that has the CPU now. The name of a
 * packet's device points into @record. 0; -ENOENT: an event of another kind;
 * -EBADMSG: cut short.
 */
int graph_decode(const struct graph_decoder *decoder,
		 const struct tep_event *format, struct tep_record *record,
		 struct tree_event *event, uint64_t *more);

#endif
