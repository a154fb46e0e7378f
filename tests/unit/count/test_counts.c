// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* counts.c: numbers of functions, and where these are. */
#include "tap_main.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "count/counts.h"

static char *names[] = {"udp_rcv",        "tcp_ack",   "udp_poll",
			"begin_new_exec", "tcp_close", "tcp_ack"};
static const struct functions functions = {.names = names, .len = 6};
static const char *const globs[] = {"udp_*", "tcp_*", "*_close"};

static void *count_ptr(const struct counts *counts, const char *name)
{
	struct count *count = counts_find(counts, name);

	assert_non_null(count);
	return count;
}

static void a_function_is_there_once_with_all_its_globs(void **state)
{
	struct counts counts;

	(void)state;
	assert_int_equal(counts_init(&counts, &functions, globs, 3), 0);
	assert_int_equal(counts.len, 4);
	assert_int_equal(counts.matched[0], 2);
	assert_int_equal(counts.matched[2], 1);
	assert_int_equal(
		((struct count *)count_ptr(&counts, "tcp_close"))->globs, 6);
	assert_null(counts_find(&counts, "begin_new_exec"));
	counts_fini(&counts);
	assert_int_equal(counts_init(&counts, &functions, globs, 99), -E2BIG);
}

static void most_called_goes_first_then_the_name(void **state)
{
	struct counts counts;
	struct count_total total;

	(void)state;
	assert_int_equal(counts_init(&counts, &functions, globs, 3), 0);
	counts_add(&counts, count_ptr(&counts, "udp_rcv"), COUNT_SOFTIRQ, 2);
	counts_add(&counts, count_ptr(&counts, "udp_rcv"), COUNT_TASK, 1);
	counts_add(&counts, count_ptr(&counts, "tcp_close"), COUNT_TASK, 1);
	counts_add(&counts, count_ptr(&counts, "tcp_ack"), COUNT_HARDIRQ, 1);
	total = counts_total(&counts, 0);
	assert_int_equal(total.matched, 2);
	assert_int_equal(total.called, 1);
	assert_int_equal(total.calls[COUNT_SOFTIRQ], 2);
	total = counts_total(&counts, 3); /* each once */
	assert_int_equal(total.matched, 4);
	assert_int_equal(total.called, 3);
	assert_int_equal(total.calls[COUNT_TASK], 2);
	counts_sort(&counts);
	assert_string_equal(counts.counts[0].name, "udp_rcv");
	assert_string_equal(counts.counts[1].name, "tcp_ack");
	assert_string_equal(counts.counts[2].name, "tcp_close");
	assert_string_equal(counts.counts[3].name, "udp_poll");
	counts_fini(&counts);
}

static void a_canary_is_counted_and_in_no_total(void **state)
{
	static const char *const canaries[] = {"flush_old_exec",
					       "begin_new_exec", NULL};
	static const char *const asked[] = {"udp_rcv", NULL};
	static const char *const none[] = {"flush_old_exec", NULL};
	struct counts counts;
	struct count *canary;

	(void)state;
	assert_int_equal(counts_init(&counts, &functions, globs, 1), 0);
	assert_string_equal(counts_canary(&counts, &functions, canaries),
			    "begin_new_exec");
	assert_string_equal(counts_canary(&counts, &functions, asked),
			    "udp_rcv");
	assert_null(counts_canary(&counts, &functions, none));
	assert_int_equal(counts.len, 3);
	canary = count_ptr(&counts, "begin_new_exec");
	assert_int_equal(canary->globs, COUNT_CANARY);
	assert_non_null(counts_find(&counts, "udp_poll"));
	counts_add(&counts, canary, COUNT_TASK, 5);
	counts_add_control(canary, 1);
	assert_int_equal(counts_total(&counts, 1).matched, 2);
	assert_int_equal(counts_total(&counts, 1).calls[COUNT_TASK], 0);
	assert_int_equal(counts_controlled(&counts), 0);
	counts_add_control(count_ptr(&counts, "udp_rcv"), 1);
	assert_int_equal(counts_controlled(&counts), 1);
	counts_fini(&counts);
}

