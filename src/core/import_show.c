/* import_show.c -- what the import wizard shows at each step. */
#include "core/import_page.h"
#include "core/files.h"
#include "core/pages.h"
#include "core/perm.h"
#include <unistd.h>

enum { SHOWN = 50, CELL_SHOWN = 60 /* letters of a long cell */, NEXT = 6 };
static const struct tr
	MSG_title = { "Nhập {1} từ tệp", "Import {1} from a file" },
	MSG_skip = { "Bỏ qua", "Leave out" }, MSG_remembered = { "như lần trước", "as last time" },
	MSG_guess = { "đoán, hãy kiểm tra", "a guess, please check" },
	MSG_new = { "Mới", "New" }, MSG_changed = { "Thay đổi", "Changed" }, MSG_same = { "Như cũ", "The same" },
	MSG_refused = { "Lỗi", "Refused" },
	MSG_good = { "Ghi {1} dòng đúng, để lại {2} dòng lỗi", "Write {1} good rows, leave {2} refused" },
	MSG_all = { "Ghi {1} dòng", "Write {1} rows" },
	MSG_whole = { "Chỉ ghi khi mọi dòng đều đúng", "Write only when every row is good" },
	MSG_result = { "Đã ghi xong: {1} dòng mới, {2} dòng thay đổi, {3} dòng như cũ, {4} dòng lỗi để lại.",
		"Written: {1} new, {2} changed, {3} the same, {4} refused." },
	MSG_undone = { "Lượt nhập này đã được hoàn tác.", "This import was undone." },
	MSG_until = { "Có thể hoàn tác toàn bộ đến {1}, miễn là chưa ai sửa các dòng đã nhập.",
		"It can be undone until {1}, unless somebody changed one of its rows." },
	MSG_waits = { "Đang làm ở nền.", "Working in the background." },
	MSG_failed = { "Lượt nhập dừng giữa chừng. Xem lại rồi thử lại; phần đã ghi có thể hoàn tác.",
		"The import stopped. Look again and retry; what was written can be undone." };

static str text_of_count(struct exchange *x, int64_t n)
{
	return int_text(x->c->mem, n);
}

static void begin(struct exchange *x, const struct entity *e, struct import_view *v)
{
	struct ctx *c = x->c;
	v->label = label_lower(c->mem, say(c, &e->label));
	v->title = sayf(c, &MSG_title, ARGS(v->label));
	v->list_href = address_of(x, "/%s", e->name);
	v->back_href = address_of(x, "/%s/import", e->name);
	v->template_href = address_of(x, "/%s/import/template", e->name);
	v->problems = problem_views(x);
	v->wrong = v->problems.n > 0;
	crumb(x, v->list_href, say(c, &e->label));
	crumb(x, S(""), v->title);
}

static enum rc answer(struct exchange *x, const struct import_view *v, int status)
{
	if (x->json) {
		shape_json(answer_json(x, status), import_shape.fields, v, NULL);
		return OK;
	}
	return answer_page(x, status, "core/import", &import_shape, v);
}

/* ---- start ---------------------------------------------------------------------------------------- */

static enum rc fill_past(struct exchange *x, const struct entity *e, struct import_view *v)
{
	enum { MOST = 5 };
	struct past_view *past = NEWS(x->c->mem, struct past_view, MOST);
	struct rows r;
	int n = 0;
	TRY(db_query(x->c->db,
		"SELECT id, name, made, n_new, n_changed, n_refused FROM imported WHERE made_by = ?1 AND entity = ?2 ORDER "
			"BY made DESC LIMIT 5",
	             VALS(v_int(x->c->who->user.v), v_text(str_of(e->name))), &r));
	while (n < MOST && rows_next(&r)) {
		past[n].href = address_of(x, "/%s/import/%lld", e->name, (long long)rows_int(&r, 0));
		past[n].name = str_copy(x->c->mem, rows_text(&r, 1));
		past[n].when = instant_text(x->c->mem, (instant){ rows_int(&r, 2) });
		past[n++].what = TEXT(x->c, "%lld / %lld / %lld", (long long)rows_int(&r, 3), (long long)rows_int(&r, 4),
			(long long)rows_int(&r, 5));
	}
	v->past = ITEMS(past, n);
	return rows_end(&r);
}

enum rc import_show_start(struct exchange *x, const struct meta *m, int status)
{
	struct import_view v = { .upload = true };
	begin(x, m->e, &v);
	v.action = v.back_href;
	if (x->refused == OK)
		TRY(fill_past(x, m->e, &v));
	return answer(x, &v, status);
}

