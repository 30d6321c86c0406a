/* boot.h -- from options to a program that can work: declarations, database, secret, templates. */
#ifndef KHUE_BOOT_H
#define KHUE_BOOT_H
#include "app/cli.h"
#include "core/app.h"
#include "core/registry.h"

enum { BOOT_SCHEMA = 1 /* every migration must have run */, BOOT_SECRET = 2 /* DATA/secret must be there */,
       BOOT_SERVE = 8 /* the database only by rows: DB_SERVE */, BOOT_PROMPT = 16 /* DB_PROMPT */,
BOOT_PAGES = 4 /* template sets of both languages */ };
/* Fills *a (the caller keeps it) and says on standard error what is wrong. What was opened is closed on failure. */
enum rc boot(struct cli *c, struct app *a, unsigned what);
void    boot_end(struct app *a);
/* A piece of work for a command: as the anonymous actor, in the command's language; its memory is c->mem. */
struct ctx *cli_ctx(struct cli *c, struct app *a);
/* Runs the migrations that have not run, telling each. */
enum rc boot_migrated(struct cli *c);
/* Marks the installation as a demo: pages say so. */
enum rc boot_mark_demo(struct cli *c);
/* The database alone; flags of db_open. */
enum rc boot_db(struct cli *c, unsigned flags, struct db **ret);
/* Creates DATA and DATA/secret (0400) when they are not there. *ret_new: the secret is new. */
enum rc boot_folder(struct cli *c, bool *ret_new);
/* The self-check of declarations at the start: a program whose declarations contradict themselves does not serve. */
enum rc check_start(struct cli *c);
#endif
