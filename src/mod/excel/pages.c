/* pages.c -- the pages of the Excel bridge: what it knows, a file that was sent, its difference. */
#include "mod/excel/excel_in.h"

enum { KEEP_MS = 7 * 86400000, SHOWN = 300, HEADINGS_SHOWN = 120 };

static const struct tr
	MSG_file = { "Hãy chọn một tệp .xlsx hoặc .xls.", "Choose an .xlsx or .xls file." },
	MSG_kept = { "Khuê điền và đọc", "Filled and read" }, MSG_fills = { "Khuê điền", "Filled" },
	MSG_key = { "Dùng để tìm người", "Finds the person" },
	MSG_not_kept = { "Khuê không giữ: để nguyên", "Not kept here: left as it is" },
	MSG_unknown = { "Chưa có trong bản đồ cột: để nguyên", "Not in the map: left as it is" },
	MSG_filled = { "Đã điền {1} ô: {2} dòng có sẵn, {3} dòng thêm.", "{1} cells filled: {2} rows stood, {3} added." },
	MSG_left = { "{1} Để nguyên {2} dòng không khớp ai và {3} ô (công thức, ô gộp, giá trị lạ).",
		"{1} Left as they were: {2} rows that are nobody's, {3} cells (formulas, merged, unknown values)." },
	MSG_passed = { "Không đưa sang các dòng {1}: đã chuyển đi, thôi học, hoặc trùng tên với hồ sơ chưa có mã.",
		"Rows {1} were left out: gone, or named like a record that has no code." },
	MSG_nobody = { "Không có ai để điền: không dòng nào khớp với người của trường mà mẫu này nói tới.",
		"Nothing to fill: no row is anybody's of the school whom this template is about." },
	MSG_written = { "Đã ghi {1} dòng.", "{1} rows written." },
	MSG_sure = { "Chắc chắn", "Sure" }, MSG_likely = { "Có thể đúng, hãy xem lại các cột",
		"Likely; look at the columns" },
	MSG_people = { "Dòng này không so sánh được.", "This cannot be compared." };

static const struct choice when[] = { { "year", { "Cuối năm học", "End of the year" } },
	{ "hk1", { "Cuối học kì I", "End of term I" } }, END };

static const struct grant clerks[] = { { &clerk, &at_org, READ }, { 0 } };

/* ---- shapes ----------------------------------------------------------------------------------------------- */

struct sent_in { file_id file; pick term; bool add; int64_t made; str what; };
#define ROW struct sent_in
static const struct shape upload_in_shape = { sizeof(ROW), FIELDS{ { COL(file), .label = { "Tệp", "File" } }, END } };
static const struct shape sent_in_shape = { sizeof(ROW), FIELDS{ { COL(file), .label = { "Tệp", "File" } },
	{ COL(term), .pick = when, .label = { "Thời điểm", "When" } },
	{ COL(add), .label = { "Thêm người còn thiếu", "Add who is missing" } }, { COL(made) },
	{ COL(what), .max = 10 }, END } };
#undef ROW
struct known_view { str label, fills, reads; int64_t columns; };
#define ROW struct known_view
static const struct shape known_shape = { sizeof(ROW), FIELDS{ { COL(label) }, { COL(fills) }, { COL(reads) },
	{ COL(columns) }, END } };
#undef ROW
struct home_view { str title; items templates; };
#define ROW struct home_view
static const struct shape home_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { MANY(templates, known_shape) }, END } };
#undef ROW
struct column_view { str heading, does; bool known; };
#define ROW struct column_view
static const struct shape column_shape = { sizeof(ROW), FIELDS{ { COL(heading) }, { COL(does) }, { COL(known) },
	END } };
#undef ROW
struct file_view { str title, name, label, sheet, sure; int64_t file, heading, rows, found, unknown, made; bool nothing,
	reads, differs, year, teaching, empty, old; items columns; };
#define ROW struct file_view
static const struct shape file_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(name) }, { COL(label) },
	{ COL(sheet) }, { COL(sure) }, { COL(file) }, { COL(heading) }, { COL(rows) }, { COL(found) }, { COL(unknown) },
	{ COL(made) }, { COL(nothing) }, { COL(reads) }, { COL(differs) }, { COL(year) }, { COL(teaching) },
	{ COL(empty) }, { COL(old) }, { MANY(columns, column_shape) }, END } };
#undef ROW
struct line_view { int64_t line; str who, field, old, now, why; bool wrong, cleared; };
#define ROW struct line_view
static const struct shape line_shape = { sizeof(ROW), FIELDS{ { COL(line) }, { COL(who) }, { COL(field) }, { COL(old) },
	{ COL(now) }, { COL(why) }, { COL(wrong) }, { COL(cleared) }, END } };
