/* bare_test.c -- keys and indexes that were away while rows came in are back as they were, and hold. */
#include "engines.h"
#include "core/bare.h"

static const char tables[] = "CREATE TABLE school (id BIGINT PRIMARY KEY, code TEXT);"
	"CREATE UNIQUE INDEX school_u0 ON school (code);"
	"CREATE TABLE pupil (id BIGINT PRIMARY KEY, school BIGINT REFERENCES school (id), gone BIGINT, note TEXT);"
	"CREATE INDEX pupil_school_idx ON pupil (school); CREATE INDEX pupil_gone_id_idx ON pupil (gone, id);"
	"CREATE INDEX pupil_some ON pupil (gone, note, id) WHERE note IS NOT NULL;"
	"CREATE INDEX pupil_note ON pupil (note, gone);";

/* The names of what there is, and how it reads. */
static str schema(struct db *d, struct arena *mem)
{
	struct rows r;
	struct buf b;

	buf_init(&b, mem, 64 << 10);
	assert_int_equal(db_query(d, db_kind(d) == DB_SQLITE
		? "SELECT name, COALESCE(sql, '') FROM sqlite_master ORDER BY 1, 2"
		: "SELECT indexname::text AS n, indexdef FROM pg_indexes WHERE schemaname = current_schema() UNION ALL "
			"SELECT conname::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = "
			"current_schema()::regnamespace ORDER BY n, 2", NULL, 0, &r), OK);
	while (rows_next(&r))
		put_fmt(&b, "%.*s %.*s\n", FMT(rows_text(&r, 0)), FMT(rows_text(&r, 1)));
	assert_int_equal(rows_end(&r), OK);
	return buf_str(&b);
}

static bool has(str text, const char *name)
{
	return str_find(text, str_of(name)) >= 0;
}

static enum rc one(struct db *d, const char *table, const char *columns, int64_t id, struct val second)
{
	const struct val args[] = { v_int(id), second };

	return db_insert(d, table, columns, args, 2, 1);
}

struct place { struct db *d; struct arena mem; str before; struct bare bare; };

/* The tables, within a transaction in which something is taken away. */
static void open_place(struct place *p, void **state, enum rc (*take)(struct bare *, struct db *, struct arena *))
{
	p->d = engine_db(state);
	arena_init(&p->mem, 8 << 20);
	assert_int_equal(db_script(p->d, str_of(tables)), OK);
	p->before = schema(p->d, &p->mem);
	assert_int_equal(db_begin(p->d), OK);
	assert_int_equal(take(&p->bare, p->d, &p->mem), OK);
}

static void as_before(struct place *p)
{
	assert_true(str_eq(schema(p->d, &p->mem), p->before));
	arena_free(&p->mem);
}

static void all_is_back(void **state)
{
	struct place p;

	open_place(&p, state, bare_all);
	str away = schema(p.d, &p.mem);
	assert_false(has(away, "school_u0") || has(away, "pupil_school_idx") || has(away, "pupil_note"));
	/* the one that is pointed to may come later */
	if (db_kind(p.d) == DB_POSTGRES)
		assert_int_equal(one(p.d, "pupil", "id, school", 1, v_int(7)), OK);
	assert_int_equal(one(p.d, "school", "id, code", 7, v_text(S("a"))), OK);
	assert_int_equal(bare_back(&p.bare), OK);
	assert_int_equal(db_commit(p.d), OK);
	assert_int_equal(db_begin(p.d), OK);
	assert_int_equal(one(p.d, "school", "id, code", 8, v_text(S("a"))), E_CONFLICT);
	db_rollback(p.d);
	as_before(&p);
}

/* Writers still find by code and by school, and what must be unique is. */
static void lists_alone_are_away(void **state)
{
	struct place p;

	open_place(&p, state, bare_lists);
	str away = schema(p.d, &p.mem);
	assert_true(has(away, "school_u0") && has(away, "pupil_school_idx") && has(away, "pupil_note"));
	assert_int_equal(has(away, "pupil_gone_id_idx") || has(away, "pupil_some"), db_kind(p.d) == DB_SQLITE);
	assert_int_equal(has(away, "REFERENCES school"), db_kind(p.d) == DB_SQLITE);
	assert_int_equal(bare_back(&p.bare), OK);
	assert_int_equal(db_commit(p.d), OK);
	as_before(&p);
}

static void who_points_nowhere_is_found(void **state)
{
	struct place p;

	open_place(&p, state, bare_lists);
	assert_int_equal(one(p.d, "pupil", "id, school", 1, v_int(7)), OK);
	assert_int_equal(bare_back(&p.bare), E_CONFLICT);
	db_rollback(p.d);
	as_before(&p);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(all_is_back), ON_BOTH(lists_alone_are_away),
		{ "who_points_nowhere_is_found (postgres)", who_points_nowhere_is_found, engine_postgres, engine_close, NULL },
	};

	(void)argc;
	need_postgres(argv);
	return cmocka_run_group_tests_name("bare", tests, NULL, NULL);
}
