/* print.c -- registers on paper, in the order of the circulars' books: marks of a subject (sổ theo dõi và đánh giá học
 * sinh theo môn học), the class's general register (theo lớp học, before it sổ gọi tên và ghi điểm), the class's
 * results, the form teacher's book (TT 32/2020/TT-BGDĐT Điều 21: a school's records). */
#include "mod/records/carried.h"
#include "mod/records/class_sheet.h"
#include "mod/records/register.h"
#include "mod/records/results_page.h"
#include "mod/org/org.h"
#include "mod/school/month.h"

struct mark_view { str text; };
#define ROW struct mark_view
static const struct shape mark_shape = { sizeof(ROW), FIELDS{ { COL(text) }, END } };
#undef ROW
struct book_line { int64_t n; str name, average1, average2, whole, remark; items first, second; };
#define ROW struct book_line
static const struct shape book_line_shape = { sizeof(ROW), FIELDS{ { COL(n) }, { COL(name) }, { COL(average1) },
	{ COL(average2) }, { COL(whole) }, { COL(remark) }, { MANY(first, mark_shape) }, { MANY(second, mark_shape) },
	END } };
#undef ROW
struct book_view { int64_t n; str subject, teacher; int64_t n_slots; bool worded /* a word and tests, no average */,
	topics, left;
	str brought /* who has marks of an earlier class, from where */; items slots, lines; };
#define ROW struct book_view
static const struct shape book_view_shape = { sizeof(ROW), FIELDS{ { COL(n) }, { COL(subject) }, { COL(teacher) },
	{ COL(n_slots) }, { COL(worded) }, { COL(topics) }, { COL(left) }, { COL(brought) }, { MANY(slots, mark_shape) },
	{ MANY(lines, book_line_shape) }, END } };
#undef ROW
struct contact_view { int64_t n, span; str name, guardian, relation, phone, address; };
#define ROW struct contact_view
static const struct shape contact_shape = { sizeof(ROW), FIELDS{ { COL(n) }, { COL(span) }, { COL(name) },
	{ COL(guardian) }, { COL(relation) }, { COL(phone) }, { COL(address) }, END } };
#undef ROW
struct note_view { str on_day, kind, about, text; };
#define ROW struct note_view
static const struct shape note_shape = { sizeof(ROW), FIELDS{ { COL(on_day) }, { COL(kind) }, { COL(about) },
	{ COL(text) }, END } };
#undef ROW
/* teacher: the form teacher of now, who signs; teachers: everybody who had the class. */
struct paper_view { items head; str name, grade, year, teacher, teachers; int64_t n_pupils; bool no_contacts, no_notes,
	closed /* the reader is neither of the office nor the form teacher: no families */,
	young /* preschool: no books, one sheet a year */; str them /* what its children are called */;
	items sheets, books, contacts, notes, pupils, months; };
#define ROW struct paper_view
static const struct shape paper_shape = { sizeof(ROW), FIELDS{ { MANY(head, letterhead_shape) }, { COL(name) },
	{ COL(grade) }, { COL(year) }, { COL(teacher) }, { COL(teachers) }, { COL(n_pupils) },
	{ COL(no_contacts) }, { COL(no_notes) },
	{ COL(closed) }, { COL(young) }, { COL(them) }, { MANY(pupils, register_pupil_shape) },
	{ MANY(months, month_paper_shape) },
	{ MANY(sheets, class_sheet_shape) }, { MANY(books, book_view_shape) }, { MANY(contacts, contact_shape) },
	{ MANY(notes, note_shape) }, END } };
#undef ROW

/* ---- the marks of a subject --------------------------------------------------------------------------------- */

struct book_told { int64_t course, subject; str code, name; bool comment_only; int64_t lessons; pick grade;
	int64_t year; str teacher; };
#define ROW struct book_told
static const struct shape book_told_shape = { sizeof(ROW), FIELDS{ { COL(course) }, { COL(subject) }, { COL(code) },
	{ COL(name) }, { COL(comment_only) }, { COL(lessons) }, { COL(grade), .pick = grades }, { COL(year) },
	{ COL(teacher) }, END } };
#undef ROW
struct line_told { str name, cells1; score average1; str comment1, cells2; score average2; str comment2, remark,
	again; bool exempt1, exempt2 /* the terms an exemption covers */; int64_t pupil; bool came, left; };
#define ROW struct line_told
static const struct shape line_told_shape = { sizeof(ROW), FIELDS{ { COL(name) }, { COL(cells1) }, { COL(average1) },
	{ COL(comment1) }, { COL(cells2) }, { COL(average2) }, { COL(comment2) }, { COL(remark) }, { COL(again) },
	{ COL(exempt1) }, { COL(exempt2) }, { COL(pupil) }, { COL(came) }, { COL(left) }, END } };
