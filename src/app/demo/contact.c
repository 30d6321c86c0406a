/* contact.c -- the contact book of the school with accounts: two conversations, notices, leave requests. */
#include "app/demo/demo.h"
#include "mod/channel/channel.h"
#include "mod/contact/contact.h"
#include "mod/records/records.h"
#include "mod/transcript/transcript.h"

static const struct demo_school *shown(const struct demo *d)
{
	for (int i = 0; i < d->n_schools; i++)
		if (d->schools[i].kind == LOWER)
			return &d->schools[i];
	return NULL;
}

static enum rc make_message(struct demo *d, struct thread *t, person_id author, const char *body)
{
	struct message m;

	row_zero(&message, &m);
	m.base.org = t->base.org;
	m.thread.v = t->base.id;
	m.author = author;
	m.body = str_of(body);
	TRY(create(d->c, &message, &m));
	t->messages++;
	t->latest = d->c->now;
	return update(d->c, &thread, t);
}

static enum rc make_talk(struct demo *d, const struct demo_school *s, const char *about, const char *asks,
	const char *answers, bool family_first)
{
	struct ctx *c = d->c;
	struct thread t;
	struct thread_party p;

	row_zero(&thread, &t);
	t.base.org = s->org;
	t.class = s->a_class;
	t.pupil = s->pupil;
	t.starter = family_first ? s->parent : s->form_teacher;
	t.about = str_of(about);
	TRY(create(c, &thread, &t));
	for (int i = 0; i < 2; i++) {
		row_zero(&thread_party, &p);
		p.base.org = s->org;
		p.thread.v = t.base.id;
		p.person = i ? s->parent : s->form_teacher;
		p.pupil = i ? s->pupil : (person_id){ 0 };
		p.seen = (i != 0) == family_first && answers ? (instant){ 0 } : c->now;
		TRY(create(c, &thread_party, &p));
	}
	TRY(make_message(d, &t, t.starter, asks));
	return answers ? make_message(d, &t, family_first ? s->form_teacher : s->parent, answers) : OK;
}

static enum rc make_notice(struct demo *d, const struct demo_school *s, const char *title, const char *body)
{
	struct announcement a;
	int64_t n;

	row_zero(&announcement, &a);
	a.base.org = s->org;
	a.title = str_of(title);
	a.body = str_of(body);
	a.class = s->a_class;
	TRY(create(d->c, &announcement, &a));
	a.author = s->form_teacher;
	a.state = ANN_SENT;
	a.sent = d->c->now;
	TRY(update(d->c, &announcement, &a));
	TRY(announcement_send(d->c, (announcement_id){ a.base.id }, &n));
	a.recipients = n;
	return update(d->c, &announcement, &a);
}

/* A conversation of the whole class, a template, a look of the principal's, and a month of the nightly count. */
static enum rc make_class_talk(struct demo *d, const struct demo_school *s)
{
	struct thread t;
	struct thread_party p;
	struct thread_look l;

	row_zero(&thread, &t);
	t.base.org = s->org;
	t.class = s->a_class;
	t.starter = s->form_teacher;
	t.about = S("Buổi tham quan bảo tàng");
	t.replies = REPLY_TEACHER;
	TRY(create(d->c, &thread, &t));
	for (int i = 0; i < 2; i++) {
		row_zero(&thread_party, &p);
		p.base.org = s->org;
		p.thread.v = t.base.id;
		p.person = i ? s->parent : s->form_teacher;
		p.pupil = i ? s->pupil : (person_id){ 0 };
		TRY(create(d->c, &thread_party, &p));
	}
	TRY(make_message(d, &t, s->form_teacher,
		"Thứ Bảy tuần này lớp tham quan bảo tàng tỉnh, 7 giờ tập trung ở cổng trường."));
	row_zero(&thread_look, &l);
	l.base.org = s->org;
	l.thread.v = t.base.id;
	l.person = s->principal;
	l.reason = S("Phụ huynh hỏi lại giờ tập trung, cần xem thông tin đã gửi");
	l.until = d->c->now;
	return l.person.v ? create(d->c, &thread_look, &l) : OK;
}

static enum rc make_template(struct demo *d, const struct demo_school *s, const char *name, const char *about,
	const char *body)
{
	struct message_template t;

	row_zero(&message_template, &t);
	t.base.org = s->org;
	t.name = str_of(name);
	t.about = str_of(about);
	t.body = str_of(body);
	TRY(create(d->c, &message_template, &t));
	t.author = s->form_teacher;
	return update(d->c, &message_template, &t);
}

static enum rc make_reach(struct demo *d, const struct demo_school *s)
{
	int64_t guardians;

	TRY(db_int(d->c->db, "SELECT count(DISTINCT guardian) FROM guardianship WHERE org = ?1 AND barred = 0 AND gone = 0",
		VALS(v_int(s->org.v)), &guardians));
	/* a school that has just begun: the last accounts, readers and writers are those of today */
	for (int i = 30; i > 0; i--) {
		struct reach_day r;
		row_zero(&reach_day, &r);
		r.base.org = s->org;
		r.held = (day){ d->c->today.v - i };
		r.guardians = guardians;
		r.accounts = i > 24 ? 0 : i > 12 ? 1 : i > 5 ? 2 : 3;
		r.readers = i <= 18;
		r.actors = i <= 9;
		TRY(create(d->c, &reach_day, &r));
	}
	return OK;
}

