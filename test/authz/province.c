/* province.c -- makes the small province and answers what the oracle means there. */
#include "province.h"
#include "core/row.h"
#include "core/search.h"
#include "inputs.h"
#include "core/store.h"
#include <stdio.h>

enum { FAR = 60000, LONG_AGO = 10000, ROWS_MAX = 200 };

struct value { const char *column; int64_t v; };
#define WITH(...) (const struct value[]){ __VA_ARGS__, { NULL, 0 } }

/* ---- rows ------------------------------------------------------------------------------------------ */

str province_mark(struct arena *mem, int64_t id, int field)
{
	return str_fmt(mem, "q%llxz%d", (long long)id, field);
}

static const struct value *value_of(const struct value *with, const char *column)
{
	for (; with && with->column; with++)
		if (strcmp(with->column, column) == 0)
			return with;
	return NULL;
}

static void put_number(const struct field *f, void *row, int64_t v)
{
	char *at = (char *)row + f->at;
	switch ((enum type)f->type) {
	case T_BOOL: *(bool *)(void *)at = v != 0; break;
	case T_PICK: *(pick *)(void *)at = (pick)v; break;
	case T_DAY: case T_SCORE: { int32_t n = (int32_t)v; memcpy(at, &n, sizeof n); break; }
	default: memcpy(at, &v, sizeof v); break;
	}
}

/* Any row of the entity that stands already, nearest first: of the same organisation, then of any. */
static int64_t some_row(struct province *p, const struct entity *e, int64_t org)
{
	int64_t id = 0;
	str sql = str_fmt(p->mem, "SELECT id FROM %s ORDER BY CASE WHEN org = ?1 THEN 0 ELSE 1 END, id LIMIT 1", e->name);
	return db_int(p->app->db, str_z(p->mem, sql), VALS(v_int(org)), &id) == OK ? id : 0;
}

static int64_t usual(struct province *p, const struct entity *e, const struct field *f, int64_t org)
{
	switch ((enum type)f->type) {
	case T_DAY:   return strcmp(f->name, "until") == 0 || strcmp(f->name, "to") == 0 ? FAR
		: strcmp(f->name, "withdrawn") == 0 || strcmp(f->name, "wanted") == 0 || strcmp(f->name, "first_day") == 0
		|| strcmp(f->name, "last_day") == 0 ? INT32_MIN : LONG_AGO;
	case T_TIME:  return 1700000000000;
	case T_INT:   return strcmp(f->name, "most") == 0 ? 20 : f->min > 1 ? f->min : 1;
	case T_MONEY: return 1000;
	case T_SCORE: return 500;
	case T_REF:   return f->ref == e ? 0 : some_row(p, f->ref, org);
	default:      return 0;
	}
}

static int initial_of(const struct entity *e, const struct field *f)
{
	for (int i = 0; f->at == e->flow.state && f->pick && f->pick[i].code; i++)
		if (f->pick[i].is & INITIAL)
			return i;
	return 0;
}

static void fill_row(struct province *p, const struct meta *m, int64_t id, int64_t org, const struct value *with,
	void *row)
{
	struct base *base = row;
	row_zero(m->e, row);
	*base = (struct base){ .id = id, .rev = 1, .org = { org }, .made = { 1700000000000 },
		.changed = { 1700000000000 } };
	for (int i = 0; i < m->n_fields; i++) {
		const struct field *f = &m->e->fields[i];
		const struct value *v = value_of(with, f->name);
		if (f->type == T_TEXT || f->type == T_HTML) {
			str mark = input_known(m->e->name, f->name) ? input_text(p->mem, m->e->name, f->name, id)
				: province_mark(p->mem, id, i);
			memcpy((char *)row + f->at, &mark, sizeof mark);
		} else if (f->type != T_LIST) {
			put_number(f, row, v ? v->v : f->type == T_PICK ? initial_of(m->e, f) : usual(p, m->e, f, org));
		}
	}
}

