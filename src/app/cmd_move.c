/* cmd_move.c -- khue move: the whole database from one engine to the other; files stay where they are. */
#include "app/backup/depot.h"
#include "app/modules.h"
#include "base/calendar.h"
#include "core/audit.h"
#include "core/dump.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static const struct tr
	MSG_to = { "Thiếu --to ĐỊA_CHỈ: postgres://… hoặc một tệp SQLite chưa có.",
		"--to ADDRESS is missing: postgres://… or an SQLite file that is not there yet." },
	MSG_there = { "{1} đã có.", "{1} is there already." },
	MSG_open = { "Không mở được {1}: {2}", "Cannot open {1}: {2}" },
	MSG_stop = { "Chưa chuyển: {1}. Cơ sở dữ liệu cũ còn nguyên, nơi đến không có gì.",
		"Not moved: {1}. The old database is untouched, the target holds nothing." },
	MSG_table = { "  {1}: {2} dòng, tổng kiểm {3}", "  {1}: {2} rows, sum {3}" },
	MSG_audit = { "nhật ký có dòng sai: {1}", "the history has a broken line: {1}" },
	MSG_live = { "Còn {1} kết nối khác của Khuê vào {2}. Dừng máy chủ trước.",
		"{1} other connections of Khuê to {2} are open. Stop the servers first." },
	MSG_done = { "Đã chuyển {1} bảng, {2} dòng; số dòng và tổng kiểm hai bên bằng nhau. Từ nay dùng: --db {3}",
	             "Moved {1} tables, {2} rows; counts and sums are the same on both sides. From now on: --db {3}" };

struct moving { struct cli *c; struct db *from, *to; struct load load; int64_t rows; int tables; };

static enum rc stop(struct moving *m, enum rc rc)
{
	struct load *l = &m->load;
	str what = l->why ? str_of(m->c->lang == VI ? l->why->vi : l->why->en) : str_of(*db_why(m->to) ? db_why(m->to)
		: db_why(m->from));
	ptrdiff_t at = str_find(what, S("{1}"));
	if (at >= 0)
		what = str_fmt(m->c->mem, "%.*s%.*s%.*s", FMT(str_sub(what, 0, at)), FMT(l->what),
			FMT(str_sub(what, at + 3, -1)));
	return (enum rc)BADF(m->c, rc, &MSG_stop, what);
}

static enum rc one_row(void *arg, str row)
{
	struct moving *m = arg;
	m->rows++;
	return load_row(&m->load, row);
}

static enum rc one_table(struct moving *m, const struct dumped *t)
{
	struct row_sum sum;
	TRY(load_table(&m->load, &t->image, instant_now()));
	TRY(dump_rows(m->from, t, one_row, m, &sum));
	TRY(load_table_end(&m->load, &sum));
	m->tables++;
	SAYF(m->c, &MSG_table, t->image.name, str_fmt(m->c->mem, "%lld", (long long)sum.n),
	     hex_of(m->c->mem, sum.lane, 8));
	return OK;
}

static enum rc copy(struct moving *m, const struct registry *r)
{
	struct migration_image *ran;
	struct dumped *t;
	const char *why;
	int n;
	TRY(dump_begin(m->from));
	TRY(load_begin(&m->load, m->to, m->c->mem, r, NULL));
	TRY(dump_migrations(m->from, m->c->mem, &ran, &n));
	for (int i = 0; i < n; i++)
		TRY(load_migration(&m->load, &ran[i]));
	TRY(dump_tables(m->from, m->c->mem, &t, &n, &why));
	for (int i = 0; i < n; i++)
		TRY(one_table(m, &t[i]));
	return load_end(&m->load, instant_now());
}

static enum rc history_holds(struct moving *m)
{
	struct audit_fault fault;
	int64_t lines;
	enum rc rc = audit_verify(m->to, m->c->mem, &lines, &fault);
	if (rc != E_STATE)
		return rc;
	m->load.why = &MSG_audit;
	m->load.what = str_fmt(m->c->mem, "%lld:%lld %s", (long long)fault.org, (long long)fault.seq, fault.what);
	return rc;
}

