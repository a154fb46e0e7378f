// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* ksyms.c: from the text of /proc/kallsyms to names. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "kernel/ksyms.h"

/* Loads @text through a file, as the kernel gives it. */
static int load(struct ksyms **ksyms, const char *text)
{
	char path[] = "/tmp/dialtone-ksyms-XXXXXX";
	int fd = mkstemp(path), err;
	FILE *file;

	assert_true(fd >= 0);
	file = fdopen(fd, "w");
	fputs(text, file);
	fclose(file);
	err = ksyms_load(ksyms, path);
	unlink(path);
	return err;
}

static void names_are_found_whatever_the_order(void **state)
{
	struct ksyms *ksyms;
	char buf[128];

	(void)state;
	assert_int_equal(load(&ksyms, "ffffffff81002000 T c\n"
				      "ffffffff81000000 T a\n"
				      "ffffffff81001500 D data_is_no_function\n"
				      "ffffffff81001000 t b\t[module]\n"),
			 0);
	assert_string_equal(ksyms_name(ksyms, 0xffffffff81000000, buf),
			    "a+0x0");
	assert_string_equal(ksyms_name(ksyms, 0xffffffff81000fff, buf),
			    "a+0xfff");
	assert_string_equal(ksyms_name(ksyms, 0xffffffff81001600, buf),
			    "b+0x600");
	assert_string_equal(ksyms_name(ksyms, UINT64_MAX, buf), "c+0x7effdfff");
	assert_string_equal(ksyms_name(ksyms, 0x1000, buf), "0x1000");
	ksyms_free(ksyms);
}

static void hidden_addresses_are_refused(void **state)
{
	struct ksyms *ksyms = NULL;

	(void)state;
	assert_int_equal(load(&ksyms, "0000000000000000 T a\n"), -EPERM);
	assert_int_equal(load(&ksyms, ""), -EPERM);
	assert_int_equal(load(&ksyms, "ffffffff81001500 D data\n"), -ENODATA);
	assert_int_equal(ksyms_load(&ksyms, "/nowhere/kallsyms"), -ENOENT);
	assert_null(ksyms);
	ksyms_free(NULL);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_found_whatever_the_order),
		cmocka_unit_test(hidden_addresses_are_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("ksyms", tests, NULL, NULL);
}
