/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The fields of a JSON object, checked for type and range as they are read. A
 * key that is missing or null reads as 0, NULL or "none".
 */
#ifndef DIALTONE_JSON_FIELDS_H
#define DIALTONE_JSON_FIELDS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "endpoint.h"

struct fields {
	const json_t *json; /* the object */
	int err;            /* the first error: -EINVAL, -ENOMEM; 0: none */
	char *why;          /* says what it is, in @why_size bytes */
	size_t why_size;
};

/* Notes that @key is not what it must be; the first such note is kept. */
void field_wrong(struct fields *f, const char *key, const char *expected);

/* Is the key there, and not null? */
bool field_present(const struct fields *f, const char *key);

/* An integer within @min and @max, both inclusive. */
int64_t field_integer(struct fields *f, const char *key, int64_t min,
		      int64_t max);

/* 64 bits, as object_add_integer() writes them. */
uint64_t field_u64(struct fields *f, const char *key);

uint32_t field_u32(struct fields *f, const char *key);

bool field_bool(struct fields *f, const char *key);

/* Borrowed from the object; NULL if there is none. */
const char *field_string(struct fields *f, const char *key);

/* The same as a copy that the caller frees. */
char *field_copy(struct fields *f, const char *key);

/* The bytes of an escaped name, cut to @size with its NUL. */
void field_name(struct fields *f, const char *key, char *out, size_t size);

/* The index of the string in @words, which NULL ends; -1: not in it. */
int field_word_index(struct fields *f, const char *key,
		     const char *const *words);

/* The same; any other string is an error. */
int field_word(struct fields *f, const char *key, const char *const *words);

void field_endpoint(struct fields *f, const char *key, struct endpoint *ep);

/* Borrowed; NULL if there is none. */
const json_t *field_array(struct fields *f, const char *key);

/* An array of strings as copies: *@strings is the caller's; its length. */
unsigned int field_strings(struct fields *f, const char *key, char ***strings);

#endif
