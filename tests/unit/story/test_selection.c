// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* selection.c: which records a filter shows, in which order, and what it counts. */
#include "tap_main.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "play.h"
#include "story/connects.h"
#include "story/selection.h"

#define C "10.0.0.1:41234"
#define S "10.0.0.2:7007" /* it is selected */
#define D "10.0.0.3:7007" /* another client connects to it, and is not */
#define E "10.0.0.1:50000"

/* tcpdump -O -y RAW -ddd 'ip host 10.0.0.2' */
#define HOST                                                           \
	"12,48 0 0 0,84 0 0 240,21 0 2 64,32 0 0 12,21 5 0 167772162," \
	"48 0 0 0,84 0 0 240,21 0 3 64,32 0 0 16,21 0 1 167772162,"    \
	"6 0 0 262144,6 0 0 0"
/* ... 'not host 10.0.0.3': it depends on the own address, too */
#define NOT_D                                                            \
	"28,48 0 0 0,84 0 0 240,21 0 2 64,32 0 0 12,21 21 0 167772163,"  \
	"48 0 0 0,84 0 0 240,21 0 2 64,32 0 0 16,21 16 0 167772163,"     \
	"0 0 0 1,21 0 2 0,32 0 0 14,21 12 0 167772163,0 0 0 1,21 0 2 0," \
	"32 0 0 24,21 8 0 167772163,0 0 0 1,21 0 2 0,32 0 0 14,"         \
	"21 4 0 167772163,0 0 0 1,21 0 3 0,32 0 0 24,21 0 1 167772163,"  \
	"6 0 0 0,6 0 0 262144"

/* What was shown: "enter 1, exit 1, packet 0" by socket number; and in order? */
static struct {
	struct story_sink sink;
	char lines[4096];
	uint64_t last_ns, unselected;
	bool backwards;
} shown;

static struct story *story;
static struct player player;

static int show(struct story_sink *sink, const struct record *record,
		const struct note *note)
{
	static const char *const names[RECORD_VERDICT + 1] = {
		[RECORD_ENTER] = "enter", [RECORD_EXIT] = "exit",
		[RECORD_CALL] = "call",   [RECORD_PACKET] = "packet",
		[RECORD_ICMP] = "icmp",   [RECORD_STATE] = "state",
		[RECORD_TALLY] = "tally",
	};
	size_t len = strlen(shown.lines);

	(void)sink;
	(void)note;
	if (record->ts_ns)
		shown.backwards |= record->ts_ns < shown.last_ns;
	if (record->ts_ns)
		shown.last_ns = record->ts_ns;
	if (record->type == RECORD_TALLY)
		shown.unselected = record->tally.unselected;
	if (names[record->type])
		snprintf(shown.lines + len, sizeof(shown.lines) - len,
			 "%s%s %u", len ? ", " : "", names[record->type],
			 record->socket);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	story_free(story);
	story = NULL;
	return 0;
}

static void begin(const char *bytecode)
{
	memset(&shown, 0, sizeof(shown));
	shown.sink.show = show;
	assert_int_equal(story_new(&story, &shown.sink), 0);
	player = (struct player){.sink = story_input(story), .proto = UDP};
	assert_int_equal(play_meta_filtered(&player, "both", bytecode), 0);
}

static const struct evidence *finish(void)
{
	struct record tally = {.type = RECORD_TALLY};

	assert_int_equal(player.sink->push(player.sink, &tally), 0);
	assert_int_equal(story_finish(story), 0);
	assert_false(shown.backwards);
	return story_end(story);
}

