/* http.h -- a request and its answer, and the server that carries them. Knows nothing of entities or rights. */
#ifndef KHUE_HTTP_H
#define KHUE_HTTP_H
#include "base/base.h"

enum verb { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS };
struct pair { str name, value; };
struct part { str name, filename, type, data; int fd; };   /* fd >= 0: the bytes are in this unlinked file    */

struct request {
	struct arena *mem;               /* lives as long as the request                                       */
	enum verb verb;
	str path, query;                 /* path percent-decoded, UTF-8 checked, no "..", "//" or NUL; query raw */
	struct pair *headers; int n_headers;      /* names in lower case                                       */
	struct pair *params;  int n_params;       /* query string, then the fields of an urlencoded or multipart body,
	                                    decoded, NFC, line ends \n                                         */
	struct part *parts;   int n_parts;        /* multipart/form-data: files, and fields as they were sent  */
	str body;                        /* raw body up to the limit (JSON)                                    */
	str type;                        /* content type without parameters, lower case                        */
	str remote;                      /* client address (X-Forwarded-For only from a trusted proxy)         */
	bool secure;                     /* TLS here or at the trusted proxy                                   */
	char id[24];                     /* request id, in the log and in error pages                          */
};
str req_header(const struct request *r, const char *name);       /* empty when absent                      */
str req_cookie(const struct request *r, const char *name);
str req_param(const struct request *r, const char *name);

struct reply {
	int status;                      /* 0: not answered yet                                                */
	str type;                        /* content type                                                       */
	struct buf body;
	struct pair headers[24]; int n_headers;
	int fd; int64_t from, size;      /* fd >= 0: send this part of the file instead of body; closed after  */
	str memory;                      /* .p set: send these bytes, which outlive the reply (mmap, assets)   */
	const char *route;               /* the pattern matched, for the log and the metrics                   */
	unsigned sql;                    /* statements run, for the log                                        */
	bool last;                       /* the worker may not go on: after this answer another takes its place */
};
void reply_header(struct reply *p, str name, str value);         /* refuses CR, LF; drops beyond 24        */
/* The same for a name and a value that stand in the program: nothing to refuse. */
static inline void reply_constant(struct reply *p, str name, str value)
{
	if (p->n_headers < COUNT(p->headers))
		p->headers[p->n_headers++] = (struct pair){ name, value };
}
void reply_cookie(struct reply *p, struct arena *a, str name, str value, int64_t max_age_s, bool secure);

/* Serves one request; must set p->status. Called in a worker, one at a time. A longjmp out of the arena's
 * ceiling is caught by the worker (answer 503). */
typedef void serve_fn(void *app, struct request *r, struct reply *p);

struct serve_options {
	const char *listen;              /* "127.0.0.1:8080", "[::]:8080" or "unix:/run/khue/%d.sock" (one a worker) */
	int workers;                     /* 0: two a core                                                      */
	size_t body_max, upload_max;     /* bytes; 1 MiB and 50 MiB when 0                                     */
	size_t arena_max;                /* per request; 64 MiB when 0                                         */
	unsigned worker_requests;        /* a worker is replaced after so many; 0: 100,000                     */
	size_t worker_rss;               /* ... or above this resident size; 0: 512 MiB                        */
	int gzip;                        /* zlib level for text of 1 kB and more; 0: none (a proxy does it)     */
	int drain_s;                     /* after SIGTERM: seconds to finish; 0: 20                            */
	int stuck_s;                     /* a worker that takes longer for one request is ended; 0: 120        */
	const char *trusted_proxy;       /* address whose X-Forwarded-* are believed; NULL: none; unix sockets always */
	enum rc (*start)(void **app, void *arg, int worker);  /* in the worker, before its first request: open the db */
	void (*stop)(void *app);
	void (*tick)(void *app);         /* in every worker about once a second, between requests               */
	bool (*jobs)(void *arg);         /* body of the separate job process; NULL: none. Returns false to be restarted */
	serve_fn *handle;
	void *arg;
};
/* Runs the supervisor until SIGTERM or SIGINT has drained every worker. Returns an exit code. A worker that dies
 * loses its one request and is started again (with back-off when it dies at once). SIGHUP replaces workers one by
 * one. */
int serve(const struct serve_options *o);

/* Counters shared by the workers (anonymous shared memory), printed by /metrics. */
struct counters { _Atomic uint64_t requests, errors, bytes, busy_us, workers_started, workers_died, sql, trouble,
	reports, replica_reads, replica_refused;
                  _Atomic int64_t replica_lag_ms; /* of the worker that measured last; -1: unknown */
                  _Atomic uint64_t by_status[6]; _Atomic uint64_t bucket[12]; };
struct counters *serve_counters(void);
/* bucket[i] counts requests of at most so many microseconds; 0 for the last, which has no bound. */
unsigned counters_bound_us(int bucket);
#endif
