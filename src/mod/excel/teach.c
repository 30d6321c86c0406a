/* teach.c -- the teaching assignment as exchanged with vnEdu: a row a teacher and subject, "11AV2(2), 11AV3(2)" its
 * classes and lessons a week; sheets MONVNEDU and LOPVNEDU say how the school's own names are called there. */
#include "mod/excel/excel_in.h"
#include "core/app.h"
#include "core/reads.h"

static const struct tr
	MSG_teacher = { "Không có ai tên “{1}” trong cán bộ, giáo viên của trường.",
		"Nobody of the staff is called “{1}”." },
	MSG_teachers = { "Có nhiều người cùng tên “{1}”.", "Several are called “{1}”." },
	MSG_subject = { "Không có môn “{1}”.", "No subject is called “{1}”." },
	MSG_class = { "Năm học này không có lớp “{1}”.", "This school year has no class “{1}”." },
	MSG_twice = { "Trùng với dòng {1}.", "The same as row {1}." },
	MSG_lessons = { "{1} tiết", "{1} lessons" },
	MSG_form = { "“{1}” không đọc được: cần dạng 11A2(3).", "“{1}” cannot be read: write 11A2(3)." };
enum { ROWS_MOST = 10000 };

struct taught_row { int64_t id, rev, class, subject, teacher, lessons; str class_name, subject_name, teacher_name; };
#define ROW struct taught_row
static const struct shape taught_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(rev) }, { COL(class) },
	{ COL(subject) }, { COL(teacher) }, { COL(lessons) }, { COL(class_name) }, { COL(subject_name) },
	{ COL(teacher_name) }, END } };
#undef ROW

/* ours: what the school calls it; theirs: what the other system does */
struct pair_of { str ours, theirs, theirs_said; };
struct names { struct pair_of *at; int64_t n; };
struct site { struct opened *o; struct names subjects_said, classes_said; struct things subjects, classes;
	struct roster staff; const struct taught_row *rows; int64_t n; bool *used; };

static const struct tm_column subject_names[] = { { "ours", .says = "montkb", .is = TM_NEEDED },
	{ "theirs", .says = "monvnedu", .is = TM_NEEDED }, { 0 } };
static const struct tm_column class_names[] = { { "ours", .says = "loptkb", .is = TM_NEEDED },
	{ "theirs", .says = "lopvnedu", .is = TM_NEEDED }, { 0 } };

static void names_of(const struct opened *o, const struct tm_column *map, struct names *ret)
{
	struct arena *mem = o->c->mem;
	struct tm_sheet *t = NEW(mem, struct tm_sheet);

	for (int s = 0; s < o->w->n_sheets; s++) {
		if (s == o->t.sheet || !tm_find(mem, o->w, s, map, t))
			continue;
		int ours = tm_column(t, "ours", 0), theirs = tm_column(t, "theirs", 0);
		ret->at = NEWS(mem, struct pair_of, t->end - t->first + 1);
		for (int row = t->first; row < t->end; row++) {
			str a = wb_text(o->w, s, row, ours), b = wb_text(o->w, s, row, theirs);
			if (a.n && b.n)
				ret->at[ret->n++] = (struct pair_of){ tm_key(mem, a), tm_key(mem, b), b };
		}
		return;
	}
}

/* By name; by code; by name with a 1 ("Ngoại ngữ"); as the only one whose name goes on after it. -1 none. */
static int64_t subject_keyed(const struct site *s, str key)
{
	str first = TEXT(s->o->c, "%.*s1", FMT(key));
	int64_t begins = -1, n = 0;

	for (int64_t i = 0; i < s->subjects.n && key.n; i++) {
		const struct thing *x = &s->subjects.at[i];
		if (str_eq(x->key, key) || str_eq(x->code, key) || str_eq(x->key, first))
			return i;
		if (key.n > 4 && str_starts(x->key, key)) {
			begins = i;
			n++;
		}
	}
	return n == 1 ? begins : -1;
}

