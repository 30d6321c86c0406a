/* archive.c -- see archive.h. */
#include "core/archive.h"

static const struct tr
	MSG_order = { "nội dung bản sao lưu sai thứ tự", "the backup's records are out of order" },
	MSG_record = { "bản sao lưu có một mục sai dạng", "the backup has a malformed record" },
	MSG_end = { "bản sao lưu kết thúc giữa chừng", "the backup ends midway" },
	MSG_sum = { "số dòng hoặc tổng kiểm của một bảng không khớp", "the rows of a table do not fit their count or sum" };

/* ---- rows ------------------------------------------------------------------------------------------ */

void row_sum_add(struct row_sum *s, str row)
{
	digest d = hash_of(row);
	uint64_t lane[4];
	memcpy(lane, d.b, sizeof lane);
	for (int i = 0; i < 4; i++)
		s->lane[i] += lane[i];
	s->n++;
}

bool row_sum_same(const struct row_sum *a, const struct row_sum *b)
{
	return a->n == b->n && memcmp(a->lane, b->lane, sizeof a->lane) == 0;
}

static void put_number(struct buf *b, uint64_t v, int bytes)
{
	char p[8];
	for (int i = 0; i < bytes; i++)
		p[i] = (char)(v >> (8 * i));
	put(b, (str){ p, bytes });
}

static void put_text(struct buf *b, str s)
{
	put_number(b, (uint64_t)s.n, 4);
	put(b, s);
}

void row_image(struct buf *b, const struct val *at, int n)
{
	static const char letters[] = { [V_NULL] = 'n', [V_INT] = 'i', [V_TEXT] = 't', [V_BLOB] = 'b' };
	for (int i = 0; i < n; i++) {
		put_c(b, letters[at[i].type]);
		if (at[i].type == V_INT)
			put_number(b, (uint64_t)at[i].i, 8);
		else if (at[i].type != V_NULL)
			put_text(b, at[i].s);
	}
}

static bool take_bytes(str *from, ptrdiff_t n, str *ret)
{
	if (n < 0 || from->n < n)
		return false;
	*ret = (str){ from->p, n };
	*from = (str){ from->p + n, from->n - n };
	return true;
}

static bool take_number(str *from, int bytes, uint64_t *ret)
{
	str at;
	if (!take_bytes(from, bytes, &at))
		return false;
	*ret = 0;
	for (int i = 0; i < bytes; i++)
		*ret |= (uint64_t)(uint8_t)at.p[i] << (8 * i);
	return true;
}

static bool take_int(str *from, int64_t *ret)
{
	uint64_t v;
	if (!take_number(from, 8, &v))
		return false;
	*ret = (int64_t)v;
	return true;
}

static bool take_text(str *from, str *ret)
{
	uint64_t n;
	return take_number(from, 4, &n) && take_bytes(from, (ptrdiff_t)n, ret);
}

bool row_image_read(str row, const struct table_image *t, struct val *ret)
{
	for (int i = 0; i < t->n; i++) {
		str letter, s;
		int64_t v;
		char type = t->columns[i].type;
		if (!take_bytes(&row, 1, &letter))
			return false;
		if (*letter.p == 'n')
			ret[i] = v_null();
		else if (*letter.p != type)
			return false;
		else if (type == 'i' && take_int(&row, &v))
			ret[i] = v_int(v);
		else if (type != 'i' && take_text(&row, &s) && (type == 'b' || str_is_utf8(s)))
			ret[i] = type == 't' ? v_text(s) : v_blob(s);
		else
			return false;
	}
	return row.n == 0;
}

/* ---- writing --------------------------------------------------------------------------------------- */

void archive_begin(struct archive_out *a, struct arena *mem)
{
	a->mem = mem;
	a->tables = a->rows = a->files = 0;
	buf_init(&a->b, mem, 1 << 20);
}

static enum rc record(struct archive_out *a, char kind, str bytes)
{
	char head[5] = { kind };
	if (bytes.n > RECORD_MAX)
		return E_LIMIT;
	for (int i = 0; i < 4; i++)
		head[1 + i] = (char)(bytes.n >> (8 * i));
	TRY(vault_put(&a->vault, (str){ head, sizeof head }));
	return vault_put(&a->vault, bytes);
}

static enum rc built(struct archive_out *a, char kind)
{
	enum rc rc = a->b.over ? E_LIMIT : record(a, kind, buf_str(&a->b));
	a->b.n = 0;
	return rc;
}

enum rc archive_about(struct archive_out *a, str text)
{
	return record(a, 'A', text);
}

