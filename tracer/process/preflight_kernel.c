// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Checks what the kernel has, shows and allows. It changes nothing. A condition
 * that cannot be checked counts as met: the self-test finds the problem anyway,
 * with a less helpful message.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bpf/event.h"
#include "preflight.h"

/* The first line of a small file of proc, sysfs or tracefs. */
static bool kernel_read_line(const char *path, char *line, size_t size)
{
	FILE *file = fopen(path, "re");
	bool got;

	if (!file)
		return false;
	got = fgets(line, size, file) != NULL;
	fclose(file);
	line[got ? strcspn(line, "\n") : 0] = '\0';
	return got;
}

/* The number in @path, or @fallback if it cannot be read. */
static long kernel_read_number(const char *path, long fallback)
{
	char line[64];

	return kernel_read_line(path, line, sizeof(line)) ? atol(line) :
							    fallback;
}

static bool is_mounted(const char *path, unsigned long magic)
{
	struct statfs fs;

	return statfs(path, &fs) == 0 && (unsigned long)fs.f_type == magic;
}

/* An unknown command is EINVAL (bpf(2)); no such call at all is ENOSYS. */
bool kernel_has_bpf(void)
{
	return syscall(SYS_bpf, -1, NULL, 0) == 0 || errno != ENOSYS;
}

/* Containers cover the parts of /sys that they hide with a tmpfs. */
bool kernel_shows_sysfs(void)
{
	return is_mounted("/sys/kernel", SYSFS_MAGIC);
}

/* If it is masked, it is /dev/null: it exists, but is not BTF. */
bool kernel_has_btf(void)
{
	FILE *file = fopen("/sys/kernel/btf/vmlinux", "re");
	bool any;

	if (!file)
		return false;
	any = getc(file) != EOF;
	fclose(file);
	return any;
}

/* Lockdown "confidentiality" forbids any reading of kernel memory. */
bool kernel_not_locked_down(void)
{
	char line[128];

	return !kernel_read_line("/sys/kernel/security/lockdown", line,
				 sizeof(line)) ||
	       !strstr(line, "[confidentiality]");
}

/* The perf "kprobe" source (Linux 4.17), which libbpf attaches through. */
bool kernel_has_kprobes(void)
{
	return access("/sys/bus/event_source/devices/kprobe/type", R_OK) == 0;
}

/* If this is 0, kprobes can be attached as usual, and none fires. */
bool kernel_kprobes_armed(void)
{
	return kernel_read_number("/sys/kernel/debug/kprobes/enabled", 1) != 0;
}

/*
 * A kprobe at the beginning of a function uses ftrace
 * (CONFIG_KPROBES_ON_FTRACE): this switch silences it, like the one above.
 */
bool kernel_ftrace_on(void)
{
	return kernel_read_number("/proc/sys/kernel/ftrace_enabled", 1) != 0;
}

/* /sys/kernel/tracing, or its place before 4.1: in debugfs. */
bool kernel_has_tracefs(void)
{
	return is_mounted("/sys/kernel/tracing", TRACEFS_MAGIC) ||
	       is_mounted("/sys/kernel/debug/tracing", TRACEFS_MAGIC);
}

/* A file of tracefs, wherever that is mounted. A descriptor, or -errno. */
static int open_tracefs(const char *name)
{
	static const char *const places[] = {"/sys/kernel/tracing",
					     "/sys/kernel/debug/tracing"};
	char path[128];
	int fd = -1;

	for (int i = 0; i < 2 && fd < 0; i++) {
		if (!is_mounted(places[i], TRACEFS_MAGIC))
			continue;
		snprintf(path, sizeof(path), "%s/%s", places[i], name);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			return -errno;
	}
	return fd < 0 ? -EACCES : fd; /* not mounted: another condition */
}

/* An ordinary user may not look (EACCES); lockdown is EPERM, also for root. */
bool kernel_lists_functions(void)
{
	int fd = open_tracefs("available_filter_functions");

	if (fd >= 0)
		close(fd);
	return fd >= 0 || fd == -EACCES;
}

bool kernel_has_graph(void)
{
	char tracers[512];
	int fd = open_tracefs("available_tracers");
	ssize_t len;

	if (fd < 0)
		return true;
	len = read(fd, tracers, sizeof(tracers) - 1);
	close(fd);
	tracers[len < 0 ? 0 : len] = '\0';
	return len < 0 || strstr(tracers, "function_graph");
}

bool kernel_tracer_free(void)
{
	char line[64];

	return !kernel_read_line("/sys/kernel/tracing/current_tracer", line,
				 sizeof(line)) ||
	       strcmp(line, "nop") == 0;
}

/*
 * /proc/kallsyms with addresses that are not all zero (kptr_restrict): the
 * first function's, since data of each processor does begin at 0.
 */
bool kernel_shows_addresses(void)
{
	FILE *file = fopen("/proc/kallsyms", "re");
	unsigned long long address = 0;
	char line[512], type = 0;

	while (file && fgets(line, sizeof(line), file) &&
	       (sscanf(line, "%llx %c", &address, &type) != 2 ||
		!strchr("tT", type)))
		address = 0;
	if (file)
		fclose(file);
	return address != 0;
}

/*
 * bpf_get_stack() fails with EINVAL if it is asked for more frames than this.
 */
bool kernel_stacks_deep(void)
{
	return kernel_read_number("/proc/sys/kernel/perf_event_max_stack",
				  STACK_FRAMES) >= STACK_FRAMES;
}

/*
 * Tries it, because five switches of three distributions can forbid it. In a
 * child: a process cannot leave the new namespace.
 */
bool kernel_has_user_namespaces(void)
{
	int status = 1;
	pid_t pid = fork();

	if (pid == 0)
		_exit(unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return true;
	return status == 0;
}
