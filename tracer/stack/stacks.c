// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Folds stacks. See stacks.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "record/hash.h"
#include "stacks.h"

/* Two calls with equal keys have the same stack; the key has no gaps. */
struct key_head {
	uint32_t pid, tid;
	char comm[COMM_BYTES];
	uint16_t function, context;
	uint32_t kernel_len, user_len;
};

struct stack_key {
	struct key_head head;
	uint32_t pad;
	uint64_t frames[2 * STACK_DEPTH];
};

struct stack_entry {
	UT_hash_handle hh;
	struct stack stack;
	size_t key_bytes;
	struct stack_key key; /* as much of it as @key_bytes say */
};

/* How many frames bpf_get_stack() has written; less than 0: an error. */
static unsigned int frames_in(int32_t bytes)
{
	return bytes > 0 ? bytes / sizeof(uint64_t) : 0;
}

/* If a stack is shorter than its bytes, the rest is zero. */
static unsigned int until_zero(const __u64 *frames, unsigned int len)
{
	unsigned int i = 0;

	while (i < len && frames[i])
		i++;
	return i;
}

/* Is the event as long as it claims? */
static bool is_whole(const struct stack_event *event, size_t bytes)
{
	size_t kernel = frames_in(event->kernel_bytes);
	size_t user = frames_in(event->user_bytes);

	if (kernel > STACK_DEPTH || user > STACK_DEPTH ||
	    event->function >= STACK_FUNCTIONS)
		return false;
	if (user)
		return bytes >= sizeof(*event);
	return bytes >= offsetof(struct stack_event, kernel) +
				kernel * sizeof(event->kernel[0]);
}

/* Returns the key's length in bytes. */
static size_t stack_make_key(struct stack_key *key,
			     const struct stack_event *event)
{
	struct key_head *head = &key->head;
	unsigned int kernel = frames_in(event->kernel_bytes);
	unsigned int user = frames_in(event->user_bytes);

	*head = (struct key_head){
		.pid = event->pid,
		.tid = event->tid,
		.function = event->function,
		.context = event->context,
		.kernel_len = until_zero(event->kernel, kernel),
	};
	key->pad = 0;
	memcpy(head->comm, event->comm, sizeof(head->comm));
	memcpy(key->frames, event->kernel,
	       head->kernel_len * sizeof(key->frames[0]));
	if (user) {
		head->user_len = until_zero(event->user, user);
		memcpy(key->frames + head->kernel_len, event->user,
		       head->user_len * sizeof(key->frames[0]));
	}
	return offsetof(struct stack_key, frames) +
	       (head->kernel_len + head->user_len) * sizeof(key->frames[0]);
}

static int list_add(struct stacks *stacks, struct stack *stack)
{
	if (stacks->len == stacks->room) {
		size_t room = stacks->room ? 2 * stacks->room : 64;
		void *list = reallocarray(stacks->list, room, sizeof(void *));

		if (!list)
			return -ENOMEM;
		stacks->list = list;
		stacks->room = room;
	}
	stacks->list[stacks->len++] = stack;
	return 0;
}

static struct stack_entry *entry_new(struct stacks *stacks,
				     const struct stack_event *event,
				     const struct stack_key *key,
				     size_t key_bytes)
{
	size_t bytes = offsetof(struct stack_entry, key) + key_bytes;
	struct stack_entry *entry = malloc(bytes);

	if (!entry)
		return NULL;
	memset(entry, 0, offsetof(struct stack_entry, key));
	memcpy(&entry->key, key, key_bytes);
	entry->key_bytes = key_bytes;
	entry->stack = (struct stack){
		.first_ns = event->ts_ns,
		.pid = event->pid,
		.tid = event->tid,
		.function = event->function,
		.context = event->context,
		.kernel_len = key->head.kernel_len,
		.user_len = key->head.user_len,
		.deeper = key->head.kernel_len == STACK_DEPTH,
		.user_err = event->user_bytes < 0 ? event->user_bytes : 0,
		.frames = entry->key.frames,
	};
	memcpy(entry->stack.comm, event->comm, sizeof(entry->stack.comm));
	HASH_ADD_KEYPTR(hh, stacks->table, &entry->key, key_bytes, entry);
	if (entry->hh.tbl && list_add(stacks, &entry->stack) == 0)
		return entry;
	if (entry->hh.tbl)
		HASH_DEL(stacks->table, entry);
	free(entry);
	return NULL;
}

