// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * ledger.c, connects.c: a run whose connects are judged as they end has the
 * verdict of one that keeps them all to its end. Two stories are told the same
 * thousands of random calls of all kinds.
 */
#include "tap_main.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "play.h"
#include "story/story.h"
#include "record/text.h"
#include "verdict/claims.h"

#define CALLS   10000
#define S       "10.0.0.2:7007"
#define SYN_ACK (TH_SYN | TH_ACK)

static int show_nothing(struct story_sink *sink, const struct record *record,
			const struct note *note)
{
	(void)sink;
	(void)record;
	(void)note;
	return 0;
}

static struct story_sink nothing = {show_nothing};
static struct story *stories[2]; /* keeps all; has a ledger */
static struct ledger ledger;
static struct player player;

/* Neither owns anything: only a meta record, which is not pushed here, does. */
static int push_both(struct record_sink *sink, struct record *record)
{
	struct record copy = *record;
	int err;

	(void)sink;
	err = story_input(stories[0])->push(story_input(stories[0]), &copy);
	return err ? err :
		     story_input(stories[1])
			       ->push(story_input(stories[1]), record);
}

static struct record_sink both = {push_both};

static int set_up(void **state)
{
	(void)state;
	ledger_init(&ledger);
	for (int i = 0; i < 2; i++) {
		if (story_new(&stories[i], &nothing))
			return -1;
		player = (struct player){.sink = story_input(stories[i])};
		play_meta(&player, "both", "lo");
	}
	story_set_judge(stories[1], &ledger.judge);
	player.sink = &both;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	story_free(stories[0]);
	story_free(stories[1]);
	return 0;
}

/* ---- one call of each kind, on a socket and at an address of its own ------- */

static char here[32];
static uint32_t sock;
static unsigned int thread;

static void enter(uint8_t proto)
{
	play(&player,
	     &(struct play){RECORD_ENTER, .proto = proto, .id = CALL_CONNECT,
			    .sock = sock, .tid = thread, .peer = S});
}

static void leave(int64_t ret)
{
	play(&player, &(struct play){RECORD_EXIT, .id = CALL_CONNECT,
				     .sock = sock, .tid = thread,
				     .local = ret == -ENETUNREACH ? NULL : here,
				     .peer = S, .ret = ret});
}

static void closes(void)
{
	play(&player, &(struct play){RECORD_EXIT, .id = CALL_CLOSE,
				     .sock = sock, .tid = thread});
}

static void udp_packet(enum witness witness, uint32_t sender)
{
	play(&player, &(struct play){RECORD_PACKET, .proto = UDP,
				     .sock = sender, .witness = witness,
				     .local = here, .peer = S, .ret = 5});
}

static void tcp_packet(enum witness witness, bool back, unsigned int tcp_flags)
{
	play(&player,
	     &(struct play){RECORD_PACKET, .proto = TCP, .witness = witness,
			    .sock = back ? 0 : sock, .local = back ? S : here,
			    .peer = back ? here : S, .flags = tcp_flags,
			    .seq = sock});
}

static void state(uint32_t old, uint32_t new, bool softirq)
{
	play(&player,
	     &(struct play){RECORD_STATE, .proto = TCP, .sock = sock,
			    .local = here, .peer = S, .softirq = softirq,
			    .old_state = old, .new_state = new});
}

static void udp_silent(void)
{
	enter(UDP);
	leave(0);
	udp_packet(0, sock);
	closes();
}

static void udp_fails(void)
{
	enter(UDP);
	leave(-ENETUNREACH);
}

static void udp_loud(void)
{
	enter(UDP);
	udp_packet(0, sock);
	leave(0);
}

static void udp_loud_late_on_the_wire(void)
{
	enter(UDP);
	udp_packet(WITNESS_KERNEL, sock);
	leave(0);
	closes();
	udp_packet(WITNESS_WIRE, 0);
}

static void udp_disputed(void)
{
	enter(UDP);
	udp_packet(WITNESS_KERNEL, sock);
	leave(0);
}

static void udp_of_nobody(void)
{
	enter(UDP);
	udp_packet(WITNESS_WIRE, 0);
	leave(0);
}

static void udp_never_returns(void)
{
	enter(UDP);
}

