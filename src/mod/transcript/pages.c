/* pages.c -- the pages where a school's transcripts of a year are drawn up, signed and issued, class by class. */
#include "mod/transcript/issue.h"

enum { CLASSES_MAX = 200, PUPILS_MAX = 120 };

static const struct tr MSG_drafted = { "Đã lập {1} học bạ của lớp từ kết quả năm học.",
	"{1} transcripts of the class drawn up from the year's results." };

/* ---- GET /transcripts ------------------------------------------------------------------------------------------ */

/* after: see issue.c */
struct list_in { int64_t school, year; day today; int64_t after; };
struct class_line { int64_t id; str name, teacher; int64_t pupils, closed, drafts, signed_, confirmed, issued; };
struct list_view { str title, year; int64_t year_id, to_issue; bool none, may_issue; items classes; };
#define ROW struct list_in
static const struct shape list_in_shape = { sizeof(ROW), FIELDS{ { COL(school) }, { COL(year) }, { COL(today) },
	{ COL(after) }, END } };
#undef ROW
#define ROW struct class_line
static const struct shape class_line_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(name) }, { COL(teacher) },
	{ COL(pupils) }, { COL(closed) }, { COL(drafts) }, { .name = "signed", .at = AT(signed_), .type = T_INT },
	{ COL(confirmed) }, { COL(issued) }, END } };
#undef ROW
#define ROW struct list_view
static const struct shape list_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(year) }, { COL(year_id) },
	{ COL(to_issue) }, { COL(none) }, { COL(may_issue) }, { MANY(classes, class_line_shape) }, END } };
#undef ROW

static org_id school_of(const struct ctx *c)
{
	static const struct role *const roles[] = { &principal, &deputy, &clerk, &form_teacher };

	for (ptrdiff_t i = 0; i < COUNT(roles); i++)
		if (seat_org(c, roles[i]).v)
			return seat_org(c, roles[i]);
	return (org_id){ 0 };
}

/* The year of the page's address, else today's. */
static enum rc year_of_page(struct ctx *c, int64_t *ret)
{
	struct list_in ask = { 0, 0, c->today, 0 };
	enum rc rc;

	*ret = c->here.year;
	if (*ret)
		return OK;
	rc = query_int(c, "transcript/year_now", &list_in_shape, &ask, ret);
	return rc == E_MISSING ? OK : rc;
}

static enum rc list_page(struct ctx *c, const void *in, void *out_)
{
	static const struct tr title = { "Học bạ năm học {1}", "Transcripts of {1}" };
	struct list_view *out = out_;
	struct list_in ask = { school_of(c).v, 0, c->today, 0 };

	(void)in;
	TRY(year_of_page(c, &ask.year));
	out->year_id = ask.year;
	out->year = title_of(c, &school_year, ask.year);
	out->title = sayf(c, &title, ARGS(out->year));
	TRY(query(c, "transcript/classes", &list_in_shape, &ask, &class_line_shape, &out->classes, CLASSES_MAX));
	TRY(query_int(c, "transcript/to_issue_count", &list_in_shape, &ask, &out->to_issue));
	out->none = out->classes.n == 0;
	out->may_issue = out->to_issue > 0 && has_role(c, &principal, school_of(c));
	return OK;
}

/* ---- GET /transcripts/{class} ----------------------------------------------------------------------------------- */

struct pupil_line { int64_t n, pupil; str name; int64_t part, version; str result, state; int64_t transcript, issue;
	str state_words; bool may_correct, away; str made; };
struct class_view { str title, year; int64_t id; bool none, nothing, may_draft, may_sign, may_confirm;
	int64_t drafts, signed_, confirmed, issued, missing; items pupils; };
struct pupil_row { int64_t pupil; str name; int64_t part, version; str result; pick state;
	int64_t transcript, issue, away; str class_name, school; };
#define ROW struct pupil_row
static const struct shape row_shape = { sizeof(ROW), FIELDS{ { COL(pupil) }, { COL(name) }, { COL(part) },
	{ COL(version) }, { COL(result) }, { COL(state), .pick = part_states }, { COL(transcript) }, { COL(issue) },
	{ COL(away) }, { COL(class_name) }, { COL(school) }, END } };
#undef ROW
#define ROW struct pupil_line
static const struct shape line_shape = { sizeof(ROW), FIELDS{ { COL(n) }, { COL(pupil) }, { COL(name) }, { COL(part) },
	{ COL(version) }, { COL(result) }, { COL(state) }, { COL(transcript) }, { COL(issue) }, { COL(state_words) },
	{ COL(may_correct) }, { COL(away) }, { COL(made) }, END } };
