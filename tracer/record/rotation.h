/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Output files with a limit: when one is full, the next one goes on, and after
 * the last one the first is written anew, as with tcpdump -C and -W.
 *
 * All of them are made at the beginning, because the tracer has no privileges
 * afterwards, and because nobody can then put a link in the place of one.
 */
#ifndef DIALTONE_ROTATION_H
#define DIALTONE_ROTATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define ROTATION_FILES_MAX 100

struct rotation_limits {
	uint64_t max_bytes; /* of each file; 0: no limit */
	unsigned int files; /* FILE, FILE.1, ...; 0 and 1: one */
	bool overwrite;     /* files that exist: new_file_open() */
};

struct rotation;

/*
 * Makes the files. 0 or -errno: then none of them is left, and @refused, of
 * ROTATION_PATH bytes, has the one that could not be made.
 */
#define ROTATION_PATH 4200
int rotation_open(struct rotation **rotation, const char *path,
		  const struct rotation_limits *limits,
		  char refused[ROTATION_PATH]);

/* The file that is written now. */
FILE *rotation_file(const struct rotation *rotation);

/* Has more than one file been begun? */
bool rotation_has_turned(const struct rotation *rotation);

/*
 * Room for @bytes: 0; 1 if a new file was begun for them; -EFBIG if the only
 * file is full; other -errno of writing.
 */
int rotation_make_room(struct rotation *rotation, size_t bytes);

/* So many bytes were written. */
void rotation_wrote(struct rotation *rotation, size_t bytes);

/* Closes all; 0, or the first -errno of writing. Takes NULL. */
int rotation_close(struct rotation *rotation);

#endif
