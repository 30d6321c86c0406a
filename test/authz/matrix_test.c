/* matrix_test.c -- every role, entity, verb and row of the small province, through the real dispatcher, on both
 * engines, against the oracle. Then mutants: with one predicate dropped the same run must find something. */
#include "app/modules.h"
#include "ask.h"
#include "base/hash.h"
#include "core/dispatch.h"
#include "core/migrate.h"
#include "core/page.h"
#include "core/query.h"
#include "core/roles.h"
#include "forged.h"
#include "inputs.h"
#include "mutants.h"
#include "things.h"
#include "unseen.h"
#include "web/json.h"
#include "../unit/engines.h"      /* last: cmocka has a fail of its own */

/* ---- the world --------------------------------------------------------------------------------------- */

static instant fixed_clock(void *arg)
{
	(void)arg;
	return (instant){ 1767225600000 };       /* 2026-01-01 */
}

static void fixed_random(void *arg, void *p, size_t n)
{
	(void)arg;
	random_bytes(p, n);
}

/* A token names the role that acts; without one the cookie does. */
static enum rc actor_by_role(struct ctx *c, str session, str bearer, struct actor *ret)
{
	const struct world *w = c->app->arg;
	str name = bearer.n ? bearer : session;
	for (int i = 0; i < w->p.n_players; i++) {
		const struct player *p = &w->p.players[i];
		if (!str_is(name, p->role->name))
			continue;
		struct seat *seat = NEW(c->mem, struct seat);
		*seat = (struct seat){ p->role, { p->org }, { 10000 }, { 60000 } };
		*ret = (struct actor){ .user = { p->user },
				       .person = { p->person },
				       .name = name,
				       .login = name,
				       .seats = seat,
				       .n_seats = p->seat,
				       .session = p->user,
				       .mfa = true };
		return OK;
	}
	return E_MISSING;
}

static str whole_file(struct arena *mem, const char *path)
{
	struct buf b;
	char block[65536];
	buf_init(&b, mem, (size_t)8 << 20);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	for (ssize_t n; fd >= 0 && (n = read(fd, block, sizeof block)) > 0; )
		put(&b, (str){ block, n });
	if (fd >= 0)
		close(fd);
	return buf_str(&b);
}

static bool world_open(struct world *w, struct db *d, const char *folder)
{
	const struct migration *list;
	char why[512] = "";
	memset(w, 0, sizeof *w);
	arena_init(&w->mem, (size_t)512 << 20);
	arena_init(&w->request, (size_t)256 << 20);
	w->app = (struct app){ .modules = all_modules,
			       .db = d,
			       .data = folder,
			       .actor_of = actor_by_role,
			       .clock = fixed_clock,
			       .random = fixed_random,
			       .arg = w };
	w->app.registry = registry_new(all_modules, why);
	bool good = w->app.registry && oracle_read(&w->mem, whole_file(&w->mem, KHUE_ORACLE), &w->o, why);
	if (good) {
		int n = migrations_embedded(&w->mem, w->app.registry, &list);
		good = migrate_run(d, &w->mem, list, n, fixed_clock(NULL), NULL, NULL, why) == OK
		       && queries_load(w->app.registry, why) && pages_open(&w->app, why)
		       && province_make(&w->p, &w->app, &w->o, &w->mem, why) && things_make(w);
	}
	if (!good)
		print_error("%s\n", why);
	return good;
}

static void world_close(struct world *w)
{
	ask_undo(w);
	pages_close(&w->app);
	registry_free(w->app.registry);
	arena_free(&w->request);
	arena_free(&w->mem);
}

void wrong(struct world *w, const char *fmt, ...)
{
	char text[1024];
	va_list args;
	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	w->wrong++;
	if (w->first) {
		print_error("wrong: %s\n", text);
		engine_close(w->first);
		_exit(1);
	}
	const char *most = getenv("KHUE_TOLD");
	if (!w->quiet && w->told++ < (most ? atoi(most) : 100))
		print_error("%s\n", text);
}

