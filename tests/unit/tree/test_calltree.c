// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * tree_log.c, calltree.c, tree_judge.c, tree_recording.c, tree_scope.c: from
 * events to trees. Here the cases that a real recording seldom has; those of
 * real runs are in tests/golden/tree.
 */
#include "tap_main.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tree/calltree.h"
#include "tree/tree_judge.h"
#include "tree/tree_recording.h"
#include "tree/tree_scope.h"

#define HEAD "tree 1 connect 6.1.0 global 2000\nself 9 2 0 0 0\n"

static const char *const connect_roots[] = {"__sys_connect", NULL};
static const char *const close_roots[] = {"__x64_sys_close", "__fput",
					  "filp_close", NULL};

/* The tree of a recording that is written here. */
static struct calltree grow(struct tree_log *log, const char *text,
			    const char *const *roots)
{
	FILE *in = fmemopen((char *)text, strlen(text), "r");
	struct calltree tree;
	unsigned long line;

	*log = (struct tree_log){0};
	assert_non_null(in);
	assert_int_equal(tree_recording_read(in, log, &line), 0);
	fclose(in);
	assert_int_equal(calltree_build(&tree, log, roots), 0);
	return tree;
}

static void fell(struct calltree *tree, struct tree_log *log)
{
	calltree_fini(tree);
	tree_log_fini(log);
}

static void a_tree_is_its_entries_and_exits(void **state)
{
	struct tree_log log;
	struct calltree tree =
		grow(&log,
		     HEAD "C 1 7 t 3\n> 2 7 t __sys_connect\n"
			  "> 3 7 t inet_dgram_connect\n"
			  "< 5 7 t inet_dgram_connect 2\n"
			  "P 6 7 t lo 74\n"
			  "< 8 7 t __sys_connect 6\nR 9 7 t -111\n",
		     connect_roots);
	const struct tree_call *call = tree.calls;

	(void)state;
	assert_int_equal(tree.len, 1);
	assert_int_equal(call->fd, 3);
	assert_int_equal(call->ret, -111);
	assert_int_equal(call->len, 3);
	assert_string_equal(call->nodes[1].name, "inet_dgram_connect");
	assert_int_equal(call->nodes[1].depth, 1);
	assert_int_equal(call->nodes[1].duration_ns, 2);
	assert_int_equal(call->nodes[2].kind, NODE_PACKET);
	assert_int_equal(call->nodes[2].depth, 1);
	assert_int_equal(tree_totals(call).unended, 0);
	assert_int_equal(tree_totals(call).packets, 1);
	assert_int_equal(tree_totals(call).depth, 2);
	fell(&tree, &log);
}

static void two_tasks_at_once_are_two_trees(void **state)
{
	struct tree_log log;
	struct calltree tree = grow(&log,
				    HEAD "C 1 7 t 3\nC 1 8 t 4\n"
					 "> 2 7 t __sys_connect\n"
					 "> 3 8 t __sys_connect\n"
					 "> 4 7 t tcp_v4_connect\n"
					 "> 5 8 t ip4_datagram_connect\n"
					 "< 6 7 t tcp_v4_connect 2\n"
					 "< 7 8 t ip4_datagram_connect 2\n"
					 "< 8 8 t __sys_connect 5\n"
					 "< 9 7 t __sys_connect 7\n"
					 "R 10 7 t 0\nR 11 8 t 0\n",
				    connect_roots);

	(void)state;
	assert_int_equal(tree.len, 2);
	assert_string_equal(tree_protocol(&tree.calls[0]), "TCP");
	assert_string_equal(tree_protocol(&tree.calls[1]), "UDP");
	assert_int_equal(tree.strays, 0);
	fell(&tree, &log);
}

static void a_task_that_sleeps_goes_on_elsewhere(void **state)
{
	/* the events of the other CPU were read first */
	struct tree_log log;
	struct calltree tree =
		grow(&log,
		     HEAD "+ 50 7 t\n< 60 7 t tcp_v4_connect 57\n"
			  "< 70 7 t __sys_connect 68\nR 80 7 t 0\n"
			  "C 1 7 t 3\n> 2 7 t __sys_connect\n"
			  "> 3 7 t tcp_v4_connect\n- 10 7 t\n",
		     connect_roots);
	struct tree_totals totals = tree_totals(tree.calls);

	(void)state;
	assert_int_equal(tree.len, 1);
	assert_int_equal(totals.unended, 0);
	assert_int_equal(totals.off_ns, 40);
	assert_int_equal(tree.calls->nodes[2].kind, NODE_OFF);
	fell(&tree, &log);
}

