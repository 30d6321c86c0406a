/* org.c -- organisations, their links and rooms, declared. The tree: tree.c. Reorganisation: change.c. Places:
 * unit.c. */
#include "mod/org/org.h"
#include "mod/org/org_rules.h"

static const struct choice kinds[] = {
	[ORG_MINISTRY] = { "ministry", { "Bộ GD&ĐT", "Ministry" } },
	[ORG_DEPARTMENT] = { "department", { "Sở GD&ĐT", "Department" } },
	[ORG_BUREAU] = { "bureau", { "Phòng GD&ĐT", "Bureau" } },
	[ORG_COMMUNE] = { "commune", { "UBND xã, phường", "Commune" } },
	[ORG_SCHOOL] = { "school", { "Cơ sở giáo dục", "School" } },
	[ORG_SITE] = { "site", { "Điểm trường", "School site" } },
	[ORG_DIVISION] = { "division", { "Phòng, ban", "Division" } }, [ORG_SUBJECT_GROUP] = { "subject_group",
		{ "Tổ chuyên môn", "Subject group" } }, END };
static const struct choice states[] = {
	[ORG_ACTIVE] = { "active", { "Đang hoạt động", "Active" }, INITIAL | SETTLED },
	[ORG_MERGED] = { "merged", { "Đã sáp nhập", "Merged" }, FINAL | LOCKED },
	[ORG_SPLIT] = { "split", { "Đã chia tách", "Split" }, FINAL | LOCKED },
	[ORG_CLOSED] = { "closed", { "Đã giải thể", "Closed" }, FINAL | LOCKED }, END };
/* MaLoaiHinhTruong of the national data centre's field list */
static const struct choice ownerships[] = { { "public", { "Công lập", "Public" } },
	{ "people", { "Dân lập", "People-founded" } },
	{ "private", { "Tư thục", "Private" } }, END };
static const struct choice specialities[] = { { "none", { "Phổ thông", "Ordinary" } },
	{ "gifted", { "Trường chuyên", "For the gifted" } },
	{ "ethnic_boarding", { "Phổ thông dân tộc nội trú", "Ethnic boarding" } },
	{ "ethnic_semi", { "Phổ thông dân tộc bán trú", "Ethnic semi-boarding" } },
	{ "disabled", { "Giáo dục người khuyết tật", "For disabled pupils" } },
	{ "arts_sports", { "Năng khiếu nghệ thuật, thể thao", "Arts and sports" } }, END };

static const struct grant who[] = {
	{ &dept_officer, &in_tree, READ | CREATE | UPDATE | IMPORT | EXPORT | PRINT },
	{ &dept_leader, &in_tree, READ | EXPORT | PRINT },
	{ &dept_clerk, &in_tree, READ | EXPORT | PRINT }, { &dept_inspector, &in_tree, READ | EXPORT | PRINT },
	{ &ministry, &in_tree, READ | EXPORT },
	{ &bureau_leader, &in_tree, READ | EXPORT | PRINT }, { &commune_officer, &in_tree, READ | EXPORT | PRINT },
	{ &operator_, &everywhere, READ | CREATE | UPDATE | IMPORT | EXPORT }, { &auditor, &in_tree, READ },
	{ &api_client, &in_tree, READ },
	{ &principal, &at_org, READ | UPDATE | PRINT }, { &deputy, &at_org, READ | PRINT },
	{ &clerk, &at_org, READ | UPDATE | PRINT },
	{ &signed_in, &everywhere, READ, .hide = { offsetof(struct org, phone), offsetof(struct org, email) } }, { 0 } };

