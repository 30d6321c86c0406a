/* list_rows.c -- see query.h: one page of an entity's rows. The statement's text depends on what is asked and on the
 * actor's rights, never on values: it is made once and kept (plan.h). */
#include "core/listing.h"
#include "core/data.h"
#include "core/perm.h"
#include "core/reads.h"
#include "core/roles.h"
#include "core/row.h"
#include "base/log.h"
#include <stdlib.h>

static const struct tr
	MSG_key    = { "Địa chỉ trang không còn đúng; hãy mở lại danh sách từ đầu.",
		"The page's address no longer fits; open the list again." },
	MSG_many   = { "Quá nhiều điều kiện lọc; hãy bỏ bớt.", "Too many filters; remove some." };

/* ---- what is asked ------------------------------------------------------------------------- */

static void add_words(struct listing *l, str typed)
{
	l->n_words += words_of(viet_words(l->c->mem, typed), l->words + l->n_words, WORDS_MAX - l->n_words);
}

static void find_words(struct listing *l)
{
	add_words(l, l->ask->words);
	for (int i = 0; i < l->ask->n_filters; i++)
		/* the index finds rows by any column: which one is seen later */
		if (l->ask->filters[i].op == LIST_LIKE) {
			add_words(l, l->ask->filters[i].v.s);
			l->verifies = true;
		}
	/* a row found by a column its reader may not see would tell what stands there: such rows are looked at again */
	for (int i = BASE_COLUMNS; l->n_words && i < l->t->n; i++) {
		const struct field *f = l->t->columns[i];
		bool guarded = rights_hide(&l->rights, f);
		for (int k = 0; !guarded && k < l->rights.n; k++)
			for (int h = 0; h < (int)COUNT(l->rights.at[k].g->hide) && l->rights.at[k].g->hide[h]; h++)
				guarded = guarded || l->rights.at[k].g->hide[h] == f->at;
		if (f->is & SEARCH && guarded)
			l->verifies = true;
		if (f->is & SEARCH && listing_may_use(l, i))
			cols_add(&l->verify, i);
	}
}

static void find_show(struct listing *l, struct list_answer *ret)
{
	for (int i = BASE_COLUMNS; i < l->t->n; i++) {
		const struct field *f = l->t->columns[i];
		bool asked = !l->ask->show;
		for (const col *at = l->ask->show; at && *at && !asked; at++)
			asked = *at == f->at;
		if (!asked)
			continue;
		if (listing_may_use(l, i))
			cols_add(&l->show, i);
		else
			cols_add(&ret->hidden, i);
	}
	for (int i = 0; l->verifies && i < l->t->n; i++)
		if (cols_has(&l->verify, i))
			cols_add(&l->show, i);
}

/* ---- drafting ------------------------------------------------------------------------------- */

/* The codes are the declaration's own, never typed. */
static void draft_among(struct draft *d, const struct field *f, int64_t choices)
{
	const char *sep = " IN (";
	for (int i = 0; f->pick[i].code; i++)
		if (choices >> i & 1) {
			put_fmt(&d->sql, "%s'%s'", sep, f->pick[i].code);
			sep = ", ";
		}
	put_c(&d->sql, ')');
}

static void draft_filter(struct listing *l, struct draft *d, const struct list_filter *f, int *arg)
{
	static const char *const ops[] = { [LIST_IS] = " = ", [LIST_FROM] = " >= ", [LIST_TO] = " <= " };
	int k = column_at(l->t, f->at);
	if (f->op == LIST_LIKE)                          /* among the words */
		return;
	put_z(&d->sql, " AND ");
	if (k < BASE_COLUMNS)
		put_fmt(&d->sql, "a.%s", l->t->columns[k]->name);
	else
		draft_column(d, &l->rights, l->t->columns[k], "a");
	if (f->op == LIST_NONE || f->op == LIST_SOME || f->v.type == V_NULL) {
		put_z(&d->sql, f->op == LIST_SOME ? " IS NOT NULL" : " IS NULL");
		return;
	}
	if (f->op == LIST_AMONG) {
		draft_among(d, l->t->columns[k], f->v.i);
		return;
	}
	put_z(&d->sql, ops[f->op]);
	draft_slot(d, SLOT_ARG, *arg);
	/* of the column itself too, for its index: who may see it in some rows only asks of an expression */
	if (k >= BASE_COLUMNS && f->op == LIST_IS) {
		put_fmt(&d->sql, " AND a.%s = ", l->t->columns[k]->name);
		draft_slot(d, SLOT_ARG, *arg);
	}
	(*arg)++;
}

