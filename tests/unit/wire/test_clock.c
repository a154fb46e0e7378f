// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * clock.c: the tightest pair wins, stamps are mapped by the era in which they
 * were taken, and somebody who sets the realtime clock changes nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "wire/clock.h"

#define MS     1000000ULL
#define S      1000000000ULL
#define OFFSET (1700000000LL * (int64_t)S) /* an offset as of 2023 */

static struct clock_sample at(uint64_t at_ns, int64_t offset_ns)
{
	return (struct clock_sample){at_ns, offset_ns, 50};
}

static void observe(struct clock *clock, uint64_t at_ns, int64_t offset_ns,
		    bool new_era)
{
	struct clock_sample sample = at(at_ns, offset_ns);

	assert_int_equal(clock_observe(clock, &sample), new_era);
}

/* A packet at @at_ns under @offset_ns, mapped: what is it off by? */
static uint64_t map(const struct clock *clock, uint64_t at_ns,
		    int64_t offset_ns, uint64_t since_ns, uint64_t now_ns)
{
	uint64_t miss_ns;

	return clock_to_monotonic(clock, at_ns + (uint64_t)offset_ns, since_ns,
				  now_ns, &miss_ns);
}

static void the_tightest_pair_wins(void **state)
{
	const struct clock_pair pairs[] = {
		{1000, 5000 + 17000, 35000}, /* interrupted: 34 us wide */
		{40000, 44055, 40110},
		{50000, 54500, 51000},
	};
	struct clock_sample best = clock_best_of(pairs, 3);

	(void)state;
	assert_int_equal(best.at_ns, 40055);
	assert_int_equal(best.offset_ns, 4000);
	assert_int_equal(best.error_ns, 55);
	best = clock_best_of(pairs, 1);
	assert_int_equal(best.at_ns, 18000);
	assert_int_equal(best.offset_ns, 4000);
	assert_int_equal(best.error_ns, 17000);
}

static void realtime_may_be_behind_monotonic(void **state)
{
	const struct clock_pair pair = {1000 * S, 10 * S, 1000 * S + 20};
	struct clock_sample sample = clock_best_of(&pair, 1);
	struct clock clock = {0};

	(void)state;
	assert_int_equal(sample.offset_ns, -990 * (int64_t)S - 10);
	assert_true(clock_observe(&clock, &sample));
	assert_int_equal(map(&clock, 999 * S, sample.offset_ns, 0, 1000 * S),
			 999 * S);
	/* from far behind to far ahead, and back: no overflow */
	observe(&clock, 1001 * S, INT64_MAX, true);
	observe(&clock, 1002 * S, INT64_MIN + 1, true);
}

static void an_era_goes_on_while_samples_agree(void **state)
{
	struct clock clock = {0};
	struct clock_sample sharper = {3 * S, OFFSET + 30, 20};
	struct clock_sample blunt = {4 * S, OFFSET + 9000, 9000};

	(void)state;
	observe(&clock, 1 * S, OFFSET, true);
	observe(&clock, 2 * S, OFFSET + 199, false); /* errors and rounding */
	assert_int_equal(clock.eras[0].offset_ns, OFFSET);
	assert_false(clock_observe(&clock, &sharper));
	assert_int_equal(clock.eras[0].offset_ns, OFFSET + 30);
	assert_int_equal(clock.eras[0].error_ns, 20);
	assert_false(clock_observe(&clock, &blunt));
	assert_int_equal(clock.eras[0].offset_ns, OFFSET + 30);
	assert_int_equal(clock.eras[0].first_ns, 1 * S);
	assert_int_equal(clock.eras[0].last_ns, 4 * S);
	assert_int_equal(clock.count, 1);
	observe(&clock, 5 * S, OFFSET + 30 + 171, true);
	assert_int_equal(clock.count, 2);
}

