#include "web/json.h"
#include <math.h>

/* cJSON is lenient (01, 1., \u0000, any control character as a blank, depth 1000), so the grammar is checked here
 * first. */
struct scan { const unsigned char *p, *end; const char *bad; };

static bool wrong(struct scan *s, const char *bad)
{
	if (!s->bad)
		s->bad = bad;
	return false;
}

static void skip_blanks(struct scan *s)
{
	while (s->p < s->end && (*s->p == ' ' || *s->p == '\t' || *s->p == '\n' || *s->p == '\r'))
		s->p++;
}

static bool eat(struct scan *s, char ch)
{
	if (s->p < s->end && *s->p == (unsigned char)ch) {
		s->p++;
		return true;
	}
	return false;
}

static bool digits(struct scan *s)
{
	const unsigned char *from = s->p;
	while (s->p < s->end && *s->p >= '0' && *s->p <= '9')
		s->p++;
	return s->p > from;
}

static bool scan_number(struct scan *s)
{
	eat(s, '-');
	if (!eat(s, '0') && !digits(s))
		return wrong(s, "malformed number");
	if (eat(s, '.') && !digits(s))
		return wrong(s, "malformed number");
	if (eat(s, 'e') || eat(s, 'E')) {
		if (!eat(s, '+'))
			eat(s, '-');
		if (!digits(s))
			return wrong(s, "malformed number");
	}
	return true;
}

static bool hex4(struct scan *s, unsigned *ret)
{
	*ret = 0;
	for (int i = 0; i < 4; i++, s->p++) {
		if (s->p >= s->end)
			return false;
		unsigned char ch = *s->p;
		unsigned v = ch >= '0' && ch <= '9' ? ch - '0' + 0u : (ch | 32) >= 'a' && (ch | 32) <= 'f'
			? (ch | 32) - 'a' + 10u : 99u;
		if (v > 15)
			return false;
		*ret = *ret << 4 | v;
	}
	return true;
}

static bool scan_escape(struct scan *s)
{
	unsigned u, low;
	if (s->p >= s->end)
		return wrong(s, "unclosed string");
	unsigned char ch = *s->p++;
	if (ch != 'u')
		return strchr("\"\\/bfnrt", ch) && ch ? true : wrong(s, "unknown escape");
	if (!hex4(s, &u) || u == 0)
		return wrong(s, "malformed \\u escape");
	if (u >= 0xDC00 && u < 0xE000)
		return wrong(s, "lone surrogate");
	if (u >= 0xD800 && u < 0xDC00 && (!eat(s, '\\') || !eat(s, 'u') || !hex4(s, &low) || low < 0xDC00 || low > 0xDFFF))
		return wrong(s, "lone surrogate");
	return true;
}

static bool scan_string(struct scan *s)
{
	if (!eat(s, '"'))
		return wrong(s, "expected a string");
	while (s->p < s->end) {
		unsigned char ch = *s->p++;
		if (ch == '"')
			return true;
		if (ch < 0x20)
			return wrong(s, "control character in a string");
		if (ch == '\\' && !scan_escape(s))
			return false;
	}
	return wrong(s, "unclosed string");
}

static bool scan_word(struct scan *s, const char *word)
{
	size_t n = strlen(word);
	if ((size_t)(s->end - s->p) < n || memcmp(s->p, word, n) != 0)
		return wrong(s, "unexpected character");
	s->p += n;
	return true;
}

static bool scan_value(struct scan *s, int depth);

static bool scan_members(struct scan *s, int depth, bool object)
{
	char close = object ? '}' : ']';
	int keys = 0;
	s->p++;
	skip_blanks(s);
	if (eat(s, close))
		return true;
	for (;;) {
		skip_blanks(s);
		if (object) {
			if (++keys > JSON_KEYS)
				return wrong(s, "too many members");
			if (!scan_string(s))
				return false;
			skip_blanks(s);
			if (!eat(s, ':'))
				return wrong(s, "expected a colon");
		}
		if (!scan_value(s, depth + 1))
			return false;
		skip_blanks(s);
		if (eat(s, close))
			return true;
		if (!eat(s, ','))
			return wrong(s, "expected a comma");
	}
}

