// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * tracer doctor: what is missing on this machine, what each command can do here,
 * the other conditions, and then the probe plan as the self-test leaves it. The
 * commands ask the same table (preflight.h).
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
	"Show what can be traced on this machine, what is missing, and which "
	"kernel function shows each step.\v"
	"Exit status: 0 all works, 64 usage, 74 output could not be written, 77 the kprobe tier does not work "
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

/* By the first purpose of a condition. */
static const struct {
	unsigned int purpose;
	const char *what;
} headings[] = {
	{FOR_TRACING, "to trace at all"},
	{FOR_KPROBES, "to see kernel functions (the kprobe tier)"},
	{FOR_STACKS, "for kernel stacks (--stack, and the command stack)"},
	{FOR_COUNT, "for the command count"},
	{FOR_TREE | FOR_GRAPH, "for the command tree"},
	{FOR_LABS, "for the labs without root"},
};

#define HEADINGS (sizeof(headings) / sizeof(headings[0]))

static unsigned int heading_of(const struct condition *condition)
{
	unsigned int i = 0;

	while (i + 1 < HEADINGS && !(headings[i].purpose & condition->purposes))
		i++;
	return i;
}

/* What each command needs, and what it can do where that is not all here. */
static const struct {
	const char *names;
	unsigned int needs, without;
	const char *without_what;
} abilities[] = {
	{"udp, tcp, both", FOR_TRACING | FOR_KPROBES, FOR_TRACING,
	 "yes, without kernel functions (the tracepoint tier)"},
	{"stack", FOR_TRACING | FOR_KPROBES | FOR_STACKS, 0, NULL},
	{"count", FOR_COUNT, 0, NULL},
	{"tree", FOR_TREE | FOR_GRAPH, 0, NULL},
	{"capture", FOR_CAPTURE, 0, NULL},
};

static void show_abilities(void)
{
	for (size_t i = 0; i < sizeof(abilities) / sizeof(abilities[0]); i++) {
		const struct condition *obstacle =
			preflight_obstacle(abilities[i].needs);

		printf("%-15s  ", abilities[i].names);
		if (!obstacle)
			puts("yes");
		else if (abilities[i].without &&
			 !preflight_obstacle(abilities[i].without))
			puts(abilities[i].without_what);
		else
			printf("no: %s\n", obstacle->name);
	}
}

/* A line for each that is missing, and two more: what it is, what fixes it. */
static void show_missing(void)
{
	bool begun = false;

	for (const struct condition *c = preflight_conditions; c->name; c++) {
		if (c->holds())
			continue;
		if (!begun)
			puts("missing:");
		begun = true;
		printf("  %-10s no\n", c->name);
		printf("  %-10s   %s\n", "", c->lacking);
		printf("  %-10s   %s%s\n", "", c->remedy ? "fix: " : "",
		       c->remedy ? c->remedy : "the lab VM has it");
	}
	if (begun)
		putchar('\n');
}

static void show_others(void)
{
	unsigned int heading = HEADINGS;

	for (const struct condition *c = preflight_conditions; c->name; c++) {
		if (!c->holds())
			continue;
		if (heading_of(c) != heading)
			printf("%s:\n", headings[heading = heading_of(c)].what);
		printf("  %-10s yes\n", c->name);
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
		     "missing at a function that ran in one, or appear at one "
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

static int cmd_doctor(int argc, char **argv)
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
	show_missing();
	show_abilities();
	putchar('\n');
	show_others();
	show_realtime(&kernel);
	if (preflight_obstacle(FOR_TRACING | FOR_KPROBES))
		status = EXIT_CANNOT_TRACE;
	else
		status = conditions_only ? EX_OK : try_plan();
	if (status) {
		lab = preflight_lab_command(again);
		printf("\nThe kprobe tier does not work here. %s%s:\n  ",
		       preflight_obstacle(FOR_TRACING) ?
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

const struct command command_doctor = {
	.name = "doctor",
	.place = 120,
	.line = "what can be traced on this machine",
	.run = cmd_doctor,
};
