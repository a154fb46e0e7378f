// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * tracer capture: captures packets into a pcap or pcapng file, without any probe.
 *
 * It works without root in a network namespace of your own:
 *   unshare -Urn sh -c 'ip link set lo up; ./tracer capture -d 5 lo.pcap'
 * Compare it with tcpdump -i any -y LINUX_SLL2 -w, whose files look the same.
 */
#include "commands.h"

#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "process/arguments.h"
#include "process/netns.h"
#include "process/warn.h"
#include "process/privileges.h"
#include "process/signals.h"
#include "record/text.h"
#include "wire/capture.h"
#include "wire/clock.h"

#define SNAPSHOT_WHOLE 262144 /* the most that libpcap allows */
#define NS_PER_MS      1000000ULL
#define FILTER_SIZE    4096
/* For the kernel's last block; it is due after 20 ms (capture_handle.c). */
#define LAST_BLOCK_MS 250

struct options {
	struct capture_options capture;
	double seconds;    /* 0: no limit */
	unsigned long max; /* packets; ULONG_MAX: no limit */
	struct rotation_limits limits;
	const char *file;
	struct text filter; /* of the words after FILE */
	char filter_buf[FILTER_SIZE];
	const char *netns, *container; /* see netns.h */
};

enum { OPT_NETNS = 256, OPT_CONTAINER };

static const char doc[] =
	"Capture packets into FILE (pcap, nanoseconds; '-' is standard output; a "
	"name that ends in .pcapng: pcapng, with the direction of each packet and "
	"how many were lost) until Ctrl-C, -d or -n.\v"
	"Examples:\n"
	"  sudo ./tracer capture -d 10 all.pcap\n"
	"  sudo ./tracer capture -i lo -n 2 echo.pcap udp port 9007\n"
	"  sudo ./tracer capture -i lo -c 2 -w echo.pcap udp port 9007\n"
	"  sudo ./tracer capture -d 10 all.pcapng\n"
	"  sudo ./tracer capture - | tshark -r -\n"
	"  unshare -Urn sh -c 'ip link set lo up; ./tracer capture lo.pcap'\n"
	"\n"
	"Exit status: 0, 64 usage, 73 FILE exists or cannot be created, 74 it "
	"could not be written, 77 cannot capture here.\n";

static const struct argp_option table[] = {
	{"interface", 'i', "IFACE", 0, "one interface (default: any)", 0},
	{"filter", 'F', "FILTER", 0, "only these packets: see pcap-filter(7)",
	 0},
	{"snaplen", 's', "BYTES", 0,
	 "keep only the first BYTES of each packet "
	 "(128 or more; default, and 0, as with tcpdump: all)",
	 0},
	{"duration", 'd', "SECONDS", 0, "stop after SECONDS", 0},
	{"packets", 'n', "PACKETS", 0,
	 "stop after this many packets (also -c, as with tcpdump)", 0},
	{"events", 0, NULL, OPTION_ALIAS | OPTION_HIDDEN, NULL, 0},
	{"record", 'w', "FILE", 0,
	 "write to FILE; all words are then the filter", 0},
	{"force", 'f', NULL, 0, "overwrite FILE if it exists", 0},
	{NULL, 'c', "PACKETS", OPTION_HIDDEN, NULL, 0},
	{"netns", OPT_NETNS, "NAME|PID|PATH", 0,
	 "capture in this network namespace: a name of ip-netns(8), a PID, or a "
	 "path",
	 0},
	{"container", OPT_CONTAINER, "ID", 0, CONTAINER_HELP, 0},
	{"max-size", 'C', "BYTES", 0,
	 "stop when FILE has this size (64k, 10M, 1G)", 0},
	{"max-files", 'W', "N", 0,
	 "with --max-size: continue in FILE.1, FILE.2, ..., N files in all, and "
	 "then in FILE "
	 "again",
	 0},
	{0},
};

/*
 * Was FILE forgotten, and is this where the filter begins? The words of
 * pcap-filter(7).
 */
static bool begins_filter(const char *word)
{
	/* clang-format off */
	static const char *const words[] = {
		"aarp", "action", "address1", "address2", "address3",
		"address4", "ah", "and", "arp", "atalk", "broadcast", "carp",
		"clnp", "decnet", "dir", "direction", "dst", "esis", "esp",
		"ether", "fddi", "gateway", "geneve", "greater", "host",
		"icmp", "icmp6", "ifindex", "ifname", "igmp", "igrp",
		"inbound", "ip", "ip6", "ipx", "isis", "iso", "l1", "l2",
		"lat", "len", "less", "link", "llc", "moprc", "mpls",
		"multicast", "net", "netbeui", "not", "on", "or", "outbound",
		"pim", "port", "portrange", "ppp", "pppoed", "pppoes", "proto",
		"protochain", "ra", "radio", "rarp", "reason", "rnr", "rr",
		"ruleset", "sca", "sctp", "slip", "src", "stp", "subtype",
		"ta", "tcp", "tr", "type", "udp", "vlan", "vrrp", "wlan",
	};
	/* clang-format on */
	size_t len = strcspn(word, " \t[(=<>!&|");

	if (word[0] == '!' || word[0] == '(')
		return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i]) == len && !strncmp(word, words[i], len))
			return true;
	return false;
}

