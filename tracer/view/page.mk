# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The page of --html: assemble puts its style and its script into one file, which
# view_page.c puts into the tracer.

$(B)/view/page.html: $(addprefix tracer/view/,assemble page.html page.css \
		page.js) | $(DEPS)
	$(call say,PAGE,$@)
	$(Q)mkdir -p $(@D)
	$(Q)tracer/view/assemble >$@

%/tracer/view/view_page.o: CPPFLAGS += -Wa,-I$(B)/view
