/* transcripts.c -- trial keys for everybody who signs, and a few transcripts of one class already signed and issued:
 * those of the pupil with an account and of the first of the list; the others wait for their form teacher. */
#include "app/demo/demo.h"
#include "mod/transcript/issue.h"

enum { ISSUED_ROWS = 4 };

/* As somebody with one seat: a step of a year, or (x NULL) the opening of the keys that seal. */
static enum rc acting(struct ctx *c, const struct role *r, org_id at, person_id who, struct transcript_part *x,
	const char *step_, struct issue_keys *ret)
{
	const struct actor *before = c->who;
	struct seat seat = { r, at, { 0 }, FOREVER };
	struct actor a = { .user = before->user, .person = who, .name = S("demo"), .seats = &seat, .n_seats = 1 };
	enum rc rc;

	c->who = &a;
	rc = x ? step(c, &transcript_part, x, step_) : issue_keys_open(c, at, ret);
	c->who = before;
	return rc;
}

static enum rc sign_one(struct demo *d, struct demo_school *s, const struct issue_keys *k, person_id teacher_,
	int64_t part)
{
	struct ctx *c = d->c;
	struct transcript_part x;
	bool done;

	TRY(find(c, &transcript_part, part, &x));
	TRY(acting(c, &form_teacher, s->org, teacher_, &x, "sign", NULL));
	TRY(find(c, &transcript_part, part, &x));
	TRY(acting(c, &principal, s->org, s->principal, &x, "confirm", NULL));
	return transcript_issue_one(c, k, x.transcript.v, &done);
}

static enum rc a_school(struct demo *d, struct demo_school *s)
{
	struct ctx *c = d->c;
	struct issue_keys k;
	struct school_class class;
	items parts;
	int64_t n = 0;

	TRY(find(c, &school_class, s->a_class.v, &class));
	TRY(acting(c, &principal, s->org, s->principal, NULL, NULL, &k));
	TRY(find_all(c, &transcript_part, &parts, 60, IS({ offsetof(struct transcript_part, class),
		v_int(s->a_class.v) })));
	for (int64_t i = 0; i < parts.n; i++) {
		const struct transcript_part *x = (const struct transcript_part *)parts.p + i;
		if (x->pupil.v == s->pupil.v || n < ISSUED_ROWS) {
			TRY(sign_one(d, s, &k, class.form_teacher, x->base.id));
			n++;
		}
	}
	return OK;
}

enum rc demo_transcripts(struct demo *d)
{
	int64_t orgs, people;

	TRY(sign_make_all(d->c, &orgs, &people));
	for (int i = 0; i < d->n_schools; i++)
		if (d->schools[i].kind == LOWER && d->schools[i].a_class.v) {
			TRY(a_school(d, &d->schools[i]));
			return demo_past(d, &d->schools[i]);
		}
	return OK;
}
