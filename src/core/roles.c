/* roles.c -- see roles.h. The SQL of a scope speaks of tables that org, people and school own. */
#include "core/roles.h"

const struct scope everywhere = { "everywhere", { "Toàn hệ thống", "Everywhere" }, ON_ORG, "1 = 1" };
const struct scope in_tree = { "in_tree", { "Đơn vị và các đơn vị trực thuộc", "The unit and all below it" }, ON_ORG,
	"{at} IN (SELECT below FROM org_below WHERE top = :seat AND since <= :today AND :today < until)" };
const struct scope at_org = { "at_org", { "Đơn vị", "The unit itself" }, ON_ORG, "{at} = :seat" };
const struct scope own = { "own", { "Của chính mình", "Their own" }, ON_PERSON, "{at} = :person" };
const struct scope own_child = { "own_child", { "Của con mình", "Their child's" }, ON_PERSON,
	"{at} IN (SELECT pupil FROM guardianship WHERE guardian = :person AND barred = 0 AND gone = 0)" };
const struct scope at_class = { "at_class", { "Lớp được phân công", "Classes they teach" }, ON_CLASS,
	"{at} IN (SELECT class FROM teaching WHERE teacher = :person AND since <= :today "
		"AND :today < until AND gone = 0)" };
const struct scope at_form = { "at_form", { "Lớp chủ nhiệm", "Their form" }, ON_CLASS,
	"{at} IN (SELECT class FROM teaching WHERE teacher = :person AND form = 1 AND since <= :today AND :today < "
		"until AND gone = 0)" };

const struct scope taught = { "taught", { "Học sinh đang dạy", "Pupils they teach" }, ON_PERSON,
	"{at} IN (SELECT e.pupil FROM enrolment e JOIN teaching t ON t.class = e.class WHERE t.teacher = :person"
	" AND t.since <= :today AND :today < t.until AND t.gone = 0 AND e.gone = 0 AND e.until > :today)" };
const struct scope formed = { "formed", { "Học sinh lớp chủ nhiệm", "Pupils of their form" }, ON_PERSON,
	"{at} IN (SELECT e.pupil FROM enrolment e JOIN teaching t ON t.class = e.class WHERE t.teacher = :person AND "
		"t.form = 1"
	" AND t.since <= :today AND :today < t.until AND t.gone = 0 AND e.gone = 0 AND e.until > :today)" };
const struct scope at_other = { "at_other", { "Đơn vị liên quan", "The other unit concerned" }, ON_UNIT,
	"{at} = :seat" };

#define RAIL(...) .rail = { __VA_ARGS__ }
const struct role anyone          = { "anyone", { "Công dân", "The public" }, &everywhere, ROLE_ANYONE };
const struct role signed_in       = { "signed_in", { "Người có tài khoản", "Account holder" }, &own, ROLE_SIGNED };
const struct role operator_       = { "operator", { "Quản trị hệ thống", "System operator" }, &everywhere, ROLE_MFA,
	RAIL("org", "account") };
const struct role ministry        = { "ministry", { "Bộ GD&ĐT", "Ministry" }, &in_tree, ROLE_MFA,
	RAIL("org", "results") };
const struct role dept_leader     = { "dept_leader", { "Lãnh đạo Sở", "Department leader" }, &in_tree, ROLE_MFA,
	RAIL("org", "school_class", "results") };
const struct role dept_officer    = { "dept_officer", { "Chuyên viên Sở", "Department officer" }, &in_tree, ROLE_MFA,
	RAIL("org", "person", "results") };
const struct role dept_clerk      = { "dept_clerk", { "Văn thư Sở", "Department clerk" }, &in_tree, ROLE_MFA,
	RAIL("org") };
const struct role dept_inspector  = { "dept_inspector", { "Thanh tra Sở", "Department inspector" }, &in_tree,
	ROLE_MFA, RAIL("org", "person") };
const struct role bureau_leader   = { "bureau_leader", { "Lãnh đạo Phòng GD&ĐT", "Bureau leader" }, &in_tree,
	ROLE_MFA, RAIL("org", "person") };
const struct role commune_officer = { "commune_officer", { "Công chức văn hóa – xã hội xã", "Commune officer" },
	&in_tree, ROLE_MFA, RAIL("org", "move") };
const struct role principal       = { "principal", { "Hiệu trưởng", "Principal" }, &at_org, ROLE_MFA,
	RAIL("school_class", "person", "move", "attendance") };
const struct role deputy          = { "deputy", { "Phó hiệu trưởng", "Deputy principal" }, &at_org, ROLE_MFA,
	RAIL("gradebook", "records", "timetable", "school_class", "attendance") };
const struct role clerk           = { "clerk", { "Giáo vụ – văn thư", "School clerk" }, &at_org, ROLE_MFA,
	RAIL("person", "school_class", "move") };
const struct role it_officer      = { "it_officer", { "Quản trị tài khoản trường", "School IT officer" }, &at_org,
	ROLE_MFA, RAIL("account") };
const struct role librarian       = { "librarian", { "Cán bộ thư viện", "Librarian" }, &at_org, 0, .rail = { 0 } };
const struct role accountant      = { "accountant", { "Kế toán", "Accountant" }, &at_org, 0, .rail = { 0 } };
const struct role teacher         = { "teacher", { "Giáo viên", "Teacher" }, &at_org, 0,
	RAIL("attendance", "gradebook", "lessonbook", "talks") };
const struct role form_teacher    = { "form_teacher", { "Giáo viên chủ nhiệm", "Form teacher" }, &at_org, 0,
	RAIL("attendance", "school_class", "gradebook", "talks", "leave_request") };
const struct role pupil           = { "pupil", { "Học sinh", "Pupil" }, &own, 0, RAIL("contact", "me") };
const struct role parent          = { "parent", { "Phụ huynh", "Parent" }, &own_child, 0, RAIL("contact", "talks",
	"leave_request", "children") };
const struct role auditor         = { "auditor", { "Kiểm toán nhật ký", "Auditor" }, &in_tree, ROLE_MFA,
	.rail = { 0 } };
const struct role api_client      = { "api_client", { "Phần mềm kết nối", "API client" }, &in_tree, 0 };

const struct grant for_anyone[]   = { { &anyone, &everywhere, READ }, { 0 } };
const struct grant for_signed[]   = { { &signed_in, &everywhere, READ }, { 0 } };
const struct grant for_operator[] = { { &operator_, &everywhere, READ | CREATE | UPDATE | RETIRE }, { 0 } };

const struct scope *const all_scopes[] = { &everywhere, &in_tree, &at_org, &own, &own_child, &at_class, &at_form,
	&taught, &formed, &at_other, NULL };
const struct role *const all_roles[] = { &anyone, &signed_in, &operator_, &ministry, &dept_leader, &dept_officer,
	&dept_clerk,
	&dept_inspector, &bureau_leader, &commune_officer, &principal, &deputy, &clerk,
	&it_officer, &librarian, &accountant,
	&teacher,
	&form_teacher, &pupil, &parent, &auditor, &api_client, NULL };
