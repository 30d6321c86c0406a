/* alike.c -- see alike.h. Records are put in order by what a rule compares, so that only neighbours are looked at:
 *
 *   number   one's national id is the other's sector id
 *   name     the same name and birthday; of one school, commune or family, or a name that few bear
 *   marks    the same birthday, and a name that differs in marks, case, blanks or y/i; of one school, commune or family
 *   swap     the same name, day and month of birth changed places; of one school, commune or family
 *   letter   the same birthday, a letter of the name differs; of one family, and not twins who both have sector ids
 *   year     the same name, day and month, a year apart; of one family
 *
 * Two different national ids are two people; so are, but for `name`, a boy and a girl. */
#include "mod/people/alike.h"
#include "mod/people/people_rules.h"
#include <stdlib.h>

struct one { int64_t id, org, commune; uint64_t name, national, sector; const char *bare; int32_t born;
	uint16_t n_bare; int8_t sex; };
struct tie  { uint64_t key; uint32_t at; };
struct alike {
	struct arena *mem;
	struct one *at; uint32_t n, cap;
	struct tie *ties; uint32_t n_ties, cap_ties;
	struct tie *of; uint32_t *first;         /* the ties of each, in the order of records */
	uint64_t *bares;                         /* of all names, in order: how many bear one                          */
	struct alike_pair *found; int64_t n_found;
	bool (*known)(void *, int64_t, int64_t); void *arg;
};
/* of a run of equals: more are a school's own telephone, or a name for want of a name */
enum { RUN_NAMES = 40, RUN_FAMILY = 12, HELD = 4 * ALIKE_MOST };
enum { FEW = 40 /* bearers of a name in the province: two of them are hardly born on one day by chance */ };

struct alike *alike_new(struct arena *mem, int64_t people, int64_t guardians)
{
	struct alike *all = NEW(mem, struct alike);

	*all = (struct alike){ .mem = mem, .cap = (uint32_t)people + 64,
		.cap_ties = (uint32_t)(people + 2 * guardians) + 64 };
	all->at = NEWS(mem, struct one, all->cap);
	all->ties = NEWS(mem, struct tie, all->cap_ties);
	return all;
}

/* Never 0, which stands for none. */
static uint64_t key_of(str s)
{
	return s.n ? str_hash(s) | 1 : 0;
}

static void tie(struct alike *all, uint64_t key, uint32_t at)
{
	if (key == 0)
		return;
	if (all->n_ties == all->cap_ties) {
		struct tie *more = NEWS(all->mem, struct tie, 2 * all->cap_ties);

		memcpy(more, all->ties, sizeof *more * all->n_ties);
		all->ties = more;
		all->cap_ties *= 2;
	}
	all->ties[all->n_ties++] = (struct tie){ key, at };
}

/* "0912 345 678" and "+84912345678" ring at one place. */
static uint64_t phone_key(str phone)
{
	char digits[20];
	ptrdiff_t n = 0;

	for (ptrdiff_t i = 0; i < phone.n && n < (ptrdiff_t)sizeof digits; i++)
		if (phone.p[i] >= '0' && phone.p[i] <= '9')
			digits[n++] = phone.p[i];
	return n < 8 ? 0 : key_of((str){ digits + n - 8, 8 });
}

void alike_add(struct alike *all, const struct alike_person *p, struct arena *scratch)
{
	if (all->n == all->cap) {
		struct one *more = NEWS(all->mem, struct one, 2 * all->cap);

		memcpy(more, all->at, sizeof *more * all->n);
		all->at = more;
		all->cap *= 2;
	}
	str bare = str_copy(all->mem, name_bare(scratch, p->name));
	all->at[all->n] = (struct one){ .id = p->id, .org = p->org.v, .commune = p->commune.v, .name = key_of(p->name),
		.national = key_of(p->national_id), .sector = key_of(p->sector_id), .bare = bare.p,
		.n_bare = (uint16_t)bare.n, .born = p->born.v, .sex = (int8_t)p->sex };
	tie(all, phone_key(p->phone), all->n);
	all->n++;
}

void alike_family(struct alike *all, int64_t who, int64_t guardian, str phone)
{
	uint32_t lo = 0, hi = all->n;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (all->at[mid].id < who)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == all->n || all->at[lo].id != who)
		return;
	tie(all, (uint64_t)guardian << 1, lo);           /* even: no text's key */
	tie(all, phone_key(phone), lo);
}

/* ---- what is near ---------------------------------------------------------------------------------------- */

static int by_key(const void *a, const void *b)
{
	const struct tie *x = a, *y = b;
	return x->key != y->key ? (x->key > y->key) - (x->key < y->key) : (x->at > y->at) - (x->at < y->at);
}

static int by_record(const void *a, const void *b)
{
	const struct tie *x = a, *y = b;
	return x->at != y->at ? (x->at > y->at) - (x->at < y->at) : (x->key > y->key) - (x->key < y->key);
}

