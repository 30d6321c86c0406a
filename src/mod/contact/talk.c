/* talk.c -- messages between a family and a teacher. Every page asks contact/thread first, which only lets parties in;
 * what is shown of people there are their names. */
#include "mod/contact/contact_in.h"
#include "mod/auth/auth.h"

static const struct tr
MSG_stranger = { "Chỉ phụ huynh và giáo viên của lớp trao đổi được với nhau.",
	"Only guardians and the teachers of the class can write to each other." },
MSG_nobody = { "Chọn ít nhất một người nhận.", "Choose at least one recipient." },
MSG_empty = { "Hãy viết nội dung.", "Write something." },
MSG_no_guardian = { "Học sinh chưa có phụ huynh trong hồ sơ.", "The pupil has no guardian on record." },
MSG_daily = { "Hôm nay bạn đã viết {1} tin, là số nhiều nhất một ngày.",
	"You wrote {1} messages today, which is the most a day." };

enum { THREADS = 50, MESSAGES = 500, PARTIES = 12, PEOPLE = 80, PUPILS_AT_ONCE = 60 };

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

static enum rc tell_parties(struct ctx *c, const struct thread *t, const items *parties)
{
	static const struct tr told = { "{1} nhắn: {2}", "{1} writes: {2}" };

	for (int64_t i = 0; i < parties->n; i++) {
		const struct party_row *p = (const struct party_row *)parties->p + i;
		if (p->person.v != c->who->person.v)
			TRY(note(c, &(struct note){ .to = account_of(c, p->person), .org = t->base.org, .kind = NOTE_MESSAGE },
				&told, ARGS(c->who->name, t->about), TEXT(c, "/talks/%lld", (long long)t->base.id)));
	}
	return OK;
}

/* As the installation: the caller has shown that the actor is a party. */
static enum rc put_message(struct ctx *c, thread_id id, str body)
{
	struct thread t;
	struct message m;
	items parties;

	TRY(find(c, &thread, id.v, &t));
	TRY(query(c, "contact/parties", &key_shape, &(struct key_in){ .id = id.v }, &party_shape, &parties, PARTIES));
	row_zero(&message, &m);
	m.base.org = t.base.org;
	m.thread = id;
	m.body = body;
	m.author = c->who->person;
	TRY(create(c, &message, &m));
	t.latest = c->now;
	t.messages++;
	TRY(update(c, &thread, &t));
	TRY(execute(c, "contact/seen", &key_shape, &(struct key_in){ .id = id.v }, NULL));
	return tell_parties(c, &t, &parties);
}

struct thread_head { int64_t id; str about; instant latest; str pupil, class_name; int64_t unread, party; };
#define ROW struct thread_head
static const struct shape head_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(about) }, { COL(latest) },
	{ COL(pupil) }, { COL(class_name) }, { COL(unread) }, { COL(party) }, END } };
#undef ROW

static enum rc let_in(struct ctx *c, thread_id id, struct thread_head *ret)
{
	return query_one(c, "contact/thread", &key_shape, &(struct key_in){ .id = id.v }, &head_shape, ret);
}

enum rc thread_write(struct ctx *c, thread_id id, str body)
{
	struct thread_head head;

	TRY(let_in(c, id, &head));
	TRY(within_limit(c, c->here.org));
	const struct actor *who = as_system(c, "a party writes to the thread");
	enum rc rc = put_message(c, id, body);
	as_actor(c, who);
	return rc;
}

enum rc thread_read(struct ctx *c, thread_id id)
{
	struct thread_head head;

	TRY(let_in(c, id, &head));
	return execute(c, "contact/seen", &key_shape, &(struct key_in){ .id = id.v }, NULL);
}

static enum rc add_party(struct ctx *c, const struct thread *t, person_id who, person_id child)
{
	struct thread_party p;

	row_zero(&thread_party, &p);
	p.base.org = t->base.org;
	p.thread.v = t->base.id;
	p.person = who;
	p.pupil = child;
	return create(c, &thread_party, &p);
}

struct guard_row { person_id guardian; };
#define ROW struct guard_row
static const struct shape guard_shape = { sizeof(ROW), FIELDS{ { REF(guardian, person) }, END } };
#undef ROW

/* As the installation, once both sides are known to belong to the pupil. */
static enum rc open_thread(struct ctx *c, person_id child, person_id with, str about, str body, thread_id *ret)
{
	struct thread t;
	items guards;

