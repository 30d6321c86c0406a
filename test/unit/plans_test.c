/* plans_test.c -- how SQLite goes about every named query and every list, as it is told by planner.h: nothing that one
 * teacher, family or school asks may begin at "gone = 0" or walk a table that grows with the pupils. */
#define DOMAIN_ALL
#include "domain.h"
#include "core/plan.h"
#include "core/planner.h"
#include "core/roles.h"

/* Who asks. wide: whose reach is the province, so that lists may walk all of it in their order. */
struct asker { const struct role *role; bool wide; };
static const struct asker askers[] = { { &teacher, false }, { &form_teacher, false }, { &principal, false },
	{ &clerk, false }, { &parent, false }, { &pupil, false }, { &dept_leader, true } };

/* Queries that are about the whole province, and so read it; above: only where a leader or the installation asks. */
static const struct { const char *query; bool above; const char *why; } exceptions[] = {
	{ "auth/accounts_list", false, "khue user list" },
	{ "auth/new_accounts", true, "accounts nobody has used yet, in whatever unit" },
	{ "contact/counted", false, "the job that counts how far the notices of the last days came" },
	{ "people/look_counts", false, "the search for duplicates reads everybody, in pieces" },
	{ "records/books_counted_all", false, "khue check --ledger proves every ledger" },
	{ "records/books_hidden", false, "khue check --ledger proves every ledger" },
	{ "records/books_sealed", false, "khue check --ledger proves every ledger" },
	{ "records/rated_classes", false, "khue check --ledger proves every ledger" },
	{ "records/requests", true, "requests of every school, the open ones first" },
	{ "records/schools_unsealed", false, "the nightly job that seals every ledger" },
	{ "records/seal_schools", false, "khue check --ledger proves every ledger" },
	{ "records/strays", false, "khue check --ledger proves every ledger" },
	{ "school/form_turns", false, "the nightly job that shows who has a class from that day on" },
	{ NULL, false, NULL } };

struct look { struct world *w; const char *who; str name; const char *sql; bool wide, gone, sorts; int faults; };

static bool is_excepted(str name, bool above)
{
	for (int i = 0; exceptions[i].query; i++)
		if (str_is(name, exceptions[i].query))
			return above || !exceptions[i].above;
	return false;
}

static bool is_word(char x)
{
	return (x >= 'a' && x <= 'z') || (x >= '0' && x <= '9') || x == '_';
}

static bool grows(const struct entity *e)
{
	return e->rows ? e->rows > 20000 : !(e->keeps & SHARED);
}

/* The growing entity that `as` stands for in the statement ("enrolment e", or its own name); NULL: something else. */
static const struct entity *stands_for(const struct look *l, str as)
{
	const struct registry *r = l->w->app.registry;

	for (int i = 0; i < r->n_entities; i++) {
		const struct entity *e = r->metas[i].e;
		str both = str_fmt(&l->w->mem, "%s %.*s", e->name, FMT(as));
		if (!grows(e))
			continue;
		if (str_is(as, e->name))
			return e;
		for (const char *p = l->sql; (p = strstr(p, str_z(&l->w->mem, both))) != NULL; p++)
			if ((p == l->sql || !is_word(p[-1])) && !is_word(p[both.n]))
				return e;
	}
	return NULL;
}

/* "(gone=?)" or "(gone=? AND held>?)": of all rows there are. A further column that equals something is a beginning. */
static bool begins_at_gone(str how)
{
	ptrdiff_t at = str_find(how, S("(gone=?"));
	str rest = at < 0 ? (str){ 0 } : str_sub(how, at + 7, -1);

	return at >= 0 && (!str_starts(rest, S(" AND ")) || str_find(rest, S("=?")) < 0);
}

/* One line of EXPLAIN QUERY PLAN; false: it reads more than it should. */
static bool line_is_good(struct look *l, str line)
{
	bool search = str_starts(line, S("SEARCH ")), scan = str_starts(line, S("SCAN "));
	str as, rest;

	l->sorts = l->sorts || str_find(line, S("USE TEMP B-TREE FOR ORDER BY")) >= 0;
	if (str_starts(line, S("BLOOM FILTER ON ")))     /* made by reading the whole table */
		return false;
	if (!search && !scan)
		return true;
	str_cut(str_sub(line, search ? 7 : 5, -1), ' ', &as, &rest);
	if (!stands_for(l, as))
		return true;
	if (search && begins_at_gone(rest)) {
		l->gone = true;
		return l->wide;
	}
	return search && str_find(rest, S("AUTOMATIC")) < 0;
}

