/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which explanations belong to a row of a picture. */
#ifndef DIALTONE_ROW_EXPLAINED_H
#define DIALTONE_ROW_EXPLAINED_H

#include "explain/explanations.h"
#include "picture.h"

#define ROW_EXPLAINED_MAX 8

/* Those of --explain: the call and its error, the function, the flags, the
 * state. Returns how many. */
unsigned int row_explained(const struct picture_row *row,
			   const struct explanation *found[ROW_EXPLAINED_MAX]);

#endif
