// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Collects the rows of a picture. See picture.h.
 *
 *   in:  records, in the order of the story
 *   out: rows; picture_finish.c gives them lanes and phases
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "describe.h"
#include "picture.h"
#include "record/container_of.h"
#include "story/connects.h"

/* How far back a packet was first seen, or a call was entered. */
#define LOOK_BACK 24

static void picture_add_panel(struct picture *picture, uint8_t proto)
{
	picture->panels[picture->panels_len++] = (struct panel){.proto = proto};
}

static void picture_begin(struct picture *picture, const struct meta *meta)
{
	const char *command = meta->command ? meta->command : "";

	if (picture->panels_len)
		return; /* a recording with two of them */
	snprintf(picture->command, sizeof(picture->command), "%s", command);
	snprintf(picture->kernel, sizeof(picture->kernel), "%s",
		 meta->kernel ? meta->kernel : "unknown");
	picture->tier = meta->tier;
	if (strcmp(command, "tcp") != 0)
		picture_add_panel(picture, IPPROTO_UDP);
	if (strcmp(command, "udp") != 0)
		picture_add_panel(picture, IPPROTO_TCP);
	for (unsigned int i = 0; i < picture->panels_len; i++)
		picture->panels[i].filtered = meta->filter != NULL;
}

static struct panel *picture_panel(struct picture *picture, uint8_t proto)
{
	for (unsigned int i = 0; i < picture->panels_len; i++)
		if (picture->panels[i].proto == proto)
			return &picture->panels[i];
	return NULL;
}

static void picture_judge(struct picture *picture,
			  const struct verdict *verdict)
{
	bool udp = strcmp(verdict->claim, "udp-connect-silent") == 0;
	struct panel *panel =
		picture_panel(picture, udp ? IPPROTO_UDP : IPPROTO_TCP);

	if (!panel)
		return;
	panel->judged = true;
	panel->result = verdict->result;
	memcpy(panel->summary, verdict->summary, sizeof(panel->summary));
}

static void panel_add_server(struct panel *panel, const struct endpoint *ep)
{
	const unsigned int max =
		sizeof(panel->servers) / sizeof(panel->servers[0]);

	if (!ep->port || panel->servers_len == max)
		return;
	for (unsigned int i = 0; i < panel->servers_len; i++)
		if (endpoint_equal(&panel->servers[i], ep))
			return;
	panel->servers[panel->servers_len++] = *ep;
}

static void panel_note(struct panel *panel, struct connect *connect)
{
	if (!connect)
		return;
	if (!panel->first) {
		panel->first = connect;
		connect_pin(connect);
	}
	panel_add_server(panel, &connect->peer);
	panel_add_server(panel, &connect->stored);
	panel_add_server(panel, &connect->wire_peer);
}

static bool is_same_packet(const struct record *a, const struct record *b)
{
	const struct record_packet *p = &a->packet, *q = &b->packet;

	if (a->type != b->type || !endpoint_equal(&a->local, &b->local) ||
	    !endpoint_equal(&a->peer, &b->peer))
		return false;
	if (a->type == RECORD_ICMP)
		return a->icmp.type == b->icmp.type &&
		       a->icmp.code == b->icmp.code;
	return p->len == q->len && p->fragment == q->fragment &&
	       p->tcp_flags == q->tcp_flags && p->seq == q->seq &&
	       p->ack == q->ack;
}

/*
 * Did the same witness see both at the same place? Then they are two packets.
 */
static bool is_same_view(const struct record *a, const struct record *b)
{
	bool icmp = a->type == RECORD_ICMP;

	return record_witness(a) == record_witness(b) &&
	       (icmp ? a->icmp.direction == b->icmp.direction :
		       a->packet.direction == b->packet.direction) &&
	       strncmp(icmp ? a->icmp.iface : a->packet.iface,
		       icmp ? b->icmp.iface : b->packet.iface,
		       IFNAME_BYTES) == 0;
}

static bool row_has_seen(const struct picture_row *row,
			 const struct record *record)
{
	if (is_same_view(&row->record, record))
		return true;
	for (unsigned int i = 0; i < row->also_len; i++)
		if (is_same_view(&row->also[i], record))
			return true;
	return false;
}

/* The row that @record belongs into; NULL: it is a new one. */
static struct picture_row *panel_find_packet(struct panel *panel,
					     const struct record *record)
{
	size_t back = panel->len < LOOK_BACK ? panel->len : LOOK_BACK;

	for (size_t i = panel->len - back; i < panel->len; i++) {
		struct picture_row *row = &panel->rows[i];

		if (is_same_packet(&row->record, record) &&
		    row->also_len < ROW_ALSO_MAX && !row_has_seen(row, record))
			return row;
	}
	return NULL;
}

