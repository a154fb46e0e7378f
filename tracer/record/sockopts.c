// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Socket options by name: the levels, and one table for each of them.
 *
 *   in:  level and optname of setsockopt(2) and getsockopt(2)
 *   out: the names of socket(7), ip(7), ipv6(7), tcp(7), udp(7)
 *   read next: constants.c, the other numbers
 */
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <sys/socket.h>

#include "constants.h"
#include "named.h"

#define OPTION(name)        \
	{                   \
		name, #name \
	}
#define END             \
	{               \
		0, NULL \
	}

static const struct named socket_options[] = {
	OPTION(SO_DEBUG),
	OPTION(SO_REUSEADDR),
	OPTION(SO_TYPE),
	OPTION(SO_ERROR),
	OPTION(SO_DONTROUTE),
	OPTION(SO_BROADCAST),
	OPTION(SO_SNDBUF),
	OPTION(SO_RCVBUF),
	OPTION(SO_KEEPALIVE),
	OPTION(SO_OOBINLINE),
	OPTION(SO_NO_CHECK),
	OPTION(SO_PRIORITY),
	OPTION(SO_LINGER),
	OPTION(SO_REUSEPORT),
	OPTION(SO_PASSCRED),
	OPTION(SO_PEERCRED),
	OPTION(SO_RCVLOWAT),
	OPTION(SO_SNDLOWAT),
	OPTION(SO_RCVTIMEO),
	OPTION(SO_SNDTIMEO),
	OPTION(SO_BINDTODEVICE),
	OPTION(SO_ATTACH_FILTER),
	OPTION(SO_DETACH_FILTER),
	OPTION(SO_PEERNAME),
	OPTION(SO_TIMESTAMP),
	OPTION(SO_ACCEPTCONN),
	OPTION(SO_PEERSEC),
	OPTION(SO_SNDBUFFORCE),
	OPTION(SO_RCVBUFFORCE),
	OPTION(SO_PASSSEC),
	OPTION(SO_TIMESTAMPNS),
	OPTION(SO_MARK),
	OPTION(SO_TIMESTAMPING),
	OPTION(SO_PROTOCOL),
	OPTION(SO_DOMAIN),
	OPTION(SO_RXQ_OVFL),
	OPTION(SO_WIFI_STATUS),
	OPTION(SO_PEEK_OFF),
	OPTION(SO_NOFCS),
	OPTION(SO_LOCK_FILTER),
	OPTION(SO_BUSY_POLL),
	OPTION(SO_MAX_PACING_RATE),
	OPTION(SO_BPF_EXTENSIONS),
	OPTION(SO_INCOMING_CPU),
	OPTION(SO_ATTACH_BPF),
	OPTION(SO_MEMINFO),
	OPTION(SO_INCOMING_NAPI_ID),
	OPTION(SO_COOKIE),
	OPTION(SO_PEERGROUPS),
	OPTION(SO_ZEROCOPY),
	OPTION(SO_TXTIME),
	OPTION(SO_BINDTOIFINDEX),
	END,
};

static const struct named ip_options[] = {
	OPTION(IP_TOS),
	OPTION(IP_TTL),
	OPTION(IP_HDRINCL),
	OPTION(IP_OPTIONS),
	OPTION(IP_RECVOPTS),
	OPTION(IP_RETOPTS),
	OPTION(IP_PKTINFO),
	OPTION(IP_MTU_DISCOVER),
	OPTION(IP_RECVERR),
	OPTION(IP_RECVTTL),
	OPTION(IP_RECVTOS),
	OPTION(IP_MTU),
	OPTION(IP_FREEBIND),
	OPTION(IP_TRANSPARENT),
	OPTION(IP_RECVORIGDSTADDR),
	OPTION(IP_MINTTL),
	OPTION(IP_NODEFRAG),
	OPTION(IP_BIND_ADDRESS_NO_PORT),
	OPTION(IP_MULTICAST_IF),
	OPTION(IP_MULTICAST_TTL),
	OPTION(IP_MULTICAST_LOOP),
	OPTION(IP_ADD_MEMBERSHIP),
	OPTION(IP_DROP_MEMBERSHIP),
	OPTION(IP_MULTICAST_ALL),
	OPTION(IP_UNICAST_IF),
	END,
};

