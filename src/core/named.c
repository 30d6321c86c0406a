/* named.c -- see query.h: the queries modules write in their .sql files. Each is cut into pieces once: text,
 * :parameters, {can:ENTITY alias}, {hold:alias}; the SQL for an actor's rights is put together on first use and kept
 * (plan.h). */
#include "core/query.h"
#include "core/data.h"
#include "core/plan.h"
#include "core/row.h"
#include "base/embed.h"
#include "base/log.h"
#include <stdio.h>

enum piece_kind { PIECE_TEXT, PIECE_PARAM, PIECE_CAN, PIECE_HOLD };
/* text: of a can and a hold, the alias */
struct piece { enum piece_kind kind; str text; const struct meta *can; uint32_t verb; };
enum { PIECES_MAX = 120, CANS_MAX = 10, QUERY_PARAMS_MAX = 64 };
struct named { str name, text, open; struct piece *at; int n, cans; bool holds; };
enum { NAMES_KEPT = 1024 };
/* kept: where a name was found last, by the address of its letters: callers ask with the same literal again and
 * again. */
struct query_set { struct named *at; int n, cap; bool loaded; uint16_t kept[NAMES_KEPT]; };

static struct query_set *set_of(struct registry *g)
{
	struct data *d = g->data;
	if (!d->queries)
		d->queries = NEW(&d->mem, struct query_set);
	return d->queries;
}

/* ---- cutting ------------------------------------------------------------------------------- */

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static bool add_piece(struct named *q, enum piece_kind kind, str text, const struct meta *can, uint32_t verb)
{
	if (kind == PIECE_TEXT && text.n == 0)
		return true;
	if (q->n == PIECES_MAX)
		return false;
	q->at[q->n++] = (struct piece){ kind, text, can, verb };
	q->cans += kind == PIECE_CAN;
	q->holds = q->holds || kind == PIECE_HOLD;
	return true;
}

/* How many bytes at p belong to a quoted text or a comment; 0: none. */
static ptrdiff_t quoted(str s)
{
	ptrdiff_t n = 0;
	if (s.p[0] == '\'' || s.p[0] == '"') {
		for (n = 1; n < s.n && s.p[n] != s.p[0]; n++)
			continue;
		return n < s.n ? n + 1 : s.n;
	}
	if (str_starts(s, S("--")))
		while (n < s.n && s.p[n] != '\n')
			n++;
	return n;
}

/* {can:ENTITY alias} at the start of s, "{can:ENTITY alias update}" for those who may change the row by its grants; its
 * length, or 0 with why. */
static ptrdiff_t cut_can(const struct registry *g, struct named *q, str s, char why[static 256])
{
	str inside, rest, entity, alias = { 0 }, verb = { 0 };
	if (!str_cut(s, '}', &inside, &rest)) {
		snprintf(why, 256, "%.*s: { without }", FMT(q->name));
		return 0;
	}
	str_cut(str_sub(inside, 5, -1), ' ', &entity, &alias);
	str_cut(str_trim(alias), ' ', &alias, &verb);
	const struct meta *m = registry_entity(g, entity);
	bool change = str_is(verb, "update");
	if (!m || (verb.n && !change) || q->cans == CANS_MAX ||
		!add_piece(q, PIECE_CAN, alias, m, change ? UPDATE : READ)) {
		snprintf(why, 256, "%.*s: {can:%.*s}: no such entity or verb, or too many", FMT(q->name), FMT(entity));
		return 0;
	}
	return inside.n + 1;
}

/* {hold:alias} at the start of s; its length, or 0. */
static ptrdiff_t cut_hold(struct named *q, str s)
{
	str inside, rest;
	if (!str_cut(s, '}', &inside, &rest) || !add_piece(q, PIECE_HOLD, str_sub(inside, 6, -1), NULL, 0))
		return 0;
	return inside.n + 1;
}

