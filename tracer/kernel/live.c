// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Loads the programs and drains their ring. See live.h; attach.c attaches, and
 * cmd_trace.c has the sequence of a whole run.
 */
#include "live.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "attach.h"
#include "decode.h"
#include "refused.h"
#include "ring.h"
#include "wire/clock.h"

#define RING_BYTES   (16u << 20) /* an echo pair at full speed, for a second */
#define WAKEUP_BYTES (64u << 10)
#define SETTLE_NS    1000000000ull /* a probe runs for microseconds */

/* By the architecture's own numbers (syscall(2)); others are ignored. */
static const struct {
	enum syscall_id id;
	long number;
} syscall_numbers[] = {
	{CALL_SOCKET, SYS_socket},
	{CALL_BIND, SYS_bind},
	{CALL_CONNECT, SYS_connect},
	{CALL_LISTEN, SYS_listen},
	{CALL_ACCEPT, SYS_accept},
	{CALL_ACCEPT4, SYS_accept4},
	{CALL_SENDTO, SYS_sendto},
	{CALL_SENDMSG, SYS_sendmsg},
	{CALL_SENDMMSG, SYS_sendmmsg},
	{CALL_WRITE, SYS_write},
	{CALL_WRITEV, SYS_writev},
	{CALL_SENDFILE, SYS_sendfile},
	{CALL_SPLICE, SYS_splice},
	{CALL_RECVFROM, SYS_recvfrom},
	{CALL_RECVMSG, SYS_recvmsg},
	{CALL_RECVMMSG, SYS_recvmmsg},
	{CALL_READ, SYS_read},
	{CALL_READV, SYS_readv},
	{CALL_GETSOCKNAME, SYS_getsockname},
	{CALL_GETPEERNAME, SYS_getpeername},
	{CALL_SETSOCKOPT, SYS_setsockopt},
	{CALL_GETSOCKOPT, SYS_getsockopt},
	{CALL_SHUTDOWN, SYS_shutdown},
	{CALL_CLOSE, SYS_close},
};

struct live {
	struct attachment attachment;
	struct plan *plan;
	struct ring ring;
	struct decoder decoder;
	struct ksyms *ksyms;
	struct record_sink *sink; /* while draining */
	uint64_t turn_ns;         /* what is later waits for the next turn */
	uint64_t received, undecoded;
	struct attachment_missed missed;
	struct lab_counters before; /* the last self-test */
	uint32_t control_syscall, control_kernel;
};

static void live_set_filter(struct lab_filter *filter,
			    const struct live_options *options,
			    uint32_t ring_bytes)
{
	target_filter(&options->target, filter);
	filter->udp = options->udp;
	filter->tcp = options->tcp;
	filter->want_stack = options->want_stack;
	filter->wakeup_bytes =
		ring_bytes / 4 < WAKEUP_BYTES ? ring_bytes / 4 : WAKEUP_BYTES;
	for (size_t i = 0;
	     i < sizeof(syscall_numbers) / sizeof(syscall_numbers[0]); i++)
		filter->syscall_ids[syscall_numbers[i].number] =
			syscall_numbers[i].id;
}

static int live_on_event(void *context, void *data, size_t bytes)
{
	struct live *live = context;
	struct record record;
	bool late;
	int err;

	live->received++;
	err = decode_event(&live->decoder, data, bytes, &record);
	if (err == -EBADMSG) {
		live->undecoded++;
		return 0;
	}
	late = record.ts_ns > live->turn_ns;
	if (!err)
		err = live->sink->push(live->sink, &record);
	return !err && late ? RING_LATE : err;
}

static int live_load(struct live *live, const struct live_options *options,
		     char why[LIVE_WHY])
{
	uint32_t bytes = options->ring_bytes ? options->ring_bytes : RING_BYTES;
	struct attachment *at = &live->attachment;
	int err;

	err = attachment_open(at, options->tier, why);
	if (err)
		return err;
	live_set_filter(attachment_filter(at), options, bytes);
	err = attachment_load(at, &options->target, bytes, why);
	if (err)
		return err;
	return ring_open(&live->ring, attachment_ring_fd(at), bytes,
			 live_on_event, live, why, LIVE_WHY);
}

int live_open(struct live **out, const struct live_options *options,
	      struct plan *plan, char why[LIVE_WHY])
{
	struct live *live = calloc(1, sizeof(*live));
	int err;

	*out = NULL;
	if (!live) {
		snprintf(why, LIVE_WHY, "out of memory");
		return -ENOMEM;
	}
	libbpf_set_print(load_error_words);
	live->plan = plan;
	live->decoder.plan = plan;
	live->decoder.netns = target_netns();
	if (options->want_stack) {
		err = ksyms_load(&live->ksyms, "/proc/kallsyms");
		if (err) {
			snprintf(why, LIVE_WHY,
				 "--stack needs kernel addresses, and "
				 "/proc/kallsyms hides them: "
				 "sysctl kernel.kptr_restrict=0");
			goto error;
		}
		live->decoder.ksyms = live->ksyms;
	}
	err = live_load(live, options, why);
	if (!err)
		err = attachment_attach(&live->attachment, plan,
					&options->target, why);
	if (err)
		goto error;
	*out = live;
	return 0;
error:
	live_close(live);
	return err;
}

