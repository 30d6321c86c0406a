/* back.c -- lists of pupils and staff read back: a table in Khuê's own words for the import of person, which tries it,
 * shows the difference, writes it and takes it back. Rows keep their numbers, so that what it says of row 12 is row 12
 * of the workbook. */
#include "mod/excel/excel_in.h"
#include "core/export.h"
#include "core/files.h"
#include "core/import_work.h"
#include "core/job.h"
#include "core/registry.h"

#include <sys/stat.h>
#include <unistd.h>

enum { TRY_NOW = 150 << 10 /* bytes of a table tried within the request */, KEEP_DAYS = 30, ROWS_NAMED = 8,
	COLUMNS_MOST = 32 };

static const struct tr MSG_none = { "Tệp không có dòng nào đọc được.", "No row of the file can be read." };

struct going { const struct field *of[COLUMNS_MOST]; int n, sector, national, own; str *cells; int64_t rows, kept;
	struct buf passed; int64_t n_passed; };

static int column_of(struct going *g, const char *name)
{
	g->of[g->n] = field_named(person.fields, str_of(name));
	return g->n++;
}

/* Every column of the map that is a field of person and stands in the sheet; the keys in any case. */
static void choose_columns(const struct opened *o, struct going *g)
{
	g->sector = column_of(g, "sector_id");
	g->national = column_of(g, "national_id");
	g->own = o->kind == KIND_PUPILS ? column_of(g, "school_code") : -1;
	for (const struct tm_column *k = o->t.map; k->name; k++) {
		const struct field *f = field_named(person.fields, str_of(k->name));
		if (f && f != g->of[0] && f != g->of[1] && (g->own < 0 || f != g->of[g->own]) &&
			tm_column(&o->t, k->name, 0) >= 0 && g->n < COLUMNS_MOST - 1)
			column_of(g, k->name);
	}
	if (tm_column(&o->t, "native_place", 0) < 0 && tm_column(&o->t, "native.province", 0) >= 0)
		column_of(g, "native_place");
}

/* "Tổ 3, Xã Ea Kao, Đắk Lắk" out of its columns. */
static str native_place_of(const struct opened *o, int row)
{
	static const char *const parts[] = { "native.hamlet", "native.commune", "native.district", "native.province" };
	str whole = said_at(o, row, "native_place");

	for (ptrdiff_t i = 0; i < COUNT(parts); i++) {
		str s = said_at(o, row, parts[i]);
		if (s.n)
			whole = whole.n ? TEXT(o->c, "%.*s, %.*s", FMT(whole), FMT(s)) : s;
	}
	return whole;
}

static str value_of(const struct opened *o, int row, const struct field *f)
{
	day d;

	if (f->type == T_DAY && (d = day_said(o, row, f->name)).v != NO_DAY.v)
		return day_iso(o->c->mem, d);
	if (f->at == offsetof(struct person, native_place))
		return native_place_of(o, row);
	if (f->at == offsetof(struct person, post))
		return post_said(o->c, said_at(o, row, "post"), said_at(o, row, "position"));
	str s = said_at(o, row, f->name);
	int at = tm_column(&o->t, f->name, 0);
	if (at >= 0 && wb_cell(o->w, o->t.sheet, row, at)->kind == CELL_NUMBER)
		s = zeros_back(o->c->mem, f, s);
	return f->type == T_PICK && s.n ? choice_said(o->c, f->name, s) : s;
}

/* Has left, by the workbook's own word: not somebody to make a record of. */
static bool has_left(const struct opened *o, int row)
{
	str state = viet_fold(o->c->mem, said_at(o, row, "state"));

	if (o->kind == KIND_STAFF)
		return state.n > 0 && str_find(state, S("dang")) < 0;
	return str_starts(state, S("chuyen di")) || str_starts(state, S("thoi hoc")) || str_starts(state, S("bo hoc"));
}

/* A record found by name and birthday has no key in the row: the row gets the record's own, so that the import finds it
 * too. The table goes back to the sender where a row is refused: so the national id only of a record that has no other
 * key. False: the record has none at all; a second one is not made of it. */
static bool give_key(const struct placed *p, str *cells, const struct going *g)
{
	bool same = (cells[g->sector].n && str_eq(cells[g->sector], p->p->sector_id)) ||
		(cells[g->national].n && str_eq(cells[g->national], p->p->national_id)) ||
		(g->own >= 0 && cells[g->own].n && str_eq(cells[g->own], p->p->school_code));

	if (same)
		return true;
	if (p->p->sector_id.n && cells[g->sector].n == 0) {
		cells[g->sector] = p->p->sector_id;
		return true;
	}
	if (g->own >= 0 && p->p->school_code.n && cells[g->own].n == 0) {
		cells[g->own] = p->p->school_code;
		return true;
	}
	if (p->p->national_id.n && cells[g->national].n == 0) {
		cells[g->national] = p->p->national_id;
		return true;
	}
	return false;
}

