// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The connects that a verdict lists. See list.h. */
#include "list.h"

#include <string.h>

#include "story/connects.h"
#include "weigh.h"

static uint32_t received(const struct connect *connect)
{
	uint32_t wire = connect->received[WITNESS_WIRE];
	uint32_t kernel = connect->received[WITNESS_KERNEL];

	return wire > kernel ? wire : kernel;
}

static void list_describe(struct verdict_connect *call,
			  const struct connect *connect,
			  enum verdict_result result)
{
	struct text flags;

	call->pid = connect->pid;
	memcpy(call->comm, connect->comm, sizeof(call->comm));
	call->fd = connect->fd;
	call->peer = connect->peer;
	call->local = connect->local;
	if (connect_is_redirected(connect))
		call->stored = connect->stored;
	call->wire_local = connect->wire_local;
	call->wire_peer = connect->wire_peer;
	call->received = received(connect);
	call->result = result;
	call->returned = connect->returned;
	call->ret = connect->ret;
	if (connect->entered && connect->returned)
		call->duration_ns = connect->exit_ns - connect->enter_ns;
	call->packets = weigh_packets(connect);
	text_init(&flags, call->flags, sizeof(call->flags));
	if (connect->flow && connect->flow->track[WITNESS_WIRE].packets)
		track_format(&connect->flow->track[WITNESS_WIRE], &flags, " ");
	else if (connect->flow)
		track_format(&connect->flow->track[WITNESS_KERNEL], &flags,
			     " ");
}

static void list_add(struct judgement *judgement,
		     const struct verdict_connect *call)
{
	struct verdict *verdict = judgement->verdict;
	bool passed = call->result == VERDICT_PASS;
	unsigned int *listed =
		passed ? &judgement->passed_listed : &judgement->others_listed;

	if (*listed == (passed ? VERDICT_PASSED_MAX : VERDICT_OTHERS_MAX)) {
		verdict->unlisted++;
		return;
	}
	++*listed;
	verdict->connects[verdict->connects_len++] = *call;
}

void list_connect(struct judgement *judgement, const struct connect *connect,
		  enum verdict_result result, struct verdict_connect *call)
{
	*call = (struct verdict_connect){0};
	list_describe(call, connect, result);
	list_add(judgement, call);
}
