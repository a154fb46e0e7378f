/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* --view, --diagram, --until and --why, of every command that shows a story. */
#ifndef DIALTONE_CHOOSE_VIEWS_H
#define DIALTONE_CHOOSE_VIEWS_H

#include <argp.h>

/*
 * A child of a command's parser; its input is a struct pipeline_options. At the
 * end of the line it refuses what cannot be combined: --view or --mermaid with
 * another form of output. The command has put those into the same options.
 */
extern const struct argp choose_views_argp;

#endif
