/* auth.c -- accounts, seats, delegations, tokens and the pages of one's own account, declared. */
#include "mod/auth/auth.h"
#include "mod/auth/auth_in.h"

/* ---- account ----------------------------------------------------------------------------- */

static const struct choice account_states[] = { [ACCOUNT_ACTIVE] = { "active", { "Đang dùng", "Active" },
	INITIAL | SETTLED },
	[ACCOUNT_SUSPENDED] = { "suspended", { "Tạm khóa", "Suspended" }, 0 }, END };
static const struct grant keepers[] = { { &operator_, &everywhere, READ | CREATE | UPDATE },
	{ &dept_officer, &in_tree, READ | CREATE | UPDATE },
	{ &it_officer, &at_org, READ | CREATE | UPDATE }, { 0 } };

#define ROW struct account
const struct entity account = { .name = "account", .label = { "Tài khoản", "Account" }, .size = sizeof(ROW),
	.keeps = HISTORY | WIDE_KEYS, .icon = "user-shield",
	.fields = FIELDS{
		{ COL(login),          .label = { "Tên đăng nhập", "Login" },
			.help = { "Chữ thường không dấu, số, dấu chấm, gạch ngang. Ví dụ: an.nv",
				"Small letters, digits, dot, hyphen" },
		                       .is = NEEDED | FIXED | SEARCH, .min = 3, .max = 64, .check = account_login_ok },
		{ COL(name),           .label = { "Tên hiển thị", "Display name" }, .is = NEEDED | SEARCH | NAME, .max = 80,
			.check = account_name_ok, .fill = account_name },
		{ REF(person, person), .label = { "Người dùng", "Person" }, .is = FILTER },
		{ COL(state),          .label = { "Tình trạng", "State" }, .is = DERIVED | FILTER, .pick = account_states },
		{ COL(note),           .label = { "Ghi chú", "Note" }, .is = LONG, .max = 500 }, END },
	.title = { AT(name), AT(login) }, .list = { AT(name), AT(login), AT(state), AT(base.org) }, .sort = { AT(name) },
	.unique = { { AT(login) } }, .anchor = { [ON_PERSON] = AT(person) },
	.flow = { AT(state), STEPS{
		{ "suspend", { "Tạm khóa", "Suspend" }, 1 << ACCOUNT_ACTIVE, ACCOUNT_SUSPENDED, keepers,
			.guard = account_is_below, .effect = account_end_sessions, .stands = account_turns },
		{ "restore", { "Mở lại", "Restore" }, 1 << ACCOUNT_SUSPENDED, ACCOUNT_ACTIVE, keepers,
			.guard = account_is_below, .stands = account_turns }, END } },
	.before = account_is_kept,
	.grants = GRANTS{ { &operator_, &everywhere, READ | CREATE | UPDATE | RETIRE | EXPORT },
		{ &dept_officer, &in_tree, READ | CREATE | UPDATE | IMPORT | EXPORT },
		{ &it_officer, &at_org, READ | CREATE | UPDATE | IMPORT | EXPORT }, { &principal, &at_org, READ },
		{ &auditor, &in_tree, READ },
		{ &signed_in, &own, READ, .hide = { AT(note) } }, { 0 } } };
#undef ROW

/* ---- seat -------------------------------------------------------------------------------- */

/* Not here: anyone and signed_in, which nobody needs to be given. What stands first is what a row is before it is
 * filled:
 * the least. */
const struct choice seat_roles[] = { { "pupil", { "Học sinh", "Pupil" } }, { "parent", { "Phụ huynh", "Parent" } },
	{ "operator", { "Quản trị hệ thống", "System operator" } }, { "ministry", { "Bộ GD&ĐT", "Ministry" } },
	{ "dept_leader", { "Lãnh đạo Sở", "Department leader" } },
	{ "dept_officer", { "Chuyên viên Sở", "Department officer" } },
	{ "deputy", { "Phó hiệu trưởng", "Deputy principal" } },
	{ "dept_clerk", { "Văn thư Sở", "Department clerk" } }, { "dept_inspector",
		{ "Thanh tra Sở", "Department inspector" } },
	{ "bureau_leader", { "Lãnh đạo Phòng GD&ĐT", "Bureau leader" } },
	{ "commune_officer", { "Công chức văn hóa – xã hội xã", "Commune officer" } },
	{ "principal", { "Hiệu trưởng", "Principal" } }, { "clerk", { "Giáo vụ – văn thư", "School clerk" } },
	{ "it_officer", { "Quản trị tài khoản trường", "School IT officer" } },
	{ "librarian", { "Cán bộ thư viện", "Librarian" } },
	{ "accountant", { "Kế toán", "Accountant" } }, { "teacher", { "Giáo viên", "Teacher" } },
	{ "form_teacher", { "Giáo viên chủ nhiệm", "Form teacher" } },
	{ "auditor", { "Kiểm toán nhật ký", "Auditor" } },
	{ "api_client", { "Phần mềm kết nối", "API client" } }, END };

