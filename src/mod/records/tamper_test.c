/* tamper_test.c -- khue check --ledger against whoever writes to the database: every way of altering or taking away
 * marks, entries, seals, conduct and results that is known of, each found and named; and nothing found before and
 * after. */
#include "mod/records/registers_world.h"
#include "db/db.h"

/* {school}, {top}: ids of the school and of the unit above all. */
struct tampering { const char *sql, *found; };
static const struct tampering tamperings[] = {
	/* marks */
	{ "UPDATE mark SET cells = 'tx1=10' WHERE term = 'hk1'", "a mark is not what the ledger says" },
	{ "UPDATE mark SET cells = '' WHERE term = 'hk2'", "a mark is not what the ledger says" },
	{ "UPDATE mark SET cells = NULL, average = NULL, comment = NULL", "a mark is not what the ledger says" },
	{ "UPDATE mark SET remark = 'Học kém' WHERE term = 'hk1'", "a remark is not what the ledger says" },
	{ "UPDATE mark SET average = average + 100 WHERE average IS NOT NULL", "an average is not what the marks come to" },
	{ "UPDATE mark SET comment = 'chua_dat' WHERE comment = 'dat'", "an average is not what the marks come to" },
	{ "UPDATE mark SET gone = 1 WHERE term = 'hk1'", "a mark is not what the ledger says" },
	{ "DELETE FROM mark WHERE term = 'hk2'", "a mark is not what the ledger says" },
	{ "UPDATE mark SET term = 'year' WHERE term = 'hk2'", "a mark is not what the ledger says" },
	{ "UPDATE mark SET class = (SELECT max(id) FROM school_class WHERE id <> mark.class)",
		"a mark stands in another class or school than its book" },
	{ "UPDATE mark SET pupil = (SELECT max(id) FROM person WHERE id NOT IN (SELECT pupil FROM enrolment))"
		" WHERE id = (SELECT min(id) FROM mark)", "a mark is not what the ledger says" },
	{ "INSERT INTO mark (id, org, course, class, pupil, term, cells) SELECT 5, org, course, class, pupil, 'year',"
		" 'ktl=9' FROM mark WHERE id = (SELECT min(id) FROM mark)", NULL },
	{ "UPDATE mark SET org = {top} WHERE id = (SELECT min(id) FROM mark)",
		"a mark stands in another class or school than its book" },
	/* entries */
	{ "UPDATE ledger_entry SET author = 1 WHERE seq = 1", "the hash does not fit" },
	{ "UPDATE ledger_entry SET at = at + 1 WHERE seq = 1", "the hash does not fit" },
	{ "UPDATE ledger_entry SET reason = 'Khác' WHERE seq = 1", "the hash does not fit" },
	{ "UPDATE ledger_entry SET term = 'hk2' WHERE seq = 1", "the hash does not fit" },
	{ "UPDATE ledger_entry SET lines = replace(lines, ' 7', ' 9') WHERE seq = 1", "the hash does not fit" },
	{ "UPDATE ledger_entry SET seq = seq + 50", "an entry is missing" },
	{ "DELETE FROM ledger_entry WHERE seq = 1", "an entry is missing" },
	{ "DELETE FROM ledger_entry WHERE seq > 1", "the book's end is not the ledger's" },
	{ "UPDATE course SET entries = entries - 1 WHERE entries > 0", "the book's end is not the ledger's" },
	{ "UPDATE course SET head = 'x' WHERE entries > 0", "the book's end is not the ledger's" },
	/* whole books */
	{ "DELETE FROM mark; DELETE FROM ledger_entry; UPDATE mark_reopen SET course = NULL; DELETE FROM course",
		"a book that was opened is not there" },
	{ "DELETE FROM mark WHERE course = (SELECT min(id) FROM course);"
		" DELETE FROM ledger_entry WHERE course = (SELECT min(id) FROM course);"
		" DELETE FROM course WHERE id = (SELECT min(id) FROM course)", "a book that was opened is not there" },
	{ "UPDATE course SET subject = (SELECT max(id) FROM subject WHERE id NOT IN (SELECT subject FROM course))"
		" WHERE id = (SELECT min(id) FROM course)", NULL },
	{ "UPDATE course SET gone = 1 WHERE id = (SELECT max(id) FROM course)",
		"a book was taken away, of which the history knows nothing" },
	/* seals */
	{ "UPDATE ledger_seal SET lines = lines || '0' WHERE org = {school}",
		"the signature of a seal does not fit" },
	{ "UPDATE ledger_seal SET at = at + 1", "the signature of a seal does not fit" },
	{ "UPDATE ledger_seal SET bureau = department, department = bureau WHERE org = {school}",
		"the signature of a seal does not fit" },
	{ "DELETE FROM ledger_seal WHERE org = {school} AND seq = 1", "a seal is missing" },
	{ "DELETE FROM ledger_seal WHERE org = {school}", "the seal of the book is missing" },
	{ "DELETE FROM ledger_seal WHERE org = {school}; UPDATE course SET sealed = 0",
		"the seal that the unit above countersigned is missing or another" },
	{ "DELETE FROM ledger_seal WHERE org = {school} AND seq = 2; UPDATE course SET sealed = 0",
		"the seal that the unit above countersigned is missing or another" },
	{ "DELETE FROM ledger_seal; UPDATE course SET sealed = 0",
		"the seal that the history tells of is missing or another" },
	{ "DELETE FROM ledger_seal WHERE org = {top} AND seq = 2",
		"the seal that the history tells of is missing or another" },
	/* conduct */
	{ "UPDATE conduct SET level = 'dat' WHERE term = 'hk1'", "a row of conduct is not what its history says" },
	{ "UPDATE conduct SET remark = 'Hư'", "a row of conduct is not what its history says" },
	{ "UPDATE conduct SET term = 'year' WHERE term = 'hk1'", "a row of conduct is not what its history says" },
	{ "DELETE FROM conduct WHERE term = 'hk1'", "a row of conduct that was made is not there" },
	/* results */
	{ "UPDATE year_result SET level = 'tot'", "a result is not what the marks come to" },
	{ "UPDATE year_result SET hk1 = 'tot'", "a result is not what the marks come to" },
	{ "UPDATE year_result SET conduct = 'dat'", "a result is not what the marks come to" },
	{ "UPDATE year_result SET standing = 'promoted', title = 'gioi'", "a result is not what the marks come to" },
	{ "UPDATE year_result SET averages = 'toan=10'", "a result is not what the marks come to" },
	{ "UPDATE year_result SET overall = 990", "a result is not what the marks come to" },
	{ "UPDATE year_result SET retests = 'gdcd'", "a result is not what the marks come to" },
	{ "UPDATE year_result SET retests = NULL WHERE retests <> ''", "a result is not what the marks come to" },
	{ "UPDATE year_result SET why = ''", "a result is not what the marks come to" },
	{ "DELETE FROM year_result WHERE id = (SELECT min(id) FROM year_result)",
		"a pupil of a class that was rated has no result" },
	{ "UPDATE year_result SET positions = '99,1'", "the book is shorter than when the class was rated" },
	{ NULL, NULL } };

