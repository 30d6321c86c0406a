/* marks_page.c -- the data officer's page: a file of marks becomes the draft of an exam, as khue import results does
 * it. */
#include "mod/results/commands.h"
#include "mod/results/rules.h"
#include "mod/results/views.h"

#include <sys/mman.h>
#include <unistd.h>

enum { SHOWN_FAULTS = 200, SHOWN_EXAMS = 200 };

struct marks_in { str exam; file_id file; bool dry_run; };

static const struct tr
	MSG_title = { "Nhập điểm thi", "Import exam marks" },
	MSG_file = { "Chọn một tệp điểm.", "Choose a file of marks." },
	MSG_memory = { "Không đủ bộ nhớ để đọc tệp.", "There is not enough memory to read the file." },
	MSG_counts = { "{1} dòng; mới {2}, đổi {3}, như cũ {4}, không nhận {5}.",
		"{1} rows; new {2}, changed {3}, same {4}, refused {5}." },
	MSG_more = { "Còn {1} dòng không nhận nữa.", "{1} more refused rows." };

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

/* The table reader wants a descriptor: the bytes in one that only this process has. */
static int descriptor_of(str bytes)
{
	int fd = memfd_create("marks", MFD_CLOEXEC);
	ssize_t n;

	for (; fd >= 0 && bytes.n; bytes = str_sub(bytes, n, -1)) {
		n = write(fd, bytes.p, (size_t)bytes.n);
		if (n <= 0) {
			close(fd);
			return -1;
		}
	}
	if (fd >= 0)
		lseek(fd, 0, SEEK_SET);
	return fd;
}

static void show_faults(struct ctx *c, const struct mark_faults *f, struct marks_view *out)
{
	struct fault_line *lines = NEWS(c->mem, struct fault_line, SHOWN_FAULTS);
	int n = 0;

	for (; n < SHOWN_FAULTS && n < f->n; n++)
		lines[n] = (struct fault_line){ f->at[n].line, sayf(c, f->at[n].text, f->at[n].args, f->at[n].n) };
	out->faults = (items){ lines, n };
	out->faulty = n > 0;
	if (f->n > n)
		out->more = sayf(c, &MSG_more, ARGS(int_text(c->mem, f->n - n)));
}

static enum rc exam_href(struct ctx *c, str code, str *ret)
{
	struct exam e;

	TRY(find_one(c, &exam, &e, IS({ offsetof(struct exam, code), v_text(code) })));
	*ret = TEXT(c, "/exam/%lld", (long long)e.base.id);
	return OK;
}

enum rc marks_import(struct ctx *c, const void *in_, void *out_)
{
	const struct marks_in *in = in_;
	struct marks_view *out = out_;
	struct results_ask ask = { .exam = in->exam, .name = S(""), .dry_run = in->dry_run };
	struct results_told told;
	struct file_info info;
	str bytes;
	enum rc rc;
	int fd;

	if (in->file.v == 0)
		return FAIL(c, E_INVALID, offsetof(struct marks_in, file), &MSG_file);
	TRY(file_get(c, in->file, &info, &bytes));
	ask.file = info.name;
	ask.organiser = seat_org(c, &dept_officer);
	fd = descriptor_of(bytes);
	if (fd < 0)
		return FAIL(c, E_LIMIT, 0, &MSG_memory);
	rc = results_import(c, fd, &ask, &told);
	close(fd);
	TRY(rc);
	TRY(marks_form(c, in, out));
	out->asked = true;
	out->dry = in->dry_run;
	out->exam = told.exam;
	out->unread = told.unread;
	out->counts = sayf(c, &MSG_counts, ARGS(int_text(c->mem, told.rows), int_text(c->mem, told.fresh),
		int_text(c->mem, told.changed),
		int_text(c->mem, told.same), int_text(c->mem, told.refused)));
	show_faults(c, &told.faults, out);
	return in->dry_run ? OK : exam_href(c, told.exam, &out->exam_href);
}

#define ROW struct marks_in
const struct shape marks_form_shape = { sizeof(ROW), FIELDS{
	{ COL(exam), .label = { "Mã kỳ thi", "Exam code" }, .max = 39, .help = { "Để trống: lấy từ tên tệp",
		"Empty: taken from the file's name" } },
	{ COL(file), .label = { "Tệp điểm", "File of marks" } },
	{ COL(dry_run), .label = { "Chỉ xem thử, chưa ghi", "Only look, write nothing" } }, END } };
#undef ROW
