// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The functions that ftrace can watch. See functions.h.
 *
 * tracefs_filter_functions() (libtracefs 1.6.4) is not used: it gives no
 * addresses, and if the file cannot be read it returns an empty list and no
 * error.
 */
#include "functions.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/edit_distance.h"

/* A kernel has about 50,000 of them: 1.5 MiB, read in one piece. */
static int read_all(const char *path, char **text)
{
	FILE *file = fopen(path, "re");
	size_t room = 1 << 16, len = 0, got;
	char *all = NULL, *more;
	int err = 0;

	if (!file)
		return -errno;
	do {
		room *= 2;
		more = realloc(all, room);
		if (!more) {
			err = -ENOMEM;
			break;
		}
		all = more;
		got = fread(all + len, 1, room - len - 1, file);
		len += got;
		all[len] = '\0';
	} while (got > 0);
	if (!err && ferror(file))
		err = -EIO;
	fclose(file);
	*text = all;
	return err;
}

/*
 * A line is "name" or "name [module]". If the linker has dropped a weak
 * function, its place is named __ftrace_invalid_address___N (since 6.0, kernel
 * commit b39181f7c690); it is listed, but cannot be watched.
 */
static bool is_function(const char *name)
{
	return *name && !strstr(name, ".cold") &&
	       strncmp(name, "__ftrace_invalid_address", 24) != 0;
}

/*
 * Takes the function of one line: notes its place if the line begins with it.
 * Returns its name, or NULL.
 */
static char *functions_take(struct functions *functions, char *line)
{
	char *name = line, *rest;
	uint64_t address = strtoull(line, &rest, 16);
	bool placed = rest - line == 16 && *rest == ' ';

	if (placed)
		name = rest + 1;
	name[strcspn(name, " \t")] = '\0';
	if (!is_function(name))
		return NULL;
	if (placed)
		functions->places[functions->places_len++] =
			(struct function_place){name, address};
	return name;
}

static int functions_cut_line(struct functions *functions)
{
	size_t lines = 1;
	char *rest = functions->text, *line, *name;

	for (const char *c = rest; *c; c++)
		lines += *c == '\n';
	functions->names = calloc(lines, sizeof(*functions->names));
	functions->places = calloc(lines, sizeof(*functions->places));
	if (!functions->names || !functions->places)
		return -ENOMEM;
	while ((line = strsep(&rest, "\n"))) {
		name = functions_take(functions, line);
		if (name)
			functions->names[functions->len++] = name;
	}
	return functions->len ? 0 : -ENODATA;
}

int functions_load(struct functions *functions, const char *path)
{
	int err;

	*functions = (struct functions){0};
	err = read_all(path, &functions->text);
	if (!err)
		err = functions_cut_line(functions);
	if (err)
		functions_fini(functions);
	return err;
}

void functions_fini(struct functions *functions)
{
	free(functions->names);
	free(functions->places);
	free(functions->text);
	*functions = (struct functions){0};
}

size_t functions_match(const struct functions *functions, const char *glob,
		       bool chosen[])
{
	size_t matched = 0;

	for (size_t i = 0; i < functions->len; i++) {
		if (fnmatch(glob, functions->names[i], 0) != 0)
			continue;
		chosen[i] = true;
		matched++;
	}
	return matched;
}

bool functions_have(const struct functions *functions, const char *name)
{
	for (size_t i = 0; i < functions->len; i++)
		if (strcmp(functions->names[i], name) == 0)
			return true;
	return false;
}

static int functions_by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort(struct functions *functions)
{
	size_t kept = 0;

	qsort(functions->names, functions->len, sizeof(*functions->names),
	      functions_by_name);
	for (size_t i = 0; i < functions->len; i++) {
		char *name = functions->names[i];

		if (kept == 0 || strcmp(name, functions->names[kept - 1]) != 0)
			functions->names[kept++] = name;
	}
	functions->len = kept;
}

size_t functions_near(struct functions *functions, const char *glob,
		      const char *near[], size_t max)
{
	struct nearest nearest;
	char name[NEAREST_NAME + 1];
	size_t len = 0;

	for (; *glob && len < NEAREST_NAME; glob++)
		if (!strchr("*?[]", *glob))
			name[len++] = *glob;
	name[len] = '\0';
	sort(functions);
	nearest_init(&nearest, name, near, max);
	for (size_t i = 0; i < functions->len; i++)
		nearest_try(&nearest, functions->names[i]);
	return nearest.len;
}

/*
 * The part of @name to compare with @begin: up to as many "_" as that has if it
 * ends with one, else of the same length. Returns its length; 0: none.
 */
static size_t beginning(const char *name, const char *begin)
{
	size_t len = strlen(begin), scores = 0, i;

	if (begin[len - 1] != '_')
		return strnlen(name, len);
	for (i = 0; begin[i]; i++)
		scores += begin[i] == '_';
	for (i = 0; name[i] && scores > 0; i++)
		scores -= name[i] == '_';
	return scores ? 0 : i;
}

struct beginning {
	char name[FUNCTIONS_GLOB];
	size_t functions; /* that have it */
};

/* Collects each beginning once: the names are sorted. Returns how many. */
static size_t beginnings(const struct functions *functions, const char *begin,
			 struct beginning *all)
{
	size_t len = 0;

	for (size_t i = 0; i < functions->len; i++) {
		const char *name = functions->names[i];
		size_t part = beginning(name, begin);

		if (part == 0 || part > FUNCTIONS_GLOB - 2)
			continue;
		if (len == 0 || strlen(all[len - 1].name) != part ||
		    strncmp(name, all[len - 1].name, part) != 0)
			memcpy(all[len++].name, name, part);
		all[len - 1].functions++;
	}
	return len;
}

static int by_functions(const void *a, const void *b)
{
	const struct beginning *x = a, *y = b;

	if (x->functions != y->functions)
		return x->functions < y->functions ? 1 : -1;
	return strcmp(x->name, y->name);
}

size_t functions_near_globs(struct functions *functions, const char *glob,
			    char near[][FUNCTIONS_GLOB], size_t max)
{
	size_t len = strcspn(glob, "*?["), all_len;
	const char *found[NEAREST_MAX];
	char begin[FUNCTIONS_GLOB];
	struct nearest nearest;
	struct beginning *all;

	if (len == 0 || len >= sizeof(begin))
		return 0;
	memcpy(begin, glob, len);
	begin[len] = '\0';
	all = calloc(functions->len + 1, sizeof(*all));
	if (!all)
		return 0;
	sort(functions);
	all_len = beginnings(functions, begin, all);
	/* of two as near, the one that more functions have goes first */
	qsort(all, all_len, sizeof(*all), by_functions);
	nearest_init(&nearest, begin, found, max);
	for (size_t i = 0; i < all_len; i++)
		nearest_try(&nearest, all[i].name);
	for (size_t i = 0; i < nearest.len; i++)
		snprintf(near[i], sizeof(near[i]), "%.62s*", found[i]);
	free(all);
	return nearest.len;
}
