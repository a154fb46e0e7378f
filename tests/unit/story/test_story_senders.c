// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* story.c, calls.c: whose packet it is, where a port does not show it. */
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

/* SO_REUSEPORT: another program's socket has the same address. */
static void a_strangers_packets_are_not_shown(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 1, .peer = S,
		 .local = C},
		{RECORD_PACKET, .sock = 9, .local = C, .peer = S},
		{RECORD_PACKET, .sock = 9, .local = S, .peer = C},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1, .local = C},
	};

	(void)state;
	PLAY(&player, run);
	assert_int_equal(shown.of_type[RECORD_PACKET], 2);
	assert_true(shown.received);
	assert_int_equal(connect_at(0)->inside[WITNESS_KERNEL], 0);
	assert_int_equal(connect_at(0)->received[WITNESS_WIRE], 1);
}

/* bind(2) is refused because the address is another's. */
static void a_failed_bind_gives_no_address(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .id = CALL_BIND, .sock = 1, .local = C},
		{RECORD_EXIT, .id = CALL_BIND, .sock = 1, .ret = -EADDRINUSE},
		{RECORD_PACKET, .local = C, .peer = S},
	};

	(void)state;
	PLAY(&player, run);
	assert_int_equal(shown.of_type[RECORD_PACKET], 0);
}

/* The second connect(2) on a refused socket has a port of its own. */
static void a_second_call_has_its_packets_shown(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .proto = TCP, .id = CALL_CONNECT, .sock = 1,
		 .peer = S},
		{RECORD_PACKET, .sock = 1, .local = C, .peer = S,
		 .flags = TH_SYN, .seq = 5},
		{RECORD_PACKET, .local = S, .peer = C, .flags = TH_RST},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1,
		 .ret = -ECONNREFUSED},
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 1,
		 .peer = "10.0.0.3:9"},
		{RECORD_PACKET, .sock = 1, .local = "10.0.0.1:5",
		 .peer = "10.0.0.3:9", .flags = TH_SYN, .seq = 9},
		{RECORD_PACKET, .local = "10.0.0.3:9", .peer = "10.0.0.1:5",
		 .flags = TH_RST},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1,
		 .ret = -ECONNREFUSED},
	};

	(void)state;
	PLAY(&player, run);
	assert_int_equal(shown.of_type[RECORD_PACKET], 8);
	assert_int_equal(connect_at(1)->flow->track[WITNESS_WIRE].progress,
			 FLOW_REFUSED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static const struct CMUnitTest tests[] = {
	TEST(a_strangers_packets_are_not_shown),
	TEST(a_failed_bind_gives_no_address),
	TEST(a_second_call_has_its_packets_shown),
};

TAP_MAIN(tests)
