/* search.c -- see search.h. */
#include "core/search.h"
#include "core/app.h"
#include "core/perm.h"
#include "core/listing.h"
#include "core/row.h"
#include "core/store.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- keys ------------------------------------------------------------------------------------ */

/* At most SEARCH_KEY bytes, never half a letter. */
str search_key_of(str s)
{
	ptrdiff_t n = s.n < SEARCH_KEY ? s.n : SEARCH_KEY;

	while (n > 0 && n < s.n && ((unsigned char)s.p[n] & 0xc0) == 0x80)
		n--;
	return str_sub(s, 0, n);
}

bool search_letter(str word)
{
	unsigned char ch = word.n ? (unsigned char)word.p[0] : 0;

	return ch >= 0x80 || ((ch | 32) >= 'a' && (ch | 32) <= 'z');
}

/* The most bytes of a row's words in other fields that a key takes in: a code's. */
enum { REST = 16 };

/* From the word at i on, and behind a mark what stands before it and in other fields; cut as the other keys are. */
static str turned(struct arena *mem, str folded, ptrdiff_t i, str rest)
{
	str tail = search_key_of(str_sub(folded, i, -1));
	ptrdiff_t n = tail.n + (i + rest.n ? 2 + i + rest.n : 1);
	char *at;

	if (tail.n < folded.n - i || tail.n + 2 > SEARCH_KEY)
		return tail;
	at = arena_alloc(mem, (size_t)(tail.n + 2 + i + rest.n), 1);
	memcpy(at, folded.p + i, (size_t)tail.n);
	memcpy(at + tail.n, SEARCH_TURN " ", 2);
	memcpy(at + tail.n + 2, folded.p, (size_t)i);
	if (rest.n)
		memcpy(at + tail.n + 2 + i, rest.p, (size_t)rest.n);
	return search_key_of((str){ at, n });
}

/* At most SEARCH_WORDS. rest: the row's words in other fields, for keys with SEARCH_TURN, or NULL. */
static int keys_of(struct arena *mem, str folded, const str *rest, str ret[static SEARCH_WORDS])
{
	int n = 0;

	for (ptrdiff_t i = 0; i < folded.n && n < SEARCH_WORDS; i++)
		if (i == 0 || folded.p[i - 1] == ' ')
			ret[n++] = rest ? turned(mem, folded, i, *rest) : search_key_of(str_sub(folded, i, -1));
	return n;
}

/* A row's words, and again with the parts of names joined (viet_joined). */
enum { ROW_KEYS = 256 };
struct keys { int64_t org; str at[ROW_KEYS]; int n; };

bool search_for_everybody(const struct entity *e)
{
	if (e->keeps & SHARED)
		return true;
	for (const struct grant *g = e->grants; g && g->to; g++)
		if (g->may & READ && g->to->is & (ROLE_ANYONE | ROLE_SIGNED) && strcmp(g->in->where, "1 = 1") == 0)
			return true;
	return false;
}

static bool searched(const struct field *f)
{
	return f->type == T_TEXT && f->is & SEARCH && !(f->is & SECRET);
}

bool search_complete(const struct entity *e)
{
	int64_t keys = 0;

	for (const struct field *f = e->fields; f->name; f++) {
		int64_t words = (f->max + 1) / 2;        /* each at least a letter and a blank */

		if (!searched(f))
			continue;
		if (f->max == 0 || words > SEARCH_WORDS)
			return false;
		keys += words + ((f->is & NAME) != 0);
	}
	return keys <= ROW_KEYS / 2;
}

static bool keys_has(const struct keys *k, str key)
{
	for (int i = 0; i < k->n; i++)
		if (str_eq(k->at[i], key))
			return true;
	return false;
}

static bool has_letters(str folded)
{
	bool begins = true;

	for (ptrdiff_t i = 0; i < folded.n; i++) {
		if (begins && search_letter(str_sub(folded, i, -1)))
			return true;
		begins = folded.p[i] == ' ';
	}
	return false;
}

enum { TEXTS = 24 };
struct text { const struct field *f; str raw, folded; };

