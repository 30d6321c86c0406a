/* marks.c -- the books of marks of a school: an ability behind each pupil's marks, a strength in some subjects,
 * words of teachers, one class with gaps, a locked column, exemptions, somebody to be tested again in summer. */
#include "app/demo/demo.h"
#include "core/many.h"
#include "mod/records/records.h"
#include "mod/transcript/transcript.h"

struct books {
	struct demo *d; const struct school_class *class; const struct enrolment *pupils; int64_t n;
	int64_t *ability; struct mark *marks; int64_t n_marks; struct ledger_entry *entries; int64_t n_entries;
		struct course *courses; int64_t n_courses;
	struct conduct *conducts; int64_t n_conducts;
	int64_t exempt;                                  /* who does no physical education: a place in the class, -1  */
	bool gaps, both;
};
enum { WEAK = 6, NAUGHTY = 9 };                          /* of a class whose year is there: places in its list        */

/* Marks of regular checks are whole or halves, of tests quarters made tenths; all around the pupil's own level. */
static int32_t a_mark(struct demo *d, int64_t level, bool test)
{
	int64_t v = level + rng_near(&d->rng, 0, 160), unit = test ? 10 : rng_chance(&d->rng, 700) ? 100 : 50;

	v = v < 100 ? 100 : v > 1000 ? 1000 : v;
	return (int32_t)((v + unit / 2) / unit * unit);
}

static int32_t a_cell(struct demo *d, const struct cell_layout *l, const struct cell_slot *s, int64_t level)
{
	int passes = level > 600 || rng_chance(&d->rng, 985);

	if (s->word && l->scheme->n_words > 2)
		return CELL_WORD + (level > 720 ? 0 : level > 360 ? 1 : 2);
	if (s->word)
		return CELL_WORD + !passes;
	return s->test ? a_mark(d, level, false) / 100 * 100 : a_mark(d, level, s->part != PART_REGULAR);
}

static str remark_for(struct demo *d, int64_t level)
{
	static const char *const good[] = { "Nắm chắc kiến thức, tích cực xây dựng bài.",
		"Học tốt, cần mạnh dạn hơn khi trình bày." },
		*const fair[] = { "Có cố gắng, cần luyện tập thêm ở nhà.", "Hiểu bài, tính toán đôi khi còn vội." },
		*const weak[] = { "Cần ôn lại kiến thức cơ bản.", "Tiếp thu còn chậm, cần kèm thêm." };

	if (!rng_chance(&d->rng, 300))
		return (str){ 0 };
	return str_of((level > 780 ? good : level > 520 ? fair : weak)[rng_below(&d->rng, 2)]);
}

static void pupil_term(struct books *b, const struct course *k, const struct cell_layout *l, pick term_, int64_t i,
	int64_t lean, str code, struct buf *lines)
{
	struct demo *d = b->d;
	struct mark *m = &b->marks[b->n_marks++];
	bool fails = b->both && i == WEAK && (str_is(code, "toan") || str_is(code, "gdcd") || str_is(code, "khtn"));
	int64_t level = fails ? 280 : b->ability[i] + lean + rng_near(&d->rng, 0, 90) + (term_ == TERM_2 ? 20 : 0);
	int32_t cells[SLOTS];

	row_zero(&mark, m);
	m->base.org = b->class->base.org;
	m->course.v = k->base.id;
	m->class.v = b->class->base.id;
	m->pupil = b->pupils[i].pupil;
	m->term = term_;
	for (int s = 0; s < SLOTS; s++)
		cells[s] = CELL_EMPTY;
	for (int s = 0; s < l->n; s++) {
		bool topics = str_is(str_of(l->slots[s].key), "cd");
		if ((b->gaps && rng_chance(&d->rng, 120)) || (topics && (k->lessons != 70 || lean < 0)))
			continue;
		cells[s] = a_cell(d, l, &l->slots[s], level);
		put_fmt(lines, "%s%lld %s - %.*s", lines->n ? "\n" : "", (long long)m->pupil.v, l->slots[s].key,
			FMT(cell_code(d->c->mem, l, cells[s])));
	}
	m->cells = cells_text(d->c->mem, l, cells);
	cells_result(l, cells, &m->average, &m->comment);
	m->remark = remark_for(d, level);
	if (m->remark.n)
		put_fmt(lines, "%s%lld remark - %.*s", lines->n ? "\n" : "", (long long)m->pupil.v,
			FMT(ledger_remark(d->c->mem, m->remark)));
}