static char *path_of(struct world *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static char *path_of(struct world *w, const char *fmt, ...)
{
	char text[512];
	va_list args;
	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	return str_z(&w->mem, str_of(text));
}

/* ---- reading ------------------------------------------------------------------------------------------ */

static bool holds(str body, str what)
{
	return str_find(body, what) >= 0;
}

/* A column that must not be seen is nowhere in the answer; one that may be is there. */
static void check_columns(struct world *w, const struct player *who, const struct meta *m, const struct fact *row,
			  struct answer a, const char *where, uint32_t verb, bool all)
{
	for (int i = 0; i < m->n_fields; i++) {
		const struct field *f = &m->e->fields[i];
		if (f->type != T_TEXT || input_known(m->e->name, f->name))
			continue;
		bool may = province_shows(&w->p, who, m->e, row, f, verb),
		     is = holds(a.body, province_mark(&w->request, row->id, i));
		w->cells++;
		bool named = verb == EXPORT && m->e->title[0] == f->at;     /* a file names what a reference leads to */
		if (is && !may && !named)
			wrong(w, "%s: %s %s: column %s of row %lld is shown", who->role->name, where, m->e->name,
			      f->name, (long long)row->id);
		if (all && may && !is)
			wrong(w, "%s: %s %s: column %s of row %lld is missing", who->role->name, where, m->e->name,
			      f->name, (long long)row->id);
	}
}

static bool listed(const cJSON *rows_json, int64_t id)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, rows_json) {
		int64_t v;
		if (json_int(json_get(item, "id"), &v) && v == id)
			return true;
	}
	return false;
}

static void check_list(struct world *w, const struct player *who, const struct facts *facts)
{
	const struct meta *m = facts->m;
	const char *bad;
	ptrdiff_t at;
	struct answer a = ask(w, who, path_of(w, "/%s?limit=500", m->e->name));
	const cJSON *o = a.status == 200 ? json_read(&w->request, a.body, &bad, &at) : NULL;
	const cJSON *rows_json = o ? json_get(o, "items") : NULL;
	int readable = 0;
	if (!granted(a) && !refused(a))
		wrong(w, "%s: list %s: answered %d: %.*s", who->role->name, m->e->name, a.status,
		      FMT(str_sub(a.body, 0, 200)));
	for (int i = 0; i < facts->n; i++) {
		bool may = province_may(&w->p, who, m->e, &facts->at[i]) & READ,
		     is = rows_json && listed(rows_json, facts->at[i].id);
		readable += may;
		w->cells++;
		if (may != is)
			wrong(w, "%s: list %s: row %lld (org %lld) is %slisted", who->role->name, m->e->name,
			      (long long)facts->at[i].id, (long long)facts->at[i].org, is ? "" : "not ");
		if (!may && holds(a.body, province_mark(&w->request, facts->at[i].id, 0)))
			wrong(w, "%s: list %s: text of row %lld is shown", who->role->name, m->e->name,
			      (long long)facts->at[i].id);
		if (may && is)
			check_columns(w, who, m, &facts->at[i], a, "list", READ, false);
	}
	if (rows_json && cJSON_GetArraySize(rows_json) != readable)
		wrong(w, "%s: list %s: %d rows, the oracle has %d", who->role->name, m->e->name,
		      cJSON_GetArraySize(rows_json), readable);
}

/* The answer without what names the row or the request: forbidden and missing must look the same. */
static str without_id(struct world *w, str body, int64_t id)
{
	struct buf b;
	char text[32];
	ptrdiff_t at;
	str needle = { text, snprintf(text, sizeof text, "%lld", (long long)id) };
	buf_init(&b, &w->mem, 1 << 20);
	while ((at = str_find(body, needle)) >= 0) {
		put(&b, str_sub(body, 0, at));
		body = str_sub(body, at + needle.n, -1);
	}
	put(&b, body);
	return buf_str(&b);
}

static const int64_t no_row = 999999999;

static void check_page(struct world *w, const struct player *who, const struct meta *m, const struct fact *row,
		       const char *what, const char *rest, uint32_t verb)
{
	struct fact any = *row;
	any.role = (str){ 0 };                   /* the form opens; saving asks for the role */
	bool may = province_may(&w->p, who, m->e, &any) & verb;
	struct answer a = ask(w, who, path_of(w, "/%s/%lld%s", m->e->name, (long long)row->id, rest));
	w->cells++;
	if (may ? !granted(a) : !refused(a))
		wrong(w, "%s: %s %s %lld (org %lld): answered %d, the oracle says %s", who->role->name, what,
		      m->e->name, (long long)row->id, (long long)row->org, a.status, may ? "yes" : "no");
	if (may && granted(a))
		check_columns(w, who, m, row, a, what, READ, !*rest);
	if (province_may(&w->p, who, m->e, row) & READ)
		return;
	str forbidden = without_id(w, a.body, row->id);
	struct answer b = ask(w, who, path_of(w, "/%s/%lld%s", m->e->name, (long long)no_row, rest));
	if (a.status != b.status || !str_eq(forbidden, without_id(w, b.body, no_row)))
		wrong(w, "%s: %s %s: a forbidden row (%d) and a missing one (%d) are told apart", who->role->name, what,
		      m->e->name, a.status, b.status);
}

