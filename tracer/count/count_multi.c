// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Counts through kprobe.multi: one eBPF program on all functions, attached at
 * once through one link, that adds to a map for each CPU (bpf/count.bpf.c).
 *
 * The link goes when its descriptor does: nothing outlives the tracer. It is
 * attached to addresses, not names: one name that the kernel does not know, or
 * knows twice, would make the whole link fail. The addresses come from
 * available_filter_functions_addrs, so this backend needs Linux 6.5.
 *
 * From Linux 5.19 on bpf(2) requires capabilities only to create or load an
 * object; using the descriptor of a map, a program or a link requires none
 * (kernel commit c8644cd0efe7): the numbers are read without privileges.
 */
#include "backend.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "bpf/count.h"
#include "count.skel.h"
#include "kernel/followed.h"
#include "kernel/refused.h"

struct multi {
	const struct count_request *request;
	struct count_bpf *skeleton;
	struct bpf_link *link;
};

static void multi_close(void *state)
{
	struct multi *multi = state;

	if (!multi)
		return;
	bpf_link__destroy(multi->link);
	count_bpf__destroy(multi->skeleton);
	free(multi);
}

static int multi_explain(int err, char why[COUNT_WHY])
{
	switch (err) {
	case -EPERM:
	case -EACCES:
		snprintf(why, COUNT_WHY,
			 "the kernel does not let this process attach eBPF "
			 "programs: run it as root");
		break;
	case -EOPNOTSUPP:
	case -EINVAL: /* before 5.18 the kernel does not know the kind */
		snprintf(why, COUNT_WHY,
			 "this kernel has no kprobe.multi (CONFIG_FPROBE)");
		return -EOPNOTSUPP;
	case -EMFILE:
		snprintf(why, COUNT_WHY,
			 "no file descriptor left: raise ulimit -n");
		break;
	case -ENOMEM:
		snprintf(why, COUNT_WHY,
			 "no memory to count so many functions on every CPU");
		break;
	case -ESRCH: /* followed_take() says why */
		break;
	default:
		snprintf(why, COUNT_WHY,
			 "cannot attach through kprobe.multi: %s",
			 strerror(-err));
	}
	return err;
}

static int multi_load(struct multi *multi)
{
	const struct count_request *request = multi->request;
	struct count_bpf *skeleton = multi->skeleton = count_bpf__open();

	if (!skeleton)
		return -errno;
	target_filter(request->target, &skeleton->rodata->filter);
	bpf_map__set_max_entries(skeleton->maps.calls_of, request->sites->len);
	bpf_program__set_autoattach(skeleton->progs.count_call, false);
	followed_prepare(skeleton->obj, request->target);
	return count_bpf__load(skeleton);
}

static int multi_attach(struct multi *multi, char why[COUNT_WHY])
{
	const struct sites *sites = multi->request->sites;
	struct bpf_kprobe_multi_opts opts = {
		.sz = sizeof(opts),
		.cnt = sites->len,
	};
	unsigned long *addresses = calloc(sites->len, sizeof(*addresses));
	int err;

	if (!addresses)
		return -ENOMEM;
	for (size_t i = 0; i < sites->len; i++)
		addresses[i] = sites->sites[i].address;
	opts.addrs = addresses;
	err = followed_meet(multi->skeleton->obj);
	if (!err)
		err = count_bpf__attach(multi->skeleton);
	if (!err)
		err = followed_take(
			multi->skeleton->obj, multi->request->target,
			&multi->skeleton->bss->followed_counts, why, COUNT_WHY);
	if (!err) {
		multi->link = bpf_program__attach_kprobe_multi_opts(
			multi->skeleton->progs.count_call, NULL, &opts);
		err = multi->link ? 0 : -errno;
	}
	free(addresses);
	return err;
}

