/* data.c -- the school's side: who studies where, who works there, the names classes and subjects go by. */
#include "mod/excel/excel_in.h"
#include "core/query.h"
#include <stdlib.h>

/* in the order of AT_TERM_1, AT_YEAR: the year is rated by its second term */
static const struct choice terms[] = { { "hk1", { "Học kì I", "Term I" } }, { "hk2", { "Học kì II", "Term II" } },
	END };
enum { PEOPLE_MOST = 10000, PIECE = 500, THINGS_MOST = 1000 };

#define ROW struct school_in
const struct shape school_in_shape = { sizeof(ROW), FIELDS{ { COL(school) }, { COL(year) },
	{ COL(term), .pick = terms }, { COL(file) }, { COL(until) }, END } };
#undef ROW
struct pupil_row { int64_t pupil; str name; pick grade; int64_t class; };
#define ROW struct pupil_row
static const struct shape pupil_shape = { sizeof(ROW), FIELDS{ { COL(pupil) }, { COL(name) },
	{ COL(grade), .pick = grades }, { COL(class) }, END } };
#undef ROW
#define ROW struct thing
static const struct shape class_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(name) }, END } };
static const struct shape subject_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(name) }, { COL(code) }, END } };
#undef ROW

struct school_in school_here(const struct ctx *c)
{
	return (struct school_in){ .school = c->here.org.v, .year = c->here.year };
}

static int by_id(const void *a, const void *b)
{
	int64_t x = (*(const struct placed *const *)a)->id, y = (*(const struct placed *const *)b)->id;
	return x < y ? -1 : x > y;
}

static struct placed *placed_of(struct placed **sorted, int64_t n, int64_t id)
{
	int64_t low = 0, high = n;