static void book_term(struct books *b, struct course *k, const struct cell_layout *l, pick term_, int64_t lean,
	str code)
{
	struct ledger_entry *e = &b->entries[b->n_entries++];
	struct buf lines;

	buf_init(&lines, b->d->c->mem, (size_t)1 << 20);
	for (int64_t i = 0; i < b->n; i++)
		if (i != b->exempt || !l->comment_only || !str_eq(code, S("gdtc")))
			pupil_term(b, k, l, term_, i, lean, code, &lines);
	row_zero(&ledger_entry, e);
	e->base.org = k->base.org;
	e->course.v = k->base.id;
	e->seq = ++k->entries;
	e->at = b->d->c->now;
	e->term = term_;
	e->lines = buf_str(&lines);
	e->hash = k->head = ledger_hash(b->d->c->mem, k->head, e);
}

static void a_book(struct books *b, subject_id subject_, str code)
{
	struct ctx *c = b->d->c;
	const struct scheme *s = scheme_for(schemes(c), b->class->grade, (int)b->d->first_year);
	const struct programme_subject *p = programme_find(schemes(c)->programme, code);
	struct course *k = &b->courses[b->n_courses++];
	struct cell_layout l;
	bool words = false;

	for (int i = 0; i < s->n_comment_only; i++)
		words = words || str_eq(s->comment_only[i], code);
	row_zero(&course, k);
	k->base.id = new_id(c);
	k->base.org = b->class->base.org;
	k->class.v = b->class->base.id;
	k->subject = subject_;
	k->lessons = p ? p->lessons[b->class->grade] : 0;
	layout_make(c->mem, s, b->class->grade, code, words, (int)k->lessons, &l);
	int64_t lean = rng_near(&b->d->rng, 0, 60);
	book_term(b, k, &l, TERM_1, lean, code);
	if (b->both)
		book_term(b, k, &l, TERM_2, lean, code);
}

static void conduct_of(struct books *b, int64_t i, pick term_)
{
	struct conduct *x = &b->conducts[b->n_conducts++];
	int64_t level = b->ability[i] + rng_near(&b->d->rng, 150, 150);

	row_zero(&conduct, x);
	x->base.org = b->class->base.org;
	x->class.v = b->class->base.id;
	x->pupil = b->pupils[i].pupil;
	x->term = term_;
	x->level = b->class->grade < GRADE_6 ? CONDUCT_NONE : level > 600 ? CONDUCT_TOT : level > 420 ? CONDUCT_KHA
		: CONDUCT_DAT;
	if (b->class->grade < GRADE_6)
		x->qualities = level > 600 ? S("t t t t t t t t t t t t t t t") : S("t d t t d d t d d d t t d d t");
	else if (b->both && i == NAUGHTY)
		x->level = CONDUCT_CHUA_DAT;
	if (rng_chance(&b->d->rng, 400))
		x->remark = level > 600 ? S("Ngoan, lễ phép, tích cực tham gia hoạt động của lớp.")
			: S("Cần chấp hành nền nếp tốt hơn, tập trung hơn trong giờ học.");
}

static enum rc write_exemption(struct books *b)
{
	struct demo *d = b->d;
	struct exemption x;

	row_zero(&exemption, &x);
	for (int k = 0; k < d->n_subjects; k++)
		if (str_is(d->subject_codes[k], "gdtc"))
			x.subject = d->subjects[k];
	x.base.org = b->class->base.org;
	x.class.v = b->class->base.id;
	x.pupil = b->pupils[b->exempt].pupil;
	x.reason = S("Bệnh tim bẩm sinh, theo giấy của bệnh viện tỉnh; hiệu trưởng quyết định miễn phần thực hành.");
	return create_many(d->c, &exemption, &x, 1);
}

