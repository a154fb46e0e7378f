/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Lab 22: count the connect(2) of one process, by address family and port.
 *
 * The program runs in the kernel, at the beginning of each connect(2) of every
 * process. Before the kernel takes it, the verifier proves that no path of it can
 * read what it may not. load.c loads it, attaches it, starts the process, and
 * prints what the map `calls` has in the end.
 *
 * In: the system call's arguments. Out: the map `calls`. Compare
 * bpf/syscalls.bpf.c, which does the same for the tracer.
 *
 * The solution, from which start.bpf.c is cut. After each part that was YOURS to
 * write comes the code that it WAS.
 */
#include <linux/bpf.h>
#include <linux/in.h>
#include <stdbool.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define AF_INET  2
#define AF_INET6 10

/* /sys/kernel/tracing/events/syscalls/sys_enter_connect/format */
struct enter_connect {
	__u64 common;
	long number;
	long fd;
	const struct sockaddr_in *address; /* in the memory of the process */
	long address_len;
};

struct key {
	__u32 family;
	__u32 port; /* 80 is 80; 0: no port */
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct key);
	__type(value, __u64);
} calls SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} target SEC(".maps"); /* the process to watch; load.c writes it */

/* Whether the process that runs now is the one to watch. */
static bool is_target(void)
{
	/*
	 * YOURS 3: bpf_get_current_pid_tgid(): the process ID is in its upper 32
	 * bits. The one to watch is in the map `target`, at key 0.
	 */
	const __u32 first = 0;
	const __u32 *pid = bpf_map_lookup_elem(&target, &first);

	return pid && *pid == bpf_get_current_pid_tgid() >> 32;
	/* WAS: return true; */
}

SEC("tracepoint/syscalls/sys_enter_connect")
int count_connect(struct enter_connect *enter)
{
	struct sockaddr_in address = {0};
	struct key key = {0};
	const __u64 one = 1;
	__u64 *count;

	if (!is_target())
		return 0;
	/* YOURS 1: the address is in user memory: bpf_probe_read_user(). */
	bpf_probe_read_user(&address, sizeof(address), enter->address);
	/* WAS: address.sin_family = enter->address->sin_family; */
	key.family = address.sin_family;
	if (key.family == AF_INET || key.family == AF_INET6) {
		/* YOURS 4: in which order are the bytes of a port? */
		key.port = bpf_ntohs(address.sin_port);
		/* WAS: key.port = address.sin_port; */
	}
	count = bpf_map_lookup_elem(&calls, &key);
	/* YOURS 2: what does the lookup return, if the map has no such key? */
	if (!count) {
		bpf_map_update_elem(&calls, &key, &one, BPF_NOEXIST);
		return 0;
	}
	/* WAS: (void)one; */
	__sync_fetch_and_add(count, 1);
	return 0;
}

/* Some helpers are for programs under the GPL only. */
char LICENSE[] SEC("license") = "GPL";
