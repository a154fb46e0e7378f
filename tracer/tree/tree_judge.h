/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Are the trees of a run reliable, including what is absent from them?
 *
 *   in:  the log, and the trees made of it
 *   out: the results of the self-tests, and the reasons for doubt
 */
#ifndef DIALTONE_TREE_JUDGE_H
#define DIALTONE_TREE_JUDGE_H

#include "calltree.h"
#include "tree_scope.h"

#define TREE_REASONS 8
#define TREE_REASON  200

struct tree_judgement {
	unsigned int sent, seen; /* self-tests */
	size_t shown;            /* calls of followed tasks */
	size_t others;           /* close(2) of other files: not shown */
	char reasons[TREE_REASONS][TREE_REASON];
	unsigned int reasons_len; /* 0: nothing is in doubt */
};

void tree_judge(const struct tree_log *log, const struct calltree *tree,
		const struct tree_scope *scope,
		struct tree_judgement *judgement);

/* One reason more, printf(3)-like; beyond the last place it is dropped. */
void tree_doubt(struct tree_judgement *judgement, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Must the call be shown? Of close(2), only the calls on sockets. */
bool tree_is_shown(const struct tree_log *log, const struct tree_call *call,
		   const struct tree_scope *scope);

#endif
