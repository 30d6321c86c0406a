/* alike_test.c -- which records look like one person, and why. */
#include "domain.h"
#include "core/row.h"
#include "mod/people/alike.h"
#include "mod/people/lists.h"
#include "mod/people/people_rules.h"

static void names_are_compared_bare(void **state)
{
	struct arena mem;

	(void)state;
	arena_init(&mem, 1 << 20);
	assert_text(name_bare(&mem, S("Nguyễn Thị Thuý")), "nguienthithui");
	assert_text(name_bare(&mem, S("NGUYEN  THI THÚI")), "nguienthithui");
	assert_text(name_bare(&mem, S("H'Wit Niê-Kdăm")), "hwitniekdam");
	assert_text(name_bare(&mem, S("Đặng Vỹ")), "dangvi");
	arena_free(&mem);
}

static const struct { const char *name; int y, m, d; enum sex sex; int64_t org, commune; const char *phone, *national,
	*sector; } records[] = {
	[0] = { "Nguyễn Thị Thuý", 2012, 3, 4, SEX_FEMALE, 1, 0, "", "", "" },
	[1] = { "NGUYEN THI THÚY", 2012, 3, 4, SEX_FEMALE, 1, 0, "", "", "" },            /* marks, one school */
	[2] = { "Nguyễn Thị Thủy", 2012, 3, 4, SEX_FEMALE, 2, 0, "", "", "" },            /* elsewhere, nothing near */
	[3] = { "Nguyễn Thị Thúy", 2012, 3, 4, SEX_MALE, 1, 0, "", "", "" },              /* a boy */
	[4] = { "Lê Văn Tám", 2013, 5, 8, SEX_MALE, 3, 9, "", "", "" },
	[5] = { "Lê Văn Tám", 2013, 8, 5, SEX_MALE, 4, 9, "", "", "" },                   /* swapped, one commune */
	[6] = { "Lê Văn Tám", 2013, 8, 5, SEX_MALE, 5, 8, "", "", "" },                   /* as 5: the same name and day */
	[7] = { "Phạm Minh Khang", 2014, 1, 20, SEX_MALE, 3, 0, "0912 345 678", "", "" },
	[8] = { "Phạm Minh Khag", 2014, 1, 20, SEX_MALE, 4, 0, "+84912345678", "", "" },  /* a letter, one telephone */
	[9] = { "Phạm Minh Khan", 2014, 1, 20, SEX_MALE, 4, 0, "", "", "" },              /* no telephone */
	[10] = { "Vũ Bảo Ngân", 2015, 2, 2, SEX_FEMALE, 3, 0, "0988000111", "", "8800000001" },
	[11] = { "Vũ Bảo Ngâm", 2015, 2, 2, SEX_FEMALE, 3, 0, "0988000111", "", "8800000002" },   /* twins */
	[12] = { "Trần Hải", 2011, 6, 7, SEX_MALE, 1, 0, "", "", "" },
	[13] = { "Trần Hải", 2012, 6, 7, SEX_MALE, 2, 0, "", "", "" },                    /* a year, one guardian */
	[14] = { "Đỗ Lan", 2010, 9, 9, SEX_FEMALE, 1, 0, "", "001310012345", "" },
	[15] = { "Đỗ Thị Hồng", 2010, 9, 9, SEX_FEMALE, 2, 0, "", "", "001310012345" },  /* one's number is the other's */
	[16] = { "Hồ Sơn", 2010, 1, 1, SEX_MALE, 1, 0, "", "001210000001", "" },
	[17] = { "Hồ Sơn", 2010, 1, 1, SEX_MALE, 1, 0, "", "001210000002", "" } };        /* two numbers, two people */

static bool knows(void *arg, int64_t a, int64_t b)
{
	const int64_t *pair = arg;
	return pair && pair[0] == a && pair[1] == b;
}

static items likes(struct arena *mem, const int64_t *known)
{
	struct alike *all = alike_new(mem, 1, 0);        /* room is only a guess */
	struct arena scratch;

	arena_init(&scratch, 1 << 20);
	for (int i = 0; i < COUNT(records); i++) {
		struct alike_person p = { i + 1, { records[i].org }, str_of(records[i].name), NO_DAY, records[i].sex,
			{ records[i].commune }, str_of(records[i].phone), str_of(records[i].national), str_of(records[i].sector) };
		day_of(records[i].y, records[i].m, records[i].d, &p.born);
		alike_add(all, &p, &scratch);
		arena_reset(&scratch);
	}
	arena_free(&scratch);
	alike_family(all, 13, 777, S(""));
	alike_family(all, 14, 777, S(""));
	alike_family(all, 99, 777, S("0912345678"));     /* a pupil who is not among them */
	return alike_find(all, knows, (void *)(uintptr_t)known);
}

