/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What standard output can show: colours, and how many columns. The only place
 * that reads the terminal and the environment for it.
 */
#ifndef DIALTONE_TERMINAL_H
#define DIALTONE_TERMINAL_H

#include <argp.h>
#include <stdbool.h>

struct terminal {
	bool colour;
	unsigned int columns;
	unsigned int edge; /* where it breaks a line; 0: it is not a terminal */
};

/*
 * Sets @terminal for standard output. Colours are for a terminal other than
 * TERM=dumb; NO_COLOR (no-color.org) switches them off, otherwise
 * CLICOLOR_FORCE (bixense.com/clicolors) switches them on. The columns are
 * those of the terminal (TIOCGWINSZ), else of COLUMNS, else 80. CLICOLOR_FORCE
 * says that there is a terminal at the other end: lines are broken for it, too.
 */
void terminal_look(struct terminal *terminal);

/*
 * The option --color, as a child of a command's parser. Its input is a struct
 * terminal, which terminal_look() has set.
 */
extern const struct argp terminal_argp;

#endif
