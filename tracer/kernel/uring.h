/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which tracepoint shows the requests of io_uring: see bpf/uring.bpf.c. */
#ifndef DIALTONE_URING_H
#define DIALTONE_URING_H

#include <stdbool.h>

struct lab_bpf;

/*
 * Before loading: chooses the program, and where it finds a request. If the
 * kernel has neither tracepoint, no program is loaded; then each request may be
 * a connect. @wanted: false where functions show each connect.
 */
void uring_prepare(struct lab_bpf *skeleton, bool wanted);

#endif
