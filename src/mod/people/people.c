/* people.c -- persons, guardians, consent, duplicates, declared. */
#include "mod/people/people.h"
#include "mod/people/lists.h"
#include "mod/people/people_rules.h"

static const struct choice sexes[] = { { "unknown", { "Chưa rõ", "Unknown" } }, { "male", { "Nam", "Male" } },
	{ "female", { "Nữ", "Female" } }, END };
static const struct choice nationalities[] = { { "VN", { "Việt Nam", "Viet Nam" } }, { "LA", { "Lào", "Laos" } },
	{ "KH", { "Campuchia", "Cambodia" } },
	{ "CN", { "Trung Quốc", "China" } }, { "KR", { "Hàn Quốc", "South Korea" } }, { "JP", { "Nhật Bản", "Japan" } },
	{ "XX", { "Nước khác", "Another country" } }, END };
static const struct choice disabilities[] = { { "none", { "Không", "None" } },
	{ "mobility", { "Vận động", "Mobility" } }, { "hearing", { "Nghe, nói", "Hearing, speech" } },
	{ "sight", { "Nhìn", "Sight" } }, { "mental", { "Thần kinh, tâm thần", "Mental" } },
	{ "intellectual", { "Trí tuệ", "Intellectual" } }, { "other", { "Khác", "Other" } }, END };
static const struct choice policies[] = { { "none", { "Không", "None" } },
	{ "poor", { "Hộ nghèo", "Poor household" } }, { "near_poor", { "Hộ cận nghèo", "Near-poor household" } },
	{ "martyr", { "Con liệt sĩ, thương binh", "Child of a martyr or invalid" } },
	{ "orphan", { "Mồ côi", "Orphan" } }, { "other", { "Diện khác", "Other" } }, END };
static const struct choice posts[] = { { "none", { "Không phải nhân viên", "Not staff" } },
	{ "principal", { "Hiệu trưởng", "Principal" } }, { "vice", { "Phó hiệu trưởng", "Vice principal" } },
	{ "teacher", { "Giáo viên", "Teacher" } }, { "clerk", { "Văn thư, giáo vụ", "Clerk" } },
	{ "accountant", { "Kế toán", "Accountant" } }, { "librarian", { "Thư viện", "Librarian" } },
	{ "it", { "Công nghệ thông tin", "IT" } }, { "health", { "Y tế", "Health" } },
	{ "officer", { "Chuyên viên", "Officer" } }, { "leader", { "Lãnh đạo", "Leader" } },
	{ "other", { "Nhân viên khác", "Other staff" } }, END };

