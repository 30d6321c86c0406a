/* subject_test.c -- what the person the data is about may ask for, over every module; on both engines. */
#include "mod/contact/contact_world.h"
#include "app/modules.h"
#include "core/registry.h"
#include "core/views.h"
#include <cjson/cJSON.h>
#include "mod/people/people_rules.h"

static bool holds(str text, const char *part) { return str_find(text, str_of(part)) >= 0; }

static str copy_of(struct world *w, person_id who)
{
	int64_t rows;
	str text;

	OKAY(subject_copy(as_khue(w), who.v, &text, &rows));
	cJSON *read = cJSON_ParseWithLength(text.p, (size_t)text.n);
	assert_non_null(read);
	cJSON_Delete(read);
	return text;
}

/* Words go to whom they were said; what the other parent wrote is not the child's copy to tell. */
static void words_are_copied_to_who_had_them(void **state)
{
	struct world *w = world_open(state);
	person_id father = add_person(w, w->a, "Trần Văn Đông", false, false);
	thread_id t;
	str text;

	family_of(w);
	OKAY(thread_begin(as_parent(w), w->pupil_a, w->teacher_a, S("Chuyện nhà em"),
		&(struct writing){ S("Bố cháu hay đánh cháu."), { 0 } }, &t));
	OKAY(thread_write(as_form(w), t, &(struct writing){ S("Cô sẽ giúp gia đình."), { 0 } }));
	guard(w, w->pupil_a, father, false);             /* comes later, and was not in the conversation */
	OKAY(db_exec(w->db, "UPDATE guardianship SET note = 'Nghe nói hay uống rượu'", NULL, 0, NULL));
	text = copy_of(w, w->parent_a);
	assert_true(holds(text, "Bố cháu hay đánh cháu.") && holds(text, "Cô sẽ giúp gia đình."));
	assert_false(holds(text, "uống rượu"));
	text = copy_of(w, w->pupil_a);
	assert_true(holds(text, "\"class\":\"7A") && holds(text, "\"class\":\"Class\""));       /* names, not numbers */
	assert_false(holds(text, "Bố cháu") || holds(text, "Chuyện nhà em") || holds(text, "uống rượu"));
	assert_false(holds(copy_of(w, father), "Bố cháu"));
	/* barred from the child: what was said about it is theirs no more */
	OKAY(db_exec(w->db, "UPDATE guardianship SET barred = 1", NULL, 0, NULL));
	assert_false(holds(copy_of(w, w->parent_a), "Cô sẽ giúp gia đình."));
	world_close(w);
}

/* Several roles: what one of them may ask of some people is not asked of those that another one shows. */
static void a_teacher_who_is_a_parent(void **state)
{
	struct world *w = world_open(state);
	person_id other = add_person(w, w->a, "Lê Minh Châu", true, false);
	struct subject_in in = { other, { 0 } };
	struct seen_view v = { 0 };
	struct person p;
	struct ctx *c;

	family_of(w);
	enrol(w, other, w->class_a);
	guard(w, w->pupil_a, w->teacher_a, false);
	struct seat two[] = { { &parent, w->a, { 0 }, { 99999 } }, { &form_teacher, w->a, { 0 }, { 99999 } } };
	struct actor both = { .user = { 77 }, .person = w->teacher_a, .name = S("Tester"), .seats = two, .n_seats = 2 };
	c = fresh(w);
	c->who = &both;
	OKAY(find(c, &person, other.v, &p));
	assert_int_equal(person_seen(c, &(struct seen_in){ other }, &v), E_MISSING);
	assert_int_equal(person_copy(c, &in, NULL), E_MISSING);
	assert_int_equal(subject_gather(c, &in), E_MISSING);
	OKAY(person_seen(c, &(struct seen_in){ w->pupil_a }, &v));
	OKAY(person_seen(c, &(struct seen_in){ w->teacher_a }, &v));
	/* the head of another school who leads a class here */
	two[0] = (struct seat){ &principal, w->b, { 0 }, { 99999 } };
	in.reason = S("Gia đình em yêu cầu hôm nay");
	assert_int_equal(person_erase(c, &in, NULL), E_DENIED);
	world_close(w);
}

