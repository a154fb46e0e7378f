// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Finds out how this kernel reports the requests of io_uring. The name of the
 * tracepoint and its arguments have changed several times
 * (include/trace/events/io_uring.h); the kernel's own type information says what
 * they are.
 *
 *   in:  BTF of the running kernel
 *   out: which program is loaded, and which of its arguments is the request
 */
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <string.h>

#include "bpf/event.h"
#include "bpf/filter.h"
#include "lab.skel.h"
#include "uring.h"

static const char *name_of(const struct btf *btf, __u32 id)
{
	const struct btf_type *type = btf__type_by_id(btf, id);

	return type ? btf__name_by_offset(btf, type->name_off) : "";
}

static bool is_request(const struct btf *btf, __u32 id)
{
	const struct btf_type *type = btf__type_by_id(btf, id);

	return type && btf_is_ptr(type) &&
	       !strcmp(name_of(btf, type->type), "io_kiocb");
}

/*
 * The arguments of tracepoint @name, as the typedef btf_trace_NAME has them: a
 * pointer to a function, whose first argument is the tracepoint's own.
 */
static const struct btf_type *tracepoint(const struct btf *btf,
					 const char *name)
{
	int id = btf__find_by_name_kind(btf, name, BTF_KIND_TYPEDEF);
	const struct btf_type *type = id > 0 ? btf__type_by_id(btf, id) : NULL;

	type = type ? btf__type_by_id(btf, type->type) : NULL;
	type = type && btf_is_ptr(type) ? btf__type_by_id(btf, type->type) :
					  NULL;
	return type && btf_is_func_proto(type) ? type : NULL;
}

/* Does the tracepoint @name have a request or an opcode, and where? */
static bool find_args(struct lab_bpf *skeleton, const struct btf *btf,
		      const char *name)
{
	const struct btf_type *proto = tracepoint(btf, name);
	const struct btf_param *args = proto ? btf_params(proto) + 1 : NULL;
	int len = proto ? btf_vlen(proto) - 1 : 0;

	for (int i = 0; i < len; i++) {
		if (is_request(btf, args[i].type)) {
			skeleton->rodata->request_arg = i;
			return true;
		}
		if (!strcmp(name_of(btf, args[i].type), "u8")) {
			skeleton->rodata->opcode_arg = i;
			return true;
		}
	}
	return false;
}

void uring_prepare(struct lab_bpf *skeleton, bool wanted)
{
	struct btf *btf = wanted ? btf__load_vmlinux_btf() : NULL;
	bool req = false, sqe = false;

	if (btf && !libbpf_get_error(btf)) {
		req = find_args(skeleton, btf, "btf_trace_io_uring_submit_req");
		sqe = !req &&
		      find_args(skeleton, btf, "btf_trace_io_uring_submit_sqe");
		btf__free(btf);
	}
	bpf_program__set_autoload(skeleton->progs.io_uring_submit_req, req);
	bpf_program__set_autoload(skeleton->progs.io_uring_submit_sqe, sqe);
}
