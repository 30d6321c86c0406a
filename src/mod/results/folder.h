/* folder.h -- files of DATA/results and DATA/keys: read whole, mapped, and replaced so that a reader sees the old or
 * the new. */
#ifndef KHUE_RESULTS_FOLDER_H
#define KHUE_RESULTS_FOLDER_H
#include "core/ctx.h"
#include "base/hash.h"

struct mapped { str bytes; };
/* DATA/results/CODE, or DATA/results for an empty code. */
const char *results_folder(struct ctx *c, str code);
const char *shard_name(struct arena *a, const digest *root);         /* "0123456789abcdef.khs"                 */
bool read_file(struct arena *a, const char *folder, const char *name, int64_t max, str *ret);
bool map_file(const char *folder, const char *name, struct mapped *ret);     /* read only                      */
void unmap_file(struct mapped *m);
/* A regular file that nobody but its owner may open. */
bool private_file(const char *folder, const char *name);
/* Makes every folder of the path, 0700. */
bool make_folder(const char *path);
/* Writes beside, syncs, renames, syncs the folder. False: errno says why; nothing has changed. */
bool replace_file(struct arena *a, const char *folder, const char *name, str bytes, unsigned mode);
bool remove_file(const char *folder, const char *name);     /* durable; true when it is not there */
#endif
