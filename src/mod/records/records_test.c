/* records_test.c -- books of marks on both engines: writing, conflicts, locks, the ledger and its seals, results. */
#include "mod/records/records_world.h"
#include "mod/records/records_rules.h"
#include "core/many.h"
#include "mod/people/people_rules.h"
#include "cut.h"

/* ---- writing ------------------------------------------------------------------------------------------------ */

static void writing(void **state)
{
	struct class_of k = open_class(state);
	struct world *w = k.w;
	struct save_told t;
	struct grid g;
	struct cell_edit e[] = { edit(&k, 0, "tx1", "", "8"), edit(&k, 0, "tx2", "", "9"), edit(&k, 0, "tx3", "", "7,5"),
		edit(&k, 0, "tx4", "", "8"), edit(&k, 0, "gk", "", "8"),
		edit(&k, 0, "ck", "", "8,5"), edit(&k, 1, "tx1", "", "12"), edit(&k, 1, "tx2", "", "8,33"),
		edit(&k, 1, "tx3", "", "-1"), edit(&k, 1, "tx4", "", "tám"),
		edit(&k, 1, "gk", "", "85"), edit(&k, 1, "tx9", "", "8"), { 999, S_INIT("tx1"), { 0 }, S_INIT("8") },
		edit(&k, 2, "tx1", "", "v"), edit(&k, 2, "remark", "", "Tiến bộ") };

	OKAY(save_as(mine(&k), &k, 0, TERM_1, e, COUNT(e), "", &t));
	for (int i = 0; i < COUNT(e); i++)
		assert_int_equal(end_of(&t, i), i >= 6 && i <= 12 ? CELL_WRONG : CELL_SAVED);
	assert_int_equal(t.saved, 8);
	OKAY(grid_load(mine(&k), w->class_a, k.subjects[0], TERM_1, &g));
	assert_true(g.may_write);
	assert_int_equal(g.n, 3);
	assert_int_equal(g.layout.n, 6);                     /* 140 lessons: four regular, mid-term, end */
	for (int64_t i = 0; i < g.n; i++)
		if (g.rows[i].pupil.v == k.pupils[0].v) {
			assert_text(g.rows[i].cells, "tx1=8 tx2=9 tx3=7.5 tx4=8 gk=8 ck=8.5");
			assert_int_equal(g.rows[i].average.v, 820);  /* 74/9 = 8,222 */
		} else {
			assert_int_equal(g.rows[i].average.v, -1);
		}
	/* the same again changes nothing and leaves no entry */
	OKAY(save_as(mine(&k), &k, 0, TERM_1, &(struct cell_edit){ k.pupils[0].v, S("tx1"), S("8,0"), S("8.0") }, 1, "",
		&t));
	assert_int_equal(end_of(&t, 0), CELL_SAME);
	assert_int_equal(count(w, "SELECT count(*) FROM ledger_entry"), 1);
	/* all or none */
	assert_int_equal(marks_save(mine(&k), &(struct save_ask){ w->class_a, k.subjects[0], TERM_1,
		(struct cell_edit[]){ edit(&k, 1, "tx1", "", "7"), edit(&k, 1, "tx2", "", "11") }, 2, true, { 0 } }, &t),
		E_INVALID);
	assert_int_equal(count(w, "SELECT count(*) FROM ledger_entry"), 1);
	/* words for a subject assessed by comment */
	struct cell_edit words[] = { edit(&k, 0, "tx1", "", "Đ"), edit(&k, 0, "tx2", "", "đ"),
		edit(&k, 0, "gk", "", "dat"), edit(&k, 0, "ck", "", "CĐ"), edit(&k, 1, "tx1", "", "8") };
	OKAY(save_as(as(w, &teacher, w->a, (person_id){ count(w, "SELECT id FROM person WHERE name = 'Ngô Văn Lâm'") }),
		&k, 6, TERM_1, words, COUNT(words), "", &t));
	assert_int_equal(t.saved, 4);
	assert_int_equal(end_of(&t, 4), CELL_WRONG);
	assert_int_equal(count(w, "SELECT count(*) FROM mark WHERE comment = 'chua_dat'"), 1);
	close_class(&k);
}

