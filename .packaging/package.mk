# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Version, installation, man pages, a tarball, and a package of Debian's.

.PHONY: install uninstall man dist deb sbom

VERSION = $(call once,VERSION,.packaging/version)
COMMITS := $(wildcard .version $(shell git rev-parse --git-path logs/HEAD 2>/dev/null))
$(B)/version.h: $(COMMITS) | $(DEPS)
	$(Q)mkdir -p $(@D)
	$(Q)echo '#define DIALTONE_VERSION "$(VERSION)"' >$@

# ---- make install ----------------------------------------------------------
# One command in the PATH, `dialtone`. The rest lies in LIBDIR as it lies in the
# tree, so that the labs and the lab VM find each other.

PREFIX ?= /usr/local
LIBDIR = $(DESTDIR)$(PREFIX)/lib/dialtone
SHARE = $(DESTDIR)$(PREFIX)/share
MAN = $(SHARE)/man
# What the labs and the lab VM are made of; not what tests and students leave.
INSTALLED = labs/demo labs/lab labs/net labs/show labs/README.md \
	$(wildcard labs/recordings/*.jsonl labs/recordings/*.tar.gz) \
	$(wildcard labs/vm/[a-z]* labs/runner/*.py labs/runner/*.sh) \
	$(shell find labs/[0-9]* -type f -not -name '*.pyc' 2>/dev/null) \
	$(PROGRAMS)

install: all man $(B)/man/dialtone.fish ## copy dialtone to DESTDIR/PREFIX
	$(Q)install -D -t "$(DESTDIR)$(PREFIX)/bin" .packaging/dialtone
	$(Q)mkdir -p "$(LIBDIR)"
	$(Q)tar -c --owner=0 --group=0 --mode=go=u-w $(INSTALLED) | \
		tar -x --no-same-owner -C "$(LIBDIR)"
	$(Q)install -D -m 644 -t "$(MAN)/man1" $(B)/man/*.1
	$(Q)install -D -m 644 -t "$(MAN)/man5" $(B)/man/*.5
	$(Q)install -D -m 644 -t "$(MAN)/man7" .packaging/man/dialtone.7
	$(Q)install -D -m 644 .packaging/completion/dialtone.bash \
		"$(SHARE)/bash-completion/completions/dialtone"
	$(Q)install -D -m 644 -t "$(SHARE)/fish/vendor_completions.d" \
		$(B)/man/dialtone.fish

uninstall: ## remove what make install has copied there
	$(Q)rm -rf "$(LIBDIR)" "$(SHARE)/bash-completion/completions/dialtone"
	$(Q)rm -f "$(DESTDIR)$(PREFIX)/bin/dialtone" "$(MAN)"/man1/dialtone*.1 \
		"$(MAN)"/man5/dialtone*.5 "$(MAN)"/man7/dialtone*.7 \
		"$(SHARE)/fish/vendor_completions.d/dialtone.fish"

# ---- man pages -------------------------------------------------------------
# Of each command, from its --help (help2man); of the recording, from its table.

MAN_COMMANDS := $(COMMANDS) lab vm demo show
MAN_PAGES := $(patsubst %,$(B)/man/dialtone-%.1,$(MAN_COMMANDS)) \
	$(B)/man/dialtone.1 $(B)/man/dialtone-recording.5
man: $(MAN_PAGES) ## write the man pages, build/man/*

$(MAN_PAGES): .packaging/dialtone .packaging/man/page $(B)/version.h | all
$(B)/man/dialtone-recording.5: tracer/RECORDING.md
$(MAN_PAGES):
	$(call say,MAN,$@)
	$(Q)mkdir -p $(@D)
	$(Q).packaging/man/page $(basename $(@F)) '$(VERSION)' >$@

$(B)/man/dialtone.fish: .packaging/completion/fish $(B)/version.h | all
	$(Q)mkdir -p $(@D)
	$(Q).packaging/completion/fish $(MAN_COMMANDS) >$@

# ---- tarball, package ------------------------------------------------------

RELEASE = $(VERSION:v%=%)
DIST = dialtone-$(RELEASE)
dist: ## write build/dialtone-VERSION.tar.gz, which builds without git
	$(Q)mkdir -p $(B)/dist/$(DIST)
	$(Q)echo '$(VERSION)' >$(B)/dist/$(DIST)/.version
	$(Q)git archive --prefix=$(DIST)/ -o $(B)/dist/$(DIST).tar HEAD
	$(Q)tar -rf $(B)/dist/$(DIST).tar --owner=0 --group=0 \
		-C $(B)/dist $(DIST)/.version
	$(Q)gzip -9nf $(B)/dist/$(DIST).tar
	$(Q)mv $(B)/dist/$(DIST).tar.gz $(B)/
	$(Q)rm -rf $(B)/dist
	@echo '$(B)/$(DIST).tar.gz'

sbom: | $(DEPS) ## write build/dialtone-VERSION.spdx: each file and its licence
	$(Q)tests/lint/reuse spdx -o '$(abspath $(B))/$(DIST).spdx'
	@echo '$(B)/$(DIST).spdx'

# dpkg-buildpackage wants debian/ at the top, and writes next to it.
deb: dist | $(DEPS) ## write build/deb/dialtone_VERSION_ARCH.deb
	$(Q)rm -rf $(B)/deb && mkdir -p $(B)/deb
	$(Q)tar -xzf $(B)/$(DIST).tar.gz -C $(B)/deb
	$(Q)cp -a .packaging/debian $(B)/deb/$(DIST)/
	$(Q)cd $(B)/deb/$(DIST) && debian/changelog.sh '$(RELEASE)' >debian/changelog
	$(Q)cd $(B)/deb/$(DIST) && env -u MAKEFLAGS -u MAKELEVEL \
		dpkg-buildpackage -b -us -uc >../build.log 2>&1 || \
		{ tail -n 20 ../build.log; exit 1; }
	$(Q)lintian --fail-on error,warning $(B)/deb/*.changes
	@ls $(B)/deb/*.deb
