// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Finds a name in the tables of explanations, or names that are similar.
 *
 *   in:  a name; the tables that are made from the texts in this folder
 *   out: its entry
 */
#include "explanations.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "explain/tables.h" /* build/explain: the texts of this folder */
#include "record/edit_distance.h"

static const struct explanation *
search(const char *name, int (*compare)(const char *, const char *),
       const char **kind)
{
	const struct explanation_table *table = explanation_tables;

	for (; table->entries; table++) {
		for (const struct explanation *e = table->entries; e->name;
		     e++) {
			if (compare(name, e->name) != 0)
				continue;
			*kind = table->kind;
			return e;
		}
	}
	return NULL;
}

/* How long @name is without what the compiler has added to it: GCC's copies
 * (constprop, isra) and parts of functions. */
static size_t length_in_the_source(const char *name)
{
	static const char *const suffixes[] = {".constprop.", ".isra.",
					       ".part."};
	size_t len = strlen(name);

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		const char *suffix = strstr(name, suffixes[i]);

		if (suffix && (size_t)(suffix - name) < len)
			len = (size_t)(suffix - name);
	}
	return len;
}

static const struct explanation *
explanations_find_in(const char *name,
		     int (*compare)(const char *, const char *),
		     const char **kind)
{
	char bare[64];

	snprintf(bare, sizeof(bare), "%.*s", (int)length_in_the_source(name),
		 name);
	return search(bare, compare, kind);
}

const struct explanation *explanation_find(const char *name)
{
	const char *kind;

	return explanations_find_in(name, strcmp, &kind);
}

const struct explanation *explanation_look_up(const char *name,
					      const char **kind)
{
	const struct explanation *found;
	char bare[64];

	if (strncmp(name, "TCP_", 4) == 0)
		name += 4; /* the kernel's name of a state */
	/* "connect(2)" and "udp_rcv()" end where the bracket opens */
	snprintf(bare, sizeof(bare), "%.*s", (int)strcspn(name, "("), name);
	found = explanations_find_in(bare, strcmp, kind);
	return found ? found : explanations_find_in(bare, strcasecmp, kind);
}

size_t explanation_near(const char *name, const char *near[], size_t max)
{
	const struct explanation_table *table = explanation_tables;
	struct nearest nearest;

	nearest_init(&nearest, name, near, max);
	for (; table->entries; table++)
		for (const struct explanation *e = table->entries; e->name; e++)
			nearest_try(&nearest, e->name);
	return nearest.len;
}
