/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Why the kernel refused to load eBPF programs, and libbpf's own messages. */
#ifndef DIALTONE_LOAD_ERROR_H
#define DIALTONE_LOAD_ERROR_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <bpf/libbpf.h>

/*
 * Writes a sentence for the user: what -errno of loading a skeleton, whose ring
 * has @ring_bytes, means.
 */
void load_error(int err, uint32_t ring_bytes, char *why, size_t size);

/*
 * For libbpf_set_print(): libbpf's messages are discarded unless DIALTONE_DEBUG
 * is in the environment.
 */
int load_error_words(enum libbpf_print_level level, const char *format,
		     va_list args);

#endif
