/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Are the numbers reliable, including the zeros? Pure.
 *
 * "Never called" is printed only if, in the same run and through the same
 * attachment, calls that must have happened were counted: those of the
 * self-tests before and after, and of the command's own exec(2).
 *
 *   in:  the numbers of the run
 *   out: COUNTED, or INCONCLUSIVE with each reason and its remedy
 */
#ifndef DIALTONE_COUNT_VERDICT_H
#define DIALTONE_COUNT_VERDICT_H

#include "backend.h"
#include "record/text.h"

#define COUNT_REASONS 8

struct count_evidence {
	const char *backend; /* its name: "kprobe.multi" */
	const char *through; /* "through kprobe.multi" */
	const char *canary;  /* a self-test calls it; NULL: none is here */
	unsigned int sent;   /* self-tests */
	unsigned int seen;   /* of them, that called the canary */
	const char *command; /* NULL: there was none */
	const char *exec;    /* what exec(2) calls; NULL: none is here */
	bool exec_seen;      /* called by the command */
	bool by_name;        /* only processes of a name were followed */
	bool ftrace_off;     /* sysctl kernel.ftrace_enabled=0 */
	uint32_t buffer_kib; /* of each CPU's ring */
	size_t unplaced;     /* functions without an address */
	struct count_drops drops;
};

struct count_verdict {
	bool conclusive;
	char summary[512];
	char reasons[COUNT_REASONS][256];
	unsigned int reasons_len;
};

void count_judge(struct count_verdict *verdict, const struct counts *counts,
		 const struct count_evidence *evidence);

#endif
