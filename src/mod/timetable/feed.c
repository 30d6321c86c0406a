/* feed.c -- a week's lessons for calendar programs (iCalendar, RFC 5545): an address with a secret, from which the
 * lessons of two weeks back and eight ahead are read without signing in; making a new one voids the old. */
#include "base/hash.h"
#include "core/app.h"
#include "mod/timetable/timetable_rules.h"

enum { BACK_DAYS = 14, AHEAD_DAYS = 70, SECRET_BYTES = 20, LINE_MOST = 73 };

#define ROW struct feed_in
const struct shape feed_in_shape = { sizeof(ROW), FIELDS{ { COL(secret), .is = NEEDED, .max = 64,
	.label = { "Mã", "Secret" } }, END } };
#undef ROW
/* holds: whose address it is may see those lessons today. */
struct feed_row { int64_t person, class; org_id org; str digest; bool holds; };
#define ROW struct feed_row
static const struct shape feed_row_shape = { sizeof(ROW), FIELDS{ { COL(person) }, { COL(class) }, { REF(org, org) },
	{ COL(digest) }, { COL(holds) }, END } };
#undef ROW

static str digest_of(struct ctx *c, str secret)
{
	digest d = hash_of(secret);

	return hex_of(c->mem, d.b, sizeof d.b);
}

/* ---- the calendar --------------------------------------------------------------------------------------------- */

/* One content line: text escaped, folded after 73 bytes between characters. */
static void put_line(struct buf *b, const char *name, str text)
{
	size_t width = strlen(name) + 1;

	put_fmt(b, "%s:", name);
	for (ptrdiff_t i = 0; i < text.n;) {
		ptrdiff_t from = i;
		uint32_t ch = str_next(text, &i);
		size_t n = (size_t)(i - from);
		bool escaped = ch == ',' || ch == ';' || ch == '\\' || ch == '\n';
		if (width + n + escaped > LINE_MOST) {
			put_z(b, "\r\n ");
			width = 1;
		}
		if (escaped)
			put_c(b, '\\');
		put(b, ch == '\n' ? S("n") : str_sub(text, from, i));
		width += n + escaped;
	}
	put_z(b, "\r\n");
}

static str stamp(struct ctx *c, day d, str time)
{
	struct ymd y = day_ymd(d);

	return time.n < 5 ? TEXT(c, "%04d%02d%02d", y.y, y.m, y.d) : TEXT(c, "%04d%02d%02dT%.*s%.*s00", y.y, y.m, y.d,
		FMT(str_sub(time, 0, 2)), FMT(str_sub(time, 3, 5)));
}

/* "7:00" as "07:00". */
static str two_digits(struct ctx *c, str time) { return time.n == 4 ? TEXT(c, "0%.*s", FMT(time)) : time; }

static void put_event(struct ctx *c, struct buf *b, const struct week_lesson *l, const items *bells, bool of_class)
{
	const struct bell_row *at = NULL;

	for (int64_t i = 0; i < bells->n; i++)
		if (((const struct bell_row *)bells->p)[i].slot == l->slot)
			at = (const struct bell_row *)bells->p + i;
	put_fmt(b, "BEGIN:VEVENT\r\nUID:%d-%lld-%lld@khue\r\nDTSTAMP:%.*s\r\n", l->held.v, (long long)l->slot,
		(long long)l->class, FMT(TEXT(c, "%.*sT000000Z", FMT(stamp(c, c->today, S(""))))));
	if (at) {
		put_fmt(b, "DTSTART;TZID=Asia/Ho_Chi_Minh:%.*s\r\n", FMT(stamp(c, l->held, two_digits(c, at->begins))));
		put_fmt(b, "DTEND;TZID=Asia/Ho_Chi_Minh:%.*s\r\n", FMT(stamp(c, l->held, two_digits(c, at->ends))));
	} else {
		put_fmt(b, "DTSTART;VALUE=DATE:%.*s\r\n", FMT(stamp(c, l->held, S(""))));
	}
	put_line(b, "SUMMARY", TEXT(c, "%.*s – %.*s", FMT(l->subject_name),
		FMT(!of_class ? l->class_name : l->taker_name.n ? l->taker_name : l->teacher_name)));
	if (l->room.n)
		put_line(b, "LOCATION", l->room);
	put_line(b, "DESCRIPTION", l->note.n ? TEXT(c, "%.*s\n%.*s", FMT(slot_text(c, l->slot)), FMT(l->note))
		: slot_text(c, l->slot));
	put_z(b, l->off ? "STATUS:CANCELLED\r\n" : "STATUS:CONFIRMED\r\n");
	put_z(b, "END:VEVENT\r\n");
}