#undef ROW

static items marks_of(struct ctx *c, const struct cell_layout *l, str cells, bool exempt, bool left)
{
	struct mark_view *v = NEWS(c->mem, struct mark_view, SLOTS + 1);
	int32_t at[SLOTS];

	cells_read(l, cells, at);
	for (int i = 0; i < l->n; i++) {
		str code = cell_code(c->mem, l, at[i]);
		v[i].text = exempt ? left ? S("–") : S("M")
			: at[i] >= CELL_WORD && at[i] < CELL_ABSENT ? word_brief(c->mem, code)
			: at[i] >= 0 && at[i] < CELL_WORD ? score_text(c->mem, (score){ at[i] }) : code;
	}
	return (items){ v, l->n };
}

static str result_text(struct ctx *c, const struct scheme *s, int32_t average, str comment)
{
	str word = comment.n ? word_brief(c->mem, comment) : (str){ 0 }, mark_ = average_text(c->mem, s, average, false);

	return !mark_.n ? word : word.n ? TEXT(c, "%.*s %.*s", FMT(word), FMT(mark_)) : mark_;
}

/* Of the year: the averages weighed, or what the second term says (Điều 9.1). */
static str whole_text(struct ctx *c, const struct scheme *s, const struct line_told *r)
{
	int32_t v = s->n_columns ? year_average(s, r->average1.v, r->average2.v) : r->average2.v;
	str key, again = { 0 };

	if (r->again.n)
		str_cut(r->again, '=', &key, &again);
	str said = result_text(c, s, v, r->comment2);
	return again.n ? TEXT(c, "%.*s (KTL %.*s)", FMT(said), FMT(again)) : said;
}

/* What a pupil brought from an earlier class of the year is printed with the rest of the term, with a star; whose and
 * from where goes below the table. */
static void bring(struct ctx *c, const struct cell_layout *l, const struct book_in *in, const items *rows,
	struct line_told *r, struct buf *below)
{
	const struct carried_row *last = NULL;
	int32_t cells[SLOTS];

	for (pick t = TERM_1; t <= TERM_2; t++) {
		str *text = t ? &r->cells2 : &r->cells1;
		cells_read(l, *text, cells);
		const struct carried_row *from = carried_into(rows, in->class, r->pupil, in->subject, t, l, cells, NULL);
		if (!from)
			continue;
		*text = cells_text(c->mem, l, cells);
		cells_result(l, cells, t ? &r->average2 : &r->average1, t ? &r->comment2 : &r->comment1);
		r->remark = r->remark.n ? r->remark : from->remark;
		last = from;
	}
	if (!last)
		return;
	str where = carried_from(c, last);
	put_fmt(below, "%s%.*s %.*s", below->n ? "; " : "", FMT(r->name), FMT(where));
	r->name = TEXT(c, "%.*s *", FMT(r->name));
}

static enum rc book_of(struct ctx *c, const struct book_told *b, int64_t class, struct book_view *out)
{
	const struct scheme *s = scheme_for(schemes(c), b->grade, (int)b->year);
	struct book_in in = { .class = class, .subject = b->subject, .course = b->course };
	struct cell_layout l;
	items got, brought = { 0 };
	struct buf below;

	*out = (struct book_view){ .subject = subject_in_grade(b->code, b->name, b->grade), .teacher = b->teacher };
	if (!s)
		return OK;
	layout_make(c->mem, s, b->grade, b->code, b->comment_only, (int)b->lessons, &l);
	struct mark_view *slots = NEWS(c->mem, struct mark_view, SLOTS + 1);
	for (int i = 0; i < l.n; i++) {
		str key = str_of(l.slots[i].key);
		slots[i].text = l.slots[i].part == PART_REGULAR && !str_is(key, "cd") ? TEXT(c, "TX%d", l.slots[i].number)
			: str_is(key, "cd") ? S("C.đề") : str_is(key, "gk") ? S("GK") : str_is(key, "ck") ? S("CK")
			: l.slots[i].part == PART_MIDDLE ? S("KT GK") : S("KT CK");
	}
	TRY(query(c, "records/paper_marks", &book_in_shape, &in, &line_told_shape, &got, PUPILS_MAX));
	struct book_line *v = NEWS(c->mem, struct book_line, got.n + 1);
	buf_init(&below, c->mem, 1 << 16);
	for (int64_t i = 0; i < got.n; i++) {
		struct line_told *r = (struct line_told *)(uintptr_t)got.p + i;
		if (r->came && !brought.n)
			TRY(carried_marks(c, &in, &brought));
		if (r->came)
			bring(c, &l, &in, &brought, r, &below);
		v[i] = (struct book_line){ i + 1, r->name, result_text(c, s, r->average1.v, r->comment1),
			result_text(c, s, r->average2.v, r->comment2), whole_text(c, s, r), r->remark,
			marks_of(c, &l, r->cells1, r->exempt1, r->left), marks_of(c, &l, r->cells2, r->exempt2, r->left) };
	}
	out->slots = (items){ slots, l.n };
	out->n_slots = l.n + 1;
	out->worded = !s->n_columns;
	for (int i = 0; i < l.n; i++)
		out->topics = out->topics || str_is(str_of(l.slots[i].key), "cd");
	for (int64_t i = 0; i < got.n; i++)
		out->left = out->left || ((const struct line_told *)got.p)[i].left;
	out->brought = buf_str(&below);
	out->lines = (items){ v, got.n };
	return OK;
}

