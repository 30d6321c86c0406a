/* books.c -- the books a teacher writes, what each lacks and when it locks; requests to reopen, asked and answered. */
#include "mod/records/carried.h"
#include "mod/records/results_page.h"

struct books_ask { pick term; bool term_given; };
struct books_in { str term; };
#define ROW struct books_in
const struct shape books_in_shape = { sizeof(ROW), FIELDS{ { COL(term), .max = 10, .label = { "Học kì", "Term" } },
	END } };
#undef ROW
struct book_row { int64_t id, class, subject; org_id org; int64_t lessons; str code, subject_name; bool comment_only;
	pick grade; str class_name; int64_t year_id, year, size, exempt, came; };
#define ROW struct book_row
static const struct shape book_row_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(class) }, { COL(subject) },
	{ REF(org, org) }, { COL(lessons) }, { COL(code) }, { COL(subject_name) }, { COL(comment_only) },
	{ COL(grade), .pick = grades }, { COL(class_name) }, { COL(year_id) }, { COL(year) }, { COL(size) },
	{ COL(exempt) }, { COL(came) }, END } };
#undef ROW
struct cells_of { int64_t course; str cells; };
#define ROW struct cells_of
static const struct shape cells_of_shape = { sizeof(ROW), FIELDS{ { COL(course) }, { COL(cells) }, END } };
#undef ROW
struct lock_of { int64_t school, class, year; str part; day on; bool now; };
#define ROW struct lock_of
static const struct shape lock_of_shape = { sizeof(ROW), FIELDS{ { COL(school) }, { COL(class) }, { COL(year) },
	{ COL(part) }, { COL(on) }, { COL(now) }, END } };
#undef ROW
struct request_row { int64_t id, rev, class, subject; str class_name, subject_name; pick term, part;
	str reason; pick state; day until; int64_t author; instant made; str answer; };
#define ROW struct request_row
static const struct shape request_row_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(rev) }, { COL(class) },
	{ COL(subject) }, { COL(class_name) }, { COL(subject_name) }, { COL(term), .pick = mark_terms },
	{ COL(part), .pick = reopen_parts }, { COL(reason) },
	{ COL(state), .pick = reopen_states }, { COL(until) }, { COL(author) }, { COL(made) },
	{ COL(answer) }, END } };
#undef ROW

struct book_view { int64_t class, subject, size, filled, wanted, missing; str class_name, subject_name, lacks, locks;
	bool done, locked; };
#define ROW struct book_view
static const struct shape book_view_shape = { sizeof(ROW), FIELDS{ { COL(class) }, { COL(subject) }, { COL(size) },
	{ COL(filled) }, { COL(wanted) }, { COL(missing) }, { COL(class_name) }, { COL(subject_name) }, { COL(lacks) },
	{ COL(locks) }, { COL(done) }, { COL(locked) }, END } };
#undef ROW
struct request_view { int64_t id, rev, class, subject; str what, term, term_code, part, reason, state, who,
	until, answer; instant made;
	bool open, approved, over, refused; };
#define ROW struct request_view
static const struct shape request_view_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(rev) }, { COL(class) },
	{ COL(subject) }, { COL(what) }, { COL(term) }, { COL(term_code) }, { COL(part) }, { COL(reason) },
	{ COL(state) }, { COL(who) },
	{ COL(until) }, { COL(answer) }, { COL(made) }, { COL(open) }, { COL(approved) }, { COL(over) },
	{ COL(refused) }, END } };
#undef ROW
struct books_view { str term, term_code, other_term, other_code, until_today; int64_t year_id; bool none, above, asks,
	may_answer, may_open; items books, requests; };
#define ROW struct books_view
const struct shape books_out = { sizeof(ROW), FIELDS{ { COL(term) }, { COL(term_code) }, { COL(other_term) },
	{ COL(other_code) }, { COL(until_today) }, { COL(year_id) }, { COL(none) }, { COL(above) }, { COL(asks) },
	{ COL(may_answer) },
	{ COL(may_open) },
	{ MANY(books, book_view_shape) }, { MANY(requests, request_view_shape) }, END } };
