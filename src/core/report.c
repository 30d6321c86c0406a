/* report.c -- declared reports: their filters as a form, their rows as a table, JSON or a workbook. /bao-cao lists
 * those the actor may see; ?format=xlsx downloads. */
#include "core/export.h"
#include "core/files.h"
#include "core/pages.h"
#include "core/work_page.h"
#include "core/work_views.h"

enum { ROWS = 20000, COLUMNS = 64 };
static const struct tr MSG_reports = { "Báo cáo", "Reports" }, MSG_rows = { "{1} dòng", "{1} rows" };

enum rc reports_page(struct exchange *x)
{
	enum { MOST = 200 };
	const struct registry *g = x->app->registry;
	struct link_view *l = NEWS(x->c->mem, struct link_view, MOST);
	struct reports_view v = { .title = say(x->c, &MSG_reports) };
	int n = 0;
	for (int i = 0; i < g->n_modules; i++)
		for (const struct report *r = g->modules[i]->reports; r && r->name && n < MOST; r++)
			if (perm_grants(x->c, r->allow))
				l[n++] = (struct link_view){ .href = address_of(x, "/bao-cao/%s/%s", g->modules[i]->name, r->name),
					.label = say(x->c, &r->label), .note = say(x->c, &g->modules[i]->label) };
	v.reports = ITEMS(l, n);
	v.none = n == 0;
	crumb(x, S(""), v.title);
	if (x->json) {
		shape_json(answer_json(x, 200), reports_shape.fields, &v, NULL);
		return OK;
	}
	return answer_page(x, 200, "core/reports", &reports_shape, &v);
}

enum rc asked_read(struct exchange *x, const struct shape *shape, void **ret, bool *asked)
{
	*ret = NULL;
	*asked = true;
	if (!shape)
		return OK;
	struct input in = { .fields = shape->fields, .flags = INPUT_SHAPE };
	*ret = arena_alloc(x->c->mem, shape->size, 16);
	fields_zero(shape->fields, shape->size, *ret);
	x->fields = shape->fields;
	for (const struct field *f = shape->fields; f->name; f++)
		if (f->fill && field_empty(f, *ret))
			TRY(f->fill(x->c, *ret));
	TRY(input_resolve(x, shape->fields, ASK_FILTER));
	TRY(input_read(x->c, &in, x->pairs, x->n_pairs, *ret));
	for (const struct field *f = shape->fields; f->name; f++)
		*asked = *asked && !(f->is & NEEDED && field_empty(f, *ret));
	return *asked || pair_last(x, "xem") ? fields_check(x->c, shape->fields, *ret) : OK;
}

items asked_fields(struct exchange *x, const struct shape *shape, const void *in)
{
	int n = 0;
	struct field_view *asks = NEWS(x->c->mem, struct field_view, shape ? fields_count(shape->fields) + 1 : 1);
	for (const struct field *f = shape ? shape->fields : NULL; f && f->name; f++)
		if (!(f->is & DERIVED) && f->type != T_LIST)
			field_ask(x, f, in, ASK_NEW, &asks[n++]);
	return ITEMS(asks, n);
}

static bool is_number(const struct field *f)
{
	return f->type == T_INT || f->type == T_MONEY || f->type == T_SCORE;
}

static str text_of(struct exchange *x, const struct field *f, const void *row, bool machine)
{
	int64_t id;
	if (f->type == T_REF && f->ref) {
		memcpy(&id, (const char *)row + f->at, sizeof id);
		return id ? title_of(x->c, f->ref, id) : S("");
	}
	return machine && is_number(f) ? field_code(f, row, x->c->mem) : field_text(f, row, x->c->lang, x->c->mem);
}

static int columns_of(const struct report *r, const struct field **ret)
{
	int n = 0;
	for (const struct field *f = r->out->fields; f->name && n < COLUMNS; f++)
		if (f->type != T_LIST && !(f->is & SECRET))
			ret[n++] = f;
	return n;
}

