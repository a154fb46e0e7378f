/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What ends a run: Ctrl-C and similar signals, which do not end the process; the
 * command's end; the time.
 */
#ifndef DIALTONE_SIGNALS_H
#define DIALTONE_SIGNALS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * From now on SIGINT, SIGTERM and SIGHUP do not end the process: they make the
 * returned descriptor readable (signalfd(2)); the caller closes it. SIGPIPE is
 * ignored, so that write(2) returns EPIPE, which is reported. -1: errno.
 */
int signals_catch(void);

/*
 * The run is over, and the signals that ended it are forgotten: from now on the
 * next one ends the process, whatever it waits for.
 */
void signals_release(int fd);

struct ending {
	int signals;          /* of signals_catch() */
	int command;          /* readable when it has ended; -1: no command */
	int events;           /* readable when there are some; -1: not known */
	uint64_t deadline_ns; /* CLOCK_MONOTONIC; 0: none */
};

/* The deadline @seconds from now; 0 if @seconds is 0 or less. */
uint64_t ending_after(double seconds);

/*
 * Waits until there are events, but only for a moment: their buffer may have no
 * descriptor, or may not wake the reader for each. Has the run ended?
 */
bool ending_wait(const struct ending *ending);

#endif