#define ROW struct seat_row
const struct entity seat = { .name = "seat", .label = { "Vai trò được giao", "Seat" }, .size = sizeof(ROW),
	.rows = 100000, .keeps = HISTORY, .icon = "armchair",
	.fields = FIELDS{
		{ REF(account, account), .label = { "Tài khoản", "Account" }, .is = NEEDED | FIXED | FILTER },
		{ REF(person, person),   .label = { "Người dùng", "Person" }, .is = DERIVED | HOLDS },
		{ COL(role),             .label = { "Vai trò", "Role" }, .is = NEEDED | FIXED | FILTER, .pick = seat_roles,
			.among = seat_roles_here },
		{ COL(since),            .label = { "Từ ngày", "From" }, .is = NEEDED, .fill = seat_since_today },
		{ COL(until),            .label = { "Đến hết ngày", "Through" }, .is = FILTER },
		{ COL(note),             .label = { "Căn cứ", "By what decision" }, .max = 200 }, END },
	.title = { AT(role), AT(account) }, .list = { AT(account), AT(role), AT(base.org), AT(since), AT(until) },
	.sort = { AT(since) },
	.anchor = { [ON_PERSON] = AT(person) }, .check = seat_makes_sense, .before = seat_is_given,
	/* a seat ends by its last day, which asks who may give it; to retire one would not ask */
	.grants = GRANTS{ { &operator_, &everywhere, READ | CREATE | UPDATE | RETIRE },
		{ &dept_officer, &in_tree, READ | CREATE | UPDATE | IMPORT | EXPORT },
		{ &it_officer, &at_org, READ | CREATE | UPDATE | IMPORT | EXPORT },
		{ &principal, &at_org, READ | CREATE | UPDATE }, { &dept_leader, &in_tree, READ },
		{ &auditor, &in_tree, READ }, { &signed_in, &own, READ }, { 0 } } };
#undef ROW

/* ---- delegation -------------------------------------------------------------------------- */

#define ROW struct delegation
const struct entity delegation = { .name = "delegation", .label = { "Ủy quyền", "Delegation" }, .size = sizeof(ROW),
	.rows = 1000, .keeps = HISTORY, .icon = "arrows-exchange",
	.fields = FIELDS{
		{ REF(seat, seat),        .label = { "Vai trò", "Seat" }, .is = NEEDED | FIXED },
		{ REF(lender, account),   .label = { "Người ủy quyền", "Lender" }, .is = NEEDED | FIXED | FILTER },
		{ REF(borrower, account), .label = { "Người được ủy quyền", "Borrower" }, .is = NEEDED | FIXED | FILTER },
		{ REF(person, person),    .label = { "Hồ sơ người ủy quyền", "Lender's record" }, .is = DERIVED },
		{ COL(since),             .label = { "Từ ngày", "From" }, .is = NEEDED },
		{ COL(until),             .label = { "Đến hết ngày", "Through" }, .is = NEEDED | FILTER },
		{ COL(reason),            .label = { "Lý do", "Reason" }, .is = NEEDED, .max = 300 }, END },
	.title = { AT(lender), AT(borrower) }, .list = { AT(lender), AT(borrower), AT(seat), AT(since), AT(until),
		AT(reason) }, .sort = { AT(since) },
	.anchor = { [ON_PERSON] = AT(person) }, .check = delegation_makes_sense, .before = delegation_is_lent,
	.turned = delegation_turned,
	.grants = GRANTS{ { &signed_in, &own, READ | RETIRE }, { &principal, &at_org, READ | RETIRE },
		{ &it_officer, &at_org, READ },
		{ &dept_officer, &in_tree, READ | RETIRE }, { &auditor, &in_tree, READ }, { 0 } } };
