/* look.c -- the head of a school may read a conversation of the school, for two hours, after writing why. Everybody in
 * it is told at once, and the reason stands in it for good. Before that only class, pupil and time are shown. */
#include "mod/contact/contact_in.h"
#include "mod/auth/auth.h"

enum { HOURS = 2, REASON_MIN = 10, THREADS = 100, LOOKS = 50, PARTIES = 400 };

/* ---- GET /contact/looks ------------------------------------------------------------------------------------------ */

struct look_list_in { str q; };
#define ROW struct look_list_in
const struct shape look_list_in_shape = { sizeof(ROW), FIELDS{
	{ COL(q), .max = 100, .label = { "Lớp hoặc học sinh", "Class or pupil" } }, END } };
#undef ROW
struct thread_line { int64_t id; str pupil, class_name; instant latest; int64_t messages; instant open; };
#define ROW struct thread_line
static const struct shape line_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(pupil) }, { COL(class_name) },
	{ COL(latest) }, { COL(messages) }, { COL(open) }, END } };
#undef ROW
struct look_list_view { str title, q; bool none; items threads; };
#define ROW struct look_list_view
const struct shape look_list_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(q) }, { COL(none) },
	{ MANY(threads, line_shape) }, END } };
#undef ROW

enum rc look_list(struct ctx *c, const void *in_, void *out_)
{
	static const struct tr title = { "Xem lại các cuộc trao đổi", "Conversations of the school" };
	const struct look_list_in *in = in_;
	struct look_list_view *out = out_;
	str words = viet_fold(c->mem, str_trim(in->q));

	out->title = say(c, &title);
	out->q = in->q;
	TRY(query(c, "contact/school_threads", &key_shape, &(struct key_in){ .school = seat_org(c, &principal),
		.words = TEXT(c, "%%%.*s%%", FMT(words)) }, &line_shape, &out->threads, THREADS));
	out->none = out->threads.n == 0;
	return OK;
}

/* ---- POST /talks/{thread}/look ----------------------------------------------------------------------------------- */

struct look_in { thread_id thread; str reason; };
#define ROW struct look_in
const struct shape look_why_shape = { sizeof(ROW), FIELDS{ { REF(thread, thread), .is = NEEDED },
	{ COL(reason), .is = NEEDED | LONG, .min = REASON_MIN, .max = 500, .label = { "Lý do mở xem", "Reason" } }, END } };
#undef ROW
struct party_line { person_id person; };
#define ROW struct party_line
static const struct shape party_shape = { sizeof(ROW), FIELDS{ { REF(person, person) }, END } };
#undef ROW

static enum rc tell_all(struct ctx *c, const struct thread *t, str reason)
{
	static const struct tr told = { "{1} mở xem cuộc trao đổi “{2}”. Lý do: {3}",
		"{1} looked into the conversation “{2}”. Reason: {3}" };
	items got;

	TRY(query(c, "contact/parties", &key_shape, &(struct key_in){ .id = t->base.id }, &party_shape, &got, PARTIES));
	for (int64_t i = 0; i < got.n; i++)
		TRY(note(c, &(struct note){ .to = account_of(c, ((const struct party_line *)got.p)[i].person),
			.org = t->base.org,
			.kind = NOTE_MESSAGE }, &told, ARGS(c->who->name, t->about, reason),
			TEXT(c, "/talks/%lld", (long long)t->base.id)));
	return OK;
}

static enum rc looked(struct ctx *c, const struct look_in *in)
{
	struct thread t;
	struct thread_look l;

	TRY(find(c, &thread, in->thread.v, &t));
	if (!has_role(c, &principal, t.base.org) || !c->who->person.v)
		return E_MISSING;
	row_zero(&thread_look, &l);
	l.base.org = t.base.org;
	l.thread = in->thread;
	l.person = c->who->person;
	l.reason = str_trim(in->reason);
	l.until.v = c->now.v + HOURS * INT64_C(3600000);
	TRY(create(c, &thread_look, &l));
	TRY(audit(c, t.base.org, "thread", t.base.id, "look", l.reason));
	return tell_all(c, &t, l.reason);
}

enum rc look_open(struct ctx *c, const void *in_, void *out)
{
	static const struct tr said = { "Mọi người trong cuộc trao đổi đã được báo.",
		"Everybody in the conversation was told." };
	const struct look_in *in = in_;
	const struct actor *who = as_system(c, "the head of a school reads a conversation, with a reason its parties see");
	enum rc rc = looked(c, in);

	(void)out;
	as_actor(c, who);
	TRY(rc);
	return go_to(c, link_to(c, "/talks/%lld", (long long)in->thread.v), &said);
}

/* ---- what the parties see ---------------------------------------------------------------------------------------- */

#define ROW struct look_view
const struct shape looked_shape = { sizeof(ROW), FIELDS{ { COL(name) }, { COL(when) }, { COL(reason) }, END } };
#undef ROW
struct look_row { str name; instant made; str reason; };
#define ROW struct look_row
static const struct shape look_row_shape = { sizeof(ROW), FIELDS{ { COL(name) }, { COL(made) }, { COL(reason) },
	END } };
#undef ROW

enum rc looks_of(struct ctx *c, thread_id t, items *ret)
{
	items got;

	TRY(query(c, "contact/looks_of", &key_shape, &(struct key_in){ .id = t.v }, &look_row_shape, &got, LOOKS));
	struct look_view *v = NEWS(c->mem, struct look_view, got.n + 1);
	for (int64_t i = 0; i < got.n; i++) {
		const struct look_row *r = (const struct look_row *)got.p + i;
		v[i] = (struct look_view){ r->name, instant_text(c->mem, r->made), r->reason };
	}
	*ret = (items){ v, got.n };
	return OK;
}
