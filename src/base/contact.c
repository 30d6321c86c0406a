/* contact.c -- see contact.h. */
#include "base/contact.h"

bool phone_ok(str s)
{
	char digits[16];
	int n = 0;
	bool plus = s.n > 0 && s.p[0] == '+';

	for (ptrdiff_t i = plus; i < s.n; i++) {
		char ch = s.p[i];
		if (ch == ' ' || ch == '.' || ch == '-')
			continue;
		if (ch < '0' || ch > '9' || n == COUNT(digits))
			return false;
		digits[n++] = ch;
	}
	str d = { digits, n };
	if (plus)
		return str_starts(d, S("84")) ? n == 11 || n == 12 : n >= 8 && n <= 15;
	if (str_starts(d, S("1800")) || str_starts(d, S("1900")))
		return n == 8 || n == 10;
	if (n == 3 && d.p[0] == '1')
		return true;
	return n > 0 && d.p[0] == '0' && (n == 10 || (n == 11 && d.p[1] == '2'));
}

static bool domain_ok(str domain)
{
	str label, rest = domain;
	int labels = 0;
	bool more = true;

	while (more) {
		more = str_cut(rest, '.', &label, &rest);
		if (label.n == 0 || label.n > 63 || label.p[0] == '-' || label.p[label.n - 1] == '-')
			return false;
		for (ptrdiff_t i = 0; i < label.n; i++) {
			unsigned char ch = (unsigned char)label.p[i];
			if (!(ch == '-' || (ch >= '0' && ch <= '9') || ((ch | 32) >= 'a' && (ch | 32) <= 'z') || ch >= 0x80))
				return false;
		}
		labels++;
	}
	return labels >= 2;
}

bool email_ok(str s)
{
	str local, domain;

	if (!str_cut(s, '@', &local, &domain) || local.n < 1 || local.n > 64 || domain.n < 4 || domain.n > 255)
		return false;
	if (local.p[0] == '.' || local.p[local.n - 1] == '.' || str_find(local, S("..")) >= 0)
		return false;
	for (ptrdiff_t i = 0; i < local.n; i++) {
		unsigned char ch = (unsigned char)local.p[i];
		if (ch <= ' ' || ch == '"' || ch == '(' || ch == ')' || ch == ',' || ch == ':' || ch == ';' || ch == '<' ||
			ch == '>' ||
		    ch == '[' || ch == ']' || ch == '\\' || ch == 0x7f)
			return false;
	}
	return domain_ok(domain);
}
