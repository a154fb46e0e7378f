// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Describes records in a few words; the caller decides where they are printed.
 *
 *   in:  records, what the story knows of a connect(2)
 *   out: text
 */
#include <netinet/in.h>
#include <string.h>

#include "describe.h"
#include "plan/steps.h"
#include "record/constants.h"
#include "record/icmp.h"
#include "story/connects.h"

void describe_task(struct text *text, const struct record *record)
{
	text_escape(text, record->comm,
		    strnlen(record->comm, sizeof(record->comm)), true);
	text_add(text, " ");
	text_pid(text, record->pid);
	if (record->tid != record->pid)
		text_printf(text, "/%u", record->tid & ~PID_OUTSIDE);
}

/* If the packets go elsewhere than the call said: where, and why if known. */
static void describe_redirection(struct text *text,
				 const struct connect *connect)
{
	char to[ENDPOINT_STRLEN], from[ENDPOINT_STRLEN];

	if (connect_is_redirected(connect))
		text_printf(
			text, "; the kernel stored %s%s",
			endpoint_format(&connect->stored, to),
			endpoint_is_any(&connect->peer) ?
				": the any-address means this machine" :
				": a BPF program of its cgroup may do that");
	if (connect->wire_peer.port)
		text_printf(text, "; NAT: on the wire it is %s → %s",
			    endpoint_format(&connect->wire_local, from),
			    endpoint_format(&connect->wire_peer, to));
}

void describe_exit(struct text *text, const struct record *exit,
		   const struct connect *connect)
{
	uint32_t packets, kernel;
	char local[ENDPOINT_STRLEN];

	if (exit->syscall.still_open)
		text_add(text, "another descriptor or call still held it");
	if (connect && connect->skipped)
		text_add(text, "not entered: stopped by seccomp or ptrace");
	if (!connect || !connect->entered)
		return;
	if (connect->other_netns) {
		text_add(text, "in another network namespace: not captured");
		return;
	}
	if (connect->first) {
		text_add(text, "asks about an earlier connect(2)");
		return;
	}
	packets = connect->inside[WITNESS_WIRE];
	kernel = connect->inside[WITNESS_KERNEL];
	text_printf(text, "%u packet%s on the wire", packets,
		    packets == 1 ? "" : "s");
	if (packets && connect->flow) {
		text_add(text, ": ");
		track_format(&connect->flow->track[WITNESS_WIRE], text, ", ");
	}
	if (kernel != packets)
		text_printf(text, " (%u by the kernel's count)", kernel);
	if (connect->outside)
		text_printf(text, ", %u that it did not send",
			    connect->outside);
	if (connect->received[WITNESS_WIRE])
		text_printf(text, ", %u received",
			    connect->received[WITNESS_WIRE]);
	if (exit->syscall.ret == 0 && exit->local.port)
		text_printf(text, "; local %s",
			    endpoint_format(&exit->local, local));
	describe_redirection(text, connect);
}

void describe_call(struct text *text, const struct record *record)
{
	const struct record_call *call = &record->call;
	const struct plan_step *step = step_named(call->step);
	const struct endpoint *whose =
		step->given_packet ? &record->peer : &record->local;
	char buf[ENDPOINT_STRLEN];

	if (call->context == CONTEXT_SOFTIRQ && whose->family)
		text_printf(text, "for %s: ", endpoint_format(whose, buf));
	text_add(text, step->why);
	if (step->has_len)
		text_printf(text, ", %u byte%s", call->len,
			    call->len == 1 ? "" : "s");
}

/* Where a packet, or an ICMP error, was seen. */
struct sight {
	enum event_direction direction;
	const char *iface;
};

static struct sight sight_of(const struct record *record)
{
	if (record->type == RECORD_ICMP)
		return (struct sight){record->icmp.direction,
				      record->icmp.iface};
	return (struct sight){record->packet.direction, record->packet.iface};
}

/*
 * A packet over lo goes out and comes in, and is drawn once: as outgoing,
 * unless it belongs to another socket and was received.
 */
static const char *arrow(const struct record *record, bool received)
{
	struct sight sight = sight_of(record);
	bool in = received || (sight.direction == DIRECTION_IN &&
			       strcmp(sight.iface, "lo") != 0);

	if (record_witness(record) == WITNESS_KERNEL)
		return in ? "◁" : "▷";
	return in ? "◀" : "▶";
}

static void describe_flow(struct text *text, const struct record *record)
{
	char src[ENDPOINT_STRLEN], dst[ENDPOINT_STRLEN];

	text_printf(text, "%s %s → %s",
		    record->proto == IPPROTO_TCP ? "TCP" : "UDP",
		    endpoint_format(&record->local, src),
		    endpoint_format(&record->peer, dst));
}

void describe_packet(struct text *text, const struct record *record,
		     bool received)
{
	text_printf(text, "%s ", arrow(record, received));
	describe_flow(text, record);
	if (record->proto == IPPROTO_TCP) {
		text_add(text, "  ");
		constant_tcp_flags(text, record->packet.tcp_flags);
	}
	if (record->proto != IPPROTO_TCP || record->packet.len)
		text_printf(text, "  %u byte%s", record->packet.len,
			    record->packet.len == 1 ? "" : "s");
	if (record->packet.fragment == FRAGMENT_FIRST)
		text_add(text, ", in fragments");
	else if (record->packet.fragment == FRAGMENT_LATER)
		text_add(text, ", a later fragment");
}

void describe_icmp(struct text *text, const struct record *record)
{
	const struct record_icmp *icmp = &record->icmp;
	const char *name =
		icmp_error_name(icmp->from.family, icmp->type, icmp->code);
	char from[ENDPOINT_STRLEN];

	text_printf(text, "%s ICMP from %s: ", arrow(record, false),
		    endpoint_format_host(&icmp->from, from));
	if (name)
		text_add(text, name);
	else
		text_printf(text, "type %u, code %u", icmp->type, icmp->code);
	text_add(text, ", for ");
	describe_flow(text, record);
}

void describe_packet_more(struct text *text, const struct record *record)
{
	struct sight sight = sight_of(record);

	if (record->type == RECORD_PACKET && record->proto == IPPROTO_TCP)
		text_printf(text, "  seq %u ack %u", record->packet.seq,
			    record->packet.ack);
	text_add(text, "  ");
	if (record_witness(record) == WITNESS_KERNEL)
		text_add(text, sight.direction == DIRECTION_OUT ? "queued " :
								  "received ");
	text_add(text, "on ");
	text_escape(text, sight.iface, strnlen(sight.iface, IFNAME_BYTES),
		    true);
}

void describe_packet_again(struct text *text, const struct record *record)
{
	const char *iface = sight_of(record).iface;

	text_add(text, "  again, on ");
	text_escape(text, iface, strnlen(iface, IFNAME_BYTES), true);
}

void describe_state(struct text *text, uint32_t state)
{
	const char *name = constant_tcp_state(state);

	if (name)
		text_add(text, name);
	else
		text_printf(text, "%u", state);
}
