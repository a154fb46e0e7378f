// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Makes an output file that a user has named, and never writes to one that was
 * there before.
 *
 *   in:  a path
 *   out: a stream
 */
#include "new_file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int new_file_open(FILE **file, const char *path)
{
	int fd =
		open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		     0644);

	*file = NULL;
	if (fd < 0)
		return -errno;
	*file = fdopen(fd, "w");
	if (*file)
		return 0;
	close(fd);
	return -ENOMEM;
}