/* A row that is there already (a unique key) is as good. */
static bool add(struct province *p, struct ctx *c, const char *entity, int64_t id, int64_t org,
	const struct value *with)
{
	const struct meta *m = registry_entity(p->app->registry, str_of(entity));
	if (!m)
		return true;
	void *row = arena_alloc(p->mem, m->e->size, 16);
	fill_row(p, m, id ? id : p->next_id++, org, with, row);
	if (db_begin(c->db) != OK)
		return false;
	enum rc rc = store_insert(c, table_of(p->app->registry, m->e), row);
	if (rc == OK)
		rc = search_change(c, m->e, NULL, row);
	if (rc == OK)
		return db_commit(c->db) == OK;
	bool stands = rc == E_CONFLICT || *db_clash(c->db);
	if (!stands)
		fprintf(stderr, "province: %s: %s\n", entity, db_why(c->db));
	db_rollback(c->db);
	return stands;
}

/* ---- the province ------------------------------------------------------------------------------------ */

static bool add_orgs(struct province *p, struct ctx *c)
{
	static const struct { int64_t id, parent; int kind; } orgs[] = { { MINISTRY, 0, 0 }, { DEPARTMENT, MINISTRY, 1 },
		{ COMMUNE_1, DEPARTMENT, 3 },
		{ COMMUNE_2, DEPARTMENT, 3 }, { SCHOOL_A, COMMUNE_1, 4 }, { SCHOOL_B, COMMUNE_2, 4 },
		{ DEPARTMENT_2, MINISTRY, 1 }, { SCHOOL_Z, DEPARTMENT_2, 4 } };
	for (ptrdiff_t i = 0; i < COUNT(orgs); i++)
		if (!add(p, c, "org", orgs[i].id, orgs[i].id, WITH({ "parent", orgs[i].parent }, { "kind", orgs[i].kind },
		         { "preschool", orgs[i].kind == 4 })))
			return false;
	/* the closure over the tree above, written out by hand */
	static const int64_t below[][2] = { { 101, 102 }, { 101, 103 }, { 101, 104 }, { 101, 105 }, { 101, 106 },
		{ 101, 107 }, { 101, 108 }, { 102, 103 },
		{ 102, 104 }, { 102, 105 }, { 102, 106 }, { 103, 105 }, { 104, 106 }, { 107, 108 } };
	enum rc rc = db_exec(c->db, "DELETE FROM org_below", NULL, 0, NULL);
	for (int64_t id = MINISTRY; rc == OK && id <= SCHOOL_Z; id++)
		rc = db_exec(c->db, "INSERT INTO org_below (top, below, since, until, depth) VALUES (?1, ?1, 0, ?2, 0)",
			VALS(v_int(id), v_int(FAR)), NULL);
	for (ptrdiff_t i = 0; rc == OK && i < COUNT(below); i++)
		rc = db_exec(c->db, "INSERT INTO org_below (top, below, since, until, depth) VALUES (?1, ?2, 0, ?3, 1)",
		             VALS(v_int(below[i][0]), v_int(below[i][1]), v_int(FAR)), NULL);
	return rc == OK;
}

static bool add_persons(struct province *p, struct ctx *c)
{
	static const struct { int64_t id, org; } persons[] = { { PUPIL_A1, SCHOOL_A }, { PUPIL_A1_TOO, SCHOOL_A },
		{ PUPIL_A2, SCHOOL_A }, { PUPIL_B1, SCHOOL_B },
		{ PUPIL_Z1, SCHOOL_Z }, { PUPIL_FREE, SCHOOL_A }, { PUPIL_LOOSE, SCHOOL_A }, { MOTHER, SCHOOL_A },
		{ FATHER_TOO, SCHOOL_A }, { TEACHER, SCHOOL_A }, { FORM_TEACHER, SCHOOL_A }, { STAFF_A, SCHOOL_A },
		{ STAFF_D, DEPARTMENT } };
	for (ptrdiff_t i = 0; i < COUNT(persons); i++)
		if (!add(p, c, "person", persons[i].id, persons[i].org,
			WITH({ "self", persons[i].id }, { "pupil", persons[i].id <= PUPIL_LOOSE },
		         { "guardian", persons[i].id == MOTHER || persons[i].id == FATHER_TOO },
		{ "staff", persons[i].id >= TEACHER })))
			return false;
	return true;
}

