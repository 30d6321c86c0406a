/* archive_test.c -- backups as files: what goes into a vault comes out of it whole or not at all; rows go from one
 * engine to the other and back; which backups are kept. */
#include "engines.h"
/* cmocka's macro of that name gives way to fail() of core/ctx.h */
#undef fail
#include "app/backup/prune.h"
#include "app/modules.h"
#include "base/calendar.h"
#include "core/dump.h"
#include "core/migrate.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

static int in_memory(void)
{
	int fd = memfd_create("vault", MFD_CLOEXEC);
	assert_true(fd >= 0);
	return fd;
}

static enum rc read_vault(struct arena *mem, int fd, const struct vault_secret *s, int64_t *ret_n)
{
	struct vault_in *v = NEW(mem, struct vault_in);
	str piece;
	lseek(fd, 0, SEEK_SET);
	*ret_n = 0;
	TRY(vault_open(v, mem, fd, s));
	do {
		TRY(vault_get(v, &piece));
		*ret_n += piece.n;
	} while (piece.n);
	return OK;
}

static int64_t write_vault(struct arena *mem, int fd, const struct vault_key *key, int64_t n)
{
	struct vault_out *v = NEW(mem, struct vault_out);
	char *p = arena_alloc(mem, (size_t)n + 1, 1);
	for (int64_t i = 0; i < n; i++)
		p[i] = (char)(i * i >> 7);
	assert_int_equal(vault_begin(v, mem, fd, key), OK);
	assert_int_equal(vault_put(v, (str){ p, n }), OK);
	assert_int_equal(vault_end(v), OK);
	return v->size;
}

static void what_goes_in_comes_out(void **state)
{
	static const int64_t sizes[] = { 0, 1, 65, VAULT_PIECE - 1, VAULT_PIECE, VAULT_PIECE + 1, 3 * VAULT_PIECE };
	struct vault_key key;
	struct vault_secret s;
	struct arena mem;
	int64_t n;
	(void)state;
	arena_init(&mem, (size_t)64 << 20);
	vault_pair(&key, &s);
	for (int i = 0; i < (int)COUNT(sizes); i++) {
		int fd = in_memory();
		write_vault(&mem, fd, &key, sizes[i]);
		assert_int_equal(read_vault(&mem, fd, &s, &n), OK);
		assert_int_equal(n, sizes[i]);
		assert_int_equal(vault_whole(&mem, fd), OK);
		close(fd);
		arena_reset(&mem);
	}
	arena_free(&mem);
}

static void every_flipped_byte_and_every_cut_is_refused(void **state)
{
	struct vault_key key;
	struct vault_secret s;
	struct arena mem;
	int64_t n;
	(void)state;
	arena_init(&mem, (size_t)64 << 20);
	vault_pair(&key, &s);
	int fd = in_memory();
	int64_t size = write_vault(&mem, fd, &key, 400);
	for (int64_t at = 0; at < size; at++) {
		uint8_t was, now;
		arena_reset(&mem);
		assert_int_equal(pread(fd, &was, 1, at), 1);
		now = was ^ (uint8_t)(1 << (at & 7));
		assert_int_equal(pwrite(fd, &now, 1, at), 1);
		assert_int_not_equal(read_vault(&mem, fd, &s, &n), OK);
		assert_int_not_equal(vault_whole(&mem, fd), OK);
		assert_int_equal(pwrite(fd, &was, 1, at), 1);
	}
	assert_int_equal(read_vault(&mem, fd, &s, &n), OK);
	for (int64_t at = size - 1; at >= 0; at--) {
		arena_reset(&mem);
		assert_int_equal(ftruncate(fd, at), 0);
		assert_int_not_equal(read_vault(&mem, fd, &s, &n), OK);
		assert_int_not_equal(vault_whole(&mem, fd), OK);
	}
	close(fd);
	arena_free(&mem);
}

static void another_key_opens_nothing(void **state)
{
	struct vault_key key, other;
	struct vault_secret s, wrong;
	struct arena mem;
	int64_t n;
	(void)state;
	arena_init(&mem, (size_t)64 << 20);
	vault_pair(&key, &s);
	vault_pair(&other, &wrong);
	int fd = in_memory();
	write_vault(&mem, fd, &key, 1000);
	assert_int_equal(read_vault(&mem, fd, &wrong, &n), E_DENIED);
	assert_int_equal(n, 0);
	assert_false(vault_fits(&key, &wrong));
	struct vault_key again;
	struct vault_secret s2;
	assert_true(vault_key_read(vault_key_text(&mem, &key), &again) && vault_fits(&again, &s));
	assert_true(vault_secret_read(vault_secret_text(&mem, &s), &s2) && vault_fits(&key, &s2));
	assert_false(vault_key_read(S("khue-backup-public-1 00"), &again));
	assert_false(vault_secret_read(vault_key_text(&mem, &key), &s2));
	close(fd);
	arena_free(&mem);
}

