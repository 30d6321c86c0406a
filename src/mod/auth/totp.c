/* totp.c -- two-step sign-in by one-time codes (RFC 6238): enrolment, use, recovery codes. */
#include <liboath/oath.h>
#include <qrencode.h>
#include <stdlib.h>
#include "base/hash.h"
#include "core/once.h"
#include "mod/auth/auth_in.h"

enum { SECRET_BYTES = 20, STEP_S = 30, WINDOW = 1, CODES = 10, CODE_LETTERS = 12 };

static const struct tr
	MSG_title = { "Xác thực hai bước", "Two-step sign-in" },
	MSG_code = { "Mã không đúng. Kiểm tra giờ của điện thoại, đợi mã mới rồi nhập lại.",
		"The code is wrong. Check the phone's clock and enter the next code." },
	MSG_password = { "Mật khẩu không đúng.", "The password is wrong." },
	MSG_off = { "Đã tắt xác thực hai bước.", "Two-step sign-in is off." },
	MSG_already = { "Xác thực hai bước đang bật rồi.", "Two-step sign-in is on already." },
	MSG_wait = { "Đã thử sai nhiều lần. Hãy đợi {1} giây rồi thử lại.",
		"Too many wrong tries. Wait {1} seconds, then try again." };

struct totp_args { int64_t account, org, step; str totp, digest; };
#define ROW struct totp_args
static const struct shape totp_args = { sizeof(ROW), FIELDS{ { COL(account) }, { COL(org) }, { COL(step) },
	{ COL(totp) }, { COL(digest) }, END } };
#undef ROW

/* ---- sealed texts -------------------------------------------------------------------------------- */

/* Bound to one account: a box copied to another row does not open. */
static const char *purpose_of(struct ctx *c, const char *word, int64_t account_)
{
	return str_z(c->mem, str_fmt(c->mem, "%s %lld", word, (long long)account_));
}

/* ---- codes ---------------------------------------------------------------------------------------- */

static str recovery_digest(struct ctx *c, int64_t account_, str code)
{
	digest d = hash_keyed(seal_key(c, "recovery"), str_fmt(c->mem, "%lld %.*s", (long long)account_, FMT(code)));

	return hex_of(c->mem, d.b, sizeof d.b);
}

/* The step a code belongs to; false for a wrong one. */
static bool code_step(struct ctx *c, str secret, str code, int64_t *ret_step)
{
	time_t now = (time_t)(c->now.v / 1000);
	int at = 0, rc;

	if (code.n != 6)
		return false;
	rc = oath_totp_validate2(secret.p, (size_t)secret.n, now, STEP_S, 0, WINDOW, &at, str_z(c->mem, code));
	if (rc < 0)
		return false;
	*ret_step = now / STEP_S + at;
	return true;
}

/* Only one request wins a code: the update names the step it must be after. */
static enum rc use_step(struct ctx *c, int64_t account_, int64_t step_, bool *ret)
{
	struct totp_args in = { .account = account_, .step = step_ };
	int64_t n = 0;

	TRY(execute(c, "auth/totp_use", &totp_args, &in, &n));
	*ret = n == 1;
	return OK;
}

enum rc second_factor(struct ctx *c, const struct proof *p, str typed, bool *ret)
{
	struct totp_args in = { .account = p->account };
	str code = code_read(c->mem, typed), secret;
	int64_t at, n = 0;

	*ret = false;
	if (p->totp.n && unsealed(c, purpose_of(c, "totp", p->account), p->totp, &secret) &&
		code_step(c, secret, code, &at))
		return use_step(c, p->account, at, ret);
	if (code.n != CODE_LETTERS)
		return OK;
	in.digest = recovery_digest(c, p->account, code);
	TRY(execute(c, "auth/recovery_use", &totp_args, &in, &n));
	*ret = n == 1;
	return OK;
}

/* ---- enrolment -------------------------------------------------------------------------------------- */

static str base32(struct ctx *c, str secret)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	struct buf b;
	unsigned bits = 0, held = 0;

	buf_init(&b, c->mem, 64);
	for (ptrdiff_t i = 0; i < secret.n; i++) {
		held = held << 8 | (uint8_t)secret.p[i];
		for (bits += 8; bits >= 5; bits -= 5)
			put_c(&b, letters[held >> (bits - 5) & 31]);
	}
	return buf_str(&b);
}

static str grouped(struct ctx *c, str s)
{
	struct buf b;

	buf_init(&b, c->mem, 100);
	for (ptrdiff_t i = 0; i < s.n; i++) {
		if (i && i % 4 == 0)
			put_c(&b, ' ');
		put_c(&b, s.p[i]);
	}
	return buf_str(&b);
}

/* Dark modules as one path; presentation attributes only, as the content security policy wants. */
static html qr_svg(struct ctx *c, str text)
{
	QRcode *q = QRcode_encodeString8bit(str_z(c->mem, text), 0, QR_ECLEVEL_M);
	struct buf b;

	buf_init(&b, c->mem, 65536);
	if (!q)
		return (html){ { "", 0 } };
	put_fmt(&b,
		"<svg class=\"qr\" role=\"img\" aria-label=\"QR\" xmlns=\"http://www.w3.org/2000/svg\" width=\"240\" "
			"height=\"240\" viewBox=\"-4 -4 %d %d\" "
		"shape-rendering=\"crispEdges\"><rect x=\"-4\" y=\"-4\" width=\"100%%\" height=\"100%%\" "
			"fill=\"#ffffff\"/><path fill=\"#000000\" d=\"", q->width + 8, q->width + 8);
	for (int y = 0; y < q->width; y++)
		for (int x = 0; x < q->width; x++)
			if (q->data[y * q->width + x] & 1)
				put_fmt(&b, "M%d %dh1v1h-1z", x, y);
	put_z(&b, "\"/></svg>");
	QRcode_free(q);
	return html_made(buf_str(&b), "numbers from the QR encoder");
}

