/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A table of numbers and their names, ended by a NULL name. */
#ifndef DIALTONE_NAMED_H
#define DIALTONE_NAMED_H

#include <stdint.h>

#include "text.h"

struct named {
	uint64_t value;
	const char *name;
};

/* Appends the name of @value, or the number. */
void named_value(struct text *text, const struct named *table, uint64_t value);

/* Appends the names of the bits set, and the rest as one number in hex. */
void named_bits(struct text *text, const struct named *table, uint64_t value,
		const char *separator);

#endif
