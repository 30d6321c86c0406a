/* contact_test.c -- leave and the roll, threads and their parties, notices with limits, the family's page; on both
 * engines. */
#include "mod/contact/contact_world.h"
#include "core/views.h"
#include <stdlib.h>
#include <unistd.h>

/* Room for a view; of the family's and a thread's only the beginning is looked at. */
struct page { union { struct { str title, date; bool none; } head; int64_t room[128]; }; };

static void a_thread_is_its_parties_own(void **state)
{
	struct world *w = world_open(state);
	thread_id t;
	person_id other = add_person(w, w->a, "Đinh Thu", false, true);
	struct page v;

	family_of(w);
	teach(w, other, w->class_a, w->a);
	OKAY(thread_begin(as_parent(w), w->pupil_a, w->teacher_a, S("Xin gặp cô"),
		&(struct writing){ S("Chiều mai cô có rảnh không ạ?"), { 0 } }, &t));
	assert_int_equal(count(w, "SELECT count(*) FROM thread_party"), 2);
	OKAY(thread_write(as_form(w), t, &(struct writing){ S("Mời gia đình 17 giờ."), { 0 } }));
	assert_int_equal(thread_write(as(w, &teacher, w->a, other), t, &(struct writing){ S("Tôi đọc được?"), { 0 } }),
		E_MISSING);
	assert_int_equal(thread_read(as(w, &principal, w->a, (person_id){ 999 }), t, (message_id){ 0 }), E_MISSING);
	assert_int_equal(count(w, "SELECT messages FROM thread"), 2);
	memset(&v, 0, sizeof v);
	OKAY(talk_page(as_parent(w), &t, &v));
	assert_true(str_is(v.head.title, "Xin gặp cô"));
	/* barred: the thread is gone at once, reading and writing */
	assert_int_equal(db_exec(w->db, "UPDATE guardianship SET barred = 1", NULL, 0, NULL), OK);
	assert_int_equal(thread_write(as_parent(w), t, &(struct writing){ S("…"), { 0 } }), E_MISSING);
	assert_int_equal(talk_page(as_parent(w), &t, &v), E_MISSING);
	assert_int_equal(thread_begin(as_parent(w), w->pupil_a, w->teacher_a, S("Lại"), &(struct writing){ S("…"), { 0 } },
		&t), E_DENIED);
	world_close(w);
}

static void strangers_begin_nothing(void **state)
{
	struct world *w = world_open(state);
	thread_id t;
	person_id away = add_person(w, w->b, "Mai Lan", false, true);

	family_of(w);
	teach(w, away, w->class_b, w->b);
	assert_int_equal(thread_begin(as_parent(w), w->pupil_a, away, S("A"), &(struct writing){ S("B"), { 0 } }, &t),
		E_DENIED);
	assert_int_equal(thread_begin(as(w, &teacher, w->b, away), w->pupil_a, away, S("A"), &(struct writing){ S("B"),
		{ 0 } }, &t), E_DENIED);
	OKAY(thread_begin(as_form(w), w->pupil_a, w->teacher_a, S("A"), &(struct writing){ S("B"), { 0 } }, &t));
	world_close(w);
}

static struct announcement a_notice(struct world *w)
{
	struct announcement a;

	row_zero(&announcement, &a);
	a.base.org = w->a;
	a.title = S("Họp phụ huynh");
	a.body = S("8 giờ Chủ nhật.");
	a.class = w->class_a;
	return a;
}

struct seen_row { int64_t id, author; str name, body; instant made; int64_t seen_by, paper, aside; str file; };
#define ROW struct seen_row
static const struct shape seen_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(author) }, { COL(name) },
	{ COL(body) },
	{ COL(made) }, { COL(seen_by) }, { COL(paper) }, { COL(aside) }, { COL(file) }, END } };
#undef ROW

/* Reading goes as far as what was shown; nobody reads in another's name; the bell falls silent with the last word. */
static void what_was_shown_is_read(void **state)
{
	struct world *w = world_open(state);
	thread_id t;
	int64_t first;
	const struct writing words = { S("Một"), { 0 } };

	family_of(w);
	an_account(w, "me.cua.em", w->parent_a);
	OKAY(thread_begin(as_form(w), w->pupil_a, w->teacher_a, S("Việc"), &words, &t));
	first = count(w, "SELECT max(id) FROM message");
	w->time += 1000;
	OKAY(thread_write(as_form(w), t, &words));
	struct actor admin = *as_parent(w)->who;
	admin.impersonator.v = 1;
	w->c.who = &admin;
	assert_int_equal(thread_read(&w->c, t, (message_id){ 0 }), E_DENIED);
	assert_int_equal(count(w, "SELECT count(*) FROM thread_party WHERE pupil IS NOT NULL AND seen > 0"), 0);
	w->time += 1000;
	struct ctx *c = as_parent(w);
	struct actor mother = *c->who;
	mother.user.v = count(w, "SELECT id FROM account WHERE login = 'me.cua.em'");
	c->who = &mother;
	OKAY(thread_read(c, t, (message_id){ first }));
	assert_int_equal(count(w, "SELECT count(*) FROM message m JOIN thread_party y ON y.pupil IS NOT NULL "
		"AND y.seen >= m.made"), 1);
	assert_int_equal(count(w, "SELECT count(*) FROM notice WHERE seen = 0"), 2);
	OKAY(thread_read(c, t, (message_id){ count(w, "SELECT max(id) FROM message") }));
	assert_int_equal(count(w, "SELECT count(*) FROM message m JOIN thread_party y ON y.pupil IS NOT NULL "
		"AND y.seen >= m.made"), 2);
	assert_int_equal(count(w, "SELECT count(*) FROM notice WHERE seen = 0"), 0);
	/* of a long conversation the newest are shown */
	items got;
	OKAY(query(c, "contact/messages", &key_shape, &(struct key_in){ .id = t.v }, &seen_shape, &got, 1));
	assert_int_equal(((const struct seen_row *)got.p)->id, count(w, "SELECT max(id) FROM message"));
	/* never back */
	OKAY(thread_read(c, t, (message_id){ first }));
	assert_int_equal(count(w, "SELECT count(*) FROM message m JOIN thread_party y ON y.pupil IS NOT NULL "
		"AND y.seen >= m.made"), 2);
	world_close(w);
}

