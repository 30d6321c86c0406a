/* http1.h -- HTTP/1.1 as bytes: heads, chunks, ranges. Pure functions without sockets. What two programs on the way
 * could read differently is refused: both framings or two lengths, folded lines, bare CR or LF, blanks before the
 * colon, chunk extensions, trailers, absolute addresses, encoded slashes. */
#ifndef KHUE_HTTP1_H
#define KHUE_HTTP1_H
#include "web/http.h"

enum { HEAD_MAX = 32768, HEADERS_MAX = 100, TARGET_MAX = 8192 };

struct head {
	enum verb verb;
	str target;                                  /* as sent: path and query                                */
	struct pair headers[HEADERS_MAX]; int n_headers;
	int64_t length;                              /* of the body; 0 without one                             */
	bool chunked, keep, expect;                  /* keep: the connection stays; expect: 100-continue       */
};
/* Looks for the end of the head in what has arrived. > 0: its length; 0: not there yet; < 0: minus the status that
 * refuses it. */
int head_end(str bytes);
/* Reads a whole head; lowers the header names in place; views stay in bytes. 0, or the status that refuses it. */
int head_read(char *bytes, size_t n, struct head *ret);
/* Percent-decoded; false for what must never reach a route: ".", "..", "//", an encoded slash, control characters,
 * malformed escapes, not UTF-8. */
bool path_read(struct arena *a, str raw, str *ret);

/* A chunked body, byte by byte: feed and collect. */
struct chunks { int state; int64_t left; int digits; };
/* Consumes from *in, and gives in *data a piece of the body (may be empty). 1: the body is complete; 0: more is needed
 * or *in still has bytes; -1: malformed. */
int chunks_read(struct chunks *c, str *in, str *data);

enum ranged { RANGE_NONE, RANGE_PART, RANGE_BEYOND };         /* 200, 206, 416                                  */
/* One range "bytes=a-b", "a-" or "-n" of size bytes. Several ranges, other units and nonsense count as none. */
enum ranged range_read(str header, int64_t size, int64_t *from, int64_t *n);
#endif
