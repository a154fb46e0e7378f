// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* constants.c, sockopts.c: numbers by name, unknown ones too. */
#include "tap_main.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "record/constants.h"

static char buf[256];

static struct text *fresh(void)
{
	static struct text text;

	text_init(&text, buf, sizeof(buf));
	return &text;
}

static void names_of_socket(void **state)
{
	(void)state;
	constant_domain(fresh(), AF_INET6);
	assert_string_equal(buf, "AF_INET6");
	constant_domain(fresh(), 77);
	assert_string_equal(buf, "77");
	constant_socktype(fresh(), SOCK_STREAM);
	assert_string_equal(buf, "SOCK_STREAM");
	constant_socktype(fresh(), SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK);
	assert_string_equal(buf, "SOCK_DGRAM|SOCK_CLOEXEC|SOCK_NONBLOCK");
	constant_socktype(fresh(), SOCK_DGRAM | 0x100000);
	assert_string_equal(buf, "SOCK_DGRAM|0x100000");
	constant_protocol(fresh(), IPPROTO_TCP);
	assert_string_equal(buf, "IPPROTO_TCP");
}

static void unknown_bits_are_never_dropped(void **state)
{
	(void)state;
	constant_msg_flags(fresh(), MSG_DONTWAIT | MSG_NOSIGNAL);
	assert_string_equal(buf, "MSG_DONTWAIT|MSG_NOSIGNAL");
	constant_msg_flags(fresh(), MSG_PEEK | 0x800000);
	assert_string_equal(buf, "MSG_PEEK|0x800000");
	constant_msg_flags(fresh(), 0x800000);
	assert_string_equal(buf, "0x800000");
	constant_accept_flags(fresh(), SOCK_CLOEXEC);
	assert_string_equal(buf, "SOCK_CLOEXEC");
}

static void options_are_named_by_their_level(void **state)
{
	(void)state;
	constant_level(fresh(), SOL_SOCKET);
	assert_string_equal(buf, "SOL_SOCKET");
	constant_level(fresh(), 270);
	assert_string_equal(buf, "270");
	constant_optname(fresh(), SOL_SOCKET, SO_REUSEADDR);
	assert_string_equal(buf, "SO_REUSEADDR");
	constant_optname(fresh(), IPPROTO_TCP, 1);
	assert_string_equal(buf, "TCP_NODELAY");
	constant_optname(fresh(), IPPROTO_UDP, 103);
	assert_string_equal(buf, "UDP_SEGMENT");
	constant_optname(fresh(), 270, 1);
	assert_string_equal(buf, "1");
	constant_how(fresh(), SHUT_WR);
	assert_string_equal(buf, "SHUT_WR");
}

static void tcp_flags_in_the_order_they_are_said(void **state)
{
	(void)state;
	constant_tcp_flags(fresh(), 0x12);
	assert_string_equal(buf, "SYN-ACK");
	constant_tcp_flags(fresh(), 0x14);
	assert_string_equal(buf, "RST-ACK");
	constant_tcp_flags(fresh(), 0xff);
	assert_string_equal(buf, "SYN-FIN-RST-PSH-ACK-URG-ECE-CWR");
	constant_tcp_flags(fresh(), 0);
	assert_string_equal(buf, "none");
	assert_string_equal(constant_tcp_flag(0), "FIN");
	assert_string_equal(constant_tcp_flag(7), "CWR");
	assert_string_equal(constant_tcp_flag(8), "none");
}

static void states_and_errors(void **state)
{
	(void)state;
	assert_string_equal(constant_tcp_state(1), "ESTABLISHED");
	assert_string_equal(constant_tcp_state(12), "NEW_SYN_RECV");
	assert_null(constant_tcp_state(0));
	assert_null(constant_tcp_state(13));
	assert_string_equal(constant_errno(ECONNREFUSED), "ECONNREFUSED");
	assert_string_equal(constant_errno(512), "ERESTARTSYS");
	assert_null(constant_errno(0));
	assert_null(constant_errno(-1));
	assert_null(constant_errno(4000));
	assert_null(constant_errno(1LL << 40));
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(names_of_socket),
	cmocka_unit_test(unknown_bits_are_never_dropped),
	cmocka_unit_test(options_are_named_by_their_level),
	cmocka_unit_test(tcp_flags_in_the_order_they_are_said),
	cmocka_unit_test(states_and_errors),
};

TAP_MAIN(tests)