#undef ROW
struct diff_view { str title, name; int64_t file, fresh, changed, same, wrong, good, more; bool none, year, can_write,
	term_1, see_new, see_changed, see_same, see_wrong; items lines; };
#define ROW struct diff_view
static const struct shape diff_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(name) }, { COL(file) },
	{ COL(fresh) }, { COL(changed) }, { COL(same) }, { COL(wrong) }, { COL(good) }, { COL(more) }, { COL(none) },
	{ COL(year) }, { COL(can_write) }, { COL(term_1) }, { COL(see_new) }, { COL(see_changed) }, { COL(see_same) },
	{ COL(see_wrong) }, { MANY(lines, line_shape) }, END } };
#undef ROW

/* ---- home -------------------------------------------------------------------------------------------------- */

/* Only for the school in view, and whoever works in its office. */
static enum rc at_school(struct ctx *c)
{
	return c->here.org.v && c->here.year && allowed(c, excel_office, c->here.org) ? OK : E_MISSING;
}

static enum rc home_get(struct ctx *c, const void *in, void *out_)
{
	struct home_view *out = out_;
	struct known_view *k = NEWS(c->mem, struct known_view, KINDS);

	(void)in;
	TRY(at_school(c));
	out->title = say(c, &mod_excel.label);
	for (int i = 0; i < KINDS; i++) {
		k[i] = (struct known_view){ say(c, &templates[i].label), say(c, &templates[i].fills),
			say(c, &templates[i].reads), 0 };
		k[i].columns = columns_kept(templates[i].map);
	}
	out->templates = (items){ k, KINDS };
	return OK;
}

static enum rc home_post(struct ctx *c, const void *in_, void *out)
{
	const struct sent_in *in = in_;
	struct opened o;
	struct school_in keep = { .file = in->file.v, .until = { c->now.v + KEEP_MS } };

	TRY(home_get(c, NULL, out));
	if (in->file.v == 0)
		return FAIL(c, E_INVALID, offsetof(struct sent_in, file), &MSG_file);
	TRY(open_sent(c, in->file, offsetof(struct sent_in, file), &o));
	TRY(execute(c, "excel/keep_file", &school_in_shape, &keep, NULL));
	c->go = link_to(c, "/excel/%lld", (long long)in->file.v);
	return OK;
}

/* ---- a file --------------------------------------------------------------------------------------------------- */

static const struct tr *does(const struct opened *o, const char *name)
{
	if (name[0] == '-')
		return &MSG_not_kept;
	if (strcmp(name, "row.number") == 0 || strncmp(name, "father.", 7) == 0 || strncmp(name, "mother.", 7) == 0 ||
		strcmp(name, "state") == 0)
		return &MSG_fills;
	if (o->kind != KIND_YEAR)
		return &MSG_kept;
	return strcmp(name, "name") == 0 || strcmp(name, "born") == 0 || strcmp(name, "sector_id") == 0 ||
		strcmp(name, "class.name") == 0 || strcmp(name, "school_code") == 0 ? &MSG_key : &MSG_fills;
}

static str heading_said(struct ctx *c, const struct tm_at *at)
{
	struct buf b;

	buf_init(&b, c->mem, 4000);
	for (int i = 0; i < at->n_heads; i++)
		put_fmt(&b, "%s%.*s", i ? " · " : "", FMT(str_sub(at->head[i], 0, at->head[i].n < 200 ? -1 : 200)));
	return str_is_utf8(buf_str(&b)) ? buf_str(&b) : S("…");
}

static void fill_columns(struct opened *o, struct file_view *out)
{
	struct column_view *v = NEWS(o->c->mem, struct column_view, o->t.n + 1);
	int n = 0;

	for (int k = 0; k < o->t.n; k++) {
		const struct tm_at *at = &o->t.columns[k];
		if (at->n_heads == 0)
			continue;
		out->unknown += at->at < 0;
		if (n < HEADINGS_SHOWN)
			v[n++] = (struct column_view){ heading_said(o->c, at),
				say(o->c, at->at < 0 ? &MSG_unknown : does(o, o->t.map[at->at].name)), at->at >= 0 };
	}
	out->columns = (items){ v, n };
}

static enum rc file_get_page(struct ctx *c, const void *in_, void *out_)
{
	const struct sent_in *in = in_;
	struct file_view *out = out_;
	struct opened o;
	int needed = 0;

