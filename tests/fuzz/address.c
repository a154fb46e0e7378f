// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Fuzzes addresses as text: those of recordings (tracer/record/endpoint.c) and those
 * that a person types behind echo-client (echo/net.c).
 *
 *   in:  a string
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "echo/net.h"
#include "fuzz.h"
#include "record/endpoint.h"

/* What was read is written so that it is read again as the same. */
static void of_recording(const char *text)
{
	char written[ENDPOINT_STRLEN], again[ENDPOINT_STRLEN];
	struct endpoint ep, copy;

	if (endpoint_parse(&ep, text))
		return;
	endpoint_format(&ep, written);
	assert(endpoint_parse(&copy, written) == 0);
	assert(endpoint_equal(&ep, &copy));
	assert(endpoint_is_any(&ep) == endpoint_is_any(&copy));
	assert(endpoint_covers(&ep, &ep) == endpoint_covers(&copy, &copy));
	assert(strcmp(written, endpoint_format(&copy, again)) == 0);
}

static void of_person(const char *text)
{
	struct net_name name;

	if (net_parse(text, &name))
		return;
	assert(*name.host && strlen(name.host) < sizeof(name.host));
	assert(*name.port && strlen(name.port) < sizeof(name.port));
	assert(strspn(name.port, "0123456789") == strlen(name.port));
	assert(atoi(name.port) <= 65535);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	if (!text)
		return -1;
	memcpy(text, data, size);
	text[size] = '\0';
	of_recording(text);
	of_person(text);
	free(text);
	return 0;
}
