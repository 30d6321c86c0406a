/* channel.c -- the queue of what goes out, settings, the pages of one's own choices, declared. */
#include "mod/channel/channel_in.h"

static const struct choice channels[] = { [BY_EMAIL] = { "email", { "Thư điện tử", "E-mail" } },
	[BY_PUSH] = { "push", { "Trình duyệt", "Browser" } }, [BY_SMS] = { "sms", { "Tin nhắn SMS", "SMS" } },
	[BY_ZALO] = { "zalo", { "Zalo", "Zalo" } }, END };
static const struct choice states[] = { [DELIVERY_WAITING] = { "waiting", { "Chờ gửi", "Waiting" } },
	[DELIVERY_SENDING] = { "sending", { "Đang gửi", "Being sent" } },
	[DELIVERY_SENT] = { "sent", { "Đã gửi", "Sent" } }, [DELIVERY_ARRIVED] = { "arrived", { "Đã tới máy", "Arrived" } },
	[DELIVERY_FAILED] = { "failed", { "Không gửi được", "Failed" } }, END };

const struct choice delivery_problems[] = {
	{ "no_address", { "không có địa chỉ thư", "no address" } },
	{ "refused", { "máy chủ thư không nhận: địa chỉ sai, hoặc thư bị chặn",
		"the mail server refused it: a wrong address, or the letter is blocked" } },
	{ "unconfirmed", { "cổng gửi không xác nhận đã nhận tin", "the gateway did not say that it took the message" } },
	{ "no_answer", { "cổng gửi không trả lời nên không rõ kết quả", "no answer: the outcome is not known" } },
	{ "not_understood", { "không hiểu câu trả lời của Zalo", "the answer of Zalo was not understood" } },
	{ "removed", { "máy này đã bị bỏ khỏi danh sách", "the browser was removed" } },
	{ "not_allowed", { "dịch vụ báo tin của trình duyệt chưa được cho phép",
		"the browser's push service is not allowed" } },
	{ "bad_key", { "khóa của trình duyệt không đúng", "the browser's key is no key" } },
	{ "recalled", { "nhà trường đã thu hồi thông báo", "the school took the notice back" } },
	{ "interrupted", { "bị ngắt lúc đang gửi nên không rõ kết quả", "interrupted: the outcome is not known" } }, END };

str delivery_why(struct ctx *c, str problem)
{
	for (const struct choice *p = delivery_problems; p->code; p++)
		if (str_is(problem, p->code))
			return say(c, &p->label);
	return problem;
}

#define ROW struct delivery
#define INSIDE(m, vi, en) { COL(m), .label = { vi, en }, .is = DERIVED | SECRET }
const struct entity delivery = { .name = "delivery", .label = { "Tin gửi ra ngoài", "Delivery" }, .size = sizeof(ROW),
	.icon = "mail",
	.fields = FIELDS{
		{ REF(person, person), .label = { "Người nhận", "Recipient" }, .is = DERIVED | FILTER },
		{ COL(kind), .label = { "Loại tin", "Kind" }, .is = DERIVED | FILTER, .pick = told_kinds },
		{ COL(channel), .label = { "Kênh", "Channel" }, .is = DERIVED | FILTER, .pick = channels },
		{ COL(state), .label = { "Tình trạng", "State" }, .is = DERIVED | FILTER, .pick = states },
		{ COL(urgent), .label = { "Gấp", "Urgent" }, .is = DERIVED },
		{ COL(due), .label = { "Gửi không trước", "Not before" }, .is = DERIVED },
		{ COL(ended), .label = { "Xong lúc", "Ended" }, .is = DERIVED },
		{ COL(tries), .label = { "Số lần gửi", "Tries" }, .is = DERIVED },
		{ COL(parts), .label = { "Số tin", "Parts" }, .is = DERIVED },
		{ COL(cost), .label = { "Tiền", "Cost" }, .is = DERIVED },
		{ COL(problem), .label = { "Vì sao không gửi được", "Problem" }, .is = DERIVED, .max = 200,
			.pick = delivery_problems },
		INSIDE(notice, "Thông báo gốc", "Notice"), INSIDE(about, "Dòng liên quan", "About"),
		INSIDE(account, "Tài khoản", "Account"), INSIDE(carrier, "Nơi chuyển", "Carrier"),
		{ COL(address), .label = { "Địa chỉ", "Address" }, .is = DERIVED | SECRET, .max = 1000 },
		{ COL(body), .label = { "Nội dung", "Words" }, .is = DERIVED | SECRET, .max = 2000 },
		{ COL(link), .label = { "Liên kết", "Link" }, .is = DERIVED | SECRET, .max = 200 },
		{ COL(ref), .label = { "Mã của cổng gửi", "Number at the gateway" }, .is = DERIVED | SECRET, .max = 200 },
			END },
	.title = { AT(person), AT(channel) }, .list = { AT(person), AT(kind), AT(channel), AT(state), AT(ended), AT(parts),
		AT(cost), AT(problem) }, .sort = { AT(due) },
	.grants = GRANTS{ { &principal, &at_org, READ | EXPORT }, { &clerk, &at_org, READ | EXPORT }, { 0 } } };
