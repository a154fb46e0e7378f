// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The function-graph tracer on loan. See ftrace_loan.h. */
#include "ftrace_loan.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ftrace_state.h"

/* Of a file system that a boot empties, as it empties ftrace. */
#define STAMP "/run/dialtone-tree"

static int lock(void *argument)
{
	const int *fd = argument;

	if (flock(*fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	return errno == EWOULDBLOCK || errno == EINTR ? -EBUSY : -errno;
}

/* Opens and locks the stamp; the lock goes with its last holder. */
static int lock_stamp(struct ftrace_loan *loan, char why[FTRACE_WHY])
{
	struct stat held, named;
	int err;

	loan->stamp =
		open(STAMP, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (loan->stamp < 0) {
		err = -errno;
		snprintf(why, FTRACE_WHY, "cannot make " STAMP ": %s",
			 strerror(-err));
		return err;
	}
	/* the cleanup helper of a run killed just now may be at work */
	if (ftrace_patiently(lock, &loan->stamp) == 0 &&
	    fstat(loan->stamp, &held) == 0 && stat(STAMP, &named) == 0 &&
	    held.st_ino == named.st_ino)
		return 0;
	/* locked by another, or removed by one that has just ended */
	snprintf(why, FTRACE_WHY,
		 "another tracer tree has the function-graph tracer");
	close(loan->stamp);
	loan->stamp = -1;
	return -EBUSY;
}

/* To be called with the stamp locked: nobody waits for this very file. */
static void remove_stamp(struct ftrace_loan *loan)
{
	if (loan->stamp < 0)
		return;
	unlink(STAMP);
	close(loan->stamp);
	loan->stamp = -1;
}

static int write_stamp(const struct ftrace_loan *loan)
{
	if (dprintf(loan->stamp, "%d %d %d %d %s %s\n", loan->buffer_kib,
		    loan->on, loan->function_fork, loan->event_fork,
		    loan->clock, loan->marker) < 0)
		return -errno;
	return 0;
}

/* What a dead run has noted; false: there was none. */
static bool read_stamp(struct ftrace_loan *loan)
{
	char text[256];
	ssize_t len = pread(loan->stamp, text, sizeof(text) - 1, 0);

	text[len < 0 ? 0 : len] = '\0';
	return sscanf(text, "%d %d %d %d %31s %127[^\n]", &loan->buffer_kib,
		      &loan->on, &loan->function_fork, &loan->event_fork,
		      loan->clock, loan->marker) == 6;
}

/* Both that ran before are dead, or the lock would not be ours. */
static int mend(struct ftrace_loan *loan, char why[FTRACE_WHY])
{
	int err = 0;

	if (read_stamp(loan) && ftrace_state_is_ours(loan)) {
		err = ftrace_state_put_back(loan);
		loan->mended = true;
	}
	if (!err && ftruncate(loan->stamp, 0))
		err = -errno;
	if (err)
		snprintf(why, FTRACE_WHY,
			 "ftrace is as a dead run of this program left it, and "
			 "cannot be put back: %s",
			 strerror(-err));
	return err;
}

static int put_back(void *argument)
{
	struct ftrace_loan *loan = argument;
	int err = ftrace_state_put_back(loan);

	if (!err)
		remove_stamp(loan);
	return err;
}

/* One name a write: ftrace reads no more of one (ftrace_graph_write()). */
static int mark(const char *const *roots)
{
	for (; *roots; roots++)
		if (tracefs_instance_file_append(NULL, "set_graph_function",
						 *roots) < 0)
			return errno ? -errno : -EIO;
	return 0;
}

static int take_shared(struct ftrace_loan *loan, const char *const *roots,
		       char why[FTRACE_WHY])
{
	size_t used = 0;
	int err;

	if (ftrace_state_in_use(NULL, why))
		return -EBUSY;
	ftrace_state_note(loan);
	for (const char *const *root = roots; *root && used < LOAN_MARKER;
	     root++)
		used += snprintf(loan->marker + used, LOAN_MARKER - used,
				 "%s%s", used ? " " : "", *root);
	err = write_stamp(loan);
	if (!err)
		err = cleanup_start(&loan->cleanup, put_back, loan,
				    loan->stamp);
	if (!err)
		err = mark(roots);
	if (err)
		snprintf(why, FTRACE_WHY,
			 "cannot take the function-graph tracer: %s",
			 strerror(-err));
	return err;
}

/*
 * The options of a tracer appear in an instance exactly if the instance may
 * have that tracer (trace.c, trace_ok_for_array()).
 */
static bool instance_has_graph(const struct ftrace *ftrace)
{
	return tracefs_file_exists(ftrace->instance, "options/funcgraph-irqs");
}

static int take_instance(struct ftrace_loan *loan, char why[FTRACE_WHY])
{
	int err = ftrace_open(&loan->ftrace, why);

	if (err)
		return err;
	if (!instance_has_graph(&loan->ftrace)) {
		ftrace_close(&loan->ftrace);
		return -ENOTSUP;
	}
	return ftrace_state_in_use(loan->ftrace.instance, why) ? -EBUSY : 0;
}

int ftrace_loan_take(struct ftrace_loan *loan, const char *const *roots,
		     char why[FTRACE_WHY])
{
	char ignored[FTRACE_WHY];
	int err;

	*loan = (struct ftrace_loan)FTRACE_LOAN_NONE;
	if (!tracefs_tracing_dir() ||
	    !tracefs_tracer_available(NULL, "function_graph")) {
		snprintf(why, FTRACE_WHY,
			 "this kernel has no function-graph tracer "
			 "(CONFIG_FUNCTION_GRAPH_TRACER)");
		return -ENOTSUP;
	}
	err = lock_stamp(loan, why);
	if (!err)
		err = mend(loan, why);
	if (!err) {
		err = take_instance(loan, why);
		if (err == -ENOTSUP)
			err = take_shared(loan, roots, why);
		else if (!err)
			remove_stamp(loan); /* nothing shared is touched */
	}
	if (err)
		ftrace_loan_return(loan, ignored);
	return err;
}

/* The shared tracer, which the cleanup helper puts back. 0 or -errno. */
static int return_shared(struct ftrace_loan *loan)
{
	int err = cleanup_end(&loan->cleanup);

	if (err == -ECHILD) { /* nothing was taken, or not all of it */
		remove_stamp(loan);
		return 0;
	}
	return err == -ESRCH ? put_back(loan) : err; /* it was killed */
}

int ftrace_loan_return(struct ftrace_loan *loan, char why[FTRACE_WHY])
{
	bool shared = !loan->ftrace.instance;
	int err = ftrace_close(&loan->ftrace);

	if (shared)
		err = return_shared(loan);
	else
		remove_stamp(loan); /* of a loan that was not made */
	if (err)
		snprintf(why, FTRACE_WHY,
			 "ftrace could not be put back: %s; the next tracer "
			 "tree will try again",
			 strerror(-err));
	if (loan->stamp >= 0)
		close(loan->stamp);
	loan->stamp = -1;
	return err;
}