/* ---- matching -------------------------------------------------------------------------------------- */

static items field_options(struct exchange *x, const struct import_plan *p, const struct field *chosen)
{
	int n = 0;
	const struct field *unit = table_of(x->app->registry, p->e)->unit;
	struct option_view *o = NEWS(x->c->mem, struct option_view, fields_count(p->e->fields) + 2);
	o[n++] = (struct option_view){ .value = S(""), .label = say(x->c, &MSG_skip), .selected = !chosen };
	if (unit && !field_named(p->e->fields, str_of(unit->name)))
		o[n++] = (struct option_view){ .value = str_of(unit->name), .label = say(x->c, &unit->label),
			.selected = chosen == unit };
	for (const struct field *f = p->e->fields; f->name; f++)
		if (import_takes(f))
			o[n++] = (struct option_view){ .value = str_of(f->name), .selected = f == chosen,
				.label = TEXT(x->c, "%.*s%s", FMT(say(x->c, &f->label)), f->is & NEEDED ? " (*)" : "") };
	return ITEMS(o, n);
}

static str sample_of(struct exchange *x, const struct import_plan *p, const struct import_look *look, int k)
{
	struct buf b;
	int n = 0;
	buf_init(&b, x->c->mem, 2000);
	for (int i = 0; i < look->n_rows && n < 2; i++)
		if (look->numbers[i] >= p->heading + p->headings && k < look->n_cells[i] && look->rows[i][k].n) {
			put_z(&b, n++ ? " · " : "");
			put(&b, str_sub(look->rows[i][k], 0, look->rows[i][k].n < 60 ? -1 : 60));
		}
	return str_is_utf8(buf_str(&b)) ? buf_str(&b) : S("…");
}

/* Is the heading this column's name, or does it tell which of the kinds of such a row it is about ("SĐT cha")? */
static bool speaks_of(struct exchange *x, const struct field *f, str folded)
{
	struct arena *mem = x->c->mem;
	str also = str_of(f->also ? f->also : ""), one;

	if (str_eq(folded, viet_fold(mem, str_of(f->label.vi))) || str_eq(folded, viet_fold(mem, str_of(f->label.en))))
		return true;
	for (str_cut(also, '|', &one, &also); one.n; str_cut(also, '|', &one, &also))
		if (str_eq(folded, viet_fold(mem, one)))
			return true;
	for (const struct choice *k = f->is & NEEDED ? f->pick : NULL; k && k->code; k++)
		if (str_ends(folded, TEXT(x->c, " %.*s", FMT(viet_fold(mem, str_of(k->label.vi))))))
			return true;
	return false;
}

/* Another list about such rows ("Lớp" of a pupil: who is in which class), which takes the column by its own import. */
static void belongs_to(struct exchange *x, const struct entity *e, str heading, struct match_view *ret)
{
	const struct registry *r = x->app->registry;
	str folded = str_trim(viet_fold(x->c->mem, heading));

	for (int i = 0; i < r->n_entities && folded.n && ret->other.n == 0; i++) {
		const struct entity *o = r->metas[i].e;
		const struct field *about = NULL, *said = NULL;

		if (o == e || !perm_any(x->c, o, IMPORT))
			continue;
		for (const struct field *f = o->fields; f->name; f++) {
			if (f->type == T_REF && f->ref == e && f->is & NEEDED)
				about = f;
			else if (import_takes(f) && f->is & NEEDED && speaks_of(x, f, folded))
				said = f;
		}
		if (about && said) {
			ret->other = say(x->c, &o->label);
			ret->other_href = address_of(x, "/%s/import", o->name);
		}
	}
}

static void fill_columns(struct exchange *x, const struct import_plan *p, const struct import_look *look,
	struct import_view *v)
{
	struct match_view *c = NEWS(x->c->mem, struct match_view, p->n + 1);
	for (int k = 0; k < p->n; k++) {
		c[k].name = TEXT(x->c, "c%d", k);
		c[k].heading = look->headings[k].n ? look->headings[k] : TEXT(x->c, "%c", 'A' + k % 26);
		c[k].sample = sample_of(x, p, look, k);
		c[k].options = field_options(x, p, p->at[k]);
		c[k].guessed = p->at[k] && look->sure[k] != 100 && look->sure[k] > 0;
		if (!p->at[k])
			belongs_to(x, p->e, look->headings[k], &c[k]);
		c[k].sure = say(x->c, look->sure[k] > 100 ? &MSG_remembered : &MSG_guess);
	}
	v->columns = ITEMS(c, p->n);
}

