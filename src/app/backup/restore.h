/* restore.h -- bringing a backup back. Everything is read, checked and built beside what is there; only then the old
 * gives way, in one step for the database and one for the folder. Killed before that, nothing has changed and the
 * next run begins anew; killed between the two steps (PostgreSQL), the next run takes the second. */
#ifndef KHUE_BACKUP_RESTORE_H
#define KHUE_BACKUP_RESTORE_H
#include "app/backup/depot.h"
#include "core/dump.h"

struct restoring {
	struct cli *c; struct depot *depot; struct snapshot from; struct vault_secret secret;
	const char *data, *where;                /* where to; SQLite: where is data/khue.db                             */
	const char *stage;                       /* DATA.restore: what is being built                                   */
	bool over, within;                       /* within: the stage is DATA/.restore, DATA itself stays where it is    */
	struct registry *registry; struct db *db; struct load load;
	struct vault_in vault; struct archive_in in; struct arena mem, file_mem;
	int64_t tables, rows, files, lines, seals, missing; int64_t told_ms;
	char token[33];
};
/* With c->data, c->where. What is wrong is told; nothing has changed then. */
enum rc restore_run(struct restoring *r);
/* The file of an F record into the stage. */
enum rc restore_file(struct restoring *r, const struct file_image *f);
/* The old gives way to the stage. */
enum rc restore_swap(struct restoring *r);
/* Not there, or holding nothing but our lock. */
bool folder_is_bare(const char *path);
/* A mount point, or below a folder we may not write: it cannot give way to another. */
bool folder_is_fixed(const char *path);
/* Restores into an empty place of its own, signs in there, and removes it. */
enum rc restore_drill(struct restoring *r, const char *scratch);
/* Serves the installation for a moment and signs in over HTTP with an account made for that. *ret_ms: how long it
 * took. */
enum rc drill_login(struct cli *c, const char *data, const char *where, int64_t *ret_ms);
#endif
