/* files.h -- files people send and files we make: content-addressed in DATA/files/aa/bb.., a row of table file each.
 * ctx.h has file_put and file_get; this is for core/. */
#ifndef KHUE_FILES_H
#define KHUE_FILES_H
#include "core/ctx.h"

enum { FILE_NAME_MAX = 200 };
#define FILE_MAX (50LL << 20)

/* What the first bytes are and the name's extension agree on, as a media type; NULL: a kind that is not accepted or a
 * name that lies about its content. */
const char *file_type_of(str name, str head);
/* The last part of a path, without control characters, at most FILE_NAME_MAX bytes, cut between characters. */
str file_name_clean(struct arena *mem, str name);

/* As file_put, from an open file, or with fd -1 from bytes: checks size and type, scans it with clamd when
 * KHUE_CLAMD names its socket, and
 * keeps it.
 * E_INVALID with words at `at`: too large, unknown kind, infected. A scanner that does not answer: the file is kept in
 * quarantine, file_get answers E_STATE until a later scan found it clean. */
enum rc file_keep(struct ctx *c, org_id org, str name, int fd, str bytes, col at, file_id *ret);
/* May the actor open it: sent by them, or on a row they read? What a row's field of a file may name. E_MISSING: no; any
 * other error: the database did not say. */
enum rc file_known(struct ctx *c, file_id id);
/* Room for so many bytes more from this person today, and in this unit (settings upload_files_day, upload_mb_day,
 * upload_mb_unit)? E_INVALID with words at `at`. file_keep and file_put ask. */
enum rc upload_room(struct ctx *c, org_id org, int64_t size, col at);
/* Without checks of kind, for what we made ourselves; until: when it may be thrown away, 0: never. */
enum rc file_make(struct ctx *c, org_id org, str name, const char *type, int fd, instant until, struct stamp stamp,
	file_id *ret);
/* The bytes of a small file in this request that is looked at and kept nowhere; empty: none of that name, or larger
 * than a request holds in memory (64 KB). */
str file_sent(struct ctx *c, const char *name);
/* How many bytes it has, however large; -1: none was chosen. *ret_name: as its sender calls it. */
int64_t file_sent_size(struct ctx *c, const char *name, str *ret_name);
/* A new empty file in DATA/files/tmp without a name, open for reading and writing. */
enum rc file_temp(struct ctx *c, int *ret_fd);
/* Opens it for reading. E_MISSING as if it did not exist when the actor may not; E_STATE quarantined. */
enum rc file_open(struct ctx *c, file_id id, struct file_info *ret, int *ret_fd);
/* Without asking who: for jobs that work on a file named by their own input. */
enum rc file_open_own(struct ctx *c, file_id id, struct file_info *ret, int *ret_fd);
/* The same, many at once, without asking who: id, type and digest of those that are there and do not wait for the
 * scanner; the others stay as they are. file_at opens one by its digest; -1. */
enum rc files_own(struct ctx *c, const int64_t *ids, int n, struct file_info *ret);
int file_at(struct ctx *c, const struct file_info *f);

/* Hangs a file on a row; the row's readers may open it. Once each. */
enum rc file_hang(struct ctx *c, file_id id, const struct entity *e, int64_t row);
/* The files that hang on a row, oldest first. */
enum rc files_on(struct ctx *c, const struct entity *e, int64_t row, items *ret);      /* struct file_info */

/* Scans what is in quarantine; removes rows past `until` and contents no row names. Returns how many it removed. */
enum rc files_sweep(struct ctx *c, int64_t *ret_removed);
/* Reads back every content and compares its digest: how many are whole, and the first that is not. For khue check. */
enum rc files_verify(struct ctx *c, int64_t *ret_good, str *ret_first_bad);
#endif
