// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Applies a filter to connections. See flow_filter.h.
 *
 *   in:  the two ends of a connection
 *   out: what a filter's program says of a packet from one to the other, and of
 *        one back; of what is not known, all possibilities count
 */
#include "flow_filter.h"

#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter_walk.h"

#define INSN_CHARS 28 /* ",65535 255 255 4294967295" and more */

struct flow_filter {
	char *text;
	struct flow_insn *insns;
	unsigned int len;
	struct walk_state *room;
};

static const uint8_t protos[] = {IPPROTO_UDP, IPPROTO_TCP};

/* 4 or 6; 0: neither end says. */
static int ends_version(const struct flow_ends *ends)
{
	const struct endpoint *one = &ends->peer, *other = &ends->local;

	if (endpoint_is_any(one)) {
		one = &ends->local;
		other = &ends->peer;
	}
	if (endpoint_is_ipv6(one) && !endpoint_is_any(one))
		return 6;
	if (one->family == AF_INET || other->family == AF_INET)
		return 4;
	/* IPv4-mapped; a socket of [::] may have either */
	return endpoint_is_any(one) ? 0 : 4;
}

/* The end as it is in a header of that version. */
static struct walk_end header_end(const struct endpoint *end, bool is_final,
				  int version)
{
	struct walk_end out = {
		.has_addr = is_final || !endpoint_is_any(end),
		.has_port = is_final || end->port,
		.port = end->port,
	};
	struct endpoint_key key;

	endpoint_key(end, &key); /* IPv4 is at the end of it */
	if (!endpoint_is_any(end))
		memcpy(out.addr, key.addr + (version == 4 ? 12 : 0),
		       version == 4 ? 4 : 16);
	return out;
}

static enum choice choose_packet(struct flow_filter *filter,
				 const struct walk_packet *packet)
{
	struct walk_result result = {0};

	filter_walk(filter->insns, filter->len, filter->room, packet, &result);
	if (*result.why || result.passes == result.fails)
		return CHOICE_OPEN;
	return result.passes ? CHOICE_SELECTED : CHOICE_LEFT_OUT;
}

/* In both directions: one is enough. */
static enum choice choose_version(struct flow_filter *filter,
				  const struct flow_ends *ends, int version,
				  uint8_t proto)
{
	struct walk_packet there = {
		.version = version,
		.proto = proto,
		.src = header_end(&ends->local, ends->local_is_final, version),
		.dst = header_end(&ends->peer, ends->peer_is_final, version),
	};
	struct walk_packet back = there;
	enum choice first, second;

	back.src = there.dst;
	back.dst = there.src;
	first = choose_packet(filter, &there);
	if (first == CHOICE_SELECTED)
		return first;
	second = choose_packet(filter, &back);
	return second == CHOICE_LEFT_OUT ? first : second;
}

enum choice flow_filter_choose(struct flow_filter *filter,
			       const struct flow_ends *ends)
{
	int version = ends_version(ends);
	enum choice sum = CHOICE_OPEN;
	bool first = true;

	for (int v = 4; v <= 6; v += 2) {
		for (int i = 0; i < 2; i++) {
			enum choice choice;

			if ((version && v != version) ||
			    (ends->proto && protos[i] != ends->proto))
				continue;
			choice = choose_version(filter, ends, v, protos[i]);
			if (!first && choice != sum)
				return CHOICE_OPEN;
			sum = choice;
			first = false;
		}
	}
	return sum;
}

/* Along all paths, with each protocol over each IP. */
static int flow_filter_check(struct flow_filter *filter,
			     char why[static FLOW_FILTER_WHY])
{
	bool passes = false;

	for (int version = 4; version <= 6; version += 2) {
		for (int i = 0; i < 2; i++) {
			struct walk_packet packet = {.version = version,
						     .proto = protos[i]};
			struct walk_result result = {0};

			filter_walk(filter->insns, filter->len, filter->room,
				    &packet, &result);
			if (*result.why) {
				memcpy(why, result.why, FLOW_FILTER_WHY);
				return -EINVAL;
			}
			passes |= result.passes;
		}
	}
	if (!passes)
		snprintf(why, FLOW_FILTER_WHY,
			 "no connection of UDP or TCP can pass it");
	return passes ? 0 : -EINVAL;
}