static void a_notice_reaches_each_guardian_once(void **state)
{
	struct world *w = world_open(state);
	person_id father = add_person(w, w->a, "Trần Văn Đông", false, false), barred = add_person(w, w->a, "Võ Tư", false,
		false);
	int64_t n = 0;

	family_of(w);
	guard(w, w->pupil_a, father, false);
	guard(w, w->pupil_a, barred, true);
	an_account(w, "phu.huynh", w->parent_a);
	as_form(w);
	struct announcement a = a_notice(w);
	OKAY(create(&w->c, &announcement, &a));
	OKAY(step(as_form(w), &announcement, &a, "send"));
	assert_int_equal(count(w, "SELECT count(*) FROM job WHERE name = 'contact/announce'"), 1);
	OKAY(announcement_send(as_khue(w), (announcement_id){ a.base.id }, &n));
	assert_int_equal(n, 2);
	OKAY(announcement_send(as_khue(w), (announcement_id){ a.base.id }, &n));
	assert_int_equal(n, 0);                                                      /* begun again: nobody twice */
	assert_int_equal(count(w, "SELECT count(*) FROM announcement_copy WHERE delivered > 0"), 1);
	assert_int_equal(count(w, "SELECT count(*) FROM notice"), 1);
	OKAY(told_seen(as_parent(w), &a.base.id, NULL));
	assert_int_equal(count(w, "SELECT count(*) FROM announcement_copy WHERE seen > 0"), 1);
	assert_int_equal(told_seen(as(w, &parent, w->a, barred), &a.base.id, NULL), E_MISSING);
	/* the sender sees who has it, who not and why; a teacher of the class who did not send it sees nothing */
	struct reached_view v;
	assert_int_equal(db_exec(w->db, "INSERT INTO delivery (id, channel, state, about, problem) SELECT 1, 'sms', "
		"'failed', id, 'sai số' FROM announcement_copy WHERE person = ?1", VALS(v_int(father.v)), NULL), OK);
	memset(&v, 0, sizeof v);
	OKAY(reached_page(as_form(w), &a.base.id, &v));
	assert_true(str_is(v.read, "1") && str_is(v.has, "0") && str_is(v.missing, "1") && v.lines.n == 2);
	const struct copy_line *l = v.lines.p;
	assert_true(str_is(l[0].name, "Trần Văn Đông") && str_find(l[0].why, S("sai số")) > 0 && l[1].read);
	/* a reason of the program's own is in the language of who reads it */
	static const char *const reasons[] = { [VI] = "cổng gửi không trả lời", [EN] = "no answer" };
	OKAY(db_exec(w->db, "UPDATE delivery SET problem = 'no_answer'", NULL, 0, NULL));
	for (enum lang lang = VI; lang <= EN; lang++) {
		as_form(w)->lang = lang;
		OKAY(reached_page(&w->c, &a.base.id, &v));
		assert_true(str_find(((const struct copy_line *)v.lines.p)->why, str_of(reasons[lang])) > 0);
	}
	w->c.lang = EN;
	assert_int_equal(reached_page(as(w, &parent, w->a, w->parent_a), &a.base.id, &v), E_MISSING);
	world_close(w);
}

/* A family answers until the day and after it; the sender sees what, and who is late. What was taken back is answered
 * no more, does not go to whoever has it not, and whoever has it hears. */
