// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Lines of a test's table, made into records. See play.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "play.h"
#include "record/flow_filter.h"

struct endpoint play_endpoint(const char *text)
{
	struct endpoint ep = {0};

	if (text && endpoint_parse(&ep, text))
		abort(); /* the test itself is wrong */
	return ep;
}

static void fill_call(struct record *record, const struct play *line)
{
	snprintf(record->call.step, sizeof(record->call.step), "%s",
		 line->step);
	snprintf(record->call.function, sizeof(record->call.function), "%s",
		 line->function ? line->function : line->step);
	record->call.context = line->softirq ? CONTEXT_SOFTIRQ : CONTEXT_TASK;
	record->call.len = line->ret;
	record->call.from = line->from_where;
}

static void fill_syscall(struct record *record, const struct play *line)
{
	record->syscall = (struct record_syscall){
		.id = line->id,
		.fd = line->id == CALL_SOCKET ? -1 :
		      line->fd                ? line->fd :
						3,
		.len = line->count,
		.flags = line->flags,
		.ret = line->ret,
		.other_netns = line->other_netns,
		.skippable = line->skippable,
		.still_open = line->still_open,
	};
	memcpy(record->syscall.args, line->args, sizeof(line->args));
}

static void fill_packet(struct record *record, const struct play *line)
{
	record->packet = (struct record_packet){
		.witness = line->witness,
		.direction = line->in ? DIRECTION_IN : DIRECTION_OUT,
		.len = line->ret,
		.tcp_flags = line->flags,
		.seq = line->seq,
		.own_local = play_endpoint(line->own_local),
		.own_peer = play_endpoint(line->own_peer),
	};
	snprintf(record->packet.iface, sizeof(record->packet.iface), "%s",
		 line->iface ? line->iface : "lo");
}

static void fill_icmp(struct record *record, const struct play *line)
{
	record->icmp = (struct record_icmp){
		.witness = line->witness,
		.direction = line->in ? DIRECTION_IN : DIRECTION_OUT,
		.type = line->icmp_type,
		.code = line->icmp_code,
	};
	if (endpoint_parse_host(&record->icmp.from, line->from))
		abort();
	snprintf(record->icmp.iface, sizeof(record->icmp.iface), "%s",
		 line->iface ? line->iface : "lo");
}

static void fill(struct record *record, const struct play *line)
{
	switch (record->type) {
	case RECORD_ENTER:
	case RECORD_EXIT:
		fill_syscall(record, line);
		break;
	case RECORD_CALL:
		fill_call(record, line);
		break;
	case RECORD_PACKET:
		fill_packet(record, line);
		break;
	case RECORD_ICMP:
		fill_icmp(record, line);
		break;
	case RECORD_STATE:
		record->state.old_state = line->old_state;
		record->state.new_state = line->new_state;
		record->state.continues = line->continues;
		record->state.context =
			line->softirq ? CONTEXT_SOFTIRQ : CONTEXT_TASK;
		record->state.from = line->from_where;
		break;
	case RECORD_LOST:
		record->lost = (struct record_lost){.witness = line->witness,
						    .cause = line->cause,
						    .count = line->count};
		break;
	case RECORD_CONTROL:
		record->control = (struct record_control){
			.witness = line->witness,
			.sent = line->count,
			.seen = line->seen,
			.unseen_family = line->unseen_family};
		break;
	case RECORD_TALLY:
		break; /* all zero: the sums are even */
	default:
		abort();
	}
}

int play(struct player *player, const struct play *line)
{
	struct record record = {
		.type = line->type,
		.pid = line->pid ? line->pid : 4242,
		.socket = line->sock,
		.local = play_endpoint(line->local),
		.peer = play_endpoint(line->peer),
	};
	struct record second;
	int err;

	if (!player->now_ns)
		player->now_ns = 1000000000;
	player->now_ns += (line->after_us ? line->after_us : 10) * 1000ULL;
	record.tid = line->tid ? line->tid : record.pid;
	snprintf(record.comm, sizeof(record.comm), "%s",
		 line->comm ? line->comm : "client");
	if (line->proto)
		player->proto = line->proto;
	record.proto = player->proto;
	if (line->type != RECORD_LOST && line->type != RECORD_CONTROL)
		record.ts_ns = player->now_ns;
	fill(&record, line);
	if (line->type != RECORD_PACKET || line->witness)
		return player->sink->push(player->sink, &record);
	record.packet.witness = WITNESS_KERNEL;
	second = record;
	second.packet.witness = WITNESS_WIRE;
	second.ts_ns += 500;
	err = player->sink->push(player->sink, &record);
	return err ? err : player->sink->push(player->sink, &second);
}

