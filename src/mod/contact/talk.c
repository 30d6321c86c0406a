/* talk.c -- messages between a family and a teacher. Every page asks contact/thread first, which only lets parties in;
 * what is shown of people there are their names. */
#include "mod/contact/contact_in.h"
#include "mod/auth/auth.h"
#include "core/files.h"
#include "core/notices.h"
#include "core/page.h"
#include "core/work_page.h"
#include <unistd.h>

static const struct tr
MSG_stranger = { "Chỉ phụ huynh và giáo viên của lớp trao đổi được với nhau.",
	"Only guardians and the teachers of the class can write to each other." },
MSG_nobody = { "Chọn ít nhất một người nhận.", "Choose at least one recipient." },
MSG_empty = { "Hãy viết nội dung.", "Write something." },
MSG_no_guardian = { "Học sinh chưa có phụ huynh trong hồ sơ.", "The pupil has no guardian on record." },
MSG_many = { "Lớp có {1} gia đình, quá {2}: hãy gửi thông báo và trình hiệu trưởng duyệt.",
	"The class has {1} families, more than {2}: write a notice and submit it to the principal." },
MSG_heavy = { "Tệp kèm theo nặng quá 10 MB.", "The attachment is heavier than 10 MB." },
MSG_daily = { "Hôm nay bạn đã viết {1} tin, là số nhiều nhất một ngày.",
	"You wrote {1} messages today, which is the most a day." };

enum { THREADS = 50, MESSAGES = 500, GUARDIANS = 11, PARTIES = 400, PEOPLE = 80, PUPILS_AT_ONCE = 60,
	TEMPLATES = 100, SEARCHED = 8, CHILDREN = 12 };
#define PAPER_MAX (10LL << 20)

/* ---- writing ------------------------------------------------------------------------------------------------------
 * */

static enum rc within_limit(struct ctx *c, org_id at)
{
	int64_t n = 0, most = setting_int(c, &mod_contact, "daily_messages", at, DAILY_MESSAGES);

	TRY(query_int(c, "contact/written_today", &key_shape,
		&(struct key_in){ .after = ((int64_t)c->today.v * 24 - 7) * 3600 * 1000 }, &n));
	return n < most ? OK : FAILF(c, E_LIMIT, 0, &MSG_daily, int_text(c->mem, n));
}

struct party_row { person_id person; str name; person_id pupil; instant seen; };
#define ROW struct party_row
static const struct shape party_shape = { sizeof(ROW), FIELDS{ { REF(person, person) }, { COL(name) },
	{ REF(pupil, person) }, { COL(seen) }, END } };
#undef ROW

static str talk_link(struct ctx *c, thread_id id)
{
	return TEXT(c, "/talks/%lld", (long long)id.v);
}

/* aside: only the teachers are told, for only they will see it. */
static enum rc tell_parties(struct ctx *c, const struct thread *t, const items *parties, bool aside)
{
	static const struct tr told = { "{1} nhắn: {2}", "{1} writes: {2}" };

	for (int64_t i = 0; i < parties->n; i++) {
		const struct party_row *p = (const struct party_row *)parties->p + i;
		if (p->person.v != c->who->person.v && !(aside && p->pupil.v))
			TRY(note(c, &(struct note){ .to = account_of(c, p->person), .org = t->base.org, .kind = NOTE_MESSAGE },
				&told, ARGS(c->who->name, t->about), talk_link(c, (thread_id){ t->base.id })));
	}
	return OK;
}

enum rc paper_ok(struct ctx *c, file_id paper, col at)
{
	struct file_info info;
	int fd;

	if (!paper.v)
		return OK;
	TRY(file_open(c, paper, &info, &fd));
	close(fd);
	return info.size <= PAPER_MAX ? OK : FAIL(c, E_INVALID, at, &MSG_heavy);
}

/* Whether the actor is there as a guardian, not as a teacher. */
static bool as_family(const struct ctx *c, const items *parties)
{
	for (int64_t i = 0; i < parties->n; i++) {
		const struct party_row *p = (const struct party_row *)parties->p + i;
		if (p->person.v == c->who->person.v)
			return p->pupil.v != 0;
	}
	return false;
}

