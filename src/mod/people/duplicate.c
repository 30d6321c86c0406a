/* duplicate.c -- records that look like one person. Every night over the whole province, by the rules of alike.c; each
 * pair is shown once, until somebody says they are one, or two. And a pair that somebody names. */
#include "mod/people/alike.h"
#include "mod/people/people_rules.h"
#include <stdlib.h>

enum { PIECE = 4000, A_NIGHT = 2000, AT_ONCE = 50 };

struct after_in { int64_t after; };
#define ROW struct after_in
static const struct shape after_shape = { sizeof(ROW), FIELDS{ { COL(after) }, END } };
#undef ROW
#define ROW struct alike_person
static const struct shape alike_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { REF(org, org) }, { COL(name) },
	{ COL(born) }, { COL(sex) }, { REF(commune, admin_unit) }, { COL(phone) },
	{ COL(national_id) }, { COL(sector_id) }, END } };
#undef ROW
struct bond { int64_t id, pupil, guardian; str phone; };
#define ROW struct bond
static const struct shape bond_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(pupil) }, { COL(guardian) },
	{ COL(phone) }, END } };
#undef ROW
struct counts { int64_t people, bonds; };
#define ROW struct counts
static const struct shape counts_shape = { sizeof(ROW), FIELDS{ { COL(people) }, { COL(bonds) }, END } };
#undef ROW
struct pair_ids { int64_t id, a, b; };
#define ROW struct pair_ids
static const struct shape pair_ids_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(a) }, { COL(b) }, END } };
static const struct shape ab_shape = { sizeof(ROW), FIELDS{ { COL(a) }, { COL(b) }, END } };
#undef ROW

/* ---- reading, in pieces --------------------------------------------------------------------------------- */

struct search { struct ctx *c; struct arena *mem, piece; struct alike *all; struct pair_ids *known; int64_t n, cap; };
typedef int64_t take_fn(struct search *s, const void *row);      /* gives the id to go on after */

static int64_t take_person(struct search *s, const void *row)
{
	const struct alike_person *p = row;

	alike_add(s->all, p, &s->piece);
	return p->id;
}

static int64_t take_bond(struct search *s, const void *row)
{
	const struct bond *g = row;

	alike_family(s->all, g->pupil, g->guardian, g->phone);
	return g->id;
}

static int64_t take_known(struct search *s, const void *row)
{
	const struct pair_ids *p = row;

	if (s->n == s->cap) {
		struct pair_ids *more = NEWS(s->mem, struct pair_ids, s->cap * 2 + 256);

		if (s->n)
			memcpy(more, s->known, sizeof *more * (size_t)s->n);
		s->known = more;
		s->cap = s->cap * 2 + 256;
	}
	s->known[s->n++] = p->a < p->b ? *p : (struct pair_ids){ p->id, p->b, p->a };
	return p->id;
}

static enum rc each_piece(struct search *s, const char *name, const struct shape *shape, take_fn *take)
{
	struct after_in at = { 0 };
	items got = { 0 };
	enum rc rc = OK;

	do {
		s->c->mem = &s->piece;
		rc = query(s->c, name, &after_shape, &at, shape, &got, PIECE);
		for (int64_t i = 0; rc == OK && i < got.n; i++)
			at.after = take(s, (const char *)got.p + (size_t)i * shape->size);
		s->c->mem = s->mem;
		arena_reset(&s->piece);
	} while (rc == OK && got.n == PIECE && !job_cancelled(s->c));
	return rc;
}

static int by_two(const void *a, const void *b)
{
	const struct pair_ids *x = a, *y = b;
	return x->a != y->a ? (x->a > y->a) - (x->a < y->a) : (x->b > y->b) - (x->b < y->b);
}

static bool is_known(void *arg, int64_t a, int64_t b)
{
	const struct search *s = arg;
	return s->n && bsearch(&(struct pair_ids){ 0, a, b }, s->known, (size_t)s->n, sizeof *s->known, by_two);
}

