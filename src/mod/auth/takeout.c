/* takeout.c -- many records of people leave only when a second person agrees: asked here, decided by who heads the unit
 * or those above it, made by the asker with the rights he has then. The file's stamp stands in the row (stamp.h). */
#include "core/export.h"
#include "core/job.h"
#include "core/page.h"
#include "mod/auth/auth_in.h"

enum { GOOD_MS = 7 * 86400000 /* how long a word given holds */, GROWN_PARTS = 10 /* of what was asked for, at most */,
	REASON_MIN = 10 };

static const struct tr
	MSG_title = { "Xin xuất dữ liệu", "Ask to export" },
	MSG_few = { "Danh sách này xuất được ngay, không cần xin.",
		"This list can be exported at once; nobody need agree." },
	MSG_own = { "Người xin không được tự duyệt; cần một người khác.",
		"Whoever asks cannot agree too: it takes another." },
	MSG_theirs = { "Chỉ người xin mới lấy được tệp.", "Only who asked may make the file." },
	MSG_late = { "Đã quá 7 ngày từ khi được duyệt; hãy xin lại.", "More than 7 days have passed; ask again." },
	MSG_grown = { "Danh sách nay có {1} dòng, khi xin là {2}; hãy xin lại.",
		"The list has {1} rows now, {2} when it was asked for; ask again." },
	MSG_unit = { "Bạn chưa có vai trò ở đơn vị nào.", "You hold no seat at any unit." },
	MSG_reason = { "Hãy nói rõ dùng vào việc gì, ít nhất {1} ký tự.", "Say what for, in at least {1} characters." },
	MSG_asked = { "{1} xin xuất {2} dòng có dữ liệu cá nhân: {3}.", "{1} asks to export {2} rows of people: {3}." },
	MSG_yes = { "Đề nghị xuất dữ liệu đã được duyệt. Mở ra để lấy tệp trong 7 ngày.",
		"Your export was agreed to. Open it to make the file within 7 days." },
	MSG_no = { "Đề nghị xuất dữ liệu không được duyệt.", "Your export was refused." },
	MSG_again = { "Đã được duyệt: hãy mở {1} và làm lại như trước, tệp sẽ được xuất.",
		"It was agreed to: open {1} and do the same again, and the file will leave." },
	MSG_sent = { "Đã gửi đề nghị; bạn sẽ được báo khi có trả lời.", "Asked. You will be told of the answer." };

/* ---- the question ---------------------------------------------------------------------------------------- */

/* A file of a module's own is not made here: so many people are asked for, and the word is used up when it is made. */
static enum rc take_asked(struct ctx *c, const struct takeout_in *in, struct export_in *ret, int64_t *ret_rows)
{
	const struct take *t = take_named(c, in->list);

	if (!t || !allowed(c, t->allow, c->here.org))
		return E_MISSING;
	*ret = (struct export_in){ .entity = in->list, .format = in->format, .org = c->here.org.v, .year = c->here.year };
	*ret_rows = in->rows;
	return in->rows > TAKE_ALONE ? OK : FAIL(c, E_STATE, 0, &MSG_few);
}

static enum rc question_of(struct ctx *c, const struct takeout_in *in, struct export_in *ret, int64_t *ret_rows)
{
	bool personal;

	TRY(only_in_person(c));
	if (str_is(in->format, TAKE_FORMAT))
		return take_asked(c, in, ret, ret_rows);
	*ret = (struct export_in){ in->list, in->format, export_pairs(c->mem, in->ask), in->every, c->here.org.v,
		c->here.year, 0 };
	TRY(export_weigh(c, ret, ret_rows, &personal));
	return personal && *ret_rows > TAKE_ALONE ? OK : FAIL(c, E_STATE, 0, &MSG_few);
}

