/* maps.c -- which heading of which workbook means what. Sources and how sure each is: doc/why/excel.md.
 *
 * A name that is a field of person is that field; a name with a dot is made of something else (fill only); "-" is a
 * column that is known and that nothing is kept for here, so it is never touched. */
#include "mod/excel/excel_in.h"

/* Pupils: "C1-HocSinh" of truong.csdl.moet.gov.vn, and lists with the same columns for the other levels. */
static const struct tm_column pupils[] = {
	{ "class.name", .says = "malop|lop|tenlop|lophoc", .is = TM_NEEDED },
	{ "sector_id", .says = "mahocsinh|mahs|madinhdanhbogddt|madinhdanhbogd|madinhdanh", .is = TM_NEEDED },
	{ "name", .says = "hoten|hovaten|hotenhocsinh|hovatenhocsinh", .is = TM_NEEDED },
	{ "school_code", .says = "mahocsinhcuatruong|mahstruong|mahocsinhtruong|masohocsinh" },
	{ "row.number", .says = "stt" }, { "born", .says = "ngaysinh|ngaythangnamsinh" }, { "sex", .says = "gioitinh" },
	{ "state", .says = "trangthaihs|trangthaihocsinh|trangthai" }, { "ethnicity", .says = "dantoc" },
	{ "nationality", .says = "quoctich" }, { "disability", .says = "loaikhuyettat|khuyettat" },
	{ "policy", .says = "doituongchinhsach|dienchinhsach" },
	{ "national_id", .says = "sodinhdanhcanhan|sodinhdanh|sodinhdanhcanhancccd|sodinhdanhcanhancmnd" },
	{ "address", .says = "choohiennay|diachihiennay" },
	{ "birthplace", .says = "noisinhchitiet|noisinh" }, { "phone", .says = "sodienthoailienhe|sdtlienhe" },
	{ "native_place", .says = "quequan" },
	{ "native.hamlet", .says = "tothonxomtheoquequan" }, { "native.commune", .says = "xaphuongtheoquequan" },
	{ "native.district", .says = "quanhuyentheoquequan" }, { "native.province", .says = "tinhthanhphotheoquequan" },
	{ "father.name", .says = "hotencha|tencha" }, { "father.year", .says = "namsinhcha" },
	{ "father.phone", .says = "sodienthoaicha|sdtcha" }, { "father.work", .says = "nghenghiepcha|nghecha" },
	{ "mother.name", .says = "hotenme|tenme" }, { "mother.year", .says = "namsinhme" },
	{ "mother.phone", .says = "sodienthoaime|sdtme" }, { "mother.work", .says = "nghenghiepme|ngheme" },
	{ "-", .says = "ngaynhaptrangthai|doituonghs|tinhthanhphotheodiachithuongtru|"
		"quanhuyentheodiachithuongtru|xaphuongtheodiachithuongtru|tothonxomtheodiachithuongtru|"
		"tinhthanhphotheonoisinh|quanhuyentheonoisinh|xaphuongtheonoisinh" }, { 0 } };

/* Staff: "CSDL_GiaoVien" and the list of staff of the same system. */
static const struct tm_column staff_map[] = {
	{ "name", .says = "hoten|hovaten|hotencanbo", .is = TM_NEEDED },
	{ "post", .says = "nhomchucvu|chucvu", .is = TM_NEEDED },
	{ "row.number", .says = "stt" }, { "sector_id", .says = "madinhdanhbogddt|madinhdanhbogd|madinhdanh" },
	{ "born", .says = "ngaysinh" }, { "sex", .says = "gioitinh" },
	{ "state", .says = "trangthaicb|trangthaicanbo|trangthai" }, { "ethnicity", .says = "dantoc" },
	{ "position", .says = "vitrivieclam|loaicanbo" }, { "subject", .says = "monday|mondaychinh" },
	{ "national_id", .says = "sodinhdanhcanhan|masodinhdanhcanhan|socmtndtcc|socmndtcc|cmndtcc|socmndcccd|socccd" },
	{ "phone", .says = "dienthoai|sodienthoai|sodienthoaididong|didong" }, { "email", .says = "email|thudientu" },
	{ "native_place", .says = "quequan" }, { "birthplace", .says = "noisinh" }, { "nationality", .says = "quoctich" },
	{ "-", .says = "macanbo|magiaovien|hinhthuchopdong|tdochuyenmonnghiepvu|trinhdochuyenmonnghiepvu|tdotinhoc|"
		"tdolyluanchinhtri|tdodtaonngu|dangvien|trinhdochinh|hinhthucdaotao|namsinh|tentruong|"
		"danhgiavienchuc|nhiemvukiemnhiem|ngaytrangthai" }, { 0 } };

/* Results of primary pupils by TT 27/2020/TT-BGDĐT: 35 columns for grades 1 and 2, more from grade 3 on. w: the
 * level of
 * a subject; t: its periodic test; q: a quality or competence, by the codes of the scheme. */
#define LEVEL(code, head) { "w." code, .under = head, .leaf = "mucdatduoc" }, \
	{ "t." code, .under = head, .leaf = "diemktdk|diemkiemtradinhki|diemkiemtradinhky" }
