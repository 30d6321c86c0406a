/* sheets_page.c -- the page of a book of marks and Excel: a workbook is looked at first, each cell with what it would
 * change; then what is right is written, as the grid would write it. Or the workbook is filled and given back. */
#include "core/files.h"
#include "core/stamp.h"
#include "mod/records/sheets.h"
#include <unistd.h>

static const struct tr
	MSG_file = { "Chọn một tệp Excel (.xlsx, .xls).", "Choose an Excel file (.xlsx, .xls)." },
	MSG_reason = { "Sổ đã khóa và được mở lại: hãy ghi lý do sửa.",
		"The book was locked and reopened: say why it is changed." },
	MSG_nothing = { "Tệp không có ô nào khác với sổ: không có gì để ghi.",
		"No cell of the file differs from the book: there is nothing to write." },
	MSG_done = { "Đã ghi {1} ô từ Excel.", "{1} cells written from Excel." },
	MSG_some = { "Đã ghi {1} ô; {2} ô hoặc dòng còn lại chưa ghi được, xem bên dưới.",
		"{1} cells written; {2} cells or lines were not, see below." },
	MSG_undone = { "Đã hoàn tác lần nhập: {1} ô trở lại như trước.",
		"The import is taken back: {1} cells are as before." },
	MSG_undone_some = { "Đã hoàn tác {1} ô; {2} ô giữ nguyên vì có người sửa sau đó, đã khóa hoặc là nhận xét viết đè.",
		"{1} cells are as before; {2} stay: changed since, locked, or a remark that replaced another." },
	MSG_none_filled = { "Không điền được ô nào: tệp không có dòng học sinh của các lớp này. {1}",
		"No cell could be filled: the file has no lines of these classes' pupils. {1}" };

/* ---- what is asked and shown ----------------------------------------------------------------------------------- */

enum { ACT_LOOK, ACT_WRITE, ACT_FILL, ACT_UNDO, FORMS_MOST = 50 };
static const struct choice acts[] = { { "look", { "Xem thay đổi", "Look" } }, { "write", { "Ghi", "Write" } },
	{ "fill", { "Xuất", "Export" } }, { "undo", { "Hoàn tác", "Undo" } }, END };
#define ROW struct sheet_chosen
static const struct shape chosen_shape = { sizeof(ROW), FIELDS{ { COL(sheet) }, { COL(row) }, { COL(pupil) }, END } };
#undef ROW
struct excel_ask { school_class_id class; subject_id subject; pick term, act; file_id file; mark_template_id form;
	bool all; str seen, reason; int64_t import; items chosen; };
#define ROW struct excel_ask
const struct shape excel_in = { sizeof(ROW), FIELDS{ { REF(class, school_class), .is = NEEDED,
	.label = { "Lớp", "Class" } }, { REF(subject, subject), .is = NEEDED, .label = { "Môn", "Subject" } },
	{ COL(term), .pick = terms_written, .label = { "Học kì", "Term" } }, { COL(act), .pick = acts,
	.label = { "Việc", "What" } }, { COL(file), .label = { "Tệp Excel", "Excel file" } },
	{ REF(form, mark_template), .label = { "Mẫu của trường", "Form of the school" } },
	{ COL(all), .label = { "Mọi sổ của tôi", "All my books" } },
	{ COL(seen), .max = 2000, .label = { "Lần ghi đã thấy", "Entries seen" } },
	{ COL(reason), .max = 1000, .label = { "Lý do", "Reason" } },
	{ COL(import), .label = { "Lần nhập", "Import" } },
	{ MANY(chosen, chosen_shape), .max = 200, .label = { "Đã chọn", "Chosen" } }, END } };
#undef ROW

struct cell_view { str shown, was, why; bool fresh, changed, wrong; };
#define ROW struct cell_view
static const struct shape cell_shape = { sizeof(ROW), FIELDS{ { COL(shown) }, { COL(was) }, { COL(why) },
	{ COL(fresh) }, { COL(changed) }, { COL(wrong) }, END } };
#undef ROW
struct option_view { int64_t pupil; str name, born; };
#define ROW struct option_view
static const struct shape option_shape = { sizeof(ROW), FIELDS{ { COL(pupil) }, { COL(name) }, { COL(born) }, END } };
#undef ROW
/* k: the number of the line's choice in the form; row: of the sheet as people count. */
/* given: the workbook's name, when Khuê has another. */
struct line_view { int64_t k, row, at, sheet, pupil; str name, given; bool several, unlike, unknown, twice,
	chosen; items options, cells; };
