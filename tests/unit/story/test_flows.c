// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* flows.c: handshakes out of packets. */
#include "tap_main.h"

#include <string.h>

#include "play.h"
#include "story/flows.h"

#define A       "10.0.0.1:41234"
#define B       "10.0.0.2:7007"
#define SYN_ACK (TH_SYN | TH_ACK)

static struct flows flows;
static uint64_t now_ns;

static int set_up(void **state)
{
	(void)state;
	now_ns = 1000;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	flows_fini(&flows);
	return 0;
}

static struct flow *packet_on(const char *iface, const char *src,
			      const char *dst, uint8_t flags, uint32_t seq,
			      bool new)
{
	struct record packet = {.type = RECORD_PACKET,
				.ts_ns = now_ns += 10,
				.proto = TCP,
				.local = play_endpoint(src),
				.peer = play_endpoint(dst),
				.packet = {.witness = WITNESS_WIRE,
					   .tcp_flags = flags,
					   .seq = seq}};
	struct flow *flow = NULL;

	strcpy(packet.packet.iface, iface);
	assert_int_equal(flows_packet(&flows, &packet, new, &flow), 0);
	return flow;
}

static struct flow *packet(const char *src, const char *dst, uint8_t flags,
			   uint32_t seq)
{
	return packet_on("lo", src, dst, flags, seq, true);
}

static struct connect call(void)
{
	return (struct connect){.proto = TCP,
				.enter_ns = now_ns,
				.local = play_endpoint(A),
				.peer = play_endpoint(B)};
}

static const char *flags_of(const struct flow *flow)
{
	static char buf[256];
	struct text text;

	text_init(&text, buf, sizeof(buf));
	track_format(&flow->track[WITNESS_WIRE], &text, " ");
	return buf;
}

static void a_handshake_ends_with_its_ack(void **state)
{
	struct flow *flow = packet(A, B, TH_SYN, 100);

	(void)state;
	assert_ptr_equal(packet(B, A, SYN_ACK, 900), flow);
	assert_false(track_ended(&flow->track[WITNESS_WIRE]));
	packet(A, B, TH_ACK, 101);
	assert_true(track_ended(&flow->track[WITNESS_WIRE]));
	packet(A, B, TH_PUSH | TH_ACK, 101);
	assert_string_equal(flags_of(flow), "SYN SYN-ACK ACK");
	assert_int_equal(flow->track[WITNESS_WIRE].progress, FLOW_ESTABLISHED);
	assert_int_equal(flow->track[WITNESS_WIRE].ended_ns, 1030);
	assert_int_equal(flow->track[WITNESS_KERNEL].packets, 0);
}

static void refused_aborted_repeated(void **state)
{
	struct flow *flow = packet(A, B, TH_SYN, 100);

	(void)state;
	packet(A, B, TH_SYN, 100);
	packet(B, A, TH_RST | TH_ACK, 0);
	assert_string_equal(flags_of(flow), "SYN SYN RST-ACK");
	assert_int_equal(flow->track[WITNESS_WIRE].progress, FLOW_REFUSED);
	flow = packet(A, B, TH_SYN, 500); /* the same ports once more */
	assert_string_equal(flags_of(flow), "SYN");
	packet(A, B, TH_RST, 501);
	assert_int_equal(flow->track[WITNESS_WIRE].progress, FLOW_ABORTED);
}

static void a_connect_gets_the_flow_that_it_made(void **state)
{
	struct connect first = call(), second;
	struct flow *flow;

	(void)state;
	flow = packet(A, B, TH_SYN, 100); /* before its address was known */
	assert_int_equal(flows_claim(&flows, &first), 0);
	assert_ptr_equal(first.flow, flow);
	assert_ptr_equal(flow->owner, &first);
	second = call(); /* another socket, the same two ends, later */
	assert_int_equal(flows_claim(&flows, &second), 0);
	assert_ptr_not_equal(second.flow, flow);
	packet(B, A, TH_ACK | TH_FIN, 0); /* of the first: not his */
	assert_string_equal(flags_of(second.flow), "");
	packet(A, B, TH_SYN, 200);
	assert_string_equal(flags_of(second.flow), "SYN");
	assert_string_equal(flags_of(first.flow), "SYN");
}

