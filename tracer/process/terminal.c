// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Asks what standard output can show. See terminal.h.
 *
 *   in:  the terminal, the environment, --color
 *   out: a struct terminal for the views
 */
#include "terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define COLUMNS_DEFAULT 80 /* of a terminal that does not say */
#define COLUMNS_MAX     1000

/* beyond the long options of the commands, which begin at 256 */
#define OPT_COLOR 512

static bool is_set(const char *name)
{
	const char *value = getenv(name);

	return value && *value;
}

static bool is_forced(void)
{
	const char *force = getenv("CLICOLOR_FORCE");

	return force && *force && strcmp(force, "0") != 0;
}

static bool colour_is_wanted(void)
{
	const char *term = getenv("TERM");

	if (is_set("NO_COLOR"))
		return false;
	if (is_forced())
		return true;
	return isatty(STDOUT_FILENO) && !(term && strcmp(term, "dumb") == 0);
}

static unsigned int count_columns(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	unsigned long wanted = 0;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
		wanted = size.ws_col;
	if (!wanted && columns)
		wanted = strtoul(columns, NULL, 10);
	if (!wanted || wanted > COLUMNS_MAX)
		return COLUMNS_DEFAULT;
	return (unsigned int)wanted;
}

void terminal_look(struct terminal *terminal)
{
	terminal->colour = colour_is_wanted();
	terminal->columns = count_columns();
	terminal->edge =
		isatty(STDOUT_FILENO) || is_forced() ? terminal->columns : 0;
}

static error_t terminal_parse(int key, char *arg, struct argp_state *state)
{
	struct terminal *terminal = state->input;

	if (key != OPT_COLOR)
		return ARGP_ERR_UNKNOWN;
	if (!arg || strcmp(arg, "always") == 0)
		terminal->colour = true;
	else if (strcmp(arg, "never") == 0)
		terminal->colour = false;
	else if (strcmp(arg, "auto") != 0)
		argp_error(state,
			   "--color takes auto, always or never, not '%s'",
			   arg);
	return 0;
}

static const struct argp_option terminal_options[] = {
	{"color", OPT_COLOR, "WHEN", OPTION_ARG_OPTIONAL,
	 "colours: auto (default), always or never", 3},
	{0},
};

const struct argp terminal_argp = {
	.options = terminal_options,
	.parser = terminal_parse,
};
