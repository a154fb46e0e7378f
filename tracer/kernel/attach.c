// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Opens, loads and attaches the programs of bpf/. See attach.h.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attach.h"
#include "followed.h"
#include "lab.skel.h"
#include "refused.h"
#include "uring.h"

/*
 * Descriptors whose last close(2) makes the kernel wait. A kprobe's waits for
 * RCU: 80 to 115 ms each, one after the other, in the lab VM.
 */

/* Above every descriptor of a run: the kernel uses the lowest free one. */
#define DESCRIPTORS 4096

/* Closes files, pipes, sockets and terminals: readers wait for their end. */
static void close_what_others_wait_for(void)
{
	for (int fd = 0; fd < DESCRIPTORS; fd++) {
		struct stat about;

		/* BPF and perf descriptors have no type: anon_inode */
		if (!fstat(fd, &about) && (about.st_mode & S_IFMT))
			close(fd);
	}
}

/*
 * Starts a child that holds every BPF and perf descriptor of this process, and
 * nothing else, and ends at once: so it is the child that waits, in a session
 * of its own, while this process closes them without delay and exits. If there
 * can be no child, this process waits. The child is named tracer-release.
 */
static void release_in_child(void)
{
	if (fork() != 0)
		return;
	prctl(PR_SET_NAME, "tracer-release");
	setsid();
	close_what_others_wait_for();
	_exit(0);
}

/* The program of a step has the step's name. */
static struct bpf_program *step_program(const struct attachment *at,
					enum step step)
{
	return bpf_object__find_program_by_name(at->skeleton->obj,
						plan_steps[step].name);
}

int attachment_open(struct attachment *at, enum tier tier, char why[ATTACH_WHY])
{
	int err;

	at->tier = tier;
	at->skeleton = lab_bpf__open();
	if (at->skeleton)
		return 0;
	err = errno ? -errno : -ENOMEM;
	snprintf(why, ATTACH_WHY, "cannot open the eBPF object: %s",
		 strerror(-err));
	return err;
}

struct lab_filter *attachment_filter(struct attachment *at)
{
	return &at->skeleton->rodata->filter;
}

int attachment_load(struct attachment *at, const struct target *target,
		    uint32_t ring_bytes, char why[ATTACH_WHY])
{
	struct bpf_program *mark = at->skeleton->progs.mark_open_sockets;
	int err;

	for (int step = 0; step < STEP_MAX; step++) {
		const struct lab_filter *filter = attachment_filter(at);
		bool wanted = plan_steps[step].proto == IPPROTO_UDP ?
				      filter->udp :
				      filter->tcp;

		bpf_program__set_autoload(step_program(at, step),
					  wanted && at->tier == TIER_KPROBE);
	}
	bpf_program__set_autoattach(mark, false);
	followed_prepare(at->skeleton->obj, target);
	uring_prepare(at->skeleton, at->tier == TIER_TRACEPOINT);
	bpf_map__set_max_entries(at->skeleton->maps.ring, ring_bytes);
	err = lab_bpf__load(at->skeleton);
	if (err)
		load_error(err, ring_bytes, why, ATTACH_WHY);
	return err;
}

/* The first of the remaining candidates that can be attached. */
static void attach_step(struct attachment *at, struct plan *plan,
			enum step step)
{
	struct plan_entry *entry = &plan->entries[step];
	const char *function;

	entry->symbol = NULL;
	while ((function = plan_next(plan, step))) {
		at->steps[step] = bpf_program__attach_kprobe(
			step_program(at, step), false, function);
		if (at->steps[step]) {
			entry->symbol = function;
			return;
		}
		entry->excused = errno == ENOENT && !entry->forced &&
				 plan_steps[step].gone;
		plan_reject(plan, step, function, probe_error(-errno));
	}
}

