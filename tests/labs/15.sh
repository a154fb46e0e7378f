# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Lab 15, wrong worlds: other ways to find an address of this host.
# shellcheck disable=SC2154 # folder, out, number, name
# shellcheck source=tests/labs/wrong.sh
. tests/labs/wrong.sh

# shellcheck disable=SC2034 # inside reads it
shipped='got +127.0.0.[0-9]+: 10.0.0.1'

worlds()
{
	local socket='	int fd = socket(AF_INET, SOCK_DGRAM, 0), err = 0;
'

	wrong gethostname "$socket" "$socket
	(void)len;
	inet_pton(AF_INET, \"127.0.1.1\", own); /* as /etc/hosts of Debian has it */
	return 0;
"
	says 1 '^FAIL  this cable, and this host' 'got +127.0.0.[0-9]+: 127.0.1.1|got +10.0.0.[0-9]+: 127.0.1.1' \
		'^PASS  the program sent no packet'

	# it works, and sends a packet to find out
	wrong probe '	*own = address.sin_addr;' '	if (!err)
		err = send(fd, "PROBE", 5, MSG_DONTWAIT) < 0 ? 0 : 0;
	*own = address.sin_addr;'
	says 1 '^FAIL  the program sent no packet to find out' \
		'expected +no packet' 'got +UDP [0-9.]+:[0-9]+ → [0-9.]+:9 5 bytes' \
		'^PASS  a rule that leads'

	# what was right in another run, by heart
	wrong by-heart "$socket" "$socket
	static const char *const seen[][2] = {
$(sed -n '/^tables:/,/^nowhere:/s/^ *\([0-9.]*\): \([0-9.]*\)$/{"\1", "\2"},/p' \
	"$out/$number-solution/$number/run/program.txt")
	};
	for (size_t i = 0; i < sizeof(seen) / sizeof(seen[0]); i++)
		if (destination->s_addr == inet_addr(seen[i][0])) {
			own->s_addr = inet_addr(seen[i][1]);
			return 0;
		}
	return -EINVAL;
	(void)len;
"
	says 1 '^FAIL  the longest prefix|^FAIL  a route that names|^FAIL  this cable' \
		'^FAIL  [12] of 9' 'got +[0-9.]+: Invalid argument'

	wrong always-there '		err = -errno;
	*own' '		err = 0;
	*own'
	says 1 '^FAIL  blocked: blackhole' \
		"expected +'203.0.113.[0-9]+: (Invalid|Permission|No route)" \
		'^PASS  a rule that leads'

	program "$folder/solution/source.c"
	world elsewhere LAB_WITH_IFACE=lo
	says 2 'because +the capture lacks CONTROL'
}
