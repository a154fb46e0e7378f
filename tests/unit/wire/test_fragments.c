// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* packet.c: later parts get the ports of their first one, and no other's. */
#include "tap_main.h"

#include <netinet/in.h>
#include <string.h>

#include "play.h"
#include "wire/packet.h"

static struct packet part(uint32_t id, bool later, const char *src,
			  const char *dst)
{
	struct packet packet = {
		.proto = IPPROTO_UDP,
		.src = play_endpoint(src),
		.dst = play_endpoint(dst),
		.fragment = true,
		.later_fragment = later,
		.fragment_id = id,
	};

	if (later)
		packet.src.port = packet.dst.port = 0;
	return packet;
}

static void a_later_part_has_the_ports_of_the_first(void **state)
{
	struct fragments fragments = {0};
	struct packet first = part(7, false, "10.0.0.1:1000", "10.0.0.2:53");
	struct packet later = part(7, true, "10.0.0.1:0", "10.0.0.2:0");

	(void)state;
	assert_true(fragments_ports(&fragments, &first));
	assert_true(fragments_ports(&fragments, &later));
	assert_int_equal(later.src.port, 1000);
	assert_int_equal(later.dst.port, 53);
}

static void what_differs_in_anything_is_anothers(void **state)
{
	struct fragments fragments = {0};
	struct packet first = part(7, false, "10.0.0.1:1000", "10.0.0.2:53");
	struct packet others[] = {
		part(8, true, "10.0.0.1:0", "10.0.0.2:0"),
		part(7, true, "10.0.0.3:0", "10.0.0.2:0"),
		part(7, true, "10.0.0.1:0", "10.0.0.3:0"),
		part(7, true, "10.0.0.1:0", "10.0.0.2:0"),
	};

	(void)state;
	assert_false(fragments_ports(&fragments, &others[3]));
	assert_true(fragments_ports(&fragments, &first));
	others[3].proto = IPPROTO_TCP;
	for (int i = 0; i < 4; i++) {
		assert_false(fragments_ports(&fragments, &others[i]));
		assert_int_equal(others[i].src.port, 0);
	}
}

/* RFC 8200 4.5: they may name an option's header that the first one has */
static void over_ipv6_the_protocol_is_the_first_ones(void **state)
{
	struct fragments fragments = {0};
	struct packet first = part(7, false, "[fd00::1]:1000", "[fd00::2]:53");
	struct packet later = part(7, true, "[fd00::1]:0", "[fd00::2]:0");
	struct packet others = part(7, true, "[fd00::1]:0", "[fd00::3]:0");

	(void)state;
	later.proto = others.proto = IPPROTO_DSTOPTS;
	assert_true(fragments_ports(&fragments, &first));
	assert_true(fragments_ports(&fragments, &later));
	assert_int_equal(later.proto, IPPROTO_UDP);
	assert_int_equal(later.src.port, 1000);
	assert_false(fragments_ports(&fragments, &others));
	assert_int_equal(others.proto, IPPROTO_DSTOPTS);
}

static void the_latest_of_one_identification_counts(void **state)
{
	struct fragments fragments = {0};
	struct packet first = part(7, false, "10.0.0.1:1000", "10.0.0.2:53");
	struct packet again = part(7, false, "10.0.0.1:1001", "10.0.0.2:53");
	struct packet later = part(7, true, "10.0.0.1:0", "10.0.0.2:0");

	(void)state;
	fragments_ports(&fragments, &first);
	fragments_ports(&fragments, &again);
	assert_true(fragments_ports(&fragments, &later));
	assert_int_equal(later.src.port, 1001);
}

static void so_many_are_remembered_and_no_more(void **state)
{
	struct fragments fragments = {0};
	struct packet oldest = part(0, true, "10.0.0.1:0", "10.0.0.2:0");
	struct packet kept = part(1, true, "10.0.0.1:0", "10.0.0.2:0");

	(void)state;
	for (uint32_t id = 0; id <= FRAGMENTS_KEPT; id++) {
		struct packet first =
			part(id, false, "10.0.0.1:1000", "10.0.0.2:53");

		fragments_ports(&fragments, &first);
	}
	assert_false(fragments_ports(&fragments, &oldest));
	assert_true(fragments_ports(&fragments, &kept));
}

static void a_whole_packet_is_let_through(void **state)
{
	struct fragments fragments = {0};
	struct packet whole = {.proto = IPPROTO_UDP};

	(void)state;
	assert_true(fragments_ports(&fragments, &whole));
	assert_int_equal(fragments.next, 0);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(a_later_part_has_the_ports_of_the_first),
	cmocka_unit_test(what_differs_in_anything_is_anothers),
	cmocka_unit_test(over_ipv6_the_protocol_is_the_first_ones),
	cmocka_unit_test(the_latest_of_one_identification_counts),
	cmocka_unit_test(so_many_are_remembered_and_no_more),
	cmocka_unit_test(a_whole_packet_is_let_through),
};

TAP_MAIN(tests)