#undef ROW
#define ROW struct class_view
static const struct shape class_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(year) }, { COL(id) }, {
	COL(none) },
	{ COL(nothing) }, { COL(may_draft) }, { COL(may_sign) }, { COL(may_confirm) }, { COL(drafts) },
	{ .name = "signed", .at = AT(signed_), .type = T_INT }, { COL(confirmed) }, { COL(issued) }, { COL(missing) },
	{ MANY(pupils, line_shape) }, END } };
#undef ROW
struct head_row { org_id org; str name, year; int64_t leads; };
#define ROW struct head_row
static const struct shape head_shape = { sizeof(ROW), FIELDS{ { REF(org, org) }, { COL(name) }, { COL(year) },
	{ COL(leads) }, END } };
#undef ROW

static void put_line(struct ctx *c, struct class_view *out, const struct pupil_row *r, bool heads_it,
	struct pupil_line *l, int64_t n)
{
	*l = (struct pupil_line){ .n = n, .pupil = r->pupil, .name = r->name, .part = r->part, .version = r->version,
		.result = r->result, .transcript = r->transcript, .issue = r->issue };
	if (!r->part) {
		out->missing++;
		return;
	}
	l->state = str_of(part_states[r->state].code);
	l->state_words = say(c, &part_states[r->state].label);
	l->away = r->away > 0;
	if (r->class_name.n)
		l->made = TEXT(c, "%.*s, %.*s", FMT(r->class_name), FMT(r->school));
	l->may_correct = heads_it && r->state == PART_ISSUED;
	out->drafts += r->state == PART_DRAFT;
	out->signed_ += r->state == PART_SIGNED;
	out->confirmed += r->state == PART_CONFIRMED;
	out->issued += r->state == PART_ISSUED;
}

static enum rc class_page(struct ctx *c, const void *in, void *out_)
{
	static const struct tr title = { "Học bạ lớp {1}", "Transcripts of {1}" };
	struct class_view *out = out_;
	struct head_row h;
	items got;

	TRY(query_one(c, "transcript/class_head", &class_key_shape, in, &head_shape, &h));
	TRY(query(c, "transcript/class_pupils", &class_key_shape, in, &row_shape, &got, PUPILS_MAX));
	struct pupil_line *list = NEWS(c->mem, struct pupil_line, got.n + 1);
	for (int64_t i = 0; i < got.n; i++)
		put_line(c, out, (const struct pupil_row *)got.p + i, has_role(c, &principal, h.org), &list[i], i + 1);
	out->pupils = (items){ list, got.n };
	out->title = sayf(c, &title, ARGS(h.name));
	out->year = h.year;
	out->id = ((const struct class_key *)in)->class.v;
	out->none = got.n == 0;
	out->nothing = out->missing == got.n;
	bool office = has_role(c, &clerk, h.org) || has_role(c, &principal, h.org);
	out->may_draft = (h.leads || office) && out->missing + out->drafts > 0;
	out->may_sign = h.leads && out->drafts > 0;
	out->may_confirm = has_role(c, &principal, h.org) && out->signed_ > 0;
	return OK;
}

/* ---- POST /transcripts/{class}/draft --------------------------------------------------- */

/* Names of those that wait, or that changed, of the parts listed; parts NULL: of all. */
static str names_in(struct ctx *c, const items *sources, bool changed, const items *parts)
{
	const struct part_source *v = sources->p;
	struct buf b;

	buf_init(&b, c->mem, 16000);
	for (int64_t i = 0; i < sources->n; i++) {
		bool asked = !parts;
		for (int64_t k = 0; parts && k < parts->n; k++)
			asked = asked || ((const struct id_row *)parts->p)[k].id == v[i].part;
		if (asked && (changed ? v[i].changed : v[i].waits))
			put_fmt(&b, "%s%.*s", b.n ? ", " : "", FMT(v[i].name));
	}
	return buf_str(&b);
}

/* waits: the names of who is tested again or trains in summer, empty: nobody. */
static enum rc back_to_class(struct ctx *c, const struct class_key *in, const struct tr *said, int64_t n, str waits)
{
	static const struct tr waiting = { "{1} Còn chờ kiểm tra lại, rèn luyện hè hoặc xét lên lớp: {2}.",
		"{1} Waiting for a retest, training in summer or the principal's decision: {2}." };

	c->said = sayf(c, said, ARGS(TEXT(c, "%lld", (long long)n)));
	if (waits.n)
		c->said = sayf(c, &waiting, ARGS(c->said, waits));
	c->go = link_to(c, "/transcripts/%lld", (long long)in->class.v);
	return OK;
}

