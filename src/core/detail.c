/* detail.c -- one row: what is known, what may be done now, what was done, what belongs to it. */
#include "core/audit.h"
#include "core/comment.h"
#include "core/files.h"
#include "core/pages.h"
#include "core/work_page.h"
#include "web/html.h"

/* ---- facts ------------------------------------------------------------------------------------- */

/* Titles of all references of a row: one query for each entity referred to. */
struct ref_titles { const struct field *f[COLUMNS_MAX]; int64_t id[COLUMNS_MAX]; str title[COLUMNS_MAX];
	bool open[COLUMNS_MAX]; int n; };

/* Which of these rows the actor may open: a link that leads nowhere is worse than none. */
static enum rc open_read(struct exchange *x, const struct entity *e, const int64_t *ids, int n, bool *open)
{
	static const col none[] = { 0 };
	struct list_ask ask = { .e = e, .ids = ids, .n_ids = n, .show = none, .limit = n, .wide = true };
	struct list_answer a;

	if (!perm_any(x->c, e, READ))
		return OK;
	TRY(list_rows(x->c, &ask, &a));
	for (int64_t i = 0; i < a.rows.n; i++)
		for (int j = 0; j < n; j++)
			open[j] = open[j] || ids[j] == ((const struct base *)(const void *)((const char *)a.rows.p + (size_t)i
				* e->size))->id;
	return OK;
}

static enum rc titles_read(struct exchange *x, const struct meta *m, const void *row, const struct cols *hidden,
	struct ref_titles *t)
{
	const struct table *table = table_of(x->app->registry, m->e);
	bool done[COLUMNS_MAX] = { false };

	for (const struct field *f = m->e->fields; f->name; f++) {
		int64_t id;

		if (f->type != T_REF || cols_has(hidden, column_at(table, f->at)))
			continue;
		memcpy(&id, (const char *)row + f->at, sizeof id);
		t->f[t->n] = f;
		t->id[t->n++] = id;
	}
	for (int i = 0; i < t->n; i++) {
		int64_t ids[COLUMNS_MAX];
		str titles[COLUMNS_MAX];
		bool open[COLUMNS_MAX] = { false };
		int at[COLUMNS_MAX], n = 0;

		for (int j = i; j < t->n; j++)
			if (!done[j] && t->f[j]->ref == t->f[i]->ref && t->id[j]) {
				done[j] = true;
				ids[n] = t->id[j];
				titles[n] = S("");
				at[n++] = j;
			}
		if (n == 0)
			continue;
		TRY(titles_of(x->c, t->f[i]->ref, ids, n, titles));
		if (!x->json)
			TRY(open_read(x, t->f[i]->ref, ids, n, open));
		for (int j = 0; j < n; j++) {
			t->title[at[j]] = titles[j];
			t->open[at[j]] = open[j];
		}
	}
	return OK;
}

static int ref_at(const struct ref_titles *t, const struct field *f)
{
	int i = 0;

	while (i < t->n && t->f[i] != f)
		i++;
	return i < t->n ? i : -1;
}

static void fact(struct exchange *x, const struct field *f, const void *row, const struct ref_titles *t,
	struct fact_view *v)
{
	int64_t id = 0;

	*v = (struct fact_view){ .name = str_of(f->name), .label = say(x->c, &f->label), .longer = (f->is & LONG) != 0 };
	v->text = field_text(f, row, x->c->lang, x->c->mem);
	if (f->type == T_REF || f->type == T_FILE)
		memcpy(&id, (const char *)row + f->at, sizeof id);
	if (f->type == T_REF && ref_at(t, f) >= 0) {
		v->text = t->title[ref_at(t, f)].n ? t->title[ref_at(t, f)] : S("");
		if (id && t->open[ref_at(t, f)])
			v->href = address_of(x, "/%s/%lld", f->ref->name, (long long)id);
	} else if (f->type == T_FILE && id) {
		v->text = say(x->c, &(struct tr){ "Mở tệp", "Open file" });
		v->href = str_fmt(x->c->mem, "/tep/%lld", (long long)id);
	}
	if (v->text.n == 0 && f->none.vi)
		v->text = say(x->c, &f->none);
	v->begin = v->href.n ? S("") : text_begin(v->text);
	v->empty = v->text.n == 0;
}

