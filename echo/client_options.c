/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The command line of echo-client: fills struct client_options, or exits with
 * 64.
 */
#include "client.h"

#include <ctype.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

static const char usage[] =
	"usage: echo-client [-t SECONDS] [-n COUNT] [-i MS] [-b BYTES] [-u]\n"
	"                   udp|tcp ADDRESS:PORT [MESSAGE | -]\n";

static const char help[] =
	"\n"
	"Connects, writes MESSAGE (default HELLO), waits for its echo. With - it\n"
	"takes standard input: on UDP each line is one datagram, without its\n"
	"newline; on TCP all of it is sent, up to BYTES at a time.\n"
	"\n"
	"  -t SECONDS  wait at most this long to connect, and for each echo\n"
	"              (default 5; fractions are allowed)\n"
	"  -n COUNT    send MESSAGE COUNT times (default 1)\n"
	"  -i MS       pause between two messages (default 0)\n"
	"  -b BYTES    buffer to read into, 1 to 65536 (default 1024)\n"
	"  -u          leave the UDP socket unconnected: sendto, recvfrom\n"
	"\n"
	"Exit status: 0 every echo arrived, 1 one did not, 64 bad usage.\n"
	"\n"
	"  echo-client udp 127.0.0.1:9007 HELLO       two datagrams\n"
	"  echo-client -u udp localhost:9007 HELLO    the same without connect\n"
	"  echo-client -n 3 -i 500 tcp [::1]:9007     three on one connection\n"
	"  echo-client tcp 10.0.0.2:9007 - <README.md\n";

static void __attribute__((noreturn))
client_bad_usage(const char *what, const char *value)
{
	fprintf(stderr, "echo-client: %s%s\n%s", what, value, usage);
	exit(EX_USAGE);
}

static void __attribute__((noreturn)) client_help(void)
{
	printf("%s%s", usage, help);
	if (!fflush(stdout))
		exit(EXIT_SUCCESS);
	perror("echo-client: standard output");
	exit(EXIT_FAILURE);
}

static long client_number(const char *what, const char *text, long least,
			  long most)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (!isdigit((unsigned char)*text) || *end || value < least ||
	    value > most)
		client_bad_usage(what, text);
	return value;
}

static void client_operands(struct client_options *o, int count, char **operand)
{
	if (count < 2 || count > 3)
		client_bad_usage("give a protocol and an ADDRESS:PORT", "");
	if (!strcmp(operand[0], "udp"))
		o->type = SOCK_DGRAM;
	else if (!strcmp(operand[0], "tcp"))
		o->type = SOCK_STREAM;
	else
		client_bad_usage("the protocol is udp or tcp, not ",
				 operand[0]);
	if (net_parse(operand[1], &o->peer) || !atoi(o->peer.port))
		client_bad_usage("not an ADDRESS:PORT: ", operand[1]);
	if (count == 3)
		o->message = operand[2];
	if (o->unconnected && o->type == SOCK_STREAM)
		client_bad_usage("-u is for udp only: TCP needs connect", "");
	if (o->type == SOCK_STREAM && !*o->message)
		client_bad_usage("on TCP an empty message sends nothing", "");
}

void client_options_parse(struct client_options *o, int argc, char **argv)
{
	static const struct option names[] = {{"help", 0, NULL, 'h'}, {0}};
	int c;
	bool counted = false;

	*o = (struct client_options){
		.message = "HELLO",
		.count = 1,
		.timeout_ms = 5000,
		.buffer_bytes = 1024,
	};
	/* "+": options come first, so that a message may begin with a dash */
	while ((c = getopt_long(argc, argv, "+t:n:i:b:uh", names, NULL)) != -1)
		switch (c) {
		case 't':
			o->timeout_ms = net_milliseconds(optarg);
			if (o->timeout_ms < 1)
				client_bad_usage(
					"-t is 0.001 to 86400 seconds, not ",
					optarg);
			break;
		case 'n':
			o->count = client_number("-n is 1 to 1000000000, not ",
						 optarg, 1, 1000000000);
			counted = true;
			break;
		case 'i':
			o->interval_ms =
				client_number("-i is 0 to 86400000, not ",
					      optarg, 0, 86400000);
			break;
		case 'b':
			o->buffer_bytes = (size_t)client_number(
				"-b is 1 to 65536, not ", optarg, 1,
				NET_BUFFER_MOST);
			break;
		case 'u':
			o->unconnected = true;
			break;
		case 'h':
			client_help();
		default: /* getopt has said which */
			fputs(usage, stderr);
			exit(EX_USAGE);
		}
	client_operands(o, argc - optind, argv + optind);
	if (!strcmp(o->message, "-")) {
		if (counted)
			client_bad_usage(
				"-n repeats a MESSAGE; it cannot be combined "
				"with -",
				"");
		o->message = NULL;
	}
}
