/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Kernel addresses to names, from /proc/kallsyms. */
#ifndef DIALTONE_KSYMS_H
#define DIALTONE_KSYMS_H

#include <stdint.h>

struct ksyms;

/*
 * Reads the table; the caller frees it with ksyms_free(). 0, -ENOMEM, -EPERM if
 * the kernel hides its addresses (kernel.kptr_restrict), -ENODATA for an empty
 * table, or the error of fopen(3).
 */
int ksyms_load(struct ksyms **ksyms, const char *path);
void ksyms_free(struct ksyms *ksyms);

/* "udp_sendmsg+0x1c" for @address; its number where no symbol covers it. */
const char *ksyms_name(const struct ksyms *ksyms, uint64_t address,
		       char buf[128]);

#endif
