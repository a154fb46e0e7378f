// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* pipeline.c: a run from open to close; its exit status; what goes wrong. */
#include "tap_main.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "pipeline.h"
#include "play.h"
#include "record/recording.h"

#define C "127.0.0.1:41234"
#define S "127.0.0.1:7007"

static struct record_sink sink;
static struct pipeline *pipeline;
static struct pipeline_options options;
static struct player player;
static char *text;
static size_t text_len;
static char path[] = "/tmp/dialtone-pipeline-XXXXXX";
static char why[256];

static int push(struct record_sink *unused, struct record *record)
{
	(void)unused;
	return pipeline_push(pipeline, record);
}

static int set_up(void **state)
{
	(void)state;
	strcpy(path + strlen(path) - 6, "XXXXXX");
	close(mkstemp(path));
	unlink(path);
	memset(&options, 0, sizeof(options));
	options.out = open_memstream(&text, &text_len);
	sink.push = push;
	player = (struct player){.sink = &sink, .proto = UDP};
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	fclose(options.out);
	free(text);
	unlink(path);
	return 0;
}

static void begin(const char *command)
{
	assert_int_equal(pipeline_open(&pipeline, &options), 0);
	assert_int_equal(play_meta(&player, command, "lo"), 0);
}

static int end(void)
{
	return pipeline_close(pipeline, why, sizeof(why));
}

/* Out of order, as witnesses tell: the packet after the call that sent it. */
static const struct play silent[] = {
	{RECORD_ENTER, .proto = UDP, .id = CALL_CONNECT, .sock = 1, .peer = S},
	{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1, .local = C, .peer = S},
};

static const struct play loud[] = {
	{RECORD_ENTER, .proto = UDP, .id = CALL_CONNECT, .sock = 1, .peer = S},
	{RECORD_PACKET, .sock = 1, .local = C, .peer = S},
	{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1, .local = C, .peer = S},
};

static void the_status_is_the_verdict(void **state)
{
	(void)state;
	options.quiet = true;
	begin("udp");
	PLAY(&player, silent);
	play_controls(&player);
	assert_int_equal(end(), 0);
	assert_string_equal(why, "");
	begin("udp");
	PLAY(&player, loud);
	play_controls(&player);
	assert_int_equal(end(), 1);
	begin("udp");
	PLAY(&player, silent);
	assert_int_equal(end(), 2);
	begin("both"); /* FAIL for UDP, nothing of TCP: it is FAIL */
	PLAY(&player, loud);
	play_controls(&player);
	assert_int_equal(end(), 1);
	begin("both");
	PLAY(&player, silent);
	play_controls(&player);
	assert_int_equal(end(), 2);
	begin("capture");
	assert_int_equal(end(), 0);
	assert_int_equal(pipeline_open(&pipeline, &options), 0);
	assert_int_equal(end(), 2); /* nothing came at all */
	assert_int_equal(pipeline_close(NULL, why, sizeof(why)), 0);
}

static void records_are_put_in_order(void **state)
{
	struct play first = silent[0], last = silent[1];

	(void)state;
	begin("udp");
	player.now_ns = 2000000000;
	play(&player, &last);
	player.now_ns = 1000000000;
	play(&player, &first);
	assert_int_equal(pipeline_advance(pipeline, 1500000000), 0);
	assert_int_equal(pipeline_advance(pipeline, 3000000000), 0);
	play_controls(&player);
	assert_int_equal(end(), 0);
	fflush(options.out);
	assert_int_equal(strncmp(text,
				 "    0.000 ms  client 4242        connect(3, "
				 "127.0.0.1:7007) = 0  0 packets",
				 70),
			 0);
}

static void late_ones_are_told(void **state)
{
	struct play late = silent[0];

	(void)state;
	options.quiet = true;
	begin("udp");
	PLAY(&player, silent);
	pipeline_advance(pipeline, UINT64_MAX);
	player.now_ns = 1;
	play(&player, &late);
	play_controls(&player);
	assert_int_equal(end(), 2);
	fflush(options.out);
	assert_non_null(strstr(text, "came too late to be put in order"));
}

/* Reads the recording into a second pipeline; its exit status. */
static int replay(void)
{
	struct recording *recording;
	struct record record;

	options.record_path = NULL;
	options.in_order = true;
	assert_int_equal(recording_open(&recording, path), 0);
	assert_int_equal(pipeline_open(&pipeline, &options), 0);
	while (recording_next(recording, &record) > 0)
		assert_int_equal(pipeline_push(pipeline, &record), 0);
	recording_close(recording);
	return end();
}

static void a_replay_prints_what_the_run_printed(void **state)
{
	size_t once;

	(void)state;
	options.record_path = path;
	begin("both");
	PLAY(&player, loud);
	play_controls(&player);
	assert_int_equal(end(), 1);
	fflush(options.out);
	once = text_len;
	assert_int_equal(replay(), 1);
	assert_string_equal(why, "");
	fflush(options.out);
	assert_int_equal(text_len, 2 * once);
	assert_memory_equal(text, text + once, once);
}

static void a_recorded_verdict_that_is_wrong_is_told(void **state)
{
	struct record record = {.type = RECORD_VERDICT};

	(void)state;
	options.quiet = true;
	begin("udp");
	PLAY(&player, loud);
	play_controls(&player);
	for (int i = 0; i < 6; i++) { /* more than it keeps */
		record.type = RECORD_VERDICT;
		record.verdict = calloc(1, sizeof(*record.verdict));
		record.verdict->result = VERDICT_PASS;
		strcpy(record.verdict->claim, "udp-connect-silent");
		assert_int_equal(pipeline_push(pipeline, &record), 0);
	}
	assert_int_equal(end(), 2);
	assert_string_equal(why, "udp-connect-silent: the verdict in the "
				 "recording is pass, but its records give "
				 "fail");
}

static void a_file_that_is_there_stays(void **state)
{
	(void)state;
	fclose(fopen(path, "w"));
	options.record_path = path;
	assert_int_equal(pipeline_open(&pipeline, &options), -EEXIST);
	assert_null(pipeline);
}

static void a_full_output_ends_the_run_and_not_the_recording(void **state)
{
	FILE *memory = options.out;
	int err = 0;

	(void)state;
	options.out = fopen("/dev/full", "w");
	options.record_path = path;
	options.json = true;
	begin("udp");
	PLAY(&player, silent);
	play_controls(&player);
	err = pipeline_advance(pipeline, UINT64_MAX);
	assert_int_equal(err, -ENOSPC);
	assert_int_equal(pipeline_advance(pipeline, UINT64_MAX), -ENOSPC);
	assert_int_equal(end(), EX_IOERR);
	assert_string_equal(why, "standard output: No space left on device");
	fclose(options.out);
	options.out = memory;
	assert_int_equal(replay(), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static const struct CMUnitTest tests[] = {
	TEST(the_status_is_the_verdict),
	TEST(records_are_put_in_order),
	TEST(late_ones_are_told),
	TEST(a_replay_prints_what_the_run_printed),
	TEST(a_recorded_verdict_that_is_wrong_is_told),
	TEST(a_file_that_is_there_stays),
	TEST(a_full_output_ends_the_run_and_not_the_recording),
};

TAP_MAIN(tests)
