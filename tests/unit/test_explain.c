// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * explanations.c and its tables, edit_distance.c, line.c: whatever can be printed
 * is explained, and every explanation has its parts.
 */
#include "tap_main.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "explain/explanations.h"
#include "plan/plan.h"
#include "record/constants.h"
#include "record/edit_distance.h"
#include "record/syscalls.h"
#include "tree/tree_scope.h"
#include "view/line.h"

#define SENTENCE_MAX 124 /* two lines below a line of the text view */
#define WORD_MAX     60

static void is_explained(const char *name)
{
	if (!explanation_find(name))
		fail_msg("nothing explains %s", name);
}

static void every_system_call_is_explained(void **state)
{
	(void)state;
	for (int id = CALL_NONE + 1; id < CALL_MAX; id++)
		is_explained(syscall_info(id)->name);
}

static void every_root_of_a_tree_is_explained(void **state)
{
	(void)state;
	for (const struct tree_scope *scope = tree_scopes; scope->name; scope++)
		for (int i = 0; i < SCOPE_ROOTS && scope->roots[i]; i++)
			is_explained(scope->roots[i]);
}

/* Between a program and connect(2), on each architecture. */
static void every_entry_of_a_system_call_is_explained(void **state)
{
	static const char *const frames[] = {
		"__x64_sys_connect",
		"do_syscall_64",
		"entry_SYSCALL_64_after_hwframe",
		"__arm64_sys_connect",
		"invoke_syscall",
		"el0_svc_common.constprop.0",
		"do_el0_svc",
		"el0_svc",
		"el0t_64_sync_handler",
		"el0t_64_sync",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++)
		is_explained(frames[i]);
}

static void every_tcp_state_is_explained(void **state)
{
	(void)state;
	for (uint32_t i = 1; constant_tcp_state(i); i++)
		is_explained(constant_tcp_state(i));
	assert_non_null(constant_tcp_state(12)); /* the loop saw them all */
	assert_null(constant_tcp_state(13));
}

static void every_tcp_flag_is_explained(void **state)
{
	static const uint8_t usual[] = {0x02, 0x12, 0x10, 0x18, 0x11, 0x14};

	(void)state;
	for (unsigned int bit = 0; bit < 8; bit++)
		is_explained(constant_tcp_flag(bit));
	for (size_t i = 0; i < sizeof(usual); i++) {
		char name[32];
		struct text text;

		text_init(&text, name, sizeof(name));
		constant_tcp_flags(&text, usual[i]);
		is_explained(name);
	}
}

/* connect(2), its ERRORS, and what the kernel alone sees (signals) */
static void every_error_of_connect_is_explained(void **state)
{
	static const int numbers[] = {
		EACCES,     EPERM,        EADDRINUSE, EADDRNOTAVAIL,
		EAGAIN,     EAFNOSUPPORT, EALREADY,   EBADF,
		EFAULT,     ECONNREFUSED, EINTR,      EINPROGRESS,
		EISCONN,    ENETUNREACH,  ENOTSOCK,   EPROTONOSUPPORT,
		ETIMEDOUT,  EHOSTUNREACH, EINVAL,     ECONNRESET,
		ENOTCONN,   EDESTADDRREQ, EPIPE,      EMSGSIZE,
		EOPNOTSUPP, ENOPROTOOPT,  ENOBUFS,    512,
		513,        514,          516,        ECONNABORTED,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		is_explained(constant_errno(numbers[i]));
}

static void old_names_of_the_article_lead_to_todays(void **state)
{
	static const struct {
		const char *old, *today;
	} names[] = {
		{"tcp_transmit_skb", "__tcp_transmit_skb"},
		{"SYSC_connect", "__sys_connect"},
		{"sys_connect", "__x64_sys_connect"},
		{"ip4_datagram_connect", "__ip4_datagram_connect"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct explanation *e = explanation_find(names[i].old);

		assert_non_null(e);
		assert_non_null(strstr(e->sentence, names[i].today));
	}
}

/* Sentences end in a full stop before a space or at the end. */
static unsigned int sentences(const char *text)
{
	unsigned int count = 0;

	for (const char *c = text; *c; c++)
		count += *c == '.' && (c[1] == ' ' || c[1] == '\0');
	return count;
}

static void words_are_sound(const char *text)
{
	size_t len = strlen(text);
	size_t longest = 0, word = 0;

	assert_true(len > 1 && text[0] != ' ' && text[len - 1] != ' ');
	assert_null(strstr(text, "  "));
	for (size_t i = 0; i < len; i++) {
		assert_true(isprint((unsigned char)text[i]));
		word = text[i] == ' ' ? 0 : word + 1;
		longest = word > longest ? word : longest;
	}
	assert_true(longest <= WORD_MAX);
}

/* "net/ipv4/udp.c, fs/read_write.c" */
static void names_files_of_the_kernel(const char *source)
{
	static const char *const folders[] = {"net/",     "fs/",   "include/",
					      "kernel/",  "arch/", "drivers/",
					      "security/"};

	assert_non_null(source);
	while (*source) {
		size_t len = strcspn(source, ",");
		bool known = false;

		for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]);
		     i++)
			known |= strncmp(source, folders[i],
					 strlen(folders[i])) == 0;
		assert_true(known);
		assert_true(len > 2 && source[len - 2] == '.');
		assert_true(strchr("chS", source[len - 1]) != NULL);
		source += len;
		source += strspn(source, ", ");
	}
}