static bool in_form(const struct entity *e, col at)
{
	for (const struct section *s = e->form; s && s->vi; s++)
		for (size_t i = 0; i < sizeof s->at / sizeof *s->at && s->at[i]; i++)
			if (s->at[i] == at)
				return true;
	return false;
}

static bool shows(const struct table *t, const struct field *f, const struct cols *hidden)
{
	return f && f->type != T_LIST && !(f->is & (SECRET | CODED)) && f != t->state &&
		!cols_has(hidden, column_at(t, f->at));
}

static items facts_of(struct exchange *x, const struct meta *m, const void *row, const struct cols *hidden,
	const struct ref_titles *t)
{
	static const struct tr others = { "Thông tin khác", "Other" };
	const struct table *table = table_of(x->app->registry, m->e);
	int most = 1, n = 0, n_fields = fields_count(m->e->fields);
	struct facts_view *v;

	for (const struct section *s = m->e->form; s && s->vi; s++)
		most++;
	v = NEWS(x->c->mem, struct facts_view, most);
	for (const struct section *s = m->e->form; s && s->vi; s++) {
		struct fact_view *facts = NEWS(x->c->mem, struct fact_view, COUNT(s->at));
		int k = 0;

		for (ptrdiff_t i = 0; i < COUNT(s->at) && s->at[i]; i++) {
			const struct field *f = field_at(m->e->fields, s->at[i]);

			if (shows(table, f, hidden))
				fact(x, f, row, t, &facts[k++]);
		}
		if (k > 0)
			v[n++] = (struct facts_view){ str_of(x->c->lang == EN ? s->en : s->vi), ITEMS(facts, k) };
	}
	struct fact_view *rest = NEWS(x->c->mem, struct fact_view, n_fields + 1);
	int k = 0;

	for (const struct field *f = m->e->fields; f->name; f++)
		if (!in_form(m->e, f->at) && shows(table, f, hidden))
			fact(x, f, row, t, &rest[k++]);
	if (k > 0) {
		v[n] = (struct facts_view){ n ? say(x->c, &others) : S(""), ITEMS(rest, k) };
		n++;
	}
	return ITEMS(v, n);
}

/* ---- what may be done ------------------------------------------------------------------------------ */

static items steps_of(struct exchange *x, const struct meta *m, const void *row)
{
	uint64_t can = m->e->flow.steps ? perm_steps(x->c, m->e, row) : 0;
	const struct field *state = table_of(x->app->registry, m->e)->state;
	long long id = (long long)((const struct base *)row)->id;
	struct step_view *v = NEWS(x->c->mem, struct step_view, 64);
	/* a row at rest asks for nothing: no step of it is the first thing to do */
	bool refused = x->names.n > 1, main_given = state && state->pick[*((const pick *)row + state->at)].is & SETTLED;
	int n = 0;

	for (int i = 0; i < 64 && m->e->flow.steps && m->e->flow.steps[i].name; i++) {
		const struct step *s = &m->e->flow.steps[i];
		struct field_view *asks = NEWS(x->c->mem, struct field_view, COUNT(s->asks));
		bool tried = refused && str_is(x->names.at[1].value, s->name), bad = str_is(state_tag(m->e, state, s->to),
			"do");
		struct pair *typed = x->pairs;
		int k = 0, n_typed = x->n_pairs, n_problems = x->c->n_problems;

		if (!(can >> i & 1) || !s->by || (s->stands && !s->stands(x->c, row)))
			continue;
		if (!tried)
			x->n_pairs = x->c->n_problems = 0;
		for (ptrdiff_t j = 0; j < COUNT(s->asks) && s->asks[j]; j++) {
			const struct field *f = field_at(m->e->fields, s->asks[j]);

			if (!f)
				continue;
			field_ask(x, f, row, ASK_STEP, &asks[k]);
			asks[k].needed = asks[k].needed || s->must >> j & 1;
			asks[k++].id = str_fmt(x->c->mem, tried ? "f-%s" : "f-%s-%s", tried ? f->name : s->name, f->name);
		}
		x->pairs = typed;
		x->n_pairs = n_typed;
		x->c->n_problems = n_problems;
		v[n] = (struct step_view){ .name = str_of(s->name), .label = say(x->c, &s->label), .bad = bad, .main = refused
			? tried : !bad && !main_given,
			.asks_some = k > 0, .asks = ITEMS(asks, k) };
		main_given = main_given || v[n].main;
		v[n++].action = address_of(x, "/%s/%lld/do/%s", m->e->name, id, s->name);
	}
	return ITEMS(v, n);
}

