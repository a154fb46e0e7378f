// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* conditions.c: what the set of followed processes means. */
#include "judge.h"

static const struct play udp_silent[] = {UDP_CONNECT, UDP_RETURN};

static void push(struct record record)
{
	assert_int_equal(player.sink->push(player.sink, &record), 0);
}

static void push_tally(struct record_tally tally)
{
	push((struct record){.type = RECORD_TALLY, .tally = tally});
}

static void push_ended(uint32_t status, uint32_t signal)
{
	push((struct record){.type = RECORD_ENDED,
			     .ended = {.status = status, .signal = signal}});
}

static void expect_one(const char *summary, const char *reason)
{
	play_controls(&player);
	expect(UDP, VERDICT_INCONCLUSIVE, summary, reason);
	assert_int_equal(verdict->reasons_len, 1);
}

static void no_call_at_all(void **state)
{
	(void)state;
	play_meta(&player, "udp", "lo");
	push_ended(0, 0);
	expect_one("(0 calls; ", "follow the program that calls it");
}

static void the_other_protocol_is_named(void **state)
{
	(void)state;
	play_meta(&player, "udp", "lo");
	push_tally((struct record_tally){.other_connects = 2});
	push_ended(1, 0); /* as the calls say, it came that far */
	expect_one("(0 calls; ", "but 2 on TCP: run `tracer tcp`");
}

static void a_status_other_than_0_is_named(void **state)
{
	(void)state;
	play_meta(&player, "udp", "lo");
	push_ended(3, 0);
	expect_one("(0 calls; ", "the command exited with status 3");
}

static void a_signal_is_named(void **state)
{
	(void)state;
	play_meta(&player, "udp", "lo");
	push_ended(0, 9);
	expect_one("(0 calls; ", "signal 9 ended the command");
}

static void n_came_before_the_call(void **state)
{
	(void)state;
	play_meta(&player, "udp", "lo");
	push_tally((struct record_tally){.stopped_after = 4});
	push_ended(1, 0);
	expect_one("(0 calls; ", "among the first 4 events");
}

static void a_status_does_not_matter_after_a_call(void **state)
{
	(void)state;
	play_meta(&player, "udp", "lo");
	PLAY(&player, udp_silent);
	push_ended(1, 0);
	play_controls(&player);
	expect(UDP, VERDICT_PASS, "(1 call; ", NULL);
}

static void other_namespaces_are_counted(void **state)
{
	(void)state;
	play_meta(&player, "udp", "lo");
	PLAY(&player, udp_silent);
	push_tally((struct record_tally){.left_out = 1});
	play_controls(&player);
	expect(UDP, VERDICT_PASS,
	       "; nothing lost; 1 process of that name in other network "
	       "namespaces left out; ",
	       NULL);
}

static void calls_elsewhere_are_counted(void **state)
{
	(void)state;
	play_meta(&player, "udp", "lo");
	PLAY(&player, udp_silent);
	push_tally((struct record_tally){.elsewhere = 3});
	play_controls(&player);
	expect(UDP, VERDICT_PASS,
	       "; nothing lost; 3 calls in other network namespaces left out; ",
	       NULL);
}

static void only_in_other_namespaces(void **state)
{
	(void)state;
	play_meta(&player, "udp", "lo");
	push_tally((struct record_tally){.elsewhere = 1});
	expect_one("1 call in other network", "or follow both with "
					      "--all-netns");
	judge_tear_down(NULL);
	judge_set_up(NULL);
	play_meta(&player, "udp", "lo");
	push_tally((struct record_tally){.left_out = 2});
	expect_one("2 processes of that name", "or follow both with "
					       "--all-netns");
}

/* tcpdump -O -y RAW -ddd 'ip host 10.0.0.9' */
#define HOST_10_0_0_9                                                  \
	"12,48 0 0 0,84 0 0 240,21 0 2 64,32 0 0 12,21 5 0 167772169," \
	"48 0 0 0,84 0 0 240,21 0 3 64,32 0 0 16,21 0 1 167772169,"    \
	"6 0 0 262144,6 0 0 0"
