/* base_viet_test.c -- Vietnamese text: real traps, and properties over generated and real text. */
#include "test.h"
#include "base/csv.h"
#include "base/viet.h"

static str cleaned(struct arena *a, str s)
{
	str r = S("refused");

	viet_clean(a, s, &r);
	return r;
}

static void clean_makes_nfc_and_mends_d(void **state)
{
	static const str refused[] = { S_INIT("a\x01"), S_INIT("a\0b"), S_INIT("\xC3"), S_INIT("a\rb"),
		S_INIT("\xC2\x85"), S_INIT("\x7F") };
	struct arena a;
	str r = S("kept");

	arena_init(&a, 1 << 24);
	assert_text(cleaned(&a, S("Nguye\xCC\x82\xCC\x83n")), "Nguyễn");
	assert_text(cleaned(&a, S("Hu\xE1\xBA\xBF\xCC\xA3")), "Hu\xE1\xBB\x87\xCC\x81");
	assert_text(cleaned(&a, S("Ðặng Văn Ðức")), "Đặng Văn Đức");
	assert_text(cleaned(&a, S("QÐ-UBND Ð")), "QĐ-UBND Đ");
	assert_text(cleaned(&a, S("Ðavíð Oddsson")), "Ðavíð Oddsson");
	assert_text(cleaned(&a, S("dòng 1\r\ndòng 2\t.")), "dòng 1\ndòng 2\t.");
	assert_text(cleaned(&a, S("H'Hen Niê Č Ŭ Ñ")), "H'Hen Niê Č Ŭ Ñ");
	assert_text(cleaned(&a, S("Hòa Hoà")), "Hòa Hoà");
	assert_text(cleaned(&a, S("")), "");
	for (ptrdiff_t i = 0; i < COUNT(refused); i++) {
		assert_false(viet_clean(&a, refused[i], &r));
		assert_text(r, "kept");
	}
	arena_free(&a);
}

static void clean_drops_direction_marks(void **state)
{
	static const struct { str typed; const char *kept; } pasted[] = {
		{ S_INIT("\xE2\x80\xAA" "99000010\xE2\x80\xAC"), "99000010" },
		{ S_INIT("\xE2\x81\xA6" "0912\xE2\x81\xA9 345\xE2\x80\x8E\xE2\x80\x8F\xD8\x9C"), "0912 345" },
		{ S_INIT("a\xE2\x80\xAE" "b"), "ab" }, { S_INIT("\xE2\x80\xAD"), "" },
		{ S_INIT("Nguye\xE2\x80\x8E\xCC\x82\xCC\x83n"), "Nguyễn" },            /* joined once nothing parts them   */
		{ S_INIT("x\xE2\x80\x8B\xE2\x80\x90y"), "x\xE2\x80\x8B\xE2\x80\x90y" } };  /* their neighbours stay   */
	struct arena a;

	arena_init(&a, 1 << 20);
	for (int i = 0; i < COUNT(pasted); i++)
		assert_text(cleaned(&a, pasted[i].typed), pasted[i].kept);
	arena_free(&a);
}

