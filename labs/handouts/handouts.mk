# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The labs on paper, in build/handouts: for students and for teachers, as one page
# of HTML each, and as PDF on A4 and on Letter.

.PHONY: handouts
HANDOUTS := $(foreach book,student teacher,$(addprefix $(B)/handouts/$(book), \
	.html -a4.pdf -letter.pdf))
handouts: $(HANDOUTS) ## the labs as a book, for students and for teachers

HANDOUT_PARTS := $(wildcard labs/[0-9]*/README.md labs/[0-9]*/*.json \
	labs/[0-9]*/answers labs/[0-9]*/check labs/[0-9]*/teacher.md \
	labs/handouts/*) | $(DEPS)
$(B)/handouts/%.html: $(HANDOUT_PARTS)
	$(call say,HTML,$@)
	$(Q)mkdir -p $(@D)
	$(Q)labs/handouts/book $* >$(@D)/$*.md
	$(Q)pandoc --from=markdown-implicit_figures+east_asian_line_breaks --to=html5 --standalone \
		--self-contained --toc --toc-depth=1 \
		--css=labs/handouts/book.css --output=$@ $(@D)/$*.md

# paper NAME: Chromium takes the size of the paper from the page's CSS.
$(B)/handouts/%-a4.pdf: $(B)/handouts/%.html
	$(call say,PDF,$@)
	$(Q)labs/handouts/print A4 $< $@
$(B)/handouts/%-letter.pdf: $(B)/handouts/%.html
	$(call say,PDF,$@)
	$(Q)labs/handouts/print letter $< $@

tests/labs/book: $(HANDOUTS)
