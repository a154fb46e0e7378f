// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Saves, locks and restores the function-graph tracer. See ftrace_save.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ftrace_save.h"

/*
 * The state of the shared function-graph tracer: whether it is in use, what has
 * to be saved, and how it is restored.
 *
 *   in:  files of tracefs (Documentation/trace/ftrace.rst)
 *   out: the same files
 */

/*
 * The values of an unused tracer: no function filter and no pid filter ("####
 * all functions enabled ####", "no pid"), no event, no tracer.
 */
static bool is_default(const char *content)
{
	return *content == '\0' || *content == '#' ||
	       strncmp(content, "no pid", 6) == 0 ||
	       strcmp(content, "nop\n") == 0 || strcmp(content, "0\n") == 0;
}

static bool state_is_set(struct tracefs_instance *instance, const char *file,
			 char why[FTRACE_WHY])
{
	char *content = tracefs_instance_file_read(instance, file, NULL);
	bool set = content && !is_default(content);

	if (set) {
		content[strcspn(content, "\n")] = '\0';
		snprintf(why, FTRACE_WHY,
			 "another program uses ftrace: %s says \"%.60s\"", file,
			 content);
	}
	free(content);
	return set;
}

/* Setting a tracer empties the buffer, so another user's records are kept. */
static bool has_entries(char why[FTRACE_WHY])
{
	char *content;
	int cpu = 0;
	bool any = false;

	while (!any) {
		char file[64];
		unsigned long entries;

		snprintf(file, sizeof(file), "per_cpu/cpu%d/stats", cpu);
		content = tracefs_instance_file_read(NULL, file, NULL);
		if (!content)
			break;
		any = sscanf(content, "entries: %lu", &entries) == 1 && entries;
		if (any)
			snprintf(why, FTRACE_WHY,
				 "another program uses ftrace: its buffer "
				 "holds %lu entries of CPU %d (tracefs' file "
				 "trace)",
				 entries, cpu);
		free(content);
		cpu++;
	}
	return any;
}

/*
 * Is a file that a graph in @instance (NULL: global) depends on already set?
 * @why then has the file and its content.
 */
static bool ftrace_state_in_use(struct tracefs_instance *instance,
				char why[FTRACE_WHY])
{
	/* these hold for every graph, whatever the instance */
	static const char *const everywhere[] = {
		"set_graph_function", "set_graph_notrace", "max_graph_depth"};
	static const char *const global[] = {
		"current_tracer",    "set_event",
		"set_ftrace_filter", "set_ftrace_notrace",
		"set_ftrace_pid",    "set_ftrace_notrace_pid",
		"set_event_pid",     "set_event_notrace_pid"};

	for (size_t i = 0; i < sizeof(everywhere) / sizeof(*everywhere); i++)
		if (state_is_set(NULL, everywhere[i], why))
			return true;
	for (size_t i = 0; !instance && i < sizeof(global) / sizeof(*global);
	     i++)
		if (state_is_set(NULL, global[i], why))
			return true;
	return !instance && has_entries(why);
}

/* Is each of @lines a word of @words, and is there one? */
static bool all_among(char *lines, const char *words)
{
	char list[SAVE_MARKER + 3], word[SAVE_MARKER + 3], *line;
	size_t among = 0;

	snprintf(list, sizeof(list), " %s ", words);
	while ((line = strsep(&lines, "\n")) && *line) {
		snprintf(word, sizeof(word), " %s ", line);
		if (!strstr(list, word))
			return false;
		among++;
	}
	return among > 0;
}

/* Is its state what a run with this marker would have left? */
static bool ftrace_state_is_ours(const struct ftrace_saved *saved)
{
	char *tracer = tracefs_instance_file_read(NULL, "current_tracer", NULL);
	char *graph =
		tracefs_instance_file_read(NULL, "set_graph_function", NULL);
	bool ours = tracer && graph &&
		    (strcmp(tracer, "nop\n") == 0 ||
		     strcmp(tracer, "function_graph\n") == 0) &&
		    all_among(graph, saved->marker);

	free(tracer);
	free(graph);
	return ours;
}

static int ftrace_state_number(const char *file)
{
	char *content = tracefs_instance_file_read(NULL, file, NULL);
	char *number = content ? content : "0";
	int value;

	/* "7 (expanded: 1408)": the size when tracing starts */
	if (strchr(number, ':'))
		number = strchr(number, ':') + 1;
	value = atoi(number);
	free(content);
	return value;
}

/* Notes what will be changed of the global tracer. */
static void ftrace_state_save(struct ftrace_saved *saved)
{
	char *clock = tracefs_get_clock(NULL);

	snprintf(saved->clock, sizeof(saved->clock), "%s",
		 clock ? clock : "local");
	free(clock);
	saved->buffer_kib = ftrace_state_number("buffer_size_kb");
	saved->on = ftrace_state_number("tracing_on");
	saved->function_fork = ftrace_state_number("options/function-fork");
	saved->event_fork = ftrace_state_number("options/event-fork");
}

static void state_put(const char *file, const char *text, int *err)
{
	if (tracefs_instance_file_write(NULL, file, text) < 0 && !*err)
		*err = errno ? -errno : -EIO;
}

static void clear(const char *file, int *err)
{
	if (tracefs_instance_file_clear(NULL, file) < 0 && !*err)
		*err = errno ? -errno : -EIO;
}

/* While one of its rings is open, the tracer cannot be changed: -EBUSY. */
static int put_no_tracer(void *argument)
{
	int err = 0;

	(void)argument;
	state_put("current_tracer", "nop", &err);
	return err;
}

/* set_graph_function goes last: until then the rest may be ours. */
static int ftrace_state_restore(const struct ftrace_saved *saved)
{
	char kib[16];
	int err = 0, stays;

	snprintf(kib, sizeof(kib), "%d", saved->buffer_kib);
	state_put("tracing_on", "0", &err);
	stays = ftrace_patiently(put_no_tracer, NULL);
	if (!err)
		err = stays;
	clear("set_event", &err);
	clear("set_ftrace_pid", &err);
	clear("set_event_pid", &err);
	clear("set_ftrace_filter", &err);
	state_put("options/function-fork", saved->function_fork ? "1" : "0",
		  &err);
	state_put("options/event-fork", saved->event_fork ? "1" : "0", &err);
	state_put("trace_clock", saved->clock, &err);
	clear("trace", &err);
	state_put("buffer_size_kb", kib, &err);
	state_put("tracing_on", saved->on ? "1" : "0", &err);
	clear("set_graph_function", &err);
	return err;
}

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
