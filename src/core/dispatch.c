/* dispatch.c -- the way of every request: assets, actor, context, route, guards, input, transaction, answer. */
#include "base/log.h"
#include "core/data.h"
#include "core/work_page.h"
#include "core/files.h"
#include "core/pages.h"
#include "core/reads.h"
#include "core/replica.h"
#include "core/resume.h"
#include "web/accept.h"
#include "web/body.h"
#include "web/route.h"

#include <sys/stat.h>
#include <unistd.h>

/* ---- who asks, how ------------------------------------------------------------------------------ */

static str bearer_of(const struct request *r)
{
	str header = req_header(r, "authorization");

	return str_starts(header, S("Bearer ")) ? str_trim(str_sub(header, 7, -1)) : S("");
}

static enum rc actor_find(struct exchange *x)
{
	str bearer = bearer_of(x->r);
	enum rc rc;

	x->session = req_cookie(x->r, x->r->secure ? "__Host-khue" : "khue");
	if ((x->session.n == 0 && bearer.n == 0) || !x->app->actor_of)
		return OK;
	rc = x->app->actor_of(x->c, x->session, bearer, &x->actor);
	if (rc == OK) {
		x->c->who = &x->actor;
		if (x->actor.lang.n)
			x->c->lang = str_is(x->actor.lang, "en") ? EN : VI;
		return OK;
	}
	x->c->n_problems = 0;
	x->c->rc = OK;
	x->expired = true;
	return rc == E_MISSING || rc == E_DENIED ? OK : rc;
}

static void accept_read(struct exchange *x)
{
	static const char *const offers[] = { "text/html", "application/json" };
	str accept = req_header(x->r, "accept");

	x->htmx = req_header(x->r, "hx-request").n > 0;
	x->json = accept.n ? accept_pick(accept, offers, 2) == 1 : str_eq(x->r->type, S("application/json"));
	if (str_eq(x->r->type, S("application/json")) && accept_pick(accept, offers, 1) != 0)
		x->json = true;
}

/* ---- input ----------------------------------------------------------------------------------------- */

static void pairs_fill(struct exchange *x)
{
	struct pair *p = NEWS(x->c->mem, struct pair, x->names.n + x->r->n_params + 1);
	int n = 0;

	for (int i = 0; i < x->r->n_params; i++)
		p[n++] = x->r->params[i];
	for (int i = 0; i < x->names.n; i++)
		p[n++] = x->names.at[i];
	x->pairs = p;
	x->n_pairs = n;
}

static const struct tr MSG_json = { "JSON không đúng ở byte {1}: {2}", "The JSON is wrong at byte {1}: {2}" };
static const struct tr MSG_object = { "Phần thân phải là một đối tượng JSON.", "The body must be a JSON object." };

/* The body as an object; its "rev" and "_confirm" belong to the page, not to the row. */
static enum rc body_read(struct exchange *x)
{
	const char *bad;
	ptrdiff_t at;
	cJSON *o, *rev, *confirm;

	if (!str_eq(x->r->type, S("application/json")) || x->r->body.n == 0)
		return OK;
	o = (cJSON *)(uintptr_t)json_read(x->c->mem, x->r->body, &bad, &at);
	if (!o)
		return FAILF(x->c, E_INVALID, 0, &MSG_json, put_n(x->c->mem, at),
			str_of(x->c->lang == VI ? json_bad_vi(bad) : bad));
	if (!cJSON_IsObject(o))
		return FAIL(x->c, E_INVALID, 0, &MSG_object);
	rev = (cJSON *)(uintptr_t)json_get(o, "rev");
	if (rev) {
		json_int(rev, &x->rev);
		cJSON_Delete(cJSON_DetachItemViaPointer(o, rev));
	}
	confirm = (cJSON *)(uintptr_t)json_get(o, "_confirm");
	if (confirm) {
		x->confirm = str_copy(x->c->mem, json_text(confirm));
		cJSON_Delete(cJSON_DetachItemViaPointer(o, confirm));
	}
	x->body = o;
	return OK;
}