static bool enrol(struct province *p, struct ctx *c, int64_t org, int64_t pupil, int64_t class_, int64_t until)
{
	return add(p, c, "enrolment", 0, org, WITH({ "pupil", pupil }, { "class", class_ }, { "until", until }));
}

static bool teach(struct province *p, struct ctx *c, int64_t org, int64_t teacher, int64_t class_, int form,
	int64_t until)
{
	return add(p, c, "teaching", 0, org, WITH({ "teacher", teacher }, { "class", class_ }, { "form", form },
		{ "until", until }));
}

/* Besides what holds: a guardian who is barred, an assignment and an enrolment that are over. They must open
 * nothing. */
static bool add_school(struct province *p, struct ctx *c)
{
	int64_t over = c->today.v;
	return add(p, c, "school_class", CLASS_A1, SCHOOL_A, WITH({ "form_teacher", FORM_TEACHER })) &&
		add(p, c, "school_class", CLASS_A2, SCHOOL_A, WITH({ "form_teacher", FORM_TEACHER }))
	       && add(p, c, "school_class", CLASS_B1, SCHOOL_B, WITH({ "form_teacher", STAFF_D })) &&
		add(p, c, "school_class", CLASS_Z1, SCHOOL_Z, WITH({ "form_teacher", STAFF_D }))
	       && add(p, c, "school_class", CLASS_EMPTY, SCHOOL_A, WITH({ "form_teacher", FORM_TEACHER }))
	       && enrol(p, c, SCHOOL_A, PUPIL_A1, CLASS_A1, FAR) && enrol(p, c, SCHOOL_A, PUPIL_A1_TOO, CLASS_A1, FAR)
	       && enrol(p, c, SCHOOL_A, PUPIL_A2, CLASS_A2, FAR) && enrol(p, c, SCHOOL_A, PUPIL_A2, CLASS_A1, over)
	       && enrol(p, c, SCHOOL_A, PUPIL_FREE, CLASS_A1, FAR)
	       && enrol(p, c, SCHOOL_B, PUPIL_B1, CLASS_B1, FAR) && enrol(p, c, SCHOOL_Z, PUPIL_Z1, CLASS_Z1, FAR)
	       && teach(p, c, SCHOOL_A, TEACHER, CLASS_A1, 0, FAR) && teach(p, c, SCHOOL_A, FORM_TEACHER, CLASS_A1, 1, FAR)
	       && teach(p, c, SCHOOL_A, TEACHER, CLASS_A2, 0, over) && teach(p, c, SCHOOL_A, FORM_TEACHER, CLASS_A2, 1,
		over)
	       && teach(p, c, SCHOOL_A, FORM_TEACHER, CLASS_A2, 0, FAR) && teach(p, c, SCHOOL_B, STAFF_D, CLASS_B1, 1, FAR)
	       && add(p, c, "guardianship", 0, SCHOOL_A, WITH({ "pupil", PUPIL_A1 }, { "guardian", MOTHER },
		{ "barred", 0 }))
	       && add(p, c, "guardianship", 0, SCHOOL_A, WITH({ "pupil", PUPIL_FREE }, { "guardian", MOTHER }))
	       && add(p, c, "guardianship", 0, SCHOOL_A, WITH({ "pupil", PUPIL_A2 }, { "guardian", MOTHER },
		{ "barred", 1 }))
	       && add(p, c, "guardianship", 0, SCHOOL_A, WITH({ "pupil", PUPIL_A1_TOO }, { "guardian", FATHER_TOO },
		{ "barred", 0 }))
	       && add(p, c, "guardianship", 0, SCHOOL_B, WITH({ "pupil", PUPIL_B1 }, { "guardian", STAFF_D },
		{ "barred", 0 }));
}

