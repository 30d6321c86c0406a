/* shard_test.c -- shards: what is written is read, proofs hold and fail, damage is refused. */
#include "test.h"
#include "mod/results/bytes.h"
#include "mod/results/proof.h"
#include "mod/results/stats.h"

static struct marks *add(struct mark_set *s, const char *number, int toan, int van, int language)
{
	struct marks *m = mark_set_add(s);

	assert_true(number_read(str_of(number), m->number));
	m->at[0] = (int16_t)toan;
	m->at[1] = (int16_t)van;
	m->language = (uint8_t)language;
	m->group = mark_set_group(s, str_sub(str_of(number), 0, 2));
	m->line = (uint32_t)s->n + 1;
	s->has[0] = s->has[1] = true;
	return m;
}

static str shard_of(struct arena *a, int n)
{
	struct mark_set s;
	str bytes;

	mark_set_init(&s, a);
	for (int i = 0; i < n; i++)
		add(&s, str_z(a, str_fmt(a, "%02d%06d", i % 3 + 1, i / 3)), i % 11 ? i % 1001 : NO_MARK, i * 7 % 1001, i % 5
			? i % 8 : 0);
	struct mark_faults faults = { .mem = a };
	mark_set_sort(&s, &faults);
	assert_int_equal(faults.n, 0);
	assert_int_equal(shard_make(a, &s, S("thu-2026"), &bytes), OK);
	return bytes;
}

static struct shard opened(str bytes)
{
	struct shard s;
	const struct tr *why;

	assert_true(shard_open(bytes, &s, &why));
	assert_true(shard_whole(&s));
	return s;
}

static void leaf_names_are_in_order(void **state)
{
	const char *last = "";

	for (int k = 0; k < LEAF_NAMES; k++) {
		const char *name = leaf_order[k] == LEAF_LANGUAGE ? "ma_ngoai_ngu" : subjects[leaf_order[k]].code;
		assert_true(strcmp(last, name) < 0);
		assert_true(strlen(name) < 16);
		last = name;
	}
	assert_null(subjects[LEAF_NAMES - 1].code);
}

static void every_row_comes_back(void **state)
{
	static const int sizes[] = { 1, 2, 15, 16, 17, 31, 33, 100, 1000 };
	struct arena a;

	arena_init(&a, 64 << 20);
	for (ptrdiff_t k = 0; k < COUNT(sizes); k++) {
		struct shard s = opened(shard_of(&a, sizes[k]));
		char last[NUMBER_MAX + 1] = "";
		assert_int_equal(s.n, sizes[k]);
		assert_text(s.exam, "thu-2026");
		for (int i = 0; i < sizes[k]; i++) {
			str number = str_fmt(&a, "%02d%06d", i % 3 + 1, i / 3);
			int64_t at = shard_find(&s, number);
			struct marks m;
			assert_true(at >= 0);
			shard_at(&s, at, &m);
			assert_text(number, m.number);
			assert_int_equal(m.at[0], i % 11 ? i % 1001 : NO_MARK);
			assert_int_equal(m.at[1], i * 7 % 1001);
			assert_int_equal(m.at[2], NO_MARK);
			assert_int_equal(m.language, i % 5 ? i % 8 : 0);
			assert_true(str_eq(shard_group(&s, m.group), str_sub(number, 0, 2)));
			shard_at(&s, i, &m);
			assert_true(strcmp(last, m.number) < 0);
			memcpy(last, m.number, sizeof last);
		}
		assert_int_equal(shard_find(&s, S("99999999")), -1);
		assert_int_equal(shard_find(&s, S("0")), -1);
		assert_int_equal(shard_find(&s, S("")), -1);
		assert_int_equal(shard_find(&s, S("010000000000000000")), -1);
		assert_int_equal(shard_find(&s, S("<script>")), -1);
		arena_reset(&a);
	}
	arena_free(&a);
}

