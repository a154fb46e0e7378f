// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Writes a run into a file, and reads it back line by line.
 *
 *   in:  records, or the lines of a file that may contain anything
 *   out: lines, or records
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "container_of.h"
#include "record_json.h"
#include "recording.h"
#include "text.h"

/* Room for one byte more, and for the zero after it. */
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

struct recorder {
	struct record_sink input;
	struct record_sink *next;
	struct rotation *rotation;
	char *meta; /* the line of the meta record, for each file */
	size_t meta_len;
	char *line; /* of the latest record */
	size_t size;
	uint64_t lines; /* of the file that is written */
	bool full;
	int err; /* the first of writing */
};

struct recording {
	struct line_reader reader;
	char *path;
	char why[512];
};

/*
 * The record as a line, with its newline, into *@line of *@size bytes, which
 * grows: json_dumpf() writes, and locks the stream, for each token; and
 * json_dumps() of jansson 2.14 continues without a key for which it had no
 * memory. The length, or -ENOMEM.
 */
static int recording_format(const struct record *record, char **line,
			    size_t *size)
{
	json_t *json = record_to_json(record);
	size_t len = json ? json_dumpb(json, *line, *size, JSON_COMPACT) : 0;
	char *more = *line;

	if (len >= *size) {
		more = realloc(*line, len + 1);
		if (more) {
			*line = more;
			*size = len + 1;
			len = json_dumpb(json, more, len, JSON_COMPACT);
		}
	}
	json_decref(json);
	/* if memory was short, the second call may need more room */
	if (!more || !len || len >= *size)
		return -ENOMEM;
	more[len] = '\n';
	return (int)len + 1;
}

static int write_line(FILE *file, const char *line, size_t len)
{
	errno = 0;
	if (fwrite(line, len, 1, file) != 1)
		return errno ? -errno : -EIO;
	return 0;
}

int recording_write(FILE *file, const struct record *record)
{
	char *line = NULL;
	size_t size = 0;
	int len = recording_format(record, &line, &size);
	int err = len < 0 ? len : write_line(file, line, len);

	free(line);
	return err;
}

static int recorder_write(struct recorder *recorder, const char *line,
			  size_t len)
{
	int err = write_line(rotation_file(recorder->rotation), line, len);

	if (!err)
		rotation_wrote(recorder->rotation, len);
	recorder->lines++;
	return err;
}

/* A new file of the rotation: what it is, and that it is not the first. */
static int recorder_begin(struct recorder *recorder)
{
	const struct record lost = {
		.type = RECORD_LOST,
		.lost = {.witness = WITNESS_SYSCALL,
			 .cause = LOST_ROTATED,
			 .count = 1},
	};
	char *line = NULL;
	size_t size = 0;
	int len = recording_format(&lost, &line, &size);
	int err = len < 0 ? len : 0;

	recorder->lines = 0;
	if (!err && recorder->meta)
		err = recorder_write(recorder, recorder->meta,
				     recorder->meta_len);
	if (!err)
		err = recorder_write(recorder, line, len);
	free(line);
	return err;
}

static int recorder_keep_meta(struct recorder *recorder, size_t len)
{
	free(recorder->meta);
	recorder->meta = strndup(recorder->line, len);
	recorder->meta_len = len;
	return recorder->meta ? 0 : -ENOMEM;
}

static int recorder_take(struct recorder *recorder, const struct record *record)
{
	int len = recording_format(record, &recorder->line, &recorder->size);
	int err = len < 0 ? len : 0;

	if (!err && record->type == RECORD_META)
		err = recorder_keep_meta(recorder, len);
	if (!err)
		err = rotation_make_room(recorder->rotation, len);
	if (err == -EFBIG) {
		recorder->full = true;
		return 0;
	}
	if (err == 1)
		err = recorder_begin(recorder);
	return err ? err : recorder_write(recorder, recorder->line, len);
}

static int recorder_push(struct record_sink *sink, struct record *record)
{
	struct recorder *recorder = container_of(sink, struct recorder, input);
	int err;

	if (!recorder->err && !recorder->full)
		recorder->err = recorder_take(recorder, record);
	if (!recorder->err && !recorder->full && !record->line)
		record->line = recorder->lines;
	err = recorder->next->push(recorder->next, record);
	return recorder->err ? recorder->err : err;
}

int recorder_open(struct recorder **recorder, struct rotation *rotation,
		  struct record_sink *next)
{
	struct recorder *r = calloc(1, sizeof(*r));

	*recorder = r;
	if (!r) {
		rotation_close(rotation);
		return -ENOMEM;
	}
	r->rotation = rotation;
	r->input.push = recorder_push;
	r->next = next;
	return 0;
}

