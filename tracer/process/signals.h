/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Ctrl-C and similar signals end the run, not the process. */
#ifndef DIALTONE_SIGNALS_H
#define DIALTONE_SIGNALS_H

/*
 * From now on SIGINT, SIGTERM and SIGHUP are no longer deadly, but make the
 * descriptor readable that is returned (signalfd(2)); the caller closes it.
 * SIGPIPE is ignored, so that write(2) says EPIPE, and we say it. -1: errno.
 */
int signals_catch(void);

#endif
