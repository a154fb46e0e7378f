// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* See savefile.h. */
#include "savefile.h"

#include <errno.h>
#include <stdlib.h>

#define FILE_BUFFER (1U << 16)
/* pcap-savefile(5): of the file, and of each packet */
#define FILE_HEADER   24
#define PACKET_HEADER 16

struct savefile {
	pcap_t *handle;
	struct rotation *rotation; /* NULL: libpcap has closed the file */
};

/* The header of a file of the rotation; at its beginning. */
static int begin_file(struct savefile *savefile)
{
	FILE *file = rotation_file(savefile->rotation);

	if (!pcap_dump_fopen(savefile->handle, file)) {
		savefile->rotation = NULL;
		return -EIO;
	}
	/*
	 * libpcap 1.10 has made it unbuffered: two writes a packet. glibc lets
	 * the buffer be changed between operations, not only before the first.
	 */
	setvbuf(file, NULL, _IOFBF, FILE_BUFFER);
	rotation_wrote(savefile->rotation, FILE_HEADER);
	return 0;
}

int savefile_open(struct savefile **savefile, pcap_t *handle,
		  struct rotation *rotation)
{
	struct savefile *new = calloc(1, sizeof(*new));
	int err;

	*savefile = NULL;
	if (!new) {
		rotation_close(rotation);
		return -ENOMEM;
	}
	new->handle = handle;
	new->rotation = rotation;
	err = begin_file(new);
	if (err)
		savefile_close(new);
	else
		*savefile = new;
	return err;
}

int savefile_add(struct savefile *savefile, const struct pcap_pkthdr *header,
		 const unsigned char *bytes)
{
	size_t size = PACKET_HEADER + header->caplen;
	int err = rotation_make_room(savefile->rotation, size);
	FILE *file;

	if (err == 1)
		err = begin_file(savefile);
	if (err)
		return err;
	file = rotation_file(savefile->rotation);
	errno = 0;
	pcap_dump((unsigned char *)file, header, bytes);
	if (ferror(file))
		return errno ? -errno : -EIO;
	rotation_wrote(savefile->rotation, size);
	return 0;
}

int savefile_flush(struct savefile *savefile)
{
	return fflush(rotation_file(savefile->rotation)) ? -errno : 0;
}

int savefile_close(struct savefile *savefile)
{
	int err;

	if (!savefile)
		return 0;
	err = rotation_close(savefile->rotation);
	free(savefile);
	return err;
}
