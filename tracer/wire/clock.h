/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Converts between two clocks. The kernel stamps captured packets with
 * CLOCK_REALTIME, which may be set at any moment; every other witness uses
 * CLOCK_MONOTONIC. A struct clock has the offset between them, and earlier
 * ones.
 *
 *   in: pairs of readings    out: a packet's time on CLOCK_MONOTONIC
 */
#ifndef DIALTONE_CLOCK_H
#define DIALTONE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* CLOCK_REALTIME, read between two readings of CLOCK_MONOTONIC. */
struct clock_pair {
	uint64_t before_ns;
	uint64_t real_ns;
	uint64_t after_ns;
};

/* The offset of CLOCK_REALTIME from CLOCK_MONOTONIC, and when. */
struct clock_sample {
	uint64_t at_ns;    /* CLOCK_MONOTONIC */
	int64_t offset_ns; /* realtime - monotonic */
	uint64_t error_ns; /* the true offset is within this of offset_ns */
};

/* A period in which the realtime clock was not set: the offset is constant. */
struct clock_era {
	int64_t offset_ns;
	uint64_t error_ns;
	uint64_t first_ns; /* CLOCK_MONOTONIC: when it was first seen to hold */
	uint64_t last_ns;  /* ... and last */
};

#define CLOCK_ERAS 8 /* remembered; needed only until the ring is empty */

/* Embedded; owns nothing. */
struct clock {
	struct clock_era eras[CLOCK_ERAS]; /* oldest first */
	size_t count;
	uint64_t sampled_ns; /* the last 100 pairs, CLOCK_MONOTONIC */
};

/* ---- pure ---------------------------------------------------------------- */

/*
 * The sample that the tightest of @pairs gives: the realtime reading was taken
 * somewhere between its neighbours, so half their distance bounds the error.
 * @count is at least 1.
 */
struct clock_sample clock_best_of(const struct clock_pair *pairs, size_t count);

/*
 * Takes @sample into account. Returns true if it begins a new era: the clock
 * was set since the sample before. (Slewing is no setting: adjtimex(2) changes
 * the pace of both clocks alike.) The oldest era goes when there is no room.
 */
bool clock_observe(struct clock *clock, const struct clock_sample *sample);

/*
 * Maps @real_ns, a stamp of CLOCK_REALTIME that was taken between @since_ns and
 * @now_ns (CLOCK_MONOTONIC), to CLOCK_MONOTONIC, by the era in which it was
 * taken: the one that puts it between those two, after the end of the era
 * before and before the beginning of the next; if several do, the newest of
 * them; if none does, the one that is least off. *@miss_ns is by how much: if
 * it is much, the clock was set and clock_observe() does not know it yet. The
 * result is never later than @now_ns. There must be an era.
 */
uint64_t clock_to_monotonic(const struct clock *clock, uint64_t real_ns,
			    uint64_t since_ns, uint64_t now_ns,
			    uint64_t *miss_ns);

/* ---- reading the clocks -------------------------------------------------- */

/*
 * CLOCK_MONOTONIC as the kernel itself reads it, for bpf_ktime_get_ns(): in a
 * time namespace the process's own clock differs from that.
 */
uint64_t clock_now_ns(void);

/*
 * A witness is read in turns: what came before the turn began, and no more, or
 * else a flood would keep the reader from signals and from the other witness. Two
 * CPUs stamp and store their events in different orders; they are closer than
 * this.
 */
#define TURN_LATE_NS 1000000ULL

/* CLOCK_REALTIME. */
uint64_t clock_real_ns(void);

/*
 * The offset of a time namespace, from /proc/PID/timens_offsets
 * (time_namespaces(7)); 0 if @file has none.
 */
int64_t clock_read_namespace(FILE *file);

/* *@offset_ns: realtime - monotonic, the best of 100 pairs. Returns 0. */
int clock_offset(int64_t *offset_ns);

/* Begins, with the best of 100 pairs: 10 microseconds or so. */
void clock_init(struct clock *clock);

/*
 * Looks whether the clock was set (one pair, 0.1 microseconds), and takes the
 * best of 100 if it was, or once a second. To be called before packets are
 * read.
 */
void clock_refresh(struct clock *clock);

/*
 * clock_to_monotonic() up to now, with a second look at the clocks if no era
 * fits: the clock may have been set after clock_refresh().
 */
uint64_t clock_stamp(struct clock *clock, uint64_t real_ns, uint64_t since_ns);

#endif
