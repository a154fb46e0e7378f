# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The lab VM, and the programs that the tests run in it.

.PHONY: vm vm-programs

vm: all ## open a shell in the lab VM
	$(Q)labs/vm/run -i

VM_C_PROGRAMS := $(addprefix $(B)/tests/,window sends elsewhere without-bpf \
	flood followed neighbours)
$(VM_C_PROGRAMS): $(B)/tests/%: $(B)/tests/vm/%.o
	$(call link,$(CC) $(CFLAGS),-pthread)

# Plain Go, linked statically: it contains no code of ours, and no libc.
$(B)/tests/dial: tests/vm/dial.go | $(DEPS)
	$(call say,GO,$@)
	$(Q)CGO_ENABLED=0 GO111MODULE=off GOCACHE='$(CURDIR)/$(B)/go-cache' \
		go build -o $@ $<

VM_PROGRAMS := $(LAB_WORLDS) $(VM_C_PROGRAMS) $(B)/tests/dial \
	$(U)/test_step $(B)/tests/play_program

vm-programs: all $(VM_PROGRAMS) ## build what tests/vm/suite needs