static void look_at(struct look *l, const char *sql, int n)
{
	struct val none[SLOTS_MAX] = { 0 };
	struct rows r;

	l->sql = sql;
	l->gone = l->sorts = false;
	const char *ask = str_z(&l->w->mem, str_fmt(&l->w->mem, "EXPLAIN QUERY PLAN %s", sql));
	assert_int_equal(db_query(l->w->db, ask, none, n, &r), OK);
	while (rows_next(&r)) {
		str line = str_copy(&l->w->mem, rows_text(&r, 3));
		if (line_is_good(l, line))
			continue;
		print_error("%s: %.*s: %.*s\n", l->who, FMT(l->name), FMT(line));
		l->faults++;
	}
	assert_int_equal(rows_end(&r), OK);
}

/* Whoever has no right to any row ("0 = 1") is not led to where it is asked. */
static void look_at_queries(struct look *l, struct ctx *c, bool above)
{
	const char *sql;
	int n;

	for (int i = 0; queries_draft(c, i, &l->name, &sql, &n); i++)
		if (!is_excepted(l->name, above) && !strstr(sql, "(0 = 1)"))
			look_at(l, sql, n);
}

static void named_queries_begin_where_they_should(void **state)
{
	struct world *w = world_open(state);
	struct look l = { .w = w };

	for (int i = 0; i < COUNT(askers); i++) {
		l.who = askers[i].role->name;
		look_at_queries(&l, as(w, askers[i].role, askers[i].wide ? w->dept : w->a, w->teacher_a), askers[i].wide);
	}
	l.who = "khue";
	look_at_queries(&l, as_khue(w), true);
	assert_int_equal(l.faults, 0);
	world_close(w);
}

/* ---- lists ------------------------------------------------------------------------------------- */

static void look_at_list(void *arg, const char *sql, int n)
{
	struct look *l = arg;

	if (!strstr(sql, "a.gone = "))
		return;
	l->name = str_of(sql);
	look_at(l, sql, n);
	if (l->wide && l->gone && l->sorts) {
		print_error("sorts the province: %s\n", sql);
		l->faults++;
	}
}

static void lists_begin_where_they_should(void **state)
{
	struct world *w = world_open(state);
	struct look l = { .w = w };
	struct list_answer got;
	int64_t ids[200];

	for (int i = 0; i < COUNT(ids); i++)     /* as many as the search box looks up */
		ids[i] = i + 1;
	for (int i = 0; i < 20; i++)             /* more than a list reads one by one */
		add_org(w, ORG_SCHOOL, str_z(&w->mem, str_fmt(&w->mem, "Trường Tiểu học %d", i)), w->commune);
	for (int k = 0; k < COUNT(askers); k++) {
		struct ctx *c = as(w, askers[k].role, askers[k].wide ? w->dept : w->a, w->teacher_a);
		const struct registry *r = w->app.registry;
		for (int i = 0; i < r->n_entities; i++) {
			OKAY(list_rows(c, &(struct list_ask){ .e = r->metas[i].e, .count = true }, &got));
			OKAY(list_rows(c, &(struct list_ask){ .e = r->metas[i].e, .ids = ids, .n_ids = COUNT(ids) }, &got));
			OKAY(list_rows(c, &(struct list_ask){ .e = r->metas[i].e, .words = S("nguyen van"), .wide = true }, &got));
		}
		l.who = askers[k].role->name;
		l.wide = askers[k].wide;
		plans_each(c, look_at_list, &l);
	}
	assert_int_equal(l.faults, 0);
	world_close(w);
}

struct value { struct look look; str said, begun; int seen; };

