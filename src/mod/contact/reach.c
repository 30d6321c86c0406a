/* reach.c -- how far the contact book reaches, school by school, measured over the last 30 days.
 *
 * Two targets of the sector's plans: schools that use an electronic contact book, and parents who interact. A parent
 * reads who marked a notice or a conversation as read or answered in it; a parent interacts who wrote a message or
 * asked for leave; both count among guardians on record that are not barred, each once a school. A school uses the
 * book when half of its guardians read.
 *
 * Beside them stands what went out by SMS and Zalo and how much of it is known to have arrived, by receipts. */
#include "mod/contact/contact_in.h"
#include "core/chart.h"

enum { DAYS = 30, SCHOOLS = 1000, USES_PERCENT = 50 };

struct reach_row { int64_t id; str name; int64_t guardians, accounts, readers, actors, told, arrived; };
#define ROW struct reach_row
static const struct shape row_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(name) }, { COL(guardians) },
	{ COL(accounts) }, { COL(readers) }, { COL(actors) }, { COL(told) }, { COL(arrived) }, END } };
#undef ROW
struct reach_line { int64_t id; str name, guardians, accounts, readers, actors, told, arrived; bool uses; };
#define ROW struct reach_line
static const struct shape line_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(name), .label = { "Trường",
	"School" } },
	{ COL(guardians) }, { COL(accounts) }, { COL(readers) }, { COL(actors) }, { COL(told) }, { COL(arrived) },
	{ COL(uses) }, END } };
#undef ROW
/* One night's count over the schools in sight. */
struct day_row { day held; int64_t guardians, accounts, readers, actors; };
#define ROW struct day_row
static const struct shape day_shape = { sizeof(ROW), FIELDS{ { COL(held) }, { COL(guardians) }, { COL(accounts) },
	{ COL(readers) }, { COL(actors) }, END } };
#undef ROW
struct day_line { str held, readers, actors; };
#define ROW struct day_line
static const struct shape day_line_shape = { sizeof(ROW), FIELDS{ { COL(held) }, { COL(readers) }, { COL(actors) },
	END } };
#undef ROW
struct reach_view { str title, schools_using, schools, readers, actors, guardians, accounts, told, arrived;
	bool none, has_days, has_told;
	html chart; items lines, days; };
#define ROW struct reach_view
const struct shape reach_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(schools_using) }, { COL(schools) },
	{ COL(readers) }, { COL(actors) }, { COL(guardians) }, { COL(accounts) }, { COL(told) }, { COL(arrived) },
	{ COL(none) }, { COL(has_days) }, { COL(has_told) }, { COL(chart) }, { MANY(lines, line_shape) },
	{ MANY(days, day_line_shape) }, END } };
#undef ROW

static str part(struct ctx *c, int64_t n, int64_t of)
{
	int64_t tenths = of ? (n * 1000 + of / 2) / of : 0;

	return TEXT(c, "%.*s\u00a0(%lld,%lld%%)", FMT(int_text(c->mem, n)), (long long)(tenths / 10),
		(long long)(tenths % 10));
}

enum { DAYS_SHOWN = 90, WEEK = 7 };

/* T20 and T21 as they went, in tenths of a percent of the guardians. */
static enum rc show_days(struct ctx *c, struct reach_view *out)
{
	static const struct tr title = { "Phụ huynh đọc và trao đổi, theo ngày",
		"Guardians who read and who wrote, by day" },
		desc = { "Phần trăm phụ huynh trong hồ sơ, tính trên 30 ngày trước mỗi ngày",
			"Percent of the guardians on record, over the 30 days before each day" },
		read = { "Đã đọc", "Read" }, wrote = { "Có trao đổi hai chiều", "Wrote" };
	items got;