#define ROW struct line_view
static const struct shape line_shape = { sizeof(ROW), FIELDS{ { COL(k) }, { COL(row) }, { COL(at) }, { COL(sheet) },
	{ COL(pupil) }, { COL(name) }, { COL(given) }, { COL(several) }, { COL(unlike) }, { COL(unknown) }, { COL(twice) },
	{ COL(chosen) }, { MANY(options, option_shape) }, { MANY(cells, cell_shape) }, END } };
#undef ROW
struct head_view { str label; };
#define ROW struct head_view
static const struct shape head_shape = { sizeof(ROW), FIELDS{ { COL(label) }, END } };
#undef ROW
struct sheet_view { str title, name, notes, trouble; int64_t fresh, changed, same,
	wrong; bool any; items heads, lines; };
#define ROW struct sheet_view
static const struct shape sheet_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(name) }, { COL(notes) },
	{ COL(trouble) }, { COL(fresh) }, { COL(changed) }, { COL(same) }, { COL(wrong) }, { COL(any) },
	{ MANY(heads, head_shape) }, { MANY(lines, line_shape) }, END } };
#undef ROW
struct form_view { int64_t id; str name; };
#define ROW struct form_view
static const struct shape form_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(name) }, END } };
#undef ROW
#define ROW struct sheet_import
static const struct shape import_shape = { sizeof(ROW), FIELDS{ { COL(at) }, { COL(key) }, { COL(file) },
	{ COL(cells) }, { COL(lost) }, { COL(books) }, { COL(several) }, END } };
#undef ROW
struct excel_view { str title, term, term_code, trouble, done, reason, seen, notes; int64_t class, subject,
	file, good; bool asked, may_write, acts, ask_reason, choose, nothing, may_keep, has_forms, undoes;
	items sheets, forms, imports; };
#define ROW struct excel_view
const struct shape excel_out = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(term) }, { COL(term_code) },
	{ COL(trouble) }, { COL(done) }, { COL(reason) }, { COL(seen) }, { COL(notes) }, { COL(class) }, { COL(subject) },
	{ COL(file) }, { COL(good) }, { COL(asked) }, { COL(may_write) }, { COL(acts) },
	{ COL(ask_reason) }, { COL(choose) },
	{ COL(nothing) }, { COL(may_keep) }, { COL(has_forms) }, { MANY(sheets, sheet_shape) },
	{ MANY(forms, form_shape) },
	{ COL(undoes) }, { MANY(imports, import_shape) }, END } };
#undef ROW

static str book_title(struct ctx *c, const struct course_head *k)
{
	return TEXT(c, "%.*s %.*s", FMT(k->subject_name), FMT(k->class_name));
}

/* The forms the school keeps, those that have a file. */
static enum rc forms_of(struct ctx *c, org_id at, struct excel_view *out)
{
	struct mark_template mine = { .base = { .org = at } };
	items got;

	TRY(find_all(c, &mark_template, &got, FORMS_MOST, IS({ offsetof(struct base, org), v_int(at.v) })));
	struct form_view *v = NEWS(c->mem, struct form_view, got.n + 1);
	for (int64_t i = 0; i < got.n; i++) {
		const struct mark_template *x = (const struct mark_template *)got.p + i;
		if (x->file.v)
			v[out->forms.n++] = (struct form_view){ x->base.id, x->name };
	}
	out->forms.p = v;
	out->has_forms = out->forms.n > 0;
	out->may_keep = may(c, &mark_template, CREATE, &mine);
	return OK;
}

static enum rc about(struct ctx *c, const struct excel_ask *in, struct excel_view *out)
{
	static const struct tr title = { "Excel: sổ điểm {1}", "Excel: marks of {1}" };
	struct course_head k;

	TRY(course_find(c, in->class, in->subject, &k));
	out->title = sayf(c, &title, ARGS(book_title(c, &k)));
	out->term = say(c, &mark_terms[in->term].label);
	out->term_code = str_of(mark_terms[in->term].code);
	out->class = k.class;
	out->subject = k.subject;
	out->may_write = book_teaches(c, &k);
	return forms_of(c, k.org, out);
}

