/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The command line of echo-server: fills struct server_options, or exits with
 * 64.
 */
#include "server.h"

#include <ctype.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

static const char usage[] =
	"usage: echo-server [-b BYTES] [-T SECONDS] udp|tcp|both "
	"[ADDRESS:PORT]\n";

static const char help[] =
	"\n"
	"Echoes what arrives at ADDRESS:PORT (default " NET_DEFAULT
	"). For a name,\n"
	"it listens on each of its addresses. Port 0 means the first free port\n"
	"from 9007 on. SIGINT or SIGTERM ends the server with a line of totals.\n"
	"\n"
	"  -b BYTES    buffer, 1 to 65536 (default 1024). A larger datagram is\n"
	"              truncated: it is reported as such, and not echoed.\n"
	"  -T SECONDS  close a TCP connection after this time without a byte\n"
	"              (default 60; 0: never), so that idle clients do not keep\n"
	"              all descriptors\n"
	"\n"
	"A datagram from a port that is not above the server's own is ignored:\n"
	"with a forged source address it could come from another echo server, and\n"
	"the two would never stop. For the same reason a UDP server uses no port\n"
	"from 32768 up, where the clients' ports are. A datagram that was sent to a\n"
	"broadcast or multicast address never reaches it.\n"
	"\n"
	"Exit status: 0 ended by a signal, 1 failed, 64 bad usage.\n"
	"\n"
	"  echo-server udp                      for this machine only\n"
	"  echo-server both localhost:9007      UDP and TCP, IPv4 and IPv6\n"
	"  echo-server -b 65536 udp [::1]:0     any datagram, any free port\n";

static void __attribute__((noreturn))
server_bad_usage(const char *what, const char *value)
{
	fprintf(stderr, "echo-server: %s%s\n%s", what, value, usage);
	exit(EX_USAGE);
}

static void __attribute__((noreturn)) server_help(void)
{
	printf("%s%s", usage, help);
	if (!fflush(stdout))
		exit(EXIT_SUCCESS);
	perror("echo-server: standard output");
	exit(EXIT_FAILURE);
}

static size_t buffer_bytes(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (!isdigit((unsigned char)*text) || *end || value < 1 ||
	    value > NET_BUFFER_MOST)
		server_bad_usage("-b is 1 to 65536, not ", text);
	return (size_t)value;
}

static void server_operands(struct server_options *o, int count, char **operand)
{
	const char *address = count > 1 ? operand[1] : NET_DEFAULT;
	bool both;

	if (count < 1 || count > 2)
		server_bad_usage(
			"give a protocol, and at most one ADDRESS:PORT", "");
	both = !strcmp(operand[0], "both");
	if (both || !strcmp(operand[0], "udp"))
		o->types[o->type_count++] = SOCK_DGRAM;
	if (both || !strcmp(operand[0], "tcp"))
		o->types[o->type_count++] = SOCK_STREAM;
	if (!o->type_count)
		server_bad_usage("the protocol is udp, tcp or both, not ",
				 operand[0]);
	if (net_parse(address, &o->address))
		server_bad_usage("not an ADDRESS:PORT: ", address);
	if (o->types[0] == SOCK_DGRAM &&
	    atoi(o->address.port) >= SERVER_PORTS_END)
		server_bad_usage("ports from 32768 up are for UDP clients (see "
				 "--help), not for ",
				 address);
}

void server_options_parse(struct server_options *o, int argc, char **argv)
{
	static const struct option names[] = {{"help", 0, NULL, 'h'}, {0}};
	int c;

	*o = (struct server_options){.buffer_bytes = 1024, .idle_ms = 60000};
	while ((c = getopt_long(argc, argv, "+b:T:h", names, NULL)) != -1)
		switch (c) {
		case 'b':
			o->buffer_bytes = buffer_bytes(optarg);
			break;
		case 'T':
			o->idle_ms = net_milliseconds(optarg);
			if (o->idle_ms < 0)
				server_bad_usage(
					"-T is 0 to 86400 seconds, not ",
					optarg);
			break;
		case 'h':
			server_help();
		default: /* getopt has said which */
			fputs(usage, stderr);
			exit(EX_USAGE);
		}
	server_operands(o, argc - optind, argv + optind);
}
