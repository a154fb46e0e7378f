// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Asks a process for the symbols of files. See user_symbols.h. */
#include "user_symbols.h"

#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "elf_symbols.h"
#include "record/container_of.h"

#define MEMORY_MORE (1ULL << 30) /* what the process may take in addition */
#define PATH_BYTES  4096         /* as of PERF_RECORD_MMAP2 */
#define NS_PER_S    1000000000LL

/* A datagram to the process; its answer is a name of FRAME_NAME bytes. */
struct question {
	uint64_t offset;
	uint32_t back;
	char path[PATH_BYTES];
};

static int64_t user_symbols_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

/* RLIMIT_DATA counts private memory that can be written: getrlimit(2). */
static void limit_memory(void)
{
	unsigned long long pages = 0;
	FILE *file = fopen("/proc/self/statm", "re");
	struct rlimit limit;

	if (!file)
		return;
	if (fscanf(file, "%*u %*u %*u %*u %*u %llu", &pages) == 1) {
		limit.rlim_cur = pages * sysconf(_SC_PAGESIZE) + MEMORY_MORE;
		limit.rlim_max = limit.rlim_cur;
		setrlimit(RLIMIT_DATA, &limit);
	}
	fclose(file);
}

/*
 * The process must not outlive the tracer, and not hold what the tracer has
 * open: probes stay attached as long as their descriptors.
 */
static void stand_alone(int socket)
{
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	dup2(socket, STDERR_FILENO + 1);
	/* Linux 5.9; the wrapper came with glibc 2.34 */
	syscall(SYS_close_range, STDERR_FILENO + 2, ~0U, 0);
	limit_memory();
}

static void answer_all(int socket)
{
	struct elf_symbols symbols = {NULL};
	struct question question;
	char buf[FRAME_NAME];

	stand_alone(socket);
	socket = STDERR_FILENO + 1;
	while (recv(socket, &question, sizeof(question), 0) > 0) {
		struct elf_place place = {.path = question.path,
					  .offset = question.offset,
					  .back = question.back};

		memset(buf, 0, sizeof(buf));
		elf_symbols_name(&symbols, &place, buf);
		if (send(socket, buf, sizeof(buf), 0) < 0)
			break;
	}
	_exit(0);
}

static void user_symbols_begin(struct user_symbols *symbols)
{
	int sockets[2];

	symbols->begun = true;
	symbols->limit_ns = user_symbols_now() + symbols->seconds * NS_PER_S;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets))
		return;
	symbols->pid = fork();
	if (symbols->pid == 0)
		answer_all(sockets[1]);
	close(sockets[1]);
	symbols->socket = sockets[0];
	if (symbols->pid > 0)
		return;
	symbols->pid = 0;
	close(sockets[0]);
}

static void user_symbols_end(struct user_symbols *symbols)
{
	if (!symbols->pid)
		return;
	kill(symbols->pid, SIGKILL);
	waitpid(symbols->pid, NULL, 0);
	close(symbols->socket);
	symbols->pid = 0;
}

/* Waits until the answer is there: true; or until the limit. */
static bool user_symbols_wait(const struct user_symbols *symbols)
{
	struct pollfd fd = {symbols->socket, POLLIN, 0};
	int64_t left = symbols->limit_ns - user_symbols_now();

	return left > 0 && poll(&fd, 1, (int)(left / 1000000) + 1) > 0;
}

static bool user_symbols_ask(struct user_symbols *symbols,
			     const struct elf_place *place,
			     char buf[FRAME_NAME])
{
	struct question question = {.offset = place->offset,
				    .back = place->back};

	if (!symbols->begun)
		user_symbols_begin(symbols);
	if (!symbols->pid ||
	    (size_t)snprintf(question.path, sizeof(question.path), "%s",
			     place->path) >= sizeof(question.path))
		return false;
	if (send(symbols->socket, &question, sizeof(question), MSG_NOSIGNAL) >
		    0 &&
	    user_symbols_wait(symbols) &&
	    recv(symbols->socket, buf, FRAME_NAME, 0) == FRAME_NAME)
		return true;
	user_symbols_end(symbols);
	return false;
}

static void name(struct user_namer *namer, const struct user_address *at,
		 char buf[FRAME_NAME])
{
	struct user_symbols *symbols =
		container_of(namer, struct user_symbols, namer);
	const struct mapping *mapping = mappings_find(
		symbols->mappings, at->pid, at->ns, at->address - at->returns);
	struct elf_place place;

	if (!mapping) {
		symbols->unknown++;
		snprintf(buf, FRAME_NAME, "0x%" PRIx64, at->address);
		return;
	}
	place = (struct elf_place){
		.path = mapping->path,
		.offset = at->address - mapping->start + mapping->offset,
		.back = at->returns,
	};
	if (user_symbols_ask(symbols, &place, buf))
		return;
	symbols->unread++;
	elf_symbols_plain(&place, buf);
}

void user_symbols_init(struct user_symbols *symbols,
		       const struct mappings *mappings)
{
	/* libdwfl would ask a server for debugging information (debuginfod) */
	unsetenv("DEBUGINFOD_URLS");
	*symbols = (struct user_symbols){
		.namer.name = name,
		.mappings = mappings,
		.seconds = USER_SYMBOLS_SECONDS,
	};
}

void user_symbols_fini(struct user_symbols *symbols)
{
	user_symbols_end(symbols);
}
