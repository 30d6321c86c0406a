/* people_test.c -- identity numbers, families, consent, duplicates and merging; on both engines. */
#include "domain.h"
#include "core/export.h"
#include "core/import.h"
#include <sys/mman.h>
#include "mod/org/units.h"
#include "mod/people/people_rules.h"

/* NĐ 137/2015/NĐ-CP Đ.13: province, sex and century, year of birth. */
static void a_national_id_agrees_with_its_bearer(void **state)
{
	static const struct { const char *id; enum sex sex; int y; bool good; } of[] = {
		{ "001214012345", SEX_MALE, 2014, true }, { "001314012345", SEX_FEMALE, 2014, true },
		{ "001085012345", SEX_MALE, 1985, true },
		{ "001214012345", SEX_FEMALE, 2014, false }, { "001214012345", SEX_MALE, 2015, false },
		{ "001214012345", SEX_MALE, 1914, false },
		{ "000214012345", SEX_MALE, 2014, false }, { "097214012345", SEX_MALE, 2014, false },
		{ "00121401234", SEX_MALE, 2014, false },
		{ "0012140123456", SEX_MALE, 2014, false }, { "00121401234x", SEX_MALE, 2014, false },
		{ "001214012345", SEX_UNKNOWN, 2014, true } };

	const struct tr *why;

	(void)state;
	for (int i = 0; i < COUNT(of); i++) {
		day born;
		day_of(of[i].y, 5, 1, &born);
		if (national_id_ok(str_of(of[i].id), of[i].sex, born, &why) != of[i].good)
			fail_msg("%s, %d", of[i].id, of[i].y);
	}
	assert_true(national_id_ok(S("001214012345"), SEX_MALE, NO_DAY, &why));
}

static void what_a_person_must_be(void **state)
{
	struct world *w = world_open(state);
	struct person p = a_person(w, w->a, "Nguyễn Thị An");

	REFUSED(create(as_khue(w), &person, &p), E_INVALID, person, pupil);
	p.pupil = true;
	p.born = NO_DAY;
	REFUSED(create(as_khue(w), &person, &p), E_INVALID, person, born);
	p.born.v = w->c.today.v + 1;
	REFUSED(create(as_khue(w), &person, &p), E_INVALID, person, born);
	day_of(2014, 3, 2, &p.born);
	p.name = S("An <script>");
	REFUSED(create(as_khue(w), &person, &p), E_INVALID, person, name);
	p.name = S("12345");
	REFUSED(create(as_khue(w), &person, &p), E_INVALID, person, name);
	p.name = S("H'Wit Niê Kdăm");                    /* Ê-đê, with an apostrophe */
	p.phone = S("0912 345 678");
	p.email = S("a@b");
	REFUSED(create(as_khue(w), &person, &p), E_INVALID, person, email);
	p.email = S("ph@tinh.edu.vn");
	OKAY(create(as_khue(w), &person, &p));
	world_close(w);
}

/* One person once in the province: the second school is told at the field. */
static void a_name_is_seen(void **state)
{
	static const char *const bad[] = { "\xE2\x80\x8B", "Lê\xE2\x80\x8B An", "Lê An \xF0\x9F\x98\x80", "\xEE\x80\x80" };
	struct world *w = world_open(state);
	struct person p;

	for (int i = 0; i < COUNT(bad) + 1; i++) {
		row_zero(&person, &p);
		p.base.org.v = 0;
		p.name = str_of(i < COUNT(bad) ? bad[i] : "H'Linh Niê");
		enum rc rc = person_name_ok(&w->c, &p);
		assert_int_equal(rc, i < COUNT(bad) ? E_INVALID : OK);
	}
	world_close(w);
}

static void a_number_is_one_persons(void **state)
{
	struct world *w = world_open(state);
	struct person p = a_person(w, w->a, "Lê Minh"), q = a_person(w, w->b, "Lê Minh");

	p.pupil = q.pupil = true;
	p.sex = q.sex = SEX_MALE;
	p.national_id = q.national_id = S("001214012345");
	OKAY(create(as_khue(w), &person, &p));
	REFUSED(create(as_khue(w), &person, &q), E_INVALID, person, national_id);
	world_close(w);
}

/* What a school calls its pupil is unique there, and found by the search. */
static void a_school_code_is_one_pupils_of_a_school(void **state)
{
	struct world *w = world_open(state);
	struct person p = a_person(w, w->a, "Lê Minh"), q = a_person(w, w->a, "Lê Minh Châu"),
		r = a_person(w, w->b, "Lê Minh"), s = a_person(w, w->a, "Trần Tâm");

	p.pupil = q.pupil = r.pupil = s.staff = true;
	p.school_code = q.school_code = r.school_code = s.school_code = S("HS-26.01/a");
	OKAY(create(as_khue(w), &person, &p));
	REFUSED(create(as_khue(w), &person, &q), E_INVALID, person, school_code);
	OKAY(create(as_khue(w), &person, &r));           /* another school */
	REFUSED(create(as_khue(w), &person, &s), E_INVALID, person, school_code);       /* no pupil */
	q.school_code = S("HS 26");
	REFUSED(create(as_khue(w), &person, &q), E_INVALID, person, school_code);
	q.school_code = (str){ 0 };
	OKAY(create(as_khue(w), &person, &q));
	assert_int_equal(count(w, "SELECT count(*) FROM person WHERE _fold LIKE '%hs-26.01/a%'"), 2);
	world_close(w);
}

