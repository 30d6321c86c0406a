/* marks_page.c -- the data officer's page: a file of marks becomes the draft of an exam, as khue import results does
 * it, by a job. */
#include "mod/results/commands.h"
#include "mod/results/rules.h"
#include "mod/results/views.h"
#include "core/export.h"
#include "core/files.h"

#include <unistd.h>

enum { SHOWN_FAULTS = 3, SHOWN_EXAMS = 200, KEPT_FAULTS = 10000 };

struct marks_in { str exam; file_id file; bool dry_run; };
struct marks_job_in { str exam; file_id file; bool dry_run; };

static const struct tr
	MSG_title = { "Nhập điểm thi", "Import exam marks" },
	MSG_file = { "Chọn một tệp điểm.", "Choose a file of marks." },
	MSG_counts = { "{1}: {2} dòng; mới {3}, đổi {4}, như cũ {5}, không nhận {6}.",
		"{1}: {2} rows; new {3}, changed {4}, same {5}, refused {6}." },
	MSG_fault = { " Dòng {1}: {2}.", " Line {1}: {2}." },
	MSG_unread = { " Cột không dùng: {1}.", " Columns not used: {1}." },
	MSG_dry = { " Mới chỉ xem thử: chưa ghi gì.", " Only looked: nothing was written." };

static void exam_options(struct ctx *c, items *ret)
{
	struct option_view *o;
	items found;

	if (find_all(c, &exam, &found, SHOWN_EXAMS, NULL, 0) != OK)
		found.n = 0;
	o = NEWS(c->mem, struct option_view, found.n + 1);
	for (int64_t i = 0; i < found.n; i++)
		o[i] = (struct option_view){ .value = ((const struct exam *)found.p)[i].code,
			.label = ((const struct exam *)found.p)[i].name };
	*ret = (items){ o, found.n };
}

enum rc marks_form(struct ctx *c, const void *in, void *out_)
{
	struct marks_view *out = out_;

	out->title = say(c, &MSG_title);
	exam_options(c, &out->exams);
	return OK;
}

/* The refused rows as a workbook, or no file when there are none. */
static enum rc faults_kept(struct ctx *c, org_id owner, const struct mark_faults *f, file_id *ret)
{
	static const struct tr heads[] = { { "Dòng", "Line" }, { "Lý do", "Why" } };
	static const bool number[COUNT(heads)] = { true };
	const str names[COUNT(heads)] = { say(c, &heads[0]), say(c, &heads[1]) };
	str *cells = NEWS(c->mem, str, f->n * COUNT(heads) + 1);
	int64_t n = f->n < KEPT_FAULTS ? f->n : KEPT_FAULTS;
	const struct stamp lines = stamp_free("numbers of lines and why they were refused");
	int fd;

	*ret = (file_id){ 0 };
	if (n == 0)
		return OK;
	for (int64_t i = 0; i < n; i++) {
		cells[i * 2] = int_text(c->mem, f->at[i].line);
		cells[i * 2 + 1] = sayf(c, f->at[i].text, f->at[i].args, f->at[i].n);
	}
	TRY(file_temp(c, &fd));
	TRY(export_table(c, &(struct export_table){ names, number, COUNT(heads), cells, n, lines, S("") }, fd));
	return file_make(c, owner, S("khong-nhan.xlsx"), export_type(EXPORT_XLSX), fd,
		(instant){ c->now.v + EXPORT_KEEP_MS }, lines, ret);
}

static str told_text(struct ctx *c, const struct marks_job_in *in, const struct results_told *told)
{
	struct buf b;

	buf_init(&b, c->mem, 8000);
	put(&b, sayf(c, &MSG_counts, ARGS(told->exam, int_text(c->mem, told->rows), int_text(c->mem, told->fresh),
		int_text(c->mem, told->changed), int_text(c->mem, told->same), int_text(c->mem, told->refused))));
	for (int64_t i = 0; i < told->faults.n && i < SHOWN_FAULTS; i++)
		put(&b, sayf(c, &MSG_fault, ARGS(int_text(c->mem, told->faults.at[i].line),
			sayf(c, told->faults.at[i].text, told->faults.at[i].args, told->faults.at[i].n))));
	if (told->unread.n)
		put(&b, sayf(c, &MSG_unread, ARGS(told->unread)));
	if (in->dry_run)
		put(&b, say(c, &MSG_dry));
	return buf_str(&b);
}

