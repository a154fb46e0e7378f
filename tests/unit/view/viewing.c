// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* See viewing.h. */
#include "viewing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "story/story.h"

static struct story *story;
static struct story_sink sink;
struct view *view;
struct view_options options;
struct player player;
char *text;
size_t text_len;

static int show(struct story_sink *unused, const struct record *record,
		const struct note *note)
{
	(void)unused;
	return view->ops->show(view, record, note);
}

int viewing_set_up(void **state)
{
	(void)state;
	memset(&options, 0, sizeof(options));
	options.out = open_memstream(&text, &text_len);
	sink.show = show;
	if (story_new(&story, &sink))
		return -1;
	player = (struct player){.sink = story_input(story), .proto = UDP};
	return 0;
}

int viewing_tear_down(void **state)
{
	(void)state;
	story_free(story);
	free(text);
	text = NULL;
	return 0;
}

void begin(const struct view_ops *ops)
{
	assert_int_equal(ops->open(&view, &options), 0);
}

void end(const char *expected)
{
	assert_int_equal(view->ops->close(view), 0);
	fclose(options.out);
	assert_string_equal(text, expected);
}

void show_verdict(enum verdict_result result)
{
	char *reasons[] = {(char *)"first\033", (char *)"second"};
	struct verdict verdict = {.claim = "udp-connect-silent",
				  .result = result,
				  .summary = "sentence",
				  .reasons = reasons,
				  .reasons_len = 2};
	struct record record = {.type = RECORD_VERDICT, .verdict = &verdict};
	struct note note = {0};

	view->ops->show(view, &record, &note);
}