#undef ROW

/* ---- API token --------------------------------------------------------------------------- */

#define ROW struct api_token
const struct entity api_token = { .name = "api_token", .label = { "Mã kết nối", "API token" }, .size = sizeof(ROW),
	.rows = 100, .keeps = HISTORY, .icon = "key",
	.fields = FIELDS{
		{ REF(account, account), .label = { "Tài khoản", "Account" }, .is = NEEDED | FIXED | FILTER },
		{ COL(label),            .label = { "Dùng cho", "Used by" }, .is = NEEDED | SEARCH, .max = 100 },
		{ COL(prefix),           .label = { "Bắt đầu bằng", "Begins with" }, .is = DERIVED, .max = 16 },
		{ COL(digest),           .label = { "Vân tay", "Digest" }, .is = DERIVED | SECRET, .max = 64 },
		{ COL(until),            .label = { "Đến hết ngày", "Through" }, .is = NEEDED | FILTER }, END },
	.title = { AT(label) }, .list = { AT(label), AT(account), AT(prefix), AT(until) }, .sort = { AT(label) },
	.grants = GRANTS{ { &operator_, &everywhere, READ | UPDATE | RETIRE },
		{ &dept_officer, &in_tree, READ | UPDATE | RETIRE }, { &auditor, &in_tree, READ }, { 0 } } };
#undef ROW

/* ---- export of many records ---------------------------------------------------------------- */

static const struct choice takeout_states[] = { [TAKEOUT_ASKED] = { "asked", { "Chờ duyệt", "Asked" }, INITIAL },
	[TAKEOUT_AGREED] = { "agreed", { "Đã duyệt", "Agreed" }, 0 },
	[TAKEOUT_REFUSED] = { "refused", { "Không duyệt", "Refused" }, FINAL },
	[TAKEOUT_MADE] = { "made", { "Đã lấy tệp", "Made" }, FINAL | SETTLED }, END };
static const struct grant takeout_deciders[] = { { &principal, &at_org, READ }, { &bureau_leader, &in_tree, READ },
	{ &dept_leader, &in_tree, READ }, { &dept_officer, &in_tree, READ }, { 0 } };
static const struct grant takeout_readers[] = { { &principal, &at_org, READ }, { &bureau_leader, &in_tree, READ },
	{ &dept_leader, &in_tree, READ }, { &dept_officer, &in_tree, READ }, { &dept_inspector, &in_tree, READ },
	{ &auditor, &in_tree, READ }, { 0 } };
static const struct grant takeout_askers[] = { { &signed_in, &own, READ }, { 0 } };