static void conflicts(void **state)
{
	struct class_of k = open_class(state);
	struct world *w = k.w;
	struct save_told t;

	save_one(&k, "tx1", "", "8", CELL_SAVED);
	/* somebody who still saw it empty: both values are told, nothing is lost, other cells are written */
	struct cell_edit e[] = { edit(&k, 0, "tx1", "", "6"), edit(&k, 0, "tx2", "", "7") };
	OKAY(save_as(mine(&k), &k, 0, TERM_1, e, 2, "", &t));
	assert_int_equal(end_of(&t, 0), CELL_CONFLICT);
	assert_text(stored_of(&t, 0), "8");
	assert_int_equal(end_of(&t, 1), CELL_SAVED);
	save_one(&k, "tx1", "8", "6", CELL_SAVED);
	/* the same cell twice */
	struct cell_edit twice[] = { edit(&k, 1, "tx1", "", "6"), edit(&k, 1, "tx1", "6", "7") };
	OKAY(save_as(mine(&k), &k, 0, TERM_1, twice, 2, "", &t));
	assert_int_equal(end_of(&t, 0), CELL_SAVED);
	assert_int_equal(end_of(&t, 1), CELL_WRONG);
	close_class(&k);
}

static void rights(void **state)
{
	struct class_of k = open_class(state);
	struct world *w = k.w;
	struct save_told t;
	struct grid g;
	struct cell_edit e = edit(&k, 0, "tx1", "", "8");

	/* another subject of the same class, another school, the office, the family */
	assert_int_not_equal(save_as(mine(&k), &k, 1, TERM_1, &e, 1, "", &t), OK);
	assert_int_not_equal(save_as(as(w, &principal, w->a, (person_id){ 0 }), &k, 0, TERM_1, &e, 1, "", &t), OK);
	assert_int_not_equal(save_as(as(w, &parent, w->a, w->parent_a), &k, 0, TERM_1, &e, 1, "", &t), OK);
	assert_int_not_equal(save_as(as(w, &teacher, w->b, w->teacher_a), &k, 1, TERM_1, &e, 1, "", &t), OK);
	assert_int_equal(grid_load(mine(&k), w->class_a, k.subjects[1], TERM_1, &g), E_MISSING);
	OKAY(grid_load(as(w, &principal, w->a, (person_id){ 0 }), w->class_a, k.subjects[0], TERM_1, &g));
	assert_false(g.may_write);
	assert_int_equal(grid_load(as(w, &principal, w->b, (person_id){ 0 }), w->class_a, k.subjects[0], TERM_1, &g),
		E_MISSING);
	/* who only leads the class reads its books and writes none: a subject is given by an assignment */
	person_id leader = add_person(w, w->a, "Đỗ Thị Chủ", false, true);
	struct teaching leads_;
	row_zero(&teaching, &leads_);
	leads_.base.org = w->a;
	leads_.class = w->class_a;
	leads_.teacher = leader;
	leads_.form = true;
	OKAY(create(as_khue(w), &teaching, &leads_));
	OKAY(grid_load(as(w, &form_teacher, w->a, leader), w->class_a, k.subjects[1], TERM_1, &g));
	assert_false(g.may_write);
	assert_int_not_equal(save_as(as(w, &form_teacher, w->a, leader), &k, 1, TERM_1, &e, 1, "", &t), OK);
	assert_int_equal(count(w, "SELECT count(*) FROM ledger_entry"), 0);
	/* nobody writes an entry, a mark or a result by the default pages */
	save_one(&k, "tx1", "", "8", CELL_SAVED);
	items rows;
	OKAY(find_all(mine(&k), &ledger_entry, &rows, 5, NULL, 0));
	assert_int_equal(rows.n, 1);
	struct ledger_entry entry = *(const struct ledger_entry *)rows.p;
	entry.reason = S("x");
	assert_int_not_equal(update(mine(&k), &ledger_entry, &entry), OK);
	assert_int_not_equal(retire(mine(&k), &ledger_entry, entry.base.id, 1), OK);
	OKAY(find_all(mine(&k), &mark, &rows, 5, NULL, 0));
	assert_int_equal(rows.n, 1);
	struct mark m = *(const struct mark *)rows.p;
	m.cells = S("tx1=10");
	assert_int_not_equal(update(mine(&k), &mark, &m), OK);
	/* a parent reads the child's marks and no others */
	struct guardianship bond;
	row_zero(&guardianship, &bond);
	bond.pupil = k.pupils[0];
	bond.guardian = w->parent_a;
	bond.base.org = w->a;
	OKAY(create(as_khue(w), &guardianship, &bond));
	OKAY(find_all(as(w, &parent, w->a, w->parent_a), &mark, &rows, 5, NULL, 0));
	assert_int_equal(rows.n, 1);
	close_class(&k);
}