	TRY(at_school(c));
	TRY(open_sent(c, in->file, 0, &o));
	out->title = say(c, &mod_excel.label);
	out->name = o.name;
	out->file = in->file.v;
	out->made = in->made;
	out->nothing = o.kind < 0;
	out->old = o.w->old;
	if (o.kind < 0)
		return OK;
	out->label = say(c, &templates[o.kind].label);
	out->sheet = o.w->sheets[o.t.sheet].name;
	out->heading = o.t.head + 1;
	out->rows = rows_held(&o);
	out->empty = out->rows == 0;
	out->found = o.t.found;
	for (const struct tm_column *m = o.t.map; m->name; m++)
		needed += (m->is & TM_NEEDED) != 0;
	out->sure = say(c, o.t.found >= 2 * needed || o.kind == KIND_TEACHING ? &MSG_sure : &MSG_likely);
	out->year = o.kind == KIND_YEAR;
	out->teaching = o.kind == KIND_TEACHING;
	out->reads = !out->empty && (o.kind == KIND_PUPILS || o.kind == KIND_STAFF) && allowed(c, clerks, c->here.org);
	out->differs = !out->empty && o.kind != KIND_STAFF;
	fill_columns(&o, out);
	return OK;
}

static enum rc fill_post(struct ctx *c, const void *in_, void *out)
{
	static enum rc (*const fills[KINDS])(struct opened *, const struct fill_ask *, struct filled *) = {
		fill_pupils, fill_staff, fill_year, fill_teaching };
	const struct sent_in *in = in_;
	struct fill_ask ask = { in->term == 1 ? AT_TERM_1 : AT_YEAR, in->add };
	struct opened o;
	struct filled f;
	file_id made;

	(void)out;
	TRY(at_school(c));
	TRY(open_kind(c, in->file, 0, -1, &o));
	TRY(wb_fillable(c, o.w, 0));
	TRY(fills[o.kind](&o, &ask, &f));
	c->go = link_to(c, "/excel/%lld", (long long)in->file.v);
	if (f.people + f.added == 0) {
		c->said = say(c, &MSG_nobody);
		return OK;
	}
	TRY(wb_to_file(c, o.w, in->file, c->here.org, o.name, 0, o.stamp, &made));
	TRY(audit(c, c->here.org, "org", c->here.org.v, "export", TEXT(c, "%s: %lld", templates[o.kind].code,
		(long long)(f.people + f.added))));
	str done = sayf(c, &MSG_filled, ARGS(TEXT(c, "%lld", (long long)f.cells), TEXT(c, "%lld",
		(long long)f.people), TEXT(c, "%lld", (long long)f.added)));
	c->said = f.unmatched + f.passed == 0 ? done : sayf(c, &MSG_left, ARGS(done, TEXT(c, "%lld",
		(long long)f.unmatched), TEXT(c, "%lld", (long long)f.passed)));
	c->go = link_to(c, "/excel/%lld?made=%lld", (long long)in->file.v, (long long)made.v);
	return OK;
}

static enum rc read_post(struct ctx *c, const void *in_, void *out)
{
	const struct sent_in *in = in_;
	struct opened o;
	str address, passed;

	(void)out;
	TRY(at_school(c));
	TRY(open_kind(c, in->file, 0, -1, &o));
	if ((o.kind != KIND_PUPILS && o.kind != KIND_STAFF) || !allowed(c, clerks, c->here.org))
		return FAIL(c, E_INVALID, 0, &MSG_people);
	TRY(import_people(&o, &address, &passed));
	if (passed.n)
		c->said = sayf(c, &MSG_passed, ARGS(passed));
	c->go = address;
	return OK;
}

/* ---- the difference ---------------------------------------------------------------------------------------------- */

static enum rc diff_of(struct opened *o, pick term_, struct diff *ret)
{
	switch (o->kind) {
	case KIND_PUPILS:   return diff_classes(o, ret);
	case KIND_YEAR:     return diff_year(o, term_ == 1 ? AT_TERM_1 : AT_YEAR, ret);
	case KIND_TEACHING: return diff_teaching(o, ret);
	default:            return FAIL(o->c, E_INVALID, 0, &MSG_people);
	}
}

static int asked_for(const struct diff *d, str what)
{
	static const char *const names[] = { "new", "changed", "same", "wrong" };

	for (int i = 0; i < COUNT(names); i++)
		if (str_is(what, names[i]))
			return i;
	return d->counts[OUT_WRONG] ? OUT_WRONG : d->counts[OUT_CHANGED] ? OUT_CHANGED : d->counts[OUT_NEW] ? OUT_NEW
		: OUT_SAME;
}

