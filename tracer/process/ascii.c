// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Writes ASCII where the locale has no UTF-8. See ascii.h.
 *
 *   in:  what the program prints: UTF-8
 *   out: ASCII on the same file descriptor
 */
#include "ascii.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One character each, so that columns stay where they are. */
static const struct {
	uint32_t character;
	char ascii;
} replacements[] = {
	{0x00b7, '-'},  /* · */
	{0x00d7, 'x'},  /* × */
	{0x2014, '-'},  /* — */
	{0x2019, '\''}, /* ’ */
	{0x2026, '+'},  /* … */
	{0x2190, '<'},  /* ← */
	{0x2192, '>'},  /* → */
	{0x22ef, '.'},  /* ⋯ */
	{0x2500, '-'},  /* ─ */
	{0x2502, '|'},  /* │ */
	{0x250a, ':'},  /* ┊ */
	{0x256e, '\\'}, /* ╮ */
	{0x256f, '/'},  /* ╯ */
	{0x2570, '`'},  /* ╰ */
	{0x25b6, '>'},  /* ▶ */
	{0x25b7, '}'},  /* ▷ */
	{0x25c0, '<'},  /* ◀ */
	{0x25c1, '{'},  /* ◁ */
};

struct ascii_stream {
	int fd;
	bool json;
	uint32_t character; /* the part that has come of a character */
	int missing;        /* its bytes that have not */
};

static struct ascii_stream ascii_streams[] = {
	{.fd = STDOUT_FILENO},
	{.fd = STDERR_FILENO},
};

static bool wanted;

#define ASCII_LONGEST 12 /* bytes for a character: two \uXXXX */

static size_t put_character(const struct ascii_stream *stream, char *out)
{
	uint32_t character = stream->character;

	if (stream->json && character >= 0x10000) /* RFC 8259 7 */
		return (size_t)sprintf(out, "\\u%04x\\u%04x",
				       0xd7c0 + (character >> 10),
				       0xdc00 + (character & 0x3ff));
	if (stream->json)
		return (size_t)sprintf(out, "\\u%04x", character);
	for (size_t i = 0; i < sizeof(replacements) / sizeof(replacements[0]);
	     i++)
		if (replacements[i].character == character) {
			*out = replacements[i].ascii;
			return 1;
		}
	*out = '?';
	return 1;
}

/* Takes one byte of UTF-8; returns how many bytes of ASCII it writes. */
static size_t take_byte(struct ascii_stream *stream, unsigned char byte,
			char *out)
{
	if (byte < 0x80) {
		stream->missing = 0;
		*out = (char)byte;
		return 1;
	}
	if (byte >= 0xc0) {
		stream->missing = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;
		stream->character = byte & (0x3fu >> stream->missing);
		return 0;
	}
	stream->character = stream->character << 6 | (byte & 0x3f);
	return --stream->missing ? 0 : put_character(stream, out);
}

static bool write_all(int fd, const char *bytes, size_t len)
{
	while (len) {
		ssize_t wrote = write(fd, bytes, len);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote < 0)
			return false;
		bytes += wrote;
		len -= (size_t)wrote;
	}
	return true;
}

/* fopencookie(3): 0 is an error, and errno says which. */
static ssize_t ascii_write(void *cookie, const char *bytes, size_t size)
{
	struct ascii_stream *stream = cookie;
	char out[512];
	size_t len = 0;

	for (size_t i = 0; i < size; i++) {
		len += take_byte(stream, (unsigned char)bytes[i], out + len);
		if (len + ASCII_LONGEST <= sizeof(out) && i + 1 < size)
			continue;
		if (!write_all(stream->fd, out, len))
			return 0;
		len = 0;
	}
	return (ssize_t)size;
}

static bool names_utf8(const char *charset)
{
	return charset &&
	       (strcasestr(charset, "UTF-8") || strcasestr(charset, "UTF8"));
}

/* A locale that is not installed here still names the terminal's charset. */
static bool locale_has_utf8(void)
{
	static const char *const variables[] = {"LC_ALL", "LC_CTYPE", "LANG"};
	locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
	bool utf8;

	if (locale) {
		utf8 = names_utf8(nl_langinfo_l(CODESET, locale));
		freelocale(locale);
		return utf8;
	}
	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
		const char *value = getenv(variables[i]);

		if (value && *value)
			return names_utf8(value);
	}
	return false;
}

static FILE *ascii_open(struct ascii_stream *stream, int buffering)
{
	FILE *file = fopencookie(stream, "w",
				 (cookie_io_functions_t){.write = ascii_write});

	if (file)
		setvbuf(file, NULL, buffering, BUFSIZ);
	return file;
}

void ascii_output(void)
{
	FILE *out, *err;

	if (locale_has_utf8())
		return;
	wanted = true;
	out = ascii_open(&ascii_streams[0],
			 isatty(STDOUT_FILENO) ? _IOLBF : _IOFBF);
	err = ascii_open(&ascii_streams[1], _IONBF);
	if (out)
		stdout = out; /* glibc: a variable */
	if (err)
		stderr = err;
}

bool ascii_is_wanted(void)
{
	return wanted;
}

void ascii_json(void)
{
	ascii_streams[0].json = true;
}
