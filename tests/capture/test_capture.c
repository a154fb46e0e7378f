// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * capture.c on a real kernel: records of packets that this program sends to
 * itself over lo, in a network namespace of its own. Needs no root where user
 * namespaces are allowed.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "wire/capture.h"
#include "wire/clock.h"

#define KEEP 64

/* Keeps the first records, counts all; @refuse: what push returns. */
struct keeper {
	struct record_sink sink; /* first: push casts back */
	struct record records[KEEP];
	unsigned int count;
	int refuse;
};

static int keep(struct record_sink *sink, struct record *record)
{
	struct keeper *keeper = (struct keeper *)sink;

	if (keeper->count < KEEP)
		keeper->records[keeper->count] = *record;
	keeper->count++;
	return keeper->refuse;
}

static struct capture *opened(const struct capture_options *options)
{
	char error[CAPTURE_ERROR_LEN] = "";
	struct capture *capture;

	if (capture_open(&capture, options, error) < 0)
		fail_msg("%s", error);
	return capture;
}

/* A bound UDP socket on lo; *@to: its address. */
static int udp_socket(struct sockaddr_in *to)
{
	socklen_t length = sizeof(*to);
	int sock = socket(AF_INET, SOCK_DGRAM, 0);

	*to = (struct sockaddr_in){.sin_family = AF_INET};
	to->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_true(sock >= 0);
	assert_int_equal(bind(sock, (struct sockaddr *)to, sizeof(*to)), 0);
	assert_int_equal(getsockname(sock, (struct sockaddr *)to, &length), 0);
	return sock;
}

static void send_to(int sock, const struct sockaddr_in *to, size_t bytes)
{
	static char payload[65507];

	assert_int_equal(sendto(sock, payload, bytes, 0,
				(const struct sockaddr *)to, sizeof(*to)),
			 bytes);
}

/*
 * Drains until @count packets are accounted for, a second at most: under load
 * the kernel may deliver after sendto() has returned (ksoftirqd).
 */
static void drain(struct capture *capture, struct keeper *keeper,
		  uint64_t count)
{
	struct pollfd fd = {capture_fd(capture), POLLIN, 0};
	uint64_t limit = clock_now_ns() + 1000000000ULL;

	do {
		assert_int_equal(capture_drain(capture, &keeper->sink), 0);
		if (keeper->count + capture_lost(capture) >= count)
			break;
		poll(&fd, 1, 10);
	} while (clock_now_ns() < limit);
	assert_int_equal(keeper->count + capture_lost(capture), count);
}

/* Each datagram once, in order, at the time at which it was sent. */
static void datagrams_on_lo(void **state)
{
	static const char *const ifaces[] = {NULL, "any", "lo"};
	struct sockaddr_in a, b;
	int from = udp_socket(&a), to = udp_socket(&b);

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct capture *capture =
			opened(&(struct capture_options){.iface = ifaces[i]});
		struct keeper keeper = {.sink.push = keep};
		uint64_t began[10], ended[10];

		for (int n = 0; n < 10; n++) {
			began[n] = clock_now_ns();
			send_to(from, &b, (size_t)n);
			ended[n] = clock_now_ns();
		}
		drain(capture, &keeper, 10);
		for (int n = 0; n < 10; n++) {
			const struct record *record = &keeper.records[n];

			assert_int_equal(record->type, RECORD_PACKET);
			assert_int_equal(record->proto, IPPROTO_UDP);
			assert_int_equal(record->packet.witness, WITNESS_WIRE);
			assert_int_equal(record->packet.direction,
					 DIRECTION_IN);
			assert_string_equal(record->packet.iface, "lo");
			assert_int_equal(record->packet.len, n);
			assert_int_equal(record->local.port, ntohs(a.sin_port));
			assert_int_equal(record->peer.port, ntohs(b.sin_port));
			assert_memory_equal(record->peer.addr, &b.sin_addr, 4);
			/* delivery over lo lies within sendto(); 1 us of slack */
			assert_true(record->ts_ns + 1000 >= began[n]);
			assert_true(record->ts_ns <= ended[n] + 1000);
		}
		assert_int_equal(capture_lost(capture), 0);
		assert_true(capture_is_empty(capture));
		capture_close(capture);
	}
	close(from);
	close(to);
}

