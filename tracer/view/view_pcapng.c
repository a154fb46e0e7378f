// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The view for Wireshark: a pcapng file that has the packets, the sender of
 * each, and the system calls between them.
 *
 *   section      the verdicts, as its comment
 *   interface    and at the end its statistics: what was lost
 *   process      one block for each
 *   packet       owner by socket, and a comment: "inside connect(2) of fd 3"
 *   journal      a system call: a line of Wireshark's list of packets
 *
 *   in:  the records that the story shows; the bytes of packets (kept.h)
 *   out: at the close, the file; what has no bytes is not in it
 *
 * The socket decides whose a packet is, never the task that ran when it passed:
 * softirq runs on top of any task.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "record/container_of.h"
#include "record/kept.h"
#include "record/pcapng.h"
#include "record/syscalls.h"
#include "view.h"

#define SOCKETS   1024 /* the latest; older ones are forgotten */
#define CALLS     256  /* that are open at once */
#define PROCESSES 1024
#define TEXT_SIZE 2048
#define NS_PER_US 1000

/* A socket, and what its process did with it last. */
struct owner {
	uint32_t socket; /* 0: none */
	uint8_t proto;
	struct endpoint local, peer;
	uint32_t pid, tid;
	char comm[COMM_BYTES];
	char function[sizeof(((struct record_call *)0)->function)];
	bool softirq;
	const char *call; /* that its task is in; NULL: none */
	int32_t fd;
};

/* The entry of a call, until its exit is written with it. */
struct open_call {
	uint32_t tid; /* 0: none */
	char text[TEXT_SIZE / 2];
};

struct process {
	uint32_t pid;
	char comm[COMM_BYTES];
};

struct pcapng_view {
	struct view view;
	struct view_options options;
	FILE *body; /* packets and calls; the section comes first */
	char *body_text;
	size_t body_len;
	char *verdicts;
	size_t verdicts_len;
	FILE *verdicts_out;
	char kernel[64], iface[IFNAME_BYTES];
	int64_t realtime_minus_monotonic_ns;
	uint64_t last_ns, packets, dropped;
	struct owner owners[SOCKETS];
	unsigned int owners_len; /* so many came; the latest are kept */
	struct open_call calls[CALLS];
	struct process processes[PROCESSES];
	unsigned int processes_len;
	struct pcapng_block block;
};

/* ---- whose a packet is ----------------------------------------------------- */

static struct owner *owner_of_socket(struct pcapng_view *v, uint32_t socket)
{
	for (unsigned int i = 0; socket && i < SOCKETS; i++)
		if (v->owners[i].socket == socket)
			return &v->owners[i];
	return NULL;
}

static struct owner *owner_note(struct pcapng_view *v,
				const struct record *record)
{
	struct owner *owner = owner_of_socket(v, record->socket);
	bool softirq = record->type == RECORD_CALL &&
		       record->call.context == CONTEXT_SOFTIRQ;

	if (!record->socket)
		return NULL;
	if (!owner) {
		owner = &v->owners[v->owners_len++ % SOCKETS];
		*owner = (struct owner){.socket = record->socket,
					.proto = record->proto,
					.fd = -1};
	}
	if (record->local.port)
		owner->local = record->local;
	if (record->peer.port)
		owner->peer = record->peer;
	if (record->pid && !softirq) {
		owner->pid = record->pid;
		owner->tid = record->tid;
		memcpy(owner->comm, record->comm, sizeof(owner->comm));
	}
	return owner;
}

/* The sender's socket, or else the receiver's; the latest of that address. */
static struct owner *owner_of_packet(struct pcapng_view *v,
				     const struct record *packet)
{
	struct owner *found = owner_of_socket(v, packet->socket);

	for (int end = 0; end < 2 && !found; end++) {
		const struct endpoint *own =
			end ? &packet->peer : &packet->local;
		const struct endpoint *other =
			end ? &packet->local : &packet->peer;

		for (unsigned int i = 0; i < SOCKETS; i++) {
			struct owner *owner = &v->owners[i];

			if (owner->socket && owner->pid &&
			    owner->proto == packet->proto &&
			    endpoint_covers(&owner->local, own) &&
			    (!owner->peer.port ||
			     endpoint_equal(&owner->peer, other)))
				found = owner;
		}
	}
	return found;
}