/* A document shows what its row does: who may print the row may have it, unless a rule says not yet. */
static void check_prints(struct world *w, const struct player *who, const struct meta *m, const struct fact *row)
{
	for (int i = 0; i < w->app.registry->n_modules; i++)
		for (const struct print *x = w->app.registry->modules[i]->prints; x && x->name; x++) {
			if (x->of != m->e)
				continue;
			bool may = province_may(&w->p, who, m->e, row) & PRINT;
			struct answer a = ask_as(w, who, path_of(w, "/%s/%lld/print/%s", m->e->name, (long long)row->id, x->name),
				"text/html");
			w->cells++;
			if (may ? a.status != 200 && a.status != 409 : a.status != 303 && !refused(a))
				wrong(w, "%s: print %s of %s %lld: answered %d, the oracle says %s", who->role->name, x->name,
				      m->e->name, (long long)row->id, a.status, may ? "yes" : "no");
			if (may)
				check_columns(w, who, m, row, a, "print", PRINT, false);
		}
}

static bool names_row(struct world *w, str body, int64_t id)
{
	return holds(body, str_fmt(&w->request, "\"%lld\"", (long long)id))
	       || holds(body, str_fmt(&w->request, "/%lld\"", (long long)id))
	       || holds(body, str_fmt(&w->request, ":%lld,", (long long)id));
}

static void check_found(struct world *w, const struct player *who, const struct meta *m, const struct fact *row,
			const struct field *f, const char *what, const char *address)
{
	str mark = input_known(m->e->name, f->name) ? input_text(&w->mem, m->e->name, f->name, row->id)
		: province_mark(&w->mem, row->id, (int)(f - m->e->fields));
	bool may = province_shows(&w->p, who, m->e, row, f, READ);
	struct answer a = ask(w, who, path_of(w, "%s?q=%.*s", address, FMT(mark)));
	w->cells++;
	bool is = granted(a) && names_row(w, a.body, row->id);
	/* what one may see as one's own in a unit one has no seat at is opened from its page, not found by searching */
	bool must = may && province_reaches(&w->p, who, IN_TREE, row);
	if (is ? !may : must)
		wrong(w, "%s: %s %s %lld by %s: %s (%d): %.*s", who->role->name, what, m->e->name, (long long)row->id, f->name,
		      is ? "found" : "not found", a.status, FMT(str_sub(a.body, 0, 300)));
}

/* By any column that is searched: also a hidden one must not tell where it stands. */
static void check_searches(struct world *w, const struct player *who, const struct meta *m, const struct fact *row)
{
	bool first = true;
	for (const struct field *f = m->e->fields; f->name; f++) {
		bool known = input_known(m->e->name, f->name);
		if (!(f->is & SEARCH) || f->type != T_TEXT || (known && f->is & NAME))
			continue;
		if ((first && !known) || !province_shows(&w->p, who, m->e, row, f, READ)) {
			check_found(w, who, m, row, f, "suggestion of", path_of(w, "/%s/pick", m->e->name));
			check_found(w, who, m, row, f, "search for", "/tim");
			check_found(w, who, m, row, f, "list of", path_of(w, "/%s", m->e->name));
		}
		first = first && known;
	}
}

/* Whether the list, filtered by this value of the column, holds the row; -1: not answered. */
static int filtered(struct world *w, const struct player *who, const struct meta *m, const struct fact *row,
		    const struct field *f, str value)
{
	const char *bad;
	ptrdiff_t at;
	struct answer a = ask(w, who, path_of(w, "/%s?limit=500&%s=%.*s", m->e->name, f->name, FMT(value)));
	const cJSON *o = a.status == 200 ? json_read(&w->request, a.body, &bad, &at) : NULL;
	return o ? listed(json_get(o, "items"), row->id) : -1;
}