/* The teaching rows above are of the first subject of the school. */
static bool add_books(struct province *p, struct ctx *c)
{
	const struct meta *m = registry_entity(p->app->registry, S("course")),
		*subjects = registry_entity(p->app->registry, S("subject"));
	static const struct { int64_t id, org, class_; bool taught;
		} books[] = { { COURSE_A1, SCHOOL_A, CLASS_A1, true }, { COURSE_A1_TOO, SCHOOL_A, CLASS_A1, false },
		{ COURSE_A2, SCHOOL_A, CLASS_A2, true }, { COURSE_B1, SCHOOL_B, CLASS_B1, true },
		{ COURSE_Z1, SCHOOL_Z, CLASS_Z1, true } };
	int64_t taught = m && subjects ? some_row(p, subjects->e, SCHOOL_A) : 0, other = 0;
	bool good = !taught || db_int(c->db, "SELECT max(id) FROM subject", NULL, 0, &other) == OK;
	for (ptrdiff_t i = 0; good && taught && i < COUNT(books); i++)
		good = add(p, c, "course", books[i].id, books[i].org,
			WITH({ "class", books[i].class_ }, { "subject", books[i].taught ? taught : other }));
	return good && (!taught || taught != other);
}

/* ---- of everything else a row in each place ------------------------------------------------------------- */

static bool has_own_rows(const char *name)
{
	static const char *const own[] = { "org", "person", "school_class", "enrolment", "teaching", "guardianship",
		"course" };
	for (ptrdiff_t i = 0; i < COUNT(own); i++)
		if (strcmp(own[i], name) == 0)
			return true;
	return false;
}

static bool add_everywhere(struct province *p, struct ctx *c, const struct meta *m)
{
	static const struct fact places[] = { { 0, SCHOOL_A, PUPIL_A1, CLASS_A1, SCHOOL_B, COURSE_A1 },
		{ 0, SCHOOL_A, PUPIL_A1_TOO, CLASS_A1, SCHOOL_B, COURSE_A1_TOO }, { 0, SCHOOL_A, PUPIL_A2, CLASS_A2, SCHOOL_Z,
			COURSE_A2 },
		{ 0, SCHOOL_B, PUPIL_B1, CLASS_B1, SCHOOL_A, COURSE_B1 }, { 0, SCHOOL_Z, PUPIL_Z1, CLASS_Z1, SCHOOL_B,
			COURSE_Z1 },
		{ 0, DEPARTMENT, STAFF_D, CLASS_B1, DEPARTMENT_2, COURSE_B1 }, { 0, SCHOOL_A, TEACHER, CLASS_A2, SCHOOL_Z,
			COURSE_A2 }, { 0, MINISTRY, STAFF_D, CLASS_Z1, SCHOOL_Z, COURSE_Z1 } };
	str name = str_of(m->e->name);
	const char *person = str_z(p->mem, oracle_anchor(p->o, name, "person")),
		*class_ = str_z(p->mem, oracle_anchor(p->o, name, "class")),
	           *other = str_z(p->mem, oracle_anchor(p->o, name, "other")),
	*course_ = str_z(p->mem, oracle_anchor(p->o, name, "course"));
	/* a division, whose parts are founded: no unit but the divided one stands at the same place */
	const char *split = str_is(name, "org_change") ? "kind" : "-",
		*fresh = str_is(name, "org_change_part") ? "part" : "-";
	for (ptrdiff_t i = 0; i < COUNT(places); i++) {
		struct value with[] = { { person, places[i].person }, { class_, places[i].class_ },
			{ other, places[i].other }, { course_, places[i].course }, { "target", places[i].other }, { split, 1 },
			{ fresh, 0 }, { NULL, 0 } };
		if (!add(p, c, m->e->name, 0, places[i].org, with))
			return false;
	}
	return true;
}

/* A seat of every role at a school and at the department, each with an account of its own: who may take which away, and
 * whose password may be reset by whom. */
