/* activate.c -- accounts of guardians by a printed sheet: slips to cut, each with a one-time code, a page where the
 * code and the child's birthday open an account. A sheet printed again voids the codes of the one before; a guardian
 * with children in several classes or schools holds a slip of each, and the first that is used voids the others. */
#include "mod/contact/contact_in.h"
#include "base/hash.h"
#include "core/once.h"
#include "core/print.h"
#include "mod/auth/auth_in.h"
#include "mod/org/org.h"

static const struct tr
MSG_title = { "Kích hoạt tài khoản phụ huynh", "Activate a guardian's account" },
MSG_wrong = { "Mã hoặc ngày sinh của con chưa đúng, hoặc mã đã dùng rồi, đã hết hạn hay đã có phiếu in lại mới hơn.",
	"The code or the child's birthday is not right, or the code was used, has expired or gave way to a newer slip." },
MSG_again = { "Hai lần nhập mật khẩu không giống nhau.", "The two passwords differ." },
MSG_wait = { "Sai nhiều lần: thử lại sau {1} giây.", "Wrong too often: try again in {1} seconds." },
MSG_has = { "Phụ huynh này đã có tài khoản, hoặc không còn con học lớp này.",
	"This guardian has an account, or no child in this class any more." },
MSG_all_have = { "Phụ huynh của lớp đều đã có tài khoản.", "The guardians of the class all have accounts." };

enum { CODE_LETTERS = 12, GOOD_DAYS = 30, TRIES = 5, SLIPS = 120, CLASSES = 200 };

/* What the table keeps of a code: nobody who reads the table can use one. */
static str kept_of(struct ctx *c, str code)
{
	digest key;

	memcpy(key.b, c->app->secret, sizeof key.b);
	key = hash_keyed(key, TEXT(c, "activation %.*s", FMT(code)));
	return hex_of(c->mem, key.b, sizeof key.b);
}

/* ---- GET /contact/activation -------------------------------------------------------------------------------- */

struct class_row { int64_t id; str name; int64_t guardians, accounts, codes; };
#define ROW struct class_row
static const struct shape class_shape_ = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(name) }, { COL(guardians) },
	{ COL(accounts) }, { COL(codes) }, END } };
#undef ROW
struct sheets_view { str title; bool none; items classes; };
#define ROW struct sheets_view
const struct shape sheets_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(none) }, { MANY(classes, class_shape_) },
	END } };
#undef ROW

static org_id office_of(const struct ctx *c)
{
	org_id at = seat_org(c, &it_officer);

	return at.v ? at : seat_org(c, &principal);
}

enum rc sheets_page(struct ctx *c, const void *in, void *out_)
{
	struct sheets_view *out = out_;

	(void)in;
	out->title = say(c, &MSG_title);
	TRY(query(c, "contact/sheets", &key_shape, &(struct key_in){ .school = office_of(c), .after = c->now.v },
		&class_shape_, &out->classes, CLASSES));
	out->none = out->classes.n == 0;
	return OK;
}

/* ---- POST /contact/activation/{class} ------------------------------------------------------------------------- */

/* guardian 0: of the whole class. */
struct sheet_in_ { school_class_id class; person_id guardian; };
#define ROW struct sheet_in_
const struct shape activation_in_shape = { sizeof(ROW), FIELDS{ { REF(class, school_class), .is = NEEDED },
	{ REF(guardian, person) }, END } };
#undef ROW
/* until: of the slip the guardian holds; NO_DAY: none that is good. */
struct guard_line { person_id guardian, pupil; str name, child; day until; };
#define ROW struct guard_line
static const struct shape guard_line_shape = { sizeof(ROW), FIELDS{ { REF(guardian, person) }, { REF(pupil, person) },
	{ COL(name) }, { COL(child) }, { COL(until) }, END } };
