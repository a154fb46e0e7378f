// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Prints one line on standard error. See warn.h; text.c has the escaping. */
#include "warn.h"

#include <stdarg.h>
#include <stdio.h>
#include <sysexits.h>

#include "record/text.h"

void warn_line(const char *format, ...)
{
	char words[2000];
	va_list args;

	va_start(args, format);
	vsnprintf(words, sizeof(words), format, args);
	va_end(args);
	fputs("tracer: ", stderr);
	text_write(stderr, words);
	putc('\n', stderr);
}

int warn_failed(const char *what)
{
	warn_line("%s", what);
	return EX_OSERR;
}