static void every_explanation_has_its_parts(void **state)
{
	const struct explanation_table *table = explanation_tables;

	(void)state;
	for (; table->entries; table++) {
		for (const struct explanation *e = table->entries; e->name;
		     e++) {
			words_are_sound(e->sentence);
			words_are_sound(e->rest);
			assert_int_equal(sentences(e->sentence), 1);
			assert_true(strlen(e->sentence) <= SENTENCE_MAX);
			assert_true(sentences(e->rest) >= 1);
			assert_true(e->rest[strlen(e->rest) - 1] == '.');
			names_files_of_the_kernel(e->source);
			assert_ptr_equal(explanation_find(e->name), e);
		}
	}
}

static void a_function_of_the_plan_tells_its_kernels(void **state)
{
	(void)state;
	for (int step = 0; step < STEP_MAX; step++) {
		const char *const *name = plan_steps[step].candidates;

		for (; *name; name++) {
			const struct explanation *e = explanation_find(*name);

			if (e && !strstr(e->rest, "5.10") &&
			    !strstr(e->rest, "Linux ") &&
			    !strstr(e->rest, "Kernels of"))
				fail_msg("%s: since which kernel?", *name);
		}
	}
}

static void names_are_found_as_a_person_writes_them(void **state)
{
	const char *kind = NULL;

	(void)state;
	assert_string_equal(explanation_look_up("connect(2)", &kind)->name,
			    "connect");
	assert_string_equal(kind, "system call");
	assert_string_equal(explanation_look_up("udp_rcv()", &kind)->name,
			    "udp_rcv");
	assert_string_equal(explanation_look_up("TCP_SYN_SENT", &kind)->name,
			    "SYN_SENT");
	assert_string_equal(explanation_look_up("syn-ack", &kind)->name,
			    "SYN-ACK");
	/* the same but for capitals: exactly that one leads */
	assert_string_equal(explanation_look_up("close", &kind)->name, "close");
	assert_string_equal(explanation_look_up("CLOSE", &kind)->name, "CLOSE");
	assert_null(explanation_look_up("tcp_conect", &kind));
	assert_null(explanation_look_up("", &kind));
	assert_null(explanation_find("connect(2)"));
}

static void a_compilers_copy_is_known_by_its_function(void **state)
{
	const char *kind;

	(void)state;
	assert_string_equal(explanation_find("do_softirq.part.0")->name,
			    "do_softirq");
	assert_string_equal(
		explanation_look_up("el0_svc_common.constprop.0", &kind)->name,
		"el0_svc_common");
	assert_string_equal(explanation_find("udp_rcv.isra.0.part.0")->name,
			    "udp_rcv");
	assert_string_equal(explanation_find("kprobe.multi")->name,
			    "kprobe.multi");
	assert_null(explanation_find("udp_rcv.cold"));
	assert_null(explanation_find(".part.0"));
}

