# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
$(B)/labs/22-own-probe/load: LAB_LIBS = $(shell $(PKG_CONFIG) --libs libbpf)
