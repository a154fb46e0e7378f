// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Explains to the user why a function cannot be probed.
 *
 *   in:  the name, the kernel's answer
 *   out: one line on standard error
 */
#include "stack_refused.h"

#include <errno.h>
#include <sysexits.h>

#include "explain/explanations.h"
#include "kernel/functions.h"
#include "kernel/refused.h"
#include "process/warn.h"
#include "record/text.h"

#define NEAR 4

/* tracefs is at the first since Linux 4.1; debugfs has it, too. */
static int refused_load_functions(struct functions *functions)
{
	int err = functions_load(
		functions, "/sys/kernel/tracing/available_filter_functions");

	if (err)
		err = functions_load(functions, "/sys/kernel/debug/tracing/"
						"available_filter_functions");
	return err;
}

/* Similar names, as the end of a sentence; nothing if there are none. */
static void add_near(struct text *line, const char *function)
{
	struct functions functions;
	const char *near[NEAR];
	size_t len;

	if (refused_load_functions(&functions))
		return;
	len = functions_near(&functions, function, near, NEAR);
	for (size_t i = 0; i < len; i++)
		text_printf(line, "%s%s", i ? ", " : "; similar: ", near[i]);
	functions_fini(&functions);
}

static void refused_describe(struct text *line, const char *function, int err)
{
	const struct explanation *known = explanation_find(function);

	if (err == -EINVAL) {
		text_add(line, "the kernel does not allow probes on it "
			       "(Documentation/trace/kprobes.rst, Blacklist)");
	} else if (err == -ENOENT) {
		text_add(line, "this kernel has no such function (or the "
			       "compiler has inlined it)");
		if (known)
			text_printf(line, "; %s", known->sentence);
		else
			add_near(line, function);
	} else {
		text_add(line, probe_error(err));
	}
}

int stack_refused(const char *function, int err)
{
	char buf[1024];
	struct text line;

	text_init(&line, buf, sizeof(buf));
	refused_describe(&line, function, err);
	warn_line("%s: %s", function, buf);
	return err == -EMFILE || err == -EPERM || err == -EACCES ? EX_OSERR :
								   EX_USAGE;
}
