/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A JSON object under construction; its errors are kept until the end. */
#ifndef DIALTONE_JSON_OBJECT_H
#define DIALTONE_JSON_OBJECT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "endpoint.h"

/* Once something has failed (no memory), everything after it does nothing. */
struct object {
	json_t *json;
	bool failed;
};

struct object object_new(void);

/* Takes @value over; NULL means that there was no memory for it. */
void object_add(struct object *o, const char *key, json_t *value);

/* Above INT64_MAX: the negative number of the same bits. */
void object_add_integer(struct object *o, const char *key, uint64_t value);

/* At most @size (48) bytes that another program chose, reversibly escaped. */
void object_add_name(struct object *o, const char *key, const char *name,
		     size_t size);

/* "errno": the name for a @ret below 0, else null. */
void object_add_errno(struct object *o, int64_t ret);

/* Adds nothing if there is no address. */
void object_add_endpoint(struct object *o, const char *key,
			 const struct endpoint *ep);

/* A string of any length, escaped where it must be; NULL becomes null. */
json_t *object_sentence(const char *string);

/* The finished object, the caller's; NULL if anything failed. */
json_t *object_done(struct object *o);

/*
 * Writes @json with json_dumpf(3) and its @flags, and drops it. 0, or -ENOMEM,
 * also for NULL; an error of writing is left to ferror(3). For what is written
 * seldom: recording.c writes each record.
 */
int object_write(FILE *out, json_t *json, size_t flags);

/* The same for an object that is finished, on a line of its own. */
int object_write_line(FILE *out, json_t *json, size_t flags);

#endif
