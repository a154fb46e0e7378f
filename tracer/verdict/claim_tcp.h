/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The claim that connect(2) on a TCP socket performs a handshake (RFC 9293 3.5).
 */
#ifndef DIALTONE_CLAIM_TCP_H
#define DIALTONE_CLAIM_TCP_H

#include "judgement.h"

/* The result of one connect(2) for the claim. */
void claim_tcp_connect(struct judgement *judgement,
		       const struct connect *connect, struct finding *finding);

/* The verdict's sentence, up to the parenthesis with the circumstances. */
void claim_tcp_sentence(const struct judgement *judgement, struct text *text);

#endif
