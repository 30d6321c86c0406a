/* shapes.c -- what the pages of this module read and show. */
#include "mod/auth/auth_in.h"

#define ROW struct login_in
const struct shape login_in = { sizeof(ROW), FIELDS{ { COL(login), .label = { "Tên đăng nhập", "Login" }, .max = 200 },
	{ COL(password), .label = { "Mật khẩu", "Password" }, .is = SECRET | LONG, .max = 1000 },
	{ COL(code), .label = { "Mã xác thực", "Code" }, .is = SECRET, .max = 40 },
	{ COL(ticket), .label = { "Phiếu đăng nhập", "Ticket" }, .is = SECRET, .max = 400 },
	{ COL(ve), .label = { "Trở về", "Return to" }, .max = 500 },
	{ COL(key), .label = { "Khóa truy cập", "Passkey" }, .max = 1400 },
	{ COL(client), .label = { "Lời trình duyệt", "Client data" }, .is = SECRET, .max = 3000 },
	{ COL(data), .label = { "Dữ liệu của khóa", "Authenticator data" }, .is = SECRET, .max = 6000 },
	{ COL(sign), .label = { "Chữ ký", "Signature" }, .is = SECRET, .max = 1400 },
	{ COL(handle), .label = { "Chủ khóa", "User handle" }, .is = SECRET, .max = 100 },
	{ COL(trust), .label = { "Nhớ thiết bị này", "Remember this device" } },
	{ COL(offer), .label = { "Có hỏi nhớ thiết bị", "Remembering was offered" } }, END } };
#undef ROW
#define ROW struct login_out
const struct shape login_out = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(ve) }, { COL(ticket) },
	{ COL(challenge) }, { COL(keys) }, { COL(trust_days) }, { COL(ask_code) }, { COL(by_key) }, { COL(by_code) },
	END } };
#undef ROW
#define ROW struct empty_out
const struct shape empty_out = { sizeof(ROW), FIELDS{ { COL(title) }, END } };
#undef ROW
#define ROW struct seat_view
static const struct shape seat_view = { sizeof(ROW), FIELDS{ { COL(role) }, { COL(org) }, { COL(period) },
	{ COL(lent) }, END } };
#undef ROW
#define ROW struct session_view
static const struct shape session_view = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(when) }, { COL(seen) },
	{ COL(device) }, { COL(address) }, { COL(actor) },
	{ COL(current) }, END } };
#undef ROW
#define ROW struct device_view
static const struct shape device_view = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(device) }, { COL(address) },
	{ COL(when) }, { COL(seen) }, { COL(until) }, END } };
#undef ROW
#define ROW struct passkey_view
static const struct shape passkey_view = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(label) }, { COL(when) },
	{ COL(used) }, END } };
#undef ROW
#define ROW struct passkey_in
const struct shape passkey_in = { sizeof(ROW), FIELDS{ { COL(id), .label = { "Khóa", "Key" }, .min = 0,
	.max = INT64_MAX },
	{ COL(label), .label = { "Tên gợi nhớ", "Name" }, .max = 60 },
	{ COL(password), .label = { "Mật khẩu", "Password" }, .is = SECRET | LONG, .max = 1000 },
	{ COL(client), .label = { "Lời trình duyệt", "Client data" }, .is = SECRET, .max = 3000 },
	{ COL(object), .label = { "Khóa mới", "Attestation" }, .is = SECRET, .max = 6000 }, END } };
#undef ROW
#define ROW struct me_out
const struct shape me_out = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(name) }, { COL(login) }, { COL(last) },
	{ COL(password_age) }, { MANY(seats, seat_view) },
	{ MANY(sessions, session_view) }, { MANY(devices, device_view) }, { COL(totp_on) }, { COL(second) }, { COL(many) },
	{ COL(codes_left) }, { COL(passkeys) }, { COL(record) }, END } };
#undef ROW
#define TAKEOUT_QUESTION { COL(list), .label = { "Danh sách", "List" }, .is = NEEDED, .max = 100 }, \
	{ COL(format), .label = { "Dạng tệp", "Format" }, .is = NEEDED, .max = 50 }, \
	{ COL(ask), .label = { "Điều kiện", "Filters" }, .is = LONG, .max = 20000 }, \
	{ COL(every), .label = { "Đủ cột", "All columns" } }, \
	{ COL(rows), .label = { "Số người", "People" }, .max = 1000000 }
#define ROW struct takeout_in
const struct shape takeout_in = { sizeof(ROW), FIELDS{ TAKEOUT_QUESTION, END } };
const struct shape takeout_ask_in = { sizeof(ROW), FIELDS{ TAKEOUT_QUESTION,
	{ COL(reason), .label = { "Dùng vào việc gì", "What for" }, .is = LONG, .max = 500 }, END } };
#undef ROW
#define ROW struct takeout_out
const struct shape takeout_out = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(what) }, { COL(rows) }, { COL(list) },
	{ COL(format) }, { COL(ask) }, { COL(action) }, { COL(flaw) }, { COL(back) }, { COL(every) }, { COL(many) },
		END } };
