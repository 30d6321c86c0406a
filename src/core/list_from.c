/* list_from.c -- see listing.h: where a list's rows are best read from. Neither engine can know: that a teacher has 400
 * pupils among a million persons, or that "khue" begins a word of few names, is not in any statistics they keep. */
#include "core/listing.h"
#include "core/roles.h"
#include "core/search.h"

enum { SAMPLE = 16 /* of so many units one is looked at */, SAMPLE_LINES = 8000, SAMPLE_ROWS = 3000,
       FEW = 450 /* lines in the sample: read them all */,
       CHEAP = 16 /* lines seen to hold other words cost as one row fetched */,
       DENSE = FEW * FEW /* rows fetched times those that fit: costs as much as walking for a page of */,
       COUNTED = 2000 /* lines: so many rows are counted and no more */,
       PAGE = 50, SMALL = 2000 /* rows of a table that is walked in any case */,
       SORTED = 20000 /* rows of a table that is read as a whole for a page in any order */ };

int in_room(int n)
{
	int room = 1;
	while (room < n)
		room *= 2;
	return room;
}

/* ---- rights ------------------------------------------------------------------------------------ */

static bool by_org(const struct listing *l, const struct right *r)
{
	const struct entity *e = l->t->e;
	col at = e->anchor[ON_ORG];
	return r->g->in->on == ON_ORG && (at == 0 || at == offsetof(struct base, org));
}

bool listing_concerned(const struct listing *l)
{
	bool other = false;
	for (int i = 0; i < l->rights.n; i++) {
		if (l->rights.at[i].seat != l->c->here.org.v)
			return false;
		other |= l->rights.at[i].g->in == &at_other;
	}
	return other && !l->rights.system;
}

/* The rights reach rows in several places, all of them small beside the table. */
static bool rights_narrow(const struct listing *l)
{
	bool one_org = true;
	if (l->rights.system || l->rights.n == 0)
		return false;
	for (int i = 0; i < l->rights.n; i++) {
		const struct right *r = &l->rights.at[i];
		if (r->all || scope_is_all(r->g->in) || r->g->in == &in_tree)
			return false;
		one_org = one_org && r->g->in == &at_org && by_org(l, r) && r->seat == l->rights.at[0].seat;
	}
	return !one_org;
}

/* ---- organisations ------------------------------------------------------------------------------ */

/* The unit whose tree holds every row of the list; 0: there is no such one. *right: the right that says so, -1:
 * here. */
static int64_t tree_of(const struct listing *l, int *right)
{
	*right = -1;
	if (l->narrow)
		return l->c->here.org.v;
	for (int i = 0; i < l->rights.n; i++) {
		const struct right *r = &l->rights.at[i];
		if (r->all || !by_org(l, r) || (r->g->in != &in_tree && r->g->in != &at_org) || r->seat != l->rights.at[0].seat
		    || r->g->in != l->rights.at[0].g->in)
			return 0;
		*right = 0;
	}
	return l->rights.n && !l->rights.system ? l->rights.at[0].seat : 0;
}

/* The units of a small tree; n_orgs is ORGS_MAX + 1 for a large one. */
static enum rc orgs_read(struct listing *l, int64_t top)
{
	struct rows r;
	l->n_orgs = 0;
	TRY(db_query(l->c->db,
		"SELECT DISTINCT below FROM org_below WHERE top = ?1 AND since <= ?2 AND ?2 < until LIMIT 17",
		VALS(v_int(top), v_int(l->c->today.v)), &r));
	while (rows_next(&r)) {
		if (l->n_orgs < ORGS_MAX)
			l->orgs[l->n_orgs] = rows_int(&r, 0);
		l->n_orgs++;
	}
	return rows_end(&r);
}

/* The one unit a filter names. */
static int64_t org_asked(const struct listing *l)
{
	for (int i = 0; i < l->ask->n_filters; i++) {
		const struct list_filter *f = &l->ask->filters[i];
		if (f->at == offsetof(struct base, org) && f->op == LIST_IS && f->v.type == V_INT)
			return f->v.i;
	}
	return 0;
}

