// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The lines about the run as a whole: what was lost, what the controls saw, how
 * it was traced, and the verdict.
 *
 *   in:  meta, lost, control and verdict records
 *   out: text
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "line.h"
#include "view_verdict.h"

#define SENTENCE_SIZE 1024

static void show_meta(const struct view_options *options,
		      const struct meta *meta)
{
	fputs("kernel ", options->out);
	sentence_write(options, meta->kernel ? meta->kernel : "unknown");
	fprintf(options->out, ", %s tier, capturing on ",
		tier_name(meta->tier));
	sentence_write(options, meta->iface ? meta->iface : "nothing");
	putc('\n', options->out);
	for (unsigned int i = 0; i < meta->plan_len; i++) {
		const struct plan_choice *choice = &meta->plan[i];

		fputs("  ", options->out);
		sentence_write(options, choice->step);
		fputs(": ", options->out);
		sentence_write(options,
			       choice->symbol ? choice->symbol : "no function");
		fputs(choice->never_fired ? " (never fired)" : "",
		      options->out);
		if (choice->tried) {
			fputs("; ", options->out);
			sentence_write(options, choice->tried);
		}
		putc('\n', options->out);
	}
}

static void show_lost(const struct view_options *options,
		      const struct record_lost *lost)
{
	bool one = lost->count == 1;
	char line[SENTENCE_SIZE];
	struct text text;

	if (options->quiet)
		return;
	text_init(&text, line, sizeof(line));
	text_add(&text, "LOST  ");
	if (lost->cause == LOST_UNFOLLOWED)
		text_printf(&text, "%" PRIu64 " process%s ", lost->count,
			    one ? "" : "es");
	else if (lost->cause != LOST_TRUNCATED && lost->cause != LOST_ROTATED)
		text_printf(&text, "%" PRIu64 " event%s of the %s witness ",
			    lost->count, one ? "" : "s",
			    witness_name(lost->witness));
	switch (lost->cause) {
	case LOST_DROPPED:
		text_printf(&text, "had no room and %s dropped",
			    one ? "was" : "were");
		break;
	case LOST_LATE:
		text_add(&text, "came too late to be put in order");
		break;
	case LOST_TRUNCATED:
		text_add(&text, "the rest: the recording ended before the run");
		break;
	case LOST_MISSED:
		text_add(&text, "came while another probe was running");
		break;
	case LOST_UNREAD:
		text_add(&text, "could not be read");
		break;
	case LOST_UNWATCHED:
		text_add(&text, "came from a 32-bit program or io_uring");
		break;
	case LOST_UNFOLLOWED:
		text_add(&text, "could not be followed: the table was full");
		break;
	case LOST_ROTATED:
		text_add(&text, "what came before: it is in another file");
	}
	line_styled(options->out, options->colour, STYLE_RED, line);
	putc('\n', options->out);
}

static void show_control(const struct view_options *options,
			 const struct record_control *control)
{
	fprintf(options->out,
		"control: the %s witness saw %u of %u self-tests\n",
		witness_name(control->witness), control->seen, control->sent);
}

static void show_tally(const struct view_options *options,
		       const struct record_tally *tally)
{
	fprintf(options->out,
		"tally: %" PRIu64 " probe hits: %" PRIu64 " delivered, "
		"%" PRIu64 " dropped, %" PRIu64 " not of followed processes; "
		"%" PRIu64 " received\n",
		tally->hits, tally->delivered, tally->dropped, tally->filtered,
		tally->received);
}

static void show_verdict(const struct view_options *options,
			 const struct verdict *verdict)
{
	static const struct {
		char word[16];
		enum style style;
	} results[] = {
		[VERDICT_PASS] = {"PASS", STYLE_GREEN},
		[VERDICT_FAIL] = {"FAIL", STYLE_RED},
		[VERDICT_INCONCLUSIVE] = {"INCONCLUSIVE", STYLE_YELLOW},
		[VERDICT_NOT_JUDGED] = {"NOT JUDGED", STYLE_YELLOW},
	};
	unsigned int columns;

	if (!options->quiet)
		putc('\n', options->out);
	line_styled(options->out, options->colour,
		    results[verdict->result].style,
		    results[verdict->result].word);
	columns = (unsigned int)strlen(results[verdict->result].word) + 2;
	fputs("  ", options->out);
	if (options->brief && verdict->result == VERDICT_PASS &&
	    options->edge > columns)
		sentence_cut(options, verdict->summary, columns);
	else
		sentence_wrap(options, verdict->summary, columns);
	putc('\n', options->out);
	for (unsigned int i = 0; i < verdict->reasons_len; i++) {
		fputs("      - ", options->out);
		sentence_wrap(options, verdict->reasons[i], 8);
		putc('\n', options->out);
	}
}

void verdict_show(const struct view_options *options,
		  const struct record *record)
{
	bool talks = options->verbose && !options->quiet;

	switch (record->type) {
	case RECORD_META:
		if (talks)
			show_meta(options, record->meta);
		break;
	case RECORD_LOST:
		show_lost(options, &record->lost);
		break;
	case RECORD_CONTROL:
		if (talks)
			show_control(options, &record->control);
		break;
	case RECORD_TALLY:
		if (talks)
			show_tally(options, &record->tally);
		break;
	case RECORD_VERDICT:
		show_verdict(options, record->verdict);
		break;
	default:
		break;
	}
}
