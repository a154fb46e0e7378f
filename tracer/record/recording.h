/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Recordings: a run as a file of JSON Lines, written while it happens, and read
 * back to be shown and judged again. The first line is the meta record, the
 * last are the verdicts. RECORDING.md lists the keys.
 */
#ifndef DIALTONE_RECORDING_H
#define DIALTONE_RECORDING_H

#include <stdbool.h>
#include <stdio.h>

#include "record.h"
#include "rotation.h"

struct recorder;

/*
 * Records into @rotation, and takes it over, also after an error. 0 or -ENOMEM.
 * @next gets every record, and must outlive the recorder.
 *
 * Each file of a rotation can be replayed: it begins with the meta record, and
 * all but the first with a `lost` record, cause rotated. One that has reached
 * its limit is complete up to its end.
 */
int recorder_open(struct recorder **recorder, struct rotation *rotation,
		  struct record_sink *next);

/*
 * Where records go in. After an error of writing nothing more is written, each
 * push returns that error, and the records still go on to @next.
 */
struct record_sink *recorder_input(struct recorder *recorder);

/* Has the only file reached its limit, so that nothing more is written? */
bool recorder_is_full(const struct recorder *recorder);

/* Writes what is buffered; 0, or the first -errno of all writing. Takes NULL. */
int recorder_close(struct recorder *recorder);

/* Writes one record as a line. 0 or -errno. */
int recording_write(FILE *file, const struct record *record);

struct recording;

/* Opens the recording @path for reading, "-" is standard input. 0 or -errno. */
int recording_open(struct recording **recording, const char *path);

/*
 * Reads the next record, which the caller then owns. 1; 0 at the end; -EBADMSG
 * if the file is damaged or not a recording; other -errno if it cannot be read.
 */
int recording_next(struct recording *recording, struct record *record);

/* After an error: "FILE:LINE: what is wrong", valid until the close. */
const char *recording_why(const struct recording *recording);

void recording_close(struct recording *recording); /* takes NULL */

/*
 * Reads the lines of a file that anyone may have made: a line has a limit, and
 * so has the memory for it.
 */

#define LINE_BYTES_MAX (1 << 20) /* with its newline */
#define LINE_TOO_LONG  "the line is longer than 1 MiB"

/* Zeroed but for @file, which stays the caller's. */
struct line_reader {
	FILE *file;
	char *line; /* the latest, ended by a zero byte after its newline */
	size_t size;
	unsigned long number; /* of the latest line, from 1 */
};

/*
 * Reads the next line: its length, which counts its newline; 0 at the end;
 * -EFBIG if it is longer than LINE_BYTES_MAX; -ENOMEM; -errno of reading.
 */
int line_reader_next(struct line_reader *reader);

void line_reader_fini(struct line_reader *reader);

#endif