static enum rc choose_orgs(struct listing *l)
{
	int right;
	int64_t top = tree_of(l, &right), asked = org_asked(l);
	if (asked) {
		l->from = FROM_ORG;
		l->orgs[0] = asked;
		l->n_orgs = l->room_orgs = 1;
		return OK;
	}
	if (!top || (right == 0 && l->rights.at[0].g->in == &at_org))
		return OK;
	TRY(orgs_read(l, top));
	if (l->n_orgs <= 1) {
		l->from = FROM_ORG;
		l->orgs[0] = l->n_orgs ? l->orgs[0] : -1;
		l->n_orgs = l->room_orgs = 1;
	} else if (l->n_orgs <= ORGS_MAX) {
		l->from = FROM_ORGS;
		l->room_orgs = in_room(l->n_orgs);
		for (int i = l->n_orgs; i < l->room_orgs; i++)
			l->orgs[i] = -1;
	}
	return OK;
}

/* ---- words -------------------------------------------------------------------------------------- */

/* The units whose lines hold every row of the list, as "b". */
static void draft_units(struct listing *l, struct draft *d)
{
	if (search_for_everybody(l->t->e)) {
		put_z(&d->sql, "(SELECT 0 AS below) b");
		return;
	}
	if (!l->lines_here && l->lines_right < 0) {
		put_z(&d->sql, "(SELECT below FROM org_below UNION SELECT 0) b");
		return;
	}
	put_z(&d->sql, "(SELECT DISTINCT below FROM org_below WHERE top = ");
	draft_slot(d, l->lines_here ? SLOT_HERE : SLOT_SEAT, l->lines_here ? 0 : l->lines_right);
	put_z(&d->sql, " AND since <= ");
	draft_slot(d, SLOT_TODAY, 0);
	put_z(&d->sql, " AND ");
	draft_slot(d, SLOT_TODAY, 0);
	put_z(&d->sql, " < until) b");
}

int words_of(str folded, str *ret, int most)
{
	str word;
	int n = 0;
	while (folded.n && n < most) {
		int k = 0;
		str_cut(folded, ' ', &word, &folded);
		for (int i = 0; i < n && word.n; i++) {
			if (str_starts(ret[i], word))
				word.n = 0;
			else if (!str_starts(word, ret[i]))
				ret[k++] = ret[i];
		}
		if (word.n) {
			ret[k++] = word;
			n = k;
		}
	}
	return n;
}

/* Lines turn around words that begin with a letter. A word that begins as the key does may be its very beginning,
 * where no blank stands before it. */
int key_words(struct arena *mem, str first, const str *words, int n, struct val *args)
{
	int k = 0;
	for (int i = 0; i < n && search_letter(first); i++)
		if (search_letter(words[i]) && !str_starts(words[i], first) && !str_starts(first, words[i]))
			args[k++] = v_blob(str_fmt(mem, " %.*s", FMT(words[i])));
	args[k] = v_blob(S(SEARCH_TURN));
	return k;
}

/* Their lines from argument first to first + 1: of e's rows, or (e NULL) of all rows, which is what reading them
 * costs. */
static void draft_lines(struct listing *l, struct draft *d, int first, const struct entity *e)
{
	draft_units(l, d);
	put_z(&d->sql, " CROSS JOIN search s WHERE s.org = b.below");
	if (e)
		put_fmt(&d->sql, " AND s.entity = '%s'", e->name);
	put_z(&d->sql, " AND s.key >= ");
	draft_slot(d, SLOT_ARG, first);
	put_z(&d->sql, " AND s.key < ");
	draft_slot(d, SLOT_ARG, first + 1);
}

/* The bounds of a word's lines. */
static void line_args(struct listing *l, str word, struct val *args)
{
	str key = search_key_of(word);
	args[0] = v_blob(key);
	args[1] = v_blob(str_fmt(l->c->mem, "%.*s\xff", FMT(key)));
}

static void further_args(struct listing *l, str word, struct val *args, int *ret_n)
{
	*ret_n = key_words(l->c->mem, search_key_of(word), l->words, l->n_words, args);
}

