// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Every allocation of the pure stages is made to fail, one after the other: the
 * n-th of a run, for n = 1, 2, ... until a run has fewer; once so that only that
 * one fails, and once with all that follow. Whatever fails, nothing crashes or
 * leaks, and the run either says that it failed or says what it always says.
 *
 * The allocators are wrapped (ld --wrap), jansson's too. The sanitizer reports
 * leaks when the program ends.
 */
#include "tap_main.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sysexits.h>
#include <unistd.h>

#include <jansson.h>

#include "diff/diff.h"
#include "kernel/decode.h"
#include "choose_views.h"
#include "pipeline.h"
#include "play.h"
#include "record/recording.h"
#include "story/past_run.h"

static unsigned long until; /* the failure: so many allocations; 0: none */
static bool stays;          /* all that come after it fail, too */
static bool failed;

static bool fails(void)
{
	if (failed && stays) {
		errno = ENOMEM;
		return true;
	}
	if (until == 0 || --until > 0)
		return false;
	failed = true;
	errno = ENOMEM;
	return true;
}

#define WRAP(type, name, parameters, ...)                              \
	type __real_##name parameters;                                 \
	type __wrap_##name parameters;                                 \
	type __wrap_##name parameters                                  \
	{                                                              \
		return fails() ? (type)0 : __real_##name(__VA_ARGS__); \
	}

WRAP(void *, malloc, (size_t size), size)
WRAP(void *, calloc, (size_t n, size_t size), n, size)
WRAP(void *, realloc, (void *old, size_t size), old, size)
WRAP(void *, reallocarray, (void *old, size_t n, size_t size), old, n, size)
WRAP(char *, strdup, (const char *string), string)
WRAP(FILE *, fopen, (const char *path, const char *mode), path, mode)
WRAP(FILE *, fdopen, (int fd, const char *mode), fd, mode)

/*
 * jansson up to 2.14 does not notice when its lexer has no memory, and writes
 * beyond it (akheron/jansson issue 362): so parsing fails as a whole or not at
 * all.
 */
json_t *__real_json_loadb(const char *, size_t, size_t, json_error_t *);
json_t *__wrap_json_loadb(const char *, size_t, size_t, json_error_t *);
json_t *__wrap_json_loadb(const char *bytes, size_t len, size_t flags,
			  json_error_t *error)
{
	bool before = failed, all = stays;
	unsigned long left;
	json_t *json;

	if (fails()) {
		error->text[JSON_ERROR_TEXT_LENGTH - 1] =
			json_error_out_of_memory;
		return NULL;
	}
	left = until;
	until = 0;
	stays = false;
	json = __real_json_loadb(bytes, len, flags, error);
	until = left;
	stays = all;
	failed = before;
	return json;
}

static void fail_at(unsigned long n, bool all)
{
	until = n;
	stays = all;
	failed = false;
}

/* What a run comes to: pipeline_close()'s status, or that of a failed start. */
struct result {
	int status;
	char *printed;
};

/* As cmd_replay.c does; @live: through the ordering stage, as a live run. */
static int replay(const char *path, struct pipeline_options *options, bool live)
{
	struct recording *recording = NULL;
	struct pipeline *pipeline = NULL;
	struct record record;
	char why[512];
	int got = 0, status, err;

	options->in_order = !live;
	err = recording_open(&recording, path);
	if (!err)
		err = pipeline_open(&pipeline, options);
	while (!err && (got = recording_next(recording, &record)) > 0) {
		uint64_t ts_ns = record.ts_ns;

		err = pipeline_push(pipeline, &record);
		if (!err && live)
			err = pipeline_advance(pipeline, ts_ns);
	}
	status = pipeline_close(pipeline, why, sizeof(why));
	recording_close(recording);
	if (got < 0)
		return EX_DATAERR;
	return err && !status ? EX_OSERR : status;
}

static const char *recording_path = "tests/golden/both.jsonl";

static struct result run(struct pipeline_options options, bool live)
{
	struct result result = {0};
	size_t len = 0;

	options.out = open_memstream(&result.printed, &len);
	assert_non_null(options.out);
	result.status = replay(recording_path, &options, live);
	fclose(options.out);
	return result;
}

/* So that the next run can make them. */
static void unlink_files(const struct pipeline_options *options)
{
	const char *const paths[] = {options->page_path, options->perfetto_path,
				     options->pcapng_path};

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (paths[i])
			unlink(paths[i]);
}

/* Returns how many allocations were made to fail. */
static unsigned long fail_each(const struct pipeline_options *options,
			       bool live, bool all)
{
	const char *wanted = getenv("MEMORY_STEP");
	unsigned long n, step = wanted ? strtoul(wanted, NULL, 10) : 1;
	struct result whole = run(*options, live);

	assert_true(step > 0);
	unlink_files(options);
	/* "Each" takes more than a minute: make check takes some, by MEMORY_STEP */
	for (n = 1;; n += step) {
		struct result result;

		fail_at(n, all);
		result = run(*options, live);
		if (options->record_path)
			unlink(options->record_path);
		unlink_files(options);
		until = 0;
		stays = false;
		if (!failed) {
			free(result.printed);
			break;
		}
		if (result.status == whole.status)
			assert_string_equal(result.printed, whole.printed);
		else
			assert_true(result.status >= EX__BASE);
		free(result.printed);
	}
	free(whole.printed);
	return n - 1;
}

static void each_fails(struct pipeline_options options, bool live)
{
	unsigned long n;

	n = fail_each(&options, live, false);
	n += fail_each(&options, live, true);
	print_message("# of %lu allocations\n", n);
	assert_true(n > 100);
}

