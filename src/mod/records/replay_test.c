/* replay_test.c -- a book of marks is nothing but what its ledger says, whatever was written and in which order: marks,
 * averages and words are computed here anew from the entries alone, by arithmetic of this file's own. */
#include "mod/records/records_world.h"

/* What a cell holds by the ledger: its code, "" for empty. */
struct told { int64_t course, pupil; pick term; char column[12], code[12]; };
struct replay { struct told at[4000]; int n; };

static struct told *cell_told_at(struct replay *r, int64_t course_, int64_t pupil_, pick term_, str column)
{
	for (int i = 0; i < r->n; i++)
		if (r->at[i].course == course_ && r->at[i].pupil == pupil_ && r->at[i].term == term_ &&
			str_is(column, r->at[i].column))
			return &r->at[i];
	struct told *t = &r->at[r->n++];
	assert_true(r->n < COUNT(r->at) && column.n < 12);
	*t = (struct told){ course_, pupil_, term_, "", "" };
	memcpy(t->column, column.p, (size_t)column.n);
	return t;
}

/* Every entry in its order; each line must begin at what the lines before it left. */
static void replay(struct class_of *k, struct replay *r)
{
	struct world *w = k->w;
	items got;

	r->n = 0;
	OKAY(find_all(as_khue(w), &ledger_entry, &got, 2000, NULL, 0));
	for (int64_t seq = 1, found = 1; found; seq++) {
		found = 0;
		for (int64_t i = 0; i < got.n; i++) {
			const struct ledger_entry *e = (const struct ledger_entry *)got.p + i;
			if (e->seq != seq)
				continue;
			found = 1;
			for (str line, one, column, from, rest = e->lines; rest.n; ) {
				int64_t who = 0;
				str_cut(rest, '\n', &line, &rest);
				assert_true(str_cut(line, ' ', &one, &line) && str_to_int(one, &who));
				assert_true(str_cut(line, ' ', &column, &line) && str_cut(line, ' ', &from, &line));
				struct told *t = cell_told_at(r, e->course.v, who, e->term, column);
				assert_text(from, t->code[0] ? t->code : "-");
				assert_true(line.n < 12);
				memset(t->code, 0, sizeof t->code);
				if (!str_is(line, "-"))
					memcpy(t->code, line.p, (size_t)line.n);
			}
		}
	}
}

static const char *code_of(struct replay *r, const struct mark *m, const char *column)
{
	return cell_told_at(r, m->course.v, m->pupil.v, m->term, str_of(column))->code;
}

/* "8.5" is 850; absent is 0 (TT 22/2021 Điều 7.4); -1: empty or exempt. */
static int hundredths(const char *code)
{
	int whole = 0, tenth = 0;

	if (code[0] == 'v')
		return 0;
	return sscanf(code, "%d.%d", &whole, &tenth) >= 1 ? whole * 100 + tenth * 10 : -1;
}

/* TT 22/2021 Điều 9.1b in whole numbers: (Σtx + 2·gk + 3·ck) / (n + 5), half-up at the tenth; -1: something lacks. */
static int average_by_hand(struct replay *r, const struct mark *m, int regular)
{
	int sum = 0, n = 0, gk = hundredths(code_of(r, m, "gk")), ck = hundredths(code_of(r, m, "ck"));

	for (int i = 1; i <= regular; i++) {
		char column[8];
		snprintf(column, sizeof column, "tx%d", i);
		int v = hundredths(code_of(r, m, column));
		n += v >= 0;
		sum += v >= 0 ? v : 0;
	}
	if (n < regular || gk < 0 || ck < 0)
		return -1;
	sum += 2 * gk + 3 * ck;
	return (sum * 2 + 10 * (n + 5)) / (20 * (n + 5)) * 10;
}

