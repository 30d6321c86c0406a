/* rules.c -- what holds of an exam, and its steps. The files of a step are in place before its transaction commits:
 * what is shown to the public and what the row says part only when the commit itself fails, and publishing again
 * mends that. */
#include "mod/results/rules.h"
#include "mod/results/live.h"
#include "base/calendar.h"

static const struct tr
	MSG_code = { "Mã chỉ gồm chữ thường không dấu, chữ số và gạch nối, ví dụ thpt-2026.",
		"Lower-case letters, digits and hyphens only, e.g. thpt-2026." },
	MSG_none = { "Chưa nhập điểm của kỳ thi này: khue import results TỆP --exam {1}",
		"No marks were imported: khue import results FILE --exam {1}" },
	MSG_why = { "Cần ghi lý do rút: người tra cứu sẽ đọc lý do này.",
		"State why they are withdrawn: whoever looks them up will read it." },
	MSG_by = { "Cần ghi nơi công bố, hoặc chọn đơn vị tổ chức.", "State who publishes, or choose the organiser." };

enum rc exam_code_check(struct ctx *c, const void *row)
{
	const struct exam *e = row;

	return exam_code_ok(e->code) ? OK : FAIL(c, E_INVALID, offsetof(struct exam, code), &MSG_code);
}

enum rc exam_this_year(struct ctx *c, void *row)
{
	((struct exam *)row)->year = day_ymd(c->today).y;
	return OK;
}

enum rc exam_may_publish(struct ctx *c, const void *row)
{
	const struct exam *e = row;
	const struct live *l;

	if (!draft_exists(c, e->code)) {
		enum rc rc = live_exam(c, e->code, &l);
		if (rc != OK)
			return rc == E_MISSING ? FAILF(c, E_STATE, 0, &MSG_none, e->code) : rc;
	}
	/* a command speaks for the installation: its department, see publisher() */
	return e->by.n || e->organiser.v || c->who->system ? OK : FAIL(c, E_STATE, offsetof(struct exam, by), &MSG_by);
}

/* Who publishes: as stated, else the organiser, else whose exam it is, else the department of this installation. */
static str publisher(struct ctx *c, const struct exam *e)
{
	static const struct tr nobody = { "Đơn vị quản lý hệ thống này", "The keeper of this installation" };
	org_id home = e->organiser.v ? e->organiser : e->base.org;

	if (e->by.n)
		return e->by;
	return home.v || (own_department(c, &home) == OK && home.v) ? title_of(c, &org, home.v) : say(c, &nobody);
}

/* One line, as the signed statement needs it. */
static str one_line(struct ctx *c, str s)
{
	char *p = str_z(c->mem, s);

	for (ptrdiff_t i = 0; i < s.n; i++)
		if ((unsigned char)p[i] < ' ')
			p[i] = ' ';
	return str_trim((str){ p, s.n });
}

enum rc exam_goes_public(struct ctx *c, void *row)
{
	struct exam *e = row;
	instant now = { c->now.v / 1000 * 1000 };            /* the statement is exact to the second */
	struct issue v = { .exam = e->code, .name = one_line(c, e->name), .year = e->year };

	v.by = one_line(c, publisher(c, e));
	v.published = instant_iso(c->mem, now);
	TRY(live_publish(c, &v));
	e->published = now;
	e->candidates = v.count;
	e->root = hex_of(c->mem, v.root.b, 32);
	e->publisher = v.by;
	e->withdrawn = (instant){ 0 };
	e->reason = S("");
	return OK;
}

enum rc exam_says_why(struct ctx *c, const void *row)
{
	const struct exam *e = row;

	return str_trim(e->reason).n ? OK : FAIL(c, E_INVALID, offsetof(struct exam, reason), &MSG_why);
}

enum rc exam_goes_back(struct ctx *c, void *row)
{
	struct exam *e = row;
	struct withdrawn w = { .exam = e->code, .name = one_line(c, e->name), .year = e->year, .reason = e->reason };

	w.by = e->publisher.n ? e->publisher : one_line(c, publisher(c, e));
	w.at = c->now;
	e->published = (instant){ 0 };
	e->withdrawn = c->now;
	e->root = e->publisher = S("");
	return live_withdraw(c, &w);
}