static enum rc nobody_works(struct cli *c, struct db *d, const char *where)
{
	int64_t n = 0;
	if (db_kind(d) != DB_POSTGRES)
		return OK;
	TRY(db_int(d,
		"SELECT count(*) FROM pg_stat_activity WHERE application_name = 'khue' AND datname = current_database() "
		"AND pid <> pg_backend_pid()", NULL, 0, &n));
	return n == 0 ? OK : (enum rc)BADF(c, E_STATE, &MSG_live, str_fmt(c->mem, "%lld", (long long)n),
		cli_address(c, where));
}

static enum rc open_both(struct moving *m, const char *to)
{
	char why[256];
	enum rc rc = db_open(&m->from, m->c->where, DB_READ_ONLY | DB_BULK, why);
	if (rc != OK)
		return (enum rc)BADF(m->c, rc, &MSG_open, cli_address(m->c, m->c->where), str_of(why));
	TRY(nobody_works(m->c, m->from, m->c->where));
	rc = db_open(&m->to, to, DB_BULK, why);
	return rc == OK ? OK : (enum rc)BADF(m->c, rc, &MSG_open, cli_address(m->c, to), str_of(why));
}

static enum rc move(struct moving *m, const char *to)
{
	char why[256];
	TRY(open_both(m, to));
	struct registry *r = registry_new(all_modules, why);
	if (!r)
		return (enum rc)BADF(m->c, E_FAULT, &MSG_open, S("registry"), str_of(why));
	enum rc rc = copy(m, r);
	if (rc == OK)
		rc = history_holds(m);
	if (rc == OK)
		rc = load_commit(&m->load);
	if (rc != OK) {
		load_undo(&m->load);
		stop(m, rc);
	}
	db_rollback(m->from);
	registry_free(r);
	return rc;
}

static void close_both(struct moving *m)
{
	db_close(m->from);
	db_close(m->to);
}

/* An SQLite file gets its name when it is whole. */
static enum rc into_place(struct cli *c, const char *beside, const char *to)
{
	int fd = open(beside, O_RDONLY | O_CLOEXEC);
	bool good = fd >= 0 && fsync(fd) == 0 && rename(beside, to) == 0;
	int error = errno;
	if (fd >= 0)
		close(fd);
	return good ? OK : (enum rc)BADF(c, E_FAULT, &MSG_open, str_of(to), str_of(strerror(error)));
}

/* Beside the installation's own file, where its content is now; or no more, when it came back. */
static enum rc leave_mark(struct cli *c, const char *to)
{
	const char *file = path_of(c->mem, "%s/khue.db", c->data), *mark = cli_moved(c);
	str text = str_fmt(c->mem, "%.*s\n", FMT(cli_address(c, to)));

	if (strcmp(to, file) == 0)
		return unlink(mark) == 0 || errno == ENOENT ? OK : (enum rc)BADF(c, E_FAULT, &MSG_open, str_of(mark),
			str_of(strerror(errno)));
	if (strcmp(c->where, file) != 0)
		return OK;
	int fd = open(mark, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	bool good = fd >= 0 && write(fd, text.p, (size_t)text.n) == text.n && fsync(fd) == 0;
	int error = errno;
	if (fd >= 0)
		close(fd);
	return good ? OK : (enum rc)BADF(c, E_FAULT, &MSG_open, str_of(mark), str_of(strerror(error)));
}

int cmd_move(struct cli *c)
{
	struct moving m = { .c = c };
	const char *to = NULL, *file = NULL, *target;
	int serving;
	cli_value(c, "--to", &to);
	if (cli_value(c, "--to-file", &file))
		to = cli_address_in(c, file);
	cli_end(c);
	if (!to)
		return BAD(c, E_INVALID, &MSG_to);
	bool sqlite = strncmp(to, "postgres", 8) != 0;
	if (sqlite && access(to, F_OK) == 0)
		return BADF(c, E_STATE, &MSG_there, str_of(to));
	target = sqlite ? path_of(c->mem, "%s.moving", to) : to;
	if (sqlite)
		unlink(target);
	enum rc rc = serving_none(c, c->data, &serving);
	if (rc != OK)
		return (int)rc;
	rc = move(&m, target);
	close_both(&m);
	if (sqlite && rc == OK)
		rc = into_place(c, target, to);
	else if (sqlite)
		unlink(target);
	if (rc == OK)
		rc = leave_mark(c, to);
	if (serving >= 0)
		close(serving);
	if (rc == OK)
		SAYF(c, &MSG_done, str_fmt(c->mem, "%d", m.tables), str_fmt(c->mem, "%lld", (long long)m.rows),
			cli_address(c, to));
	return (int)rc;
}
