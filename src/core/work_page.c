/* work_page.c -- jobs, files, notices: their pages. */
#include "core/work_page.h"
#include "core/bulk_work.h"
#include "core/files.h"
#include "core/job.h"
#include "core/notices.h"
#include "core/pages.h"
#include "core/work_in.h"
#include "core/work_views.h"
#include <unistd.h>

static const struct tr MSG_jobs = { "Việc đang làm", "Jobs" }, MSG_notices = { "Thông báo", "Notices" };

/* ---- files ----------------------------------------------------------------------------------------- */

enum rc file_download_page(struct exchange *x)
{
	struct file_info info;
	int64_t id;
	int fd;
	if (x->names.n < 1 || !id_read(x->names.at[0].value, &id))
		return E_MISSING;
	enum rc rc = file_open(x->c, (file_id){ id }, &info, &fd);
	if (rc != OK)
		return rc;
	if (x->app->files_host) {
		close(fd);
		file_link_go(x, &info);
		return OK;
	}
	rc = answer_made(x, fd, info.name, info.type, KEPT_FILE);
	x->sandbox = true;
	close(fd);
	if (rc == OK)
		reply_header(x->p, S("ETag"), TEXT(x->c, "\"%.*s\"", FMT(info.sha256)));
	return rc;
}

/* ---- jobs ------------------------------------------------------------------------------------------- */

static void fill_job(struct exchange *x, const struct job_state *s, struct job_view *v)
{
	static const struct { const char *state, *tag; struct tr label; } states[] = {
		{ "queued", "lam", { "Đang chờ", "Waiting" } }, { "running", "lam", { "Đang làm", "Running" } },
		{ "done", "luc", { "Đã xong", "Done" } },
		{ "failed", "do", { "Chưa làm được", "Failed" } }, { "cancelled", "vang", { "Đã hủy", "Cancelled" } } };
	struct ctx *c = x->c;
	const struct job *j = job_named(c, s->name);
	*v = (struct job_view){ .doing = in_language(c, s->doing), .note = in_language(c, s->note), .problem = s->problem,
		.done = s->done, .total = s->total };
	v->label = j ? say(c, &j->label) : s->name;
	v->title = v->label;
	for (int i = 0; i < COUNT(states); i++)
		if (str_is(s->state, states[i].state)) {
			v->state = say(c, &states[i].label);
			v->tag = str_of(states[i].tag);
		}
	v->waiting = str_is(s->state, "queued") || str_is(s->state, "running");
	v->ended = !v->waiting;
	v->counted = v->waiting && s->total > 0;
	v->percent = s->total > 0 ? TEXT(c, "%lld%%", (long long)(s->done * 100 / s->total)) : S("");
	v->started = instant_text(c->mem, (instant){ s->made });
	v->href = TEXT(c, "/viec/%lld", (long long)s->id);
	if (s->file.v && str_is(s->state, "done"))
		v->file_href = TEXT(c, "/tep/%lld", (long long)s->file.v);
	if (str_is(s->state, "done"))
		v->back_href = s->link;
	if (v->waiting)
		v->cancel_action = TEXT(c, "/viec/%lld/cancel", (long long)s->id);
	if (str_is(s->state, "failed") || str_is(s->state, "cancelled"))
		v->again_action = TEXT(c, "/viec/%lld/again", (long long)s->id);
}

static enum rc fill_back(struct exchange *x, int64_t job, struct job_view *v)
{
	struct rows r;
	TRY(db_query(x->c->db, "SELECT id, entity FROM imported WHERE job = ?1 AND made_by = ?2",
		VALS(v_int(job), v_int(x->c->who->user.v)), &r));
	if (rows_next(&r))
		v->back_href = TEXT(x->c, "/%.*s/import/%lld", FMT(rows_text(&r, 1)), (long long)rows_int(&r, 0));
	return rows_end(&r);
}

