# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Lab 22, wrong worlds: programs that the verifier refuses, and programs that it
# accepts and that count wrong.
# shellcheck source=tests/labs/wrong.sh
. tests/labs/wrong.sh

# shellcheck disable=SC2034 # inside reads it
shipped="got +refused: R[0-9]+ invalid mem access 'scalar'"

worlds()
{
	local verifier='^FAIL  the verifier accepts your program'
	local unloaded='because +the kernel has not loaded your program'

	wrong no-null-check '	if (!count) {
		bpf_map_update_elem(&calls, &key, &one, BPF_NOEXIST);
		return 0;
	}' '	(void)one;'
	says 1 "$verifier" \
		"got +refused: R[0-9]+ invalid mem access 'map_value_or_null'" \
		"$unloaded"

	wrong no-licence '= "GPL";' '= "BSD";'
	says 1 "$verifier" 'got +refused: cannot call GPL-restricted function'

	wrong any-process 'return pid && *pid == bpf_get_current_pid_tgid() >> 32;' \
		'return pid && *pid;'
	says 1 '^PASS  the verifier' '^PASS  it counts by address family' \
		'^FAIL  it counts the calls of that process' \
		'got +[0-9]+: the child called [0-9]+ times' '^PASS  the ports'

	wrong network-order 'bpf_ntohs(address.sin_port)' 'address.sin_port'
	says 1 '^PASS  it counts the calls of that process' \
		'^FAIL  the ports are numbers' 'expected +ports [5-8][0-9]{3}, [5-8]'

	# once for each key, and never again
	wrong set-not-added '	__sync_fetch_and_add(count, 1);' '	*count = 1;'
	says 1 '^FAIL  it counts by address family' 'expected +AF_UNSPEC: [0-9]+' \
		'got +1;'

	# AF_INET for every address: AF_UNSPEC is no family of its own
	wrong one-family 'key.family = address.sin_family;' 'key.family = AF_INET;'
	says 1 '^FAIL  it counts by address family' 'expected +AF_UNSPEC' 'got +0;'
}
