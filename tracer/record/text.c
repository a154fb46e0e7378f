// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Text in a fixed buffer, and the escaping of foreign strings: a process
 * chooses its own comm, and a recording may come from anywhere, so neither may
 * reach a terminal unchanged (escape sequences can hide lines).
 *
 *   in:  our own format strings, strings of others
 *   out: text that is valid UTF-8 and moves no cursor
 */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "bpf/event.h"
#include "text.h"

void text_init(struct text *text, char *buf, size_t size)
{
	*text = (struct text){.buf = buf, .size = size};
	buf[0] = '\0';
}

void text_printf(struct text *text, const char *format, ...)
{
	size_t room = text->size - text->len;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(text->buf + text->len, room, format, args);
	va_end(args);
	if (n < 0)
		return;
	if ((size_t)n >= room) {
		text->cut = true;
		n = room - 1;
	}
	text->len += n;
}

/* All or nothing, so that no character is cut in two. */
static void add_bytes(struct text *text, const char *bytes, size_t n)
{
	if (n >= text->size - text->len) {
		text->cut = true;
		return;
	}
	memcpy(text->buf + text->len, bytes, n);
	text->len += n;
	text->buf[text->len] = '\0';
}

void text_add(struct text *text, const char *string)
{
	add_bytes(text, string, strlen(string));
}

/*
 * The length of the UTF-8 character at @s, its code point in @code; 0 for
 * invalid bytes: RFC 3629, with overlong forms and surrogates refused.
 */
static size_t utf8_char(const uint8_t *s, size_t len, uint32_t *code)
{
	static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
	size_t n;

	if (s[0] < 0x80)
		n = 1;
	else if ((s[0] & 0xe0) == 0xc0)
		n = 2;
	else if ((s[0] & 0xf0) == 0xe0)
		n = 3;
	else if ((s[0] & 0xf8) == 0xf0)
		n = 4;
	else
		return 0;
	if (n > len)
		return 0;
	*code = n == 1 ? s[0] : s[0] & (0x7f >> n);
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (s[i] & 0x3f);
	}
	if (*code < least[n] || *code > 0x10ffff ||
	    (*code >= 0xd800 && *code <= 0xdfff))
		return 0;
	return n;
}

/*
 * Does it move the cursor, change the direction of writing, or break the line?
 */
static bool unsafe(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code <= 0x9f) ||
	       code == 0x061c || (code >= 0x200b && code <= 0x200f) ||
	       (code >= 0x2028 && code <= 0x202e) ||
	       (code >= 0x2066 && code <= 0x2069) || code == 0xfeff;
}

/*
 * Writes the character at @s, of at most @len bytes, to @safe as it may be
 * shown; returns how many bytes it took.
 */
static size_t escape_char(const uint8_t *s, size_t len, bool name,
			  char safe[4 * 4 + 1])
{
	uint32_t code = 0;
	size_t n = utf8_char(s, len, &code);

	if (n && !unsafe(code) && !(name && code == '\\')) {
		memcpy(safe, s, n);
		safe[n] = '\0';
		return n;
	}
	n = n ? n : 1;
	for (size_t i = 0; i < n; i++)
		snprintf(safe + 4 * i, 5, "\\x%02x", s[i]);
	return n;
}

void text_escape(struct text *text, const char *string, size_t len, bool name)
{
	char safe[4 * 4 + 1];

	for (size_t i = 0; i < len;) {
		i += escape_char((const uint8_t *)string + i, len - i, name,
				 safe);
		add_bytes(text, safe, strlen(safe));
	}
}

void text_pid(struct text *text, uint32_t pid)
{
	text_printf(text, "%u%s", pid & ~PID_OUTSIDE,
		    pid & PID_OUTSIDE ? " (outside)" : "");
}

void text_write(FILE *out, const char *string)
{
	size_t len = strlen(string);
	char safe[4 * 4 + 1];

	for (size_t i = 0; i < len;) {
		i += escape_char((const uint8_t *)string + i, len - i, false,
				 safe);
		fputs(safe, out);
	}
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

size_t text_unescape(char *out, size_t size, const char *escaped)
{
	size_t n = 0;

	while (*escaped && n + 1 < size) {
		int high = -1, low = -1;

		if (escaped[0] == '\\' && escaped[1] == 'x') {
			high = hex_digit(escaped[2]);
			low = high < 0 ? -1 : hex_digit(escaped[3]);
		}
		if (low >= 0) {
			out[n++] = high << 4 | low;
			escaped += 4;
		} else {
			out[n++] = *escaped++;
		}
	}
	out[n] = '\0';
	return n;
}

size_t text_columns(const char *string)
{
	size_t columns = 0;

	for (; *string; string++)
		columns += (*string & 0xc0) != 0x80;
	return columns;
}

int text_first_columns(const char *string, size_t columns)
{
	const char *end = string;

	for (; *end; end++)
		if (((unsigned char)*end & 0xc0) != 0x80 && !columns--)
			break;
	return (int)(end - string);
}