/* The entry just before its exit, if it is not the panel's own connect(2). */
static struct picture_row *panel_find_entry(struct panel *panel,
					    const struct record *exit,
					    const struct connect *connect)
{
	struct picture_row *row;

	if (!panel->len || (panel->first && connect == panel->first))
		return NULL;
	row = &panel->rows[panel->len - 1];
	if (row->record.type != RECORD_ENTER || row->also_len ||
	    row->record.tid != exit->tid ||
	    row->record.syscall.id != exit->syscall.id)
		return NULL;
	return row;
}

static struct picture_row *panel_find(struct panel *panel,
				      const struct record *record,
				      const struct note *note)
{
	switch (record->type) {
	case RECORD_EXIT:
		return panel_find_entry(panel, record, note->connect);
	case RECORD_PACKET:
	case RECORD_ICMP:
		return panel_find_packet(panel, record);
	default:
		return NULL;
	}
}

/* The stack stays the caller's, and is not drawn. */
static struct record record_copy(const struct record *record)
{
	struct record copy = *record;

	if (copy.type == RECORD_CALL) {
		copy.call.stack = NULL;
		copy.call.stack_len = 0;
	}
	return copy;
}

/* Now, not at the end of the run: until then its handshake goes on. */
static int row_comes_to(struct picture_row *row, const struct record *record,
			const struct note *note)
{
	char buf[512];
	struct text text;

	if (record->type != RECORD_EXIT || !note->connect)
		return 0;
	text_init(&text, buf, sizeof(buf));
	describe_exit(&text, record, note->connect);
	free(row->came_to);
	row->came_to = strdup(buf);
	return row->came_to ? 0 : -ENOMEM;
}

static void row_note(struct picture_row *row, const struct connect *connect)
{
	if (!connect)
		return;
	row->connect = connect->number;
	row->connect_socket = connect->socket;
	row->asks_about = connect->first;
}

/* At its exit it is known: the rows of the call before it learn it. */
static void panel_note_first(struct panel *panel, const struct record *record,
			     const struct connect *connect)
{
	if (record->type != RECORD_EXIT || !connect || !connect->first)
		return;
	for (size_t i = panel->len; i-- > 0;) {
		struct picture_row *row = &panel->rows[i];

		if (row->record.ts_ns < connect->enter_ns)
			break;
		if (row->connect == connect->number)
			row->asks_about = connect->first;
	}
}

static int panel_add(struct panel *panel, const struct record *record,
		     const struct note *note)
{
	struct picture_row *row;

	panel->events++;
	panel_note(panel, note->connect);
	panel_note_first(panel, record, note->connect);
	row = panel_find(panel, record, note);
	if (row) {
		row->also[row->also_len++] = record_copy(record);
		if (!row->socket) /* socket(2) gives it at its exit */
			row->socket = record->socket;
		row_note(row, note->connect);
		return row_comes_to(row, record, note);
	}
	if (panel->len == PICTURE_ROWS_MAX) {
		panel->left_out++;
		return 0;
	}
	if (panel->len == panel->room) {
		size_t room = panel->room ? 2 * panel->room : 64;
		struct picture_row *rows =
			reallocarray(panel->rows, room, sizeof(*rows));

		if (!rows)
			return -ENOMEM;
		panel->rows = rows;
		panel->room = room;
	}
	panel->rows[panel->len++] = (struct picture_row){
		.record = record_copy(record),
		.socket = record->socket,
		.received = note->received,
	};
	row_note(&panel->rows[panel->len - 1], note->connect);
	return row_comes_to(&panel->rows[panel->len - 1], record, note);
}

int picture_add(struct picture *picture, const struct record *record,
		const struct note *note)
{
	struct panel *panel;

	switch (record->type) {
	case RECORD_META:
		picture_begin(picture, record->meta);
		return 0;
	case RECORD_VERDICT:
		picture_judge(picture, record->verdict);
		return 0;
	case RECORD_CONTROL:
		if (record->control.witness == WITNESS_WIRE)
			picture->controlled =
				record->control.seen &&
				record->control.seen == record->control.sent;
		return 0;
	case RECORD_LOST:
		picture->lost |= record->lost.witness == WITNESS_WIRE ||
				 record->lost.cause == LOST_TRUNCATED;
		return 0;
	case RECORD_ENTER:
	case RECORD_EXIT:
	case RECORD_CALL:
	case RECORD_PACKET:
	case RECORD_ICMP:
	case RECORD_STATE:
		panel = picture_panel(picture, record->proto);
		if (!panel && picture->panels_len == 1 && !record->proto)
			panel = &picture->panels[0];
		return panel ? panel_add(panel, record, note) : 0;
	default:
		return 0;
	}
}

void picture_fini(struct picture *picture)
{
	for (unsigned int i = 0; i < picture->panels_len; i++) {
		struct panel *panel = &picture->panels[i];

		for (size_t j = 0; j < panel->len; j++)
			free(panel->rows[j].came_to);
		free(panel->rows);
	}
	*picture = (struct picture){0};
}

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
