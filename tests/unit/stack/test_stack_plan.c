// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* stack_plan.c: names of functions, and what is known of their probes. */
#include "tap_main.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "stack/stack_plan.h"

static void names_are_functions_and_each_is_there_once(void **state)
{
	struct stack_plan plan = {0};
	char names[STACK_FUNCTIONS + 1][16];

	(void)state;
	assert_int_equal(stack_plan_add(&plan, ""), -EINVAL);
	assert_int_equal(stack_plan_add(&plan, "tcp_*"), -EINVAL);
	assert_int_equal(stack_plan_add(&plan, "a b"), -EINVAL);
	assert_int_equal(stack_plan_add(&plan, "0x10"), -EINVAL);
	assert_int_equal(stack_plan_add(&plan, "tcp_ack.isra.0"), 0);
	assert_int_equal(stack_plan_add(&plan, "tcp_ack.isra.0"), -EEXIST);
	for (int i = 1; i <= STACK_FUNCTIONS; i++) {
		snprintf(names[i], sizeof(names[i]), "f%d", i);
		assert_int_equal(stack_plan_add(&plan, names[i]),
				 i < STACK_FUNCTIONS ? 0 : -ENOSPC);
	}
	assert_int_equal(plan.len, STACK_FUNCTIONS);
}

static void try_names(const char *asked, const char *first, const char *second)
{
	struct stack_function function = {.asked = asked};

	assert_string_equal(stack_plan_next(&function), asked);
	assert_string_equal(stack_plan_next(&function), first);
	if (second)
		assert_string_equal(stack_plan_next(&function), second);
	else
		assert_null(stack_plan_next(&function));
	assert_null(stack_plan_next(&function));
}

static void the_plans_other_candidates_come_next(void **state)
{
	struct stack_function function = {.asked = "vfs_fsync"};

	(void)state;
	try_names("tcp_transmit_skb", "__tcp_transmit_skb", NULL);
	try_names("ip4_datagram_connect", "__ip4_datagram_connect", NULL);
	try_names("SYSC_connect", "__sys_connect", NULL);
	try_names("sys_connect", "__x64_sys_connect", "__arm64_sys_connect");
	assert_string_equal(stack_plan_next(&function), "vfs_fsync");
	assert_null(stack_plan_next(&function));
	assert_null(stack_plan_next(&function));
}

static void what_was_passed_over_is_told(void **state)
{
	struct stack_function function = {.asked = "a"};

	(void)state;
	stack_plan_reject(&function, "a", "not in this kernel");
	stack_plan_reject(&function, "b", "attached but never fired");
	assert_string_equal(
		function.tried,
		"a: not in this kernel; b: attached but never fired");
	for (int i = 0; i < 20; i++)
		stack_plan_reject(&function, "longer", "and longer");
	assert_true(strlen(function.tried) < sizeof(function.tried));
}

static void a_probe_is_known_by_whom_it_fired_for(void **state)
{
	struct stack_function function = {.asked = "a"};

	(void)state;
	assert_int_equal(stack_plan_state(&function), PROBE_UNTESTED);
	function.counts.hits = 1;
	assert_int_equal(stack_plan_state(&function), PROBE_ALIVE);
	function.heard_before = 3;
	assert_int_equal(stack_plan_state(&function), PROBE_SILENCED);
	function.heard_after = 3;
	assert_int_equal(stack_plan_state(&function), PROBE_TESTED);
	function.never_fired = true;
	assert_int_equal(stack_plan_state(&function), PROBE_NEVER_FIRED);
	for (int i = PROBE_TESTED; i <= PROBE_SILENCED; i++)
		assert_non_null(stack_plan_state_name(i));
}

static void steps_are_those_that_the_selftest_walks(void **state)
{
	(void)state;
	assert_string_equal(stack_plan_step("__ip4_datagram_connect"),
			    "udp_connect");
	assert_null(stack_plan_step("tcp_send_active_reset"));
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(names_are_functions_and_each_is_there_once),
	cmocka_unit_test(the_plans_other_candidates_come_next),
	cmocka_unit_test(what_was_passed_over_is_told),
	cmocka_unit_test(a_probe_is_known_by_whom_it_fired_for),
	cmocka_unit_test(steps_are_those_that_the_selftest_walks),
};

TAP_MAIN(tests)
