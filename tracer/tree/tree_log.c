// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The events of a run of `tracer tree`. See tree_log.h. */
#include "tree_log.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "record/hash.h"

struct tree_comm {
	pid_t tid;
	const char *comm; /* chosen by the process: to be escaped */
	UT_hash_handle hh;
};

struct tree_word {
	UT_hash_handle hh;
	char string[];
};

const char *tree_log_word(struct tree_log *log, const char *string)
{
	size_t len = strlen(string);
	struct tree_word *word;

	HASH_FIND(hh, log->words, string, len, word);
	if (word)
		return word->string;
	word = calloc(1, sizeof(*word) + len + 1);
	if (!word)
		return NULL;
	memcpy(word->string, string, len);
	HASH_ADD_KEYPTR(hh, log->words, word->string, len, word);
	if (!word->hh.tbl) {
		free(word);
		return NULL;
	}
	return word->string;
}

int tree_log_add(struct tree_log *log, const struct tree_event *event)
{
	struct tree_event *kept;

	if (log->len == log->room) {
		size_t room = log->room ? log->room * 2 : 4096;

		kept = reallocarray(log->events, room, sizeof(*kept));
		if (!kept)
			return -ENOMEM;
		log->events = kept;
		log->room = room;
	}
	kept = &log->events[log->len];
	*kept = *event;
	kept->seq = log->len;
	if (event->name) {
		kept->name = tree_log_word(log, event->name);
		if (!kept->name)
			return -ENOMEM;
	}
	log->len++;
	return 0;
}

static struct tree_comm *tree_log_comm_of(const struct tree_log *log, pid_t tid)
{
	struct tree_comm *found;

	hash_find(log->comms, &tid, found);
	return found;
}

int tree_log_comm(struct tree_log *log, pid_t tid, const char *comm)
{
	struct tree_comm *new;

	if (tree_log_comm_of(log, tid))
		return 0;
	comm = tree_log_word(log, comm);
	if (!comm)
		return -ENOMEM;
	hash_new(log->comms, tid, &tid, new);
	if (!new)
		return -ENOMEM;
	new->comm = comm;
	return 0;
}

const char *tree_log_find_comm(const struct tree_log *log, pid_t tid)
{
	const struct tree_comm *found = tree_log_comm_of(log, tid);

	return found ? found->comm : "";
}

void tree_log_comms(const struct tree_log *log,
		    void (*each)(FILE *out, pid_t tid, const char *comm),
		    FILE *out)
{
	const struct tree_comm *comm = log->comms;

	for (; comm; comm = comm->hh.next)
		each(out, comm->tid, comm->comm);
}

static int tree_log_by_time(const void *a, const void *b)
{
	const struct tree_event *x = a, *y = b;

	if (x->ts_ns != y->ts_ns)
		return x->ts_ns < y->ts_ns ? -1 : 1;
	return (x->seq > y->seq) - (x->seq < y->seq);
}

void tree_log_sort(struct tree_log *log)
{
	bool sorted = true;

	/* qsort(3) of glibc would take as much memory again */
	for (size_t i = 1; sorted && i < log->len; i++)
		sorted = tree_log_by_time(&log->events[i - 1],
					  &log->events[i]) < 0;
	if (!sorted)
		qsort(log->events, log->len, sizeof(*log->events),
		      tree_log_by_time);
}

void tree_log_fini(struct tree_log *log)
{
	hash_empty(log->words, free);
	hash_empty(log->comms, free);
	free(log->events);
	*log = (struct tree_log){0};
}
