// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Prepares and fills the table of followed processes. See followed.h. */
#include "followed.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "process/warn.h"

static struct bpf_program *followed_program(const struct bpf_object *object,
					    const char *name)
{
	return bpf_object__find_program_by_name(object, name);
}

void followed_prepare(struct bpf_object *object, const struct target *target)
{
	struct bpf_map *map = bpf_object__find_map_by_name(object, "followed");

	if (target->processes)
		bpf_map__set_max_entries(map, target->processes);
	bpf_program__set_autoattach(followed_program(object, "meet_tracer"),
				    false);
	bpf_program__set_autoattach(followed_program(object, "follow_running"),
				    false);
}

int followed_meet(struct bpf_object *object)
{
	LIBBPF_OPTS(bpf_test_run_opts, options);
	int fd = bpf_program__fd(followed_program(object, "meet_tracer"));

	return bpf_prog_test_run_opts(fd, &options) ? -errno : 0;
}

int followed_walk(struct bpf_program *walker)
{
	struct bpf_link *link = bpf_program__attach_iter(walker, NULL);
	int fd, err = 0;
	char nothing;

	if (!link)
		return -errno;
	fd = bpf_iter_create(bpf_link__fd(link));
	if (fd < 0)
		err = -errno;
	else if (read(fd, &nothing, sizeof(nothing)) < 0)
		err = -errno;
	if (fd >= 0)
		close(fd);
	bpf_link__destroy(link);
	return err;
}

int followed_take(struct bpf_object *object, const struct target *target,
		  const struct followed_counts *counts, char *why, size_t size)
{
	int err = followed_walk(followed_program(object, "follow_running"));

	if (err) {
		snprintf(why, size, "cannot list the processes: %s",
			 strerror(-err));
		return err;
	}
	if (!target->pid || counts->taken)
		return 0;
	snprintf(why, size,
		 "process %d has ended, or is in another pid namespace",
		 target->pid);
	return -ESRCH;
}

void followed_say_left_out(const struct followed_counts *counts)
{
	unsigned long long left_out = counts->left_out;

	if (left_out)
		warn_line("%llu process%s of that name in other network "
			  "namespaces %s left out: --all-netns follows them, "
			  "too",
			  left_out, left_out == 1 ? "" : "es",
			  left_out == 1 ? "was" : "were");
}
