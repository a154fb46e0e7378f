// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A diagram of the first connect(2) of each protocol: the client, its kernel,
 * the wire, the server's kernel and the server, from left to right, and time
 * from top to bottom. It ends where connect(2) has ended; UDP's ends one
 * datagram later, so that "nothing" is not taken for a probe that never fires.
 * The brief one, on `both`'s screen, has the same rows whatever the scheduler
 * does, because the screen is full. So it leaves out what may come before or
 * after the client's return: the server's own calls, what its kernel does after
 * it has received a packet, and the answer to UDP's datagram.
 *
 *     ms  client            its kernel              wire      server's kernel
 *   0.00  connect(:9007)  ╮
 *   0.30                  │ __ip4_datagram_connect
 *   0.83  = 0             ╯                       nothing
 *
 * The socket decides in which column a record is, never the name of a process:
 * on the receiving side the kernel may run in the sender's context.
 *
 *   in:  the records that the story shows, with the connect that they belong to
 *   out: a diagram for each protocol, at the close
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "diagram_marks.h"
#include "line.h"
#include "record/container_of.h"
#include "story/connects.h"
#include "story/flows.h"
#include "view.h"

#define WIDTH_MIN   72
#define WIDTH_MAX   120
#define CLIENT_LEFT 9  /* after the time */
#define CALL_COLUMN 27 /* the bracket of the client's call */
#define KERNEL_LEFT 29
/* up to the right edge; from 100 columns on two functions fit next to a packet */
#define PEER_KERNEL_COLUMNS(width) ((width) < 100 ? 32 : 35)
#define PEER_COLUMNS               9
#define ROWS_MAX                   40

struct diagram_view {
	struct view view;
	struct view_options options;
	struct panel panels[2]; /* UDP, TCP */
	bool controlled,
		lost;  /* the capture saw the self-tests; it lost some */
	bool wanted;   /* one of `both`'s screen */
	bool filtered; /* calls may have been left out (-F) */
	int width, peer_kernel_left;
};

static void note_capture(struct diagram_view *v, const struct record *record)
{
	const struct record_control *control = &record->control;

	if (record->type == RECORD_CONTROL && control->witness == WITNESS_WIRE)
		v->controlled = control->seen && control->seen == control->sent;
	if (record->type == RECORD_LOST)
		v->lost |= record->lost.witness == WITNESS_WIRE ||
			   record->lost.cause == LOST_TRUNCATED;
}

static int diagram_show(struct view *view, const struct record *record,
			const struct note *note)
{
	struct diagram_view *v = container_of(view, struct diagram_view, view);
	struct connect *connect = note->connect;

	if (record->type == RECORD_META)
		v->wanted = v->options.brief && record->meta->command &&
			    strcmp(record->meta->command, "both") == 0;
	if (record->type == RECORD_META)
		v->filtered = record->meta->filter != NULL;
	note_capture(v, record);
	if (!belongs_in_a_diagram(record, note))
		return 0;
	if (connect && is_same_connect(record, connect)) {
		struct panel *panel = &v->panels[connect->proto == IPPROTO_TCP];

		panel->connects++;
		if (!panel->connect) {
			panel->connect = connect;
			connect_pin(connect);
		}
	}
	for (int i = 0; i < 2; i++)
		if (v->panels[i].connect && !v->panels[i].whole)
			panel_take(&v->panels[i], record);
	return 0;
}

/* A row that is being written, from left to right. */
struct row {
	const struct diagram_view *view;
	int column;
	enum lane lane; /* of the last mark in it; LANE_NONE: it is empty */
};

/* At @column, or one column after what is there already. */
static void row_put(struct row *row, int column, enum style style,
		    const char *string)
{
	int gap = column - row->column;

	if (row->column && gap < 1)
		gap = 1;
	fprintf(row->view->options.out, "%*s", gap > 0 ? gap : 0, "");
	line_styled(row->view->options.out, row->view->options.colour, style,
		    string);
	row->column += (gap > 0 ? gap : 0) + (int)text_columns(string);
}