static void a_missing_exit_ends_with_the_one_around_it(void **state)
{
	struct tree_log log;
	struct calltree tree =
		grow(&log,
		     HEAD "C 1 7 t 3\n> 2 7 t __sys_connect\n"
			  "> 3 7 t tcp_v4_connect\n"
			  "> 4 7 t tcp_connect\n"
			  "< 6 7 t tcp_v4_connect 3\n"
			  "> 7 7 t release_sock\n"
			  "< 8 7 t release_sock 1\n"
			  "< 9 7 t __sys_connect 7\nR 10 7 t 0\n",
		     connect_roots);

	(void)state;
	assert_int_equal(tree_totals(tree.calls).unended, 1);
	assert_false(tree.calls->nodes[2].ended);
	assert_int_equal(tree.calls->nodes[3].depth, 1);
	fell(&tree, &log);
}

static void a_missing_entry_is_counted(void **state)
{
	struct tree_log log;
	struct calltree tree = grow(&log,
				    HEAD "C 1 7 t 3\n> 2 7 t __sys_connect\n"
					 "< 6 7 t tcp_v4_connect 3\n"
					 "< 9 7 t __sys_connect 7\nR 10 7 t 0\n"
					 "< 11 7 t tcp_v4_connect 3\n",
				    connect_roots);

	(void)state;
	assert_int_equal(tree.strays, 1); /* outside of a tree it is nobody's */
	fell(&tree, &log);
}

static void what_ends_with_the_run_has_not_returned(void **state)
{
	struct tree_log log;
	struct tree_judgement judgement;
	struct calltree tree =
		grow(&log, HEAD "C 1 7 t 3\n> 2 7 t __sys_connect\n- 3 7 t\n",
		     connect_roots);

	(void)state;
	assert_false(tree.calls->returned);
	tree_judge(&log, &tree, tree_scope_find("connect"), &judgement);
	assert_int_equal(judgement.shown, 1);
	for (unsigned int i = 0; i < judgement.reasons_len; i++)
		assert_null(strstr(judgement.reasons[i], "the exit of"));
	fell(&tree, &log);
}

static void what_comes_after_a_close_is_of_it_once(void **state)
{
	struct tree_log log;
	struct calltree tree =
		grow(&log,
		     HEAD "C 1 7 t 3\n> 2 7 t __x64_sys_close\n"
			  "< 3 7 t __x64_sys_close 1\nR 4 7 t 0\n"
			  "> 4 7 s net_rx_action\n"
			  "< 4 7 s net_rx_action 1\n"
			  "> 5 7 t __fput\n> 6 7 t sock_close\n"
			  "< 7 7 t sock_close 1\n< 8 7 t __fput 3\n"
			  "> 9 7 t __fput\n< 10 7 t __fput 1\n",
		     close_roots);

	(void)state;
	assert_int_equal(tree.len, 1);
	assert_int_equal(tree.calls->len, 3);
	assert_true(tree_is_socket(tree.calls));
	fell(&tree, &log);
}

static void another_file_s_end_is_no_part_of_a_close(void **state)
{
	struct tree_log log;
	struct calltree tree =
		grow(&log,
		     HEAD "C 1 7 t 3\n> 2 7 t __x64_sys_close\n"
			  "< 3 7 t __x64_sys_close 1\nR 4 7 t 0\n"
			  "> 5 7 t filp_close\n< 6 7 t filp_close 1\n"
			  "> 7 7 t __fput\n< 8 7 t __fput 1\n",
		     close_roots);

	(void)state;
	assert_int_equal(tree.calls->len, 1);
	assert_false(tree_is_socket(tree.calls));
	fell(&tree, &log);
}

static void softirq_says_nothing_of_the_protocol(void **state)
{
	struct tree_log log;
	struct calltree tree =
		grow(&log,
		     HEAD "C 1 7 t 3\n> 2 7 t __sys_connect\n"
			  "> 3 7 s tcp_v4_rcv\n< 4 7 s tcp_v4_rcv 1\n"
			  "P 4 7 s lo 54\n"
			  "> 5 7 t udp_v4_get_port\n"
			  "< 6 7 t udp_v4_get_port 1\n"
			  "< 9 7 t __sys_connect 7\nR 10 7 t 0\n",
		     connect_roots);
	struct tree_totals totals = tree_totals(tree.calls);

	(void)state;
	assert_string_equal(tree_protocol(tree.calls), "UDP");
	assert_int_equal(totals.irq_functions, 1);
	assert_int_equal(totals.irq_packets, 1);
	fell(&tree, &log);
}

/* Depths 0 1 2 1 1, a packet at the end. */
static const char folding[] =
	HEAD "C 1 7 t 3\n> 2 7 t __sys_connect\n> 3 7 t a\n> 4 7 t b\n"
	     "< 5 7 t b 1\n< 6 7 t a 3\n> 7 7 t c\n< 8 7 t c 1\n"
	     "> 9 7 t d\nP 10 7 t lo 74\n< 11 7 t d 2\n"
	     "< 12 7 t __sys_connect 10\nR 13 7 t 0\n";

