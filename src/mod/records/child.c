/* child.c -- one pupil's results on a plain page: for the family, the pupil, and whoever may read them. */
#include "mod/records/carried.h"
#include "mod/records/class_sheet.h"
#include "mod/records/results_page.h"

struct child_ask { int64_t pupil; pick term; int64_t year; };
#define ROW struct child_ask
static const struct choice child_terms[] = { { "now", { "Hiện nay", "Now" } }, { "hk1", { "Học kì I", "Term I" } },
	{ "hk2", { "Học kì II", "Term II" } }, { "year", { "Cả năm", "Year" } }, END };
const struct shape child_ask_shape = { sizeof(ROW), FIELDS{ { COL(pupil), .label = { "Học sinh", "Pupil" } },
	{ COL(term), .pick = child_terms, .label = { "Học kì", "Term" } },
	{ COL(year), .max = 3000, .label = { "Năm học", "School year" } }, END } };
#undef ROW
struct child_key { int64_t pupil, year, class; pick term; };
#define ROW struct child_key
static const struct shape key_shape = { sizeof(ROW), FIELDS{ { COL(pupil) }, { COL(year) }, { COL(class) },
	{ COL(term), .pick = mark_terms }, END } };
#undef ROW
struct child_told { int64_t id; str name; bool current; };
#define ROW struct child_told
static const struct shape told_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(name) }, { COL(current) }, END } };
#undef ROW
struct place_row { int64_t class; org_id org; str class_name, school, name; bool came; };
#define ROW struct place_row
static const struct shape place_shape = { sizeof(ROW), FIELDS{ { COL(class) }, { REF(org, org) }, { COL(class_name) },
	{ COL(school) }, { COL(name) }, { COL(came) }, END } };
#undef ROW
struct book_told { int64_t subject; str code, name; bool comment_only; int64_t lessons; pick grade;
	str cells, remark; bool written; };
#define ROW struct book_told
static const struct shape book_told_shape = { sizeof(ROW), FIELDS{ { COL(subject) }, { COL(code) }, { COL(name) },
	{ COL(comment_only) }, { COL(lessons) }, { COL(grade), .pick = grades }, { COL(cells) }, { COL(remark) },
	{ COL(written) }, END } };
#undef ROW
struct child_subject { str name, regular, middle, end, result, remark, from; bool low; };
#define ROW struct child_subject
static const struct shape subject_shape = { sizeof(ROW), FIELDS{ { COL(name) }, { COL(regular) }, { COL(middle) },
	{ COL(end) }, { COL(result) }, { COL(remark) },
	{ COL(from) }, { COL(low) }, END } };
#undef ROW
struct child_quality { str name, mark; };
#define ROW struct child_quality
static const struct shape quality_shape = { sizeof(ROW), FIELDS{ { COL(name) }, { COL(mark) }, END } };
#undef ROW
/* rates, has_conduct, has_qualities: what the circular of the grade has in this term. said: by the form teacher.
 * provisional: not closed yet. */
struct child_view { str title, name, class_name, school, year, term, said; int64_t pupil, year_n; bool is_hk1, is_hk2,
	is_year, none, many, marked, reasons, rates, has_conduct, has_qualities,
	provisional; items children, subjects, lines, qualities; };
#define ROW struct child_view
const struct shape child_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(name) }, { COL(class_name) },
	{ COL(school) }, { COL(year) }, { COL(term) }, { COL(pupil) }, { COL(year_n) }, { COL(is_hk1) }, { COL(is_hk2) },
	{ COL(is_year) }, { COL(none) }, { COL(many) }, { COL(marked) }, { COL(reasons) },
	{ COL(said) }, { COL(rates) }, { COL(has_conduct) }, { COL(has_qualities) }, { COL(provisional) },
	{ MANY(qualities, quality_shape) },
	{ MANY(children, told_shape) }, { MANY(subjects, subject_shape) },
	{ MANY(lines, sheet_line_shape) }, END } };
#undef ROW

/* The cells of one part, as people write them: "8  9  7,5". */
static str part_text(struct ctx *c, const struct cell_layout *l, const int32_t *cells, pick part)
{
	struct buf b;

	buf_init(&b, c->mem, 400);
	for (int i = 0; i < l->n; i++) {
		if (l->slots[i].part != part || cells[i] < 0)
			continue;
		str code = cell_code(c->mem, l, cells[i]);
		put_fmt(&b, "%s", b.n ? "  " : "");
		if (cells[i] >= CELL_WORD && cells[i] < CELL_ABSENT)
			put(&b, word_brief(c->mem, code));
		else if (cells[i] < CELL_WORD && c->lang == VI)
			put(&b, score_text(c->mem, (score){ cells[i] }));
		else
			put(&b, code);
	}
	return buf_str(&b);
}