static str enrol_address(struct ctx *c, const struct proof *p, str secret)
{
	struct buf b;

	buf_init(&b, c->mem, 500);
	put_z(&b, "otpauth://totp/Khu%C3%AA:");
	put_url(&b, p->login);
	put_fmt(&b, "?secret=%.*s&issuer=Khu%%C3%%AA&algorithm=SHA1&digits=6&period=30", FMT(base32(c, secret)));
	return buf_str(&b);
}

/* The same until it is taken up, so that a mistyped code does not ask for another scan; another in each session and
 * after each enrolment. Nothing is written before a code has proven that the app holds it. */
static str offered(struct ctx *c, const struct proof *p)
{
	digest d = hash_keyed(seal_key(c, "enrol"), str_fmt(c->mem, "%lld %lld %lld", (long long)p->account,
		(long long)c->who->session, (long long)p->totp_step));

	return str_copy(c->mem, (str){ (const char *)d.b, SECRET_BYTES });
}

static void offer(struct ctx *c, const struct proof *p, struct totp_out *out)
{
	str secret = offered(c, p);

	out->key = grouped(c, base32(c, secret));
	out->qr = qr_svg(c, enrol_address(c, p, secret));
}

static enum rc begin(struct ctx *c, struct totp_out *out, struct proof *p)
{
	TRY(only_in_person(c));
	TRY(proof_of(c, c->who->user.v, S(""), p));
	out->title = say(c, &MSG_title);
	out->on = p->totp.n > 0;
	return OK;
}

enum rc totp_page(struct ctx *c, const void *in, void *out_)
{
	struct totp_out *out = out_;
	struct proof p;

	(void)in;
	TRY(begin(c, out, &p));
	if (!out->on)
		offer(c, &p, out);
	return OK;
}

enum rc recovery_end(struct ctx *c, int64_t account_)
{
	struct totp_args in = { .account = account_ };

	return execute(c, "auth/recovery_clear", &totp_args, &in, NULL);
}

/* What is kept are keyed digests. */
enum rc recovery_make(struct ctx *c, const struct proof *p, items *ret)
{
	struct totp_args in = { .account = p->account, .org = p->org };
	struct code_view *codes = NEWS(c->mem, struct code_view, CODES);

	TRY(recovery_end(c, p->account));
	for (int i = 0; i < CODES; i++) {
		codes[i].code = code_make(c, CODE_LETTERS);
		in.digest = recovery_digest(c, p->account, code_read(c->mem, codes[i].code));
		TRY(execute(c, "auth/recovery_add", &totp_args, &in, NULL));
	}
	*ret = (items){ codes, CODES };
	return OK;
}

/* Wrong passwords and codes count here as they do at the door. */
static enum rc guarded(struct ctx *c, const struct proof *p, struct guess *g)
{
	int64_t seconds;

	*g = guess_of(c, p->login);
	TRY(guess_wait(c, g, &seconds));
	return seconds ? FAILF(c, E_BUSY, 0, &MSG_wait, TEXT(c, "%lld", (long long)seconds)) : OK;
}

static enum rc wrong(struct ctx *c, const struct guess *g, col at, const struct tr *why)
{
	int64_t failures;

	TRY(guess_failed(c, g, &failures));
	TRY(settle(c));
	return FAIL(c, E_INVALID, at, why);
}

enum rc password_again(struct ctx *c, const struct proof *p, str password, col at)
{
	struct guess g;
	bool right, old;

	TRY(guarded(c, p, &g));
	TRY(settle(c));
	TRY(password_matches(c, p->hash, password, &right, &old));
	return right ? OK : wrong(c, &g, at, &MSG_password);
}

enum rc totp_enrol(struct ctx *c, const void *in_, void *out_)
{
	const struct totp_in *in = in_;
	struct totp_out *out = out_;
	struct totp_args q = { .account = c->who->user.v };
	struct proof p;
	struct guess g;
	str secret;

	TRY(begin(c, out, &p));
	TRY(guarded(c, &p, &g));
	if (out->on)
		return FAIL(c, E_STATE, 0, &MSG_already);
	secret = offered(c, &p);
	if (!code_step(c, secret, code_read(c->mem, in->code), &q.step))
		return wrong(c, &g, offsetof(struct totp_in, code), &MSG_code);
	TRY(once_drop(c));
	q.totp = sealed(c, purpose_of(c, "totp", p.account), secret);
	TRY(execute(c, "auth/totp_set", &totp_args, &q, NULL));
	TRY(recovery_make(c, &p, &out->codes));
	TRY(session_shown(c, p.must_change ? MUST_CHANGE : MUST_NOTHING));
	out->on = out->fresh = true;
	return audit(c, (org_id){ p.org }, "account", p.account, "totp_on", S(""));
}

enum rc totp_stop(struct ctx *c, const void *in_, void *out_)
{
	const struct totp_in *in = in_;
	struct totp_args q = { .account = c->who->user.v };
	struct proof p;

	TRY(begin(c, out_, &p));
	TRY(password_again(c, &p, in->password, offsetof(struct totp_in, password)));
	TRY(execute(c, "auth/totp_clear", &totp_args, &q, NULL));
	TRY(trust_end(c, p.account));
	if (!p.passkeys)
		TRY(recovery_end(c, p.account));
	TRY(audit(c, (org_id){ p.org }, "account", p.account, "totp_off", S("")));
	return go_to(c, S("/tai-khoan"), &MSG_off);
}
