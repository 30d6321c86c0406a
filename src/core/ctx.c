/* ctx.c -- see ctx.h: problems and sentences, ids, who acts, addresses. */
#include "base/viet.h"
#include "core/data.h"
#include "base/log.h"
#include <stdio.h>

const struct actor actor_nobody = { 0 };
const struct actor actor_system = { .name = S_INIT("Khuê"), .login = S_INIT("khue"), .system = true };

void ctx_start(struct ctx *ret, const struct app *app, struct arena *mem)
{
	*ret = (struct ctx){ .mem = mem, .db = app->db, .app = app, .who = &actor_nobody, .lang = VI };
	ret->now = app->clock ? app->clock(app->arg) : instant_now();
	ret->today = day_at(ret->now);
	if (app->registry && app->registry->data)
		app->registry->data->mem.full = NULL;    /* a piece of work before may have left it in haste */
}

struct work *work_of(struct ctx *c)
{
	if (!c->more)
		c->more = NEW(c->mem, struct work);
	return c->more;
}

/* ---- sentences and problems ---------------------------------------------------------------- */

str say(const struct ctx *c, const struct tr *text)
{
	return str_of(c->lang == EN && text->en ? text->en : text->vi);
}

str sayf(struct ctx *c, const struct tr *text, const str *args, int n)
{
	str s = say(c, text);
	struct buf b;
	if (n == 0 || str_find(s, S("{")) < 0)
		return s;
	buf_init(&b, c->mem, 16384);
	ptrdiff_t run = 0;
	for (ptrdiff_t i = 0; i < s.n; i++) {
		int k = s.p[i] == '{' && i + 2 < s.n && s.p[i + 2] == '}' ? s.p[i + 1] - '1' : -1;
		if (k < 0 || k >= n || k >= 9)
			continue;
		put(&b, str_sub(s, run, i));
		put(&b, args[k]);
		i += 2;
		run = i + 1;
	}
	put(&b, str_sub(s, run, -1));
	return buf_str(&b);
}

enum { PROBLEMS_MAX = 1000 };

/* The first problem of a field is the one that is told. */
static struct problem *problem_new(struct ctx *c, col at, str field, int64_t item)
{
	struct work *w = work_of(c);
	for (int i = 0; i < c->n_problems; i++) {
		const struct problem *p = &c->problems[i];
		if ((at || field.n) && p->at == at && p->item == item && str_eq(p->field, field))
			return NULL;
	}
	if (c->n_problems == PROBLEMS_MAX)
		return NULL;
	if (c->n_problems == w->cap_problems) {
		w->cap_problems = w->cap_problems ? 2 * w->cap_problems : 8;
		struct problem *p = NEWS(c->mem, struct problem, w->cap_problems);
		if (c->n_problems)
			memcpy(p, c->problems, sizeof *p * (size_t)c->n_problems);
		c->problems = p;
	}
	return &c->problems[c->n_problems++];
}

enum rc fail(struct ctx *c, enum rc rc, col at, const struct tr *text, const str *args, int n)
{
	struct problem *p = problem_new(c, at, (str){ 0 }, -1);
	if (p)
		*p = (struct problem){ .at = at, .text = str_copy(c->mem, sayf(c, text, args, n)), .item = -1 };
	if (c->rc == OK)
		c->rc = rc;
	return rc;
}

enum rc visible_name(struct ctx *c, col at, str name)
{
	static const struct tr unseen = { "Tên phải có chữ cái, và không có kí tự ẩn, biểu tượng hay hình vẽ.",
		"A name has letters, and no hidden characters, symbols or pictures." };

	return name.n == 0 || viet_is_name(name) ? OK : FAIL(c, E_INVALID, at, &unseen);
}

void doubt(struct ctx *c, str href, const struct tr *text, const str *args, int n)
{
	int had = c->n_problems;
	fail(c, E_INVALID, 0, text, args, n);
	if (c->n_problems > had) {
		c->problems[had].doubt = true;
		c->problems[had].href = href;
	}
}

enum rc fail_item(struct ctx *c, enum rc rc, const char *list, int64_t item, const char *field, const struct tr *text,
	const str *args, int n)
{
	str name = *field ? TEXT(c, "%s.%lld.%s", list, (long long)item, field) : TEXT(c, "%s.%lld", list, (long long)item);
	struct problem *p = problem_new(c, 0, name, item);
	if (p)
		*p = (struct problem){ .field = name, .text = str_copy(c->mem, sayf(c, text, args, n)), .item = item };
	if (c->rc == OK)
		c->rc = rc;
	return rc;
}