#define ROW struct org
const struct entity org = { .name = "org", .label = { "Đơn vị", "Organisation" }, .size = sizeof(ROW), .rows = 1000,
	.keeps = HISTORY | FILES | WIDE_KEYS, .icon = "building",
	.fields = FIELDS{
		{ COL(name),       .label = { "Tên đơn vị", "Name" }, .is = NEEDED | SEARCH, .max = 200,
			.check = org_name_ok, .also = "Tên trường|Trường" },
		{ COL(short_name), .label = { "Tên gọn", "Short name" }, .is = SEARCH, .max = 60, .check = org_short_name_ok },
		{ COL(slug),       .label = { "Tên trong địa chỉ trang", "Name in addresses" }, .is = NEEDED | DERIVED,
			.max = 60, .fill = org_slug },
		{ COL(code),       .label = { "Mã định danh", "Sector code" }, .is = SEARCH | FIXED, .max = 20,
			.check = org_code_ok, .also = "Mã trường|Mã đơn vị" },
		{ COL(kind),       .label = { "Loại đơn vị", "Kind" }, .is = NEEDED | FILTER | FIXED, .pick = kinds },
		{ COL(ownership),  .label = { "Loại hình", "Ownership" }, .is = FILTER, .pick = ownerships },
		{ COL(speciality), .label = { "Loại trường", "School type" }, .is = FILTER, .pick = specialities },
		{ COL(preschool),  .label = { "Mầm non", "Preschool" }, .is = FILTER },
		{ COL(primary_),   .label = { "Tiểu học", "Primary" }, .is = FILTER },
		{ COL(lower),      .label = { "THCS", "Lower secondary" }, .is = FILTER },
		{ COL(upper),      .label = { "THPT", "Upper secondary" }, .is = FILTER },
		{ COL(continuing), .label = { "GDTX", "Continuing education" }, .is = FILTER },
		{ REF(parent, org), .label = { "Đơn vị quản lý", "Managed by" }, .is = FILTER | FIXED | LIVING },
		{ REF(commune, admin_unit), .label = { "Xã, phường", "Commune" }, .is = FILTER, .also = "Xã/phường" },
		{ COL(address),    .label = { "Địa chỉ", "Address" }, .max = 300 },
		{ COL(old_address),.label = { "Địa chỉ trước 1/7/2025", "Address before July 2025" }, .max = 300 },
		{ COL(phone),      .label = { "Điện thoại", "Telephone" }, .max = 20, .check = org_phone_ok },
		{ COL(email),      .label = { "Thư điện tử", "E-mail" }, .max = 120, .check = org_email_ok },
		{ COL(website),    .label = { "Trang thông tin", "Website" }, .max = 200 },
		{ COL(head),       .label = { "Thủ trưởng", "Head" }, .is = NAME, .max = 80,
			.none = { "Chưa có tên; ghi khi đã bổ nhiệm", "No name yet: written once appointed" } },
		{ COL(x),          .label = { "Kinh độ (phần triệu độ)", "Longitude (millionths)" }, .min = -180000000,
			.max = 180000000 },
		{ COL(y),          .label = { "Vĩ độ (phần triệu độ)", "Latitude (millionths)" }, .min = -90000000,
			.max = 90000000 },
		{ COL(since),      .label = { "Thành lập", "Founded" } },
		{ COL(until),      .label = { "Chấm dứt", "Ended" }, .is = DERIVED },
		{ COL(boarding),   .label = { "Nội trú", "Boarding" } },
		{ COL(semi_boarding), .label = { "Bán trú", "Semi-boarding" } },
		{ COL(two_sessions), .label = { "Học 2 buổi/ngày", "Two sessions a day" } },
		{ COL(difficult_area), .label = { "Vùng đặc biệt khó khăn", "Especially difficult area" }, .is = FILTER },
		{ COL(national_standard), .label = { "Đạt chuẩn quốc gia", "National standard" }, .is = FILTER },
		{ COL(state),      .label = { "Tình trạng", "State" }, .is = DERIVED | FILTER, .pick = states }, END },
	.form = SECTIONS{
		{ "Đơn vị", "Unit", { AT(name), AT(short_name), AT(code), AT(kind), AT(ownership), AT(speciality), AT(parent),
			AT(since) } },
		{ "Cấp học và điều kiện", "Levels and conditions", { AT(preschool), AT(primary_), AT(lower), AT(upper),
			AT(continuing), AT(boarding), AT(semi_boarding),
			AT(two_sessions), AT(difficult_area), AT(national_standard) } },
		{ "Liên hệ", "Contact", { AT(head), AT(phone), AT(email), AT(website), AT(commune), AT(address),
			AT(old_address), AT(x), AT(y) } }, END },
	.title = { AT(name) }, .list = { AT(name), AT(code), AT(kind), AT(parent), AT(commune), AT(state) },
	.sort = { AT(name) },
	.unique = { { AT(slug) }, { AT(code) } },
	.anchor = { [ON_ORG] = AT(base.org), [ON_UNIT] = AT(parent) },
	.flow = { AT(state), STEPS{
		{ "merge", { "Sáp nhập", "Merge" }, 1 << ORG_ACTIVE, ORG_MERGED }, { "split", { "Chia tách", "Split" },
			1 << ORG_ACTIVE, ORG_SPLIT },
		{ "close", { "Giải thể", "Close" }, 1 << ORG_ACTIVE, ORG_CLOSED }, END } },
	.check = org_makes_sense, .before = org_before, .after = org_after, .grants = who };
