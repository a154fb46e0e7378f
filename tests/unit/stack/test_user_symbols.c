// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * user_symbols.c, elf_symbols.c: names from files that somebody else has made.
 * Run by root, a stranger makes them: user 5002.
 */
#include "tap_main.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "stack/elf_symbols.h"
#include "stack/user_symbols.h"

#define STRANGER 5002

static char folder[64];
static struct mappings mappings;
static struct user_symbols symbols;

static int make_folder(void **state)
{
	(void)state;
	alarm(60); /* what hangs fails */
	strcpy(folder, "/tmp/dialtone-test.XXXXXX");
	mappings = (struct mappings){0};
	if (!mkdtemp(folder))
		return -1;
	return getuid() ? 0 : chown(folder, STRANGER, STRANGER);
}

static int remove_folder(void **state)
{
	char command[128];

	(void)state;
	user_symbols_fini(&symbols);
	mappings_fini(&mappings);
	snprintf(command, sizeof(command), "rm -r %s", folder);
	alarm(0);
	return system(command);
}

static const char *in_folder(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

/* Runs @make for the file of that name, as the stranger. */
static void stranger_makes(const char *name, int (*make)(const char *path))
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		if (!getuid() && (setgroups(0, NULL) || setgid(STRANGER) ||
				  setuid(STRANGER)))
			_exit(1);
		_exit(make(in_folder(name)) != 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static int make_fifo(const char *path)
{
	return mkfifo(path, 0666);
}

static int make_link(const char *path)
{
	return symlink("/bin/sh", path);
}

static int make_folder_link(const char *path)
{
	return symlink("/usr", path);
}

static int make_sparse(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0644);

	return fd < 0 || ftruncate(fd, 1LL << 40);
}

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void map(const char *path)
{
	struct mapping mapping = {
		.start = 0x1000, .end = 0x10000000, .path = path};

	assert_int_equal(mappings_add(&mappings, 7, &mapping), 0);
	user_symbols_init(&symbols, &mappings);
}

static const char *name_of(uint64_t address)
{
	static char buf[FRAME_NAME];
	struct user_address at = {.pid = 7, .ns = 1, .address = address};

	symbols.namer.name(&symbols.namer, &at, buf);
	return buf;
}

/* What stack --user of version 1 waited for, whatever signal it was sent. */
static void a_fifo_is_not_waited_for(void **state)
{
	(void)state;
	stranger_makes("y.so (deleted)", make_fifo);
	assert_int_equal(elf_symbols_open(in_folder("y.so (deleted)")),
			 -EINVAL);
	map(in_folder("y.so (deleted)"));
	assert_string_equal(name_of(0x1234), "[y.so (deleted)]+0x234");
	assert_int_equal(symbols.unread, 0);
}

static void a_device_is_not_opened(void **state)
{
	(void)state;
	assert_int_equal(elf_symbols_open("/dev/zero"), -EINVAL);
	assert_int_equal(elf_symbols_open("/dev/tty"), -EINVAL);
	assert_int_equal(elf_symbols_open(folder), -EINVAL);
}

static void a_link_is_not_followed(void **state)
{
	(void)state;
	stranger_makes("link.so", make_link);
	stranger_makes("bin", make_folder_link);
	assert_int_equal(elf_symbols_open(in_folder("link.so")), -EINVAL);
	assert_int_equal(elf_symbols_open(in_folder("bin/bin/env")), -ELOOP);
}

static void a_file_of_a_terabyte_is_not_read(void **state)
{
	(void)state;
	stranger_makes("large.so", make_sparse);
	assert_int_equal(elf_symbols_open(in_folder("large.so")), -EFBIG);
	map(in_folder("large.so"));
	assert_string_equal(name_of(0x1010), "[large.so]+0x10");
}

/* As a file that takes for ever: the reader is stopped. */
static void the_time_for_all_files_is_limited(void **state)
{
	int64_t begin;

	(void)state;
	map("/usr/bin/env");
	name_of(0x1010);
	assert_true(symbols.pid > 0);
	assert_int_equal(kill(symbols.pid, SIGSTOP), 0);
	begin = now_ns();
	symbols.limit_ns = begin + 300000000;
	assert_string_equal(name_of(0x1020), "[env]+0x20");
	assert_true(now_ns() - begin < 5000000000LL);
	assert_int_equal(symbols.pid, 0);
	assert_string_equal(name_of(0x1030), "[env]+0x30");
	assert_int_equal(symbols.unread, 2);
}

static void a_reader_that_dies_ends_nothing(void **state)
{
	(void)state;
	map("/usr/bin/env");
	name_of(0x1010);
	assert_int_equal(kill(symbols.pid, SIGKILL), 0);
	assert_string_equal(name_of(0x1020), "[env]+0x20");
	assert_int_equal(symbols.unread, 1);
}

/* This program's own symbol, by its place in the file. */
static void a_function_is_named(void **state)
{
	char line[4352], path[4096];
	FILE *file = fopen("/proc/self/maps", "re");
	uint64_t start = 0, end, offset, at = (uintptr_t)a_function_is_named;
	int got;

	(void)state;
	assert_non_null(file);
	do {
		assert_non_null(fgets(line, sizeof(line), file));
		got = sscanf(line,
			     "%" SCNx64 "-%" SCNx64 " %*s %" SCNx64
			     " %*s %*s %4095s",
			     &start, &end, &offset, path);
	} while (got != 4 || at < start || at >= end);
	fclose(file);
	map(path);
	assert_string_equal(name_of(at - start + offset + 0x1000),
			    "a_function_is_named+0x0 [test_user_symbols]");
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, make_folder, remove_folder)

static const struct CMUnitTest tests[] = {
	TEST(a_fifo_is_not_waited_for),
	TEST(a_device_is_not_opened),
	TEST(a_link_is_not_followed),
	TEST(a_file_of_a_terabyte_is_not_read),
	TEST(the_time_for_all_files_is_limited),
	TEST(a_reader_that_dies_ends_nothing),
	TEST(a_function_is_named),
};

TAP_MAIN(tests)
