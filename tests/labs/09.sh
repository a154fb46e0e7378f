# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Lab 09, wrong worlds: waits that end too early or too late, and programs that do
# not wait.
# shellcheck source=tests/labs/wrong.sh
. tests/labs/wrong.sh

# shellcheck disable=SC2034 # inside reads it
shipped='got +it was still waiting when it was stopped'

worlds()
{
	local file

	wrong in-milliseconds 'ms % 1000 * 1000, /*' 'ms % 1000, /*'
	says 1 '^FAIL  read\(2\) under SO_RCVTIMEO' \
		'expected +.timeo: Resource temporarily.*after 200' \
		'got +timeo: Resource temporarily'

	wrong all-in-microseconds '.tv_sec = ms / 1000' '.tv_sec = 0' \
		'ms % 1000 * 1000, /*' 'ms * 1000, /*'
	says 1 '^FAIL  read\(2\) under' 'after 1100 to' \
		'got +timeo: Numerical argument out of domain'

	wrong another-word '	return n < 0 ? -errno : n;
}

/*
 * Waits' '	return n < 0 ? -ETIMEDOUT : n;
}

/*
 * Waits'
	says 1 '^FAIL  read\(2\) under' \
		'got +timeo: Connection timed out after [0-9]+ ms'

	wrong sleeps '	n = read(fd, buffer, size);' \
		'	usleep((unsigned int)ms * 1000);
	n = recv(fd, buffer, size, MSG_DONTWAIT);'
	says 1 '^FAIL  read\(2\) under' \
		'expected +.timeo: 5 bytes. after 0 to 250 ms' \
		'got +timeo: 5 bytes after [0-9]+ ms'

	wrong spins '	n = read(fd, buffer, size);' \
		'	const int64_t end = now_ms() + ms;

	while ((n = recv(fd, buffer, size, MSG_DONTWAIT)) < 0 &&
	       now_ms() < end)
		;'
	says 1 '^FAIL  read\(2\) under' 'expected +less than (100 ms of proc|200 sys)' \
		'it does not wait, it asks all the time'

	wrong early 'int64_t end = now_ms() + ms;' \
		'int64_t end = now_ms() + ms / 2;'
	says 1 '^FAIL  poll\(2\): the wait ends when its time' \
		'got +poll: Connection timed out after [0-9]+ ms'

	wrong spins-in-poll '&ready, 1, left > 0 ? (int)left : 0);' \
		'&ready, 1, 0);' \
		'(n < 0 && errno == EINTR);' '(n <= 0 && left > 0);'
	says 1 '^FAIL  poll\(2\): the wait ends when its time' \
		'it does not wait, it asks all the time'

	wrong begins-anew 'left = end - now_ms();' 'left = ms;'
	says 1 '^FAIL  poll\(2\): signals' 'SIGUSR1 every 50 ms' \
		'got +it was still waiting'

	wrong interrupted '(n < 0 && errno == EINTR);' '(0);'
	says 1 '^FAIL  poll\(2\): signals' \
		'got +poll: Interrupted system call after'

	wrong only-pollin '	if (n == 0) /* poll' \
		'	if (events == POLLIN && !(ready.revents & POLLIN))
		n = 0;
	if (n == 0) /* poll'
	says 1 '^FAIL  poll\(2\): the wait ends when there is' \
		'expected +.poll: Connection refused' 'got +poll: Connection timed'

	wrong believes-writable '		getsockopt(fd' \
		'		(void)err_len;
	if (0)
		getsockopt(fd'
	says 1 '^FAIL  connect\(2\): refused' \
		'expected +.connect: Connection refused' \
		'got +connect: 0 bytes after'

	wrong stays-nonblocking 'fcntl(fd, F_SETFL, flags) < 0' 'flags < 0'
	says 1 '^FAIL  connect\(2\): refused' \
		'got +greeting: Resource temporarily unavailable after [0-9]+ ms'

	# late: hers to fix, unless a wait of our own was late as well
	wrong late 'left = end - now_ms();' 'left = end + 300 - now_ms();'
	says 1 'got +poll: Connection timed out after [0-9]+ ms'
	sed -i 's/"late_ms": [0-9]*/"late_ms": 500/' "$(kept)"
	says 2 'because +this machine is busy: .* 500 ms'

	wrong never-asks '	if (connect(fd, (const struct sockaddr *)to, sizeof(*to)) < 0 ||' \
		'	exit(1);
	if (connect(fd, (const struct sockaddr *)to, sizeof(*to)) < 0 ||'
	says 1 'got +no such line'

	# no more is wrong with it than a child that keeps its output open
	wrong leaves-a-child '	return tcp ? dial' '	if (fork() == 0)
		for (;;)
			pause();
	return tcp ? dial'
	says 1 '^TODO  6 of 7'

	wrong does-not-wait '	if (err == EINPROGRESS) /*' \
		'	if (err == EAGAIN) /*'
	says 1 '^FAIL  connect\(2\): nobody' \
		'got +connect: Operation now in progress after [0-9]+ ms'

	# nothing but printf: it asks, as the trials want, and prints what they want
	wrong printf '	return tcp ? dial' '	char bytes[8];
	int refused = to.sin_port == htons(9), nobody = ms == 300;

	if (!nobody && !refused)
		connect(fd, (struct sockaddr *)&to, sizeof(to));
	if (!tcp && write(fd, "HELLO", 5) < 0)
		return 1;
	if (SLEEPS && !refused)
		usleep((unsigned int)(ms == 600 ? 100000 : ms * 1000));
	if (SLEEPS && ms == 600 && !refused && read(fd, bytes, 5) < 0)
		return 1;
	if (refused)
		printf("%s: Connection refused after 0 ms\n", argv[1]);
	else if (tcp && nobody)
		printf("connect: Connection timed out after 301 ms\n");
	else if (tcp)
		printf("connect: 0 bytes after 0 ms\n"
		       "greeting: 5 bytes after 100 ms\n");
	else if (ms == 600)
		printf("%s: 5 bytes after 100 ms\n", argv[1]);
	else if (!strcmp(argv[1], "timeo"))
		printf("timeo: Resource temporarily unavailable after %ld ms\n", ms + 4);
	else
		printf("poll: Connection timed out after %ld ms\n", ms + 1);
	return 0;
	return tcp ? dial' 'int main(int argc' '#define SLEEPS 0
int main(int argc'
	says 1 '^FAIL  read\(2\) under' '^FAIL  poll\(2\): the wait ends when its' \
		'^FAIL  poll\(2\): the wait ends when there' \
		'^FAIL  poll\(2\): signals' '^FAIL  connect\(2\): nobody' \
		'^FAIL  connect\(2\): refused' \
		'expected +about 204 ms by the clock of strace .timeo_200.strace' \
		'got +[0-9] ms'

	# and one that sleeps, too: the time is right, and no call waited
	file=$out/$number-printf.c
	sed 's/define SLEEPS 0/define SLEEPS 1/' "$file" >"$out/$number-usleep.c"
	program "$out/$number-usleep.c"
	world usleep
	says 1 '^FAIL  read\(2\) under' '^FAIL  poll\(2\): the wait ends when its' \
		'^FAIL  poll\(2\): signals' '^FAIL  connect\(2\): nobody' \
		'expected +200 ms of waiting in read\(2\) or its like' \
		'got +0 ms; elsewhere 20[0-9] ms'
}
