# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The explanations: a text for each kind of name. `tables` makes C of them, which
# explanations.c includes. `tracer explain --list` has the kinds in this order.

EXPLAINED := $(patsubst %,tracer/explain/%.txt,syscalls udp tcp ipv6 steps states \
	flags errnos path frames arm64 tree words)

$(B)/explain/tables.h: tracer/explain/tables $(EXPLAINED) | $(DEPS)
	$(call say,EXPLAIN,$@)
	$(Q)mkdir -p $(@D)
	$(Q)awk -f $< $(EXPLAINED) >$@
