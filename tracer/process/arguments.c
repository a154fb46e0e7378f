// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Numbers on a command line. See arguments.h. */
#include "arguments.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Digits, and nothing else: strtoull(3) would take " -5", and make it 2^64 - 5. */
static bool argument_digits(const char *text, size_t len, uint64_t *value)
{
	char *end;

	if (!len || strspn(text, "0123456789") < len)
		return false;
	errno = 0;
	*value = strtoull(text, &end, 10);
	return !errno;
}

bool argument_is_number(const char *text, uint64_t least, uint64_t most,
			uint64_t *value)
{
	return argument_digits(text, strlen(text), value) && *value >= least &&
	       *value <= most;
}

uint64_t argument_bytes(const struct argp_state *state, const char *what,
			const char *text)
{
	static const char units[] = "kMG";
	size_t len = strspn(text, "0123456789");
	const char *unit = text[len] ? strchr(units, text[len]) : NULL;
	unsigned int shift = unit ? 10 * (unsigned int)(unit - units + 1) : 0;
	uint64_t value = 0;

	if (!argument_digits(text, len, &value) ||
	    (text[len] && (!unit || text[len + 1])) ||
	    value > UINT64_MAX >> (shift + 1) ||
	    value << shift < ARGUMENT_BYTES_LEAST)
		argp_error(state,
			   "%s takes bytes, at least 64k (k, M, G: 1024 of the "
			   "one before), not '%s'",
			   what, text);
	return value << shift;
}

uint64_t argument_number(const struct argp_state *state, const char *what,
			 const char *text, uint64_t least, uint64_t most)
{
	uint64_t value = 0;

	if (!argument_is_number(text, least, most, &value))
		argp_error(state,
			   "%s takes a whole number from %" PRIu64
			   " to %" PRIu64 ", not '%s'",
			   what, least, most, text);
	return value;
}

double argument_seconds(const struct argp_state *state, const char *what,
			const char *text)
{
	char *end;
	double value = strtod(text, &end);

	if (end == text || *end || !isfinite(value) || value <= 0 ||
	    value > 1e6)
		argp_error(state, "%s takes seconds above 0, not '%s'", what,
			   text);
	return value;
}

uint32_t argument_ring(const struct argp_state *state, const char *text)
{
	uint64_t page = sysconf(_SC_PAGESIZE);
	uint64_t bytes = argument_number(state, "--ring", text, page, 1u << 30);

	if (bytes & (bytes - 1))
		argp_error(state, "--ring takes a power of two, not '%s'",
			   text);
	return bytes;
}