int stacks_add(struct stacks *stacks, const void *data, size_t bytes)
{
	const struct stack_event *event = data;
	struct stack_entry *entry;
	struct stack_key key;
	size_t key_bytes;

	if (bytes < offsetof(struct stack_event, kernel) ||
	    !is_whole(event, bytes))
		return -EBADMSG;
	if (stacks->most && stacks->calls == stacks->most)
		return 0;
	key_bytes = stack_make_key(&key, event);
	stacks->calls++;
	HASH_FIND(hh, stacks->table, &key, key_bytes, entry);
	if (!entry && stacks->len == STACKS_MAX) {
		stacks->beyond++;
		return 0;
	}
	if (!entry)
		entry = entry_new(stacks, event, &key, key_bytes);
	if (!entry)
		return -ENOMEM;
	entry->stack.count++;
	return 0;
}

static void entry_free(struct stack_entry *entry)
{
	struct stack *stack = &entry->stack;
	unsigned int len = stack->kernel_len + stack->user_len;

	for (unsigned int i = 0; stack->names && i < len; i++)
		free(stack->names[i]);
	free(stack->names);
	free(entry);
}

void stacks_fini(struct stacks *stacks)
{
	hash_empty(stacks->table, entry_free);
	free(stacks->list);
	*stacks = (struct stacks){0};
}

static void name_user(const struct stack *stack, unsigned int frame,
		      struct user_namer *user, char buf[FRAME_NAME])
{
	struct user_address at = {
		.pid = stack->pid,
		.returns = frame > stack->kernel_len,
		.ns = stack->first_ns,
		.address = stack->frames[frame],
	};

	user->name(user, &at, buf);
}

int stack_names_fill(struct stack *stack, const struct ksyms *ksyms,
		     struct user_namer *user)
{
	unsigned int len = stack->kernel_len + stack->user_len;
	char buf[FRAME_NAME];

	stack->names = calloc(len + 1, sizeof(*stack->names));
	if (!stack->names)
		return -ENOMEM;
	for (unsigned int i = 0; i < len; i++) {
		if (i < stack->kernel_len)
			ksyms_name(ksyms, stack->frames[i], buf);
		else
			name_user(stack, i, user, buf);
		stack->names[i] = strdup(buf);
		if (!stack->names[i])
			return -ENOMEM;
	}
	return 0;
}

size_t stack_name_bare(const char *name)
{
	const char *plus = strstr(name, "+0x");
	size_t len = strcspn(name, " ");

	return plus && (size_t)(plus - name) < len ? (size_t)(plus - name) :
						     len;
}

/*
 * Where serving softirqs begins, as seen on Debian's kernels: on 5.10
 * __softirqentry_text_start, a second name of __do_softirq; on 6.1, 6.12 and
 * 7.2 handle_softirqs, which took over its loop (kernel/softirq.c), and on
 * arm64 below that __do_softirq, which calls it there and does not jump to it.
 */
static bool enters_softirq(const char *name)
{
	static const char *const entries[] = {"handle_softirqs", "__do_softirq",
					      "__softirqentry_text_start"};
	size_t len = stack_name_bare(name);

	for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++)
		if (strlen(entries[i]) == len &&
		    memcmp(entries[i], name, len) == 0)
			return true;
	return false;
}

unsigned int stack_names_own(const struct stack *stack)
{
	if (stack->context != CONTEXT_SOFTIRQ)
		return stack->kernel_len;
	for (unsigned int i = 0; i < stack->kernel_len; i++) {
		if (!enters_softirq(stack->names[i]))
			continue;
		while (++i < stack->kernel_len &&
		       enters_softirq(stack->names[i]))
			;
		return i;
	}
	return stack->kernel_len;
}
