# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Builds for another processor, and with another library. Both take Debian's
# packages from a folder into which tests/build/sysroot unpacks them.

# ---- arm64 -----------------------------------------------------------------
# Everything once more, into build/arm64, by Debian's cross compiler, with Debian's
# libraries for arm64.

ARM64 := $(B)/arm64
arm64_libraries = $(shell awk '$$1 == "build" && $$3 ~ /^header:/ { \
	sub(/[>|].*/, "", $$2); print $$2 }' .packages)
ARM64_PKG_CONFIG := env PKG_CONFIG_SYSROOT_DIR=$(ARM64)/root \
	PKG_CONFIG_LIBDIR=$(ARM64)/root/usr/lib/aarch64-linux-gnu/pkgconfig pkg-config
# what labs/vm/run -a arm64 needs in its initramfs
arm64_vm := base-files bash busybox-static coreutils grep sed

$(ARM64)/root: .packages tests/build/sysroot | $(DEPS)
	$(call say,SYSROOT,$@)
	$(Q)tests/build/sysroot "$$(. /etc/os-release && echo $$VERSION_CODENAME)" \
		arm64 $@ $(arm64_libraries) $(arm64_vm)
	$(Q)touch $@

.PHONY: arm64 arm64-demo
arm64: $(ARM64)/root ## build everything for arm64, into build/arm64
	$(Q)$(MAKE) --no-print-directory B=$(ARM64) P=$(ARM64)/ \
		CC='aarch64-linux-gnu-gcc --sysroot=$(ARM64)/root' \
		AR=aarch64-linux-gnu-ar PKG_CONFIG='$(ARM64_PKG_CONFIG)' \
		BPF_HOST='--target=aarch64-linux-gnu --sysroot=$(ARM64)/root' \
		BPF_ARCH=arm64 all

tests/build/arm64: arm64 all

# The kernels of test-kernels. Not bullseye: its security archive lists a kernel
# for arm64, but no longer has it.
ARM64_VM_SUITES := bookworm trixie forky

arm64-demo: arm64 ## run the demonstration on an arm64 kernel, in the lab VM
	$(Q)tests/run 'tests/build/arm64-vm bookworm'

# ---- headers that are newer than the library: tests/tracer/libbpf ----------
# The layer that checks libbpf's version is compiled with the newest headers of
# libbpf in Debian, and the tracer runs with this machine's library.

NEWER := $(B)/newer
$(NEWER)/root: tests/build/sysroot | $(DEPS)
	$(call say,SYSROOT,$@)
	$(Q)tests/build/sysroot --alone sid "$$(dpkg --print-architecture)" $@ \
		libbpf-dev
	$(Q)touch $@

$(eval $(call variant,$(NEWER),$$(CC) $$(CFLAGS) -isystem $(NEWER)/root/usr/include))
$(call layer_objects,$(NEWER),process): $(NEWER)/root

$(NEWER)/tracer/tracer: $(B)/tracer/main.o $(patsubst $(B)/libprocess.a,\
		$(NEWER)/libprocess.a,$(call libs,$(B),commands))
	$(call link,$(CC) $(CFLAGS),$(TRACER_LIBS))

tests/tracer/libbpf: tracer/tracer $(NEWER)/tracer/tracer
