/* gradebook_test.c -- a page of marks as people use it, on both engines: keys, whole pages, two people, news. */
#include "mod/records/records_world.h"
#include "mod/records/records_rules.h"
#include "core/replica.h"
#include <stdio.h>

static const struct cell_told *told_at(const struct save_told *t, int i)
{
	return (const struct cell_told *)t->cells.p + i;
}

/* ---- keys: the vectors the browser's twin is held against too --------------------------------------------------- */

static struct cell_layout layout_of(struct arena *a, const struct scheme *s, bool words, int decimals)
{
	struct cell_layout l;

	layout_make(a, s, GRADE_6, words ? S("gdtc") : S("toan"), words, 140, &l);
	assert_true(l.n > 0);
	assert_true(words || s->columns[l.slots[0].column].decimals == decimals);
	return l;
}

static void one_vector(struct arena *a, const struct scheme_set *set, str typed, str column, str want)
{
	bool words = str_is(column, "w"), whole = str_is(column, "0");
	const struct scheme *s = scheme_named(set, whole ? S("tt58") : S("tt22"));
	struct cell_layout l = layout_of(a, s, words, whole ? 0 : 1);
	const struct tr *why = NULL;
	int32_t v;

	bool good = cell_typed(a, &l, 0, cell_keyed(a, &l, 0, typed), &v, &why);
	str got = good ? cell_code(a, &l, v) : S("!");
	if (!str_eq(got, want) || (!good && !why))
		fail_msg("“%.*s” in a column %.*s is %.*s, not %.*s\n", FMT(typed), FMT(column), FMT(got), FMT(want));
}

static void keys(void **state)
{
	struct arena a;
	struct scheme_set set;
	char line[200];
	int n = 0;
	FILE *f = fopen(KHUE_ROOT "/test/vectors/mark-keys.tsv", "r");

	(void)state;
	assert_non_null(f);
	arena_init(&a, (size_t)64 << 20);
	schemes_load(&a, "/nowhere", &set, NULL, NULL);
	while (fgets(line, sizeof line, f)) {
		str typed, column, want, rest = str_of(line);
		if (line[0] == '#')
			continue;
		rest.n -= rest.n && rest.p[rest.n - 1] == '\n';
		assert_true(str_cut(rest, '\t', &typed, &rest));
		assert_true(str_cut(rest, '\t', &column, &want));
		one_vector(&a, &set, typed, column, want);
		n++;
	}
	fclose(f);
	assert_true(n > 50);
	arena_free(&a);
}

/* ---- two people ------------------------------------------------------------------------------------------------- */

static enum rc save_live(struct class_of *k, const struct cell_edit *e, int64_t n, int64_t base, struct save_told *t)
{
	return marks_save(mine(k), &(struct save_ask){ .class = k->w->class_a, .subject = k->subjects[0], .edits = e,
		.n = n, .base = base, .live = true }, t);
}

/* Between the reading of a book and the entry behind it nobody else writes the book: PostgreSQL keeps its row, SQLite
 * has one writer. Without that two saves would take the same number of the ledger, and the later one would be lost. */