static bool add_seat(struct province *p, struct ctx *c, int64_t org, int64_t person, int role, const char *code)
{
	int64_t account = p->next_id;
	p->ranks[p->n_ranks].account = account;
	p->ranks[p->n_ranks++].role = code;
	return add(p, c, "account", 0, org, WITH({ "person", person }))
	       && add(p, c, "seat", 0, org, WITH({ "role", role }, { "person", person }, { "account", account }));
}

static bool add_seats(struct province *p, struct ctx *c)
{
	const struct meta *m = registry_entity(p->app->registry, S("seat"));
	const struct field *role = m ? field_named(m->e->fields, S("role")) : NULL;
	for (int i = 1; role && role->pick[i].code && p->n_ranks + 2 <= (int)COUNT(p->ranks); i++)
		if (!add_seat(p, c, SCHOOL_A, PUPIL_LOOSE, i, role->pick[i].code) || !add_seat(p, c, DEPARTMENT, PUPIL_Z1, i,
			role->pick[i].code))
			return false;
	return true;
}

static void rank_facts(struct province *p, struct facts *of)
{
	for (int i = 0; i < of->n; i++)
		for (int k = 0; k < p->n_ranks; k++)
			if (p->ranks[k].account == of->at[i].id)
				of->at[i].role = str_of(p->ranks[k].role);
}

static bool read_facts(struct province *p, const struct meta *m, struct facts *ret)
{
	str name = str_of(m->e->name);
	const char *const kinds[] = { "person", "class", "other", "course", "role" };
	struct buf sql;
	struct rows r;
	buf_init(&sql, p->mem, 4096);
	put_z(&sql, "SELECT id, org");
	for (int i = 0; i < 5; i++) {
		str column = oracle_anchor(p->o, name, kinds[i]);
		put_fmt(&sql, ", %.*s", FMT(column.n ? column : i < 4 ? S("0") : S("''")));
	}
	put_fmt(&sql, " FROM %s WHERE gone = 0 ORDER BY id", m->e->name);
	*ret = (struct facts){ m, NEWS(p->mem, struct fact, ROWS_MAX), 0 };
	if (db_query(p->app->db, str_z(p->mem, buf_str(&sql)), NULL, 0, &r) != OK)
		return false;
	while (ret->n < ROWS_MAX && rows_next(&r))
		ret->at[ret->n++] = (struct fact){ rows_int(&r, 0), rows_int(&r, 1), rows_int(&r, 2), rows_int(&r, 3),
			rows_int(&r, 4), rows_int(&r, 5),
			str_copy(p->mem, rows_text(&r, 6)) };
	if (str_is(name, "account"))
		rank_facts(p, ret);
	return rows_end(&r) == OK;
}

static int64_t seat_of(const struct role *r)
{
	if (strncmp(r->name, "dept_", 5) == 0 || strcmp(r->name, "auditor") == 0 || strcmp(r->name, "api_client") == 0)
		return DEPARTMENT;
	if (strcmp(r->name, "ministry") == 0)
		return MINISTRY;
	if (strcmp(r->name, "bureau_leader") == 0 || strcmp(r->name, "commune_officer") == 0)
		return COMMUNE_1;
	return SCHOOL_A;
}

static int64_t person_of(const struct role *r)
{
	static const struct { const char *role; int64_t person; } of[] = { { "pupil", PUPIL_A1 }, { "parent", MOTHER },
		{ "teacher", TEACHER },
		{ "form_teacher", FORM_TEACHER }, { "anyone", 0 } };
	for (ptrdiff_t i = 0; i < COUNT(of); i++)
		if (strcmp(of[i].role, r->name) == 0)
			return of[i].person;
	return seat_of(r) == DEPARTMENT ? STAFF_D : STAFF_A;
}

