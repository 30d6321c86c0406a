/* home_test.c -- the figures count what the actor may see, each with its list and definition; the map; on both
 * engines. */
#include "mod/home/home.h"
#define DOMAIN_MODULES &mod_org, &mod_people, &mod_school, &mod_home
#include "domain.h"

static const struct number_view *number(const struct figures_view *v, const char *label)
{
	for (int64_t i = 0; i < v->numbers.n; i++)
		if (str_is(((const struct number_view *)v->numbers.p)[i].label, label))
			return (const struct number_view *)v->numbers.p + i;
	fail_msg("no number %s", label);
	return NULL;
}

static bool has_number(const struct figures_view *v, const char *label)
{
	for (int64_t i = 0; i < v->numbers.n; i++)
		if (str_is(((const struct number_view *)v->numbers.p)[i].label, label))
			return true;
	return false;
}

static void the_leader_sees_the_whole_and_a_school_itself(void **state)
{
	struct world *w = world_open(state);
	struct figures_view all = { 0 }, own_ = { 0 };

	enrol(w, w->pupil_a, w->class_a);
	enrol(w, add_person(w, w->b, "Đỗ Hà", true, false), w->class_b);
	OKAY(home_figures(as(w, &dept_leader, w->dept, (person_id){ 1 }), NULL, &all));
	assert_true(str_is(number(&all, "Schools")->value, "2"));
	assert_true(str_is(number(&all, "Pupils")->value, "2"));
	for (int64_t i = 0; i < all.numbers.n; i++) {
		const struct number_view *v = (const struct number_view *)all.numbers.p + i;
		assert_true(v->href.n > 0 && v->how.n > 0);          /* one click from its list, with its definition */
	}
	OKAY(home_figures(as(w, &principal, w->a, (person_id){ 2 }), NULL, &own_));
	assert_true(str_is(number(&own_, "Pupils")->value, "1"));
	world_close(w);
}

/* A class of the afternoon is called then; one of the whole day, called twice, is one class. */
static void a_class_called_in_any_session_counts_once(void **state)
{
	struct world *w = world_open(state);
	struct figures_view v = { 0 };
	struct roll r;

	enrol(w, w->pupil_a, w->class_a);
	for (pick s = 0; s < 2; s++) {
		row_zero(&roll, &r);
		r.base.org = w->a;
		r.class = w->class_a;
		r.held = w->c.today;
		r.session = 1 - s;
		OKAY(create(as_khue(w), &roll, &r));
		OKAY(home_figures(as(w, &principal, w->a, (person_id){ 2 }), NULL, &v));
		assert_true(str_is(number(&v, "Classes called today")->value, "1"));
	}
	/* a school whose classes went to another one has none to call */
	assert_int_equal(count(w, "SELECT count(*) FROM school_class"), 3);
	OKAY(db_exec(w->db, "UPDATE school_class SET org = ?1", VALS(v_int(w->b.v)), NULL));
	OKAY(home_figures(as(w, &principal, w->a, (person_id){ 2 }), NULL, &v));
	assert_true(str_is(number(&v, "Classes called today")->value, "0"));
	assert_int_equal(number(&v, "Classes called today")->note.n, 0);
	world_close(w);
}

static void a_stranger_counts_nothing(void **state)
{
	struct world *w = world_open(state);
	struct figures_view v = { 0 };

	enrol(w, w->pupil_a, w->class_a);
	OKAY(home_figures(as(w, &parent, w->a, w->parent_a), NULL, &v));
	assert_false(has_number(&v, "Pupils"));                 /* of figures one may not read there is no nought either */
	assert_true(str_is(number(&v, "Staff")->value, "0"));
	world_close(w);
}