/* In the order of the programme, as registers and transcripts have them. */
static void in_order(struct ctx *c, struct child_subject *v, const str *codes, int64_t n)
{
	struct child_subject *was = NEWS(c->mem, struct child_subject, n + 1);
	int order[BOOKS_MAX];

	memcpy(was, v, sizeof *v * (size_t)n);
	programme_sort(schemes(c)->programme, codes, (int)n, order);
	for (int64_t i = 0; i < n; i++)
		v[i] = was[order[i]];
}

static enum rc child_marks(struct ctx *c, const struct child_key *key, bool came, int64_t year,
	const struct class_sheet *sheet,
	struct child_view *out)
{
	const struct sheet_line *line = sheet->lines.p;
	struct cell_layout *l = NEW(c->mem, struct cell_layout);
	pick term_ = key->term == TERM_YEAR ? TERM_2 : key->term;
	int32_t cells[SLOTS];
	items got, brought = { 0 };
	int64_t n = 0;

	TRY(query(c, "records/child_marks", &key_shape, key, &book_told_shape, &got, BOOKS_MAX));
	if (came)
		TRY(carried_marks(c, &(struct book_in){ .class = key->class }, &brought));
	struct child_subject *v = NEWS(c->mem, struct child_subject, got.n + 1);
	str codes[BOOKS_MAX];
	for (int64_t i = 0; i < got.n; i++) {
		const struct book_told *b = (const struct book_told *)got.p + i;
		layout_make(c->mem, scheme_for(schemes(c), b->grade, (int)year), b->grade, b->code, b->comment_only,
			(int)b->lessons, l);
		cells_read(l, b->cells, cells);
		const struct carried_row *from = carried_into(&brought, key->class, key->pupil, b->subject, term_, l, cells,
			NULL);
		if (!from && !b->written)
			continue;
		v[n] = (struct child_subject){ .name = b->name, .regular = part_text(c, l, cells, PART_REGULAR),
			.middle = part_text(c, l, cells, PART_MIDDLE), .end = part_text(c, l, cells, PART_END),
			.remark = b->remark.n || !from ? b->remark : from->remark, .from = carried_from(c, from) };
		for (int64_t k = 0; sheet->lines.n && k < sheet->subjects.n; k++)
			if (str_eq(((const struct sheet_head *)sheet->subjects.p)[k].code, b->code)) {
				v[n].result = ((const struct sheet_cell *)line->cells.p)[k].value;
				v[n].low = ((const struct sheet_cell *)line->cells.p)[k].low;
			}
		codes[n++] = b->code;
	}
	in_order(c, v, codes, n);
	out->subjects = (items){ v, n };
	return OK;
}

/* Qualities and competences, each by its word (TT 27/2020 Điều 8); those not given yet are not named. */
static void child_qualities(struct ctx *c, const struct class_sheet *sheet, struct child_view *out)
{
	const struct scheme *s = sheet->by;
	const struct sheet_line *line = sheet->lines.p;
	const struct said_view *names = sheet->qualities.p, *marks = line->qualities.p;
	struct child_quality *v = NEWS(c->mem, struct child_quality, sheet->qualities.n + 1);
	int64_t n = 0;

	for (int64_t i = 0; i < sheet->qualities.n && i < line->qualities.n; i++)
		for (int w = 0; w < s->n_quality_words && marks[i].text.n; w++)
			if (str_eq(marks[i].text, word_brief(c->mem, s->quality_words[w].code)))
				v[n++] = (struct child_quality){ names[i].text, c->lang == VI ? s->quality_words[w].vi
					: s->quality_words[w].en };
	out->qualities = (items){ v, n };
	out->has_qualities = n > 0;
}

/* What the form teacher wrote of the term, or of the year. */
static enum rc child_said(struct ctx *c, const struct child_key *key, struct child_view *out)
{
	items all;