/* TT 22/2021 Điều 9.1a: Đạt when all occasions are; what was exempt is no occasion. */
static const char *word_by_hand(struct replay *r, const struct mark *m)
{
	static const char *const columns[] = { "tx1", "tx2", "gk", "ck" };
	int n = 0, passed = 0;

	for (int i = 0; i < COUNT(columns); i++) {
		const char *code = code_of(r, m, columns[i]);
		if (!code[0])
			return "";
		n += code[0] != 'm';
		passed += strcmp(code, "dat") == 0;
	}
	return n < 2 ? "" : passed == n ? "dat" : "chua_dat";
}

static void holds(struct class_of *k, int64_t course_of_words)
{
	static struct replay r;
	struct world *w = k->w;
	items got;

	replay(k, &r);
	int cells = 0, there = 0;
	for (int i = 0; i < r.n; i++)
		cells += r.at[i].code[0] != 0;
	OKAY(find_all(as_khue(w), &mark, &got, 500, NULL, 0));
	for (int64_t i = 0; i < got.n; i++) {
		const struct mark *m = (const struct mark *)got.p + i;
		for (str one, key, value, rest = m->cells; rest.n; there++) {
			str_cut(rest, ' ', &one, &rest);
			assert_true(str_cut(one, '=', &key, &value));
			assert_text(value, cell_told_at(&r, m->course.v, m->pupil.v, m->term, key)->code);
		}
		if (m->course.v == course_of_words)
			assert_text(m->comment, word_by_hand(&r, m));
		else
			assert_int_equal(m->average.v, average_by_hand(&r, m, 4));
	}
	assert_int_equal(there, cells);
}

static void a_book_is_what_its_ledger_says(void **state)
{
	static const char *const typed[] = { "8", "7,5", "10", "0", "3.4", "v", "m", "", "12", "8,33", "x", "9", "6,5",
		"5" },
		*const words[] = { "Đ", "CĐ", "đ", "v", "m", "", "8", "Đ", "Đ" },
		*const columns[] = { "tx1", "tx2", "gk", "ck", "tx3", "tx4" };
	struct class_of k = open_class(state);
	struct world *w = k.w;
	person_id other = { count(w, "SELECT id FROM person WHERE name = 'Ngô Văn Lâm'") };
	int64_t of_words = count(w, "SELECT k.id FROM course k JOIN subject s ON s.id = k.subject WHERE s.code = 'gdtc'");
	uint64_t seed = 31;

	for (int round = 0; round < 60; round++) {
		bool word = next_number(&seed) % 3 == 0;
		pick t = next_number(&seed) % 2 ? TERM_1 : TERM_2;
		int what = word ? N_SUBJECTS - 1 : 0, n = 0;
		struct ctx *c = word ? as(w, &teacher, w->a, other) : mine(&k);
		struct cell_edit e[N_PUPILS * 6];
		struct save_told told;
		struct grid g;
		OKAY(grid_load(c, w->class_a, k.subjects[what], t, &g));
		for (int64_t i = 0; i < g.n; i++)
			for (int s = 0; s < (word ? 4 : 6); s++) {
				if (next_number(&seed) % 3 == 0)
					continue;
				int32_t cells[SLOTS];
				cells_read(&g.layout, g.rows[i].cells, cells);
				str was = cell_code(c->mem, &g.layout, cells[layout_slot(&g.layout, str_of(columns[s]))]);
				const char *to = word ? words[next_number(&seed) % COUNT(words)]
					: typed[next_number(&seed) % COUNT(typed)];
				if (round > 40 && !word)             /* whole rows too, so that there are averages               */
					to = typed[next_number(&seed) % 5];
				/* sometimes as somebody who saw the cell differently: a conflict writes nothing */
				e[n++] = (struct cell_edit){ g.rows[i].pupil.v, str_of(columns[s]),
					next_number(&seed) % 9 ? was : S("1"), str_of(to) };
			}
		OKAY(save_as(c, &k, what, t, e, n, "", &told));
		if (round % 6 == 5)
			holds(&k, of_words);
	}
	holds(&k, of_words);
	assert_true(count(w, "SELECT count(*) FROM mark WHERE average >= 0") >= 3);
	assert_true(count(w, "SELECT count(*) FROM mark WHERE comment <> ''") >= 2);
	/* the control: one mark altered behind the ledger is told by the same comparison */
	static struct replay r;
	items got;
	int wrong = 0;
	assert_int_equal(db_exec(w->db, "UPDATE mark SET average = average + 10 WHERE average >= 0", NULL, 0, NULL), OK);
	replay(&k, &r);
	OKAY(find_all(as_khue(w), &mark, &got, 500, NULL, 0));
	for (int64_t i = 0; i < got.n; i++) {
		const struct mark *m = (const struct mark *)got.p + i;
		wrong += m->course.v != of_words && m->average.v != average_by_hand(&r, m, 4);
	}
	assert_true(wrong >= 3);
	close_class(&k);
}