#define ROW struct person
/* what a subject teacher, a leader of another level or an API client does not need to see */
#define CLOSED AT(national_id), AT(religion), AT(policy), AT(disability), AT(note), AT(occupation)
const struct entity person = { .name = "person", .label = { "Hồ sơ cá nhân", "Person" }, .size = sizeof(ROW),
	.keeps = HISTORY | FILES | WIDE_KEYS, .icon = "user",
	.fields = FIELDS{
		{ COL(name),             .label = { "Họ và tên", "Full name" }, .is = NEEDED | SEARCH | NAME, .max = 80,
			.check = person_name_ok, .also = "Họ tên|Họ tên học sinh|Họ và tên học sinh" },
		{ COL(born),             .label = { "Ngày sinh", "Date of birth" }, .is = FILTER, .check = person_born_ok,
			.also = "Ngày tháng năm sinh|NTNS" },
		{ COL(sex),              .label = { "Giới tính", "Sex" }, .is = FILTER, .pick = sexes, .also = "Nam/Nữ|Phái" },
		{ COL(national_id),      .label = { "Số định danh cá nhân", "National id" }, .is = SEARCH | PRIVATE | LACKS,
			.max = 12, .check = person_national_id_ok, .also = "Số định danh|CCCD|Số CCCD|Mã định danh cá nhân" },
		{ COL(sector_id),        .label = { "Mã định danh ngành", "Sector id" }, .is = SEARCH | FIXED, .max = 20,
			.check = person_sector_id_ok, .also = "Mã học sinh|Mã định danh Bộ GD&ĐT|Mã HS" },
		{ COL(school_code),      .label = { "Mã học sinh của trường", "School's pupil code" }, .is = SEARCH, .max = 30,
			.check = person_school_code_ok, .also = "Mã HS trường|Mã học sinh trường|Mã số học sinh|"
			"Mã học sinh", .help = { "Mã riêng của trường, như trong vnEdu, SMAS; không trùng trong một trường",
				"The school's own, as in vnEdu or SMAS; no two alike in one school" } },
		{ COL(ethnicity),        .label = { "Dân tộc", "Ethnic group" }, .is = FILTER, .pick = ethnic_groups },
		{ COL(religion),         .label = { "Tôn giáo", "Religion" }, .is = PRIVATE, .pick = religions },
		{ COL(nationality),      .label = { "Quốc tịch", "Nationality" }, .pick = nationalities },
		{ COL(birthplace),       .label = { "Nơi sinh", "Place of birth" }, .max = 200 },
		{ COL(native_place),     .label = { "Quê quán", "Native place" }, .max = 200 },
		{ REF(commune, admin_unit), .label = { "Xã, phường nơi ở", "Commune of residence" }, .is = FILTER,
			.also = "Xã/phường", .means = person_commune_means },
		{ COL(address),          .label = { "Chỗ ở hiện nay", "Address" }, .is = PRIVATE, .max = 300,
			.also = "Địa chỉ|Nơi ở" },
		{ COL(old_address),      .label = { "Địa chỉ trước 1/7/2025", "Address before July 2025" }, .is = PRIVATE,
			.max = 300 },
		{ COL(phone),            .label = { "Điện thoại", "Telephone" }, .is = PRIVATE | SEARCH, .max = 20,
			.check = person_phone_ok, .also = "SĐT|Số điện thoại" },
		{ COL(email),            .label = { "Thư điện tử", "E-mail" }, .is = PRIVATE, .max = 120,
			.check = person_email_ok, .also = "Email" },
		{ COL(occupation),       .label = { "Nghề nghiệp", "Occupation" }, .is = PRIVATE, .max = 100,
			.also = "Nghề", .help = { "Của cha, mẹ, người giám hộ: sổ gọi tên và ghi điểm cần in",
				"Of a parent or guardian: the general register prints it" } },
		{ COL(pupil),            .label = { "Là học sinh", "Is a pupil" }, .is = FILTER },
		{ COL(staff),            .label = { "Là nhân viên", "Is staff" }, .is = FILTER },
		{ COL(guardian),         .label = { "Là phụ huynh", "Is a guardian" }, .is = FILTER },
		{ COL(disability),       .label = { "Khuyết tật", "Disability" }, .is = PRIVATE, .pick = disabilities },
		{ COL(policy),           .label = { "Diện chính sách", "Policy group" }, .is = PRIVATE, .pick = policies },
		{ COL(post),             .label = { "Chức danh", "Post" }, .is = FILTER, .pick = posts },
		{ COL(subject),          .label = { "Môn dạy chính", "Main subject" }, .is = FILTER, .max = 60 },
		{ COL(joined),           .label = { "Ngày vào ngành", "Joined the sector" } },
		{ COL(note),             .label = { "Ghi chú", "Note" }, .is = LONG | PRIVATE, .max = 2000 },
		{ COL(photo),            .label = { "Ảnh", "Photo" } }, END },
	.form = SECTIONS{
		{ "Lý lịch", "Identity", { AT(name), AT(born), AT(sex), AT(national_id), AT(sector_id), AT(school_code),
			AT(ethnicity), AT(religion), AT(nationality), AT(birthplace), AT(native_place), AT(photo) } },
		{ "Liên hệ", "Contact", { AT(commune), AT(address), AT(old_address), AT(phone), AT(email), AT(occupation) } },
		{ "Vai trò và chính sách", "Roles and support", { AT(pupil), AT(staff), AT(guardian), AT(disability),
			AT(policy), AT(post), AT(subject), AT(joined), AT(note) } }, END },
	.title = { AT(name) }, .list = { AT(name), AT(born), AT(sex), AT(sector_id), AT(ethnicity), AT(commune),
		AT(base.org) }, .sort = { AT(name) },
	.unique = { { AT(national_id) }, { AT(sector_id) }, { AT(base.org), AT(school_code) } },
	.usual = { AT(pupil), AT(post), AT(joined) }, .same = { AT(base.org), AT(name), AT(born) },
	.few = { AT(post), AT(ethnicity) },
	.anchor = { [ON_PERSON] = ITSELF },
	.check = person_makes_sense, .before = person_commune, .doubt = person_namesakes,
	.grants = GRANTS{
		{ &clerk, &at_org, READ | CREATE | UPDATE | RETIRE | IMPORT | EXPORT | PRINT },
		{ &principal, &at_org, READ | UPDATE | EXPORT | PRINT },
		{ &deputy, &at_org, READ | EXPORT | PRINT, .hide = { CLOSED } },
		{ &it_officer, &at_org, READ, .hide = { CLOSED, AT(address), AT(old_address) } },
		{ &teacher, &taught, READ | PRINT, .hide = { CLOSED, AT(address), AT(old_address) } },
		{ &form_teacher, &formed, READ | UPDATE | PRINT },
		{ &teacher, &own, READ }, { &form_teacher, &own, READ }, { &pupil, &own, READ },
		{ &accountant, &own, READ }, { &librarian, &own, READ },
		{ &parent, &own_child, READ }, { &parent, &own, READ },
		{ &dept_officer, &in_tree, READ | IMPORT | EXPORT, .hide = { AT(religion), AT(note), AT(occupation) } },
		{ &dept_inspector, &in_tree, READ, .hide = { CLOSED } },
		{ &dept_leader, &in_tree, READ, .hide = { CLOSED, AT(address), AT(phone) } },
		{ &bureau_leader, &in_tree, READ, .hide = { CLOSED, AT(address), AT(phone) } },
		{ &commune_officer, &in_tree, READ, .hide = { AT(religion), AT(note), AT(occupation) } },
		{ &api_client, &in_tree, READ, .hide = { CLOSED, AT(address), AT(phone) } }, { 0 } } };
