// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A program of socket operations: what play_program.c and play_calls.c share. */
#pragma once

#include <pthread.h>
#include <stdint.h>

#define SLOTS   8
#define OPS_MAX 200
#define WORDS   6
#define THREADS 16

struct op {
	char *word[WORDS];
	int words;
};

struct slot {
	int fd;
	uint64_t inode;
	const char *kind;
};

struct play {
	struct op op[OPS_MAX];
	int ops;
	struct slot slot[SLOTS];
	pthread_t thread[THREADS];
	int threads;
};

const char *op_word(const struct op *op, int at);
int op_number(const struct op *op, int at);

/* Performs operation @at if it is a call, and writes its line to LOG_FD. */
#define LOG_FD 100
void play_call(struct play *play, int at);
