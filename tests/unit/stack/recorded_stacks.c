// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Stacks from a recording. See recorded_stacks.h. */
#include "tap_main.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "recorded_stacks.h"
#include "stack/stacks.h"

#define SYMBOLS 512
#define BASE    0xffffffff81000000
#define APART   0x10000

/* The symbols met so far; the n-th stands at BASE + n * APART. */
struct symbols {
	char names[SYMBOLS][64];
	unsigned int len;
};

static uint64_t address_of(struct symbols *symbols, const char *frame)
{
	size_t len = stack_name_bare(frame);
	unsigned int i = 0;
	char *end;

	while (i < symbols->len && (strlen(symbols->names[i]) != len ||
				    memcmp(symbols->names[i], frame, len)))
		i++;
	assert_true(i < SYMBOLS && len < sizeof(symbols->names[i]));
	if (i == symbols->len)
		memcpy(symbols->names[symbols->len++], frame, len);
	assert_memory_equal(frame + len, "+0x", 3);
	return BASE + i * APART + strtoull(frame + len + 3, &end, 16);
}

static const char *text(const json_t *object, const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));

	assert_non_null(value);
	return value;
}

static uint64_t number(const json_t *object, const char *key)
{
	json_t *value = json_object_get(object, key);

	assert_true(json_is_integer(value));
	return json_integer_value(value);
}

static unsigned int number_of(const struct stack_plan *plan,
			      const char *function)
{
	for (unsigned int i = 0; i < plan->len; i++)
		if (strcmp(plan->functions[i].symbol, function) == 0)
			return i;
	fail_msg("%s is no function of the recording", function);
	return 0;
}

static void add_function(struct recorded *recorded, const json_t *object)
{
	struct stack_function *function =
		&recorded->plan.functions[recorded->plan.len++];

	function->asked = strdup(text(object, "asked"));
	function->symbol = strdup(text(object, "function"));
	function->counts.hits = number(object, "hits");
	function->counts.followed = number(object, "calls");
	function->counts.softirq = number(object, "softirq_elsewhere");
	function->heard_before = function->heard_after =
		strcmp(text(object, "probe"), "tested") == 0;
}

static void add_stack(struct recorded *recorded, struct symbols *symbols,
		      const json_t *object)
{
	const json_t *kernel = json_object_get(object, "kernel");
	struct stack_event event = {
		.ts_ns = number(object, "ts_ns"),
		.pid = number(object, "pid"),
		.tid = number(object, "tid"),
		.function =
			number_of(&recorded->plan, text(object, "function")),
		.context = strcmp(text(object, "context"), "softirq") ?
				   CONTEXT_TASK :
				   CONTEXT_SOFTIRQ,
		.kernel_bytes = 8 * json_array_size(kernel),
	};

	memcpy(event.comm, text(object, "comm"),
	       strnlen(text(object, "comm"), COMM_BYTES));
	for (size_t i = 0; i < json_array_size(kernel); i++)
		event.kernel[i] = address_of(
			symbols, json_string_value(json_array_get(kernel, i)));
	for (uint64_t i = number(object, "count"); i > 0; i--)
		assert_int_equal(
			stacks_add(&recorded->stacks, &event,
				   offsetof(struct stack_event, kernel) +
					   event.kernel_bytes),
			0);
}

/* Each line of @type goes to one of the two above. */
static void each(struct recorded *recorded, const char *path, const char *type,
		 struct symbols *symbols)
{
	FILE *file = fopen(path, "re");
	json_t *object;

	assert_non_null(file);
	while ((object = json_loadf(file, JSON_DISABLE_EOF_CHECK, NULL))) {
		bool wanted = strcmp(text(object, "type"), type) == 0;

		if (wanted && symbols)
			add_stack(recorded, symbols, object);
		else if (wanted)
			add_function(recorded, object);
		json_decref(object);
	}
	fclose(file);
}

static void load_ksyms(struct ksyms **ksyms, const struct symbols *symbols)
{
	char path[] = "/tmp/dialtone-stacks-XXXXXX";
	FILE *file = fdopen(mkstemp(path), "w");

	assert_non_null(file);
	for (unsigned int i = 0; i < symbols->len; i++)
		fprintf(file, "%llx T %s\n",
			(unsigned long long)BASE + i * APART,
			symbols->names[i]);
	fclose(file);
	assert_int_equal(ksyms_load(ksyms, path), 0);
	unlink(path);
}

void recorded_load(struct recorded *recorded, const char *path)
{
	struct symbols *symbols = calloc(1, sizeof(*symbols));

	*recorded = (struct recorded){0};
	each(recorded, path, "function", NULL);
	each(recorded, path, "stack", symbols);
	load_ksyms(&recorded->ksyms, symbols);
	free(symbols);
	for (size_t i = 0; i < recorded->stacks.len; i++)
		assert_int_equal(stack_names_fill(recorded->stacks.list[i],
						  recorded->ksyms, NULL),
				 0);
	recorded->run = (struct stack_run){
		.plan = &recorded->plan,
		.stacks = &recorded->stacks,
		.canary_sang = true,
	};
	stack_judge(&recorded->run);
}

void recorded_fini(struct recorded *recorded)
{
	for (unsigned int i = 0; i < recorded->plan.len; i++) {
		free((char *)recorded->plan.functions[i].asked);
		free((char *)recorded->plan.functions[i].symbol);
	}
	stacks_fini(&recorded->stacks);
	ksyms_free(recorded->ksyms);
}
