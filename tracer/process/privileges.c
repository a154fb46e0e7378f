// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Drops root and capabilities. See privileges.h.
 *
 *   in:  the process's credentials, SUDO_UID and SUDO_GID
 *   out: a process that can do what its caller can, and no more
 */
#include "privileges.h"

#include <errno.h>
#include <grp.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/types.h>
#include <unistd.h>

#include <cap-ng.h>

#include "record/new_file.h"
#include "warn.h"

#define OWN_SETS \
	(CAPNG_EFFECTIVE | CAPNG_PERMITTED | CAPNG_INHERITABLE | CAPNG_AMBIENT)

struct caller {
	uid_t uid;
	gid_t gid;
	bool by_sudo;
};

/* An id as sudo(8) writes it: digits. -1 as 4294967295 is not an id. */
static bool read_id(const char *text, uint32_t *id)
{
	char *end;
	unsigned long long value;

	if (!*text || strspn(text, "0123456789") != strlen(text))
		return false;
	errno = 0;
	value = strtoull(text, &end, 10);
	*id = value;
	return !errno && value < UINT32_MAX;
}

static int find_caller(struct caller *caller)
{
	const char *uid = getenv("SUDO_UID"), *gid = getenv("SUDO_GID");

	*caller = (struct caller){.uid = getuid(), .gid = getgid()};
	if (caller->uid != 0 || (!uid && !gid))
		return 0; /* SUDO_UID counts only for root */
	if (!uid || !gid || !read_id(uid, &caller->uid) ||
	    !read_id(gid, &caller->gid))
		return -EINVAL;
	caller->by_sudo = true;
	return 0;
}

/* Groups before gid before uid: each step needs what the next one drops. */
static int become(const struct caller *caller)
{
	struct passwd *user;

	if (caller->by_sudo && caller->uid != 0) {
		user = getpwuid(caller->uid);
		if (user ? initgroups(user->pw_name, caller->gid) :
			   setgroups(1, &caller->gid))
			return -errno;
	}
	if (setresgid(caller->gid, caller->gid, caller->gid) ||
	    setresuid(caller->uid, caller->uid, caller->uid))
		return -errno;
	return 0;
}

/* One of the process's sets holds a capability other than @kept (-1: any). */
static bool still_capable(int kept)
{
	if (capng_get_caps_process())
		return true;
	for (int cap = 0; cap <= CAP_LAST_CAP; cap++)
		if (cap != kept &&
		    (capng_have_capability(CAPNG_EFFECTIVE, cap) ||
		     capng_have_capability(CAPNG_PERMITTED, cap) ||
		     capng_have_capability(CAPNG_INHERITABLE, cap)))
			return true;
	return false;
}

static int privileges_fail(int err, char why[PRIVILEGES_WHY], const char *what)
{
	snprintf(why, PRIVILEGES_WHY, "%s: %s", what, strerror(-err));
	return err;
}

int privileges_drop(enum privileges_keep keep, char why[PRIVILEGES_WHY])
{
	struct caller caller;
	int kept = -1, err = find_caller(&caller);

	if (err)
		return privileges_fail(err, why,
				       "SUDO_UID and SUDO_GID do not name a "
				       "user");
	capng_clear(CAPNG_SELECT_ALL);
	/* needs CAP_SETPCAP; without it the set stays, but is useless */
	capng_apply(CAPNG_SELECT_BOUNDS);
	err = become(&caller);
	if (err)
		return privileges_fail(
			err, why, "cannot become the user who called sudo");
	if (capng_get_caps_process())
		return privileges_fail(-EIO, why,
				       "cannot read the capabilities");
	if (keep == PRIVILEGES_KEEP_FILES && caller.uid == 0 &&
	    capng_have_capability(CAPNG_EFFECTIVE, CAP_DAC_OVERRIDE))
		kept = CAP_DAC_OVERRIDE;
	capng_clear(CAPNG_SELECT_ALL);
	if (kept >= 0)
		capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED,
			     kept);
	if (capng_apply(CAPNG_SELECT_CAPS) ||
	    capng_apply(CAPNG_SELECT_AMBIENT) ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return privileges_fail(-EPERM, why,
				       "cannot drop the capabilities");
	if (still_capable(kept) || (caller.uid != 0 && setuid(0) == 0))
		return privileges_fail(-EPERM, why,
				       "the capabilities were not dropped");
	return 0;
}

int privileges_of_command(void)
{
	struct caller caller;
	int sets = CAPNG_INHERITABLE | CAPNG_AMBIENT;
	int err = find_caller(&caller);

	if (!err)
		err = become(&caller);
	if (err)
		return err;
	if (capng_get_caps_process())
		return -EIO;
	if (caller.uid != 0)
		sets = OWN_SETS;
	for (int cap = 0; cap <= CAP_LAST_CAP; cap++)
		capng_update(CAPNG_DROP, sets, cap);
	if (capng_apply(CAPNG_SELECT_CAPS) || capng_apply(CAPNG_SELECT_AMBIENT))
		return -EPERM;
	return 0;
}

void privileges_cannot_make(const char *path, int err)
{
	struct caller caller;

	if (new_file_is_stdout(path))
		warn_line("standard output: %s", strerror(-err));
	else if ((err == -EACCES || err == -EPERM) && find_caller(&caller) == 0)
		warn_line("cannot create %s: user %u may not create files "
			  "there, and the tracer writes as that user%s",
			  path, caller.uid,
			  getenv("SUDO_UID") ? ", who called sudo" : "");
	else
		warn_line("cannot create %s: %s", path, new_file_why(err));
}
