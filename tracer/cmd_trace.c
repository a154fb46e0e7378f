// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * tracer udp, tcp, both: opens what a run needs, lets it run, and closes.
 * This is the one place where the stages are wired together:
 *
 *   live (ring buffer) ─┐
 *   capture (libpcap)  ─┴─► pipeline: order, recording, story, verdict, views
 *
 * The sequence matters for what may be claimed: capture and probes are open
 * before the first sentinel, the command starts after it, and the run is cut
 * where the last sentinel begins, so that both witnesses answer for the same
 * stretch of time.
 *
 * Read next: run.c, the run while it lasts.
 */
#include <errno.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sysexits.h>
#include <unistd.h>

#include "clock.h"
#include "commands.h"
#include "machine.h"
#include "run.h"

/* "tracer: ...", and where it would work: the lab machine. */
static int cannot_trace(const struct run *run, char **argv, const char *why,
			const char *remedy)
{
	char lab[1024];

	(void)run;
	machine_lab_command(argv, lab, sizeof(lab));
	fprintf(stderr, "tracer: %s; %s: %s\n", why, remedy, lab);
	return EXIT_CANNOT_TRACE;
}
