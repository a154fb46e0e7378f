/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The ledger: what a verdict will say of connects that were judged while the run
 * went on, and were not kept.
 *
 *   in:  connects that are over (story_set_judge())
 *   out: their sums, for the verdict; which of them are kept for its list
 */
#ifndef DIALTONE_LEDGER_H
#define DIALTONE_LEDGER_H

#include "judgement.h"
#include "story/connects.h"

/* Of one protocol. */
struct account {
	struct sums sums; /* of those that were not kept */
	/*
	 * Two kinds of results may still change, because they depend on the run
	 * as a whole. sums.skipped counts the calls that seccomp(2) or
	 * ptrace(2) stopped: if an event was lost, they are inconclusive.
	 * @disputed counts UDP calls of which only the kernel saw a packet. The
	 * sums have them as failed: if the wire would have seen the packet,
	 * they are inconclusive.
	 */
	unsigned int disputed;
	uint64_t disputed_packets;
	unsigned int kept_passed, kept_others;
};

/* Zeroed but for what ledger_init() sets. */
struct ledger {
	struct connect_judge judge;
	struct account udp, tcp;
};

void ledger_init(struct ledger *ledger);

/* The account of @proto; NULL: it has none. */
struct account *ledger_account(struct ledger *ledger, uint8_t proto);

/* Begins @judgement with what was not kept. */
void ledger_open(struct judgement *judgement, const struct account *account);

/*
 * "60001 UDP calls: 60001 passed, 0 did not", of what is over so far; nothing if
 * there was no call of the protocol.
 */
void ledger_format(struct ledger *ledger, uint8_t proto, struct text *text);

#endif
