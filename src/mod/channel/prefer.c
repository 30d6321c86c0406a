/* prefer.c -- the page of one's own choices: which kinds of message by which channel, quiet hours, browsers. The bell
 * always has everything; here is only what goes further. */
#include "mod/channel/channel_in.h"
#include "base/hash.h"

enum { KINDS_SHOWN = 4, BROWSERS = 10, ENDPOINT_MAX = 1000 };
static const struct tr
	MSG_hour = { "Giờ viết như 21:30.", "An hour is written like 21:30." },
	MSG_both = { "Điền cả hai giờ, hoặc để trống cả hai.", "Give both hours, or neither." },
	MSG_service = { "Dịch vụ báo tin của trình duyệt này chưa được đơn vị cho phép.",
		"The push service of this browser is not allowed here." },
	MSG_browsers = { "Nhiều nhất {1} máy. Hãy bỏ một máy không dùng nữa.",
		"At most {1} browsers. Remove one that is no longer used." },
	MSG_key = { "Trình duyệt gửi khóa không đúng. Hãy tải lại trang và thử lại.",
		"The browser sent a key that is none. Load the page again and retry." };

bool hour_read(str s, int *ret)
{
	str hour, minute;
	int64_t h, m;

	s = str_trim(s);
	if (!str_cut(s, ':', &hour, &minute) && !str_cut(s, 'h', &hour, &minute))
		return false;
	if (hour.n < 1 || hour.n > 2 || minute.n != 2 || !str_to_int(hour, &h) || !str_to_int(minute, &m) || h < 0 ||
		h > 23 || m < 0 || m > 59)
		return false;
	*ret = (int)(h * 60 + m);
	return true;
}

enum rc quiet_hour_ok(struct ctx *c, const void *row)
{
	const struct channel_settings *s = row;
	int minutes;

	if (s->quiet_since.n && !hour_read(s->quiet_since, &minutes))
		return FAIL(c, E_INVALID, offsetof(struct channel_settings, quiet_since), &MSG_hour);
	return !s->quiet_until.n || hour_read(s->quiet_until, &minutes) ? OK
		: FAIL(c, E_INVALID, offsetof(struct channel_settings, quiet_until), &MSG_hour);
}

int channels_by_default(int kind)
{
	return kind == NOTE_NOTICE ? CAN_EMAIL | CAN_PUSH | CAN_SMS | CAN_ZALO : kind == NOTE_WORK ? 0 : CAN_PUSH;
}

/* ---- GET --------------------------------------------------------------------------------------------------------- */

struct choice_row { str kind; int64_t channels; };
#define ROW struct choice_row
static const struct shape choice_shape = { sizeof(ROW), FIELDS{ { COL(kind) }, { COL(channels) }, END } };
#undef ROW
struct quiet_row { int64_t since, until; bool details; };
#define ROW struct quiet_row
static const struct shape quiet_shape = { sizeof(ROW), FIELDS{ { COL(since) }, { COL(until) }, { COL(details) },
	END } };
#undef ROW
struct reach_row { str email, phone; int64_t org; };
#define ROW struct reach_row
static const struct shape reach_row_shape = { sizeof(ROW), FIELDS{ { COL(email) }, { COL(phone) }, { COL(org) },
	END } };
#undef ROW
struct browser_row { int64_t id; str agent; instant made; };
#define ROW struct browser_row
static const struct shape browser_row_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(agent) }, { COL(made) },
	END } };
#undef ROW

struct kind_view { int64_t i; str kind, label; bool email, push, sms, zalo, has_sms; };
#define ROW struct kind_view
static const struct shape kind_shape = { sizeof(ROW), FIELDS{ { COL(i) }, { COL(kind) }, { COL(label) }, { COL(email) },
	{ COL(push) }, { COL(sms) }, { COL(zalo) }, { COL(has_sms) }, END } };
#undef ROW
struct browser_view { int64_t id; str agent, when; };
#define ROW struct browser_view
static const struct shape browser_view_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(agent) }, { COL(when) },
	END } };
#undef ROW
struct prefer_view { str title, email, phone, since, until, unit_hours, key; bool details, can_push, none; items kinds,
	browsers; };
#define ROW struct prefer_view
const struct shape prefer_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(email) }, { COL(phone) }, { COL(since) },
	{ COL(until) }, { COL(unit_hours) }, { COL(key) }, { COL(details) }, { COL(can_push) }, { COL(none) },
	{ MANY(kinds, kind_shape) }, { MANY(browsers, browser_view_shape) }, END } };
#undef ROW

/* What is chosen: of the page too, which shows it again when something of it was refused. */
struct kind_in { str kind; bool email, push, sms, zalo; };
#define ROW struct kind_in
static const struct shape kind_in_shape = { sizeof(ROW), FIELDS{ { COL(kind), .max = 20 }, { COL(email) },
	{ COL(push) }, { COL(sms) }, { COL(zalo) }, END } };
