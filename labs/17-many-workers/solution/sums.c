/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Lab 17: ten workers ask for sums over one socket, and a server for sums.
 *
 *	program ask ADDRESS PORT FIRST         UDP; ten workers, three questions each
 *	program serve ADDRESS PORT MS          TCP; a client may be silent for MS
 *
 * A question is {"A":7,"B":4}, and its answer {"Sum":11}. With a number of its own,
 * {"Id":3,"A":7,"B":4}, the answer has it, too: {"Id":3,"Sum":11}. Over TCP there
 * is a newline after each.
 *
 * A socket does not know which thread has asked. A stream does not know where a
 * question ends. The program has to take care of both.
 *
 * Compare echo/sum-server.c, which answers the workers.
 *
 * The solution, from which start.c is cut. After each part that was YOURS to
 * write comes the code that it WAS.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define WORKERS    10
#define QUESTIONS  3 /* of each worker */
#define TEXT_BYTES 256
#define PATIENCE   1 /* seconds that a worker waits for an answer */

/* ---- UDP: ten workers ---------------------------------------------------- */

struct waiter {
	long id; /* of the question whose answer it waits for; 0: of none */
	int answered;
	long sum;
};

static int sums_fd;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* of what follows */
static pthread_cond_t news = PTHREAD_COND_INITIALIZER;
static struct waiter waiters[WORKERS];
static long last_id;

/*
 * Asks for a + b, as worker number `worker`. All workers use sums_fd. 0; or
 * -ETIMEDOUT when PATIENCE is over: the question or its answer is lost; or -errno.
 */
static int ask(int worker, long a, long b, long *sum)
{
	char text[TEXT_BYTES];
	int err = 0;

	/*
	 * YOURS 1: give the question an Id that no other has. Note in
	 * waiters[worker] that you wait for it, send it, and wait until
	 * read_answers() has stored the sum (pthread_cond_timedwait(3)). Who
	 * holds the lock meanwhile?
	 */
	struct waiter *mine = &waiters[worker];
	struct timespec end;

	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += PATIENCE;
	pthread_mutex_lock(&lock);
	*mine = (struct waiter){.id = ++last_id};
	snprintf(text, sizeof(text), "{\"Id\":%ld,\"A\":%ld,\"B\":%ld}",
		 mine->id, a, b);
	if (send(sums_fd, text, strlen(text), 0) < 0)
		err = errno;
	while (!err && !mine->answered) /* waiting releases the lock */
		err = pthread_cond_timedwait(&news, &lock, &end);
	*sum = mine->sum;
	mine->id = 0; /* an answer that comes now is too late */
	pthread_mutex_unlock(&lock);
	/*
	 * WAS:
	 * ssize_t n;
	 *
	 * (void)worker;
	 * snprintf(text, sizeof(text), "{\"A\":%ld,\"B\":%ld}", a, b);
	 * if (send(sums_fd, text, strlen(text), 0) < 0)
	 *	return -errno;
	 * n = recv(sums_fd, text, sizeof(text) - 1, 0);
	 * if (n < 0)
	 *	return -errno;
	 * text[n] = '\0';
	 * sscanf(text, "{\"Sum\":%ld}", sum);
	 */
	return -err;
}

/* Reads every answer of sums_fd, for all workers, for ever. */
static void *read_answers(void *unused)
{
	/*
	 * YOURS 2: this thread alone reads. Find the worker that waits for the
	 * answer's Id, store the sum, and wake the workers. There may be none.
	 */
	char text[TEXT_BYTES];
	long id, sum;
	ssize_t n;
	int i;

	for (;;) {
		n = recv(sums_fd, text, sizeof(text) - 1, 0);
		if (n < 0)
			continue; /* refused (lab 12): the waiters give up */
		text[n] = '\0';
		if (sscanf(text, "{\"Id\":%ld,\"Sum\":%ld}", &id, &sum) != 2)
			continue;
		pthread_mutex_lock(&lock);
		for (i = 0; i < WORKERS; i++)
			if (waiters[i].id == id && !waiters[i].answered) {
				waiters[i].sum = sum;
				waiters[i].answered = 1;
			}
		pthread_cond_broadcast(&news);
		pthread_mutex_unlock(&lock);
	}
	/* WAS: (void)lock, (void)news, (void)waiters, (void)last_id; */
	return unused;
}

struct work {
	pthread_t thread;
	int worker;
	long first;
};

/* Prints "worker 3: 1030 + 3 = 1033", or why there is no sum. */
static void *work(void *argument)
{
	const struct work *mine = argument;
	long a, b = mine->worker, sum;
	int i, err;

	for (i = 0; i < QUESTIONS; i++) {
		a = mine->first + mine->worker * 10L + i;
		sum = 0;
		err = ask(mine->worker, a, b, &sum);
		if (err)
			printf("worker %d: %ld + %ld: %s\n", mine->worker, a, b,
			       strerror(-err));
		else
			printf("worker %d: %ld + %ld = %ld\n", mine->worker, a,
			       b, sum);
	}
	return NULL;
}

