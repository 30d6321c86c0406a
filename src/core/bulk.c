/* bulk.c -- one thing done to many rows: first what will happen and what will not, then the deed: up to BULK_NOW
 * rows in one transaction, more by a job (bulk_work.h). */
#include "core/bulk_work.h"
#include "core/list.h"
#include "core/pages.h"

enum { BULK_SHOWN = 50 };

static const struct tr MSG_none_chosen = { "Hãy chọn ít nhất một dòng.", "Choose at least one row." };
static const struct tr MSG_too_many = { "Mỗi lần tối đa {1} dòng. Lọc bớt rồi làm từng phần.",
	"At most {1} rows at a time. Filter and do it in parts." };
static const struct tr MSG_verb = { "Không có việc này cho danh sách.", "The list has no such action." };
static const struct tr MSG_state = { "đang ở trạng thái không cho phép", "its state does not allow it" };
static const struct tr MSG_denied = { "bạn không được làm việc này với hồ sơ này",
	"you may not do this to this record" };

struct bulk {
	struct exchange *x; const struct meta *m;
	const struct step *step;             /* NULL: retire                                                           */
	void **can; int n_can;               /* copies of the first BULK_NOW                                           */
	struct bulk_row *cannot; int n_cannot;       /* the first BULK_NOW                                             */
	struct bulk_line *lines; int n;      /* of every row                                                           */
	int64_t kept;                        /* what bulk_keep gave                                                    */
};

static struct bulk_row row_view(struct exchange *x, const struct meta *m, const void *row, str why)
{
	return (struct bulk_row){ .title = row_title(x->c, m->e, row), .why = why,
		.href = address_of(x, "/%s/%lld", m->e->name, (long long)((const struct base *)row)->id) };
}

static enum rc sort_out(struct ctx *c, const void *row, void *arg)
{
	struct bulk *b = arg;
	const struct entity *e = b->m->e;
	const struct field *state = table_of(c->app->registry, e)->state;
	str most = int_text(c->mem, BULK_MOST), why = { "", 0 };
	void *copy;

	if (b->n == BULK_MOST)
		return fail(c, E_LIMIT, 0, &MSG_too_many, &most, 1);
	if (b->step && state && !(b->step->from >> *((const pick *)row + state->at) & 1))
		why = say(c, &MSG_state);
	else if (b->step ? !(perm_steps(c, e, row) >> (b->step - e->flow.steps) & 1) : !may(c, e, RETIRE, row))
		why = say(c, &MSG_denied);
	b->lines[b->n++] = (struct bulk_line){ ((const struct base *)row)->id, row_title(c, e, row), why };
	if (why.n) {
		if (b->n_cannot++ < BULK_NOW)
			b->cannot[b->n_cannot - 1] = row_view(b->x, b->m, row, why);
		return OK;
	}
	if (b->n_can++ >= BULK_NOW)
		return OK;
	copy = arena_alloc(c->mem, e->size, 16);
	memcpy(copy, row, e->size);
	b->can[b->n_can - 1] = copy;
	return OK;
}

/* The rows that were ticked, or all of the question the list answered. */
static enum rc rows_chosen(struct bulk *b)
{
	struct exchange *x = b->x;
	struct list_asked *q = NEW(x->c->mem, struct list_asked);
	const struct pair *all = pair_last(x, "all");
	int64_t *ids = NEWS(x->c->mem, int64_t, x->n_pairs + 1);
	int n = 0;

	for (int i = 0; i < x->n_pairs; i++)
		if (str_eq(x->pairs[i].name, S("ids")) && id_read(x->pairs[i].value, &ids[n]))
			n++;
	if (all && str_eq(all->value, S("1"))) {
		TRY(list_read(x, b->m, READ, q));
	} else {
		if (n == 0)
			return FAIL(x->c, E_INVALID, 0, &MSG_none_chosen);
		q->ask = (struct list_ask){ .e = b->m->e, .ids = ids, .n_ids = n, .wide = true };
	}
	b->can = NEWS(x->c->mem, void *, BULK_NOW);
	b->cannot = NEWS(x->c->mem, struct bulk_row, BULK_NOW);
	b->lines = NEWS(x->c->mem, struct bulk_line, BULK_MOST);
	return list_each(x->c, &q->ask, sort_out, b);
}