/* ---- locks ----------------------------------------------------------------------------------------------------- */

/* Requests that the first page of a head counts; -1: the card is left out. */
static int64_t asked_of(struct class_of *k, const struct role *head, org_id at)
{
	struct ctx *c = as(k->w, head, at, (person_id){ 0 });
	int64_t n = 0;

	c->here.org = at;
	return records_cards[0].run(c, NULL, &n) == OK ? n : -1;
}

static void locks(void **state)
{
	struct class_of k = open_class(state);
	struct world *w = k.w;
	struct save_told t;
	struct mark_lock lock;
	struct mark_reopen ask;

	save_one(&k, "tx1", "", "8", CELL_SAVED);
	row_zero(&mark_lock, &lock);
	lock.base.org = w->a;
	lock.year = w->year;
	lock.part = PART_REGULAR;
	struct ctx *head = as(w, &principal, w->a, (person_id){ 0 });
	OKAY(create(head, &mark_lock, &lock));
	save_one(&k, "tx1", "8", "7", CELL_SAVED);
	OKAY(step(as(w, &principal, w->a, (person_id){ 0 }), &mark_lock, &lock, "lock"));
	save_one(&k, "tx1", "7", "6", CELL_LOCKED);
	save_one(&k, "gk", "", "6", CELL_SAVED);
	/* a request, its approval, and a reason */
	row_zero(&mark_reopen, &ask);
	ask.course.v = count(w, "SELECT k.id FROM course k JOIN subject s ON s.id = k.subject WHERE s.code = 'toan'");
	ask.reason = S("Chấm nhầm bài");
	OKAY(create(mine(&k), &mark_reopen, &ask));
	save_one(&k, "tx1", "7", "6", CELL_LOCKED);
	assert_int_equal(asked_of(&k, &principal, w->a), 1);
	assert_int_equal(asked_of(&k, &deputy, w->a), 1);
	assert_int_equal(asked_of(&k, &principal, w->b), -1);
	assert_int_not_equal(step(mine(&k), &mark_reopen, &ask, "approve"), OK);
	ask.until = w->c.today;
	OKAY(step(as(w, &principal, w->a, (person_id){ 0 }), &mark_reopen, &ask, "approve"));
	struct cell_edit e = edit(&k, 0, "tx1", "7", "6");
	assert_int_equal(asked_of(&k, &principal, w->a), -1);
	assert_int_equal(save_as(mine(&k), &k, 0, TERM_1, &e, 1, " ", &t), E_INVALID);
	OKAY(save_as(mine(&k), &k, 0, TERM_1, &e, 1, "Chấm nhầm bài", &t));
	assert_int_equal(end_of(&t, 0), CELL_SAVED);
	items events;
	OKAY(mark_history(mine(&k), w->class_a, k.subjects[0], TERM_1, k.pupils[0], S("tx1"), &events));
	assert_int_equal(events.n, 3);
	const struct cell_event *last = (const struct cell_event *)events.p + 2;
	assert_text(last->from, "7");
	assert_text(last->to, "6");
	assert_text(last->reason, "Chấm nhầm bài");
	assert_int_equal(last->author, 77);
	/* by date */
	struct mark_lock by_day;
	row_zero(&mark_lock, &by_day);
	by_day.base.org = w->a;
	by_day.year = w->year;
	by_day.term = TERM_2;
	by_day.on_day = w->c.today;
	OKAY(create(as(w, &principal, w->a, (person_id){ 0 }), &mark_lock, &by_day));
	e = edit(&k, 0, "tx1", "", "6");
	OKAY(save_as(mine(&k), &k, 0, TERM_2, &e, 1, "", &t));
	assert_int_equal(end_of(&t, 0), CELL_LOCKED);
	close_class(&k);
}

/* ---- a school that is divided or merged -------------------------------------------------------------------------- */

