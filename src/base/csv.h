/* csv.h -- reading and writing comma, semicolon or tab separated text (RFC 4180 with what Excel adds). */
#ifndef KHUE_CSV_H
#define KHUE_CSV_H
#include "base/base.h"

/* Reads one record after another from memory that holds the whole text. */
struct csv { str left; char sep; int64_t line, next; };  /* line: where the record just read begins, from 1 */
/* Skips a BOM, obeys a first line "sep=;" (one of , ; TAB |) and otherwise guesses the separator among , ; TAB from the
 * first lines. UTF-16 with BOM must be converted first with csv_utf8. */
void csv_open(struct csv *c, str text);
/* UTF-16 (with BOM) or Windows-1252 bytes to UTF-8; text that is UTF-8 comes back as it is. */
str  csv_utf8(struct arena *a, str bytes);
/* Cells live in the arena or in the text itself. *n <= max; false at the end. Empty lines are passed over. A record
 * with more than max cells, a cell over 32,767 characters or an unclosed quote sets *bad to the reason (static
 * text). */
bool csv_next(struct csv *c, struct arena *a, str *cells, int max, int *n, const char **bad);
/* Writes a cell, quoted when needed. A cell that a spreadsheet could take for a formula (= + - @ TAB CR first,
 * and not a plain number) gets an apostrophe in front of it, also where another separator within would begin a cell. */
void csv_put(struct buf *b, str cell, bool last, char sep);
#endif
