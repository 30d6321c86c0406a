/* file_test.c -- timetables out of files, FET's and sheets: what is read, and what the page says of it. */
#include "mod/timetable/timetable_world.h"
#include "core/perm.h"
#include "core/row.h"
#include "xlsx_make.h"

#include <fcntl.h>
#include <unistd.h>

static const struct read_lesson *first_of(const struct read_told *told, const char *class)
{
	for (int64_t i = 0; i < told->n; i++)
		if (str_is(told->lessons[i].class, class))
			return &told->lessons[i];
	return NULL;
}

static const char fet[] = "\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<fet version=\"6.8.5\"><Days_List>"
	"<Number_of_Days>2</Number_of_Days><Day><Name>Thứ 2</Name></Day><Day><Name>Thứ 3</Name></Day></Days_List>"
	"<Hours_List><Hour><Name>T1</Name></Hour><Hour><Name>T2</Name></Hour></Hours_List><Activities_List>"
	"<Activity><Teacher>L.T.Hoa</Teacher><Subject>Toán</Subject><Students>7A</Students><Duration>2</Duration>"
	"<Id>1</Id><Active>true</Active></Activity>"
	"<Activity><Teacher>Lâm</Teacher><Subject>Nhạc</Subject><Students>7A</Students><Duration>1</Duration><Id>2</Id>"
	"</Activity></Activities_List><Time_Constraints_List><ConstraintActivityPreferredStartingTime>"
	"<Activity_Id>1</Activity_Id><Preferred_Day>Thứ 3</Preferred_Day><Preferred_Hour>T1</Preferred_Hour>"
	"</ConstraintActivityPreferredStartingTime></Time_Constraints_List></fet>";

static void fet_is_read(void **state)
{
	struct arena mem;
	struct read_told told;

	(void)state;
	arena_init(&mem, 64 << 20);
	assert_int_equal(fet_read(&mem, str_of(fet), false, &told), OK);
	assert_int_equal(told.n, 2);                                     /* what has no place is left out */
	assert_int_equal(told.lessons[0].weekday, 1);
	assert_int_equal(told.lessons[1].slot, 2);
	assert_int_equal(told.lessons[1].row, 1);                        /* FET's number of the activity */
	assert_int_equal(fet_read(&mem, str_of(fet), true, &told), OK);
	assert_int_equal(told.lessons[0].slot, SLOTS_HALF + 1);
	assert_int_equal(fet_read(&mem, S("<fet><Activity>"), false, &told), E_INVALID);
	assert_int_equal(fet_read(&mem, S("<!DOCTYPE a><fet/>"), false, &told), E_INVALID);
	assert_true(told.why.n > 0);
	arena_free(&mem);
}

static void a_real_file_of_fet_is_read(void **state)
{
	struct site s = site_open(state);
	struct world *w = s.w;
	char path[400];
	const char *shared = getenv("KHUE_SHARED");
	static char bytes[4 << 20];
	struct read_told told;

	snprintf(path, sizeof path, "%s/data/timetabling/fet/Khoi-chieu_data_and_timetable.fet", shared ? shared
		: KHUE_SHARED_DEFAULT);
	int fd = open(path, O_RDONLY);
	if (fd >= 0) {
		ssize_t n = read(fd, bytes, sizeof bytes);
		close(fd);
		assert_true(n > 0);
		OKAY(read_timetable(as_khue(s.w), -1, (str){ bytes, n }, true, &told));
		assert_int_equal(told.n, 381);                             /* 288 activities, some of two lessons */
		assert_int_equal(first_of(&told, "10A1")->weekday, 5);       /* its form period: Saturday, third lesson */
		assert_int_equal(first_of(&told, "10A1")->slot, SLOTS_HALF + 3);
	}
	world_close(s.w);
	if (fd < 0)
		skip();
}

static void read_csv(struct world *w, const char *csv, bool afternoon, struct read_told *ret)
{
	FILE *f = tmpfile();

	assert_true(fputs(csv, f) >= 0);
	fflush(f);
	lseek(fileno(f), 0, SEEK_SET);
	OKAY(read_timetable(as_khue(w), fileno(f), str_of(csv), afternoon, ret));
	fclose(f);
}

