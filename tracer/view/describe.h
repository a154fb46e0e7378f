/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Describes records in a few words; all functions append to @text. */
#ifndef DIALTONE_DESCRIBE_H
#define DIALTONE_DESCRIBE_H

#include "record/text.h"
#include "story/evidence.h"

/* "echo-client 4242", "server 17/19": comm, pid, and tid where it differs. */
void describe_task(struct text *text, const struct record *record);

/*
 * What a call did, beyond its result: "3 packets on the wire: SYN, SYN-ACK,
 * ACK" of connect(2), "another descriptor or call still held it" of close(2).
 * @connect: of connect(2), else NULL.
 */
void describe_exit(struct text *text, const struct record *exit,
		   const struct connect *connect);

/* What a kernel function does, and in softirq for which socket. */
void describe_call(struct text *text, const struct record *record);

/* "▶ UDP 127.0.0.1:41234 → 127.0.0.1:9007  5 bytes" */
void describe_packet(struct text *text, const struct record *record,
		     bool received);

/* "  seq 1 ack 2  queued on lo"; of an ICMP error as well. */
void describe_packet_more(struct text *text, const struct record *record);

/* Where the packet or ICMP error was first seen. */
void describe_packet_again(struct text *text, const struct record *record);

/* "▶ ICMP from 10.0.0.2: port unreachable, for UDP 10.0.0.1:41234 → …" */
void describe_icmp(struct text *text, const struct record *record);

/* "SYN_SENT" */
void describe_state(struct text *text, uint32_t state);

#endif