static void row_end(struct row *row)
{
	putc('\n', row->view->options.out);
	row->column = 0;
	row->lane = LANE_NONE;
}

static void draw_arrow(struct row *row, enum lane lane, const char *label)
{
	int room = row->view->peer_kernel_left - KERNEL_LEFT - 2;
	int dashes = room - (int)text_columns(label) - 3;
	char arrow[4 * WIDTH_MAX];
	struct text text;

	text_init(&text, arrow, sizeof(arrow));
	if (lane == LANE_IN)
		text_add(&text, "◀");
	for (int i = 0; i < dashes / 2; i++)
		text_add(&text, "─");
	text_printf(&text, " %s ", label);
	for (int i = dashes / 2; i < dashes; i++)
		text_add(&text, "─");
	if (lane == LANE_OUT)
		text_add(&text, "▶");
	row_put(row, KERNEL_LEFT, STYLE_YELLOW, arrow);
}

/* Could the capture have missed a packet of this call? */
static bool is_doubtful(const struct diagram_view *v,
			const struct connect *connect)
{
	return v->lost || !v->controlled ||
	       connect->inside[WITNESS_KERNEL] > connect->inside[WITNESS_WIRE];
}

static void diagram_nothing(struct row *row, const struct connect *connect)
{
	const char *what = connect->other_netns            ? "not captured" :
			   is_doubtful(row->view, connect) ? "nothing seen" :
							     "nothing";
	int middle = (KERNEL_LEFT + row->view->peer_kernel_left - 2) / 2;

	row_put(row, middle - (int)strlen(what) / 2, STYLE_YELLOW, what);
}

static void label_in_kernel(const struct mark *mark, char label[LABEL_SIZE + 4])
{
	snprintf(label, LABEL_SIZE + 4, "%s%s", mark->label,
		 mark->softirq ? "*" : "");
}

static void draw_in_kernel(struct row *row, int left, const struct mark *mark)
{
	char label[LABEL_SIZE + 4];

	label_in_kernel(mark, label);
	row_put(row, left,
		mark->type == RECORD_STATE ? STYLE_ITALIC :
		mark->softirq              ? STYLE_DIM :
					     STYLE_PLAIN,
		label);
}

static void draw_client(struct row *row, const struct mark *mark,
			const struct mark *open)
{
	bool bold = mark->is_connect || (open && open->is_connect);

	row_put(row, CLIENT_LEFT, bold ? STYLE_BOLD : STYLE_PLAIN, mark->label);
	if (mark->type == RECORD_ENTER && !mark->folded)
		row_put(row, CALL_COLUMN, STYLE_CYAN, "╮");
	else if (mark->type == RECORD_EXIT && open)
		row_put(row, CALL_COLUMN, STYLE_CYAN, "╯");
}

static void draw_peer(struct row *row, const struct mark *mark)
{
	int width = row->view->width, len = (int)text_columns(mark->label);
	int left = len > PEER_COLUMNS ? width - len : width - PEER_COLUMNS;

	row_put(row, left, STYLE_PLAIN, mark->label);
}

/*
 * Brief: the next mark of the same kernel is in the same row. So are the first
 * mark in a call and, next to the arrow, the function that gets a packet.
 */
static bool row_takes(const struct row *row, const struct mark *mark,
		      enum lane lane)
{
	const struct diagram_view *v = row->view;
	char label[LABEL_SIZE + 4];
	int columns;

	label_in_kernel(mark, label);
	columns = (int)text_columns(label);
	if (!v->options.brief)
		return false;
	if (lane == row->lane)
		columns += row->column + 2;
	else
		columns +=
			lane == LANE_KERNEL ? KERNEL_LEFT : v->peer_kernel_left;
	switch (lane) {
	case LANE_KERNEL:
		return (row->lane == LANE_KERNEL ||
			(row->lane == LANE_CLIENT &&
			 row->column <= KERNEL_LEFT)) &&
		       columns <= v->peer_kernel_left;
	case LANE_PEER_KERNEL:
		return (row->lane == LANE_PEER_KERNEL ||
			row->lane == LANE_OUT) &&
		       columns <= v->width;
	default:
		return false;
	}
}

