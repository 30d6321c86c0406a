/* schools_test.c -- results school by school: each tier its own schools, who left is not counted. */
#define DOMAIN_MODULES &mod_org, &mod_people, &mod_school, &mod_records
#include "mod/records/records.h"
#include "domain.h"
#include "core/row.h"
#include "mod/records/results_page.h"

static void result_of(struct world *w, org_id at, school_class_id class, person_id who, const char *hk1,
	const char *level)
{
	struct year_result r;

	row_zero(&year_result, &r);
	r.base.org = at;
	r.class = class;
	r.pupil = who;
	r.year = w->year;
	r.scheme = S("tt22");
	r.hk1 = str_of(hk1);
	r.level = str_of(level);
	OKAY(create(as_khue(w), &year_result, &r));
}

/* Two schools, three and one results; one class of the first is closed. */
static struct world *open_schools(void **state)
{
	struct world *w = world_open(state);
	person_id many[3] = { w->pupil_a };

	many[1] = add_person(w, w->a, "Lê An", true, false);
	many[2] = add_person(w, w->a, "Phạm Yến", true, false);
	for (int i = 0; i < 3; i++) {
		enrol(w, many[i], w->class_a);
		result_of(w, w->a, w->class_a, many[i], i ? "tot" : "dat", "");
	}
	person_id there = add_person(w, w->b, "Vũ Hòa", true, false);
	enrol(w, there, w->class_b);
	result_of(w, w->b, w->class_b, there, "chua_dat", "kha");
	struct class_close x;
	row_zero(&class_close, &x);
	x.base.org = w->a;
	x.class = w->class_a;
	x.year = w->year;
	OKAY(create(as_khue(w), &class_close, &x));
	x.reason = S("Xong");
	OKAY(step(as_khue(w), &class_close, &x, "close"));
	return w;
}

/* The page as JSON, as somebody with one seat. */
static const char *page_of(struct world *w, const struct role *r, org_id at, pick term_, org_id unit)
{
	struct ctx *c = as(w, r, at, (person_id){ 0 });
	c->lang = VI;
	void *out = arena_alloc(c->mem, schools_shape.size, 16);
	struct buf b;

	OKAY(schools_get(c, &(struct schools_ask){ 2026, term_, unit }, out));
	buf_init(&b, c->mem, 100000);
	shape_json(&b, schools_shape.fields, out, NULL);
	return str_z(c->mem, buf_str(&b));
}

#define HAS(text, part) do { if (!strstr((text), (part))) fail_msg("no %s in %s", (part), (text)); } while (0)
#define HASNT(text, part) do { if (strstr((text), (part))) fail_msg("%s in %s", (part), (text)); } while (0)
enum { ASK_HK1 = 1, ASK_YEAR = 3 };

static void each_school_has_its_line(void **state)
{
	struct world *w = open_schools(state);
	const char *text = page_of(w, &dept_leader, w->dept, ASK_HK1, (org_id){ 0 });

	HAS(text, "\"closed\":\"1/2\"");
	HAS(text, "\"rated\":3");
	HAS(text, "\"rated\":1");
	HAS(text, "{\"n\":2,\"share\":\"50\u00a0%\",\"label\":\"Tốt\"}");              /* of both */
	HAS(text, "{\"n\":2,\"share\":\"66,7\u00a0%\",\"label\":\"Tốt\"}");            /* of the first */
	HAS(text, "{\"n\":1,\"share\":\"100\u00a0%\",\"label\":\"Chưa đạt\"}");        /* of the second */
	/* the year: only the second has a result, the other one stands with those that have none */
	text = page_of(w, &dept_leader, w->dept, ASK_YEAR, (org_id){ 0 });
	HAS(text, "{\"n\":1,\"share\":\"100\u00a0%\",\"label\":\"Khá\"}");
	HAS(text, "\"has_rest\":true");
	text = page_of(w, &dept_leader, w->dept, ASK_HK1, w->b);
	HAS(text, "\"rated\":1");
	HASNT(text, "\"rated\":3");
	world_close(w);
}

static void who_left_is_not_counted(void **state)
{
	struct world *w = open_schools(state);

	assert_int_equal(db_exec(w->db, "UPDATE enrolment SET state = 'moved' WHERE pupil = ?1",
		VALS(v_int(w->pupil_a.v)), NULL), OK);
	const char *text = page_of(w, &dept_officer, w->dept, ASK_HK1, w->a);
	HAS(text, "\"rated\":2");
	HAS(text, "{\"n\":0,\"share\":\"0\u00a0%\",\"label\":\"Đạt\"}");
	world_close(w);
}

static void each_tier_sees_its_own(void **state)
{
	struct world *w = open_schools(state);
	org_id away = add_org(w, ORG_COMMUNE, "UBND xã Hòa Sơn", w->dept);

	HAS(page_of(w, &commune_officer, w->commune, ASK_HK1, (org_id){ 0 }), "\"rated\":3");
	HAS(page_of(w, &bureau_leader, w->commune, ASK_HK1, (org_id){ 0 }), "\"rated\":1");
	HASNT(page_of(w, &bureau_leader, w->commune, ASK_HK1, (org_id){ 0 }), "/records?term");
	HAS(page_of(w, &dept_inspector, w->dept, ASK_HK1, (org_id){ 0 }), "/records?term=hk1");
	HAS(page_of(w, &commune_officer, away, ASK_HK1, (org_id){ 0 }), "\"none\":true");
	HASNT(page_of(w, &principal, w->a, ASK_HK1, (org_id){ 0 }), "\"rated\":1");
	HAS(page_of(w, &parent, w->a, ASK_HK1, (org_id){ 0 }), "\"none\":true");
	world_close(w);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { ON_BOTH(each_school_has_its_line), ON_BOTH(who_left_is_not_counted),
		ON_BOTH(each_tier_sees_its_own) };

	(void)argc;
	need_postgres(argv);
	if (!hash_init())
		return 1;
	return cmocka_run_group_tests_name("schools", tests, NULL, NULL);
}
