// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * filter_compile.c: a filter selects the connections of which libpcap's own
 * machine passes a packet. Each round makes a filter and a connection at random,
 * and the two packets; then it hides what may not be known yet.
 */
#include "tap_main.h"

#include <errno.h>
#include <netinet/in.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/text.h"
#include "wire/filter_compile.h"

#define ROUNDS  1000
#define PER_ONE 16 /* connections for each filter */

static char why[FLOW_FILTER_WHY];

/* From the same seed in each run. */
static unsigned int pick(unsigned int n)
{
	static uint64_t seed = 20261129;

	seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (unsigned int)(seed >> 33) % n;
}

static void add_primitive(struct text *text)
{
	static const char *const directions[] = {"", "src ", "dst ",
						 "src or dst ", "src and dst "};
	static const char *const words[] = {"udp",
					    "tcp",
					    "ip",
					    "ip6",
					    "ip proto 17",
					    "ip6 proto 6",
					    "ip multicast",
					    "ip6 multicast",
					    "ip[12:4] = 0x0a000001",
					    "tcp[0:2] = 7007",
					    "ip and udp[2:2] & 1 = 1"};

	switch (pick(6)) {
	case 0:
		text_printf(text, "%shost 10.0.0.%u", directions[pick(5)],
			    1 + pick(3));
		break;
	case 1:
		text_printf(text, "%shost fd00::%u", directions[pick(5)],
			    1 + pick(3));
		break;
	case 2:
		text_printf(text, "%s%sport %u",
			    (const char *[]){"", "tcp ", "udp "}[pick(3)],
			    directions[pick(4)], 7006 + pick(4));
		break;
	case 3:
		text_printf(text, "%sportrange 7007-%u", directions[pick(4)],
			    7007 + pick(3));
		break;
	case 4:
		text_printf(text, "%snet %s", directions[pick(5)],
			    (const char *[]){"10.0.0.0/30", "fd00::/127",
					     "10.0.0.2/31"}[pick(3)]);
		break;
	default:
		text_add(text, words[pick(sizeof(words) / sizeof(*words))]);
	}
}

static void add_expression(struct text *text, unsigned int depth)
{
	if (pick(4) == 0)
		text_add(text, "not ");
	if (depth == 0 || pick(3) == 0) {
		add_primitive(text);
		return;
	}
	text_add(text, "(");
	add_expression(text, depth - 1);
	text_add(text, pick(2) ? " and " : " or ");
	add_expression(text, depth - 1);
	text_add(text, ")");
}

static struct endpoint random_end(bool ipv6)
{
	char line[ENDPOINT_STRLEN];
	struct endpoint end;

	snprintf(line, sizeof(line),
		 ipv6    ? "[fd00::%u]:%u" :
		 pick(4) ? "10.0.0.%u:%u" :
			   "[::ffff:10.0.0.%u]:%u",
		 1 + pick(3), 7006 + pick(4));
	assert_int_equal(endpoint_parse(&end, line), 0);
	return end;
}

/* Raw IP: no more of the headers than what is asked for. */
static size_t build(uint8_t packet[64], uint8_t proto,
		    const struct endpoint *from, const struct endpoint *to)
{
	bool ipv6 = endpoint_is_ipv6(from);
	struct endpoint_key src, dst;
	uint8_t *ports = packet + (ipv6 ? 40 : 20);

	memset(packet, 0, 64);
	endpoint_key(from, &src);
	endpoint_key(to, &dst);
	packet[0] = ipv6 ? 0x60 : 0x45;
	packet[ipv6 ? 6 : 9] = proto;
	memcpy(packet + (ipv6 ? 8 : 12), src.addr + (ipv6 ? 0 : 12),
	       ipv6 ? 16 : 4);
	memcpy(packet + (ipv6 ? 24 : 16), dst.addr + (ipv6 ? 0 : 12),
	       ipv6 ? 16 : 4);
	ports[0] = (uint8_t)(from->port >> 8);
	ports[1] = (uint8_t)from->port;
	ports[2] = (uint8_t)(to->port >> 8);
	ports[3] = (uint8_t)to->port;
	return (ipv6 ? 40 : 20) + (proto == IPPROTO_UDP ? 8 : 20);
}

static bool passes(const struct bpf_program *program, uint8_t proto,
		   const struct endpoint *from, const struct endpoint *to)
{
	uint8_t packet[64];
	size_t len = build(packet, proto, from, to);
	const struct pcap_pkthdr header = {.caplen = (bpf_u_int32)len,
					   .len = (bpf_u_int32)len};

	return pcap_offline_filter(program, &header, packet) != 0;
}