/* ... 'not ip host 10.0.0.9' */
#define NOT_HOST_10_0_0_9                                              \
	"12,48 0 0 0,84 0 0 240,21 0 2 64,32 0 0 12,21 5 0 167772169," \
	"48 0 0 0,84 0 0 240,21 0 3 64,32 0 0 16,21 0 1 167772169,"    \
	"6 0 0 0,6 0 0 262144"

static void calls_left_out_are_counted(void **state)
{
	static const struct play other[] = {
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 8,
		 .local = "10.0.0.1:9", .peer = "10.0.0.9:9"},
		{RECORD_PACKET, .sock = 8, .local = "10.0.0.1:9",
		 .peer = "10.0.0.9:9"},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 8,
		 .local = "10.0.0.1:9", .peer = "10.0.0.9:9"},
	};

	(void)state;
	/* not host 10.0.0.9: what the other one sent is not judged */
	play_meta_filtered(&player, "udp", NOT_HOST_10_0_0_9);
	PLAY(&player, other);
	PLAY(&player, udp_silent);
	PLAY(&player, other);
	push_tally((struct record_tally){0});
	play_controls(&player);
	expect(UDP, VERDICT_PASS,
	       "(1 call; control: 2 of 2 self-tests seen by each witness; "
	       "nothing lost; 2 calls that the filter does not select; ",
	       NULL);
	assert_int_equal(verdict->connects_len, 1);
}

static void a_filter_that_selects_nothing_proves_nothing(void **state)
{
	(void)state;
	play_meta_filtered(&player, "udp", HOST_10_0_0_9);
	PLAY(&player, udp_silent);
	push_tally((struct record_tally){.other_connects = 1});
	expect_one("(0 calls; ", "the filter selects no UDP connect(2), and "
				 "leaves out 1 call: give another filter (-F)");
}

/* A recording that has only what was shown: made by --json. */
static void what_was_left_out_before_counts(void **state)
{
	(void)state;
	play_meta_filtered(&player, "udp", HOST_10_0_0_9);
	PLAY(&player, udp_silent);
	push_tally((struct record_tally){.unselected = 4});
	expect_one("5 calls that the filter does not select", "5 calls");
}

static void a_full_table_is_a_loss(void **state)
{
	static const struct play lost = {RECORD_LOST, .count = 3,
					 .witness = WITNESS_SYSCALL,
					 .cause = LOST_UNFOLLOWED};

	(void)state;
	play_meta(&player, "udp", "lo");
	PLAY(&player, udp_silent);
	play(&player, &lost);
	expect_one("; 3 processes not followed; ",
		   "make it larger (--processes N)");
}

static void a_full_table_explains_that_no_call_was_seen(void **state)
{
	static const struct play lost = {RECORD_LOST, .count = 1,
					 .witness = WITNESS_SYSCALL,
					 .cause = LOST_UNFOLLOWED};

	(void)state;
	play_meta(&player, "udp", "lo");
	play(&player, &lost);
	expect_one("; 1 process not followed; ",
		   "1 process could not be followed");
}

static const struct CMUnitTest tests[] = {
	JUDGE(no_call_at_all),
	JUDGE(the_other_protocol_is_named),
	JUDGE(a_status_other_than_0_is_named),
	JUDGE(a_signal_is_named),
	JUDGE(n_came_before_the_call),
	JUDGE(a_status_does_not_matter_after_a_call),
	JUDGE(other_namespaces_are_counted),
	JUDGE(calls_elsewhere_are_counted),
	JUDGE(only_in_other_namespaces),
	JUDGE(calls_left_out_are_counted),
	JUDGE(a_filter_that_selects_nothing_proves_nothing),
	JUDGE(what_was_left_out_before_counts),
	JUDGE(a_full_table_is_a_loss),
	JUDGE(a_full_table_explains_that_no_call_was_seen),
};

TAP_MAIN(tests)
