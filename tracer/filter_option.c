// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The option -F. See filter_option.h. */
#include "filter_option.h"

#include <errno.h>
#include <sysexits.h>

#include "wire/filter_compile.h"

void filter_option(struct argp_state *state, const char *text,
		   struct flow_filter **filter, bool *given)
{
	char why[FLOW_FILTER_WHY];
	int err;

	if (*given)
		argp_error(state, "one -F: join filters with `and`");
	err = filter_compile(filter, text, why);
	if (err == -EINVAL)
		argp_error(state, "-F '%s': %s", text, why);
	else if (err)
		argp_failure(state, EX_OSERR, -err, "-F");
	*given = true;
}
