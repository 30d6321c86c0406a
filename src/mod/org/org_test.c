/* org_test.c -- organisations, their tree over time, reorganisation, administrative units; on both engines. */
#include "domain.h"
#include "mod/org/change.h"
#include "mod/org/units.h"
#include "core/search.h"

static int64_t stands_under(struct world *w, org_id below, org_id top, day on)
{
	int64_t n = 0;
	assert_int_equal(db_int(w->db,
		"SELECT count(*) FROM org_below WHERE below = ?1 AND top = ?2 AND since <= ?3 AND ?3 < until",
		VALS(v_int(below.v), v_int(top.v), v_int(on.v)), &n), OK);
	return n;
}

static void a_new_unit_joins_the_tree(void **state)
{
	struct world *w = world_open(state);
	struct org o;

	assert_int_equal(stands_under(w, w->a, w->dept, w->c.today), 1);
	assert_int_equal(stands_under(w, w->dept, w->a, w->c.today), 0);
	assert_int_equal(stands_under(w, w->a, w->dept, (day){ 9999 }), 0);      /* the day before it was founded */
	OKAY(find(as(w, &dept_officer, w->dept, (person_id){ 1 }), &org, w->a.v, &o));
	assert_true(str_is(o.slug, "truong-thcs-nguyen-trai"));
	org_id same = add_org(w, ORG_SCHOOL, "Trường THCS Nguyễn Trãi", w->commune);
	OKAY(find(as_khue(w), &org, same.v, &o));
	assert_true(str_is(o.slug, "truong-thcs-nguyen-trai-2"));
	world_close(w);
}

static void what_makes_no_sense_is_refused(void **state)
{
	struct world *w = world_open(state);
	struct org o;

	row_zero(&org, &o);
	o.name = S("Trường không cấp học");
	o.kind = ORG_SCHOOL;
	o.parent = w->commune;
	REFUSED(create(as_khue(w), &org, &o), E_INVALID, org, preschool);
	o.lower = true;
	o.parent.v = 0;
	REFUSED(create(as_khue(w), &org, &o), E_INVALID, org, parent);
	o.parent = w->commune;
	o.code = S("mã có dấu");
	REFUSED(create(as_khue(w), &org, &o), E_INVALID, org, code);
	o.code = S("99-A1");
	o.phone = S("12");
	REFUSED(create(as_khue(w), &org, &o), E_INVALID, org, phone);
	o.phone = S("0221 386 2345 ");
	world_close(w);
}

/* TT 26/2019/TT-BGDĐT Đ.6: an identifier is issued once and never used again. */
static void a_code_is_never_used_twice(void **state)
{
	struct world *w = world_open(state);
	struct org o;

	for (int i = 0; i < 2; i++) {
		row_zero(&org, &o);
		o.name = S("Trường THCS Mới");
		o.kind = ORG_SCHOOL;
		o.lower = true;
		o.parent = w->commune;
		o.code = S("99000777");
		if (i == 0)
			OKAY(create(as_khue(w), &org, &o));
	}
	REFUSED(create(as_khue(w), &org, &o), E_INVALID, org, code);
	world_close(w);
}

static struct org_change a_change(struct world *w, pick kind, org_id what, org_id target)
{
	struct org_change k;

	row_zero(&org_change, &k);
	k.base.org = w->dept;
	k.kind = kind;
	k.subject = what;
	k.target = target;
	k.decision = S("12/QĐ-UBND");
	k.decided = k.effective = w->c.today;
	return k;
}

/* How many people the installation finds by a word, and how many lines of search stand for that. */
static int64_t found(struct world *w, const char *word, int64_t *ret_lines)
{
	struct hits h;
	int64_t n = 0;

	OKAY(search_rows(as_khue(w), str_of(word), 10, &h));
	for (int i = 0; i < h.n; i++)
		n += h.at[i].e == &person;
	assert_int_equal(db_int(w->db, "SELECT count(*) FROM search WHERE entity = 'person' AND key >= ?1 AND key < ?2",
		VALS(v_blob(str_of(word)), v_blob(str_fmt(&w->mem, "%s\x02", word))), ret_lines), OK);
	return n;
}

static struct person person_now(struct world *w, person_id id)
{
	struct person p;

	OKAY(find(as_khue(w), &person, id.v, &p));
	return p;
}