static void order_ties(struct alike *all)
{
	uint32_t k = 0;

	all->of = NEWS(all->mem, struct tie, all->n_ties + 1);
	all->first = NEWS(all->mem, uint32_t, all->n + 1);
	memcpy(all->of, all->ties, sizeof *all->of * all->n_ties);
	qsort(all->of, all->n_ties, sizeof *all->of, by_record);
	qsort(all->ties, all->n_ties, sizeof *all->ties, by_key);
	for (uint32_t i = 0; i <= all->n; i++) {
		while (k < all->n_ties && all->of[k].at < i)
			k++;
		all->first[i] = k;
	}
}

static bool one_family(const struct alike *all, uint32_t a, uint32_t b)
{
	for (uint32_t i = all->first[a]; i < all->first[a + 1]; i++)
		for (uint32_t k = all->first[b]; k < all->first[b + 1]; k++)
			if (all->of[i].key == all->of[k].key)
				return true;
	return false;
}

static unsigned near_of(const struct alike *all, uint32_t a, uint32_t b)
{
	const struct one *x = &all->at[a], *y = &all->at[b];

	return (one_family(all, a, b) ? NEAR_FAMILY : 0) | (x->org && x->org == y->org ? NEAR_SCHOOL : 0) |
		(x->commune && x->commune == y->commune ? NEAR_PLACE : 0) | (x->sex && x->sex == y->sex ? NEAR_SEX : 0);
}

/* ---- the rules ------------------------------------------------------------------------------------------- */

static int64_t score_of(enum alike_rule rule, unsigned near)
{
	static const int64_t from[] = { [ALIKE_NUMBER] = 95, [ALIKE_NAME] = 65, [ALIKE_MARKS] = 55, [ALIKE_SWAP] = 50,
		[ALIKE_LETTER] = 45, [ALIKE_YEAR] = 45 };
	int64_t sum = from[rule] + (near & NEAR_FAMILY ? 15 : 0) + (near & NEAR_SCHOOL ? 5 : 0) +
		(near & NEAR_PLACE ? 10 : 0) + (near & NEAR_SEX ? 5 : 0);
	return sum > 100 ? 100 : sum;
}

static void found(struct alike *all, uint32_t a, uint32_t b, enum alike_rule rule, unsigned near)
{
	const struct one *x = &all->at[a < b ? a : b], *y = &all->at[a < b ? b : a];

	if (all->n_found < HELD && !all->known(all->arg, x->id, y->id))
		all->found[all->n_found++] = (struct alike_pair){ x->id, y->id, x->org, rule, near, score_of(rule, near) };
}

static bool two_people(const struct one *x, const struct one *y, bool sexes)
{
	return (x->national && y->national && x->national != y->national) || (sexes && x->sex && y->sex &&
		x->sex != y->sex);
}

static bool same_bare(const struct one *x, const struct one *y)
{
	return x->n_bare == y->n_bare && memcmp(x->bare, y->bare, x->n_bare) == 0;
}

static int by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x > y) - (x < y);
}

static bool few_bear(const struct alike *all, const struct one *x)
{
	uint64_t key = str_hash((str){ x->bare, x->n_bare });
	uint32_t lo = 0, hi = all->n;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (all->bares[mid] < key)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo + FEW >= all->n || all->bares[lo + FEW] != key;
}

static void named_alike(struct alike *all, uint32_t a, uint32_t b)
{
	const struct one *x = &all->at[a], *y = &all->at[b];
	enum alike_rule rule = x->born != y->born ? ALIKE_SWAP : x->name == y->name ? ALIKE_NAME : ALIKE_MARKS;

	if (a == b || two_people(x, y, rule != ALIKE_NAME) || !same_bare(x, y) || (rule == ALIKE_NAME && x->national &&
		y->national))
		return;
	unsigned near = near_of(all, a, b);
	if (near & (NEAR_FAMILY | NEAR_SCHOOL | NEAR_PLACE) || (rule == ALIKE_NAME && few_bear(all, x)))
		found(all, a, b, rule, near);
}

bool one_letter_apart(str a, str b)
{
	ptrdiff_t head = 0, tail = 0;

	if (a.n < b.n) {
		str other = a;
		a = b;
		b = other;
	}
	if (a.n - b.n > 1)
		return false;
	while (head < b.n && a.p[head] == b.p[head])
		head++;
	while (tail < b.n - head && a.p[a.n - 1 - tail] == b.p[b.n - 1 - tail])
		tail++;
	ptrdiff_t left = a.n - head - tail;
	return left == 1 || (left == 2 && a.n == b.n && a.p[head] == b.p[head + 1] && a.p[head + 1] == b.p[head]);
}

