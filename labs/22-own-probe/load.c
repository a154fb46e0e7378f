/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Loads an eBPF program, attaches it, and runs a command under it.
 *
 *	load OBJECT COMMAND [ARG...]
 *
 * It sets key 0 of the map `target` to the process of the command, and prints the
 * map `calls` when the command has ended. If the kernel refuses the program, it
 * prints all that the verifier said, and last its message.
 *
 * In: an object of clang -target bpf. Out: "loaded", "family 2 port 9007: 3" for
 * each key. Exit status: 0; 1 refused, or an error.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

struct key {
	__u32 family, port;
};

static char verifier_log[1 << 20];

static int silent(enum libbpf_print_level level, const char *format,
		  va_list args)
{
	(void)level;
	(void)format;
	(void)args;
	return 0;
}

/* Prints the log; the line before "processed ..." is the message. */
static void print_message(int err)
{
	const char *message = NULL;
	char *line, *rest = NULL;

	for (line = strtok_r(verifier_log, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest)) {
		if (!strncmp(line, "processed ", 10))
			break;
		printf("verifier: %s\n", line);
		message = line;
	}
	printf("refused: %s\n", message ? message : strerror(-err));
}

/* Prints "loaded", and "processed 52 insns", which ends the log. */
static void print_accepted(void)
{
	const char *processed = strstr(verifier_log, "processed ");

	puts("loaded");
	if (processed)
		printf("verifier: %.*s\n", (int)strcspn(processed, "("),
		       processed);
}

/* Loads all programs of the object. 0 or -errno, after a line. */
static int load(struct bpf_object *object)
{
	struct bpf_program *program = bpf_object__next_program(object, NULL);
	int err;

	if (!program) {
		puts("refused: the object has no program");
		return -ENOENT;
	}
	bpf_program__set_log_level(program, 1);
	bpf_program__set_log_buf(program, verifier_log, sizeof(verifier_log));
	err = bpf_object__load(object);
	if (err)
		print_message(err);
	else
		print_accepted();
	return err;
}

/* A child that executes the command once the pipe is closed. Its ID or -errno. */
static pid_t prepare(char **command, int pipe_fds[2])
{
	pid_t pid;
	char byte;

	if (pipe(pipe_fds) < 0)
		return -errno;
	pid = fork();
	if (pid == 0) {
		close(pipe_fds[1]);
		while (read(pipe_fds[0], &byte, 1) > 0)
			;
		close(pipe_fds[0]);
		execvp(command[0], command);
		fprintf(stderr, "%s: %s\n", command[0], strerror(errno));
		_exit(127);
	}
	close(pipe_fds[0]);
	return pid < 0 ? -errno : pid;
}

static int set_target(struct bpf_object *object, pid_t pid)
{
	int fd = bpf_object__find_map_fd_by_name(object, "target");
	const __u32 first = 0, value = (__u32)pid;

	return fd < 0 ? fd : bpf_map_update_elem(fd, &first, &value, BPF_ANY);
}

static void print_calls(struct bpf_object *object)
{
	int fd = bpf_object__find_map_fd_by_name(object, "calls");
	struct key key, *last = NULL;
	__u64 count;

	while (bpf_map_get_next_key(fd, last, &key) == 0) {
		if (bpf_map_lookup_elem(fd, &key, &count) == 0)
			printf("family %u port %u: %llu\n", key.family,
			       key.port, (unsigned long long)count);
		last = &key;
	}
}

/* Runs the command with the program attached. 0 or -errno, after a line. */
static int watch(struct bpf_object *object, char **command)
{
	struct bpf_program *program = bpf_object__next_program(object, NULL);
	struct bpf_link *link = bpf_program__attach(program);
	int pipe_fds[2], err = link ? 0 : -errno;
	pid_t pid;

	if (err) {
		printf("not attached: %s\n", strerror(-err));
		return err;
	}
	pid = prepare(command, pipe_fds);
	err = pid < 0 ? pid : set_target(object, pid);
	if (pid > 0) {
		close(pipe_fds[1]);
		waitpid(pid, NULL, 0);
	}
	bpf_link__destroy(link);
	if (err)
		printf("cannot run the command: %s\n", strerror(-err));
	else
		print_calls(object);
	return err;
}

int main(int argc, char **argv)
{
	struct bpf_object *object;
	int err;

	if (argc < 3) {
		fprintf(stderr, "usage: %s OBJECT COMMAND...\n", argv[0]);
		return 64;
	}
	setvbuf(stdout, NULL, _IOLBF, 0); /* the command prints, too */
	libbpf_set_print(silent);
	object = bpf_object__open(argv[1]);
	err = object ? load(object) : -errno;
	if (!object)
		printf("%s: %s\n", argv[1], strerror(-err));
	if (!err)
		err = watch(object, argv + 2);
	bpf_object__close(object);
	return err != 0;
}