static void a_merger_carries_the_running_year(void **state)
{
	struct world *w = world_open(state);
	struct school_class k;
	struct org o;

	enrol(w, w->pupil_a, w->class_a);
	/* codes of pupils go along, but for those that the other school uses for somebody else */
	person_id taken = add_person(w, w->b, "Mai An", true, false),
		own_code = add_person(w, w->a, "Mai Bình", true, false);
	const struct { person_id who; str code; } codes[] = { { w->pupil_a, S("HS1") }, { taken, S("HS1") },
		{ own_code, S("HS2") } };
	int64_t lines;
	for (int i = 0; i < COUNT(codes); i++) {
		struct person coded = person_now(w, codes[i].who);
		coded.school_code = codes[i].code;
		OKAY(update(&w->c, &person, &coded));
	}
	assert_int_equal(found(w, "hs1", &lines), 2);
	/* an old flaw in a record stops no merger */
	OKAY(db_exec(w->db, "UPDATE person SET phone = 'không có' WHERE id = ?1", VALS(v_int(w->pupil_a.v)), NULL));
	struct ctx *c = as_khue(w);
	struct org_change m = a_change(w, CHANGE_MERGE, w->a, w->b);
	OKAY(create(c, &org_change, &m));
	OKAY(step(c, &org_change, &m, "approve"));
	OKAY(step(c, &org_change, &m, "apply"));
	OKAY(find(as_khue(w), &org, w->a.v, &o));
	assert_int_equal(o.state, ORG_MERGED);
	OKAY(find(&w->c, &school_class, w->class_a.v, &k));
	assert_int_equal(k.base.org.v, w->b.v);
	assert_int_equal(stands_under(w, w->a, w->b, w->c.today), 1);            /* the old unit stays in reach */
	assert_int_equal(stands_under(w, w->a, w->commune, w->c.today), 1);
	/* the office that received the pupils reads them from the next question on */
	struct person p;
	OKAY(find(as(w, &clerk, w->b, (person_id){ 5 }), &person, w->pupil_a.v, &p));
	assert_int_equal(find(as(w, &clerk, w->a, (person_id){ 5 }), &person, w->pupil_a.v, &p), E_MISSING);
	assert_int_equal(count(w, "SELECT count(*) FROM person WHERE school_code = 'HS1' AND name = 'Mai An'"), 1);
	assert_int_equal(count(w, "SELECT count(*) FROM person WHERE school_code = 'HS1'"), 1);
	assert_int_equal(count(w, "SELECT count(*) FROM person WHERE school_code = 'HS2'"), 1);
	/* search knows: one has that code, and a word that is no longer in a record finds nobody */
	assert_int_equal(found(w, "hs1", &lines), 1);
	assert_int_equal(lines, 1);
	assert_int_equal(found(w, "hs2", &lines), 1);
	assert_int_equal(count(w, "SELECT count(*) FROM person WHERE _fold LIKE '%hs1%'"), 1);
	p = person_now(w, own_code);
	p.name = S("Mai Thanh");
	OKAY(update(&w->c, &person, &p));
	assert_int_equal(found(w, "thanh", &lines), 1);
	assert_int_equal(found(w, "binh", &lines), 1);           /* only Trần Văn Bình */
	world_close(w);
}

/* More codes clash than are read at once; no line of search stays behind at the school that ended. */
static void many_codes_clash(void **state)
{
	enum { CLASHES = 201 };
	struct world *w = world_open(state);
	struct org_change m = a_change(w, CHANGE_MERGE, w->a, w->b);

	for (int i = 0; i < 2; i++)
		OKAY(db_exec(w->db, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?3) "
			"INSERT INTO person (id, org, name, pupil, school_code) SELECT ?2 + i, ?1, 'An', 1, CAST(i AS TEXT) FROM n",
			VALS(v_int(i ? w->a.v : w->b.v), v_int(i ? 100000 : 200000), v_int(CLASHES)), NULL));
	OKAY(create(as_khue(w), &org_change, &m));
	OKAY(step(as_khue(w), &org_change, &m, "approve"));
	OKAY(step(as_khue(w), &org_change, &m, "apply"));
	assert_int_equal(count(w, "SELECT count(*) FROM person WHERE school_code IS NOT NULL"), CLASHES);
	assert_int_equal(count(w, "SELECT count(*) FROM person WHERE name = 'An' AND school_code IS NULL"), CLASHES);
	assert_int_equal(count(w, "SELECT count(*) FROM search s JOIN person p ON p.id = s.item "
		"WHERE s.entity = 'person' AND s.org <> p.org"), 0);
	world_close(w);
}

/* Nearly every school has a 6A: the second one is given a free name, and last year's keep theirs. */
static void classes_of_one_name_do_not_stop_a_merger(void **state)
{
	struct world *w = world_open(state);
	school_class_id twin = add_class(w, w->b, w->year, "7A", GRADE_6 + 1), second = add_class(w, w->b, w->year,
		"7A (2)", GRADE_6 + 1);
	struct school_class k;
	struct org_change m = a_change(w, CHANGE_MERGE, w->a, w->b);

	enrol(w, w->pupil_a, w->class_a);
	OKAY(create(as_khue(w), &org_change, &m));
	OKAY(step(as_khue(w), &org_change, &m, "approve"));
	OKAY(step(as_khue(w), &org_change, &m, "apply"));
	OKAY(find(&w->c, &school_class, w->class_a.v, &k));
	assert_int_equal(k.base.org.v, w->b.v);
	assert_true(str_is(k.name, "7A (3)"));
	OKAY(find(&w->c, &school_class, twin.v, &k));
	assert_true(str_is(k.name, "7A"));
	OKAY(find(&w->c, &school_class, second.v, &k));
	assert_true(str_is(k.name, "7A (2)"));
	assert_int_equal(count(w, "SELECT count(*) FROM school_class WHERE name = '8A'"), 1);
	world_close(w);
}

static void add_part(struct world *w, const struct org_change *k, const char *name)
{
	struct org_change_part p;

	row_zero(&org_change_part, &p);
	p.base.org = w->dept;
	p.change.v = k->base.id;
	p.new_name = str_of(name);
	OKAY(create(as_khue(w), &org_change_part, &p));
}

/* What the preview says of rows of this label; -1: nothing. */
static int64_t counted(const struct preview_view *v, const char *label)
{
	for (int64_t i = 0; i < v->counts.n; i++)
		if (str_is(((const struct count_view *)v->counts.p)[i].what, label))
			return ((const struct count_view *)v->counts.p)[i].n;
	return -1;
}

