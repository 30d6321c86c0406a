/* store_tables.c -- see store.h: rows. */
#include "app/backup/store.h"
#include "core/dump.h"
#include "core/migrate.h"
#include <stdio.h>
#include <time.h>

static const struct tr
	MSG_progress = { "  {1}% · {2}", "  {1}% · {2}" },
	MSG_db = { "Không đọc được cơ sở dữ liệu: {1}", "Cannot read the database: {1}" },
	MSG_foreign = { "Bảng {1} không thuộc Khuê nên không được sao lưu.", "Table {1} is not of Khuê and is left out." },
	MSG_newer = { "Cơ sở dữ liệu mới hơn chương trình này; hãy sao lưu bằng phiên bản mới.",
		"The database is newer than this program; back it up with the new version." };

static int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void store_progress(struct backing *b)
{
	int64_t now = now_ms();
	char percent[24];
	if (b->told_ms == 0)
		b->told_ms = now;
	if (now - b->told_ms < 2000)
		return;
	b->told_ms = now;
	snprintf(percent, sizeof percent, "%d", b->rows_all ? (int)(b->rows * 100 / b->rows_all) : 100);
	SAYF(b->c, &MSG_progress, str_of(percent), b->doing);
}

static enum rc one_row(void *arg, str row)
{
	struct backing *b = arg;
	if ((++b->rows & 1023) == 0)
		store_progress(b);
	return archive_row(&b->out, row);
}

static enum rc one_table(struct backing *b, struct db *d, const struct dumped *t)
{
	struct row_sum sum;
	b->doing = t->image.name;
	TRY(archive_table(&b->out, &t->image));
	TRY(dump_rows(d, t, one_row, b, &sum));
	return archive_table_end(&b->out, &sum);
}

/* The tables that this program's migrations make: worked out on an empty database in memory. */
static enum rc our_tables(struct backing *b, struct db **ret)
{
	const struct migration *list;
	char why[256] = "";
	int n = migrations_embedded(b->c->mem, b->app->registry, &list);
	TRY(db_open(ret, ":memory:", 0, why));
	enum rc rc = migrate_run(*ret, b->c->mem, list, n, (instant){ 1 }, NULL, NULL, why);
	if (rc != OK)
		db_close(*ret);
	return rc;
}

static enum rc migrations(struct backing *b, struct db *d)
{
	struct migration_image *ran;
	const struct migration *list;
	int n_ran, n = migrations_embedded(b->c->mem, b->app->registry, &list);
	TRY(dump_migrations(d, b->c->mem, &ran, &n_ran));
	for (int i = 0; i < n_ran; i++) {
		int k = 0;
		while (k < n && !(str_eq(list[k].module, ran[i].module) && list[k].number == ran[i].number))
			k++;
		if (k == n)
			return (enum rc)BAD(b->c, E_STATE, &MSG_newer);
		TRY(archive_migration(&b->out, &ran[i]));
	}
	return OK;
}

static enum rc keep_ours(struct backing *b, struct dumped *t, int *n)
{
	struct db *ours;
	int kept = 0;
	TRY(our_tables(b, &ours));
	for (int i = 0; i < *n; i++) {
		if (db_has_table(ours, str_z(b->c->mem, t[i].image.name)))
			t[kept++] = t[i];
		else
			BADF(b->c, E_STATE, &MSG_foreign, t[i].image.name);
	}
	db_close(ours);
	*n = kept;
	return OK;
}

static enum rc in_snapshot(struct backing *b, struct db *d)
{
	struct dumped *t;
	const char *why = "";
	int n;
	TRY(dump_begin(d));
	TRY(migrations(b, d));
	enum rc rc = dump_tables(d, b->c->mem, &t, &n, &why);
	if (rc == E_STATE)
		return (enum rc)BADF(b->c, rc, &MSG_db, str_of(why));
	TRY(rc);
	TRY(keep_ours(b, t, &n));
	for (int i = 0; i < n; i++) {
		int64_t rows = 0;
		TRY(db_int(d, str_z(b->c->mem, str_fmt(b->c->mem, "SELECT count(*) FROM \"%.*s\"", FMT(t[i].image.name))),
			NULL, 0, &rows));
		b->rows_all += rows;
	}
	for (int i = 0; i < n; i++)
		TRY(one_table(b, d, &t[i]));
	return OK;
}

enum rc store_tables(struct backing *b)
{
	struct db *d;
	char why[256];
	enum rc rc = db_open(&d, b->c->where, DB_READ_ONLY | DB_BULK, why);
	if (rc != OK)
		return (enum rc)BADF(b->c, rc, &MSG_db, str_of(why));
	rc = in_snapshot(b, d);
	if (rc != OK && *db_why(d) && !b->out.vault.error)
		BADF(b->c, rc, &MSG_db, str_of(db_why(d)));
	if (db_depth(d))
		db_rollback(d);
	db_close(d);
	return rc;
}