static void two_clients_one_selected(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .id = CALL_SOCKET},
		{RECORD_EXIT, .id = CALL_SOCKET, .sock = 1, .ret = 3},
		{RECORD_ENTER, .id = CALL_SOCKET, .pid = 5},
		{RECORD_EXIT, .id = CALL_SOCKET, .pid = 5, .sock = 2, .ret = 3},
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 1, .peer = S},
		{RECORD_ENTER, .id = CALL_CONNECT, .pid = 5, .sock = 2,
		 .peer = D},
		{RECORD_EXIT, .id = CALL_CONNECT, .pid = 5, .sock = 2,
		 .local = E, .peer = D},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1, .local = C,
		 .peer = S},
		{RECORD_ENTER, .id = CALL_SENDTO, .sock = 1},
		{RECORD_PACKET, .sock = 1, .local = C, .peer = S},
		{RECORD_EXIT, .id = CALL_SENDTO, .sock = 1},
		{RECORD_ENTER, .id = CALL_SENDTO, .pid = 5, .sock = 2},
		{RECORD_PACKET, .sock = 2, .local = E, .peer = D},
		{RECORD_EXIT, .id = CALL_SENDTO, .pid = 5, .sock = 2},
		{RECORD_ENTER, .id = CALL_CLOSE, .sock = 1},
		{RECORD_EXIT, .id = CALL_CLOSE, .sock = 1},
		{RECORD_ENTER, .id = CALL_CLOSE, .pid = 5, .sock = 2},
		{RECORD_EXIT, .id = CALL_CLOSE, .pid = 5, .sock = 2},
	};
	static const char *const filters[] = {HOST, NOT_D};

	(void)state;
	for (int i = 0; i < 2; i++) {
		const struct evidence *evidence;

		begin(filters[i]);
		assert_int_equal(PLAY(&player, run), 0);
		evidence = finish();
		assert_string_equal(shown.lines,
				    "enter 0, exit 1, enter 1, exit 1, "
				    "enter 1, packet 1, packet 1, exit 1, "
				    "enter 1, exit 1, tally 0");
		assert_int_equal(evidence->connects_len, 1);
		assert_int_equal(evidence->connects[0]->socket, 1);
		assert_int_equal(evidence->tally.unselected, 1);
		assert_int_equal(shown.unselected, 1);
		tear_down(state);
	}
}

/* Whatever comes meanwhile leaves after what waits. */
static void what_waits_holds_up_the_rest(void **state)
{
	static const struct play before[] = {
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 1, .peer = S},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1, .local = C,
		 .peer = S},
		{RECORD_ENTER, .id = CALL_SOCKET, .pid = 5},
		{RECORD_ENTER, .id = CALL_SENDTO, .sock = 1},
		{RECORD_EXIT, .id = CALL_SENDTO, .sock = 1},
	};
	static const struct play after[] = {
		{RECORD_EXIT, .id = CALL_SOCKET, .pid = 5, .sock = 2, .ret = 3},
		{RECORD_ENTER, .id = CALL_CONNECT, .pid = 5, .sock = 2,
		 .peer = D},
	};

	(void)state;
	begin(HOST);
	assert_int_equal(PLAY(&player, before), 0);
	assert_string_equal(shown.lines, "enter 1, exit 1");
	assert_int_equal(PLAY(&player, after), 0);
	/* the own address may still be 10.0.0.2 */
	assert_string_equal(shown.lines, "enter 1, exit 1");
	finish();
	assert_string_equal(shown.lines,
			    "enter 1, exit 1, enter 1, exit 1, enter 2, "
			    "tally 0");
}

/* A server waits for its next datagram: its client is not held up by that. */
static void nothing_waits_for_long(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .id = CALL_RECVFROM, .pid = 7, .sock = 9,
		 .local = "0.0.0.0:7007"},
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 1, .peer = S},
	};
	static const struct play late[] = {
		{RECORD_EXIT, .id = CALL_RECVFROM, .pid = 7, .sock = 9,
		 .local = "0.0.0.0:7007", .peer = "10.0.0.2:5"},
	};

	(void)state;
	begin(HOST);
	assert_int_equal(PLAY(&player, run), 0);
	assert_string_equal(shown.lines, "");
	assert_int_equal(
		story_advance(story, player.now_ns + HELD_NS - 10000 - 1), 0);
	assert_string_equal(shown.lines, "");
	assert_int_equal(story_advance(story, player.now_ns + HELD_NS), 0);
	assert_string_equal(shown.lines, "enter 1");
	assert_int_equal(PLAY(&player, late), 0); /* it is of a selected one */
	assert_string_equal(shown.lines, "enter 1, exit 9");
}

/* A replay knows the time from its records alone. */
static void records_are_a_clock(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .id = CALL_RECVFROM, .pid = 7, .sock = 9,
		 .local = "0.0.0.0:7007"},
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 1, .peer = S},
		{RECORD_PACKET, .after_us = 300000, .witness = WITNESS_WIRE,
		 .local = "10.0.0.7:1", .peer = "10.0.0.8:2"},
	};

	(void)state;
	begin(HOST);
	assert_int_equal(PLAY(&player, run), 0);
	assert_string_equal(shown.lines, "enter 1");
}

