// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Save, lock and restore the function-graph tracer. See ftrace_save.h. */
#include "ftrace_save.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ftrace_state.h"

/* In a file system that a boot empties, as it resets ftrace. */
#define LOCK_FILE "/run/dialtone-tree"

static int lock(void *argument)
{
	const int *fd = argument;

	if (flock(*fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	return errno == EWOULDBLOCK || errno == EINTR ? -EBUSY : -errno;
}

/* Opens and locks the lock file; the lock goes with its last holder. */
static int open_lock(struct ftrace_saved *saved, char why[FTRACE_WHY])
{
	struct stat held, named;
	int err;

	saved->lock_fd = open(LOCK_FILE,
			      O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (saved->lock_fd < 0) {
		err = -errno;
		snprintf(why, FTRACE_WHY, "cannot create " LOCK_FILE ": %s",
			 strerror(-err));
		return err;
	}
	/* the cleanup helper of a run killed just now may still be restoring */
	if (ftrace_patiently(lock, &saved->lock_fd) == 0 &&
	    fstat(saved->lock_fd, &held) == 0 && stat(LOCK_FILE, &named) == 0 &&
	    held.st_ino == named.st_ino)
		return 0;
	/* locked by another, or removed by one that has just ended */
	snprintf(why, FTRACE_WHY,
		 "another tracer tree uses the function-graph tracer");
	close(saved->lock_fd);
	saved->lock_fd = -1;
	return -EBUSY;
}

/* Call it with the lock file locked: no process waits for this very file. */
static void remove_lock(struct ftrace_saved *saved)
{
	if (saved->lock_fd < 0)
		return;
	unlink(LOCK_FILE);
	close(saved->lock_fd);
	saved->lock_fd = -1;
}

static int write_saved(const struct ftrace_saved *saved)
{
	if (dprintf(saved->lock_fd, "%d %d %d %d %s %s\n", saved->buffer_kib,
		    saved->on, saved->function_fork, saved->event_fork,
		    saved->clock, saved->marker) < 0)
		return -errno;
	return 0;
}

/* Reads what a dead run has saved; false: nothing. */
static bool read_saved(struct ftrace_saved *saved)
{
	char text[256];
	ssize_t len = pread(saved->lock_fd, text, sizeof(text) - 1, 0);

	text[len < 0 ? 0 : len] = '\0';
	return sscanf(text, "%d %d %d %d %31s %127[^\n]", &saved->buffer_kib,
		      &saved->on, &saved->function_fork, &saved->event_fork,
		      saved->clock, saved->marker) == 6;
}

/* The earlier run and its helper are dead, or the lock would not be ours. */
static int restore_leftover(struct ftrace_saved *saved, char why[FTRACE_WHY])
{
	int err = 0;

	if (read_saved(saved) && ftrace_state_is_ours(saved)) {
		err = ftrace_state_restore(saved);
		saved->leftover_restored = true;
	}
	if (!err && ftruncate(saved->lock_fd, 0))
		err = -errno;
	if (err)
		snprintf(why, FTRACE_WHY,
			 "an earlier run left ftrace changed, and it cannot be "
			 "restored: %s",
			 strerror(-err));
	return err;
}

static int restore_and_remove_lock(void *argument)
{
	struct ftrace_saved *saved = argument;
	int err = ftrace_state_restore(saved);

	if (!err)
		remove_lock(saved);
	return err;
}

/* One name per write: ftrace reads no more than one (ftrace_graph_write()). */
static int ftrace_save_mark(const char *const *roots)
{
	for (; *roots; roots++)
		if (tracefs_instance_file_append(NULL, "set_graph_function",
						 *roots) < 0)
			return errno ? -errno : -EIO;
	return 0;
}

static int take_shared(struct ftrace_saved *saved, const char *const *roots,
		       char why[FTRACE_WHY])
{
	size_t used = 0;
	int err;

	if (ftrace_state_in_use(NULL, why))
		return -EBUSY;
	ftrace_state_save(saved);
	for (const char *const *root = roots; *root && used < SAVE_MARKER;
	     root++)
		used += snprintf(saved->marker + used, SAVE_MARKER - used,
				 "%s%s", used ? " " : "", *root);
	err = write_saved(saved);
	if (!err)
		err = cleanup_start(&saved->cleanup, restore_and_remove_lock,
				    saved, saved->lock_fd);
	if (!err)
		err = ftrace_save_mark(roots);
	if (err)
		snprintf(why, FTRACE_WHY,
			 "cannot use the function-graph tracer: %s",
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

static int take_instance(struct ftrace_saved *saved, char why[FTRACE_WHY])
{
	int err = ftrace_open(&saved->ftrace, why);

	if (err)
		return err;
	if (!instance_has_graph(&saved->ftrace)) {
		ftrace_close(&saved->ftrace);
		return -ENOTSUP;
	}
	return ftrace_state_in_use(saved->ftrace.instance, why) ? -EBUSY : 0;
}

int ftrace_save(struct ftrace_saved *saved, const char *const *roots,
		char why[FTRACE_WHY])
{
	char ignored[FTRACE_WHY];
	int err;

	*saved = (struct ftrace_saved)FTRACE_SAVED_NONE;
	if (!tracefs_tracing_dir() ||
	    !tracefs_tracer_available(NULL, "function_graph")) {
		snprintf(why, FTRACE_WHY,
			 "this kernel has no function-graph tracer "
			 "(CONFIG_FUNCTION_GRAPH_TRACER)");
		return -ENOTSUP;
	}
	err = open_lock(saved, why);
	if (!err)
		err = restore_leftover(saved, why);
	if (!err) {
		err = take_instance(saved, why);
		if (err == -ENOTSUP)
			err = take_shared(saved, roots, why);
		else if (!err)
			remove_lock(saved); /* nothing shared is touched */
	}
	if (err)
		ftrace_restore(saved, ignored);
	return err;
}

/* Makes the cleanup helper restore the shared tracer. 0 or -errno. */
static int return_shared(struct ftrace_saved *saved)
{
	int err = cleanup_end(&saved->cleanup);

	if (err == -ECHILD) { /* nothing was taken, or not all of it */
		remove_lock(saved);
		return 0;
	}
	if (err == -ESRCH) /* the helper was killed */
		return restore_and_remove_lock(saved);
	return err;
}

int ftrace_restore(struct ftrace_saved *saved, char why[FTRACE_WHY])
{
	bool shared = !saved->ftrace.instance;
	int err = ftrace_close(&saved->ftrace);

	if (shared)
		err = return_shared(saved);
	else
		remove_lock(saved); /* of a save that was not made */
	if (err)
		snprintf(why, FTRACE_WHY,
			 "ftrace could not be restored: %s; the next tracer "
			 "tree will try again",
			 strerror(-err));
	if (saved->lock_fd >= 0)
		close(saved->lock_fd);
	saved->lock_fd = -1;
	return err;
}
