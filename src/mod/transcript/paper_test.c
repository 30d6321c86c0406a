/* paper_test.c -- the first page of a transcript, and the form of primary school. PDFs are read back by pdftotext. */
#include "mod/transcript/transcript_world.h"
#include "mod/people/people.h"

static str text_of(struct desk *k, const char *path)
{
	char cmd[200];

	snprintf(cmd, sizeof cmd, "pdftotext -layout %s -", path);
	return command_says(as_khue(k->w)->mem, cmd);
}

static void has(str text, str words)
{
	if (str_find(text, words) < 0)
		fail_msg("not there: %.*s", FMT(words));
}

static void unit(struct world *w, const char *code, const char *name, pick level)
{
	struct admin_unit u;

	row_zero(&admin_unit, &u);
	u.code = str_of(code);
	u.name = str_of(strchr(name, ' ') + 1);
	u.full_name = str_of(name);
	u.level = level;
	u.province_code = S("98");
	u.parent_code = S("98");
	put_row(w, &admin_unit, &u);
	char sql[80];
	snprintf(sql, sizeof sql, "UPDATE org SET commune = %lld", (long long)u.base.id);
	if (level == UNIT_COMMUNE)
		assert_int_equal(db_exec(w->db, sql, NULL, 0, NULL), OK);
}

static void lives_at(struct desk *k, str address)
{
	struct world *w = k->w;
	struct ctx *c = as_khue(w);
	struct person p;

	OKAY(find(c, &person, k->pupils[0].v, &p));
	p.address = address;
	OKAY(update(c, &person, &p));
}

static void kin(struct desk *k, const char *name, const char *work, pick relation, bool barred)
{
	struct world *w = k->w;
	person_id who = add_person(w, w->a, name, false, false);
	struct guardianship g;
	struct person p;

	struct ctx *c = as_khue(w);
	OKAY(find(c, &person, who.v, &p));
	p.occupation = str_of(work);
	OKAY(update(c, &person, &p));
	row_zero(&guardianship, &g);
	g.base.org = w->a;
	g.pupil = k->pupils[0];
	g.guardian = who;
	g.relation = relation;
	g.barred = barred;
	OKAY(create(as_khue(w), &guardianship, &g));
}

/* Where the pupil lives, the family and the school's commune and province are told on paper and in the XML; who is
 * barred is not. */
static void first_page(void **state)
{
	struct desk k = open_desk(state);
	struct world *w = k.w;
	char path[120], cmd[400];
	int64_t n;

	unit(w, "98", "Tỉnh Hòa Phong", UNIT_PROVINCE);
	unit(w, "98001", "Xã Long Lâm", UNIT_COMMUNE);
	lives_at(&k, S("Buôn Ako Dhông & thôn 3"));
	kin(&k, "Y Thông Niê Kdăm", "Giáo viên & nhạc công", REL_FATHER, false);
	kin(&k, "H' Bloan Êban", "Nông dân", REL_MOTHER, true);
	kin(&k, "Nguyễn Thị Ngoại", "", REL_GRANDPARENT, false);
	lead(w, w->teacher_a);
	keys_for_all(&k);
	OKAY(transcript_draft(as_khue(w), w->class_a, &n));
	OKAY(walk(form(&k), &k, 0, "sign"));
	OKAY(walk(head(&k), &k, 0, "confirm"));
	/* who moves between the signature and the issue leaves the year's signatures standing */
	lives_at(&k, S("Buôn Kli A & thôn 4"));
	issue(&k, 0);
	struct transcript_issue i = issue_row(&k, 0, 1);
	keep_file(&k, i.xml, "a.xml", path);
	snprintf(cmd, sizeof cmd, "xmllint --noout --schema %s/doc/transcript.xsd %s", KHUE_ROOT, path);
	assert_int_equal(system(cmd), 0);
	assert_true(xml_good(&k, path, "con-dau"));
	snprintf(cmd, sizeof cmd, "cat %s", path);
	str xml = command_says(as_khue(w)->mem, cmd);
	has(xml, S("<lyLich><choO>Buôn Kli A &amp; thôn 4</choO><cha ngheNghiep=\"Giáo viên &amp; nhạc công\">"
		"Y Thông Niê Kdăm"
		"</cha><nguoiGiamHo>Nguyễn Thị Ngoại</nguoiGiamHo></lyLich>"));
	has(xml, S("<diaBan>Xã Long Lâm, tỉnh Hòa Phong</diaBan>"));
	keep_file(&k, i.pdf, "a.pdf", path);
	str text = text_of(&k, path);
	has(text, S("Ảnh 3×4"));
	has(text, S("Chỗ ở hiện tại: Buôn Kli A & thôn 4"));
	has(text, S("Họ và tên cha: Y Thông Niê Kdăm · Nghề nghiệp: Giáo viên & nhạc công"));
	has(text, S("Trường THCS Nguyễn Trãi – Xã Long Lâm, tỉnh Hòa Phong"));
	assert_true(str_find(text, S("Êban")) < 0);
	close_desk(&k);
}

