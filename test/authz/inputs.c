/* inputs.c -- see inputs.h. */
#include "inputs.h"
#include "core/row.h"
#include <stdio.h>
#include <stdlib.h>

/* %NNlld stands for the row's id, its last NN digits. Only where a rule asks for a form. */
static const struct { const char *entity, *field, *text; } known[] = {
	{ "org", "phone", "0243%07lld" }, { "org", "email", "d%06lld@khue.vn" }, { "org", "code", "01%08lld" },
	{ "org", "slug", "d%06lld" },
	{ "person", "name", "Nguyễn Văn An" }, { "person", "national_id", "001097%06lld" },
	{ "person", "sector_id", "01%08lld" },
	{ "person", "school_code", "HS%06lld" },
	{ "person", "phone", "0912%06lld" }, { "person", "email", "n%06lld@khue.vn" },
	{ "account", "login", "u%06lld" }, { "exam", "code", "e%06lld" },
	{ "school_year", "code", "" }, { "term", "code", "%05lld" }, { "admin_unit", "code", "%05lld" },
	{ "admin_unit", "parent_code", "%05lld" },
	{ "admin_unit", "province_code", "%02lld" }, { "admin_map", "new_code", "%05lld" },
	{ "admin_map", "old_code", "%05lld" }, { "bell", "begins", "07:00" }, { "bell", "ends", "07:45" },
};

/* A new row cannot always be like the one that stands: somebody else, who has none yet. */
static const struct { const char *entity, *field; int64_t org, person, instead; } others[] = {
	{ "move", "pupil", SCHOOL_A, PUPIL_A1, PUPIL_FREE }, { "enrolment", "pupil", SCHOOL_A, 0, PUPIL_LOOSE },
	{ "guardianship", "guardian", SCHOOL_A, 0, STAFF_A }, { "unit_border", "unit", 0, 0, 100002 },
	{ "conduct", "pupil", SCHOOL_A, 0, PUPIL_FREE }, { "exemption", "pupil", SCHOOL_A, 0, PUPIL_FREE },
	{ "person_pair", "a", SCHOOL_A, 0, PUPIL_A2 }, { "person_pair", "b", SCHOOL_A, 0, PUPIL_FREE },
	{ "mark_lock", "part", 0, 0, 1 }, { "bell", "slot", 0, 0, 14 }, { "lesson", "slot", 0, 0, 14 },
	{ "cover", "slot", 0, 0, 14 },
};

bool input_known(const char *entity, const char *field)
{
	for (ptrdiff_t i = 0; i < COUNT(known); i++)
		if (strcmp(known[i].entity, entity) == 0 && strcmp(known[i].field, field) == 0)
			return true;
	return false;
}

static str expand(struct arena *mem, const char *text, int64_t id)
{
	const char *at = strstr(text, "lld"), *percent = strchr(text, '%');
	if (!percent || !at)
		return str_of(text);
	int width = atoi(percent + 1);
	str number = str_fmt(mem, "%0*lld", width, (long long)id);
	return str_fmt(mem, "%.*s%.*s%s", (int)(percent - text), text, FMT(str_sub(number, number.n - width, -1)), at + 3);
}

str input_text(struct arena *mem, const char *entity, const char *field, int64_t id)
{
	if (strcmp(entity, "school_year") == 0 && strcmp(field, "code") == 0)
		return str_fmt(mem, "%lld-%lld", 2000 + (long long)(id % 100), 2001 + (long long)(id % 100));
	if (strcmp(entity, "person") == 0 && strcmp(field, "name") == 0)         /* namesakes would be asked about */
		return str_fmt(mem, "Nguyễn Văn %c%c%c%c%c", (char)('A' + id / 456976 % 26), (char)('a' + id / 17576 % 26),
			(char)('a' + id / 676 % 26), (char)('a' + id / 26 % 26), (char)('a' + id % 26));
	for (ptrdiff_t i = 0; i < COUNT(known); i++)
		if (strcmp(known[i].entity, entity) == 0 && strcmp(known[i].field, field) == 0)
			return expand(mem, known[i].text, id);
	return (str){ 0 };
}

