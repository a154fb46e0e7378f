// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Kernel addresses to counted functions. See sites.h. */
#include "sites.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