	while (low < high) {
		int64_t middle = (low + high) / 2;
		if (sorted[middle]->id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < n && sorted[low]->id == id ? sorted[low] : NULL;
}

/* What tells one person from another. The national id is private, a look at it is noted: so only where it is needed. */
static const col by_code[] = { offsetof(struct person, name), offsetof(struct person, born),
	offsetof(struct person, sector_id), offsetof(struct person, school_code), offsetof(struct person, post), 0 };
static const col by_ids[] = { offsetof(struct person, name), offsetof(struct person, born),
	offsetof(struct person, sector_id), offsetof(struct person, school_code), offsetof(struct person, post),
	offsetof(struct person, national_id), 0 };

/* The persons behind the places (or behind those that which marks), with the grants of the verb; NULL where the actor
 * has none. */
static enum rc load_people(struct ctx *c, uint32_t verb, const col *show, struct roster *r, const bool *which,
	int64_t stamp)
{
	struct placed **sorted = NEWS(c->mem, struct placed *, r->n + 1);
	int64_t n = 0;

	for (int64_t i = 0; i < r->n; i++)
		if (!which || which[i]) {
			r->at[i].p = NULL;
			sorted[n++] = &r->at[i];
		}
	qsort(sorted, (size_t)n, sizeof *sorted, by_id);
	for (int64_t from = 0; from < n; from += PIECE) {
		int64_t *ids = NEWS(c->mem, int64_t, PIECE);
		struct list_answer a;
		int k = 0;
		for (int64_t i = from; i < n && k < PIECE; i++)
			ids[k++] = sorted[i]->id;
		TRY(list_rows(c, &(struct list_ask){ .e = &person, .verb = verb, .show = show, .ids = ids, .n_ids = k,
			.limit = PIECE, .wide = true, .stamp = stamp }, &a));
		for (int64_t i = 0; i < a.rows.n; i++) {
			const struct person *p = (const struct person *)a.rows.p + i;
			struct placed *at = placed_of(sorted, n, p->base.id);
			if (at)
				at->p = p;
		}
	}
	return OK;
}

enum rc load_whole(struct ctx *c, struct roster *r, const bool *which, int64_t stamp)
{
	return load_people(c, EXPORT, NULL, r, which, stamp);
}

enum rc pupils_of(struct ctx *c, bool ids, struct roster *ret)
{
	struct school_in in = school_here(c);
	int64_t kept = 0;
	items got;

	TRY(query(c, "excel/pupils", &school_in_shape, &in, &pupil_shape, &got, PEOPLE_MOST));
	ret->at = NEWS(c->mem, struct placed, got.n + 1);
	ret->n = got.n;
	for (int64_t i = 0; i < got.n; i++) {
		const struct pupil_row *p = (const struct pupil_row *)got.p + i;
		ret->at[i] = (struct placed){ .id = p->pupil, .class_name = p->name, .grade = p->grade, .class = p->class };
	}
	TRY(load_people(c, READ, ids ? by_ids : by_code, ret, NULL, 0));
	for (int64_t i = 0; i < ret->n; i++)
		if (ret->at[i].p) {
			ret->at[kept] = ret->at[i];
			ret->at[kept].key = name_key(c->mem, ret->at[i].p->name);
			kept++;
		}
	ret->n = kept;
	return OK;
}

static enum rc people_of(struct ctx *c, col what, bool ids, struct roster *ret)
{
	const struct list_filter works = { what, LIST_IS, v_int(1) };
	struct list_answer a;

	TRY(list_rows(c, &(struct list_ask){ .e = &person, .show = ids ? by_ids : by_code, .filters = &works,
		.n_filters = 1, .limit = PEOPLE_MOST }, &a));
	ret->at = NEWS(c->mem, struct placed, a.rows.n + 1);
	ret->n = a.rows.n;
	for (int64_t i = 0; i < a.rows.n; i++) {
		const struct person *p = (const struct person *)a.rows.p + i;
		ret->at[i] = (struct placed){ .id = p->base.id, .p = p, .key = name_key(c->mem, p->name) };
	}
	return OK;
}

enum rc staff_of(struct ctx *c, bool ids, struct roster *ret)
{
	return people_of(c, offsetof(struct person, staff), ids, ret);
}

enum rc all_pupils_of(struct ctx *c, bool ids, struct roster *ret)
{
	return people_of(c, offsetof(struct person, pupil), ids, ret);
}

bool ids_needed(const struct opened *o)
{
	for (int row = o->t.first; row < o->t.end; row++)
		if (said_at(o, row, "national_id").n && said_at(o, row, "sector_id").n == 0)
			return true;
	return false;
}

bool is_sector_id(str code)
{
	bool digits = code.n >= 8;

	for (ptrdiff_t i = 0; i < code.n; i++)
		digits = digits && code.p[i] >= '0' && code.p[i] <= '9';
	return digits;
}

str own_code_said(const struct opened *o, int row)
{
	str code = said_at(o, row, "school_code"), sector = said_at(o, row, "sector_id");

	return code.n || is_sector_id(sector) ? code : sector;
}

/* The row has a number of the kind the record has, and it is another one. */
static bool contradicts(const struct person *p, str sector, str national)
{
	return (is_sector_id(sector) && p->sector_id.n && !str_eq(p->sector_id, sector)) ||
		(national.n && p->national_id.n && !str_eq(p->national_id, national));
}

/* The school's own code, in a column of its own or where the sheet has the only code. */
static int64_t coded(const struct opened *o, const struct roster *r, int row, str sector, str national)
{
	str code = said_at(o, row, "school_code");
	bool alone = code.n == 0;

	code = alone ? sector : code;
	for (int64_t i = 0; i < r->n && code.n; i++)
		if (str_eq(r->at[i].p->school_code, code) && !contradicts(r->at[i].p, alone ? (str){ 0 } : sector, national))
			return i;
	return -1;
}

int64_t whose_row(const struct opened *o, const struct roster *r, int row)
{
	str sector = said_at(o, row, "sector_id"), national = said_at(o, row, "national_id"),
		key = name_key(o->c->mem, said_at(o, row, "name")), code = own_code_said(o, row);
	day born = day_said(o, row, "born");
	int64_t found = -1;

	for (int64_t i = 0; i < r->n && sector.n; i++)
		if (str_eq(r->at[i].p->sector_id, sector))
			return i;
	for (int64_t i = 0; i < r->n && national.n; i++)
		if (str_eq(r->at[i].p->national_id, national))
			return i;
	if ((found = coded(o, r, row, sector, national)) >= 0)
		return found;
	bool by_name = born.v == NO_DAY.v && o->kind == KIND_STAFF;     /* lists of staff often have no birthdays */
	for (int64_t i = 0; i < r->n && key.n && (by_name || born.v != NO_DAY.v); i++) {
		const struct person *p = r->at[i].p;
		if (contradicts(p, sector, national) || (code.n && p->school_code.n) ||
			(!by_name && p->born.v != born.v) || !str_eq(r->at[i].key, key))
			continue;
		if (found >= 0)
			return -2;
		found = i;
	}
	return found;
}

/* ---- classes, subjects --------------------------------------------------------------------------------- */

static enum rc things_of(struct ctx *c, const char *name, const struct shape *shape, bool classes_,
	struct things *ret)
{
	struct school_in in = school_here(c);
	items got;

	TRY(query(c, name, &school_in_shape, &in, shape, &got, THINGS_MOST));
	ret->at = NEWS(c->mem, struct thing, got.n + 1);
	ret->n = got.n;
	for (int64_t i = 0; i < got.n; i++) {
		ret->at[i] = ((const struct thing *)got.p)[i];
		ret->at[i].key = classes_ ? class_key(c->mem, ret->at[i].name) : tm_key(c->mem, ret->at[i].name);
		ret->at[i].code = classes_ ? S("") : tm_key(c->mem, ret->at[i].code);
	}
	return OK;
}

enum rc classes_of(struct ctx *c, struct things *ret)
{
	return things_of(c, "excel/classes", &class_shape, true, ret);
}

enum rc subjects_of(struct ctx *c, struct things *ret)
{
	return things_of(c, "excel/subjects", &subject_shape, false, ret);
}

int64_t thing_by(const struct things *t, str key)
{
	int64_t found = -1;

	for (int64_t i = 0; i < t->n && key.n; i++)
		if (str_eq(t->at[i].key, key)) {
			if (found >= 0)
				return -2;
			found = i;
		}
	return found;
}
