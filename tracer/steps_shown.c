// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Shows rows one by one. See steps_shown.h.
 *
 *   in:  what the views printed, the record that each row came from, keys
 *   out: rows on standard output
 *
 * Keys are read from the terminal itself (/dev/tty), byte by byte, so that the
 * recording may come from standard input. A presenter's remote sends PageDown and
 * PageUp, or arrows.
 */
#include "steps_shown.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define ESCAPE_MS     50 /* the rest of a key comes at once, even over ssh */
#define ROWS_DEFAULT  24
#define CLEAR_SCREEN  "\033[H\033[2J"
#define CLEAR_LINE    "\r\033[K"
#define BOLD(words)   "\033[1m" words "\033[0m"
#define NOT_ANSWERED  (-1)
#define CONTROL(char) ((char)&0x1f)

struct steps_mark {
	uint64_t line; /* the first that the record printed */
	uint64_t ts_ns;
};

/* A row that is shown at once: a line, and the blank lines before it. */
struct steps_row {
	const char *begin;
	size_t len;
	uint64_t ts_ns;
	bool asked;
};

enum key { KEY_OTHER, KEY_FORWARD, KEY_BACK, KEY_QUIT, KEY_DIGIT };

struct stage {
	struct steps_row *rows;
	size_t len, shown;
	int tty;
	bool asking; /* the question stands below the last row */
	int answer;
};

/* ---- what the views print ------------------------------------------------ */

bool steps_wanted(const struct steps *steps)
{
	return steps->keys || steps->real || steps->pace > 0;
}

int steps_open(struct steps *steps)
{
	steps->out = open_memstream(&steps->text, &steps->text_len);
	return steps->out ? 0 : -ENOMEM;
}

static int add_mark(struct steps *steps, uint64_t ts_ns)
{
	if (steps->marks_len == steps->marks_room) {
		size_t room = steps->marks_room ? 2 * steps->marks_room : 64;
		struct steps_mark *marks =
			reallocarray(steps->marks, room, sizeof(*marks));

		if (!marks)
			return -ENOMEM;
		steps->marks = marks;
		steps->marks_room = room;
	}
	steps->marks[steps->marks_len++] =
		(struct steps_mark){.line = steps->lines, .ts_ns = ts_ns};
	return 0;
}

static int add_question(struct steps *steps, uint64_t line)
{
	if (steps->asked_len == steps->asked_room) {
		size_t room = steps->asked_room ? 2 * steps->asked_room : 8;
		uint64_t *asked =
			reallocarray(steps->asked, room, sizeof(*asked));

		if (!asked)
			return -ENOMEM;
		steps->asked = asked;
		steps->asked_room = room;
	}
	steps->asked[steps->asked_len++] = line;
	return 0;
}

static void count_lines(struct steps *steps)
{
	for (; steps->counted < steps->text_len; steps->counted++)
		steps->lines += steps->text[steps->counted] == '\n';
}

/*
 * The entry of a call is printed with what comes next: below it, in which case
 * the question comes between the two, or on the same line as the result.
 */
static int place_question(struct steps *steps, const struct record *record,
			  uint64_t line)
{
	bool at_once = record->type == RECORD_EXIT &&
		       record->tid == steps->entered_tid;

	steps->entered = false;
	return add_question(steps, at_once ? line : line + 1);
}

int steps_note(struct steps *steps, const struct record *record)
{
	int err = 0;

	if (fflush(steps->out))
		return -ENOMEM;
	if (steps->text_len > steps->counted) {
		err = add_mark(steps, record->ts_ns);
		if (!err && steps->entered)
			err = place_question(steps, record, steps->lines);
		count_lines(steps);
	}
	if (steps->ask && record->type == RECORD_ENTER &&
	    record->syscall.id == CALL_CONNECT) {
		steps->entered = true;
		steps->entered_tid = record->tid;
	}
	return err;
}

void steps_fini(struct steps *steps)
{
	if (steps->out)
		fclose(steps->out);
	free(steps->text);
	free(steps->marks);
	free(steps->asked);
}

/* ---- rows ---------------------------------------------------------------- */