/* Rows about people are few, or nobody takes them alone. */
static enum rc as_workbook(struct exchange *x, const struct report *r, items rows)
{
	static const struct tr MSG_wide = { "Báo cáo này có {1} dòng về người; hãy lọc còn {2} dòng trở xuống.",
		"This report has {1} rows about people; filter it to {2} or fewer." };
	bool personal = !r->people || strcmp(r->people, ABOUT_NOBODY) != 0;
	struct stamp stamp = personal ? stamp_make(x->c, 0) : stamp_free("a report that says it is about nobody");
	if (personal && rows.n > TAKE_ALONE)
		return FAILF(x->c, E_STATE, 0, &MSG_wide, int_text(x->c->mem, rows.n), int_text(x->c->mem, TAKE_ALONE));
	const struct field *fields[COLUMNS];
	str heads[COLUMNS];
	bool number[COLUMNS];
	int fd, n = columns_of(r, fields);
	str *cells = NEWS(x->c->mem, str, rows.n * n + 1);
	for (int i = 0; i < n; i++) {
		heads[i] = say(x->c, &fields[i]->label);
		number[i] = is_number(fields[i]);
	}
	for (int64_t k = 0; k < rows.n; k++)
		for (int i = 0; i < n; i++)
			cells[k * n + i] = text_of(x, fields[i], (const char *)rows.p + k * r->out->size, true);
	TRY(file_temp(x->c, &fd));
	TRY(export_table(x->c, &(struct export_table){ heads, number, n, cells, rows.n, stamp, str_of(r->label.vi) }, fd));
	return answer_made(x, fd, TEXT(x->c, "%.*s.xlsx", FMT(viet_slug(x->c->mem, str_of(r->label.vi)))), S(XLSX_TYPE),
		stamp);
}

static void fill_table(struct exchange *x, const struct report *r, items rows, struct report_view *v)
{
	const struct field *fields[COLUMNS];
	int n = columns_of(r, fields);
	struct report_cell *heads = NEWS(x->c->mem, struct report_cell, n + 1);
	struct report_row *lines = NEWS(x->c->mem, struct report_row, rows.n + 1);
	for (int i = 0; i < n; i++)
		heads[i] = (struct report_cell){ say(x->c, &fields[i]->label), is_number(fields[i]) };
	for (int64_t k = 0; k < rows.n; k++) {
		struct report_cell *cells = NEWS(x->c->mem, struct report_cell, n + 1);
		for (int i = 0; i < n; i++)
			cells[i] = (struct report_cell){ text_of(x, fields[i], (const char *)rows.p + k * r->out->size, false),
				heads[i].number };
		lines[k].cells = ITEMS(cells, n);
	}
	v->heads = ITEMS(heads, n);
	v->rows = ITEMS(lines, rows.n);
	v->none = rows.n == 0;
	v->count_text = sayf(x->c, &MSG_rows, ARGS(int_text(x->c->mem, rows.n)));
}

static void fill_asks(struct exchange *x, const struct report *r, const void *in, struct report_view *v)
{
	v->asks = asked_fields(x, r->in, in);
	v->asks_some = v->asks.n > 0;
	v->problems = problem_views(x);
	v->wrong = v->problems.n > 0;
}

str same_address(struct exchange *x, const char *more)
{
	struct buf b;
	buf_init(&b, x->c->mem, 10000);
	put(&b, x->path);
	put_fmt(&b, "?%s", more);
	for (int i = 0; i < x->r->n_params; i++) {
		if (str_is(x->r->params[i].name, "format"))
			continue;
		put_c(&b, '&');
		put_url(&b, x->r->params[i].name);
		put_c(&b, '=');
		put_url(&b, x->r->params[i].value);
	}
	return TEXT(x->c, "%.*s%.*s", FMT(x->base), FMT(buf_str(&b)));
}

static enum rc report_rows(struct ctx *c, const struct report *r, const void *in, items *ret)
{
	TRY(query(c, r->query, r->in, in, r->out, ret, ROWS));
	return r->more ? r->more(c, in, ret) : OK;
}

enum rc report_page(struct exchange *x)
{
	const struct module *m;
	void *in;
	items rows = { NULL, 0 };
	bool asked = false;
	const struct report *r = x->names.n == 2 ? registry_report(x->app->registry,
		TEXT(x->c, "%.*s/%.*s", FMT(x->names.at[0].value), FMT(x->names.at[1].value)), &m) : NULL;
	if (!r || !perm_grants(x->c, r->allow))
		return E_MISSING;
	const struct pair *format = pair_last(x, "format");
	enum rc rc = asked_read(x, r->in, &in, &asked);
	if (rc != OK && (rc != E_INVALID || x->json))
		return rc;
	if (rc == OK && asked)
		TRY(report_rows(x->c, r, in, &rows));
	if (rc == OK && asked && format && str_is(format->value, "xlsx"))
		return as_workbook(x, r, rows);
	struct report_view v = { .title = say(x->c, &r->label), .asked = asked && rc == OK,
		.action = address_of(x, "%.*s", FMT(x->path)) };
	fill_asks(x, r, in, &v);
	if (v.asked)
		fill_table(x, r, rows, &v);
	v.xlsx_href = same_address(x, "format=xlsx");
	crumb(x, address_of(x, "/bao-cao"), say(x->c, &MSG_reports));
	crumb(x, S(""), v.title);
	if (x->json) {
		shape_json(answer_json(x, 200), report_shape.fields, &v, NULL);
		return OK;
	}
	return answer_page(x, rc == OK ? 200 : 422, "core/report", &report_shape, &v);
}