static int ask_all(const struct sockaddr_in *to, long first)
{
	struct work all[WORKERS];
	pthread_t reader;
	int i;

	sums_fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (sums_fd < 0 ||
	    connect(sums_fd, (const struct sockaddr *)to, sizeof(*to)) < 0 ||
	    pthread_create(&reader, NULL, read_answers, NULL))
		return 1;
	for (i = 0; i < WORKERS; i++) {
		all[i] = (struct work){.worker = i, .first = first};
		if (pthread_create(&all[i].thread, NULL, work, &all[i]))
			return 1;
	}
	for (i = 0; i < WORKERS; i++)
		pthread_join(all[i].thread, NULL);
	puts("done");
	fflush(stdout);
	_exit(0); /* the reader still waits */
}

/* ---- TCP: a server ------------------------------------------------------- */

struct stream {
	int fd;
	char bytes[1024]; /* read, and not yet a whole request */
	size_t count;
};

/* Milliseconds of a clock that nobody sets (clock_gettime(2)). */
static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

/* Reads what there is, as read(2) does; -ETIMEDOUT at the deadline. */
static ssize_t read_until(int fd, void *bytes, size_t size, int64_t deadline)
{
	struct pollfd ready = {.fd = fd, .events = POLLIN};
	const int64_t left = deadline - now_ms();
	ssize_t n;

	if (poll(&ready, 1, left > 0 ? (int)left : 0) == 0)
		return -ETIMEDOUT;
	n = read(fd, bytes, size);
	return n < 0 ? -errno : n;
}

/*
 * Takes the next request of a stream, without its newline. 1; 0 at the end of the
 * stream; or -errno, -EMSGSIZE if it is longer than TEXT_BYTES - 1.
 */
static int next_request(struct stream *s, char text[static TEXT_BYTES],
			int64_t deadline)
{
	/*
	 * YOURS 3: one read(2) may bring half a request, or several. Collect in
	 * s->bytes until there is a newline, and keep the bytes after it.
	 */
	char *end;
	ssize_t n;
	size_t len;

	while (!(end = memchr(s->bytes, '\n', s->count))) {
		if (s->count == sizeof(s->bytes))
			return -EMSGSIZE;
		n = read_until(s->fd, s->bytes + s->count,
			       sizeof(s->bytes) - s->count, deadline);
		if (n <= 0)
			return (int)n;
		s->count += (size_t)n;
	}
	len = (size_t)(end - s->bytes);
	if (len >= TEXT_BYTES)
		return -EMSGSIZE;
	memcpy(text, s->bytes, len);
	text[len] = '\0';
	s->count -= len + 1;
	memmove(s->bytes, end + 1, s->count);
	return 1;
	/*
	 * WAS:
	 * ssize_t n = read_until(s->fd, text, TEXT_BYTES - 1, deadline);
	 *
	 * if (n <= 0)
	 *	return (int)n;
	 * text[n] = '\0';
	 * return 1;
	 */
}

/* Answers each request. A line that is not one gets the sum 0, as in the notes. */
static int serve_client(int fd, long ms)
{
	struct stream s = {.fd = fd};
	int64_t deadline = now_ms() + ms;
	char text[TEXT_BYTES], answer[TEXT_BYTES];
	long a, b;
	int err, end;

	while ((err = next_request(&s, text, deadline)) > 0) {
		/* YOURS 4: the deadline is for a client that is silent. */
		deadline = now_ms() + ms;
		/* WAS: nothing */
		end = 0;
		if (sscanf(text, "{\"A\":%ld,\"B\":%ld} %n", &a, &b, &end) !=
			    2 ||
		    !end || text[end])
			a = b = 0;
		snprintf(answer, sizeof(answer), "{\"Sum\":%ld}\n", a + b);
		if (send(fd, answer, strlen(answer), MSG_NOSIGNAL) < 0)
			return -errno;
	}
	return err;
}

static int serve(const struct sockaddr_in *at, long ms)
{
	int listener = socket(AF_INET, SOCK_STREAM, 0), fd, on = 1;

	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(listener, (const struct sockaddr *)at, sizeof(*at)) < 0 ||
	    listen(listener, 8) < 0)
		return 1;
	puts("listening");
	while ((fd = accept(listener, NULL, NULL)) >= 0) {
		printf("client: %s\n", strerror(-serve_client(fd, ms)));
		close(fd);
	}
	return 1;
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = {.sin_family = AF_INET};

	if (argc != 5 || inet_pton(AF_INET, argv[2], &address.sin_addr) != 1) {
		fprintf(stderr,
			"usage: %s ask ADDRESS PORT FIRST\n"
			"       %s serve ADDRESS PORT MS\n",
			argv[0], argv[0]);
		return 64;
	}
	address.sin_port = htons((uint16_t)atoi(argv[3]));
	setvbuf(stdout, NULL, _IOLBF, 0); /* writes each line at once */
	return strcmp(argv[1], "ask") ? serve(&address, atol(argv[4])) :
					ask_all(&address, atol(argv[4]));
}