int flow_filter_new(struct flow_filter **filter, const char *text,
		    const struct flow_insn *insns, unsigned int len,
		    char why[static FLOW_FILTER_WHY])
{
	struct flow_filter *f;
	int err;

	*filter = NULL;
	if (len == 0 || len > FLOW_FILTER_MAX) {
		snprintf(
			why, FLOW_FILTER_WHY,
			"its program has %u instructions; 1 to %d are possible",
			len, FLOW_FILTER_MAX);
		return -EINVAL;
	}
	f = calloc(1, sizeof(*f));
	if (!f)
		return -ENOMEM;
	f->text = strdup(text);
	f->insns = calloc(len, sizeof(*insns));
	f->room = walk_room(len);
	f->len = len;
	if (!f->text || !f->insns || !f->room) {
		flow_filter_free(f);
		return -ENOMEM;
	}
	memcpy(f->insns, insns, len * sizeof(*insns));
	err = flow_filter_check(f, why);
	if (err)
		flow_filter_free(f);
	else
		*filter = f;
	return err;
}

/* A number up to @max, and what follows it, which must be @end. */
static bool parse_number(const char **text, uint32_t max, char end,
			 uint32_t *number)
{
	uint64_t value = 0;
	const char *at = *text;

	for (; *at >= '0' && *at <= '9' && value <= max; at++)
		value = 10 * value + (uint64_t)(*at - '0');
	if (at == *text || value > max || *at != end)
		return false;
	*number = (uint32_t)value;
	*text = at + (end != '\0');
	return true;
}

static bool parse_insn(const char **text, bool last, struct flow_insn *insn)
{
	uint32_t code, jt, jf;

	if (!parse_number(text, UINT16_MAX, ' ', &code) ||
	    !parse_number(text, UINT8_MAX, ' ', &jt) ||
	    !parse_number(text, UINT8_MAX, ' ', &jf) ||
	    !parse_number(text, UINT32_MAX, last ? '\0' : ',', &insn->k))
		return false;
	insn->code = (uint16_t)code;
	insn->jt = (uint8_t)jt;
	insn->jf = (uint8_t)jf;
	return true;
}

int flow_filter_parse(struct flow_filter **filter, const char *text,
		      const char *bytecode, char why[static FLOW_FILTER_WHY])
{
	struct flow_insn *insns;
	uint32_t len = 0, i = 0;
	int err = -EINVAL;

	*filter = NULL;
	snprintf(why, FLOW_FILTER_WHY, "its program cannot be read");
	if (!parse_number(&bytecode, FLOW_FILTER_MAX, ',', &len) || !len)
		return err;
	insns = calloc(len, sizeof(*insns));
	if (!insns)
		return -ENOMEM;
	while (i < len && parse_insn(&bytecode, i + 1 == len, &insns[i]))
		i++;
	if (i == len)
		err = flow_filter_new(filter, text, insns, len, why);
	free(insns);
	return err;
}

void flow_filter_free(struct flow_filter *filter)
{
	if (!filter)
		return;
	free(filter->text);
	free(filter->insns);
	free(filter->room);
	free(filter);
}

const char *flow_filter_text(const struct flow_filter *filter)
{
	return filter->text;
}

char *flow_filter_bytecode(const struct flow_filter *filter)
{
	size_t size = (size_t)INSN_CHARS * (filter->len + 1), len;
	char *out = malloc(size);

	if (!out)
		return NULL;
	len = (size_t)snprintf(out, size, "%u", filter->len);
	for (unsigned int i = 0; i < filter->len; i++) {
		const struct flow_insn *insn = &filter->insns[i];

		len += (size_t)snprintf(out + len, size - len,
					",%u %u %u %" PRIu32, insn->code,
					insn->jt, insn->jf, insn->k);
	}
	return out;
}
