// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Names for the numbers of the socket interface: one table for each kind.
 *
 *   in:  arguments of system calls, TCP header fields, -errno
 *   out: the names that the man pages use
 */
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "constants.h"

void named_value(struct text *text, const struct named *table, uint64_t value)
{
	for (; table->name; table++) {
		if (table->value == value) {
			text_add(text, table->name);
			return;
		}
	}
	text_printf(text, "%lld", (long long)value);
}

/* Appends the names of the bits set, and the rest as one number in hex. */
static void named_bits(struct text *text, const struct named *table,
		       uint64_t value, const char *separator)
{
	const char *before = "";

	for (; table->name; table++) {
		if (!(value & table->value))
			continue;
		text_printf(text, "%s%s", before, table->name);
		value &= ~table->value;
		before = separator;
	}
	if (value)
		text_printf(text, "%s0x%llx", before,
			    (unsigned long long)value);
}

static const struct named domains[] = {
	{AF_UNSPEC, "AF_UNSPEC"},
	{AF_UNIX, "AF_UNIX"},
	{AF_INET, "AF_INET"},
	{AF_INET6, "AF_INET6"},
	{AF_NETLINK, "AF_NETLINK"},
	{AF_PACKET, "AF_PACKET"},
	{0, NULL},
};

static const struct named types[] = {
	{SOCK_STREAM, "SOCK_STREAM"},
	{SOCK_DGRAM, "SOCK_DGRAM"},
	{SOCK_RAW, "SOCK_RAW"},
	{SOCK_SEQPACKET, "SOCK_SEQPACKET"},
	{0, NULL},
};

static const struct named type_flags[] = {
	{SOCK_CLOEXEC, "SOCK_CLOEXEC"},
	{SOCK_NONBLOCK, "SOCK_NONBLOCK"},
	{0, NULL},
};

static const struct named protocols[] = {
	{IPPROTO_IP, "IPPROTO_IP"},           {IPPROTO_ICMP, "IPPROTO_ICMP"},
	{IPPROTO_TCP, "IPPROTO_TCP"},         {IPPROTO_UDP, "IPPROTO_UDP"},
	{IPPROTO_ICMPV6, "IPPROTO_ICMPV6"},   {IPPROTO_SCTP, "IPPROTO_SCTP"},
	{IPPROTO_UDPLITE, "IPPROTO_UDPLITE"}, {IPPROTO_RAW, "IPPROTO_RAW"},
	{IPPROTO_MPTCP, "IPPROTO_MPTCP"},     {0, NULL},
};

static const struct named msg_flags[] = {
	{MSG_OOB, "MSG_OOB"},
	{MSG_PEEK, "MSG_PEEK"},
	{MSG_DONTROUTE, "MSG_DONTROUTE"},
	{MSG_CTRUNC, "MSG_CTRUNC"},
	{MSG_PROXY, "MSG_PROXY"},
	{MSG_TRUNC, "MSG_TRUNC"},
	{MSG_DONTWAIT, "MSG_DONTWAIT"},
	{MSG_EOR, "MSG_EOR"},
	{MSG_WAITALL, "MSG_WAITALL"},
	{MSG_FIN, "MSG_FIN"},
	{MSG_SYN, "MSG_SYN"},
	{MSG_CONFIRM, "MSG_CONFIRM"},
	{MSG_RST, "MSG_RST"},
	{MSG_ERRQUEUE, "MSG_ERRQUEUE"},
	{MSG_NOSIGNAL, "MSG_NOSIGNAL"},
	{MSG_MORE, "MSG_MORE"},
	{MSG_WAITFORONE, "MSG_WAITFORONE"},
	{MSG_BATCH, "MSG_BATCH"},
	{MSG_ZEROCOPY, "MSG_ZEROCOPY"},
	{MSG_FASTOPEN, "MSG_FASTOPEN"},
	{MSG_CMSG_CLOEXEC, "MSG_CMSG_CLOEXEC"},
	{0, NULL},
};

static const struct named hows[] = {
	{SHUT_RD, "SHUT_RD"},
	{SHUT_WR, "SHUT_WR"},
	{SHUT_RDWR, "SHUT_RDWR"},
	{0, NULL},
};

/* In the order in which people say them: SYN-ACK, FIN-ACK, RST-ACK. */
static const struct named tcp_flags[] = {
	{0x02, "SYN"}, {0x01, "FIN"}, {0x04, "RST"},
	{0x08, "PSH"}, {0x10, "ACK"}, {0x20, "URG"},
	{0x40, "ECE"}, {0x80, "CWR"}, {0, NULL},
};

static const char *const tcp_states[] = {
	NULL,        "ESTABLISHED", "SYN_SENT",     "SYN_RECV",   "FIN_WAIT1",
	"FIN_WAIT2", "TIME_WAIT",   "CLOSE",        "CLOSE_WAIT", "LAST_ACK",
	"LISTEN",    "CLOSING",     "NEW_SYN_RECV",
};

/* include/linux/errno.h: an exit tracepoint shows them, a program never. */
static const struct named kernel_errnos[] = {
	{512, "ERESTARTSYS"},
	{513, "ERESTARTNOINTR"},
	{514, "ERESTARTNOHAND"},
	{516, "ERESTART_RESTARTBLOCK"},
	{0, NULL},
};

void constant_domain(struct text *text, uint64_t value)
{
	named_value(text, domains, value);
}

void constant_socktype(struct text *text, uint64_t value)
{
	uint64_t flags = value & ~(uint64_t)0xf; /* SOCK_TYPE_MASK, net.h */

	named_value(text, types, value & 0xf);
	if (flags) {
		text_add(text, "|");
		named_bits(text, type_flags, flags, "|");
	}
}

void constant_protocol(struct text *text, uint64_t value)
{
	named_value(text, protocols, value);
}

void constant_msg_flags(struct text *text, uint64_t value)
{
	named_bits(text, msg_flags, value, "|");
}

void constant_accept_flags(struct text *text, uint64_t value)
{
	named_bits(text, type_flags, value, "|");
}

void constant_how(struct text *text, uint64_t value)
{
	named_value(text, hows, value);
}

void constant_tcp_flags(struct text *text, uint8_t flags)
{
	if (flags)
		named_bits(text, tcp_flags, flags, "-");
	else
		text_add(text, "none");
}

const char *constant_tcp_flag(unsigned int bit)
{
	for (const struct named *flag = tcp_flags; flag->name; flag++)
		if (flag->value == 1u << bit)
			return flag->name;
	return "none";
}

const char *constant_tcp_state(uint32_t state)
{
	if (state >= sizeof(tcp_states) / sizeof(tcp_states[0]))
		return NULL;
	return tcp_states[state];
}

const char *constant_errno(int64_t number)
{
	for (const struct named *e = kernel_errnos; e->name; e++)
		if ((uint64_t)number == e->value)
			return e->name;
	if (number <= 0 || number > 4095) /* MAX_ERRNO, include/linux/err.h */
		return NULL;
	return strerrorname_np(number);
}
