// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* See savefile.h. */
#include "savefile.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/utsname.h>

#include "clock.h"
#include "packet.h"
#include "record/pcapng.h"
#include "record/record.h"

#define FILE_BUFFER (1U << 16)
/* pcap-savefile(5): of the file, and of each packet */
#define FILE_HEADER   24
#define PACKET_HEADER 16

#define STATISTICS    64 /* bytes of the last block of a pcapng file */
#define NS_PER_SECOND 1000000000ULL

struct savefile {
	pcap_t *handle;
	struct rotation *rotation; /* NULL: libpcap has closed the file */
	char iface[IFNAME_BYTES];
	char kernel[2 * sizeof(((struct utsname *)0)->release)];
	uint64_t packets;
	struct pcapng_block *block; /* NULL: pcap */
};

static int begin_pcapng(struct savefile *savefile)
{
	FILE *file = rotation_file(savefile->rotation);
	size_t bytes;

	errno = 0;
	bytes = pcapng_write_section(file, savefile->block, savefile->kernel,
				     NULL, 0);
	bytes += pcapng_write_interface(file, savefile->block, savefile->iface,
					savefile->kernel);
	if (ferror(file))
		return errno ? -errno : -EIO;
	rotation_wrote(savefile->rotation, bytes);
	savefile->packets = 0;
	return 0;
}

static int begin_pcap(struct savefile *savefile)
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

/* The header of a file of the rotation; at its beginning. */
static int begin_file(struct savefile *savefile)
{
	return savefile->block ? begin_pcapng(savefile) : begin_pcap(savefile);
}

int savefile_open(struct savefile **savefile, pcap_t *handle, bool pcapng,
		  const char *iface, struct rotation *rotation)
{
	struct savefile *new = calloc(1, sizeof(*new));
	struct utsname kernel;
	int err = -ENOMEM;

	*savefile = NULL;
	if (pcapng && new)
		new->block = malloc(sizeof(*new->block));
	if (!new || (pcapng && !new->block)) {
		free(new);
		rotation_close(rotation);
		return err;
	}
	uname(&kernel);
	snprintf(new->kernel, sizeof(new->kernel), "Linux %s", kernel.release);
	snprintf(new->iface, sizeof(new->iface), "%s", iface);
	new->handle = handle;
	new->rotation = rotation;
	err = begin_file(new);
	if (err)
		savefile_close(new, 0);
	else
		*savefile = new;
	return err;
}

/* These two append a packet; they return its bytes in the file. */
static size_t add_pcapng(const struct savefile *savefile,
			 const struct pcap_pkthdr *header,
			 const unsigned char *bytes)
{
	struct packet decoded = {0};
	struct pcapng_packet packet = {
		/* tv_usec holds nanoseconds, as was asked for */
		.ns = (uint64_t)header->ts.tv_sec * NS_PER_SECOND +
		      (uint64_t)header->ts.tv_usec,
		.bytes = bytes,
		.captured = header->caplen,
		.len = header->len,
	};

	packet_decode(&decoded, DLT_LINUX_SLL2, bytes, header->caplen,
		      header->len);
	packet.outgoing = decoded.direction == DIRECTION_OUT;
	pcapng_packet(savefile->block, &packet);
	pcapng_end_of_options(savefile->block);
	return pcapng_write(rotation_file(savefile->rotation), PCAPNG_PACKET,
			    savefile->block);
}

static size_t add_pcap(const struct savefile *savefile,
		       const struct pcap_pkthdr *header,
		       const unsigned char *bytes)
{
	pcap_dump((unsigned char *)rotation_file(savefile->rotation), header,
		  bytes);
	return PACKET_HEADER + header->caplen;
}

int savefile_add(struct savefile *savefile, const struct pcap_pkthdr *header,
		 const unsigned char *bytes)
{
	size_t frame = savefile->block ? PCAPNG_PACKET_FRAME + STATISTICS :
					 PACKET_HEADER;
	int err =
		rotation_make_room(savefile->rotation, frame + header->caplen);
	size_t size;

	if (err == 1)
		err = begin_file(savefile);
	if (err)
		return err;
	errno = 0;
	size = savefile->block ? add_pcapng(savefile, header, bytes) :
				 add_pcap(savefile, header, bytes);
	if (ferror(rotation_file(savefile->rotation)))
		return errno ? -errno : -EIO;
	rotation_wrote(savefile->rotation, size);
	savefile->packets++;
	return 0;
}

int savefile_flush(struct savefile *savefile)
{
	return fflush(rotation_file(savefile->rotation)) ? -errno : 0;
}

int savefile_close(struct savefile *savefile, uint64_t lost)
{
	int err;

	if (!savefile)
		return 0;
	if (savefile->block) /* without packets, too: all may have been lost */
		pcapng_write_statistics(rotation_file(savefile->rotation),
					savefile->block, clock_real_ns(),
					savefile->packets, lost);
	err = rotation_close(savefile->rotation);
	free(savefile->block);
	free(savefile);
	return err;
}
