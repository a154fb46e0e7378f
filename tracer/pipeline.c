// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Connects the stages, and ends a run.
 *
 *   in:  records of a live run or of a recording
 *   out: views on a stream, a recording, the exit status
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "pipeline.h"
#include "record/container_of.h"
#include "record/new_file.h"
#include "record/recording.h"
#include "story/order.h"
#include "story/story.h"
#include "verdict/claims.h"
#include "view/until.h"
#include "view/view.h"
#include "why/why.h"

#define CLAIMS_MAX 4
#define SHOWN_MAX  (VIEWS_MAX + 5) /* and --why, and files: a picture ... */

/* A view, and where it writes. */
struct shown {
	struct view *view;
	FILE *file;       /* its own; NULL: options.out */
	const char *path; /* of the file that is made; NULL: it is @text */
	char *text;       /* of open_memstream(3): kept until the end */
	size_t text_len;
	int err; /* the first failure of the view or of the file */
};

struct pipeline {
	struct pipeline_options options;
	struct record_sink *head;
	struct record_sink *gated; /* where the gate leads to */
	struct record_sink gate;
	uint64_t shown_events, max_events; /* meta.events; 0: no limit */
	struct order *order;
	struct recorder *recorder;
	struct story *story;
	struct ledger ledger; /* what is judged before the end */
	struct story_sink views_sink;
	struct until until;
	struct shown views[SHOWN_MAX];
	int views_len;
	struct verdict *recorded[CLAIMS_MAX]; /* what a recording says */
	int recorded_len;
	bool unrecorded; /* the recording has failed, and so ended the run */
	int out_err;     /* the first failure of options.out */
	int err;         /* the first of the stages: the story is not whole */
};

static int shown_show(const struct pipeline *p, const struct shown *shown,
		      const struct record *record, const struct note *note)
{
	FILE *out = shown->file ? shown->file : p->options.out;
	int err;

	errno = 0;
	err = shown->view->ops->show(shown->view, record, note);
	if (!err && ferror(out))
		err = errno ? -errno : -EIO;
	return err;
}

/* The kernel's report of a packet repeats what the capture has seen. */
static bool is_event(const struct record *record)
{
	return record_is_observed(record) &&
	       !((record->type == RECORD_PACKET ||
		  record->type == RECORD_ICMP) &&
		 record_witness(record) == WITNESS_KERNEL);
}

/*
 * One record may decide about others, which waited for it, so that several are
 * shown at once.
 */
static bool is_beyond(struct pipeline *p, const struct record *record)
{
	if (!p->max_events || !record_is_observed(record))
		return false;
	if (pipeline_has_enough(p))
		return true;
	p->shown_events += is_event(record);
	return false;
}

static void flush_output(struct pipeline *p)
{
	errno = 0;
	if (fflush(p->options.out) && !p->out_err)
		p->out_err = errno ? -errno : -EIO;
}

/*
 * Whole lines, many at once: a write(2) for each would cost more than what it
 * says. pipeline_advance() writes the rest.
 */
static void flush_half_full(struct pipeline *p)
{
	if (__fpending(p->options.out) > __fbufsize(p->options.out) / 2)
		flush_output(p);
}

/* The story continues after its reader has gone, for the recording. */
static int show_all(struct story_sink *sink, const struct record *record,
		    const struct note *note)
{
	struct pipeline *p = container_of(sink, struct pipeline, views_sink);

	if (is_beyond(p, record))
		return 0;
	if (p->options.until_connect && !until_connect(&p->until, record, note))
		return 0;
	for (int i = 0; i < p->views_len; i++) {
		struct shown *shown = &p->views[i];
		int *err = shown->file ? &shown->err : &p->out_err;

		if (!*err)
			*err = shown_show(p, shown, record, note);
	}
	flush_half_full(p);
	return 0;
}

static void refuse(const struct pipeline *p, const char *path)
{
	if (p->options.refused)
		snprintf(p->options.refused, ROTATION_PATH, "%s", path);
}

static struct view_options view_options(const struct pipeline *p)
{
	return (struct view_options){
		.out = p->options.out,
		.colour = p->options.colour,
		.columns = p->options.columns,
		.edge = p->options.edge,
		.stack = p->options.stack,
		.verbose = p->options.verbose,
		.quiet = p->options.quiet,
		.explain = p->options.explain,
		.kept = p->options.kept,
		.program = p->options.program,
	};
}

/* Opens the view; it writes to @shown's file if there is one. */
static int open_view(struct pipeline *p, const struct view_ops *ops,
		     struct view_options *options)
{
	struct shown *shown = &p->views[p->views_len];
	int err;

	if (shown->file)
		options->out = shown->file;
	err = ops->open(&shown->view, options);
	if (!err) {
		p->views_len++;
		return 0;
	}
	if (shown->file)
		fclose(shown->file);
	free(shown->text);
	return err;
}

