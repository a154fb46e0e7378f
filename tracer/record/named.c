// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Looks up the name of a number in a table; without a name, prints the number.
 */
#include "named.h"

void named_value(struct text *text, const struct named *table, uint64_t value)
{
	for (; table->name; table++) {
		if (table->value == value) {
			text_add(text, table->name);
			return;
		}
	}
	text_printf(text, "%lld", (long long)value);
}

void named_bits(struct text *text, const struct named *table, uint64_t value,
		const char *separator)
{
	const char *before = "";

	for (; table->name; table++) {
		if (!(value & table->value))
			continue;
		text_printf(text, "%s%s", before, table->name);
		value &= ~table->value;
		before = separator;
	}
	if (value)
		text_printf(text, "%s0x%llx", before,
			    (unsigned long long)value);
}
