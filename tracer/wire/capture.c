// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Reads packets from libpcap's ring and turns them into records, or a pcap
 * file.
 *
 *   libpcap's ring ─ packet_decode() ─ clock_stamp() ─► struct record ─► sink
 */
#include "capture.h"

#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "capture_handle.h"
#include "clock.h"
#include "packet.h"
#include "record/kept.h"
#include "savefile.h"

#define NAMES           64
#define RING_DEFAULT    (16U << 20)
#define RING_SLOT_LEAST 128 /* bytes that a packet takes in the ring */
#define NS_PER_SECOND   1000000000ULL

/* Interfaces' names as they were when their first packet was read. */
struct name {
	uint32_t ifindex;
	char text[IFNAME_BYTES];
};

struct capture {
	pcap_t *handle;
	char iface[IFNAME_BYTES];  /* or "any" */
	struct savefile *saved_to; /* NULL: not saving */
	bool full;                 /* --max-size: the only file is */
	struct record_sink *sink;  /* while capture_drain() lasts */
	int err;                   /* of the sink or the file */
	struct kept *kept;         /* NULL: they are not kept */
	uint32_t number;           /* of the packet that is read */
	unsigned int ring_slots;   /* at most: packets that the ring holds */

	struct clock clock;
	uint64_t empty_ns; /* the ring was seen empty later than this */
	uint64_t turn_ns;  /* what is later waits for the next turn */
	struct name names[NAMES];
	struct fragments fragments;

	struct capture_counts counts;
	uint32_t taken;       /* from the ring, modulo 2^32 like ps_recv */
	uint32_t lost_before; /* ps_drop when it was last looked at */
	uint64_t lost;
};

int capture_open(struct capture **capture,
		 const struct capture_options *options,
		 char error[static CAPTURE_ERROR_LEN])
{
	uint32_t ring = options->buffer ? options->buffer : RING_DEFAULT;
	struct capture *new = calloc(1, sizeof(*new));
	int err;

	*capture = NULL;
	if (!new) {
		snprintf(error, CAPTURE_ERROR_LEN, "out of memory");
		return -ENOMEM;
	}
	clock_init(&new->clock);
	new->empty_ns = clock_now_ns();
	new->kept = options->kept;
	snprintf(new->iface, sizeof(new->iface), "%s",
		 options->iface ? options->iface : "any");
	new->ring_slots = ring / RING_SLOT_LEAST;
	err = capture_handle_open(&new->handle, options, error);
	if (err) {
		capture_close(new);
		return err;
	}
	*capture = new;
	return 0;
}

int capture_fd(const struct capture *capture)
{
	return pcap_get_selectable_fd(capture->handle);
}

static void interface_name(struct capture *capture, uint32_t ifindex,
			   char text[static IFNAME_BYTES])
{
	struct name *name = &capture->names[ifindex % NAMES];

	if (name->ifindex != ifindex) {
		name->ifindex = ifindex;
		if (!if_indextoname(ifindex, name->text)) /* gone already */
			snprintf(name->text, sizeof(name->text), "if%u",
				 ifindex);
	}
	memcpy(text, name->text, IFNAME_BYTES);
}

static void push(struct capture *capture, struct record *record)
{
	capture->err = capture->sink->push(capture->sink, record);
	if (capture->err)
		pcap_breakloop(capture->handle);
}

static void push_packet(struct capture *capture, const struct packet *packet,
			uint64_t ts_ns)
{
	struct record record = {
		.type = RECORD_PACKET,
		.ts_ns = ts_ns,
		.proto = packet->proto,
		.local = packet->src,
		.peer = packet->dst,
		.kept = capture->number,
		.packet = {.witness = WITNESS_WIRE,
			   .direction = packet->direction,
			   .len = packet->len,
			   .fragment = packet->later_fragment ? FRAGMENT_LATER :
				       packet->fragment       ? FRAGMENT_FIRST :
								FRAGMENT_NONE,
			   .tcp_flags = packet->tcp_flags,
			   .seq = packet->seq,
			   .ack = packet->ack},
	};

	interface_name(capture, packet->ifindex, record.packet.iface);
	capture->counts.records++;
	push(capture, &record);
}

/* An ICMP error that can be assigned: it quotes ports. */
static bool has_ports(const struct packet_icmp *icmp)
{
	return (icmp->inner_proto == IPPROTO_UDP ||
		icmp->inner_proto == IPPROTO_TCP) &&
	       icmp->inner_src.port && icmp->inner_dst.port;
}

static void push_icmp(struct capture *capture, const struct packet *packet,
		      uint64_t ts_ns)
{
	const struct packet_icmp *icmp = &packet->icmp;
	struct record record = {
		.type = RECORD_ICMP,
		.ts_ns = ts_ns,
		.proto = icmp->inner_proto,
		.local = icmp->inner_src,
		.peer = icmp->inner_dst,
		.kept = capture->number,
		.icmp = {.witness = WITNESS_WIRE,
			 .direction = packet->direction,
			 .type = icmp->type,
			 .code = icmp->code,
			 .from = packet->src},
	};

	interface_name(capture, packet->ifindex, record.icmp.iface);
	push(capture, &record);
}

