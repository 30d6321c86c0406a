/* print_page.c -- documents of a row, looked at and downloaded; of every row of a list, at once or as a job. */
#include "core/export.h"
#include "core/files.h"
#include "core/job.h"
#include "core/list.h"
#include "core/pages.h"
#include "core/print.h"
#include "core/reads.h"
#include "core/work_page.h"
#include "core/work_views.h"

enum { AT_ONCE = 20 };                                   /* documents within a request; more are a job              */
static const str PDF = S_INIT("application/pdf");

int prints_of(struct exchange *x, const struct meta *m, const struct print *ret[static PRINTS_MAX])
{
	const struct registry *g = x->app->registry;
	int n = 0;

	if (!perm_any(x->c, m->e, PRINT))
		return 0;
	for (int i = 0; i < g->n_modules; i++)
		for (const struct print *p = g->modules[i]->prints; p && p->name && n < PRINTS_MAX; p++)
			if (p->of == m->e && (!p->allow || perm_grants(x->c, p->allow)))
				ret[n++] = p;
	return n;
}

static const struct print *print_named(struct exchange *x, const struct meta *m, str name)
{
	const struct print *prints[PRINTS_MAX];
	int n = prints_of(x, m, prints);

	for (int i = 0; i < n; i++)
		if (str_is(name, prints[i]->name))
			return prints[i];
	return NULL;
}

/* The view of a row, in Vietnamese; *ret_shape describes it. */
static enum rc view_row(struct ctx *c, const struct print *p, const void *row, const void *in,
	const struct shape **ret_shape, const void **ret)
{
	struct shape *own = NEW(c->mem, struct shape);
	void *out;

	*own = (struct shape){ p->of->size, p->of->fields };
	*ret_shape = p->out ? p->out : own;
	*ret = row;
	if (!p->run)
		return OK;
	out = arena_alloc(c->mem, p->out->size, 16);
	fields_zero(p->out->fields, p->out->size, out);
	*ret = out;
	return p->run(c, row, in, out);
}

static str file_name(struct ctx *c, str what)
{
	return TEXT(c, "%.*s.pdf", FMT(viet_slug(c->mem, what)));
}

/* ---- whom it is about ---------------------------------------------------------------------------------- */

struct row_in { int64_t id; };
#define ROW struct row_in
static const struct shape one_row_shape = { sizeof(ROW), FIELDS{ { COL(id) }, END } };
#undef ROW
static const struct stamp nobody = { .free = "a print that says it is about nobody" };

static bool about_nobody(const struct print *p)
{
	return p->people && strcmp(p->people, ABOUT_NOBODY) == 0;
}

/* How many people the document of a row is about. One that does not say (E187) counts as one. */
static enum rc people_of(struct ctx *c, const struct print *p, const void *row, int64_t *ret)
{
	*ret = about_nobody(p) ? 0 : 1;
	if (!p->people || about_nobody(p) || strcmp(p->people, ABOUT_ONE) == 0)
		return OK;
	return query_int(c, p->people, &one_row_shape, &(struct row_in){ ((const struct base *)row)->id }, ret);
}

struct counting { const struct print *p; int64_t people; };

static enum rc count_one(struct ctx *c, const void *row, void *arg)
{
	struct counting *k = arg;
	int64_t n;

	if (k->people > LIST_COUNT_MAX)
		return OK;
	TRY(people_of(c, k->p, row, &n));
	k->people += n;
	return OK;
}

static enum rc people_of_list(struct ctx *c, const struct print *p, const struct list_ask *ask, int64_t *ret)
{
	struct counting k = { p, 0 };
	struct list_ask all = *ask;

	if (p->people && str_is(str_of(p->people), ABOUT_ONE))
		return export_count(c, ask, PRINT, ret);
	all.verb = PRINT;
	if (!about_nobody(p))
		TRY(list_each(c, &all, count_one, &k));
	*ret = k.people;
	return OK;
}

