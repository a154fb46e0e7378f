/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The subcommands. Each takes its own part of the command line, where argv[0]
 * is its name, and returns the exit status (warn.h, or sysexits.h for an
 * error).
 */
#ifndef DIALTONE_COMMANDS_H
#define DIALTONE_COMMANDS_H

int cmd_trace(int argc, char **argv);
int cmd_count(int argc, char **argv);
int cmd_stack(int argc, char **argv);
int cmd_capture(int argc, char **argv);
int cmd_replay(int argc, char **argv);
int cmd_diff(int argc, char **argv);
int cmd_why(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_tree(int argc, char **argv);
int cmd_doctor(int argc, char **argv);

#endif
