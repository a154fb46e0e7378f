/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A story told by play.h, and the verdict on it: for the tests of claims. */
#ifndef DIALTONE_JUDGE_H
#define DIALTONE_JUDGE_H

#include "tap_main.h"

#include "play.h"

/* The client, and the server. */
#define C       "10.0.0.1:41234"
#define S       "10.0.0.2:7007"
#define SYN_ACK (TH_SYN | TH_ACK)
#define RST_ACK (TH_RST | TH_ACK)

#define UDP_CONNECT                                                        \
	{                                                                  \
		RECORD_ENTER, .proto = UDP, .id = CALL_CONNECT, .sock = 1, \
			      .peer = S                                    \
	}
#define UDP_RETURN                                                        \
	{                                                                 \
		RECORD_EXIT, .proto = UDP, .id = CALL_CONNECT, .sock = 1, \
			     .local = C, .peer = S                        \
	}
#define TCP_CONNECT                                                        \
	{                                                                  \
		RECORD_ENTER, .proto = TCP, .id = CALL_CONNECT, .sock = 2, \
			      .peer = S                                    \
	}
/* The kernel has stored both ends, also where there is an error (or 0). */
#define TCP_RETURNS(error)                                                \
	{                                                                 \
		RECORD_EXIT, .proto = TCP, .id = CALL_CONNECT, .sock = 2, \
			     .local = C, .peer = S, .ret = -(error)       \
	}
#define TCP_RETURN TCP_RETURNS(0)
/* Another connect(2) on the socket, which has both ends already. */
#define TCP_AGAIN                                                          \
	{                                                                  \
		RECORD_ENTER, .proto = TCP, .id = CALL_CONNECT, .sock = 2, \
			      .local = C, .peer = S                        \
	}
#define SEND(f)                                                              \
	{                                                                    \
		RECORD_PACKET, .local = C, .peer = S, .flags = (f), .seq = 5 \
	}
#define REPLY(f)                                                   \
	{                                                          \
		RECORD_PACKET, .local = S, .peer = C, .flags = (f) \
	}

/* The run goes on, for so long that it has not cut off what was before. */
static const struct play goes_on
	__attribute__((unused)) = {RECORD_TALLY, .after_us = 2000000};

extern struct player player;
extern struct verdict *verdict; /* the last one that was expected */

/* cmocka's set-up and tear-down: a new story, which @player tells. */
int judge_set_up(void **state);
int judge_tear_down(void **state);

/*
 * Judges the story so far. The sentence must hold @summary, and the reasons
 * @reason; NULL: there must be none.
 */
void expect(uint8_t proto, enum verdict_result result, const char *summary,
	    const char *reason);

#define JUDGE(name) \
	cmocka_unit_test_setup_teardown(name, judge_set_up, judge_tear_down)

#endif