static bool is_asked(const struct steps *steps, uint64_t line)
{
	for (size_t i = 0; i < steps->asked_len; i++)
		if (steps->asked[i] == line)
			return true;
	return false;
}

static uint64_t line_ts_ns(const struct steps *steps, uint64_t line,
			   size_t *mark)
{
	while (*mark + 1 < steps->marks_len &&
	       steps->marks[*mark + 1].line <= line)
		(*mark)++;
	return steps->marks_len ? steps->marks[*mark].ts_ns : 0;
}

/* 0 or -ENOMEM */
static int make_rows(const struct steps *steps, struct stage *stage)
{
	const char *begin = steps->text, *end = begin + steps->text_len;
	uint64_t line = 0;
	size_t mark = 0;
	bool asked = false;

	stage->rows = calloc(steps->lines + 1, sizeof(*stage->rows));
	if (!stage->rows)
		return -ENOMEM;
	for (const char *at = begin; at < end; line++) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		const char *next = stop ? stop + 1 : end;

		asked |= is_asked(steps, line);
		if (next - at > 1 || next == end) {
			stage->rows[stage->len++] = (struct steps_row){
				.begin = begin,
				.len = (size_t)(next - begin),
				.ts_ns = line_ts_ns(steps, line, &mark),
				.asked = asked,
			};
			begin = next;
			asked = false;
		}
		at = next;
	}
	return 0;
}

static void show_row(const struct steps_row *row)
{
	fwrite(row->begin, 1, row->len, stdout);
}

/* ---- by time --------------------------------------------------------------- */

static void wait_ns(uint64_t ns)
{
	struct timespec left = {.tv_sec = (time_t)(ns / 1000000000),
				.tv_nsec = (long)(ns % 1000000000)};

	while (nanosleep(&left, &left) && errno == EINTR)
		;
}

static int show_by_time(const struct steps *steps, const struct stage *stage)
{
	for (size_t i = 0; i < stage->len; i++) {
		const struct steps_row *row = &stage->rows[i];

		if (i && steps->real && row->ts_ns > row[-1].ts_ns)
			wait_ns(row->ts_ns - row[-1].ts_ns);
		else if (i && !steps->real)
			wait_ns((uint64_t)(steps->pace * 1e9));
		show_row(row);
		if (fflush(stdout))
			return errno ? -errno : -EIO;
	}
	return 0;
}

/* ---- by keys --------------------------------------------------------------- */

static int terminal_rows(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || size.ws_row < 4)
		return ROWS_DEFAULT;
	return size.ws_row;
}

static void show_status(const struct stage *stage)
{
	if (stage->asking && stage->answer == NOT_ANSWERED)
		fputs(BOLD("How many packets will this connect(2) have put on "
			   "the wire when it returns?") " (0-9)",
		      stdout);
	else if (stage->asking)
		printf(BOLD("You say %d.") " (space: see)", stage->answer);
	else if (stage->shown == stage->len)
		fputs("(the end; q: leave)", stdout);
	else
		printf("(%zu of %zu; space or →: next, ←: back, q: leave)",
		       stage->shown, stage->len);
	fflush(stdout);
}

static void show_next(struct stage *stage)
{
	fputs(CLEAR_LINE, stdout);
	if (stage->asking && stage->answer != NOT_ANSWERED)
		printf("You said %d.\n", stage->answer);
	show_row(&stage->rows[stage->shown++]);
	stage->asking = false;
}

/* From the top: the rows that fit, the last of them at the bottom. */
static void show_again(const struct stage *stage)
{
	size_t room = (size_t)terminal_rows() - 1, first = stage->shown;

	for (size_t lines = 0; first; first--) {
		const struct steps_row *row = &stage->rows[first - 1];

		for (size_t i = 0; i < row->len; i++)
			lines += row->begin[i] == '\n';
		if (lines > room)
			break;
	}
	fputs(CLEAR_SCREEN, stdout);
	for (; first < stage->shown; first++)
		show_row(&stage->rows[first]);
}

static void go_forward(struct stage *stage)
{
	if (stage->shown == stage->len)
		return;
	if (stage->rows[stage->shown].asked && !stage->asking) {
		stage->asking = true;
		stage->answer = NOT_ANSWERED;
		fputs(CLEAR_LINE, stdout);
		return;
	}
	show_next(stage);
}

