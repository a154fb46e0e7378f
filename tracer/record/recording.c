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
#include "line_reader.h"
#include "new_file.h"
#include "record_json.h"
#include "recording.h"
#include "text.h"

struct recorder {
	struct record_sink input;
	struct record_sink *next;
	FILE *file;
	int err; /* the first of writing */
};

struct recording {
	struct line_reader reader;
	char *path;
	char why[512];
};

/*
 * Writes the line in one piece: json_dumpf() writes, and locks the stream, for
 * each token; and json_dumps() of jansson 2.14 continues without a key for
 * which it had no memory.
 */
static int recording_write_line(FILE *file, const json_t *json)
{
	char most[4096], *line = most;
	size_t len = json_dumpb(json, line, sizeof(most), JSON_COMPACT);
	int err = 0;

	if (len > sizeof(most)) {
		line = malloc(len);
		if (line)
			len = json_dumpb(json, line, len, JSON_COMPACT);
	}
	if (!line)
		return -ENOMEM;
	errno = 0;
	if (len == 0)
		err = -ENOMEM;
	else if (fwrite(line, len, 1, file) != 1 || putc('\n', file) == EOF)
		err = errno ? -errno : -EIO;
	if (line != most)
		free(line);
	return err;
}

int recording_write(FILE *file, const struct record *record)
{
	json_t *json = record_to_json(record);
	int err;

	if (!json)
		return -ENOMEM;
	err = recording_write_line(file, json);
	json_decref(json);
	return err;
}

static int recorder_push(struct record_sink *sink, struct record *record)
{
	struct recorder *recorder = container_of(sink, struct recorder, input);
	int err;

	if (!recorder->err)
		recorder->err = recording_write(recorder->file, record);
	err = recorder->next->push(recorder->next, record);
	return recorder->err ? recorder->err : err;
}

int recorder_open(struct recorder **recorder, const char *path,
		  struct record_sink *next)
{
	struct recorder *r;
	FILE *file;
	int err = new_file_open(&file, path);

	*recorder = NULL;
	if (err)
		return err;
	r = calloc(1, sizeof(*r));
	if (!r) {
		fclose(file);
		return -ENOMEM;
	}
	r->file = file;
	r->input.push = recorder_push;
	r->next = next;
	*recorder = r;
	return 0;
}

struct record_sink *recorder_input(struct recorder *recorder)
{
	return &recorder->input;
}

int recorder_close(struct recorder *recorder)
{
	int err;

	if (!recorder)
		return 0;
	err = recorder->err;
	if (fclose(recorder->file) && !err)
		err = -errno;
	free(recorder);
	return err;
}

int recording_open(struct recording **recording, const char *path)
{
	struct recording *r = calloc(1, sizeof(*r));
	int err = -ENOMEM;

	*recording = NULL;
	if (!r)
		return err;
	r->path = strdup(path);
	if (r->path) {
		r->reader.file =
			strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
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
	text_printf(&text, ":%lu: ", r->reader.number);
	text_escape(&text, what, strlen(what), false);
	return -EBADMSG;
}

/*
 * jansson takes 256 bytes for an empty object: of a line that it would take more
 * than 4 MiB for, nothing is parsed. A verdict has 900 objects at most.
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

/* 0; -ENOENT: a record to pass over; -EBADMSG, -ENOMEM */
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
	return err ? err : 1;
}