static void a_notice_is_answered_and_taken_back(void **state)
{
	struct world *w = world_open(state);
	person_id father = add_person(w, w->a, "Trần Văn Đông", false, false);
	struct reached_view v = { 0 };
	struct notice_view seen = { 0 };
	int64_t n = 0;

	family_of(w);
	guard(w, w->pupil_a, father, false);
	an_account(w, "phu.huynh", w->parent_a);
	an_account(w, "ong.bo", father);
	as_form(w);
	struct announcement a = a_notice(w);
	a.answer_by = w->c.today;
	OKAY(create(&w->c, &announcement, &a));
	OKAY(step(as_form(w), &announcement, &a, "send"));
	OKAY(announcement_send(as_khue(w), (announcement_id){ a.base.id }, &n));
	struct reply_in in = { { a.base.id }, REPLY_NONE, S("") };
	assert_int_equal(told_answer(as_parent(w), &in, NULL), E_INVALID);
	in.reply = REPLY_YES, in.said = S("Mẹ đi");
	OKAY(told_answer(as_parent(w), &in, NULL));
	OKAY(told_page(as_parent(w), &in.announcement, &seen));
	assert_true(seen.asks && !seen.late && seen.is_yes && seen.seen.v > 0 && str_is(seen.said, "Mẹ đi"));
	w->time += INT64_C(86400000);
	in.reply = REPLY_NO, in.said = S("");
	OKAY(told_answer(as(w, &parent, w->a, father), &in, NULL));
	OKAY(reached_page(as_form(w), &a.base.id, &v));
	assert_true(v.asks && str_is(v.yes, "1") && str_is(v.no, "1") && str_is(v.silent, "0"));
	const struct copy_line *l = v.lines.p;
	assert_int_equal(l[0].late + l[1].late, 1);
	/* not the right, no reason, then taken back */
	struct ctx *c = as(w, &teacher, w->a, father);
	assert_int_not_equal(step(c, &announcement, &a, "recall"), OK);
	c = as_form(w);
	OKAY(find(c, &announcement, a.base.id, &a));
	assert_int_equal(step(c, &announcement, &a, "recall"), E_INVALID);
	c = as_form(w);
	OKAY(find(c, &announcement, a.base.id, &a));
	OKAY(db_exec(w->db, "INSERT INTO delivery (id, channel, state, about) SELECT 1, 'sms', 'waiting', id "
		"FROM announcement_copy WHERE person = ?1", VALS(v_int(father.v)), NULL));
	a.recalled = S("Hoãn họp");
	OKAY(step(c, &announcement, &a, "recall"));
	assert_int_equal(count(w, "SELECT count(*) FROM delivery WHERE state = 'waiting'"), 0);
	n = count(w, "SELECT count(*) FROM notice");
	OKAY(recall_told(as_khue(w), (announcement_id){ a.base.id }));
	assert_int_equal(count(w, "SELECT count(*) FROM notice"), n + 2);
	OKAY(told_page(as_parent(w), &in.announcement, &seen));
	assert_true(!seen.asks && str_is(seen.recalled, "Hoãn họp"));
	assert_int_equal(told_answer(as_parent(w), &in, NULL), E_STATE);
	int64_t sent = -1;
	OKAY(announcement_send(as_khue(w), (announcement_id){ a.base.id }, &sent));
	assert_int_equal(sent, 0);
	world_close(w);
}

static void many_recipients_need_the_principal(void **state)
{
	struct world *w = world_open(state);

	family_of(w);
	OKAY(setting_put(as_khue(w), &mod_contact, "approve_above", w->a, S("0")));
	as_form(w);
	struct announcement a = a_notice(w);
	a.paper.v = 99;                                       /* no file of the author's */
	assert_int_not_equal(create(as_form(w), &announcement, &a), OK);
	/* a class left empty is the form teacher's own, and the whole school the principal's */
	a = a_notice(w);
	a.class.v = 0;
	OKAY(create(as(w, &principal, w->a, w->teacher_a), &announcement, &a));
	assert_int_equal(a.class.v, 0);
	a = a_notice(w);
	a.class.v = 0;
	OKAY(db_exec(w->db, "UPDATE teaching SET form = 0", NULL, 0, NULL));
	assert_int_equal(create(as_form(w), &announcement, &a), E_INVALID);
	OKAY(db_exec(w->db, "UPDATE teaching SET form = 1", NULL, 0, NULL));
	OKAY(create(as_form(w), &announcement, &a));
	assert_int_equal(a.class.v, w->class_a.v);
	assert_int_equal(step(as_form(w), &announcement, &a, "send"), E_STATE);
	assert_true(announcement_must_wait(as_form(w), &a) && !announcement_may_go(as_form(w), &a));
	assert_true(announcement_may_go(as(w, &principal, w->a, (person_id){ 5 }), &a));
	OKAY(find(as_form(w), &announcement, a.base.id, &a));
	OKAY(step(&w->c, &announcement, &a, "submit"));
	OKAY(find(as_form(w), &announcement, a.base.id, &a));
	assert_int_not_equal(step(as_form(w), &announcement, &a, "approve"), OK);     /* not by whoever asks */
	/* whoever asked takes it back and asks again; a refusal leaves it to be changed and asked for again */
	OKAY(find(as_form(w), &announcement, a.base.id, &a));
	OKAY(step(&w->c, &announcement, &a, "take_back"));
	OKAY(find(as_form(w), &announcement, a.base.id, &a));
	OKAY(step(&w->c, &announcement, &a, "submit"));
	OKAY(find(as(w, &principal, w->a, (person_id){ 5 }), &announcement, a.base.id, &a));
	a.answer = S("Ghi rõ giờ họp.");
	OKAY(step(&w->c, &announcement, &a, "refuse"));
	OKAY(find(as_form(w), &announcement, a.base.id, &a));
	a.body = S("8 giờ sáng Chủ nhật.");
	OKAY(update(&w->c, &announcement, &a));
	assert_int_equal(a.recipients, 1);                    /* known before it is sent */
	OKAY(step(&w->c, &announcement, &a, "submit"));
	OKAY(find(as_form(w), &announcement, a.base.id, &a));
	assert_int_equal(a.answer.n, 0);
	OKAY(find(as(w, &principal, w->a, (person_id){ 5 }), &announcement, a.base.id, &a));
	OKAY(step(&w->c, &announcement, &a, "approve"));
	assert_int_equal(count(w, "SELECT count(*) FROM job WHERE name = 'contact/announce'"), 1);
	world_close(w);
}

