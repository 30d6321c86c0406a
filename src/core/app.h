/* app.h -- the running program, for core/ and app/ only; modules use ctx.h. */
#ifndef KHUE_APP_H
#define KHUE_APP_H
#include "core/ctx.h"
#include "web/http.h"
#include "web/template.h"

struct registry;                                         /* registry.h: modules, entities, routes by name         */
/* Finds the actor of a session cookie or bearer token; mod/auth provides it. *ret lives in c->mem.
 * E_MISSING: no such session, expired or revoked. */
typedef enum rc actor_fn(struct ctx *c, str session, str bearer, struct actor *ret);

struct app {
	const struct module *const *modules;             /* closed by NULL, each after the ones it needs           */
	struct registry *registry;
	struct db *db;                                   /* this process's connection                              */
	struct replica *replica;                         /* replica.h: a standby for reads that may lag; NULL: none    */
	const char *data;                                /* folder: files/, results/, khue.db                      */
	const char *where;                               /* database address                                       */
	struct template_set *pages[2];                   /* one a language                                         */
	actor_fn *actor_of;
	enum rc (*keep_lang)(struct ctx *c, enum lang lang);     /* the actor's choice, for every device; may be NULL  */
	instant (*clock)(void *);                        /* tests fix these two                                    */
	void (*random)(void *, void *p, size_t n);
	void *arg;
	/* a slot for each module, in their order: kept() of ctx.h; may be NULL */
	void **kept;
	bool demo;                                       /* a demo installation: a banner says so                  */
	/* answers carry what they used, to hold the budgets against (answer.c) */
	bool test;
	struct pages *pages_kept;                        /* page.h: what the pages keep between requests, pages_open */
	/* files of people come from there (file_link.c); NULL: from here */
	const char *files_host;
	int workers;                                     /* that answer beside this one; 0: a command, a test      */
	uint8_t secret[32];                              /* of this installation: CSRF tokens, file links, peppers */
};

/* Begins a piece of work: app's database, the time by app's clock, Vietnamese, the anonymous actor. */
void ctx_start(struct ctx *ret, const struct app *app, struct arena *mem);
extern const struct actor actor_nobody, actor_system;
#endif
