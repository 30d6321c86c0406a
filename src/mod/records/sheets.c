/* sheets.c -- which sheets of a workbook are which books of marks, and which columns are which. */
#include "mod/records/sheets.h"

static const struct tr
	MSG_no_books = { "Không thấy sổ điểm nào trong tệp. Trang tính cần dòng tiêu đề có tên hoặc mã học sinh "
		"và các cột điểm "
		"(ĐĐGtx, ĐĐGgk, ĐĐGck…).",
		"No book of marks is in the file. A sheet needs a heading with the pupils' names or codes and columns "
		"of marks "
		"(ĐĐGtx, ĐĐGgk, ĐĐGck…)." },
	MSG_not_book = { "Trang “{1}”: không có tiêu đề của sổ điểm nên bỏ qua. ",
		"Sheet “{1}”: has no heading of a book of marks and is passed over. " },
	MSG_whose = { "Trang “{1}”: không rõ là lớp và môn nào nên bỏ qua. ",
		"Sheet “{1}”: does not say which class and subject it is and is passed over. " },
	MSG_unseen = { "Trang “{1}”: sổ {2} không có trong các sổ của bạn nên bỏ qua. ",
		"Sheet “{1}”: the book {2} is not among yours and is passed over. " },
	MSG_year = { "Trang “{1}”: là sổ năm học {2}, không phải năm học của sổ đang mở, nên bỏ qua. ",
		"Sheet “{1}”: is of the school year {2}, not of the open book's, and is passed over. " },
	MSG_again = { "Trang “{1}”: cùng một sổ với trang “{2}” nên bỏ qua. ",
		"Sheet “{1}”: is the same book as sheet “{2}” and is passed over. " },
	MSG_many = { "Tệp có quá nhiều sổ: chỉ đọc {1} sổ đầu. ", "The file has too many books: only the first "
		"{1} are read. " },
	MSG_no_column = { "Sổ không có cột “{1}” nên cột ấy bị bỏ qua. ",
		"The book has no column “{1}”: it is passed over. " },
	MSG_not_yours = { "Bạn không được phân công dạy môn này ở lớp này nên không ghi được.",
		"You do not teach this subject to this class: nothing can be written." };

#define ROW struct sheet_book
static const struct shape sheet_book_shape = { sizeof(ROW), FIELDS{ { COL(course) }, { COL(class) },
	{ COL(subject) }, { COL(class_name) }, { COL(subject_name) }, { COL(code) }, END } };
#undef ROW
enum { BOOKS_MOST = 1500 };

enum rc sheets_books(struct ctx *c, const struct course_head *k, items *ret)
{
	struct book_in in = { .class = k->class, .school = k->org.v };

	return query(c, "records/school_books", &book_in_shape, &in, &sheet_book_shape, ret, BOOKS_MOST);
}

/* ---- what a sheet says it is ------------------------------------------------------------------------------- */

/* class, subject: 0 said nothing, -1 said one the actor has no book of, -2 said clearly another: the sheet's name does
 * not gainsay it. year: the school year, 0 said none. */
struct said { int64_t class, subject, year; str class_said, subject_said; bool has_term; pick term; };

/* Folded words with one blank between and around them: " lop 8a1 mon toan ". */
static str spaced(struct ctx *c, str s)
{
	str f = viet_fold(c->mem, s);
	char *out = NEWS(c->mem, char, f.n + 3);
	ptrdiff_t n = 1;

	out[0] = ' ';
	for (ptrdiff_t i = 0; i < f.n; i++) {
		bool word = (f.p[i] >= 'a' && f.p[i] <= 'z') || (f.p[i] >= '0' && f.p[i] <= '9');
		if (word || out[n - 1] != ' ')
			out[n++] = word ? f.p[i] : ' ';
	}
	if (out[n - 1] != ' ')
		out[n++] = ' ';
	return (str){ out, n };
}

/* A form whose class or subject is still to be filled in: nothing, or the next label. */
static bool is_blank(str rest)
{
	static const char *const labels[] = { " lop ", " mon ", " hoc ki ", " hoc ky ", " nam hoc ", " giao vien " };

	for (ptrdiff_t i = 0; i < COUNT(labels); i++)
		if (str_starts(rest, str_of(labels[i])))
			return true;
	return rest.n < 2;
}