/* Of the words of all texts but one, those that begin with a letter, one after the other. False: more than REST. */
static bool rest_of(struct arena *mem, const struct text *at, int n, int but, str *ret)
{
	char *p = arena_alloc(mem, REST, 1);
	str words[SEARCH_WORDS];
	ptrdiff_t k = 0;

	for (int i = 0; i < n; i++) {
		int m = i == but ? 0 : words_of(at[i].folded, words, SEARCH_WORDS);

		for (int j = 0; j < m; j++) {
			if (!search_letter(words[j]))
				continue;
			if (k + 1 + words[j].n > REST || m == SEARCH_WORDS)
				return false;
			if (k)
				p[k++] = ' ';
			memcpy(p + k, words[j].p, (size_t)words[j].n);
			k += words[j].n;
		}
	}
	*ret = (str){ p, k };
	return true;
}

static void keys_add(struct keys *k, const str *found, int n)
{
	for (int i = 0; i < n && k->n < ROW_KEYS; i++)
		if (!keys_has(k, found[i]))
			k->at[k->n++] = found[i];
}

/* A text's keys. With SEARCH_TURN where it has letters and the other texts' words are few. */
static void text_keys(struct ctx *c, const struct text *all, int n, int i, struct keys *ret)
{
	const struct text *t = &all[i];
	str found[SEARCH_WORDS], rest, *whole = &rest;

	if (!has_letters(t->folded) || !rest_of(c->mem, all, n, i, &rest))
		whole = NULL;
	keys_add(ret, found, keys_of(c->mem, t->folded, whole, found));
	keys_add(ret, found, keys_of(c->mem, str_trim(viet_joined(c->mem, t->raw)), whole, found));
	if (t->f->is & NAME && str_find(t->folded, S(" ")) > 0) {
		str initials = viet_initials(c->mem, t->raw);

		found[0] = whole ? turned(c->mem, initials, 0, S("")) : search_key_of(initials);
		keys_add(ret, found, initials.n > 1);
	}
}

static void row_keys(struct ctx *c, const struct entity *e, const void *row, struct keys *ret)
{
	struct text at[TEXTS];
	int n = 0;

	ret->n = 0;
	if (!row)
		return;
	ret->org = search_for_everybody(e) ? 0 : ((const struct base *)row)->org.v;
	for (const struct field *f = e->fields; f->name && n < TEXTS; f++) {
		if (!searched(f))
			continue;
		at[n].f = f;
		memcpy(&at[n].raw, (const char *)row + f->at, sizeof at[n].raw);
		at[n].folded = str_trim(viet_words(c->mem, at[n].raw));
		n++;
	}
	for (int i = 0; i < n; i++)
		text_keys(c, at, n, i, ret);
}

/* ---- keeping in step -------------------------------------------------------------------------- */

/* Without what stands behind the mark. */
static str plain_key(str key)
{
	ptrdiff_t mark = str_find(key, S(SEARCH_TURN));

	return mark < 0 ? key : str_sub(key, 0, mark);
}

/* Whether a line of a row stays in the table: both have it, and none that goes begins the same. */
static bool stays(const struct keys *old, const struct keys *now, str key)
{
	if (now->org != old->org || !keys_has(old, key) || !keys_has(now, key))
		return false;
	for (int i = 0; i < old->n; i++)
		if (str_eq(plain_key(old->at[i]), plain_key(key)) && !keys_has(now, old->at[i]))
			return false;
	return true;
}

/* With whatever behind the mark: older databases hold none, or what another field held then. */
static enum rc keys_drop(struct ctx *c, const struct entity *e, int64_t id, const struct keys *old,
	const struct keys *now)
{
	for (int i = 0; i < old->n; i++) {
		str plain = plain_key(old->at[i]), end = str_fmt(c->mem, "%.*s\x02", FMT(plain));

		if (!stays(old, now, old->at[i]))
			TRY(db_exec(c->db,
				"DELETE FROM search WHERE org = ?1 AND key >= ?2 AND key < ?3 AND entity = ?4 AND item = ?5",
				VALS(v_int(old->org), v_blob(plain), v_blob(end), v_text(str_of(e->name)), v_int(id)), NULL));
	}
	return OK;
}

