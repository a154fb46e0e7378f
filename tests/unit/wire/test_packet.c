// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * packet.c on real packets; the same cut short at every byte, and with every
 * byte spoilt. What no kernel sends: test_packet_edges.c.
 */
#include <errno.h>
#include <pcap/dlt.h>

#include "exact.h"
#include "packets.h"

#define SYN 0x02
#define PSH 0x08
#define ACK 0x10

struct sample {
	const char *name;
	const uint8_t *bytes;
	size_t captured;
	size_t wire; /* 0: all was captured */
	int link;

	const char *src, *dst;
	uint16_t src_port, dst_port;
	uint8_t proto;
	uint32_t len;
	uint8_t flags;
	uint32_t seq, ack;
	bool fragment, later;
	enum event_direction direction;
	uint32_t ifindex;
};

#define BYTES(what)    .name = #what, .bytes = what, .captured = sizeof(what)
#define ETH(what)      BYTES(what), .link = DLT_EN10MB
#define SLL2_OUT(what) BYTES(what), .link = DLT_LINUX_SLL2, IFINDEX(3, OUT)
#define SLL2_IN(what)  BYTES(what), .link = DLT_LINUX_SLL2, IFINDEX(3, IN)
#define IFINDEX(i, to) .ifindex = i, .direction = DIRECTION_##to

#define ASK4    .src = "10.0.0.1", .dst = "10.0.0.2"
#define ANSWER4 .src = "10.0.0.2", .dst = "10.0.0.1"
#define ASK6    .src = "fd00::1", .dst = "fd00::2"
#define ANSWER6 .src = "fd00::2", .dst = "fd00::1"

#define UDP(from, to, bytes) \
	.proto = IPPROTO_UDP, .src_port = from, .dst_port = to, .len = bytes
#define TCP(from, to, bytes) \
	.proto = IPPROTO_TCP, .src_port = from, .dst_port = to, .len = bytes

/* what is expected is what tshark 4.0 said of the same packets */
static const struct sample samples[] = {
	{SLL2_OUT(sll2_udp4), ASK4, UDP(53419, 7007, 5)},
	{SLL2_IN(sll2_udp4_in), ANSWER4, UDP(7007, 53419, 5)},
	{BYTES(sll_udp4), .link = DLT_LINUX_SLL, .direction = DIRECTION_OUT,
	 ASK4, UDP(53419, 7007, 5)},
	{ETH(eth_udp6), ASK6, UDP(38397, 7007, 5)},
	{SLL2_OUT(sll2_syn4), ASK4, TCP(54268, 7007, 0), .flags = SYN,
	 .seq = 3679352916},
	{ETH(eth_synack6), ANSWER6, TCP(7007, 37980, 0), .flags = SYN | ACK,
	 .seq = 533508526, .ack = 1607445600},
	{ETH(eth_psh4), ASK4, TCP(54268, 7007, 5), .flags = PSH | ACK,
	 .seq = 3679352917, .ack = 4153988639},
	{ETH(eth_ack4), ASK4, TCP(54268, 7007, 0), .flags = ACK,
	 .seq = 3679352917, .ack = 4153988639},
	{BYTES(sll2_gso4), .wire = 32813, .link = DLT_LINUX_SLL2,
	 IFINDEX(1, IN), .src = "127.0.0.1", .dst = "127.0.0.1",
	 TCP(57756, 52521, 32741), .flags = ACK, .seq = 4069046365,
	 .ack = 3219588993},
	{ETH(eth_options4), ASK4, UDP(60648, 7007, 5)},
	{ETH(eth_hbh6), ASK6, UDP(37308, 7007, 5)},
	{ETH(eth_frag4_first), .wire = 1514, ASK4, UDP(57349, 7007, 4000),
	 .fragment = true},
	{ETH(eth_frag4_later), .wire = 1514, ASK4, UDP(0, 0, 1480),
	 .fragment = true, .later = true},
	{ETH(eth_frag6_first), .wire = 1510, ASK6, UDP(48347, 7007, 4000),
	 .fragment = true},
	{ETH(eth_frag6_later), .wire = 1510, ASK6, .proto = IPPROTO_UDP,
	 .len = 1448, .fragment = true, .later = true},
	{SLL2_IN(sll2_unreach4), ANSWER4, .proto = IPPROTO_ICMP, .len = 33},
	{SLL2_IN(sll2_unreach6), ANSWER6, .proto = IPPROTO_ICMPV6, .len = 53},
};

#define SAMPLES (sizeof(samples) / sizeof(samples[0]))

static size_t wire_of(const struct sample *sample)
{
	return sample->wire ? sample->wire : sample->captured;
}

static void assert_is(const struct packet *packet, const struct sample *sample)
{
	assert_endpoint(&packet->src, sample->src, sample->src_port);
	assert_endpoint(&packet->dst, sample->dst, sample->dst_port);
	assert_int_equal(packet->proto, sample->proto);
	assert_int_equal(packet->len, sample->len);
	assert_int_equal(packet->tcp_flags, sample->flags);
	assert_int_equal(packet->seq, sample->seq);
	assert_int_equal(packet->ack, sample->ack);
	assert_int_equal(packet->fragment, sample->fragment);
	assert_int_equal(packet->later_fragment, sample->later);
}

static void real_packets(void **state)
{
	struct packet packet;

	(void)state;
	for (size_t i = 0; i < SAMPLES; i++) {
		const struct sample *sample = &samples[i];

		print_message("# %s\n", sample->name);
		assert_int_equal(decode(&packet, sample->link, sample->bytes,
					sample->captured, wire_of(sample)),
				 0);
		assert_is(&packet, sample);
		assert_int_equal(packet.direction, sample->direction);
		assert_int_equal(packet.ifindex, sample->ifindex);
		assert_int_equal(packet.missing,
				 wire_of(sample) - sample->captured);
	}
}

