/* transcript.c -- transcripts, their years and their issues, declared. */
#include "mod/results/results.h"
#include "mod/transcript/transcript_rules.h"

#define FIXED_TEXT(m, vi, en, most) { COL(m), .label = { vi, en }, .is = DERIVED, .max = most }
#define KEPT(m, most) { COL(m), .label = { "Nội dung đã ký", "Signed content" }, .is = DERIVED | SECRET, .max = most }
#define OFFICE(...) { &principal, &at_org, __VA_ARGS__ }, { &clerk, &at_org, __VA_ARGS__ }
#define ABOVE(...) { &dept_officer, &in_tree, __VA_ARGS__ }, { &dept_inspector, &in_tree, __VA_ARGS__ }

const struct choice transcript_levels[] = { [LEVEL_PRIMARY] = { "primary", { "Tiểu học", "Primary" } },
	[LEVEL_LOWER] = { "lower", { "Trung học cơ sở", "Lower secondary" } },
	[LEVEL_UPPER] = { "upper", { "Trung học phổ thông", "Upper secondary" } }, END };

#define ROW struct transcript
const struct entity transcript = { .name = "transcript", .label = { "Học bạ", "Transcript" }, .size = sizeof(ROW),
	.keeps = HISTORY | WIDE_KEYS, .icon = "certificate",
	.fields = FIELDS{
		{ REF(pupil, person), .label = { "Học sinh", "Pupil" }, .is = NEEDED | DERIVED | FILTER },
		{ COL(level), .label = { "Cấp học", "Level" }, .is = DERIVED | FILTER, .pick = transcript_levels },
		{ COL(version), .label = { "Bản phát hành", "Issue" }, .is = DERIVED | FILTER }, END },
	.title = { AT(pupil), AT(level) }, .list = { AT(pupil), AT(level), AT(version), AT(base.org) },
	.sort = { AT(pupil) }, .unique = { { AT(pupil), AT(level) } }, .anchor = { [ON_PERSON] = AT(pupil) },
	.grants = GRANTS{ OFFICE(READ | EXPORT), { &deputy, &at_org, READ },
		{ &form_teacher, &formed, READ }, { &pupil, &own, READ },
		{ &parent, &own_child, READ }, ABOVE(READ), { 0 } } };
#undef ROW

const struct choice part_states[] = {
	[PART_DRAFT] = { "draft", { "Dự thảo", "Draft" }, INITIAL },
	[PART_SIGNED] = { "signed", { "Chủ nhiệm đã ký", "Signed by the form teacher" }, LOCKED },
	[PART_CONFIRMED] = { "confirmed", { "Hiệu trưởng đã ký", "Signed by the principal" }, LOCKED },
	[PART_ISSUED] = { "issued", { "Đã phát hành", "Issued" }, LOCKED | SETTLED },
	[PART_REPLACED] = { "replaced", { "Đã thay thế", "Replaced" }, FINAL | LOCKED }, END };
static const struct grant form_hand[] = { { &form_teacher, &at_form }, { 0 } }, head_hand[] = { { &principal, &at_org },
	{ 0 } };
#define ROW struct transcript_part
const struct entity transcript_part = { .name = "transcript_part", .label = { "Năm học trong học bạ",
	"Year of a transcript" },
	.size = sizeof(ROW), .keeps = HISTORY, .icon = "book",
	.fields = FIELDS{
		{ REF(transcript, transcript), .label = { "Học bạ", "Transcript" }, .is = NEEDED | DERIVED | FILTER },
		{ REF(pupil, person), .label = { "Học sinh", "Pupil" }, .is = NEEDED | DERIVED | FILTER },
		{ REF(class, school_class), .label = { "Lớp", "Class" }, .is = NEEDED | DERIVED | FILTER },
		{ REF(year, school_year), .label = { "Năm học", "School year" }, .is = NEEDED | DERIVED | FILTER },
		{ REF(school, org), .label = { "Trường", "School" }, .is = NEEDED | DERIVED },
		{ COL(grade), .label = { "Khối", "Grade" }, .is = DERIVED | FILTER, .pick = grades },
		FIXED_TEXT(class_name, "Tên lớp", "Class name", 40),
		FIXED_TEXT(result, "Kết quả", "Result", 200),
		{ COL(version), .label = { "Bản", "Version" }, .is = DERIVED },
		{ COL(reason), .label = { "Lý do sửa", "Reason of the correction" }, .is = DERIVED | LONG, .max = 1000 },
		{ COL(state), .label = { "Tình trạng", "State" }, .is = DERIVED | FILTER, .pick = part_states },
		FIXED_TEXT(digest, "Mã băm SHA-256", "SHA-256", 64),
		FIXED_TEXT(form_by, "Chủ nhiệm ký", "Signed by", 200),
		{ COL(form_at), .label = { "Ký lúc", "Signed at" }, .is = DERIVED },
		FIXED_TEXT(head_by, "Hiệu trưởng ký", "Confirmed by", 200),
		FIXED_TEXT(head_as, "Ký với tư cách", "Signed as", 40),
		{ COL(head_at), .label = { "Xác nhận lúc", "Confirmed at" }, .is = DERIVED },
		KEPT(content, 200000), KEPT(form_mark, 20000), KEPT(head_mark, 20000), END },
	.title = { AT(pupil), AT(year) }, .list = { AT(pupil), AT(year), AT(class_name), AT(result), AT(version),
		AT(state) },
	.sort = { AT(class) },
	.unique = { { AT(base.org), AT(transcript), AT(year), AT(version) } },
	.anchor = { [ON_PERSON] = AT(pupil), [ON_CLASS] = AT(class) },
	.flow = { AT(state), STEPS{
		{ "sign", { "Ký (chủ nhiệm)", "Sign (form teacher)" }, 1 << PART_DRAFT, PART_SIGNED, form_hand,
			.guard = part_own, .effect = part_sign },
		{ "confirm", { "Ký (hiệu trưởng)", "Sign (principal)" }, 1 << PART_SIGNED, PART_CONFIRMED, head_hand,
			.guard = part_own, .effect = part_confirm },
		{ "release", { "Trả lại để sửa", "Return to be mended" }, 1 << PART_SIGNED | 1 << PART_CONFIRMED, PART_DRAFT,
			head_hand, .guard = part_own, .effect = part_release },
		{ "issue", { "Phát hành", "Issue" }, 1 << PART_CONFIRMED, PART_ISSUED },
		{ "replace", { "Thay bằng bản mới", "Replace" }, 1 << PART_ISSUED | 1 << PART_CONFIRMED, PART_REPLACED },
		END } },
	.grants = GRANTS{ OFFICE(READ), { &deputy, &at_org, READ },
		{ &form_teacher, &at_form, READ }, { &form_teacher, &formed, READ },
		{ &dept_inspector, &in_tree, READ }, { 0 } } };
