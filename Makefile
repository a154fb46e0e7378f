# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# `make` builds everything, `make check` runs the quick tests, and `make help`
# lists the other goals. Objects and generated files go to build/. The programs
# that people start are echo/echo-server, echo/echo-client and tracer/tracer.
# What the tests, the fuzzers, the lab VM and arm64 need is in *.mk: see RULES.

CC ?= cc
CLANG ?= clang
BPFTOOL ?= bpftool
PKG_CONFIG ?= pkg-config
# bpftool and depmod are here; Debian leaves these out of an ordinary user's PATH.
export PATH := $(PATH):/usr/sbin:/sbin
Q := $(if $(filter 1,$(V)),,@)
say = $(if $(Q),@printf '  %-8s %s\n' $(1) $(2))
B := build
# Where the programs go; tests/build/arm64.mk sets it to another folder.
P :=

# By default, as many jobs as there are processors: without it, a first `make`
# takes twice as long on two processors. -j on the command line overrides this.
# -r: one of the built-in rules would copy privileges.sh over privileges.
MAKEFLAGS += -r $(if $(filter 0,$(MAKELEVEL)),-j$(shell nproc))

.DELETE_ON_ERROR:
.SECONDARY:
.DEFAULT_GOAL := all

# ---- what has to be installed ----------------------------------------------
# Before anything else, one call of tests/deps installs the part of .packages that
# the goals need. It runs once per build tree, and again when the list changes.

goals := $(or $(MAKECMDGOALS),all)
goal_part = $(if $(filter $(2),$(goals)),$(1))
part := $(firstword \
	$(call goal_part,dev,lint test-kernels test-fresh arm64-demo) \
	$(call goal_part,test,test arm64 vm-programs docs-update coverage fuzz \
		bench tests/% build/tests/% build/fuzz/% build/newer/%) \
	$(call goal_part,labs,labs) $(call goal_part,demo,demo vm recordings) \
	$(call goal_part,check,check golden-update build/unit/%) \
	$(call goal_part,package,deb sbom) $(call goal_part,install,install man) \
	$(call goal_part,handouts$(if $(filter zh ja ko,$(LABS_LANG)),-cjk),handouts) $(if $(filter-out show,$(goals)),build,show))
DEPS := $(B)/deps-$(part)

$(B)/deps-%: .packages tests/deps
	$(Q)tests/deps $*
	$(Q)mkdir -p $(B) && touch $@

# ---- how C is compiled -----------------------------------------------------

# $(call once,NAME,COMMAND): what COMMAND prints. It runs when the first recipe
# needs it: what it asks may not be installed yet when make reads this file.
comma := ,
once = $(eval $(1) := $$(shell $(2)))$($(1))

PACKAGES := libbpf libdw libelf zlib libpcap jansson libcap-ng libtracefs libtraceevent
PACKAGES := $(if $(filter show,$(part)),jansson,$(PACKAGES))
# Not libpcap's flags: they are those of D-Bus.
PACKAGE_CFLAGS = $(call once,PACKAGE_CFLAGS,$(PKG_CONFIG) --cflags \
	$(filter-out libpcap,$(PACKAGES)))
TRACER_LIBS = $(call once,TRACER_LIBS,$(PKG_CONFIG) --libs $(PACKAGES)) -lm

WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wvla -Wno-missing-field-initializers $(if $(WERROR),-Werror)
# "bpf/event.h", and "story/windows.h" for tracer/story/windows.h. Not -I: <bpf/…>
# is libbpf's. pkg-config may add /usr/include, which must stay the last folder.
INCLUDES = -iquote . -iquote tracer -iquote $(B)/bpf -iquote $(B) \
	$(patsubst -I%,-isystem %,$(filter-out %/usr/include,$(PACKAGE_CFLAGS)))
DIALECT = -std=gnu11 -D_GNU_SOURCE $(WARN) -fno-common -MMD -MP $(INCLUDES)
CFLAGS ?= -O2 -g
override CFLAGS += $(DIALECT)

# $(call link,COMPILER,LIBRARIES)
define link
$(call say,LINK,$@)
$(Q)mkdir -p $(@D)
$(Q)$(1) $(LDFLAGS) -o $@ $^ $(2)
endef

# ---- the kernel side: three sets of eBPF programs --------------------------

BPF_ARCH := $(patsubst aarch64,arm64,$(patsubst x86_64,x86,$(shell uname -m)))
# With -target bpf, clang does not search this machine's folders; -mcpu: for 5.10.
BPF_INCLUDES = $(call once,BPF_INCLUDES,$(CLANG) $(BPF_HOST) -v -E -x c /dev/null \
	2>&1 >/dev/null | \
	sed -n '/search starts here:/$(comma)/^End of/s/^ /-idirafter /p')
BPF_CFLAGS = -O2 -g -target bpf -mcpu=v1 -D__TARGET_ARCH_$(BPF_ARCH) -Wall -Wextra \
	-Wno-unused-parameter $(if $(WERROR),-Werror) -MMD -MP $(BPF_INCLUDES)

$(B)/bpf/%.bpf.o: bpf/%.bpf.c | $(DEPS)
	$(call say,BPF,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) $(BPF_CFLAGS) -c -o $@ $<

