/* marks.h -- candidates and their marks in memory, and how they are read from a table of any year's headings. */
#ifndef KHUE_RESULTS_MARKS_H
#define KHUE_RESULTS_MARKS_H
#include "core/decl.h"

enum { SUBJECTS = 20, NUMBER_MAX = 15 /* characters of a candidate number */, GROUPS_MAX = 256, GROUP_BYTES = 128,
	MARK_MAX = 1000, NO_MARK = -1,
       NO_GROUP = 0xFFFF };

struct subject {
	const char *code;                /* in addresses and JSON: "toan"; at most 15 bytes               */
	struct tr label;
	const char *published;           /* its name in the published distributions; NULL: not there      */
	const char *headings;            /* other headings, folded, separated by |                        */
	bool derived;                    /* a mean of others: no paper of its own                         */
};
extern const struct subject subjects[];              /* in the order pages show them; closed by code NULL      */
/* The order in which a leaf (shard.h) names them: indices of subjects[] by the bytes of their codes; LEAF_LANGUAGE
 * among them. */
enum { LEAF_NAMES = 16, LEAF_LANGUAGE = 255 };
extern const uint8_t leaf_order[LEAF_NAMES];
int subject_named(str code);                         /* index, or -1                                           */
int subject_published(str name);                     /* by its name in the published distributions, or -1      */

/* Foreign languages by the official code: 1 (N1, English) .. 7; 0: none told. */
const char *language_code(int language);             /* "N1"; "" for none                                      */
const struct tr *language_name(int language);        /* NULL for none                                          */

/* Provinces by their two-digit exam code; the codes of 2026 name other places than those before. */
const char *province_name(str code, int64_t year);   /* NULL: not a code                                       */

struct marks {
	char number[NUMBER_MAX + 1];                 /* upper-case letters and digits, NUL-padded              */
	uint16_t group;                              /* index of group, or NO_GROUP                            */
	uint8_t language;
	uint32_t line;                               /* of the file it came from                               */
	int16_t at[SUBJECTS];                        /* hundredths, by index of subjects[]; NO_MARK            */
};
struct group { str name; };                          /* a province's code ("01") or an exam cluster's name     */
struct mark_set {
	struct arena *mem;
	struct marks *rows; int64_t n, cap;
	struct group groups[GROUPS_MAX]; int n_groups;
	bool has[SUBJECTS];                          /* the subject was a column with at least one mark        */
	bool (*seen)(void *arg, int64_t rows); void *arg;    /* told now and then while reading; false: stop   */
};
/* Why a row of a file was not taken, or is worth a word. */
struct mark_fault { int64_t line; const struct tr *text; str args[2]; int n; };
struct mark_faults { struct arena *mem; struct mark_fault *at; int64_t n, cap; };

void mark_set_init(struct mark_set *s, struct arena *mem);
struct marks *mark_set_add(struct mark_set *s);      /* a row without marks                                    */
/* The group of that name, added when new; NO_GROUP when there are too many. */
uint16_t mark_set_group(struct mark_set *s, str name);
bool marks_same(const struct marks *a, const struct marks *b);   /* number, language and marks                 */
/* Sorts by number. Of rows with one number the first in the file stays; every other is a fault (same or other
 * marks). */
void mark_set_sort(struct mark_set *s, struct mark_faults *faults);
void mark_fault(struct mark_faults *f, int64_t line, const struct tr *text, str first, str second);

/* A candidate number as people type it: blanks and case do not matter. False: not one (2..15 letters and digits). */
bool number_read(str text, char ret[static NUMBER_MAX + 1]);

/* Reads a table (csv, csv.gz, csv.xz, xlsx: sheet.h) into s. Rows with a fault are left out and told; a file without
 * the two headings it must have (number, one subject) is E_INVALID with *why. unread: headings that were not
 * understood. */
struct marks_told { int64_t rows; str unread; struct tr why; };
enum rc marks_read(struct mark_set *s, int fd, struct mark_faults *faults, struct marks_told *ret);
#endif
