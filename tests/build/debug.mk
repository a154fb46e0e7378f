# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# For people who work on the code: the tracer for a debugger and with the
# sanitizers, and what editors and clang-tidy ask for.

.PHONY: debug asan compile_commands.json

D := $(B)/debug
$(eval $(call variant,$(D),$$(CC) -O0 -g3 $$(DIALECT)))
$(D)/tracer/tracer: $(D)/tracer/main.o $(call libs,$(D),commands)
	$(call link,$(CC),$(TRACER_LIBS))
debug: $(D)/tracer/tracer ## build build/debug/tracer/tracer, for gdb

$(A)/tracer/tracer: $(A)/tracer/main.o $(call libs,$(A),commands)
	$(call link,$(ASAN_CC),$(TRACER_LIBS))
asan: $(A)/tracer/tracer ## build build/asan/tracer/tracer, with ASan and UBSan

# $(call entries,FILES,COMPILER): an object of JSON for each file.
entries = for file in $(1); do \
	printf '{"directory": "%s", "file": "%s", "command": "%s -c %s"},\n' \
		"$$PWD" "$$file" '$(2)' "$$file"; done
C_FILES := $(wildcard $(addsuffix .c,echo/* tracer/* tracer/*/* labs/[0-9]*/* \
	tests/*/* tests/*/*/*))
BPF_FILES := $(wildcard bpf/*.bpf.c)
compile_commands.json: $(SKELETONS) $(B)/version.h ## write how each file is compiled, for clangd
	$(call say,GEN,$@)
	$(Q){ echo '['; $(call entries,$(C_FILES),$(CC) $(CFLAGS) -iquote tests/unit); \
		$(call entries,$(BPF_FILES),$(CLANG) $(BPF_CFLAGS)); } | \
		sed '$$s/,$$//; $$a ]' >$@