struct record_sink *recorder_input(struct recorder *recorder)
{
	return &recorder->input;
}

bool recorder_is_full(const struct recorder *recorder)
{
	return recorder && recorder->full;
}

int recorder_close(struct recorder *recorder)
{
	int err, closed;

	if (!recorder)
		return 0;
	err = recorder->err;
	closed = rotation_close(recorder->rotation);
	free(recorder->meta);
	free(recorder->line);
	free(recorder);
	return err ? err : closed;
}

int recording_open(struct recording **recording, const char *path)
{
	struct recording *r = calloc(1, sizeof(*r));
	int err = -ENOMEM;
	bool is_stdin;

	*recording = NULL;
	if (!r)
		return err;
	is_stdin = strcmp(path, "-") == 0;
	r->path = strdup(is_stdin ? "standard input" : path);
	if (r->path) {
		r->reader.file = is_stdin ? stdin : fopen(path, "re");
		err = r->reader.file ? 0 : -errno;
	}
	if (err)
		recording_close(r);
	else
		*recording = r;
	return err;
}

void recording_close(struct recording *recording)
{
	if (!recording)
		return;
	if (recording->reader.file && recording->reader.file != stdin)
		fclose(recording->reader.file);
	free(recording->path);
	line_reader_fini(&recording->reader);
	free(recording);
}

const char *recording_why(const struct recording *recording)
{
	return recording->why;
}

/* Both the path and the quotation of the parser may contain anything. */
static int damaged(struct recording *r, const char *what)
{
	struct text text;

	text_init(&text, r->why, sizeof(r->why));
	text_escape(&text, r->path, strlen(r->path), false);
	if (r->reader.number)
		text_printf(&text, ":%lu", r->reader.number);
	text_add(&text, ": ");
	text_escape(&text, what, strlen(what), false);
	return -EBADMSG;
}

/*
 * jansson needs 256 bytes for an empty object. A line for which it would need
 * more than 4 MiB is not parsed. A verdict has 900 objects at most.
 */
#define OBJECTS_MAX 16384

static bool has_too_many(const char *line, size_t len)
{
	size_t objects = 0;

	for (size_t i = 0; i < len && len > OBJECTS_MAX; i++)
		objects += line[i] == '{' || line[i] == '[';
	return objects > OBJECTS_MAX;
}

static json_t *recording_parse(struct recording *r, size_t len)
{
	bool whole = len && r->reader.line[len - 1] == '\n';
	json_error_t error;
	json_t *json;

	if (has_too_many(r->reader.line, len)) {
		damaged(r, "not a record: the line has too many objects");
		return NULL;
	}
	json = json_loadb(r->reader.line, len, 0, &error);
	if (json)
		return json;
	if (json_error_code(&error) == json_error_out_of_memory)
		damaged(r, strerror(ENOMEM));
	else if (r->reader.number == 1)
		damaged(r, "not a recording: the first line is not JSON");
	else if (whole)
		damaged(r, "not a record: the line is not JSON");
	else
		damaged(r, "cut off: the last line is incomplete");
	return NULL;
}

/* The length of the line; 0 at the end; or -errno */
static int recording_read_line(struct recording *r)
{
	int len = line_reader_next(&r->reader);

	if (len == -EFBIG)
		return damaged(r, LINE_TOO_LONG);
	if (len < 0)
		damaged(r, strerror(-len));
	if (len || r->reader.number)
		return len;
	r->reader.number = 1;
	return damaged(r, "not a recording: the file is empty");
}

/* 0; -ENOENT: a record to skip; -EBADMSG, -ENOMEM */
static int read_record(struct recording *r, size_t len, struct record *record)
{
	char why[WHY_SIZE] = "";
	json_t *json = recording_parse(r, len);
	int err;

	if (!json)
		return -EBADMSG;
	err = record_from_json(record, json, why);
	json_decref(json);
	if (r->reader.number == 1 && (err == -ENOENT || !err) &&
	    (err || record->type != RECORD_META)) {
		record_fini(record);
		return damaged(r, "not a recording: the first line is not a "
				  "meta record");
	}
	if (err == -EINVAL)
		return damaged(r, why);
	if (err == -ENOMEM)
		damaged(r, strerror(ENOMEM));
	return err;
}

int recording_next(struct recording *recording, struct record *record)
{
	int err;

	memset(record, 0, sizeof(*record));
	do {
		int len = recording_read_line(recording);

		if (len <= 0)
			return len;
		err = read_record(recording, len, record);
	} while (err == -ENOENT);
	record->line = recording->reader.number;
	return err ? err : 1;
}