static void a_book_is_held(void **state)
{
	struct class_of k = open_class(state);
	struct world *w = k.w;
	struct db *other = engine_again(state);
	struct cell_edit e = edit(&k, 0, "tx1", "", "8");
	struct save_told t;
	int64_t v = 0;

	assert_int_equal(db_begin(w->db), OK);
	struct ctx *c = mine(&k);
	book_ahead(c, w->class_a, k.subjects[0], TERM_1);
	if (db_kind(other) == DB_POSTGRES) {
		OKAY(db_int(w->db, "SELECT 1", NULL, 0, &v));        /* all that was asked ahead is answered now */
		OKAY(db_exec(other, "SET lock_timeout = 50", NULL, 0, NULL));
		assert_int_equal(db_exec(other, "UPDATE course SET lessons = lessons", NULL, 0, NULL), E_BUSY);
	}
	/* what was asked ahead of the save is what the save goes on from */
	uint64_t before = db_count(w->db);
	const struct save_ask ask = { .class = w->class_a, .subject = k.subjects[0], .term = TERM_1, .edits = &e, .n = 1 };
	OKAY(marks_save(c, &ask, &t));
	assert_int_equal(t.saved, 1);
	if (db_kind(other) == DB_POSTGRES)
		assert_true(db_count(w->db) - before <= 3);          /* the entry, the book's end, the marks */
	OKAY(db_commit(w->db));
	OKAY(db_exec(other, "UPDATE course SET lessons = lessons", NULL, 0, NULL));
	assert_int_equal(count(w, "SELECT count(*) FROM ledger_entry"), 1);
	db_close(other);
	/* who reads the book but does not teach it is told so; who may not see it finds nothing */
	assert_int_equal(marks_save(as(w, &principal, w->a, (person_id){ 0 }), &ask, &t), E_DENIED);
	assert_int_equal(marks_save(as(w, &principal, w->b, (person_id){ 0 }), &ask, &t), E_MISSING);
	close_class(&k);
}

static void live(void **state)
{
	struct class_of k = open_class(state);
	struct world *w = k.w;
	struct save_told t;
	struct cell_edit first[] = { edit(&k, 0, "tx1", "", "8"), edit(&k, 1, "tx1", "", "7"),
		edit(&k, 2, "remark", "", "Ngoan") };

	/* two pages made at entry 0: one writes, the other hears of it with its own save */
	OKAY(save_live(&k, first, 3, 0, &t));
	assert_int_equal(t.seq, 1);
	assert_int_equal(t.news.n, 0);
	assert_int_equal(t.rows.n, 3);
	struct cell_edit second[] = { edit(&k, 0, "tx1", "", "6"), edit(&k, 0, "tx2", "", "9,5") };
	OKAY(save_live(&k, second, 2, 0, &t));
	assert_int_equal(told_at(&t, 0)->end, CELL_CONFLICT);
	assert_text(told_at(&t, 0)->stored, "8");
	assert_true(told_at(&t, 0)->at.v > 0);
	assert_int_equal(told_at(&t, 1)->end, CELL_SAVED);
	assert_int_equal(t.seq, 2);
	assert_int_equal(t.news.n, 2);
	bool remark = false, mark_ = false;
	for (int64_t i = 0; i < t.news.n; i++) {
		const struct cell_news *x = (const struct cell_news *)t.news.p + i;
		remark = remark || (x->pupil == k.pupils[2].v && str_is(x->value, "Ngoan"));
		mark_ = mark_ || (x->pupil == k.pupils[1].v && str_is(x->value, "7") && str_is(x->column, "tx1"));
	}
	assert_true(remark && mark_);
	/* nothing to write, only to hear: a page that asks again */
	OKAY(save_live(&k, NULL, 0, 1, &t));
	assert_int_equal(t.news.n, 1);
	assert_int_equal(t.seq, 2);
	assert_int_equal(count(w, "SELECT count(*) FROM ledger_entry"), 2);
	/* who knows no base is told of the conflict all the same */
	struct cell_edit blind = edit(&k, 1, "tx1", "", "5");
	OKAY(save_as(mine(&k), &k, 0, TERM_1, &blind, 1, "", &t));
	assert_int_equal(told_at(&t, 0)->end, CELL_CONFLICT);
	assert_true(told_at(&t, 0)->at.v > 0);
	/* who has seen all and still takes a cell for another: the conflict is named, and nothing else is news */
	OKAY(save_live(&k, &blind, 1, 2, &t));
	assert_int_equal(told_at(&t, 0)->end, CELL_CONFLICT);
	assert_true(told_at(&t, 0)->at.v > 0);
	assert_int_equal(t.news.n, 0);
	close_class(&k);
}

