/* commands.c -- see commands.h. */
#include "mod/results/commands.h"
#include "mod/results/folder.h"
#include "mod/results/views.h"
#include "base/csv.h"
#include "core/search.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct tr
	MSG_code = { "“{1}” không dùng làm mã kỳ thi được; nói rõ bằng --exam, ví dụ --exam thpt-2026",
		"“{1}” cannot be an exam's code; state it by --exam, e.g. --exam thpt-2026" },
	MSG_file = { "Không đọc được tệp điểm: {1}", "The file of marks cannot be read: {1}" },
	MSG_denied = { "Bạn không được nhập điểm cho kỳ thi “{1}”.", "You may not import marks of “{1}”." },
	MSG_no_exam = { "Không có kỳ thi nào có mã “{1}”.", "There is no exam with the code “{1}”." },
	MSG_no_rows = { "Tệp không có thí sinh nào nhận được.", "The file has no candidate that can be taken." },
	MSG_table = { "Tệp so sánh cần các cột year, subject, score, count.",
		"The file to compare with needs the columns year, subject, score, count." },
	MSG_whose = { "Hệ thống có nhiều Sở và chưa biết kỳ thi này của Sở nào; nói rõ: {1}",
		"There are several departments and this exam is of none yet; state one: {1}" },
	MSG_write = { "Không ghi được {1}: {2}", "Cannot write {1}: {2}" };

/* ---- which exam ----------------------------------------------------------------------------------- */

/* "…/diem_thi_thptqg_2017.csv.xz" -> "thptqg-2017" */
static str code_of_file(struct ctx *c, str file)
{
	static const str before[] = { S_INIT("diem-thi-"), S_INIT("ket-qua-") };
	str head, tail;

	while (str_cut(file, '/', &head, &tail))
		file = tail;
	str_cut(file, '.', &head, &tail);
	head = viet_slug(c->mem, head);
	for (ptrdiff_t i = 0; i < COUNT(before); i++)
		if (str_starts(head, before[i]))
			head = str_sub(head, before[i].n, -1);
	return str_sub(head, 0, EXAM_CODE_MAX);
}

static int64_t year_of(struct ctx *c, str code)
{
	int64_t year;

	for (ptrdiff_t i = 0; i + 4 <= code.n; i++)
		if (str_to_int(str_sub(code, i, i + 4), &year) && year >= 1990 && year <= 2200)
			return year;
	return day_ymd(c->today).y;
}

static str name_of(struct ctx *c, str code, int64_t year)
{
	const char *kind = str_starts(code, S("thptqg")) ? "Kỳ thi trung học phổ thông quốc gia"
		: str_starts(code, S("thpt")) ?
		"Kỳ thi tốt nghiệp trung học phổ thông" : str_starts(code, S("ts10")) ? "Kỳ thi tuyển sinh lớp 10" : "Kỳ thi";

	return str_starts(code, S("th")) || str_starts(code, S("ts10")) ? TEXT(c, "%s năm %lld", kind, (long long)year)
		: TEXT(c, "%s %.*s", kind, FMT(code));
}

static enum rc exam_named(struct ctx *c, str code, struct exam *ret)
{
	enum rc rc = find_one(c, &exam, ret, IS({ offsetof(struct exam, code), v_text(code) }));

	return rc == E_MISSING ? FAILF(c, E_MISSING, 0, &MSG_no_exam, code) : rc;
}

enum rc results_allowed(struct ctx *c, const struct results_ask *ask, str *ret_code, bool *ret_there)
{
	struct exam e;
	enum rc rc;

	*ret_code = ask->exam.n ? ask->exam : code_of_file(c, ask->file);
	if (!exam_code_ok(*ret_code))
		return FAILF(c, E_INVALID, 0, &MSG_code, *ret_code);
	rc = find_one(c, &exam, &e, IS({ offsetof(struct exam, code), v_text(*ret_code) }));
	*ret_there = rc == OK;
	if (rc == OK && !may(c, &exam, UPDATE, &e))
		return FAILF(c, E_DENIED, 0, &MSG_denied, *ret_code);
	return rc == E_MISSING ? OK : rc;
}