static void a_guardian_sees_the_child_unless_barred(void **state)
{
	struct world *w = world_open(state);
	struct guardianship g;
	struct person p;

	row_zero(&guardianship, &g);
	g.base.org = w->a;
	g.pupil = w->pupil_a;
	g.guardian = w->pupil_a;
	REFUSED(create(as_khue(w), &guardianship, &g), E_INVALID, guardianship, guardian);
	assert_int_equal(find(as(w, &parent, w->a, w->parent_a), &person, w->pupil_a.v, &p), E_MISSING);
	g.guardian = w->parent_a;
	OKAY(create(as_khue(w), &guardianship, &g));
	OKAY(find(as(w, &parent, w->a, w->parent_a), &person, w->pupil_a.v, &p));
	g.barred = true;
	OKAY(update(as_khue(w), &guardianship, &g));
	assert_int_equal(find(as(w, &parent, w->a, w->parent_a), &person, w->pupil_a.v, &p), E_MISSING);
	world_close(w);
}

/* Law 91/2025/QH15 Đ.24: from 7 years on the child agrees too before private life is disclosed. */
static void a_child_of_seven_agrees_too(void **state)
{
	struct world *w = world_open(state);
	struct consent k;

	row_zero(&consent, &k);
	k.base.org = w->a;
	k.subject = w->pupil_a;                          /* born 2 March 2014: 12 years */
	k.given_by = w->parent_a;
	k.purpose = CONSENT_PUBLISH;
	REFUSED(create(as_khue(w), &consent, &k), E_INVALID, consent, child_agrees);
	day_of(2021, 3, 1, &k.given);                    /* the day before the seventh birthday */
	OKAY(create(as_khue(w), &consent, &k));
	k.base = (struct base){ .org = w->a };
	k.child_agrees = true;
	k.given = w->c.today;
	k.withdrawn.v = k.given.v - 1;
	REFUSED(create(as_khue(w), &consent, &k), E_INVALID, consent, withdrawn);
	world_close(w);
}

/* Whoever types in a person is told of those who may be the same: of the own school by name, of others how many; a
 * number is one person's and nothing is asked about it. */
static void a_namesake_is_told(void **state)
{
	struct world *w = world_open(state);
	struct person p = a_person(w, w->a, "TRAN VAN  BINH"), q = a_person(w, w->b, "Trần Văn Bỉnh");
	struct ctx *c = as(w, &clerk, w->a, (person_id){ 0 });

	OKAY(person_namesakes(c, &p));
	assert_int_equal(c->n_problems, 1);
	assert_true(c->problems[0].doubt && str_find(c->problems[0].text, S("Trần Văn Bình, born 02/03/2014")) > 0);
	assert_true(str_find(c->problems[0].href, TEXT(c, "/person/%lld", (long long)w->pupil_a.v)) >= 0);
	c = as(w, &clerk, w->b, (person_id){ 0 });
	OKAY(person_namesakes(c, &p));                   /* not theirs to read: neither who nor where */
	assert_int_equal(c->n_problems, 1);
	assert_true(c->problems[0].doubt && c->problems[0].href.n == 0);
	assert_true(str_starts(c->problems[0].text, S("1 of the same")));
	assert_true(str_find(c->problems[0].text, S("Bình")) < 0);
	q.pupil = true;
	q.national_id = S("001214012345");
	OKAY(create(as_khue(w), &person, &q));
	c = as(w, &clerk, w->a, (person_id){ 0 });
	OKAY(person_namesakes(c, &p));
	assert_int_equal(c->n_problems, 2);
	p.born.v++;
	c = as(w, &clerk, w->a, (person_id){ 0 });
	OKAY(person_namesakes(c, &p));
	assert_int_equal(c->n_problems, 0);
	p.national_id = S("001214012345");
	c = as(w, &clerk, w->a, (person_id){ 0 });
	OKAY(person_namesakes(c, &p));
	assert_int_equal(c->n_problems, 1);
	assert_true(!c->problems[0].doubt && c->problems[0].at == offsetof(struct person, national_id));
	world_close(w);
}

static struct person_pair a_pair(struct world *w, person_id a, person_id b)
{
	struct person_pair p;
	row_zero(&person_pair, &p);
	p.base.org = w->a;
	p.a = a;
	p.b = b;
	p.score = 90;
	OKAY(create(as_khue(w), &person_pair, &p));
	return p;
}