/* The entry of a receiving call is what its exit is. */
static void an_exit_decides_about_its_entry(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .id = CALL_RECVFROM, .pid = 7, .sock = 9},
		{RECORD_EXIT, .id = CALL_RECVFROM, .pid = 7, .sock = 9,
		 .peer = "10.0.0.2:5", .local = "0.0.0.0:7"},
		{RECORD_ENTER, .id = CALL_RECVFROM, .pid = 7, .sock = 9},
		{RECORD_EXIT, .id = CALL_RECVFROM, .pid = 7, .sock = 9,
		 .peer = "10.0.0.9:5", .local = "10.0.0.1:7"},
		{RECORD_ENTER, .id = CALL_ACCEPT, .proto = TCP, .pid = 8,
		 .sock = 20},
		{RECORD_EXIT, .id = CALL_ACCEPT, .pid = 8, .sock = 21, .ret = 4,
		 .local = "10.0.0.1:7", .peer = S},
		{RECORD_ENTER, .id = CALL_CLOSE, .pid = 8, .sock = 21, .fd = 4},
		{RECORD_EXIT, .id = CALL_CLOSE, .pid = 8, .sock = 21, .fd = 4},
	};

	(void)state;
	begin(HOST);
	assert_int_equal(PLAY(&player, run), 0);
	finish();
	assert_string_equal(shown.lines,
			    "enter 9, exit 9, enter 20, exit 21, enter 21, "
			    "exit 21, tally 0");
}

/* Whom a server last sent to is not whom it will hear from. */
static void an_unconnected_socket_has_no_peer(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .id = CALL_SENDTO, .pid = 7, .sock = 9,
		 .local = "0.0.0.0:7", .peer = S},
		{RECORD_EXIT, .id = CALL_SENDTO, .pid = 7, .sock = 9,
		 .local = "0.0.0.0:7", .peer = S},
		{RECORD_ENTER, .id = CALL_RECVFROM, .pid = 7, .sock = 9,
		 .local = "0.0.0.0:7"},
	};
	static const struct play from_another = {
		RECORD_EXIT, .id = CALL_RECVFROM,   .pid = 7,
		.sock = 9,   .local = "10.0.0.1:7", .peer = "10.0.0.9:5"};

	(void)state;
	begin(HOST);
	assert_int_equal(PLAY(&player, run), 0);
	assert_string_equal(shown.lines, "enter 9, exit 9");
	assert_int_equal(play(&player, &from_another), 0);
	finish();
	assert_string_equal(shown.lines, "enter 9, exit 9, tally 0");
}

/* No peer at the entry: it could not be read. The exit has it, or nothing has. */
static void a_far_end_may_come_late(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 1},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1, .local = C,
		 .peer = S},
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 2},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 2, .local = E,
		 .ret = -EFAULT},
	};
	const struct evidence *evidence;

	(void)state;
	begin(HOST);
	assert_int_equal(PLAY(&player, run), 0);
	assert_string_equal(shown.lines, "enter 1, exit 1, enter 2, exit 2");
	evidence = finish();
	assert_int_equal(evidence->connects_len, 2);
	assert_int_equal(evidence->tally.unselected, 0);
}

/* Its exit was missed, and its own address is not known: it is not hidden. */
static void what_is_never_decided_is_kept(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 1,
		 .peer = "10.0.0.9:9"},
		{RECORD_ENTER, .id = CALL_SENDTO, .sock = 1},
		{RECORD_ENTER, .id = CALL_CONNECT, .pid = 5, .sock = 2,
		 .peer = "10.0.0.9:9"},
		{RECORD_EXIT, .id = CALL_CONNECT, .pid = 5, .sock = 2,
		 .ret = -ENETUNREACH},
	};
	const struct evidence *evidence;

	(void)state;
	begin(HOST);
	assert_int_equal(PLAY(&player, run), 0);
	evidence = finish();
	assert_int_equal(evidence->connects_len, 1);
	assert_int_equal(evidence->connects[0]->socket, 1);
	/* the second failed: it never gets an address of its own */
	assert_int_equal(evidence->tally.unselected, 1);
	assert_string_equal(shown.lines, "enter 1, tally 0");
}

static void a_dissolved_connection_is_the_earlier_one(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 1, .peer = S},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1, .local = C,
		 .peer = S},
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 1, .local = C,
		 .peer = "AF_UNSPEC"},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1},
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 2, .peer = D},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 2, .local = E,
		 .peer = D},
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 2, .local = E,
		 .peer = "AF_UNSPEC"},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 2},
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 3,
		 .peer = "AF_UNSPEC"},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 3},
	};

	(void)state;
	begin(HOST);
	assert_int_equal(PLAY(&player, run), 0);
	assert_int_equal(finish()->connects_len, 2);
	assert_string_equal(shown.lines,
			    "enter 1, exit 1, enter 1, exit 1, tally 0");
	assert_int_equal(shown.unselected, 3);
}