/* "Hồ sơ cá nhân (xlsx, đủ cột): q = nguyễn; sex = female" */
static str what_words(struct ctx *c, const struct export_in *q)
{
	const struct meta *m = registry_entity(c->app->registry, q->entity);
	struct buf b;
	int n = 0;

	if (str_is(q->format, TAKE_FORMAT))
		return say(c, &take_named(c, q->entity)->label);

	buf_init(&b, c->mem, 4096);
	put_fmt(&b, "%.*s (%.*s%s)", FMT(say(c, &m->e->label)), FMT(q->format), q->all ? c->lang == EN ? ", all columns"
		: ", đủ cột" : "");
	for (str left = q->pairs, line, name, value; left.n > 0 && b.n < 300;) {
		str_cut(left, '\n', &line, &left);
		str_cut(line, '\t', &name, &value);
		if (!value.n || str_is(name, "format") || str_is(name, "all") || str_is(name, "sort") || str_is(name, "print"))
			continue;
		put_fmt(&b, "%s%.*s = %.*s", n++ ? "; " : ": ", FMT(name), FMT(str_sub(value, 0, 60)));
	}
	return str_is_utf8(buf_str(&b)) ? buf_str(&b) : say(c, &m->e->label);
}

enum rc takeout_page(struct ctx *c, const void *in_, void *out_)
{
	const struct takeout_in *in = in_;
	struct takeout_out *out = out_;
	struct export_in q;
	int64_t rows;

	TRY(question_of(c, in, &q, &rows));
	out->title = say(c, &MSG_title);
	out->what = what_words(c, &q);
	out->rows = rows > LIST_COUNT_MAX ? S("10.000+") : TEXT(c, "%lld", (long long)rows);
	out->list = in->list;
	out->format = in->format;
	out->ask = in->ask;
	out->every = in->every;
	out->many = str_is(in->format, TAKE_FORMAT) ? rows : 0;
	out->back = out->many ? link_to(c, "%s", take_named(c, in->list)->page) : TEXT(c, "/%.*s", FMT(in->list));
	out->action = link_to(c, EXPORT_ASK);
	return OK;
}

static org_id unit_of(const struct ctx *c)
{
	return c->here.org.v || c->who->n_seats == 0 ? c->here.org : c->who->seats[0].org;
}

/* The head of the unit; where he himself asks, or there is none, the leaders above. */
static enum rc tell_deciders(struct ctx *c, const struct takeout *t, str link)
{
	static const struct role *const above[] = { &bureau_leader, &dept_leader, &dept_officer };
	const str args[] = { c->who->name, TEXT(c, "%lld", (long long)t->rows), t->what };
	struct org_crumb *orgs;
	int n;

	TRY(notify_role(c, &principal, t->base.org, &MSG_asked, args, 3, link));
	TRY(orgs_above(c, t->base.org, &orgs, &n));
	for (int i = 0; i < n; i++)
		for (ptrdiff_t r = 0; r < COUNT(above); r++)
			if (orgs[i].id == t->base.org.v || has_role(c, &principal, t->base.org))
				TRY(notify_role(c, above[r], (org_id){ orgs[i].id }, &MSG_asked, args, 3, link));
	return OK;
}

enum rc takeout_ask(struct ctx *c, const void *in_, void *out_)
{
	const struct takeout_in *in = in_;
	struct takeout_out *out = out_;
	struct export_in q;
	struct takeout t;
	int64_t rows;

	TRY(takeout_page(c, in, out));
	if (str_chars(str_trim(in->reason)) < REASON_MIN) {
		out->flaw = sayf(c, &MSG_reason, ARGS(TEXT(c, "%d", REASON_MIN)));
		answer_with(c, 422);
		return OK;
	}
	TRY(question_of(c, in, &q, &rows));
	row_zero(&takeout, &t);
	t.base.org = unit_of(c);
	if (!t.base.org.v)
		return FAIL(c, E_STATE, 0, &MSG_unit);
	t.account.v = c->who->user.v;
	t.person = c->who->person;
	t.what = what_words(c, &q);
	t.rows = rows;
	t.reason = str_trim(in->reason);
	t.list = q.entity;
	t.format = q.format;
	t.ask = in->ask;
	t.every = q.all;
	t.place = q.org;
	t.year = q.year;
	const struct actor *who = as_system(c, "who may export the list may ask; it was weighed with his rights just now");
	enum rc rc = create(c, &takeout, &t);
	as_actor(c, who);
	TRY(rc);
	str link = TEXT(c, "/takeout/%lld", (long long)t.base.id);
	TRY(tell_deciders(c, &t, link));
	return go_to(c, link, &MSG_sent);
}

