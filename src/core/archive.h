/* archive.h -- what stands in a backup, as records, the same for both engines. Inside a vault (vault.h).
 *
 * A record is a letter, u32 length, and that many bytes; numbers are little-endian, texts u32 length and bytes:
 *   A  the archive: text of lines "key value"            first, once
 *   S  a migration that had run: module, i64 number, name, digest
 *   T  a table begins: name, u16 columns, of each its letter (i BIGINT, t TEXT, b BYTEA) and name
 *   R  a row: of each column a letter: n none; i and i64; t or b and a text
 *   E  the table ends: i64 rows, sum 32 (struct row_sum)
 *   F  a file below DATA: path, i64 size, SHA-256 32, name of its object 32
 *   Z  the end: i64 tables, rows, files
 * in the order A S* (T R* E)* F* Z. The reader takes no record out of order, no name or path that could lead
 * elsewhere. */
#ifndef KHUE_ARCHIVE_H
#define KHUE_ARCHIVE_H
#include "core/vault.h"

enum { TABLE_COLUMNS_MAX = 512, RECORD_MAX = 64 << 20, PATH_MAX_BYTES = 1000 };
struct column_image { str name; char type; };            /* 'i', 't', 'b'                                            */
struct table_image  { str name; struct column_image *columns; int n; };
/* A sum over rows that does not depend on their order: BLAKE2b-256 of each, added lane by lane. */
struct row_sum { uint64_t lane[4]; int64_t n; };
void row_sum_add(struct row_sum *s, str row);
bool row_sum_same(const struct row_sum *a, const struct row_sum *b);

struct file_image { str path; int64_t size; uint8_t sha256[32], object[32]; };
struct migration_image { str module, name, digest; int64_t number; };

/* A row as it stands in an R record. */
void row_image(struct buf *b, const struct val *at, int n);
/* Its values, views into it; false when it does not fit the table. */
bool row_image_read(str row, const struct table_image *t, struct val *ret);

/* ---- writing: records into a vault ---------------------------------------------------------------- */
struct archive_out { struct vault_out vault; struct arena *mem; struct buf b; int64_t tables, rows, files; };
/* after vault_begin of a->vault */
void    archive_begin(struct archive_out *a, struct arena *mem);
enum rc archive_about(struct archive_out *a, str text);
enum rc archive_migration(struct archive_out *a, const struct migration_image *m);
enum rc archive_table(struct archive_out *a, const struct table_image *t);
enum rc archive_row(struct archive_out *a, str row);
enum rc archive_table_end(struct archive_out *a, const struct row_sum *sum);
enum rc archive_file(struct archive_out *a, const struct file_image *f);
/* with vault_end */
enum rc archive_end(struct archive_out *a);

/* ---- reading ---------------------------------------------------------------------------------------- */
struct record {
	char kind;                                       /* of the list above                                         */
	str text;                                        /* A; R: the row                                             */
	struct migration_image migration;                /* S                                                         */
	struct table_image table;                        /* T; lives until the next T                                 */
	struct row_sum sum;                              /* E: as the writer counted it                               */
	struct file_image file;                          /* F                                                         */
};
struct archive_in {
	struct arena mem, names;                         /* of the record; of the table                               */
	enum rc (*more)(void *arg, str *ret); void *arg; /* the next bytes; .n 0: the end                             */
	str have; const struct tr *why;
	char last; struct table_image table; struct row_sum sum; int64_t tables, rows, files;
};
/* From any source of bytes. */
void    archive_open(struct archive_in *a, enum rc (*more)(void *arg, str *ret), void *arg);
/* The next record, valid until the next call. After Z only OK with kind 0 comes. E_INVALID with a->why: not what was
 * written; an error of .more passes through (a->why may then be NULL). Sums and counts are held against what was
 * read. */
enum rc archive_next(struct archive_in *a, struct record *ret);
void    archive_close(struct archive_in *a);
#endif