/* The page with the imports that may be taken back, as they are now. */
static enum rc with_imports(struct ctx *c, const struct excel_ask *in, struct excel_view *out)
{
	struct course_head k;

	if (!out->may_write)
		return OK;
	TRY(course_find(c, in->class, in->subject, &k));
	TRY(sheets_imports(c, &k, in->term, &out->imports));
	out->undoes = out->imports.n > 0;
	return OK;
}

enum rc excel_get(struct ctx *c, const void *in, void *out)
{
	TRY(about(c, in, out));
	return with_imports(c, in, out);
}

/* ---- the changes, shown ------------------------------------------------------------------------------------------ */

static items options_of(struct ctx *c, const struct xl_line *l)
{
	struct option_view *v = NEWS(c->mem, struct option_view, l->n_choices + 1);

	for (int64_t i = 0; i < l->n_choices; i++)
		v[i] = (struct option_view){ l->choices[i].pupil, l->choices[i].name,
			l->choices[i].born.v == NO_DAY.v ? (str){ 0 } : day_text(c->mem, l->choices[i].born) };
	return (items){ v, l->n_choices };
}

static items cells_of(struct ctx *c, const struct xl_line *l)
{
	struct cell_view *v = NEWS(c->mem, struct cell_view, l->n_cells + 1);

	for (int i = 0; i < l->n_cells; i++) {
		const struct xl_cell *x = &l->cells[i];
		v[i] = (struct cell_view){ x->what == SHEET_BLANK ? x->was : x->shown, x->was, x->why, x->what == SHEET_NEW,
			x->what == SHEET_CHANGED, x->what == SHEET_WRONG };
	}
	return (items){ v, l->n_cells };
}

/* A line is shown when it does something, or cannot be told whose it is. */
static bool shows(const struct xl_line *l)
{
	bool any = l->at < 0 || str_is(l->how, "chosen");

	for (int i = 0; i < l->n_cells; i++)
		any = any || l->cells[i].what >= SHEET_NEW;
	return any;
}

static items heads_of(struct ctx *c, const struct sheet *s)
{
	static const struct tr remark = { "Nhận xét", "Remark" };
	struct head_view *v = NEWS(c->mem, struct head_view, s->t.n + 1);
	int64_t n = 0;

	for (int k = 0; k < s->t.n; k++)
		if (s->is[k] >= 0)
			v[n++].label = viet_upper(c->mem, str_of(s->g.layout.slots[s->is[k]].key));
		else if (s->is[k] == SHEET_REMARK)
			v[n++].label = say(c, &remark);
	return (items){ v, n };
}

/* A name as it looks: composed, in capitals, with one blank between its words. */
static str as_it_looks(struct ctx *c, str name)
{
	struct buf b;
	str clean = name;

	viet_clean(c->mem, name, &clean);
	buf_init(&b, c->mem, (size_t)clean.n + 8);
	for (ptrdiff_t i = 0; i < clean.n;) {
		ptrdiff_t from = i;
		uint32_t ch = str_next(clean, &i);
		bool blank = ch == ' ' || ch == 0xA0 || ch == 0x200B || ch == '\t' || ch == '\n';
		if (!blank)
			put(&b, str_sub(clean, from, i));
		else if (b.n && b.p[b.n - 1] != ' ')
			put_c(&b, ' ');
	}
	return viet_upper(c->mem, str_trim(buf_str(&b)));
}

/* The workbook's name where it looks unlike Khuê's. */
static str other_name(struct ctx *c, str khue, str given)
{
	return khue.n && !str_eq(as_it_looks(c, khue), as_it_looks(c, given)) ? given : (str){ 0 };
}

static void show_sheet(struct ctx *c, const struct sheet *s, str name, int64_t *k, struct excel_view *out,
	struct sheet_view *v)
{
	struct line_view *lines = NEWS(c->mem, struct line_view, s->n_lines + 1);
	int64_t n = 0;

