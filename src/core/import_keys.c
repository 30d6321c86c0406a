/* import_keys.c -- which row of the table a line of the file is, by the entity's unique keys. */
#include "core/import_in.h"
#include "core/registry.h"
#include "core/row.h"

enum { PIECE = 50, PARTS = 4, KEYS = 4 };

struct key { const struct field *at[PARTS]; int n; bool weak; const char *sql; struct text_map seen; };
struct keys { const struct table *t; struct key at[KEYS + 1]; int n; };    /* the weak one last                     */

static bool given(const struct import_plan *p, const struct field *f)
{
	if (f->at < sizeof(struct base))
		return true;
	for (int i = 0; i < p->n; i++)
		if (p->at[i] == f)
			return true;
	for (int i = 0; i < p->n_presets; i++)
		if (p->presets[i].f == f)
			return true;
	return f->fill != NULL;
}

static const char *sql_type(const struct field *f)
{
	return f->type == T_TEXT || f->type == T_PICK ? "TEXT" : "BIGINT";
}

/* A subquery a key, so that every engine looks each of them up in the unique index: for a join PostgreSQL, which does
 * not know yet that most rows have gone = 0, reads the index whole. */
static const char *statement(struct ctx *c, const struct table *t, const struct key *k)
{
	struct buf b;
	buf_init(&b, c->mem, 1 << 16);
	put_z(&b, "WITH k (");
	for (int i = 0; i < k->n; i++)
		put_fmt(&b, "%sc%d", i ? ", " : "", i);
	put_z(&b, ") AS (VALUES ");
	for (int row = 0; row < PIECE; row++) {
		put_z(&b, row ? ", (" : "(");
		for (int i = 0; i < k->n; i++)
			put_fmt(&b, "%sCAST(?%d AS %s)", i ? ", " : "", row * k->n + i + 1, sql_type(k->at[i]));
		put_c(&b, ')');
	}
	put_z(&b, ") SELECT (SELECT ");
	put_z(&b, k->weak ? "CASE WHEN COUNT(*) > 1 THEN -1 ELSE MIN(e.id) END" : "e.id");
	put_z(&b, " FROM ");
	put_z(&b, t->e->name);
	put_z(&b, " e WHERE e.gone = 0");
	for (int i = 0; i < k->n; i++)
		put_fmt(&b, " AND e.%s = k.c%d", k->at[i]->name, i);
	put_c(&b, ')');
	for (int i = 0; i < k->n; i++)
		put_fmt(&b, ", k.c%d", i);
	put_z(&b, " FROM k");
	return str_z(c->mem, buf_str(&b));
}

static void key_add(struct ctx *c, struct keys *all, const struct import_plan *p, const col *parts, bool weak)
{
	struct key k = { .weak = weak, .seen = { .mem = c->mem } };
	bool good = parts[0] != 0, any = false;
	for (int i = 0; i < PARTS && parts[i]; i++) {
		int at = column_at(all->t, parts[i]);
		k.at[k.n++] = all->t->columns[at];
		good = good && given(p, k.at[i]);
		any = any || k.at[i]->at >= sizeof(struct base);
	}
	if (!good || !any)
		return;
	k.sql = statement(c, all->t, &k);
	all->at[all->n++] = k;
}

struct keys *keys_new(struct ctx *c, const struct import_plan *p)
{
	struct keys *all = NEW(c->mem, struct keys);
	all->t = table_of(c->app->registry, p->e);
	for (int u = 0; u < KEYS; u++)
		key_add(c, all, p, p->e->unique[u], false);
	key_add(c, all, p, p->e->same, true);
	return all;
}

static bool whole(const struct key *k, const struct val *v)
{
	for (int i = 0; i < k->n; i++)
		if (v[i].type == V_NULL)
			return false;
	return true;
}

/* The key as one text, until the next one in b; empty when a part is empty. */
static str text_of(struct buf *b, const struct key *k, const struct val *v)
{
	b->n = 0;
	for (int i = 0; i < k->n && whole(k, v); i++) {
		if (v[i].type == V_INT)
			put_int(b, v[i].i);
		else
			put(b, v[i].s);
		put_c(b, '\n');
	}
	return buf_str(b);
}

static enum rc ask(struct ctx *c, const struct key *k, struct val *args, int rows, struct text_map *found)
{
	struct rows r;
	struct buf b;
	bool fresh;
	buf_init(&b, c->mem, 1 << 16);
	for (int i = rows; i < PIECE; i++)               /* always the same statement */
		memcpy(&args[i * k->n], &args[(rows - 1) * k->n], sizeof *args * (size_t)k->n);
	TRY(db_query(c->db, k->sql, args, PIECE * k->n, &r));
	while (rows_next(&r)) {
		struct val v[PARTS];
		if (rows_null(&r, 0))
			continue;
		for (int i = 0; i < k->n; i++) {
			bool text = k->at[i]->type == T_TEXT || k->at[i]->type == T_PICK;
			v[i] = rows_null(&r, i + 1) ? v_null() : text ? v_text(rows_text(&r, i + 1)) : v_int(rows_int(&r, i + 1));
		}
		text_map_put(found, text_of(&b, k, v), rows_int(&r, 0), &fresh);
	}
	return rows_end(&r);
}

static void values(const struct key *k, const char *row, struct val *ret)
{
	for (int i = 0; i < k->n; i++)
		ret[i] = field_val(k->at[i], row);
}

enum rc keys_find(struct ctx *c, struct keys *all, char *const *rows, const int64_t *numbers, const bool *skip, int n,
	const bool *another, int64_t *ret_ids, int64_t *ret_before, bool *ret_weak)
{
	struct val args[PIECE * PARTS], v[PARTS];
	bool *keyed = NEWS(c->mem, bool, n + 1);
	struct buf b;
	buf_init(&b, c->mem, 1 << 16);
	memset(ret_ids, 0, sizeof *ret_ids * (size_t)n);
	memset(ret_weak, 0, sizeof *ret_weak * (size_t)n);
	memset(ret_before, 0, sizeof *ret_before * (size_t)n);
	for (int u = 0; u < all->n; u++) {
		struct key *k = &all->at[u];
		struct text_map found = { .mem = c->mem };
		int waiting = 0;
		for (int i = 0; i < n; i++) {
			values(k, rows[i], v);
			if (!skip[i] && !(k->weak && (keyed[i] || another[i])) && whole(k, v))
				memcpy(&args[waiting++ * k->n], v, sizeof *v * (size_t)k->n);
			if (waiting == PIECE || (i == n - 1 && waiting > 0)) {
				TRY(ask(c, k, args, waiting, &found));
				waiting = 0;
			}
		}
		for (int i = 0; i < n; i++) {
			bool fresh;
			values(k, rows[i], v);
			str key = skip[i] || (k->weak && (keyed[i] || another[i])) ? S("") : text_of(&b, k, v);
			if (!key.n)
				continue;
			keyed[i] = true;
			int64_t *id = text_map_get(&found, key), *before = text_map_put(&k->seen, key, numbers[i], &fresh);
			ret_weak[i] = ret_weak[i] || (k->weak && !ret_ids[i] && !ret_before[i]);
			if (id && !ret_ids[i])
				ret_ids[i] = *id;
			if (!fresh && *before != numbers[i] && !ret_before[i])
				ret_before[i] = *before;
		}
	}
	return OK;
}
