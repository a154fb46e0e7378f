// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The conditions for tracing. See machine.h.
 */
#include "machine.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cap-ng.h>

/* From Linux 5.8 on CAP_BPF and CAP_PERFMON do what CAP_SYS_ADMIN did. */
static bool has_privilege(void)
{
	bool bpf, perfmon;

	if (capng_have_capability(CAPNG_EFFECTIVE, CAP_SYS_ADMIN))
		return true;
	bpf = capng_have_capability(CAPNG_EFFECTIVE, CAP_BPF);
	perfmon = capng_have_capability(CAPNG_EFFECTIVE, CAP_PERFMON);
	return bpf && perfmon;
}

static bool may_capture(void)
{
	return capng_have_capability(CAPNG_EFFECTIVE, CAP_NET_RAW);
}

static bool has_bpf(void)
{
	return access("/proc/sys/kernel/unprivileged_bpf_disabled", F_OK) == 0;
}

static bool has_btf(void)
{
	return access("/sys/kernel/btf/vmlinux", R_OK) == 0;
}

/* The perf "kprobe" source (Linux 4.17), which libbpf attaches through. */
static bool has_kprobes(void)
{
	return access("/sys/bus/event_source/devices/kprobe/type", R_OK) == 0;
}

/* Lockdown "confidentiality" forbids to read kernel memory at all. */
static bool not_locked_down(void)
{
	FILE *file = fopen("/sys/kernel/security/lockdown", "re");
	char line[128] = "";

	if (!file)
		return true; /* no lockdown, or no way to tell */
	if (!fgets(line, sizeof(line), file))
		line[0] = '\0';
	fclose(file);
	return strstr(line, "[confidentiality]") == NULL;
}

const struct condition machine_conditions[] = {
	{"eBPF", has_bpf, "this kernel has no bpf(2) (CONFIG_BPF_SYSCALL)",
	 "run it in the lab machine", false},
	{"privilege", has_privilege,
	 "tracing needs root, or CAP_BPF with CAP_PERFMON",
	 "run it with sudo, or in the lab machine", false},
	{"capture", may_capture, "capturing packets needs root or CAP_NET_RAW",
	 "run it with sudo, or in the lab machine", false},
	{"BTF", has_btf,
	 "this kernel does not describe its types in /sys/kernel/btf/vmlinux "
	 "(CONFIG_DEBUG_INFO_BTF, or a container that masks /sys)",
	 "run it in the lab machine", false},
	{"lockdown", not_locked_down,
	 "the kernel is locked down (confidentiality) and lets nobody read it",
	 "boot without lockdown, or run it in the lab machine", false},
	{"kprobes", has_kprobes,
	 "this kernel has no kprobes (CONFIG_KPROBE_EVENTS)",
	 "add --tier tracepoint, or run it in the lab machine", true},
	{NULL, NULL, NULL, NULL, false},
};

const struct condition *machine_obstacle(enum tier tier)
{
	for (const struct condition *c = machine_conditions; c->name; c++) {
		if (c->for_kprobes && tier != TIER_KPROBE)
			continue;
		if (!c->holds())
			return c;
	}
	return NULL;
}

/*
 * @path as somebody in the working directory would write it: "labs/vm/run",
 * "../labs/vm/run", "./tracer"; from farther away it stays as it is.
 */
static void from_here(const char *path, char buf[PATH_MAX])
{
	char here[PATH_MAX];
	size_t common = 0, i = 0;
	const char *up = "";

	snprintf(buf, PATH_MAX, "%s", path);
	if (!getcwd(here, sizeof(here)) || strlen(here) + 1 >= sizeof(here))
		return;
	here[strlen(here) + 1] = '\0';
	here[strlen(here)] = '/';
	for (; here[i] && here[i] == path[i]; i++)
		if (here[i] == '/')
			common = i + 1;
	if (here[common]) {
		if (common <= 1 || strchr(here + common, '/')[1])
			return; /* two folders up, or more */
		up = "../";
	} else if (!strchr(path + common, '/')) {
		up = "./";
	}
	snprintf(buf, PATH_MAX, "%s%s", up, path + common);
}

void machine_lab_command(char *const argv[], char *buf, size_t size)
{
	char tracer[PATH_MAX], top[PATH_MAX], run[PATH_MAX + 16];
	char run_here[PATH_MAX], tracer_here[PATH_MAX];
	ssize_t len;
	size_t used;
	char *slash;

	len = readlink("/proc/self/exe", tracer, sizeof(tracer) - 1);
	tracer[len < 0 ? 0 : len] = '\0';
	snprintf(top, sizeof(top), "%s", tracer);
	for (int up = 0; up < 2 && (slash = strrchr(top, '/')); up++)
		*slash = '\0'; /* less "/tracer/tracer" */
	snprintf(run, sizeof(run), "%s/labs/vm/run", top);
	from_here(run, run_here);
	from_here(tracer, tracer_here);
	used = snprintf(buf, size, "%s -- %s", run_here, tracer_here);
	for (int i = 0; argv[i] && used < size; i++)
		used += snprintf(buf + used, size - used, " %s", argv[i]);
}