static void after_the_cut_only_the_control_counts(void **state)
{
	struct counts counts;
	struct count *count;

	(void)state;
	assert_int_equal(counts_init(&counts, &functions, globs, 1), 0);
	count = count_ptr(&counts, "udp_rcv");
	counts_add(&counts, count, COUNT_TASK, 3);
	counts_add_control(count, 1);
	counts.cut = true;
	counts_zero(&counts);
	assert_int_equal(count->control, 0);
	counts_add(&counts, count, COUNT_TASK, 4);
	counts_add_control(count, 2);
	assert_int_equal(count_calls(count), 3);
	assert_int_equal(count->control, 2);
	counts_fini(&counts);
}

/* Writes @text as the kernel's file and loads it. */
static int load(struct sites *sites, const struct counts *counts,
		const char *text)
{
	char path[] = "/tmp/dialtone-sites-XXXXXX";
	int fd = mkstemp(path), err;
	FILE *file;

	assert_true(fd >= 0);
	file = fdopen(fd, "w");
	fputs(text, file);
	fclose(file);
	err = sites_load(sites, counts, &functions, path);
	unlink(path);
	return err;
}

static void an_address_means_the_nearest_function(void **state)
{
	/* as in available_filter_functions_addrs: behind ENDBR */
	static struct function_place places[] = {
		{"tcp_connect", 0xffffffff81b2cff4},
		{"udp_rcv", 0xffffffff81000014},
		{"udp_poll", 0xffffffff81000004},
	};
	struct functions placed = functions;
	struct counts counts;
	struct sites sites;

	(void)state;
	placed.places = places;
	placed.places_len = 3;
	assert_int_equal(counts_init(&counts, &placed, globs, 1), 0);
	assert_int_equal(sites_load(&sites, &counts, &placed, "/none"), 0);
	assert_int_equal(sites.len, 2);
	assert_int_equal(sites.unplaced, 0);
	assert_string_equal(sites_find(&sites, 0xffffffff81000000)->name,
			    "udp_poll");
	assert_string_equal(sites_find(&sites, 0xffffffff81000004)->name,
			    "udp_poll");
	assert_string_equal(sites_find(&sites, 0xffffffff81000010)->name,
			    "udp_rcv");
	assert_null(sites_find(&sites, 0xffffffff81000020));
	assert_null(sites_find(&sites, 0xffffffff80fffff0));
	sites_fini(&sites);
	counts_fini(&counts);
}

static void kallsyms_has_types_and_names_twice(void **state)
{
	struct counts counts;
	struct sites sites;

	(void)state;
	assert_int_equal(counts_init(&counts, &functions, globs, 2), 0);
	assert_int_equal(load(&sites, &counts,
			      "ffffffff81000000 T udp_poll\n"
			      "ffffffff81000100 t tcp_close\t[m]\n"
			      "ffffffff81000200 t tcp_close\n"
			      "ffffffff82000000 D udp_rcv\n"),
			 0);
	assert_int_equal(sites.len, 3);
	assert_int_equal(sites.unplaced, 2); /* udp_rcv is data, tcp_ack not */
	assert_ptr_equal(sites_find(&sites, 0xffffffff81000104),
			 sites_find(&sites, 0xffffffff81000200));
	sites_fini(&sites);
	assert_int_equal(load(&sites, &counts, "0000000000000000 T udp_poll\n"),
			 -EPERM);
	assert_int_equal(load(&sites, &counts, "ffffffff81000000 T x\n"),
			 -ENODATA);
	assert_int_equal(sites_load(&sites, &counts, &functions, "/no/such"),
			 -ENOENT);
	counts_fini(&counts);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(a_function_is_there_once_with_all_its_globs),
	cmocka_unit_test(most_called_goes_first_then_the_name),
	cmocka_unit_test(a_canary_is_counted_and_in_no_total),
	cmocka_unit_test(after_the_cut_only_the_control_counts),
	cmocka_unit_test(an_address_means_the_nearest_function),
	cmocka_unit_test(kallsyms_has_types_and_names_twice),
};

TAP_MAIN(tests)
