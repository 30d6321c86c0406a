/* list.c -- an entity's list: filters in the address, words without marks, one page after another by key, what may
 * be done. */
#include "core/list.h"
#include "core/listing.h"
#include "core/pages.h"
#include "core/roles.h"
#include "core/work_page.h"
#include "web/html.h"

/* ---- what is asked ----------------------------------------------------------------------------- */

static const struct tr MSG_long = { "Danh sách quá dài để xếp theo cột này. "
	"Hãy chọn một đơn vị, một lớp hoặc tìm theo từ, rồi sắp xếp.",
	"The list is too long for that order. Choose a unit or a class, or search for words, then sort." };
static const struct tr MSG_unknown_sort = { "Không sắp xếp được theo “{1}”.", "The list cannot be sorted by “{1}”." };

static void filter_add(struct list_asked *q, col at, enum list_op op, struct val v)
{
	if (q->ask.n_filters < LIST_FILTERS) {
		q->filters[q->ask.n_filters++] = (struct list_filter){ .at = at, .op = (uint8_t)op, .v = v };
		q->filtered = true;
	}
}

static const char *filter_name(struct exchange *x, const struct field *f, const char *end)
{
	return str_z(x->c->mem, str_fmt(x->c->mem, "%s%s", f->name, end));
}

static const struct tr MSG_gap = { "Chọn “Chưa có” hoặc “Đã có”.", "Choose “Missing” or “Given”." };

/* Several choices of a pick, as "asked,accepted": bits of the choices; 0: something else. */
static int64_t among_read(const struct field *f, str typed)
{
	int64_t bits = 0;
	str code;

	while (typed.n) {
		int i = 0;
		str_cut(typed, ',', &code, &typed);
		while (f->pick[i].code && !str_is(code, f->pick[i].code))
			i++;
		if (!f->pick[i].code || i > 62)
			return 0;
		bits |= INT64_C(1) << i;
	}
	return bits;
}

/* NAME.none of the address: 1 the rows without it, 0 those with it. */
static enum rc gap_read(struct exchange *x, const struct field *f, struct list_asked *q)
{
	const struct pair *p = pair_last(x, filter_name(x, f, ".none"));

	if (!p || p->value.n == 0)
		return OK;
	if (!str_eq(p->value, S("1")) && !str_eq(p->value, S("0")))
		return FAIL(x->c, E_INVALID, f->at, &MSG_gap);
	filter_add(q, f->at, str_eq(p->value, S("1")) ? LIST_NONE : LIST_SOME, v_null());
	return OK;
}

/* One filter of the address: NAME, NAME.from or NAME.to. Empty is no filter. */
static enum rc filter_read(struct exchange *x, const struct meta *m, const struct field *f, const char *end,
	enum list_op op,
                           struct list_asked *q)
{
	const struct pair *p = pair_last(x, filter_name(x, f, end));
	void *row;
	struct flaw flaw;

	if (!p || str_trim(p->value).n == 0)
		return OK;
	if (f->type == T_PICK && str_find(p->value, S(",")) > 0 && among_read(f, p->value)) {
		filter_add(q, f->at, LIST_AMONG, v_int(among_read(f, p->value)));
		return OK;
	}
	row = arena_alloc(x->c->mem, m->e->size, 16);
	row_zero(m->e, row);
	if (!field_read(f, p->value, x->c->today, x->c->mem, row, &flaw))
		return fail(x->c, E_INVALID, f->at, flaw.text, flaw.args, flaw.n);
	if (!field_empty(f, row))
		filter_add(q, f->at, op, field_val(f, row));
	return OK;
}

static bool is_range(const struct field *f)
{
	return f->type == T_DAY || f->type == T_INT || f->type == T_MONEY || f->type == T_SCORE || f->type == T_TIME;
}

static bool filters(const struct exchange *x, const struct meta *m, const struct field *f, const struct cols *hidden)
{
	return f->is & FILTER && (f->type != T_REF || perm_any(x->c, f->ref, READ)) && f->type != T_LIST &&
		f->type != T_HTML && f->type != T_FILE &&
		!cols_has(hidden, column_at(table_of(x->app->registry, m->e), f->at));
}

static bool gaps(const struct exchange *x, const struct meta *m, const struct field *f, const struct cols *hidden)
{
	return f->is & LACKS && !cols_has(hidden, column_at(table_of(x->app->registry, m->e), f->at));
}

