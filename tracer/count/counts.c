// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* How often each function was called, and where it is. See counts.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "counts.h"

/* Sets in @marks, one for each function, the bit of every glob it matches. */
static int match(struct counts *counts, const struct functions *functions,
		 uint32_t *marks)
{
	bool *chosen = calloc(functions->len + 1, sizeof(*chosen));

	if (!chosen)
		return -ENOMEM;
	for (size_t glob = 0; glob < counts->globs_len; glob++) {
		memset(chosen, 0, functions->len * sizeof(*chosen));
		functions_match(functions, counts->globs[glob], chosen);
		for (size_t i = 0; i < functions->len; i++)
			marks[i] |= (uint32_t)chosen[i] << glob;
	}
	free(chosen);
	return 0;
}

static int counts_by_name(const void *a, const void *b)
{
	const struct count *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* Sorts; several functions of one name become one entry. */
static void counts_gather(struct counts *counts)
{
	size_t kept = 0;

	qsort(counts->counts, counts->len, sizeof(*counts->counts),
	      counts_by_name);
	for (size_t i = 0; i < counts->len; i++) {
		const struct count count = counts->counts[i];

		if (kept == 0 ||
		    counts_by_name(&count, &counts->counts[kept - 1]))
			counts->counts[kept++] = count;
	}
	counts->len = kept;
	for (size_t i = 0; i < kept; i++)
		for (size_t glob = 0; glob < counts->globs_len; glob++)
			counts->matched[glob] +=
				counts->counts[i].globs >> glob & 1;
}

static int counts_take(struct counts *counts, const struct functions *functions,
		       const uint32_t *marks)
{
	size_t len = 0;

	for (size_t i = 0; i < functions->len; i++)
		len += marks[i] != 0;
	counts->counts = calloc(len + 1, sizeof(*counts->counts));
	if (!counts->counts)
		return -ENOMEM;
	for (size_t i = 0; i < functions->len; i++)
		if (marks[i])
			counts->counts[counts->len++] = (struct count){
				.name = functions->names[i],
				.globs = marks[i],
			};
	counts_gather(counts);
	return 0;
}

int counts_init(struct counts *counts, const struct functions *functions,
		const char *const globs[], size_t globs_len)
{
	uint32_t *marks;
	int err;

	*counts = (struct counts){.globs = globs, .globs_len = globs_len};
	if (globs_len > COUNT_GLOBS)
		return -E2BIG;
	marks = calloc(functions->len + 1, sizeof(*marks));
	err = marks ? match(counts, functions, marks) : -ENOMEM;
	if (!err)
		err = counts_take(counts, functions, marks);
	free(marks);
	return err;
}

void counts_fini(struct counts *counts)
{
	free(counts->counts);
	*counts = (struct counts){0};
}

struct count *counts_find(const struct counts *counts, const char *name)
{
	const struct count key = {.name = name};

	return bsearch(&key, counts->counts, counts->len, sizeof(key),
		       counts_by_name);
}

uint64_t count_calls(const struct count *count)
{
	uint64_t calls = 0;

	for (int context = 0; context < COUNT_CONTEXTS; context++)
		calls += count->calls[context];
	return calls;
}

const char *counts_canary(struct counts *counts,
			  const struct functions *functions,
			  const char *const names[])
{
	struct count *more, *place;
	size_t behind;

	while (*names && !functions_have(functions, *names))
		names++;
	if (!*names || counts_find(counts, *names))
		return *names;
	more = reallocarray(counts->counts, counts->len + 1, sizeof(*more));
	if (!more)
		return NULL;
	counts->counts = more;
	for (behind = counts->len; behind > 0; behind--)
		if (strcmp(more[behind - 1].name, *names) < 0)
			break;
	place = &more[behind];
	memmove(place + 1, place, (counts->len++ - behind) * sizeof(*more));
	*place = (struct count){.name = *names, .globs = COUNT_CANARY};
	return *names;
}

void counts_add(struct counts *counts, struct count *count,
		enum count_context context, uint64_t calls)
{
	if (!counts->cut)
		count->calls[context] += calls;
}

void counts_add_control(struct count *count, uint64_t calls)
{
	count->control += calls;
}

void counts_zero(struct counts *counts)
{
	for (size_t i = 0; i < counts->len; i++) {
		counts->counts[i].control = 0;
		if (!counts->cut)
			memset(counts->counts[i].calls, 0,
			       sizeof(counts->counts[i].calls));
	}
	counts->unknown = 0;
}

static int by_calls(const void *a, const void *b)
{
	uint64_t x = count_calls(a), y = count_calls(b);

	return x == y ? counts_by_name(a, b) : (x < y) - (x > y);
}

void counts_sort(struct counts *counts)
{
	qsort(counts->counts, counts->len, sizeof(*counts->counts), by_calls);
}

struct count_total counts_total(const struct counts *counts, size_t glob)
{
	struct count_total total = {0};

	for (size_t i = 0; i < counts->len; i++) {
		const struct count *count = &counts->counts[i];

		uint32_t wanted =
			glob < counts->globs_len ? 1u << glob : ~COUNT_CANARY;

		if (!(count->globs & wanted))
			continue;
		total.matched++;
		total.called += count_calls(count) > 0;
		for (int context = 0; context < COUNT_CONTEXTS; context++)
			total.calls[context] += count->calls[context];
	}
	return total;
}

size_t counts_controlled(const struct counts *counts)
{
	size_t controlled = 0;

	for (size_t i = 0; i < counts->len; i++)
		controlled += counts->counts[i].control > 0 &&
			      counts->counts[i].globs != COUNT_CANARY;
	return controlled;
}

/*
 * From a function's beginning to its call of __fentry__: 4 bytes on x86 with
 * ENDBR (Linux 5.18, CONFIG_X86_KERNEL_IBT), 4 or 8 on arm64. Functions begin
 * 16 bytes apart.
 */
#define SLACK 8

static int sites_append(struct sites *sites, uint64_t address,
			struct count *count)
{
	if (sites->len == sites->room) {
		size_t room = sites->room ? sites->room * 2 : 512;
		struct site *more =
			reallocarray(sites->sites, room, sizeof(*more));

		if (!more)
			return -ENOMEM;
		sites->sites = more;
		sites->room = room;
	}
	sites->sites[sites->len++] = (struct site){address, count};
	return 0;
}

/* Splits "ADDRESS TYPE NAME…"; the name, or NULL if it is not a function. */
static const char *sites_cut_word(char *line, uint64_t *address)
{
	char *rest;

	*address = strtoull(line, &rest, 16);
	if (rest[0] != ' ' || !rest[1] || rest[2] != ' ' ||
	    !strchr("tTwW", rest[1]))
		return NULL;
	rest += 3;
	rest[strcspn(rest, " \t\n")] = '\0';
	return rest;
}

static int read_kallsyms(struct sites *sites, const struct counts *counts,
			 FILE *file)
{
	uint64_t address, any = 0;
	struct count *count;
	char *line = NULL;
	size_t room = 0;
	int err = 0;

	while (!err && getline(&line, &room, file) > 0) {
		const char *name = sites_cut_word(line, &address);

		any |= address;
		count = name ? counts_find(counts, name) : NULL;
		if (count)
			err = sites_append(sites, address, count);
	}
	free(line);
	if (!err && ferror(file))
		err = -EIO;
	return err || any ? err : -EPERM;
}

static int take_places(struct sites *sites, const struct counts *counts,
		       const struct functions *functions)
{
	int err = 0;

	for (size_t i = 0; !err && i < functions->places_len; i++) {
		const struct function_place *place = &functions->places[i];
		struct count *count = counts_find(counts, place->name);

		if (count)
			err = sites_append(sites, place->address, count);
	}
	return err;
}

static int sites_by_address(const void *a, const void *b)
{
	const struct site *x = a, *y = b;

	return (x->address > y->address) - (x->address < y->address);
}

static int by_count(const void *a, const void *b)
{
	const struct site *x = a, *y = b;

	return (x->count > y->count) - (x->count < y->count);
}

/* How many of @counts have no address. */
static size_t count_unplaced(struct sites *sites, const struct counts *counts)
{
	size_t placed = 0;

	qsort(sites->sites, sites->len, sizeof(*sites->sites), by_count);
	for (size_t i = 0; i < sites->len; i++)
		placed += i == 0 ||
			  by_count(&sites->sites[i], &sites->sites[i - 1]) != 0;
	return counts->len - placed;
}

int sites_load(struct sites *sites, const struct counts *counts,
	       const struct functions *functions, const char *kallsyms)
{
	FILE *file;
	int err;

	*sites = (struct sites){0};
	if (functions->places_len > 0) {
		err = take_places(sites, counts, functions);
	} else {
		file = fopen(kallsyms, "re");
		if (!file)
			return -errno;
		setvbuf(file, NULL, _IOFBF, 1 << 16); /* it has 10 MiB */
		err = read_kallsyms(sites, counts, file);
		fclose(file);
	}
	if (!err && sites->len == 0)
		err = -ENODATA;
	if (err) {
		sites_fini(sites);
		return err;
	}
	sites->unplaced = count_unplaced(sites, counts);
	qsort(sites->sites, sites->len, sizeof(*sites->sites),
	      sites_by_address);
	return 0;
}

void sites_fini(struct sites *sites)
{
	free(sites->sites);
	*sites = (struct sites){0};
}

static uint64_t between(uint64_t a, uint64_t b)
{
	return a < b ? b - a : a - b;
}

struct count *sites_find(const struct sites *sites, uint64_t address)
{
	size_t low = 0, high = sites->len;
	const struct site *nearest = NULL;

	while (low < high) { /* the first site at @address or above */
		size_t middle = low + (high - low) / 2;

		if (sites->sites[middle].address < address)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < sites->len)
		nearest = &sites->sites[low];
	if (low > 0 &&
	    (!nearest || between(sites->sites[low - 1].address, address) <
				 nearest->address - address))
		nearest = &sites->sites[low - 1];
	if (!nearest || between(nearest->address, address) > SLACK)
		return NULL;
	return nearest->count;
}
