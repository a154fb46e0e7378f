// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Connects twice: by a method that is not connect(2) of a 64-bit program, and
 * then by that, so that only the first is unseen. The last two methods connect
 * no IP socket at all.
 *
 *   elsewhere compat|socketcall|x32|io_uring|polled|mptcp|nop|unix PORT
 *
 * PORT is of 127.0.0.1.
 *
 * compat and socketcall are what a 32-bit program's connect(2) is; int 0x80 is
 * there for 64-bit programs as well (arch/x86/entry/entry_64_compat.S). Exit
 * status: 0; 1: this kernel has no such method; 64.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/io_uring.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define COMPAT_CONNECT     362 /* arch/x86/entry/syscalls/syscall_32.tbl */
#define COMPAT_SOCKETCALL  102
#define SOCKETCALL_CONNECT 3

/* Where 32 bits reach. */
struct low {
	struct sockaddr_in to;
	uint32_t args[3];
};

static long int80(long number, long a, long b, long c)
{
	long result;

	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(number), "b"(a), "c"(b), "d"(c)
			 : "memory", "r8", "r9", "r10", "r11");
	return result;
}

static bool by_compat(int fd, struct low *low)
{
	return int80(COMPAT_CONNECT, fd, (long)&low->to, sizeof(low->to)) == 0;
}

/* A socket that is not of IP; whether it can connect does not matter. */
static bool by_unix(int fd, struct low *low)
{
	(void)fd;
	low->args[0] = (uint32_t)socket(AF_UNIX, SOCK_DGRAM, 0);
	low->args[1] = (uint32_t)(uintptr_t)&low->to;
	low->args[2] = sizeof(low->to);
	int80(COMPAT_CONNECT, low->args[0], (long)&low->to, sizeof(low->to));
	int80(COMPAT_SOCKETCALL, SOCKETCALL_CONNECT, (long)low->args, 0);
	return true;
}

static bool by_socketcall(int fd, struct low *low)
{
	low->args[0] = (uint32_t)fd;
	low->args[1] = (uint32_t)(uintptr_t)&low->to;
	low->args[2] = sizeof(low->to);
	return int80(COMPAT_SOCKETCALL, SOCKETCALL_CONNECT, (long)low->args,
		     0) == 0;
}

static void *map(int ring, size_t bytes, off_t what)
{
	void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_POPULATE, ring, what);

	if (at == MAP_FAILED) {
		perror("mmap");
		exit(1);
	}
	return at;
}

/* Debian's kernel has x32 switched off: the call is made all the same. */
static bool by_x32(int fd, struct low *low)
{
#if defined(__x86_64__)
	return syscall(0x40000000 | SYS_connect, fd, &low->to,
		       sizeof(low->to)) == 0 ||
	       errno == ENOSYS;
#else
	(void)fd;
	(void)low;
	return false;
#endif
}

/*
 * One request, and the wait for its completion: io_uring(7). Of a ring that the
 * kernel polls neither needs a system call, unless the kernel's thread sleeps, and
 * it may do so before its first request (io_sq_thread()). So the ring is enabled
 * when the request is there: that wakes the thread.
 */
static bool by_ring(int fd, struct low *low, uint8_t opcode, bool polled)
{
	struct io_uring_params p = {
		.flags = polled ?
				 IORING_SETUP_SQPOLL | IORING_SETUP_R_DISABLED :
				 0,
	};
	int ring = (int)syscall(SYS_io_uring_setup, 1, &p);
	struct io_uring_sqe *request;
	struct io_uring_cqe *done;
	char *submit, *complete;

	if (ring < 0)
		return false;
	submit = map(ring, p.sq_off.array + sizeof(uint32_t),
		     IORING_OFF_SQ_RING);
	complete = map(ring, p.cq_off.cqes + p.cq_entries * sizeof(*done),
		       IORING_OFF_CQ_RING);
	request = map(ring, sizeof(*request), IORING_OFF_SQES);
	request->opcode = opcode;
	if (opcode == IORING_OP_CONNECT) {
		request->fd = fd;
		request->addr = (uintptr_t)&low->to;
		request->off = sizeof(low->to);
	}
	*(uint32_t *)(submit + p.sq_off.array) = 0;
	__atomic_store_n((uint32_t *)(submit + p.sq_off.tail), 1,
			 __ATOMIC_RELEASE);
	if (polled ? syscall(SYS_io_uring_register, ring,
			     IORING_REGISTER_ENABLE_RINGS, NULL, 0) != 0 :
		     syscall(SYS_io_uring_enter, ring, 1, 1,
			     IORING_ENTER_GETEVENTS, NULL, 0) != 1)
		return false;
	while (!__atomic_load_n((uint32_t *)(complete + p.cq_off.tail),
				__ATOMIC_ACQUIRE))
		sched_yield(); /* the thread may need this processor */
	done = (struct io_uring_cqe *)(complete + p.cq_off.cqes);
	return done->res == 0;
}

static bool by_io_uring(int fd, struct low *low)
{
	return by_ring(fd, low, IORING_OP_CONNECT, false);
}

static bool by_nop(int fd, struct low *low)
{
	return by_ring(fd, low, IORING_OP_NOP, false);
}

static bool by_polled_ring(int fd, struct low *low)
{
	return by_ring(fd, low, IORING_OP_CONNECT, true);
}

/* connect(2) itself, on a socket that has TCP beneath it. */
static bool by_mptcp(int fd, struct low *low)
{
	return connect(fd, (struct sockaddr *)&low->to, sizeof(low->to)) == 0;
}

static const struct method {
	const char *name;
	bool (*connect)(int fd, struct low *low);
	int type, proto;
} methods[] = {
	{"compat", by_compat, SOCK_DGRAM, 0},
	{"socketcall", by_socketcall, SOCK_DGRAM, 0},
	{"x32", by_x32, SOCK_DGRAM, 0},
	{"io_uring", by_io_uring, SOCK_DGRAM, 0},
	{"polled", by_polled_ring, SOCK_DGRAM, 0},
	{"mptcp", by_mptcp, SOCK_STREAM, IPPROTO_MPTCP},
	{"nop", by_nop, SOCK_DGRAM, 0},
	{"unix", by_unix, SOCK_DGRAM, 0},
};

#define METHODS (sizeof(methods) / sizeof(methods[0]))

int main(int argc, char **argv)
{
	struct low *low = mmap(NULL, sizeof(*low), PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	const struct method *method = methods;

	while (argc == 3 && method < methods + METHODS &&
	       strcmp(method->name, argv[1]) != 0)
		method++;
	if (argc != 3 || method == methods + METHODS || low == MAP_FAILED)
		return 64;
	low->to.sin_family = AF_INET;
	low->to.sin_port = htons((uint16_t)atoi(argv[2]));
	low->to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (!method->connect(socket(AF_INET, method->type, method->proto),
			     low)) {
		fprintf(stderr, "elsewhere: no %s here\n", method->name);
		return 1;
	}
	return connect(socket(AF_INET, method->type, 0),
		       (struct sockaddr *)&low->to, sizeof(low->to)) != 0;
}
