// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Writes results and what led to them. See why.h.
 *
 *   in:  a history
 *   out: lines: the record's place, its time, a sentence
 */
#include "why.h"

#include <errno.h>

#include "record/syscalls.h"
#include "results.h"
#include "view/describe.h"
#include "view/line.h"

struct why {
	const struct view_options *options;
	uint64_t first_ns;
	int line_columns; /* of the widest line number; 0: they have none */
};

/* As in the story's view, time begins with the first line that it shows. */
static uint64_t first_time(const struct history *history)
{
	for (uint32_t i = 0; i < history->len; i++) {
		const struct record *record = &history->entries[i].record;

		if (record_witness(record) != WITNESS_KERNEL ||
		    record->type == RECORD_CALL)
			return record->ts_ns;
	}
	return history->len ? history->entries[0].record.ts_ns : 0;
}

static struct why why_begin(const struct history *history,
			    const struct view_options *options)
{
	struct why why = {.options = options, .first_ns = first_time(history)};
	uint64_t line = 0;

	if (history->len)
		line = history->entries[history->len - 1].record.line;
	for (; line; line /= 10)
		why.line_columns++;
	return why;
}

/* Where the record is; returns how many columns that takes. */
static unsigned int write_place(const struct why *why,
				const struct history_entry *entry)
{
	int columns = why->line_columns ? why->line_columns + 6 : 0;
	FILE *out = why->options->out;

	if (!entry) {
		fprintf(out, "%*s", columns + 14, "");
		return (unsigned int)columns + 14;
	}
	if (columns)
		fprintf(out, "line %*llu ", why->line_columns,
			(unsigned long long)entry->record.line);
	fprintf(out, "%9.3f ms  ",
		(double)(int64_t)(entry->record.ts_ns - why->first_ns) / 1e6);
	return (unsigned int)columns + 14;
}

/* What the record is, in a few words. */
static void describe_entry(struct text *text, const struct history *history,
			   const struct history_entry *entry)
{
	const struct history_entry *enter = history_other(history, entry);
	const struct record *record = &entry->record;

	switch (record->type) {
	case RECORD_ENTER:
	case RECORD_EXIT:
		/* the entry has the arguments, if it was seen */
		syscall_format_enter(text, enter ? &enter->record : record);
		if (record->type == RECORD_EXIT) {
			text_add(text, " ");
			syscall_format_exit(text, record);
		}
		text_add(text, ", in ");
		describe_task(text, record);
		break;
	case RECORD_PACKET:
		describe_packet(text, record, false);
		break;
	case RECORD_ICMP:
		describe_icmp(text, record);
		break;
	case RECORD_STATE:
		describe_state(text, record->state.old_state);
		text_add(text, " → ");
		describe_state(text, record->state.new_state);
		break;
	default:
		text_escape(text, record->call.function,
			    sizeof(record->call.function), false);
	}
}

static void write_result(const struct why *why, const struct history *history,
			 const struct history_entry *entry)
{
	char words[REASON_SENTENCE + 128];
	struct text text;

	text_init(&text, words, sizeof(words));
	describe_entry(&text, history, entry);
	write_place(why, entry);
	line_styled(why->options->out, why->options->colour, STYLE_BOLD, words);
	putc('\n', why->options->out);
}

static void write_reason(const struct why *why, const struct reason *reason)
{
	unsigned int columns = write_place(why, reason->entry);

	fputs("  ", why->options->out);
	sentence_wrap(why->options, reason->sentence, columns + 2);
	putc('\n', why->options->out);
}

/* Returns whether a record explains the result. */
static bool write_one(const struct why *why, const struct history *history,
		      const struct history_entry *entry)
{
	struct reasons reasons;

	result_explain(&reasons, history, entry);
	write_result(why, history, reasons.result);
	for (unsigned int i = 0; i < reasons.len; i++)
		write_reason(why, &reasons.list[i]);
	return reasons.found;
}

unsigned int why_write_all(const struct history *history,
			   const struct view_options *options)
{
	struct why why = why_begin(history, options);
	unsigned int results = 0, unexplained = 0, more = 0;

	for (uint32_t i = 0; i < history->len; i++) {
		const struct history_entry *entry = &history->entries[i];

		if (results == WHY_RESULTS_MAX) {
			more += entry->record.type == RECORD_EXIT &&
				entry->record.syscall.ret < 0;
			continue;
		}
		if (!result_is_notable(history, entry))
			continue;
		if (results++)
			putc('\n', options->out);
		unexplained += !write_one(&why, history, entry);
	}
	if (!results)
		fputs("No call failed, and none waited.\n", options->out);
	if (more)
		fprintf(options->out,
			"\n%u more calls failed: %s why RECORDING LINE "
			"explains one.\n",
			more, options->program ? options->program : "tracer");
	if (history->full)
		fprintf(options->out,
			"\nOnly the first %u records were looked at.\n",
			HISTORY_MAX);
	return unexplained;
}

int why_write_line(const struct history *history,
		   const struct view_options *options, uint64_t line)
{
	struct why why = why_begin(history, options);
	const struct history_entry *entry = history_at_line(history, line);

	if (!entry)
		return -ENOENT;
	return !write_one(&why, history, entry);
}
