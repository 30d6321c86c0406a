/* places_test.c -- addresses of both eras as people write them, and the commune they are in today. */
#include "test.h"
#include "base/embed.h"
#include "mod/org/places.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static struct arena facts;
static const struct places *all;

static int open_facts(void **state)
{
	str units, maps;
	arena_init(&facts, (size_t)64 << 20);
	if (!embedded_get(S("data/org/units.tsv"), &units) || !embedded_get(S("data/org/maps.tsv"), &maps))
		return -1;
	all = places_make(&facts, units, maps);
	(void)state;
	return all ? 0 : -1;
}

static int close_facts(void **state)
{
	arena_free(&facts);
	(void)state;
	return 0;
}

struct answer { struct locality at[PLACES_MAX]; int n; bool more; str rest; };

static struct answer ask(struct arena *a, const char *text)
{
	struct answer r;
	r.n = places_find(all, a, str_of(text), r.at, &r.more, &r.rest);
	return r;
}

static void one_place(void **state)
{
	static const struct { const char *text, *code, *rest; } known[] = {
		{ "thôn X, xã Đông Phú, huyện Lục Nam, tỉnh Bắc Giang", "07450", "thôn X" },
		{ "thon X, xa Dong Phu, huyen Luc Nam, tinh Bac Giang", "07450", "thon X" },
		{ "Thôn X xã Đông Phú huyện Lục Nam tỉnh Bắc Giang", "07450", "Thôn X" },
		{ "thon 3 xa dong phu huyen luc nam tinh bac giang", "07450", "thon 3" },
		{ "X. Đông Phú, H. Lục Nam, T. Bắc Giang", "07450", "" },
		{ "Đông Phú, Lục Nam, Bắc Giang", "07450", "" },
		{ "Đông Phú - huyện Lục Nam - tỉnh Bắc Giang, Việt Nam", "07450", "" },
		/* as it is written since July 2025 */
		{ "xã Đông Phú, tỉnh Bắc Ninh", "07450", "" },
		{ "Tổ 5, P. Đồng Tâm, Q. Hai Bà Trưng, TP. Hà Nội", NULL, "Tổ 5" },
		{ "TT. Đồng Tâm, H.Bắc Mê, Hà Giang", NULL, NULL },
		{ "Phường Vũng Tàu, TP HCM", "26506", "" },
		{ "số 1, phường vũng tàu, thành phố hồ chí minh", "26506", "số 1" },
	};
	(void)state;
	for (int i = 0; i < COUNT(known); i++) {
		struct arena a;
		arena_init(&a, 16 << 20);
		struct answer r = ask(&a, known[i].text);
		if (known[i].code && (r.n != 1 || !str_is(r.at[0].code, known[i].code)))
			fail_msg("%s: %d places, first %.*s", known[i].text, r.n, r.n ? (int)r.at[0].code.n : 0, r.n
				? r.at[0].code.p : "");
		if (known[i].code && known[i].rest && !str_is(r.rest, known[i].rest))
			fail_msg("%s: left over \"%.*s\"", known[i].text, FMT(r.rest));
		arena_free(&a);
	}
}

/* A name that many places have is not guessed; each answer says what distinguishes it. */
static void several_places(void **state)
{
	struct arena a;
	(void)state;
	arena_init(&a, 64 << 20);
	struct answer r = ask(&a, "xã Đông Phú");
	assert_true(r.n >= 3 && !r.more);
	for (int i = 0; i < r.n; i++) {
		assert_true(r.at[i].province.n > 0);
		for (int j = 0; j < i; j++)
			assert_false(str_eq(r.at[i].code, r.at[j].code));
	}
	assert_true(ask(&a, "Đồng Tâm").n > 5);
	r = ask(&a, "Phường 1");
	assert_true(r.n > 1);
	/* a ward of Hai Bà Trưng, and a commune of Mỹ Đức */
	r = ask(&a, "Đồng Tâm, Hà Nội");
	assert_true(r.n >= 2);
	assert_true(str_find(r.at[0].was, S("Hà Nội")) >= 0);
	/* the kind decides */
	r = ask(&a, "phường Đồng Tâm, Hà Nội");
	for (int i = 0; i < r.n; i++)
		assert_true(str_starts(r.at[i].was, S("Phường Đồng Tâm, Quận Hai Bà Trưng")));
	arena_free(&a);
}

