// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Adds results and reasons to a judgement. See judgement.h. */
#include "judgement.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void finding_set(struct finding *finding, enum verdict_result result,
		 const char *format, ...)
{
	va_list args;

	finding->result = result;
	va_start(args, format);
	vsnprintf(finding->why, sizeof(finding->why), format, args);
	va_end(args);
}

void judgement_reason(struct judgement *judgement, const char *sentence)
{
	struct verdict *verdict = judgement->verdict;
	size_t size = (verdict->reasons_len + 1) * sizeof(char *);
	char **reasons = realloc(verdict->reasons, size);
	char *copy = strdup(sentence);

	if (reasons)
		verdict->reasons = reasons;
	if (reasons && copy) {
		reasons[verdict->reasons_len++] = copy;
		return;
	}
	free(copy);
	judgement->err = -ENOMEM;
}

bool finding_unseen(struct finding *finding, const struct connect *connect)
{
	if (connect->other_netns)
		finding_set(finding, VERDICT_INCONCLUSIVE,
			    "its socket is in a network namespace that is not "
			    "captured: --netns %u captures it",
			    connect->pid);
	else if (!connect->entered)
		finding_set(finding, VERDICT_INCONCLUSIVE,
			    "its entry was not seen: it began before the "
			    "tracer, or the kernel did not report it");
	return connect->other_netns || !connect->entered;
}

void judgement_condition(struct judgement *judgement, const char *format, ...)
{
	char sentence[REASON_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(sentence, sizeof(sentence), format, args);
	va_end(args);
	judgement_reason(judgement, sentence);
	judgement->conditions++;
}
