/* subjects.c -- the papers of the national and provincial exams since 2016, and the headings they were published
 * under. */
#include "mod/results/marks.h"

const struct subject subjects[] = {
	{ "toan",      { "Toán", "Mathematics" }, "Toan", "toan|toan hoc|diem toan" },
	{ "ngu_van",   { "Ngữ văn", "Literature" }, "NguVan", "ngu van|nguvan|van|diem van" },
	{ "ngoai_ngu", { "Ngoại ngữ", "Foreign language" }, "NgoaiNgu",
		"ngoai ngu|ngoaingu|tieng anh|anh|anh van|diem ngoai ngu" },
	{ "vat_li",    { "Vật lí", "Physics" }, "VatLy", "vat li|vat ly|vatly|li|ly|diem li" },
	{ "hoa_hoc",   { "Hóa học", "Chemistry" }, "HoaHoc", "hoa hoc|hoahoc|hoa|diem hoa" },
	{ "sinh_hoc",  { "Sinh học", "Biology" }, "SinhHoc", "sinh hoc|sinhhoc|sinh|diem sinh" },
	{ "lich_su",   { "Lịch sử", "History" }, "LichSu", "lich su|lichsu|su|diem su" },
	{ "dia_li",    { "Địa lí", "Geography" }, "DiaLy", "dia li|dia ly|dialy|dia|diem dia" },
	{ "gdcd",      { "Giáo dục công dân", "Civics" }, "GDCD", "gdcd|giao duc cong dan" },
	{ "gdktpl",    { "Giáo dục kinh tế và pháp luật", "Economics and law" }, "KinhTePhapLuat",
	               "gdktpl|gdkt&pl|kinh te va phap luat|kinhtephapluat|ktpl|giao duc kinh te va phap luat|giao duc "
		"kinh te phap luat" },
	{ "tin_hoc",   { "Tin học", "Informatics" }, "TinHoc", "tin hoc|tinhoc|tin" },
	{ "cn_cong_nghiep", { "Công nghệ (công nghiệp)", "Technology (industry)" }, "CongNgheCongNghiep",
	               "cong nghe cong nghiep|congnghecongnghiep|cn cong nghiep|cncn" },
	{ "cn_nong_nghiep", { "Công nghệ (nông nghiệp)", "Technology (agriculture)" }, "CongNgheNongNghiep",
	               "cong nghe nong nghiep|congnghenongnghiep|cn nong nghiep|cnnn" },
	{ "khtn",      { "Khoa học tự nhiên", "Natural sciences" }, NULL, "khtn|khoa hoc tu nhien", true },
	{ "khxh",      { "Khoa học xã hội", "Social sciences" }, NULL, "khxh|khoa hoc xa hoi", true },
	{ NULL } };

int subject_named(str code)
{
	for (int i = 0; subjects[i].code; i++)
		if (str_is(code, subjects[i].code))
			return i;
	return -1;
}

int subject_published(str name)
{
	for (int i = 0; subjects[i].code; i++)
		if (subjects[i].published && str_is(name, subjects[i].published))
			return i;
	return -1;
}

static const struct { const char *code; struct tr name; } languages[] = { { "", { NULL, NULL } },
	{ "N1", { "Tiếng Anh", "English" } },
	{ "N2", { "Tiếng Nga", "Russian" } }, { "N3", { "Tiếng Pháp", "French" } },
	{ "N4", { "Tiếng Trung Quốc", "Chinese" } },
	{ "N5", { "Tiếng Đức", "German" } }, { "N6", { "Tiếng Nhật", "Japanese" } }, { "N7", { "Tiếng Hàn", "Korean" } } };

const char *language_code(int language)
{
	return language > 0 && language < COUNT(languages) ? languages[language].code : "";
}

const struct tr *language_name(int language)
{
	return language > 0 && language < COUNT(languages) ? &languages[language].name : NULL;
}

/* The indices of subjects[] in order of their codes' bytes, with the language ("ma_ngoai_ngu") among them. */
const uint8_t leaf_order[LEAF_NAMES] = { 11, 12, 7, 8, 9, 4, 13, 14, 6, LEAF_LANGUAGE, 2, 1, 5, 10, 0, 3 };