static void a_stamp_is_never_later_than_now(void **state)
{
	struct clock clock = {0};
	uint64_t miss_ns;

	(void)state;
	observe(&clock, 1 * S, OFFSET, true);
	assert_int_equal(map(&clock, 2 * S + 40, OFFSET, 1 * S, 2 * S), 2 * S);
	assert_int_equal(map(&clock, 2 * S, OFFSET, 1 * S, 2 * S), 2 * S);
	/* a little before the window, as after an interrupt: as it is */
	assert_int_equal(clock_to_monotonic(&clock, OFFSET + 1 * S - 300, 1 * S,
					    2 * S, &miss_ns),
			 1 * S - 300);
	assert_int_equal(miss_ns, 300);
}

/*
 * The ring was empty at 10.000 s, the clock was set by @step at 10.020 s, the
 * packets of 10.010 and 10.030 s are read at 10.050 s; samples were taken just
 * before each reading.
 */
static void a_step_changes_nothing(void **state)
{
	static const int64_t steps[] = {3600 * (int64_t)S, -3600 * (int64_t)S,
					1 * (int64_t)S,    -1 * (int64_t)S,
					60 * (int64_t)MS,  -60 * (int64_t)MS,
					1700 * (int64_t)S, -(INT64_C(1) << 59)};
	const uint64_t empty = 10 * S, now = empty + 50 * MS;

	(void)state;
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		struct clock clock = {0};
		int64_t after = OFFSET + steps[i];

		observe(&clock, 1 * S, OFFSET, true);
		observe(&clock, empty, OFFSET, false);
		observe(&clock, now, after, true);
		assert_int_equal(
			map(&clock, empty + 10 * MS, OFFSET, empty, now + 100),
			empty + 10 * MS);
		assert_int_equal(
			map(&clock, empty + 30 * MS, after, empty, now + 100),
			empty + 30 * MS);
		/* and long afterwards, when only the new era counts */
		assert_int_equal(map(&clock, 20 * S, after, 20 * S - 50 * MS,
				     20 * S + 100),
				 20 * S);
	}
}

/* A step that is smaller than the window: the last known era is believed. */
static void a_small_step_is_off_by_itself_at_most(void **state)
{
	const uint64_t empty = 10 * S, now = empty + 50 * MS;
	struct clock clock = {0};
	uint64_t got;

	(void)state;
	observe(&clock, empty, OFFSET, true);
	observe(&clock, now, OFFSET + 5 * (int64_t)MS, true);
	got = map(&clock, empty + 10 * MS, OFFSET, empty, now);
	assert_true(got >= empty + 5 * MS && got <= empty + 10 * MS);
	assert_int_equal(map(&clock, empty + 30 * MS, OFFSET + 5 * (int64_t)MS,
			     empty, now),
			 empty + 30 * MS);
}

/* Packets read under an era that nobody has sampled yet are said to miss. */
static void an_unknown_step_is_noticed(void **state)
{
	const uint64_t empty = 10 * S, now = empty + 2 * MS;
	struct clock clock = {0};
	uint64_t miss_ns;

	(void)state;
	observe(&clock, empty, OFFSET, true);
	clock_to_monotonic(&clock, OFFSET + 3600 * S + empty + MS, empty, now,
			   &miss_ns);
	assert_int_equal(miss_ns, 3600 * S - MS);
	clock_to_monotonic(&clock, OFFSET - 3600 * S + empty + MS, empty, now,
			   &miss_ns);
	assert_int_equal(miss_ns, 3600 * S - MS);
}

/* Set to and fro: an era that is over does not speak for the present one. */
static void an_era_that_is_over_is_not_asked(void **state)
{
	const uint64_t empty = 10 * S, now = empty + 2 * MS;
	struct clock clock = {0};
	uint64_t miss_ns;

	(void)state;
	observe(&clock, empty - 3 * MS, OFFSET, true);
	observe(&clock, empty - 1 * MS, OFFSET + 3600 * (int64_t)S, true);
	observe(&clock, empty, OFFSET + 3600 * (int64_t)S, false);
	/* set back since, almost to what it was: 1.01 ms less */
	clock_to_monotonic(&clock, OFFSET - 1010000 + empty + 5000, empty, now,
			   &miss_ns);
	assert_true(miss_ns > 3599 * S);
}

