// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * hash.c: SipHash is what it should be, and keys that were chosen to have one
 * value in uthash's own function cost no more than others.
 */
#include "tap_main.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "record/hash.h"

#define KEYS      20000
#define KEY_WORDS 10 /* two addresses with their ports, as of a flow */

struct element {
	uint32_t key[KEY_WORDS];
	UT_hash_handle hh;
};

static struct element elements[KEYS];

static unsigned int jenkins(const void *key, size_t len)
{
	unsigned int value;

	HASH_JEN(key, len, value);
	return value;
}

/* The three words of the state of HASH_JEN before its third block. */
static void state_before(const uint32_t key[KEY_WORDS], uint32_t state[3])
{
	uint32_t i = 0x9e3779b9, j = i, value = 0xfeedbeef;

	for (int block = 0; block < 2; block++) {
		i += key[3 * block];
		j += key[3 * block + 1];
		value += key[3 * block + 2];
		HASH_JEN_MIX(i, j, value);
	}
	state[0] = i;
	state[1] = j;
	state[2] = value;
}

static void choose_random(struct element *element)
{
	for (int i = 0; i < KEY_WORDS; i++)
		element->key[i] = (uint32_t)random();
}

/* Whatever the first address is, the second one makes up for it. */
static void choose_colliding(struct element *element)
{
	uint32_t state[3];

	memset(element, 0, sizeof(*element));
	for (int i = 0; i < 3; i++)
		element->key[i] = (uint32_t)random();
	state_before(element->key, state);
	for (int i = 0; i < 3; i++)
		element->key[6 + i] = 0 - state[i];
}

static double cpu_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

/* Fills a table, and finds each element in it. The best of three, in seconds. */
static double time_of(void (*choose)(struct element *))
{
	double best = 1e9;

	for (int round = 0; round < 3; round++) {
		struct element *table = NULL, *found;
		double begin;

		for (int i = 0; i < KEYS; i++)
			choose(&elements[i]);
		begin = cpu_seconds();
		for (int i = 0; i < KEYS; i++)
			HASH_ADD(hh, table, key, sizeof(elements[i].key),
				 &elements[i]);
		for (int i = 0; i < KEYS; i++) {
			HASH_FIND(hh, table, elements[i].key,
				  sizeof(elements[i].key), found);
			assert_non_null(found);
		}
		if (cpu_seconds() - begin < best)
			best = cpu_seconds() - begin;
		HASH_CLEAR(hh, table);
	}
	return best;
}

static void chosen_keys_cost_no_more_than_others(void **state)
{
	double random_s, chosen_s;

	(void)state;
	random_s = time_of(choose_random);
	chosen_s = time_of(choose_colliding);
	for (int i = 1; i < KEYS; i++)
		assert_int_equal(
			jenkins(elements[i].key, sizeof(elements[i].key)),
			jenkins(elements[0].key, sizeof(elements[0].key)));
	printf("# %d keys: %.1f ms random, %.1f ms chosen\n", KEYS,
	       random_s * 1e3, chosen_s * 1e3);
	assert_true(chosen_s < 2 * random_s);
}

/* Each bit of the input changes about half of the output. */
static void each_bit_matters(void **state)
{
	unsigned char bytes[40];

	(void)state;
	for (size_t len = 1; len <= sizeof(bytes); len++) {
		unsigned int whole, changed = 0;

		memset(bytes, 7, sizeof(bytes));
		whole = hash_keyed(bytes, len);
		assert_int_equal(hash_keyed(bytes, len), whole);
		for (size_t bit = 0; bit < 8 * len; bit++) {
			bytes[bit / 8] ^= 1 << bit % 8;
			changed += __builtin_popcount(hash_keyed(bytes, len) ^
						      whole);
			bytes[bit / 8] ^= 1 << bit % 8;
		}
		assert_in_range(changed / (8 * len), 10, 22);
		assert_true(len == sizeof(bytes) ||
			    hash_keyed(bytes, len + 1) != whole);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(chosen_keys_cost_no_more_than_others),
	cmocka_unit_test(each_bit_matters),
};

TAP_MAIN(tests)
