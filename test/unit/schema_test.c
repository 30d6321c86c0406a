/* schema_test.c -- tables drawn from declarations, drift from them, and migrations: once, whole, one at a time. */
#include "engines.h"
#include "core/ddl.h"
#include "core/migrate.h"
#include "core/roles.h"

ID(shelf); ID(volume);
struct shelf { struct base base; str code; pick state; };
struct volume { struct base base; str title, barcode; shelf_id shelf; day bought; money price; bool lent; };
extern const struct entity shelf, volume;
static const struct choice states[] = { { "free", { "Trống", "Free" }, INITIAL | FINAL }, END };
#define ROW struct shelf
const struct entity shelf = { .name = "shelf", .label = { "Kệ", "Shelf" }, .size = sizeof(ROW),
	.fields = FIELDS{ { COL(code), .label = { "Mã", "Code" }, .is = NEEDED, .max = 20 },
		{ COL(state), .label = { "Tình trạng", "State" }, .is = DERIVED, .pick = states }, END },
	.title = { AT(code) }, .list = { AT(code) }, .unique = { { AT(base.org), AT(code) } } };
#undef ROW
#define ROW struct volume
const struct entity volume = { .name = "volume", .label = { "Cuốn", "Volume" }, .size = sizeof(ROW),
	.fields = FIELDS{ { COL(title), .label = { "Nhan đề", "Title" }, .is = NEEDED | SEARCH, .max = 200 },
		{ COL(barcode), .label = { "Mã vạch", "Barcode" }, .max = 20 },
		{ REF(shelf, shelf), .label = { "Kệ", "Shelf" } },
		{ COL(bought), .label = { "Ngày mua", "Bought" }, .is = FILTER }, { COL(price), .label = { "Giá", "Price" } },
		{ COL(lent), .label = { "Đang mượn", "Lent" }, .is = FILTER }, END },
	.title = { AT(title) }, .list = { AT(title) }, .sort = { AT(title) }, .unique = { { AT(base.org), AT(barcode) } } };
#undef ROW
static const struct module books = { .name = "books", .label = { "Sách", "Books" },
	.entities = ENTITIES(&shelf, &volume) };
static const struct module *const modules[] = { &books, NULL };

struct fixture { struct arena mem; struct registry *r; struct db *db; };

static struct fixture begin(void **state)
{
	struct fixture f;
	char why[256];
	f.db = engine_db(state);
	arena_init(&f.mem, (size_t)64 << 20);
	f.r = registry_new(modules, why);
	assert_non_null(f.r);
	return f;
}

static void end(struct fixture *f)
{
	registry_free(f->r);
	arena_free(&f->mem);
}

static str draft(struct fixture *f, struct db *against)
{
	struct buf b;
	buf_init(&b, &f->mem, 1 << 20);
	assert_int_equal(migrate_draft(f->r, &books, against, &f->mem, &b), OK);
	return buf_str(&b);
}

static void note(void *arg, str what, str mend)
{
	(void)mend;
	put_fmt(arg, "%.*s\n", FMT(what));
}

static str drift(struct fixture *f)
{
	struct buf b;
	buf_init(&b, &f->mem, 1 << 20);
	assert_int_equal(ddl_compare(f->r, NULL, f->db, &f->mem, note, &b), OK);
	return buf_str(&b);
}

/* ---- tables ---------------------------------------------------------------------------------------- */

static void a_drafted_schema_has_no_drift(void **state)
{
	struct fixture f = begin(state);
	assert_true(drift(&f).n > 0);
	assert_int_equal(db_script(f.db, draft(&f, NULL)), OK);
	assert_text(drift(&f), "");
	assert_text(draft(&f, f.db), "");
	end(&f);
}

static void drift_is_named(void **state)
{
	struct fixture f = begin(state);
	assert_int_equal(db_script(f.db, draft(&f, NULL)), OK);
	assert_int_equal(db_script(f.db,
		S("ALTER TABLE shelf ADD COLUMN colour TEXT; DROP INDEX volume_u0; CREATE UNIQUE INDEX volume_u0 ON volume "
			"(barcode)"
	                                   " WHERE gone = 0; DROP INDEX volume_bought_idx")), OK);
	assert_text(drift(&f),
		"column shelf.colour is declared nowhere\nindex volume_u0 is on (barcode), declared on (org, barcode)\n"
	            "index volume_bought_idx is missing\n");
	assert_true(str_find(draft(&f, f.db), S("-- decide: column shelf.colour is declared nowhere")) >= 0);
	end(&f);
}

static void a_draft_mends_an_older_schema(void **state)
{
	struct fixture f = begin(state);
	assert_int_equal(db_script(f.db,
		S("CREATE TABLE shelf (id BIGINT PRIMARY KEY, rev BIGINT NOT NULL, org BIGINT NOT NULL, made_by BIGINT NOT "
			"NULL,"
		" made BIGINT NOT NULL, changed BIGINT NOT NULL, gone BIGINT NOT NULL); INSERT INTO shelf (id, rev, org, "
			"made_by, made, changed, gone)"
		" VALUES (1, 1, 7, 0, 0, 0, 0)")), OK);
	assert_int_equal(db_script(f.db, draft(&f, f.db)), OK);
	assert_text(drift(&f), "");
	int64_t n = 0;
	assert_int_equal(db_int(f.db, "SELECT count(*) FROM shelf WHERE state = 'free' AND code IS NULL", NULL, 0, &n), OK);
	assert_int_equal(n, 1);
	end(&f);
}

