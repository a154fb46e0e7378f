// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The view for people: a line for each call, and below it what the call caused.
 *
 * The entry of a call is held back until the next line is known: if the call
 * returns at once, one line shows it with its result. If lines of other tasks
 * come before the result, the result's line repeats the task and the call.
 *
 *   in:  the records that the story shows
 *   out: text; line.h draws the columns
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "describe.h"
#include "explained.h"
#include "line.h"
#include "record/container_of.h"
#include "record/syscalls.h"
#include "view.h"
#include "view_verdict.h"

#define BODY_SIZE 512

struct text_view {
	struct view view;
	struct view_options options;
	bool begun;
	uint64_t first_ns;
	struct record held;         /* an entry; type 0: none */
	uint32_t named_tid;         /* the task of the last line; 0: none */
	enum syscall_id named_call; /* the call of that task, by those lines */
};

static void view_text_line(struct text_view *v, uint64_t ts_ns,
			   struct line *line)
{
	if (!v->begun)
		v->first_ns = ts_ns;
	v->begun = true;
	line->time_ns = (int64_t)(ts_ns - v->first_ns);
	line->edge = v->options.edge;
	line_write(v->options.out, v->options.colour, line);
}

/* connect(2) is what the run is about. */
static enum style call_style(const struct record *record)
{
	return record->syscall.id == CALL_CONNECT ? STYLE_BOLD : STYLE_PLAIN;
}

/* Names the task and its call; the lines below need no name. */
static void write_named(struct text_view *v, const struct record *record,
			const char *body, const char *remark)
{
	char who[4 * COMM_BYTES + 32];
	struct text text;

	text_init(&text, who, sizeof(who));
	describe_task(&text, record);
	view_text_line(v, record->ts_ns,
		       &(struct line){.who = who,
				      .body = body,
				      .remark = remark,
				      .is_fact = true,
				      .style = call_style(record)});
	v->named_tid = record->tid;
}

static void flush_held(struct text_view *v)
{
	char body[BODY_SIZE];
	struct text text;

	if (!v->held.type)
		return;
	text_init(&text, body, sizeof(body));
	syscall_format_enter(&text, &v->held);
	write_named(v, &v->held, body, NULL);
	explain_call(&v->options, &v->held);
	v->named_call = v->held.syscall.id;
	v->held.type = 0;
}

/* The entry had the arguments, if there was one. */
static void format_late(struct text *text, const struct record *exit)
{
	if (exit->syscall.skippable)
		syscall_format_enter(text, exit);
	else
		syscall_format_again(text, exit);
}

static void show_exit(struct text_view *v, const struct record *exit,
		      const struct note *note)
{
	bool at_once = v->held.type && v->held.tid == exit->tid &&
		       v->held.syscall.id == exit->syscall.id;
	char body[BODY_SIZE], remark[BODY_SIZE];
	struct text text, right;

	text_init(&text, body, sizeof(body));
	text_init(&right, remark, sizeof(remark));
	describe_exit(&right, exit, note->connect);
	if (!at_once)
		flush_held(v);
	if (!at_once && v->named_tid == exit->tid &&
	    v->named_call == exit->syscall.id) {
		syscall_format_exit(&text, exit);
		view_text_line(v, exit->ts_ns,
			       &(struct line){.below = true,
					      .body = body,
					      .remark = remark,
					      .is_fact = true,
					      .style = call_style(exit)});
	} else {
		if (at_once)
			syscall_format_enter(&text, &v->held);
		else
			format_late(&text, exit);
		text_add(&text, " ");
		syscall_format_exit(&text, exit);
		write_named(v, at_once ? &v->held : exit, body, remark);
	}
	if (at_once)
		explain_call(&v->options, exit);
	explain_record(&v->options, exit);
	v->held.type = 0;
	v->named_call = CALL_NONE;
}

static void show_stack(struct text_view *v, const struct record_call *call)
{
	char frame[BODY_SIZE];
	struct text text;

	for (unsigned int i = 0; i < call->stack_len; i++) {
		text_init(&text, frame, sizeof(frame));
		text_escape(&text, call->stack[i], strlen(call->stack[i]),
			    false);
		line_indent(v->options.out, 4);
		line_styled(v->options.out, v->options.colour, STYLE_DIM,
			    frame);
		putc('\n', v->options.out);
	}
}

