// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * packet.c where it could go wrong: other link layers, lengths
 * that contradict each other, segments beyond 64 KiB, chains of headers. Made
 * from the real packets of packets.h.
 */
#include <errno.h>
#include <pcap/dlt.h>

#include "exact.h"
#include "packets.h"

static void vlan_tags(void **state)
{
	static const uint8_t tag[] = {0x81, 0, 0, 7},
			     service[] = {0x88, 0xa8, 0, 9};
	uint8_t one[256], two[256], five[256];
	struct packet packet;
	size_t n = sizeof(eth_psh4);

	(void)state;
	n = with(one, eth_psh4, n, 12, tag, 4);
	assert_int_equal(decode(&packet, DLT_EN10MB, one, n, n), 0);
	assert_int_equal(packet.vlan_tags, 1);
	assert_endpoint(&packet.dst, "10.0.0.2", 7007);
	for (size_t cut = 14; cut < 18; cut++)
		assert_int_equal(decode(&packet, DLT_EN10MB, one, cut, n),
				 -ENODATA);

	n = with(two, one, n, 12, service, 4);
	assert_int_equal(decode(&packet, DLT_EN10MB, two, n, n), 0);
	assert_int_equal(packet.vlan_tags, 2);
	assert_int_equal(packet.len, 5);

	n = with(five, two, n, 12, two + 12, 8);
	n = with(one, five, n, 12, tag, 4);
	assert_int_equal(decode(&packet, DLT_EN10MB, one, n, n), -EBADMSG);
}

static void padding_is_no_payload(void **state)
{
	uint8_t padded[sizeof(eth_ack4) + 6] = {0};
	struct packet packet;

	(void)state;
	memcpy(padded, eth_ack4, sizeof(eth_ack4));
	assert_int_equal(decode(&packet, DLT_EN10MB, padded, sizeof(padded),
				sizeof(padded)),
			 0);
	assert_int_equal(packet.len, 0);
	assert_int_equal(packet.missing, 0);
}

static void raw_and_null(void **state)
{
	static const uint8_t null4[] = {2, 0, 0, 0}, null4_big[] = {0, 0, 0, 2},
			     linux6[] = {10, 0, 0, 0}, bsd6[] = {0, 0, 0, 30},
			     other[] = {7, 0, 0, 0};
	const uint8_t *ip4 = eth_psh4 + 14, *ip6 = eth_udp6 + 14;
	size_t n4 = sizeof(eth_psh4) - 14, n6 = sizeof(eth_udp6) - 14, n;
	uint8_t bytes[256];
	struct packet packet;

	(void)state;
	assert_int_equal(decode(&packet, DLT_RAW, ip4, n4, n4), 0);
	assert_int_equal(packet.src.port, 54268);
	assert_int_equal(packet.direction, 0);
	assert_int_equal(decode(&packet, DLT_RAW, ip6, n6, n6), 0);
	assert_int_equal(packet.src.port, 38397);
	assert_int_equal(decode(&packet, DLT_RAW, ip6, 0, n6), -ENODATA);
	memset(bytes, 0x50, sizeof(bytes));
	assert_int_equal(decode(&packet, DLT_RAW, bytes, 40, 40),
			 -EAFNOSUPPORT);

	n = with(bytes, ip4, n4, 0, null4, 4);
	assert_int_equal(decode(&packet, DLT_NULL, bytes, n, n), 0);
	n = with(bytes, ip4, n4, 0, null4_big, 4);
	assert_int_equal(decode(&packet, DLT_NULL, bytes, n, n), 0);
	assert_int_equal(packet.src.port, 54268);
	n = with(bytes, ip6, n6, 0, linux6, 4);
	assert_int_equal(decode(&packet, DLT_NULL, bytes, n, n), 0);
	n = with(bytes, ip6, n6, 0, bsd6, 4);
	assert_int_equal(decode(&packet, DLT_NULL, bytes, n, n), 0);
	assert_int_equal(packet.src.port, 38397);
	n = with(bytes, ip6, n6, 0, other, 4);
	assert_int_equal(decode(&packet, DLT_NULL, bytes, n, n), -EAFNOSUPPORT);
	assert_int_equal(decode(&packet, DLT_NULL, bytes, 3, n), -ENODATA);
}

