// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Reads a recording into a history. See past_run.h.
 *
 *   in:  a recording, from any source
 *   out: its records as the story shows them, and the evidence
 */
#include "past_run.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "record/container_of.h"
#include "record/recording.h"

static int past_run_show(struct story_sink *sink, const struct record *record,
			 const struct note *note)
{
	struct past_run *run = container_of(sink, struct past_run, sink);

	return history_add(&run->history, record, note);
}

/* All records, to the end of the file. 0, -EBADMSG or -ENOMEM. */
static int take_records(struct past_run *run, struct recording *recording)
{
	struct record_sink *input = story_input(run->story);
	struct record record;
	int got, err = 0;

	while (!err && (got = recording_next(recording, &record)) > 0) {
		run->whole |= record.type == RECORD_VERDICT;
		err = input->push(input, &record);
	}
	if (!err && got >= 0)
		err = story_finish(run->story);
	return err ? err : got;
}

static int read_all(struct past_run *run, struct recording *recording,
		    char why[PAST_RUN_WHY])
{
	int err = story_new(&run->story, &run->sink);

	if (!err)
		err = take_records(run, recording);
	if (err == -ENOMEM)
		snprintf(why, PAST_RUN_WHY, "%s", strerror(ENOMEM));
	else if (err)
		snprintf(why, PAST_RUN_WHY, "%s", recording_why(recording));
	else
		run->evidence = story_end(run->story);
	return err;
}

int past_run_read(struct past_run *run, const char *path,
		  char why[PAST_RUN_WHY])
{
	struct recording *recording;
	int err = recording_open(&recording, path);

	run->sink.show = past_run_show;
	if (err) {
		snprintf(why, PAST_RUN_WHY, "%s: %s", path, strerror(-err));
		return err;
	}
	err = read_all(run, recording, why);
	recording_close(recording);
	return err;
}

void past_run_fini(struct past_run *run)
{
	history_fini(&run->history);
	story_free(run->story);
	*run = (struct past_run){0};
}