static void a_sender_has_a_limit(void **state)
{
	struct world *w = world_open(state);

	family_of(w);
	OKAY(setting_put(as_khue(w), &mod_contact, "daily_notices", w->a, S("1")));
	for (int i = 0; i < 2; i++) {
		as_form(w);
		struct announcement a = a_notice(w);
		OKAY(create(&w->c, &announcement, &a));
		assert_int_equal(step(as_form(w), &announcement, &a, "send"), i ? E_LIMIT : OK);
	}
	world_close(w);
}

/* A gateway that nobody answers at: enough to write by SMS, which then waits. */
static void a_gateway_is_configured(void)
{
	char path[] = "/tmp/khue-contact-XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0 && write(fd, "url: http://127.0.0.1:1/\n", 25) == 25);
	close(fd);
	setenv("KHUE_SMS_FILE", path, 1);
}

static void an_sms_is_counted_before_it_goes(void **state)
{
	struct world *w = world_open(state);
	person_id father = add_person(w, w->a, "Trần Văn Đông", false, false);
	struct person p;
	int64_t n;

	family_of(w);
	guard(w, w->pupil_a, father, false);
	OKAY(find(as_khue(w), &person, father.v, &p));
	p.phone = S("0912345678");
	OKAY(update(&w->c, &person, &p));
	OKAY(setting_put(as_khue(w), &mod_channel, "sms_price", w->a, S("350")));
	as_form(w);
	struct announcement a = a_notice(w);
	a.by_sms = true;
	REFUSED(create(&w->c, &announcement, &a), E_INVALID, announcement, by_sms);     /* no gateway */
	a_gateway_is_configured();
	as_form(w);
	a = a_notice(w);
	a.by_sms = true;
	a.urgent = S("Trường đóng cửa vì bão");
	OKAY(create(&w->c, &announcement, &a));
	assert_int_equal(a.sms_people, 1);
	assert_int_equal(a.sms_parts, 1);
	assert_int_equal(a.sms_cost.v, 350);
	OKAY(setting_put(as_khue(w), &mod_contact, "sms_sender", w->a, S("0")));
	assert_int_equal(step(as_form(w), &announcement, &a, "send"), E_LIMIT);
	OKAY(setting_put(as_khue(w), &mod_contact, "sms_sender", w->a, S("1")));
	OKAY(find(as_form(w), &announcement, a.base.id, &a));
	OKAY(step(&w->c, &announcement, &a, "send"));
	OKAY(announcement_send(as_khue(w), (announcement_id){ a.base.id }, &n));
	/* a guardian without an account hears by SMS; the other has neither number nor account */
	assert_int_equal(count(w, "SELECT count(*) FROM notice WHERE account = 0 AND urgent = 1 AND sms IS NOT NULL"), 2);
	assert_int_equal(count(w, "SELECT count(*) FROM announcement_copy WHERE delivered > 0"), 0);
	assert_int_equal(db_exec(w->db,
		"INSERT INTO delivery (id, channel, state, ended, about) SELECT 1, 'sms', 'arrived', "
		"made, about FROM notice WHERE person = ?1", VALS(v_int(father.v)), NULL), OK);
	OKAY(contact_jobs[JOB_ARRIVED].run(as_khue(w), NULL));
	assert_int_equal(count(w, "SELECT count(*) FROM announcement_copy WHERE delivered > 0"), 1);
	OKAY(told_seen(as(w, &parent, w->a, father), &a.base.id, NULL));
	assert_int_equal(db_exec(w->db, "UPDATE delivery SET state = 'failed'", NULL, 0, NULL), OK);
	OKAY(contact_jobs[JOB_ARRIVED].run(as_khue(w), NULL));
	assert_int_equal(count(w, "SELECT reached * 100 + seen_by * 10 + failed FROM announcement"), 111);
	unsetenv("KHUE_SMS_FILE");
	world_close(w);
}

static void an_account_of_zalo_is_configured(void)
{
	static const char text[] = "url: https://zalo.example/m\ntoken-url: https://zalo.example/t\napp: 1\nsecret: s\n"
		"refresh: r\ntemplate: 1\ndata: {\"a\":\"{title}\"}\n";
	char path[] = "/tmp/khue-contact-XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0 && write(fd, text, sizeof text - 1) == (ssize_t)sizeof text - 1);
	close(fd);
	setenv("KHUE_ZALO_FILE", path, 1);
}

