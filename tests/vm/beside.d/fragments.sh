# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# The parts of datagrams, against tcpdump. Sourced by tests/vm/beside.

# shellcheck source=tests/vm/fragments.sh
. tests/vm/fragments.sh

beside_tcpdump parts4 4 160
beside_tcpdump parts6 4 160
beside_tcpdump headers 8 16