	TRY(find_all(c, &conduct, &all, 10, IS({ offsetof(struct conduct, class), v_int(key->class) },
		{ offsetof(struct conduct, pupil), v_int(key->pupil) })));
	for (int64_t i = 0; i < all.n; i++) {
		const struct conduct *x = (const struct conduct *)all.p + i;
		if (x->remark.n && (x->term == key->term || (key->term == TERM_YEAR && x->term == TERM_2 && !out->said.n)))
			out->said = x->remark;
	}
	return OK;
}

static bool may_see_pupil(struct ctx *c, const struct place_row *at, int64_t pupil_)
{
	struct year_result row;

	row_zero(&year_result, &row);
	row.base.org = at->org;
	row.class.v = at->class;
	row.pupil.v = pupil_;
	return may(c, &year_result, READ, &row);
}

enum rc child_get(struct ctx *c, const void *in_, void *out_)
{
	static const struct tr title = { "Kết quả học tập", "Results" };
	const struct child_ask *in = in_;
	struct child_view *out = out_;
	struct class_sheet sheet;
	struct place_row at;
	struct year_row year;
	struct ymd d = day_ymd(c->today);

	TRY(year_find(c, in->year, &year));
	struct child_key key = { .pupil = in->pupil, .year = year.id, .term = in->term ? (pick)(in->term - 1)
		: d.m >= 6 && d.m <= 8 ? TERM_YEAR : d.m >= 2 && d.m < 6 ? TERM_2 : TERM_1 };
	*out = (struct child_view){ .title = say(c, &title), .year = year.code, .year_n = year.year,
		.term = say(c, &mark_terms[key.term].label), .is_hk1 = key.term == TERM_1, .is_hk2 = key.term == TERM_2,
		.is_year = key.term == TERM_YEAR };
	TRY(query(c, "records/children", &key_shape, &key, &told_shape, &out->children, 30));
	out->many = out->children.n > 1;
	if (!key.pupil)
		key.pupil = out->children.n ? ((const struct child_told *)out->children.p)->id : c->who->person.v;
	out->pupil = key.pupil;
	struct child_told *children = NEWS(c->mem, struct child_told, out->children.n + 1);
	for (int64_t i = 0; i < out->children.n; i++) {
		children[i] = ((const struct child_told *)out->children.p)[i];
		children[i].current = children[i].id == key.pupil;
	}
	out->children.p = children;
	enum rc rc = query_one(c, "records/child_class", &key_shape, &key, &place_shape, &at);
	if (rc == E_MISSING && !in->pupil) {
		out->none = true;
		return OK;
	}
	TRY(rc);
	if (!may_see_pupil(c, &at, key.pupil))
		return E_MISSING;
	key.class = at.class;
	out->name = at.name;
	out->class_name = at.class_name;
	out->school = at.school;
	rc = class_sheet(c, (school_class_id){ at.class }, key.term, key.pupil, &sheet);
	if (rc != OK && rc != E_MISSING)
		return rc;
	out->none = rc == E_MISSING || !sheet.lines.n;
	if (out->none)
		return OK;
	out->lines = sheet.lines;
	out->reasons = ((const struct sheet_line *)sheet.lines.p)->why.n > 0;
	out->has_conduct = sheet.has_conduct;
	out->rates = sheet.rates;
	child_qualities(c, &sheet, out);
	TRY(child_said(c, &key, out));
	TRY(child_marks(c, &key, at.came, year.year, &sheet, out));
	out->marked = out->subjects.n > 0;
	struct book_in closed = { .class = key.class, .term = key.term };
	int64_t n;
	TRY(query_int(c, "records/closed", &book_in_shape, &closed, &n));
	out->provisional = n == 0;
	return OK;
}

/* ---- GET /year_result/{result}/pupil ------------------------------------------------------------------------ */

#define ROW struct result_ask
const struct shape result_ask_shape = { sizeof(ROW), FIELDS{ { REF(result, year_result), .is = NEEDED,
	.label = { "Kết quả năm học", "Result of the year" } }, END } };
#undef ROW

enum rc result_pupil_get(struct ctx *c, const void *in_, void *out)
{
	const struct result_ask *in = in_;
	struct year_result r;
	struct school_year y;

	(void)out;
	TRY(find(c, &year_result, in->result.v, &r));
	TRY(find(c, &school_year, r.year.v, &y));
	c->go = link_to(c, "/records/child?pupil=%lld&term=year&year=%lld", (long long)r.pupil.v, (long long)y.year);
	return OK;
}