static void draft_end_of_walk(struct listing *l, struct draft *d, int arg)
{
	put_z(&d->sql, l->down ? " AND a._sort >= " : " AND a._sort <= ");
	draft_slot(d, SLOT_ARG, arg);
}

/* SQLite, too, takes a large tree for a few units: it would read them one after the other, and sort what it found. */
static bool walks_tree(const struct listing *l)
{
	bool tree = l->narrow;
	for (int i = 0; i < l->rights.n; i++)
		tree = tree || l->rights.at[i].g->in == &in_tree;
	return tree && l->from == FROM_TABLE && db_kind(l->c->db) == DB_SQLITE;
}

/* The conditions on a; arg: the first argument they may use. */
static void draft_conditions(struct listing *l, struct draft *d, int arg, bool with_after)
{
	const struct list_ask *a = l->ask;
	/* In any other order all are read: in a row, not one by one through the index of the usual one. */
	put_fmt(&d->sql, listing_usual(l) ? "a.gone = %d" : "a.gone + 0 = %d", a->gone);
	/* A large tree is asked of each row by a hash of its units: neither engine knows how many they are, and PostgreSQL
	 * would else go through them for each row. */
	bool hashed = l->from == FROM_LINES || listing_finds_few(l) ||
		(with_after && (l->from == FROM_WALK || walks_tree(l)));
	if (l->from != FROM_RIGHTS) {
		put_z(&d->sql, hashed ? " AND (" : " AND ");
		draft_rights(d, &l->rights, "a");
		put_z(&d->sql, hashed ? ") IS TRUE" : "");
	}
	if (l->narrow && l->from != FROM_ORG && l->from != FROM_ORGS) {
		put_z(&d->sql, hashed ? " AND (a.org" : " AND a.org");
		put_z(&d->sql, " IN (SELECT below FROM org_below WHERE top = ");
		draft_slot(d, SLOT_HERE, 0);
		put_z(&d->sql, " AND since <= ");
		draft_slot(d, SLOT_TODAY, 0);
		put_z(&d->sql, " AND ");
		draft_slot(d, SLOT_TODAY, 0);
		put_z(&d->sql, hashed ? " < until)) IS TRUE" : " < until)");
	}
	for (int i = 0; i < a->n_filters; i++)
		draft_filter(l, d, &a->filters[i], &arg);
	draft_words(d, l->n_words, arg);
	if (with_after && l->has_after)
		draft_after(l, d, arg + l->n_words);
	if (with_after && l->ends && l->from == FROM_TABLE)
		draft_end_of_walk(l, d, arg + l->n_words + (l->has_after ? l->n_order + 1 : 0));
}

/* It stands in the text, rounded up: where it is a parameter PostgreSQL plans for a tenth of all rows, and sorts
 * them. */
static void draft_limit(struct listing *l, struct draft *d)
{
	put_fmt(&d->sql, " LIMIT %d", in_room(l->limit + 1));
}

/* PostgreSQL does not look behind OFFSET: it walks the index of the order, whatever it believes of the conditions.
 * These hold no IN that it could join to, which would lose the order. */
static void draft_walk(struct listing *l, struct draft *d)
{
	put_z(&d->sql, " FROM (SELECT a.* FROM ");
	put_z(&d->sql, l->t->e->name);
	put_fmt(&d->sql, " a WHERE a.gone = %d", l->ask->gone);
	if (l->has_after && !l->order[0].nullable && l->after.v[0].type != V_NULL) {
		put_z(&d->sql, " AND ");
		draft_order_column(l, d, 0);
		put_z(&d->sql, l->down ? " <= " : " >= ");
		draft_slot(d, SLOT_ARG, l->n_words);
	}
	draft_order(l, d);
	if (l->ends)
		put_fmt(&d->sql, " LIMIT %d", in_room(l->walk));
	put_z(&d->sql, " OFFSET 0) a WHERE ");
}

