/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Lab 12: a question over UDP, and how it ended: answered, refused or silent.
 *
 *	program ADDRESS PORT                   for example 10.0.0.2 9007
 *	program ADDRESS PORT FIRST             it writes to port FIRST before
 *
 * A refusal is an ICMP message. Any host on the way may send one, about any
 * datagram that this socket has sent. The kernel keeps it until the next call on
 * the socket, so the call that fails need not be the call that caused it. With
 * IP_RECVERR the kernel also keeps who sent it (ip(7)).
 *
 * In: at most one answer. Out: one line. Compare 02-udp-connect/udp-connect.c,
 * which prints an error and does not ask where it came from.
 *
 * The solution, from which start.c is cut. After each part that was YOURS to
 * write comes the code that it WAS.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/errqueue.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ANSWER_MS 1000

struct refusal {
	struct sockaddr_in offender; /* who sent the ICMP message */
	int type, code;              /* of that message (RFC 792) */
};

/* Lets the kernel keep each ICMP message for this socket. 0 or -errno. */
static int keep_refusals(int fd)
{
	/* YOURS 1: IP_RECVERR, an option of IPPROTO_IP (ip(7)). */
	const int on = 1;

	if (setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof(on)) < 0)
		return -errno;
	/* WAS: (void)fd; */
	return 0;
}

/* The oldest message that the kernel has kept. 0; -EAGAIN: it has kept nothing. */
static int next_refusal(int fd, struct refusal *refusal)
{
	/*
	 * YOURS 2: recvmsg(2) with MSG_ERRQUEUE. The control message
	 * IP_RECVERR has a struct sock_extended_err: take ee_type and ee_code
	 * of it, and the address that SO_EE_OFFENDER() finds.
	 */
	char control[512];
	struct msghdr message = {.msg_control = control,
				 .msg_controllen = sizeof(control)};
	const struct sock_extended_err *error;
	struct cmsghdr *c;

	if (recvmsg(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
		return -errno;
	for (c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c)) {
		if (c->cmsg_level != IPPROTO_IP || c->cmsg_type != IP_RECVERR)
			continue;
		error = (const void *)CMSG_DATA(c);
		refusal->type = error->ee_type;
		refusal->code = error->ee_code;
		memcpy(&refusal->offender, SO_EE_OFFENDER(error),
		       sizeof(refusal->offender));
	}
	return 0;
	/*
	 * WAS:
	 * socklen_t len = sizeof(refusal->offender);
	 *
	 * refusal->type = refusal->code = 3;
	 * getpeername(fd, (struct sockaddr *)&refusal->offender, &len);
	 * return 0;
	 */
}

/* Sends the question once. 0 or -errno. */
static int send_question(int fd)
{
	/*
	 * YOURS 3: the error that write(2) returns is that of an older
	 * datagram, and then write(2) has sent nothing. Discard what is old, and
	 * send the question.
	 */
	struct refusal old;

	while (next_refusal(fd, &old) == 0)
		; /* the last one clears the error of the socket, too */
	/* WAS: nothing */
	return write(fd, "HELLO", 5) < 0 ? -errno : 0;
}

/* Asks once. Bytes of the answer, -ETIMEDOUT, or -errno: it was refused. */
static ssize_t ask(int fd)
{
	struct pollfd ready = {.fd = fd, .events = POLLIN};
	char answer[1024];
	int err = send_question(fd);
	ssize_t n;

	if (err)
		return err;
	if (poll(&ready, 1, ANSWER_MS) == 0)
		return -ETIMEDOUT;
	n = recv(fd, answer, sizeof(answer), MSG_DONTWAIT);
	return n < 0 ? -errno : n;
}

/* Says how it ended: "refused by 10.0.0.2, ICMP 3/3: Connection refused". */
static void report(int fd, ssize_t result)
{
	struct refusal refusal = {0};
	char offender[INET_ADDRSTRLEN] = "nobody";

	if (result >= 0) {
		printf("answered: %zd bytes\n", result);
		return;
	}
	if (result == -ETIMEDOUT) {
		puts("silent");
		return;
	}
	if (next_refusal(fd, &refusal) == 0)
		inet_ntop(AF_INET, &refusal.offender.sin_addr, offender,
			  sizeof(offender));
	printf("refused by %s, ICMP %d/%d: %s\n", offender, refusal.type,
	       refusal.code, strerror((int)-result));
}

static int connect_to(int fd, struct sockaddr_in *to, const char *port)
{
	to->sin_port = htons((uint16_t)atoi(port));
	return connect(fd, (struct sockaddr *)to, sizeof(*to));
}

/* Writes to another port, and waits for an error that it does not read. */
static void leave_a_refusal(int fd)
{
	struct pollfd failed = {.fd = fd};

	if (write(fd, "OLD", 3) == 3)
		poll(&failed, 1, ANSWER_MS); /* events 0: errors, and no more */
}

int main(int argc, char **argv)
{
	struct sockaddr_in to = {.sin_family = AF_INET};
	int fd;

	if (argc < 3 || argc > 4 ||
	    inet_pton(AF_INET, argv[1], &to.sin_addr) != 1) {
		fprintf(stderr, "usage: %s ADDRESS PORT [FIRST]\n", argv[0]);
		return 64;
	}
	setvbuf(stdout, NULL, _IOLBF, 0); /* writes each line at once */
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (fd < 0 || keep_refusals(fd)) {
		fprintf(stderr, "socket: %s\n", strerror(errno));
		return 1;
	}
	if (argc == 4 && connect_to(fd, &to, argv[3]) == 0)
		leave_a_refusal(fd);
	if (connect_to(fd, &to, argv[2])) { /* it keeps its errors */
		fprintf(stderr, "connect: %s\n", strerror(errno));
		return 1;
	}
	report(fd, ask(fd));
	return 0;
}