/* What was sent just before can be read at once: nothing waits in a buffer. */
static void nothing_is_held_back(void **state)
{
	struct capture *capture = opened(&(struct capture_options){0});
	struct pollfd fd = {capture_fd(capture), POLLIN, 0};
	struct keeper keeper = {.sink.push = keep};
	struct sockaddr_in to;
	int sock = udp_socket(&to), at_once = 0;

	(void)state;
	assert_int_equal(poll(&fd, 1, 0), 0);
	for (unsigned int n = 1; n <= 1000; n++) {
		send_to(sock, &to, 5);
		at_once += poll(&fd, 1, 0) == 1;
		drain(capture, &keeper, n);
		assert_int_equal(poll(&fd, 1, 0), 0);
	}
	assert_true(at_once > 900); /* of 1,000; a buffer would make it 0 */
	capture_close(capture);
	close(sock);
}

static void handshake_by_flags(void **state)
{
	struct capture *capture =
		opened(&(struct capture_options){.filter = "tcp"});
	struct keeper keeper = {.sink.push = keep};
	struct sockaddr_in to = {.sin_family = AF_INET};
	socklen_t length = sizeof(to);
	int server = socket(AF_INET, SOCK_STREAM, 0);
	int client = socket(AF_INET, SOCK_STREAM, 0);
	const struct record *record = keeper.records;

	(void)state;
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(server, (struct sockaddr *)&to, length), 0);
	assert_int_equal(getsockname(server, (struct sockaddr *)&to, &length),
			 0);
	assert_int_equal(listen(server, 1), 0);
	assert_int_equal(connect(client, (struct sockaddr *)&to, length), 0);

	drain(capture, &keeper, 3);
	assert_int_equal(record[0].packet.tcp_flags, 0x02); /* SYN */
	assert_int_equal(record[1].packet.tcp_flags, 0x12); /* SYN-ACK */
	assert_int_equal(record[2].packet.tcp_flags, 0x10); /* ACK */
	assert_int_equal(record[1].packet.ack, record[0].packet.seq + 1);
	assert_int_equal(record[2].packet.ack, record[1].packet.seq + 1);
	assert_true(record[0].ts_ns <= record[1].ts_ns &&
		    record[1].ts_ns <= record[2].ts_ns);
	close(client);
	close(server);
	capture_close(capture);
}

/*
 * An ICMP error makes a record of the packet that it quotes; a later fragment
 * makes one if the first was seen.
 */
static void errors_and_fragments(void **state)
{
	struct capture *capture = opened(&(struct capture_options){0});
	struct keeper keeper = {.sink.push = keep};
	const struct capture_counts *counts = capture_counts(capture);
	struct sockaddr_in to, nobody;
	int sock = udp_socket(&to), gone = udp_socket(&nobody);
	struct ifreq mtu = {.ifr_name = "lo", .ifr_mtu = 1500};

	(void)state;
	close(gone);
	send_to(sock, &nobody, 5); /* port unreachable comes back */
	assert_int_equal(ioctl(sock, SIOCSIFMTU, &mtu), 0);
	send_to(sock, &to, 4000); /* in three fragments */
	mtu.ifr_mtu = 65536;
	assert_int_equal(ioctl(sock, SIOCSIFMTU, &mtu), 0);

	drain(capture, &keeper, 5);
	assert_int_equal(counts->records, 4);
	assert_int_equal(counts->icmp_errors, 1);
	assert_int_equal(keeper.records[1].type, RECORD_ICMP);
	assert_int_equal(keeper.records[1].icmp.code, 3);
	assert_int_equal(keeper.records[1].proto, IPPROTO_UDP);
	assert_int_equal(keeper.records[1].local.port,
			 keeper.records[0].local.port);
	assert_int_equal(keeper.records[1].peer.port, ntohs(nobody.sin_port));
	assert_int_equal(counts->fragments, 0);
	assert_int_equal(counts->broken, 0);
	assert_int_equal(keeper.records[2].packet.len, 4000);
	assert_int_equal(keeper.records[2].packet.fragment, FRAGMENT_FIRST);
	for (int i = 3; i < 5; i++) { /* known by the identification */
		assert_int_equal(keeper.records[i].packet.fragment,
				 FRAGMENT_LATER);
		assert_int_equal(keeper.records[i].peer.port,
				 ntohs(to.sin_port));
	}
	assert_int_equal(keeper.records[3].packet.len +
				 keeper.records[4].packet.len,
			 4008 - 1480);
	capture_close(capture);
	close(sock);
}

