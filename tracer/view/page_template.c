// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Puts a file of the build into the program. The assembler does it: C has
 * #embed only since C23.
 *
 *   in:  build/view/page.html; the Makefile says where it is (-Wa,-I)
 *   out: page_template
 */
#include "page_template.h"

__asm__(".pushsection .rodata\n"
	".globl page_template\n"
	".type page_template, %object\n"
	"page_template:\n"
	".incbin \"page.html\"\n"
	".byte 0\n"
	".size page_template, . - page_template\n"
	".popsection\n");
