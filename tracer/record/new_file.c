// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Makes an output file that a user has named. It never writes to one that was
 * there before, unless the user has said so.
 *
 *   in:  a path
 *   out: a stream
 */
#include "new_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * An ordinary file of one name: neither a device nor a FIFO, nor a hard link to
 * another file, which a neighbour may have made in a folder for all users.
 */
static int new_file_replace(const char *path)
{
	struct stat file;
	int fd = open(path, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	int err;

	if (fd < 0)
		return errno == ENXIO ? -EINVAL : -errno;
	err = fstat(fd, &file) ? -errno : 0;
	if (!err && (!S_ISREG(file.st_mode) || file.st_nlink != 1))
		err = -EINVAL;
	if (!err && ftruncate(fd, 0))
		err = -errno;
	if (!err)
		return fd;
	close(fd);
	return err;
}

/* A descriptor, or -errno. */
static int new_file_descriptor(const char *path, bool overwrite)
{
	int fd;

	if (new_file_is_stdout(path))
		fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	else
		fd = open(path,
			  O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			  0644);
	if (fd < 0 && errno == EEXIST && overwrite)
		return new_file_replace(path);
	return fd < 0 ? -errno : fd;
}

const char *new_file_why(int err)
{
	switch (err) {
	case -EEXIST:
		return "it exists; -f overwrites it";
	case -ELOOP:
		return "it is a symbolic link";
	case -EINVAL:
		return "it exists, and is not an ordinary file with one name";
	default:
		return strerror(-err);
	}
}

bool new_file_is_stdout(const char *path)
{
	return path && strcmp(path, "-") == 0;
}

int new_file_open(FILE **file, const char *path, bool overwrite)
{
	int fd = new_file_descriptor(path, overwrite), err;

	*file = NULL;
	if (fd < 0)
		return fd;
	*file = fdopen(fd, "w");
	if (!*file) { /* EINVAL: it cannot be written to */
		err = errno == EINVAL ? -EBADF : -ENOMEM;
		close(fd);
		return err;
	}
	if (new_file_is_stdout(path)) /* its reader gets each line at once */
		setvbuf(*file, NULL, _IOLBF, BUFSIZ);
	return 0;
}
