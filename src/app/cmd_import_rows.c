/* cmd_import_rows.c -- khue import pupils|staff|schools|units FILE: the same import as in the browser, from a
 * command. */
#include "app/boot.h"
#include "base/csv.h"
#include "core/import.h"
#include "mod/org/units.h"
#include "mod/people/people.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { TOLD_MAX = 200 };
static const struct tr
	MSG_file = { "Thiếu FILE: khue import {1} FILE", "FILE is missing: khue import {1} FILE" },
	MSG_open = { "Không mở được {1}: {2}", "Cannot open {1}: {2}" },
	MSG_org = { "Không có đơn vị “{1}”. Ghi tên trong địa chỉ trang (ví dụ thcs-nguyen-du) hoặc mã đơn vị.",
		"There is no unit “{1}”. Give its name in addresses (such as thcs-nguyen-du) or its code." },
	MSG_line = { "dòng {1}: {2}", "row {1}: {2}" },
	MSG_counts = { "{1} mới, {2} thay đổi, {3} như cũ, {4} bị từ chối",
		"{1} new, {2} changed, {3} the same, {4} refused" },
	MSG_dry = { "Chạy thử: chưa ghi gì.", "Dry run: nothing was written." },
	MSG_founded = { "{1} đơn vị quản lý được lập mới", "{1} organisations founded" };

struct job_of { struct app app; struct ctx x; };

static enum rc begin(struct cli *c, struct job_of *w)
{
	TRY(boot(c, &w->app, BOOT_SCHEMA | BOOT_SECRET));
	ctx_start(&w->x, &w->app, c->mem);
	w->x.lang = c->lang;
	as_system(&w->x, "khue import");
	return OK;
}

static int end(struct cli *c, struct job_of *w, enum rc rc)
{
	int code = rc == OK ? 0 : cli_problems(c, &w->x, rc);
	boot_end(&w->app);
	return code;
}

static str number(struct cli *c, int64_t n)
{
	return str_fmt(c->mem, "%lld", (long long)n);
}

/* By slug or code; without one: the province's department. */
static enum rc org_of(struct ctx *x, const char *name, org_id *ret)
{
	struct org row;
	str s = str_of(name ? name : "");
	enum rc rc = E_MISSING;
	if (!name)
		return db_int(x->db, "SELECT id FROM org WHERE parent IS NULL AND gone = 0 ORDER BY id LIMIT 1", NULL, 0,
			&ret->v);
	rc = find_one(x, &org, &row, IS({ offsetof(struct org, slug), v_text(s) }));
	if (rc == E_MISSING)
		rc = find_one(x, &org, &row, IS({ offsetof(struct org, code), v_text(s) }));
	if (rc == OK)
		ret->v = row.base.id;
	return rc == E_MISSING ? FAILF(x, E_INVALID, 0, &MSG_org, s) : rc;
}

static void tell_line(void *arg, int64_t line, str what)
{
	struct cli *c = arg;
	SAYF(c, &MSG_line, number(c, line), what);
}

static int rows(struct cli *c, const char *kind, const struct entity *e, const char *preset, const char *value)
{
	struct job_of w;
	struct import_plan *plan = NEW(c->mem, struct import_plan);
	struct import_report *report = NEW(c->mem, struct import_report);
	const char *slug = NULL;
	cli_value(c, "--org", &slug);
	bool dry = cli_flag(c, "--dry-run"), whole = cli_flag(c, "--whole");
	const char *path = cli_next(c);
	cli_end(c);
	if (!path)
		return BADF(c, E_INVALID, &MSG_file, str_of(kind));
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return BADF(c, E_MISSING, &MSG_open, str_of(path), str_of(strerror(errno)));
	*plan = (struct import_plan){ .e = e, .sheet = -1, .whole = whole };
	if (preset)
		plan->presets[plan->n_presets++] = (struct import_preset){ field_named(e->fields, str_of(preset)),
			str_of(value) };
	enum rc rc = begin(c, &w);
	if (rc != OK)
		return (int)rc;
	rc = org_of(&w.x, slug, &plan->org);
	if (rc == OK)
		rc = import_file(&w.x, plan, fd, str_of(path), dry, tell_line, c, TOLD_MAX, report);
	const int64_t *n = report->counts.n;
	if (rc == OK)
		SAYF(c, &MSG_counts, number(c, n[IMPORT_NEW]), number(c, n[IMPORT_CHANGED]), number(c, n[IMPORT_SAME]),
			number(c, n[IMPORT_REFUSED]));
	if (rc == OK && dry)
		SAY(c, &MSG_dry);
	close(fd);
	return end(c, &w, rc);
}

int import_pupils(struct cli *c)
{
	return rows(c, "pupils", &person, "pupil", "1");
}

int import_staff(struct cli *c)
{
	return rows(c, "staff", &person, "staff", "1");
}

int import_schools(struct cli *c)
{
	return rows(c, "schools", &org, "kind", "school");
}

/* ---- administrative units: any table as the csv their loader takes --------------------------------- */

struct gathered { struct buf csv; int columns; };

static bool gather(void *arg, int64_t line, const struct cell *cells, int n)
{
	struct gathered *g = arg;
	(void)line;
	if (g->columns == 0)
		g->columns = n;
	for (int i = 0; i < g->columns; i++)
		csv_put(&g->csv, i < n ? cells[i].text : S(""), i == g->columns - 1, ',');
	return !g->csv.over;
}

static enum rc load_units(struct cli *c, struct ctx *x, int fd, struct units_ask *ask, bool dry,
	struct units_report *ret)
{
	struct gathered g = { .columns = 0 };
	struct sheet_ask sheet = { .fd = fd, .sheet = -1 };
	struct sheet_told *told = NEW(c->mem, struct sheet_told);
	struct file_fault why;
	buf_init(&g.csv, c->mem, (size_t)128 << 20);
	enum rc rc = sheet_read(c->mem, &sheet, gather, &g, told, &why);
	if (rc != OK)
		return FAIL(x, rc, 0, (&(struct tr){ why.vi, why.en }));
	ask->bytes = buf_str(&g.csv);
	TRY(db_begin(x->db));
	rc = units_import(x, ask, ret);
	if (rc == OK && !dry)
		return db_commit(x->db);
	db_rollback(x->db);
	return rc;
}

int import_units(struct cli *c)
{
	struct job_of w;
	struct units_ask ask = { .organisations = cli_flag(c, "--organisations") };
	struct units_report report = { 0 };
	const char *province = "";
	cli_value(c, "--province", &province);
	ask.province = str_of(province);
	bool dry = cli_flag(c, "--dry-run");
	const char *path = cli_next(c);
	cli_end(c);
	if (!path)
		return BADF(c, E_INVALID, &MSG_file, S("units"));
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return BADF(c, E_MISSING, &MSG_open, str_of(path), str_of(strerror(errno)));
	enum rc rc = begin(c, &w);
	if (rc != OK)
		return (int)rc;
	rc = load_units(c, &w.x, fd, &ask, dry, &report);
	if (rc == OK)
		SAYF(c, &MSG_counts, number(c, report.added), number(c, report.changed), number(c, report.same),
			number(c, report.refused));
	if (rc == OK && ask.organisations)
		SAYF(c, &MSG_founded, number(c, report.organisations));
	if (rc == OK && dry)
		SAY(c, &MSG_dry);
	close(fd);
	return end(c, &w, rc);
}