void attachment_next(struct attachment *at, struct plan *plan, enum step step,
		     const char *reason)
{
	struct plan_entry *entry = &plan->entries[step];

	if (entry->forced) {
		entry->never_fired = true;
		return;
	}
	plan_reject(plan, step, entry->symbol, reason);
	bpf_link__destroy(at->steps[step]);
	at->steps[step] = NULL;
	attach_step(at, plan, step);
}

int attachment_attach(struct attachment *at, struct plan *plan,
		      const struct target *target, char why[ATTACH_WHY])
{
	struct lab_bpf *skeleton = at->skeleton;
	int err = followed_meet(skeleton->obj);

	/* first: tracepoints, whose programs name them, softirq among them */
	for (int step = 0; step < STEP_MAX; step++)
		bpf_program__set_autoattach(step_program(at, step), false);
	if (!err)
		err = lab_bpf__attach(skeleton);
	if (err) {
		snprintf(why, ATTACH_WHY, "cannot attach to tracepoints: %s",
			 strerror(-err));
		return err;
	}
	err = followed_take(skeleton->obj, target,
			    &skeleton->bss->followed_counts, why, ATTACH_WHY);
	if (err)
		return err;
	err = followed_walk(skeleton->progs.mark_open_sockets);
	if (err) {
		snprintf(why, ATTACH_WHY, "cannot list the open files: %s",
			 strerror(-err));
		return err;
	}
	for (int step = 0; step < STEP_MAX; step++)
		if (at->tier == TIER_KPROBE && plan->entries[step].wanted)
			attach_step(at, plan, step);
	return 0;
}

static uint64_t program_missed(const struct bpf_program *program)
{
	struct bpf_prog_info info = {0};
	uint32_t bytes = sizeof(info);

	if (bpf_program__fd(program) < 0 ||
	    bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &bytes))
		return 0;
	return info.recursion_misses;
}

/* struct bpf_link_info of a kprobe, by place: older headers lack its end. */
static uint64_t link_missed(const struct bpf_link *link)
{
	struct {
		__u32 type, id, prog_id, pad;
		__u32 event, event_pad;
		__u64 name;
		__u32 name_len, offset;
		__u64 addr, missed;
		__u64 more[16];
	} info = {0};
	uint32_t bytes = sizeof(info);

	if (!link || bpf_obj_get_info_by_fd(bpf_link__fd(link), &info, &bytes))
		return 0;
	return info.missed;
}

void attachment_missed(const struct attachment *at,
		       struct attachment_missed *missed)
{
	const struct lab_bpf *skeleton = at->skeleton;
	struct bpf_program *program = NULL;

	*missed = (struct attachment_missed){0};
	bpf_object__for_each_program (program, skeleton->obj) {
		bool calls = program == skeleton->progs.sys_enter ||
			     program == skeleton->progs.sys_exit;

		*(calls ? &missed->calls : &missed->others) +=
			program_missed(program);
	}
	for (int step = 0; step < STEP_MAX; step++)
		missed->others += link_missed(at->steps[step]);
}

void attachment_stop(struct attachment *at)
{
	at->skeleton->bss->kprobes_off = 1;
	lab_bpf__detach(at->skeleton);
}

static bool has_kprobes(const struct attachment *at)
{
	for (int step = 0; step < STEP_MAX; step++)
		if (at->steps[step])
			return true;
	return false;
}

void attachment_close(struct attachment *at)
{
	if (has_kprobes(at))
		release_in_child();
	for (int step = 0; step < STEP_MAX; step++)
		bpf_link__destroy(at->steps[step]);
	lab_bpf__destroy(at->skeleton);
	memset(at, 0, sizeof(*at));
}

int attachment_ring_fd(const struct attachment *at)
{
	return bpf_map__fd(at->skeleton->maps.ring);
}

const struct lab_counters *attachment_counters(const struct attachment *at)
{
	return &at->skeleton->bss->counters;
}

const struct followed_counts *attachment_followed(const struct attachment *at)
{
	return &at->skeleton->bss->followed_counts;
}
