/* layout.c -- which columns a subject's page has by its scheme, and cells as text. */
#include "mod/records/records.h"
#include "base/viet.h"

static const struct tr
	MSG_not_mark = { "Điểm phải là số từ 0 đến 10, ví dụ 7,5; vắng gõ v, miễn gõ m.",
		"A mark is a number from 0 to 10, such as 7.5; v is absent, m exempt." },
	MSG_range = { "Điểm phải từ 0 đến 10.", "A mark must be 0 to 10." },
	MSG_least = { "Bài kiểm tra không cho điểm 0.", "A test cannot have 0." },
	MSG_whole = { "Điểm ở cột này là số nguyên.", "Marks of this column are whole numbers." },
	MSG_tenth = { "Điểm lấy đến một chữ số thập phân.", "A mark has one decimal at most." },
	MSG_word = { "Cột này ghi lời đánh giá, ví dụ Đ hoặc CĐ; vắng gõ v, miễn gõ m.",
		"This column takes a word, such as Đ or CĐ; v is absent, m exempt." };

static void add_slot(struct arena *a, struct cell_layout *l, const char *key, int number, str vi, str en,
	struct cell_slot as)
{
	if (l->n == SLOTS)
		return;
	struct cell_slot *s = &l->slots[l->n++];
	*s = as;
	str text = number ? str_fmt(a, "%s%d", key, number) : str_of(key);
	memcpy(s->key, text.p, (size_t)(text.n < (ptrdiff_t)sizeof s->key ? text.n : (ptrdiff_t)sizeof s->key - 1));
	s->number = number;
	s->vi = number ? str_fmt(a, "%.*s %d", FMT(vi), number) : vi;
	s->en = number ? str_fmt(a, "%.*s %d", FMT(en), number) : en;
}

static pick part_of(const struct column *c)
{
	return c->by_lessons || c->with >= 0 ? PART_REGULAR : c->weight >= 3 ? PART_END : PART_MIDDLE;
}

/* Columns of marks; a comment subject has the same occasions with words. */
static void marked(struct arena *a, const struct scheme *s, int grade, struct cell_layout *l)
{
	for (int k = 0; k < s->n_columns; k++) {
		const struct column *c = &s->columns[k];
		int regular = l->comment_only ? s->comment_times : scheme_times(s, l->lessons);
		int times = c->by_lessons ? (regular ? regular : 4) : c->times ? c->times : c->with >= 0 ? 1 : 2;
		bool numbered = c->by_lessons || (!c->times && c->with < 0);
		char key[8] = "";

		if ((l->comment_only && c->with >= 0) || grade < c->first || grade > c->last)
			continue;
		memcpy(key, c->is.code.p, (size_t)(c->is.code.n < 6 ? c->is.code.n : 6));
		for (int i = 1; i <= times; i++)
			add_slot(a, l, key, numbered || times > 1 ? i : 0, c->is.vi, c->is.en,
				(struct cell_slot){ .word = l->comment_only, .column = k, .part = part_of(c) });
	}
}

static bool tested(const struct scheme *s, bool mid, int grade, str subject_)
{
	for (int t = 0; t < s->n_tests; t++)
		for (int i = 0; i < s->tests[t].n; i++)
			if (s->tests[t].mid == mid && grade >= s->tests[t].first && grade <= s->tests[t].last &&
				str_eq(s->tests[t].codes[i], subject_))
				return true;
	return false;
}

/* Primary: a word at the middle and the end of each term, and tests for some subjects. */
static void worded(struct arena *a, const struct scheme *s, int grade, str subject_, struct cell_layout *l)
{
	add_slot(a, l, "gk", 0, S("Mức giữa kì"), S("Word, mid-term"), (struct cell_slot){ .word = true, .column = -1,
		.part = PART_MIDDLE });
	if (tested(s, true, grade, subject_))
		add_slot(a, l, "ktgk", 0, S("Kiểm tra giữa kì"), S("Test, mid-term"),
			(struct cell_slot){ .test = true, .column = -1, .part = PART_MIDDLE });
	add_slot(a, l, "ck", 0, S("Mức cuối kì"), S("Word, end of term"), (struct cell_slot){ .word = true, .column = -1,
		.part = PART_END });
	if (tested(s, false, grade, subject_))
		add_slot(a, l, "ktck", 0, S("Kiểm tra cuối kì"), S("Test, end of term"),
			(struct cell_slot){ .test = true, .column = -1, .part = PART_END });
}

void layout_make(struct arena *a, const struct scheme *s, pick grade, str subject_, bool comment_only, int lessons,
	struct cell_layout *ret)
{
	memset(ret, 0, sizeof *ret);
	ret->scheme = s;
	ret->lessons = lessons;
	ret->comment_only = comment_only;
	if (s && s->n_columns)
		marked(a, s, grade, ret);
	else if (s && s->n_words)
		worded(a, s, grade, subject_, ret);
}

