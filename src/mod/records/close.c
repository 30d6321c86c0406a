/* close.c -- before a term or year is closed: everything that is missing, one click from its gap; then classes closed
 * by a job, each with its results. A class may be closed alone. */
#include "mod/records/away.h"
#include "mod/records/gather.h"
#include "mod/records/carried.h"
#include "mod/records/results_page.h"

static const struct tr
	MSG_gaps = { "Còn {1} chỗ thiếu. Bổ sung, hoặc ghi lý do rồi chọn “chốt dù còn thiếu”.",
		"{1} gaps are left. Fill them, or give a reason and choose to close all the same." },
	MSG_why = { "Hãy ghi lý do chốt khi còn thiếu.", "Say why it is closed with gaps." },
	MSG_no_year = { "Chưa có năm học này.", "There is no such school year." };

/* ---- what is missing --------------------------------------------------------------------------------------- */

enum gap { GAP_REGULAR, GAP_MIDDLE, GAP_END, GAP_WORD, GAP_EXEMPT, GAP_CONDUCT, GAP_BOOK, GAP_TERM, GAP_RETEST,
	GAP_SUMMER, GAP_SUPPORT, GAP_VERDICT, GAPS };
static const struct tr gap_names[GAPS] = {
	[GAP_REGULAR] = { "chưa đủ điểm thường xuyên", "too few regular marks" },
	[GAP_MIDDLE] = { "chưa có điểm giữa kì", "no mid-term mark" },
	[GAP_END] = { "chưa có điểm cuối kì", "no mark of the end of term" },
	[GAP_WORD] = { "chưa đủ lần đánh giá bằng nhận xét", "comments missing" },
	[GAP_EXEMPT] = { "ghi miễn nhưng chưa có quyết định miễn", "exempt without a decision" },
	[GAP_CONDUCT] = { "chưa đánh giá rèn luyện, phẩm chất", "conduct not rated" },
	[GAP_BOOK] = { "chưa mở sổ điểm", "no book of marks" },
	[GAP_TERM] = { "chưa chốt học kì", "the term is not closed" },
	[GAP_RETEST] = { "chưa có kết quả kiểm tra lại", "not yet tested again" },
	[GAP_SUMMER] = { "chưa đánh giá lại sau rèn luyện hè", "conduct not rated after summer" },
	[GAP_SUPPORT] = { "chưa hoàn thành, hiệu trưởng chưa xét lên lớp",
		"not completed, the principal has not decided" },
	[GAP_VERDICT] = { "chưa xét được lên lớp vì còn thiếu điểm hoặc đánh giá",
		"no verdict yet: marks or ratings are missing" } };

struct gap_row { int64_t class; str class_name; pick grade; int64_t subject; str code, name; bool comment_only;
	int64_t lessons, pupil; str cells; bool came; };
#define ROW struct gap_row
static const struct shape gap_row_shape = { sizeof(ROW), FIELDS{ { COL(class) }, { COL(class_name) },
	{ COL(grade), .pick = grades }, { COL(subject) }, { COL(code) }, { COL(name) }, { COL(comment_only) },
	{ COL(lessons) }, { COL(pupil) }, { COL(cells) }, { COL(came) }, END } };
#undef ROW
struct other_row { int64_t class; str class_name; pick grade; int64_t subject; str name; int64_t kind,
	pupil /* 0: of no one pupil */; };
#define ROW struct other_row
static const struct shape other_row_shape = { sizeof(ROW), FIELDS{ { COL(class) }, { COL(class_name) },
	{ COL(grade), .pick = grades }, { COL(subject) }, { COL(name) }, { COL(kind) }, { COL(pupil) }, END } };
#undef ROW
struct gap_view { str subject, what, href; int64_t n; };
#define ROW struct gap_view
static const struct shape gap_shape = { sizeof(ROW), FIELDS{ { COL(subject) }, { COL(what) }, { COL(href) }, { COL(n) },
	END } };
#undef ROW
struct closed_class { int64_t id, close; str name, state, teacher; bool closed; items gaps; int64_t n_gaps;
	str away; };