static void what_is_not_read(void **state)
{
	struct packet packet;
	uint8_t sctp[sizeof(sll2_udp4)];
	size_t n = sizeof(sctp);

	(void)state;
	assert_int_equal(decode(&packet, DLT_EN10MB, eth_arp, sizeof(eth_arp),
				sizeof(eth_arp)),
			 -EAFNOSUPPORT);
	assert_int_equal(decode(&packet, DLT_IEEE802_11, eth_psh4,
				sizeof(eth_psh4), sizeof(eth_psh4)),
			 -EPROTONOSUPPORT);
	assert_int_equal(decode(&packet, DLT_EN10MB, eth_psh4, sizeof(eth_psh4),
				sizeof(eth_psh4) - 1),
			 -EBADMSG);
	memcpy(sctp, sll2_udp4, n);
	sctp[20 + 9] = IPPROTO_SCTP; /* known by number, without ports */
	assert_int_equal(decode(&packet, DLT_LINUX_SLL2, sctp, n, n), 0);
	assert_int_equal(packet.proto, IPPROTO_SCTP);
	assert_int_equal(packet.src.port, 0);
	assert_int_equal(packet.len, 13);
}

/* One byte or two changed in a good packet, at offset @at of the IP header. */
static int changed(const uint8_t *good, size_t n, size_t link_bytes, int link,
		   size_t at, unsigned int value16)
{
	struct packet packet;
	uint8_t bad[256];

	memcpy(bad, good, n);
	bad[link_bytes + at] = (uint8_t)(value16 >> 8);
	bad[link_bytes + at + 1] = (uint8_t)value16;
	return decode(&packet, link, bad, n, n);
}

static void lengths_that_contradict(void **state)
{
	size_t n4 = sizeof(eth_psh4), nu = sizeof(eth_udp6),
	       nd = sizeof(sll2_udp4);

	(void)state;
	/* IPv4 total length: below its header, beyond the packet, none */
	assert_int_equal(changed(eth_psh4, n4, 14, DLT_EN10MB, 2, 19),
			 -EBADMSG);
	assert_int_equal(changed(eth_psh4, n4, 14, DLT_EN10MB, 2, 58),
			 -EBADMSG);
	assert_int_equal(changed(eth_psh4, n4, 14, DLT_EN10MB, 2, 0), -EBADMSG);
	/* header length of 4, of 60; version 6 */
	assert_int_equal(changed(eth_psh4, n4, 14, DLT_EN10MB, 0, 0x4100),
			 -EBADMSG);
	assert_int_equal(changed(eth_psh4, n4, 14, DLT_EN10MB, 0, 0x4f00),
			 -EBADMSG);
	assert_int_equal(changed(eth_psh4, n4, 14, DLT_EN10MB, 0, 0x6500),
			 -EBADMSG);
	/* TCP header of 16 bytes, and one beyond the packet */
	assert_int_equal(changed(eth_psh4, n4, 14, DLT_EN10MB, 32, 0x4018),
			 -EBADMSG);
	assert_int_equal(changed(eth_psh4, n4, 14, DLT_EN10MB, 32, 0xf018),
			 -EBADMSG);
	/* UDP length: 0, below its header, beyond the packet */
	assert_int_equal(changed(sll2_udp4, nd, 20, DLT_LINUX_SLL2, 24, 0),
			 -EBADMSG);
	assert_int_equal(changed(sll2_udp4, nd, 20, DLT_LINUX_SLL2, 24, 7),
			 -EBADMSG);
	assert_int_equal(changed(sll2_udp4, nd, 20, DLT_LINUX_SLL2, 24, 14),
			 -EBADMSG);
	assert_int_equal(changed(sll2_udp4, nd, 20, DLT_LINUX_SLL2, 24, 12), 0);
	/* IPv6: version, payload beyond the packet, none */
	assert_int_equal(changed(eth_udp6, nu, 14, DLT_EN10MB, 0, 0x4000),
			 -EBADMSG);
	assert_int_equal(changed(eth_udp6, nu, 14, DLT_EN10MB, 4, 14),
			 -EBADMSG);
	assert_int_equal(changed(eth_udp6, nu, 14, DLT_EN10MB, 4, 0), -EBADMSG);
}

