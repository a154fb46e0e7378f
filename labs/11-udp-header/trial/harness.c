/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Lab 11: calls the functions of a start.c, one in each process.
 *
 *	harness parse    BYTES     a UDP segment       for udp_parse()
 *	harness checksum BYTES     an IPv4 packet      for udp_checksum()
 *	harness unpack   BYTES     an IPv4 packet      for udp_unpack()
 *
 * In: bytes in hexadecimal. They end where their memory ends, so that
 * AddressSanitizer detects each read past them. Out: the function's result, or
 * "malformed".
 *
 * Compile with -DSTART='"/path/of/start.c"'.
 */
#ifndef START
#define START "../solution/header.c"
#endif

#define main start_main /* the student's; ours is below */
/* NOLINTNEXTLINE(bugprone-suspicious-include): its functions are static */
#include START
#undef main

/*
 * Puts the bytes of a text at the end of a block, from block[1] on. So the first
 * byte after them is not ours, even if there are none: malloc(0) would give one
 * byte. The caller frees it; NULL: no memory.
 */
static uint8_t *from_hex(const char *text, size_t *len)
{
	uint8_t *block;
	size_t i;

	*len = strlen(text) / 2;
	block = calloc(1, 1 + *len);
	for (i = 0; block && i < *len; i++)
		if (sscanf(text + 2 * i, "%2hhx", &block[1 + i]) != 1)
			break;
	return block;
}

static int parse(const uint8_t *segment, size_t len)
{
	struct udp_header header = {0};

	if (udp_parse(segment, len, &header))
		return puts("malformed") < 0;
	printf("source=%u destination=%u length=%u checksum=0x%04x\n",
	       header.source, header.destination, header.length,
	       header.checksum);
	return 0;
}

/* The IP header has no options, and the UDP header's length is true. */
static int checksum(const uint8_t *packet, size_t len)
{
	const uint8_t *segment = packet + IP_HEADER_LEAST;
	const struct udp_header header = {
		.source = get16(segment),
		.destination = get16(segment + 2),
		.length = (uint16_t)(len - IP_HEADER_LEAST),
		.checksum = get16(segment + 6),
	};

	printf("checksum=%s\n",
	       udp_checksum(packet + IP_SOURCE, segment, &header));
	return 0;
}

static int unpack(const uint8_t *packet, size_t len)
{
	/* its payload is the last, so that a write past it is detected, too */
	struct datagram *datagram = calloc(1, sizeof(*datagram));
	char address[INET_ADDRSTRLEN] = "?";
	ssize_t bytes, i;

	if (!datagram)
		return 1;
	bytes = udp_unpack(packet, len, datagram);
	if (bytes < 0) {
		puts("malformed");
	} else {
		inet_ntop(AF_INET, &datagram->from.sin_addr, address,
			  sizeof(address));
		printf("bytes=%zd from=%s:%u checksum=%s payload=", bytes,
		       address, ntohs(datagram->from.sin_port),
		       datagram->checksum);
		for (i = 0; i < bytes && i < PAYLOAD_BYTES; i++)
			printf("%02x", datagram->payload[i]);
		puts("");
	}
	free(datagram);
	return 0;
}

int main(int argc, char **argv)
{
	uint8_t *block, *bytes;
	size_t len;
	int status = 64;

	(void)start_main; /* start.c calls it by its own name, and not here */
	block = from_hex(argc == 3 ? argv[2] : "", &len);
	if (!block)
		return 1;
	bytes = block + 1;
	if (argc == 3 && !strcmp(argv[1], "parse"))
		status = parse(bytes, len);
	else if (argc == 3 && !strcmp(argv[1], "checksum"))
		status = checksum(bytes, len);
	else if (argc == 3 && !strcmp(argv[1], "unpack"))
		status = unpack(bytes, len);
	else
		fprintf(stderr, "usage: harness parse|checksum|unpack BYTES\n");
	free(block);
	return status;
}
