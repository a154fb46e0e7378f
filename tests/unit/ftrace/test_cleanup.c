// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * cleanup.c, with real processes: a cleanup helper restores everything once,
 * however its process ends.
 */
#include "tap_main.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ftrace/cleanup.h"

#define PATIENCE_MS 10000

/* What is put back is a byte in this pipe. */
struct place {
	int read_end, write_end;
	int status; /* that put_back is to return */
};

static int put_back(void *argument)
{
	const struct place *place = argument;

	return write(place->write_end, "p", 1) == 1 ? place->status : -EIO;
}

static void open_place(struct place *place, int status)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	*place = (struct place){ends[0], ends[1], status};
}

/* How many bytes come until nobody can write any more. */
static int put_backs(struct place *place)
{
	struct pollfd fd = {place->read_end, POLLIN, 0};
	int count = 0;
	char byte;

	close(place->write_end);
	while (poll(&fd, 1, PATIENCE_MS) == 1 &&
	       read(place->read_end, &byte, 1) == 1)
		count++;
	assert_true(fd.revents & POLLHUP); /* and not: patience has ended */
	close(place->read_end);
	return count;
}

static void it_puts_back_at_the_end(void **state)
{
	struct cleanup cleanup;
	struct place place;

	(void)state;
	open_place(&place, 0);
	assert_int_equal(
		cleanup_start(&cleanup, put_back, &place, place.write_end), 0);
	assert_int_equal(cleanup_end(&cleanup), 0);
	assert_int_equal(put_backs(&place), 1);
	assert_int_equal(cleanup_end(&cleanup), -ECHILD); /* not again */
}

static void it_says_that_it_could_not(void **state)
{
	struct cleanup cleanup;
	struct place place;

	(void)state;
	open_place(&place, -EBUSY);
	assert_int_equal(
		cleanup_start(&cleanup, put_back, &place, place.write_end), 0);
	assert_int_equal(cleanup_end(&cleanup), -EBUSY);
	assert_int_equal(put_backs(&place), 1);
}

/* A process with a cleanup helper is killed: itself, or its group. */
static void kill_owner(struct place *place, int group)
{
	int status, ready[2];
	char byte;
	pid_t owner;

	assert_int_equal(pipe(ready), 0);
	owner = fork();
	assert_true(owner >= 0);
	if (owner == 0) {
		struct cleanup cleanup;

		setpgid(0, 0);
		if (cleanup_start(&cleanup, put_back, place,
				  place->write_end) ||
		    write(ready[1], "r", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(kill(group ? -owner : owner, SIGKILL), 0);
	assert_int_equal(waitpid(owner, &status, 0), owner);
	assert_true(WIFSIGNALED(status));
	close(ready[0]);
	close(ready[1]);
}

static void it_puts_back_when_its_owner_is_killed(void **state)
{
	struct place place;

	(void)state;
	open_place(&place, 0);
	kill_owner(&place, 0);
	assert_int_equal(put_backs(&place), 1);
}

static void it_outlives_the_process_group(void **state)
{
	struct place place;

	(void)state;
	open_place(&place, 0);
	kill_owner(&place, 1);
	assert_int_equal(put_backs(&place), 1);
}

static void a_killed_cleanup_is_told(void **state)
{
	struct cleanup cleanup;
	struct place place;

	(void)state;
	open_place(&place, 0);
	assert_int_equal(
		cleanup_start(&cleanup, put_back, &place, place.write_end), 0);
	assert_int_equal(kill(cleanup.pid, SIGKILL), 0);
	assert_int_equal(cleanup_end(&cleanup), -ESRCH);
	assert_int_equal(put_backs(&place), 0);
}

static void it_holds_no_pipe_of_others(void **state)
{
	struct cleanup cleanup;
	struct place place, other;
	char byte;

	(void)state;
	open_place(&place, 0);
	open_place(&other, 0);
	assert_int_equal(
		cleanup_start(&cleanup, put_back, &place, place.write_end), 0);
	close(other.write_end);
	/* end of file at once: this process was the only writer */
	assert_int_equal(read(other.read_end, &byte, 1), 0);
	close(other.read_end);
	assert_int_equal(cleanup_end(&cleanup), 0);
	assert_int_equal(put_backs(&place), 1);
}

static int put_nothing_back(void *argument)
{
	(void)argument;
	return -ENOTTY;
}

static void it_waits_with_nothing_to_keep(void **state)
{
	struct cleanup cleanup;
	struct pollfd early = {.events = POLLIN};

	(void)state;
	assert_int_equal(cleanup_start(&cleanup, put_nothing_back, NULL, -1),
			 0);
	/* were its pipe closed, too, it would be at its end in no time */
	early.fd = syscall(SYS_pidfd_open, cleanup.pid, 0);
	assert_true(early.fd >= 0);
	assert_int_equal(poll(&early, 1, 200), 0);
	close(early.fd);
	assert_int_equal(cleanup_end(&cleanup), -ENOTTY);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(it_puts_back_at_the_end),
	cmocka_unit_test(it_says_that_it_could_not),
	cmocka_unit_test(it_puts_back_when_its_owner_is_killed),
	cmocka_unit_test(it_outlives_the_process_group),
	cmocka_unit_test(a_killed_cleanup_is_told),
	cmocka_unit_test(it_holds_no_pipe_of_others),
	cmocka_unit_test(it_waits_with_nothing_to_keep),
};

TAP_MAIN(tests)