void layout_retest(struct arena *a, const struct scheme *s, bool comment_only, int lessons, struct cell_layout *ret)
{
	memset(ret, 0, sizeof *ret);
	ret->scheme = s;
	ret->lessons = lessons;
	ret->comment_only = comment_only;
	ret->retest = true;
	/* written like the mark of the end of a term, the last column */
	if (s && s->n_columns && s->retest.set)
		add_slot(a, ret, "ktl", 0, S("Kiểm tra lại"), S("Retest"), (struct cell_slot){ .word = comment_only,
			.column = s->n_columns - 1, .part = PART_END });
}

/* Looked for from `first` on and around: cells stand in the order of the columns. */
static int slot_from(const struct cell_layout *l, int first, str key)
{
	for (int n = 0, i = first; n < l->n; n++, i++) {
		i = i < l->n ? i : 0;
		if (key.n && l->slots[i].key[0] == key.p[0] && str_is(key, l->slots[i].key))
			return i;
	}
	return -1;
}

int layout_slot(const struct cell_layout *l, str key)
{
	return slot_from(l, 0, key);
}

/* ---- text ------------------------------------------------------------------------------------------------ */

str cell_code(struct arena *a, const struct cell_layout *l, int32_t v)
{
	if (v < 0)
		return S("");
	if (v == CELL_ABSENT || v == CELL_EXEMPT)
		return v == CELL_ABSENT ? S("v") : S("m");
	if (v >= CELL_WORD)
		return v - CELL_WORD < l->scheme->n_words ? l->scheme->words[v - CELL_WORD].code : S("");
	return score_json(a, (score){ v });
}

str cell_shown(struct arena *a, const struct cell_layout *l, int32_t v)
{
	str code = cell_code(a, l, v);

	if (v >= CELL_WORD && v < CELL_ABSENT)
		return str_is(code, "dat") ? S("Đ") : str_is(code, "chua_dat") ? S("CĐ") : viet_upper(a, code);
	return v >= 0 && v < CELL_WORD ? score_text(a, (score){ v }) : code;
}

static int32_t stored_cell(const struct cell_layout *l, str text)
{
	score v;

	if (score_read(text, &v))
		return v.v;
	if (str_is(text, "v"))
		return CELL_ABSENT;
	if (str_is(text, "m"))
		return CELL_EXEMPT;
	for (int i = 0; l->scheme && i < l->scheme->n_words; i++)
		if (str_eq(text, l->scheme->words[i].code))
			return CELL_WORD + i;
	return CELL_EMPTY;
}

void cells_read(const struct cell_layout *l, str text, int32_t cells[static SLOTS])
{
	str one, key, value;
	int next = 0;

	for (int i = 0; i < SLOTS; i++)
		cells[i] = CELL_EMPTY;
	while (text.n) {
		str_cut(text, ' ', &one, &text);
		int slot = str_cut(one, '=', &key, &value) ? slot_from(l, next, key) : -1;
		if (slot < 0)
			continue;
		cells[slot] = stored_cell(l, value);
		next = slot + 1;
	}
}

str cells_text(struct arena *a, const struct cell_layout *l, const int32_t *cells)
{
	struct buf b;

	buf_init(&b, a, 1000);
	for (int i = 0; i < l->n; i++) {
		if (cells[i] < 0)
			continue;
		if (b.n)
			put_c(&b, ' ');
		put_z(&b, l->slots[i].key);
		put_c(&b, '=');
		put(&b, cell_code(a, l, cells[i]));
	}
	return buf_str(&b);
}

/* Đ and CĐ, T H C, and the codes themselves; marks and case do not matter. */
static int typed_word(struct arena *a, const struct scheme *s, str typed)
{
	static const struct { const char *typed, *code; } also[] = { { "d", "dat" }, { "cd", "chua_dat" },
		{ "dat", "dat" }, { "chua dat", "chua_dat" } };
	str folded = viet_fold(a, typed);

	for (int i = 0; i < s->n_words; i++)
		if (str_eq(folded, s->words[i].code) || str_eq(folded, viet_fold(a, s->words[i].vi)))
			return i;
	for (int k = 0; k < COUNT(also); k++)
		for (int i = 0; str_is(folded, also[k].typed) && i < s->n_words; i++)
			if (str_is(s->words[i].code, also[k].code))
				return i;
	return -1;
}

static int decimals_of(const struct cell_layout *l, const struct cell_slot *at)
{
	return at->column >= 0 ? l->scheme->columns[at->column].decimals : l->scheme->test_decimals;
}

