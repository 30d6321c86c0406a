/* site.c -- the address under which people outside reach this installation, for what leaves it: QR codes on paper,
 * calendars, slips. */
#include "core/dispatch.h"
#include "mod/org/org_rules.h"

struct org_settings { str site; };

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
			"Empty: the address the page was opened at." }, .max = 120, .check = site_ok }, END } };
#undef ROW

str site_address(struct ctx *c, org_id of)
{
	str site = setting(c, &mod_org, "site", of);

	return site.n ? site : own_origin(c);
}