/* What referred to the dropped record refers to the kept one; undo gives everything back. */
static void two_records_become_one_and_two_again(void **state)
{
	struct world *w = world_open(state);
	person_id twin = add_person(w, w->a, "Trần Văn Bình", true, false);
	struct guardianship g;
	struct enrolment e;
	struct person p;

	/* the kept record takes the number it lacks, and gives it back */
	OKAY(find(as_khue(w), &person, twin.v, &p));
	p.school_code = S("HS77");
	OKAY(update(&w->c, &person, &p));
	int64_t at = enrol(w, twin, w->class_a);
	row_zero(&guardianship, &g);
	g.base.org = w->a;
	g.pupil = twin;
	g.guardian = w->parent_a;
	OKAY(create(as_khue(w), &guardianship, &g));
	struct person_pair pair = a_pair(w, w->pupil_a, twin);
	struct compare_in asked = { { pair.base.id } };
	struct compare_view seen = { 0 };
	OKAY(pair_compare(as(w, &clerk, w->a, (person_id){ 9 }), &asked, &seen));
	const struct compare_line *line = seen.lines.p;
	assert_true(str_is(line->a, "Trần Văn Bình"));
	assert_false(line->differs);
	assert_true(seen.lines.n > 2 && seen.steps.n == 2 && !seen.half);
	assert_int_equal(pair_compare(as(w, &clerk, w->b, (person_id){ 9 }), &asked, &seen), E_MISSING);
	OKAY(step(as(w, &clerk, w->a, (person_id){ 9 }), &person_pair, &pair, "same"));
	OKAY(pair_compare(as(w, &clerk, w->a, (person_id){ 9 }), &asked, &seen));
	assert_true(seen.half && seen.steps.n == 0 && str_ends(seen.undo, S("/undo")));
	OKAY(find(as_khue(w), &enrolment, at, &e));
	assert_int_equal(e.pupil.v, w->pupil_a.v);
	OKAY(find(as_khue(w), &person, w->pupil_a.v, &p));
	assert_true(str_is(p.school_code, "HS77"));
	assert_int_equal(count(w, "SELECT count(*) FROM person WHERE gone = 1"), 1);
	items merges;
	OKAY(find_all(as_khue(w), &person_merge, &merges, 5, NULL, 0));
	assert_int_equal(merges.n, 1);
	const struct route *undo = NULL;
	for (const struct route *r = mod_people.routes; r->verb; r++)
		if (strcmp(r->path, "/person_merge/{merge}/undo") == 0)
			undo = r;
	assert_non_null(undo);
	struct { person_merge_id merge; } in = { { ((const struct person_merge *)merges.p)->base.id } };
	OKAY(undo->run(as(w, &clerk, w->a, (person_id){ 9 }), &in, NULL));
	OKAY(find(as_khue(w), &enrolment, at, &e));
	assert_int_equal(e.pupil.v, twin.v);
	OKAY(find(&w->c, &guardianship, g.base.id, &g));
	assert_int_equal(g.pupil.v, twin.v);
	OKAY(find(as_khue(w), &person, twin.v, &p));
	assert_true(str_is(p.school_code, "HS77"));
	OKAY(find(as_khue(w), &person, w->pupil_a.v, &p));
	assert_int_equal(p.school_code.n, 0);
	assert_int_equal(undo->run(as(w, &clerk, w->a, (person_id){ 9 }), &in, NULL), E_STATE);       /* once */
	world_close(w);
}

static void different_numbers_are_different_people(void **state)
{
	struct world *w = world_open(state);
	struct person p = a_person(w, w->a, "Vũ An"), q = a_person(w, w->a, "Vũ An");

	p.pupil = q.pupil = true;
	p.national_id = S("001214012345");
	q.national_id = S("001214012346");
	OKAY(create(as_khue(w), &person, &p));
	OKAY(create(as_khue(w), &person, &q));
	struct person_pair pair = a_pair(w, (person_id){ p.base.id }, (person_id){ q.base.id });
	assert_int_equal(step(as(w, &clerk, w->a, (person_id){ 9 }), &person_pair, &pair, "same"), E_STATE);
	assert_int_equal(count(w, "SELECT count(*) FROM person WHERE gone = 1"), 0);
	world_close(w);
}

static void pairs_are_found_once(void **state)
{
	struct world *w = world_open(state);

	add_person(w, w->b, "Trần Văn Bình", true, false);        /* same name and birthday as pupil_a */
	for (int i = 0; i < 2; i++) {
		OKAY(mod_people.jobs[0].run(fresh(w), NULL));
		assert_int_equal(count(w, "SELECT count(*) FROM person_pair"), 1);
	}
	world_close(w);
}

static int64_t name_pair(struct ctx *c, person_id a, person_id b, enum rc *ret)
{
	struct person_pair p;

	row_zero(&person_pair, &p);
	p.a = a;
	p.b = b;
	*ret = create(c, &person_pair, &p);
	return p.base.id;
}

/* A clerk names two records of the school; they are compared, merged and parted as pairs that were found. */
static void a_pair_is_named(void **state)
{
	struct world *w = world_open(state);
	person_id twin = add_person(w, w->a, "Trần Bình", true, false), far = add_person(w, w->b, "Trần Bình", true, false);
	struct person_pair p;
	enum rc rc;

	name_pair(as(w, &clerk, w->a, (person_id){ 9 }), w->pupil_a, w->pupil_a, &rc);
	assert_int_equal(rc, E_INVALID);
	name_pair(as(w, &clerk, w->a, (person_id){ 9 }), w->pupil_a, far, &rc);      /* not theirs to see */
	assert_int_equal(rc, E_INVALID);
	name_pair(as(w, &teacher, w->a, w->teacher_a), w->pupil_a, twin, &rc);
	assert_true(rc != OK);
	assert_int_equal(count(w, "SELECT count(*) FROM person_pair"), 0);
	int64_t id = name_pair(as(w, &clerk, w->a, (person_id){ 9 }), w->pupil_a, twin, &rc);
	assert_int_equal(rc, OK);
	assert_true(str_find(w->c.go, TEXT(&w->c, "/person_pair/%lld/compare", (long long)id)) >= 0);
	name_pair(as(w, &clerk, w->a, (person_id){ 9 }), twin, w->pupil_a, &rc);     /* once, in whatever order */
	assert_int_equal(rc, E_INVALID);
	OKAY(find(as(w, &clerk, w->a, (person_id){ 9 }), &person_pair, id, &p));
	assert_true(str_find(p.why, S("Tester")) > 0);
	OKAY(step(&w->c, &person_pair, &p, "same"));
	assert_int_equal(count(w, "SELECT count(*) FROM person WHERE gone = 1"), 1);
	name_pair(as(w, &dept_officer, w->dept, (person_id){ 9 }), far, w->pupil_a, &rc);
	assert_int_equal(rc, OK);                        /* of two schools: the department's */
	assert_int_equal(count(w, "SELECT count(*) FROM person_pair p JOIN person a ON a.id = p.a WHERE a.org = p.org"), 2);
	world_close(w);
}

