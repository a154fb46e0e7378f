// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Builds JSON objects, and makes arbitrary strings valid for them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "constants.h"
#include "json_object.h"
#include "text.h"

#define NAME_MAX_BYTES 48 /* record_call.function, the longest */

struct object object_new(void)
{
	struct object o = {.json = json_object()};

	o.failed = !o.json;
	return o;
}

void object_add(struct object *o, const char *key, json_t *value)
{
	if (o->failed || !value) {
		json_decref(value);
		o->failed = true;
	} else if (json_object_set_new_nocheck(o->json, key, value)) {
		o->failed = true;
	}
}

json_t *object_done(struct object *o)
{
	if (!o->failed)
		return o->json;
	json_decref(o->json);
	return NULL;
}

int object_write(FILE *out, json_t *json, size_t flags)
{
	int err = 0;

	if (!json)
		return -ENOMEM;
	if (json_dumpf(json, out, flags) && !ferror(out))
		err = -ENOMEM;
	json_decref(json);
	return err;
}

int object_write_line(FILE *out, json_t *json, size_t flags)
{
	int err = object_write(out, json, flags);

	if (json)
		putc('\n', out);
	return err;
}

void object_add_integer(struct object *o, const char *key, uint64_t value)
{
	object_add(o, key, json_integer((json_int_t)value));
}

void object_add_name(struct object *o, const char *key, const char *name,
		     size_t size)
{
	char buf[4 * NAME_MAX_BYTES + 1];
	struct text text;

	text_init(&text, buf, sizeof(buf));
	text_escape(&text, name, strnlen(name, size), true);
	object_add(o, key, json_string_nocheck(buf));
}

json_t *object_sentence(const char *string)
{
	size_t len = string ? strlen(string) : 0;
	struct text text;
	json_t *json;
	char *buf;

	if (!string)
		return json_null();
	buf = malloc(4 * len + 1);
	if (!buf)
		return NULL;
	text_init(&text, buf, 4 * len + 1);
	text_escape(&text, string, len, false);
	json = json_string_nocheck(buf);
	free(buf);
	return json;
}

void object_add_endpoint(struct object *o, const char *key,
			 const struct endpoint *ep)
{
	char buf[ENDPOINT_STRLEN];

	endpoint_format(ep, buf);
	if (*buf)
		object_add(o, key, json_string_nocheck(buf));
}

void object_add_errno(struct object *o, int64_t ret)
{
	const char *name = ret < 0 ? constant_errno(-ret) : NULL;

	object_add(o, "errno", name ? json_string_nocheck(name) : json_null());
}
