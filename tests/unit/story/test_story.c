// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* story.c, calls.c, connects.c: what belongs to what. */
#include "tap_main.h"

#include <errno.h>
#include <string.h>

#include "play.h"
#include "story/flows.h"
#include "story/story.h"

#define C       "10.0.0.1:41234"
#define S       "10.0.0.2:7007"
#define SYN_ACK (TH_SYN | TH_ACK)

/* What the story showed: of each type how many, and the last note. */
static struct {
	struct story_sink sink;
	unsigned int of_type[RECORD_VERDICT + 1];
	const struct connect *connect;
	bool received;
} shown;

static struct story *story;
static struct player player;

static int show(struct story_sink *sink, const struct record *record,
		const struct note *note)
{
	(void)sink;
	shown.of_type[record->type]++;
	shown.connect = note->connect;
	shown.received |= note->received;
	return 0;
}

static int set_up(void **state)
{
	(void)state;
	memset(&shown, 0, sizeof(shown));
	shown.sink.show = show;
	if (story_new(&story, &shown.sink))
		return -1;
	player = (struct player){.sink = story_input(story), .proto = UDP};
	return play_meta(&player, "both", "lo");
}

static int tear_down(void **state)
{
	(void)state;
	story_free(story);
	return 0;
}

static const struct connect *connect_at(unsigned int i)
{
	const struct evidence *evidence = story_end(story);

	assert_true(i < evidence->connects_len);
	return evidence->connects[i];
}

static void a_udp_connect_has_a_window(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 1, .peer = S},
		{RECORD_PACKET, .sock = 1, .local = C, .peer = S},
		{RECORD_PACKET, .local = "10.0.0.1:5", .peer = "10.0.0.3:5"},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1, .local = C,
		 .peer = S},
		{RECORD_PACKET, .local = C, .peer = S},
	};

	(void)state;
	assert_int_equal(PLAY(&player, run), 0);
	assert_int_equal(connect_at(0)->inside[WITNESS_WIRE], 1);
	assert_int_equal(connect_at(0)->inside[WITNESS_KERNEL], 1);
	assert_int_equal(connect_at(0)->local.port, 41234);
	/* the stranger's packets went no further */
	assert_int_equal(shown.of_type[RECORD_PACKET], 4);
}

/* It reports on the socket's packet, and is none of them. */
static void an_icmp_error_is_shown_and_not_counted(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 1, .peer = S,
		 .local = C},
		{RECORD_ICMP, .witness = WITNESS_WIRE, .from = "10.0.0.2",
		 .icmp_type = 3, .icmp_code = 3, .local = C, .peer = S},
		{RECORD_ICMP, .witness = WITNESS_WIRE, .from = "10.0.0.2",
		 .icmp_type = 3, .icmp_code = 3, .local = "10.0.0.1:5",
		 .peer = "10.0.0.3:5"},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1, .local = C,
		 .peer = S},
	};

	(void)state;
	assert_int_equal(PLAY(&player, run), 0);
	assert_int_equal(shown.of_type[RECORD_ICMP], 1);
	assert_int_equal(connect_at(0)->inside[WITNESS_WIRE], 0);
}

static void on_lo_the_kernel_sees_a_packet_twice(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 1, .peer = S},
		{RECORD_PACKET, .sock = 1, .local = C, .peer = S,
		 .witness = WITNESS_KERNEL},
		{RECORD_PACKET, .local = C, .peer = S, .in = true,
		 .witness = WITNESS_KERNEL},
		{RECORD_PACKET, .local = C, .peer = S, .witness = WITNESS_WIRE,
		 .in = true},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1, .local = C},
	};

	(void)state;
	PLAY(&player, run);
	assert_int_equal(connect_at(0)->inside[WITNESS_KERNEL], 1);
	assert_int_equal(connect_at(0)->inside[WITNESS_WIRE], 1);
}

