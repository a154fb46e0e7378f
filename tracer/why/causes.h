/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What can lead to a result. Each function adds sentences to @reasons, whose
 * result is the exit of a system call: no more than what the records support.
 */
#ifndef DIALTONE_CAUSES_H
#define DIALTONE_CAUSES_H

#include "reasons.h"

/* cause_icmp.c: an ICMP error came. */

/*
 * An ICMP error that becomes @error, about a packet of the result's socket, and
 * the call that sent the packet. Returns false if no such error was seen.
 */
bool cause_icmp(struct reasons *reasons, int error);

/* The same of any error that came between the two entries. */
bool cause_icmp_between(struct reasons *reasons,
			const struct history_entry *after,
			const struct history_entry *before);

/* The same of one record: the packet that it is about, and who sent that. */
void cause_of_icmp(struct reasons *reasons, const struct history_entry *icmp);
void cause_of_packet(struct reasons *reasons,
		     const struct history_entry *packet);

/* Whether a socket had the address @peer before @at, and is still open. */
void cause_listener(struct reasons *reasons, const struct history_entry *at,
		    uint8_t proto, const struct endpoint *peer);

/* cause_tcp.c: TCP answered, or did not. */
void cause_refused(struct reasons *reasons);     /* ECONNREFUSED */
void cause_unreachable(struct reasons *reasons); /* ENET-, EHOSTUNREACH */
void cause_timed_out(struct reasons *reasons);   /* ETIMEDOUT */
void cause_in_progress(struct reasons *reasons); /* EINPROGRESS */
void cause_connected(struct reasons *reasons);   /* EALREADY, EISCONN */
void cause_reset(struct reasons *reasons);       /* ECONNRESET, EPIPE */
void cause_handshake(struct reasons *reasons);   /* connect(2) waited */

/* cause_local.c: this machine decides. */
void cause_in_use(struct reasons *reasons);        /* EADDRINUSE */
void cause_not_permitted(struct reasons *reasons); /* EPERM */
void cause_no_access(struct reasons *reasons);     /* EACCES */
void cause_not_connected(struct reasons *reasons); /* ENOTCONN */

/* cause_wait.c: the call waited, or would have had to. */

/* Nothing was there to be read when the call began. */
bool cause_waited(const struct history *history,
		  const struct history_entry *exit);
void cause_arrival(struct reasons *reasons);     /* a read, accept(2) */
void cause_not_ready(struct reasons *reasons);   /* EAGAIN */
void cause_interrupted(struct reasons *reasons); /* EINTR */

/* The socket does not wait: how that came about, if it is in the records. */
void cause_does_not_wait(struct reasons *reasons, uint64_t timeout_option);

#endif
