/* look.c -- the public look-up: exams, one candidate, the check of a proof. No statement reaches the database here. */
#include "mod/results/rules.h"
#include "mod/results/stats.h"
#include "mod/results/views.h"
#include "core/files.h"
#include "core/chart.h"

struct index_in { str exam, sbd; };
struct result_in { str exam, candidate; };
struct verify_in { str exam, proof, sbd; };

static const struct tr
	MSG_no_exam = { "Chưa có kỳ thi nào được công bố với mã “{1}”. Xem danh sách ở trang Tra cứu kết quả thi.",
		"No exam with the code “{1}” is published. The page Exam results lists them." },
	MSG_withdrawn = { "Kết quả kỳ thi “{1}” đã được {2} rút lúc {3}. Lý do: {4}",
		"The results of “{1}” were withdrawn by {2} at {3}. The reason: {4}" },
	MSG_withdrawn_title = { "Kết quả đã được rút", "The results were withdrawn" },
	MSG_no_candidate = { "Kỳ thi này không có số báo danh “{1}”. Xem lại số trên giấy báo dự thi.",
		"This exam has no candidate “{1}”. Check the number on the admission card." },
	MSG_number = { "“{1}” không phải số báo danh: số báo danh chỉ gồm chữ số (và chữ cái), không có dấu.",
		"“{1}” is not a candidate number: it has digits (and letters) only." },
	MSG_index_title = { "Tra cứu kết quả thi", "Exam results" },
	MSG_result_title = { "Kết quả của số báo danh {1}", "Results of candidate {1}" },
	MSG_missing_title = { "Không có số báo danh {1}", "No candidate {1}" },
	MSG_verify_title = { "Xác minh kết quả", "Check a result" },
	MSG_better = { "Cao hơn {1} thí sinh", "Above {1} of the candidates" },
	MSG_nothing = { "Chưa có gì để xác minh: chọn tệp kết quả đã tải về, hoặc dán bản JSON của kết quả.",
		"There is nothing to check: choose the result file that was downloaded, or paste the result's JSON." },
	MSG_hollow = { "Tệp “{1}” rỗng: tải lại tệp ở trang kết quả rồi chọn tệp ấy.",
		"The file “{1}” is empty: download it again on the result's page and choose that." },
	MSG_large = { "Tệp “{1}” quá lớn, không phải tệp kết quả: tệp tải về từ trang kết quả chỉ vài KB.",
		"The file “{1}” is too large to be a result: the file that the result's page offers has a few KB." },
	MSG_index = { "Ở dòng {1} trong {2} dòng của bản công bố", "Line {1} of the {2} that were published" };

enum rc exam_wanted(struct ctx *c, str code, const struct live **ret)
{
	enum rc rc = live_exam(c, code, ret);
	struct withdrawn w;

	if (rc == E_MISSING && live_withdrawn(c, code, &w) == OK) {
		answer_titled(c, &MSG_withdrawn_title);
		return FAILF(c, E_MISSING, 0, &MSG_withdrawn, w.name, w.by, instant_text(c->mem, w.at), w.reason);
	}
	return rc == E_MISSING ? FAILF(c, E_MISSING, 0, &MSG_no_exam, code) : rc;
}

/* ---- the list of exams ------------------------------------------------------------------------------ */

static void exam_lines(struct ctx *c, items *ret)
{
	const struct live *const *all;
	struct exam_line *lines;
	int n;

	live_list(c, &all, &n);
	lines = NEWS(c->mem, struct exam_line, n + 1);
	for (int i = 0; i < n; i++) {
		const struct issue *v = &all[i]->issue;
		lines[i] = (struct exam_line){ .code = v->exam, .name = v->name, .href = TEXT(c, "/tra-cuu/%.*s", FMT(v->exam)),
			.published = all[i]->published, .by = v->by, .count = int_text(c->mem, v->count), .year = v->year };
	}
	*ret = (items){ lines, n };
}