static void *row_of(const struct province *p, const struct meta *m, int64_t id)
{
	const struct table *t = table_of(p->app->registry, m->e);
	struct buf sql;
	struct rows r;
	void *row = arena_alloc(p->mem, m->e->size, 16);
	row_zero(m->e, row);
	buf_init(&sql, p->mem, 1 << 16);
	put_z(&sql, "SELECT ");
	for (int i = 0; i < t->n; i++)
		put_fmt(&sql, "%s%s", i ? ", " : "", t->columns[i]->name);
	put_fmt(&sql, " FROM %s WHERE id = ?1", m->e->name);
	if (db_query(p->app->db, str_z(p->mem, buf_str(&sql)), VALS(v_int(id)), &r) != OK)
		abort();
	if (rows_next(&r))
		for (int i = 0; i < t->n; i++)
			field_load(t->columns[i], &r, i, row, p->mem);
	rows_end(&r);
	return row;
}

static int put_pair(struct pair *ret, int n, int max, str name, str value)
{
	if (n < max)
		ret[n++] = (struct pair){ name, value };
	return n;
}

int input_update(const struct province *p, const struct meta *m, const struct fact *row, struct pair *ret, int max)
{
	const void *stored = row_of(p, m, row->id);
	int n = put_pair(ret, 0, max, S("rev"), S("1"));
	static const char *const never[] = { "id", "org", "made_by", "made", "changed", "gone", "role", "owner", "locked" };
	for (ptrdiff_t i = 0; i < COUNT(never); i++)
		n = put_pair(ret, n, max, str_of(never[i]), S("106"));
	for (const struct field *f = m->e->fields; f->name; f++) {
		str value = field_input(f, stored, p->mem);
		if (f->type == T_TEXT && !input_known(m->e->name, f->name))
			value = str_fmt(p->mem, "%.*sw", FMT(value));
		if (f->type == T_LIST || f->type == T_FILE || (f->is & (DERIVED | FIXED) && f->type == T_TEXT &&
			input_known(m->e->name, f->name)))
			continue;
		n = put_pair(ret, n, max, str_of(f->name), value);
	}
	return n;
}

static str fresh_value(const struct province *p, const struct meta *m, const struct field *f, const struct fact *row,
                       const void *stored, int64_t fresh)
{
	for (ptrdiff_t i = 0; i < COUNT(others); i++)
		if (strcmp(others[i].entity, m->e->name) == 0 && strcmp(others[i].field, f->name) == 0
		    && (!others[i].org || others[i].org == row->org) && (!others[i].person || others[i].person == row->person))
			return f->type == T_PICK ? str_of(f->pick[others[i].instead].code)
				: str_fmt(p->mem, "%lld", (long long)others[i].instead);
	/* all who are born on one day are compared */
	if (strcmp(m->e->name, "person") == 0 && strcmp(f->name, "born") == 0)
		return str_fmt(p->mem, "1997-%02lld-%02lld", 1 + (long long)(fresh % 12), 1 + (long long)(fresh / 12 % 28));
	if (f->type != T_TEXT)
		return field_input(f, stored, p->mem);
	return input_known(m->e->name, f->name) ? input_text(p->mem, m->e->name, f->name, fresh)
		: str_fmt(p->mem, "n%lld", (long long)fresh);
}

int input_create(const struct province *p, const struct meta *m, const struct fact *row, struct pair *ret, int max)
{
	static int64_t fresh = 550000;           /* numbers no row has */
	const void *stored = row_of(p, m, row->id);
	int n = 0;
	fresh++;
	for (const struct field *f = m->e->fields; f->name; f++) {
		if ((f->is & DERIVED) && (f->is & NEEDED) && !f->fill)
			return -1;                       /* a route of its own makes these rows */
		if (!(f->is & DERIVED) && f->type != T_FILE && f->type != T_LIST)
			n = put_pair(ret, n, max, str_of(f->name), fresh_value(p, m, f, row, stored, fresh));
	}
	return n;
}