static void an_older_flow_is_not_his(void **state)
{
	struct flow *old = packet(A, B, TH_SYN, 100);
	struct connect connect;

	(void)state;
	now_ns += 10;
	connect = call();
	assert_int_equal(flows_claim(&flows, &connect), 0);
	assert_ptr_not_equal(connect.flow, old);
	assert_false(connect.flow->has_syn);
}

static void asking_again_does_not_take_the_flow(void **state)
{
	struct connect first = call(), again;

	(void)state;
	first.number = 1;
	assert_int_equal(flows_claim(&flows, &first), 0);
	packet(A, B, TH_SYN, 100);
	again = call();
	again.previous = first.number;
	assert_int_equal(flows_claim(&flows, &again), 0);
	assert_null(again.flow);
	packet(B, A, SYN_ACK, 900);
	assert_string_equal(flags_of(first.flow), "SYN SYN-ACK");
}

static void by_the_peer_only_if_there_is_no_other(void **state)
{
	struct connect connect = call();

	(void)state;
	memset(&connect.local, 0, sizeof(connect.local));
	flows_claim_by_peer(&flows, &connect);
	assert_null(connect.flow);
	packet(A, B, TH_SYN, 100);
	packet("10.0.0.1:5", "10.0.0.3:7007", TH_SYN, 100);
	flows_claim_by_peer(&flows, &connect);
	assert_non_null(connect.flow);
	assert_int_equal(connect.local.port, 41234);
	connect.flow = NULL;
	packet("10.0.0.1:6", B, TH_SYN, 100);
	packet("10.0.0.1:7", B, TH_SYN, 100);
	flows_claim_by_peer(&flows, &connect);
	assert_null(connect.flow); /* either might be his */
}

static void strangers_are_not_kept(void **state)
{
	(void)state;
	assert_null(packet_on("lo", A, B, TH_SYN, 1, false));
	assert_null(packet(A, B, TH_ACK, 1));
	assert_non_null(packet(A, B, TH_SYN, 1));
	flows_drop_orphans(&flows);
	assert_null(packet(A, B, TH_ACK, 2));
	assert_null(flows.table);
}

static void a_packet_on_two_devices_is_one(void **state)
{
	struct flow *flow = packet_on("vlan5", A, B, TH_SYN, 1, true);

	(void)state;
	packet_on("eth0", A, B, TH_SYN, 1, true);
	packet_on("eth0", B, A, SYN_ACK, 1, true);
	packet_on("vlan5", B, A, SYN_ACK, 1, true);
	packet_on("eth0", A, B, TH_ACK, 1, true);
	packet_on("vlan5", A, B, TH_ACK, 1, true);
	assert_string_equal(flags_of(flow), "SYN SYN-ACK ACK");
}

static void more_flags_than_are_kept_are_counted(void **state)
{
	struct flow *flow = NULL;

	(void)state;
	for (int i = 0; i < TRACK_FLAGS + 3; i++)
		flow = packet(A, B, TH_SYN, 1);
	assert_int_equal(flow->track[WITNESS_WIRE].packets, TRACK_FLAGS + 3);
	assert_non_null(strstr(flags_of(flow), "SYN and 3 more"));
	assert_ptr_equal(flows_find(&flows, &flow->caller, &flow->caller),
			 NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static const struct CMUnitTest tests[] = {
	TEST(a_handshake_ends_with_its_ack),
	TEST(refused_aborted_repeated),
	TEST(a_connect_gets_the_flow_that_it_made),
	TEST(an_older_flow_is_not_his),
	TEST(asking_again_does_not_take_the_flow),
	TEST(by_the_peer_only_if_there_is_no_other),
	TEST(strangers_are_not_kept),
	TEST(a_packet_on_two_devices_is_one),
	TEST(more_flags_than_are_kept_are_counted),
};

TAP_MAIN(tests)
