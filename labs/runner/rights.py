# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The rights with which the runner works.

A teacher may look at students' notebooks as root. A student may use sudo. Then
the runner becomes the owner of the notebook, with the owner's groups: it can read
and write what the owner could, and no more, and its files belong to the owner.
The saved user ID (credentials(7)) stays 0, so that root() can return to root
where root is needed. A program that is executed outside of root() cannot return
to root. It does not see the variables of sudo either: with them, the tracer would
become the user who called sudo.
"""
import contextlib
import os
import pwd

_root_groups = None  # of root, while we are somebody else
_sudo = {}  # its variables, meanwhile


def is_root():
    """Whether we are root, or can return to it."""
    return os.geteuid() == 0 or _root_groups is not None


def is_lent():
    """Whether root works with the rights of somebody else."""
    return _root_groups is not None


def invited_by():
    """User and group of those who called sudo; else our own."""
    if os.geteuid() == 0 and "SUDO_UID" in os.environ:
        return int(os.environ["SUDO_UID"]), int(os.environ["SUDO_GID"])
    return os.geteuid(), os.getegid()


def _take(uid, gid, groups):
    """Groups first: without root they could not be set any more."""
    os.setgroups(groups)
    os.setresgid(gid, gid, 0)
    os.setresuid(uid, uid, 0)


def become(uid, gid):
    """If we are root: from now on, the rights of this user. gid is for a user
    that has no name, and no groups.
    """
    global _root_groups  # pylint: disable=global-statement
    if os.geteuid() != 0 or uid == 0:
        return
    try:
        user = pwd.getpwuid(uid)
        gid, groups = user.pw_gid, os.getgrouplist(user.pw_name, user.pw_gid)
    except KeyError:
        groups = [gid]
    before = os.getgroups()
    _take(uid, gid, groups)
    _root_groups = before
    _hide_sudo()


def _hide_sudo():
    for name in "SUDO_UID", "SUDO_GID", "SUDO_USER", "SUDO_COMMAND":
        if name in os.environ:
            _sudo[name] = os.environ.pop(name)


@contextlib.contextmanager
def root():
    """Inside, we are root again, if we were root before."""
    global _root_groups  # pylint: disable=global-statement
    if _root_groups is None:
        yield
        return
    user, groups, before = os.getuid(), os.getgroups(), _root_groups
    group = os.getgid()
    os.setresuid(0, 0, 0)
    os.setresgid(0, 0, 0)
    os.setgroups(before)
    _root_groups = None
    os.environ.update(_sudo)
    try:
        yield
    finally:
        _hide_sudo()
        _take(user, group, groups)
        _root_groups = before
