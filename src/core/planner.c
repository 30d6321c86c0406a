/* planner.c -- see planner.h. A line of sqlite_stat1 is "rows a b ..": rows of the index, then how many of them share
 * the values of its first column, of its first two columns, and so on. */
#include "core/planner.h"

enum { MANY_ROWS = 1000000, SHARED_ROWS = 1000, UNITS = 700 /* of a province, that have rows */,
	DAYS_KEPT = 400, NUMBERS = 100 /* different ones in a column of them */,
	NAMESAKES = 4 /* rows of one name, text or moment */, FEWEST = 2 };

static int64_t rows_of(const struct entity *e)
{
	return e->rows ? e->rows : e->keeps & SHARED ? SHARED_ROWS : MANY_ROWS;
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t choices(const struct choice *p)
{
	int64_t n = 0;

	while (p && p[n].code)
		n++;
	return n ? n : 1;
}

/* How many different values a column has; 0: as many as rows. */
static int64_t values_of(const struct entity *e, str column)
{
	const struct field *f = e->fields;

	if (str_is(column, "id"))
		return 0;
	if (str_is(column, "gone"))
		return 1;
	if (str_is(column, "org"))
		return e->keeps & SHARED ? 1 : UNITS;
	while (f && f->name && !str_is(column, f->name))
		f++;
	if (!f || !f->name)
		return rows_of(e) / NAMESAKES;
	switch ((enum type)f->type) {
	case T_REF:  return f->ref ? rows_of(f->ref) : 0;
	case T_DAY:  return DAYS_KEPT;
	case T_BOOL: return 2;
	case T_PICK: return choices(f->pick);
	case T_INT: case T_SCORE: return NUMBERS;
	case T_TEXT: case T_TIME: case T_MONEY: case T_FILE: case T_HTML: case T_LIST: break;
	}
	return rows_of(e) / NAMESAKES;
}

/* columns: "org,gone,id". noskipscan: what is said of the first column is no reason to go through its values one by
 * one. */
static void put_line(struct buf *b, const struct entity *e, str columns, bool unique)
{
	int64_t all = rows_of(e), share = all;
	str column;

	put_int(b, all);
	while (columns.n) {
		str_cut(columns, ',', &column, &columns);
		int64_t values = values_of(e, column);
		if (values == 0 || (unique && columns.n == 0))
			share = 1;
		else if (share > 1)
			share = share / least(values, share) > FEWEST || values == 1 ? share / least(values, share) : FEWEST;
		put_c(b, ' ');
		put_int(b, share);
	}
	put_z(b, " noskipscan");
}

struct line { str table, index, text; };
struct lines { struct line *at; int n, max; };

static enum rc lines_read(struct db *d, struct arena *mem, const char *sql, bool as_columns, const struct registry *r,
	struct lines *l)
{
	struct rows q;

	l->at = NEWS(mem, struct line, l->max);
	TRY(db_query(d, sql, NULL, 0, &q));
	while (l->n < l->max && rows_next(&q)) {
		struct line *x = &l->at[l->n];
		const struct meta *m = registry_entity(r, rows_text(&q, 0));
		struct buf b;
		if (as_columns && !m)
			continue;
		*x = (struct line){ str_copy(mem, rows_text(&q, 0)), str_copy(mem, rows_text(&q, 1)), { 0 } };
		buf_init(&b, mem, 1000);
		if (as_columns)
			put_line(&b, m->e, rows_text(&q, 2), rows_int(&q, 3) != 0);
		else
			put(&b, rows_text(&q, 2));
		x->text = str_copy(mem, buf_str(&b));
		l->n++;
	}
	return rows_end(&q);
}

static bool same(const struct lines *a, const struct lines *b)
{
	bool good = a->n == b->n;

	for (int i = 0; i < a->n && good; i++)
		good = str_eq(a->at[i].table, b->at[i].table) && str_eq(a->at[i].index, b->at[i].index) &&
			str_eq(a->at[i].text, b->at[i].text);
	return good;
}

static enum rc put_lines(struct db *d, struct arena *mem, const struct lines *l)
{
	struct val *args = NEWS(mem, struct val, l->n * 3 + 1);

	for (int i = 0; i < l->n; i++) {
		args[3 * i] = v_text(l->at[i].table);
		args[3 * i + 1] = v_text(l->at[i].index);
		args[3 * i + 2] = v_text(l->at[i].text);
	}
	TRY(db_exec(d, "DELETE FROM sqlite_stat1", NULL, 0, NULL));
	TRY(db_insert(d, "sqlite_stat1", "tbl, idx, stat", args, 3, l->n));
	return db_script(d, S("ANALYZE sqlite_schema"));         /* reads them; it counts nothing */
}

/* The first ANALYZE makes the table; of the schema's own tables it counts nothing. */
static enum rc tell(const struct registry *r, struct db *d, struct arena *mem)
{
	static const char indexes[] = "SELECT m.name, l.name, "
		"(SELECT group_concat(name, ',') FROM (SELECT name FROM pragma_index_info(l.name) ORDER BY seqno)), "
		"l.\"unique\" "
		"FROM sqlite_master m CROSS JOIN pragma_index_list(m.name) l WHERE m.type = 'table' ORDER BY 1, 2";
	enum { MOST = 4096 };
	struct lines want = { .max = MOST }, has = { .max = MOST };

	if (!db_has_table(d, "sqlite_stat1"))
		TRY(db_script(d, S("ANALYZE sqlite_schema")));
	TRY(lines_read(d, mem, indexes, true, r, &want));
	TRY(lines_read(d, mem, "SELECT tbl, COALESCE(idx, ''), stat FROM sqlite_stat1 ORDER BY 1, 2", false, r, &has));
	return same(&want, &has) ? OK : put_lines(d, mem, &want);
}

enum rc planner_tell(const struct registry *r, struct db *d, struct arena *mem)
{
	if (db_kind(d) != DB_SQLITE)
		return OK;
	TRY(db_begin(d));
	enum rc rc = tell(r, d, mem);
	if (rc == OK)
		return db_commit(d);
	db_rollback(d);
	return rc;
}