static bool year_apart(int32_t a, int32_t b)
{
	struct ymd x = day_ymd((day){ a }), y = day_ymd((day){ b });
	return x.d == y.d && x.m == y.m && (x.y == y.y + 1 || y.y == x.y + 1);
}

static void of_one_family(struct alike *all, uint32_t a, uint32_t b)
{
	enum { SHORT = 6 };                              /* letters: "Lê An" and "Lê Ân" are told apart by less */
	const struct one *x = &all->at[a], *y = &all->at[b];

	if (a == b || two_people(x, y, true))
		return;
	if (x->born != y->born && same_bare(x, y) && year_apart(x->born, y->born))
		found(all, a, b, ALIKE_YEAR, near_of(all, a, b));
	if (x->born == y->born && x->n_bare > SHORT && y->n_bare > SHORT && !(x->sector && y->sector) &&
		one_letter_apart((str){ x->bare, x->n_bare }, (str){ y->bare, y->n_bare }))
		found(all, a, b, ALIKE_LETTER, near_of(all, a, b));
}

static void of_one_number(struct alike *all, uint32_t a, uint32_t b)
{
	if (a != b && !two_people(&all->at[a], &all->at[b], false))
		found(all, a, b, ALIKE_NUMBER, near_of(all, a, b));
}

/* Every two of those whose keys are equal; runs that are longer than most say nothing. */
static void each_two(struct alike *all, const struct tie *at, uint32_t n, uint32_t most,
	void (*look)(struct alike *, uint32_t, uint32_t))
{
	for (uint32_t from = 0, to; from < n; from = to) {
		for (to = from + 1; to < n && at[to].key == at[from].key; to++)
			;
		for (uint32_t i = from; to - from <= most && i < to; i++)
			for (uint32_t k = i + 1; k < to; k++)
				look(all, at[i].at, at[k].at);
	}
}

/* The name, and the birthday so that 3 April and 4 March are one. */
static uint64_t name_key(const struct one *x)
{
	struct ymd b = day_ymd((day){ x->born });
	int lo = b.d < b.m ? b.d : b.m, hi = b.d < b.m ? b.m : b.d;

	return str_hash((str){ x->bare, x->n_bare }) * 1000003u + (uint64_t)(b.y * 1000 + lo * 40 + hi);
}

static int likelier(const void *a, const void *b)
{
	const struct alike_pair *x = a, *y = b;

	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	return x->a != y->a ? (x->a > y->a) - (x->a < y->a) : x->b != y->b ? (x->b > y->b) - (x->b < y->b)
		: (x->rule > y->rule) - (x->rule < y->rule);
}

static int by_pair(const void *a, const void *b)
{
	const struct alike_pair *x = a, *y = b;

	if (x->a != y->a)
		return x->a > y->a ? 1 : -1;
	return x->b != y->b ? (x->b > y->b) - (x->b < y->b) : (x->rule > y->rule) - (x->rule < y->rule);
}

/* Of several rules that found a pair the first counts. */
static items told(struct alike *all)
{
	int64_t n = 0;

	qsort(all->found, (size_t)all->n_found, sizeof *all->found, by_pair);
	for (int64_t i = 0; i < all->n_found; i++)
		if (i == 0 || all->found[i].a != all->found[n - 1].a || all->found[i].b != all->found[n - 1].b)
			all->found[n++] = all->found[i];
	qsort(all->found, (size_t)n, sizeof *all->found, likelier);
	return (items){ all->found, n < ALIKE_MOST ? n : ALIKE_MOST };
}

items alike_find(struct alike *all, bool (*known)(void *arg, int64_t a, int64_t b), void *arg)
{
	struct tie *names = NEWS(all->mem, struct tie, all->n + 1), *numbers = NEWS(all->mem, struct tie, 2 * all->n + 1);
	uint32_t n = 0;

	all->known = known;
	all->arg = arg;
	all->found = NEWS(all->mem, struct alike_pair, HELD);
	all->bares = NEWS(all->mem, uint64_t, all->n + 1);
	order_ties(all);
	for (uint32_t i = 0; i < all->n; i++) {
		all->bares[i] = str_hash((str){ all->at[i].bare, all->at[i].n_bare });
		names[i] = (struct tie){ name_key(&all->at[i]), i };
		if (all->at[i].national)
			numbers[n++] = (struct tie){ all->at[i].national, i };
		if (all->at[i].sector)
			numbers[n++] = (struct tie){ all->at[i].sector, i };
	}
	qsort(names, all->n, sizeof *names, by_key);
	qsort(numbers, n, sizeof *numbers, by_key);
	qsort(all->bares, all->n, sizeof *all->bares, by_number);
	each_two(all, numbers, n, RUN_FAMILY, of_one_number);
	each_two(all, names, all->n, RUN_NAMES, named_alike);
	each_two(all, all->ties, all->n_ties, RUN_FAMILY, of_one_family);
	return told(all);
}
