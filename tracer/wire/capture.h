/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The third witness: packets as they cross the network interfaces, through
 * libpcap.
 *
 *   in: an interface, a filter    out: a record per packet, or a pcap file
 *
 * A capture sees one network namespace: that in which it was opened.
 */
#ifndef DIALTONE_CAPTURE_H
#define DIALTONE_CAPTURE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "record/record.h"
#include "record/rotation.h"

#define CAPTURE_ERROR_LEN 1024

struct kept;

struct capture_options {
	const char *iface;  /* NULL or "any": all, also later ones */
	const char *filter; /* pcap-filter(7); NULL: everything */
	uint32_t snapshot;  /* bytes kept of a packet; 0: 256, for headers */
	uint32_t buffer;    /* bytes of the kernel's ring; 0: 16 MiB */
	/* capture_drain() keeps here what was captured; NULL: nowhere */
	struct kept *kept;
};

/* Counts of the packets that the kernel handed over. */
struct capture_counts {
	uint64_t records;     /* UDP and TCP: a record each */
	uint64_t saved;       /* written by capture_save() */
	uint64_t icmp_errors; /* a record each, if they quote ports */
	uint64_t fragments;   /* later ones without a first: skipped */
	uint64_t others;      /* ARP, ICMP echo, neither UDP nor TCP */
	uint64_t broken;      /* malformed, or cut off inside a header */
};

struct capture;

/*
 * Opens a capture and starts it. Packets that are sent after it has returned
 * are seen. To be freed with capture_close().
 *
 * Returns 0, or a negative errno and a sentence, without a newline, in @error:
 *   -ENODEV    no such interface
 *   -ENETDOWN  the interface is down
 *   -EPERM     not permitted
 *   -EINVAL    libpcap does not understand the filter
 *   -ENOMEM, -EIO  what libpcap says
 */
int capture_open(struct capture **capture,
		 const struct capture_options *options,
		 char error[static CAPTURE_ERROR_LEN]);

/* A descriptor that poll(2) finds readable when packets wait. */
int capture_fd(const struct capture *capture);

/*
 * Pushes a record (RECORD_PACKET, WITNESS_WIRE) into @sink for each waiting UDP
 * and TCP packet. All packets that arrived before the call are pushed. The first
 * one that arrived after it is the last, so that it returns under any load. 0, or
 * -errno: the sink's, or -EIO (capture_error()).
 *
 * direction: on lo each packet is seen once, on its way in, as with tcpdump;
 * between two interfaces of the same namespace once out and once in.
 */
int capture_drain(struct capture *capture, struct record_sink *sink);

/*
 * Writes the header of a pcap file with nanoseconds, or of a pcapng file, to the
 * file of @rotation, to which capture_save() then appends. Takes @rotation over, whatever it returns:
 * 0, or -errno (capture_error()).
 */
int capture_save_to(struct capture *capture, bool pcapng,
		    struct rotation *rotation);

/*
 * Appends the waiting packets, at most @max, and flushes the file. Returns how
 * many, 0 if none waits, or -errno (of writing, or -EIO, and then
 * capture_error() has the reason). Nothing is saved any more when the only file
 * has reached its limit.
 */
int capture_save(struct capture *capture, unsigned int max);

/* Has it? */
bool capture_is_full(const struct capture *capture);

/* Closes the files. 0, or -errno if the last of it could not be written. */
int capture_save_end(struct capture *capture);

/*
 * How many packets, since the beginning, passed the filter and found no room in
 * the kernel's ring.
 */
uint64_t capture_lost(struct capture *capture);

/*
 * How many packets could not be decoded: malformed, cut off inside their
 * headers, or the later fragment of one whose first fragment was not seen.
 */
uint64_t capture_unread(const struct capture *capture);

/*
 * Is the kernel's ring empty? A ring of whole packets hands them over in
 * blocks, up to 20 ms late.
 */
bool capture_is_empty(struct capture *capture);

const struct capture_counts *capture_counts(const struct capture *capture);

/* What libpcap said of the last error; valid until the next call. */
const char *capture_error(const struct capture *capture);

/* NULL is allowed. */
void capture_close(struct capture *capture);

#endif
