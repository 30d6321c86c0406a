/* real_test.c -- the national dumps of ../shared/data, whole: read, built, looked up, and their distributions held
 * against the published ones. Slow; skipped when the data are not there. */
#include "test.h"
#include "base/calendar.h"
#include "base/csv.h"
#include "mod/results/proof.h"

#include <time.h>

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000) + t.tv_nsec / 1000000;
}

/* -1: not there. */
static int open_shared(struct arena *a, const char *name)
{
	const char *folder = getenv("KHUE_SHARED");
	int fd = open(str_z(a, str_fmt(a, "%s/data/exam-scores/%s", folder && *folder ? folder : KHUE_SHARED_DEFAULT,
		name)), O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		print_message("skipped: %s is not there\n", name);
	return fd;
}

struct read { struct mark_set set; struct mark_faults faults; struct marks_told told; };

static bool read_shared(struct arena *a, const char *name, struct read *r)
{
	int fd = open_shared(a, name);
	int64_t from = now_ms();
	enum rc rc;

	if (fd < 0)
		return false;
	mark_set_init(&r->set, a);
	r->faults = (struct mark_faults){ .mem = a };
	rc = marks_read(&r->set, fd, &r->faults, &r->told);
	close(fd);
	if (rc != OK)
		fail_msg("%s: %s", name, r->told.why.en);
	mark_set_sort(&r->set, &r->faults);
	print_message("%s: %lld rows, %lld candidates, %lld faults, read and sorted in %lld ms; not read: %.*s\n", name,
		(long long)r->told.rows,
		(long long)r->set.n, (long long)r->faults.n, (long long)(now_ms() - from), FMT(r->told.unread));
	return true;
}

static struct shard build(struct arena *a, const struct mark_set *set, const char *code)
{
	int64_t from = now_ms();
	struct shard s;
	const struct tr *why;
	str bytes;

	assert_int_equal(shard_make(a, set, str_of(code), &bytes), OK);
	print_message("%s: %.1f MB built in %lld ms\n", code, (double)bytes.n / 1e6, (long long)(now_ms() - from));
	assert_true(shard_open(bytes, &s, &why) && shard_whole(&s));
	return s;
}

static int column_of(const struct shard *s, int subject)
{
	for (int k = 0; k < s->n_subjects; k++)
		if (s->subject[k] == subject)
			return k;
	return -1;
}

static int64_t count_at(const struct shard *s, int column, int mark)
{
	struct dist d = shard_dist(s, column, -1);

	for (uint32_t i = 0; i < d.n; i++) {
		int m;
		int64_t count;
		dist_at(&d, i, &m, &count);
		if (m == mark)
			return count;
	}
	return 0;
}

/* The data README: every count above score 0 equals the published one; at 0 the file has more rows. */
static void distributions_of_2017_are_the_published_ones(void **state)
{
	struct arena a;
	struct read r;
	struct shard s;
	struct csv c;
	str text = { 0 }, cells[8];
	const char *bad;
	int n, compared = 0, zeros = 0;

	arena_init(&a, (size_t)1 << 30);
	if (!read_shared(&a, "diem_thi_thptqg_2017.csv.xz", &r) ||
		!shared_file(&a, "exam-scores/published_subject_score_distribution.csv", &text)) {
		arena_free(&a);
		skip();
	}
	assert_int_equal(r.set.n, 861067);
	s = build(&a, &r.set, "thptqg-2017");
	csv_open(&c, text);
	while (csv_next(&c, &a, cells, 8, &n, &bad)) {
		int64_t count;
		score mark;
		int column;
		if (n != 4 || !str_is(cells[0], "2017"))
			continue;
		column = column_of(&s, subject_published(cells[1]));
		assert_true(column >= 0 && score_read(cells[2], &mark) && str_to_int(cells[3], &count));
		if (mark.v > 0 && count_at(&s, column, mark.v) != count)
			fail_msg("%.*s %.*s: published %lld, here %lld", FMT(cells[1]), FMT(cells[2]), (long long)count,
				(long long)count_at(&s, column, mark.v));
		zeros += mark.v == 0 && count_at(&s, column, 0) > count;
		compared++;
	}
	assert_true(compared > 600);
	print_message("2017: %d counts compared, %d subjects with more zeros here than published\n", compared, zeros);
	assert_int_equal(count_at(&s, column_of(&s, 0), 0), 761);
	arena_free(&a);
}

static void every_candidate_of_2017_is_found(void **state)
{
	struct arena a;
	struct read r;
	struct shard s;
	int64_t from, looked = 0;

	arena_init(&a, (size_t)1 << 30);
	if (!read_shared(&a, "diem_thi_thptqg_2017.csv.xz", &r)) {
		arena_free(&a);
		skip();
	}
	s = build(&a, &r.set, "thptqg-2017");
	from = now_ms();
	for (int64_t i = 0; i < r.set.n; i++) {
		struct marks m;
		int64_t at = shard_find(&s, str_of(r.set.rows[i].number));
		shard_at(&s, at, &m);
		assert_true(at == i && marks_same(&m, &r.set.rows[i]));
	}
	print_message("found all in %lld ms\n", (long long)(now_ms() - from));
	from = now_ms();
	for (int64_t i = 0; i < r.set.n; i += 97, looked++) {
		digest path[SHARD_LEVELS], root;
		struct marks m;
		int n = shard_path(&s, i, path);
		shard_at(&s, i, &m);
		assert_true(path_root(leaf_of(s.exam, &m), i, s.n, path, n, &root) && memcmp(root.b, s.root.b, 32) == 0);
	}
	print_message("%lld paths made and checked in %lld ms\n", (long long)looked, (long long)(now_ms() - from));
	arena_free(&a);
}

static void files_of_other_years_are_understood(void **state)
{
	struct arena a;
	struct read r;
	struct shard s;

	arena_init(&a, (size_t)1 << 30);
	if (!read_shared(&a, "diem_thi_thptqg_2016.csv.xz", &r)) {
		arena_free(&a);
		skip();
	}
	assert_int_equal(r.told.rows, 767607);
	assert_int_equal(r.set.n + r.faults.n, 767607);
	s = build(&a, &r.set, "thptqg-2016");
	assert_int_equal(s.n_groups, 108);
	assert_true(shard_find(&s, S("kqh000001")) >= 0);
	arena_reset(&a);
	if (read_shared(&a, "diem_thi_2025_ha_noi_a.csv", &r)) {
		struct marks m;
		assert_int_equal(r.told.rows, 13274);
		assert_int_equal(r.set.n, 9880);
		assert_int_equal(r.faults.n, 13274 - 9880);
		s = build(&a, &r.set, "thpt-2025");
		shard_at(&s, shard_find(&s, S("01000001")), &m);
		assert_true(m.at[0] == 575 && m.at[1] == 775 && m.at[subject_named(S("hoa_hoc"))] == 775 &&
			m.at[subject_named(S("sinh_hoc"))] == 825);
	}
	arena_free(&a);
}

/* One text of all marks a row; what an independent reading of the sheet counts: papers by subject. */
static void the_sheet_of_a_province_is_read(void **state)
{
	static const struct { const char *code; int64_t papers; } want[] = { { "toan", 2778 }, { "ngu_van", 2763 },
		{ "lich_su", 2459 }, { "dia_li", 2343 }, { "ngoai_ngu", 2321 }, { "gdcd", 2006 }, { "khxh", 2000 },
		{ "hoa_hoc", 562 }, { "vat_li", 545 }, { "sinh_hoc", 526 }, { "khtn", 505 }, { "tin_hoc", 0 } };
	struct arena a;
	struct read r;

	arena_init(&a, (size_t)256 << 20);
	if (!read_shared(&a, "format_2017_bac_kan_synthetic_names.xlsx", &r)) {
		arena_free(&a);
		skip();
	}
	assert_int_equal(r.told.rows, 2830);
	assert_int_equal(r.set.n, 2830);
	assert_int_equal(r.told.unread.n, 0);
	for (ptrdiff_t k = 0; k < COUNT(want); k++) {
		int64_t papers = 0;
		for (int64_t i = 0; i < r.set.n; i++)
			papers += r.set.rows[i].at[subject_named(str_of(want[k].code))] != NO_MARK;
		assert_int_equal(papers, want[k].papers);
	}
	assert_string_equal(r.set.rows[0].number, "11000001");
	assert_true(r.set.rows[0].at[0] == 240 && r.set.rows[0].language == 1);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(distributions_of_2017_are_the_published_ones),
		cmocka_unit_test(every_candidate_of_2017_is_found), cmocka_unit_test(files_of_other_years_are_understood),
		cmocka_unit_test(the_sheet_of_a_province_is_read) };

	return hash_init() ? cmocka_run_group_tests_name("results_real", tests, NULL, NULL) : 1;
}