#undef CLOSED
#undef ROW

static const struct choice relations[] = { [REL_FATHER] = { "father", { "Cha", "Father" } },
	[REL_MOTHER] = { "mother", { "Mẹ", "Mother" } },
	[REL_GRANDPARENT] = { "grandparent", { "Ông, bà", "Grandparent" } },
	[REL_SIBLING] = { "sibling", { "Anh, chị", "Sibling" } },
	[REL_RELATIVE] = { "relative", { "Họ hàng", "Relative" } },
	[REL_GUARDIAN] = { "guardian", { "Người giám hộ", "Legal guardian" } }, END };
#define ROW struct guardianship
const struct entity guardianship = { .name = "guardianship", .label = { "Quan hệ gia đình", "Guardianship" },
	.size = sizeof(ROW), .keeps = HISTORY, .icon = "users",
	.fields = FIELDS{
		{ REF(pupil, person),    .label = { "Học sinh", "Pupil" }, .is = NEEDED | FIXED | FILTER | HOLDS },
		{ REF(guardian, person), .label = { "Phụ huynh, người giám hộ", "Guardian" },
			.is = NEEDED | FIXED | FILTER | HOLDS },
		{ COL(relation),         .label = { "Quan hệ", "Relation" }, .is = NEEDED, .pick = relations },
		{ COL(barred),           .label = { "Không được xem hồ sơ", "May not see the record" }, .is = FILTER,
			.help = { "Theo quyết định của tòa án hoặc cơ quan có thẩm quyền",
				"By decision of a court or authority" } },
		{ COL(lives_with),       .label = { "Sống cùng", "Lives with" } },
		{ COL(contact_first),    .label = { "Liên hệ trước", "First contact" } },
		{ COL(note),             .label = { "Ghi chú", "Note" }, .is = PRIVATE, .max = 500 }, END },
	.title = { AT(guardian), AT(relation) }, .list = { AT(pupil), AT(guardian), AT(relation), AT(barred),
		AT(lives_with) }, .sort = { AT(relation) },
	.unique = { { AT(base.org), AT(pupil), AT(guardian) } }, .anchor = { [ON_PERSON] = AT(pupil) },
	.check = guardianship_makes_sense, .after = guardianship_after,
	.grants = GRANTS{ { &clerk, &at_org, READ | CREATE | UPDATE | RETIRE | IMPORT | EXPORT },
		{ &principal, &at_org, READ }, { &deputy, &at_org, READ, .hide = { AT(note) } },
		{ &form_teacher, &formed, READ },
		{ &teacher, &taught, READ, .hide = { AT(note) } }, { &parent, &own_child, READ, .hide = { AT(note) } },
		{ &pupil, &own, READ, .hide = { AT(note) } },
		{ &dept_officer, &in_tree, READ | EXPORT, .hide = { AT(note) } }, { 0 } } };
