// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * One case of a unit test: CASE='*wildcard*' build/unit/test_follow runs those
 * whose names match the pattern (cmocka_set_test_filter()). Linked into each.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

__attribute__((constructor)) static void choose_case(void)
{
	cmocka_set_test_filter(getenv("CASE"));
}
