// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Compares two runs. Sockets are paired first: those of the same program and
 * protocol in the order in which they came, then what is left over, so that UDP
 * can be compared with TCP. Then the lanes of each pair are aligned.
 *
 *   in:  two runs
 *   out: rows, each with what one run or both have
 */
#include "diff.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "align.h"
#include "plan/steps.h"

static const char none[] = "none";

const char *diff_kind_name(enum diff_kind kind)
{
	static const char *const names[] = {
		[DIFF_SAME] = "same",     [DIFF_ONLY_A] = "only A",
		[DIFF_ONLY_B] = "only B", [DIFF_CHANGED] = "changed",
		[DIFF_ERRNO] = "errno",   [DIFF_COUNT] = "count",
		[DIFF_ORDER] = "order",
	};

	return names[kind];
}

const char *diff_lane_name(enum lane_of_socket lane)
{
	static const char *const names[LANES] = {"calls", "sent", "received",
						 "states"};

	return names[lane];
}

static const struct meta *meta_of(const struct diff_side *side)
{
	return side->run->evidence->meta;
}

/* ---- the rows of a pair --------------------------------------------------- */

static bool same_name(const void *lists, unsigned int a, unsigned int b)
{
	const struct diff_lane *const *lanes = lists;

	return strcmp(lanes[0]->steps[a].name, lanes[1]->steps[b].name) == 0;
}

static bool failed(const struct diff_step *step)
{
	return strncmp(step->result, "= -1 ", 5) == 0;
}

static enum diff_kind kind_of(const struct diff_step *a,
			      const struct diff_step *b)
{
	if (!a)
		return DIFF_ONLY_B;
	if (!b)
		return DIFF_ONLY_A;
	if (strcmp(a->result, b->result) != 0)
		return failed(a) || failed(b) ? DIFF_ERRNO : DIFF_CHANGED;
	if (strcmp(a->words, b->words) != 0)
		return DIFF_CHANGED;
	return a->times != b->times ? DIFF_COUNT : DIFF_SAME;
}

static int add_row(struct diff_pair *pair, const struct diff_row *row)
{
	unsigned int room = pair->room ? 2 * pair->room : 32;
	struct diff_row *rows = pair->rows;

	if (pair->len == pair->room) {
		rows = reallocarray(rows, room, sizeof(*rows));
		if (!rows)
			return -ENOMEM;
		pair->rows = rows;
		pair->room = room;
	}
	rows[pair->len++] = *row;
	return 0;
}

static unsigned int compared_len(struct diff *diff,
				 const struct diff_lane *lane)
{
	diff->cut |= lane->len > ALIGN_MAX;
	return lane->len > ALIGN_MAX ? ALIGN_MAX : lane->len;
}

static int compare_lane(struct diff *diff, struct diff_pair *pair,
			enum lane_of_socket which)
{
	const struct diff_lane *lanes[2] = {&pair->a->lanes[which],
					    &pair->b->lanes[which]};
	struct alignment alignment;
	int err = align(&alignment, compared_len(diff, lanes[0]),
			compared_len(diff, lanes[1]), same_name, lanes);

	for (unsigned int i = 0; i < alignment.len && !err; i++) {
		const struct aligned *at = &alignment.pairs[i];
		struct diff_row row = {
			.lane = which,
			.a = at->a < 0 ? NULL : &lanes[0]->steps[at->a],
			.b = at->b < 0 ? NULL : &lanes[1]->steps[at->b],
		};

		row.kind = kind_of(row.a, row.b);
		err = add_row(pair, &row);
	}
	free(alignment.pairs);
	return err;
}

static bool same_elsewhere(const struct diff_row *a, const struct diff_row *b)
{
	return a->kind == DIFF_ONLY_A && b->kind == DIFF_ONLY_B &&
	       a->lane == b->lane && strcmp(a->a->words, b->b->words) == 0 &&
	       strcmp(a->a->result, b->b->result) == 0;
}

/* What one has here and the other there is the same, in another order. */
static void find_order(struct diff_pair *pair)
{
	for (unsigned int i = 0; i < pair->len; i++)
		for (unsigned int j = 0; j < pair->len; j++)
			if (same_elsewhere(&pair->rows[i], &pair->rows[j])) {
				pair->rows[i].kind = DIFF_ORDER;
				pair->rows[j].kind = DIFF_ORDER;
				break;
			}
}

static int compare_pair(struct diff *diff, struct diff_pair *pair)
{
	int err = 0;

	if (!pair->a || !pair->b) {
		diff->differences++;
		return 0;
	}
	for (int lane = 0; lane < LANES && !err; lane++)
		err = compare_lane(diff, pair, (enum lane_of_socket)lane);
	if (err)
		return err;
	find_order(pair);
	diff->differences += pair->moved;
	for (unsigned int i = 0; i < pair->len; i++)
		pair->differences += pair->rows[i].kind != DIFF_SAME;
	diff->differences += pair->differences;
	diff->steps += pair->len;
	return 0;
}

/* ---- the pairs ------------------------------------------------------------ */

static bool is_alike(const struct diff_socket *one,
		     const struct diff_socket *other)
{
	return one->proto == other->proto &&
	       strncmp(one->comm, other->comm, sizeof(one->comm)) == 0;
}

