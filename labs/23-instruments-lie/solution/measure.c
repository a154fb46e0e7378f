/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Lab 23: how long three system calls take, each a thousand times.
 *
 *	program ADDRESS PORT
 *
 * A single time says little: the clock may tick, an interrupt may come, another
 * process may run. So each call is made often, with some rests, and one typical
 * time is reported. The experiment runs the program alone, and under
 * several instruments.
 *
 * Out: for each call its times in nanoseconds, and the typical one. Compare
 * tests/bench, which compares tracers.
 *
 * The solution, from which start.c is cut. After each part that was YOURS to
 * write comes the code that it WAS.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define TIMES   1001
#define EACH    50 /* calls: then a rest */
#define REST_NS 1000000

struct call {
	const char *name;
	void (*make)(int fd, const struct sockaddr_in *to);
};

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* A pause, as in a program that has other work, too. */
static void rest(void)
{
	const struct timespec pause = {.tv_nsec = REST_NS};

	nanosleep(&pause, NULL);
}

static void make_connect(int fd, const struct sockaddr_in *to)
{
	(void)connect(fd, (const struct sockaddr *)to, sizeof(*to));
}

static void make_send(int fd, const struct sockaddr_in *to)
{
	(void)to;
	(void)send(fd, "x", 1, 0);
}

static void make_getppid(int fd, const struct sockaddr_in *to)
{
	(void)fd;
	(void)to;
	getppid();
}

/* How long one call takes; every fiftieth comes after a rest. Nanoseconds. */
static int64_t time_call(const struct call *call, int fd,
			 const struct sockaddr_in *to, int turn)
{
	int64_t began;

	/* YOURS 1: what belongs between the two looks at the clock? */
	if (turn % EACH == 0)
		rest();
	began = now_ns();
	/*
	 * WAS:
	 * began = now_ns();
	 * if (turn % EACH == 0)
	 *	rest();
	 */
	call->make(fd, to);
	return now_ns() - began;
}

/* For qsort(3). */
static int compare(const void *a, const void *b)
{
	const int64_t *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

/* The typical one of so many times. It may change their order. */
static int64_t typical(int64_t *times, size_t count)
{
	/*
	 * YOURS 2: one call in a thousand may take a thousand times as long. Which
	 * value does not move then? (qsort(3), compare())
	 */
	qsort(times, count, sizeof(*times), compare);
	return times[count / 2];
	/*
	 * WAS:
	 * int64_t sum = 0;
	 * size_t i;
	 *
	 * (void)compare;
	 * for (i = 0; i < count; i++)
	 *	sum += times[i];
	 * return sum / (int64_t)count;
	 */
}

static void report(const struct call *call, int64_t *times)
{
	int i;

	printf("%s:", call->name);
	for (i = 0; i < TIMES; i++)
		printf(" %lld", (long long)times[i]);
	printf("\n%s typical: %lld ns\n", call->name,
	       (long long)typical(times, TIMES));
}

int main(int argc, char **argv)
{
	static const struct call calls[] = {{"connect", make_connect},
					    {"send", make_send},
					    {"getppid", make_getppid}};
	struct sockaddr_in to = {.sin_family = AF_INET};
	static int64_t times[TIMES];
	size_t c;
	int fd, i;

	if (argc != 3 || inet_pton(AF_INET, argv[1], &to.sin_addr) != 1) {
		fprintf(stderr, "usage: %s ADDRESS PORT\n", argv[0]);
		return 64;
	}
	to.sin_port = htons((uint16_t)atoi(argv[2]));
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (fd < 0) {
		fprintf(stderr, "socket: %s\n", strerror(errno));
		return 1;
	}
	for (c = 0; c < sizeof(calls) / sizeof(calls[0]); c++) {
		for (i = 0; i < TIMES; i++)
			times[i] = time_call(&calls[c], fd, &to, i);
		report(&calls[c], times);
	}
	close(fd);
	return 0;
}
