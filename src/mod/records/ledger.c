/* ledger.c -- a course's ledger: one entry a save, each chained to the one before it. */
#include "mod/records/carried.h"
#include "core/put.h"
#include "core/query.h"
#include "base/hash.h"

static void add_number(struct hasher *h, int64_t v)
{
	uint8_t b[8];

	for (int i = 0; i < 8; i++)
		b[i] = (uint8_t)((uint64_t)v >> (8 * i) & 255);
	hash_add(h, (str){ (const char *)b, sizeof b });
}

str ledger_hash(struct arena *a, str before, const struct ledger_entry *e)
{
	struct hasher h;

	hash_begin(&h);
	hash_add_sized(&h, before);
	add_number(&h, e->course.v);
	add_number(&h, e->seq);
	add_number(&h, e->at.v);
	add_number(&h, e->author);
	add_number(&h, e->impersonator);
	hash_add_sized(&h, str_of(mark_terms[e->term].code));
	hash_add_sized(&h, e->lines);
	hash_add_sized(&h, e->reason);
	digest d = hash_end(&h);
	return hex_of(a, d.b, sizeof d.b);
}

str ledger_remark(struct arena *a, str remark)
{
	digest d = hash_of(remark);

	return remark.n ? hex_of(a, d.b, 8) : (str){ 0 };
}

struct move_in { int64_t course, entries, next; str hash; };
#define ROW struct move_in
static const struct shape move_in_shape = { sizeof(ROW), FIELDS{ { COL(course) }, { COL(entries) }, { COL(next) },
	{ COL(hash) }, END } };
#undef ROW

/* The end of the chain moves on from where it was read: the book is held since. Were it not, the number of the entry
 * (unique in its book) would refuse it, and nothing of this save would be written. */
enum rc ledger_append(struct ctx *c, struct course_head *k, pick term_, str lines, str reason)
{
	struct ledger_entry e;

	row_zero(&ledger_entry, &e);
	e.base.org = k->org;
	e.course.v = k->id;
	e.seq = k->entries + 1;
	e.at = c->now;
	e.author = c->who->user.v;
	e.impersonator = c->who->impersonator.v;
	e.term = term_;
	e.lines = lines;
	e.reason = reason;
	e.hash = ledger_hash(c->mem, k->head, &e);
	TRY(execute_later(c, "records/head_moves", &move_in_shape, &(struct move_in){ k->id, k->entries, e.seq, e.hash }));
	k->entries = e.seq;
	k->head = e.hash;
	return put_rows(c, &ledger_entry, &e, 1, (const col[]){ 0 });
}

/* ---- reading ----------------------------------------------------------------------------------------------- */

struct entries_in { int64_t course, after; };
#define ROW struct entries_in
static const struct shape entries_in_shape = { sizeof(ROW), FIELDS{ { COL(course) }, { COL(after) }, END } };
#undef ROW
struct entry_row { int64_t seq; instant at; int64_t author, impersonator; pick term; str lines, reason, hash; };
#define ROW struct entry_row
static const struct shape entry_shape = { sizeof(ROW), FIELDS{ { COL(seq) }, { COL(at) }, { COL(author) },
	{ COL(impersonator) }, { COL(term), .pick = mark_terms },
	{ COL(lines) }, { COL(reason) }, { COL(hash) }, END } };
#undef ROW

struct change { int64_t pupil; str column, from, to; };

static bool line_cut(str line, struct change *ret)
{
	str pupil_;

	return str_cut(line, ' ', &pupil_, &line) && str_to_int(pupil_, &ret->pupil) &&
		str_cut(line, ' ', &ret->column, &line) && str_cut(line, ' ', &ret->from, &ret->to);
}

enum { ENTRIES_MAX = 20000 };

static str undash(str s) { return str_is(s, "-") ? (str){ 0 } : s; }

enum rc ledger_changes(struct ctx *c, int64_t course_, int64_t after, pick term_, items *ret)
{
	items got;
	struct buf list;
	int64_t n = 0;

	TRY(query(c, "records/entries", &entries_in_shape, &(struct entries_in){ course_, after }, &entry_shape, &got,
		ENTRIES_MAX));
	buf_init(&list, c->mem, (size_t)64 << 20);
	for (int64_t i = 0; i < got.n; i++) {
		const struct entry_row *e = (const struct entry_row *)got.p + i;
		struct change x;
		for (str line, rest = e->lines; rest.n && e->term == term_; ) {
			str_cut(rest, '\n', &line, &rest);
			if (!line_cut(line, &x))
				continue;
			struct cell_change one = { e->seq, x.pupil, e->at, e->author, e->impersonator, x.column, undash(x.from),
				undash(x.to), e->reason };
			put(&list, (str){ (const char *)&one, sizeof one });
			n++;
		}
	}
	struct cell_change *changes = NEWS(c->mem, struct cell_change, n + 1);
	if (n)
		memcpy(changes, list.p, (size_t)list.n);
	*ret = (items){ changes, n };
	return OK;
}