#undef ROW
struct slip { str name, child, code, link, until; };
#define ROW struct slip
static const struct shape slip_shape = { sizeof(ROW), FIELDS{ { COL(name) }, { COL(child) }, { COL(code) },
	{ COL(link) }, { COL(until) }, END } };
#undef ROW
struct slips { items slips; };
#define ROW struct slips
static const struct shape slips_shape = { sizeof(ROW), FIELDS{ { MANY(slips, slip_shape) }, END } };
#undef ROW
struct paper_ { items head; str class_name, site; items rows; };
#define ROW struct paper_
static const struct shape activation_paper_shape = { sizeof(ROW), FIELDS{ { MANY(head, letterhead_shape) },
	{ COL(class_name) }, { COL(site) }, { MANY(rows, slips_shape) }, END } };
#undef ROW

/* As the installation. The code stands on paper only. */
static enum rc make_slip(struct ctx *c, const struct school_class *k, const struct guard_line *g, str site,
	struct slip *ret)
{
	struct activation a;

	row_zero(&activation, &a);
	a.base.org = k->base.org;
	a.class.v = k->base.id;
	a.guardian = g->guardian;
	a.pupil = g->pupil;
	a.until = (day){ c->today.v + GOOD_DAYS };
	ret->code = code_make(c, CODE_LETTERS);
	a.code = kept_of(c, code_read(c->mem, ret->code));
	TRY(execute(c, "contact/void_slips", &key_shape, &(struct key_in){ .pupil = g->guardian, .class = a.class,
		.id = g->pupil.v }, NULL));
	TRY(create(c, &activation, &a));
	ret->name = g->name;
	ret->child = g->child;
	ret->until = day_text(c->mem, a.until);
	ret->link = TEXT(c, "%.*s/kich-hoat?code=%.*s", FMT(site), FMT(ret->code));
	return OK;
}

static enum rc make_slips(struct ctx *c, const struct school_class *k, person_id only, str site, struct slip *slips,
	int64_t *ids, int64_t *n)
{
	items got;

	TRY(query(c, "contact/without_account", &key_shape, &(struct key_in){ .class = { k->base.id } },
		&guard_line_shape, &got, SLIPS));
	*n = 0;
	for (int64_t i = 0; i < got.n; i++) {
		const struct guard_line *g = (const struct guard_line *)got.p + i;
		if (only.v && g->guardian.v != only.v)
			continue;
		ids[*n] = g->pupil.v;
		TRY(make_slip(c, k, g, site, &slips[(*n)++]));
	}
	return OK;
}

enum rc sheets_print(struct ctx *c, const void *in_, void *out)
{
	const struct sheet_in_ *in = in_;
	struct slip *slips = NEWS(c->mem, struct slip, SLIPS);
	int64_t *ids = NEWS(c->mem, int64_t, SLIPS), n = 0;
	struct paper_ paper;
	struct school_class k;
	struct stamp stamp;

	(void)out;
	TRY(only_in_person(c));
	TRY(find(c, &school_class, in->class.v, &k));
	if (k.base.org.v != office_of(c).v)
		return E_MISSING;
	str site = site_address(c, k.base.org);
	TRY(once_drop(c));
	const struct actor *who = as_system(c, "activation codes of the guardians of a class");
	enum rc rc = make_slips(c, &k, in->guardian, site, slips, ids, &n);
	as_actor(c, who);
	TRY(rc);
	if (n == 0)
		return FAIL(c, E_STATE, 0, in->guardian.v ? &MSG_has : &MSG_all_have);
	struct slips *pairs = NEWS(c->mem, struct slips, n / 2 + 1);
	for (int64_t i = 0; i < n; i += 2)
		pairs[i / 2].slips = (items){ &slips[i], i + 1 < n ? 2 : 1 };
	paper.rows = (items){ pairs, (n + 1) / 2 };
	paper.class_name = k.name;
	paper.site = site;
	TRY(org_letterhead(c, k.base.org, &paper.head));
	TRY(audit(c, k.base.org, "school_class", k.base.id, "activation_sheet", int_text(c->mem, n)));
	TRY(take_out(c, &contact_takes[0], ids, n, &stamp));
	return print_answer(c, S("Phiếu kích hoạt"), S("A4 12 15 15 15"), "contact/print-activation",
		&activation_paper_shape, &paper, stamp);
}

