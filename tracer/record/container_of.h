/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The kernel's container_of: from a member to the struct that embeds it. */
#ifndef DIALTONE_CONTAINER_OF_H
#define DIALTONE_CONTAINER_OF_H

#include <stddef.h>

#define container_of(pointer, type, member) \
	((type *)((char *)(pointer)-offsetof(type, member)))

#endif
