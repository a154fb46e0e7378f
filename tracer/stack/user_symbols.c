// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Symbols of ELF files. See user_symbols.h.
 *
 * Each file is opened in its own "session" of libdwfl, as if nothing else were
 * loaded; so where it was mapped does not matter, and an address is looked up
 * by its place in the file. A path is opened in this process's mount namespace:
 * for a program in another one, that finds a file with the same path, if any.
 */
#include "user_symbols.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <elfutils/libdwfl.h>

#include "record/container_of.h"
#include "record/hash.h"

struct user_file {
	char *path;
	Dwfl *dwfl;
	Dwfl_Module *module; /* NULL: no ELF file, or not to be read */
	UT_hash_handle hh;
};

static void open_module(struct user_file *file)
{
	static const Dwfl_Callbacks callbacks = {
		.find_debuginfo = dwfl_standard_find_debuginfo,
		.section_address = dwfl_offline_section_address,
	};

	if (file->path[0] != '/')
		return; /* [vdso], //anon */
	file->dwfl = dwfl_begin(&callbacks);
	if (!file->dwfl)
		return;
	file->module =
		dwfl_report_offline(file->dwfl, file->path, file->path, -1);
	dwfl_report_end(file->dwfl, NULL, NULL);
}

static struct user_file *file_of(struct user_symbols *symbols, const char *path)
{
	struct user_file *file;

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

/*
 * 1 in @back means a return address: the call is before it, and may be the last
 * instruction of its function.
 */
static void name_in_file(const struct user_file *file, uint64_t offset,
			 unsigned int back, char buf[FRAME_NAME])
{
	const char *name = NULL;
	GElf_Addr address = 0;
	GElf_Off into = 0;
	GElf_Sym symbol;

	if (file && file->module)
		address = address_in(file->module, offset - back);
	if (address)
		name = dwfl_module_addrinfo(file->module, address, &into,
					    &symbol, NULL, NULL, NULL);
	if (name)
		snprintf(buf, FRAME_NAME, "%.150s+0x%" PRIx64 " [%.60s]", name,
			 into + back, base_name(file->path));
	else
		snprintf(buf, FRAME_NAME, "[%.60s]+0x%" PRIx64,
			 file ? base_name(file->path) : "?", offset);
}

static void name(struct user_namer *namer, const struct user_address *at,
		 char buf[FRAME_NAME])
{
	struct user_symbols *symbols =
		container_of(namer, struct user_symbols, namer);
	const struct mapping *mapping = mappings_find(
		symbols->mappings, at->pid, at->ns, at->address - at->returns);

	if (!mapping) {
		symbols->unknown++;
		snprintf(buf, FRAME_NAME, "0x%" PRIx64, at->address);
		return;
	}
	name_in_file(file_of(symbols, mapping->path),
		     at->address - mapping->start + mapping->offset,
		     at->returns, buf);
}

void user_symbols_init(struct user_symbols *symbols,
		       const struct mappings *mappings)
{
	/* libdwfl would ask a server for debugging information (debuginfod) */
	unsetenv("DEBUGINFOD_URLS");
	*symbols = (struct user_symbols){
		.namer.name = name,
		.mappings = mappings,
	};
}

void user_symbols_fini(struct user_symbols *symbols)
{
	struct user_file *file = symbols->files, *next;

	HASH_CLEAR(hh, symbols->files); /* the table; not what was in it */
	for (; file; file = next) {
		next = file->hh.next;
		dwfl_end(file->dwfl);
		free(file->path);
		free(file);
	}
}
