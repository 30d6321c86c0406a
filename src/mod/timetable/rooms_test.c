/* rooms_test.c -- lessons in rooms: given by hand and by FET's file, seen by room, never two classes in one. */
#include "mod/timetable/timetable_world.h"
#include "core/files.h"
#include "core/perm.h"
#include "core/row.h"

#include <ftw.h>
#include <unistd.h>

static facility_id add_room(struct world *w, org_id school, const char *name)
{
	struct facility f;

	row_zero(&facility, &f);
	f.base.org = school;
	f.name = str_of(name);
	f.since = (day){ as_khue(w)->today.v - 400 };
	OKAY(create(as_khue(w), &facility, &f));
	return (facility_id){ f.base.id };
}

/* An id as a form sends it; not in the world's memory, which as() begins anew. */
static const char *id_text(char text[static 24], facility_id f)
{
	snprintf(text, 24, "%lld", (long long)f.v);
	return text;
}

static struct lesson lesson_of(struct site *s, timetable_id t, school_class_id class, int64_t slot)
{
	struct world *w = s->w;
	struct lesson l;

	OKAY(find_one(as_khue(w), &lesson, &l, IS({ offsetof(struct lesson, timetable), v_int(t.v) },
		{ offsetof(struct lesson, class), v_int(class.v) }, { offsetof(struct lesson, slot), v_int(slot) })));
	return l;
}

/* The clerk's page of a class: what stands in Monday's first two lessons, and the rooms of its two subjects. */
static enum rc enter(struct site *s, timetable_id t, school_class_id class, subject_id subject_,
	person_id teacher_, const char *room, const char *seen)
{
	struct world *w = s->w;
	char text[60];

	snprintf(text, sizeof text, "%lld-%lld", (long long)subject_.v, (long long)teacher_.v);
	struct cell_in cells[2] = { { 0, 1, str_of(text), { 0 } }, { 0, 2, str_of(text), { 0 } } };
	struct place_in place = { subject_.v, teacher_.v, str_of(room), str_of(seen) };

	return enter_post(as(w, &clerk, w->a, (person_id){ 5 }), &(struct enter_post){ t, class, { cells, 2 },
		{ &place, 1 } }, NULL);
}

static void lessons_have_a_room(void **state)
{
	struct site s = site_open(state);
	struct world *w = s.w;
	timetable_id t = add_timetable(w, "Học kì I", -30);
	facility_id lab = add_room(w, w->a, "Phòng Tin học"), hall = add_room(w, w->a, "Nhà đa năng"),
		theirs = add_room(w, w->b, "Phòng 101");
	char text[24], seen[24];

	/* every lesson of the subject goes there, those the page has just put there too */
	OKAY(enter(&s, t, w->class_a, s.maths, w->teacher_a, id_text(text, lab), "0"));
	assert_int_equal(lesson_of(&s, t, w->class_a, 1).room.v, lab.v);
	assert_int_equal(lesson_of(&s, t, w->class_a, 2).room.v, lab.v);
	/* a page that did not touch the room leaves it, whatever it showed */
	OKAY(enter(&s, t, w->class_a, s.maths, w->teacher_a, "-", "-"));
	assert_int_equal(lesson_of(&s, t, w->class_a, 1).room.v, lab.v);
	/* another subject in the cell: the room was not its */
	OKAY(enter(&s, t, w->class_a, s.music, s.other, "0", "0"));
	assert_int_equal(lesson_of(&s, t, w->class_a, 1).room.v, 0);
	OKAY(enter(&s, t, w->class_a, s.music, s.other, id_text(text, hall), "0"));
	assert_int_equal(lesson_of(&s, t, w->class_a, 2).room.v, hall.v);
	/* another school's room, and what is none */
	assert_int_not_equal(enter(&s, t, w->class_a, s.music, s.other, id_text(text, theirs), "0"), OK);
	assert_int_not_equal(enter(&s, t, w->class_a, s.music, s.other, "phòng", "0"), OK);
	assert_int_equal(lesson_of(&s, t, w->class_a, 2).room.v, hall.v);
	/* lessons of a class that came from another school may still be in its room: the page shows it and leaves it */
	assert_int_equal(db_exec(w->db, "UPDATE lesson SET room = ?1", VALS(v_int(theirs.v)), NULL), OK);
	OKAY(enter(&s, t, w->class_a, s.music, s.other, id_text(text, theirs), id_text(seen, theirs)));
	assert_int_equal(lesson_of(&s, t, w->class_a, 2).room.v, theirs.v);
	OKAY(enter(&s, t, w->class_a, s.maths, w->teacher_a, "0", "0"));
	assert_int_equal(lesson_of(&s, t, w->class_a, 2).room.v, 0);
	world_close(w);
}

