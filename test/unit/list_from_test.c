/* Wherever a list reads its rows from (listing.h), they are those that looking at every row gives: same rows, same
 * order, same count, page after page, for each kind of right and each kind of word. */
#include "library.h"
#include "core/listing.h"
#include "core/search.h"

enum { ROWS_MAX = 3400, UNITS = 24, FIRST_UNIT = 1000, CROWDED = 1015 /* 7 modulo 16: in the sample */, FEW_TOP = 2,
	EMPTY_TOP = 3, ONE_TOP = 4 };

struct known { int64_t id, org; char fold[120]; };
struct crowd { struct world *w; struct known at[ROWS_MAX]; int n; int64_t some; /* a row of the crowded unit */ };

static const char *const family[] = { "Nguyễn", "Nguyễn", "Nguyễn", "Trần", "Lê", "Đặng" };
static const char *const middle[] = { "Thị", "Văn", "Minh", "Nguyễn", "Thị Minh" };
static const char *const given[] = { "An", "Anh", "Bình", "Khuê", "Lan", "Ân", "Thịnh" };

static void add(struct crowd *k, int64_t org, int number)
{
	struct ctx *c = as_khue(k->w);
	struct reader r;
	row_zero(&reader, &r);
	r.base.org.v = org;
	r.name = TEXT(c, "%s %s %s%s", family[next_number(&k->w->seed) % 6], middle[next_number(&k->w->seed) % 5],
		given[next_number(&k->w->seed) % 7], number % 400 == 7 ? " Quỳnh" : "");
	assert_int_equal(create(c, &reader, &r), OK);
}

static void units(struct crowd *k)
{
	char sql[200];
	for (int i = 0; i < UNITS; i++) {
		int64_t org = FIRST_UNIT + i;
		snprintf(sql, sizeof sql, "INSERT INTO org_below VALUES (1, %d, 0, 99999), (%d, %d, 0, 99999)", (int)org,
			(int)org, (int)org);
		must(k->w, sql);
		if (i < 3) {
			snprintf(sql, sizeof sql, "INSERT INTO org_below VALUES (%d, %d, 0, 99999)", FEW_TOP, (int)org);
			must(k->w, sql);
		}
		for (int n = 0; n < (org == CROWDED ? 1000 : i < 3 ? 260 : 40); n++)
			add(k, org, n);
	}
	/* a unit that was closed is no part of any tree today */
	must(k->w, "INSERT INTO org_below VALUES (1, 1100, 0, 100), (4, 1001, 0, 99999), (4, 1002, 0, 100)");
	for (int n = 0; n < 20; n++)
		add(k, 1100, n);
}

static struct list_answer rows_of(struct ctx *c, const char *words)
{
	struct list_answer a;
	assert_int_equal(list_rows(c, &(struct list_ask){ .e = &reader, .limit = LIMIT_MAX, .words = str_of(words) }, &a),
		OK);
	return a;
}

static void learn(struct crowd *k)
{
	struct ctx *c = as_khue(k->w);
	struct list_answer a = rows_of(c, "");
	assert_true(a.rows.n <= ROWS_MAX);
	for (k->n = 0; k->n < a.rows.n; k->n++) {
		const struct reader *r = (const struct reader *)a.rows.p + k->n;
		k->at[k->n] = (struct known){ r->base.id, r->base.org.v, "" };
		if (k->at[k->n].org == CROWDED)
			k->some = r->base.id;
		snprintf(k->at[k->n].fold, sizeof k->at[k->n].fold, " %.*s", FMT(viet_fold(c->mem, r->name)));
	}
	must(k->w, "UPDATE reader SET gone = 1 WHERE id IN (SELECT MIN(id) FROM reader)");
	for (int i = 0, low = 0; i < k->n; i++) {
		low = k->at[i].id < k->at[low].id ? i : low;
		if (i == k->n - 1)
			memmove(&k->at[low], &k->at[low + 1], sizeof k->at[0] * (size_t)(k->n-- - low - 1));
	}
}

/* Each typed word begins a word of the name. */
static bool holds(const struct known *r, const char *words)
{
	char word[40] = " ";
	for (const char *p = words; *p;) {
		size_t n = strcspn(p, " ");
		snprintf(word + 1, sizeof word - 1, "%.*s", (int)n, p);
		if (!strstr(r->fold, word))
			return false;
		p += n + strspn(p + n, " ");
	}
	return true;
}

static const char *const asked[] = { "", "nguyen", "an", "khue", "nguyen an", "thi minh", "dang khue", "quynh",
	"quynh lan", "zz", "guyen", "n t", "an nguyen", "lan minh dang", "nguyen nguyen", "thi thi", "n an nguye",
	"ntl", "dtm lan", "thinh", "nguyen thinh" };