/* All new lines in one statement: ?1 org, ?2 entity, ?3 item, then the keys. */
static enum rc keys_put(struct ctx *c, const struct entity *e, int64_t id, const struct keys *old,
	const struct keys *now)
{
	struct val args[ROW_KEYS + 3];
	struct buf sql;
	int n = 3;

	args[0] = v_int(now->org);
	args[1] = v_text(str_of(e->name));
	args[2] = v_int(id);
	buf_init(&sql, c->mem, 4000);
	put_z(&sql, "INSERT INTO search (org, key, entity, item) VALUES ");
	for (int i = 0; i < now->n; i++) {
		if (stays(old, now, now->at[i]))
			continue;
		put_fmt(&sql, "%s(?1, ?%d, ?2, ?3)", n > 3 ? ", " : "", n + 1);
		args[n++] = v_blob(now->at[i]);
	}
	if (n == 3)
		return OK;
	put_z(&sql, " ON CONFLICT DO NOTHING");
	put_c(&sql, '\0');
	return db_exec(c->db, sql.p, args, n, NULL);
}

enum rc search_change(struct ctx *c, const struct entity *e, const void *before, const void *after)
{
	struct keys old = { 0 }, now = { 0 };
	const struct base *b = after ? after : before;
	const struct meta *m = registry_meta(c->app->registry, e);

	if (!m || !m->fold)
		return OK;
	row_keys(c, e, before, &old);
	row_keys(c, e, after, &now);
	TRY(keys_drop(c, e, b->id, &old, &now));
	return keys_put(c, e, b->id, &old, &now);
}

/* first: the key's first bytes as a number, which settles most comparisons. */
struct line { uint64_t first; int64_t org, item; str key; };

static int line_order(const void *a_, const void *b_)
{
	const struct line *a = a_, *b = b_;

	if (a->org != b->org)
		return a->org < b->org ? -1 : 1;
	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	int order = str_cmp(a->key, b->key);
	return order ? order : (a->item > b->item) - (a->item < b->item);
}

static uint64_t first_bytes(str key)
{
	uint64_t v = 0;

	for (int i = 0; i < 8; i++)
		v = v << 8 | (i < key.n ? (unsigned char)key.p[i] : 0);
	return v;
}

static enum rc lines_write(struct ctx *c, const struct entity *e, const struct line *at, int64_t n)
{
	enum { AT_ONCE = 16000, COLUMNS = 4 };
	struct val *args = NEWS(c->mem, struct val, (n < AT_ONCE ? n : AT_ONCE) * COLUMNS);
	str name = str_of(e->name);

	for (int64_t from = 0; from < n; from += AT_ONCE) {
		int64_t k = n - from < AT_ONCE ? n - from : AT_ONCE;
		for (int64_t i = 0; i < k; i++) {
			const struct line *l = &at[from + i];
			const struct val v[COLUMNS] = { v_int(l->org), v_blob(l->key), v_text(name), v_int(l->item) };
			memcpy(args + i * COLUMNS, v, sizeof v);
		}
		TRY(db_insert(c->db, "search", "org, key, entity, item", args, COLUMNS, k));
	}
	return OK;
}

enum rc search_add(struct ctx *c, const struct entity *e, const void *const *rows, int64_t n)
{
	const struct meta *m = registry_meta(c->app->registry, e);
	struct keys *k = NEW(c->mem, struct keys);
	int64_t n_lines = 0, cap = n * 8;