static void a_passphrase_makes_the_same_key_again(void **state)
{
	struct vault_key key = { 0 }, told;
	struct vault_secret s, again, wrong;
	(void)state;
	assert_true(vault_pair_of(S("bảy con vịt qua sông"), &key, &s));
	told = key;
	assert_true(vault_pair_of(S("bảy con vịt qua sông"), &told, &again));
	assert_true(vault_fits(&key, &again));
	told = key;
	assert_true(vault_pair_of(S("tám con vịt qua sông"), &told, &wrong));
	assert_false(vault_fits(&key, &wrong));
}

/* ---- rows ------------------------------------------------------------------------------------------- */

struct copying { struct load load; };

static enum rc copy_row(void *arg, str row)
{
	return load_row(&((struct copying *)arg)->load, row);
}

/* Everything of one database into another, as khue move does it. */
static enum rc copy_all(struct db *from, struct db *to, struct arena *mem, const struct registry *r, struct copying *c)
{
	struct migration_image *ran;
	struct dumped *t;
	const char *why;
	int n;
	TRY(dump_begin(from));
	TRY(load_begin(&c->load, to, mem, r, NULL));
	TRY(dump_migrations(from, mem, &ran, &n));
	for (int i = 0; i < n; i++)
		TRY(load_migration(&c->load, &ran[i]));
	TRY(dump_tables(from, mem, &t, &n, &why));
	for (int i = 0; i < n; i++) {
		struct row_sum sum;
		TRY(load_table(&c->load, &t[i].image, (instant){ 5 }));
		TRY(dump_rows(from, &t[i], copy_row, c, &sum));
		TRY(load_table_end(&c->load, &sum));
	}
	return load_end(&c->load, (instant){ 5 });
}

static const char *const odd_rows =
	"INSERT INTO series (name, last) VALUES ('', -9223372036854775807); INSERT INTO series (name, last) VALUES "
		"('Ngữ Văn “10”''', 9223372036854775807);"
	"INSERT INTO notice (id, account, vi, en, link, made) VALUES (1, 2, '', 'x', NULL, 0);"
	"INSERT INTO outbox (id, address, subject, body, made, due) VALUES (7, 'a', 'Đề', 'dòng 1\ndòng 2', 1, 2);";

static void fill(struct db *d, struct arena *mem, const struct registry *r)
{
	const struct migration *list;
	char why[256];
	int n = migrations_embedded(mem, r, &list);
	assert_int_equal(migrate_run(d, mem, list, n, (instant){ 77 }, NULL, NULL, why), OK);
	assert_int_equal(db_script(d, str_of(odd_rows)), OK);
	for (int i = 0; i < 3000; i++) {
		char key[5] = { (char)(i >> 8), (char)i, 0, (char)0xff, (char)(i % 7) };
		assert_int_equal(db_exec(d, "INSERT INTO search (org, key, entity, item) VALUES (?1, ?2, 'person', ?3)",
		                         VALS(v_int(i % 3), v_blob((str){ key, 1 + i % 5 }), v_int(i)), NULL), OK);
	}
}

static void sums(struct db *d, struct arena *mem, struct buf *b)
{
	struct dumped *t;
	const char *why;
	int n;
	assert_int_equal(dump_tables(d, mem, &t, &n, &why), OK);
	assert_true(n > 40);
	for (int i = 0; i < n; i++) {
		struct row_sum s;
		assert_int_equal(dump_rows(d, &t[i], NULL, NULL, &s), OK);
		put_fmt(b, "%.*s %lld %016llx\n", FMT(t[i].image.name), (long long)s.n, (unsigned long long)s.lane[2]);
	}
}

struct two { struct arena mem; struct registry *r; struct db *from, *to; char path[80]; };

static struct two two_databases(void **state)
{
	struct two w = { .from = engine_db(state) };
	char why[256];
	arena_init(&w.mem, (size_t)256 << 20);
	w.r = registry_new(all_modules, why);
	assert_non_null(w.r);
	strcpy(w.path, "/tmp/khue-dump.XXXXXX");
	int fd = mkstemp(w.path);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(db_open(&w.to, w.path, DB_BULK, why), OK);
	fill(w.from, &w.mem, w.r);
	return w;
}

static void end_two(struct two *w)
{
	db_close(w->to);
	unlink(w->path);
	registry_free(w->r);
	arena_free(&w->mem);
}

static void rows_arrive_as_they_were(void **state)
{
	struct two w = two_databases(state);
	struct copying c;
	struct buf a, b;
	buf_init(&a, &w.mem, 1 << 20);
	buf_init(&b, &w.mem, 1 << 20);
	assert_int_equal(copy_all(w.from, w.to, &w.mem, w.r, &c), OK);
	assert_int_equal(load_commit(&c.load), OK);
	db_rollback(w.from);
	sums(w.from, &w.mem, &a);
	sums(w.to, &w.mem, &b);
	assert_int_equal(a.n, b.n);
	assert_memory_equal(a.p, b.p, a.n);
	/* and the indexes are back */
	int64_t n = 0;
	assert_int_equal(db_int(w.to,
		"SELECT count(*) FROM sqlite_master WHERE type = 'index' AND name = 'audit_item_idx'", NULL, 0, &n), OK);
	assert_int_equal(n, 1);
	/* and back into what they came from, which is not empty any more */
	struct copying back;
	assert_int_equal(copy_all(w.to, w.from, &w.mem, w.r, &back), E_STATE);
	load_undo(&back.load);
	end_two(&w);
}

