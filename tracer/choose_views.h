/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* --view, --diagram, --until and --why, of every command that shows a story. */
#ifndef DIALTONE_CHOOSE_VIEWS_H
#define DIALTONE_CHOOSE_VIEWS_H

#include <argp.h>

#include "pipeline.h"

/*
 * A child of a command's parser; its input is a struct pipeline_options. At the
 * end of the line it refuses what cannot be combined: --view or --mermaid with
 * another form of output. The command has put those into the same options.
 */
extern const struct argp choose_views_argp;

/*
 * Chooses the views of @list, "table,diagram": they are shown in that order. 0;
 * -EINVAL if a name is unknown or comes twice, or if the story, which is shown
 * as the run goes on, is not the first.
 */
int views_choose(struct pipeline_options *options, const char *list);

/* Does the list that was chosen begin with the story? */
bool views_begin_with_story(const struct pipeline_options *options);

#endif