	if (!m || !m->fold || n == 0)
		return OK;
	struct line *lines = NEWS(c->mem, struct line, cap);
	for (int64_t i = 0; i < n; i++) {
		row_keys(c, e, rows[i], k);
		if (n_lines + k->n > cap) {
			struct line *wider = NEWS(c->mem, struct line, cap * 2 + ROW_KEYS);
			memcpy(wider, lines, (size_t)n_lines * sizeof *lines);
			lines = wider;
			cap = cap * 2 + ROW_KEYS;
		}
		for (int j = 0; j < k->n; j++)
			lines[n_lines++] = (struct line){ first_bytes(k->at[j]), k->org, ((const struct base *)rows[i])->id,
				k->at[j] };
	}
	qsort(lines, (size_t)n_lines, sizeof *lines, line_order);
	return lines_write(c, e, lines, n_lines);
}

/* Of the rows of e that are at ?2 now, their lines at ?1. */
static enum rc lines_of_came(struct ctx *c, const struct entity *e, const char *what, const char *end,
	const struct val args[static 3])
{
	struct buf sql;

	buf_init(&sql, c->mem, 500);
	put_z(&sql, what);
	put_z(&sql, "org = ?1 AND entity = ?3 AND item IN (SELECT id FROM ");
	put_z(&sql, e->name);
	put_z(&sql, " WHERE org = ?2)");
	put_z(&sql, end);
	put_c(&sql, '\0');
	return db_exec(c->db, sql.p, args, 3, NULL);
}

enum rc search_follow(struct ctx *c, const struct entity *e, org_id from, org_id to)
{
	const struct meta *m = registry_meta(c->app->registry, e);
	const struct val args[] = { v_int(from.v), v_int(to.v), v_text(str_of(e->name)) };

	if (!m || !m->fold || search_for_everybody(e))
		return OK;
	TRY(lines_of_came(c, e, "INSERT INTO search (org, key, entity, item) SELECT CAST(?2 AS BIGINT), key, entity, item "
		"FROM search WHERE ", " ON CONFLICT DO NOTHING", args));
	return lines_of_came(c, e, "DELETE FROM search WHERE ", "", args);
}

/* ---- finding ----------------------------------------------------------------------------------- */

enum { FOUND_MAX = 240, LINES = 160, TOPS = 6, TOP = 2 /* the argument of the first */, SAMPLE_LINES = 3000,
       ENTITIES_MAX = 32 };
struct found { const struct entity *e; int64_t id; };
struct finding {
	struct ctx *c; struct found at[FOUND_MAX]; int n;
	bool cut;                                        /* more lines begin so than were read                      */
	bool everywhere; int64_t tops[TOPS]; int n_tops; /* where the actor's seats stand                           */
};

static enum rc lines_ask(struct finding *f, int what, const struct val *args, int further, struct rows *ret);

static enum rc found_read(struct finding *f, int what, const struct val *args, int further)
{
	struct rows r;
	int read = 0;

	TRY(lines_ask(f, what, args, further, &r));
	while (f->n < FOUND_MAX && rows_next(&r)) {
		f->cut = ++read == LINES || f->cut;
		const struct meta *m = registry_entity(f->c->app->registry, rows_text(&r, 0));
		bool known = !m;

		for (int i = 0; i < f->n && !known; i++)
			known = f->at[i].e == m->e && f->at[i].id == rows_int(&r, 1);
		if (!known)
			f->at[f->n++] = (struct found){ m->e, rows_int(&r, 1) };
	}
	return rows_end(&r);
}

static void find_tops(struct finding *f)
{
	const struct actor *who = f->c->who;

	f->everywhere = who->system;
	for (int i = 0; i < who->n_seats; i++) {
		const struct seat *s = &who->seats[i];
		bool known = false;

		if (strcmp(s->role->seat->where, "1 = 1") == 0)
			f->everywhere = true;
		for (int j = 0; j < f->n_tops; j++)
			known = known || f->tops[j] == s->org.v;
		if (!known && s->org.v && f->n_tops < TOPS)
			f->tops[f->n_tops++] = s->org.v;
	}
}

