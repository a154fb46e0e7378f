// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Builds trees from entries and exits, counts what is in them, and folds them.
 * See calltree.h.
 *
 * Each task has a stack of the functions that it is in. The stack stays valid
 * when the task sleeps and wakes on another CPU, because the events are in
 * order of time. If an exit is missing, the exit of an outer function ends all
 * functions inside it, which are marked as not ended.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "calltree.h"
#include "record/hash.h"

#define STACK_MAX \
	256 /* the kernel's own limit is below (FTRACE_RETFUNC_DEPTH) */

struct task {
	pid_t tid;
	bool has_call, in_call, just_returned;
	size_t call;     /* the latest, an index */
	uint32_t *stack; /* indices into its nodes */
	unsigned int depth, room;
	size_t off; /* 1 + index of the node NODE_OFF that lasts; 0: none */
	UT_hash_handle hh;
};

struct builder {
	struct calltree *tree;
	const struct tree_log *log;
	const char *const *roots;
	struct task *tasks;
};

static struct task *task_of(struct builder *builder, pid_t tid)
{
	struct task *task;

	hash_get(builder->tasks, tid, &tid, task);
	return task;
}

static void task_free(struct task *task)
{
	free(task->stack);
	free(task);
}

static void builder_fini(struct builder *builder)
{
	hash_empty(builder->tasks, task_free);
}

/* 0 or -ENOMEM */
static int task_go_into(struct task *task, uint32_t node)
{
	unsigned int room = task->room ? 2 * task->room : 8;
	uint32_t *stack = task->stack;

	if (task->depth == task->room) {
		stack = reallocarray(stack, room, sizeof(*stack));
		if (!stack)
			return -ENOMEM;
		task->stack = stack;
		task->room = room;
	}
	stack[task->depth++] = node;
	return 0;
}

static struct tree_call *call_of(struct builder *builder,
				 const struct task *task)
{
	return task->has_call ? &builder->tree->calls[task->call] : NULL;
}

static struct tree_call *calltree_add_call(struct builder *builder,
					   struct task *task)
{
	struct calltree *tree = builder->tree;
	struct tree_call *call;

	if (tree->len == tree->room) {
		size_t room = tree->room ? tree->room * 2 : 16;

		call = reallocarray(tree->calls, room, sizeof(*call));
		if (!call)
			return NULL;
		tree->calls = call;
		tree->room = room;
	}
	task->has_call = true;
	task->call = tree->len;
	task->depth = 0;
	task->off = 0;
	call = &tree->calls[tree->len++];
	*call = (struct tree_call){
		.tid = task->tid,
		.comm = tree_log_find_comm(builder->log, task->tid),
		.fd = -1,
	};
	return call;
}

/* Adds a node to the function that the task is in. Its index, or -ENOMEM. */
static ssize_t add_node(struct tree_call *call, const struct task *task,
			enum node_kind kind, const struct tree_event *event)
{
	if (call->len == call->room) {
		size_t room = call->room ? call->room * 2 : 4;
		struct tree_node *nodes =
			reallocarray(call->nodes, room, sizeof(*nodes));

		if (!nodes)
			return -ENOMEM;
		call->nodes = nodes;
		call->room = room;
	}
	call->nodes[call->len] = (struct tree_node){
		.kind = kind,
		.context = event->context,
		.depth = task->depth,
		.name = event->name,
		.start_ns = event->ts_ns,
	};
	return call->len++;
}

/*
 * A function that begins while the task is in none. Does it begin a tree?
 * roots[0] does. roots[1] does once, if it is the first thing that the task
 * itself does after the call has returned; otherwise it belongs to something
 * else.
 */
static bool begins_tree(struct builder *builder, struct task *task,
			const struct tree_event *event)
{
	const char *late = builder->roots[1];

	if (strcmp(builder->roots[0], event->name) == 0)
		return true;
	if (event->context != TREE_TASK || task->in_call)
		return false;
	if (!late || strcmp(late, event->name) != 0 || !task->just_returned) {
		task->just_returned = false;
		return false;
	}
	task->just_returned = false;
	return true;
}

static int enter(struct builder *builder, struct task *task,
		 const struct tree_event *event)
{
	struct tree_call *call = call_of(builder, task);
	ssize_t node;

	if (task->depth == 0) {
		if (!begins_tree(builder, task, event))
			return 0;
		/* a call without its boundary: io_uring, or a loss */
		if (!task->in_call &&
		    strcmp(builder->roots[0], event->name) == 0)
			call = calltree_add_call(builder, task);
		if (!call)
			return -ENOMEM;
	}
	if (task->depth == STACK_MAX)
		return 0; /* its exit finds no entry, and is reported */
	node = add_node(call, task, NODE_FUNCTION, event);
	if (node < 0)
		return node;
	return task_go_into(task, node);
}

