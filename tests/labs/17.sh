# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Lab 17, wrong worlds: workers that share a socket in another way, and servers
# that read a stream as if it were messages.
# shellcheck disable=SC2154 # folder
# shellcheck source=tests/labs/wrong.sh
. tests/labs/wrong.sh

# shellcheck disable=SC2034 # inside reads it
shipped='got +[{]"Sum":[0-9]+[}] [{]"Sum":0[}]'

worlds()
{
	local workers='^FAIL  one socket, and the workers do not'
	local own='^FAIL  each worker gets the answer'

	# in the notes everybody asks for 7 + 4, so every answer looks right
	wrong equal-questions '		a = mine->first + mine->worker * 10L + i;' \
		'		a = 7;
		b = 4;'
	says 1 "$own" "expected +'worker 0: [0-9]+ \\+ 0 = " \
		'got +no such line' 'last line: done'

	# one question at a time
	wrong lock-around-both '	err = ask(mine->worker, a, b, &sum);' \
		'	pthread_mutex_lock(&turn);
		err = ask(mine->worker, a, b, &sum);
		pthread_mutex_unlock(&turn);' \
		'struct work {' 'static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
struct work {'
	says 1 "$workers" 'got +1: each worker waits until the one before' \
		'^PASS  each worker gets'

	wrong ten-sockets '	if (send(sums_fd, text, strlen(text), 0) < 0)
		err = errno;' '	struct sockaddr_in peer;
	socklen_t len = sizeof(peer);
	ssize_t n;
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	pthread_mutex_unlock(&lock);
	getpeername(sums_fd, (struct sockaddr *)&peer, &len);
	if (connect(fd, (struct sockaddr *)&peer, len) ||
	    send(fd, text, strlen(text), 0) < 0)
		err = errno;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){.tv_sec = 1},
		   sizeof(struct timeval));
	n = recv(fd, text, sizeof(text) - 1, 0);
	close(fd);
	pthread_mutex_lock(&lock);
	if (n < 0)
		err = ETIMEDOUT;
	else
		mine->answered = sscanf(text, "{\"Id\":%*d,\"Sum\":%ld}",
					&mine->sum);'
	says 1 "$workers" 'got +[0-9]+ ports: so many sockets' \
		'^PASS  each worker gets'

	# it adds by itself
	wrong adds '	*sum = mine->sum;' '	*sum = a + b;'
	says 1 '^FAIL  in whatever order' '^PASS  each worker gets' \
		'it adds a secret number$'

	# an old answer is as good as a new one
	wrong any-id 'waiters[i].id == id && !' \
		'waiters[i].id && i == (id - 1) % WORKERS && !' \
		'.id = ++last_id}' '.id = worker + 1}'
	says 1 '^FAIL  a lost answer' 'got +worker [0-9]: [0-9]+ \+ [0-9] = '

	unknown
	program "$folder/solution/sums.c"
	world in-order LAB_WITH_WORLD=in-order
	says 2 'because +this server answered each question at once'

	wrong a-read-is-a-request '	s->count -= len + 1;' \
		'	s->count = 0;'
	says 1 '^FAIL  TCP: a request is a line' '^PASS  TCP: the deadline'

	wrong deadline-once '		deadline = now_ms() + ms;
' ''
	says 1 '^FAIL  TCP: the deadline is for' \
		'got +[0-9], then the connection ended'
}
