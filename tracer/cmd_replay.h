/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The subcommand `tracer replay`. */
#ifndef DIALTONE_CMD_REPLAY_H
#define DIALTONE_CMD_REPLAY_H

/*
 * @argv[0] is "replay". Returns the exit status: that of the run it shows (0
 * PASS, 1 FAIL, 2 INCONCLUSIVE), 2 also where the recorded verdict contradicts
 * the records; 64 usage, 65 no recording or a damaged one, 66 it cannot be
 * opened, 74 an output failed.
 */
int cmd_replay(int argc, char **argv);

#endif