/* A book's entries about a pupil, behind those of ret. */
static enum rc add_events(struct ctx *c, int64_t course_, pick term_, person_id pupil_, str column, str class_from,
	items *ret)
{
	items got;

	TRY(ledger_changes(c, course_, 0, term_, &got));
	struct cell_event *events = NEWS(c->mem, struct cell_event, ret->n + got.n + 1);
	int64_t n = ret->n;
	if (n)
		memcpy(events, ret->p, sizeof *events * (size_t)n);
	for (int64_t i = 0; i < got.n; i++) {
		const struct cell_change *x = (const struct cell_change *)got.p + i;
		if (x->pupil == pupil_.v && (!column.n || str_eq(x->column, column)))
			events[n++] = (struct cell_event){ x->seq, x->at, x->author, x->impersonator, x->column, x->from, x->to,
				x->reason, class_from };
	}
	*ret = (items){ events, n };
	return OK;
}

enum rc mark_history(struct ctx *c, school_class_id class, subject_id subject_, pick term_, person_id pupil_,
	str column, items *ret)
{
	struct course_head k;
	items got, seen;

	enum rc rc = course_find(c, class, subject_, &k);
	if (rc != OK)
		return rc;
	/* whoever may see the book may see the history of its cells; who came late has none in it yet */
	TRY(find_all(c, &mark, &seen, 1, IS({ offsetof(struct mark, course), v_int(k.id) },
		{ offsetof(struct mark, pupil), v_int(pupil_.v) })));
	if (seen.n == 0)
		TRY(find_all(c, &enrolment, &seen, 1, IS({ offsetof(struct enrolment, class), v_int(class.v) },
			{ offsetof(struct enrolment, pupil), v_int(pupil_.v) })));
	if (seen.n == 0)
		return E_MISSING;
	TRY(carried_books(c, class, subject_, pupil_, &got));
	const struct carried_book *b = got.p;
	*ret = (items){ 0 };
	for (int64_t i = 0; i < got.n; i++)
		TRY(add_events(c, b[i].course, term_, pupil_, column, carried_from_class(c, b[i].class_name,
			b[i].school), ret));
	return add_events(c, k.id, term_, pupil_, column, (str){ 0 }, ret);
}

/* ---- proving --------------------------------------------------------------------------------------------------- */

struct cells_row { int64_t pupil; pick term; str cells, remark; score average; str comment; int64_t class, org; };
#define ROW struct cells_row
static const struct shape cells_shape = { sizeof(ROW), FIELDS{ { COL(pupil) }, { COL(term), .pick = mark_terms },
	{ COL(cells) }, { COL(remark) }, { COL(average) }, { COL(comment) }, { COL(class) },
	{ COL(org) }, END } };
#undef ROW
#define ROW struct course_head
static const struct shape head_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { REF(org, org) }, { COL(class) },
	{ COL(subject) }, { COL(lessons) }, { COL(entries) }, { COL(head) }, { COL(code) },
	{ COL(subject_name) }, { COL(comment_only) }, { COL(grade), .pick = grades }, { COL(year) }, { COL(class_name) },
	END } };
#undef ROW
struct stray_row { int64_t course, seq; };
#define ROW struct stray_row
static const struct shape stray_shape = { sizeof(ROW), FIELDS{ { COL(course) }, { COL(seq) }, END } };
#undef ROW

static const struct tr
	WHAT_entry = { "thiếu một lần ghi", "an entry is missing" },
	WHAT_hash = { "mã băm không khớp", "the hash does not fit" },
	WHAT_line = { "có dòng không đọc được", "a line cannot be read" },
	WHAT_from = { "một thay đổi bắt đầu từ giá trị không có trong sổ", "a change begins from what was not there" },
	WHAT_end = { "cuối sổ không phải cuối chuỗi lần ghi", "the book's end is not the ledger's" },
	WHAT_mark = { "điểm không phải điểm mà các lần ghi nói", "a mark is not what the ledger says" },
	WHAT_remark = { "nhận xét không phải nhận xét mà các lần ghi nói", "a remark is not what the ledger says" },
	WHAT_class = { "điểm nằm ở lớp hay trường khác với sổ", "a mark stands in another class or school than its book" },
	WHAT_average = { "điểm trung bình không phải kết quả của các cột", "an average is not what the marks come to" },
	WHAT_stray = { "lần ghi của một sổ không còn", "an entry of a book that is not there" };

