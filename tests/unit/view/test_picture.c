// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* picture.c, picture_finish.c: which rows, in which lanes. */
#include "viewing.h"

#include <netinet/tcp.h>

#include "record/container_of.h"
#include "view/picture.h"

/* A view whose output is the picture itself. */
static struct picture picture;
static struct view picture_view;

static int open_picture(struct view **out, const struct view_options *unused)
{
	(void)unused;
	picture = (struct picture){0};
	*out = &picture_view;
	return 0;
}

static int show_picture(struct view *unused, const struct record *record,
			const struct note *note)
{
	(void)unused;
	return picture_add(&picture, record, note);
}

static const char *const lanes = "ckwSC";
static const char *const phases = "-<|>.";

/* "|c connect(3, …)": a line for each row, with its phase and its lane. */
static int close_picture(struct view *unused)
{
	(void)unused;
	assert_int_equal(picture_finish(&picture), 0);
	for (unsigned int i = 0; i < picture.panels_len; i++) {
		const struct panel *panel = &picture.panels[i];

		for (size_t j = 0; j < panel->len; j++) {
			const struct picture_row *row = &panel->rows[j];
			char what[128];
			struct text words;

			text_init(&words, what, sizeof(what));
			row_what(&words, row);
			fprintf(options.out, "%c%c %s", phases[row->phase],
				lanes[row->lane], what);
			if (row->record.type == RECORD_PACKET && row->arrives)
				fprintf(options.out, " to %zu", row->arrival);
			if (row->more)
				fprintf(options.out, " %u times %u rows",
					row->more, row->more_rows);
			putc('\n', options.out);
		}
	}
	picture_fini(&picture);
	return 0;
}

static const struct view_ops drawn = {
	.name = "picture",
	.open = open_picture,
	.show = show_picture,
	.close = close_picture,
};
static struct view picture_view = {.ops = &drawn};

static void udp_shows_one_datagram_after_its_connect(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .pid = 9, .id = CALL_RECVFROM, .sock = 2,
		 .local = S},
		{RECORD_ENTER, .id = CALL_SOCKET, .fd = -1},
		{RECORD_EXIT, .id = CALL_SOCKET, .fd = -1, .sock = 1, .ret = 3},
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 1, .peer = S},
		{RECORD_CALL, .step = "udp_connect",
		 .function = "dgram_connect", .sock = 1},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1, .local = C,
		 .peer = S},
		{RECORD_ENTER, .id = CALL_WRITE, .sock = 1, .local = C,
		 .peer = S, .count = 5},
		{RECORD_PACKET, .sock = 1, .local = C, .peer = S, .ret = 5},
		{RECORD_CALL, .step = "udp_rcv", .function = "udp_rcv",
		 .softirq = true, .local = C, .peer = S},
		{RECORD_EXIT, .id = CALL_WRITE, .sock = 1, .local = C,
		 .ret = 5},
		{RECORD_EXIT, .pid = 9, .id = CALL_RECVFROM, .sock = 2,
		 .local = S, .peer = C, .ret = 5},
	};

	(void)state;
	begin(&drawn);
	play_meta(&player, "udp", "lo");
	PLAY(&player, run);
	end("-C recvfrom(3, 0 bytes)\n"
	    "<c socket(AF_UNSPEC, 0) = 3\n"
	    "|c connect(3, " S ")\n"
	    "|k dgram_connect\n"
	    "|c connect returns 0\n"
	    ">c write(3, 5 bytes → " S ")\n"
	    ">k UDP 5 B to 7\n"
	    ">S udp_rcv\n"
	    ".c write returns 5\n"
	    ".C recvfrom returns 5 from " C "\n");
}

static void a_return_may_come_first(void **state)
{
	static const struct play run[] = {
		{RECORD_EXIT, .id = CALL_RECVFROM, .sock = 2, .local = S,
		 .peer = C, .ret = 5},
	};

	(void)state;
	begin(&drawn);
	play_meta(&player, "udp", "lo");
	PLAY(&player, run);
	end(".c recvfrom returns 5 from " C "\n");
}