bpf_objects = $(patsubst %,$(B)/bpf/%.bpf.o,$(1))
$(B)/bpf/lab.linked.o: $(call bpf_objects,udp tcp syscalls uring wire softirq fork)
$(B)/bpf/count.linked.o: $(call bpf_objects,count fork)
$(B)/bpf/stack.linked.o: $(call bpf_objects,stack softirq fork)
$(B)/bpf/%.linked.o:
	$(call say,LINK,$@)
	$(Q)$(BPFTOOL) gen object $@ $^

SKELETONS := $(patsubst %,$(B)/bpf/%.skel.h,lab count stack)
$(B)/bpf/%.skel.h: $(B)/bpf/%.linked.o
	$(call say,SKEL,$@)
	$(Q)(echo '/* NOLINTBEGIN: not ours */'; echo '#pragma GCC system_header'; \
		$(BPFTOOL) gen skeleton $< name $*_bpf && \
		echo && echo '/* NOLINTEND */') >$@

# ---- the tracer: one static library for each layer -------------------------

include $(addprefix tracer/,layers.mk registry.mk explain/explain.mk view/page.mk)

reach = $(foreach layer,$(1),$(layer) $(call reach,$(calls_$(layer))))
# $(call libs,DIR,LAYERS): the libraries in DIR of LAYERS and of what they call.
libs = $(patsubst %,$(1)/lib%.a,$(filter $(call reach,$(2)),$(LAYERS)))
layer_objects = $(patsubst %.c,$(1)/%.o,$(filter-out tracer/main%.c,\
	$(wildcard $(subst /commands/,/,tracer/$(2)/*.c))))

# $(call variant,DIR,COMPILER): objects in DIR, and a library for each layer.
# Three layers load eBPF programs: they include the skeletons.
define variant
$(1)/%.o: %.c | $$(DEPS) $(B)/registry.h
	$$(call say,CC,$$@)
	$$(Q)mkdir -p $$(@D)
	$$(Q)$(2) $$(CPPFLAGS) -c -o $$@ $$<
$(foreach layer,kernel count stack,$(call layer_objects,$(1),$(layer))): \
	| $(SKELETONS)
$(1)/tracer/view/view_page.o: $(B)/view/page.html
$(addprefix $(1)/tracer/,main.o run.o process/arguments.o explain/explanations.o): \
	| $(B)/version.h $(B)/explain/tables.h
$(foreach layer,$(LAYERS),$(eval $(1)/lib$(layer).a: \
	$(call layer_objects,$(1),$(layer))))
endef

$(eval $(call variant,$(B),$$(CC) $$(CFLAGS)))

%.a:
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(P)tracer/tracer: $(B)/tracer/main.o $(call libs,$(B),commands)
	$(call link,$(CC) $(CFLAGS),$(TRACER_LIBS))

# ---- the echo pair, and the programs of the labs ---------------------------

echo_objects = $(patsubst %.c,$(1)/%.o,\
	$(wildcard echo/echo-$(2).c echo/$(2)_*.c echo/net.c))
ECHO_PROGRAMS := $(P)echo/echo-client $(P)echo/echo-server
SUM_SERVER := $(P)echo/sum-server # for labs
$(P)echo/echo-client: $(call echo_objects,$(B),client)
$(P)echo/echo-server: $(call echo_objects,$(B),server)
$(SUM_SERVER): $(B)/echo/sum-server.o $(B)/echo/net.o
$(ECHO_PROGRAMS) $(SUM_SERVER):
	$(call link,$(CC) $(CFLAGS))

# labs/NN-name/PROGRAM.c is one program: build/labs/NN-name/PROGRAM.
LAB_PROGRAMS := $(patsubst %.c,$(B)/%,$(wildcard labs/[0-9]*/*.c))
$(LAB_PROGRAMS): %: %.o
	$(call link,$(CC) $(CFLAGS),$(or $(LAB_LIBS),-pthread))

PROGRAMS := $(ECHO_PROGRAMS) $(SUM_SERVER) $(LAB_PROGRAMS) $(P)tracer/tracer

# In this order: some use what those before them define.
RULES := .packaging/package.mk tests/tests.mk tests/docs.mk tests/fuzz/fuzz.mk \
	tests/build/arm64.mk tests/build/debug.mk $(wildcard labs/*/*.mk)
include $(RULES)

# ---- what people call: `make help` prints the text after ## ----------------

.PHONY: all demo labs doctor check deps lacking clean help
all: $(PROGRAMS) ## build everything: what `make` alone does

demo: all ## show what both connects do, from a real run
	$(Q)labs/demo
labs: all ## install what the labs need, and say where each can run
	$(Q)labs/lab doctor

doctor: all ## say what can be traced on this machine
	$(Q)tracer/tracer doctor

check: all $(CHECK_ECHO) $(CHECK_PURE) ## run the tests that need no root and no lab VM
	$(Q)MEMORY_STEP=17 tests/run --alongside $(CHECK_PURE) -- $(CHECK_ECHO)

deps: $(B)/deps-test ## install the packages that the goals need, but not lint's
lacking: ## print which of the labs' packages are missing; install nothing
	@tests/deps -n labs

clean: ## remove everything that was built
	$(Q)rm -rf $(B) $(PROGRAMS) compile_commands.json

help: ## list the goals
	@awk -F ':.*## ' '/^[a-z].*:.*## / { printf "make %-22s %s\n", $$1, $$2 }' \
		Makefile $(RULES)
	@echo 'V=1 shows the commands. WERROR=1 makes each warning an error.'

# Not the roots below build/: each is a whole system.
-include $(shell find $(B) \( -name root -o -name fresh \) -prune \
	-o -type f -name '*.d' -print 2>/dev/null)