	row_zero(&thread, &t);
	t.pupil = child;
	t.starter = c->who->person;
	t.about = about;
	t.latest = c->now;
	TRY(class_of(c, child, &t.class, &t.base.org));
	TRY(query(c, "contact/guardians", &key_shape, &(struct key_in){ .pupil = child }, &guard_shape, &guards,
		PARTIES - 1));
	if (guards.n == 0)
		return FAIL(c, E_STATE, 0, &MSG_no_guardian);
	TRY(create(c, &thread, &t));
	TRY(add_party(c, &t, with, (person_id){ 0 }));
	for (int64_t i = 0; i < guards.n; i++)
		if (((const struct guard_row *)guards.p)[i].guardian.v != with.v)
			TRY(add_party(c, &t, ((const struct guard_row *)guards.p)[i].guardian, child));
	ret->v = t.base.id;
	return put_message(c, *ret, body);
}

enum rc thread_begin(struct ctx *c, person_id child, person_id with, str about, str body, thread_id *ret)
{
	int64_t teaches = 0, guards = 0;
	bool own_class = with.v == c->who->person.v;

	TRY(query_int(c, "contact/teaches", &key_shape, &(struct key_in){ .id = with.v, .pupil = child }, &teaches));
	TRY(query_int(c, "contact/guards", &key_shape, &(struct key_in){ .pupil = child }, &guards));
	if (!c->who->person.v || !teaches || (!own_class && !guards))
		return FAIL(c, E_DENIED, 0, &MSG_stranger);
	TRY(within_limit(c, c->here.org));
	const struct actor *who = as_system(c, "a thread between a family and a teacher of the class");
	enum rc rc = open_thread(c, child, with, about, body, ret);
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
struct talks_view { str title, q; bool none; items threads; };
#define ROW struct talks_view
const struct shape talks_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(q) }, { COL(none) },
	{ MANY(threads, thread_shape) }, END } };
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
	return OK;
}

/* ---- GET, POST /talks/{thread} ------------------------------------------------------------------------------- */

struct talk_in { thread_id thread; };
#define ROW struct talk_in
const struct shape talk_in_shape = { sizeof(ROW), FIELDS{ { REF(thread, thread), .is = NEEDED }, END } };
#undef ROW
struct message_row { int64_t id, author; str name, body; instant made; int64_t seen_by; };
#define ROW struct message_row
static const struct shape message_row_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(author) }, { COL(name) },
	{ COL(body) }, { COL(made) }, { COL(seen_by) }, END } };
#undef ROW
struct message_view { str name, body, when; bool mine, read; };
#define ROW struct message_view
static const struct shape message_shape = { sizeof(ROW), FIELDS{ { COL(name) }, { COL(body) }, { COL(when) },
	{ COL(mine) }, { COL(read) }, END } };
#undef ROW
struct talk_view { str title; int64_t id; str pupil, class_name, parties; bool unread; items messages; };
#define ROW struct talk_view
const struct shape talk_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(id) }, { COL(pupil) },
	{ COL(class_name) }, { COL(parties) }, { COL(unread) }, { MANY(messages, message_shape) }, END } };
#undef ROW

static enum rc show_messages(struct ctx *c, thread_id id, struct talk_view *out)
{
	items got;

	TRY(query(c, "contact/messages", &key_shape, &(struct key_in){ .id = id.v }, &message_row_shape, &got, MESSAGES));
	struct message_view *list = NEWS(c->mem, struct message_view, got.n + 1);
	for (int64_t i = 0; i < got.n; i++) {
		const struct message_row *m = (const struct message_row *)got.p + i;
		list[i] = (struct message_view){ m->name, m->body, instant_text(c->mem, m->made),
			m->author == c->who->person.v, m->seen_by > 0 };
	}
	out->messages = (items){ list, got.n };
	return OK;
}

enum rc talk_page(struct ctx *c, const void *in_, void *out_)
{
	const struct talk_in *in = in_;
	struct talk_view *out = out_;
	struct thread_head head;
	items parties;
	struct buf names;

	TRY(let_in(c, in->thread, &head));
	TRY(query(c, "contact/parties", &key_shape, &(struct key_in){ .id = in->thread.v }, &party_shape, &parties,
		PARTIES));
	buf_init(&names, c->mem, 4096);
	for (int64_t i = 0; i < parties.n; i++)
		put_fmt(&names, "%s%.*s", i ? ", " : "", FMT(((const struct party_row *)parties.p)[i].name));
	out->title = head.about;
	out->id = head.id;
	out->pupil = head.pupil;
	out->class_name = head.class_name;
	out->parties = buf_str(&names);
	out->unread = head.unread > 0;
	return show_messages(c, in->thread, out);
}

struct write_in { thread_id thread; str body; };
#define ROW struct write_in
const struct shape write_in_shape = { sizeof(ROW), FIELDS{ { REF(thread, thread), .is = NEEDED },
	{ COL(body), .is = NEEDED | LONG, .max = 4000, .label = { "Nội dung", "Text" } }, END } };