enum rc jobs_page(struct exchange *x)
{
	enum { MOST = 50 };
	int64_t ids[MOST];
	int n = 0;
	struct rows r;
	struct jobs_view v = { .title = say(x->c, &MSG_jobs) };
	struct job_view *at = NEWS(x->c->mem, struct job_view, MOST);
	if (!x->c->who->user.v)
		return E_MISSING;
	TRY(db_query(x->c->db, "SELECT id FROM job WHERE made_by = ?1 ORDER BY made DESC LIMIT 50",
		VALS(v_int(x->c->who->user.v)), &r));
	while (n < MOST && rows_next(&r))
		ids[n++] = rows_int(&r, 0);
	TRY(rows_end(&r));
	for (int i = 0; i < n; i++) {
		struct job_state s;
		TRY(job_read(x->c, ids[i], &s));
		fill_job(x, &s, &at[i]);
	}
	v.jobs = ITEMS(at, n);
	v.none = n == 0;
	crumb(x, S(""), v.title);
	if (x->json) {
		shape_json(answer_json(x, 200), jobs_shape.fields, &v, NULL);
		return OK;
	}
	return answer_page(x, 200, "core/jobs", &jobs_shape, &v);
}

static enum rc job_of_page(struct exchange *x, struct job_state *ret)
{
	int64_t id;
	if (x->names.n < 1 || !id_read(x->names.at[0].value, &id))
		return E_MISSING;
	return job_read(x->c, id, ret);
}

enum rc job_page(struct exchange *x)
{
	struct job_state s;
	struct job_view v;
	bool undo;
	TRY(job_of_page(x, &s));
	fill_job(x, &s, &v);
	TRY(fill_back(x, s.id, &v));
	TRY(bulk_can_undo(x->c, s.id, &undo));
	if (undo)
		v.undo_action = TEXT(x->c, "/viec/%lld/undo", (long long)s.id);
	crumb(x, S("/viec"), say(x->c, &MSG_jobs));
	crumb(x, S(""), v.label);
	if (x->json) {
		shape_json(answer_json(x, 200), job_shape.fields, &v, NULL);
		return OK;
	}
	if (v.waiting && !x->htmx)
		reply_header(x->p, S("Refresh"), S("5"));        /* without script the page asks again by itself   */
	return answer_page(x, 200, "core/job", &job_shape, &v);
}

static enum rc job_act(struct exchange *x, enum rc (*act)(struct ctx *, int64_t))
{
	struct job_state s;
	TRY(job_of_page(x, &s));
	TRY(act(x->c, s.id));
	x->c->go = TEXT(x->c, "/viec/%lld", (long long)s.id);
	if (x->json)
		put_z(answer_json(x, 200), "{}");
	return OK;
}

enum rc job_cancel_page(struct exchange *x)
{
	return job_act(x, job_cancel);
}

enum rc job_again_page(struct exchange *x)
{
	return job_act(x, job_again);
}

enum rc job_undo_page(struct exchange *x)
{
	struct job_state s;
	int64_t job;
	TRY(job_of_page(x, &s));
	TRY(bulk_undo(x->c, s.id, &job));
	x->c->go = TEXT(x->c, "/viec/%lld", (long long)job);
	if (x->json)
		put_fmt(answer_json(x, 202), "{\"job\":%lld}", (long long)job);
	return OK;
}

/* ---- notices ------------------------------------------------------------------------------------------ */

enum rc notices_page(struct exchange *x)
{
	enum { MOST = 100 };
	struct notice *n = NEWS(x->c->mem, struct notice, MOST);
	struct notice_view *at = NEWS(x->c->mem, struct notice_view, MOST);
	struct notices_view v = { .title = say(x->c, &MSG_notices), .action = S("/thong-bao") };
	int count;
	if (!x->c->who->user.v)
		return E_MISSING;
	TRY(notices_list(x->c, n, MOST, &count));
	for (int i = 0; i < count; i++) {
		at[i] = (struct notice_view){ put_n(x->c->mem, n[i].id), n[i].text, n[i].link,
			instant_text(x->c->mem, n[i].made), n[i].seen };
		v.unread = v.unread || !n[i].seen;
	}
	v.notices = ITEMS(at, count);
	v.none = count == 0;
	crumb(x, S(""), v.title);
	if (x->json) {
		shape_json(answer_json(x, 200), notices_shape.fields, &v, NULL);
		return OK;
	}
	return answer_page(x, 200, "core/notices", &notices_shape, &v);
}

enum rc notices_seen_page(struct exchange *x)
{
	const struct pair *id = pair_last(x, "id");
	int64_t one = 0;
	if (!x->c->who->user.v || (id && !id_read(id->value, &one)))
		return E_MISSING;
	TRY(notices_seen(x->c, one));
	x->c->go = S("/thong-bao");
	if (x->json)
		put_z(answer_json(x, 200), "{}");
	return OK;
}