bool list_spans_units(const struct exchange *x)
{
	const struct actor *who = x->c->who;

	if (x->c->here.org.v)
		return x->n_orgs && x->orgs[x->n_orgs - 1].has_below;
	for (int i = 0; i < who->n_seats; i++)
		if (who->seats[i].role->seat == &in_tree || who->seats[i].org.v != who->seats[0].org.v)
			return true;
	return false;
}

static enum rc unit_read(struct exchange *x, const struct meta *m, const struct cols *hidden, struct list_asked *q)
{
	const struct field *unit = table_of(x->app->registry, m->e)->unit;

	if (!unit || !filters(x, m, unit, hidden))
		return OK;
	TRY(input_resolve(x, unit, ASK_FILTER));
	return filter_read(x, m, unit, "", LIST_IS, q);
}

static enum rc sort_read(struct exchange *x, const struct meta *m, const struct cols *hidden, struct list_asked *q)
{
	const struct pair *p = pair_last(x, "sort");
	str name = p ? p->value : S("");
	const struct field *f;

	if (name.n == 0)
		return OK;
	if (name.p[0] == '-') {
		q->ask.down = true;
		name = str_sub(name, 1, -1);
	}
	f = field_named(m->e->fields, name);
	for (size_t i = 0; f && i < sizeof m->e->list / sizeof *m->e->list && m->e->list[i]; i++)
		if (m->e->list[i] == f->at && !cols_has(hidden, column_at(table_of(x->app->registry, m->e), f->at))) {
			q->ask.sort = f->at;
			q->sort = p->value;
			return OK;
		}
	return fail(x->c, E_INVALID, 0, &MSG_unknown_sort, &name, 1);
}

/* Of rows that come anew every year a list shows the year at hand, unless something else is asked for; "year=" asks
 * for every year. */
static void year_at_hand(struct exchange *x, const struct meta *m, const struct cols *hidden, struct list_asked *q)
{
	const struct field *f = m->e->of_year ? field_at(m->e->fields, m->e->of_year) : NULL;

	if (!f || !filters(x, m, f, hidden) || !x->c->here.year || q->ask.n_filters || pair_last(x, f->name))
		return;
	pair_set(x, f->name, put_n(x->c->mem, x->c->here.year));
	filter_add(q, f->at, LIST_IS, v_int(x->c->here.year));
	q->filtered = q->ask.words.n > 0;
}

/* What is kept by person is shown by name (where that is not too long, listing_keep_order); programs get it in its own
 * order, which does not depend on how long it is. */
static void names_in_order(const struct exchange *x, const struct meta *m, struct list_asked *q)
{
	const struct field *f = m->e->sort[0] ? field_at(m->e->fields, m->e->sort[0]) : NULL;
	const struct field *by = f && f->type == T_REF && f->ref ? field_at(f->ref->fields, f->ref->sort[0]) : NULL;

	if (by && by->is & NAME && !q->ask.sort && !x->json)
		q->ask.sort = f->at;
}

enum rc list_read(struct exchange *x, const struct meta *m, uint32_t verb, struct list_asked *q)
{
	const struct pair *words = pair_last(x, "q"), *gone = pair_last(x, "gone");
	struct cols hidden = perm_hidden(x->c, m->e, verb);
	enum rc worst = OK;

	*q = (struct list_asked){ .ask = { .e = m->e, .verb = verb } };
	q->ask.filters = q->filters;
	x->fields = m->e->fields;
	if (words && str_trim(words->value).n && m->fold) {
		q->ask.words = str_trim(words->value);
		q->filtered = true;
	}
	q->ask.gone = gone && str_eq(gone->value, S("1")) && perm_any(x->c, m->e, RETIRE);
	TRY(input_resolve(x, m->e->fields, ASK_FILTER));
	TRY(unit_read(x, m, &hidden, q));
	x->fields = m->e->fields;
	for (const struct field *f = m->e->fields; f->name; f++) {
		enum list_op op = f->type == T_TEXT && f->is & SEARCH ? LIST_LIKE : LIST_IS;

		if (gaps(x, m, f, &hidden) && gap_read(x, f, q) != OK)
			worst = E_INVALID;
		if (!filters(x, m, f, &hidden))
			continue;
		if (filter_read(x, m, f, "", op, q) != OK)
			worst = E_INVALID;
		if (is_range(f) && (filter_read(x, m, f, ".from", LIST_FROM, q) != OK || filter_read(x, m, f, ".to", LIST_TO,
			q) != OK))
			worst = E_INVALID;
	}
	year_at_hand(x, m, &hidden, q);
	if (sort_read(x, m, &hidden, q) != OK)
		worst = E_INVALID;
	names_in_order(x, m, q);
	return worst;
}