/* Who may see the class's page and leads the class, or works in its office. */
static enum rc may_draft(struct ctx *c, const void *in, struct head_row *h)
{
	TRY(query_one(c, "transcript/class_head", &class_key_shape, in, &head_shape, h));
	return h->leads || has_role(c, &clerk, h->org) || has_role(c, &principal, h->org) ? OK : E_DENIED;
}

static enum rc draft_post(struct ctx *c, const void *in, void *out)
{
	const struct class_key *class = in;
	struct head_row h;
	items sources;
	int64_t n;

	(void)out;
	TRY(may_draft(c, in, &h));
	TRY(transcript_draft(c, class->class, &n));
	TRY(class_sources(c, class->class, (person_id){ 0 }, &sources));
	return back_to_class(c, in, &MSG_drafted, n, names_in(c, &sources, false, NULL));
}

/* ---- POST /transcripts/{class}/sign, /confirm ------------------------------------------ */

struct parts_in { school_class_id class; pick state; };
#define ROW struct parts_in
static const struct shape parts_in_shape = { sizeof(ROW), FIELDS{ { REF(class, school_class) },
	{ COL(state), .pick = part_states }, END } };
#undef ROW

static bool waits_still(const items *sources, int64_t part)
{
	for (int64_t i = 0; i < sources->n; i++)
		if (((const struct part_source *)sources->p)[i].part == part)
			return ((const struct part_source *)sources->p)[i].waits;
	return false;
}

/* Every part of the class that stands at a state walks a step; all or none. Who still waits for a retest, for
 * summer or for the principal's decision (TT 27/2020/TT-BGDĐT Điều 11) is left out: their year is not over, and is
 * signed one by one if it is to be. */
static enum rc walk(struct ctx *c, const struct class_key *in, pick state, const char *name, const struct tr *said)
{
	static const struct tr stale = { "Chưa ký: số liệu đã đổi sau khi lập học bạ của {1}. Lập lại học bạ (bản đã ký "
		"thì trả lại trước) rồi ký.", "Not signed: what the transcripts of {1} rest on has changed since they were "
		"drawn up. Draw them up again (return signed ones first), then sign." };
	struct parts_in ask = { in->class, state };
	struct transcript_part x;
	items got, sources;
	int64_t n = 0;

	TRY(query(c, "transcript/parts_in", &parts_in_shape, &ask, &id_row_shape, &got, PUPILS_MAX));
	TRY(class_sources(c, in->class, (person_id){ 0 }, &sources));
	str changed = names_in(c, &sources, true, &got);
	if (changed.n)
		return FAILF(c, E_STATE, 0, &stale, changed);
	for (int64_t i = 0; i < got.n; i++) {
		int64_t part = ((const struct id_row *)got.p)[i].id;
		if (waits_still(&sources, part))
			continue;
		TRY(find(c, &transcript_part, part, &x));
		TRY(step(c, &transcript_part, &x, name));
		n++;
	}
	return back_to_class(c, in, said, n, names_in(c, &sources, false, &got));
}

static enum rc sign_post(struct ctx *c, const void *in, void *out)
{
	static const struct tr said = { "Đã ký {1} học bạ.", "{1} transcripts signed." };

	(void)out;
	return walk(c, in, PART_DRAFT, "sign", &said);
}

static enum rc confirm_post(struct ctx *c, const void *in, void *out)
{
	static const struct tr said = { "Hiệu trưởng đã ký {1} học bạ.", "The principal signed {1} transcripts." };

	(void)out;
	return walk(c, in, PART_SIGNED, "confirm", &said);
}

/* ---- POST /transcripts/issue ----------------------------------------------------------- */

struct issue_ask { school_year_id year; };
#define ROW struct issue_ask
static const struct shape issue_ask_shape = { sizeof(ROW), FIELDS{ { REF(year, school_year), .is = NEEDED,
	.label = { "Năm học", "School year" } }, END } };
#undef ROW

static enum rc issue_post(struct ctx *c, const void *in, void *out)
{
	static const struct tr said = { "Đang phát hành học bạ; xem tiến độ ở đây.",
		"Transcripts are being issued; see the progress here." };
	org_id at = seat_org(c, &principal);
	struct issue_keys k;
	int64_t id;

	(void)out;
	TRY(issue_keys_open(c, at, &k));                 /* a missing seal is told here, not by the job       */
	TRY(job_add(c, &transcript_jobs[0], at,
		&(struct issue_in){ at, ((const struct issue_ask *)in)->year, .site = k.site }, &id));
	return go_to(c, link_to(c, "/viec/%lld", (long long)id), &said);
}

