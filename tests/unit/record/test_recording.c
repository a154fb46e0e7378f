// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* recording.c: files are made safely, and damaged ones are recognised. */
#include "tap_main.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "play.h"
#include "record/recording.h"

static char dir[] = "/tmp/dialtone-recording-XXXXXX";
static char path[64];
static unsigned int passed_on;

static int count_push(struct record_sink *sink, struct record *record)
{
	(void)sink;
	passed_on++;
	record_fini(record);
	return 0;
}

static struct record_sink counting = {count_push};

static int set_up(void **state)
{
	(void)state;
	strcpy(dir + strlen(dir) - 6, "XXXXXX");
	passed_on = 0;
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/r.jsonl", dir);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(dir);
}

static void write_text(const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

#define META "{\"type\":\"meta\",\"version\":1,\"tier\":\"kprobe\"}\n"
#define LOST "{\"type\":\"lost\",\"witness\":\"wire\",\"count\":1}\n"

/* Reads all; the last answer of recording_next(), and the records before. */
static int read_all(int *records, char *why, size_t why_size)
{
	struct recording *recording;
	struct record record;
	int got;

	*records = 0;
	assert_int_equal(recording_open(&recording, path), 0);
	while ((got = recording_next(recording, &record)) > 0) {
		++*records;
		record_fini(&record);
	}
	snprintf(why, why_size, "%s", recording_why(recording));
	recording_close(recording);
	return got;
}

static int open_limited(struct recorder **recorder, const char *file,
			struct rotation_limits limits)
{
	char refused[ROTATION_PATH];
	struct rotation *rotation;
	int err = rotation_open(&rotation, file, &limits, refused);

	*recorder = NULL;
	return err ? err : recorder_open(recorder, rotation, &counting);
}

static int open_recorder(struct recorder **recorder, const char *file)
{
	return open_limited(recorder, file, (struct rotation_limits){0});
}

static void what_is_recorded_is_read(void **state)
{
	struct player player = {0};
	struct recorder *recorder;
	struct stat st;
	char why[256];
	int records;

	(void)state;
	assert_int_equal(open_recorder(&recorder, path), 0);
	player.sink = recorder_input(recorder);
	assert_int_equal(play_meta(&player, "udp", "lo"), 0);
	assert_int_equal(play_controls(&player), 0);
	assert_int_equal(recorder_close(recorder), 0);
	assert_int_equal(passed_on, 4);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777 & ~0644, 0);
	assert_int_equal(read_all(&records, why, sizeof(why)), 0);
	assert_int_equal(records, 4);
}

static void an_existing_file_or_link_is_not_written(void **state)
{
	struct recorder *recorder;

	(void)state;
	write_text("mine\n");
	assert_int_equal(open_recorder(&recorder, path), -EEXIST);
	unlink(path);
	assert_int_equal(symlink("/nowhere/else", path), 0);
	assert_int_equal(open_recorder(&recorder, path), -EEXIST);
	assert_int_equal(open_recorder(&recorder, "/nowhere/else"), -ENOENT);
	assert_null(recorder);
}

static off_t size_of(const char *file)
{
	struct stat st;

	return stat(file, &st) ? -1 : st.st_size;
}

/* A meta record and @len packets; the sink gets them all. */
static void record_packets(struct recorder *recorder, int len)
{
	struct player player = {.sink = recorder_input(recorder)};
	const struct play packet = {
		RECORD_PACKET, .proto = UDP, .witness = WITNESS_WIRE,
		.local = "10.0.0.1:1", .peer = "10.0.0.2:2"};

	assert_int_equal(play_meta(&player, "udp", "lo"), 0);
	for (int i = 0; i < len; i++)
		assert_int_equal(play(&player, &packet), 0);
	assert_int_equal(passed_on, len + 1);
}

static void a_full_recording_is_whole_up_to_its_end(void **state)
{
	struct rotation_limits limits = {.max_bytes = 5000};
	struct recorder *recorder;
	char why[256];
	int records;

	(void)state;
	assert_int_equal(open_limited(&recorder, path, limits), 0);
	assert_false(recorder_is_full(recorder));
	record_packets(recorder, 100);
	assert_true(recorder_is_full(recorder));
	assert_int_equal(recorder_close(recorder), 0);
	assert_in_range(size_of(path), 4700, 5000);
	assert_int_equal(read_all(&records, why, sizeof(why)), 0);
	assert_in_range(records, 10, 60);
}

/* Each file begins with what it is; the last one has the latest records. */
static void a_rotation_keeps_the_latest(void **state)
{
	struct rotation_limits limits = {.max_bytes = 5000, .files = 3};
	char first[64], why[256];
	struct recorder *recorder;
	struct recording *recording;
	struct record record;
	int records, all = 0;

	(void)state;
	strcpy(first, path);
	assert_int_equal(open_limited(&recorder, path, limits), 0);
	record_packets(recorder, 200);
	assert_false(recorder_is_full(recorder));
	assert_int_equal(recorder_close(recorder), 0);
	for (int i = 2; i >= 0; i--) {
		snprintf(path, sizeof(path), i ? "%.50s.%d" : "%.50s", first,
			 i);
		assert_in_range(size_of(path), 200, 5000);
		assert_int_equal(read_all(&records, why, sizeof(why)), 0);
		all += records - 2;
		assert_int_equal(recording_open(&recording, path), 0);
		assert_int_equal(recording_next(recording, &record), 1);
		assert_int_equal(record.type, RECORD_META);
		record_fini(&record);
		assert_int_equal(recording_next(recording, &record), 1);
		assert_int_equal(record.type, RECORD_LOST);
		assert_int_equal(record.lost.cause, LOST_ROTATED);
		recording_close(recording);
		if (i)
			unlink(path);
	}
	assert_in_range(all, 20, 150);
}

