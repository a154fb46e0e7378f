// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A private ftrace instance, through libtracefs. See ftrace.h. */
#include "ftrace.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PREFIX "dialtone-"

#define PATIENCE_MS 3000
#define TICK_MS     50

/* When process @pid was started, in clock ticks after the boot; 0: no such. */
static uint64_t started(long pid)
{
	char path[64], line[1024] = "", *rest;
	uint64_t ticks = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
	file = fopen(path, "re");
	if (!file)
		return 0;
	if (!fgets(line, sizeof(line), file))
		line[0] = '\0';
	fclose(file);
	rest = strrchr(line, ')'); /* the name may contain anything */
	for (int field = 2; rest && field < 22; field++)
		rest = strchr(rest + 1, ' ');
	if (rest)
		ticks = strtoull(rest, NULL, 10);
	return ticks;
}

bool ftrace_is_stale(const char *name)
{
	uint64_t ticks, now;
	char end;
	long pid;

	if (sscanf(name, PREFIX "%ld-%" SCNu64 "%c", &pid, &ticks, &end) != 2)
		return false; /* not ours */
	now = started(pid);
	return now == 0 || now != ticks;
}

/* Removes the instances of tracers that are dead; returns how many. */
static unsigned int ftrace_remove_stale(void)
{
	/* @regex is an extended regular expression (tracefs_instances(3)) */
	char **names = tracefs_instances("^" PREFIX);
	struct tracefs_instance *instance;
	unsigned int removed = 0;

	for (int i = 0; names && names[i]; i++) {
		if (!ftrace_is_stale(names[i]))
			continue;
		instance = tracefs_instance_create(names[i]);
		if (!instance)
			continue;
		removed += tracefs_instance_destroy(instance) == 0;
		tracefs_instance_free(instance);
	}
	tracefs_list_free(names);
	return removed;
}

int ftrace_write(const struct ftrace *ftrace, const char *file,
		 const char *text)
{
	int written;

	errno = 0;
	written = tracefs_instance_file_write(ftrace->instance, file, text);
	if (written >= 0)
		return 0;
	return errno ? -errno : -EIO;
}

int ftrace_patiently(int (*attempt)(void *argument), void *argument)
{
	int err = attempt(argument);

	for (int waited = 0; err == -EBUSY && waited < PATIENCE_MS;
	     waited += TICK_MS) {
		poll(NULL, 0, TICK_MS);
		err = attempt(argument);
	}
	return err;
}

static int destroy(void *argument)
{
	errno = 0;
	if (tracefs_instance_destroy(argument) == 0)
		return 0;
	return errno ? -errno : -EIO;
}

/* What the cleanup helper does. */
static int put_back(void *argument)
{
	struct ftrace *ftrace = argument;

	return ftrace_patiently(destroy, ftrace->instance);
}

/* The kernel's own switch for a tracer that dies: disable_on_free. */
static int hold(struct ftrace *ftrace)
{
	char *path;

	path = tracefs_instance_get_file(ftrace->instance, "free_buffer");
	if (!path)
		return -ENOMEM;
	ftrace->free_buffer = open(path, O_WRONLY | O_CLOEXEC);
	tracefs_put_tracing_file(path);
	if (ftrace->free_buffer < 0)
		return -errno;
	return ftrace_write(ftrace, "options/disable_on_free", "1");
}

static int explain_open(int err, char why[FTRACE_WHY])
{
	if (err == -ENOENT)
		snprintf(why, FTRACE_WHY,
			 "this kernel has no ftrace instances (tracefs is not "
			 "mounted, or CONFIG_FUNCTION_TRACER is not set)");
	else if (err == -EPERM || err == -EACCES)
		snprintf(why, FTRACE_WHY,
			 "the kernel does not allow ftrace here: it is locked "
			 "down, or you are not root");
	else
		snprintf(why, FTRACE_WHY, "cannot make an ftrace instance: %s",
			 strerror(-err));
	return err;
}

int ftrace_open(struct ftrace *ftrace, char why[FTRACE_WHY])
{
	char name[64];
	int err;

	*ftrace = (struct ftrace)FTRACE_CLOSED;
	if (!tracefs_tracing_dir())
		return explain_open(-ENOENT, why);
	ftrace_remove_stale();
	snprintf(name, sizeof(name), PREFIX "%d-%" PRIu64, getpid(),
		 started(getpid()));
	errno = 0;
	ftrace->instance = tracefs_instance_create(name);
	if (!ftrace->instance)
		return explain_open(errno ? -errno : -EIO, why);
	err = cleanup_start(&ftrace->cleanup, put_back, ftrace, -1);
	if (!err)
		err = ftrace_write(ftrace, "tracing_on", "0");
	if (!err)
		err = ftrace_write(ftrace, "trace_clock", "mono");
	if (!err)
		err = hold(ftrace);
	if (err) {
		explain_open(err, why);
		ftrace_close(ftrace);
	}
	return err;
}

int ftrace_close(struct ftrace *ftrace)
{
	int err = 0;

	if (ftrace->free_buffer >= 0)
		close(ftrace->free_buffer);
	if (ftrace->instance) {
		err = cleanup_end(&ftrace->cleanup);
		if (err == -ECHILD || err == -ESRCH) /* none, or killed */
			err = ftrace_patiently(destroy, ftrace->instance);
		tracefs_instance_free(ftrace->instance);
	}
	*ftrace = (struct ftrace)FTRACE_CLOSED;
	return err;
}

int ftrace_read_format(struct tep_handle *tep, const char *system,
		       const char *event)
{
	int len, err;
	char *format =
		tracefs_event_file_read(NULL, system, event, "format", &len);

	if (!format)
		return -ENOENT;
	err = tep_parse_event(tep, format, len, system) ? -EBADMSG : 0;
	free(format);
	return err;
}
