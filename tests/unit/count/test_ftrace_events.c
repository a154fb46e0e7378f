// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * ftrace_events.c: a page of a ring as the kernel gave it, 6.1.0 on x86-64,
 * while the echo client sent a datagram; with the formats of that kernel. What
 * is expected is what its own `trace` file said of the same page.
 */
#include "tap_main.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <kbuffer.h>

#include "count/ftrace_events.h"
#include "ftrace/ftrace.h"
#include "ftrace/ftrace_rings.h"

#define FOLDER "tests/unit/count/events/"

static size_t read_file(const char *name, char *buf, size_t size)
{
	char path[128];
	size_t len;
	FILE *file;

	snprintf(path, sizeof(path), FOLDER "%s", name);
	file = fopen(path, "r");
	assert_non_null(file);
	len = fread(buf, 1, size, file);
	fclose(file);
	return len;
}

static void read_format(struct tep_handle *tep, const char *name,
			const char *system)
{
	char text[4096];
	size_t len = read_file(name, text, sizeof(text));

	assert_int_equal(tep_parse_event(tep, text, len, system), 0);
}

static struct tep_handle *formats(void)
{
	struct tep_handle *tep = tep_alloc();

	assert_non_null(tep);
	read_format(tep, "function.format", "ftrace");
	read_format(tep, "task_newtask.format", "task");
	read_format(tep, "task_rename.format", "task");
	return tep;
}

/* Reads the page; calls @each for every record that is one of ours. */
static size_t read_page(const struct ftrace_decoder *decoder,
			void (*each)(const struct ftrace_event *, FILE *),
			FILE *out)
{
	static _Alignas(8) char page[4096];
	struct tep_handle *tep = decoder->function->tep;
	unsigned long long ts;
	struct kbuffer *kbuffer;
	size_t events = 0;
	void *data;

	assert_int_equal(read_file("page", page, sizeof(page)), sizeof(page));
	kbuffer = kbuffer_alloc(KBUFFER_LSIZE_8, KBUFFER_ENDIAN_LITTLE);
	assert_int_equal(kbuffer_load_subbuffer(kbuffer, page), 0);
	for (data = kbuffer_read_event(kbuffer, &ts); data;
	     data = kbuffer_next_event(kbuffer, &ts)) {
		struct tep_record record = {
			.ts = ts,
			.data = data,
			.size = kbuffer_event_size(kbuffer),
		};
		struct ftrace_event event;

		assert_int_equal(
			ftrace_decode(decoder,
				      tep_find_event_by_record(tep, &record),
				      &record, &event),
			0);
		each(&event, out);
		events++;
	}
	kbuffer_free(kbuffer);
	return events;
}

static void write_event(const struct ftrace_event *event, FILE *out)
{
	static const char context[] = {[COUNT_TASK] = '.',
				       [COUNT_SOFTIRQ] = 's',
				       [COUNT_HARDIRQ] = 'h'};

	fprintf(out, "%llu.%06llu %c %d ",
		((unsigned long long)event->ts_ns + 500) / 1000000000,
		((unsigned long long)event->ts_ns + 500) / 1000 % 1000000,
		context[event->context], event->tid);
	if (event->kind == FTRACE_CALL)
		fprintf(out, "%016llx\n", (unsigned long long)event->address);
	else
		fprintf(out, "%s %d %s%s\n",
			event->kind == FTRACE_NEWTASK ? "newtask" : "rename",
			event->other, event->comm,
			event->thread ? " thread" : "");
}

static void a_page_reads_as_the_kernel_reads_it(void **state)
{
	char expected[65536], *text = NULL;
	struct tep_handle *tep = formats();
	struct ftrace_decoder decoder;
	size_t len;
	FILE *out;

	(void)state;
	assert_int_equal(ftrace_decoder_init(&decoder, tep), 0);
	out = open_memstream(&text, &len);
	assert_true(read_page(&decoder, write_event, out) > 10);
	fclose(out);
	expected[read_file("expected", expected, sizeof(expected) - 1)] = '\0';
	assert_string_equal(text, expected);
	free(text);
	tep_free(tep);
}

static void what_is_cut_or_unknown_is_no_event(void **state)
{
	char data[64] = {0};
	struct tep_handle *tep = formats();
	struct tep_record record = {.data = data, .size = 12};
	struct ftrace_decoder decoder;
	struct ftrace_event event;

	(void)state;
	assert_int_equal(ftrace_decoder_init(&decoder, tep), 0);
	assert_int_equal(
		ftrace_decode(&decoder, decoder.function, &record, &event),
		-EBADMSG);
	assert_int_equal(
		ftrace_decode(&decoder, decoder.newtask, &record, &event),
		-EBADMSG);
	assert_int_equal(
		ftrace_decode(&decoder, decoder.rename, &record, &event),
		-EBADMSG);
	assert_int_equal(ftrace_decode(&decoder, NULL, &record, &event),
			 -ENOENT);
	tep_free(tep);
}

static void without_a_format_there_is_no_decoder(void **state)
{
	struct tep_handle *tep = tep_alloc();
	struct ftrace_decoder decoder;

	(void)state;
	read_format(tep, "function.format", "ftrace");
	read_format(tep, "task_newtask.format", "task");
	assert_int_equal(ftrace_decoder_init(&decoder, tep), -ENOENT);
	tep_free(tep);
}

static void every_kind_of_loss_counts(void **state)
{
	(void)state;
	assert_int_equal(ftrace_stats_lost("entries: 5\n"
					   "overrun: 3\n"
					   "commit overrun: 20\n"
					   "bytes: 700\n"
					   "oldest event ts: 1.1\n"
					   "dropped events: 100\n"
					   "read events: 9\n"),
			 123);
	assert_int_equal(ftrace_stats_lost("entries: 5\noverrun: 0\n"), 0);
}

static void an_instance_is_stale_when_its_tracer_is_dead(void **state)
{
	char name[64], line[1024], *rest;
	FILE *file;

	(void)state;
	file = fopen("/proc/self/stat", "r");
	assert_non_null(fgets(line, sizeof(line), file));
	fclose(file);
	rest = strrchr(line, ')');
	for (int field = 2; field < 22; field++)
		rest = strchr(rest + 1, ' ');
	snprintf(name, sizeof(name), "dialtone-%d-%llu", getpid(),
		 strtoull(rest, NULL, 10));
	assert_false(ftrace_is_stale(name));
	snprintf(name, sizeof(name), "dialtone-%d-%llu", getpid(),
		 strtoull(rest, NULL, 10) + 1);
	assert_true(ftrace_is_stale(name));
	assert_true(ftrace_is_stale("dialtone-99999999-0"));
	assert_false(ftrace_is_stale("dialtone-other"));
	assert_false(ftrace_is_stale("dialtone-99999999-5-mine"));
	assert_false(ftrace_is_stale("others-99999999-5"));
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(a_page_reads_as_the_kernel_reads_it),
	cmocka_unit_test(what_is_cut_or_unknown_is_no_event),
	cmocka_unit_test(without_a_format_there_is_no_decoder),
	cmocka_unit_test(every_kind_of_loss_counts),
	cmocka_unit_test(an_instance_is_stale_when_its_tracer_is_dead),
};

TAP_MAIN(tests)