static bool same_socket(const void *lists, unsigned int a, unsigned int b)
{
	const struct diff *diff = lists;

	return is_alike(&diff->a.sockets.sockets[a],
			&diff->b.sockets.sockets[b]);
}

/* A pair with a B alone, for @a: one that is like it, or (@any) whichever. */
static struct diff_pair *partner_of(struct diff *diff,
				    const struct diff_socket *a, bool any)
{
	for (unsigned int i = 0; i < diff->len; i++) {
		struct diff_pair *pair = &diff->pairs[i];

		if (!pair->a && pair->b && (any || is_alike(a, pair->b)))
			return pair;
	}
	return NULL;
}

static void join(struct diff *diff, bool any)
{
	for (unsigned int i = 0; i < diff->len; i++) {
		struct diff_pair *pair = &diff->pairs[i], *other;

		if (!pair->a || pair->b)
			continue;
		other = partner_of(diff, pair->a, any);
		if (!other)
			continue;
		pair->b = other->b;
		other->b = NULL;
		pair->moved = !any;
	}
}

/*
 * Sockets that are left over on both sides become pairs: those of the same
 * program and protocol, which came in another order, and then the others.
 */
static void join_alone(struct diff *diff)
{
	unsigned int kept = 0;

	join(diff, false);
	join(diff, true);
	for (unsigned int i = 0; i < diff->len; i++)
		if (diff->pairs[i].a || diff->pairs[i].b)
			diff->pairs[kept++] = diff->pairs[i];
	diff->len = kept;
}

static unsigned int sockets_compared(struct diff *diff,
				     const struct diff_run *run)
{
	diff->cut |= run->len > ALIGN_MAX;
	return run->len > ALIGN_MAX ? ALIGN_MAX : run->len;
}

static int make_pairs(struct diff *diff)
{
	struct alignment alignment;
	int err = align(&alignment, sockets_compared(diff, &diff->a.sockets),
			sockets_compared(diff, &diff->b.sockets), same_socket,
			diff);

	if (!err) {
		diff->pairs = calloc(alignment.len + 1, sizeof(*diff->pairs));
		err = diff->pairs ? 0 : -ENOMEM;
	}
	for (unsigned int i = 0; i < alignment.len && !err; i++) {
		const struct aligned *at = &alignment.pairs[i];
		struct diff_pair *pair = &diff->pairs[diff->len++];

		if (at->a >= 0)
			pair->a = &diff->a.sockets.sockets[at->a];
		if (at->b >= 0)
			pair->b = &diff->b.sockets.sockets[at->b];
	}
	free(alignment.pairs);
	return err;
}

/* ---- functions ------------------------------------------------------------ */

static const struct plan_choice *choice_of(const struct diff_side *side,
					   const char *step)
{
	const struct meta *meta = meta_of(side);

	for (unsigned int i = 0; meta && i < meta->plan_len; i++)
		if (meta->plan[i].step && strcmp(meta->plan[i].step, step) == 0)
			return &meta->plan[i];
	return NULL;
}

static bool watches_functions(const struct diff_side *side)
{
	return meta_of(side) && meta_of(side)->tier == TIER_KPROBE;
}

static void add_function(struct diff *diff, const char *step, const char *a,
			 const char *b)
{
	diff->functions[diff->functions_len++] =
		(struct diff_function){step, a, b};
	diff->differences++;
}

static const char *symbol_of(const struct plan_choice *choice)
{
	return choice->symbol ? choice->symbol : none;
}

/* Only what both runs have looked for can differ. */
static void compare_functions(struct diff *diff)
{
	for (int step = 0; step < STEP_MAX; step++) {
		const char *name = plan_steps[step].name;
		const struct plan_choice *a = choice_of(&diff->a, name);
		const struct plan_choice *b = choice_of(&diff->b, name);
		bool ran_a = diff->a.sockets.ran[step];
		bool ran_b = diff->b.sockets.ran[step];

		if (!a || !b)
			continue;
		if (strcmp(symbol_of(a), symbol_of(b)) != 0)
			add_function(diff, name, symbol_of(a), symbol_of(b));
		else if (ran_a != ran_b && a->symbol)
			add_function(diff, name,
				     ran_a ? a->symbol : "not called",
				     ran_b ? b->symbol : "not called");
	}
}

int diff_compare(struct diff *diff)
{
	int err;

	diff->functions_too =
		watches_functions(&diff->a) && watches_functions(&diff->b);
	diff->a.sockets.functions = diff->functions_too;
	diff->b.sockets.functions = diff->functions_too;
	err = diff_run_take(&diff->a.sockets, &diff->a.run->history);
	if (!err)
		err = diff_run_take(&diff->b.sockets, &diff->b.run->history);
	if (!err)
		err = make_pairs(diff);
	if (err)
		return err;
	join_alone(diff);
	for (unsigned int i = 0; i < diff->len && !err; i++)
		err = compare_pair(diff, &diff->pairs[i]);
	if (!err && diff->functions_too)
		compare_functions(diff);
	return err;
}

void diff_fini(struct diff *diff)
{
	for (unsigned int i = 0; i < diff->len; i++)
		free(diff->pairs[i].rows);
	free(diff->pairs);
	diff_run_fini(&diff->a.sockets);
	diff_run_fini(&diff->b.sockets);
}
