// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* view_text.c, view_json.c, describe.c, line.c: a story, to the byte. */
#include "viewing.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where a sentence stands, and where it goes on. */
#define FIRST "                                     ╰ "
#define NEXT  "                                       "

static void a_call_that_returns_at_once_is_one_line(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .id = CALL_GETSOCKNAME, .sock = 1, .tid = 5},
		{RECORD_EXIT, .id = CALL_GETSOCKNAME, .sock = 1, .tid = 5,
		 .local = C, .after_us = 1500},
	};

	(void)state;
	begin(&view_text);
	PLAY(&player, run);
	end("    0.000 ms  client 4242/5      getsockname(3) = 0, " C "\n");
}

static void a_packet_on_a_bridge_is_told_from_another(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .id = CALL_WRITE, .sock = 1, .local = C,
		 .count = 5},
		{RECORD_PACKET, .local = C, .peer = S, .ret = 5,
		 .witness = WITNESS_WIRE, .iface = "veth0"},
		{RECORD_PACKET, .local = C, .peer = S, .ret = 5,
		 .witness = WITNESS_WIRE, .iface = "br0"},
		{RECORD_PACKET, .local = S, .peer = C, .ret = 5,
		 .witness = WITNESS_WIRE, .iface = "br0"},
	};

	(void)state;
	begin(&view_text);
	PLAY(&player, run);
	end("    0.000 ms  client 4242        write(3, 5 bytes)\n"
	    "    0.010 ms                       ▶ UDP " C " → " S "  5 bytes\n"
	    "    0.020 ms                       ▶ UDP " C " → " S
	    "  5 bytes  again, on br0\n"
	    "    0.030 ms                       ▶ UDP " S " → " C
	    "  5 bytes\n");
}

static void an_icmp_error_names_who_and_what_for(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .proto = UDP, .id = CALL_WRITE, .sock = 1,
		 .local = C, .count = 5},
		{RECORD_ICMP, .witness = WITNESS_KERNEL, .from = "10.0.0.2",
		 .icmp_type = 3, .icmp_code = 3, .local = C, .peer = S},
		{RECORD_ICMP, .witness = WITNESS_WIRE, .from = "10.0.0.2",
		 .icmp_type = 3, .icmp_code = 3, .local = C, .peer = S},
		{RECORD_ICMP, .witness = WITNESS_WIRE, .from = "fe80::1",
		 .icmp_type = 1, .icmp_code = 99, .local = C, .peer = S,
		 .in = true, .iface = "eth0"},
	};

	(void)state;
	begin(&view_text);
	PLAY(&player, run);
	end("    0.000 ms  client 4242        write(3, 5 bytes)\n"
	    "    0.020 ms                       ▶ ICMP from 10.0.0.2: port "
	    "unreachable, for UDP " C " → " S "\n"
	    "    0.030 ms                       ◀ ICMP from fe80::1: type 1, "
	    "code 99, for UDP " C " → " S "  again, on eth0\n");
}

static void what_lies_between_is_shown_between(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .id = CALL_WRITE, .sock = 1, .count = 5},
		{RECORD_CALL, .step = "udp_sendmsg", .sock = 1, .local = C,
		 .ret = 5},
		{RECORD_PACKET, .local = C, .peer = S, .ret = 5,
		 .witness = WITNESS_WIRE},
		{RECORD_CALL, .step = "udp_rcv", .local = C, .peer = S,
		 .softirq = true, .proto = UDP},
		{RECORD_EXIT, .id = CALL_WRITE, .sock = 1, .ret = 5},
	};

	(void)state;
	begin(&view_text);
	PLAY(&player, run);
	end("    0.000 ms  client 4242        write(3, 5 bytes)\n"
	    "    0.010 ms                       ┊ udp_sendmsg               "
	    "makes one datagram of one call, 5 bytes\n"
	    "    0.020 ms                       ▶ UDP " C " → " S "  5 bytes\n"
	    "    0.030 ms  softirq              ┊ udp_rcv                   "
	    "for " S ": takes a datagram from IP\n"
	    "    0.040 ms  client 4242        write(3) = 5\n");
}

