/* announce.c -- notices: limits, approval of mass notices, sending as a job, reading. */
#include "mod/contact/contact_in.h"
#include "mod/auth/auth.h"

static const struct tr
MSG_other_school = { "Lớp thuộc trường khác.", "The class belongs to another school." },
MSG_own_class = { "Hãy chọn lớp mình chủ nhiệm; gửi cả trường là việc của văn thư và hiệu trưởng.",
	"Choose the class whose form teacher you are; the office and the principal write to the whole school." },
MSG_needs_approval = { "Thông báo gửi {1} phụ huynh, quá {2}: hãy trình hiệu trưởng duyệt.",
	"The notice goes to {1} guardians, more than {2}: submit it to the principal." },
MSG_needs_none = { "Thông báo chỉ gửi {1} phụ huynh: gửi ngay được.",
	"The notice goes to {1} guardians only: send it." },
MSG_nobody = { "Chưa có phụ huynh nào để gửi.", "There are no guardians to send to." },
MSG_daily = { "Hôm nay bạn đã gửi {1} thông báo, là số nhiều nhất một ngày.",
	"You sent {1} notices today, which is the most a day." },
MSG_no_gateway = { "Chưa có cổng gửi SMS; quản trị hệ thống cấu hình trước.",
	"No SMS gateway is configured; the operator does that." },
MSG_long = { "Tin SMS dài quá {1} phần. Hãy rút gọn nội dung.", "The SMS has more than {1} parts. Shorten the text." },
MSG_sms_sender = { "Thông báo cần {1} tin SMS; hôm nay người soạn còn gửi được {2}.",
	"The notice takes {1} SMS; its author may send {2} more today." },
MSG_sms_unit = { "Thông báo cần {1} tin SMS; hôm nay đơn vị còn gửi được {2}.",
	"The notice takes {1} SMS; the unit may send {2} more today." },
MSG_no_zalo = { "Chưa có tài khoản Zalo OA; quản trị hệ thống cấu hình trước.",
	"No official account of Zalo is configured; the operator does that." },
MSG_zalo_sender = { "Thông báo cần {1} tin Zalo; hôm nay người soạn còn gửi được {2}.",
	"The notice takes {1} Zalo messages; its author may send {2} more today." },
MSG_zalo_unit = { "Thông báo cần {1} tin Zalo; hôm nay đơn vị còn gửi được {2}.",
	"The notice takes {1} Zalo messages; the unit may send {2} more today." },
MSG_answer = { "Hãy viết lý do không duyệt.", "Say why it is not approved." };

#define IN(m) offsetof(struct announcement, m)

static int64_t today_began(const struct ctx *c) { return ((int64_t)c->today.v * 24 - 7) * 3600 * 1000; }

enum rc announcement_fits(struct ctx *c, const void *row)
{
	const struct announcement *a = row;
	struct school_class k;

	TRY(find(c, &school_class, a->class.v, &k));
	return a->base.org.v == 0 || k.base.org.v == a->base.org.v ? OK
		: FAIL(c, E_INVALID, IN(class), &MSG_other_school);
}

enum rc announcement_paper_ok(struct ctx *c, const void *row)
{
	return paper_ok(c, ((const struct announcement *)row)->paper, IN(paper));
}

/* ---- by SMS and Zalo --------------------------------------------------------------------------------------------- */

static str school_of(struct ctx *c, const struct announcement *a)
{
	struct org o;

	if (!a->base.org.v || find(c, &org, a->base.org.v, &o) != OK)
		return S("Khuê");
	return o.short_name.n ? o.short_name : o.name;
}

/* "THCS Nguyễn Trãi: Họp phụ huynh. 8 giờ Chủ nhật." as it goes out from this unit. */
static str sms_of(struct ctx *c, const struct announcement *a)
{
	str from = school_of(c, a);

	return sms_text(c, a->base.org, TEXT(c, "%.*s: %.*s. %.*s", FMT(from), FMT(a->title), FMT(a->body)));
}

enum rc announcement_sms_ok(struct ctx *c, const void *row)
{
	const struct announcement *a = row;