/* since 0: from the beginning. */
static enum rc add_party(struct ctx *c, const struct thread *t, person_id who, person_id child, instant since)
{
	struct thread_party p;

	row_zero(&thread_party, &p);
	p.base.org = t->base.org;
	p.thread.v = t->base.id;
	p.person = who;
	p.pupil = child;
	p.since = since;
	return create(c, &thread_party, &p);
}

struct member_row { person_id guardian, pupil; };
#define ROW struct member_row
static const struct shape member_shape = { sizeof(ROW), FIELDS{ { REF(guardian, person) }, { REF(pupil, person) },
	END } };
#undef ROW

/* A conversation of a class follows the class: before something is written, who came since is let in, from now on, and
 * who has no child in the class any more is out. So nobody misses what was written while they belonged. */
static enum rc follow_class(struct ctx *c, const struct thread *t)
{
	struct key_in key = { .id = t->base.id, .class = t->class };
	items came;

	if (t->pupil.v || t->messages == 0)
		return OK;
	TRY(execute(c, "contact/left_class", &key_shape, &key, NULL));
	TRY(query(c, "contact/came_to_class", &key_shape, &key, &member_shape, &came, PARTIES - 1));
	for (int64_t i = 0; i < came.n; i++) {
		const struct member_row *m = (const struct member_row *)came.p + i;
		TRY(add_party(c, t, m->guardian, m->pupil, c->now));
	}
	return OK;
}

/* As the installation: the caller has shown that the actor is a party. */
static enum rc put_message(struct ctx *c, thread_id id, const struct writing *w)
{
	struct thread t;
	struct message m;
	items parties;

	TRY(find(c, &thread, id.v, &t));
	TRY(follow_class(c, &t));
	TRY(query(c, "contact/parties", &key_shape, &(struct key_in){ .id = id.v }, &party_shape, &parties, PARTIES));
	row_zero(&message, &m);
	m.base.org = t.base.org;
	m.thread = id;
	m.body = words_filled(c, w->body, t.pupil, t.class);
	m.paper = w->paper;
	m.author = c->who->person;
	m.aside = t.replies == REPLY_TEACHER && as_family(c, &parties);
	TRY(create(c, &message, &m));
	t.latest = c->now;
	t.messages++;
	TRY(update(c, &thread, &t));
	TRY(execute(c, "contact/seen", &key_shape, &(struct key_in){ .id = id.v, .after = c->now.v }, NULL));
	return tell_parties(c, &t, &parties, m.aside);
}

/* party 0: no party, only a look. family: of a guardian; aside: answers of families go to the teacher only. */
struct thread_head { int64_t id; str about; instant latest; str pupil, class_name; int64_t unread, party; bool family,
	aside; };
#define ROW struct thread_head
static const struct shape head_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(about) }, { COL(latest) },
	{ COL(pupil) }, { COL(class_name) }, { COL(unread) }, { COL(party) }, { COL(family) }, { COL(aside) },
	END } };
#undef ROW

static enum rc let_in(struct ctx *c, thread_id id, struct thread_head *ret)
{
	return query_one(c, "contact/thread", &key_shape, &(struct key_in){ .id = id.v }, &head_shape, ret);
}

/* For reading: also whoever is looking into it. */
static enum rc let_look(struct ctx *c, thread_id id, struct thread_head *ret)
{
	enum rc rc = let_in(c, id, ret);

	return rc != E_MISSING ? rc : query_one(c, "contact/thread_looked", &key_shape, &(struct key_in){ .id = id.v },
		&head_shape, ret);
}

/* Whoever no longer teaches the class has no business with its families, and nobody is to write to a teacher who will
 * not read it: what was written stays to be read. ret: why, empty while somebody in it teaches the class. */