static enum rc prove(struct school_end *k, struct ledger_fault *f)
{
	struct world *w = k->w;
	int64_t books, entries, seals;

	return ledger_verify(as_khue(w), &books, &entries, &seals, f);
}

static void with_ids(const struct world *w, const char *sql, int64_t top, char ret[static 1000])
{
	char *at = ret;

	for (const char *p = sql; *p; ) {
		bool school = strncmp(p, "{school}", 8) == 0, above = strncmp(p, "{top}", 5) == 0;
		if (school || above)
			at += snprintf(at, 30, "%lld", (long long)(school ? w->a.v : top));
		else
			*at++ = *p;
		p += school ? 8 : above ? 5 : 1;
	}
	*at = 0;
}

/* A year of a class of two, sealed on two nights and rated. */
static struct school_end open_sealed(void **state, int64_t *top)
{
	struct school_end k = open_end(state);
	struct world *w = k.w;
	struct cell_edit e = { k.pupils[0].v, S_INIT("remark"), { 0 }, S_INIT("Học tốt") };
	struct save_told told;
	int64_t n;

	fill_year(&k);
	OKAY(ledger_seal_all(as_khue(w), &n));
	assert_int_equal(n, 1);
	OKAY(marks_save(mine(&k), &(struct save_ask){ w->class_a, k.subjects[0], TERM_1, &e, 1, true, { 0 } }, &told));
	OKAY(ledger_seal_all(as_khue(w), &n));
	w->time += 1000;
	OKAY(results_of_class(as_khue(w), w->class_a, &n));
	*top = count(w, "SELECT org FROM ledger_seal WHERE lines LIKE 'school %' AND seq = 2");
	assert_true(*top && *top != w->a.v);
	return k;
}