/* A form without a script sends the whole page as it stood: what its writer did not touch stays as others wrote it. */
static void whole_page(void **state)
{
	struct class_of k = open_class(state);
	struct world *w = k.w;
	struct save_told t;
	struct grid g;
	struct cell_edit other[] = { edit(&k, 0, "tx1", "", "8"), edit(&k, 1, "tx1", "", "7"), edit(&k, 2, "tx1", "", "6"),
		edit(&k, 2, "remark", "", "Ngoan") };
	struct cell_edit page[] = { edit(&k, 0, "tx1", "", ""), edit(&k, 1, "tx1", "", "55"), edit(&k, 2, "tx1", "", "6"),
		edit(&k, 0, "tx2", "", "85"), edit(&k, 1, "tx2", "", "12"), edit(&k, 2, "remark", "", ""),
		edit(&k, 1, "remark", "", "Tốt") };

	OKAY(save_live(&k, other, 4, 0, &t));
	struct save_ask ask = { .class = w->class_a, .subject = k.subjects[0], .edits = page, .n = COUNT(page), .base = 0,
		.form = true };
	OKAY(marks_save(mine(&k), &ask, &t));
	assert_int_equal(told_at(&t, 0)->end, CELL_SAME);            /* empty then, untouched: the other's 8 stays */
	assert_int_equal(told_at(&t, 1)->end, CELL_CONFLICT);
	assert_text(told_at(&t, 1)->stored, "7");
	assert_int_equal(told_at(&t, 2)->end, CELL_SAME);            /* both wrote the same */
	assert_int_equal(told_at(&t, 3)->end, CELL_SAVED);           /* 85 is 8,5 to who strikes keys */
	assert_int_equal(told_at(&t, 4)->end, CELL_WRONG);
	assert_int_equal(told_at(&t, 5)->end, CELL_SAME);
	assert_int_equal(told_at(&t, 6)->end, CELL_SAVED);
	OKAY(grid_load(mine(&k), w->class_a, k.subjects[0], TERM_1, &g));
	for (int64_t i = 0; i < g.n; i++)
		if (g.rows[i].pupil.v == k.pupils[0].v)
			assert_text(g.rows[i].cells, "tx1=8 tx2=8.5");
		else if (g.rows[i].pupil.v == k.pupils[2].v)
			assert_text(g.rows[i].remark, "Ngoan");
	/* made anew from the book as it is now, the same page may clear the cell */
	ask.edits = &page[0];
	ask.n = 1;
	ask.base = g.head.entries;
	OKAY(marks_save(mine(&k), &ask, &t));
	assert_int_equal(told_at(&t, 0)->end, CELL_SAVED);
	close_class(&k);
}

/* ---- a pasted block, looked at ----------------------------------------------------------------------------------- */

static const struct shape *shape_of(const char *path, bool in, handle_fn **ret_run)
{
	for (const struct route *r = mod_records.routes; r->verb; r++)
		if (strcmp(r->path, path) == 0 && strcmp(r->verb, "POST") == 0) {
			*ret_run = r->run;
			return in ? r->in : r->out;
		}
	fail_msg("no route %s\n", path);
	return NULL;
}

static const void *part(const struct shape *s, const void *row, const char *name)
{
	for (const struct field *f = s->fields; f->name; f++)
		if (strcmp(f->name, name) == 0)
			return (const char *)row + f->at;
	fail_msg("no member %s\n", name);
	return NULL;
}
#define TEXT_AT(s, row, name) (*(const str *)part((s), (row), (name)))
#define INT_AT(s, row, name) (*(const int64_t *)part((s), (row), (name)))

struct looked { const struct shape *shape, *line, *cell; char *out; };

static struct looked paste(struct class_of *k, const char *text)
{
	const char *path = "/gradebook/{class}/{subject}/paste";
	handle_fn *run;
	const struct shape *in = shape_of(path, true, &run);
	struct looked l = { .shape = shape_of(path, false, &run) };
	struct ctx *c = mine(k);
	struct world *w = k->w;
	char *row = arena_alloc(c->mem, in->size, 16);