static bool scan_value(struct scan *s, int depth)
{
	skip_blanks(s);
	if (s->p >= s->end)
		return wrong(s, "unexpected end");
	switch (*s->p) {
	case '{':
	case '[':
		if (depth >= JSON_DEPTH)
			return wrong(s, "nested too deeply");
		return scan_members(s, depth, *s->p == '{');
	case '"': return scan_string(s);
	case 't': return scan_word(s, "true");
	case 'f': return scan_word(s, "false");
	case 'n': return scan_word(s, "null");
	default:
		if (*s->p == '-' || (*s->p >= '0' && *s->p <= '9'))
			return scan_number(s);
		return wrong(s, "unexpected character");
	}
}

static bool twice(const cJSON *item)
{
	for (; item; item = item->next) {
		if (cJSON_IsObject(item))
			for (const cJSON *a = item->child; a; a = a->next)
				for (const cJSON *b = a->next; b; b = b->next)
					if (strcmp(a->string, b->string) == 0)
						return true;
		if (cJSON_IsNumber(item) && !isfinite(item->valuedouble))
			return true;
		if (item->child && twice(item->child))
			return true;
	}
	return false;
}

static void drop(void *item)
{
	cJSON_Delete(item);
}

const cJSON *json_read(struct arena *a, str text, const char **bad, ptrdiff_t *at)
{
	struct scan s = { (const unsigned char *)text.p, (const unsigned char *)text.p + text.n, NULL };
	*bad = NULL;
	*at = 0;
	if (!str_is_utf8(text)) {
		*bad = "not valid UTF-8";
		return NULL;
	}
	bool well = scan_value(&s, 0);
	skip_blanks(&s);
	if (well && s.p < s.end)
		well = wrong(&s, "text after the value");
	*at = s.p - (const unsigned char *)text.p;
	if (!well) {
		*bad = s.bad;
		return NULL;
	}
	cJSON *root = cJSON_ParseWithLengthOpts(str_z(a, text), (size_t)text.n + 1, NULL, true);
	if (!root) {
		*bad = "unreadable";
		return NULL;
	}
	arena_at_end(a, drop, root);
	if (twice(root)) {
		*bad = "the same member twice, or a number out of range";
		return NULL;
	}
	return root;
}

const char *json_bad_vi(const char *bad)
{
	static const char *const words[][2] = { { "malformed number", "số viết sai" },
		{ "unclosed string", "chuỗi chưa đóng ngoặc kép" }, { "unknown escape", "dãy \\ không hợp lệ" },
		{ "malformed \\u escape", "dãy \\u không hợp lệ" }, { "lone surrogate", "dãy \\u thiếu một nửa" },
		{ "expected a string", "cần một chuỗi" }, { "control character in a string", "chuỗi có kí tự điều khiển" },
		{ "unexpected character", "kí tự không đúng chỗ" }, { "too many members", "quá nhiều thành phần" },
		{ "expected a colon", "cần dấu hai chấm" }, { "expected a comma", "cần dấu phẩy" },
		{ "unexpected end", "thiếu phần cuối" }, { "nested too deeply", "lồng nhau quá sâu" },
		{ "not valid UTF-8", "không phải UTF-8" }, { "text after the value", "thừa chữ ở sau" },
		{ "unreadable", "không đọc được" },
		{ "the same member twice, or a number out of range", "một thành phần có hai lần, hoặc số quá lớn" } };

	for (int i = 0; i < COUNT(words); i++)
		if (strcmp(words[i][0], bad) == 0)
			return words[i][1];
	return bad;
}

const cJSON *json_get(const cJSON *object, const char *name)
{
	return cJSON_IsObject(object) ? cJSON_GetObjectItemCaseSensitive(object, name) : NULL;
}

str json_text(const cJSON *item)
{
	return cJSON_IsString(item) ? str_of(item->valuestring) : (str){ 0 };
}

bool json_int(const cJSON *item, int64_t *ret)
{
	if (cJSON_IsString(item))
		return str_to_int(str_of(item->valuestring), ret);
	if (!cJSON_IsNumber(item) || fabs(item->valuedouble) > 9007199254740992.0 || floor(item->valuedouble)
		< item->valuedouble)
		return false;
	*ret = (int64_t)item->valuedouble;
	return true;
}

str json_scalar(struct arena *a, const cJSON *item)
{
	int64_t whole;
	if (cJSON_IsString(item))
		return str_of(item->valuestring);
	if (cJSON_IsBool(item))
		return cJSON_IsTrue(item) ? S("true") : S("false");
	if (!cJSON_IsNumber(item))
		return (str){ 0 };
	if (json_int(item, &whole))
		return str_fmt(a, "%lld", (long long)whole);
	return str_fmt(a, "%.15g", item->valuedouble);
}
