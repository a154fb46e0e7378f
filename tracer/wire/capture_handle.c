// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Opens libpcap so that no packet is missed, seen twice, or seen late.
 *
 * Every capture is one of "any" in cooked mode, even that of one interface: the
 * SLL2 header has each packet's interface and direction, which Ethernet's does
 * not, and the capture survives an interface that goes down and comes back.
 */
#include "capture_handle.h"

#include <errno.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define SNAPSHOT_HEADERS 256
#define RING_BYTES       (16U << 20)

/*
 * libpcap 1.10 has two rings. In immediate mode (TPACKET_V2) a packet can be
 * read at once, but each takes a slot as large as the snapshot: 16 MiB are
 * 41,000 packets of 256 bytes, or 63 whole ones. In the other (TPACKET_V3)
 * packets lie end to end in blocks of 256 KiB, and a block is handed over when
 * it is full or this old. So: immediate for headers, blocks for whole packets.
 */
#define IMMEDIATE_UP_TO 2048
#define BLOCK_MS        10

__attribute__((format(printf, 3, 4))) static int
handle_fail(int err, char error[static CAPTURE_ERROR_LEN], const char *format,
	    ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(error, CAPTURE_ERROR_LEN, format, args);
	va_end(args);
	return err;
}

static int no_such_interface(const char *name,
			     char error[static CAPTURE_ERROR_LEN])
{
	struct if_nameindex *all = if_nameindex();
	char list[CAPTURE_ERROR_LEN / 2] = "";
	size_t used = 0;

	for (size_t i = 0; all && all[i].if_index && used < sizeof(list); i++)
		used += (size_t)snprintf(list + used, sizeof(list) - used,
					 ", %s", all[i].if_name);
	if_freenameindex(all);
	return handle_fail(
		-ENODEV, error,
		"no interface '%.32s' in this network namespace; there "
		"are: any%s",
		name, list);
}

/* 1: up, 0: down, or -errno */
static int interface_is_up(const char *name)
{
	struct ifreq request = {.ifr_flags = 0};
	int sock, err = 0;

	sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (sock < 0)
		return -errno;
	strncpy(request.ifr_name, name, sizeof(request.ifr_name) - 1);
	if (ioctl(sock, SIOCGIFFLAGS, &request) < 0) /* netdevice(7) */
		err = -errno;
	close(sock);
	return err ? err : !!(request.ifr_flags & IFF_UP);
}

/* *@ifindex: 0 for "any" */
static int find_interface(const char *name, unsigned int *ifindex,
			  char error[static CAPTURE_ERROR_LEN])
{
	int up;

	*ifindex = 0;
	if (!name || strcmp(name, "any") == 0)
		return 0;
	*ifindex = if_nametoindex(name);
	if (*ifindex == 0)
		return no_such_interface(name, error);
	up = interface_is_up(name);
	if (up < 0)
		return handle_fail(up, error, "interface %s: %s", name,
				   strerror(-up));
	if (up == 0)
		return handle_fail(
			-ENETDOWN, error,
			"interface %s is down: 'ip link set %s up' first", name,
			name);
	return 0;
}

/* Returns 0 or a PCAP_ERROR_ status. libpcap 1.11 wants each result looked at. */
static int handle_configure(pcap_t *handle,
			    const struct capture_options *options)
{
	uint32_t snapshot =
		options->snapshot ? options->snapshot : SNAPSHOT_HEADERS;
	uint32_t ring = options->buffer ? options->buffer : RING_BYTES;
	bool immediate = snapshot <= IMMEDIATE_UP_TO;
	int status = pcap_set_snaplen(handle, (int)snapshot);

	if (!status)
		status = pcap_set_buffer_size(handle, (int)ring);
	if (!status)
		status = pcap_set_immediate_mode(handle, immediate);
	if (!status)
		status = pcap_set_timeout(handle, BLOCK_MS);
	if (!status)
		status = pcap_set_tstamp_precision(handle,
						   PCAP_TSTAMP_PRECISION_NANO);
	return status;
}