static void check(struct flow_filter *filter, const struct bpf_program *program,
		  const char *text)
{
	const bool ipv6 = pick(2);
	struct flow_ends ends = {.proto = pick(2) ? IPPROTO_UDP : IPPROTO_TCP,
				 .local = random_end(ipv6),
				 .peer = random_end(ipv6)};
	bool selected = passes(program, ends.proto, &ends.local, &ends.peer) ||
			passes(program, ends.proto, &ends.peer, &ends.local);
	enum choice expected = selected ? CHOICE_SELECTED : CHOICE_LEFT_OUT;
	char local[ENDPOINT_STRLEN], peer[ENDPOINT_STRLEN];
	enum choice choice = flow_filter_choose(filter, &ends);

	if (choice != expected)
		fail_msg("'%s' chooses %d for %u %s %s", text, choice,
			 ends.proto, endpoint_format(&ends.local, local),
			 endpoint_format(&ends.peer, peer));
	for (int hidden = 1; hidden < 32; hidden++) {
		struct flow_ends some = ends;

		if (hidden & 1)
			some.local.port = 0;
		if (hidden & 2)
			memset(some.local.addr, 0, sizeof(some.local.addr));
		if (hidden & 4)
			some.peer.port = 0;
		if (hidden & 8)
			some.peer = (struct endpoint){0};
		if (hidden & 16)
			some.proto = 0;
		choice = flow_filter_choose(filter, &some);
		if (choice != CHOICE_OPEN && choice != expected)
			fail_msg("'%s' chooses %d for %u %s %s, hidden: %d",
				 text, choice, ends.proto,
				 endpoint_format(&ends.local, local),
				 endpoint_format(&ends.peer, peer), hidden);
	}
}

static void a_filter_selects_what_libpcap_passes(void **state)
{
	pcap_t *handle = pcap_open_dead(DLT_RAW, 65535);
	unsigned int compiled = 0;

	(void)state;
	assert_non_null(handle);
	for (unsigned int i = 0; i < ROUNDS; i++) {
		struct flow_filter *filter;
		struct bpf_program program;
		char line[512];
		struct text text;
		int err;

		text_init(&text, line, sizeof(line));
		add_expression(&text, 3);
		/* not optimized: see filter_compile.c; libpcap may refuse it */
		if (pcap_compile(handle, &program, line, 0,
				 PCAP_NETMASK_UNKNOWN))
			continue;
		err = filter_compile(&filter, line, why);
		if (!err) {
			compiled++;
			for (int j = 0; j < PER_ONE; j++)
				check(filter, &program, line);
		} else if (!strstr(why, "no connection")) {
			fail_msg("'%s': %s", line, why);
		}
		flow_filter_free(filter);
		pcap_freecode(&program);
	}
	pcap_close(handle);
	assert_true(compiled > ROUNDS / 2);
}

/* Filters that no connection passes, and those that ask for something else. */
static void others_are_refused(void **state)
{
	static const struct {
		const char *text, *why, *newer; /* words of libpcap 1.11 */
	} others[] = {
		{"less 100", "the length of a packet"},
		{"tcp[tcpflags] & tcp-syn != 0", "the TCP flags"},
		{"ip6 and tcp and ip6[53] & 2 != 0", "the TCP flags"},
		{"ip[6:2] & 0x1fff != 0", "fragments"},
		{"ip[6] & 0x20 != 0", "fragments"},
		{"udp[8:4] = 0", "the payload"},
		{"udp[4:2] > 8", "the UDP length"},
		{"tcp[4:4] = 0", "a field of TCP"},
		{"ip[8] < 5", "a field of IP"},
		{"ip[2:2] > 100", "the length of a packet"},
		{"ip6[4:2] > 100", "the length of a packet"},
		{"ip[0] & 0xf > 5", "the length of the IP header"},
		{"icmp", "ICMP"},
		{"port 53 or icmp", "ICMP"},
		{"icmp6", "ICMP"},
		{"ip proto 47", "IP protocol 47"},
		{"ip6 protochain 6", "IP protocol"},
		{"arp", "no connection"},
		{"sctp", "no connection"},
		{"vlan", "VLAN", "'vlan'"},
		{"ether host 02:00:00:00:00:01", "ethernet", "link host"},
		{"broadcast", "not a broadcast link", "'broadcast'"},
		{"inbound", "direction", "'inbound'"},
		{"port", "syntax error"},
		{"host and port 5", "syntax error"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		struct flow_filter *filter;

		assert_int_equal(filter_compile(&filter, others[i].text, why),
				 -EINVAL);
		assert_null(filter);
		if ((!strstr(why, others[i].why) &&
		     !(others[i].newer && strstr(why, others[i].newer))) ||
		    strchr(why, '\n'))
			fail_msg("'%s': %s", others[i].text, why);
	}
}

static void no_filter_selects_everything(void **state)
{
	const struct flow_ends nothing = {0};
	struct flow_filter *filter;

	(void)state;
	assert_int_equal(filter_compile(&filter, "", why), 0);
	assert_int_equal(flow_filter_choose(filter, &nothing), CHOICE_SELECTED);
	flow_filter_free(filter);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(a_filter_selects_what_libpcap_passes),
	cmocka_unit_test(others_are_refused),
	cmocka_unit_test(no_filter_selects_everything),
};

TAP_MAIN(tests)