static void gone_lines(struct ctx *c, items *ret)
{
	items found;

	live_withdrawn_list(c, &found);
	const struct withdrawn *at = found.p;
	struct gone_line *lines = NEWS(c->mem, struct gone_line, found.n + 1);
	for (int64_t i = 0; i < found.n; i++)
		lines[i] = (struct gone_line){ at[i].name, at[i].by, instant_text(c->mem, at[i].at), at[i].reason };
	*ret = (items){ lines, found.n };
}

static enum rc index_page(struct ctx *c, const void *in_, void *out_)
{
	const struct index_in *in = in_;
	struct index_view *out = out_;
	char number[NUMBER_MAX + 1];

	out->title = say(c, &MSG_index_title);
	out->sbd = in->sbd;
	if (in->sbd.n && exam_code_ok(in->exam)) {
		if (number_read(in->sbd, number))
			return go_to(c, TEXT(c, "/tra-cuu/%.*s/%s", FMT(in->exam), number), NULL);
		out->problem = sayf(c, &MSG_number, &in->sbd, 1);
	}
	exam_lines(c, &out->exams);
	gone_lines(c, &out->gone);
	out->none = out->exams.n == 0;
	return OK;
}

/* ---- one exam --------------------------------------------------------------------------------------- */

static html spark_of(struct ctx *c, const struct dist *d, int subject)
{
	int64_t *bins = NEWS(c->mem, int64_t, BINS_MAX);
	str *labels = NEWS(c->mem, str, BINS_MAX);
	struct chart_series s = { S(""), bins };
	struct chart spark = { .kind = CHART_SPARK, .id = TEXT(c, "nho-%s", subjects[subject].code),
		.title = say(c, &subjects[subject].label),
		.labels = labels, .series = &s, .n_series = 1, .n = stats_bins(d, 100, bins) };

	for (int i = 0; i < spark.n; i++)
		labels[i] = S("");
	return chart_draw(c->mem, &spark);
}

void subject_lines(struct ctx *c, const struct live *l, items *ret)
{
	struct subject_line *lines = NEWS(c->mem, struct subject_line, SUBJECTS);
	int n = 0;

	for (int i = 0; subjects[i].code; i++) {
		int column = column_of(&l->shard, i);
		struct dist d = shard_dist(&l->shard, column, -1);
		struct mark_stats s;
		if (column < 0)
			continue;
		stats_of(&d, &s);
		lines[n++] = (struct subject_line){ .code = str_of(subjects[i].code), .label = say(c, &subjects[i].label),
			.href = TEXT(c, "/tra-cuu/%.*s/pho-diem/%s", FMT(l->issue.exam), subjects[i].code),
			.count = int_text(c->mem, s.n),
			.mean = mark_text(c->mem, s.mean), .below = percent(c->mem, share(s.below_five, s.n)),
			.good = percent(c->mem, share(s.from_eight, s.n)), .tens = int_text(c->mem, s.ten),
			.spark = spark_of(c, &d, i) };
	}
	*ret = (items){ lines, n };
}

static enum rc exam_page(struct ctx *c, const void *in_, void *out_)
{
	const struct index_in *in = in_;
	struct exam_view *out = out_;
	char number[NUMBER_MAX + 1];
	const struct live *l;
	const struct issue *v;

	TRY(exam_wanted(c, in->exam, &l));
	v = &l->issue;
	if (in->sbd.n && number_read(in->sbd, number))
		return go_to(c, TEXT(c, "/tra-cuu/%.*s/%s", FMT(v->exam), number), NULL);
	*out = (struct exam_view){ .title = v->name, .code = v->exam, .name = v->name, .year = v->year,
		.published = l->published,
		.by = v->by, .count = int_text(c->mem, v->count), .sbd = in->sbd,
		.href = TEXT(c, "/tra-cuu/%.*s", FMT(v->exam)),
		.dist_href = TEXT(c, "/tra-cuu/%.*s/pho-diem", FMT(v->exam)), .verify_href = TEXT(c, "/tra-cuu/%.*s/xac-minh",
			FMT(v->exam)),
		.key = base64url_of(c->mem, v->key, 32), .root = hex_of(c->mem, v->root.b, 32), .problem = S("") };
	if (in->sbd.n)
		out->problem = sayf(c, &MSG_number, &in->sbd, 1);
	subject_lines(c, l, &out->subjects);
	return OK;
}

