#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# debian/changelog for a version: what has changed is in .github/CHANGELOG.md.
cat <<EOF
dialtone ($1) unstable; urgency=medium

  * See .github/CHANGELOG.md.

 -- The dialtone authors <dialtone@users.noreply.github.com>  $(date -R -d "@${SOURCE_DATE_EPOCH:-$(date -r debian/control +%s)}")
EOF
