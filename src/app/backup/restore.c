/* restore.c -- see restore.h. */
#include "app/backup/restore.h"
#include "app/modules.h"
#include "base/calendar.h"
#include "core/audit.h"
#include "core/checkpoint.h"
#include "mod/results/folder.h"
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const struct tr
	MSG_open = { "Không mở được {1}: {2}", "Cannot open {1}: {2}" },
	MSG_bad = { "Không khôi phục: bản sao lưu {1} hỏng: {2}. Dữ liệu hiện có còn nguyên.",
		"Not restored: backup {1} is damaged: {2}. What was there is untouched." },
	MSG_load = { "Không khôi phục: {1}. Dữ liệu hiện có còn nguyên.",
		"Not restored: {1}. What was there is untouched." },
	MSG_not_empty = { "{1} đã có dữ liệu. Thêm --over để thay bằng bản sao lưu (dữ liệu cũ được giữ lại bên cạnh).",
	                  "{1} already holds data. Add --over to replace it by the backup (the old data is kept beside "
		"it)." },
	MSG_sqlite_place = { "Với SQLite, cơ sở dữ liệu được khôi phục vào {1}/khue.db; đừng dùng --db với tệp khác.",
	                     "With SQLite the database is restored to {1}/khue.db; do not name another file by --db." },
	MSG_live = { "Còn {1} kết nối của Khuê vào cơ sở dữ liệu này. Dừng mọi máy chủ Khuê trước.",
		"{1} connections of Khuê to this database are open. Stop every Khuê server first." },
	MSG_secret = { "bản sao lưu không có khóa của hệ thống (secret)", "the backup lacks the installation's secret" },
	MSG_progress = { "  {1}% · {2}", "  {1}% · {2}" };

/* ---- telling ------------------------------------------------------------------------------------------------ */

static enum rc no(struct restoring *r, enum rc rc, const struct tr *why, str what)
{
	struct arena *mem = r->c->mem;
	const char *p = r->c->lang == VI ? why->vi : why->en, *at = strstr(p, "{1}");
	str text = at ? str_fmt(mem, "%.*s%.*s%s", (int)(at - p), p, FMT(what), at + 3) : str_of(p);
	return (enum rc)BADF(r->c, rc, &MSG_load, text);
}

static enum rc damaged(struct restoring *r, enum rc rc, const struct tr *why)
{
	const char *words = !why ? strerror(errno) : r->c->lang == VI ? why->vi : why->en;
	return (enum rc)BADF(r->c, rc == OK ? E_INVALID : rc, &MSG_bad, str_of(r->from.name), str_of(words));
}

static void progress(struct restoring *r, str doing)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	int64_t now = (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
	if (r->told_ms == 0)
		r->told_ms = now;
	if (now - r->told_ms < 2000)
		return;
	r->told_ms = now;
	int64_t all = r->from.rows + r->from.files, done = r->rows + r->files;
	SAYF(r->c, &MSG_progress, str_fmt(r->c->mem, "%d", all ? (int)(done * 100 / all) : 100), doing);
}

/* ---- records -------------------------------------------------------------------------------------------------- */

static enum rc more(void *arg, str *ret)
{
	struct restoring *r = arg;
	enum rc rc = vault_get(&r->vault, ret);
	if (rc != OK)
		r->in.why = r->vault.why;
	return rc;
}

static enum rc loaded(struct restoring *r, enum rc rc)
{
	return rc == OK ? OK : r->load.why ? no(r, rc, r->load.why, r->load.what)
		: no(r, rc, &(struct tr){ "{1}", "{1}" }, str_of(db_why(r->db)));
}

static enum rc take(struct restoring *r, const struct record *x)
{
	switch (x->kind) {
	case 'S': return loaded(r, load_migration(&r->load, &x->migration));
	case 'T': r->tables++; return loaded(r, load_table(&r->load, &x->table, instant_now()));
	case 'E': return loaded(r, load_table_end(&r->load, &x->sum));
	case 'F': r->files++; progress(r, x->file.path); return restore_file(r, &x->file);
	case 'R':
		if ((++r->rows & 1023) == 0)
			progress(r, r->load.table.name);
		return loaded(r, load_row(&r->load, x->text));
	default: return OK;
	}
}

static enum rc read_records(struct restoring *r)
{
	struct record x;
	char last = 0;
	do {
		enum rc rc = archive_next(&r->in, &x);
		if (rc != OK)
			return damaged(r, rc, r->in.why);
		if ((x.kind == 'F' || x.kind == 'Z') && last != 'F')
			TRY(loaded(r, load_end(&r->load, instant_now())));
		TRY(take(r, &x));
		last = x.kind ? x.kind : last;
	} while (x.kind);
	return OK;
}

