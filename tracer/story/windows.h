/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Packets, and the sockets that sent them.
 *
 * The kernel names the sender of each packet that it queues (skb->sk). The wire
 * sees the same packet a moment later, or much later if a queueing discipline
 * holds it. The two are joined here by their ends, length and order, so that
 * the packet on the wire gets the sender that the kernel named.
 *
 * A UDP connect(2) has a window, from its entry to its exit. The packets that
 * its own socket sent in that time are counted. Packets with an unknown sender
 * are counted separately.
 */
#ifndef DIALTONE_WINDOWS_H
#define DIALTONE_WINDOWS_H

#include <stddef.h>

#include "evidence.h"

struct passed;
struct queued;

#define WINDOW_PACKETS 65536 /* a window with more of them is `crowded` */

/* Zeroed is empty. */
struct windows {
	struct passed *ring;
	uint64_t kept;         /* packets so far; the ring has the latest */
	uint64_t forgotten_ns; /* time of the latest that the ring lost */
	struct queued *queued; /* the kernel's packets that wait for the wire */
};

/*
 * Keeps the packet. *@sender is the number of the socket that sent it; 0: not
 * known. 0 or -ENOMEM.
 */
int windows_packet(struct windows *windows, const struct record *packet,
		   uint32_t *sender);

/*
 * Counts into @connect the packets at its socket from entry to exit. The wire
 * may see them later, and they are counted then, until windows_forget().
 */
void windows_close(struct windows *windows, struct connect *connect);

/* No packet is counted in @connect any more: it may be freed. */
void windows_forget(struct connect *connect);

void windows_fini(struct windows *windows);

#endif
