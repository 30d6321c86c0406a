/* xlsx_make.h -- archives written by hand, so that a test can write what no library would. */
#ifndef KHUE_XLSX_MAKE_H
#define KHUE_XLSX_MAKE_H
#include "base/base.h"
#include <zlib.h>

/* size_said 0: the true one */
struct made_entry { const char *name; str bytes; uint32_t size_said; uint16_t method; };

static inline void put_le(struct buf *b, uint64_t v, int n)
{
	for (int i = 0; i < n; i++)
		put_c(b, i < 8 ? (char)(v >> (8 * i) & 255) : 0);
}

/* A stored (or, with method 8, already deflated) archive. overlap: every entry points at the first one's bytes. */
static inline str made_zip(struct arena *a, const struct made_entry *at, int n, bool overlap)
{
	struct buf b, dir;
	uint32_t first = 0;
	buf_init(&b, a, 512u << 20);
	buf_init(&dir, a, 64 << 20);
	for (int i = 0; i < n; i++) {
		uint32_t crc = (uint32_t)crc32(0, (const Bytef *)at[i].bytes.p, (uInt)at[i].bytes.n), offset = overlap ? first
			: (uint32_t)b.n;
		uint32_t size = at[i].size_said ? at[i].size_said : (uint32_t)at[i].bytes.n;
		size_t name = strlen(at[i].name);
		if (!overlap || i == 0) {
			put_z(&b, "PK\3\4");
			put_le(&b, 20, 2), put_le(&b, 0, 2), put_le(&b, at[i].method, 2), put_le(&b, 0, 4), put_le(&b, crc, 4);
			put_le(&b, (uint64_t)at[i].bytes.n, 4), put_le(&b, size, 4), put_le(&b, name, 2), put_le(&b, 0, 2);
			put_z(&b, at[i].name);
			put(&b, at[i].bytes);
		}
		put_z(&dir, "PK\1\2");
		put_le(&dir, 20, 2), put_le(&dir, 20, 2), put_le(&dir, 0, 2), put_le(&dir, at[i].method, 2), put_le(&dir, 0, 4);
		put_le(&dir, crc, 4), put_le(&dir, (uint64_t)at[i].bytes.n, 4), put_le(&dir, size, 4), put_le(&dir, name, 2);
		put_le(&dir, 0, 12), put_le(&dir, offset, 4);
		put_z(&dir, at[i].name);
	}
	uint32_t at_dir = (uint32_t)b.n;
	put(&b, buf_str(&dir));
	put_z(&b, "PK\5\6");
	put_le(&b, 0, 4), put_le(&b, (uint64_t)n, 2), put_le(&b, (uint64_t)n, 2), put_le(&b, dir.n, 4),
		put_le(&b, at_dir, 4), put_le(&b, 0, 2);
	return buf_str(&b);
}

/* The smallest workbook around the given parts; strings and styles may be NULL. */
static inline str made_book(struct arena *a, const char *book_attrs, const char *sheet, const char *strings,
	const char *styles)
{
	struct made_entry e[7];
	int n = 0;
	e[n++] = (struct made_entry){ "_rels/.rels",
		S("<Relationships><Relationship Id=\"r1\" Type=\"x/officeDocument\" Target=\"xl/workbook.xml\"/>"
		"</Relationships>"), 0, 0 };
	e[n++] = (struct made_entry){ "xl/workbook.xml", str_fmt(a,
		"<workbook>%s<sheets><sheet name=\"H&#7885;c sinh\" sheetId=\"1\" r:id=\"r1\"/></sheets>"
		"</workbook>", book_attrs), 0, 0 };
	e[n++] = (struct made_entry){ "xl/_rels/workbook.xml.rels", S("<Relationships>"
		"<Relationship Id=\"r1\" Type=\"x/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
		"<Relationship Id=\"r2\" Type=\"x/sharedStrings\" Target=\"/xl/sharedStrings.xml\"/>"
		"<Relationship Id=\"r3\" Type=\"x/styles\" Target=\"./styles.xml\"/></Relationships>"), 0, 0 };
	e[n++] = (struct made_entry){ "xl/worksheets/sheet1.xml", str_of(sheet), 0, 0 };
	if (strings)
		e[n++] = (struct made_entry){ "xl/sharedStrings.xml", str_of(strings), 0, 0 };
	if (styles)
		e[n++] = (struct made_entry){ "xl/styles.xml", str_of(styles), 0, 0 };
	return made_zip(a, e, n, false);
}
#endif