/* ---- GET /contact/activation/{class}: who of a class has no account yet, a slip for each alone ------------- */

struct without_view { str title; int64_t class; bool none; items lines; };
struct without_line { int64_t i; person_id guardian; str name, child, until; };
#define ROW struct without_line
static const struct shape without_line_shape = { sizeof(ROW), FIELDS{ { COL(i) }, { REF(guardian, person) },
	{ COL(name) }, { COL(child) }, { COL(until) }, END } };
#undef ROW
#define ROW struct without_view
const struct shape without_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(class) }, { COL(none) },
	{ MANY(lines, without_line_shape) }, END } };
#undef ROW

enum rc without_page(struct ctx *c, const void *in_, void *out_)
{
	static const struct tr title = { "Phụ huynh lớp {1} chưa có tài khoản",
		"Guardians of class {1} without an account" };
	const struct sheet_in_ *in = in_;
	struct without_view *out = out_;
	struct school_class k;
	items got;

	TRY(find(c, &school_class, in->class.v, &k));
	if (k.base.org.v != office_of(c).v)
		return E_MISSING;
	TRY(query(c, "contact/without_account", &key_shape, &(struct key_in){ .class = in->class }, &guard_line_shape,
		&got, SLIPS));
	struct without_line *v = NEWS(c->mem, struct without_line, got.n + 1);
	for (int64_t i = 0; i < got.n; i++) {
		const struct guard_line *g = (const struct guard_line *)got.p + i;
		v[i] = (struct without_line){ i, g->guardian, g->name, g->child,
			g->until.v == NO_DAY.v ? S("") : day_text(c->mem, g->until) };
	}
	*out = (struct without_view){ sayf(c, &title, ARGS(k.name)), k.base.id, got.n == 0, { v, got.n } };
	return OK;
}

/* ---- /kich-hoat
 * ---------------------------------------------------------------------------------------------------- */

struct activate_in { str code; day born; str fresh, again; };
#define ROW struct activate_in
const struct shape activate_in_shape = { sizeof(ROW), FIELDS{ { COL(code), .max = 40, .label = { "Mã", "Code" } },
	{ COL(born), .label = { "Ngày sinh của con", "The child's birthday" } },
	{ COL(fresh), .max = 256, .label = { "Mật khẩu", "Password" } },
	{ COL(again), .max = 256, .label = { "Nhập lại mật khẩu", "Password again" } }, END } };
#undef ROW
/* asks: the form is there; without a code somebody who is signed in has nothing to do here. */
struct activate_view { str title, code, born, login, problem; bool done, asks; };
#define ROW struct activate_view
const struct shape activate_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(code) }, { COL(born) }, { COL(login) },
	{ COL(problem) }, { COL(done) }, { COL(asks) }, END } };
#undef ROW
struct good_row { int64_t id, org; person_id guardian, pupil; str name; day born; int64_t tries; };
#define ROW struct good_row
const struct shape activation_good_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(org) }, { REF(guardian, person) },
	{ REF(pupil, person) }, { COL(name) }, { COL(born) }, { COL(tries) }, END } };
#undef ROW

enum rc activate_page(struct ctx *c, const void *in_, void *out_)
{
	const struct activate_in *in = in_;
	struct activate_view *out = out_;

	out->title = say(c, &MSG_title);
	out->code = in->code;
	out->born = day_text(c->mem, in->born);
	out->asks = !c->who->user.v || in->code.n;
	return OK;
}

