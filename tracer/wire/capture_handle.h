/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * How a libpcap handle is set up: socket, ring and filter, and the message if
 * that fails. The only header that exposes libpcap to others; libpcap clashes
 * with <linux/bpf.h> (both define struct bpf_insn).
 */
#ifndef DIALTONE_CAPTURE_HANDLE_H
#define DIALTONE_CAPTURE_HANDLE_H

#include <pcap/pcap.h>

#include "capture.h"

/*
 * An activated, non-blocking handle on "any", link type DLT_LINUX_SLL2, stamps
 * in nanoseconds, with the filter in the kernel. To be freed with pcap_close().
 * Returns and errors of capture_open().
 */
int capture_handle_open(pcap_t **handle, const struct capture_options *options,
			char error[static CAPTURE_ERROR_LEN]);

#endif
