/* carried.c -- see carried.h. */
#include "mod/records/carried.h"
#include "mod/records/rating.h"

#define ROW struct carried_row
#define BROUGHT { COL(class) }, { COL(pupil) }, { COL(subject) }, { COL(term), .pick = mark_terms }, { COL(cells) }, \
	{ COL(remark) }, { COL(class_name) }, { COL(school) }
static const struct shape of_term_shape = { sizeof(ROW), FIELDS{ BROUGHT, END } };
static const struct shape of_book_shape = { sizeof(ROW), FIELDS{ BROUGHT, { COL(own) }, END } };
static const struct shape carried_shape = { sizeof(ROW), FIELDS{ BROUGHT, { COL(own) }, { COL(course) },
	{ COL(lessons) }, { COL(grade), .pick = grades }, { COL(year) }, { COL(code) }, { COL(name) },
	{ COL(comment_only) }, END } };
#undef ROW
#define ROW struct carried_conduct
static const struct shape conduct_shape = { sizeof(ROW), FIELDS{ { COL(pupil) }, { COL(term), .pick = rating_terms },
	{ COL(level) }, { COL(summer) }, { COL(qualities) }, { COL(remark) }, { COL(class_name) }, { COL(school) }, END } };
#undef ROW
struct books_key { school_class_id class; subject_id subject; person_id pupil; };
#define ROW struct books_key
static const struct shape books_key_shape = { sizeof(ROW), FIELDS{ { REF(class, school_class) },
	{ REF(subject, subject) }, { REF(pupil, person) }, END } };
#undef ROW
#define ROW struct carried_book
static const struct shape book_shape = { sizeof(ROW), FIELDS{ { COL(course) }, { COL(class_name) }, { COL(school) },
	END } };
#undef ROW
enum { BOOKS_AGO = 20 };
enum { CARRIED_MAX = 60000, CONDUCTS_MAX = 1200 };

enum rc carried_marks(struct ctx *c, const struct book_in *in, items *ret)
{
	if (in->class && in->course)
		return query(c, "records/carried_of_book", &book_in_shape, in, &of_book_shape, ret, CARRIED_MAX);
	return query(c, in->class ? "records/carried" : "records/carried_of_school", &book_in_shape, in, &carried_shape,
		ret, CARRIED_MAX);
}

void carried_ahead(struct ctx *c, const struct book_in *in, struct ahead *ret)
{
	query_ahead(c, "records/carried_of_term", &book_in_shape, in, &of_term_shape, ret, CARRIED_MAX);
}

enum rc carried_term(struct ctx *c, const struct book_in *in, struct ahead *asked, items *ret)
{
	if (!asked->name)
		carried_ahead(c, in, asked);
	return query_take(c, asked, ret);
}

const struct carried_row *carried_into(const items *rows, int64_t class, int64_t pupil_, int64_t subject_, pick term_,
	const struct cell_layout *l, int32_t *cells, bool *old)
{
	const struct carried_row *last = NULL;
	int32_t were[SLOTS];

	for (int64_t i = rows->n; i-- > 0; ) {
		const struct carried_row *r = (const struct carried_row *)rows->p + i;
		if (r->pupil != pupil_ || r->subject != subject_ || r->term != term_ || r->class != class)
			continue;
		cells_read(l, r->cells, were);
		for (int k = 0; k < l->n; k++) {
			if (cells[k] != CELL_EMPTY || were[k] == CELL_EMPTY)
				continue;
			cells[k] = were[k];
			last = last ? last : r;
			if (old)
				old[k] = true;
		}
	}
	return last;
}

enum rc carried_terms(struct ctx *c, const struct book_in *in, items *ret)
{
	struct cell_layout *l = NEW(c->mem, struct cell_layout);
	int32_t cells[SLOTS];
	items got;
	int64_t n = 0;

	TRY(carried_marks(c, in, &got));
	struct carried_term *v = NEWS(c->mem, struct carried_term, got.n + 1);
	for (int64_t i = 0; i < got.n; i++) {
		const struct carried_row *r = (const struct carried_row *)got.p + i;
		const struct scheme *s = scheme_for(schemes(c), r->grade, (int)r->year);
		int64_t k = n;
		while (k > 0 && v[k - 1].pupil == r->pupil && (v[k - 1].subject != r->subject || v[k - 1].term != r->term))
			k--;
		if (!s || (k > 0 && v[k - 1].pupil == r->pupil))     /* two earlier classes: once is enough */
			continue;
		if (r->term == TERM_YEAR)
			layout_retest(c->mem, s, r->comment_only, (int)r->lessons, l);
		else
			layout_make(c->mem, s, r->grade, r->code, r->comment_only, (int)r->lessons, l);
		cells_read(l, r->own, cells);
		const struct carried_row *from = carried_into(&got, r->class, r->pupil, r->subject, r->term, l, cells, NULL);
		if (!from)
			continue;
		v[n] = (struct carried_term){ r->class, r->pupil, r->subject, r->course, r->term, NO_SCORE, { 0 }, from->remark,
			r->code, r->name };
		cells_result(l, cells, &v[n].average, &v[n].comment);
		n++;
	}
	*ret = (items){ v, n };
	return OK;
}

enum rc terms_brought(struct ctx *c, school_class_id class, items *ret)
{
	return carried_terms(c, &(struct book_in){ .class = class.v }, ret);
}

enum rc conduct_brought(struct ctx *c, school_class_id class, items *ret)
{
	return carried_conducts(c, &(struct book_in){ .class = class.v }, ret);
}

enum rc carried_conducts(struct ctx *c, const struct book_in *in, items *ret)
{
	return query(c, "records/carried_conduct", &book_in_shape, in, &conduct_shape, ret, CONDUCTS_MAX);
}

enum rc carried_books(struct ctx *c, school_class_id class, subject_id subject_, person_id pupil_, items *ret)
{
	return query(c, "records/carried_books", &books_key_shape, &(struct books_key){ class, subject_, pupil_ },
		&book_shape, ret, BOOKS_AGO);
}

str carried_from(struct ctx *c, const struct carried_row *r)
{
	return r ? carried_from_class(c, r->class_name, r->school) : (str){ 0 };
}

str carried_from_class(struct ctx *c, str class_name, str school)
{
	static const struct tr from = { "từ lớp {1}", "from class {1}" },
		away = { "từ lớp {1}, {2}", "from class {1}, {2}" };

	return school.n ? sayf(c, &away, ARGS(class_name, school)) : sayf(c, &from, ARGS(class_name));
}
