/* xls_make.h -- .xls files written by hand, so that a test can write what no program would. */
#ifndef KHUE_XLS_MAKE_H
#define KHUE_XLS_MAKE_H
#include "base/base.h"

static inline void put_u16(struct buf *b, unsigned v)
{
	put_c(b, (char)(v & 255));
	put_c(b, (char)(v >> 8 & 255));
}

static inline void put_u32(struct buf *b, uint32_t v)
{
	put_u16(b, v & 0xFFFF);
	put_u16(b, v >> 16);
}

static inline void put_record(struct buf *b, unsigned type, str body)
{
	put_u16(b, type);
	put_u16(b, (unsigned)body.n);
	put(b, body);
}
#define RECORD(b, type, lit) put_record((b), (type), S(lit))

/* One byte a letter, with its length in two bytes before it. */
static inline void put_latin(struct buf *b, str s)
{
	put_u16(b, (unsigned)s.n);
	put_c(b, 0);
	put(b, s);
}

static inline void put_ole_entry(struct buf *b, const char *name, int type, uint32_t child, uint32_t from,
	uint32_t size)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < 32; i++)
		put_u16(b, i < n ? (unsigned char)name[i] : 0);
	put_u16(b, n ? (unsigned)(n + 1) * 2 : 0);
	put_c(b, (char)type);
	put_c(b, 1);
	put_u32(b, 0xFFFFFFFF);
	put_u32(b, type == 2 && child ? child : 0xFFFFFFFF);
	put_u32(b, type == 5 ? child : 0xFFFFFFFF);
	for (int i = 0; i < 36; i++)
		put_c(b, 0);
	put_u32(b, from);
	put_u32(b, size);
	put_u32(b, 0);
}

/* A compound file of 512-byte sectors: the table of sectors, lists of its sectors that the header has no room for, the
 * directory, then the stream, at least 4096 bytes of it.
 * beside: one more entry at the top of the directory, a storage, or NULL. */
static inline str made_ole(struct arena *a, const char *name, str stream, const char *beside)
{
	struct buf b;
	uint32_t size = stream.n < 4096 ? 4096 : (uint32_t)stream.n, sectors = (size + 511) / 512;
	uint32_t tables = (sectors + sectors / 100 + 300) / 128, lists = tables > 109 ? (tables - 109 + 126) / 127 : 0;
	uint32_t directory = tables + lists, from = directory + 1;

	buf_init(&b, a, 256u << 20);
	put(&b, S("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"));
	for (int i = 0; i < 16; i++)
		put_c(&b, 0);
	put_u16(&b, 0x3E), put_u16(&b, 3), put_u16(&b, 0xFFFE), put_u16(&b, 9), put_u16(&b, 6);
	put_u16(&b, 0), put_u32(&b, 0), put_u32(&b, 0);
	put_u32(&b, tables), put_u32(&b, directory), put_u32(&b, 0), put_u32(&b, 4096), put_u32(&b, 0xFFFFFFFE),
		put_u32(&b, 0), put_u32(&b, lists ? tables : 0xFFFFFFFE), put_u32(&b, lists);
	for (uint32_t i = 0; i < 109; i++)
		put_u32(&b, i < tables ? i : 0xFFFFFFFF);
	for (uint32_t i = 0; i < tables * 128; i++)
		put_u32(&b, i < tables ? 0xFFFFFFFD : i < directory ? 0xFFFFFFFC : i == directory || i == from + sectors - 1
			? 0xFFFFFFFE : i < from + sectors ? i + 1 : 0xFFFFFFFF);
	for (uint32_t i = 0; i < lists; i++) {
		for (uint32_t k = 0, at = 109 + i * 127; k < 127; k++, at++)
			put_u32(&b, at < tables ? at : 0xFFFFFFFF);
		put_u32(&b, i + 1 < lists ? tables + i + 1 : 0xFFFFFFFE);
	}
	put_ole_entry(&b, "Root Entry", 5, 1, 0xFFFFFFFE, 0);
	put_ole_entry(&b, name, 2, beside ? 2 : 0, from, size);
	put_ole_entry(&b, beside ? beside : "", beside ? 1 : 0, 0, 0, 0);
	put_ole_entry(&b, "", 0, 0, 0, 0);
	put(&b, stream);
	while (b.n % 512 || b.n < (size_t)(from + 1) * 512 + size)
		put_c(&b, 0);
	return buf_str(&b);
}

/* The stream of a workbook with one sheet, "So": records that come before the sheet's, and the sheet's own. */
static inline str made_stream(struct arena *a, str before, str sheet)
{
	struct buf b, bound;

	buf_init(&b, a, 128u << 20);
	buf_init(&bound, a, 100);
	RECORD(&b, 0x809, "\0\6\5\0\0\0\0\0\0\0\0\0\0\0\0\0");
	put_u32(&bound, (uint32_t)(b.n + 4 + 10 + (size_t)before.n + 4));
	put(&bound, S("\0\0\2\0So"));
	put_record(&b, 0x85, buf_str(&bound));
	put(&b, before);
	RECORD(&b, 0x0A, "");
	RECORD(&b, 0x809, "\0\6\x10\0\0\0\0\0\0\0\0\0\0\0\0\0");
	put(&b, sheet);
	RECORD(&b, 0x0A, "");
	return buf_str(&b);
}

static inline str made_xls(struct arena *a, str before, str sheet)
{
	return made_ole(a, "Workbook", made_stream(a, before, sheet), NULL);
}
#endif