#undef ROW
struct prefer_in { items kinds; str since, until; bool details; };
#define ROW struct prefer_in
const struct shape prefer_in_shape = { sizeof(ROW), FIELDS{
	{ MANY(kinds, kind_in_shape), .max = KINDS_SHOWN, .label = { "Loại tin", "Kinds" } },
	{ COL(since), .max = 5, .label = { "Yên lặng từ", "Quiet from" } },
	{ COL(until), .max = 5, .label = { "Yên lặng đến", "Quiet until" } },
	{ COL(details), .label = { "Hiện nội dung", "Show the words" } }, END } };
#undef ROW
static str hour_text(struct ctx *c, int64_t minutes)
{
	return TEXT(c, "%02d:%02d", (int)(minutes / 60), (int)(minutes % 60));
}

static int64_t chosen(const struct kind_in *k)
{
	return (k->email ? CAN_EMAIL : 0) | (k->push ? CAN_PUSH : 0) | (k->sms ? CAN_SMS : 0) | (k->zalo ? CAN_ZALO : 0);
}

/* As stored, or as they were just sent. */
static enum rc show_kinds(struct ctx *c, const struct prefer_in *in, struct prefer_view *out)
{
	struct kind_view *v = NEWS(c->mem, struct kind_view, KINDS_SHOWN);
	items got;

	TRY(query(c, "channel/choices", NULL, NULL, &choice_shape, &got, KINDS_SHOWN));
	for (int k = 0; k < KINDS_SHOWN; k++) {
		int64_t by = channels_by_default(k);
		for (int64_t i = 0; i < got.n; i++)
			if (str_is(((const struct choice_row *)got.p)[i].kind, told_kinds[k].code))
				by = ((const struct choice_row *)got.p)[i].channels;
		for (int64_t i = 0; i < in->kinds.n; i++)
			if (str_is(((const struct kind_in *)in->kinds.p)[i].kind, told_kinds[k].code))
				by = chosen((const struct kind_in *)in->kinds.p + i);
		v[k] = (struct kind_view){ k, str_of(told_kinds[k].code), say(c, &told_kinds[k].label), by & CAN_EMAIL,
			by & CAN_PUSH, by & CAN_SMS, by & CAN_ZALO, k == NOTE_NOTICE };
	}
	out->kinds = (items){ v, KINDS_SHOWN };
	return OK;
}

static enum rc show_browsers(struct ctx *c, struct prefer_view *out)
{
	items got;

	out->can_push = push_on();
	if (out->can_push)
		TRY(push_public(c, &out->key));
	TRY(query(c, "channel/my_browsers", NULL, NULL, &browser_row_shape, &got, BROWSERS));
	struct browser_view *v = NEWS(c->mem, struct browser_view, got.n + 1);
	for (int64_t i = 0; i < got.n; i++) {
		const struct browser_row *b = (const struct browser_row *)got.p + i;
		v[i] = (struct browser_view){ b->id, b->agent, instant_text(c->mem, b->made) };
	}
	out->browsers = (items){ v, got.n };
	out->none = got.n == 0;
	return OK;
}

enum rc prefer_page(struct ctx *c, const void *in_, void *out_)
{
	static const struct tr title = { "Cách nhận tin", "How I am told" };
	const struct prefer_in *in = in_;
	struct prefer_view *out = out_;
	struct quiet_row q = { -1, -1, false };
	struct reach_row r = { { 0 }, { 0 }, 0 };
	int since = QUIET_SINCE, until = QUIET_UNTIL;

	if (c->who->token)
		return E_MISSING;
	TRY(query_one(c, "channel/reached_by", NULL, NULL, &reach_row_shape, &r));
	enum rc rc = query_one(c, "channel/quiet", NULL, NULL, &quiet_shape, &q);
	if (rc != OK && rc != E_MISSING)
		return rc;
	out->title = say(c, &title);
	out->email = r.email;
	out->phone = r.phone;
	if (rc == OK && q.since >= 0) {
		out->since = hour_text(c, q.since);
		out->until = hour_text(c, q.until);
	}
	out->details = in->kinds.n ? in->details : rc == OK && q.details;
	hour_read(setting(c, &mod_channel, "quiet_since", (org_id){ r.org }), &since);
	hour_read(setting(c, &mod_channel, "quiet_until", (org_id){ r.org }), &until);
	out->unit_hours = TEXT(c, "%.*s – %.*s", FMT(hour_text(c, since)), FMT(hour_text(c, until)));
	TRY(show_kinds(c, in, out));
	return show_browsers(c, out);
}

/* ---- POST -------------------------------------------------------------------------------------------------------- */