/* What the client calls its type means nothing: looked at and scanned like any other. */
enum rc part_file(struct exchange *x, const struct part *part, org_id org, col at, file_id *ret)
{
	return file_keep(x->c, org, part->filename, part->fd, part->fd >= 0 ? S("") : part->data, at, ret);
}

str file_sent(struct ctx *c, const char *name)
{
	const struct exchange *x = c->web;

	for (int i = 0; x && i < x->r->n_parts; i++)
		if (str_is(x->r->parts[i].name, name) && x->r->parts[i].fd < 0)
			return x->r->parts[i].data;
	return S("");
}

int64_t file_sent_size(struct ctx *c, const char *name, str *ret_name)
{
	const struct exchange *x = c->web;
	struct stat st;

	for (int i = 0; x && i < x->r->n_parts; i++) {
		const struct part *part = &x->r->parts[i];
		if (!str_is(part->name, name) || part->filename.n == 0)
			continue;
		*ret_name = file_name_clean(c->mem, part->filename);
		return part->fd < 0 ? part->data.n : fstat(part->fd, &st) == 0 ? st.st_size : -1;
	}
	return -1;
}

/* ---- declared routes --------------------------------------------------------------------------------- */

static enum rc route_input(struct exchange *x, const struct route *r, void **ret)
{
	struct input in = { .fields = r->in ? r->in->fields : NULL, .flags = INPUT_SHAPE };
	struct pair *all = x->pairs;
	enum rc first, second = OK;

	*ret = NULL;
	if (!r->in)
		return OK;
	*ret = arena_alloc(x->c->mem, r->in->size, 16);
	fields_zero(r->in->fields, r->in->size, *ret);
	x->fields = r->in->fields;
	first = x->body ? input_json(x->c, &in, x->body, *ret) : input_resolve(x, r->in->fields, 0);
	if (first != OK && first != E_INVALID)
		return first;
	all = x->pairs;
	second = input_read(x->c, &in, x->body ? x->names.at : all, x->body ? x->names.n : x->n_pairs, *ret);
	if (second == OK && first == OK)
		return fields_check(x->c, r->in->fields, *ret);
	return second != OK ? second : first;
}

static const char *page_name(struct exchange *x, const char *page)
{
	str s = str_of(page);

	return str_ends(s, S(".html")) ? str_z(x->c->mem, str_sub(s, 0, s.n - 5)) : page;
}

static enum rc route_answer(struct exchange *x, const struct route *r, const void *out, int status)
{
	if (x->answered)
		return OK;
	if (x->json) {
		struct buf *b = answer_json(x, status);

		if (r->out)
			shape_json(b, r->out->fields, out, NULL);
		else
			put_z(b, "{}");
		return OK;
	}
	if (x->c->go.n || !r->page)
		return OK;
	if (x->n_crumbs == 0 && r->label.vi)
		crumb(x, S(""), say(x->c, &r->label));
	return answer_page(x, status, page_name(x, r->page), r->out, out);
}

static void leave_transaction(void *arg)
{
	struct db *d = arg;

	while (db_depth(d) > 0)
		db_rollback(d);
}

/* The page a refused POST came from: the GET page of the same address, else the one of ours that the browser names
 * (Referer), when this actor may open it. *asked: what stood in that address's query. NULL: none. */
static const struct route *page_behind(struct exchange *x, struct path_values *names, struct pairs *asked)
{
	bool other;
	const struct route_of *page = registry_route(x->app->registry, GET, x->path, names, &other);
	str from, query;

	if (page)
		return page->route;
	str_cut(came_from(x), '?', &from, &query);
	if (str_starts(from, x->base))
		from = str_sub(from, x->base.n, -1);
	if (str_starts(from, S("/t/")) || form_read(x->c->mem, query, asked) != 0)
		return NULL;                     /* a page of another unit or year                     */
	page = registry_route(x->app->registry, GET, from, names, &other);
	return page && perm_grants(x->c, page->route->allow) ? page->route : NULL;
}

/* "rows.0.name" is of a list "rows". */
static bool asks_for(const struct field *f, str name)
{
	str list, rest;

	if (f->type != T_LIST)
		return str_is(name, f->name);
	return str_cut(name, '.', &list, &rest) && str_is(list, f->name);
}

