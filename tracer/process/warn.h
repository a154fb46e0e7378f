/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The line on standard error with which a subcommand reports a problem, and the
 * exit statuses that are not in sysexits.h.
 */
#ifndef DIALTONE_WARN_H
#define DIALTONE_WARN_H

/* Nothing is proved either way; the reason is printed. */
#define EXIT_INCONCLUSIVE 2

/* This machine cannot trace; the reason is printed. automake's SKIP. */
#define EXIT_CANNOT_TRACE 77

/*
 * Writes "tracer: " (arguments_program()) and the text as one line: whatever it
 * contains (a path, an interface's name, part of a recording) is made safe for a
 * terminal, so it cannot become two lines. More than 2,000 bytes are cut.
 */
void warn_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * For an output that could not be written: prints why, unless its reader has gone
 * (-EPIPE), as with `| head`: then the run ends silently, as grep(1) does. Returns
 * EX_IOERR.
 */
int warn_unwritten(const char *what, int err);

/* The same of the file @path; "-" is standard output. */
int warn_unwritten_file(const char *path, int err);

/* Flushes standard output: EX_OK, or what warn_unwritten() returns. */
int warn_flush(void);

/* warn_line() for an error of the system. Returns EX_OSERR. */
int warn_failed(const char *what);

#endif