/* Each organisation's first rows by its own index; of these the page is made. */
static void draft_merged(struct listing *l, struct draft *d)
{
	put_z(&d->sql, " FROM (");
	for (int i = 0; i < l->room_orgs; i++) {
		put_z(&d->sql, i ? " UNION ALL " : "");
		put_z(&d->sql, "SELECT id FROM (SELECT a.id FROM ");
		put_z(&d->sql, l->t->e->name);
		put_z(&d->sql, " a WHERE a.org = ");
		draft_slot(d, SLOT_ARG, i);
		put_z(&d->sql, " AND ");
		draft_conditions(l, d, l->room_orgs, true);
		draft_order(l, d);
		draft_limit(l, d);
		put_fmt(&d->sql, ") x%d", i);
	}
	put_fmt(&d->sql, ") m CROSS JOIN %s a WHERE a.id = m.id", l->t->e->name);
}

static const struct plan *draft_list(struct listing *l)
{
	struct draft *d = NEW(l->c->mem, struct draft);
	draft_begin(d, l->c->mem);
	put_z(&d->sql, "SELECT a.id, a.rev, a.org, a.made_by, a.made, a.changed, a.gone");
	for (int i = BASE_COLUMNS; i < l->t->n; i++) {
		if (!cols_has(&l->show, i))
			continue;
		put_z(&d->sql, ", ");
		draft_column(d, &l->rights, l->t->columns[i], "a");
	}
	for (int i = 0; i < l->n_order; i++) {
		put_z(&d->sql, ", ");
		draft_order_column(l, d, i);
	}
	if (l->from == FROM_ORGS)
		draft_merged(l, d);
	else if (l->from == FROM_WALK)
		draft_walk(l, d);
	if (l->from != FROM_ORGS)
		draft_conditions(l, d, l->from == FROM_WALK ? 0 : draft_source(l, d), true);
	draft_order(l, d);
	draft_limit(l, d);
	return plan_put(l->c, &l->key, d);
}

static const struct plan *draft_count(struct listing *l, const struct plan_key *key)
{
	struct draft *d = NEW(l->c->mem, struct draft);
	draft_begin(d, l->c->mem);
	put_z(&d->sql, "SELECT COUNT(*) FROM (SELECT 1 AS one");
	draft_conditions(l, d, draft_source(l, d), false);
	put_fmt(&d->sql, " LIMIT %d) x", LIST_COUNT_MAX + 1);
	return plan_put(l->c, key, d);
}

/* ---- values --------------------------------------------------------------------------------- */

static enum rc gather(struct listing *l)
{
	const struct list_ask *a = l->ask;
	int n = 0;
	if (a->n_filters > FILTERS_MAX || a->n_ids > IDS_MAX)
		return FAIL(l->c, E_LIMIT, 0, &MSG_many);
	n += listing_args(l, l->args + n);
	for (int i = 0; i < a->n_filters; i++) {
		const struct list_filter *f = &a->filters[i];
		int k = column_at(l->t, f->at);
		if (f->op == LIST_LIKE ? !(listing_may_use(l, k) && l->t->columns[k]->is & SEARCH) : !listing_may_filter(l, k))
			return listing_no_column(l, f->at);
		if (f->op <= LIST_TO && f->v.type != V_NULL)
			l->args[n++] = f->v;
	}
	for (int i = 0; i < l->n_words; i++)
		l->args[n++] = v_text(like_word(l->c->mem, l->words[i]));
	if (l->has_after) {
		for (int i = 0; i < l->n_order; i++)
			l->args[n++] = l->after.v[i];
		l->args[n++] = v_int(l->after.id);
	}
	if (l->ends && l->from == FROM_TABLE)
		l->args[n++] = l->walk_end;
	l->n_args = n;
	return OK;
}