static void lock_at(struct world *w, org_id at, pick part, const char *verb)
{
	struct mark_lock lock;

	if (find_one(as_khue(w), &mark_lock, &lock, IS({ offsetof(struct base, org), v_int(at.v) },
		{ offsetof(struct mark_lock, part), v_text(str_of(part == PART_REGULAR ? "tx" : "gk")) })) != OK) {
		row_zero(&mark_lock, &lock);
		lock.base.org = at;
		lock.year = w->year;
		lock.part = part;
		OKAY(create(as_khue(w), &mark_lock, &lock));
	}
	OKAY(step(as_khue(w), &mark_lock, &lock, verb));
}

static struct org_change decided(struct world *w, pick kind, org_id what, org_id target)
{
	struct org_change k;

	row_zero(&org_change, &k);
	k.base.org = w->dept, k.kind = kind, k.subject = what, k.target = target, k.decision = S("12/QĐ-UBND");
	k.decided = k.effective = w->c.today;
	OKAY(create(as_khue(w), &org_change, &k));
	return k;
}

static void carry_out(struct world *w, struct org_change *k)
{
	OKAY(step(as_khue(w), &org_change, k, "approve"));
	OKAY(step(as_khue(w), &org_change, k, "apply"));
}

/* Books, marks and what else is about a class are at its school, wherever it goes; none is left behind. The entries of
 * the ledger stand as they were written: nobody changes one. */
static void all_at(struct world *w, int64_t school)
{
	static const char *const rows[] = { "course", "mark", "conduct", "class_close" };

	for (int i = 0; i < COUNT(rows); i++) {
		char sql[160];
		snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", rows[i]);
		int64_t all = count(w, sql);
		snprintf(sql, sizeof sql, "SELECT count(*) FROM %s WHERE org = %lld", rows[i], (long long)school);
		assert_true(all > 0);
		assert_int_equal(count(w, sql), all);
	}
}

static void write_about(struct class_of *k)
{
	struct world *w = k->w;
	struct conduct x;
	struct class_close z;

	save_one(k, "tx1", "", "8", CELL_SAVED);
	row_zero(&conduct, &x);
	x.base.org = w->a, x.class = w->class_a, x.pupil = k->pupils[0];
	OKAY(create(as_khue(w), &conduct, &x));
	row_zero(&class_close, &z);
	z.base.org = w->a, z.class = w->class_a, z.year = w->year, z.term = TERM_2;
	OKAY(create(as_khue(w), &class_close, &z));
}

static void a_division_takes_books_and_locks_along(void **state)
{
	struct class_of k = open_class(state);
	struct world *w = k.w;
	struct org_change d = decided(w, CHANGE_SPLIT, w->a, (org_id){ 0 });
	struct ledger_fault f;

	write_about(&k);
	lock_at(w, w->a, PART_REGULAR, "lock");
	for (int i = 0; i < 2; i++) {
		struct org_change_part p;
		row_zero(&org_change_part, &p);
		p.base.org = w->dept, p.change.v = d.base.id, p.new_name = i ? S("Trường B") : S("Trường A");
		OKAY(create(as_khue(w), &org_change_part, &p));
		if (i)
			OKAY(db_exec(w->db, "INSERT INTO split_class (change, class, part) VALUES (?1, ?2, ?3)",
				VALS(v_int(d.base.id), v_int(w->class_a.v), v_int(p.base.id)), NULL));
	}
	carry_out(w, &d);
	const int64_t to = count(w, "SELECT id FROM org WHERE name = 'Trường B'");
	assert_int_equal(count(w, "SELECT org FROM school_class WHERE name = '7A'"), to);
	all_at(w, to);
	save_one(&k, "tx1", "8", "7", CELL_LOCKED);              /* what was locked stays locked */
	save_one(&k, "gk", "", "6", CELL_SAVED);
	w->time += (int64_t)DAYS(1) * 1000;
	lock_at(w, w->a, PART_MIDDLE, "lock");                   /* what the old school locks from now on binds nobody */
	save_one(&k, "gk", "6", "7", CELL_SAVED);
	lock_at(w, (org_id){ to }, PART_MIDDLE, "lock");
	save_one(&k, "gk", "7", "8", CELL_LOCKED);
	OKAY(ledger_verify(as_khue(w), &(int64_t){ 0 }, &(int64_t){ 0 }, &(int64_t){ 0 }, &f));
	close_class(&k);
}

