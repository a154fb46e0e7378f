// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* plan.c: candidates in order, rejection, --probe, the copy for the meta. */
#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "plan/plan.h"

static void every_step_has_a_name_and_a_candidate(void **state)
{
	(void)state;
	for (int step = 0; step < STEP_MAX; step++) {
		assert_non_null(plan_steps[step].name);
		assert_non_null(plan_steps[step].candidates[0]);
		assert_non_null(plan_steps[step].why);
		assert_true(plan_steps[step].proto == IPPROTO_UDP ||
			    plan_steps[step].proto == IPPROTO_TCP);
		/* a record keeps the name in 24 bytes */
		assert_true(strlen(plan_steps[step].name) < 24);
	}
}

static void only_the_steps_of_the_protocol_are_wanted(void **state)
{
	struct plan plan;

	(void)state;
	plan_init(&plan, true, false);
	for (int step = 0; step < STEP_MAX; step++)
		assert_int_equal(plan.entries[step].wanted,
				 plan_steps[step].proto == IPPROTO_UDP);
}

static void candidates_come_best_first_and_end(void **state)
{
	struct plan plan;

	(void)state;
	plan_init(&plan, true, true);
	assert_string_equal(plan_next(&plan, STEP_UDP_CONNECT),
			    "__ip4_datagram_connect");
	assert_string_equal(plan_next(&plan, STEP_UDP_CONNECT),
			    "ip4_datagram_connect");
	for (int i = 0; i < 5; i++)
		assert_null(plan_next(&plan, STEP_UDP_CONNECT));
}

static void a_forced_probe_is_the_only_candidate(void **state)
{
	struct plan plan;

	(void)state;
	plan_init(&plan, true, true);
	assert_int_equal(plan_force(&plan, "udp_connect=nothing_else"), 0);
	assert_string_equal(plan_next(&plan, STEP_UDP_CONNECT), "nothing_else");
	assert_null(plan_next(&plan, STEP_UDP_CONNECT));
}

static void a_bad_probe_is_refused(void **state)
{
	struct plan plan;

	(void)state;
	plan_init(&plan, true, true);
	assert_int_equal(plan_force(&plan, "udp_connect"), -EINVAL);
	assert_int_equal(plan_force(&plan, "udp_connect="), -EINVAL);
	assert_int_equal(plan_force(&plan, "=f"), -EINVAL);
	assert_int_equal(plan_force(&plan, "udp_conn=f"), -ENOENT);
	assert_int_equal(plan_force(&plan, "udp_connectx=f"), -ENOENT);
}

static void rejections_are_told_in_full(void **state)
{
	struct plan plan;

	(void)state;
	plan_init(&plan, true, true);
	plan_reject(&plan, STEP_UDP_RCV, "udp_rcv", "not in this kernel");
	plan_reject(&plan, STEP_UDP_RCV, "__udp4_lib_rcv",
		    "attached but never fired");
	assert_string_equal(plan.entries[STEP_UDP_RCV].tried,
			    "udp_rcv: not in this kernel; "
			    "__udp4_lib_rcv: attached but never fired");
	/* too many are cut, never written past the end */
	for (int i = 0; i < 50; i++)
		plan_reject(&plan, STEP_UDP_RCV, "udp_rcv", "no");
	assert_true(strlen(plan.entries[STEP_UDP_RCV].tried) <
		    sizeof(plan.entries[STEP_UDP_RCV].tried));
}

static void live_probes_are_attached_and_fired(void **state)
{
	struct plan plan;

	(void)state;
	plan_init(&plan, true, false);
	assert_int_equal(plan_live(&plan), 0);
	plan.entries[STEP_UDP_CONNECT].symbol = "__ip4_datagram_connect";
	plan.entries[STEP_UDP_RCV].symbol = "udp_rcv";
	plan.entries[STEP_UDP_RCV].never_fired = true;
	plan.entries[STEP_TCP_CONNECT].symbol = "tcp_connect"; /* not wanted */
	assert_int_equal(plan_live(&plan), 1);
	assert_true(plan_is_live(&plan, STEP_UDP_CONNECT));
	assert_false(plan_is_live(&plan, STEP_UDP_RCV));
	assert_false(plan_is_live(&plan, STEP_TCP_CONNECT));
}

static void what_is_excused_is_not_lacking(void **state)
{
	struct plan plan;
	unsigned int wanted = 0;

	(void)state;
	plan_init(&plan, false, true);
	for (int step = 0; step < STEP_MAX; step++)
		wanted += plan.entries[step].wanted;
	assert_int_equal(plan_lacking(&plan), wanted);
	plan.entries[STEP_TCP_CONNECT].symbol = "tcp_connect";
	plan.entries[STEP_TCP_SENDPAGE].excused = true;
	assert_int_equal(plan_lacking(&plan), wanted - 2);
	plan.entries[STEP_TCP_CONNECT].never_fired = true;
	assert_int_equal(plan_lacking(&plan), wanted - 1);
}

/* Every step that only IPv6 reaches has one that only IPv4 reaches before it. */
static void ipv6_stands_behind_ipv4(void **state)
{
	unsigned int count = 0;

	(void)state;
	for (int step = 0; step < STEP_MAX; step++) {
		if (!plan_steps[step].ipv6)
			continue;
		count++;
		assert_true(step > 0);
		assert_false(plan_steps[step - 1].ipv6);
		assert_int_equal(plan_steps[step - 1].proto,
				 plan_steps[step].proto);
		assert_string_equal(plan_steps[step - 1].why,
				    plan_steps[step].why);
	}
	assert_true(count > 0);
}

static void the_meta_gets_a_copy_of_the_wanted_steps(void **state)
{
	struct record record = {.type = RECORD_META};
	struct plan plan;

	(void)state;
	plan_init(&plan, true, false);
	plan.entries[STEP_UDP_CONNECT].symbol = "ip4_datagram_connect";
	plan.entries[STEP_UDP_CONNECT].never_fired = true;
	plan_reject(&plan, STEP_UDP_CONNECT, "x", "y");
	record.meta = calloc(1, sizeof(*record.meta));
	assert_int_equal(plan_to_meta(&plan, record.meta), 0);
	assert_int_equal(record.meta->plan_len, STEP_TCP_V4_CONNECT);
	assert_string_equal(record.meta->plan[0].step, "udp_connect");
	assert_string_equal(record.meta->plan[0].symbol,
			    "ip4_datagram_connect");
	assert_string_equal(record.meta->plan[0].tried, "x: y");
	assert_true(record.meta->plan[0].never_fired);
	assert_null(record.meta->plan[1].symbol);
	record_fini(&record);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_step_has_a_name_and_a_candidate),
		cmocka_unit_test(only_the_steps_of_the_protocol_are_wanted),
		cmocka_unit_test(candidates_come_best_first_and_end),
		cmocka_unit_test(a_forced_probe_is_the_only_candidate),
		cmocka_unit_test(a_bad_probe_is_refused),
		cmocka_unit_test(rejections_are_told_in_full),
		cmocka_unit_test(live_probes_are_attached_and_fired),
		cmocka_unit_test(what_is_excused_is_not_lacking),
		cmocka_unit_test(ipv6_stands_behind_ipv4),
		cmocka_unit_test(the_meta_gets_a_copy_of_the_wanted_steps),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