int play_all(struct player *player, const struct play *lines, size_t n)
{
	int err = 0;

	for (size_t i = 0; i < n && !err; i++)
		err = play(player, &lines[i]);
	return err;
}

static struct meta *make_meta(const char *command, const char *iface)
{
	static const char *const plan[][2] = {
		{"udp_connect", "__ip4_datagram_connect"},
		{"udp_sendmsg", "udp_sendmsg"},
		{"udp_transmit", "ip_send_skb"},
		{"udp6_connect", "__ip6_datagram_connect"},
		{"udp6_sendmsg", "udpv6_sendmsg"},
		{"udp6_transmit", "ip6_send_skb"},
		{"tcp_v4_connect", "tcp_v4_connect"},
		{"tcp_v6_connect", "tcp_v6_connect"},
		{"tcp_connect", "tcp_connect"},
		{"tcp_transmit", "__tcp_transmit_skb"},
	};
	struct meta *meta = calloc(1, sizeof(*meta));

	meta->version = RECORD_VERSION;
	meta->command = strdup(command);
	meta->kernel = strdup("6.1.0");
	meta->iface = strdup(iface);
	meta->tier = TIER_KPROBE;
	meta->plan_len = sizeof(plan) / sizeof(plan[0]);
	meta->plan = calloc(meta->plan_len, sizeof(*meta->plan));
	for (unsigned int i = 0; i < meta->plan_len; i++) {
		meta->plan[i].step = strdup(plan[i][0]);
		meta->plan[i].symbol = strdup(plan[i][1]);
	}
	return meta;
}

int play_meta(struct player *player, const char *command, const char *iface)
{
	struct record record = {.type = RECORD_META,
				.meta = make_meta(command, iface)};

	return player->sink->push(player->sink, &record);
}

int play_meta_flawed(struct player *player, const char *command,
		     const char *step, const char *symbol)
{
	struct record record = {.type = RECORD_META,
				.meta = make_meta(command, "lo")};
	struct plan_choice *choice = record.meta->plan;

	while (strcmp(choice->step, step) != 0)
		choice++;
	free(choice->symbol);
	choice->symbol = symbol ? strdup(symbol) : NULL;
	choice->never_fired = symbol != NULL;
	if (!symbol)
		choice->tried = strdup("not there");
	return player->sink->push(player->sink, &record);
}

int play_meta_no_ipv6(struct player *player, const char *command,
		      const char *why)
{
	struct record record = {.type = RECORD_META,
				.meta = make_meta(command, "lo")};

	record.meta->no_ipv6 = strdup(why);
	return player->sink->push(player->sink, &record);
}

int play_meta_filtered(struct player *player, const char *command,
		       const char *bytecode)
{
	struct record record = {.type = RECORD_META,
				.meta = make_meta(command, "lo")};
	char why[FLOW_FILTER_WHY];
	int err = flow_filter_parse(&record.meta->filter, "filter", bytecode,
				    why);

	if (err) {
		record_fini(&record);
		return err;
	}
	return player->sink->push(player->sink, &record);
}

int play_controls(struct player *player)
{
	static const struct play controls[] = {
		{RECORD_CONTROL, .witness = WITNESS_SYSCALL, .count = 2,
		 .seen = 2},
		{RECORD_CONTROL, .witness = WITNESS_KERNEL, .count = 2,
		 .seen = 2},
		{RECORD_CONTROL, .witness = WITNESS_WIRE, .count = 2,
		 .seen = 2},
	};

	return PLAY(player, controls);
}
