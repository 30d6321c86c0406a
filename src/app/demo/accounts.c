/* accounts.c -- somebody of every role, with an account. One password for all, chosen at random and shown once. */
#include "app/demo/demo.h"
#include "mod/auth/auth.h"

enum { MOST = 1400 };                            /* two for each of 600 schools, and the officials */
struct list { struct new_account at[MOST]; int n; };

static void add(struct demo *d, struct list *l, str login, person_id who, org_id at, const struct role *role)
{
	if (l->n == MOST || who.v == 0)
		return;
	l->at[l->n++] = (struct new_account){ .login = login, .name = title_of(d->c, &person, who.v), .person = who,
		.org = at, .role = role, .password = d->ask->password };
}

/* Members of the department, commune offices and the installation's own operator. */
static enum rc official(struct demo *d, struct list *l, const char *login, const char *name, bool male, org_id at,
	const struct role *role)
{
	struct ctx *c = d->c;
	struct person p;

	row_zero(&person, &p);
	p.base.org = at;
	p.name = str_of(name);
	p.sex = male ? SEX_MALE : SEX_FEMALE;
	p.staff = true;
	p.post = role == &dept_leader || role == &bureau_leader ? 10 : 9;
	day_of(1975 + (int)rng_below(&d->rng, 20), 3, 12, &p.born);
	TRY(create(c, &person, &p));
	add(d, l, str_of(login), (person_id){ p.base.id }, at, role);
	return OK;
}

static enum rc officials(struct demo *d, struct list *l)
{
	static const struct { const char *login, *name; bool male; const struct role *role; } at_dept[] = {
		{ "quantri", "Đỗ Quang Huy", true, &operator_ }, { "giamdoc", "Trần Minh Khôi", true, &dept_leader },
		{ "chuyenvien", "Lê Thị Thu Hà", false, &dept_officer },
		{ "vanthu.so", "Phạm Thị Lan", false, &dept_clerk }, { "thanhtra", "Vũ Đức Thắng", true, &dept_inspector },
		{ "kiemtoan", "Ngô Thị Bích Ngọc", false, &auditor },
		{ "bogddt", "Nguyễn Hải Đăng", true, &ministry } };

	for (int i = 0; i < COUNT(at_dept); i++)
		TRY(official(d, l, at_dept[i].login, at_dept[i].name, at_dept[i].male, d->dept, at_dept[i].role));
	TRY(official(d, l, "truongphong", "Hoàng Văn Bắc", true, d->bureau, &bureau_leader));
	return official(d, l, "canboxa", "Bùi Thị Thanh Tâm", false, d->schools[0].commune->org, &commune_officer);
}

static struct demo_school *shown(struct demo *d)
{
	for (int i = 0; i < d->n_schools; i++)
		if (d->schools[i].kind == LOWER)
			return &d->schools[i];
	return &d->schools[0];
}

static enum rc find_post(struct demo *d, const struct demo_school *s, const char *post, person_id *ret)
{
	struct person p;
	items found;

	TRY(find_all(d->c, &person, &found, 1, IS({ offsetof(struct base, org), v_int(s->org.v) },
		{ offsetof(struct person, post), v_text(str_of(post)) })));
	if (found.n) {
		p = *(const struct person *)found.p;
		ret->v = p.base.id;
	}
	return OK;
}

/* The form teacher of a class of that grade at the first school of the kind, with an account. */
static enum rc a_form_teacher(struct demo *d, struct list *l, enum kind_of_school kind, pick grade, str login)
{
	const struct demo_school *s = NULL;
	items classes;

	for (int i = 0; i < d->n_schools && !s; i++)
		if (d->schools[i].kind == kind)
			s = &d->schools[i];
	if (!s)
		return OK;
	TRY(find_all(d->c, &school_class, &classes, 1, IS({ offsetof(struct base, org), v_int(s->org.v) },
		{ offsetof(struct school_class, year), v_int(d->year.v) }, { offsetof(struct school_class, grade),
		v_text(str_of(grades[grade].code)) })));
	if (classes.n)
		add(d, l, login, ((const struct school_class *)classes.p)->form_teacher, s->org, &form_teacher);
	return OK;
}

static enum rc school_accounts(struct demo *d, struct list *l)
{
	struct demo_school *s = shown(d);
	person_id book = { 0 }, money_ = { 0 };

	TRY(find_post(d, s, "librarian", &book));
	TRY(find_post(d, s, "accountant", &money_));
	add(d, l, S("hieutruong"), s->principal, s->org, &principal);
	add(d, l, S("phohieutruong"), s->deputy, s->org, &deputy);
	add(d, l, S("giaovu"), s->clerk, s->org, &clerk);
	add(d, l, S("tinhoc"), s->it, s->org, &it_officer);
	add(d, l, S("thuvien"), book, s->org, &librarian);
	add(d, l, S("ketoan"), money_, s->org, &accountant);
	add(d, l, S("giaovien"), s->teacher, s->org, &teacher);
	add(d, l, S("chunhiem"), s->form_teacher, s->org, &form_teacher);
	add(d, l, S("phuhuynh"), s->parent, s->org, &parent);
	add(d, l, S("hocsinh"), s->pupil, s->org, &pupil);
	TRY(a_form_teacher(d, l, PRIMARY, (pick)(GRADE_1 + 3), S("giaovien.th")));
	TRY(a_form_teacher(d, l, PRESCHOOL, GRADE_K5, S("giaovien.mn")));
	for (int i = 0; i < d->n_schools; i++) {
		struct demo_school *o = &d->schools[i];
		if (o == s)
			continue;
		add(d, l, TEXT(d->c, "ht.%.*s", FMT(o->login)), o->principal, o->org, &principal);
		add(d, l, TEXT(d->c, "gv.%.*s", FMT(o->login)), o->clerk, o->org, &clerk);
	}
	return OK;
}

/* The clerk has asked to take out the school's records; the principal has not answered yet. */
static enum rc asked_export(struct demo *d)
{
	const struct demo_school *s = shown(d);
	struct account a;
	struct takeout t;

	TRY(auth_find(d->c, S("giaovu"), &a));
	row_zero(&takeout, &t);
	t.base.org = s->org;
	t.account.v = a.base.id;
	t.person = a.person;
	t.what = S("Hồ sơ cá nhân (xlsx, đủ cột)");
	t.reason = S("Đối chiếu hồ sơ với cơ sở dữ liệu ngành đầu năm học");
	t.list = S("person");
	t.format = S("xlsx");
	t.every = true;
	t.place = s->org.v;
	TRY(db_int(d->c->db, "SELECT COUNT(*) FROM person WHERE org = ?1 AND gone = 0", VALS(v_int(s->org.v)), &t.rows));
	return create(d->c, &takeout, &t);
}

enum rc demo_accounts(struct demo *d)
{
	struct list *l = NEW(d->c->mem, struct list);

	TRY(officials(d, l));
	TRY(school_accounts(d, l));
	TRY(auth_demo(d->c, l->at, l->n, false, NULL));
	return asked_export(d);
}