static enum rc look(struct search *s, items *ret)
{
	struct counts n;

	TRY(query_one(s->c, "people/look_counts", NULL, NULL, &counts_shape, &n));
	s->all = alike_new(s->mem, n.people, n.bonds);
	TRY(each_piece(s, "people/look_people", &alike_shape, take_person));
	TRY(each_piece(s, "people/look_family", &bond_shape, take_bond));
	TRY(each_piece(s, "people/look_known", &pair_ids_shape, take_known));
	if (s->n)
		qsort(s->known, (size_t)s->n, sizeof *s->known, by_two);
	*ret = alike_find(s->all, is_known, s);
	return OK;
}

/* ---- writing ---------------------------------------------------------------------------------------------- */

static const struct tr rules[] = {
	[ALIKE_NUMBER] = { "Số định danh của người này là mã ngành của người kia",
		"The national id of one is the sector id of the other" },
	[ALIKE_NAME] = { "Cùng họ tên, ngày sinh", "Same name, birthday" },
	[ALIKE_MARKS] = { "Cùng ngày sinh, họ tên chỉ khác dấu, hoa thường hay i/y",
		"Same birthday, the names differ in marks, case or i/y only" },
	[ALIKE_SWAP] = { "Cùng họ tên, ngày và tháng sinh đổi chỗ cho nhau", "Same name, day and month of birth swapped" },
	[ALIKE_LETTER] = { "Cùng ngày sinh, họ tên khác một chữ cái", "Same birthday, one letter of the name differs" },
	[ALIKE_YEAR] = { "Cùng họ tên, ngày tháng sinh, năm sinh lệch một", "Same name and day, born a year apart" } };

static enum rc note_pair(struct ctx *c, const struct alike_pair *p)
{
	static const struct tr why = { "{1}{2}{3}{4}", "{1}{2}{3}{4}" }, family =
		{ ", cùng phụ huynh hoặc điện thoại", ", same guardian or telephone" },
		school = { ", cùng trường", ", same school" }, place = { ", cùng nơi ở", ", same commune" };
	const str nothing = S("");
	struct person_pair pair;
	struct person a, b;

	row_zero(&person_pair, &pair);
	TRY(find(c, &person, p->a, &a));
	TRY(find(c, &person, p->b, &b));
	pair.keep = pair_suggests(&a, &b);
	pair.base.org.v = p->org;
	pair.a.v = p->a;
	pair.b.v = p->b;
	pair.score = p->score;
	pair.why = sayf(c, &why, ARGS(say(c, &rules[p->rule]), p->near & NEAR_FAMILY ? say(c, &family) : nothing,
		p->near & NEAR_SCHOOL ? say(c, &school) : nothing, p->near & NEAR_PLACE ? say(c, &place) : nothing));
	return create(c, &person_pair, &pair);
}

/* Some at a time: nobody else writes meanwhile. */
static enum rc note_some(struct ctx *c, const struct alike_pair *p, int64_t n)
{
	enum rc rc = OK;

	TRY(db_begin(c->db));
	for (int64_t i = 0; rc == OK && i < n; i++)
		rc = note_pair(c, &p[i]);
	if (rc == OK)
		return db_commit(c->db);
	db_rollback(c->db);
	return rc;
}

static void end_piece(void *arg) { arena_free(arg); }

static enum rc find_pairs(struct ctx *c, void *row)
{
	struct search *s = NEW(c->mem, struct search);
	const struct actor *who = as_system(c, "duplicates are looked for over the whole province");
	items found = { 0 };