static void who_may_not_read_classes_gets_no_noughts(void **state)
{
	static const char *const closed[] = { "Classes", "Pupils", "Classes called today", "Absent today" };
	struct world *w = world_open(state);
	const struct role *const roles[] = { &ministry, &dept_clerk };

	enrol(w, w->pupil_a, w->class_a);
	for (int r = 0; r < COUNT(roles); r++) {
		struct figures_view v = { 0 };
		OKAY(home_figures(as(w, roles[r], w->dept, (person_id){ 1 }), NULL, &v));
		assert_true(str_is(number(&v, "Schools")->value, "2"));
		assert_false(v.has_grades);
		for (int i = 0; i < COUNT(closed); i++)
			assert_false(has_number(&v, closed[i]));
	}
	world_close(w);
}

static void each_figure_leads_to_the_rows_it_counts(void **state)
{
	struct world *w = world_open(state);
	struct figures_view v = { 0 };
	str day_, called, absent;

	OKAY(home_figures(as(w, &principal, w->a, (person_id){ 2 }), NULL, &v));
	day_ = day_text(w->c.mem, w->c.today);
	called = str_fmt(w->c.mem, "/roll?held.from=%.*s&held.to=%.*s", FMT(day_), FMT(day_));
	absent = str_fmt(w->c.mem, "/absence?kind=excused,unexcused&held.from=%.*s&held.to=%.*s", FMT(day_), FMT(day_));
	assert_true(str_ends(number(&v, "Classes called today")->href, called));
	assert_true(str_ends(number(&v, "Absent today")->href, absent));
	assert_true(str_ends(number(&v, "Moves under way")->href, S("/move?state=asked,accepted,released")));
	world_close(w);
}

static admin_unit_id a_commune(struct world *w, const char *code, const char *name)
{
	struct admin_unit u;
	struct unit_border b;

	row_zero(&admin_unit, &u);
	u.code = str_of(code);
	u.name = u.full_name = str_of(name);
	u.level = UNIT_COMMUNE;
	u.province_code = S("97");
	day_of(2025, 7, 1, &u.since);
	OKAY(create(as_khue(w), &admin_unit, &u));
	row_zero(&unit_border, &b);
	b.unit.v = u.base.id;
	b.ring = S("0,0 10,0 10,10");
	OKAY(create(as_khue(w), &unit_border, &b));
	return b.unit;
}

/* The map names every commune; numbers stand only where the reader may count. */
static void a_commune_beyond_reach_has_no_nought(void **state)
{
	struct world *w = world_open(state);
	struct figures_view v = { 0 };
	const admin_unit_id near_by = a_commune(w, "97001", "Xã Gần"), beyond = a_commune(w, "97002", "Xã Xa");

	a_commune(w, "97003", "Xã Yên");                         /* without any school: a true nought */
	OKAY(db_exec(w->db, "UPDATE org SET commune = ?1 WHERE id = ?2", VALS(v_int(near_by.v), v_int(w->a.v)), NULL));
	OKAY(db_exec(w->db, "UPDATE org SET commune = ?1 WHERE id = ?2", VALS(v_int(beyond.v), v_int(w->b.v)), NULL));
	struct ctx *c = as(w, &principal, w->a, (person_id){ 2 });
	c->here.org = w->a;
	OKAY(home_figures(c, NULL, &v));
	assert_int_equal(v.communes.n, 2);                       /* one's own, and the one without any school */
	assert_int_equal(((const struct commune_row *)v.communes.p)[0].schools, 1);
	assert_true(str_find(v.map.s, S("<title>Xã Xa</title>")) > 0);
	c = as(w, &dept_leader, w->dept, (person_id){ 1 });
	c->here.org = w->dept;
	OKAY(home_figures(c, NULL, &v));
	assert_int_equal(v.communes.n, 3);
	world_close(w);
}

