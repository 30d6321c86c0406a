/* depot.h -- the folder that backups are kept in, on a disk of its own or a mounted share.
 *
 *   DIR/khue-backup            says what the folder is
 *   DIR/lock                   held while something is written or removed
 *   DIR/NAME/data              a vault (vault.h) of an archive (archive.h): the tables, and which files there were
 *   DIR/NAME/objects           a line for each of its objects
 *   DIR/NAME/about             lines "key value"; written last
 *   DIR/object/aa/HEX          a vault with the content of one file, kept once for all backups that name it
 *   DIR/drill                  when a drill last went well
 * NAME is the time in UTC, so names sort by age. What is being written has a name that begins with a dot. An
 * object's name is a digest keyed with the installation's secret: it tells nobody what the content is. */
#ifndef KHUE_BACKUP_DEPOT_H
#define KHUE_BACKUP_DEPOT_H
#include "app/boot.h"
#include "core/archive.h"
#include <sys/types.h>

struct depot { const char *dir; int lock; };
struct snapshot { const char *name; instant made; str version, engine; int64_t tables, rows, files, bytes, fresh; };

const char *path_of(struct arena *mem, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Opens it; with `make` makes it when it is missing or empty. E_MISSING, E_STATE: told. */
enum rc depot_open(struct cli *c, const char *dir, bool make, struct depot *ret);
/* Waits up to ten minutes for whoever holds it. */
enum rc depot_lock(struct cli *c, struct depot *p);
void    depot_close(struct depot *p);
/* What is there, newest first. */
enum rc depot_list(struct cli *c, const struct depot *p, struct snapshot **ret, int *ret_n);
/* name NULL: the newest. */
enum rc depot_find(struct cli *c, const struct depot *p, const char *name, struct snapshot *ret);
const char *object_path(struct arena *mem, const struct depot *p, const uint8_t name[static 32]);
/* Removes a folder and what is in it, without following links. */
bool remove_tree(const char *path);
bool sync_folder(const char *path);
/* How many bytes are free for us on the disk of a folder; -1: unknown. */
int64_t disk_free(const char *path);

/* DATA/backup.pub, or the file named. */
enum rc backup_key(struct cli *c, const char *file, struct vault_key *ret);
/* The secret: of --key FILE, or worked out from the passphrase of --passphrase-file FILE, or asked for on the
 * terminal. */
enum rc backup_secret(struct cli *c, const char *key_file, const char *passphrase_file, const struct vault_key *of,
	struct vault_secret *ret);
/* A first line typed without echo, or of a file; "-" is standard input. */
enum rc read_passphrase(struct cli *c, const char *file, const struct tr *ask, str *ret);
/* Writes a file of a folder at once or not at all; told on failure. */
enum rc put_file(struct cli *c, const char *folder, const char *name, str text, unsigned mode);

/* The process that serves holds DATA/serving while it lives: E_STATE when one does. *ret_fd keeps others out until
 * closed. */
enum rc serving_begin(struct cli *c, int *ret_fd);
/* Whose supervisors serve DATA now: their processes. How many, at most `most`. */
int     serving_by(struct cli *c, pid_t *ret, int most);
enum rc serving_none(struct cli *c, const char *data, int *ret_fd);
#endif
