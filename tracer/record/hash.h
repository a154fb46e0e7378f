/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * uthash, configured for keys that others choose, and for a process that does
 * not end when there is no memory: an element that could not be added has a NULL
 * hh.tbl then (uthash user guide, "Out of memory").
 *
 * uthash's own function has no key. Anyone can compute packets whose addresses
 * have one hash value, and each of them then costs as much time as there are
 * others. SipHash has a key, which differs in each process.
 */
#ifndef DIALTONE_HASH_H
#define DIALTONE_HASH_H

#include <stddef.h>

#define HASH_NONFATAL_OOM              1
#define HASH_FUNCTION(key, len, value) ((value) = hash_keyed((key), (len)))
#include <uthash.h>

/* SipHash-1-3 of the bytes, with this process's key; its lower 32 bits. */
unsigned int hash_keyed(const void *bytes, size_t len);

#endif
