// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Command lines. See arguments.h. */
#include "arguments.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "version.h"
#include "warn.h"

static bool is_parsing;

int arguments_version(void)
{
	puts("dialtone " DIALTONE_VERSION);
	return warn_flush();
}

/* argp writes --help and --usage, and calls exit(3) whether they came out. */
static void check_help(int status, void *unused)
{
	(void)status;
	(void)unused;
	if (is_parsing && warn_flush())
		_exit(EX_IOERR);
}

static error_t parse_common(int key, char *arg, struct argp_state *state)
{
	(void)arg;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = state->input;
		return 0;
	case 'h':
		argp_state_help(state, stdout, ARGP_HELP_STD_HELP);
		return 0;
	case 'V':
		is_parsing = false; /* it checks its own output */
		exit(arguments_version());
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const char *arguments_program(void)
{
	return getenv("DIALTONE_INSTALLED") ? "dialtone" : "tracer";
}

void arguments_parse(const struct argp *argp, int argc, char **argv,
		     unsigned int flags, void *input)
{
	static const struct argp_option common[] = {
		{NULL, 'h', NULL, OPTION_HIDDEN, NULL, 0},
		{"version", 'V', NULL, 0, "Print the version", -1},
		{0},
	};
	const struct argp_child children[] = {{argp, 0, NULL, 0}, {0}};
	const struct argp all = {.options = common,
				 .parser = parse_common,
				 .children = children};
	char *subcommand = argv[0], name[32];

	snprintf(name, sizeof(name), "%s %s", arguments_program(), subcommand);
	argv[0] = name;
	argp_err_exit_status = EX_USAGE;
	on_exit(check_help, NULL); /* atexit(3) is not in libc.so */
	is_parsing = true;
	argp_parse(&all, argc, argv, flags, NULL, input);
	is_parsing = false;
	argv[0] = subcommand;
}

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

const char *argument_file(const struct argp_state *state, const char *what,
			  const char *text)
{
	if (!*text)
		argp_error(state, "%s takes the name of a file, not ''", what);
	return text;
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
