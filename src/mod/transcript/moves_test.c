/* moves_test.c -- transcripts that are corrected, change class or go to another school, on both engines. */
#include "mod/transcript/transcript_world.h"

/* ---- corrections ---------------------------------------------------------------------------------------------- */

static void correcting(void **state)
{
	struct desk k = signed_desk(state);
	struct world *w = k.w;
	int64_t class_;
	char content[8000];

	issue(&k, 0);
	struct transcript_part first = part_row(&k, 0);
	transcript_part_id part = { first.base.id };
	assert_true(first.content.n < (ptrdiff_t)sizeof content);
	memcpy(content, first.content.p, (size_t)first.content.n);
	assert_int_equal(transcript_correct(form(&k), part, S("sai"), &class_), E_MISSING);
	assert_int_equal(transcript_correct(as(w, &principal, w->b, w->teacher_a), part, S("sai"), &class_), E_MISSING);
	assert_int_equal(db_exec(w->db, "UPDATE year_result SET absences = 3", NULL, 0, NULL), OK);
	OKAY(transcript_correct(head(&k), part, S("Ghi nhầm số buổi nghỉ"), &class_));
	assert_int_equal(class_, w->class_a.v);
	assert_int_equal(transcript_correct(head(&k), part, S("lần nữa"), &class_), E_CONFLICT);
	assert_int_equal(issue_row(&k, 0, 1).state, ISSUE_VALID);        /* in force until the next is issued       */
	OKAY(walk(form(&k), &k, 0, "sign"));
	OKAY(walk(head(&k), &k, 0, "confirm"));
	issue(&k, 0);
	assert_int_equal(issue_row(&k, 0, 1).state, ISSUE_REPLACED);
	assert_text(issue_row(&k, 0, 2).reason, "Ghi nhầm số buổi nghỉ");
	struct transcript_part was;
	OKAY(find(as_khue(w), &transcript_part, first.base.id, &was));
	assert_int_equal(was.state, PART_REPLACED);
	assert_true(str_eq(was.content, (str){ content, first.content.n }));
		    /* what was signed stays as it was         */
	close_desk(&k);
}

/* The term and the conduct of the class a pupil came from are in the year he ends in another class. */
static void of_who_changed_class(void **state)
{
	struct desk k = open_desk(state);
	struct world *w = k.w;
	struct school_class b;
	struct course book;
	struct conduct rated;
	struct exemption free_from;
	struct subject other;
	struct enrolment e;
	struct year_part v;
	int64_t n;

	OKAY(find(as_khue(w), &school_class, w->class_a.v, &b));
	OKAY(find_one(as_khue(w), &course, &book, IS({ offsetof(struct course, class), v_int(w->class_a.v) })));
	b.base = book.base = (struct base){ .org = w->a };
	b.name = S("7 mới");
	b.size = 0;
	OKAY(create(as_khue(w), &school_class, &b));
	book.class.v = b.base.id;
	book.entries = 0;
	book.head = (str){ 0 };
	put_row(w, &course, &book);
	OKAY(db_script(w->db, S("UPDATE mark SET cells = 'tx1=7 tx2=7 tx3=8 tx4=8 gk=7 ck=8', average = 760, "
		"remark = 'Khá' WHERE term = 'hk1'; UPDATE mark SET gone = 1 WHERE term = 'hk2'")));
	row_zero(&exemption, &free_from);
	free_from.base.org = w->a;
	free_from.class = w->class_a;
	free_from.pupil = k.pupils[0];
	OKAY(find_one(as_khue(w), &subject, &other, IS({ offsetof(struct subject, code), v_text(S("gdtc")) })));
	free_from.subject.v = other.base.id;
	put_row(w, &exemption, &free_from);
	row_zero(&conduct, &rated);
	rated.base.org = w->a;
	rated.class = w->class_a;
	rated.pupil = k.pupils[0];
	rated.term = TERM_1;
	rated.level = CONDUCT_TOT;
	put_row(w, &conduct, &rated);
	OKAY(find_one(as_khue(w), &enrolment, &e, IS({ offsetof(struct enrolment, pupil), v_int(k.pupils[0].v) })));
	OKAY(change_class(as(w, &clerk, w->a, (person_id){ 0 }), &(struct change_class_in){ { e.base.id },
		{ b.base.id } }, NULL));
	school_class_id old = w->class_a;
	w->class_a.v = b.base.id;
	marks_of(&k, book.base.id, k.pupils[0], TERM_2, 820);
	result_for(&k, k.pupils[0], "kha");
	w->class_a = old;
	OKAY(transcript_draft(as_khue(w), (school_class_id){ b.base.id }, &n));
	assert_int_equal(n, 1);
	assert_true(part_read(w->c.mem, part_row(&k, 0).content, &v));
	assert_int_equal(v.n_subjects, 2);
	int maths = str_is(v.subjects[0].code, "toan") ? 0 : 1;
	assert_text(v.subjects[maths].hk1, "7.6");
	assert_text(v.subjects[maths].hk2, "8.2");
	assert_text(v.subjects[maths].remark, "Tiến bộ & <chăm>");
	assert_text(v.subjects[!maths].year, PART_EXEMPT);               /* of the class of before                  */
	assert_text(v.conduct_hk1, "tot");
	close_desk(&k);
}

