/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* From the text of a pcap filter to one that selects connections. */
#ifndef DIALTONE_FILTER_COMPILE_H
#define DIALTONE_FILTER_COMPILE_H

#include "record/flow_filter.h"

/*
 * Compiles @text (pcap-filter(7)). Names in it are looked up now. 0, -ENOMEM, or
 * -EINVAL: then @why says what is wrong. *@filter is the caller's, for
 * flow_filter_free().
 */
int filter_compile(struct flow_filter **filter, const char *text,
		   char why[static FLOW_FILTER_WHY]);

#endif
