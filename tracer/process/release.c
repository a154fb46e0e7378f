// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Leaves slow close(2) calls to a child. See release.h. */
#include "release.h"

#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Above every descriptor of a run: the kernel uses the lowest free one. */
#define DESCRIPTORS 4096

/* Closes files, pipes, sockets and terminals: readers wait for their end. */
static void close_what_others_wait_for(void)
{
	for (int fd = 0; fd < DESCRIPTORS; fd++) {
		struct stat about;

		/* BPF and perf descriptors have no type: anon_inode */
		if (!fstat(fd, &about) && (about.st_mode & S_IFMT))
			close(fd);
	}
}

void release_in_child(void)
{
	if (fork() != 0)
		return;
	prctl(PR_SET_NAME, "tracer-release");
	setsid();
	close_what_others_wait_for();
	_exit(0);
}