static const struct named ipv6_options[] = {
	OPTION(IPV6_ADDRFORM),
	OPTION(IPV6_UNICAST_HOPS),
	OPTION(IPV6_MULTICAST_IF),
	OPTION(IPV6_MULTICAST_HOPS),
	OPTION(IPV6_MULTICAST_LOOP),
	OPTION(IPV6_ADD_MEMBERSHIP),
	OPTION(IPV6_DROP_MEMBERSHIP),
	OPTION(IPV6_MTU_DISCOVER),
	OPTION(IPV6_MTU),
	OPTION(IPV6_RECVERR),
	OPTION(IPV6_V6ONLY),
	OPTION(IPV6_RECVPKTINFO),
	OPTION(IPV6_PKTINFO),
	OPTION(IPV6_RECVHOPLIMIT),
	OPTION(IPV6_HOPLIMIT),
	OPTION(IPV6_RECVTCLASS),
	OPTION(IPV6_TCLASS),
	OPTION(IPV6_FREEBIND),
	OPTION(IPV6_ADDR_PREFERENCES),
	END,
};

static const struct named tcp_options[] = {
	OPTION(TCP_NODELAY),
	OPTION(TCP_MAXSEG),
	OPTION(TCP_CORK),
	OPTION(TCP_KEEPIDLE),
	OPTION(TCP_KEEPINTVL),
	OPTION(TCP_KEEPCNT),
	OPTION(TCP_SYNCNT),
	OPTION(TCP_LINGER2),
	OPTION(TCP_DEFER_ACCEPT),
	OPTION(TCP_WINDOW_CLAMP),
	OPTION(TCP_INFO),
	OPTION(TCP_QUICKACK),
	OPTION(TCP_CONGESTION),
	OPTION(TCP_MD5SIG),
	OPTION(TCP_USER_TIMEOUT),
	OPTION(TCP_FASTOPEN),
	OPTION(TCP_TIMESTAMP),
	OPTION(TCP_NOTSENT_LOWAT),
	OPTION(TCP_SAVE_SYN),
	OPTION(TCP_ULP),
	OPTION(TCP_FASTOPEN_CONNECT),
	OPTION(TCP_FASTOPEN_KEY),
	OPTION(TCP_FASTOPEN_NO_COOKIE),
	OPTION(TCP_ZEROCOPY_RECEIVE),
	END,
};

static const struct named udp_options[] = {
	OPTION(UDP_CORK),
	OPTION(UDP_ENCAP),
	OPTION(UDP_NO_CHECK6_TX),
	OPTION(UDP_NO_CHECK6_RX),
	OPTION(UDP_SEGMENT),
	OPTION(UDP_GRO),
	END,
};

static const struct {
	uint64_t value;
	const char *name;
	const struct named *options;
} levels[] = {
	{SOL_SOCKET, "SOL_SOCKET", socket_options},
	{IPPROTO_IP, "IPPROTO_IP", ip_options},
	{IPPROTO_IPV6, "IPPROTO_IPV6", ipv6_options},
	{IPPROTO_TCP, "IPPROTO_TCP", tcp_options},
	{IPPROTO_UDP, "IPPROTO_UDP", udp_options},
};

#define LEVELS (sizeof(levels) / sizeof(levels[0]))

void constant_level(struct text *text, uint64_t value)
{
	for (size_t i = 0; i < LEVELS; i++) {
		if (levels[i].value == value) {
			text_add(text, levels[i].name);
			return;
		}
	}
	text_printf(text, "%lld", (long long)value);
}

void constant_optname(struct text *text, uint64_t level, uint64_t value)
{
	static const struct named none[] = {END};
	const struct named *options = none;

	for (size_t i = 0; i < LEVELS; i++)
		if (levels[i].value == level)
			options = levels[i].options;
	named_value(text, options, value);
}
