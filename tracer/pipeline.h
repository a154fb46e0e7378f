/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The stages and their connections:
 *
 *   push ─► order ─► recorder ─► story ─► views
 *                                  └─► evidence ─► verdicts ─► recorder, views
 *
 * A run:   pipeline_open, push the meta record; then repeatedly push what the
 *          witnesses reported, and advance to the time before which all of them
 *          have reported everything; push the controls; pipeline_close.
 */
#ifndef DIALTONE_PIPELINE_H
#define DIALTONE_PIPELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "record/record.h"
#include "record/rotation.h"
#include "record/text.h"

#define VIEWS_MAX 16 /* of --view */

struct kept;
struct view_ops;

struct pipeline_options {
	/*
	 * Where the views write. NULL: stdout; stderr if pipeline_writes_data()
	 */
	FILE *out;
	bool json;    /* JSON Lines instead of text */
	bool mermaid; /* Mermaid's text instead of text */
	bool stack;   /* kernel stacks below the calls (text) */
	bool verbose; /* kernel packets, sequence numbers, plan, controls */
	bool quiet;   /* the verdict only */
	bool until_connect; /* show no more than the first connect(2) */
	bool explain;       /* a sentence below each line (text) */
	bool why;    /* at the end, what led to results that failed or waited */
	bool colour; /* escape sequences for a terminal */
	unsigned int columns, edge; /* of the terminal; see struct terminal */
	/* Set by views_choose(); none: the text, or the screen of `both` */
	const struct view_ops *views[VIEWS_MAX];
	unsigned int views_len;
	bool in_order;  /* records are in order already: a recording */
	bool overwrite; /* files that exist */
	/* files to make; NULL: none; one of them may be "-", standard output */
	const char *out_path;    /* where the views write, instead of out */
	const char *record_path; /* a recording */
	struct rotation_limits record_limits;
	const char *svg_path;      /* the picture of the run */
	const char *perfetto_path; /* a trace for ui.perfetto.dev */
	const char *page_path;     /* the page */
	const char *pcapng_path;   /* for Wireshark, with: */
	const struct kept *kept;   /* of the packets; or NULL */
	const char *program;       /* as in struct view_options */
	char *refused; /* the file that could not be made; or NULL */
};

struct pipeline;

/* Is one of the files standard output? Then nothing else is written there. */
bool pipeline_writes_data(const struct pipeline_options *options);

/* Or would more than one of them, or one and JSON, be written there? */
bool pipeline_outputs_collide(const struct pipeline_options *options);

/* 0; -ENOMEM; or why a file could not be made (-EEXIST: it exists). */
int pipeline_open(struct pipeline **pipeline,
		  const struct pipeline_options *options);

/*
 * Takes the record over. A verdict (of a recording) is kept, and compared at
 * the close. 0; or -errno if an output or the memory has failed: then end the
 * run and close, which reports the reason.
 */
int pipeline_push(struct pipeline *pipeline, struct record *record);

/*
 * Lets records older than @watermark_ns (CLOCK_MONOTONIC) pass and flushes the
 * output: once per poll, even if nothing arrived. 0 or -errno, as above.
 */
int pipeline_advance(struct pipeline *pipeline, uint64_t watermark_ns);

/*
 * Writes what is judged so far: "60001 UDP calls: 60001 passed, 0 did not"; of a
 * run without calls, nothing.
 */
void pipeline_so_far(struct pipeline *pipeline, struct text *text);

/*
 * Have as many events been shown as meta.events allows (-n)? Then no more are
 * shown, judged or recorded. An event is what is observed; a packet is one event,
 * though the kernel reports it, too.
 */
bool pipeline_has_enough(const struct pipeline *pipeline);

/* Has the recording reached its limit, so that nothing more is recorded? */
bool pipeline_recording_is_full(const struct pipeline *pipeline);

/*
 * Ends the run: judges the claims that meta.command makes, shows and records
 * the verdicts, closes all. Returns the exit status: 0 PASS or nothing to
 * judge, 1 FAIL, 2 INCONCLUSIVE, 74 (EX_IOERR) if an output failed, 71
 * (EX_OSERR) if there was no memory. @why is a line for standard error, or
 * "". @pipeline is freed; NULL gives 0.
 */
int pipeline_close(struct pipeline *pipeline, char *why, size_t why_size);

#endif