/* ---- addresses of the same list ------------------------------------------------------------------ */

/* The n-th of what was given goes along: the last of its name, with something in it ("year=" says every year), as an
 * id and not as the words for it. */
static bool carried(const struct exchange *x, const struct meta *m, int n, const char *const without[3])
{
	const struct field *year = m->e->of_year ? field_at(m->e->fields, m->e->of_year) : NULL;
	str name = x->pairs[n].name;

	if (str_eq(name, S("after")) || str_eq(name, S("before")) || str_ends(name, S(".text")) ||
		(name.n && name.p[0] == '_') || (x->pairs[n].value.n == 0 && !(year && str_is(name, year->name))))
		return false;
	for (int i = n + 1; i < x->n_pairs; i++)
		if (str_eq(name, x->pairs[i].name))
			return false;
	for (int i = 0; i < 3 && without[i]; i++)
		if (str_is(name, without[i]))
			return false;
	return true;
}

static void put_asked(struct buf *b, char sep, str name, str value)
{
	put_c(b, sep);
	put_url(b, name);
	put_c(b, '=');
	put_url(b, value);
}

/* The list's address with its filters, without some names, and with one more. */
static str list_address(struct exchange *x, const struct meta *m, const char *tail, const char *const without[3],
	const char *name, str value)
{
	struct buf b;
	char sep = '?';

	buf_init(&b, x->c->mem, 16384);
	put(&b, x->base);
	put_fmt(&b, "/%s%s", m->e->name, tail);
	for (int i = 0; i < x->n_pairs; i++) {
		if (!carried(x, m, i, without) || (name && str_is(x->pairs[i].name, name)))
			continue;
		put_asked(&b, sep, x->pairs[i].name, x->pairs[i].value);
		sep = '&';
	}
	if (name && value.n)
		put_asked(&b, sep, str_of(name), value);
	return buf_str(&b);
}

static items hidden_pairs(struct exchange *x, const struct meta *m, bool all)
{
	static const char *const none[3] = { NULL, NULL, NULL };
	struct hidden_view *v = NEWS(x->c->mem, struct hidden_view, x->n_pairs + 1);
	int n = 0;

	for (int i = 0; i < x->n_pairs; i++)
		if (carried(x, m, i, none) && (all || str_eq(x->pairs[i].name, S("sort"))))
			v[n++] = (struct hidden_view){ x->pairs[i].name, x->pairs[i].value };
	return ITEMS(v, n);
}

/* ---- the view ------------------------------------------------------------------------------------- */

static void ask_gap(struct exchange *x, const struct field *d, struct field_view *v)
{
	static const struct tr all = { "– Tất cả –", "– All –" }, none = { "Chưa có", "Missing" },
		some = { "Đã có", "Given" };
	const struct pair *p = pair_last(x, filter_name(x, d, ".none"));
	struct option_view *o = NEWS(x->c->mem, struct option_view, 3);

	o[0] = (struct option_view){ .value = S(""), .label = say(x->c, &all) };
	o[1] = (struct option_view){ .value = S("1"), .label = say(x->c, &none) };
	o[2] = (struct option_view){ .value = S("0"), .label = say(x->c, &some) };
	for (int i = 1; i < 3; i++)
		o[i].selected = p && str_eq(p->value, o[i].value);
	*v = (struct field_view){ .name = str_of(filter_name(x, d, ".none")),
		.id = str_fmt(x->c->mem, "f-%s-none", d->name), .label = say(x->c, &d->label), .one_of = true,
		.options = ITEMS(o, 3) };
}

