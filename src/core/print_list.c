/* print_list.c -- any filtered list as a document. */
#include "core/print.h"
#include "core/app.h"
#include "core/query.h"
#include "core/registry.h"
#include "core/row.h"
#include "core/work_views.h"

enum { ROWS = 5000, COLUMNS = 14 };

str print_foot(struct ctx *c, struct stamp stamp)
{
	return TEXT(c, "%.*s%s%s %.*s%s%.*s%s%.*s", FMT(c->here.org_name), c->here.org_name.n ? " · " : "", c->lang == EN
		? "printed" : "in lúc",
		FMT(instant_text(c->mem, c->now)), c->who->name.n ? " · " : "", FMT(c->who->name), stamp.id ? " · " : "",
		FMT(stamp.code));
}

struct printing { const struct entity *e; const struct field *fields[COLUMNS]; struct print_head heads[COLUMNS + 1];
	struct print_line *rows; int n; int64_t done; };

static int64_t weight_of(const struct field *f)
{
	switch ((enum type)f->type) {
	case T_TEXT: case T_HTML: return f->is & NAME ? 24 : f->max > 0 && f->max < 30 ? 17 : 26;
	case T_REF: case T_FILE: return 22;
	case T_DAY: case T_TIME: case T_MONEY: return 17;
	case T_PICK: return 12;
	case T_INT: case T_BOOL: case T_SCORE: case T_LIST: break;
	}
	return 8;
}

static void columns_of(struct ctx *c, struct printing *w, const struct cols *hidden, const struct table *t)
{
	w->heads[0] = (struct print_head){ c->lang == EN ? S("No.") : S("STT"), 6 };
	for (int i = 0; i < COUNT(w->e->list) && w->e->list[i]; i++) {
		const struct field *f = field_at(w->e->fields, w->e->list[i]);
		if (!f || cols_has(hidden, column_at(t, f->at)) || f->is & SECRET || w->n == COLUMNS)
			continue;
		w->heads[w->n + 1] = (struct print_head){ say(c, &f->label), weight_of(f) };
		w->fields[w->n++] = f;
	}
}

static void rows_of(struct ctx *c, struct printing *w, const struct list_answer *a)
{
	for (int64_t i = 0; i < a->rows.n; i++) {
		const char *row = (const char *)a->rows.p + i * w->e->size;
		struct print_cell *cells = NEWS(c->mem, struct print_cell, w->n + 1);
		for (int k = 0; k < w->n; k++) {
			const struct field *f = w->fields[k];
			int64_t ref = 0;
			memcpy(&ref, row + f->at, f->type == T_REF ? sizeof ref : 0);
			cells[k].text = f->type == T_REF ? list_title(a, f, ref) : field_text(f, row, c->lang, c->mem);
			cells[k].right = f->type == T_INT || f->type == T_MONEY || f->type == T_SCORE;
		}
		w->rows[w->done] = (struct print_line){ w->done + 1, { cells, w->n } };
		w->done++;
	}
}

/* Whose list it is: the unit in view, else the one whose seat its printer has. */
static str unit_of(struct ctx *c)
{
	const struct meta *units = registry_entity(c->app->registry, S("org"));

	if (c->here.org_name.n || !units || c->who->n_seats == 0 || c->who->seats[0].org.v == 0)
		return c->here.org_name;
	return title_of(c, units->e, c->who->seats[0].org.v);
}

enum rc print_list(struct ctx *c, const struct list_ask *ask, str paper, str title, struct stamp stamp, int fd,
	int *ret_pages)
{
	static const struct tr MSG_many = { "Chỉ in được tối đa {1} dòng. Hãy lọc bớt, hoặc xuất ra Excel.",
		"At most {1} rows can be printed. Filter more, or export to Excel." };
	struct list_ask page = *ask;
	struct list_answer a;
	struct printing w = { .e = ask->e };
	struct print_sheets *p;

	page.verb = PRINT;
	page.limit = 500;
	page.titles = true;
	page.stamp = stamp.id;
	page.show = ask->e->list;
	w.rows = NEWS(c->mem, struct print_line, ROWS + page.limit);
	do {
		TRY(list_rows(c, &page, &a));
		if (w.n == 0)
			columns_of(c, &w, &a.hidden, table_of(c->app->registry, ask->e));
		rows_of(c, &w, &a);
		if (a.more && w.done >= ROWS)
			return FAILF(c, E_LIMIT, 0, &MSG_many, int_text(c->mem, ROWS));
		page.after = a.last;
	} while (a.more);
	struct print_list_view v = { .unit = unit_of(c), .title = title,
		.heads = { w.heads, w.n + 1 }, .rows = { w.rows, w.done },
		.none = w.done == 0, .columns = w.n + 1 };
	TRY(print_begin(c, paper, title, print_foot(c, stamp), fd, &p));
	print_mark(p, stamp);
	TRY(print_add(p, "core/print-list", &print_list_shape, &v));
	return print_end(p, ret_pages);
}
