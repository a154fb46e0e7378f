// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Call trees as JSON Lines: one object for each call, one for the verdict. All
 * nodes are included, whatever --depth is; they are in the order in which they
 * began, and "depth" gives the level. See view_tree.h.
 */
#include "view_tree.h"

#include <errno.h>

#include "record/json_object.h"
#include "calltree.h"

static const char *const contexts[] = {
	[TREE_TASK] = "task",
	[TREE_SOFTIRQ] = "softirq",
	[TREE_HARDIRQ] = "hardirq",
};

static json_t *node_json(const struct tree_node *node)
{
	static const char *const kinds[] = {
		[NODE_FUNCTION] = "function",
		[NODE_PACKET] = "packet",
		[NODE_OFF] = "no-cpu",
	};
	struct object o = object_new();

	object_add(&o, "kind", json_string(kinds[node->kind]));
	if (node->kind == NODE_FUNCTION)
		object_add(&o, "function", object_sentence(node->name));
	if (node->kind == NODE_PACKET) {
		object_add(&o, "device", object_sentence(node->name));
		object_add_integer(&o, "octets", node->bytes);
	}
	object_add(&o, "context", json_string(contexts[node->context]));
	object_add_integer(&o, "depth", node->depth);
	object_add_integer(&o, "ts_ns", node->start_ns);
	if (node->kind != NODE_PACKET)
		object_add(&o, "duration_ns",
			   node->ended ? json_integer(node->duration_ns) :
					 json_null());
	return object_done(&o);
}

static json_t *nodes_json(const struct tree_call *call)
{
	json_t *nodes = json_array();

	for (size_t i = 0; nodes && i < call->len; i++) {
		if (json_array_append_new(nodes, node_json(&call->nodes[i]))) {
			json_decref(nodes);
			return NULL;
		}
	}
	return nodes;
}

static json_t *call_json(const struct tree_view *view,
			 const struct tree_call *call)
{
	struct tree_totals totals = tree_totals(call);
	struct object o = object_new();

	object_add(&o, "type", json_string("tree"));
	object_add(&o, "call", json_string(view->scope->name));
	object_add_integer(&o, "tid", call->tid);
	object_add_name(&o, "comm", call->comm, 16);
	object_add(&o, "proto", object_sentence(tree_protocol(call)));
	object_add(&o, "fd",
		   call->called ? json_integer(call->fd) : json_null());
	object_add(&o, "ret",
		   call->returned ? json_integer(call->ret) : json_null());
	object_add_errno(&o, call->returned ? call->ret : 0);
	object_add_integer(&o, "functions", totals.functions);
	object_add_integer(&o, "softirq_functions", totals.irq_functions);
	object_add_integer(&o, "depth", totals.depth);
	object_add_integer(&o, "packets", totals.packets);
	object_add_integer(&o, "softirq_packets", totals.irq_packets);
	object_add_integer(&o, "no_cpu_ns", totals.off_ns);
	object_add(&o, "nodes", nodes_json(call));
	return object_done(&o);
}

static json_t *verdict_json(const struct tree_view *view)
{
	const struct tree_judgement *judgement = view->judgement;
	struct object o = object_new();
	json_t *reasons = json_array();

	object_add(&o, "type", json_string("verdict"));
	object_add(&o, "claim", json_string("call-tree"));
	object_add(
		&o, "result",
		json_string(judgement->reasons_len ? "inconclusive" : "pass"));
	object_add(&o, "kernel", object_sentence(view->log->kernel));
	object_add(&o, "instance", json_boolean(view->log->instance));
	object_add_integer(&o, "functions_watched", view->log->functions);
	object_add_integer(&o, "calls", judgement->shown);
	object_add_integer(&o, "sentinels_sent", judgement->sent);
	object_add_integer(&o, "sentinels_seen", judgement->seen);
	object_add_integer(&o, "lost", view->log->lost);
	for (unsigned int i = 0; reasons && i < judgement->reasons_len; i++)
		if (json_array_append_new(
			    reasons, object_sentence(judgement->reasons[i])))
			o.failed = true;
	object_add(&o, "reasons", reasons);
	return object_done(&o);
}

static int tree_json_line(const struct tree_view *view, json_t *json)
{
	return object_write_line(view->out, json, 0);
}

int view_tree_json(const struct tree_view *view,
		   const struct tree_call *const *calls, size_t len)
{
	int err = 0;

	for (size_t i = 0; !err && calls && i < len; i++)
		if (calls[i])
			err = tree_json_line(view, call_json(view, calls[i]));
	for (size_t i = 0; !err && !calls && i < view->tree->len; i++)
		if (tree_is_shown(view->log, &view->tree->calls[i],
				  view->scope))
			err = tree_json_line(
				view, call_json(view, &view->tree->calls[i]));
	return err ? err : tree_json_line(view, verdict_json(view));
}
