/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The connects that a verdict lists: the first of each kind. */
#ifndef DIALTONE_LIST_H
#define DIALTONE_LIST_H

#include "judgement.h"

/*
 * Fills in @call, and adds it to the verdict's list: the first
 * VERDICT_PASSED_MAX that passed, the first VERDICT_OTHERS_MAX that did not. The
 * rest is counted as unlisted.
 */
void list_connect(struct judgement *judgement, const struct connect *connect,
		  enum verdict_result result, struct verdict_connect *call);

#endif