/* Several names here may be one subject there (KTCN and Kĩ thuật NN are Công nghệ): the first that is known. */
static int64_t subject_said(const struct site *s, str said)
{
	str key = tm_key(s->o->c->mem, said);
	int64_t at = subject_keyed(s, key);

	for (int64_t i = 0; i < s->subjects_said.n && at < 0; i++)
		if (str_eq(s->subjects_said.at[i].theirs, key))
			at = subject_keyed(s, s->subjects_said.at[i].ours);
	return at;
}

static int64_t class_said(const struct site *s, str said)
{
	str key = class_key(s->o->c->mem, said);
	int64_t at = thing_by(&s->classes, key);

	for (int64_t i = 0; i < s->classes_said.n && at < 0; i++) {
		const struct pair_of *p = &s->classes_said.at[i];
		if (str_eq(p->ours, key))
			at = thing_by(&s->classes, p->theirs);
		else if (str_eq(p->theirs, key))
			at = thing_by(&s->classes, p->ours);
	}
	return at;
}

static int64_t teacher_said(const struct site *s, str said)
{
	str key = name_key(s->o->c->mem, said);
	int64_t found = -1;

	for (int64_t i = 0; i < s->staff.n; i++)
		if (str_eq(s->staff.at[i].key, key)) {
			if (found >= 0)
				return -2;
			found = i;
		}
	return found;
}

static enum rc site_open(struct opened *o, struct site *s)
{
	struct school_in in = school_here(o->c);
	items got;

	memset(s, 0, sizeof *s);
	s->o = o;
	TRY(staff_of(o->c, false, &s->staff));
	TRY(classes_of(o->c, &s->classes));
	TRY(subjects_of(o->c, &s->subjects));
	TRY(query(o->c, "excel/teaching", &school_in_shape, &in, &taught_shape, &got, ROWS_MOST));
	s->rows = got.p;
	s->n = got.n;
	s->used = NEWS(o->c->mem, bool, got.n + 1);
	names_of(o, subject_names, &s->subjects_said);
	names_of(o, class_names, &s->classes_said);
	return OK;
}

/* ---- filling ------------------------------------------------------------------------------------------------ */

/* The next group of rows with one teacher and subject, from *i on, as "1A(5), 1B(4)". */
static str group_text(const struct site *s, int64_t *i)
{
	const struct taught_row *first = &s->rows[*i];
	struct buf b;

	buf_init(&b, s->o->c->mem, 8000);
	for (; *i < s->n && s->rows[*i].teacher == first->teacher && s->rows[*i].subject == first->subject; ++*i) {
		put_fmt(&b, "%s%.*s", b.n ? ", " : "", FMT(s->rows[*i].class_name));
		if (s->rows[*i].lessons)
			put_fmt(&b, "(%lld)", (long long)s->rows[*i].lessons);
	}
	return buf_str(&b);
}

struct row_said { int64_t teacher, subject; };

/* Who and what each row of the sheet is about; 0: not known. */
static const struct row_said *rows_said(const struct site *s)
{
	struct row_said *ret = NEWS(s->o->c->mem, struct row_said, s->o->t.end + 1);

	for (int row = s->o->t.first; row < s->o->t.end; row++) {
		int64_t who = teacher_said(s, said_at(s->o, row, "teacher")),
			what = subject_said(s, said_at(s->o, row, "subject"));
		ret[row] = (struct row_said){ who < 0 ? 0 : s->staff.at[who].id, what < 0 ? 0 : s->subjects.at[what].id };
	}
	return ret;
}

static int row_of(const struct site *s, const struct row_said *said, const struct taught_row *t)
{
	for (int row = s->o->t.first; row < s->o->t.end; row++)
		if (said[row].teacher == t->teacher && said[row].subject == t->subject)
			return row;
	return -1;
}

static str subject_for_them(const struct site *s, str ours)
{
	str key = tm_key(s->o->c->mem, ours);

	for (int64_t i = 0; i < s->subjects_said.n; i++)
		if (str_eq(s->subjects_said.at[i].ours, key))
			return s->subjects_said.at[i].theirs_said;
	return ours;
}

/* Assignments name people: they leave, and are noted, as an export of their list is. */
static enum rc leave_noted(const struct site *s)
{
	struct ctx *c = s->o->c;
	int64_t *ids = NEWS(c->mem, int64_t, s->n + 1);