static void what_another_socket_sends_is_not_inside(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 1, .peer = S},
		{RECORD_ENTER, .tid = 7, .id = CALL_SENDTO, .sock = 5,
		 .local = "127.0.0.1:9", .peer = S, .count = 5},
		{RECORD_PACKET, .sock = 5, .local = "127.0.0.1:9", .peer = S},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1, .local = C,
		 .peer = S},
	};

	(void)state;
	begin(&drawn);
	play_meta(&player, "udp", "lo");
	PLAY(&player, run);
	end("|c connect(3, " S ")\n"
	    "-c sendto(3, 5 bytes → " S ")\n"
	    "-k UDP 0 B\n"
	    "|c connect returns 0\n");
}

static void a_handshake_that_the_call_does_not_wait_for(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .proto = TCP, .id = CALL_CONNECT, .sock = 1,
		 .peer = S},
		{RECORD_PACKET, .sock = 1, .local = C, .peer = S,
		 .flags = TH_SYN, .seq = 1},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1, .local = C,
		 .peer = S, .ret = -115},
		{RECORD_PACKET, .local = S, .peer = C, .flags = TH_SYN | TH_ACK,
		 .seq = 7},
		{RECORD_CALL, .step = "tcp_rcv", .function = "tcp_v4_rcv",
		 .softirq = true, .local = S, .peer = C},
		{RECORD_PACKET, .sock = 1, .local = C, .peer = S,
		 .flags = TH_ACK, .seq = 2},
		{RECORD_ENTER, .id = CALL_CLOSE, .sock = 1, .local = C},
	};

	(void)state;
	begin(&drawn);
	play_meta(&player, "tcp", "lo");
	PLAY(&player, run);
	end("|c connect(3, " S ")\n"
	    "|k SYN\n"
	    "|c connect returns -1 EINPROGRESS\n"
	    ">S SYN-ACK to 4\n"
	    ">k tcp_v4_rcv\n"
	    ">k ACK\n"
	    ".c close(3)\n");
}

static void a_packet_that_is_sent_again_is_another(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .proto = TCP, .id = CALL_CONNECT, .sock = 1,
		 .peer = S},
		{RECORD_PACKET, .sock = 1, .local = C, .peer = S,
		 .flags = TH_SYN, .seq = 1},
		{RECORD_PACKET, .sock = 1, .local = C, .peer = S,
		 .flags = TH_SYN, .seq = 1},
	};

	(void)state;
	begin(&drawn);
	play_meta(&player, "tcp", "lo");
	PLAY(&player, run);
	end("|c connect(3, " S ")\n"
	    "|k SYN\n"
	    "|k SYN\n");
}

static void equal_rounds_are_counted(void **state)
{
	static const struct play connected[] = {
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 1, .peer = S},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1, .local = C,
		 .peer = S},
	};
	static const struct play round[] = {
		{RECORD_ENTER, .id = CALL_WRITE, .sock = 1, .local = C},
		{RECORD_PACKET, .sock = 1, .local = C, .peer = S, .ret = 5},
		{RECORD_EXIT, .id = CALL_WRITE, .sock = 1, .local = C,
		 .ret = 5},
		{RECORD_CALL, .step = "udp_rcv", .function = "udp_rcv",
		 .softirq = true, .local = C, .peer = S},
	};

	(void)state;
	begin(&drawn);
	play_meta(&player, "udp", "lo");
	PLAY(&player, connected);
	for (int i = 0; i < 2100; i++)
		PLAY(&player, round);
	end("|c connect(3, " S ")\n"
	    "|c connect returns 0\n"
	    ">c write(3, 0 bytes)\n"
	    ">k UDP 5 B to 5\n"
	    ">c write returns 5\n"
	    ">S udp_rcv\n"
	    ".c write(3, 0 bytes)\n"
	    ".k UDP 5 B to 9\n"
	    ".c write returns 5\n"
	    ".S udp_rcv 2098 times 4 rows\n");
}

static const struct CMUnitTest tests[] = {
	VIEWING(udp_shows_one_datagram_after_its_connect),
	VIEWING(a_return_may_come_first),
	VIEWING(what_another_socket_sends_is_not_inside),
	VIEWING(a_handshake_that_the_call_does_not_wait_for),
	VIEWING(a_packet_that_is_sent_again_is_another),
	VIEWING(equal_rounds_are_counted),
};

TAP_MAIN(tests)
