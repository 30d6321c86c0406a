/* proof.c -- see proof.h. */
#include "mod/results/proof.h"
#include "base/calendar.h"
#include "web/html.h"
#include "web/json.h"

#include <sodium.h>

_Static_assert(crypto_sign_PUBLICKEYBYTES == 32 && crypto_sign_SECRETKEYBYTES == 64 && crypto_sign_BYTES == 64 &&
	crypto_sign_SEEDBYTES == 32, "Ed25519");

void signing_from(const uint8_t seed[static 32], struct signing *ret)
{
	crypto_sign_seed_keypair(ret->key, ret->secret, seed);
}

static str statement(struct arena *a, const struct issue *v)
{
	return str_fmt(a,
		"khue-results-1\nexam: %.*s\ncandidates: %lld\nroot: %.*s\nfile: %.*s\npublished: %.*s\nby: %.*s\n",
		FMT(v->exam),
		(long long)v->count, FMT(hex_of(a, v->root.b, 32)), FMT(hex_of(a, v->body.b, 32)), FMT(v->published),
		FMT(v->by));
}

void issue_sign(struct arena *a, struct issue *v, const struct signing *k)
{
	str s;

	memcpy(v->key, k->key, 32);
	s = statement(a, v);
	crypto_sign_detached(v->signature, NULL, (const unsigned char *)s.p, (unsigned long long)s.n, k->secret);
}

bool issue_signed(struct arena *a, const struct issue *v)
{
	str s = statement(a, v);

	return crypto_sign_verify_detached(v->signature, (const unsigned char *)s.p, (unsigned long long)s.n, v->key) == 0;
}

/* ---- writing --------------------------------------------------------------------------------------- */

static void put_pair(struct buf *b, const char *name, str text)
{
	put(b, S(",\""));
	put_z(b, name);
	put(b, S("\":"));
	put_json(b, text);
}

static void put_keys(struct buf *b, struct arena *a, const struct issue *v)
{
	put_pair(b, "root", hex_of(a, v->root.b, 32));
	put_pair(b, "file", hex_of(a, v->body.b, 32));
	put_pair(b, "key", base64url_of(a, v->key, 32));
	put_pair(b, "signature", base64url_of(a, v->signature, 64));
}

str issue_json(struct arena *a, const struct issue *v)
{
	struct buf b;

	buf_init(&b, a, 16384);
	put_z(&b, "{\"format\":\"khue-results-1\"");
	put_pair(&b, "exam", v->exam);
	put_pair(&b, "name", v->name);
	put_fmt(&b, ",\"year\":%lld,\"candidates\":%lld", (long long)v->year, (long long)v->count);
	put_pair(&b, "published", v->published);
	put_pair(&b, "by", v->by);
	put_keys(&b, a, v);
	put_z(&b, "}\n");
	return buf_str(&b);
}

static void put_marks(struct buf *b, struct arena *a, const struct marks *m)
{
	bool first = true;

	put_z(b, ",\"marks\":{");
	for (int i = 0; subjects[i].code; i++) {
		if (m->at[i] == NO_MARK)
			continue;
		put(b, first ? S("\"") : S(",\""));
		put_z(b, subjects[i].code);
		put(b, S("\":"));
		put(b, score_json(a, (score){ m->at[i] }));
		first = false;
	}
	put_c(b, '}');
	if (m->language)
		put_pair(b, "foreign_language", str_of(language_code(m->language)));
}

str result_json(struct arena *a, const struct shard *s, const struct issue *v, int64_t i)
{
	digest path[SHARD_LEVELS];
	int n = shard_path(s, i, path);
	struct marks m;
	struct buf b;

	shard_at(s, i, &m);
	buf_init(&b, a, 16384);
	put_z(&b, "{\"exam\":");
	put_json(&b, v->exam);
	put_pair(&b, "candidate", str_of(m.number));
	put_marks(&b, a, &m);
	put_pair(&b, "published", v->published);
	put_pair(&b, "by", v->by);
	put_fmt(&b, ",\"proof\":{\"index\":%lld,\"count\":%lld,\"path\":[", (long long)i, (long long)s->n);
	for (int k = 0; k < n; k++) {
		put_z(&b, k ? ",\"" : "\"");
		put(&b, base64url_of(a, path[k].b, 32));
		put_c(&b, '"');
	}
	put_c(&b, ']');
	put_keys(&b, a, v);
	put_z(&b, "}}\n");
	return buf_str(&b);
}

/* ---- reading ----------------------------------------------------------------------------------------- */

static bool get_text(const cJSON *o, const char *name, ptrdiff_t max, str *ret)
{
	const cJSON *v = json_get(o, name);

	if (!v || !cJSON_IsString(v))
		return false;
	*ret = json_text(v);
	return ret->n > 0 && ret->n <= max && str_find(*ret, S("\n")) < 0;
}

static bool get_bytes(struct arena *a, str text, void *ret, ptrdiff_t n)
{
	str bytes;

	if (!base64url_read(a, text, &bytes) || bytes.n != n)
		return false;
	memcpy(ret, bytes.p, (size_t)n);
	return true;
}