#define ROW struct closed_class
static const struct shape closed_class_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(close) }, { COL(name) },
	{ COL(state) }, { COL(teacher) }, { COL(closed) }, { MANY(gaps, gap_shape) }, { COL(n_gaps) },
	{ COL(away) }, END } };
#undef ROW
struct close_view { str title, year, term, term_code; int64_t year_id, year_n; bool is_hk1, is_hk2, is_year, none,
	may_close, one /* a single class is looked at: nothing here is about the school */,
	all_closed, has_gaps; items classes; str n_gaps; int64_t n_closed, n; str reason; };
#define ROW struct close_view
const struct shape close_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(year) }, { COL(term) },
	{ COL(term_code) },
	{ COL(year_id) }, { COL(year_n) }, { COL(is_hk1) }, { COL(is_hk2) }, { COL(is_year) }, { COL(none) },
	{ COL(may_close) }, { COL(one) }, { COL(all_closed) }, { COL(has_gaps) },
	{ MANY(classes, closed_class_shape) }, { COL(n_gaps) },
	{ COL(n_closed) }, { COL(n) }, { COL(reason) }, END } };
#undef ROW

enum { GAPS_MAX = 20000, LINES_MAX = 4000 };
struct gap_line { int64_t class, subject; str name; enum gap kind; int64_t n; };
struct gaps { struct ctx *c; pick term; int64_t year; struct gap_line *lines; int64_t n, total; struct away away; };

static void add_gap(struct gaps *g, int64_t class, int64_t subject_, str name, enum gap kind, int64_t n)
{
	for (int64_t i = g->n - 1; i >= 0 && g->lines[i].class == class; i--)
		if (g->lines[i].subject == subject_ && g->lines[i].kind == kind) {
			g->lines[i].n += n;
			return;
		}
	if (g->n < LINES_MAX)
		g->lines[g->n++] = (struct gap_line){ class, subject_, name, kind, n };
}

/* TT 22/2021 Điều 6.2, 7; TT 58/2011 Điều 8: which occasions a pupil lacks in a subject. */
static void gaps_of_pupil(struct gaps *g, const struct gap_row *r, const struct cell_layout *l, const items *brought)
{
	bool lacks[GAPS] = { false };
	int32_t cells[SLOTS];

	cells_read(l, r->cells, cells);
	if (r->came)
		carried_into(brought, r->class, r->pupil, r->subject, g->term, l, cells, NULL);
	for (int i = 0; i < l->n; i++) {
		const struct cell_slot *s = &l->slots[i];
		bool extra = s->column >= 0 && l->scheme->columns[s->column].with >= 0;
		if (cells[i] == CELL_EXEMPT)
			lacks[GAP_EXEMPT] = true;
		if (cells[i] >= 0 || extra)
			continue;
		lacks[s->word ? GAP_WORD : s->part == PART_REGULAR ? GAP_REGULAR : s->part == PART_MIDDLE ? GAP_MIDDLE
			: GAP_END] = true;
	}
	for (int k = 0; k < GAPS; k++)
		if (lacks[k])
			add_gap(g, r->class, r->subject, r->name, (enum gap)k, 1);
}

static void gaps_of_marks(struct gaps *g, const items *got, const items *brought)
{
	struct cell_layout *l = NEW(g->c->mem, struct cell_layout);
	int64_t class = 0, subject_ = 0;

	for (int64_t i = 0; i < got->n; i++) {
		const struct gap_row *r = (const struct gap_row *)got->p + i;
		if (is_away(&g->away, r->class, r->pupil))       /* stays down without marks                            */
			continue;
		if (r->class != class || r->subject != subject_) {
			class = r->class;
			subject_ = r->subject;
			layout_make(g->c->mem, scheme_for(schemes(g->c), r->grade, (int)g->year), r->grade, r->code,
				r->comment_only, (int)r->lessons, l);
		}
		gaps_of_pupil(g, r, l, brought);
	}
}

/* Conduct is rated where the scheme has words for it. */
static bool rates_conduct(const struct gaps *g, pick grade)
{
	const struct scheme *s = scheme_for(schemes(g->c), grade, (int)g->year);

	return s && (s->n_conducts || s->n_qualities || (s->n_domains && g->term == TERM_2));
}