static void fill_choices(struct exchange *x, const struct import_plan *p, const struct import_look *look,
	struct import_view *v)
{
	static const struct tr encodings[] = { { "Unicode", "Unicode" }, { "Unicode tổ hợp", "Unicode, split" },
		{ "TCVN3 (.VnTime)", "TCVN3 (.VnTime)" }, { "VNI", "VNI" },
		{ "Windows-1258", "Windows-1258" } };
	struct option_view *s = NEWS(x->c->mem, struct option_view, SHEET_NAMES + 1),
		*e = NEWS(x->c->mem, struct option_view, COUNT(encodings));
	int n = 0;
	for (; n < look->told.n_names; n++)
		s[n] = (struct option_view){ .value = put_n(x->c->mem, n), .label = look->told.names[n],
			.selected = n == p->sheet };
	if (n == 0)
		s[n++] = (struct option_view){ .value = S("0"), .label = S("CSV"), .selected = true };
	for (int i = 0; i < COUNT(encodings); i++)
		e[i] = (struct option_view){ .value = put_n(x->c->mem, i), .label = say(x->c, &encodings[i]),
			.selected = i == (int)p->encoding };
	v->sheets = ITEMS(s, n);
	v->encodings = ITEMS(e, COUNT(encodings));
	v->heading = put_n(x->c->mem, p->heading);
	v->legacy = p->encoding != VIET_UNICODE && p->encoding != VIET_UNICODE_SPLIT;
}

static void fill_presets(struct exchange *x, const struct import_plan *p, struct import_view *v)
{
	int n = 0;
	struct option_view *o = NEWS(x->c->mem, struct option_view, fields_count(p->e->fields) + 1);
	for (const struct field *f = p->e->fields; f->name; f++) {
		bool matched = false, set = false;
		for (int k = 0; k < p->n; k++)
			matched = matched || p->at[k] == f;
		for (int k = 0; k < p->n_presets; k++)
			set = set || p->presets[k].f == f;
		if (import_presets(f) && !matched)
			o[n++] = (struct option_view){ .value = str_of(f->name), .label = say(x->c, &f->label), .selected = set };
	}
	v->presets = ITEMS(o, n);
}

static enum rc show_match(struct exchange *x, const struct imported *at, struct import_view *v)
{
	struct import_look *look = NEW(x->c->mem, struct import_look);
	struct import_plan guessed = at->plan;
	struct file_info info;
	int fd;
	v->match = true;
	TRY(file_open(x->c, at->file, &info, &fd));
	enum rc rc = import_look(x->c, fd, &guessed, look);
	close(fd);
	TRY(rc);
	fill_columns(x, &at->plan, look, v);
	fill_choices(x, &at->plan, look, v);
	fill_presets(x, &at->plan, v);
	const struct field *missing = import_missing(&at->plan);
	v->missing_some = missing != NULL;
	v->missing = missing ? say(x->c, &missing->label) : S("");
	return OK;
}

/* A cell longer than a page can show: its beginning and its length, and what the column takes. */
static str cut_cell(struct exchange *x, const struct field *f, str s)
{
	static const struct tr
		long_ = { "{1}… ({2} ký tự)", "{1}… ({2} characters)" },
		limit = { "{1}… ({2} ký tự; nhận nhiều nhất {3})", "{1}… ({2} characters; at most {3} are taken)" };
	const int64_t n = str_chars(s);
	ptrdiff_t i = 0;

	for (int k = 0; k < CELL_SHOWN && i < s.n; k++)
		str_next(s, &i);
	return f && f->type == T_TEXT && f->max && n > f->max ? sayf(x->c, &limit, ARGS(str_sub(s, 0, i),
		text_of_count(x, n), text_of_count(x, f->max)))
		: sayf(x->c, &long_, ARGS(str_sub(s, 0, i), text_of_count(x, n)));
}

static bool long_cell(str s)
{
	return str_chars(s) > 2 * CELL_SHOWN;
}

/* ---- the trial --------------------------------------------------------------------------------------- */

