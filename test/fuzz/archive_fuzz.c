/* archive_fuzz.c -- the records of a backup from any bytes, cut at any place: what is read names no path outside and
 * no table or column that is not a plain word, and every row fits its table. The first byte says how the bytes are
 * cut. */
#include <assert.h>
#include "core/archive.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct pieces { str left; ptrdiff_t step; };

static enum rc more(void *arg, str *ret)
{
	struct pieces *p = arg;
	*ret = str_sub(p->left, 0, p->step);
	p->left = str_sub(p->left, ret->n, -1);
	return OK;
}

static void word(str s)
{
	assert(s.n > 0 && s.n <= 63);
	for (ptrdiff_t i = 0; i < s.n; i++)
		assert((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '_');
}

static void look(const struct record *r)
{
	static struct val at[TABLE_COLUMNS_MAX];
	switch (r->kind) {
	case 'T':
		word(r->table.name);
		for (int i = 0; i < r->table.n; i++)
			word(r->table.columns[i].name);
		break;
	case 'R':
		assert(row_image_read(r->text, &r->table, at));
		break;
	case 'F':
		assert(r->file.path.n > 0 && *r->file.path.p != '/' && str_find(r->file.path, S("..")) != 0 &&
			str_find(r->file.path, S("/..")) < 0);
		assert(!memchr(r->file.path.p, 0, (size_t)r->file.path.n));
		break;
	default: break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct archive_in in;
	struct record r;
	if (size < 1 || size > 1 << 16)
		return 0;
	struct pieces p = { { (const char *)data + 1, (ptrdiff_t)size - 1 }, 1 + data[0] };
	archive_open(&in, more, &p);
	while (archive_next(&in, &r) == OK && r.kind)
		look(&r);
	archive_close(&in);
	return 0;
}