static enum rc why_ended(struct ctx *c, const struct thread_head *h, str *ret)
{
	static const struct tr
	MSG_mine = { "Bạn không còn dạy lớp {1}: cuộc trao đổi này chỉ còn để đọc.",
		"You no longer teach {1}: this conversation can only be read." },
	MSG_theirs = { "Giáo viên của cuộc trao đổi này không còn dạy lớp {1}: hãy viết tin mới cho giáo viên đang dạy.",
		"The teacher of this conversation no longer teaches {1}: write to the present one." };
	int64_t n = 0;

	*ret = (str){ 0 };
	TRY(query_int(c, "contact/thread_taught", &key_shape, &(struct key_in){ .id = h->id }, &n));
	if (!n)
		*ret = sayf(c, h->family ? &MSG_theirs : &MSG_mine, ARGS(h->class_name));
	return OK;
}

enum rc thread_write(struct ctx *c, thread_id id, const struct writing *w)
{
	static const struct tr ended = { "{1}", "{1}" };
	struct thread_head head;
	str why;

	TRY(let_in(c, id, &head));
	TRY(why_ended(c, &head, &why));
	if (why.n)
		return FAILF(c, E_STATE, 0, &ended, why);
	TRY(paper_ok(c, w->paper, 0));
	TRY(within_limit(c, c->here.org));
	const struct actor *who = as_system(c, "a party writes to the thread");
	enum rc rc = put_message(c, id, w);
	as_actor(c, who);
	return rc;
}

enum rc thread_read(struct ctx *c, thread_id id, message_id last)
{
	static const struct tr MSG_own = { "Chỉ chính người nhận mới xác nhận đã đọc được.",
		"Only the recipient can say that they read it." };
	struct thread_head head;
	struct key_in key = { .id = id.v, .after = last.v };
	int64_t until = 0;

	if (c->who->impersonator.v)
		return FAIL(c, E_DENIED, 0, &MSG_own);
	TRY(let_in(c, id, &head));
	if (last.v)
		TRY(query_int(c, "contact/shown_until", &key_shape, &key, &until));
	key.after = until ? until : c->now.v;
	TRY(execute(c, "contact/seen", &key_shape, &key, NULL));
	return until ? OK : notices_seen_at(c, talk_link(c, id));
}

struct guard_row { person_id guardian; };
#define ROW struct guard_row
static const struct shape guard_shape = { sizeof(ROW), FIELDS{ { REF(guardian, person) }, END } };
#undef ROW

/* As the installation, once both sides are known to belong to the pupil. */
static enum rc open_thread(struct ctx *c, person_id child, person_id with, str about, const struct writing *w,
	thread_id *ret)
{
	struct thread t;
	items guards;

	row_zero(&thread, &t);
	t.pupil = child;
	t.starter = c->who->person;
	t.latest = c->now;
	TRY(class_of(c, child, &t.class, &t.base.org));
	t.about = words_filled(c, about, child, t.class);
	TRY(query(c, "contact/guardians", &key_shape, &(struct key_in){ .pupil = child }, &guard_shape, &guards,
		GUARDIANS));
	if (guards.n == 0)
		return FAIL(c, E_STATE, 0, &MSG_no_guardian);
	TRY(create(c, &thread, &t));
	TRY(add_party(c, &t, with, (person_id){ 0 }, (instant){ 0 }));
	for (int64_t i = 0; i < guards.n; i++)
		if (((const struct guard_row *)guards.p)[i].guardian.v != with.v)
			TRY(add_party(c, &t, ((const struct guard_row *)guards.p)[i].guardian, child, (instant){ 0 }));
	ret->v = t.base.id;
	return put_message(c, *ret, w);
}

enum rc thread_begin(struct ctx *c, person_id child, person_id with, str about, const struct writing *w, thread_id *ret)
{
	int64_t teaches = 0, guards = 0;
	bool own_class = with.v == c->who->person.v;

	TRY(query_int(c, "contact/teaches", &key_shape, &(struct key_in){ .id = with.v, .pupil = child }, &teaches));
	TRY(query_int(c, "contact/guards", &key_shape, &(struct key_in){ .pupil = child }, &guards));
	if (!c->who->person.v || !teaches || (!own_class && !guards))
		return FAIL(c, E_DENIED, 0, &MSG_stranger);
	TRY(within_limit(c, c->here.org));
	TRY(paper_ok(c, w->paper, 0));
	const struct actor *who = as_system(c, "a thread between a family and a teacher of the class");
	enum rc rc = open_thread(c, child, with, about, w, ret);
	as_actor(c, who);
	return rc;
}