	memset(row, 0, in->size);
	l.out = arena_alloc(c->mem, l.shape->size, 16);
	memset(l.out, 0, l.shape->size);
	*(school_class_id *)(uintptr_t)part(in, row, "class") = w->class_a;
	*(subject_id *)(uintptr_t)part(in, row, "subject") = k->subjects[0];
	*(str *)(uintptr_t)part(in, row, "text") = str_of(text);
	OKAY(run(c, row, l.out));
	for (const struct field *f = l.shape->fields; f->name; f++)
		if (strcmp(f->name, "rows") == 0)
			l.line = f->of;
	for (const struct field *f = l.line->fields; f->name; f++)
		if (strcmp(f->name, "cells") == 0)
			l.cell = f->of;
	return l;
}
static const void *line_of(const struct looked *l, int64_t i)
{
	const items *rows = part(l->shape, l->out, "rows");

	assert_true(i < rows->n);
	return (const char *)rows->p + (size_t)i * l->line->size;
}
static const void *cell_of(const struct looked *l, int64_t i, int64_t n)
{
	const items *cells = part(l->line, line_of(l, i), "cells");

	assert_true(n < cells->n);
	return (const char *)cells->p + (size_t)n * l->cell->size;
}

/* Class order is by given name: Lê An, Trần Văn Bình, Phạm Yến. */
static void pastes(void **state)
{
	struct class_of k = open_class(state);

	struct looked l = paste(&k, "STT\tHọ và tên\tTX2\tTX1\n1\tPHẠM YẾN\t8,5\t7\n2\tle an\t85\t-1\n"
		"3\tAi Đó\t9\t9\n");
	assert_text(TEXT_AT(l.shape, l.out, "by"), "name");
	assert_true(TEXT_AT(l.shape, l.out, "note").n > 0);          /* the headings stand in another order */
	assert_int_equal(INT_AT(l.shape, l.out, "good"), 2);
	assert_int_equal(INT_AT(l.shape, l.out, "wrong"), 2);        /* a pasted 85 is not 8,5 */
	assert_int_equal(INT_AT(l.shape, l.out, "unknown"), 1);
	assert_int_equal(INT_AT(l.line, line_of(&l, 0), "pupil"), k.pupils[2].v);
	assert_text(TEXT_AT(l.cell, cell_of(&l, 0, 0), "column"), "tx2");
	assert_text(TEXT_AT(l.cell, cell_of(&l, 0, 0), "shown"), "8,5");
	assert_text(TEXT_AT(l.line, line_of(&l, 2), "how"), "unknown");
	/* family and given names in two columns, row numbers without a heading */
	l = paste(&k, "1\tLê\tAn\t7\n2\tTrần Văn\tBình\t8\n3\tPhạm\tYến\t9\n");
	assert_text(TEXT_AT(l.shape, l.out, "by"), "name");
	assert_int_equal(INT_AT(l.shape, l.out, "good"), 3);
	assert_int_equal(INT_AT(l.line, line_of(&l, 1), "pupil"), k.pupils[0].v);
	/* nothing but marks: by place, from the first; what stands below the last pupil belongs to nobody */
	l = paste(&k, "7\t8\n8\t12\n9\t9,25\n10\t10\n");
	assert_text(TEXT_AT(l.shape, l.out, "by"), "place");
	assert_int_equal(INT_AT(l.shape, l.out, "good"), 4);
	assert_int_equal(INT_AT(l.shape, l.out, "wrong"), 2);
	assert_int_equal(INT_AT(l.shape, l.out, "unknown"), 1);
	assert_int_equal(count(k.w, "SELECT count(*) FROM mark"), 0);
	close_class(&k);
}

