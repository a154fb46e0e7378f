/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The result of one connect(2), whichever its protocol is. */
#ifndef DIALTONE_WEIGH_H
#define DIALTONE_WEIGH_H

#include "judgement.h"

/* Sets @finding, and adds the call to the sums of @judgement. */
void weigh_connect(struct judgement *judgement, const struct connect *connect,
		   struct finding *finding);

/* Its packets, as seen by the witness that saw more of them. */
uint32_t weigh_packets(const struct connect *connect);

#endif
