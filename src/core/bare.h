/* bare.h -- keys and indexes taken away while millions of rows come in, and put back over the whole: built by one sort
 * each, and every foreign key held against all rows at once. Within one transaction, in which nobody else can use the
 * tables: rolled back, all is as before. */
#ifndef KHUE_BARE_H
#define KHUE_BARE_H
#include "db/db.h"

struct bare { struct db *d; str *back; int n, max; };
/* Every index that is no primary key. PostgreSQL: also every foreign key. */
enum rc bare_all(struct bare *b, struct db *d, struct arena *mem);
/* PostgreSQL: every foreign key, and the indexes that keep the order of lists (their last column is id), which writers
 * do not ask. SQLite: nothing. */
enum rc bare_lists(struct bare *b, struct db *d, struct arena *mem);
/* Any other than OK: a row does not pass one of them; see db_why. */
enum rc bare_back(struct bare *b);
#endif
