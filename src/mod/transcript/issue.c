/* issue.c -- see issue.h. The XML is written in canonical form, so that its seal is over what is on the disk. */
#include "mod/transcript/issue.h"
#include "core/many.h"
#include "mod/transcript/paper.h"
#include "mod/transcript/statement.h"

#include <sodium.h>

static const struct tr
MSG_changed = { "Năm học {1} của {2}: nội dung không khớp mã băm đã ký. Chưa phát hành.",
	"{1} of {2}: the content does not fit the digest that was signed. Not issued." },
MSG_stale = { "{1}: kết quả năm học {2} đã đổi sau khi ký. Hãy trả lại để lập và ký lại; chưa phát hành.",
	"{1}: the results of {2} have changed since it was signed. Return it to be drawn up and signed anew; not issued." },
MSG_no_seal = { "Trường chưa có con dấu số nên chưa phát hành được. Đề nghị quản trị hệ thống cấp khóa "
	"(lệnh khue key).",
	"The school has no digital seal yet. Ask the system operator to issue its key (command khue key)." },
MSG_statement = { "Tên trường quá dài cho mã QR.", "The school's name is too long for the QR code." };

struct part_row { int64_t id, version, first; pick state; str content, digest, form_mark, head_mark, form_by, head_by,
	head_as;
	instant form_at, head_at; str reason; school_class_id class; };
#define ROW struct part_row
static const struct shape part_row_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(version) }, { COL(first) },
	{ COL(state), .pick = part_states }, { COL(content) }, { COL(digest) }, { COL(form_mark) }, { COL(head_mark) },
	{ COL(form_by) }, { COL(head_by) }, { COL(head_as) }, { COL(form_at) }, { COL(head_at) }, { COL(reason) },
	{ REF(class, school_class) }, END } };
#undef ROW

struct whole { struct transcript t; const struct part_row *rows; struct signed_part *parts; int64_t n; str years,
	reason;
	struct statement says; struct bearer bearer; digest sha; int64_t id; };

enum rc issue_keys_open(struct ctx *c, org_id at, struct issue_keys *ret)
{
	str mine = sign_name_person(c, c->who->person);

	*ret = (struct issue_keys){ .headed = c->who->person.v && has_role(c, &principal, at) && sign_there(c, mine),
		.site = site_address(c, at) };
	if (!sign_there(c, sign_name_org(c, at)))
		return FAIL(c, E_STATE, 0, &MSG_no_seal);
	TRY(sign_open(c, sign_name_org(c, at), &ret->seal));
	if (ret->headed)
		TRY(sign_open(c, mine, &ret->head));
	return statement_secret(c, ret->statement);
}

/* What waits for its issue is still what the year's results say. */
static enum rc results_stand(struct ctx *c, const struct whole *w, const struct part_row *r)
{
	struct part_source s;

	if (r->state != PART_CONFIRMED)
		return OK;
	TRY(part_source(c, r->id, r->class, w->t.pupil, &s));
	return s.changed ? FAILF(c, E_STATE, 0, &MSG_stale, s.name, TEXT(c, "%lld-%lld", (long long)r->first,
		(long long)r->first + 1)) : OK;
}

/* ---- gathering --------------------------------------------------------------------------------------------------- */

static enum rc gather(struct ctx *c, int64_t id, struct whole *w, bool *ret_waits)
{
	items got;

	*ret_waits = false;
	TRY(find(c, &transcript, id, &w->t));
	TRY(query(c, "transcript/parts_of", &id_in_shape, &(struct id_in){ id }, &part_row_shape, &got, PARTS_MAX));
	w->rows = got.p;
	w->n = got.n;
	w->parts = NEWS(c->mem, struct signed_part, got.n + 1);
	for (int64_t i = 0; i < got.n; i++) {
		const struct part_row *r = &w->rows[i];
		digest sha = hash_sha256(r->content);

		*ret_waits = *ret_waits || r->state == PART_CONFIRMED;
		w->parts[i] = (struct signed_part){ .form_by = r->form_by, .head_by = r->head_by,
			.head_as = r->head_as, .form_at = r->form_at,
			.head_at = r->head_at };
		if (!str_eq(hex_of(c->mem, sha.b, 32), r->digest) || !part_read(c->mem, r->content, &w->parts[i].v))
			return FAILF(c, E_STATE, 0, &MSG_changed, TEXT(c, "%lld", (long long)r->first),
				title_of(c, &person, w->t.pupil.v));
		TRY(results_stand(c, w, r));
		if (r->state == PART_CONFIRMED && r->reason.n)
			w->reason = r->reason;
		w->years = TEXT(c, "%.*s%s%.*s", FMT(w->years), i ? ", " : "", FMT(w->parts[i].v.year));
	}
	return OK;
}