/* The fuller record is suggested, whichever one began with; the other may be kept; separating works both ways. */
static void either_record_may_stay(void **state)
{
	struct world *w = world_open(state);
	struct person p = a_person(w, w->a, "Vũ An"), q = a_person(w, w->a, "Vũ An");
	enum rc rc;

	p.pupil = q.pupil = true;
	p.birthplace = S("Đắk Nông");
	OKAY(create(as_khue(w), &person, &p));
	OKAY(create(as_khue(w), &person, &q));
	for (int kept = KEEP_A; kept <= KEEP_B; kept++) {
		struct person_pair pair;
		int64_t id = kept ? count(w, "SELECT id FROM person_pair") :
			name_pair(as(w, &clerk, w->a, (person_id){ 9 }), (person_id){ q.base.id }, (person_id){ p.base.id }, &rc);
		OKAY(find(as(w, &clerk, w->a, (person_id){ 9 }), &person_pair, id, &pair));
		assert_int_equal(pair.keep, kept ? KEEP_A : KEEP_B);
		if (kept)
			OKAY(step(&w->c, &person_pair, &pair, "again"));
		OKAY(step(&w->c, &person_pair, &pair, "same"));
		struct person_merge m;
		OKAY(find_one(as_khue(w), &person_merge, &m, IS({ offsetof(struct person_merge, undone), v_int(0) })));
		assert_int_equal(m.kept.v, kept ? q.base.id : p.base.id);
		assert_int_equal(m.dropped.v, kept ? p.base.id : q.base.id);
		struct { person_merge_id merge; } in = { { m.base.id } };
		OKAY(merge_undo(as(w, &clerk, w->a, (person_id){ 9 }), &in, NULL));
		assert_int_equal(count(w, "SELECT count(*) FROM person WHERE gone = 1"), 0);
		assert_int_equal(count(w, "SELECT count(*) FROM person_pair WHERE state = 'different'"), 1);
		assert_int_equal(count(w, "UPDATE person_pair SET keep = 'a' RETURNING 1"), 1);
	}
	world_close(w);
}

/* A child that was entered twice with the same parent: the tie that would be there twice is retired, and comes back. */
static void a_tie_both_have_is_kept_once(void **state)
{
	struct world *w = world_open(state);
	const person_id twin = add_person(w, w->a, "Trần Bình", true, false),
		father = add_person(w, w->a, "Trần Ba", false, true);
	const person_id children[] = { w->pupil_a, twin };
	const char *ties = "SELECT count(*) FROM guardianship WHERE gone = 0";
	struct person_pair pair;
	struct person_merge m;
	struct guardianship g;
	enum rc rc;

	for (int i = 0; i < COUNT(children); i++) {
		row_zero(&guardianship, &g);
		g.base.org = w->a, g.pupil = children[i], g.guardian = father, g.relation = 1;
		OKAY(create(as_khue(w), &guardianship, &g));
	}
	int64_t had = count(w, ties);
	int64_t id = name_pair(as(w, &clerk, w->a, (person_id){ 9 }), w->pupil_a, twin, &rc);
	OKAY(find(as(w, &clerk, w->a, (person_id){ 9 }), &person_pair, id, &pair));
	OKAY(step(&w->c, &person_pair, &pair, "same"));
	assert_int_equal(count(w, ties), had - 1);
	OKAY(find_one(as_khue(w), &person_merge, &m, NULL, 0));
	struct { person_merge_id merge; } in = { { m.base.id } };
	OKAY(merge_undo(as(w, &clerk, w->a, (person_id){ 9 }), &in, NULL));
	assert_int_equal(count(w, ties), had);
	world_close(w);
}

/* A teacher of the class reads the pupil without what is closed; a stranger reads nothing. */
static void teachers_see_their_pupils_and_no_closed_fields(void **state)
{
	struct world *w = world_open(state);
	struct person p;

	enrol(w, w->pupil_a, w->class_a);
	OKAY(find(as_khue(w), &person, w->pupil_a.v, &p));
	p.religion = 2;
	p.note = S("ghi chú riêng");
	OKAY(update(&w->c, &person, &p));
	assert_int_equal(find(as(w, &teacher, w->a, w->teacher_a), &person, w->pupil_a.v, &p), E_MISSING);
	teach(w, w->teacher_a, w->class_a, w->a);
	OKAY(find(as(w, &teacher, w->a, w->teacher_a), &person, w->pupil_a.v, &p));
	assert_int_equal(p.note.n, 0);
	assert_int_equal(p.religion, 0);
	world_close(w);
}

/* An address that names one commune says where a person lives; one that fits several does not. */
static void an_address_names_the_commune(void **state)
{
	struct world *w = world_open(state);
	struct person p;

	OKAY(org_load_facts(as_khue(w)));
	p = a_person(w, w->a, "Lê Văn Chín");
	p.guardian = true;
	p.old_address = S("thôn X, xã Đông Phú, huyện Lục Nam, tỉnh Bắc Giang");
	OKAY(create(as_khue(w), &person, &p));
	assert_int_equal(p.commune.v,
		count(w, "SELECT id FROM admin_unit WHERE code = '07450' AND until IS NULL AND level = 'commune'"));
	p = a_person(w, w->a, "Lê Văn Mười");
	p.guardian = true;
	p.address = S("xã Đông Phú");
	OKAY(create(as_khue(w), &person, &p));
	assert_int_equal(p.commune.v, 0);
	p.address = S("TT. Đông Phú, H. Quế Sơn, T. Quảng Nam");
	OKAY(update(&w->c, &person, &p));
	assert_true(p.commune.v > 0);
	world_close(w);
}