/* ---- to a whole class ------------------------------------------------------------------------------------------- */

/* As the installation, once the actor is known to teach the class. */
static enum rc open_class(struct ctx *c, const struct school_class *k, str about, const struct writing *w,
	thread_id *ret)
{
	struct thread t;
	items all;
	int64_t families, most = setting_int(c, &mod_contact, "approve_above", k->base.org, APPROVE_ABOVE);

	row_zero(&thread, &t);
	t.class.v = k->base.id;
	t.base.org = k->base.org;
	t.starter = c->who->person;
	t.about = words_filled(c, about, (person_id){ 0 }, t.class);
	t.latest = c->now;
	t.replies = str_is(setting(c, &mod_contact, "class_replies", k->base.org), "1") ? REPLY_ALL : REPLY_TEACHER;
	TRY(query(c, "contact/class_guardians", &key_shape, &(struct key_in){ .class = t.class }, &member_shape, &all,
		PARTIES - 1));
	if (all.n == 0)
		return FAIL(c, E_STATE, 0, &MSG_no_guardian);
	TRY(query_int(c, "contact/class_size", &key_shape, &(struct key_in){ .class = t.class }, &families));
	if (families > most)
		return FAILF(c, E_LIMIT, 0, &MSG_many, int_text(c->mem, families), int_text(c->mem, most));
	TRY(create(c, &thread, &t));
	TRY(add_party(c, &t, c->who->person, (person_id){ 0 }, (instant){ 0 }));
	for (int64_t i = 0; i < all.n; i++) {
		const struct member_row *m = (const struct member_row *)all.p + i;
		if (m->guardian.v != c->who->person.v)
			TRY(add_party(c, &t, m->guardian, m->pupil, (instant){ 0 }));
	}
	ret->v = t.base.id;
	return put_message(c, *ret, w);
}

enum rc thread_begin_class(struct ctx *c, school_class_id class, str about, const struct writing *w, thread_id *ret)
{
	int64_t teaches = 0;
	struct school_class k;

	TRY(query_int(c, "contact/teaches_class", &key_shape, &(struct key_in){ .id = c->who->person.v, .class = class },
		&teaches));
	if (!c->who->person.v || !teaches)
		return FAIL(c, E_DENIED, 0, &MSG_stranger);
	TRY(within_limit(c, c->here.org));
	TRY(paper_ok(c, w->paper, 0));
	TRY(find(c, &school_class, class.v, &k));
	const struct actor *who = as_system(c, "a thread between a teacher and the guardians of a class");
	enum rc rc = open_class(c, &k, about, w, ret);
	as_actor(c, who);
	return rc;
}

/* ---- GET /talks --------------------------------------------------------------------------------------------- */

struct talks_in { str q; };
#define ROW struct talks_in
const struct shape talks_in_shape = { sizeof(ROW), FIELDS{ { COL(q), .max = 100, .label = { "Tìm", "Search" } },
	END } };
#undef ROW
struct thread_row { int64_t id; str about; instant latest; str pupil, class_name; int64_t unread; str excerpt; };
#define ROW struct thread_row
static const struct shape thread_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(about) }, { COL(latest) },
	{ COL(pupil) }, { COL(class_name) }, { COL(unread) }, { COL(excerpt) }, END } };
#undef ROW
/* searches: there is enough to search in. */
struct talks_view { str title, q; bool none, searches; items threads; };
#define ROW struct talks_view
const struct shape talks_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(q) }, { COL(none) },
	{ COL(searches) }, { MANY(threads, thread_shape) }, END } };
#undef ROW

enum rc talk_list(struct ctx *c, const void *in_, void *out_)
{
	static const struct tr title = { "Tin nhắn", "Messages" };
	const struct talks_in *in = in_;
	struct talks_view *out = out_;
	struct key_in key = { 0 };

