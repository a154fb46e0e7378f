/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The line on standard error with which a subcommand reports a problem, and the
 * exit statuses that are not in sysexits.h.
 */
#ifndef DIALTONE_WARN_H
#define DIALTONE_WARN_H

/* Nothing is proved either way, and why is said. */
#define EXIT_INCONCLUSIVE 2

/* When this machine cannot trace, and why is said: automake's SKIP. */
#define EXIT_CANNOT_TRACE 77

/*
 * Writes "tracer: " and the words, as one line: whatever they hold (a path, an
 * interface's name, what a recording says) is made safe for a terminal, so it
 * cannot be two lines. What is longer than 2,000 bytes is cut.
 */
void warn_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* warn_line() of what the system did not let us do. Returns EX_OSERR. */
int warn_failed(const char *what);

#endif