static void every_path_leads_to_the_root(void **state)
{
	static const int sizes[] = { 1, 2, 3, 5, 16, 17, 18, 32, 33, 47, 49, 64, 65, 255, 257, 1000 };
	struct arena a;

	arena_init(&a, 64 << 20);
	for (ptrdiff_t k = 0; k < COUNT(sizes); k++) {
		struct shard s = opened(shard_of(&a, sizes[k]));
		for (int64_t i = 0; i < s.n; i++) {
			digest path[SHARD_LEVELS], root;
			int n = shard_path(&s, i, path);
			struct marks m;
			shard_at(&s, i, &m);
			assert_true(path_root(leaf_of(s.exam, &m), i, s.n, path, n, &root));
			assert_memory_equal(root.b, s.root.b, 32);
			assert_false(path_root(leaf_of(s.exam, &m), i, s.n, path, n + 1, &root));
			if (n)
				assert_false(path_root(leaf_of(s.exam, &m), i, s.n, path, n - 1, &root));
			m.at[1] ^= 1;
			assert_true(path_root(leaf_of(s.exam, &m), i, s.n, path, n, &root));
			assert_memory_not_equal(root.b, s.root.b, 32);
		}
		arena_reset(&a);
	}
	arena_free(&a);
}

static void a_leaf_is_what_the_page_says(void **state)
{
	struct arena a;
	struct mark_set s;
	struct marks *m;

	arena_init(&a, 1 << 20);
	mark_set_init(&s, &a);
	m = add(&s, "kqh000001", 860, 725, 1);
	m->at[2] = 1000;
	m->at[4] = 5;
	assert_text(leaf_text(&a, S("thptqg-2017"), m),
		"thptqg-2017\nKQH000001\nhoa_hoc=0.05\nma_ngoai_ngu=N1\nngoai_ngu=10\nngu_van=7.25\ntoan=8.6\n");
	arena_free(&a);
}

static struct issue issued(struct arena *a, const struct shard *s, uint8_t seed_byte)
{
	struct issue v = { .exam = s->exam, .name = S("Kỳ thi thử"), .by = S("Sở GD&ĐT \"Khuê\""),
		.published = S("2026-07-16T08:00:00+07:00"),
		.year = 2026, .count = s->n, .root = s->root, .body = s->body };
	uint8_t seed[32] = { seed_byte };
	struct signing k;

	signing_from(seed, &k);
	issue_sign(a, &v, &k);
	return v;
}

/* The text with the first `from` replaced. */
static str changed(struct arena *a, str text, const char *from, const char *to)
{
	ptrdiff_t at = str_find(text, str_of(from));

	assert_true(at >= 0);
	return str_fmt(a, "%.*s%s%.*s", (int)at, text.p, to, FMT(str_sub(text, at + (ptrdiff_t)strlen(from), -1)));
}

static void proofs_hold_and_fail(void **state)
{
	struct arena a;
	struct shard s;
	struct issue v, other;
	struct proof_told told;
	str json;

	arena_init(&a, 64 << 20);
	s = opened(shard_of(&a, 500));
	v = issued(&a, &s, 1);
	other = issued(&a, &s, 2);
	assert_true(issue_signed(&a, &v));
	json = result_json(&a, &s, &v, shard_find(&s, S("02000041")));
	assert_int_equal(proof_check(&a, json, NULL, &told), PROOF_GOOD);
	assert_string_equal(told.marks.number, "02000041");
	assert_int_equal(told.marks.at[0], 124);
	assert_int_equal(proof_check(&a, json, v.key, &told), PROOF_GOOD);
	assert_int_equal(proof_check(&a, json, other.key, &told), PROOF_OTHER_KEY);
	assert_int_equal(proof_check(&a, changed(&a, json, "\"toan\":1.24", "\"toan\":9.24"), NULL, &told), PROOF_MARKS);
	assert_int_equal(proof_check(&a, changed(&a, json, "\"toan\":1.24,", ""), NULL, &told), PROOF_MARKS);
	assert_int_equal(proof_check(&a, changed(&a, json, "02000041", "02000042"), NULL, &told), PROOF_MARKS);
	assert_int_equal(proof_check(&a, changed(&a, json, "thu-2026", "thu-2025"), NULL, &told), PROOF_MARKS);
	assert_int_equal(proof_check(&a, changed(&a, json, "08:00:00", "09:00:00"), NULL, &told), PROOF_SIGNATURE);
	assert_int_equal(proof_check(&a, changed(&a, json, "Khuê", "Khue"), NULL, &told), PROOF_SIGNATURE);
	assert_int_equal(proof_check(&a, changed(&a, json, "\"count\":500", "\"count\":499"), NULL, &told) == PROOF_GOOD,
		false);
	assert_int_equal(proof_check(&a, changed(&a, json, "\"index\":", "\"index\":-"), NULL, &told) == PROOF_GOOD, false);
	assert_int_equal(proof_check(&a, changed(&a, json, "\"signature\":", "\"sig\":"), NULL, &told), PROOF_INCOMPLETE);
	assert_int_equal(proof_check(&a, S("{}"), NULL, &told), PROOF_INCOMPLETE);
	assert_int_equal(proof_check(&a, S("[1]"), NULL, &told), PROOF_UNREADABLE);
	assert_int_equal(proof_check(&a, str_sub(json, 0, json.n / 2), NULL, &told), PROOF_UNREADABLE);
	arena_free(&a);
}

