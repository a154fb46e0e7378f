# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The demonstration for people who cannot run it: recordings, and what shows them.

.PHONY: show recordings

# What replays a recording, and nothing else: for `make show`.
REPLAY := $(B)/replay
$(REPLAY): $(patsubst %,$(B)/tracer/%.o,main_replay cmd_replay choose_views \
		pipeline steps_shown process/arguments process/ascii \
		process/terminal process/warn) \
		$(call libs,$(B),why verdict)
	$(call link,$(CC) $(CFLAGS),$(shell $(PKG_CONFIG) --libs jansson) -lm)

show: $(REPLAY) ## show the demonstration from a recording, and make its page
	$(Q)labs/show

# As `make demo` runs in the lab VM.
recordings: all ## record the demonstration anew, on two kernels, for make show
	$(Q)mkdir -p $(B)/recordings
	$(Q)for each in bookworm:6.1 forky:7.2; do \
		rm -f $(B)/recordings/demo.jsonl; \
		labs/vm/run -k $${each%:*} -o $(B)/recordings \
			-e DIALTONE_DEMO=here -- labs/demo -q --record \
			'$(CURDIR)/$(B)/recordings/demo.jsonl' && \
		cp $(B)/recordings/demo.jsonl \
			labs/recordings/demo-$${each#*:}.jsonl || exit; \
	done
	$(Q)$(MAKE) --no-print-directory -s $(README_PICTURE)
