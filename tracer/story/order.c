// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A heap of waiting records, the oldest on top.
 *
 * Time stamps are taken before the ring buffer's lock, and packets come from
 * another socket altogether, so records do not arrive in the order of events.
 *
 *   in:  records as they arrive
 *   out: the same records by time, and `lost` records for those too late
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "order.h"
#include "record/container_of.h"

#define SPARE_MAX 1024 /* what a burst has taken beyond that is given back */

struct waiting {
	struct record record;
	uint64_t arrival;           /* decides between equal times */
	struct waiting *next_spare; /* while it holds no record */
};

struct order {
	struct record_sink input;
	struct record_sink *next;
	struct waiting **heap; /* heap[(i - 1) / 2] is not younger than [i] */
	size_t len, room;
	struct waiting *spare;
	unsigned int spare_len;
	uint64_t arrivals;
	uint64_t left_ns; /* nothing younger has left */
	uint64_t late[WITNESS_WIRE + 1];
};

static bool is_older(const struct waiting *a, const struct waiting *b)
{
	if (a->record.ts_ns != b->record.ts_ns)
		return a->record.ts_ns < b->record.ts_ns;
	return a->arrival < b->arrival;
}

static void sift_up(struct order *order, size_t i)
{
	struct waiting *moved = order->heap[i];

	while (i > 0 && is_older(moved, order->heap[(i - 1) / 2])) {
		order->heap[i] = order->heap[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	order->heap[i] = moved;
}

static void sift_down(struct order *order)
{
	struct waiting *moved = order->heap[0];
	size_t i = 0, child;

	while ((child = 2 * i + 1) < order->len) {
		if (child + 1 < order->len &&
		    is_older(order->heap[child + 1], order->heap[child]))
			child++;
		if (!is_older(order->heap[child], moved))
			break;
		order->heap[i] = order->heap[child];
		i = child;
	}
	order->heap[i] = moved;
}

static struct waiting *take_spare(struct order *order)
{
	struct waiting *waiting = order->spare;

	if (!waiting)
		return malloc(sizeof(*waiting));
	order->spare = waiting->next_spare;
	order->spare_len--;
	return waiting;
}

static void give_spare(struct order *order, struct waiting *waiting)
{
	if (order->spare_len == SPARE_MAX) {
		free(waiting);
		return;
	}
	waiting->next_spare = order->spare;
	order->spare = waiting;
	order->spare_len++;
}

static int order_make_room(struct order *order)
{
	size_t room = order->room ? 2 * order->room : 1024;
	struct waiting **heap;

	if (order->len < order->room)
		return 0;
	heap = realloc(order->heap, room * sizeof(struct waiting *));
	if (!heap)
		return -ENOMEM;
	order->heap = heap;
	order->room = room;
	return 0;
}

static int order_keep(struct order *order, struct record *record)
{
	struct waiting *waiting = NULL;

	if (order_make_room(order) == 0)
		waiting = take_spare(order);
	if (!waiting) {
		record_fini(record);
		return -ENOMEM;
	}
	waiting->record = *record;
	waiting->arrival = order->arrivals++;
	order->heap[order->len] = waiting;
	sift_up(order, order->len++);
	return 0;
}

static int order_push(struct record_sink *sink, struct record *record)
{
	struct order *order = container_of(sink, struct order, input);

	if (record->ts_ns && record->ts_ns >= order->left_ns)
		return order_keep(order, record);
	if (record->ts_ns)
		order->late[record_witness(record)]++;
	return order->next->push(order->next, record);
}

static int tell_late(struct order *order)
{
	int err = 0;

	for (int witness = WITNESS_SYSCALL; witness <= WITNESS_WIRE;
	     witness++) {
		struct record lost = {
			.type = RECORD_LOST,
			.lost = {.witness = witness,
				 .cause = LOST_LATE,
				 .count = order->late[witness],
				 .since_ns = order->left_ns},
		};

		if (order->late[witness] && !err)
			err = order->next->push(order->next, &lost);
		order->late[witness] = 0;
	}
	return err;
}

int order_advance(struct order *order, uint64_t watermark_ns)
{
	int err = tell_late(order);

	while (order->len && !err) {
		struct waiting *oldest = order->heap[0];

		if (oldest->record.ts_ns >= watermark_ns)
			break;
		order->heap[0] = order->heap[--order->len];
		if (order->len)
			sift_down(order);
		order->left_ns = oldest->record.ts_ns;
		err = order->next->push(order->next, &oldest->record);
		give_spare(order, oldest);
	}
	return err;
}

int order_new(struct order **order, struct record_sink *next)
{
	*order = calloc(1, sizeof(**order));
	if (!*order)
		return -ENOMEM;
	(*order)->input.push = order_push;
	(*order)->next = next;
	return 0;
}

struct record_sink *order_input(struct order *order)
{
	return &order->input;
}

void order_free(struct order *order)
{
	struct waiting *spare;

	if (!order)
		return;
	while (order->len) {
		struct waiting *waiting = order->heap[--order->len];

		record_fini(&waiting->record);
		free(waiting);
	}
	while ((spare = order->spare)) {
		order->spare = spare->next_spare;
		free(spare);
	}
	free(order->heap);
	free(order);
}