static void old_eras_make_room(void **state)
{
	struct clock clock = {0};

	(void)state;
	for (unsigned int i = 1; i <= CLOCK_ERAS + 3; i++)
		observe(&clock, i * S, OFFSET + (int64_t)(i * 60 * S), true);
	assert_int_equal(clock.count, CLOCK_ERAS);
	assert_int_equal(clock.eras[0].first_ns, 4 * S);
	assert_int_equal(clock.eras[CLOCK_ERAS - 1].first_ns,
			 (CLOCK_ERAS + 3) * S);
	assert_int_equal(map(&clock, 10 * S - MS, OFFSET + 540 * (int64_t)S,
			     10 * S - 2 * MS, 10 * S),
			 10 * S - MS);
}

static uint64_t realtime_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (uint64_t)ts.tv_sec * S + (uint64_t)ts.tv_nsec;
}

/* On the clocks of this machine. */
static void real_clocks(void **state)
{
	struct clock clock;
	uint64_t before, after, real, stamp;
	int64_t offset;

	(void)state;
	clock_init(&clock);
	assert_int_equal(clock.count, 1);
	assert_true(clock.eras[0].error_ns < 1 * MS);
	assert_int_equal(clock_offset(&offset), 0);
	assert_true(llabs(offset - clock.eras[0].offset_ns) < (int64_t)MS);

	before = clock_now_ns();
	real = realtime_ns();
	after = clock_now_ns();
	clock_refresh(&clock);
	stamp = clock_stamp(&clock, real, before);
	assert_true(stamp + clock.eras[0].error_ns + 100 >= before);
	assert_true(stamp <= after + clock.eras[0].error_ns + 100);
	assert_int_equal(clock.count, 1);

	/* once a second it is sharpened, and the first second's is replaced */
	clock.sampled_ns = before - 2 * S;
	clock_refresh(&clock);
	assert_true(clock.sampled_ns > before);
}

/* The clock was set before packets were read, and again while they were. */
static void real_clocks_set(void **state)
{
	struct clock clock;
	uint64_t before;

	(void)state;
	clock_init(&clock);
	clock.eras[0].offset_ns += 3600 * (int64_t)S; /* as it was "then" */
	clock_refresh(&clock);
	assert_int_equal(clock.count, 2);

	clock_init(&clock);
	clock.eras[0].offset_ns += 3600 * (int64_t)S;
	before = clock_now_ns();
	assert_true(clock_stamp(&clock, realtime_ns(), before) + 1 * MS >
		    before);
	assert_int_equal(clock.count, 2);
}

static int64_t ahead(const char *offsets)
{
	FILE *file = fmemopen((void *)offsets, strlen(offsets), "r");
	int64_t ns;

	assert_non_null(file);
	ns = clock_read_namespace(file);
	fclose(file);
	return ns;
}

static void a_time_namespace_is_ahead_or_behind(void **state)
{
	(void)state;
	assert_int_equal(ahead("monotonic   100000   5\nboottime  7 8\n"),
			 100000 * (int64_t)S + 5);
	assert_int_equal(ahead("boottime 7 8\nmonotonic -2 999999999\n"),
			 -1 * (int64_t)S - 1);
	assert_int_equal(ahead("boottime 7 8\n"), 0);
	assert_int_equal(ahead("monotonic x\n"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_tightest_pair_wins),
		cmocka_unit_test(realtime_may_be_behind_monotonic),
		cmocka_unit_test(an_era_goes_on_while_samples_agree),
		cmocka_unit_test(a_stamp_is_never_later_than_now),
		cmocka_unit_test(a_step_changes_nothing),
		cmocka_unit_test(a_small_step_is_off_by_itself_at_most),
		cmocka_unit_test(an_unknown_step_is_noticed),
		cmocka_unit_test(an_era_that_is_over_is_not_asked),
		cmocka_unit_test(old_eras_make_room),
		cmocka_unit_test(a_time_namespace_is_ahead_or_behind),
		cmocka_unit_test(real_clocks),
		cmocka_unit_test(real_clocks_set),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
