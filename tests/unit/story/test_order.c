// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* order.c: by time, stable; late ones are reported. */
#include "tap_main.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "story/order.h"

#define SEEN_MAX 20000

static struct record seen[SEEN_MAX];
static size_t seen_len;
static int answer;

static int collect(struct record_sink *sink, struct record *record)
{
	(void)sink;
	if (seen_len < SEEN_MAX)
		seen[seen_len++] = *record;
	return answer;
}

static struct record_sink collector = {collect};
static struct order *order;

static int set_up(void **state)
{
	(void)state;
	seen_len = 0;
	answer = 0;
	return order_new(&order, &collector);
}

static int tear_down(void **state)
{
	(void)state;
	order_free(order);
	return 0;
}

static int push(enum record_type type, uint64_t ts_ns, uint32_t mark)
{
	struct record record = {.type = type, .ts_ns = ts_ns, .pid = mark};

	if (type == RECORD_PACKET)
		record.packet.witness = WITNESS_WIRE;
	return order_input(order)->push(order_input(order), &record);
}

static void by_time_and_then_by_arrival(void **state)
{
	static const uint64_t times[] = {50, 20, 20, 90, 10, 20, 70};
	static const uint32_t expected[] = {4, 1, 2, 5, 0, 6, 3};

	(void)state;
	for (uint32_t i = 0; i < 7; i++)
		assert_int_equal(push(RECORD_ENTER, times[i], i), 0);
	assert_int_equal(seen_len, 0);
	assert_int_equal(order_advance(order, UINT64_MAX), 0);
	assert_int_equal(seen_len, 7);
	for (size_t i = 0; i < 7; i++)
		assert_int_equal(seen[i].pid, expected[i]);
}

static void only_what_is_older_than_the_watermark_leaves(void **state)
{
	(void)state;
	push(RECORD_ENTER, 10, 0);
	push(RECORD_ENTER, 20, 1);
	push(RECORD_ENTER, 30, 2);
	order_advance(order, 20);
	assert_int_equal(seen_len, 1);
	order_advance(order, 21);
	assert_int_equal(seen_len, 2);
	order_advance(order, 5);
	assert_int_equal(seen_len, 2);
}

static void what_has_no_time_passes_at_once(void **state)
{
	(void)state;
	push(RECORD_ENTER, 10, 0);
	push(RECORD_META, 0, 1);
	push(RECORD_CONTROL, 0, 2);
	assert_int_equal(seen_len, 2);
	assert_int_equal(seen[0].pid, 1);
	assert_int_equal(seen[1].pid, 2);
}

static void what_is_late_passes_and_is_told(void **state)
{
	(void)state;
	push(RECORD_ENTER, 100, 0);
	order_advance(order, 150);
	assert_int_equal(push(RECORD_PACKET, 99, 1), 0);
	assert_int_equal(push(RECORD_PACKET, 98, 2), 0);
	push(RECORD_CALL, 97, 3);
	push(RECORD_EXIT, 96, 4);
	push(RECORD_ENTER, 100, 5); /* as old as the last: in time */
	assert_int_equal(seen_len, 5);
	assert_int_equal(order_advance(order, 150), 0);
	assert_int_equal(seen_len, 9);
	assert_int_equal(seen[5].type, RECORD_LOST);
	assert_int_equal(seen[5].lost.witness, WITNESS_SYSCALL);
	assert_int_equal(seen[5].lost.count, 1);
	assert_int_equal(seen[6].lost.witness, WITNESS_KERNEL);
	assert_int_equal(seen[7].lost.witness, WITNESS_WIRE);
	assert_int_equal(seen[7].lost.cause, LOST_LATE);
	assert_int_equal(seen[7].lost.count, 2);
	assert_int_equal(seen[8].pid, 5);
	order_advance(order, 160);
	assert_int_equal(seen_len, 9); /* told once */
}

static void what_the_next_stage_says_comes_back(void **state)
{
	(void)state;
	push(RECORD_ENTER, 10, 0);
	push(RECORD_ENTER, 20, 1);
	answer = -EPIPE;
	assert_int_equal(order_advance(order, 100), -EPIPE);
	assert_int_equal(seen_len, 1);
	assert_int_equal(push(RECORD_CONTROL, 0, 2), -EPIPE);
}

static void many_in_any_order(void **state)
{
	(void)state;
	srand(7);
	for (uint32_t i = 0; i < SEEN_MAX; i++)
		assert_int_equal(push(RECORD_ENTER, 1 + rand() % 5000, i), 0);
	order_advance(order, UINT64_MAX);
	assert_int_equal(seen_len, SEEN_MAX);
	for (size_t i = 1; i < SEEN_MAX; i++) {
		assert_true(seen[i - 1].ts_ns <= seen[i].ts_ns);
		if (seen[i - 1].ts_ns == seen[i].ts_ns)
			assert_true(seen[i - 1].pid < seen[i].pid);
	}
}

static void what_still_waits_is_freed(void **state)
{
	struct record call = {.type = RECORD_CALL, .ts_ns = 5};

	(void)state;
	call.call.stack = calloc(1, sizeof(char *));
	call.call.stack[0] = strdup("f+0x0");
	call.call.stack_len = 1;
	assert_int_equal(order_input(order)->push(order_input(order), &call),
			 0);
	order_free(NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static const struct CMUnitTest tests[] = {
	TEST(by_time_and_then_by_arrival),
	TEST(only_what_is_older_than_the_watermark_leaves),
	TEST(what_has_no_time_passes_at_once),
	TEST(what_is_late_passes_and_is_told),
	TEST(what_the_next_stage_says_comes_back),
	TEST(many_in_any_order),
	TEST(what_still_waits_is_freed),
};

TAP_MAIN(tests)