/* ---- one candidate ------------------------------------------------------------------------------------ */

/* "Cao hơn 94,7% thí sinh", written without the machinery of sayf: a look-up does it for every mark. */
static str better_text(struct ctx *c, int thousandths)
{
	str words = say(c, &MSG_better), head, tail;
	struct buf b;

	buf_init(&b, c->mem, 200);
	str_cut(words, '{', &head, &tail);
	put(&b, head);
	put(&b, percent(c->mem, thousandths));
	put(&b, str_sub(tail, 2, -1));
	return buf_str(&b);
}

static void mark_lines(struct ctx *c, const struct live *l, const struct marks *m, items *ret)
{
	struct mark_line *lines = NEWS(c->mem, struct mark_line, SUBJECTS);
	const struct shard *s = &l->shard;
	int n = 0;

	for (int k = 0; k < s->n_subjects; k++) {
		int i = s->subject[k], mark = m->at[i];
		const struct tr *language = i == 2 ? language_name(m->language) : NULL;
		if (mark == NO_MARK)
			continue;
		lines[n++] = (struct mark_line){ .code = str_of(subjects[i].code), .label = say(c, &subjects[i].label),
			.value = mark_text(c->mem, mark), .note = language ? say(c, language) : S(""),
			.better = better_text(c, l->below[k][mark]),
			.href = look_href(c, l->issue.exam, "/pho-diem/", str_of(subjects[i].code)), .low = mark < 500 };
	}
	*ret = (items){ lines, n };
}

static enum rc result_missing(struct ctx *c, const struct live *l, str number, struct result_view *out)
{
	if (wants_json(c))
		return FAILF(c, E_MISSING, 0, &MSG_no_candidate, number);
	answer_with(c, 404);
	number = str_sub(number, 0, 40);
	while (number.n && !str_is_utf8(number))
		number.n--;
	out->missing = true;
	out->number = number;
	out->title = sayf(c, &MSG_missing_title, &number, 1);
	out->name = l->issue.name;
	out->href = TEXT(c, "/tra-cuu/%.*s", FMT(l->issue.exam));
	return OK;
}

/* To whoever has the number of the candidate; looked up one by one. */
#define ONE_RESULT stamp_free("one result, to whoever has its number")

static enum rc result_page(struct ctx *c, const void *in_, void *out_)
{
	const struct result_in *in = in_;
	struct result_view *out = out_;
	const struct live *l;
	const struct issue *v;
	struct marks m;
	int64_t i;

	TRY(exam_wanted(c, in->exam, &l));
	v = &l->issue;
	i = shard_find(&l->shard, in->candidate);
	if (i < 0)
		return result_missing(c, l, in->candidate, out);
	if (wants_json(c))
		return answer_as(c, 200, S("application/json"), result_json(c->mem, &l->shard, v, i), ONE_RESULT);
	shard_at(&l->shard, i, &m);
	out->number = str_copy(c->mem, str_of(m.number));
	out->title = sayf(c, &MSG_result_title, &out->number, 1);
	out->name = v->name;
	out->href = look_href(c, v->exam, "", S(""));
	out->place = place_name(l, m.group);
	out->published = l->published;
	out->by = v->by;
	out->count = int_text(c->mem, v->count);
	out->index = sayf(c, &MSG_index, ARGS(int_text(c->mem, i + 1), out->count));
	out->verify_href = look_href(c, v->exam, "/xac-minh?sbd=", out->number);
	mark_lines(c, l, &m, &out->marks);
	out->few = out->marks.n == 0;
	return OK;
}

/* The same JSON for whoever cannot ask for it by a header: to be saved and checked later. */
static enum rc result_file(struct ctx *c, const void *in_, void *out_)
{
	const struct result_in *in = in_;
	const struct live *l;
	int64_t i;