/* In one piece of work an address met before costs no statement; in the next its commune is asked for again. */
static void an_address_met_before_is_asked_once(void **state)
{
	struct world *w = world_open(state);
	const str address = S("thôn Y, xã Đông Phú, huyện Lục Nam, tỉnh Bắc Giang");
	admin_unit_id first, again;
	static void *kept_by_process[64];

	w->app.kept = kept_by_process;
	OKAY(org_load_facts(as_khue(w)));
	for (int turn = 0; turn < 2; turn++) {
		struct ctx *c = as_khue(w);
		uint64_t from = db_count(c->db);
		c->now.v = 1000 + turn;
		OKAY(address_commune_of(c, address, &first));
		assert_true(first.v > 0);
		assert_int_equal(db_count(c->db), from + 1);
		OKAY(address_commune_of(c, address, &again));
		assert_int_equal(again.v, first.v);
		assert_int_equal(db_count(c->db), from + 1);
		OKAY(address_commune_of(c, S("xã Đông Phú"), &again));
		assert_int_equal(again.v, 0);
	}
	world_close(w);
}

struct heard { int n; enum import_what what[4]; str note[4]; int64_t commune[4], id[4]; str address[4];
	struct arena *mem; };

static enum rc hear(struct ctx *c, const struct import_line *l, void *arg)
{
	struct heard *h = arg;
	const struct person *p = l->row;

	(void)c;
	assert_true(h->n < 4);
	h->what[h->n] = l->what;
	h->note[h->n] = str_copy(h->mem, l->n_flaws ? l->flaws[0].text : l->n_notes ? l->notes[0].text : S(""));
	h->commune[h->n] = p->commune.v;
	h->id[h->n] = p->base.id;
	h->address[h->n++] = str_copy(h->mem, p->address);
	return OK;
}

static struct heard imported_with(struct world *w, struct ctx *c, org_id at, const char *table, bool dry,
	const struct import_edit *edits, int n)
{
	struct import_plan *plan = NEW(c->mem, struct import_plan);
	struct import_look *look = NEW(c->mem, struct import_look);
	struct import_counts counts;
	struct heard h = { .mem = &w->mem };
	int fd = memfd_create("people", MFD_CLOEXEC);

	assert_true(write(fd, table, strlen(table)) == (ssize_t)strlen(table));
	*plan = (struct import_plan){ .e = &person, .org = at, .sheet = -1 };
	plan->presets[plan->n_presets++] = (struct import_preset){ field_named(person.fields, S("pupil")), S("1") };
	OKAY(import_look(c, fd, plan, look));
	OKAY(import_run(c, &(struct import_run){ .plan = plan, .fd = fd, .dry = dry, .tell = hear, .arg = &h,
		.edits = edits, .n_edits = n }, &counts));
	close(fd);
	return h;
}

static struct heard imported_by(struct world *w, struct ctx *c, org_id at, const char *table, bool dry)
{
	return imported_with(w, c, at, table, dry, NULL, 0);
}

static struct heard imported(struct world *w, const char *table, bool dry)
{
	return imported_by(w, as(w, &clerk, w->a, (person_id){ 0 }), w->a, table, dry);
}

/* Whatever order they are written in, each row has its own history, undo and search lines, and the teller its id. */
static void rows_of_a_list_keep_what_is_theirs(void **state)
{
	static const char table[] = "Họ và tên,Ngày sinh\nVũ Văn Yên,01/09/2014\nLê Thị Ánh,02/09/2014\n"
		"Phạm Minh Khuê,03/09/2014\nBùi Gia Bảo,04/09/2014\n";
	struct world *w = world_open(state);
	struct heard h = imported(w, table, false);

	assert_true(h.n == 4 && h.what[0] == IMPORT_NEW && h.what[3] == IMPORT_NEW);
	assert_int_equal(count(w, "SELECT count(*) FROM person p JOIN audit a ON a.item = p.id AND a.entity = 'person' AND "
		"a.verb = 'create' WHERE p.born BETWEEN 16314 AND 16317 AND a.detail LIKE '%' || p.name || '%'"), 4);
	assert_int_equal(count(w, "SELECT count(DISTINCT p.id) FROM person p JOIN search s ON s.item = p.id AND "
		"s.entity = 'person' AND s.org = p.org WHERE p.born BETWEEN 16314 AND 16317"), 4);
	assert_int_equal(h.id[0], count(w, "SELECT id FROM person WHERE name = 'Vũ Văn Yên'"));
	assert_int_equal(h.id[3], count(w, "SELECT id FROM person WHERE name = 'Bùi Gia Bảo'"));
	assert_true(h.id[1] < h.id[3] && h.id[3] < h.id[2] && h.id[2] < h.id[0]);
	world_close(w);
}

