/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Lab 11: UDP in user space, as far as a header goes.
 *
 *	program ADDRESS PORT                   for example 10.0.0.2 9007
 *
 * A raw socket returns each UDP packet with its IP header, before the kernel's
 * own UDP has checked it. The reader must find the datagram, and must check each
 * length that the sender has written. The method is that of Plan 9, as Go has it
 * in net/udpsock_plan9.go: read into a buffer that has room for the header, too;
 * fail if less than a header came; parse; copy the rest.
 *
 * In: packets. Out: a line for every datagram to this port, good or malformed.
 * Needs CAP_NET_RAW, which labs/net gives. Compare 08-who-wrote-to-me, where
 * the kernel does all this; and tracer/wire/packet.c, which begins at the link.
 *
 * The solution, from which start.c is cut. After each part that was YOURS to
 * write comes the code that it WAS.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define IP_PACKET_MOST   65535 /* its length field has 16 bits (RFC 791) */
#define IP_HEADER_LEAST  20
#define IP_SOURCE        12 /* where the addresses are: two of 4 bytes */
#define UDP_HEADER_BYTES 8
#define PAYLOAD_BYTES    1024

struct udp_header { /* in host byte order */
	uint16_t source, destination;
	uint16_t length; /* header and payload, in octets */
	uint16_t checksum;
};

struct datagram {
	struct udp_header header;
	struct sockaddr_in from;
	const char *checksum; /* "right", "wrong" or "none" */
	uint8_t payload[PAYLOAD_BYTES];
};

/* 16 bits in network byte order. Two bytes may be anywhere; a uint16_t may not */
static inline uint16_t get16(const uint8_t *bytes)
{
	return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

/*
 * Parses the UDP header (RFC 768) at `segment`, where `len` bytes are. 0, or
 * -EBADMSG: less than a header, or a length that cannot be true.
 */
static int udp_parse(const uint8_t *segment, size_t len,
		     struct udp_header *header)
{
	/* YOURS 1: four fields of 16 bits. Which lengths cannot be true? */
	if (len < UDP_HEADER_BYTES)
		return -EBADMSG;
	header->source = get16(segment);
	header->destination = get16(segment + 2);
	header->length = get16(segment + 4); /* what the sender claims */
	header->checksum = get16(segment + 6);
	if (header->length < UDP_HEADER_BYTES || header->length > len)
		return -EBADMSG; /* beyond `len` nothing is ours to read */
	return 0;
	/*
	 * WAS:
	 * (void)segment;
	 * (void)len;
	 * *header = (struct udp_header){0};
	 * return 0;
	 */
}

/*
 * "right", "wrong", or "none" if the sender made none (a field of 0). The sum
 * is of the two addresses (8 bytes), the protocol, the length and the whole
 * segment; with the checksum in it, the sum is 0xffff.
 */
static const char *udp_checksum(const uint8_t *addresses,
				const uint8_t *segment,
				const struct udp_header *header)
{
	/* YOURS 2: the ones' complement sum of 16-bit words (RFC 1071). */
	uint32_t sum = IPPROTO_UDP + header->length; /* with room to carry */
	size_t i;

	if (!header->checksum)
		return "none";
	for (i = 0; i < 8; i += 2)
		sum += get16(addresses + i);
	for (i = 0; i + 1 < header->length; i += 2)
		sum += get16(segment + i);
	if (i < header->length) /* an odd byte: as if a zero followed it */
		sum += (uint32_t)segment[i] << 8;
	while (sum >> 16) /* add the carries at the low end */
		sum = (sum & 0xffff) + (sum >> 16);
	return sum == 0xffff ? "right" : "wrong";
	/*
	 * WAS:
	 * (void)addresses;
	 * (void)segment;
	 * (void)header;
	 * return "unknown";
	 */
}

/*
 * Parses an IPv4 packet of `len` bytes. Returns the number of the payload's
 * bytes, and copies as many as there is room for; or -EBADMSG if the packet is
 * malformed. Reads nothing beyond packet[len - 1].
 */
static ssize_t udp_unpack(const uint8_t *packet, size_t len,
			  struct datagram *datagram)
{
	const uint8_t *segment = packet;
	struct udp_header *header = &datagram->header;
	size_t bytes = 0;

	/*
	 * YOURS 3: find the segment after the IP header. The header has its own
	 * length (packet[0] & 15, in words of 4 bytes). Parse the segment, take
	 * the sender's address, and copy the payload, but no more than fits.
	 */
	size_t ip_bytes;

	if (len < IP_HEADER_LEAST)
		return -EBADMSG;
	ip_bytes = (packet[0] & 15U) * 4; /* above 20, if it has options */
	if (ip_bytes < IP_HEADER_LEAST || ip_bytes > len)
		return -EBADMSG;
	segment = packet + ip_bytes;
	if (udp_parse(segment, len - ip_bytes, header))
		return -EBADMSG;

	datagram->from.sin_family = AF_INET;
	datagram->from.sin_port = htons(header->source);
	memcpy(&datagram->from.sin_addr, packet + IP_SOURCE, 4);

	bytes = header->length - UDP_HEADER_BYTES; /* 0 is valid, too */
	memcpy(datagram->payload, segment + UDP_HEADER_BYTES,
	       bytes < PAYLOAD_BYTES ? bytes : PAYLOAD_BYTES);
	/*
	 * WAS:
	 * if (udp_parse(segment, len, header))
	 *	return -EBADMSG;
	 */
	datagram->checksum = udp_checksum(packet + IP_SOURCE, segment, header);
	return (ssize_t)bytes;
}

/* Prints "packet-received: bytes=5 from=10.0.0.1:40000 checksum=right". */
static void report(const struct datagram *datagram, ssize_t bytes)
{
	char address[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, &datagram->from.sin_addr, address, sizeof(address));
	printf("packet-received: bytes=%zd from=%s:%u checksum=%s\n", bytes,
	       address, ntohs(datagram->from.sin_port), datagram->checksum);
}

/* Reads one packet and says what it was, if it was for this port. */
static void receive_once(int fd, uint16_t port)
{
	static uint8_t packet[IP_PACKET_MOST]; /* so it is never cut off */
	static struct datagram datagram;
	ssize_t n = read(fd, packet, sizeof(packet)), bytes;

	if (n < 0) {
		fprintf(stderr, "read: %s\n", strerror(errno));
		return;
	}
	bytes = udp_unpack(packet, (size_t)n, &datagram);
	if (bytes < 0)
		printf("packet-malformed: bytes=%zd\n", n);
	else if (datagram.header.destination == port) /* the socket has none */
		report(&datagram, bytes);
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	int fd;

	if (argc != 3 || inet_pton(AF_INET, argv[1], &address.sin_addr) != 1) {
		fprintf(stderr, "usage: %s ADDRESS PORT\n", argv[0]);
		return 64;
	}
	setvbuf(stdout, NULL, _IOLBF, 0); /* writes each line at once */

	fd = socket(AF_INET, SOCK_RAW, IPPROTO_UDP);
	if (fd < 0 ||
	    bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		fprintf(stderr, "raw socket: %s\n", strerror(errno));
		return 1;
	}
	printf("listening: raw %s, for port %s\n", argv[1], argv[2]);
	for (;;)
		receive_once(fd, (uint16_t)atoi(argv[2]));
}