/* The actor's units as "b", from argument TOP on: every one, or those below the tops. */
static void draft_reach(struct draft *d, bool everywhere)
{
	put_z(&d->sql, "(SELECT DISTINCT below FROM org_below WHERE since <= ");
	draft_slot(d, SLOT_TODAY, 0);
	put_z(&d->sql, " AND ");
	draft_slot(d, SLOT_TODAY, 0);
	put_z(&d->sql, " < until");
	for (int i = 0; !everywhere && i < TOPS; i++) {
		put_z(&d->sql, i ? ", " : " AND top IN (");
		draft_slot(d, SLOT_ARG, TOP + i);
	}
	put_z(&d->sql, everywhere ? ") b" : ")) b");
}

/* Lines whose key begins so and holds the further words. args: the key's bounds, the tops, the words and the mark.
 * what: 'A' of everybody, 'B' of the actor's units, 'C' how many there are in some of them, 'D' of one unit, the first
 * of the tops. */
static enum rc lines_ask(struct finding *f, int what, const struct val *args, int further, struct rows *ret)
{
	struct ctx *c = f->c;
	struct plan_key key = { .n = 0 };
	const struct plan *p;

	key_byte(&key, what);
	key_byte(&key, f->everywhere);
	key_byte(&key, further);
	key_two(&key, 0xfeed);
	p = plan_get(c, &key);
	if (!p) {
		struct draft *d = NEW(c->mem, struct draft);

		draft_begin(d, c->mem);
		put_z(&d->sql, what == 'C' ? "SELECT COUNT(*) FROM (SELECT 1 AS one FROM " : "SELECT s.entity, s.item FROM ");
		if (what == 'B' || what == 'C')
			draft_reach(d, f->everywhere);
		put_z(&d->sql, what == 'A' ? "search s WHERE s.org = 0" : what == 'D' ? "search s WHERE s.org = " :
			" CROSS JOIN search s WHERE s.org = b.below");
		if (what == 'D')
			draft_slot(d, SLOT_ARG, TOP);
		put_z(&d->sql, " AND s.key >= ");
		draft_slot(d, SLOT_ARG, 0);
		put_z(&d->sql, " AND s.key < ");
		draft_slot(d, SLOT_ARG, 1);
		draft_in_key(d, db_kind(c->db), further, TOP + TOPS);
		put_fmt(&d->sql, what == 'C' ? " AND b.below %% 16 = 7 LIMIT %d) x" : " LIMIT %d",
			what == 'A' ? LINES / 2 : what == 'C' ? SAMPLE_LINES : LINES);
		p = plan_put(c, &key, d);
	}
	return db_query(c->db, p->sql, plan_bind(c, p, NULL, 0, args, TOP + TOPS + further + 1), p->n, ret);
}

static void lines_args(const struct finding *f, str prefix, struct val *args)
{
	args[0] = v_blob(prefix);
	args[1] = v_blob(str_fmt(f->c->mem, "%.*s\xff", FMT(prefix)));
	for (int i = 0; i < TOPS; i++)
		args[TOP + i] = v_int(f->tops[i]);
}

/* Lines whose key begins so and, where that can be seen, holds the further words: of everybody, then of the units the
 * actor's seats stand over. */
static enum rc candidates(struct finding *f, str prefix, const str *words, int n)
{
	struct val args[TOP + TOPS + WORDS_MAX + 1];

	lines_args(f, prefix, args);
	n = key_words(f->c->mem, prefix, words, n, args + TOP + TOPS);
	TRY(found_read(f, 'A', args, n));
	return f->everywhere || f->n_tops ? found_read(f, 'B', args, n) : OK;
}

/* The word that begins the fewest lines in one unit of sixteen; the longest of such. */
static enum rc rarest(struct finding *f, const str *words, int n, str *ret)
{
	struct val args[TOP + TOPS + 1];
	int64_t least = INT64_MAX;

	for (int i = 0; i < n; i++) {
		str key = search_key_of(words[i]);
		int64_t lines = 0;
		struct rows r;

		lines_args(f, key, args);
		key_words(f->c->mem, key, NULL, 0, args + TOP + TOPS);
		TRY(lines_ask(f, 'C', args, 0, &r));
		lines = rows_next(&r) ? rows_int(&r, 0) : 0;
		TRY(rows_end(&r));
		if (lines < least || (lines == least && key.n > ret->n)) {
			least = lines;
			*ret = key;
		}
	}
	return OK;
}