/* Some that went out, as the office sees them; a demo asks no gateway. */
static enum rc make_deliveries(struct demo *d, const struct demo_school *s)
{
	static const struct { enum channel by; enum delivery_state state; int64_t parts, cost; const char *problem; }
		shown_[] = {
		{ BY_SMS, DELIVERY_ARRIVED, 2, 700, "" }, { BY_PUSH, DELIVERY_SENT, 0, 0, "" },
		{ BY_SMS, DELIVERY_FAILED, 1, 0, "SMPP 11: từ chối / refused" }, { BY_ZALO, DELIVERY_ARRIVED, 1, 200, "" },
		{ BY_ZALO, DELIVERY_FAILED, 1, 0, "Zalo -118: Zalo account not existed" } };
	struct delivery v;

	for (int i = 0; i < (int)COUNT(shown_); i++) {
		row_zero(&delivery, &v);
		v.base.org = s->org;
		v.person = s->parent;
		v.kind = NOTE_NOTICE;
		v.channel = (pick)shown_[i].by;
		v.state = (pick)shown_[i].state;
		v.due = v.ended = d->c->now;
		v.tries = 1;
		v.parts = shown_[i].parts;
		v.cost.v = shown_[i].cost;
		v.problem = str_of(shown_[i].problem);
		TRY(create(d->c, &delivery, &v));
	}
	TRY(setting_put(d->c, &mod_channel, "zalo_price", s->org, S("200")));
	return setting_put(d->c, &mod_channel, "sms_price", s->org, S("350"));
}

static enum rc make_leave(struct demo *d, const struct demo_school *s, person_id child, person_id asker, int from,
	const char *reason, const char *step_)
{
	struct leave_request r;

	row_zero(&leave_request, &r);
	r.pupil = child;
	r.first_day = r.last_day = (day){ d->c->today.v + from };
	while (day_off(r.first_day))
		r.first_day.v++, r.last_day.v++;
	r.reason = str_of(reason);
	TRY(create(d->c, &leave_request, &r));
	r.asker = asker;
	TRY(update(d->c, &leave_request, &r));
	return step_ ? step(d->c, &leave_request, &r, step_) : OK;
}

enum rc demo_contact(struct demo *d)
{
	const struct demo_school *s = shown(d);
	items pupils;

	if (!s || !s->a_class.v || !s->pupil.v || !s->parent.v || !s->form_teacher.v)
		return OK;
	TRY(make_talk(d, s, "Cháu hay quên vở Ngữ văn",
		"Tuần này con quên vở Ngữ văn hai lần, nhờ gia đình nhắc con soạn cặp buổi tối.",
		"Cảm ơn cô, tối nào bố mẹ cũng sẽ xem cặp cùng cháu ạ.", false));
	TRY(make_talk(d, s, "Xin gặp cô chiều thứ Sáu",
		"Thưa cô, gia đình muốn trao đổi về việc học Toán của cháu. Chiều thứ Sáu cô có rảnh không ạ?",
		"Mời gia đình đến phòng giáo viên lúc 17 giờ ạ.", true));
	TRY(make_notice(d, s, "Họp phụ huynh giữa học kì",
		"Kính mời gia đình dự họp phụ huynh lúc 8 giờ Chủ nhật tuần này tại phòng học của lớp."));
	TRY(make_notice(d, s, "Lịch kiểm tra giữa kì",
		"Các em kiểm tra giữa kì theo lịch của nhà trường; nhờ gia đình nhắc con ôn bài và ngủ sớm."));
	TRY(make_deliveries(d, s));
	TRY(make_class_talk(d, s));
	TRY(make_template(d, s, "Nhắc mang vở", "Con quên vở",
		"Hôm nay, {ngày}, {học sinh} lớp {lớp} quên vở. Nhờ gia đình nhắc "
		"con soạn cặp. {giáo viên}"));
	TRY(make_template(d, s, "Khen tiến bộ", "Con tiến bộ", "{học sinh} tuần này tiến bộ rõ rệt, cả lớp {lớp} đều thấy. "
		"{giáo viên}"));
	TRY(make_reach(d, s));
	TRY(make_leave(d, s, s->pupil, s->parent, 3, "Cháu đi khám mắt theo lịch hẹn của bệnh viện.", NULL));
	TRY(find_all(d->c, &enrolment, &pupils, 30, IS({ offsetof(struct enrolment, class), v_int(s->a_class.v) })));
	for (int64_t i = 2; i < pupils.n && i < 4; i++) {
		person_id child = ((const struct enrolment *)pupils.p)[i].pupil;
		if (child.v != s->pupil.v)
			TRY(make_leave(d, s, child, (person_id){ 0 }, 1 + (int)i, "Gia đình có việc ở quê.",
				i == 2 ? "approve" : NULL));
	}
	/* a day of leave counts in the year, which is drawn up already */
	int64_t n;
	TRY(results_of_class(d->c, (school_class_id){ s->a_class.v }, &n));
	return transcript_draft(d->c, (school_class_id){ s->a_class.v }, &n);
}
