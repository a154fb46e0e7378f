/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The text view's lines about the run as a whole. */
#ifndef DIALTONE_VIEW_VERDICT_H
#define DIALTONE_VIEW_VERDICT_H

#include "view.h"

/*
 * Writes a verdict, or a line about what was lost; with options.verbose also
 * the meta record and the controls. Other records are ignored.
 */
void verdict_show(const struct view_options *options,
		  const struct record *record);

#endif