/*
 * A view that writes to the usual output. With `both`, the views fill one screen;
 * -q, -v, --stack and --explain ask for something else.
 */
static int add_view(struct pipeline *p, const struct view_ops *ops)
{
	struct view_options options = view_options(p);

	options.brief = !p->options.quiet && !p->options.stack &&
			!p->options.verbose && !p->options.explain;
	return open_view(p, ops, &options);
}

/* A view that makes a file. */
static int add_file(struct pipeline *p, const struct view_ops *ops,
		    const char *path)
{
	struct view_options options = view_options(p);
	struct shown *shown = &p->views[p->views_len];
	int err = new_file_open(&shown->file, path, p->options.overwrite);

	if (err) {
		refuse(p, path);
		return err;
	}
	shown->path = path;
	return open_view(p, ops, &options);
}

/* One that --view names. All but the first are shown at the end, in order. */
static int add_named(struct pipeline *p, const struct view_ops *named)
{
	struct view_options options = view_options(p);
	struct shown *shown = &p->views[p->views_len];

	options.quiet = false;
	options.asked = true;
	if (p->views_len) {
		shown->file = open_memstream(&shown->text, &shown->text_len);
		if (!shown->file)
			return -ENOMEM;
	}
	return open_view(p, named, &options);
}

static int add_usual(struct pipeline *p)
{
	int err;

	if (p->options.json)
		return add_view(p, &view_json);
	if (p->options.mermaid)
		return add_view(p, &view_mermaid);
	err = add_view(p, &view_text);
	if (!err && !p->options.quiet)
		err = add_view(p, &view_table);
	if (!err && !p->options.quiet)
		err = add_view(p, &view_diagram);
	return err;
}

static int add_views(struct pipeline *p)
{
	int err = p->options.views_len ? 0 : add_usual(p);

	for (unsigned int i = 0; i < p->options.views_len && !err; i++)
		err = add_named(p, p->options.views[i]);
	if (!err && p->options.why)
		err = add_view(p, &view_why);
	if (!err && p->options.svg_path)
		err = add_file(p, &view_svg, p->options.svg_path);
	if (!err && p->options.page_path)
		err = add_file(p, &view_page, p->options.page_path);
	if (!err && p->options.perfetto_path)
		err = add_file(p, &view_perfetto, p->options.perfetto_path);
	if (!err && p->options.pcapng_path)
		err = add_file(p, &view_pcapng, p->options.pcapng_path);
	return err;
}

static int wire_recorder(struct pipeline *p)
{
	char refused[ROTATION_PATH] = "";
	struct rotation *rotation;
	int err;

	p->options.record_limits.overwrite = p->options.overwrite;
	err = rotation_open(&rotation, p->options.record_path,
			    &p->options.record_limits, refused);
	if (err) {
		if (*refused)
			refuse(p, refused);
		return err;
	}
	err = recorder_open(&p->recorder, rotation, p->head);
	if (!err)
		p->head = recorder_input(p->recorder);
	return err;
}

/* What comes after the last event (-n) is neither judged nor recorded. */
static int gate_push(struct record_sink *sink, struct record *record)
{
	struct pipeline *p = container_of(sink, struct pipeline, gate);

	if (pipeline_has_enough(p) && record_is_observed(record)) {
		record_fini(record);
		return 0;
	}
	return p->gated->push(p->gated, record);
}

/* From the last stage to the first: each stage gets its successor. */
static int wire(struct pipeline *p)
{
	int err;

	p->views_sink.show = show_all;
	err = add_views(p);
	if (err)
		return err;
	err = story_new(&p->story, &p->views_sink);
	if (err)
		return err;
	ledger_init(&p->ledger);
	story_set_judge(p->story, &p->ledger.judge);
	p->head = story_input(p->story);
	if (p->options.record_path)
		err = wire_recorder(p);
	if (err)
		return err;
	p->gate.push = gate_push;
	p->gated = p->head;
	p->head = &p->gate;
	if (p->options.in_order)
		return 0;
	err = order_new(&p->order, p->head);
	if (!err)
		p->head = order_input(p->order);
	return err;
}

/* Closes the view, and its own file. Returns the first error of both. */
static int shown_close(struct shown *shown)
{
	int err;

	errno = 0;
	err = shown->view->ops->close(shown->view);
	if (shown->err)
		err = shown->err;
	if (!shown->file)
		return err;
	if (!err && ferror(shown->file))
		err = errno ? -errno : -EIO;
	errno = 0;
	if (fclose(shown->file) && !err)
		err = errno ? -errno : -EIO;
	return err;
}

static void free_shown(struct shown *shown)
{
	shown_close(shown);
	free(shown->text);
}

