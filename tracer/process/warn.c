// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Prints one line on standard error. See warn.h; text.c has the escaping. */
#include "warn.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "arguments.h"
#include "record/text.h"

void warn_line(const char *format, ...)
{
	char most[2000], *words = NULL;
	va_list args;
	int len;

	va_start(args, format);
	len = vasprintf(&words, format, args);
	va_end(args);
	if (len < 0) { /* no memory: the beginning has to do */
		words = NULL;
		va_start(args, format);
		vsnprintf(most, sizeof(most), format, args);
		va_end(args);
	}
	fprintf(stderr, "%s: ", arguments_program());
	text_write(stderr, words ? words : most);
	putc('\n', stderr);
	free(words);
}

int warn_unwritten(const char *what, int err)
{
	if (err != -EPIPE)
		warn_line("%s: %s", what, strerror(-err));
	return EX_IOERR;
}

int warn_unwritten_file(const char *path, int err)
{
	return warn_unwritten(strcmp(path, "-") == 0 ? "standard output" : path,
			      err);
}

int warn_flush(void)
{
	errno = 0;
	if (fflush(stdout) || ferror(stdout))
		return warn_unwritten("standard output", errno ? -errno : -EIO);
	return EX_OK;
}

int warn_failed(const char *what)
{
	warn_line("%s", what);
	return EX_OSERR;
}
