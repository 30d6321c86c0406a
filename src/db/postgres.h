/* postgres.h -- what the files of this engine share: types by their number, and the reading of a result. */
#ifndef KHUE_DB_POSTGRES_H
#define KHUE_DB_POSTGRES_H
#include "db/engine.h"

enum { BOOL = 16, BYTEA = 17, INT8 = 20, INT2 = 21, INT4 = 23, TEXT = 25, FLOAT4 = 700, FLOAT8 = 701, NUMERIC = 1700,
	UNKNOWN = 0 };

/* Waits for the rows of a query that was sent ahead. False: they did not come, and r->rc says why. */
bool pg_arrive(struct rows *r);
/* These rows are not wanted any more. */
void pg_forget(struct db *d, const struct cursor *c);
bool pg_next(struct rows *r);
void pg_end(struct db *d, struct cursor *c);
int pg_cols(const struct rows *r);
bool pg_null(const struct rows *r, int col);
int64_t pg_number(const struct rows *r, int col);
str pg_text(const struct rows *r, int col);
#endif
