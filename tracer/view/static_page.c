// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Pages without a script. See static_page.h. */
#include "static_page.h"

#include "svg.h"

void page_element(FILE *out, const char *element, const char *class,
		  const char *words)
{
	fprintf(out, "<%s", element);
	if (class)
		fprintf(out, " class=\"%s\"", class);
	fputc('>', out);
	svg_escape(out, words);
	fprintf(out, "</%s>", element);
}