static void a_result_after_somebody_elses_lines_names_its_call(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .id = CALL_READ, .sock = 1, .count = 9},
		{RECORD_ENTER, .id = CALL_READ, .sock = 2, .count = 9, .pid = 7,
		 .comm = "server"},
		{RECORD_EXIT, .id = CALL_READ, .sock = 1, .ret = 1},
		{RECORD_EXIT, .id = CALL_READ, .sock = 2, .ret = 2, .pid = 7,
		 .comm = "server"},
		{RECORD_ENTER, .id = CALL_READ, .sock = 1, .count = 9},
		{RECORD_CALL, .step = "udp_recvmsg", .sock = 1},
		{RECORD_EXIT, .id = CALL_READ, .sock = 1, .ret = -EAGAIN},
		{RECORD_EXIT, .id = CALL_READ, .sock = 1, .ret = 0},
	};

	(void)state;
	begin(&view_text);
	PLAY(&player, run);
	end("    0.000 ms  client 4242        read(3, 9 bytes)\n"
	    "    0.010 ms  server 7           read(3, 9 bytes)\n"
	    "    0.020 ms  client 4242        read(3) = 1\n"
	    "    0.030 ms  server 7           read(3) = 2\n"
	    "    0.040 ms  client 4242        read(3, 9 bytes)\n"
	    "    0.050 ms                       ┊ udp_recvmsg               "
	    "reads, for a system call\n"
	    "    0.060 ms                       = -1 EAGAIN\n"
	    "    0.070 ms  client 4242        read(3) = 0\n");
}

/* A function without an entry: its step; flags without one: each of them. */
static void what_is_said_is_explained_below(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .proto = TCP, .id = CALL_WRITE, .sock = 1,
		 .local = C, .peer = S, .count = 5},
		{RECORD_CALL, .step = "tcp_rcv", .function = "forced",
		 .sock = 1},
		{RECORD_CALL, .step = "no_such_step", .sock = 1},
		{RECORD_PACKET, .local = C, .peer = S, .flags = 0x06,
		 .proto = TCP, .witness = WITNESS_WIRE},
		{RECORD_PACKET, .local = C, .peer = S, .flags = 0x06,
		 .proto = TCP, .witness = WITNESS_KERNEL},
		{RECORD_EXIT, .proto = TCP, .id = CALL_WRITE, .sock = 1,
		 .ret = -EBADF},
	};

	(void)state;
	options.explain = options.verbose = true;
	begin(&view_text);
	PLAY(&player, run);
	end("    0.000 ms  client 4242        write(3, 5 bytes → " S ")\n" FIRST
	    "write(2) on a socket sends to its peer: on UDP one "
	    "datagram,\n" NEXT "on TCP bytes of the stream.\n"
	    "    0.010 ms                       ┊ forced                    "
	    "takes a segment from IP\n" FIRST
	    "In this step a TCP segment arrives from IP.\n"
	    "    0.020 ms                       ┊ no_such_step\n"
	    "    0.030 ms                       ▶ TCP " C " → " S
	    "  SYN-RST  seq 0 ack 0  on lo\n" FIRST
	    "SYN asks for a connection: the first segment of the "
	    "client.\n" FIRST
	    "RST resets the connection, or says that there is none for "
	    "this\n" NEXT "segment.\n"
	    "    0.040 ms                       ▷ TCP " C " → " S
	    "  SYN-RST  seq 0 ack 0  queued on lo\n"
	    "    0.050 ms                       = -1 EBADF\n" FIRST
	    "EBADF: the number is not an open descriptor.\n");
}

static void connects_say_what_the_wire_saw(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .proto = TCP, .id = CALL_CONNECT, .sock = 1,
		 .peer = S},
		{RECORD_PACKET, .local = C, .peer = S, .flags = TH_SYN,
		 .seq = 5, .in = true, .iface = "eth0"},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1, .local = C,
		 .peer = S, .ret = -EINPROGRESS},
		{RECORD_STATE, .sock = 1, .local = C, .peer = S, .old_state = 2,
		 .new_state = 50},
		{RECORD_ENTER, .proto = UDP, .id = CALL_CONNECT, .sock = 2,
		 .peer = S},
		{RECORD_PACKET, .sock = 2, .local = C, .peer = S,
		 .witness = WITNESS_KERNEL},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 2, .local = C,
		 .peer = S},
	};

	(void)state;
	begin(&view_text);
	PLAY(&player, run);
	end("    0.000 ms  client 4242        connect(3, " S ")\n"
	    "    0.011 ms                       ◀ TCP " C " → " S "  SYN\n"
	    "    0.020 ms                       = -1 EINPROGRESS            "
	    "1 packet on the wire: SYN\n"
	    "    0.030 ms                       state SYN_SENT → 50         "
	    "of " C "\n"
	    "    0.040 ms  client 4242        connect(3, " S ") = 0  "
	    "0 packets on the wire (1 by the kernel's count); local " C "\n");
}

