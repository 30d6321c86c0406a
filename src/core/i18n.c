/* i18n.c -- the sentences of i18n/vi.txt and en.txt: one table a language, looked up when a template is parsed. */
#include "base/embed.h"
#include "core/pages.h"

#include <stdio.h>
#include <stdlib.h>

static int by_key(const void *a, const void *b)
{
	const struct sentence *x = a, *y = b;

	return str_cmp(x->key, y->key);
}

/* "key = sentence": the key has letters, digits, dots and underscores. */
static bool sentence_read(str line, struct sentence *ret)
{
	str key, text;

	if (!str_cut(line, '=', &key, &text))
		return false;
	ret->key = str_trim(key);
	ret->text = str_trim(text);
	for (ptrdiff_t i = 0; i < ret->key.n; i++) {
		char ch = ret->key.p[i];

		if (!((ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || ch == '.' || ch == '_'))
			return false;
	}
	return ret->key.n > 0 && ret->text.n > 0;
}

static bool sentences_read(struct arena *mem, str text, const char *name, struct sentences *ret, char why[static 256])
{
	int64_t lines = 1, number = 0;
	str left = text, line;

	for (ptrdiff_t i = 0; i < text.n; i++)
		lines += text.p[i] == '\n';
	ret->at = NEWS(mem, struct sentence, lines);
	while (left.n > 0) {
		str_cut(left, '\n', &line, &left);
		line = str_trim(line);
		number++;
		if (line.n == 0 || line.p[0] == '#')
			continue;
		if (!sentence_read(line, &ret->at[ret->n])) {
			snprintf(why, 256, "i18n/%s.txt:%lld: not of the form key = sentence", name, (long long)number);
			return false;
		}
		ret->n++;
	}
	qsort(ret->at, (size_t)ret->n, sizeof *ret->at, by_key);
	for (int i = 1; i < ret->n; i++)
		if (str_eq(ret->at[i].key, ret->at[i - 1].key)) {
			snprintf(why, 256, "i18n/%s.txt: %.*s stands twice", name, FMT(ret->at[i].key));
			return false;
		}
	return true;
}

bool i18n_open(struct pages *k, char why[static 256])
{
	static const char *const names[2] = { "vi", "en" };

	for (int l = 0; l < 2; l++) {
		str text, file = str_fmt(&k->mem, "i18n/%s.txt", names[l]);

		if (!embedded_get(file, &text)) {
			snprintf(why, 256, "%.*s is missing", FMT(file));
			return false;
		}
		if (!sentences_read(&k->mem, text, names[l], &k->said[l], why))
			return false;
	}
	for (int i = 0, j = 0; i < k->said[0].n || j < k->said[1].n; i++, j++) {
		bool no_vi = i >= k->said[0].n, no_en = j >= k->said[1].n;

		if (no_vi || no_en || !str_eq(k->said[0].at[i].key, k->said[1].at[j].key)) {
			str key = no_vi ? k->said[1].at[j].key : k->said[0].at[i].key;

			snprintf(why, 256, "i18n: vi.txt and en.txt differ near %.*s", FMT(key));
			return false;
		}
	}
	return true;
}

str i18n_say(const struct pages *k, enum lang lang, str key)
{
	struct sentence want = { key, { NULL, 0 } };
	const struct sentences *s = &k->said[lang];
	const struct sentence *got = s->n ? bsearch(&want, s->at, (size_t)s->n, sizeof want, by_key) : NULL;

	return got ? got->text : (str){ "", 0 };
}
