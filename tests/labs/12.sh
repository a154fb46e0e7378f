# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Lab 12, wrong worlds: programs that do not know who refused, and worlds in which
# the closed port is not closed.
# shellcheck disable=SC2154 # folder, run
# shellcheck source=tests/labs/wrong.sh
. tests/labs/wrong.sh

# shellcheck disable=SC2034 # inside reads it
shipped='got +refused by 10.0.0.2, ICMP 3/3: Connection refused$'

worlds()
{
	local closed='^FAIL  a closed port: the kernel of 10.0.0.2 refused'
	local solution=$folder/solution/ask.c

	unknown
	lab 12-solution packets 12
	like "12: labs/lab packets: what a message quotes, and no bytes of it" "$said" \
		'ICMP .* 3/13 about 10\.0\.0\.1:[0-9]+ → 10\.0\.0\.2:[0-9]+$'
	program "$solution"
	world answers LAB_WITH_WORLD=answers
	says 1 "$closed" 'got +answered: 5 bytes'
	program "$solution"
	world drop LAB_WITH_WORLD=drop
	says 1 "$closed" 'expected +.refused by 10.0.0.2, ICMP 3/3' 'got +silent' \
		'^ +server: nft: drop$'
	program "$solution"
	world admin LAB_WITH_WORLD=admin
	says 1 "$closed" 'got +refused by 10.0.0.2, ICMP 3/13: No route'

	wrong the-peer-did '		memcpy(&refusal->offender, SO_EE_OFFENDER(error),
		       sizeof(refusal->offender));' '		{
			socklen_t len = sizeof(refusal->offender);
			getpeername(fd, (struct sockaddr *)&refusal->offender, &len);
		}'
	says 1 '^FAIL  a stranger refuses' '^FAIL  2 of 10|^FAIL  6 of 10' \
		"expected +'refused by 10.0.0.[0-9]+, ICMP 3/3" \
		'got +refused by 10.0.0.2, ICMP 3/3'

	wrong always-refused '	report(fd, ask(fd));' \
		'	report(fd, ask(fd) ? -ECONNREFUSED : 0);'
	says 1 '^FAIL  a server answers' "expected +'answered: 5 bytes'" \
		'got +refused by nobody' '^FAIL  a firewall drops'

	# it prints what the check expected of each port in another run
	wrong by-heart '	report(fd, ask(fd));' "	ask(fd);
$(jq -r 'select(.programs | length > 0) |
		"\tif (atoi(argv[2]) == \(.port))\n\t\tputs(\"\(.programs[0].said[0])\");"' \
		"$out/12-solution/12/run/trials.jsonl")"
	says 1 '^FAIL  [1-6] of 10$' '^PASS  the counter and the capture'

	# no peer: the kernel reports no error to this socket
	wrong unconnected '		memcpy(&refusal->offender' '		abort();
		memcpy(&refusal->offender' \
		'	return connect(fd, (struct sockaddr *)to, sizeof(*to));' \
		'	where = *to;
	return 0 * fd;' 'static int keep_refusals(int fd)
{' 'static struct sockaddr_in where;
static int keep_refusals(int fd)
{
	if (fd >= 0)
		return 0;' 'write(fd, "HELLO", 5)' \
		'sendto(fd, "HELLO", 5, 0, (struct sockaddr *)&where, sizeof(where))'
	says 1 "$closed" 'got +silent' '^PASS  a server answers' \
		'^PASS  a firewall drops'

	wrong gives-up '	while (next_refusal(fd, &old) == 0)
		;' '	(void)old;'
	says 1 '^FAIL  the refusal of an older' 'expected +a datagram from your' \
		'got .*refused by 10.0.0.2'

	solved blind
	head -c 24 "$run/capture.pcap" >"$run/empty"
	mv "$run/empty" "$run/capture.pcap"
	says 2 'because +the capture saw nothing of this run'
}