enum rc print_weigh(struct exchange *x, const struct meta *m, str name, const struct list_ask *ask, int64_t *ret_people,
	bool *ret_personal)
{
	const struct print *p = print_named(x, m, name);

	if (!p)
		return E_MISSING;
	*ret_personal = !about_nobody(p);
	return people_of_list(x->c, p, ask, ret_people);
}

/* ---- one row ------------------------------------------------------------------------------------------- */

static enum rc begin(struct ctx *c, const char *paper, str what, struct stamp stamp, int fd, struct print_sheets **ret)
{
	TRY(print_begin(c, str_of(paper), what, print_foot(c, stamp), fd, ret));
	print_mark(*ret, stamp);
	return OK;
}

/* The code stands at the foot, and the log of reads knows the row under it. */
static enum rc as_pdf(struct exchange *x, const struct print *p, const void *row, const struct shape *shape,
	const void *view)
{
	static const struct tr MSG_wide = { "Bản này có {1} người: hãy in từ danh sách, có người thứ hai duyệt.",
		"This document is about {1} people: print it from the list, where a second person agrees." };
	str what = TEXT(x->c, "%s %.*s", p->label.vi, FMT(row_title(x->c, p->of, row)));
	struct stamp stamp = nobody;
	struct print_sheets *sheets;
	int64_t people;
	int fd;

	TRY(people_of(x->c, p, row, &people));
	if (people > TAKE_ALONE)
		return FAILF(x->c, E_STATE, 0, &MSG_wide, int_text(x->c->mem, people));
	if (!about_nobody(p)) {
		stamp = stamp_make(x->c, 0);
		reads_note(x->c, table_of(x->app->registry, p->of), PRINT, &((const struct base *)row)->id, 1, stamp.id);
	}
	TRY(file_temp(x->c, &fd));
	TRY(begin(x->c, p->paper, what, stamp, fd, &sheets));
	TRY(print_add(sheets, p->page, shape, view));
	TRY(print_end(sheets, NULL));
	return answer_made(x, fd, file_name(x->c, what), PDF, stamp);
}

enum rc print_row_page(struct exchange *x, const struct meta *m)
{
	const struct print *p = print_named(x, m, x->names.at[1].value);
	const struct pair *format = pair_last(x, "format");
	struct print_view v = { .title = S("") };
	enum lang lang = x->c->lang;
	const struct shape *shape;
	const void *view;
	void *row, *in;
	int64_t id;
	bool asked;

	if (!p || !id_read(x->names.at[0].value, &id))
		return E_MISSING;
	row = arena_alloc(x->c->mem, m->e->size, 16);
	TRY(row_find(x->c, m->e, PRINT, id, row, NULL));
	x->names.n = 0;
	enum rc rc = asked_read(x, p->in, &in, &asked);
	if (rc != OK && (rc != E_INVALID || x->json))
		return rc;
	v.asks = asked_fields(x, p->in, in);
	v.asks_some = v.asks.n > 0;
	if (rc == OK && asked) {
		x->c->lang = VI;
		rc = view_row(x->c, p, row, in, &shape, &view);
		if (rc == OK && !x->json)
			rc = format && str_is(format->value, "pdf") ? as_pdf(x, p, row, shape, view) :
				print_screen(x->c, str_of(p->paper), p->page, shape, view, &v.sheets);
		x->c->lang = lang;
		if (x->answered || (rc != OK && (rc != E_INVALID || x->json)))
			return rc;
	}
	if (x->json) {
		shape_json(answer_json(x, 200), shape->fields, view, NULL);
		return OK;
	}
	v.title = say(x->c, &p->label);
	v.action = address_of(x, "%.*s", FMT(x->path));
	v.back_href = address_of(x, "/%s/%lld", m->e->name, (long long)id);
	if (v.sheets.s.n)
		v.pdf_href = same_address(x, "format=pdf");
	v.problems = problem_views(x);
	v.wrong = v.problems.n > 0;
	crumb(x, address_of(x, "/%s", m->e->name), say(x->c, &m->e->label));
	crumb(x, v.back_href, row_title(x->c, m->e, row));
	crumb(x, S(""), v.title);
	return answer_page(x, rc == OK ? 200 : 422, "core/print", &print_shape, &v);
}

