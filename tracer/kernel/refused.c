// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Explains refusals of the kernel. See refused.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "refused.h"

const char *probe_error(int err)
{
	switch (err) {
	case -ENOENT:
		return "not in this kernel";
	case -EINVAL: /* the blacklist, Documentation/trace/kprobes.rst */
		return "cannot be probed";
	case -EADDRNOTAVAIL: /* 6.7, and 6.1.60 (tracee issue 3653) */
		return "several functions have this name";
	case -EPERM:
	case -EACCES:
		return "not permitted";
	case -EMFILE:
		return "no file descriptor left (ulimit -n)";
	}
	return strerror(-err);
}

void load_error(int err, uint32_t ring_bytes, char *why, size_t size)
{
	if (err == -EPERM)
		snprintf(why, size,
			 "the kernel does not let this process load eBPF "
			 "programs (%s): run it as root",
			 strerror(-err));
	else if (err == -ESRCH)
		snprintf(why, size,
			 "this kernel has no type information "
			 "(CONFIG_DEBUG_INFO_BTF)");
	else if (err == -ENOMEM)
		snprintf(why, size,
			 "no memory for a ring of %u bytes: give a smaller "
			 "--ring",
			 ring_bytes);
	else
		snprintf(why, size,
			 "the kernel refuses the eBPF programs: %s "
			 "(DIALTONE_DEBUG=1 shows its messages)",
			 strerror(-err));
}

int load_error_words(enum libbpf_print_level level, const char *format,
		     va_list args)
{
	if (level == LIBBPF_DEBUG || !getenv("DIALTONE_DEBUG"))
		return 0;
	return vfprintf(stderr, format, args);
}