static void a_notice_by_zalo_has_its_limits(void **state)
{
	struct world *w = world_open(state);
	struct person p;
	int64_t n;

	family_of(w);
	OKAY(find(as_khue(w), &person, w->parent_a.v, &p));
	p.phone = S("0912345678");
	OKAY(update(&w->c, &person, &p));
	OKAY(setting_put(as_khue(w), &mod_channel, "zalo_price", w->a, S("200")));
	as_form(w);
	struct announcement a = a_notice(w);
	a.by_zalo = true;
	REFUSED(create(&w->c, &announcement, &a), E_INVALID, announcement, by_zalo);    /* no official account */
	an_account_of_zalo_is_configured();
	as_form(w);
	a = a_notice(w);
	a.by_zalo = true;
	OKAY(create(&w->c, &announcement, &a));
	assert_int_equal(a.sms_people * 1000 + a.zalo_cost.v, 1200);
	assert_int_equal(a.sms_parts + a.sms_cost.v, 0);
	OKAY(setting_put(as_khue(w), &mod_contact, "zalo_sender", w->a, S("0")));
	assert_int_equal(step(as_form(w), &announcement, &a, "send"), E_LIMIT);
	OKAY(setting_put(as_khue(w), &mod_contact, "zalo_sender", w->a, S("")));
	OKAY(find(as_form(w), &announcement, a.base.id, &a));
	OKAY(step(&w->c, &announcement, &a, "send"));
	OKAY(announcement_send(as_khue(w), (announcement_id){ a.base.id }, &n));
	assert_int_equal(count(w, "SELECT count(*) FROM notice WHERE account = 0 AND sms IS NULL AND zalo LIKE "
		"'%\nHọp phụ huynh\n8 giờ Chủ nhật.'"), 1);
	/* sent, so it arrived; the receipt says it did not after all: it is not counted as reached any more */
	assert_int_equal(db_exec(w->db, "INSERT INTO delivery (id, channel, state, ended, about) SELECT 1, 'zalo', 'sent', "
		"made, about FROM notice", NULL, 0, NULL), OK);
	OKAY(contact_jobs[JOB_ARRIVED].run(as_khue(w), NULL));
	assert_int_equal(count(w, "SELECT reached * 10 + failed FROM announcement"), 10);
	assert_int_equal(db_exec(w->db, "UPDATE delivery SET state = 'failed'", NULL, 0, NULL), OK);
	OKAY(contact_jobs[JOB_ARRIVED].run(as_khue(w), NULL));
	assert_int_equal(count(w, "SELECT reached * 10 + failed FROM announcement"), 1);
	assert_int_equal(db_exec(w->db, "UPDATE delivery SET state = 'arrived'", NULL, 0, NULL), OK);
	OKAY(contact_jobs[JOB_ARRIVED].run(as_khue(w), NULL));
	assert_int_equal(count(w, "SELECT reached * 10 + failed FROM announcement"), 10);
	unsetenv("KHUE_ZALO_FILE");
	world_close(w);
}

static void the_family_sees_its_own_child(void **state)
{
	struct world *w = world_open(state);
	person_id barred = add_person(w, w->a, "Võ Tư", false, false);
	int64_t none = 0;
	struct page v = { 0 };

	assert_true(family_shape.size <= sizeof v && talk_shape.size <= sizeof v);
	family_of(w);
	guard(w, w->pupil_a, barred, true);
	OKAY(family_page(as_parent(w), &none, &v));
	assert_false(v.head.none);
	memset(&v, 0, sizeof v);
	OKAY(family_page(as(w, &parent, w->a, barred), &none, &v));
	assert_true(v.head.none);
	int64_t child = w->pupil_a.v;
	assert_int_equal(family_page(as(w, &parent, w->a, barred), &child, &v), E_MISSING);
	world_close(w);
}

/* How many messages of the thread this reader sees. */
static int64_t sees(struct ctx *c, thread_id t)
{
	items got = { NULL, 0 };

	assert_int_equal(query(c, "contact/messages", &key_shape, &(struct key_in){ .id = t.v }, &seen_shape, &got, 50),
		OK);
	return got.n;
}