#undef ROW

/* The term of today; before and after the year's terms: the first. */
static pick term_of(struct ctx *c, str asked)
{
	int64_t second = 0;

	if (str_is(asked, "hk1") || str_is(asked, "hk2"))
		return str_is(asked, "hk2") ? TERM_2 : TERM_1;
	if (query_int(c, "records/in_second_term", NULL, NULL, &second) != OK)
		second = 0;
	return second ? TERM_2 : TERM_1;
}

/* Two earlier classes bring a pupil's term twice. */
static bool is_told(const items *brought, int64_t at)
{
	const struct carried_row *r = brought->p;

	for (int64_t i = 0; i < at; i++)
		if (r[i].pupil == r[at].pupil && r[i].term == r[at].term)
			return true;
	return false;
}

/* "TX3 còn 7 em, GK còn 45 em": half-filled columns are named to the teacher. */
static void count_cells(struct ctx *c, const struct cell_layout *l, const struct book_row *k, pick term_,
	const items *cells, const items *brought, struct book_view *v)
{
	static const struct tr lacks = { "{1} còn {2} em", "{1} lacks {2}" };
	int64_t filled[SLOTS] = { 0 }, pupils = k->size - k->exempt;
	struct buf b;

	for (int64_t i = 0; i < cells->n; i++) {
		const struct cells_of *x = (const struct cells_of *)cells->p + i;
		int32_t read[SLOTS];
		if (x->course != k->id)
			continue;
		cells_read(l, x->cells, read);
		for (int s = 0; s < l->n; s++)
			filled[s] += read[s] != CELL_EMPTY;
	}
	for (int64_t i = 0; i < brought->n; i++) {
		const struct carried_row *r = (const struct carried_row *)brought->p + i;
		bool old[SLOTS] = { false };
		int32_t own_[SLOTS];
		if (r->term != term_ || is_told(brought, i))
			continue;
		cells_read(l, r->own, own_);
		carried_into(brought, k->class, r->pupil, k->subject, term_, l, own_, old);
		for (int s = 0; s < l->n; s++)
			filled[s] += old[s];
	}
	buf_init(&b, c->mem, 2000);
	for (int s = 0; s < l->n; s++) {
		int64_t left = pupils > filled[s] ? pupils - filled[s] : 0;
		v->wanted += pupils;
		v->filled += pupils - left;
		v->missing += left;
		if (left)
			put_fmt(&b, "%s%.*s", b.n ? ", " : "", FMT(sayf(c, &lacks, ARGS(viet_upper(c->mem, str_of(l->slots[s].key)),
				TEXT(c, "%lld", (long long)left)))));
	}
	v->lacks = buf_str(&b);
	v->done = v->missing == 0;
}

static void tell_locks(struct ctx *c, const struct book_row *k, const items *locks, struct book_view *v)
{
	static const struct { const char *code; struct tr is; } parts[] = { { "all", { "Cả sổ", "The book" } },
		{ "tx", { "Thường xuyên", "Regular" } }, { "gk", { "Giữa kì", "Mid-term" } },
		{ "ck", { "Cuối kì", "End of term" } } };
	static const struct tr done = { "{1}: đã khóa", "{1}: locked" }, will = { "{1}: khóa từ {2}", "{1}: locks on {2}" };
	struct buf b;

	buf_init(&b, c->mem, 2000);
	for (int64_t i = 0; i < locks->n; i++) {
		const struct lock_of *l = (const struct lock_of *)locks->p + i;
		for (int p = 0; p < COUNT(parts); p++) {
			bool its = l->class ? l->class == k->class : l->school == k->org.v;
			if (!its || l->year != k->year_id || !str_is(l->part, parts[p].code) || (!l->now && l->on.v == NO_DAY.v))
				continue;
			str is = say(c, &parts[p].is), text = l->now ? sayf(c, &done, ARGS(is))
				: sayf(c, &will, ARGS(is, day_text(c->mem, l->on)));
			put_fmt(&b, "%s%.*s", b.n ? " · " : "", FMT(text));
			v->locked = v->locked || l->now;
		}
	}
	v->locks = buf_str(&b);
}