static void probe_key(struct listing *l, struct plan_key *k, int what)
{
	k->n = 0;
	key_byte(k, what);
	key_two(k, l->t->meta->index);
	key_rights(k, &l->rights);
	key_byte(k, l->lines_here | (l->lines_right + 1) << 1);
	key_byte(k, l->n_words);
	key_byte(k, l->n_orgs > ORGS_MAX);
}

static enum rc probe_run(struct listing *l, const struct plan *p, const struct val *args, int n, int64_t *ret)
{
	const struct rights *const sets[] = { &l->rights };
	return db_int(l->c->db, p->sql, plan_bind(l->c, p, sets, 1, args, n), p->n, ret);
}

static void draft_sampled(struct listing *l, struct draft *d, int most)
{
	if (l->n_orgs > ORGS_MAX)
		put_fmt(&d->sql, " AND b.below %% %d = 7", SAMPLE);
	put_fmt(&d->sql, " LIMIT %d", most);
}

/* Lines of a word in the sampled units, of all kinds of rows, at most SAMPLE_LINES; and how many of these may hold the
 * other words. */
static enum rc lines_sampled(struct listing *l, str word, int64_t *ret, int64_t *ret_fit)
{
	struct plan_key key;
	struct val args[2 + WORDS_MAX + 1];
	const struct rights *const sets[] = { &l->rights };
	const struct plan *p;
	struct rows r;
	int further;
	line_args(l, word, args);
	further_args(l, word, args + 2, &further);
	probe_key(l, &key, 'S');
	key_byte(&key, further);
	p = plan_get(l->c, &key);
	if (!p) {
		struct draft *d = NEW(l->c->mem, struct draft);
		draft_begin(d, l->c->mem);
		put_z(&d->sql, "SELECT COUNT(*), COUNT(CASE WHEN 1 = 1");
		draft_in_key(d, db_kind(l->c->db), further, 2);
		put_z(&d->sql, " THEN 1 END) FROM (SELECT s.key FROM ");
		draft_lines(l, d, 0, NULL);
		draft_sampled(l, d, SAMPLE_LINES);
		put_z(&d->sql, ") s");
		p = plan_put(l->c, &key, d);
	}
	TRY(db_query(l->c->db, p->sql, plan_bind(l->c, p, sets, 1, args, 2 + further + 1), p->n, &r));
	if (rows_next(&r)) {
		*ret = rows_int(&r, 0);
		*ret_fit = rows_int(&r, 1);
	}
	return rows_end(&r);
}

/* Of a word's sampled lines, those whose rows hold all the words: where the keys cannot tell. */
static enum rc rows_fitting(struct listing *l, str word, int64_t *ret)
{
	struct plan_key key;
	struct val args[2 + WORDS_MAX];
	const struct plan *p;
	probe_key(l, &key, 'F');
	line_args(l, word, args);
	for (int i = 0; i < l->n_words; i++)
		args[2 + i] = v_text(like_word(l->c->mem, l->words[i]));
	p = plan_get(l->c, &key);
	if (!p) {
		struct draft *d = NEW(l->c->mem, struct draft);
		draft_begin(d, l->c->mem);
		put_z(&d->sql, "SELECT COUNT(*) FROM (SELECT s.item FROM ");
		draft_lines(l, d, 0, l->t->e);
		draft_sampled(l, d, SAMPLE_ROWS);
		put_fmt(&d->sql, ") x CROSS JOIN %s a WHERE a.id = x.item", l->t->e->name);
		draft_words(d, l->n_words, 2);
		p = plan_put(l->c, &key, d);
	}
	return probe_run(l, p, args, 2 + l->n_words, ret);
}

/* Rows of the table, most + 1 for more. */
static enum rc rows_at_most(struct listing *l, int most, int64_t *ret)
{
	struct buf b;
	buf_init(&b, l->c->mem, 300);
	put_z(&b, "SELECT COUNT(*) FROM (SELECT 1 AS one FROM ");
	put_z(&b, l->t->e->name);
	put_fmt(&b, " LIMIT %d) x", most + 1);
	put_c(&b, '\0');
	return db_int(l->c->db, b.p, NULL, 0, ret);
}

