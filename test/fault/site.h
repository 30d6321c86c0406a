/* site.h -- the whole program in one process over the province of the authorisation tests, and forms that anybody
 * may fill:
 * found by trying every entity that is declared, so that a new module is under test by being declared. */
#ifndef KHUE_SITE_H
#define KHUE_SITE_H
#include "../authz/inputs.h"
#include "../authz/province.h"
#include "web/http.h"

/* One kind of row and somebody who may make it. */
struct form { const struct meta *m; const struct player *who; const struct fact *like; };
struct site {
	struct arena mem, request, round;                /* round: until site_round                              */
	struct app app;
	struct oracle o;
	struct province p;
	struct form *forms; int n_forms;
	int64_t time; uint64_t seed;
	bool *within;                                    /* true while the dispatcher works, where a test wants to know */
};
struct said { int status; str body; int64_t id; };      /* body ends with the next request; id: of the row made */
/* first: a copy of what was said; rows: of the table before it was sent. Both are the test's. */
struct sent { const struct form *form; const char *path; struct pair pairs[64]; int n; str key; struct said said;
	str first; bool retires; int64_t rows; };

/* Makes the program and, in the database at `where`, the province. False: said why. */
bool site_make(struct site *s, const char *where, const char *folder);
bool site_db(struct site *s, const char *where, const char *settings);
void site_db_end(struct site *s);
/* Every entity of which a row can be made by form. */
void site_forms(struct site *s);
void site_round(struct site *s);
/* A new row of that form, not yet sent; a retirement of a row that was made. Both live until site_round. */
struct sent *site_fill(struct site *s, const struct form *f);
struct sent *site_retire(struct site *s, const struct sent *made);
/* Sends it. What the arena cannot hold is answered as the server answers it: with 503. */
struct said site_send(struct site *s, const struct sent *what);
struct said site_get(struct site *s, const struct player *who, const char *path, const char *accept);
int64_t site_rows(struct site *s, const char *table);
const struct player *site_player(const struct site *s, const char *role);
#endif
