/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The option -F of udp, tcp, both and replay. */
#ifndef DIALTONE_FILTER_OPTION_H
#define DIALTONE_FILTER_OPTION_H

#include <argp.h>
#include <stdbool.h>

#include "record/flow_filter.h"

/*
 * Compiles @text into *@filter, which the caller frees, and sets *@given. Ends
 * the process (EX_USAGE) if the text is wrong, or if *@given shows that this is
 * a second -F.
 */
void filter_option(struct argp_state *state, const char *text,
		   struct flow_filter **filter, bool *given);

#endif