/* root, file, key, signature of a manifest or a proof. */
static bool get_keys(struct arena *a, const cJSON *o, struct issue *v)
{
	str root, file, key, signature;

	return get_text(o, "root", 64, &root) && hex_read(root, v->root.b, 32) && get_text(o, "file", 64, &file) &&
		hex_read(file, v->body.b, 32) && get_text(o, "key", 100, &key) && get_bytes(a, key, v->key, 32) &&
		get_text(o, "signature", 100, &signature) && get_bytes(a, signature, v->signature, 64);
}

bool issue_read(struct arena *a, str json, struct issue *ret)
{
	const char *bad;
	ptrdiff_t at;
	const cJSON *o = json_read(a, json, &bad, &at);
	struct issue v = { .name = S("") };
	str format;

	if (!o || !get_text(o, "format", 40, &format) || !str_is(format, "khue-results-1") ||
		!get_text(o, "exam", EXAM_CODE_MAX, &v.exam) ||
			!get_text(o, "name", 1000, &v.name) || !json_int(json_get(o, "year"), &v.year) ||
			!json_int(json_get(o, "candidates"), &v.count) || !get_text(o, "published", 40, &v.published) ||
			!get_text(o, "by", 1000, &v.by) || !get_keys(a, o, &v))
		return false;
	*ret = v;
	return true;
}

static bool get_marks(struct arena *a, const cJSON *o, struct marks *ret)
{
	const cJSON *list = json_get(o, "marks"), *v;
	str number, language;
	score mark;

	*ret = (struct marks){ .group = NO_GROUP };
	for (int i = 0; i < SUBJECTS; i++)
		ret->at[i] = NO_MARK;
	if (!list || !cJSON_IsObject(list) || !get_text(o, "candidate", NUMBER_MAX, &number) ||
		!number_read(number, ret->number))
		return false;
	cJSON_ArrayForEach(v, list) {
		int i = subject_named(str_of(v->string));
		if (i < 0 || !cJSON_IsNumber(v) || !score_read(json_scalar(a, v), &mark) || mark.v > MARK_MAX)
			return false;
		ret->at[i] = (int16_t)mark.v;
	}
	if (!json_get(o, "foreign_language"))
		return true;
	if (!get_text(o, "foreign_language", 4, &language))
		return false;
	for (int i = 1; language_name(i); i++)
		if (str_is(language, language_code(i)))
			ret->language = (uint8_t)i;
	return ret->language != 0;
}

static bool get_path(struct arena *a, const cJSON *o, digest *path, int *n)
{
	const cJSON *list = json_get(o, "path"), *v;

	*n = 0;
	if (!list || !cJSON_IsArray(list))
		return false;
	cJSON_ArrayForEach(v, list) {
		if (*n == SHARD_LEVELS || !cJSON_IsString(v) || !get_bytes(a, json_text(v), path[*n].b, 32))
			return false;
		++*n;
	}
	return true;
}

enum proof_end proof_check(struct arena *a, str json, const uint8_t *key, struct proof_told *ret)
{
	const char *bad;
	ptrdiff_t at;
	const cJSON *o = json_read(a, json, &bad, &at), *proof;
	struct issue *v = &ret->issue;
	digest path[SHARD_LEVELS], root;
	int64_t index;
	int n;

	*ret = (struct proof_told){ .issue = { .name = S("") } };
	if (!o || !cJSON_IsObject(o))
		return PROOF_UNREADABLE;
	proof = json_get(o, "proof");
	if (!proof || !cJSON_IsObject(proof) || !get_text(o, "exam", EXAM_CODE_MAX, &v->exam) ||
		!get_text(o, "published", 40, &v->published) ||
			!get_text(o, "by", 1000, &v->by) || !get_marks(a, o, &ret->marks) ||
			!json_int(json_get(proof, "index"), &index) ||
			!json_int(json_get(proof, "count"), &v->count) || !get_path(a, proof, path, &n) || !get_keys(a, proof, v))
		return PROOF_INCOMPLETE;
	if (!path_root(leaf_of(v->exam, &ret->marks), index, v->count, path, n, &root) || memcmp(root.b, v->root.b, 32)
		!= 0)
		return PROOF_MARKS;
	if (!issue_signed(a, v))
		return PROOF_SIGNATURE;
	return key && memcmp(key, v->key, 32) != 0 ? PROOF_OTHER_KEY : PROOF_GOOD;
}

const struct tr *proof_words(enum proof_end e)
{
	static const struct tr words[] = {
		[PROOF_GOOD] = { "Đúng: điểm này nằm trong kết quả đã được công bố và ký.",
			"True: these marks are among the results that were published and signed." },
		[PROOF_UNREADABLE] = { "Không đọc được: đây không phải bản JSON của trang kết quả.",
			"Cannot be read: this is not the JSON of a result page." },
		[PROOF_INCOMPLETE] = { "Thiếu hoặc sai phần dữ liệu cần để xác minh.",
			"Something needed for the check is missing or malformed." },
		[PROOF_MARKS] = { "Sai: số báo danh hoặc điểm không khớp với kết quả đã công bố.",
			"False: the number or the marks are not those that were published." },
		[PROOF_SIGNATURE] = { "Sai: chữ ký của nơi công bố không khớp.",
			"False: the publisher's signature does not fit." },
		[PROOF_OTHER_KEY] = { "Chữ ký đúng, nhưng của một khóa khác với khóa của nơi này.",
			"The signature is right but by another key than this publisher's." } };

	return &words[e];
}