	if (!a->by_sms)
		return OK;
	if (!sms_ready(c))
		return FAIL(c, E_INVALID, IN(by_sms), &MSG_no_gateway);
	return sms_parts(sms_of(c, a)) <= SMS_PARTS_MAX ? OK
		: FAILF(c, E_INVALID, IN(by_sms), &MSG_long, int_text(c->mem, SMS_PARTS_MAX));
}

enum rc announcement_zalo_ok(struct ctx *c, const void *row)
{
	const struct announcement *a = row;

	return !a->by_zalo || zalo_ready(c) ? OK : FAIL(c, E_INVALID, IN(by_zalo), &MSG_no_zalo);
}

static enum rc phone_figures(struct ctx *c, struct announcement *a)
{
	a->sms_people = a->sms_parts = a->sms_cost.v = a->zalo_cost.v = 0;
	if (!a->by_sms && !a->by_zalo)
		return OK;
	TRY(query_int(c, "contact/recipients_by_phone", &key_shape,
		&(struct key_in){ .class = a->class, .school = a->base.org }, &a->sms_people));
	if (a->by_sms) {
		a->sms_parts = sms_parts(sms_of(c, a));
		a->sms_cost.v = a->sms_people * a->sms_parts * sms_price(c, a->base.org).v;
	}
	if (a->by_zalo)
		a->zalo_cost.v = a->sms_people * zalo_price(c, a->base.org).v;
	return OK;
}

/* What went out today and the n of this notice, against what the unit lets go out. */
struct limit { const char *counted, *setting; int otherwise; const struct tr *over; };
static enum rc phone_within(struct ctx *c, const struct announcement *a, int64_t n, const struct limit *l)
{
	int64_t sent = 0, most = setting_int(c, &mod_contact, l->setting, a->base.org, l->otherwise);

	TRY(query_int(c, l->counted, &key_shape, &(struct key_in){ .after = today_began(c), .school = a->base.org,
		.pupil = a->author }, &sent));
	return sent + n <= most ? OK
		: FAILF(c, E_LIMIT, 0, l->over, int_text(c->mem, n), int_text(c->mem, most > sent ? most - sent : 0));
}

enum rc announcement_phone_left(struct ctx *c, const void *row)
{
	static const struct limit sms[] = {
		{ "contact/sms_of_sender", "sms_sender", SMS_SENDER, &MSG_sms_sender },
		{ "contact/sms_of_unit", "sms_unit", SMS_UNIT, &MSG_sms_unit } },
		zalo[] = { { "contact/zalo_of_sender", "zalo_sender", ZALO_SENDER, &MSG_zalo_sender },
		{ "contact/zalo_of_unit", "zalo_unit", ZALO_UNIT, &MSG_zalo_unit } };
	const struct announcement *a = row;

	TRY(announcement_sms_ok(c, a));
	TRY(announcement_zalo_ok(c, a));
	for (int i = 0; i < 2; i++) {
		if (a->by_sms)
			TRY(phone_within(c, a, a->sms_people * a->sms_parts, &sms[i]));
		if (a->by_zalo)
			TRY(phone_within(c, a, a->sms_people, &zalo[i]));
	}
	return OK;
}

/* The office and the principal write to the whole school; a form teacher to the own class. */
static bool may_whole_school(const struct ctx *c, org_id at)
{
	return c->who->system || has_role(c, &principal, at) || has_role(c, &clerk, at);
}

struct form_class { school_class_id class; org_id org; };
#define ROW struct form_class
static const struct shape form_class_shape = { sizeof(ROW), FIELDS{ { REF(class, school_class) }, { REF(org, org) },
	END } };
#undef ROW

enum rc announcement_own_class(struct ctx *c, void *row)
{
	struct announcement *a = row;
	items got;

	if (may_whole_school(c, a->base.org))
		return OK;
	TRY(query(c, "contact/own_forms", NULL, NULL, &form_class_shape, &got, 2));
	if (got.n == 1)
		a->class = ((const struct form_class *)got.p)->class;
	return OK;
}