static bool cut(const struct registry *g, struct named *q, char why[static 256])
{
	str s = q->text;
	ptrdiff_t from = 0, i = 0;
	bool fits = true;
	while (i < s.n && fits) {
		str rest = str_sub(s, i, -1);
		ptrdiff_t n = quoted(rest);
		if (n) {
			/* comments go: the engines would only parse them again */
			fits = add_piece(q, PIECE_TEXT, str_sub(s, from, s.p[i] == '-' ? i : i + n), NULL, 0);
			from = i += n;
		} else if (s.p[i] == ':' && i + 1 < s.n && is_word(s.p[i + 1])) {
			for (n = 1; i + n < s.n && is_word(s.p[i + n]); n++)
				continue;
			fits = add_piece(q, PIECE_TEXT, str_sub(s, from, i), NULL, 0)
			       && add_piece(q, PIECE_PARAM, str_sub(s, i + 1, i + n), NULL, 0);
			from = i += n;
		} else if (str_starts(rest, S("{can:"))) {
			fits = add_piece(q, PIECE_TEXT, str_sub(s, from, i), NULL, 0);
			n = fits ? cut_can(g, q, rest, why) : 1;
			if (n == 0)
				return false;
			from = i += n;
		} else if (str_starts(rest, S("{hold:"))) {
			fits = add_piece(q, PIECE_TEXT, str_sub(s, from, i), NULL, 0) && (n = cut_hold(q, rest)) > 0;
			from = i += n;
		} else {
			i++;
		}
	}
	fits = fits && add_piece(q, PIECE_TEXT, str_sub(s, from, s.n), NULL, 0);
	if (!fits)
		snprintf(why, 256, "%.*s: too many pieces", FMT(q->name));
	return fits;
}

/* ---- adding -------------------------------------------------------------------------------- */

static const struct named *named_find(const struct query_set *set, str name)
{
	for (int i = 0; i < set->n; i++)
		if (str_eq(set->at[i].name, name))
			return &set->at[i];
	return NULL;
}

static const struct named *named_kept(struct query_set *set, const char *name)
{
	uint16_t *kept = &set->kept[((uintptr_t)name >> 2 ^ (uintptr_t)name >> 12) % NAMES_KEPT];
	const struct named *q;

	if (*kept < set->n && str_is(set->at[*kept].name, name))
		return &set->at[*kept];
	q = named_find(set, str_of(name));
	if (q && q - set->at <= UINT16_MAX)
		*kept = (uint16_t)(q - set->at);
	return q;
}

static bool add_one(struct registry *g, str module, str name, str open, str text, char why[static 256])
{
	struct query_set *set = set_of(g);
	struct arena *mem = &g->data->mem;
	text = str_trim(text);
	if (str_ends(text, S(";")))
		text = str_trim(str_sub(text, 0, text.n - 1));
	struct named q = { .name = str_fmt(mem, "%.*s/%.*s", FMT(module), FMT(name)), .text = str_copy(mem, text),
		.open = str_copy(mem, open) };
	q.at = NEWS(mem, struct piece, PIECES_MAX);
	if (named_find(set, q.name)) {
		snprintf(why, 256, "%.*s: two queries of this name", FMT(q.name));
		return false;
	}
	if (!cut(g, &q, why))
		return false;
	if (q.text.n == 0 || (q.cans == 0 && q.open.n == 0)) {
		snprintf(why, 256, "%.*s: empty, or neither {can:ENTITY alias} nor \"-- open: why\"", FMT(q.name));
		return false;
	}
	if (set->n == set->cap) {
		set->cap = set->cap ? 2 * set->cap : 64;
		struct named *at = NEWS(mem, struct named, set->cap);
		if (set->n)
			memcpy(at, set->at, sizeof *at * (size_t)set->n);
		set->at = at;
	}
	set->at[set->n++] = q;
	return true;
}

struct shared { str name, text; };
enum { PARTS_MAX = 40 };

/* {part:NAME} becomes the part's text; one that is not there stays, and no engine takes it. */
static void put_parts(struct buf *b, str line, const struct shared *parts, int n)
{
	static const str mark = S_INIT("{part:");

	for (ptrdiff_t at; (at = str_find(line, mark)) >= 0; ) {
		str name, rest;
		int i = 0;

		put(b, str_sub(line, 0, at));
		line = str_sub(line, at, -1);
		if (!str_cut(str_sub(line, mark.n, -1), '}', &name, &rest))
			break;
		while (i < n && !str_eq(parts[i].name, name))
			i++;
		if (i == n)
			break;
		put(b, parts[i].text);
		line = rest;
	}
	put(b, line);
}

str queries_whole(struct arena *mem, str text)
{
	struct shared parts[PARTS_MAX];
	struct buf whole, part, *to = &whole;
	int n = 0;

	buf_init(&whole, mem, (size_t)4 << 20);
	buf_init(&part, mem, (size_t)1 << 20);
	while (text.n) {
		str line;
		bool begins = str_starts(text, S("-- part:")), ends = begins || str_starts(text, S("-- name:"));

		str_cut(text, '\n', &line, &text);
		if (ends && to == &part) {
			parts[n - 1].text = str_copy(mem, str_trim(buf_str(&part)));
			to = &whole;
		}
		if (begins && n < PARTS_MAX) {
			buf_init(&part, mem, (size_t)1 << 20);
			parts[n++] = (struct shared){ .name = str_trim(str_sub(line, 8, -1)) };
			to = &part;
		} else if (to == &whole || !str_starts(line, S("--"))) {
			put_parts(to, line, parts, n - (to == &part));
			put_c(to, '\n');
		}
	}
	return buf_str(&whole);
}

