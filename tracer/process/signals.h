/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Ctrl-C and similar signals end the run, not the process. */
#ifndef DIALTONE_SIGNALS_H
#define DIALTONE_SIGNALS_H

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

#endif
