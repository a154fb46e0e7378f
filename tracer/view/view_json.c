// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The view for programs: each record of the story as one line of JSON. Unlike a
 * recording, it leaves out the records that concern no followed socket.
 *
 *   in:  the records that the story shows
 *   out: JSON Lines, keys as in RECORDING.md
 */
#include <errno.h>
#include <stdlib.h>

#include "record/container_of.h"
#include "record/recording.h"
#include "view.h"

struct json_view {
	struct view view;
	struct view_options options;
};

static int json_open(struct view **view, const struct view_options *options)
{
	struct json_view *v = calloc(1, sizeof(*v));

	if (!v)
		return -ENOMEM;
	v->view.ops = &view_json;
	v->options = *options;
	*view = &v->view;
	return 0;
}

static int json_show(struct view *view, const struct record *record,
		     const struct note *note)
{
	struct json_view *v = container_of(view, struct json_view, view);

	(void)note; /* the records say it all */
	if (v->options.quiet && record->type != RECORD_VERDICT)
		return 0;
	return recording_write(v->options.out, record);
}

static int json_close(struct view *view)
{
	free(container_of(view, struct json_view, view));
	return 0;
}

const struct view_ops view_json = {
	.name = "json",
	.open = json_open,
	.show = json_show,
	.close = json_close,
};
