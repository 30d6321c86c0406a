/* cmd_check.c -- khue check: declarations; with --drift the database, with --audit the chains of its history, with
 * --pages the file under it, with --ledger its books of marks. */
#include "app/boot.h"
#include "app/modules.h"
#include "app/schemes.h"
#include "core/audit.h"
#include "core/check.h"
#include "core/checkpoint.h"
#include "core/ddl.h"
#include "mod/records/records.h"
#include <stdio.h>

static const struct tr
	MSG_clean = { "Không có lỗi nào.", "Nothing found." },
	MSG_start = { "Khai báo có {1} lỗi nên không phục vụ.", "The declarations have {1} findings; nothing is served." },
	MSG_count = { "{1} lỗi.", "{1} findings." },
	MSG_lines = { "Nhật ký nguyên vẹn: {1} dòng, {2} lần niêm phong.",
		"The history is whole: {1} lines, {2} checkpoints." },
	MSG_broken = { "Nhật ký của đơn vị {1} sai từ dòng {2}: {3}.",
		"The history of organisation {1} is broken from line {2}: {3}." },
	MSG_pages = { "Cơ sở dữ liệu hỏng hoặc không có mã kiểm tra trang: {1}",
		"The database is damaged or has no page checksums: {1}" },
	MSG_books = { "Sổ điểm nguyên vẹn: {1} sổ, {2} lần ghi, {3} lần niêm phong.",
		"The books of marks are whole: {1} books, {2} entries, {3} seals." },
	MSG_book = { "{1}: sai từ lần ghi {2}: {3}.", "{1}: broken from entry {2}: {3}." },
	MSG_row = { "{1}: không khớp ở dòng {2}: {3}.", "{1}: row {2} does not fit: {3}." },
	MSG_reading = { "{1}: không đọc được: {2}", "{1}: cannot be read: {2}" },
	MSG_failed = { "Không kiểm tra được cơ sở dữ liệu: {1}", "Cannot check the database: {1}" };

struct telling { struct cli *c; int n; };

static void tell(void *arg, const struct finding *f)
{
	struct telling *t = arg;
	t->n++;
	printf("E%d %.*s: %.*s\n", f->code, FMT(f->where), FMT(t->c->lang == VI ? f->vi : f->en));
}

static void tell_drift(void *arg, str what, str mend)
{
	struct telling *t = arg;
	(void)mend;
	t->n++;
	printf("DB %.*s\n", FMT(what));
}

static enum rc check_database(struct cli *c, struct telling *t)
{
	struct app a;
	TRY(boot(c, &a, BOOT_SCHEMA));
	enum rc rc = ddl_compare(a.registry, NULL, a.db, c->mem, tell_drift, t);
	if (rc == OK)
		rc = ddl_orphans(a.registry, a.db, c->mem, tell_drift, t);
	if (rc != OK)
		BADF(c, rc, &MSG_failed, str_of(db_why(a.db)));
	boot_end(&a);
	return rc;
}

/* Walks every chain of the history; the first broken line counts as one finding. */
static enum rc check_audit(struct cli *c, struct telling *t)
{
	struct app a;
	struct audit_fault fault = { 0 };
	int64_t lines = 0, blocks = 0;
	TRY(boot(c, &a, BOOT_SCHEMA | BOOT_SECRET));
	enum rc rc = audit_verify(a.db, c->mem, &lines, &fault);
	if (rc == OK)
		rc = checkpoint_verify(a.db, c->mem, c->data, a.secret, &blocks, &fault);
	if (rc == OK) {
		SAYF(c, &MSG_lines, str_fmt(c->mem, "%lld", (long long)lines), str_fmt(c->mem, "%lld", (long long)blocks));
	} else if (rc == E_STATE) {
		t->n++;
		SAYF(c, &MSG_broken, str_fmt(c->mem, "%lld", (long long)fault.org),
			str_fmt(c->mem, "%lld", (long long)fault.seq), str_of(fault.what));
		rc = OK;
	} else {
		BADF(c, rc, &MSG_failed, str_of(db_why(a.db)));
	}
	boot_end(&a);
	return rc;
}