/* Each rule finds its pair and nothing else: what only looks so (twins, namesakes elsewhere) is not told. */
static void few_rules_find_what_happens(void **state)
{
	static const struct { int64_t a, b; enum alike_rule rule; } wanted[] = { { 15, 16, ALIKE_NUMBER },
		{ 6, 7, ALIKE_NAME }, { 1, 2, ALIKE_MARKS }, { 5, 6, ALIKE_SWAP }, { 8, 9, ALIKE_LETTER },
		{ 13, 14, ALIKE_YEAR } };
	static const int64_t known[2] = { 5, 6 };
	struct arena mem;

	(void)state;
	arena_init(&mem, (size_t)64 << 20);
	items got = likes(&mem, NULL);
	const struct alike_pair *p = got.p;
	for (int w = 0; w < COUNT(wanted); w++) {
		bool there = false;
		for (int64_t i = 0; i < got.n; i++)
			there = there || (p[i].a == wanted[w].a && p[i].b == wanted[w].b && p[i].rule == wanted[w].rule);
		if (!there)
			fail_msg("rule %d did not find %d and %d", (int)wanted[w].rule, (int)wanted[w].a, (int)wanted[w].b);
	}
	for (int64_t i = 0; i < got.n; i++)
		if (i > 0 && p[i].score > p[i - 1].score)
			fail_msg("%d stands before what is likelier", (int)i - 1);
	assert_int_equal(got.n, COUNT(wanted));
	assert_int_equal(likes(&mem, known).n, got.n - 1);
	arena_free(&mem);
}

/* Two who share a name that many bear, a birthday and nothing else are two people. */
static void a_common_name_says_little(void **state)
{
	struct arena mem, scratch;

	(void)state;
	arena_init(&mem, (size_t)64 << 20);
	arena_init(&scratch, 1 << 20);
	for (int bearers = 30; bearers <= 60; bearers += 30) {
		struct alike *all = alike_new(&mem, bearers, 0);
		for (int i = 0; i < bearers; i++)
			alike_add(all, &(struct alike_person){ .id = i + 1, .org = { i + 1 }, .name = S("Nguyễn Văn An"),
				.born = { 16000 + 40 * (i == 1 ? 0 : i) } }, &scratch);
		assert_int_equal(alike_find(all, knows, NULL).n, bearers == 30);
	}
	arena_free(&scratch);
	arena_free(&mem);
}

static void a_letter_is_a_letter(void **state)
{
	(void)state;
	assert_true(one_letter_apart(S("khang"), S("khag")) && one_letter_apart(S("khag"), S("khang")));
	assert_true(one_letter_apart(S("khang"), S("khanh")) && one_letter_apart(S("khang"), S("khnag")));
	assert_true(one_letter_apart(S("aa"), S("aaa")) && one_letter_apart(S("a"), S("")));
	assert_false(one_letter_apart(S("khang"), S("khang")) || one_letter_apart(S("khang"), S("kh")));
	assert_false(one_letter_apart(S("khang"), S("kgahn")) || one_letter_apart(S("ab"), S("cd")));
}

/* As lists of schools write them; the Statistics Office joins the words by a dash. */
static void ethnic_groups_are_read_as_people_write_them(void **state)
{
	static const struct { const char *typed, *code; } of[] = { { "Ê Đê", "12" }, { "Êđê", "12" }, { "Ê-đê", "12" },
		{ "Gia Rai", "10" }, { "Ba-na", "13" }, { "H'Mông", "08" }, { "Mông", "08" }, { "Khmer", "05" },
		{ "Xơ Đăng", "14" }, { "M'nông", "20" }, { "Bru - Vân Kiều", "23" }, { "Rơ-măm", "54" }, { "kinh", "01" } };
	struct arena mem;
	struct person p;
	struct flaw bad;

	(void)state;
	arena_init(&mem, 1 << 20);
	for (int i = 0; i < COUNT(of); i++) {
		if (!field_read(field_named(person.fields, S("ethnicity")), str_of(of[i].typed), (day){ 0 }, &mem, &p, &bad))
			fail_msg("%s is not read", of[i].typed);
		assert_string_equal(ethnic_groups[p.ethnicity].code, of[i].code);
	}
	assert_false(field_read(field_named(person.fields, S("ethnicity")), S("Klingon"), (day){ 0 }, &mem, &p, &bad));
	assert_true(str_ends(bad.args[1], S(", …")));           /* not all groups stand in the message */
	arena_free(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(names_are_compared_bare),
		cmocka_unit_test(few_rules_find_what_happens), cmocka_unit_test(a_letter_is_a_letter),
		cmocka_unit_test(a_common_name_says_little), cmocka_unit_test(ethnic_groups_are_read_as_people_write_them) };

	return hash_init() ? cmocka_run_group_tests_name("people_alike", tests, NULL, NULL) : 1;
}