#undef ROW

enum rc talk_write(struct ctx *c, const void *in_, void *out)
{
	static const struct tr said = { "Đã gửi.", "Sent." };
	const struct write_in *in = in_;

	(void)out;
	if (!str_trim(in->body).n)
		return FAIL(c, E_INVALID, offsetof(struct write_in, body), &MSG_empty);
	TRY(thread_write(c, in->thread, in->body));
	return go_to(c, link_to(c, "/talks/%lld", (long long)in->thread.v), &said);
}

enum rc talk_seen(struct ctx *c, const void *in_, void *out)
{
	static const struct tr said = { "Người gửi sẽ thấy là bạn đã đọc.", "The sender will see that you read it." };
	const struct talk_in *in = in_;

	(void)out;
	TRY(thread_read(c, in->thread));
	return go_to(c, link_to(c, "/talks/%lld", (long long)in->thread.v), &said);
}

/* ---- GET, POST /talks/new -------------------------------------------------------------------------------------- */

struct talk_new_in { person_id pupil; school_class_id class; };
#define ROW struct talk_new_in
const struct shape talk_new_in_shape = { sizeof(ROW), FIELDS{ { REF(pupil, person) }, { REF(class, school_class) },
	END } };
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
struct talk_new_view { str title; int64_t pupil; str pupil_name; bool family, none; items teachers, classes, pupils; };
#define ROW struct talk_new_view
const struct shape talk_new_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(pupil) }, { COL(pupil_name) },
	{ COL(family) }, { COL(none) }, { MANY(teachers, to_shape) }, { MANY(classes, to_shape) },
	{ MANY(pupils, to_shape) }, END } };
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

/* A family chooses a teacher of the child's class, a teacher pupils of a class of his. */
enum rc talk_new(struct ctx *c, const void *in_, void *out_)
{
	static const struct tr title = { "Viết tin nhắn", "Write a message" };
	const struct talk_new_in *in = in_;
	struct talk_new_view *out = out_;
	items got;
	int64_t class = in->class.v;

	out->title = say(c, &title);
	if (in->pupil.v) {
		struct person p;
		TRY(find(c, &person, in->pupil.v, &p));
		TRY(query(c, "contact/teachers", &key_shape, &(struct key_in){ .pupil = in->pupil }, &choice_shape, &got,
			PEOPLE));
		out->pupil = in->pupil.v;
		out->pupil_name = p.name;
		out->family = true;
		out->teachers = shown(c, &got, got.n ? ((const struct choice_row *)got.p)->id : 0);
		out->none = got.n == 0;
		return OK;
	}
	TRY(query(c, "contact/my_classes", NULL, NULL, &choice_shape, &got, PEOPLE));
	class = class || !got.n ? class : ((const struct choice_row *)got.p)->id;
	out->classes = shown(c, &got, class);
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
struct begin_in { person_id pupil, teacher; str about, body; items to; };
#define ROW struct begin_in
const struct shape begin_in_shape = { sizeof(ROW), FIELDS{ { REF(pupil, person), .label = { "Học sinh", "Pupil" } },
	{ REF(teacher, person), .label = { "Gửi tới", "To" } },
	{ COL(about), .is = NEEDED, .max = 120, .label = { "Về việc", "About" } },
	{ COL(body), .is = NEEDED | LONG, .max = 4000, .label = { "Nội dung", "Text" } },
	{ MANY(to, to_in_shape), .max = PUPILS_AT_ONCE, .label = { "Gửi tới gia đình của", "To the families of" } },
		END } };
#undef ROW

enum rc talk_begin(struct ctx *c, const void *in_, void *out)
{
	static const struct tr said = { "Đã gửi.", "Sent." };
	const struct begin_in *in = in_;
	thread_id t = { 0 };
	int64_t n = 0;

	(void)out;
	if (in->pupil.v) {
		TRY(thread_begin(c, in->pupil, in->teacher, in->about, in->body, &t));
		n = 1;
	}
	for (int64_t i = 0; !in->pupil.v && i < in->to.n; i++) {
		const struct to_in *to = (const struct to_in *)in->to.p + i;
		if (!to->on)
			continue;
		TRY(thread_begin(c, to->pupil, c->who->person, in->about, in->body, &t));
		n++;
	}
	if (n == 0)
		return FAIL(c, E_INVALID, offsetof(struct begin_in, to), &MSG_nobody);
	return go_to(c, n == 1 ? link_to(c, "/talks/%lld", (long long)t.v) : link_to(c, "/talks"), &said);
}
