/* postgres_rows.c -- what a result of PostgreSQL says, read out of its binary form. */
#include <libpq-fe.h>
#include "db/postgres.h"

bool pg_next(struct rows *r)
{
	if (!r->more[1] && !pg_arrive(r))
		return false;
	if (r->at + 1 >= r->count)
		return false;
	r->at++;
	return true;
}

void pg_end(struct db *d, struct cursor *c)
{
	pg_forget(d, c);
	PQclear(c->result);
}

int pg_cols(const struct rows *r)
{
	return PQnfields(r->more[1]);
}

bool pg_null(const struct rows *r, int col)
{
	return PQgetisnull(r->more[1], r->at, col);
}

static uint64_t big_endian(const char *p, int n)
{
	uint64_t v = 0;

	for (int i = 0; i < n; i++)
		v = v << 8 | (uint8_t)p[i];
	return v;
}

/* The whole part of a numeric (what sum() and round() give): digits in base 10000 with a weight. */
static int64_t numeric_whole(const char *p, int n)
{
	int digits = n >= 8 ? (int)big_endian(p, 2) : 0, weight = n >= 8 ? (int16_t)big_endian(p + 2, 2) : -1;
	int64_t v = 0;

	for (int i = 0; i <= weight; i++)
		v = v * 10000 + (i < digits && 8 + 2 * i + 2 <= n ? (int64_t)big_endian(p + 8 + 2 * i, 2) : 0);
	return n >= 8 && big_endian(p + 4, 2) == 0x4000 ? -v : v;
}

static int64_t real_whole(const char *p, int n)
{
	uint64_t bits = big_endian(p, n);
	uint32_t narrow = (uint32_t)bits;
	float f;
	double v;

	if (n == 4) {
		memcpy(&f, &narrow, 4);
		return (int64_t)f;
	}
	memcpy(&v, &bits, 8);
	return (int64_t)v;
}

int64_t pg_number(const struct rows *r, int col)
{
	const PGresult *res = r->more[1];
	const char *p = PQgetvalue(res, r->at, col);
	int n = PQgetlength(res, r->at, col);

	if (PQgetisnull(res, r->at, col))
		return 0;
	switch (PQftype(res, col)) {
	case INT8:
		return (int64_t)big_endian(p, 8);
	case INT4:
		return (int32_t)big_endian(p, 4);
	case INT2:
		return (int16_t)big_endian(p, 2);
	case BOOL:
		return *p != 0;
	case NUMERIC:
		return numeric_whole(p, n);
	case FLOAT4: case FLOAT8:
		return real_whole(p, n);
	default:
		return db_text_number(p, (size_t)n);
	}
}

str pg_text(const struct rows *r, int col)
{
	const PGresult *res = r->more[1];

	if (PQgetisnull(res, r->at, col))
		return (str){ "", 0 };
	switch (PQftype(res, col)) {
	case INT8: case INT4: case INT2: case BOOL: case NUMERIC: case FLOAT4: case FLOAT8:
		return db_number_text(r->d, pg_number(r, col));
	default:
		return (str){ PQgetvalue(res, r->at, col), PQgetlength(res, r->at, col) };
	}
}