/* The form teacher's book of the class that has a whole year. */
static enum rc write_notes(struct books *b)
{
	static const struct { enum note_kind kind; int days; const char *text; bool about; } of[] = {
		{ NOTE_PLAN, 70, "Kế hoạch năm học: ổn định nền nếp, bầu ban cán sự, chia nhóm đôi bạn cùng tiến.", false },
		{ NOTE_MEETING, 60, "Họp phụ huynh đầu năm: thống nhất giờ học ở nhà, cách nhắn tin với giáo viên.", false },
		{ NOTE_FAMILY, 30, "Gọi điện cho gia đình về việc em hay đi muộn; gia đình hứa đưa đón đúng giờ.", true },
		{ NOTE_NOTE, 12, "Sinh hoạt lớp tuần 11: tuyên dương tổ 2, nhắc tổ 4 trực nhật.", false } };
	struct form_note rows[COUNT(of)];

	for (int i = 0; i < COUNT(of); i++) {
		row_zero(&form_note, &rows[i]);
		rows[i].base.org = b->class->base.org;
		rows[i].class.v = b->class->base.id;
		rows[i].on_day.v = b->d->c->today.v - of[i].days;
		rows[i].kind = (pick)of[i].kind;
		rows[i].text = str_of(of[i].text);
		if (of[i].about && b->n)
			rows[i].pupil = b->pupils[0].pupil;
	}
	return create_many(b->d->c, &form_note, rows, COUNT(rows));
}

static enum rc write_books(struct books *b)
{
	struct ctx *c = b->d->c;

	TRY(create_many(c, &course, b->courses, b->n_courses));
	TRY(create_many(c, &mark, b->marks, b->n_marks));
	TRY(create_many(c, &ledger_entry, b->entries, b->n_entries));
	return b->n_conducts ? create_many(c, &conduct, b->conducts, b->n_conducts) : OK;
}

static enum rc class_marks(struct demo *d, struct books *b, const struct teaching *t, int64_t n_t)
{
	struct arena *mem = d->c->mem;

	b->ability = NEWS(mem, int64_t, b->n + 1);
	b->marks = NEWS(mem, struct mark, b->n * n_t * 2 + 1);
	b->entries = NEWS(mem, struct ledger_entry, n_t * 2 + 1);
	b->courses = NEWS(mem, struct course, n_t + 1);
	b->conducts = NEWS(mem, struct conduct, b->n * 2 + 1);
	for (int64_t i = 0; i < b->n; i++)
		b->ability[i] = rng_near(&d->rng, 690, 260);
	if (b->both && b->n > WEAK)
		b->ability[WEAK] = 580;
	b->exempt = b->class->grade >= GRADE_6 && b->n > 12 && rng_chance(&d->rng, 300) ? 11 : -1;
	for (int64_t i = 0; i < n_t; i++)
		for (int k = 0; k < d->n_subjects; k++)
			if (d->subjects[k].v == t[i].subject.v)
				a_book(b, t[i].subject, d->subject_codes[k]);
	for (int64_t i = 0; i < b->n; i++)
		for (int term_ = 0; term_ < (b->both ? 2 : 1); term_++)
			conduct_of(b, i, (pick)term_);
	TRY(write_books(b));
	if (b->exempt >= 0)
		TRY(write_exemption(b));
	if (b->both)
		TRY(write_notes(b));
	int64_t pupils;
	TRY(results_of_class(d->c, (school_class_id){ b->class->base.id }, &pupils));
	return b->both ? transcript_draft(d->c, (school_class_id){ b->class->base.id }, &pupils) : OK;
}

/* The middle of term I is locked: by most schools in time, by each fifth a few days late, by one not at all. */
static enum rc lock_middle(struct demo *d, struct demo_school *s)
{
	enum { LATE_DAYS = 6, EARLY_DAYS = 3, EACH_OF = 5 };
	int at = (int)(s - d->schools);
	struct mark_lock l;
	struct term t;

	row_zero(&mark_lock, &l);
	l.base.org = s->org;
	l.year = d->year;
	l.term = TERM_1;
	l.part = PART_MIDDLE;
	TRY(find_one(d->c, &term, &t, IS({ offsetof(struct term, year), v_int(d->year.v) },
		{ offsetof(struct term, code), v_text(S("hk1")) })));
	int32_t due = t.since.v + (t.until.v - t.since.v) / 2 + 7;
	l.locked_on.v = at % EACH_OF == 3 ? due + LATE_DAYS : due - EARLY_DAYS - at % 3;
	if (l.locked_on.v > d->c->today.v)
		l.locked_on = d->c->today;
	if (at == d->n_schools - 1 && at > 0)
		return OK;
	l.state = LOCK_LOCKED;
	l.note = S("Đã chốt điểm giữa kì I");
	return create_many(d->c, &mark_lock, &l, 1);
}