static void a_manifest_comes_back(void **state)
{
	struct arena a;
	struct shard s;
	struct issue v, w;
	str json;

	arena_init(&a, 16 << 20);
	s = opened(shard_of(&a, 20));
	v = issued(&a, &s, 3);
	json = issue_json(&a, &v);
	assert_true(issue_read(&a, json, &w));
	assert_true(issue_signed(&a, &w) && str_eq(w.name, v.name) && w.year == 2026 && w.count == 20);
	assert_false(issue_read(&a, changed(&a, json, "khue-results-1", "khue-results-9"), &w));
	assert_false(issue_read(&a, str_sub(json, 0, json.n - 3), &w));
	assert_true(issue_read(&a, changed(&a, json, "\"candidates\":20", "\"candidates\":21"), &w));
	assert_false(issue_signed(&a, &w));
	arena_free(&a);
}

static void damage_is_refused(void **state)
{
	struct arena a;
	struct shard s;
	const struct tr *why;
	str bytes;
	char *copy;
	uint64_t seed = 8;

	arena_init(&a, 64 << 20);
	bytes = shard_of(&a, 300);
	for (ptrdiff_t n = 0; n < bytes.n; n += n < 400 ? 1 : 97)
		assert_false(shard_open(str_sub(bytes, 0, n), &s, &why));
	assert_false(shard_open(S("not a shard, but long enough"), &s, &why));
	for (int round = 0; round < 4000; round++) {
		ptrdiff_t at = (ptrdiff_t)(next_number(&seed) % (uint64_t)(round % 2 ? SHARD_HEADER : bytes.n));
		copy = str_z(&a, bytes);
		copy[at] = (char)(copy[at] ^ (1 << next_number(&seed) % 8));
		if (shard_open((str){ copy, bytes.n }, &s, &why))
			assert_false(shard_whole(&s));
		if (round % 100 == 99) {
			arena_reset(&a);
			bytes = shard_of(&a, 300);
		}
	}
	arena_free(&a);
}

static void distributions_count_by_hand(void **state)
{
	static const struct { const char *number; int toan, van;
		} rows[] = { { "01000001", 500, 800 }, { "01000002", 500, NO_MARK },
		{ "01000003", 0, 800 }, { "02000001", 1000, 775 }, { "02000002", NO_MARK, 800 } };
	struct arena a;
	struct mark_set set;
	struct shard s;
	struct dist d;
	str bytes;
	int mark;
	int64_t count;

	arena_init(&a, 16 << 20);
	mark_set_init(&set, &a);
	for (ptrdiff_t i = 0; i < COUNT(rows); i++)
		add(&set, rows[i].number, rows[i].toan, rows[i].van, 0);
	assert_int_equal(shard_make(&a, &set, S("nho"), &bytes), OK);
	s = opened(bytes);
	d = shard_dist(&s, 0, -1);
	assert_int_equal(d.n, 3);
	dist_at(&d, 0, &mark, &count);
	assert_true(mark == 0 && count == 1);
	dist_at(&d, 1, &mark, &count);
	assert_true(mark == 500 && count == 2);
	dist_at(&d, 2, &mark, &count);
	assert_true(mark == 1000 && count == 1);
	d = shard_dist(&s, 1, -1);
	dist_at(&d, 1, &mark, &count);
	assert_true(d.n == 2 && mark == 800 && count == 3);
	d = shard_dist(&s, 0, 1);
	dist_at(&d, 0, &mark, &count);
	assert_true(d.n == 1 && mark == 1000 && count == 1);
	assert_int_equal(shard_dist(&s, 5, -1).n, 0);
	assert_int_equal(shard_dist(&s, 0, 2).n, 0);
	arena_free(&a);
}

