// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Somebody sets the realtime clock while packets are captured: their times on
 * CLOCK_MONOTONIC stay right. Sets the clock of the machine, so it is for the
 * lab VM only:
 *   labs/vm/run -- build/unit/test_step --set-the-clock
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "wire/capture.h"
#include "wire/clock.h"

#define MS       1000000LL
#define S        1000000000LL
#define SLACK_NS 2000 /* what the offset's error may be in an emulation */

struct keeper {
	struct record_sink sink; /* first: push casts back */
	uint64_t at_ns[4];
	unsigned int count;
	int64_t step_ns; /* other than 0: at the first packet, step and send */
	uint64_t began_ns, ended_ns;
};

static int sock;
static struct sockaddr_in peer;

static void step(int64_t ns)
{
	struct timespec ts;
	int64_t sum;

	clock_gettime(CLOCK_REALTIME, &ts);
	sum = ts.tv_sec * S + ts.tv_nsec + ns;
	ts.tv_sec = sum / S;
	ts.tv_nsec = sum % S;
	assert_int_equal(clock_settime(CLOCK_REALTIME, &ts), 0);
}

static void hello(uint64_t *began_ns, uint64_t *ended_ns)
{
	*began_ns = clock_now_ns();
	assert_int_equal(send(sock, "HELLO", 5, 0), 5);
	*ended_ns = clock_now_ns();
}

static int keep(struct record_sink *sink, struct record *record)
{
	struct keeper *keeper = (struct keeper *)sink;

	if (keeper->count == 0 && keeper->step_ns) {
		step(keeper->step_ns);
		hello(&keeper->began_ns, &keeper->ended_ns);
	}
	assert_true(keeper->count < 4);
	keeper->at_ns[keeper->count++] = record->ts_ns;
	return 0;
}

static void drain(struct capture *capture, struct keeper *keeper,
		  unsigned int count)
{
	struct pollfd fd = {capture_fd(capture), POLLIN, 0};

	while (keeper->count < count) {
		assert_int_equal(poll(&fd, 1, 1000), 1);
		assert_int_equal(capture_drain(capture, &keeper->sink), 0);
	}
	assert_int_equal(keeper->count, count);
}

static void assert_between(uint64_t at_ns, uint64_t began_ns, uint64_t ended_ns)
{
	assert_in_range(at_ns, began_ns - SLACK_NS, ended_ns + SLACK_NS);
}

static const int64_t steps[] = {3600 * S, -3600 * S, 2 * S,
				-2 * S,   100 * MS,  -100 * MS};

/* packet, step, packet; only then both are read */
static void before_packets_are_read(void **state)
{
	struct capture *capture = *state;
	uint64_t began[2], ended[2];

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		struct keeper keeper = {.sink.push = keep};

		assert_int_equal(capture_drain(capture, &keeper.sink), 0);
		hello(&began[0], &ended[0]);
		step(steps[i]);
		hello(&began[1], &ended[1]);
		drain(capture, &keeper, 2);
		assert_between(keeper.at_ns[0], began[0], ended[0]);
		assert_between(keeper.at_ns[1], began[1], ended[1]);
	}
}

/* the step comes while they are read, and a packet after it */
static void while_packets_are_read(void **state)
{
	struct capture *capture = *state;
	uint64_t began, ended;

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		struct keeper keeper = {.sink.push = keep};

		assert_int_equal(capture_drain(capture, &keeper.sink), 0);
		keeper.step_ns = steps[i];
		hello(&began, &ended);
		drain(capture, &keeper, 2);
		assert_between(keeper.at_ns[0], began, ended);
		assert_between(keeper.at_ns[1], keeper.began_ns,
			       keeper.ended_ns);
	}
}

static int set_up(void **state)
{
	char error[CAPTURE_ERROR_LEN];
	socklen_t length = sizeof(peer);
	struct capture *capture;

	if (capture_open(&capture, &(struct capture_options){.iface = "lo"},
			 error) < 0) {
		printf("# %s\n", error);
		return -1;
	}
	*state = capture;
	peer.sin_family = AF_INET;
	peer.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	sock = socket(AF_INET, SOCK_DGRAM, 0);
	if (bind(sock, (struct sockaddr *)&peer, length) < 0 ||
	    getsockname(sock, (struct sockaddr *)&peer, &length) < 0)
		return -1;
	return connect(sock, (struct sockaddr *)&peer, length);
}

static int tear_down(void **state)
{
	capture_close(*state);
	return close(sock);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(before_packets_are_read),
		cmocka_unit_test(while_packets_are_read),
	};

	if (argc != 2 || strcmp(argv[1], "--set-the-clock") != 0) {
		fprintf(stderr,
			"%s sets the clock of this machine, so it runs "
			"only with --set-the-clock\n",
			argv[0]);
		return 64;
	}
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
