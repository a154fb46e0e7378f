/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Why the kernel refused to put a probe on a function. */
#ifndef DIALTONE_PROBE_ERROR_H
#define DIALTONE_PROBE_ERROR_H

/*
 * A few words for @err, -errno of bpf_program__attach_kprobe(): "not in this
 * kernel". Measured on Debian's kernels 5.10 to 7.2.
 */
const char *probe_error(int err);

#endif
