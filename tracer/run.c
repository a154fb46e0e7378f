// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The run of `udp`, `tcp` and `both`. See run.h. */
#include "run.h"

#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <sysexits.h>

#include "process/preflight.h"
#include "process/signals.h"
#include "process/warn.h"
#include "record/text.h"
#include "version.h"
#include "wire/clock.h"

#define TICK_MS 50
/* Younger records may still have a predecessor on its way from a witness. */
#define ORDER_WINDOW_NS 100000000ULL
/* After the command's end: the time for the last packets of its connections. */
#define LINGER_NS  1000000000ULL
#define CONTROL_NS 1000000000ULL
#define MINUTE_NS  60000000000ULL

/*
 * For a filter, "udp" is a packet whose IPv6 header, or fragment header, names
 * UDP (pcap-filter(7)). packet.c walks extension headers between the two, which
 * programs may set (RFC 8200 4).
 */
#define IPV6_HEADERS \
	" or ip6 proto 0 or ip6 proto 43 or ip6 proto 44 or ip6 proto 60"

/* RFC 792; RFC 4443 2.1: the types of errors are those below 128. */
#define ICMP_ERRORS                                       \
	" or icmp[icmptype] == 3 or icmp[icmptype] == 4"  \
	" or icmp[icmptype] == 5 or icmp[icmptype] == 11" \
	" or icmp[icmptype] == 12 or icmp6[icmp6type] < 128"

#define OTHER_PACKETS IPV6_HEADERS ICMP_ERRORS

int run_open_capture(struct run *run, char **argv)
{
	struct capture_options options = {
		.iface = run->options.iface,
		/* all three: the multicast self-test is UDP in any case */
		.filter = run->options.live.tcp ? "tcp or udp" OTHER_PACKETS :
						  "udp" OTHER_PACKETS,
		.kept = run->options.show.pcapng_path ? &run->kept : NULL,
	};
	char error[CAPTURE_ERROR_LEN];
	int err;

	err = capture_open(&run->capture, &options, error);
	if (err == -EPERM)
		return preflight_cannot_trace(error, NULL, argv);
	if (err == -ENODEV || err == -ENETDOWN) {
		warn_line("%s", error);
		return EX_USAGE;
	}
	if (strcmp(options.iface, "any") != 0 &&
	    strcmp(options.iface, "lo") != 0)
		selftest_multicast_on(&run->selftest, options.iface);
	return err ? warn_failed(error) : EX_OK;
}

/*
 * From the witnesses to the pipeline. Self-test packets are removed here: they
 * count as control, and are not part of the story.
 */
int run_push(struct record_sink *sink, struct record *record)
{
	struct run *run = (struct run *)sink;
	bool wire = record_witness(record) == WITNESS_WIRE;

	if (wire && selftest_owns(&run->selftest, record)) {
		if (record->ts_ns + 1000000 >= run->walk_from_ns)
			*(record->local.family == AF_INET6 ?
				  &run->captured_ipv6 :
				  &run->captured_ipv4) = true;
		record_fini(record);
		return 0;
	}
	if (run->cut_ns && record->ts_ns > run->cut_ns) {
		record_fini(record);
		return 0;
	}
	run->events += !wire;
	return pipeline_push(run->pipeline, record);
}

static int push_lost(struct run *run, enum witness witness,
		     enum lost_cause cause, uint64_t total, uint64_t *reported)
{
	struct record record = {
		.type = RECORD_LOST,
		.lost = {.witness = witness,
			 .cause = cause,
			 .count = total - *reported,
			 .since_ns = run->reported_ns},
	};

	if (total == *reported)
		return 0;
	*reported = total;
	return pipeline_push(run->pipeline, &record);
}

/* With kprobes the functions show every connect, whatever made it. */
static int push_all_lost(struct run *run)
{
	bool by_calls_alone = run->options.live.tier == TIER_TRACEPOINT;
	int err;

	err = push_lost(run, WITNESS_KERNEL, LOST_DROPPED, live_lost(run->live),
			&run->lost_kernel);
	if (!err)
		err = push_lost(run, WITNESS_WIRE, LOST_DROPPED,
				capture_lost(run->capture), &run->lost_wire);
	if (!err)
		err = push_lost(run, WITNESS_WIRE, LOST_UNREAD,
				capture_unread(run->capture), &run->unread);
	if (!err)
		err = push_lost(run, WITNESS_SYSCALL, LOST_UNFOLLOWED,
				live_unfollowed(run->live), &run->unfollowed);
	if (!err && by_calls_alone)
		err = push_lost(run, WITNESS_SYSCALL, LOST_UNWATCHED,
				live_unwatched(run->live), &run->unwatched);
	return err;
}

