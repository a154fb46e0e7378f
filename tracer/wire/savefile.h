/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The files that captured packets are saved to.
 *
 *   in: packets as libpcap hands them over    out: pcap, with nanoseconds; or
 *   pcapng, which has the direction of each, and how many were lost
 *
 * libpcap writes pcap only.
 */
#ifndef DIALTONE_SAVEFILE_H
#define DIALTONE_SAVEFILE_H

#include <pcap/pcap.h>
#include <stdbool.h>
#include <stdint.h>

#include "record/rotation.h"

struct savefile;

/*
 * Writes the header of a file of packets from @iface (LINUX_SLL2) to @rotation,
 * and takes @rotation over, whatever it returns: 0, or -errno; -EIO:
 * pcap_geterr(@handle) has the reason.
 */
int savefile_open(struct savefile **savefile, pcap_t *handle, bool pcapng,
		  const char *iface, struct rotation *rotation);

/* Appends a packet. 0; -EFBIG: the only file is full; or -errno of writing. */
int savefile_add(struct savefile *savefile, const struct pcap_pkthdr *header,
		 const unsigned char *bytes);

/* Writes what waits in the buffer to the file. 0 or -errno. */
int savefile_flush(struct savefile *savefile);

/*
 * Writes how many packets were lost, where the format has a place for that. 0,
 * or the first -errno of writing. Takes NULL.
 */
int savefile_close(struct savefile *savefile, uint64_t lost);

#endif
