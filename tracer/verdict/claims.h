/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The claims: statements about connect(2), checked against the evidence.
 *
 * PASS needs all of the evidence, and a positive control of every witness: if
 * nothing could be seen, seeing nothing proves nothing. FAIL needs evidence
 * against the claim. Everything else is INCONCLUSIVE, with the reason and what
 * to do about it.
 */
#ifndef DIALTONE_CLAIMS_H
#define DIALTONE_CLAIMS_H

#include "ledger.h"
#include "story/evidence.h"

/*
 * The protocols (IPPROTO_…, ended by 0) on which a run of that command makes a
 * claim: udp, tcp, both; none for any other command, or NULL.
 */
const uint8_t *claims_of(const char *command);

/*
 * Judges the claim on @proto, UDP or TCP; @ledger has what was judged while the
 * run went on, or is NULL. *@verdict is the caller's, for verdict_free(). 0 or
 * -ENOMEM.
 */
int claims_judge(const struct evidence *evidence, struct ledger *ledger,
		 uint8_t proto, struct verdict **verdict);

#endif
