# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The fuzzers. Each libFuzzer program is linked with the layers that it is for;
# FUZZ_SECONDS is for each of them. The differential fuzzer (tests/fuzz/programs)
# runs random programs under the tracer, as root.

export FUZZ_SECONDS ?= 60
FUZZ_CFLAGS := -O1 -g -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=all

F := $(B)/fuzz
$(eval $(call variant,$(F),$$(CLANG) $$(FUZZ_CFLAGS) $$(DIALECT)))

FUZZERS := $(addprefix $(F)/fuzz_,packet event recording options address filter)
$(F)/fuzz_packet: $(F)/tests/fuzz/packet.o $(call libs,$(F),wire)
$(F)/fuzz_event: $(F)/tests/fuzz/event.o $(call libs,$(F),kernel)
$(F)/fuzz_recording: $(F)/tests/fuzz/recording.o $(F)/tracer/pipeline.o \
	$(call libs,$(F),process diff why verdict)
$(F)/fuzz_options: $(F)/tests/fuzz/options.o $(F)/tracer/options.o \
	$(F)/tracer/choose_views.o $(F)/tracer/filter_option.o \
	$(F)/tracer/pipeline.o \
	$(call libs,$(F),process why verdict)
$(F)/fuzz_address: $(F)/tests/fuzz/address.o $(F)/echo/net.o \
	$(call libs,$(F),record)
$(F)/fuzz_filter: $(F)/tests/fuzz/filter.o $(call libs,$(F),record)
$(FUZZERS):
	$(call link,$(CLANG) $(FUZZ_CFLAGS) -fsanitize=fuzzer,\
		$(fuzz_$(@F)) -ljansson)
fuzz_fuzz_options := -Wl,--wrap=arguments_parse,--wrap=argp_error -lm

$(B)/tests/play_program: $(addprefix $(B)/tests/fuzz/,\
		play_program.o play_calls.o)
	$(call link,$(CC) $(CFLAGS),-pthread)

tests/fuzz/run: $(FUZZERS)
tests/fuzz/programs: tracer/tracer $(B)/tests/play_program

.PHONY: fuzz
fuzz: tests/fuzz/run tests/fuzz/programs ## run the fuzzers, FUZZ_SECONDS each
	$(Q)tests/run tests/fuzz/run tests/fuzz/programs