static void fold_forgets_marks_and_case(void **state)
{
	struct arena a;

	arena_init(&a, 1 << 24);
	assert_text(viet_fold(&a, S("Hoà  Bình")), "hoa binh");
	assert_text(viet_fold(&a, S(" ĐẶNG\tThị\xC2\xA0Ngọc\nÁnh ")), "dang thi ngoc anh");
	assert_text(viet_fold(&a, S("Nguye\xCC\x82\xCC\x83n")), "nguyen");
	assert_text(viet_fold(&a, S("Ð ð Đ đ")), "d d d d");
	assert_text(viet_fold(&a, S("H’Hen Niê")), "h'hen nie");
	assert_text(viet_fold(&a, S("Ａｂ ﬁ ß Ŭ Č Ñ")), "ab fi ss u c n");
	assert_text(viet_fold(&a, S("Ưu ơi ƯƠNG")), "uu oi uong");
	assert_text(viet_fold(&a, S("")), "");
	assert_text(viet_words(&a, S("H'Linh Niê")), "h linh nie");
	assert_text(viet_words(&a, S("H’Linh-Niê")), "h linh nie");
	assert_text(viet_words(&a, S("H\xCA\xBCLinh Niê")), "h linh nie");
	assert_text(viet_words(&a, S("H‑Linh 'a' HS-01 -")), "h linh 'a' hs-01 -");
	assert_text(viet_joined(&a, S("H'Linh Niê")), "hlinh nie");
	assert_text(viet_words(&a, S("H' Rin Bkrông")), "h rin bkrong");
	assert_text(viet_words(&a, S("H ’Rin")), "h rin");
	assert_text(viet_words(&a, S("H ' Rin '")), "h rin '");
	assert_text(viet_words(&a, S("Bạn' ơi, H'")), "ban' oi, h'");
	assert_text(viet_joined(&a, S("H' Rin Bkrông")), "hrin bkrong");
	assert_text(viet_joined(&a, S("H ’Rin")), "hrin");
	assert_text(viet_joined(&a, S("H Linh Niê")), "hlinh nie");
	assert_text(viet_joined(&a, S("Đinh Y Moan")), "dinh ymoan");
	assert_text(viet_joined(&a, S("Nguyễn Văn Ý")), "");
	assert_text(viet_joined(&a, S("Lớp 6 A")), "");
	assert_text(viet_slug(&a, S("THCS Nguyễn Du (cơ sở 2)")), "thcs-nguyen-du-co-so-2");
	assert_text(viet_slug(&a, S(" — ")), "");
	arena_free(&a);
}

static void assert_order(struct arena *a, str (*key)(struct arena *, str), const char *const *in_order, int n)
{
	for (int i = 0; i + 1 < n; i++)
		if (str_cmp(key(a, str_of(in_order[i])), key(a, str_of(in_order[i + 1]))) >= 0)
			fail_msg("%s must come before %s", in_order[i], in_order[i + 1]);
}

static void keys_order_as_the_alphabet(void **state)
{
	static const char *const words[] = { "a", "à", "ả", "ã", "á", "ạ", "ă", "ằ", "ẳ", "ẵ", "ắ", "ặ", "â", "ầ", "ẩ",
		"ẫ", "ấ", "ậ", "b", "c",
		"d", "đ", "e", "ê", "g", "h", "i", "k", "l", "m", "n", "o", "ô", "ơ", "p", "q", "r", "s", "t", "u", "ư", "v",
		"x", "y" };
	static const char *const names[] = { "An", "Lê Văn An", "Nguyễn An", "Nguyễn Văn An", "Nguyễn Vân An", "Trần An",
		"Lê Ân", "Phạm Bình",
		"Lê Dung", "Lê Đức", "Hoàng Thị Hà", "Bùi Hạ", "Đỗ Yến" };
	struct arena a;

	arena_init(&a, 1 << 24);
	assert_order(&a, viet_key, words, (int)COUNT(words));
	assert_order(&a, viet_name_key, names, (int)COUNT(names));
	assert_true(str_eq(viet_name_key(&a, S("Trần Thị HÒA")), viet_name_key(&a, S("Trần Thị Hoà"))));
	arena_free(&a);
}

static void names_have_parts(void **state)
{
	struct arena a;
	str family, middle, given;

	arena_init(&a, 1 << 24);
	viet_name_parts(S(" Nguyễn Thị Minh Hạnh "), &family, &middle, &given);
	assert_text(family, "Nguyễn");
	assert_text(middle, "Thị Minh");
	assert_text(given, "Hạnh");
	viet_name_parts(S("Lê  An"), &family, &middle, &given);
	assert_text(family, "Lê");
	assert_text(middle, "");
	assert_text(given, "An");
	viet_name_parts(S("Y"), &family, &middle, &given);
	assert_text(family, "");
	assert_text(middle, "");
	assert_text(given, "Y");
	viet_name_parts(S(""), &family, &middle, &given);
	assert_int_equal(family.n + middle.n + given.n, 0);
	assert_text(viet_initials(&a, S("Nguyễn Văn  Ân")), "nva");
	assert_text(viet_initials(&a, S("Đỗ Đức")), "dd");
	arena_free(&a);
}