/* What follows one of the words, with a blank before it. */
static bool behind(str text, const char *const *words, ptrdiff_t n, str *ret)
{
	for (ptrdiff_t i = 0; i < n; i++) {
		ptrdiff_t at = str_find(text, str_of(words[i]));
		if (at >= 0) {
			*ret = str_sub(text, at + str_of(words[i]).n - 1, -1);
			return !is_blank(*ret);
		}
	}
	return false;
}

/* The code of the longest run of words at the beginning that schools write for a subject. */
static const char *code_at(str text)
{
	const char *found = NULL;

	for (ptrdiff_t i = 1; i < text.n; i++) {
		const char *code = text.p[i] == ' ' ? subject_code_said(str_sub(text, 1, i)) : NULL;
		found = code ? code : found;
	}
	return found;
}

/* The class or subject whose name the text begins with, the longest; 0: none. */
static int64_t begins(struct ctx *c, const items *books, str text, bool subject_)
{
	const char *code = subject_ ? code_at(text) : NULL;
	int64_t found = 0;
	ptrdiff_t best = 0;

	for (int64_t i = 0; i < books->n; i++) {
		const struct sheet_book *b = (const struct sheet_book *)books->p + i;
		str name = spaced(c, subject_ ? b->subject_name : b->class_name);
		if ((str_starts(text, name) || (code && str_is(b->code, code))) && name.n > best) {
			best = name.n;
			found = subject_ ? b->subject : b->class;
		}
	}
	return found;
}

static void read_term(str text, struct said *ret)
{
	static const char *const second[] = { " hoc ki ii ", " hoc ky ii ", " hoc ki 2 ", " hoc ky 2 ", " hk2 ", " hkii ",
		" hki i ", " hk 2 ", " hk ii " },
		*const first[] = { " hoc ki i ", " hoc ky i ", " hoc ki 1 ", " hoc ky 1 ", " hk1 ", " hki ", " hk 1 ",
			" hk i " };

	for (ptrdiff_t i = 0; i < COUNT(second); i++)
		if (str_find(text, str_of(second[i])) >= 0) {
			ret->has_term = true;
			ret->term = TERM_2;
		}
	for (ptrdiff_t i = 0; i < COUNT(first) && !ret->has_term; i++)
		if (str_find(text, str_of(first[i])) >= 0) {
			ret->has_term = true;
			ret->term = TERM_1;
		}
}

/* "nam hoc 2025 2026", "nam hoc 2025". */
static void read_year(str text, struct said *ret)
{
	ptrdiff_t at = str_find(text, S(" nam hoc "));
	int64_t year;

	if (at >= 0 && str_to_int(str_sub(text, at + 9, at + 13), &year) && year > 1900)
		ret->year = year;
}

/* "7d", "10a1": a class's name as every school writes it; empty: none. */
static str names_class(str rest)
{
	ptrdiff_t n = 1, end;

	while (n < rest.n && rest.p[n] >= '0' && rest.p[n] <= '9')
		n++;
	for (end = n; end < rest.n && rest.p[end] != ' ';)
		end++;
	return n > 1 && end > n ? str_sub(rest, 1, end) : (str){ 0 };
}

/* The subject the text begins with, as the province names it or as schools write it; empty: none. */
static str names_subject(struct ctx *c, const items *subjects, str rest)
{
	const char *code = code_at(rest);

	for (int64_t i = 0; i < subjects->n; i++) {
		const struct subject *x = (const struct subject *)subjects->p + i;
		if (str_starts(rest, spaced(c, x->name)) || (code && str_is(x->code, code)))
			return x->name;
	}
	return (str){ 0 };
}