/* The list of a whole school, one name on two rows; a heading row that is shorter than the marks. */
static void pastes_too_much(void **state)
{
	struct class_of k = open_class(state);
	char sheet[20000];

	/* one of the two is of another class: neither is written before somebody says which */
	struct looked l = paste(&k, "Họ và tên\tTX1\nPhạm Yến\t7\nLê An\t8\nPHẠM YẾN\t1\nPhạm Yến\t2\n");
	assert_int_equal(INT_AT(l.shape, l.out, "good"), 1);
	assert_int_equal(INT_AT(l.shape, l.out, "unknown"), 3);
	for (int i = 0; i < 4; i++)
		assert_text(TEXT_AT(l.line, line_of(&l, i), "how"), i == 1 ? "name" : "both");
	assert_int_equal(((const items *)part(l.line, line_of(&l, 0), "choices"))->n, 1);
	/* the sheet says of which class each is */
	l = paste(&k, "Lớp\tHọ và tên\tTX1\n99Z\tPhạm Yến\t7\n\tLê An\t8\n");
	assert_text(TEXT_AT(l.line, line_of(&l, 0), "how"), "elsewhere");
	assert_int_equal(INT_AT(l.shape, l.out, "good"), 1);
	/* marks beyond the last heading, marks under a heading the book does not have: said, not dropped in silence */
	l = paste(&k, "Họ và tên\tTX1\tTX2\nLê An\t\t8\t7\nPhạm Yến\t\t9\t6\n");
	assert_true(str_find(TEXT_AT(l.shape, l.out, "note"), S("Column D has marks and no heading")) >= 0);
	l = paste(&k, "Họ và tên\tTX1\tVở sạch\nLê An\t8\t7\nPhạm Yến\t9\t6\n");
	assert_true(str_find(TEXT_AT(l.shape, l.out, "note"), S("Column C has marks, but its heading")) >= 0);
	l = paste(&k, "Họ và tên\tTX9\tTX1\nLê An\t8\t7\nPhạm Yến\t9\t6\n");
	assert_true(str_find(TEXT_AT(l.shape, l.out, "note"), S("Column B has marks, but its heading")) >= 0);
	/* a mark without anybody's name is somebody's all the same */
	l = paste(&k, "Họ và tên\tTX1\nLê An\t8\n\t7\n");
	assert_text(TEXT_AT(l.line, line_of(&l, 1), "how"), "nameless");
	assert_int_equal(INT_AT(l.shape, l.out, "unknown"), 1);
	int n = snprintf(sheet, sizeof sheet, "Họ và tên\tTX1\n");
	for (int i = 0; i < 399; i++)
		n += snprintf(sheet + n, sizeof sheet - (size_t)n, "Người lớp khác %d\t%d\n", i, i % 11);
	snprintf(sheet + n, sizeof sheet - (size_t)n, "Lê An\t9\n");
	l = paste(&k, sheet);
	assert_int_equal(INT_AT(l.shape, l.out, "good"), 1);
	assert_int_equal(INT_AT(l.shape, l.out, "unknown"), 399);
	close_class(&k);
}

/* As books of marks are printed: titles, a heading of two rows, blank rows within; a register's numbers, which begin
 * anywhere. None of it becomes a mark. */
static void pastes_of_printed_books(void **state)
{
	struct class_of k = open_class(state);

	struct looked l = paste(&k, "TRƯỜNG THCS\t\t\t\t\nBẢNG ĐIỂM LỚP 6A\t\t\t\t\n\t\t\t\t\n"
		"STT\tHọ và tên\tĐiểm thường xuyên\t\tGK\n"
		"\t\tTX1\tTX2\t\n1\tLê An\t8\t7\t6\n\t\t\t\t\n2\tPhạm Yến\t9\t6\t5\n");
	assert_int_equal(INT_AT(l.shape, l.out, "good"), 6);
	assert_int_equal(INT_AT(l.shape, l.out, "unknown"), 0);
	static const char *const columns[] = { "tx1", "tx2", "gk" };
	for (int i = 0; i < 3; i++)
		assert_text(TEXT_AT(l.cell, cell_of(&l, 0, i), "column"), columns[i]);
	assert_text(TEXT_AT(l.cell, cell_of(&l, 0, 0), "shown"), "8");
	/* the columns of the group are only numbered */
	l = paste(&k, "STT\tHọ và tên\tĐĐGtx\t\tĐĐGgk\n\t\t1\t2\t\n1\tLê An\t8\t7\t6\n2\tPhạm Yến\t9\t6\t5\n");
	assert_int_equal(INT_AT(l.shape, l.out, "good"), 6);
	assert_text(TEXT_AT(l.cell, cell_of(&l, 0, 1), "column"), "tx2");
	/* rows of pupils above a heading are pupils */
	l = paste(&k, "1\tLê An\t8\t7\nSTT\tHọ và tên\tTX1\tTX2\n1\tPhạm Yến\t9\t6\n");
	assert_int_equal(INT_AT(l.line, line_of(&l, 0), "pupil"), k.pupils[1].v);
	/* from the middle of a register, a row left out */
	l = paste(&k, "17\tLê An\t8\n19\tPhạm Yến\t9\n");
	assert_int_equal(INT_AT(l.shape, l.out, "good"), 2);
	assert_text(TEXT_AT(l.cell, cell_of(&l, 0, 0), "shown"), "8");
	assert_true(str_find(TEXT_AT(l.shape, l.out, "note"), S("Column A stands before the names")) >= 0);
	close_class(&k);
}

