// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Counts through ftrace's function tracer, in an instance of its own: every
 * call of the functions becomes a record in a ring for each CPU, and is counted
 * here. For kernels without kprobe.multi.
 *
 * The kernel could filter by pid (set_ftrace_pid with function-fork), but it
 * stops following a task where its exit begins, before its sockets are closed:
 * calls of close(2) would be missing if the task sleeps on the way out. So all
 * tasks are recorded, and this side finds the followed ones from the order in
 * which tasks are created and named (tasks.h).
 *
 *   in:  the rings of all CPUs, through descriptors that were opened as root
 *   out: the counts
 */
#include "backend.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ftrace/ftrace.h"
#include "ftrace/ftrace_rings.h"
#include "ftrace_events.h"
#include "process/warn.h"
#include "process/tasks.h"
#include "wire/clock.h"

/* A record may become visible this much later than its time stamp. */
#define LATE_NS 10000000ULL
/* More at once: they arrive faster than they can be counted. */
#define FLOOD (1 << 20)
/* The initial pid namespace: PROC_PID_INIT_INO, linux/proc_ns.h. */
#define INITIAL_PIDNS 0xEFFFFFFCu

struct by_ftrace {
	const struct count_request *request;
	struct ftrace ftrace;
	struct ftrace_rings rings;
	struct tep_handle *tep;
	struct ftrace_decoder decoder;
	struct tasks tasks;
	struct ftrace_event *waiting; /* until nothing earlier can come */
	size_t waiting_len, waiting_room;
	uint64_t order;
	uint64_t cut_ns;  /* from here on only the control counts */
	uint64_t flooded; /* records that were not counted */
	int err;          /* of ftrace_backend_take() */
};

static void ftrace_backend_close(void *state)
{
	struct by_ftrace *by = state;
	int err;

	if (!by)
		return;
	ftrace_rings_close(&by->rings); /* before: the instance is busy */
	err = ftrace_close(&by->ftrace);
	if (err)
		warn_line(
			"the instance of ftrace could not be removed: %s; the "
			"next tracer will try again",
			strerror(-err));
	tep_free(by->tep);
	tasks_fini(&by->tasks);
	free(by->waiting);
	free(by);
}

static bool sees_all_pids(void)
{
	struct stat st;

	return stat("/proc/self/ns/pid", &st) == 0 &&
	       st.st_ino == INITIAL_PIDNS;
}

/*
 * The three formats that are needed, and no more: tracefs_local_events() would
 * read all of them, and /proc/kallsyms, which takes a quarter of a second.
 */
static int read_formats(struct by_ftrace *by)
{
	struct tep_handle *tep = by->tep = tep_alloc();
	char *page;
	int len, err;

	if (!tep)
		return -ENOMEM;
	page = tracefs_instance_file_read(NULL, "events/header_page", &len);
	if (!page)
		return -errno;
	tep_set_file_bigendian(tep, tep_is_local_bigendian(tep) ?
					    TEP_BIG_ENDIAN :
					    TEP_LITTLE_ENDIAN);
	tep_set_page_size(tep, (int)sysconf(_SC_PAGESIZE));
	err = tep_parse_header_page(tep, page, len, sizeof(long)) ? -EINVAL : 0;
	free(page);
	if (!err)
		err = ftrace_read_format(tep, "ftrace", "function");
	if (!err)
		err = ftrace_read_format(tep, "task", "task_newtask");
	if (!err)
		err = ftrace_read_format(tep, "task", "task_rename");
	return err ? err : ftrace_decoder_init(&by->decoder, tep);
}

/* Passes the globs on: the kernel searches its functions once for each glob. */
static int ftrace_backend_set_filter(const struct by_ftrace *by)
{
	const struct counts *counts = by->request->counts;
	struct tracefs_instance *instance = by->ftrace.instance;

	for (size_t i = 0; i < counts->globs_len; i++)
		if (tracefs_instance_file_append(instance, "set_ftrace_filter",
						 counts->globs[i]) < 0)
			return -errno;
	for (size_t i = 0; i < counts->len; i++)
		if (counts->counts[i].globs == COUNT_CANARY &&
		    tracefs_instance_file_append(instance, "set_ftrace_filter",
						 counts->counts[i].name) < 0)
			return -errno;
	return 0;
}

static int ftrace_backend_begin(struct by_ftrace *by)
{
	char kib[32];
	int err;

	snprintf(kib, sizeof(kib), "%u", by->request->buffer_bytes / 1024);
	err = ftrace_write(&by->ftrace, "buffer_size_kb", kib);
	if (!err)
		err = ftrace_backend_set_filter(by);
	if (!err)
		err = ftrace_write(&by->ftrace, "current_tracer", "function");
	if (!err)
		err = ftrace_write(&by->ftrace, "events/task/enable", "1");
	if (!err)
		err = ftrace_rings_open(&by->rings, &by->ftrace, by->tep);
	if (!err)
		err = ftrace_rings_switch(&by->rings, true);
	if (!err)
		tasks_look(&by->tasks);
	return err;
}

static int ftrace_backend_explain(int err, char why[COUNT_WHY])
{
	if (err == -ENOMEM)
		snprintf(why, COUNT_WHY,
			 "no memory for the rings: give a smaller --buffer");
	else if (err == -EBUSY)
		snprintf(why, COUNT_WHY,
			 "another user of ftrace holds the function tracer");
	else if (err == -ENODEV || err == -EINVAL)
		snprintf(why, COUNT_WHY,
			 "this kernel has no function tracer in instances "
			 "(CONFIG_FUNCTION_TRACER), or a fault of the kernel "
			 "has switched ftrace off");
	else
		snprintf(why, COUNT_WHY, "cannot set up ftrace: %s",
			 strerror(-err));
	return err;
}

