/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The page without a run: page.html, as tracer/view/assemble has filled it in. */
#ifndef DIALTONE_PAGE_TEMPLATE_H
#define DIALTONE_PAGE_TEMPLATE_H

extern const char page_template[]; /* ends in a NUL */

#endif