bool queries_add(struct registry *g, str module, str text, char why[static 256])
{
	str name = { 0 }, open = { 0 }, body = { 0 }, line;

	text = queries_whole(&g->data->mem, text);
	while (text.n) {
		const char *start = text.p;
		str_cut(text, '\n', &line, &text);
		if (str_starts(line, S("-- name:"))) {
			if (name.n && !add_one(g, module, name, open, body, why))
				return false;
			name = str_trim(str_sub(line, 8, -1));
			open = (str){ 0 };
			body = (str){ text.p, 0 };
		} else if (str_starts(line, S("-- open:"))) {
			open = str_trim(str_sub(line, 8, -1));
			body = body.n && str_trim(body).n ? body : (str){ text.p, 0 };
		} else if (name.n) {
			body.n = (text.n ? text.p : start + line.n) - body.p;
		}
	}
	return name.n == 0 || add_one(g, module, name, open, body, why);
}

struct loading { struct registry *g; char *why; bool good; };

static bool load_file(void *arg, str name, str bytes)
{
	struct loading *x = arg;
	str module = str_sub(name, 4, name.n - 4);
	char why[256];
	if (!str_ends(name, S(".sql")) || str_find(module, S("/")) >= 0 ||
		(!registry_module(x->g, module) && !str_eq(module, S("core"))))
		return true;
	x->good = queries_add(x->g, module, bytes, why);
	if (!x->good)
		snprintf(x->why, 256, "%s", why);
	return x->good;
}

bool queries_load(struct registry *g, char why[static 256])
{
	struct loading x = { g, why, true };
	if (!set_of(g)->loaded) {
		set_of(g)->loaded = true;
		embedded_each(S("sql/"), load_file, &x);
	}
	return x.good;
}

void queries_each(const struct registry *g, void (*fn)(void *arg, str name, str text, str open), void *arg)
{
	const struct query_set *set = g->data->queries;
	for (int i = 0; set && i < set->n; i++)
		fn(arg, set->at[i].name, set->at[i].text, set->at[i].open);
}

/* ---- running ------------------------------------------------------------------------------- */

static const struct { const char *name; enum slot_kind kind; } builtin[] = {
	{ "user", SLOT_USER }, { "person", SLOT_PERSON }, { "today", SLOT_TODAY }, { "now", SLOT_NOW },
	{ "here", SLOT_HERE } };

static int param_index(const struct shape *in, str name)
{
	for (int i = 0; in && in->fields[i].name; i++)
		if (str_is(name, in->fields[i].name))
			return i;
	return -1;
}

static bool draft_param(struct draft *d, const struct named *q, const struct shape *in, str name)
{
	int i = param_index(in, name);
	if (i >= 0) {
		draft_slot(d, SLOT_ARG, i);
		return true;
	}
	for (int k = 0; k < (int)COUNT(builtin); k++) {
		if (str_is(name, builtin[k].name)) {
			draft_slot(d, builtin[k].kind, 0);
			return true;
		}
	}
	log_line(LOG_ERROR, "query_parameter", "query", str_z(d->sql.mem, q->name), "parameter", str_z(d->sql.mem, name),
		NULL);
	return false;
}

/* Rows that the transaction goes on from are read with their lock where writers do not stand in line anyway: nobody
 * changes them before it ends, and what is read after them is of now. */
static void put_hold(struct buf *b, enum db_kind kind, str alias)
{
	if (kind == DB_POSTGRES)
		put_fmt(b, "FOR NO KEY UPDATE OF %.*s", FMT(alias));
}

static const struct plan *draft_query(struct ctx *c, const struct named *q, const struct shape *in,
	const struct plan_key *key,
                                      const struct rights *const *sets)
{
	struct draft *d = NEW(c->mem, struct draft);
	int can = 0;
	draft_begin(d, c->mem);
	for (int i = 0; i < q->n; i++) {
		const struct piece *p = &q->at[i];
		if (p->kind == PIECE_TEXT) {
			put(&d->sql, p->text);
		} else if (p->kind == PIECE_PARAM) {
			if (!draft_param(d, q, in, p->text))
				return NULL;
		} else if (p->kind == PIECE_HOLD) {
			put_hold(&d->sql, db_kind(c->db), p->text);
		} else {
			draft_rights(d, sets[can], str_z(c->mem, p->text));
			d->seats += sets[can++]->n;
		}
	}
	return plan_put(c, key, d);
}

