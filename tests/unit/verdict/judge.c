// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* See judge.h. */
#include "judge.h"

#include <string.h>

#include "story/story.h"
#include "verdict/claims.h"

static int drop(struct story_sink *sink, const struct record *record,
		const struct note *note)
{
	(void)sink;
	(void)record;
	(void)note;
	return 0;
}

static struct story_sink dropping = {drop};
static struct story *story;
static struct ledger ledger;
struct player player;
struct verdict *verdict;

int judge_set_up(void **state)
{
	(void)state;
	verdict = NULL;
	if (story_new(&story, &dropping))
		return -1;
	ledger_init(&ledger);
	story_set_judge(story, &ledger.judge);
	player = (struct player){.sink = story_input(story), .proto = UDP};
	return 0;
}

int judge_tear_down(void **state)
{
	(void)state;
	verdict_free(verdict);
	story_free(story);
	return 0;
}

void expect(uint8_t proto, enum verdict_result result, const char *summary,
	    const char *reason)
{
	char all[4096] = "";

	verdict_free(verdict);
	assert_int_equal(story_finish(story), 0);
	assert_int_equal(
		claims_judge(story_end(story), &ledger, proto, &verdict), 0);
	for (unsigned int i = 0; i < verdict->reasons_len; i++) {
		strcat(all, verdict->reasons[i]);
		strcat(all, "\n");
	}
	if (verdict->result != result || !strstr(verdict->summary, summary) ||
	    (reason ? !strstr(all, reason) : *all))
		fail_msg("%s: %s\n%s", verdict_result_name(verdict->result),
			 verdict->summary, all);
}
