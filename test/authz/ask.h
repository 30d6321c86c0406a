/* ask.h -- one request to the dispatcher in this process, as a player, and a digest of the whole database. */
#ifndef KHUE_ASK_H
#define KHUE_ASK_H
#include "province.h"
#include "base/hash.h"
#include "web/http.h"

struct things;                           /* things.h */
struct world {
	struct arena mem, request;               /* request: of the last answer                     */
	struct app app;
	struct oracle o;
	struct province p;
	int cells, wrong, told;
	int undecided;                           /* let in, but a rule of the module refused the values */
	uint32_t *allowed, *proved;              /* by meta.index: verbs the oracle allows somebody; that succeeded */
	struct things *things;
	bool quiet;                              /* count what is wrong, do not print it            */
	void **first;                            /* the engine: the first thing wrong is said and ends the program with 1 */
};
struct answer { int status; str body; };

/* GET as JSON. */
struct answer ask(struct world *w, const struct player *who, const char *path);
/* GET as a file or page. */
struct answer ask_as(struct world *w, const struct player *who, const char *path, const char *accept);
/* A form POST with these pairs; nothing it writes stays: the transaction around it is rolled back by the next request
 * or by ask_undo. */
struct answer send_form(struct world *w, const struct player *who, const char *path, const struct pair *pairs, int n);
void ask_undo(struct world *w);
/* The request as it would come, with room for five more headers and 63 parameters: to be bent before it is sent. */
struct request *ask_draft(struct world *w, const struct player *who, enum verb verb, const char *path,
			  const char *accept);
struct answer ask_send(struct world *w, struct request *r);
static inline bool refused(struct answer a)
{
	return a.status == 401 || a.status == 403 || a.status == 404 || a.status == 405;
}
static inline bool granted(struct answer a) { return a.status >= 200 && a.status < 400; }
/* Of every table but those that reading may write. */
digest database_digest(struct world *w);
/* Counts and says it. */
void wrong(struct world *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
#endif
