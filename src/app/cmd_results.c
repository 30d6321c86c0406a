/* cmd_results.c -- khue import results, khue publish results EXAM, khue results list|compare|verify|withdraw|static. */
#include "app/boot.h"
#include "mod/results/commands.h"
#include "mod/results/folder.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { FILE_MAX = 256 << 20, TOLD_MAX = 1000 };

static const struct tr
	MSG_what = { "Cần nói rõ: {1}. Xem: khue {2} --help", "Say which: {1}. See: khue {2} --help" },
	MSG_open = { "Không mở được {1}: {2}", "Cannot open {1}: {2}" },
	MSG_fault = { "dòng {1}: {2}", "line {1}: {2}" },
	MSG_more = { "… và {1} dòng nữa", "… and {1} more lines" },
	MSG_unread = { "Cột không dùng: {1}", "Columns not used: {1}" },
	MSG_counts = { "Kỳ thi {1}: {2} dòng; mới {3}, đổi {4}, như cũ {5}, không nhận {6}",
		"Exam {1}: {2} rows; new {3}, changed {4}, same {5}, refused {6}" },
	MSG_dry = { "Chạy thử: chưa ghi gì.", "Dry run: nothing was written." },
	MSG_next = { "Công bố bằng: khue publish results {1}", "Publish with: khue publish results {1}" },
	MSG_published = { "Đã công bố {1}: {2} thí sinh, gốc {3}. Trang: /tra-cuu/{1}",
		"Published {1}: {2} candidates, root {3}. Page: /tra-cuu/{1}" },
	MSG_withdrawn = { "Đã rút kết quả của {1}.", "The results of {1} are withdrawn." },
	MSG_difference = { "{1} điểm {2}: công bố {3}, ở đây {4}", "{1} mark {2}: published {3}, here {4}" },
	MSG_compared = { "Đã so {1} số: {2} khác, trong đó {3} ở điểm 0.",
		"{1} counts compared: {2} differ, {3} of them at mark 0." },
	MSG_proof = { "Kỳ thi {1}, số báo danh {2}, công bố {3}, bởi {4}, khóa {5}",
		"Exam {1}, candidate {2}, published {3} by {4}, key {5}" },
	MSG_any_key = { "Chưa đối chiếu khóa: dùng --key hoặc --data của nơi công bố.",
		"The key itself was not checked: use --key or the publisher's --data." },
	MSG_key = { "--key: cần 43 ký tự base64url.", "--key: 43 characters of base64url are needed." },
	MSG_static = { "Đã ghi {1} tệp vào {2}/{3}", "{1} files written to {2}/{3}" };

static str number(struct cli *c, int64_t v)
{
	return str_fmt(c->mem, "%" PRId64, v);
}

/* ---- a command's work ---------------------------------------------------------------------------- */

struct work { struct app app; struct ctx x; };

static enum rc work_begin(struct cli *c, struct work *w, const char *why)
{
	TRY(boot(c, &w->app, BOOT_SCHEMA | BOOT_SECRET));
	ctx_start(&w->x, &w->app, c->mem);
	w->x.lang = c->lang;
	as_system(&w->x, why);
	return OK;
}

static int work_end(struct cli *c, struct work *w, enum rc rc)
{
	int code = rc == OK ? 0 : cli_problems(c, &w->x, rc);

	boot_end(&w->app);
	return code;
}

static const char *needed(struct cli *c, const char *what)
{
	const char *arg = cli_next(c);

	if (!arg)
		exit(BADF(c, E_INVALID, &MSG_what, str_of(what), str_of(c->command->name)));
	return arg;
}

static enum rc read_whole(struct cli *c, const char *path, str *ret)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), error = errno;
	struct buf b;
	char part[65536];
	ssize_t n = 0;

	if (fd >= 0) {
		buf_init(&b, c->mem, FILE_MAX);
		while ((n = read(fd, part, sizeof part)) > 0)
			put(&b, (str){ part, n });
		error = errno;
		close(fd);
		*ret = buf_str(&b);
	}
	return fd >= 0 && n == 0 ? OK : (enum rc)BADF(c, E_MISSING, &MSG_open, str_of(path), str_of(strerror(error)));
}

/* ---- import ---------------------------------------------------------------------------------------- */

