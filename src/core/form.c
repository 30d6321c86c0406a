/* form.c -- the page that makes or changes one row: sections, inputs, errors at the fields, two people saving at
 * once. */
#include "core/pages.h"
#include "base/hash.h"

static const struct tr MSG_new = { "Thêm {1}", "New {1}" }, MSG_edit = { "Sửa {1}", "Edit {1}" };
static const struct tr MSG_save = { "Lưu", "Save" }, MSG_saved = { "Đã lưu.", "Saved." };
static const struct tr MSG_anyway = { "Vẫn lưu hồ sơ mới", "Save the new record all the same" },
	MSG_corrected = { "Lưu sau khi sửa lại", "Save as corrected" };
static const struct tr MSG_clash =
	{ "Người khác đã lưu hồ sơ này sau khi bạn mở trang. Chưa có gì bị ghi đè: xem hai cột dưới đây, sửa lại rồi lưu.",
	"Somebody saved this record after you opened the page. Nothing was overwritten: compare, correct and save again." };

/* ---- what every page of one row needs ------------------------------------------------------------ */

static void crumb_list(struct exchange *x, const struct meta *m)
{
	crumb(x, address_of(x, "/%s", m->e->name), say(x->c, &m->e->label));
}

enum rc row_of_page(struct exchange *x, const struct meta *m, void **ret)
{
	void *row = arena_alloc(x->c->mem, m->e->size, 16);
	int64_t id;

	if (x->names.n < 1 || !id_read(x->names.at[0].value, &id))
		return E_MISSING;
	TRY(row_find(x->c, m->e, READ, id, row, &x->hidden));
	crumb_list(x, m);
	crumb(x, address_of(x, "/%s/%lld", m->e->name, (long long)id), row_title(x->c, m->e, row));
	*ret = row;
	return OK;
}

int64_t rev_sent(const struct exchange *x)
{
	const struct pair *p = pair_last(x, "rev");
	int64_t rev = x->rev;

	if (p && !id_read(p->value, &rev))
		rev = 0;
	return rev;
}

enum rc row_read(struct exchange *x, const struct meta *m, void *row, unsigned flags, const col *only)
{
	struct cols hidden = ((struct base *)row)->id ? x->hidden : perm_hidden(x->c, m->e, READ);
	struct input in = { .fields = m->e->fields, .flags = flags, .only = only, .hidden = &hidden,
		.table = table_of(x->app->registry, m->e) };
	enum rc first = OK, second;

	x->fields = m->e->fields;
	if (x->body)
		return input_json(x->c, &in, x->body, row);
	first = input_resolve(x, m->e->fields, 0);
	if (first != OK && first != E_INVALID)
		return first;
	second = input_read(x->c, &in, x->pairs, x->n_pairs, row);
	return second != OK ? second : first;
}

/* ---- sections -------------------------------------------------------------------------------- */

static bool asked(const struct exchange *x, const struct meta *m, const struct field *f, const struct cols *hidden)
{
	const struct table *t = table_of(x->app->registry, m->e);

	return !(f->is & DERIVED) && f->type != T_LIST && f->type != T_HTML && !cols_has(hidden, column_at(t, f->at));
}

static bool in_sections(const struct entity *e, col at)
{
	for (const struct section *s = e->form; s && s->vi; s++)
		for (size_t i = 0; i < sizeof s->at / sizeof *s->at && s->at[i]; i++)
			if (s->at[i] == at)
				return true;
	return false;
}

static void ask_in(struct exchange *x, const struct field *f, const void *row, unsigned flags, struct section_view *s)
{
	struct field_view *v = (struct field_view *)(uintptr_t)s->fields.p;

	field_ask(x, f, row, flags, &v[s->fields.n++]);
}

/* The declared sections, then one without a title for the fields that stand in none. */
static items sections_of(struct exchange *x, const struct meta *m, const void *row, unsigned flags)
{
	struct cols hidden = ((const struct base *)row)->id ? x->hidden : perm_hidden(x->c, m->e, READ);
	int n_fields = fields_count(m->e->fields), n = 0, most = 1;
	struct section_view *v;

	for (const struct section *s = m->e->form; s && s->vi; s++)
		most++;
	v = NEWS(x->c->mem, struct section_view, most);
	for (const struct section *s = m->e->form; s && s->vi; s++) {
		v[n].title = str_of(x->c->lang == EN ? s->en : s->vi);
		v[n].fields.p = NEWS(x->c->mem, struct field_view, COUNT(s->at));
		for (ptrdiff_t i = 0; i < COUNT(s->at) && s->at[i]; i++) {
			const struct field *f = field_at(m->e->fields, s->at[i]);

			if (f && asked(x, m, f, &hidden))
				ask_in(x, f, row, flags, &v[n]);
		}
		n += v[n].fields.n > 0;
	}
	v[n].title = S("");
	v[n].fields = ITEMS(NEWS(x->c->mem, struct field_view, n_fields + 1), 0);
	for (const struct field *f = m->e->fields; f->name; f++)
		if (!in_sections(m->e, f->at) && asked(x, m, f, &hidden))
			ask_in(x, f, row, flags, &v[n]);
	n += v[n].fields.n > 0;
	return ITEMS(v, n);
}

