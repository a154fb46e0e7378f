// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Fuzzes the contents of the ring buffer: events of any content and any length,
 * one after the other, through one decoder.
 *
 *   in:  records, each after a byte: 0 a struct event, 1 one with a stack,
 *        else so many bytes
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "kernel/decode.h"

static void check(const struct record *record)
{
	assert(memchr(record->comm, 0, sizeof(record->comm)));
	switch (record->type) {
	case RECORD_ENTER:
	case RECORD_EXIT:
		assert(record->syscall.id > CALL_NONE &&
		       record->syscall.id < CALL_MAX);
		break;
	case RECORD_CALL:
		assert(*record->call.step && *record->call.function);
		assert(record->call.context == CONTEXT_TASK ||
		       record->call.context == CONTEXT_SOFTIRQ);
		assert(record->call.stack_len <= STACK_FRAMES);
		for (unsigned int i = 0; i < record->call.stack_len; i++)
			assert(*record->call.stack[i]);
		break;
	case RECORD_PACKET:
		assert(record->packet.direction == DIRECTION_OUT ||
		       record->packet.direction == DIRECTION_IN);
		assert(memchr(record->packet.iface, 0, IFNAME_BYTES));
		break;
	case RECORD_ICMP:
		assert(record->icmp.direction == DIRECTION_OUT ||
		       record->icmp.direction == DIRECTION_IN);
		assert(memchr(record->icmp.iface, 0, IFNAME_BYTES));
		break;
	default:
		assert(record->type == RECORD_STATE);
	}
}

/* The next record in a block of its own: ASan stands at its end. */
static size_t decode_next(struct decoder *decoder, const uint8_t *data,
			  size_t size)
{
	static const size_t sizes[] = {sizeof(struct event),
				       sizeof(struct event_stack)};
	size_t bytes = data[0] < 2 ? sizes[data[0]] : data[0];
	struct record record;
	void *event;

	if (bytes > size - 1)
		bytes = size - 1;
	event = malloc(bytes);
	if (!event)
		return size;
	memcpy(event, data + 1, bytes);
	if (decode_event(decoder, event, bytes, &record) == 0) {
		check(&record);
		record_fini(&record);
	}
	free(event);
	return 1 + bytes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct ksyms *ksyms;
	static struct plan plan;
	struct decoder decoder = {.plan = &plan, .netns = 4026531840u};

	if (!ksyms) {
		plan_init(&plan, true, true);
		ksyms_load(&ksyms, "tests/fuzz/kallsyms");
	}
	decoder.ksyms = ksyms;
	for (size_t at = 0; at < size;)
		at += decode_next(&decoder, data + at, size - at);
	decoder_fini(&decoder);
	return 0;
}
