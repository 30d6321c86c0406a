/* site.c -- the address under which people outside reach this installation, for what leaves it: QR codes on paper,
 * calendars, slips. */
#include "core/dispatch.h"
#include "mod/org/org_rules.h"

struct org_settings { str site; int64_t upload_files_day, upload_mb_day, upload_mb_unit; };

/* ---- what is sent in, by unit --------------------------------------------------------------------------------- */

struct uploads_in { instant since; };
static enum rc a_day_ago(struct ctx *c, void *in)
{
	((struct uploads_in *)in)->since = (instant){ c->now.v - 86400000 };
	return OK;
}
#define ROW struct uploads_in
static const struct shape uploads_in_shape = { sizeof(ROW), FIELDS{ { COL(since), .is = NEEDED, .fill = a_day_ago,
	.label = { "Tính riêng phần gửi từ", "Count apart what was sent since" } }, END } };
#undef ROW
struct uploads_row { str unit; int64_t files, mb, fresh; };
#define ROW struct uploads_row
static const struct shape uploads_row_shape = { sizeof(ROW), FIELDS{ { COL(unit), .label = { "Đơn vị", "Unit" } },
	{ COL(files), .label = { "Số tệp", "Files" } }, { COL(mb), .label = { "MB", "MB" } },
	{ COL(fresh), .label = { "MB từ lúc ấy", "MB since then" } }, END } };
#undef ROW
static const struct grant keepers[] = { { &operator_, &everywhere, READ }, { &dept_officer, &in_tree, READ }, { 0 } };
const struct report org_reports[] = { { "uploads", { "Tệp đã gửi lên theo đơn vị", "Files sent, by unit" },
	"org/uploads", &uploads_in_shape, &uploads_row_shape, keepers, ABOUT_NOBODY }, END };

/* ---- the settings ---------------------------------------------------------------------------------------------- */

static enum rc site_ok(struct ctx *c, const void *row)
{
	static const struct tr bad = { "Viết cả https://, không có dấu / ở cuối: https://khue.example.vn",
		"Write it with https:// and without a / at the end: https://khue.example.vn" };
	str s = ((const struct org_settings *)row)->site;
	str rest = str_sub(s, str_starts(s, S("https://")) ? 8 : str_starts(s, S("http://")) ? 7 : s.n, -1);
	bool good = rest.n > 0;

	for (ptrdiff_t i = 0; i < rest.n; i++)
		good = good && ((rest.p[i] >= '0' && rest.p[i] <= '9') || (rest.p[i] >= 'a' && rest.p[i] <= 'z') ||
			strchr(".:-", rest.p[i]));
	return good ? OK : FAIL(c, E_INVALID, offsetof(struct org_settings, site), &bad);
}

#define ROW struct org_settings
const struct shape org_settings_shape = { sizeof(ROW), FIELDS{
	{ COL(site), .label = { "Địa chỉ công khai của hệ thống (https://…)", "Public address of this site (https://…)" },
		.help = { "In trong mã QR của học bạ, phiếu kích hoạt của phụ huynh và địa chỉ lịch. Để trống thì dùng địa chỉ "
			"đang mở.", "Stands in the QR codes of transcripts, on the slips of guardians and in calendar addresses. "
			"Empty: the address the page was opened at." }, .max = 120, .check = site_ok },
	{ COL(upload_files_day), .label = { "Mỗi người gửi nhiều nhất bao nhiêu tệp một ngày (để trống: 300)",
		"Files a person may send in a day (empty: 300)" }, .min = 20, .max = 100000 },
	{ COL(upload_mb_day), .label = { "Mỗi người gửi nhiều nhất bao nhiêu MB một ngày (để trống: 1000)",
		"MB a person may send in a day (empty: 1000)" }, .min = 100, .max = 1000000 },
	{ COL(upload_mb_unit), .label = { "Đơn vị giữ nhiều nhất bao nhiêu MB tệp gửi lên (để trống: 20000)",
		"MB of sent files that a unit keeps (empty: 20000)" },
		.help = { "Báo cáo “Tệp đã gửi lên theo đơn vị” cho biết đã dùng bao nhiêu.",
			"The report “Files sent, by unit” tells how much is used." }, .min = 1000, .max = 100000000 }, END } };
#undef ROW

/* ---- whose installation it is ---------------------------------------------------------------------------------- */

enum { ASKED = 3 };
static enum rc departments(struct ctx *c, items *ret)
{
	return find_all(c, &org, ret, ASKED, IS({ offsetof(struct org, kind), v_text(S("department")) }));
}

enum rc own_department(struct ctx *c, org_id *ret)
{
	str slug = setting(c, &mod_org, "department", (org_id){ 0 });
	struct org of;
	items found;
	enum rc rc = slug.n ? find_one(c, &org, &of, IS({ offsetof(struct org, slug), v_text(slug) })) : E_MISSING;

	*ret = (org_id){ rc == OK ? of.base.id : 0 };
	if (rc != E_MISSING)
		return rc;
	TRY(departments(c, &found));
	if (found.n == 1)
		ret->v = ((const struct org *)found.p)->base.id;
	return OK;
}

/* The first department of an installation is its own, whatever provinces are brought in later. Where it was not noted
 * when it was founded, the second's coming notes it; of several none is guessed. */
enum rc org_is_installations(struct ctx *c, const struct org *o)
{
	const struct org *at;
	items found;

	if (o->kind != ORG_DEPARTMENT || o->base.rev != 1 || setting(c, &mod_org, "department", (org_id){ 0 }).n)
		return OK;
	TRY(departments(c, &found));
	at = found.p;
	for (int64_t i = 0; i < found.n && found.n < ASKED; i++)
		if (found.n == 1 || at[i].base.id != o->base.id)
			return setting_put(c, &mod_org, "department", (org_id){ 0 }, at[i].slug);
	return OK;
}

str site_address(struct ctx *c, org_id of)
{
	str site = setting(c, &mod_org, "site", of);

	return site.n ? site : own_origin(c);
}
