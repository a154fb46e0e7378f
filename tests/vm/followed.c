// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Programs that are hard to follow, or whose calls are hard to show. Each
 * connects UDP sockets of its own to 127.0.0.1.
 *
 *   followed forks N       forks a child that waits, N that end, and connects;
 *                          then the child connects
 *   followed thread        prints "PID TID", waits for end of file; a thread
 *                          with another name connects, then the process does
 *   followed zombie        prints the pid of its zombie, waits for end of file
 *   followed seccomp TYPE  connects, and a filter refuses it; TYPE: udp, tcp
 *   followed number        connect(2) by a number with its upper half set
 *   followed vector        sends 20 parts of 2 bytes, and two messages at once
 *   followed pointers      bind, connect, and connect with an address that
 *                          cannot be read, and with one that is too short
 *   followed as PID COMMAND...   runs it with that pid in the innermost
 *                          namespace: clone3(2), set_tid
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define PORT  9007
#define PARTS 20

static struct sockaddr_in loopback(uint16_t port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
}

/* A socket of @type, and what connect(2) said of it. */
static int dial(int type, int *result)
{
	struct sockaddr_in to = loopback(PORT);
	int fd = socket(AF_INET, type, 0);

	*result = connect(fd, (struct sockaddr *)&to, sizeof(to));
	return fd;
}

static int dial_once(void)
{
	int result;

	close(dial(SOCK_DGRAM, &result));
	return result != 0;
}

static void wait_for_end_of_file(void)
{
	char byte;

	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
}

static int forks(int count)
{
	int go[2], status = 0;
	char byte;
	pid_t early;

	if (pipe(go))
		return 1;
	early = fork();
	if (early == 0) {
		close(go[1]);
		while (read(go[0], &byte, 1) > 0)
			;
		_exit(dial_once());
	}
	for (int i = 0; i < count; i++) {
		pid_t pid = vfork();

		if (pid == 0)
			_exit(0);
		waitpid(pid, NULL, 0);
	}
	if (dial_once())
		return 1;
	close(go[0]);
	close(go[1]);
	waitpid(early, &status, 0);
	return status != 0;
}

static void *worker(void *tid)
{
	prctl(PR_SET_NAME, "worker");
	*(_Atomic long *)tid = syscall(SYS_gettid);
	wait_for_end_of_file();
	return (void *)(intptr_t)dial_once();
}

static int thread(void)
{
	_Atomic long tid = 0;
	pthread_t other;
	void *failed;

	if (pthread_create(&other, NULL, worker, &tid))
		return 1;
	while (!tid)
		sched_yield();
	printf("%d %ld\n", getpid(), tid);
	fflush(stdout);
	pthread_join(other, &failed);
	return failed || dial_once();
}

static int zombie(void)
{
	siginfo_t ended;
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	waitid(P_PID, (id_t)pid, &ended, WEXITED | WNOWAIT);
	printf("%d\n", pid);
	fflush(stdout);
	wait_for_end_of_file();
	return 0;
}

static int refuse_connect(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_connect, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {4, filter};

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static int seccomp(const char *type)
{
	int result;

	if (refuse_connect())
		return 1;
	dial(strcmp(type, "tcp") == 0 ? SOCK_STREAM : SOCK_DGRAM, &result);
	return result != -1 || errno != EACCES;
}

#if defined(__x86_64__)
static int number(void)
{
	struct sockaddr_in to = loopback(PORT);
	long result, fd = socket(AF_INET, SOCK_DGRAM, 0);

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(0x700000000UL + SYS_connect), "D"(fd), "S"(&to),
			   "d"(sizeof(to))
			 : "rcx", "r11", "memory");
	printf("%ld\n", result);
	fflush(stdout);
	return dial_once();
}
#else
static int number(void)
{
	return dial_once();
}
#endif

static int vector(void)
{
	struct sockaddr_in to = loopback(PORT);
	struct iovec parts[PARTS];
	struct mmsghdr messages[2];
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	for (int i = 0; i < PARTS; i++)
		parts[i] = (struct iovec){(char *)"ab", 2};
	memset(messages, 0, sizeof(messages));
	for (int i = 0; i < 2; i++)
		messages[i].msg_hdr = (struct msghdr){
			.msg_name = &to,
			.msg_namelen = sizeof(to),
			.msg_iov = parts,
			.msg_iovlen = PARTS,
		};
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)))
		return 1;
	return writev(fd, parts, PARTS) != 2 * PARTS ||
	       sendmmsg(socket(AF_INET, SOCK_DGRAM, 0), messages, 2, 0) != 2;
}

static int pointers(void)
{
	struct sockaddr_in own = loopback(7400), to = loopback(PORT);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (bind(fd, (struct sockaddr *)&own, sizeof(own)) ||
	    connect(fd, (struct sockaddr *)&to, sizeof(to)))
		return 1;
	/* by number: the library's declaration wants no such pointer */
	return syscall(SYS_connect, fd, (void *)8, sizeof(to)) != -1 ||
	       connect(fd, (struct sockaddr *)&to, 1) != -1;
}

static int as(pid_t pid, char **command)
{
	struct clone_args args = {
		.exit_signal = SIGCHLD,
		.set_tid = (uintptr_t)&pid,
		.set_tid_size = 1,
	};
	long child = syscall(SYS_clone3, &args, sizeof(args));
	int status = 1;

	if (child < 0) {
		perror("clone3");
		return 1;
	}
	if (child == 0) {
		execvp(command[0], command);
		_exit(127);
	}
	waitpid((pid_t)child, &status, 0);
	return status != 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (argc == 3 && strcmp(what, "forks") == 0)
		return forks(atoi(argv[2]));
	if (argc == 2 && strcmp(what, "thread") == 0)
		return thread();
	if (argc == 2 && strcmp(what, "zombie") == 0)
		return zombie();
	if (argc == 3 && strcmp(what, "seccomp") == 0)
		return seccomp(argv[2]);
	if (argc == 2 && strcmp(what, "number") == 0)
		return number();
	if (argc == 2 && strcmp(what, "vector") == 0)
		return vector();
	if (argc == 2 && strcmp(what, "pointers") == 0)
		return pointers();
	if (argc > 3 && strcmp(what, "as") == 0)
		return as(atoi(argv[2]), argv + 3);
	return 64;
}
