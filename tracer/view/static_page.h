/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Pages without a script. */
#ifndef DIALTONE_STATIC_PAGE_H
#define DIALTONE_STATIC_PAGE_H

#include <stdio.h>

/*
 * How such a page begins: up to its title and its style. The policy keeps a browser
 * from the network, whatever a name contains.
 */
#define STATIC_PAGE_BEGIN                                              \
	"<!DOCTYPE html>\n"                                            \
	"<html lang=\"en\">\n"                                         \
	"<meta charset=\"utf-8\">\n"                                   \
	"<meta http-equiv=\"Content-Security-Policy\" "                \
	"content=\"default-src 'none'; style-src 'unsafe-inline'\">\n" \
	"<meta name=\"viewport\" content=\"width=device-width\">\n"

/*
 * <element class="...">words</element>; @class may be NULL. What is markup in
 * @words is escaped; they must be safe for a terminal already.
 */
void page_element(FILE *out, const char *element, const char *class,
		  const char *words);

#endif