/* A school that is divided: the new ones stand where it stood, the first takes the running year, the old one stays
 * for the years before. */
static void a_split_founds_the_new_schools(void **state)
{
	struct world *w = world_open(state);
	struct org o, first;
	items new_ones;

	enrol(w, w->pupil_a, w->class_a);
	struct org_change k = a_change(w, CHANGE_SPLIT, w->a, (org_id){ 0 });
	OKAY(create(as_khue(w), &org_change, &k));
	add_part(w, &k, "Trường THCS Nguyễn Trãi 1");
	REFUSED(step(as_khue(w), &org_change, &k, "approve"), E_STATE, org_change, base.id);    /* one is no division */
	add_part(w, &k, "Trường THCS Nguyễn Trãi 2");
	OKAY(step(as_khue(w), &org_change, &k, "approve"));
	OKAY(step(as_khue(w), &org_change, &k, "apply"));
	OKAY(find(as_khue(w), &org, w->a.v, &o));
	assert_int_equal(o.state, ORG_SPLIT);
	assert_int_equal(o.until.v, w->c.today.v);
	OKAY(find_all(&w->c, &org, &new_ones, 9, IS({ offsetof(struct org, since), v_int(w->c.today.v) })));
	assert_int_equal(new_ones.n, 2);
	for (int i = 0; i < 2; i++) {
		struct org fresh_one = ((const struct org *)new_ones.p)[i];
		assert_int_equal(fresh_one.state, ORG_ACTIVE);
		assert_true(fresh_one.lower && fresh_one.slug.n && !str_eq(fresh_one.slug, o.slug));
		assert_int_equal(stands_under(w, (org_id){ fresh_one.base.id }, w->commune, w->c.today), 1);
		assert_int_equal(stands_under(w, (org_id){ fresh_one.base.id }, w->commune, (day){ w->c.today.v - 1 }), 0);
	}
	OKAY(find_one(&w->c, &org, &first, IS({ offsetof(struct org, name), v_text(S("Trường THCS Nguyễn Trãi 1")) })));
	org_id now = { first.base.id };
	struct school_class class;
	struct person p;
	OKAY(find(&w->c, &school_class, w->class_a.v, &class));
	assert_int_equal(class.base.org.v, now.v);
	/* the divided school stays where it stood: neither part manages it more than the other */
	assert_int_equal(stands_under(w, w->a, now, w->c.today), 0);
	assert_int_equal(stands_under(w, w->a, w->commune, w->c.today), 1);
	assert_int_equal(o.parent.v, w->commune.v);
	OKAY(find(as(w, &clerk, now, (person_id){ 5 }), &person, w->pupil_a.v, &p));
	assert_int_equal(find(as(w, &clerk, w->a, (person_id){ 5 }), &person, w->pupil_a.v, &p), E_MISSING);
	/* who needs a head and an office now is a link away */
	struct preview_view v = { 0 };
	OKAY(change_preview(as_khue(w), &(struct preview_in){ { k.base.id } }, &v));
	assert_true(v.done);
	assert_true(str_is(((const struct part_view *)v.parts.p)[0].slug, "truong-thcs-nguyen-trai-1"));
	world_close(w);
}

static void a_split_waits_for_its_day(void **state)
{
	struct world *w = world_open(state);
	struct org_change k = a_change(w, CHANGE_SPLIT, w->a, (org_id){ 0 });
	struct org o;

	k.effective.v += 1;
	OKAY(create(as_khue(w), &org_change, &k));
	add_part(w, &k, "Trường THCS Nguyễn Trãi 1");
	add_part(w, &k, "Trường THCS Nguyễn Trãi 2");
	OKAY(step(as_khue(w), &org_change, &k, "approve"));
	REFUSED(step(as_khue(w), &org_change, &k, "apply"), E_STATE, org_change, effective);
	OKAY(find(as_khue(w), &org, w->a.v, &o));
	assert_int_equal(o.state, ORG_ACTIVE);
	w->time += 86400000LL;
	OKAY(org_jobs[0].run(as_khue(w), NULL));                                 /* the night before its day is over */
	OKAY(find(as_khue(w), &org, w->a.v, &o));
	assert_int_equal(o.state, ORG_SPLIT);
	assert_int_equal(count(w,
		"SELECT count(*) FROM org WHERE name LIKE 'Trường THCS Nguyễn Trãi _' AND state = 'active'"), 2);
	world_close(w);
}

/* The preview of a division names what it founds; that of a merger of three counts the rows of all that end. */
static void a_preview_tells_what_will_happen(void **state)
{
	struct world *w = world_open(state);
	struct org_change k = a_change(w, CHANGE_SPLIT, w->a, (org_id){ 0 }), m;
	struct org_change_part part;
	struct preview_view v = { 0 };

	enrol(w, w->pupil_a, w->class_a);
	OKAY(create(as_khue(w), &org_change, &k));
	add_part(w, &k, "Trường THCS Nguyễn Trãi 1");
	add_part(w, &k, "Trường THCS Nguyễn Trãi 2");
	OKAY(change_preview(as_khue(w), &(struct preview_in){ { k.base.id } }, &v));
	assert_int_equal(v.parts.n, 2);
	assert_true(str_is(((const struct part_view *)v.parts.p)[1].what, "Trường THCS Nguyễn Trãi 2"));
	assert_int_equal(counted(&v, "Enrolments"), 1);
	int64_t people_of_a = counted(&v, "People");
	assert_true(v.carries && !v.closes);
	v = (struct preview_view){ 0 };
	m = a_change(w, CHANGE_MERGE, w->a, add_org(w, ORG_SCHOOL, "Trường THCS Lê Lợi", w->commune));
	OKAY(create(as_khue(w), &org_change, &m));
	row_zero(&org_change_part, &part);
	part.base.org = w->dept;
	part.change.v = m.base.id;
	part.part = w->b;
	OKAY(create(as_khue(w), &org_change_part, &part));
	OKAY(change_preview(as_khue(w), &(struct preview_in){ { m.base.id } }, &v));
	assert_int_equal(v.parts.n, 1);
	assert_int_equal(counted(&v, "People"), people_of_a + count(w,
		"SELECT count(*) FROM person WHERE gone = 0 AND org = (SELECT part FROM org_change_part WHERE part IS NOT "
			"NULL)"));
	world_close(w);
}

