# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The demonstration for people who cannot run it: recordings, and what shows them.

.PHONY: show recordings

# What replays a recording, and nothing else: for `make show`.
REPLAY := $(B)/replay
$(REPLAY): $(patsubst %,$(B)/tracer/%.o,main_replay cmd_replay choose_views \
		filter_option pipeline steps_shown process/arguments process/ascii \
		process/terminal process/warn) \
		$(call libs,$(B),why verdict)
	$(call link,$(CC) $(CFLAGS),$(shell $(PKG_CONFIG) --libs jansson) -lm)

show: $(REPLAY) ## show the demonstration from a recording, and make its page
	$(Q)labs/show

recordings: all ## record the demonstration and the labs anew, on two kernels
	$(Q)labs/recordings/record bookworm 6.1
	$(Q)labs/recordings/record forky 7.2
	$(Q)$(MAKE) --no-print-directory -s $(README_PICTURE)
