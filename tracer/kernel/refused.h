/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Why the kernel refused to load eBPF programs, or to put a probe on a function;
 * and libbpf's own messages.
 */
#ifndef DIALTONE_REFUSED_H
#define DIALTONE_REFUSED_H

#include <bpf/libbpf.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

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

/*
 * A few words for @err, -errno of bpf_program__attach_kprobe(): "not in this
 * kernel". Measured on Debian's kernels 5.10 to 7.2.
 */
const char *probe_error(int err);

#endif
