/* names.c -- chance, and people's names by real frequency and sex. */
#include "app/demo/demo.h"
#include "base/embed.h"

uint64_t rng_next(struct rng *r)                 /* splitmix64 */
{
	uint64_t z = r->s += 0x9e3779b97f4a7c15u;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

int64_t rng_below(struct rng *r, int64_t n) { return n > 0 ? (int64_t)(rng_next(r) % (uint64_t)n) : 0; }
bool    rng_chance(struct rng *r, int64_t of_1000) { return rng_below(r, 1000) < of_1000; }
int64_t rng_near(struct rng *r, int64_t mean, int64_t spread)
{
	int64_t sum = 0;
	for (int i = 0; i < 4; i++)
		sum += rng_below(r, 2 * spread + 1);
	return mean - spread + sum / 4;
}

/* A list of names with running totals of their bearers: [0] male, [1] female. */
struct list { str *name; int64_t *upto[2]; int n; };
struct names { struct list family, middle, given; };

static void list_room(struct arena *mem, struct list *l, int n)
{
	l->name = NEWS(mem, str, n);
	l->upto[0] = NEWS(mem, int64_t, n);
	l->upto[1] = NEWS(mem, int64_t, n);
}

static void list_add(struct list *l, str name, const int64_t count[2])
{
	for (int sex = 0; sex < 2; sex++)
		l->upto[sex][l->n] = (l->n ? l->upto[sex][l->n - 1] : 0) + count[sex];
	l->name[l->n++] = name;
}

struct names *names_load(struct arena *mem)
{
	struct names *n = NEW(mem, struct names);
	str text, line, kind, name, male, female;

	if (!embedded_get(S("data/demo/names.tsv"), &text))
		return NULL;
	list_room(mem, &n->family, 400);
	list_room(mem, &n->middle, 400);
	list_room(mem, &n->given, 400);
	while (str_cut(text, '\n', &line, &text)) {
		int64_t count[2] = { 0 };
		if (!str_cut(line, '\t', &kind, &line) || !str_cut(line, '\t', &name, &line) ||
			!str_cut(line, '\t', &male, &female))
			continue;
		str_to_int(male, &count[0]);
		str_to_int(female, &count[1]);
		struct list *l = str_is(kind, "F") ? &n->family : str_is(kind, "M") ? &n->middle : &n->given;
		if (l->n < 400)
			list_add(l, name, count);
	}
	return n;
}

static str draw(const struct list *l, struct rng *r, bool male)
{
	const int64_t *upto = l->upto[!male];
	int64_t x = rng_below(r, upto[l->n - 1]);
	int lo = 0, hi = l->n - 1;

	while (lo < hi) {
		int mid = (lo + hi) / 2;
		if (upto[mid] > x) hi = mid; else lo = mid + 1;
	}
	return l->name[lo];
}

static str one_of(struct rng *r, const char *const *list, int n) { return str_of(list[rng_below(r, n)]); }

/* Names of the groups the demo shows, as they are commonly formed; Kinh and Tày share the general tables. */
static str minority_name(struct names *n, struct rng *r, struct arena *mem, enum people p, bool male)
{
	static const char *const ede_f[] = { "Niê", "Niê Kdăm", "Mlô", "Êban", "Ayŭn", "Êñuôl", "Kbuôr", "Byă" },
	     *const ede_g[] = { "Linh", "Bloan", "Nguên", "Hoa", "Đuôn", "Wit", "Ngơi", "Rin" },
	*const mnong[] = { "Yam", "Rơ Ông", "Bkrông", "Teh", "Liêng", "Đăk Cat" },
	     *const hmong_f[] = { "Giàng", "Vàng", "Sùng", "Thào", "Lầu", "Mùa", "Hờ", "Cứ" },
	*const hmong_m[] = { "A Páo", "A Dơ", "A Lử", "A Chứ", "A Tủa" },
	     *const hmong_w[] = { "Thị Mỷ", "Thị Dợ", "Thị Sua", "Thị Mai", "Thị Pàng" },
	*const tay[] = { "Nông", "Hoàng", "Triệu", "Ma", "Lục", "Hứa", "Bế" };

	str f, m, g;                                     /* drawn once each: FMT names its argument twice       */
	switch (p) {
	case EDE:
		f = one_of(r, ede_f, COUNT(ede_f)), g = one_of(r, ede_g, COUNT(ede_g));
		return str_fmt(mem, "%s%.*s %.*s", male ? "Y " : "H'", FMT(g), FMT(f));
	case MNONG:
		f = one_of(r, mnong, COUNT(mnong)), g = one_of(r, ede_g, COUNT(ede_g));
		return str_fmt(mem, "%s %.*s %.*s", male ? "Y" : "H'", FMT(g), FMT(f));
	case HMONG:
		f = one_of(r, hmong_f, COUNT(hmong_f)), g = male ? one_of(r, hmong_m, COUNT(hmong_m))
			: one_of(r, hmong_w, COUNT(hmong_w));
		return str_fmt(mem, "%.*s %.*s", FMT(f), FMT(g));
	default:
		f = one_of(r, tay, COUNT(tay)), m = draw(&n->middle, r, male), g = draw(&n->given, r, male);
		return str_fmt(mem, "%.*s %.*s %.*s", FMT(f), FMT(m), FMT(g));
	}
}

str family_of(str name)
{
	str head, tail;
	str_cut(name, ' ', &head, &tail);
	return head;
}

str name_of(struct names *n, struct rng *r, struct arena *mem, enum people p, bool male, str family)
{
	if (p != KINH && !(p == TAY && family.n))
		return minority_name(n, r, mem, p, male);
	str f = family.n ? family : draw(&n->family, r, male), m = draw(&n->middle, r, male), g = draw(&n->given, r, male);
	if (m.n == 0)
		return str_fmt(mem, "%.*s %.*s", FMT(f), FMT(g));
	return str_fmt(mem, "%.*s %.*s %.*s", FMT(f), FMT(m), FMT(g));
}
