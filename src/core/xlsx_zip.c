/* xlsx_zip.c -- measures an archive before a byte of it is inflated. libzip reads it; where entries lie is read
 * here, as libzip does not tell, and only to refuse. */
#include "core/xlsx_in.h"
#include <stdlib.h>
#include <sys/stat.h>

enum { SMALL = 64 << 10 /* a part below this is no bomb, whatever its ratio */ };

static uint64_t le(const char *p, int n)
{
	uint64_t v = 0;
	for (int i = n - 1; i >= 0; i--)
		v = v << 8 | (unsigned char)p[i];
	return v;
}

struct span { uint64_t from, to; };

static int by_from(const void *a, const void *b)
{
	const struct span *x = a, *y = b;
	return (x->from > y->from) - (x->from < y->from);
}

/* Where the central directory begins and how many headers it has; false: none found. */
static bool directory_of(str z, uint64_t *ret_at, uint64_t *ret_count)
{
	ptrdiff_t lowest = z.n - 22 - 65535 > 0 ? z.n - 22 - 65535 : 0;
	for (ptrdiff_t i = z.n - 22; i >= lowest; i--) {
		if (memcmp(z.p + i, "PK\5\6", 4) != 0 || (ptrdiff_t)le(z.p + i + 20, 2) != z.n - i - 22)
			continue;
		*ret_count = le(z.p + i + 10, 2);
		*ret_at = le(z.p + i + 16, 4);
		if (i >= 20 && memcmp(z.p + i - 20, "PK\6\7", 4) == 0) {
			uint64_t at = le(z.p + i - 12, 8);
			if (at > (uint64_t)z.n || (uint64_t)z.n - at < 56 || memcmp(z.p + at, "PK\6\6", 4) != 0)
				return false;
			*ret_count = le(z.p + at + 32, 8);
			*ret_at = le(z.p + at + 48, 8);
		}
		return *ret_at <= (uint64_t)z.n;
	}
	return false;
}

/* The 64-bit values that replace saturated ones, in their fixed order: size, packed size, offset. */
static void wide_values(str extra, uint64_t *size, uint64_t *packed, uint64_t *offset)
{
	for (ptrdiff_t i = 0; i + 4 <= extra.n;) {
		ptrdiff_t n = (ptrdiff_t)le(extra.p + i + 2, 2), at = i + 4, end = at + n;
		if (end > extra.n)
			return;
		if (le(extra.p + i, 2) == 1) {
			uint64_t *all[] = { size, packed, offset };
			for (int k = 0; k < 3; k++)
				if (*all[k] == UINT32_MAX && at + 8 <= end) {
					*all[k] = le(extra.p + at, 8);
					at += 8;
				}
			return;
		}
		i = end;
	}
}

/* No two entries share bytes, and all lie before the directory. */
static bool apart(struct arena *mem, str z)
{
	uint64_t at, count;
	if (!directory_of(z, &at, &count) || count > XLSX_ENTRIES)
		return false;
	struct span *spans = NEWS(mem, struct span, count + 1);
	uint64_t directory = at;
	for (uint64_t i = 0; i < count; i++) {
		if (at > (uint64_t)z.n || (uint64_t)z.n - at < 46 || memcmp(z.p + at, "PK\1\2", 4) != 0)
			return false;
		const char *h = z.p + at;
		uint64_t packed = le(h + 20, 4), size = le(h + 24, 4), offset = le(h + 42, 4);
		uint64_t name = le(h + 28, 2), extra = le(h + 30, 2), note = le(h + 32, 2);
		if ((uint64_t)z.n - at - 46 < name + extra + note)
			return false;
		wide_values((str){ h + 46 + name, (ptrdiff_t)extra }, &size, &packed, &offset);
		if (offset > directory || directory - offset < 30)
			return false;
		uint64_t local = 30 + le(z.p + offset + 26, 2) + le(z.p + offset + 28, 2);
		if (packed > directory || local > directory - offset || packed > directory - offset - local)
			return false;
		spans[i] = (struct span){ offset, offset + local + packed };
		at += 46 + name + extra + note;
	}
	qsort(spans, count, sizeof *spans, by_from);
	for (uint64_t i = 1; i < count; i++)
		if (spans[i].from < spans[i - 1].to)
			return false;
	return true;
}

static bool name_ok(const char *name)
{
	if (!name || !*name || *name == '/' || strchr(name, '\\') || strchr(name, ':'))
		return false;
	for (const char *p = name; p; p = strchr(p, '/')) {
		if (*p == '/')
			p++;
		if (p[0] == '.' && p[1] == '.' && (p[2] == '/' || !p[2]))
			return false;
	}
	static const char *const archives[] = { ".zip", ".7z", ".rar", ".gz", ".xz", ".bz2", ".tar", ".jar" };
	for (ptrdiff_t i = 0; i < COUNT(archives); i++)
		if (str_ends(str_of(name), str_of(archives[i])))
			return false;
	return true;
}

static int by_name(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;
	return strcasecmp(*x, *y);
}

