// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The table of system calls, and a call as text. The kernel side fills
 * syscall.args[] in the order of this table (bpf/syscalls.bpf.c).
 *
 *   in:  enter and exit records
 *   out: `write(3, 5 bytes → 127.0.0.1:9007)`, `= 5`
 */
#include <inttypes.h>
#include <string.h>

#include "constants.h"
#include "syscalls.h"

#define PEER                        \
	{                           \
		"peer", ARG_PEER, 0 \
	}
#define LEN                       \
	{                         \
		"len", ARG_LEN, 0 \
	}
#define FLAGS                             \
	{                                 \
		"flags", ARG_MSG_FLAGS, 0 \
	}
#define OPTS {"level", ARG_LEVEL, 0}, {"optname", ARG_OPTNAME, 1}, LEN

static const struct syscall_info calls[CALL_MAX] = {
	[CALL_NONE] = {.name = "unknown"},
	[CALL_SOCKET] = {.name = "socket",
			 .args = {{"domain", ARG_DOMAIN, 0},
				  {"type", ARG_SOCKTYPE, 1},
				  {"protocol", ARG_PROTOCOL, 2}}},
	[CALL_BIND] = {.name = "bind", .args = {PEER}},
	[CALL_CONNECT] = {.name = "connect", .args = {PEER}},
	[CALL_LISTEN] = {.name = "listen",
			 .args = {{"backlog", ARG_BACKLOG, 0}}},
	[CALL_ACCEPT] = {.name = "accept"},
	[CALL_ACCEPT4] = {.name = "accept4",
			  .args = {{"flags", ARG_ACCEPT_FLAGS, 0}}},
	[CALL_SENDTO] = {.name = "sendto",
			 .sends = true,
			 .args = {LEN, FLAGS, PEER}},
	[CALL_SENDMSG] = {.name = "sendmsg",
			  .sends = true,
			  .args = {LEN, FLAGS, PEER}},
	[CALL_SENDMMSG] =
		{.name = "sendmmsg",
		 .sends = true,
		 .args = {{"vlen", ARG_MESSAGES, 0}, LEN, FLAGS, PEER}},
	[CALL_WRITE] = {.name = "write",
			.sends = true,
			.args = {LEN, FLAGS, PEER}},
	[CALL_WRITEV] = {.name = "writev",
			 .sends = true,
			 .args = {LEN, FLAGS, PEER}},
	[CALL_SENDFILE] = {.name = "sendfile",
			   .sends = true,
			   .args = {LEN, PEER}},
	[CALL_SPLICE] = {.name = "splice", .sends = true, .args = {LEN, PEER}},
	[CALL_RECVFROM] = {.name = "recvfrom",
			   .receives = true,
			   .args = {LEN, FLAGS}},
	[CALL_RECVMSG] = {.name = "recvmsg",
			  .receives = true,
			  .args = {LEN, FLAGS}},
	[CALL_RECVMMSG] = {.name = "recvmmsg",
			   .receives = true,
			   .args = {{"vlen", ARG_MESSAGES, 0}, LEN, FLAGS}},
	[CALL_READ] = {.name = "read", .receives = true, .args = {LEN}},
	[CALL_READV] = {.name = "readv", .receives = true, .args = {LEN}},
	[CALL_GETSOCKNAME] = {.name = "getsockname"},
	[CALL_GETPEERNAME] = {.name = "getpeername"},
	[CALL_SETSOCKOPT] = {.name = "setsockopt", .args = {OPTS}},
	[CALL_GETSOCKOPT] = {.name = "getsockopt", .args = {OPTS}},
	[CALL_SHUTDOWN] = {.name = "shutdown", .args = {{"how", ARG_HOW, 0}}},
	[CALL_CLOSE] = {.name = "close"},
};

const struct syscall_info *syscall_info(enum syscall_id id)
{
	return &calls[(unsigned int)id < CALL_MAX ? id : CALL_NONE];
}

enum syscall_id syscall_by_name(const char *name)
{
	for (int id = CALL_NONE + 1; id < CALL_MAX; id++)
		if (strcmp(calls[id].name, name) == 0)
			return id;
	return CALL_NONE;
}

bool syscall_arg_is_integer(enum arg_kind kind)
{
	return kind >= ARG_DOMAIN;
}

/*
 * "5 bytes → 127.0.0.1:9007" is one unit: length and peer are printed together.
 */
