// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * tracer: shows what connect(2) and its neighbours do, and says what follows.
 *
 * A table of subcommands; each stands in its own file, here. Beneath are
 * folders, in the order in which the data flows through udp, tcp, both and
 * replay:
 *
 *   process/  this process, its child, whom it follows; what the machine allows
 *   kernel/   the kernel's witness: probes, their events, and those decoded
 *   wire/     the other witness: packets captured, and their clock
 *   record/   what a witness saw: the record, as text, as JSON, in a recording
 *   story/    records in order of time, and what they tell; the plan of steps
 *   verdict/  what follows from the story, and on what conditions
 *   view/     a run as text, table and JSON
 *   explain/  a paragraph on each function, call, state and error
 *
 * and one for each of the other ways to look, from the kernel to what is shown:
 *
 *   count/    how often a function runs: numbers
 *   stack/    from where it is called: stacks
 *   tree/     all that runs beneath a system call: trees
 *   ftrace/   the kernel's own tracer, which count/ and tree/ borrow
 *
 * An include names the folder that it goes to ("story/windows.h"), and none if
 * it stays in its own. No two folders include each other. Read next:
 * cmd_trace.c, which wires the stages of a run together.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "commands.h"
#include "process/warn.h"
#include "process/privileges.h"

struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *line;
	bool asks_no_kernel; /* privilege is of no use to it */
};

static const struct command commands[] = {
	{"udp", cmd_trace, "watch the path of UDP; does connect(2) send?"},
	{"tcp", cmd_trace, "watch the path of TCP; the handshake"},
	{"both", cmd_trace, "both, and a table that sets them side by side"},
	{"count", cmd_count, "how often each kernel function was called"},
	{"stack", cmd_stack, "the path to a kernel function: its stacks"},
	{"tree", cmd_tree, "all that runs in the kernel beneath one call"},
	{"capture", cmd_capture, "capture packets into a file"},
	{"replay", cmd_replay, "show a recording as the live run was shown",
	 true},
	{"explain", cmd_explain, "a paragraph on a function, a call, a state",
	 true},
	{"doctor", cmd_doctor, "what can be traced on this machine"},
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void usage(FILE *out)
{
	fputs("Usage: tracer COMMAND [OPTION...]\n\n", out);
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(out, "  %-8s  %s\n", commands[i].name,
			commands[i].line);
	fputs("\ntracer COMMAND --help tells the options of each.\n", out);
}

/*
 * A descriptor that the shell has closed would be given to the next file that
 * is opened, and what is meant for standard output would be written into it.
 */
static void keep_standard_streams(void)
{
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			/* cannot be written to: who tries is told */
			(void)!open("/dev/null", O_RDONLY);
}

static int main_run(const struct command *command, int argc, char **argv)
{
	char why[PRIVILEGES_WHY];

	/* files are opened, yet, root's own by root: with the right to */
	if (command->asks_no_kernel &&
	    privileges_drop(PRIVILEGES_KEEP_FILES, why))
		return warn_failed(why);
	return command->run(argc, argv);
}

int main(int argc, char **argv)
{
	keep_standard_streams();
	if (argc < 2) {
		usage(stderr);
		return EX_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "help")) {
		usage(stdout);
		return fflush(stdout) ? EX_IOERR : EX_OK;
	}
	for (size_t i = 0; i < COMMANDS; i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return main_run(&commands[i], argc - 1, argv + 1);
	warn_line("no command named '%s'; tracer --help lists them", argv[1]);
	return EX_USAGE;
}
