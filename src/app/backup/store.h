/* store.h -- making one backup: the steps between the snapshot of the database and the last file. For cmd_backup.c. */
#ifndef KHUE_BACKUP_STORE_H
#define KHUE_BACKUP_STORE_H
#include "app/backup/depot.h"

struct backing {
	struct cli *c; struct app *app; struct depot *depot; struct vault_key key;
	struct archive_out out;
	const char *part;                        /* DIR/.NAME: what is being written                                    */
	uint8_t object_key[32];
	struct buf objects, text;                /* lines of DIR/NAME/objects; scratch                                  */
	struct arena mem;                        /* of the file at hand                                                 */
	int64_t rows, rows_all, files, fresh, fresh_bytes, bad; int64_t told_ms;
	str doing;
};
/* Every table of the database, from one snapshot on a connection of its own. */
enum rc store_tables(struct backing *b);
/* Every file below DATA. What a file's own name says it is not is counted in b->bad and told; the backup goes on. */
enum rc store_files(struct backing *b);
/* A line of progress, at most one in two seconds. */
void    store_progress(struct backing *b);
#endif