#undef ROW

#define ROW struct org_link
const struct entity org_link = { .name = "org_link", .label = { "Quan hệ trực thuộc", "Place in the tree" },
	.size = sizeof(ROW), .rows = 1000, .keeps = HISTORY, .icon = "hierarchy",
	.fields = FIELDS{
		{ REF(child, org),  .label = { "Đơn vị", "Unit" }, .is = NEEDED | DERIVED | FILTER },
		{ REF(parent, org), .label = { "Trực thuộc", "Under" }, .is = NEEDED | DERIVED | FILTER },
		{ COL(since),       .label = { "Từ ngày", "From" }, .is = NEEDED | DERIVED },
		{ COL(until),       .label = { "Đến hết ngày", "Until" }, .is = DERIVED },
		{ COL(decision),    .label = { "Quyết định", "Decision" }, .is = DERIVED, .max = 60 }, END },
	.title = { AT(child), AT(since) }, .list = { AT(child), AT(parent), AT(since), AT(until), AT(decision) },
	.sort = { AT(since) },
	.unique = { { AT(base.org), AT(child), AT(since) } },
	.grants = GRANTS{ { &dept_officer, &in_tree, READ | EXPORT }, { &dept_leader, &in_tree, READ },
		{ &dept_inspector, &in_tree, READ },
		{ &operator_, &everywhere, READ }, { &principal, &at_org, READ }, { &commune_officer, &in_tree, READ },
		{ 0 } } };
#undef ROW

static const struct choice rooms[] = { { "class", { "Phòng học", "Classroom" } },
	{ "computer", { "Phòng Tin học", "Computer room" } },
	{ "language", { "Phòng Ngoại ngữ", "Language room" } }, { "lab", { "Phòng thí nghiệm, thực hành", "Laboratory" } },
	{ "library", { "Thư viện", "Library" } }, { "arts", { "Phòng Nghệ thuật", "Arts room" } },
	{ "multi", { "Phòng đa năng, nhà thể chất", "Hall" } },
	{ "meeting", { "Phòng họp trực tuyến", "Video meeting room" } }, { "office", { "Phòng làm việc", "Office" } },
	{ "health", { "Phòng y tế", "Health room" } }, { "kitchen", { "Bếp, nhà ăn", "Kitchen" } },
	{ "dormitory", { "Phòng ở nội trú", "Dormitory" } }, END };
static const struct choice links[] = { { "none", { "Chưa nối mạng", "None" } }, { "fibre", { "Cáp quang", "Fibre" } },
	{ "copper", { "Cáp đồng", "Copper" } },
	{ "mobile", { "Mạng di động", "Mobile" } }, { "satellite", { "Vệ tinh", "Satellite" } }, END };
static const struct choice conditions[] = { { "solid", { "Kiên cố", "Permanent" } },
	{ "semi", { "Bán kiên cố", "Semi-permanent" } },
	{ "temporary", { "Tạm, mượn", "Temporary" } }, END };

