// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Results that this machine decides without a packet. The records often show
 * only a part of the reason; the rest is named.
 *
 *   in:  a result
 *   out: which socket has the address, which options were set
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "causes.h"
#include "search.h"

#define PORTS_FOR_ROOT 1024 /* net.ipv4.ip_unprivileged_port_start, default */
#define TIME_WAIT_NS   60000000000ULL /* TCP_TIMEWAIT_LEN, include/net/tcp.h */

/* ---- EADDRINUSE ----------------------------------------------------------- */

/* Do two addresses exclude each other? The wildcard is every address. */
static bool is_taken_by(const struct endpoint *wanted,
			const struct endpoint *local)
{
	return wanted->port == local->port && (endpoint_covers(wanted, local) ||
					       endpoint_covers(local, wanted));
}

/* Is the socket of @entry open until @at, as far as the records show? */
static bool is_open(const struct history *history,
		    const struct history_entry *entry,
		    const struct history_entry *at)
{
	const struct wanted close = {
		.type = RECORD_EXIT, .life = entry->life, .call = CALL_CLOSE};

	return entry->life && !search_first(history, entry, at, &close);
}

static bool holds_port(const struct reasons *reasons,
		       const struct history_entry *entry)
{
	const struct history_entry *result = reasons->result;
	const struct record *record = &entry->record;

	return record->type == RECORD_EXIT &&
	       record->proto == result->record.proto &&
	       record->syscall.id == CALL_BIND && record->syscall.ret == 0 &&
	       entry->life != result->life &&
	       is_taken_by(reasons_peer(reasons), &record->local) &&
	       is_open(reasons->history, entry, result);
}

static bool say_holder(struct reasons *reasons)
{
	const struct history_entry *entry = reasons->result;
	char buf[REASON_SENTENCE];

	while (entry-- > reasons->history->entries) {
		if (!holds_port(reasons, entry))
			continue;
		reasons_add(reasons, entry,
			    "Another socket had taken it %.3f ms before: %s.",
			    reasons_ms(entry, reasons->result),
			    reasons_result(reasons, entry, buf));
		reasons_none(reasons, "that this socket was closed.");
		return true;
	}
	return false;
}

/* A connection of that port went into TIME_WAIT, and may still be there. */
static const struct history_entry *time_wait(const struct reasons *reasons)
{
	const struct history_entry *entry = reasons->result;
	uint64_t now_ns = entry->record.ts_ns;

	while (entry-- > reasons->history->entries) {
		const struct endpoint *local;

		if (entry->record.type != RECORD_STATE ||
		    !entry->record.state.continues ||
		    now_ns - entry->record.ts_ns > TIME_WAIT_NS)
			continue;
		local = search_local(reasons->history, entry);
		if (local && is_taken_by(reasons_peer(reasons), local))
			return entry;
	}
	return NULL;
}

static bool say_time_wait(struct reasons *reasons)
{
	const struct history_entry *state = time_wait(reasons);
	char local[ENDPOINT_STRLEN], peer[ENDPOINT_STRLEN];

	if (!state)
		return false;
	endpoint_format(search_local(reasons->history, state), local);
	endpoint_format(&state->record.peer, peer);
	reasons_add(reasons, state,
		    "The connection %s → %s went into TIME_WAIT %.3f ms "
		    "before, for 60 s.",
		    local, peer, reasons_ms(state, reasons->result));
	return true;
}

void cause_in_use(struct reasons *reasons)
{
	const struct history_entry *result = reasons->result;
	bool tcp = result->record.proto == IPPROTO_TCP;
	char address[ENDPOINT_STRLEN];

	endpoint_format(reasons_peer(reasons), address);
	if (!say_holder(reasons) && !say_time_wait(reasons)) {
		reasons_none(reasons, "another socket at %s.", address);
		reasons_missing(reasons,
				"who has the port; `ss -%sanp` shows "
				"it.",
				tcp ? "t" : "u");
		return;
	}
	if (!search_option(reasons->history, result, SOL_SOCKET, SO_REUSEADDR))
		reasons_none(reasons, "SO_REUSEADDR on this socket.");
}

/* ---- not allowed ---------------------------------------------------------- */

void cause_not_permitted(struct reasons *reasons)
{
	const struct history_entry *result = reasons->result;
	const struct history_entry *enter =
		history_other(reasons->history, result);
	const struct wanted sent = {.type = RECORD_PACKET,
				    .life = result->life};

	if (enter && result->life &&
	    !search_first(reasons->history, enter, result, &sent))
		reasons_none(reasons, "a packet that the socket sent during "
				      "the call.");
	reasons_missing(reasons,
			"what forbade it: a firewall rule (`nft "
			"monitor trace` shows it), or a BPF program of its "
			"cgroup (`bpftool cgroup tree`).");
}

void cause_no_access(struct reasons *reasons)
{
	const struct history_entry *result = reasons->result;
	const struct endpoint *address = reasons_peer(reasons);
	char host[ENDPOINT_STRLEN];

	endpoint_format_host(address, host);
	if (result->record.syscall.id == CALL_BIND) {
		reasons_missing(reasons,
				"whether the process may take port %u "
				"(%s 1024): CAP_NET_BIND_SERVICE of it, and "
				"net.ipv4.ip_unprivileged_port_start.",
				address->port,
				address->port < PORTS_FOR_ROOT ? "below" :
								 "not below");
		return;
	}
	if (!search_option(reasons->history, result, SOL_SOCKET, SO_BROADCAST))
		reasons_none(reasons, "SO_BROADCAST on this socket.");
	reasons_missing(reasons,
			"whether %s is a broadcast address here; `ip "
			"route get %s` shows it.",
			host, host);
}

void cause_not_connected(struct reasons *reasons)
{
	const struct history_entry *result = reasons->result;
	const struct history_entry *made =
		search_maker(reasons->history, result);
	char buf[REASON_SENTENCE];

	if (made)
		reasons_add(reasons, made, "This call made the socket: %s.",
			    reasons_result(reasons, made, buf));
	if (!search_done(reasons->history, result, CALL_CONNECT))
		reasons_none(reasons, "a connect(2) on it that returned 0.");
}