/* Lists of other entities whose rows point here and can be filtered by it. */
static items related_of(struct exchange *x, const struct meta *m, int64_t id)
{
	const struct registry *g = x->app->registry;
	struct link_view *v = NEWS(x->c->mem, struct link_view, 40);
	int n = 0;

	for (int i = 0; i < g->n_entities && n < 40; i++) {
		const struct entity *e = g->metas[i].e;
		const struct field *only = NULL;
		int same = 0;

		if (!perm_any(x->c, e, READ))
			continue;
		for (const struct field *f = e->fields; f->name; f++)
			same += f->type == T_REF && f->ref == m->e && f->is & FILTER;
		for (const struct field *f = e->fields; f->name && n < 40; f++) {
			if (f->type != T_REF || f->ref != m->e || !(f->is & FILTER))
				continue;
			only = f;
			v[n++] = (struct link_view){ .href = address_of(x, "/%s?%s=%lld", e->name, only->name, (long long)id),
				.label = say(x->c, &e->label), .icon = str_of(e->icon ? e->icon : "table"),
				.note = same > 1 ? say(x->c, &f->label) : S("") };
		}
	}
	return ITEMS(v, n);
}

/* Pages that modules add to a row of this kind: GET /ENTITY/{row}/word with a label. */
static items doors_of(struct exchange *x, const struct meta *m, const void *row)
{
	const int64_t id = ((const struct base *)row)->id;
	const struct registry *g = x->app->registry;
	struct link_view *v = NEWS(x->c->mem, struct link_view, 10);
	str head = TEXT(x->c, "/%s/{", m->e->name);
	int n = 0;

	for (int i = 0; i < g->n_modules; i++)
		for (const struct route *r = g->modules[i]->routes; r && r->path && n < 10; r++) {
			str path = str_of(r->path), word = { "", 0 };
			ptrdiff_t shut = str_find(path, S("}/"));

			if (strcmp(r->verb, "GET") != 0 || !r->label.vi || !str_starts(path, head) || shut < 0 ||
				!perm_grants(x->c, r->allow) || (r->stands && !r->stands(x->c, row)))
				continue;
			word = str_sub(path, shut + 2, -1);
			if (word.n == 0 || str_find(word, S("/")) >= 0)
				continue;
			v[n++] = (struct link_view){ .label = say(x->c, &r->label), .href = address_of(x, "/%s/%lld/%.*s",
				m->e->name, (long long)id, FMT(word)) };
		}
	return ITEMS(v, n);
}

static items print_links(struct exchange *x, const struct meta *m, int64_t id)
{
	const struct print *prints[PRINTS_MAX];
	int n = prints_of(x, m, prints);
	struct link_view *v = NEWS(x->c->mem, struct link_view, n + 1);

	for (int i = 0; i < n; i++)
		v[i] = (struct link_view){ .label = say(x->c, &prints[i]->label), .icon = S("printer"),
			.href = address_of(x, "/%s/%lld/print/%s", m->e->name, (long long)id, prints[i]->name) };
	return ITEMS(v, n);
}

/* ---- history -------------------------------------------------------------------------------------------- */

/* Who did it, who acted as them and whose lent seat it took: three names an event, in one query. */
static enum rc names_of(struct ctx *c, const struct audit_event *e, int n, str *ret)
{
	const struct meta *account = registry_entity(c->app->registry, S("account"));
	int64_t *ids = NEWS(c->mem, int64_t, 3 * n + 1);

	for (int i = 0; i < n; i++) {
		ids[3 * i] = e[i].user.v;
		ids[3 * i + 1] = e[i].impersonator.v;
		ids[3 * i + 2] = e[i].lender.v;
	}
	for (int i = 0; i < 3 * n; i++)
		ret[i] = S("");
	return account && n ? titles_of(c, account->e, ids, 3 * n, ret) : OK;
}

