/* worker.h -- one process that serves: its connections and the exchange of one request. Shared by serve.c, worker.c,
 * exchange.c, upload.c and handover.c only. */
#ifndef KHUE_WORKER_H
#define KHUE_WORKER_H
#include "web/body.h"
#include "web/http1.h"
#include <stdatomic.h>
#include <zlib.h>

enum { CONNS_MAX = 2048, CONNS_SPARE = 256 /* of them, to refuse newcomers with */, EVENTS = 1024,
	SCRATCH = HEAD_MAX + 32768, PAGE_FIRST = 131072, AT_ONCE = 8 };
/* Milliseconds: for a head to arrive whole, between requests, without progress of an answer, after a refusal. */
enum { HEAD_MS = 10000, IDLE_MS = 75000, STALL_MS = 30000, LINGER_MS = 2000, DRAIN_IDLE_MS = 300,
/* who has waited so long with so many behind him is told 503 */
       LATE_MS = 250, LATE_MANY = 32 };

/* What the supervisor and its workers share, one for each place among the workers. */
struct slot {
	/* Monotonic ms of the request being served; 0: none. Each process has one of the two to itself: who retires goes
	 * on with his while his successor serves. */
	_Atomic int64_t busy_since[2];
	_Atomic int64_t round;                       /* monotonic ms at which a worker last came round its loop */
	_Atomic int32_t ready;                       /* process that has started and accepts                   */
	_Atomic int32_t retiring;                    /* process that asks for a successor                      */
};

enum conn_state { READ_HEAD, READ_BODY, WRITE, LINGER };
struct upload {                                      /* a request whose body is still arriving                 */
	struct arena mem;
	char *head; size_t n_head;
	bool chunked; struct chunks chunks;
	int64_t left, total;
	struct buf raw; struct multipart *parts;
	size_t counted;                              /* of worker.buffered                                     */
};
struct out {                                         /* what is left of an answer                              */
	char *own; size_t n, at;                     /* head and body copied, because the arena moves on       */
	str memory;                                  /* bytes that outlive the answer                          */
	int fd; int64_t from, left;
};
struct conn {
	int fd, index;
	enum conn_state state;
	bool keep, queued, fresh;                    /* fresh: nothing was ever answered here                  */
	uint32_t waits;                              /* epoll events asked for                                 */
	char *in; size_t n_in;                       /* read, not yet used                                     */
	struct upload *up;
	struct out out;
	int64_t since, moved;                        /* the state began; its last progress                     */
	char remote[46];
};
struct worker {
	const struct serve_options *o;
	struct slot *slot;
	_Atomic int64_t *busy;                       /* this process's own of slot->busy_since                 */
	int index, ep, listen, signals;
	int pass_to, pass_from;                      /* connections, at a change of worker                     */
	bool unix_socket, listening, draining, retiring;
	bool spent;                                  /* the last answer said that another must go on           */
	void *app;
	struct conn *conns[CONNS_MAX]; int n_conns;
	struct conn *queue[CONNS_MAX]; int n_queue;  /* with bytes read but not yet served                     */
	struct conn *current;                        /* whose request is being served                          */
	const struct request *request; const struct reply *reply;    /* ... which, and what it has become so far       */
	char scratch[SCRATCH];
	struct head head;
	struct arena mem;
	char *page;                                  /* the first place of every reply's body                  */
	z_stream zip; bool zip_made;
	size_t buffered;                             /* bytes of bodies held in memory                         */
	unsigned served;
	int waiting;                                 /* events of this turn that come after the one at hand    */
	int64_t now, second, ended, pause;           /* monotonic ms; ended: when draining began               */
	char date[40]; int64_t date_second;
	uint64_t ids;
};

/* Serves until told to stop. side: which of slot->busy_since is its own. Returns the exit code: 0 done, 75 the
 * application gave up (reply.last), 78 it could not start. */
int worker_run(const struct serve_options *o, struct slot *slot, int side, int index, int listen_fd,
	bool unix_socket, const int pass[2]);
int64_t now_ms(void);

/* ---- worker.c, for the others ---- */
void conn_close(struct worker *w, struct conn *c);
void conn_wait(struct worker *w, struct conn *c, uint32_t events);
void conn_keep(struct conn *c, const char *bytes, size_t n);       /* what was read and not used               */
struct conn *conn_new(struct worker *w, int fd, const char *remote);
void conn_queue(struct worker *w, struct conn *c);

/* ---- exchange.c ---- */
/* Serves the request whose head is in w->head and whose body, if it had one, is in c->up. */
void exchange(struct worker *w, struct conn *c);
/* Answers with a status of our own and ends the connection. */
void refuse(struct worker *w, struct conn *c, int status);
/* Sends what is left; the state is READ_HEAD again, or LINGER, when all has gone. False: closed. */
bool conn_flush(struct worker *w, struct conn *c);

/* ---- upload.c ---- */
/* Begins the body of the request in w->head, whose raw head is given. 0, or a status. */
int upload_begin(struct worker *w, struct conn *c, const char *head, size_t n);
/* Takes bytes; *used of them belonged to this body. 1: complete; 0: more needed; else a status. */
int upload_feed(struct worker *w, struct conn *c, str bytes, size_t *used);
void upload_end(struct worker *w, struct conn *c);

/* ---- handover.c ---- */
/* Gives every connection that waits between requests to the next worker of this place. */
void hand_over(struct worker *w);
/* Takes what was handed over. */
void take_over(struct worker *w);
/* From now on a crash gives away all connections but the one being served, whose request it names in the log. */
void crash_guard(struct worker *w);
#endif
