/* prune.h -- what is done with backups that are there. None of it needs the secret. */
#ifndef KHUE_BACKUP_PRUNE_H
#define KHUE_BACKUP_PRUNE_H
#include "app/backup/depot.h"

/* The newest backup of each of the last so many days, weeks (from Monday) and months that have one. */
struct keep { int daily, weekly, monthly; };
/* ret[i]: list[i], newest first, is kept. The newest always is. */
void backups_kept(const struct keep *k, const struct snapshot *list, int n, bool *ret);
/* Removes the others, and the objects that no backup names. */
enum rc backups_prune(struct cli *c, struct depot *p, const struct keep *k);
/* One line a backup. */
enum rc backups_list(struct cli *c, const struct depot *p);
/* Reads everything back and holds it against its checksums, without the secret. E_STATE: something is damaged. */
enum rc backups_verify(struct cli *c, const struct depot *p);
#endif