static void nothing_happens_before_its_day(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c = as_khue(w);
	struct org_change m = a_change(w, CHANGE_MERGE, w->a, w->b);

	m.effective.v += 30;
	OKAY(create(c, &org_change, &m));
	OKAY(step(c, &org_change, &m, "approve"));
	REFUSED(step(c, &org_change, &m, "apply"), E_STATE, org_change, effective);
	world_close(w);
}

static void only_a_leader_approves(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c = as_khue(w);
	struct org_change m = a_change(w, CHANGE_RENAME, w->a, (org_id){ 0 });

	m.new_name = S("Trường THCS Nguyễn Trãi mới");
	OKAY(create(c, &org_change, &m));
	assert_int_not_equal(step(as(w, &dept_officer, w->dept, (person_id){ 1 }), &org_change, &m, "approve"), OK);
	OKAY(step(as(w, &dept_leader, w->dept, (person_id){ 1 }), &org_change, &m, "approve"));
	world_close(w);
}

static struct ctx *as_officer(struct world *w)
{
	return as(w, &dept_officer, w->dept, (person_id){ 1 });
}

/* Another province of the same installation: its department and schools are not this one's to change, whoever
 * asks, and whatever was approved before. */
static void another_province_is_not_touched(void **state)
{
	struct world *w = world_open(state);
	org_id dept = add_org(w, ORG_DEPARTMENT, "Sở GDĐT Bình Minh", (org_id){ 0 }),
		theirs = add_org(w, ORG_SCHOOL, "Trường THCS Bến Đò", dept);
	struct org_change k = a_change(w, CHANGE_RENAME, dept, (org_id){ 0 });
	struct org_change_part part;
	struct org o;

	k.new_name = S("Sở khác");
	REFUSED(create(as_officer(w), &org_change, &k), E_INVALID, org_change, subject);
	k = a_change(w, CHANGE_MERGE, w->a, theirs);
	REFUSED(create(as_officer(w), &org_change, &k), E_INVALID, org_change, target);
	k = a_change(w, CHANGE_MOVE, theirs, w->commune);
	REFUSED(create(as_officer(w), &org_change, &k), E_INVALID, org_change, subject);
	REFUSED(create(as_khue(w), &org_change, &k), E_INVALID, org_change, subject);
	/* within one province, a seat lower down reaches no further than its own tree */
	org_id beside = add_org(w, ORG_COMMUNE, "UBND xã Hòa Bình", w->dept);
	k = a_change(w, CHANGE_MOVE, w->a, beside);
	k.base.org = w->commune;
	REFUSED(create(as(w, &dept_officer, w->commune, (person_id){ 1 }), &org_change, &k), E_INVALID, org_change, target);
	k.base = (struct base){ .org = w->dept };
	OKAY(create(as_officer(w), &org_change, &k));
	/* a third unit of the merger */
	k = a_change(w, CHANGE_MERGE, w->a, w->b);
	OKAY(create(as_officer(w), &org_change, &k));
	row_zero(&org_change_part, &part);
	part.base.org = w->dept;
	part.change.v = k.base.id;
	part.part = theirs;
	REFUSED(create(as_officer(w), &org_change_part, &part), E_INVALID, org_change_part, part);
	/* one that came in some other way is stopped at both steps, and at night */
	OKAY(db_exec(w->db, "UPDATE org_change SET subject = ?1, kind = 'rename', new_name = 'Sở khác' WHERE id = ?2",
		VALS(v_int(dept.v), v_int(k.base.id)), NULL));
	OKAY(find(as(w, &dept_leader, w->dept, (person_id){ 1 }), &org_change, k.base.id, &k));
	REFUSED(step(&w->c, &org_change, &k, "approve"), E_INVALID, org_change,
		subject);
	OKAY(db_exec(w->db, "UPDATE org_change SET state = 'approved' WHERE id = ?1", VALS(v_int(k.base.id)), NULL));
	OKAY(find(as_officer(w), &org_change, k.base.id, &k));
	REFUSED(step(&w->c, &org_change, &k, "apply"), E_INVALID, org_change, subject);
	struct org_change good = a_change(w, CHANGE_RENAME, w->a, (org_id){ 0 });
	good.new_name = S("Trường THCS Nguyễn Trãi mới");
	OKAY(create(as_officer(w), &org_change, &good));
	OKAY(step(as(w, &dept_leader, w->dept, (person_id){ 1 }), &org_change, &good, "approve"));
	OKAY(org_jobs[0].run(as_khue(w), NULL));                 /* one that is refused holds up no other */
	OKAY(find(as_khue(w), &org, w->a.v, &o));
	assert_true(str_is(o.name, "Trường THCS Nguyễn Trãi mới"));
	assert_int_equal(count(w, "SELECT count(*) FROM org_change WHERE state = 'approved'"), 1);
	OKAY(find(as_khue(w), &org, dept.v, &o));
	assert_true(str_is(o.name, "Sở GDĐT Bình Minh"));
	world_close(w);
}

