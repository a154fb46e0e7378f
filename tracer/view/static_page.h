/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* How a page without a script begins: up to its title and its style. */
#ifndef DIALTONE_STATIC_PAGE_H
#define DIALTONE_STATIC_PAGE_H

/* The policy keeps a browser from the network, whatever a name contains. */
#define STATIC_PAGE_BEGIN                                              \
	"<!DOCTYPE html>\n"                                            \
	"<html lang=\"en\">\n"                                         \
	"<meta charset=\"utf-8\">\n"                                   \
	"<meta http-equiv=\"Content-Security-Policy\" "                \
	"content=\"default-src 'none'; style-src 'unsafe-inline'\">\n" \
	"<meta name=\"viewport\" content=\"width=device-width\">\n"

#endif