static void a_class_talks_with_its_teacher(void **state)
{
	struct world *w = world_open(state);
	person_id father = add_person(w, w->a, "Trần Văn Đông", false, false);
	const struct writing words = { S("Chào gia đình các con {lớp}."), { 0 } }, answer = { S("Vâng ạ"), { 0 } };
	thread_id t = { 0 };

	family_of(w);
	guard(w, w->pupil_a, father, false);
	assert_int_equal(thread_begin_class(as_parent(w), w->class_a, S("Họp"), &words, &t), E_DENIED);
	assert_int_equal(thread_begin_class(as_form(w), w->class_b, S("Họp"), &words, &t), E_DENIED);
	OKAY(setting_put(as_khue(w), &mod_contact, "approve_above", w->a, S("0")));
	assert_int_equal(thread_begin_class(as_form(w), w->class_a, S("Họp"), &words, &t), E_LIMIT);
	OKAY(setting_put(as_khue(w), &mod_contact, "approve_above", w->a, S("")));
	OKAY(thread_begin_class(as_form(w), w->class_a, S("Họp"), &words, &t));
	assert_int_equal(count(w, "SELECT count(*) FROM thread_party"), 3);
	assert_int_equal(count(w, "SELECT count(*) FROM message WHERE body = 'Chào gia đình các con 7A.'"), 1);
	/* an answer reaches the teacher only; its author sees it, the other family does not */
	OKAY(thread_write(as_parent(w), t, &answer));
	assert_int_equal(sees(as_form(w), t), 2);
	assert_int_equal(sees(as_parent(w), t), 2);
	assert_int_equal(sees(as(w, &parent, w->a, father), t), 1);
	/* where the school lets families read each other, all do */
	OKAY(setting_put(as_khue(w), &mod_contact, "class_replies", w->a, S("1")));
	OKAY(thread_begin_class(as_form(w), w->class_a, S("Dã ngoại"), &words, &t));
	OKAY(thread_write(as_parent(w), t, &answer));
	assert_int_equal(sees(as(w, &parent, w->a, father), t), 2);
	/* who left the class has left its conversations */
	assert_int_equal(db_exec(w->db, "UPDATE enrolment SET until = ?1", VALS(v_int(w->c.today.v)), NULL), OK);
	assert_int_equal(thread_write(as_parent(w), t, &answer), E_MISSING);
	OKAY(thread_write(as_form(w), t, &answer));
	world_close(w);
}

/* Whoever hands the form over writes to its families no more, nor they into what nobody would read. */
static void who_no_longer_teaches_only_reads(void **state)
{
	struct world *w = world_open(state);
	const struct writing words = { S("Họp lúc 8 giờ"), { 0 } };
	person_id other = add_person(w, w->a, "Đinh Thu", false, true);
	thread_id all = { 0 }, one = { 0 };

	family_of(w);
	OKAY(thread_begin_class(as_form(w), w->class_a, S("Họp"), &words, &all));
	OKAY(thread_begin(as_parent(w), w->pupil_a, w->teacher_a, S("Xin gặp cô"), &words, &one));
	lead(w, other);
	assert_int_equal(thread_write(as_form(w), all, &words), E_STATE);
	assert_int_equal(thread_write(as_form(w), one, &words), E_STATE);
	assert_int_equal(thread_write(as_parent(w), one, &words), E_STATE);
	assert_int_equal(sees(as_form(w), one), 1);
	assert_int_equal(sees(as_parent(w), one), 1);
	/* a subject of the class is enough */
	teach(w, w->teacher_a, w->class_a, w->a);
	OKAY(thread_write(as_parent(w), one, &words));
	world_close(w);
}

/* A day later, for messages are told apart by their time. */
static void next_day(struct world *w) { w->time += INT64_C(86400000); }

static void a_class_thread_follows_the_class(void **state)
{
	struct world *w = world_open(state);
	person_id late = add_person(w, w->a, "Lý Thị Muộn", false, false), child = add_person(w, w->a, "Lý Văn Sau", true,
		false), mother = add_person(w, w->a, "Đỗ Thị Mẹ", false, false);
	const struct writing words = { S("Họp lúc 8 giờ"), { 0 } }, answer = { S("Vâng ạ"), { 0 } };
	struct page v;
	thread_id t = { 0 };

	family_of(w);
	an_account(w, "phu.huynh", w->parent_a);
	an_account(w, "den.sau", late);
	OKAY(thread_begin_class(as_form(w), w->class_a, S("Họp"), &words, &t));
	/* linked later, and a child who comes later: the thread is theirs with the next message, which is all they see */
	next_day(w);
	guard(w, w->pupil_a, mother, false);
	enrol(w, child, w->class_a);
	guard(w, child, late, false);
	memset(&v, 0, sizeof v);
	assert_int_equal(talk_page(as(w, &parent, w->a, late), &t, &v), E_MISSING);
	OKAY(thread_write(as_form(w), t, &words));
	OKAY(talk_page(as(w, &parent, w->a, late), &t, &v));
	assert_int_equal(sees(as(w, &parent, w->a, late), t), 1);
	assert_int_equal(sees(as(w, &parent, w->a, mother), t), 1);
	assert_int_equal(sees(as_parent(w), t), 2);
	assert_int_equal(count(w, "SELECT count(*) FROM thread_party WHERE gone = 0"), 4);
	OKAY(thread_write(as(w, &parent, w->a, late), t, &answer));
	assert_int_equal(sees(as_form(w), t), 3);
	int64_t told_before = count(w, "SELECT count(*) FROM notice");
	/* the child moves to another class: nothing new reaches the family, not even the bell */
	assert_int_equal(db_exec(w->db, "UPDATE enrolment SET state = 'moved', until = ?1 WHERE pupil = ?2",
		VALS(v_int(as_khue(w)->today.v), v_int(child.v)), NULL), OK);
	next_day(w);
	OKAY(thread_write(as_form(w), t, &words));
	assert_int_equal(count(w, "SELECT count(*) FROM notice") - told_before, 1);             /* the other family's */
	assert_int_equal(talk_page(as(w, &parent, w->a, late), &t, &v), E_MISSING);
	assert_int_equal(thread_write(as(w, &parent, w->a, late), t, &answer), E_MISSING);
	/* back again: from that day on, not what was written meanwhile */
	next_day(w);
	assert_int_equal(db_exec(w->db, "UPDATE enrolment SET state = 'studying', until = ?1 WHERE pupil = ?2",
		VALS(v_int(as_khue(w)->today.v + 90), v_int(child.v)), NULL), OK);
	OKAY(thread_write(as_form(w), t, &words));
	assert_int_equal(sees(as(w, &parent, w->a, late), t), 1);
	/* one of two children leaves: the parent stays */
	guard(w, w->pupil_a, late, false);
	assert_int_equal(db_exec(w->db, "UPDATE enrolment SET state = 'moved', until = ?1 WHERE pupil = ?2",
		VALS(v_int(as_khue(w)->today.v), v_int(child.v)), NULL), OK);
	next_day(w);
	OKAY(thread_write(as_form(w), t, &words));
	assert_int_equal(sees(as(w, &parent, w->a, late), t), 2);
	world_close(w);
}