/* A kindergarten goes into no upper secondary, a school into no office; a school of several levels receives those it
 * teaches. */
static void a_merger_joins_what_fits(void **state)
{
	struct world *w = world_open(state);
	struct org_change k = a_change(w, CHANGE_MERGE, w->a, w->commune);
	struct org_change_part part;
	struct org o, site;

	const org_id below = add_org(w, ORG_SITE, "Điểm trường Xóm Núi", w->a);
	REFUSED(create(as_officer(w), &org_change, &k), E_INVALID, org_change, target);
	OKAY(find(as_khue(w), &org, w->b.v, &o));
	o.lower = false;
	o.upper = true;
	OKAY(update(&w->c, &org, &o));
	k = a_change(w, CHANGE_MERGE, w->a, w->b);
	REFUSED(create(as_officer(w), &org_change, &k), E_INVALID, org_change, target);
	OKAY(find(as_khue(w), &org, w->b.v, &o));
	o.lower = true;
	OKAY(update(&w->c, &org, &o));
	k = a_change(w, CHANGE_MERGE, w->a, w->b);
	OKAY(create(as_officer(w), &org_change, &k));
	OKAY(step(as(w, &dept_leader, w->dept, (person_id){ 1 }), &org_change, &k, "approve"));
	/* what was approved stays what it was */
	row_zero(&org_change_part, &part);
	part.base.org = w->dept;
	part.change.v = k.base.id;
	part.part = add_org(w, ORG_SCHOOL, "Trường THCS Lê Lợi", w->commune);
	REFUSED(create(as_officer(w), &org_change_part, &part), E_STATE, org_change_part, change);
	OKAY(step(as_officer(w), &org_change, &k, "apply"));
	/* what stands below it already keeps it, and is corrected; nothing new is put there */
	OKAY(find(as_khue(w), &org, below.v, &site));
	site.phone = S("0259 388 2200");
	OKAY(update(&w->c, &org, &site));
	assert_int_equal(site.parent.v, w->a.v);
	row_zero(&org, &o);
	o.name = S("Điểm trường Xóm Mới");
	o.kind = ORG_SITE;
	o.parent = w->a;
	REFUSED(create(as_khue(w), &org, &o), E_INVALID, org, parent);
	assert_true(str_find(w->c.problems[0].text, S(" ended on ")) >= 0);
	/* a unit that has ended neither receives nor changes */
	k = a_change(w, CHANGE_MERGE, part.part, w->a);
	REFUSED(create(as_officer(w), &org_change, &k), E_INVALID, org_change, target);
	k = a_change(w, CHANGE_CLOSE, w->a, (org_id){ 0 });
	REFUSED(create(as_officer(w), &org_change, &k), E_INVALID, org_change, subject);
	world_close(w);
}

static void a_school_with_pupils_is_not_closed(void **state)
{
	struct world *w = world_open(state);
	struct org_change k = a_change(w, CHANGE_CLOSE, w->a, (org_id){ 0 }), above = a_change(w, CHANGE_CLOSE, w->commune,
		(org_id){ 0 });
	struct preview_view v = { 0 };
	struct enrolment e;
	struct org o;

	int64_t studies = enrol(w, w->pupil_a, w->class_a);
	OKAY(create(as_officer(w), &org_change, &k));
	OKAY(change_preview(as_officer(w), &(struct preview_in){ { k.base.id } }, &v));
	assert_true(v.closes && !v.carries);
	OKAY(step(as(w, &dept_leader, w->dept, (person_id){ 1 }), &org_change, &k, "approve"));
	REFUSED(step(as_officer(w), &org_change, &k, "apply"), E_STATE, org_change, subject);
	assert_true(str_find(w->c.problems[0].text, S("1 pupils")) >= 0);
	OKAY(find(as_khue(w), &org, w->a.v, &o));
	assert_int_equal(o.state, ORG_ACTIVE);
	OKAY(find(as_khue(w), &enrolment, studies, &e));
	OKAY(step(&w->c, &enrolment, &e, "drop"));
	OKAY(find(as_officer(w), &org_change, k.base.id, &k));
	OKAY(step(&w->c, &org_change, &k, "apply"));
	OKAY(find(as_khue(w), &org, w->a.v, &o));
	assert_int_equal(o.state, ORG_CLOSED);
	/* the commune still has a school at work */
	OKAY(create(as_officer(w), &org_change, &above));
	OKAY(step(as(w, &dept_leader, w->dept, (person_id){ 1 }), &org_change, &above, "approve"));
	REFUSED(step(as_officer(w), &org_change, &above, "apply"), E_STATE, org_change, subject);
	world_close(w);
}

/* Since July 2025 there are no districts: dropping a tier puts its units under the one above, and keeps the years
 * before. */
