/* province.h -- a small province: a ministry, two departments, two communes, three schools, classes, pupils,
 * families, staff, and of every entity rows inside and outside of what each role may reach. */
#ifndef KHUE_PROVINCE_H
#define KHUE_PROVINCE_H
#include "core/app.h"
#include "core/registry.h"
#include "oracle.h"

enum { MINISTRY = 101, DEPARTMENT, COMMUNE_1, COMMUNE_2, SCHOOL_A, SCHOOL_B, DEPARTMENT_2, SCHOOL_Z };
enum { CLASS_A1 = 201, CLASS_A2, CLASS_B1, CLASS_Z1, CLASS_EMPTY /* of school A, without pupils: may go */ };
/* books of marks: of the subject that is taught in A1 and A2, and of one that nobody here teaches */
enum { COURSE_A1 = 601, COURSE_A1_TOO, COURSE_A2, COURSE_B1, COURSE_Z1 };
/* PUPIL_FREE: a brother of PUPIL_A1 in the same class, without rows of his own; PUPIL_LOOSE: in no class yet */
enum {
	PUPIL_A1 = 301,
	PUPIL_A1_TOO,
	PUPIL_A2,
	PUPIL_B1,
	PUPIL_Z1,
	PUPIL_FREE,
	PUPIL_LOOSE,
	MOTHER,
	FATHER_TOO,
	TEACHER,
	FORM_TEACHER,
	STAFF_A,
	STAFF_D
};

/* Who acts for a role: one seat, one person. */
struct player { const struct role *role; int64_t user, org, person; bool seat; };
/* What the oracle's places mean for one row, read back from its table. gone rows are not listed. */
/* role: of a seat its role, of an account the role of its seat; else empty. */
struct fact { int64_t id, org, person, class_, other, course; str role; };
struct facts { const struct meta *m; struct fact *at; int n; };

struct province {
	struct arena *mem;
	struct app *app;
	const struct oracle *o;
	struct player *players; int n_players;
	struct facts *facts;                     /* by meta.index */
	int64_t next_id;
	struct {
		int64_t account;
		const char *role;
	} ranks[64];
	int n_ranks; /* accounts made to have one certain seat */
};
/* Fills an empty database that has every migration. False: why. */
bool province_make(struct province *p, struct app *app, const struct oracle *o, struct arena *mem,
		   char why[static 512]);
/* Whether the oracle's place reaches a row for a player. Plain C over the facts above: independent of the program's
 * SQL. */
bool province_reaches(const struct province *p, const struct player *who, enum where where, const struct fact *row);
/* What the player may do to the row by the oracle, and which columns of it they may not see. */
uint32_t province_may(const struct province *p, const struct player *who, const struct entity *e,
		      const struct fact *row);
/* verb: READ, or EXPORT for what a file may hold. */
bool province_shows(const struct province *p, const struct player *who, const struct entity *e, const struct fact *row,
                    const struct field *f, uint32_t verb);
/* The verb on any row at all: menus, wizards. */
bool province_any(const struct province *p, const struct player *who, const struct entity *e, uint32_t verb);
bool province_core(const struct province *p, const struct player *who, const char *verb, const char *path);
bool province_step(const struct province *p, const struct player *who, const struct entity *e, const char *step,
		   const struct fact *row);
/* Whether the player gives (and takes) that role at the organisation. */
bool province_gives(const struct province *p, const struct player *who, const char *role, int64_t org);
/* Whether a seat of that role is newly made at the organisation, by its kind. */
bool province_tier(const struct province *p, const char *role, int64_t org);
bool province_route(const struct province *p, const struct player *who, const struct route *r);
/* The text that only this row's column holds: what is looked for in answers. */
str province_mark(struct arena *mem, int64_t id, int field);
#endif