/* ---- XML ------------------------------------------------------------------------------- */

static str document(struct ctx *c, struct whole *w, int64_t version)
{
	struct buf b;

	buf_init(&b, c->mem, 4 << 20);
	put_fmt(&b, "<hocBa xmlns=\"" TRANSCRIPT_NS "\" cap=\"%s\" ma=\"%lld\" phienBan=\"%lld\">",
		transcript_levels[w->t.level].code, (long long)w->t.base.id, (long long)version);
	put_bearer(&b, &w->bearer);
	for (int64_t i = 0; i < w->n; i++)
		put(&b, sign_inner(c->mem, w->rows[i].content, S(" xmlns=\"" TRANSCRIPT_NS "\"")));
	for (int64_t i = 0; i < w->n; i++) {
		put(&b, w->rows[i].form_mark);
		put(&b, w->rows[i].head_mark);
	}
	return buf_str(&b);
}

static enum rc seal_xml(struct ctx *c, const struct issue_keys *k, struct whole *w, int64_t version, str *ret)
{
	str open = document(c, w, version), seal;

	w->sha = hash_sha256(TEXT(c, "%.*s</hocBa>", FMT(open)));
	struct sign_xml ask = { S("con-dau"), S(""), w->sha, c->now };
	TRY(sign_xml(c, &k->seal, &ask, &seal));
	*ret = TEXT(c, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n%.*s%.*s</hocBa>\n", FMT(open), FMT(seal));
	return OK;
}

/* ---- paper ----------------------------------------------------------------------------- */

static enum rc say_statement(struct ctx *c, const struct issue_keys *k, struct whole *w, int64_t version, str *ret)
{
	const struct year_part *last = &w->parts[w->n - 1].v;

	w->says = (struct statement){ .issue = w->id, .version = version, .first = w->rows[0].first,
		.last = w->rows[w->n - 1].first + 1, .level = w->t.level, .issued = c->today,
		.initials = initials_of(c->mem, last->name), .school = last->school };
	memcpy(w->says.sha256, w->sha.b, sizeof w->says.sha256);
	return statement_write(c->mem, &w->says, k->statement, ret) ? OK : FAIL(c, E_INVALID, 0, &MSG_statement);
}

static enum rc signed_paper(struct ctx *c, const struct issue_keys *k, struct whole *w, int64_t version, str said,
	str *ret)
{
	str pdf;
	struct paper_ask ask = { .level = w->t.level, .number = w->t.base.id, .version = version,
		.bearer = w->bearer, .parts = w->parts,
		.n = w->n, .digest = hex_of(c->mem, w->sha.b, 32), .issued = c->now,
		.qr = TEXT(c, "%.*s/tra-cuu/hoc-ba?m=%.*s", FMT(k->site), FMT(said)) };
	str place = w->parts[w->n - 1].v.place;

	TRY(paper_pdf(c, &ask, &pdf));
	if (k->headed)
		TRY(sign_pdf(c, &k->head, pdf, &(struct sign_pdf){ S("Hiệu trưởng xác nhận học bạ"), place, c->now }, &pdf));
	return sign_pdf(c, &k->seal, pdf, &(struct sign_pdf){ S("Con dấu của nhà trường"), place, c->now }, ret);
}

/* ---- rows ------------------------------------------------------------------------------ */

static enum rc replace_before(struct ctx *c, const struct whole *w)
{
	struct transcript_issue old;
	enum rc rc = find_one(c, &transcript_issue, &old, IS({ offsetof(struct transcript_issue, transcript),
		v_int(w->t.base.id) }, { offsetof(struct transcript_issue, state), v_text(S("valid")) }));