static void tones_move_to_the_modern_place(void **state)
{
	static const char *const pairs[][2] = { { "Hòa", "Hoà" }, { "Hoà", "Hoà" }, { "THÚY", "THUÝ" },
		{ "khỏe mạnh", "khoẻ mạnh" },
		{ "Qúy", "Quý" }, { "mùa lúa", "mùa lúa" }, { "hoàn toàn", "hoàn toàn" }, { "của", "của" },
		{ "tọa độ", "toạ độ" }, { "an", "an" } };
	struct arena a;

	arena_init(&a, 1 << 24);
	for (ptrdiff_t i = 0; i < COUNT(pairs); i++)
		assert_text(viet_same_tone(&a, str_of(pairs[i][0])), pairs[i][1]);
	arena_free(&a);
}

static void syllables(void **state)
{
	static const char *const good[] = { "Nguyễn", "Đức", "gì", "quý", "nghiêng", "khuya", "Ý", "oan", "Đắk", "XUÂN",
		"giếng", "ươm" };
	static const char *const bad[] = { "", "Nguyeãn", "Vaên", "str", "hello", "ngáá", "Traàn", "Ðức", "b", "NguyÔn",
		"H¹nh" };

	for (ptrdiff_t i = 0; i < COUNT(good); i++)
		if (!viet_is_syllable(str_of(good[i])))
			fail_msg("%s is a syllable", good[i]);
	for (ptrdiff_t i = 0; i < COUNT(bad); i++)
		if (viet_is_syllable(str_of(bad[i])))
			fail_msg("%s is no syllable", bad[i]);
}

static void legacy_encodings(void **state)
{
	static const str tcvn[] = { S_INIT("NguyÔn ThÞ H¹nh"), S_INIT("§Æng V¨n §øc"), S_INIT("TrÇn B×nh"),
		S_INIT("Hä vµ tªn") };
	static const str vni[] = { S_INIT("Nguyeãn Thò Haïnh"), S_INIT("Ñaëng Vaên Ñöùc"), S_INIT("Traàn Bình"),
		S_INIT("Hoï vaø teân") };
	static const str w1258[] = { S_INIT("NguyêÞn Thiò Haònh"), S_INIT("Ðãòng Vãn Ðýìc"), S_INIT("TrâÌn BiÌnh"),
		S_INIT("Hoò vaÌ tên") };
	static const char *const want[] = { "Nguyễn Thị Hạnh", "Đặng Văn Đức", "Trần Bình", "Họ và tên" };
	static const str modern[] = { S_INIT("Nguyễn Thị Hạnh"), S_INIT("François Müller"), S_INIT("Bà Rịa - Vũng Tàu") };
	static const str split[] = { S_INIT("Nguye\xCC\x82\xCC\x83n Thi\xCC\xA3 Ha\xCC\xA3nh") };
	struct arena a;

	arena_init(&a, 1 << 24);
	for (ptrdiff_t i = 0; i < COUNT(want); i++) {
		assert_text(viet_from(&a, VIET_TCVN3, tcvn[i]), want[i]);
		assert_text(viet_from(&a, VIET_VNI, vni[i]), want[i]);
		assert_text(viet_from(&a, VIET_1258, w1258[i]), want[i]);
	}
	assert_text(viet_from(&a, VIET_TCVN3, S("NGUYÔN")), "NGUYỄN");
	assert_text(viet_from(&a, VIET_VNI, S("NGUYEÃN ÑÖÙC")), "NGUYỄN ĐỨC");
	assert_text(viet_from(&a, VIET_UNICODE_SPLIT, split[0]), want[0]);
	assert_int_equal(viet_guess(tcvn, 4), VIET_TCVN3);
	assert_int_equal(viet_guess(vni, 4), VIET_VNI);
	assert_int_equal(viet_guess(w1258, 4), VIET_1258);
	assert_int_equal(viet_guess(modern, 3), VIET_UNICODE);
	assert_int_equal(viet_guess(split, 1), VIET_UNICODE_SPLIT);
	assert_int_equal(viet_guess(modern, 0), VIET_UNICODE);
	arena_free(&a);
}