static void a_sheet_of_the_whole_school_is_read(void **state)
{
	static const char csv[] = "Thời khóa biểu,,,\nThứ,Tiết,7A,7C\n2,1,Toán - Hoa,Chào cờ\n,2,Nhạc (Lâm),\n"
		"Thứ 3,T1,,Toán - Hoa\n";
	struct site s = site_open(state);
	struct world *w = s.w;
	struct read_told told;

	read_csv(w, csv, false, &told);
	assert_int_equal(told.n, 4);
	assert_true(str_is(told.lessons[0].subject, "Toán") && str_is(told.lessons[0].teacher, "Hoa"));
	assert_true(str_is(told.lessons[2].subject, "Nhạc") && str_is(told.lessons[2].teacher, "Lâm"));
	assert_int_equal(told.lessons[2].slot, 2);
	assert_int_equal(told.lessons[2].weekday, 0);                    /* the day of the row above */
	assert_int_equal(told.lessons[3].weekday, 1);
	assert_int_equal(told.lessons[3].row, 5);
	world_close(s.w);
}

/* The column "Buổi" says which half of the day a period is in; rows that cannot be placed are told. */
static void a_sheet_with_sessions_is_read(void **state)
{
	static const char csv[] = "Thứ,Buổi,Tiết,7A,7C\n2,Sáng,1,Toán,\n,,2,Nhạc,Toán\n,Chiều,1,,LS-ĐL\n"
		"9,Sáng,1,Toán,\n"
		"3,Sáng,20,,Toán\nGhi chú,,,,\n";
	struct site s = site_open(state);
	struct world *w = s.w;
	struct read_told told;

	read_csv(w, csv, true, &told);
	assert_int_equal(told.n, 4);
	assert_int_equal(told.lessons[2].slot, 2);
	assert_int_equal(told.lessons[3].slot, SLOTS_HALF + 1);
	assert_int_equal(told.lessons[3].weekday, 0);
	assert_true(str_is(told.odd, "5, 6"));
	assert_true(strcmp(subject_code_said(viet_fold(w->c.mem, S("LS-ĐL"))), "ls_dl") == 0);
	world_close(w);
}

/* A sheet for each half of the day, by its name; an older one beside them is told, not read. */
static void both_halves_of_a_workbook_are_read(void **state)
{
	static const char *const names[] = { "TKB sáng", "TKB cũ", "TKB chiều" };
	struct site s = site_open(state);
	struct world *w = s.w;
	struct made_entry e[5];
	struct buf sheets, rels;
	struct read_told told;
	FILE *f = tmpfile();

	buf_init(&sheets, w->c.mem, 4000);
	buf_init(&rels, w->c.mem, 4000);
	for (int i = 0; i < 3; i++) {
		put_fmt(&sheets, "<sheet name=\"%s\" r:id=\"r%d\"/>", names[i], i);
		put_fmt(&rels, "<Relationship Id=\"r%d\" Type=\"x/worksheet\" Target=\"s%d.xml\"/>", i, i);
		e[i] = (struct made_entry){ str_z(w->c.mem, TEXT(&w->c, "xl/s%d.xml", i)), TEXT(&w->c, "<worksheet><sheetData>"
			"<row r=\"1\"><c t=\"inlineStr\"><is><t>Thứ</t></is></c><c t=\"inlineStr\"><is><t>Tiết</t></is></c>"
			"<c t=\"inlineStr\"><is><t>7A</t></is></c></row><row r=\"2\"><c><v>2</v></c><c><v>%d</v></c>"
			"<c t=\"inlineStr\"><is><t>Toán</t></is></c></row></sheetData></worksheet>", i + 1), 0, 0 };
	}
	e[3] = (struct made_entry){ "xl/workbook.xml", TEXT(&w->c, "<workbook><sheets>%.*s</sheets></workbook>",
		FMT(buf_str(&sheets))), 0, 0 };
	e[4] = (struct made_entry){ "xl/_rels/workbook.xml.rels", TEXT(&w->c, "<Relationships>%.*s</Relationships>",
		FMT(buf_str(&rels))), 0, 0 };
	str bytes = made_zip(w->c.mem, e, 5, false);
	assert_int_equal(fwrite(bytes.p, 1, (size_t)bytes.n, f), bytes.n);
	fflush(f);
	OKAY(read_timetable(as_khue(w), fileno(f), bytes, false, &told));
	assert_int_equal(told.n, 2);
	assert_int_equal(told.lessons[0].slot, 1);
	assert_int_equal(told.lessons[1].slot, SLOTS_HALF + 3);
	assert_text(told.unread, "TKB cũ");
	fclose(f);
	world_close(w);
}