/* What stands in a remark of a closed book stays there, and the block says so before anything is sent. */
static void pastes_of_a_closed_book(void **state)
{
	static const char block[] = "Họ và tên\tNhận xét\nLê An\tLười\n";
	struct class_of k = open_class(state);
	struct world *w = k.w;

	struct looked l = paste(&k, block);
	assert_int_equal(INT_AT(l.shape, l.out, "good"), 1);
	OKAY(db_exec(w->db, "INSERT INTO class_close (id, org, class, year, term, state) VALUES (9, ?1, ?2, ?3, 'hk1',"
		" 'closed')", VALS(v_int(w->a.v), v_int(w->class_a.v), v_int(w->year.v)), NULL));
	l = paste(&k, block);
	assert_int_equal(INT_AT(l.shape, l.out, "good"), 0);
	assert_int_equal(INT_AT(l.shape, l.out, "wrong"), 1);
	assert_true(TEXT_AT(l.cell, cell_of(&l, 0, 0), "why").n > 0);
	close_class(&k);
}

/* Two of one name: told apart by the birthday, else asked. */
static void namesakes(void **state)
{
	struct class_of k = open_class(state);
	struct world *w = k.w;
	person_id twin = add_person(w, w->a, "Lê An", true, false);
	struct person p;

	OKAY(find(as_khue(w), &person, twin.v, &p));
	day_of(2014, 9, 5, &p.born);
	OKAY(update(&w->c, &person, &p));
	enrol(w, twin, w->class_a);
	struct looked l = paste(&k, "Họ tên\tNgày sinh\tTX1\nLê An\t05/09/2014\t7\nLê An\t\t8\n");
	assert_int_equal(INT_AT(l.line, line_of(&l, 0), "pupil"), twin.v);
	assert_text(TEXT_AT(l.line, line_of(&l, 1), "how"), "several");
	assert_int_equal(((const items *)part(l.line, line_of(&l, 1), "choices"))->n, 2);
	assert_int_equal(INT_AT(l.shape, l.out, "good"), 1);
	close_class(&k);
}

