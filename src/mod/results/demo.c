/* demo.c -- two exams of a fictional province. Marks follow the published percentiles of the real exams of 2025 and
 * 2026 (least, 5, 25, 50, 75, 95 %, most), in steps of 0.25, with one ability behind the papers of a candidate. */
#include "mod/results/commands.h"
#include "mod/results/live.h"
#include "mod/results/results.h"

enum { CANDIDATES = 1500, CLUSTERS = 6, POINTS = 7, RANKS = 10000 };

/* weight: how many of 1,000 choose the paper as one of their two; everybody sits mathematics and literature. */
struct paper { const char *subject; int weight; int16_t marks[POINTS]; };
static const struct paper papers_2025[] = {
	{ "toan", 0, { 25, 225, 355, 460, 585, 800, 1000 } }, { "ngu_van", 0, { 75, 450, 625, 725, 800, 875, 975 } },
	{ "ngoai_ngu", 166, { 75, 300, 425, 525, 625, 800, 1000 } },
	{ "vat_li", 161, { 100, 435, 585, 700, 825, 925, 1000 } },
	{ "hoa_hoc", 112, { 75, 325, 475, 600, 750, 925, 1000 } },
	{ "sinh_hoc", 33, { 100, 325, 460, 575, 700, 850, 1000 } },
	{ "lich_su", 227, { 75, 375, 525, 650, 775, 900, 1000 } }, { "dia_li", 224, { 75, 370, 535, 675, 800, 950, 1000 } },
	{ "gdktpl", 113, { 125, 550, 700, 775, 850, 925, 1000 } },
	{ "tin_hoc", 20, { 135, 425, 575, 675, 785, 925, 1000 } },
	{ "cn_nong_nghiep", 30, { 155, 560, 700, 775, 850, 925, 1000 } }, { NULL } };
static const struct paper papers_2026[] = {
	{ "toan", 0, { 45, 270, 425, 550, 725, 875, 1000 } }, { "ngu_van", 0, { 50, 400, 575, 675, 750, 825, 975 } },
	{ "ngoai_ngu", 147, { 50, 275, 375, 500, 625, 825, 1000 } },
	{ "vat_li", 165, { 50, 285, 410, 550, 700, 850, 1000 } },
	{ "hoa_hoc", 107, { 45, 335, 510, 650, 750, 875, 1000 } },
	{ "sinh_hoc", 29, { 120, 335, 460, 575, 700, 875, 1000 } },
	{ "lich_su", 241, { 50, 350, 485, 610, 750, 900, 1000 } }, { "dia_li", 189, { 25, 260, 385, 500, 625, 775, 1000 } },
	{ "gdktpl", 120, { 75, 285, 410, 500, 600, 725, 1000 } }, { "tin_hoc", 30, { 160, 360, 495, 600, 725, 875, 1000 } },
	{ "cn_nong_nghiep", 50, { 120, 470, 625, 700, 775, 875, 1000 } }, { NULL } };

