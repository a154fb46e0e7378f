/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The skeleton and its links: the only file that uses libbpf's generated code.
 */
#ifndef DIALTONE_ATTACH_H
#define DIALTONE_ATTACH_H

#include <stdint.h>

#include "bpf/filter.h"
#include "plan/plan.h"
#include "process/target.h"
#include "record/record.h"

#define ATTACH_WHY 256

struct attachment {
	struct lab_bpf *skeleton;
	struct bpf_link *steps[STEP_MAX];
	enum tier tier;
};

/*
 * Call these in this order: open, write the filter, load, attach, close. On
 * error a sentence for the user is in @why.
 */
int attachment_open(struct attachment *at, enum tier tier,
		    char why[ATTACH_WHY]);
struct lab_filter *attachment_filter(struct attachment *at);
int attachment_load(struct attachment *at, const struct target *target,
		    uint32_t ring_bytes, char why[ATTACH_WHY]);
int attachment_attach(struct attachment *at, struct plan *plan,
		      const struct target *target, char why[ATTACH_WHY]);
/*
 * How often the kernel did not run a program because it, or another one, was
 * already running on that CPU: such an event is not a hit, so the program does not
 * count it. For tracepoints since Linux 6.1, for kprobes since 6.7; 0 where it
 * is not known. Call it before the programs are off.
 */
struct attachment_missed {
	/*
	 * System calls: if their tracepoints may be preempted (seen on 7.2),
	 * the kernel runs the program for no other task meanwhile.
	 */
	uint64_t calls;
	uint64_t others; /* functions, packets, states */
};
void attachment_missed(const struct attachment *at,
		       struct attachment_missed *missed);
/*
 * The programs stop working; one that is running finishes its event. Maps and
 * counters stay. attachment_close() removes the kprobes, then or soon after:
 * see attach.c.
 */
void attachment_stop(struct attachment *at);
void attachment_close(struct attachment *at);

/*
 * Detaches the probe of @step, notes @reason, and attaches the next candidate.
 * A forced one stays attached and is marked never fired.
 */
void attachment_next(struct attachment *at, struct plan *plan, enum step step,
		     const char *reason);

int attachment_ring_fd(const struct attachment *at);
const struct lab_counters *attachment_counters(const struct attachment *at);
const struct followed_counts *attachment_followed(const struct attachment *at);

#endif