/* An answer to a connect(2) whose socket has no address yet that we know of. */
static struct owner owner_of_connect(const struct connect *connect)
{
	struct owner owner = {
		.pid = connect->pid, .tid = connect->tid, .fd = connect->fd};

	memcpy(owner.comm, connect->comm, sizeof(owner.comm));
	return owner;
}

/* Its number in the section; the processes are written before the packets. */
static uint32_t process_index(struct pcapng_view *v, const struct owner *owner)
{
	for (unsigned int i = 0; i < v->processes_len; i++)
		if (v->processes[i].pid == owner->pid)
			return i;
	if (v->processes_len == PROCESSES)
		return PROCESSES;
	v->processes[v->processes_len].pid = owner->pid;
	memcpy(v->processes[v->processes_len].comm, owner->comm,
	       sizeof(owner->comm));
	return v->processes_len++;
}

/* ---- packets --------------------------------------------------------------- */

static uint64_t real_ns(struct pcapng_view *v, uint64_t ts_ns)
{
	v->last_ns = ts_ns + (uint64_t)v->realtime_minus_monotonic_ns;
	return v->last_ns;
}

/* Not the receiver's: what its kernel did last has not sent the packet. */
static bool is_senders(const struct owner *owner, const struct record *packet)
{
	return packet->socket ? packet->socket == owner->socket :
				endpoint_covers(&owner->local, &packet->local);
}

/* ptcpdump's form, and below it what no other program knows. */
static void comment(struct text *text, const struct owner *owner,
		    const struct record *packet, const struct note *note)
{
	const struct connect *connect = note->connect;

	text_printf(text, "PID: %u\nCmd: ", owner->pid);
	text_escape(text, owner->comm, strnlen(owner->comm, COMM_BYTES), false);
	text_add(text, "\n");
	if (connect && packet->ts_ns >= connect->enter_ns &&
	    (!connect->returned || packet->ts_ns <= connect->exit_ns))
		text_printf(text, "inside connect(2) of fd %d", connect->fd);
	else if (owner->call)
		text_printf(text, "inside %s(2) of fd %d", owner->call,
			    owner->fd);
	else
		text_add(text, "inside no system call");
	if (!is_senders(owner, packet)) {
		text_add(text, ", received");
	} else if (owner->function[0]) {
		text_add(text, ", after ");
		text_escape(text, owner->function,
			    strnlen(owner->function, sizeof(owner->function)),
			    false);
		text_printf(text, "; softirq: %s",
			    owner->softirq ? "yes" : "no");
	}
}

static void add_owner(struct pcapng_view *v, const struct record *packet,
		      const struct note *note)
{
	const struct owner *owner = owner_of_packet(v, packet);
	struct owner receiver;
	uint32_t task[2], index;
	char buf[TEXT_SIZE];
	struct text text;

	if (!owner || !owner->pid) {
		if (!note->connect)
			return;
		receiver = owner_of_connect(note->connect);
		owner = &receiver;
	}
	task[0] = owner->pid;
	task[1] = owner->tid;
	pcapng_option(&v->block, PCAPNG_PACKET_TASK, task, sizeof(task));
	text_init(&text, buf, sizeof(buf));
	comment(&text, owner, packet, note);
	pcapng_option_text(&v->block, PCAPNG_COMMENT, buf);
	index = process_index(v, owner);
	if (index < PROCESSES)
		pcapng_option(&v->block, PCAPNG_PACKET_PROCESS, &index,
			      sizeof(index));
}

