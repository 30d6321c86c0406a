/* subjects.c -- the subjects of the 2018 programme, as every installation begins. */
#include "mod/school/school_rules.h"
#include "core/many.h"

/* Lessons a year of the 2018 programme, electives and optional subjects too (TT 32/2018/TT-BGDĐT; TT
 * 13/2022/TT-BGDĐT). */
static const struct { const char *code, *name; bool comment; int16_t g[12]; } programme[] = {
	{ "tieng_viet", "Tiếng Việt", false, { 420, 350, 245, 245, 245 } },
	{ "toan", "Toán", false, { 105, 175, 175, 175, 175, 140, 140, 140, 140, 105, 105, 105 } },
	{ "ngu_van", "Ngữ văn", false, { [5] = 140, 140, 140, 140, 105, 105, 105 } },
	{ "ngoai_ngu_1", "Ngoại ngữ 1", false, { 70, 70, 140, 140, 140, 105, 105, 105, 105, 105, 105, 105 } },
	{ "khtn", "Khoa học tự nhiên", false, { [5] = 140, 140, 140, 140 } },
	{ "ls_dl", "Lịch sử và Địa lí", false, { 0, 0, 0, 70, 70, 105, 105, 105, 105 } },
	{ "gdcd", "Giáo dục công dân", false, { [5] = 35, 35, 35, 35 } },
	{ "cong_nghe", "Công nghệ", false, { [5] = 35, 35, 52, 52, 70, 70, 70 } },
	{ "tin_hoc", "Tin học", false, { [5] = 35, 35, 35, 35, 70, 70, 70 } },
	{ "gdtc", "Giáo dục thể chất", true, { 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70 } },
	{ "nghe_thuat", "Nghệ thuật (Âm nhạc, Mĩ thuật)", true, { 70, 70, 70, 70, 70, 70, 70, 70, 70 } },
	{ "hdtn", "Hoạt động trải nghiệm, hướng nghiệp", true, { 105, 105, 105, 105, 105, 105, 105, 105, 105, 105, 105,
		105 } },
	{ "gddp", "Nội dung giáo dục của địa phương", true, { [5] = 35, 35, 35, 35, 35, 35, 35 } },
	{ "dao_duc", "Đạo đức", false, { 35, 35, 35, 35, 35 } },
	{ "tnxh", "Tự nhiên và Xã hội", false, { 70, 70, 70 } },
	{ "khoa_hoc", "Khoa học", false, { 0, 0, 0, 70, 70 } },
	{ "th_cn", "Tin học và Công nghệ", false, { 0, 0, 70, 70, 70 } },
	{ "lich_su", "Lịch sử", false, { [9] = 52, 52, 52 } },
	{ "dia_li", "Địa lí", false, { [9] = 70, 70, 70 } },
	{ "ktpl", "Giáo dục kinh tế và pháp luật", false, { [9] = 70, 70, 70 } },
	{ "vat_li", "Vật lí", false, { [9] = 70, 70, 70 } },
	{ "hoa_hoc", "Hóa học", false, { [9] = 70, 70, 70 } },
	{ "sinh_hoc", "Sinh học", false, { [9] = 70, 70, 70 } },
	{ "am_nhac", "Âm nhạc", true, { [9] = 70, 70, 70 } },
	{ "mi_thuat", "Mĩ thuật", true, { [9] = 70, 70, 70 } },
	{ "ngoai_ngu_2", "Ngoại ngữ 2", false, { [5] = 105, 105, 105, 105, 105, 105, 105 } },
	{ "tieng_dtts", "Tiếng dân tộc thiểu số", false, { 70, 70, 70, 70, 70, 105, 105, 105, 105, 105, 105, 105 } },
	{ "gdqp", "Giáo dục quốc phòng và an ninh", false, { [9] = 35, 35, 35 } },
};

#define G(n) offsetof(struct subject, g##n)
static const col lessons[12] = { G(1), G(2), G(3), G(4), G(5), G(6), G(7), G(8), G(9), G(10), G(11), G(12) };
#undef G

enum rc school_load_facts(struct ctx *c)
{
	struct subject *rows = NEWS(c->mem, struct subject, COUNT(programme));
	int64_t known = 0;

	TRY(query_int(c, "school/subjects_known", NULL, NULL, &known));
	if (known)
		return OK;
	for (int i = 0; i < COUNT(programme); i++) {
		row_zero(&subject, &rows[i]);
		rows[i].code = str_of(programme[i].code);
		rows[i].name = str_of(programme[i].name);
		rows[i].comment_only = programme[i].comment;
		for (int g = 0; g < COUNT(lessons); g++)
			*(int64_t *)(void *)((char *)&rows[i] + lessons[g]) = programme[i].g[g];
	}
	return create_many(c, &subject, rows, COUNT(programme));
}