	if (str_trim(in->q).n) {
		str words = viet_fold(c->mem, str_trim(in->q));
		key.words = TEXT(c, "%%%.*s%%", FMT(words));
	}
	out->title = say(c, &title);
	out->q = in->q;
	TRY(query(c, "contact/threads", &key_shape, &key, &thread_shape, &out->threads, THREADS));
	out->none = out->threads.n == 0;
	out->searches = key.words.n || out->threads.n >= SEARCHED;
	return OK;
}

/* ---- GET, POST /talks/{thread} ------------------------------------------------------------------------------- */

struct talk_in { thread_id thread; };
#define ROW struct talk_in
const struct shape talk_in_shape = { sizeof(ROW), FIELDS{ { REF(thread, thread), .is = NEEDED }, END } };
#undef ROW
struct message_row { int64_t id, author; str name, body; instant made; int64_t seen_by; int64_t paper; bool aside;
	str file; };
#define ROW struct message_row
static const struct shape message_row_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(author) }, { COL(name) },
	{ COL(body) }, { COL(made) }, { COL(seen_by) }, { COL(paper) }, { COL(aside) }, { COL(file) }, END } };
#undef ROW
/* fresh: not read yet; first: of those */
struct message_view { int64_t id, thread; str name, body, when, file; bool mine, read, paper, aside, fresh, first; };
#define ROW struct message_view
static const struct shape message_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(thread) }, { COL(name) },
	{ COL(body) }, { COL(when) }, { COL(file) },
	{ COL(mine) }, { COL(read) }, { COL(paper) }, { COL(aside) }, { COL(fresh) }, { COL(first) }, END } };
#undef ROW
/* ended: why nothing is written any more. own: the reader's latest message; what they type is a draft until it has a
 * successor. */
struct talk_view { str title; int64_t id, last, own; str pupil, class_name, parties, ended; bool unread, writes, aside,
	older, family; items messages, looks; };
#define ROW struct talk_view
const struct shape talk_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(id) }, { COL(last) },
	{ COL(own) }, { COL(pupil) }, { COL(class_name) }, { COL(parties) }, { COL(ended) }, { COL(unread) },
	{ COL(writes) }, { COL(aside) }, { COL(older) }, { COL(family) },
	{ MANY(messages, message_shape) }, { MANY(looks, looked_shape) }, END } };
#undef ROW

/* unread: so many of the others' are not read yet. */
static enum rc show_messages(struct ctx *c, thread_id id, int64_t unread, struct talk_view *out)
{
	items got;

	TRY(query(c, "contact/messages", &key_shape, &(struct key_in){ .id = id.v }, &message_row_shape, &got, MESSAGES));
	struct message_view *list = NEWS(c->mem, struct message_view, got.n + 1);
	for (int64_t i = 0; i < got.n; i++) {
		/* the newest of them, read from the top */
		const struct message_row *m = (const struct message_row *)got.p + got.n - 1 - i;
		list[i] = (struct message_view){ m->id, id.v, m->name, m->body, instant_text(c->mem, m->made), m->file,
			m->author == c->who->person.v, m->seen_by > 0, m->paper > 0, m->aside };
		out->own = list[i].mine ? m->id : out->own;
	}
	for (int64_t i = got.n; i-- > 0 && unread > 0;)
		if (!list[i].mine) {
			list[i].fresh = true;
			list[i].first = --unread == 0;
		}
	out->last = got.n ? list[got.n - 1].id : 0;
	out->messages = (items){ list, got.n };
	out->older = got.n == MESSAGES;
	return OK;
}

/* Names; of a class the teachers' and how many families there are. */
static enum rc show_parties(struct ctx *c, thread_id id, struct talk_view *out)
{
	static const struct tr more = { "{1} và {2} phụ huynh", "{1} and {2} guardians" };
	items parties;
	struct buf names;
	int64_t families = 0;
	bool few;