bool queries_draft(struct ctx *c, int i, str *ret_name, const char **ret_sql, int *ret_n)
{
	const struct query_set *set = set_of(c->app->registry);
	struct draft *d = NEW(c->mem, struct draft);
	if (i >= set->n)
		return false;
	const struct named *q = &set->at[i];
	draft_begin(d, c->mem);
	for (int k = 0; k < q->n; k++) {
		const struct piece *p = &q->at[k];
		struct rights *r = NEW(c->mem, struct rights);
		int same = 0;
		if (p->kind == PIECE_TEXT) {
			put(&d->sql, p->text);
		} else if (p->kind == PIECE_PARAM) {
			while (q->at[same].kind != PIECE_PARAM || !str_eq(q->at[same].text, p->text))
				same++;
			draft_slot(d, SLOT_ARG, same);
		} else if (p->kind == PIECE_HOLD) {
			put_hold(&d->sql, db_kind(c->db), p->text);
		} else {
			rights_of(c, table_for(c, p->can->e), p->can->e->grants, p->verb, r);
			draft_rights(d, r, str_z(c->mem, p->text));
			d->seats += r->n;
		}
	}
	const struct plan plan = draft_end(d, c->mem);
	*ret_name = q->name;
	*ret_sql = plan.sql;
	*ret_n = plan.n;
	return true;
}

struct bound { const char *sql; const struct val *args; int n; };

static enum rc bind_query(struct ctx *c, const char *name, const struct shape *in, const void *row, struct bound *ret)
{
	char why[256];
	struct registry *g = c->app->registry;
	struct rights *at[CANS_MAX];
	const struct rights *sets[CANS_MAX];
	struct val args[QUERY_PARAMS_MAX];
	struct plan_key key = { .n = 0 };
	int cans = 0, n = 0;
	const struct named *q = queries_load(g, why) ? named_kept(set_of(g), name) : NULL;
	if (!q) {
		log_line(LOG_ERROR, "query_missing", "query", name, NULL);
		return E_FAULT;
	}
	key_byte(&key, 'Q');
	key_two(&key, (int)(q - set_of(g)->at));
	key_pointer(&key, in);
	if (q->holds)
		key_byte(&key, (uint8_t)db_kind(c->db));
	for (int i = 0; i < q->n; i++) {
		if (q->at[i].kind != PIECE_CAN)
			continue;
		at[cans] = NEW(c->mem, struct rights);
		rights_of(c, table_for(c, q->at[i].can->e), q->at[i].can->e->grants, q->at[i].verb,
			at[cans]);
		key_rights(&key, at[cans]);
		sets[cans] = at[cans];
		cans++;
	}
	const struct plan *p = plan_get(c, &key);
	if (!p)
		p = draft_query(c, q, in, &key, sets);
	if (!p)
		return E_FAULT;
	for (; in && in->fields[n].name && n < QUERY_PARAMS_MAX; n++)
		args[n] = in->fields[n].type == T_LIST ? v_null() : field_val(&in->fields[n], row);
	*ret = (struct bound){ p->sql, plan_bind(c, p, sets, cans, args, n), p->n };
	return OK;
}

static enum rc broken(struct ctx *c, const char *name, enum rc rc)
{
	if (rc == E_FAULT)
		log_line(LOG_ERROR, "query_failed", "query", name, "why", db_why(c->db), NULL);
	return rc;
}

static enum rc take_rows(struct ctx *c, struct rows *r, const struct shape *out_shape, items *ret, int64_t max)
{
	int64_t n = 0, cap = 16;
	char *p = arena_alloc(c->mem, out_shape->size * (size_t)cap, 16);
	while (n < max && rows_next(r)) {
		if (n == cap) {
			char *more = arena_alloc(c->mem, out_shape->size * (size_t)cap * 2, 16);
			memcpy(more, p, out_shape->size * (size_t)cap);
			p = more;
			cap *= 2;
		}
		void *row = p + out_shape->size * (size_t)n++;
		int k = 0;
		fields_zero(out_shape->fields, out_shape->size, row);
		for (const struct field *f = out_shape->fields; f->name && k < rows_cols(r); f++)
			if (f->type != T_LIST && f->type != T_HTML)
				field_load(f, r, k++, row, c->mem);
	}
	enum rc rc = rows_end(r);
	if (rc == OK)
		*ret = (items){ p, n };
	return rc;
}