/* What the preview says of one file. */
static struct import_view looked(struct site *s, timetable_id t, const char *name, const char *text, bool write)
{
	struct world *w = s->w;
	struct import_view v = { 0 };
	struct import_post in = { .timetable = t, .write = write };

	OKAY(file_put(as(w, &clerk, w->a, (person_id){ 5 }), w->a, str_of(name), str_of(text), &in.file));
	OKAY(import_post(&w->c, &in, &v));
	return v;
}

/* A teacher of the file who is not the assigned one is told with where it stands and who is taken instead. */
static void a_teacher_of_the_file_is_not_passed_over(void **state)
{
	struct site s = site_open(state);
	struct world *w = s.w;
	char folder[] = "/tmp/khue-timetable.XXXXXX";

	assert_non_null(mkdtemp(folder));
	w->app.data = folder;
	timetable_id t = add_timetable(w, "Học kì I", -30);
	teach_it(w, add_person(w, w->a, "Đỗ Thị Hoa", false, true), s.second, s.music);
	struct import_view v = looked(&s, t, "tkb.csv",
		"Thứ,Tiết,Lớp 7A (GVCN: Lan),7C (Hoa)\n2,1,Toán - Lâm,Toán - Hoa\n,2,Toán - Lâm,Toán - cô Hoa\n"
		"3,1,Toán - L.T.Hoa,Toán - Đ.T.Hoa\n", false);
	assert_int_equal(v.good, 6);
	assert_int_equal(v.n_others, 3);
	assert_int_equal(v.others.n, 2);
	const struct other_view *o = v.others.p;
	assert_true(str_is(o[0].rows, "2, 3") && str_is(o[0].class, "7A") && str_is(o[0].subject, "Toán"));
	assert_true(str_is(o[0].named, "Lâm") && str_is(o[0].assigned, "Lê Thị Hoa") && !o[0].none_taken);
	assert_int_equal(o[0].n, 2);
	assert_true(str_is(o[1].rows, "4") && str_is(o[1].named, "Đ.T.Hoa") && str_is(o[1].class, "7C"));
	assert_int_equal(v.no_teacher, 0);

	teach_it(w, add_person(w, w->a, "Vũ Minh Tâm", false, true), w->class_a, s.maths);
	v = looked(&s, t, "tkb.csv", "Thứ,Tiết,7A\n2,1,Toán - Hoa\n2,2,Toán - Tâm\n2,3,Toán - Ngô Lâm\n", true);
	o = v.others.p;
	assert_int_equal(v.n_others, 1);                                 /* of two who share it one is named, or neither */
	assert_true(o[0].none_taken && str_find(o[0].assigned, S(", ")) > 0);
	assert_int_equal(v.no_teacher, 1);
	items got;
	OKAY(find_all(as_khue(w), &lesson, &got, 9, IS({ offsetof(struct lesson, timetable), v_int(t.v) })));
	assert_int_equal(got.n, 3);
	world_close(w);
	nftw(folder, engine_remove, 8, FTW_DEPTH | FTW_PHYS);
}

/* ---- what FET's names mean -------------------------------------------------------------------------------------- */

