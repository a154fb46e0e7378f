// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* view_table.c: udp and tcp side by side. */
#include "viewing.h"

#include <errno.h>

static void no_table_but_for_both(void **state)
{
	(void)state;
	begin(&view_table);
	play_meta(&player, "udp", "lo");
	end("");
}

static void a_table_of_nothing_says_so(void **state)
{
	(void)state;
	begin(&view_table);
	play_meta(&player, "both", "lo");
	end("\n"
	    "  connect(2)        UDP                                   TCP\n"
	    "  to                no connect(2) was seen                "
	    "no connect(2) was seen\n"
	    "  returned          \n"
	    "  kernel functions  \n"
	    "  packets           \n"
	    "  so                INCONCLUSIVE                          "
	    "INCONCLUSIVE\n");
}

static void a_table_of_failures(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 1, .peer = S},
		{RECORD_CALL, .step = "udp_connect", .sock = 1},
		{RECORD_CALL, .step = "udp_connect", .sock = 1},
		{RECORD_PACKET, .sock = 1, .local = C, .peer = S},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1, .local = C,
		 .ret = -ENETUNREACH},
		{RECORD_ENTER, .proto = TCP, .id = CALL_CONNECT, .sock = 2,
		 .peer = S},
	};

	(void)state;
	begin(&view_table);
	play_meta(&player, "both", "lo");
	PLAY(&player, run);
	show_verdict(VERDICT_FAIL);
	end("\n"
	    "  connect(2)        UDP                                   TCP\n"
	    "  to                127.0.0.1:7007                        "
	    "127.0.0.1:7007\n"
	    "  returned          = -1 ENETUNREACH after 0.040 ms\n"
	    "  kernel functions  udp_connect ×2\n"
	    "  packets           1                                     0\n"
	    "  so                FAIL: it sends packets                "
	    "INCONCLUSIVE\n");
}

static const struct CMUnitTest tests[] = {
	VIEWING(no_table_but_for_both),
	VIEWING(a_table_of_nothing_says_so),
	VIEWING(a_table_of_failures),
};

TAP_MAIN(tests)