static void what_modules_keep_is_forgotten(void **state)
{
	struct world *w = world_open(state);
	struct leave_request r = a_request(w, 1);
	struct subject_in in = { w->pupil_a, S("Gia đình em yêu cầu hôm nay") };

	family_of(w);
	an_account(w, "hoc.sinh", w->pupil_a);
	OKAY(create(as_parent(w), &leave_request, &r));
	OKAY(db_exec(w->db, "UPDATE guardianship SET note = 'Ghi chú'", NULL, 0, NULL));
	OKAY(db_exec(w->db, "INSERT INTO push_browser (id, account, endpoint, p256dh, auth, made) SELECT 1, id, 'x', 'y', "
		"'z', 1 FROM account", NULL, 0, NULL));
	OKAY(db_exec(w->db, "INSERT INTO session (id, org, account, digest, made, seen, ends, idle, mfa, must, "
		"impersonator, address, gone) SELECT 1, org, id, 'd', 1, 1, 2, 1, 0, 0, 0, '192.0.2.7', 0 FROM account",
		NULL, 0, NULL));
	assert_true(holds(copy_of(w, w->pupil_a), "192.0.2.7"));
	OKAY(person_erase(as(w, &principal, w->a, w->parent_a), &in, NULL));
	assert_int_equal(count(w, "SELECT count(*) FROM push_browser"), 0);
	assert_int_equal(count(w, "SELECT count(*) FROM session WHERE address IS NOT NULL"), 0);
	assert_int_equal(count(w, "SELECT count(*) FROM guardianship WHERE COALESCE(note, '') <> ''"), 0);
	assert_int_equal(count(w, "SELECT count(*) FROM leave_request WHERE reason = 'Cháu bị sốt'"), 1);
	/* why the child was ill goes when the child has gone */
	OKAY(db_exec(w->db, "UPDATE person SET pupil = 0, guardian = 1 WHERE id = ?1", VALS(v_int(w->pupil_a.v)), NULL));
	OKAY(person_erase(as(w, &principal, w->a, w->parent_a), &in, NULL));
	assert_int_equal(count(w, "SELECT count(*) FROM leave_request WHERE reason IS NULL"), 1);
	world_close(w);
}

/* Every entity that names a person, and what an erasure does to it: a new one is decided on here. All are in the
 * copy. */
static const char *const decided[][2] = {
	{ "person", "contact, belief, note, photo; home, origin and support once they have left" },
	{ "guardianship", "the note" }, { "consent", "is withdrawn; that it was given stays" },
	{ "leave_request", "reason and paper, once the pupil has left" }, { "activation", "goes" },
	{ "calendar_feed", "goes" }, { "delivery", "address and words go when it ends" },
	/* kept: the record of studies and work (TT 27/2016/TT-BGDDT) */
	{ "enrolment", "" }, { "move", "" }, { "absence", "" }, { "roll", "" }, { "mark", "" }, { "conduct", "" },
	{ "exemption", "" }, { "year_result", "" }, { "form_note", "" }, { "transcript", "" }, { "transcript_part", "" },
	{ "transcript_issue", "" }, { "school_class", "" }, { "teaching", "" }, { "lesson", "" }, { "cover", "" },
	{ "lesson_record", "" }, { "phrase", "" }, { "message_template", "" }, { "announcement", "" },
	/* kept: another's too, or proof of who did what */
	{ "thread", "" }, { "thread_party", "" }, { "message", "" }, { "thread_look", "" }, { "announcement_copy", "" },
	{ "person_pair", "" }, { "person_merge", "" }, { "account", "" }, { "seat", "" }, { "delegation", "" },
	{ "takeout", "" } };

static void every_entity_is_decided_on(void **state)
{
	char why[256];
	struct registry *g = registry_new(all_modules, why);
	int names = 0;

	(void)state;
	assert_non_null(g);
	for (int i = 0; i < g->n_entities; i++) {
		const struct entity *e = g->metas[i].e;
		bool of_person = e == &person, found = false;

		for (const struct field *f = e->fields; f->name; f++)
			of_person = of_person || (f->type == T_REF && f->ref == &person);
		for (int k = 0; k < (int)COUNT(decided); k++)
			found = found || strcmp(decided[k][0], e->name) == 0;
		if (of_person != found)
			fail_msg("%s: is it decided what an erasure does to it?", e->name);
		names += of_person;
	}
	assert_int_equal(names, COUNT(decided));
	registry_free(g);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { ON_BOTH(words_are_copied_to_who_had_them), ON_BOTH(a_teacher_who_is_a_parent),
		ON_BOTH(what_modules_keep_is_forgotten), cmocka_unit_test(every_entity_is_decided_on) };

	(void)argc;
	if (!hash_init())
		return 1;
	need_postgres(argv);
	return cmocka_run_group_tests_name("subject", tests, NULL, NULL);
}
