// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* endpoint.c: addresses as text and back; equality; wildcards. */
#include "tap_main.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "bpf/event.h"
#include "record/endpoint.h"

static struct endpoint parsed(const char *text)
{
	struct endpoint ep = {0};

	assert_int_equal(endpoint_parse(&ep, text), 0);
	return ep;
}

static void what_is_written_is_read(void **state)
{
	static const char *const texts[] = {
		"10.0.0.1:41234", "0.0.0.0:0", "255.255.255.255:65535",
		"[::1]:7007",     "[::]:0",    "[fe80::1:2]:53",
		"AF_UNSPEC",      "",
	};
	char buf[ENDPOINT_STRLEN];

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct endpoint ep = parsed(texts[i]);

		assert_string_equal(endpoint_format(&ep, buf), texts[i]);
	}
}

static void garbage_is_refused_and_leaves_no_trace(void **state)
{
	static const char *const texts[] = {
		"10.0.0.1",
		"10.0.0.1:",
		"10.0.0.1:65536",
		"10.0.0.1: 7",
		"10.0.0.1:+7",
		"10.0.0.1:7x",
		"10.0.0:7",
		"[::1]",
		"[::1]7",
		"[::1:7",
		"::1:7",
		"[10.0.0.1]:7",
		"1.2.3.4:1:2",
		"name:7",
		"AF_INET",
		"10.0.0.1:123456",
		"[:::::]:1",
		"[1111111111111111111111111111111111111111111111111111]:7",
	};
	struct endpoint ep = {.family = AF_INET, .port = 42};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_int_equal(endpoint_parse(&ep, texts[i]), -EINVAL);
		assert_int_equal(ep.port, 42);
	}
}

static void mapped_is_the_ipv4_that_it_stands_for(void **state)
{
	struct endpoint v6 = parsed("[::ffff:10.0.0.1]:80");
	struct endpoint v4 = parsed("10.0.0.1:80");
	struct endpoint_key k4, k6;
	char buf[ENDPOINT_STRLEN];

	(void)state;
	assert_int_equal(v6.family, AF_INET6);
	assert_string_equal(endpoint_format(&v6, buf), "10.0.0.1:80");
	assert_true(endpoint_equal(&v4, &v6));
	endpoint_key(&v4, &k4);
	endpoint_key(&v6, &k6);
	assert_memory_equal(&k4, &k6, sizeof(k4));
}

static void equal_means_address_and_port(void **state)
{
	struct endpoint a = parsed("10.0.0.1:80"), b = parsed("10.0.0.1:81");
	struct endpoint c = parsed("10.0.0.2:80"), v6 = parsed("[::1]:80");
	struct endpoint none = {0}, unspec = parsed("AF_UNSPEC");

	(void)state;
	assert_true(endpoint_equal(&a, &a));
	assert_false(endpoint_equal(&a, &b));
	assert_false(endpoint_equal(&a, &c));
	assert_false(endpoint_equal(&a, &v6));
	assert_false(endpoint_equal(&a, &none));
	assert_true(endpoint_equal(&none, &none));
	assert_false(endpoint_equal(&none, &unspec));
	assert_true(endpoint_equal(&unspec, &unspec));
}

static void wildcards(void **state)
{
	static const char *const any[] = {"0.0.0.0:7", "[::]:7", "",
					  "AF_UNSPEC", "[::ffff:0.0.0.0]:1"};
	static const char *const one[] = {"127.0.0.1:0", "[::1]:0",
					  "[::ffff:1.2.3.4]:1"};
	struct endpoint ep;

	(void)state;
	for (size_t i = 0; i < sizeof(any) / sizeof(any[0]); i++) {
		ep = parsed(any[i]);
		assert_true(endpoint_is_any(&ep));
	}
	for (size_t i = 0; i < sizeof(one) / sizeof(one[0]); i++) {
		ep = parsed(one[i]);
		assert_false(endpoint_is_any(&ep));
	}
}

static void ipv6_is_what_is_not_mapped(void **state)
{
	struct endpoint ep;

	(void)state;
	ep = parsed("[::1]:7");
	assert_true(endpoint_is_ipv6(&ep));
	ep = parsed("[::]:0");
	assert_true(endpoint_is_ipv6(&ep));
	ep = parsed("[::ffff:10.0.0.1]:7");
	assert_false(endpoint_is_ipv6(&ep));
	ep = parsed("10.0.0.1:7");
	assert_false(endpoint_is_ipv6(&ep));
	ep = parsed("");
	assert_false(endpoint_is_ipv6(&ep));
}

static void covers(const char *bound, const char *at, bool expected)
{
	struct endpoint b = parsed(bound), ep = parsed(at);

	assert_int_equal(endpoint_covers(&b, &ep), expected);
}

static void a_bound_socket_covers_its_place(void **state)
{
	(void)state;
	covers("10.0.0.1:80", "10.0.0.1:80", true);
	covers("0.0.0.0:80", "10.0.0.1:80", true);
	covers("[::]:80", "10.0.0.1:80", true);
	covers("10.0.0.1:80", "10.0.0.1:81", false);
	covers("10.0.0.1:80", "10.0.0.2:80", false);
	covers("0.0.0.0:0", "10.0.0.1:0", false);
	covers("", "10.0.0.1:80", false);
	covers("AF_UNSPEC", "10.0.0.1:80", false);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(what_is_written_is_read),
	cmocka_unit_test(garbage_is_refused_and_leaves_no_trace),
	cmocka_unit_test(mapped_is_the_ipv4_that_it_stands_for),
	cmocka_unit_test(equal_means_address_and_port),
	cmocka_unit_test(wildcards),
	cmocka_unit_test(ipv6_is_what_is_not_mapped),
	cmocka_unit_test(a_bound_socket_covers_its_place),
};

TAP_MAIN(tests)
