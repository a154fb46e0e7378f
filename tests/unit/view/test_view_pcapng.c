// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* view_pcapng.c, pcapng.c: the blocks of a file, and what they say. */
#include "viewing.h"

#include <stdlib.h>
#include <string.h>

#include "record/kept.h"

static struct kept kept;
static struct record_sink *story_input_sink;

/* As the capture does: what the wire sees is kept, and has a number. */
static int keep(struct record_sink *unused, struct record *record)
{
	(void)unused;
	if (record->type == RECORD_PACKET &&
	    record_witness(record) == WITNESS_WIRE)
		record->kept = kept_add(&kept, "frame", 5, 99);
	return story_input_sink->push(story_input_sink, record);
}

static struct record_sink keeper = {.push = keep};

static void begin_file(void)
{
	options.kept = &kept;
	story_input_sink = player.sink;
	player.sink = &keeper;
	begin(&view_pcapng);
	play_meta(&player, "both", "lo");
}

/* Ends the file. Its blocks' types, a letter each; their lengths are right. */
static const char *end_file(void)
{
	static char types[64];
	size_t len = 0;

	assert_int_equal(view->ops->close(view), 0);
	fclose(options.out);
	for (size_t at = 0; at < text_len;) {
		uint32_t head[2], tail;
		const char *letter;

		memcpy(head, text + at, sizeof(head));
		assert_int_equal(head[1] % 4, 0);
		assert_true(at + head[1] <= text_len);
		memcpy(&tail, text + at + head[1] - 4, sizeof(tail));
		assert_int_equal(tail, head[1]);
		switch (head[0]) {
		case 0x0a0d0d0a:
			letter = "S";
			break;
		case 1:
			letter = "I";
			break;
		case 0x80000001:
			letter = "P";
			break;
		case 5:
			letter = "s";
			break;
		case 6:
			letter = "p";
			break;
		default:
			assert_int_equal(head[0], 9);
			letter = "j";
		}
		types[len++] = *letter;
		at += head[1];
	}
	types[len] = '\0';
	kept_fini(&kept);
	return types;
}

/* How often @words stand in the file. */
static unsigned int times(const char *words)
{
	unsigned int count = 0;
	size_t len = strlen(words);

	for (size_t at = 0; at + len <= text_len; at++)
		count += memcmp(text + at, words, len) == 0;
	return count;
}

static void packets_and_calls_in_order(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .proto = UDP, .id = CALL_CONNECT, .sock = 1,
		 .peer = S},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1, .local = C,
		 .peer = S},
		{RECORD_ENTER, .id = CALL_WRITE, .sock = 1, .local = C,
		 .peer = S, .ret = 5},
		{RECORD_CALL, .step = "udp_transmit", .function = "ip_send_skb",
		 .sock = 1, .local = C, .peer = S},
		{RECORD_PACKET, .sock = 1, .local = C, .peer = S, .ret = 5},
		{RECORD_EXIT, .id = CALL_WRITE, .sock = 1, .local = C,
		 .peer = S, .ret = 5},
		{RECORD_PACKET, .local = S, .peer = C, .ret = 5, .in = true},
		{RECORD_EXIT, .id = CALL_CLOSE, .tid = 77, .pid = 77},
	};

	(void)state;
	begin_file();
	PLAY(&player, run);
	show_verdict(VERDICT_PASS);
	assert_string_equal(end_file(), "SIPjpjpjs");
	assert_int_equal(times("PASS  sentence"), 1);
	assert_int_equal(times("connect(2)"), 0);
	assert_int_equal(times("MESSAGE=connect(3, " S ") = 0\n"), 1);
	assert_int_equal(times("PID: 4242\nCmd: client\ninside write(2) of fd "
			       "3, after ip_send_skb; softirq: no"),
			 1);
	assert_int_equal(times("inside no system call, received"), 1);
	assert_int_equal(times("after ip_send_skb"), 1);
	assert_int_equal(times("frame"), 2);
	assert_int_equal(times("MESSAGE=close(3) = 0\n"), 1);
}

static void a_handshake_is_inside_connect(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .proto = TCP, .id = CALL_CONNECT, .sock = 1,
		 .peer = S},
		{RECORD_PACKET, .sock = 1, .local = C, .peer = S,
		 .flags = TH_SYN, .seq = 1},
		{RECORD_PACKET, .sock = 9, .local = S, .peer = C,
		 .flags = TH_SYN | TH_ACK, .seq = 5, .in = true},
		{RECORD_PACKET, .sock = 1, .local = C, .peer = S,
		 .flags = TH_ACK, .seq = 2},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1, .local = C,
		 .peer = S},
	};

	(void)state;
	begin_file();
	PLAY(&player, run);
	assert_string_equal(end_file(), "SIPpppjs");
	assert_int_equal(times("inside connect(2) of fd 3"), 3);
}

static void what_was_not_kept_is_not_there(void **state)
{
	static const struct play run[] = {
		{RECORD_LOST, .witness = WITNESS_WIRE, .count = 7},
		{RECORD_PACKET, .proto = UDP, .sock = 1, .local = C, .peer = S},
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 1, .peer = S,
		 .comm = "a\nMESSAGE=b"},
	};
	struct record_sink *sink;

	(void)state;
	begin_file();
	sink = player.sink;
	player.sink = story_input_sink;
	PLAY(&player, run);
	player.sink = sink;
	assert_string_equal(end_file(), "SIs");
}

static const struct CMUnitTest tests[] = {
	VIEWING(packets_and_calls_in_order),
	VIEWING(a_handshake_is_inside_connect),
	VIEWING(what_was_not_kept_is_not_there),
};

TAP_MAIN(tests)