void listing_turn_to_lines(struct listing *l)
{
	further_args(l, l->line, l->further, &l->n_further);
	l->from = FROM_LINES;
	l->walk = 0;
	l->ends = false;
}

/* Rows that fit may all stand late in the order (it begins with given names, and one was typed): as many rows are
 * walked as reading the lines would cost, so that both together cost at most twice the better one. */
static int walk_of(const struct listing *l, int64_t lines, int64_t fit)
{
	if (!l->t->meta->sort || l->order[0].f || l->order[0].via)
		return 0;
	return (int)(SAMPLE * (fit + lines / CHEAP));
}

/* Few lines: from them. Otherwise, with l of L lines in the sample and f of these fitting, reading the lines costs
 * about 16 (f + l / CHEAP) rows, and a page of the walked list is about 50 N / 16 f of N rows: for a million rows they
 * break even at f (f + l / CHEAP) = DENSE. A shorter page is walked sooner. */
static enum rc choose_lines(struct listing *l)
{
	int64_t least = INT64_MAX, fit = 0, lines, fits, rows;
	for (int i = l->n_words - 1; i >= 0 && least >= FEW; i--) {      /* the last first: the given name tells most */
		TRY(lines_sampled(l, l->words[i], &lines, &fits));
		if (lines < least) {
			least = lines;
			fit = fits;
			l->line = l->words[i];
		}
	}
	if (least >= FEW) {
		TRY(rows_at_most(l, SMALL, &rows));
		if (rows <= SMALL)
			return OK;
	}
	if (least >= FEW && l->n_words > 1 && fit == least)
		TRY(rows_fitting(l, l->line, &fit));
	if (least >= FEW && fit * (fit + least / CHEAP) * PAGE >= (int64_t)DENSE * l->limit) {
		l->uncounted = l->from == FROM_TABLE || least >= COUNTED;
		l->walk = walk_of(l, least, fit);
		return OK;
	}
	listing_turn_to_lines(l);
	l->uncounted = least >= FEW && l->n_orgs > ORGS_MAX;
	return OK;
}

static bool has_lines(const struct listing *l)
{
	return l->n_words > 0 && !l->ask->gone && search_complete(l->t->e);
}

/* By the order's own index, and nothing picks rows but words and being in a large tree. */
static bool is_walked(const struct listing *l)
{
	return l->from == FROM_TABLE && l->n_orgs > ORGS_MAX && db_kind(l->c->db) == DB_POSTGRES &&
		l->ask->n_filters == 0 && listing_usual(l);
}

bool listing_usual(const struct listing *l)
{
	return l->ask->sort == 0 || (l->t->n_order && l->ask->sort == l->t->order[0]->at &&
		l->t->order[0]->type != T_REF);
}

/* A class, a pupil, a book, a unit or words: their rows are few. */
static bool asks_few(const struct listing *l)
{
	for (int i = 0; i < l->ask->n_filters; i++) {
		const struct list_filter *f = &l->ask->filters[i];
		if (f->op == LIST_LIKE)
			return true;
		for (size_t k = ON_PERSON; k < COUNT(l->t->e->anchor) && f->op == LIST_IS && f->v.type == V_INT; k++)
			if (l->t->e->anchor[k] && l->t->e->anchor[k] == f->at)
				return true;
	}
	return l->ask->n_ids || str_trim(l->ask->words).n || org_asked(l);
}

bool listing_finds_few(const struct listing *l)
{
	for (int i = 0; i < l->ask->n_filters && l->from == FROM_TABLE; i++)
		for (size_t k = 0; k < COUNT(l->t->e->few) && l->t->e->few[k] && l->ask->filters[i].op == LIST_IS; k++)
			if (l->t->e->few[k] == l->ask->filters[i].at)
				return true;
	return false;
}

static enum rc is_long(struct listing *l, bool *ret)
{
	int right;
	int64_t top = tree_of(l, &right), rows;
	*ret = false;
	if (listing_usual(l) || asks_few(l) || rights_narrow(l) || (top && right == 0 && l->rights.at[0].g->in == &at_org))
		return OK;
	if (top)
		TRY(orgs_read(l, top));
	if (top && l->n_orgs <= ORGS_MAX)
		return OK;
	TRY(rows_at_most(l, SORTED, &rows));
	*ret = rows > SORTED;
	return OK;
}