enum rc print_answer(struct ctx *c, str name, str paper, const char *page, const struct shape *shape, const void *view,
	struct stamp stamp)
{
	enum lang lang = c->lang;
	struct print_sheets *p;
	int fd;

	c->lang = VI;
	TRY(file_temp(c, &fd));
	TRY(begin(c, str_z(c->mem, paper), name, stamp, fd, &p));
	TRY(print_add(p, page, shape, view));
	TRY(print_end(p, NULL));
	c->lang = lang;
	return answer_made(exchange_of(c), fd, file_name(c, name), PDF, stamp);
}

/* ---- every row of a list --------------------------------------------------------------------------------- */

struct many { const struct print *p; const void *in; struct print_sheets *sheets; int64_t done, total, people;
	struct stamp stamp; bool job; };

static void free_arena(void *mem)
{
	arena_free(mem);
}

/* Each document is a piece of work of its own: its memory ends with it. */
static enum rc print_one(struct ctx *c, const void *row, void *arg)
{
	static const struct tr doing = { "Đang in {1}/{2}", "Printing {1}/{2}" };
	struct many *w = arg;
	struct ctx one = *c;
	const struct shape *shape;
	const void *view;
	struct arena *mem = NEW(c->mem, struct arena);

	if (w->job && job_cancelled(c))
		return E_STATE;
	arena_init(mem, (size_t)64 << 20);
	mem->full = c->mem->full;
	arena_at_end(c->mem, free_arena, mem);
	one.mem = mem;
	one.more = NULL;
	one.problems = NULL;
	one.n_problems = 0;
	enum rc rc = view_row(&one, w->p, row, w->in, &shape, &view);
	if (rc == OK)
		rc = print_add(w->sheets, w->p->page, shape, view);
	for (int i = 0; i < one.n_problems; i++) {
		str text = str_copy(c->mem, one.problems[i].text);
		rc = fail(c, rc == OK ? E_INVALID : rc, 0, &(struct tr){ "{1}", "{1}" }, &text, 1);
	}
	arena_free(mem);
	w->done++;
	if (w->job && w->done % 10 == 0)
		job_progress(c, w->done, w->total, &doing);
	return rc;
}

static enum rc print_many(struct exchange *x, struct many *w, const struct list_ask *ask, int fd, int *ret_pages)
{
	enum lang lang = x->c->lang;

	x->c->lang = VI;
	TRY(begin(x->c, w->p->paper, str_of(w->p->label.vi), w->stamp, fd, &w->sheets));
	TRY(list_each(x->c, ask, print_one, w));
	x->c->lang = lang;
	return print_end(w->sheets, ret_pages);
}

/* The rows that the list's filters leave, as the actor may print them. */
static enum rc many_asked(struct exchange *x, const struct meta *m, struct list_asked *q, struct many *w)
{
	static const struct tr MSG_asks = { "Bản in này cần chọn thêm; hãy mở từng dòng để in.",
		"This document asks for more: open one row to print it." };
	void *in;
	bool asked;

	TRY(list_read(x, m, PRINT, q));
	TRY(asked_read(x, w->p->in, &in, &asked));
	if (!asked)
		return FAIL(x->c, E_INVALID, 0, &MSG_asks);
	w->in = in;
	TRY(export_count(x->c, &q->ask, PRINT, &w->total));
	return people_of_list(x->c, w->p, &q->ask, &w->people);
}

/* A list on paper (w->p NULL) shows its columns, a document whatever it is made of. */
static void print_stamp(struct ctx *c, const struct meta *m, struct many *w, struct list_asked *q, int64_t id)
{
	w->stamp = w->p ? nobody : NOT_PERSONAL;
	if (w->p ? !about_nobody(w->p) : is_personal(c, m->e, PRINT, false))
		w->stamp = stamp_make(c, id);
	q->ask.stamp = w->stamp.id;
}

