/* import_line.c -- one line of a file into a row: texts read by field, references resolved, held against the row
 * that is there. Works on a batch, so that the database is asked a few times for a thousand lines. */
#include "core/import_run.h"
#include "core/query.h"
#include "core/registry.h"
#include "core/row.h"
#include "base/contact.h"

static const struct tr
	MSG_error_cell = { "Ô đang báo lỗi {1} trong bảng tính.", "The cell shows the error {1} in the spreadsheet." },
	MSG_ref_none = { "Không tìm thấy “{1}” trong {2}.", "“{1}” was not found among {2}." },
	MSG_ref_several = { "Có nhiều {2} cùng tên “{1}”; hãy ghi mã thay cho tên.",
		"Several {2} are called “{1}”; write the code instead." },
	MSG_meant = { "“{1}” được hiểu là {2}.", "“{1}” was taken for {2}." },
	MSG_alike = { "Đã có nhiều hồ sơ giống hệt dòng này (cùng đơn vị, tên, ngày sinh): ghi thêm mã số để biết là ai.",
		"Several records are alike to this row (unit, name, birthday): give an identity number to tell them apart." },
	MSG_twice = { "Trùng với dòng {1} của tệp.", "The same as row {1} of the file." },
	MSG_twins = { "Giống dòng {1} của tệp mà không có mã số: một người ghi hai lần, hay hai người?",
		"Alike to row {1} of the file, and without a number: one person twice, or two?" },
	MSG_may_differ = { "Được hiểu là hồ sơ đã có, vì giống ở đơn vị, tên và ngày; nhưng “{1}” đang là “{2}”. "
		"Có phải một không?",
		"Taken for the record that is there, alike in unit, name and date; but its “{1}” is “{2}”. Is it one?" },
	MSG_another = { "Ghi là hồ sơ mới như bạn đã chọn.", "Written as a new record, as you chose." },
	MSG_elsewhere = { "Đã có hồ sơ này ở nơi bạn không được sửa; nếu là chuyển đến, hãy làm thủ tục chuyển.",
		"This record exists where you may not change it; if it moves here, use the transfer." },
	MSG_stays = { "Hồ sơ đang ở đơn vị khác và vẫn ở đó: nhập không chuyển đơn vị.",
		"The record belongs to another unit and stays there: an import moves nobody." },
	MSG_fixed = { "Không được đổi sau khi đã ghi (đang là “{1}”).", "May not be changed once set (now “{1}”)." },
	MSG_empty = { "Dòng không có dữ liệu ở cột nào được nhập.", "The row has no data in the imported columns." };

void line_flaw(struct batch *b, int i, const struct field *f, const struct tr *text, const str *args, int n)
{
	struct line *l = &b->at[i];
	if (l->n_flaws == FLAWS)
		return;
	if (!l->flaws)
		l->flaws = NEWS(&b->mem, struct import_flaw, FLAWS);
	l->flaws[l->n_flaws++] = (struct import_flaw){ f, str_copy(&b->mem, sayf(&b->c, text, args, n)) };
	l->what = IMPORT_REFUSED;
}

static void line_note(struct batch *b, int i, const struct field *f, bool asks, str text)
{
	struct line *l = &b->at[i];
	if (l->n_notes == NOTES)
		return;
	if (!l->notes)
		l->notes = NEWS(&b->mem, struct import_flaw, NOTES);
	l->notes[l->n_notes++] = (struct import_flaw){ f, str_copy(&b->mem, text), asks };
}

/* ---- texts ------------------------------------------------------------------------------------- */