static void show_call(struct text_view *v, const struct record *record)
{
	bool softirq = record->call.context == CONTEXT_SOFTIRQ;
	char who[4 * COMM_BYTES + 32] = "softirq";
	char body[BODY_SIZE], remark[BODY_SIZE];
	struct text text;

	flush_held(v);
	if (!softirq) {
		text_init(&text, who, sizeof(who));
		describe_task(&text, record);
	}
	text_init(&text, body, sizeof(body));
	text_add(&text, "┊ ");
	text_escape(
		&text, record->call.function,
		strnlen(record->call.function, sizeof(record->call.function)),
		false);
	text_init(&text, remark, sizeof(remark));
	describe_call(&text, record);
	view_text_line(
		v, record->ts_ns,
		&(struct line){.who = !softirq && v->named_tid == record->tid ?
					      NULL :
					      who,
			       .below = true,
			       .body = body,
			       .remark = remark,
			       .style = softirq ? STYLE_DIM : STYLE_PLAIN});
	if (v->named_tid != record->tid || softirq)
		v->named_call = CALL_NONE;
	v->named_tid = softirq ? 0 : record->tid;
	explain_record(&v->options, record);
	if (v->options.stack)
		show_stack(v, &record->call);
}

/* A packet, or an ICMP error on one. */
static void show_packet(struct text_view *v, const struct record *record,
			const struct note *note)
{
	bool kernel = record_witness(record) == WITNESS_KERNEL;
	char body[BODY_SIZE];
	struct text text;

	if (kernel && !v->options.verbose)
		return;
	flush_held(v);
	text_init(&text, body, sizeof(body));
	if (record->type == RECORD_ICMP)
		describe_icmp(&text, record);
	else
		describe_packet(&text, record, note->received);
	if (v->options.verbose)
		describe_packet_more(&text, record);
	else if (note->again)
		describe_packet_again(&text, record);
	view_text_line(
		v, record->ts_ns,
		&(struct line){.below = true,
			       .body = body,
			       .style = kernel ? STYLE_DIM : STYLE_YELLOW});
	if (!kernel)
		explain_record(&v->options, record); /* once, as for the wire */
}

static void show_state(struct text_view *v, const struct record *record)
{
	char local[ENDPOINT_STRLEN], body[BODY_SIZE], remark[BODY_SIZE];
	struct text text;

	flush_held(v);
	text_init(&text, body, sizeof(body));
	text_add(&text, "state ");
	describe_state(&text, record->state.old_state);
	text_add(&text, " → ");
	describe_state(&text, record->state.new_state);
	text_init(&text, remark, sizeof(remark));
	if (record->local.port)
		text_printf(&text, "of %s",
			    endpoint_format(&record->local, local));
	if (record->state.continues)
		text_printf(&text, "%sTIME_WAIT follows, which `ss -tan` shows",
			    record->local.port ? "; " : "");
	view_text_line(v, record->ts_ns,
		       &(struct line){.below = true,
				      .body = body,
				      .remark = remark,
				      .style = STYLE_ITALIC});
	explain_record(&v->options, record);
}

static int text_show(struct view *view, const struct record *record,
		     const struct note *note)
{
	struct text_view *v = container_of(view, struct text_view, view);

	if (record->type == RECORD_META && v->options.brief &&
	    record->meta->command && strcmp(record->meta->command, "both") == 0)
		v->options.quiet = true;
	switch (record->type) {
	case RECORD_ENTER:
		if (v->options.quiet)
			break;
		flush_held(v);
		v->held = *record; /* an entry owns nothing */
		break;
	case RECORD_EXIT:
		if (!v->options.quiet)
			show_exit(v, record, note);
		break;
	case RECORD_CALL:
		if (!v->options.quiet)
			show_call(v, record);
		break;
	case RECORD_PACKET:
	case RECORD_ICMP:
		if (!v->options.quiet)
			show_packet(v, record, note);
		break;
	case RECORD_STATE:
		if (!v->options.quiet)
			show_state(v, record);
		break;
	case RECORD_VERDICT:
		if (v->options.unjudged)
			break;
		/* fall through */
	default:
		flush_held(v);
		v->named_tid = 0;
		verdict_show(&v->options, record);
	}
	return 0;
}

static int text_open(struct view **view, const struct view_options *options)
{
	struct text_view *v = calloc(1, sizeof(*v));

	if (!v)
		return -ENOMEM;
	v->view.ops = &view_text;
	v->options = *options;
	*view = &v->view;
	return 0;
}

static int story_open(struct view **view, const struct view_options *options)
{
	struct view_options story = *options;

	story.unjudged = true;
	return text_open(view, &story);
}

static int verdict_open(struct view **view, const struct view_options *options)
{
	struct view_options verdict = *options;

	verdict.quiet = true;
	return text_open(view, &verdict);
}

static int text_close(struct view *view)
{
	struct text_view *v = container_of(view, struct text_view, view);

	flush_held(v);
	free(v);
	return 0;
}

const struct view_ops view_text = {
	.name = "text",
	.open = text_open,
	.show = text_show,
	.close = text_close,
};

const struct view_ops view_story = {
	.name = "story",
	.place = 10,
	.live = true,
	.open = story_open,
	.show = text_show,
	.close = text_close,
};

const struct view_ops view_verdict = {
	.name = "verdict",
	.place = 20,
	.open = verdict_open,
	.show = text_show,
	.close = text_close,
};
