# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# make            build everything          make demo    the demonstration
# make test       every test                make vm      a shell in the lab machine
# make help       all targets               V=1          show the commands
#
# Objects and generated files go to build/; the programs that a person starts
# stand where she looks for them: echo/echo-server, echo/echo-client,
# tracer/tracer.

CC ?= cc
CLANG ?= clang
BPFTOOL ?= bpftool
# An ordinary user's PATH lacks them on Debian; bpftool and depmod are there.
export PATH := $(PATH):/usr/sbin:/sbin
Q := $(if $(filter 1,$(V)),,@)
say = $(if $(Q),@printf '  %-8s %s\n' $(1) $(2))
B := build
# Where programs go, and where headers and libraries are, but for "make arm64":
P :=
SYSROOT :=

WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wvla -Wno-missing-field-initializers $(if $(WERROR),-Werror)
# Where pkg-config says that libtracefs and libtraceevent have their headers.
FTRACE_INCLUDES := -isystem $(SYSROOT)/usr/include/tracefs \
	-isystem $(SYSROOT)/usr/include/traceevent
# "bpf/event.h", and "story/windows.h" for tracer/story/windows.h. Not -I: <bpf/…>
# is libbpf's.
INCLUDES := -iquote . -iquote tracer $(FTRACE_INCLUDES)
CFLAGS ?= -O2 -g
override CFLAGS += -std=gnu11 -D_GNU_SOURCE $(WARN) -fno-common -MMD -MP \
	$(INCLUDES)

# As many at a time as there are processors, without being asked.
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc)
endif

.DELETE_ON_ERROR:
.SECONDARY:
.DEFAULT_GOAL := all

# ---- what has to be installed ---------------------------------------------
# .packages has the one list. One call of tests/deps comes before all else: the
# part of the list that the goals need. It is looked at once per build tree, and
# again when the list changes.

goals := $(or $(MAKECMDGOALS),all)
goal_part = $(if $(filter $(2),$(goals)),$(1))
part := $(firstword \
	$(call goal_part,dev,lint test-kernels test-fresh arm64-demo) \
	$(call goal_part,test,test arm64 vm-programs docs-update coverage% fuzz \
		bench tests/% build/tests/% build/fuzz/% build/newer/%) \
	$(call goal_part,labs,labs) \
	$(call goal_part,demo,demo vm) \
	$(call goal_part,check,check golden-update build/unit/%) build)
DEPS := $(B)/deps-$(part)

$(B)/deps-%: .packages tests/deps
	$(Q)tests/deps $*
	$(Q)mkdir -p $(B) && touch $@

deps: $(B)/deps-test

# What is missing, for labs/lab doctor; installs nothing.
lacking:
	@tests/deps -n labs

# ---- what is built -------------------------------------------------------

PROGRAMS :=
SUITES := # everything that speaks TAP, for tests/run

$(B)/%.o: %.c | $(DEPS)
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(CPPFLAGS) -c -o $@ $<

# ---- the echo pair -------------------------------------------------------

ECHO_CLIENT := echo-client client_options client_udp client_tcp net
ECHO_SERVER := echo-server server_options server_sockets server_udp \
	server_tcp net
ECHO_PROGRAMS := $(P)echo/echo-client $(P)echo/echo-server
PROGRAMS += $(ECHO_PROGRAMS)

$(P)echo/echo-client: $(ECHO_CLIENT:%=$(B)/echo/%.o)
$(P)echo/echo-server: $(ECHO_SERVER:%=$(B)/echo/%.o)
$(ECHO_PROGRAMS):
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

# The tests run this pair: every memory error ends it.
ECHO_SAN := -fsanitize=address,undefined -fno-sanitize-recover=all
$(B)/san/echo/%.o: echo/%.c | $(DEPS)
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(CPPFLAGS) $(ECHO_SAN) -c -o $@ $<

$(B)/san/echo/echo-client: $(ECHO_CLIENT:%=$(B)/san/echo/%.o)
$(B)/san/echo/echo-server: $(ECHO_SERVER:%=$(B)/san/echo/%.o)
$(ECHO_PROGRAMS:%=$(B)/san/%):
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $(ECHO_SAN) -o $@ $^