static enum rc find_gaps(struct gaps *g, const struct book_in *in)
{
	items got, brought = { 0 };
	bool came = false;

	g->lines = NEWS(g->c->mem, struct gap_line, LINES_MAX);
	TRY(away_find(g->c, in, g->year, &g->away));
	if (g->term != TERM_YEAR) {
		TRY(query(g->c, "records/gaps_marks", &book_in_shape, in, &gap_row_shape, &got, GAPS_MAX));
		for (int64_t i = 0; i < got.n; i++)
			came = came || ((const struct gap_row *)got.p)[i].came;
		if (came)
			TRY(carried_marks(g->c, in, &brought));
		gaps_of_marks(g, &got, &brought);
	}
	TRY(query(g->c, g->term == TERM_YEAR ? "records/gaps_year" : "records/gaps_term", &book_in_shape, in,
		&other_row_shape, &got, GAPS_MAX));
	for (int64_t i = 0; i < got.n; i++) {
		const struct other_row *t = (const struct other_row *)got.p + i;
		if (!is_away(&g->away, t->class, t->pupil) && (t->kind != GAP_CONDUCT || rates_conduct(g, t->grade)))
			add_gap(g, t->class, t->subject, t->name, (enum gap)t->kind, 1);
	}
	for (int64_t i = 0; i < g->n; i++)
		g->total += g->lines[i].n;
	return OK;
}

/* ---- GET /records/close ------------------------------------------------------------------------------------- */

struct class_told { int64_t id; str name, teacher; int64_t close; bool closed; };
#define ROW struct class_told
static const struct shape class_told_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(name) }, { COL(teacher) },
	{ COL(close) }, { COL(closed) }, END } };
#undef ROW

static str gap_link(struct ctx *c, const struct gap_line *l, pick term_)
{
	const char *t = mark_terms[term_].code;

	switch (l->kind) {
	case GAP_CONDUCT:
		return link_to(c, "/records/rating/%lld?term=%s", (long long)l->class, t);
	case GAP_SUMMER:
	case GAP_SUPPORT:
		return link_to(c, "/records/rating/%lld?term=year", (long long)l->class);
	case GAP_VERDICT:
		return link_to(c, "/records/class/%lld?term=year", (long long)l->class);
	case GAP_BOOK:
		return link_to(c, "/course?class=%lld", (long long)l->class);
	case GAP_TERM:
		return link_to(c, "/records/close?term=%s", l->subject == 1 ? "hk1" : "hk2");
	case GAP_RETEST:
		return link_to(c, "/records/summer");
	case GAP_EXEMPT:
		return link_to(c, "/exemption/new?class=%lld&subject=%lld", (long long)l->class, (long long)l->subject);
	default:
		return link_to(c, "/gradebook/%lld/%lld?term=%s", (long long)l->class, (long long)l->subject, t);
	}
}

static items gaps_of_class(struct gaps *g, int64_t class, int64_t *ret_n)
{
	struct gap_view *v = NEWS(g->c->mem, struct gap_view, g->n + 1);
	struct gap_line *kinds = NEWS(g->c->mem, struct gap_line, g->n + 1);
	int64_t n = 0;

	*ret_n = 0;
	for (int64_t i = 0; i < g->n; i++) {
		const struct gap_line *l = &g->lines[i];
		int64_t at = n;
		if (l->class != class)
			continue;
		/* of a subject in the order of the register: regular, middle, end */
		for (; at > 0 && l->subject && kinds[at - 1].subject == l->subject && kinds[at - 1].kind > l->kind; at--) {
			v[at] = v[at - 1];
			kinds[at] = kinds[at - 1];
		}
		kinds[at] = *l;
		n++;
		v[at] = (struct gap_view){ l->name, say(g->c, &gap_names[l->kind]), gap_link(g->c, l, g->term), l->n };
		*ret_n += l->n;
	}
	return (items){ v, n };
}

