# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# shellcheck disable=SC2054 # QEMU's options have commas in them
# shellcheck disable=SC2034 # package: run's
# shellcheck disable=SC2154 # memory, image, out, ...: the options of run; dir: boot's
# One boot of QEMU: its command line, its watchdog, and how it ended.
# In: a folder with job and initramfs. Out, in the same folder: stdout, stderr,
# result (the report of guest), log (the kernel's console). Sourced by run.

# A boot takes 8 s on a slow machine; a guest that takes many times that hangs.
boot_limit_s=${VM_BOOT_LIMIT:-120}
qemu_pid=''

# port NAME CHARDEV: one virtio port of that name, and what is behind it.
port()
{
	qemu+=(-chardev "$2,id=$1"
		-device "virtserialport,chardev=$1,name=$1")
}

# path FILE: in the form of QEMU's options, which double a comma.
path()
{
	echo "path=${1//,/,,}"
}

# choose_machine: what differs between architectures: sets emulator (of
# package), machine, console and quirk. The default processor of arm64 is "max".
# It signs return addresses, which is slow to emulate.
choose_machine()
{
	case $arch in
	amd64)
		# Without -cx16 6.12 died in 4 of 15 boots, at cmpxchg16b on two
		# CPUs. tsc=reliable: the TSC is the host's and reliable. Without
		# the option kernels up to 6.1 read the HPET instead, which is
		# slow to emulate.
		emulator=qemu-system-x86_64 package=qemu-system-x86
		machine=(-cpu 'max,-cx16')
		console=ttyS0 quirk='tsc=reliable'
		;;
	arm64)
		emulator=qemu-system-aarch64 package=qemu-system-arm
		machine=(-machine virt -cpu cortex-a72)
		console=ttyAMA0 quirk=''
		;;
	esac
}

# build_command_line: fills the array qemu.
build_command_line()
{
	local append="console=$console loglevel=6 panic=-1 oops=panic $quirk"
	# Emulation only: /dev/kvm may be there and hang. With a thread for each
	# CPU 7.2 died in 1 of 18, at an int3: the kernel had patched its code,
	# and the other CPU still ran the translation of the breakpoint. One
	# thread for both takes turns, and costs no time.
	qemu=("$emulator" -nodefaults -no-user-config -display none
		-accel tcg,thread=single "${machine[@]}" -smp 2 -m "$memory"
		-no-reboot -nic none
		-kernel "$image" -initrd "$dir/initramfs"
		-append "$append $extra_boot"
		-chardev "file,id=log,$(path "$dir/log")" -serial chardev:log
		-fsdev "local,id=host,path=/,security_model=none,readonly=on,multidevs=remap"
		-device virtio-9p-pci,fsdev=host,mount_tag=host
		-device virtio-serial-pci)
	[ -z "$out" ] || qemu+=(
		-fsdev "local,id=out,$(path "$out"),security_model=none"
		-device virtio-9p-pci,fsdev=out,mount_tag=out)
	if [ "$interactive" ]; then
		qemu+=(-chardev 'stdio,id=console,signal=off'
			-device virtconsole,chardev=console)
		port size "pipe,$(path "$dir/size")"
	else
		port stdin 'stdio,signal=off'
		port stdout "file,$(path "$dir/stdout")"
		port stderr "file,$(path "$dir/stderr")"
	fi
	port result "file,$(path "$dir/result")"
}

# kill_after SECONDS FILE REASON: end the lab VM after that time, and write the
# reason into FILE. If FILE is boot and the lab VM has booted, do nothing. It
# waits on a pipe without a writer, so killing it leaves no sleep behind. It is a
# program of its own, which dies with this shell: later another process may have
# the PID of QEMU.
kill_after()
{
	# shellcheck disable=SC2016 # the inner shell expands it
	exec setpriv --pdeathsig KILL bash -c '
		exec 7<> <(:)
		while ((SECONDS < $1)); do # read may return early
			read -rt $(($1 - SECONDS)) -u 7 || :
		done
		if [ "$2" = boot ] && [ -s "$4/result" ]; then
			exit
		fi
		echo "$3" >"$4/$2"
		kill -KILL "$5"' kill_after "$@" "$dir" "$qemu_pid"
}

# follow FILE: prints it while it grows, until QEMU has gone.
follow()
{
	tail -n +1 -s 0.1 -f --pid="$qemu_pid" "$1"
}

# start: QEMU in the background, the terminal or the input before it. It ends
# with this shell, so no machine keeps running alone.
start()
{
	local die_with_me=(setpriv --pdeathsig KILL)
	if [ "$interactive" ]; then
		"${die_with_me[@]}" "${qemu[@]}" <&0 2>"$dir/qemu.err" &
	elif [ -t 0 ]; then
		"${die_with_me[@]}" "${qemu[@]}" </dev/null >/dev/null \
			2>"$dir/qemu.err" &
	else
		"${die_with_me[@]}" "${qemu[@]}" <&0 >/dev/null \
			2>"$dir/qemu.err" &
	fi
	qemu_pid=$!
}

# wait_for_end: wait returns early for each signal that a trap handles.
wait_for_end()
{
	while kill -0 "$qemu_pid" 2>/dev/null; do
		wait "$qemu_pid" || :
	done
	qemu_pid=''
}

# boot DIR: one machine, from start to end. 0 if the command has ended in it,
# with any exit status; 1 if the machine died before that.
boot()
{
	local dir=$1 file helpers=()
	for file in log stdout stderr result qemu.err; do
		: >"$dir/$file"
	done
	rm -f "$dir"/{boot,limit}
	build_command_line
	[ -z "$interactive" ] || open_size "$dir"
	start
	kill_after "$boot_limit_s" boot "not up after $boot_limit_s s" 9<&- &
	helpers+=($!)
	if ((limit)); then
		kill_after "$limit" limit "ended after $limit s" 9<&- &
		helpers+=($!)
	fi
	disown "${helpers[@]}"
	if [ "$live" ] && [ -z "$interactive" ]; then
		follow "$dir/stdout" 9<&- &
		follow "$dir/stderr" >&2 9<&- &
	fi
	wait_for_end
	# not SIGTERM: before its exec, a watchdog has the traps of this shell,
	# and they remove the folder
	kill -KILL "${helpers[@]}" 2>/dev/null || :
	wait
	tail -n 1 "$dir/result" | grep -qE '^exit [0-9]+$'
}

# stop_machine: at the end of run, however it ends.
stop_machine()
{
	[ -z "$qemu_pid" ] || kill -KILL "$qemu_pid" 2>/dev/null || :
}

# cause_of_death DIR: one line, with the best information there is.
cause_of_death()
{
	local dir=$1
	cat "$dir/boot" 2>/dev/null && return
	grep -m1 -oE '(Kernel panic|BUG:|lab:|Oops).*' "$dir/log" && return
	tail -n 1 "$dir/qemu.err" | grep . ||
		echo 'it went away without a word'
}

# deliver DIR: hand out what the command printed.
deliver()
{
	cat "$1/stdout"
	cat "$1/stderr" >&2
}

# open_size DIR: the size of this terminal goes to the guest through a pipe,
# now and whenever the window changes.
open_size()
{
	rm -f "$1"/size.{in,out}
	mkfifo "$1"/size.{in,out}
	exec 8<>"$1/size.in"
	stty size >&8
	trap 'stty size >&8' WINCH
}
