// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* text.c: bounded text; foreign bytes made harmless, and given back. */
#include "tap_main.h"

#include <stdlib.h>
#include <string.h>

#include "record/text.h"

static const char *escape(const char *string, size_t len, bool name)
{
	static char buf[256];
	struct text text;

	text_init(&text, buf, sizeof(buf));
	text_escape(&text, string, len, name);
	return buf;
}

#define ESCAPE(string, name) escape(string, sizeof(string) - 1, name)

static void what_is_printable_stays(void **state)
{
	(void)state;
	assert_string_equal(ESCAPE("curl 7.88", true), "curl 7.88");
	assert_string_equal(ESCAPE("Ünïcode ✓ 🙂", true),
			    "Ünïcode ✓ 🙂");
	assert_string_equal(ESCAPE("a\\b", false), "a\\b");
	assert_string_equal(ESCAPE("", true), "");
}

static void what_moves_a_cursor_is_escaped(void **state)
{
	(void)state;
	assert_string_equal(ESCAPE("\033[2K\r", false), "\\x1b[2K\\x0d");
	assert_string_equal(ESCAPE("a\nb\tc\0d", false), "a\\x0ab\\x09c\\x00d");
	assert_string_equal(ESCAPE("\x7f", false), "\\x7f");
	/* U+009B is CSI, in two bytes */
	assert_string_equal(ESCAPE("\xc2\x9b", false), "\\xc2\\x9b");
	/* U+202E turns the rest of the line round */
	assert_string_equal(ESCAPE("\xe2\x80\xae", false), "\\xe2\\x80\\xae");
	assert_string_equal(ESCAPE("\xe2\x81\xa6", false), "\\xe2\\x81\\xa6");
}

static void what_is_not_utf8_is_escaped(void **state)
{
	(void)state;
	assert_string_equal(ESCAPE("\xff\xfe", false), "\\xff\\xfe");
	assert_string_equal(ESCAPE("a\xc3", false), "a\\xc3");
	assert_string_equal(ESCAPE("\xc3(", false), "\\xc3(");
	/* overlong '/', a surrogate, beyond U+10FFFF */
	assert_string_equal(ESCAPE("\xc0\xaf", false), "\\xc0\\xaf");
	assert_string_equal(ESCAPE("\xed\xa0\x80", false), "\\xed\\xa0\\x80");
	assert_string_equal(ESCAPE("\xf4\x90\x80\x80", false),
			    "\\xf4\\x90\\x80\\x80");
}

static void every_byte_of_a_name_comes_back(void **state)
{
	char name[255], escaped[4 * sizeof(name) + 1], back[256];
	struct text text;

	(void)state;
	for (size_t i = 0; i < sizeof(name); i++)
		name[i] = (char)(i + 1);
	text_init(&text, escaped, sizeof(escaped));
	text_escape(&text, name, sizeof(name), true);
	assert_false(text.cut);
	assert_int_equal(text_unescape(back, sizeof(back), escaped),
			 sizeof(name));
	assert_memory_equal(back, name, sizeof(name));
}

static void what_is_no_escape_is_left_alone(void **state)
{
	char back[16];

	(void)state;
	text_unescape(back, sizeof(back), "\\xzz\\x4");
	assert_string_equal(back, "\\xzz\\x4");
	text_unescape(back, sizeof(back), "\\x5cx41");
	assert_string_equal(back, "\\x41");
	text_unescape(back, 4, "abcdef");
	assert_string_equal(back, "abc");
}

static void a_full_buffer_is_cut_between_characters(void **state)
{
	char buf[8];
	struct text text;

	(void)state;
	text_init(&text, buf, sizeof(buf));
	text_add(&text, "12345");
	assert_false(text.cut);
	text_escape(&text, "€", 3, false);
	assert_true(text.cut);
	assert_string_equal(buf, "12345");
	text_printf(&text, "%d", 678);
	assert_string_equal(buf, "1234567");
	text_add(&text, "9");
	assert_string_equal(buf, "1234567");
}

static void a_stream_gets_the_same_at_any_length(void **state)
{
	char foreign[4000], *written = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&written, &len);

	(void)state;
	assert_non_null(out);
	memset(foreign, '\033', sizeof(foreign) - 1);
	foreign[sizeof(foreign) - 1] = '\0';
	text_write(out, "a → \xff\n");
	text_write(out, foreign);
	fclose(out);
	assert_int_equal(len, strlen("a → \\xff\\x0a") + 3999 * 4);
	assert_int_equal(strncmp(written, "a → \\xff\\x0a\\x1b", 18), 0);
	free(written);
}

static void columns_are_characters(void **state)
{
	(void)state;
	assert_int_equal(text_columns(""), 0);
	assert_int_equal(text_columns("a → b"), 5);
	assert_int_equal(text_first_columns("a → b", 3), 5);
	assert_int_equal(text_first_columns("a → b", 9), 7);
	assert_int_equal(text_first_columns("→", 0), 0);
}

static void a_pid_of_another_namespace_says_so(void **state)
{
	char buf[64];
	struct text text;

	(void)state;
	text_init(&text, buf, sizeof(buf));
	text_pid(&text, 4242);
	text_add(&text, ", ");
	text_pid(&text, 4242 | 0x80000000u);
	assert_string_equal(buf, "4242, 4242 (outside)");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(a_pid_of_another_namespace_says_so),
	cmocka_unit_test(what_is_printable_stays),
	cmocka_unit_test(what_moves_a_cursor_is_escaped),
	cmocka_unit_test(what_is_not_utf8_is_escaped),
	cmocka_unit_test(every_byte_of_a_name_comes_back),
	cmocka_unit_test(what_is_no_escape_is_left_alone),
	cmocka_unit_test(a_full_buffer_is_cut_between_characters),
	cmocka_unit_test(a_stream_gets_the_same_at_any_length),
	cmocka_unit_test(columns_are_characters),
};

TAP_MAIN(tests)
