// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* view_text.c, describe.c: what ordinary traffic makes of calls and sockets. */
#include "viewing.h"

/* The address that the call gave is not where the packets go. */
static void a_peer_that_was_changed_is_shown(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .proto = UDP, .id = CALL_CONNECT, .sock = 1,
		 .peer = "0.0.0.0:7007", .local = C},
		{RECORD_PACKET, .sock = 9, .local = S, .peer = C, .ret = 3},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1, .local = C,
		 .peer = "127.0.0.1:7007"},
		{RECORD_ENTER, .proto = TCP, .id = CALL_CONNECT, .sock = 2,
		 .peer = S},
		{RECORD_PACKET, .sock = 2, .local = "10.0.0.1:2",
		 .peer = "10.0.0.3:3", .own_local = "10.0.0.1:2",
		 .own_peer = "10.0.0.4:4", .flags = TH_SYN},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 2,
		 .local = "10.0.0.1:2", .peer = "10.0.0.4:4"},
	};

	(void)state;
	begin(&view_text);
	PLAY(&player, run);
	end("    0.000 ms  client 4242        connect(3, 0.0.0.0:7007)\n"
	    "    0.011 ms                       ◀ UDP " S " → " C "  3 bytes\n"
	    "    0.020 ms                       = 0                         "
	    "0 packets on the wire, 1 received; local " C
	    "; the kernel stored 127.0.0.1:7007: the any-address means this "
	    "machine\n"
	    "    0.030 ms  client 4242        connect(3, " S ")\n"
	    "    0.041 ms                       ▶ TCP 10.0.0.1:2 → "
	    "10.0.0.3:3  SYN\n"
	    "    0.050 ms                       = 0                         "
	    "1 packet on the wire: SYN; local 10.0.0.1:2; the kernel stored "
	    "10.0.0.4:4: a BPF program of its cgroup may do that; NAT: on the "
	    "wire it is 10.0.0.1:2 → 10.0.0.3:3\n");
}

/* The student sees it in ss(8), though the socket is closed. */
static void time_wait_follows_a_socket(void **state)
{
	static const struct play run[] = {
		{RECORD_STATE, .proto = TCP, .sock = 1, .local = C, .peer = S,
		 .old_state = 4, .new_state = 5},
		{RECORD_STATE, .proto = TCP, .sock = 1, .peer = S,
		 .old_state = 5, .new_state = 7, .continues = true},
	};

	(void)state;
	begin(&view_text);
	PLAY(&player, run);
	end("    0.000 ms                       state FIN_WAIT1 → FIN_WAIT2 "
	    "of " C "\n"
	    "    0.010 ms                       state FIN_WAIT2 → CLOSE     "
	    "TIME_WAIT follows, which `ss -tan` shows\n");
}

static const struct CMUnitTest tests[] = {
	VIEWING(a_peer_that_was_changed_is_shown),
	VIEWING(time_wait_follows_a_socket),
};

TAP_MAIN(tests)