static void make_key(struct listing *l, int what)
{
	const struct list_ask *a = l->ask;
	struct plan_key *k = &l->key;
	k->n = 0;
	key_byte(k, what);
	key_two(k, l->t->meta->index);
	key_rights(k, &l->rights);
	key_byte(k, a->gone | l->down << 1 | l->narrow << 2 | l->has_after << 3);
	key_byte(k, a->n_filters);
	for (int i = 0; i < a->n_filters; i++) {
		key_two(k, a->filters[i].at);
		key_byte(k, a->filters[i].op | (a->filters[i].v.type == V_NULL) << 4);
		for (int at = 0; a->filters[i].op == LIST_AMONG && at < 64; at += 16)
			key_two(k, (int)(a->filters[i].v.i >> at & 0xffff));
	}
	key_byte(k, l->n_words);
	key_byte(k, (int)l->from);
	key_two(k, a->n_ids ? in_room(a->n_ids) : l->room_orgs);
	key_byte(k, l->lines_here | (l->lines_right + 1) << 1);
	key_byte(k, l->n_further);
	key_two(k, l->ends ? in_room(l->walk) / 128 : 0);
	if (what == 'C')
		return;
	key_two(k, in_room(l->limit + 1));
	key_rights(k, &l->by);
	for (int i = 0; i < COLUMNS_MAX / 8; i++)
		key_byte(k, (int)(l->show.bits[i / 8] >> (i % 8 * 8) & 255));
	key_byte(k, l->n_order);
	for (int i = 0; i < l->n_order; i++) {
		key_two(k, l->order[i].f ? l->order[i].f->at : 0xffff);
		key_two(k, l->order[i].via ? l->order[i].via->at : 0xffff);
		key_byte(k, l->has_after && l->after.v[i].type == V_NULL);
	}
}

/* ---- running -------------------------------------------------------------------------------- */

static struct val value_copy(struct ctx *c, const struct rows *r, int k, const struct field *f)
{
	if (rows_null(r, k))
		return v_null();
	if (!f)
		return v_blob(str_copy(c->mem, rows_blob(r, k)));
	if (f->type == T_TEXT || f->type == T_PICK)
		return v_text(str_copy(c->mem, rows_text(r, k)));
	return v_int(rows_int(r, k));
}

static void read_row(struct listing *l, const struct rows *r, void *row, struct sort_key *key)
{
	int k = 0;
	for (int i = 0; i < l->t->n; i++)
		if (i < BASE_COLUMNS || cols_has(&l->show, i))
			field_load(l->t->columns[i], r, k++, row, l->c->mem);
	for (int i = 0; key && i < l->n_order; i++)
		key->v[i] = value_copy(l->c, r, k++, l->order[i].f);
	if (key)
		key->id = ((const struct base *)row)->id;
}

/* Does every word begin a word of the text? Both are folded. */
static bool words_in(struct listing *l, str words, str text)
{
	str word;
	text = str_fmt(l->c->mem, " %.*s", FMT(text));
	while (words.n) {
		str_cut(words, ' ', &word, &words);
		if (word.n && str_find(text, str_fmt(l->c->mem, " %.*s", FMT(word))) < 0)
			return false;
	}
	return true;
}

/* Do the words of a filter occur in its own column? */
static bool filters_seen(struct listing *l, const void *row)
{
	struct arena *mem = l->c->mem;
	for (int i = 0; i < l->ask->n_filters; i++) {
		const struct list_filter *f = &l->ask->filters[i];
		if (f->op != LIST_LIKE)
			continue;
		str text = field_code(l->t->columns[column_at(l->t, f->at)], row, mem);
		const str words = viet_words(mem, text), joined = viet_joined(mem, text);
		text = str_fmt(mem, "%.*s %.*s", FMT(words), FMT(joined));
		if (!words_in(l, viet_words(mem, f->v.s), text))
			return false;
	}
	return true;
}