/* Writes the kept text of the view after what was written before. */
static void write_kept(struct pipeline *p, struct shown *shown)
{
	if (!p->out_err && shown->text_len) {
		putc('\n', p->options.out);
		fwrite(shown->text, 1, shown->text_len, p->options.out);
	}
	free(shown->text);
}

/* Returns the first error of the recorder. */
static int dismantle(struct pipeline *p)
{
	int err;

	for (int i = 0; i < p->views_len; i++)
		free_shown(&p->views[i]);
	if (p->options.out_path && fclose(p->options.out) && !p->out_err)
		p->out_err = errno ? -errno : -EIO;
	order_free(p->order);
	err = recorder_close(p->recorder);
	story_free(p->story);
	for (int i = 0; i < p->recorded_len; i++)
		verdict_free(p->recorded[i]);
	return err;
}

/* A file is not a terminal. */
static int open_output(struct pipeline *p)
{
	const char *path = p->options.out_path;
	int err;

	if (!path)
		return 0;
	err = new_file_open(&p->options.out, path, p->options.overwrite);
	if (err) {
		p->options.out_path = NULL;
		refuse(p, path);
		return err;
	}
	p->options.colour = false;
	p->options.edge = 0;
	return 0;
}

/* The files that views make, and the recording. */
static unsigned int data_on_stdout(const struct pipeline_options *options)
{
	return new_file_is_stdout(options->record_path) +
	       new_file_is_stdout(options->svg_path) +
	       new_file_is_stdout(options->page_path) +
	       new_file_is_stdout(options->perfetto_path) +
	       new_file_is_stdout(options->pcapng_path);
}

bool pipeline_writes_data(const struct pipeline_options *options)
{
	return data_on_stdout(options) > 0;
}

bool pipeline_outputs_collide(const struct pipeline_options *options)
{
	bool text = new_file_is_stdout(options->out_path) || options->json ||
		    options->mermaid;

	return data_on_stdout(options) + text > 1;
}

/* What is meant for standard output gives way to data. */
static void use_standard_stream(struct pipeline *p)
{
	p->options.out = stdout;
	if (!pipeline_writes_data(&p->options)) {
		/* lines until now were written one by one, see relay.c */
		setvbuf(stdout, NULL, _IOFBF, BUFSIZ);
		return;
	}
	p->options.out = stderr;
	p->options.colour = false;
	p->options.edge = 0;
}

int pipeline_open(struct pipeline **pipeline,
		  const struct pipeline_options *options)
{
	struct pipeline *p = calloc(1, sizeof(*p));
	int err;

	*pipeline = NULL;
	if (!p)
		return -ENOMEM;
	p->options = *options;
	if (!p->options.out)
		use_standard_stream(p);
	err = open_output(p);
	if (!err)
		err = wire(p);
	if (err) {
		dismantle(p);
		free(p);
		return err;
	}
	*pipeline = p;
	return 0;
}

static void keep_recorded(struct pipeline *p, struct record *record)
{
	if (p->recorded_len < CLAIMS_MAX) {
		p->recorded[p->recorded_len++] = record->verdict;
		record->verdict = NULL;
	}
	record_fini(record);
}

/* The recorder keeps its own errors until it is closed. */
static int after(struct pipeline *p, int err)
{
	if (err == -ENOMEM && !p->err)
		p->err = err;
	p->unrecorded |= err && err != -ENOMEM && err != -EPIPE;
	if (err == -EPIPE && !p->out_err) /* --record -: nobody reads it */
		p->out_err = err;
	return err ? err : p->out_err;
}

int pipeline_push(struct pipeline *pipeline, struct record *record)
{
	if (record->type == RECORD_VERDICT) {
		keep_recorded(pipeline, record);
		return 0;
	}
	if (record->type == RECORD_META)
		pipeline->max_events = record->meta->events;
	return after(pipeline, pipeline->head->push(pipeline->head, record));
}

int pipeline_advance(struct pipeline *pipeline, uint64_t watermark_ns)
{
	int err = 0;

	if (pipeline->order)
		err = order_advance(pipeline->order, watermark_ns);
	if (!err)
		err = story_advance(pipeline->story, watermark_ns);
	flush_output(pipeline);
	return after(pipeline, err);
}

void pipeline_so_far(struct pipeline *pipeline, struct text *text)
{
	ledger_format(&pipeline->ledger, IPPROTO_UDP, text);
	ledger_format(&pipeline->ledger, IPPROTO_TCP, text);
}

bool pipeline_has_enough(const struct pipeline *pipeline)
{
	return pipeline->max_events &&
	       pipeline->shown_events >= pipeline->max_events;
}

bool pipeline_recording_is_full(const struct pipeline *pipeline)
{
	return recorder_is_full(pipeline->recorder);
}

