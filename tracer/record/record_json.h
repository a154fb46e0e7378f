/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A record as one JSON object, and back. ../RECORDING.md lists the keys. */
#ifndef DIALTONE_RECORD_JSON_H
#define DIALTONE_RECORD_JSON_H

#include <jansson.h>

#include "record.h"

/* A new reference that the caller drops, or NULL: out of memory. */
json_t *record_to_json(const struct record *record);

#define WHY_SIZE 96

/*
 * Fills @record, which then owns its pointers. 0; -ENOENT for a type of record
 * or a system call that this reader does not know (skip it); -EINVAL, and @why
 * names the wrong key; -ENOMEM. On any error @record is empty. Unknown keys are
 * skipped.
 */
int record_from_json(struct record *record, const json_t *json,
		     char why[WHY_SIZE]);

#endif