#undef ROW

static const struct choice purposes[] = { { "photo", { "Chụp ảnh, quay phim hoạt động", "Photos of activities" } },
	{ "publish", { "Công bố thành tích kèm tên", "Publishing achievements by name" } },
	{ "health", { "Xử lý dữ liệu sức khỏe", "Health data" } },
	{ "third_party", { "Chia sẻ cho bên thứ ba", "Sharing with third parties" } },
	{ "messages", { "Nhận tin nhắn của trường", "Messages from the school" } }, END };
#define ROW struct consent
const struct entity consent = { .name = "consent", .label = { "Sự đồng ý", "Consent" }, .size = sizeof(ROW),
	.keeps = HISTORY | FILES, .icon = "shield-check",
	.fields = FIELDS{
		{ REF(subject, person),  .label = { "Về ai", "About whom" }, .is = NEEDED | FIXED | FILTER },
		{ REF(given_by, person), .label = { "Người đồng ý", "Given by" }, .is = NEEDED | FIXED },
		{ COL(purpose),          .label = { "Mục đích", "Purpose" }, .is = NEEDED | FIXED | FILTER, .pick = purposes },
		{ COL(child_agrees),     .label = { "Trẻ từ 7 tuổi cũng đồng ý", "The child of 7 or more agrees too" } },
		{ COL(given),            .label = { "Ngày đồng ý", "Given on" }, .is = NEEDED | FIXED, .fill = consent_today },
		{ COL(withdrawn),        .label = { "Ngày rút lại", "Withdrawn on" } },
		{ COL(how),              .label = { "Hình thức", "How" }, .max = 200 }, END },
	.title = { AT(subject), AT(purpose) }, .list = { AT(subject), AT(purpose), AT(given_by), AT(given),
		AT(withdrawn) }, .sort = { AT(given) },
	.anchor = { [ON_PERSON] = AT(subject) }, .check = consent_makes_sense,
	.grants = GRANTS{ { &clerk, &at_org, READ | CREATE | UPDATE | EXPORT }, { &principal, &at_org, READ },
		{ &form_teacher, &formed, READ },
		{ &parent, &own_child, READ | CREATE | UPDATE }, { &pupil, &own, READ }, { &dept_officer, &in_tree, READ },
		{ 0 } } };
#undef ROW

static const struct choice pair_states[] = { [PAIR_OPEN] = { "open", { "Cần xem", "To look at" }, INITIAL },
	[PAIR_SAME] = { "same", { "Đã hợp nhất", "Merged" }, FINAL },
	[PAIR_DIFFERENT] = { "different", { "Hai người khác nhau", "Two people" }, 0 }, END };
static const struct choice pair_keeps[] = { [KEEP_A] = { "a", { "Hồ sơ thứ nhất", "The first" } },
	[KEEP_B] = { "b", { "Hồ sơ thứ hai", "The second" } }, END };
static const struct grant pair_by[] = { { &clerk, &at_org }, { &dept_officer, &in_tree }, { 0 } };
#define ROW struct person_pair
const struct entity person_pair = { .name = "person_pair", .label = { "Cặp hồ sơ nghi trùng", "Pair of records" },
	.size = sizeof(ROW), .keeps = HISTORY, .icon = "copy",
	.fields = FIELDS{
		{ REF(a, person), .label = { "Hồ sơ thứ nhất", "First record" }, .is = NEEDED | FIXED },
		{ REF(b, person), .label = { "Hồ sơ thứ hai", "Second record" }, .is = NEEDED | FIXED },
		{ COL(score),     .label = { "Mức giống (%)", "Likeness (%)" }, .is = DERIVED, .max = 100 },
		{ COL(why),       .label = { "Vì sao", "Why" }, .is = DERIVED, .max = 300 },
		{ COL(state),     .label = { "Tình trạng", "State" }, .is = DERIVED | FILTER, .pick = pair_states },
		{ COL(keep),      .label = { "Hồ sơ giữ lại", "Record that stays" }, .is = DERIVED, .pick = pair_keeps,
			.help = { "Hồ sơ kia được bỏ; những gì nó có mà hồ sơ giữ lại còn thiếu thì chuyển sang. Hoàn tác được.",
				"The other is retired; what it has and this one lacks passes over. It can be undone." } }, END },
	.title = { AT(a), AT(b) }, .list = { AT(a), AT(b), AT(score), AT(why), AT(state) }, .sort = { AT(score) },
	.unique = { { AT(base.org), AT(a), AT(b) } }, .check = pair_fits, .before = pair_by_hand, .after = pair_made,
	.flow = { AT(state), STEPS{ { "same", { "Hợp nhất", "Merge" }, 1 << PAIR_OPEN, PAIR_SAME, pair_by,
			.asks = { AT(keep) }, .must = 1, .effect = pair_merge },
		{ "different", { "Không phải một người", "Not the same" }, 1 << PAIR_OPEN, PAIR_DIFFERENT, pair_by },
		{ "again", { "Xem lại", "Look again" }, 1 << PAIR_DIFFERENT, PAIR_OPEN, pair_by }, END } },
	.grants = GRANTS{ { &clerk, &at_org, READ | CREATE }, { &dept_officer, &in_tree, READ | CREATE | EXPORT },
		{ 0 } } };
