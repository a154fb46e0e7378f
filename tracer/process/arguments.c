// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Command lines. See arguments.h. */
#include "arguments.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

static error_t parse_common(int key, char *arg, struct argp_state *state)
{
	(void)arg;
	if (key == ARGP_KEY_INIT)
		state->child_inputs[0] = state->input;
	else if (key == 'h')
		argp_state_help(state, stdout, ARGP_HELP_STD_HELP);
	else
		return ARGP_ERR_UNKNOWN;
	return 0;
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
	argp_parse(&all, argc, argv, flags, NULL, input);
	argv[0] = subcommand;
}

uint64_t argument_number(const struct argp_state *state, const char *what,
			 const char *text, uint64_t least, uint64_t most)
{
	char *end;
	uint64_t value;

	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno || end == text || *end || *text == '-' || value < least ||
	    value > most)
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
