// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Kernel addresses to names. /proc/kallsyms is read once, its text symbols are
 * sorted, and a look-up finds the last symbol at or below the address.
 *
 * tep_parse_kallsyms() and tep_find_function() (libtraceevent 1.7.1) are not
 * used: they also name data, find no name above the last function, and accept a
 * table of hidden addresses as functions at address 0.
 */
#include "ksyms.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ksym {
	uint64_t address;
	char *name;
};

struct ksyms {
	struct ksym *syms;
	size_t len, room;
};

static int ksyms_by_address(const void *a, const void *b)
{
	const struct ksym *x = a, *y = b;

	return (x->address > y->address) - (x->address < y->address);
}

static int ksyms_append(struct ksyms *ksyms, uint64_t address, const char *name)
{
	if (ksyms->len == ksyms->room) {
		size_t room = ksyms->room ? ksyms->room * 2 : 65536;
		struct ksym *syms =
			reallocarray(ksyms->syms, room, sizeof(*syms));

		if (!syms)
			return -ENOMEM;
		ksyms->syms = syms;
		ksyms->room = room;
	}
	ksyms->syms[ksyms->len].name = strdup(name);
	if (!ksyms->syms[ksyms->len].name)
		return -ENOMEM;
	ksyms->syms[ksyms->len++].address = address;
	return 0;
}

static int read_table(struct ksyms *ksyms, FILE *file)
{
	char line[512], name[256], type;
	uint64_t address, any = 0;
	int err = 0;

	while (!err && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%" SCNx64 " %c %255s", &address, &type,
			   name) != 3)
			continue;
		any |= address;
		if (strchr("tTwW", type))
			err = ksyms_append(ksyms, address, name);
	}
	if (!err && !any)
		err = -EPERM; /* all zero: kptr_restrict */
	return err;
}

int ksyms_load(struct ksyms **out, const char *path)
{
	FILE *file = fopen(path, "re");
	struct ksyms *ksyms;
	int err;

	if (!file)
		return -errno;
	ksyms = calloc(1, sizeof(*ksyms));
	err = ksyms ? read_table(ksyms, file) : -ENOMEM;
	fclose(file);
	if (!err && ksyms->len == 0)
		err = -ENODATA;
	if (err) {
		ksyms_free(ksyms);
		return err;
	}
	qsort(ksyms->syms, ksyms->len, sizeof(*ksyms->syms), ksyms_by_address);
	*out = ksyms;
	return 0;
}

void ksyms_free(struct ksyms *ksyms)
{
	if (!ksyms)
		return;
	for (size_t i = 0; i < ksyms->len; i++)
		free(ksyms->syms[i].name);
	free(ksyms->syms);
	free(ksyms);
}

const char *ksyms_name(const struct ksyms *ksyms, uint64_t address,
		       char buf[128])
{
	size_t low = 0, high = ksyms->len;

	while (low < high) { /* the first symbol above @address */
		size_t middle = low + (high - low) / 2;

		if (ksyms->syms[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0)
		snprintf(buf, 128, "0x%" PRIx64, address);
	else
		snprintf(buf, 128, "%.100s+0x%" PRIx64,
			 ksyms->syms[low - 1].name,
			 address - ksyms->syms[low - 1].address);
	return buf;
}