/* A line above the heading: "Lớp: 8A1", "BẢNG ĐIỂM MÔN TOÁN LỚP 8A1 - HỌC KÌ I". */
static void read_line(struct ctx *c, const items *books, const items *subjects, str text, struct said *ret)
{
	static const char *const class_[] = { " lop hoc ", " lop " }, *const subject_[] = { " mon hoc ", " mon " };
	str rest;

	read_term(text, ret);
	read_year(text, ret);
	if (ret->class == 0 && behind(text, class_, COUNT(class_), &rest)) {
		int64_t id = begins(c, books, rest, false);
		ret->class_said = id ? (str){ 0 } : names_class(rest);
		ret->class = id ? id : ret->class_said.n ? -2 : -1;
	}
	if (ret->subject == 0 && behind(text, subject_, COUNT(subject_), &rest)) {
		int64_t id = begins(c, books, rest, true);
		ret->subject_said = id ? (str){ 0 } : names_subject(c, subjects, rest);
		ret->subject = id ? id : ret->subject_said.n ? -2 : -1;
	}
}

/* The name of a sheet: a class, a subject, or one after the other. */
static void read_name(struct ctx *c, const items *books, str text, struct said *ret)
{
	read_term(text, ret);
	for (ptrdiff_t i = 0; i + 1 < text.n; i++) {
		str rest = str_sub(text, i, -1);
		int64_t class_ = text.p[i] == ' ' ? begins(c, books, rest, false) : 0;
		int64_t subject_ = text.p[i] == ' ' ? begins(c, books, rest, true) : 0;
		ret->class = (ret->class == 0 || ret->class == -1) && class_ ? class_ : ret->class;
		ret->subject = (ret->subject == 0 || ret->subject == -1) && subject_ ? subject_ : ret->subject;
	}
}

static struct said said_of(struct ctx *c, const struct workbook *w, const struct tm_sheet *t, const items *books,
	const items *subjects)
{
	const struct wb_sheet *sheet_ = &w->sheets[t->sheet];
	struct said ret = { 0 };
	struct buf b;

	for (int r = 0; r < t->head && r < sheet_->n_rows; r++) {
		buf_init(&b, c->mem, 4000);
		for (int k = 0; k < sheet_->rows[r].n; k++)
			put_fmt(&b, "%.*s ", FMT(str_sub(sheet_->rows[r].cells[k].text, 0, 300)));
		if (b.n)
			read_line(c, books, subjects, spaced(c, buf_str(&b)), &ret);
	}
	read_name(c, books, spaced(c, sheet_->name), &ret);
	return ret;
}

/* ---- columns ------------------------------------------------------------------------------------------------- */

/* A column that stands under the other term, or under the whole year. */
static bool elsewhere(struct ctx *c, const struct tm_at *at, pick term_)
{
	for (int i = 0; i + 1 < at->n_heads; i++) {
		struct said says = { 0 };
		str key = spaced(c, at->head[i]);
		read_term(key, &says);
		if ((says.has_term && says.term != term_) || str_is(key, " ca nam "))
			return true;
	}
	return false;
}

/* A heading the map does not know may be the book's own. */
static int own_slot(struct ctx *c, const struct cell_layout *l, const struct tm_at *at)
{
	str key = at->n_heads ? tm_key(c->mem, at->head[at->n_heads - 1]) : (str){ 0 };

	for (int i = 0; key.n && i < l->n; i++)
		if (str_eq(key, tm_key(c->mem, l->slots[i].vi)) || str_eq(key, tm_key(c->mem, l->slots[i].en)))
			return i;
	return SHEET_NOTHING;
}

static bool has(const struct sheet *s, int is)
{
	for (int k = 0; k < s->t.n; k++)
		if (s->is[k] == is)
			return true;
	return false;
}

/* The average of this term: "ĐTBmhkI", "TBM", not that of the year or of the other term. */
static bool is_average(struct ctx *c, const struct tm_at *at, pick term_)
{
	static const char *const of[][2] = { { "hki", "hkii" }, { "hk1", "hk2" } };
	str key = at->n_heads ? tm_key(c->mem, at->head[at->n_heads - 1]) : (str){ 0 };

	if (!str_starts(key, S("dtb")) && !str_starts(key, S("tb")) && !str_starts(key, S("diemtb")))
		return false;
	for (int i = 0; i < COUNT(of); i++)
		if (str_ends(key, str_of(of[i][term_ == TERM_1])) && !(term_ == TERM_2 && str_ends(key, S("hkii"))))
			return false;
	return !str_ends(key, S("cn")) && !elsewhere(c, at, term_);
}