org_id exam_home(struct ctx *c)
{
	org_id home;

	return own_department(c, &home) == OK ? home : (org_id){ 0 };
}

static enum rc exam_made(struct ctx *c, const struct results_ask *ask, str code)
{
	struct exam e;

	row_zero(&exam, &e);
	e.code = code;
	e.year = year_of(c, code);
	e.name = ask->name.n ? ask->name : name_of(c, code, e.year);
	e.organiser = ask->organiser;
	e.base.org = ask->organiser.v ? ask->organiser : exam_home(c);
	if (!str_starts(code, S("th")))
		e.kind = str_starts(code, S("ts10")) ? EXAM_GRADE10 : EXAM_OTHER;
	return create(c, &exam, &e);
}

/* ---- import ----------------------------------------------------------------------------------------- */

static void take(struct mark_set *to, const struct mark_set *from, const struct marks *m)
{
	uint16_t group = m->group == NO_GROUP ? NO_GROUP : mark_set_group(to, from->groups[m->group].name);
	struct marks *copy = mark_set_add(to);

	*copy = *m;
	copy->group = group;
}

/* Both are sorted. What the file has wins; what only the draft has stays unless replace. */
static void merge(struct mark_set *to, const struct mark_set *old, const struct mark_set *fresh, bool replace,
	struct results_told *told)
{
	int64_t i = 0, k = 0;

	while (i < old->n || k < fresh->n) {
		int r = i == old->n ? 1 : k == fresh->n ? -1 : memcmp(old->rows[i].number, fresh->rows[k].number,
			sizeof old->rows[i].number);
		if (r < 0) {
			if (!replace)
				take(to, old, &old->rows[i]);
			i++;
			continue;
		}
		told->fresh += r > 0;
		if (r == 0) {
			bool same = marks_same(&old->rows[i], &fresh->rows[k]);
			told->same += same;
			told->changed += !same;
			i++;
		}
		take(to, fresh, &fresh->rows[k++]);
	}
	for (int s = 0; s < SUBJECTS; s++)
		to->has[s] = fresh->has[s] || (!replace && old->has[s]);
}

static bool reading(void *arg, int64_t rows)
{
	static const struct tr doing = { "Đã đọc {1} dòng", "{1} rows read" };

	job_progress(arg, rows, 0, &doing);
	return !job_cancelled(arg);
}

static enum rc read_marks(struct ctx *c, int fd, struct mark_set *ret, struct results_told *told)
{
	struct marks_told read;
	enum rc rc;

	mark_set_init(ret, c->mem);
	ret->seen = reading;
	ret->arg = c;
	told->faults = (struct mark_faults){ .mem = c->mem };
	rc = marks_read(ret, fd, &told->faults, &read);
	if (rc != OK)
		return FAILF(c, rc, 0, &MSG_file, say(c, &read.why));
	mark_set_sort(ret, &told->faults);
	told->rows = read.rows;
	told->unread = read.unread;
	told->refused = read.rows - ret->n;
	return ret->n ? OK : FAIL(c, E_INVALID, 0, &MSG_no_rows);
}

static enum rc import_written(struct ctx *c, const struct results_ask *ask, bool there, const struct mark_set *fresh,
	struct results_told *ret)
{
	const struct mark_set *all = fresh;
	struct mark_set old, merged;

	if (!there && !ask->dry_run)
		TRY(exam_made(c, ask, ret->exam));
	TRY(draft_read(c, ret->exam, &old));
	if (old.n) {
		mark_set_init(&merged, c->mem);
		merge(&merged, &old, fresh, ask->replace, ret);
		all = &merged;
	} else {
		ret->fresh = fresh->n;
	}
	if (ask->dry_run)
		return OK;
	return ret->fresh + ret->changed || ask->replace ? draft_write(c, ret->exam, all) : OK;
}

enum rc results_import(struct ctx *c, int fd, const struct results_ask *ask, struct results_told *ret)
{
	struct mark_set fresh;
	bool there;
	enum rc rc;

