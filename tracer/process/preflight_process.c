// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Checks what this process may do and has available: capabilities, limits, its
 * network namespace, its libraries.
 */
#include <dirent.h>
#include <limits.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <bpf/libbpf.h>
#include <cap-ng.h>

#include "child.h"
#include "preflight.h"

#define DESCRIPTORS  100        /* two for each probe, maps, programs, files */
#define LOCKED_BYTES (32 << 20) /* maps and programs, with room to spare */

static bool can(unsigned int capability)
{
	return capng_have_capability(CAPNG_EFFECTIVE, capability);
}

/*
 * From Linux 5.8 on CAP_BPF and CAP_PERFMON are enough; before, CAP_SYS_ADMIN.
 */
bool process_has_privilege(void)
{
	return can(CAP_SYS_ADMIN) || (can(CAP_BPF) && can(CAP_PERFMON));
}

/* Debian's and Ubuntu's kernels have 3 and 4, and ask for CAP_SYS_ADMIN. */
bool process_not_paranoid(void)
{
	FILE *file = fopen("/proc/sys/kernel/perf_event_paranoid", "re");
	int level = 0;

	if (file) {
		if (fscanf(file, "%d", &level) != 1)
			level = 0;
		fclose(file);
	}
	return level < 3 || can(CAP_SYS_ADMIN);
}

/*
 * Before 5.11 maps and programs were charged to RLIMIT_MEMLOCK (kernel commit
 * 97306be45fbe brought the memory cgroup in). libbpf raises the limit, where
 * the process may.
 */
bool process_may_lock(void)
{
	struct utsname kernel;
	struct rlimit limit;
	int major, minor;

	uname(&kernel);
	if (sscanf(kernel.release, "%d.%d", &major, &minor) != 2 || major > 5 ||
	    (major == 5 && minor >= 11))
		return true;
	return getrlimit(RLIMIT_MEMLOCK, &limit) ||
	       limit.rlim_max >= LOCKED_BYTES || can(CAP_SYS_RESOURCE);
}

bool process_may_capture(void)
{
	return can(CAP_NET_RAW);
}

static unsigned int open_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	unsigned int count = 0;

	while (dir && readdir(dir))
		count++;
	if (dir)
		closedir(dir);
	return count;
}

bool process_has_descriptors(void)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_NOFILE, &limit) ||
	       limit.rlim_cur >= open_descriptors() + DESCRIPTORS;
}

/* The self-test uses it (netdevice(7), SIOCGIFFLAGS). */
bool process_has_loopback(void)
{
	struct ifreq request = {.ifr_name = "lo"};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool up;

	up = fd < 0 || (ioctl(fd, SIOCGIFFLAGS, &request) == 0 &&
			request.ifr_flags & IFF_UP);
	if (fd >= 0)
		close(fd);
	return up;
}

/*
 * /proc/self/timens_offsets is of the namespace that children will be in, which
 * is the process's own unless it has called unshare(2) (time_namespaces(7)).
 */
bool process_knows_time(void)
{
	struct stat own, childrens;

	return stat("/proc/self/ns/time", &own) ||
	       stat("/proc/self/ns/time_for_children", &childrens) ||
	       own.st_ino == childrens.st_ino;
}

/* The library that is loaded against the headers that were compiled. */
bool process_has_libbpf(void)
{
	unsigned int major = libbpf_major_version();

	return major > LIBBPF_MAJOR_VERSION ||
	       (major == LIBBPF_MAJOR_VERSION &&
		libbpf_minor_version() >= LIBBPF_MINOR_VERSION);
}

bool process_finds_qemu(void)
{
	return child_find("qemu-system-x86_64") == 0;
}