	(void)row;
	*s = (struct search){ .c = c, .mem = c->mem };
	arena_init(&s->piece, (size_t)256 << 20);
	s->piece.full = c->mem->full;
	arena_at_end(c->mem, end_piece, &s->piece);
	enum rc rc = look(s, &found);
	int64_t most = found.n < A_NIGHT ? found.n : A_NIGHT;
	for (int64_t i = 0; rc == OK && i < most && !job_cancelled(c); i += AT_ONCE)
		rc = note_some(c, (const struct alike_pair *)found.p + i, most - i < AT_ONCE ? most - i : AT_ONCE);
	as_actor(c, who);
	return rc;
}

const struct job people_jobs[] = { { "find_pairs", { "Tìm hồ sơ nghi trùng", "Look for duplicates" }, DAYS(1),
	HM(1, 30), 1800, 3, .run = find_pairs, .bare = true },
	{ "copy", { "Gom mọi dữ liệu về một người", "Gather everything about a person" }, .limit_s = 300, .tries = 2,
		.in = &subject_in_shape, .run = subject_gather }, END };
const struct job *const subject_job = &people_jobs[1];

/* ---- a pair that somebody names --------------------------------------------------------------------------- */

static const struct tr
MSG_one = { "Chọn hai hồ sơ khác nhau.", "Choose two records." },
MSG_known = { "Hai hồ sơ này đã có trong danh sách nghi trùng: mở cặp ấy mà so và hợp nhất.",
	"These two are among the possible duplicates already: compare and merge them there." },
MSG_gone_record = { "Hồ sơ này đã được bỏ.", "This record is retired." },
MSG_by_hand = { "Do {1} chọn", "Chosen by {1}" };

enum rc pair_fits(struct ctx *c, const void *row)
{
	const struct person_pair *p = row;
	struct pair_ids two = { 0, p->a.v, p->b.v };
	struct person a, b;
	int64_t n = 0;

	if (p->base.rev > 0 || c->who->system)
		return OK;
	if (p->a.v == p->b.v)
		return FAIL(c, E_INVALID, offsetof(struct person_pair, b), &MSG_one);
	TRY(find(c, &person, p->a.v, &a));
	TRY(find(c, &person, p->b.v, &b));
	if (a.base.gone || b.base.gone)
		return FAIL(c, E_INVALID, a.base.gone ? offsetof(struct person_pair, a) : offsetof(struct person_pair, b),
			&MSG_gone_record);
	TRY(query_int(c, "people/pairs_of_two", &ab_shape, &two, &n));
	return n ? FAIL(c, E_INVALID, offsetof(struct person_pair, b), &MSG_known) : OK;
}

/* It belongs to the unit that keeps the first record. */
enum rc pair_by_hand(struct ctx *c, void *row)
{
	struct person_pair *p = row;
	struct person a, b;

	if (p->base.rev > 0 || c->who->system)
		return OK;
	TRY(find(c, &person, p->a.v, &a));
	TRY(find(c, &person, p->b.v, &b));
	p->keep = pair_suggests(&a, &b);
	p->base.org = a.base.org;
	p->score = 100;
	p->why = sayf(c, &MSG_by_hand, ARGS(c->who->name));
	return OK;
}

/* Whoever names a pair compares it next. */
enum rc pair_made(struct ctx *c, void *row)
{
	const struct person_pair *p = row;

	if (p->base.rev == 1 && !c->who->system)
		c->go = link_to(c, "/person_pair/%lld/compare", (long long)p->base.id);
	return OK;
}

#define ROW struct subject_in
const struct shape merge_with_in = { sizeof(ROW), FIELDS{ { REF(person, person), .is = NEEDED,
	.label = { "Hồ sơ", "Record" } }, END } };
#undef ROW

/* GET /person/{person}/merge: the form of a pair, with this record in it. */
enum rc person_merge_with(struct ctx *c, const void *in_, void *out)
{
	const struct subject_in *in = in_;
	struct person p;

	(void)out;
	TRY(find(c, &person, in->person.v, &p));
	c->go = link_to(c, "/person_pair/new?a=%lld", (long long)in->person.v);
	return OK;
}