static void every_tampering_is_found(void **state)
{
	int64_t top;
	struct school_end k = open_sealed(state, &top);
	struct world *w = k.w;
	struct ledger_fault f = { 0 };
	int missed = 0;

	if (prove(&k, &f) != OK)
		fail_msg("before anything: %s", f.what ? f.what->en : "?");
	for (const struct tampering *t = tamperings; t->sql; t++) {
		OKAY(db_begin(w->db));
		char sql[1000];
		with_ids(w, t->sql, top, sql);
		if (db_script(w->db, str_of(sql)) != OK)
			fail_msg("%s: %s", sql, db_why(w->db));
		f = (struct ledger_fault){ 0 };
		enum rc rc = prove(&k, &f);
		if (rc != E_STATE || (t->found && strcmp(f.what->en, t->found) != 0)) {
			print_error("%s: rc %d, %s\n", sql, (int)rc, f.what ? f.what->en : "nothing found");
			missed++;
		}
		db_rollback(w->db);
	}
	assert_int_equal(missed, 0);
	assert_int_equal(prove(&k, &f), OK);
	close_end(&k);
}

/* Books cut back to where they were before the first seal, chain and all. */
static void an_unsealed_book_is_not_shortened(void **state)
{
	struct school_end k = open_end(state);
	struct world *w = k.w;
	struct ledger_fault f = { 0 };
	int64_t n;

	fill_year(&k);
	OKAY(results_of_class(as_khue(w), w->class_a, &n));
	OKAY(prove(&k, &f));
	OKAY(db_script(w->db, S("DELETE FROM mark WHERE course = (SELECT min(id) FROM course); DELETE FROM ledger_entry"
		" WHERE course = (SELECT min(id) FROM course); UPDATE course SET entries = 0, head = NULL WHERE"
		" id = (SELECT min(id) FROM course)")));
	assert_int_equal(prove(&k, &f), E_STATE);
	assert_string_equal(f.what->en, "the book is shorter than when the class was rated");
	close_end(&k);
}

/* Cut back on the day it was written, before any seal or result: whoever wrote was answered, and the answer is kept for
 * two days. */
static void an_answer_names_the_end(void **state)
{
	struct school_end k = open_end(state);
	struct world *w = k.w;
	struct ledger_fault f = { 0 };
	struct cell_edit e = { k.pupils[0].v, S_INIT("tx1"), { 0 }, S_INIT("8") };
	struct save_told told;

	OKAY(marks_save(mine(&k), &(struct save_ask){ w->class_a, k.subjects[0], TERM_1, &e, 1, true, { 0 } }, &told));
	str body = TEXT(&w->c, "{\"saved\":1,\"course\":%lld,\"seq\":%lld,\"head\":\"%.*s\",\"cells\":[]}",
		(long long)told.course, (long long)told.seq, FMT(told.head));
	OKAY(db_exec(w->db, "INSERT INTO once (key, user_id, at, input, status, go, said, body) VALUES ('1/a', 1, 1, ?1,"
		" 200, '', '', ?2)", VALS(v_blob(S("x")), v_text(body)), NULL));
	OKAY(prove(&k, &f));
	OKAY(db_script(w->db, S("DELETE FROM mark; DELETE FROM ledger_entry; UPDATE course SET entries = 0, head = NULL")));
	assert_int_equal(prove(&k, &f), E_STATE);
	assert_string_equal(f.what->en, "the book lacks an entry that its writer was told is saved");
	assert_int_equal(f.course, told.course);
	close_end(&k);
}

/* People read of which book, class, school and pupil, in their own language. */
static void a_fault_is_named(void **state)
{
	struct school_end k = open_end(state);
	struct world *w = k.w;
	struct ledger_fault f = { 0 };

	fill_term(&k, 0, TERM_1, WEAK, "7");
	OKAY(db_script(w->db, S("UPDATE mark SET cells = 'tx1=10'")));
	assert_int_equal(prove(&k, &f), E_STATE);
	w->c.lang = VI;
	str where = ledger_where(&w->c, &f);
	assert_true(in_text(where, "môn Toán") && in_text(where, "lớp 7A") && in_text(where, "học sinh Phạm Yến"));
	assert_true(in_text(where, "Trường"));
	assert_string_equal(f.what->vi, "điểm không phải điểm mà các lần ghi nói");
	w->c.lang = EN;
	where = ledger_where(&w->c, &f);
	assert_true(in_text(where, "class 7A") && in_text(where, "pupil Phạm Yến"));
	close_end(&k);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { ON_BOTH(every_tampering_is_found),
		ON_BOTH(an_unsealed_book_is_not_shortened), ON_BOTH(an_answer_names_the_end), ON_BOTH(a_fault_is_named) };

	(void)argc;
	if (!hash_init())
		return 1;
	need_postgres(argv);
	return cmocka_run_group_tests_name("tamper", tests, NULL, NULL);
}
