// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* tasks.c: whose a task is, as tasks come, fork and change their names. */
#include "tap_main.h"

#include <unistd.h>

#include "process/tasks.h"

#define SELF 7

static void a_process_is_followed_with_its_threads(void **state)
{
	const struct target target = {.pid = 100};
	struct tasks tasks;

	(void)state;
	tasks_init(&tasks, &target, SELF);
	tasks_seen(&tasks, 100, 100, "server");
	tasks_seen(&tasks, 100, 101, "worker");
	tasks_seen(&tasks, 200, 200, "server");
	tasks_new(&tasks, 101, 102, true, "worker");
	tasks_new(&tasks, 101, 300, false, "worker"); /* a child process */
	tasks_new(&tasks, 300, 301, true, "worker");
	assert_int_equal(tasks_whose(&tasks, 100), TASK_FOLLOWED);
	assert_int_equal(tasks_whose(&tasks, 101), TASK_FOLLOWED);
	assert_int_equal(tasks_whose(&tasks, 102), TASK_FOLLOWED);
	assert_int_equal(tasks_whose(&tasks, 200), TASK_NOBODYS);
	assert_int_equal(tasks_whose(&tasks, 300), TASK_NOBODYS);
	assert_int_equal(tasks_whose(&tasks, 301), TASK_NOBODYS);
	assert_int_equal(tasks_whose(&tasks, SELF), TASK_CONTROL);
	tasks_fini(&tasks);
}

static void a_command_is_followed_with_its_children(void **state)
{
	const struct target target = {.pid = 100, .children = true};
	struct tasks tasks;

	(void)state;
	tasks_init(&tasks, &target, SELF);
	tasks_seen(&tasks, 100, 100, "tracer");
	tasks_rename(&tasks, 100, "sh");
	tasks_new(&tasks, 100, 101, false, "sh");
	tasks_new(&tasks, 101, 102, true, "sh");
	tasks_new(&tasks, 50, 103, false, "sh");
	assert_int_equal(tasks_whose(&tasks, 101), TASK_FOLLOWED);
	assert_int_equal(tasks_whose(&tasks, 102), TASK_FOLLOWED);
	assert_int_equal(tasks_whose(&tasks, 103), TASK_NOBODYS);
	/* the number comes to somebody else */
	tasks_new(&tasks, 50, 102, false, "cron");
	assert_int_equal(tasks_whose(&tasks, 102), TASK_NOBODYS);
	tasks_fini(&tasks);
}

static void a_name_counts_while_it_is_borne(void **state)
{
	const struct target target = {.comms = {"echo-client", "a"},
				      .comms_len = 2};
	struct tasks tasks;

	(void)state;
	tasks_init(&tasks, &target, SELF);
	tasks_new(&tasks, 50, 100, false, "sh");
	assert_int_equal(tasks_whose(&tasks, 100), TASK_NOBODYS);
	tasks_rename(&tasks, 100, "echo-client");
	assert_int_equal(tasks_whose(&tasks, 100), TASK_FOLLOWED);
	tasks_new(&tasks, 100, 101, true, "echo-client");
	tasks_rename(&tasks, 101, "ab");
	assert_int_equal(tasks_whose(&tasks, 101), TASK_NOBODYS);
	tasks_rename(&tasks, 101, "a");
	assert_int_equal(tasks_whose(&tasks, 101), TASK_FOLLOWED);
	tasks_fini(&tasks);
}

static void everybody_but_the_tracer(void **state)
{
	const struct target target = {.everybody = true};
	struct tasks tasks;

	(void)state;
	tasks_init(&tasks, &target, SELF);
	tasks_look(&tasks);
	assert_int_equal(tasks_whose(&tasks, 1), TASK_FOLLOWED);
	assert_int_equal(tasks_whose(&tasks, SELF), TASK_CONTROL);
	tasks_fini(&tasks);
}

static void those_that_run_already_are_found(void **state)
{
	struct target target = {.pid = getpid()};
	struct tasks tasks;

	(void)state;
	tasks_init(&tasks, &target, SELF);
	tasks_look(&tasks);
	assert_int_equal(tasks_whose(&tasks, getpid()), TASK_FOLLOWED);
	assert_int_equal(tasks_whose(&tasks, getppid()), TASK_NOBODYS);
	tasks_fini(&tasks);
	target = (struct target){.comms = {"test_tasks"}, .comms_len = 1};
	tasks_init(&tasks, &target, SELF);
	tasks_look(&tasks);
	assert_int_equal(tasks_whose(&tasks, getpid()), TASK_FOLLOWED);
	assert_int_equal(tasks_whose(&tasks, getppid()), TASK_NOBODYS);
	tasks_fini(&tasks);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(a_process_is_followed_with_its_threads),
	cmocka_unit_test(a_command_is_followed_with_its_children),
	cmocka_unit_test(a_name_counts_while_it_is_borne),
	cmocka_unit_test(everybody_but_the_tracer),
	cmocka_unit_test(those_that_run_already_are_found),
};

TAP_MAIN(tests)