/* The classes that come keep their locks; those that were there are not locked by them. */
static void a_merger_takes_books_and_locks_along(void **state)
{
	struct class_of k = open_class(state);
	struct world *w = k.w;

	write_about(&k);
	lock_at(w, w->a, PART_REGULAR, "lock");
	struct org_change d = decided(w, CHANGE_MERGE, w->a, w->b);
	carry_out(w, &d);
	all_at(w, w->b.v);
	save_one(&k, "tx1", "8", "7", CELL_LOCKED);
	assert_int_equal(count(w, "SELECT count(*) FROM mark_lock l JOIN school_class g ON g.org = l.org"), 0);
	assert_int_equal(count(w, "SELECT count(*) FROM class_came w JOIN school_class k ON k.id = w.class "
		"WHERE k.name = '7A'"), 1);
	close_class(&k);
}

/* ---- the ledger -------------------------------------------------------------------------------------------------- */

static enum rc prove(struct world *w, struct ledger_fault *f)
{
	int64_t books, entries, seals;
	return ledger_verify(as_khue(w), &books, &entries, &seals, f);
}

/* Altered as by somebody at the database, found, and put back. */
static void tampered(struct world *w, const char *alter, const char *back, const char *what)
{
	struct ledger_fault f = { 0 };
	assert_int_equal(db_script(w->db, str_of(alter)), OK);
	assert_int_equal(prove(w, &f), E_STATE);
	if (strcmp(f.what->en, what) != 0)
		print_error("%s\n", f.what->en);
	assert_string_equal(f.what->en, what);
	assert_int_equal(db_script(w->db, str_of(back)), OK);
	assert_int_equal(prove(w, &f), OK);
}

static void ledger(void **state)
{
	struct class_of k = open_class(state);
	struct world *w = k.w;
	struct ledger_fault f;
	int64_t n;

	OKAY(prove(w, &f));
	save_one(&k, "tx1", "", "8", CELL_SAVED);
	save_one(&k, "tx2", "", "9,5", CELL_SAVED);
	save_one(&k, "tx1", "8", "7", CELL_SAVED);
	save_one(&k, "tx2", "9,5", "", CELL_SAVED);
	save_one(&k, "remark", "", "Học tốt", CELL_SAVED);
	OKAY(prove(w, &f));
	OKAY(ledger_seal_all(as_khue(w), &n));
	assert_int_equal(n, 1);
	OKAY(ledger_seal_all(as_khue(w), &n));
	assert_int_equal(n, 0);
	OKAY(prove(w, &f));
	tampered(w, "UPDATE mark SET cells = 'tx1=10'", "UPDATE mark SET cells = 'tx1=7'",
		"a mark is not what the ledger says");
	tampered(w, "UPDATE mark SET cells = 'tx1=7 gk=9'", "UPDATE mark SET cells = 'tx1=7'",
		"a mark is not what the ledger says");
	tampered(w, "UPDATE mark SET cells = ''", "UPDATE mark SET cells = 'tx1=7'", "a mark is not what the ledger says");
	tampered(w, "UPDATE mark SET remark = 'Học kém'", "UPDATE mark SET remark = 'Học tốt'",
		"a remark is not what the ledger says");
	tampered(w, "UPDATE mark SET average = 900", "UPDATE mark SET average = NULL",
		"an average is not what the marks come to");
	tampered(w, "UPDATE mark SET comment = 'dat'", "UPDATE mark SET comment = NULL",
		"an average is not what the marks come to");
	tampered(w, "UPDATE course SET sealed = 9 WHERE sealed = 5", "UPDATE course SET sealed = 5 WHERE sealed = 9",
		"the seal of the book is missing");
	tampered(w, "UPDATE ledger_entry SET author = 1 WHERE seq = 3",
		"UPDATE ledger_entry SET author = 77 WHERE seq = 3", "the hash does not fit");
	tampered(w, "UPDATE ledger_entry SET seq = 9 WHERE seq = 2", "UPDATE ledger_entry SET seq = 2 WHERE seq = 9",
		"an entry is missing");
	tampered(w, "UPDATE course SET entries = 4 WHERE entries = 5", "UPDATE course SET entries = 5 WHERE entries = 4",
		"the book's end is not the ledger's");
	tampered(w, "UPDATE ledger_seal SET department = bureau, bureau = department",
		"UPDATE ledger_seal SET department = bureau, bureau = department", "the signature of a seal does not fit");
	assert_int_equal(db_script(w->db, S("DELETE FROM ledger_seal")), OK);
	assert_int_equal(prove(w, &f), E_STATE);
	assert_string_equal(f.what->en, "the seal of the book is missing");
	close_class(&k);
}