	for (int64_t i = 0; i < s->n; i++)
		ids[i] = s->rows[i].id;
	return take_out(c, &excel_takes[1], ids, s->n, &s->o->stamp);
}

enum rc fill_teaching(struct opened *o, const struct fill_ask *ask, struct filled *ret)
{
	struct site *s = NEW(o->c->mem, struct site);
	bool empty = rows_held(o) == 0;
	int next = empty ? o->t.first : o->t.end;

	*ret = (struct filled){ 0 };
	TRY(site_open(o, s));
	TRY(leave_noted(s));
	const struct row_said *said = rows_said(s);
	for (int64_t i = 0; i < s->n;) {
		const struct taught_row *t = &s->rows[i];
		str classes_ = group_text(s, &i);
		int row = row_of(s, said, t);
		if (row < 0 && !empty && !ask->add) {
			ret->unmatched++;
			continue;
		}
		ret->people += row >= 0;
		ret->added += row < 0;
		if (row < 0) {
			row = next++;
			TRY(put_text(o, row, "teacher", t->teacher_name));
			TRY(put_text(o, row, "subject", subject_for_them(s, t->subject_name)));
		}
		TRY(put_text(o, row, "classes", classes_));
	}
	ret->cells = o->filled;
	ret->passed = o->passed;
	return OK;
}

/* ---- reading back ------------------------------------------------------------------------------------------------ */

static str words_of(struct ctx *c, str teacher_name, int64_t lessons)
{
	return lessons ? TEXT(c, "%.*s, %.*s", FMT(teacher_name), FMT(sayf(c, &MSG_lessons,
		ARGS(TEXT(c, "%lld", (long long)lessons))))) : teacher_name;
}

/* "11AV2(2)": false when the brackets hold no number. */
static bool class_and_lessons(str token, str *name, int64_t *lessons)
{
	ptrdiff_t open = str_find(token, S("("));

	*lessons = 0;
	*name = str_trim(open < 0 ? token : str_sub(token, 0, open));
	if (open < 0)
		return name->n > 0;
	str inside = str_trim(str_sub(token, open + 1, -1));
	return name->n > 0 && inside.n > 1 && inside.p[inside.n - 1] == ')' &&
		str_to_int(str_trim(str_sub(inside, 0, inside.n - 1)), lessons) && *lessons >= 0 && *lessons <= 40;
}

static bool stands_twice(struct site *s, const struct diff *d, struct diff_line *l)
{
	for (int64_t i = 0; i < d->n - 1; i++) {
		const struct diff_line *x = &d->at[i];
		if (x->what == OUT_NEW && x->class == l->class && x->subject == l->subject && x->teacher == l->teacher) {
			l->why = sayf(s->o->c, &MSG_twice, ARGS(TEXT(s->o->c, "%lld", (long long)x->line)));
			return true;
		}
	}
	return false;
}

/* One class of a row; wanted lines are OUT_NEW until they are held against what stands. */
static void want_class(struct site *s, struct diff *d, int row, int64_t who, int64_t what, str token)
{
	struct ctx *c = s->o->c;
	struct diff_line *l = diff_add(c, d, OUT_WRONG, row + 1);
	str teacher_ = said_at(s->o, row, "teacher"), subject_ = said_at(s->o, row, "subject"), name;
	bool reads = class_and_lessons(token, &name, &l->lessons);
	int64_t k = reads ? class_said(s, name) : -1;

	l->who = TEXT(c, "%.*s · %.*s", FMT(name), FMT(subject_));
	l->now = words_of(c, teacher_, l->lessons);
	if (who < 0) {
		l->why = sayf(c, who == -2 ? &MSG_teachers : &MSG_teacher, ARGS(teacher_));
	} else if (what < 0) {
		l->why = sayf(c, &MSG_subject, ARGS(subject_));
	} else if (!reads || k < 0) {
		l->why = sayf(c, reads ? &MSG_class : &MSG_form, ARGS(reads ? name : token));
	} else {
		l->class = s->classes.at[k].id;
		l->subject = s->subjects.at[what].id;
		l->teacher = s->staff.at[who].id;
		l->now = words_of(c, s->staff.at[who].p->name, l->lessons);
		l->what = stands_twice(s, d, l) ? OUT_WRONG : OUT_NEW;
	}
}

