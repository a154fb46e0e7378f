// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * SipHash (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012)
 * with one round for each word and three at the end, as in the kernel's
 * HalfSipHash and in the tables of Rust and Python. No library that the tracer
 * is linked with exports such a function.
 */
#include "hash.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

struct sip {
	uint64_t v0, v1, v2, v3;
};

static uint64_t rotate(uint64_t word, int bits)
{
	return word << bits | word >> (64 - bits);
}

static void sip_round(struct sip *s)
{
	s->v0 += s->v1;
	s->v2 += s->v3;
	s->v1 = rotate(s->v1, 13) ^ s->v0;
	s->v3 = rotate(s->v3, 16) ^ s->v2;
	s->v0 = rotate(s->v0, 32);
	s->v2 += s->v1;
	s->v0 += s->v3;
	s->v1 = rotate(s->v1, 17) ^ s->v2;
	s->v3 = rotate(s->v3, 21) ^ s->v0;
	s->v2 = rotate(s->v2, 32);
}

static void sip_word(struct sip *s, uint64_t word)
{
	s->v3 ^= word;
	sip_round(s);
	s->v0 ^= word;
}

/*
 * 16 bytes; of no use to anyone who does not know them. getrandom(2) fails only
 * while the machine boots, or under a seccomp filter: then a key that can be
 * guessed is better than no run.
 */
static const uint64_t *hash_key(void)
{
	static uint64_t key[2];

	if (!key[0] &&
	    getrandom(key, sizeof(key), GRND_NONBLOCK) != sizeof(key))
		key[1] = (uintptr_t)&key ^ (uintptr_t)getenv("PATH");
	key[0] |= 1; /* it is set */
	return key;
}

unsigned int hash_keyed(const void *bytes, size_t len)
{
	const uint64_t *key = hash_key();
	const unsigned char *at = bytes;
	uint64_t last = (uint64_t)len << 56;
	uint64_t word;
	struct sip s = {
		.v0 = key[0] ^ 0x736f6d6570736575,
		.v1 = key[1] ^ 0x646f72616e646f6d,
		.v2 = key[0] ^ 0x6c7967656e657261,
		.v3 = key[1] ^ 0x7465646279746573,
	};

	for (; len >= sizeof(word); len -= sizeof(word), at += sizeof(word)) {
		memcpy(&word, at, sizeof(word));
		sip_word(&s, word);
	}
	for (size_t i = 0; i < len; i++)
		last |= (uint64_t)at[i] << 8 * i;
	sip_word(&s, last);
	s.v2 ^= 0xff;
	sip_round(&s);
	sip_round(&s);
	sip_round(&s);
	return (unsigned int)(s.v0 ^ s.v1 ^ s.v2 ^ s.v3);
}
