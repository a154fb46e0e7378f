// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* functions.c: what ftrace can watch, and globs over it. */
#include "tap_main.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "kernel/functions.h"

/* Loads @text through a file, as the kernel gives it. */
static int load(struct functions *functions, const char *text)
{
	char path[] = "/tmp/dialtone-functions-XXXXXX";
	int fd = mkstemp(path), err;
	FILE *file;

	assert_true(fd >= 0);
	file = fdopen(fd, "w");
	fputs(text, file);
	fclose(file);
	err = functions_load(functions, path);
	unlink(path);
	return err;
}

static void lines_are_cut_to_the_names_of_functions(void **state)
{
	struct functions functions;

	(void)state;
	assert_int_equal(load(&functions, "udp_sendmsg\n"
					  "nf_hook [nf_tables]\n"
					  "__ftrace_invalid_address___16\n"
					  "tcp_ack.cold\n"
					  "tcp_rto.isra.0\n"
					  "udp_sendmsg\n"
					  "\n"),
			 0);
	assert_int_equal(functions.len, 4);
	assert_string_equal(functions.names[0], "udp_sendmsg");
	assert_string_equal(functions.names[1], "nf_hook");
	assert_string_equal(functions.names[2], "tcp_rto.isra.0");
	assert_true(functions_have(&functions, "nf_hook"));
	assert_false(functions_have(&functions, "tcp_ack.cold"));
	functions_fini(&functions);
}

static void a_line_may_begin_with_the_place(void **state)
{
	struct functions functions;

	(void)state;
	assert_int_equal(load(&functions, "ffffffff81b4b2d4 udp_sendmsg\n"
					  "ffffffff81b4b2f4 dup\n"
					  "ffffffff81b4b304 dup [nf_tables]\n"
					  "ffffffff81b4b314 tcp_ack.cold\n"),
			 0);
	assert_int_equal(functions.len, 3);
	assert_string_equal(functions.names[0], "udp_sendmsg");
	assert_int_equal(functions.places_len, 3);
	assert_string_equal(functions.places[2].name, "dup");
	assert_true(functions.places[2].address == 0xffffffff81b4b304);
	functions_fini(&functions);
	/* names that could be numbers are none without the 16 digits */
	assert_int_equal(load(&functions, "add [x]\nbad\n"), 0);
	assert_int_equal(functions.len, 2);
	assert_int_equal(functions.places_len, 0);
	functions_fini(&functions);
}

static void globs_add_to_what_is_chosen(void **state)
{
	struct functions functions;
	bool chosen[4] = {false};

	(void)state;
	assert_int_equal(load(&functions, "tcp_ack\ntcp_v4_connect\nudp_poll\n"
					  "__udp_gso\n"),
			 0);
	assert_int_equal(functions_match(&functions, "udp_*", chosen), 1);
	assert_int_equal(functions_match(&functions, "tcp_*", chosen), 2);
	assert_int_equal(functions_match(&functions, "tcp_ack", chosen), 1);
	assert_int_equal(functions_match(&functions, "sctp_*", chosen), 0);
	assert_false(chosen[3]);
	assert_true(chosen[0] && chosen[1] && chosen[2]);
	functions_fini(&functions);
}

static void a_slip_of_the_fingers_finds_its_name(void **state)
{
	struct functions functions;
	const char *near[2];

	(void)state;
	assert_int_equal(
		load(&functions, "tcp_connect\ntcp_close\nsock_poll\n"), 0);
	assert_int_equal(functions_near(&functions, "tcp_conect*", near, 2), 1);
	assert_string_equal(near[0], "tcp_connect");
	assert_int_equal(functions_near(&functions, "xfs_*", near, 2), 0);
	functions_fini(&functions);
}

static void a_glob_finds_the_globs_near_to_it(void **state)
{
	struct functions functions;
	char near[3][FUNCTIONS_GLOB];

	(void)state;
	assert_int_equal(load(&functions, "tcp_connect\ntcp_close\nudp_poll\n"
					  "__udp_gso\ntc_act\nx\n"),
			 0);
	assert_int_equal(functions_near_globs(&functions, "tpc_*", near, 3), 2);
	assert_string_equal(near[0], "tcp_*"); /* has two functions */
	assert_string_equal(near[1], "tc_*");
	assert_int_equal(
		functions_near_globs(&functions, "tcp_cl?sw*", near, 3),
		2); /* before the wildcard: tcp_cl */
	assert_string_equal(near[0], "tcp_cl*");
	assert_int_equal(functions_near_globs(&functions, "__upd_*", near, 3),
			 1);
	assert_string_equal(near[0], "__udp_*");
	assert_int_equal(functions_near_globs(&functions, "xfs_*", near, 3), 0);
	assert_int_equal(functions_near_globs(&functions, "*", near, 3), 0);
	functions_fini(&functions);
}

static void nothing_to_read_is_an_error(void **state)
{
	struct functions functions;

	(void)state;
	assert_int_equal(load(&functions, ""), -ENODATA);
	assert_int_equal(load(&functions, "__ftrace_invalid_address___1\n"),
			 -ENODATA);
	assert_int_equal(functions_load(&functions, "/no/such/file"), -ENOENT);
	assert_null(functions.names);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(lines_are_cut_to_the_names_of_functions),
	cmocka_unit_test(a_line_may_begin_with_the_place),
	cmocka_unit_test(globs_add_to_what_is_chosen),
	cmocka_unit_test(a_slip_of_the_fingers_finds_its_name),
	cmocka_unit_test(a_glob_finds_the_globs_near_to_it),
	cmocka_unit_test(nothing_to_read_is_an_error),
};

TAP_MAIN(tests)