	TRY(query(c, "contact/reach_days", &key_shape, &(struct key_in){ .school = c->here.org,
		.since = { c->today.v - DAYS_SHOWN } }, &day_shape, &got, DAYS_SHOWN + 1));
	int64_t *tenths = NEWS(c->mem, int64_t, got.n * 2 + 2), n = got.n;
	struct day_line *lines = NEWS(c->mem, struct day_line, n + 1);
	str *labels = NEWS(c->mem, str, n + 1);
	for (int64_t i = 0; i < n; i++) {
		const struct day_row *d = (const struct day_row *)got.p + i;
		tenths[i] = d->guardians ? d->readers * 1000 / d->guardians : 0;
		tenths[n + i] = d->guardians ? d->actors * 1000 / d->guardians : 0;
		labels[i] = str_sub(day_text(c->mem, d->held), 0, 5);
		lines[n - 1 - i] = (struct day_line){ day_text(c->mem, d->held), part(c, d->readers, d->guardians),
			part(c, d->actors, d->guardians) };
	}
	const struct chart_series series[] = { { say(c, &read), tenths }, { say(c, &wrote), tenths + n } };
	out->has_days = n > 1;
	out->days = (items){ lines, n };
	if (out->has_days)
		out->chart = chart_draw(c->mem, &(struct chart){ .kind = CHART_LINE, .id = S("muc-dung"), .title = say(c,
			&title),
			.desc = say(c, &desc), .y_title = S("%"), .labels = labels, .n = (int)n, .series = series, .n_series = 2,
			.decimals = 1, .every = n > WEEK * 2 ? WEEK : 0 });
	return OK;
}

enum rc reach_page(struct ctx *c, const void *in, void *out_)
{
	static const struct tr title = { "Mức dùng sổ liên lạc", "Use of the contact book" };
	struct reach_view *out = out_;
	struct reach_row all = { 0 };
	int64_t using = 0;
	items got;

	(void)in;
	TRY(query(c, "contact/reach", &key_shape, &(struct key_in){ .school = c->here.org,
		.after = c->now.v - (int64_t)DAYS * 86400000 }, &row_shape, &got, SCHOOLS));
	struct reach_line *lines = NEWS(c->mem, struct reach_line, got.n + 1);
	for (int64_t i = 0; i < got.n; i++) {
		const struct reach_row *r = (const struct reach_row *)got.p + i;
		bool uses = r->guardians && r->readers * 100 >= r->guardians * USES_PERCENT;
		lines[i] = (struct reach_line){ r->id, r->name, int_text(c->mem, r->guardians),
			part(c, r->accounts, r->guardians), part(c, r->readers, r->guardians), part(c, r->actors, r->guardians),
			int_text(c->mem, r->told), r->told ? part(c, r->arrived, r->told) : S("–"), uses };
		using += uses;
		all.guardians += r->guardians;
		all.accounts += r->accounts;
		all.readers += r->readers;
		all.actors += r->actors;
		all.told += r->told;
		all.arrived += r->arrived;
	}
	out->title = say(c, &title);
	out->schools_using = part(c, using, got.n);
	out->schools = int_text(c->mem, got.n);
	out->guardians = int_text(c->mem, all.guardians);
	out->accounts = part(c, all.accounts, all.guardians);
	out->readers = part(c, all.readers, all.guardians);
	out->actors = part(c, all.actors, all.guardians);
	out->told = int_text(c->mem, all.told);
	out->arrived = part(c, all.arrived, all.told);
	out->has_told = all.told > 0;
	out->lines = (items){ lines, got.n };
	out->none = got.n == 0;
	return show_days(c, out);
}

/* ---- the series: each school once a night ------------------------------------------------------------------------ */

static enum rc count_school(struct ctx *c, const struct reach_row *r)
{
	struct reach_day d;
	int64_t had = 0;

	TRY(query_int(c, "contact/reach_counted", &key_shape, &(struct key_in){ .school = { r->id } }, &had));
	if (had)
		return OK;
	row_zero(&reach_day, &d);
	d.base.org.v = r->id;
	d.held = c->today;
	d.guardians = r->guardians;
	d.accounts = r->accounts;
	d.readers = r->readers;
	d.actors = r->actors;
	return create(c, &reach_day, &d);
}

enum rc reach_job(struct ctx *c, void *in)
{
	const struct actor *who = as_system(c, "how far each school's contact book reaches is counted once a night");
	items got;
	enum rc rc = query(c, "contact/reach", &key_shape, &(struct key_in){ .after = c->now.v - (int64_t)DAYS * 86400000 },
		&row_shape, &got, SCHOOLS);

	(void)in;
	for (int64_t i = 0; rc == OK && i < got.n; i++)
		rc = count_school(c, (const struct reach_row *)got.p + i);
	as_actor(c, who);
	return rc;
}