static void fill_filters(struct exchange *x, const struct meta *m, const struct field *unit, struct list_view *v)
{
	struct cols hidden = perm_hidden(x->c, m->e, READ);
	struct field_view *f = NEWS(x->c->mem, struct field_view, 2 * fields_count(m->e->fields) + 2);
	int n = 0;

	if (unit && filters(x, m, unit, &hidden))
		field_ask(x, unit, NULL, ASK_FILTER, &f[n++]);

	for (const struct field *d = m->e->fields; d->name; d++) {
		const struct pair *to, *from;

		if (gaps(x, m, d, &hidden))
			ask_gap(x, d, &f[n++]);
		if (!filters(x, m, d, &hidden))
			continue;
		field_ask(x, d, NULL, ASK_FILTER, &f[n]);
		from = pair_last(x, filter_name(x, d, ".from"));
		to = pair_last(x, filter_name(x, d, ".to"));
		if (is_range(d) && from)
			f[n].value = from->value;
		if (is_range(d) && to)
			f[n].to = to->value;
		f[n].number |= f[n].time;
		f[n].time = false;
		n++;
	}
	v->filters = ITEMS(f, n);
}

static bool numeric(const struct field *f)
{
	return f->type == T_INT || f->type == T_MONEY || f->type == T_SCORE;
}

/* The columns this actor sees in this list: .list without those that are hidden from him, and the unit where given:
 * where .list says, else second. */
static int columns_of(struct exchange *x, const struct meta *m, const struct list_answer *a, const struct field *unit,
	const struct field **ret)
{
	const struct table *t = table_of(x->app->registry, m->e);
	bool placed = false;
	int n = 0;

	for (size_t i = 0; i < sizeof m->e->list / sizeof *m->e->list && m->e->list[i]; i++) {
		const struct field *f = field_at(m->e->fields, m->e->list[i]);

		if (unit && m->e->list[i] == unit->at) {
			ret[n++] = unit;
			placed = true;
		}
		if (f && !cols_has(&a->hidden, column_at(t, f->at)))
			ret[n++] = f;
	}
	if (unit && !placed && n > 0) {
		memmove(ret + 2, ret + 1, sizeof *ret * (size_t)(n - 1));
		ret[1] = unit;
		n++;
	}
	return n;
}

static void fill_columns(struct exchange *x, const struct meta *m, const struct list_asked *q,
	const struct field **cols, int n,
                         struct list_view *v)
{
	static const char *const without[3] = { "sort", NULL, NULL };
	struct column_view *c = NEWS(x->c->mem, struct column_view, n + 1);
	struct order o;

	for (int i = 0; i < n; i++) {
		bool refers = cols[i]->type == T_REF;
		bool now = q->ask.sort == cols[i]->at || (!q->ask.sort && m->e->sort[0] == cols[i]->at && !refers);
		bool up = now && !q->ask.down;

		c[i] = (struct column_view){ .name = str_of(cols[i]->name), .label = say(x->c, &cols[i]->label), .sorted = now,
			.down = now && q->ask.down, .number = numeric(cols[i]) };
		if (cols[i]->at == offsetof(struct base, org) || (refers && !order_by_title(x->c, cols[i], &o)) ||
			(v->unsorted.n && !now))                 /* no order of its own */
			continue;
		c[i].aria = !now ? S("none") : up ? S("ascending") : S("descending");
		c[i].sort_href = list_address(x, m, "", without, "sort", str_fmt(x->c->mem, "%s%s", up ? "-" : "",
			cols[i]->name));
	}
	v->columns = ITEMS(c, n);
}

static str cell_text(struct exchange *x, const struct list_answer *a, const struct field *f, const void *row)
{
	int64_t id;

	if (f->type != T_REF)
		return field_text(f, row, x->c->lang, x->c->mem);
	memcpy(&id, (const char *)row + f->at, sizeof id);
	return list_title(a, f, id);
}

/* The line under the title on a phone: the next three things known, numbers with their label; the state has its own
 * place. */
static str second_line(struct exchange *x, const struct cell_view *c, int n)
{
	struct buf b;
	int shown = 0;

	buf_init(&b, x->c->mem, 400);
	for (int i = 1; i < n && shown < 3; i++) {
		if (c[i].empty || c[i].tag.n)
			continue;
		if (shown++)
			put(&b, S(" · "));
		if (c[i].number)
			put_fmt(&b, "%.*s ", FMT(c[i].label));
		put(&b, c[i].text);
	}
	return buf_str(&b);
}

