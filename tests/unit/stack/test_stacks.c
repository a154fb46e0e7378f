// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* stacks.c: equal stacks become one, and get their names. */
#include "tap_main.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "recorded_stacks.h"
#include "stack/stacks.h"

#define HEAD offsetof(struct stack_event, kernel)

static struct stack_event event(void)
{
	return (struct stack_event){
		.ts_ns = 1000,
		.pid = 4242,
		.tid = 4243,
		.comm = "client",
		.context = CONTEXT_TASK,
		.kernel_bytes = 16,
		.kernel = {0x1000, 0x2000},
	};
}

static void equal_calls_are_one_with_a_count(void **state)
{
	struct stack_event one = event(), other = event();
	struct stacks stacks = {0};

	(void)state;
	other.ts_ns = 2000;
	assert_int_equal(stacks_add(&stacks, &one, HEAD + 16), 0);
	assert_int_equal(stacks_add(&stacks, &other, HEAD + 16), 0);
	assert_int_equal(stacks.len, 1);
	assert_int_equal(stacks.calls, 2);
	assert_int_equal(stacks.list[0]->count, 2);
	assert_int_equal(stacks.list[0]->first_ns, 1000);
	assert_int_equal(stacks.list[0]->kernel_len, 2);
	stacks_fini(&stacks);
}

static void whatever_differs_makes_another_stack(void **state)
{
	struct stack_event events[8];
	struct stacks stacks = {0};

	(void)state;
	for (int i = 0; i < 8; i++)
		events[i] = event();
	events[1].pid++;
	events[2].tid++;
	strcpy(events[3].comm, "server");
	events[4].function++;
	events[5].context = CONTEXT_SOFTIRQ;
	events[6].kernel[1]++;
	events[7].kernel_bytes = 8;
	for (int i = 0; i < 8; i++)
		assert_int_equal(stacks_add(&stacks, &events[i], HEAD + 16), 0);
	assert_int_equal(stacks.len, 8);
	for (int i = 0; i < 8; i++) /* in the order of their first call */
		assert_int_equal(stacks.list[i]->frames[0], 0x1000);
	assert_int_equal(stacks.list[7]->kernel_len, 1);
	stacks_fini(&stacks);
}

static void user_frames_come_behind_the_kernels(void **state)
{
	struct stack_event with = event(), without = event();
	struct stacks stacks = {0};

	(void)state;
	with.user_bytes = 32; /* and the last is zero: none */
	with.user[0] = 0x400000;
	with.user[1] = 0x400100;
	without.user_bytes = -EFAULT;
	assert_int_equal(stacks_add(&stacks, &with, sizeof(with)), 0);
	assert_int_equal(stacks_add(&stacks, &without, sizeof(with)), 0);
	assert_int_equal(stacks.len, 2);
	assert_int_equal(stacks.list[0]->user_len, 2);
	assert_int_equal(stacks.list[0]->frames[2], 0x400000);
	assert_int_equal(stacks.list[1]->user_len, 0);
	assert_int_equal(stacks.list[1]->user_err, -EFAULT);
	stacks_fini(&stacks);
}

static void an_event_must_hold_what_it_says(void **state)
{
	struct stack_event bad = event();
	struct stacks stacks = {0};

	(void)state;
	assert_int_equal(stacks_add(&stacks, &bad, HEAD - 1), -EBADMSG);
	assert_int_equal(stacks_add(&stacks, &bad, HEAD + 15), -EBADMSG);
	bad.function = STACK_FUNCTIONS;
	assert_int_equal(stacks_add(&stacks, &bad, sizeof(bad)), -EBADMSG);
	bad = event();
	bad.kernel_bytes = 8 * (STACK_DEPTH + 1);
	assert_int_equal(stacks_add(&stacks, &bad, sizeof(bad)), -EBADMSG);
	bad = event();
	bad.user_bytes = 8;
	assert_int_equal(stacks_add(&stacks, &bad, HEAD + 16), -EBADMSG);
	assert_int_equal(stacks.calls, 0);
	bad = event();
	bad.kernel_bytes = -EFAULT; /* no frames, and yet a call */
	assert_int_equal(stacks_add(&stacks, &bad, HEAD), 0);
	assert_int_equal(stacks.list[0]->kernel_len, 0);
	stacks_fini(&stacks);
}

