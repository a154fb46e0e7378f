// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The table of conditions, and how to reach the lab VM. See preflight.h. */
#include "preflight.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "arguments.h"
#include "warn.h"

/* clang-format off */
const struct condition preflight_conditions[] = {
	{"eBPF", FOR_TRACING, kernel_has_bpf,
	 "bpf(2) is not available (CONFIG_BPF_SYSCALL, or a seccomp filter)",
	 NULL},
	{"libbpf", FOR_TRACING, process_has_libbpf,
	 "libbpf is older than the one that the tracer was compiled with",
	 "make clean && make"},
	{"privilege", FOR_TRACING | FOR_COUNT | FOR_TREE, process_has_privilege,
	 "tracing needs root, or CAP_BPF with CAP_PERFMON",
	 "run it with sudo"},
	{"memlock", FOR_TRACING, process_may_lock,
	 "before Linux 5.11 eBPF maps count as locked memory, and the limit is "
	 "too low",
	 "sudo prlimit --memlock=unlimited --pid $$"},
	{"capture", FOR_TRACING | FOR_CAPTURE, process_may_capture,
	 "capturing packets needs root or CAP_NET_RAW",
	 "run it with sudo"},
	{"sysfs", FOR_TRACING, kernel_shows_sysfs,
	 "the kernel's files under /sys are masked, as in a container",
	 "start the container with -v /sys:/sys"},
	{"BTF", FOR_TRACING, kernel_has_btf,
	 "this kernel has no type information in /sys/kernel/btf/vmlinux "
	 "(CONFIG_DEBUG_INFO_BTF, or a container that masks it)",
	 NULL},
	{"lockdown", FOR_TRACING, kernel_not_locked_down,
	 "the kernel is locked down (confidentiality): no process may read its "
	 "memory",
	 "boot without lockdown"},
	{"files", FOR_TRACING | FOR_COUNT, process_has_descriptors,
	 "too few file descriptors are left; each probe takes two",
	 "ulimit -n 1024"},
	{"loopback", FOR_TRACING | FOR_COUNT | FOR_TREE, process_has_loopback,
	 "lo is down in this network namespace, and the self-test needs it",
	 "sudo ip link set lo up"},
	{"time", FOR_TRACING, process_knows_time,
	 "this process has unshared its time namespace, so /proc shows the "
	 "offset of its children and not its own",
	 "run it in a child: unshare -T --fork"},
	{"kprobes", FOR_KPROBES, kernel_has_kprobes,
	 "this kernel has no kprobes (CONFIG_KPROBE_EVENTS)",
	 NULL},
	{"paranoid", FOR_KPROBES, process_not_paranoid,
	 "kernel.perf_event_paranoid allows kprobes only with CAP_SYS_ADMIN",
	 "sudo sysctl kernel.perf_event_paranoid=2"},
	{"armed", FOR_KPROBES, kernel_kprobes_armed,
	 "kprobes are switched off: they attach but never fire",
	 "echo 1 | sudo tee /sys/kernel/debug/kprobes/enabled"},
	{"ftrace", FOR_KPROBES, kernel_ftrace_on,
	 "ftrace is switched off, so kprobes never fire",
	 "sudo sysctl kernel.ftrace_enabled=1"},
	{"symbols", FOR_STACKS, kernel_shows_addresses,
	 "/proc/kallsyms hides the addresses of functions",
	 "sudo sysctl kernel.kptr_restrict=0"},
	{"depth", FOR_STACKS, kernel_stacks_deep,
	 "kernel.perf_event_max_stack is below 32, the frames that the tracer "
	 "asks for",
	 "sudo sysctl kernel.perf_event_max_stack=127"},
	{"tracefs", FOR_COUNT | FOR_TREE, kernel_has_tracefs,
	 "tracefs is not mounted",
	 "sudo mount -t tracefs nodev /sys/kernel/tracing"},
	{"functions", FOR_COUNT, kernel_lists_functions,
	 "the kernel does not list the functions that can be watched "
	 "(CONFIG_DYNAMIC_FTRACE, or lockdown)",
	 NULL},
	{"graph", FOR_TREE, kernel_has_graph,
	 "this kernel has no function-graph tracer "
	 "(CONFIG_FUNCTION_GRAPH_TRACER)",
	 NULL},
	{"tracer", FOR_GRAPH, kernel_tracer_free,
	 "another program uses ftrace: current_tracer is set",
	 "echo nop | sudo tee /sys/kernel/tracing/current_tracer"},
	{"userns", FOR_LABS, kernel_has_user_namespaces,
	 "unprivileged user namespaces are disabled",
	 "sudo sysctl user.max_user_namespaces=10000 (Ubuntu: "
	 "kernel.apparmor_restrict_unprivileged_userns=0)"},
	{"QEMU", FOR_LABS, process_finds_qemu,
	 "qemu-system-x86_64 is not installed",
	 "sudo apt-get install qemu-system-x86"},
	{NULL, 0, NULL, NULL, NULL},
};
/* clang-format on */

