/* xls_ole.c -- the compound file around an .xls: sectors in chains, a directory, small streams packed in one. Only the
 * entries at the top are looked at. A chain has at most as many sectors as the file, so that a loop ends. */
#include "core/xls_in.h"
#include <strings.h>

static const uint32_t FREE_FROM = 0xFFFFFFFA;       /* from here on no sector is meant                    */
enum { HEADER_LIST = 109, ENTRY = 128, ENTRIES = 65536 };
enum { STORAGE = 1, STREAM = 2, ROOT = 5 };
struct ole {
	struct arena *mem;
	str file;
	int shift, small_shift;
	int64_t cutoff, sectors;                         /* streams below cutoff are small; sectors of the file  */
	uint32_t *next; int64_t n_next;                  /* behind a sector comes which                          */
	uint32_t *small_next; int64_t n_small_next;
	str small, entries;                              /* the sector of small streams; the directory           */
};

static const char CUT[] = "the file is cut off";

bool xls_is(str bytes)
{
	return str_starts(bytes, S("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"));
}

/* ---- chains ---- */

static bool in_use(uint32_t sector)
{
	return sector < FREE_FROM;
}

/* The bytes of a sector: fewer at the end of a file that was not filled up. False: outside the file. */
static bool sector_at(const struct ole *o, uint32_t sector, str *ret)
{
	int64_t from = ((int64_t)sector + 1) << o->shift;

	if (from >= o->file.n)
		return false;
	*ret = str_sub(o->file, (ptrdiff_t)from, (ptrdiff_t)(from + (1 << o->shift)));
	return true;
}

/* A stream of `size` bytes (negative: as long as its chain) that begins in a sector of the file. */
static bool stream_of(const struct ole *o, uint32_t sector, int64_t size, str *ret)
{
	int64_t n = 0, most = size < 0 ? o->sectors : (size + (1 << o->shift) - 1) >> o->shift, used = 0;
	uint32_t at = sector;

	if (most > o->sectors)
		return false;
	for (; used < most && in_use(at); used++) {
		if (at >= o->n_next)
			return false;
		at = o->next[at];
	}
	if (size >= 0 ? used < most : in_use(at))
		return false;
	char *p = NEWS(o->mem, char, (used << o->shift) + 1);
	at = sector;
	for (int64_t i = 0; i < used; i++, at = o->next[at], n += 1 << o->shift) {
		str s;
		if (!sector_at(o, at, &s))
			return false;
		memcpy(p + n, s.p, (size_t)s.n);
	}
	*ret = (str){ p, (ptrdiff_t)(size < 0 ? n : size) };
	return true;
}

static bool small_stream_of(const struct ole *o, uint32_t at, int64_t size, str *ret)
{
	char *p = NEWS(o->mem, char, size + 1);

	for (int64_t n = 0; n < size; n += 1 << o->small_shift) {
		int64_t from = (int64_t)at << o->small_shift, left = size - n;
		if (left > 1 << o->small_shift)
			left = 1 << o->small_shift;
		if (!in_use(at) || at >= o->n_small_next || from + left > o->small.n)
			return false;
		memcpy(p + n, o->small.p + from, (size_t)left);
		at = o->small_next[at];
	}
	*ret = (str){ p, (ptrdiff_t)size };
	return true;
}

/* ---- the header and its tables ---- */

static void numbers_of(str s, uint32_t *ret)
{
	for (ptrdiff_t i = 0; i + 4 <= s.n; i += 4)
		ret[i / 4] = xls_u32(s, i);
}

/* Which sectors hold the table of chains is a list of 109 in the header and more in a chain of its own. */
static const char *read_chains(struct ole *o)
{
	int64_t n = xls_u32(o->file, 44), per = 1 << (o->shift - 2), done = 0;
	uint32_t more = xls_u32(o->file, 68);
	str s, list = str_sub(o->file, 76, 512);

	if (n > o->sectors)
		return "the table of sectors is larger than the file";
	o->n_next = n * per;
	o->next = NEWS(o->mem, uint32_t, o->n_next + 1);
	for (int64_t i = 0, k = 0, lists = 0; i < n; i++, k++) {
		if (k == (lists ? per - 1 : HEADER_LIST)) {
			if (lists)
				more = xls_u32(list, (ptrdiff_t)(per - 1) * 4);
			if (!in_use(more) || lists++ > o->sectors || !sector_at(o, more, &list) || list.n < 1 << o->shift)
				return CUT;
			k = 0;
		}
		if (!sector_at(o, xls_u32(list, (ptrdiff_t)k * 4), &s))
			return CUT;
		numbers_of(s, o->next + done);
		done += per;
	}
	return NULL;
}