ECHO_GUARD := $(B)/tests/echo/guard
ECHO_SUITES := $(addprefix tests/echo/,client.py server.py crowd.py attack.py \
	spoof.py net.sh)
SUITES += $(ECHO_GUARD) $(ECHO_SUITES)
$(ECHO_SUITES): $(ECHO_PROGRAMS) $(ECHO_PROGRAMS:%=$(B)/san/%)
$(ECHO_GUARD): $(ECHO_GUARD).o $(B)/san/echo/server_udp.o $(B)/san/echo/net.o
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $(ECHO_SAN) -o $@ $^ -lcmocka

# ---- the labs' programs ---------------------------------------------------
# labs/NN-name/PROGRAM.c, one file each: build/labs/NN-name/PROGRAM.

LAB_PROGRAMS := $(patsubst %.c,$(B)/%,$(wildcard labs/[0-9]*/*.c))
PROGRAMS += $(LAB_PROGRAMS)
$(LAB_PROGRAMS): %: %.o
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -pthread -o $@ $^

# What the tests put in the place of a lab's own: wrong worlds.
LAB_WORLDS := $(patsubst tests/labs/worlds/%.c,$(B)/tests/labs/%.so,\
	$(wildcard tests/labs/worlds/*.c))
$(B)/tests/labs/%.so: tests/labs/worlds/%.c | $(DEPS)
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -fPIC -shared -o $@ $<

LAB_SUITES := tests/labs/shipped.py tests/labs/transcripts.py tests/labs/verbs \
	tests/labs/trouble tests/labs/password \
	tests/labs/start tests/labs/here
SUITES += $(LAB_SUITES)
$(LAB_SUITES): $(PROGRAMS) $(LAB_WORLDS)

# ---- the kernel side -----------------------------------------------------

BPF_ARCH := $(patsubst aarch64,arm64,$(patsubst x86_64,x86,$(shell uname -m)))
# Where clang finds the headers of the processor that it compiles for, which
# for -target bpf it does not look through. Asked for when it is used: clang may
# not be installed yet when make reads this line.
BPF_HOST = $(if $(SYSROOT),--target=aarch64-linux-gnu --sysroot=$(SYSROOT))
BPF_INCLUDES = $(shell $(CLANG) $(BPF_HOST) -v -E -x c /dev/null 2>&1 >/dev/null | \
	sed -n '/search starts here:$$/,/^End of/s/^ /-idirafter /p')
BPF_CFLAGS = -O2 -g -target bpf -D__TARGET_ARCH_$(BPF_ARCH) -Wall -Wextra \
	-Wno-unused-parameter $(if $(WERROR),-Werror) -MMD -MP $(BPF_INCLUDES)

$(B)/bpf/%.bpf.o: bpf/%.bpf.c | $(DEPS)
	$(call say,BPF,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) $(BPF_CFLAGS) -c -o $@ $<

# Three sets of programs, each linked into one object: the path, count's, stack's.
BPF_LAB := udp tcp syscalls wire softirq fork
BPF_COUNT := count fork
BPF_STACK := stack softirq fork

$(B)/bpf/lab.linked.o: $(BPF_LAB:%=$(B)/bpf/%.bpf.o)
$(B)/bpf/count.linked.o: $(BPF_COUNT:%=$(B)/bpf/%.bpf.o)
$(B)/bpf/stack.linked.o: $(BPF_STACK:%=$(B)/bpf/%.bpf.o)
$(B)/bpf/%.linked.o:
	$(call say,LINK,$@)
	$(Q)$(BPFTOOL) gen object $@ $^

$(B)/bpf/%.skel.h: $(B)/bpf/%.linked.o
	$(call say,SKEL,$@)
	$(Q)(echo '/* NOLINTBEGIN: not ours */' && \
		$(BPFTOOL) gen skeleton $< name $*_bpf && \
		echo && echo '/* NOLINTEND */') >$@

# ---- the tracer ----------------------------------------------------------

PROGRAMS += $(P)tracer/tracer
TRACER_SOURCES := $(sort $(wildcard tracer/*.c tracer/*/*.c))
TRACER_OBJECTS := $(TRACER_SOURCES:%.c=$(B)/%.o)
# the source of each name, whatever room of tracer/ it stands in
tracer_sources = $(foreach name,$(sort $(1)),$(or \
	$(filter %/$(name).c,$(TRACER_SOURCES)),$(error no $(name).c in tracer/)))
TRACER_LIBS := -lbpf -ldw -lelf -lz -lpcap -ljansson -lcap-ng -ltracefs \
	-ltraceevent -lm

$(B)/tracer/kernel/attach.o: $(B)/bpf/lab.skel.h
$(B)/tracer/count/count_multi.o: $(B)/bpf/count.skel.h
$(B)/tracer/stack/stack_live.o: $(B)/bpf/stack.skel.h
$(addprefix $(B)/tracer/,kernel/attach.o count/count_multi.o stack/stack_live.o): \
	CPPFLAGS += -isystem $(B)/bpf

SUITES += $(addprefix tests/tracer/,here privileges hostile faults \
	fragments icmp padding knock order traffic followed busy)
tests/tracer/here: $(B)/tests/elsewhere
tests/tracer/followed: $(B)/tests/followed
tests/tracer/busy: $(B)/tests/elsewhere $(B)/tests/neighbours

$(P)tracer/tracer: $(TRACER_OBJECTS)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(TRACER_LIBS)

# ---- for another processor -------------------------------------------------
# The same once more into build/arm64, by Debian's cross compiler, against
# Debian's libraries for arm64.

ARM64 := $(B)/arm64
arm64_libraries = $(shell awk '$$1 == "build" && $$3 ~ /^header:/ { \
	sub(/[>|].*/, "", $$2); print $$2 }' .packages)
# what a lab machine stands on: labs/vm/run -a arm64
arm64_machine := base-files bash busybox-static coreutils grep sed

$(ARM64)/root: .packages tests/build/sysroot | $(DEPS)
	$(call say,SYSROOT,$@)
	$(Q)tests/build/sysroot "$$(. /etc/os-release && echo $$VERSION_CODENAME)" \
		arm64 $@ $(arm64_libraries) $(arm64_machine)
	$(Q)touch $@

arm64: $(ARM64)/root
	$(Q)$(MAKE) --no-print-directory B=$(ARM64) P=$(ARM64)/ BPF_ARCH=arm64 \
		SYSROOT=$(ARM64)/root \
		CC='aarch64-linux-gnu-gcc --sysroot=$(ARM64)/root' all

# The lab machine for it. Not bullseye: its security archive lists a kernel for
# arm64 and has it no more.
ARM64_VM_SUITES := bookworm trixie forky

SUITES += tests/build/arm64
tests/build/arm64: arm64 all

# ---- the library older than its headers --------------------------------------
# A tracer of which one file is compiled with the newest headers of libbpf that
# there are, and runs with this machine's library: tests/tracer/libbpf.

NEWER := $(B)/newer
$(NEWER)/root: tests/build/sysroot | $(DEPS)
	$(call say,SYSROOT,$@)
	$(Q)tests/build/sysroot --alone sid "$$(dpkg --print-architecture)" $@ \
		libbpf-dev
	$(Q)touch $@

$(NEWER)/machine_process.o: tracer/process/machine_process.c $(NEWER)/root
	$(call say,CC,$@)
	$(Q)$(CC) $(CFLAGS) -isystem $(NEWER)/root/usr/include -c -o $@ $<

$(NEWER)/tracer: $(NEWER)/machine_process.o \
		$(filter-out %/machine_process.o,$(TRACER_OBJECTS))
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(TRACER_LIBS)

SUITES += tests/tracer/libbpf
tests/tracer/libbpf: tracer/tracer $(NEWER)/tracer

# ---- the lab machine -----------------------------------------------------
# One boot a kernel: all cases on the oldest and the newest; on the default one
# what README and the labs show. make test-kernels has all on each.
VM_C_PROGRAMS := $(addprefix $(B)/tests/,window sends elsewhere without-bpf \
	flood followed neighbours)
VM_PROGRAMS := $(LAB_WORLDS) $(VM_C_PROGRAMS) $(B)/tests/dial \
	$(B)/unit/test_step $(B)/tests/play_program

# Go as it comes, and static: nothing of ours, nothing of libc
$(B)/tests/dial: tests/vm/dial.go | $(DEPS)
	$(call say,GO,$@)
	$(Q)CGO_ENABLED=0 GO111MODULE=off GOCACHE='$(CURDIR)/$(B)/go-cache' \
		go build -o $@ $<

$(VM_C_PROGRAMS): $(B)/tests/%: $(B)/tests/vm/%.o
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) -pthread -o $@ $^

# what tests/vm/suite needs, when it is called by hand
vm-programs: all $(VM_PROGRAMS)

vm: all
	$(Q)labs/vm/run -i

docs-update: all
	$(Q)mkdir -p $(B)/docs && labs/vm/run -k bookworm -o $(B)/docs \
		-- tests/run-docs '$(CURDIR)/$(B)/docs'
	$(Q)tests/run-docs --update $(B)/docs

# ---- unit tests ----------------------------------------------------------
# tests/unit/LAYER/test_*.c is for tracer/LAYER; the tests beside these folders
# are for more than one layer. Each test is linked with the objects named here
# and with no others, so that a call back up the stream does not link; all under
# ASan and UBSan.

U := $(B)/unit
UNIT_CFLAGS := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all

EXPLAIN := $(addprefix explain_,syscalls udp tcp ipv6 steps states flags errnos \
	path frames arm64 tree words)

unit_text := text
unit_endpoint := endpoint
unit_constants := constants sockopts named text
unit_syscalls := syscalls $(unit_constants) endpoint
unit_record := record
unit_json := json_encode json_decode json_fields json_object json_verdict icmp \
	record $(unit_syscalls)
unit_recording := recording $(unit_json)
unit_order := order record
unit_windows := windows endpoint
unit_follow := follow endpoint
unit_flows := flows $(unit_constants) endpoint
unit_story := story sightings books calls connecting sockets follow windows flows \
	steps plan record $(unit_syscalls)
unit_claims := claims claim_udp claim_tcp judgement losses conditions icmp \
	$(unit_story)
unit_claim_tcp := $(unit_claims)
unit_claim_ipv6 := $(unit_claims)
unit_claim_unwatched := $(unit_claims)
unit_claim_traffic := $(unit_claims)
unit_story_senders := $(unit_story)
unit_claim_followed := $(unit_claims)
unit_explain := tree_scope explanations nearness wrap $(EXPLAIN) plan record \
	$(unit_syscalls)
unit_view := view_text view_explain explanations nearness wrap $(EXPLAIN) \
	view_table view_json view_verdict describe line \
	recording $(unit_claims) $(unit_json)
unit_table := $(unit_view)
unit_view_peer := $(unit_view)
unit_pipeline := pipeline order $(unit_view)
unit_plan := plan record
unit_decode := decode plan ksyms record
unit_ksyms := ksyms
unit_functions := functions nearness
unit_counts := counts sites functions nearness
unit_tasks := tasks
unit_ftrace_events := ftrace ftrace_events ftrace_rings guardian
unit_count_view := view_count view_count_json count_verdict counts functions \
	explanations nearness wrap $(EXPLAIN) line json_object complaint $(unit_constants)
unit_stacks := stacks stack_names stack_judge stack_plan ksyms plan record
unit_mappings := mappings
unit_stack_plan := stack_plan plan record
unit_stack_judge := stack_judge stack_plan plan record
unit_view_stack := view_stack view_stack_result view_stack_json view_folded \
	json_object constants sockopts named text wrap explanations nearness \
	$(EXPLAIN) $(unit_stacks)
unit_calltree := calltree tree_log tree_totals tree_fold tree_judge \
	tree_recording tree_scope text
unit_guardian := guardian
unit_packet := packet link
unit_packet_edges := packet link
unit_fragments := fragments packet link
unit_clock := clock
unit_memory := $(unit_pipeline) decode ksyms

UNITS := $(patsubst unit_%,%,$(filter unit_%,$(.VARIABLES)))
libs_ftrace_events := -ltracefs -ltraceevent
helper_claims := judge
helper_view := viewing
helper_table := viewing
helper_claim_tcp := judge
helper_stacks := recorded_stacks
helper_view_stack := recorded_stacks
helper_claim_ipv6 := judge
helper_claim_unwatched := judge
helper_claim_traffic := judge
helper_view_peer := viewing
helper_claim_followed := judge
PURE := $(sort $(unit_pipeline) cmd_replay complaint)
PURE_WIRE := packet link fragments clock # before the record: not in a replay
PURE_COUNT := $(sort $(filter-out explain%,$(unit_counts) $(unit_tasks) \
	ftrace_events $(filter view_count% count_verdict,$(unit_count_view))))
PURE_STACK := $(filter stack% view_%,$(unit_view_stack)) mappings
PURE_TREE := $(filter calltree tree_%,$(unit_calltree)) tree_show tree_options \
	view_tree view_tree_both view_tree_json
unit_objects = $(patsubst %.c,$(U)/%.o,$(call tracer_sources,$(1)))

$(U)/%.o: %.c | $(DEPS)
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(UNIT_CFLAGS) $(INCLUDES) -iquote tests/unit -std=gnu11 \
		-D_GNU_SOURCE $(WARN) -fno-common -MMD -MP -c -o $@ $<

define unit_rule
$(U)/test_$(1): $(patsubst %.c,$(U)/%.o,\
			$(wildcard tests/unit/test_$(1).c tests/unit/*/test_$(1).c)) \
		$(U)/tests/unit/play.o \
		$(U)/tests/unit/case.o \
		$(helper_$(1):%=$(U)/tests/unit/%.o) \
		$(call unit_objects,$(unit_$(1)) endpoint)
	$$(call say,LINK,$$@)
	$$(Q)$$(CC) $$(UNIT_CFLAGS) $$(LDFLAGS) -o $$@ $$^ -lcmocka -ljansson \
		$(libs_$(1))
SUITES += $(U)/test_$(1)
endef
$(foreach unit,$(UNITS),$(eval $(call unit_rule,$(unit))))

$(U)/test_memory: LDFLAGS += -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc \
	-Wl,--wrap=reallocarray,--wrap=strdup,--wrap=fopen,--wrap=fdopen \
	-Wl,--wrap=json_loadb

# All pure stages and nothing else: what a recording goes through.
$(U)/replay: $(U)/tests/golden/replay.o $(call unit_objects,$(PURE))
	$(call say,LINK,$@)
	$(Q)$(CC) $(UNIT_CFLAGS) -o $@ $^ -ljansson

# The same of tracer tree.
$(U)/tree: $(U)/tests/golden/tree_replay.o $(call unit_objects,$(PURE_TREE) \
		arguments target json_object line complaint explanations \
		nearness wrap $(EXPLAIN) $(unit_constants) endpoint)
	$(call say,LINK,$@)
	$(Q)$(CC) $(UNIT_CFLAGS) -o $@ $^ -ljansson

SUITES += tests/golden/run tests/golden/explain tests/golden/tree \
	tests/unit/coverage tests/unit/valgrind
tests/golden/run: $(U)/replay
tests/golden/explain: tracer/tracer
tests/golden/tree: $(U)/tree

golden-update: $(U)/replay $(U)/tree $(U)/test_view_stack
	$(Q)REPLAY=$(U)/replay tests/golden/run --update
	$(Q)TREE=$(U)/tree tests/golden/tree --update
	$(Q)GOLDEN_UPDATE=1 $(U)/test_view_stack >/dev/null

# The same tests once more, counting lines; fails below 90 of 100.
coverage: | $(DEPS)
	$(Q)$(MAKE) --no-print-directory B=$(B)/coverage \
		UNIT_CFLAGS='-O0 -g --coverage' coverage-run

coverage-run: $(UNITS:%=$(U)/test_%) $(U)/replay $(U)/tree
	$(Q)find $(B) -name '*.gcda' -delete
	$(Q)TEST_LOGS=$(B)/tests REPLAY=$(U)/replay TREE=$(U)/tree \
		tests/run $(UNITS:%=$(U)/test_%) tests/golden/run \
		tests/golden/tree
	$(Q)gcovr --object-directory $(U) --root . --fail-under-line 90 \
		--print-summary \
		$(addprefix --filter ,$(call tracer_sources,\
			$(PURE) $(PURE_WIRE) $(PURE_STACK) $(PURE_COUNT) $(PURE_TREE))) $(U)

# ---- fuzzers ---------------------------------------------------------------
# libFuzzer, each linked with the stage that it is for. FUZZ_SECONDS is for each.

fuzz_packet := packet link
fuzz_event := decode plan ksyms record
fuzz_recording := $(unit_pipeline)
fuzz_options := options arguments target plan record
fuzz_address := endpoint
FUZZERS := packet event recording options address
FUZZ_SECONDS ?= 60
FUZZ_CFLAGS := -O1 -g -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=all

F := $(B)/fuzz
$(F)/%.o: %.c | $(DEPS)
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) $(FUZZ_CFLAGS) $(INCLUDES) -std=gnu11 -D_GNU_SOURCE \
		$(WARN) -fno-common -MMD -MP -c -o $@ $<

define fuzz_rule
$(F)/fuzz_$(1): $(F)/tests/fuzz/$(1).o \
		$(patsubst %.c,$(F)/%.o,\
			$(call tracer_sources,$(fuzz_$(1)) endpoint))
	$$(call say,LINK,$$@)
	$$(Q)$$(CLANG) $$(FUZZ_CFLAGS) -fsanitize=fuzzer $$(FUZZ_LD) -o $$@ $$^ \
		-ljansson
tests/fuzz/run: $(F)/fuzz_$(1)
endef
$(foreach fuzzer,$(FUZZERS),$(eval $(call fuzz_rule,$(fuzzer))))
$(F)/fuzz_address: $(F)/echo/net.o
$(F)/fuzz_options: FUZZ_LD := -Wl,--wrap=argp_parse,--wrap=argp_error -lm
# The differential fuzzer runs programs under the tracer, as root.
$(B)/tests/play_program: $(addprefix $(B)/tests/fuzz/,\
		play_program.o play_calls.o)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) -pthread -o $@ $^

tests/fuzz/programs: tracer/tracer $(B)/tests/play_program

export FUZZ_SECONDS
SUITES += tests/fuzz/run tests/fuzz/programs

fuzz: tests/fuzz/run tests/fuzz/programs
	$(Q)tests/run tests/fuzz/run tests/fuzz/programs

# The wire witness on a real kernel: test_capture in a network namespace of its
# own, test_step in the lab machine only (tests/vm), for it sets the clock
$(U)/test_capture $(U)/test_step: $(U)/%: $(U)/tests/capture/%.o \
		$(call unit_objects,capture capture_handle fragments clock packet link)
	$(call say,LINK,$@)
	$(Q)$(CC) $(UNIT_CFLAGS) -o $@ $^ -lcmocka -lpcap

$(B)/tests/burst: $(B)/tests/capture/burst.o
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

SUITES += $(U)/test_capture tests/capture/run
tests/capture/run: tracer/tracer $(B)/tests/burst

SUITES += tests/vm/fetch # needs no boot

# ---- what a person calls -------------------------------------------------

# Each README command on bare roots of three suites: tests/fresh/run.
FRESH_SUITES := bookworm trixie forky
FRESH_GOALS := demo labs check test
test-fresh: | $(DEPS)
	$(Q)tests/run $(foreach suite,$(FRESH_SUITES),\
		$(FRESH_GOALS:%='tests/fresh/run $(suite) %')) \
		'tests/fresh/run bullseye demo old'

.PHONY: all arm64 arm64-demo deps lacking check test-fresh demo labs test \
	test-kernels fuzz bench lint objects doctor vm coverage coverage-run docs-update kernels-update golden-update \
	vm-programs clean help
all: $(PROGRAMS)

demo: all
	$(Q)labs/demo

labs: all
	$(Q)labs/lab doctor

doctor: all
	$(Q)tracer/tracer doctor

# What has no clock in it runs beside the lab machine, which takes one processor.
# .ci/run adds the linters to it (BESIDE).
SLOW := $(UNITS:%=$(U)/test_%) tests/golden/run tests/golden/explain \
	tests/golden/tree tests/build/arm64 tests/tracer/libbpf \
	tests/unit/coverage tests/unit/valgrind tests/fuzz/run $(LAB_SUITES) \
	$(BESIDE)

# What needs no kernel to trace, no lab VM and no root: the developer's loop.
CHECK_ECHO := $(ECHO_GUARD) $(filter-out %/attack.py,$(ECHO_SUITES))
CHECK_PURE := $(UNITS:%=$(U)/test_%) tests/golden/run tests/golden/explain \
	tests/golden/tree tests/labs/shipped.py tests/labs/transcripts.py
check: all $(CHECK_ECHO) $(CHECK_PURE)
	$(Q)tests/run --beside $(CHECK_PURE) -- $(CHECK_ECHO)

test: all $(SUITES) $(VM_PROGRAMS)
	$(Q)tests/run $(filter-out $(SLOW),$(SUITES)) --beside $(SLOW) -- \
		'tests/vm/suite bullseye' 'tests/vm/suite forky' \
		'tests/vm/suite bookworm readme' 'tests/labs/suite bookworm course'

# The same on every kernel that Debian has: 5.10, 6.1, 6.12, 7.x; and on arm64.
test-kernels: all arm64 $(VM_PROGRAMS)
	$(Q)tests/run $(foreach suite,bullseye bookworm trixie forky,\
		'tests/vm/suite $(suite) thorough' 'tests/vm/doctor $(suite)') \
		'tests/labs/suite bookworm' 'tests/labs/suite trixie' \
		'tests/labs/suite forky' \
		tests/vm/test_machine 'env ATTACK_SECONDS=60 tests/echo/attack.py' \
		$(ARM64_VM_SUITES:%='tests/build/arm64-machine %')

# The demonstration on an arm64 kernel.
arm64-demo: arm64
	$(Q)tests/run 'tests/build/arm64-machine bookworm'

# The README's table of kernels, from the last make test-kernels.
kernels-update:
	$(Q)python3 -B tests/kernels.py update README.md $(B)/tests/vm-*

# How long things take, against other tracers, each within one boot.
BENCHES := count
BENCH_LOGS = $(B)/tests/labs-vm-run-*-tests-bench-*.log
bench: all
	$(Q)rm -f $(BENCH_LOGS)
	$(Q)tests/run $(foreach kernel,bookworm trixie,$(patsubst %,\
		'labs/vm/run -k $(kernel) --idle-poll -- tests/bench/%',\
		$(BENCHES))); status=$$?; \
		sed -n 's/^# / /p' $(BENCH_LOGS); exit $$status

lint: all
	$(Q)tests/run tests/lint/run

# What scan-build looks at: it puts its own compiler into CC.
objects: $(TRACER_OBJECTS) $(sort $(ECHO_CLIENT:%=$(B)/echo/%.o) \
		$(ECHO_SERVER:%=$(B)/echo/%.o))

clean:
	$(Q)rm -rf $(B) $(PROGRAMS)

help:
	@echo 'make          build everything'
	@echo 'make arm64    the same for arm64, into build/arm64;'
	@echo '              make arm64-demo: its test, on an arm64 kernel'
	@echo 'make demo     show what both connects do, from a real run'
	@echo 'make labs     install what the labs need, say where each can run'
	@echo 'make doctor   say what can be traced on this machine'
	@echo 'make vm       open a shell in the lab machine'
	@echo 'make check    run the tests that need no root, no kernel, no lab VM'
	@echo 'make test     run every test; make test-kernels: on four kernels;'
	@echo '              make test-fresh: on bare roots of three suites'
	@echo 'make deps     install what all of these need (make -s lacking: what'
	@echo '              is missing)'
	@echo 'make bench    how long things take, against other tracers'
	@echo 'make lint     run the linters'
	@echo 'make coverage which lines of the pure stages the unit tests reach'
	@echo 'make clean    remove what was built'
	@echo 'V=1 shows the commands; the README says more.'

# not those of the roots below build/: a system has files of that name, too
-include $(shell find $(B) \( -name root -o -name fresh \) -prune \
	-o -type f -name '*.d' -print 2>/dev/null)