/* ---- before ------------------------------------------------------------------------------------------ */

static items can_views(const struct bulk *b)
{
	int n = b->n_can < BULK_SHOWN ? b->n_can : BULK_SHOWN;
	struct bulk_row *v = NEWS(b->x->c->mem, struct bulk_row, n + 1);

	for (int i = 0; i < n; i++)
		v[i] = row_view(b->x, b->m, b->can[i], S(""));
	return ITEMS(v, n);
}

static items hidden_views(const struct bulk *b, str verb)
{
	struct hidden_view *v = NEWS(b->x->c->mem, struct hidden_view, BULK_NOW + 3);
	int n = 0;

	v[n++] = (struct hidden_view){ S("verb"), verb };
	v[n++] = (struct hidden_view){ S("confirm"), S("1") };
	if (b->kept)
		v[n++] = (struct hidden_view){ S("bulk"), put_n(b->x->c->mem, b->kept) };
	for (int i = 0; i < b->n_can && !b->kept; i++)
		v[n++] = (struct hidden_view){ S("ids"), put_n(b->x->c->mem, ((struct base *)b->can[i])->id) };
	return ITEMS(v, n);
}

static items ask_views(const struct bulk *b)
{
	struct field_view *v = NEWS(b->x->c->mem, struct field_view, 8);
	int n = 0;

	for (size_t i = 0; b->step && i < sizeof b->step->asks / sizeof *b->step->asks && b->step->asks[i]; i++) {
		const struct field *f = field_at(b->m->e->fields, b->step->asks[i]);

		if (!f)
			continue;
		field_ask(b->x, f, NULL, ASK_STEP, &v[n]);
		v[n].needed = v[n].needed || b->step->must >> i & 1;
		n++;
	}
	return ITEMS(v, n);
}

static enum rc bulk_show(struct bulk *b, str verb, int status)
{
	static const struct tr drop = { "Bỏ khỏi danh sách", "Retire" };
	static const struct tr count = { "{1} được, {2} không.", "{1} can, {2} cannot." };
	static const struct tr title = { "{1}: {2}", "{1}: {2}" };
	struct exchange *x = b->x;
	struct ctx *c = x->c;
	struct bulk_view v = { .verb = verb, .n_can = b->n_can, .n_cannot = b->n_cannot, .none = b->n_can == 0 };

	v.submit = say(c, b->step ? &b->step->label : &drop);
	v.title = sayf(c, &title, ARGS(v.submit, say(c, &b->m->e->label)));
	v.count_text = sayf(c, &count, ARGS(int_text(c->mem, b->n_can), int_text(c->mem, b->n_cannot)));
	v.action = address_of(x, "/%s/bulk", b->m->e->name);
	v.cancel_href = address_of(x, "/%s", b->m->e->name);
	v.can = can_views(b);
	v.cannot = ITEMS(b->cannot, b->n_cannot < BULK_NOW ? b->n_cannot : BULK_NOW);
	v.hidden = hidden_views(b, verb);
	v.asks = ask_views(b);
	v.asks_some = v.asks.n > 0;
	v.problems = problem_views(x);
	v.wrong = v.problems.n > 0;
	if (!b->kept)
		x->refused = E_STATE;
	crumb(x, v.cancel_href, say(c, &b->m->e->label));
	crumb(x, S(""), v.submit);
	if (x->json) {
		shape_json(answer_json(x, status), bulk_shape.fields, &v, NULL);
		return OK;
	}
	return answer_page(x, status, "core/bulk", &bulk_shape, &v);
}

/* ---- the deed ---------------------------------------------------------------------------------------- */

static enum rc one_done(struct bulk *b, void *row)
{
	struct base *base = row;

	if (!b->step)
		return retire(b->x->c, b->m->e, base->id, base->rev);
	if (b->step->asks[0])
		TRY(row_read(b->x, b->m, row, 0, b->step->asks));
	return step(b->x->c, b->m->e, row, b->step->name);
}

static enum rc bulk_do(struct bulk *b, str verb)
{
	static const struct tr done = { "Đã làm xong {1} dòng.", "{1} rows done." };
	struct exchange *x = b->x;
	str count;

