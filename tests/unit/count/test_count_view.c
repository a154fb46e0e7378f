// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* count_verdict.c and the views of count: what is said of which numbers. */
#include "tap_main.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "count/view_count.h"

static char *names[] = {"__sys_connect", "begin_new_exec", "tcp_v4_connect",
			"udp_poll",      "udp_rcv",        "udp_sendmsg"};
static const struct functions functions = {.names = names, .len = 6};
static const char *const globs[] = {"udp_*", "tcp_*"};
static const char *const canaries[] = {"__sys_connect", NULL};

/* A run in which all is well. */
static const struct count_evidence good = {
	.backend = "kprobe.multi",
	.through = "through kprobe.multi",
	.canary = "__sys_connect",
	.sent = 2,
	.seen = 2,
	.command = "true",
	.exec = "begin_new_exec",
	.exec_seen = true,
	.buffer_kib = 4096,
};

static void begin(struct counts *counts, size_t globs_len)
{
	assert_int_equal(counts_init(counts, &functions, globs, globs_len), 0);
	counts_canary(counts, &functions, canaries);
	counts_add(counts, counts_find(counts, "udp_sendmsg"), COUNT_TASK, 12);
	counts_add(counts, counts_find(counts, "udp_rcv"), COUNT_SOFTIRQ, 3);
	counts_add_control(counts_find(counts, "udp_poll"), 2);
	counts_add_control(counts_find(counts, "__sys_connect"), 2);
}

/* What the view makes of @evidence; the caller frees it. */
static char *shown(struct counts *counts, const struct count_evidence *evidence,
		   bool json, bool explain)
{
	struct count_verdict verdict;
	struct count_view view = {
		.kernel = "6.1.0",
		.explain = explain,
		.counts = counts,
		.evidence = evidence,
		.verdict = &verdict,
	};
	char *text = NULL;
	size_t len;

	count_judge(&verdict, counts, evidence);
	counts_sort(counts);
	view.out = open_memstream(&text, &len);
	if (json)
		assert_int_equal(view_count_json(&view), 0);
	else
		view_count_text(&view);
	fclose(view.out);
	return text;
}

static void two_globs_stand_side_by_side(void **state)
{
	struct counts counts;
	char *text;

	(void)state;
	begin(&counts, 2);
	text = shown(&counts, &good, false, false);
	assert_string_equal(
		text,
		"udp_*: 2 of 3 functions called     tcp_*: 0 of 1 functions "
		"called\n"
		"FUNCTION       COUNT  SOFTIRQ\n"
		"udp_sendmsg       12\n"
		"udp_rcv                     3\n"
		"total             12        3\n"
		"\n"
		"SOFTIRQ: ran on top of the process, for a packet or timer of "
		"any process;\n"
		"on loopback it is the receiver's path, which runs on the "
		"sender.\n"
		"\n"
		"COUNTED  2 of 4 functions called, 15 calls (control: 2 of 2 "
		"self-tests seen, they called 1 of these functions; nothing "
		"lost; through kprobe.multi)\n");
	free(text);
	counts_fini(&counts);
}

static void an_explained_table_has_sentences(void **state)
{
	struct counts counts;
	char *text;

	(void)state;
	begin(&counts, 1);
	text = shown(&counts, &good, false, true);
	assert_non_null(strstr(text, "udp_sendmsg       12\n  ╰ "));
	free(text);
	counts_fini(&counts);
}

static void json_has_a_line_for_each_thing(void **state)
{
	static const char *const types[] = {"meta", "count",   "count",  "glob",
					    "lost", "control", "verdict"};
	struct count_evidence evidence = good;
	struct counts counts;
	char *text, *rest, *line;
	size_t n = 0;

	(void)state;
	begin(&counts, 1);
	evidence.drops.overrun = 9;
	rest = text = shown(&counts, &evidence, true, false);
	while ((line = strsep(&rest, "\n")) && *line) {
		json_t *json = json_loads(line, 0, NULL);

		assert_non_null(json);
		assert_true(n < sizeof(types) / sizeof(types[0]));
		assert_string_equal(
			json_string_value(json_object_get(json, "type")),
			types[n]);
		if (n == 1)
			assert_int_equal(json_integer_value(json_object_get(
						 json, "calls")),
					 12);
		if (n == 4)
			assert_int_equal(json_integer_value(json_object_get(
						 json, "count")),
					 9);
		json_decref(json);
		n++;
	}
	assert_int_equal(n, 7);
	free(text);
	counts_fini(&counts);
}

/* Nothing may be said of zeros by a run such as @evidence: @reason is why. */
static void doubted(const struct count_evidence *evidence, const char *reason)
{
	struct count_verdict verdict;
	struct counts counts;

	begin(&counts, 2);
	count_judge(&verdict, &counts, evidence);
	assert_false(verdict.conclusive);
	assert_int_equal(verdict.reasons_len, 1);
	if (!strstr(verdict.reasons[0], reason))
		fail_msg("%s: not in: %s", reason, verdict.reasons[0]);
	counts_fini(&counts);
}

static void each_doubt_is_told_with_its_remedy(void **state)
{
	struct count_evidence e = good;

	(void)state;
	e.seen = 1;
	doubted(&e, "__sys_connect was called by 2 self-tests, but only 1 "
		    "calls were counted");
	e.ftrace_off = true;
	doubted(&e, "sysctl kernel.ftrace_enabled=1");
	e = good;
	e.ftrace_off = true; /* somebody's business, not this run's */
	e.canary = NULL;
	doubted(&e, "none of the functions that the control would call");
	e = good;
	e.exec_seen = false;
	doubted(&e, "exec(2) was not counted (begin_new_exec)");
	e = good;
	e.drops.overrun = 7;
	doubted(&e, "7 calls were lost");
	doubted(&e, "--buffer 4096");
	e = good;
	e.drops.missed = 8;
	doubted(&e, "8 calls were missed");
	e = good;
	e.drops.no_room = 3;
	doubted(&e, "3 calls were not counted: there was no room");
	e = good;
	e.drops.flooded = 3;
	doubted(&e, "faster than they can be counted");
	e = good;
	e.drops.unlisted = 1;
	doubted(&e, "was full: make it larger (--processes N)");
	e = good;
	e.unplaced = 2;
	doubted(&e, "2 functions were not counted: their addresses");
}

static void without_a_command_nobody_needs_to_exec(void **state)
{
	struct count_evidence e = good;
	struct count_verdict verdict;
	struct counts counts;

	(void)state;
	begin(&counts, 1);
	e.command = NULL;
	e.exec_seen = false;
	count_judge(&verdict, &counts, &e);
	assert_true(verdict.conclusive);
	e.by_name = true; /* and one of that name called something */
	count_judge(&verdict, &counts, &e);
	assert_true(verdict.conclusive);
	counts.unknown = 4;
	count_judge(&verdict, &counts, &e);
	assert_false(verdict.conclusive);
	assert_non_null(strstr(verdict.reasons[0], "4 calls"));
	counts_zero(&counts);
	count_judge(&verdict, &counts, &e);
	assert_false(verdict.conclusive);
	assert_non_null(strstr(verdict.reasons[0], "/proc/PID/comm"));
	counts_fini(&counts);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(two_globs_stand_side_by_side),
	cmocka_unit_test(an_explained_table_has_sentences),
	cmocka_unit_test(json_has_a_line_for_each_thing),
	cmocka_unit_test(each_doubt_is_told_with_its_remedy),
	cmocka_unit_test(without_a_command_nobody_needs_to_exec),
};

TAP_MAIN(tests)
