// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The table of errors and of what leads to each.
 *
 *   in:  entries of a history
 *   out: the reasons of one result
 */
#include "results.h"

#include <errno.h>

#include "causes.h"
#include "record/constants.h"

/* include/linux/errno.h: what the exit of an interrupted call shows */
#define ERESTARTSYS           512
#define ERESTARTNOINTR        513
#define ERESTARTNOHAND        514
#define ERESTART_RESTARTBLOCK 516

static const struct error_cause {
	int error;
	void (*explain)(struct reasons *reasons);
} error_causes[] = {
	{ECONNREFUSED, cause_refused},
	{EHOSTUNREACH, cause_unreachable},
	{ENETUNREACH, cause_unreachable},
	{ETIMEDOUT, cause_timed_out},
	{EINPROGRESS, cause_in_progress},
	{EALREADY, cause_connected},
	{EISCONN, cause_connected},
	{ECONNRESET, cause_reset},
	{EPIPE, cause_reset},
	{EADDRINUSE, cause_in_use},
	{EPERM, cause_not_permitted},
	{EACCES, cause_no_access},
	{ENOTCONN, cause_not_connected},
	{EAGAIN, cause_not_ready},
	{EINTR, cause_interrupted},
	{ERESTARTSYS, cause_interrupted},
	{ERESTARTNOINTR, cause_interrupted},
	{ERESTARTNOHAND, cause_interrupted},
	{ERESTART_RESTARTBLOCK, cause_interrupted},
};

#define ERROR_CAUSES (sizeof(error_causes) / sizeof(error_causes[0]))

static void explain_error(struct reasons *reasons)
{
	int64_t error = -reasons->result->record.syscall.ret;
	const char *name = constant_errno(error);

	for (unsigned int i = 0; i < ERROR_CAUSES; i++)
		if (error_causes[i].error == error) {
			error_causes[i].explain(reasons);
			return;
		}
	/* an ICMP error may become any errno */
	if (error > 0 && error < ERESTARTSYS && cause_icmp(reasons, (int)error))
		return;
	reasons_missing(reasons, "why; `tracer explain %s` says what it means.",
			name ? name : "ERRNO");
}

bool result_is_notable(const struct history *history,
		       const struct history_entry *entry)
{
	return entry->record.type == RECORD_EXIT &&
	       (entry->record.syscall.ret < 0 || cause_waited(history, entry));
}

static void explain_exit(struct reasons *reasons)
{
	const struct history_entry *exit = reasons->result;

	if (exit->record.syscall.ret < 0)
		explain_error(reasons);
	else if (!cause_waited(reasons->history, exit))
		reasons_none(reasons, "that it failed or waited.");
	else if (exit->record.syscall.id == CALL_CONNECT)
		cause_handshake(reasons);
	else
		cause_arrival(reasons);
}

void result_explain(struct reasons *reasons, const struct history *history,
		    const struct history_entry *entry)
{
	const struct history_entry *exit = entry;

	if (entry->record.type == RECORD_ENTER)
		exit = history_other(history, entry);
	reasons_init(reasons, history, exit ? exit : entry);
	if (!exit)
		reasons_none(reasons, "its return.");
	else if (exit->record.type == RECORD_EXIT)
		explain_exit(reasons);
	else if (exit->record.type == RECORD_PACKET)
		cause_of_packet(reasons, exit);
	else if (exit->record.type == RECORD_ICMP)
		cause_of_icmp(reasons, exit);
	else
		reasons_none(reasons, "why it is there: it is not a result.");
}