/* 0: as typed with its marks, 1: begins with it, 2: others. */
static int rank_of(struct ctx *c, str title, str typed, str folded)
{
	if (str_find(title, typed) >= 0)
		return 0;
	return str_starts(viet_words(c->mem, title), folded) ? 1 : 2;
}

/* The first day of an entity of persons: two of one name are told apart by it. */
static const struct field *mark_field(const struct entity *e)
{
	for (const struct field *f = e->fields; e->anchor[ON_PERSON] == ITSELF && f->name; f++)
		if (f->type == T_DAY && !(f->is & (PRIVATE | SECRET)))
			return f;
	return NULL;
}

/* A column that is hidden from the actor comes empty. */
static str mark_of(struct ctx *c, const struct entity *e, const void *row)
{
	const struct field *f = mark_field(e);

	if (!f || field_empty(f, row))
		return S("");
	return str_fmt(c->mem, "%.*s %.*s", FMT(say(c, &f->label)), FMT(field_text(f, row, c->lang, c->mem)));
}

/* Folding is the dear part: each title once. */
static void hits_rank(struct ctx *c, const struct entity *e, const struct list_answer *a, str typed, str folded,
	int most, struct hits *ret)
{
	str *titles = NEWS(c->mem, str, a->rows.n + 1);
	int *ranks = NEWS(c->mem, int, a->rows.n + 1), left = most;

	for (int64_t i = 0; i < a->rows.n; i++) {
		titles[i] = row_title(c, e, (const char *)a->rows.p + (size_t)i * e->size);
		ranks[i] = rank_of(c, titles[i], typed, folded);
	}
	for (int rank = 0; rank < 3; rank++)
		for (int64_t i = 0; i < a->rows.n && left > 0; i++) {
			const struct base *b = (const void *)((const char *)a->rows.p + (size_t)i * e->size);

			if (ranks[i] != rank)
				continue;
			ret->at[ret->n++] = (struct hit){ e, b->id, b->org, titles[i], mark_of(c, e, b) };
			left--;
		}
}

enum { SEARCHED = 24 };

/* The title, what tells namesakes apart, and with `all` every column that is searched; *ret ends with 0. */
static void shown_columns(const struct entity *e, bool all, col ret[static SEARCHED + 5])
{
	const struct field *mark = mark_field(e);
	int n = 0;

	for (int i = 0; i < (int)COUNT(e->title) && e->title[i]; i++)
		ret[n++] = e->title[i];
	if (mark)
		ret[n++] = mark->at;
	for (const struct field *f = e->fields; all && f->name && n < SEARCHED + 4; f++)
		if (f->is & SEARCH)
			ret[n++] = f->at;
	ret[n] = 0;
}

/* A row found by a column its reader may not see would tell what stands there: only rows whose shown columns begin
 * so stay. */
static void drop_unseen(struct ctx *c, const struct entity *e, str prefix, struct list_answer *a)
{
	char *at = (char *)(uintptr_t)a->rows.p;
	struct keys *k = NEW(c->mem, struct keys);
	int64_t n = 0;

	for (int64_t i = 0; i < a->rows.n; i++) {
		const char *row = at + (size_t)i * e->size;
		bool begins = false;

		row_keys(c, e, row, k);
		for (int j = 0; j < k->n && !begins; j++)
			begins = str_starts(k->at[j], prefix);
		if (begins)
			memmove(at + (size_t)n++ * e->size, row, e->size);
	}
	a->rows.n = n;
}

/* The permitted of one entity's candidates, best first. */
static enum rc permitted(struct finding *f, const struct entity *e, str typed, str words, int most, struct hits *ret)
{
	struct ctx *c = f->c;
	int64_t *ids = NEWS(c->mem, int64_t, f->n + 1);
	str folded = viet_words(c->mem, typed);
	struct list_ask ask = { .e = e, .ids = ids, .words = words, .limit = 60, .wide = true };
	bool guarded = words.n == 0 && perm_guards(c, e, SEARCH);
	col shown[SEARCHED + 5];
	struct list_answer a;
	bool more;