/* What that page asks: the address's names, its query and, of what was posted, what the page asks too (the term, the
 * pupil); without these where the page cannot read them. */
static enum rc page_input(struct exchange *x, const struct route *page, const struct path_values *names,
	const struct pairs *asked, void **ret)
{
	struct pair *all = NEWS(x->c->mem, struct pair, names->n + asked->n + x->n_pairs + 1);
	int n = names->n;

	memcpy(all, names->at, (size_t)n * sizeof *all);
	for (int i = 0; i < asked->n; i++)
		all[n++] = asked->p[i];
	for (int i = 0; page->in && !x->body && i < x->n_pairs; i++)
		for (const struct field *f = page->in->fields; f->name; f++)
			if (asks_for(f, x->pairs[i].name))
				all[n++] = x->pairs[i];
	x->names = *names;
	x->pairs = all;
	x->n_pairs = n;
	if (route_input(x, page, ret) == OK)
		return OK;
	x->c->n_problems = 0;
	x->n_pairs = names->n + asked->n;
	if (route_input(x, page, ret) == OK)
		return OK;
	x->c->n_problems = 0;
	x->n_pairs = names->n;
	return route_input(x, page, ret);
}

/* Runs the page for its view; what is wrong with the POST is kept. */
static enum rc page_view(struct exchange *x, const struct route *page, const struct path_values *names,
	const struct pairs *asked, void *out)
{
	int n_problems = x->c->n_problems;
	struct problem *problems = NEWS(x->c->mem, struct problem, n_problems);
	void *in;

	memcpy(problems, x->c->problems, (size_t)n_problems * sizeof *problems);
	x->c->n_problems = 0;
	x->c->go = S("");
	x->r->n_parts = 0;                       /* the file that was refused is not read a second time */
	enum rc rc = page_input(x, page, names, asked, &in);
	if (rc == OK)
		rc = page->run(x->c, in, out);
	memcpy(x->c->problems, problems, (size_t)n_problems * sizeof *problems);
	x->c->n_problems = n_problems;
	return rc;
}

/* A refused POST of a module's page: the page it came from again, with what is wrong and what was typed. */
static enum rc route_refused(struct exchange *x, const struct route *r, enum rc rc)
{
	struct path_values names = { 0 };
	struct pairs asked = { 0 };
	struct pair *typed = x->pairs;
	int n_typed = x->n_pairs;
	const struct route *page, *again;
	void *out;

	if (x->json || x->must_ask.n || x->c->n_problems == 0 || (rc != E_INVALID && rc != E_STATE && rc !=
		E_CONFLICT && rc != E_BUSY))
		return rc;
	page = page_behind(x, &names, &asked);
	again = page ? page : r;
	if (!again->page)
		return rc;
	problem_names(x);
	leave_transaction(x->c->db);             /* the page shows what is, not what was refused */
	out = again->out ? arena_alloc(x->c->mem, again->out->size, 16) : NULL;
	if (again->out)
		fields_zero(again->out->fields, again->out->size, out);
	if (page && page_view(x, page, &names, &asked, out) != OK)
		return rc;
	x->refused = rc;
	if (rc == E_BUSY)
		reply_header(x->p, S("Retry-After"), str_fmt(x->c->mem, "%lld",
			(long long)(x->c->wait_s > 0 ? x->c->wait_s : 2)));
	x->pairs = typed;
	x->n_pairs = n_typed;
	x->c->go = S("");
	return route_answer(x, again, out, status_for(x, rc));
}

/* Whether this write is a new one is known now; only then anything of it is done. */
static enum rc write_goes_on(struct exchange *x)
{
	TRY(once_known(x));
	return x->repeated ? OK : uploads_attach(x);
}

static enum rc route_run(struct exchange *x, const struct route *r)
{
	void *in, *out = NULL;
	enum rc rc = route_input(x, r, &in);

