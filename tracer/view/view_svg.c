// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The view for documents: the picture of the run, as one SVG.
 *
 *   in:  a picture
 *   out: a file that needs nothing else
 */
#include "picture.h"
#include "svg.h"

static int view_svg_write(FILE *out, struct picture *picture)
{
	svg_place(picture);
	svg_document(out, picture);
	return 0;
}

static int view_svg_open(struct view **view, const struct view_options *options)
{
	return picture_view_open(view, options, &view_svg, view_svg_write);
}

const struct view_ops view_svg = {
	.name = "svg",
	.open = view_svg_open,
	.show = picture_view_show,
	.close = picture_view_close,
};
