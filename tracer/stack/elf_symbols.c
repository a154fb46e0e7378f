// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Symbols of ELF files. See elf_symbols.h.
 *
 * Each file is opened in its own "session" of libdwfl, as if nothing else were
 * loaded; so where it was mapped does not matter, and an address is looked up
 * by its place in the file. A path is opened in this process's mount namespace:
 * for a program in another one, that finds a file with the same path, if any.
 * /proc/PID/map_files would find the right one, but needs
 * CAP_CHECKPOINT_RESTORE (proc(5)), and the tracer has dropped its privileges
 * before it reads a file.
 */
#include "elf_symbols.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <elfutils/libdwfl.h>
#include <linux/openat2.h>

#include "record/hash.h"

#define FILE_BYTES_MAX (1LL << 30)

struct elf_file {
	char *path;
	Dwfl *dwfl;
	Dwfl_Module *module; /* NULL: no ELF file, or not to be read */
	UT_hash_handle hh;
};

/* What the path names, without opening it: a descriptor of O_PATH. */
static int find_file(const char *path)
{
	/* the kernel names a mapped file without symbolic links (d_path()) */
	struct open_how how = {
		.flags = O_PATH | O_NOFOLLOW | O_CLOEXEC,
		.resolve = RESOLVE_NO_SYMLINKS,
	};
	int fd = (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));

	return fd < 0 ? -errno : fd;
}

/* The kind of the file is known before it is opened: both are the same file. */
static int open_found(int found)
{
	char path[32];
	struct stat file;
	int fd;

	if (fstat(found, &file))
		return -errno;
	if (!S_ISREG(file.st_mode))
		return -EINVAL;
	if (file.st_size > FILE_BYTES_MAX)
		return -EFBIG;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", found);
	fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int elf_symbols_open(const char *path)
{
	int found = find_file(path), fd;

	if (found < 0)
		return found;
	fd = open_found(found);
	close(found);
	return fd;
}

/*
 * Separate debugging information is found by the file's build ID, below
 * /usr/lib/debug. Not by .gnu_debuglink: the file names a path in it.
 */
static void open_module(struct elf_file *file)
{
	static const Dwfl_Callbacks callbacks = {
		.find_debuginfo = dwfl_build_id_find_debuginfo,
		.section_address = dwfl_offline_section_address,
	};
	int fd;

	if (file->path[0] != '/')
		return; /* [vdso], //anon */
	fd = elf_symbols_open(file->path);
	if (fd < 0)
		return;
	file->dwfl = dwfl_begin(&callbacks);
	if (file->dwfl) {
		file->module = dwfl_report_offline(file->dwfl, file->path,
						   file->path, fd);
		dwfl_report_end(file->dwfl, NULL, NULL);
	}
	if (!file->module)
		close(fd); /* else libdwfl closes it */
}

static struct elf_file *file_of(struct elf_symbols *symbols, const char *path)
{
	struct elf_file *file;

	HASH_FIND(hh, symbols->files, path, strlen(path), file);
	if (file)
		return file;
	file = calloc(1, sizeof(*file));
	if (!file)
		return NULL;
	file->path = strdup(path);
	if (!file->path) {
		free(file);
		return NULL;
	}
	HASH_ADD_KEYPTR(hh, symbols->files, file->path, strlen(path), file);
	if (!file->hh.tbl) {
		free(file->path);
		free(file);
		return NULL;
	}
	open_module(file);
	return file;
}

/* The address that libdwfl has for @offset in the file; 0: not loaded. */
static GElf_Addr address_in(Dwfl_Module *module, uint64_t offset)
{
	GElf_Addr bias;
	Elf *elf = dwfl_module_getelf(module, &bias);
	size_t headers = 0;

	if (!elf || elf_getphdrnum(elf, &headers))
		return 0;
	for (size_t i = 0; i < headers; i++) {
		GElf_Phdr header;

		if (!gelf_getphdr(elf, i, &header) || header.p_type != PT_LOAD)
			continue;
		if (offset >= header.p_offset &&
		    offset - header.p_offset < header.p_filesz)
			return offset - header.p_offset + header.p_vaddr + bias;
	}
	return 0;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

void elf_symbols_plain(const struct elf_place *place, char buf[FRAME_NAME])
{
	snprintf(buf, FRAME_NAME, "[%.60s]+0x%" PRIx64, base_name(place->path),
		 place->offset);
}

/* The call of a return address may be the last instruction of its function. */
void elf_symbols_name(struct elf_symbols *symbols,
		      const struct elf_place *place, char buf[FRAME_NAME])
{
	const struct elf_file *file = file_of(symbols, place->path);
	const char *name = NULL;
	GElf_Addr address = 0;
	GElf_Off into = 0;
	GElf_Sym symbol;

	if (file && file->module)
		address = address_in(file->module, place->offset - place->back);
	if (address)
		name = dwfl_module_addrinfo(file->module, address, &into,
					    &symbol, NULL, NULL, NULL);
	if (name)
		snprintf(buf, FRAME_NAME, "%.150s+0x%" PRIx64 " [%.60s]", name,
			 into + place->back, base_name(place->path));
	else
		elf_symbols_plain(place, buf);
}

static void elf_file_free(struct elf_file *file)
{
	dwfl_end(file->dwfl);
	free(file->path);
	free(file);
}

void elf_symbols_fini(struct elf_symbols *symbols)
{
	hash_empty(symbols->files, elf_file_free);
}