static void say(char *why, size_t why_size, const char *what,
		const char *problem)
{
	if (!*why)
		snprintf(why, why_size, "%s: %s", what, problem);
}

/* A reader that has gone wants no more, not even a message: as with grep(1). */
static void say_unwritten(char *why, size_t why_size, const char *path, int err)
{
	if (err != -EPIPE)
		say(why, why_size,
		    !path || new_file_is_stdout(path) ? "standard output" :
							path,
		    strerror(-err));
}

/* Reports a recording whose verdict differs from what its records prove. */
static bool contradicts(const struct pipeline *p, const struct verdict *verdict,
			char *why, size_t why_size)
{
	for (int i = 0; i < p->recorded_len; i++) {
		const struct verdict *recorded = p->recorded[i];
		char problem[128];

		if (strcmp(recorded->claim, verdict->claim) != 0 ||
		    recorded->result == verdict->result)
			continue;
		snprintf(problem, sizeof(problem),
			 "the verdict in the recording is %s, but its records "
			 "give %s",
			 verdict_result_name(recorded->result),
			 verdict_result_name(verdict->result));
		say(why, why_size, verdict->claim, problem);
		return true;
	}
	return false;
}

/* 0, 1 or 2; negative: no memory */
static int pipeline_judge(struct pipeline *p, const struct evidence *evidence,
			  uint8_t proto, char *why, size_t why_size)
{
	static const int statuses[] = {[VERDICT_PASS] = 0,
				       [VERDICT_FAIL] = 1,
				       [VERDICT_INCONCLUSIVE] = 2};
	struct record record = {.type = RECORD_VERDICT};
	struct note note = {0};
	int status, err = claims_judge(evidence, &p->ledger, proto,
				       &record.verdict);

	if (err)
		return err;
	status = statuses[record.verdict->result];
	if (contradicts(p, record.verdict, why, why_size))
		status = 2;
	show_all(&p->views_sink, &record, &note);
	if (p->recorder)
		p->head->push(p->head, &record); /* it keeps its error */
	else
		record_fini(&record);
	return status;
}

/* One FAIL makes the run fail; otherwise all must be PASS. */
static int judge_all(struct pipeline *p, char *why, size_t why_size)
{
	const struct evidence *evidence = story_end(p->story);
	const uint8_t *proto;
	int sum = 0;

	if (!evidence->meta)
		return 2;
	proto = claims_of(evidence->meta->command);
	for (; *proto; proto++) {
		int status = pipeline_judge(p, evidence, *proto, why, why_size);

		if (status < 0) {
			p->err = status;
			return EX_OSERR;
		}
		if (sum != 1 && status)
			sum = status;
	}
	return sum;
}

/* Prints why the first file that failed did so; false: none failed. */
static bool close_views(struct pipeline *p, char *why, size_t why_size)
{
	bool failed = false;

	for (int i = 0; i < p->views_len; i++) {
		struct shown *shown = &p->views[i];
		bool own = shown->path != NULL;
		int err = shown_close(shown);

		if (err && !own && !p->out_err)
			p->out_err = err;
		write_kept(p, shown);
		if (!err || !own)
			continue;
		if (!failed)
			*why = '\0';
		failed = true;
		say_unwritten(why, why_size, shown->path, err);
	}
	p->views_len = 0;
	errno = 0;
	if ((fflush(p->options.out) || ferror(p->options.out)) && !p->out_err)
		p->out_err = errno ? -errno : -EIO;
	return failed;
}

/* The run has ended early: that nothing more came proves nothing. */
static void push_cut_off(struct pipeline *p)
{
	struct record lost = {
		.type = RECORD_LOST,
		.lost = {.witness = WITNESS_SYSCALL,
			 .cause = LOST_TRUNCATED,
			 .count = 1},
	};
	struct record_sink *story = story_input(p->story);

	after(p, story->push(story, &lost));
}

int pipeline_close(struct pipeline *pipeline, char *why, size_t why_size)
{
	struct pipeline *p = pipeline;
	int status = EX_OSERR, record_err;
	bool failed;

	*why = '\0';
	if (!p)
		return 0;
	if (p->order)
		after(p, order_advance(p->order, UINT64_MAX));
	after(p, story_finish(p->story));
	if (p->unrecorded)
		push_cut_off(p);
	if (!p->err)
		status = judge_all(p, why, why_size);
	failed = close_views(p, why, why_size);
	record_err = dismantle(p);
	if (p->err)
		say(why, why_size, "the story is incomplete",
		    strerror(-p->err));
	if (p->out_err || record_err)
		*why = '\0';
	if (p->out_err)
		say_unwritten(why, why_size, p->options.out_path, p->out_err);
	else if (record_err)
		say_unwritten(why, why_size, p->options.record_path,
			      record_err);
	if (p->out_err || record_err || failed)
		status = EX_IOERR;
	free(p);
	return status;
}
