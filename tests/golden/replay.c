// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * tracer replay as a program of its own: linked with the pure stages only, and
 * with the sanitizers. It is what the golden tests run.
 */
#include "commands.h"
#include "process/ascii.h"

int main(int argc, char **argv)
{
	ascii_output();
	return cmd_replay(argc, argv);
}
