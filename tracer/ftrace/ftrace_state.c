// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The shared tracer's state. See ftrace_state.h. */
#include "ftrace_state.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static bool is_set(struct tracefs_instance *instance, const char *file,
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

bool ftrace_state_in_use(struct tracefs_instance *instance,
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
		if (is_set(NULL, everywhere[i], why))
			return true;
	for (size_t i = 0; !instance && i < sizeof(global) / sizeof(*global);
	     i++)
		if (is_set(NULL, global[i], why))
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

bool ftrace_state_is_ours(const struct ftrace_saved *saved)
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

void ftrace_state_save(struct ftrace_saved *saved)
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

static void put(const char *file, const char *text, int *err)
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
	put("current_tracer", "nop", &err);
	return err;
}

/* set_graph_function goes last: until then the rest may be ours. */
int ftrace_state_restore(const struct ftrace_saved *saved)
{
	char kib[16];
	int err = 0, stays;

	snprintf(kib, sizeof(kib), "%d", saved->buffer_kib);
	put("tracing_on", "0", &err);
	stays = ftrace_patiently(put_no_tracer, NULL);
	if (!err)
		err = stays;
	clear("set_event", &err);
	clear("set_ftrace_pid", &err);
	clear("set_event_pid", &err);
	clear("set_ftrace_filter", &err);
	put("options/function-fork", saved->function_fork ? "1" : "0", &err);
	put("options/event-fork", saved->event_fork ? "1" : "0", &err);
	put("trace_clock", saved->clock, &err);
	clear("trace", &err);
	put("buffer_size_kb", kib, &err);
	put("tracing_on", saved->on ? "1" : "0", &err);
	clear("set_graph_function", &err);
	return err;
}
