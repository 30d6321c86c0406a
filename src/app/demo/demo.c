/* demo.c -- the fictional province, from years and subjects to the last roll call. */
#include "app/demo/demo.h"
#include "core/app.h"
#include "core/search.h"
#include "mod/org/units.h"

/* The subjects every installation has; the demo's teachers are given them in turn. */
static enum rc read_subjects(struct demo *d)
{
	items all;

	TRY(school_load_facts(d->c));
	TRY(find_all(d->c, &subject, &all, COUNT(d->subjects), NULL, 0));
	for (int64_t i = 0; i < all.n; i++) {
		const struct subject *s = (const struct subject *)all.p + i;
		d->subjects[i].v = s->base.id;
		d->subject_names[i] = s->name;
		d->subject_codes[i] = s->code;
	}
	d->n_subjects = (int)all.n;
	return OK;
}

/* The school year that today is in, the one before and the one after; two terms each (18 and 17 weeks). */
static enum rc make_years(struct demo *d)
{
	struct ctx *c = d->c;
	struct ymd t = day_ymd(c->today);
	int first = t.m >= 8 ? t.y : t.y - 1;

	for (int y = first - 1; y <= first + 1; y++) {
		struct school_year year;
		struct term terms[2];
		row_zero(&school_year, &year);
		year.code = TEXT(c, "%d-%d", y, y + 1);
		day_of(y, 8, 1, &year.since);
		day_of(y + 1, 7, 31, &year.until);
		TRY(create(c, &school_year, &year));
		for (int k = 0; k < 2; k++) {
			row_zero(&term, &terms[k]);
			terms[k].year.v = year.base.id;
			terms[k].code = k ? S("hk2") : S("hk1");
			terms[k].name = k ? S("Học kì II") : S("Học kì I");
		}
		day_of(y, 9, 5, &terms[0].since);
		day_of(y + 1, 1, 15, &terms[0].until);
		day_of(y + 1, 1, 16, &terms[1].since);
		day_of(y + 1, 5, 31, &terms[1].until);
		TRY(create(c, &term, &terms[0]));
		TRY(create(c, &term, &terms[1]));
		if (y == first) {
			d->year.v = year.base.id;
			d->first_year = y;
			day_of(y, 9, 5, &d->year_since);
			if (d->year_since.v > c->today.v)
				d->year_since = year.since;
			d->year_until = year.until;
		}
	}
	return OK;
}

/* A school's rows live only until they are written. */
static enum rc with_room(struct demo *d, struct demo_school *s)
{
	struct arena room, *kept = d->c->mem;
	enum rc rc;

	arena_init(&room, (size_t)1 << 30);
	room.full = kept->full;
	d->c->mem = &room;
	rc = demo_school_people(d, s);
	d->c->mem = kept;
	arena_free(&room);
	return rc;
}

/* SQLite looks every page up in the log of the transaction: a province in one, a log of some gigabytes, takes ten times
 * as long. PostgreSQL gets a demo whole or not at all. */
enum { AT_ONCE = 10 };

static enum rc keep_so_far(struct ctx *c)
{
	if (db_kind(c->db) != DB_SQLITE)
		return OK;
	TRY(db_commit(c->db));
	return db_begin(c->db);
}

/* PostgreSQL plans by what was counted, and what is not committed nobody else counts: tables that have doubled. */
static enum rc count_rows(struct ctx *c)
{
	struct rows r;
	struct buf b;
	int n = 0;

	if (db_kind(c->db) != DB_POSTGRES)
		return OK;
	buf_init(&b, c->mem, 16 << 10);
	put_z(&b, "ANALYZE ");
	TRY(db_query(c->db, "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = "
		"current_schema()::regnamespace AND pg_relation_size(oid) > 16384::bigint * (relpages + 4)", NULL, 0, &r));
	while (rows_next(&r))
		put_fmt(&b, "%s\"%.*s\"", n++ ? ", " : "", FMT(rows_text(&r, 0)));
	TRY(rows_end(&r));
	return n ? db_script(c->db, buf_str(&b)) : OK;
}

/* As the leader's first page counts them: with whom the stories and the accounts added or moved. */
static enum rc count_people(struct demo *d)
{
	TRY(db_int(d->c->db, "SELECT COALESCE(sum(size), 0) FROM school_class WHERE year = ?1 AND gone = 0",
		VALS(v_int(d->year.v)), &d->count->pupils));
	return db_int(d->c->db, "SELECT count(*) FROM person WHERE staff = 1 AND gone = 0", NULL, 0, &d->count->staff);
}

enum rc demo_make(struct ctx *c, const struct demo_ask *ask, struct demo_count *ret,
	void (*progress)(void *, int64_t, int64_t), void *arg)
{
	struct demo *d = NEW(c->mem, struct demo);

	*ret = (struct demo_count){ 0 };
	*d = (struct demo){ .c = c, .ask = ask, .rng = { ask->seed }, .names = names_load(c->mem), .count = ret };
	if (!d->names)
		return E_FAULT;
	TRY(make_years(d));
	TRY(read_subjects(d));
	TRY(demo_places(d));
	TRY(setting_put(c, &mod_org, "site", d->dept, ask->site));
	for (int i = 0; i < d->n_schools; i++) {
		TRY(with_room(d, &d->schools[i]));
		if (i % AT_ONCE == AT_ONCE - 1) {
			TRY(keep_so_far(c));
			TRY(count_rows(c));
		}
		if (progress)
			progress(arg, i + 1, d->n_schools);
	}
	TRY(demo_stories(d));
	TRY(demo_photos(d));
	TRY(demo_accounts(d));
	if (ask->size != DEMO_METROPOLIS)        /* it has no marks to make them of */
		TRY(demo_transcripts(d));
	TRY(demo_contact(d));
	return count_people(d);
}