static void a_tier_is_dropped_with_its_past_intact(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c = as_khue(w);
	struct org_change m = a_change(w, CHANGE_DROP_TIER, w->commune, w->dept);

	OKAY(create(c, &org_change, &m));
	OKAY(step(c, &org_change, &m, "approve"));
	OKAY(step(c, &org_change, &m, "apply"));
	assert_int_equal(stands_under(w, w->a, w->commune, w->c.today), 0);
	assert_int_equal(stands_under(w, w->a, w->dept, w->c.today), 1);
	assert_int_equal(stands_under(w, w->a, w->commune, (day){ w->c.today.v - 1 }), 1);
	world_close(w);
}

static void a_circle_is_refused(void **state)
{
	struct world *w = world_open(state);
	struct org_change m = a_change(w, CHANGE_MOVE, w->commune, w->a);

	REFUSED(create(as_officer(w), &org_change, &m), E_INVALID, org_change, target);
	world_close(w);
}

/* A reorganisation that came to its state in some other way than by its own steps. */
static void force(struct world *w, const struct org_change *k, const char *state, pick kind, org_id what, org_id target)
{
	static const char *const kinds[] = { "merge", "split", "rename", "move", "close", "drop_tier" };

	OKAY(db_exec(w->db, "UPDATE org_change SET state = ?1, kind = ?2, subject = ?3, target = ?4 WHERE id = ?5",
		VALS(v_text(str_of(state)), v_text(str_of(kinds[kind])), v_int(what.v),
		target.v ? v_int(target.v) : (struct val){ 0 }, v_int(k->base.id)), NULL));
}

static struct org_change_part an_existing_part(struct world *w, const struct org_change *k, org_id unit)
{
	struct org_change_part p;

	row_zero(&org_change_part, &p);
	p.base.org = w->dept;
	p.change.v = k->base.id;
	p.part = unit;
	return p;
}

/* As in a merger: a school's pupils go to schools that teach their levels, and to no office. */
static void a_split_gives_to_what_fits(void **state)
{
	struct world *w = world_open(state);
	org_id upper = add_org(w, ORG_SCHOOL, "Trường THPT An Bình", w->dept),
		ended = add_org(w, ORG_SCHOOL, "Trường THCS Cũ", w->commune);
	struct org_change k = a_change(w, CHANGE_SPLIT, w->dept, (org_id){ 0 });
	struct org_change_part p;
	struct org o;

	OKAY(find(as_khue(w), &org, upper.v, &o));
	o.lower = false;
	o.upper = true;
	OKAY(update(&w->c, &org, &o));
	OKAY(find(as_khue(w), &org, ended.v, &o));
	OKAY(step(&w->c, &org, &o, "close"));
	REFUSED(create(as_officer(w), &org_change, &k), E_INVALID, org_change, subject);
	k = a_change(w, CHANGE_SPLIT, w->a, (org_id){ 0 });
	OKAY(create(as_officer(w), &org_change, &k));
	const org_id wrong[] = { w->commune, w->dept, w->a, upper, ended };
	for (int i = 0; i < COUNT(wrong); i++) {
		p = an_existing_part(w, &k, wrong[i]);
		REFUSED(create(as_officer(w), &org_change_part, &p), E_INVALID, org_change_part, part);
	}
	p = an_existing_part(w, &k, (org_id){ 0 });
	REFUSED(create(as_officer(w), &org_change_part, &p), E_INVALID, org_change_part, part);
	p = an_existing_part(w, &k, w->b);
	p.new_name = S("Trường THCS Hòa Hưng 2");
	REFUSED(create(as_officer(w), &org_change_part, &p), E_INVALID, org_change_part, new_name);
	p.new_name = (str){ 0 };
	OKAY(create(as_officer(w), &org_change_part, &p));
	struct org_change_part again = an_existing_part(w, &k, w->b);
	REFUSED(create(as_officer(w), &org_change_part, &again), E_INVALID, org_change_part, part);
	add_part(w, &k, "Trường THCS Nguyễn Trãi 2");
	again = an_existing_part(w, &k, (org_id){ 0 });
	again.new_name = S("Trường THCS Nguyễn Trãi 2");
	REFUSED(create(as_officer(w), &org_change_part, &again), E_INVALID, org_change_part, new_name);
	/* a part that fitted no longer does, or came in some other way: neither step goes on */
	for (int i = 0; i < COUNT(wrong); i++) {
		OKAY(db_exec(w->db, "UPDATE org_change_part SET part = ?1 WHERE id = ?2",
			VALS(v_int(wrong[i].v), v_int(p.base.id)), NULL));
		force(w, &k, "draft", CHANGE_SPLIT, w->a, (org_id){ 0 });
		OKAY(find(as(w, &dept_leader, w->dept, (person_id){ 1 }), &org_change, k.base.id, &k));
		REFUSED(step(&w->c, &org_change, &k, "approve"), E_INVALID, org_change, subject);
		force(w, &k, "approved", CHANGE_SPLIT, w->a, (org_id){ 0 });
		OKAY(find(as_officer(w), &org_change, k.base.id, &k));
		REFUSED(step(&w->c, &org_change, &k, "apply"), E_INVALID, org_change, subject);
	}
	OKAY(find(as_khue(w), &org, w->a.v, &o));
	assert_int_equal(o.state, ORG_ACTIVE);
	world_close(w);
}