	if (rc != OK)
		return rc == E_MISSING ? OK : rc;
	old.state = ISSUE_REPLACED;
	return update(c, &transcript_issue, &old);
}

static enum rc parts_issued(struct ctx *c, const struct whole *w)
{
	struct transcript_part x;
	items older;

	for (int64_t i = 0; i < w->n; i++) {
		if (w->rows[i].state != PART_CONFIRMED)
			continue;
		TRY(find(c, &transcript_part, w->rows[i].id, &x));
		TRY(step(c, &transcript_part, &x, "issue"));
		TRY(query(c, "transcript/older", &id_in_shape, &(struct id_in){ x.base.id }, &id_row_shape, &older, PARTS_MAX));
		for (int64_t j = 0; j < older.n; j++) {
			TRY(find(c, &transcript_part, ((const struct id_row *)older.p)[j].id, &x));
			TRY(step(c, &transcript_part, &x, "replace"));
		}
	}
	return OK;
}

static enum rc keep_issue(struct ctx *c, struct whole *w, int64_t version, str said, str xml, str pdf)
{
	struct transcript_issue row;
	str slug = TEXT(c, "hoc-ba-%.*s-%lld", FMT(viet_slug(c->mem, w->parts[w->n - 1].v.name)), (long long)version);

	row_zero(&transcript_issue, &row);
	row.base.id = w->id;
	row.base.org = w->t.base.org;
	row.transcript.v = w->t.base.id;
	row.pupil = w->t.pupil;
	row.level = w->t.level;
	row.version = version;
	row.years = w->years;
	row.reason = w->reason;
	row.digest = hex_of(c->mem, w->sha.b, 32);
	row.statement = said;
	row.issued = c->now;
	const struct stamp sealed = stamp_free("one pupil's own sealed document: a mark would break its signature");
	TRY(file_own(c, row.base.org, TEXT(c, "%.*s.pdf", FMT(slug)), S("application/pdf"), pdf, (instant){ 0 }, sealed,
		&row.pdf));
	TRY(file_own(c, row.base.org, TEXT(c, "%.*s.xml", FMT(slug)), S("application/xml"), xml, (instant){ 0 }, sealed,
		&row.xml));
	TRY(replace_before(c, w));
	TRY(create_many(c, &transcript_issue, &row, 1));
	TRY(parts_issued(c, w));
	w->t.version = version;
	return update(c, &transcript, &w->t);
}

static enum rc issue_now(struct ctx *c, const struct issue_keys *k, int64_t id, bool *ret_done)
{
	struct whole w = { .id = new_id(c) };
	str xml, pdf, said;
	int64_t version;

	TRY(gather(c, id, &w, ret_done));
	if (!*ret_done)
		return OK;
	version = w.t.version + 1;
	TRY(bearer_of(c, w.t.pupil, &w.bearer));
	TRY(seal_xml(c, k, &w, version, &xml));
	TRY(say_statement(c, k, &w, version, &said));
	TRY(signed_paper(c, k, &w, version, said, &pdf));
	return keep_issue(c, &w, version, said, xml, pdf);
}

enum rc transcript_issue_one(struct ctx *c, const struct issue_keys *k, int64_t id, bool *ret_done)
{
	const struct actor *who = as_system(c, "an issue is written by the program alone, from what was signed");
	enum rc rc = issue_now(c, k, id, ret_done);

	as_actor(c, who);
	return rc;
}

/* ---- all of a school ------------------------------------------------------------------- */

struct step_in { int64_t school, year, after; };
#define ROW struct step_in
static const struct shape step_in_shape = { sizeof(ROW), FIELDS{ { COL(school) }, { COL(year) }, { COL(after) },
	END } };
#undef ROW
#define ROW struct issue_in
const struct shape issue_in_shape = { sizeof(ROW), FIELDS{ { REF(at, org), .label = { "Trường", "School" } },
	{ REF(year, school_year), .label = { "Năm học", "School year" } },
	{ COL(done), .label = { "Đã phát hành", "Issued" } },
	{ COL(site), .label = { "Địa chỉ công khai", "Public address" }, .max = 300 }, END } };
#undef ROW

static void end_room(void *room)
{
	arena_free(room);
}

static enum rc gather_as_system(struct ctx *c, int64_t id)
{
	const struct actor *who = as_system(c, "an issue is written by the program alone, from what was signed");
	struct whole w = { 0 };
	bool waits;
	enum rc rc = gather(c, id, &w, &waits);