/* Said, for their blanks are no gaps. */
static str away_of_class(const struct gaps *g, int64_t class)
{
	static const struct tr said = { "{1} học sinh nghỉ quá {2} buổi: ở lại lớp, không cần đủ điểm.",
		"{1} absent on more than {2} days: they repeat the year, their marks need not be complete." };
	int64_t n = 0, most = 0;

	for (int64_t i = 0; i < g->away.n; i++)
		if (g->away.who[i].class == class) {
			most = g->away.who[i].most;
			n++;
		}
	return n ? sayf(g->c, &said, ARGS(int_text(g->c->mem, n), int_text(g->c->mem, most))) : (str){ 0 };
}

static enum rc gaps_for(struct ctx *c, const struct book_in *in, int64_t year, struct gaps *ret)
{
	*ret = (struct gaps){ .c = c, .term = in->term, .year = year };
	return find_gaps(ret, in);
}

static pick close_term(const struct ctx *c, pick asked)
{
	struct ymd d = day_ymd(c->today);

	return asked ? (pick)(asked - 1) : d.m >= 6 && d.m <= 8 ? TERM_YEAR : d.m >= 2 && d.m < 6 ? TERM_2 : TERM_1;
}

enum rc close_get(struct ctx *c, const void *in_, void *out_)
{
	static const struct tr title = { "Chốt sổ và việc còn thiếu", "Closing and what is missing" };
	const struct results_ask *in = in_;
	struct close_view *out = out_;
	struct year_row year;
	struct gaps g;
	int64_t missing = 0;
	items got;

	TRY(year_find(c, in->year, &year));
	pick term_ = close_term(c, in->term);
	struct book_in ask = { .school = office_here(c).v, .year = year.id, .term = term_, .class = in->class.v };
	*out = (struct close_view){ .title = say(c, &title), .year = year.code, .term = say(c, &mark_terms[term_].label),
		.term_code = str_of(mark_terms[term_].code), .year_id = year.id, .year_n = year.year, .is_hk1 = term_ == TERM_1,
		.is_hk2 = term_ == TERM_2, .is_year = term_ == TERM_YEAR, .may_close = has_role(c, &principal,
		(org_id){ ask.school }), .one = in->class.v != 0 };
	TRY(gaps_for(c, &ask, year.year, &g));
	TRY(query(c, "records/classes_closed", &book_in_shape, &ask, &class_told_shape, &got, 300));
	struct closed_class *v = NEWS(c->mem, struct closed_class, got.n + 1);
	for (int64_t i = 0; i < got.n; i++) {
		const struct class_told *k = (const struct class_told *)got.p + i;
		v[i] = (struct closed_class){ .id = k->id, .close = k->close, .name = k->name, .teacher = k->teacher,
			.closed = k->closed };
		v[i].gaps = gaps_of_class(&g, k->id, &v[i].n_gaps);
		v[i].away = away_of_class(&g, k->id);
		out->n_closed += k->closed;
		missing += v[i].n_gaps;
	}
	out->classes = (items){ v, got.n };
	out->n = got.n;
	out->none = got.n == 0;
	out->has_gaps = missing > 0;
	out->n_gaps = int_text(c->mem, missing);
	out->all_closed = got.n && out->n_closed == got.n;
	return OK;
}

int64_t close_gaps(struct ctx *c, org_id at, school_year_id year, pick term_, school_class_id class)
{
	struct book_in ask = { .school = at.v, .year = year.v, .term = term_, .class = class.v };
	struct school_year y;
	struct gaps g;

	return find(c, &school_year, year.v, &y) == OK && gaps_for(c, &ask, y.year, &g) == OK ? g.total : -1;
}

/* ---- POST /records/close -------------------------------------------------------------------------------------- */

#define ROW struct close_in
const struct shape close_in_shape = { sizeof(ROW), FIELDS{
	{ REF(year, school_year), .is = NEEDED, .label = { "Năm học", "School year" } },
	{ COL(term), .pick = mark_terms, .label = { "Học kì", "Term" } },
	{ REF(class, school_class), .label = { "Lớp", "Class" } },
	{ COL(anyway), .label = { "Chốt dù còn thiếu", "Close all the same" } },
	{ COL(reason), .max = 500, .label = { "Lý do", "Reason" } }, END } };