static enum rc put_calendar(struct ctx *c, const struct feed_row *f, struct buf *b)
{
	struct week_ask ask = { .school = f->org.v, .class = f->class, .teacher = f->class ? 0 : f->person, .days = 7 };
	items bells, all;
	bool none;

	TRY(school_bells(c, f->org.v, &bells));
	put_z(b, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Khue//Timetable//VI\r\n"
		"CALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\n");
	put_line(b, "X-WR-CALNAME", f->class ? title_of(c, &school_class, f->class) : title_of(c, &person, f->person));
	put_z(b, "BEGIN:VTIMEZONE\r\nTZID:Asia/Ho_Chi_Minh\r\nBEGIN:STANDARD\r\nDTSTART:19750613T000000\r\n"
		"TZOFFSETFROM:+0700\r\nTZOFFSETTO:+0700\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n");
	for (int d = -BACK_DAYS; d < AHEAD_DAYS - BACK_DAYS; d += 7) {
		ask.monday = monday_of((day){ c->today.v + d });
		TRY(week_lessons(c, &ask, &all, &none));
		for (int64_t i = 0; i < all.n; i++)
			put_event(c, b, (const struct week_lesson *)all.p + i, &bells, f->class != 0);
	}
	put_z(b, "END:VCALENDAR\r\n");
	return OK;
}

enum rc feed_get(struct ctx *c, const void *in_, void *out)
{
	const struct feed_in *in = in_;
	struct feed_row f;
	struct buf b;
	str all = str_ends(in->secret, S(".ics")) ? str_sub(in->secret, 0, in->secret.n - 4) : in->secret, id, secret;
	int64_t n;

	(void)out;
	if (!str_cut(all, '.', &id, &secret) || !str_to_int(id, &n))
		return E_MISSING;
	TRY(query_one(c, "timetable/feed_by", &tt_in_shape, &(struct tt_in){ .timetable = n }, &feed_row_shape, &f));
	if (!same_secret(digest_of(c, secret), f.digest) || !f.holds)
		return E_MISSING;
	c->lang = VI;
	buf_init(&b, c->mem, 4 << 20);
	TRY(put_calendar(c, &f, &b));
	return answer_as(c, 200, S("text/calendar; charset=utf-8"), buf_str(&b),
		stamp_free("lessons of a class or a teacher; it names no pupil"));
}

/* ---- POST /schedule/feed: a new address
 * ------------------------------------------------------------------------------ */

#define ROW struct feed_post
const struct shape feed_post_shape = { sizeof(ROW), FIELDS{ { COL(class), .label = { "Lớp", "Class" } }, END } };
#undef ROW
#define ROW struct feed_view
const struct shape feed_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(path) }, { COL(address) }, END } };
#undef ROW

enum rc feed_post(struct ctx *c, const void *in_, void *out_)
{
	static const struct tr title = { "Địa chỉ lịch của bạn", "Your calendar address" };
	const struct feed_post *in = in_;
	struct feed_view *out = out_;
	struct calendar_feed f;
	struct lesson_class k;
	uint8_t raw[SECRET_BYTES];
	org_id school;

	if (in->class) {
		TRY(class_seen(c, (school_class_id){ in->class }, &k));
		school = k.org;
	} else {
		TRY(teacher_seen(c, c->who->person, &school));
	}
	TRY(execute(c, "timetable/feed_ends", &tt_in_shape, &(struct tt_in){ .class = in->class }, NULL));
	fresh_bytes(c, raw, sizeof raw);
	str secret = base64url_of(c->mem, raw, sizeof raw);
	row_zero(&calendar_feed, &f);
	f.base.org = school;
	f.person = c->who->person;
	f.class.v = in->class;
	f.digest = digest_of(c, secret);
	const struct actor *who = as_system(c,
		"an address is made by this page only, after its lessons were held against the actor");
	enum rc rc = create(c, &calendar_feed, &f);
	as_actor(c, who);
	out->title = say(c, &title);
	out->path = TEXT(c, "/lich/%lld.%.*s.ics", (long long)f.base.id, FMT(secret));
	out->address = TEXT(c, "%.*s%.*s", FMT(site_address(c, school)), FMT(out->path));
	return rc;
}
