/* month.c -- see month.h. */
#include "mod/school/month.h"
#include "mod/school/class.h"

enum { MONTH_PUPILS = 120, MONTH_ABSENCES = 4000 };
struct month_key { school_class_id class; day first, next; };
struct month_pupil { int64_t id; str name; };
struct month_absence { int64_t pupil; day held; str kind; };
#define ROW struct month_key
static const struct shape month_key_shape = { sizeof(ROW), FIELDS{ { REF(class, school_class) }, { COL(first) },
	{ COL(next) }, END } };
#undef ROW
#define ROW struct month_pupil
static const struct shape month_pupil_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(name) }, END } };
#undef ROW
#define ROW struct month_absence
static const struct shape month_absence_shape = { sizeof(ROW), FIELDS{ { COL(pupil) }, { COL(held) }, { COL(kind) },
	END } };
#undef ROW
#define ROW struct month_day
static const struct shape month_day_shape = { sizeof(ROW), FIELDS{ { COL(n) }, { COL(off) }, END } };
#undef ROW
#define ROW struct month_cell
static const struct shape month_cell_shape = { sizeof(ROW), FIELDS{ { COL(mark) }, { COL(off) }, END } };
#undef ROW
#define ROW struct month_line
static const struct shape month_line_shape = { sizeof(ROW), FIELDS{ { COL(n) }, { COL(name) },
	{ MANY(cells, month_cell_shape) }, { COL(excused) }, { COL(unexcused) }, { COL(late) }, END } };
#undef ROW
#define ROW struct month_paper
const struct shape month_paper_shape = { sizeof(ROW), FIELDS{ { MANY(head, letterhead_shape) }, { COL(name) },
	{ COL(teacher) }, { COL(month) }, { COL(year) },
	{ MANY(days, month_day_shape) }, { MANY(lines, month_line_shape) }, { MANY(absent, month_day_shape) },
	{ COL(n_days) }, { COL(columns) }, { COL(none) }, END } };
#undef ROW

/* P: excused, K: not excused, M: late; two letters where both halves of a day were missed. */
static void month_mark(struct ctx *c, struct month_line *line, struct month_cell *cell, struct month_day *absent,
	str kind)
{
	const char *letter = str_is(kind, "excused") ? "P" : str_is(kind, "unexcused") ? "K" : "M";

	line->excused += *letter == 'P';
	line->unexcused += *letter == 'K';
	line->late += *letter == 'M';
	absent->n += *letter != 'M';
	cell->mark = TEXT(c, "%.*s%s", FMT(cell->mark), letter);
}

static enum rc month_lines(struct ctx *c, const struct month_key *key, struct month_paper *out)
{
	int n_days = key->next.v - key->first.v;
	struct month_day *absent = NEWS(c->mem, struct month_day, n_days);
	const struct month_day *days = out->days.p;
	struct month_line *lines;
	items pupils, absences;

	TRY(query(c, "school/month_pupils", &month_key_shape, key, &month_pupil_shape, &pupils, MONTH_PUPILS));
	TRY(query(c, "school/month_absences", &month_key_shape, key, &month_absence_shape, &absences, MONTH_ABSENCES));
	lines = NEWS(c->mem, struct month_line, pupils.n + 1);
	for (int64_t i = 0; i < pupils.n; i++) {
		const struct month_pupil *p = (const struct month_pupil *)pupils.p + i;
		struct month_cell *cells = NEWS(c->mem, struct month_cell, n_days);
		for (int d = 0; d < n_days; d++)
			cells[d].off = absent[d].off = days[d].off;
		lines[i] = (struct month_line){ .n = i + 1, .name = p->name, .cells = { cells, n_days } };
		for (int64_t j = 0; j < absences.n; j++) {
			const struct month_absence *a = (const struct month_absence *)absences.p + j;
			if (a->pupil == p->id)
				month_mark(c, &lines[i], &cells[a->held.v - key->first.v], &absent[a->held.v - key->first.v], a->kind);
		}
	}
	out->lines = (items){ lines, pupils.n };
	out->absent = (items){ absent, n_days };
	out->n_days = n_days;
	out->columns = n_days + 5;
	out->none = pupils.n == 0;
	return OK;
}

enum rc month_of_class(struct ctx *c, const struct school_class *k, day within, struct month_paper *ret)
{
	struct ymd d = day_ymd(within);
	struct month_key key = { .class = { k->base.id } };
	struct month_day *days = NEWS(c->mem, struct month_day, 31);

	day_of(d.y, d.m, 1, &key.first);
	day_of(d.m == 12 ? d.y + 1 : d.y, d.m == 12 ? 1 : d.m + 1, 1, &key.next);
	for (int i = 0; i < key.next.v - key.first.v; i++)
		days[i] = (struct month_day){ i + 1, day_off((day){ key.first.v + i }) };
	*ret = (struct month_paper){ .name = k->name, .month = TEXT(c, "%d/%d", d.m, d.y),
		.days = { days, key.next.v - key.first.v } };
	return month_lines(c, &key, ret);
}