static void who_sent_meanwhile_is_named(void **state)
{
	static const struct play begun_before[] = {
		{RECORD_ENTER, .id = CALL_WRITE, .sock = 1, .tid = 7},
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 1, .peer = S},
		{RECORD_EXIT, .id = CALL_WRITE, .sock = 1, .tid = 7},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1, .local = C},
	};
	static const struct play begun_inside[] = {
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 1, .peer = S},
		{RECORD_ENTER, .id = CALL_SENDTO, .sock = 1, .tid = 8},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1, .local = C},
		{RECORD_EXIT, .id = CALL_SENDTO, .sock = 1, .tid = 8},
	};
	static const struct play nobody[] = {
		{RECORD_ENTER, .id = CALL_READ, .sock = 1, .tid = 8},
		{RECORD_ENTER, .id = CALL_WRITE, .sock = 2, .tid = 9},
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 1, .peer = S},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1, .local = C},
	};

	(void)state;
	PLAY(&player, begun_before);
	PLAY(&player, begun_inside);
	PLAY(&player, nobody);
	assert_int_equal(connect_at(0)->sender_tid, 7);
	assert_int_equal(connect_at(0)->sender_call, CALL_WRITE);
	assert_int_equal(connect_at(1)->sender_tid, 8);
	assert_int_equal(connect_at(1)->sender_call, CALL_SENDTO);
	assert_int_equal(connect_at(2)->sender_tid, 0);
}

static void a_handshake_is_found_when_the_exit_tells_the_address(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .proto = TCP, .id = CALL_CONNECT, .sock = 1,
		 .peer = S},
		{RECORD_PACKET, .local = C, .peer = S, .flags = TH_SYN,
		 .seq = 5},
		{RECORD_PACKET, .local = S, .peer = C, .flags = SYN_ACK},
		{RECORD_PACKET, .local = C, .peer = S, .flags = TH_ACK},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1, .local = C,
		 .peer = S},
	};
	const struct connect *connect;

	(void)state;
	PLAY(&player, run);
	assert_int_equal(shown.of_type[RECORD_PACKET], 6); /* by the peer */
	connect = connect_at(0);
	assert_non_null(connect->flow);
	assert_int_equal(connect->flow->track[WITNESS_WIRE].progress,
			 FLOW_ESTABLISHED);
	assert_int_equal(connect->inside[WITNESS_WIRE], 3);
}

static void what_runs_in_softirq_is_the_flows_not_the_tasks(void **state)
{
	static const struct play begin[] = {
		{RECORD_ENTER, .proto = TCP, .id = CALL_CONNECT, .sock = 1,
		 .peer = S},
		{RECORD_CALL, .step = "tcp_connect", .sock = 1, .local = C,
		 .peer = S},
	};
	static const struct play of_the_flow = {
		RECORD_CALL, .step = "tcp_rcv", .softirq = true,
		.pid = 9,    .local = S,        .peer = C};
	static const struct play of_another = {
		RECORD_CALL, .step = "tcp_rcv", .softirq = true,
		.local = "10.0.0.9:1", .peer = "10.0.0.8:1"};

	(void)state;
	PLAY(&player, begin);
	assert_non_null(shown.connect);
	play(&player, &of_another);
	assert_null(shown.connect);
	play(&player, &of_the_flow);
	assert_ptr_equal(shown.connect, connect_at(0));
}

static void a_nonblocking_one_goes_on_after_its_return(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .proto = TCP, .id = CALL_CONNECT, .sock = 1,
		 .peer = S},
		{RECORD_PACKET, .local = C, .peer = S, .flags = TH_SYN,
		 .seq = 5},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1, .local = C,
		 .peer = S, .ret = -EINPROGRESS},
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 1, .local = C,
		 .peer = S},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1, .local = C,
		 .peer = S, .ret = -EALREADY},
		{RECORD_PACKET, .local = S, .peer = C, .flags = SYN_ACK},
		{RECORD_STATE, .sock = 1, .local = C, .peer = S, .old_state = 2,
		 .new_state = 1},
	};
	static const struct play rest[] = {
		{RECORD_PACKET, .local = C, .peer = S, .flags = TH_ACK},
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 1, .local = C,
		 .peer = S},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1, .local = C,
		 .peer = S},
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 1, .local = C,
		 .peer = S},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1, .local = C,
		 .peer = S, .ret = -EISCONN},
	};

	(void)state;
	PLAY(&player, run);
	assert_ptr_equal(shown.connect, connect_at(0));
	PLAY(&player, rest);
	assert_int_equal(connect_at(0)->flow->track[WITNESS_WIRE].progress,
			 FLOW_ESTABLISHED);
	assert_int_equal(connect_at(0)->inside[WITNESS_WIRE], 1);
	assert_true(connect_at(0)->settled);
	for (int i = 1; i < 4; i++)
		assert_int_equal(connect_at(i)->first, connect_at(0)->number);
}

