/* passkey.c -- passkeys: made, listed and given up by their owner, and held against at the door. */
#include "base/hash.h"
#include "base/log.h"
#include "core/once.h"
#include "mod/auth/auth_in.h"
#include "mod/auth/webauthn.h"

#define LASTS_MS 600000LL
enum { KEYS_MOST = 10, GONE_COPIED = 2 };
#define PAGE "/tai-khoan/khoa-truy-cap"

static const struct tr
	MSG_title = { "Khóa truy cập", "Passkeys" },
	MSG_made = { "Đã thêm khóa truy cập.", "The passkey is added." },
	MSG_gone = { "Đã bỏ khóa truy cập.", "The passkey is removed." },
	MSG_not_made = { "Không thêm được khóa: {1}", "The key was not added: {1}" },
	MSG_many = { "Mỗi tài khoản có nhiều nhất {1} khóa. Hãy bỏ bớt một khóa.",
		"An account has at most {1} keys. Remove one first." },
	MSG_known = { "Khóa này đã được dùng cho một tài khoản.", "This key belongs to an account already." },
	MSG_late = { "Quá lâu. Tải lại trang rồi làm lại.", "That took too long. Load the page again." },
	MSG_refused = { "Khóa truy cập không được chấp nhận. Hãy thử lại hoặc đăng nhập bằng cách khác.",
		"The passkey was not accepted. Try again or sign in another way." },
	MSG_unverified = { "Khóa chưa xác nhận người dùng (vân tay, khuôn mặt hoặc mã PIN). Hãy đăng nhập bằng mật khẩu "
		"rồi dùng khóa làm bước hai.",
		"The key has not checked its user (fingerprint, face or PIN). Sign in with the password and use it as the "
		"second step." },
	MSG_copied = { "Khóa truy cập này có dấu hiệu bị sao chép nên đã bị ngừng dùng. Hãy đăng nhập bằng cách khác "
		"và báo quản trị.",
		"This passkey seems to have been copied, so it is stopped. Sign in another way and tell your keeper." },
	MSG_alarm = { "Khóa truy cập của {1} có dấu hiệu bị sao chép (bộ đếm lùi) và đã bị ngừng dùng.",
		"A passkey of {1} seems to have been copied (its counter went back) and is stopped." };
static const struct tr flaw_words[] = {
	[WEBAUTHN_CLIENT] = { "trình duyệt gửi dữ liệu hỏng", "the browser sent broken data" },
	[WEBAUTHN_TYPE] = { "trình duyệt làm việc khác", "the browser did something else" },
	[WEBAUTHN_CHALLENGE] = { "trang đã quá cũ, hãy tải lại", "the page is too old, load it again" },
	[WEBAUTHN_ORIGIN] = { "địa chỉ của trang không đúng", "the page's address is wrong" },
	[WEBAUTHN_DATA] = { "khóa gửi dữ liệu hỏng", "the key sent broken data" },
	[WEBAUTHN_RP] = { "khóa thuộc trang khác", "the key is for another site" },
	[WEBAUTHN_ABSENT] = { "chưa chạm vào khóa", "the key was not touched" },
	[WEBAUTHN_UNVERIFIED] = { "khóa chưa xác nhận người dùng", "the key has not checked its user" },
	[WEBAUTHN_KEY] = { "loại khóa chưa được hỗ trợ", "this kind of key is not supported" },
	[WEBAUTHN_STATEMENT] = { "lời chứng của khóa không đọc được", "the key's statement cannot be read" },
	[WEBAUTHN_SIGNATURE] = { "chữ ký không đúng", "the signature is wrong" } };

struct key_args { int64_t id, org, account, count, gone; str ext, key, rp, label, digest; bool verified;
	instant ends; };
struct key_row { int64_t id, account; str ext, key, rp, label; int64_t count; instant made, used; int64_t gone; };
#define ROW struct key_args
static const struct shape key_args = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(org) }, { COL(account) },
	{ COL(count) }, { COL(gone) }, { COL(ext) }, { COL(key) }, { COL(rp) }, { COL(label) }, { COL(digest) },
	{ COL(verified) }, { COL(ends) }, END } };