/* A file of FET: names parted by |; activities "teachers;subject;students;duration;day;hour", each list parted by +. */
static str fet_of(struct arena *a, const char *days, const char *hours, const char *sets, const char *activities)
{
	struct buf b;
	str one, rest = str_of(days), part[6], list, item;
	int id = 0;

	buf_init(&b, a, 1 << 18);
	put_z(&b, "<?xml version=\"1.0\"?><!-- FET --><fet version=\"6.8.5\"><Days_List>");
	for (; str_cut(rest, '|', &one, &rest) || one.n; one = (str){ 0 })
		put_fmt(&b, "<Day><Name>%.*s</Name></Day>", FMT(one));
	put_z(&b, "</Days_List><Hours_List>");
	for (rest = str_of(hours); str_cut(rest, '|', &one, &rest) || one.n; one = (str){ 0 })
		put_fmt(&b, "<Hour><Name>%.*s</Name></Hour>", FMT(one));
	put_fmt(&b, "</Hours_List><Students_List>%s</Students_List><Activities_List>", sets);
	for (rest = str_of(activities); str_cut(rest, '|', &one, &rest) || one.n; one = (str){ 0 }) {
		for (int i = 0; i < 6; i++)
			str_cut(one, ';', &part[i], &one);
		put_z(&b, "<Activity>");
		for (list = part[0]; str_cut(list, '+', &item, &list) || item.n; item = (str){ 0 })
			put_fmt(&b, "<Teacher>%.*s</Teacher>", FMT(item));
		put_fmt(&b, "<Subject>%.*s</Subject>", FMT(part[1]));
		for (list = part[2]; str_cut(list, '+', &item, &list) || item.n; item = (str){ 0 })
			put_fmt(&b, "<Students>%.*s</Students>", FMT(item));
		put_fmt(&b, "<Duration>%.*s</Duration><Id>%d</Id><Active>true</Active></Activity>", FMT(part[3]), ++id);
		if (part[4].n)
			put_fmt(&b, "<ConstraintActivityPreferredStartingTime><Activity_Id>%d</Activity_Id><Preferred_Day>%.*s"
				"</Preferred_Day><Preferred_Hour>%.*s</Preferred_Hour></ConstraintActivityPreferredStartingTime>", id,
				FMT(part[4]), FMT(part[5]));
	}
	put_z(&b, "</Activities_List></fet>");
	return buf_str(&b);
}

static void days_and_hours_by_name(void **state)
{
	struct arena mem;
	struct read_told told;

	(void)state;
	arena_init(&mem, 64 << 20);
	/* a week that begins on Sunday; four lessons in the morning, then the afternoon's */
	assert_int_equal(OK, fet_read(&mem, fet_of(&mem, "CN|Thứ Hai|Thứ3", "S1|S2|S3|S4|C1|C2", "",
		"Lan;Toán;7A;2;Thứ Hai;C1|Lan;Toán;7A;1;Thứ3;S4|Lan;Toán;7A;1;CN;S1"), false, &told));
	assert_int_equal(told.n, 4);
	assert_int_equal(told.lessons[0].weekday, 0);
	assert_int_equal(told.lessons[0].slot, SLOTS_HALF + 1);
	assert_int_equal(told.lessons[1].slot, SLOTS_HALF + 2);
	assert_true(told.lessons[2].weekday == 1 && told.lessons[2].slot == 4);
	assert_int_equal(told.lessons[3].weekday, 6);
	/* more hours than a half of the day has lessons: five of each; a double lesson over the last hour is told */
	assert_int_equal(OK, fet_read(&mem, fet_of(&mem, "T2|T3", "1|2|3|4|5|6|7|8|9|10", "",
		"Lan;Toán;7A;1;T3;6|Lan;Toán;7A;2;T2;10"), false, &told));
	assert_true(told.lessons[0].weekday == 1 && told.lessons[0].slot == SLOTS_HALF + 1);
	assert_true(told.n == 2 && told.lessons[1].slot == SLOTS_HALF + 5);
	assert_true(str_is(told.odd, "2"));
	/* a day for each half of a day */
	assert_int_equal(OK, fet_read(&mem, fet_of(&mem, "Thứ 2 sáng|Thứ 2 chiều", "T1|T2", "",
		"Lan;Toán;7A;1;Thứ 2 chiều;T2"), false, &told));
	assert_true(told.n == 1 && told.lessons[0].weekday == 0 && told.lessons[0].slot == SLOTS_HALF + 2);
	/* every class of one activity, several teachers, and what has no place */
	assert_int_equal(OK, fet_read(&mem, fet_of(&mem, "T2", "T1", "",
		"Lan+Hoa;Chào cờ;6A+6B+6C+7A+7B+7C+8A+8B+8C+9A;1;T2;T1|Lan;Toán;6A;1;;"), false, &told));
	assert_int_equal(told.n, 10);
	assert_true(str_is(told.lessons[9].class, "9A") && str_is(told.lessons[9].teacher, "Lan + Hoa"));
	assert_int_equal(told.unplaced, 1);
	assert_int_equal(fet_read(&mem, S("<?xml version=\"1.0\"?><Activities_Timetable><Activity><Id>1</Id></Activity>"
		"</Activities_Timetable>"), false, &told), E_INVALID);
	assert_true(told.result);
	arena_free(&mem);
}