static enum rc read_backup(struct restoring *r)
{
	const char *path = path_of(r->c->mem, "%s/%s/data", r->depot->dir, r->from.name);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return (enum rc)BADF(r->c, E_MISSING, &MSG_open, str_of(path), str_of(strerror(errno)));
	enum rc rc = vault_open(&r->vault, r->c->mem, fd, &r->secret);
	if (rc != OK) {
		rc = damaged(r, rc, r->vault.why);
	} else {
		archive_open(&r->in, more, r);
		rc = read_records(r);
		archive_close(&r->in);
	}
	close(fd);
	return rc;
}

/* ---- what came is looked at as a whole
 * ---------------------------------------------------------------------------- */

static enum rc audit_holds(struct restoring *r)
{
	struct audit_fault fault = { 0 };
	uint8_t secret[32];
	str key;
	if (!read_file(&r->mem, r->stage, "secret", 64, &key) || key.n != 32)
		return no(r, E_STATE, &MSG_secret, S(""));
	memcpy(secret, key.p, 32);
	enum rc rc = audit_verify(r->db, &r->mem, &r->lines, &fault);
	if (rc == OK)
		rc = checkpoint_verify(r->db, &r->mem, r->stage, secret, &r->seals, &fault);
	sodium_memzero(secret, sizeof secret);
	if (rc == E_STATE)
		return (enum rc)BADF(r->c, rc, &MSG_load, str_fmt(r->c->mem, r->c->lang == VI
			? "nhật ký của đơn vị %lld sai từ dòng %lld: %s"
			: "the history of organisation %lld is broken from line %lld: %s", (long long)fault.org,
			(long long)fault.seq, fault.what));
	return rc == OK ? OK : no(r, rc, &(struct tr){ "{1}", "{1}" }, str_of(db_why(r->db)));
}

/* Rows of `file` whose content did not come along: thrown away between the snapshot and the copying, or lost before. */
static enum rc count_missing(struct restoring *r)
{
	struct rows rows;
	TRY(db_query(r->db, "SELECT sha256 FROM file ORDER BY id", NULL, 0, &rows));
	while (rows_next(&rows)) {
		str sha = rows_text(&rows, 0);
		char path[4200];
		if (sha.n == 64 && snprintf(path, sizeof path, "%s/files/%.2s/%.2s/%.*s", r->stage, sha.p, sha.p + 2,
			FMT(sha)) > 0)
			r->missing += access(path, F_OK) != 0;
	}
	return rows_end(&rows);
}

/* ---- where to ---------------------------------------------------------------------------------------------------- */

static bool is_postgres(const char *where)
{
	return str_starts(str_of(where), S("postgres://")) || str_starts(str_of(where), S("postgresql://"));
}

static enum rc nobody_works(struct restoring *r)
{
	int64_t n = 0;
	if (db_kind(r->db) != DB_POSTGRES)
		return OK;
	TRY(db_int(r->db,
		"SELECT count(*) FROM pg_stat_activity WHERE application_name = 'khue' AND datname = current_database() "
		"AND pid <> pg_backend_pid()", NULL, 0, &n));
	return n == 0 ? OK : (enum rc)BADF(r->c, E_STATE, &MSG_live, str_fmt(r->c->mem, "%lld", (long long)n));
}

static enum rc open_target(struct restoring *r)
{
	char why[256];
	bool empty = true, postgres = is_postgres(r->where);
	const char *where = postgres ? r->where : path_of(r->c->mem, "%s/khue.db", r->stage);
	enum rc rc = db_open(&r->db, where, DB_BULK, why);
	if (rc != OK)
		return (enum rc)BADF(r->c, rc, &MSG_open, cli_address(r->c, where), str_of(why));
	TRY(nobody_works(r));
	rc = load_is_empty(r->db, &empty);
	if (rc == OK && !empty && !r->over)
		return (enum rc)BADF(r->c, E_STATE, &MSG_not_empty, cli_address(r->c, r->where));
	if (rc == OK)
		rc = load_begin(&r->load, r->db, r->c->mem, r->registry, empty ? NULL : path_of(r->c->mem, "khue_before_%.8s",
			r->token));
	return loaded(r, rc);
}

static enum rc make_stage(struct restoring *r)
{
	if (!remove_tree(r->stage) || !make_folder(r->stage))
		return (enum rc)BADF(r->c, errno == ENOSPC ? E_LIMIT : E_FAULT, &MSG_open, str_of(r->stage),
			str_of(strerror(errno)));
	return OK;
}

/* The last step of the database. PostgreSQL: the schema carries the token, so that a next run knows whether it was
 * taken. */