/* A mark of a kernel, in a row that is begun. */
static void draw_joined(struct row *row, const struct mark *mark,
			enum lane lane)
{
	if (lane == row->lane) {
		fputs(",", row->view->options.out);
		row->column++;
	}
	draw_in_kernel(row,
		       lane == row->lane   ? row->column + 1 :
		       lane == LANE_KERNEL ? KERNEL_LEFT :
					     row->view->peer_kernel_left,
		       mark);
	row->lane = lane;
}

static void draw_mark(struct row *row, const struct panel *panel,
		      const struct mark *mark, const struct mark *open)
{
	enum lane lane = mark_lane(mark, panel->connect);
	char time[32];

	if (row_takes(row, mark, lane)) {
		draw_joined(row, mark, lane);
		return;
	}
	if (row->view->options.brief && lane == LANE_PEER_KERNEL)
		return; /* not next to the packet that it receives */
	if (row->lane != LANE_NONE)
		row_end(row);
	row->lane = lane;

	snprintf(time, sizeof(time), "%7.3f",
		 (double)(int64_t)(mark->ts_ns - panel->connect->enter_ns) /
			 1e6);
	row_put(row, 0, STYLE_DIM, time);
	if (lane == LANE_CLIENT)
		draw_client(row, mark, open);
	else if (open)
		row_put(row, CALL_COLUMN, STYLE_CYAN, "│");
	if (lane == LANE_OUT || lane == LANE_IN)
		draw_arrow(row, lane, mark->label);
	else if (lane == LANE_KERNEL)
		draw_in_kernel(row, KERNEL_LEFT, mark);
	else if (lane == LANE_PEER_KERNEL)
		draw_in_kernel(row, row->view->peer_kernel_left, mark);
	else if (lane == LANE_PEER)
		draw_peer(row, mark);
}

static uint32_t packets_of(const struct connect *connect)
{
	return connect->flow ? connect->flow->track[WITNESS_WIRE].packets :
			       connect->inside[WITNESS_WIRE];
}

static const struct panel *first_panel(const struct diagram_view *v)
{
	return v->panels[0].connect ? &v->panels[0] : &v->panels[1];
}

static void draw_heading(const struct diagram_view *v,
			 const struct panel *panel)
{
	const struct connect *connect = panel->connect;
	uint32_t packets = packets_of(connect);
	char heading[256], peer[ENDPOINT_STRLEN];
	struct row row = {.view = v};
	struct text text;

	text_init(&text, heading, sizeof(heading));
	text_printf(&text, "%s connect(2) to %s: ",
		    connect->proto == IPPROTO_TCP ? "TCP" : "UDP",
		    endpoint_format(&connect->peer, peer));
	if (connect->other_netns)
		text_add(&text, "its packets are not captured");
	else
		text_printf(&text, "%u packet%s%s", packets,
			    packets == 1 ? "" : "s",
			    is_doubtful(v, connect) ? " seen" : "");
	if (panel->connects > 1)
		text_printf(&text, " (the first of %u calls)", panel->connects);
	row_put(&row, 0, STYLE_BOLD, heading);
	row_end(&row);
	if (v->options.brief && panel != first_panel(v))
		return; /* once is enough */
	row_put(&row, 5, STYLE_DIM, "ms");
	row_put(&row, CLIENT_LEFT, STYLE_DIM, "client");
	row_put(&row, KERNEL_LEFT, STYLE_DIM, "its kernel");
	row_put(&row, (KERNEL_LEFT + v->peer_kernel_left - 2) / 2 - 2,
		STYLE_DIM, "wire");
	row_put(&row, v->peer_kernel_left, STYLE_DIM, "server's kernel");
	if (!v->options.brief)
		row_put(&row, v->width - PEER_COLUMNS, STYLE_DIM, "server");
	row_end(&row);
}