static enum rc books_of(struct ctx *c, pick term_, items *ret)
{
	struct book_in in = { .term = term_ };
	items got, cells, locks, brought;
	int64_t n = 0;

	TRY(query(c, "records/my_books", &book_in_shape, &in, &book_row_shape, &got, 200));
	struct book_view *v = NEWS(c->mem, struct book_view, got.n + 1);
	if (got.n) {
		TRY(query(c, "records/my_cells", &book_in_shape, &in, &cells_of_shape, &cells, 200 * 120));
		TRY(query(c, "records/my_locks", &book_in_shape, &in, &lock_of_shape, &locks, 200));
	}
	for (int64_t i = 0; i < got.n; i++) {
		const struct book_row *k = (const struct book_row *)got.p + i;
		const struct scheme *s = scheme_for(schemes(c), k->grade, (int)k->year);
		struct cell_layout l;
		if (!s)
			continue;
		layout_make(c->mem, s, k->grade, k->code, k->comment_only, (int)k->lessons, &l);
		v[n] = (struct book_view){ .class = k->class, .subject = k->subject, .size = k->size,
			.class_name = k->class_name, .subject_name = k->subject_name };
		brought = (items){ 0 };
		if (k->came)
			TRY(carried_marks(c, &(struct book_in){ .class = k->class, .subject = k->subject,
				.course = k->id }, &brought));
		count_cells(c, &l, k, term_, &cells, &brought, &v[n]);
		tell_locks(c, k, &locks, &v[n++]);
	}
	*ret = (items){ v, n };
	return OK;
}

static enum rc requests_of(struct ctx *c, items *ret)
{
	items got;

	TRY(query(c, "records/requests", NULL, NULL, &request_row_shape, &got, 40));
	struct request_view *v = NEWS(c->mem, struct request_view, got.n + 1);
	int64_t *ids = NEWS(c->mem, int64_t, got.n + 1);
	str *names = NEWS(c->mem, str, got.n + 1);
	for (int64_t i = 0; i < got.n; i++)
		ids[i] = ((const struct request_row *)got.p)[i].author;
	TRY(names_of_accounts(c, ids, (int)got.n, names));
	for (int64_t i = 0; i < got.n; i++) {
		const struct request_row *r = (const struct request_row *)got.p + i;
		v[i] = (struct request_view){ .id = r->id, .rev = r->rev, .class = r->class, .subject = r->subject,
			.what = TEXT(c, "%.*s – %.*s", FMT(r->class_name), FMT(r->subject_name)),
			.term = say(c, &mark_terms[r->term].label), .term_code = str_of(mark_terms[r->term].code),
			.part = say(c, &reopen_parts[r->part].label), .reason = r->reason,
			.state = say(c, &reopen_states[r->state].label), .who = names[i],
			.until = day_text(c->mem, r->until), .answer = r->answer, .made = r->made, .open = r->state == REOPEN_ASKED,
			.approved = r->state == REOPEN_APPROVED && r->until.v >= c->today.v,
			.over = r->state == REOPEN_APPROVED && r->until.v < c->today.v, .refused = r->state == REOPEN_REFUSED };
	}
	*ret = (items){ v, got.n };
	return OK;
}

/* The office opens the books of a year: for every class and subject that somebody teaches and that has none. */
static enum rc tell_opening(struct ctx *c, struct books_view *out)
{
	struct year_row year;
	enum rc rc;

	if (!has_role(c, &principal, (org_id){ 0 }) && !has_role(c, &deputy, (org_id){ 0 })
		&& !has_role(c, &clerk, (org_id){ 0 }))
		return OK;
	rc = year_find(c, 0, &year);
	out->may_open = rc == OK;
	out->year_id = rc == OK ? year.id : 0;
	return rc == E_MISSING ? OK : rc;
}

