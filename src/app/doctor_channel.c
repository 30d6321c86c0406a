/* doctor_channel.c -- see doctor.h: how people are told outside the program. Is the channel set up, when did something
 * last go out by it, when did something last fail, and why. */
#include "app/doctor.h"
#include "core/registry.h"
#include "mod/channel/channel_in.h"
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct tr
	MSG_off = { "{1}: chưa cấu hình ({2} chưa đặt); không ai được báo bằng kênh này.",
		"{1}: not set up ({2} is not set); nobody is told by it." },
	MSG_flaw = { "{1}: đã đặt {2} nhưng không dùng được: {3}", "{1}: {2} is set but cannot be used: {3}" },
	MSG_idle = { "{1}: đã cấu hình, chưa gửi tin nào.", "{1}: set up, nothing has gone out yet." },
	MSG_good = { "{1}: đã cấu hình, gửi được gần nhất lúc {2}, không có lỗi.",
		"{1}: set up, last went out at {2}, no failure." },
	MSG_mended = { "{1}: đã cấu hình, gửi được gần nhất lúc {2}; lỗi gần nhất lúc {3}: {4}",
		"{1}: set up, last went out at {2}; last failure at {3}: {4}" },
	MSG_failing = { "{1}: tin gần nhất không gửi được lúc {2}: {3}. Gửi được gần nhất: {4}",
		"{1}: the latest did not go out, at {2}: {3}. Last went out: {4}" },
	MSG_never = { "chưa lần nào", "never" };

/* How each is set up: by a file that only its owner reads, or by words. */
static const struct means { const char *code, *variable, *credential; } means[] = { { "email", "KHUE_SMTP", NULL },
	{ "push", "KHUE_PUSH", NULL }, { "sms", "KHUE_SMS_FILE", "sms" }, { "zalo", "KHUE_ZALO_FILE", "zalo" } };

struct look { int64_t sent, failed; str why; };

static const struct means *means_of(str code)
{
	for (int i = 0; i < COUNT(means); i++)
		if (str_is(code, means[i].code))
			return &means[i];
	return NULL;
}

/* The value or the file that sets it up; NULL: none. */
static const char *set_up(struct doctor *d, const struct means *m)
{
	const char *value = getenv(m->variable), *credentials = getenv("CREDENTIALS_DIRECTORY");
	const char *path = credentials && m->credential ? str_z(d->c->mem, str_fmt(d->c->mem, "%s/%s", credentials,
		m->credential)) : NULL;

	return value && *value ? value : path && access(path, F_OK) == 0 ? path : NULL;
}

/* What is wrong with it, as far as can be said without sending; false: nothing. */
static bool flaw_of(struct doctor *d, const struct means *m, const char *value, str *ret)
{
	static const struct tr closed = { "không mở được tệp", "its file cannot be opened" },
		open_to_all = { "người khác đọc được tệp (chmod 0600)", "its file may be read by others (chmod 0600)" },
		wrong = { "nội dung tệp sai: ", "its file is wrong: " };
	struct gateway g;
	struct stat st;
	const char *why = "";
	bool vi = d->c->lang == VI;

	if (!m->credential)
		return false;
	const struct tr *flaw = stat(value, &st) != 0 ? &closed : st.st_mode & 077 ? &open_to_all
		: strcmp(m->code, "sms") == 0 && !gateway_read(d->c->mem, &g, &why) ? &wrong : NULL;
	if (flaw == &wrong)
		*ret = str_fmt(d->c->mem, "%s%s", vi ? wrong.vi : wrong.en, why);
	else if (flaw)
		*ret = str_of(vi ? flaw->vi : flaw->en);
	return flaw != NULL;
}

/* e-mail leaves by the outbox, whoever asked for it; the others by deliveries. */
static const char
	mail_sent[] = "SELECT COALESCE(MAX(sent), 0), '' FROM outbox",
	mail_failed[] = "SELECT due, problem FROM outbox WHERE sent = 0 AND tries > 0 ORDER BY due DESC LIMIT 1",
	went_out[] = "SELECT COALESCE(MAX(ended), 0), '' FROM delivery WHERE channel = ?1 AND state IN ('sent', 'arrived')",
	failed[] = "SELECT ended, problem FROM delivery WHERE channel = ?1 AND state = 'failed' AND ended > 0 "
		"ORDER BY ended DESC LIMIT 1";

static int64_t when(struct doctor *d, const char *sql, str code, str *ret_why)
{
	const struct val args[] = { v_text(code) };
	int64_t at = 0;
	struct rows r;

	*ret_why = S("");
	if (db_query(d->app.db, sql, args, sql == mail_sent || sql == mail_failed ? 0 : 1, &r) != OK)
		return 0;
	if (rows_next(&r)) {
		at = rows_int(&r, 0);
		*ret_why = str_copy(d->c->mem, rows_text(&r, 1));
	}
	rows_end(&r);
	return at;
}

static struct look look_at(struct doctor *d, str code)
{
	bool mail = str_is(code, "email");
	struct look l;

	l.sent = when(d, mail ? mail_sent : went_out, code, &l.why);
	l.failed = when(d, mail ? mail_failed : failed, code, &l.why);
	return l;
}

static void tell_work(struct doctor *d, const char *check, str name, const struct look *l)
{
	str sent = l->sent ? instant_text(d->c->mem, (instant){ l->sent })
		: str_of(d->c->lang == VI ? MSG_never.vi : MSG_never.en);
	str at = instant_text(d->c->mem, (instant){ l->failed }), why = l->why.n ? l->why : S("?");

	if (l->failed && l->failed >= l->sent)
		TELLF(d, check, WARN, &MSG_failing, name, at, why, sent);
	else if (l->failed)
		TELLF(d, check, FINE, &MSG_mended, name, sent, at, why);
	else if (l->sent)
		TELLF(d, check, FINE, &MSG_good, name, sent);
	else
		TELLF(d, check, FINE, &MSG_idle, name);
}

void doctor_channels(struct doctor *d)
{
	const struct field *f = field_named(delivery.fields, S("channel"));

	for (const struct choice *p = f ? f->pick : NULL; p && p->code; p++) {
		const struct means *m = means_of(str_of(p->code));
		const char *value = m ? set_up(d, m) : NULL;
		const char *check = str_z(d->c->mem, str_fmt(d->c->mem, "channel_%s", p->code));
		str name = str_of(d->c->lang == VI ? p->label.vi : p->label.en);
		struct look l = look_at(d, str_of(p->code));
		str flaw;

		if (m && !value && strcmp(m->code, "email") != 0)        /* of e-mail doctor_around says it */
			TELLF(d, check, WARN, &MSG_off, name, str_of(m->variable));
		else if (m && value && flaw_of(d, m, value, &flaw))
			TELLF(d, check, WRONG, &MSG_flaw, name, str_of(m->variable), flaw);
		else if (!m || value)
			tell_work(d, check, name, &l);
	}
}