static void fill_row(struct exchange *x, const struct meta *m, const struct list_answer *a, const struct field **cols,
	int n,
                     const void *row, struct row_view *v)
{
	const struct field *state = table_of(x->app->registry, m->e)->state;
	struct cell_view *c = NEWS(x->c->mem, struct cell_view, n + 1);

	v->id = put_n(x->c->mem, ((const struct base *)row)->id);
	v->href = str_fmt(x->c->mem, "%.*s/%s/%.*s", FMT(x->base), m->e->name, FMT(v->id));
	v->gone = ((const struct base *)row)->gone;
	for (int i = 0; i < n; i++) {
		c[i].text = cell_text(x, a, cols[i], row);
		c[i].label = say(x->c, &cols[i]->label);
		c[i].first = i == 0;
		c[i].number = numeric(cols[i]);
		c[i].empty = c[i].text.n == 0;
		if (i == 0)
			c[i].href = v->href;
		else if (cols[i] == state && c[i].text.n)
			c[i].tag = state_tag(m->e, state, *((const pick *)row + state->at));
	}
	v->title = n ? c[0].text : v->id;
	v->second = second_line(x, c, n);
	v->cells = ITEMS(c, n);
}

static void fill_rows(struct exchange *x, const struct meta *m, const struct list_answer *a,
	const struct field **cols, int n,
                      struct list_view *v)
{
	struct row_view *r = NEWS(x->c->mem, struct row_view, a->rows.n + 1);

	for (int64_t i = 0; i < a->rows.n; i++)
		fill_row(x, m, a, cols, n, (const char *)a->rows.p + (size_t)i * m->e->size, &r[i]);
	v->rows = ITEMS(r, a->rows.n);
}

static void fill_exports(struct exchange *x, const struct meta *m, struct list_view *v)
{
	static const char *const none[3] = { "format", NULL, NULL };
	static const char *const formats[3] = { "xlsx", "csv", "json" };
	static const struct tr labels[4] = { { "Tải về Excel", "Download Excel" }, { "Tải về CSV", "Download CSV" },
		{ "Tải về JSON", "Download JSON" },
		{ "In danh sách (PDF)", "Print the list (PDF)" } };
	static const struct tr all = { "{1} (in cả danh sách)", "{1} (print the whole list)" };
	const struct print *prints[PRINTS_MAX];
	struct link_view *l = NEWS(x->c->mem, struct link_view, 4 + PRINTS_MAX);
	int n = 0, n_prints = prints_of(x, m, prints);

	for (int i = 0; i < 3 && perm_any(x->c, m->e, EXPORT); i++)
		l[n++] = (struct link_view){ .label = say(x->c, &labels[i]),
			.href = list_address(x, m, "/export", none, "format", str_of(formats[i])) };
	if (perm_any(x->c, m->e, PRINT))
		l[n++] = (struct link_view){ .label = say(x->c, &labels[3]), .href = list_address(x, m, "/print", none, NULL,
			S("")) };
	for (int i = 0; i < n_prints; i++)
		l[n++] = (struct link_view){ .label = sayf(x->c, &all, ARGS(say(x->c, &prints[i]->label))),
			.href = list_address(x, m, "/print", none, "print", str_of(prints[i]->name)) };
	v->exports = ITEMS(l, n);
	v->may_export = n > 0;
}

items bulk_verbs(struct exchange *x, const struct meta *m)
{
	static const struct tr drop = { "Bỏ khỏi danh sách", "Retire" };
	struct link_view *l = NEWS(x->c->mem, struct link_view, 40);
	int n = 0;

	for (const struct step *s = m->e->flow.steps; s && s->name && n < 38; s++)
		if (s->by && perm_grants(x->c, s->by))
			l[n++] = (struct link_view){ .href = str_of(s->name), .label = say(x->c, &s->label) };
	if (perm_any(x->c, m->e, RETIRE))
		l[n++] = (struct link_view){ .href = S("retire"), .label = say(x->c, &drop) };
	return ITEMS(l, n);
}

/* Does anybody type such rows? Others come of what people do elsewhere. */
static bool entered(const struct entity *e)
{
	for (const struct grant *g = e->grants; g && g->to; g++)
		if (g->may & CREATE)
			return true;
	return false;
}

