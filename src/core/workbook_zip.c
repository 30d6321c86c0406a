/* workbook_zip.c -- an archive written again with other contents in some parts. The packed bytes of all others are
 * copied as they are. Runs in the sandbox. */
#include "core/workbook_in.h"
#include <zlib.h>

enum { LOCAL = 0x04034B50, CENTRAL = 0x02014B50, END_OF = 0x06054B50, VERSION = 20, UTF8_NAME = 1 << 11,
	FIRST_DAY = 0x21 /* 1 January 1980: as Excel writes it */ };
struct entry { str name, bytes; uint16_t flags, method; uint32_t crc, size; uint64_t at; };

static void put_le(struct buf *b, uint64_t v, int n)
{
	for (; n > 0; n--, v >>= 8)
		put_c(b, (char)(v & 255));
}

static enum rc unwritten(struct file_fault *why, const char *detail)
{
	return xlsx_fault(why, "Không ghi lại được tệp Excel.", "The Excel file could not be written again.", detail);
}

/* The fields that a local header and the central directory share. */
static void put_about(struct buf *b, const struct entry *e)
{
	put_le(b, VERSION, 2);
	put_le(b, e->flags, 2);
	put_le(b, e->method, 2);
	put_le(b, 0, 2);
	put_le(b, FIRST_DAY, 2);
	put_le(b, e->crc, 4);
	put_le(b, (uint64_t)e->bytes.n, 4);
	put_le(b, e->size, 4);
	put_le(b, (uint64_t)e->name.n, 2);
	put_le(b, 0, 2);
}

static enum rc pack(struct arena *mem, str plain, struct entry *e, struct file_fault *why)
{
	z_stream z = { 0 };

	e->method = ZIP_CM_DEFLATE;
	e->size = (uint32_t)plain.n;
	e->crc = (uint32_t)crc32(0, (const Bytef *)plain.p, (uInt)plain.n);
	if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return unwritten(why, "zlib");
	uLong most = deflateBound(&z, (uLong)plain.n);
	char *p = NEWS(mem, char, most + 1);
	z.next_in = (Bytef *)(uintptr_t)plain.p;
	z.avail_in = (uInt)plain.n;
	z.next_out = (Bytef *)p;
	z.avail_out = (uInt)most;
	int end = deflate(&z, Z_FINISH);
	e->bytes = (str){ p, (ptrdiff_t)z.total_out };
	deflateEnd(&z);
	return end == Z_STREAM_END ? OK : unwritten(why, "zlib");
}

static enum rc copy_packed(struct xlsx *x, zip_uint64_t i, struct entry *e, struct file_fault *why)
{
	struct zip_stat st;
	zip_int64_t n = 0, got = 1;

	if (zip_stat_index(x->zip, i, 0, &st) != 0 || st.comp_size > (zip_uint64_t)XLSX_TOTAL)
		return unwritten(why, "an entry cannot be read");
	char *p = NEWS(x->mem, char, st.comp_size + 1);
	zip_file_t *f = zip_fopen_index(x->zip, i, ZIP_FL_COMPRESSED);
	if (!f)
		return unwritten(why, "an entry cannot be read");
	for (; got > 0 && n < (zip_int64_t)st.comp_size; n += got)
		if ((got = zip_fread(f, p + n, st.comp_size - (zip_uint64_t)n)) < 0)
			break;
	zip_fclose(f);
	e->method = st.comp_method;
	e->crc = st.crc;
	e->size = (uint32_t)st.size;
	e->bytes = (str){ p, (ptrdiff_t)n };
	return n == (zip_int64_t)st.comp_size ? OK : unwritten(why, "an entry is cut off");
}

static void put_directory(struct buf *b, const struct entry *e, uint64_t n)
{
	uint64_t at = b->n;

	for (uint64_t i = 0; i < n; i++) {
		put_le(b, CENTRAL, 4);
		put_le(b, VERSION, 2);
		put_about(b, &e[i]);
		put_le(b, 0, 10);
		put_le(b, e[i].at, 4);
		put(b, e[i].name);
	}
	uint64_t size = b->n - at;
	put_le(b, END_OF, 4);
	put_le(b, 0, 4);
	put_le(b, n, 2);
	put_le(b, n, 2);
	put_le(b, size, 4);
	put_le(b, at, 4);
	put_le(b, 0, 2);
}

static void put_entry(struct buf *out, struct entry *e)
{
	e->at = out->n;
	put_le(out, LOCAL, 4);
	put_about(out, e);
	put(out, e->name);
	put(out, e->bytes);
}

enum rc wb_repack(struct xlsx *x, const struct wb_new *parts, int n, str *ret, struct file_fault *why)
{
	uint64_t count = (uint64_t)zip_get_num_entries(x->zip, 0);
	struct entry *all = NEWS(x->mem, struct entry, count + (uint64_t)n + 1);
	struct buf out;

	buf_init(&out, x->mem, (size_t)XLSX_TOTAL);
	for (uint64_t i = 0; i < count; i++) {
		struct entry *e = &all[i];
		const struct wb_new *new = NULL;
		e->name = str_of(zip_get_name(x->zip, i, 0));
		for (int k = 0; k < n; k++)
			if (xlsx_part_index(x, parts[k].path) == (int64_t)i)
				new = &parts[k];
		TRY(new ? pack(x->mem, new->bytes, e, why) : copy_packed(x, i, e, why));
		for (ptrdiff_t k = 0; k < e->name.n; k++)
			e->flags = (unsigned char)e->name.p[k] >= 0x80 ? UTF8_NAME : e->flags;
		put_entry(&out, e);
	}
	for (int k = 0; k < n; k++) {
		if (xlsx_part_index(x, parts[k].path) >= 0)
			continue;
		all[count].name = parts[k].path;
		TRY(pack(x->mem, parts[k].bytes, &all[count], why));
		put_entry(&out, &all[count++]);
	}
	put_directory(&out, all, count);
	*ret = buf_str(&out);
	return out.over ? unwritten(why, "the file is too large") : OK;
}