static void make_players(struct province *p)
{
	const struct registry *r = p->app->registry;
	p->players = NEWS(p->mem, struct player, r->n_roles);
	for (int i = 0; i < r->n_roles; i++) {
		const struct role *x = r->roles[i];
		bool seat = !(x->is & (ROLE_ANYONE | ROLE_SIGNED));
		p->players[p->n_players++] = (struct player){ x, x->is & ROLE_ANYONE ? 0 : 1001 + i, seat ? seat_of(x) : 0,
			person_of(x), seat };
	}
}

bool province_make(struct province *p, struct app *app, const struct oracle *o, struct arena *mem, char why[static 512])
{
	struct ctx c;
	*p = (struct province){ .mem = mem, .app = app, .o = o, .next_id = 100001 };
	ctx_start(&c, app, mem);
	c.who = &actor_system;
	make_players(p);
	bool good = add_orgs(p, &c);
	/* what others refer to, e.g. school years, first */
	for (int i = 0; good && i < app->registry->n_entities; i++)
		if (app->registry->metas[i].e->keeps & SHARED)
			good = add_everywhere(p, &c, &app->registry->metas[i]);
	good = good && add_persons(p, &c) && add_school(p, &c) && add_books(p, &c);
	for (int i = 0; good && i < app->registry->n_entities; i++)
		if (!(app->registry->metas[i].e->keeps & SHARED) && !has_own_rows(app->registry->metas[i].e->name))
			good = add_everywhere(p, &c, &app->registry->metas[i]);
	good = good && add_seats(p, &c);
	p->facts = NEWS(mem, struct facts, app->registry->n_entities + 1);
	for (int i = 0; good && i < app->registry->n_entities; i++)
		good = read_facts(p, &app->registry->metas[i], &p->facts[i]);
	if (!good)
		snprintf(why, 512, "the province cannot be made: %s", db_why(app->db));
	return good;
}

/* ---- what the oracle means here ---------------------------------------------------------------------------- */

static bool below(int64_t top, int64_t org)
{
	static const int64_t parent[] = { 0, MINISTRY, DEPARTMENT, DEPARTMENT, COMMUNE_1, COMMUNE_2, MINISTRY,
		DEPARTMENT_2 };
	for (; org >= MINISTRY && org <= SCHOOL_Z; org = parent[org - MINISTRY])
		if (org == top)
			return true;
	return false;
}

bool province_reaches(const struct province *p, const struct player *who, enum where where, const struct fact *row)
{
	(void)p;
	/* who leads A1 teaches A2 too */
	bool leads = who->person == FORM_TEACHER, teaches = who->person == TEACHER || leads;
	bool pupil_of_a1 = row->person == PUPIL_A1 || row->person == PUPIL_A1_TOO || row->person == PUPIL_FREE;
	switch (where) {
	case IN_ALL:    return true;
	case IN_TREE:   return who->seat && below(who->org, row->org);
	case IN_UNIT:   return who->seat && row->org == who->org;
	case IN_OWN:    return who->person && row->person == who->person;
	case IN_CHILD:  return who->person == MOTHER && (row->person == PUPIL_A1 || row->person == PUPIL_FREE);
	case IN_CLASS:  return (teaches && row->class_ == CLASS_A1) || (leads && row->class_ == CLASS_A2);
	case IN_FORM:   return leads && row->class_ == CLASS_A1;
	case IN_TAUGHT: return (teaches && pupil_of_a1) || (leads && row->person == PUPIL_A2);
	case IN_FORMED: return leads && pupil_of_a1;
	case IN_COURSE: return (teaches && row->course == COURSE_A1) || (leads && row->course == COURSE_A2);
	case IN_OTHER:  return who->seat && row->other == who->org;
	case WHERES:    break;
	}
	return false;
}

/* A line counts for a player of its role; anyone's for everybody, signed_in's for every account. */
static bool counts(const struct player *who, const struct expected *x)
{
	return str_is(x->role, who->role->name) || str_is(x->role, "anyone") || (who->user && str_is(x->role, "signed_in"));
}