static int leave(struct builder *builder, struct task *task,
		 const struct tree_event *event)
{
	struct tree_call *call = call_of(builder, task);

	for (unsigned int depth = task->depth; depth-- > 0;) {
		struct tree_node *node = &call->nodes[task->stack[depth]];

		if (strcmp(node->name, event->name) != 0)
			continue;
		node->ended = true;
		node->duration_ns = event->value;
		task->depth = depth;
		return 0;
	}
	builder->tree->strays += task->depth > 0;
	return 0;
}

static int leaf(struct builder *builder, struct task *task,
		const struct tree_event *event)
{
	struct tree_call *call = call_of(builder, task);
	ssize_t node;

	if (event->kind == TREE_PACKET && task->tid == builder->log->self)
		builder->tree->self_packets++;
	if (event->kind == TREE_ON && task->off) {
		struct tree_node *off = &call->nodes[task->off - 1];

		off->duration_ns = event->ts_ns - off->start_ns;
		off->ended = true;
		task->off = 0;
	}
	if (event->kind == TREE_ON || task->depth == 0)
		return 0;
	node = add_node(call, task,
			event->kind == TREE_OFF ? NODE_OFF : NODE_PACKET,
			event);
	if (node < 0)
		return node;
	if (event->kind == TREE_OFF)
		task->off = node + 1;
	else
		call->nodes[node].bytes = event->value;
	return 0;
}

static int boundary(struct builder *builder, struct task *task,
		    const struct tree_event *event)
{
	struct tree_call *call = call_of(builder, task);

	if (event->kind == TREE_CALL) {
		call = calltree_add_call(builder, task);
		if (!call)
			return -ENOMEM;
		call->called = true;
		call->fd = event->value;
		call->call_ns = event->ts_ns;
	} else if (call && task->in_call) {
		call->returned = true;
		call->ret = event->value;
		call->return_ns = event->ts_ns;
		task->depth = 0; /* functions still open have not ended */
	}
	task->in_call = event->kind == TREE_CALL;
	task->just_returned = event->kind == TREE_RESULT && call;
	return 0;
}

int calltree_build(struct calltree *tree, const struct tree_log *log,
		   const char *const *roots)
{
	static int (*const take[])(struct builder *, struct task *,
				   const struct tree_event *) = {
		[TREE_CALL] = boundary, [TREE_RESULT] = boundary,
		[TREE_ENTRY] = enter,   [TREE_EXIT] = leave,
		[TREE_PACKET] = leaf,   [TREE_OFF] = leaf,
		[TREE_ON] = leaf,
	};
	struct builder builder = {tree, log, roots, NULL};
	int err = 0;

	*tree = (struct calltree){0};
	for (size_t i = 0; !err && i < log->len; i++) {
		struct task *task = task_of(&builder, log->events[i].tid);

		err = task ? take[log->events[i].kind](&builder, task,
						       &log->events[i]) :
			     -ENOMEM;
	}
	builder_fini(&builder);
	return err;
}

void calltree_fini(struct calltree *tree)
{
	for (size_t i = 0; i < tree->len; i++)
		free(tree->calls[i].nodes);
	free(tree->calls);
	*tree = (struct calltree){0};
}

struct tree_totals tree_totals_between(const struct tree_call *call,
				       size_t from, size_t to)
{
	struct tree_totals totals = {0};

	for (size_t i = from; i < to; i++) {
		const struct tree_node *node = &call->nodes[i];
		bool irq = node->context != TREE_TASK;

		switch (node->kind) {
		case NODE_FUNCTION:
			totals.functions++;
			totals.irq_functions += irq;
			totals.unended += !node->ended;
			if (node->depth >= totals.depth)
				totals.depth = node->depth + 1;
			break;
		case NODE_PACKET:
			totals.packets++;
			totals.irq_packets += irq;
			break;
		case NODE_OFF:
			totals.off_ns += node->duration_ns;
			break;
		}
	}
	return totals;
}

struct tree_totals tree_totals(const struct tree_call *call)
{
	return tree_totals_between(call, 0, call->len);
}

/* The index after the last descendant of @node. */
static size_t tree_behind(const struct tree_call *call, size_t node)
{
	size_t next = node + 1;

	while (next < call->len &&
	       call->nodes[next].depth > call->nodes[node].depth)
		next++;
	return next;
}

static bool begins(const char *name, const char *prefix)
{
	return strncmp(name, prefix, strlen(prefix)) == 0;
}