static enum rc add(struct fixture *f, int64_t id, const char *barcode, int64_t gone)
{
	return db_exec(f->db, "INSERT INTO volume (id, org, title, barcode, gone) VALUES (?1, 5, 'x', ?2, ?3)",
	               VALS(v_int(id), barcode ? v_text(str_of(barcode)) : v_null(), v_int(gone)), NULL);
}

static void a_unique_key_binds_living_rows_with_a_value(void **state)
{
	struct fixture f = begin(state);
	assert_int_equal(db_script(f.db, draft(&f, NULL)), OK);
	assert_int_equal(add(&f, 1, "A1", 0), OK);
	assert_int_equal(add(&f, 2, NULL, 0), OK);
	assert_int_equal(add(&f, 3, NULL, 0), OK);
	assert_int_equal(add(&f, 4, "A1", 1), OK);
	assert_int_equal(add(&f, 5, "A1", 0), E_CONFLICT);
	assert_int_equal(ddl_unique_clash(&f.mem, &volume, str_of(db_clash(f.db))), 0);
	assert_int_equal(ddl_unique_clash(&f.mem, &shelf, str_of(db_clash(f.db))), -1);
	end(&f);
}

static void references_are_held_and_orphans_found(void **state)
{
	struct fixture f = begin(state);
	struct buf b;
	assert_int_equal(db_script(f.db, draft(&f, NULL)), OK);
	assert_int_equal(db_exec(f.db, "INSERT INTO volume (id, title, shelf) VALUES (1, 'x', 99)", NULL, 0, NULL),
		E_CONFLICT);
	assert_int_equal(db_script(f.db,
		S("DROP TABLE volume; CREATE TABLE volume (id BIGINT, shelf BIGINT); INSERT INTO volume VALUES (1, 99)")), OK);
	buf_init(&b, &f.mem, 4096);
	assert_int_equal(ddl_orphans(f.r, f.db, &f.mem, note, &b), OK);
	assert_text(buf_str(&b), "1 rows of volume have a shelf that does not exist\n");
	end(&f);
}

/* ---- migrations ------------------------------------------------------------------------------------ */

static const instant then = { 1767225600000 };
#define M(module, number, word, sql) { S_INIT(module), S_INIT(word), number, S_INIT(sql) }

static void count_told(void *arg, const struct migration *m)
{
	(void)m;
	++*(int *)arg;
}

static enum rc migrate(struct fixture *f, const struct migration *at, int n, int *told, char why[static 256])
{
	*told = 0;
	return migrate_run(f->db, &f->mem, at, n, then, count_told, told, why);
}

static void each_migration_runs_once(void **state)
{
	static const struct migration list[] = { M("core", 1, "first",
		"CREATE TABLE a (id BIGINT PRIMARY KEY); INSERT INTO a VALUES (1)"),
		M("books", 1, "second", "INSERT INTO a VALUES (2)"), M("books", 2, "third", "INSERT INTO a VALUES (3)") };
	struct fixture f = begin(state);
	char why[256];
	int told, left = -1;
	int64_t n = 0;
	assert_int_equal(migrate_pending(f.db, &f.mem, list, 3, &left, why), OK);
	assert_int_equal(left, 3);
	assert_int_equal(migrate(&f, list, 2, &told, why), OK);
	assert_int_equal(told, 2);
	assert_int_equal(migrate(&f, list, 3, &told, why), OK);
	assert_int_equal(told, 1);
	assert_int_equal(migrate(&f, list, 3, &told, why), OK);
	assert_int_equal(told, 0);
	assert_int_equal(db_int(f.db, "SELECT count(*) FROM a", NULL, 0, &n), OK);
	assert_int_equal(n, 3);
	assert_int_equal(db_int(f.db, "SELECT count(*) FROM schema_version WHERE done = 1767225600000", NULL, 0, &n), OK);
	assert_int_equal(n, 3);
	end(&f);
}