static bool broken(struct ledger_fault *f, int64_t course_, int64_t seq, int64_t pupil_, const struct tr *what)
{
	*f = (struct ledger_fault){ course_, seq, what, .pupil = pupil_ };
	return false;
}

/* What the ledger last said of each cell. A name is "PUPIL TERM COLUMN". */
struct last { str name, to; uint64_t hash; };
struct replay { struct last *at; int64_t cap, n; };

static struct last *place(struct replay *r, str name)
{
	uint64_t h = str_hash(name);
	int64_t i = (int64_t)(h & (uint64_t)(r->cap - 1));

	while (r->at[i].name.n && (r->at[i].hash != h || !str_eq(r->at[i].name, name)))
		i = (i + 1) & (r->cap - 1);
	if (!r->at[i].name.n) {
		r->at[i] = (struct last){ name, S("-"), h };
		r->n++;
	}
	return &r->at[i];
}

/* The chain of one book; `last` learns every change. */
static bool chain_fits(struct arena *a, const struct course_head *k, const struct entry_row *e, int64_t n,
	struct replay *last, struct ledger_fault *f)
{
	str before = { 0 };

	for (int64_t i = 0; i < n; i++) {
		struct ledger_entry entry = { .course = { k->id }, .seq = e[i].seq, .at = e[i].at, .author = e[i].author,
			.impersonator = e[i].impersonator, .term = e[i].term,
			.lines = e[i].lines, .reason = e[i].reason };
		if (e[i].seq != i + 1)
			return broken(f, k->id, i + 1, 0, &WHAT_entry);
		if (!str_eq(ledger_hash(a, before, &entry), e[i].hash))
			return broken(f, k->id, e[i].seq, 0, &WHAT_hash);
		before = e[i].hash;
		struct change x;
		for (str line, rest = e[i].lines; rest.n; ) {
			str_cut(rest, '\n', &line, &rest);
			if (!line_cut(line, &x))
				return broken(f, k->id, e[i].seq, 0, &WHAT_line);
			struct last *cell = place(last, str_fmt(a, "%lld %s %.*s", (long long)x.pupil, mark_terms[e[i].term].code,
				FMT(x.column)));
			if (!str_eq(cell->to, x.from))
				return broken(f, k->id, e[i].seq, x.pupil, &WHAT_from);
			cell->to = x.to;
		}
	}
	if (n != k->entries || !str_eq(before, k->head))
		return broken(f, k->id, n, 0, &WHAT_end);
	return true;
}

static bool cell_there(str cells, str column)
{
	for (str one, key, value; cells.n; ) {
		str_cut(cells, ' ', &one, &cells);
		str_cut(one, '=', &key, &value);
		if (str_eq(key, column))
			return true;
	}
	return false;
}

/* A pupil of whom the ledger last said something that is in no row; 0: not found. */
static int64_t lost_pupil(const struct replay *last, const struct cells_row *m, int64_t n)
{
	for (int64_t i = 0; i < last->cap; i++) {
		str pupil_, term_, column, name = last->at[i].name;
		int64_t id, k = 0;
		if (!name.n || str_is(last->at[i].to, "-") || !str_cut(name, ' ', &pupil_, &name) ||
			!str_cut(name, ' ', &term_, &column) || !str_to_int(pupil_, &id))
			continue;
		while (k < n && (m[k].pupil != id || !str_is(term_, mark_terms[m[k].term].code) ||
			!(str_is(column, "remark") ? m[k].remark.n > 0 : cell_there(m[k].cells, column))))
			k++;
		if (k == n)
			return id;
	}
	return 0;
}

/* Every cell there is what the ledger last said, and everything it said is there. */
static bool marks_fit(struct arena *a, const struct course_head *k, const struct cells_row *m, int64_t n,
	struct replay *last, struct ledger_fault *f)
{
	int64_t said = 0, there = 0;

