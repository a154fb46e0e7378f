# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The transcripts in README.md and labs/*/README.md are what the programs print.

.PHONY: docs-update kernels-update

docs-update: all ## write the transcripts anew, from runs in the lab VM
	$(Q)mkdir -p $(B)/docs && labs/vm/run -k bookworm -o $(B)/docs \
		-- tests/run-docs '$(CURDIR)/$(B)/docs'
	$(Q)tests/run-docs --update $(B)/docs

kernels-update: ## write README's table of kernels anew, after make test-kernels
	$(Q)python3 -B tests/kernels.py update README.md $(B)/tests/vm-*
