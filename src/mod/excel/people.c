/* people.c -- lists of pupils and staff: whose values go into which cell, and what the Ministry's words mean here. */
#include "mod/excel/excel_in.h"
#include "core/query.h"
#include "core/registry.h"
#include "core/row.h"
#include <stdlib.h>

enum { LINKS_MOST = 10000, PIECE = 500 };

/* ---- what Khuê keeps as the workbook says it, and back ---------------------------------------------------- */

static const struct { pick post; const char *post_says, *position; } posts[] = {
	{ 1, "Hiệu trưởng", "Cán bộ quản lý" }, { 2, "Phó hiệu trưởng", "Cán bộ quản lý" }, { 3, "Giáo viên", "Giáo viên" },
	{ 4, "Nhân viên", "Nhân viên" }, { 5, "Nhân viên", "Nhân viên" }, { 6, "Nhân viên", "Nhân viên" },
	{ 7, "Nhân viên", "Nhân viên" }, { 8, "Nhân viên", "Nhân viên" }, { 11, "Nhân viên", "Nhân viên" } };

/* The code of a post out of "Nhóm chức vụ" and "Vị trí việc làm"; empty: not told. The first word that fits. */
str post_said(struct ctx *c, str group, str position)
{
	static const char *const words[][2] = { { "pho hieu truong", "vice" }, { "hieu pho", "vice" },
		{ "hieu truong", "principal" }, { "ke toan", "accountant" }, { "thu vien", "librarian" }, { "van thu",
			"clerk" },
		{ "giao vu", "clerk" }, { "y te", "health" }, { "cong nghe thong tin", "it" }, { "giao vien", "teacher" },
		{ "to truong", "teacher" }, { "nhan vien", "other" } };
	str key = viet_fold(c->mem, TEXT(c, "%.*s; %.*s", FMT(group), FMT(position)));

	for (ptrdiff_t i = 0; i < COUNT(words); i++)
		if (str_find(key, str_of(words[i][0])) >= 0)
			return str_of(words[i][1]);
	return S("");
}

/* The Ministry's words for what is a choice here; other words stay, so that the import says what it does not know. */
str choice_said(struct ctx *c, const char *field, str s)
{
	static const struct { const char *field, *word, *code; } words[] = {
		{ "disability", "van dong", "mobility" }, { "disability", "nghe", "hearing" }, { "disability", "noi",
			"hearing" },
		{ "disability", "nhin", "sight" }, { "disability", "than kinh", "mental" }, { "disability", "tri tue",
			"intellectual" },
		{ "disability", "khong", "none" }, { "disability", "khac", "other" },
		{ "policy", "can ngheo", "near_poor" }, { "policy", "ngheo", "poor" }, { "policy", "liet si", "martyr" },
		{ "policy", "thuong binh", "martyr" }, { "policy", "mo coi", "orphan" }, { "policy", "khong", "none" },
		{ "policy", "khac", "other" }, { "ethnicity", "mong", "08" } };
	str key = viet_fold(c->mem, s);

	for (ptrdiff_t i = 0; i < COUNT(words); i++)
		if (strcmp(field, words[i].field) == 0 && (str_is(key, words[i].word) ||
			(strcmp(field, "ethnicity") != 0 && str_find(key, str_of(words[i].word)) >= 0)))
			return str_of(words[i].code);
	return s;
}

/* ---- filling -------------------------------------------------------------------------------------------------- */

static const char *const person_columns[] = { "name", "sex", "national_id", "sector_id", "school_code", "ethnicity",
	"nationality", "birthplace", "native_place", "address", "phone", "email", "disability", "policy", "subject" };

/* A choice that says nothing ("unknown", "none") is no reason to write in somebody's workbook; nor is one that the cell
 * already says in other words, or in words not known here. */
static bool choice_to_put(struct opened *o, int row, const struct field *f, const struct person *p)
{
	str there = said_at(o, row, f->name);
	struct person said;
	struct flaw why;
	pick ours, theirs;

	memcpy(&ours, (const char *)p + f->at, sizeof ours);
	if (ours == 0 && strcmp(f->name, "nationality") != 0)
		return false;
	if (there.n == 0)
		return true;
	row_zero(&person, &said);
	if (!field_read(f, choice_said(o->c, f->name, there), o->c->today, o->c->mem, &said, &why)) {
		o->passed++;
		return false;
	}
	memcpy(&theirs, (const char *)&said + f->at, sizeof theirs);
	return ours != theirs;
}

static enum rc put_person(struct opened *o, int row, const struct person *p)
{
	for (ptrdiff_t i = 0; i < COUNT(person_columns); i++) {
		const struct field *f = field_named(person.fields, str_of(person_columns[i]));
		if (tm_column(&o->t, f->name, 0) >= 0 && (f->type != T_PICK || choice_to_put(o, row, f, p)))
			TRY(put_text(o, row, f->name, field_text(f, p, VI, o->c->mem)));
	}
	return put_day(o, row, "born", p->born);
}

/* Values of lists that are not published are only put into empty cells: what the school chose there stays. */
static enum rc put_if_empty(struct opened *o, int row, const char *column, str text)
{
	return said_at(o, row, column).n ? OK : put_text(o, row, column, text);
}