/* A few sentences of their own for the two teachers with an account. */
static enum rc own_phrases(struct demo *d, struct demo_school *s)
{
	static const char *const of[][2] = { { "tb", "Có tiến bộ so với học kì trước, cần phát huy." },
		{ "cx", "Làm bài còn cẩu thả, cần đọc kĩ đề và kiểm tra lại kết quả." },
		{ "hb", "Hăng hái phát biểu, biết giúp đỡ bạn trong nhóm." },
		{ "on", "Cần ôn lại kiến thức cơ bản và làm đủ bài tập ở nhà." } };
	const person_id who[] = { s->teacher, s->form_teacher };
	struct phrase rows[COUNT(of) * COUNT(who)];
	int64_t n = 0;

	for (int w = 0; w < COUNT(who); w++)
		for (int i = 0; i < COUNT(of) && who[w].v; i++) {
			row_zero(&phrase, &rows[n]);
			rows[n].base.org = s->org;
			rows[n].teacher = who[w];
			rows[n].keys = str_of(of[i][0]);
			rows[n++].text = str_of(of[i][1]);
		}
	return n ? create_many(d->c, &phrase, rows, n) : OK;
}

/* How many of the indices of TT 23/2010 each five-year-old meets, before they go to school. */
static enum rc five_year_olds(struct demo *d, const struct school_class *k, const struct enrolment *e, int64_t n)
{
	struct conduct *rows = NEWS(d->c->mem, struct conduct, n + 1);
	int64_t rated;

	for (int64_t i = 0; i < n; i++) {
		row_zero(&conduct, &rows[i]);
		rows[i].base.org = k->base.org;
		rows[i].class.v = k->base.id;
		rows[i].pupil = e[i].pupil;
		rows[i].term = TERM_2;
		rows[i].qualities = TEXT(d->c, "%lld %lld %lld %lld",
			(long long)(20 + rng_below(&d->rng, 7)) - (i % 23 == 9) * 6,
			(long long)(27 + rng_below(&d->rng, 8)), (long long)(24 + rng_below(&d->rng, 8)),
			(long long)(22 + rng_below(&d->rng, 8)));
	}
	if (n)
		TRY(create_many(d->c, &conduct, rows, n));
	/* TT 23/2010 names no share: each preschool of the demo has set one */
	TRY(setting_put(d->c, &mod_records, "parameters", k->base.org, S("tt23-2010.share=70")));
	return results_of_class(d->c, (school_class_id){ k->base.id }, &rated);
}

/* A class of an upper secondary school has closed its first term. */
static enum rc close_first(struct demo *d, const struct school_class *k)
{
	struct class_close x;

	row_zero(&class_close, &x);
	x.base.org = k->base.org;
	x.class.v = k->base.id;
	x.year = d->year;
	x.locked_on = d->c->today;
	return create_many(d->c, &class_close, &x, 1);
}

enum rc demo_marks(struct demo *d, struct demo_school *s, const struct school_class *k, int64_t n,
	const struct enrolment *e, int64_t n_e, const struct teaching *t, int64_t n_t)
{
	const struct enrolment *end = e + n_e;
	const struct teaching *t_end = t + n_t;

	for (int64_t i = 0; i < n; i++) {
		struct books b = { .d = d, .class = &k[i], .pupils = e, .gaps = i == 2, .both = k[i].base.id == s->a_class.v };
		const struct teaching *first = t;
		for (; e < end && e->class.v == k[i].base.id; e++)
			b.n++;
		for (; t < t_end && t->class.v == k[i].base.id; t++)
			continue;
		if (k[i].grade >= GRADE_1)
			TRY(class_marks(d, &b, first, t - first));
		else if (k[i].grade == GRADE_K5)
			TRY(five_year_olds(d, &k[i], b.pupils, b.n));
		if (s->kind == UPPER && i == 0)
			TRY(close_first(d, &k[i]));
	}
	if (s->kind == PRESCHOOL)
		return OK;
	TRY(own_phrases(d, s));
	return lock_middle(d, s);
}