static bool has_file(const struct entity *e)
{
	for (const struct field *f = e->fields; f->name; f++)
		if (f->type == T_FILE && !(f->is & DERIVED))
			return true;
	return false;
}

/* ---- two people at once ------------------------------------------------------------------------ */

static str shown(struct exchange *x, const struct field *f, const void *row)
{
	str title = { "", 0 };
	int64_t id;

	if (f->type != T_REF)
		return field_text(f, row, x->c->lang, x->c->mem);
	memcpy(&id, (const char *)row + f->at, sizeof id);
	if (id && titles_of(x->c, f->ref, &id, 1, &title) != OK)
		title = S("");
	return title;
}

static void clash_fill(struct exchange *x, const struct meta *m, const void *mine, const void *theirs,
	struct form_view *v)
{
	struct cols hidden = x->hidden;
	struct clash_view *c = NEWS(x->c->mem, struct clash_view, fields_count(m->e->fields) + 1);
	int n = 0;

	for (const struct field *f = m->e->fields; f->name; f++)
		if (asked(x, m, f, &hidden) && !(f->is & SECRET) && !field_same(f, mine, theirs))
			c[n++] = (struct clash_view){ say(x->c, &f->label), shown(x, f, theirs), shown(x, f, mine) };
	v->clashes = ITEMS(c, n);
	v->clash = true;
	v->clash_text = say(x->c, &MSG_clash);
}

/* ---- the page ---------------------------------------------------------------------------------- */

static enum rc form_show(struct exchange *x, const struct meta *m, const void *row, const void *theirs, int status)
{
	struct ctx *c = x->c;
	const struct base *b = row;
	bool fresh = b->id == 0;
	str label = label_lower(c->mem, say(c, &m->e->label));
	struct form_view v = { .entity = str_of(m->e->name), .submit = say(c, &MSG_save), .fresh = fresh,
		.multipart = has_file(m->e) };

	x->fields = m->e->fields;
	v.title = sayf(c, fresh ? &MSG_new : &MSG_edit, &label, 1);
	v.action = fresh ? address_of(x, "/%s", m->e->name) : address_of(x, "/%s/%lld", m->e->name, (long long)b->id);
	v.cancel_href = v.action;
	v.rev = fresh ? S("") : put_n(c->mem, theirs ? ((const struct base *)theirs)->rev : b->rev);
	v.draft = str_fmt(c->mem, "%lld.%s.%lld", (long long)c->who->user.v, m->e->name, (long long)b->id);
	v.sections = sections_of(x, m, row, fresh ? ASK_NEW : 0);
	v.problems = problem_views(x);
	v.wrong = v.problems.n > 0;
	v.confirm = x->confirm;
	if (v.confirm.n)
		v.submit = say(c, &MSG_corrected);
	v.confirm_text = say(c, &MSG_anyway);
	if (theirs)
		clash_fill(x, m, row, theirs, &v);
	if (fresh)
		crumb_list(x, m);
	crumb(x, v.action, v.title);
	return answer_page(x, status, page_for(x, m, "form"), &form_shape, &v);
}

/* Defaults, then what a link suggests (?class=12): a form to begin with. */
static void prefill(struct exchange *x, const struct meta *m, void *row)
{
	struct input in = { .fields = m->e->fields, .flags = INPUT_NEW };

	row_fresh(x->c, m->e, row);
	input_read(x->c, &in, x->pairs, x->n_pairs, row);
	x->c->n_problems = 0;
	x->c->rc = OK;
	x->n_pairs = 0;
}

enum rc new_page(struct exchange *x, const struct meta *m)
{
	void *row = arena_alloc(x->c->mem, m->e->size, 16);

	prefill(x, m, row);
	TRY(unit_takes(x->c, ((struct base *)row)->org));    /* saving would say so after an hour's work */
	return form_show(x, m, row, NULL, 200);
}

enum rc edit_page(struct exchange *x, const struct meta *m)
{
	void *row;

	TRY(row_of_page(x, m, &row));
	if (!may(x->c, m->e, UPDATE, row))
		return E_DENIED;
	x->n_pairs = 0;
	if (!x->json)
		TRY(ended_of_row(x, row));
	return form_show(x, m, row, NULL, 200);
}

/* A write that was refused: the form again for people, the problems for machines. */
static enum rc refused(struct exchange *x, const struct meta *m, const void *row, const void *theirs, enum rc rc)
{
	x->fields = m->e->fields;
	if (x->json || (rc != E_INVALID && !(rc == E_CONFLICT && (theirs || x->c->n_problems)) &&
		!(rc == E_STATE && x->c->n_problems)))
		return rc;
	x->refused = rc;
	return form_show(x, m, row, theirs, status_of(rc));
}