static const char *entry_fault(zip_t *z, zip_int64_t i, int64_t *total)
{
	struct zip_stat st;
	zip_uint8_t system;
	zip_uint32_t mode;
	enum { ALL = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD
		| ZIP_STAT_ENCRYPTION_METHOD };
	if (zip_stat_index(z, (zip_uint64_t)i, 0, &st) != 0 || (st.valid & ALL) != ALL)
		return "an entry cannot be read";
	if (!name_ok(st.name))
		return "an entry has a forbidden name";
	if (st.encryption_method != ZIP_EM_NONE)
		return "an entry is encrypted";
	if (st.comp_method != ZIP_CM_STORE && st.comp_method != ZIP_CM_DEFLATE)
		return "an entry is packed in an unknown way";
	if (zip_file_get_external_attributes(z, (zip_uint64_t)i, 0, &system, &mode) == 0 && system == ZIP_OPSYS_UNIX &&
	    S_ISLNK(mode >> 16))
		return "an entry is a link";
	if (st.size > (zip_uint64_t)XLSX_TOTAL || (*total += (int64_t)st.size) > XLSX_TOTAL)
		return "the archive unpacks to more than 200 MB";
	if (st.size > SMALL && st.size / XLSX_RATIO > st.comp_size)
		return "an entry unpacks to more than 100 times its size";
	return NULL;
}

static const char *archive_fault(struct arena *mem, zip_t *z)
{
	zip_int64_t n = zip_get_num_entries(z, 0);
	int64_t total = 0;
	if (n > XLSX_ENTRIES)
		return "the archive has more than 2,000 entries";
	const char **names = NEWS(mem, const char *, n + 1);
	for (zip_int64_t i = 0; i < n; i++) {
		const char *why = entry_fault(z, i, &total);
		if (why)
			return why;
		names[i] = zip_get_name(z, (zip_uint64_t)i, 0);
	}
	qsort(names, (size_t)n, sizeof *names, by_name);
	for (zip_int64_t i = 1; i < n; i++)
		if (strcasecmp(names[i - 1], names[i]) == 0)
			return "two entries have one name";
	return NULL;
}

static void discard(void *zip)
{
	zip_discard(zip);
}

enum rc xlsx_zip_open(struct arena *mem, str bytes, zip_t **ret, struct file_fault *why)
{
	static const char vi[] =
		"Tệp không phải là sổ tính Excel (.xlsx) hợp lệ. Hãy mở bằng Excel rồi lưu lại dạng .xlsx.";
	static const char en[] =
		"The file is not a valid Excel workbook (.xlsx). Open it in Excel and save it again as .xlsx.";
	static const char vi_limit[] = "Tệp nén bất thường nên bị từ chối. Hãy mở bằng Excel rồi lưu lại dạng .xlsx.";
	static const char en_limit[] =
		"The file is packed in an unusual way and was refused. Open it in Excel and save it again as .xlsx.";
	zip_error_t err;
	zip_error_init(&err);
	if (bytes.n < 22 || memcmp(bytes.p, "PK", 2) != 0)
		return xlsx_fault(why, vi, en, "not a zip archive");
	zip_source_t *source = zip_source_buffer_create(bytes.p, (zip_uint64_t)bytes.n, 0, &err);
	if (!source)
		return xlsx_fault(why, vi, en, "out of memory");
	zip_t *z = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &err);
	if (!z) {
		zip_source_free(source);
		zip_error_fini(&err);
		return xlsx_fault(why, vi, en, "the archive is damaged");
	}
	arena_at_end(mem, discard, z);
	const char *fault = archive_fault(mem, z);
	if (!fault && !apart(mem, bytes))
		fault = "entries of the archive overlap";
	if (fault)
		return xlsx_fault(why, vi_limit, en_limit, fault);
	*ret = z;
	return OK;
}

void xlsx_part_close(struct xlsx_part *part)
{
	if (part->file)
		zip_fclose(part->file);
	part->file = NULL;
}

int64_t xlsx_part_index(struct xlsx *x, str path)
{
	const char *name = str_z(x->mem, path);
	zip_int64_t i = zip_name_locate(x->zip, name, 0);
	return i < 0 ? zip_name_locate(x->zip, name, ZIP_FL_NOCASE) : i;
}

enum rc xlsx_part_open(struct xlsx *x, str path, struct xlsx_part *ret, struct file_fault *why)
{
	zip_int64_t i = xlsx_part_index(x, path);
	struct zip_stat st;
	if (i < 0 || zip_stat_index(x->zip, (zip_uint64_t)i, 0, &st) != 0)
		return E_MISSING;
	zip_file_t *f = zip_fopen_index(x->zip, (zip_uint64_t)i, 0);
	if (!f)
		return xlsx_fault(why, "Tệp Excel bị hỏng.", "The Excel file is damaged.", "an entry cannot be opened");
	*ret = (struct xlsx_part){ f, (int64_t)st.size };
	return OK;
}

ptrdiff_t xlsx_part_read(void *part, char *p, ptrdiff_t n)
{
	struct xlsx_part *s = part;
	zip_int64_t got = zip_fread(s->file, p, (zip_uint64_t)n);
	if (got < 0 || got > s->left)
		return -1;
	s->left -= got;
	return got;
}
