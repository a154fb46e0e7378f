/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* One connect(2), whichever its protocol is: its result, and how it is listed. */
#ifndef DIALTONE_WEIGH_H
#define DIALTONE_WEIGH_H

#include "judgement.h"

/* Sets @finding, and adds the call to the sums of @judgement. */
void weigh_connect(struct judgement *judgement, const struct connect *connect,
		   struct finding *finding);

/*
 * Fills in @call, and adds it to the verdict's list: the first
 * VERDICT_PASSED_MAX that passed, the first VERDICT_OTHERS_MAX that did not. The
 * rest is counted as unlisted.
 */
void list_connect(struct judgement *judgement, const struct connect *connect,
		  enum verdict_result result, struct verdict_connect *call);

#endif