	TRY(query(c, "contact/parties", &key_shape, &(struct key_in){ .id = id.v }, &party_shape, &parties, PARTIES));
	few = parties.n <= GUARDIANS + 1;
	buf_init(&names, c->mem, 4096);
	for (int64_t i = 0; i < parties.n; i++) {
		const struct party_row *p = (const struct party_row *)parties.p + i;
		families += p->pupil.v != 0;
		if (few || !p->pupil.v)
			put_fmt(&names, "%s%.*s", names.n ? ", " : "", FMT(p->name));
	}
	out->parties = few ? buf_str(&names) : sayf(c, &more, ARGS(buf_str(&names), int_text(c->mem, families)));
	return OK;
}

enum rc talk_page(struct ctx *c, const void *in_, void *out_)
{
	const struct talk_in *in = in_;
	struct talk_view *out = out_;
	struct thread_head head;

	TRY(let_look(c, in->thread, &head));
	TRY(show_parties(c, in->thread, out));
	TRY(looks_of(c, in->thread, &out->looks));
	if (head.party)
		TRY(why_ended(c, &head, &out->ended));
	out->writes = head.party != 0 && !out->ended.n;
	out->family = head.family;
	out->aside = head.family && head.aside;
	out->title = head.about;
	out->id = head.id;
	out->pupil = head.pupil;
	out->class_name = head.class_name;
	out->unread = head.unread > 0;
	return show_messages(c, in->thread, head.unread, out);
}

/* ---- GET /talks/{thread}/file/{message} -------------------------------------------------------------------------- */

struct talk_file_in { thread_id thread; message_id message; };
#define ROW struct talk_file_in
const struct shape talk_file_shape = { sizeof(ROW), FIELDS{ { REF(thread, thread), .is = NEEDED },
	{ REF(message, message), .is = NEEDED }, END } };
#undef ROW

enum rc talk_file(struct ctx *c, const void *in_, void *out)
{
	const struct talk_file_in *in = in_;
	struct thread_head head;
	int64_t paper = 0;

	(void)out;
	TRY(let_look(c, in->thread, &head));
	TRY(query_int(c, "contact/message_paper", &key_shape, &(struct key_in){ .id = in->thread.v,
		.after = in->message.v }, &paper));
	return paper_answer(c, (file_id){ paper });
}

enum rc paper_answer(struct ctx *c, file_id paper)
{
	struct file_info info;
	int fd;

	TRY(file_open_own(c, paper, &info, &fd));
	struct exchange *x = exchange_of(c);
	enum rc rc = x ? answer_made(x, fd, info.name, info.type, KEPT_FILE) : OK;
	if (x)
		x->sandbox = true;
	close(fd);
	return rc;
}

struct write_in { thread_id thread; str body; file_id file; };
#define ROW struct write_in
const struct shape write_in_shape = { sizeof(ROW), FIELDS{ { REF(thread, thread), .is = NEEDED },
	{ COL(body), .is = NEEDED | LONG, .max = 4000, .label = { "Nội dung", "Text" } },
	{ COL(file), .label = { "Tệp kèm theo", "Attachment" } }, END } };
#undef ROW

enum rc talk_write(struct ctx *c, const void *in_, void *out)
{
	static const struct tr said = { "Đã gửi.", "Sent." };
	const struct write_in *in = in_;

	(void)out;
	if (!str_trim(in->body).n)
		return FAIL(c, E_INVALID, offsetof(struct write_in, body), &MSG_empty);
	TRY(thread_write(c, in->thread, &(struct writing){ in->body, in->file }));
	return go_to(c, link_to(c, "/talks/%lld", (long long)in->thread.v), &said);
}

struct seen_in { thread_id thread; message_id last; };
#define ROW struct seen_in
const struct shape talk_seen_shape = { sizeof(ROW), FIELDS{ { REF(thread, thread), .is = NEEDED },
	{ REF(last, message) }, END } };
#undef ROW

enum rc talk_seen(struct ctx *c, const void *in_, void *out)
{
	static const struct tr said = { "Người gửi sẽ thấy là bạn đã đọc.", "The sender will see that you read it." };
	const struct seen_in *in = in_;

	(void)out;
	TRY(thread_read(c, in->thread, in->last));
	return go_to(c, link_to(c, "/talks/%lld", (long long)in->thread.v), &said);
}

