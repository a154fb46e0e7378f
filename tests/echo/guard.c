/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Which sources echo-server answers, as a table. They are tested here and not on
 * the wire, because the kernel passes no source such as 224.0.0.1 to a socket. The
 * server does not depend on that. spoof.py has the rest.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <netinet/in.h>

#include "../../echo/server.h"

static const struct {
	const char *source;
	uint16_t own_port;
	bool answered;
} table[] = {
	{"127.0.0.1:40000", 9007, true},
	{"10.0.0.1:9008", 9007, true},
	{"10.0.0.1:9007", 9007, false}, /* an echo server on the same port */
	{"10.0.0.1:7006", 9007, false}, /* or on a lower one */
	{"10.0.0.1:7", 9007, false},
	{"10.0.0.1:0", 9007, false}, /* no answer wanted (RFC 768) */
	{"10.0.0.1:65535", 32767, true},
	{"10.0.0.1:32767", 32767, false},
	{"10.0.0.1:8", 7, true},
	{"[::1]:40000", 9007, true},
	{"[::1]:9007", 9007, false},
	{"[fe80::1]:7006", 9007, false},
	{"224.0.0.1:40000", 9007, false},
	{"239.255.255.255:40000", 9007, false},
	{"223.255.255.255:40000", 9007, true},
	{"255.255.255.255:40000", 9007, false},
	{"0.0.0.0:40000", 9007, false},
	{"[ff02::1]:40000", 9007, false},
	{"[::]:40000", 9007, false},
};

static struct sockaddr_storage address(const char *text)
{
	struct sockaddr_storage address = {0};
	struct net_name name;
	struct addrinfo *list;

	assert_int_equal(net_parse(text, &name), 0);
	assert_int_equal(net_lookup(&name, SOCK_DGRAM, &list), 0);
	memcpy(&address, list->ai_addr, list->ai_addrlen);
	freeaddrinfo(list);
	return address;
}

static void test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct sockaddr_storage source = address(table[i].source);

		if (server_udp_answers(&source, table[i].own_port) !=
		    table[i].answered)
			fail_msg("%s to port %d should%s be answered",
				 table[i].source, table[i].own_port,
				 table[i].answered ? "" : " not");
	}
}

/* Of any two servers, at most one answers the other: no loop of two. */
static void test_no_pair_of_servers(void **state)
{
	struct sockaddr_storage source = address("10.0.0.1:1");
	struct sockaddr_in *in = (struct sockaddr_in *)&source;
	int answers;

	(void)state;
	for (int a = 1; a < SERVER_PORTS_END; a += 61)
		for (int b = 1; b < SERVER_PORTS_END; b += 61) {
			in->sin_port = htons((uint16_t)a);
			answers = server_udp_answers(&source, (uint16_t)b);
			in->sin_port = htons((uint16_t)b);
			answers += server_udp_answers(&source, (uint16_t)a);
			assert_in_range(answers, 0, 1);
		}
}

static void test_no_other_family(void **state)
{
	struct sockaddr_storage source = {.ss_family = AF_UNIX};

	(void)state;
	assert_false(server_udp_answers(&source, 9007));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_no_pair_of_servers),
		cmocka_unit_test(test_no_other_family),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
