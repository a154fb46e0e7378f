/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * uthash, configured for keys that others choose, and for a process that does
 * not end when there is no memory: an element that could not be added has a NULL
 * hh.tbl then (uthash user guide, "Out of memory").
 *
 * uthash's own function has no key. So anyone can compute packets whose
 * addresses all have the same hash value; each look-up then searches all of
 * them. SipHash has a key, which differs in each process.
 *
 * A table is a pointer to its first element, and NULL when it is empty. An
 * element has a UT_hash_handle named hh.
 */
#ifndef DIALTONE_HASH_H
#define DIALTONE_HASH_H

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define HASH_NONFATAL_OOM              1
#define HASH_FUNCTION(key, len, value) ((value) = hash_keyed((key), (len)))
#include <uthash.h>

/* SipHash-1-3 of the bytes, with this process's key; its lower 32 bits. */
unsigned int hash_keyed(const void *bytes, size_t len);

/* Sets @element to the one whose key is *@wanted; NULL: not found. */
#define hash_find(table, wanted, element) \
	HASH_FIND(hh, table, wanted, sizeof(*(wanted)), element)

/*
 * Sets @element to a new one, all zero but its key @field, which is *@wanted.
 * NULL: no memory.
 */
#define hash_new(table, field, wanted, element)                                \
	do {                                                                   \
		(element) = calloc(1, sizeof(*(element)));                     \
		if (!(element))                                                \
			break;                                                 \
		memcpy(&(element)->field, wanted, sizeof((element)->field));   \
		HASH_ADD(hh, table, field, sizeof((element)->field), element); \
		if ((element)->hh.tbl)                                         \
			break;                                                 \
		free(element);                                                 \
		(element) = NULL;                                              \
	} while (0)

/* Sets @element to the one whose key is *@wanted, or to a new one as above. */
#define hash_get(table, field, wanted, element)                  \
	do {                                                     \
		hash_find(table, wanted, element);               \
		if (!(element))                                  \
			hash_new(table, field, wanted, element); \
	} while (0)

/*
 * Empties @table, and calls @release, such as free(), with each element. The
 * elements stay chained when their table is gone.
 */
#define hash_empty(table, release)                              \
	do {                                                    \
		__typeof__(table) hash_at = (table), hash_next; \
                                                                \
		HASH_CLEAR(hh, table);                          \
		for (; hash_at; hash_at = hash_next) {          \
			hash_next = hash_at->hh.next;           \
			release(hash_at);                       \
		}                                               \
	} while (0)

#endif
