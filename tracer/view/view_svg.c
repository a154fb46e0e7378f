// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The view for documents: the picture of the run, as one SVG.
 *
 *   in:  the records that the story shows
 *   out: at the close, a file that needs nothing else
 */
#include <errno.h>
#include <stdlib.h>

#include "record/container_of.h"
#include "svg.h"
#include "view.h"

struct svg_view {
	struct view view;
	struct view_options options;
	struct picture picture;
};

static int view_svg_open(struct view **view, const struct view_options *options)
{
	struct svg_view *v = calloc(1, sizeof(*v));

	if (!v)
		return -ENOMEM;
	v->view.ops = &view_svg;
	v->options = *options;
	*view = &v->view;
	return 0;
}

static int view_svg_show(struct view *view, const struct record *record,
			 const struct note *note)
{
	struct svg_view *v = container_of(view, struct svg_view, view);

	return picture_add(&v->picture, record, note);
}

static int view_svg_close(struct view *view)
{
	struct svg_view *v = container_of(view, struct svg_view, view);
	int err = picture_finish(&v->picture);

	if (!err) {
		svg_place(&v->picture);
		svg_document(v->options.out, &v->picture);
	}
	picture_fini(&v->picture);
	free(v);
	return err;
}

const struct view_ops view_svg = {
	.name = "svg",
	.open = view_svg_open,
	.show = view_svg_show,
	.close = view_svg_close,
};