/* Two lines, or a line and a record, that only a name and a birthday make one: the clerk is asked, and may say no. */
static void namesakes_in_a_list_are_asked_about(void **state)
{
	static const char table[] = "Họ và tên,Ngày sinh,Nơi sinh\nLê Văn Một,05/09/2014,Hà Nội\n"
		"Lê Văn Một,05/09/2014,Huế\n", other[] = "Họ và tên,Ngày sinh,Nơi sinh\nTrần Văn Bình,02/03/2014,Huế\n";
	const struct import_edit line_2 = { 2, NULL, S("1") }, line_3 = { 3, NULL, S("1") };
	struct world *w = world_open(state);
	int64_t before = count(w, "SELECT count(*) FROM person");
	struct heard h = imported(w, table, true);
	struct person p;

	assert_true(h.what[0] == IMPORT_NEW && h.what[1] == IMPORT_REFUSED);
	h = imported_with(w, as(w, &clerk, w->a, (person_id){ 0 }), w->a, table, false, &line_3, 1);
	assert_true(h.what[0] == IMPORT_NEW && h.what[1] == IMPORT_NEW);
	assert_true(str_find(h.note[1], S("as you chose")) > 0);
	assert_int_equal(count(w, "SELECT count(*) FROM person"), before + 2);
	OKAY(find(as_khue(w), &person, w->pupil_a.v, &p));
	p.birthplace = S("Vinh");
	OKAY(update(&w->c, &person, &p));
	h = imported(w, other, true);
	assert_true(h.what[0] == IMPORT_CHANGED && str_find(h.note[0], S("is “Vinh”. Is it one?")) > 0);
	h = imported_with(w, as(w, &clerk, w->a, (person_id){ 0 }), w->a, other, false, &line_2, 1);
	assert_true(h.what[0] == IMPORT_NEW);
	OKAY(find(as_khue(w), &person, w->pupil_a.v, &p));
	assert_text(p.birthplace, "Vinh");
	assert_int_equal(count(w, "SELECT count(*) FROM person"), before + 3);
	world_close(w);
}

static str exported(struct world *w, enum export_format format)
{
	struct list_ask ask = { .e = &person, .units = true, .filters = &(struct list_filter){
		offsetof(struct person, pupil), LIST_IS, v_int(1) }, .n_filters = 1 };
	struct ctx *c = as(w, &dept_officer, w->dept, (person_id){ 9 });
	int fd = memfd_create("export", MFD_CLOEXEC);
	char *text = calloc(1, 1 << 16);
	int64_t rows;

	OKAY(export_list(c, &ask, format, false, NOT_PERSONAL, fd, &rows));
	ssize_t n = pread(fd, text, (1 << 16) - 1, 0);
	close(fd);
	str s = str_copy(&w->mem, (str){ text, n });
	free(text);
	return s;
}

/* A list of several units leaves with each row's unit, and comes in again: those that stand are the same, a new line
 * goes to the unit it names, one that names none is refused. */
static void rows_of_several_units_leave_and_return(void **state)
{
	struct world *w = world_open(state);
	struct heard h;

	add_person(w, w->b, "Đỗ Thị Hai", true, false);
	str csv = exported(w, EXPORT_CSV);
	if (str_find(csv, S("Full name,Born")) >= 0 || str_find(csv, S(",Unit")) < 0)
		fail_msg("%.*s", FMT(csv));
	assert_true(str_find(csv, title_of(&w->c, &org, w->b.v)) > 0);
	char *table = strdup(str_z(&w->mem, csv)), *more;
	h = imported_by(w, as(w, &dept_officer, w->dept, (person_id){ 9 }), w->dept, table, true);
	if (h.n != 2 || h.what[0] != IMPORT_SAME || h.what[1] != IMPORT_SAME)
		fail_msg("%d lines, %d %.*s, %d %.*s: %s", h.n, h.what[0], FMT(h.note[0]), h.what[1], FMT(h.note[1]), table);
	assert_true(str_find(exported(w, EXPORT_JSON), S("\"_titles\":{\"org\":\"")) > 0);
	assert_true(asprintf(&more, "Full name,Date of birth,Unit\nLê Ba,05/09/2014,%.*s\n"
		"Lê Tư,05/09/2014,Trường Không Có\n", FMT(title_of(fresh(w), &org, w->b.v))) > 0);
	h = imported_by(w, as(w, &dept_officer, w->dept, (person_id){ 9 }), w->dept, more, false);
	assert_true(h.n == 2 && h.what[0] == IMPORT_NEW && h.what[1] == IMPORT_REFUSED);
	assert_true(str_find(h.note[1], S("Trường Không Có")) >= 0);
	assert_int_equal(count(w, "SELECT count(*) FROM person p JOIN org o ON o.id = p.org AND p.name = 'Lê Ba'"), 1);
	OKAY(db_int(w->db, "SELECT org FROM person WHERE name = 'Lê Ba'", NULL, 0, &w->time));
	assert_int_equal(w->time, w->b.v);
	free(table);
	free(more);
	world_close(w);
}

/* A whole address in the column of the commune, of before or after July 2025, is understood and said to be; one that
 * names none or several is refused as before. */