static void begins(void)
{
	enter(TCP);
	tcp_packet(0, false, TH_SYN);
}

static void tcp_handshake(void)
{
	begins();
	tcp_packet(0, true, SYN_ACK);
	tcp_packet(0, false, TH_ACK);
	leave(0);
	closes();
}

/* Its last packet comes to the wire after the call, and after close(2). */
static void tcp_late_on_the_wire(void)
{
	begins();
	tcp_packet(0, true, SYN_ACK);
	tcp_packet(WITNESS_KERNEL, false, TH_ACK);
	leave(0);
	closes();
	tcp_packet(WITNESS_WIRE, false, TH_ACK);
}

static void tcp_refused(void)
{
	begins();
	tcp_packet(0, true, TH_RST | TH_ACK);
	leave(-ECONNREFUSED);
}

static void tcp_nonblocking(void)
{
	begins();
	leave(-EINPROGRESS);
	tcp_packet(0, true, SYN_ACK);
	tcp_packet(0, false, TH_ACK);
	enter(TCP);
	leave(random() % 2 ? 0 : -EISCONN);
	closes();
}

static void tcp_given_up(void)
{
	begins();
	leave(-EINPROGRESS);
	state(TCP_SYN_SENT, TCP_CLOSE, false);
	closes();
}

/* Before Linux 6.6 the state comes last. */
static void tcp_given_up_later(void)
{
	begins();
	leave(-EINPROGRESS);
	closes();
	state(TCP_SYN_SENT, TCP_CLOSE, false);
}

static void tcp_timed_out(void)
{
	begins();
	leave(-EINPROGRESS);
	state(TCP_SYN_SENT, TCP_CLOSE, true);
}

static void tcp_unanswered(void)
{
	begins();
	leave(-EINPROGRESS);
}

static void tcp_local_error(void)
{
	enter(TCP);
	leave(-ENETUNREACH);
}

static void tcp_silent(void)
{
	enter(TCP);
	leave(0);
}

static void tcp_entry_missed(void)
{
	player.proto = TCP;
	leave(0);
}

static void tcp_skipped(void)
{
	enter(UDP);
	leave(-ENETUNREACH);
	play(&player,
	     &(struct play){RECORD_EXIT, .proto = TCP, .id = CALL_CONNECT,
			    .sock = sock + 1000000, .tid = thread, .peer = S,
			    .ret = -EPERM, .skippable = true});
}

static void tcp_exit_missed(void)
{
	begins();
	play(&player,
	     &(struct play){RECORD_ENTER, .id = CALL_SOCKET, .tid = thread});
}

/* Two threads call on one socket; the kernel lets one after the other. */
static void tcp_by_two_threads(void)
{
	unsigned int first = thread;

	begins();
	thread += 2000000;
	enter(TCP);
	tcp_packet(0, true, SYN_ACK);
	tcp_packet(0, false, TH_ACK);
	thread = random() % 2 ? first : thread;
	leave(0);
	thread = thread == first ? first + 2000000 : first;
	leave(-EISCONN);
}

static void (*const passing[])(void) = {
	udp_silent,           udp_fails,          tcp_handshake,
	tcp_late_on_the_wire, tcp_nonblocking,    tcp_refused,
	tcp_given_up,         tcp_given_up_later, tcp_local_error,
};

static void (*const all[])(void) = {
	udp_silent,
	udp_fails,
	udp_loud,
	udp_loud_late_on_the_wire,
	udp_disputed,
	udp_of_nobody,
	udp_never_returns,
	tcp_handshake,
	tcp_late_on_the_wire,
	tcp_refused,
	tcp_nonblocking,
	tcp_given_up,
	tcp_given_up_later,
	tcp_timed_out,
	tcp_unanswered,
	tcp_local_error,
	tcp_silent,
	tcp_entry_missed,
	tcp_skipped,
	tcp_exit_missed,
	tcp_by_two_threads,
};

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

static void tell(void (*const kinds[])(void), size_t len)
{
	for (unsigned int i = 0; i < CALLS; i++) {
		sock = i + 1;
		thread = 5000 + i;
		snprintf(here, sizeof(here), "10.1.%u.%u:%u", i / 200 % 200,
			 i % 200 + 1, 40000 + i % 1000);
		kinds[(size_t)random() % len]();
		player.now_ns += (uint64_t)random() % 20000000;
	}
}

