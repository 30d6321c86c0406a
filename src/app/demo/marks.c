/* marks.c -- the books of marks of a school: an ability behind each pupil's marks, a strength in some subjects,
 * words of teachers, one class with gaps, a locked column. */
#include "app/demo/demo.h"
#include "core/many.h"
#include "mod/records/records.h"
#include "mod/transcript/transcript.h"

struct books {
	struct demo *d; const struct school_class *class; const struct enrolment *pupils; int64_t n;
	int64_t *ability; struct mark *marks; int64_t n_marks; struct ledger_entry *entries; int64_t n_entries;
		struct course *courses; int64_t n_courses;
	struct conduct *conducts; int64_t n_conducts;
	bool gaps, both;
};

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
	int64_t lean, struct buf *lines)
{
	struct demo *d = b->d;
	struct mark *m = &b->marks[b->n_marks++];
	int64_t level = b->ability[i] + lean + rng_near(&d->rng, 0, 90) + (term_ == TERM_2 ? 20 : 0);
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
		if ((b->gaps && rng_chance(&d->rng, 120)) || str_is(str_of(l->slots[s].key), "cd"))
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

static void book_term(struct books *b, struct course *k, const struct cell_layout *l, pick term_, int64_t lean)
{
	struct ledger_entry *e = &b->entries[b->n_entries++];
	struct buf lines;

	buf_init(&lines, b->d->c->mem, (size_t)1 << 20);
	for (int64_t i = 0; i < b->n; i++)
		pupil_term(b, k, l, term_, i, lean, &lines);
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
	book_term(b, k, &l, TERM_1, lean);
	if (b->both)
		book_term(b, k, &l, TERM_2, lean);
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
	for (int64_t i = 0; i < n_t; i++)
		for (int k = 0; k < d->n_subjects; k++)
			if (d->subjects[k].v == t[i].subject.v)
				a_book(b, t[i].subject, d->subject_codes[k]);
	for (int64_t i = 0; i < b->n; i++)
		for (int term_ = 0; term_ < (b->both ? 2 : 1); term_++)
			conduct_of(b, i, (pick)term_);
	TRY(write_books(b));
	int64_t pupils;
	if (!b->both)
		return OK;
	TRY(results_of_class(d->c, (school_class_id){ b->class->base.id }, &pupils));
	return transcript_draft(d->c, (school_class_id){ b->class->base.id }, &pupils);
}

static enum rc lock_middle(struct demo *d, struct demo_school *s)
{
	struct mark_lock l;

	row_zero(&mark_lock, &l);
	l.base.org = s->org;
	l.year = d->year;
	l.term = TERM_1;
	l.part = PART_MIDDLE;
	l.state = LOCK_LOCKED;
	l.note = S("Đã chốt điểm giữa kì I");
	return create_many(d->c, &mark_lock, &l, 1);
}

enum rc demo_marks(struct demo *d, struct demo_school *s, const struct school_class *k, int64_t n,
	const struct enrolment *e, int64_t n_e, const struct teaching *t, int64_t n_t)
{
	const struct enrolment *end = e + n_e;
	const struct teaching *t_end = t + n_t;

	if (s->kind == PRESCHOOL)
		return OK;
	for (int64_t i = 0; i < n; i++) {
		struct books b = { .d = d, .class = &k[i], .pupils = e, .gaps = i == 2, .both = k[i].base.id == s->a_class.v };
		const struct teaching *first = t;
		for (; e < end && e->class.v == k[i].base.id; e++)
			b.n++;
		for (; t < t_end && t->class.v == k[i].base.id; t++)
			continue;
		if (k[i].grade >= GRADE_1)
			TRY(class_marks(d, &b, first, t - first));
	}
	return lock_middle(d, s);
}
