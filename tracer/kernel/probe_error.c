// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Explains the errno of a probe. See probe_error.h. */
#include "probe_error.h"

#include <errno.h>
#include <string.h>

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