static void an_address_in_the_communes_column_is_understood(void **state)
{
	static const char table[] = "Họ và tên,Ngày sinh,Giới tính,Mã học sinh,Xã phường nơi ở,Chỗ ở hiện nay\n"
		"Lê Văn Một,05/09/2014,Nam,2600000001,\"thôn 3, xã Đông Phú, huyện Lục Nam, tỉnh Bắc Giang\",\n"
		"Lê Văn Hai,05/09/2014,Nam,2600000002,\"thôn 3, xã Đông Phú, huyện Lục Nam, tỉnh Bắc Giang\","
		"\"Số 5, xóm Đình\"\n"
		"Lê Văn Ba,05/09/2014,Nam,2600000003,xã Đông Phú,\n"
		"Lê Văn Bốn,05/09/2014,Nam,2600000004,\"thôn 3, xã Không Có\",\n";
	struct world *w = world_open(state);
	struct heard h;
	int64_t before, commune;

	OKAY(org_load_facts(as_khue(w)));
	before = count(w, "SELECT count(*) FROM person");
	commune = count(w, "SELECT id FROM admin_unit WHERE code = '07450' AND until IS NULL AND level = 'commune'");
	for (int round = 0; round < 2; round++) {
		h = imported(w, table, round == 0);
		assert_int_equal(h.n, 4);
		if (h.what[0] != IMPORT_NEW || h.what[1] != IMPORT_NEW)
			fail_msg("%.*s %.*s", FMT(h.note[0]), FMT(h.note[1]));
		assert_true(h.what[2] == IMPORT_REFUSED && h.what[3] == IMPORT_REFUSED);
		assert_true(h.commune[0] == commune && h.commune[1] == commune);
		assert_text(h.address[0], "thôn 3");
		assert_text(h.address[1], "Số 5, xóm Đình");
		assert_true(str_starts(h.note[0], S("“thôn 3, xã Đông Phú, huyện Lục Nam, tỉnh Bắc Giang”")));
		assert_int_equal(count(w, "SELECT count(*) FROM person"), before + (round ? 2 : 0));
	}
	h = imported(w, "Mã học sinh,Họ và tên,Xã phường nơi ở\n"
		"2600000002,Lê Văn Hai,\"tổ 1, TT. Đông Phú, H. Quế Sơn, T. Quảng Nam\"\n", false);
	assert_true(h.what[0] == IMPORT_CHANGED && h.commune[0] != commune && h.commune[0] > 0);
	assert_text(h.address[0], "tổ 1");               /* the file's whole address takes the place of the old one */
	world_close(w);
}

/* Without identity numbers a pupil is known by unit, name and birthday: the same list again doubles nobody, nor does
 * the same line twice; where two are alike already, the line says so. */
static void a_list_without_numbers_doubles_nobody(void **state)
{
	static const char table[] = "Họ và tên,Ngày sinh,Giới tính,Nơi sinh\n"
		"Lê Văn Một,05/09/2014,Nam,Hà Nội\n"
		"Lê Văn Một,06/09/2014,Nam,Hà Nội\n"
		"Lê Văn Một,05/09/2014,Nam,Hà Nội\n";
	struct world *w = world_open(state);
	int64_t before = count(w, "SELECT count(*) FROM person");
	struct heard h = imported(w, table, false);

	assert_true(h.what[0] == IMPORT_NEW && h.what[1] == IMPORT_NEW && h.what[2] == IMPORT_REFUSED);
	assert_int_equal(count(w, "SELECT count(*) FROM person"), before + 2);
	h = imported(w, table, false);
	assert_true(h.what[0] == IMPORT_SAME && h.what[1] == IMPORT_SAME && h.what[2] == IMPORT_REFUSED);
	assert_true(str_find(h.note[2], S("one person twice, or two?")) > 0);
	h = imported(w, "Họ và tên,Ngày sinh,Nơi sinh\nLê Văn Một,06/09/2014,Huế\n", false);
	assert_true(h.what[0] == IMPORT_CHANGED);
	assert_true(str_find(h.note[0], S("“Place of birth” is “Hà Nội”. Is it one?")) > 0);
	h = imported(w, "Họ và tên,Ngày sinh,Mã học sinh\nLê Văn Một,06/09/2014,2600000007\n", false);
	assert_true(h.what[0] == IMPORT_NEW);            /* a number of its own: somebody else */
	assert_int_equal(count(w, "SELECT count(*) FROM person"), before + 3);
	h = imported(w, "Họ và tên,Ngày sinh,Nơi sinh\nLê Văn Một,06/09/2014,Huế\n", false);
	assert_true(h.what[0] == IMPORT_REFUSED && str_find(h.note[0], S("alike")) > 0);
	assert_int_equal(count(w, "SELECT count(*) FROM person"), before + 3);
	world_close(w);
}

/* A list of a class says of nobody that he is a pupil: that is presumed, unless a column speaks of roles or posts. */
static void lines_are_pupils_where_no_column_says_otherwise(void **state)
{
	static const char *const columns[] = { "name", "pupil", "staff", "guardian", "post", "joined" };

	(void)state;
	for (int i = 0; i < COUNT(columns); i++) {
		struct import_plan p = { .e = &person, .n = 1 };
		p.at[0] = field_named(person.fields, str_of(columns[i]));
		import_presume(&p);
		assert_int_equal(p.n_presets, i == 0);
		if (i == 0)
			assert_string_equal(p.presets[0].f->name, "pupil");
	}
}

/* A command presumes what the wizard presumes. */
static void a_command_presumes_too(void **state)
{
	static const char table[] = "Họ và tên,Ngày sinh\nLê Văn Một,05/09/2014\n";
	struct world *w = world_open(state);
	struct ctx *c = as(w, &clerk, w->a, (person_id){ 0 });
	struct import_plan *plan = NEW(c->mem, struct import_plan);
	struct import_report report;
	int fd = memfd_create("people", MFD_CLOEXEC);

	assert_true(write(fd, table, sizeof table - 1) == sizeof table - 1);
	*plan = (struct import_plan){ .e = &person, .org = w->a, .sheet = -1 };
	OKAY(import_file(c, plan, fd, S("lop.csv"), false, NULL, NULL, 0, &report));
	close(fd);
	assert_int_equal(report.counts.n[IMPORT_NEW], 1);
	assert_int_equal(count(w, "SELECT count(*) FROM person WHERE name = 'Lê Văn Một' AND pupil = 1"), 1);
	world_close(w);
}