enum rc query(struct ctx *c, const char *name, const struct shape *in_shape, const void *in,
              const struct shape *out_shape, items *ret, int64_t max)
{
	struct bound b;
	struct rows r;
	TRY(bind_query(c, name, in_shape, in, &b));
	enum rc rc = db_query(c->db, b.sql, b.args, b.n, &r);
	if (rc == OK)
		rc = take_rows(c, &r, out_shape, ret, max);
	return broken(c, name, rc);
}

void query_ahead(struct ctx *c, const char *name, const struct shape *in_shape, const void *in,
	const struct shape *out_shape, struct ahead *ret, int64_t max)
{
	struct bound b;
	*ret = (struct ahead){ .name = name, .out = out_shape, .max = max, .sent = db_kind(c->db) == DB_POSTGRES };
	if (!ret->sent) {
		ret->rc = query(c, name, in_shape, in, out_shape, &ret->got, max);
		return;
	}
	ret->rc = bind_query(c, name, in_shape, in, &b);
	if (ret->rc == OK)
		ret->rc = broken(c, name, db_ahead(c->db, b.sql, b.args, b.n, &ret->r));
}

enum rc query_take(struct ctx *c, struct ahead *a, items *ret)
{
	if (a->rc == OK && a->sent)
		a->rc = broken(c, a->name, take_rows(c, &a->r, a->out, &a->got, a->max));
	a->sent = false;
	*ret = a->got;
	return a->rc;
}

void query_leave(struct ahead *a, int n)
{
	for (int i = 0; i < n; i++) {
		if (a[i].sent && a[i].rc == OK)
			rows_end(&a[i].r);
		a[i].sent = false;
	}
}

enum rc query_one(struct ctx *c, const char *name, const struct shape *in_shape, const void *in,
	const struct shape *out_shape, void *ret)
{
	items found;
	TRY(query(c, name, in_shape, in, out_shape, &found, 1));
	if (found.n == 0)
		return E_MISSING;
	memcpy(ret, found.p, out_shape->size);
	return OK;
}

enum rc query_int(struct ctx *c, const char *name, const struct shape *in_shape, const void *in, int64_t *ret)
{
	struct bound b;
	TRY(bind_query(c, name, in_shape, in, &b));
	return broken(c, name, db_int(c->db, b.sql, b.args, b.n, ret));
}

enum rc execute_later(struct ctx *c, const char *name, const struct shape *in_shape, const void *in)
{
	struct bound b;
	TRY(bind_query(c, name, in_shape, in, &b));
	return broken(c, name, db_later(c->db, b.sql, b.args, b.n));
}

enum rc execute(struct ctx *c, const char *name, const struct shape *in_shape, const void *in, int64_t *ret_changed)
{
	struct bound b;
	TRY(bind_query(c, name, in_shape, in, &b));
	return broken(c, name, db_exec(c->db, b.sql, b.args, b.n, ret_changed));
}

/* Every parameter as NULL, every {can:} as the installation: enough for an engine to plan it. */
bool queries_prove(struct registry *g, struct db *d, char why[static 256])
{
	const struct query_set *set = set_of(g);
	struct arena mem;
	bool good = queries_load(g, why);
	arena_init(&mem, (size_t)16 << 20);
	for (int i = 0; good && i < set->n; i++) {
		struct buf b;
		struct rows r;
		buf_init(&b, &mem, 65536);
		put_z(&b, db_kind(d) == DB_SQLITE ? "EXPLAIN QUERY PLAN " : "EXPLAIN ");
		for (int k = 0; k < set->at[i].n; k++) {
			const struct piece *p = &set->at[i].at[k];
			if (p->kind == PIECE_HOLD)
				put_hold(&b, db_kind(d), p->text);
			else
				put(&b, p->kind == PIECE_TEXT ? p->text : p->kind == PIECE_CAN ? S("(1 = 1)") : S("NULL"));
		}
		enum rc rc = db_query(d, str_z(&mem, buf_str(&b)), NULL, 0, &r);
		if (rc == OK)
			rc = rows_end(&r);
		good = rc == OK;
		if (!good)
			snprintf(why, 256, "%.*s: %s", FMT(set->at[i].name), db_why(d));
		arena_reset(&mem);
	}
	arena_free(&mem);
	return good;
}