static void a_replay_as_text(void **state)
{
	(void)state;
	each_fails((struct pipeline_options){.verbose = true, .explain = true},
		   false);
}

static void a_replay_in_three_views(void **state)
{
	struct pipeline_options options = {.columns = 100};

	(void)state;
	assert_int_equal(views_choose(&options, "verdict,table,diagram"), 0);
	each_fails(options, false);
}

static void a_live_run_in_json_that_is_recorded(void **state)
{
	char dir[] = "/tmp/dialtone-memory-XXXXXX", path[64];

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/recording", dir);
	each_fails((struct pipeline_options){.json = true, .record_path = path},
		   true);
	unlink(path);
	assert_int_equal(rmdir(dir), 0);
}

static void a_replay_as_a_page(void **state)
{
	char dir[] = "/tmp/dialtone-memory-XXXXXX", path[64];

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/page", dir);
	recording_path = "tests/golden/udp-echo.jsonl";
	each_fails((struct pipeline_options){.quiet = true, .page_path = path},
		   false);
	assert_int_equal(rmdir(dir), 0);
}

static void a_replay_as_a_trace(void **state)
{
	char dir[] = "/tmp/dialtone-memory-XXXXXX", path[64];

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/trace", dir);
	recording_path = "tests/golden/udp-echo.jsonl";
	each_fails(
		(struct pipeline_options){.quiet = true, .perfetto_path = path},
		false);
	assert_int_equal(rmdir(dir), 0);
}

static void a_replay_for_wireshark(void **state)
{
	char dir[] = "/tmp/dialtone-memory-XXXXXX", path[64];

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/pcapng", dir);
	each_fails(
		(struct pipeline_options){.quiet = true, .pcapng_path = path},
		false);
	assert_int_equal(rmdir(dir), 0);
}

static void a_replay_with_reasons(void **state)
{
	(void)state;
	recording_path = "tests/golden/vm-udp-refused-6.1.jsonl";
	each_fails((struct pipeline_options){.quiet = true, .why = true},
		   false);
}

/* 1: differences; -errno; -EBADMSG: json_loadb() had no memory. */
static int compare_two(void)
{
	struct past_run a = {0}, b = {0};
	struct diff diff = {.a = {"a", &a}, .b = {"b", &b}};
	char why[PAST_RUN_WHY];
	int err = past_run_read(&a, "tests/golden/udp-echo.jsonl", why);

	if (!err)
		err = past_run_read(&b, "tests/golden/both.jsonl", why);
	if (!err)
		err = diff_compare(&diff);
	if (!err)
		err = diff.differences > 0;
	diff_fini(&diff);
	past_run_fini(&a);
	past_run_fini(&b);
	return err;
}

static void a_comparison(void **state)
{
	const char *wanted = getenv("MEMORY_STEP");
	unsigned long n, step = wanted ? strtoul(wanted, NULL, 10) : 1;

	(void)state;
	for (n = 1;; n += step) {
		int err;

		fail_at(n, false);
		err = compare_two();
		until = 0;
		if (!failed)
			break;
		/* the story's hash tables may do without a larger table */
		assert_true(err == -ENOMEM || err == -EBADMSG || err == 1);
	}
	print_message("# of %lu allocations\n", n - 1);
	assert_true(n > 100);
}

/* Its records wait for addresses: story/selection.c. */
static void a_replay_with_a_filter(void **state)
{
	(void)state;
	recording_path = "tests/golden/filtered/waits.jsonl";
	each_fails((struct pipeline_options){.verbose = true}, true);
}

/* The kernel's events: sockets are numbered, stacks are named. 0 or -errno. */
static int decode(void)
{
	struct event_stack event = {
		.event = {.ts_ns = 1, .kind = EVENT_CALL, .context = 1},
		.frames = {0xffffffff81a00010, 0xffffffff81a00410},
	};
	struct plan plan;
	struct decoder decoder = {.plan = &plan};
	struct ksyms *ksyms = NULL;
	int err;

	plan_init(&plan, true, true);
	event.event.call.stack_bytes = sizeof(event.frames);
	err = ksyms_load(&ksyms, "tests/fuzz/kallsyms");
	decoder.ksyms = ksyms;
	for (event.event.sock = 1; !err && event.event.sock < 40;
	     event.event.sock++) {
		struct record record;

		err = decode_event(&decoder, &event, sizeof(event), &record);
		if (!err) {
			assert_int_equal(record.socket, event.event.sock);
			record_fini(&record);
		}
	}
	decoder_fini(&decoder);
	ksyms_free(ksyms);
	return err;
}

static void the_kernels_events(void **state)
{
	unsigned long n;

	(void)state;
	for (n = 1;; n++) {
		int err;

		fail_at(n, false);
		err = decode();
		until = 0;
		if (!failed)
			break;
		assert_int_equal(err, -ENOMEM);
	}
	print_message("# %lu allocations failed\n", n - 1);
	assert_true(n > 100);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(a_replay_as_text),
	cmocka_unit_test(a_replay_in_three_views),
	cmocka_unit_test(a_live_run_in_json_that_is_recorded),
	cmocka_unit_test(a_replay_as_a_page),
	cmocka_unit_test(a_replay_as_a_trace),
	cmocka_unit_test(a_replay_for_wireshark),
	cmocka_unit_test(a_replay_with_reasons),
	cmocka_unit_test(a_replay_with_a_filter),
	cmocka_unit_test(a_comparison),
	cmocka_unit_test(the_kernels_events),
};

/* TAP_MAIN, and jansson's memory through the same needle. */
int main(void)
{
	json_set_alloc_funcs(__wrap_malloc, free);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
