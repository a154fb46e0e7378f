// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * view_stack*.c: a recording of a lab VM shown again. The
 * JSON Lines come out as they went in; text and folded lines are compared with
 * the files next to the recording.
 */
#include "tap_main.h"

#include <errno.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recorded_stacks.h"
#include "stack/view_stack.h"

#define RECORDING "tests/golden/stack/7.2.jsonl"

static char *read_file(const char *path)
{
	char *text = NULL;
	size_t len = 0;
	FILE *file = fopen(path, "re");

	assert_non_null(file);
	assert_true(getdelim(&text, &len, '\0', file) > 0);
	fclose(file);
	return text;
}

enum shown { TEXT, EXPLAINED, FOLDED, JSON, RESULT };

static char *show(const struct stack_run *run, enum shown as)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	if (as == FOLDED)
		view_stack_folded(out, run);
	else if (as == JSON)
		assert_int_equal(view_stack_json(out, run), 0);
	else if (as == RESULT)
		view_stack_result(out, run);
	else
		view_stack_text(out, run, as == EXPLAINED);
	fclose(out);
	return text;
}

/* make golden-update */
static void update(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void shows(enum shown as, const char *path)
{
	char *expected, *shown;
	struct recorded recorded;

	recorded_load(&recorded, RECORDING);
	shown = show(&recorded.run, as);
	if (getenv("GOLDEN_UPDATE") && as != JSON)
		update(path, shown);
	expected = read_file(path);
	assert_string_equal(shown, expected);
	free(shown);
	free(expected);
	recorded_fini(&recorded);
}

static void json_lines_come_out_as_they_went_in(void **state)
{
	(void)state;
	shows(JSON, RECORDING);
}

static void text_is_as_in_the_golden_file(void **state)
{
	(void)state;
	shows(TEXT, "tests/golden/stack/7.2.txt");
}

static void known_functions_are_explained(void **state)
{
	struct recorded recorded;
	char *shown;

	(void)state;
	recorded_load(&recorded, RECORDING);
	shown = show(&recorded.run, EXPLAINED);
	assert_non_null(strstr(shown,
			       "        ksys_write+0xcf\n"
			       "          ╰ It is the body of write(2): "));
	free(shown);
	recorded_fini(&recorded);
}

static void folded_is_as_in_the_golden_file(void **state)
{
	(void)state;
	shows(FOLDED, "tests/golden/stack/7.2.folded.txt");
}

/*
 * flamegraph.pl takes a line apart by /^(.*)\s+?(\d+(?:\.\d*)?)$/ and what is
 * before the count at each ";".
 */
static void folded_lines_are_of_the_format(void **state)
{
	struct recorded recorded;
	char *shown, *line, *rest;
	uint64_t calls = 0;
	regex_t format;

	(void)state;
	assert_int_equal(regcomp(&format, "^[^; ]+(;[^; ]+)* [1-9][0-9]*$",
				 REG_EXTENDED | REG_NOSUB),
			 0);
	recorded_load(&recorded, RECORDING);
	shown = rest = show(&recorded.run, FOLDED);
	while ((line = strsep(&rest, "\n")) && *line) {
		assert_int_equal(regexec(&format, line, 0, NULL, 0), 0);
		calls += strtoull(strrchr(line, ' '), NULL, 10);
	}
	assert_int_equal(calls, recorded.stacks.calls);
	free(shown);
	regfree(&format);
	recorded_fini(&recorded);
}

static void a_hostile_name_breaks_no_line(void **state)
{
	struct stack_event event = {.pid = 1,
				    .tid = 1,
				    .context = CONTEXT_TASK,
				    .comm = "a;b c\033[2J"};
	struct stack_plan plan = {.functions = {{.asked = "f", .symbol = "f"}},
				  .len = 1};
	struct stacks stacks = {0};
	struct stack_run run = {.plan = &plan, .stacks = &stacks};
	char *shown;

	(void)state;
	assert_int_equal(stacks_add(&stacks, &event, sizeof(event)), 0);
	shown = show(&run, FOLDED);
	assert_string_equal(shown, "a_b_c\\x1b[2J 1\n");
	free(shown);
	shown = show(&run, TEXT);
	assert_null(strchr(shown, '\033'));
	assert_non_null(strstr(shown, "the kernel returned no frames"));
	free(shown);
	stacks_fini(&stacks);
}

/* Names as user_symbols.c writes them. */
static void name_user(struct user_namer *namer, const struct user_address *at,
		      char buf[FRAME_NAME])
{
	(void)namer;
	assert_int_equal(at->pid, 1);
	assert_int_equal(at->ns, 5);
	snprintf(buf, FRAME_NAME, "%s+0x%x [dial]",
		 at->returns ? "main.main" : "connect",
		 (unsigned int)at->address);
}

static void user_frames_stand_below_the_kernels(void **state)
{
	struct user_namer namer = {.name = name_user};
	struct stack_event event = {.ts_ns = 5,
				    .pid = 1,
				    .tid = 2,
				    .context = CONTEXT_TASK,
				    .comm = "dial",
				    .user_bytes = 16,
				    .user = {0x10, 0x20}};
	struct stack_plan plan = {.functions = {{.asked = "f", .symbol = "f"}},
				  .len = 1};
	struct stacks stacks = {0};
	struct stack_run run = {.plan = &plan, .stacks = &stacks, .user = true};
	char *shown;

	(void)state;
	assert_int_equal(stacks_add(&stacks, &event, sizeof(event)), 0);
	assert_int_equal(stack_names_fill(stacks.list[0], NULL, &namer), 0);
	shown = show(&run, FOLDED);
	assert_string_equal(shown, "dial;main.main;connect 1\n");
	free(shown);
	shown = show(&run, TEXT);
	assert_non_null(strstr(shown, "        ── user\n"
				      "        connect+0x10 [dial]\n"
				      "        main.main+0x20 [dial]\n"));
	free(shown);
	shown = show(&run, JSON);
	assert_non_null(strstr(shown, "\"user\":[\"connect+0x10 [dial]\","
				      "\"main.main+0x20 [dial]\"]"));
	free(shown);
	stacks_fini(&stacks);
}

static void zeros_say_why_they_are_to_be_believed(void **state)
{
	struct stack_plan plan = {
		.functions = {{.asked = "a",
			       .symbol = "a",
			       .heard_before = 1,
			       .heard_after = 1,
			       .counts.hits = 2},
			      {.asked = "b",
			       .symbol = "b",
			       .counts = {.hits = 7, .softirq = 1}},
			      {.asked = "c", .symbol = "c"}},
		.len = 3,
	};
	struct stacks stacks = {0};
	struct stack_run run = {
		.plan = &plan, .stacks = &stacks, .canary_sang = true};
	char *shown;

	(void)state;
	stack_judge(&run);
	shown = show(&run, RESULT);
	assert_string_equal(
		shown,
		"a: 0 calls; its probe fired for the self-test before and "
		"after\n"
		"b: 0 calls; its probe fired for 7 calls of other processes\n"
		"1 call in softirq on tasks that are not followed: not shown "
		"(-a shows all)\n"
		"INCONCLUSIVE  0 stacks of 0 calls\n"
		"      - c: 0 calls, and nothing in this run proves that the "
		"probe works; run a command that is certain to call it "
		"alongside "
		"yours\n");
	free(shown);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(json_lines_come_out_as_they_went_in),
	cmocka_unit_test(text_is_as_in_the_golden_file),
	cmocka_unit_test(known_functions_are_explained),
	cmocka_unit_test(folded_is_as_in_the_golden_file),
	cmocka_unit_test(folded_lines_are_of_the_format),
	cmocka_unit_test(a_hostile_name_breaks_no_line),
	cmocka_unit_test(user_frames_stand_below_the_kernels),
	cmocka_unit_test(zeros_say_why_they_are_to_be_believed),
};

TAP_MAIN(tests)