static str by_whom(struct ctx *c, const struct audit_event *e, const str names[3])
{
	static const struct tr acted = { "do {1} đóng vai", "{1} acting as them" },
		lent = { "theo ủy quyền của {1}", "by a seat that {1} lent" };

	return e->impersonator.v ? sayf(c, &acted, ARGS(names[1])) : e->lender.v ? sayf(c, &lent, ARGS(names[2])) : S("");
}

static items changes_of(struct ctx *c, const struct audit_event *e)
{
	const struct audit_change *from = e->changes.p;
	struct change_view *v = NEWS(c->mem, struct change_view, e->changes.n + 1);

	for (int64_t i = 0; i < e->changes.n; i++)
		v[i] = (struct change_view){ from[i].label, from[i].old, from[i].now };
	return ITEMS(v, e->changes.n);
}

static enum rc history_read(struct exchange *x, const struct meta *m, int64_t id, instant before, int most,
	items *ret, instant *last)
{
	static const struct tr system = { "Hệ thống", "The system" };
	struct event_view *v;
	const struct audit_event *e;
	items found;
	str *who;

	TRY(audit_of(x->c, m->e, id, before, most, &found));
	e = found.p;
	v = NEWS(x->c->mem, struct event_view, found.n + 1);
	who = NEWS(x->c->mem, str, 3 * found.n + 1);
	TRY(names_of(x->c, e, (int)found.n, who));
	for (int64_t i = 0; i < found.n; i++) {
		v[i] = (struct event_view){ .when = instant_text(x->c->mem, e[i].at), .what = e[i].label,
			.who = who[3 * i].n ? who[3 * i] : say(x->c, &system),
			.by = by_whom(x->c, &e[i], who + 3 * i), .changes = changes_of(x->c, &e[i]) };
		v[i].note = e[i].reason.n ? e[i].reason : e[i].note;
		*last = e[i].at;
	}
	*ret = ITEMS(v, found.n);
	return OK;
}

enum { HISTORY_PAGE = 50 };

enum rc history_page(struct exchange *x, const struct meta *m)
{
	const struct pair *p = pair_last(x, "before");
	struct history_view v = { 0 };
	instant before = { 0 }, last = { 0 };
	void *row;

	if (!(m->e->keeps & HISTORY))
		return E_MISSING;
	TRY(row_of_page(x, m, &row));
	if (p && !id_read(p->value, &before.v))
		return E_MISSING;
	v.title = row_title(x->c, m->e, row);
	v.href = address_of(x, "/%s/%lld", m->e->name, (long long)((struct base *)row)->id);
	TRY(history_read(x, m, ((struct base *)row)->id, before, HISTORY_PAGE, &v.history, &last));
	if (v.history.n == HISTORY_PAGE)
		v.next_href = str_fmt(x->c->mem, "%.*s/history?before=%lld", FMT(v.href), (long long)last.v);
	if (x->json) {
		shape_json(answer_json(x, 200), history_shape.fields, &v, NULL);
		return OK;
	}
	crumb(x, S(""), say(x->c, &(struct tr){ "Lịch sử thay đổi", "History" }));
	return answer_page(x, 200, "core/history", &history_shape, &v);
}

/* ---- the page ---------------------------------------------------------------------------------------- */

static void fill_state(struct exchange *x, const struct meta *m, const void *row, struct detail_view *v)
{
	const struct field *state = table_of(x->app->registry, m->e)->state;

	if (!state)
		return;
	v->state = field_text(state, row, x->c->lang, x->c->mem);
	v->state_tag = state_tag(m->e, state, *((const pick *)row + state->at));
}

static str size_text(struct ctx *c, int64_t n)
{
	if (n < 1024)
		return str_fmt(c->mem, "%lld B", (long long)n);
	if (n < 1 << 20)
		return str_fmt(c->mem, "%lld kB", (long long)(n / 1024));
	return str_fmt(c->mem, "%lld,%lld MB", (long long)(n >> 20), (long long)((n & 0xfffff) * 10 >> 20));
}

static enum rc files_fill(struct exchange *x, const struct meta *m, int64_t id, struct detail_view *v)
{
	const struct file_info *f;
	struct file_view *views;
	items found;