#define ROW struct facility
const struct entity facility = { .name = "facility", .label = { "Phòng, cơ sở vật chất", "Facility" },
	.size = sizeof(ROW), .rows = 30000, .keeps = HISTORY | FILES, .icon = "door",
	.fields = FIELDS{
		{ COL(name),      .label = { "Tên phòng", "Room" }, .is = NEEDED | SEARCH, .max = 60 },
		{ COL(building),  .label = { "Nhà, khối", "Building" }, .is = FILTER, .max = 60 },
		{ COL(kind),      .label = { "Loại phòng", "Kind" }, .is = NEEDED | FILTER, .pick = rooms },
		{ COL(area_dm2),  .label = { "Diện tích (dm²)", "Area (dm²)" }, .max = 10000000,
			.help = { "1 m² = 100 dm²", "1 m² = 100 dm²" } },
		{ COL(seats),     .label = { "Số chỗ", "Seats" }, .max = 5000 },
		{ COL(computers), .label = { "Số máy vi tính", "Computers" }, .max = 1000 },
		{ COL(networked), .label = { "Đã nối mạng", "Networked" }, .is = FILTER },
		{ COL(link),      .label = { "Đường truyền", "Link" }, .is = FILTER, .pick = links },
		{ COL(speed_mbps),.label = { "Tốc độ (Mb/s)", "Speed (Mb/s)" }, .max = 100000 },
		{ COL(dual_use),  .label = { "Phòng lưỡng dụng", "Dual use" }, .help = { "Vừa dạy học vừa họp trực tuyến",
			"For lessons and video meetings" } },
		{ COL(condition), .label = { "Tình trạng xây dựng", "Construction" }, .is = FILTER, .pick = conditions },
		{ COL(since),     .label = { "Đưa vào sử dụng", "In use since" } }, END },
	.title = { AT(name) }, .list = { AT(name), AT(kind), AT(building), AT(seats), AT(computers), AT(networked),
		AT(condition) }, .sort = { AT(name) },
	.unique = { { AT(base.org), AT(building), AT(name) } },
	.grants = GRANTS{ { &clerk, &at_org, READ | CREATE | UPDATE | RETIRE | IMPORT | EXPORT | PRINT },
		{ &it_officer, &at_org, READ | CREATE | UPDATE | EXPORT },
		{ &principal, &at_org, READ | CREATE | UPDATE | RETIRE | EXPORT | PRINT },
		{ &deputy, &at_org, READ | EXPORT | PRINT }, { &teacher, &at_org, READ },
		{ &form_teacher, &at_org, READ },
		{ &dept_officer, &in_tree, READ | EXPORT }, { &dept_leader, &in_tree, READ | EXPORT },
		{ &dept_inspector, &in_tree, READ | EXPORT },
		{ &commune_officer, &in_tree, READ | EXPORT }, { 0 } } };
#undef ROW

static const struct place places[] = {
	{ "org", "/org", "building", { "Đơn vị, trường học", "Organisations" }, { "Quản lý", "Administration" }, who },
	{ "facility", "/facility", "door", { "Phòng, cơ sở vật chất", "Facilities" }, { "Nhà trường", "School" },
		GRANTS{ { &clerk, &at_org, READ },
		{ &it_officer, &at_org, READ }, { &principal, &at_org, READ }, { &deputy, &at_org, READ },
		{ &dept_officer, &in_tree, READ }, { &dept_leader, &in_tree, READ }, { 0 } } },
	{ "org_change", "/org_change", "git-merge", { "Sáp nhập, chia tách", "Reorganisations" },
		{ "Quản lý", "Administration" },
		GRANTS{ { &dept_officer, &in_tree, READ }, { &dept_leader, &in_tree, READ }, { 0 } } },
	{ "admin_unit", "/admin_unit", "map-pin", { "Đơn vị hành chính", "Administrative units" },
		{ "Hệ thống", "System" }, for_signed }, END };

const struct module mod_org = { .name = "org", .label = { "Tổ chức", "Organisations" }, .schema = 3,
	.entities = ENTITIES(&org, &org_link, &org_change, &org_change_part, &admin_unit, &admin_map, &facility,
		&unit_border),
	.routes = org_routes, .jobs = org_jobs, .places = places, .cards = org_cards, .roles = all_roles,
	.scopes = all_scopes, .settings = &org_settings_shape,
	.reports = org_reports };
