/* print_list.c -- the two tables everybody prints: a class list, and any filtered list. */
#include "core/print.h"
#include "core/app.h"
#include "core/query.h"
#include "core/registry.h"
#include "core/row.h"

enum { BLANKS = 30, ROWS = 5000, COLUMNS = 14 };

enum rc print_class_list(struct ctx *c, enum paper paper, const struct print_head *head, str title, str subtitle, str foot,
                         const struct print_pupil *at, int n, const str *blank_heads, int blanks,
                         const struct print_signature *signatures, int n_signatures, int fd)
{
	struct print_doc *p;
	struct print_column columns[BLANKS + 6];
	int k = 0;
	blanks = blanks > BLANKS ? BLANKS : blanks;
	TRY(print_begin(c, paper, head, title, subtitle, foot, &p));
	columns[k++] = (struct print_column){ c->lang == EN ? S("No.") : S("STT"), 6, SIDE_CENTER };
	columns[k++] = (struct print_column){ c->lang == EN ? S("Family and middle name") : S("Họ và tên đệm"), 24, SIDE_LEFT };
	columns[k++] = (struct print_column){ c->lang == EN ? S("Given name") : S("Tên"), 11, SIDE_LEFT };
	columns[k++] = (struct print_column){ c->lang == EN ? S("Born") : S("Ngày sinh"), 13, SIDE_CENTER };
	columns[k++] = (struct print_column){ c->lang == EN ? S("Sex") : S("Giới tính"), 7, SIDE_CENTER };
	for (int i = 0; i < blanks; i++)
		columns[k++] = (struct print_column){ blank_heads[i], 6, SIDE_CENTER };
	columns[k++] = (struct print_column){ c->lang == EN ? S("Note") : S("Ghi chú"), blanks > 4 ? 8 : 14, SIDE_LEFT };
	print_table_begin(p, columns, k);
	for (int i = 0; i < n; i++) {
		str cells[BLANKS + 6] = { { 0 } }, family, middle, given;
		viet_name_parts(at[i].name, &family, &middle, &given);
		cells[0] = TEXT(c, "%d", i + 1);
		cells[1] = TEXT(c, "%.*s%s%.*s", FMT(family), middle.n ? " " : "", FMT(middle));
		cells[2] = given;
		cells[3] = at[i].born;
		cells[4] = at[i].sex;
		cells[k - 1] = at[i].note;
		print_row(p, cells, false);
	}
	print_table_end(p);
	print_signatures(p, signatures, n_signatures);
	return print_end(p, fd, NULL);
}

str print_foot(struct ctx *c)
{
	return TEXT(c, "%.*s%s%s %.*s%s%.*s", FMT(c->here.org_name), c->here.org_name.n ? " · " : "", c->lang == EN ? "printed" : "in lúc",
		FMT(instant_text(c->mem, c->now)), c->who->name.n ? " · " : "", FMT(c->who->name));
}

struct printing { struct print_doc *p; const struct entity *e; const struct field *fields[COLUMNS]; int n; int64_t done; };

static int weight_of(const struct field *f)
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

static void begin_table(struct ctx *c, struct printing *w, const struct cols *hidden, const struct table *t)
{
	struct print_column columns[COLUMNS + 1] = { { c->lang == EN ? S("No.") : S("STT"), 6, SIDE_CENTER } };
	for (int i = 0; i < COUNT(w->e->list) && w->e->list[i]; i++) {
		const struct field *f = field_at(w->e->fields, w->e->list[i]);
		if (!f || cols_has(hidden, column_at(t, f->at)) || f->is & SECRET || w->n == COLUMNS)
			continue;
		bool number = f->type == T_INT || f->type == T_MONEY || f->type == T_SCORE;
		columns[w->n + 1] = (struct print_column){ say(c, &f->label), weight_of(f), number ? SIDE_RIGHT : SIDE_LEFT };
		w->fields[w->n++] = f;
	}
	print_table_begin(w->p, columns, w->n + 1);
}

static void print_page(struct ctx *c, struct printing *w, const struct list_answer *a)
{
	for (int64_t i = 0; i < a->rows.n; i++) {
		const char *row = (const char *)a->rows.p + i * w->e->size;
		str cells[COLUMNS + 1] = { TEXT(c, "%lld", (long long)++w->done) };
		for (int k = 0; k < w->n; k++) {
			const struct field *f = w->fields[k];
			int64_t ref;
			memcpy(&ref, row + f->at, f->type == T_REF ? sizeof ref : 0);
			cells[k + 1] = f->type == T_REF ? list_title(a, f, ref) : field_text(f, row, c->lang, c->mem);
		}
		print_row(w->p, cells, false);
	}
}

enum rc print_list(struct ctx *c, const struct list_ask *ask, enum paper paper, str title, str foot, int fd)
{
	static const struct tr MSG_many = { "Chỉ in được tối đa {1} dòng. Hãy lọc bớt, hoặc xuất ra Excel.", "At most {1} rows can be printed. Filter more, or export to Excel." };
	struct list_ask page = *ask;
	struct list_answer a;
	struct printing w = { .e = ask->e };
	page.verb = PRINT;
	page.limit = 500;
	page.titles = true;
	page.show = ask->e->list;
	TRY(list_rows(c, &page, &a));
	TRY(print_begin(c, paper, NULL, title, S(""), foot, &w.p));
	begin_table(c, &w, &a.hidden, table_of(c->app->registry, ask->e));
	for (;;) {
		print_page(c, &w, &a);
		if (!a.more)
			break;
		if (w.done >= ROWS)
			return FAILF(c, E_LIMIT, 0, &MSG_many, int_text(c->mem, ROWS));
		page.after = a.last;
		TRY(list_rows(c, &page, &a));
	}
	print_table_end(w.p);
	return print_end(w.p, fd, NULL);
}