	for (int64_t i = 0; i < s->n_lines; i++) {
		const struct xl_line *l = &s->lines[i];
		bool unlike = str_is(l->how, "unlike"), several = unlike || str_is(l->how, "several") || str_is(l->how, "both");
		bool chosen = str_is(l->how, "chosen");
		str khue = l->at >= 0 ? s->roster.rows[l->at].name : unlike ? l->choices[0].name : (str){ 0 };
		if (!shows(l))
			continue;
		lines[n++] = (struct line_view){ .k = several || chosen ? (*k)++ : 0, .row = l->row + 1, .at = l->row,
			.sheet = s->sheet, .pupil = chosen ? s->roster.rows[l->at].pupil : 0,
			.name = khue.n ? khue : l->given, .given = other_name(c, khue, l->given),
			.several = several, .unlike = unlike, .chosen = chosen,
			.unknown = str_is(l->how, "unknown"), .twice = str_is(l->how, "twice"), .options = options_of(c, l),
			.cells = cells_of(c, l) };
		out->choose = out->choose || several;
	}
	*v = (struct sheet_view){ .title = TEXT(c, "%.*s – %.*s", FMT(book_title(c, &s->g.head)),
			FMT(say(c, &mark_terms[s->g.term].label))), .name = name, .notes = str_trim(buf_str(&s->notes)),
		.trouble = s->trouble, .fresh = s->counts[SHEET_NEW], .changed = s->counts[SHEET_CHANGED],
		.same = s->counts[SHEET_SAME], .wrong = s->counts[SHEET_WRONG] + s->unknown, .any = n > 0,
		.heads = heads_of(c, s), .lines = { lines, n } };
	if (!s->trouble.n)
		out->good += v->fresh + v->changed;
	out->ask_reason = out->ask_reason || (grid_reopened(&s->g) && v->fresh + v->changed > 0);
}

static void show(struct ctx *c, const struct sheets *s, const struct excel_ask *in, struct excel_view *out)
{
	struct sheet_view *v = NEWS(c->mem, struct sheet_view, s->n + 1);
	struct buf seen;
	int64_t k = 0;

	buf_init(&seen, c->mem, 2000);
	for (int i = 0; i < s->n; i++) {
		const struct sheet *x = s->at[i];
		show_sheet(c, x, s->w->sheets[x->sheet].name, &k, out, &v[i]);
		put_fmt(&seen, "%lld:%d:%lld ", (long long)x->g.head.id, x->g.term, (long long)x->g.head.entries);
	}
	out->sheets = (items){ v, s->n };
	out->seen = buf_str(&seen);
	out->notes = str_trim(buf_str(&s->notes));
	out->asked = true;
	out->file = in->file.v;
	out->reason = in->reason;
	out->nothing = out->good == 0;
	out->acts = out->may_write && (!out->nothing || out->choose);
}

/* ---- written ----------------------------------------------------------------------------------------------------- */

static void seen_read(struct ctx *c, str text, struct sheets_given *ret)
{
	struct sheet_seen *v = NEWS(c->mem, struct sheet_seen, SHEET_BOOKS);
	str one, course_, term_, entries;

	for (text = str_trim(text); text.n && ret->n_seen < SHEET_BOOKS;) {
		struct sheet_seen *x = &v[ret->n_seen];
		str_cut(text, ' ', &one, &text);
		if (str_cut(one, ':', &course_, &one) && str_cut(one, ':', &term_, &entries) && str_to_int(course_,
			&x->course) &&
			str_to_int(term_, &x->term) && str_to_int(entries, &x->entries))
			ret->n_seen++;
	}
	ret->seen = v;
}

static int64_t edits_of(const struct sheet *s, struct cell_edit *ret, bool *behind_lock)
{
	int64_t n = 0;

	for (int64_t i = 0; i < s->n_lines; i++)
		for (int k = 0; s->lines[i].at >= 0 && k < s->lines[i].n_cells; k++) {
			const struct xl_cell *x = &s->lines[i].cells[k];
			int is = s->is[x->column];
			if (x->what != SHEET_NEW && x->what != SHEET_CHANGED)
				continue;
			*behind_lock = *behind_lock || s->g.locked[is == SHEET_REMARK ? SLOT_REMARK : is];
			ret[n++] = (struct cell_edit){ s->roster.rows[s->lines[i].at].pupil,
				is == SHEET_REMARK ? S("remark") : str_of(s->g.layout.slots[is].key), x->was, x->typed };
		}
	return n;
}

static enum rc save_sheet(struct ctx *c, const struct sheet *s, str file, str reason, int64_t *saved)
{
	struct save_told told;
	bool behind = false;
	struct cell_edit *edits = NEWS(c->mem, struct cell_edit, s->n_lines * s->t.n + 1);
	int64_t n = s->trouble.n ? 0 : edits_of(s, edits, &behind);

