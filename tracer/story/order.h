/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Puts the records of all witnesses in order of time.
 *
 * Each witness reports its events nearly in order, with its own delay: a record
 * waits here until its source reports that nothing older will come.
 */
#ifndef DIALTONE_ORDER_H
#define DIALTONE_ORDER_H

#include <stdint.h>

#include "record/record.h"

struct order;

/* 0 or -ENOMEM. @next stays the caller's and must outlive the stage. */
int order_new(struct order **order, struct record_sink *next);

/*
 * Where records go in. A record without a time (ts_ns 0) passes at once. One
 * that is older than a record that has already left passes at once too, and is
 * counted: the next order_advance() reports it with a `lost` record, cause
 * late.
 */
struct record_sink *order_input(struct order *order);

/*
 * Lets everything older than @watermark_ns (CLOCK_MONOTONIC) out, the oldest
 * first; of equal times, the one that came first. 0, or what @next returned.
 */
int order_advance(struct order *order, uint64_t watermark_ns);

/* Drops what still waits: advance to UINT64_MAX first. Takes NULL. */
void order_free(struct order *order);

#endif
