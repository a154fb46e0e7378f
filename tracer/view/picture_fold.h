/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Takes rounds that are equal out of a long run. */
#ifndef DIALTONE_PICTURE_FOLD_H
#define DIALTONE_PICTURE_FOLD_H

#include "picture.h"

/* Of the later rows, a round that comes again is counted and not kept. */
void panel_fold(struct panel *panel);

#endif
