/* demo.h -- a fictional province to look at, to test with and to measure on. The same seed gives the same province. */
#ifndef KHUE_DEMO_H
#define KHUE_DEMO_H
#include "mod/school/school.h"

/* METROPOLIS: four times the schools of a province, without books of marks: how cost grows is measured on it. */
enum demo_size { DEMO_SCHOOL, DEMO_DISTRICT, DEMO_PROVINCE, DEMO_METROPOLIS };
/* site: the address that letters, slips and QR codes name. */
struct demo_ask { enum demo_size size; uint64_t seed; const char *data; str password, site; };
struct demo_count { int64_t communes, schools, classes, pupils, guardians, staff, absences; };
/* Makes everything, as the installation, in the current transaction, which it commits and begins anew on its way.
 * progress (may be NULL) hears of each school. */
enum rc demo_make(struct ctx *c, const struct demo_ask *ask, struct demo_count *ret,
	void (*progress)(void *arg, int64_t done, int64_t of), void *arg);

/* ---- within the demo --------------------------------------------------------------------------- */
struct rng { uint64_t s; };
uint64_t rng_next(struct rng *r);
int64_t  rng_below(struct rng *r, int64_t n);                    /* 0 .. n-1                                    */
bool     rng_chance(struct rng *r, int64_t of_1000);
int64_t  rng_near(struct rng *r, int64_t mean, int64_t spread);  /* bell-shaped, within mean ± spread           */

struct names;                                                    /* frequency tables                            */
struct names *names_load(struct arena *mem);
enum people { KINH, TAY, EDE, MNONG, HMONG };                    /* ethnic groups the demo knows names of       */
/* family: of the father, or empty to draw one. */
str name_of(struct names *n, struct rng *r, struct arena *mem, enum people p, bool male, str family);
str family_of(str name);

struct commune { admin_unit_id unit; org_id org; str name; int64_t x, y; enum people minority; int64_t minority_1000; };
struct point { int64_t x, y; };
/* The Voronoi cells of n sites in a box, clipped to a rounded outline: ring i has *n_of[i] points. */
void voronoi(struct arena *mem, const struct point *sites, int n, struct point centre, int64_t radius,
	struct point **rings, int *n_of);

struct demo {
	struct ctx *c; const struct demo_ask *ask; struct rng rng; struct names *names; struct demo_count *count;
	org_id dept, bureau;
	school_year_id year; int64_t first_year; day year_since, year_until, last_since;
	school_year_id last_year;
	struct commune *communes; int n_communes;
	subject_id subjects[40]; str subject_names[40], subject_codes[40]; int n_subjects;
	int64_t serial;                                          /* of identifiers given out                    */
	struct demo_school *schools; int n_schools;
};
enum kind_of_school { PRESCHOOL, PRIMARY, LOWER, UPPER, BOARDING, CONTINUING, PRIMARY_LOWER };
struct demo_school { org_id org; enum kind_of_school kind; struct commune *commune; str name;
	int classes_a_grade, pupils_a_class;
	person_id principal, deputy, clerk, it, teacher, form_teacher, parent, pupil; school_class_id a_class; str login; };
enum rc demo_places(struct demo *d);          /* places.c: department, communes, schools, rooms               */
/* people.c: staff, classes, pupils, guardians, absences */
enum rc demo_school_people(struct demo *d, struct demo_school *s);
/* marks.c: books of marks of the classes; enrolments and teaching lie class by class in the same order */
enum rc demo_marks(struct demo *d, struct demo_school *s, const struct school_class *k, int64_t n,
	const struct enrolment *e, int64_t n_e, const struct teaching *t, int64_t n_t);
/* timetable.c: bells, a timetable, lesson records; classes and teaching as above */
enum rc demo_timetable(struct demo *d, struct demo_school *s, const struct school_class *k, int64_t n,
	const struct teaching *t, int64_t n_t);
enum rc demo_stories(struct demo *d);          /* stories.c: a merger, a move under way, duplicates               */
enum rc demo_photos(struct demo *d);           /* photos.c: of some pupils of a class                    */
enum rc demo_contact(struct demo *d);          /* contact.c: after the accounts, which it reaches            */
enum rc demo_transcripts(struct demo *d);      /* transcripts.c: keys that sign, some issued transcripts         */
/* past.c: years before, at other schools, of two pupils of a school */
enum rc demo_past(struct demo *d, struct demo_school *s);
enum rc demo_accounts(struct demo *d);         /* accounts.c: a person and an account for every role              */
#endif