struct parent_of { int64_t pupil, guardian; pick relation; bool first; const struct person *p; };
struct parents { struct parent_of *at; int64_t n; bool loaded; };

static int by_guardian(const void *a, const void *b)
{
	int64_t x = ((const struct parent_of *)a)->guardian, y = ((const struct parent_of *)b)->guardian;
	return x < y ? -1 : x > y;
}

static bool wants_parents(const struct opened *o)
{
	static const char *const names[] = { "father.name", "father.year", "father.phone", "father.work", "mother.name",
		"mother.year", "mother.phone", "mother.work" };
	for (ptrdiff_t i = 0; i < COUNT(names); i++)
		if (tm_column(&o->t, names[i], 0) >= 0)
			return true;
	return false;
}

/* Whoever may export the links and the parents' own records; others fill the workbook without these columns. */
static enum rc parents_of(struct opened *o, struct parents *ret)
{
	struct ctx *c = o->c;
	struct list_answer a;

	*ret = (struct parents){ .loaded = true };
	if (!wants_parents(o))
		return OK;
	TRY(list_rows(c, &(struct list_ask){ .e = &guardianship, .verb = EXPORT, .limit = LINKS_MOST,
		.stamp = o->stamp.id }, &a));
	ret->at = NEWS(c->mem, struct parent_of, a.rows.n + 1);
	for (int64_t i = 0; i < a.rows.n; i++) {
		const struct guardianship *g = (const struct guardianship *)a.rows.p + i;
		if (g->relation == REL_FATHER || g->relation == REL_MOTHER)
			ret->at[ret->n++] = (struct parent_of){ g->pupil.v, g->guardian.v, g->relation, g->contact_first, NULL };
	}
	qsort(ret->at, (size_t)ret->n, sizeof *ret->at, by_guardian);
	for (int64_t from = 0; from < ret->n; from += PIECE) {
		int64_t *ids = NEWS(c->mem, int64_t, PIECE), k = from;
		int n = 0;
		for (int64_t i = from; i < ret->n && i < from + PIECE; i++)
			if (n == 0 || ids[n - 1] != ret->at[i].guardian)
				ids[n++] = ret->at[i].guardian;
		TRY(list_rows(c, &(struct list_ask){ .e = &person, .verb = EXPORT, .ids = ids, .n_ids = n, .limit = PIECE,
			.wide = true, .stamp = o->stamp.id }, &a));
		for (; k < ret->n && k < from + PIECE; k++)
			for (int64_t i = 0; i < a.rows.n; i++)
				if (((const struct person *)a.rows.p)[i].base.id == ret->at[k].guardian)
					ret->at[k].p = (const struct person *)a.rows.p + i;
	}
	return OK;
}

static enum rc put_parents(struct opened *o, int row, int64_t pupil_, const struct parents *all)
{
	for (int64_t i = 0; i < all->n; i++) {
		const struct parent_of *x = &all->at[i];
		if (x->pupil != pupil_ || !x->p)
			continue;
		bool father = x->relation == REL_FATHER;
		TRY(put_text(o, row, father ? "father.name" : "mother.name", x->p->name));
		TRY(put_text(o, row, father ? "father.phone" : "mother.phone", x->p->phone));
		if (x->p->occupation.n)
			TRY(put_text(o, row, father ? "father.work" : "mother.work", x->p->occupation));
		if (x->p->born.v != NO_DAY.v)
			TRY(put_text(o, row, father ? "father.year" : "mother.year", TEXT(o->c, "%d", day_ymd(x->p->born).y)));
	}
	return OK;
}

static enum rc put_pupil(struct opened *o, int row, const struct placed *p, void *arg)
{
	struct parents *all = arg;

	if (!all->loaded)                                /* once it is known that they may leave, and under which stamp */
		TRY(parents_of(o, all));
	TRY(put_person(o, row, p->p));
	TRY(put_text(o, row, "class.name", p->class_name));
	TRY(put_if_empty(o, row, "state", S("Đang học")));
	return put_parents(o, row, p->id, all);
}

enum rc fill_pupils(struct opened *o, const struct fill_ask *ask, struct filled *ret)
{
	struct roster r;
	struct parents all = { 0 };

	TRY(pupils_of(o->c, ids_needed(o), &r));
	return fill_rows(o, &r, ask->add, put_pupil, &all, ret);
}

static enum rc put_staff(struct opened *o, int row, const struct placed *p, void *arg)
{
	(void)arg;
	TRY(put_person(o, row, p->p));
	TRY(put_if_empty(o, row, "state", S("Đang làm việc")));
	for (ptrdiff_t i = 0; i < COUNT(posts); i++)
		if (posts[i].post == p->p->post) {
			TRY(put_if_empty(o, row, "post", str_of(posts[i].post_says)));
			TRY(put_if_empty(o, row, "position", str_of(posts[i].position)));
		}
	return OK;
}

enum rc fill_staff(struct opened *o, const struct fill_ask *ask, struct filled *ret)
{
	struct roster r;

	TRY(staff_of(o->c, ids_needed(o), &r));
	return fill_rows(o, &r, ask->add, put_staff, NULL, ret);
}