/* Pages of the actor's list against the known rows that fit. */
static void compare(struct crowd *k, struct ctx *c, const char *who, bool (*fits)(const struct known *, int64_t),
	int64_t arg, const char *words, int limit)
{
	struct list_ask ask = { .e = &reader, .limit = limit, .words = str_of(words), .count = true };
	struct list_answer a = { .more = true };
	int64_t count = -1, n = 0, total = 0;
	for (int i = 0; i < k->n; i++)
		total += fits(&k->at[i], arg) && holds(&k->at[i], words);
	for (int i = 0; a.more; ask.after = a.last) {
		assert_int_equal(list_rows(c, &ask, &a), OK);
		count = ask.after.n ? count : a.count;
		for (int64_t j = 0; j < a.rows.n; j++, i++, n++) {
			while (i < k->n && !(fits(&k->at[i], arg) && holds(&k->at[i], words)))
				i++;
			if (i == k->n || k->at[i].id != ((const struct reader *)a.rows.p + j)->base.id)
				fail_msg("%s, “%s”: row %d is wrong\n", who, words, (int)n);
		}
	}
	if (n != total || (count >= 0 && count != total))
		fail_msg("%s, “%s”: %d rows, counted %d, but %d fit\n", who, words, (int)n, (int)count, (int)total);
}

static bool in_province(const struct known *r, int64_t unused) { return unused == 0 && r->org != 1100; }
static bool in_unit(const struct known *r, int64_t org) { return r->org == org; }
static bool in_two(const struct known *r, int64_t org) { return r->org == org || r->org == CROWDED; }
static bool in_few(const struct known *r, int64_t first) { return r->org >= first && r->org < first + 3; }
static bool is_one(const struct known *r, int64_t id) { return r->id == id; }
static bool nowhere(const struct known *r, int64_t unused) { return r->id < unused; }
static bool anywhere(const struct known *r, int64_t unused) { return r->id >= unused; }

#define SEAT(role, org) { &role, { org }, { 0 }, { 99999 } }

static void each_right(struct crowd *k, const char *words, int limit)
{
	struct world *w = k->w;
	int64_t some = k->some;
	compare(k, as_khue(w), "the system", anywhere, 0, words, limit);
	compare(k, AS(w, 2, 2, SEAT(dept_officer, DEPT)), "the department", in_province, 0, words, limit);
	struct ctx *c = AS(w, 2, 2, SEAT(dept_officer, DEPT));
	c->here.org.v = CROWDED;
	compare(k, c, "the department at a unit", in_unit, CROWDED, words, limit);
	c = AS(w, 2, 2, SEAT(dept_officer, DEPT));
	c->here.org.v = FEW_TOP;
	compare(k, c, "the department at a few units", in_few, FIRST_UNIT, words, limit);
	compare(k, AS(w, 3, 3, SEAT(dept_officer, FEW_TOP)), "a commune", in_few, FIRST_UNIT, words, limit);
	compare(k, AS(w, 4, 4, SEAT(dept_officer, EMPTY_TOP)), "a unit with nothing below", nowhere, 0, words, limit);
	compare(k, AS(w, 5, 5, SEAT(dept_officer, ONE_TOP)), "a unit with one below", in_unit, 1001, words, limit);
	compare(k, AS(w, 6, 6, SEAT(librarian, CROWDED)), "one unit", in_unit, CROWDED, words, limit);
	compare(k, AS(w, 7, 7, SEAT(librarian, CROWDED), SEAT(librarian, 1003)), "two units", in_two, 1003, words, limit);
	compare(k, AS(w, 8, some, SEAT(pupil, CROWDED)), "oneself", is_one, some, words, limit);
	compare(k, AS(w, 9, 601, SEAT(parent, CROWDED)), "a parent", is_one, some, words, limit);
	compare(k, AS(w, 9, 601, SEAT(parent, CROWDED), SEAT(dept_officer, DEPT)), "a parent in the department",
		in_province, 0, words, limit);
	compare(k, as_nobody(w), "nobody", nowhere, 0, words, limit);
}

static void every_way_gives_the_same_rows(void **state)
{
	struct crowd *k = calloc(1, sizeof *k);
	char sql[100];
	k->w = world_open(state);
	assert_int_equal(db_begin(k->w->db), OK);
	units(k);
	assert_int_equal(db_commit(k->w->db), OK);
	learn(k);
	snprintf(sql, sizeof sql, "INSERT INTO guardianship VALUES (%lld, 601, 0, 0)", (long long)k->some);
	must(k->w, sql);
	for (int i = 0; i < (int)COUNT(asked); i++) {
		each_right(k, asked[i], 50);
		each_right(k, asked[i], 2000);
	}
	world_close(k->w);
	free(k);
}

/* Lines that tell nothing of further words (older databases, long names) give the same rows; lines that would tell a
 * lie lose them: so the test before does look at what stands behind the mark. */