enum rc announcement_before(struct ctx *c, void *row)
{
	struct announcement *a = row;
	struct school_class k;

	if (a->base.rev == 0)
		a->author = c->who->person;
	if (a->class.v && find(c, &school_class, a->class.v, &k) == OK)
		a->base.org = k.base.org;
	if (!a->class.v && !may_whole_school(c, a->base.org))
		return FAIL(c, E_INVALID, IN(class), &MSG_own_class);
	TRY(query_int(c, "contact/recipients_count", &key_shape,
		&(struct key_in){ .class = a->class, .school = a->base.org }, &a->recipients));
	return phone_figures(c, a);
}

static enum rc count_for(struct ctx *c, const struct announcement *a, int64_t *ret)
{
	TRY(query_int(c, "contact/recipients_count", &key_shape,
		&(struct key_in){ .class = a->class, .school = a->base.org }, ret));
	return *ret ? OK : FAIL(c, E_STATE, 0, &MSG_nobody);
}

static enum rc within_limit(struct ctx *c, const struct announcement *a)
{
	int64_t sent = 0, most = setting_int(c, &mod_contact, "daily_notices", a->base.org, DAILY_NOTICES);

	TRY(query_int(c, "contact/sent_today", &key_shape, &(struct key_in){ .after = today_began(c) }, &sent));
	if (sent >= most)
		return FAILF(c, E_LIMIT, 0, &MSG_daily, int_text(c->mem, sent));
	return announcement_phone_left(c, a);
}

/* Counted now: who came since the draft was written would leave it without a button that works. */
bool announcement_must_wait(struct ctx *c, const void *row)
{
	const struct announcement *a = row;
	int64_t n = 0, most = setting_int(c, &mod_contact, "approve_above", a->base.org, APPROVE_ABOVE);

	return !has_role(c, &principal, a->base.org) && query_int(c, "contact/recipients_count", &key_shape,
		&(struct key_in){ .class = a->class, .school = a->base.org }, &n) == OK && n > most;
}

bool announcement_may_go(struct ctx *c, const void *row)
{
	return !announcement_must_wait(c, row);
}

/* A principal needs nobody's approval but his own. */
enum rc announcement_needs_nobody(struct ctx *c, const void *row)
{
	const struct announcement *a = row;
	int64_t n, most = setting_int(c, &mod_contact, "approve_above", a->base.org, APPROVE_ABOVE);

	TRY(count_for(c, a, &n));
	TRY(within_limit(c, a));
	if (n > most && !has_role(c, &principal, a->base.org))
		return FAILF(c, E_STATE, 0, &MSG_needs_approval, int_text(c->mem, n), int_text(c->mem, most));
	return OK;
}

enum rc announcement_needs_approval(struct ctx *c, const void *row)
{
	const struct announcement *a = row;
	int64_t n;

	TRY(count_for(c, a, &n));
	TRY(within_limit(c, a));
	if (n <= setting_int(c, &mod_contact, "approve_above", a->base.org, APPROVE_ABOVE))
		return FAILF(c, E_STATE, 0, &MSG_needs_none, int_text(c->mem, n));
	return OK;
}

enum rc announcement_answered(struct ctx *c, const void *row)
{
	return ((const struct announcement *)row)->answer.n ? OK : FAIL(c, E_INVALID, IN(answer), &MSG_answer);
}

enum rc announcement_wait(struct ctx *c, void *row)
{
	struct announcement *a = row;

	a->answer = S("");                       /* of an earlier refusal */
	return count_for(c, a, &a->recipients);
}

enum rc announcement_queue(struct ctx *c, void *row)
{
	struct announcement *a = row;
	int64_t id;

	TRY(count_for(c, a, &a->recipients));
	TRY(phone_figures(c, a));
	a->sent = c->now;
	return job_add(c, &contact_jobs[JOB_ANNOUNCE], a->base.org, &(struct announce_in){ { a->base.id } }, &id);
}

enum rc announcement_refused(struct ctx *c, void *row)
{
	static const struct tr told = { "Thông báo “{1}” không được duyệt: {2}", "The notice “{1}” is not approved: {2}" };
	const struct announcement *a = row;

