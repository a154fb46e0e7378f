/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A story told by play.h and seen through one view: for the tests of views. */
#ifndef DIALTONE_VIEWING_H
#define DIALTONE_VIEWING_H

#include "tap_main.h"

#include "play.h"
#include "view/view.h"

/* The client, and the server. */
#define C "127.0.0.1:41234"
#define S "127.0.0.1:7007"

extern struct player player;
extern struct view *view;
extern struct view_options options; /* set before begin() */
extern char *text;                  /* what the view has written */
extern size_t text_len;

/* cmocka's set-up and tear-down: a new story, which @player tells. */
int viewing_set_up(void **state);
int viewing_tear_down(void **state);

/* Opens the view on the story. */
void begin(const struct view_ops *ops);

/* Shows it a verdict with two reasons. */
void show_verdict(enum verdict_result result);

/* Closes the view; it must have written @expected. */
void end(const char *expected);

#define VIEWING(name) \
	cmocka_unit_test_setup_teardown(name, viewing_set_up, viewing_tear_down)

#endif