#undef ROW
#define ROW struct close_job
const struct shape close_job_shape = { sizeof(ROW), FIELDS{ { REF(at, org), .label = { "Đơn vị", "Organisation" } },
	{ REF(year, school_year), .label = { "Năm học", "School year" } }, { COL(term), .pick = mark_terms,
	.label = { "Học kì", "Term" } }, { REF(class, school_class), .label = { "Lớp", "Class" } }, END } };
#undef ROW

enum rc close_post(struct ctx *c, const void *in_, void *out)
{
	static const struct tr said = { "Đang chốt sổ; xem tiến độ ở đây.", "Being closed; see the progress here." };
	const struct close_in *in = in_;
	org_id at = seat_org(c, &principal);
	struct book_in ask = { .school = at.v, .year = in->year.v, .term = in->term, .class = in->class.v };
	struct school_year year;
	struct gaps g;
	int64_t id;

	(void)out;
	if (find(c, &school_year, in->year.v, &year) != OK)
		return FAIL(c, E_INVALID, offsetof(struct close_in, year), &MSG_no_year);
	TRY(gaps_for(c, &ask, year.year, &g));
	if (g.total && !in->anyway)
		return FAILF(c, E_INVALID, 0, &MSG_gaps, int_text(c->mem, g.total));
	if (g.total && !str_trim(in->reason).n)
		return FAIL(c, E_INVALID, offsetof(struct close_in, reason), &MSG_why);
	if (in->anyway && g.total)
		TRY(audit(c, at, "school_year", in->year.v, "close", str_trim(in->reason)));
	TRY(job_add(c, &records_jobs[JOB_CLOSE], at, &(struct close_job){ at, in->year, in->term, in->class }, &id));
	return go_to(c, link_to(c, "/viec/%lld", (long long)id), &said);
}

/* ---- the job ---------------------------------------------------------------------------------------------------- */

static enum rc close_one(struct ctx *c, const struct close_job *in, int64_t class, int64_t missing)
{
	struct class_close row;
	items got;
	int64_t n;

	TRY(results_of_class(c, (school_class_id){ class }, &n));
	TRY(find_all(c, &class_close, &got, 1, IS({ offsetof(struct class_close, class), v_int(class) },
		{ offsetof(struct class_close, term), v_text(str_of(mark_terms[in->term].code)) })));
	if (got.n) {
		row = *(const struct class_close *)got.p;
		if (row.state == CLOSE_CLOSED)
			return OK;
		row.missing = missing;
		row.reason = (str){ 0 };
		TRY(update(c, &class_close, &row));
		return step(c, &class_close, &row, "close");
	}
	row_zero(&class_close, &row);
	row.base.org = in->at;
	row.class.v = class;
	row.year = in->year;
	row.term = in->term;
	row.missing = missing;
	TRY(create(c, &class_close, &row));
	return step(c, &class_close, &row, "close");
}

static enum rc close_all(struct ctx *c, const struct close_job *in)
{
	static const struct tr doing = { "Chốt sổ và tính kết quả các lớp", "Closing classes and computing results" };
	struct book_in ask = { .school = in->at.v, .year = in->year.v, .term = in->term, .class = in->class.v };
	struct school_year year;
	struct gaps g;
	items got;

	TRY(find(c, &school_year, in->year.v, &year));
	TRY(gaps_for(c, &ask, year.year, &g));
	TRY(query(c, "records/classes_closed", &book_in_shape, &ask, &class_told_shape, &got, 300));
	for (int64_t i = 0; i < got.n; i++) {
		const struct class_told *k = (const struct class_told *)got.p + i;
		int64_t missing = 0;
		for (int64_t l = 0; l < g.n; l++)
			missing += g.lines[l].class == k->id ? g.lines[l].n : 0;
		TRY(close_one(c, in, k->id, missing));
		job_progress(c, i + 1, got.n, &doing);
		if (job_cancelled(c))
			return OK;
	}
	return OK;
}

/* The principal asked for it and was held against it then; what is closed stays closed when the job is begun again. */
enum rc close_job(struct ctx *c, void *in)
{
	const struct actor *who = as_system(c, "a term is closed for its principal");
	enum rc rc = close_all(c, in);

	as_actor(c, who);
	return rc;
}