#define ROW struct takeout
const struct entity takeout = { .name = "takeout", .label = { "Đề nghị xuất dữ liệu", "Export request" },
	.size = sizeof(ROW), .rows = 1000, .keeps = HISTORY, .icon = "table-export",
	.fields = FIELDS{
		{ REF(account, account), .label = { "Người xin", "Asked by" }, .is = NEEDED | DERIVED | FILTER },
		{ REF(person, person),   .label = { "Hồ sơ người xin", "Asker's record" }, .is = DERIVED },
		{ COL(what),             .label = { "Dữ liệu", "What" }, .is = DERIVED | SEARCH, .max = 500 },
		{ COL(reason),           .label = { "Dùng vào việc gì", "What for" }, .is = DERIVED | LONG, .max = 500 },
		{ COL(rows),             .label = { "Số dòng", "Rows" }, .is = DERIVED, .max = 1000000000 },
		{ COL(state),            .label = { "Tình trạng", "State" }, .is = DERIVED | FILTER, .pick = takeout_states },
		{ REF(decider, account), .label = { "Người duyệt", "Decided by" }, .is = DERIVED | FILTER },
		{ COL(decided),          .label = { "Lúc duyệt", "Decided at" }, .is = DERIVED },
		{ COL(why),              .label = { "Lý do trả lời", "Why" }, .max = 300 },
		{ COL(code),             .label = { "Mã tệp", "File code" }, .is = DERIVED | SEARCH, .max = 20 },
		{ COL(list),             .label = { "Danh sách", "List" }, .is = DERIVED | SECRET, .max = 100 },
		{ COL(format),           .label = { "Dạng tệp", "Format" }, .is = DERIVED | SECRET, .max = 50 },
		{ COL(ask),              .label = { "Điều kiện", "Filters" }, .is = DERIVED | SECRET | LONG, .max = 20000 },
		{ COL(place),            .label = { "Ở đơn vị", "Place" }, .is = DERIVED | SECRET },
		{ COL(year),             .label = { "Năm học", "Year" }, .is = DERIVED | SECRET },
		{ COL(every),            .label = { "Đủ cột", "All columns" }, .is = DERIVED | SECRET }, END },
	.title = { AT(what) }, .list = { AT(what), AT(rows), AT(account), AT(state), AT(decider), AT(code), AT(base.made) },
	.sort = { AT(base.made) }, .anchor = { [ON_PERSON] = AT(person) },
	.flow = { AT(state), STEPS{
		{ "agree",  { "Duyệt", "Agree" }, 1 << TAKEOUT_ASKED, TAKEOUT_AGREED, takeout_deciders, .asks = { AT(why) },
			.guard = takeout_by_another, .effect = takeout_decided },
		{ "refuse", { "Không duyệt", "Refuse" }, 1 << TAKEOUT_ASKED, TAKEOUT_REFUSED, takeout_deciders,
			.asks = { AT(why) }, .guard = takeout_by_another, .effect = takeout_decided },
		{ "make",   { "Lấy tệp", "Make the file" }, 1 << TAKEOUT_AGREED, TAKEOUT_MADE, takeout_askers,
			.guard = takeout_may_be_made, .effect = takeout_make },
		{ "use",    { "Dùng", "Use" }, 1 << TAKEOUT_AGREED, TAKEOUT_MADE }, END } },      /* by code: takeout_agreed */
	.grants = GRANTS{ { &signed_in, &own, READ }, { &principal, &at_org, READ }, { &bureau_leader, &in_tree, READ },
		{ &dept_leader, &in_tree, READ }, { &dept_officer, &in_tree, READ }, { &dept_inspector, &in_tree, READ },
		{ &auditor, &in_tree, READ }, { 0 } } };
#undef ROW

/* ---- module ------------------------------------------------------------------------------ */

static const struct grant token_keepers[] = { { &operator_, &everywhere, READ }, { &dept_officer, &in_tree, READ },
	{ 0 } };

