// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The command `tracer`: starts the subcommand of that name. Each one begins in
 * its own cmd_*.c, and registry.mk makes the list of them.
 *
 *   in:  a command line
 *   out: the exit status of the subcommand
 *
 * README.md is a tour of the code and lists the folders.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "commands.h"
#include "process/arguments.h"
#include "process/ascii.h"
#include "process/privileges.h"
#include "process/warn.h"
#include "record/edit_distance.h"

#define ROW(name) &command_##name,
static const struct command *const commands[] = {EACH_COMMAND(ROW)};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void usage(FILE *out)
{
	const char *program = arguments_program();

	fprintf(out, "Usage: %s COMMAND [OPTION...]\n\n", program);
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(out, "  %-8s  %s\n", commands[i]->name,
			commands[i]->line);
	fprintf(out,
		"\n%s COMMAND --help lists the options of each, and its exit "
		"statuses; %s --version.\nExit status: that of the command; 64 "
		"there is no such command.\n",
		program, program);
}

/*
 * open(2) returns the lowest free descriptor. If the shell has closed standard
 * output, the next file would get its number, and the output.
 */
static void keep_standard_streams(void)
{
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			/* what the closed one fails with, EBADF, stays */
			(void)!open("/dev/null",
				    fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

static int main_run(const struct command *command, int argc, char **argv)
{
	char why[PRIVILEGES_WHY];

	if (!command->writes_binary)
		ascii_output();
	/* it still opens files, and root may open files that only root can */
	if (command->asks_no_kernel &&
	    privileges_drop(PRIVILEGES_KEEP_FILES, why))
		return warn_failed(why);
	return command->run(argc, argv);
}

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < COMMANDS; i++)
		if (strcmp(name, commands[i]->name) == 0)
			return commands[i];
	return NULL;
}

/* Those of .packaging/dialtone, too, which started this process. */
static void find_nearest(struct nearest *nearest)
{
	static const char *const installed[] = {"demo", "lab", "show", "vm"};

	for (size_t i = 0; i < COMMANDS; i++)
		nearest_try(nearest, commands[i]->name);
	nearest_try(nearest, "help");
	nearest_try(nearest, "version");
	if (strcmp(arguments_program(), "dialtone") != 0)
		return;
	for (size_t i = 0; i < sizeof(installed) / sizeof(installed[0]); i++)
		nearest_try(nearest, installed[i]);
}

static int unknown_command(const char *name)
{
	const char *program = arguments_program();
	struct nearest nearest;
	const char *near[1];

	nearest_init(&nearest, name, near, 1);
	find_nearest(&nearest);
	if (*name == '-')
		warn_line("options follow the command: %s COMMAND %s; %s "
			  "--help lists the commands",
			  program, name, program);
	else if (nearest.len)
		warn_line("no command named '%s'; did you mean %s?", name,
			  near[0]);
	else
		warn_line("no command named '%s'; %s --help lists the commands",
			  name, program);
	return EX_USAGE;
}

static bool is_help(const char *word)
{
	return !strcmp(word, "help") || !strcmp(word, "--help") ||
	       !strcmp(word, "-h");
}

static bool is_version(const char *word)
{
	return !strcmp(word, "version") || !strcmp(word, "--version") ||
	       !strcmp(word, "-V");
}

static int help(const char *name)
{
	const struct command *command = name ? find_command(name) : NULL;
	char option[] = "--help";
	char *argv[] = {(char *)name, option, NULL};

	if (command)
		return command->run(2, argv);
	if (name && !is_help(name) && !is_version(name))
		return unknown_command(name);
	usage(stdout);
	return warn_flush();
}

int main(int argc, char **argv)
{
	const struct command *command;

	keep_standard_streams();
	if (argc < 2) {
		usage(stderr);
		return EX_USAGE;
	}
	if (is_help(argv[1]))
		return help(argv[2]);
	if (is_version(argv[1]))
		return arguments_version();
	command = find_command(argv[1]);
	if (!command)
		return unknown_command(argv[1]);
	return main_run(command, argc - 1, argv + 1);
}