#undef ROW

static const struct choice letters[] = {
	{ "unicode", { "Có dấu (70 chữ một tin, sau đó 67)", "With marks (70 letters a part, then 67)" } },
	{ "plain", { "Không dấu (160 chữ một tin, sau đó 153)", "Without marks (160 letters a part, then 153)" } }, END };
#define ROW struct channel_settings
static const struct shape settings = { sizeof(ROW), FIELDS{
	{ COL(quiet_since), .label = { "Giờ yên lặng từ (mặc định 21:30)", "Quiet hours from (default 21:30)" }, .max = 5,
		.check = quiet_hour_ok },
	{ COL(quiet_until), .label = { "Giờ yên lặng đến (mặc định 06:00)", "Quiet hours until (default 06:00)" }, .max = 5,
		.check = quiet_hour_ok },
	{ COL(sms_letters), .label = { "Chữ trong tin SMS", "Letters of an SMS" }, .pick = letters },
	{ COL(sms_price), .label = { "Giá một tin SMS (đồng)", "Price of one SMS (đồng)" }, .min = 0, .max = 100000 },
	{ COL(zalo_price), .label = { "Giá một tin Zalo (đồng)", "Price of one Zalo message (đồng)" }, .min = 0,
		.max = 100000 },
	END } };
#undef ROW

static const struct grant readers[] = { { &principal, &at_org, READ }, { &clerk, &at_org, READ }, { 0 } };
#define BUDGET(s, m, k) { .sql = s, .ms = m, .kb = k }
static const struct route routes[] = {
	{ "GET",  "/tai-khoan/bao-tin", for_signed, &prefer_in_shape, &prefer_shape, prefer_page, "channel/prefer",
		BUDGET(12, 30, 40), { "Cách nhận tin", "How I am told" } },
	{ "POST", "/tai-khoan/bao-tin", for_signed, &prefer_in_shape, NULL, prefer_save, NULL, BUDGET(20, 30, 4),
		{ "Lưu cách nhận tin", "Save how I am told" } },
	{ "POST", "/tai-khoan/bao-tin/may", for_signed, &browser_in_shape, NULL, browser_add, NULL, BUDGET(12, 30, 4),
		{ "Báo trên máy này", "Tell me in this browser" } },
	{ "POST", "/tai-khoan/bao-tin/may/bo", for_signed, &browser_end_shape, NULL, browser_end, NULL, BUDGET(12, 30, 4),
		{ "Thôi báo trên máy này", "Stop telling me in this browser" } },
	{ "POST", "/bao-phat/{key}", for_anyone, &receipt_in_shape, NULL, receipt_sms, NULL, BUDGET(12, 30, 4),
		{ "Cổng SMS báo kết quả", "An SMS gateway reports" }, .callback = true },
	{ "GET",  "/bao-phat/{key}", for_anyone, &receipt_in_shape, NULL, receipt_sms, NULL, BUDGET(12, 30, 4),
		{ "Cổng SMS báo kết quả", "An SMS gateway reports" }, .callback = true },
	{ "POST", "/bao-phat-zalo", for_anyone, NULL, NULL, receipt_zalo, NULL, BUDGET(12, 30, 4),
		{ "Zalo báo kết quả", "Zalo reports" }, .callback = true }, END };
static const struct place places[] = {
	{ "delivery", "/delivery", "mail", { "Tin gửi ra ngoài", "Deliveries" }, { "Gia đình", "Family" }, readers }, END };
static const struct job jobs[] = {
	{ .name = "spread", .label = { "Gửi thông báo theo kênh đã chọn", "Send notices by the chosen channels" },
		.every_s = 30, .limit_s = 900, .tries = 1, .run = channel_spread, .bare = true },
	{ .name = "sweep", .label = { "Dọn tin gửi đã cũ", "Sweep old deliveries" }, .every_s = DAYS(1), .at_s = HM(3, 20),
		.limit_s = 600, .tries = 1, .run = channel_sweep }, END };

struct rung { instant at; str text, link; };
#define ROW struct rung
static const struct shape rung_shape = { sizeof(ROW), FIELDS{ { COL(at) }, { COL(text) }, { COL(link) }, END } },
	agent_shape = { sizeof(ROW), FIELDS{ { COL(at) }, { COL(text) }, END } };
#undef ROW
static const struct about abouts[] = { { "bell", "channel/subject_bell", &rung_shape },
	{ "browsers", "channel/subject_browsers", &agent_shape }, END };
static const char *const forget[] = { "channel/forget_browsers", "channel/forget_bell", NULL };

const struct module mod_channel = { .name = "channel", .label = { "Kênh báo tin", "Channels" }, .schema = 4,
	.needs = NEEDS(&mod_org, &mod_people, &mod_auth), .entities = ENTITIES(&delivery), .routes = routes, .jobs = jobs,
	.places = places, .settings = &settings, .about = abouts, .forget = forget };