	if (r->ahead) {
		if (rc == OK)
			r->ahead(x->c, in);
		enum rc known = write_goes_on(x);
		if (known != OK || x->repeated)
			return known;
	}
	if (r->out) {
		out = arena_alloc(x->c->mem, r->out->size, 16);
		fields_zero(r->out->fields, r->out->size, out);
	}
	if (rc == OK)
		rc = r->run(x->c, in, out);
	if (rc == OK)
		return route_answer(x, r, out, x->status ? x->status : 200);
	return x->verb == GET ? rc : route_refused(x, r, rc);
}

/* ---- which page ---------------------------------------------------------------------------------------- */

const struct entity_page entity_pages[] = {
	{ GET, "", READ, list_page, { 12, 40, 200 }, .lags = true }, { POST, "", CREATE, create_page, { 40, 100, 200 } },
	{ GET, "/export", EXPORT, export_page, { 60, 3000, 8000 } },
	{ GET, "/print", PRINT, print_page, { 120, 3000, 8000 } },
	{ GET, "/import", IMPORT, import_start_page, { 6, 30, 60 } }, { POST, "/import", IMPORT, import_upload_page,
		{ 300, 3000, 200 } },
	{ GET, "/import/template", IMPORT, import_template_page, { 6, 100, 100 } },
	{ GET, "/import/{id}", IMPORT, import_step_page, { 300, 1000, 300 } },
	{ POST, "/import/{id}", IMPORT, import_act_page, { 20000, 5000, 300 } }, { GET, "/import/{id}/errors", IMPORT,
		import_errors_page, { 20000, 10000, 8000 } },
	{ GET, "/new", CREATE, new_page, { 20, 20, 100 } }, { GET, "/pick", READ, pick_page, { 8, 30, 60 } },
	{ POST, "/bulk", READ, bulk_page, { 4000, 5000, 400 } },
	{ GET, "/{id}", READ, detail_page, { 24, 20, 100 } }, { POST, "/{id}", UPDATE, update_page, { 40, 100, 200 } },
	{ PATCH, "/{id}", UPDATE, update_page, { 40, 100, 200 } },
	{ GET, "/{id}/edit", UPDATE, edit_page, { 24, 20, 100 } }, { GET, "/{id}/history", READ, history_page,
		{ 10, 20, 200 } },
	{ POST, "/{id}/retire", RETIRE, retire_page, { 30, 100, 60 } }, { POST, "/{id}/restore", RETIRE, restore_page,
		{ 30, 100, 60 } },
	{ POST, "/{id}/do/{step}", READ, step_page, { 60, 200, 200 } }, { GET, "/{id}/print/{print}", PRINT,
		print_row_page, { 40, 1000, 4000 } },
	{ POST, "/{id}/comment", READ, comment_page, { 12, 50, 60 } },
	{ POST, "/{id}/file", UPDATE, file_page, { 20, 500, 60 } },
	{ .rest = NULL } };

const struct core_route core_routes[] = {
	{ GET, "/all", all_page, { 4, 10, 60 } }, { GET, "/tim", search_page, { 20, 60, 100 }, .lags = true },
	{ GET, "/doi", switch_page, { 12, 30, 60 } },
	{ GET, "/ngon-ngu", language_page, { 4, 20, 4 } }, { GET, "/ngoai-tuyen", offline_page, { 4, 10, 20 } },
	{ GET, "/kieu-mau", style_page, { 4, 10, 80 } },
	{ GET, "/viec", jobs_page, { 60, 50, 100 } }, { GET, "/viec/{id}", job_page, { 8, 20, 60 } },
	{ POST, "/viec/{id}/cancel", job_cancel_page, { 12, 50, 20 } }, { POST, "/viec/{id}/again", job_again_page,
		{ 12, 50, 20 } },
	{ POST, "/viec/{id}/undo", job_undo_page, { 12, 50, 20 } },
	{ GET, "/tep/{id}", file_download_page, { 40, 100, 51200 } }, { GET, "/tep/{id}/{name}", file_download_page,
		{ 40, 100, 51200 } },
	{ POST, UPLOADS, upload_begin_page, { 20, 50, 4 } }, { GET, UPLOADS "/{id}", upload_state_page, { 8, 20, 4 } },
	{ PATCH, UPLOADS "/{id}", upload_append_page, { 20, 500, 4 } },
	{ GET, "/thong-bao", notices_page, { 6, 30, 100 } }, { POST, "/thong-bao", notices_seen_page, { 10, 50, 20 } },
	{ GET, "/bao-cao", reports_page, { 4, 20, 60 } }, { GET, "/bao-cao/{module}/{report}", report_page,
		{ 12, 3000, 2000 }, .lags = true },
	{ GET, "/api/openapi.json", openapi_page, { 3, 200, 4000 } }, { GET, "/cai-dat", settings_page, { 12, 50, 200 } },
	{ POST, "/cai-dat", settings_save, { 60, 100, 200 } }, { GET, "/healthz", health_page, { 0, 2, 1 } },
	{ GET, "/readyz", ready_page, { 4, 20, 1 } }, { GET, "/metrics", metrics_page, { 2, 20, 20 } },
	{ POST, POLICY_REPORTS, policy_report_page, { 0, 2, 1 } },
	{ .path = NULL } };