str cell_keyed(struct arena *a, const struct cell_layout *l, int slot, str typed)
{
	const struct cell_slot *at = &l->slots[slot];

	typed = str_trim(typed);
	if (at->word || decimals_of(l, at) < 1 || typed.n != 2 || typed.p[0] < '0' || typed.p[0] > '9' ||
		typed.p[0] == '1' || typed.p[1] < '0' || typed.p[1] > '9')
		return typed;
	return str_fmt(a, "%c,%c", typed.p[0], typed.p[1]);
}

/* "8,333": a number, but for its decimals; "8;5" and "7 điểm" are none. */
static bool long_number(str s)
{
	ptrdiff_t i = 0, whole;

	while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9')
		i++;
	whole = i++;
	if (whole == 0 || i >= s.n || (s.p[whole] != ',' && s.p[whole] != '.'))
		return false;
	while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9')
		i++;
	return i == s.n;
}

bool cell_typed(struct arena *a, const struct cell_layout *l, int slot, str typed, int32_t *ret,
	const struct tr **ret_why)
{
	const struct cell_slot *at = &l->slots[slot];
	score v;

	typed = str_trim(typed);
	*ret = typed.n == 0 ? CELL_EMPTY : str_is(typed, "v") || str_is(typed, "V") ? CELL_ABSENT : str_is(typed, "m") ||
		str_is(typed, "M") ? CELL_EXEMPT : 0;
	if (*ret)
		return true;
	if (at->word) {
		int w = typed_word(a, l->scheme, typed);
		*ret = CELL_WORD + w;
		*ret_why = &MSG_word;
		return w >= 0;
	}
	int decimals = decimals_of(l, at);
	int32_t least = at->column >= 0 ? l->scheme->columns[at->column].least : l->scheme->test_least;
	bool number = score_read(typed, &v);
	*ret_why = !number ? (long_number(typed) ? &MSG_tenth : &MSG_not_mark) : v.v > 1000
		? &MSG_range : v.v < least ? &MSG_least
		: v.v % (decimals == 0 ? 100 : 10) ? (decimals ? &MSG_tenth : &MSG_whole) : NULL;
	*ret = number ? v.v : CELL_EMPTY;
	return *ret_why == NULL;
}

/* ---- the term ------------------------------------------------------------------------------------------------ */

static void comment_result(const struct cell_layout *l, const int32_t *cells, str *ret)
{
	int8_t words[SLOTS];
	int n = 0;

	for (int i = 0; i < l->n; i++) {
		if (cells[i] == CELL_EXEMPT)
			continue;
		if (cells[i] < 0)
			return;
		/* absent and not tested later: not passed */
		words[n++] = (int8_t)(cells[i] == CELL_ABSENT ? l->scheme->n_words - 1 : cells[i] - CELL_WORD);
	}
	int w = term_comment(l->scheme, words, n);
	if (w >= 0)
		*ret = l->scheme->words[w].code;
}

static void mark_result(const struct cell_layout *l, const int32_t *cells, score *ret)
{
	struct mark_given given[SLOTS];
	struct missing lack;
	int n = 0;

	for (int i = 0; i < l->n; i++) {
		if (cells[i] < 0 || cells[i] == CELL_EXEMPT)
			continue;
		given[n++] = (struct mark_given){ l->slots[i].column, cells[i] == CELL_ABSENT ? l->scheme->absent_mark
			: cells[i] };
	}
	int32_t average;
	if (term_average(l->scheme, given, n, l->lessons, &average, &lack))
		ret->v = average;
}

void cells_result(const struct cell_layout *l, const int32_t *cells, score *ret_average, str *ret_comment)
{
	*ret_average = NO_SCORE;
	*ret_comment = (str){ 0 };
	if (l->retest) {
		int word = cells[0] - CELL_WORD;
		bool absent = l->n && cells[0] == CELL_ABSENT && l->scheme->has_absent;
		if (absent && l->slots[0].word)
			*ret_comment = l->scheme->words[l->scheme->n_words - 1].code;
		else if (absent)
			ret_average->v = l->scheme->absent_mark;
		else if (l->n && word >= 0 && word < l->scheme->n_words)
			*ret_comment = l->scheme->words[word].code;
		else if (l->n && cells[0] >= 0 && cells[0] < CELL_WORD)
			ret_average->v = cells[0];
		return;
	}
	if (l->comment_only && l->scheme->n_columns)
		comment_result(l, cells, ret_comment);
	else if (l->scheme->n_columns)
		mark_result(l, cells, ret_average);
	for (int i = 0; !l->scheme->n_columns && i < l->n; i++) {
		if (l->slots[i].part != PART_END || cells[i] < 0 || cells[i] >= CELL_ABSENT)
			continue;
		if (l->slots[i].word)
			*ret_comment = l->scheme->words[cells[i] - CELL_WORD].code;
		else
			ret_average->v = cells[i];
	}
}
