/* base.h -- the types and helpers every other file stands on.
 *
 * Text is a `str`: a view of bytes with a length, never an owner, never assumed to end in NUL.
 * Memory comes from an `arena` handed down as an argument; nothing is freed piece by piece.
 * Domain numbers have types of their own, so that a mark is never added to a date. No floats. */
#ifndef KHUE_BASE_H
#define KHUE_BASE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct { const char *p; ptrdiff_t n; } str;  /* a view of UTF-8 text, no terminator          */
typedef struct { int32_t v; } day;                   /* days since 1970-01-01; INT32_MIN: none       */
typedef struct { int64_t v; } instant;               /* milliseconds since 1970 UTC; 0: none         */
typedef struct { int64_t v; } money;                 /* whole đồng                                   */
typedef struct { int32_t v; } score;                 /* hundredths: 8.75 is 875; negative: none      */
#define NO_DAY   ((day){ INT32_MIN })
#define FOREVER  ((day){ 2932896 })              /* 9999-12-31: of a span without an end */
#define NO_SCORE ((score){ -1 })

/* The nine outcomes. Each is one HTTP status (200 422 403 404 409 409 413 503 500) and one exit code. */
enum rc { OK, E_INVALID, E_DENIED, E_MISSING, E_CONFLICT, E_STATE, E_LIMIT, E_BUSY, E_FAULT };

/* Returns early on anything but OK. */
#define TRY(call) do { enum rc rc_ = (call); if (rc_ != OK) return rc_; } while (0)
#define COUNT(a)  ((ptrdiff_t)(sizeof(a) / sizeof *(a)))

/* ---- arena: memory with one end of life -------------------------------------------------- */

struct arena_block;
struct arena {
	struct arena_block *head;    /* newest block; blocks come from malloc                          */
	size_t used, max;            /* bytes handed out; ceiling                                      */
	jmp_buf *full;               /* where an allocation beyond the ceiling (or out of memory) goes;
	                                NULL: the process aborts                                       */
	struct cleanup *ends;        /* what arena_reset runs, newest first                            */
	struct arena_block *spare;   /* of arena_again                                                 */
};
void  arena_init(struct arena *a, size_t max);
/* Runs the cleanups, keeps the first block for the next use. */
void  arena_reset(struct arena *a);
/* As arena_reset, but every block is kept for the next use: for work that comes in pieces of one size. */
void  arena_again(struct arena *a);
/* Runs the cleanups and overwrites every byte handed out: before arena_reset or arena_free, where secrets may have
 * been. */
void  arena_wipe(struct arena *a);
/* Runs the cleanups and gives every block back. */
void  arena_free(struct arena *a);
/* Zeroed memory aligned to `align` (a power of two). Never NULL: see `full`. */
void *arena_alloc(struct arena *a, size_t size, size_t align);
/* Memory from elsewhere (a library, the process) ran out in the midst of this arena's work: as when the arena is
 * full. */
_Noreturn void arena_out(struct arena *a);
/* Registers fn(arg) to run when the arena ends: files, sockets, statements hang here. */
void  arena_at_end(struct arena *a, void (*fn)(void *), void *arg);
#define NEW(a, T)     ((T *)arena_alloc((a), sizeof(T), _Alignof(T)))
#define NEWS(a, T, n) ((T *)arena_alloc((a), sizeof(T) * (size_t)(n), _Alignof(T)))

/* ---- str --------------------------------------------------------------------------------- */

#define S(lit)    ((str){ "" lit, (ptrdiff_t)sizeof(lit) - 1 })
#define S_INIT(lit) { "" lit, (ptrdiff_t)sizeof(lit) - 1 }
#define FMT(s)    (int)(s).n, (s).p                 /* for "%.*s" */
static inline str str_of(const char *z) { return (str){ z, z ? (ptrdiff_t)strlen(z) : 0 }; }
static inline bool str_eq(str a, str b) { return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, (size_t)a.n) == 0); }
static inline bool str_is(str a, const char *z) { return str_eq(a, str_of(z)); }
int       str_cmp(str a, str b);                     /* bytewise, as memcmp                          */
bool      str_starts(str s, str prefix);
bool      str_ends(str s, str suffix);
ptrdiff_t str_find(str hay, str needle);             /* index of the first occurrence or -1          */
str       str_sub(str s, ptrdiff_t from, ptrdiff_t to);  /* clamped; to < 0: the end                 */
str       str_trim(str s);                           /* without ASCII white space and NBSP at either end */
/* Splits at the first `sep`: *head before, *tail after. False (and *head = s, *tail empty) without one. */
bool      str_cut(str s, char sep, str *head, str *tail);
ptrdiff_t str_chars(str s);                          /* code points, for valid UTF-8                 */
bool      str_is_utf8(str s);                        /* strict: no overlong, surrogate, > U+10FFFF, NUL */
/* The code point at *i, which moves on behind it; U+FFFD for a byte that begins none. */
uint32_t  str_next(str s, ptrdiff_t *i);
bool      str_to_int(str s, int64_t *ret);           /* optional minus, decimal digits only, no overflow */
str       str_copy(struct arena *a, str s);
char     *str_z(struct arena *a, str s);             /* a NUL-terminated copy                        */
str       str_fmt(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
str       str_lower(struct arena *a, str s);         /* ASCII letters only; Vietnamese: viet.h       */
uint64_t  str_hash(str s);                           /* for tables in memory; not stable across versions */

/* ---- buf: text under construction -------------------------------------------------------- */

struct buf { char *p; size_t n, cap, max; struct arena *mem; bool over; };
/* Grows in `mem` by doubling up to max bytes; what exceeds it is dropped and sets .over. */
void buf_init(struct buf *b, struct arena *mem, size_t max);
void put(struct buf *b, str s);
void put_z(struct buf *b, const char *z);
void put_c(struct buf *b, char c);
void put_char(struct buf *b, uint32_t code_point);   /* as UTF-8                                     */
void put_int(struct buf *b, int64_t v);
void put_fmt(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static inline str buf_str(const struct buf *b) { return (str){ b->p, (ptrdiff_t)b->n }; }

#endif