static void read_columns(struct ctx *c, struct sheet *s)
{
	static const int others[] = { [MARKS_NO] = SHEET_NO, [MARKS_CODE] = SHEET_CODE, [MARKS_NAME] = SHEET_NAME,
		[MARKS_GIVEN] = SHEET_GIVEN, [MARKS_BORN] = SHEET_BORN, [MARKS_REMARK] = SHEET_REMARK,
		[MARKS_OTHER] = SHEET_NOTHING, [MARKS_OWN] = SHEET_OWN };

	for (int k = 0; k < WB_COLUMNS; k++)
		s->is[k] = SHEET_NOTHING;
	for (int k = 0; k < s->t.n; k++) {
		const struct tm_at *at = &s->t.columns[k];
		int is = at->at < 0 ? own_slot(c, &s->g.layout, at) : at->at < MARKS_FIRST ? others[at->at]
			: marks_slot(c, &s->g.layout, &marks_map[at->at], at->number);
		if (at->at == MARKS_OTHER && at->n_heads && str_is(tm_key(c->mem, at->head[at->n_heads - 1]), "lop"))
			is = SHEET_CLASS;
		else if (at->at == MARKS_OTHER && is_average(c, at, s->g.term))
			is = SHEET_AVERAGE;
		if (elsewhere(c, at, s->g.term) && (is >= 0 || is == SHEET_REMARK || at->at >= MARKS_FIRST))
			continue;
		if (at->at >= MARKS_FIRST && is < 0)
			put(&s->notes, sayf(c, &MSG_no_column, ARGS(at->head[at->n_heads - 1])));
		if (is != SHEET_CODE && is != SHEET_NOTHING && has(s, is))
			is = SHEET_NOTHING;
		s->is[k] = is;
	}
}

/* ---- the workbook -------------------------------------------------------------------------------------------- */

static bool is_marks(const struct tm_sheet *t)
{
	bool who = false, marks = false;

	for (int k = 0; k < t->n; k++) {
		who = who || t->columns[k].at == MARKS_CODE || t->columns[k].at == MARKS_OWN ||
			t->columns[k].at == MARKS_NAME;
		marks = marks || t->columns[k].at >= MARKS_FIRST;
	}
	return who && marks;
}

static const struct sheet *same_book(const struct sheets *s, const struct said *is, pick term_)
{
	for (int i = 0; i < s->n; i++)
		if (s->at[i]->g.head.class == is->class && s->at[i]->g.head.subject == is->subject && s->at[i]->g.term == term_)
			return s->at[i];
	return NULL;
}

static str book_words(struct ctx *c, const items *books, const struct said *is)
{
	str class_ = is->class_said.n ? viet_upper(c->mem, is->class_said) : S("?"),
		subject_ = is->subject_said.n ? is->subject_said : S("?");

	for (int64_t i = 0; i < books->n; i++) {
		const struct sheet_book *b = (const struct sheet_book *)books->p + i;
		class_ = b->class == is->class ? b->class_name : class_;
		subject_ = b->subject == is->subject ? b->subject_name : subject_;
	}
	return TEXT(c, "%.*s %.*s", FMT(subject_), FMT(class_));
}

static enum rc add_book(struct sheets *s, const struct sheets_ask *ask, const struct tm_sheet *t, const items *books,
	struct said is)
{
	struct ctx *c = s->c;
	str name = s->w->sheets[t->sheet].name;
	pick term_ = is.has_term ? is.term : ask->term;
	const struct sheet *twin = same_book(s, &is, term_);
	struct sheet *x = NEW(c->mem, struct sheet);

