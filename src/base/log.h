/* log.h -- one JSON object a line on standard error. Never personal data: ids, counts, codes, durations only. */
#ifndef KHUE_LOG_H
#define KHUE_LOG_H
#include "base/base.h"
enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };
void log_set(enum log_level most, int fd);
/* From now on lines about requests wait for the next log_flush (or for 4 kB of them, or another line): one write for
 * those of a turn. Of this process only: a child of it starts with none. */
void log_hold(void);
void log_flush(void);                                    /* only async-signal-safe calls                           */
/* kv: pairs of key and value as C strings, closed by NULL: log_line(LOG_INFO, "ready", "listen", addr, NULL). Only
 * async-signal-safe calls as long as no value holds control characters. */
void log_line(enum log_level level, const char *event, ...) __attribute__((sentinel));
/* One request: id, method, route pattern (not the path, which may hold a name or number), status, ms, bytes, sql. */
void log_request(str id, const char *verb, const char *route, int status, int64_t us, size_t bytes, unsigned sql);
#endif