enum rc books_get(struct ctx *c, const void *in_, void *out_)
{
	const struct books_in *in = in_;
	struct books_view *out = out_;
	pick now = term_of(c, in->term), other = now == TERM_1 ? TERM_2 : TERM_1;

	*out = (struct books_view){ .term = say(c, &mark_terms[now].label), .term_code = str_of(mark_terms[now].code),
		.other_term = say(c, &mark_terms[other].label), .other_code = str_of(mark_terms[other].code),
		.until_today = day_text(c->mem, c->today), .may_answer = has_role(c, &principal, (org_id){ 0 })
			|| has_role(c, &deputy, (org_id){ 0 }) };
	TRY(books_of(c, now, &out->books));
	TRY(requests_of(c, &out->requests));
	TRY(tell_opening(c, out));
	out->none = out->books.n == 0;
	out->above = !has_role(c, &teacher, (org_id){ 0 }) && !has_role(c, &form_teacher, (org_id){ 0 });
	out->asks = out->requests.n > 0;
	return OK;
}

/* ---- a book is asked to be reopened ----------------------------------------------------------------------------- */

struct reopen_ask { school_class_id class; subject_id subject; pick term, part; str reason; };
#define ROW struct reopen_ask
const struct shape reopen_in = { sizeof(ROW), FIELDS{ { REF(class, school_class), .is = NEEDED,
	.label = { "Lớp", "Class" } }, { REF(subject, subject), .is = NEEDED, .label = { "Môn", "Subject" } },
	{ COL(term), .pick = terms_written, .label = { "Học kì", "Term" } },
	{ COL(part), .pick = reopen_parts, .label = { "Phần xin mở", "Part to reopen" } },
	{ COL(reason), .is = NEEDED, .max = 1000, .label = { "Lý do", "Reason" } }, END } };
#undef ROW

enum rc reopen_post(struct ctx *c, const void *in_, void *out)
{
	static const struct tr said = { "Đã gửi đề nghị; hiệu trưởng sẽ thấy ở trang Sổ điểm của tôi.",
		"Asked; the principal sees it on the page of books." };
	const struct reopen_ask *in = in_;
	struct course_head k;
	struct mark_reopen x;

	(void)out;
	TRY(course_find(c, in->class, in->subject, &k));
	row_zero(&mark_reopen, &x);
	x.course.v = k.id;
	x.term = in->term;
	x.part = in->part;
	x.reason = in->reason;
	TRY(create(c, &mark_reopen, &x));
	return go_to(c, link_to(c, "/gradebook/%lld/%lld?term=%s", (long long)in->class.v, (long long)in->subject.v,
		mark_terms[in->term].code), &said);
}

enum { ANSWER_APPROVE, ANSWER_REFUSE };
struct reopen_answer { mark_reopen_id id; pick answer; day until; str why; };
static const struct choice answers[] = { { "approve", { "Cho mở", "Approve" } },
	{ "refuse", { "Không duyệt", "Refuse" } }, END };
#define ROW struct reopen_answer
const struct shape reopen_answer_in = { sizeof(ROW), FIELDS{ { REF(id, mark_reopen), .is = NEEDED,
	.label = { "Đề nghị", "Request" } }, { COL(answer), .pick = answers, .label = { "Trả lời", "Answer" } },
	{ COL(until), .label = { "Được ghi đến hết ngày", "May write until" } },
	{ COL(why), .max = 1000, .label = { "Lý do không duyệt", "Why it is refused" } }, END } };
#undef ROW

enum rc reopen_answer_post(struct ctx *c, const void *in_, void *out)
{
	static const struct tr said = { "Đã trả lời đề nghị mở sổ.", "The request was answered." };
	const struct reopen_answer *in = in_;
	struct mark_reopen x;

	(void)out;
	TRY(find(c, &mark_reopen, in->id.v, &x));
	if (in->answer == ANSWER_APPROVE)
		x.until = in->until;
	else
		x.answer = in->why;
	TRY(step(c, &mark_reopen, &x, answers[in->answer].code));
	return go_to(c, link_to(c, "/gradebook"), &said);
}