/* subject 0: every book of the class that the reader may see */
static enum rc books_of(struct ctx *c, int64_t class, int64_t subject_, items *ret)
{
	items got;
	int64_t n = 0;

	TRY(query(c, "records/paper_books", &book_in_shape, &(struct book_in){ .class = class, .subject = subject_ },
		&book_told_shape, &got, BOOKS_MAX));
	struct book_view *v = NEWS(c->mem, struct book_view, got.n + 1);
	str codes[BOOKS_MAX];
	int order[BOOKS_MAX];
	for (int64_t i = 0; i < got.n; i++)
		codes[i] = ((const struct book_told *)got.p)[i].code;
	programme_sort(schemes(c)->programme, codes, (int)got.n, order);
	for (int64_t i = 0; i < got.n; i++) {
		TRY(book_of(c, (const struct book_told *)got.p + order[i], class, &v[n]));
		v[n].n = n + 1;
		n += v[n].slots.n > 0;                           /* no scheme, no columns: no book */
	}
	*ret = (items){ v, n };
	return OK;
}

static enum rc begin(struct ctx *c, const struct school_class *k, struct paper_view *out)
{
	*out = (struct paper_view){ .name = k->name, .grade = say(c, &grades[k->grade].label), .n_pupils = k->size,
		.young = k->grade < GRADE_1, .them = k->grade < GRADE_1 ? S("trẻ") : S("học sinh"),
		.year = title_of(c, &school_year, k->year.v), .teacher = title_of(c, &person, k->form_teacher.v) };
	TRY(form_teachers(c, k, &out->teachers));
	return org_letterhead(c, k->base.org, &out->head);
}

static enum rc mark_book(struct ctx *c, const void *row, const void *in, void *out_)
{
	const struct course *b = row;
	struct paper_view *out = out_;
	struct school_class k;

	(void)in;
	TRY(find(c, &school_class, b->class.v, &k));
	TRY(begin(c, &k, out));
	return books_of(c, b->class.v, b->subject.v, &out->books);
}

/* ---- the class's results, its general register ----------------------------------------------------------------- */

/* A term is signed by whose form the class was when it ended, a later one who took the class over does not answer for
 * it. */
static enum rc signed_by(struct ctx *c, const struct school_class *k, pick t, str *ret)
{
	struct term row;
	day on = c->today;
	enum rc rc = find_one(c, &term, &row, IS({ offsetof(struct term, year), v_int(k->year.v) },
		{ offsetof(struct term, code), v_text(t == TERM_1 ? S("hk1") : S("hk2")) }));

	if (rc == OK && row.until.v < on.v)
		on = row.until;
	return rc == OK || rc == E_MISSING ? form_teacher_on(c, k, on, ret) : rc;
}

/* Whoever may print the class but not see its results gets a register without them. */
static enum rc sheets_of(struct ctx *c, const struct school_class *k, pick from, pick to, items *ret)
{
	struct class_sheet *v = NEWS(c->mem, struct class_sheet, 4);
	int n = 0;

	for (pick t = from; t <= to && may_see_class(c, k->base.org, k->base.id); t++) {
		enum rc rc = class_sheet(c, (school_class_id){ k->base.id }, t, 0, &v[n]);
		if (rc == OK)
			rc = signed_by(c, k, t, &v[n].teacher);
		n += rc == OK && (n == 0 || !v[n].domains);              /* five-year-olds have one sheet a year          */
		if (rc != OK && rc != E_MISSING)
			return rc;
	}
	*ret = (items){ v, n };
	return OK;
}

