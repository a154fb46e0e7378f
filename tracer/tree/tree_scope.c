// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The system calls and functions of `tracer tree`. See tree_scope.h.
 *
 * About 2,500 functions of a Debian kernel match the names below. The limit is
 * necessary: with every function of the kernel watched, an emulated machine
 * hangs for minutes. Locks, memory and timers are left out, because every
 * second line would be one.
 */
#include "tree_scope.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * The bodies of the calls (net/socket.c, fs/open.c). Before 6.6 close(2) leaves
 * the last __fput() to the return to user space (task_work; since then kernel
 * commit 021a160abf62 has close(2) do it itself); filp_close() is watched
 * because it shows when some other file is closed in between.
 */
const struct tree_scope tree_scopes[] = {
	{"connect", {"__sys_connect"}, {"connect"}},
	{"sendto", {"__sys_sendto"}, {"sendto"}},
	{"recvfrom", {"__sys_recvfrom"}, {"recvfrom"}},
	{"accept", {"__sys_accept4"}, {"accept", "accept4"}},
#ifdef __aarch64__
	{"close", {"__arm64_sys_close", "__fput", "filp_close"}, {"close"}},
#else
	{"close", {"__x64_sys_close", "__fput", "filp_close"}, {"close"}},
#endif
	{NULL, {NULL}, {NULL}},
};

/* Prefixes, after any underscores; followed by "_" or a digit and "_". */
static const char *const prefixes[] = {
	/* protocols */
	"udp", "udpv6", "tcp", "inet", "inet6", "ip", "ip4", "ip6", "ipv4",
	"ipv6", "icmp", "icmpv6", "ping", "raw4", "raw6", "ndisc", "unix",
	/* routes and neighbours */
	"fib", "fib4", "fib6", "rt_dst", "dst", "neigh", "arp",
	/* sockets and packets */
	"sock", "sockfd", "sk", "skb", "secure",
	/* devices */
	"netif", "napi", "net", "eth", "loopback", "veth", "qdisc", "nf",
	"nft"};

/* Whole names, and beginnings that end in ".*"; regular expressions. */
static const char *const others[] = {
	"_*dev_queue_xmit.*", "_*dev_direct_xmit.*", "dev_hard_start_xmit",
	"sch_direct_xmit",    "validate_xmit_.*",    "process_backlog",
	"enqueue_to_backlog", "_*lock_sock.*",       "_*release_sock",
	"_*kfree_skb.*",      "consume_skb",         "_*alloc_skb.*",
	"security_socket_.*", "security_sk_.*",      "security_inet_.*",
	"move_addr_to_.*",    "__sys_connect.*",     "__sys_sendto",
	"__sys_recvfrom",     "__sys_accept4.*",     "__x64_sys_close",
	"__arm64_sys_close",  "filp_close",          "__fput",
};

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

const struct tree_scope *tree_scope_find(const char *name)
{
	for (const struct tree_scope *s = tree_scopes; s->name; s++)
		if (strcmp(s->name, name) == 0)
			return s;
	return NULL;
}

char *tree_scope_pattern(void)
{
	char *pattern = NULL;
	size_t size;
	FILE *out = open_memstream(&pattern, &size);

	if (!out)
		return NULL;
	fputs("^\\(_*\\(", out);
	for (size_t i = 0; i < LEN(prefixes); i++)
		fprintf(out, "%s%s", i ? "\\|" : "", prefixes[i]);
	fputs("\\)_.*", out);
	for (size_t i = 0; i < LEN(others); i++)
		fprintf(out, "\\|%s", others[i]);
	fputs("\\)$", out);
	if (fclose(out)) {
		free(pattern);
		return NULL;
	}
	return pattern;
}