enum rc archive_migration(struct archive_out *a, const struct migration_image *m)
{
	put_text(&a->b, m->module);
	put_number(&a->b, (uint64_t)m->number, 8);
	put_text(&a->b, m->name);
	put_text(&a->b, m->digest);
	return built(a, 'S');
}

enum rc archive_table(struct archive_out *a, const struct table_image *t)
{
	put_text(&a->b, t->name);
	put_number(&a->b, (uint64_t)t->n, 2);
	for (int i = 0; i < t->n; i++) {
		put_c(&a->b, t->columns[i].type);
		put_text(&a->b, t->columns[i].name);
	}
	a->tables++;
	return built(a, 'T');
}

enum rc archive_row(struct archive_out *a, str row)
{
	a->rows++;
	return record(a, 'R', row);
}

enum rc archive_table_end(struct archive_out *a, const struct row_sum *sum)
{
	put_number(&a->b, (uint64_t)sum->n, 8);
	put(&a->b, (str){ (const char *)sum->lane, sizeof sum->lane });
	return built(a, 'E');
}

enum rc archive_file(struct archive_out *a, const struct file_image *f)
{
	put_text(&a->b, f->path);
	put_number(&a->b, (uint64_t)f->size, 8);
	put(&a->b, (str){ (const char *)f->sha256, 32 });
	put(&a->b, (str){ (const char *)f->object, 32 });
	a->files++;
	return built(a, 'F');
}

enum rc archive_end(struct archive_out *a)
{
	put_number(&a->b, (uint64_t)a->tables, 8);
	put_number(&a->b, (uint64_t)a->rows, 8);
	put_number(&a->b, (uint64_t)a->files, 8);
	TRY(built(a, 'Z'));
	return vault_end(&a->vault);
}

/* ---- reading --------------------------------------------------------------------------------------- */

void archive_open(struct archive_in *a, enum rc (*more)(void *arg, str *ret), void *arg)
{
	*a = (struct archive_in){ .more = more, .arg = arg };
	arena_init(&a->mem, (size_t)4 * RECORD_MAX);
	arena_init(&a->names, (size_t)1 << 20);
}

void archive_close(struct archive_in *a)
{
	arena_free(&a->mem);
	arena_free(&a->names);
}

static enum rc bad(struct archive_in *a, const struct tr *why)
{
	a->why = why;
	return E_INVALID;
}

static enum rc fill(struct archive_in *a)
{
	while (a->have.n == 0) {
		TRY(a->more(a->arg, &a->have));
		if (a->have.n == 0)
			return bad(a, &MSG_end);
	}
	return OK;
}

/* n bytes: a view when they stand together, else gathered in a->mem, which grows only with what really comes. */
static enum rc gather(struct archive_in *a, ptrdiff_t n, str *ret)
{
	struct buf b;
	if (n == 0) {
		*ret = S("");
		return OK;
	}
	TRY(fill(a));
	if (a->have.n >= n) {
		take_bytes(&a->have, n, ret);
		return OK;
	}
	buf_init(&b, &a->mem, RECORD_MAX);
	while ((ptrdiff_t)b.n < n) {
		str piece;
		TRY(fill(a));
		ptrdiff_t want = n - (ptrdiff_t)b.n;
		take_bytes(&a->have, want < a->have.n ? want : a->have.n, &piece);
		put(&b, piece);
	}
	*ret = buf_str(&b);
	return OK;
}

/* A name of SQL as our migrations write them. */
static bool is_name(str s)
{
	for (ptrdiff_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || s.p[i] == '_' || (i && s.p[i] >= '0' && s.p[i] <= '9')))
			return false;
	return s.n > 0 && s.n <= 63;
}

/* A path below DATA: parts of ordinary characters, none empty and none beginning with "..". */
static bool is_path(str s)
{
	str head;
	if (s.n == 0 || s.n > PATH_MAX_BYTES || s.p[s.n - 1] == '/' || !str_is_utf8(s))
		return false;
	while (s.n) {
		str_cut(s, '/', &head, &s);
		if (head.n == 0 || head.n > 255 || str_starts(head, S("..")) || str_is(head, "."))
			return false;
		for (ptrdiff_t i = 0; i < head.n; i++)
			if ((uint8_t)head.p[i] < ' ' || head.p[i] == '\\' || head.p[i] == 127)
				return false;
	}
	return true;
}

