/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which results of a run are explained, and what explains each. */
#ifndef DIALTONE_RESULTS_H
#define DIALTONE_RESULTS_H

#include "reasons.h"

/* Is it the exit of a call that failed, or that waited? */
bool result_is_notable(const struct history *history,
		       const struct history_entry *entry);

/*
 * Fills @reasons for @entry: the result of a call, a packet or an ICMP error.
 * Of another record, and of a call that neither failed nor waited, it says so.
 */
void result_explain(struct reasons *reasons, const struct history *history,
		    const struct history_entry *entry);

#endif