static void a_failed_migration_leaves_nothing_and_is_resumed(void **state)
{
	static const struct migration broken[] = { M("core", 1, "first", "CREATE TABLE a (id BIGINT PRIMARY KEY)"),
		M("core", 2, "second",
			"CREATE TABLE b (id BIGINT PRIMARY KEY); INSERT INTO b VALUES (1); INSERT INTO nowhere VALUES (1)"),
		M("core", 3, "third", "CREATE TABLE c (id BIGINT PRIMARY KEY)") };
	static const struct migration mended[] = { M("core", 1, "first", "CREATE TABLE a (id BIGINT PRIMARY KEY)"),
		M("core", 2, "second", "CREATE TABLE b (id BIGINT PRIMARY KEY); INSERT INTO b VALUES (1)"),
		M("core", 3, "third", "CREATE TABLE c (id BIGINT PRIMARY KEY)") };
	struct fixture f = begin(state);
	char why[256];
	int told;
	assert_int_not_equal(migrate(&f, broken, 3, &told, why), OK);
	assert_int_equal(told, 1);
	assert_non_null(strstr(why, "core/002-second"));
	assert_true(db_has_table(f.db, "a"));
	assert_false(db_has_table(f.db, "b"));
	assert_false(db_has_table(f.db, "c"));
	assert_int_equal(db_depth(f.db), 0);
	assert_int_equal(migrate(&f, mended, 3, &told, why), OK);
	assert_int_equal(told, 2);
	assert_true(db_has_table(f.db, "c"));
	end(&f);
}

static void a_changed_migration_stops(void **state)
{
	static const struct migration list[] = { M("core", 1, "first", "CREATE TABLE a (id BIGINT)"),
		M("core", 2, "second", "CREATE TABLE b (id BIGINT)") };
	static const struct migration changed[] = { M("core", 1, "first", "CREATE TABLE a (id TEXT)"),
		M("core", 2, "second", "CREATE TABLE b (id BIGINT)"),
		M("core", 3, "third", "CREATE TABLE c (id BIGINT)") };
	struct fixture f = begin(state);
	char why[256];
	int told;
	assert_int_equal(migrate(&f, list, 2, &told, why), OK);
	assert_int_equal(migrate(&f, changed, 3, &told, why), E_STATE);
	assert_non_null(strstr(why, "core/001"));
	assert_false(db_has_table(f.db, "c"));
	end(&f);
}

/* The program of the release before, on the schema of the next: it goes on working unless a migration says that it
 * breaks. */
static void an_unknown_migration_stops_only_when_it_breaks(void **state)
{
	static const struct migration list[] = { M("core", 1, "first", "CREATE TABLE a (id BIGINT)"),
		M("core", 2, "more", "ALTER TABLE a ADD COLUMN b BIGINT"),
		M("core", 3, "less-breaks", "ALTER TABLE a DROP COLUMN b") };
	struct fixture f = begin(state);
	char why[256];
	int told, left = -1;
	assert_int_equal(migrate(&f, list, 2, &told, why), OK);
	assert_int_equal(migrate_pending(f.db, &f.mem, list, 1, &left, why), OK);
	assert_int_equal(left, 0);
	assert_int_equal(migrate(&f, list, 1, &told, why), OK);
	assert_int_equal(told, 0);
	assert_int_equal(migrate(&f, list, 3, &told, why), OK);
	assert_int_equal(migrate(&f, list, 2, &told, why), E_STATE);
	assert_non_null(strstr(why, "newer"));
	assert_non_null(strstr(why, "core/003-less-breaks"));
	end(&f);
}

/* Another process with its own connection; 0 when all went well. */
static pid_t migrate_beside(const char *where, const struct migration *at, int n)
{
	pid_t pid = fork();
	if (pid)
		return pid;
	struct db *d;
	struct arena mem;
	char why[256];
	arena_init(&mem, (size_t)16 << 20);
	_exit(db_open(&d, where, 0, why) == OK && migrate_run(d, &mem, at, n, then, NULL, NULL, why) == OK ? 0 : 1);
}

static void two_at_once_run_each_migration_once(void **state)
{
	static struct migration list[12];
	struct engine_state *e = *state;
	struct fixture f = begin(state);
	pid_t pids[3];
	int status;
	int64_t n = 0;
	list[0] = (struct migration)M("core", 1, "first", "CREATE TABLE a (id BIGINT)");
	for (int i = 1; i < 12; i++)
		list[i] = (struct migration){ S("core"), S("more"), i + 1, S("INSERT INTO a VALUES (1)") };
	for (int i = 0; i < 3; i++)
		pids[i] = migrate_beside(e->where, list, 12);
	for (int i = 0; i < 3; i++) {
		waitpid(pids[i], &status, 0);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
	assert_int_equal(db_int(f.db, "SELECT count(*) FROM a", NULL, 0, &n), OK);
	assert_int_equal(n, 11);
	end(&f);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { ON_BOTH(a_drafted_schema_has_no_drift), ON_BOTH(drift_is_named),
		ON_BOTH(a_draft_mends_an_older_schema),
		ON_BOTH(a_unique_key_binds_living_rows_with_a_value), ON_BOTH(references_are_held_and_orphans_found),
		ON_BOTH(each_migration_runs_once),
		ON_BOTH(a_failed_migration_leaves_nothing_and_is_resumed), ON_BOTH(a_changed_migration_stops),
		ON_BOTH(an_unknown_migration_stops_only_when_it_breaks),
		ON_BOTH(two_at_once_run_each_migration_once) };
	(void)argc;
	need_postgres(argv);
	return cmocka_run_group_tests_name("schema", tests, NULL, NULL);
}
