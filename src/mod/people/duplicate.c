/* duplicate.c -- records that look like one person. Every night over the whole province; each pair is shown once, until
 * somebody says they are one, or two. Score: name and birthday 70, sex 10, commune 10, a guardian's telephone 10. */
#include "mod/people/people_rules.h"

#define ROW struct alike
static const struct shape alike_shape = { sizeof(ROW), FIELDS{ { COL(a) }, { COL(b) }, { REF(school, org) },
	{ COL(same_sex) }, { COL(same_commune) }, { COL(same_phone) }, { COL(name) }, END } };
#undef ROW

static enum rc note_pair(struct ctx *c, const struct alike *p)
{
	static const struct tr why = { "Cùng họ tên, ngày sinh{1}{2}", "Same name, birthday{1}{2}" },
	                       phone = { ", điện thoại", ", telephone" }, place = { ", nơi ở", ", commune" };
	struct person_pair pair;

	row_zero(&person_pair, &pair);
	pair.base.org = p->school;
	pair.a.v = p->a;
	pair.b.v = p->b;
	pair.score = 70 + 10 * p->same_sex + 10 * p->same_commune + 10 * p->same_phone;
	pair.why = sayf(c, &why, ARGS(p->same_phone ? say(c, &phone) : (str){ 0 }, p->same_commune ? say(c, &place)
		: (str){ 0 }));
	return create(c, &person_pair, &pair);
}

static enum rc find_pairs(struct ctx *c, void *row)
{
	items found;
	const struct actor *who = as_system(c, "duplicates are looked for over the whole province");
	enum rc rc = query(c, "people/look_alike", NULL, NULL, &alike_shape, &found, 2000);

	(void)row;
	for (int64_t i = 0; rc == OK && i < found.n && !job_cancelled(c); i++)
		rc = note_pair(c, (const struct alike *)found.p + i);
	as_actor(c, who);
	return rc;
}

const struct job people_jobs[] = { { "find_pairs", { "Tìm hồ sơ nghi trùng", "Look for duplicates" }, DAYS(1),
	HM(1, 30), 1800, 3, .run = find_pairs },
	{ "copy", { "Gom mọi dữ liệu về một người", "Gather everything about a person" }, .limit_s = 300, .tries = 2,
		.in = &subject_in_shape, .run = subject_gather }, END };
const struct job *const subject_job = &people_jobs[1];