#undef ROW
#define ROW struct key_row
static const struct shape key_row = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(account) }, { COL(ext) }, { COL(key) },
	{ COL(rp) }, { COL(label) }, { COL(count) }, { COL(made) }, { COL(used) }, { COL(gone) }, END } };
#undef ROW

/* ---- challenges ------------------------------------------------------------------------------- */

/* What ties a challenge to this browser: its session, or before there is one a cookie of its own. */
static str tie(struct ctx *c, bool make)
{
	uint8_t bits[16];
	str token;

	if (c->who->session)
		return TEXT(c, "s%lld", (long long)c->who->session);
	token = other_cookie_of(c, "cua");
	if (token.n != 22 && make) {
		fresh_bytes(c, bits, sizeof bits);
		token = base64url_of(c->mem, bits, sizeof bits);
		other_cookie(c, "cua", token, -1);
	}
	return token.n == 22 ? token : S("");
}

enum rc passkey_ask(struct ctx *c, int64_t account_, str *ret)
{
	*ret = sealed(c, "passkey", TEXT(c, "%lld %.*s %lld", (long long)account_, FMT(tie(c, true)),
		(long long)(c->now.v + LASTS_MS)));
	return OK;
}

/* Ours, for this browser and account, and not too old. */
static bool ours(struct ctx *c, int64_t account_, str challenge, instant *ret_ends)
{
	str text, whose, bound, mine = tie(c, false);
	int64_t id;

	return unsealed(c, "passkey", challenge, &text) && str_cut(text, ' ', &whose, &text) &&
		str_cut(text, ' ', &bound, &text) && str_to_int(whose, &id) && id == account_ && mine.n &&
		str_eq(bound, mine) && str_to_int(text, &ret_ends->v) && ret_ends->v >= c->now.v;
}

/* Only one request wins a challenge. */
static enum rc use_once(struct ctx *c, str challenge, instant ends, bool *ret)
{
	digest d = hash_of(challenge);
	struct key_args in = { .digest = hex_of(c->mem, d.b, sizeof d.b), .ends = ends };
	int64_t n = 0;

	TRY(execute(c, "auth/challenge_use", &key_args, &in, &n));
	*ret = n == 1;
	return OK;
}

static struct ceremony asked(struct ctx *c, str challenge, bool verified)
{
	str origin = own_origin(c), rp = origin, port;

	str_cut(str_sub(rp, str_find(rp, S("//")) + 2, -1), ':', &rp, &port);
	return (struct ceremony){ challenge, origin, rp, verified };
}

/* ---- the owner's page ----------------------------------------------------------------------------- */

static enum rc keys_of(struct ctx *c, int64_t account_, items *ret)
{
	struct key_args in = { .account = account_ };

	return query(c, "auth/passkeys_of", &key_args, &in, &key_row, ret, KEYS_MOST);
}

enum rc passkey_names(struct ctx *c, int64_t account_, str *ret)
{
	items found;
	struct buf b;

	TRY(keys_of(c, account_, &found));
	buf_init(&b, c->mem, 16384);
	for (int64_t i = 0; i < found.n; i++) {
		put_z(&b, i ? " " : "");
		put(&b, ((const struct key_row *)found.p + i)->ext);
	}
	*ret = buf_str(&b);
	return OK;
}

/* What an authenticator keeps of the account: tells nothing to whoever reads it there. */
static str handle_of(struct ctx *c, int64_t account_)
{
	digest key, d;

	memcpy(key.b, c->app->secret, sizeof key.b);
	d = hash_keyed(key, TEXT(c, "khue passkey %lld", (long long)account_));
	return base64url_of(c->mem, d.b, 16);
}

static enum rc begin(struct ctx *c, struct passkeys_out *out, struct proof *p)
{
	TRY(only_in_person(c));
	TRY(proof_of(c, c->who->user.v, S(""), p));
	out->title = say(c, &MSG_title);
	out->login = p->login;
	out->name = p->name;
	return OK;
}

static enum rc list(struct ctx *c, struct passkeys_out *out, const struct proof *p)
{
	items found;
	struct passkey_view *v;

