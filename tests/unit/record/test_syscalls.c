// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* syscalls.c: the table, and calls as text. */
#include "tap_main.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "play.h"
#include "record/syscalls.h"

static char buf[256];

static const char *entered(const struct record *record)
{
	struct text text;

	text_init(&text, buf, sizeof(buf));
	syscall_format_enter(&text, record);
	return buf;
}

static const char *returned(enum syscall_id id, int64_t ret, const char *local,
			    const char *peer)
{
	struct record record = {.type = RECORD_EXIT,
				.local = play_endpoint(local),
				.peer = play_endpoint(peer),
				.syscall = {.id = id, .fd = 3, .ret = ret}};
	struct text text;

	text_init(&text, buf, sizeof(buf));
	syscall_format_exit(&text, &record);
	return buf;
}

static void every_call_has_a_name_and_its_own(void **state)
{
	(void)state;
	for (int id = CALL_NONE + 1; id < CALL_MAX; id++) {
		assert_non_null(syscall_info(id)->name);
		assert_int_equal(syscall_by_name(syscall_info(id)->name), id);
	}
	assert_int_equal(syscall_by_name("execve"), CALL_NONE);
	assert_string_equal(syscall_info(CALL_MAX)->name, "unknown");
	assert_string_equal(syscall_info((enum syscall_id) - 1)->name,
			    "unknown");
}

static void arguments_as_strace_shows_them(void **state)
{
	struct record r = {.syscall = {.id = CALL_SOCKET, .fd = -1}};

	(void)state;
	r.syscall.args[0] = AF_INET;
	r.syscall.args[1] = SOCK_DGRAM | SOCK_CLOEXEC;
	assert_string_equal(entered(&r),
			    "socket(AF_INET, SOCK_DGRAM|SOCK_CLOEXEC)");
	r.syscall.args[2] = IPPROTO_UDP;
	assert_string_equal(
		entered(&r),
		"socket(AF_INET, SOCK_DGRAM|SOCK_CLOEXEC, IPPROTO_UDP)");
	r.syscall = (struct record_syscall){.id = CALL_SETSOCKOPT,
					    .fd = 3,
					    .len = 4,
					    .args = {SOL_SOCKET, SO_ERROR}};
	assert_string_equal(entered(&r),
			    "setsockopt(3, SOL_SOCKET, SO_ERROR, 4 bytes)");
	r.syscall = (struct record_syscall){
		.id = CALL_LISTEN, .fd = 3, .args = {128}};
	assert_string_equal(entered(&r), "listen(3, 128)");
	r.syscall = (struct record_syscall){
		.id = CALL_SHUTDOWN, .fd = 3, .args = {SHUT_RDWR}};
	assert_string_equal(entered(&r), "shutdown(3, SHUT_RDWR)");
	r.syscall = (struct record_syscall){
		.id = CALL_ACCEPT4, .fd = 3, .flags = SOCK_NONBLOCK};
	assert_string_equal(entered(&r), "accept4(3, SOCK_NONBLOCK)");
	r.syscall.flags = 0;
	assert_string_equal(entered(&r), "accept4(3)");
}

static void peers_and_lengths(void **state)
{
	struct record r = {.syscall = {.id = CALL_CONNECT, .fd = 3},
			   .peer = play_endpoint("10.0.0.2:7007")};

	(void)state;
	assert_string_equal(entered(&r), "connect(3, 10.0.0.2:7007)");
	r.peer = play_endpoint("AF_UNSPEC");
	assert_string_equal(entered(&r), "connect(3, AF_UNSPEC)");
	r.peer = play_endpoint("");
	assert_string_equal(entered(&r), "connect(3, ?)");
	r.syscall.id = CALL_WRITE;
	r.syscall.len = 1;
	assert_string_equal(entered(&r), "write(3, 1 byte)");
	r.syscall.id = CALL_SENDTO;
	r.syscall.flags = MSG_DONTWAIT;
	r.syscall.len = 5;
	r.peer = play_endpoint("10.0.0.2:7007");
	assert_string_equal(entered(&r),
			    "sendto(3, 5 bytes → 10.0.0.2:7007, MSG_DONTWAIT)");
	r.syscall.id = CALL_RECVFROM;
	assert_string_equal(entered(&r), "recvfrom(3, 5 bytes, MSG_DONTWAIT)");
	r.syscall.id = CALL_NONE;
	assert_string_equal(entered(&r), "unknown(3)");
}

static void results(void **state)
{
	(void)state;
	assert_string_equal(returned(CALL_CONNECT, 0, "1.2.3.4:5", "4.3.2.1:6"),
			    "= 0");
	assert_string_equal(returned(CALL_CONNECT, -EINPROGRESS, "", ""),
			    "= -1 EINPROGRESS");
	assert_string_equal(returned(CALL_READ, -512, "", ""),
			    "= -1 ERESTARTSYS");
	assert_string_equal(returned(CALL_READ, -3999, "", ""),
			    "= -1 errno 3999");
	assert_string_equal(returned(CALL_RECVFROM, 5, "", "10.0.0.2:7007"),
			    "= 5 from 10.0.0.2:7007");
	assert_string_equal(returned(CALL_RECVFROM, 5, "", ""), "= 5");
	assert_string_equal(returned(CALL_ACCEPT4, 5, "", "10.0.0.2:7007"),
			    "= 5 from 10.0.0.2:7007");
	assert_string_equal(returned(CALL_GETSOCKNAME, 0, "1.2.3.4:5", ""),
			    "= 0, 1.2.3.4:5");
	assert_string_equal(returned(CALL_GETPEERNAME, 0, "", "4.3.2.1:6"),
			    "= 0, 4.3.2.1:6");
}

static void a_later_result_names_its_call(void **state)
{
	struct record r = {.syscall = {.id = CALL_CONNECT, .fd = 3}};
	struct text text;

	(void)state;
	text_init(&text, buf, sizeof(buf));
	syscall_format_again(&text, &r);
	r.syscall.id = CALL_SOCKET;
	r.syscall.fd = -1;
	syscall_format_again(&text, &r);
	assert_string_equal(buf, "connect(3)socket()");
}

static void messages_are_counted(void **state)
{
	struct record r = {.syscall = {.id = CALL_SENDMMSG, .fd = 3, .len = 5},
			   .peer = play_endpoint("127.0.0.1:7007")};

	(void)state;
	assert_string_equal(entered(&r),
			    "sendmmsg(3, 5 bytes → 127.0.0.1:7007)");
	r.syscall.args[0] = 1;
	assert_string_equal(
		entered(&r),
		"sendmmsg(3, 1 message, the first 5 bytes → 127.0.0.1:7007)");
	r.syscall.id = CALL_RECVMMSG;
	r.syscall.args[0] = 2;
	assert_string_equal(entered(&r),
			    "recvmmsg(3, 2 messages, the first 5 bytes)");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(messages_are_counted),
	cmocka_unit_test(every_call_has_a_name_and_its_own),
	cmocka_unit_test(arguments_as_strace_shows_them),
	cmocka_unit_test(peers_and_lengths),
	cmocka_unit_test(results),
	cmocka_unit_test(a_later_result_names_its_call),
};

TAP_MAIN(tests)