void live_close(struct live *live)
{
	if (!live)
		return;
	ring_close(&live->ring);
	attachment_close(&live->attachment);
	decoder_fini(&live->decoder);
	ksyms_free(live->ksyms);
	free(live);
}

/* The counters that both sides share. */
static const struct lab_counters *live_counters(const struct live *live)
{
	return attachment_counters(&live->attachment);
}

/* One walk, with what the counters said just before it kept aside. */
static int live_walk(struct live *live, struct selftest *selftest,
		     char why[LIVE_WHY])
{
	int err;

	live->before = *live_counters(live);
	err = selftest_walk(selftest);
	if (err)
		selftest_why(selftest, err, why, LIVE_WHY);
	return err;
}

static bool step_heard(const struct live *live, enum step step)
{
	return live_counters(live)->selftest_steps[step] >
	       live->before.selftest_steps[step];
}

/* Without ::1 nothing can show whether the probes of IPv6 work. */
static void live_pass_over(struct live *live, const struct selftest *selftest,
			   enum step step)
{
	struct plan_entry *entry = &live->plan->entries[step];
	bool untested = plan_steps[step].ipv6 && selftest->no_ipv6[0];

	attachment_next(&live->attachment, live->plan, step,
			untested ? "no ::1 for the self-test" :
				   "attached but never fired");
	entry->excused = untested && !entry->symbol;
}

int live_self_test(struct live *live, struct selftest *selftest,
		   char why[LIVE_WHY])
{
	bool again = true;

	while (again) {
		int err = live_walk(live, selftest, why);

		if (err)
			return err;
		again = false;
		for (int step = 0; step < STEP_MAX; step++) {
			struct plan_entry *entry = &live->plan->entries[step];

			if (!entry->symbol || entry->never_fired ||
			    step_heard(live, step))
				continue;
			live_pass_over(live, selftest, step);
			again |= entry->symbol && !entry->never_fired;
		}
	}
	selftest->sent = 0; /* what counts as control comes after the test */
	return 0;
}

int live_control(struct live *live, struct selftest *selftest,
		 char why[LIVE_WHY])
{
	const struct lab_counters *now = live_counters(live);
	bool heard = true;
	int err;

	err = live_walk(live, selftest, why);
	if (err)
		return err;
	for (int step = 0; step < STEP_MAX; step++) {
		const struct plan_entry *entry = &live->plan->entries[step];

		if (entry->symbol && !entry->never_fired &&
		    !step_heard(live, step))
			heard = false;
	}
	if (selftest->second == FAMILY_IPV6 &&
	    now->selftest_packets6 == live->before.selftest_packets6)
		heard = false;
	live->control_kernel +=
		heard && now->selftest_packets > live->before.selftest_packets;
	live->control_syscall +=
		now->selftest_syscalls > live->before.selftest_syscalls;
	return 0;
}

uint32_t live_control_syscall(const struct live *live)
{
	return live->control_syscall;
}

uint32_t live_control_kernel(const struct live *live)
{
	return live->control_kernel;
}

int live_fd(const struct live *live)
{
	return ring_buffer__epoll_fd(live->ring.buffer);
}

int live_drain(struct live *live, struct record_sink *sink)
{
	live->sink = sink;
	live->turn_ns = clock_now_ns() + TURN_LATE_NS;
	return ring_drain(&live->ring);
}

uint64_t live_lost(const struct live *live)
{
	return live_counters(live)->dropped + live->undecoded;
}

uint64_t live_missed(const struct live *live)
{
	return live->missed.others;
}

uint64_t live_missed_calls(const struct live *live)
{
	return live->missed.calls;
}

uint64_t live_unwatched(const struct live *live)
{
	return live_counters(live)->unwatched;
}

uint64_t live_unfollowed(const struct live *live)
{
	return attachment_followed(&live->attachment)->no_room;
}

/* Each counter is exact; all of them at one time only when nothing runs. */
void live_tally(const struct live *live, struct record_tally *tally)
{
	const struct lab_counters *now = live_counters(live);

	*tally = (struct record_tally){
		.hits = now->hits,
		.delivered = now->delivered,
		.dropped = now->dropped,
		.filtered = now->filtered,
		.received = live->received,
		.left_out = attachment_followed(&live->attachment)->left_out,
		.elsewhere = attachment_followed(&live->attachment)->elsewhere,
		.other_connects = now->other_connects,
	};
}

void live_stop(struct live *live)
{
	uint64_t limit = clock_now_ns() + SETTLE_NS;
	struct record_tally tally;

	attachment_missed(&live->attachment, &live->missed);
	attachment_stop(&live->attachment);
	do {
		live_tally(live, &tally);
		tally.received = tally.delivered; /* not drained yet */
	} while (!tally_is_even(&tally) && clock_now_ns() < limit);
}
