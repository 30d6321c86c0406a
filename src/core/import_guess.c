/* import_guess.c -- the first rows of a file: its encoding, its heading, which column is which field. */
#include "core/import_in.h"
#include "core/registry.h"

enum { SURE = 80, LIKELY = 72, REMEMBERED = 110, SAMPLES = 200 };

static const struct tr
	MSG_no_heading = { "Không thấy dòng tiêu đề nào khớp với {1}. Dòng tiêu đề cần có các cột như: {2}.",
		"No heading row fits {1}. It needs columns such as: {2}." };

str cell_text(struct arena *mem, const struct cell *cell, enum viet_encoding encoding)
{
	str s = str_trim(cell->text), clean;
	if (encoding != VIET_UNICODE && encoding != VIET_UNICODE_SPLIT)
		s = viet_from(mem, encoding, s);
	if (s.n > 1 && s.p[0] == '\'' && strchr("=+-@", s.p[1]))
		s = str_sub(s, 1, -1);
	bool plain = true;
	for (ptrdiff_t i = 0; i < s.n && plain; i++)
		plain = (unsigned char)s.p[i] >= 0x20 && (unsigned char)s.p[i] < 0x7F;
	return !plain && viet_clean(mem, s, &clean) ? clean : s;
}

bool import_takes(const struct field *f)
{
	return !(f->is & (DERIVED | SECRET)) && f->type != T_FILE && f->type != T_LIST && f->type != T_HTML;
}