/* A forger who chains a whole book anew is found by the seal. */
static void forged_chain(void **state)
{
	struct class_of k = open_class(state);
	struct world *w = k.w;
	struct ledger_fault f = { 0 };
	int64_t n;

	save_one(&k, "tx1", "", "5", CELL_SAVED);
	OKAY(ledger_seal_all(as_khue(w), &n));
	struct ctx *c = as_khue(w);
	items rows;
	OKAY(find_all(c, &ledger_entry, &rows, 5, NULL, 0));
	struct ledger_entry e = *(const struct ledger_entry *)rows.p;
	e.lines = TEXT(c, "%lld tx1 - 9", (long long)k.pupils[0].v);
	str hash = ledger_hash(c->mem, (str){ 0 }, &e);
	assert_int_equal(db_exec(w->db, "UPDATE ledger_entry SET lines = ?1, hash = ?2",
		VALS(v_text(e.lines), v_text(hash)), NULL), OK);
	assert_int_equal(db_exec(w->db, "UPDATE course SET head = ?1 WHERE entries = 1", VALS(v_text(hash)), NULL), OK);
	assert_int_equal(db_script(w->db, S("UPDATE mark SET cells = 'tx1=9'")), OK);
	assert_int_equal(prove(w, &f), E_STATE);
	assert_string_equal(f.what->en, "the book is not the one that was sealed");
	close_class(&k);
}

/* ---- results
 * ------------------------------------------------------------------------------------------------------ */

static void fill_term(struct class_of *k, pick term_, const char *const marks[N_SUBJECTS])
{
	struct world *w = k->w;
	for (int s = 0; s < N_SUBJECTS; s++) {
		static const char *const columns[] = { "tx1", "tx2", "tx3", "tx4", "gk", "ck" };
		struct cell_edit e[COUNT(columns)];
		struct save_told t;
		struct grid g;
		OKAY(grid_load(as_khue(w), w->class_a, k->subjects[s], term_, &g));
		int n = 0;
		for (int i = 0; i < g.layout.n; i++)
			e[n++] = edit(k, 0, str_z(&w->mem, str_of(g.layout.slots[i].key)), "", marks[s]);
		OKAY(save_as(&w->c, k, s, term_, e, n, "", &t));
		assert_int_equal(t.saved, n);
	}
}

static struct year_result result_now(struct class_of *k)
{
	struct world *w = k->w;
	struct year_result r;
	int64_t n;
	OKAY(results_of_class(as_khue(w), w->class_a, &n));
	assert_int_equal(n, N_PUPILS);
	OKAY(find_one(&w->c, &year_result, &r, IS({ offsetof(struct year_result, pupil), v_int(k->pupils[0].v) })));
	return r;
}

static void results(void **state)
{
	struct class_of k = open_class(state);
	struct world *w = k.w;
	struct conduct x;

	fill_term(&k, TERM_1, (const char *const[]){ "8", "8", "8", "8", "8", "8", "Đ" });
	struct year_result r = result_now(&k);
	assert_text(r.scheme, "tt22");
	assert_text(r.hk1, "tot");
	assert_text(r.hk2, "");
	assert_text(r.level, "");
	fill_term(&k, TERM_2, (const char *const[]){ "9", "9", "9", "9", "9", "7,4", "Đ" });
	r = result_now(&k);
	assert_text(r.hk2, "kha");                           /* six subjects in all: one below 8,0 */
	assert_text(r.level, "kha");                         /* (8 + 2·7,4)/3 = 7,6 */
	assert_text(r.standing, "");                         /* conduct is not known */
	for (int t = 0; t < 2; t++) {
		row_zero(&conduct, &x);
		x.class = w->class_a;
		x.pupil = k.pupils[0];
		x.term = (pick)t;
		x.level = t ? CONDUCT_TOT : CONDUCT_KHA;
		OKAY(create(as_khue(w), &conduct, &x));
	}
	r = result_now(&k);
	assert_text(r.conduct, "tot");
	assert_text(r.standing, "promoted");
	assert_text(r.averages, "toan=8.7 ngu_van=8.7 ngoai_ngu_1=8.7 khtn=8.7 ls_dl=8.7 gdcd=7.6 gdtc=dat");
	/* computed again from the same ledger: nothing is written */
	int64_t rev = r.base.rev;
	assert_int_equal(result_now(&k).base.rev, rev);
	/* a level of another scheme is refused */
	x.base.id = 0;
	x.term = TERM_YEAR;
	x.level = CONDUCT_YEU;
	REFUSED(create(as_khue(w), &conduct, &x), E_INVALID, conduct, level);
	/* the job over the school gives the same */
	int64_t id;
	OKAY(job_add(as_khue(w), &records_jobs[JOB_RESULTS], w->a, &(struct results_in){ w->a, w->year }, &id));
	close_class(&k);
}

