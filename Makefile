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

ECHO_CLIENT := echo-client client_options client_udp client_tcp net
ECHO_SERVER := echo-server server_options server_sockets server_udp \
	server_tcp net
ECHO_PROGRAMS := echo/echo-client echo/echo-server
PROGRAMS += $(ECHO_PROGRAMS)
$(B)/echo/%.o $(B)/san/echo/%.o: private override CFLAGS += -D_GNU_SOURCE

echo/echo-client: $(ECHO_CLIENT:%=$(B)/echo/%.o)
echo/echo-server: $(ECHO_SERVER:%=$(B)/echo/%.o)
$(ECHO_PROGRAMS):
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

# The tests run this pair: every memory error ends it.
ECHO_SAN := -fsanitize=address,undefined -fno-sanitize-recover=all
$(B)/san/echo/%.o: echo/%.c
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(CPPFLAGS) $(ECHO_SAN) -c -o $@ $<

$(B)/san/echo/echo-client: $(ECHO_CLIENT:%=$(B)/san/echo/%.o)
$(B)/san/echo/echo-server: $(ECHO_SERVER:%=$(B)/san/echo/%.o)
$(ECHO_PROGRAMS:%=$(B)/san/%):
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $(ECHO_SAN) -o $@ $^

ECHO_GUARD := $(B)/tests/echo/guard
ECHO_SUITES := $(addprefix tests/echo/,client.py server.py crowd.py \
	spoof.py net.sh)
SUITES += $(ECHO_GUARD) $(ECHO_SUITES)
$(ECHO_SUITES): $(ECHO_PROGRAMS) $(ECHO_PROGRAMS:%=$(B)/san/%)
$(ECHO_GUARD): $(ECHO_GUARD).o $(B)/san/echo/server_udp.o $(B)/san/echo/net.o
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $(ECHO_SAN) -o $@ $^ -lcmocka

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
