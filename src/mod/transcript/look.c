/* look.c -- the public check of a transcript by its QR code: the signature by itself, with nothing but the published
 * keys; the database only for whether a newer issue has replaced it. */
#include "mod/transcript/issue.h"
#include "mod/transcript/statement.h"

struct look_in { str m; };
/* keys, levels, day: what a browser needs to check without the server: the keys, the words of the levels, today as days
 * since 1970. */
struct look_view { str title, keys, levels, day, m,
	words, level, school, initials, years, digest, key, issued; int64_t version, newest;
	bool asked, good, bad, replaced, unknown, no_key; };
struct newest_row { int64_t version, newest; pick state; str digest; };
static const struct choice states[] = { { "valid", { "Có hiệu lực", "Valid" } }, { "replaced", { "Đã thay",
	"Replaced" } },
	END };
#define ROW struct look_in
const struct shape look_form = { sizeof(ROW), FIELDS{ { COL(m), .label = { "Nội dung mã QR", "What the QR code says" },
	.max = 2000 }, END } };
#undef ROW
#define ROW struct look_view
const struct shape look_shape = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(keys) }, { COL(levels) },
	{ COL(day) }, { COL(m) }, { COL(words) }, { COL(level) },
	{ COL(school) }, { COL(initials) }, { COL(years) }, { COL(digest) }, { COL(key) }, { COL(issued) }, {
		COL(version) },
	{ COL(newest) }, { COL(asked) }, { COL(good) }, { COL(bad) }, { COL(replaced) }, { COL(unknown) }, { COL(no_key) },
	END } };
#undef ROW
#define ROW struct newest_row
static const struct shape newest_shape = { sizeof(ROW), FIELDS{ { COL(version) }, { COL(newest) },
	{ COL(state), .pick = states }, { COL(digest) }, END } };
#undef ROW

static const struct tr
MSG_title = { "Kiểm tra học bạ", "Check a transcript" },
MSG_good = { "Đúng: bản học bạ này do nhà trường phát hành và đang có hiệu lực.",
	"True: the school issued this transcript and it is in force." },
MSG_replaced = { "Chữ ký đúng, nhưng đã có bản mới hơn thay thế: hãy yêu cầu bản mới nhất.",
	"The signature is right, but a newer issue has replaced this one: ask for the newest." },
MSG_elsewhere = { "Chữ ký đúng. Hệ thống này không lưu bản ấy nên không nói được nó đã được thay hay chưa.",
	"The signature is right. This system does not hold that issue and cannot say whether it was replaced." },
MSG_forged = { "Sai: chữ ký không khớp. Mã này bị sửa hoặc không do hệ thống này phát hành.",
	"False: the signature does not fit. This code was altered or was not issued here." },
MSG_unreadable = { "Không đọc được: đây không phải nội dung mã QR của học bạ.",
	"Cannot be read: this is not the QR code of a transcript." },
MSG_no_key = { "Nơi này chưa phát hành học bạ nào nên chưa có khóa để kiểm tra.",
	"Nothing was issued here yet, so there is no key to check with." };

/* The code itself, or the address it stands in. */
static str code_in(str text)
{
	ptrdiff_t at = str_find(text, S("m="));
	str code, rest;

	str_cut(str_trim(at < 0 ? text : str_sub(text, at + 2, -1)), '&', &code, &rest);
	return code;
}

static enum rc told_by_rows(struct ctx *c, const struct statement *s, struct look_view *out)
{
	struct newest_row r;
	uint8_t sha[32];
	enum rc rc = query_one(c, "transcript/newest", &id_in_shape, &(struct id_in){ s->issue }, &newest_shape, &r);

	out->unknown = rc == E_MISSING || (rc == OK && (!hex_read(r.digest, sha, 32) || memcmp(sha, s->sha256, 32) != 0));
	if (rc != OK)
		return rc == E_MISSING ? OK : rc;
	out->newest = r.newest;
	out->replaced = !out->unknown && r.state == ISSUE_REPLACED;
	return OK;
}

static void told_by_paper(struct ctx *c, const struct statement *s, struct look_view *out)
{
	out->level = say(c, &transcript_levels[s->level].label);
	out->school = s->school;
	out->initials = s->initials;
	out->years = TEXT(c, "%lld – %lld", (long long)s->first, (long long)s->last);
	out->digest = hex_of(c->mem, s->sha256, 32);
	out->issued = day_text(c->mem, s->issued);
	out->version = s->version;
}

/* The public keys, parted by sep. */
static str put_keys(struct ctx *c, const uint8_t *keys, int n, char sep)
{
	struct buf b;

	buf_init(&b, c->mem, 4096);
	for (int i = 0; i < n; i++)
		put_fmt(&b, "%.*s%c", FMT(base64url_of(c->mem, keys + (ptrdiff_t)32 * i, 32)), sep);
	return buf_str(&b);
}

static str level_words(struct ctx *c)
{
	struct buf b;

	buf_init(&b, c->mem, 512);
	for (const struct choice *k = transcript_levels; k->code; k++) {
		put_z(&b, k == transcript_levels ? "" : "|");
		put(&b, say(c, &k->label));
	}
	return buf_str(&b);
}

enum rc look_page(struct ctx *c, const void *in_, void *out_)
{
	const struct look_in *in = in_;
	struct look_view *out = out_;
	uint8_t keys[32 * STATEMENT_KEYS_MAX];
	struct statement s;
	int n = statement_keys(c, keys, &out->key);
	const struct tr *words = &MSG_good;

	out->title = say(c, &MSG_title);
	out->keys = put_keys(c, keys, n, ' ');
	out->levels = level_words(c);
	out->day = TEXT(c, "%d", c->today.v);
	out->m = code_in(in->m);
	out->asked = out->m.n > 0;
	out->no_key = n == 0;
	if (!out->asked)
		return OK;
	enum statement_end end = statement_read(c->mem, out->m, keys, n, &s);
	if (end == STATEMENT_GOOD) {
		told_by_paper(c, &s, out);
		TRY(told_by_rows(c, &s, out));
		words = out->unknown ? &MSG_elsewhere : out->replaced ? &MSG_replaced : &MSG_good;
	} else {
		out->bad = true;
		words = end == STATEMENT_UNREADABLE ? &MSG_unreadable : n == 0 ? &MSG_no_key : &MSG_forged;
	}
	out->good = end == STATEMENT_GOOD && !out->replaced;
	out->words = say(c, words);
	return OK;
}

/* The published keys as text, a line each: who wants to check without us keeps them. */
enum rc look_keys(struct ctx *c, const void *in, void *out)
{
	uint8_t keys[32 * STATEMENT_KEYS_MAX];
	str first;
	int n = statement_keys(c, keys, &first);

	(void)in;
	(void)out;
	return n ? answer_as(c, 200, S("text/plain; charset=utf-8"), put_keys(c, keys, n, '\n'), stamp_free("public keys"))
		: E_MISSING;
}
