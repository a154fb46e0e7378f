# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Lab 03, wrong worlds. See course.sh.
# shellcheck disable=SC2154 # folder, out, run, said

# annotated FOLDER FILTER FIELD...: of run.pcapng, as a student reads it.
annotated()
{
	local folder=$1 filter=$2 words=()
	shift 2
	for field; do
		words+=(-e "$field")
	done
	tshark -r "$folder/run.pcapng" -Y "$filter" -T fields "${words[@]}" 2>/dev/null
}

worlds()
{
	world absent LAB_WITH_SERVER=tests/labs/worlds/absent
	says 1 'FAIL  the tracer: connect' 'got .*connect = -111 ECONNREFUSED' \
		'FAIL  the capture: three packets' 'got +SYN, RST-ACK' \
		'INCONCLUSIVE  nobody has accepted'
	world accepts LAB_WITH_SERVER=tests/labs/worlds/accepts
	says 1 'FAIL  nobody has accepted' 'got +Recv-Q 0'
	world no-data LAB_WITH_SERVER=tests/labs/worlds/no-data
	says 1 'FAIL  the message is acknowledged' 'got +5 bytes'
	world elsewhere LAB_WITH_IFACE=lo
	says 2 'because +the capture saw nothing of this'

	# tshark reads what the check reads
	is "03: tshark's connect(2) is the handshake" \
		"$(annotated "$out/03/03/run" 'frame.comment contains "connect(2)"' \
			ip.src tcp.flags.str | tr -d '\t·' | tr '\n' ' ')" \
		'10.0.0.1S 10.0.0.2AS 10.0.0.1A '
	is "03: tshark's process is that of the answer" \
		"$(annotated "$out/03/03/run" 'tcp.flags.syn == 1 and tcp.flags.ack == 1' \
			frame.comment | sed -E 's/^PID: ([0-9]+).*/process=\1/')" \
		"$(tests/labs/right.py "$folder/check" "$out/03/03/run" process)"
	is "03: the call that sent the message" \
		"$(annotated "$out/03/03/run" 'tcp.len > 0' frame.comment |
			grep -c 'inside write(2) of fd 3')" 1

	lab 03 packets 03 # for those who have neither Wireshark nor tshark
	is "03: labs/lab packets: connect(2) is the handshake" \
		"$(grep 'inside connect(2)' <<<"$said" |
			grep -o ' SYN, \| SYN-ACK, \| ACK, ' | tr -d ' \n')" 'SYN,SYN-ACK,ACK,'
	like "03: labs/lab packets: each system call" "$said" \
		'^ +[0-9]+ +[0-9.]+  tcp-connect [0-9]+: connect\(3, 10.0.0.2:9007\) = 0$'

	# edited evidence
	forged port
	sed -i 's/10\.0\.0\.1:[0-9]*/10.0.0.1:1234/' "$run/program.txt"
	says 1 '^FAIL  the witnesses agree' "tracer's records, in program" \
		'got +10.0.0.1:1234'
	forged annotated # is missing
	rm "$run/run.pcapng"
	says 2 '^INCONCLUSIVE  the annotated capture' \
		'because +run.pcapng cannot be read: No such file'
	forged annotated-cut # its last block, the statistics, has 52 bytes
	truncate -s -52 "$run/run.pcapng"
	says 2 '^INCONCLUSIVE  the annotated capture' \
		'because +run.pcapng cannot be read: the file is cut off'
	forged annotated-other # of another run
	cp "$out/03-accepts/03/run/run.pcapng" "$run/"
	says 1 '^FAIL  the annotated capture' \
		'packets of run.jsonl, at the same times' \
		'got +run.jsonl has no TCP 10.0.0.1:[0-9]+ → 10.0.0.2:9007 SYN'
	forged annotated-call # another call in the comments, of the same length
	sed -i 's/inside connect(2)/inside getname(2)/' "$run/run.pcapng"
	says 1 '^FAIL  the annotated capture' 'with connect.2. in the comment: SYN' \
		'got +none'
	forged verdict # it says PASS, but no SYN-ACK is in the records
	records 'select((.type == "packet" and .flags == ["SYN", "ACK"]) | not)'
	says 1 '^FAIL  the witnesses agree' 'PASS: SYN, SYN-ACK, ACK in the' \
		'got +SYN, ACK, PSH-ACK'
	forged time
	records 'if .type == "meta" then
		.realtime_minus_monotonic_ns += 3000000000 else . end'
	says 1 '^FAIL  the witnesses agree' 'got +[23][0-9]{3} ms apart'
}
