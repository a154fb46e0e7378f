/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Text in a buffer of a fixed size, and the escaping of strings that another
 * program has chosen, before a person or a JSON reader sees them.
 */
#ifndef DIALTONE_TEXT_H
#define DIALTONE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* @buf is the caller's and always ends in a NUL; what does not fit is cut. */
struct text {
	char *buf;
	size_t size, len;
	bool cut; /* something did not fit */
};

/* Makes @text empty, in @buf of @size bytes (at least 1). */
void text_init(struct text *text, char *buf, size_t size);

void text_printf(struct text *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Appends @string as it is: for strings of our own. */
void text_add(struct text *text, const char *string);

/*
 * Appends @len bytes of foreign text, safe for a terminal and valid UTF-8:
 * control characters (C0, DEL, C1), bytes that are not UTF-8, and characters
 * that change the direction of writing become \xNN, byte by byte. With @name, a
 * backslash does, too: then text_unescape() gives back every byte.
 */
void text_escape(struct text *text, const char *string, size_t len, bool name);

/*
 * Appends a pid as events have it: "1234", or "1234 (outside)" where the tracer's
 * own pid namespace has none for the process (PID_OUTSIDE).
 */
void text_pid(struct text *text, uint32_t pid);

/* Writes foreign text of any length to @out, made safe the same way. */
void text_write(FILE *out, const char *string);

/* Undoes text_escape(…, true); returns the bytes written, NUL not counted. */
size_t text_unescape(char *out, size_t size, const char *escaped);

/* How many columns @string takes: its characters, none wider than one. */
size_t text_columns(const char *string);

/* The bytes that the first @columns columns of @string take: for "%.*s". */
int text_first_columns(const char *string, size_t columns);

#endif