/* Do the words occur in what this reader may see of the row? */
static bool words_seen(struct listing *l, const void *row)
{
	if (!filters_seen(l, row))
		return false;
	struct buf b;
	buf_init(&b, l->c->mem, 1 << 16);
	for (int i = BASE_COLUMNS; i < l->t->n; i++) {
		if (!cols_has(&l->verify, i))
			continue;
		put_c(&b, ' ');
		const str text = field_code(l->t->columns[i], row, l->c->mem);
		put(&b, viet_words(l->c->mem, text));
		put_c(&b, ' ');
		put(&b, viet_joined(l->c->mem, text));
	}
	for (int i = 0; i < l->n_words; i++)
		if (str_find(buf_str(&b), str_fmt(l->c->mem, " %.*s", FMT(l->words[i]))) < 0)
			return false;
	return true;
}

static void flip(char *rows, int64_t n, size_t size, struct arena *mem)
{
	char *spare = arena_alloc(mem, size, 16);
	for (int64_t i = 0; i < n / 2; i++) {
		char *a = rows + (size_t)i * size, *b = rows + (size_t)(n - 1 - i) * size;
		memcpy(spare, a, size);
		memcpy(a, b, size);
		memcpy(b, spare, size);
	}
}

struct page { char *rows; int64_t n, cap; struct sort_key first, last; bool more; };

/* One statement: adds rows to the page until it is full; says whether rows remain. */
static enum rc run(struct listing *l, struct page *pg)
{
	struct rows r;
	const struct rights *const sets[] = { &l->rights, &l->by };
	int64_t seen = 0;
	make_key(l, 'L');
	TRY(gather(l));
	const struct plan *p = plan_get(l->c, &l->key);
	if (!p)
		p = draft_list(l);
	TRY(db_query(l->c->db, p->sql, plan_bind(l->c, p, sets, COUNT(sets), l->args, l->n_args), p->n, &r));
	pg->more = false;
	while (rows_next(&r)) {
		size_t size = l->t->e->size;
		if (seen++ == l->limit || pg->n == l->limit) {
			pg->more = true;
			break;
		}
		if (pg->n == pg->cap) {
			char *at = arena_alloc(l->c->mem, size * (size_t)pg->cap * 2, 16);
			memcpy(at, pg->rows, size * (size_t)pg->n);
			pg->rows = at;
			pg->cap *= 2;
		}
		void *row = pg->rows + size * (size_t)pg->n;
		row_zero(l->t->e, row);
		/* the key of the last row is not known to be the last before the next has come: keep each */
		read_row(l, &r, row, &pg->last);
		if (l->verifies && !words_seen(l, row))
			continue;
		if (pg->n++ == 0)
			pg->first = pg->last;
	}
	return rows_end(&r);
}

static enum rc fill_page(struct listing *l, struct page *pg)
{
	enum { ROUNDS = 4 };
	pg->cap = l->limit < 64 ? l->limit : 64;
	pg->rows = arena_alloc(l->c->mem, l->t->e->size * (size_t)pg->cap, 16);
	for (int i = 0; i < ROUNDS; i++) {
		TRY(run(l, pg));
		if (!pg->more || pg->n == l->limit || !l->verifies)
			break;
		l->after = pg->last;
		l->has_after = true;
	}
	return OK;
}

/* Where a walk ends: the order's value so many rows on; none when the table ends sooner. */
static enum rc find_end_of_walk(struct listing *l)
{
	struct val from[1];
	struct buf b;
	struct rows r;
	int n = 0;
	l->ends = l->from == FROM_WALK;
	if (l->ends)
		return OK;                               /* it stands in the statement */
	buf_init(&b, l->c->mem, 400);
	put_z(&b, "SELECT _sort FROM ");
	put_z(&b, l->t->e->name);
	put_fmt(&b, " WHERE gone = %d", l->ask->gone);
	if (l->has_after) {
		from[n++] = l->after.v[0];
		put_fmt(&b, " AND _sort %s ?1", l->down ? "<=" : ">=");
	}
	put_fmt(&b, " ORDER BY _sort%s, id%s LIMIT 1 OFFSET %d", l->down ? " DESC" : "", l->down ? " DESC" : "",
		in_room(l->walk));             /* few texts */
	put_c(&b, '\0');
	TRY(db_query(l->c->db, b.p, from, n, &r));
	l->ends = rows_next(&r);
	if (l->ends)
		l->walk_end = v_blob(str_copy(l->c->mem, rows_blob(&r, 0)));
	return rows_end(&r);
}