#define BUDGET(q, m) .max = { .sql = (q), .ms = (m), .kb = 64 }
static const struct route routes[] = {
	{ "GET",  "/dang-nhap", for_anyone, &login_in, &login_out, login_page, "auth/login", BUDGET(4, 20),
		{ "Đăng nhập", "Sign in" } },
	{ "POST", "/dang-nhap", for_anyone, &login_in, &login_out, login_try, "auth/login", BUDGET(20, 200) },
	{ "GET",  "/dang-xuat", for_anyone, NULL, &empty_out, logout_page, "auth/logout", BUDGET(4, 20),
		{ "Đăng xuất", "Sign out" } },
	{ "POST", "/dang-xuat", for_anyone, NULL, &empty_out, logout, "auth/logout", BUDGET(8, 20) },
	{ "GET",  "/tai-khoan", for_signed, NULL, &me_out, me_page, "auth/me", BUDGET(10, 20),
		{ "Tài khoản của tôi", "My account" } },
	{ "GET",  "/tai-khoan/mat-khau", for_signed, NULL, &change_out, change_page, "auth/change", BUDGET(6, 20),
		{ "Đổi mật khẩu", "Change the password" } },
	{ "POST", "/tai-khoan/mat-khau", for_signed, &change_in, &change_out, change_save, "auth/change", BUDGET(20, 300) },
	{ "POST", "/tai-khoan/phien", for_signed, &session_in, &empty_out, session_end, "auth/logout", BUDGET(10, 20) },
	{ "GET",  "/tai-khoan/xac-thuc", for_signed, NULL, &totp_out, totp_page, "auth/totp", BUDGET(8, 30),
		{ "Xác thực hai bước", "Two-step sign-in" } },
	{ "POST", "/tai-khoan/xac-thuc", for_signed, &totp_in, &totp_out, totp_enrol, "auth/totp", BUDGET(24, 300) },
	{ "POST", "/tai-khoan/xac-thuc/tat", for_signed, &totp_in, &totp_out, totp_stop, "auth/totp", BUDGET(14, 300) },
	{ "POST", "/tai-khoan/thiet-bi", for_signed, &session_in, &empty_out, device_end, "auth/logout", BUDGET(10, 20) },
	{ "GET",  "/tai-khoan/khoa-truy-cap", for_signed, NULL, &passkeys_out, passkeys_page, "auth/passkeys",
		BUDGET(8, 30), { "Khóa truy cập", "Passkeys" } },
	{ "POST", "/tai-khoan/khoa-truy-cap", for_signed, &passkey_in, &passkeys_out, passkey_make, "auth/passkeys",
		BUDGET(34, 300) },
	{ "POST", "/tai-khoan/khoa-truy-cap/bo", for_signed, &passkey_in, &passkeys_out, passkey_drop, "auth/passkeys",
		BUDGET(16, 300) },
	{ "GET",  "/tai-khoan/uy-quyen", for_signed, NULL, &lend_out, lend_page, "auth/lend", BUDGET(8, 30),
		{ "Ủy quyền", "Delegate" } },
	{ "POST", "/tai-khoan/uy-quyen", for_signed, &lend_in, &lend_out, lend_save, "auth/lend", BUDGET(30, 60) },
	{ "GET",  "/cap-lai-mat-khau/{account}", keepers, &keep_in, &keep_out, reset_page, "auth/reset", BUDGET(12, 30),
		{ "Cấp lại mật khẩu", "Reset a password" } },
	{ "POST", "/cap-lai-mat-khau/{account}", keepers, &keep_in, &keep_out, reset_do, "auth/reset", BUDGET(24, 300) },
	{ "GET",  "/dong-vai/{account}", keepers, &keep_in, &keep_out, act_as_page, "auth/act-as", BUDGET(12, 30),
		{ "Đóng vai", "Act as" } },
	{ "POST", "/dong-vai/{account}", keepers, &keep_in, &keep_out, act_as, "auth/act-as", BUDGET(24, 60) },
	{ "POST", "/thoi-dong-vai", for_signed, NULL, &empty_out, act_as_stop, "auth/logout", BUDGET(14, 30) },
	{ "GET",  "/phieu-tai-khoan", keepers, NULL, &new_out_shape, new_accounts, "auth/new-accounts", BUDGET(60, 100),
		{ "Phiếu tài khoản mới", "Sheet of new accounts" } },
	{ "POST", "/phieu-tai-khoan", keepers, &chosen_in_shape, NULL, new_accounts_print, NULL,
		.max = { .sql = 1500, .ms = 8000, .kb = 400 } },
	{ "GET",  "/xin-xuat", for_signed, &takeout_in, &takeout_out, takeout_page, "auth/takeout", BUDGET(14, 60),
		{ "Xin xuất dữ liệu", "Ask to export" } },
	{ "POST", "/xin-xuat", for_signed, &takeout_ask_in, &takeout_out, takeout_ask, "auth/takeout", BUDGET(60, 100) },
	{ "GET",  "/ma-ket-noi", token_keepers, NULL, &issue_out, issue_page, "auth/issue", BUDGET(8, 30),
		{ "Cấp mã kết nối", "Issue an API token" } },
	{ "POST", "/ma-ket-noi", token_keepers, &issue_in, &issue_out, issue_do, "auth/issue", BUDGET(24, 60) },
	END };

