/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The verdict's part of json_encode.c and json_decode.c. */
#ifndef DIALTONE_JSON_VERDICT_H
#define DIALTONE_JSON_VERDICT_H

#include "json_fields.h"
#include "json_object.h"
#include "record.h"

/* Adds the keys of @verdict to @o. */
void json_verdict_encode(struct object *o, const struct verdict *verdict);

/* Gives @record a verdict, its own; errors are noted in @f. */
void json_verdict_decode(struct fields *f, struct record *record);

#endif
