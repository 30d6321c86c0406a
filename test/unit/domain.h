/* domain.h -- a department, a commune and two schools with a class each, for the tests of org, people and school. */
#ifndef KHUE_TEST_DOMAIN_H
#define KHUE_TEST_DOMAIN_H
#include "engines.h"
/* cmocka's macro of that name gives way to fail() of core/ctx.h */
#undef fail
#undef fail_msg
#define fail_msg(...) do { print_error(__VA_ARGS__); _fail(__FILE__, __LINE__); } while (0)
#include "base/hash.h"
#include "core/app.h"
#include "core/migrate.h"
#include "core/planner.h"
#include "core/query.h"
#include "core/registry.h"
#include "core/search.h"
#include "mod/school/school.h"

/* A test of a module above these three names its own before including this. */
#ifndef DOMAIN_MODULES
#define DOMAIN_MODULES &mod_org, &mod_people, &mod_school
#endif
#ifdef DOMAIN_ALL
#include "app/modules.h"
#define domain_modules all_modules       /* the whole program; the test links app/modules.c */
#else
static const struct module *const domain_modules[] = { DOMAIN_MODULES, NULL };
#endif

struct world {
	struct app app; struct arena mem; struct ctx c; struct db *db; int64_t time; uint64_t seed;
	struct actor actor; struct seat seat[2];
	org_id dept, commune, a, b; school_year_id year, next; school_class_id class_a, class_b, class_up;
	person_id teacher_a, pupil_a, parent_a;
};

static inline instant world_clock(void *arg) { return (instant){ ((struct world *)arg)->time }; }
static inline void world_random(void *arg, void *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		((uint8_t *)p)[i] = (uint8_t)(((struct world *)arg)->seed++ * 31);
}

static inline struct ctx *fresh(struct world *w)
{
	arena_reset(&w->mem);
	ctx_start(&w->c, &w->app, &w->mem);
	w->c.lang = EN;
	return &w->c;
}
static inline struct ctx *as_khue(struct world *w)
{
	fresh(w)->who = &actor_system;
	return &w->c;
}
/* As a person with one seat. */
static inline struct ctx *as(struct world *w, const struct role *r, org_id at, person_id who)
{
	struct ctx *c = fresh(w);
	w->seat[0] = (struct seat){ r, at, { 0 }, { 99999 } };
	w->actor = (struct actor){ .user = { 77 }, .person = who, .name = S("Tester"), .seats = w->seat, .n_seats = 1 };
	c->who = &w->actor;
	return c;
}

#define OKAY(call) do { enum rc rc_ = (call); if (rc_ != OK) fail_msg("%s: rc %d: %.*s %s", #call, (int)rc_, \
	FMT(w->c.n_problems ? w->c.problems[0].text : (str){ 0 }), db_why(w->db)); } while (0)
/* The call is refused with rc, and the first problem stands at this member. */
#define REFUSED(call, rc, T, m) do { assert_int_equal((call), (rc)); assert_true(w->c.n_problems > 0); \
	assert_int_equal(w->c.problems[0].at, offsetof(struct T, m)); } while (0)

static inline subject_id add_subject(struct world *w, const char *code, const char *name)
{
	struct subject s;

	row_zero(&subject, &s);
	s.code = str_of(code);
	s.name = str_of(name);
	OKAY(create(as_khue(w), &subject, &s));
	return (subject_id){ s.base.id };
}