/* ---- ids and chance ------------------------------------------------------------------------ */

void fresh_bytes(struct ctx *c, void *p, size_t n)
{
	if (c->app->random)
		c->app->random(c->app->arg, p, n);
	else
		random_bytes(p, n);
}

/* A number that no other process working on this database holds now, modulo 256. */
static int64_t worker_number(struct ctx *c)
{
	struct data *d = data_of(c);
	int64_t n = 0;
	if (!d->worker) {
		uint8_t any = 0;
		if (db_int(c->db, "INSERT INTO series (name, last) VALUES ('worker', 1) "
		           "ON CONFLICT (name) DO UPDATE SET last = series.last + 1 RETURNING last", NULL, 0, &n) != OK)
			fresh_bytes(c, &any, 1);
		d->worker = 1 + ((n ? n : any) & 255);
	}
	return d->worker - 1;
}

/* 37 bits of 16 ms since 2025 (until 2094), 8 bits of worker, 8 bits of sequence: 16,000 a second and worker; beyond
 * that a worker borrows from the ticks to come. */
/* Ids count from here, in ticks of 16 ms. */
static const int64_t FIRST_TICK_MS = INT64_C(1735689600000);

int64_t new_id(struct ctx *c)
{
	struct data *d = data_of(c);
	int64_t tick = (c->now.v - FIRST_TICK_MS) / 16, worker = worker_number(c);
	if (tick < 0)
		tick = 0;
	int64_t last_tick = d->last_id >> 16, seq = d->last_id & 255;
	if (d->last_id == 0 || tick > last_tick)
		seq = 0;
	else if (++seq > 255)
		tick = last_tick + 1, seq = 0;
	else
		tick = last_tick;
	d->last_id = tick << 16 | worker << 8 | seq;
	return d->last_id;
}

instant id_time(int64_t id)
{
	return (instant){ FIRST_TICK_MS + (id >> 16) * 16 };
}

/* ---- who acts ------------------------------------------------------------------------------ */

const struct actor *as_system(struct ctx *c, const char *reason)
{
	const struct actor *who = c->who;
	log_line(LOG_DEBUG, "as_system", "reason", reason, NULL);
	work_of(c)->system++;
	if (who->user.v) {
		/* the installation's rights, but the history names who was at work */
		struct actor *both = NEW(c->mem, struct actor);
		*both = *who;
		both->system = true;
		c->who = both;
	} else {
		c->who = &actor_system;
	}
	return who;
}

void as_actor(struct ctx *c, const struct actor *who)
{
	struct work *w = work_of(c);
	if (w->system > 0)
		w->system--;
	c->who = who;
}

org_id seat_org(const struct ctx *c, const struct role *r)
{
	org_id first = { 0 };

	for (int i = 0; i < c->who->n_seats; i++) {
		const struct seat *s = &c->who->seats[i];
		if (s->role == r && !s->ended)
			return s->org;
		if (s->role == r && !first.v)
			first = s->org;
	}
	return first;
}

/* ---- addresses ----------------------------------------------------------------------------- */

str link_to(struct ctx *c, const char *fmt, ...)
{
	struct buf b;
	va_list ap;
	char small[512];
	buf_init(&b, c->mem, 8192);
	if (c->here.org_slug.n) {
		put(&b, S("/t/"));
		put(&b, c->here.org_slug);
		if (c->here.year_code.n) {
			put_c(&b, '/');
			put(&b, c->here.year_code);
			if (c->here.term_code.n) {
				put_c(&b, '/');
				put(&b, c->here.term_code);
			}
		}
	}
	va_start(ap, fmt);
	int n = vsnprintf(small, sizeof small, fmt, ap);
	va_end(ap);
	if (n >= 0 && (size_t)n < sizeof small) {
		put(&b, (str){ small, n });
		return buf_str(&b);
	}
	char *p = NEWS(c->mem, char, n + 1);
	va_start(ap, fmt);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	va_end(ap);
	put(&b, (str){ p, n });
	return buf_str(&b);
}

enum rc go_to(struct ctx *c, str address, const struct tr *said)
{
	c->go = address;
	if (said)
		c->said = say(c, said);
	return OK;
}