static void verbose_shows_the_kernels_packets_and_numbers(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .proto = TCP, .id = CALL_WRITE, .sock = 1,
		 .local = C, .peer = S, .count = 5},
		{RECORD_PACKET, .local = C, .peer = S, .flags = 0x18, .ret = 1,
		 .seq = 7},
		{RECORD_PACKET, .local = C, .peer = S, .flags = 0x18,
		 .in = true, .iface = "eth0", .witness = WITNESS_KERNEL},
	};

	(void)state;
	options.verbose = true;
	begin(&view_text);
	play_meta_flawed(&player, "udp", "udp_connect", "broken_one");
	PLAY(&player, run);
	play_controls(&player);
	end("kernel 6.1.0, kprobe tier, capturing on lo\n"
	    "  udp_connect: broken_one (never fired)\n"
	    "  udp_sendmsg: udp_sendmsg\n"
	    "  udp_transmit: ip_send_skb\n"
	    "  udp6_connect: __ip6_datagram_connect\n"
	    "  udp6_sendmsg: udpv6_sendmsg\n"
	    "  udp6_transmit: ip6_send_skb\n"
	    "  tcp_v4_connect: tcp_v4_connect\n"
	    "  tcp_v6_connect: tcp_v6_connect\n"
	    "  tcp_connect: tcp_connect\n"
	    "  tcp_transmit: __tcp_transmit_skb\n"
	    "    0.000 ms  client 4242        write(3, 5 bytes → " S ")\n"
	    "    0.010 ms                       ▷ TCP " C " → " S
	    "  PSH-ACK  1 byte  seq 7 ack 0  queued on lo\n"
	    "    0.011 ms                       ▶ TCP " C " → " S
	    "  PSH-ACK  1 byte  seq 7 ack 0  on lo\n"
	    "    0.020 ms                       ◁ TCP " C " → " S
	    "  PSH-ACK  seq 0 ack 0  received on eth0\n"
	    "control: the syscall witness saw 2 of 2 self-tests\n"
	    "control: the kernel witness saw 2 of 2 self-tests\n"
	    "control: the wire witness saw 2 of 2 self-tests\n");
}

static void loss_is_always_a_line(void **state)
{
	static const struct play run[] = {
		{RECORD_LOST, .witness = WITNESS_KERNEL, .count = 1},
		{RECORD_LOST, .witness = WITNESS_WIRE, .count = 12,
		 .cause = LOST_LATE},
		{RECORD_LOST, .witness = WITNESS_SYSCALL, .count = 1,
		 .cause = LOST_TRUNCATED},
		{RECORD_LOST, .witness = WITNESS_KERNEL, .count = 3,
		 .cause = LOST_MISSED},
		{RECORD_LOST, .witness = WITNESS_WIRE, .count = 1,
		 .cause = LOST_UNREAD},
		{RECORD_LOST, .witness = WITNESS_SYSCALL, .count = 2,
		 .cause = LOST_UNWATCHED},
		{RECORD_LOST, .witness = WITNESS_SYSCALL, .count = 2,
		 .cause = LOST_UNFOLLOWED},
	};

	(void)state;
	begin(&view_text);
	PLAY(&player, run);
	end("LOST  1 event of the kernel witness had no room and was "
	    "dropped\n"
	    "LOST  12 events of the wire witness came too late to be put in "
	    "order\n"
	    "LOST  the rest: the recording ended before the run\n"
	    "LOST  3 events of the kernel witness came while another probe "
	    "was running\n"
	    "LOST  1 event of the wire witness could not be read\n"
	    "LOST  2 events of the syscall witness came from a 32-bit program "
	    "or io_uring\n"
	    "LOST  2 processes could not be followed: the table was full\n");
}