/* Its packets are shown, and what both witnesses saw of them is compared. */
static void packets_are_of_their_connection(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .id = CALL_CONNECT, .proto = TCP, .sock = 1,
		 .peer = S},
		{RECORD_PACKET, .sock = 1, .local = C, .peer = S,
		 .flags = TH_SYN},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1, .local = C,
		 .peer = S},
		{RECORD_ENTER, .id = CALL_CONNECT, .pid = 5, .sock = 2,
		 .peer = D},
		{RECORD_PACKET, .sock = 2, .local = E, .peer = D,
		 .flags = TH_SYN, .witness = WITNESS_KERNEL},
		{RECORD_EXIT, .id = CALL_CONNECT, .pid = 5, .sock = 2,
		 .local = E, .peer = D},
		{RECORD_ICMP, .local = E, .peer = D, .icmp_type = 3,
		 .icmp_code = 1, .from = "10.0.0.9", .witness = WITNESS_WIRE},
		{RECORD_ICMP, .local = C, .peer = S, .icmp_type = 3,
		 .icmp_code = 1, .from = "10.0.0.9", .witness = WITNESS_WIRE},
		{RECORD_STATE, .sock = 2, .local = E, .peer = D, .old_state = 2,
		 .new_state = 7},
		{RECORD_STATE, .sock = 1, .local = C, .peer = S, .old_state = 2,
		 .new_state = 7},
		/* behind NAT the wire has other addresses: by its sender */
		{RECORD_PACKET, .sock = 1, .local = C, .peer = S, .ret = 77,
		 .witness = WITNESS_KERNEL},
		{RECORD_PACKET, .sock = 1, .local = "192.0.2.1:1",
		 .peer = "192.0.2.2:2", .witness = WITNESS_KERNEL},
	};
	const struct evidence *evidence;

	(void)state;
	begin(HOST);
	assert_int_equal(PLAY(&player, run), 0);
	evidence = finish();
	assert_string_equal(shown.lines,
			    "enter 1, packet 1, packet 1, exit 1, icmp 0, "
			    "state 1, packet 1, packet 1, tally 0");
	/* the wire missed the SYN that was left out: no gap */
	for (unsigned int i = 0; i < evidence->gaps_len; i++)
		assert_int_not_equal(evidence->gaps[i].packets, 0);
	assert_int_equal(evidence->connects_len, 1);
}

/* By the addresses that its socket has. */
static void a_datagram_behind_nat_is_of_its_socket(void **state)
{
	static const struct play run[] = {
		{RECORD_PACKET, .sock = 1, .local = "192.0.2.1:1",
		 .peer = "192.0.2.2:2", .own_local = C, .own_peer = S,
		 .witness = WITNESS_KERNEL},
		{RECORD_PACKET, .sock = 1, .local = "192.0.2.1:1",
		 .peer = "192.0.2.2:2", .own_local = C, .own_peer = D,
		 .witness = WITNESS_KERNEL},
	};
	static const struct play bound = {RECORD_EXIT, .id = CALL_BIND,
					  .sock = 1, .local = C};

	(void)state;
	begin(HOST);
	assert_int_equal(play(&player, &bound), 0);
	assert_int_equal(PLAY(&player, run), 0);
	finish();
	assert_string_equal(shown.lines, "exit 1, packet 1, tally 0");
}

static void a_gap_of_others_is_none(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 2, .peer = D},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 2, .local = E,
		 .peer = D},
		{RECORD_PACKET, .sock = 2, .local = E, .peer = D,
		 .iface = "eth1", .witness = WITNESS_KERNEL},
	};

	(void)state;
	begin(HOST);
	assert_int_equal(PLAY(&player, run), 0);
	assert_int_equal(finish()->gaps_len, 0);
	tear_down(state);
	begin("1,6 0 0 1"); /* everything is selected */
	assert_int_equal(PLAY(&player, run), 0);
	assert_int_equal(finish()->gaps_len, 1);
}

