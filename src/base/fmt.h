/* fmt.h -- the few conversions nearly every call of str_fmt and put_fmt makes, without printf: for base/ only. */
#ifndef KHUE_FMT_H
#define KHUE_FMT_H
#include "base/base.h"
/* Formats into at most cap bytes (no NUL). Knows %% %c %s %.*s %d %u %ld %lu %lld %llu %td %zd %zu without flags or
 * width.
 * -1: another conversion, or no room: printf's turn. */
int fmt_quick(char *to, size_t cap, const char *fmt, va_list args);
#endif