static int ftrace_backend_open(void **state,
			       const struct count_request *request,
			       char why[COUNT_WHY])
{
	struct by_ftrace *by;
	int err;

	if (!sees_all_pids()) {
		snprintf(why, COUNT_WHY,
			 "ftrace reports pids of the initial pid namespace, "
			 "and this process is in another one");
		return -EPERM;
	}
	by = calloc(1, sizeof(*by));
	if (!by)
		return ftrace_backend_explain(-ENOMEM, why);
	by->request = request;
	by->rings = (struct ftrace_rings)FTRACE_RINGS_CLOSED;
	by->cut_ns = UINT64_MAX;
	tasks_init(&by->tasks, request->target, getpid());
	err = ftrace_open(&by->ftrace, why);
	if (!err) {
		err = read_formats(by);
		if (!err)
			err = ftrace_backend_begin(by);
		if (err)
			ftrace_backend_explain(err, why);
	}
	if (err)
		ftrace_backend_close(by);
	else
		*state = by;
	return err;
}

/* Makes room for one more; false: there are too many, and tracing stops. */
static bool waiting_make_room(struct by_ftrace *by)
{
	size_t room = by->waiting_room ? by->waiting_room * 2 : 4096;
	struct ftrace_event *more = NULL;

	if (by->waiting_len < by->waiting_room)
		return true;
	if (room <= FLOOD)
		more = reallocarray(by->waiting, room, sizeof(*more));
	if (!more) {
		ftrace_rings_switch(&by->rings, false);
		return false;
	}
	by->waiting = more;
	by->waiting_room = room;
	return true;
}

/* Called for each record; it must not stop, or the waiting records are lost. */
static int ftrace_backend_take(struct tep_event *format,
			       struct tep_record *record, int cpu,
			       void *context)
{
	struct by_ftrace *by = context;
	struct ftrace_event *event;

	(void)cpu;
	if (by->flooded || !waiting_make_room(by)) {
		by->flooded++;
		return 0;
	}
	event = &by->waiting[by->waiting_len];
	switch (ftrace_decode(&by->decoder, format, record, event)) {
	case 0:
		event->order = by->order++;
		by->waiting_len++;
		break;
	case -EBADMSG:
		by->err = -EBADMSG;
		break;
	}
	return 0;
}

static void count_one(struct by_ftrace *by, const struct ftrace_event *event)
{
	struct counts *counts = by->request->counts;
	enum task_whose whose;
	struct count *count;

	if (event->kind == FTRACE_NEWTASK) {
		tasks_new(&by->tasks, event->tid, event->other, event->thread,
			  event->comm);
		return;
	}
	if (event->kind == FTRACE_RENAME) {
		tasks_rename(&by->tasks, event->other, event->comm);
		return;
	}
	whose = tasks_whose(&by->tasks, event->tid);
	if (whose == TASK_NOBODYS)
		return;
	count = sites_find(by->request->sites, event->address);
	if (!count)
		counts->unknown++;
	else if (whose == TASK_CONTROL)
		counts_add_control(count, 1);
	else if (event->ts_ns < by->cut_ns)
		counts_add(counts, count, event->context, 1);
}

static int waiting_by_time(const void *a, const void *b)
{
	const struct ftrace_event *x = a, *y = b;

	if (x->ts_ns != y->ts_ns)
		return x->ts_ns < y->ts_ns ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

/*
 * Empties all rings. Records older than @until_ns are counted; the rest waits,
 * because another CPU may still report an older one.
 */
static int ftrace_backend_drain(struct by_ftrace *by, uint64_t until_ns)
{
	size_t done = 0;
	int err = ftrace_rings_read(&by->rings, ftrace_backend_take, by);

	if (err)
		return err;
	qsort(by->waiting, by->waiting_len, sizeof(*by->waiting),
	      waiting_by_time);
	while (done < by->waiting_len && by->waiting[done].ts_ns < until_ns)
		count_one(by, &by->waiting[done++]);
	by->waiting_len -= done;
	memmove(by->waiting, by->waiting + done,
		by->waiting_len * sizeof(*by->waiting));
	return by->err;
}

static int ftrace_backend_read(void *state)
{
	return ftrace_backend_drain(state, clock_now_ns() - LATE_NS);
}

static int ftrace_backend_cut(void *state)
{
	struct by_ftrace *by = state;

	by->cut_ns = clock_now_ns();
	return 0;
}

static int ftrace_backend_stop(void *state, struct count_drops *drops)
{
	struct by_ftrace *by = state;
	int err = ftrace_rings_switch(&by->rings, false);

	if (!err)
		err = ftrace_backend_drain(by, UINT64_MAX);
	if (!err)
		err = ftrace_rings_lost(&by->rings, &drops->overrun);
	drops->flooded = by->flooded;
	drops->unlisted = by->tasks.no_memory;
	return err;
}

const struct count_backend count_ftrace = {
	.name = "ftrace",
	.through = "through ftrace's function tracer",
	.open = ftrace_backend_open,
	.tick = ftrace_backend_read,
	.read = ftrace_backend_read,
	.cut = ftrace_backend_cut,
	.stop = ftrace_backend_stop,
	.close = ftrace_backend_close,
};