/* ---- GET, POST /talks/new -------------------------------------------------------------------------------------- */

/* teacher: who was chosen when the message was refused. */
struct talk_new_in { person_id pupil; school_class_id class; message_template_id template; person_id teacher; };
#define ROW struct talk_new_in
const struct shape talk_new_in_shape = { sizeof(ROW), FIELDS{ { REF(pupil, person) }, { REF(class, school_class) },
	{ REF(template, message_template) }, { REF(teacher, person) }, END } };
#undef ROW
struct choice_row { int64_t id; str name; int64_t form; str what; };
#define ROW struct choice_row
static const struct shape choice_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(name) }, { COL(form) },
	{ COL(what) },
	END } };
#undef ROW
struct name_row { int64_t id; str name; };
#define ROW struct name_row
static const struct shape name_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(name) }, END } };
#undef ROW
struct to_view { int64_t id, i; str name, what; bool current; };
#define ROW struct to_view
static const struct shape to_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(i) }, { COL(name) }, { COL(what) },
	{ COL(current) }, END } };
#undef ROW
struct talk_new_view { str title; int64_t pupil, class; str pupil_name, about, body; bool family, none, many,
	has_templates; items teachers, classes, pupils, templates, children; };
#define ROW struct talk_new_view
const struct shape talk_new_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(pupil) }, { COL(class) },
	{ COL(pupil_name) }, { COL(about) }, { COL(body) }, { COL(has_templates) }, { MANY(templates, to_shape) },
	{ COL(family) }, { COL(none) }, { MANY(teachers, to_shape) }, { MANY(classes, to_shape) },
	{ MANY(pupils, to_shape) }, { COL(many) }, { MANY(children, to_shape) }, END } };
#undef ROW

static items shown(struct ctx *c, const items *got, int64_t current)
{
	static const struct tr form = { "Chủ nhiệm", "Form teacher" };
	struct to_view *list = NEWS(c->mem, struct to_view, got->n + 1);

	for (int64_t i = 0; i < got->n; i++) {
		const struct choice_row *r = (const struct choice_row *)got->p + i;
		list[i] = (struct to_view){ r->id, i, r->name, r->form ? say(c, &form) : r->what, r->id == current };
	}
	return (items){ list, got->n };
}

/* The templates to choose from, and the words of the chosen one; its blanks are filled in when it is sent. */
static enum rc show_templates(struct ctx *c, message_template_id chosen, struct talk_new_view *out)
{
	struct message_template t;
	items got;

	TRY(query(c, "contact/templates", NULL, NULL, &choice_shape, &got, TEMPLATES));
	out->templates = shown(c, &got, chosen.v);
	out->has_templates = got.n > 0;
	if (!chosen.v)
		return OK;
	TRY(find(c, &message_template, chosen.v, &t));
	out->about = t.about;
	out->body = t.body;
	return OK;
}

/* The actor's own children in school; the chosen one is current. */
static enum rc show_own(struct ctx *c, int64_t chosen, struct talk_new_view *out)
{
	items got;

	TRY(query(c, "contact/own_children", NULL, NULL, &name_shape, &got, CHILDREN));
	struct to_view *list = NEWS(c->mem, struct to_view, got.n + 1);
	for (int64_t i = 0; i < got.n; i++) {
		const struct name_row *r = (const struct name_row *)got.p + i;
		list[i] = (struct to_view){ .id = r->id, .i = i, .name = r->name, .current = r->id == chosen };
	}
	out->children = (items){ list, got.n };
	out->many = got.n > 1;
	return OK;
}

/* To whom a family may write about this child. */
static enum rc new_about(struct ctx *c, person_id child, int64_t chosen, struct talk_new_view *out)
{
	struct person p;
	items got;

	TRY(find(c, &person, child.v, &p));
	TRY(query(c, "contact/teachers", &key_shape, &(struct key_in){ .pupil = child }, &choice_shape, &got, PEOPLE));
	out->pupil = child.v;
	out->pupil_name = p.name;
	out->family = true;
	out->teachers = shown(c, &got, chosen || !got.n ? chosen : ((const struct choice_row *)got.p)->id);
	out->none = got.n == 0;
	return show_own(c, child.v, out);
}