static inline org_id add_org(struct world *w, pick kind, const char *name, org_id above)
{
	struct org o;
	row_zero(&org, &o);
	o.name = str_of(name);
	o.kind = kind;
	o.parent = above;
	o.since = (day){ 10000 };
	o.lower = kind == ORG_SCHOOL;
	OKAY(create(as_khue(w), &org, &o));
	return (org_id){ o.base.id };
}
static inline struct person a_person(struct world *w, org_id at, const char *name)
{
	struct person p;
	(void)w;
	row_zero(&person, &p);
	p.base.org = at;
	p.name = str_of(name);
	day_of(2014, 3, 2, &p.born);
	return p;
}
static inline person_id add_person(struct world *w, org_id at, const char *name, bool pupil_, bool staff_)
{
	struct person p = a_person(w, at, name);
	p.pupil = pupil_;
	p.staff = staff_;
	p.guardian = !pupil_ && !staff_;
	OKAY(create(as_khue(w), &person, &p));
	return (person_id){ p.base.id };
}
/* How many people the office of a school finds by a word. */
static inline int finds(struct world *w, org_id at, const char *word)
{
	struct hits h;
	int n = 0;

	OKAY(search_rows(as(w, &clerk, at, (person_id){ 9 }), str_of(word), 10, &h));
	for (int i = 0; i < h.n; i++)
		n += h.at[i].e == &person;
	return n;
}
static inline void add_kin(struct world *w, person_id pupil_, person_id guardian)
{
	struct guardianship g;
	row_zero(&guardianship, &g);
	g.base.org = w->a;
	g.pupil = pupil_;
	g.guardian = guardian;
	OKAY(create(as_khue(w), &guardianship, &g));
}
static inline school_class_id add_class(struct world *w, org_id at, school_year_id year, const char *name, pick grade)
{
	struct school_class k;
	row_zero(&school_class, &k);
	k.base.org = at;
	k.year = year;
	k.name = str_of(name);
	k.grade = grade;
	OKAY(create(as_khue(w), &school_class, &k));
	return (school_class_id){ k.base.id };
}
static inline int64_t enrol(struct world *w, person_id pupil_, school_class_id class)
{
	struct enrolment e;
	row_zero(&enrolment, &e);
	e.pupil = pupil_;
	e.class = class;
	OKAY(create(as_khue(w), &enrolment, &e));
	return e.base.id;
}
static inline void teach(struct world *w, person_id who, school_class_id class, org_id at)
{
	struct teaching t;
	row_zero(&teaching, &t);
	t.base.org = at;
	t.class = class;
	t.teacher = who;
	OKAY(create(as_khue(w), &teaching, &t));
}
/* A row that says whose form class A is, for the caller to create. */
static inline struct teaching form_row(struct world *w, person_id who)
{
	struct teaching t;
	row_zero(&teaching, &t);
	t.base.org = w->a;
	t.class = w->class_a;
	t.teacher = who;
	t.form = true;
	return t;
}
static inline void lead(struct world *w, person_id who)
{
	struct teaching t = form_row(w, who);
	OKAY(create(as_khue(w), &teaching, &t));
}
static inline school_year_id add_year(struct world *w, const char *code, int first)
{
	struct school_year y;
	row_zero(&school_year, &y);
	y.code = str_of(code);
	day_of(first, 8, 1, &y.since);
	day_of(first + 1, 7, 31, &y.until);
	OKAY(create(as_khue(w), &school_year, &y));
	return (school_year_id){ y.base.id };
}
static inline int64_t count(struct world *w, const char *sql)
{
	int64_t n = -1;
	assert_int_equal(db_int(w->db, sql, NULL, 0, &n), OK);
	return n;
}

static inline struct world *world_open(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	const struct migration *list;
	char why[256] = "";
	w->db = engine_db(state);
	w->time = INT64_C(1793500000000);        /* 1 November 2026 */
	arena_init(&w->mem, (size_t)64 << 20);
	w->app = (struct app){ .modules = domain_modules, .db = w->db, .data = "/nowhere", .clock = world_clock,
		.random = world_random, .arg = w };
	w->app.registry = registry_new(domain_modules, why);
	if (!w->app.registry || !queries_load(w->app.registry, why))
		fail_msg("%s", why);
	int n = migrations_embedded(&w->mem, w->app.registry, &list);
	if (migrate_run(w->db, &w->mem, list, n, (instant){ w->time }, NULL, NULL, why) != OK)
		fail_msg("%s", why);
	if (planner_tell(w->app.registry, w->db, &w->mem) != OK)
		fail_msg("%s", db_why(w->db));
	w->dept = add_org(w, ORG_DEPARTMENT, "Sở GDĐT An Bình", (org_id){ 0 });
	w->commune = add_org(w, ORG_COMMUNE, "UBND xã Long Lâm", w->dept);
	w->a = add_org(w, ORG_SCHOOL, "Trường THCS Nguyễn Trãi", w->commune);
	w->b = add_org(w, ORG_SCHOOL, "Trường THCS Hòa Hưng", w->commune);
	w->year = add_year(w, "2026-2027", 2026);
	w->next = add_year(w, "2027-2028", 2027);
	w->class_a = add_class(w, w->a, w->year, "7A", GRADE_6 + 1);
	w->class_b = add_class(w, w->b, w->year, "7B", GRADE_6 + 1);
	w->class_up = add_class(w, w->a, w->next, "8A", GRADE_6 + 2);
	w->teacher_a = add_person(w, w->a, "Lê Thị Hoa", false, true);
	w->pupil_a = add_person(w, w->a, "Trần Văn Bình", true, false);
	w->parent_a = add_person(w, w->a, "Trần Văn Cường", false, false);
	return w;
}
static inline void world_close(struct world *w)
{
	registry_free(w->app.registry);
	arena_free(&w->mem);
	free(w);
}
#endif