	TRY(files_on(x->c, m->e, id, &found));
	f = found.p;
	views = NEWS(x->c->mem, struct file_view, found.n + 1);
	for (int64_t i = 0; i < found.n; i++)
		views[i] = (struct file_view){ .name = f[i].name, .type = f[i].type, .size = size_text(x->c, f[i].size),
			.href = str_fmt(x->c->mem, "/tep/%lld", (long long)f[i].id.v) };
	v->files = ITEMS(views, found.n);
	if (v->edit_href.n)
		v->file_action = address_of(x, "/%s/%lld/file", m->e->name, (long long)id);
	return OK;
}

static enum rc fill_kept(struct exchange *x, const struct meta *m, int64_t id, struct detail_view *v)
{
	v->keeps_history = (m->e->keeps & HISTORY) != 0;
	v->keeps_comments = (m->e->keeps & COMMENTS) != 0;
	v->keeps_files = (m->e->keeps & FILES) != 0;
	if (v->keeps_history) {
		instant last;

		TRY(history_read(x, m, id, (instant){ 0 }, 10, &v->history, &last));
		v->history_href = v->history.n >= 10 ? address_of(x, "/%s/%lld/history", m->e->name, (long long)id) : S("");
	}
	if (v->keeps_files)
		TRY(files_fill(x, m, id, v));
	if (v->keeps_comments) {
		TRY(comment_read(x->c, m->e, id, &v->comments));
		v->comment_action = x->c->who->user.v ? address_of(x, "/%s/%lld/comment", m->e->name, (long long)id) : S("");
	}
	return OK;
}

enum rc detail_show(struct exchange *x, const struct meta *m, const void *row, int status)
{
	struct ctx *c = x->c;
	const struct base *b = row;
	long long id = (long long)b->id;
	struct ref_titles *t = NEW(c->mem, struct ref_titles);
	struct detail_view v = { .title = row_title(c, m->e, row), .entity = str_of(m->e->name), .id = put_n(c->mem, b->id),
		.rev = put_n(c->mem, b->rev), .gone = b->gone, .list_label = say(c, &m->e->label) };

	TRY(titles_read(x, m, row, &x->hidden, t));
	fill_state(x, m, row, &v);
	v.list_href = address_of(x, "/%s", m->e->name);
	v.sections = facts_of(x, m, row, &x->hidden, t);
	v.problems = problem_views(x);
	v.wrong = v.problems.n > 0;
	if (!b->gone) {
		v.steps = steps_of(x, m, row);
		if (may(c, m->e, UPDATE, row))
			v.edit_href = address_of(x, "/%s/%lld/edit", m->e->name, id);
		if (may(c, m->e, RETIRE, row))
			v.retire_action = address_of(x, "/%s/%lld/retire", m->e->name, id);
	} else if (may(c, m->e, RETIRE, row)) {
		v.restore_action = address_of(x, "/%s/%lld/restore", m->e->name, id);
	}
	v.related = related_of(x, m, b->id);
	v.doors = b->gone ? ITEMS(NULL, 0) : doors_of(x, m, row);
	v.prints = print_links(x, m, b->id);
	v.many_prints = v.prints.n > 3;
	TRY(fill_kept(x, m, b->id, &v));
	return answer_page(x, status, page_for(x, m, "detail"), &detail_shape, &v);
}

/* ---- JSON ---------------------------------------------------------------------------------------------- */

static void titles_json(struct buf *b, const struct ref_titles *t)
{
	bool first = true;

	put_z(b, ",\"_titles\":{");
	for (int i = 0; i < t->n; i++) {
		if (!t->title[i].n)
			continue;
		if (!first)
			put_c(b, ',');
		first = false;
		put_json(b, str_of(t->f[i]->name));
		put_c(b, ':');
		put_json(b, t->title[i]);
	}
	put_c(b, '}');
}

static void steps_json(struct exchange *x, struct buf *b, const struct meta *m, const void *row)
{
	uint64_t can = m->e->flow.steps ? perm_steps(x->c, m->e, row) : 0;
	bool first = true;

	put_z(b, ",\"_steps\":[");
	for (int i = 0; i < 64 && m->e->flow.steps && m->e->flow.steps[i].name; i++)
		if (can >> i & 1 && m->e->flow.steps[i].by) {
			if (!first)
				put_c(b, ',');
			first = false;
			put_json(b, str_of(m->e->flow.steps[i].name));
		}
	put_c(b, ']');
}