/* A filter by a column its reader may not see must not tell what stands there: the value makes no difference. */
static void check_filters(struct world *w, const struct player *who, const struct meta *m, const struct fact *row)
{
	for (const struct field *f = m->e->fields; f->name; f++) {
		if (!(f->is & FILTER) || province_shows(&w->p, who, m->e, row, f, READ) ||
			!(province_may(&w->p, who, m->e, row) & READ))
			continue;
		str right = input_value(&w->p, m, f, row->id), other = f->type == T_PICK ? str_of(f->pick[1].code) : S("7");
		if (!right.n || str_eq(right, other))
			continue;
		w->cells++;
		if (filtered(w, who, m, row, f, right) == 1 && filtered(w, who, m, row, f, other) == 0)
			wrong(w, "%s: list %s: the filter %s tells what stands in row %lld", who->role->name, m->e->name, f->name,
			      (long long)row->id);
	}
}

/* A file holds the rows and the columns that may leave the system, and nothing of the others. */
static void check_export(struct world *w, const struct player *who, const struct facts *facts)
{
	const struct meta *m = facts->m;
	bool may = province_any(&w->p, who, m->e, EXPORT);
	struct answer a = ask_as(w, who, path_of(w, "/%s/export?format=csv&all=1", m->e->name), "text/csv");
	w->cells++;
	if (may ? a.status != 200 : a.status != 303 && !refused(a))      /* 303: to the sign-in page */
		wrong(w, "%s: export %s: answered %d, the oracle says %s", who->role->name, m->e->name, a.status,
		      may ? "yes" : "no");
	for (int i = 0; i < facts->n; i++)
		check_columns(w, who, m, &facts->at[i], a, "export", EXPORT, may);
}

/* Doors without a row: who has the verb nowhere finds nothing there. */
static void check_doors(struct world *w, const struct player *who, const struct meta *m)
{
	static const struct {
		const char *rest;
		uint32_t verb;
	} doors[] = { { "/import", IMPORT }, { "/import/template", IMPORT }, { "/print", PRINT }, { "/new", CREATE } };
	for (ptrdiff_t i = 0; i < COUNT(doors); i++) {
		bool may = province_any(&w->p, who, m->e, doors[i].verb), other;
		struct path_values values;
		if (registry_route(w->app.registry, GET, str_of(path_of(w, "/%s%s", m->e->name, doors[i].rest)),
				   &values, &other))
			continue;                        /* the module has a page of its own there */
		struct answer a = ask(w, who, path_of(w, "/%s%s", m->e->name, doors[i].rest));
		w->cells++;
		if (doors[i].verb == PRINT && a.status == 200)
			check_marks(w, who, pdf_text(w, a.body), path_of(w, "print %s", m->e->name), PRINT);
		if (may ? refused(a) || a.status >= 500 : !refused(a))
			wrong(w, "%s: GET /%s%s: answered %d, the oracle says %s", who->role->name, m->e->name,
			      doors[i].rest, a.status, may ? "yes" : "no");
	}
}

/* ---- writing ------------------------------------------------------------------------------------------- */

/* Who is let in may still be told that the values break a rule of the module. */
static void check_write(struct world *w, const struct player *who, const struct meta *m, const struct fact *row,
			const char *what, uint32_t verb, bool may, struct answer a)
{
	bool rule = a.status == 409 || a.status == 422;
	w->cells++;
	if (may)
		w->allowed[m->index] |= verb;
	if (may && granted(a))
		w->proved[m->index] |= verb;
	w->undecided += may && rule;
	if (may && rule && getenv("KHUE_TOLD"))
		print_message("%s: %s %s %lld: %.*s\n", who->role->name, what, m->e->name, (long long)row->id,
			      FMT(str_sub(a.body, 40, 400)));
	if (!may && strcmp(what, "create like") != 0 && !(province_may(&w->p, who, m->e, row) & READ) &&
		a.status != 404 && a.status != 401)
		wrong(w, "%s: %s %s %lld: answered %d although the row is not to be seen", who->role->name, what, m->e->name,
		      (long long)row->id, a.status);
	if (may ? !granted(a) && !rule : !refused(a) && !rule)
		wrong(w, "%s: %s %s %lld (org %lld): answered %d, the oracle says %s: %.*s", who->role->name, what,
		      m->e->name, (long long)row->id, (long long)row->org, a.status, may ? "yes" : "no",
		      FMT(str_sub(a.body, 0, 300)));
}