/* ---- the answer --------------------------------------------------------------------------------------------- */

/* Another account, of another person, at a screen of his own. */
enum rc takeout_by_another(struct ctx *c, const void *row)
{
	const struct takeout *t = row;

	TRY(only_in_person(c));
	if (c->who->user.v == t->account.v || (t->person.v && c->who->person.v == t->person.v))
		return FAIL(c, E_STATE, 0, &MSG_own);
	return OK;
}

enum rc takeout_decided(struct ctx *c, void *row)
{
	struct takeout *t = row;

	t->decider.v = c->who->user.v;
	t->decided = c->now;
	return notify(c, (user_id){ t->account.v }, t->state == TAKEOUT_AGREED ? &MSG_yes : &MSG_no, NULL, 0,
		TEXT(c, "/takeout/%lld", (long long)t->base.id));
}

/* What only the installation reads of the row: the question itself. */
static enum rc stored_question(struct ctx *c, const struct takeout *t, struct export_in *ret)
{
	struct takeout whole;
	const struct actor *who = as_system(c, "the question of an export is kept out of sight; its asker makes the file");
	enum rc rc = find(c, &takeout, t->base.id, &whole);

	as_actor(c, who);
	TRY(rc);
	*ret = (struct export_in){ whole.list, whole.format, export_pairs(c->mem, whole.ask), whole.every,
		whole.place, whole.year, 0 };
	return OK;
}

enum rc takeout_may_be_made(struct ctx *c, const void *row)
{
	const struct takeout *t = row;
	struct export_in q;
	int64_t rows;
	bool personal;

	TRY(only_in_person(c));
	if (c->who->user.v != t->account.v)
		return FAIL(c, E_STATE, 0, &MSG_theirs);
	if (c->now.v > t->decided.v + GOOD_MS)
		return FAIL(c, E_STATE, 0, &MSG_late);
	TRY(stored_question(c, t, &q));
	const struct take *made_there = str_is(q.format, TAKE_FORMAT) ? take_named(c, q.entity) : NULL;
	if (made_there)
		return FAILF(c, E_STATE, 0, &MSG_again, str_of(made_there->page));
	TRY(export_weigh(c, &q, &rows, &personal));
	if (rows > t->rows + t->rows / GROWN_PARTS)
		return FAILF(c, E_STATE, 0, &MSG_grown, TEXT(c, "%lld", (long long)rows), TEXT(c, "%lld", (long long)t->rows));
	return OK;
}

enum rc takeout_make(struct ctx *c, void *row)
{
	struct takeout *t = row;
	enum export_format f;
	struct export_in q;
	int64_t job;

	TRY(stored_question(c, t, &q));
	q.stamp = new_id(c);
	t->code = stamp_code(c->mem, q.stamp);
	TRY(job_add_core(c, export_format_read(q.format, &f) ? "export" : "print", t->base.org, &q, &job));
	return go_to(c, TEXT(c, "/viec/%lld", (long long)job), NULL);
}

/* ---- used by a file that a module makes ----------------------------------------------------------------------- */

enum rc takeout_agreed(struct ctx *c, str what, int64_t people, int64_t stamp, bool *ret)
{
	enum { MOST = 50 };
	const struct actor *who;
	items got;

	*ret = false;
	if (!c->who->user.v || c->who->token || c->who->impersonator.v)
		return OK;
	int64_t account_ = c->who->user.v;
	who = as_system(c, "the word given to whoever now makes the file is looked up and used up");
	enum rc rc = find_all(c, &takeout, &got, MOST, IS({ offsetof(struct takeout, account), v_int(account_) },
		{ offsetof(struct takeout, list), v_text(what) }, { offsetof(struct takeout, state), v_text(S("agreed")) }));
	for (int64_t i = 0; rc == OK && i < got.n && !*ret; i++) {
		struct takeout t = ((const struct takeout *)got.p)[i];
		*ret = t.place == c->here.org.v && c->now.v <= t.decided.v + GOOD_MS && people <= t.rows + t.rows / GROWN_PARTS;
		if (!*ret)
			continue;
		t.code = stamp_code(c->mem, stamp);
		rc = step(c, &takeout, &t, "use");
	}
	as_actor(c, who);
	return rc;
}