/* Only an office between the department and its schools is a tier, and what it had goes to one that manages. */
static void only_a_tier_is_dropped(void **state)
{
	struct world *w = world_open(state);
	org_id beside = add_org(w, ORG_COMMUNE, "UBND xã Hòa Bình", w->dept);
	struct org_change good = a_change(w, CHANGE_DROP_TIER, w->commune, beside), k;
	const struct { org_id what, target; bool at_target; } wrong[] = { { w->a, w->dept, false },
		{ w->dept, w->commune, false }, { w->dept, beside, false }, { w->commune, w->a, true },
		{ beside, w->a, true } };
	struct org o;

	enrol(w, w->pupil_a, w->class_a);
	OKAY(create(as_officer(w), &org_change, &good));
	for (int i = 0; i < COUNT(wrong); i++) {
		const col at = wrong[i].at_target ? offsetof(struct org_change, target)
			: offsetof(struct org_change, subject);

		k = a_change(w, CHANGE_DROP_TIER, wrong[i].what, wrong[i].target);
		assert_int_equal(create(as_officer(w), &org_change, &k), E_INVALID);
		assert_int_equal(w->c.problems[0].at, at);
		force(w, &good, "draft", CHANGE_DROP_TIER, wrong[i].what, wrong[i].target);
		OKAY(find(as(w, &dept_leader, w->dept, (person_id){ 1 }), &org_change, good.base.id, &k));
		assert_int_equal(step(&w->c, &org_change, &k, "approve"), E_INVALID);
		assert_int_equal(w->c.problems[0].at, at);
		force(w, &good, "approved", CHANGE_DROP_TIER, wrong[i].what, wrong[i].target);
		OKAY(find(as_officer(w), &org_change, good.base.id, &k));
		assert_int_equal(step(&w->c, &org_change, &k, "apply"), E_INVALID);
		assert_int_equal(w->c.problems[0].at, at);
	}
	OKAY(find(as_khue(w), &org, w->a.v, &o));
	assert_int_equal(o.state, ORG_ACTIVE);
	force(w, &good, "approved", CHANGE_DROP_TIER, w->commune, beside);
	OKAY(find(as_officer(w), &org_change, good.base.id, &k));
	OKAY(step(&w->c, &org_change, &k, "apply"));
	assert_int_equal(stands_under(w, w->a, beside, w->c.today), 1);
	world_close(w);
}

/* One unit has one part in a reorganisation, said as it is written: not when its day has come. */
static void a_unit_has_one_part(void **state)
{
	struct world *w = world_open(state);
	struct org_change k = a_change(w, CHANGE_MERGE, w->a, w->b),
		name = a_change(w, CHANGE_RENAME, w->a, (org_id){ 0 });
	org_id third = add_org(w, ORG_SCHOOL, "Trường THCS Lê Lợi", w->commune);
	struct org_change_part p;

	OKAY(create(as_officer(w), &org_change, &k));
	const org_id wrong[] = { w->a, w->b, { 0 } };
	for (int i = 0; i < COUNT(wrong); i++) {
		p = an_existing_part(w, &k, wrong[i]);
		REFUSED(create(as_officer(w), &org_change_part, &p), E_INVALID, org_change_part, part);
	}
	p = an_existing_part(w, &k, third);
	OKAY(create(as_officer(w), &org_change_part, &p));
	p = an_existing_part(w, &k, third);
	REFUSED(create(as_officer(w), &org_change_part, &p), E_INVALID, org_change_part, part);
	/* nor by a later change of the draft */
	OKAY(find(as_officer(w), &org_change, k.base.id, &k));
	k.target = third;
	REFUSED(update(&w->c, &org_change, &k), E_INVALID, org_change, target);
	name.new_name = S("Trường THCS Nguyễn Trãi mới");
	OKAY(create(as_officer(w), &org_change, &name));
	p = an_existing_part(w, &name, third);
	REFUSED(create(as_officer(w), &org_change_part, &p), E_INVALID, org_change_part, change);
	/* a school manages no school */
	k = a_change(w, CHANGE_MOVE, w->a, w->b);
	REFUSED(create(as_officer(w), &org_change, &k), E_INVALID, org_change, target);
	world_close(w);
}

static void a_day_of_effect_is_a_sane_one(void **state)
{
	struct world *w = world_open(state);
	org_id young = add_org(w, ORG_SCHOOL, "Trường THCS Lê Lợi", w->commune);
	struct org_change k;
	struct org o;
	day far;

	OKAY(find(as_khue(w), &org, young.v, &o));
	o.since = (day){ w->c.today.v - 30 };
	OKAY(update(&w->c, &org, &o));
	day_of(1900, 1, 1, &far);
	const int32_t wrong[] = { far.v, TREE_FOREVER.v, w->c.today.v + 800, 9999 };
	for (int i = 0; i < COUNT(wrong); i++) {
		k = a_change(w, CHANGE_RENAME, w->a, (org_id){ 0 });
		k.new_name = S("Trường THCS Nguyễn Trãi mới");
		k.effective.v = wrong[i];
		REFUSED(create(as_officer(w), &org_change, &k), E_INVALID, org_change, effective);
	}
	k.effective.v = w->c.today.v + 700;
	OKAY(create(as_officer(w), &org_change, &k));
	/* neither the unit nor who receives it may be younger */
	const struct { org_id what, target; } pairs[] = { { young, w->a }, { w->a, young } };
	for (int i = 0; i < COUNT(pairs); i++) {
		k = a_change(w, CHANGE_MERGE, pairs[i].what, pairs[i].target);
		k.effective.v -= 31;
		REFUSED(create(as_officer(w), &org_change, &k), E_INVALID, org_change, effective);
	}
	/* nor its place in the tree: the days of that would be turned around */
	OKAY(db_exec(w->db, "UPDATE org_link SET since = ?1 WHERE child = ?2",
		VALS(v_int(w->c.today.v - 5), v_int(w->a.v)), NULL));
	k = a_change(w, CHANGE_MERGE, w->a, w->b);
	k.effective.v -= 6;
	REFUSED(create(as_officer(w), &org_change, &k), E_INVALID, org_change, effective);
	k = a_change(w, CHANGE_DROP_TIER, w->commune, w->dept);
	k.effective.v -= 6;
	REFUSED(create(as_officer(w), &org_change, &k), E_INVALID, org_change, effective);
	k.effective.v += 1;
	OKAY(create(as_officer(w), &org_change, &k));
	world_close(w);
}

