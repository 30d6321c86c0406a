/* classes.c -- the classes a list of pupils names, held against who studies where. Only who is in no class yet is
 * enrolled; a change of class keeps its own page, for it ends one enrolment and begins another on a day. */
#include "mod/excel/excel_in.h"

static const struct tr
	MSG_no_record = { "Chưa có hồ sơ: nhập lý lịch trước.", "No record yet: import the identity first." },
	MSG_several = { "Có nhiều hồ sơ cùng tên và ngày sinh.", "Several records have this name and birthday." },
	MSG_no_class = { "Năm học này chưa có lớp “{1}”.", "This school year has no class “{1}”." },
	MSG_elsewhere = { "Đang học lớp {1}: chuyển lớp ở trang của học sinh.",
		"Studies in {1}: change the class on the pupil's page." },
	MSG_class = { "Lớp", "Class" };

static const struct placed *place_of(const struct roster *r, int64_t id)
{
	for (int64_t i = 0; i < r->n; i++)
		if (r->at[i].id == id)
			return &r->at[i];
	return NULL;
}

static void hold_row(struct opened *o, const struct roster *all, const struct roster *in, const struct things *classes_,
	int row, struct diff *d)
{
	struct ctx *c = o->c;
	str name = said_at(o, row, "class.name");
	int64_t at = whose_row(o, all, row), k = thing_by(classes_, class_key(c->mem, name));
	const struct placed *now = at >= 0 ? place_of(in, all->at[at].id) : NULL;
	struct diff_line *l = diff_add(c, d, OUT_WRONG, row + 1);

	l->who = said_at(o, row, "name");
	l->field = say(c, &MSG_class);
	l->old = now ? now->class_name : S("");
	l->now = name;
	if (at < 0) {
		l->why = say(c, at == -2 ? &MSG_several : &MSG_no_record);
	} else if (k < 0) {
		l->why = sayf(c, &MSG_no_class, ARGS(name));
	} else if (now && now->class != classes_->at[k].id) {
		l->why = sayf(c, &MSG_elsewhere, ARGS(now->class_name));
	} else {
		l->what = now ? OUT_SAME : OUT_NEW;
		l->pupil = all->at[at].id;
		l->class = classes_->at[k].id;
	}
}

enum rc diff_classes(struct opened *o, struct diff *ret)
{
	struct roster all, in;
	struct things classes_;

	TRY(all_pupils_of(o->c, ids_needed(o), &all));
	TRY(pupils_of(o->c, false, &in));
	TRY(classes_of(o->c, &classes_));
	*ret = (struct diff){ 0 };
	for (int row = o->t.first; row < o->t.end; row++)
		if (row_holds(o, row) && said_at(o, row, "class.name").n)
			hold_row(o, &all, &in, &classes_, row, ret);
	diff_count(ret);
	return OK;
}

enum rc apply_classes(struct ctx *c, const struct diff *d, int64_t *ret_rows)
{
	*ret_rows = 0;
	for (int64_t i = 0; i < d->n; i++) {
		struct enrolment e;
		if (d->at[i].what != OUT_NEW)
			continue;
		row_zero(&enrolment, &e);
		e.base.org = c->here.org;
		e.pupil.v = d->at[i].pupil;
		e.class.v = d->at[i].class;
		TRY(create(c, &enrolment, &e));
		++*ret_rows;
	}
	return OK;
}