static void look_for_value(void *arg, const char *sql, int n)
{
	struct value *v = arg;
	struct arena *mem = &v->look.w->mem;
	struct val none[SLOTS_MAX] = { 0 };
	struct rows r;
	bool found = false;

	if (str_find(str_of(sql), v->said) < 0)
		return;
	assert_int_equal(db_query(v->look.w->db, str_z(mem, str_fmt(mem, "EXPLAIN QUERY PLAN %s", sql)), none, n, &r), OK);
	while (rows_next(&r))
		found = found || str_find(rows_text(&r, 3), v->begun) >= 0;
	assert_int_equal(rows_end(&r), OK);
	if (!found)
		print_error("does not begin at %.*s: %s\n", FMT(v->begun), sql);
	v->look.faults += !found;
	v->seen++;
}

/* Who holds a post, who dropped out: a list of the province and its count begin at the value asked for. */
static void few_begin_at_their_value(void **state)
{
	struct world *w = world_open(state);
	const struct registry *r = w->app.registry;
	struct value v = { .look = { .w = w } };
	struct list_answer got;

	for (int i = 0; i < 20; i++)
		add_org(w, ORG_SCHOOL, str_z(&w->mem, str_fmt(&w->mem, "Trường Tiểu học %d", i)), w->commune);
	for (int i = 0; i < r->n_entities; i++)
		for (int k = 0; k < COUNT(r->metas[i].e->few) && r->metas[i].e->few[k]; k++) {
			const struct entity *e = r->metas[i].e;
			const struct field *f = field_at(e->fields, e->few[k]);
			struct list_filter is = { .at = f->at, .op = LIST_IS, .v = v_text(str_of(f->pick[0].code)) };
			struct ctx *c = as(w, &dept_officer, w->dept, w->teacher_a);
			OKAY(list_rows(c, &(struct list_ask){ .e = e, .filters = &is, .n_filters = 1, .count = true,
				.limit = 1 }, &got));
			v.said = str_fmt(&w->mem, "a.%s = ", f->name);
			v.begun = str_fmt(&w->mem, "%s=?", f->name);
			plans_each(c, look_for_value, &v);
		}
	assert_int_equal(v.look.faults, 0);
	assert_true(v.seen >= 5);        /* of persons the count as well */
	world_close(w);
}

/* ---- controls ---------------------------------------------------------------------------------- */

static const char by_pupil[] = "SELECT e.id FROM enrolment e WHERE e.pupil = ?1 AND e.gone = 0 AND e.until > ?2 "
	"ORDER BY e.since DESC LIMIT 1";

static int faults_of(struct world *w, const char *sql, int n)
{
	struct look l = { .w = w, .who = "control" };

	look_at(&l, sql, n);
	return l.faults;
}

static void a_bad_plan_is_found(void **state)
{
	struct world *w = world_open(state);

	assert_int_equal(faults_of(w, by_pupil, 2), 0);
	assert_int_not_equal(faults_of(w, "SELECT count(*) FROM enrolment e WHERE e.gone = 0 AND e.until > ?1", 1), 0);
	assert_int_not_equal(faults_of(w, "SELECT count(*) FROM person WHERE phone LIKE ?1", 1), 0);
	assert_int_equal(faults_of(w, "SELECT count(*) FROM school_year WHERE year > ?1", 1), 0);
	/* told nothing, SQLite begins at gone = 0 */
	assert_int_equal(db_script(w->db, S("DELETE FROM sqlite_stat1; ANALYZE sqlite_schema")), OK);
	assert_int_not_equal(faults_of(w, by_pupil, 2), 0);
	/* told again, once: the second time there is nothing to say */
	assert_int_equal(planner_tell(w->app.registry, w->db, &w->mem), OK);
	assert_int_equal(faults_of(w, by_pupil, 2), 0);
	uint64_t before = db_count(w->db);
	assert_int_equal(planner_tell(w->app.registry, w->db, &w->mem), OK);
	assert_int_equal(db_count(w->db) - before, 3);
	world_close(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "named_queries_begin_where_they_should", named_queries_begin_where_they_should, engine_sqlite, engine_close,
			NULL },
		{ "lists_begin_where_they_should", lists_begin_where_they_should, engine_sqlite, engine_close, NULL },
		{ "few_begin_at_their_value", few_begin_at_their_value, engine_sqlite, engine_close, NULL },
		{ "a_bad_plan_is_found", a_bad_plan_is_found, engine_sqlite, engine_close, NULL } };

	return cmocka_run_group_tests_name("plans", tests, NULL, NULL);
}