static void distances(void **state)
{
	char longer[200];

	(void)state;
	assert_int_equal(edit_distance("", ""), 0);
	assert_int_equal(edit_distance("", "abc"), 3);
	assert_int_equal(edit_distance("kitten", "sitting"), 3);
	assert_int_equal(edit_distance("SYN", "syn"), 0);
	assert_int_equal(edit_distance("ab", "ba"), 1);
	assert_int_equal(edit_distance("tpc_", "tcp_"), 1);
	assert_int_equal(edit_distance("abcd", "cdab"), 4);
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	assert_int_equal(edit_distance(longer, ""), NEAREST_NAME);
}

static void near_names_come_nearest_first(void **state)
{
	const char *near[NEAREST_MAX];

	(void)state;
	assert_true(explanation_near("tcp_conect", near, 4) >= 2);
	assert_string_equal(near[0], "tcp_connect");
	assert_int_equal(explanation_near("udp_rvc", near, 1), 1);
	assert_int_equal(explanation_near("zzzzzzzzzzzz", near, 4), 0);
	assert_int_equal(explanation_near("", near, 4), 0);
	assert_int_equal(explanation_near("tcp_conect", near, 0), 0);
}

static void a_nearer_name_goes_before_the_others(void **state)
{
	const char *near[2];
	struct nearest nearest;

	(void)state;
	nearest_init(&nearest, "connect", near, 2);
	nearest_try(&nearest, "conneXX"); /* 2 */
	nearest_try(&nearest, "conneYY"); /* 2, and later */
	nearest_try(&nearest, "connXXX"); /* 3: too far */
	assert_int_equal(nearest.len, 2);
	assert_string_equal(near[0], "conneXX");
	assert_string_equal(near[1], "conneYY");
	nearest_try(&nearest, "connecX"); /* 1: the last one leaves */
	nearest_try(&nearest, "conneZZ");
	assert_int_equal(nearest.len, 2);
	assert_string_equal(near[0], "connecX");
	assert_string_equal(near[1], "conneXX");
}

static void text_is_broken_at_its_spaces(void **state)
{
	char buf[64];
	struct text line = {.buf = buf, .size = sizeof(buf)};
	const char *rest = "one two → four-and-more f";

	(void)state;
	assert_true(wrap_next(&rest, &line, 9));
	assert_string_equal(buf, "one two →");
	assert_true(wrap_next(&rest, &line, 9));
	assert_string_equal(buf, "four-and-more");
	assert_true(wrap_next(&rest, &line, 9));
	assert_string_equal(buf, "f");
	assert_false(wrap_next(&rest, &line, 9));
	rest = "  x";
	assert_true(wrap_next(&rest, &line, 9));
	assert_string_equal(buf, "x");
	rest = "  ";
	assert_false(wrap_next(&rest, &line, 9));
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(every_system_call_is_explained),
	cmocka_unit_test(every_root_of_a_tree_is_explained),
	cmocka_unit_test(every_entry_of_a_system_call_is_explained),
	cmocka_unit_test(every_tcp_state_is_explained),
	cmocka_unit_test(every_tcp_flag_is_explained),
	cmocka_unit_test(every_error_of_connect_is_explained),
	cmocka_unit_test(old_names_of_the_article_lead_to_todays),
	cmocka_unit_test(every_explanation_has_its_parts),
	cmocka_unit_test(a_function_of_the_plan_tells_its_kernels),
	cmocka_unit_test(names_are_found_as_a_person_writes_them),
	cmocka_unit_test(a_compilers_copy_is_known_by_its_function),
	cmocka_unit_test(distances),
	cmocka_unit_test(near_names_come_nearest_first),
	cmocka_unit_test(a_nearer_name_goes_before_the_others),
	cmocka_unit_test(text_is_broken_at_its_spaces),
};

TAP_MAIN(tests)