/* TT 27/2020 Điều 7: a word, and beside it a whole mark of the test. */
static void of_primary(void **state)
{
	struct desk k = open_desk(state);
	struct world *w = k.w;
	struct year_part v;
	int64_t n;

	OKAY(db_script(w->db, S("UPDATE school_class SET grade = '5'; UPDATE mark SET average = 900, comment = 't' "
		"WHERE term = 'hk1'; UPDATE mark SET average = NULL, comment = 'h' WHERE term = 'hk2'; "
		"UPDATE year_result SET scheme = 'tt27', level = 'hoan_thanh', averages = 'toan=t:9'")));
	OKAY(transcript_draft(as_khue(w), w->class_a, &n));
	assert_int_equal(n, 2);
	assert_true(part_read(w->c.mem, part_row(&k, 0).content, &v));
	assert_text(v.subjects[0].hk1, "t:9");
	assert_text(v.subjects[0].hk2, "h");
	assert_text(v.subjects[0].year, "t:9");
	close_desk(&k);
}

/* ---- another school --------------------------------------------------------------------------------------------- */

static void moving(void **state)
{
	struct desk k = signed_desk(state);
	struct world *w = k.w;
	struct transcript t;
	int64_t class_;
	items parts;

	issue(&k, 0);
	OKAY(carry(as_khue(w), k.pupils[0], w->a, w->b));
	OKAY(find_all(as(w, &principal, w->b, w->teacher_a), &transcript_part, &parts, 10, NULL, 0));
	assert_int_equal(parts.n, 1);                                    /* the receiving school sees the whole     */
	transcript_part_id part = { ((const struct transcript_part *)parts.p)->base.id };
	struct is mine = { offsetof(struct transcript, pupil), v_int(k.pupils[0].v) };
	OKAY(find_one(as(w, &principal, w->b, w->teacher_a), &transcript, &t, &mine, 1));
	assert_int_equal(find_one(head(&k), &transcript, &t, &mine, 1), E_MISSING);     /* the former no more       */
	/* who holds the record cannot sign for a year that ended elsewhere: that school corrects it */
	assert_int_equal(transcript_correct(as(w, &principal, w->b, w->teacher_a), part, S("x"), &class_), E_STATE);
	assert_int_equal(db_exec(w->db, "UPDATE year_result SET absences = 4", NULL, 0, NULL), OK);
	OKAY(transcript_correct(head(&k), part, S("Ghi nhầm số buổi nghỉ"), &class_));
	assert_int_equal(transcript_correct(head(&k), part, S("x"), &class_), E_CONFLICT);
	OKAY(walk(form(&k), &k, 0, "sign"));
	OKAY(walk(head(&k), &k, 0, "confirm"));
	assert_int_equal(count(w, "SELECT count(*) FROM transcript_part p JOIN transcript t ON t.id = p.transcript AND "
		"t.org = p.org WHERE p.state = 'confirmed' AND p.version = 2"), 1);
	struct issue_keys keys;
	bool done;
	struct ctx *c = as(w, &principal, w->b, w->teacher_a);
	OKAY(issue_keys_open(c, w->b, &keys));
	OKAY(transcript_issue_one(c, &keys, t.base.id, &done));
	assert_true(done);
	assert_int_equal(issue_row(&k, 0, 1).state, ISSUE_REPLACED);
	assert_text(issue_row(&k, 0, 2).reason, "Ghi nhầm số buổi nghỉ");
	close_desk(&k);
}

/* A year that ended here and is not signed by both stays until it is, and can be drawn up later too; a year that goes
 * on elsewhere is drawn up and signed there. */
static void unsigned_when_moving(void **state)
{
	struct desk k = open_desk(state);
	struct world *w = k.w;
	struct transcript_part x;
	int64_t n;

	lead(k.w, k.w->teacher_a);
	keys_for_all(&k);
	OKAY(transcript_draft(as_khue(w), w->class_a, &n));
	OKAY(walk(form(&k), &k, 0, "sign"));
	OKAY(db_script(w->db, S("UPDATE enrolment SET state = 'promoted'")));
	OKAY(carry(as_khue(w), k.pupils[0], w->a, w->b));
	OKAY(walk(head(&k), &k, 0, "confirm"));
	x = part_row(&k, 0);
	assert_int_equal(x.base.org.v, w->b.v);
	assert_int_equal(x.school.v, w->a.v);
	/* not even drawn up when the pupil went */
	assert_int_equal(db_exec(w->db, "DELETE FROM transcript_part WHERE state = 'draft'", NULL, 0, NULL), OK);
	assert_int_equal(db_exec(w->db, "UPDATE person SET org = (SELECT org FROM transcript_part)", NULL, 0, NULL), OK);
	OKAY(carry(as_khue(w), k.pupils[1], w->a, w->b));
	OKAY(transcript_draft(as_khue(w), w->class_a, &n));
	OKAY(walk(form(&k), &k, 1, "sign"));
	/* the other school has the year, not the signature */
	OKAY(db_script(w->db, S("UPDATE enrolment SET state = 'moved'")));
	OKAY(carry(as_khue(w), k.pupils[1], w->a, w->b));
	x = part_row(&k, 1);
	assert_int_equal(x.state, PART_DRAFT);
	assert_int_equal(x.form_mark.n, 0);
	assert_int_equal(x.base.org.v, w->b.v);
	close_desk(&k);
}
int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { ON_BOTH(correcting), ON_BOTH(of_who_changed_class), ON_BOTH(of_primary),
		ON_BOTH(moving),
		ON_BOTH(unsigned_when_moving) };

	(void)argc;
	if (!hash_init())
		return 1;
	need_postgres(argv);
	return cmocka_run_group_tests_name("transcript_moves", tests, NULL, NULL);
}
