/* planner.h -- what SQLite's planner is told of the tables.
 *
 * Told nothing, it takes every index for equally good and "gone = 0", which all rows meet, for rare: it reads a
 * province where it should read a class. What ANALYZE counts would depend on the day it ran: before the first import
 * every table is empty. So it is told what the declarations say: how many rows a table comes to have (entity.rows),
 * and how many share a value of each index by what its columns are. The same in every installation, so that plans are
 * the same everywhere and a test can hold them (test/unit/plans_test.c). PostgreSQL counts for itself.
 * doc/why/planner.md */
#ifndef KHUE_PLANNER_H
#define KHUE_PLANNER_H
#include "core/registry.h"
#include "db/db.h"

/* Writes into sqlite_stat1 what the declarations say of each entity's indexes, instead of what stands there; nothing
 * when that is the same. Processes that are connected learn of it when they connect again. PostgreSQL: OK. */
enum rc planner_tell(const struct registry *r, struct db *d, struct arena *mem);
#endif