/* Codes and names of two pupils exchanged; a birthday that is not the pupil's; a code nobody has. As in workbooks. */
static void pastes_of_disagreeing_rows(void **state)
{
	struct class_of k = open_class(state);
	struct world *w = k.w;

	OKAY(db_exec(w->db, "UPDATE person SET school_code = 'HS1', born = 15000 WHERE id = ?1",
		VALS(v_int(k.pupils[1].v)), NULL));
	OKAY(db_exec(w->db, "UPDATE person SET school_code = 'HS2' WHERE id = ?1", VALS(v_int(k.pupils[2].v)), NULL));
	struct looked l = paste(&k, "Mã HS\tHọ và tên\tTX1\nHS2\tLê An\t8\nHS1\tPhạm Yến\t7\nHS2\tPHAM  YẾN\t6\n");
	assert_text(TEXT_AT(l.line, line_of(&l, 0), "how"), "unlike");
	assert_text(TEXT_AT(l.line, line_of(&l, 0), "given"), "Lê An");
	const items *choices = part(l.line, line_of(&l, 0), "choices");
	assert_int_equal(choices->n, 2);
	assert_text(TEXT_AT(l.line, line_of(&l, 1), "how"), "unlike");
	assert_text(TEXT_AT(l.line, line_of(&l, 2), "how"), "code");
	assert_int_equal(INT_AT(l.shape, l.out, "good"), 1);
	assert_int_equal(INT_AT(l.shape, l.out, "unknown"), 2);
	/* the only one of the name, born on another day */
	l = paste(&k, "Họ và tên\tNgày sinh\tTX1\nLê An\t01/01/1999\t8\nPhạm Yến\t\t7\n");
	assert_text(TEXT_AT(l.line, line_of(&l, 0), "how"), "several");
	assert_int_equal(((const items *)part(l.line, line_of(&l, 0), "choices"))->n, 1);
	assert_int_equal(INT_AT(l.shape, l.out, "good"), 1);
	l = paste(&k, "Mã HS\tTX1\nHS1\t8\nHS9\t7\n");
	assert_text(TEXT_AT(l.line, line_of(&l, 1), "how"), "unknown");
	assert_int_equal(INT_AT(l.shape, l.out, "unknown"), 1);
	/* columns in another order than the book's are told once, however many */
	l = paste(&k, "Họ và tên\tTX4\tTX3\tTX2\tTX1\nLê An\t8\t7\t6\t5\n");
	str told = TEXT_AT(l.shape, l.out, "note");
	ptrdiff_t first = str_find(told, S("The headings stand"));
	assert_true(first >= 0 && str_find(str_sub(told, first + 1, -1), S("The headings stand")) < 0);
	close_class(&k);
}

/* ---- rights ----------------------------------------------------------------------------------------------------- */

/* Standbys are asked only when they hold every change of rights: a save of marks is none, though it moves the end of a
 * book's ledger and rights are worked out from books. PostgreSQL alone has standbys. */
static void a_save_is_no_change_of_rights(void **state)
{
	static const char marks[] = "SELECT count(*) FROM rights_mark";
	struct class_of k = open_class(state);
	struct world *w = k.w;
	struct arena a;
	bool kept = db_kind(w->db) == DB_POSTGRES;

	arena_init(&a, (size_t)1 << 20);
	db_mark(w->db, rights_tables(&a, w->app.registry), rights_columns(&a, w->app.registry));
	save_one(&k, "tx1", "", "8", CELL_SAVED);
	save_one(&k, "tx1", "8", "9", CELL_SAVED);
	assert_int_equal(count(w, marks), 0);
	/* who is given a book, or has it taken away; and a book that passes to another class */
	teach_subject(w, w->teacher_a, k.subjects[1], false);
	assert_int_equal(count(w, marks), kept ? 1 : 0);
	OKAY(db_exec(w->db, "UPDATE teaching SET gone = 1 WHERE subject = ?1", VALS(v_int(k.subjects[1].v)), NULL));
	assert_int_equal(count(w, marks), kept ? 2 : 0);
	OKAY(db_exec(w->db, "UPDATE course SET entries = entries, class = class", NULL, 0, NULL));
	assert_int_equal(count(w, marks), kept ? 3 : 0);
	enrol(w, w->pupil_a, w->class_up);
	assert_int_equal(count(w, marks), kept ? 4 : 0);
	db_mark(w->db, NULL, NULL);
	arena_free(&a);
	close_class(&k);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(keys), ON_BOTH(a_book_is_held), ON_BOTH(live),
		ON_BOTH(whole_page),
		ON_BOTH(a_save_is_no_change_of_rights),
		ON_BOTH(pastes), ON_BOTH(pastes_too_much), ON_BOTH(pastes_of_printed_books),
		ON_BOTH(pastes_of_disagreeing_rows),
		ON_BOTH(pastes_of_a_closed_book),
		ON_BOTH(namesakes) };

	(void)argc;
	if (!hash_init())
		return 1;
	need_postgres(argv);
	return cmocka_run_group_tests_name("gradebook", tests, NULL, NULL);
}
