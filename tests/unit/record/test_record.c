// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* record.c: what a record owns is freed (the sanitizer looks), and names. */
#include "tap_main.h"

#include <stdlib.h>
#include <string.h>

#include "record/record.h"

static void what_a_record_owns_is_freed(void **state)
{
	struct record meta = {.type = RECORD_META};
	struct record call = {.type = RECORD_CALL};
	struct record verdict = {.type = RECORD_VERDICT};
	struct record none = {0};

	(void)state;
	meta.meta = calloc(1, sizeof(*meta.meta));
	meta.meta->command = strdup("udp");
	meta.meta->kernel = strdup("6.1");
	meta.meta->plan = calloc(1, sizeof(*meta.meta->plan));
	meta.meta->plan_len = 1;
	meta.meta->plan[0].step = strdup("udp_connect");
	meta.meta->plan[0].tried = strdup("x");
	call.call.stack = calloc(1, sizeof(char *));
	call.call.stack[0] = strdup("udp_sendmsg+0x0");
	call.call.stack_len = 1;
	verdict.verdict = calloc(1, sizeof(*verdict.verdict));
	verdict.verdict->connects = calloc(2, sizeof(struct verdict_connect));
	verdict.verdict->reasons = calloc(1, sizeof(char *));
	verdict.verdict->reasons[0] = strdup("because");
	verdict.verdict->reasons_len = 1;
	record_fini(&meta);
	record_fini(&call);
	record_fini(&verdict);
	record_fini(&none);
	record_fini(&meta); /* empty now */
	assert_int_equal(meta.type, 0);
	assert_int_equal(call.type, 0);
	meta_free(NULL);
	verdict_free(NULL);
}

static void every_value_has_a_name(void **state)
{
	(void)state;
	assert_string_equal(witness_name(WITNESS_SYSCALL), "syscall");
	assert_string_equal(witness_name(WITNESS_KERNEL), "kernel");
	assert_string_equal(witness_name(WITNESS_WIRE), "wire");
	assert_string_equal(witness_name(0), "unknown");
	assert_string_equal(tier_name(TIER_KPROBE), "kprobe");
	assert_string_equal(tier_name(TIER_TRACEPOINT), "tracepoint");
	assert_string_equal(tier_name(0), "unknown");
	assert_string_equal(lost_cause_name(LOST_LATE), "late");
	assert_string_equal(lost_cause_name(99), "unknown");
	assert_string_equal(verdict_result_name(VERDICT_PASS), "pass");
	assert_string_equal(verdict_result_name(0), "unknown");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(what_a_record_owns_is_freed),
	cmocka_unit_test(every_value_has_a_name),
};

TAP_MAIN(tests)
