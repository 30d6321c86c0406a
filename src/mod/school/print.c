/* print.c -- documents of the school on paper: class lists, the attendance of a month, papers of a move. */
#include "mod/school/class.h"
#include "mod/school/month.h"

/* ---- class list ------------------------------------------------------------------------------------- */

struct class_paper { items head, classes; };
#define ROW struct class_paper
static const struct shape class_paper_shape = { sizeof(ROW), FIELDS{ { MANY(head, letterhead_shape) },
	{ MANY(classes, class_shape) }, END } };
#undef ROW

static enum rc class_paper(struct ctx *c, const void *row, const void *in, void *out_)
{
	const struct school_class *k = row;
	struct class_paper *out = out_;
	struct class_view *v = NEW(c->mem, struct class_view);

	(void)in;
	TRY(org_letterhead(c, k->base.org, &out->head));
	TRY(class_list(c, &(struct class_in){ .class = { k->base.id } }, v));
	out->classes = (items){ v, 1 };
	return OK;
}

/* ---- pupils' cards -------------------------------------------------------------------------------------- */

struct pupil_card { str name; day born; str code; file_id photo; };
struct card_row { items two; bool odd; };
struct cards_paper { str school, class_name, year; items rows; bool none; };
#define ROW struct pupil_card
static const struct shape card_shape = { sizeof(ROW), FIELDS{ { COL(name) }, { COL(born) }, { COL(code) },
	{ COL(photo) }, END } };
#undef ROW
#define ROW struct card_row
static const struct shape card_row_shape = { sizeof(ROW), FIELDS{ { MANY(two, card_shape) }, { COL(odd) }, END } };
#undef ROW
#define ROW struct cards_paper
static const struct shape cards_shape = { sizeof(ROW), FIELDS{ { COL(school) }, { COL(class_name) }, { COL(year) },
	{ MANY(rows, card_row_shape) }, { COL(none) }, END } };
#undef ROW

/* Two side by side, to be cut out. */
static enum rc cards_paper(struct ctx *c, const void *row, const void *in, void *out_)
{
	const struct school_class *k = row;
	struct cards_paper *out = out_;
	items got;

	(void)in;
	TRY(query(c, "school/class_cards", &class_in_shape, &(struct class_in){ .class = { k->base.id } }, &card_shape,
		&got, 120));
	struct card_row *rows = NEWS(c->mem, struct card_row, got.n / 2 + 1);
	int64_t n = (got.n + 1) / 2;
	for (int64_t i = 0; i < n; i++) {
		bool odd = 2 * i + 1 == got.n;
		rows[i] = (struct card_row){ { (const struct pupil_card *)got.p + 2 * i, odd ? 1 : 2 }, odd };
	}
	*out = (struct cards_paper){ title_of(c, &org, k->base.org.v), k->name, title_of(c, &school_year, k->year.v),
		{ rows, n }, n == 0 };
	return OK;
}

/* ---- attendance of a month ---------------------------------------------------------------------------- */

struct month_in { day on_day; };

static enum rc month_now(struct ctx *c, void *in)
{
	((struct month_in *)in)->on_day = c->today;
	return OK;
}
#define ROW struct month_in
static const struct shape month_in_shape = { sizeof(ROW), FIELDS{ { COL(on_day),
	.label = { "Tháng có ngày", "Month that has the day" }, .is = NEEDED, .fill = month_now }, END } };
#undef ROW

/* A month that is over is signed by whose form the class was then. */
static day month_signed(const struct ctx *c, day within)
{
	struct ymd d = day_ymd(within);
	day next;

	day_of(d.m == 12 ? d.y + 1 : d.y, d.m == 12 ? 1 : d.m + 1, 1, &next);
	return next.v <= c->today.v ? (day){ next.v - 1 } : c->today;
}

static enum rc month_paper(struct ctx *c, const void *row, const void *in, void *out_)
{
	const struct school_class *k = row;
	struct month_paper *out = out_;

	TRY(month_of_class(c, k, ((const struct month_in *)in)->on_day, out));
	TRY(form_teacher_on(c, k, month_signed(c, ((const struct month_in *)in)->on_day), &out->teacher));
	out->year = title_of(c, &school_year, k->year.v);
	return org_letterhead(c, k->base.org, &out->head);
}

/* ---- papers of a move ------------------------------------------------------------------------------------ */

