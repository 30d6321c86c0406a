/* report.c -- statistics of results as tables to take away: levels by class, averages by class and subject. */
#include "mod/records/carried.h"
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
/* sum: of the averages, in hundredths; nobody reads it. */
struct subject_stat { str school, class, subject; int64_t pupils, under3, under5, under6, under8, above; score mean;
	int64_t sum; };
#define ROW struct subject_stat
static const struct shape subject_stat_shape = { sizeof(ROW), FIELDS{ { COL(school), .label = { "Trường", "School" } },
	{ COL(class), .label = { "Lớp", "Class" } }, { COL(subject), .label = { "Môn", "Subject" } },
	{ COL(pupils), .label = { "Học sinh", "Pupils" } }, { COL(under3), .label = { "Dưới 3,5", "Below 3.5" } },
	{ COL(under5), .label = { "3,5–4,9", "3.5–4.9" } }, { COL(under6), .label = { "5,0–6,4", "5.0–6.4" } },
	{ COL(under8), .label = { "6,5–7,9", "6.5–7.9" } }, { COL(above), .label = { "Từ 8,0", "8.0 and above" } },
	{ COL(mean), .label = { "Trung bình", "Mean" }, .is = TENTHS },
	{ COL(sum), .label = { "Tổng", "Sum" }, .is = SECRET }, END } };
#undef ROW

/* ---- a term in two books ------------------------------------------------------------------------------------- */

struct split_row { int64_t class, pupil, subject; str school, class_name, subject_name; };
#define ROW struct split_row
static const struct shape split_shape = { sizeof(ROW), FIELDS{ { COL(class) }, { COL(pupil) }, { COL(subject) },
	{ COL(school) }, { COL(class_name) }, { COL(subject_name) }, END } };
#undef ROW
enum { SPLIT_MAX = 60000 };

static void count_in(struct subject_stat *s, int64_t average)
{
	++*(average < 350 ? &s->under3 : average < 500 ? &s->under5 : average < 650 ? &s->under6 : average < 800
		? &s->under8 : &s->above);
	s->pupils++;
	s->sum += average;
	s->mean.v = (int32_t)((s->sum * 2 + s->pupils * 10) / (s->pupils * 20) * 10);
}

/* The row of a class and subject; a new one stands behind the others of its class, else of its school. */
static struct subject_stat *stat_row(struct subject_stat *v, int64_t *n, const struct split_row *p)
{
	int64_t at = *n, of_class = -1, of_school = -1;

	for (int64_t i = 0; i < *n; i++) {
		bool school = str_eq(v[i].school, p->school), class = school && str_eq(v[i].class, p->class_name);
		if (class && str_eq(v[i].subject, p->subject_name))
			return &v[i];
		of_class = class ? i : of_class;
		of_school = school ? i : of_school;
	}
	at = of_class >= 0 ? of_class + 1 : of_school >= 0 ? of_school + 1 : at;
	memmove(&v[at + 1], &v[at], sizeof *v * (size_t)(*n - at));
	v[at] = (struct subject_stat){ .school = p->school, .class = p->class_name, .subject = p->subject_name };
	++*n;
	return &v[at];
}

/* Who changed class or school within a term has marks of it in two books: the average is of both (TT 22/2021
 * Điều 9.1), which no query can compute. */
static enum rc add_split(struct ctx *c, const void *in_, items *rows)
{
	const struct stat_in *in = in_;
	items got, terms = { 0 };
	int64_t n = rows->n, class = 0;

	TRY(query(c, "records/subjects_split", &stat_in_shape, in, &split_shape, &got, SPLIT_MAX));
	struct subject_stat *v = NEWS(c->mem, struct subject_stat, n + got.n + 1);
	if (n)
		memcpy(v, rows->p, sizeof *v * (size_t)n);
	for (int64_t i = 0; i < got.n; i++) {
		const struct split_row *p = (const struct split_row *)got.p + i;
		if (p->class != class)
			TRY(terms_brought(c, (school_class_id){ p->class }, &terms));
		class = p->class;
		for (int64_t k = 0; k < terms.n; k++) {
			const struct carried_term *t = (const struct carried_term *)terms.p + k;
			if (t->pupil == p->pupil && t->subject == p->subject && t->average.v >= 0 &&
				t->term == (in->term == TERM_1 ? TERM_1 : TERM_2))
				count_in(stat_row(v, &n, p), t->average.v);
		}
	}
	*rows = (items){ v, n };
	return OK;
}

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
		&stat_in_shape, &subject_stat_shape, statisticians, ABOUT_NOBODY, add_split },
	{ "locked", { "Khóa sổ điểm đúng hạn theo trường", "Registers locked on time, by school" }, "records/locked",
		&locked_in_shape, &locked_row_shape, supervisors, ABOUT_NOBODY },
	{ "late", { "Lớp khóa sổ muộn hoặc chưa khóa", "Classes whose registers were locked late or not at all" },
		"records/locked_late", &locked_in_shape, &locked_class_shape, supervisors, ABOUT_NOBODY }, END };
