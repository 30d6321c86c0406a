/* routes.c -- addresses of the books of marks: a page, its cells, their history, books opened, results computed. */
#include "mod/records/records_rules.h"

/* ---- GET /gradebook/{class}/{subject} --------------------------------------------------------------------- */

struct page_in { school_class_id class; subject_id subject; pick term; int64_t pupil; str column; };
#define ROW struct page_in
static const struct choice terms_written[] = { { "hk1", { "Học kì I", "Term I" } },
	{ "hk2", { "Học kì II", "Term II" } }, END };
static const struct shape page_in_shape = { sizeof(ROW), FIELDS{ { REF(class, school_class), .is = NEEDED,
	.label = { "Lớp", "Class" } }, { REF(subject, subject), .is = NEEDED, .label = { "Môn", "Subject" } },
	{ COL(term), .pick = terms_written, .label = { "Học kì", "Term" } },
	{ COL(pupil), .label = { "Học sinh", "Pupil" } }, { COL(column), .max = 10, .label = { "Cột", "Column" } }, END } };
#undef ROW
struct column_view { str key, label; bool word, locked; };
#define ROW struct column_view
static const struct shape column_shape = { sizeof(ROW), FIELDS{ { COL(key) }, { COL(label) }, { COL(word) },
	{ COL(locked) }, END } };
#undef ROW
struct cell_view { str column, value; };
#define ROW struct cell_view
static const struct shape cell_shape = { sizeof(ROW), FIELDS{ { COL(column) }, { COL(value) }, END } };
#undef ROW
struct pupil_view { int64_t pupil, n; str name; bool exempt; items cells; score average; str comment, remark; };
#define ROW struct pupil_view
static const struct shape pupil_shape = { sizeof(ROW), FIELDS{ { COL(pupil) }, { COL(n) }, { COL(name) },
	{ COL(exempt) }, { MANY(cells, cell_shape) }, { COL(average) }, { COL(comment) }, { COL(remark) }, END } };
#undef ROW
struct page_view { str title, term, scheme; int64_t class, subject, entries; bool may_write, reopened, none;
	items columns, pupils; };
#define ROW struct page_view
static const struct shape page_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(term) }, { COL(scheme) },
	{ COL(class) }, { COL(subject) }, { COL(entries) }, { COL(may_write) }, { COL(reopened) }, { COL(none) },
	{ MANY(columns, column_shape) }, { MANY(pupils, pupil_shape) }, END } };
#undef ROW

static items columns_of(struct ctx *c, const struct grid *g)
{
	struct column_view *v = NEWS(c->mem, struct column_view, SLOTS);

	for (int i = 0; i < g->layout.n; i++)
		v[i] = (struct column_view){ str_of(g->layout.slots[i].key), c->lang == VI ? g->layout.slots[i].vi
			: g->layout.slots[i].en, g->layout.slots[i].word, g->locked[i] };
	return (items){ v, g->layout.n };
}

static items cells_of(struct ctx *c, const struct grid *g, const struct grid_row *r)
{
	struct cell_view *v = NEWS(c->mem, struct cell_view, SLOTS);
	int32_t cells[SLOTS];

	cells_read(&g->layout, r->cells, cells);
	for (int i = 0; i < g->layout.n; i++)
		v[i] = (struct cell_view){ str_of(g->layout.slots[i].key), cell_code(c->mem, &g->layout, cells[i]) };
	return (items){ v, g->layout.n };
}

static enum rc page_get(struct ctx *c, const void *in_, void *out_)
{
	static const struct tr title = { "Sổ điểm {1} – {2}", "Marks of {1} – {2}" };
	const struct page_in *in = in_;
	struct page_view *out = out_;
	struct grid g;

	TRY(grid_load(c, in->class, in->subject, in->term, &g));
	struct pupil_view *v = NEWS(c->mem, struct pupil_view, g.n + 1);
	for (int64_t i = 0; i < g.n; i++) {
		const struct grid_row *r = &g.rows[i];
		v[i] = (struct pupil_view){ r->pupil.v, i + 1, r->name, r->exempt, cells_of(c, &g, r), r->average, r->comment,
			r->remark };
	}
	*out = (struct page_view){ .title = sayf(c, &title, ARGS(g.head.class_name, g.head.subject_name)),
		.term = say(c, &mark_terms[in->term].label), .scheme = g.layout.scheme->is.code,
		.class = in->class.v, .subject = in->subject.v, .entries = g.head.entries, .may_write = g.may_write,
		.reopened = g.reopened != 0, .none = g.n == 0,
		.columns = columns_of(c, &g), .pupils = { v, g.n } };
	return OK;
}

