/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The view that collects the picture of a run and writes it at the close. What it
 * writes (SVG, the page, Mermaid, a trace for Perfetto) is one function each.
 */
#ifndef DIALTONE_PICTURE_VIEW_H
#define DIALTONE_PICTURE_VIEW_H

#include "picture.h"
#include "view.h"

/* The picture is finished. 0 or -errno; errors of @out stay in ferror(@out). */
typedef int picture_write(FILE *out, struct picture *picture);

/* For struct view_ops: open, with the ops themselves and what is written. */
int picture_view_open(struct view **view, const struct view_options *options,
		      const struct view_ops *ops, picture_write *write);
int picture_view_show(struct view *view, const struct record *record,
		      const struct note *note);
int picture_view_close(struct view *view);

#endif
