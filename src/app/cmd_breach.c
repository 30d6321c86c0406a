/* cmd_breach.c -- khue breach: who was affected by a theft of data, in which hours, which columns; from the log of
 * reads. */
#include "app/boot.h"
#include "base/calendar.h"
#include "base/csv.h"
#include "core/registry.h"
#include "mod/auth/auth.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const struct tr
	MSG_window = { "Cần --since và --until: ngày, hoặc ngày giờ (\"05/09/2026 14:30\").",
		"--since and --until are needed: a day, or a day and time (\"05/09/2026 14:30\")." },
	MSG_out = { "Cần --out TỆP.csv", "--out FILE.csv is needed" },
	MSG_login = { "Không có tài khoản \"{1}\".", "There is no account \"{1}\"." },
	MSG_open = { "Không ghi được {1}: {2}", "Cannot write {1}: {2}" },
	MSG_failed = { "Không đọc được nhật ký xem: {1}", "Cannot read the log of reads: {1}" },
	MSG_done = { "{1} hồ sơ bị xem {2} lần trong khoảng này: {3}",
		"{1} records were read {2} times in this window: {3}" };

struct touched { int64_t id, first, last, times; const struct meta *m; bool taken; /* exported or printed */ };
struct pack { struct cli *cli; struct ctx *c; struct touched *at; int64_t n, cap, reads; };

static bool read_moment(struct ctx *c, const char *s, bool end, instant *ret)
{
	day d;

	if (!s)
		return false;
	if (instant_read(str_of(s), ret))
		return true;
	if (!day_read(str_of(s), c->today, &d))
		return false;
	ret->v = ((int64_t)d.v + (end ? 1 : 0)) * 86400000 - 7 * 3600000;
	return true;
}

static void touch(struct pack *p, const struct meta *m, int64_t id, int64_t at, bool taken)
{
	if (p->n == p->cap) {
		p->cap = p->cap ? 2 * p->cap : 4096;
		p->at = realloc(p->at, (size_t)p->cap * sizeof *p->at);
		if (!p->at)
			abort();
	}
	p->at[p->n++] = (struct touched){ id, at, at, 1, m, taken };
	p->reads++;
}

static enum rc gather(struct pack *p, instant since, instant until, int64_t account_)
{
	struct rows r;
	struct registry *g = p->c->app->registry;

	TRY(db_query(p->c->db,
		"SELECT at, entity, item, items, verb FROM seen WHERE at >= ?1 AND at < ?2 AND (user_id = ?3 OR ?3 = 0) "
			"ORDER BY at",
		VALS(v_int(since.v), v_int(until.v), v_int(account_)), &r));
	while (rows_next(&r)) {
		const struct meta *m = registry_entity(g, rows_text(&r, 1));
		int64_t at = rows_int(&r, 0), id;
		bool taken = !str_is(rows_text(&r, 4), "read");
		str left = rows_text(&r, 3), one;

		if (m && rows_int(&r, 2))
			touch(p, m, rows_int(&r, 2), at, taken);
		while (m && left.n) {
			str_cut(left, ',', &one, &left);
			if (str_to_int(one, &id))
				touch(p, m, id, at, taken);
		}
	}
	return rows_end(&r);
}

static int order(const void *a, const void *b)
{
	const struct touched *x = a, *y = b;

	if (x->m != y->m)
		return x->m->index < y->m->index ? -1 : 1;
	return x->id != y->id ? (x->id < y->id ? -1 : 1) : (x->first > y->first) - (x->first < y->first);
}

/* One line a row: first, last, how often. */
static void fold(struct pack *p)
{
	int64_t k = 0;

	if (p->n)
		qsort(p->at, (size_t)p->n, sizeof *p->at, order);
	for (int64_t i = 1; i < p->n; i++) {
		struct touched *into = &p->at[k];

		if (p->at[i].m != into->m || p->at[i].id != into->id) {
			p->at[++k] = p->at[i];
			continue;
		}
		into->last = p->at[i].last;
		into->times++;
		into->taken = into->taken || p->at[i].taken;
	}
	p->n = p->n ? k + 1 : 0;
}

static str private_columns(struct ctx *c, const struct entity *e)
{
	struct buf b;

	buf_init(&b, c->mem, 4096);
	for (const struct field *f = e->fields; f->name; f++)
		if (f->is & PRIVATE)
			put_fmt(&b, "%s%.*s", b.n ? ", " : "", FMT(say(c, &f->label)));
	return buf_str(&b);
}

