/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Descriptors whose last close(2) makes the kernel wait. A kprobe's waits for
 * RCU: 80 to 115 ms each, one after the other, in the lab VM.
 */
#ifndef DIALTONE_RELEASE_H
#define DIALTONE_RELEASE_H

/*
 * Starts a child that holds every BPF and perf descriptor of this process, and
 * nothing else, and ends at once: so it is the child that waits, in a session
 * of its own, while this process closes them without delay and exits. If there
 * can be no child, this process waits. The child is named tracer-release.
 */
void release_in_child(void);

#endif