enum rc print_page(struct exchange *x, const struct meta *m)
{
	static const struct tr MSG_none = { "Không có dòng nào để in.", "There is no row to print." };
	struct list_asked *q = NEW(x->c->mem, struct list_asked);
	const struct pair *paper = pair_last(x, "paper"), *name = pair_last(x, "print");
	struct many w = { .p = name ? print_named(x, m, name->value) : NULL };
	struct print_paper known;
	int64_t rows;
	bool sent;
	int fd;

	if (name) {
		if (!w.p)
			return E_MISSING;
		TRY(many_asked(x, m, q, &w));
		if (w.total == 0)
			return FAIL(x->c, E_STATE, 0, &MSG_none);
		TRY(export_alone(x, m, !about_nobody(w.p), str_of(w.p->name), true, w.people, &sent));
		if (sent)
			return OK;
		if (w.total > AT_ONCE)
			return export_later(x, m, "print", str_of(w.p->name), false);
		print_stamp(x->c, m, &w, q, 0);
		TRY(file_temp(x->c, &fd));
		TRY(print_many(x, &w, &q->ask, fd, NULL));
		return answer_made(x, fd, file_name(x->c, str_of(w.p->label.vi)), PDF, w.stamp);
	}
	TRY(list_read(x, m, PRINT, q));
	TRY(export_count(x->c, &q->ask, PRINT, &rows));
	TRY(export_alone(x, m, is_personal(x->c, m->e, PRINT, false), S(EXPORT_PRINT), false, rows, &sent));
	if (sent)
		return OK;
	print_stamp(x->c, m, &w, q, 0);
	TRY(file_temp(x->c, &fd));
	TRY(print_list(x->c, &q->ask, paper && print_paper(paper->value, &known) ? paper->value : S("A4 20 20 20 15"),
		say(x->c, &m->e->label), w.stamp, fd, NULL));
	return answer_made(x, fd, file_name(x->c, str_of(m->e->label.vi)), PDF, w.stamp);
}

enum rc print_job(struct ctx *c, void *in_)
{
	static const struct tr MSG_pages = { "{1} bản, {2} trang", "{1} documents, {2} pages" };
	const struct export_in *in = in_;
	struct list_asked *q = NEW(c->mem, struct list_asked);
	struct many w = { .job = true };
	struct exchange x;
	int fd, pages;
	file_id file;
	str name;

	if (!export_asked(c, in, &x))
		return E_MISSING;
	if (str_is(in->format, EXPORT_PRINT)) {
		TRY(list_read(&x, x.meta, PRINT, q));
		TRY(export_count(c, &q->ask, PRINT, &w.total));
		w.people = w.done = w.total;
	} else {
		if (!(w.p = print_named(&x, x.meta, in->format)))
			return E_MISSING;
		TRY(many_asked(&x, x.meta, q, &w));
	}
	print_stamp(c, x.meta, &w, q, in->stamp);
	if (w.stamp.id && w.people > TAKE_ALONE && !in->stamp)
		return E_MISSING;
	TRY(file_temp(c, &fd));
	name = w.p ? str_of(w.p->label.vi) : say(c, &x.meta->e->label);
	if (w.p)
		TRY(print_many(&x, &w, &q->ask, fd, &pages));
	else
		TRY(print_list(c, &q->ask, S("A4 20 20 20 15"), name, w.stamp, fd, &pages));
	TRY(file_make(c, (org_id){ in->org }, stamp_name(c, file_name(c, name), &w.stamp), "application/pdf", fd,
		(instant){ c->now.v + EXPORT_KEEP_MS }, w.stamp, &file));
	return job_result(c, file, sayf(c, &MSG_pages, ARGS(int_text(c->mem, w.done), int_text(c->mem, pages))));
}