	for (int64_t i = 0; i < n; i++) {
		if (m[i].class != k->class || m[i].org != k->org.v)
			return broken(f, k->id, k->entries, m[i].pupil, &WHAT_class);
		for (str one, key, value, rest = m[i].cells; rest.n; there++) {
			str_cut(rest, ' ', &one, &rest);
			str_cut(one, '=', &key, &value);
			if (!str_eq(place(last, str_fmt(a, "%lld %s %.*s", (long long)m[i].pupil, mark_terms[m[i].term].code,
				FMT(key)))->to, value))
				return broken(f, k->id, k->entries, m[i].pupil, &WHAT_mark);
		}
		if (m[i].remark.n) {
			str name = str_fmt(a, "%lld %s remark", (long long)m[i].pupil, mark_terms[m[i].term].code);
			if (!str_eq(place(last, name)->to, ledger_remark(a, m[i].remark)))
				return broken(f, k->id, k->entries, m[i].pupil, &WHAT_remark);
			there++;
		}
	}
	for (int64_t i = 0; i < last->cap; i++)
		said += last->at[i].name.n && !str_is(last->at[i].to, "-");
	return said == there || broken(f, k->id, k->entries, lost_pupil(last, m, n), &WHAT_mark);
}

/* The average and the word of each term are what the columns come to: TT 22/2021 Điều 9, TT 58/2011 Điều 11, TT 27/2020
 * Điều 7. */
static bool averages_fit(struct ctx *c, const struct course_head *k, const struct cells_row *m, int64_t n,
	struct ledger_fault *f)
{
	const struct scheme *s = scheme_for(schemes(c), k->grade, (int)k->year);
	struct cell_layout *l = NEWS(c->mem, struct cell_layout, 2);
	int32_t cells[SLOTS];
	score average;
	str comment;

	if (!s)
		return true;
	layout_make(c->mem, s, k->grade, k->code, k->comment_only, (int)k->lessons, &l[0]);
	layout_retest(c->mem, s, k->comment_only, (int)k->lessons, &l[1]);
	for (int64_t i = 0; i < n; i++) {
		const struct cell_layout *of = &l[m[i].term == TERM_YEAR];
		cells_read(of, m[i].cells, cells);
		cells_result(of, cells, &average, &comment);
		if (average.v != m[i].average.v || !str_eq(comment, m[i].comment))
			return broken(f, k->id, k->entries, m[i].pupil, &WHAT_average);
	}
	return true;
}

static enum rc book_verify(struct ctx *c, const struct course_head *k, struct ledger_fault *f, int64_t *entries)
{
	struct replay last = { .cap = 1024 };
	items got, cells;

	TRY(query(c, "records/entries", &entries_in_shape, &(struct entries_in){ k->id, 0 }, &entry_shape, &got,
		ENTRIES_MAX));
	TRY(query(c, "records/book_cells", &entries_in_shape, &(struct entries_in){ k->id, 0 }, &cells_shape, &cells,
		1000));
	int64_t lines = 0;
	for (int64_t i = 0; i < got.n; i++)
		lines += ((const struct entry_row *)got.p)[i].lines.n / 8;
	while (last.cap < (lines + cells.n * SLOTS) * 2)
		last.cap *= 2;
	last.at = NEWS(c->mem, struct last, last.cap);
	*entries += got.n;
	return chain_fits(c->mem, k, got.p, got.n, &last, f) && marks_fit(c->mem, k, cells.p, cells.n, &last, f) &&
		averages_fit(c, k, cells.p, cells.n, f) ? OK : E_STATE;
}

enum rc ledger_verify(struct ctx *c, int64_t *ret_courses, int64_t *ret_entries, int64_t *ret_seals,
	struct ledger_fault *ret)
{
	struct arena *mem = c->mem, room;
	struct entries_in at = { 0 };
	struct stray_row stray;
	enum rc rc = OK;

	*ret_courses = *ret_entries = *ret_seals = 0;
	arena_init(&room, (size_t)1 << 30);
	room.full = mem->full;
	for (int64_t n = 1; n && rc == OK; ) {
		items books;
		c->mem = &room;
		rc = query(c, "records/books_all", &entries_in_shape, &at, &head_shape, &books, 200);
		n = rc == OK ? books.n : 0;
		for (int64_t i = 0; i < n && rc == OK; i++) {
			const struct course_head *k = (const struct course_head *)books.p + i;
			*ret = (struct ledger_fault){ .course = k->id };
			rc = book_verify(c, k, ret, ret_entries);
			at.after = k->id;
			++*ret_courses;
		}
		c->mem = mem;
		arena_reset(&room);
	}
	arena_free(&room);
	TRY(rc);
	rc = query_one(c, "records/strays", NULL, NULL, &stray_shape, &stray);
	if (rc == OK) {
		*ret = (struct ledger_fault){ stray.course, stray.seq, &WHAT_stray };
		return E_STATE;
	}
	*ret = (struct ledger_fault){ 0 };
	if (rc != E_MISSING)
		return rc;
	TRY(books_verify(c, ret));
	TRY(seals_verify(c, ret_seals, ret));
	TRY(answers_verify(c, ret));
	return ratings_verify(c, ret);
}