static void take_row(struct site *s, struct diff_line *l, int64_t i)
{
	const struct taught_row *t = &s->rows[i];
	bool same = t->teacher == l->teacher && (l->lessons == 0 || l->lessons == t->lessons);

	s->used[i] = true;
	l->row = t->id;
	l->rev = t->rev;
	l->old = words_of(s->o->c, t->teacher_name, t->lessons);
	if (l->lessons == 0)
		l->lessons = t->lessons;
	l->what = same ? OUT_SAME : OUT_CHANGED;
}

/* Rows of the same class, subject and teacher first; then another teacher takes the place of who stands. */
static void hold_against(struct site *s, struct diff *d)
{
	for (int pass = 0; pass < 2; pass++)
		for (int64_t i = 0; i < d->n; i++) {
			struct diff_line *l = &d->at[i];
			for (int64_t k = 0; k < s->n && l->what == OUT_NEW; k++)
				if (!s->used[k] && s->rows[k].class == l->class && s->rows[k].subject == l->subject &&
					(pass || s->rows[k].teacher == l->teacher))
					take_row(s, l, k);
		}
}

enum rc diff_teaching(struct opened *o, struct diff *ret)
{
	struct site *s = NEW(o->c->mem, struct site);

	*ret = (struct diff){ 0 };
	TRY(site_open(o, s));
	for (int row = o->t.first; row < o->t.end; row++) {
		str left = said_at(o, row, "classes"), token;
		int64_t who, what;
		if (!row_holds(o, row))
			continue;
		who = teacher_said(s, said_at(o, row, "teacher"));
		what = subject_said(s, said_at(o, row, "subject"));
		while (left.n > 0) {
			str_cut(left, ',', &token, &left);
			if (str_trim(token).n)
				want_class(s, ret, row, who, what, str_trim(token));
		}
	}
	hold_against(s, ret);
	diff_count(ret);
	return OK;
}

static enum rc begin_teaching(struct ctx *c, const struct diff_line *l)
{
	struct teaching t;

	row_zero(&teaching, &t);
	t.base.org = c->here.org;
	t.class.v = l->class;
	t.subject.v = l->subject;
	t.teacher.v = l->teacher;
	t.lessons = l->lessons;
	return create(c, &teaching, &t);
}

/* The row also said whose form the class is: that goes on without the subject. */
static enum rc keep_form(struct ctx *c, const struct teaching *was)
{
	struct teaching t = *was;

	t.base = (struct base){ .org = was->base.org };
	t.subject.v = 0;
	t.lessons = 0;
	t.since = was->since.v < c->today.v ? c->today : was->since;
	return create(c, &teaching, &t);
}

/* Who taught until yesterday stays in the history of the class: their row ends today and another begins. */
static enum rc change_teaching(struct ctx *c, const struct diff_line *l)
{
	struct teaching t;

	TRY(find(c, &teaching, l->row, &t));
	t.base.rev = l->rev;
	if (t.form && t.teacher.v != l->teacher)
		TRY(keep_form(c, &t));
	if (t.teacher.v == l->teacher || t.since.v >= c->today.v) {
		t.form = t.form && t.teacher.v == l->teacher;
		t.teacher.v = l->teacher;
		t.lessons = l->lessons;
		return update(c, &teaching, &t);
	}
	t.until = c->today;
	TRY(update(c, &teaching, &t));
	return begin_teaching(c, l);
}

enum rc apply_teaching(struct ctx *c, const struct diff *d, int64_t *ret_rows)
{
	*ret_rows = 0;
	for (int64_t i = 0; i < d->n; i++) {
		const struct diff_line *l = &d->at[i];
		if (l->what != OUT_NEW && l->what != OUT_CHANGED)
			continue;
		TRY(l->what == OUT_NEW ? begin_teaching(c, l) : change_teaching(c, l));
		++*ret_rows;
	}
	return OK;
}
