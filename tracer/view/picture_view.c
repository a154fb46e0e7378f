// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Collects a picture. See picture_view.h.
 *
 *   in:  the records that the story shows
 *   out: at the close, what the writer makes of the picture
 */
#include "picture_view.h"

#include <errno.h>
#include <stdlib.h>

#include "record/container_of.h"

struct picture_view {
	struct view view;
	struct view_options options;
	struct picture picture;
	picture_write *write;
};

int picture_view_open(struct view **view, const struct view_options *options,
		      const struct view_ops *ops, picture_write *write)
{
	struct picture_view *v = calloc(1, sizeof(*v));

	if (!v)
		return -ENOMEM;
	v->view.ops = ops;
	v->options = *options;
	v->write = write;
	*view = &v->view;
	return 0;
}

int picture_view_show(struct view *view, const struct record *record,
		      const struct note *note)
{
	struct picture_view *v = container_of(view, struct picture_view, view);

	return picture_add(&v->picture, record, note);
}

int picture_view_close(struct view *view)
{
	struct picture_view *v = container_of(view, struct picture_view, view);
	int err = picture_finish(&v->picture);

	if (!err)
		err = v->write(v->options.out, &v->picture);
	picture_fini(&v->picture);
	free(v);
	return err;
}