/* Both verdicts; the one of the ledger was kept from most of the calls. */
static void same_verdict(uint8_t proto, enum verdict_result result)
{
	struct verdict *verdicts[2];
	const struct evidence *evidence;

	for (int i = 0; i < 2; i++) {
		evidence = story_end(stories[i]);
		assert_int_equal(claims_judge(evidence, i ? &ledger : NULL,
					      proto, &verdicts[i]),
				 0);
	}
	assert_true(evidence->connects_len < CALLS * 2 / 3);
	assert_string_equal(verdicts[1]->summary, verdicts[0]->summary);
	assert_int_equal(verdicts[1]->result, verdicts[0]->result);
	assert_int_equal(verdicts[1]->result, result);
	assert_int_equal(verdicts[1]->reasons_len, verdicts[0]->reasons_len);
	assert_int_equal(verdicts[1]->connects_len, verdicts[0]->connects_len);
	assert_int_equal(verdicts[1]->unlisted, verdicts[0]->unlisted);
	verdict_free(verdicts[0]);
	verdict_free(verdicts[1]);
}

static void lose(enum witness witness, enum lost_cause cause)
{
	play(&player, &(struct play){RECORD_LOST, .witness = witness,
				     .cause = cause, .count = 1});
}

static void what_passes_passes(void **unused)
{
	(void)unused;
	tell(passing, LEN(passing));
	play_controls(&player);
	same_verdict(UDP, VERDICT_PASS);
	same_verdict(TCP, VERDICT_PASS);
	assert_true(ledger.udp.sums.calls > 500);
	assert_true(ledger.tcp.sums.calls > 1000);
}

static void a_run_says_how_it_stands(void **unused)
{
	char line[160];
	struct text text;

	(void)unused;
	text_init(&text, line, sizeof(line));
	ledger_format(&ledger, UDP, &text);
	assert_string_equal(line, "");
	sock = 1;
	strcpy(here, "10.1.1.1:40000");
	udp_silent();
	for (; sock <= 150; sock++)
		tcp_handshake();
	tcp_local_error();
	closes();
	player.now_ns += SETTLED_LATE_NS;
	udp_packet(0, sock);
	ledger_format(&ledger, UDP, &text);
	ledger_format(&ledger, TCP, &text);
	assert_string_equal(line, "1 UDP call: 1 passed, 0 did not; "
				  "151 TCP calls: 150 passed, 1 did not");
}

static void what_does_not_is_counted(void **unused)
{
	(void)unused;
	tell(all, LEN(all));
	play_controls(&player);
	same_verdict(UDP, VERDICT_FAIL);
	same_verdict(TCP, VERDICT_INCONCLUSIVE);
	assert_true(ledger.udp.disputed > 0);
	assert_true(ledger.tcp.sums.calls > 500);
}

static void a_loss_at_the_end_changes_what_was_judged(void **unused)
{
	(void)unused;
	tell(all, LEN(all));
	lose(WITNESS_WIRE, LOST_DROPPED);
	play_controls(&player);
	same_verdict(UDP, VERDICT_FAIL);
	same_verdict(TCP, VERDICT_INCONCLUSIVE);
}

static void nothing_depends_on_the_seed(void **unused)
{
	(void)unused;
	for (unsigned int seed = 1; seed < 4; seed++) {
		tear_down(NULL);
		set_up(NULL);
		srandom(seed);
		tell(all, LEN(all));
		if (seed % 2)
			lose(WITNESS_SYSCALL, LOST_DROPPED);
		play_controls(&player);
		same_verdict(UDP, VERDICT_FAIL);
		same_verdict(TCP, VERDICT_INCONCLUSIVE);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static const struct CMUnitTest tests[] = {
	TEST(what_passes_passes),
	TEST(a_run_says_how_it_stands),
	TEST(what_does_not_is_counted),
	TEST(a_loss_at_the_end_changes_what_was_judged),
	TEST(nothing_depends_on_the_seed),
};

TAP_MAIN(tests)
