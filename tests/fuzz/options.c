// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Fuzzes the command line of `tracer udp`, `tcp`, `both`: what argp(3) hands to
 * tracer/options.c and target.c, in any order and with any argument.
 *
 *   in:  a line for each: "-p 42", "--port 9007", "-a", anything else is an
 *        argument of a command
 *
 * argp itself is not under test: arguments_parse(), which calls it, is wrapped
 * (ld --wrap), and so is argp_error(), which ends the program where this one takes the next input.
 */
#include <argp.h>
#include <assert.h>
#include <errno.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "options.h"
#include "wire/filter_compile.h"

#define CHILDREN  4 /* more than a parser has */
#define MAX_WORDS 64

void __wrap_arguments_parse(const struct argp *argp, int argc, char **argv,
			    unsigned int flags, void *input);
void __wrap_argp_error(const struct argp_state *state, const char *format, ...);

static jmp_buf refused;

void __wrap_argp_error(const struct argp_state *state, const char *format, ...)
{
	(void)state;
	(void)format;
	longjmp(refused, 1);
}

/* libpcap's part: see tests/capture/test_filter_compile.c. */
int filter_compile(struct flow_filter **filter, const char *text,
		   char why[static FLOW_FILTER_WHY])
{
	*filter = NULL;
	snprintf(why, FLOW_FILTER_WHY, "a filter");
	return *text ? 0 : -EINVAL;
}

static const struct argp_option *find(const struct argp_option *option,
				      const char *word)
{
	size_t len = strcspn(word, " ");

	for (; option->name || option->key; option++)
		if (option->name && !strncmp(word, "--", 2) &&
		    strlen(option->name) == len - 2 &&
		    !strncmp(word + 2, option->name, len - 2))
			return option;
		else if (len == 2 && word[0] == '-' && option->key == word[1])
			return option;
	return NULL;
}

/* One option of the table, or an argument: 0, or ARGP_ERR_UNKNOWN. */
static error_t take(const struct argp *argp, char *word,
		    struct argp_state *state)
{
	const struct argp_option *option = find(argp->options, word);
	char *arg = strchr(word, ' ');

	if (!option)
		return ARGP_ERR_UNKNOWN;
	if (!option->arg)
		return argp->parser(option->key, NULL, state);
	return arg ? argp->parser(option->key, arg + 1, state) : 0;
}

/* The same, by the first child that knows the option. */
static error_t take_by_children(const struct argp_child *children, char *word,
				const struct argp_state *state)
{
	error_t err = ARGP_ERR_UNKNOWN;

	for (int i = 0; children[i].argp && err == ARGP_ERR_UNKNOWN; i++) {
		struct argp_state of_child = *state;

		assert(i < CHILDREN);
		of_child.input = state->child_inputs[i];
		err = take(children[i].argp, word, &of_child);
	}
	return err;
}

/*
 * As argp does: options and their arguments, then the rest, then the end; of a
 * parser and its children.
 */
void __wrap_arguments_parse(const struct argp *argp, int argc, char **argv,
			    unsigned int flags, void *input)
{
	const struct argp_child *children = argp->children;
	void *child_inputs[CHILDREN] = {NULL};
	struct argp_state state = {.root_argp = argp,
				   .argc = argc,
				   .argv = argv,
				   .input = input,
				   .child_inputs = child_inputs};

	(void)flags;
	argp->parser(ARGP_KEY_INIT, NULL, &state);
	for (state.next = 1; state.next < argc;) {
		char *word = argv[state.next++];

		if (take(argp, word, &state) &&
		    take_by_children(children, word, &state))
			argp->parser(ARGP_KEY_ARG, word, &state);
	}
	for (int i = 0; children[i].argp; i++) {
		struct argp_state of_child = state;

		of_child.input = child_inputs[i];
		children[i].argp->parser(ARGP_KEY_END, NULL, &of_child);
	}
	argp->parser(ARGP_KEY_END, NULL, &state);
}

static void check(const struct trace_options *options)
{
	const struct live_options *live = &options->live;
	const struct target *target = &live->target;

	assert(live->udp || live->tcp);
	assert(live->tier == TIER_KPROBE || live->tier == TIER_TRACEPOINT);
	assert(target->comms_len <= FILTER_COMMS);
	for (unsigned int i = 0; i < target->comms_len; i++)
		assert(*target->comms[i] &&
		       memchr(target->comms[i], 0, COMM_BYTES));
	assert(!(live->ring_bytes & (live->ring_bytes - 1)));
	assert(options->forced_len <= MAX_FORCED);
	assert(options->seconds >= 0 && options->seconds <= 1e6);
	assert(!(options->show.json && options->show.quiet));
	assert(target->command || target->pid || target->comms_len ||
	       target->everybody);
}

static void parse(int argc, char **argv)
{
	struct trace_options options;

	if (setjmp(refused))
		return;
	options_parse(&options, argc, argv);
	check(&options);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {"udp", "tcp", "both"};
	char *text = malloc(size + 1), *rest = text;
	char *argv[MAX_WORDS + 1];
	int argc = 0;

	if (!text)
		return -1;
	memcpy(text, data, size);
	text[size] = '\0';
	argv[argc++] = (char *)names[size % 3];
	while (rest && argc < MAX_WORDS)
		argv[argc++] = strsep(&rest, "\n");
	argv[argc] = NULL;
	parse(argc, argv);
	free(text);
	return 0;
}