static void format_bytes(struct text *text, const struct record *enter)
{
	char peer[ENDPOINT_STRLEN];
	uint32_t len = enter->syscall.len;

	text_printf(text, "%" PRIu32 " byte%s", len, len == 1 ? "" : "s");
	if (syscall_info(enter->syscall.id)->sends && enter->peer.family)
		text_printf(text, " → %s", endpoint_format(&enter->peer, peer));
}

static void format_integer(struct text *text, const struct record *enter,
			   const struct syscall_arg *arg)
{
	uint64_t value = enter->syscall.args[arg->slot];

	switch (arg->kind) {
	case ARG_DOMAIN:
		constant_domain(text, value);
		break;
	case ARG_SOCKTYPE:
		constant_socktype(text, value);
		break;
	case ARG_PROTOCOL:
		constant_protocol(text, value);
		break;
	case ARG_LEVEL:
		constant_level(text, value);
		break;
	case ARG_OPTNAME:
		constant_optname(text, enter->syscall.args[0], value);
		break;
	case ARG_HOW:
		constant_how(text, value);
		break;
	case ARG_MESSAGES:
		text_printf(text, "%" PRIu64 " message%s, the first", value,
			    value == 1 ? "" : "s");
		break;
	default:
		text_printf(text, "%" PRId64, (int64_t)value);
	}
}

/* Not printed: no flags, protocol 0, and a peer that is next to the length. */
static bool arg_is_silent(const struct record *enter,
			  const struct syscall_arg *arg)
{
	switch (arg->kind) {
	case ARG_PEER:
		return syscall_info(enter->syscall.id)->sends;
	case ARG_MSG_FLAGS:
	case ARG_ACCEPT_FLAGS:
		return enter->syscall.flags == 0;
	case ARG_PROTOCOL:
	case ARG_MESSAGES: /* of an older recording */
		return enter->syscall.args[arg->slot] == 0;
	default:
		return false;
	}
}

static void format_arg(struct text *text, const struct record *enter,
		       const struct syscall_arg *arg)
{
	char peer[ENDPOINT_STRLEN];

	switch (arg->kind) {
	case ARG_PEER:
		endpoint_format(&enter->peer, peer);
		text_add(text, *peer ? peer : "?");
		break;
	case ARG_LEN:
		format_bytes(text, enter);
		break;
	case ARG_MSG_FLAGS:
		constant_msg_flags(text, enter->syscall.flags);
		break;
	case ARG_ACCEPT_FLAGS:
		constant_accept_flags(text, enter->syscall.flags);
		break;
	default:
		format_integer(text, enter, arg);
	}
}

void syscall_format_enter(struct text *text, const struct record *enter)
{
	const struct syscall_info *info = syscall_info(enter->syscall.id);
	const char *before = "";

	text_printf(text, "%s(", info->name);
	if (enter->syscall.fd >= 0) {
		text_printf(text, "%" PRId32, enter->syscall.fd);
		before = ", ";
	}
	for (int i = 0; i < SYSCALL_ARGS && info->args[i].kind; i++) {
		if (arg_is_silent(enter, &info->args[i]))
			continue;
		text_add(text, before);
		format_arg(text, enter, &info->args[i]);
		before = info->args[i].kind == ARG_MESSAGES ? " " : ", ";
	}
	text_add(text, ")");
}

void syscall_format_again(struct text *text, const struct record *exit)
{
	text_printf(text, "%s(", syscall_info(exit->syscall.id)->name);
	if (exit->syscall.fd >= 0)
		text_printf(text, "%" PRId32, exit->syscall.fd);
	text_add(text, ")");
}

/* The address that the call returns. */
static void format_learned(struct text *text, const struct record *exit)
{
	const struct syscall_info *info = syscall_info(exit->syscall.id);
	const struct endpoint *learned = &exit->peer;
	const char *before = " from ";
	char buf[ENDPOINT_STRLEN];

	switch (exit->syscall.id) {
	case CALL_ACCEPT:
	case CALL_ACCEPT4:
		break;
	case CALL_GETSOCKNAME:
		learned = &exit->local;
		before = ", ";
		break;
	case CALL_GETPEERNAME:
		before = ", ";
		break;
	default:
		if (!info->receives)
			return;
	}
	if (learned->family)
		text_printf(text, "%s%s", before,
			    endpoint_format(learned, buf));
}

void syscall_format_exit(struct text *text, const struct record *exit)
{
	int64_t ret = exit->syscall.ret;
	const char *name;

	if (ret >= 0) {
		text_printf(text, "= %" PRId64, ret);
		format_learned(text, exit);
		return;
	}
	name = constant_errno(-ret);
	if (name)
		text_printf(text, "= -1 %s", name);
	else
		text_printf(text, "= -1 errno %" PRId64, -ret);
}