/* "Check" asks whether it would be accepted, and writes nothing. */
static bool only_check(const struct exchange *x)
{
	const struct pair *p = pair_last(x, "_check");

	return p && str_eq(p->value, S("1"));
}

static enum rc written(struct exchange *x, const struct meta *m, const void *row, int status)
{
	const struct base *b = row;

	if (only_check(x)) {
		x->refused = E_STATE;
		x->p->status = 204;
		x->p->type = S("text/plain");
		x->answered = true;
		return OK;
	}
	if (x->json) {
		reply_header(x->p, S("Location"), address_of(x, "/%s/%lld", m->e->name, (long long)b->id));
		return row_answer(x, m, row, status);
	}
	if (!x->c->go.n)
		x->c->go = address_of(x, "/%s/%lld", m->e->name, (long long)b->id);
	if (!x->c->said.n)
		x->c->said = say(x->c, &MSG_saved);
	return OK;
}

/* ---- doubts ------------------------------------------------------------------------------------ */

/* Names exactly these doubts: whoever changes the input, or is overtaken by another new row, is asked anew. */
static str doubts_token(struct ctx *c)
{
	struct hasher h;

	hash_begin(&h);
	for (int i = 0; i < c->n_problems; i++) {
		hash_add_sized(&h, c->problems[i].text);
		hash_add_sized(&h, c->problems[i].href);
	}
	digest d = hash_end(&h);
	return hex_of(c->mem, &d, 12);
}

/* E_INVALID: there is something to look at that the sender has not said to go on in spite of. */
static enum rc doubts(struct exchange *x, const struct meta *m, void *row)
{
	const struct pair *p = x->body ? NULL : pair_last(x, "_confirm");
	str sent = x->body ? x->confirm : p ? p->value : S("");
	struct ctx *c = x->c;

	x->confirm = S("");
	if (!m->e->doubt)
		return OK;
	TRY(m->e->doubt(c, row));
	if (c->n_problems == 0)
		return OK;
	bool only = true;
	for (int i = 0; i < c->n_problems; i++)
		only = only && c->problems[i].doubt;
	str token = doubts_token(c);
	if (only && str_eq(sent, token)) {
		c->n_problems = 0;
		c->rc = OK;
		return OK;
	}
	if (row_try(c, m->e, row) == OK && only)
		x->confirm = token;
	return E_INVALID;
}

enum rc create_page(struct exchange *x, const struct meta *m)
{
	void *row = arena_alloc(x->c->mem, m->e->size, 16);
	enum rc rc;

	row_zero(m->e, row);
	rc = row_read(x, m, row, INPUT_NEW, NULL);
	if (rc == E_INVALID)
		row_try(x->c, m->e, row);    /* every problem at once, not one after another */
	if (rc == OK)
		rc = doubts(x, m, row);
	if (rc == OK)
		rc = create(x->c, m->e, row);
	if (rc == OK)
		return written(x, m, row, 201);
	((struct base *)row)->id = 0;
	return refused(x, m, row, NULL, rc);
}

enum rc update_page(struct exchange *x, const struct meta *m)
{
	void *row, *mine, *now;
	enum rc rc;

	TRY(row_of_page(x, m, &row));
	mine = arena_alloc(x->c->mem, m->e->size, 16);
	memcpy(mine, row, m->e->size);
	((struct base *)mine)->rev = rev_sent(x);
	rc = row_read(x, m, mine, 0, NULL);
	if (rc == E_INVALID)
		row_try(x->c, m->e, mine);
	if (rc == OK)
		rc = update(x->c, m->e, mine);
	if (rc == OK)
		return written(x, m, mine, 200);
	now = rc == E_CONFLICT && rev_sent(x) != ((struct base *)row)->rev ? row : NULL;
	return refused(x, m, mine, now, rc);
}

enum rc retire_page(struct exchange *x, const struct meta *m)
{
	static const struct tr done = { "Đã bỏ khỏi danh sách.", "Retired." };
	void *row;
	int64_t id;

	TRY(row_of_page(x, m, &row));
	id = ((struct base *)row)->id;
	TRY(retire(x->c, m->e, id, rev_sent(x) ? rev_sent(x) : ((struct base *)row)->rev));
	x->undo = address_of(x, "/%s/%lld/restore", m->e->name, (long long)id);
	if (x->json) {
		answer_json(x, 200);
		put_z(&x->p->body, "{\"gone\":true}");
		return OK;
	}
	return go_to(x->c, x->c->go.n ? x->c->go : address_of(x, "/%s", m->e->name), &done);
}

enum rc restore_page(struct exchange *x, const struct meta *m)
{
	static const struct tr done = { "Đã khôi phục.", "Restored." };
	int64_t id;

	if (!id_read(x->names.at[0].value, &id))
		return E_MISSING;
	TRY(unretire(x->c, m->e, id));
	if (x->json) {
		answer_json(x, 200);
		put_z(&x->p->body, "{\"gone\":false}");
		return OK;
	}
	return go_to(x->c, address_of(x, "/%s/%lld", m->e->name, (long long)id), &done);
}