/* A ring that is too small: every packet is delivered or counted as lost. */
static void loss_is_counted(void **state)
{
	struct capture *capture =
		opened(&(struct capture_options){.buffer = 65536});
	struct keeper keeper = {.sink.push = keep};
	struct sockaddr_in to;
	int sock = udp_socket(&to);

	(void)state;
	for (int round = 1; round <= 3; round++) {
		for (int n = 0; n < 2000; n++)
			send_to(sock, &to, 5);
		drain(capture, &keeper, round * 2000);
		assert_true(capture_lost(capture) > 0);
		assert_true(capture_is_empty(capture));
	}
	capture_close(capture);
	close(sock);
}

static void a_sink_that_refuses_ends_it(void **state)
{
	struct capture *capture = opened(&(struct capture_options){0});
	struct keeper keeper = {.sink.push = keep, .refuse = -ENOSPC};
	struct sockaddr_in to;
	int sock = udp_socket(&to);

	(void)state;
	send_to(sock, &to, 1);
	send_to(sock, &to, 2);
	assert_int_equal(capture_drain(capture, &keeper.sink), -ENOSPC);
	assert_int_equal(keeper.count, 1);
	capture_close(capture);
	capture_close(NULL);
	close(sock);
}

/* Sends a datagram for each one that it gets: the ring is never empty. */
struct feeder {
	struct record_sink sink; /* first: push casts back */
	struct sockaddr_in to;
	int sock;
	unsigned int count;
};

static int feed(struct record_sink *sink, struct record *record)
{
	struct feeder *feeder = (struct feeder *)sink;

	(void)record;
	send_to(feeder->sock, &feeder->to, 1);
	feeder->count++;
	return 0;
}

/* A flood does not keep the caller from signals, or from the other witness. */
static void a_turn_ends_under_a_flood(void **state)
{
	struct capture *capture = opened(&(struct capture_options){0});
	struct feeder feeder = {.sink.push = feed};

	(void)state;
	feeder.sock = udp_socket(&feeder.to);
	send_to(feeder.sock, &feeder.to, 1);
	for (unsigned int turn = 1; turn <= 3; turn++) {
		unsigned int before = feeder.count;

		while (feeder.count == before)
			assert_int_equal(capture_drain(capture, &feeder.sink),
					 0);
		/* it stopped, and not because the ring's size was reached */
		assert_true(feeder.count - before < 50000);
	}
	capture_close(capture);
	close(feeder.sock);
}

/* Enters namespaces of its own, and brings lo up there. */
static int enter_namespace(void **state)
{
	struct ifreq lo = {.ifr_name = "lo", .ifr_flags = IFF_UP};
	int sock;

	(void)state;
	if (unshare(geteuid() ? CLONE_NEWUSER | CLONE_NEWNET : CLONE_NEWNET)) {
		perror("# unshare");
		return -1;
	}
	sock = socket(AF_INET, SOCK_DGRAM, 0);
	if (sock < 0 || ioctl(sock, SIOCSIFFLAGS, &lo) < 0) {
		perror("# ip link set lo up");
		return -1;
	}
	close(sock);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(datagrams_on_lo),
		cmocka_unit_test(nothing_is_held_back),
		cmocka_unit_test(handshake_by_flags),
		cmocka_unit_test(errors_and_fragments),
		cmocka_unit_test(loss_is_counted),
		cmocka_unit_test(a_sink_that_refuses_ends_it),
		cmocka_unit_test(a_turn_ends_under_a_flood),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, enter_namespace, NULL);
}
