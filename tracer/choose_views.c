// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Parses --view, --diagram, --until and --why. See choose_views.h.
 *
 *   in:  the options of a command line
 *   out: the views in a struct pipeline_options
 */
#include "choose_views.h"

#include <errno.h>
#include <string.h>

#include "process/arguments.h"
#include "record/new_file.h"
#include "view/view.h"

/* Those that --view names. */
#define ROW(name) &view_##name,
static const struct view_ops *const named_views[] = {EACH_VIEW(ROW)};

#define NAMED_VIEWS (sizeof(named_views) / sizeof(named_views[0]))
_Static_assert(NAMED_VIEWS <= VIEWS_MAX, "each can be chosen once");

/* beyond the long options of the commands, which begin at 256 */
enum { OPT_VIEW = 520, OPT_DIAGRAM, OPT_UNTIL, OPT_WHY };

static const struct argp_option choose_views_options[] = {
	{"view", OPT_VIEW, "VIEW[,VIEW...]", 0,
	 "show these, in this order: " VIEW_NAMES, 3},
	{"diagram", OPT_DIAGRAM, NULL, 0,
	 "a diagram of connect(2): short for --view=verdict,diagram", 3},
	{"until", OPT_UNTIL, "connect", 0,
	 "show each protocol up to the end of its first connect(2)", 3},
	{"why", OPT_WHY, NULL, 0,
	 "at the end, explain each result that failed or waited", 3},
	{"output", 'o', "FILE", 0,
	 "print into FILE, except the command's own output", 3},
	{"force", 'f', NULL, 0, "overwrite files that exist", 3},
	{0},
};

/* The view of the first @len bytes of @name; or NULL. */
static const struct view_ops *named_view(const char *name, size_t len)
{
	for (size_t i = 0; i < NAMED_VIEWS; i++)
		if (strlen(named_views[i]->name) == len &&
		    strncmp(named_views[i]->name, name, len) == 0)
			return named_views[i];
	return NULL;
}

static bool is_chosen(const struct pipeline_options *options,
		      const struct view_ops *view)
{
	for (unsigned int i = 0; i < options->views_len; i++)
		if (options->views[i] == view)
			return true;
	return false;
}

int views_choose(struct pipeline_options *options, const char *list)
{
	size_t len;

	options->views_len = 0;
	for (;; list += len + 1) {
		const struct view_ops *view;

		len = strcspn(list, ",");
		view = named_view(list, len);
		if (!view || is_chosen(options, view) ||
		    (view->live && options->views_len))
			return -EINVAL;
		options->views[options->views_len++] = view;
		if (!list[len])
			return 0;
	}
}

bool views_begin_with_story(const struct pipeline_options *options)
{
	return options->views_len && options->views[0] == &view_story;
}

static void choose_views(struct argp_state *state, const char *list)
{
	if (views_choose(state->input, list))
		argp_error(state,
			   "--view takes some of %s, the story first, not '%s'",
			   VIEW_NAMES, list);
}

static void refuse_two_on_stdout(const struct argp_state *state)
{
	const struct pipeline_options *show = state->input;

	if (pipeline_outputs_collide(show))
		argp_error(state, "two outputs would be mixed on standard "
				  "output: give one of them a FILE");
	if (show->record_limits.files && new_file_is_stdout(show->record_path))
		argp_error(state, "--max-files needs a FILE");
}

static void refuse_combination(const struct argp_state *state)
{
	const struct pipeline_options *show = state->input;

	if (show->mermaid && (show->json || show->quiet))
		argp_error(state, "--mermaid and %s cannot be combined",
			   show->json ? "--json" : "-q");
	if (show->why && (show->json || show->mermaid))
		argp_error(state, "--why and %s cannot be combined",
			   show->json ? "--json" : "--mermaid");
	if (show->views_len && (show->json || show->mermaid || show->quiet))
		argp_error(state, "--view and %s cannot be combined",
			   show->json    ? "--json" :
			   show->mermaid ? "--mermaid" :
					   "-q");
}

static error_t choose_views_parse(int key, char *arg, struct argp_state *state)
{
	struct pipeline_options *show = state->input;

	switch (key) {
	case OPT_VIEW:
		choose_views(state, arg);
		break;
	case OPT_DIAGRAM:
		choose_views(state, "verdict,diagram");
		break;
	case OPT_WHY:
		show->why = true;
		break;
	case 'o':
		show->out_path = argument_file(state, "-o", arg);
		break;
	case 'f':
		show->overwrite = true;
		break;
	case OPT_UNTIL:
		if (strcmp(arg, "connect") != 0)
			argp_error(state, "--until takes connect, not '%s'",
				   arg);
		show->until_connect = true;
		break;
	case ARGP_KEY_END:
		refuse_combination(state);
		refuse_two_on_stdout(state);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

const struct argp choose_views_argp = {
	.options = choose_views_options,
	.parser = choose_views_parse,
};
