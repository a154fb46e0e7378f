// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Lines with a limit; getline(3) has none. See line_reader.h. */
#include "line_reader.h"

#include <errno.h>
#include <stdlib.h>

/* Room for one byte more, and for the zero behind it. */
static int line_reader_make_room(struct line_reader *reader, size_t len)
{
	size_t size = reader->size ? 2 * reader->size : 512;
	char *line;

	if (len + 1 < reader->size)
		return 0;
	line = realloc(reader->line, size);
	if (!line)
		return -ENOMEM;
	reader->line = line;
	reader->size = size;
	return 0;
}

int line_reader_next(struct line_reader *reader)
{
	size_t len = 0;
	int c;

	errno = 0;
	do {
		c = getc_unlocked(reader->file);
		if (c == EOF)
			break;
		if (len == 0)
			reader->number++;
		if (len == LINE_BYTES_MAX)
			return -EFBIG;
		if (line_reader_make_room(reader, len))
			return -ENOMEM;
		reader->line[len++] = (char)c;
	} while (c != '\n');
	if (c == EOF && ferror(reader->file))
		return errno ? -errno : -EIO;
	if (len)
		reader->line[len] = '\0';
	return (int)len;
}

void line_reader_fini(struct line_reader *reader)
{
	free(reader->line);
	reader->line = NULL;
	reader->size = 0;
}
