/* sheets_undo.c -- an import of marks taken back: a save like any other, which writes what stood in each cell before.
 * The ledger knows both; a cell that anybody wrote since stays, and locks hold as they do for every save. */
#include "mod/records/sheets.h"

static const struct tr
	MSG_back = { "Hoàn tác {1}", "Taken back: {1}" },
	MSG_gone = { "Không thấy lần nhập này nữa: chỉ hoàn tác được lần nhập của chính bạn trong {1} ngày.",
		"This import is not there: you can take back your own imports of the last {1} days." },
	MSG_none = { "Không ô nào trả lại được: các ô đã được sửa sau lần nhập, hoặc sổ đã khóa.",
		"No cell can be put back: they were changed after the import, or the book is locked." };

/* How the ledger says that an entry came from a workbook; its reason shows in the history of each mark. */
#define FROM_EXCEL "Excel: "
enum { UNDO_DAYS = 14, IMPORTS_SHOWN = 3, IMPORTS_MOST = 200, FILE_CHARS = 100, REASON_CHARS = 1000 };

str sheets_reason(struct ctx *c, str file, str reason)
{
	str name = str_chars(file) > FILE_CHARS ? S("…") : file, why = str_trim(reason);
	str all = TEXT(c, FROM_EXCEL "%.*s%s%.*s", FMT(name), why.n ? " – " : "", FMT(why));

	return str_chars(all) > REASON_CHARS ? why : all;
}

struct import_ask { int64_t author; instant since; };
#define ROW struct import_ask
static const struct shape import_ask_shape = { sizeof(ROW), FIELDS{ { COL(author) }, { COL(since) }, END } };
#undef ROW
/* An entry of a book of the actor's that an import wrote; entries of one import have one time. */
struct import_row { int64_t course, class, subject, seq; instant at; pick term; str reason; };
#define ROW struct import_row
static const struct shape import_row_shape = { sizeof(ROW), FIELDS{ { COL(course) }, { COL(class) }, { COL(subject) },
	{ COL(seq) }, { COL(at) }, { COL(term), .pick = mark_terms }, { COL(reason) }, END } };
#undef ROW

static enum rc imports_of(struct ctx *c, items *ret)
{
	struct import_ask ask = { c->who->user.v, { c->now.v - (int64_t)UNDO_DAYS * 86400000 } };

	return query(c, "records/imports", &import_ask_shape, &ask, &import_row_shape, ret, IMPORTS_MOST);
}

/* What of an entry may be put back. lost: its other cells: written since, unless the actor put there again what the
 * import had written (by taking a later one back), or a remark that replaced one, of which the ledger has no words. */
static enum rc cells_back(struct ctx *c, const struct import_row *e, items *ret, int64_t *lost)
{
	items got;
	int64_t n = 0;

	TRY(ledger_changes(c, e->course, e->seq - 1, e->term, &got));
	const struct cell_change *x = got.p;
	struct cell_change *back = NEWS(c->mem, struct cell_change, got.n + 1);
	for (int64_t i = 0; i < got.n && x[i].seq == e->seq; i++) {
		bool stays = str_is(x[i].column, "remark") && x[i].from.n;
		for (int64_t k = got.n; k-- > i + 1 && !stays; )
			if (x[k].pupil == x[i].pupil && str_eq(x[k].column, x[i].column)) {
				stays = x[k].author != c->who->user.v || !str_eq(x[k].to, x[i].to);
				break;
			}
		if (stays)
			*lost += 1;
		else
			back[n++] = x[i];
	}
	*ret = (items){ back, n };
	return OK;
}

static str file_of(str reason)
{
	return str_starts(reason, S(FROM_EXCEL)) ? str_sub(reason, S(FROM_EXCEL).n, -1) : reason;
}

enum rc sheets_imports(struct ctx *c, const struct course_head *k, pick term_, items *ret)
{
	items got, cells;
	struct sheet_import *v = NEWS(c->mem, struct sheet_import, IMPORTS_SHOWN + 1);
	int64_t n = 0;

	TRY(imports_of(c, &got));
	const struct import_row *e = got.p;
	for (int64_t from = 0, end; from < got.n && n < IMPORTS_SHOWN; from = end) {
		struct sheet_import one = { .at = e[from].at, .key = e[from].at.v, .file = file_of(e[from].reason) };
		bool here = false;
		for (end = from; end < got.n && e[end].at.v == e[from].at.v; end++)
			here = here || (e[end].course == k->id && e[end].term == term_);
		for (int64_t i = from; here && i < end; i++, one.books++) {
			TRY(cells_back(c, &e[i], &cells, &one.lost));
			one.cells += cells.n;
		}
		one.several = one.books > 1;
		if (one.cells)
			v[n++] = one;
	}
	*ret = (items){ v, n };
	return OK;
}

/* The remark an import wrote where there was none, as it is now. */
static str remark_of(const struct ctx *c, const struct grid *g, const struct cell_change *x)
{
	for (int64_t i = 0; i < g->n; i++)
		if (g->rows[i].pupil.v == x->pupil && str_eq(ledger_remark(c->mem, g->rows[i].remark), x->to))
			return g->rows[i].remark;
	return x->to;
}

static enum rc entry_back(struct ctx *c, const struct import_row *e, int64_t *saved, int64_t *lost)
{
	struct save_told told;
	struct grid g;
	items cells;

	TRY(cells_back(c, e, &cells, lost));
	if (cells.n == 0)
		return OK;
	TRY(grid_load(c, (school_class_id){ e->class }, (subject_id){ e->subject }, e->term, &g));
	struct cell_edit *edits = NEWS(c->mem, struct cell_edit, cells.n);
	for (int64_t i = 0; i < cells.n; i++) {
		const struct cell_change *x = (const struct cell_change *)cells.p + i;
		edits[i] = (struct cell_edit){ x->pupil, x->column, str_is(x->column, "remark") ? remark_of(c, &g, x) : x->to,
			x->from };
	}
	TRY(marks_save(c, &(struct save_ask){ .class = { e->class }, .subject = { e->subject }, .term = e->term,
		.edits = edits, .n = cells.n, .reason = sayf(c, &MSG_back, ARGS(e->reason)) }, &told));
	*saved += told.saved;
	*lost += cells.n - told.saved;
	return OK;
}

enum rc sheets_undo(struct ctx *c, int64_t key, int64_t *ret, int64_t *ret_lost)
{
	items got;
	bool found = false;

	*ret = *ret_lost = 0;
	TRY(imports_of(c, &got));
	for (int64_t i = 0; i < got.n; i++) {
		const struct import_row *e = (const struct import_row *)got.p + i;
		if (e->at.v != key)
			continue;
		found = true;
		TRY(entry_back(c, e, ret, ret_lost));
	}
	if (!found)
		return FAILF(c, E_STATE, 0, &MSG_gone, TEXT(c, "%d", UNDO_DAYS));
	return *ret ? OK : FAIL(c, E_STATE, 0, &MSG_none);
}