static void twice_is_told(void **state)
{
	struct arena a;
	struct mark_set s;
	struct mark_faults faults;

	arena_init(&a, 16 << 20);
	mark_set_init(&s, &a);
	faults = (struct mark_faults){ .mem = &a };
	add(&s, "02", 100, 100, 0);
	add(&s, "01", 100, 100, 0);
	add(&s, "02", 100, 100, 0);
	add(&s, "02", 200, 100, 0);
	mark_set_sort(&s, &faults);
	assert_int_equal(s.n, 2);
	assert_int_equal(faults.n, 2);
	assert_true(faults.at[0].line == 4 && faults.at[1].line == 5);
	assert_true(faults.at[0].text != faults.at[1].text);
	assert_text(faults.at[1].args[1], "2");
	assert_string_equal(s.rows[0].number, "01");
	arena_free(&a);
}

static void shards_need_rows_and_a_code(void **state)
{
	struct arena a;
	struct mark_set s;
	str bytes;

	arena_init(&a, 16 << 20);
	mark_set_init(&s, &a);
	assert_int_equal(shard_make(&a, &s, S("x"), &bytes), E_INVALID);
	add(&s, "01", 100, 100, 0);
	assert_int_equal(shard_make(&a, &s, S(""), &bytes), E_INVALID);
	assert_int_equal(shard_make(&a, &s, S("../etc"), &bytes), E_INVALID);
	assert_int_equal(shard_make(&a, &s, S("-x"), &bytes), E_INVALID);
	assert_int_equal(shard_make(&a, &s, S("x"), &bytes), OK);
	arena_free(&a);
}

static void figures_by_hand(void **state)
{
	/* 0 x1, 500 x2, 1000 x1: mean 500, variance (500^2 * 2) / 4 = 125,000, deviation 353.55 */
	static const unsigned char pairs[] = { 0, 0, 0, 0, 1, 0, 0, 0, 0xF4, 1, 0, 0, 2, 0, 0, 0, 0xE8, 3, 0, 0, 1, 0, 0,
		0 };
	struct dist d = { pairs, 3 }, none = { pairs, 0 };
	struct mark_stats s;
	int64_t bins[BINS_MAX];

	stats_of(&d, &s);
	assert_true(s.n == 4 && s.mean == 500 && s.median == 500 && s.mode == 500 && s.least == 0 && s.most == 1000);
	assert_true(s.deviation == 354 && s.below_five == 1 && s.from_eight == 1 && s.zero == 1 && s.to_one == 1 &&
		s.ten == 1);
	assert_int_equal(s.step, 25);
	assert_int_equal(stats_below(&d, 0), 0);
	assert_int_equal(stats_below(&d, 500), 250);
	assert_int_equal(stats_below(&d, 1000), 750);
	assert_int_equal(stats_bins(&d, 25, bins), 41);
	assert_true(bins[0] == 1 && bins[20] == 2 && bins[40] == 1);
	assert_int_equal(share(1, 3), 333);
	assert_int_equal(share(2, 3), 667);
	stats_of(&none, &s);
	assert_true(s.n == 0 && s.mean == 0 && s.least == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(leaf_names_are_in_order), cmocka_unit_test(figures_by_hand),
		cmocka_unit_test(every_row_comes_back),
		cmocka_unit_test(every_path_leads_to_the_root), cmocka_unit_test(a_leaf_is_what_the_page_says),
		cmocka_unit_test(proofs_hold_and_fail),
		cmocka_unit_test(a_manifest_comes_back), cmocka_unit_test(damage_is_refused),
		cmocka_unit_test(distributions_count_by_hand),
		cmocka_unit_test(twice_is_told), cmocka_unit_test(shards_need_rows_and_a_code) };

	return hash_init() ? cmocka_run_group_tests_name("results_shard", tests, NULL, NULL) : 1;
}