#undef ROW

static const struct choice issue_states[] = { [ISSUE_VALID] = { "valid", { "Có hiệu lực", "Valid" } },
	[ISSUE_REPLACED] = { "replaced", { "Đã thay thế", "Replaced" } }, END };
#define ROW struct transcript_issue
const struct entity transcript_issue = { .name = "transcript_issue",
	.label = { "Bản học bạ đã phát hành", "Issued transcript" }, .size = sizeof(ROW), .keeps = HISTORY | FILES,
	.icon = "file-certificate",
	.fields = FIELDS{
		{ REF(transcript, transcript), .label = { "Học bạ", "Transcript" }, .is = NEEDED | DERIVED | FILTER },
		{ REF(pupil, person), .label = { "Học sinh", "Pupil" }, .is = NEEDED | DERIVED | FILTER },
		{ COL(level), .label = { "Cấp học", "Level" }, .is = DERIVED | FILTER, .pick = transcript_levels },
		{ COL(version), .label = { "Bản", "Version" }, .is = DERIVED },
		{ COL(state), .label = { "Tình trạng", "State" }, .is = DERIVED | FILTER, .pick = issue_states },
		FIXED_TEXT(years, "Các năm học", "School years", 200),
		{ COL(issued), .label = { "Phát hành lúc", "Issued at" }, .is = DERIVED },
		{ COL(reason), .label = { "Lý do thay bản trước", "Why it replaces the one before" }, .is = DERIVED | LONG,
			.max = 1000 },
		{ COL(pdf), .label = { "Bản PDF có chữ ký số", "Signed PDF" }, .is = DERIVED | PRIVATE },
		{ COL(xml), .label = { "Bản XML có chữ ký số", "Signed XML" }, .is = DERIVED | PRIVATE },
		FIXED_TEXT(digest, "Mã băm SHA-256 của nội dung", "SHA-256 of the content", 64),
		FIXED_TEXT(statement, "Nội dung mã QR", "What the QR code says", 1000), END },
	.title = { AT(pupil), AT(level), AT(version) }, .list = { AT(pupil), AT(level), AT(version), AT(years), AT(state),
		AT(issued) }, .sort = { AT(issued) },
	.unique = { { AT(base.org), AT(transcript), AT(version) } }, .anchor = { [ON_PERSON] = AT(pupil) },
	.grants = GRANTS{ OFFICE(READ | EXPORT), { &deputy, &at_org, READ },
		{ &form_teacher, &formed, READ }, { &pupil, &own, READ },
		{ &parent, &own_child, READ }, ABOVE(READ), { 0 } } };
#undef ROW

struct carry_in { person_id pupil; org_id school; };
#define ROW struct carry_in
static const struct shape carry_shape = { sizeof(ROW), FIELDS{ { REF(pupil, person) }, { REF(school, org) }, END } };
#undef ROW

/* The whole transcript goes to the school that now keeps the record; what both have signed in it stays as it is. A year
 * that ended at the school before and is not signed by both stays there until it is (part_confirm); one that goes on
 * at the new school is drawn up and signed there. */
static enum rc transcript_carry(struct ctx *c, person_id who, org_id from, org_id to)
{
	static const char *const named[] = { "transcript/carry", "transcript/carry_parts", "transcript/carry_signed",
		"transcript/carry_issues" };
	struct carry_in in = { who, to };

	(void)from;
	for (ptrdiff_t i = 0; i < COUNT(named); i++)
		TRY(execute(c, named[i], &carry_shape, &in, NULL));
	return OK;
}

const struct module mod_transcript = { .name = "transcript", .label = { "Học bạ", "Transcripts" }, .schema = 4,
	.needs = NEEDS(&mod_org, &mod_people, &mod_school, &mod_records, &mod_results),
	.entities = ENTITIES(&transcript, &transcript_part, &transcript_issue),
	.routes = transcript_routes, .jobs = transcript_jobs, .places = transcript_places,
	.carry = transcript_carry };