static enum rc write_pack(struct pack *p, FILE *f)
{
	struct ctx *c = p->c;
	static const char *const heads[] = { "bảng", "mã", "tên", "đơn vị", "lần đầu", "lần cuối", "số lần",
		"mang ra ngoài", "cột riêng tư" };
	struct buf b;

	buf_init(&b, c->mem, 1 << 20);
	put_z(&b, "\xEF\xBB\xBF");
	for (ptrdiff_t i = 0; i < COUNT(heads); i++)
		csv_put(&b, str_of(heads[i]), i == COUNT(heads) - 1, ',');
	for (int64_t i = 0; i < p->n; i++) {
		const struct touched *t = &p->at[i];
		struct base *row = arena_alloc(c->mem, t->m->e->size, 16);
		bool there = find(c, t->m->e, t->id, row) == OK;

		csv_put(&b, say(c, &t->m->e->label), false, ',');
		csv_put(&b, TEXT(c, "%lld", (long long)t->id), false, ',');
		csv_put(&b, there ? row_title(c, t->m->e, row) : S(""), false, ',');
		csv_put(&b, there ? title_of(c, &org, row->org.v) : S(""), false, ',');
		csv_put(&b, instant_text(c->mem, (instant){ t->first }), false, ',');
		csv_put(&b, instant_text(c->mem, (instant){ t->last }), false, ',');
		csv_put(&b, TEXT(c, "%lld", (long long)t->times), false, ',');
		csv_put(&b, t->taken ? S("có") : S("không"), false, ',');
		csv_put(&b, private_columns(c, t->m->e), true, ',');
		if (fwrite(b.p, 1, b.n, f) != b.n)
			return E_FAULT;
		b.n = 0;
	}
	return fwrite(b.p, 1, b.n, f) == b.n && fflush(f) == 0 ? OK : E_FAULT;
}

static enum rc make(struct pack *p, const char *out, instant since, instant until, int64_t account_)
{
	struct ctx *c = p->c;
	FILE *f;
	int fd;
	enum rc rc;

	TRY(gather(p, since, until, account_));
	fold(p);
	fd = open(out, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	f = fd < 0 ? NULL : fdopen(fd, "w");
	if (!f)
		return (enum rc)BADF(p->cli, E_FAULT, &MSG_open, str_of(out), str_of(strerror(errno)));
	rc = write_pack(p, f);
	fclose(f);
	if (rc == OK)
		rc = db_begin(c->db);
	if (rc == OK) {
		rc = audit(c, (org_id){ 0 }, "person", 0, "breach_pack", TEXT(c, "%lld", (long long)p->n));
		rc = rc == OK ? db_commit(c->db) : rc;
	}
	return rc;
}

int cmd_breach(struct cli *c)
{
	const char *since = NULL, *until = NULL, *login = NULL, *out = NULL;
	struct app a;
	struct account who = { 0 };
	struct pack p = { .cli = c };
	instant from = { 0 }, to = { 0 };

	cli_value(c, "--since", &since);
	cli_value(c, "--until", &until);
	cli_value(c, "--login", &login);
	cli_value(c, "--out", &out);
	cli_end(c);
	if (!out)
		return BAD(c, E_INVALID, &MSG_out);
	enum rc rc = boot(c, &a, BOOT_SCHEMA | BOOT_SECRET);
	if (rc != OK)
		return (int)rc;
	p.c = cli_ctx(c, &a);
	p.c->who = &actor_system;
	if (!read_moment(p.c, since, false, &from) || !read_moment(p.c, until, true, &to))
		rc = (enum rc)BAD(c, E_INVALID, &MSG_window);
	else if (login && auth_find(p.c, str_of(login), &who) != OK)
		rc = (enum rc)BADF(c, E_MISSING, &MSG_login, str_of(login));
	else if ((rc = make(&p, out, from, to, who.base.id)) != OK)
		BADF(c, rc, &MSG_failed, str_of(db_why(a.db)));
	else
		SAYF(c, &MSG_done, str_fmt(c->mem, "%lld", (long long)p.n), str_fmt(c->mem, "%lld", (long long)p.reads),
			str_of(out));
	free(p.at);
	boot_end(&a);
	return (int)rc;
}