static void fill_empty(struct exchange *x, const struct meta *m, struct list_view *v)
{
	static const struct tr none = { "Chưa có {1} nào", "No {1} yet" }, no_match = { "Không có {1} nào khớp bộ lọc",
		"No {1} matches the filters" };
	static const struct tr add = { "Bấm “Thêm mới” để nhập từng mục, hoặc “Nhập từ Excel” để đưa cả danh sách vào.",
		"Press “Add” to enter one, or “Import from Excel” to bring in a whole list." };
	static const struct tr wait = { "Người phụ trách ở đơn vị của bạn sẽ nhập; khi có, danh sách hiện ở đây.",
		"The person in charge at your unit will enter them; they will appear here." };
	static const struct tr comes = { "Khi có, danh sách hiện ở đây.", "What there is will appear here." };
	static const struct tr loosen = { "Bỏ bớt điều kiện lọc, hoặc chọn đơn vị khác ở đầu trang.",
		"Remove some filters, or choose another unit above." };
	static const struct tr over = { "Đơn vị đã kết thúc hoạt động; ở đây không ghi thêm nữa.",
		"The unit has ended; nothing more is written here." };
	str label = label_lower(x->c->mem, say(x->c, &m->e->label));

	v->empty = true;
	v->empty_text = sayf(x->c, v->filtered ? &no_match : &none, &label, 1);
	v->empty_do = say(x->c, v->filtered ? &loosen : x->ended ? &over : v->new_href.n ? &add :
		entered(m->e) ? &wait : &comes);
	v->empty_href = v->filtered ? v->clear_href : v->new_href;
}

static void fill_pager(struct exchange *x, const struct meta *m, const struct list_answer *a, struct list_view *v)
{
	static const char *const without[3] = { "after", "before", NULL };

	if (a->more)
		v->next_href = list_address(x, m, "", without, "after", a->last);
	if (a->before)
		v->prev_href = list_address(x, m, "", without, "before", a->first);
	v->paged = v->next_href.n || v->prev_href.n;
}

static enum rc list_show(struct exchange *x, const struct meta *m, const struct list_asked *q,
	const struct list_answer *a)
{
	struct ctx *c = x->c;
	const struct field *cols[16], *unit = q->ask.units ? table_of(x->app->registry, m->e)->unit : NULL;
	struct list_view v = { .title = label_many(c, m->e), .entity = str_of(m->e->name), .searchable = m->fold,
		.gone = q->ask.gone };
	int n = columns_of(x, m, a, unit, cols);

	v.href = address_of(x, "/%s", m->e->name);
	v.q = q->ask.words;
	v.filtered = q->filtered;
	v.total = a->count < 0 && !a->more && !a->before ? a->rows.n : a->count;
	v.count_text = count_words(c, v.total, a->rows.n, m->e);
	v.kept = hidden_pairs(x, m, false);
	v.carried = hidden_pairs(x, m, true);
	if (q->filtered)
		v.clear_href = v.href;
	if (a->as_usual)
		v.unsorted = say(c, &MSG_long);
	/* at a unit that has ended nothing begins, and nothing is done to many at once: what was left over there is put
	 * right from above, row by row */
	if (perm_any(c, m->e, CREATE) && !x->ended)
		v.new_href = address_of(x, "/%s/new", m->e->name);
	if (perm_any(c, m->e, IMPORT) && !x->ended)
		v.import_href = address_of(x, "/%s/import", m->e->name);
	fill_filters(x, m, unit, &v);
	fill_columns(x, m, q, cols, n, &v);
	fill_rows(x, m, a, cols, n, &v);
	fill_pager(x, m, a, &v);
	fill_exports(x, m, &v);
	if (!x->ended)
		v.verbs = bulk_verbs(x, m);
	v.bulk = v.verbs.n > 0;
	v.bulk_href = address_of(x, "/%s/bulk", m->e->name);
	if (a->rows.n == 0)
		fill_empty(x, m, &v);
	crumb(x, v.href, v.title);
	return answer_page(x, 200, page_for(x, m, "list"), &list_shape, &v);
}

/* ---- JSON ----------------------------------------------------------------------------------------- */

static void titles_json(struct buf *b, const struct list_answer *a)
{
	put_z(b, ",\"titles\":{");
	for (int i = 0; i < a->n_titles; i++) {
		if (i)
			put_c(b, ',');
		put_json(b, str_of(a->titles[i].f->name));
		put_z(b, ":{");
		for (int j = 0; j < a->titles[i].n; j++) {
			if (j)
				put_c(b, ',');
			put_c(b, '"');
			put_int(b, a->titles[i].at[j].id);
			put_z(b, "\":");
			put_json(b, a->titles[i].at[j].title);
		}
		put_c(b, '}');
	}
	put_c(b, '}');
}

