// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Enters another network namespace. See netns.h.
 *
 *   in:  --netns, --container; /run/netns, /proc/PID/ns/net, /proc/PID/cgroup
 *   out: this process is in that namespace (setns(2))
 */
#include "netns.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "arguments.h"
#include "warn.h"

#define NAMES    "/run/netns" /* ip-netns(8) */
#define ID_LEAST 4            /* digits of a container's ID */

static bool is_pid(const char *text)
{
	uint64_t pid;

	return argument_is_number(text, 1, INT_MAX, &pid);
}

/* A name comes before the same number as a PID. */
static void find_path(const char *netns, char path[PATH_MAX])
{
	bool is_path = strchr(netns, '/');

	snprintf(path, PATH_MAX, "%s%s", is_path ? "" : NAMES "/", netns);
	if (!is_path && is_pid(netns) && access(path, F_OK))
		snprintf(path, PATH_MAX, "/proc/%s/ns/net", netns);
}

static int no_such_netns(const char *netns)
{
	char names[512] = "";
	size_t used = 0;
	struct dirent *entry;
	DIR *dir;

	if (strchr(netns, '/') || is_pid(netns)) {
		warn_line("--netns: there is no %s %s",
			  strchr(netns, '/') ? "file" : "process", netns);
		return EX_USAGE;
	}
	dir = opendir(NAMES);
	while (dir && used < sizeof(names) && (entry = readdir(dir)))
		if (*entry->d_name != '.')
			used += (size_t)snprintf(
				names + used, sizeof(names) - used, "%s%s",
				used ? ", " : "; there are: ", entry->d_name);
	if (dir)
		closedir(dir);
	warn_line("--netns: there is no network namespace '%s'%s", netns,
		  names);
	return EX_USAGE;
}

static int enter_path(const char *option, const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC), err = 0;

	if (fd < 0 || setns(fd, CLONE_NEWNET))
		err = errno;
	if (fd >= 0)
		close(fd);
	if (!err)
		return EX_OK;
	if (err == EPERM || err == EACCES) {
		warn_line("%s: entering another network namespace needs root; "
			  "run it with sudo",
			  option);
		return EXIT_CANNOT_TRACE;
	}
	if (err == EINVAL)
		warn_line("%s: %s is not a network namespace", option, path);
	else
		warn_line("%s: %s: %s", option, path, strerror(err));
	return EX_USAGE;
}

/*
 * "docker-0123abcd.scope", "libpod-0123abcd.scope", "cri-containerd-0123abcd.scope",
 * "0123abcd": the digits, or NULL. The monitor of podman is not in the container.
 */
static const char *container_of_part(const char *part, size_t len)
{
	static const char monitor[] = "libpod-conmon-";
	size_t from = len;

	if (len > 6 && strncmp(part + len - 6, ".scope", 6) == 0)
		len -= 6;
	if (strncmp(part, monitor, strlen(monitor)) == 0)
		return NULL;
	for (from = len; from && isxdigit((unsigned char)part[from - 1]);)
		from--;
	return len - from >= 12 && (!from || part[from - 1] == '-') ?
		       part + from :
		       NULL;
}

/* The ID of a process's container, if it begins with @id, into @found. */
static bool is_in_container(const char *pid, const char *id, char found[128])
{
	char path[64], line[PATH_MAX];
	bool is_in = false;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%.20s/cgroup", pid);
	file = fopen(path, "re");
	while (file && !is_in && fgets(line, sizeof(line), file)) {
		char *save, *part = strtok_r(line, "/\n", &save);

		for (; part && !is_in; part = strtok_r(NULL, "/\n", &save)) {
			const char *digits =
				container_of_part(part, strlen(part));

			is_in = digits && !strncmp(digits, id, strlen(id));
			if (is_in)
				snprintf(
					found, 128, "%.*s",
					(int)strspn(digits, "0123456789abcdef"),
					digits);
		}
	}
	if (file)
		fclose(file);
	return is_in;
}

int netns_container(const char *id)
{
	char first[128] = "", found[128];
	struct dirent *entry;
	DIR *dir = opendir("/proc");
	int pid = 0;

	while (dir && pid >= 0 && (entry = readdir(dir))) {
		if (!is_pid(entry->d_name) ||
		    !is_in_container(entry->d_name, id, found))
			continue;
		if (*first && strcmp(first, found) != 0)
			pid = -1;
		else if (!*first)
			pid = atoi(entry->d_name);
		memcpy(first, found, sizeof(first));
	}
	if (dir)
		closedir(dir);
	return pid;
}

static int enter_container(const char *id)
{
	char path[64];
	int pid;

	if (strlen(id) < ID_LEAST ||
	    id[strspn(id, "0123456789abcdef")] != '\0') {
		warn_line("--container takes an ID, at least %d digits of it, "
			  "not '%s': `docker ps` and `podman ps` print it",
			  ID_LEAST, id);
		return EX_USAGE;
	}
	pid = netns_container(id);
	if (pid <= 0) {
		warn_line("--container: %s containers of this machine have an "
			  "ID that begins with %s",
			  pid ? "two" : "no", id);
		return EX_USAGE;
	}
	snprintf(path, sizeof(path), "/proc/%d/ns/net", pid);
	return enter_path("--container", path);
}

int netns_enter(const char *netns, const char *container)
{
	char path[PATH_MAX];

	if (container)
		return enter_container(container);
	if (!netns)
		return EX_OK;
	find_path(netns, path);
	if (access(path, F_OK) && errno == ENOENT)
		return no_such_netns(netns);
	return enter_path("--netns", path);
}