	TRY(keys_of(c, p->account, &found));
	v = NEWS(c->mem, struct passkey_view, found.n + 1);
	for (int64_t i = 0; i < found.n; i++) {
		const struct key_row *k = (const struct key_row *)found.p + i;

		v[i] = (struct passkey_view){ TEXT(c, "%lld", (long long)k->id), k->label, instant_text(c->mem, k->made),
			k->used.v ? instant_text(c->mem, k->used) : S("") };
	}
	out->passkeys = (items){ v, found.n };
	TRY(passkey_names(c, p->account, &out->keys));
	out->handle = handle_of(c, p->account);
	return passkey_ask(c, p->account, &out->challenge);
}

enum rc passkeys_page(struct ctx *c, const void *in, void *out)
{
	struct proof p;

	(void)in;
	TRY(begin(c, out, &p));
	return list(c, out, &p);
}

static enum rc verify_new(struct ctx *c, const struct proof *p, const struct passkey_in *in, struct webauthn_key *ret,
	struct ceremony *ret_asked)
{
	str client, object, challenge;
	enum webauthn_flaw flaw;
	instant ends;
	bool first;

	if (!base64url_read(c->mem, in->client, &client) || !base64url_read(c->mem, in->object, &object))
		return FAILF(c, E_INVALID, 0, &MSG_not_made, say(c, &flaw_words[WEBAUTHN_CLIENT]));
	challenge = webauthn_challenge(c->mem, client);
	if (!ours(c, p->account, challenge, &ends))
		return FAIL(c, E_INVALID, 0, &MSG_late);
	*ret_asked = asked(c, challenge, false);
	flaw = webauthn_made(c->mem, ret_asked, client, object, ret);
	if (flaw)
		return FAILF(c, E_INVALID, 0, &MSG_not_made, say(c, &flaw_words[flaw]));
	TRY(use_once(c, challenge, ends, &first));
	return first ? OK : FAIL(c, E_INVALID, 0, &MSG_late);
}

/* The first second factor brings its recovery codes, and ends what the session had to do for want of one. */
static enum rc first_factor(struct ctx *c, const struct proof *p, struct passkeys_out *out)
{
	out->fresh = true;
	TRY(once_drop(c));
	TRY(recovery_make(c, p, &out->codes));
	return session_shown(c, p->must_change ? MUST_CHANGE : MUST_NOTHING);
}

enum rc passkey_make(struct ctx *c, const void *in_, void *out_)
{
	const struct passkey_in *in = in_;
	struct passkeys_out *out = out_;
	struct webauthn_key key;
	struct ceremony of;
	struct proof p;
	int64_t n = 0;

	TRY(begin(c, out, &p));
	if (p.passkeys >= KEYS_MOST)
		return FAILF(c, E_STATE, 0, &MSG_many, TEXT(c, "%d", KEYS_MOST));
	TRY(password_again(c, &p, in->password, offsetof(struct passkey_in, password)));
	TRY(verify_new(c, &p, in, &key, &of));
	struct key_args add = { .id = new_id(c), .org = p.org, .account = p.account, .count = key.count,
		.ext = base64url_of(c->mem, key.id.p, (size_t)key.id.n),
		.key = base64url_of(c->mem, key.key.p, (size_t)key.key.n), .rp = of.rp,
		.label = in->label.n ? in->label : device_words(c, agent_words(c)), .verified = key.verified };
	TRY(execute(c, "auth/passkey_add", &key_args, &add, &n));
	if (n != 1)
		return FAIL(c, E_CONFLICT, 0, &MSG_known);
	TRY(audit(c, (org_id){ p.org }, "account", p.account, "passkey_on", add.label));
	if (has_second(&p))
		return go_to(c, S(PAGE), &MSG_made);
	return first_factor(c, &p, out);
}

enum rc passkey_drop(struct ctx *c, const void *in_, void *out)
{
	const struct passkey_in *in = in_;
	struct key_args end = { .id = in->id, .account = c->who->user.v, .gone = 1 };
	struct proof p;
	int64_t n = 0;