struct move_paper_in { int64_t move; };
struct move_row { str pupil; day born; str sex, birthplace, class, year, from, to, from_place, to_place, guardian; };
struct move_paper { items head; str pupil, born, sex, birthplace, class, grade, year, from, to, from_place, to_place,
	guardian, reason, note, wanted, dated; };
#define ROW struct move_paper_in
static const struct shape move_paper_in_shape = { sizeof(ROW), FIELDS{ { COL(move) }, END } };
#undef ROW
#define ROW struct move_row
static const struct shape move_row_shape = { sizeof(ROW), FIELDS{ { COL(pupil) }, { COL(born) }, { COL(sex) },
	{ COL(birthplace) }, { COL(class) }, { COL(year) }, { COL(from) }, { COL(to) },
	{ COL(from_place) }, { COL(to_place) }, { COL(guardian) }, END } };
#undef ROW
#define ROW struct move_paper
static const struct shape move_paper_shape = { sizeof(ROW), FIELDS{ { MANY(head, letterhead_shape) }, { COL(pupil) },
	{ COL(born) }, { COL(sex) }, { COL(birthplace) }, { COL(class) },
	{ COL(grade) }, { COL(year) }, { COL(from) }, { COL(to) }, { COL(from_place) }, { COL(to_place) },
	{ COL(guardian) }, { COL(reason) }, { COL(note) }, { COL(wanted) }, { COL(dated) }, END } };
#undef ROW

static str reason_text(struct ctx *c, const struct move *m)
{
	const struct field *f = move.fields;

	while (f->at != offsetof(struct move, reason))
		f++;
	return say(c, &f->pick[m->reason].label);
}

static enum rc move_paper(struct ctx *c, const void *row, const void *in, void *out_)
{
	const struct move *m = row;
	struct move_paper *out = out_;
	struct move_paper_in key = { m->base.id };
	struct move_row r;

	(void)in;
	TRY(query_one(c, "school/move_paper", &move_paper_in_shape, &key, &move_row_shape, &r));
	TRY(org_letterhead(c, m->base.org, &out->head));
	out->pupil = r.pupil;
	out->born = day_text(c->mem, r.born);
	out->sex = str_is(r.sex, "male") ? S("Nam") : str_is(r.sex, "female") ? S("Nữ") : S("");
	out->birthplace = r.birthplace;
	out->class = r.class;
	out->grade = say(c, &grades[m->grade].label);
	out->year = r.year;
	out->from = r.from;
	out->to = r.to;
	out->from_place = r.from_place;
	out->to_place = r.to_place;
	out->guardian = r.guardian;
	out->reason = reason_text(c, m);
	out->note = m->note;
	out->wanted = day_text(c->mem, m->wanted);
	out->dated = ((const struct letterhead *)out->head.p)->dated;
	return OK;
}

/* The school that is left gives it once it lets the pupil go. */
static enum rc referral_paper(struct ctx *c, const void *row, const void *in, void *out)
{
	static const struct tr MSG_not_released = { "Chỉ in giấy giới thiệu khi trường đi đã cho chuyển.",
		"The referral is printed once the school left has released the pupil." };
	const struct move *m = row;

	if (m->state != MOVE_RELEASED && m->state != MOVE_DONE)
		return FAIL(c, E_STATE, 0, &MSG_not_released);
	return move_paper(c, row, in, out);
}

const struct print school_prints[] = {
	{ "list", { "Danh sách lớp", "Class list" }, &school_class, "school/print-class", "A4 15 15 25 15", NULL,
		&class_paper_shape, class_paper, .people = "school/people_of_class" },
	{ "cards", { "Thẻ học sinh", "Pupils' cards" }, &school_class, "school/print-cards", "A4 10 12 10 10", NULL,
		&cards_shape, cards_paper, .people = "school/people_of_class" },
	{ "month", { "Sổ điểm danh tháng", "Attendance of a month" }, &school_class, "school/print-month",
		"A4 ngang 12 15 15 10", &month_in_shape, &month_paper_shape, month_paper,
		.people = "school/people_of_class" },
	{ "request", { "Đơn xin chuyển trường", "Request to move" }, &move, "school/print-request", "A4", NULL,
		&move_paper_shape, move_paper, .people = ABOUT_ONE },
	{ "referral", { "Giấy giới thiệu chuyển trường", "Referral" }, &move, "school/print-referral", "A4", NULL,
		&move_paper_shape, referral_paper, .people = ABOUT_ONE }, END };
