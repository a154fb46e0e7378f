// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The subcommands that read whole recordings, as a program of their own: no layer
 * that asks the kernel is linked, and the sanitizers watch.
 *
 *   records why|diff ARGUMENT...
 */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "process/ascii.h"

int main(int argc, char **argv)
{
	ascii_output();
	if (argc > 1 && strcmp(argv[1], "why") == 0)
		return command_why.run(argc - 1, argv + 1);
	if (argc > 1 && strcmp(argv[1], "diff") == 0)
		return command_diff.run(argc - 1, argv + 1);
	fputs("records why|diff ARGUMENT...\n", stderr);
	return 64;
}