/* Every column, with the ones nobody may set: what the actor may not write must stand as it was. */
static void check_update(struct world *w, const struct player *who, const struct meta *m, const struct fact *row)
{
	struct pair pairs[64];
	bool may = province_may(&w->p, who, m->e, row) & UPDATE;
	ask_undo(w);
	int n = input_update(&w->p, m, row, pairs, 64);
	str before = input_guarded(&w->p, &w->mem, who, m, row->id);
	struct answer a = send_form(w, who, path_of(w, "/%s/%lld", m->e->name, (long long)row->id), pairs, n);
	check_write(w, who, m, row, "update", UPDATE, may, a);
	if (granted(a) && !str_eq(before, input_guarded(&w->p, &w->mem, who, m, row->id)))
		wrong(w, "%s: update %s %lld: a column changed that this role may not write", who->role->name,
		      m->e->name, (long long)row->id);
}

static void check_create(struct world *w, const struct player *who, const struct meta *m, const struct fact *row)
{
	struct pair pairs[64];
	struct fact like = *row;
	if (strcmp(m->e->name, "org") == 0)      /* a new unit belongs under the one it names, not to itself */
		like.org = row->other;
	/* whoever writes one makes it his own */
	if (strcmp(m->e->name, "phrase") == 0 || strcmp(m->e->name, "message_template") == 0)
		like.person = who->person;
	bool may = province_may(&w->p, who, m->e, &like) & CREATE;
	ask_undo(w);
	int n = input_create(&w->p, m, row, pairs, 64);
	if (n < 0)
		return;
	str slug = input_slug(&w->p, &w->mem, row->org);
	struct answer a = send_form(w, who, path_of(w, "/t/%.*s/%s", FMT(slug), m->e->name), pairs, n);
	check_write(w, who, m, row, "create like", CREATE, may, a);
}

/* Who makes a row may not tie it to one he cannot see: the answer would tell that it exists. */
static void check_unseen(struct world *w, const struct player *who, const struct meta *m, const struct fact *row)
{
	struct pair pairs[64];
	if (!(province_may(&w->p, who, m->e, row) & CREATE) || strcmp(m->e->name, "org") == 0)
		return;
	for (const struct field *f = m->e->fields; f->name; f++) {
		const struct facts *to = f->type == T_REF && !(f->is & DERIVED)
			? &w->p.facts[registry_meta(w->app.registry, f->ref)->index] : NULL;
		for (int i = 0; to && i < to->n; i++) {
			if (province_may(&w->p, who, f->ref, &to->at[i]) & READ)
				continue;
			ask_undo(w);
			int n = input_create(&w->p, m, row, pairs, 64);
			for (int k = 0; k < n; k++)
				if (str_is(pairs[k].name, f->name))
					pairs[k].value = str_fmt(&w->mem, "%lld", (long long)to->at[i].id);
			struct answer a = n < 0 ? (struct answer){ .status = 404 }
				: send_form(w, who, path_of(w, "/t/%.*s/%s", FMT(input_slug(&w->p, &w->mem, row->org)), m->e->name),
					pairs, n);
			w->cells++;
			if (granted(a))
				wrong(w, "%s: create %s: %s may be row %lld, which he cannot see", who->role->name, m->e->name, f->name,
				      (long long)to->at[i].id);
			break;
		}
	}
}

static void check_steps(struct world *w, const struct player *who, const struct meta *m, const struct fact *row)
{
	for (const struct step *s = m->e->flow.steps; s && s->name; s++) {
		struct pair pairs[64];
		bool may = province_step(&w->p, who, m->e, s->name, row);
		ask_undo(w);
		int n = input_step(&w->p, m, s, row, pairs, 64);
		if (!(s->from & input_state(&w->p, m, row->id)) && may)
			continue;                        /* not from this state: another answer is right */
		struct answer a = send_form(
			w, who, path_of(w, "/%s/%lld/do/%s", m->e->name, (long long)row->id, s->name), pairs, n);
		check_write(w, who, m, row, s->name, 0, may, a);
	}
}