/*
 * Once a minute: what a burst has taken goes back to the kernel, and with -v the
 * run says how it stands.
 */
static void run_each_minute(struct run *run)
{
	uint64_t lost = run->lost_kernel + run->lost_wire + run->unread;
	uint64_t now = clock_now_ns();
	char line[256];
	struct text text;

	if (!run->report_ns)
		run->report_ns = now + MINUTE_NS;
	if (now < run->report_ns)
		return;
	run->report_ns += MINUTE_NS;
	run->minutes++;
	malloc_trim(0);
	if (!run->options.show.verbose)
		return;
	text_init(&text, line, sizeof(line));
	pipeline_so_far(run->pipeline, &text);
	fprintf(stderr, "after %u min: %s; ", run->minutes,
		*line ? line : "no connect(2) has ended");
	if (lost)
		fprintf(stderr, "%llu events lost\n", (unsigned long long)lost);
	else
		fputs("nothing lost\n", stderr);
}

static void say_full(struct run *run)
{
	const struct pipeline_options *show = &run->options.show;

	if (run->reported_full || !pipeline_recording_is_full(run->pipeline))
		return;
	run->reported_full = true;
	warn_line("%s: recording has stopped at %llu bytes (--max-size); the "
		  "run goes on",
		  show->record_path,
		  (unsigned long long)show->record_limits.max_bytes);
}

/* Everything that both witnesses have, and what they have lost. */
static int run_drain(struct run *run)
{
	uint64_t now = clock_now_ns();
	int err;

	err = live_drain(run->live, &run->sink);
	if (!err)
		err = capture_drain(run->capture, &run->sink);
	if (!err)
		err = push_all_lost(run);
	run->reported_ns = now;
	if (!err)
		err = pipeline_advance(run->pipeline, now - ORDER_WINDOW_NS);
	say_full(run);
	return err;
}

/* Both families, if the capture can see the self-test packets. */
static bool is_captured(const struct run *run)
{
	const struct selftest *selftest = &run->selftest;
	bool wants_ipv6 = selftest->multicast_ifindex ?
				  !selftest->no_multicast6[0] :
				  selftest->second == FAMILY_IPV6;

	return run->captured_ipv4 && (run->captured_ipv6 || !wants_ipv6);
}

/* Sends a self-test and waits until the capture has it, or a second. */
int run_control(struct run *run)
{
	uint64_t limit;
	int err;

	run->captured_ipv4 = run->captured_ipv6 = false;
	run->walk_from_ns = clock_now_ns();
	err = live_control(run->live, &run->selftest, run->why);
	if (err)
		return err;
	limit = clock_now_ns() + CONTROL_NS;
	while (!err && !is_captured(run) && clock_now_ns() < limit) {
		struct pollfd fd = {capture_fd(run->capture), POLLIN, 0};

		poll(&fd, 1, TICK_MS);
		err = run_drain(run);
	}
	run->wire_control += is_captured(run);
	if (!is_captured(run) && run->captured_ipv4)
		run->wire_unseen = AF_INET6;
	else if (!is_captured(run) && run->captured_ipv6)
		run->wire_unseen = AF_INET;
	return err;
}

static int push_control(struct run *run, enum witness witness, uint32_t seen,
			uint16_t unseen)
{
	struct record record = {
		.type = RECORD_CONTROL,
		.control = {.witness = witness,
			    .sent = run->selftest.sent,
			    .seen = seen,
			    .unseen_family = unseen},
	};

	return pipeline_push(run->pipeline, &record);
}

int run_begin(struct run *run)
{
	struct record record = {.type = RECORD_META};
	struct utsname kernel;
	struct meta *meta;
	int err;

	meta = record.meta = calloc(1, sizeof(*meta));
	if (!meta)
		return -ENOMEM;
	uname(&kernel);
	meta->version = RECORD_VERSION;
	meta->dialtone = strdup(DIALTONE_VERSION);
	meta->command = strdup(run->options.name);
	meta->kernel = strdup(kernel.release);
	meta->iface = strdup(run->options.iface);
	meta->tier = run->options.live.tier;
	meta->events = run->options.events;
	meta->filter = run->options.filter; /* from now on the meta's */
	run->options.filter = NULL;
	if (*selftest_no_ipv6(&run->selftest))
		meta->no_ipv6 = strdup(selftest_no_ipv6(&run->selftest));
	err = clock_offset(&meta->realtime_minus_monotonic_ns);
	meta->start_realtime_ns =
		clock_now_ns() + meta->realtime_minus_monotonic_ns;
	if (!err)
		err = plan_to_meta(&run->plan, meta);
	if (err) {
		record_fini(&record);
		return -ENOMEM;
	}
	return pipeline_push(run->pipeline, &record);
}

