/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What was lost in a run, for the verdict. */
#ifndef DIALTONE_DROPS_H
#define DIALTONE_DROPS_H

#include "judgement.h"

/* Each loss makes the whole run inconclusive; each adds a reason. */
void drops_check(struct judgement *judgement);

/* Was a socket of @proto connected without a connect(2) that is traced? */
bool drops_stray(const struct evidence *evidence, uint8_t proto);

/* All witnesses together. */
uint64_t drops_sum(const struct evidence *evidence, enum lost_cause cause);

/*
 * Events of all causes. Without the end of a recording that is cut off, for how
 * much is missing there is not known, and without LOST_UNFOLLOWED, which counts
 * processes.
 */
uint64_t drops_events(const struct evidence *evidence);

#endif
