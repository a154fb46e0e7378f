// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The run of `tracer count`. See count_run.h. */
#include "count_run.h"

#include <errno.h>
#include <linux/membarrier.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "process/signals.h"
#include "process/warn.h"
#include "wire/clock.h"

#define CONTROL_NS 1000000000ULL

/* Functions that the self-tests call on every kernel that the lab knows. */
static const char *const selftest_calls[] = {"__sys_connect", "udp_sendmsg",
					     "tcp_sendmsg", NULL};
/* Functions that execve(2) calls (fs/exec.c), the latter before Linux 5.8. */
static const char *const exec_calls[] = {"begin_new_exec", "flush_old_exec",
					 NULL};

void count_run_canaries(struct count_run *run)
{
	struct count_evidence *evidence = &run->evidence;

	evidence->canary =
		counts_canary(&run->counts, &run->functions, selftest_calls);
	evidence->exec =
		counts_canary(&run->counts, &run->functions, exec_calls);
}

static int find_sites(struct count_run *run)
{
	int err = sites_load(&run->sites, &run->counts, &run->functions,
			     "/proc/kallsyms");

	if (err == -EPERM)
		snprintf(run->why, sizeof(run->why),
			 "/proc/kallsyms hides the kernel's addresses "
			 "(sysctl kernel.kptr_restrict=0)");
	else if (err)
		snprintf(run->why, sizeof(run->why),
			 "cannot find where the functions are: %s",
			 strerror(-err));
	return err;
}

static int open_backend(struct count_run *run,
			const struct count_backend *backend)
{
	int err = backend->open(&run->state, &run->request, run->why);

	if (!err)
		run->backend = backend;
	return err;
}

int count_run_open(struct count_run *run)
{
	const char *asked = run->options.backend;
	int err = find_sites(run);

	if (err)
		return err;
	run->signals = signals_catch();
	run->request = (struct count_request){
		.target = &run->options.target,
		.counts = &run->counts,
		.sites = &run->sites,
		.buffer_bytes = run->options.buffer_kib * 1024,
	};
	if (!asked || strcmp(asked, count_multi.name) == 0) {
		err = -EOPNOTSUPP;
		if (run->functions.places_len > 0)
			err = open_backend(run, &count_multi);
		else
			snprintf(run->why, sizeof(run->why),
				 "kprobe.multi needs the addresses of "
				 "functions, which this kernel does not list "
				 "(Linux 6.5 does)");
		if (asked || err != -EOPNOTSUPP)
			return err;
	}
	return open_backend(run, &count_ftrace);
}

static bool was_counted(const struct count_run *run, const char *function,
			uint64_t before)
{
	const struct count *count = counts_find(&run->counts, function);

	return count && count->control > before;
}

/*
 * RCU frees the self-test's sockets in softirq, on top of any task that runs
 * then: make that happen before the command starts, if possible. This call is
 * synchronize_rcu() of the kernel (membarrier(2)).
 */
static void let_rcu_pass(void)
{
	syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
}

/* One self-test, and up to a second until it is counted. */
static int count_run_control(struct count_run *run)
{
	const char *canary = run->evidence.canary;
	const struct count *count =
		canary ? counts_find(&run->counts, canary) : NULL;
	uint64_t before = count ? count->control : 0;
	uint64_t limit = clock_now_ns() + CONTROL_NS;
	int err = selftest_walk(&run->selftest);

	if (err) {
		selftest_why(&run->selftest, err, run->why, sizeof(run->why));
		return err;
	}
	run->evidence.sent++;
	err = run->backend->read(run->state);
	while (!err && canary && !was_counted(run, canary, before) &&
	       clock_now_ns() < limit) {
		poll(NULL, 0, 5); /* the backend has nothing to wait for */
		err = run->backend->read(run->state);
	}
	run->evidence.seen += canary && was_counted(run, canary, before);
	return err;
}

static void count_run_say_ready(const struct count_run *run)
{
	struct count_total total =
		counts_total(&run->counts, run->counts.globs_len);

	fprintf(stderr, "ready: counting %zu functions %s\n", total.matched,
		run->backend->through);
}

/* Until a signal, the command's end, or -d. */
static int count_run_watch(struct count_run *run)
{
	struct ending ending = {
		.signals = run->signals,
		.command = run->child.pidfd,
		.events = -1,
		.deadline_ns = ending_after(run->options.seconds),
	};
	bool over;
	int err = 0;

	do {
		over = ending_wait(&ending);
		if (run->backend->tick)
			err = run->backend->tick(run->state);
	} while (!err && !over);
	return err;
}

/* sysctl kernel.ftrace_enabled: both backends need it. */
static bool ftrace_is_off(void)
{
	FILE *file = fopen("/proc/sys/kernel/ftrace_enabled", "re");
	bool off;

	if (!file)
		return false;
	off = fgetc(file) == '0';
	fclose(file);
	return off;
}

static void count_run_gather(struct count_run *run)
{
	struct count_evidence *evidence = &run->evidence;
	const struct target *target = &run->options.target;
	const struct count *exec =
		evidence->exec ? counts_find(&run->counts, evidence->exec) :
				 NULL;

	evidence->backend = run->backend->name;
	evidence->through = run->backend->through;
	evidence->by_name =
		!target->command && !target->pid && !target->everybody;
	evidence->command = target->command ? target->command[0] : NULL;
	evidence->exec_seen = exec && count_calls(exec) > 0;
	evidence->ftrace_off = ftrace_is_off();
	evidence->buffer_kib = run->options.buffer_kib;
	evidence->unplaced = run->sites.unplaced;
}

int count_run_all(struct count_run *run)
{
	int err;

	err = count_run_control(run);
	if (err)
		return err;
	let_rcu_pass();
	count_run_say_ready(run);
	if (run->child.pid) {
		err = child_run(&run->child);
		run->cannot_run = err != 0;
	}
	if (!err)
		err = count_run_watch(run);
	if (!err)
		err = run->backend->cut(run->state);
	if (!err)
		err = count_run_control(run);
	if (!err)
		err = run->backend->stop(run->state, &run->evidence.drops);
	if (!err)
		count_run_gather(run);
	return err;
}

void count_run_close(struct count_run *run)
{
	child_end(&run->child);
	if (run->backend)
		run->backend->close(run->state);
	sites_fini(&run->sites);
	counts_fini(&run->counts);
	functions_fini(&run->functions);
	if (run->signals >= 0)
		close(run->signals);
}
