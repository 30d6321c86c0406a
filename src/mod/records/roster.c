/* roster.c -- who the pupils of a class are to a list somebody else made: by code, by name,
	by day of birth; and what the
 * headings of such lists mean. */
#include "mod/records/roster.h"
#include "mod/people/people.h"

#define ROW struct roster_row
static const struct shape roster_shape = { sizeof(ROW), FIELDS{ { COL(pupil) }, { COL(sector) },
	{ COL(school) }, { COL(name) }, { COL(born) }, END } };
#undef ROW
enum { ROSTER_MOST = 200 };

const struct tm_column marks_map[] = {
	[MARKS_NO] = { "no", "stt|tt|sothutu", NULL, NULL, 0 },
	[MARKS_CODE] = { "code", "madinhdanh|madinhdanhbogddt|madinhdanhbo|madinhdanhhocsinh|madinhdanhhs|mahocsinh|mahs|ma|"
		"mahocsinhmoet|madinhdanhmoet|mabo", NULL, NULL, 0 },
	[MARKS_NAME] = { "name", "hovaten|hoten|hotenhocsinh|hovatenhocsinh|tenhocsinh|hodem|hovatendem|hovachudem|hova|ho|"
		"holot", NULL, NULL, 0 },
	[MARKS_GIVEN] = { "given", "ten", NULL, NULL, 0 },
	[MARKS_BORN] = { "born", "ngaysinh|ngaythangnamsinh|sinhngay", NULL, NULL, 0 },
	[MARKS_REMARK] = { "remark", "nhanxet|nhanxetcuagiaovien|nhanxetsutienbo|nhanxetmonhoc|nhanxetcuagv|"
		"nhanxetsutienbouudiemnoibathanchechuyeu", NULL, NULL, 0 },
	[MARKS_OTHER] = { "other", "gioitinh|lop|tbm|tbmhk|tbmhk#|dtb|dtbm|tb|diemtb|dtbmhk|dtbmhk#|dtbmhki|dtbmhkii|tbmhki|"
		"tbmhkii|dtbmcn|tbmcn|tbcn|ghichu|diemtbm|trungbinhmon", NULL, NULL, 0 },
	[MARKS_OWN] = { "own", "mahocsinhcuatruong|mahstruong|mahocsinhtruong|masohocsinh", NULL, NULL, 0 },
	{ "tx", "ddgtx#|tx#|thuongxuyen#|diemtx#|m#|kttx#|15p#|diemthuongxuyen#|ddgthuongxuyen#",
		"ddgtx|tx|thuongxuyen|diemtx|kttx|diemthuongxuyen|danhgiathuongxuyen|diemdanhgiathuongxuyen|ddgthuongxuyen",
		"#|tx#|ddgtx#|lan#|cot#|diem#|kttx#", 0 },
	{ "gk", "gk|ddggk|giuaki|giuaky|diemgiuaki|diemgiuaky|diemgk|ddggiuaki|ddggiuaky|danhgiagiuaki|danhgiagiuaky|"
		"diemdanhgiagiuaki|diemdanhgiagiuaky|mucgiuaki|mucgiuaky", NULL, NULL, 0 },
	{ "ck", "ck|ddgck|cuoiki|cuoiky|diemcuoiki|diemcuoiky|diemck|ddgcuoiki|ddgcuoiky|danhgiacuoiki|danhgiacuoiky|"
		"diemdanhgiacuoiki|diemdanhgiacuoiky|muccuoiki|muccuoiky", NULL, NULL, 0 },
	{ "hk", "hk|hocki|hocky|kthk|diemhk|thihk", NULL, NULL, 0 },
	{ "th", "th|thuchanh", NULL, NULL, 0 },
	{ "cd", "cd|chuyende|ddgcd", NULL, NULL, 0 },
	{ "dk", "dk#|dinhki#|dinhky#|1tiet#", "dk|dinhki|dinhky|diemdinhki|diemdinhky|1tiet", "#|lan#|cot#", 0 },
	{ "ktgk", "ktgk|kiemtragiuaki|kiemtragiuaky|diemktgk", NULL, NULL, 0 },
	{ "ktck", "ktck|kiemtracuoiki|kiemtracuoiky|diemktck", NULL, NULL, 0 },
	{ 0 } };