	TRY(exam_wanted(c, in->exam, &l));
	i = shard_find(&l->shard, in->candidate);
	if (i < 0)
		return FAILF(c, E_MISSING, 0, &MSG_no_candidate, in->candidate);
	return answer_as(c, 200, S("application/json"), result_json(c->mem, &l->shard, &l->issue, i), ONE_RESULT);
}

/* ---- the check ------------------------------------------------------------------------------------------ */

static void verify_steps(struct ctx *c, const struct proof_told *told, struct verify_view *out)
{
	static const struct tr labels[] = { { "Kỳ thi", "Exam" }, { "Số báo danh", "Candidate" },
		{ "Công bố lúc", "Published at" },
		{ "Nơi công bố", "Published by" }, { "Gốc cây băm đã ký", "Signed root of the hash tree" },
		{ "Khóa đã ký", "Key that signed" } };
	struct step_line *lines = NEWS(c->mem, struct step_line, COUNT(labels));
	const struct issue *v = &told->issue;
	instant at;
	const str values[] = { v->exam, str_copy(c->mem, str_of(told->marks.number)), instant_read(v->published, &at)
		? instant_text(c->mem, at) : v->published, v->by,
		hex_of(c->mem, v->root.b, 32), base64url_of(c->mem, v->key, 32) };

	for (int i = 0; i < COUNT(labels); i++)
		lines[i] = (struct step_line){ say(c, &labels[i]), values[i] };
	out->steps = (items){ lines, COUNT(labels) };
	out->leaf = leaf_text(c->mem, v->exam, &told->marks);
}

/* What is to be checked: a pasted text, or the file that the page of a result offers: sent as it is, kept nowhere. */
static enum rc proof_sent(struct ctx *c, const struct verify_in *in, str *ret)
{
	str name;
	const int64_t size = file_sent_size(c, "file", &name);

	*ret = in->proof.n ? in->proof : file_sent(c, "file");
	if (ret->n)
		return OK;
	return size < 0 ? FAIL(c, E_INVALID, 0, &MSG_nothing) : FAILF(c, E_INVALID, 0, size ? &MSG_large : &MSG_hollow,
		name);
}

static void verify_proof(struct ctx *c, const struct live *l, struct verify_view *out)
{
	struct proof_told told;
	enum proof_end end = proof_check(c->mem, out->proof, l->issue.key, &told);

	out->asked = true;
	out->words = say(c, proof_words(end));
	out->good = end == PROOF_GOOD;
	if (!str_is_utf8(out->proof))
		out->proof = S("");
	if (end != PROOF_UNREADABLE && end != PROOF_INCOMPLETE)
		verify_steps(c, &told, out);
}

static void verify_begin(struct ctx *c, const struct live *l, struct verify_view *out)
{
	out->title = say(c, &MSG_verify_title);
	out->name = l->issue.name;
	out->href = TEXT(c, "/tra-cuu/%.*s", FMT(l->issue.exam));
	out->key = base64url_of(c->mem, l->issue.key, 32);
}

static enum rc verify_page(struct ctx *c, const void *in_, void *out_)
{
	const struct verify_in *in = in_;
	struct verify_view *out = out_;
	const struct live *l;
	int64_t i;

	TRY(exam_wanted(c, in->exam, &l));
	verify_begin(c, l, out);
	out->proof = in->proof;
	if (!out->proof.n && in->sbd.n) {
		if ((i = shard_find(&l->shard, in->sbd)) < 0)
			return FAILF(c, E_MISSING, 0, &MSG_no_candidate, in->sbd);
		out->proof = result_json(c->mem, &l->shard, &l->issue, i);
	}
	if (out->proof.n)
		verify_proof(c, l, out);
	return OK;
}

static enum rc verify_sent(struct ctx *c, const void *in_, void *out_)
{
	const struct verify_in *in = in_;
	struct verify_view *out = out_;
	const struct live *l;

