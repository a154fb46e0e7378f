# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# The parts of datagrams, against tcpdump. Sourced by tests/vm/outside.

# shellcheck source=tests/vm/fragments.sh
. tests/vm/fragments.sh

compared_with_tcpdump parts4 4 160
compared_with_tcpdump parts6 4 160
compared_with_tcpdump headers 8 16
