// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * `tracer replay` as a program of its own, linked with the pure stages only: it
 * does not trace and needs no libbpf. `make show` runs it, and the golden tests
 * run it under the sanitizers.
 */
#include <errno.h>
#include <stdio.h>

#include "commands.h"
#include "process/ascii.h"
#include "wire/filter_compile.h"

/* -F needs libpcap; a recording that was made with -F does not. */
int filter_compile(struct flow_filter **filter, const char *text,
		   char why[static FLOW_FILTER_WHY])
{
	(void)text;
	*filter = NULL;
	snprintf(
		why, FLOW_FILTER_WHY,
		"this program has no libpcap; `make` builds a tracer that has it");
	return -EINVAL;
}

int main(int argc, char **argv)
{
	ascii_output();
	return command_replay.run(argc, argv);
}