/* Both protocols pass inet_*, sock_* and ip_*; these only one of them. */
static const char *protocol_of(const char *name)
{
	static const struct {
		const char *prefix, *protocol;
	} signs[] = {
		{"tcp_", "TCP"},
		{"udp_", "UDP"},
		{"udpv6_", "UDP"},
		{"ip4_datagram_connect", "UDP"},
		{"__ip4_datagram_connect", "UDP"},
		{"ip6_datagram_connect", "UDP"},
		{"__ip6_datagram_connect", "UDP"},
		{"unix_", "UNIX"},
	};

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (begins(name, signs[i].prefix))
			return signs[i].protocol;
	return NULL;
}

const char *tree_protocol(const struct tree_call *call)
{
	for (size_t i = 0; i < call->len; i++) {
		const struct tree_node *node = &call->nodes[i];
		const char *found = NULL;

		if (node->kind == NODE_FUNCTION && node->context == TREE_TASK)
			found = protocol_of(node->name);
		if (found)
			return found;
	}
	return NULL;
}

bool tree_has(const struct tree_call *call, const char *name)
{
	for (size_t i = 0; i < call->len; i++)
		if (call->nodes[i].kind == NODE_FUNCTION &&
		    strcmp(call->nodes[i].name, name) == 0)
			return true;
	return false;
}

bool tree_is_socket(const struct tree_call *call)
{
	return tree_has(call, "sock_close") || tree_has(call, "__sock_release");
}

/* The options of folding. */
struct look {
	const struct tree_call *call;
	unsigned int depth;
	bool to_packets;
};

static struct tree_totals beneath(const struct look *look, size_t node)
{
	return tree_totals_between(look->call, node,
				   tree_behind(look->call, node));
}

/* Interrupts come at any moment and would make two equal trees differ. */
static bool passed_over(const struct look *look, size_t at)
{
	const struct tree_node *node = &look->call->nodes[at];

	if (!look->to_packets)
		return false;
	return node->kind == NODE_OFF ||
	       (node->context != TREE_TASK && !beneath(look, at).packets);
}

static bool shown(const struct look *look, size_t at)
{
	const struct tree_node *node = &look->call->nodes[at];
	struct tree_totals totals;

	if (!look->depth || node->depth < look->depth)
		return true;
	if (!look->to_packets || node->context != TREE_TASK)
		return false;
	totals = beneath(look, at);
	return totals.packets > totals.irq_packets;
}

/* The index after @at and those siblings of its context that are not shown. */
static size_t fold_end(const struct look *look, size_t at)
{
	const struct tree_call *call = look->call;
	const struct tree_node *first = &call->nodes[at];
	const struct tree_node *next;

	do {
		at = tree_behind(call, at);
		next = &call->nodes[at];
	} while (at < call->len && next->depth == first->depth &&
		 (passed_over(look, at) ||
		  (next->context == first->context && !shown(look, at))));
	return at;
}

int tree_fold(const struct tree_call *call, unsigned int depth, bool to_packets,
	      struct tree_rows *rows)
{
	const struct look look = {call, depth, to_packets};

	*rows = (struct tree_rows){0};
	if (call->len == 0)
		return 0;
	rows->rows = calloc(call->len, sizeof(*rows->rows)); /* at most */
	if (!rows->rows)
		return -ENOMEM;
	for (size_t i = 0; i < call->len;) {
		struct tree_row *row = &rows->rows[rows->len];

		if (passed_over(&look, i)) {
			i = tree_behind(call, i);
			continue;
		}
		row->node = i;
		row->fold = !shown(&look, i);
		row->behind = row->fold ? fold_end(&look, i) : i + 1;
		i = row->behind;
		rows->len++;
	}
	return 0;
}

static bool tree_same(const struct tree_call *a, const struct tree_row *a_row,
		      const struct tree_call *b, const struct tree_row *b_row)
{
	const struct tree_node *x = &a->nodes[a_row->node];
	const struct tree_node *y = &b->nodes[b_row->node];

	if (a_row->fold != b_row->fold || x->depth != y->depth)
		return false;
	return a_row->fold || (x->kind == y->kind && x->context == y->context &&
			       (!x->name || strcmp(x->name, y->name) == 0));
}

size_t tree_common(const struct tree_call *a, const struct tree_rows *a_rows,
		   const struct tree_call *b, const struct tree_rows *b_rows)
{
	size_t common = 0;

	while (common < a_rows->len && common < b_rows->len &&
	       tree_same(a, &a_rows->rows[common], b, &b_rows->rows[common]))
		common++;
	return common;
}
