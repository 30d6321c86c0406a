/* sums.h -- a checksum on every page of an SQLite file, which SQLite itself has not: doc/why/page-sums.md.
 *
 * A layer between SQLite and the system (a VFS). A page's last 8 bytes, which SQLite reserves, hold a sum over the
 * rest and the page's place in the file. It is made when the page is written to the file and held against it when it
 * is read: bytes that changed outside of SQLite, a page that went to another place or an older version of half a
 * page end the statement with SQLITE_IOERR_DATA. Files made without reserved bytes are served as they are. */
#ifndef KHUE_SUMS_H
#define KHUE_SUMS_H
#include "base/base.h"

enum { SUM_BYTES = 8 };
/* The name of the layer, registered above the system's default on the first call. NULL: out of memory. */
const char *sums_vfs(void);
/* Over n bytes (a multiple of 8) of the page at that offset of the file. */
uint64_t sum_of(const uint8_t *p, size_t n, uint64_t offset);
#endif