/* A snapshot that ends early: the same fields, or -ENODATA, and how much. */
static void every_snapshot_length(void **state)
{
	struct packet packet;
	size_t decoded;

	(void)state;
	for (size_t i = 0; i < SAMPLES; i++) {
		const struct sample *sample = &samples[i];

		decoded = 0;
		for (size_t n = 0; n < sample->captured; n++) {
			int err = decode(&packet, sample->link, sample->bytes,
					 n, wire_of(sample));

			assert_int_equal(packet.missing, wire_of(sample) - n);
			if (err == 0 && packet.proto != IPPROTO_ICMP &&
			    packet.proto != IPPROTO_ICMPV6)
				assert_is(&packet, sample);
			else if (err != 0)
				assert_int_equal(err, -ENODATA);
			assert_false(err != 0 && decoded);
			decoded += err == 0;
		}
		assert_true(decoded > 0); /* payload alone was missing */
	}
}

/* A packet that is itself too short contradicts its own lengths. */
static void every_packet_length(void **state)
{
	struct packet packet;

	(void)state;
	for (size_t i = 0; i < SAMPLES; i++)
		for (size_t n = 0; n < samples[i].captured; n++)
			assert_int_equal(decode(&packet, samples[i].link,
						samples[i].bytes, n, n),
					 -EBADMSG);
}

/* Whatever a byte becomes, the answer is one of those that are documented. */
static void every_byte_spoilt(void **state)
{
	struct packet packet;
	uint8_t spoilt[256];

	(void)state;
	for (size_t i = 0; i < SAMPLES; i++) {
		const struct sample *sample = &samples[i];

		assert_true(sample->captured <= sizeof(spoilt));
		memcpy(spoilt, sample->bytes, sample->captured);
		for (size_t at = 0; at < sample->captured; at++) {
			for (int value = 0; value < 256; value++) {
				int err;

				spoilt[at] = (uint8_t)value;
				err = decode(&packet, sample->link, spoilt,
					     sample->captured, wire_of(sample));
				assert_true(err == 0 || err == -EBADMSG ||
					    err == -ENODATA || err == -E2BIG ||
					    err == -EAFNOSUPPORT);
				assert_true(packet.vlan_tags <= 4);
			}
			spoilt[at] = sample->bytes[at];
		}
	}
}

static void icmp_error_names_the_packet_it_is_about(void **state)
{
	struct packet packet;
	int err;

	(void)state;
	err = decode(&packet, DLT_LINUX_SLL2, sll2_unreach4,
		     sizeof(sll2_unreach4), sizeof(sll2_unreach4));
	assert_int_equal(err, 0);
	assert_true(packet.icmp.error);
	assert_int_equal(packet.icmp.type, 3); /* unreachable: port */
	assert_int_equal(packet.icmp.code, 3);
	assert_int_equal(packet.icmp.inner_proto, IPPROTO_UDP);
	assert_endpoint(&packet.icmp.inner_src, "10.0.0.1", 55820);
	assert_endpoint(&packet.icmp.inner_dst, "10.0.0.2", 9);

	err = decode(&packet, DLT_LINUX_SLL2, sll2_unreach6,
		     sizeof(sll2_unreach6), sizeof(sll2_unreach6));
	assert_int_equal(err, 0);
	assert_true(packet.icmp.error);
	assert_int_equal(packet.icmp.type, 1);
	assert_int_equal(packet.icmp.code, 4);
	assert_int_equal(packet.icmp.inner_proto, IPPROTO_UDP);
	assert_endpoint(&packet.icmp.inner_src, "fd00::1", 55770);
	assert_endpoint(&packet.icmp.inner_dst, "fd00::2", 9);
}

/* The quotation: after link (20), IP (20), ICMP (8); its own IP header is 20 */
#define QUOTED       48
#define QUOTED_PORTS (QUOTED + 20)

static void icmp_quotation_cut_short(void **state)
{
	const size_t wire = sizeof(sll2_unreach4);
	uint8_t echo[sizeof(sll2_unreach4)];
	struct packet packet;

	(void)state;
	for (size_t n = QUOTED; n < wire; n++) {
		bool whole_ip = n >= QUOTED_PORTS;
		bool ports = n >= QUOTED_PORTS + 4;

		assert_int_equal(
			decode(&packet, DLT_LINUX_SLL2, sll2_unreach4, n, wire),
			0);
		assert_true(packet.icmp.error);
		assert_int_equal(packet.icmp.inner_proto,
				 whole_ip ? IPPROTO_UDP : 0);
		assert_int_equal(packet.icmp.inner_src.family,
				 whole_ip ? AF_INET : 0);
		assert_int_equal(packet.icmp.inner_dst.port, ports ? 9 : 0);
	}
	memcpy(echo, sll2_unreach4, sizeof(echo));
	echo[40] = 8; /* an echo request quotes nothing */
	assert_int_equal(decode(&packet, DLT_LINUX_SLL2, echo, wire, wire), 0);
	assert_false(packet.icmp.error);
	assert_int_equal(packet.icmp.inner_proto, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(real_packets),
		cmocka_unit_test(every_snapshot_length),
		cmocka_unit_test(every_packet_length),
		cmocka_unit_test(every_byte_spoilt),
		cmocka_unit_test(icmp_error_names_the_packet_it_is_about),
		cmocka_unit_test(icmp_quotation_cut_short),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
