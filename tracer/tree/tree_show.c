// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Prints the trees of a run or a recording. Pure: it does not use the kernel.
 * See tree_show.h.
 */
#include "tree_show.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "calltree.h"
#include "process/warn.h"
#include "record/recording.h"
#include "tree_recording.h"
#include "view_tree.h"

static int tree_show_fail(const char *what, int err, int status)
{
	warn_line("%s: %s", what, strerror(-err));
	return status;
}

int tree_replay(struct tree_options *options, struct tree_log *log)
{
	bool from_stdin = strcmp(options->replay, "-") == 0;
	FILE *in = from_stdin ? stdin : fopen(options->replay, "re");
	unsigned long line;
	int err;

	if (!in)
		return tree_show_fail(options->replay, -errno, EX_NOINPUT);
	err = tree_recording_read(in, log, &line);
	fclose(in);
	if (err == -EINVAL && !line) {
		warn_line("%s: the file is empty", options->replay);
		return EX_DATAERR;
	}
	if (err == -EINVAL || (!err && !tree_scope_find(log->syscall))) {
		warn_line("%s: line %lu is not part of a recording of "
			  "tracer tree",
			  options->replay, line);
		return EX_DATAERR;
	}
	if (err == -EFBIG) {
		warn_line("%s:%lu: " LINE_TOO_LONG, options->replay, line);
		return EX_DATAERR;
	}
	if (err == -E2BIG) {
		warn_line("%s:%lu: more than %d events", options->replay, line,
			  TREE_EVENTS_MAX);
		return EX_DATAERR;
	}
	if (err)
		return tree_show_fail(options->replay, err,
				      err == -ENOMEM ? EX_OSERR : EX_DATAERR);
	options->scope = tree_scope_find(log->syscall);
	return EX_OK;
}

/* The first call of that protocol which is to be shown, or NULL. */
static const struct tree_call *first_of(const struct tree_view *view,
					const char *protocol)
{
	for (size_t i = 0; i < view->tree->len; i++) {
		const struct tree_call *call = &view->tree->calls[i];
		const char *found = tree_protocol(call);

		if (found && strcmp(found, protocol) == 0 &&
		    tree_is_shown(view->log, call, view->scope))
			return call;
	}
	return NULL;
}

static int show_both(const struct tree_view *view,
		     struct tree_judgement *judgement, bool json,
		     const struct tree_view *page)
{
	const struct tree_call *pair[] = {first_of(view, "UDP"),
					  first_of(view, "TCP")};
	int err = 0;

	for (int i = 0; i < 2; i++)
		if (!pair[i])
			tree_doubt(judgement, "there is no %s call to compare",
				   i ? "TCP" : "UDP");
	if (page->out)
		err = view_tree_page(page, pair, 2);
	if (err)
		return err;
	return json ? view_tree_json(view, pair, 2) :
		      view_tree_both(view, pair[0], pair[1]);
}

static int show_all(const struct tree_view *view, bool json,
		    const struct tree_view *page)
{
	int err = page->out ? view_tree_page(page, NULL, 0) : 0;

	if (err)
		return err;
	return json ? view_tree_json(view, NULL, 0) : view_tree_text(view);
}

int tree_show(const struct tree_options *options, const struct tree_log *log,
	      const struct tree_files *files)
{
	struct tree_judgement judgement;
	struct calltree tree = {0};
	struct tree_view view = {
		.out = files->output.file || options->json ||
				       !tree_writes_data(options) ?
			       output_stream(&files->output) :
			       stderr,
		.log = log,
		.tree = &tree,
		.scope = options->scope,
		.judgement = &judgement,
		.depth = options->depth,
		.explain = options->explain,
		.until_packet = options->until_packet,
		.colour = options->terminal.colour,
	};
	struct tree_view on_page;
	int err = calltree_build(&tree, log, options->scope->roots);

	if (!err) {
		tree_judge(log, &tree, options->scope, &judgement);
		on_page = view;
		on_page.out = files->page.file;
		err = options->both ? show_both(&view, &judgement,
						options->json, &on_page) :
				      show_all(&view, options->json, &on_page);
	}
	if (!err && !options->json)
		view_tree_verdict(&view);
	calltree_fini(&tree);
	if (err)
		return tree_show_fail("tree", err, EX_OSERR);
	return judgement.reasons_len ? EXIT_INCONCLUSIVE : EX_OK;
}