static uint64_t next(uint64_t *seed)
{
	uint64_t z = *seed += 0x9E3779B97F4A7C15u;

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

static int below(uint64_t *seed, int n)
{
	return (int)(next(seed) % (uint64_t)n);
}

/* Ability and luck, each even over the ranks, to one rank that is even again. */
static int rank_of(int ability, int luck)
{
	int64_t t = ability + luck;

	return (int)(t < RANKS ? t * t / (2 * RANKS) : RANKS - 1 - (2 * RANKS - t) * (2 * RANKS - t) / (2 * RANKS));
}

/* Marks towards 10 and towards 0 are rarer than straight lines between the percentiles have them; a little noise of the
 * paper itself takes the corners off. */
static int16_t mark_at(const struct paper *p, int rank, int noise)
{
	static const int ranks[POINTS] = { 0, 500, 2500, 5000, 7500, 9500, RANKS };
	int i = 1, mark;

	while (i < POINTS - 1 && rank >= ranks[i])
		i++;
	mark = p->marks[i - 1] + (p->marks[i] - p->marks[i - 1]) * (rank - ranks[i - 1]) / (ranks[i] - ranks[i - 1]);
	if (rank > 9500)
		mark = p->marks[5] + (p->marks[6] - p->marks[5]) * (rank - 9500) / 500 * (rank - 9500) / 500;
	else if (rank < 500)
		mark = p->marks[1] - (p->marks[1] - p->marks[0]) * (500 - rank) / 500 * (500 - rank) / 500;
	mark += noise;
	mark = mark < p->marks[0] ? p->marks[0] : mark > p->marks[POINTS - 1] ? p->marks[POINTS - 1] : mark;
	return (int16_t)((mark + 12) / 25 * 25);
}

static int choose(const struct paper *papers, uint64_t *seed)
{
	int total = 0, at;

	for (int i = 2; papers[i].subject; i++)
		total += papers[i].weight;
	at = below(seed, total);
	for (int i = 2; ; i++) {
		at -= papers[i].weight;
		if (at < 0)
			return i;
	}
}

static void sit(struct mark_set *s, struct marks *m, const struct paper *p, int ability, uint64_t *seed)
{
	int subject = subject_named(str_of(p->subject));

	m->at[subject] = mark_at(p, rank_of(ability, below(seed, RANKS)), below(seed, 80) + below(seed, 80) - 79);
	s->has[subject] = true;
	if (strcmp(p->subject, "ngoai_ngu") == 0)
		m->language = below(seed, 100) < 96 ? 1 : (uint8_t)(2 + below(seed, 6));
}

static void candidates(struct ctx *c, struct mark_set *s, const struct paper *papers, uint64_t seed)
{
	for (int i = 0; i < CANDIDATES; i++) {
		struct marks *m = mark_set_add(s);
		int cluster = i * CLUSTERS / CANDIDATES, ability = below(&seed, RANKS) + 500 - cluster * 200, first, second;
		ability = ability < 0 ? 0 : ability >= RANKS ? RANKS - 1 : ability;
		number_read(TEXT(c, "99%06d", i + 1), m->number);
		m->group = mark_set_group(s, TEXT(c, "Cụm thi số %d", cluster + 1));
		if (below(&seed, 250) == 0)
			continue;                            /* absent: no mark at all */
		sit(s, m, &papers[0], ability, &seed);
		sit(s, m, &papers[1], ability, &seed);
		first = choose(papers, &seed);
		while ((second = choose(papers, &seed)) == first)
			continue;
		sit(s, m, &papers[first], ability, &seed);
		sit(s, m, &papers[second], ability, &seed);
	}
}

static enum rc make_exam(struct ctx *c, const char *code, const char *name, int year, const struct paper *papers,
	uint64_t seed)
{
	struct exam e;
	struct mark_set s;
	day on;

	row_zero(&exam, &e);
	e.code = str_of(code);
	e.name = str_of(name);
	e.year = year;
	e.organiser = e.base.org = exam_home(c);
	if (e.organiser.v == 0)
		e.by = S("Sở Giáo dục và Đào tạo (hệ thống dùng thử)");
	mark_set_init(&s, c->mem);
	candidates(c, &s, papers, seed);
	TRY(draft_write(c, e.code, &s));
	/* results come out on 16 July at 8 o'clock */
	day_of(year, 7, 16, &on);
	c->now = (instant){ ((int64_t)on.v * 24 + 1) * 3600000 };
	TRY(create(c, &exam, &e));
	return step(c, &exam, &e, "publish");
}

enum rc results_demo(struct ctx *c, uint64_t seed)
{
	const struct actor *who = as_system(c, "khue demo");
	instant now = c->now;
	enum rc rc = make_exam(c, "thpt-2025", "Kỳ thi tốt nghiệp THPT năm 2025 (dữ liệu mẫu)", 2025, papers_2025, seed);

	if (rc == OK)
		rc = make_exam(c, "thpt-2026", "Kỳ thi tốt nghiệp THPT năm 2026 (dữ liệu mẫu)", 2026, papers_2026, seed + 1);
	c->now = now;
	as_actor(c, who);
	return rc;
}
