// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Has libpcap compile a filter. See filter_compile.h.
 *
 * The program is not optimized. The optimizer gives a question for fragments
 * the form that `port` has. And the optimizer of libpcap 1.10.3 is wrong about
 * some programs: 'not (not (src and dst net fd00::/127 and port 7) and net
 * fd00::/127)' passes a packet from fd00::1 to fd00::2 with port 8.
 */
#include "filter_compile.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>

#define SNAPSHOT 65535

static int take_program(struct flow_filter **filter, const char *text,
			const struct bpf_program *program,
			char why[static FLOW_FILTER_WHY])
{
	struct flow_insn *insns = calloc(program->bf_len, sizeof(*insns));
	int err;

	if (!insns)
		return -ENOMEM;
	for (unsigned int i = 0; i < program->bf_len; i++) {
		insns[i].code = program->bf_insns[i].code;
		insns[i].jt = program->bf_insns[i].jt;
		insns[i].jf = program->bf_insns[i].jf;
		insns[i].k = program->bf_insns[i].k;
	}
	err = flow_filter_new(filter, text, insns, program->bf_len, why);
	free(insns);
	return err;
}

int filter_compile(struct flow_filter **filter, const char *text,
		   char why[static FLOW_FILTER_WHY])
{
	struct bpf_program program;
	pcap_t *handle = pcap_open_dead(DLT_RAW, SNAPSHOT);
	int err;

	*filter = NULL;
	if (!handle)
		return -ENOMEM;
	if (pcap_compile(handle, &program, text, 0, PCAP_NETMASK_UNKNOWN)) {
		snprintf(why, FLOW_FILTER_WHY, "%s", pcap_geterr(handle));
		pcap_close(handle);
		return -EINVAL;
	}
	err = take_program(filter, text, &program, why);
	pcap_freecode(&program);
	pcap_close(handle);
	return err;
}
