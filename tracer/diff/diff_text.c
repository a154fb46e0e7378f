// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The words of a comparison. See diff_view.h. */
#include <netinet/in.h>
#include <string.h>

#include "align.h"
#include "diff_view.h"

static void add_foreign(struct text *text, const char *string)
{
	text_escape(text, string, strlen(string), false);
}

void diff_text_side(struct text *text, const struct diff_side *side)
{
	const struct meta *meta = side->run->evidence->meta;

	add_foreign(text, side->path);
	if (!meta)
		return;
	text_add(text, ": Linux ");
	add_foreign(text, meta->kernel ? meta->kernel : "of no known release");
	text_printf(text, ", %s tier", tier_name(meta->tier));
}

static void add_socket(struct text *text, const struct diff_socket *socket)
{
	text_escape(text, socket->comm,
		    strnlen(socket->comm, sizeof(socket->comm)), true);
	text_printf(text, ", %s", socket->proto == IPPROTO_TCP ? "TCP" : "UDP");
}

void diff_text_pair(struct text *text, const struct diff_pair *pair)
{
	const struct diff_socket *a = pair->a, *b = pair->b;

	add_socket(text, a ? a : b);
	if (!a || !b)
		text_printf(text, ": only %s has this socket", a ? "A" : "B");
	else if (pair->moved)
		text_add(text, ": in another order among the sockets");
	else if (a->proto != b->proto ||
		 strncmp(a->comm, b->comm, sizeof(a->comm)) != 0) {
		text_add(text, " | ");
		add_socket(text, b);
	}
}

void diff_text_step(struct text *text, const struct diff_step *step)
{
	if (!step)
		return;
	add_foreign(text, step->words);
	if (*step->result) {
		text_add(text, " ");
		add_foreign(text, step->result);
	}
	if (step->times > 1)
		text_printf(text, ", %u times", step->times);
}

static bool note_of_side(struct text *text, const char *name,
			 const struct diff_side *side)
{
	if (side->run->history.full)
		text_printf(text, "%s: only its first %u records are compared",
			    name, HISTORY_MAX);
	else if (side->run->history.lost)
		text_printf(
			text,
			"%s: a witness missed something; a step that "
			"only the other run has may be missing for this reason",
			name);
	else if (!side->run->whole)
		text_printf(text, "%s: the recording ends before its run did",
			    name);
	else
		return false;
	return true;
}

bool diff_text_note(struct text *text, const struct diff *diff, unsigned int i)
{
	char a[128] = "", b[128] = "", functions[128] = "", cut[128] = "";
	const char *const notes[] = {a, b, functions, cut};
	struct text one;
	unsigned int n;

	text_init(&one, a, sizeof(a));
	note_of_side(&one, "A", &diff->a);
	text_init(&one, b, sizeof(b));
	note_of_side(&one, "B", &diff->b);
	text_init(&one, functions, sizeof(functions));
	if (!diff->functions_too)
		text_add(&one, "functions are not compared: they were not "
			       "watched in both runs");
	text_init(&one, cut, sizeof(cut));
	if (diff->cut)
		text_printf(&one,
			    "only the first %u steps of a socket are "
			    "compared",
			    ALIGN_MAX);
	for (n = 0; n < sizeof(notes) / sizeof(notes[0]); n++)
		if (*notes[n] && i-- == 0) {
			text_add(text, notes[n]);
			return true;
		}
	return false;
}

void diff_text_sum(struct text *text, const struct diff *diff)
{
	if (!diff->differences)
		text_add(text, "No difference");
	else
		text_printf(text, "%u difference%s", diff->differences,
			    diff->differences == 1 ? "" : "s");
	text_printf(text, " in %u step%s of %u socket%s", diff->steps,
		    diff->steps == 1 ? "" : "s", diff->len,
		    diff->len == 1 ? "" : "s");
}