	*ret = (struct results_told){ 0 };
	TRY(results_allowed(c, ask, &ret->exam, &there));
	TRY(read_marks(c, fd, &fresh, ret));
	if (job_cancelled(c))
		return OK;
	TRY(db_begin(c->db));
	rc = results_allowed(c, ask, &ret->exam, &there);    /* somebody may have made it while the file was read      */
	if (rc == OK)
		rc = import_written(c, ask, there, &fresh, ret);
	if (rc == OK)
		return db_commit(c->db);
	db_rollback(c->db);
	return rc;
}

/* ---- publishing --------------------------------------------------------------------------------------- */

/* Of whom the exam is to be, and whether `by` names it. *ret 0: of nobody, for there is no department. */
static enum rc owner_of(struct ctx *c, const struct exam *e, str by, org_id *ret, bool *ret_named)
{
	enum { NAMED = 100 };
	items found;
	struct buf names;

	TRY(find_all(c, &org, &found, NAMED, IS({ offsetof(struct org, kind), v_text(S("department")) })));
	const struct org *at = found.p;
	buf_init(&names, c->mem, 40000);
	*ret_named = true;
	for (int64_t i = 0; i < found.n; i++) {
		if (by.n && (str_eq(at[i].slug, by) || str_eq(at[i].code, by))) {
			ret->v = at[i].base.id;
			return OK;
		}
		put_fmt(&names, "%s--by %.*s (%.*s)", i ? "; " : "", FMT(at[i].slug), FMT(at[i].name));
	}
	*ret_named = false;
	*ret = e->base.org.v ? e->base.org : exam_home(c);
	return ret->v || found.n == 0 ? OK : FAILF(c, E_INVALID, 0, &MSG_whose, buf_str(&names));
}

struct owned { int64_t id; org_id home; };
#define ROW struct owned
static const struct shape owned_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { REF(home, org) }, END } };
#undef ROW

static enum rc publish_as(struct ctx *c, str code, str by, struct exam *ret)
{
	struct owned in;
	org_id from;
	bool named;

	TRY(exam_named(c, code, ret));
	from = ret->base.org;
	in.id = ret->base.id;
	TRY(owner_of(c, ret, by, &in.home, &named));
	if (in.home.v != from.v) {
		TRY(execute(c, "results/give_exam", &owned_shape, &in, NULL));
		TRY(search_follow(c, &exam, from, in.home));
		TRY(exam_named(c, code, ret));
	}
	if (named ? ret->organiser.v != in.home.v || ret->by.n : by.n && !str_eq(by, ret->by)) {
		ret->by = named ? S("") : by;
		ret->organiser = named ? in.home : ret->organiser;
		TRY(update(c, &exam, ret));
		TRY(exam_named(c, code, ret));
	}
	return step(c, &exam, ret, "publish");
}

enum rc results_publish(struct ctx *c, str code, str by, struct exam *ret)
{
	enum rc rc = db_begin(c->db);

	if (rc != OK)
		return rc;
	rc = publish_as(c, code, by, ret);
	if (rc == OK)
		return db_commit(c->db);
	db_rollback(c->db);
	return rc;
}

enum rc results_withdraw(struct ctx *c, str code, str reason)
{
	struct exam e;

	TRY(exam_named(c, code, &e));
	e.reason = reason;
	return step(c, &exam, &e, "withdraw");
}

/* ---- comparing ------------------------------------------------------------------------------------------ */

static int64_t count_here(const struct shard *s, int column, int mark)
{
	struct dist d = shard_dist(s, column, -1);

	for (uint32_t i = 0; i < d.n; i++) {
		int at;
		int64_t count;
		dist_at(&d, i, &at, &count);
		if (at == mark)
			return count;
	}
	return -1;
}

struct published { bool seen[SUBJECTS][MARK_MAX + 1]; bool any[SUBJECTS]; };

static void tell(const struct difference *d, difference_fn *fn, void *arg, struct compared *ret)
{
	ret->differing++;
	ret->at_zero += d->mark == 0;
	fn(arg, d);
}

