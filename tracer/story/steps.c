// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Finds steps by the names that recordings carry, and explains what each step
 * does. The names are the plan's (plan.c).
 */
#include <netinet/in.h>
#include <string.h>

#include "plan.h"
#include "steps.h"

static int step_index(const char *name)
{
	int step = 0;

	while (step < STEP_MAX && strcmp(plan_steps[step].name, name) != 0)
		step++;
	return step;
}

const char *step_remark(const char *name)
{
	int step = step_index(name);

	return step < STEP_MAX ? plan_steps[step].why : "";
}

bool step_has_len(const char *name)
{
	int step = step_index(name);

	return step == STEP_UDP_SENDMSG || step == STEP_UDP6_SENDMSG ||
	       step == STEP_UDP_SENDPAGE || step == STEP_TCP_SENDMSG ||
	       step == STEP_TCP_SENDPAGE;
}

bool step_is_given_packet(const char *name)
{
	int step = step_index(name);

	return step == STEP_UDP_RCV || step == STEP_UDP6_RCV ||
	       step == STEP_TCP_RCV || step == STEP_TCP6_RCV;
}

bool step_connects(const char *name)
{
	int step = step_index(name);

	return step == STEP_UDP_CONNECT || step == STEP_UDP6_CONNECT ||
	       step == STEP_TCP_V4_CONNECT || step == STEP_TCP_V6_CONNECT;
}

bool step_builds_syn(const char *name)
{
	return step_index(name) == STEP_TCP_CONNECT;
}

const struct step_need *step_needed(uint8_t proto)
{
	static const struct step_need udp[] = {
		{"udp_connect", "udp6_connect", false},
		{"udp_sendmsg", "udp6_sendmsg", false},
		{"udp_transmit", "udp6_transmit", true},
		{NULL, NULL, false},
	};
	static const struct step_need tcp[] = {
		{"tcp_v4_connect", "tcp_v6_connect", false},
		{"tcp_connect", NULL, false},
		{"tcp_transmit", NULL, false},
		{NULL, NULL, false},
	};

	return proto == IPPROTO_TCP ? tcp : udp;
}