/* notices to approve, messages, notices, requests for leave; -1 each: the card is left out */
static int64_t waits(struct ctx *c, org_id at)
{
	struct { int64_t messages, notices, leaves, approvals; } out = { 0, 0, 0, 0 };

	c->here.org = at;
	enum rc rc = contact_cards[0].run(c, NULL, &out);
	return rc == E_MISSING ? -1 : out.approvals * 1000 + out.messages * 100 + out.notices * 10 + out.leaves;
}

static void the_first_page_says_what_waits(void **state)
{
	struct world *w = world_open(state);
	const struct writing words = { S("Chào gia đình"), { 0 } };
	thread_id t;
	int64_t n;

	family_of(w);
	assert_int_equal(waits(as_parent(w), w->a), -1);
	OKAY(thread_begin(as_form(w), w->pupil_a, w->teacher_a, S("Việc"), &words, &t));
	as_form(w);
	struct announcement a = a_notice(w);
	OKAY(create(&w->c, &announcement, &a));
	OKAY(step(as_form(w), &announcement, &a, "send"));
	OKAY(announcement_send(as_khue(w), (announcement_id){ a.base.id }, &n));
	as_parent(w);
	struct leave_request r = a_request(w, 1);
	OKAY(create(&w->c, &leave_request, &r));
	assert_int_equal(waits(as_parent(w), w->a), 110);         /* their own request is not theirs to decide */
	assert_int_equal(waits(as_form(w), w->a), 1);
	assert_int_equal(waits(as(w, &clerk, w->b, (person_id){ 9 }), w->b), -1);
	/* a notice that waits is the head's to approve, and only there */
	as_form(w);
	struct announcement asked = a_notice(w);
	OKAY(create(&w->c, &announcement, &asked));
	assert_int_equal(waits(as(w, &principal, w->a, (person_id){ 9 }), w->a), 1);
	assert_int_equal(db_exec(w->db, "UPDATE announcement SET state = 'waiting' WHERE id = ?1",
		VALS(v_int(asked.base.id)), NULL), OK);
	assert_int_equal(waits(as(w, &principal, w->a, (person_id){ 9 }), w->a), 1001);
	assert_int_equal(waits(as(w, &principal, w->b, (person_id){ 9 }), w->b), -1);
	assert_int_equal(waits(as_form(w), w->a), 1);
	OKAY(thread_read(as_parent(w), t, (message_id){ 0 }));
	OKAY(told_seen(as_parent(w), &a.base.id, NULL));
	assert_int_equal(waits(as_parent(w), w->a), -1);
	/* a barred guardian is told of nothing */
	OKAY(thread_write(as_form(w), t, &words));
	assert_int_equal(db_exec(w->db, "UPDATE guardianship SET barred = 1", NULL, 0, NULL), OK);
	assert_int_equal(waits(as_parent(w), w->a), -1);
	world_close(w);
}

struct look_in_test { thread_id thread; str reason; };
static void the_head_looks_only_with_a_reason(void **state)
{
	struct world *w = world_open(state);
	person_id head = add_person(w, w->a, "Ngô Thị Hiệu", false, true);
	const struct writing words = { S("Chuyện riêng"), { 0 } };
	struct page v;
	thread_id t;

	family_of(w);
	an_account(w, "phu.huynh", w->parent_a);
	OKAY(thread_begin(as_parent(w), w->pupil_a, w->teacher_a, S("Xin gặp cô"), &words, &t));
	int64_t before = count(w, "SELECT count(*) FROM notice");
	memset(&v, 0, sizeof v);
	assert_int_equal(talk_page(as(w, &principal, w->a, head), &t, &v), E_MISSING);
	struct look_in_test why = { t, S("Gia đình khiếu nại về lời lẽ") };
	assert_int_equal(look_open(as(w, &principal, w->b, head), &why, NULL), E_MISSING);      /* of another school */
	assert_int_equal(look_open(as(w, &teacher, w->a, head), &why, NULL), E_MISSING);
	OKAY(look_open(as(w, &principal, w->a, head), &why, NULL));
	OKAY(talk_page(as(w, &principal, w->a, head), &t, &v));
	assert_int_equal(thread_write(as(w, &principal, w->a, head), t, &words), E_MISSING);    /* reads, does not speak */
	assert_int_equal(count(w, "SELECT count(*) FROM notice") - before, 1);
	items looks;
	OKAY(looks_of(as_parent(w), t, &looks));
	assert_int_equal(looks.n, 1);
	assert_true(str_is(((const struct look_view *)looks.p)->reason, "Gia đình khiếu nại về lời lẽ"));
	w->time += INT64_C(2) * 3600000 + 1;
	assert_int_equal(talk_page(as(w, &principal, w->a, head), &t, &v), E_MISSING);
	world_close(w);
}

