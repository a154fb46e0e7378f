/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * --netns and --container: the run takes place in another network namespace. Its
 * capture, its self-test, its command and "this network namespace" are there.
 */
#ifndef DIALTONE_NETNS_H
#define DIALTONE_NETNS_H

/* The options' help; both take an argument. */
#define NETNS_HELP \
	"capture, test and run COMMAND in this network namespace: a name of ip-netns(8), a PID, or a path"
#define CONTAINER_HELP \
	"as --netns, with the network namespace of a container: its ID, or the first digits (docker, podman, containerd)"

/*
 * Moves this process into the network namespace @netns (a name in /run/netns,
 * the number of a process, or a path), or into that of the processes of
 * container @container. Either may be NULL; if both are, nothing happens. Call
 * it before a socket is opened. EX_OK, or the exit status after it has printed
 * why it cannot.
 */
int netns_enter(const char *netns, const char *container);

/* The first process of the container that runs here; 0: none; -1: ambiguous. */
int netns_container(const char *id);

#endif