/* The page again, with what was typed. Answering, not failing: the count of failures is kept. */
static enum rc say_wrong(struct ctx *c, struct activate_view *out, str why)
{
	out->problem = why;
	answer_with(c, 422);
	return OK;
}

static enum rc wrong(struct ctx *c, const struct guess *g, int64_t id, struct activate_view *out)
{
	int64_t failures;

	TRY(guess_failed(c, g, &failures));
	if (id)
		TRY(execute(c, "contact/code_missed", &key_shape, &(struct key_in){ .id = id }, NULL));
	return say_wrong(c, out, say(c, &MSG_wrong));
}

static enum rc free_login(struct ctx *c, str name, str *ret)
{
	str folded = viet_fold(c->mem, name);
	ptrdiff_t i = folded.n;
	struct account a;

	while (i > 0 && folded.p[i - 1] >= 'a' && folded.p[i - 1] <= 'z')
		i--;
	folded = str_sub(folded, i, -1);
	for (int k = 0; k < 20; k++) {
		uint8_t r[2];
		fresh_bytes(c, r, sizeof r);
		*ret = TEXT(c, "%.*s.%04d", FMT(folded.n >= 2 ? str_sub(folded, 0, 20) : S("phuhuynh")),
			(r[0] << 8 | r[1]) % 10000);
		enum rc rc = auth_find(c, *ret, &a);
		if (rc != OK)
			return rc == E_MISSING ? OK : rc;
	}
	return E_BUSY;
}

static enum rc open_account(struct ctx *c, const struct good_row *g, str password, str *ret_login)
{
	struct new_account n = { .name = g->name, .person = g->guardian, .org = { g->org }, .role = &parent,
		.password = password };

	TRY(free_login(c, g->name, &n.login));
	*ret_login = n.login;
	TRY(auth_demo(c, &n, 1, false, NULL));
	return execute(c, "contact/void_codes", &key_shape, &(struct key_in){ .pupil = g->guardian }, NULL);
}

/* Empty: the new password may be used. */
static str password_problem(struct ctx *c, const struct activate_in *in, const struct good_row *g)
{
	const str context[] = { g->name, day_text(c->mem, g->born) };
	const struct tr *flaw = password_flaw(c->mem, in->fresh, PASSWORD_MIN, context, (int)COUNT(context));

	if (flaw)
		return sayf(c, flaw, ARGS(TEXT(c, "%d", PASSWORD_MIN)));
	return str_eq(in->fresh, in->again) ? S("") : say(c, &MSG_again);
}

enum rc activate_do(struct ctx *c, const void *in_, void *out_)
{
	const struct activate_in *in = in_;
	struct activate_view *out = out_;
	struct good_row g;
	str code = code_read(c->mem, in->code);
	struct guess guess = guess_of(c, TEXT(c, "activation %.*s", FMT(code)));
	int64_t seconds;

	TRY(activate_page(c, in, out));
	TRY(guess_wait(c, &guess, &seconds));
	if (seconds)
		return say_wrong(c, out, sayf(c, &MSG_wait, ARGS(TEXT(c, "%lld", (long long)seconds))));
	enum rc rc = query_one(c, "contact/code", &key_shape, &(struct key_in){ .words = kept_of(c, code) },
		&activation_good_shape, &g);
	if (rc == E_MISSING)
		return wrong(c, &guess, 0, out);
	TRY(rc);
	if (g.tries >= TRIES || in->born.v != g.born.v || g.born.v == NO_DAY.v)
		return wrong(c, &guess, g.id, out);
	str flaw = password_problem(c, in, &g);
	if (flaw.n)
		return say_wrong(c, out, flaw);
	TRY(once_drop(c));
	const struct actor *who = as_system(c, "a guardian opens an account with a code of the school");
	rc = open_account(c, &g, in->fresh, &out->login);
	as_actor(c, who);
	TRY(rc);
	TRY(guess_right(c, &guess));
	out->done = true;
	return OK;
}