/* ---- POST /transcripts/part/{part}/correct --------------------------------------------- */

struct correct_in { transcript_part_id part; str reason; };
#define ROW struct correct_in
static const struct shape correct_shape = { sizeof(ROW), FIELDS{ { REF(part, transcript_part), .is = NEEDED,
	.label = { "Năm học", "Year" } }, { COL(reason), .is = NEEDED | LONG, .max = 1000,
	.label = { "Lý do sửa", "Why it is corrected" } }, END } };
#undef ROW

static enum rc correct_post(struct ctx *c, const void *in_, void *out)
{
	static const struct tr said = { "Đã mở bản sửa. Bản đang có hiệu lực vẫn giữ nguyên cho tới khi phát hành bản mới.",
		"A correction is open. The issue in force stays as it is until the new one is issued." };
	const struct correct_in *in = in_;
	int64_t class = 0;

	(void)out;
	TRY(transcript_correct(c, in->part, in->reason, &class));
	return go_to(c, link_to(c, "/transcripts/%lld", (long long)class), &said);
}

#define OFFICE { &principal, &at_org, READ }, { &clerk, &at_org, READ }
static const struct grant leads[] = { { &form_teacher, &at_org, READ }, { 0 } }, heads[] = { { &principal, &at_org,
	READ },
	{ 0 } };
static const struct grant drawers[] = { OFFICE, { &form_teacher, &at_org, READ }, { 0 } },
	school[] = { OFFICE, { &deputy, &at_org, READ }, { &form_teacher, &at_org, READ }, { 0 } },
	readers[] = { OFFICE, { &deputy, &at_org, READ },
		{ &form_teacher, &at_org, READ }, { &pupil, &own, READ }, { &parent, &own_child, READ },
		{ &dept_officer, &in_tree, READ }, { &dept_inspector, &in_tree, READ }, { 0 } };

const struct route transcript_routes[] = {
	{ "GET", "/transcripts", school, NULL, &list_shape, list_page, "transcript/classes", { .sql = 12, .ms = 60,
		.kb = 80 },
		{ "Học bạ theo lớp", "Transcripts by class" } },
	{ "GET", "/transcripts/{class}", school, &class_key_shape, &class_shape, class_page, "transcript/class",
		{ .sql = 12, .ms = 40, .kb = 100 }, { "Học bạ của lớp", "Transcripts of a class" } },
	{ "POST", "/transcripts/{class}/draft", drawers, &class_key_shape, NULL, draft_post, NULL,
		{ .sql = 900, .ms = 900, .kb = 4 }, { "Lập học bạ", "Draw up" } },
	{ "POST", "/transcripts/{class}/sign", leads, &class_key_shape, NULL, sign_post, NULL,
		{ .sql = 1500, .ms = 900, .kb = 4 }, { "Chủ nhiệm ký cả lớp", "Sign a class" } },
	{ "POST", "/transcripts/{class}/confirm", heads, &class_key_shape, NULL, confirm_post, NULL,
		{ .sql = 1500, .ms = 900, .kb = 4 }, { "Hiệu trưởng ký cả lớp", "Confirm a class" } },
	{ "POST", "/transcripts/issue", heads, &issue_ask_shape, NULL, issue_post, NULL, { .sql = 20, .ms = 60, .kb = 4 },
		{ "Phát hành học bạ", "Issue" } },
	{ "POST", "/transcripts/part/{part}/correct", heads, &correct_shape, NULL, correct_post, NULL,
		{ .sql = 60, .ms = 200, .kb = 4 }, { "Mở bản sửa", "Correct" } },
	{ "GET", "/tra-cuu/hoc-ba", for_anyone, &look_form, &look_shape, look_page, "transcript/look",
		{ .sql = 3, .ms = 20, .kb = 60 }, { "Kiểm tra học bạ", "Check a transcript" } },
	{ "GET", "/tra-cuu/hoc-ba/khoa", for_anyone, NULL, NULL, look_keys, NULL, { .sql = 1, .ms = 5, .kb = 4 },
		{ "Khóa công khai của học bạ", "Public keys of transcripts" } }, END };

const struct place transcript_places[] = {
	{ "transcripts", "/transcripts", "certificate", { "Lập và ký học bạ", "Sign transcripts" },
		{ "Đánh giá", "Assessment" }, school },
	{ "transcript_issue", "/transcript_issue", "file-certificate", { "Học bạ", "Transcripts" },
		{ "Đánh giá", "Assessment" }, readers }, END };