static bool digits(str s)
{
	for (ptrdiff_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n > 0;
}

str zeros_back(struct arena *mem, const struct field *f, str s)
{
	enum { IDENTITY = 12 /* a personal identity number; the provinces from 001 to 009 begin with two */ };

	if (f->type != T_TEXT || !digits(s))
		return s;
	str one = str_fmt(mem, "0%.*s", FMT(s));
	if (str_ends(str_of(f->name), S("phone")))
		return !phone_ok(s) && phone_ok(one) ? one : s;
	if (f->max == IDENTITY && s.n == IDENTITY - 2)
		return str_fmt(mem, "0%.*s", FMT(one));
	return f->max > 8 && s.n == f->max - 1 ? one : s;
}

/* What a spreadsheet does to values, undone: serial numbers as dates, dates as texts, lost leading zeros, x for yes. */
static str mended(struct batch *b, const struct field *f, const struct cell *cell, str s)
{
	int64_t v;
	day d;
	if (f->type == T_DAY && cell->kind == CELL_MOMENT)
		return str_sub(s, 0, 10);
	if (f->type == T_DAY && cell->kind == CELL_NUMBER && str_to_int(s, &v) && v > 1000 && v < 80000)
		return day_iso(&b->mem, (day){ (int32_t)(v - 25569) });
	if (f->type == T_TEXT && (cell->kind == CELL_DAY || cell->kind == CELL_MOMENT) &&
		day_read(str_sub(s, 0, 10), b->c.today, &d))
		return day_text(&b->mem, d);
	if (cell->kind == CELL_NUMBER)
		return zeros_back(&b->mem, f, s);
	if (f->type == T_BOOL && (str_is(s, "x") || str_is(s, "X") || str_is(s, "✓") || str_is(s, "√")))
		return S("1");
	return s;
}

static void set_text(struct batch *b, int i, const struct field *f, str text)
{
	struct line *l = &b->at[i];
	struct flaw flaw = { 0 };
	if (text.n == 0)
		return;
	if (f->type == T_REF) {
		if (!l->refs)
			l->refs = NEWS(&b->mem, str, b->t->n);
		l->refs[column_at(b->t, f->at)] = text;
		cols_add(&l->set, column_at(b->t, f->at));
	} else if (field_read(f, text, b->c.today, &b->mem, l->row, &flaw)) {
		cols_add(&l->set, column_at(b->t, f->at));
	} else {
		line_flaw(b, i, f, flaw.text, flaw.args, flaw.n);
	}
}

static const struct import_edit *edit_of(const struct import_run *run, int64_t line, const struct field *f)
{
	int lo = 0, hi = run->n_edits;
	while (lo < hi) {
		int mid = (lo + hi) / 2;
		if (run->edits[mid].line < line)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < run->n_edits && run->edits[lo].line == line; lo++)
		if (run->edits[lo].f == f)
			return &run->edits[lo];
	return NULL;
}

/* The text of field f in this line: of its column, or of several that make a name. */
static str gather(struct batch *b, int i, int from)
{
	const struct import_plan *p = b->run->plan;
	const struct line *l = &b->at[i];
	const struct field *f = p->at[from];
	str whole = { 0 };
	for (int k = from; k < p->n && k < l->n_cells; k++) {
		if (p->at[k] != f)
			continue;
		str s = mended(b, f, &l->cells[k], cell_text(&b->mem, &l->cells[k], p->encoding));
		if (l->cells[k].kind == CELL_ERROR)
			line_flaw(b, i, f, &MSG_error_cell, ARGS(s));
		else
			whole = whole.n && s.n ? str_fmt(&b->mem, "%.*s %.*s", FMT(whole), FMT(s)) : s.n ? s : whole;
	}
	return whole;
}

static void read_line(struct batch *b, int i)
{
	const struct import_plan *p = b->run->plan;
	struct line *l = &b->at[i];
	for (int k = 0; k < p->n_presets; k++)
		set_text(b, i, p->presets[k].f, p->presets[k].value);
	struct cols preset = l->set;
	for (int k = 0; k < p->n; k++) {
		bool before = false;
		for (int j = 0; j < k; j++)
			before = before || p->at[j] == p->at[k];
		if (!p->at[k] || before)
			continue;
		const struct import_edit *edit = edit_of(b->run, l->number, p->at[k]);
		set_text(b, i, p->at[k], edit ? edit->value : gather(b, i, k));
	}
	if (l->n_flaws == 0 && l->set.bits[0] == preset.bits[0] && l->set.bits[1] == preset.bits[1])
		line_flaw(b, i, NULL, &MSG_empty, NULL, 0);
}

/* ---- references ------------------------------------------------------------------------------------ */

/* What the text means though it names no row, for a field that can tell; other fields it fills count as given. */
static enum rc meant(struct batch *b, int i, const struct field *f, str text, int64_t *ret_id)
{
	struct line *l = &b->at[i];
	void *before = arena_alloc(&b->mem, b->t->e->size, 16);
	memcpy(before, l->row, b->t->e->size);
	TRY(f->means(&b->c, l->row, text));
	memcpy(ret_id, (const char *)l->row + f->at, sizeof *ret_id);
	for (int k = BASE_COLUMNS; k < b->t->n; k++)
		if (!field_same(b->t->columns[k], before, l->row))
			cols_add(&l->set, k);
	if (*ret_id)
		line_note(b, i, f, false, sayf(&b->c, &MSG_meant, ARGS(text, title_of(&b->c, f->ref, *ret_id))));
	return OK;
}

static enum rc resolve(struct batch *b)
{
	str *texts = NEWS(&b->mem, str, b->n);
	for (int k = 0; k < b->t->n; k++) {
		const struct field *f = b->t->columns[k];
		int n = 0;
		if (k < BASE_COLUMNS)                            /* of these only whose the row is */
			f = b->t->unit && f->at == b->t->unit->at ? b->t->unit : f;
		for (int i = 0; f->type == T_REF && f->ref && i < b->n; i++)
			if (cols_has(&b->at[i].set, k))
				texts[n++] = b->at[i].refs[k];
		if (n == 0)
			continue;
		TRY(refs_learn(&b->c, b->refs, f, texts, n));
		for (int i = 0; i < b->n; i++) {
			int64_t id = 0;
			if (!cols_has(&b->at[i].set, k))
				continue;
			str text = b->at[i].refs[k], label = str_lower(&b->mem, say(&b->c, &f->ref->label));
			enum ref_found found = refs_find(&b->c, b->refs, f, text, &id);
			if (found != REF_ONE && f->means)
				TRY(meant(b, i, f, text, &id));
			if (found != REF_ONE && !id)
				line_flaw(b, i, f, found == REF_NONE ? &MSG_ref_none : &MSG_ref_several, ARGS(text, label));
			memcpy((char *)b->at[i].row + f->at, &id, sizeof id);
		}
	}
	return OK;
}

/* ---- the rows that are there -------------------------------------------------------------------------- */

struct standing { int64_t *ids; const void **rows; int n; };

static enum rc load(struct batch *b, const int64_t *ids, struct standing *ret)
{
	enum { PIECE = 500 };
	ret->ids = NEWS(&b->mem, int64_t, b->n + 1);
	ret->rows = NEWS(&b->mem, const void *, b->n + 1);
	ret->n = 0;
	for (int from = 0; from < b->n;) {
		int64_t *ask_ids = NEWS(&b->mem, int64_t, PIECE);
		int n = 0;
		for (; from < b->n && n < PIECE; from++)
			if (ids[from])
				ask_ids[n++] = ids[from];
		if (n == 0)
			continue;
		struct list_ask ask = { .e = b->t->e, .ids = ask_ids, .n_ids = n, .limit = PIECE, .wide = true };
		struct list_answer a;
		TRY(list_rows(&b->c, &ask, &a));
		b->hidden = a.hidden;
		for (int64_t i = 0; i < a.rows.n && ret->n < b->n; i++) {
			const void *row = (const char *)a.rows.p + i * b->t->e->size;
			ret->ids[ret->n] = ((const struct base *)row)->id;
			ret->rows[ret->n++] = row;
		}
	}
	return OK;
}

/* The line laid over the row that stands: what the file has counts, the rest stays. */
static void overlay(struct batch *b, int i, const void *old)
{
	struct line *l = &b->at[i];
	char *merged = arena_alloc(&b->mem, b->t->e->size, 16);
	memcpy(merged, old, b->t->e->size);
	for (int k = BASE_COLUMNS; k < b->t->n; k++) {
		const struct field *f = b->t->columns[k];
		if (!cols_has(&l->set, k) || cols_has(&b->hidden, k) || field_same(f, old, l->row))
			continue;
		if (f->is & FIXED && !field_empty(f, old)) {
			str now = f->type == T_REF ? S("…") : field_text(f, old, b->c.lang, &b->mem);
			line_flaw(b, i, f, &MSG_fixed, ARGS(now));
			continue;
		}
		memcpy(merged + f->at, (const char *)l->row + f->at, type_size((enum type)f->type));
		cols_add(&l->changed, k);
	}
	l->old = old;
	l->row = merged;
	if (l->n_flaws == 0)
		l->what = cols_none(&l->changed) ? IMPORT_SAME : IMPORT_CHANGED;
}

/* A question instead of a flaw: the clerk may say that the line is another row. */
static void line_asks(struct batch *b, int i, const struct tr *text, const str *args, int n)
{
	struct line *l = &b->at[i];
	line_flaw(b, i, NULL, text, args, n);
	l->flaws[l->n_flaws - 1].asks = true;
}

static str told(struct batch *b, const struct field *f, const void *row)
{
	int64_t id;
	if (f->type != T_REF)
		return field_text(f, row, b->c.lang, &b->mem);
	memcpy(&id, (const char *)row + f->at, sizeof id);
	return title_of(&b->c, f->ref, id);
}

/* Found by name only, and something that was known would change: perhaps somebody else. */
static void doubt_match(struct batch *b, int i)
{
	const struct line *l = &b->at[i];
	for (int k = BASE_COLUMNS; k < b->t->n && l->what == IMPORT_CHANGED; k++) {
		const struct field *f = b->t->columns[k];
		bool known = f->type == T_PICK ? *(const pick *)(const void *)((const char *)l->old + f->at) != 0
			: (f->type == T_TEXT || f->type == T_DAY || f->type == T_REF) && !field_empty(f, l->old);
		if (!known || !cols_has(&l->changed, k))
			continue;
		line_note(b, i, NULL, true, sayf(&b->c, &MSG_may_differ, ARGS(say(&b->c, &f->label), told(b, f, l->old))));
		return;
	}
}

/* A row that stands keeps its unit, whatever the file says. */
static void lay_over(struct batch *b, int i, const void *old)
{
	struct line *l = &b->at[i];
	bool elsewhere = cols_has(&l->set, column_at(b->t, offsetof(struct base, org))) &&
		((const struct base *)l->row)->org.v != ((const struct base *)old)->org.v;
	overlay(b, i, old);
	if (elsewhere)
		line_note(b, i, b->t->unit, false, say(&b->c, &MSG_stays));
}

static enum rc match(struct batch *b)
{
	char **rows = NEWS(&b->mem, char *, b->n);
	int64_t *numbers = NEWS(&b->mem, int64_t, b->n), *ids = NEWS(&b->mem, int64_t, b->n),
		*before = NEWS(&b->mem, int64_t, b->n);
	bool *skip = NEWS(&b->mem, bool, b->n), *another = NEWS(&b->mem, bool, b->n), *weak = NEWS(&b->mem, bool, b->n);
	struct standing there;
	for (int i = 0; i < b->n; i++) {
		rows[i] = b->at[i].row;
		numbers[i] = b->at[i].number;
		skip[i] = b->at[i].n_flaws > 0;
		const struct import_edit *said = edit_of(b->run, numbers[i], NULL);
		another[i] = said && str_is(said->value, "1");
		if (another[i])
			line_note(b, i, NULL, true, say(&b->c, &MSG_another));
	}
	TRY(keys_find(&b->c, b->keys, rows, numbers, skip, b->n, another, ids, before, weak));
	for (int i = 0; i < b->n; i++)
		if (ids[i] == ROWS_ALIKE) {
			line_asks(b, i, &MSG_alike, NULL, 0);
			ids[i] = 0;
		}
	TRY(load(b, ids, &there));
	struct text_map where = { .mem = &b->mem };
	bool fresh;
	for (int i = 0; i < there.n; i++)
		text_map_put(&where, (str){ (const char *)&there.ids[i], sizeof there.ids[i] }, i, &fresh);
	for (int i = 0; i < b->n; i++) {
		if (before[i] && weak[i])
			line_asks(b, i, &MSG_twins, ARGS(int_text(&b->mem, before[i])));
		else if (before[i])
			line_flaw(b, i, NULL, &MSG_twice, ARGS(int_text(&b->mem, before[i])));
		if (!ids[i] || skip[i])
			continue;
		int64_t *at = text_map_get(&where, (str){ (const char *)&ids[i], sizeof ids[i] });
		if (!at)
			line_flaw(b, i, NULL, &MSG_elsewhere, NULL, 0);
		else
			lay_over(b, i, there.rows[*at]);
		if (at && weak[i])
			doubt_match(b, i);
	}
	return OK;
}

enum rc batch_prepare(struct batch *b)
{
	for (int i = 0; i < b->n; i++) {
		struct line *l = &b->at[i];
		l->row = arena_alloc(&b->mem, b->t->e->size, 16);
		row_zero(b->t->e, l->row);
		((struct base *)l->row)->org = b->run->plan->org;
		l->what = IMPORT_NEW;
		read_line(b, i);
	}
	TRY(resolve(b));
	return match(b);
}
