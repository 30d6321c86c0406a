/* namesake.c -- whoever types in a new person is told of those who may be the same: of the actor's own with a link, of
 * others only that there are some, and how a pupil comes over. */
#include "mod/people/people_rules.h"

enum { SAME_DAY = 2000, SHOWN = 5 };

static const struct tr
MSG_same = { "Có thể là người này: {1}, sinh ngày {2}, {3}.", "It may be this person: {1}, born {2}, {3}." },
MSG_more = { "Và {1} người khác nữa trùng họ tên, ngày sinh.", "And {1} more of the same name and birthday." },
MSG_elsewhere = { "Có {1} người trùng họ tên, ngày sinh ở đơn vị khác. Nếu là người này, đừng tạo hồ sơ mới: nhờ gia "
	"đình hoặc đơn vị đó nộp đơn chuyển đến.",
	"{1} of the same name and birthday are kept by another unit. If it is this person, make no new record: have the "
	"family or that unit ask for a transfer." },
MSG_taken = { "Đã có hồ sơ mang số này.", "A record with this number exists." },
MSG_class = { "lớp {1}, {2}", "class {1}, {2}" };

str name_bare(struct arena *mem, str name)
{
	str s = viet_fold(mem, name);
	char *p = NEWS(mem, char, s.n + 1);
	ptrdiff_t n = 0;

	for (ptrdiff_t i = 0; i < s.n; i++)
		if ((s.p[i] >= 'a' && s.p[i] <= 'z') || (unsigned char)s.p[i] >= 0x80)
			p[n++] = s.p[i] == 'y' ? 'i' : s.p[i];
	return (str){ p, n };
}

struct namesake { int64_t id; str name; day born; str school, class_name, national_id, sector_id; bool seen; };
#define ROW struct namesake
static const struct shape namesake_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(name) }, { COL(born) },
	{ COL(school) }, { COL(class_name) }, { COL(national_id) }, { COL(sector_id) }, { COL(seen) }, END } };
#undef ROW
#define ROW struct person
static const struct shape asked_shape = { sizeof(ROW), FIELDS{ { COL(born) }, { COL(national_id) },
	{ COL(sector_id) }, END } };
#undef ROW

static void tell(struct ctx *c, const struct namesake *s)
{
	str where = s->class_name.n ? sayf(c, &MSG_class, ARGS(s->class_name, s->school)) : s->school;

	doubt(c, link_to(c, "/person/%lld", (long long)s->id), &MSG_same, ARGS(s->name, day_text(c->mem, s->born), where));
}

/* A number is one person's: no word goes round that. */
static bool number_taken(struct ctx *c, str mine, str other, col at)
{
	if (mine.n == 0 || !str_eq(mine, other))
		return false;
	FAIL(c, E_INVALID, at, &MSG_taken);
	return true;
}

enum rc person_namesakes(struct ctx *c, const void *row)
{
	const struct person *p = row;
	str bare = name_bare(c->mem, p->name);
	int64_t elsewhere = 0, told = 0, more = 0;
	items got;

	if (p->born.v == NO_DAY.v && p->national_id.n == 0 && p->sector_id.n == 0)
		return OK;
	TRY(query(c, "people/namesakes", &asked_shape, p, &namesake_shape, &got, SAME_DAY));
	const struct namesake *s = got.p;
	for (int64_t i = 0; i < got.n; i++) {
		bool number = number_taken(c, p->national_id, s[i].national_id, offsetof(struct person, national_id));
		number |= number_taken(c, p->sector_id, s[i].sector_id, offsetof(struct person, sector_id));
		if (!number && (s[i].born.v != p->born.v || !str_eq(bare, name_bare(c->mem, s[i].name))))
			continue;
		if (!s[i].seen)
			elsewhere += !number;
		else if (told++ < SHOWN)
			tell(c, &s[i]);
		else
			more++;
	}
	if (more)
		doubt(c, S(""), &MSG_more, ARGS(int_text(c->mem, more)));
	if (elsewhere)
		doubt(c, S(""), &MSG_elsewhere, ARGS(int_text(c->mem, elsewhere)));
	return OK;
}
