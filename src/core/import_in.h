/* import_in.h -- between the import_*.c files. */
#ifndef KHUE_IMPORT_IN_H
#define KHUE_IMPORT_IN_H
#include "core/import.h"

/* ---- import_refs.c: what a text refers to ---- */
struct refs;
/* Everything a REF field of the plan may name, looked up set-wise and kept for the run in mem. */
struct refs *refs_new(struct ctx *c, const struct import_plan *plan);
/* Makes known what these texts refer to, in as few queries as possible. */
enum rc refs_learn(struct ctx *c, struct refs *r, const struct field *f, const str *texts, int n);
enum ref_found { REF_NONE, REF_ONE, REF_SEVERAL };
enum ref_found refs_find(struct ctx *c, struct refs *r, const struct field *f, str text, int64_t *ret_id);

/* ---- import_keys.c: which row a line is ---- */
struct keys;
struct keys *keys_new(struct ctx *c, const struct import_plan *plan);
/* Ids of the rows that stand, for n rows of the batch (each of e's struct, `size` apart): 0 none, and which line of
 * the file had this key before (0: none). skip[i]: leave it out. A line without a value of any unique key is looked up
 * by what .same names (decl.h); ROWS_ALIKE: several rows are alike in it. */
/* another: known by its unique keys only; ret_weak: it was .same that found the row or the line. */
enum { ROWS_ALIKE = -1 };
enum rc keys_find(struct ctx *c, struct keys *k, char *const *rows, const int64_t *numbers, const bool *skip, int n,
	const bool *another, int64_t *ret_ids, int64_t *ret_before, bool *ret_weak);

/* A table of texts in memory, none empty: str -> int64, grows by itself. */
struct text_map { struct arena *mem; struct text_at { str key; int64_t value; } *at; int64_t n, cap; };
int64_t *text_map_get(struct text_map *m, str key);                  /* NULL: not there                        */
int64_t *text_map_put(struct text_map *m, str key, int64_t value, bool *ret_new);    /* keeps what was there    */

/* The text of a cell for a field: encoding, white space, an apostrophe that hid a formula. */
str cell_text(struct arena *mem, const struct cell *cell, enum viet_encoding encoding);
/* Heading text for comparing: folded, without marks, brackets and stars. */
str heading_fold(struct arena *mem, str s);
/* Writes the outcome into the import's row. */
enum rc import_close(struct ctx *c, int64_t record, const char *state, const struct import_counts *n);
#endif