/* Writes a panel's rows; returns whether one is of a softirq. */
static bool diagram_rows(const struct diagram_view *v,
			 const struct panel *panel)
{
	const struct mark *open = NULL, *outer = NULL; /* the client's calls */
	struct row row = {.view = v};
	bool softirq = false;

	for (unsigned int i = 0; i < panel->len && i < ROWS_MAX; i++) {
		const struct mark *mark = &panel->marks[i];
		bool client = mark_lane(mark, panel->connect) == LANE_CLIENT;
		bool ends = client && mark->type == RECORD_EXIT && open &&
			    mark->tid == open->tid;

		softirq |= mark->softirq;
		draw_mark(&row, panel, mark, open);
		if (ends && open->is_connect && !packets_of(panel->connect))
			diagram_nothing(&row, panel->connect);
		if (ends) {
			open = outer;
			outer = NULL;
		} else if (client && mark->type == RECORD_ENTER &&
			   !mark->folded) {
			outer = open;
			open = mark;
		}
	}
	if (row.lane != LANE_NONE)
		row_end(&row);
	if (panel->len > ROWS_MAX || panel->missed)
		fprintf(v->options.out, "%*s%s\n", CLIENT_LEFT, "",
			"… and more: see the story");
	return softirq;
}

static int diagram_open(struct view **view, const struct view_options *options)
{
	struct diagram_view *v = calloc(1, sizeof(*v));
	int width = (int)options->columns;

	if (!v)
		return -ENOMEM;
	v->view.ops = &view_diagram;
	v->options = *options;
	v->width = width < WIDTH_MIN ? WIDTH_MIN :
		   width > WIDTH_MAX ? WIDTH_MAX :
				       width;
	v->peer_kernel_left = v->width - PEER_KERNEL_COLUMNS(v->width);
	for (int i = 0; i < 2; i++) {
		v->panels[i].marks =
			calloc(MARKS_MAX, sizeof(*v->panels[i].marks));
		if (!v->panels[i].marks) {
			free(v->panels[0].marks);
			free(v);
			return -ENOMEM;
		}
	}
	*view = &v->view;
	return 0;
}

static void write_legend(const struct diagram_view *v, bool softirq)
{
	FILE *out = v->options.out;

	if (!v->options.brief && softirq)
		fputs("\n* in softirq\n", out);
	if (v->options.brief)
		fprintf(out,
			"%s--view=story shows each step, --html FILE "
			"makes a page\n",
			softirq ? "* in softirq; " : "");
}

static void diagram_draw(struct diagram_view *v)
{
	FILE *out = v->options.out;
	bool softirq = false, drawn = false;

	if (!v->options.asked)
		putc('\n', out);
	for (int i = 0; i < 2; i++) {
		struct panel *panel = &v->panels[i];

		if (!panel->connect)
			continue;
		if (drawn && !v->options.brief)
			putc('\n', out);
		panel_select(panel, v->options.brief);
		draw_heading(v, panel);
		softirq |= diagram_rows(v, panel);
		drawn = true;
	}
	if (!drawn)
		fprintf(out, "no connect(2) was %s: there is no diagram\n",
			v->filtered ? "selected" : "seen");
	write_legend(v, softirq);
}

static int diagram_close(struct view *view)
{
	struct diagram_view *v = container_of(view, struct diagram_view, view);

	if (v->options.asked || v->wanted)
		diagram_draw(v);
	free(v->panels[0].marks);
	free(v->panels[1].marks);
	free(v);
	return 0;
}

const struct view_ops view_diagram = {
	.name = "diagram",
	.place = 40,
	.open = diagram_open,
	.show = diagram_show,
	.close = diagram_close,
};