str heading_fold(struct arena *mem, str s)
{
	str f = viet_fold(mem, s);
	struct buf b;
	bool gap = false;
	int depth = 0;
	buf_init(&b, mem, (size_t)f.n + 8);
	for (ptrdiff_t i = 0; i < f.n; i++) {
		unsigned char ch = (unsigned char)f.p[i];
		depth += (ch == '(') - (ch == ')' && depth > 0);
		bool word = ch >= 0x80 || (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9');
		if (depth > 0 || !word) {
			gap = b.n > 0;
			continue;
		}
		if (gap)
			put_c(&b, ' ');
		gap = false;
		put_c(&b, (char)ch);
	}
	return buf_str(&b);
}

/* Levenshtein's distance; texts above 60 bytes count as far apart. */
static int distance(str a, str b)
{
	int row[64], was, next;
	if (a.n > 60 || b.n > 60)
		return 99;
	for (int i = 0; i <= b.n; i++)
		row[i] = i;
	for (int i = 1; i <= a.n; i++) {
		was = row[0]++;
		for (int k = 1; k <= b.n; k++) {
			next = was + (a.p[i - 1] != b.p[k - 1]);
			was = row[k];
			row[k] = next < row[k] + 1 ? next : row[k] + 1;
			row[k] = row[k] < row[k - 1] + 1 ? row[k] : row[k - 1] + 1;
		}
	}
	return row[b.n];
}

/* Two folded headings: 100 the same, above LIKELY close. */
static int likeness(str a, str b)
{
	if (a.n == 0 || b.n == 0)
		return 0;
	if (str_eq(a, b))
		return 100;
	ptrdiff_t longer = a.n > b.n ? a.n : b.n, shorter = a.n > b.n ? b.n : a.n;
	int close = (int)(100 - 100 * distance(a, b) / longer);
	bool part = shorter >= 4 && (str_find(a, b) >= 0 || str_find(b, a) >= 0);
	if (part && close < 55 + (int)(35 * shorter / longer))
		close = 55 + (int)(35 * shorter / longer);
	return close > 95 ? 95 : close;
}

int import_likeness(struct arena *mem, str heading, const struct field *f)
{
	str h = heading_fold(mem, heading), rest = str_of(f->also ? f->also : ""), one;
	int best = str_is(heading, f->name) ? 100 : likeness(h, heading_fold(mem, str_of(f->label.vi)));
	int en = likeness(h, heading_fold(mem, str_of(f->label.en)));
	best = en > best ? en : best;
	while (rest.n > 0) {
		str_cut(rest, '|', &one, &rest);
		int v = likeness(h, heading_fold(mem, one));
		best = v > best ? v : best;
	}
	return best;
}

/* ---- reading the first rows ------------------------------------------------------------------------ */

struct looking { struct ctx *c; struct import_look *to; };

static bool keep_row(void *arg, int64_t number, const struct cell *cells, int n)
{
	struct looking *l = arg;
	struct import_look *t = l->to;
	int k = t->n_rows++;
	t->numbers[k] = number;
	t->n_cells[k] = n;
	for (int i = 0; i < n; i++)
		t->rows[k][i] = str_copy(l->c->mem, str_trim(cells[i].text));
	return t->n_rows < IMPORT_PREVIEW;
}

static void decode(struct ctx *c, struct import_look *t, struct import_plan *p)
{
	str samples[SAMPLES];
	int n = 0;
	for (int i = 0; i < t->n_rows; i++)
		for (int k = 0; k < t->n_cells[i] && n < SAMPLES; k++)
			if (t->rows[i][k].n > 1)
				samples[n++] = t->rows[i][k];
	t->guess = viet_guess(samples, n);
	p->encoding = t->guess;
	for (int i = 0; i < t->n_rows; i++)
		for (int k = 0; k < t->n_cells[i]; k++)
			t->rows[i][k] = cell_text(c->mem, &(struct cell){ CELL_TEXT, t->rows[i][k] }, p->encoding);
}

/* ---- the heading -------------------------------------------------------------------------------------- */

static int best_of(struct ctx *c, const struct entity *e, str heading)
{
	int best = 0;
	for (const struct field *f = e->fields; f->name && best < 100; f++) {
		int v = import_takes(f) ? import_likeness(c->mem, heading, f) : 0;
		best = v > best ? v : best;
	}
	return best;
}

static int fitting(struct ctx *c, const struct entity *e, const struct import_look *t, int row)
{
	int n = 0;
	for (int k = 0; k < t->n_cells[row]; k++)
		n += best_of(c, e, t->rows[row][k]) >= SURE;
	return n;
}

static bool merged_above(const struct import_look *t, int64_t number, int column)
{
	for (int i = 0; i < t->told.n_merged; i++) {
		const struct xlsx_range *r = &t->told.merged[i];
		if (r->row + 1 == number && r->col <= column && column <= r->col_end && r->col_end > r->col)
			return true;
	}
	return false;
}

/* Does the row below hold the lower half of a heading of two rows? Its cells stand under merged or empty ones. */
static bool lower_half(struct ctx *c, const struct entity *e, const struct import_look *t, int row)
{
	int fits = 0;
	if (row + 1 >= t->n_rows || t->numbers[row + 1] != t->numbers[row] + 1)
		return false;
	for (int k = 0; k < t->n_cells[row + 1]; k++) {
		if (t->rows[row + 1][k].n == 0)
			continue;
		bool under = k >= t->n_cells[row] || t->rows[row][k].n == 0 || merged_above(t, t->numbers[row], k);
		if (!under)
			return false;
		fits += best_of(c, e, t->rows[row + 1][k]) >= LIKELY;
	}
	return fits > 0;
}

static int row_numbered(const struct import_look *t, int64_t number)
{
	for (int i = 0; i < t->n_rows; i++)
		if (t->numbers[i] == number)
			return i;
	return -1;
}

static enum rc find_heading(struct ctx *c, struct import_plan *p, struct import_look *t)
{
	int row = p->heading ? row_numbered(t, p->heading) : -1, most = 0;
	for (int i = 0; i < t->n_rows && !p->heading; i++) {
		int n = fitting(c, p->e, t, i);
		if (n > most) {
			most = n;
			row = i;
		}
	}
	if (row < 0) {
		struct buf b;
		int n = 0;
		buf_init(&b, c->mem, 2000);
		for (const struct field *f = p->e->fields; f->name && n < 6; f++)
			if (import_takes(f)) {
				put_z(&b, n++ ? ", " : "");
				put(&b, say(c, &f->label));
			}
		return FAILF(c, E_INVALID, 0, &MSG_no_heading, str_lower(c->mem, say(c, &p->e->label)), buf_str(&b));
	}
	p->heading = (int)t->numbers[row];
	p->headings = lower_half(c, p->e, t, row) ? 2 : 1;
	p->n = t->n_cells[row];
	if (p->headings == 2 && t->n_cells[row + 1] > p->n)
		p->n = t->n_cells[row + 1];
	for (int k = 0; k < p->n; k++) {
		str lower = p->headings == 2 && k < t->n_cells[row + 1] ? t->rows[row + 1][k] : (str){ 0 };
		t->headings[k] = lower.n ? lower : k < t->n_cells[row] ? t->rows[row][k] : S("");
	}
	return OK;
}

/* ---- columns ------------------------------------------------------------------------------------------- */

static const struct field *remembered(struct ctx *c, const struct import_plan *p, str heading)
{
	struct rows r;
	str name = { 0 };
	if (heading.n == 0 ||
		db_query(c->db, "SELECT field FROM import_memory WHERE org = ?1 AND entity = ?2 AND heading = ?3",
	                               VALS(v_int(p->org.v), v_text(str_of(p->e->name)), v_text(heading)), &r) != OK)
		return NULL;
	if (rows_next(&r))
		name = str_copy(c->mem, rows_text(&r, 0));
	rows_end(&r);
	return name.n ? import_field(c, p->e, name) : NULL;
}

static bool taken(const struct import_plan *p, const struct field *f)
{
	for (int i = 0; i < p->n; i++)
		if (p->at[i] == f)
			return true;
	return false;
}

/* "Họ đệm" and "Tên" in two columns are one name. */
static void guess_name_halves(struct ctx *c, struct import_plan *p, struct import_look *t)
{
	static const char *const firsts[] = { "ho", "ho dem", "ho lot", "ho va dem", "ho va ten dem", "ho ten dem",
		"ho va chu dem" };
	const struct field *name = NULL;
	for (const struct field *f = p->e->fields; f->name && !name; f++)
		if (f->is & NAME && f->type == T_TEXT)
			name = f;
	for (int k = 0; name && k + 1 < p->n; k++) {
		str a = heading_fold(c->mem, t->headings[k]), b = heading_fold(c->mem, t->headings[k + 1]);
		bool first = false;
		for (ptrdiff_t i = 0; i < COUNT(firsts); i++)
			first = first || str_is(a, firsts[i]);
		if (!first || !(str_is(b, "ten") || b.n == 0))
			continue;
		for (int i = 0; i < p->n; i++)
			if (p->at[i] == name)
				p->at[i] = NULL;
		p->at[k] = p->at[k + 1] = name;
		t->sure[k] = t->sure[k + 1] = 100;
		return;
	}
}

/* A column that says whose each row is, as an export of several units has: only when what stands in it is a unit. */
static void guess_unit(struct ctx *c, struct import_plan *p, struct import_look *t)
{
	const struct field *unit = table_of(c->app->registry, p->e)->unit;
	const struct field *name = unit ? field_at(unit->ref->fields, unit->ref->title[0]) : NULL;
	struct buf sql;
	buf_init(&sql, c->mem, 1000);
	put_z(&sql, "SELECT count(*) FROM ");
	put_z(&sql, name ? unit->ref->name : "");
	put_z(&sql, " WHERE ");
	put_z(&sql, name ? name->name : "");
	put_z(&sql, " = ?1");
	for (int k = 0; name && k < p->n && !taken(p, unit); k++) {
		int64_t n = 0;
		if (p->at[k] || import_likeness(c->mem, t->headings[k], unit) < 100)
			continue;
		for (int i = 0; i < t->n_rows && !n; i++)
			if (t->numbers[i] >= p->heading + p->headings && k < t->n_cells[i] && t->rows[i][k].n &&
				db_int(c->db, str_z(c->mem, buf_str(&sql)), VALS(v_text(t->rows[i][k])), &n) != OK)
				return;
		p->at[k] = n ? unit : NULL;
		t->sure[k] = n ? 100 : 0;
	}
}

static void guess_columns(struct ctx *c, struct import_plan *p, struct import_look *t)
{
	for (int k = 0; k < p->n; k++) {
		const struct field *f = remembered(c, p, heading_fold(c->mem, t->headings[k]));
		p->at[k] = f && !taken(p, f) ? f : NULL;
		t->sure[k] = p->at[k] ? REMEMBERED : 0;
	}
	for (int least = 100; least >= LIKELY; least -= 5)       /* the surest first */
		for (int k = 0; k < p->n; k++)
			for (const struct field *f = p->e->fields; f->name && !p->at[k]; f++) {
				if (!import_takes(f) || taken(p, f) || import_likeness(c->mem, t->headings[k], f) < least)
					continue;
				p->at[k] = f;
				t->sure[k] = least;
			}
	guess_name_halves(c, p, t);
	guess_unit(c, p, t);
}

/* A merged cell leaves empty ones beside it. Only then is the whole sheet read for its merged ranges, which stand at
 * its end. */
static bool gaps(const struct import_look *t, int row)
{
	bool longer = row + 1 < t->n_rows && t->n_cells[row + 1] > t->n_cells[row];
	for (int k = 0; k < t->n_cells[row] && !longer; k++)
		longer = t->rows[row][k].n == 0;
	return longer;
}

enum rc import_look(struct ctx *c, int fd, struct import_plan *p, struct import_look *ret)
{
	struct looking l = { c, ret };
	struct file_fault why;
	memset(ret, 0, sizeof *ret);
	struct sheet_ask ask = { .fd = fd, .sheet = p->sheet, .rows = IMPORT_PREVIEW,
		.wipe = { (const char *)c->app->secret, sizeof c->app->secret } };
	enum rc rc = sheet_read(c->mem, &ask, keep_row, &l, &ret->told, &why);
	if (rc != OK)
		return FAIL(c, rc, 0, (&(struct tr){ why.vi, why.en }));
	p->sheet = ret->told.sheet;
	decode(c, ret, p);
	TRY(find_heading(c, p, ret));
	if (ret->told.workbook && gaps(ret, row_numbered(ret, p->heading))) {
		ask.merged = true;
		ask.sheet = p->sheet;
		ret->n_rows = 0;
		rc = sheet_read(c->mem, &ask, keep_row, &l, &ret->told, &why);
		if (rc != OK)
			return FAIL(c, rc, 0, (&(struct tr){ why.vi, why.en }));
		decode(c, ret, p);
		TRY(find_heading(c, p, ret));
	}
	guess_columns(c, p, ret);
	return OK;
}

const struct field *import_field(const struct ctx *c, const struct entity *e, str name)
{
	const struct field *f = field_named(e->fields, name), *unit = table_of(c->app->registry, e)->unit;
	if (!f)
		return unit && str_is(name, unit->name) ? unit : NULL;
	return import_takes(f) ? f : NULL;
}

bool import_presets(const struct field *f) { return f->type == T_BOOL && f->is & FILTER && import_takes(f); }

void import_presume(struct import_plan *p)
{
	const struct entity *e = p->e;
	const struct field *usual = e->usual[0] ? field_at(e->fields, e->usual[0]) : NULL;
	bool said = !usual || p->n_presets > 0;

	for (const struct field *f = e->fields; f->name && !said; f++) {
		bool speaks = import_presets(f);
		for (int i = 1; i < COUNT(e->usual) && e->usual[i]; i++)
			speaks = speaks || f->at == e->usual[i];
		said = speaks && taken(p, f);
	}
	if (!said)
		p->presets[p->n_presets++] = (struct import_preset){ usual, S("1") };
}

/* ---- plans as text ---------------------------------------------------------------------------------------- */

const struct field *import_missing(const struct import_plan *p)
{
	for (const struct field *f = p->e->fields; f->name; f++) {
		if (!(f->is & NEEDED) || !import_takes(f) || f->fill || f->type == T_PICK || f->type == T_BOOL ||
			f->type == T_INT)
			continue;
		bool set = taken(p, f);
		for (int i = 0; i < p->n_presets; i++)
			set = set || p->presets[i].f == f;
		if (!set)
			return f;
	}
	return NULL;
}

str import_mapping(struct ctx *c, const struct import_plan *p)
{
	struct buf b;
	buf_init(&b, c->mem, 1 << 16);
	for (int i = 0; i < p->n; i++)
		put_fmt(&b, "%d\t%s\n", i, p->at[i] ? p->at[i]->name : "");
	for (int i = 0; i < p->n_presets; i++)
		put_fmt(&b, "=\t%s\t%.*s\n", p->presets[i].f->name, FMT(p->presets[i].value));
	if (p->year)
		put_fmt(&b, "year\t\t%lld\n", (long long)p->year);
	return buf_str(&b);
}

void import_mapping_read(struct ctx *c, str text, struct import_plan *p)
{
	str line, head, name, value;
	memset(p->at, 0, sizeof p->at);
	p->n = p->n_presets = 0;
	while (text.n > 0) {
		int64_t i;
		str_cut(text, '\n', &line, &text);
		str_cut(line, '\t', &head, &line);
		str_cut(line, '\t', &name, &value);
		const struct field *f = import_field(c, p->e, name);
		if (str_is(head, "year"))
			str_to_int(value, &p->year);
		if (str_is(head, "=") && f && p->n_presets < IMPORT_PRESETS)
			p->presets[p->n_presets++] = (struct import_preset){ f, str_copy(c->mem, value) };
		if (!str_to_int(head, &i) || i < 0 || i >= IMPORT_COLUMNS)
			continue;
		p->at[i] = f;
		if (i >= p->n)
			p->n = (int)i + 1;
	}
}

enum rc import_remember(struct ctx *c, const struct import_plan *p, const struct import_look *look)
{
	for (int i = 0; i < p->n; i++) {
		str heading = heading_fold(c->mem, look->headings[i]);
		if (heading.n == 0 || !p->at[i])
			continue;
		TRY(db_exec(c->db, "INSERT INTO import_memory (org, entity, heading, field) VALUES (?1, ?2, ?3, ?4) "
		            "ON CONFLICT (org, entity, heading) DO UPDATE SET field = excluded.field",
		            VALS(v_int(p->org.v), v_text(str_of(p->e->name)), v_text(heading),
			v_text(str_of(p->at[i]->name))), NULL));
	}
	return OK;
}