#define ROW struct auth_settings
static const struct shape settings = { sizeof(ROW), FIELDS{
	{ COL(staff_password_min), .label = { "Số ký tự mật khẩu tối thiểu của cán bộ chưa bật xác thực hai bước",
		"Least characters of a staff password without two-step sign-in" }, .min = 8, .max = 64 },
	{ COL(staff_idle_min),     .label = { "Cán bộ không thao tác quá (phút) thì phải đăng nhập lại",
		"Staff sign in again after minutes of rest" }, .min = 5, .max = 720 },
	{ COL(session_hours),      .label = { "Một phiên dài nhất (giờ)", "Longest session (hours)" }, .min = 1,
		.max = 720 },
	{ COL(staff_totp),         .label = { "Cán bộ bắt buộc xác thực hai bước ngay",
		"Two-step sign-in is compulsory for staff at once" } },
	{ COL(staff_totp_days),    .label = { "Cán bộ phải bật xác thực hai bước trong (ngày) kể từ khi có tài khoản",
		"Staff turn on two-step sign-in within days of getting the account" }, .max = 90 },
	{ COL(reads_usual),        .label = { "Số hồ sơ cá nhân một người xem trong một giờ được coi là bình thường",
		"Personal records an hour that are usual for one reader" }, .min = 50, .max = 100000 },
	{ COL(reads_alarm),        .label = { "Báo động khi xem gấp mấy lần bình thường (0: không báo)",
		"Alarm at how many times the usual (0: never)" }, .max = 100 },
	{ COL(reads_stop),         .label = { "Tạm khóa tài khoản khi xem quá số hồ sơ này trong một giờ (0: không)",
		"Suspend an account beyond this many records an hour (0: never)" }, .max = 1000000 },
	{ COL(trust_days),         .label = { "Thiết bị được nhớ thì bao nhiêu ngày không hỏi bước hai (0: luôn hỏi)",
		"Days without the second step on a remembered device (0: always ask)" }, .max = 90 },
	{ COL(trust_whom),         .label = { "Ai được nhớ thiết bị", "Whose devices may be remembered" },
		.pick = trust_choices },
	{ COL(reads_kept),         .label = { "Giữ nhật ký xem hồ sơ bao nhiêu năm (0: giữ mãi)",
		"Years that the log of readings is kept (0: for good)" }, .max = 50 }, END } };
#undef ROW

const struct take auth_takes[] = { { "slips", { "Phiếu tài khoản mới", "Sheet of new accounts" }, &account, keepers,
	"/phieu-tai-khoan" }, END };

struct device { instant made, seen; str kind, agent, address; };
#define ROW struct device
static const struct shape
	session_shape = { sizeof(ROW), FIELDS{ { COL(made) }, { COL(seen) }, { COL(agent) }, { COL(address) }, END } },
	device_shape = { sizeof(ROW), FIELDS{ { COL(made) }, { COL(seen) }, { COL(kind) }, { COL(agent) },
		{ COL(address) }, END } };
#undef ROW
static const struct about abouts[] = { { "sessions", "auth/subject_sessions", &session_shape },
	{ "devices", "auth/subject_devices", &device_shape }, END };
static const char *const forget[] = { "auth/forget_sessions", "auth/forget_devices", NULL };

const struct module mod_auth = { .name = "auth", .label = { "Tài khoản và vai trò", "Accounts and roles" }, .schema = 6,
	.needs = NEEDS(&mod_org, &mod_people), .entities = ENTITIES(&account, &seat, &delegation, &api_token, &takeout),
	.routes = routes,
	.jobs = (const struct job[]){ { "tidy", { "Dọn phiên và mã đã hết hạn", "Tidy ended sessions and codes" },
		DAYS(1), HM(3, 20), 120, 3, .run = auth_tidy },
		{ "watch", { "Canh việc xem hồ sơ hàng loạt", "Watch for reading in bulk" }, 60, 0, 50, 1,
			.run = auth_watch }, END },
	.places = (const struct place[]){
		{ "account", "/account", "user-shield", { "Tài khoản", "Accounts" }, { "Hệ thống", "System" }, keepers },
		{ "new_accounts", "/phieu-tai-khoan", "printer", { "Phiếu tài khoản mới", "Sheet of new accounts" },
			{ "Hệ thống", "System" }, keepers },
		{ "seat", "/seat", "armchair", { "Vai trò được giao", "Seats" }, { "Hệ thống", "System" }, keepers },
		{ "delegate", "/tai-khoan/uy-quyen", "arrows-exchange", { "Ủy quyền", "Delegate" }, { "Hệ thống", "System" },
			for_signed },
		{ "api_token", "/ma-ket-noi", "key", { "Mã kết nối", "API tokens" }, { "Hệ thống", "System" }, token_keepers },
		{ "takeout", "/takeout", "table-export", { "Đề nghị xuất dữ liệu", "Export requests" },
			{ "Hệ thống", "System" }, takeout_readers },
		{ "my_account", "/tai-khoan", "user-circle", { "Tài khoản của tôi", "My account" }, { "Hệ thống", "System" },
			for_signed }, END },
	.settings = &settings, .takes = auth_takes, .agreed = takeout_agreed,
	.about = abouts, .forget = forget };