static int multi_open(void **state, const struct count_request *request,
		      char why[COUNT_WHY])
{
	struct multi *multi = calloc(1, sizeof(*multi));
	int err = -ENOMEM;

	libbpf_set_print(load_error_words);
	if (multi) {
		multi->request = request;
		err = multi_load(multi);
		if (!err)
			err = multi_attach(multi, why);
	}
	if (err) {
		multi_close(multi);
		return multi_explain(err, why);
	}
	*state = multi;
	return 0;
}

/* Adds what all CPUs have counted of the function at @ip. */
static void multi_take(struct counts *counts, struct count *count,
		       const struct count_calls *calls, int cpus)
{
	for (int cpu = 0; cpu < cpus; cpu++) {
		const __u64 *slots = calls[cpu].slots;

		counts_add(counts, count, COUNT_TASK, slots[SLOT_TASK]);
		counts_add(counts, count, COUNT_SOFTIRQ, slots[SLOT_SOFTIRQ]);
		counts_add(counts, count, COUNT_HARDIRQ, slots[SLOT_HARDIRQ]);
		counts_add_control(count, slots[SLOT_CONTROL]);
	}
}

static int multi_read(void *state)
{
	struct multi *multi = state;
	const struct count_request *request = multi->request;
	int fd = bpf_map__fd(multi->skeleton->maps.calls_of);
	int cpus = libbpf_num_possible_cpus(), err = 0;
	uint64_t ip, *previous = NULL, before;
	struct count_calls *calls;

	if (cpus < 0)
		return cpus;
	calls = calloc(cpus, sizeof(*calls));
	if (!calls)
		return -ENOMEM;
	counts_zero(request->counts);
	while (bpf_map_get_next_key(fd, previous, &ip) == 0) {
		struct count *count = sites_find(request->sites, ip);

		if (bpf_map_lookup_elem(fd, &ip, calls)) {
			err = -errno;
			break;
		}
		if (count)
			multi_take(request->counts, count, calls, cpus);
		else
			request->counts->unknown++;
		before = ip;
		previous = &before;
	}
	free(calls);
	return err;
}

static int multi_cut(void *state)
{
	struct multi *multi = state;
	int err = multi_read(multi);

	multi->request->counts->cut = true;
	return err;
}

/*
 * Calls that the kernel did not report because this program, or the link's
 * handler, was already running: recursion_misses (Linux 5.12) and missed (Linux
 * 6.7), the latter by its place in struct bpf_link_info, because older headers
 * lack it. Both are filled in for every process that has the descriptor, before
 * the kernel checks capabilities (bpf_prog_get_info_by_fd() in
 * kernel/bpf/syscall.c, bpf_kprobe_multi_link_fill_link_info()). 0 or -errno.
 */
static int multi_missed(const struct multi *multi, uint64_t *calls)
{
	struct {
		__u32 type, id, prog_id, pad;
		__u64 addrs;
		__u32 count, flags;
		__u64 missed;
		__u64 more[16];
	} link = {0};
	struct bpf_prog_info program = {0};
	__u32 program_len = sizeof(program), link_len = sizeof(link);

	if (bpf_obj_get_info_by_fd(
		    bpf_program__fd(multi->skeleton->progs.count_call),
		    &program, &program_len) ||
	    bpf_obj_get_info_by_fd(bpf_link__fd(multi->link), &link, &link_len))
		return -errno;
	*calls = program.recursion_misses + link.missed;
	return 0;
}

static int multi_stop(void *state, struct count_drops *drops)
{
	struct multi *multi = state;
	int err = multi_missed(multi, &drops->missed);

	if (err)
		return err;
	drops->no_room = multi->skeleton->bss->no_room;
	drops->unlisted = multi->skeleton->bss->followed_counts.no_room;
	followed_say_left_out(&multi->skeleton->bss->followed_counts);
	bpf_link__destroy(multi->link);
	multi->link = NULL;
	return multi_read(multi);
}

const struct count_backend count_multi = {
	.name = "kprobe.multi",
	.through = "through kprobe.multi",
	.open = multi_open,
	.read = multi_read,
	.cut = multi_cut,
	.stop = multi_stop,
	.close = multi_close,
};