static void result_is(struct class_of *k, person_id pupil_)
{
	struct world *w = k->w;
	struct year_result r;

	OKAY(find_one(as_khue(w), &year_result, &r, IS({ offsetof(struct year_result, pupil), v_int(pupil_.v) })));
	assert_text(r.level, "kha");
	assert_text(r.conduct, "tot");
	assert_text(r.standing, "promoted");
}

/* A pupil with a year of marks was entered a second time: whichever record stays has the year, once; and back. */
static void a_merge_keeps_the_year(void **state)
{
	struct class_of k = open_class(state);
	struct world *w = k.w;
	struct conduct x;
	struct person_pair pair;
	struct person_merge m;
	struct person fresh;

	fill_term(&k, TERM_1, (const char *const[]){ "8", "8", "8", "8", "8", "8", "Đ" });
	fill_term(&k, TERM_2, (const char *const[]){ "9", "9", "9", "9", "9", "7,4", "Đ" });
	for (pick t = 0; t < 2; t++) {
		row_zero(&conduct, &x);
		x.class = w->class_a, x.pupil = k.pupils[0], x.term = t, x.level = CONDUCT_TOT;
		OKAY(create(as_khue(w), &conduct, &x));
	}
	result_now(&k);
	row_zero(&person, &fresh);
	fresh.base.org = w->a, fresh.name = S("Trần Bình"), fresh.pupil = true, fresh.born = (day){ w->c.today.v - 4500 };
	OKAY(create(as_khue(w), &person, &fresh));
	row_zero(&person_pair, &pair);
	pair.a = k.pupils[0], pair.b = (person_id){ fresh.base.id };
	OKAY(create(as_khue(w), &person_pair, &pair));
	OKAY(find(as_khue(w), &person_pair, pair.base.id, &pair));
	pair.keep = pair.a.v == fresh.base.id ? KEEP_A : KEEP_B;
	OKAY(step(as_khue(w), &person_pair, &pair, "same"));
	result_is(&k, (person_id){ fresh.base.id });
	OKAY(find_one(as_khue(w), &person_merge, &m, NULL, 0));
	struct { person_merge_id merge; } in = { { m.base.id } };
	OKAY(merge_undo(as_khue(w), &in, NULL));
	result_is(&k, k.pupils[0]);
	assert_int_equal(count(w, str_z(w->c.mem, TEXT(&w->c,
		"SELECT count(*) FROM year_result WHERE gone = 0 AND pupil = %lld", (long long)fresh.base.id))), 0);
	close_class(&k);
}

/* A year of many small classes, each a pupil with a mark in both terms. */
enum { MANY_CLASSES = 400 };