/* BIG TCP: the length field is 0 because the segment is larger than it says. */
static void segments_beyond_64_kib(void **state)
{
	const size_t wire = 185000;
	struct packet packet;
	uint8_t big[256];

	(void)state;
	memcpy(big, eth_psh4, sizeof(eth_psh4));
	big[14 + 2] = big[14 + 3] = 0;
	assert_int_equal(
		decode(&packet, DLT_EN10MB, big, sizeof(eth_psh4), wire), 0);
	assert_int_equal(packet.len, wire - 14 - 20 - 32);

	memcpy(big, eth_synack6, sizeof(eth_synack6));
	big[14 + 4] = big[14 + 5] = 0;
	assert_int_equal(
		decode(&packet, DLT_EN10MB, big, sizeof(eth_synack6), wire), 0);
	assert_int_equal(packet.len, wire - 14 - 40 - 40);

	memcpy(big, eth_udp6, sizeof(eth_udp6)); /* a jumbogram, RFC 2675 */
	big[14 + 4] = big[14 + 5] = big[54 + 4] = big[54 + 5] = 0;
	assert_int_equal(
		decode(&packet, DLT_EN10MB, big, sizeof(eth_udp6), wire), 0);
	assert_int_equal(packet.len, wire - 14 - 40 - 8);
}

static void extension_headers_are_bounded(void **state)
{
	/* destination options: next header, no more eights, PadN of 4 */
	uint8_t header[8] = {IPPROTO_DSTOPTS, 0, 1, 4};
	uint8_t bytes[512], longer[512];
	struct packet packet;
	size_t n = sizeof(eth_udp6);
	unsigned int count;

	(void)state;
	memcpy(bytes, eth_udp6, n);
	for (count = 1; count <= PACKET_EXTENSIONS_MAX + 1; count++) {
		header[0] = bytes[14 + 6]; /* what the IP header named */
		n = with(longer, bytes, n, 14 + 40, header, 8);
		memcpy(bytes, longer, n);
		bytes[14 + 6] = count % 2 ? IPPROTO_DSTOPTS : IPPROTO_ROUTING;
		bytes[14 + 5] = (uint8_t)(bytes[14 + 5] + 8);
		assert_int_equal(decode(&packet, DLT_EN10MB, bytes, n, n),
				 count > PACKET_EXTENSIONS_MAX ? -E2BIG : 0);
	}
	bytes[14 + 40 + 1] = 255; /* one of 2,048 bytes */
	assert_int_equal(decode(&packet, DLT_EN10MB, bytes, n, n), -EBADMSG);
}

static void a_fragment_header_on_a_whole_packet(void **state)
{
	/* RFC 6946, an atomic fragment: neither offset nor more to come */
	static const uint8_t header[8] = {IPPROTO_UDP, 0, 0, 0, 1, 2, 3, 4};
	uint8_t bytes[256];
	struct packet packet;
	size_t n;

	(void)state;
	n = with(bytes, eth_udp6, sizeof(eth_udp6), 54, header, 8);
	bytes[14 + 6] = IPPROTO_FRAGMENT;
	bytes[14 + 5] = (uint8_t)(bytes[14 + 5] + 8);
	assert_int_equal(decode(&packet, DLT_EN10MB, bytes, n, n), 0);
	assert_false(packet.fragment);
	assert_int_equal(packet.dst.port, 7007);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vlan_tags),
		cmocka_unit_test(padding_is_no_payload),
		cmocka_unit_test(raw_and_null),
		cmocka_unit_test(what_is_not_read),
		cmocka_unit_test(lengths_that_contradict),
		cmocka_unit_test(segments_beyond_64_kib),
		cmocka_unit_test(extension_headers_are_bounded),
		cmocka_unit_test(a_fragment_header_on_a_whole_packet),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