static void go_back(struct stage *stage)
{
	if (stage->asking)
		stage->asking = false;
	else if (stage->shown)
		stage->shown--;
	show_again(stage);
}

/* -1: nothing came. */
static int read_byte(int tty, int timeout_ms)
{
	struct pollfd fd = {.fd = tty, .events = POLLIN};
	unsigned char byte;

	if (poll(&fd, 1, timeout_ms) <= 0)
		return -1;
	return read(tty, &byte, 1) == 1 ? byte : -1;
}

/* After ESC [ or ESC O: a letter, or a number and "~". */
static enum key read_escape(int tty)
{
	int lead = read_byte(tty, ESCAPE_MS), byte, last = 0;

	if (lead != '[' && lead != 'O')
		return KEY_OTHER;
	while ((byte = read_byte(tty, ESCAPE_MS)) >= '0' && byte <= ';')
		last = byte;
	if (byte == 'C' || byte == 'B' || (byte == '~' && last == '6'))
		return KEY_FORWARD; /* →, ↓, PageDown */
	if (byte == 'D' || byte == 'A' || (byte == '~' && last == '5'))
		return KEY_BACK; /* ←, ↑, PageUp */
	return KEY_OTHER;
}

static enum key read_key(struct stage *stage)
{
	int byte = read_byte(stage->tty, -1);

	switch (byte) {
	case ' ':
	case '\r':
	case '\n':
		return KEY_FORWARD;
	case 0x7f: /* backspace */
	case CONTROL('H'):
		return KEY_BACK;
	case 'q':
	case CONTROL('C'):
	case CONTROL('D'):
	case -1: /* the terminal is gone */
		return KEY_QUIT;
	case 0x1b:
		return read_escape(stage->tty);
	default:
		if (byte < '0' || byte > '9')
			return KEY_OTHER;
		if (stage->asking)
			stage->answer = byte - '0';
		return KEY_DIGIT;
	}
}

static void follow_keys(struct stage *stage)
{
	fputs(CLEAR_SCREEN, stdout);
	for (;;) {
		show_status(stage);
		switch (read_key(stage)) {
		case KEY_FORWARD:
			go_forward(stage);
			break;
		case KEY_BACK:
			go_back(stage);
			break;
		case KEY_QUIT:
			fputs(CLEAR_LINE, stdout);
			return;
		case KEY_DIGIT:
		case KEY_OTHER:
			fputs(CLEAR_LINE, stdout);
		}
	}
}

static struct termios terminal_before;
static int terminal_fd;

static void restore_and_end(int number)
{
	tcsetattr(terminal_fd, TCSANOW, &terminal_before);
	signal(number, SIG_DFL);
	raise(number);
}

static int show_by_keys(struct stage *stage)
{
	static const int ends[] = {SIGTERM, SIGHUP, SIGQUIT};
	struct termios raw;

	if (!isatty(STDOUT_FILENO))
		return -ENOTTY;
	stage->tty = open("/dev/tty", O_RDWR | O_CLOEXEC);
	if (stage->tty < 0 || tcgetattr(stage->tty, &terminal_before)) {
		if (stage->tty >= 0)
			close(stage->tty);
		return -ENOTTY;
	}
	terminal_fd = stage->tty;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		signal(ends[i], restore_and_end);
	raw = terminal_before;
	raw.c_lflag &= (tcflag_t) ~(ICANON | ECHO | ISIG);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	tcsetattr(stage->tty, TCSANOW, &raw);
	follow_keys(stage);
	tcsetattr(stage->tty, TCSANOW, &terminal_before);
	close(stage->tty);
	errno = 0;
	return fflush(stdout) ? (errno ? -errno : -EIO) : 0;
}

int steps_show(struct steps *steps)
{
	struct stage stage = {.answer = NOT_ANSWERED};
	int err;

	if (fflush(steps->out))
		return -ENOMEM;
	count_lines(steps);
	err = make_rows(steps, &stage);
	if (!err)
		err = steps->keys ? show_by_keys(&stage) :
				    show_by_time(steps, &stage);
	free(stage.rows);
	return err;
}
