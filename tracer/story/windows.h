/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The windows of connect(2) calls that must be silent: every packet that
 * passes while one is open is kept, because only at the exit of the call is it
 * known which address the socket has been given.
 */
#ifndef DIALTONE_WINDOWS_H
#define DIALTONE_WINDOWS_H

#include <stddef.h>

#include "evidence.h"

struct passed;

#define WINDOW_PACKETS 65536 /* beyond these the oldest is `crowded` */

/* Zeroed is empty. */
struct windows {
	struct connect **open; /* the oldest first */
	size_t open_len, open_room;
	struct passed *ring; /* packets since the oldest entry, in order */
	size_t first, len;
};

/* 0 or -ENOMEM; @connect must live until the window is closed. */
int windows_open(struct windows *windows, struct connect *connect);

/* Keeps the packet if a window is open. 0 or -ENOMEM. */
int windows_packet(struct windows *windows, const struct record *packet);

/* Counts into @connect->inside what passed at its socket, entry to exit. */
void windows_close(struct windows *windows, struct connect *connect);

/* Closes without counting: when the call ended is not known. */
void windows_abandon(struct windows *windows, const struct connect *connect);

void windows_fini(struct windows *windows);

#endif