enum rc listing_keep_order(struct listing *l, bool *ret_as_usual)
{
	struct list_ask *usual = NEW(l->c->mem, struct list_ask);
	TRY(is_long(l, ret_as_usual));
	*usual = *l->ask;
	usual->sort = 0;
	usual->down = false;
	if (*ret_as_usual)
		l->ask = usual;
	return OK;
}

static enum rc choose(struct listing *l)
{
	int64_t top;
	l->lines_right = -1;
	if (l->ask->n_ids) {
		l->from = FROM_IDS;
		return OK;
	}
	if (rights_narrow(l)) {
		l->from = FROM_RIGHTS;
		return OK;
	}
	TRY(choose_orgs(l));
	if (!has_lines(l) || l->n_orgs == 1)
		return OK;
	if (search_for_everybody(l->t->e))
		return choose_lines(l);
	top = tree_of(l, &l->lines_right);
	l->lines_here = l->narrow;
	if (top && l->lines_right == 0 && l->rights.at[0].g->in == &at_org)
		return OK;                               /* one school, in the order of its own index */
	if (!top)
		l->n_orgs = ORGS_MAX + 1;
	return choose_lines(l);
}

enum rc listing_choose(struct listing *l)
{
	TRY(choose(l));
	if (is_walked(l))
		l->from = FROM_WALK;
	return OK;
}

/* ---- drafting ------------------------------------------------------------------------------------ */

int listing_args(struct listing *l, struct val *args)
{
	int n = 0;
	if (l->from == FROM_IDS)
		for (int i = 0; i < in_room(l->ask->n_ids); i++)
			args[n++] = v_int(i < l->ask->n_ids ? l->ask->ids[i] : 0);
	for (int i = 0; (l->from == FROM_ORG || l->from == FROM_ORGS) && i < l->room_orgs; i++)
		args[n++] = v_int(l->orgs[i]);
	if (l->from == FROM_LINES) {
		line_args(l, l->line, args);
		n = 2;
		for (int i = 0; l->n_further && i <= l->n_further; i++)
			args[n++] = l->further[i];
	}
	return n;
}

int draft_source(struct listing *l, struct draft *d)
{
	const char *name = l->t->e->name;
	int n = 0;
	switch (l->from) {
	case FROM_IDS:
		n = in_room(l->ask->n_ids);
		put_z(&d->sql, " FROM (VALUES ");
		for (int i = 0; i < n; i++) {
			put_z(&d->sql, i ? ",(" : "(");
			draft_slot(d, SLOT_ARG, i);
			put_c(&d->sql, ')');
		}
		put_fmt(&d->sql, ") m CROSS JOIN %s a WHERE a.id = m.column1 AND ", name);
		return n;
	case FROM_RIGHTS:
		put_z(&d->sql, " FROM (");
		draft_reached(d, &l->rights, name);
		put_fmt(&d->sql, ") m CROSS JOIN %s a WHERE a.id = m.id AND ", name);
		return 0;
	case FROM_LINES:
		put_z(&d->sql, " FROM (SELECT DISTINCT s.item AS id FROM ");
		draft_lines(l, d, 0, l->t->e);
		draft_in_key(d, db_kind(l->c->db), l->n_further, 2);
		put_fmt(&d->sql, ") m CROSS JOIN %s a WHERE a.id = m.id AND ", name);
		return l->n_further ? 3 + l->n_further : 2;
	case FROM_ORG: case FROM_ORGS:
		put_fmt(&d->sql, " FROM %s a WHERE a.org IN (", name);
		for (int i = 0; i < l->room_orgs; i++) {
			put_z(&d->sql, i ? "," : "");
			draft_slot(d, SLOT_ARG, i);
		}
		put_z(&d->sql, ") AND ");
		return l->room_orgs;
	case FROM_TABLE: case FROM_WALK:
		break;
	}
	put_fmt(&d->sql, " FROM %s a WHERE ", name);
	return n;
}
