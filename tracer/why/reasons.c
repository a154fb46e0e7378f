// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Sentences, each with its record. See reasons.h.
 *
 *   in:  entries of a history, words
 *   out: a list
 */
#include "reasons.h"

#include <stdarg.h>
#include <stdio.h>

#include "record/syscalls.h"
#include "record/text.h"

void reasons_init(struct reasons *reasons, const struct history *history,
		  const struct history_entry *result)
{
	reasons->history = history;
	reasons->result = result;
	reasons->len = 0;
	reasons->found = false;
}

static void add(struct reasons *reasons, const struct history_entry *entry,
		const char *before, const char *format, va_list list)
	__attribute__((format(printf, 4, 0)));

static void add(struct reasons *reasons, const struct history_entry *entry,
		const char *before, const char *format, va_list list)
{
	struct reason *reason = &reasons->list[reasons->len];
	int len;

	if (reasons->len == REASONS_MAX)
		return;
	reasons->len++;
	reason->entry = entry;
	len = snprintf(reason->sentence, REASON_SENTENCE, "%s", before);
	/* addresses and names of calls are short: nothing is cut */
	(void)vsnprintf(reason->sentence + len, REASON_SENTENCE - (size_t)len,
			format, list);
}

void reasons_add(struct reasons *reasons, const struct history_entry *entry,
		 const char *format, ...)
{
	va_list list;

	va_start(list, format);
	add(reasons, entry, "", format, list);
	va_end(list);
	reasons->found = true;
}

void reasons_none(struct reasons *reasons, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	add(reasons, NULL, "No record shows ", format, list);
	va_end(list);
}

void reasons_missing(struct reasons *reasons, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	add(reasons, NULL, "Not in the records: ", format, list);
	va_end(list);
}

double reasons_ms(const struct history_entry *from,
		  const struct history_entry *to)
{
	return (double)(int64_t)(to->record.ts_ns - from->record.ts_ns) / 1e6;
}

/* The entry has the arguments; of one that was not seen, the exit has some. */
static const struct record *call_of(const struct reasons *reasons,
				    const struct history_entry *exit)
{
	const struct history_entry *enter =
		history_other(reasons->history, exit);

	return enter ? &enter->record : &exit->record;
}

const struct endpoint *reasons_peer(const struct reasons *reasons)
{
	return &call_of(reasons, reasons->result)->peer;
}

const char *reasons_call(const struct reasons *reasons,
			 const struct history_entry *exit,
			 char buf[REASON_SENTENCE])
{
	struct text text;

	text_init(&text, buf, REASON_SENTENCE);
	syscall_format_enter(&text, call_of(reasons, exit));
	return buf;
}

const char *reasons_result(const struct reasons *reasons,
			   const struct history_entry *exit,
			   char buf[REASON_SENTENCE])
{
	struct text text;

	text_init(&text, buf, REASON_SENTENCE);
	syscall_format_enter(&text, call_of(reasons, exit));
	text_add(&text, " ");
	syscall_format_exit(&text, &exit->record);
	return buf;
}