/* pcap_handler: one packet; tv_usec holds nanoseconds, as was asked for */
static void capture_on_packet(unsigned char *user,
			      const struct pcap_pkthdr *header,
			      const unsigned char *bytes)
{
	struct capture *capture = (struct capture *)user;
	struct capture_counts *counts = &capture->counts;
	struct packet packet;
	uint64_t ts_ns;
	int err;

	capture->taken++;
	err = packet_decode(&packet, DLT_LINUX_SLL2, bytes, header->caplen,
			    header->len);
	ts_ns = clock_stamp(&capture->clock,
			    (uint64_t)header->ts.tv_sec * NS_PER_SECOND +
				    (uint64_t)header->ts.tv_usec,
			    capture->empty_ns);
	if (ts_ns > capture->turn_ns)
		pcap_breakloop(capture->handle); /* after this packet */
	capture->number = capture->kept ?
				  kept_add(capture->kept, bytes, header->caplen,
					   header->len) :
				  0;
	if (err == -EAFNOSUPPORT) {
		counts->others++;
	} else if (err) {
		counts->broken++;
	} else if (!fragments_ports(&capture->fragments, &packet)) {
		counts->fragments++;
	} else if (packet.proto == IPPROTO_UDP || packet.proto == IPPROTO_TCP) {
		push_packet(capture, &packet, ts_ns);
	} else if (packet.icmp.error) {
		counts->icmp_errors++;
		if (has_ports(&packet.icmp))
			push_icmp(capture, &packet, ts_ns);
	} else {
		counts->others++;
	}
}

int capture_drain(struct capture *capture, struct record_sink *sink)
{
	uint64_t begin_ns = clock_now_ns();
	int taken;

	clock_refresh(&capture->clock);
	capture->sink = sink;
	capture->err = 0;
	capture->turn_ns = begin_ns + TURN_LATE_NS;
	taken = pcap_dispatch(capture->handle, (int)capture->ring_slots,
			      capture_on_packet, (unsigned char *)capture);
	capture->sink = NULL;
	if (capture->err)
		return capture->err;
	if (taken < 0 && taken != PCAP_ERROR_BREAK)
		return -EIO;
	if (taken < (int)capture->ring_slots) /* what is left came later */
		capture->empty_ns = begin_ns;
	return 0;
}

int capture_save_to(struct capture *capture, bool pcapng,
		    struct rotation *rotation)
{
	return savefile_open(&capture->saved_to, capture->handle, pcapng,
			     capture->iface, rotation);
}

/* pcap_handler */
static void on_saved(unsigned char *user, const struct pcap_pkthdr *header,
		     const unsigned char *bytes)
{
	struct capture *capture = (struct capture *)user;
	int err = capture->full ?
			  -EFBIG :
			  savefile_add(capture->saved_to, header, bytes);

	capture->taken++;
	capture->counts.saved += !err;
	capture->full |= err == -EFBIG;
	if (!err || err == -EFBIG)
		return;
	capture->err = err;
	pcap_breakloop(capture->handle);
}

int capture_save(struct capture *capture, unsigned int max)
{
	int taken;

	if (max == 0) /* which means "all" to pcap_dispatch() */
		return 0;
	if (max > capture->ring_slots)
		max = capture->ring_slots;
	capture->err = 0;
	taken = pcap_dispatch(capture->handle, (int)max, on_saved,
			      (unsigned char *)capture);
	if (capture->err)
		return capture->err;
	if (taken < 0)
		return -EIO;
	if (taken > 0)
		capture->err = savefile_flush(capture->saved_to);
	return capture->err ? capture->err : taken;
}

bool capture_is_full(const struct capture *capture)
{
	return capture->full;
}

int capture_save_end(struct capture *capture)
{
	int err = savefile_close(capture->saved_to,
				 capture->saved_to ? capture_lost(capture) : 0);

	capture->saved_to = NULL;
	return err;
}

/*
 * PACKET_STATISTICS, packet(7): tp_packets are those that passed the filter,
 * tp_drops those of them that found the ring full; libpcap adds them up in 32
 * bits. ps_ifdrop, the drops of a network card, is not available for "any"
 * (1.10).
 */
static struct pcap_stat statistics(struct capture *capture)
{
	struct pcap_stat stat = {0};

	if (pcap_stats(capture->handle, &stat) < 0)
		stat = (struct pcap_stat){.ps_drop = capture->lost_before};
	return stat;
}

uint64_t capture_lost(struct capture *capture)
{
	uint32_t now = statistics(capture).ps_drop;

	capture->lost += now - capture->lost_before; /* modulo 2^32 */
	capture->lost_before = now;
	return capture->lost;
}

uint64_t capture_unread(const struct capture *capture)
{
	return capture->counts.broken + capture->counts.fragments;
}

bool capture_is_empty(struct capture *capture)
{
	struct pcap_stat stat = statistics(capture);

	return stat.ps_recv - stat.ps_drop == capture->taken;
}

const struct capture_counts *capture_counts(const struct capture *capture)
{
	return &capture->counts;
}

const char *capture_error(const struct capture *capture)
{
	return pcap_geterr(capture->handle);
}

void capture_close(struct capture *capture)
{
	if (!capture)
		return;
	capture_save_end(capture);
	if (capture->handle)
		pcap_close(capture->handle);
	free(capture);
}