/* ---- what the person the data is about may ask for ------------------------------------------------------- */

static int64_t consents(struct world *w)
{
	return count(w, "SELECT COUNT(*) FROM consent WHERE withdrawn IS NULL");
}

static void give_consent(struct world *w)
{
	struct consent one;

	row_zero(&consent, &one);
	one.base.org = w->a;
	one.subject = one.given_by = w->pupil_a;
	one.purpose = CONSENT_MESSAGES;
	one.child_agrees = true;
	one.given = as_khue(w)->today;
	one.how = S("giấy");
	OKAY(create(as_khue(w), &consent, &one));
}

/* The copy holds rows of every module that name the person, with their history, and nothing of others. */
static void a_copy_of_everything(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c;
	int64_t rows = 0;
	str text;
	struct person p;

	give_consent(w);
	enrol(w, w->pupil_a, w->class_a);
	OKAY(find(as_khue(w), &person, w->pupil_a.v, &p));
	p.address = S("12 ngõ Giếng Mật");
	OKAY(update(&w->c, &person, &p));
	c = as_khue(w);
	OKAY(subject_copy(c, w->pupil_a.v, &text, &rows));
	assert_true(rows >= 3);                          /* the record, an enrolment, a consent */
	assert_true(str_find(text, S("\"enrolment\":[")) >= 0 && str_find(text, S("\"consent\":[")) >= 0);
	assert_true(str_find(text, S("Giếng Mật")) >= 0 && str_find(text, S("\"changes\":[[\"address\"")) >= 0);
	assert_true(str_find(text, TEXT(c, "{\"row\":{\"id\":%lld", (long long)w->pupil_a.v)) >= 0);
	assert_true(str_find(text, TEXT(c, "{\"row\":{\"id\":%lld", (long long)w->parent_a.v)) < 0);
	world_close(w);
}

static void what_no_law_keeps_is_taken_out(void **state)
{
	struct world *w = world_open(state);
	struct subject_in in = { w->pupil_a, S("Mẹ của em yêu cầu ngày 1/11") };
	struct person p;

	give_consent(w);
	OKAY(find(as_khue(w), &person, w->pupil_a.v, &p));
	p.phone = S("0912345678");
	p.address = S("12 ngõ Giếng Mật");
	p.religion = 1;
	OKAY(update(&w->c, &person, &p));
	assert_int_equal(person_erase(as(w, &teacher, w->a, w->parent_a), &in, NULL), E_MISSING);
	assert_int_equal(person_erase(as(w, &principal, w->b, w->parent_a), &in, NULL), E_MISSING);
	in.reason = S("vì");
	assert_int_equal(person_erase(as(w, &principal, w->a, w->parent_a), &in, NULL), E_INVALID);
	in.reason = S("Mẹ của em yêu cầu ngày 1/11");
	OKAY(person_erase(as(w, &principal, w->a, w->parent_a), &in, NULL));
	OKAY(find(as_khue(w), &person, w->pupil_a.v, &p));
	assert_true(p.phone.n == 0 && p.religion == 0 && p.name.n > 0 && p.address.n > 0);       /* still a pupil */
	assert_int_equal(consents(w), 0);
	assert_int_equal(count(w, "SELECT COUNT(*) FROM enrolment WHERE gone = 0"),
		count(w, "SELECT COUNT(*) FROM enrolment"));
	OKAY(db_exec(w->db, "UPDATE person SET pupil = 0, guardian = 1 WHERE id = ?1", VALS(v_int(w->pupil_a.v)), NULL));
	OKAY(person_erase(as(w, &principal, w->a, w->parent_a), &in, NULL));
	OKAY(find(as_khue(w), &person, w->pupil_a.v, &p));
	assert_true(p.address.n == 0 && p.name.n > 0);
	assert_int_equal(count(w, "SELECT COUNT(*) FROM audit WHERE verb = 'erase'"), 2);
	world_close(w);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { ON_BOTH(an_address_names_the_commune),
		ON_BOTH(an_address_met_before_is_asked_once), ON_BOTH(an_address_in_the_communes_column_is_understood),
		ON_BOTH(a_list_without_numbers_doubles_nobody),
		ON_BOTH(rows_of_several_units_leave_and_return), ON_BOTH(a_command_presumes_too),
		ON_BOTH(namesakes_in_a_list_are_asked_about), ON_BOTH(rows_of_a_list_keep_what_is_theirs),
		cmocka_unit_test(lines_are_pupils_where_no_column_says_otherwise),
		cmocka_unit_test(a_national_id_agrees_with_its_bearer), ON_BOTH(what_a_person_must_be), ON_BOTH(a_name_is_seen),
		ON_BOTH(a_number_is_one_persons), ON_BOTH(a_school_code_is_one_pupils_of_a_school),
		ON_BOTH(a_guardian_sees_the_child_unless_barred), ON_BOTH(a_namesake_is_told),
		ON_BOTH(a_child_of_seven_agrees_too), ON_BOTH(two_records_become_one_and_two_again),
		ON_BOTH(different_numbers_are_different_people), ON_BOTH(pairs_are_found_once), ON_BOTH(a_pair_is_named),
		ON_BOTH(either_record_may_stay), ON_BOTH(a_tie_both_have_is_kept_once), ON_BOTH(a_copy_of_everything),
		ON_BOTH(teachers_see_their_pupils_and_no_closed_fields), ON_BOTH(what_no_law_keeps_is_taken_out) };

	(void)argc;
	if (!hash_init())
		return 1;
	need_postgres(argv);
	return cmocka_run_group_tests_name("people", tests, NULL, NULL);
}