/* A decision is signed before its number and day are written. */
static void a_decision_is_not_of_tomorrow(void **state)
{
	struct world *w = world_open(state);
	const int32_t wrong[] = { w->c.today.v + 1, w->c.today.v + 40000, -20000 };
	struct org_change k;

	for (int i = 0; i < COUNT(wrong); i++) {
		k = a_change(w, CHANGE_MERGE, w->a, w->b);
		k.decided.v = wrong[i];
		REFUSED(create(as_officer(w), &org_change, &k), E_INVALID, org_change, decided);
	}
	k = a_change(w, CHANGE_MERGE, w->a, w->b);
	k.decided.v = w->c.today.v - 20;
	OKAY(create(as_officer(w), &org_change, &k));
	world_close(w);
}

/* 1 July 2025, QĐ 19/2025/QĐ-TTg: 34 provinces, 3,321 communes; every old commune on the maps leads to a new one. */
static void units_of_both_eras(void **state)
{
	struct world *w = world_open(state);
	items now;

	assert_int_equal(db_begin(w->db), OK);
	OKAY(org_load_facts(as_khue(w)));
	assert_int_equal(db_commit(w->db), OK);
	assert_int_equal(count(w, "SELECT count(*) FROM admin_unit WHERE level = 'province' AND until IS NULL"), 34);
	assert_int_equal(count(w, "SELECT count(*) FROM admin_unit WHERE level = 'commune' AND until IS NULL"), 3321);
	assert_int_equal(count(w, "SELECT count(*) FROM admin_unit WHERE level = 'province' AND until IS NOT NULL"), 63);
	assert_int_equal(count(w, "SELECT count(*) FROM admin_unit WHERE level = 'commune' AND until IS NOT NULL"), 10035);
	OKAY(admin_today(fresh(w), S("00013"), &now));                           /* Quán Thánh is of Ba Đình now */
	assert_int_equal(now.n, 1);
	assert_true(str_is(((const struct unit_today *)now.p)->code, "00004"));
	OKAY(admin_today(fresh(w), S("00016"), &now));                           /* one that was divided */
	assert_true(now.n > 1);
	world_close(w);
}

static void a_real_province_is_founded_from_a_table(void **state)
{
	struct world *w = world_open(state);
	struct units_report r;
	struct units_ask ask =
		{ S("code,name,full_name,province_code\n04,Cao Bằng,Tỉnh Cao Bằng,\n01273,Thục Phán,Phường Thục "
			"Phán,04\n01279,Nùng Trí Cao,Phường Nùng Trí Cao,04\nx,y,z,04\n"),
		S("04"), true };

	OKAY(units_import(as_khue(w), &ask, &r));
	assert_int_equal(r.added, 3);
	assert_int_equal(r.refused, 1);
	assert_int_equal(r.organisations, 3);
	OKAY(units_import(as_khue(w), &ask, &r));                                /* again: nothing new */
	assert_int_equal(r.same, 3);
	assert_int_equal(r.organisations, 0);
	ask.bytes = S("a,b\n1,2\n");
	assert_int_equal(units_import(as_khue(w), &ask, &r), E_INVALID);
	world_close(w);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(a_new_unit_joins_the_tree), ON_BOTH(what_makes_no_sense_is_refused),
			ON_BOTH(a_code_is_never_used_twice), ON_BOTH(a_merger_carries_the_running_year),
		ON_BOTH(many_codes_clash),
		ON_BOTH(classes_of_one_name_do_not_stop_a_merger), ON_BOTH(a_split_founds_the_new_schools),
		ON_BOTH(a_split_waits_for_its_day), ON_BOTH(a_preview_tells_what_will_happen),
		ON_BOTH(nothing_happens_before_its_day), ON_BOTH(only_a_leader_approves),
		ON_BOTH(another_province_is_not_touched), ON_BOTH(a_merger_joins_what_fits),
		ON_BOTH(a_school_with_pupils_is_not_closed),
		ON_BOTH(a_tier_is_dropped_with_its_past_intact), ON_BOTH(a_circle_is_refused),
		ON_BOTH(a_split_gives_to_what_fits), ON_BOTH(only_a_tier_is_dropped), ON_BOTH(a_unit_has_one_part),
		ON_BOTH(a_day_of_effect_is_a_sane_one), ON_BOTH(a_decision_is_not_of_tomorrow),
		ON_BOTH(units_of_both_eras), ON_BOTH(a_real_province_is_founded_from_a_table) };

	(void)argc;
	if (!hash_init())
		return 1;
	need_postgres(argv);
	return cmocka_run_group_tests_name("org", tests, NULL, NULL);
}