/* Marks that are here and were never published, of subjects that were. */
static void tell_rest(const struct shard *s, const struct published *p, difference_fn *fn, void *arg,
	struct compared *ret)
{
	for (int k = 0; k < s->n_subjects; k++) {
		struct dist d = shard_dist(s, k, -1);
		for (uint32_t i = 0; i < d.n && p->any[s->subject[k]]; i++) {
			struct difference x = { .subject = s->subject[k], .published = -1 };
			dist_at(&d, i, &x.mark, &x.here);
			if (!p->seen[x.subject][x.mark])
				tell(&x, fn, arg, ret);
		}
	}
}

static bool read_line(const str *cells, int n, int64_t year, struct difference *ret)
{
	int64_t y;
	score mark;

	if (n < 4 || !str_to_int(cells[0], &y) || y != year || (ret->subject = subject_published(cells[1])) < 0)
		return false;
	if (!score_read(cells[2], &mark) || mark.v > MARK_MAX || !str_to_int(cells[3], &ret->published))
		return false;
	ret->mark = mark.v;
	return true;
}

static enum rc shard_of(struct ctx *c, str code, struct shard *ret, int64_t *ret_year)
{
	const struct live *l;

	TRY(exam_wanted(c, code, &l));
	*ret = l->shard;
	if (*ret_year == 0)
		*ret_year = l->issue.year;
	return OK;
}

enum rc results_compare(struct ctx *c, str code, str csv, int64_t year, difference_fn *fn, void *arg,
	struct compared *ret)
{
	struct published *p = NEW(c->mem, struct published);
	struct difference d;
	struct shard s;
	struct csv in;
	str cells[8];
	const char *bad;
	int n;

	*ret = (struct compared){ 0 };
	TRY(shard_of(c, code, &s, &year));
	csv_open(&in, csv_utf8(c->mem, csv));
	if (!csv_next(&in, c->mem, cells, 8, &n, &bad) || n < 4 || !str_is(cells[1], "subject") ||
		!str_is(cells[2], "score"))
		return FAIL(c, E_INVALID, 0, &MSG_table);
	while (csv_next(&in, c->mem, cells, 8, &n, &bad)) {
		int column;
		if (!read_line(cells, n, year, &d))
			continue;
		p->any[d.subject] = p->seen[d.subject][d.mark] = true;
		column = column_of(&s, d.subject);
		d.here = column < 0 ? -1 : count_here(&s, column, d.mark);
		ret->counts++;
		if (d.here != d.published)
			tell(&d, fn, arg, ret);
	}
	tell_rest(&s, p, fn, arg, ret);
	return OK;
}

/* ---- static files ------------------------------------------------------------------------------------------ */

static bool write_one(int at, const char *name, str bytes)
{
	int fd = openat(at, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
	bool good;

	if (fd < 0)
		return false;
	good = write(fd, bytes.p, (size_t)bytes.n) == (ssize_t)bytes.n;
	return close(fd) == 0 && good;
}

enum rc results_static(struct ctx *c, str code, const char *folder, int64_t *ret_files)
{
	const char *into = str_z(c->mem, TEXT(c, "%s/%.*s", folder, FMT(code)));
	const struct live *l;
	struct arena one;
	int at, error = 0;

	*ret_files = 0;
	TRY(exam_wanted(c, code, &l));
	if (!make_folder(into) || chmod(into, 0755) != 0 || (at = open(into, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
		return FAILF(c, E_FAULT, 0, &MSG_write, str_of(into), str_of(strerror(errno)));
	arena_init(&one, 1 << 20);
	for (int64_t i = 0; i < l->shard.n && !error; i++) {
		struct marks m;
		shard_at(&l->shard, i, &m);
		if (!write_one(at, str_z(&one, str_fmt(&one, "%s.json", m.number)), result_json(&one, &l->shard, &l->issue, i)))
			error = errno ? errno : EIO;
		++*ret_files;
		arena_reset(&one);
	}
	arena_free(&one);
	close(at);
	return error ? FAILF(c, E_FAULT, 0, &MSG_write, str_of(into), str_of(strerror(error))) : OK;
}