static enum rc told_kept(struct ctx *c, const struct marks_job_in *in, org_id owner, const struct results_told *told)
{
	file_id file;
	struct exam e;
	enum rc rc = db_begin(c->db);

	TRY(rc);
	rc = faults_kept(c, owner, &told->faults, &file);
	if (rc == OK)
		rc = job_result(c, file, told_text(c, in, told));
	if (rc == OK && !in->dry_run)
		rc = find_one(c, &exam, &e, IS({ offsetof(struct exam, code), v_text(told->exam) }));
	if (rc == OK && !in->dry_run)
		job_link(c, TEXT(c, "/exam/%lld", (long long)e.base.id));
	if (rc == OK)
		return db_commit(c->db);
	db_rollback(c->db);
	return rc;
}

static enum rc marks_work(struct ctx *c, void *in_)
{
	const struct marks_job_in *in = in_;
	struct results_ask ask = { .exam = in->exam, .name = S(""), .dry_run = in->dry_run };
	struct results_told told;
	struct file_info info;
	enum rc rc;
	int fd;

	TRY(file_open(c, in->file, &info, &fd));
	ask.file = info.name;
	ask.organiser = seat_org(c, &dept_officer);
	rc = results_import(c, fd, &ask, &told);
	close(fd);
	if (rc != OK || job_cancelled(c))
		return rc;
	return told_kept(c, in, ask.organiser, &told);
}

/* What can be told at once is told at the form: no file, a name that cannot be a code, an exam of somebody else. */
enum rc marks_import(struct ctx *c, const void *in_, void *out_)
{
	static const struct tr said = { "Đang nhập điểm; xem tiến độ ở đây.",
		"The marks are being imported; see the progress here." };
	const struct marks_in *in = in_;
	struct marks_view *out = out_;
	struct results_ask ask = { .exam = in->exam, .name = S(""), .dry_run = in->dry_run };
	struct marks_job_in job = { .file = in->file, .dry_run = in->dry_run };
	struct file_info info;
	bool there;
	int fd;

	if (in->file.v == 0)
		return FAIL(c, E_INVALID, offsetof(struct marks_in, file), &MSG_file);
	TRY(file_open(c, in->file, &info, &fd));
	close(fd);
	ask.file = info.name;
	TRY(results_allowed(c, &ask, &job.exam, &there));
	TRY(job_add(c, &results_jobs[0], seat_org(c, &dept_officer), &job, &out->job));
	answer_with(c, 202);
	return go_to(c, TEXT(c, "/viec/%lld", (long long)out->job), &said);
}

#define ROW struct marks_in
const struct shape marks_form_shape = { sizeof(ROW), FIELDS{
	{ COL(exam), .label = { "Mã kỳ thi", "Exam code" }, .max = 39, .help = { "Để trống: lấy từ tên tệp",
		"Empty: taken from the file's name" } },
	{ COL(file), .label = { "Tệp điểm", "File of marks" } },
	{ COL(dry_run), .label = { "Chỉ xem thử, chưa ghi", "Only look, write nothing" } }, END } };
#undef ROW
#define ROW struct marks_job_in
static const struct shape marks_job_shape = { sizeof(ROW), FIELDS{ { COL(exam), .max = 39 }, { COL(file) },
	{ COL(dry_run) }, END } };
#undef ROW

const struct job results_jobs[] = {
	{ .name = "marks", .label = { "Nhập điểm thi", "Import exam marks" }, .limit_s = 3600, .tries = 3,
		.in = &marks_job_shape, .run = marks_work, .bare = true }, END };