/* Of many rows at once only those go that could go one by one. */
static void check_bulk(struct world *w, const struct player *who, const struct facts *facts)
{
	const struct meta *m = facts->m;
	struct pair pairs[60] = { { S("verb"), S("retire") }, { S("confirm"), S("1") } };
	int n = 2;
	for (int i = 0; i < facts->n && n < 60; i++)
		pairs[n++] = (struct pair){ S("ids"), str_fmt(&w->mem, "%lld", (long long)facts->at[i].id) };
	send_form(w, who, path_of(w, "/%s/bulk", m->e->name), pairs, n);
	for (int i = 0; i < facts->n; i++) {
		int64_t gone = 0;
		const char *sql = path_of(w, "SELECT gone FROM %s WHERE id = ?1", m->e->name);
		w->cells++;
		if (db_int(w->app.db, sql, VALS(v_int(facts->at[i].id)), &gone) != OK)
			continue;                        /* the request has rolled everything back */
		if (gone && !(province_may(&w->p, who, m->e, &facts->at[i]) & RETIRE))
			wrong(w, "%s: bulk: row %lld of %s was retired", who->role->name, (long long)facts->at[i].id,
			      m->e->name);
	}
}

static void check_comment(struct world *w, const struct player *who, const struct meta *m, const struct fact *row)
{
	struct pair text = { S("text"), S("ý kiến") };
	bool may = (m->e->keeps & COMMENTS) && (province_may(&w->p, who, m->e, row) & READ);
	struct answer a = send_form(w, who, path_of(w, "/%s/%lld/comment", m->e->name, (long long)row->id), &text, 1);
	w->cells++;
	if (may ? !granted(a) : !refused(a))
		wrong(w, "%s: comment on %s %lld: answered %d, the oracle says %s", who->role->name, m->e->name,
		      (long long)row->id, a.status, may ? "yes" : "no");
}

static void check_writes(struct world *w, const struct player *who, const struct facts *facts)
{
	const struct meta *m = facts->m;
	for (int i = 0; i < facts->n; i++) {
		struct pair rev = { S("rev"), S("1") };
		const struct fact *row = &facts->at[i];
		check_update(w, who, m, row);
		check_write(w, who, m, row, "retire", RETIRE, province_may(&w->p, who, m->e, row) & RETIRE,
		            send_form(w, who, path_of(w, "/%s/%lld/retire", m->e->name, (long long)row->id), &rev, 1));
		check_steps(w, who, m, row);
		check_comment(w, who, m, row);
		check_create(w, who, m, row);
		if (i < 2)
			check_unseen(w, who, m, row);
	}
	check_bulk(w, who, facts);
}

/* ---- everything ------------------------------------------------------------------------------------------ */

static void check_entity(struct world *w, const struct player *who, const struct facts *facts)
{
	const struct meta *m = facts->m;
	check_list(w, who, facts);
	check_export(w, who, facts);
	check_doors(w, who, m);
	for (int i = 0; i < facts->n; i++) {
		const struct fact *row = &facts->at[i];
		check_page(w, who, m, row, "read", "", READ);
		if (m->e->keeps & HISTORY)
			check_page(w, who, m, row, "history of", "/history", READ);
		check_page(w, who, m, row, "edit form of", "/edit", UPDATE);
		check_prints(w, who, m, row);
		check_searches(w, who, m, row);
		check_filters(w, who, m, row);
		if (i < 3)
			unseen_check(w, who, m, row);
		if (i < 3)
			check_marks(w, who, ask_as(w, who, path_of(w, "/%s/%lld", m->e->name, (long long)row->id),
				"text/html").body,
				    path_of(w, "page of %s", m->e->name), READ);
	}
	check_writes(w, who, facts);
	arena_reset(&w->request);
}

/* What somebody may do must have worked at least once: else a rule, not the right, may have decided. */
static void check_proved(struct world *w)
{
	for (int k = 0; k < w->app.registry->n_entities; k++)
		for (int v = 1; v < 4; v++)
			if ((w->allowed[k] & ~w->proved[k]) >> v & 1)
				wrong(w, "%s: nobody managed to %s", w->app.registry->metas[k].e->name, may_names[v]);
}

/* Reading writes nothing, and what was written was taken back. */
static void check_unchanged(struct world *w, const digest *before, const char *who, const char *what)
{
	digest after = database_digest(w);
	if (memcmp(before, &after, sizeof after) != 0)
		wrong(w, "%s: %s: the database is not as it was", who, what);
}

