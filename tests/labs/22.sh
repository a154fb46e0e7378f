# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Lab 22, wrong worlds: programs that the verifier refuses, and programs that it
# accepts and that count wrong.
# shellcheck disable=SC2154 # folder, solution, out, name, number, start
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

	wrong loop '	__sync_fetch_and_add(count, 1);' '	for (long i = 0; i < enter->address_len; i++)
		__sync_fetch_and_add(count, 1);'
	says 1 "$verifier" 'got +refused: (.*BPF program is|The sequence of|the log is too long)'
	check "$name: verifier.txt has the end of the log" \
		test "$(wc -l <"$out/$name/$number/run/verifier.txt")" -lt 1100

	wrong past-the-stack 'bpf_probe_read_user(&address, sizeof(address),' \
		'bpf_probe_read_user(&address, 64,'
	says 1 "$verifier" 'got +refused: invalid (write to|indirect access to) stack'

	# two fields more than the tracepoint has
	wrong past-the-arguments 'long address_len;' 'long address_len, more[2];' \
		'key.family = address.sin_family;' \
		'key.family = address.sin_family + (__u32)enter->more[1];'
	says 2 '^PASS  the verifier' \
		'because +the kernel has loaded your program, and did not attach it' \
		'denied; does it read'

	wrong no-tracepoint 'sys_enter_connect")' 'sys_enter_conect")'
	says 2 '^PASS  the verifier' \
		'because +the kernel has loaded your program, and did not attach it' \
		'such file or directory; is the tracepoint'

	# tracefs is not mounted
	name=$number-unmounted
	rm -rf "${out:?}/$name"
	mkdir -p "$out/$name/$number"
	cp "$folder/$solution" "$out/$name/$number/$start"
	# shellcheck disable=SC2016 # the inner shell expands it
	check "$name: run" env DIALTONE_NOTEBOOK="$out/$name" unshare --mount sh -c '
		while mountpoint -q /sys/kernel/tracing; do
			umount --lazy /sys/kernel/tracing || exit
		done
		exec "$@"' sh labs/lab run "$number" --no-predict
	says 1 '^PASS  the verifier' '^PASS  it counts by address family' '^PASS  the ports'

	# the registers of a program that is accepted, before and after its `if`
	check "$name: the log has a pointer that may be NULL" \
		grep -q 'R0[_a-z]*=map_value_or_null(' "$out/$name/$number/run/verifier.txt"
	check "$name: and one that is not" \
		grep -q 'R0[_a-z]*=map_value(' "$out/$name/$number/run/verifier.txt"

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
