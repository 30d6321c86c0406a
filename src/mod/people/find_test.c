/* find_test.c -- how people type a name or a code, and the lines by which it is found; on both engines. */
#include "domain.h"
#include "core/listing.h"

static int64_t listed(struct world *w, org_id at, const char *words)
{
	struct list_answer a;

	OKAY(list_rows(as(w, &clerk, at, (person_id){ 9 }), &(struct list_ask){ .e = &person, .words = str_of(words),
		.limit = 10, .wide = true }, &a));
	return a.rows.n;
}

/* A name's apostrophe, whichever is typed, a hyphen, a blank or nothing: the same person. */
static void a_name_is_found_however_its_parts_are_joined(void **state)
{
	static const char *const typed[] = { "linh", "linh nie", "hlinh", "hlinh nie", "h linh", "h linh nie", "h'linh",
		"H’Linh Niê", "h\xCA\xBClinh", "h-linh", "nie hlinh", "H`Linh" };
	struct world *w = world_open(state);

	add_person(w, w->a, "H'Linh Niê", true, false);
	add_person(w, w->a, "H Linh Niê", true, false);
	for (int i = 0; i < COUNT(typed); i++)
		if (finds(w, w->a, typed[i]) != 2 || listed(w, w->a, typed[i]) != 2)
			fail_msg("%s: %d, %lld", typed[i], finds(w, w->a, typed[i]), (long long)listed(w, w->a, typed[i]));
	assert_int_equal(finds(w, w->a, "hl"), 2);
	assert_int_equal(finds(w, w->a, "hlanh"), 0);
	/* as an older version wrote it: search rebuild puts it right */
	OKAY(db_script(w->app.db, S("DELETE FROM search WHERE entity = 'person'; UPDATE person SET _fold = 'h''linh nie' "
		"WHERE _fold LIKE '%hlinh%'")));
	assert_int_equal(listed(w, w->a, "hlinh"), 0);
	OKAY(db_begin(w->app.db));
	OKAY(search_rebuild(as_khue(w), &person));
	OKAY(db_commit(w->app.db));
	assert_int_equal(finds(w, w->a, "hlinh nie"), 2);
	assert_int_equal(listed(w, w->a, "h'linh"), 2);
	world_close(w);
}

/* A pupil's own code is a word more, and no line of the name tells less for it: the key holds it (lists.md). */
static void a_code_beside_the_name_leaves_its_lines_whole(void **state)
{
	static const char *const typed[] = { "thi tran bich", "tran hs0006", "hs0006 tran", "bich hs000620" },
	                  *const none[] = { "tran hs0007", "hs0006 an", "thi tran an", "ttnb an" };
	struct world *w = world_open(state);
	struct person p = a_person(w, w->a, "Trần Thị Ngọc Bích");
	int64_t id, n;

	p.pupil = true;
	p.school_code = S("HS000620");
	OKAY(create(as_khue(w), &person, &p));
	id = p.base.id;
	for (int i = 0; i < COUNT(typed); i++)
		if (finds(w, w->a, typed[i]) != 1 || listed(w, w->a, typed[i]) != 1)
			fail_msg("%s: %d, %lld", typed[i], finds(w, w->a, typed[i]), (long long)listed(w, w->a, typed[i]));
	for (int i = 0; i < COUNT(none); i++)
		if (finds(w, w->a, none[i]) != 0 || listed(w, w->a, none[i]) != 0)
			fail_msg("%s is found", none[i]);
	OKAY(db_int(w->app.db, "SELECT COUNT(*) FROM search WHERE item = ?1 AND entity = 'person' AND key = ?2",
		VALS(v_int(id), v_blob(S("bich" SEARCH_TURN " tran thi ngoc hs000620"))), &n));
	assert_int_equal(n, 1);
	p.school_code = S("HS000721");
	OKAY(update(as_khue(w), &person, &p));
	assert_int_equal(finds(w, w->a, "tran hs0007"), 1);
	assert_int_equal(finds(w, w->a, "tran hs0006"), 0);
	OKAY(db_int(w->app.db, "SELECT COUNT(*) FROM search WHERE item = ?1 AND entity = 'person'", VALS(v_int(id)), &n));
	assert_int_equal(n, 6);                          /* four words, the initials, the code */
	world_close(w);
}

/* "H' Rin" with its blank; and lines as an older version left them are renewed by the job a mark calls. */
static void old_lines_are_renewed_beside(void **state)
{
	static const char *const typed[] = { "hrin", "h'rin", "h' rin", "h rin", "hrin bkrong", "bkrong hrin", "H ’Rin" };
	static const char *const older = "DELETE FROM search WHERE entity = 'person'; UPDATE person SET _fold = "
		"'h'' rin bkrong' WHERE _fold LIKE '%hrin%'; INSERT INTO search_stale (mark) VALUES (1)";
	struct world *w = world_open(state);
	bool stale;

	add_person(w, w->a, "H' Rin Bkrông", true, false);
	for (int turn = 0; turn < 2; turn++) {
		for (int i = 0; i < COUNT(typed); i++)
			if (finds(w, w->a, typed[i]) != 1 || listed(w, w->a, typed[i]) != 1)
				fail_msg("%s: %d, %lld", typed[i], finds(w, w->a, typed[i]),
					(long long)listed(w, w->a, typed[i]));
		OKAY(search_is_stale(as_khue(w), &stale));
		assert_false(stale);
		OKAY(db_script(w->app.db, str_of(older)));
		assert_int_equal(listed(w, w->a, "hrin"), 0);
		OKAY(search_is_stale(as_khue(w), &stale));
		assert_true(stale);
		OKAY(search_refresh(as(w, &clerk, w->a, (person_id){ 9 }), NULL));       /* whoever's turn it is */
	}
	assert_int_equal(finds(w, w->a, "hrin"), 1);
	world_close(w);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(a_name_is_found_however_its_parts_are_joined), ON_BOTH(a_code_beside_the_name_leaves_its_lines_whole),
		ON_BOTH(old_lines_are_renewed_beside) };

	(void)argc;
	if (!hash_init())
		return 1;
	need_postgres(argv);
	return cmocka_run_group_tests_name("people_find", tests, NULL, NULL);
}
