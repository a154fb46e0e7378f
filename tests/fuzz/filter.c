// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Fuzzes tracer/record/flow_filter.c and filter_walk.c: the program of a filter
 * comes from a recording, and may be any.
 *
 *   in:  a program as flow_filter_parse() reads it
 *
 * What is chosen for a connection must not change when less of it is known; it
 * may only become open.
 */
#include <assert.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "record/flow_filter.h"

static const char *const hosts[][2] = {
	{"10.0.0.1:41234", "10.0.0.2:7007"},
	{"[fd00::1]:41234", "[fd00::2]:7007"},
};

static void choose(struct flow_filter *filter, struct flow_ends ends)
{
	enum choice whole = flow_filter_choose(filter, &ends), part;

	ends.local.port = 0;
	part = flow_filter_choose(filter, &ends);
	assert(part == CHOICE_OPEN || part == whole);
	ends.local = (struct endpoint){0};
	part = flow_filter_choose(filter, &ends);
	assert(part == CHOICE_OPEN || part == whole);
	ends.proto = 0;
	ends.peer = (struct endpoint){0};
	part = flow_filter_choose(filter, &ends);
	assert(part == CHOICE_OPEN || part == whole);
}

/* The same program comes back. */
static void write_back(const struct flow_filter *filter)
{
	char why[FLOW_FILTER_WHY], *once, *twice;
	struct flow_filter *again;

	once = flow_filter_bytecode(filter);
	assert(once && !flow_filter_parse(&again, "", once, why));
	twice = flow_filter_bytecode(again);
	assert(twice && !strcmp(once, twice));
	flow_filter_free(again);
	free(once);
	free(twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), why[FLOW_FILTER_WHY];
	struct flow_filter *filter;

	if (!text)
		return -1;
	memcpy(text, data, size);
	text[size] = '\0';
	if (!flow_filter_parse(&filter, text, text, why)) {
		for (int i = 0; i < 4; i++) {
			struct flow_ends ends = {.proto = i & 1 ? IPPROTO_UDP :
								  IPPROTO_TCP};

			endpoint_parse(&ends.local, hosts[i / 2][0]);
			endpoint_parse(&ends.peer, hosts[i / 2][1]);
			choose(filter, ends);
		}
		write_back(filter);
	}
	flow_filter_free(filter);
	free(text);
	return 0;
}