static int activate(pcap_t *handle, const struct capture_options *options,
		    char error[static CAPTURE_ERROR_LEN])
{
	int status = handle_configure(handle, options);

	if (status)
		return handle_fail(-EIO, error, "libpcap: %s",
				   pcap_statustostr(status));
	status = pcap_activate(handle);
	if (status == PCAP_ERROR_PERM_DENIED)
		return handle_fail(
			-EPERM, error,
			"capturing needs root or CAP_NET_RAW: use sudo, or "
			"a network namespace of your own (unshare -Urn), "
			"or the lab VM (%s)",
			getenv("DIALTONE_INSTALLED") ? "dialtone vm" :
						       "labs/vm/run");
	if (status == PCAP_ERROR)
		return handle_fail(-EIO, error, "%s", pcap_geterr(handle));
	if (status < 0)
		return handle_fail(-EIO, error, "%s: %s",
				   pcap_statustostr(status),
				   pcap_geterr(handle));
	if (pcap_set_datalink(handle, DLT_LINUX_SLL2) < 0)
		return handle_fail(-EIO, error, "%s", pcap_geterr(handle));
	return 0;
}

/* Is @filter valid by itself? It becomes a part of a longer one. */
static int check_filter(pcap_t *handle, const char *filter,
			char error[static CAPTURE_ERROR_LEN])
{
	struct bpf_program program;

	if (pcap_compile(handle, &program, filter, 1, PCAP_NETMASK_UNKNOWN) < 0)
		return handle_fail(-EINVAL, error, "filter '%.256s': %s",
				   filter, pcap_geterr(handle));
	pcap_freecode(&program);
	return 0;
}

/*
 * The filter for the kernel. libpcap 1.10 can translate ifindex and direction
 * of an SLL2 header into the kernel's own (fix_offset() in pcap-linux.c:
 * SKF_AD_IFINDEX, SKF_AD_PKTTYPE), so unwanted packets do not fill the ring;
 * tests/capture/run checks with SO_GET_FILTER.
 *
 * A packet socket sees each packet on lo twice, going out and coming in.
 * libpcap discards the first when it reads; here it does not get into the ring,
 * and pcap_stats() counts one packet as one.
 */
static char *filter_text(const char *filter, unsigned int ifindex)
{
	unsigned int lo = if_nametoindex("lo");
	char *text, *one = NULL, *mine = NULL;

	if ((ifindex && asprintf(&one, " and ifindex %u", ifindex) < 0) ||
	    (filter && asprintf(&mine, " and (%s)", filter) < 0) ||
	    asprintf(&text, "not (ifindex %u and outbound)%s%s", lo,
		     one ? one : "", mine ? mine : "") < 0)
		text = NULL;
	free(one);
	free(mine);
	return text;
}

static int handle_set_filter(pcap_t *handle, const char *filter,
			     unsigned int ifindex,
			     char error[static CAPTURE_ERROR_LEN])
{
	struct bpf_program program;
	int err;
	char *text;

	if (filter && !*filter)
		filter = NULL;
	err = filter ? check_filter(handle, filter, error) : 0;
	if (err)
		return err;
	text = filter_text(filter, ifindex);
	if (!text)
		return handle_fail(-ENOMEM, error, "out of memory");
	err = pcap_compile(handle, &program, text, 1, PCAP_NETMASK_UNKNOWN);
	if (!err) {
		err = pcap_setfilter(handle, &program);
		pcap_freecode(&program);
	}
	if (err)
		err = handle_fail(-EINVAL, error, "filter '%.256s': %s", text,
				  pcap_geterr(handle));
	free(text);
	return err;
}

int capture_handle_open(pcap_t **handle, const struct capture_options *options,
			char error[static CAPTURE_ERROR_LEN])
{
	char words[PCAP_ERRBUF_SIZE];
	unsigned int ifindex;
	int err;

	*handle = NULL;
	err = find_interface(options->iface, &ifindex, error);
	if (err)
		return err;
	*handle = pcap_create("any", words);
	if (!*handle)
		return handle_fail(-ENOMEM, error, "%s", words);
	err = activate(*handle, options, error);
	if (!err)
		err = handle_set_filter(*handle, options->filter, ifindex,
					error);
	if (!err && pcap_setnonblock(*handle, 1, words) < 0)
		err = handle_fail(-EIO, error, "%s", words);
	if (err) {
		pcap_close(*handle);
		*handle = NULL;
	}
	return err;
}