static void nothing(void **state)
{
	static const char *const none[] = { "", " ", ",,,,", "xã Không Có Tên Này, huyện Lục Nam",
		"xã Đông Phú, huyện Lục Ngạn, tỉnh Bắc Giang", "xã Đông Phú, huyện Lục Nam, tỉnh Cà Mau",
		"Việt Nam", "tỉnh Bắc Giang", "huyện Lục Nam, tỉnh Bắc Giang, châu Á", "Lục Nam, Bắc Giang", "xã",
		"a,b,c,d,e,f,g,h,i,k,l,m,n,o,p,q", "\xEF\xBF\xBD" };
	char text[2000];
	struct arena a;
	(void)state;
	arena_init(&a, 64 << 20);
	for (int i = 0; i < COUNT(none); i++)
		if (ask(&a, none[i]).n)
			fail_msg("\"%s\" is somewhere", none[i]);
	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = 0;
	assert_int_equal(ask(&a, text).n, 0);
	arena_free(&a);
}

/* Marks tell names apart that fold alike, where they were written. */
static void marks_count_where_written(void **state)
{
	struct arena a;
	(void)state;
	arena_init(&a, 64 << 20);
	struct answer with = ask(&a, "xã Tân Hòa, huyện Phú Bình, tỉnh Thái Nguyên"),
		moved = ask(&a, "xã Tân Hoà, huyện Phú Bình, tỉnh Thái Nguyên");
	/* Hòa and Hoà are one spelling */
	assert_int_equal(with.n, moved.n);
	assert_int_equal(with.n, 1);
	arena_free(&a);
}

/* Every commune of the time before, written in full, is found where the maps say; a tenth of them also without
 * marks. */
static void the_whole_country(void **state)
{
	struct arena a;
	str units, maps, line, f[7], dn[1000], pn[100];
	int n = 0, missed = 0, wrong = 0, asked = 0;
	struct timespec t0, t1;
	(void)state;

	arena_init(&a, (size_t)512 << 20);
	memset(dn, 0, sizeof dn);
	memset(pn, 0, sizeof pn);
	assert_true(embedded_get(S("data/org/units.tsv"), &units) && embedded_get(S("data/org/maps.tsv"), &maps));
	clock_gettime(CLOCK_MONOTONIC, &t0);
	for (str text = units; str_cut(text, '\n', &line, &text) || line.n;) {
		int64_t code;
		str left = line;
		for (int i = 0; i < 7; i++)
			str_cut(left, '\t', &f[i], &left);
		if (!str_is(f[6], "o"))
			continue;
		str full = f[3].n && f[3].p[0] == '=' ? str_sub(f[3], 1, -1) : str_fmt(&a, "%.*s %.*s", FMT(f[3]), FMT(f[2]));
		if (str_is(f[0], "P") && str_to_int(f[1], &code))
			pn[code] = full;
		else if (str_is(f[0], "D") && str_to_int(f[1], &code))
			dn[code] = full;
		if (!str_is(f[0], "C") || n++ % 7)               /* every seventh: the rest is as they are                    */
			continue;
		int64_t district = 0, province = 0;
		assert_true(str_to_int(f[4], &district) && str_to_int(f[5], &province));
		str address = str_fmt(&a, "%.*s, %.*s, %.*s", FMT(full), FMT(dn[district]), FMT(pn[province])),
			key = str_fmt(&a, "\t%.*s\t", FMT(f[1]));
		struct answer r = ask(&a, str_z(&a, address));
		asked++;
		if (str_find(maps, key) < 0)
			continue;
		if (r.n == 0) {
			missed++;
			print_message("not found: %.*s\n", FMT(address));
			continue;
		}
		bool found = false;
		for (int i = 0; i < r.n; i++)
			found = found || str_find(maps, str_fmt(&a, "%.*s%.*s", FMT(r.at[i].code), FMT(key))) >= 0;
		wrong += !found;
	}
	clock_gettime(CLOCK_MONOTONIC, &t1);
	double us = ((double)(t1.tv_sec - t0.tv_sec) * 1e9 + (double)(t1.tv_nsec - t0.tv_nsec)) / 1e3 / asked;
	print_message("%d addresses, %d not found, %d elsewhere, %.0f us each\n", asked, missed, wrong, us);
	assert_true(asked > 1300);
	assert_int_equal(wrong, 0);
	/* the maps name two codes that the list of today has not */
	assert_true(missed <= 1);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(one_place), cmocka_unit_test(several_places),
		cmocka_unit_test(nothing), cmocka_unit_test(marks_count_where_written),
		cmocka_unit_test(the_whole_country) };
	return cmocka_run_group_tests_name("places", tests, open_facts, close_facts);
}