struct results_of { pick term; };
#define ROW struct results_of
static const struct shape results_of_shape = { sizeof(ROW), FIELDS{ { COL(term), .pick = mark_terms,
	.label = { "Học kì", "Term" } }, END } };
#undef ROW

static enum rc results_paper(struct ctx *c, const void *row, const void *in, void *out_)
{
	const struct school_class *k = row;
	struct paper_view *out = out_;
	pick t = ((const struct results_of *)in)->term;

	TRY(begin(c, k, out));
	return sheets_of(c, k, t, t, &out->sheets);
}

static enum rc register_paper(struct ctx *c, const void *row, const void *in, void *out_)
{
	const struct school_class *k = row;
	struct paper_view *out = out_;

	(void)in;
	TRY(begin(c, k, out));
	out->closed = !may_see_class(c, k->base.org, k->base.id);
	if (!out->closed)
		TRY(register_pupils(c, k->base.id, &out->pupils));
	TRY(register_months(c, k, &out->months));
	TRY(books_of(c, k->base.id, 0, &out->books));
	return sheets_of(c, k, TERM_1, TERM_YEAR, &out->sheets);
}

/* ---- who goes up, is tested again, stays ------------------------------------------------------------------------ */

struct fate_line { int64_t n; str name, level, conduct, note; int64_t absences; };
#define ROW struct fate_line
static const struct shape fate_line_shape = { sizeof(ROW), FIELDS{ { COL(n) }, { COL(name) }, { COL(level) },
	{ COL(conduct) }, { COL(note) }, { COL(absences) }, END } };
#undef ROW
struct fate_group { str fate; int64_t n; items lines; };
#define ROW struct fate_group
static const struct shape fate_group_shape = { sizeof(ROW), FIELDS{ { COL(fate) }, { COL(n) },
	{ MANY(lines, fate_line_shape) }, END } };
#undef ROW
struct fates_view { items head; str name, year, teacher, scheme; bool rates_conduct; int64_t n_pupils; items groups; };
#define ROW struct fates_view
static const struct shape fates_shape = { sizeof(ROW), FIELDS{ { MANY(head, letterhead_shape) }, { COL(name) },
	{ COL(year) }, { COL(teacher) }, { COL(scheme) }, { COL(rates_conduct) }, { COL(n_pupils) },
	{ MANY(groups, fate_group_shape) }, END } };
#undef ROW

/* The title of who goes up; of who does not, the subjects that are to be taken again. */
static str fate_note(struct ctx *c, const struct class_sheet *sheet, const struct sheet_line *l)
{
	const struct sheet_head *heads = sheet->subjects.p;
	const struct sheet_cell *cells = l->cells.p;
	struct buf b;

	if (l->promoted)
		return l->title;
	buf_init(&b, c->mem, 1 << 12);
	for (int64_t i = 0; i < l->cells.n; i++)
		if (cells[i].low)
			put_fmt(&b, "%s%.*s: %.*s", b.n ? "; " : "", FMT(heads[i].name), FMT(cells[i].value));
	return buf_str(&b);
}

/* Groups as they first come, who goes up before all others. */
static items fates_of(struct ctx *c, const struct class_sheet *sheet)
{
	const struct sheet_line *l = sheet->lines.p;
	struct fate_group *v = NEWS(c->mem, struct fate_group, sheet->lines.n + 1);
	int64_t n = 0, at;

	for (int pass = 0; pass < 2; pass++)
		for (int64_t i = 0; i < sheet->lines.n; i++) {
			str fate = l[i].standing.n ? l[i].standing : S("Chưa có kết quả cả năm");
			if (l[i].promoted == (pass == 1))
				continue;
			for (at = 0; at < n && !str_eq(v[at].fate, fate); at++)
				;
			if (at == n)
				v[n++] = (struct fate_group){ .fate = fate,
					.lines = { NEWS(c->mem, struct fate_line, sheet->lines.n), 0 } };
			((struct fate_line *)(uintptr_t)v[at].lines.p)[v[at].lines.n++] = (struct fate_line){ ++v[at].n, l[i].name,
				l[i].level, l[i].conduct, fate_note(c, sheet, &l[i]), l[i].absences };
		}
	return (items){ v, n };
}

static enum rc fates_paper(struct ctx *c, const void *row, const void *in, void *out_)
{
	const struct school_class *k = row;
	struct fates_view *out = out_;
	items sheets;