static bool read_table(struct archive_in *a, str s)
{
	uint64_t n;
	str name, letter, column;
	arena_reset(&a->names);
	if (!take_text(&s, &name) || !is_name(name) || !take_number(&s, 2, &n) || n < 1 || n > TABLE_COLUMNS_MAX)
		return false;
	a->table = (struct table_image){ str_copy(&a->names, name), NEWS(&a->names, struct column_image, n), (int)n };
	for (int i = 0; i < a->table.n; i++) {
		if (!take_bytes(&s, 1, &letter) || !strchr("itb", *letter.p) || !*letter.p || !take_text(&s, &column) ||
			!is_name(column))
			return false;
		for (int k = 0; k < i; k++)
			if (str_eq(a->table.columns[k].name, column))
				return false;
		a->table.columns[i] = (struct column_image){ str_copy(&a->names, column), *letter.p };
	}
	a->sum = (struct row_sum){ 0 };
	a->tables++;
	return s.n == 0;
}

static bool read_sum(str s, struct row_sum *ret)
{
	str lanes;
	if (!take_int(&s, &ret->n) || !take_bytes(&s, 32, &lanes))
		return false;
	memcpy(ret->lane, lanes.p, 32);
	return s.n == 0;
}

static bool read_file(str s, struct file_image *ret)
{
	str sha, object;
	if (!take_text(&s, &ret->path) || !is_path(ret->path) || !take_int(&s, &ret->size) || ret->size < 0 ||
		!take_bytes(&s, 32, &sha)
		|| !take_bytes(&s, 32, &object))
		return false;
	memcpy(ret->sha256, sha.p, 32);
	memcpy(ret->object, object.p, 32);
	return s.n == 0;
}

static bool read_migration(str s, struct migration_image *ret)
{
	return take_text(&s, &ret->module) && is_name(ret->module) && take_int(&s, &ret->number) &&
		take_text(&s, &ret->name) && ret->name.n <= 200
		&& str_is_utf8(ret->name) && take_text(&s, &ret->digest) && ret->digest.n == 64 && str_is_utf8(ret->digest) &&
		s.n == 0;
}

static bool read_end(const struct archive_in *a, str s)
{
	int64_t tables, rows, files;
	return take_int(&s, &tables) && take_int(&s, &rows) && take_int(&s, &files) && s.n == 0 && tables == a->tables &&
		rows == a->rows
		&& files == a->files;
}

/* Whether a record of this kind may follow the last one. */
static bool in_order(char last, char kind)
{
	switch (kind) {
	case 'A': return last == 0;
	case 'S': return last == 'A' || last == 'S';
	case 'T': return last == 'S' || last == 'E' || last == 'A';
	case 'R': case 'E': return last == 'T' || last == 'R';
	case 'F': case 'Z': return last == 'E' || last == 'F' || last == 'S' || last == 'A';
	default: return false;
	}
}

/* The values are looked at by whoever takes the row; here only whether they fit. */
static bool row_fits(struct archive_in *a, str row)
{
	struct val *at = NEWS(&a->mem, struct val, a->table.n);
	if (!row_image_read(row, &a->table, at))
		return false;
	row_sum_add(&a->sum, row);
	a->rows++;
	return true;
}

static enum rc understand(struct archive_in *a, str bytes, struct record *ret)
{
	bool good = true;
	switch (ret->kind) {
	case 'A': good = bytes.n <= 1 << 16 && str_is_utf8(bytes); break;
	case 'S': good = read_migration(bytes, &ret->migration); break;
	case 'T': good = read_table(a, bytes); break;
	case 'R': good = row_fits(a, bytes); break;
	case 'F': good = read_file(bytes, &ret->file); a->files++; break;
	case 'Z': good = read_end(a, bytes); break;
	case 'E':
		good = read_sum(bytes, &ret->sum);
		if (good && !row_sum_same(&ret->sum, &a->sum))
			return bad(a, &MSG_sum);
		break;
	default: good = false; break;
	}
	ret->text = bytes;
	ret->table = a->table;
	return good ? OK : bad(a, &MSG_record);
}

enum rc archive_next(struct archive_in *a, struct record *ret)
{
	str head, bytes, rest;
	uint64_t n = 0;
	*ret = (struct record){ 0 };
	if (a->last == 'Z') {
		TRY(a->more(a->arg, &rest));
		return rest.n || a->have.n ? bad(a, &MSG_order) : OK;
	}
	arena_reset(&a->mem);
	TRY(gather(a, 5, &head));
	ret->kind = *head.p;
	head = str_sub(head, 1, -1);
	take_number(&head, 4, &n);
	if (!in_order(a->last, ret->kind))
		return bad(a, &MSG_order);
	if (n > RECORD_MAX)
		return bad(a, &MSG_record);
	TRY(gather(a, (ptrdiff_t)n, &bytes));
	TRY(understand(a, bytes, ret));
	a->last = ret->kind;
	return OK;
}