/* The same marks by other ways, one at a time and after mistakes, last first: the same average and words. */
static void the_way_there_says_nothing(void **state)
{
	static const char *const columns[] = { "tx1", "tx2", "tx3", "tx4", "gk", "ck" };
	struct class_of k = open_class(state);
	struct world *w = k.w;
	uint64_t seed = 5;
	struct save_told t;
	items got;

	for (int round = 0; round < 12; round++) {
		char typed[6][8], before[2][6][8];
		pick term_ = round % 2 ? TERM_1 : TERM_2;
		struct cell_edit all[6];
		struct grid g;
		OKAY(grid_load(mine(&k), w->class_a, k.subjects[0], term_, &g));
		for (int who = 0; who < 2; who++)
			for (int s = 0; s < 6; s++) {
				int32_t cells[SLOTS];
				for (int64_t i = 0; i < g.n; i++)
					if (g.rows[i].pupil.v == k.pupils[who].v)
						cells_read(&g.layout, g.rows[i].cells, cells);
				str was = cell_code(w->c.mem, &g.layout, cells[layout_slot(&g.layout, str_of(columns[s]))]);
				snprintf(before[who][s], 8, "%.*s", FMT(was));
			}
		for (int s = 0; s < 6; s++) {
			int v = (int)(next_number(&seed) % 101);
			snprintf(typed[s], sizeof typed[s], "%d,%d", v / 10, v % 10);
			all[s] = edit(&k, 0, columns[s], before[0][s], typed[s]);
		}
		OKAY(save_as(mine(&k), &k, 0, term_, all, 6, "", &t));
		for (int s = 5; s >= 0; s--) {
			struct cell_edit slip = edit(&k, 1, columns[s], before[1][s], "2"), right = edit(&k, 1, columns[s], "2",
				typed[s]);
			OKAY(save_as(mine(&k), &k, 0, term_, &slip, 1, "", &t));
			OKAY(save_as(mine(&k), &k, 0, term_, &right, 1, "", &t));
			assert_true(end_of(&t, 0) == CELL_SAVED || strcmp(typed[s], "2,0") == 0);
		}
		OKAY(find_all(as_khue(w), &mark, &got, 100, NULL, 0));
		const struct mark *of[2] = { NULL, NULL };
		for (int64_t i = 0; i < got.n; i++) {
			const struct mark *m = (const struct mark *)got.p + i;
			for (int who = 0; who < 2; who++)
				if (m->term == term_ && m->pupil.v == k.pupils[who].v)
					of[who] = m;
		}
		assert_non_null(of[0]);
		assert_non_null(of[1]);
		assert_true(str_eq(of[0]->cells, of[1]->cells));
		assert_true(of[0]->average.v >= 0);
		assert_int_equal(of[0]->average.v, of[1]->average.v);
	}
	close_class(&k);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { ON_BOTH(a_book_is_what_its_ledger_says), ON_BOTH(the_way_there_says_nothing) };

	(void)argc;
	if (!hash_init())
		return 1;
	need_postgres(argv);
	return cmocka_run_group_tests_name("records_replay", tests, NULL, NULL);
}