/* "Nhân viên" is no news of somebody who keeps the library. */
static void keep_post(const struct placed *p, str *cells, const struct going *g)
{
	for (int k = 0; k < g->n; k++)
		if (g->of[k]->at == offsetof(struct person, post) && str_is(cells[k], "other") && p->p->post)
			cells[k] = S("");
}

static void pass_over(struct going *g, int row)
{
	if (g->n_passed++ < ROWS_NAMED)
		put_fmt(&g->passed, "%s%d", g->n_passed > 1 ? ", " : "", row + 1);
	else if (g->n_passed == ROWS_NAMED + 1)
		put_z(&g->passed, "…");
}

static void read_rows(const struct opened *o, const struct roster *r, struct going *g)
{
	for (int row = o->t.first; row < o->t.end; row++) {
		str *cells = &g->cells[(int64_t)(row - 1) * g->n];
		if (!row_holds(o, row))
			continue;
		int64_t at = whose_row(o, r, row);
		for (int k = 0; k < g->n; k++)
			cells[k] = value_of(o, row, g->of[k]);
		if (g->own >= 0) {
			cells[g->own] = own_code_said(o, row);
			cells[g->sector] = is_sector_id(cells[g->sector]) ? cells[g->sector] : S("");
		}
		if (at >= 0)
			keep_post(&r->at[at], cells, g);
		bool pass = at == -2 || (at < 0 && has_left(o, row)) || (at >= 0 && !give_key(&r->at[at], cells, g));
		if (!pass) {
			g->kept++;
			continue;
		}
		memset(cells, 0, (size_t)g->n * sizeof *cells);
		pass_over(g, row);
	}
}

/* ---- into the import --------------------------------------------------------------------------------------- */

static enum rc make_table(struct opened *o, const struct going *g, file_id *ret, int64_t *ret_size)
{
	struct export_table t = { .n = g->n, .cells = g->cells, .rows = g->rows,
		.stamp = stamp_free("the sender's own rows, on their way into an import") };
	str *heads = NEWS(o->c->mem, str, g->n);
	struct stat st = { 0 };
	int fd;

	for (int k = 0; k < g->n; k++)
		heads[k] = str_of(g->of[k]->label.vi);
	t.heads = heads;
	t.number = NEWS(o->c->mem, bool, g->n);
	TRY(file_temp(o->c, &fd));
	enum rc rc = export_table(o->c, &t, fd);
	if (rc == OK)
		rc = file_make(o->c, o->c->here.org, o->name, export_type(EXPORT_XLSX), fd,
			(instant){ o->c->now.v + (int64_t)KEEP_DAYS * 86400000 }, t.stamp, ret);
	if (rc == OK && fstat(fd, &st) != 0)
		rc = E_FAULT;
	*ret_size = st.st_size;
	close(fd);
	return rc;
}

static enum rc start_import(struct opened *o, const struct going *g, file_id table, int64_t size, str *ret_address)
{
	struct ctx *c = o->c;
	struct imported at = { .e = &person, .file = table, .name = o->name, .state = S("match"), .made = c->now.v };
	struct import_plan *p = &at.plan;

	*p = (struct import_plan){ .e = &person, .org = c->here.org, .year = c->here.year, .heading = 1, .headings = 1,
		.n = g->n };
	for (int k = 0; k < g->n; k++)
		p->at[k] = g->of[k];
	p->presets[p->n_presets++] = (struct import_preset){ field_named(person.fields,
		o->kind == KIND_STAFF ? S("staff") : S("pupil")), S("1") };
	TRY(imported_add(c, &at, &at.id));
	if (size <= TRY_NOW) {
		TRY(import_try(c, &at));
		*ret_address = link_to(c, "/person/import/%lld", (long long)at.id);
		return OK;
	}
	at.state = S("trying");
	TRY(job_add_core(c, "import", p->org, &(struct import_in){ at.id }, &at.job));
	TRY(imported_save(c, &at));
	*ret_address = TEXT(c, "/viec/%lld", (long long)at.job);
	return OK;
}

enum rc import_people(struct opened *o, str *ret_address, str *ret_passed)
{
	struct going *g = NEW(o->c->mem, struct going);
	struct roster r;
	file_id table;
	int64_t size;

	TRY(o->kind == KIND_STAFF ? staff_of(o->c, true, &r) : all_pupils_of(o->c, true, &r));
	choose_columns(o, g);
	g->rows = o->t.end - 1;
	g->cells = NEWS(o->c->mem, str, (g->rows > 0 ? g->rows : 1) * g->n);
	buf_init(&g->passed, o->c->mem, 400);
	read_rows(o, &r, g);
	if (g->kept == 0)
		return FAIL(o->c, E_INVALID, 0, &MSG_none);
	TRY(make_table(o, g, &table, &size));
	TRY(start_import(o, g, table, size, ret_address));
	*ret_passed = buf_str(&g->passed);
	return OK;
}