static void the_rows_under_the_charts_lead_to_lists(void **state)
{
	struct world *w = world_open(state);
	struct figures_view v = { 0 };
	struct roll r;

	enrol(w, w->pupil_a, w->class_a);
	row_zero(&roll, &r);
	r.base.org = w->a;
	r.class = w->class_a;
	r.held = w->c.today;
	OKAY(create(as_khue(w), &roll, &r));
	OKAY(home_figures(as(w, &principal, w->a, (person_id){ 2 }), NULL, &v));
	const struct grade_row *g = v.grades.p;
	assert_true(v.grades.n > 0 && str_find(g->href, S("/school_class?grade=")) >= 0);
	assert_true(str_find(g->href, S("&year=")) > 0);     /* without it: classes of every year */
	assert_true(v.days.n == 1 && str_find(((const struct day_row *)v.days.p)->href, S("/roll?held.from=")) >= 0);
	assert_true(str_find(((const struct day_row *)v.days.p)->absent_href, S("/absence?kind=")) >= 0);
	world_close(w);
}

/* With a password that was just reset, or without the second factor a role asks for. */
static void who_must_do_something_first_is_led_there(void **state)
{
	struct world *w = world_open(state);
	struct ctx *c = as(w, &principal, w->a, (person_id){ 2 });
	struct actor held = *c->who;
	const struct route *r = mod_home.routes;
	struct home_view v = { 0 };

	held.must_go = "/tai-khoan/mat-khau";
	c->who = &held;
	while (strcmp(r->path, "/") != 0)
		r++;
	OKAY(r->run(c, NULL, &v));
	assert_true(str_is(c->go, "/tai-khoan/mat-khau"));
	world_close(w);
}

static void without_a_year_it_says_so(void **state)
{
	struct world *w = world_open(state);
	struct figures_view v = { 0 };

	assert_int_equal(db_exec(w->db, "UPDATE school_year SET gone = 1", NULL, 0, NULL), OK);
	OKAY(home_figures(as(w, &dept_leader, w->dept, (person_id){ 1 }), NULL, &v));
	assert_true(v.none);
	world_close(w);
}

static void the_public_sees_counts_and_places_only(void **state)
{
	struct world *w = world_open(state);
	struct figures_view v = { 0 };

	enrol(w, w->pupil_a, w->class_a);
	fresh(w)->who = &actor_nobody;
	OKAY(home_public(&w->c, NULL, &v));
	assert_true(str_is(number(&v, "Pupils")->value, "1"));
	assert_int_equal(str_find(v.map.s, S("Trần Văn Bình")), -1);
	world_close(w);
}

static void names_on_the_map_are_text(void **state)
{
	struct world *w = world_open(state);
	const struct map_area area = { S("<script>alert(1)</script>"), S("/org?a=\"b"), S("0,0 10,0 10,10 nonsense"), 5 };
	const struct map_dot dot = { S("A & B"), { 0 }, 5, 5, 2 };
	html svg = map_draw(as_khue(w), S("T"), S("D"), &area, 1, &dot, 1);

	assert_int_equal(str_find(svg.s, S("<script")), -1);
	assert_true(str_find(svg.s, S("&lt;script&gt;")) > 0);
	assert_true(str_find(svg.s, S("A &amp; B")) > 0);
	assert_int_equal(str_find(svg.s, S("style=")), -1);
	assert_int_equal(map_draw(as_khue(w), S("T"), S("D"), NULL, 0, NULL, 0).s.n, 0);
	world_close(w);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(the_leader_sees_the_whole_and_a_school_itself), ON_BOTH(a_stranger_counts_nothing),
			ON_BOTH(a_class_called_in_any_session_counts_once),
			ON_BOTH(without_a_year_it_says_so), ON_BOTH(who_may_not_read_classes_gets_no_noughts),
		ON_BOTH(each_figure_leads_to_the_rows_it_counts), ON_BOTH(a_commune_beyond_reach_has_no_nought),
		ON_BOTH(who_must_do_something_first_is_led_there),
		ON_BOTH(the_rows_under_the_charts_lead_to_lists),
		ON_BOTH(the_public_sees_counts_and_places_only), ON_BOTH(names_on_the_map_are_text) };

	(void)argc;
	if (!hash_init())
		return 1;
	need_postgres(argv);
	return cmocka_run_group_tests_name("home", tests, NULL, NULL);
}