unsigned int preflight_tier(enum tier tier)
{
	return tier == TIER_KPROBE ? FOR_TRACING | FOR_KPROBES : FOR_TRACING;
}

const struct condition *preflight_obstacle(unsigned int purposes)
{
	for (const struct condition *c = preflight_conditions; c->name; c++)
		if ((c->purposes & purposes) && !c->holds())
			return c;
	return NULL;
}

/*
 * @path relative to the working directory: "labs/vm/run", "../labs/vm/run",
 * "./tracer"; from farther away it is unchanged.
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

static bool has_control(const char *word)
{
	for (; *word; word++)
		if (iscntrl((unsigned char)*word))
			return true;
	return false;
}

/*
 * A line break or a tab would not come through the terminal. bash, zsh and ksh
 * read these words; there is no form that dash and fish read as well.
 */
static void quote_control(FILE *out, const char *word)
{
	fputs("$'", out);
	for (; *word; word++)
		if (iscntrl((unsigned char)*word))
			fprintf(out, "\\%03o", (unsigned char)*word);
		else if (*word == '\'' || *word == '\\')
			fprintf(out, "\\%c", *word);
		else
			putc(*word, out);
	putc('\'', out);
}

/*
 * The word as a shell takes it. bash, dash, zsh and fish read 'single quotes'
 * in the same way, except for quotes and backslashes in them: those stay
 * outside. In zsh and fish a glob that nothing matches is an error, and zsh
 * takes =NAME for a path.
 */
static void quote_word(FILE *out, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789%+,-./:@_=";

	if (*word && *word != '=' && word[strspn(word, plain)] == '\0') {
		fputs(word, out);
		return;
	}
	if (has_control(word)) {
		quote_control(out, word);
		return;
	}
	putc('\'', out);
	for (; *word; word++)
		if (*word == '\'' || *word == '\\')
			fprintf(out, "'\\%c'", *word);
		else
			putc(*word, out);
	putc('\'', out);
}

/* "labs/vm/run -- tracer/tracer", from the working directory */
static void quote_programs(FILE *out)
{
	char tracer[PATH_MAX], top[PATH_MAX], run[PATH_MAX + 16];
	char run_here[PATH_MAX], tracer_here[PATH_MAX];
	ssize_t len;
	char *slash;

	len = readlink("/proc/self/exe", tracer, sizeof(tracer) - 1);
	tracer[len < 0 ? 0 : len] = '\0';
	snprintf(top, sizeof(top), "%s", tracer);
	for (int up = 0; up < 2 && (slash = strrchr(top, '/')); up++)
		*slash = '\0'; /* less "/tracer/tracer" */
	snprintf(run, sizeof(run), "%s/labs/vm/run", top);
	from_here(run, run_here);
	from_here(tracer, tracer_here);
	quote_word(out, run_here);
	fputs(" -- ", out);
	quote_word(out, tracer_here);
}

char *preflight_lab_command(char *const argv[])
{
	char *line = NULL;
	size_t size;
	FILE *out;

	out = open_memstream(&line, &size);
	if (!out)
		return NULL;
	if (strcmp(arguments_program(), "dialtone") == 0)
		fputs("dialtone vm -- dialtone", out);
	else
		quote_programs(out);
	for (int i = 0; argv[i]; i++) {
		putc(' ', out);
		quote_word(out, argv[i]);
	}
	if (fclose(out)) {
		free(line);
		return NULL;
	}
	return line;
}

int preflight_cannot_trace(const char *what, const char *remedy,
			   char *const argv[])
{
	char *lab = preflight_lab_command(argv);

	warn_line("%s; %s%sin the lab VM: %s", what, remedy ? remedy : "",
		  remedy ? ", or " : "it works ", lab ? lab : "labs/vm/run");
	free(lab);
	return EXIT_CANNOT_TRACE;
}

int preflight_check(unsigned int purposes, char *const argv[])
{
	const struct condition *obstacle = preflight_obstacle(purposes);

	return obstacle ? preflight_cannot_trace(obstacle->lacking,
						 obstacle->remedy, argv) :
			  EX_OK;
}
