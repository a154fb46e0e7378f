/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A subcommand: one cmd_*.c defines all that the tracer knows about it, as
 * `const struct command command_NAME`. registry.mk says how main.c finds it.
 */
#ifndef DIALTONE_COMMANDS_H
#define DIALTONE_COMMANDS_H

#include <stdbool.h>

#include "registry.h" /* build/registry.h: registry.mk */

struct command {
	const char *name;
	int place;        /* in the help; read by make (registry.mk) */
	const char *line; /* what it does, in the help */

	/*
	 * Takes its own part of the command line, where argv[0] is its name, and
	 * returns the exit status (warn.h, or sysexits.h for an error).
	 */
	int (*run)(int argc, char **argv);
	bool asks_no_kernel; /* needs no privileges */
	bool writes_binary;  /* its standard output may not be text */
};

#define COMMAND_DECLARE(name) extern const struct command command_##name;
EACH_COMMAND(COMMAND_DECLARE)

#endif