static void a_refused_socket_may_call_again(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .proto = TCP, .id = CALL_CONNECT, .sock = 1,
		 .peer = S},
		{RECORD_PACKET, .local = C, .peer = S, .flags = TH_SYN,
		 .seq = 5},
		{RECORD_PACKET, .local = S, .peer = C, .flags = TH_RST},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1,
		 .ret = -ECONNREFUSED},
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 1, .peer = S},
		{RECORD_PACKET, .local = "10.0.0.1:5", .peer = S,
		 .flags = TH_SYN, .seq = 9},
		{RECORD_PACKET, .local = S, .peer = "10.0.0.1:5",
		 .flags = TH_RST},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1,
		 .ret = -ECONNREFUSED},
	};

	(void)state;
	PLAY(&player, run);
	/* the address was gone at the exit: found by the peer */
	assert_int_equal(connect_at(0)->local.port, 41234);
	assert_int_equal(connect_at(1)->local.port, 5);
	assert_int_equal(connect_at(1)->first, 0);
	assert_int_equal(connect_at(1)->flow->track[WITNESS_WIRE].progress,
			 FLOW_REFUSED);
}

/* A peer that a socket no longer has is a stranger's, like any other. */
static void the_peer_of_a_dissolved_socket_is_a_stranger(void **state)
{
	static const struct play dissolved[] = {
		{RECORD_ENTER, .proto = UDP, .id = CALL_CONNECT, .sock = 1,
		 .peer = S},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1, .local = C,
		 .peer = S},
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 1, .local = C,
		 .peer = "AF_UNSPEC"},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1,
		 .local = "0.0.0.0:0"},
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 1,
		 .local = "0.0.0.0:0"},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1,
		 .local = "0.0.0.0:0", .ret = -EINVAL},
	};
	static const struct play refused[] = {
		{RECORD_ENTER, .proto = TCP, .id = CALL_CONNECT, .sock = 2,
		 .peer = S},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 2,
		 .local = "0.0.0.0:0", .ret = -ECONNREFUSED},
	};
	static const struct play later[] = {
		{RECORD_ENTER, .proto = UDP, .id = CALL_GETSOCKNAME, .sock = 1,
		 .local = "0.0.0.0:0"},
		{RECORD_EXIT, .id = CALL_GETSOCKNAME, .sock = 1,
		 .local = "0.0.0.0:0"},
		{RECORD_PACKET, .local = "10.0.0.7:9", .peer = S},
		{RECORD_ENTER, .proto = TCP, .id = CALL_GETSOCKNAME, .sock = 2,
		 .local = "0.0.0.0:0"},
		{RECORD_EXIT, .id = CALL_GETSOCKNAME, .sock = 2,
		 .local = "0.0.0.0:0"},
		{RECORD_PACKET, .local = "10.0.0.7:9", .peer = S,
		 .flags = TH_SYN, .seq = 3},
	};

	(void)state;
	PLAY(&player, dissolved);
	PLAY(&player, refused);
	PLAY(&player, later);
	assert_int_equal(shown.of_type[RECORD_PACKET], 0);
}

static void a_state_tells_the_address_too(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .proto = TCP, .id = CALL_CONNECT, .sock = 1,
		 .peer = S},
		{RECORD_PACKET, .local = C, .peer = S, .flags = TH_SYN},
		{RECORD_PACKET, .local = "10.0.0.1:6", .peer = S,
		 .flags = TH_SYN},
		{RECORD_STATE, .sock = 1, .local = C, .peer = S, .old_state = 2,
		 .new_state = 7},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1,
		 .ret = -ECONNREFUSED},
	};

	(void)state;
	PLAY(&player, run);
	assert_int_equal(connect_at(0)->local.port, 41234);
}

