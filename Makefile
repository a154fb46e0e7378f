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
BPFTOOL ?= $(firstword $(wildcard /usr/sbin/bpftool) bpftool)
Q := $(if $(filter 1,$(V)),,@)
say = $(if $(Q),@printf '  %-8s %s\n' $(1) $(2))
B := build

WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wvla -Werror
CFLAGS ?= -O2 -g
override CFLAGS += -std=gnu11 -D_GNU_SOURCE $(WARN) -fno-common -MMD -MP

.DELETE_ON_ERROR:
.SECONDARY:
.DEFAULT_GOAL := all

# ---- what has to be installed ---------------------------------------------
# Each list is looked at once per build tree, and again when this file changes.

need_build := gcc libc6-dev clang bpftool libbpf-dev libelf-dev zlib1g-dev \
	libpcap-dev libjansson-dev libcap-ng-dev uthash-dev
need_vm := qemu-system-x86 busybox-static cpio kmod xz-utils zstd \
	debian-archive-keyring
need_test := libcmocka-dev gcovr python3 tcpdump tshark strace bpftrace \
	golang-go socat jq iproute2 util-linux tmux
need_lint := clang-tidy clang-format cppcheck shellcheck

$(B)/need-%: Makefile
	$(Q)mkdir -p $(B)
	$(Q)tests/need $(need_$*)
	$(Q)touch $@

# ---- what is built -------------------------------------------------------

PROGRAMS :=
SUITES := # everything that speaks TAP, for tests/run

$(B)/%.o: %.c | $(B)/need-build
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(CPPFLAGS) -c -o $@ $<

# ---- the echo pair -------------------------------------------------------

# ---- the kernel side -----------------------------------------------------

BPF_ARCH := $(patsubst aarch64,arm64,$(patsubst x86_64,x86,$(shell uname -m)))
BPF_CFLAGS := -O2 -g -target bpf -D__TARGET_ARCH_$(BPF_ARCH) -Wall -Wextra \
	-Wno-unused-parameter -Werror -MMD -MP \
	-isystem /usr/include/$(shell $(CC) -print-multiarch 2>/dev/null)
BPF_OBJECTS := $(patsubst bpf/%.c,$(B)/bpf/%.o,$(wildcard bpf/*.bpf.c))

$(B)/bpf/%.bpf.o: bpf/%.bpf.c | $(B)/need-build
	$(call say,BPF,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) $(BPF_CFLAGS) -c -o $@ $<

$(B)/bpf/lab.bpf.o: $(BPF_OBJECTS)
	$(call say,LINK,$@)
	$(Q)$(BPFTOOL) gen object $@ $^

$(B)/bpf/lab.skel.h: $(B)/bpf/lab.bpf.o
	$(call say,SKEL,$@)
	$(Q)$(BPFTOOL) gen skeleton $< name lab_bpf >$@

# ---- the tracer ----------------------------------------------------------

PROGRAMS += tracer/tracer
TRACER_OBJECTS := $(patsubst %.c,$(B)/%.o,$(wildcard tracer/*.c))
TRACER_LIBS := -lbpf -lelf -lz -lpcap -ljansson -lcap-ng -lm

$(B)/tracer/attach.o: $(B)/bpf/lab.skel.h
$(B)/tracer/attach.o: CPPFLAGS += -isystem $(B)/bpf

tracer/tracer: $(TRACER_OBJECTS)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(TRACER_LIBS)

# ---- the lab machine -----------------------------------------------------

# ---- unit tests ----------------------------------------------------------

# The wire witness: each test with the objects named here, ASan and UBSan.
SAN := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all
WIRE_TESTS := $(B)/tests/unit/test_packet $(B)/tests/unit/test_packet_edges \
	$(B)/tests/unit/test_clock $(B)/tests/capture/test_capture

$(B)/san/%.o: %.c | $(B)/need-build $(B)/need-test
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(SAN) -std=gnu11 -D_GNU_SOURCE $(WARN) -MMD -MP -c -o $@ $<

wire_objects = $(patsubst %,$(B)/san/tracer/%.o,$(1))
$(B)/tests/unit/test_packet: $(call wire_objects,packet link)
$(B)/tests/unit/test_packet_edges: $(call wire_objects,packet link)
$(B)/tests/unit/test_clock: $(call wire_objects,clock)
$(B)/tests/capture/test_capture: $(call wire_objects,capture capture_handle \
	clock packet link)
$(WIRE_TESTS): $(B)/tests/%: $(B)/san/tests/%.o
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(SAN) -o $@ $^ -lcmocka -lpcap

# `tracer capture` on a real kernel
$(B)/tests/capture-tool: $(B)/tests/capture/tool.o $(patsubst %, \
		$(B)/tracer/%.o,cmd_capture capture capture_handle clock \
		packet link)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lpcap
$(B)/tests/burst: $(B)/tests/capture/burst.o
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^
tests/capture/run: $(B)/tests/capture-tool $(B)/tests/burst

SUITES += $(WIRE_TESTS) tests/capture/run

# ---- what a person calls -------------------------------------------------

.PHONY: all demo test doctor clean help
all: $(PROGRAMS)

demo: all
	$(Q)labs/demo

doctor: all
	$(Q)tracer/tracer doctor

test: all $(B)/need-test $(B)/need-vm $(SUITES)
	$(Q)tests/run $(SUITES)

clean:
	$(Q)rm -rf $(B) $(PROGRAMS)

help:
	@echo 'make          build everything'
	@echo 'make demo     show what both connects do, from a real run'
	@echo 'make doctor   say what can be traced on this machine'
	@echo 'make vm       open a shell in the lab machine'
	@echo 'make test     run every test'
	@echo 'make clean    remove what was built'
	@echo 'V=1 shows the commands; the README says more.'

-include $(shell find $(B) -name '*.d' 2>/dev/null)