	if (n == 0)
		return OK;
	TRY(marks_save(c, &(struct save_ask){ .class = { s->g.head.class }, .subject = { s->g.head.subject },
		.term = s->g.term, .edits = edits, .n = n, .reason = sheets_reason(c, file, reason) }, &told));
	*saved += told.saved;
	return OK;
}

/* Why nothing can be written yet; NULL: something can. */
static const struct tr *refusal(struct ctx *c, const struct sheets *s, str reason)
{
	int64_t n = 0;
	bool behind = false;

	for (int i = 0; i < s->n; i++) {
		struct cell_edit *edits = NEWS(c->mem, struct cell_edit, s->at[i]->n_lines * s->at[i]->t.n + 1);
		n += s->at[i]->trouble.n ? 0 : edits_of(s->at[i], edits, &behind);
	}
	return n == 0 ? &MSG_nothing : behind && !str_trim(reason).n ? &MSG_reason : NULL;
}

/* What is left after a save is seen against the book as it is then. */
static enum rc write_all(struct ctx *c, const struct excel_ask *in, struct sheets *s,
	const struct sheets_given *given,
	struct excel_view *out)
{
	const struct tr *why = refusal(c, s, in->reason);
	int64_t saved = 0, left = 0;
	struct file_info info;
	str bytes;

	if (why) {
		out->trouble = say(c, why);
		answer_with(c, 422);
		return OK;
	}
	TRY(file_get(c, in->file, &info, &bytes));
	for (int i = 0; i < s->n; i++)
		TRY(save_sheet(c, s->at[i], info.name, in->reason, &saved));
	TRY(sheets_open(c, &(struct sheets_ask){ in->class, in->subject, in->term, in->file },
		offsetof(struct excel_ask, file), s));
	TRY(sheets_read(s, &(struct sheets_given){ given->chosen, given->n_chosen, NULL, 0 }));
	for (int i = 0; i < s->n; i++)
		left += s->at[i]->unknown + s->at[i]->counts[SHEET_WRONG] + s->at[i]->counts[SHEET_NEW] +
			s->at[i]->counts[SHEET_CHANGED];
	str n = TEXT(c, "%lld", (long long)saved);
	if (left) {
		out->done = sayf(c, &MSG_some, ARGS(n, TEXT(c, "%lld", (long long)left)));
		return OK;
	}
	c->said = sayf(c, &MSG_done, ARGS(n));
	c->go = link_to(c, "/gradebook/%lld/%lld/excel?term=%s", (long long)in->class.v, (long long)in->subject.v,
		mark_terms[in->term].code);
	return OK;
}

static enum rc take_back(struct ctx *c, const struct excel_ask *in)
{
	int64_t n, lost;

	TRY(sheets_undo(c, in->import, &n, &lost));
	c->said = sayf(c, lost ? &MSG_undone_some : &MSG_undone, ARGS(TEXT(c, "%lld", (long long)n),
		TEXT(c, "%lld", (long long)lost)));
	c->go = link_to(c, "/gradebook/%lld/%lld?term=%s", (long long)in->class.v, (long long)in->subject.v,
		mark_terms[in->term].code);
	return OK;
}

/* ---- given back --------------------------------------------------------------------------------------- */

static str file_name(struct ctx *c, const struct course_head *k, pick term_, bool all)
{
	str name = all ? TEXT(c, "So diem %s.xlsx", mark_terms[term_].code) : TEXT(c, "So diem %.*s %.*s %s.xlsx",
		FMT(k->class_name), FMT(k->subject_name), mark_terms[term_].code);
	char *p = str_z(c->mem, name);

	for (char *s = p; *s; s++)
		*s = *s == '/' || *s == '\\' ? '-' : *s;
	return str_of(p);
}

/* Whole classes: whoever has a line of the sheets. */
static enum rc marks_leave(struct ctx *c, const struct sheet_book *books, int64_t n, struct stamp *ret)
{
	int64_t *ids, n_ids;

	TRY(sheets_pupils(c, books, n, &ids, &n_ids));
	return take_out(c, &records_takes[0], ids, n_ids, ret);
}