/* Holds "/{id}/do/{step}" against what follows the entity's name. */
static bool rest_fits(const char *pattern, str rest, struct path_values *ret)
{
	str left = str_of(pattern);

	ret->n = 0;
	while (left.n > 0 && rest.n > 0) {
		str want, have, want_left, have_left;

		str_cut(str_sub(left, 1, -1), '/', &want, &want_left);
		str_cut(str_sub(rest, 1, -1), '/', &have, &have_left);
		if (want.n && want.p[0] == '{') {
			if (have.n == 0)
				return false;
			ret->at[ret->n++] = (struct pair){ str_sub(want, 1, want.n - 1), have };
		} else if (!str_eq(want, have)) {
			return false;
		}
		left = str_sub(left, 1 + want.n, -1);
		rest = str_sub(rest, 1 + have.n, -1);
	}
	return left.n == 0 && rest.n == 0;
}

struct target { const struct route *route; const struct core_route *core; const struct entity_page *page;
	bool other_verb; };

static void entity_find(struct exchange *x, struct target *t)
{
	str name, rest;
	ptrdiff_t slash = 1;

	while (slash < x->path.n && x->path.p[slash] != '/')
		slash++;
	name = str_sub(x->path, 1, slash);
	rest = str_sub(x->path, slash, -1);
	x->meta = registry_entity(x->app->registry, name);
	if (!x->meta)
		return;
	for (const struct entity_page *p = entity_pages; p->rest; p++) {
		struct path_values names;

		if (!rest_fits(p->rest, rest, &names))
			continue;
		t->other_verb = p->verb != x->verb;
		if (t->other_verb)
			continue;
		x->names = names;
		t->page = p;
		x->pattern = str_z(x->c->mem, str_fmt(x->c->mem, "/%s%s", x->meta->e->name, p->rest));
		return;
	}
}

static void target_find(struct exchange *x, struct target *t)
{
	enum verb verb = x->verb;
	const struct route_of *r;
	bool other = false;

	for (const struct core_route *c = core_routes; c->path; c++) {
		struct path_values names;

		/* none begins with a {name} */
		if (x->path.n < 2 || c->path[1] != x->path.p[1] || !rest_fits(c->path, x->path, &names))
			continue;
		t->other_verb = c->verb != verb;
		if (c->verb == verb) {
			x->names = names;
			t->core = c;
			x->pattern = c->path;
			return;
		}
	}
	r = registry_route(x->app->registry, verb, x->path, &x->names, &other);
	if (r) {
		t->route = x->route = r->route;
		x->pattern = r->route->path;
		return;
	}
	t->other_verb = t->other_verb || other;
	entity_find(x, t);
}

/* 405 says what the address does take (RFC 9110 section 15.5.6). */
static void answer_other_verb(struct exchange *x)
{
	static const enum verb verbs[] = { GET, POST, PATCH };
	struct buf b;

	buf_init(&b, x->c->mem, 60);
	for (ptrdiff_t i = 0; i < COUNT(verbs); i++) {
		struct target t = { 0 };

		x->verb = verbs[i];
		target_find(x, &t);
		if (t.route || t.page || t.core) {
			put_z(&b, b.n ? ", " : "");
			put_z(&b, verb_name(verbs[i]));
		}
	}
	x->verb = GET;
	answer_status(x, 405);
	reply_header(x->p, S("Allow"), buf_str(&b));
}

