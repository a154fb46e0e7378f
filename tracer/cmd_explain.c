// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * tracer explain NAME...: a paragraph on each name that the tracer can print.
 *
 * The paragraphs are in explain/. A step of the plan that has none there is
 * explained by its row, so that a new step needs no text to begin with.
 *
 *   in:  names; neither the kernel nor the network is used
 *   out: a heading and a paragraph for each, 76 columns wide; exit status 64
 *        (EX_USAGE) if one of them is unknown
 */
#include <argp.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "commands.h"
#include "explain/explanations.h"
#include "plan/steps.h"
#include "process/arguments.h"
#include "process/warn.h"
#include "view/line.h"

#define COLUMNS   76
#define NEAR      4
#define PARAGRAPH 2048

struct request {
	char **names;
	int names_len;
	bool list;
};

static const char doc[] =
	"Explain system calls, kernel functions, steps of the plan, TCP "
	"states and flags, and errors: what each does, which header or packet "
	"it touches, where it is in the kernel's source, and which kernels "
	"have that name.\v"
	"Examples:\n"
	"  tracer explain connect tcp_connect SYN-ACK\n"
	"  tracer explain tcp_transmit_skb     an old name\n"
	"  tracer explain --list\n"
	"\n"
	"Exit status: 0, 64 usage or an unknown name, 74 output could not be "
	"written.\n";

static const struct argp_option options[] = {
	{"list", 'l', NULL, 0, "all names, by kind", 0},
	{0},
};

static error_t cmd_explain_parse(int key, char *arg, struct argp_state *state)
{
	struct request *request = state->input;

	(void)arg;
	switch (key) {
	case 'l':
		request->list = true;
		break;
	case ARGP_KEY_ARGS:
		request->names = state->argv + state->next;
		request->names_len = state->argc - state->next;
		break;
	case ARGP_KEY_END:
		if (!request->list && !request->names_len)
			argp_error(state, "NAME is missing; --list prints all "
					  "names");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static void write_wrapped(const char *paragraph, const char *indent)
{
	char line[4 * COLUMNS + 1] = "";
	struct text text = {.buf = line, .size = sizeof(line)};
	size_t columns = COLUMNS - text_columns(indent);

	while (wrap_next(&paragraph, &text, columns))
		printf("%s%s\n", indent, line);
}

static void cmd_explain_list(void)
{
	const struct explanation_table *table = explanation_tables;

	for (; table->entries; table++) {
		char names[PARAGRAPH];
		struct text text;

		text_init(&text, names, sizeof(names));
		for (const struct explanation *e = table->entries; e->name; e++)
			text_printf(&text, "%s%s", text.len ? " " : "",
				    e->name);
		printf("%s:\n", table->kind);
		write_wrapped(names, "  ");
	}
}

static void cmd_explain_one(const struct explanation *entry, const char *kind)
{
	char paragraph[PARAGRAPH];
	struct text text;

	text_init(&text, paragraph, sizeof(paragraph));
	text_printf(&text, "%s %s In the kernel's source: %s.", entry->sentence,
		    entry->rest, entry->source);
	printf("%s: %s\n", entry->name, kind);
	write_wrapped(paragraph, "  ");
}

/* The step of that name, or the one that watches the function; or NULL. */
static const struct plan_step *find_step(const char *name)
{
	for (int step = 0; step < STEP_MAX; step++) {
		const struct plan_step *row = &plan_steps[step];

		if (strcmp(row->name, name) == 0)
			return row;
		for (const char *const *c = row->candidates; *c; c++)
			if (strcmp(*c, name) == 0)
				return row;
	}
	return NULL;
}

static void cmd_explain_step(const struct plan_step *row)
{
	char paragraph[PARAGRAPH];
	struct text text;

	text_init(&text, paragraph, sizeof(paragraph));
	text_printf(&text, "It %s. The plan watches ", row->why);
	for (const char *const *c = row->candidates; *c; c++)
		text_printf(&text, "%s%s()",
			    c == row->candidates ? "" : " or else ", *c);
	text_printf(&text, " for it.");
	printf("%s: step of the plan\n", row->name);
	write_wrapped(paragraph, "  ");
}

/* Prints one line with similar names. */
static void say_unknown(const char *name)
{
	const char *near[NEAR];
	size_t len = explanation_near(name, near, NEAR);
	char safe[256];
	struct text text;

	text_init(&text, safe, sizeof(safe));
	text_escape(&text, name, strlen(name), false);
	fprintf(stderr, "%s: there is no explanation of '%s'",
		arguments_program(), safe);
	for (size_t i = 0; i < len; i++)
		fprintf(stderr, "%s%s", i ? ", " : "; similar: ", near[i]);
	if (!len)
		fprintf(stderr, "; %s explain --list prints all names",
			arguments_program());
	putc('\n', stderr);
}

static int explain_all(const struct request *request)
{
	int status = EX_OK;
	bool begun = false;

	for (int i = 0; i < request->names_len; i++) {
		const char *name = request->names[i], *kind;
		const struct explanation *entry =
			explanation_look_up(name, &kind);
		const struct plan_step *row = entry ? NULL : find_step(name);

		if (!entry && !row) {
			say_unknown(name);
			status = EX_USAGE;
			continue;
		}
		if (begun)
			putchar('\n');
		if (entry)
			cmd_explain_one(entry, kind);
		else
			cmd_explain_step(row);
		begun = true;
	}
	return status;
}

static int cmd_explain(int argc, char **argv)
{
	static const struct argp argp = {
		options, cmd_explain_parse, "NAME...", doc, NULL, NULL, NULL};
	struct request request = {0};
	int status = EX_OK;

	arguments_parse(&argp, argc, argv, 0, &request);
	if (request.list)
		cmd_explain_list();
	if (request.names_len)
		status = explain_all(&request);
	return warn_flush() ? EX_IOERR : status;
}

const struct command command_explain = {
	.name = "explain",
	.place = 110,
	.line = "a paragraph on a function, a call, a state",
	.run = cmd_explain,
	.asks_no_kernel = true,
};