	(void)in;
	*out = (struct fates_view){ .name = k->name, .n_pupils = k->size, .year = title_of(c, &school_year, k->year.v) };
	TRY(org_letterhead(c, k->base.org, &out->head));
	TRY(sheets_of(c, k, TERM_YEAR, TERM_YEAR, &sheets));
	if (!sheets.n)
		return OK;
	const struct class_sheet *sheet = sheets.p;
	out->teacher = sheet->teacher;
	out->scheme = sheet->scheme;
	out->rates_conduct = sheet->has_conduct;
	out->groups = fates_of(c, sheet);
	return OK;
}

/* ---- the form teacher's book ------------------------------------------------------------------------------------- */

struct contact_told { int64_t pupil; str name, guardian, relation, phone, address; };
#define ROW struct contact_told
static const struct shape contact_told_shape = { sizeof(ROW), FIELDS{ { COL(pupil) }, { COL(name) }, { COL(guardian) },
	{ COL(relation) }, { COL(phone) }, { COL(address) }, END } };
#undef ROW

static enum rc contacts_of(struct ctx *c, int64_t class, struct paper_view *out)
{
	items got;
	int64_t n = 0, first = 0;

	TRY(query(c, "records/paper_contacts", &book_in_shape, &(struct book_in){ .class = class }, &contact_told_shape,
		&got, PUPILS_MAX * 4));
	struct contact_view *v = NEWS(c->mem, struct contact_view, got.n + 1);
	for (int64_t i = 0; i < got.n; i++) {
		const struct contact_told *r = (const struct contact_told *)got.p + i;
		bool same = i && r->pupil == r[-1].pupil;
		v[i] = (struct contact_view){ same ? 0 : ++n, 0, r->name, r->guardian,
			choice_label(c, &guardianship, "relation", r->relation), r->phone, r->address };
		first = same ? first : i;
		v[first].span++;
	}
	out->contacts = (items){ v, got.n };
	out->no_contacts = got.n == 0 && !out->closed;
	return OK;
}

static enum rc form_paper(struct ctx *c, const void *row, const void *in, void *out_)
{
	const struct school_class *k = row;
	struct paper_view *out = out_;
	items got;

	(void)in;
	TRY(begin(c, k, out));
	out->closed = !may_see_class(c, k->base.org, k->base.id);
	if (!out->closed)
		TRY(contacts_of(c, k->base.id, out));
	TRY(find_all(c, &form_note, &got, 300, IS({ offsetof(struct form_note, class), v_int(k->base.id) })));
	struct note_view *v = NEWS(c->mem, struct note_view, got.n + 1);
	for (int64_t i = 0; i < got.n; i++) {
		const struct form_note *n = (const struct form_note *)got.p + i;
		v[i] = (struct note_view){ day_text(c->mem, n->on_day), say(c, &note_kinds[n->kind].label),
			n->pupil.v ? title_of(c, &person, n->pupil.v) : (str){ 0 }, n->text };
	}
	out->notes = (items){ v, got.n };
	out->no_notes = got.n == 0;
	return sheets_of(c, k, TERM_1, TERM_YEAR, &out->sheets);
}

const struct print records_prints[] = {
	{ "book", { "Sổ theo dõi và đánh giá học sinh (theo môn)", "Teacher's mark book" }, &course, "records/print-book",
		"A4 ngang 12 12 15 10", NULL, &paper_shape, mark_book, .people = "records/people_of_course" },
	{ "results", { "Bảng điểm lớp", "Results of a class" }, &school_class, "records/print-results",
		"A4 ngang 12 12 15 10", &results_of_shape, &paper_shape, results_paper, .people = "school/people_of_class" },
	{ "promotion", { "Danh sách lên lớp, kiểm tra lại, ở lại lớp", "Who goes up, is tested again, stays" },
		&school_class, "records/print-promotion", "A4 15 15 25 15", NULL, &fates_shape, fates_paper,
			.people = "school/people_of_class" },
	{ "register", { "Sổ theo dõi và đánh giá học sinh (theo lớp)", "General register" }, &school_class,
		"records/print-register", "A4 ngang 12 12 15 10", NULL, &paper_shape, register_paper, .people =
			"school/people_of_class" },
	{ "register_a3", { "Sổ theo dõi và đánh giá học sinh (theo lớp), khổ A3", "General register on A3" },
		&school_class, "records/print-register", "A3 ngang 15 15 20 15", NULL, &paper_shape, register_paper,
			.people = "school/people_of_class" },
	{ "form_book", { "Sổ chủ nhiệm", "Form teacher's book" }, &school_class, "records/print-form",
		"A4 15 15 25 15", NULL, &paper_shape, form_paper, .people = "school/people_of_class" }, END };
