// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Files that follow one another. See rotation.h. */
#include "rotation.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "new_file.h"

struct rotation {
	struct rotation_limits limits;
	FILE *files[ROTATION_FILES_MAX];
	unsigned int len, at;
	uint64_t bytes; /* in the file that is written now */
	bool turned;
};

static int rotation_path(char path[ROTATION_PATH], const char *first,
			 unsigned int i)
{
	int len = i ? snprintf(path, ROTATION_PATH, "%s.%u", first, i) :
		      snprintf(path, ROTATION_PATH, "%s", first);

	return len < ROTATION_PATH ? 0 : -ENAMETOOLONG;
}

/* They are new: this process has made them. */
static void remove_made(struct rotation *rotation, const char *first)
{
	char path[ROTATION_PATH];

	for (unsigned int i = 0; i < rotation->len; i++)
		if (!rotation_path(path, first, i))
			unlink(path);
}

int rotation_open(struct rotation **out, const char *path,
		  const struct rotation_limits *limits,
		  char refused[ROTATION_PATH])
{
	struct rotation *rotation = calloc(1, sizeof(*rotation));
	unsigned int files = limits->files ? limits->files : 1;
	int err = 0;

	*out = NULL;
	if (!rotation)
		return -ENOMEM;
	rotation->limits = *limits;
	while (!err && rotation->len < files) {
		err = rotation_path(refused, path, rotation->len);
		if (!err)
			err = new_file_open(&rotation->files[rotation->len],
					    refused, limits->overwrite);
		rotation->len += !err;
	}
	if (err) {
		remove_made(rotation, path);
		rotation_close(rotation);
		return err;
	}
	*out = rotation;
	return 0;
}

FILE *rotation_file(const struct rotation *rotation)
{
	return rotation->files[rotation->at];
}

bool rotation_has_turned(const struct rotation *rotation)
{
	return rotation->turned;
}

static int rotation_turn(struct rotation *rotation)
{
	FILE *next;

	errno = 0;
	if (fflush(rotation_file(rotation)))
		return errno ? -errno : -EIO;
	rotation->at = (rotation->at + 1) % rotation->len;
	rotation->turned = true;
	rotation->bytes = 0;
	next = rotation_file(rotation);
	rewind(next);
	return ftruncate(fileno(next), 0) ? -errno : 1;
}

int rotation_make_room(struct rotation *rotation, size_t bytes)
{
	uint64_t max = rotation->limits.max_bytes;

	/* a file has something in it, however small the limit is */
	if (!max || !rotation->bytes || rotation->bytes + bytes <= max)
		return 0;
	return rotation->len > 1 ? rotation_turn(rotation) : -EFBIG;
}

void rotation_wrote(struct rotation *rotation, size_t bytes)
{
	rotation->bytes += bytes;
}

int rotation_close(struct rotation *rotation)
{
	int err = 0;

	if (!rotation)
		return 0;
	for (unsigned int i = 0; i < rotation->len; i++) {
		errno = 0;
		if (fclose(rotation->files[i]) && !err)
			err = errno ? -errno : -EIO;
	}
	free(rotation);
	return err;
}