static void neighbours_are_folded_into_one(void **state)
{
	struct tree_log log;
	struct calltree tree = grow(&log, folding, connect_roots);
	struct tree_rows rows;

	(void)state;
	assert_int_equal(tree_fold(tree.calls, 1, false, &rows), 0);
	assert_int_equal(rows.len, 2);
	assert_true(rows.rows[1].fold);
	assert_int_equal(rows.rows[1].behind, tree.calls->len);
	free(rows.rows);
	assert_int_equal(tree_fold(tree.calls, 0, false, &rows), 0);
	assert_int_equal(rows.len, tree.calls->len);
	free(rows.rows);
	fell(&tree, &log);
}

static void the_way_to_a_packet_stays(void **state)
{
	struct tree_log log;
	struct calltree tree = grow(&log, folding, connect_roots);
	struct tree_rows rows;

	(void)state;
	assert_int_equal(tree_fold(tree.calls, 1, true, &rows), 0);
	/* the root; a, b, c; d; its packet */
	assert_int_equal(rows.len, 4);
	assert_true(rows.rows[1].fold);
	assert_string_equal(tree.calls->nodes[rows.rows[2].node].name, "d");
	assert_int_equal(tree.calls->nodes[rows.rows[3].node].kind,
			 NODE_PACKET);
	assert_int_equal(tree_common(tree.calls, &rows, tree.calls, &rows), 4);
	free(rows.rows);
	fell(&tree, &log);
}

static void a_recording_reads_as_it_was_written(void **state)
{
	const char *text = HEAD "comm 7 a\\x1b b\n"
				"C 1 7 t 3\n"
				"> 2 7 h __sys_connect\nP 3 7 s lo 74\n"
				"- 4 7 t\n+ 5 7 t\n< 6 7 t __sys_connect 4\n"
				"R 7 7 t -2\n";
	struct tree_log log;
	struct calltree tree = grow(&log, text, connect_roots);
	char *again = NULL;
	size_t size;
	FILE *out = open_memstream(&again, &size);

	(void)state;
	assert_non_null(out);
	assert_string_equal(tree_log_find_comm(&log, 7), "a\033 b");
	tree_recording_write(out, &log);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(again, text);
	free(again);
	fell(&tree, &log);
}

static void the_pattern_takes_networking_and_no_locks(void **state)
{
	static const char *const in[] = {
		"__sys_connect",       "tcp_v4_connect",
		"__tcp_transmit_skb",  "__ip4_datagram_connect",
		"ip_output",           "__dev_queue_xmit",
		"dev_hard_start_xmit", "udp_rcv",
		"__netif_receive_skb", "inet_csk_accept",
		"__x64_sys_close",     "sock_close",
		"release_sock",        "kfree_skb_reason",
		"net_rx_action"};
	static const char *const out[] = {
		"_raw_spin_lock_bh", "kmem_cache_alloc", "ipc_lock",
		"vfs_write",         "rt_mutex_lock",    "schedule"};
	char *pattern = tree_scope_pattern();
	regex_t regex;

	(void)state;
	assert_non_null(pattern);
	/* as tracefs_function_filter(3) does */
	assert_int_equal(regcomp(&regex, pattern, REG_ICASE | REG_NOSUB), 0);
	for (size_t i = 0; i < sizeof(in) / sizeof(in[0]); i++)
		if (regexec(&regex, in[i], 0, NULL, 0))
			fail_msg("%s is not taken", in[i]);
	for (size_t i = 0; i < sizeof(out) / sizeof(out[0]); i++)
		if (!regexec(&regex, out[i], 0, NULL, 0))
			fail_msg("%s is taken", out[i]);
	for (const struct tree_scope *s = tree_scopes; s->name; s++)
		for (int i = 0; i < SCOPE_ROOTS && s->roots[i]; i++)
			assert_int_equal(
				regexec(&regex, s->roots[i], 0, NULL, 0), 0);
	regfree(&regex);
	free(pattern);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(a_tree_is_its_entries_and_exits),
	cmocka_unit_test(two_tasks_at_once_are_two_trees),
	cmocka_unit_test(a_task_that_sleeps_goes_on_elsewhere),
	cmocka_unit_test(a_missing_exit_ends_with_the_one_around_it),
	cmocka_unit_test(a_missing_entry_is_counted),
	cmocka_unit_test(what_ends_with_the_run_has_not_returned),
	cmocka_unit_test(what_comes_after_a_close_is_of_it_once),
	cmocka_unit_test(another_file_s_end_is_no_part_of_a_close),
	cmocka_unit_test(softirq_says_nothing_of_the_protocol),
	cmocka_unit_test(neighbours_are_folded_into_one),
	cmocka_unit_test(the_way_to_a_packet_stays),
	cmocka_unit_test(a_recording_reads_as_it_was_written),
	cmocka_unit_test(the_pattern_takes_networking_and_no_locks),
};

TAP_MAIN(tests)
