/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What libFuzzer calls (https://llvm.org/docs/LibFuzzer.html). Each file next
 * to this one is a fuzzer of its own, and is linked with nothing but the stage
 * that it is for.
 */
#ifndef DIALTONE_FUZZ_H
#define DIALTONE_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* One input. 0, or -1: not worth keeping in the corpus. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