static void many_classes(struct class_of *k)
{
	struct world *w = k->w;
	struct ctx *c = as_khue(w);
	struct school_class *classes = NEWS(c->mem, struct school_class, MANY_CLASSES);
	struct enrolment *e = NEWS(c->mem, struct enrolment, MANY_CLASSES);
	struct course *books = NEWS(c->mem, struct course, MANY_CLASSES);
	struct mark *m = NEWS(c->mem, struct mark, 2 * MANY_CLASSES);

	for (int i = 0; i < MANY_CLASSES; i++) {
		row_zero(&school_class, &classes[i]);
		classes[i].base = (struct base){ .id = new_id(c), .org = w->a };
		classes[i].year = w->year;
		classes[i].name = TEXT(c, "8K%d", i);
		classes[i].grade = GRADE_6 + 2;
		row_zero(&enrolment, &e[i]);
		e[i].base.org = w->a;
		e[i].pupil = k->pupils[0];
		e[i].class.v = classes[i].base.id;
		e[i].year = w->year;
		e[i].since = (day){ 20000 };
		e[i].until = FOREVER;
		row_zero(&course, &books[i]);
		books[i].base = (struct base){ .id = new_id(c), .org = w->a };
		books[i].class.v = classes[i].base.id;
		books[i].subject = k->subjects[0];
		for (int t = 0; t < 2; t++) {
			struct mark *x = &m[2 * i + t];
			row_zero(&mark, x);
			x->base.org = w->a;
			x->course.v = books[i].base.id;
			x->class.v = classes[i].base.id;
			x->pupil = k->pupils[0];
			x->term = (pick)t;
			x->average.v = 700;
		}
	}
	assert_int_equal(db_begin(w->db), OK);
	OKAY(create_many(c, &school_class, classes, MANY_CLASSES));
	OKAY(create_many(c, &enrolment, e, MANY_CLASSES));
	OKAY(create_many(c, &course, books, MANY_CLASSES));
	OKAY(create_many(c, &mark, m, 2 * MANY_CLASSES));
	assert_int_equal(db_commit(w->db), OK);
}

/* Whoever ends its process: what was committed stays, the rest is done, nothing twice. */
static void cut_results(void **state)
{
	struct class_of k = open_class(state);
	struct world *w = k.w;
	int64_t id;

	many_classes(&k);
	OKAY(results_queue(as_khue(w), 2026, &id));
	assert_true(cut_again(state, w, id) > 0);
	/* of class_a three more, of class_b and class_up nobody */
	assert_int_equal(count(w, "SELECT count(*) FROM year_result WHERE rev = 1"), MANY_CLASSES + N_PUPILS);
	assert_int_equal(count(w, "SELECT count(DISTINCT class) FROM year_result WHERE averages = 'toan=7'"), MANY_CLASSES);
	assert_int_equal(results_queue(as_khue(w), 1999, &id), E_MISSING);
	close_class(&k);
}

static void exempt(void **state)
{
	struct class_of k = open_class(state);
	struct world *w = k.w;
	struct exemption x;

	row_zero(&exemption, &x);
	x.class = w->class_a;
	x.pupil = k.pupils[0];
	x.subject = k.subjects[0];
	x.reason = S("Khuyết tật");
	struct ctx *c = as(w, &principal, w->a, (person_id){ 0 });
	x.base.org = w->a;
	OKAY(create(c, &exemption, &x));
	save_one(&k, "tx1", "", "8", CELL_WRONG);
	close_class(&k);
}

/* The subjects an installation begins with are those of the programme. */
static void same_programme(void **state)
{
	struct class_of k = open_class(state);
	struct world *w = k.w;
	const struct programme *p = schemes(as_khue(w))->programme;
	items all;
	int found = 0;

	OKAY(find_all(&w->c, &subject, &all, 100, NULL, 0));
	for (int64_t i = 0; i < all.n; i++) {
		const struct subject *s = (const struct subject *)all.p + i;
		const struct programme_subject *q = programme_find(p, s->code);
		const int64_t lessons[] = { s->g1, s->g2, s->g3, s->g4, s->g5, s->g6, s->g7, s->g8, s->g9, s->g10, s->g11,
			s->g12 };
		assert_non_null(q);
		for (int g = 0; g < 12; g++)
			assert_int_equal(lessons[g], q->lessons[GRADE_1 + g]);
		found++;
	}
	for (int i = 0; i < p->n; i++)
		found -= !p->subjects[i].cluster;
	assert_int_equal(found, 0);
	close_class(&k);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { ON_BOTH(writing), ON_BOTH(conflicts), ON_BOTH(rights), ON_BOTH(locks),
		ON_BOTH(ledger), ON_BOTH(forged_chain), ON_BOTH(results), ON_BOTH(a_merge_keeps_the_year),
		ON_BOTH(cut_results), ON_BOTH(exempt),
		ON_BOTH(a_division_takes_books_and_locks_along), ON_BOTH(a_merger_takes_books_and_locks_along),
		ON_BOTH(same_programme) };

	(void)argc;
	if (!hash_init())
		return 1;
	need_postgres(argv);
	return cmocka_run_group_tests_name("records", tests, NULL, NULL);
}
