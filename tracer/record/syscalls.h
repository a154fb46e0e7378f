/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The system calls that the tracer reports, their names and their arguments:
 * one table for both the JSON keys and the text.
 */
#ifndef DIALTONE_SYSCALLS_H
#define DIALTONE_SYSCALLS_H

#include <stdbool.h>

#include "record.h"
#include "text.h"

#define SYSCALL_ARGS 4

/* Where in a record an argument is, and how it is printed. */
enum arg_kind {
	ARG_NONE,         /* ends the list */
	ARG_PEER,         /* record.peer: the address given, or the peer's */
	ARG_LEN,          /* syscall.len, in bytes */
	ARG_MSG_FLAGS,    /* syscall.flags, MSG_* */
	ARG_ACCEPT_FLAGS, /* syscall.flags, SOCK_* */
	ARG_DOMAIN,       /* these are in syscall.args[], in the order of the */
	ARG_SOCKTYPE,     /* table: socket's domain is args[0], its type */
	ARG_PROTOCOL,     /* args[1], its protocol args[2] */
	ARG_BACKLOG,
	ARG_LEVEL,
	ARG_OPTNAME,
	ARG_HOW,
	ARG_MESSAGES, /* how many; ARG_LEN is then of the first */
};

struct syscall_arg {
	const char *key; /* in JSON */
	enum arg_kind kind;
	unsigned int slot; /* of syscall.args[], for the kinds there */
};

struct syscall_info {
	const char *name;
	bool sends;    /* its bytes go to the peer */
	bool receives; /* its result is bytes that came from the peer */
	struct syscall_arg args[SYSCALL_ARGS];
};

/* Never NULL: an id out of range has the name "unknown" and no arguments. */
const struct syscall_info *syscall_info(enum syscall_id id);

/* CALL_NONE for an unknown name. */
enum syscall_id syscall_by_name(const char *name);

/* Is the value in syscall.args[]? */
bool syscall_arg_is_integer(enum arg_kind kind);

/* `connect(3, 127.0.0.1:9007)`: the call, as it began with @enter. */
void syscall_format_enter(struct text *text, const struct record *enter);

/* `recvfrom(3)`: the call named again, before a result that comes later. */
void syscall_format_again(struct text *text, const struct record *exit);

/* `= 5 from 127.0.0.1:41234`, `= -1 EINPROGRESS`: how it ended. */
void syscall_format_exit(struct text *text, const struct record *exit);

#endif