/* from: a workbook that was sent, or a form of the school. */
static enum rc fill_sent(struct ctx *c, const struct excel_ask *in, const struct course_head *k, file_id from,
	file_id *ret)
{
	struct sheets s;
	struct file_info info;
	struct stamp stamp;
	str bytes;
	int64_t n;

	TRY(sheets_open(c, &(struct sheets_ask){ in->class, in->subject, in->term, from },
		offsetof(struct excel_ask, file), &s));
	TRY(wb_fillable(c, s.w, offsetof(struct excel_ask, file)));
	TRY(sheets_read(&s, &(struct sheets_given){ 0 }));
	TRY(sheets_fill(&s, &n));
	if (n == 0)
		return FAILF(c, E_INVALID, offsetof(struct excel_ask, file), &MSG_none_filled, str_trim(buf_str(&s.notes)));
	TRY(file_get(c, from, &info, &bytes));
	struct sheet_book *books = NEWS(c->mem, struct sheet_book, s.n + 1);
	for (int i = 0; i < s.n; i++)
		books[i].class = s.at[i]->g.head.class;
	TRY(marks_leave(c, books, s.n, &stamp));
	return wb_to_file(c, s.w, from, k->org, info.name, offsetof(struct excel_ask, file), stamp, ret);
}

static enum rc make_own(struct ctx *c, const struct excel_ask *in, const struct course_head *k, file_id *ret)
{
	struct sheet_book one = { k->id, k->class, k->subject, k->class_name, k->subject_name, k->code };
	struct sheet_book *books = &one;
	struct stamp stamp;
	items got;
	int64_t n = 1;
	int fd;

	if (in->all) {
		TRY(sheets_books(c, k, &got));
		books = NEWS(c->mem, struct sheet_book, got.n + 1);
		n = 0;
		for (int64_t i = 0; i < got.n && n < SHEET_BOOKS; i++) {
			const struct sheet_book *b = (const struct sheet_book *)got.p + i;
			struct course_head head = { .id = b->course, .org = k->org, .class = b->class, .subject = b->subject };
			if (book_teaches(c, &head))
				books[n++] = *b;
		}
	}
	TRY(marks_leave(c, books, n, &stamp));
	TRY(file_temp(c, &fd));
	enum rc rc = sheets_make(c, books, n, in->term, &stamp, fd);
	if (rc == OK)
		rc = file_make(c, k->org, stamp_name(c, file_name(c, k, in->term, in->all), &stamp), WB_TYPE, fd,
			(instant){ c->now.v + WB_KEEP_MS }, stamp, ret);
	close(fd);
	return rc;
}

static enum rc give_back(struct ctx *c, const struct excel_ask *in)
{
	struct course_head k;
	file_id made;

	TRY(course_find(c, in->class, in->subject, &k));
	file_id from = in->file;
	if (!from.v && in->form.v) {
		struct mark_template form;
		TRY(find(c, &mark_template, in->form.v, &form));
		from = form.file;
	}
	TRY(from.v ? fill_sent(c, in, &k, from, &made) : make_own(c, in, &k, &made));
	TRY(audit(c, k.org, "course", k.id, "export", TEXT(c, "%s", mark_terms[in->term].code)));
	c->go = TEXT(c, "/tep/%lld", (long long)made.v);
	return OK;
}

enum rc excel_post(struct ctx *c, const void *in_, void *out_)
{
	const struct excel_ask *in = in_;
	struct excel_view *out = out_;
	struct sheets s;
	struct sheets_given given = { .chosen = in->chosen.p, .n_chosen = in->chosen.n };

	if (in->act == ACT_FILL)
		return give_back(c, in);
	if (in->act == ACT_UNDO)
		return take_back(c, in);
	TRY(about(c, in, out));
	if (in->file.v == 0)
		return FAIL(c, E_INVALID, offsetof(struct excel_ask, file), &MSG_file);
	if (in->act == ACT_WRITE)
		seen_read(c, in->seen, &given);
	TRY(sheets_open(c, &(struct sheets_ask){ in->class, in->subject, in->term, in->file },
		offsetof(struct excel_ask, file), &s));
	TRY(sheets_read(&s, &given));
	if (in->act == ACT_WRITE)
		TRY(write_all(c, in, &s, &given, out));
	show(c, &s, in, out);
	return with_imports(c, in, out);
}