static void a_room_has_one_class(void **state)
{
	struct site s = site_open(state);
	struct world *w = s.w;
	timetable_id t = add_timetable(w, "Học kì I", -30);
	facility_id lab = add_room(w, w->a, "Phòng Tin học");
	struct timetable row;
	struct week_ask ask = { .school = w->a.v, .room = lab.v, .monday = monday_of(as_khue(w)->today), .days = 7 };
	items got;
	bool none;
	char text[24];

	teach_it(w, s.other, s.second, s.music);
	OKAY(enter(&s, t, w->class_a, s.maths, w->teacher_a, id_text(text, lab), "0"));
	OKAY(enter(&s, t, s.second, s.music, s.other, id_text(text, lab), "0"));
	OKAY(find(as(w, &principal, w->a, (person_id){ 6 }), &timetable, t.v, &row));
	assert_int_equal(step(&w->c, &timetable, &row, "publish"), E_STATE);
	assert_true(str_find(w->c.problems[0].text, S("Phòng Tin học")) >= 0);
	OKAY(enter(&s, t, s.second, s.music, s.other, "0", id_text(text, lab)));
	OKAY(find(as(w, &principal, w->a, (person_id){ 6 }), &timetable, t.v, &row));
	OKAY(step(&w->c, &timetable, &row, "publish"));
	/* seen by room: class A's two lessons and nobody else's */
	OKAY(week_lessons(&w->c, &ask, &got, &none));
	assert_int_equal(got.n, 2);
	for (int i = 0; i < 2; i++)
		assert_int_equal(((const struct week_lesson *)got.p)[i].class, w->class_a.v);
	assert_text(((const struct week_lesson *)got.p)->room, "Phòng Tin học");
	world_close(w);
}

/* FET's file names a room for a lesson: the school's own by its name; one it does not have is told, not passed over. */
static void fet_brings_rooms(void **state)
{
	struct site s = site_open(state);
	struct world *w = s.w;
	char folder[] = "/tmp/khue-timetable.XXXXXX";
	static const struct { const char *subject, *class, *day, *hour, *room; } at[] = {
		{ "Toán", "7A", "T2", "T1", "tin học" }, { "Toán", "7C", "T2", "T2", "P. 101" },
		{ "Nghệ thuật", "7A", "T3", "T1", "Nhà hát" }, { "Toán", "Khối 7", "T3", "T2", "Phòng Tin học" } };
	struct import_view v = { 0 };
	struct buf b;

	assert_non_null(mkdtemp(folder));
	w->app.data = folder;
	facility_id lab = add_room(w, w->a, "Phòng Tin học"), first = add_room(w, w->a, "Phòng 101");
	add_room(w, w->b, "Nhà hát");                                 /* another school's                            */
	timetable_id t = add_timetable(w, "Học kì I", -30);
	buf_init(&b, w->c.mem, 10000);
	put_z(&b, "<?xml version=\"1.0\"?><fet version=\"6.8.5\"><Days_List><Day><Name>T2</Name></Day><Day><Name>T3</Name>"
		"</Day></Days_List><Hours_List><Hour><Name>T1</Name></Hour><Hour><Name>T2</Name></Hour></Hours_List>"
		"<Students_List><Year><Name>Khối 7</Name><Group><Name>7A</Name></Group><Group><Name>7C</Name></Group></Year>"
		"</Students_List><Activities_List>");
	for (int i = 0; i < COUNT(at); i++)
		put_fmt(&b, "<Activity><Subject>%s</Subject><Students>%s</Students><Duration>1</Duration><Id>%d</Id><Active>true"
			"</Active></Activity>", at[i].subject, at[i].class, i + 1);
	put_z(&b, "</Activities_List><Time_Constraints_List>");
	for (int i = 0; i < COUNT(at); i++)
		put_fmt(&b, "<ConstraintActivityPreferredStartingTime><Activity_Id>%d</Activity_Id><Preferred_Day>%s</Preferred_Day>"
			"<Preferred_Hour>%s</Preferred_Hour></ConstraintActivityPreferredStartingTime>", i + 1, at[i].day,
			at[i].hour);
	put_z(&b, "</Time_Constraints_List><Space_Constraints_List>");
	for (int i = 0; i < COUNT(at); i++)
		put_fmt(&b, "<ConstraintActivityPreferredRoom><Activity_Id>%d</Activity_Id><Room>%s</Room>"
			"</ConstraintActivityPreferredRoom>", i + 1, at[i].room);
	put_z(&b, "</Space_Constraints_List></fet>");
	struct import_post in = { .timetable = t, .write = true };
	OKAY(file_put(as(w, &clerk, w->a, (person_id){ 5 }), w->a, S("tkb.fet"), buf_str(&b), &in.file));
	OKAY(import_post(&w->c, &in, &v));
	assert_int_equal(v.good, 5);
	assert_int_equal(v.joint, 2);
	assert_true(v.no_room);
	assert_int_equal(v.rooms.n, 1);
	items got;
	OKAY(find_all(as_khue(w), &lesson, &got, 9, IS({ offsetof(struct lesson, timetable), v_int(t.v) })));
	int in_lab = 0, in_first = 0, nowhere = 0;
	for (int64_t i = 0; i < got.n; i++) {
		const struct lesson *l = (const struct lesson *)got.p + i;
		in_lab += l->room.v == lab.v && l->class.v == w->class_a.v && l->weekday == 0;
		in_first += l->room.v == first.v && l->class.v == s.second.v && l->weekday == 0;
		nowhere += l->room.v == 0 && l->weekday == 1;
	}
	assert_int_equal(in_lab, 1);
	assert_int_equal(in_first, 1);
	assert_int_equal(nowhere, 3);
	world_close(w);
	nftw(folder, engine_remove, 8, FTW_DEPTH | FTW_PHYS);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { ON_BOTH(lessons_have_a_room), ON_BOTH(a_room_has_one_class),
		ON_BOTH(fet_brings_rooms) };

	(void)argc;
	need_postgres(argv);
	if (!hash_init())
		return 1;
	return cmocka_run_group_tests_name("timetable_rooms", tests, NULL, NULL);
}
