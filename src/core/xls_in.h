/* xls_in.h -- between xls_ole.c (the compound file: streams in chains of sectors), xls.c (records, the workbook's own
 * part) and xls_sheet.c (rows). */
#ifndef KHUE_XLS_IN_H
#define KHUE_XLS_IN_H
#include "core/xls.h"

struct xls_sheet { str name; int64_t at; bool hidden; };
struct xls {
	struct arena *mem;
	str book;                                        /* the workbook's stream                              */
	struct xls_sheet *sheets; int n_sheets;
	str *strings; int64_t n_strings;
	enum cell_kind *styles; int n_styles;            /* what a number of that style is                     */
	bool from_1904, programs;
	struct buf text;                                 /* one text while it is read                           */
};

/* ---- xls_ole.c ---- */
/* What lies at the top of a compound file; book is empty when there is no "Workbook". */
struct xls_ole { str book; bool old /* "Book": Excel 95 */, locked /* an encrypted .xlsx */, programs; };
enum rc xls_ole_open(struct arena *mem, str bytes, struct xls_ole *ret, struct file_fault *why);

/* ---- xls.c: records ---- */
enum { R_FORMULA = 0x06, R_EOF = 0x0A, R_DATEMODE = 0x22, R_FILEPASS = 0x2F, R_CONTINUE = 0x3C, R_COLINFO = 0x7D,
       R_BOUNDSHEET = 0x85, R_MULRK = 0xBD, R_RSTRING = 0xD6, R_XF = 0xE0, R_MERGED = 0xE5, R_SST = 0xFC,
       R_LABELSST = 0xFD, R_NUMBER = 0x203, R_LABEL = 0x204, R_BOOLERR = 0x205, R_STRING = 0x207, R_ROW = 0x208,
       R_RK = 0x27E, R_FORMAT = 0x41E, R_BOF = 0x809 };
/* One record: body is its own bytes; at, end: where in the stream the body begins and the next record stands. */
struct record { int type; str body; int64_t at, end; };
/* The record at *at, which moves behind it. False: none is left, or it is cut off (then *at is not the end). */
bool xls_next(str book, int64_t *at, struct record *ret);
uint32_t xls_u16(str s, ptrdiff_t at);                  /* 0 beyond the end                                  */
uint32_t xls_u32(str s, ptrdiff_t at);
double   xls_f64(str s, ptrdiff_t at);
/* A text with its own length (of `wide` 2 bytes or 1) from byte `skip` of a record, on into the CONTINUE records behind
 * it; takes as much memory as it is long. False: cut off or too long. */
bool xls_text(struct xls *x, const struct record *r, ptrdiff_t skip, bool wide, str *ret);
enum rc xls_damaged(struct file_fault *why, const char *detail);
#endif