static void run_matrix(struct world *w)
{
	bool each = getenv("KHUE_TOLD");         /* to be told which entity takes minutes */
	digest before = database_digest(w);
	w->allowed = NEWS(&w->mem, uint32_t, w->app.registry->n_entities);
	w->proved = NEWS(&w->mem, uint32_t, w->app.registry->n_entities);
	for (int i = 0; i < w->p.n_players; i++) {
		for (int k = 0; k < w->app.registry->n_entities; k++) {
			check_entity(w, &w->p.players[i], &w->p.facts[k]);
			if (each)
				check_unchanged(w, &before, w->p.players[i].role->name, w->app.registry->metas[k].e->name);
		}
		check_unchanged(w, &before, w->p.players[i].role->name, "an entity (KHUE_TOLD=100 says which)");
	}
	check_proved(w);
}

static void check_route(struct world *w, const struct player *who, const struct route_of *x)
{
	bool may = province_route(&w->p, who, x->route);
	const char *path = input_path(&w->p, &w->mem, x->route);
	struct answer a = x->verb == GET ? ask(w, who, path) : send_form(w, who, path, NULL, 0);
	w->cells++;
	/* who is let in may still be told that a row does not exist: only the refusal is certain */
	if (!may && !refused(a))
		wrong(w, "%s: %s %s: answered %d, the oracle says no", who->role->name, x->route->verb, x->route->path,
		      a.status);
	check_marks(w, who, a.body, path, READ);
	if (may && x->verb == GET)
		check_marks(w, who, ask_as(w, who, path, "text/html").body, path, READ);
	if (may && (a.status == 401 || a.status >= 500))
		wrong(w, "%s: %s %s: answered %d, the oracle says yes", who->role->name, x->route->verb, x->route->path,
		      a.status);
}

/* The core's own addresses: who is not let in is sent to sign in or finds nothing. */
static void check_core(struct world *w, const struct player *who, const struct core_route *c)
{
	bool may = province_core(&w->p, who, verb_name(c->verb), c->path);
	struct route like = { .verb = verb_name(c->verb), .path = c->path };
	const char *path = input_path(&w->p, &w->mem, &like);
	struct answer a = c->verb == GET ? ask(w, who, path) : send_form(w, who, path, NULL, 0);
	bool by_id = strchr(c->path, '{');       /* such a page may also say that there is no such thing */
	w->cells++;
	check_marks(w, who, a.body, path, READ);
	if (may ? (refused(a) && !by_id) || a.status >= 500 : !refused(a))
		wrong(w, "%s: %s %s: answered %d, the oracle says %s", who->role->name, verb_name(c->verb), c->path,
		      a.status, may ? "yes" : "no");
}

static void run_routes(struct world *w)
{
	digest before = database_digest(w);
	for (int i = 0; i < w->p.n_players; i++)
		for (const struct core_route *c = core_routes; c->path; c++)
			check_core(w, &w->p.players[i], c);
	for (int i = 0; i < w->p.n_players; i++)
		for (int k = 0; k < w->app.registry->n_routes; k++)
			check_route(w, &w->p.players[i], &w->app.registry->routes[k]);
	things_check(w);
	check_unchanged(w, &before, "everybody", "routes");
}

/* ---- roles given and taken ------------------------------------------------------------------------------ */

static const struct fact *row_at(const struct world *w, const struct meta *m, int64_t org)
{
	for (int i = 0; i < w->p.facts[m->index].n; i++)
		if (w->p.facts[m->index].at[i].org == org)
			return &w->p.facts[m->index].at[i];
	return NULL;
}

static void check_give(struct world *w, const struct player *who, const char *role, int64_t org)
{
	const struct meta *accounts = registry_entity(w->app.registry, S("account"));
	const struct fact *account = row_at(w, accounts, org);
	struct pair pairs[] = { { S("account"), str_fmt(&w->mem, "%lld", account ? (long long)account->id : 0) },
				{ S("role"), str_of(role) },
				{ S("since"), S("01/01/2026") } };
	bool may = province_gives(&w->p, who, role, org) && province_tier(&w->p, role, org);
	struct answer a = send_form(w, who, path_of(w, "/t/%.*s/seat", FMT(input_slug(&w->p, &w->mem, org))), pairs, 3);
	w->cells++;
	if (may != granted(a) || (!may && !refused(a) && a.status != 422))
		wrong(w, "%s: gives %s at %lld: answered %d, the oracle says %s", who->role->name, role, (long long)org,
		      a.status, may ? "yes" : "no");
}

