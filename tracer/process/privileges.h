/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Drops the privileges that tracing needed. Loading, attaching and opening a
 * capture or a file of tracefs require CAP_BPF, CAP_PERFMON and CAP_NET_RAW, or
 * root; what comes afterwards (ring buffer, mapped counters, libpcap,
 * detaching, open files of tracefs) requires nothing, on every kernel from 5.10
 * on; maps that are read through their descriptors require nothing from 5.19
 * on. The cleanup helper restores ftrace (cleanup.h). So a subcommand is
 * privileged only for a moment:
 *
 *   live_open(), capture_open(), self-test
 *   privileges_drop(PRIVILEGES_KEEP_FILES, why)
 *   open what it writes
 *   privileges_drop(PRIVILEGES_KEEP_NONE, why)
 *   read what comes from the kernel, decode it, print it
 *
 * A replay needs nothing from the kernel and drops them at once. Only "doctor"
 * keeps them: it reads the state of the machine and the events of its own
 * self-test, and no other user's data.
 *
 * The caller is the user who asked for the run: the real user of a process that
 * has its privileges from the file (capabilities, set-user-ID), else the user
 * who called sudo (SUDO_UID, SUDO_GID), else root. See credentials(7) and
 * capabilities(7).
 */
#ifndef DIALTONE_PRIVILEGES_H
#define DIALTONE_PRIVILEGES_H

#define PRIVILEGES_WHY 256

enum privileges_keep {
	PRIVILEGES_KEEP_NONE,
	/*
	 * Root's right to write into any folder (CAP_DAC_OVERRIDE), if the
	 * caller is root. For other callers nothing is kept: the files are
	 * theirs, in folders where they may write.
	 */
	PRIVILEGES_KEEP_FILES,
};

/*
 * Becomes the caller (groups, gid, uid) for good. Drops every capability that
 * @keep does not name, also from the ambient set and, where that is allowed
 * (CAP_SETPCAP), from the bounding set; no_new_privs keeps it from getting any
 * back. Then it checks the result. May be called again to keep less. 0; or
 * -errno and a sentence in @why: then the run must end.
 */
int privileges_drop(enum privileges_keep keep, char why[PRIVILEGES_WHY]);

/*
 * For the traced command, in the child before execve(2): becomes the caller,
 * with no capability inherited. Root stays root, and set-user-ID programs keep
 * working, as if the caller had started the command. 0 or -errno.
 */
int privileges_of_command(void);

/*
 * Prints on standard error, in one line, why the output file @path could not be
 * made after privileges_drop(); @err is open(2)'s -errno.
 */
void privileges_cannot_make(const char *path, int err);

#endif
