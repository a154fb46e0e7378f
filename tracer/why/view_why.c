// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The view of --why.
 *
 *   in:  the records that the story shows
 *   out: at the close, the results that failed or waited
 */
#include <errno.h>
#include <stdlib.h>

#include "record/container_of.h"
#include "why.h"

struct why_view {
	struct view view;
	struct view_options options;
	struct history history;
};

static int why_show(struct view *view, const struct record *record,
		    const struct note *note)
{
	struct why_view *v = container_of(view, struct why_view, view);

	return history_add(&v->history, record, note);
}

static int why_open(struct view **view, const struct view_options *options)
{
	struct why_view *v = calloc(1, sizeof(*v));

	if (!v)
		return -ENOMEM;
	v->view.ops = &view_why;
	v->options = *options;
	*view = &v->view;
	return 0;
}

static int why_close(struct view *view)
{
	struct why_view *v = container_of(view, struct why_view, view);

	putc('\n', v->options.out);
	why_write_all(&v->history, &v->options);
	history_fini(&v->history);
	free(v);
	return 0;
}

const struct view_ops view_why = {
	.name = "why",
	.open = why_open,
	.show = why_show,
	.close = why_close,
};