static enum rc list_json(struct exchange *x, const struct meta *m, const struct list_answer *a)
{
	const struct table *t = table_of(x->app->registry, m->e);
	struct buf *b = answer_json(x, 200);

	put_z(b, "{\"entity\":");
	put_json(b, str_of(m->e->name));
	put_z(b, ",\"count\":");
	put_int(b, a->count);
	put_z(b, ",\"items\":[");
	for (int64_t i = 0; i < a->rows.n; i++) {
		if (i)
			put_c(b, ',');
		row_json(b, t, (const char *)a->rows.p + (size_t)i * m->e->size, &a->hidden);
	}
	put_c(b, ']');
	titles_json(b, a);
	put_z(b, ",\"after\":");
	put_json(b, a->more ? a->last : S(""));
	put_z(b, ",\"before\":");
	put_json(b, a->before ? a->first : S(""));
	put_c(b, '}');
	return OK;
}

/* ---- routes ----------------------------------------------------------------------------------------- */

static int limit_read(const struct exchange *x)
{
	const struct pair *p = pair_last(x, "limit");
	int64_t n;

	return p && str_to_int(p->value, &n) && n >= 1 && n <= 500 ? (int)n : 50;
}

/* Links of the page are of the order it is in. */
static void forget_sort(struct exchange *x, struct list_asked *q)
{
	q->ask.sort = 0;
	q->ask.down = false;
	q->sort = S("");
	pair_set(x, "sort", q->sort);
}

enum rc list_page(struct exchange *x, const struct meta *m)
{
	const struct pair *after = pair_last(x, "after"), *before = pair_last(x, "before");
	struct list_asked *q = NEW(x->c->mem, struct list_asked);
	struct list_answer a = { 0 };
	col show[14];
	size_t n = 0;

	TRY(list_read(x, m, READ, q));
	q->ask.limit = limit_read(x);
	q->ask.titles = q->ask.count = true;
	q->ask.units = !x->json && list_spans_units(x);
	q->ask.after = after ? after->value : before ? before->value : S("");
	q->ask.back = !after && before;
	for (; n < sizeof m->e->list / sizeof *m->e->list && m->e->list[n]; n++)
		show[n] = m->e->list[n];
	show[n] = 0;
	q->ask.show = x->json ? NULL : show;
	TRY(list_rows(x->c, &q->ask, &a));
	if (a.as_usual && x->json)
		return FAIL(x->c, E_INVALID, q->ask.sort, &MSG_long);
	bool usual = a.as_usual;
	a.as_usual = usual && q->sort.n;                 /* is told to who asked for that order                     */
	if (usual)
		forget_sort(x, q);
	return x->json ? list_json(x, m, &a) : list_show(x, m, q, &a);
}

enum rc pick_page(struct exchange *x, const struct meta *m)
{
	const struct pair *words = pair_last(x, "q"), *name = pair_last(x, "name"), *living = pair_last(x, "living");
	struct list_ask ask = { .e = m->e, .limit = 12, .words = words ? str_trim(words->value) : S(""), .wide = true };
	struct pick_view v = { .q = ask.words, .name = name ? name->value : S("") };
	struct list_answer a;
	struct option_view *o;

	if (ask.words.n > 200)
		ask.words = S("");
	ask.living = living && str_eq(living->value, S("1"));
	TRY(list_choices(x->c, ask, &a));
	o = NEWS(x->c->mem, struct option_view, a.rows.n + 1);
	for (int64_t i = 0; i < a.rows.n; i++) {
		const void *row = (const char *)a.rows.p + (size_t)i * m->e->size;

		o[i].value = put_n(x->c->mem, ((const struct base *)row)->id);
		o[i].label = row_title(x->c, m->e, row);
		o[i].note = end_text(x->c, m->e, row);
		o[i].id = str_fmt(x->c->mem, "goi-y-%lld", (long long)i);
	}
	v.options = ITEMS(o, a.rows.n);
	v.none = a.rows.n == 0;
	if (x->json) {
		shape_json(answer_json(x, 200), pick_shape.fields, &v, NULL);
		return OK;
	}
	return answer_page(x, 200, "core/pick", &pick_shape, &v);
}