/* Whether this actor has anything to do there at all. Rows are asked later, one by one. */
static bool target_open(const struct exchange *x, const struct target *t)
{
	if (t->route)
		return perm_grants(x->c, t->route->allow);
	if (t->page)
		return perm_any(x->c, x->meta->e, t->page->may);
	return t->core != NULL;
}

/* ---- the transaction around it --------------------------------------------------------------------------------- */

static enum rc target_run(struct exchange *x, const struct target *t)
{
	x->max = t->route ? t->route->max : t->page ? t->page->max : t->core->max;
	return t->route ? route_run(x, t->route) : t->page ? t->page->run(x, x->meta) : t->core->run(x);
}

static enum rc page_again(struct exchange *x, const void *target)
{
	return target_run(x, target);
}

static enum rc read_run(struct exchange *x, const struct target *t)
{
	bool lags = t->route ? t->route->lags : t->page ? t->page->lags : t->core->lags;
	enum rc rc;

	if (lags && x->verb == GET && replica_run(x, page_again, t, &rc))
		return rc;
	return target_run(x, t);
}

static enum rc write_run(struct exchange *x, const struct target *t)
{
	enum rc rc;

	TRY(db_begin(x->c->db));
	arena_at_end(x->c->mem, leave_transaction, x->c->db);
	x->wrote = true;
	rc = once_begin(x);
	if (rc == OK && !(t->route && t->route->ahead))
		rc = write_goes_on(x);
	if (rc == OK && !x->repeated)
		rc = target_run(x, t);
	if (rc == OK && !x->repeated && x->refused == OK)
		rc = once_end(x);
	if (rc == OK && x->refused == OK)
		return db_commit(x->c->db);
	leave_transaction(x->c->db);
	return rc;
}

static const struct tr MSG_forged =
	{ "Yêu cầu không đến từ trang của hệ thống, hoặc trang mở đã lâu. Mở lại trang rồi gửi lại.",
	"The request did not come from a page of this system, or the page is too old. Open the page again and send once "
		"more." };

/* A cookie is sent by the browser whoever made it send; a bearer token is not. */
static enum rc write_guard(struct exchange *x)
{
	if (x->c->who->token || (x->session.n == 0 && bearer_of(x->r).n))
		return OK;
	if (origin_ok(x) && csrf_ok(x))
		return OK;
	return FAIL(x->c, E_DENIED, 0, &MSG_forged);
}

static bool is_write(const struct exchange *x)
{
	return x->verb != GET && x->verb != OPTIONS;
}

/* Nothing here for this actor: people who are not signed in are asked to; who must do something first is led there; to
 * others it does not exist. */
static void answer_closed(struct exchange *x)
{
	struct shell s = { 0 };

	if (x->c->who->must_go && !x->json && !is_write(x)) {
		answer_go(x, str_of(x->c->who->must_go));
	} else if (x->c->who->user.v) {
		answer_status(x, 404);
	} else if (x->json || is_write(x)) {
		answer_status(x, 401);
	} else {
		shell_fill(x, &s);
		answer_go(x, s.login_href);
	}
}

/* A page that leads to a write: an empty form, a wizard. */
static bool opens_form(const struct target *t)
{
	return t->page && t->page->verb == GET && t->page->may & (CREATE | UPDATE | RETIRE | IMPORT);
}

/* A write that somebody with a seat at an ended unit may not do, or finds nothing for, or the form for it: the seat
 * only reads. */
static enum rc ended_says(struct exchange *x, const struct target *t, enum rc rc)
{
	const struct actor *who = x->c->who;