	for (int i = 0; i < f->n; i++)
		if (f->at[i].e == e)
			ids[ask.n_ids++] = f->at[i].id;
	shown_columns(e, guarded, shown);
	ask.show = shown;
	TRY(list_rows(c, &ask, &a));
	if (guarded)
		drop_unseen(c, e, search_key_of(folded), &a);
	/* few of many are open to this actor: ask the list, which begins with his rows */
	more = f->cut && a.rows.n >= most;
	if (f->cut && !more) {
		ask = (struct list_ask){ .e = e, .words = typed, .limit = most, .wide = true, .show = shown };
		TRY(list_rows(c, &ask, &a));
	}
	if (more || a.more || a.rows.n > most)
		ret->more[ret->n_more++] = e;
	hits_rank(c, e, &a, typed, folded, most, ret);
	return OK;
}

/* What is found, in the order of the modules' entities; what everybody shares (years, communes) comes last. */
static int kinds_of(const struct finding *f, const struct entity *ret[static ENTITIES_MAX])
{
	const struct registry *r = f->c->app->registry;
	bool *found = NEWS(f->c->mem, bool, r->n_entities);
	int n = 0;

	for (int i = 0; i < f->n; i++)
		found[registry_meta(r, f->at[i].e)->index] = true;
	for (int shared = 0; shared < 2; shared++)
		for (int k = 0; k < r->n_entities && n < ENTITIES_MAX; k++)
			if (found[k] && ((r->metas[k].e->keeps & SHARED) != 0) == shared)
				ret[n++] = r->metas[k].e;
	return n;
}

static struct finding *finding_begin(struct ctx *c, int most, struct hits *ret)
{
	struct finding *f = NEW(c->mem, struct finding);

	*ret = (struct hits){ NEWS(c->mem, struct hit, ENTITIES_MAX * most + 1), 0,
		NEWS(c->mem, const struct entity *, ENTITIES_MAX), 0 };
	f->c = c;
	return f;
}

enum rc search_unit(struct ctx *c, str typed, org_id of, int most, struct hits *ret)
{
	struct finding *f = finding_begin(c, most, ret);
	const struct entity *seen[ENTITIES_MAX];
	struct val args[TOP + TOPS + 1];
	str folded = str_trim(viet_words(c->mem, typed));
	int n_seen;

	if (folded.n == 0 || typed.n > 200)
		return OK;
	f->tops[f->n_tops++] = of.v;
	lines_args(f, search_key_of(folded), args);
	key_words(c->mem, folded, NULL, 0, args + TOP + TOPS);
	TRY(found_read(f, 'D', args, 0));
	f->cut = false;
	n_seen = kinds_of(f, seen);
	for (int i = 0; i < n_seen; i++)
		if (perm_any(c, seen[i], READ))
			TRY(permitted(f, seen[i], typed, S(""), most, ret));
	return OK;
}

enum rc search_rows(struct ctx *c, str typed, int most, struct hits *ret)
{
	struct finding *f = finding_begin(c, most, ret);
	const struct entity *seen[ENTITIES_MAX];
	str words = { "", 0 }, folded, each[WORDS_MAX], word = { NULL, 0 };
	int n_seen, n;

	if (!viet_clean(c->mem, str_trim(typed), &typed) || typed.n > 200)
		return OK;
	folded = str_trim(viet_words(c->mem, typed));
	if (str_chars(folded) < 2)
		return OK;
	find_tops(f);
	TRY(candidates(f, search_key_of(folded), NULL, 0));
	n = words_of(folded, each, WORDS_MAX);
	if (f->n == 0 && n > 1) {
		words = typed;
		TRY(rarest(f, each, n, &word));
		TRY(candidates(f, word, each, n));
	}
	n_seen = kinds_of(f, seen);
	for (int i = 0; i < n_seen; i++)
		if (perm_any(c, seen[i], READ))
			TRY(permitted(f, seen[i], typed, words, most, ret));
	return OK;
}
