# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The labs on paper, in build/handouts: for students and for teachers, as one page
# of HTML each, and as PDF on A4 and on Letter. LABS_LANG=zh make handouts makes
# those in Chinese, in build/handouts/zh; ja and ko likewise.

.PHONY: handouts
PAPER_LANG := $(filter zh ja ko,$(LABS_LANG))
# Chinese and Japanese have no blank at the end of a line; Korean has.
PAPER_FORM := markdown-implicit_figures$(if $(filter zh ja,$(PAPER_LANG)),+east_asian_line_breaks)
PAPERS := $(B)/handouts$(addprefix /,$(PAPER_LANG))
# The pages first: only PDF needs a font for the language here.
HANDOUTS := $(foreach form,.html -a4.pdf -letter.pdf, \
	$(addsuffix $(form),$(addprefix $(PAPERS)/,student teacher)))
handouts: $(HANDOUTS) ## the labs as a book, for students and for teachers

HANDOUT_PARTS := $(wildcard labs/[0-9]*/README.md labs/[0-9]*/*.json \
	labs/[0-9]*/answers labs/[0-9]*/check labs/[0-9]*/teacher.md \
	labs/handouts/* labs/runner/language.py $(if $(PAPER_LANG), \
	labs/[0-9]*/$(PAPER_LANG)/* labs/runner/$(PAPER_LANG).json \
	labs/handouts/$(PAPER_LANG)/*)) | $(DEPS)
$(PAPERS)/%.html: $(HANDOUT_PARTS)
	$(call say,HTML,$@)
	$(Q)mkdir -p $(@D)
	$(Q)LABS_LANG=$(PAPER_LANG) labs/handouts/book $* >$(@D)/$*.md
	$(Q)pandoc --from=$(PAPER_FORM) --to=html5 --standalone \
		--self-contained --toc --toc-depth=1 \
		--css=labs/handouts/book.css --output=$@ $(@D)/$*.md

# paper NAME: Chromium takes the size of the paper from the page's CSS.
$(PAPERS)/%-a4.pdf: $(PAPERS)/%.html
	$(call say,PDF,$@)
	$(Q)labs/handouts/print A4 $< $@
$(PAPERS)/%-letter.pdf: $(PAPERS)/%.html
	$(call say,PDF,$@)
	$(Q)labs/handouts/print letter $< $@

tests/labs/book: $(HANDOUTS)
