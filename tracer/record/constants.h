/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The names of the numbers in system calls and TCP headers. A number or a bit
 * without a name is printed as a number, never dropped (strace's rule). All
 * functions append to @text.
 */
#ifndef DIALTONE_CONSTANTS_H
#define DIALTONE_CONSTANTS_H

#include <stdint.h>

#include "text.h"

void constant_domain(struct text *text, uint64_t value);    /* socket(2) */
void constant_socktype(struct text *text, uint64_t value);  /* and its flags */
void constant_protocol(struct text *text, uint64_t value);  /* ip(7) */
void constant_msg_flags(struct text *text, uint64_t value); /* send(2) */
void constant_accept_flags(struct text *text, uint64_t value); /* accept4(2) */
void constant_how(struct text *text, uint64_t value);          /* shutdown(2) */
void constant_level(struct text *text, uint64_t value); /* setsockopt(2) */
void constant_optname(struct text *text, uint64_t level, uint64_t value);

/* "SYN-ACK": the flags of a TCP header, RFC 9293 3.1, joined by '-'. */
void constant_tcp_flags(struct text *text, uint8_t flags);

/* The name of the one flag @bit (0 to 7) of a TCP header; never NULL. */
const char *constant_tcp_flag(unsigned int bit);

/* "SYN_SENT", include/net/tcp_states.h; NULL for a state without a name. */
const char *constant_tcp_state(uint32_t state);

/* "ECONNREFUSED"; also those that only the kernel uses; NULL for none. */
const char *constant_errno(int64_t number);

/* A table of numbers and their names, ended by a NULL name. */
struct named {
	uint64_t value;
	const char *name;
};

/* Appends the name of @value, or the number. */
void named_value(struct text *text, const struct named *table, uint64_t value);

#endif