/* Random text of code points a form may send: mostly Latin with marks, some from anywhere. */
static str random_text(struct arena *a, uint64_t *seed)
{
	struct buf b;
	int n = (int)(next_number(seed) % 24);

	buf_init(&b, a, 1000);
	for (int i = 0; i < n; i++) {
		static const uint32_t from[] = { 0x20, 0x61, 0xC0, 0x300, 0x1E00, 0x2000, 0xAC00, 0x1100, 0x900, 0xFB00,
			0xFF00, 0x1D400, 0xA0 };
		static const uint32_t span[] = { 95, 26, 0x180, 0x40, 0x100, 0x30, 2000, 200, 0x80, 0x60, 0x60, 200, 96 };
		size_t k = next_number(seed) % (sizeof from / sizeof *from);
		put_char(&b, from[k] + (uint32_t)(next_number(seed) % span[k]));
	}
	return buf_str(&b);
}

/* Composed letters fold by a table, parted ones by ICU: both ways agree on every letter, tone and case. */
static void both_ways_of_folding_agree(void **state)
{
	static const char *const letters[] = { "a", "a\u0306", "a\u0302", "e", "e\u0302", "i", "o", "o\u0302", "o\u031B",
		"u", "u\u031B", "y" };
	static const char *const tones[] = { "", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323" };
	struct arena a;

	(void)state;
	arena_init(&a, 1 << 20);
	for (int i = 0; i < (int)COUNT(letters); i++)
		for (int t = 0; t < (int)COUNT(tones); t++)
			for (int upper = 0; upper < 2; upper++) {
				char first = (char)(letters[i][0] - (upper ? 32 : 0));
				str parted = str_fmt(&a, "%c%s%s", first, letters[i] + 1, tones[t]), whole;
				assert_true(viet_clean(&a, parted, &whole));
				assert_true(str_chars(whole) == 1);
				assert_true(str_eq(viet_fold(&a, whole), (str){ letters[i], 1 }));
				assert_true(str_eq(viet_fold(&a, parted), (str){ letters[i], 1 }));
			}
	for (uint32_t c = 1; c < 0x2000; c++) {              /* no other letter is taken for one of them */
		struct buf b;
		arena_reset(&a);
		buf_init(&b, &a, 64);
		put_char(&b, c);
		put_z(&b, "\u0323");                         /* what ICU must fold */
		str by_icu = viet_fold(&a, buf_str(&b));
		b.n -= 2;
		if (!str_eq(by_icu, viet_fold(&a, buf_str(&b))))
			fail_msg("U+%04X", (unsigned)c);
	}
	arena_free(&a);
}

static void clean_and_fold_twice_is_once(void **state)
{
	struct arena a;
	uint64_t seed = 42;

	arena_init(&a, 1 << 24);
	for (int i = 0; i < 60000; i++) {
		str s = random_text(&a, &seed), once, twice, f;
		if (viet_clean(&a, s, &once)) {
			assert_true(viet_clean(&a, once, &twice));
			assert_true(str_eq(once, twice));
			assert_true(str_eq(viet_fold(&a, once), viet_fold(&a, s)));
		}
		f = viet_fold(&a, s);
		if (!str_eq(viet_fold(&a, f), f))
			fail_msg("folding again changes: %.*s -> %.*s", FMT(s), FMT(f));
		viet_slug(&a, s);
		viet_same_tone(&a, s);
		viet_name_key(&a, s);
		viet_initials(&a, s);
		viet_from(&a, VIET_VNI, s);
		viet_from(&a, VIET_TCVN3, s);
		arena_reset(&a);
	}
	arena_free(&a);
}

static void real_sentences_fold_as_given(void **state)
{
	struct arena a;
	str text, line, given, marked;
	int seen = 0;

	arena_init(&a, 1 << 26);
	if (!shared_file(&a, "vi-text/diacritic_pairs.tsv", &text)) {
		arena_free(&a);
		skip();
	}
	str_cut(text, '\n', &line, &text);
	while (text.n) {
		str_cut(text, '\n', &line, &text);
		if (!str_cut(line, '\t', &given, &marked))
			continue;
		if (!str_eq(viet_fold(&a, given), viet_fold(&a, marked)))
			fail_msg("%.*s\n%.*s", FMT(viet_fold(&a, given)), FMT(viet_fold(&a, marked)));
		seen++;
	}
	assert_true(seen > 2000);
	arena_free(&a);
}

static void real_unusual_names(void **state)
{
	struct arena a;
	struct csv c;
	str text, cells[8], once, twice;
	const char *bad;
	int n, seen = 0;

	arena_init(&a, 1 << 24);
	if (!shared_file(&a, "people/unusual_name_tokens_2016.csv", &text)) {
		arena_free(&a);
		skip();
	}
	csv_open(&c, text);
	while (csv_next(&c, &a, cells, 8, &n, &bad)) {
		assert_null(bad);
		assert_true(viet_clean(&a, cells[0], &once) && viet_clean(&a, once, &twice) && str_eq(once, twice));
		assert_true(str_eq(viet_fold(&a, cells[0]), viet_fold(&a, once)));
		seen++;
	}
	assert_true(seen > 190);
	arena_free(&a);
}

static void real_given_names_are_syllables(void **state)
{
	struct arena a;
	struct csv c;
	str text, cells[8];
	const char *bad;
	int n, seen = 0, good = 0;

	arena_init(&a, 1 << 24);
	if (!shared_file(&a, "people/given_names_2016.csv", &text)) {
		arena_free(&a);
		skip();
	}
	csv_open(&c, text);
	csv_next(&c, &a, cells, 8, &n, &bad);
	while (csv_next(&c, &a, cells, 8, &n, &bad)) {
		seen++;
		good += viet_is_syllable(cells[0]);
	}
	assert_true(seen > 1000);
	assert_true(good * 100 > seen * 90);
	arena_free(&a);
}

static void names_are_seen(void **state)
{
	static const char *const good[] = {
		"Nguyễn Thị Ánh", "H'Linh Niê", "H’Rin Bkrông", "Y Bhĭm Êban", "Giàng A Páo",
		"Ka Dơn", "Lò Thị Nở-Hương", "Kră Jăn Tẽh", "Trường THCS Số 1 (cơ sở 2)",
		"Trường Tiểu học \"Hoa Sen\" – Đông", "Y\xCC\x86 Blo", "李明", "Ayŭn" };
	static const char *const bad[] = {
		"", " ", "123", "\xE2\x80\x8B", "An\xE2\x80\x8B", "\xE2\x80\xAE" "An",
		"An\xE2\x81\xA6", "\xEF\xBB\xBF" "An", "An \xF0\x9F\x98\x80", "An\xEF\xB8\x8F",
		"\xEE\x80\x80" "An", "An\xC2\xAD", "\xE3\x85\xA4", "\xE2\xA0\x80", "\xCC\x81" "An",
		"An\xE2\x80\x8D", "An\xE2\x80\xA8", "An\xF0\x9F\x8F\xBB", "An\x01", "\xE1\x85\x9F",
		"A\xCD\x8F", "\xF3\xA0\x81\x81" "An", "An\xFF", "\xEF\xBF\xBE" "An" };

	(void)state;
	for (int i = 0; i < COUNT(good); i++)
		if (!viet_is_name(str_of(good[i])))
			fail_msg("refused: %s", good[i]);
	for (int i = 0; i < COUNT(bad); i++)
		if (viet_is_name(str_of(bad[i])))
			fail_msg("let pass: number %d", i);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(clean_makes_nfc_and_mends_d),
		cmocka_unit_test(clean_drops_direction_marks), cmocka_unit_test(names_are_seen),
		cmocka_unit_test(fold_forgets_marks_and_case),
		cmocka_unit_test(keys_order_as_the_alphabet), cmocka_unit_test(names_have_parts),
		cmocka_unit_test(tones_move_to_the_modern_place),
		cmocka_unit_test(syllables), cmocka_unit_test(legacy_encodings),
		cmocka_unit_test(clean_and_fold_twice_is_once), cmocka_unit_test(both_ways_of_folding_agree),
		cmocka_unit_test(real_sentences_fold_as_given), cmocka_unit_test(real_unusual_names),
		cmocka_unit_test(real_given_names_are_syllables) };

	return cmocka_run_group_tests_name("base_viet", tests, NULL, NULL);
}