static void foreign_names_reach_no_terminal(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .id = CALL_CLOSE, .sock = 1,
		 .comm = "\033[31m\xff\n"},
		{RECORD_CALL, .step = "udp_close", .sock = 1,
		 .function = "f\033", .comm = "\033[31m\xff\n"},
		{RECORD_PACKET, .local = C, .peer = S, .iface = "\033[2J"},
	};

	(void)state;
	options.verbose = true;
	begin(&view_text);
	PLAY(&player, run);
	assert_int_equal(view->ops->close(view), 0);
	fclose(options.out);
	assert_null(strchr(text, '\033'));
	assert_null(strchr(text, '\xff'));
	assert_non_null(strstr(text, "\\x1b[31m\\xff\\x0a 4242  close(3)"));
}

static void stacks_stand_below(void **state)
{
	char **frames = calloc(2, sizeof(char *));
	struct record call = {.type = RECORD_CALL,
			      .ts_ns = 1,
			      .tid = 1,
			      .pid = 1,
			      .comm = "a",
			      .call = {.context = CONTEXT_TASK,
				       .stack = frames,
				       .stack_len = 2}};

	(void)state;
	frames[0] = strdup("udp_sendmsg+0x0");
	frames[1] = strdup("__sys_sendto+0x12\033");
	strcpy(call.call.function, "udp_sendmsg");
	options.stack = true;
	begin(&view_text);
	player.sink->push(player.sink, &call);
	end("    0.000 ms  a 1                  ┊ udp_sendmsg\n"
	    "                                       udp_sendmsg+0x0\n"
	    "                                       __sys_sendto+0x12\\x1b\n");
}

static void quiet_is_the_verdict_alone(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .id = CALL_CLOSE, .sock = 1},
		{RECORD_CALL, .step = "udp_close", .sock = 1},
		{RECORD_STATE, .sock = 1},
		{RECORD_PACKET, .local = C, .peer = S},
		{RECORD_EXIT, .id = CALL_CLOSE, .sock = 1},
		{RECORD_LOST, .witness = WITNESS_WIRE, .count = 1},
	};

	(void)state;
	options.quiet = true;
	options.verbose = true;
	begin(&view_text);
	play_meta(&player, "udp", "lo");
	PLAY(&player, run);
	show_verdict(VERDICT_FAIL);
	end("FAIL  sentence\n"
	    "      - first\\x1b\n"
	    "      - second\n");
}

static void colours_are_put_round_and_nowhere_else(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .id = CALL_CLOSE, .sock = 1},
	};

	(void)state;
	options.colour = true;
	begin(&view_text);
	PLAY(&player, run);
	/* what is not there yet waits for the next line */
	fflush(options.out);
	assert_int_equal(text_len, 0);
	show_verdict(VERDICT_PASS);
	end("\033[2m    0.000 ms  \033[0mclient 4242        close(3)\n"
	    "\n"
	    "\033[1;32mPASS\033[0m  sentence\n"
	    "      - first\\x1b\n"
	    "      - second\n");
}

static void json_lines_are_the_records(void **state)
{
	(void)state;
	options.quiet = true;
	begin(&view_json);
	play_controls(&player);
	show_verdict(VERDICT_PASS);
	end("{\"type\":\"verdict\",\"claim\":\"udp-connect-silent\","
	    "\"result\":\"pass\",\"tier\":\"unknown\",\"summary\":"
	    "\"sentence\",\"connects\":[],\"reasons\":[\"first\\\\x1b\","
	    "\"second\"]}\n");
}

static const struct CMUnitTest tests[] = {
	VIEWING(a_call_that_returns_at_once_is_one_line),
	VIEWING(a_packet_on_a_bridge_is_told_from_another),
	VIEWING(an_icmp_error_names_who_and_what_for),
	VIEWING(what_lies_between_is_shown_between),
	VIEWING(a_result_after_somebody_elses_lines_names_its_call),
	VIEWING(what_is_said_is_explained_below),
	VIEWING(connects_say_what_the_wire_saw),
	VIEWING(verbose_shows_the_kernels_packets_and_numbers),
	VIEWING(loss_is_always_a_line),
	VIEWING(foreign_names_reach_no_terminal),
	VIEWING(stacks_stand_below),
	VIEWING(quiet_is_the_verdict_alone),
	VIEWING(colours_are_put_round_and_nowhere_else),
	VIEWING(json_lines_are_the_records),
};

TAP_MAIN(tests)