static void write_packet(struct pcapng_view *v, const struct record *record,
			 const struct note *note)
{
	const struct kept *kept = v->options.kept;
	const struct kept_packet *packet = kept_packet(kept, record->kept);
	enum event_direction direction = record->type == RECORD_ICMP ?
						 record->icmp.direction :
						 record->packet.direction;

	if (!packet)
		return;
	pcapng_packet(&v->block, &(struct pcapng_packet){
					 .ns = real_ns(v, record->ts_ns),
					 .bytes = kept->bytes + packet->at,
					 .captured = packet->captured,
					 .len = packet->len,
					 .outgoing = direction == DIRECTION_OUT,
				 });
	add_owner(v, record, note);
	pcapng_end_of_options(&v->block);
	pcapng_write(v->body, PCAPNG_PACKET, &v->block);
	v->packets++;
}

/* ---- system calls ------------------------------------------------------------ */

/* journalctl -o export: KEY=value, in microseconds; the file has the order. */
static void write_call(struct pcapng_view *v, const struct record *record,
		       const char *message)
{
	uint64_t real = real_ns(v, record->ts_ns);
	char buf[TEXT_SIZE];
	struct text text;

	text_init(&text, buf, sizeof(buf));
	text_printf(&text,
		    "__REALTIME_TIMESTAMP=%" PRIu64
		    "\n__MONOTONIC_TIMESTAMP=%" PRIu64
		    "\nMESSAGE=%s\nPRIORITY=6\nSYSLOG_IDENTIFIER=",
		    real / NS_PER_US, record->ts_ns / NS_PER_US, message);
	text_escape(&text, record->comm, strnlen(record->comm, COMM_BYTES),
		    false);
	text_printf(&text, "\n_PID=%u\n_COMM=", record->pid);
	text_escape(&text, record->comm, strnlen(record->comm, COMM_BYTES),
		    false);
	text_add(&text, "\n");
	pcapng_begin(&v->block);
	pcapng_bytes(&v->block, buf, (uint32_t)text.len);
	pcapng_write(v->body, PCAPNG_JOURNAL, &v->block);
}

/* The open call of @tid; without one a free place, or NULL. */
static struct open_call *open_call(struct pcapng_view *v, uint32_t tid)
{
	struct open_call *free_one = NULL;

	for (unsigned int i = 0; i < CALLS; i++) {
		if (v->calls[i].tid == tid)
			return &v->calls[i];
		if (!v->calls[i].tid)
			free_one = &v->calls[i];
	}
	return free_one;
}

static void enter_call(struct pcapng_view *v, const struct record *record)
{
	struct owner *owner = owner_note(v, record);
	struct open_call *call = open_call(v, record->tid);
	struct text text;

	if (owner) {
		owner->call = syscall_info(record->syscall.id)->name;
		owner->fd = record->syscall.fd;
	}
	if (!call)
		return;
	call->tid = record->tid;
	text_init(&text, call->text, sizeof(call->text));
	syscall_format_enter(&text, record);
}

static void exit_call(struct pcapng_view *v, const struct record *record)
{
	struct owner *owner = owner_note(v, record);
	struct open_call *call = open_call(v, record->tid);
	char buf[TEXT_SIZE];
	struct text text;

	text_init(&text, buf, sizeof(buf));
	if (call && call->tid)
		text_add(&text, call->text);
	else
		syscall_format_again(&text, record);
	text_add(&text, " ");
	syscall_format_exit(&text, record);
	write_call(v, record, buf);
	if (call)
		call->tid = 0;
	if (owner)
		owner->call = NULL;
}

static void note_function(struct pcapng_view *v, const struct record *record)
{
	struct owner *owner = owner_note(v, record);

	if (!owner)
		return;
	memcpy(owner->function, record->call.function, sizeof(owner->function));
	owner->softirq = record->call.context == CONTEXT_SOFTIRQ;
}

/* ---- the view ---------------------------------------------------------------- */