	TRY(exam_wanted(c, in->exam, &l));
	verify_begin(c, l, out);
	TRY(proof_sent(c, in, &out->proof));
	verify_proof(c, l, out);
	return OK;
}

/* ---- addresses ------------------------------------------------------------------------------------------- */

#define ROW struct index_in
static const struct shape index_form = { sizeof(ROW), FIELDS{ { COL(exam), .label = { "Kỳ thi", "Exam" }, .max = 60 },
	{ COL(sbd), .label = { "Số báo danh", "Candidate number" }, .max = 60 }, END } };
#undef ROW
#define ROW struct result_in
static const struct shape result_form = { sizeof(ROW), FIELDS{ { COL(exam), .label = { "Kỳ thi", "Exam" }, .max = 60 },
	{ COL(candidate), .label = { "Số báo danh", "Candidate number" }, .max = 60 }, END } };
#undef ROW
#define ROW struct verify_in
static const struct shape verify_form = { sizeof(ROW), FIELDS{ { COL(exam), .label = { "Kỳ thi", "Exam" }, .max = 60 },
	{ COL(proof), .label = { "Bản JSON của kết quả", "The result's JSON" }, .is = LONG, .max = 8000 },
	{ COL(sbd), .label = { "Số báo danh", "Candidate number" }, .max = 60 }, END } };
#undef ROW
#define ROW struct dist_in
static const struct shape dist_form = { sizeof(ROW), FIELDS{ { COL(exam), .label = { "Kỳ thi", "Exam" }, .max = 60 },
	{ COL(subject), .label = { "Môn thi", "Subject" }, .max = 30 },
	{ COL(tinh), .label = { "Tỉnh, cụm thi", "Province or cluster" }, .max = 200 }, END } };
#undef ROW

const struct route results_routes[] = {
	{ "GET", "/tra-cuu", for_anyone, &index_form, &index_shape, index_page, "results/index", { 1, 20, 60 },
		{ "Tra cứu kết quả thi", "Exam results" } },
	{ "GET", "/tra-cuu/{exam}", for_anyone, &index_form, &exam_shape, exam_page, "results/exam", { 1, 20, 120 },
		{ "Kỳ thi", "Exam" } },
	{ "GET", "/tra-cuu/{exam}/pho-diem", for_anyone, &dist_form, &dists_shape, dists_page, "results/dists",
		{ 1, 20, 200 },
	  { "Phổ điểm", "Score distributions" } },
	{ "GET", "/tra-cuu/{exam}/pho-diem/{subject}", for_anyone, &dist_form, &dist_shape, dist_page, "results/dist",
		{ 1, 30, 300 },
	  { "Phổ điểm môn thi", "Score distribution of a subject" } },
	{ "GET", "/tra-cuu/{exam}/xac-minh", for_anyone, &verify_form, &verify_shape, verify_page, "results/verify",
		{ 1, 20, 80 },
	  { "Xác minh kết quả", "Check a result" } },
	{ "POST", "/tra-cuu/{exam}/xac-minh", for_anyone, &verify_form, &verify_shape, verify_sent, "results/verify",
		{ 6, 20, 140 },
	  { "Xác minh kết quả đã gửi", "Check a result that was sent" } },
	{ "GET", "/tra-cuu/{exam}/{candidate}", for_anyone, &result_form, &result_shape, result_page, "results/result",
		{ 1, 5, 60 },
	  { "Kết quả", "Result" } },
	{ "GET", "/tra-cuu/{exam}/{candidate}/tep", for_anyone, &result_form, NULL, result_file, NULL, { 1, 5, 20 },
		{ "Tệp kết quả", "Result file" } },
	{ "GET", "/nhap-diem-thi", importers, NULL, &marks_shape, marks_form, "results/marks", { 12, 30, 120 },
		{ "Nhập điểm thi", "Import exam marks" } },
	{ "POST", "/nhap-diem-thi", importers, &marks_form_shape, &marks_shape, marks_import, "results/marks",
		{ 20, 50, 20 },
	  { "Nhập điểm thi", "Import exam marks" } },
	END };
