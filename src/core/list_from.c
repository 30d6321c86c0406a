/* list_from.c -- see listing.h: where a list's rows are best read from. Neither engine can know: that a teacher has 400
 * pupils among a million persons, or that "khue" begins a word of few names, is not in any statistics they keep. */
#include "core/listing.h"
#include "core/roles.h"
#include "core/search.h"

enum { SAMPLE = 16 /* of so many units one is looked at */, SAMPLE_LINES = 3000,
	FEW = 450 /* lines in the sample: read them all */,
       DENSE = FEW
* FEW /* lines in the sample times those that fit: reading all lines costs as much as walking for a page of */,
       PAGE = 50, SMALL = 2000 /* rows of a table that is walked in any case */ };

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

static enum rc choose_orgs(struct listing *l)
{
	int right;
	int64_t top = tree_of(l, &right);
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

static void line_args(struct listing *l, str word, struct val *args)
{
	str key = search_key_of(word);
	args[0] = v_blob(key);
	args[1] = v_blob(str_fmt(l->c->mem, "%.*s\xff", FMT(key)));
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

static void draft_sampled(struct listing *l, struct draft *d)
{
	if (l->n_orgs > ORGS_MAX)
		put_fmt(&d->sql, " AND b.below %% %d = 7", SAMPLE);
	put_fmt(&d->sql, " LIMIT %d", SAMPLE_LINES);
}

/* Lines of a word in the sampled units, of all kinds of rows, at most SAMPLE_LINES. */
static enum rc lines_sampled(struct listing *l, str word, int64_t *ret)
{
	struct plan_key key;
	struct val args[2];
	const struct plan *p;
	probe_key(l, &key, 'S');
	line_args(l, word, args);
	p = plan_get(l->c, &key);
	if (!p) {
		struct draft *d = NEW(l->c->mem, struct draft);
		draft_begin(d, l->c->mem);
		put_z(&d->sql, "SELECT COUNT(*) FROM (SELECT 1 AS one FROM ");
		draft_lines(l, d, 0, NULL);
		draft_sampled(l, d);
		put_z(&d->sql, ") x");
		p = plan_put(l->c, &key, d);
	}
	return probe_run(l, p, args, 2, ret);
}

/* Of a word's sampled lines, those whose rows hold all the words. */
static enum rc lines_fitting(struct listing *l, str word, int64_t *ret)
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
		draft_sampled(l, d);
		put_fmt(&d->sql, ") x CROSS JOIN %s a WHERE a.id = x.item", l->t->e->name);
		draft_words(d, l->n_words, 2);
		p = plan_put(l->c, &key, d);
	}
	return probe_run(l, p, args, 2 + l->n_words, ret);
}

/* Rows of the table, SMALL + 1 for more. */
static enum rc rows_at_most(struct listing *l, int64_t *ret)
{
	struct buf b;
	buf_init(&b, l->c->mem, 300);
	put_z(&b, "SELECT COUNT(*) FROM (SELECT 1 AS one FROM ");
	put_z(&b, l->t->e->name);
	put_fmt(&b, " LIMIT %d) x", SMALL + 1);
	put_c(&b, '\0');
	return db_int(l->c->db, b.p, NULL, 0, ret);
}

/* Few lines: from them. Otherwise, with l of L lines in the sample and f of these fitting, all lines are about 16 l
 * rows to read, and a page of the walked list is about 50 N / 16 f of N rows: for a million rows they break even at
 * l f = DENSE. A shorter page is walked sooner. */
static enum rc choose_lines(struct listing *l)
{
	int64_t least = INT64_MAX, lines, fit, rows;
	for (int i = l->n_words - 1; i >= 0 && least >= FEW; i--) {      /* the last first: the given name tells most */
		TRY(lines_sampled(l, l->words[i], &lines));
		if (lines < least) {
			least = lines;
			l->line = l->words[i];
		}
	}
	if (least >= FEW) {
		TRY(rows_at_most(l, &rows));
		if (rows <= SMALL)
			return OK;
	}
	fit = least;
	if (least >= FEW && l->n_words > 1)
		TRY(lines_fitting(l, l->line, &fit));
	if (least >= FEW && fit * least * PAGE >= (int64_t)DENSE * l->limit) {
		l->uncounted = l->from == FROM_TABLE;
		return OK;
	}
	l->from = FROM_LINES;
	l->uncounted = least >= FEW && l->n_orgs > ORGS_MAX;
	return OK;
}

static bool has_lines(const struct listing *l)
{
	return l->n_words > 0 && !l->ask->gone && search_complete(l->t->e);
}

enum rc listing_choose(struct listing *l)
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
			draft_slot(d, SLOT_ARG, 1 + i);
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
		draft_lines(l, d, 1, l->t->e);
		put_fmt(&d->sql, ") m CROSS JOIN %s a WHERE a.id = m.id AND ", name);
		return 2;
	case FROM_ORG: case FROM_ORGS:
		put_fmt(&d->sql, " FROM %s a WHERE a.org IN (", name);
		for (int i = 0; i < l->room_orgs; i++) {
			put_z(&d->sql, i ? "," : "");
			draft_slot(d, SLOT_ARG, 1 + i);
		}
		put_z(&d->sql, ") AND ");
		return l->room_orgs;
	case FROM_TABLE:
		break;
	}
	put_fmt(&d->sql, " FROM %s a WHERE ", name);
	return n;
}