/* Prints that everything is ready; tests and scripts wait for this line. */
void run_say_ready(const struct run *run)
{
	const struct live_options *live = &run->options.live;

	for (int step = 0; step < STEP_MAX; step++) {
		const struct plan_entry *entry = &run->plan.entries[step];

		if (!entry->wanted || entry->excused ||
		    live->tier != TIER_KPROBE)
			continue;
		if (!entry->symbol)
			warn_line("no probe for %s: %s", plan_steps[step].name,
				  entry->tried);
		else if (entry->never_fired)
			warn_line("%s is attached but never fired: the "
				  "self-test did not trigger it",
				  entry->symbol);
	}
	if (*selftest_no_ipv6(&run->selftest))
		warn_line("no IPv6 here (%s): verdicts cover IPv4 only",
			  selftest_no_ipv6(&run->selftest));
	if (live->tier == TIER_KPROBE)
		fprintf(stderr, "ready: kprobe tier, %u probes live, ",
			plan_live(&run->plan));
	else
		fprintf(stderr, "ready: tracepoint tier, ");
	fputs("capturing on ", stderr);
	text_write(stderr, run->options.iface);
	putc('\n', stderr);
}

int run_watch(struct run *run)
{
	struct ending ending = {
		.signals = run->signals,
		.command = run->child.pidfd,
		.events = live_fd(run->live),
		.deadline_ns = ending_after(run->options.seconds),
	};
	int err;

	while (!ending_wait(&ending) && !pipeline_has_enough(run->pipeline)) {
		err = run_drain(run);
		if (err)
			return err;
		run_each_minute(run);
	}
	return run_drain(run);
}

/* A command's connections may close after it: waits until no events come. */
int run_linger(struct run *run)
{
	uint64_t limit = clock_now_ns() + LINGER_NS;
	uint64_t before;
	int err;

	do {
		before = run->events;
		poll(NULL, 0, TICK_MS);
		err = run_drain(run);
	} while (!err && run->events != before &&
		 !pipeline_has_enough(run->pipeline) && clock_now_ns() < limit);
	return err;
}

static int push_tally(struct run *run)
{
	struct record record = {.type = RECORD_TALLY};

	live_tally(run->live, &record.tally);
	if (pipeline_has_enough(run->pipeline))
		record.tally.stopped_after = run->options.events;
	return pipeline_push(run->pipeline, &record);
}

/*
 * With kprobes the functions show a missed connect(2), and one half of a call
 * shows the other: a missed call costs one line of output and does not change
 * the verdict. With calls alone, the missed call may be the one to judge.
 */
static int push_missed(struct run *run)
{
	uint64_t calls = live_missed_calls(run->live);
	int err = push_lost(run, WITNESS_KERNEL, LOST_MISSED,
			    live_missed(run->live), &run->missed);

	if (!err && run->options.live.tier == TIER_TRACEPOINT)
		return push_lost(run, WITNESS_SYSCALL, LOST_MISSED, calls,
				 &run->missed_calls);
	if (calls)
		warn_line(
			"this kernel did not report %llu system call%s (of any "
			"process): lines of calls may be missing, and "
			"\"nothing lost\" applies to everything else",
			(unsigned long long)calls, calls == 1 ? "" : "s");
	return err;
}

static int push_ended(struct run *run)
{
	struct record record = {.type = RECORD_ENDED};

	if (!child_ended(&run->child, &record.ended))
		return 0;
	return pipeline_push(run->pipeline, &record);
}

int run_end(struct run *run)
{
	int err;

	live_stop(run->live);
	err = run_drain(run);
	if (!err &&
	    run->options.events) /* nothing more comes: count them all */
		err = pipeline_advance(run->pipeline, UINT64_MAX);
	if (!err)
		err = push_missed(run);
	if (!err)
		err = push_control(run, WITNESS_SYSCALL,
				   live_control_syscall(run->live), 0);
	if (!err)
		err = push_control(run, WITNESS_KERNEL,
				   live_control_kernel(run->live), 0);
	if (!err)
		err = push_control(run, WITNESS_WIRE, run->wire_control,
				   run->wire_unseen);
	if (!err)
		err = push_tally(run);
	if (!err)
		err = push_ended(run);
	return err;
}