/* TT 27/2020/TT-BGDĐT's form counts its parts from 1 to 6, and its activity is not about careers. */
static void form_of_primary(void **state)
{
	const str parts[] = { S("1. Các môn học và hoạt động giáo dục"), S("Hoạt động trải nghiệm"),
		S("2. Những phẩm chất chủ yếu"), S("Yêu nước"), S("3. Những năng lực cốt lõi"),
		S("3.2. Những năng lực đặc thù"),
		S("4. Đánh giá kết quả giáo dục: Hoàn thành tốt"), S("5. Khen thưởng"),
		S("6. Hoàn thành chương trình lớp học") };
	const struct part_subject subjects[] = { { S("hdtn"), S("Hoạt động trải nghiệm"), .year = S("t") } };
	const struct part_quality qualities[] = { { S("yeu_nuoc"), S("Yêu nước"), S("t") },
		{ S("tu_chu"), S("Tự chủ và tự học"), S("t") }, { S("ngon_ngu"), S("Ngôn ngữ"), S("d") } };
	struct desk k = open_desk(state);
	struct world *w = k.w;
	struct signed_part one = { .v = { .id = S("n2026-1"), .version = 2, .year = S("2026-2027"), .name = S("Lò Thị Ất"),
		.scheme = S("tt27"), .grade = S("4"), .learn = S("hoan_thanh_tot"), .standing = S("promoted"),
		.subjects = subjects, .n_subjects = 1, .qualities = qualities, .n_qualities = 3 } };
	char path[120];
	str pdf;

	snprintf(path, sizeof path, "%s/th.pdf", k.folder);
	OKAY(paper_pdf(as_khue(w), &(struct paper_ask){ .level = LEVEL_PRIMARY, .parts = &one, .n = 1, .qr = S("x") },
		&pdf));
	write_file(path, pdf);
	str text = text_of(&k, path);
	for (ptrdiff_t i = 0; i < COUNT(parts); i++) {
		has(text, parts[i]);
		text = str_sub(text, str_find(text, parts[i]), -1);
	}
	has(text_of(&k, path), S("bản thứ 2, đã sửa"));
	const str name = S("Hoạt động trải nghiệm, hướng nghiệp");
	assert_text(subject_in_grade(S("hdtn"), name, GRADE_1 + 3), "Hoạt động trải nghiệm");
	assert_text(subject_in_grade(S("hdtn"), name, GRADE_6), "Hoạt động trải nghiệm, hướng nghiệp");
	assert_text(subject_in_grade(S("toan"), S("Toán"), GRADE_1), "Toán");
	close_desk(&k);
}

/* However much teachers write, the results stand below their heading and the signatures below the remark; a name of
 * six words stands in one line beside the class. */
static void long_remarks(void **state)
{
	enum { SUBJECTS = 12, SENTENCES = 6 };
	struct desk k = open_desk(state);
	struct world *w = k.w;
	struct part_subject subjects[SUBJECTS];
	char path[120];
	str pdf;

	snprintf(path, sizeof path, "%s/long.pdf", k.folder);
	for (int n = 0; n <= SENTENCES; n++) {
		struct ctx *c = as_khue(w);
		str remark = { 0 };
		for (int i = 0; i < n; i++)
			remark = TEXT(c, "%.*sCó cố gắng, tiếp thu nhanh, mạnh dạn phát biểu. ", FMT(remark));
		for (int i = 0; i < SUBJECTS; i++)
			subjects[i] = (struct part_subject){ .code = TEXT(c, "mon_%d", i),
				.name = S("Giáo dục kinh tế và pháp luật"), .hk1 = S("7.5"), .hk2 = S("8.0"), .year = S("7.8"),
				.remark = remark, .teacher = S("Lò Thị Ất") };
		struct signed_part one = { .v = { .id = S("n2026-1"), .version = 1, .year = S("2026-2027"), .scheme = S("tt22"),
			.name = S("H' Linh Đan Niê Kdăm Ayŭn"), .grade = S("10"), .class_name = S("10A12"),
			.standing = S("promoted"), .remark = S("Ngoan, lễ phép"), .subjects = subjects, .n_subjects = SUBJECTS } };
		OKAY(paper_pdf(c, &(struct paper_ask){ .level = LEVEL_UPPER, .parts = &one, .n = 1, .qr = S("x") }, &pdf));
		write_file(path, pdf);
		str text = text_of(&k, path);
		ptrdiff_t at = str_find(text, S("Kết quả rèn luyện và học tập"));
		assert_true(at > 0);
		text = str_sub(text, at, -1);
		assert_true(str_find(text, S("Mức đánh giá")) < str_find(text, S("\f")));
		at = str_find(text, S("Nhận xét của giáo viên chủ nhiệm"));
		text = str_sub(text, at, -1);
		assert_true(at > 0 && str_find(text, S("HIỆU TRƯỞNG")) > 0);
		assert_true(str_find(text, S("HIỆU TRƯỞNG")) < str_find(text, S("\f")));
		text = text_of(&k, path);
		has(str_sub(text, 0, str_find(text, S("Năm học: 2026-2027"))), S("Ayŭn               "));
	}
	close_desk(&k);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { ON_BOTH(first_page), ON_BOTH(form_of_primary), ON_BOTH(long_remarks) };

	(void)argc;
	if (!hash_init())
		return 1;
	need_postgres(argv);
	return cmocka_run_group_tests_name("transcript papers", tests, NULL, NULL);
}
