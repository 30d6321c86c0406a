/* series.c -- see series.h. */
#include "core/series.h"
#include "core/data.h"
#include "core/row.h"
#include "base/log.h"
#include <stdio.h>

static struct db *drawn_from(struct ctx *c, const struct series *s)
{
	struct data *d = data_of(c);
	char why[256];
	if (s->gapless || db_kind(c->db) == DB_SQLITE || !c->app->where)
		return c->db;
	if (!d->aside && db_open(&d->aside, c->app->where, 0, why) != OK) {
		log_line(LOG_WARN, "series_aside", "why", why, NULL);
		return c->db;
	}
	return d->aside;
}

static str counter_name(struct ctx *c, const struct table *t, const void *row)
{
	struct buf b;
	buf_init(&b, c->mem, 1024);
	put_z(&b, t->e->name);
	for (int i = 0; i < (int)COUNT(t->e->series.per) && t->e->series.per[i]; i++) {
		int k = column_at(t, t->e->series.per[i]);
		put_c(&b, '/');
		if (k >= 0)
			put(&b, field_code(t->columns[k], row, c->mem));
	}
	return buf_str(&b);
}

/* %d or %0Nd at p: writes the number, returns how many characters of the format it took; 0: something else. */
static int put_counter(struct buf *b, const char *p, int64_t n)
{
	int k = 1, width = 0;
	if (p[0] != '%')
		return 0;
	if (p[k] == '0')
		k++;
	if (p[k] >= '1' && p[k] <= '9')
		width = p[k++] - '0';
	if (p[k] != 'd')
		return 0;
	put_fmt(b, "%0*lld", width, (long long)n);
	return k + 1;
}

/* {name} at p. */
static int put_column(struct ctx *c, struct buf *b, const struct table *t, const void *row, const char *p)
{
	const char *end = *p == '{' ? strchr(p, '}') : NULL;
	if (!end)
		return 0;
	str name = { p + 1, end - p - 1 };
	const struct field *f = field_named(t->e->fields, name);
	if (str_is(name, "yyyy"))
		put_int(b, day_ymd(c->today).y);
	else if (str_is(name, "yy"))
		put_fmt(b, "%02d", day_ymd(c->today).y % 100);
	else if (f)
		put(b, field_code(f, row, c->mem));
	return (int)(name.n + 2);
}

static str formatted(struct ctx *c, const struct table *t, const void *row, int64_t n)
{
	struct buf b;
	buf_init(&b, c->mem, 512);
	for (const char *p = t->e->series.format; p && *p;) {
		int took = put_counter(&b, p, n);
		if (!took)
			took = put_column(c, &b, t, row, p);
		if (!took)
			put_c(&b, *p);
		p += took ? took : 1;
	}
	return buf_str(&b);
}

enum rc series_next(struct ctx *c, const struct table *t, void *row)
{
	const struct series *s = &t->e->series;
	int k = column_at(t, s->field);
	int64_t n = 0;
	if (k < 0)
		return E_FAULT;
	const struct field *f = t->columns[k];
	void *at = (char *)row + f->at;
	if (f->type == T_TEXT ? ((const str *)at)->n != 0 : *(const int64_t *)at != 0)
		return OK;
	TRY(db_int(drawn_from(c, s), "INSERT INTO series (name, last) VALUES (?1, 1) "
		"ON CONFLICT (name) DO UPDATE SET last = series.last + 1 RETURNING last",
		VALS(v_text(counter_name(c, t, row))), &n));
	if (f->type == T_TEXT)
		*(str *)at = formatted(c, t, row, n);
	else
		*(int64_t *)at = n;
	return OK;
}