	if (twin) {
		put(&s->notes, sayf(c, &MSG_again, ARGS(name, s->w->sheets[twin->sheet].name)));
		return OK;
	}
	bool known = false;
	for (int64_t i = 0; i < books->n; i++)
		known = known || (((const struct sheet_book *)books->p)[i].class == is.class &&
			((const struct sheet_book *)books->p)[i].subject == is.subject);
	if (!known) {
		put(&s->notes, sayf(c, &MSG_unseen, ARGS(name, book_words(c, books, &is))));
		return OK;
	}
	x->sheet = t->sheet;
	x->t = *t;
	buf_init(&x->notes, c->mem, 8000);
	TRY(grid_load(c, (school_class_id){ is.class }, (subject_id){ is.subject }, term_, &x->g));
	TRY(roster_load(c, (school_class_id){ is.class }, &x->roster));
	x->trouble = x->g.may_write ? (str){ 0 } : say(c, &MSG_not_yours);
	read_columns(c, x);
	s->at[s->n++] = x;
	return OK;
}

struct candidate_sheet { struct tm_sheet *t; struct said is; };

static int find_sheets(struct sheets *s, const items *books, const items *subjects, struct candidate_sheet *ret)
{
	struct ctx *c = s->c;
	int n = 0;

	for (int i = 0; i < s->w->n_sheets; i++) {
		struct tm_sheet *t = NEW(c->mem, struct tm_sheet);
		if (s->w->sheets[i].hidden || s->w->sheets[i].n_rows == 0)
			continue;
		if (!marks_find(c->mem, s->w, i, t) || !is_marks(t)) {
			put(&s->notes, sayf(c, &MSG_not_book, ARGS(s->w->sheets[i].name)));
		} else if (n == SHEET_BOOKS) {
			put(&s->notes, sayf(c, &MSG_many, ARGS(TEXT(c, "%d", SHEET_BOOKS))));
			return n;
		} else {
			ret[n++] = (struct candidate_sheet){ t, said_of(c, s->w, t, books, subjects) };
		}
	}
	return n;
}

enum rc sheets_open(struct ctx *c, const struct sheets_ask *ask, col at, struct sheets *ret)
{
	struct candidate_sheet found[SHEET_BOOKS];
	struct course_head page;
	items books, subjects;

	*ret = (struct sheets){ .c = c };
	buf_init(&ret->notes, c->mem, 20000);
	TRY(course_find(c, ask->class, ask->subject, &page));
	TRY(sheets_books(c, &page, &books));
	TRY(find_all(c, &subject, &subjects, 500, NULL, 0));
	TRY(wb_of_file(c, ask->file, at, &ret->w));
	int n = find_sheets(ret, &books, &subjects, found);
	if (n == 0)
		return FAIL(c, E_INVALID, at, &MSG_no_books);
	for (int i = 0; i < n; i++) {
		struct said is = found[i].is;
		/* a sheet that says half is of the page's class, or of its subject; one of several must say something */
		if (is.class == 0 && is.subject == 0 && n > 1) {
			put(&ret->notes, sayf(c, &MSG_whose, ARGS(ret->w->sheets[found[i].t->sheet].name)));
			continue;
		}
		if (is.year && is.year != page.year) {
			put(&ret->notes, sayf(c, &MSG_year, ARGS(ret->w->sheets[found[i].t->sheet].name,
				TEXT(c, "%lld-%lld", (long long)is.year, (long long)is.year + 1))));
			continue;
		}
		is.class = is.class == 0 ? ask->class.v : is.class;
		is.subject = is.subject == 0 ? ask->subject.v : is.subject;
		TRY(add_book(ret, ask, found[i].t, &books, is));
	}
	return OK;
}

/* A form that is kept must be one: a sheet of it has the heading of a book of marks. */
enum rc template_readable(struct ctx *c, const void *row)
{
	const struct mark_template *x = row;
	struct tm_sheet *t = NEW(c->mem, struct tm_sheet);
	struct workbook *w;

	TRY(wb_of_file(c, x->file, offsetof(struct mark_template, file), &w));
	TRY(wb_fillable(c, w, offsetof(struct mark_template, file)));
	for (int i = 0; i < w->n_sheets; i++)
		if (!w->sheets[i].hidden && marks_find(c->mem, w, i, t) && is_marks(t))
			return OK;
	return FAIL(c, E_INVALID, offsetof(struct mark_template, file), &MSG_no_books);
}
