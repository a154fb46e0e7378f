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
BPFTOOL ?= $(firstword $(wildcard /usr/sbin/bpftool /usr/bin/bpftool) bpftool)
Q := $(if $(filter 1,$(V)),,@)
say = $(if $(Q),@printf '  %-8s %s\n' $(1) $(2))
B := build

WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wvla -Werror
CFLAGS ?= -O2 -g
override CFLAGS += -std=gnu11 $(WARN) -fno-common -MMD -MP

.DELETE_ON_ERROR:
.SECONDARY:
.DEFAULT_GOAL := all

# ---- what is built -------------------------------------------------------

PROGRAMS :=
SUITES := # everything that speaks TAP, for tests/run

$(B)/%.o: %.c
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(CPPFLAGS) -c -o $@ $<

# ---- the echo pair -------------------------------------------------------

# ---- the tracer ----------------------------------------------------------

# ---- the lab machine -----------------------------------------------------

# ---- unit tests ----------------------------------------------------------

# ---- what a person calls -------------------------------------------------

.PHONY: all test clean help
all: $(PROGRAMS)

test: all $(SUITES)
	$(Q)tests/run $(SUITES)

clean:
	$(Q)rm -rf $(B) $(PROGRAMS)

-include $(shell find $(B) -name '*.d' 2>/dev/null)