static void what_differs_afterwards_is_found(void **state)
{
	struct two w = two_databases(state);
	struct copying c;
	struct dumped *t;
	struct migration_image *ran;
	const char *why;
	int n;
	assert_int_equal(dump_begin(w.from), OK);
	assert_int_equal(load_begin(&c.load, w.to, &w.mem, w.r, NULL), OK);
	assert_int_equal(dump_migrations(w.from, &w.mem, &ran, &n), OK);
	for (int i = 0; i < n; i++)
		assert_int_equal(load_migration(&c.load, &ran[i]), OK);
	assert_int_equal(dump_tables(w.from, &w.mem, &t, &n, &why), OK);
	for (int i = 0; i < n; i++) {
		struct row_sum sum;
		assert_int_equal(load_table(&c.load, &t[i].image, (instant){ 5 }), OK);
		assert_int_equal(dump_rows(w.from, &t[i], copy_row, &c, &sum), OK);
		assert_int_equal(load_table_end(&c.load, &sum), OK);
	}
	assert_int_equal(db_script(w.to, S("UPDATE outbox SET body = 'dòng 1\ndòng 3'")), OK);
	assert_int_equal(load_end(&c.load, (instant){ 5 }), E_STATE);
	assert_true(str_is(c.load.what, "outbox"));
	load_undo(&c.load);
	bool empty = false;
	assert_int_equal(load_is_empty(w.to, &empty), OK);
	assert_true(empty);
	db_rollback(w.from);
	end_two(&w);
}

static void a_newer_or_changed_migration_is_refused(void **state)
{
	struct two w = two_databases(state);
	struct load l;
	struct table_image t = { S("series"), (struct column_image[]){ { S("name"), 't' }, { S("last"), 'i' } }, 2 };
	struct migration_image strange = { S("core"), S("later"),
		S("0000000000000000000000000000000000000000000000000000000000000000"), 900 };
	assert_int_equal(load_begin(&l, w.to, &w.mem, w.r, NULL), OK);
	assert_int_equal(load_migration(&l, &strange), OK);
	assert_int_equal(load_table(&l, &t, (instant){ 5 }), E_STATE);
	assert_non_null(strstr(l.why->en, "newer"));
	load_undo(&l);
	strange.number = 1;
	assert_int_equal(load_begin(&l, w.to, &w.mem, w.r, NULL), OK);
	assert_int_equal(load_migration(&l, &strange), OK);
	assert_int_equal(load_table(&l, &t, (instant){ 5 }), E_STATE);
	load_undo(&l);
	end_two(&w);
}

/* ---- which are kept ----------------------------------------------------------------------------------- */

static void the_newest_of_each_period_stay(void **state)
{
	struct snapshot list[400];
	bool kept[400];
	struct keep k = { 3, 2, 4 };
	int n = 0, days = 0;
	(void)state;
	/* two a day for 200 days, newest first */
	for (int i = 0; i < 400; i++)
		list[i] = (struct snapshot){ .made = { INT64_C(1767225600000) - (int64_t)i * 43200000 } };
	backups_kept(&k, list, 400, kept);
	assert_true(kept[0]);
	for (int i = 0; i < 400; i++) {
		n += kept[i];
		days += kept[i] && i < 6;
	}
	assert_int_equal(days, 3);
	assert_true(n >= 6 && n <= 3 + 2 + 4);
	/* one month back there is exactly one of that month: its newest */
	int64_t months[8] = { 0 };
	for (int i = 8; i < 400; i++) {
		if (kept[i])
			months[day_ymd(day_at(list[i].made)).m % 8]++;
	}
	for (int i = 0; i < 8; i++)
		assert_true(months[i] <= 2);
	k = (struct keep){ 1, 0, 0 };
	backups_kept(&k, list, 400, kept);
	for (int i = 1; i < 400; i++)
		assert_false(kept[i]);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(what_goes_in_comes_out),
		cmocka_unit_test(every_flipped_byte_and_every_cut_is_refused),
		cmocka_unit_test(another_key_opens_nothing), cmocka_unit_test(a_passphrase_makes_the_same_key_again),
		ON_BOTH(rows_arrive_as_they_were),
		ON_BOTH(what_differs_afterwards_is_found), ON_BOTH(a_newer_or_changed_migration_is_refused),
		cmocka_unit_test(the_newest_of_each_period_stay) };
	(void)argc;
	need_postgres(argv);
	if (!hash_init())
		return 1;
	return cmocka_run_group_tests_name("archive", tests, NULL, NULL);
}