static void an_exit_that_never_came(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 1, .peer = S},
		{RECORD_ENTER, .id = CALL_CLOSE, .sock = 1},
		{RECORD_EXIT, .id = CALL_CLOSE, .sock = 1},
		{RECORD_ENTER, .proto = TCP, .id = CALL_CONNECT, .sock = 2,
		 .peer = S},
		{RECORD_EXIT, .proto = UDP, .id = CALL_CONNECT, .sock = 3,
		 .tid = 99, .local = C},
		{RECORD_EXIT, .proto = TCP, .id = CALL_CONNECT, .sock = 4,
		 .tid = 98, .local = C},
		{RECORD_EXIT, .id = CALL_SOCKET, .ret = -EMFILE},
		{RECORD_EXIT, .id = CALL_READ, .sock = 4, .tid = 4242},
	};

	(void)state;
	PLAY(&player, run);
	assert_false(connect_at(0)->returned);
	assert_false(connect_at(1)->returned);
	assert_true(connect_at(2)->returned);
	assert_false(connect_at(2)->entered);
	assert_false(connect_at(3)->entered);
}

static void new_sockets_forget_what_their_number_meant(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .proto = TCP, .id = CALL_CONNECT, .peer = S},
		{RECORD_EXIT, .id = CALL_CONNECT, .local = C, .peer = S,
		 .ret = -EINPROGRESS},
		{RECORD_ENTER, .id = CALL_CLOSE},
		{RECORD_EXIT, .id = CALL_CLOSE},
		{RECORD_ENTER, .id = CALL_SOCKET},
		{RECORD_EXIT, .id = CALL_SOCKET, .ret = 3},
		{RECORD_ENTER, .id = CALL_CONNECT, .peer = S},
		{RECORD_EXIT, .id = CALL_CONNECT, .ret = -ENETUNREACH},
	};

	(void)state;
	PLAY(&player, run); /* no socket numbers: known by pid and fd */
	assert_null(connect_at(1)->previous);
	assert_int_equal(connect_at(1)->first, 0);
}

static void bind_and_accept_teach_addresses(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .proto = TCP, .id = CALL_BIND, .sock = 1,
		 .peer = "0.0.0.0:7007"},
		{RECORD_EXIT, .id = CALL_BIND, .sock = 1,
		 .local = "0.0.0.0:7007"},
		{RECORD_ENTER, .id = CALL_ACCEPT, .sock = 1},
		{RECORD_PACKET, .local = C, .peer = S, .flags = TH_SYN},
		{RECORD_EXIT, .id = CALL_ACCEPT, .sock = 2, .local = S,
		 .peer = C, .ret = 5},
		{RECORD_PACKET, .local = S, .peer = C, .flags = TH_ACK},
		{RECORD_PACKET, .local = S, .peer = C, .flags = TH_ACK,
		 .proto = UDP},
	};

	(void)state;
	PLAY(&player, run);
	assert_int_equal(shown.of_type[RECORD_PACKET], 4);
}

static void a_capture_shows_all(void **state)
{
	static const struct play run[] = {
		{RECORD_PACKET, .local = C, .peer = S},
	};

	(void)state;
	story_free(story);
	assert_int_equal(story_new(&story, &shown.sink), 0);
	player.sink = story_input(story);
	play_meta(&player, "capture", "lo");
	PLAY(&player, run);
	assert_int_equal(shown.of_type[RECORD_PACKET], 2);
	play_meta(&player, "udp", "lo"); /* a second one says nothing */
	assert_int_equal(shown.of_type[RECORD_META], 2);
	PLAY(&player, run);
	assert_int_equal(shown.of_type[RECORD_PACKET], 4);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static const struct CMUnitTest tests[] = {
	TEST(a_udp_connect_has_a_window),
	TEST(an_icmp_error_is_shown_and_not_counted),
	TEST(on_lo_the_kernel_sees_a_packet_twice),
	TEST(who_sent_meanwhile_is_named),
	TEST(a_handshake_is_found_when_the_exit_tells_the_address),
	TEST(what_runs_in_softirq_is_the_flows_not_the_tasks),
	TEST(a_nonblocking_one_goes_on_after_its_return),
	TEST(a_refused_socket_may_call_again),
	TEST(the_peer_of_a_dissolved_socket_is_a_stranger),
	TEST(a_state_tells_the_address_too),
	TEST(an_exit_that_never_came),
	TEST(new_sockets_forget_what_their_number_meant),
	TEST(bind_and_accept_teach_addresses),
	TEST(a_capture_shows_all),
};

TAP_MAIN(tests)