static void templates_are_filled_in(void **state)
{
	struct world *w = world_open(state);
	struct message_template t;

	family_of(w);
	as_form(w);
	assert_true(str_is(words_filled(&w->c, S("{học sinh} lớp {lớp}, {ngày}, {giáo viên} {khác}"), w->pupil_a,
		w->class_a),
		"Trần Văn Bình lớp 7A, 01/11/2026, Tester {khác}"));
	row_zero(&message_template, &t);
	t.base.org = w->a;
	t.name = S("Nhắc vở");
	t.body = S("{hoc sinh} quên vở");
	REFUSED(create(&w->c, &message_template, &t), E_INVALID, message_template, body);
	as_form(w);
	t.body = S("{học sinh} quên vở");
	t.base.org = w->b;                                /* another school's address: it is still his own school's */
	OKAY(create(&w->c, &message_template, &t));
	assert_int_equal(t.author.v, w->teacher_a.v);
	assert_int_equal(t.base.org.v, w->a.v);
	world_close(w);
}

static void reach_is_counted_once_a_night(void **state)
{
	struct world *w = world_open(state);

	family_of(w);
	OKAY(reach_job(as_khue(w), NULL));
	OKAY(reach_job(as_khue(w), NULL));
	assert_int_equal(count(w, "SELECT count(*) FROM reach_day"), 2);                        /* two schools */
	assert_int_equal(count(w, "SELECT sum(guardians) FROM reach_day"), 1);
	/* of three messages by telephone one is known to have arrived; e-mail, others and what waits do not count */
	static const struct { const char *channel, *state; bool here; } went[] = { { "sms", "sent", true },
		{ "zalo", "arrived", true }, { "sms", "failed", true }, { "email", "sent", true }, { "sms", "waiting", true },
		{ "sms", "arrived", false } };
	for (int64_t i = 0; i < COUNT(went); i++)
		assert_int_equal(db_exec(w->db, "INSERT INTO delivery (id, org, channel, state, due)"
			" VALUES (?1, ?2, ?3, ?4, ?5)",
			VALS(v_int(i + 1), v_int(went[i].here ? w->a.v : w->b.v), v_text(str_of(went[i].channel)),
			v_text(str_of(went[i].state)), v_int(w->time)), NULL), OK);
	struct { str title, using, schools, readers, actors, guardians, accounts, told, arrived; int64_t room[64]; } v;
	assert_true(reach_shape.size <= sizeof v);
	memset(&v, 0, sizeof v);
	as(w, &principal, w->a, (person_id){ 5 })->here.org = w->a;
	OKAY(reach_page(&w->c, NULL, &v));
	assert_true(str_is(v.told, "3") && str_is(v.arrived, "1\u00a0(33,3%)"));
	/* without an address, or at another's: each sees the schools of his own seats */
	static const struct { const struct role *role; bool dept, at_b; const char *schools; } looks[] = {
		{ &principal, false, false, "1" }, { &principal, false, true, "0" }, { &dept_leader, true, false, "2" },
		{ &dept_leader, true, true, "1" } };
	for (int i = 0; i < COUNT(looks); i++) {
		memset(&v, 0, sizeof v);
		struct ctx *c = as(w, looks[i].role, looks[i].dept ? w->dept : w->a, (person_id){ 5 });
		c->here.org = looks[i].at_b ? w->b : (org_id){ 0 };
		OKAY(reach_page(c, NULL, &v));
		assert_true(str_is(v.schools, looks[i].schools));
	}
	world_close(w);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { ON_BOTH(a_thread_is_its_parties_own), ON_BOTH(strangers_begin_nothing),
		ON_BOTH(what_was_shown_is_read),
		ON_BOTH(a_notice_is_answered_and_taken_back),
		ON_BOTH(a_notice_reaches_each_guardian_once),
		ON_BOTH(many_recipients_need_the_principal),
		ON_BOTH(a_sender_has_a_limit),
		ON_BOTH(an_sms_is_counted_before_it_goes),
		ON_BOTH(a_notice_by_zalo_has_its_limits), ON_BOTH(the_family_sees_its_own_child),
		ON_BOTH(a_class_talks_with_its_teacher),
		ON_BOTH(who_no_longer_teaches_only_reads), ON_BOTH(a_class_thread_follows_the_class),
		ON_BOTH(the_first_page_says_what_waits),
		ON_BOTH(the_head_looks_only_with_a_reason),
		ON_BOTH(templates_are_filled_in), ON_BOTH(reach_is_counted_once_a_night) };

	(void)argc;
	if (!hash_init())
		return 1;
	need_postgres(argv);
	return cmocka_run_group_tests_name("contact", tests, NULL, NULL);
}