static void tell_faults(struct cli *c, struct ctx *x, const struct mark_faults *f)
{
	for (int64_t i = 0; i < f->n && i < TOLD_MAX; i++)
		SAYF(c, &MSG_fault, number(c, f->at[i].line), sayf(x, f->at[i].text, f->at[i].args, f->at[i].n));
	if (f->n > TOLD_MAX)
		SAYF(c, &MSG_more, number(c, f->n - TOLD_MAX));
}

static enum rc org_named(struct ctx *x, const char *slug, org_id *ret)
{
	struct org row;
	enum rc rc = find_one(x, &org, &row, IS({ offsetof(struct org, slug), v_text(str_of(slug)) }));

	if (rc == OK)
		ret->v = row.base.id;
	return rc;
}

int import_results(struct cli *c)
{
	struct work w;
	struct results_ask ask = { .file = S("") };
	struct results_told told;
	const char *path, *exam_code = "", *name = "", *slug = NULL;
	enum rc rc;
	int fd;

	cli_value(c, "--exam", &exam_code);
	cli_value(c, "--name", &name);
	cli_value(c, "--org", &slug);
	ask = (struct results_ask){ .exam = str_of(exam_code), .name = str_of(name), .dry_run = cli_flag(c, "--dry-run"),
		.replace = cli_flag(c, "--replace") };
	ask.file = str_of(path = needed(c, "FILE"));
	cli_end(c);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return BADF(c, E_MISSING, &MSG_open, str_of(path), str_of(strerror(errno)));
	rc = work_begin(c, &w, "khue import results");
	if (rc != OK)
		return (int)rc;
	if (slug)
		rc = org_named(&w.x, slug, &ask.organiser);
	if (rc == OK)
		rc = results_import(&w.x, fd, &ask, &told);
	if (rc == OK) {
		tell_faults(c, &w.x, &told.faults);
		if (told.unread.n)
			SAYF(c, &MSG_unread, told.unread);
		SAYF(c, &MSG_counts, told.exam, number(c, told.rows), number(c, told.fresh), number(c, told.changed),
			number(c, told.same), number(c, told.refused));
		if (ask.dry_run)
			SAY(c, &MSG_dry);
		else
			SAYF(c, &MSG_next, told.exam);
	}
	return work_end(c, &w, rc);
}

/* ---- publish ------------------------------------------------------------------------------------------ */

int cmd_publish(struct cli *c)
{
	struct work w;
	struct exam e;
	const char *by = "", *folder = NULL, *code;
	int64_t files = 0;
	enum rc rc;

	cli_value(c, "--by", &by);
	cli_value(c, "--static", &folder);
	if (strcmp(needed(c, "results EXAM"), "results") != 0)
		return BADF(c, E_INVALID, &MSG_what, S("results EXAM"), S("publish"));
	code = needed(c, "EXAM");
	cli_end(c);
	rc = work_begin(c, &w, "khue publish results");
	if (rc != OK)
		return (int)rc;
	rc = results_publish(&w.x, str_of(code), str_of(by), &e);
	if (rc == OK)
		SAYF(c, &MSG_published, e.code, number(c, e.candidates), e.root);
	if (rc == OK && folder) {
		rc = results_static(&w.x, e.code, folder, &files);
		if (rc == OK)
			SAYF(c, &MSG_static, number(c, files), str_of(folder), e.code);
	}
	return work_end(c, &w, rc);
}

/* ---- results: list, withdraw, compare, verify, static --------------------------------------------------- */

static int list(struct cli *c)
{
	struct work w;
	const struct live *const *all;
	enum rc rc = work_begin(c, &w, "khue results list");
	int n;

	if (rc != OK)
		return (int)rc;
	live_list(&w.x, &all, &n);
	for (int i = 0; i < n; i++)
		printf("%.*s\t%" PRId64 "\t%" PRId64 "\t%.*s\t%.*s\n", FMT(all[i]->issue.exam), all[i]->issue.year,
			all[i]->issue.count,
			FMT(all[i]->issue.published), FMT(all[i]->issue.name));
	return work_end(c, &w, OK);
}