/* FILE, unless -w has named it; then a word of the filter. */
static void take_word(struct argp_state *state, struct options *options,
		      const char *word)
{
	if (!options->file && begins_filter(word))
		argp_error(state,
			   "'%s' begins a filter: FILE comes before it, or -w "
			   "FILE; a file of that name is './%s'",
			   word, word);
	if (!options->file) {
		options->file = argument_file(state, "FILE", word);
		return;
	}
	text_printf(&options->filter, "%s%s", options->filter.len ? " " : "",
		    word);
	if (options->filter.cut)
		argp_error(state, "the filter is longer than %d bytes",
			   FILTER_SIZE - 1);
}

static error_t cmd_capture_parse(int key, char *arg, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case 'i':
		options->capture.iface = arg;
		break;
	case 'F':
		options->capture.filter = arg;
		break;
	case OPT_NETNS:
		options->netns = arg;
		break;
	case OPT_CONTAINER:
		options->container = arg;
		break;
	case 'f':
		options->limits.overwrite = true;
		break;
	case 's': /* at least the headers: link, IP, TCP */
		options->capture.snapshot =
			strcmp(arg, "0") == 0 ?
				SNAPSHOT_WHOLE :
				(uint32_t)argument_number(state, "-s", arg, 128,
							  SNAPSHOT_WHOLE);
		break;
	case 'd':
		options->seconds = argument_seconds(state, "-d", arg);
		break;
	case 'n':
	case 'c':
		options->max = argument_number(state, key == 'n' ? "-n" : "-c",
					       arg, 1, ULONG_MAX - 1);
		break;
	case 'w':
		options->file = argument_file(state, "-w", arg);
		break;
	case 'C':
		options->limits.max_bytes =
			argument_bytes(state, "--max-size", arg);
		break;
	case 'W':
		options->limits.files = (unsigned int)argument_number(
			state, "--max-files", arg, 2, ROTATION_FILES_MAX);
		break;
	case ARGP_KEY_ARG:
		take_word(state, options, arg);
		break;
	case ARGP_KEY_END:
		if (!options->file)
			argp_error(state, "FILE is missing");
		else if (options->netns && options->container)
			argp_error(state, "--netns and --container cannot be "
					  "combined");
		else if (options->filter.len && options->capture.filter)
			argp_error(state, "-F and words after FILE are two "
					  "filters: give one");
		else if (strcmp(options->file, "-") == 0 &&
			 isatty(STDOUT_FILENO))
			argp_error(state, "will not write pcap to a terminal: "
					  "redirect it, or give a FILE");
		else if (options->limits.files && !options->limits.max_bytes)
			argp_error(state, "--max-files needs --max-size");
		else if (options->limits.files &&
			 strcmp(options->file, "-") == 0)
			argp_error(state, "--max-files needs a FILE");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static int cmd_capture_open(struct capture **capture,
			    const struct options *options)
{
	char error[CAPTURE_ERROR_LEN];
	int err;

	err = capture_open(capture, &options->capture, error);
	if (!err)
		return EX_OK;
	warn_line("%s", error);
	switch (err) {
	case -ENODEV:
	case -EINVAL:
		return EX_USAGE;
	case -EPERM:
	case -ENETDOWN:
		return EXIT_CANNOT_TRACE;
	default:
		return EX_OSERR;
	}
}

static int cannot_write(const char *file, const struct capture *capture,
			int err)
{
	if (err != -EIO || !*capture_error(capture))
		return warn_unwritten_file(file, err);
	warn_line("%s: %s", file, capture_error(capture));
	return EX_IOERR;
}

static bool ends_with(const char *name, const char *end)
{
	size_t len = strlen(name), end_len = strlen(end);

	return len >= end_len && !strcmp(name + len - end_len, end);
}

/* No symbolic link is followed: see new_file.h. */
static int cmd_capture_open_file(struct capture *capture,
				 const struct options *options)
{
	char refused[ROTATION_PATH] = "";
	struct rotation *rotation = NULL;
	int err = rotation_open(&rotation, options->file, &options->limits,
				refused);

	if (err) {
		privileges_cannot_make(*refused ? refused : options->file, err);
		return EX_CANTCREAT;
	}
	err = capture_save_to(capture, ends_with(options->file, ".pcapng"),
			      rotation);
	return err ? cannot_write(options->file, capture, err) : EX_OK;
}

/* The packets are untrusted, the file is the user's: see privileges.h. */
static int open_unprivileged(struct capture *capture,
			     const struct options *options)
{
	char why[PRIVILEGES_WHY];
	int status = EX_OSERR, err;

	err = privileges_drop(PRIVILEGES_KEEP_FILES, why);
	if (!err) {
		status = cmd_capture_open_file(capture, options);
		err = privileges_drop(PRIVILEGES_KEEP_NONE, why);
	}
	if (err)
		warn_line("%s", why);
	return err ? EX_OSERR : status;
}

static int save(struct capture *capture, const struct options *options)
{
	unsigned long left = options->max - capture_counts(capture)->saved;

	return capture_save(capture,
			    left < UINT_MAX ? (unsigned int)left : UINT_MAX);
}

static int milliseconds_until(uint64_t deadline_ns)
{
	uint64_t now = clock_now_ns();

	if (deadline_ns == UINT64_MAX)
		return -1;
	if (now >= deadline_ns)
		return 0;
	return (int)((deadline_ns - now + NS_PER_MS - 1) / NS_PER_MS);
}

/* Until a signal, the time or the number of packets. 0 or -errno. */
static int cmd_capture_watch(struct capture *capture,
			     const struct options *options, int signals)
{
	struct pollfd fds[] = {
		{capture_fd(capture), POLLIN, 0},
		{signals, POLLIN, 0},
	};
	uint64_t deadline = UINT64_MAX;
	int saved = 0;

	if (options->seconds > 0)
		deadline = clock_now_ns() + (uint64_t)(options->seconds * 1e9);
	while (saved >= 0 && !capture_is_full(capture) &&
	       capture_counts(capture)->saved < options->max) {
		poll(fds, 2, milliseconds_until(deadline));
		if (fds[1].revents || clock_now_ns() >= deadline)
			break;
		saved = save(capture, options);
	}
	return saved < 0 ? saved : 0;
}

/*
 * Packets from before the end belong in the file: read until the kernel has
 * handed over all that it counted.
 */
static int cmd_capture_finish(struct capture *capture,
			      const struct options *options)
{
	struct pollfd fd = {capture_fd(capture), POLLIN, 0};
	uint64_t limit = clock_now_ns() + LAST_BLOCK_MS * NS_PER_MS;
	bool empty, late;
	int saved;

	do {
		empty = capture_is_empty(capture);
		late = clock_now_ns() >= limit;
		saved = save(capture, options);
		if (saved < 0)
			return saved;
		if (saved == 0 && !empty)
			poll(&fd, 1, milliseconds_until(limit));
	} while (!empty && !late && !capture_is_full(capture) &&
		 capture_counts(capture)->saved < options->max);
	return capture_save_end(capture);
}

static void cmd_capture_sum_up(struct capture *capture,
			       const struct options *options)
{
	if (capture_is_full(capture))
		warn_line("%s: stopped at %llu bytes (--max-size)",
			  options->file,
			  (unsigned long long)options->limits.max_bytes);
	fprintf(stderr, "captured %llu packet%s, %llu dropped by the kernel\n",
		(unsigned long long)capture_counts(capture)->saved,
		capture_counts(capture)->saved == 1 ? "" : "s",
		(unsigned long long)capture_lost(capture));
}

static int cmd_capture(int argc, char **argv)
{
	static const struct argp argp = {
		table,
		cmd_capture_parse,
		"FILE [FILTER...]\n-w FILE [FILTER...]",
		doc,
		NULL,
		NULL,
		NULL};
	struct options options = {
		.capture = {.iface = "any", .snapshot = SNAPSHOT_WHOLE},
		.max = ULONG_MAX,
	};
	struct capture *capture;
	int signals, status, err;

	text_init(&options.filter, options.filter_buf,
		  sizeof(options.filter_buf));
	arguments_parse(&argp, argc, argv, 0, &options);
	if (options.filter.len)
		options.capture.filter = options.filter_buf;

	status = netns_enter(options.netns, options.container);
	if (status != EX_OK)
		return status;
	signals = signals_catch();
	status = cmd_capture_open(&capture, &options);
	if (status == EX_OK)
		status = open_unprivileged(capture, &options);
	if (status == EX_OK) {
		fputs("ready: capturing on ", stderr);
		text_write(stderr, options.capture.iface);
		putc('\n', stderr);
		err = cmd_capture_watch(capture, &options, signals);
		if (!err)
			err = cmd_capture_finish(capture, &options);
		if (err)
			status = cannot_write(options.file, capture, err);
		if (err != -EPIPE)
			cmd_capture_sum_up(capture, &options);
	}
	capture_close(capture);
	close(signals);
	return status;
}

const struct command command_capture = {
	.name = "capture",
	.place = 70,
	.line = "capture packets into a file",
	.run = cmd_capture,
	.writes_binary = true,
};