	for (int i = 0; i < b->n_can; i++) {
		enum rc rc = one_done(b, b->can[i]);

		if (rc != OK && x->c->n_problems && (rc == E_INVALID || rc == E_STATE || rc == E_CONFLICT) && !x->json) {
			x->fields = b->m->e->fields;
			return bulk_show(b, verb, status_of(rc));
		}
		if (rc != OK)
			return rc;
	}
	count = int_text(x->c->mem, b->n_can);
	x->c->said = sayf(x->c, &done, &count, 1);
	x->c->go = address_of(x, "/%s", b->m->e->name);
	if (x->json) {
		struct buf *out = answer_json(x, 200);

		put_fmt(out, "{\"done\":%d,\"left\":%d}", b->n_can, b->n_cannot);
	}
	return OK;
}

/* ---- more than a request should do ------------------------------------------------------------------- */

static enum rc bulk_begin(struct bulk *b, int64_t id)
{
	struct exchange *x = b->x;
	const struct entity *e = b->m->e;
	void *row = arena_alloc(x->c->mem, e->size, 16);
	int64_t job;

	row_zero(e, row);
	x->fields = e->fields;
	if (b->step && b->step->asks[0])
		TRY(row_read(x, b->m, row, 0, b->step->asks));
	TRY(bulk_start(x->c, e, b->step, id, row, &job));
	x->c->go = TEXT(x->c, "/viec/%lld", (long long)job);
	if (x->json)
		put_fmt(answer_json(x, 202), "{\"job\":%lld}", (long long)job);
	return OK;
}

/* {"ids":[..],"verb":..,"confirm":true} as the pairs a form would send. */
static void body_pairs(struct exchange *x)
{
	const cJSON *ids = x->body ? json_get(x->body, "ids") : NULL, *one;
	int n = x->n_pairs, most = n + (ids ? cJSON_GetArraySize(ids) : 0) + 4;
	struct pair *p = NEWS(x->c->mem, struct pair, most);

	if (!x->body)
		return;
	memcpy(p, x->pairs, (size_t)n * sizeof *p);
	cJSON_ArrayForEach(one, ids)
		p[n++] = (struct pair){ S("ids"), json_scalar(x->c->mem, one) };
	if (json_get(x->body, "verb"))
		p[n++] = (struct pair){ S("verb"), json_text(json_get(x->body, "verb")) };
	if (cJSON_IsTrue(json_get(x->body, "confirm")))
		p[n++] = (struct pair){ S("confirm"), S("1") };
	x->pairs = p;
	x->n_pairs = n;
	x->body = NULL;
}

enum rc bulk_page(struct exchange *x, const struct meta *m)
{
	struct bulk b = { .x = x, .m = m };
	const struct pair *verb, *confirm, *kept;
	bool sure;
	int64_t id;

	if (x->ended)
		return ended_refuses(x->c, x->ended->unit);
	body_pairs(x);
	verb = pair_last(x, "verb");
	confirm = pair_last(x, "confirm");
	kept = pair_last(x, "bulk");
	sure = confirm && str_eq(confirm->value, S("1"));
	if (!verb || (!str_eq(verb->value, S("retire")) && !(b.step = step_named(m->e, verb->value))) ||
		(b.step && !b.step->by))
		return FAIL(x->c, E_INVALID, 0, &MSG_verb);
	if (b.step ? !perm_grants(x->c, b.step->by) : !perm_any(x->c, m->e, RETIRE))
		return FAIL(x->c, E_INVALID, 0, &MSG_verb);
	if (sure && kept)
		return id_read(kept->value, &id) ? bulk_begin(&b, id) : E_MISSING;
	TRY(rows_chosen(&b));
	if (b.n_can > BULK_NOW) {
		TRY(bulk_keep(x->c, m->e, b.step, b.lines, b.n, &b.kept));
		return sure ? bulk_begin(&b, b.kept) : bulk_show(&b, verb->value, 200);
	}
	if (sure && b.n_can > 0)
		return bulk_do(&b, verb->value);
	return bulk_show(&b, verb->value, 200);
}