	TRY(begin(c, out, &p));
	TRY(password_again(c, &p, in->password, offsetof(struct passkey_in, password)));
	TRY(execute(c, "auth/passkey_end", &key_args, &end, &n));
	if (n != 1)
		return E_MISSING;
	if (p.passkeys == 1 && !p.totp.n) {
		TRY(recovery_end(c, p.account));
		TRY(trust_end(c, p.account));
	}
	TRY(audit(c, (org_id){ p.org }, "account", p.account, "passkey_off", S("")));
	return go_to(c, S(PAGE), &MSG_gone);
}

/* ---- at the door ------------------------------------------------------------------------------------ */

/* Two authenticators with one key: whichever comes second shows a number that was there before. */
static enum rc copied(struct ctx *c, const struct key_row *k, const struct tr **ret_flaw)
{
	struct key_args end = { .id = k->id, .account = k->account, .gone = GONE_COPIED };
	struct proof p;

	*ret_flaw = &MSG_copied;
	TRY(proof_of(c, k->account, S(""), &p));
	TRY(execute(c, "auth/passkey_end", &key_args, &end, NULL));
	log_line(LOG_WARN, "passkey_copied", "account", str_z(c->mem, TEXT(c, "%lld", (long long)k->account)), NULL);
	TRY(audit(c, (org_id){ p.org }, "account", p.account, "passkey_copied", k->label));
	TRY(notify(c, (user_id){ p.account }, &MSG_alarm, ARGS(p.name), S(PAGE)));
	return tell_keepers(c, (org_id){ p.org }, p.account, &MSG_alarm, ARGS(p.name));
}

struct answer { str client, data, sign, challenge; instant ends; };

static bool answer_read(struct ctx *c, const struct login_in *in, int64_t account_, struct answer *ret)
{
	if (!base64url_read(c->mem, in->client, &ret->client) || !base64url_read(c->mem, in->data, &ret->data) ||
		!base64url_read(c->mem, in->sign, &ret->sign))
		return false;
	ret->challenge = webauthn_challenge(c->mem, ret->client);
	return ours(c, account_, ret->challenge, &ret->ends);
}

static enum webauthn_flaw weigh(struct ctx *c, const struct key_row *k, const struct answer *a, bool verified,
	struct webauthn_use *use)
{
	struct ceremony of = asked(c, a->challenge, verified);
	str key;

	if (!str_eq(k->rp, of.rp))
		return WEBAUTHN_RP;
	return base64url_read(c->mem, k->key, &key) ?
		webauthn_shown(c->mem, &of, a->client, a->data, a->sign, key, use) : WEBAUTHN_KEY;
}

enum rc passkey_proves(struct ctx *c, const struct login_in *in, int64_t account_, int64_t *ret_account,
	const struct tr **ret_flaw)
{
	struct key_args q = { .ext = in->key };
	struct answer a;
	struct webauthn_use use;
	struct key_row k;
	enum webauthn_flaw flaw;
	int64_t n = 0;
	bool first;
	enum rc rc;

	*ret_account = 0;
	*ret_flaw = &MSG_late;
	if (!answer_read(c, in, account_, &a))
		return OK;
	*ret_flaw = &MSG_refused;
	rc = query_one(c, "auth/passkey_by_ext", &key_args, &q, &key_row, &k);
	if (rc == E_MISSING || (rc == OK && (k.gone || (account_ && k.account != account_))))
		return OK;
	TRY(rc);
	*ret_account = k.account;
	if (in->handle.n && !str_eq(in->handle, handle_of(c, k.account)))
		return OK;
	flaw = weigh(c, &k, &a, account_ == 0, &use);
	if (flaw) {
		*ret_flaw = flaw == WEBAUTHN_UNVERIFIED ? &MSG_unverified : &MSG_refused;
		return OK;
	}
	TRY(use_once(c, a.challenge, a.ends, &first));
	if (!first)
		return OK;
	q.id = k.id;
	q.count = use.count;
	TRY(execute(c, "auth/passkey_used", &key_args, &q, &n));
	if (n != 1)
		return copied(c, &k, ret_flaw);
	*ret_flaw = NULL;
	return OK;
}
