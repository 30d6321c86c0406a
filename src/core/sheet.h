/* sheet.h -- rows out of any table a person sends: .xlsx, .xls, .csv, .csv.gz, .csv.xz, told apart by content, not by
 * name. The file is parsed in the sandbox; rows arrive while it reads. */
#ifndef KHUE_SHEET_H
#define KHUE_SHEET_H
#include "core/xlsx.h"

enum { SHEET_NAMES = 64, SHEET_MERGED = 256 };
struct sheet_ask {
	int fd;                          /* the file, open for reading                                         */
	int sheet;                       /* which sheet of a workbook; -1: the first that is not hidden        */
	int64_t rows;                    /* stop after so many rows; 0: all                                    */
	bool merged;                     /* also tell merged ranges (one more pass over the sheet)             */
	str wipe;                        /* secrets the child clears (sandbox.h)                               */
};
struct sheet_told {
	bool workbook;                   /* xlsx or xls, not text                                              */
	str names[SHEET_NAMES]; bool hidden[SHEET_NAMES]; int n_names;
	int sheet;                       /* the one that was read                                              */
	struct xlsx_range merged[SHEET_MERGED]; int n_merged;
	int64_t rows;                    /* handed to fn                                                       */
};
/* Limits: 200 MiB unpacked, 256 columns a row handed on, 1 MiB a row. names and merged are set before the first row.
 * E_INVALID: not a table we can read, damaged or hostile; E_LIMIT: too large or too slow; E_FAULT: no sandbox. why in
 * mem. OK also when fn said stop. */
enum { SHEET_COLUMNS = 256 };
enum rc sheet_read(struct arena *mem, const struct sheet_ask *ask, row_fn *fn, void *arg, struct sheet_told *ret,
	struct file_fault *why);
#endif
