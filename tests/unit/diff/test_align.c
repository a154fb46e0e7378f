// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* align.c: two lists next to each other, with as few elements alone as possible. */
#include "tap_main.h"

#include <stdlib.h>
#include <string.h>

#include "diff/align.h"

/* The words' letters are the elements. */
static bool same_letter(const void *lists, unsigned int a, unsigned int b)
{
	const char *const *words = lists;

	return words[0][a] == words[1][b];
}

/* "=" for a pair, "<" and ">" for one alone. */
static void check(const char *a, const char *b, const char *expected)
{
	const char *words[] = {a, b};
	char marks[64] = "";
	struct alignment alignment;

	assert_int_equal(align(&alignment, (unsigned int)strlen(a),
			       (unsigned int)strlen(b), same_letter, words),
			 0);
	for (unsigned int i = 0; i < alignment.len; i++) {
		const struct aligned *at = &alignment.pairs[i];

		strcat(marks, at->a < 0 ? ">" : at->b < 0 ? "<" : "=");
		if (at->a >= 0 && at->b >= 0)
			assert_int_equal(a[at->a], b[at->b]);
	}
	assert_string_equal(marks, expected);
	free(alignment.pairs);
}

static void lists_that_are_the_same(void **state)
{
	(void)state;
	check("", "", "");
	check("abc", "abc", "===");
}

static void an_element_that_one_list_has(void **state)
{
	(void)state;
	check("abc", "ac", "=<=");
	check("ac", "abc", "=>=");
	check("abc", "", "<<<");
	check("", "abc", ">>>");
	check("abc", "abcd", "===>");
}

static void what_is_common_stays_together(void **state)
{
	(void)state;
	check("ab", "ba", "<=>");
	check("xabcy", "zabcw", "<>===<>");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(lists_that_are_the_same),
	cmocka_unit_test(an_element_that_one_list_has),
	cmocka_unit_test(what_is_common_stays_together),
};

TAP_MAIN(tests)
