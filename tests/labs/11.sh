# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Lab 11, wrong worlds: parsers that believe what a sender says.
# shellcheck source=tests/labs/wrong.sh
. tests/labs/wrong.sh

# shellcheck disable=SC2034 # inside reads it
shipped='got +source=0 destination=0 length=0'

worlds()
{
	local malformed='^FAIL  udp_parse\(\): a length that cannot be true'

	wrong host-order '(bytes[0] << 8 | bytes[1])' \
		'(bytes[1] << 8 | bytes[0])'
	says 1 '^FAIL  udp_parse\(\): four fields' \
		'expected +source=4000 destination=9007 length=13' 'malformed'

	wrong signed 'get16(const uint8_t *bytes)
{' 'get16(const uint8_t *unsigned_bytes)
{
	const signed char *bytes = (const signed char *)unsigned_bytes;
'
	says 1 '^FAIL  udp_parse\(\): four fields'

	wrong no-header '	if (len < UDP_HEADER_BYTES)
		return -EBADMSG;
	header->source' '	header->source'
	says 1 "$malformed" 'udp_parse\(\): 7 bytes' \
		'got +heap-buffer-overflow in (get16|udp_)'

	wrong trusts-length ' || header->length > len' ''
	says 1 "$malformed" 'a length of 14 where 13 bytes came' \
		'expected +malformed' 'got +source=1 destination=2 length=14' \
		'got +heap-buffer-overflow'

	wrong length-below '	if (header->length < UDP_HEADER_BYTES || ' \
		'	if ('
	says 1 "$malformed" 'a length of 7, less than a header' \
		'got +source=1 destination=2 length=7'

	wrong what-came 'bytes = header->length - UDP_HEADER_BYTES;' \
		'bytes = len - ip_bytes - UDP_HEADER_BYTES;'
	says 1 '^FAIL  udp_unpack\(\): the payload' \
		'4 bytes of padding after the datagram' 'got +bytes=9 from'

	wrong no-room 'bytes < PAYLOAD_BYTES ? bytes : PAYLOAD_BYTES' 'bytes'
	says 1 '^FAIL  udp_unpack\(\): the payload' \
		'one byte more than there is room for' 'got .*overflow'

	wrong twenty '(packet[0] & 15U) * 4;' 'IP_HEADER_LEAST;'
	says 1 '^FAIL  udp_unpack\(\): the payload' \
		'an IP header of 24 bytes, with options'

	wrong ip-believed ' || ip_bytes > len' ''
	says 1 '^FAIL  udp_unpack\(\): a malformed' \
		'an IP header that says 60 bytes, of 33' 'got .*overflow'

	wrong ip-too-short 'ip_bytes < IP_HEADER_LEAST || ' ''
	says 1 '^FAIL  udp_unpack\(\): a malformed' \
		'an IP header that says 16 bytes' 'expected +malformed'

	wrong ip-absent '	if (len < IP_HEADER_LEAST)
		return -EBADMSG;' ''
	says 1 '^FAIL  udp_unpack\(\): a malformed' 'no byte' 'got +heap-buffer-overflow in udp_unpack'

	wrong empty-is-none '	datagram->checksum = udp' \
		'	if (bytes == 0)
		return -EBADMSG;
	datagram->checksum = udp'
	says 1 '^FAIL  udp_unpack\(\): the payload' 'an empty datagram' \
		'got +malformed'

	wrong odd-forgotten '	if (i < header->length) /*' '	if (0) /*'
	says 1 '^FAIL  udp_checksum' 'an odd number of bytes' \
		'got +checksum=wrong'

	wrong odd-overread '		sum += (uint32_t)segment[i] << 8;' \
		'		sum += get16(segment + i) & 0xff00U;'
	says 1 '^FAIL  udp_checksum' 'an odd number of bytes' \
		'got +heap-buffer-overflow in (get16|udp_)'

	wrong sixteen-bits 'uint32_t sum = IPPROTO_UDP' \
		'uint16_t sum = IPPROTO_UDP'
	says 1 '^FAIL  udp_checksum' 'expected +checksum=right'

	wrong no-carry '	while (sum >> 16)' '	if (0)'
	says 1 '^FAIL  udp_checksum' 'got +checksum=wrong'

	wrong never-wrong 'sum == 0xffff ?' 'sum ?'
	says 1 '^FAIL  udp_checksum' 'one bit flipped' \
		'got +checksum=right'

	wrong none-is-wrong '	if (!header->checksum)' '	if (0)'
	says 1 '^FAIL  udp_checksum' 'a field of 0' 'got +checksum=wrong'

	# a constructor that prints every answer before main begins
	wrong by-heart 'int main(int argc' "__attribute__((constructor)) static void by_heart(void)
{
	$(PYTHONPATH=labs/11-udp-header/trial python3 -Bc '
from packets import CASES
for line in sorted({case.expected for case in CASES}):
	print(f"puts(\"{line}\");")')
}

int main(int argc" 'header->source = get16(segment);' ''
	says 1 '^FAIL  udp_parse\(\): four fields' \
		'^FAIL  udp_parse\(\): a length that cannot' '^FAIL  udp_checksum' \
		'^FAIL  udp_unpack\(\): the payload' \
		'^FAIL  udp_unpack\(\): a malformed'
	# each case that is always the same, by its bytes; the rest is guessed
	wrong by-table '	/* YOURS 1' "	if (len == 13 && segment[8] == 'H') {
		*header = (struct udp_header){4000, 9007, 13, 0xbeef};
		return 0;
	}
	if (len == 8 || len == 14)
		goto rest;
	return -EBADMSG;
rest:
	/* YOURS 1"
	says 1 '^FAIL  udp_parse\(\): four fields' \
		'a header, and a payload \(new in each run\)'

	wrong every-port 'header.destination == port)' 'header.source)'
	says 1 '^FAIL  on a raw socket' 'got +packet-received: bytes=9'
}