bool marks_find(struct arena *mem, const struct workbook *w, int sheet, struct tm_sheet *ret)
{
	if (!tm_find(mem, w, sheet, marks_map, ret))
		return false;
	tm_apart(mem, ret, "code", "mahocsinh|mahs|ma", "own");
	return true;
}

int marks_slot(struct ctx *c, const struct cell_layout *l, const struct tm_column *column, int number)
{
	return layout_slot(l, number ? TEXT(c, "%s%d", column->name, number) : str_of(column->name));
}

enum rc roster_load(struct ctx *c, school_class_id class, struct roster *ret)
{
	struct book_in in = { .class = class.v };
	items got;

	TRY(query(c, "records/roster", &book_in_shape, &in, &roster_shape, &got, ROSTER_MOST));
	ret->rows = got.p;
	ret->n = got.n;
	ret->folded = NEWS(c->mem, str, got.n + 1);
	for (int64_t i = 0; i < got.n; i++)
		ret->folded[i] = viet_fold(c->mem, ret->rows[i].name);
	return OK;
}

int64_t roster_coded(const struct roster *r, str code)
{
	for (int64_t i = 0; i < r->n; i++)
		if (r->rows[i].sector.n && str_eq(r->rows[i].sector, code))
			return i;
	for (int64_t i = 0; i < r->n; i++)
		if (r->rows[i].school.n && str_eq(r->rows[i].school, code))
			return i;
	return -1;
}

int64_t roster_named(const struct roster *r, str folded, int64_t from)
{
	for (int64_t i = from; i < r->n; i++)
		if (str_eq(r->folded[i], folded))
			return i;
	return -1;
}

/* ---- whom a line is ------------------------------------------------------------------------------------------ */

static bool same_name(struct arena *mem, str said, str name)
{
	str bare = name_bare(mem, said), family, middle, given;

	if (!bare.n || str_eq(bare, name_bare(mem, name)))
		return true;
	viet_name_parts(name, &family, &middle, &given);
	return str_find(str_trim(said), S(" ")) < 0 && str_eq(bare, name_bare(mem, given));
}

static bool speaks_against(struct ctx *c, const struct roster_said *said, const struct roster_row *x)
{
	return said->torn || !same_name(c->mem, said->name, x->name) ||
		(said->born.v != NO_DAY.v && x->born.v != NO_DAY.v && said->born.v != x->born.v);
}

static void by_name(const struct roster *r, str folded, day born, struct roster_found *ret)
{
	int64_t n_born = 0, same = -1, at = -1;

	for (int64_t i = 0; (i = roster_named(r, folded, i)) >= 0; i++) {
		ret->choices[ret->n_choices++] = at = i;
		if (born.v != NO_DAY.v && r->rows[i].born.v == born.v) {
			same = i;
			n_born++;
		}
	}
	if (n_born == 1)
		ret->at = same;
	else if (ret->n_choices == 1 && (born.v == NO_DAY.v || r->rows[at].born.v == NO_DAY.v))
		ret->at = at;
	ret->how = ret->at >= 0 ? S("name") : ret->n_choices ? S("several") : S("unknown");
}

void roster_who(struct ctx *c, const struct roster *r, const struct roster_said *said, struct roster_found *ret)
{
	str folded = viet_fold(c->mem, said->name);
	bool coded = said->coded >= 0;

	*ret = (struct roster_found){ .at = -1, .how = S("unknown"), .choices = NEWS(c->mem, int64_t, r->n + 2) };
	if (coded && !speaks_against(c, said, &r->rows[said->coded])) {
		ret->at = said->coded;
		ret->how = S("code");
	} else if (coded) {
		ret->how = S("unlike");
		ret->choices[ret->n_choices++] = said->coded;
		for (int64_t i = 0; (i = roster_named(r, folded, i)) >= 0; i++)
			if (i != said->coded)
				ret->choices[ret->n_choices++] = i;
	} else if (said->name.n) {
		by_name(r, folded, said->born, ret);
	}
}
