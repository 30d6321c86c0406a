/* context.c -- where a request stands: the unit, school year and term of /t/unit/2026-2027/hk1, and the reader's
 * language. */
#include "core/pages.h"
#include "core/roles.h"
#include "web/accept.h"

#include <stdio.h>

static bool is_year(str s)
{
	if (s.n != 9 || s.p[4] != '-')
		return false;
	for (int i = 0; i < 9; i++)
		if (i != 4 && (s.p[i] < '0' || s.p[i] > '9'))
			return false;
	return true;
}

static bool is_term(str s)
{
	return s.n == 3 && s.p[0] == 'h' && s.p[1] == 'k' && s.p[2] >= '1' && s.p[2] <= '9';
}

/* The closure answers in any order: follow the parents from the unit up, then turn round. */
static void crumbs_order(struct org_crumb *all, int n, int64_t of, struct org_crumb *ret, int *ret_n)
{
	int64_t want = of;
	int found = 0;

	while (want && found < n) {
		const struct org_crumb *next = NULL;

		for (int i = 0; i < n && !next; i++)
			if (all[i].id == want)
				next = &all[i];
		if (!next)
			break;
		ret[found++] = *next;
		want = next->parent;
	}
	for (int i = 0; i < found / 2; i++) {
		struct org_crumb t = ret[i];

		ret[i] = ret[found - 1 - i];
		ret[found - 1 - i] = t;
	}
	*ret_n = found;
}

enum { ABOVE_MAX = 16 };
#define OF_UNIT "o.id, o.parent, o.slug, o.name, b.below, CASE WHEN EXISTS (SELECT 1 FROM org_below u WHERE " \
	"u.top = b.top AND u.below <> b.top AND " \
	"u.since <= ?2 AND ?2 < u.until) THEN 1 ELSE 0 END, CASE WHEN o.state = 'active' THEN 0 ELSE 1 END"

/* The unit named by slug (or, without one, by id) and those above it today. */
static enum rc above_read(struct ctx *c, struct arena *mem, str slug, int64_t id, struct org_crumb **ret, int *n)
{
	static const char *const sql[2] = {
		"SELECT " OF_UNIT " FROM org_below b JOIN org o ON o.id = b.top"
		" WHERE b.below = ?1 AND b.since <= ?2 AND ?2 < b.until",
		"SELECT " OF_UNIT " FROM org_below b JOIN org o ON o.id = b.top"
		" WHERE b.below = (SELECT id FROM org WHERE slug = ?1 AND gone = 0) AND b.since <= ?2 AND ?2 < b.until" };
	struct org_crumb all[ABOVE_MAX];
	int64_t of = 0;
	struct rows r;
	int found = 0;

	TRY(db_query(c->db, sql[slug.n > 0], VALS(slug.n ? v_text(slug) : v_int(id), v_int(c->today.v)), &r));
	while (found < ABOVE_MAX && rows_next(&r)) {
		all[found++] = (struct org_crumb){ rows_int(&r, 0), rows_int(&r, 1), str_copy(mem, rows_text(&r, 2)),
			str_copy(mem, rows_text(&r, 3)), rows_int(&r, 5) != 0,
			rows_int(&r, 6) != 0 };
		of = rows_int(&r, 4);
	}
	TRY(rows_end(&r));
	*ret = NEWS(mem, struct org_crumb, found + 1);
	crumbs_order(all, found, of, *ret, n);
	return *n > 0 ? OK : E_MISSING;
}

enum rc orgs_above(struct ctx *c, org_id org, struct org_crumb **ret, int *n)
{
	*n = 0;
	if (!org.v || !registry_entity(c->app->registry, S("org")))
		return E_MISSING;
	return above_read(c, c->mem, (str){ NULL, 0 }, org.v, ret, n);
}

static enum rc year_read(struct ctx *c, str code, struct context_kept *k)
{
	struct rows r;
	bool found;

	if (!registry_entity(c->app->registry, S("school_year")))
		return E_MISSING;
	TRY(db_query(c->db, "SELECT id, until FROM school_year WHERE code = ?1 AND gone = 0", VALS(v_text(code)), &r));
	found = rows_next(&r);
	if (found) {
		k->year_id = rows_int(&r, 0);
		k->past = rows_int(&r, 1) < c->today.v;
	}
	TRY(rows_end(&r));
	if (!found)
		return E_MISSING;
	struct buf terms;
	buf_init(&terms, &k->mem, 1000);
	put_c(&terms, ' ');
	TRY(db_query(c->db, "SELECT code FROM term WHERE year = ?1 AND gone = 0", VALS(v_int(k->year_id)), &r));
	while (rows_next(&r)) {
		put(&terms, rows_text(&r, 0));
		put_c(&terms, ' ');
	}
	k->terms = buf_str(&terms);
	return rows_end(&r);
}

