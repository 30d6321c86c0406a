/* check_query.c -- the named queries of a module: marked, bound, portable. */
#include "core/check_in.h"
#include "core/query.h"

struct named_query { str name, text; };

/* The next "-- name: word" block of a file; *rest is what follows it. */
static bool next_query(str *rest, struct named_query *ret)
{
	static const str mark = S_INIT("-- name:");
	ptrdiff_t at = str_find(*rest, mark);
	if (at < 0)
		return false;
	str after = str_sub(*rest, at + mark.n, -1), line, body;
	str_cut(after, '\n', &line, &body);
	ptrdiff_t end = str_find(body, mark);
	ret->name = str_trim(line);
	ret->text = end < 0 ? body : str_sub(body, 0, end);
	*rest = str_sub(body, end < 0 ? body.n : end, -1);
	return true;
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* The SQL alone: no comments, no quoted text, blanks in their place, small letters. */
static str bare_sql(struct check *k, str text)
{
	str s = str_lower(k->mem, str_copy(k->mem, text));
	char *p = arena_alloc(k->mem, (size_t)s.n + 1, 1);
	memcpy(p, s.p, (size_t)s.n);
	for (ptrdiff_t i = 0; i < s.n; i++) {
		if (p[i] == '-' && i + 1 < s.n && p[i + 1] == '-') {
			while (i < s.n && p[i] != '\n')
				p[i++] = ' ';
		} else if (p[i] == '\'') {
			for (p[i++] = ' '; i < s.n && p[i] != '\''; i++)
				p[i] = ' ';
			if (i < s.n)
				p[i] = ' ';
		}
	}
	return (str){ p, s.n };
}

/* Whether words stand in text as whole words. */
static bool has_words(str text, str words)
{
	for (ptrdiff_t from = 0; ; ) {
		ptrdiff_t at = str_find(str_sub(text, from, -1), words);
		if (at < 0)
			return false;
		at += from;
		bool before = at == 0 || !is_word(text.p[at - 1]),
		     after = at + words.n >= text.n || !is_word(text.p[at + words.n]);
		if ((before || !is_word(words.p[0])) && (after || !is_word(words.p[words.n - 1])))
			return true;
		from = at + 1;
	}
}

static void check_portable(struct check *k, str where, str sql)
{
	static const char *const never[] = {
		"select *",   ".*",           "ilike",   "now(", "json_",  "jsonb",      "collate", "current_timestamp",
		"date(",      "strftime",     "to_char", "::",   "regexp", "similar to", "glob",    "ifnull",
		"string_agg", "group_concat", "random("
	};
	for (ptrdiff_t i = 0; i < COUNT(never); i++)
		if (has_words(sql, str_of(never[i])))
			check_bad(k, 166, where, never[i], NULL);
}

static void check_cans(struct check *k, str where, str text, bool *ret_any)
{
	static const str mark = S_INIT("{can:");
	*ret_any = false;
	for (ptrdiff_t at; (at = str_find(text, mark)) >= 0; ) {
		str name;
		text = str_sub(text, at + mark.n, -1);
		ptrdiff_t n = 0;
		while (n < text.n && is_word(text.p[n]))
			n++;
		name = str_sub(text, 0, n);
		*ret_any = true;
		if (!registry_entity(k->r, name))
			check_bad(k, 162, where, str_z(k->mem, name), NULL);
	}
}

static void check_query(struct check *k, const struct module *m, const struct named_query *q)
{
	bool can;
	str where = WHERE(k, "%s/%.*s", m->name, FMT(q->name)), sql = bare_sql(k, q->text);
	check_cans(k, where, q->text, &can);
	if (!can && str_find(q->text, S("-- open:")) < 0)
		check_bad(k, 161, where, NULL, NULL);
	check_portable(k, where, sql);
	if (!has_words(sql, S("org")) && !has_words(sql, S(":here")) && !can && str_find(q->text, S("-- fan-out")) < 0)
		check_bad(k, 167, where, NULL, NULL);
}

void check_queries(struct check *k, const struct module *m)
{
	str text;
	struct named_query q, other;
	if (!k->files->get(k->files->arg, WHERE(k, "sql/%s.sql", m->name), &text))
		return;
	text = queries_whole(k->mem, text);
	for (str rest = text; next_query(&rest, &q); ) {
		check_query(k, m, &q);
		for (str more = rest; next_query(&more, &other); )
			if (str_eq(q.name, other.name))
				check_bad(k, 160, WHERE(k, "%s/%.*s", m->name, FMT(q.name)), str_z(k->mem, q.name),
					  NULL);
	}
}

bool check_has_query(struct check *k, str name, str *ret_text)
{
	str module, word, text;
	struct named_query q;
	if (!str_cut(name, '/', &module, &word)
	    || !k->files->get(k->files->arg, WHERE(k, "sql/%.*s.sql", FMT(module)), &text))
		return false;
	text = queries_whole(k->mem, text);
	while (next_query(&text, &q)) {
		if (str_eq(q.name, word)) {
			*ret_text = q.text;
			return true;
		}
	}
	return false;
}

void check_parameters(struct check *k, str where, str text, const struct shape *in)
{
	static const char *const builtin[] = { "user", "person", "today", "now", "here", "seat" };
	str sql = bare_sql(k, text);
	for (ptrdiff_t i = 0; i + 1 < sql.n; i++) {
		if (sql.p[i] != ':' || !is_word(sql.p[i + 1]) || (i && (sql.p[i - 1] == ':' || is_word(sql.p[i - 1]))))
			continue;
		ptrdiff_t end = i + 1;
		while (end < sql.n && is_word(sql.p[end]))
			end++;
		str name = str_sub(sql, i + 1, end);
		bool known = in && field_named(in->fields, name);
		for (ptrdiff_t j = 0; j < COUNT(builtin); j++)
			known = known || str_is(name, builtin[j]);
		if (!known)
			check_bad(k, 164, where, str_z(k->mem, name), NULL);
		i = end;
	}
}
