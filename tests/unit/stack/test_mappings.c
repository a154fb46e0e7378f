// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* mappings.c: which file an address was in, then. */
#include "tap_main.h"

#include "stack/mappings.h"

static void add(struct mappings *mappings, uint32_t pid, uint64_t ns,
		uint64_t start, uint64_t end, const char *path)
{
	struct mapping mapping = {
		.since_ns = ns, .start = start, .end = end, .path = path};

	assert_int_equal(mappings_add(mappings, pid, &mapping), 0);
}

static void is_in(const struct mappings *mappings, uint32_t pid, uint64_t ns,
		  uint64_t address, const char *path)
{
	const struct mapping *found = mappings_find(mappings, pid, ns, address);

	if (!path) {
		assert_null(found);
		return;
	}
	assert_non_null(found);
	assert_string_equal(found->path, path);
}

static void the_latest_mapping_before_a_call_counts(void **state)
{
	struct mappings mappings = {0};

	(void)state;
	add(&mappings, 7, 100, 0x1000, 0x2000, "/bin/sh");
	add(&mappings, 7, 200, 0x1800, 0x3000, "/bin/date"); /* exec */
	is_in(&mappings, 7, 99, 0x1000, NULL);
	is_in(&mappings, 7, 150, 0x1fff, "/bin/sh");
	is_in(&mappings, 7, 150, 0x2000, NULL);
	is_in(&mappings, 7, 200, 0x1800, "/bin/date");
	is_in(&mappings, 8, 200, 0x1800, NULL);
	mappings_fini(&mappings);
}

static void a_child_has_what_its_parent_had_then(void **state)
{
	struct mappings mappings = {0};

	(void)state;
	add(&mappings, 7, 100, 0x1000, 0x2000, "/bin/sh");
	assert_int_equal(mappings_fork(&mappings, 7, 8, 150), 0);
	assert_int_equal(mappings_fork(&mappings, 8, 8, 155), 0); /* thread */
	assert_int_equal(mappings_fork(&mappings, 8, 9, 160), 0);
	add(&mappings, 7, 200, 0x1000, 0x2000, "/bin/late");
	add(&mappings, 9, 300, 0x1000, 0x2000, "/bin/date");
	is_in(&mappings, 8, 400, 0x1000, "/bin/sh");
	is_in(&mappings, 9, 200, 0x1000, "/bin/sh");
	is_in(&mappings, 9, 300, 0x1000, "/bin/date");
	mappings_fini(&mappings);
}

static void a_circle_of_parents_ends(void **state)
{
	struct mappings mappings = {0};

	(void)state;
	assert_int_equal(mappings_fork(&mappings, 7, 8, 1), 0);
	assert_int_equal(mappings_fork(&mappings, 8, 7, 1), 0);
	is_in(&mappings, 8, 400, 0x1000, NULL);
	mappings_fini(&mappings);
}

static void lines_of_proc_are_read(void **state)
{
	static const char *const lines[] = {
		"563a90-563a92 r--p 00000000 fe:01 1311 /usr/bin/a b\n",
		"563a92-563a9f r-xp 00002000 fe:01 1311 /usr/bin/a b\n",
		"7ffd10-7ffd12 r-xp 00000000 00:00 0 [vdso]\n",
		"7ffd20-7ffd22 rwxp 00000000 00:00 0 \n",
		"nonsense\n",
	};
	struct mappings mappings = {0};

	(void)state;
	for (int i = 0; i < 5; i++)
		assert_int_equal(mappings_add_line(&mappings, 7, lines[i]), 0);
	is_in(&mappings, 7, 0, 0x563a90, NULL);
	is_in(&mappings, 7, 0, 0x563a92, "/usr/bin/a b");
	assert_int_equal(mappings_find(&mappings, 7, 0, 0x563a92)->offset,
			 0x2000);
	is_in(&mappings, 7, 0, 0x7ffd11, "[vdso]");
	is_in(&mappings, 7, 0, 0x7ffd21, NULL);
	mappings_fini(&mappings);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(the_latest_mapping_before_a_call_counts),
	cmocka_unit_test(a_child_has_what_its_parent_had_then),
	cmocka_unit_test(a_circle_of_parents_ends),
	cmocka_unit_test(lines_of_proc_are_read),
};

TAP_MAIN(tests)