/* The school year and term of today; none between years, or without schools. */
static enum rc today_read(struct ctx *c, struct context_kept *k)
{
	struct rows r;

	if (!registry_entity(c->app->registry, S("school_year")))
		return OK;
	TRY(db_query(c->db,
		"SELECT y.id, y.code, (SELECT t.code FROM term t WHERE t.year = y.id AND t.since <= ?1 AND t.until >= ?1 "
			"AND t.gone = 0 LIMIT 1)"
		" FROM school_year y WHERE y.since <= ?1 AND y.until >= ?1 AND y.gone = 0 ORDER BY y.year DESC LIMIT 1",
		VALS(v_int(c->today.v)), &r));
	if (rows_next(&r)) {
		k->year_id = rows_int(&r, 0);
		k->year_code = str_copy(&k->mem, rows_text(&r, 1));
		k->term_code = str_copy(&k->mem, rows_text(&r, 2));
	}
	return rows_end(&r);
}

/* Names of units and years change a few times a year and are asked for by every request: kept for ten seconds. unit: of
 * that id, slug is then a name for the cache only. */
static enum rc context_find(struct exchange *x, str slug, str year, int64_t unit, struct context_kept **ret)
{
	struct pages *keep = x->app->pages_kept;
	struct context_kept *k;
	enum rc rc;

	for (int i = 0; i < CONTEXTS; i++) {
		k = &keep->contexts[i];
		if (k->until.v > x->c->now.v && k->until.v <= x->c->now.v + CONTEXT_KEEP_MS && str_eq(k->slug, slug) &&
		    str_eq(k->year, year)) {
			*ret = k;
			return OK;
		}
	}
	k = &keep->contexts[keep->next_context];
	keep->next_context = (keep->next_context + 1) % CONTEXTS;
	arena_free(&k->mem);
	*k = (struct context_kept){ 0 };
	arena_init(&k->mem, 1 << 16);
	k->mem.full = x->c->mem->full;           /* out of memory ends this request, not the process         */
	rc = registry_entity(x->app->registry, S("org")) ? above_read(x->c, &k->mem, unit ? S("") : slug, unit, &k->orgs,
		&k->n_orgs) : E_MISSING;
	if (rc == OK && k->orgs[k->n_orgs - 1].ended)
		rc = unit_ended(x->c, &k->mem, (org_id){ k->orgs[k->n_orgs - 1].id }, &k->ended);
	if (rc == OK && year.n)
		rc = year_read(x->c, year, k);
	if (rc == OK && unit)
		rc = today_read(x->c, k);
	if (rc != OK) {
		k->mem.full = NULL;
		return rc;
	}
	k->slug = str_copy(&k->mem, slug);
	k->year = str_copy(&k->mem, year);
	k->mem.full = NULL;
	k->until.v = x->c->now.v + CONTEXT_KEEP_MS;
	*ret = k;
	return OK;
}

/* The next segment of path, without its slash, and what follows. */
static str segment(str path, str *rest)
{
	ptrdiff_t i = 1;

	while (i < path.n && path.p[i] != '/')
		i++;
	*rest = str_sub(path, i, -1);
	return path.n ? str_sub(path, 1, i) : (str){ "", 0 };
}

static void context_set(struct exchange *x, const struct context_kept *k)
{
	struct here *here = &x->c->here;

	x->orgs = k->orgs;
	x->n_orgs = k->n_orgs;
	x->past = k->past;
	x->ended = k->ended.unit.v ? &k->ended : NULL;
	here->org.v = k->orgs[k->n_orgs - 1].id;
	here->org_name = k->orgs[k->n_orgs - 1].name;
	here->year = k->year_id;
}

/* The only unit at which a person works that has not ended, or which is all there is; none: families, several units. */
static org_id only_unit(const struct actor *who)
{
	org_id only = { 0 };
	bool living = false;

	for (int i = 0; i < who->n_seats; i++)
		living |= !who->seats[i].ended;
	for (int i = 0; i < who->n_seats; i++) {
		const struct seat *s = &who->seats[i];
		if (living && s->ended)
			continue;
		if ((only.v && only.v != s->org.v) || (s->role->seat != &at_org && s->role->seat != &in_tree))
			return (org_id){ 0 };
		only = s->org;
	}
	return only;
}

/* A page whose address names no unit stands in the unit and year of a person who works at one unit only. Families
 * and people who work at several choose for themselves. */
enum rc context_own(struct exchange *x)
{
	const struct actor *who = x->c->who;
	struct here *here = &x->c->here;
	struct context_kept *k;