/* A connect in no call: io_uring's, to a peer that is left out. */
static void a_stray_of_others_is_none(void **state)
{
	static const struct play run[] = {
		{RECORD_CALL, .step = "tcp_v4_connect", .proto = TCP, .sock = 1,
		 .local = E, .peer = D, .from_where = FROM_IO_URING},
		{RECORD_CALL, .step = "udp_connect", .proto = UDP, .sock = 2,
		 .peer = D, .from_where = FROM_IO_URING},
	};
	const struct evidence *evidence;

	(void)state;
	begin(HOST);
	assert_int_equal(PLAY(&player, run), 0);
	evidence = finish();
	assert_int_equal(evidence->strays[0].proto, UDP); /* not known */
	assert_int_equal(evidence->strays[1].count, 0);
}

static void no_more_waits_than_there_is_room(void **state)
{
	static const struct play first = {RECORD_ENTER, .id = CALL_RECVFROM,
					  .pid = 7, .sock = 9};
	static const struct play next = {RECORD_PACKET, .after_us = 1,
					 .witness = WITNESS_WIRE, .local = C,
					 .peer = S};
	static const struct play connect = {RECORD_ENTER, .id = CALL_CONNECT,
					    .sock = 1, .local = C, .peer = S};

	(void)state;
	begin(HOST);
	assert_int_equal(play(&player, &connect), 0);
	*shown.lines = '\0';
	assert_int_equal(play(&player, &first), 0);
	for (int i = 1; i < HELD_MAX; i++)
		assert_int_equal(play(&player, &next), 0);
	assert_string_equal(shown.lines, "");
	assert_int_equal(play(&player, &next), 0);
	assert_int_equal(strncmp(shown.lines, "packet 0, ", 10), 0);
}

/* The story is freed while records wait. */
static void what_waits_is_freed(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 2, .peer = D},
	};

	(void)state;
	begin(HOST);
	assert_int_equal(PLAY(&player, run), 0);
	assert_string_equal(shown.lines, "");
}

static bool keep(struct connect_judge *judge, const struct connect *connect)
{
	(void)judge;
	(void)connect;
	return true;
}

/*
 * The run ends while a connect that is left out waits behind a server's call. Then
 * a verdict passes through the story to the recording: the story must not free
 * what the evidence has.
 */
static void the_evidence_lives_on_after_the_end(void **state)
{
	static struct connect_judge judge = {.keep = keep};
	static const struct play run[] = {
		{RECORD_ENTER, .id = CALL_RECVFROM, .pid = 7, .sock = 9,
		 .local = "0.0.0.0:7007"},
		{RECORD_ENTER, .id = CALL_CONNECT, .pid = 5, .sock = 2,
		 .peer = D},
		{RECORD_EXIT, .id = CALL_CONNECT, .pid = 5, .sock = 2,
		 .local = E, .peer = D},
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 1, .peer = S},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1, .local = C,
		 .peer = S},
	};
	struct record verdict = {.type = RECORD_VERDICT};
	const struct evidence *evidence;

	(void)state;
	begin(HOST);
	story_set_judge(story, &judge);
	assert_int_equal(PLAY(&player, run), 0);
	evidence = finish();
	assert_int_equal(player.sink->push(player.sink, &verdict), 0);
	assert_int_equal(evidence->connects_len, 1);
	assert_int_equal(evidence->connects_left_out, 1);
	for (unsigned int i = 0; i < 2; i++) {
		assert_non_null(evidence->connects[i]);
		assert_int_equal(evidence->connects[i]->at, i);
	}
	assert_int_equal(evidence->connects[0]->socket, 1);
}

#define TEST(function) cmocka_unit_test_teardown(function, tear_down)

static const struct CMUnitTest tests[] = {
	TEST(two_clients_one_selected),
	TEST(what_waits_holds_up_the_rest),
	TEST(nothing_waits_for_long),
	TEST(records_are_a_clock),
	TEST(an_exit_decides_about_its_entry),
	TEST(an_unconnected_socket_has_no_peer),
	TEST(a_far_end_may_come_late),
	TEST(what_is_never_decided_is_kept),
	TEST(a_dissolved_connection_is_the_earlier_one),
	TEST(packets_are_of_their_connection),
	TEST(a_datagram_behind_nat_is_of_its_socket),
	TEST(a_gap_of_others_is_none),
	TEST(a_stray_of_others_is_none),
	TEST(no_more_waits_than_there_is_room),
	TEST(what_waits_is_freed),
	TEST(the_evidence_lives_on_after_the_end),
};

TAP_MAIN(tests)
