// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Reads a JSON object key by key and checks everything.
 *
 *   in:  an object of a recording
 *   out: values, or one error that names the key
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json_fields.h"
#include "text.h"

void field_wrong(struct fields *f, const char *key, const char *expected)
{
	if (f->err)
		return;
	f->err = -EINVAL;
	snprintf(f->why, f->why_size, "\"%s\" is not %s", key, expected);
}

static const json_t *get(const struct fields *f, const char *key)
{
	const json_t *value = json_object_get(f->json, key);

	return json_is_null(value) ? NULL : value;
}

bool field_present(const struct fields *f, const char *key)
{
	return get(f, key) != NULL;
}

int64_t field_integer(struct fields *f, const char *key, int64_t min,
		      int64_t max)
{
	const json_t *value = get(f, key);
	json_int_t number;

	if (!value)
		return 0;
	number = json_integer_value(value);
	if (!json_is_integer(value) || number < min || number > max) {
		field_wrong(f, key, "an integer within its range");
		return 0;
	}
	return number;
}

uint64_t field_u64(struct fields *f, const char *key)
{
	return field_integer(f, key, INT64_MIN, INT64_MAX);
}

uint32_t field_u32(struct fields *f, const char *key)
{
	return field_integer(f, key, 0, UINT32_MAX);
}

bool field_bool(struct fields *f, const char *key)
{
	const json_t *value = get(f, key);

	if (value && !json_is_boolean(value))
		field_wrong(f, key, "true or false");
	return json_is_true(value);
}

const char *field_string(struct fields *f, const char *key)
{
	const json_t *value = get(f, key);

	if (value && !json_is_string(value))
		field_wrong(f, key, "a string");
	return json_string_value(value);
}

static char *fields_copy(struct fields *f, const char *string)
{
	char *out = strdup(string);

	if (!out && !f->err)
		f->err = -ENOMEM;
	return out;
}

char *field_copy(struct fields *f, const char *key)
{
	const char *string = field_string(f, key);

	return string ? fields_copy(f, string) : NULL;
}

void field_name(struct fields *f, const char *key, char *out, size_t size)
{
	const char *string = field_string(f, key);

	text_unescape(out, size, string ? string : "");
}

void field_endpoint(struct fields *f, const char *key, struct endpoint *ep)
{
	const char *string = field_string(f, key);

	if (string && endpoint_parse(ep, string))
		field_wrong(f, key, "an address and a port");
}

const json_t *field_array(struct fields *f, const char *key)
{
	const json_t *value = get(f, key);

	if (value && !json_is_array(value)) {
		field_wrong(f, key, "an array");
		return NULL;
	}
	return value;
}

unsigned int field_strings(struct fields *f, const char *key, char ***strings)
{
	const json_t *array = field_array(f, key);
	unsigned int n = 0;
	size_t size = json_array_size(array);

	*strings = array ? calloc(size + 1, sizeof(**strings)) : NULL;
	if (!array)
		return 0;
	if (!*strings && !f->err)
		f->err = -ENOMEM;
	while (!f->err && n < size) {
		const json_t *item = json_array_get(array, n);

		if (json_is_string(item))
			(*strings)[n] = fields_copy(f, json_string_value(item));
		else
			field_wrong(f, key, "an array of strings");
		n += !f->err;
	}
	return n;
}

int field_word_index(struct fields *f, const char *key,
		     const char *const *words)
{
	const char *string = field_string(f, key);

	for (int i = 0; string && words[i]; i++)
		if (strcmp(words[i], string) == 0)
			return i;
	return -1;
}

int field_word(struct fields *f, const char *key, const char *const *words)
{
	int i = field_word_index(f, key, words);

	if (i < 0)
		field_wrong(f, key, "one of the known words");
	return i;
}