static int pcapng_open(struct view **view, const struct view_options *options)
{
	struct pcapng_view *v = calloc(1, sizeof(*v));

	if (!v)
		return -ENOMEM;
	v->view.ops = &view_pcapng;
	v->options = *options;
	v->body = open_memstream(&v->body_text, &v->body_len);
	v->verdicts_out = open_memstream(&v->verdicts, &v->verdicts_len);
	if (!v->body || !v->verdicts_out) {
		if (v->body)
			fclose(v->body);
		if (v->verdicts_out)
			fclose(v->verdicts_out);
		free(v->body_text);
		free(v->verdicts);
		free(v);
		return -ENOMEM;
	}
	*view = &v->view;
	return 0;
}

static void begin_run(struct pcapng_view *v, const struct meta *meta)
{
	struct text text;

	v->realtime_minus_monotonic_ns = meta->realtime_minus_monotonic_ns;
	text_init(&text, v->kernel, sizeof(v->kernel));
	text_add(&text, "Linux ");
	if (meta->kernel)
		text_escape(&text, meta->kernel, strlen(meta->kernel), false);
	snprintf(v->iface, sizeof(v->iface), "%s",
		 meta->iface ? meta->iface : "any");
}

static void write_result(FILE *out, enum verdict_result result)
{
	const char *name = verdict_result_name(result);

	for (; *name; name++)
		putc(toupper((unsigned char)*name), out);
	fputs("  ", out);
}

static int pcapng_show(struct view *view, const struct record *record,
		       const struct note *note)
{
	struct pcapng_view *v = container_of(view, struct pcapng_view, view);

	switch (record->type) {
	case RECORD_META:
		begin_run(v, record->meta);
		break;
	case RECORD_ENTER:
		enter_call(v, record);
		break;
	case RECORD_EXIT:
		exit_call(v, record);
		break;
	case RECORD_CALL:
		note_function(v, record);
		break;
	case RECORD_PACKET:
	case RECORD_ICMP:
		write_packet(v, record, note);
		break;
	case RECORD_LOST:
		if (record->lost.witness == WITNESS_WIRE)
			v->dropped += record->lost.count;
		break;
	case RECORD_VERDICT:
		write_result(v->verdicts_out, record->verdict->result);
		text_write(v->verdicts_out, record->verdict->summary);
		putc('\n', v->verdicts_out);
		break;
	default:
		break;
	}
	return ferror(v->body) || ferror(v->verdicts_out) ? -ENOMEM : 0;
}

static void write_processes(struct pcapng_view *v)
{
	for (unsigned int i = 0; i < v->processes_len; i++) {
		const struct process *process = &v->processes[i];
		char comm[4 * COMM_BYTES + 1];
		struct text text;

		text_init(&text, comm, sizeof(comm));
		text_escape(&text, process->comm,
			    strnlen(process->comm, COMM_BYTES), false);
		pcapng_begin(&v->block);
		pcapng_u32(&v->block, process->pid);
		pcapng_option_text(&v->block, PCAPNG_PROCESS_NAME, comm);
		pcapng_end_of_options(&v->block);
		pcapng_write(v->options.out, PCAPNG_PROCESS, &v->block);
	}
}

static int pcapng_close(struct view *view)
{
	struct pcapng_view *v = container_of(view, struct pcapng_view, view);
	FILE *out = v->options.out;
	size_t comment;
	int err = 0;

	if (fclose(v->body))
		err = -ENOMEM;
	if (fclose(v->verdicts_out))
		err = -ENOMEM;
	comment = v->verdicts_len ? v->verdicts_len - 1 : 0; /* no newline */
	if (!err) {
		pcapng_write_section(out, &v->block, v->kernel, v->verdicts,
				     comment);
		pcapng_write_interface(out, &v->block, v->iface, v->kernel);
		write_processes(v);
		fwrite(v->body_text, 1, v->body_len, out);
		pcapng_write_statistics(out, &v->block, v->last_ns, v->packets,
					v->dropped);
	}
	free(v->body_text);
	free(v->verdicts);
	free(v);
	return err;
}

const struct view_ops view_pcapng = {
	.name = "pcapng",
	.open = pcapng_open,
	.show = pcapng_show,
	.close = pcapng_close,
};