static void show_lines(struct ctx *c, const struct diff *d, int what, struct diff_view *out)
{
	struct line_view *v = NEWS(c->mem, struct line_view, SHOWN);
	int n = 0;

	for (int64_t i = 0; i < d->n; i++) {
		const struct diff_line *l = &d->at[i];
		if (l->what != what)
			continue;
		if (n == SHOWN) {
			out->more++;
			continue;
		}
		v[n++] = (struct line_view){ l->line, l->who, l->field, what == OUT_SAME ? S("") : l->old, l->now, l->why,
			what == OUT_WRONG, what == OUT_CHANGED && l->now.n == 0 };
	}
	out->lines = (items){ v, n };
	out->none = n == 0;
}

static enum rc diff_get(struct ctx *c, const void *in_, void *out_)
{
	const struct sent_in *in = in_;
	struct diff_view *out = out_;
	struct opened o;
	struct diff d;

	TRY(at_school(c));
	TRY(open_kind(c, in->file, 0, -1, &o));
	TRY(diff_of(&o, in->term, &d));
	int what = asked_for(&d, in->what);
	out->title = say(c, &templates[o.kind].label);
	out->name = o.name;
	out->file = in->file.v;
	out->fresh = d.counts[OUT_NEW];
	out->changed = d.counts[OUT_CHANGED];
	out->same = d.counts[OUT_SAME];
	out->wrong = d.counts[OUT_WRONG];
	out->good = out->fresh + out->changed;
	out->year = o.kind == KIND_YEAR;
	out->term_1 = in->term == 1;
	out->can_write = !out->year && out->good > 0;
	out->see_new = what == OUT_NEW;
	out->see_changed = what == OUT_CHANGED;
	out->see_same = what == OUT_SAME;
	out->see_wrong = what == OUT_WRONG;
	show_lines(c, &d, what, out);
	return OK;
}

static enum rc apply_post(struct ctx *c, const void *in_, void *out)
{
	const struct sent_in *in = in_;
	struct opened o;
	struct diff d;
	int64_t rows;

	TRY(diff_get(c, in, out));
	TRY(open_kind(c, in->file, 0, -1, &o));
	TRY(diff_of(&o, 0, &d));
	if (o.kind == KIND_YEAR)
		return FAIL(c, E_INVALID, 0, &MSG_people);
	TRY(o.kind == KIND_TEACHING ? apply_teaching(c, &d, &rows) : apply_classes(c, &d, &rows));
	c->said = sayf(c, &MSG_written, ARGS(TEXT(c, "%lld", (long long)rows)));
	c->go = link_to(c, "/excel/%lld/diff", (long long)in->file.v);
	return OK;
}

const struct route excel_routes[] = {
	{ "GET",  "/excel", excel_office, NULL, &home_shape, home_get, "excel/home", { .sql = 6, .ms = 20, .kb = 40 },
		{ "Cầu nối Excel", "Excel bridge" } },
	{ "POST", "/excel", excel_office, &upload_in_shape, &home_shape, home_post, "excel/home",
		{ .sql = 40, .ms = 1500, .kb = 40 }, { "Gửi tệp", "Send a workbook" } },
	{ "GET",  "/excel/{file}", excel_office, &sent_in_shape, &file_shape, file_get_page, "excel/file",
		{ .sql = 12, .ms = 1500, .kb = 80 }, { "Tệp Excel", "A workbook" } },
	{ "POST", "/excel/{file}/fill", excel_office, &sent_in_shape, NULL, fill_post, NULL,
		{ .sql = 160, .ms = 4000, .kb = 40 }, { "Điền vào tệp", "Fill the workbook" } },
	{ "POST", "/excel/{file}/read", clerks, &sent_in_shape, NULL, read_post, NULL,
		{ .sql = 600, .ms = 4000, .kb = 40 }, { "Nhập hồ sơ từ tệp", "Import people from it" } },
	{ "GET",  "/excel/{file}/diff", excel_office, &sent_in_shape, &diff_shape, diff_get, "excel/diff",
		{ .sql = 60, .ms = 3000, .kb = 200 }, { "So sánh với tệp", "Compare with it" } },
	{ "POST", "/excel/{file}/apply", excel_office, &sent_in_shape, &diff_shape, apply_post, "excel/diff",
		{ .sql = 20000, .ms = 8000, .kb = 200 }, { "Ghi theo tệp", "Write as it says" } }, END };

const struct place excel_places[] = {
	{ "excel", "/excel", "file-spreadsheet", { "Cầu nối Excel", "Excel bridge" }, { "Người học", "Learners" },
		excel_office },
	END };