/* Who resets a password or acts as somebody has all that account may do. */
static void check_takeover(struct world *w, const struct player *who, const struct fact *account)
{
	static const char *const ways[] = { "/cap-lai-mat-khau/%lld", "/dong-vai/%lld" };
	const struct entity *e = registry_entity(w->app.registry, S("account"))->e;
	struct pair pairs[] = { { S("reason"), S("thử") } };
	bool may = province_step(&w->p, who, e, "suspend", account);
	for (ptrdiff_t i = 0; i < COUNT(ways); i++) {
		char path[64];
		snprintf(path, sizeof path, i ? "/dong-vai/%lld" : "/cap-lai-mat-khau/%lld", (long long)account->id);
		struct answer a = send_form(w, who, path, pairs, 1);
		w->cells++;
		if (!may && granted(a))
			wrong(w, "%s: %s of an account with role %.*s at %lld: answered %d", who->role->name, ways[i],
			      FMT(account->role), (long long)account->org, a.status);
	}
}

/* Nobody raises anybody to a role the oracle does not let them give, nor gets hold of an account that has it. */
static void run_seats(struct world *w)
{
	static const int64_t orgs[] = { SCHOOL_A, SCHOOL_B, DEPARTMENT, SCHOOL_Z };
	const struct meta *m = registry_entity(w->app.registry, S("seat"));
	const struct field *role = m ? field_named(m->e->fields, S("role")) : NULL;
	for (int i = 0; role && i < w->p.n_players; i++) {
		for (const struct choice *c = role->pick; c->code; c++)
			for (ptrdiff_t k = 0; k < COUNT(orgs); k++)
				check_give(w, &w->p.players[i], c->code, orgs[k]);
		const struct facts *accounts = &w->p.facts[registry_entity(w->app.registry, S("account"))->index];
		for (int k = 0; k < accounts->n; k++)
			check_takeover(w, &w->p.players[i], &accounts->at[k]);
	}
}

static void everybody_may_what_the_oracle_says(void **state)
{
	struct engine_state *e = *state;
	static struct world w;
	assert_true(world_open(&w, engine_db(state), e->dir));
	run_matrix(&w);
	run_routes(&w);
	run_seats(&w);
	forged_check(&w);
	print_message("%d cells, %d of them let in but refused by a rule, %d wrong\n", w.cells, w.undecided, w.wrong);
	int found = w.wrong;
	world_close(&w);
	assert_int_equal(found, 0);
}

/* ---- mutants: one predicate less must be noticed -------------------------------------------------------------- */

/* True when the run with this mutant finds something wrong. */
static bool killed(void (*mutate)(void))
{
	static struct world w;
	struct engine_state *e = NULL;
	void *state = NULL;
	pid_t pid = fork();
	int status;
	if (pid == 0) {
		mutate();
		if (engine_sqlite(&state) != 0)
			_exit(2);
		e = state;
		if (!world_open(&w, e->db, e->dir))
			_exit(2);
		w.first = &state;
		run_matrix(&w);
		world_close(&w);
		engine_close(&state);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) && WEXITSTATUS(status) == 1;
}

static void every_mutant_is_noticed(void **state)
{
	(void)state;
#ifdef __SANITIZE_ADDRESS__
	skip();         /* rights, not memory: the build without a watch finds them five times as quickly */
#endif
	for (ptrdiff_t i = 0; mutants[i].name; i++)
		if (!killed(mutants[i].mutate))
			fail_msg("the mutant \"%s\" was not noticed", mutants[i].name);
}

/* For mutate.py: the whole matrix on SQLite until something is wrong. */
static int only_first(void)
{
	static struct world w;
	void *state = NULL;
	if (engine_sqlite(&state) != 0)
		return 2;
	const struct engine_state *e = state;
	if (!world_open(&w, e->db, e->dir))
		return 2;
	w.first = &state;
	run_matrix(&w);
	run_routes(&w);
	run_seats(&w);
	forged_check(&w);
	world_close(&w);
	return engine_close(&state);
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "first") == 0)
		return hash_init() ? only_first() : 2;
	const struct CMUnitTest tests[] = { ON_BOTH(everybody_may_what_the_oracle_says),
					    cmocka_unit_test(every_mutant_is_noticed) };
	need_postgres(argv);
	if (!hash_init())
		return 1;
	return cmocka_run_group_tests_name("authz_matrix", tests, NULL, NULL);
}
