// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The options that choose the followed processes. See target.h. */
#include "target.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arguments.h"
#include "netns.h"

enum long_only { /* no letters, and none of a parent's numbers */
		 OPT_PORT = 1000,
		 OPT_ALL_NETNS,
		 OPT_PROCESSES,
		 OPT_NETNS,
		 OPT_CONTAINER,
};

/* clang-format off */
#define BY_TASK(all, all_netns) \
	{"pid", 'p', "PID", 0, "follow this process", 1}, \
	{"comm", 'c', "COMM", 0, "follow processes of this name (up to 4 times)", 1}, \
	{"all-netns", OPT_ALL_NETNS, NULL, 0, "apply " all_netns " in every network namespace, not only in this one", 1}, \
	{"processes", OPT_PROCESSES, "N", 0, "follow up to N at a time (default: 16384)", 1}, \
	{"all", 'a', NULL, 0, all, 1}, \
	{"netns", OPT_NETNS, "NAME|PID|PATH", 0, NETNS_HELP, 1}, \
	{"container", OPT_CONTAINER, "ID", 0, CONTAINER_HELP, 1}
/* clang-format on */

static const struct argp_option options[] = {
	BY_TASK("follow everything in this network namespace",
		"-c, -a, --port and -F"),
	{"port", OPT_PORT, "N", 0,
	 "follow sockets with this local or remote port", 1},
	{0},
};

static const struct argp_option task_options[] = {
	BY_TASK("follow everything", "-c"), {0}};

static void follow_comm(struct argp_state *state, struct target *target,
			const char *comm)
{
	if (target->comms_len == FILTER_COMMS)
		argp_error(state, "-c may be given %d times", FILTER_COMMS);
	if (*comm == '\0')
		argp_error(state, "-c takes a name");
	/* the kernel keeps 15 bytes of a name (TASK_COMM_LEN) */
	snprintf(target->comms[target->comms_len++], COMM_BYTES, "%s", comm);
}

/* Checks which options can be combined, once all are known. */
static void target_settle(struct argp_state *state, struct target *target)
{
	bool filtered = target->pid || target->comms_len || target->port;

	if (target->everybody && (filtered || target->command))
		argp_error(state, "-a follows everything: do not combine it "
				  "with -p, -c, --port or a command");
	if (target->netns && target->container)
		argp_error(state, "--netns and --container cannot be combined");
	if (target->command && target->pid)
		argp_error(state, "-p follows a running process: do not "
				  "combine it with a command");
	if ((target->port || target->filtered) && !target->pid &&
	    !target->comms_len && !target->command)
		target->everybody = true; /* any process may have the socket */
	if (!filtered && !target->everybody && !target->command) {
		follow_comm(state, target, "echo-client");
		follow_comm(state, target, "echo-server");
	}
}

static error_t target_parse_one(int key, char *arg, struct argp_state *state)
{
	struct target *target = state->input;

	switch (key) {
	case 'p':
		target->pid = argument_number(state, "-p", arg, 1, 1 << 22);
		break;
	case 'c':
		follow_comm(state, target, arg);
		break;
	case OPT_PORT:
		target->port = argument_number(state, "--port", arg, 1, 65535);
		break;
	case OPT_ALL_NETNS:
		target->any_netns = true;
		break;
	case OPT_PROCESSES:
		target->processes =
			argument_number(state, "--processes", arg, 1, 1 << 22);
		break;
	case OPT_NETNS:
		target->netns = arg;
		break;
	case OPT_CONTAINER:
		target->container = arg;
		break;
	case 'a':
		target->everybody = true;
		break;
	case ARGP_KEY_END:
		if (!target->command &&
		    strcmp(state->argv[state->argc - 1], "--") == 0)
			argp_error(state, "the command after -- is missing");
		target_settle(state, target);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

const struct argp target_argp = {
	options, target_parse_one, NULL, NULL, NULL, NULL, NULL};
const struct argp target_task_argp = {
	task_options, target_parse_one, NULL, NULL, NULL, NULL, NULL};

void target_take_command(struct target *target, struct argp_state *state)
{
	target->command = &state->argv[state->next - 1];
	state->next = state->argc;
}

bool target_is_command(const struct argp_state *state)
{
	return state->quoted && state->next > state->quoted;
}

/* The inode number of one of this process's namespaces (namespaces(7)). */
static uint32_t namespace_number(const char *path)
{
	struct stat st;

	return stat(path, &st) ? 0 : st.st_ino;
}

uint32_t target_netns(void)
{
	return namespace_number("/proc/self/ns/net");
}

void target_filter(const struct target *target, struct lab_filter *filter)
{
	filter->self = getpid();
	filter->pidns = namespace_number("/proc/self/ns/pid");
	filter->netns = target_netns();
	filter->pid = target->pid;
	filter->children = target->children;
	filter->everybody = target->everybody;
	filter->by_comm = target->comms_len > 0;
	filter->any_netns = target->any_netns;
	filter->port = target->port;
	memcpy(filter->comms, target->comms, sizeof(filter->comms));
}