enum rc row_answer(struct exchange *x, const struct meta *m, const void *row, int status)
{
	struct cols hidden = x->names.n ? x->hidden : perm_hidden(x->c, m->e, READ);
	struct ref_titles *t = NEW(x->c->mem, struct ref_titles);
	struct buf *b;

	TRY(titles_read(x, m, row, &hidden, t));
	b = answer_json(x, status);
	row_json(b, table_of(x->app->registry, m->e), row, &hidden);
	if (b->n && b->p[b->n - 1] == '}')
		b->n--;
	titles_json(b, t);
	steps_json(x, b, m, row);
	put_c(b, '}');
	return OK;
}

/* ---- routes --------------------------------------------------------------------------------------------- */

/* Another unit's row, looked at from elsewhere: the banner is of the unit that it belongs to. */
enum rc ended_of_row(struct exchange *x, const struct base *row)
{
	const struct actor *who = x->c->who;
	struct ended *e;

	if (x->ended || row->org.v == x->c->here.org.v)
		return OK;
	for (int i = 0; i < who->n_seats; i++)
		if (who->seats[i].org.v == row->org.v && !who->seats[i].ended)
			return OK;
	e = NEW(x->c->mem, struct ended);
	enum rc rc = unit_ended(x->c, x->c->mem, row->org, e);
	if (rc == OK)
		x->ended = e;
	return rc == E_MISSING ? OK : rc;
}

enum rc detail_page(struct exchange *x, const struct meta *m)
{
	void *row;

	TRY(row_of_page(x, m, &row));
	x->n_pairs = 0;
	if (!x->json)
		TRY(ended_of_row(x, row));
	return x->json ? row_answer(x, m, row, 200) : detail_show(x, m, row, 200);
}

enum rc step_page(struct exchange *x, const struct meta *m)
{
	static const struct tr done = { "{1}: đã xong.", "{1}: done." };
	const struct step *s;
	void *row, *mine;
	enum rc rc;

	TRY(row_of_page(x, m, &row));
	s = step_from(m->e, x->names.at[1].value, row);
	if (!s || !s->by)
		return E_MISSING;
	mine = arena_alloc(x->c->mem, m->e->size, 16);
	memcpy(mine, row, m->e->size);
	if (rev_sent(x))
		((struct base *)mine)->rev = rev_sent(x);
	rc = s->asks[0] || x->body ? row_read(x, m, mine, 0, s->asks) : OK;
	if (rc == OK)
		rc = step(x->c, m->e, mine, s->name);
	if (rc == OK && x->json)
		return row_answer(x, m, mine, 200);
	if (rc == OK) {
		str label = say(x->c, &s->label);

		if (!x->c->go.n)
			x->c->go = address_of(x, "/%s/%lld", m->e->name, (long long)((struct base *)row)->id);
		if (!x->c->said.n)
			x->c->said = sayf(x->c, &done, &label, 1);
		return OK;
	}
	if (x->json || x->c->n_problems == 0 || rc == E_MISSING || rc == E_DENIED)
		return rc;
	x->refused = rc;
	x->fields = m->e->fields;
	return detail_show(x, m, row, status_of(rc));
}

enum rc file_page(struct exchange *x, const struct meta *m)
{
	static const struct tr none = { "Hãy chọn một tệp.", "Choose a file." },
		done = { "Đã tải tệp lên.", "File uploaded." };
	const struct part *part = NULL;
	struct base *row;
	void *found;
	file_id id;

	if (!(m->e->keeps & FILES))
		return E_MISSING;
	TRY(row_of_page(x, m, &found));
	row = found;
	if (!may(x->c, m->e, UPDATE, row))
		return E_DENIED;
	for (int i = 0; i < x->r->n_parts && !part; i++)
		if (str_eq(x->r->parts[i].name, S("file")) && x->r->parts[i].filename.n)
			part = &x->r->parts[i];
	if (!part)
		return FAIL(x->c, E_INVALID, 0, &none);
	TRY(part_file(x, part, row->org, 0, &id));
	TRY(file_hang(x->c, id, m->e, row->id));
	if (x->json) {
		put_fmt(answer_json(x, 201), "{\"id\":%lld}", (long long)id.v);
		return OK;
	}
	return go_to(x->c, address_of(x, "/%s/%lld", m->e->name, (long long)row->id), &done);
}
