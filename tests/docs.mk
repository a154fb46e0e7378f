# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The transcripts in README.md and labs/*/README.md are what the programs print.

# The first thing in README: a picture of a recorded run.
README_PICTURE := labs/recordings/demo-6.1.svg
$(README_PICTURE): labs/recordings/demo-6.1.jsonl $(P)tracer/tracer
	$(call say,SVG,$@)
	$(Q)rm -f $@ && tracer/tracer replay -q --svg $@ $< >/dev/null

.PHONY: docs-update kernels-update

docs-update: all ## write the transcripts anew, from runs in the lab VM
	$(Q)mkdir -p $(B)/docs && labs/vm/run -k bookworm -o $(B)/docs \
		-- tests/run-docs '$(CURDIR)/$(B)/docs'
	$(Q)tests/run-docs --update $(B)/docs
	$(Q)$(MAKE) --no-print-directory -s $(README_PICTURE)

kernels-update: ## write README's table of kernels anew, after make test-kernels
	$(Q)python3 -B tests/kernels.py update README.md $(B)/tests/vm-*
