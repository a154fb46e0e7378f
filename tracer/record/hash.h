/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * uthash, configured not to end the process when there is no memory: an element
 * that could not be added has a NULL hh.tbl then (uthash user guide, "Out of
 * memory").
 */
#ifndef DIALTONE_HASH_H
#define DIALTONE_HASH_H

#define HASH_NONFATAL_OOM 1
#include <uthash.h>

#endif