static void fill_parts(struct exchange *x, const struct entity *e, const struct kept_line *l, bool refused,
	struct line_view *ret)
{
	int n = 0, most = 1;
	for (ptrdiff_t i = 0; i < l->detail.n; i++)
		most += l->detail.p[i] == '\n';
	struct part_view *p = NEWS(x->c->mem, struct part_view, most);
	str left = l->detail, line, name;
	while (left.n > 0 && n < most) {
		str_cut(left, '\n', &line, &left);
		struct part_view *v = &p[n++];
		str_cut(line, '\t', &name, &line);
		str_cut(line, '\t', &v->old, &line);
		str_cut(line, '\t', &v->now, &v->problem);
		const struct field *f = name.n ? import_field(x->c, e, name) : NULL;
		v->label = f ? say(x->c, &f->label) : S("");
		v->wrong = refused;
		v->changed = !refused && v->problem.n == 0;
		v->noted = !refused && v->problem.n > 0;
		v->asks = str_is(name, IMPORT_ANOTHER);
		v->chosen = v->asks && str_is(v->now, "1");
		v->now = v->asks ? S("") : v->now;
		ret->asks = ret->asks || v->asks;
		/* what is not shown whole is not sent back either */
		v->editable = refused && f && !long_cell(v->now);
		v->old = long_cell(v->old) ? cut_cell(x, f, v->old) : v->old;
		v->now = long_cell(v->now) ? cut_cell(x, f, v->now) : v->now;
		v->name = v->asks ? TEXT(x->c, "e.%lld." IMPORT_ANOTHER, (long long)l->line)
			: f ? TEXT(x->c, "e.%lld.%s", (long long)l->line, f->name) : S("");
	}
	ret->number = put_n(x->c->mem, l->line);
	ret->title = long_cell(l->title) ? cut_cell(x, NULL, l->title) : l->title;
	ret->parts = ITEMS(p, n);
}

static enum rc fill_lines(struct exchange *x, const struct imported *at, const char *what, struct import_view *v)
{
	struct kept_line *kept = NEWS(x->c->mem, struct kept_line, SHOWN + 1);
	struct line_view *lines = NEWS(x->c->mem, struct line_view, SHOWN + 1);
	const struct pair *after = pair_last(x, "sau");
	int64_t from = 0;
	int n;
	if (after)
		str_to_int(after->value, &from);
	TRY(kept_read(x->c, at->id, what, from, SHOWN + 1, kept, &n));
	if (n > SHOWN) {
		n = SHOWN;
		v->next_href = address_of(x, "/%s/import/%lld?nhom=%s&sau=%lld", at->e->name, (long long)at->id, what,
			(long long)kept[n - 1].line);
	}
	v->editable = strcmp(what, "refused") == 0;
	bool refused = v->editable;
	for (int i = 0; i < n; i++) {
		fill_parts(x, at->e, &kept[i], refused, &lines[i]);
		v->editable = v->editable || lines[i].asks;
	}
	v->lines = ITEMS(lines, n);
	v->none = n == 0;
	return OK;
}

static enum rc show_tried(struct exchange *x, const struct imported *at, struct import_view *v)
{
	static const struct tr *const labels[] = { &MSG_new, &MSG_changed, &MSG_same, &MSG_refused };
	struct link_view *chips = NEWS(x->c->mem, struct link_view, 4);
	const struct pair *group = pair_last(x, "nhom");
	const int64_t *n = at->counts.n;
	int chosen = n[IMPORT_REFUSED] ? IMPORT_REFUSED : n[IMPORT_CHANGED] ? IMPORT_CHANGED : IMPORT_NEW;
	for (int i = 0; i < 4; i++)
		if (group && str_is(group->value, import_whats[i]))
			chosen = i;
	for (int i = 0; i < 4; i++)
		chips[i] = (struct link_view){ .href = address_of(x, "/%s/import/%lld?nhom=%s", at->e->name,
			(long long)at->id, import_whats[i]),
			.label = say(x->c, labels[i]), .note = text_of_count(x, n[i]), .current = i == chosen };
	v->tried = true;
	v->chips = ITEMS(chips, 4);
	TRY(fill_lines(x, at, import_whats[chosen], v));
	int64_t good = n[IMPORT_NEW] + n[IMPORT_CHANGED];
	v->refused_some = n[IMPORT_REFUSED] > 0;
	v->can_write = good > 0;
	v->good_text = v->refused_some ? sayf(x->c, &MSG_good, ARGS(text_of_count(x, good),
		text_of_count(x, n[IMPORT_REFUSED])))
	                               : sayf(x->c, &MSG_all, ARGS(text_of_count(x, good)));
	v->can_whole = good > 0 && !v->refused_some;
	v->whole_text = say(x->c, &MSG_whole);
	v->errors_href = address_of(x, "/%s/import/%lld/errors", at->e->name, (long long)at->id);
	return OK;
}