const char *subject_code_said(str word)
{
	static const struct { const char *word, *code; } said[] = {
		{ "toan hoc", "toan" }, { "van", "ngu_van" }, { "nv", "ngu_van" }, { "anh", "ngoai_ngu_1" },
		{ "tieng anh", "ngoai_ngu_1" }, { "av", "ngoai_ngu_1" },
		{ "ngoai ngu", "ngoai_ngu_1" }, { "nn", "ngoai_ngu_1" },
		{ "ly", "vat_li" }, { "li", "vat_li" }, { "vat ly", "vat_li" }, { "hoa", "hoa_hoc" }, { "sinh", "sinh_hoc" },
		{ "su", "lich_su" }, { "dia", "dia_li" }, { "dia ly", "dia_li" }, { "lsdl", "ls_dl" },
		{ "ls-dl", "ls_dl" }, { "ls&dl", "ls_dl" }, { "ls va dl", "ls_dl" }, { "su - dia", "ls_dl" },
		{ "su dia", "ls_dl" },
		{ "khtn", "khtn" }, { "cd", "gdcd" }, { "gdcd", "gdcd" }, { "ktpl", "ktpl" }, { "gdktpl", "ktpl" },
		{ "cn", "cong_nghe" }, { "tin", "tin_hoc" }, { "td", "gdtc" }, { "the duc", "gdtc" }, { "gdtc", "gdtc" },
		{ "qp", "gdqp" }, { "gdqp", "gdqp" }, { "qpan", "gdqp" }, { "nhac", "nghe_thuat" }, { "mt", "nghe_thuat" },
		{ "hdtn", "hdtn" }, { "tn-hn", "hdtn" }, { "cc", "hdtn" }, { "chao co", "hdtn" }, { "sh", "hdtn" },
		{ "shl", "hdtn" }, { "shcn", "hdtn" }, { "sinh hoat", "hdtn" },
		{ "sinh hoat lop", "hdtn" }, { "sinh hoat chu nhiem", "hdtn" }, { "sinh hoat duoi co", "hdtn" },
		{ "shdc", "hdtn" }, { "tanh", "ngoai_ngu_1" },
		{ "my thuat", "mi_thuat" }, { "gddp", "gddp" }, { "tv", "tieng_viet" },
		{ "lich su va dia ly", "ls_dl" }, { "su va dia", "ls_dl" }, { "vat li", "vat_li" },
		{ "tieng anh 1", "ngoai_ngu_1" } };

	for (ptrdiff_t i = 0; i < COUNT(said); i++)
		if (str_is(word, said[i].word))
			return said[i].code;
	return NULL;
}

str subject_brief(str code, str name)
{
	static const struct { const char *code, *brief; } of[] = { { "toan", "Toán" }, { "ngu_van", "Văn" },
		{ "tieng_viet", "T.Việt" }, { "ngoai_ngu_1", "NN1" }, { "ngoai_ngu_2", "NN2" }, { "khtn", "KHTN" },
		{ "ls_dl", "Sử-Địa" }, { "gdcd", "GDCD" }, { "cong_nghe", "C.nghệ" }, { "tin_hoc", "Tin" },
		{ "gdtc", "GDTC" }, { "nghe_thuat", "NT" }, { "hdtn", "HĐTN" }, { "gddp", "GDĐP" },
		{ "dao_duc", "Đ.đức" }, { "tnxh", "TN&XH" }, { "khoa_hoc", "K.học" }, { "th_cn", "TH&CN" },
		{ "lich_su", "Sử" }, { "gdqp", "GDQP" }, { "dia_li", "Địa" }, { "ktpl", "KTPL" }, { "vat_li", "Lí" },
		{ "hoa_hoc", "Hóa" }, { "sinh_hoc", "Sinh" }, { "am_nhac", "Nhạc" }, { "mi_thuat", "MT" },
		{ "tieng_dtts", "DTTS" } };

	for (int i = 0; i < COUNT(of); i++)
		if (str_is(code, of[i].code))
			return str_of(of[i].brief);
	return name;
}

str subject_in_grade(str code, str name, pick grade)
{
	const str careers = S(", hướng nghiệp");

	return str_is(code, "hdtn") && grade >= GRADE_1 && grade < GRADE_6 && str_ends(name, careers)
		? str_sub(name, 0, name.n - careers.n) : name;
}
