// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A walk through a filter's program. See filter_walk.h.
 *
 * Jumps go forward only, so that one pass from the first instruction to the last
 * visits each path. Where paths meet, a value that differs between them becomes
 * unknown. With a packet that is known as a whole there is one path, and the
 * result is that of the kernel's machine.
 */
#include "filter_walk.h"

#include <linux/filter.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IPV4_BYTES 20 /* a connection has no IP options */
#define IPV6_BYTES 40

enum kind {
	KNOWN,
	UNKNOWN,
	VERSION,  /* the first byte: its upper half is the IP version */
	FRAGMENT, /* of IPv4: whether the packet has ports at all */
	MIXED,    /* one of these two, on some paths */
	PROTO,    /* as KNOWN; it may be compared with a protocol only */
};

struct value {
	enum kind kind;
	uint32_t bits; /* KNOWN, PROTO */
};

struct walk_state {
	bool reached;
	struct value a, x, mem[BPF_MEMWORDS];
};

struct walk {
	struct walk_state *states; /* before each instruction */
	unsigned int len;
	const struct walk_packet *packet;
	struct walk_result *result;
};

struct walk_state *walk_room(unsigned int len)
{
	return calloc(len, sizeof(struct walk_state));
}

/* The first refusal stays. */
static void walk_refuse(struct walk *walk, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void walk_refuse(struct walk *walk, const char *format, ...)
{
	va_list args;

	if (*walk->result->why)
		return;
	va_start(args, format);
	vsnprintf(walk->result->why, sizeof(walk->result->why), format, args);
	va_end(args);
}

static void refuse_field(struct walk *walk, const char *field)
{
	walk_refuse(walk, "it asks for %s, which a connection does not have",
		    field);
}

static struct value known(uint32_t bits)
{
	return (struct value){KNOWN, bits};
}

static const struct value unknown = {UNKNOWN, 0};

static bool is_number(struct value value)
{
	return value.kind == KNOWN || value.kind == PROTO;
}

static bool value_equal(struct value a, struct value b)
{
	return a.kind == b.kind && a.bits == b.bits;
}

/* Only a comparison that libpcap itself writes may use it. */
static bool is_guarded(struct value value)
{
	return value.kind == VERSION || value.kind == FRAGMENT ||
	       value.kind == MIXED;
}

static void value_join(struct value *into, struct value from)
{
	static const struct value mixed = {MIXED, 0};

	if (!value_equal(*into, from))
		*into = is_guarded(*into) || is_guarded(from) ? mixed : unknown;
}

/* A path comes to instruction @to in @state. */
static void walk_go(struct walk *walk, uint64_t to,
		    const struct walk_state *state)
{
	struct walk_state *there;

	if (to >= walk->len) {
		walk_refuse(walk, "its program jumps beyond its end");
		return;
	}
	there = &walk->states[to];
	if (!there->reached) {
		*there = *state;
		there->reached = true;
		return;
	}
	value_join(&there->a, state->a);
	value_join(&there->x, state->x);
	for (int i = 0; i < BPF_MEMWORDS; i++)
		value_join(&there->mem[i], state->mem[i]);
}

/* ---- what a packet has --------------------------------------------------- */

/* What people call the bytes that no connection has. */
static const char *field_name(const struct walk_packet *packet, uint32_t at)
{
	bool ipv4 = packet->version == 4;
	uint32_t header = ipv4 ? IPV4_BYTES : IPV6_BYTES;

	if (at >= header + (packet->proto == IPPROTO_TCP ? 20 : 8))
		return "the payload of a packet";
	if (at >= header && packet->proto == IPPROTO_UDP)
		return "the UDP length or checksum of a packet";
	if (at >= header + 13 && at < header + 14)
		return "the TCP flags of a packet";
	if (at >= header)
		return "a field of TCP that differs between packets";
	if (ipv4 && (at == 6 || at == 7))
		return "fragments";
	if (ipv4 ? at == 2 || at == 3 : at == 4 || at == 5)
		return "the length of a packet";
	return "a field of IP that differs between packets";
}

static struct value bytes_value(const uint8_t *bytes, uint32_t size)
{
	uint32_t bits = 0;

	for (uint32_t i = 0; i < size; i++)
		bits = bits << 8 | bytes[i];
	return known(bits);
}

static bool is_within(uint32_t at, uint32_t size, uint32_t from, uint32_t bytes)
{
	return at >= from && at + size <= from + bytes;
}

/* Is it in the addresses, @from on, or in the ports? Then *@value is what is. */
static bool read_end(const struct walk_end *end, uint32_t at, uint32_t size,
		     uint32_t addr_at, uint32_t addr_bytes, uint32_t port_at,
		     struct value *value)
{
	const uint8_t port[2] = {(uint8_t)(end->port >> 8), (uint8_t)end->port};

	*value = unknown;
	if (is_within(at, size, addr_at, addr_bytes)) {
		if (end->has_addr)
			*value = bytes_value(end->addr + (at - addr_at), size);
		return true;
	}
	if (!is_within(at, size, port_at, 2))
		return false;
	if (end->has_port)
		*value = bytes_value(port + (at - port_at), size);
	return true;
}

static struct value walk_load(struct walk *walk, uint64_t at, uint32_t size)
{
	const struct walk_packet *packet = walk->packet;
	bool ipv4 = packet->version == 4;
	uint32_t addrs = ipv4 ? 12 : 8, bytes = ipv4 ? 4 : 16;
	uint32_t ports = ipv4 ? IPV4_BYTES : IPV6_BYTES;
	struct value value;

	if (at > UINT16_MAX) { /* SKF_AD_OFF of linux/filter.h */
		refuse_field(walk, "the direction or interface of a packet");
		return unknown;
	}
	if (at == 0 && size == 1)
		return (struct value){VERSION, 0};
	if (at == (ipv4 ? 9 : 6) && size == 1)
		return (struct value){PROTO, packet->proto};
	if (ipv4 && at == 6 && size == 2)
		return (struct value){FRAGMENT, 0};
	if (read_end(&packet->src, (uint32_t)at, size, addrs, bytes, ports,
		     &value) ||
	    read_end(&packet->dst, (uint32_t)at, size, addrs + bytes, bytes,
		     ports + 2, &value))
		return value;
	refuse_field(walk, field_name(packet, (uint32_t)at));
	return unknown;
}

/* ---- the instructions ---------------------------------------------------- */

/* A value that anything may be done with. */
static struct value plain(struct walk *walk, struct value value)
{
	if (value.kind == VERSION || value.kind == MIXED)
		refuse_field(walk, "the length of the IP header");
	if (value.kind == FRAGMENT)
		refuse_field(walk, "fragments");
	return is_number(value) ? known(value.bits) : unknown;
}

static uint32_t load_size(uint16_t code)
{
	return BPF_SIZE(code) == BPF_W ? 4 : BPF_SIZE(code) == BPF_H ? 2 : 1;
}

static struct value memory_load(struct walk *walk,
				const struct walk_state *state, uint32_t at)
{
	if (at < BPF_MEMWORDS)
		return state->mem[at];
	walk_refuse(walk, "its program reads memory that does not exist");
	return unknown;
}

static struct value load_indirect(struct walk *walk,
				  const struct walk_state *state,
				  const struct flow_insn *insn)
{
	if (!is_number(state->x)) {
		refuse_field(walk, "bytes at an offset that it computes");
		return unknown;
	}
	return walk_load(walk, (uint64_t)state->x.bits + insn->k,
			 load_size(insn->code));
}

static struct value load(struct walk *walk, const struct walk_state *state,
			 const struct flow_insn *insn)
{
	switch (BPF_MODE(insn->code)) {
	case BPF_IMM:
		return known(insn->k);
	case BPF_ABS:
		return walk_load(walk, insn->k, load_size(insn->code));
	case BPF_IND:
		return load_indirect(walk, state, insn);
	case BPF_MEM:
		return memory_load(walk, state, insn->k);
	case BPF_LEN:
		refuse_field(walk, "the length of a packet");
		return unknown;
	default:
		walk_refuse(walk, "its program has an unknown load");
		return unknown;
	}
}

static struct value load_x(struct walk *walk, const struct walk_state *state,
			   const struct flow_insn *insn)
{
	switch (BPF_MODE(insn->code)) {
	case BPF_IMM:
		return known(insn->k);
	case BPF_MEM:
		return memory_load(walk, state, insn->k);
	case BPF_MSH: /* 4 * (the lower half of a byte): of the IPv4 header */
		if (insn->k == 0 && walk->packet->version == 4)
			return known(IPV4_BYTES);
		refuse_field(walk, "the length of a header");
		return unknown;
	default:
		refuse_field(walk, "the length of a packet");
		return unknown;
	}
}

static uint32_t compute(uint16_t code, uint32_t a, uint32_t b)
{
	switch (BPF_OP(code)) {
	case BPF_ADD:
		return a + b;
	case BPF_SUB:
		return a - b;
	case BPF_MUL:
		return a * b;
	case BPF_DIV:
		return a / b;
	case BPF_MOD:
		return a % b;
	case BPF_AND:
		return a & b;
	case BPF_OR:
		return a | b;
	case BPF_XOR:
		return a ^ b;
	case BPF_LSH:
		return b < 32 ? a << b : 0;
	case BPF_RSH:
		return b < 32 ? a >> b : 0;
	default:
		return -a;
	}
}

/* It must be known not to be 0: the machine rejects the packet that makes it so. */
static bool divides(uint16_t code, struct value divisor)
{
	return (BPF_OP(code) == BPF_DIV || BPF_OP(code) == BPF_MOD) &&
	       !(is_number(divisor) && divisor.bits);
}

static struct value alu(struct walk *walk, const struct walk_state *state,
			const struct flow_insn *insn)
{
	struct value a = state->a;
	struct value b =
		BPF_SRC(insn->code) == BPF_X ? state->x : known(insn->k);

	if (BPF_OP(insn->code) > BPF_XOR)
		walk_refuse(walk, "its program has an unknown operation");
	if (BPF_OP(insn->code) == BPF_NEG)
		b = known(0);
	if (divides(insn->code, b)) {
		walk_refuse(walk, "it may divide by 0");
		return unknown;
	}
	if (a.kind == VERSION && BPF_OP(insn->code) == BPF_AND &&
	    b.kind == KNOWN && b.bits == 0xf0)
		return known((uint32_t)walk->packet->version << 4);
	a = plain(walk, a);
	b = plain(walk, b);
	if (a.kind != KNOWN || b.kind != KNOWN)
		return unknown;
	return known(compute(insn->code, a.bits, b.bits));
}

static bool compare(uint16_t code, uint32_t a, uint32_t b)
{
	switch (BPF_OP(code)) {
	case BPF_JEQ:
		return a == b;
	case BPF_JGT:
		return a > b;
	case BPF_JGE:
		return a >= b;
	default:
		return a & b;
	}
}

/*
 * For `port`, libpcap asks for SCTP too, and for IPv6's fragment header, behind
 * which it looks for the others.
 */
static void check_proto(struct walk *walk, uint32_t proto)
{
	if (proto == IPPROTO_TCP || proto == IPPROTO_UDP ||
	    proto == IPPROTO_SCTP ||
	    (proto == IPPROTO_FRAGMENT && walk->packet->version == 6))
		return;
	if (proto == IPPROTO_ICMP || proto == IPPROTO_ICMPV6)
		walk_refuse(walk, "it asks for ICMP, and connections are of "
				  "UDP or TCP");
	else
		walk_refuse(walk,
			    "it asks for IP protocol %u, and connections are "
			    "of UDP or TCP",
			    proto);
}

static void jump_if(struct walk *walk, unsigned int at,
		    const struct walk_state *state,
		    const struct flow_insn *insn)
{
	struct value a = state->a;
	struct value b =
		BPF_SRC(insn->code) == BPF_X ? state->x : known(insn->k);
	uint64_t yes = (uint64_t)at + 1 + insn->jt;
	uint64_t no = (uint64_t)at + 1 + insn->jf;

	if (a.kind == FRAGMENT && BPF_OP(insn->code) == BPF_JSET &&
	    b.kind == KNOWN && b.bits == 0x1fff) {
		walk_go(walk, no, state);
		return;
	}
	if (a.kind == PROTO && insn->code == (BPF_JMP | BPF_JEQ | BPF_K))
		check_proto(walk, insn->k);
	a = plain(walk, a);
	b = plain(walk, b);
	if (a.kind == KNOWN && b.kind == KNOWN) {
		walk_go(walk, compare(insn->code, a.bits, b.bits) ? yes : no,
			state);
		return;
	}
	walk_go(walk, yes, state);
	walk_go(walk, no, state);
}

static void jump(struct walk *walk, unsigned int at,
		 const struct walk_state *state, const struct flow_insn *insn)
{
	if (BPF_OP(insn->code) == BPF_JA) /* protochain jumps back */
		walk_go(walk, (uint64_t)at + 1 + insn->k, state);
	else if (BPF_OP(insn->code) <= BPF_JSET)
		jump_if(walk, at, state, insn);
	else
		walk_refuse(walk, "its program has an unknown jump");
}

static void walk_end(struct walk *walk, const struct walk_state *state,
		     const struct flow_insn *insn)
{
	struct value value = BPF_RVAL(insn->code) == BPF_A ?
				     plain(walk, state->a) :
				     known(insn->k);

	walk->result->passes |= value.kind != KNOWN || value.bits;
	walk->result->fails |= value.kind != KNOWN || !value.bits;
}

static void store(struct walk *walk, struct walk_state *state,
		  const struct flow_insn *insn, struct value value)
{
	if (insn->k < BPF_MEMWORDS)
		state->mem[insn->k] = value;
	else
		walk_refuse(walk,
			    "its program writes memory that does not exist");
}

static void walk_step(struct walk *walk, unsigned int at,
		      const struct flow_insn *insn)
{
	struct walk_state state = walk->states[at];

	switch (BPF_CLASS(insn->code)) {
	case BPF_LD:
		state.a = load(walk, &state, insn);
		break;
	case BPF_LDX:
		state.x = load_x(walk, &state, insn);
		break;
	case BPF_ST:
		store(walk, &state, insn, state.a);
		break;
	case BPF_STX:
		store(walk, &state, insn, state.x);
		break;
	case BPF_ALU:
		state.a = alu(walk, &state, insn);
		break;
	case BPF_JMP:
		jump(walk, at, &state, insn);
		return;
	case BPF_RET:
		walk_end(walk, &state, insn);
		return;
	default: /* BPF_MISC */
		if (BPF_MISCOP(insn->code) == BPF_TAX)
			state.x = state.a;
		else
			state.a = state.x;
	}
	walk_go(walk, (uint64_t)at + 1, &state);
}

void filter_walk(const struct flow_insn *insns, unsigned int len,
		 struct walk_state *room, const struct walk_packet *packet,
		 struct walk_result *result)
{
	static const struct walk_state start; /* all registers are 0 */
	struct walk walk = {room, len, packet, result};

	*result = (struct walk_result){0};
	for (unsigned int i = 0; i < len; i++)
		room[i].reached = false;
	walk_go(&walk, 0, &start);
	for (unsigned int i = 0; i < len && !*result->why; i++)
		if (room[i].reached)
			walk_step(&walk, i, &insns[i]);
}