static const char *read_header(struct ole *o)
{
	o->shift = (int)xls_u16(o->file, 30);
	o->small_shift = (int)xls_u16(o->file, 32);
	o->cutoff = xls_u32(o->file, 56);
	if (o->file.n < 512 || (o->shift != 9 && o->shift != 12) || o->small_shift != 6)
		return "the header is not one of a compound file";
	o->sectors = (o->file.n - 1) >> o->shift;
	const char *fault = read_chains(o);
	if (fault)
		return fault;
	if (!stream_of(o, xls_u32(o->file, 48), -1, &o->entries) || o->entries.n < ENTRY)
		return "the directory cannot be read";
	str root = str_sub(o->entries, 0, ENTRY), table = { "", 0 };
	uint32_t small = xls_u32(o->file, 60);
	if ((uint8_t)root.p[66] != ROOT)
		return "the directory has no root";
	if (in_use(small) && !stream_of(o, small, -1, &table))
		return CUT;
	o->n_small_next = table.n / 4;
	o->small_next = NEWS(o->mem, uint32_t, o->n_small_next + 1);
	numbers_of(table, o->small_next);
	if (table.n && !stream_of(o, xls_u32(root, 116), xls_u32(root, 120), &o->small))
		return CUT;
	return NULL;
}

/* ---- the directory ---- */

/* The name of an entry, for comparing: what is not ASCII becomes '?'. */
static void name_of(str entry, char name[static 33])
{
	int64_t n = (int64_t)xls_u16(entry, 64) / 2 - 1;

	n = n < 0 ? 0 : n > 31 ? 31 : n;
	for (int64_t i = 0; i < n; i++) {
		uint32_t ch = xls_u16(entry, (ptrdiff_t)i * 2);
		name[i] = ch >= 0x20 && ch < 0x7F ? (char)ch : '?';
	}
	name[n] = 0;
}

static const char *see_entry(struct ole *o, str entry, struct xls_ole *ret)
{
	char name[33];
	int type = (uint8_t)entry.p[66];
	int64_t size = xls_u32(entry, 120);
	uint32_t from = xls_u32(entry, 116);

	name_of(entry, name);
	if (type == STORAGE && (strncasecmp(name, "_VBA_PROJECT", 12) == 0 || strncasecmp(name, "MBD", 3) == 0))
		ret->programs = true;
	if (type != STREAM)
		return NULL;
	ret->locked = ret->locked || strcasecmp(name, "EncryptedPackage") == 0;
	ret->old = ret->old || strcasecmp(name, "Book") == 0;
	if (strcasecmp(name, "Workbook") != 0 || ret->book.n)
		return NULL;
	if (size > o->file.n || !(size < o->cutoff ? small_stream_of(o, from, size, &ret->book)
		: stream_of(o, from, size, &ret->book)))
		return CUT;
	return NULL;
}

/* The entries at the top hang below the root as a tree of neighbours (68 left, 72 right, 76 what is within). */
static const char *see_entries(struct ole *o, struct xls_ole *ret)
{
	int64_t n = o->entries.n / ENTRY, waiting = 1;

	if (n > ENTRIES)
		return "the directory is too large";
	uint8_t *seen = NEWS(o->mem, uint8_t, n);
	uint32_t *todo = NEWS(o->mem, uint32_t, 2 * n + 2);
	todo[0] = xls_u32(o->entries, 76);
	while (waiting > 0) {
		uint32_t i = todo[--waiting];
		if (i >= n || seen[i])
			continue;
		seen[i] = 1;
		str entry = str_sub(o->entries, (ptrdiff_t)i * ENTRY, ((ptrdiff_t)i + 1) * ENTRY);
		const char *fault = see_entry(o, entry, ret);
		if (fault)
			return fault;
		todo[waiting++] = xls_u32(entry, 68);
		todo[waiting++] = xls_u32(entry, 72);
	}
	return NULL;
}

enum rc xls_ole_open(struct arena *mem, str bytes, struct xls_ole *ret, struct file_fault *why)
{
	struct ole *o = NEW(mem, struct ole);

	o->mem = mem;
	o->file = bytes;
	*ret = (struct xls_ole){ 0 };
	const char *fault = read_header(o);
	if (!fault)
		fault = see_entries(o, ret);
	return fault ? xls_damaged(why, fault) : OK;
}
