// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* stack_judge.c: what makes a run of `tracer stack` inconclusive. */
#include "tap_main.h"

#include <stdio.h>
#include <string.h>

#include "stack/stack_judge.h"

/* A run of two functions, tested and called, with which nothing is wrong. */
struct fixture {
	struct stack_plan plan;
	struct stacks stacks;
	struct stack_run run;
};

static int set_up(void **state)
{
	static struct fixture fixture;

	fixture = (struct fixture){
		.plan =
			{
				.functions =
					{
						{.asked = "tcp_connect",
						 .symbol = "tcp_connect",
						 .heard_before = 1,
						 .heard_after = 1,
						 .counts = {5, 3, 3, 0, 0}},
						{.asked = "udp_connect",
						 .symbol =
							 "ip4_datagram_connect",
						 .heard_before = 1,
						 .heard_after = 1,
						 .counts = {4, 2, 2, 0, 1}},
					},
				.len = 2,
			},
		.run =
			{
				.plan = &fixture.plan,
				.stacks = &fixture.stacks,
				.canary_sang = true,
			},
	};
	*state = &fixture;
	return 0;
}

/* The one reason there is has these words in it. */
static void one_reason(struct stack_run *run, const char *words)
{
	stack_judge(run);
	assert_int_equal(run->reasons_len, 1);
	if (!strstr(run->reasons[0], words))
		fail_msg("not '%s' in: %s", words, run->reasons[0]);
}

static void a_sound_run_has_no_reasons(void **state)
{
	struct fixture *fixture = *state;

	stack_judge(&fixture->run);
	assert_int_equal(fixture->run.reasons_len, 0);
	assert_int_equal(stack_run_lost(&fixture->run), 0);
	assert_int_equal(stack_run_softirq(&fixture->run), 1);
}

static void lost_calls_are_counted_over_all_functions(void **state)
{
	struct fixture *fixture = *state;

	fixture->plan.functions[0].counts.dropped = 3;
	fixture->plan.functions[1].counts.dropped = 4;
	fixture->run.undecoded = 1;
	one_reason(&fixture->run, "8 calls lost");
	assert_non_null(strstr(fixture->run.reasons[0], "--ring"));
}

static void what_the_kernel_missed_is_told(void **state)
{
	struct fixture *fixture = *state;

	fixture->plan.functions[1].missed = 2;
	one_reason(&fixture->run,
		   "ip4_datagram_connect: the kernel missed 2 calls");
}

static void a_silent_canary_is_told(void **state)
{
	struct fixture *fixture = *state;

	fixture->run.canary_sang = false;
	one_reason(&fixture->run, "/sys/kernel/debug/kprobes/enabled");
}

static void a_probe_that_never_fired_is_named_with_its_step(void **state)
{
	struct fixture *fixture = *state;

	fixture->plan.functions[1].never_fired = true;
	one_reason(&fixture->run,
		   "ip4_datagram_connect is attached but never fired");
	assert_non_null(strstr(fixture->run.reasons[0], "step udp_connect"));
}

static void a_zero_without_a_test_is_no_zero(void **state)
{
	struct fixture *fixture = *state;
	struct stack_function *function = &fixture->plan.functions[0];

	function->heard_before = function->heard_after = 0;
	function->counts = (struct stack_counts){0};
	one_reason(&fixture->run, "tcp_connect: 0 calls, and nothing in this "
				  "run proves that the probe works");
}

static void others_calls_show_that_a_probe_works(void **state)
{
	struct fixture *fixture = *state;
	struct stack_function *function = &fixture->plan.functions[0];

	function->heard_before = function->heard_after = 0;
	function->counts = (struct stack_counts){.hits = 1};
	stack_judge(&fixture->run);
	assert_int_equal(fixture->run.reasons_len, 0);
}

static void one_that_fell_silent_is_named(void **state)
{
	struct fixture *fixture = *state;

	fixture->plan.functions[0].heard_after = 0;
	one_reason(&fixture->run, "tcp_connect fired for the self-test before "
				  "the run and not after it");
}

static void more_stacks_than_are_kept_are_told(void **state)
{
	struct fixture *fixture = *state;

	fixture->stacks.beyond = 12;
	one_reason(&fixture->run, "12 calls had other stacks than the "
				  "16384");
}

static void processes_that_had_no_room_are_told(void **state)
{
	struct fixture *fixture = *state;

	fixture->run.unfollowed = 3;
	one_reason(&fixture->run, "3 processes could not be followed");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup(processes_that_had_no_room_are_told, set_up),
	cmocka_unit_test_setup(a_sound_run_has_no_reasons, set_up),
	cmocka_unit_test_setup(lost_calls_are_counted_over_all_functions,
			       set_up),
	cmocka_unit_test_setup(what_the_kernel_missed_is_told, set_up),
	cmocka_unit_test_setup(a_silent_canary_is_told, set_up),
	cmocka_unit_test_setup(a_probe_that_never_fired_is_named_with_its_step,
			       set_up),
	cmocka_unit_test_setup(a_zero_without_a_test_is_no_zero, set_up),
	cmocka_unit_test_setup(others_calls_show_that_a_probe_works, set_up),
	cmocka_unit_test_setup(one_that_fell_silent_is_named, set_up),
	cmocka_unit_test_setup(more_stacks_than_are_kept_are_told, set_up),
};

TAP_MAIN(tests)
