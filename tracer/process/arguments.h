/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Command lines, by argp(3). A text that is not a number, or is out of range, is
 * reported with argp_error(), which ends the process.
 */
#ifndef DIALTONE_ARGUMENTS_H
#define DIALTONE_ARGUMENTS_H

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>

#define ARGUMENT_BYTES_LEAST (64 << 10)

/*
 * "tracer"; or "dialtone" if .packaging/dialtone, the installed command,
 * started this process: then there is no tracer in the PATH.
 */
const char *arguments_program(void);

/* Prints the version. The exit status. */
int arguments_version(void);

/*
 * argp_parse(3) for a subcommand: its messages call it "tracer NAME", -h is
 * --help, -V is --version, and a wrong command line ends the process with 64
 * (EX_USAGE), help that cannot be written with 74 (EX_IOERR). argv[0] is
 * NAME, before and after. @flags are argp_parse()'s; @input goes to @argp.
 */
void arguments_parse(const struct argp *argp, int argc, char **argv,
		     unsigned int flags, void *input);

/* Has @text only digits, and is it a number in the range? */
bool argument_is_number(const char *text, uint64_t least, uint64_t most,
			uint64_t *value);

/* The whole number @text, from @least to @most, of option @what ("-n"). */
uint64_t argument_number(const struct argp_state *state, const char *what,
			 const char *text, uint64_t least, uint64_t most);

/* Bytes, of option @what: "500000", "64k", "10M", "1G". */
uint64_t argument_bytes(const struct argp_state *state, const char *what,
			const char *text);

/* A file's name, of option or operand @what ("-w", "FILE"): not empty. */
const char *argument_file(const struct argp_state *state, const char *what,
			  const char *text);

/* Seconds, of option @what: above 0, up to a million, with decimals. */
double argument_seconds(const struct argp_state *state, const char *what,
			const char *text);

/*
 * Bytes of a ring buffer, for --ring: a power of two, from a page to 1 GiB
 * (BPF_MAP_TYPE_RINGBUF, Documentation/bpf/ringbuf.rst).
 */
uint32_t argument_ring(const struct argp_state *state, const char *text);

#endif
