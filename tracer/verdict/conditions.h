/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The conditions for a run as a whole: without them nothing is proved. */
#ifndef DIALTONE_CONDITIONS_H
#define DIALTONE_CONDITIONS_H

#include "judgement.h"

/* What makes the whole run inconclusive; each adds a reason. */
void conditions_check(struct judgement *judgement);

/* No connect(2) of the protocol was seen: adds the reason. */
void conditions_no_calls(struct judgement *judgement);

/* "control: …; nothing lost; kprobe tier" */
void conditions_format(const struct judgement *judgement, struct text *text);

/* Could the witness have missed packets that the other one saw? */
bool conditions_blind(const struct judgement *judgement, enum witness witness);

/*
 * The lost events, of all causes but two: nobody knows how many events the
 * missing end of a recording had, and LOST_UNFOLLOWED counts processes.
 */
uint64_t drops_events(const struct evidence *evidence);

#endif
