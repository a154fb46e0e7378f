/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A judgement in progress: the verdict as far as it is written. claims.c
 * controls it; the two claims (claim_udp.h, claim_tcp.h) and the conditions
 * (conditions.h) add what they find.
 */
#ifndef DIALTONE_JUDGEMENT_H
#define DIALTONE_JUDGEMENT_H

#include "record/text.h"
#include "story/evidence.h"

#define REASON_SIZE  640
#define REASONS_FULL 10 /* connects of one result that are printed in full */

/* What a verdict says of the calls of its protocol, added up. */
struct sums {
	unsigned int calls;  /* connect(2) calls */
	unsigned int errors; /* those that returned one */
	unsigned int tally[VERDICT_NOT_JUDGED + 1]; /* calls by result */
	bool sockets_ipv4, sockets_ipv6;            /* of their sockets, */
	bool packets_ipv4, packets_ipv6; /* and of what these would send */
	uint64_t packets;     /* UDP: in all the calls that failed the claim */
	unsigned int skipped; /* the kernel did not enter them */
	unsigned int refused, late, crossed, given_up; /* TCP: claim_tcp.c */
};

struct judgement {
	const struct evidence *evidence;
	uint8_t proto;
	struct verdict *verdict;
	int err; /* -ENOMEM: some reason is missing */
	unsigned int passed_listed, others_listed;      /* in the verdict */
	unsigned int explained[VERDICT_NOT_JUDGED + 1]; /* and in the reasons */
	unsigned int conditions; /* reasons that concern the whole run */
	struct sums sums;
};

/* The result for one connect(2), and the reason. */
struct finding {
	enum verdict_result result;
	char why[REASON_SIZE / 2]; /* "" if the result needs no reason */
};

/* A finding of @result for the reason given. */
void finding_set(struct finding *finding, enum verdict_result result,
		 const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Sets it, and returns true, where the call was not seen well enough to judge. */
bool finding_unseen(struct finding *finding, const struct connect *connect);

/* Adds a reason that concerns the whole run. */
void judgement_condition(struct judgement *judgement, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Adds a sentence to the reasons; without memory for it @judgement->err is set. */
void judgement_reason(struct judgement *judgement, const char *sentence);

#endif