	if (rc != E_MISSING && rc != E_DENIED)
		return rc;
	if (opens_form(t)) {
		const org_id unit = perm_ended(x->c, x->meta->e, t->page->may, x->c->here.org);
		enum rc says = unit.v ? ended_refuses(x->c, unit) : rc;
		return says == E_STATE ? says : rc;
	}
	if (!is_write(x))
		return rc;
	for (int i = 0; i < who->n_seats; i++) {
		const struct seat *s = &who->seats[i];

		if (!s->ended || (x->c->here.org.v && x->c->here.org.v != s->org.v))
			continue;
		x->c->n_problems = 0;
		enum rc says = ended_refuses(x->c, s->org);
		return says == E_STATE ? says : rc;
	}
	return rc;
}

static enum rc exchange_run(struct exchange *x)
{
	struct target t = { 0 };

	TRY(context_read(x));
	TRY(context_own(x));
	target_find(x, &t);
	x->p->route = x->pattern;                /* for the log, should this never end */
	if (!t.route && !t.page && !t.core) {
		if (t.other_verb)
			answer_other_verb(x);
		else
			answer_status(x, 404);
		return OK;
	}
	work_of(x->c)->writing = is_write(x);
	if (!target_open(x, &t)) {
		TRY(ended_says(x, &t, E_MISSING) == E_STATE ? E_STATE : OK);
		answer_closed(x);
		return OK;
	}
	pairs_fill(x);
	/* a browser's report has no token, and writes nothing */
	if (!is_write(x) || (t.core && strcmp(t.core->path, POLICY_REPORTS) == 0))
		return ended_says(x, &t, read_run(x, &t));
	if (!t.route || !t.route->callback) {
		TRY(body_read(x));
		TRY(write_guard(x));
	}
	enum rc rc = write_run(x, &t);
	if (rc == OK)
		replica_wrote(x);
	return ended_says(x, &t, rc);
}

/* What the database could not do since the request began. */
static enum db_trouble trouble_met(const struct exchange *x)
{
	enum db_trouble last;

	return db_troubles(x->c->db, &last) != x->troubles0 ? last : DB_FINE;
}

static void exchange_answer(struct exchange *x, enum rc rc)
{
	enum db_trouble trouble = x->status == 507 ? DB_FULL : trouble_met(x);

	/* An answer made while a read failed may lack what was not read; a write that was committed stands. */
	if (rc == OK && trouble != DB_FINE && !is_write(x))
		rc = E_FAULT;
	if (trouble != DB_FINE && x->status != 507)
		x->c->n_problems = 0;            /* what a rule concluded from a read that failed             */
	if (rc != OK) {
		problem_names(x);
		if (rc == E_FAULT && trouble == DB_FINE)
			log_line(LOG_ERROR, "fault", "request", x->r->id, "route", x->pattern ? x->pattern : "", "db",
				db_why(x->app->db), NULL);
		if (trouble != DB_FINE)
			answer_trouble(x, rc, trouble);
		else if (x->must_ask.n)
			answer_go(x, x->must_ask);
		else
			answer_error(x, rc);
	} else if (!x->answered && x->c->go.n) {
		answer_go(x, x->c->go);
	} else if (!x->answered) {
		answer_status(x, 404);
	}
}

void dispatch(void *app, struct request *r, struct reply *p)
{
	struct ctx c;
	struct exchange x = { .app = app, .r = r, .p = p, .c = &c, .verb = r->verb == HEAD ? GET : r->verb };
	enum db_trouble before;
	enum rc rc;

	ctx_start(&c, x.app, r->mem);
	c.web = &x;
	x.sql0 = db_count(c.db);
	x.troubles0 = db_troubles(c.db, &before);
	x.cpu0 = x.app->test ? cpu_us() : 0;
	x.path = r->path;
	if (file_host_asked(&x)) {
		rc = file_link_page(&x);
		exchange_answer(&x, rc);
	} else if (!asset_answer(&x)) {
		accept_read(&x);
		c.lang = language_of(&x);
		rc = actor_find(&x);
		if (rc == OK)
			rc = exchange_run(&x);
		exchange_answer(&x, rc);
	}
	p->sql = (unsigned)(db_count(c.db) - x.sql0);
	p->route = x.pattern ? x.pattern : "-";
	p->last = db_spent(c.db);
	answer_security(&x);
	if (!p->last)
		reads_write(&c, false);
}