	return notify(c, account_of(c, a->author), &told, ARGS(a->title, a->answer),
		TEXT(c, "/announcement/%lld", (long long)a->base.id));
}

/* ---- sending ------------------------------------------------------------------------------------------------- */

struct recipient { person_id person, pupil; int64_t account, told; };
#define ROW struct recipient
static const struct shape recipient_shape = { sizeof(ROW), FIELDS{ { REF(person, person) }, { REF(pupil, person) },
	{ COL(account) }, { COL(told) }, END } };
#undef ROW

/* first: the guardian has no copy about another child yet, and is told now. */
struct words { str sms, zalo; };
static enum rc give_copy(struct ctx *c, const struct announcement *a, const struct recipient *r, bool first,
	const struct words *w)
{
	static const struct tr told = { "Thông báo của nhà trường: {1}", "Notice of the school: {1}" };
	struct announcement_copy copy;

	row_zero(&announcement_copy, &copy);
	copy.base.org = a->base.org;
	copy.announcement.v = a->base.id;
	copy.person = r->person;
	copy.pupil = r->pupil;
	if (r->account)
		copy.delivered = c->now;
	TRY(create(c, &announcement_copy, &copy));
	return !first ? OK : note(c, &(struct note){ .to = { r->account }, .person = r->person, .org = a->base.org,
		.kind = NOTE_NOTICE, .urgent = a->urgent.n > 0, .sms = w->sms, .zalo = w->zalo, .about = copy.base.id },
		&told, ARGS(a->title),
		TEXT(c, "/contact/notices/%lld", (long long)a->base.id));
}

enum { BATCH = 200 };

/* Whoever has a copy is left out, so that a job begun again goes on where it stopped. */
enum rc announcement_send(struct ctx *c, announcement_id id, int64_t *ret)
{
	static const struct tr doing = { "Đã gửi {1} trong {2} phụ huynh", "Sent to {1} of {2} guardians" };
	const struct actor *who = as_system(c, "a notice that was approved goes to every guardian");
	struct announcement a;
	items list = { 0 };
	struct words words = { { 0 }, { 0 } };
	int64_t last = 0;

	*ret = 0;
	enum rc rc = find(c, &announcement, id.v, &a);
	if (rc == OK && a.state != ANN_SENT) {
		as_actor(c, who);
		return a.state == ANN_RECALLED ? OK : E_STATE;
	}
	if (rc == OK && a.by_sms)
		words.sms = sms_of(c, &a);
	if (rc == OK && a.by_zalo)
		words.zalo = zalo_words(c, school_of(c, &a), a.title, a.body);
	for (bool more = true; rc == OK && more && !job_cancelled(c); more = list.n == BATCH) {
		rc = query(c, "contact/recipients", &key_shape,
			&(struct key_in){ .id = id.v, .class = a.class, .school = a.base.org }, &recipient_shape, &list, BATCH);
		for (int64_t i = 0; rc == OK && i < list.n; i++) {
			const struct recipient *r = (const struct recipient *)list.p + i;
			rc = give_copy(c, &a, r, !r->told && r->person.v != last, &words);
			last = r->person.v;
			job_progress(c, ++*ret, a.recipients, &doing);
		}
	}
	as_actor(c, who);
	return rc;
}

static enum rc announce_job(struct ctx *c, void *in_)
{
	const struct announce_in *in = in_;
	int64_t n;

	TRY(recall_told(c, in->announcement));
	TRY(announcement_send(c, in->announcement, &n));
	return job_result(c, (file_id){ 0 }, TEXT(c, "%lld", (long long)n));
}

/* A guardian without an account has the notice when the SMS or the Zalo message went through, and has it not when the
 * gateway reports later that it did not. */
static enum rc arrived_job(struct ctx *c, void *in)
{
	const struct actor *who = as_system(c, "deliveries tell which copies of notices arrived");
	struct key_in key = { .after = c->now.v - INT64_C(3) * 86400000 };
	enum rc rc = execute(c, "contact/not_arrived", &key_shape, &key, NULL);

