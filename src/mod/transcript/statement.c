/* statement.c -- see statement.h. */
#include "mod/transcript/statement.h"
#include "base/hash.h"

#include <sodium.h>

static const char PREFIX[] = "khue-transcript-1\n";
enum { FORMAT = 1, SIGNATURE = crypto_sign_BYTES, WORDS_MAX = 8 };

static void put_big(struct buf *b, int64_t v, int bytes)
{
	while (bytes-- > 0)
		put_c(b, (char)(v >> 8 * bytes & 0xff));
}

static void put_text(struct buf *b, str text)
{
	put_big(b, text.n, 1);
	put(b, text);
}

/* PREFIX and body as one: what is signed. */
static str signed_text(struct arena *a, str body)
{
	struct buf b;

	buf_init(&b, a, 1024);
	put_z(&b, PREFIX);
	put(&b, body);
	return buf_str(&b);
}

bool statement_write(struct arena *a, const struct statement *s, const uint8_t secret[static 64], str *ret)
{
	uint8_t signature[SIGNATURE];
	struct buf b;
	str text;

	if (s->initials.n > STATEMENT_TEXT_MAX || s->school.n > STATEMENT_TEXT_MAX)
		return false;
	buf_init(&b, a, 1024);
	put_big(&b, FORMAT, 1);
	put_big(&b, s->issue, 8);
	put_big(&b, s->version, 2);
	put_big(&b, s->level, 1);
	put_big(&b, s->issued.v, 4);
	put_big(&b, s->first, 2);
	put_big(&b, s->last, 2);
	put_text(&b, s->initials);
	put_text(&b, s->school);
	put(&b, (str){ (const char *)s->sha256, sizeof s->sha256 });
	text = signed_text(a, buf_str(&b));
	crypto_sign_detached(signature, NULL, (const unsigned char *)text.p, (unsigned long long)text.n, secret);
	put(&b, (str){ (const char *)signature, sizeof signature });
	*ret = base64url_of(a, b.p, b.n);
	return !b.over;
}

struct reading { str left; bool bad; };

static str take(struct reading *r, int64_t n)
{
	str got = str_sub(r->left, 0, n);

	r->bad = r->bad || got.n != n;
	r->left = str_sub(r->left, got.n, -1);
	return got;
}

static int64_t take_big(struct reading *r, int bytes)
{
	str got = take(r, bytes);
	int64_t v = 0;

	for (ptrdiff_t i = 0; i < got.n; i++)
		v = (int64_t)((uint64_t)v << 8 | (unsigned char)got.p[i]);
	return v;
}

static str take_text(struct reading *r)
{
	str text = take(r, take_big(r, 1));

	r->bad = r->bad || !str_is_utf8(text);
	return text;
}

enum statement_end statement_read(struct arena *a, str text, const uint8_t *keys, int n, struct statement *ret)
{
	str all, body, message;
	struct reading r;

	*ret = (struct statement){ .issue = 0 };
	if (text.n > 1024 || !base64url_read(a, text, &all) || all.n <= SIGNATURE)
		return STATEMENT_UNREADABLE;
	body = str_sub(all, 0, all.n - SIGNATURE);
	r = (struct reading){ body, false };
	if (take_big(&r, 1) != FORMAT)
		return STATEMENT_UNREADABLE;
	ret->issue = take_big(&r, 8);
	ret->version = take_big(&r, 2);
	ret->level = (int)take_big(&r, 1);
	ret->issued.v = (int32_t)take_big(&r, 4);
	ret->first = take_big(&r, 2);
	ret->last = take_big(&r, 2);
	ret->initials = take_text(&r);
	ret->school = take_text(&r);
	str sha = take(&r, 32);
	if (r.bad || r.left.n || ret->level > 2)
		return STATEMENT_UNREADABLE;
	memcpy(ret->sha256, sha.p, 32);
	message = signed_text(a, body);
	for (int i = 0; i < n; i++)
		if (crypto_sign_verify_detached((const unsigned char *)all.p + body.n, (const unsigned char *)message.p,
			(unsigned long long)message.n, keys + 32 * i) == 0)
			return STATEMENT_GOOD;
	return STATEMENT_FORGED;
}

str initials_of(struct arena *a, str name)
{
	struct buf b;
	bool begins = true;

	buf_init(&b, a, 64);
	for (ptrdiff_t i = 0; i < name.n;) {
		uint32_t u = str_next(name, &i);

		if (begins && u != ' ') {
			put_char(&b, u);
			put_c(&b, '.');
		}
		begins = u == ' ';
	}
	return buf_str(&b);
}