/* A family chooses a teacher of the child's class (without a child named: of the first), a teacher pupils of a class of
 * his. */
enum rc talk_new(struct ctx *c, const void *in_, void *out_)
{
	static const struct tr title = { "Viết tin nhắn", "Write a message" };
	const struct talk_new_in *in = in_;
	struct talk_new_view *out = out_;
	items got;
	int64_t class = in->class.v;

	out->title = say(c, &title);
	if (in->pupil.v)
		return new_about(c, in->pupil, in->teacher.v, out);
	TRY(query(c, "contact/my_classes", NULL, NULL, &choice_shape, &got, PEOPLE));
	TRY(show_own(c, 0, out));
	if (!got.n && out->children.n)
		return new_about(c, (person_id){ ((const struct to_view *)out->children.p)->id }, in->teacher.v, out);
	out->many = out->children.n > 0;
	class = class || !got.n ? class : ((const struct choice_row *)got.p)->id;
	out->classes = shown(c, &got, class);
	out->class = class;
	TRY(show_templates(c, in->template, out));
	TRY(query(c, "contact/class_pupils", &key_shape, &(struct key_in){ .class = { class } }, &name_shape, &got,
		PEOPLE));
	struct to_view *list = NEWS(c->mem, struct to_view, got.n + 1);
	for (int64_t i = 0; i < got.n; i++) {
		const struct name_row *r = (const struct name_row *)got.p + i;
		list[i] = (struct to_view){ .id = r->id, .i = i, .name = r->name };
	}
	out->pupils = (items){ list, got.n };
	out->none = got.n == 0;
	return OK;
}

struct to_in { person_id pupil; bool on; };
#define ROW struct to_in
static const struct shape to_in_shape = { sizeof(ROW), FIELDS{ { REF(pupil, person) }, { COL(on) }, END } };
#undef ROW
struct begin_in { person_id pupil, teacher; school_class_id class; bool whole; str about,
	body; file_id file; items to; };
#define ROW struct begin_in
const struct shape begin_in_shape = { sizeof(ROW), FIELDS{ { REF(pupil, person), .label = { "Học sinh", "Pupil" } },
	{ REF(teacher, person), .label = { "Gửi tới", "To" } },
	{ REF(class, school_class), .label = { "Lớp", "Class" } }, { COL(whole), .label = { "Cả lớp", "The class" } },
	{ COL(about), .is = NEEDED, .max = 120, .label = { "Về việc", "About" } },
	{ COL(body), .is = NEEDED | LONG, .max = 4000, .label = { "Nội dung", "Text" } },
	{ COL(file), .label = { "Tệp kèm theo", "Attachment" } },
	{ MANY(to, to_in_shape), .max = PUPILS_AT_ONCE, .label = { "Gửi tới gia đình của", "To the families of" } },
		END } };
#undef ROW

enum rc talk_begin(struct ctx *c, const void *in_, void *out)
{
	static const struct tr said = { "Đã gửi.", "Sent." };
	const struct begin_in *in = in_;
	const struct writing w = { in->body, in->file };
	bool one = in->pupil.v || in->whole;
	thread_id t = { 0 };
	int64_t n = 0;

	(void)out;
	if (one) {
		TRY(in->pupil.v ? thread_begin(c, in->pupil, in->teacher, in->about, &w, &t)
			: thread_begin_class(c, in->class, in->about, &w, &t));
		n = 1;
	}
	for (int64_t i = 0; !one && i < in->to.n; i++) {
		const struct to_in *to = (const struct to_in *)in->to.p + i;
		if (!to->on)
			continue;
		TRY(thread_begin(c, to->pupil, c->who->person, in->about, &w, &t));
		n++;
	}
	if (n == 0)
		return FAIL(c, E_INVALID, offsetof(struct begin_in, to), &MSG_nobody);
	return go_to(c, n == 1 ? link_to(c, "/talks/%lld", (long long)t.v) : link_to(c, "/talks"), &said);
}