	as_actor(c, who);
	return rc;
}

/* A piece of work of its own: what one transcript needs lives until it is issued. *ret_left: why it is not, where what
 * was signed stands no more. */
static enum rc in_room(struct ctx *c, struct arena *room, const struct issue_keys *k, int64_t id, str *ret_left)
{
	struct ctx one = *c;
	bool done;

	*ret_left = (str){ 0 };
	room->full = c->mem->full;
	one.mem = room;
	one.more = NULL;
	one.problems = NULL;
	one.n_problems = 0;
	enum rc rc = gather_as_system(&one, id);
	if (rc == E_STATE && one.n_problems) {
		*ret_left = str_copy(c->mem, one.problems[0].text);
		arena_reset(room);
		return OK;
	}
	if (rc == OK)
		rc = transcript_issue_one(&one, k, id, &done);
	c->rc = one.rc;
	c->problems = one.problems;                      /* in room, which then stays                            */
	c->n_problems = one.n_problems;
	if (rc == OK)
		arena_reset(room);
	return rc;
}

enum { LEFT_TOLD = 20 };
struct left_over { int64_t n; struct buf why; };

static void leave(struct left_over *l, str why)
{
	if (l->n++ < LEFT_TOLD)
		put_fmt(&l->why, " %.*s", FMT(why));
}

static enum rc tell_issued(struct ctx *c, int64_t done, const struct left_over *left)
{
	static const struct tr told = { "Đã phát hành {1} học bạ.", "{1} transcripts issued." },
		partly = { "Đã phát hành {1} học bạ; {2} học bạ chưa phát hành.{3}",
			"{1} transcripts issued; {2} not issued.{3}" };
	str n = TEXT(c, "%lld", (long long)done);

	return job_result(c, (file_id){ 0 }, left->n ? sayf(c, &partly, ARGS(n, TEXT(c, "%lld", (long long)left->n),
		buf_str(&left->why))) : sayf(c, &told, ARGS(n)));
}

/* Progress commits what was issued; what is issued waits no more: the job goes on where it was cut. */
static enum rc issue_job(struct ctx *c, void *in_)
{
	static const struct tr doing = { "Phát hành học bạ", "Issuing transcripts" };
	struct issue_in *in = in_;
	struct step_in at = { in->at.v, in->year.v, 0 };
	struct arena *room = NEW(c->mem, struct arena);
	struct issue_keys *k = NEW(c->mem, struct issue_keys);
	struct left_over over = { 0 };
	int64_t left = 0;
	str why;
	items got;

	job_keep(c, in);
	buf_init(&over.why, c->mem, 8000);
	arena_init(room, (size_t)256 << 20);
	arena_at_end(c->mem, end_room, room);
	TRY(issue_keys_open(c, in->at, k));
	k->site = k->site.n ? k->site : in->site;
	TRY(query_int(c, "transcript/to_issue_count", &step_in_shape, &at, &left));
	const int64_t total = in->done + left;
	do {
		TRY(query(c, "transcript/to_issue", &step_in_shape, &at, &id_row_shape, &got, 100));
		for (int64_t i = 0; i < got.n && !job_cancelled(c); i++) {
			at.after = ((const struct id_row *)got.p)[i].id;
			TRY(in_room(c, room, k, at.after, &why));
			if (why.n)
				leave(&over, why);
			in->done += why.n == 0;
			job_progress(c, in->done + over.n, total, &doing);
		}
	} while (got.n && !job_cancelled(c));
	sodium_memzero(k->statement, sizeof k->statement);
	return tell_issued(c, in->done, &over);
}

const struct job transcript_jobs[] = { { .name = "issue", .label = { "Phát hành học bạ", "Issue transcripts" },
	.limit_s = 7200, .tries = 3, .in = &issue_in_shape, .run = issue_job }, END };