int input_step(const struct province *p, const struct meta *m, const struct step *s, const struct fact *row,
	struct pair *ret, int max)
{
	const void *stored = row_of(p, m, row->id);
	int n = put_pair(ret, 0, max, S("rev"), S("1"));
	for (int i = 0; i < (int)COUNT(s->asks) && s->asks[i]; i++) {
		const struct field *f = field_at(m->e->fields, s->asks[i]);
		n = put_pair(ret, n, max, str_of(f->name), field_input(f, stored, p->mem));
	}
	return n;
}

uint32_t input_state(const struct province *p, const struct meta *m, int64_t id)
{
	const char *row = row_of(p, m, id);
	return m->e->flow.state ? (uint32_t)1 << *(const pick *)(const void *)(row + m->e->flow.state) : 0;
}

str input_guarded(const struct province *p, struct arena *mem, const struct player *who, const struct meta *m,
	int64_t id)
{
	const char *row = row_of(p, m, id);
	const struct base *base = (const void *)row;
	const struct fact *fact = NULL;
	struct buf b;
	for (int i = 0; i < p->facts[m->index].n; i++)
		if (p->facts[m->index].at[i].id == id)
			fact = &p->facts[m->index].at[i];
	buf_init(&b, mem, 1 << 16);
	put_fmt(&b, "%lld %lld %lld %lld %d", (long long)base->id, (long long)base->org.v, (long long)base->made_by.v,
	        (long long)base->made.v, base->gone);
	for (const struct field *f = m->e->fields; fact && f->name; f++)
		if ((f->is & FIXED) || !province_shows(p, who, m->e, fact, f, READ))
			put_fmt(&b, " %s=%.*s", f->name, FMT(field_code(f, row, mem)));
	return buf_str(&b);
}

str input_slug(const struct province *p, struct arena *mem, int64_t org)
{
	const struct meta *m = registry_entity(p->app->registry, S("org"));
	const char *row = row_of(p, m, org);
	const struct field *f = field_named(m->e->fields, S("slug"));
	str slug;
	memcpy(&slug, row + f->at, sizeof slug);
	return str_copy(mem, slug);
}

static int64_t row_for(const struct field *f, str name)
{
	const char *entity = f && f->ref ? f->ref->name : "";
	if (strcmp(entity, "school_class") == 0 || str_is(name, "class"))
		return CLASS_A1;
	if (strcmp(entity, "person") == 0 || str_is(name, "person") || str_is(name, "pupil"))
		return PUPIL_A1;
	return strcmp(entity, "org") == 0 || str_is(name, "org") ? SCHOOL_A : 1;
}

const char *input_path(const struct province *p, struct arena *mem, const struct route *r)
{
	struct buf b;
	buf_init(&b, mem, 4096);
	if (strcmp(r->path, "/ngon-ngu") == 0)
		return "/ngon-ngu?lang=vi";
	for (const char *at = r->path; *at; at++) {
		if (*at != '{') {
			put_c(&b, *at);
			continue;
		}
		const char *end = strchr(at, '}');
		str name = { at + 1, end - at - 1 };
		const struct field *f = r->in ? field_named(r->in->fields, name) : NULL;
		const struct meta *m = f && f->ref ? registry_meta(p->app->registry, f->ref) : NULL;
		int64_t id = row_for(f, name);
		put_int(&b, id == 1 && m && p->facts[m->index].n ? p->facts[m->index].at[0].id : id);
		at = end;
	}
	return str_z(mem, buf_str(&b));
}

str input_value(const struct province *p, const struct meta *m, const struct field *f, int64_t id)
{
	return field_input(f, row_of(p, m, id), p->mem);
}
