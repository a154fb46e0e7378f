# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The commands and the views, which no other file lists. A cmd_*.c defines
# `const struct command command_NAME`, a view_*.c `const struct view_ops
# view_NAME`. make finds those with a .place, puts their names in the order of
# the places, and writes them into build/registry.h, for commands.h and view.h:
#
#     #define EACH_COMMAND(DO) DO(udp) DO(tcp) ...

# $(call placed,FILES): the names, in order.
placed = $(shell awk '/^const struct (command|view_ops) / { \
		name = substr($$4, index($$4, "_") + 1) } \
	$$1 == ".place" { print $$3 + 0, name }' $(1) | sort -n | cut -d ' ' -f 2)
COMMANDS := $(call placed,$(wildcard tracer/cmd_*.c))
VIEWS := $(call placed,$(wildcard tracer/view/view_*.c))

# It is written anew when a name has come, gone or moved, and at no other time.
ifneq ($(filter DO(%),$(file <$(B)/registry.h)),$(patsubst %,DO(%),\
	$(COMMANDS) $(VIEWS)))
.PHONY: $(B)/registry.h
endif
$(B)/registry.h:
	$(Q)mkdir -p $(@D)
	$(Q)echo '#define EACH_COMMAND(DO) $(patsubst %,DO(%),$(COMMANDS))' >$@
	$(Q)echo '#define EACH_VIEW(DO) $(patsubst %,DO(%),$(VIEWS))' >>$@
	$(Q)echo '#define VIEW_NAMES "$(subst $() ,$(comma) ,$(VIEWS))"' >>$@