	if (here->org.v || x->verb != GET || x->json || who->token || who->n_seats == 0 || x->path.n < 2 ||
		str_find(req_header(x->r, "accept"), S("text/html")) < 0)
		return OK;
	const org_id at = only_unit(who);
	if (!at.v)
		return OK;
	enum rc rc = context_find(x, str_fmt(x->c->mem, "#%lld", (long long)at.v), S(""), at.v, &k);
	if (rc != OK)
		return rc == E_MISSING ? OK : rc;
	context_set(x, k);
	here->org_slug = k->orgs[k->n_orgs - 1].slug;
	here->year_code = k->year_code;
	here->term_code = k->term_code;
	x->base = str_fmt(x->c->mem, "/t/%.*s%s%.*s%s%.*s", FMT(here->org_slug), k->year_code.n ? "/" : "",
		FMT(k->year_code), k->term_code.n ? "/" : "", FMT(k->term_code));
	return OK;
}

enum rc context_read(struct exchange *x)
{
	struct here *here = &x->c->here;
	str path = x->r->path, rest, after, part;
	struct context_kept *k;

	x->path = path;
	if (!str_starts(path, S("/t/")))
		return OK;
	here->org_slug = segment(str_sub(path, 2, -1), &rest);
	part = segment(rest, &after);
	if (is_year(part)) {
		here->year_code = part;
		rest = after;
		part = segment(rest, &after);
		if (is_term(part)) {
			here->term_code = part;
			rest = after;
		}
	}
	if (here->org_slug.n == 0)
		return E_MISSING;
	TRY(context_find(x, here->org_slug, here->year_code, 0, &k));
	if (here->term_code.n && k->terms.n > 1 && str_find(k->terms, TEXT(x->c, " %.*s ", FMT(here->term_code))) < 0)
		return E_MISSING;
	context_set(x, k);
	x->base = str_sub(path, 0, path.n - rest.n);
	x->path = rest.n ? rest : S("/");
	return OK;
}

/* ---- addresses ------------------------------------------------------------------------------ */

static str with_base(struct arena *mem, str base, const char *fmt, va_list args)
{
	char text[512];
	bool plain = !strchr(fmt, '%');
	int n = plain ? (int)strlen(fmt) : vsnprintf(text, sizeof text, fmt, args);
	char *p;

	if (n < 0)
		n = 0;
	if (!plain && n >= (int)sizeof text)
		n = (int)sizeof text - 1;
	p = arena_alloc(mem, (size_t)(base.n + n), 1);
	if (base.n)
		memcpy(p, base.p, (size_t)base.n);
	memcpy(p + base.n, plain ? fmt : text, (size_t)n);
	return (str){ p, base.n + n };
}

str address_of(struct exchange *x, const char *fmt, ...)
{
	va_list args;
	str s;

	va_start(args, fmt);
	s = with_base(x->c->mem, x->base, fmt, args);
	va_end(args);
	return s;
}

/* ---- language -------------------------------------------------------------------------------- */

enum lang language_of(const struct exchange *x)
{
	static const char *const offers[2] = { "vi", "en" };
	str cookie = req_cookie(x->r, "lang");

	if (str_eq(cookie, S("en")))
		return EN;
	if (str_eq(cookie, S("vi")))
		return VI;
	return accept_pick(req_header(x->r, "accept-language"), offers, 2) == 1 ? EN : VI;
}

static bool ours(str path)
{
	if (path.n == 0 || path.p[0] != '/' || (path.n > 1 && (path.p[1] == '/' || path.p[1] == '\\')))
		return false;
	for (ptrdiff_t i = 0; i < path.n; i++)
		if ((unsigned char)path.p[i] < 0x20 || path.p[i] == '\\')
			return false;
	return true;
}

str return_address(struct ctx *c, str wanted)
{
	(void)c;
	return ours(wanted) && wanted.n < 1000 ? wanted : S("/");
}

/* A link, not a form, for pages that are kept for everybody have it too: it changes a cookie of this browser and, when
 * the browser says that the link stood on a page of ours, what the account keeps for the person's other devices. It is
 * the only GET that writes. */
enum rc language_page(struct exchange *x)
{
	str lang = req_param(x->r, "lang");
	bool ours_ = req_header(x->r, "sec-fetch-site").n ? origin_ok(x) : came_from(x).n > 0;

	if (!str_eq(lang, S("vi")) && !str_eq(lang, S("en")))
		return E_MISSING;
	reply_cookie(x->p, x->c->mem, S("lang"), lang, DAYS(365), x->r->secure);
	if (x->c->who->user.v && x->app->keep_lang && ours_)
		TRY(x->app->keep_lang(x->c, str_eq(lang, S("en")) ? EN : VI));
	answer_go(x, return_address(x->c, req_param(x->r, "ve")));
	return OK;
}