struct keep { str kind; int64_t channels, since, until, details, id; str endpoint, key, auth, agent; };
#define ROW struct keep
static const struct shape keep_shape = { sizeof(ROW), FIELDS{ { COL(kind) }, { COL(channels) }, { COL(since) },
	{ COL(until) }, { COL(details) }, { COL(id) }, { COL(endpoint) }, { COL(key) }, { COL(auth) }, { COL(agent) },
	END } };
#undef ROW

static bool known_kind(str kind)
{
	int k = 0;

	while (told_kinds[k].code && !str_is(kind, told_kinds[k].code))
		k++;
	return told_kinds[k].code;
}

enum rc prefer_save(struct ctx *c, const void *in_, void *out)
{
	static const struct tr said = { "Đã lưu cách nhận tin.", "Saved." };
	const struct prefer_in *in = in_;
	struct keep keep = { .since = -1, .until = -1, .details = in->details };
	int since = -1, until = -1;

	(void)out;
	if (c->who->token)
		return E_MISSING;
	if (!str_trim(in->since).n != !str_trim(in->until).n)
		return FAIL(c, E_INVALID, offsetof(struct prefer_in, since), &MSG_both);
	if (str_trim(in->since).n && !hour_read(in->since, &since))
		return FAIL(c, E_INVALID, offsetof(struct prefer_in, since), &MSG_hour);
	if (str_trim(in->until).n && !hour_read(in->until, &until))
		return FAIL(c, E_INVALID, offsetof(struct prefer_in, until), &MSG_hour);
	keep.since = since;
	keep.until = until;
	TRY(execute(c, "channel/keep_quiet", &keep_shape, &keep, NULL));
	for (int64_t i = 0; i < in->kinds.n; i++) {
		const struct kind_in *k = (const struct kind_in *)in->kinds.p + i;
		if (!known_kind(k->kind))
			return E_MISSING;
		keep.kind = k->kind;
		keep.channels = chosen(k);
		TRY(execute(c, "channel/choose", &keep_shape, &keep, NULL));
	}
	return go_to(c, S("/tai-khoan/bao-tin"), &said);
}

struct browser_in { str endpoint, key, auth, agent; };
#define ROW struct browser_in
const struct shape browser_in_shape = { sizeof(ROW), FIELDS{
	{ COL(endpoint), .is = NEEDED, .max = ENDPOINT_MAX, .label = { "Địa chỉ của trình duyệt",
		"Address of the browser" } },
	{ COL(key), .is = NEEDED, .max = 120, .label = { "Khóa của trình duyệt", "Key of the browser" } },
	{ COL(auth), .is = NEEDED, .max = 40, .label = { "Mã của trình duyệt", "Secret of the browser" } },
	{ COL(agent), .max = 60, .label = { "Máy", "Device" } }, END } };
#undef ROW

enum rc browser_add(struct ctx *c, const void *in_, void *out)
{
	static const struct tr said = { "Máy này sẽ hiện thông báo.", "This browser will show notices." };
	const struct browser_in *in = in_;
	str key, auth;
	items had;

	(void)out;
	if (c->who->token)
		return E_MISSING;
	TRY(query(c, "channel/my_browsers", NULL, NULL, &browser_row_shape, &had, BROWSERS));
	if (had.n >= BROWSERS)
		return FAILF(c, E_LIMIT, 0, &MSG_browsers, int_text(c->mem, BROWSERS));
	if (!push_allowed(in->endpoint))
		return FAIL(c, E_INVALID, offsetof(struct browser_in, endpoint), &MSG_service);
	if (!base64url_read(c->mem, in->key, &key) || key.n != 65 || !base64url_read(c->mem, in->auth, &auth) ||
		auth.n != 16)
		return FAIL(c, E_INVALID, offsetof(struct browser_in, key), &MSG_key);
	TRY(execute(c, "channel/browser_add", &keep_shape, &(struct keep){ .id = new_id(c), .endpoint = in->endpoint,
		.key = in->key, .auth = in->auth, .agent = in->agent }, NULL));
	return go_to(c, S("/tai-khoan/bao-tin"), &said);
}

struct browser_end_in { int64_t id; };
#define ROW struct browser_end_in
const struct shape browser_end_shape = { sizeof(ROW), FIELDS{ { COL(id), .label = { "Máy", "Device" } }, END } };
#undef ROW

enum rc browser_end(struct ctx *c, const void *in_, void *out)
{
	static const struct tr said = { "Đã bỏ máy khỏi danh sách.", "The browser is removed." };

	(void)out;
	if (c->who->token)
		return E_MISSING;
	TRY(execute(c, "channel/browser_end", &keep_shape, &(struct keep){ .id = ((const struct browser_end_in *)in_)->id },
		NULL));
	return go_to(c, S("/tai-khoan/bao-tin"), &said);
}
