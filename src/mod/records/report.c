/* report.c -- statistics of results as tables to take away: levels by class, averages by class and subject. */
#include "mod/records/results_page.h"

struct stat_in { school_year_id year; pick term; };
enum rc year_now(struct ctx *c, void *in)
{
	struct year_row y;
	enum rc rc = year_find(c, 0, &y);

	if (rc == OK)
		((struct stat_in *)in)->year.v = y.id;
	return rc == E_MISSING ? OK : rc;
}
#define ROW struct stat_in
static const struct shape stat_in_shape = { sizeof(ROW), FIELDS{ { REF(year, school_year), .is = NEEDED,
	.label = { "Năm học", "School year" }, .fill = year_now }, { COL(term), .pick = mark_terms,
	.label = { "Học kì", "Term" } }, END } };
#undef ROW
struct level_stat { str school, class, level; int64_t pupils, promoted, titled; };
#define ROW struct level_stat
static const struct shape level_stat_shape = { sizeof(ROW), FIELDS{ { COL(school), .label = { "Trường", "School" } },
	{ COL(class), .label = { "Lớp", "Class" } }, { COL(level), .label = { "Mức học tập", "Level" } },
	{ COL(pupils), .label = { "Học sinh", "Pupils" } }, { COL(promoted), .label = { "Được lên lớp", "Promoted" } },
	{ COL(titled), .label = { "Có danh hiệu", "With a title" } }, END } };
#undef ROW
struct subject_stat { str school, class, subject; int64_t pupils, under3, under5, under6, under8, above; score mean; };
#define ROW struct subject_stat
static const struct shape subject_stat_shape = { sizeof(ROW), FIELDS{ { COL(school), .label = { "Trường", "School" } },
	{ COL(class), .label = { "Lớp", "Class" } }, { COL(subject), .label = { "Môn", "Subject" } },
	{ COL(pupils), .label = { "Học sinh", "Pupils" } }, { COL(under3), .label = { "Dưới 3,5", "Below 3.5" } },
	{ COL(under5), .label = { "3,5–4,9", "3.5–4.9" } }, { COL(under6), .label = { "5,0–6,4", "5.0–6.4" } },
	{ COL(under8), .label = { "6,5–7,9", "6.5–7.9" } }, { COL(above), .label = { "Từ 8,0", "8.0 and above" } },
	{ COL(mean), .label = { "Trung bình", "Mean" }, .is = TENTHS }, END } };
#undef ROW

static const struct grant statisticians[] = { { &principal, &at_org, READ }, { &clerk, &at_org, READ },
	{ &deputy, &at_org, READ },
	{ &form_teacher, &at_org, READ }, { &dept_officer, &in_tree, READ }, { &dept_leader, &in_tree, READ },
	{ &dept_inspector, &in_tree, READ }, { 0 } };
static const struct grant supervisors[] = { { &principal, &at_org, READ }, { &clerk, &at_org, READ },
	{ &deputy, &at_org, READ },
	{ &dept_officer, &in_tree, READ }, { &dept_leader, &in_tree, READ }, { &dept_inspector, &in_tree, READ },
	{ &bureau_leader, &in_tree, READ }, { &commune_officer, &in_tree, READ }, { 0 } };

const struct report records_reports[] = {
	{ "levels", { "Kết quả học tập theo lớp", "Levels by class" }, "records/stat_levels", &stat_in_shape,
		&level_stat_shape, statisticians, ABOUT_NOBODY },
	{ "subjects", { "Phân bố điểm theo lớp và môn", "Averages by class and subject" }, "records/stat_subjects",
		&stat_in_shape, &subject_stat_shape, statisticians, ABOUT_NOBODY },
	{ "locked", { "Khóa sổ điểm đúng hạn theo trường", "Registers locked on time, by school" }, "records/locked",
		&locked_in_shape, &locked_row_shape, supervisors, ABOUT_NOBODY },
	{ "late", { "Lớp khóa sổ muộn hoặc chưa khóa", "Classes whose registers were locked late or not at all" },
		"records/locked_late", &locked_in_shape, &locked_class_shape, supervisors, ABOUT_NOBODY }, END };