static int withdraw(struct cli *c)
{
	struct work w;
	const char *reason = "", *code;
	enum rc rc;

	cli_value(c, "--reason", &reason);
	code = needed(c, "EXAM");
	rc = work_begin(c, &w, "khue results withdraw");
	if (rc != OK)
		return (int)rc;
	rc = results_withdraw(&w.x, str_of(code), str_of(reason));
	if (rc == OK)
		SAYF(c, &MSG_withdrawn, str_of(code));
	return work_end(c, &w, rc);
}

static void tell_difference(void *arg, const struct difference *d)
{
	struct cli *c = arg;

	SAYF(c, &MSG_difference, str_of(c->lang == VI ? subjects[d->subject].label.vi : subjects[d->subject].label.en),
		score_text(c->mem, (score){ d->mark }), d->published < 0 ? S("–") : number(c, d->published), d->here < 0
		? S("–") : number(c, d->here));
}

static int compare(struct cli *c)
{
	struct work w;
	struct compared told;
	int64_t year = cli_number(c, "--year", 0, 1990, 2200);
	const char *code = needed(c, "EXAM"), *path = needed(c, "FILE.csv");
	enum rc rc;
	str csv;

	cli_end(c);
	if (read_whole(c, path, &csv) != OK)
		return (int)E_MISSING;
	rc = work_begin(c, &w, "khue results compare");
	if (rc != OK)
		return (int)rc;
	rc = results_compare(&w.x, str_of(code), csv, year, tell_difference, c, &told);
	if (rc == OK)
		SAYF(c, &MSG_compared, number(c, told.counts), number(c, told.differing), number(c, told.at_zero));
	return work_end(c, &w, rc);
}

/* The key that is told, else the one of the data folder, else none. */
static bool trusted_key(struct cli *c, const char *told, const uint8_t **ret)
{
	str text, bytes;

	*ret = NULL;
	if (told)
		text = str_of(told);
	else if (!read_file(c->mem, str_z(c->mem, str_fmt(c->mem, "%s/keys", c->data)), "results.pub", 100, &text))
		return true;
	if (!base64url_read(c->mem, str_trim(text), &bytes) || bytes.n != 32)
		return false;
	*ret = (const uint8_t *)bytes.p;
	return true;
}

static int verify(struct cli *c)
{
	struct proof_told told;
	const uint8_t *key;
	const char *text = NULL, *path;
	enum proof_end end;
	str json;

	cli_value(c, "--key", &text);
	path = needed(c, "FILE.json");
	cli_end(c);
	if (!trusted_key(c, text, &key))
		return BAD(c, E_INVALID, &MSG_key);
	if (read_whole(c, path, &json) != OK)
		return (int)E_MISSING;
	end = proof_check(c->mem, json, key, &told);
	SAY(c, proof_words(end));
	if (end != PROOF_UNREADABLE && end != PROOF_INCOMPLETE)
		SAYF(c, &MSG_proof, told.issue.exam, str_of(told.marks.number), told.issue.published, told.issue.by,
			base64url_of(c->mem, told.issue.key, 32));
	if (end == PROOF_GOOD && !key)
		SAY(c, &MSG_any_key);
	return end == PROOF_GOOD ? 0 : (int)E_INVALID;
}

static int write_static(struct cli *c)
{
	struct work w;
	const char *code = needed(c, "EXAM"), *folder = needed(c, "FOLDER");
	enum rc rc = work_begin(c, &w, "khue results static");
	int64_t files;

	if (rc != OK)
		return (int)rc;
	rc = results_static(&w.x, str_of(code), folder, &files);
	if (rc == OK)
		SAYF(c, &MSG_static, number(c, files), str_of(folder), str_of(code));
	return work_end(c, &w, rc);
}

int cmd_results(struct cli *c)
{
	static const struct { const char *name; int (*run)(struct cli *c);
		} verbs[] = { { "list", list }, { "withdraw", withdraw },
		{ "compare", compare }, { "verify", verify }, { "static", write_static } };
	const char *verb = needed(c, "list | compare | verify | withdraw | static");

	for (ptrdiff_t i = 0; i < COUNT(verbs); i++)
		if (strcmp(verb, verbs[i].name) == 0)
			return verbs[i].run(c);
	return BADF(c, E_INVALID, &MSG_what, S("list | compare | verify | withdraw | static"), S("results"));
}