static void lines_without_a_mark_only_propose(void **state)
{
	struct crowd *k = calloc(1, sizeof *k);
	struct ctx *c;
	struct list_answer a, b;
	k->w = world_open(state);
	assert_int_equal(db_begin(k->w->db), OK);
	units(k);
	assert_int_equal(db_commit(k->w->db), OK);
	c = AS(k->w, 2, 2, SEAT(dept_officer, DEPT));
	a = rows_of(c, "nguyen quynh");
	assert_true(a.rows.n > 0);
	struct val from = v_blob(S("quynh")), to = v_blob(S("quynhz"));
	assert_int_equal(db_exec(k->w->db, "UPDATE search SET key = substr(key, 1, 8)"
		" WHERE key >= ?1 AND key < ?2", VALS(from, to), NULL), OK);
	b = rows_of(c, "nguyen quynh");
	assert_true(b.rows.n < a.rows.n);
	assert_int_equal(db_exec(k->w->db, "DELETE FROM search WHERE key >= ?1 AND key < ?2", VALS(from, to), NULL), OK);
	assert_int_equal(db_exec(k->w->db, "INSERT INTO search (org, key, entity, item)"
		" SELECT org, ?1, 'reader', id FROM reader WHERE _fold LIKE '% quynh'", VALS(from), NULL), OK);
	b = rows_of(c, "nguyen quynh");
	assert_int_equal(b.rows.n, a.rows.n);
	world_close(k->w);
	free(k);
}

static void rows_by_id_keep_the_order(void **state)
{
	struct world *w = world_open(state);
	struct crowd *k = calloc(1, sizeof *k);
	int64_t ids[5];
	struct list_answer a;
	k->w = w;
	for (int i = 0; i < 12; i++)
		add(k, i % 2 ? SCHOOL_A : SCHOOL_B, i);
	learn(k);
	for (int i = 0; i < 4; i++)
		ids[i] = k->at[9 - 2 * i].id;
	ids[4] = ids[0];
	struct ctx *c = AS(w, 2, 2, SEAT(dept_officer, DEPT));
	assert_int_equal(list_rows(c, &(struct list_ask){ .e = &reader, .ids = ids, .n_ids = 4 }, &a), OK);
	assert_int_equal(a.rows.n, 4);
	for (int i = 0; i < 4; i++)
		assert_int_equal(((const struct reader *)a.rows.p + i)->base.id, k->at[3 + 2 * i].id);
	c = as_librarian(w, SCHOOL_A);
	assert_int_equal(list_rows(c, &(struct list_ask){ .e = &reader, .ids = ids, .n_ids = 4 }, &a), OK);
	for (int i = 0; i < a.rows.n; i++)
		assert_int_equal(((const struct reader *)a.rows.p + i)->base.org.v, SCHOOL_A);
	world_close(w);
	free(k);
}

static struct list_answer by_year(struct ctx *c, const struct list_filter *f)
{
	struct list_answer a;
	assert_int_equal(list_rows(c, &(struct list_ask){ .e = &lib_book, .sort = offsetof(struct lib_book, year),
		.filters = f, .n_filters = f ? 1 : 0 }, &a), OK);
	return a;
}

/* In another order than its own a page of a long list would cost reading and sorting all of it. */
static void a_long_list_keeps_its_order(void **state)
{
	struct world *w = world_open(state);
	struct lib_book k;
	row_zero(&lib_book, &k);
	k.base.org.v = SCHOOL_A;
	k.title = S("Dế Mèn phiêu lưu kí");
	assert_int_equal(create(as_khue(w), &lib_book, &k), OK);
	many_units(w);
	copy_book(w, 1, 19999);
	assert_false(by_year(AS(w, 2, 2, SEAT(dept_officer, DEPT)), NULL).as_usual);      /* 20,000 books */
	must(w, "UPDATE lib_book SET year = 1941");
	copy_book(w, 20000, 20000);
	struct ctx *c = AS(w, 2, 2, SEAT(dept_officer, DEPT));
	assert_true(by_year(c, NULL).as_usual);
	c->here.org.v = SCHOOL_A;
	assert_false(by_year(c, NULL).as_usual);                        /* of one unit */
	assert_false(by_year(as_librarian(w, SCHOOL_A), NULL).as_usual);
	struct list_filter few = { .at = offsetof(struct base, org), .op = LIST_IS, .v = v_int(SCHOOL_A) };
	assert_false(by_year(AS(w, 2, 2, SEAT(dept_officer, DEPT)), &few).as_usual);
	few = (struct list_filter){ .at = offsetof(struct lib_book, title), .op = LIST_LIKE, .v = v_text(S("meo")) };
	assert_false(by_year(AS(w, 2, 2, SEAT(dept_officer, DEPT)), &few).as_usual);
	few = (struct list_filter){ .at = offsetof(struct lib_book, year), .op = LIST_IS, .v = v_int(1941) };
	assert_true(by_year(AS(w, 2, 2, SEAT(dept_officer, DEPT)), &few).as_usual);
	world_close(w);
}

static void lines_hold_every_word_where_they_are_used(void **state)
{
	(void)state;
	assert_true(search_complete(&reader));
	assert_false(search_complete(&lib_book));        /* a title of 300 letters may have more words than lines */
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { ON_BOTH(every_way_gives_the_same_rows),
		ON_BOTH(lines_without_a_mark_only_propose),
		ON_BOTH(rows_by_id_keep_the_order), ON_BOTH(a_long_list_keeps_its_order),
		cmocka_unit_test(lines_hold_every_word_where_they_are_used) };
	(void)argc;
	need_postgres(argv);
	return cmocka_run_group_tests_name("list_from", tests, NULL, NULL);
}
