// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The offset between CLOCK_REALTIME and CLOCK_MONOTONIC, and how a packet's
 * stamp is converted when the realtime clock is set during a run.
 *
 * A stamp alone does not show under which offset it was taken. But a packet in
 * the ring is younger than the last moment at which the ring was empty, and not
 * from the future. That window is milliseconds wide, so if two offsets differ
 * by more than that, only one puts the stamp into it.
 */
#include "clock.h"

#include <string.h>
#include <time.h>

#define NS_PER_SECOND 1000000000ULL
#define PAIRS         100

/*
 * Both clocks are computed from one counter, and each rounds (timekeeping.h,
 * timekeeping_delta_to_ns()): differences below this are not a setting.
 */
#define ROUNDING_NS 100

/*
 * How far outside its window a stamp may fall without a second look at the
 * clocks. A packet may be a little older than its window (it is stamped before
 * it is in the ring, and interrupts may come in between): a look in vain costs
 * microseconds.
 */
#define MISS_NS 10000ULL

static struct clock_sample sample_of(const struct clock_pair *pair)
{
	uint64_t width = pair->after_ns - pair->before_ns;
	uint64_t middle = pair->before_ns + width / 2;

	return (struct clock_sample){
		.at_ns = middle,
		.offset_ns = (int64_t)(pair->real_ns - middle),
		.error_ns = width - width / 2,
	};
}

struct clock_sample clock_best_of(const struct clock_pair *pairs, size_t count)
{
	struct clock_sample best = sample_of(&pairs[0]), sample;
	size_t i;

	for (i = 1; i < count; i++) {
		sample = sample_of(&pairs[i]);
		if (sample.error_ns < best.error_ns)
			best = sample;
	}
	return best;
}

static uint64_t distance(int64_t a, int64_t b)
{
	return a > b ? (uint64_t)a - (uint64_t)b : (uint64_t)b - (uint64_t)a;
}

/* If @sample agrees with @era, @era lasts until then, and may be sharpened. */
static bool era_continues(struct clock_era *era,
			  const struct clock_sample *sample)
{
	if (distance(sample->offset_ns, era->offset_ns) >
	    sample->error_ns + era->error_ns + ROUNDING_NS)
		return false;
	era->last_ns = sample->at_ns;
	if (sample->error_ns < era->error_ns) {
		era->offset_ns = sample->offset_ns;
		era->error_ns = sample->error_ns;
	}
	return true;
}

bool clock_observe(struct clock *clock, const struct clock_sample *sample)
{
	if (clock->count > 0 &&
	    era_continues(&clock->eras[clock->count - 1], sample))
		return false;
	if (clock->count == CLOCK_ERAS) {
		clock->count--;
		memmove(&clock->eras[0], &clock->eras[1],
			clock->count * sizeof(clock->eras[0]));
	}
	clock->eras[clock->count++] = (struct clock_era){
		.offset_ns = sample->offset_ns,
		.error_ns = sample->error_ns,
		.first_ns = sample->at_ns,
		.last_ns = sample->at_ns,
	};
	return true;
}

/*
 * By how much @at lies outside [@from, @until]; 0: it lies inside. @at is signed:
 * under a wrong offset it may lie before the machine was started.
 */
static uint64_t miss(int64_t at, uint64_t from, uint64_t until)
{
	if (at < (int64_t)from)
		return from - (uint64_t)at;
	return at > (int64_t)until ? (uint64_t)at - until : 0;
}

uint64_t clock_to_monotonic(const struct clock *clock, uint64_t real_ns,
			    uint64_t since_ns, uint64_t now_ns,
			    uint64_t *miss_ns)
{
	int64_t best = (int64_t)now_ns;
	size_t i;

	*miss_ns = UINT64_MAX;
	for (i = clock->count; i-- > 0 && *miss_ns > 0;) {
		const struct clock_era *era = &clock->eras[i];
		int64_t at = (int64_t)(real_ns - (uint64_t)era->offset_ns);
		uint64_t from = since_ns, until = now_ns, off;

		if (i > 0 && era[-1].last_ns > from)
			from = era[-1].last_ns;
		if (i + 1 < clock->count && era[1].first_ns < until)
			until = era[1].first_ns;
		if (from > until)
			continue; /* it was over before @since_ns */
		off = miss(at, from, until);
		if (off < *miss_ns) {
			*miss_ns = off;
			best = at;
		}
	}
	if (best < 0)
		return 0;
	return (uint64_t)best < now_ns ? (uint64_t)best : now_ns;
}

static uint64_t read_ns(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts); /* fails for unknown clocks only */
	return (uint64_t)ts.tv_sec * NS_PER_SECOND + (uint64_t)ts.tv_nsec;
}

int64_t clock_read_namespace(FILE *file)
{
	long long seconds, ns;
	char clock[16];

	while (fscanf(file, "%15s %lld %lld", clock, &seconds, &ns) == 3)
		if (strcmp(clock, "monotonic") == 0)
			return seconds * (int64_t)NS_PER_SECOND + ns;
	return 0;
}

/*
 * Read once: a process stays in its time namespace unless setns(2) changes
 * that, and the tracer does not. The offsets of a namespace are fixed
 * (time_namespaces(7)).
 */
static int64_t namespace_ns(void)
{
	static bool known;
	static int64_t offset_ns;
	FILE *file;

	if (known)
		return offset_ns;
	known = true;
	file = fopen("/proc/self/timens_offsets", "re");
	if (!file)
		return 0; /* Linux before 5.6: there is one time for all */
	offset_ns = clock_read_namespace(file);
	fclose(file);
	return offset_ns;
}

uint64_t clock_now_ns(void)
{
	return read_ns(CLOCK_MONOTONIC) - (uint64_t)namespace_ns();
}

uint64_t clock_real_ns(void)
{
	return read_ns(CLOCK_REALTIME);
}

/* Takes @count pairs, 1 to PAIRS, and the best of them into account. */
static bool sample(struct clock *clock, size_t count)
{
	struct clock_pair pairs[PAIRS];
	struct clock_sample best;
	size_t i = 0;

	do {
		pairs[i].before_ns = clock_now_ns();
		pairs[i].real_ns = clock_real_ns();
		pairs[i].after_ns = clock_now_ns();
	} while (++i < count);
	best = clock_best_of(pairs, count);
	if (count == PAIRS)
		clock->sampled_ns = best.at_ns;
	return clock_observe(clock, &best);
}

void clock_init(struct clock *clock)
{
	memset(clock, 0, sizeof(*clock));
	sample(clock, PAIRS);
}

int clock_offset(int64_t *offset_ns)
{
	struct clock clock;

	clock_init(&clock);
	*offset_ns = clock.eras[0].offset_ns;
	return 0;
}

void clock_refresh(struct clock *clock)
{
	if (sample(clock, 1) ||
	    clock_now_ns() - clock->sampled_ns >= NS_PER_SECOND)
		sample(clock, PAIRS);
}

uint64_t clock_stamp(struct clock *clock, uint64_t real_ns, uint64_t since_ns)
{
	uint64_t off, at;

	at = clock_to_monotonic(clock, real_ns, since_ns, clock_now_ns(), &off);
	if (off <= MISS_NS)
		return at;
	sample(clock, PAIRS);
	return clock_to_monotonic(clock, real_ns, since_ns, clock_now_ns(),
				  &off);
}
