/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The interface of a view: a table of three functions. A new view for --view is
 * one file, view_NAME.c, whose table has a .place (registry.mk).
 *
 * A view uses only the records, the notes and its options, never the clock, the
 * terminal or the environment: so a replay prints to the byte what the live run
 * printed.
 */
#ifndef DIALTONE_VIEW_H
#define DIALTONE_VIEW_H

#include <stdbool.h>
#include <stdio.h>

#include "record/record.h"
#include "registry.h" /* build/registry.h: registry.mk */
#include "story/story.h"

struct kept;

struct view_options {
	FILE *out;            /* the caller's; errors are found by ferror(3) */
	bool colour;          /* escape sequences for a terminal */
	unsigned int columns; /* for the table and the diagram; 0: any */
	unsigned int edge;    /* where a terminal breaks lines; 0: nowhere */
	bool stack;           /* kernel stacks below the calls */
	bool verbose; /* kernel packets, sequence numbers, controls, the plan */
	bool quiet;   /* the verdict only */
	bool unjudged; /* all but the verdict (text) */
	bool asked;    /* the user named this view: show it whatever the run */
	bool brief;    /* one of those that fill one screen together: both */
	bool explain;  /* a sentence below each line (text) */
	const struct kept *kept; /* of the packets, for pcapng; or NULL */
	const char *program;     /* how the user starts it; NULL: tracer */
};

struct view {
	const struct view_ops *ops;
};

struct view_ops {
	const char *name;
	/*
	 * Its place among the views of --view; 0: --view does not know it. Read
	 * by make (registry.mk)
	 */
	int place;
	bool live; /* shown as the run goes on: --view takes it as the first */

	/* 0 or -ENOMEM; @options are copied */
	int (*open)(struct view **view, const struct view_options *options);

	/* one record, in the order of the story; 0 or -errno */
	int (*show)(struct view *view, const struct record *record,
		    const struct note *note);

	/* writes the rest and frees the view; 0 or -errno */
	int (*close)(struct view *view);
};

/* Those of --view. */
#define VIEW_DECLARE(name) extern const struct view_ops view_##name;
EACH_VIEW(VIEW_DECLARE)

/* Those that have an option of their own, or none. */
extern const struct view_ops view_text;     /* the story and the verdict */
extern const struct view_ops view_json;     /* JSON Lines for a program */
extern const struct view_ops view_svg;      /* the picture */
extern const struct view_ops view_page;     /* the picture as a page */
extern const struct view_ops view_perfetto; /* the picture as a trace */
extern const struct view_ops view_pcapng;   /* for Wireshark */
extern const struct view_ops view_mermaid;  /* the picture as Mermaid text */

#endif