static enum rc commit(struct restoring *r)
{
	str ready = str_fmt(r->c->mem, "%s %s\n", r->token, r->from.name);
	if (db_kind(r->db) == DB_POSTGRES) {
		struct buf b;
		buf_init(&b, r->c->mem, 1024);
		put_fmt(&b,
			"DO $$ BEGIN EXECUTE format('COMMENT ON SCHEMA %%I IS %%L', current_schema(), 'khue restore %s'); END $$",
			r->token);
		TRY(loaded(r, db_script(r->db, buf_str(&b))));
		TRY(put_file(r->c, r->stage, "ready", ready, 0600));
		return loaded(r, load_commit(&r->load));
	}
	TRY(loaded(r, load_commit(&r->load)));
	db_close(r->db);
	r->db = NULL;
	int fd = open(path_of(r->c->mem, "%s/khue.db", r->stage), O_RDONLY | O_CLOEXEC);
	bool good = fd >= 0 && fsync(fd) == 0;
	if (fd >= 0)
		close(fd);
	return good ? put_file(r->c, r->stage, "ready", ready, 0600) : damaged(r, E_FAULT, NULL);
}

/* Who was signed out, locked or given a new password since the backup is not let in again by a cookie from before. A
 * backup of an earlier release may lack one of the tables. */
static enum rc sign_out_all(struct restoring *r)
{
	static const char *const ends[][2] = { { "session", "UPDATE session SET gone = 1 WHERE gone = 0" },
		{ "trusted", "UPDATE trusted SET gone = 1 WHERE gone = 0" } };
	for (ptrdiff_t i = 0; i < COUNT(ends); i++)
		if (db_has_table(r->db, ends[i][0]))
			TRY(db_exec(r->db, ends[i][1], NULL, 0, NULL));
	return OK;
}

static enum rc build(struct restoring *r)
{
	TRY(make_stage(r));
	TRY(open_target(r));
	TRY(read_backup(r));
	TRY(audit_holds(r));
	TRY(count_missing(r));
	TRY(loaded(r, sign_out_all(r)));
	return commit(r);
}

/* A run before this one was killed after its last check: true when only the swap of folders is left to do, or its
 * end. */
static enum rc was_ready(struct restoring *r, bool *ret)
{
	str text, token, name;
	char why[256];
	struct rows rows;
	*ret = false;
	bool staged = read_file(r->c->mem, r->stage, "ready", 4096, &text), swapped = !staged &&
		read_file(r->c->mem, r->data, "ready", 4096, &text);
	if ((!staged && !swapped) || !str_cut(str_trim(text), ' ', &token, &name))
		return OK;
	if (swapped) {
		*ret = str_is(name, r->from.name);
		return OK;
	}
	if (!is_postgres(r->where)) {
		*ret = str_is(name, r->from.name);
		return OK;
	}
	struct db *d;
	enum rc rc = db_open(&d, r->where, 0, why);
	if (rc != OK)
		return (enum rc)BADF(r->c, rc, &MSG_open, cli_address(r->c, r->where), str_of(why));
	rc = db_query(d, "SELECT obj_description(current_schema()::regnamespace, 'pg_namespace')", NULL, 0, &rows);
	if (rc == OK && rows_next(&rows))
		*ret = str_eq(rows_text(&rows, 0), str_fmt(r->c->mem, "khue restore %.*s", FMT(token)));
	if (rc == OK)
		rc = rows_end(&rows);
	db_close(d);
	return rc;
}

static enum rc run_locked(struct restoring *r)
{
	bool ready = false;
	TRY(was_ready(r, &ready));
	if (!ready && !r->over && !folder_is_bare(r->data))
		return (enum rc)BADF(r->c, E_STATE, &MSG_not_empty, str_of(r->data));
	enum rc rc = ready ? OK : build(r);
	if (rc != OK)
		load_undo(&r->load);
	if (r->db)
		db_close(r->db);
	r->db = NULL;
	if (rc != OK) {
		remove_tree(r->stage);
		return rc;
	}
	return restore_swap(r);
}

enum rc restore_run(struct restoring *r)
{
	char why[256];
	uint8_t any[16];
	int serving;
	if (!is_postgres(r->where) && strcmp(r->where, path_of(r->c->mem, "%s/khue.db", r->data)) != 0)
		return (enum rc)BADF(r->c, E_INVALID, &MSG_sqlite_place, str_of(r->data));
	random_bytes(any, sizeof any);
	snprintf(r->token, sizeof r->token, "%.*s", FMT(hex_of(r->c->mem, any, sizeof any)));
	r->within = folder_is_fixed(r->data);
	r->stage = path_of(r->c->mem, r->within ? "%s/.restore" : "%s.restore", r->data);
	TRY(serving_none(r->c, r->data, &serving));
	r->registry = registry_new(all_modules, why);
	arena_init(&r->mem, (size_t)1 << 30);
	arena_init(&r->file_mem, (size_t)64 << 20);
	enum rc rc = r->registry ? run_locked(r) : no(r, E_FAULT, &(struct tr){ "{1}", "{1}" }, str_of(why));
	if (r->registry)
		registry_free(r->registry);
	arena_free(&r->file_mem);
	arena_free(&r->mem);
	if (serving >= 0)
		close(serving);
	return rc;
}
