#include "web/http.h"
#include "web/accept.h"

str req_header(const struct request *r, const char *name)
{
	for (int i = 0; i < r->n_headers; i++)
		if (str_is(r->headers[i].name, name))
			return r->headers[i].value;
	return (str){ 0 };
}

str req_param(const struct request *r, const char *name)
{
	for (int i = 0; i < r->n_params; i++)
		if (str_is(r->params[i].name, name))
			return r->params[i].value;
	return (str){ 0 };
}

/* A cookie that came twice was planted by a neighbouring domain or a script: then it counts as absent. */
str req_cookie(const struct request *r, const char *name)
{
	str found = { 0 };
	int times = 0;
	for (int i = 0; i < r->n_headers; i++) {
		str rest = r->headers[i].value, item, key, value;
		if (!str_is(r->headers[i].name, "cookie"))
			continue;
		while (rest.n) {
			str_cut(rest, ';', &item, &rest);
			if (!str_cut(item, '=', &key, &value) || !str_is(str_trim(key), name))
				continue;
			value = str_trim(value);
			if (value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"')
				value = str_sub(value, 1, value.n - 1);
			found = value;
			times++;
		}
	}
	return times == 1 ? found : (str){ 0 };
}

static bool header_safe(str s)
{
	unsigned bad = 0;
	for (ptrdiff_t i = 0; i < s.n; i++)
		bad |= (unsigned)((unsigned char)s.p[i] < ' ') | (unsigned)(s.p[i] == 0x7F);
	return !bad;
}

void reply_header(struct reply *p, str name, str value)
{
	if (p->n_headers == COUNT(p->headers) || !name.n || !header_safe(name) || !header_safe(value))
		return;
	p->headers[p->n_headers++] = (struct pair){ name, value };
}

static bool cookie_safe(str s)
{
	for (ptrdiff_t i = 0; i < s.n; i++) {
		unsigned char ch = (unsigned char)s.p[i];
		if (ch <= ' ' || ch >= 0x7F || ch == '"' || ch == ',' || ch == ';' || ch == '\\')
			return false;
	}
	return true;
}

void reply_cookie(struct reply *p, struct arena *a, str name, str value, int64_t max_age_s, bool secure)
{
	struct buf b;
	if (!name.n || !cookie_safe(name) || str_find(name, S("=")) >= 0 || !cookie_safe(value))
		return;
	buf_init(&b, a, 8192);
	put_fmt(&b, "%.*s=%.*s; Path=/; HttpOnly; SameSite=Lax", FMT(name), FMT(value));
	if (max_age_s >= 0)
		put_fmt(&b, "; Max-Age=%lld", (long long)max_age_s);
	if (secure)
		put(&b, S("; Secure"));
	if (!b.over)
		reply_header(p, S("Set-Cookie"), buf_str(&b));
}

/* ---- Accept, Accept-Language, Accept-Encoding --------------------------------------------- */

/* q in thousandths; 1000 without one, 0 for nonsense. */
static int quality(str parameters)
{
	str item;
	while (parameters.n) {
		str_cut(parameters, ';', &item, &parameters);
		item = str_trim(item);
		if (item.n < 3 || (item.p[0] | 32) != 'q' || item.p[1] != '=')
			continue;
		str v = str_sub(item, 2, item.n);
		int q = v.p[0] == '1' ? 1000 : 0, unit = 100;
		if (v.p[0] != '0' && v.p[0] != '1')
			return 0;
		for (ptrdiff_t i = 2; v.n > 1 && v.p[1] == '.' && i < v.n && unit; i++, unit /= 10) {
			if (v.p[i] < '0' || v.p[i] > '9')
				return 0;
			q += (v.p[i] - '0') * unit;
		}
		return q > 1000 ? 1000 : q;
	}
	return 1000;
}

static bool same_fold(str a, str b)
{
	if (a.n != b.n)
		return false;
	for (ptrdiff_t i = 0; i < a.n; i++) {
		char x = a.p[i], y = b.p[i];
		if (x != y && ((x | 32) != (y | 32) || (x | 32) < 'a' || (x | 32) > 'z'))
			return false;
	}
	return true;
}

/* How closely a range of the header fits an offer: 3 the same, 2 a part of it ("vi" of "vi-VN", "text" of "text" "/"
 * star), 1 any, 0 not. */
static int fits(str range, str offer)
{
	str a, b, c, d;
	if (same_fold(range, offer))
		return 3;
	if (str_is(range, "*") || str_is(range, "*/*"))
		return 1;
	if (str_cut(range, '/', &a, &b) && str_is(b, "*") && str_cut(offer, '/', &c, &d) && same_fold(a, c))
		return 2;
	str_cut(range, '-', &a, &b);
	return b.n && same_fold(a, offer) ? 2 : 0;
}

int accept_pick(str header, const char *const *offers, int n)
{
	int best = -1, best_q = 0;
	for (int i = 0; i < n; i++) {
		str rest = header, item, range, more;
		int close = 0, q = 0;
		while (rest.n) {
			str_cut(rest, ',', &item, &rest);
			str_cut(item, ';', &range, &more);
			int fit = fits(str_trim(range), str_of(offers[i])), this_q = fit ? quality(more) : 0;
			if (fit > close || (fit && fit == close && this_q > q)) {
				close = fit;
				q = this_q;
			}
		}
		if (q > best_q) {
			best = i;
			best_q = q;
		}
	}
	return best;
}