#undef ROW
#define ROW struct change_in
const struct shape change_in = { sizeof(ROW), FIELDS{ { COL(old),
	.label = { "Mật khẩu đang dùng", "Present password" }, .is = NEEDED | SECRET | LONG, .max = 1000 },
	{ COL(fresh), .label = { "Mật khẩu mới", "New password" }, .is = NEEDED | SECRET | LONG, .max = 1000 },
	{ COL(again), .label = { "Nhập lại mật khẩu mới", "New password again" }, .is = NEEDED | SECRET | LONG,
		.max = 1000 }, END } };
#undef ROW
#define ROW struct change_out
const struct shape change_out = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(login) }, { COL(rule) }, { COL(must) },
	END } };
#undef ROW
#define ROW struct session_in
const struct shape session_in = { sizeof(ROW), FIELDS{ { COL(id), .label = { "Phiên", "Session" }, .min = 0,
	.max = INT64_MAX }, END } };
#undef ROW
#define ROW struct totp_in
const struct shape totp_in = { sizeof(ROW), FIELDS{ { COL(code), .label = { "Mã 6 chữ số", "Six-digit code" },
	.is = SECRET, .max = 40 },
	{ COL(password), .label = { "Mật khẩu", "Password" }, .is = SECRET | LONG, .max = 1000 }, END } };
#undef ROW
#define ROW struct code_view
static const struct shape code_view = { sizeof(ROW), FIELDS{ { COL(code) }, END } };
#undef ROW
#define ROW struct passkeys_out
const struct shape passkeys_out = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(challenge) }, { COL(keys) },
	{ COL(handle) }, { COL(login) }, { COL(name) }, { MANY(passkeys, passkey_view) }, { MANY(codes, code_view) },
	{ COL(fresh) }, END } };
#undef ROW
#define ROW struct totp_out
const struct shape totp_out = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(key) }, { COL(qr) }, { COL(on) },
	{ COL(fresh) },
	{ MANY(codes, code_view) }, END } };
#undef ROW
#define ROW struct option
static const struct shape option = { sizeof(ROW), FIELDS{ { COL(value) }, { COL(label) }, END } };
#undef ROW
#define ROW struct loan_view
static const struct shape loan_view = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(rev) }, { COL(lender) },
	{ COL(borrower) }, { COL(role) }, { COL(org) }, { COL(period) },
	{ COL(reason) }, { COL(mine) }, END } };
#undef ROW
#define ROW struct lend_in
const struct shape lend_in = { sizeof(ROW), FIELDS{ { REF(seat, seat), .label = { "Vai trò", "Seat" }, .is = NEEDED },
	{ COL(login), .label = { "Tên đăng nhập của người được ủy quyền", "Login of the borrower" }, .is = NEEDED,
		.max = 64 },
	{ COL(since), .label = { "Từ ngày", "From" }, .is = NEEDED },
	{ COL(until), .label = { "Đến hết ngày", "Through" }, .is = NEEDED },
	{ COL(reason), .label = { "Lý do", "Reason" }, .is = NEEDED, .max = 300 },
	{ COL(agree), .label = { "Đã xem và đồng ý", "Seen and agreed" }, .max = 100 }, END } };
#undef ROW
#define ROW struct lend_out
const struct shape lend_out = { sizeof(ROW), FIELDS{ { COL(title) }, { MANY(seats, option) },
	{ MANY(loans, loan_view) }, { COL(since) }, { COL(none) }, { COL(ask) }, { COL(sees) },
	{ COL(agree) }, { COL(agree_label) }, { COL(seat) }, END } };
#undef ROW
#define ROW struct keep_in
const struct shape keep_in = { sizeof(ROW), FIELDS{ { COL(account), .label = { "Tài khoản", "Account" }, .min = 0,
	.max = INT64_MAX },
	{ COL(reason), .label = { "Lý do", "Reason" }, .max = 300 },
	{ COL(totp), .label = { "Tắt cả xác thực hai bước", "Two-step sign-in off too" } }, END } };
#undef ROW
#define ROW struct keep_out
const struct shape keep_out = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(name) }, { COL(login) }, { COL(action) },
	{ COL(back) }, { COL(code) },
	{ COL(until) }, { COL(done) }, { COL(totp_on) }, END } };
#undef ROW
#define ROW struct issue_in
const struct shape issue_in = { sizeof(ROW), FIELDS{ { COL(login), .label = { "Tên đăng nhập của tài khoản kết nối",
	"Login of the client's account" }, .is = NEEDED, .max = 64 },
	{ COL(label), .label = { "Dùng cho", "Used by" }, .is = NEEDED, .max = 100 },
	{ COL(until), .label = { "Đến hết ngày", "Through" }, .is = NEEDED }, END } };
#undef ROW
#define ROW struct issue_out
const struct shape issue_out = { sizeof(ROW), FIELDS{ { COL(title) }, { COL(until) }, { COL(token) }, { COL(done) },
	END } };
#undef ROW