uint32_t province_may(const struct province *p, const struct player *who, const struct entity *e,
	const struct fact *row)
{
	uint32_t may = 0;
	for (int i = 0; i < p->o->n_rows; i++) {
		const struct expected *x = &p->o->rows[i];
		if (str_is(x->what, e->name) && counts(who, x) && province_reaches(p, who, x->where, row))
			may |= x->may;
	}
	/* a seat, and an account that has one, is written only by who may give its role */
	bool seat = strcmp(e->name, "seat") == 0, account = strcmp(e->name, "account") == 0;
	if (row->role.n && (seat || account) && !province_gives(p, who, str_z(p->mem, row->role), row->org))
		may &= ~(uint32_t)(seat ? CREATE | UPDATE | RETIRE : UPDATE | RETIRE);
	if (row->role.n && seat && !province_tier(p, str_z(p->mem, row->role), row->org))
		may &= ~(uint32_t)CREATE;
	return may;
}

bool province_shows(const struct province *p, const struct player *who, const struct entity *e, const struct fact *row,
                    const struct field *f, uint32_t verb)
{
	if (f->is & SECRET)
		return false;
	for (int i = 0; i < p->o->n_rows; i++) {
		const struct expected *x = &p->o->rows[i];
		bool hidden = false;
		for (int k = 0; k < x->n_hidden; k++)
			hidden = hidden || str_is(x->hidden[k], f->name);
		if (!hidden && (x->may & verb) && str_is(x->what, e->name) && counts(who, x) &&
			province_reaches(p, who, x->where, row))
			return true;
	}
	return false;
}

bool province_any(const struct province *p, const struct player *who, const struct entity *e, uint32_t verb)
{
	for (int i = 0; i < p->o->n_rows; i++)
		if (str_is(p->o->rows[i].what, e->name) && (p->o->rows[i].may & verb) && counts(who, &p->o->rows[i]))
			return true;
	return false;
}

bool province_core(const struct province *p, const struct player *who, const char *verb, const char *path)
{
	str what = str_fmt(p->mem, "%s %s", verb, path);
	for (int i = 0; i < p->o->n_cores; i++)
		if (str_eq(p->o->cores[i].what, what) && counts(who, &p->o->cores[i]))
			return true;
	return false;
}

bool province_step(const struct province *p, const struct player *who, const struct entity *e, const char *step,
	const struct fact *row)
{
	if (row->role.n && strcmp(e->name, "account") == 0 && !province_gives(p, who, str_z(p->mem, row->role), row->org))
		return false;
	for (int i = 0; i < p->o->n_steps; i++) {
		const struct expected *x = &p->o->steps[i];
		str entity, name;
		str_cut(x->what, '.', &entity, &name);
		if (x->role.n && str_is(entity, e->name) && str_is(name, step) && counts(who, x) &&
			province_reaches(p, who, x->where, row))
			return (province_may(p, who, e, row) & READ) != 0;
	}
	return false;
}

bool province_gives(const struct province *p, const struct player *who, const char *role, int64_t org)
{
	const struct fact at = { .org = org };
	for (int i = 0; i < p->o->n_gives; i++) {
		const struct expected *x = &p->o->gives[i];
		if (str_is(x->what, who->role->name) && str_is(x->role, role) && province_reaches(p, who, x->where, &at))
			return true;
	}
	return false;
}

bool province_tier(const struct province *p, const char *role, int64_t org)
{
	const char *kind = org == MINISTRY ? "ministry" : org == DEPARTMENT || org == DEPARTMENT_2 ? "department"
		: org == COMMUNE_1 || org == COMMUNE_2 ? "commune" : "school";
	for (int i = 0; i < p->o->n_tiers; i++)
		if (str_is(p->o->tiers[i].what, kind) && str_is(p->o->tiers[i].role, role))
			return true;
	return false;
}

bool province_route(const struct province *p, const struct player *who, const struct route *r)
{
	str what = str_fmt(p->mem, "%s %s", r->verb, r->path);
	for (int i = 0; i < p->o->n_routes; i++)
		if (str_eq(p->o->routes[i].what, what) && counts(who, &p->o->routes[i]))
			return true;
	return false;
}
