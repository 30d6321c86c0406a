/* migrate.h -- numbered migrations, from the first to the last, each once.
 *
 * A migration is migrate/MODULE/NNN-word.sql inside the program, the same text for both engines. It runs in one
 * transaction together with its row in schema_version(module, number, name, digest, done): after an interruption the
 * next run goes on with the first that is not recorded. Two processes that migrate at once wait for one another.
 *
 * A program works on a database with migrations it does not know, as long as none of them has a name that ends with
 * "-breaks" (E185 of khue check): so nodes are upgraded one after the other, while the older ones go on serving. */
#ifndef KHUE_MIGRATE_H
#define KHUE_MIGRATE_H
#include "core/registry.h"
#include "db/db.h"

struct migration { str module, name; int64_t number; str sql; };

/* The core's migrations, then those of each module in order, by number; in the arena. */
int migrations_embedded(struct arena *mem, const struct registry *r, const struct migration **ret);

/* *ret_pending: how many of the n are not recorded. E_STATE, and why: the database has an unknown migration that
 * breaks, or a recorded migration's text is not the one that ran. */
enum rc migrate_pending(struct db *d, struct arena *mem, const struct migration *at, int n, int *ret_pending,
	char why[static 256]);

/* Runs what is pending. tell (may be NULL) hears of each after its commit. Errors as migrate_pending, and
 * E_FAULT with the engine's words in why when a statement fails: that migration has left nothing behind. */
enum rc migrate_run(struct db *d, struct arena *mem, const struct migration *at, int n, instant now,
                    void (*tell)(void *arg, const struct migration *m), void *arg, char why[static 256]);

/* Writes to b the SQL that brings the database (NULL: an empty one) to the declarations of module. */
enum rc migrate_draft(const struct registry *r, const struct module *module, struct db *d, struct arena *mem,
	struct buf *b);
#endif