/* ---- POST /gradebook/{class}/{subject} ---------------------------------------------------------------------- */

#define ROW struct cell_edit
static const struct shape edit_shape = { sizeof(ROW), FIELDS{ { COL(pupil), .label = { "Học sinh", "Pupil" } },
	{ COL(column), .is = NEEDED, .max = 10, .label = { "Cột", "Column" } },
	{ COL(was), .max = 1000, .label = { "Trước", "Before" } }, { COL(to), .max = 1000, .label = { "Mới", "New" } },
	END } };
#undef ROW
struct save_in { school_class_id class; subject_id subject; pick term; bool whole; str reason; items cells; };
#define ROW struct save_in
static const struct shape save_in_shape = { sizeof(ROW), FIELDS{ { REF(class, school_class), .is = NEEDED,
	.label = { "Lớp", "Class" } }, { REF(subject, subject), .is = NEEDED, .label = { "Môn", "Subject" } },
	{ COL(term), .pick = terms_written, .label = { "Học kì", "Term" } },
	{ COL(whole), .label = { "Ghi tất cả hoặc không", "All or none" } },
	{ COL(reason), .max = 1000, .label = { "Lý do", "Reason" } },
	{ MANY(cells, edit_shape), .max = 2000, .label = { "Các ô", "Cells" } }, END } };
#undef ROW
#define ROW struct cell_told
static const struct choice ends[] = { { "saved", { "Đã lưu", "Saved" } }, { "same", { "Như cũ", "Same" } },
	{ "wrong", { "Sai", "Wrong" } }, { "conflict", { "Người khác đã ghi", "Conflict" } },
	{ "locked", { "Đã khóa", "Locked" } }, END };
static const struct shape told_shape = { sizeof(ROW), FIELDS{ { COL(pupil) }, { COL(column) },
	{ COL(end), .pick = ends }, { COL(stored) }, { COL(why) }, END } };
#undef ROW
struct saved_view { int64_t saved, seq; items cells; };
#define ROW struct saved_view
static const struct shape saved_shape = { sizeof(ROW), FIELDS{ { COL(saved) }, { COL(seq) },
	{ MANY(cells, told_shape) }, END } };
#undef ROW

static enum rc page_post(struct ctx *c, const void *in_, void *out_)
{
	static const struct tr said = { "Đã lưu {1} ô.", "{1} cells saved." };
	const struct save_in *in = in_;
	struct saved_view *out = out_;
	struct save_ask ask = { in->class, in->subject, in->term, in->cells.p, in->cells.n, in->whole, in->reason };
	struct save_told told;

	TRY(marks_save(c, &ask, &told));
	*out = (struct saved_view){ told.saved, told.seq, told.cells };
	c->said = sayf(c, &said, ARGS(TEXT(c, "%lld", (long long)told.saved)));
	if (!wants_json(c))
		c->go = link_to(c, "/gradebook/%lld/%lld?term=%s", (long long)in->class.v, (long long)in->subject.v,
			mark_terms[in->term].code);
	return OK;
}

/* ---- GET /gradebook/{class}/{subject}/history ------------------------------------------------------------------ */

#define ROW struct cell_event
static const struct shape event_shape = { sizeof(ROW), FIELDS{ { COL(seq) }, { COL(at) }, { COL(author) },
	{ COL(impersonator) }, { COL(column) }, { COL(from) }, { COL(to) }, { COL(reason) }, END } };
#undef ROW
struct history_view { str title; bool none; items events; };
#define ROW struct history_view
static const struct shape history_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(none) },
	{ MANY(events, event_shape) }, END } };
#undef ROW

static enum rc history_get(struct ctx *c, const void *in_, void *out_)
{
	static const struct tr title = { "Lịch sử điểm: {1}", "History of marks: {1}" };
	const struct page_in *in = in_;
	struct history_view *out = out_;