#define ALONE(code, head) { "w." code, .under = head, .leaf = "mucdatduoc" }, { "w." code, .says = head }
static const struct tm_column year_map[] = {
	{ "w.toan", .under = "toan", .leaf = "mucdatduoc", .is = TM_NEEDED },
	{ "t.toan", .under = "toan", .leaf = "diemktdk|diemkiemtradinhki|diemkiemtradinhky" },
	{ "w.tieng_viet", .under = "tiengviet", .leaf = "mucdatduoc", .is = TM_NEEDED },
	{ "t.tieng_viet", .under = "tiengviet", .leaf = "diemktdk|diemkiemtradinhki|diemkiemtradinhky" },
	{ "name", .says = "hoten|hovaten", .is = TM_NEEDED },
	{ "sector_id", .says = "mahocsinh|mahs|madinhdanhbogddt|madinhdanh" }, { "class.name", .says = "malop|lop" },
	{ "school_code", .says = "mahocsinhcuatruong|mahstruong|mahocsinhtruong|masohocsinh" },
	{ "born", .says = "ngaysinh" }, { "row.number", .says = "stt" },
	LEVEL("ngoai_ngu_1", "ngoaingu|ngoaingu1|tienganh"), LEVEL("ls_dl", "lichsudiali|lichsuvadiali"),
	LEVEL("khoa_hoc", "khoahoc"), LEVEL("tin_hoc", "thcntinhoc|tinhocvacongnghetinhoc"),
	LEVEL("cong_nghe", "thcncongnghe|tinhocvacongnghecongnghe"), LEVEL("th_cn", "tinhocvacongnghe"),
	ALONE("dao_duc", "daoduc"), ALONE("tnxh", "tunhienvaxahoi|tnvaxh|tnxh"), ALONE("tieng_dtts", "tiengdantoc"),
	ALONE("am_nhac", "nghethuatamnhac"), ALONE("mi_thuat", "nghethuatmithuat"), ALONE("nghe_thuat", "nghethuat"),
	ALONE("hdtn", "hoatdongtrainghiem"), ALONE("gdtc", "giaoducthechat"),
	{ "q.tu_chu", .says = "tuchuvatuhoc" }, { "q.giao_tiep", .says = "giaotiepvahoptac" },
	{ "q.giai_quyet", .says = "giaiquyetvandevasangtao|gqvdvasangtao" },
	{ "q.ngon_ngu", .says = "ngonngu" }, { "q.tinh_toan", .says = "tinhtoan" },
	{ "q.khoa_hoc", .under = "nanglucdacthu", .leaf = "khoahoc" },
	{ "q.cong_nghe", .under = "nanglucdacthu", .leaf = "congnghe" },
	{ "q.tin_hoc", .under = "nanglucdacthu", .leaf = "tinhoc" },
	{ "q.tham_mi", .says = "thammi" }, { "q.the_chat", .says = "thechat" }, { "q.yeu_nuoc", .says = "yeunuoc" },
	{ "q.nhan_ai", .says = "nhanai" }, { "q.cham_chi", .says = "chamchi" }, { "q.trung_thuc", .says = "trungthuc" },
	{ "q.trach_nhiem", .says = "trachnhiem" },
	{ "done", .says = "hoanthanhchuongtrinhlophoc|hoanthanhchuongtrinh|htctlophoc" }, { "promoted", .says = "lenlop" },
	{ "level", .says = "xeploai" }, { 0 } };
#undef LEVEL
#undef ALONE

/* The teaching assignment as exchanged with vnEdu: sheet PCGD_Mau1; MONVNEDU and LOPVNEDU are read by teach.c. */
static const struct tm_column teaching_map[] = {
	{ "teacher", .says = "giaovien", .is = TM_NEEDED }, { "subject", .says = "monvnedu", .is = TM_NEEDED },
	{ "classes", .says = "dslopday", .is = TM_NEEDED }, { 0 } };

const struct template_of templates[KINDS] = {
	[KIND_PUPILS] = { "C1-HocSinh", { "Danh sách học sinh (C1-HocSinh)", "List of pupils (C1-HocSinh)" },
		{ "Lý lịch, lớp, cha mẹ của học sinh đang học trong năm học đang xem",
			"Identity, class and parents of those who study in the school year in view" },
		{ "Lý lịch thành lượt nhập hồ sơ có xem trước; lớp thành danh sách xếp lớp",
			"Identity as an import that is tried first; classes as a list of enrolments" }, pupils },
	[KIND_STAFF] = { "CSDL_GiaoVien", { "Danh sách cán bộ, giáo viên (CSDL_GiaoVien)",
		"List of staff (CSDL_GiaoVien)" },
		{ "Lý lịch, liên hệ, chức vụ, môn dạy của cán bộ, giáo viên",
			"Identity, contact, post and subject of the staff" },
		{ "Thành lượt nhập hồ sơ có xem trước", "As an import that is tried first" }, staff_map },
	[KIND_YEAR] = { "KQHT-TT27", { "Kết quả học tập tiểu học (KQHT, Thông tư 27)",
		"Results of primary pupils (KQHT, Circular 27)" },
		{ "Mức đạt được, điểm kiểm tra định kì, năng lực, phẩm chất, lên lớp, xếp loại",
			"Levels, periodic tests, competences, qualities, promotion, rating" },
		{ "Chỉ so sánh: Khuê tự tính kết quả từ sổ điểm", "Compared only: results are computed from the books" },
		year_map },
	[KIND_TEACHING] = { "PCGD", { "Phân công giảng dạy (vnEdu, PCGD_Mau1)",
		"Teaching assignment (vnEdu, PCGD_Mau1)" },
		{ "Giáo viên, môn, các lớp kèm số tiết mỗi tuần", "Teacher, subject, classes with lessons a week" },
		{ "Thành phân công giảng dạy, xem khác biệt trước khi ghi", "As assignments, the difference is shown first" },
		teaching_map } };

int64_t columns_kept(const struct tm_column *map)
{
	int64_t n = 0;

	for (const struct tm_column *k = map; k->name; k++) {
		bool before = k->name[0] == '-';
		for (const struct tm_column *x = map; x < k && !before; x++)
			before = strcmp(x->name, k->name) == 0;
		n += !before;
	}
	return n;
}