	if (rc == OK)
		rc = execute(c, "contact/arrived", &key_shape, &key, NULL);
	if (rc == OK)
		rc = execute(c, "contact/counted", &key_shape, &key, NULL);

	(void)in;
	as_actor(c, who);
	return rc;
}

#define ROW struct announce_in
static const struct shape announce_in_shape = { sizeof(ROW), FIELDS{ { REF(announcement, announcement) }, END } };
#undef ROW
const struct job contact_jobs[] = {
	[JOB_ANNOUNCE] = { .name = "announce", .label = { "Gửi thông báo cho phụ huynh", "Send a notice" },
		.limit_s = 1800, .tries = 5, .in = &announce_in_shape, .run = announce_job },
	[JOB_ARRIVED] = { .name = "arrived", .label = { "Ghi thông báo nào đã tới", "Note which notices arrived" },
		.every_s = 600, .limit_s = 300, .tries = 1, .run = arrived_job },
	[JOB_REACH] = { .name = "reach", .label = { "Đếm mức dùng sổ liên lạc", "Count the use of the contact book" },
		.every_s = DAYS(1), .at_s = HM(2, 50), .limit_s = 1800, .tries = 3, .run = reach_job }, END };

/* ---- GET, POST /contact/notices/{announcement} ------------------------------------------------------------------- */

struct notice_in { announcement_id announcement; };
#define ROW struct notice_in
const struct shape told_in_shape = { sizeof(ROW), FIELDS{ { REF(announcement, announcement), .is = NEEDED }, END } };
#undef ROW
#define ROW struct notice_view
const struct shape told_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(title) }, { COL(body) }, { COL(sent) },
	{ COL(seen) }, { COL(pupil) }, { COL(paper) }, { COL(file) }, { COL(answer_by) }, { COL(recalled) }, { COL(reply) },
	{ COL(said) }, { COL(replied) }, { COL(reply_text) }, { COL(until) }, { COL(asks) }, { COL(late) }, { COL(is_yes) },
	{ COL(is_no) }, END } };
/* what the query gives of it */
static const struct shape told_row_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(title) }, { COL(body) },
	{ COL(sent) }, { COL(seen) }, { COL(pupil) }, { COL(paper) }, { COL(file) }, { COL(answer_by) }, { COL(recalled) },
	{ COL(reply) }, { COL(said) }, { COL(replied) }, END } };
#undef ROW

enum rc told_page(struct ctx *c, const void *in_, void *out)
{
	const struct notice_in *in = in_;
	struct notice_view *v = out;

	TRY(query_one(c, "contact/notice", &key_shape, &(struct key_in){ .id = in->announcement.v }, &told_row_shape, v));
	v->asks = v->answer_by.v > 0 && v->recalled.n == 0;
	v->late = v->asks && v->answer_by.v < c->today.v;
	v->until = v->asks ? day_text(c->mem, v->answer_by) : (str){ 0 };
	v->is_yes = str_is(v->reply, "yes");
	v->is_no = str_is(v->reply, "no");
	v->reply_text = v->is_yes || v->is_no ? say(c, &notice_replies[v->is_yes ? REPLY_YES : REPLY_NO].label)
		: (str){ 0 };
	return OK;
}

enum rc told_file(struct ctx *c, const void *in_, void *out)
{
	const struct notice_in *in = in_;
	struct notice_view at;

	(void)out;
	TRY(told_page(c, in, &at));
	return at.paper.v ? paper_answer(c, at.paper) : E_MISSING;
}

enum rc told_seen(struct ctx *c, const void *in_, void *out)
{
	static const struct tr said = { "Cảm ơn, nhà trường biết gia đình đã đọc.",
		"Thank you; the school knows you read it." };
	const struct notice_in *in = in_;
	struct notice_view at;

	(void)out;
	TRY(told_page(c, in, &at));
	TRY(execute(c, "contact/notice_seen", &key_shape, &(struct key_in){ .id = in->announcement.v }, NULL));
	return go_to(c, link_to(c, "/contact"), &said);
}