static void a_full_stack_may_be_deeper(void **state)
{
	struct stack_event full = event();
	struct stacks stacks = {0};

	(void)state;
	full.kernel_bytes = sizeof(full.kernel);
	for (int i = 0; i < STACK_DEPTH; i++)
		full.kernel[i] = i + 1;
	assert_int_equal(stacks_add(&stacks, &full, sizeof(full)), 0);
	assert_true(stacks.list[0]->deeper);
	stacks_fini(&stacks);
}

static void what_is_beyond_the_bound_is_counted(void **state)
{
	struct stack_event one = event();
	struct stacks stacks = {0};

	(void)state;
	for (unsigned int i = 0; i < STACKS_MAX + 3; i++) {
		one.kernel[1] = 0x2000 + i;
		assert_int_equal(stacks_add(&stacks, &one, HEAD + 16), 0);
	}
	one.kernel[1] = 0x2000; /* is there already */
	assert_int_equal(stacks_add(&stacks, &one, HEAD + 16), 0);
	assert_int_equal(stacks.len, STACKS_MAX);
	assert_int_equal(stacks.beyond, 3);
	assert_int_equal(stacks.calls, STACKS_MAX + 4);
	stacks_fini(&stacks);
}

/* tracer stack -n */
static void no_more_calls_than_wanted(void **state)
{
	struct stack_event one = event();
	struct stacks stacks = {.most = 2};

	(void)state;
	for (int i = 0; i < 5; i++)
		assert_int_equal(stacks_add(&stacks, &one, HEAD + 16), 0);
	assert_int_equal(stacks.calls, 2);
	assert_int_equal(stacks.list[0]->count, 2);
	assert_int_equal(stacks.beyond, 0);
	stacks_fini(&stacks);
}

static void names_end_before_offset_and_file(void **state)
{
	(void)state;
	assert_int_equal(stack_name_bare("tcp_connect+0xb25"), 11);
	assert_int_equal(stack_name_bare("connect+0x14 [libc.so.6]"), 7);
	assert_int_equal(stack_name_bare("main [dial]"), 4);
	assert_int_equal(stack_name_bare("0xffffffff81000000"), 18);
}

static const struct stack *first_in_softirq(const struct recorded *recorded)
{
	for (size_t i = 0; i < recorded->stacks.len; i++)
		if (recorded->stacks.list[i]->context == CONTEXT_SOFTIRQ)
			return recorded->stacks.list[i];
	fail_msg("no stack in softirq");
	return NULL;
}

static void a_softirqs_own_frames_end_at_its_entry(void **state)
{
	static const struct {
		const char *recording, *entry, *below;
	} kernels[] = {
		{"tests/golden/stack/5.10.jsonl", "__softirqentry_text_start+",
		 "asm_call_sysvec_on_stack+"},
		{"tests/golden/stack/7.2.jsonl", "handle_softirqs+",
		 "do_softirq.part.0+"},
		/* two frames of entry */
		{"tests/golden/stack/6.1-arm64.jsonl",
		 "__softirqentry_text_start+", "____do_softirq+"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(kernels) / sizeof(kernels[0]); i++) {
		const struct stack *stack;
		struct recorded recorded;
		unsigned int own;

		recorded_load(&recorded, kernels[i].recording);
		stack = first_in_softirq(&recorded);
		own = stack_names_own(stack);
		assert_non_null(
			strstr(stack->names[own - 1], kernels[i].entry));
		assert_non_null(strstr(stack->names[own], kernels[i].below));
		recorded_fini(&recorded);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(equal_calls_are_one_with_a_count),
	cmocka_unit_test(whatever_differs_makes_another_stack),
	cmocka_unit_test(user_frames_come_behind_the_kernels),
	cmocka_unit_test(an_event_must_hold_what_it_says),
	cmocka_unit_test(a_full_stack_may_be_deeper),
	cmocka_unit_test(what_is_beyond_the_bound_is_counted),
	cmocka_unit_test(no_more_calls_than_wanted),
	cmocka_unit_test(names_end_before_offset_and_file),
	cmocka_unit_test(a_softirqs_own_frames_end_at_its_entry),
};

TAP_MAIN(tests)