/* What rows such as these still need: lists of which every row holds one of them (who is in which class, whose parent
 * somebody is), first those for which the file itself has a column. */
static void next_add(struct link_view *at, int *n, str href, str label, str note)
{
	for (int i = 0; i < *n; i++)
		if (str_eq(at[i].href, href))
			return;
	if (*n < NEXT)
		at[(*n)++] = (struct link_view){ .href = href, .label = label, .note = note };
}

static enum rc next_of_file(struct exchange *x, const struct imported *at, struct link_view *next, int *n)
{
	struct import_look *look = NEW(x->c->mem, struct import_look);
	struct import_plan plan = at->plan;
	struct file_info info;
	int fd;
	TRY(file_open(x->c, at->file, &info, &fd));
	enum rc rc = import_look(x->c, fd, &plan, look);
	close(fd);
	TRY(rc);
	for (int k = 0; k < at->plan.n; k++) {
		struct match_view m = { .other = S("") };
		if (!at->plan.at[k])
			belongs_to(x, at->e, look->headings[k], &m);
		if (m.other.n)
			next_add(next, n, m.other_href, m.other, look->headings[k]);
	}
	return OK;
}

static bool holds(const struct entity *o, const struct entity *e)
{
	for (const struct field *f = o->fields; f->name; f++)
		if (f->type == T_REF && f->ref == e && f->is & NEEDED && f->is & HOLDS)
			return true;
	return false;
}

static void fill_next(struct exchange *x, const struct imported *at, struct import_view *v)
{
	const struct registry *r = x->app->registry;
	struct link_view *next = NEWS(x->c->mem, struct link_view, NEXT);
	const int had = x->c->n_problems;
	int n = 0;
	if (next_of_file(x, at, next, &n) != OK) {       /* the file is kept for a month only */
		x->c->n_problems = had;
		x->c->rc = OK;
	}
	for (int i = 0; i < r->n_entities; i++)
		if (holds(r->metas[i].e, at->e) && perm_any(x->c, r->metas[i].e, IMPORT))
			next_add(next, &n, address_of(x, "/%s/import", r->metas[i].e->name), say(x->c, &r->metas[i].e->label),
				S(""));
	v->next = ITEMS(next, n);
	v->next_some = n > 0;
}

static void show_ended(struct exchange *x, const struct imported *at, struct import_view *v)
{
	const int64_t *n = at->counts.n;
	const str counts[] = { text_of_count(x, n[0]), text_of_count(x, n[1]), text_of_count(x, n[2]),
		text_of_count(x, n[3]) };
	v->done = str_is(at->state, "done");
	v->failed = str_is(at->state, "failed");
	v->undone = str_is(at->state, "undone");
	v->result = v->undone ? say(x->c, &MSG_undone) : sayf(x->c, &MSG_result, counts, 4);
	v->problem = v->failed ? say(x->c, &MSG_failed) : S("");
	v->can_undo = !v->undone && x->c->now.v - at->applied <= IMPORT_UNDO_MS && n[IMPORT_NEW] + n[IMPORT_CHANGED] > 0;
	v->until = sayf(x->c, &MSG_until, ARGS(instant_text(x->c->mem, (instant){ at->applied + IMPORT_UNDO_MS })));
	v->undo_action = TEXT(x->c, "%.*s?do=undo", FMT(v->action));
	v->refused_some = v->done && n[IMPORT_REFUSED] > 0;      /* they may still be fetched, mended and sent again */
	v->errors_href = TEXT(x->c, "%.*s/errors", FMT(v->action));
	if (v->done && n[IMPORT_NEW] > 0)
		fill_next(x, at, v);
}

enum rc import_show(struct exchange *x, const struct imported *at, int status)
{
	struct import_view v = { .name = at->name };
	enum rc rc = OK;
	begin(x, at->e, &v);
	v.action = address_of(x, "/%s/import/%lld", at->e->name, (long long)at->id);
	v.again_href = TEXT(x->c, "%.*s?buoc=ghep", FMT(v.action));
	v.job_href = TEXT(x->c, "/viec/%lld", (long long)at->job);
	v.running = str_is(at->state, "trying") || str_is(at->state, "queued") || str_is(at->state, "running");
	v.doing = say(x->c, &MSG_waits);
	if (str_is(at->state, "match"))
		rc = show_match(x, at, &v);
	else if (str_is(at->state, "tried"))
		rc = show_tried(x, at, &v);
	else if (!v.running)
		show_ended(x, at, &v);
	return rc == OK ? answer(x, &v, status) : rc;
}