	TRY(mark_history(c, in->class, in->subject, in->term, (person_id){ in->pupil }, in->column, &out->events));
	out->title = sayf(c, &title, ARGS(title_of(c, &person, in->pupil)));
	out->none = out->events.n == 0;
	return OK;
}

/* ---- POST /records/open, /records/results ------------------------------------------------------------------------ */

struct year_in { school_year_id year; };
#define ROW struct year_in
static const struct shape year_in_shape = { sizeof(ROW), FIELDS{ { REF(year, school_year), .is = NEEDED,
	.label = { "Năm học", "School year" } }, END } };
#undef ROW

static org_id office_of(const struct ctx *c)
{
	org_id at = seat_org(c, &principal);

	return at.v ? at : seat_org(c, &clerk);
}

static enum rc open_post(struct ctx *c, const void *in_, void *out)
{
	static const struct tr said = { "Đã mở {1} sổ điểm.", "{1} books of marks opened." };
	const struct year_in *in = in_;
	int64_t n;

	(void)out;
	TRY(courses_open(c, office_of(c), in->year, &n));
	c->said = sayf(c, &said, ARGS(TEXT(c, "%lld", (long long)n)));
	c->go = link_to(c, "/course");
	return OK;
}

static enum rc results_post(struct ctx *c, const void *in_, void *out)
{
	static const struct tr said = { "Đang tính kết quả; xem tiến độ ở đây.",
		"Results are being computed; see the progress here." };
	const struct year_in *in = in_;
	int64_t id;

	(void)out;
	TRY(job_add(c, &records_jobs[JOB_RESULTS], office_of(c), &(struct results_in){ office_of(c), in->year }, &id));
	return go_to(c, link_to(c, "/viec/%lld", (long long)id), &said);
}

#define OFFICE { &principal, &at_org, READ }, { &clerk, &at_org, READ }
#define TEACH { &teacher, &at_org, READ }, { &form_teacher, &at_org, READ }
#define TIERS { &dept_officer, &in_tree, READ }, { &dept_leader, &in_tree, READ }, { &dept_inspector, &in_tree, READ }
static const struct grant office[] = { OFFICE, { 0 } }, writers[] = { TEACH, { 0 } },
	readers[] = { OFFICE, TEACH, TIERS, { 0 } };

const struct route records_routes[] = {
	{ "GET",  "/gradebook/{class}/{subject}", readers, &page_in_shape, &page_shape, page_get, "records/gradebook",
		{ .sql = 12, .ms = 30, .kb = 120 }, { "Sổ điểm", "Gradebook" } },
	{ "POST", "/gradebook/{class}/{subject}", writers, &save_in_shape, &saved_shape, page_post, NULL,
		{ .sql = 20, .ms = 60, .kb = 400 }, { "Ghi điểm", "Write marks" } },
	{ "GET",  "/gradebook/{class}/{subject}/history", readers, &page_in_shape, &history_shape, history_get,
		"records/history", { .sql = 12, .ms = 60, .kb = 200 }, { "Lịch sử điểm", "History of marks" } },
	{ "POST", "/records/open", office, &year_in_shape, NULL, open_post, NULL, { .sql = 60, .ms = 800, .kb = 4 },
		{ "Mở sổ điểm", "Open the books" } },
	{ "POST", "/records/results", office, &year_in_shape, NULL, results_post, NULL, { .sql = 20, .ms = 60, .kb = 4 },
		{ "Tính kết quả", "Compute results" } }, END };

const struct place records_places[] = {
	{ "course", "/course", "book", { "Sổ điểm", "Books of marks" }, { "Đánh giá", "Assessment" }, readers },
	{ "conduct", "/conduct", "users", { "Rèn luyện", "Conduct" }, { "Đánh giá", "Assessment" }, readers },
	{ "year_result", "/year_result", "certificate", { "Kết quả năm học", "Results of the year" },
		{ "Đánh giá", "Assessment" }, readers },
	{ "mark_lock", "/mark_lock", "lock", { "Khóa sổ điểm", "Locks of marks" }, { "Đánh giá", "Assessment" }, readers },
	{ "exemption", "/exemption", "circle-check", { "Miễn học", "Exemptions" }, { "Đánh giá", "Assessment" },
		readers }, END };
