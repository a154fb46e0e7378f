// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * `tracer replay` as a program of its own, linked with the pure stages only: it
 * asks no kernel and needs no libbpf. `make show` runs it, and the golden tests
 * run it under the sanitizers.
 */
#include "commands.h"
#include "process/ascii.h"

int main(int argc, char **argv)
{
	ascii_output();
	return cmd_replay(argc, argv);
}