/* fill_page, and once more from the lines where a walk ended too soon. */
static enum rc fill(struct listing *l, struct page *pg)
{
	struct sort_key after = l->after;
	bool has_after = l->has_after;
	if (l->walk)
		TRY(find_end_of_walk(l));
	TRY(fill_page(l, pg));
	if (!l->ends || pg->n == l->limit)
		return OK;
	listing_turn_to_lines(l);
	l->after = after;
	l->has_after = has_after;
	*pg = (struct page){ 0 };
	return fill_page(l, pg);
}

static enum rc count(struct listing *l, int64_t *ret)
{
	const struct rights *const sets[] = { &l->rights };
	make_key(l, 'C');
	const struct plan *p = plan_get(l->c, &l->key);
	if (!p)
		p = draft_count(l, &l->key);
	return db_int(l->c->db, p->sql, plan_bind(l->c, p, sets, 1, l->args, l->n_args), p->n, ret);
}

/* ---- titles --------------------------------------------------------------------------------- */

static int id_order(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static int distinct(int64_t *ids, int n)
{
	int k = 0;
	qsort(ids, (size_t)n, sizeof *ids, id_order);
	for (int i = 0; i < n; i++)
		if (ids[i] && (k == 0 || ids[k - 1] != ids[i]))
			ids[k++] = ids[i];
	return k;
}

/* Of what the rows refer to in f, rows of e. */
static enum rc column_titles(struct listing *l, const struct field *f, const struct entity *e, struct list_answer *ret)
{
	int64_t *ids = NEWS(l->c->mem, int64_t, ret->rows.n + 1);
	for (int64_t k = 0; k < ret->rows.n; k++)
		ids[k] = *(const int64_t *)(const void *)((const char *)ret->rows.p + (size_t)k * l->t->e->size + f->at);
	int n = distinct(ids, (int)ret->rows.n);
	str *titles = NEWS(l->c->mem, str, n + 1);
	struct list_title *at = NEWS(l->c->mem, struct list_title, n + 1);
	TRY(titles_of(l->c, e, ids, n, titles));
	for (int k = 0; k < n; k++)
		at[k] = (struct list_title){ ids[k], titles[k] };
	ret->titles[ret->n_titles++] = (struct list_titles){ f, at, n };
	return OK;
}

static enum rc fetch_titles(struct listing *l, struct list_answer *ret)
{
	const struct meta *org = l->ask->units ? registry_entity(l->c->app->registry, S("org")) : NULL;
	ret->titles = NEWS(l->c->mem, struct list_titles, l->t->n);
	for (int i = BASE_COLUMNS; i < l->t->n && ret->rows.n; i++) {
		const struct field *f = l->t->columns[i];
		if (!cols_has(&l->show, i) || f->type != T_REF || !f->ref)
			continue;
		TRY(column_titles(l, f, f->ref, ret));
	}
	if (org && ret->rows.n)
		TRY(column_titles(l, l->t->columns[column_at(l->t, offsetof(struct base, org))], org->e, ret));
	return OK;
}

str list_title(const struct list_answer *a, const struct field *f, int64_t id)
{
	for (int i = 0; i < a->n_titles; i++) {
		const struct list_titles *t = &a->titles[i];
		if (t->f->at != f->at)
			continue;
		for (int low = 0, high = t->n - 1; low <= high;) {
			int mid = (low + high) / 2;
			if (t->at[mid].id == id)
				return t->at[mid].title;
			if (t->at[mid].id < id)
				low = mid + 1;
			else
				high = mid - 1;
		}
	}
	return (str){ 0 };
}

/* ---- the page -------------------------------------------------------------------------------- */

static int64_t *ids_of_rows(struct listing *l, const items *rows)
{
	int64_t *ids = NEWS(l->c->mem, int64_t, rows->n + 1);
	for (int64_t i = 0; i < rows->n; i++)
		ids[i] = ((const struct base *)(const void *)((const char *)rows->p + (size_t)i * l->t->e->size))->id;
	return ids;
}

static bool shows_private(const struct listing *l)
{
	for (int i = BASE_COLUMNS; i < l->t->n; i++)
		if (cols_has(&l->show, i) && l->t->columns[i]->is & PRIVATE)
			return true;
	return false;
}

/* Within here, a seat above it reaches every row: no need to ask row by row. */
static void narrow_to_here(struct listing *l)
{
	const struct entity *e = l->t->e;
	l->narrow = l->c->here.org.v && !l->ask->wide && !(e->keeps & SHARED) && !listing_concerned(l);
	bool by_org = e->anchor[ON_ORG] == 0 || e->anchor[ON_ORG] == offsetof(struct base, org);
	for (int i = 0; l->narrow && by_org && i < l->rights.n; i++) {
		struct right *r = &l->rights.at[i];
		if (r->g->in == &in_tree && r->seat)
			r->all = org_within(l->c, r->seat, l->c->here.org.v);
	}
}

static enum rc prepare(struct listing *l, struct list_answer *ret)
{
	const struct list_ask *a = l->ask;
	l->limit = a->limit <= 0 ? 50 : a->limit > LIMIT_MAX ? LIMIT_MAX : a->limit;
	narrow_to_here(l);
	TRY(listing_keep_order(l, &ret->as_usual));
	TRY(listing_order(l));
	find_words(l);
	find_show(l, ret);
	if (a->after.n) {
		if (!listing_key_read(l, a->after, &l->after))
			return FAIL(l->c, E_INVALID, 0, &MSG_key);
		l->has_after = true;
	}
	return OK;
}

enum rc list_rows(struct ctx *c, const struct list_ask *ask, struct list_answer *ret)
{
	struct listing *l = NEW(c->mem, struct listing);
	struct list_answer a = { .count = -1 };
	struct page pg = { 0 };
	uint32_t verb = ask->verb ? ask->verb : READ;
	*l = (struct listing){ .c = c, .ask = ask, .t = table_for(c, ask->e) };
	rights_of(c, l->t, ask->e->grants, verb, &l->rights);
	if (rights_none(&l->rights) || (ask->words.n && !l->t->meta->fold)) {
		a.count = ask->count ? 0 : -1;
		*ret = a;
		return OK;
	}
	TRY(prepare(l, &a));
	bool asked_after = l->has_after;
	TRY(listing_choose(l));
	TRY(fill(l, &pg));
	if (ask->count && !l->verifies && !asked_after && !pg.more)
		a.count = pg.n;          /* the page is the whole list */
	else if (ask->count && !l->verifies && !l->uncounted)
		TRY(count(l, &a.count));
	if (ask->back)
		flip(pg.rows, pg.n, ask->e->size, c->mem);
	a.rows = (items){ pg.rows, pg.n };
	a.more = ask->back ? asked_after : pg.more;
	a.before = ask->back ? pg.more : asked_after;
	if (pg.n) {
		a.first = listing_key(l, ask->back ? &pg.last : &pg.first);
		a.last = listing_key(l, ask->back ? &pg.first : &pg.last);
	}
	if (ask->titles)
		TRY(fetch_titles(l, &a));
	if (pg.n && (ask->stamp || shows_private(l)))
		reads_note(c, l->t, verb, ids_of_rows(l, &a.rows), (int)a.rows.n, ask->stamp);
	*ret = a;
	return OK;
}

enum rc list_each(struct ctx *c, const struct list_ask *ask, enum rc (*fn)(struct ctx *, const void *row, void *arg),
	void *arg)
{
	struct list_ask a = *ask;
	struct list_answer page;
	a.limit = 500;
	a.count = a.titles = a.back = false;
	do {
		TRY(list_rows(c, &a, &page));
		for (int64_t i = 0; i < page.rows.n; i++)
			TRY(fn(c, (const char *)page.rows.p + (size_t)i * a.e->size, arg));
		a.after = page.last;
		if (page.as_usual)
			a.sort = 0;
	} while (page.more && page.rows.n);
	return OK;
}
