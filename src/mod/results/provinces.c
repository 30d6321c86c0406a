/* provinces.c -- the two-digit exam codes of provinces: the 63 of 2017 to 2025, and the 34 since the mergers of July
 * 2025, which took the Statistics Office's codes: one code means two places. */
#include "mod/results/marks.h"

struct province { const char *code, *until_2025, *since_2026; };
static const struct province provinces[] = {
	{ "01", "Hà Nội", "Hà Nội" }, { "02", "TP. Hồ Chí Minh", NULL }, { "03", "Hải Phòng", NULL },
	{ "04", "Đà Nẵng", "Cao Bằng" }, { "05", "Hà Giang", NULL }, { "06", "Cao Bằng", NULL },
	{ "07", "Lai Châu", NULL }, { "08", "Lào Cai", "Tuyên Quang" }, { "09", "Tuyên Quang", NULL },
	{ "10", "Lạng Sơn", NULL }, { "11", "Bắc Kạn", "Điện Biên" }, { "12", "Thái Nguyên", "Lai Châu" },
	{ "13", "Yên Bái", NULL }, { "14", "Sơn La", "Sơn La" }, { "15", "Phú Thọ", "Lào Cai" },
	{ "16", "Vĩnh Phúc", NULL }, { "17", "Quảng Ninh", NULL }, { "18", "Bắc Giang", NULL },
	{ "19", "Bắc Ninh", "Thái Nguyên" }, { "20", NULL, "Lạng Sơn" }, { "21", "Hải Dương", NULL },
	{ "22", "Hưng Yên", "Quảng Ninh" }, { "23", "Hòa Bình", NULL }, { "24", "Hà Nam", "Bắc Ninh" },
	{ "25", "Nam Định", "Phú Thọ" }, { "26", "Thái Bình", NULL }, { "27", "Ninh Bình", NULL },
	{ "28", "Thanh Hóa", NULL }, { "29", "Nghệ An", NULL }, { "30", "Hà Tĩnh", NULL },
	{ "31", "Quảng Bình", "Hải Phòng" }, { "32", "Quảng Trị", NULL }, { "33", "Thừa Thiên Huế", "Hưng Yên" },
	{ "34", "Quảng Nam", NULL }, { "35", "Quảng Ngãi", NULL }, { "36", "Kon Tum", NULL },
	{ "37", "Bình Định", "Ninh Bình" }, { "38", "Gia Lai", "Thanh Hóa" }, { "39", "Phú Yên", NULL },
	{ "40", "Đắk Lắk", "Nghệ An" }, { "41", "Khánh Hòa", NULL }, { "42", "Lâm Đồng", "Hà Tĩnh" },
	{ "43", "Bình Phước", NULL }, { "44", "Bình Dương", "Quảng Trị" }, { "45", "Ninh Thuận", NULL },
	{ "46", "Tây Ninh", "Huế" }, { "47", "Bình Thuận", NULL }, { "48", "Đồng Nai", "Đà Nẵng" },
	{ "49", "Long An", NULL }, { "50", "Đồng Tháp", NULL }, { "51", "An Giang", "Quảng Ngãi" },
	{ "52", "Bà Rịa - Vũng Tàu", "Gia Lai" }, { "53", "Tiền Giang", NULL }, { "54", "Kiên Giang", NULL },
	{ "55", "Cần Thơ", NULL }, { "56", "Bến Tre", "Khánh Hòa" }, { "57", "Vĩnh Long", NULL },
	{ "58", "Trà Vinh", NULL }, { "59", "Sóc Trăng", NULL }, { "60", "Bạc Liêu", NULL }, { "61", "Cà Mau", NULL },
	{ "62", "Điện Biên", NULL }, { "63", "Đắk Nông", NULL }, { "64", "Hậu Giang", NULL },
	{ "66", NULL, "Đắk Lắk" }, { "68", NULL, "Lâm Đồng" }, { "75", NULL, "Đồng Nai" },
	{ "79", NULL, "TP. Hồ Chí Minh" }, { "80", NULL, "Tây Ninh" }, { "82", NULL, "Đồng Tháp" },
	{ "86", NULL, "Vĩnh Long" }, { "91", NULL, "An Giang" }, { "92", NULL, "Cần Thơ" }, { "96", NULL, "Cà Mau" } };

const char *province_name(str code, int64_t year)
{
	for (ptrdiff_t i = 0; i < COUNT(provinces); i++)
		if (str_is(code, provinces[i].code))
			return year >= 2026 ? provinces[i].since_2026 : provinces[i].until_2025;
	return NULL;
}