static void files_of_a_rotation_are_new_or_there_are_none(void **state)
{
	struct rotation_limits limits = {.max_bytes = 5000, .files = 3};
	struct recorder *recorder;
	char third[70];

	(void)state;
	snprintf(third, sizeof(third), "%.60s.2", path);
	assert_int_equal(symlink("/nowhere/else", third), 0);
	assert_int_equal(open_limited(&recorder, path, limits), -EEXIST);
	assert_int_equal(size_of(path), -1);
	unlink(third);
	write_text(""); /* for tear_down() */
}

static void an_error_of_writing_is_kept(void **state)
{
	struct record lost = {.type = RECORD_LOST,
			      .lost = {.witness = WITNESS_WIRE}};
	FILE *full = fopen("/dev/full", "w");
	int err;

	(void)state;
	write_text(""); /* for tear_down() */
	setvbuf(full, NULL, _IONBF, 0);
	err = recording_write(full, &lost);
	fclose(full);
	assert_int_equal(err, -ENOSPC);
}

static void damage_is_told_by_line(void **state)
{
	static const struct {
		const char *text;
		int records;
		const char *why;
	} damaged[] = {
		{"", 0, ":1: not a recording: the file is empty"},
		{"hello\n", 0, ":1: not a recording: the first line is not"},
		{LOST, 0, ":1: not a recording: the first line is not a meta"},
		{"{\"type\":\"weather\"}\n", 0, ":1: not a recording"},
		{"{\"type\":\"meta\",\"version\":9}\n", 0, ":1: version 9"},
		{META LOST "}\n" LOST, 2, ":3: not a record: the line is not"},
		{META "\n", 1, ":2: not a record"},
		{META LOST "{\"type\":\"lo", 2, ":3: cut off: the last line"},
		{META "{\"type\":\"lost\"}\n", 1, ":2: \"witness\" is not"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(damaged) / sizeof(damaged[0]); i++) {
		char why[256];
		int records;

		write_text(damaged[i].text);
		assert_int_equal(read_all(&records, why, sizeof(why)),
				 -EBADMSG);
		assert_int_equal(records, damaged[i].records);
		assert_int_equal(strncmp(why, path, strlen(path)), 0);
		assert_non_null(strstr(why, damaged[i].why));
	}
}

/* A record that is not known, of @bytes with its newline, as the second line. */
static void write_long(size_t bytes, const char *filling)
{
	const char *head = "{\"type\":\"weather\",\"x\":[", *tail = "0]}";
	size_t len = strlen(head);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(META, file);
	fputs(head, file);
	for (; len + strlen(filling) + strlen(tail) < bytes;
	     len += strlen(filling))
		fputs(filling, file);
	fprintf(file, "%*s\n" LOST, (int)(bytes - len - 1), tail);
	fclose(file);
}

static void a_line_has_a_limit(void **state)
{
	char why[256];
	int records;

	(void)state;
	write_long(LINE_BYTES_MAX, "1,");
	assert_int_equal(read_all(&records, why, sizeof(why)), 0);
	assert_int_equal(records, 2);
	write_long(LINE_BYTES_MAX + 1, "1,");
	assert_int_equal(read_all(&records, why, sizeof(why)), -EBADMSG);
	assert_int_equal(records, 1);
	assert_non_null(strstr(why, ":2: the line is longer than 1 MiB"));
	write_long(LINE_BYTES_MAX, "{},");
	assert_int_equal(read_all(&records, why, sizeof(why)), -EBADMSG);
	assert_non_null(strstr(why, ":2: not a record: the line has too many"));
}

static void what_is_not_known_is_passed_over(void **state)
{
	char why[256];
	int records;

	(void)state;
	write_text(META "{\"type\":\"weather\"}\n" LOST LOST);
	assert_int_equal(read_all(&records, why, sizeof(why)), 0);
	assert_int_equal(records, 3);
}

static void a_folder_is_no_recording(void **state)
{
	struct recording *recording;
	struct record record;

	(void)state;
	write_text("");
	assert_int_equal(recording_open(&recording, "/nowhere"), -ENOENT);
	assert_null(recording);
	assert_int_equal(recording_open(&recording, dir), 0);
	assert_int_equal(recording_next(recording, &record), -EISDIR);
	assert_non_null(strstr(recording_why(recording), "Is a directory"));
	recording_close(recording);
	recording_close(NULL);
	assert_int_equal(recorder_close(NULL), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static const struct CMUnitTest tests[] = {
	TEST(what_is_recorded_is_read),
	TEST(an_existing_file_or_link_is_not_written),
	TEST(a_full_recording_is_whole_up_to_its_end),
	TEST(a_rotation_keeps_the_latest),
	TEST(files_of_a_rotation_are_new_or_there_are_none),
	TEST(an_error_of_writing_is_kept),
	TEST(damage_is_told_by_line),
	TEST(a_line_has_a_limit),
	TEST(what_is_not_known_is_passed_over),
	TEST(a_folder_is_no_recording),
};

TAP_MAIN(tests)