/* A year is its classes, a group its class; of two groups at one time one is kept and the other named; a part of a
 * subject is the whole that the class is taught. */
static void sets_of_pupils_are_classes(void **state)
{
	struct site s = site_open(state);
	struct world *w = s.w;
	char folder[] = "/tmp/khue-timetable.XXXXXX";

	assert_non_null(mkdtemp(folder));
	w->app.data = folder;
	add_subject(w, "am_nhac", "Âm nhạc");
	timetable_id t = add_timetable(w, "Học kì I", -30);
	str text = fet_of(w->c.mem, "T2|T3", "T1|T2", "<Year><Name>Khối 7</Name><Group><Name>7A</Name><Subgroup>"
		"<Name>7A nhóm 1</Name></Subgroup><Subgroup><Name>7A nhóm 2</Name></Subgroup></Group><Group><Name>7C</Name>"
		"</Group></Year>", "Hoa;Toán;Khối 7;1;T2;T1|Lâm;Âm nhạc;7A nhóm 1;1;T3;T1|Lâm+Hoa;Toán;7A nhóm 2;1;T3;T1|"
		"Hoa;Toán;Khối 9;1;T2;T2");
	struct import_view v = looked(&s, t, "tkb.fet", str_z(w->c.mem, text), true);
	assert_int_equal(v.good, 3);
	assert_int_equal(v.parts, 2);
	assert_int_equal(v.twice, 1);
	assert_text(((const struct left_view *)v.lefts.p)[0].class, "7A nhóm 2");
	assert_int_equal(v.classes.n, 1);                                 /* Khối 9 */
	assert_int_equal(v.n_others, 0);
	items got;
	OKAY(find_all(as_khue(w), &lesson, &got, 9, IS({ offsetof(struct lesson, timetable), v_int(t.v) },
		{ offsetof(struct lesson, subject), v_int(s.music.v) })));
	assert_int_equal(got.n, 1);
	assert_int_equal(((const struct lesson *)got.p)[0].teacher.v, s.other.v);
	world_close(w);
	nftw(folder, engine_remove, 8, FTW_DEPTH | FTW_PHYS);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(fet_is_read), cmocka_unit_test(days_and_hours_by_name),
		ON_BOTH(sets_of_pupils_are_classes), ON_BOTH(a_real_file_of_fet_is_read),
		ON_BOTH(a_sheet_of_the_whole_school_is_read), ON_BOTH(a_sheet_with_sessions_is_read),
		ON_BOTH(both_halves_of_a_workbook_are_read),
		ON_BOTH(a_teacher_of_the_file_is_not_passed_over) };

	(void)argc;
	need_postgres(argv);
	if (!hash_init())
		return 1;
	return cmocka_run_group_tests_name("timetable_file", tests, NULL, NULL);
}
