// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Fuzzes recordings: a file that may hold anything, through every stage behind
 * the record, every view, why and diff. Whatever it holds, the output must be
 * UTF-8, and must not move a cursor.
 *
 *   in:  a recording
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "diff/diff_view.h"
#include "fuzz.h"
#include "pipeline.h"
#include "record/recording.h"
#include "record/text.h"
#include "story/past_run.h"

/* What text_escape() would leave alone; but lines may end. */
static void check_printed(const char *printed, size_t len)
{
	char *buf = malloc(4 * len + 1);
	struct text text;

	if (!buf)
		return;
	for (const char *line = printed; line < printed + len;) {
		const char *end = memchr(line, '\n', printed + len - line);
		size_t bytes = (end ? end : printed + len) - line;

		text_init(&text, buf, 4 * len + 1);
		text_escape(&text, line, bytes, false);
		assert(text.len == bytes && !memcmp(buf, line, bytes));
		line += bytes + 1;
	}
	free(buf);
}

static void show(const char *path, const struct pipeline_options *options)
{
	struct pipeline_options with_out = *options;
	struct recording *recording;
	struct pipeline *pipeline;
	struct record record;
	char *printed = NULL;
	size_t len = 0;
	char why[512];
	int err = 0;

	with_out.in_order = true;
	with_out.out = open_memstream(&printed, &len);
	if (!with_out.out || pipeline_open(&pipeline, &with_out) ||
	    recording_open(&recording, path))
		abort();
	while (!err && recording_next(recording, &record) > 0)
		err = pipeline_push(pipeline, &record);
	pipeline_close(pipeline, why, sizeof(why));
	check_printed(why, strlen(why));
	check_printed(recording_why(recording),
		      strlen(recording_why(recording)));
	recording_close(recording);
	fclose(with_out.out);
	check_printed(printed, len);
	free(printed);
}

/* A recording that can be read is the same as itself. */
static void compare_with_itself(const char *path)
{
	struct past_run a = {0}, b = {0};
	struct diff diff = {.a = {path, &a}, .b = {path, &b}};
	struct view_options options = {.columns = 80};
	char why[PAST_RUN_WHY], *printed = NULL;
	size_t len = 0;

	options.out = open_memstream(&printed, &len);
	if (!options.out)
		abort();
	if (!past_run_read(&a, path, why) && !past_run_read(&b, path, why)) {
		if (diff_compare(&diff))
			abort();
		assert(!diff.differences);
		diff_write_diagram(&options, &diff);
	}
	fclose(options.out);
	check_printed(printed, len);
	free(printed);
	diff_fini(&diff);
	past_run_fini(&a);
	past_run_fini(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct pipeline_options views[] = {
		{.verbose = true, .stack = true, .explain = true, .why = true},
		{.json = true},
		{.mermaid = true}, /* the picture's rows */
	};
	char path[64];
	int fd = memfd_create("recording", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	for (size_t i = 0; i < sizeof(views) / sizeof(views[0]); i++)
		show(path, &views[i]);
	compare_with_itself(path);
	close(fd);
	return 0;
}
