// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * tracer doctor: what this machine can do, condition by condition, and then the
 * probe plan as the self-test leaves it.
 *
 * It keeps its privileges to the end, because having them is one of the
 * conditions. It opens no file of the user's, runs no command and follows no
 * process but itself: it reads only what the kernel and its own self-test
 * write.
 */
#include <argp.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <sysexits.h>

#include "commands.h"
#include "kernel/live.h"
#include "process/arguments.h"
#include "process/preflight.h"
#include "process/warn.h"
#include "record/text.h"

static const char doc[] =
	"Says what can be traced on this machine, what is missing, and which "
	"kernel function shows each step.\v"
	"Exit status: 0 all works, 64 usage, 77 the kprobe tier does not work "
	"here.\n";

static const struct argp_option table[] = {
	{"conditions", 'c', NULL, 0,
	 "the conditions only: nothing is attached, nothing is sent", 0},
	{0},
};

static error_t cmd_doctor_parse(int key, char *arg, struct argp_state *state)
{
	bool *conditions_only = state->input;

	(void)arg;
	if (key != 'c')
		return ARGP_ERR_UNKNOWN;
	*conditions_only = true;
	return 0;
}

static const char *const purposes[] = {
	[FOR_TRACING] = "to trace at all",
	[FOR_KPROBES] = "to see kernel functions (the kprobe tier)",
	[FOR_STACKS] = "for kernel stacks (--stack, tracer stack)",
	[FOR_LENS] = "for tracer count and tracer tree",
	[FOR_LABS] = "for the labs without root",
};

/* Prints a line for each condition, and two more if it does not hold. */
static void show_conditions(void)
{
	int purpose = -1;

	for (const struct condition *c = preflight_conditions; c->name; c++) {
		bool holds = c->holds();

		if ((int)c->purpose != purpose)
			printf("%s:\n", purposes[purpose = c->purpose]);
		printf("  %-10s %s\n", c->name, holds ? "yes" : "no");
		if (holds)
			continue;
		printf("  %-10s   %s\n", "", c->lacking);
		printf("  %-10s   %s%s\n", "", c->remedy ? "fix: " : "",
		       c->remedy ? c->remedy : "the lab VM has it");
	}
}

/*
 * softirq.bpf.c keeps one flag for each CPU. With PREEMPT_RT a softirq runs in a
 * task, which another task may interrupt.
 */
static void show_realtime(const struct utsname *kernel)
{
	if (strstr(kernel->version, "PREEMPT_RT"))
		puts("\nThis kernel is PREEMPT_RT: a softirq can be "
		     "preempted, so \"softirq\" may be\n"
		     "missing at a function that ran in one, or stand at one "
		     "that did not.\n"
		     "Verdicts do not depend on it.");
}

static void show_plan(const struct plan *plan)
{
	printf("\n  %-15s %-24s %s\n", "STEP", "FUNCTION", "WHAT IT DOES");
	for (int step = 0; step < STEP_MAX; step++) {
		const struct plan_entry *entry = &plan->entries[step];

		printf("  %-15s %-24s %s\n", plan_steps[step].name,
		       entry->symbol ? entry->symbol : "-",
		       plan_steps[step].why);
		if (entry->tried[0])
			printf("  %-15s skipped: %s\n", "", entry->tried);
		if (entry->excused && plan_steps[step].gone)
			printf("  %-15s no function since Linux %s, and none "
			       "needed\n",
			       "", plan_steps[step].gone);
	}
}

/* Loads, attaches and tests everything, as a run would. */
static int try_plan(void)
{
	struct live_options options = {
		.udp = true, .tcp = true, .tier = TIER_KPROBE};
	struct selftest selftest;
	struct live *live;
	struct plan plan;
	char why[LIVE_WHY] = "";
	int err;

	selftest_init(&selftest, true, true);
	plan_init(&plan, true, true);
	err = live_open(&live, &options, &plan, why);
	if (!err) {
		err = live_self_test(live, &selftest, why);
		if (!err)
			show_plan(&plan);
		live_close(live);
	}
	if (err) {
		printf("\n  %s\n", why);
		return EXIT_CANNOT_TRACE;
	}
	if (selftest.no_ipv6[0])
		printf("\nno IPv6 here (%s): verdicts cover IPv4 only\n",
		       selftest.no_ipv6);
	printf("\nkprobe tier: %u of %u probes live\n", plan_live(&plan),
	       plan_live(&plan) + plan_lacking(&plan));
	return plan_lacking(&plan) ? EXIT_CANNOT_TRACE : EX_OK;
}

int cmd_doctor(int argc, char **argv)
{
	static const struct argp argp = {
		table, cmd_doctor_parse, NULL, doc, NULL, NULL, NULL};
	bool conditions_only = false;
	char *again[] = {"doctor", NULL};
	struct utsname kernel;
	char *lab;
	int status;

	arguments_parse(&argp, argc, argv, 0, &conditions_only);

	uname(&kernel);
	fputs("Linux ", stdout);
	text_write(stdout, kernel.release);
	printf(", %s\n\n", kernel.machine);
	show_conditions();
	show_realtime(&kernel);
	if (preflight_obstacle(TIER_KPROBE))
		status = EXIT_CANNOT_TRACE;
	else
		status = conditions_only ? EX_OK : try_plan();
	if (status) {
		lab = preflight_lab_command(again);
		printf("\nThe kprobe tier does not work here. %s%s:\n  ",
		       preflight_obstacle(TIER_TRACEPOINT) ?
			       "" :
			       "The tracepoint tier works: no kernel "
			       "functions, the same verdicts.\n",
		       "In the lab VM it works");
		text_write(stdout, lab ? lab : "labs/vm/run");
		putchar('\n');
		free(lab);
	}
	return warn_flush() ? EX_IOERR : status;
}