#undef ROW
#define ROW struct person_merge
const struct entity person_merge = { .name = "person_merge", .label = { "Lần hợp nhất hồ sơ", "Merge of records" },
	.size = sizeof(ROW), .keeps = HISTORY, .icon = "git-merge",
	.fields = FIELDS{
		{ REF(kept, person), .label = { "Hồ sơ giữ lại", "Kept" }, .is = DERIVED },
		{ REF(dropped, person), .label = { "Hồ sơ bỏ đi", "Dropped" }, .is = DERIVED },
		{ COL(moved),        .label = { "Dữ liệu đã chuyển", "What was moved" }, .is = DERIVED | SECRET,
			.max = 1000000 },
		{ COL(undone),       .label = { "Đã hoàn tác", "Undone" }, .is = DERIVED | FILTER }, END },
	.title = { AT(kept) }, .list = { AT(kept), AT(dropped), AT(undone), AT(base.made) }, .sort = { AT(base.made) },
	.grants = GRANTS{ { &clerk, &at_org, READ }, { &dept_officer, &in_tree, READ }, { 0 } } };
#undef ROW

static const struct place places[] = {
	{ "person", "/person", "users", { "Học sinh, nhân viên", "People" }, { "Người học", "Learners" },
		GRANTS{ { &clerk, &at_org, READ }, { &principal, &at_org, READ }, { &deputy, &at_org, READ },
		{ &teacher, &taught, READ }, { &form_teacher, &formed, READ }, { &dept_officer, &in_tree, READ },
		{ &dept_leader, &in_tree, READ }, { &dept_inspector, &in_tree, READ },
		{ &commune_officer, &in_tree, READ }, { &bureau_leader, &in_tree, READ }, { 0 } } },
	{ "duplicates", "/person_pair", "copy", { "Hồ sơ nghi trùng", "Possible duplicates" },
		{ "Người học", "Learners" }, GRANTS{ { &clerk, &at_org, READ }, { &dept_officer, &in_tree, READ }, { 0 } } },
	{ "guardianship", "/guardianship", "heart-handshake", { "Quan hệ gia đình", "Guardianships" },
		{ "Gia đình", "Family" }, GRANTS{ { &clerk, &at_org, READ }, { &form_teacher, &formed, READ }, { 0 } } },
	{ "consent", "/consent", "shield-check", { "Sự đồng ý", "Consents" }, { "Gia đình", "Family" },
		GRANTS{ { &clerk, &at_org, READ }, { &parent, &own_child, READ }, { 0 } } },
	{ "children", "/children", "users", { "Con của tôi", "My children" }, { "Gia đình", "Family" },
		GRANTS{ { &parent, &own_child, READ }, { 0 } } },
	{ "me", "/me", "user", { "Hồ sơ của tôi", "My record" }, { "Người học", "Learners" },
		GRANTS{ { &pupil, &own, READ }, { 0 } } }, END };

const struct module mod_people = { .name = "people", .label = { "Con người", "People" }, .schema = 7,
	.needs = NEEDS(&mod_org),
	.entities = ENTITIES(&person, &guardianship, &consent, &person_pair, &person_merge),
	.routes = people_routes, .jobs = people_jobs, .places = places, .cards = people_cards,
	.takes = people_takes };