/* Reads everything; a page that does not fit its checksum ends the reading. */
static enum rc check_pages(struct cli *c, struct telling *t)
{
	struct app a;
	char why[256];
	TRY(boot(c, &a, 0));
	enum rc rc = db_verify(a.db, why);
	if (rc != OK && rc != E_STATE && db_trouble(a.db) == DB_CORRUPT)
		rc = E_STATE;
	if (rc == E_STATE) {
		t->n++;
		SAYF(c, &MSG_pages, str_of(*why ? why : db_why(a.db)));
	} else if (rc != OK) {
		BADF(c, rc, &MSG_failed, str_of(db_why(a.db)));
	}
	boot_end(&a);
	return rc == E_STATE ? OK : rc;
}

/* Every book of marks: chain, marks against ledger, seals. */
static enum rc check_ledger(struct cli *c, struct telling *t)
{
	struct app a;
	struct ctx x;
	struct ledger_fault f = { 0 };
	int64_t books, entries, seals;
	TRY(boot(c, &a, BOOT_SCHEMA | BOOT_SECRET));
	ctx_start(&x, &a, c->mem);
	as_system(&x, "khue check --ledger");
	enum rc rc = ledger_verify(&x, &books, &entries, &seals, &f);
	if (rc == OK) {
		SAYF(c, &MSG_books, str_fmt(c->mem, "%lld", (long long)books), str_fmt(c->mem, "%lld", (long long)entries),
			str_fmt(c->mem, "%lld", (long long)seals));
	} else if (rc == E_STATE) {
		str seq = str_fmt(c->mem, "%lld", (long long)f.seq);
		t->n++;
		x.lang = c->lang;
		SAYF(c, f.course ? &MSG_book : &MSG_row, ledger_where(&x, &f), seq, str_of(c->lang == VI ? f.what->vi
			: f.what->en));
		rc = OK;
	} else {
		str why = str_copy(c->mem, str_of(db_why(a.db)));
		cli_problems(c, &x, rc);
		x.lang = c->lang;
		if (f.course || f.class)
			BADF(c, rc, &MSG_reading, ledger_where(&x, &f), why);
		else
			BADF(c, rc, &MSG_failed, why);
	}
	boot_end(&a);
	return rc;
}

/* What serve asks: the same findings on standard error. */
static void warn(void *arg, const struct finding *f)
{
	struct telling *t = arg;
	fprintf(stderr, "E%d %.*s: %.*s\n", f->code, FMT(f->where), FMT(t->c->lang == VI ? f->vi : f->en));
}

enum rc check_start(struct cli *c)
{
	struct telling t = { .c = c };
	struct arena mem;
	arena_init(&mem, (size_t)256 << 20);
	int n = check_all(all_modules, &check_embedded, &mem, warn, &t);
	arena_free(&mem);
	return n ? (enum rc)BADF(c, E_STATE, &MSG_start, str_fmt(c->mem, "%d", n)) : OK;
}

int cmd_check(struct cli *c)
{
	struct telling t = { .c = c };
	bool database = cli_flag(c, "--drift"), history = cli_flag(c, "--audit"), pages = cli_flag(c, "--pages"),
		ledger = cli_flag(c, "--ledger");
	cli_end(c);
	check_all(all_modules, &check_embedded, c->mem, tell, &t);
	t.n += schemes_tell(c, stdout);
	enum rc rc = pages ? check_pages(c, &t) : OK;
	if (rc == OK && database)
		rc = check_database(c, &t);
	if (rc == OK && history)
		rc = check_audit(c, &t);
	if (rc == OK && ledger)
		rc = check_ledger(c, &t);
	if (rc != OK)
		return (int)rc;
	if (t.n)
		SAYF(c, &MSG_count, str_fmt(c->mem, "%d", t.n));
	else
		SAY(c, &MSG_clean);
	return t.n ? (int)E_STATE : 0;
}
