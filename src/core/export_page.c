/* export_page.c -- E/export, and the job that makes what is too long for a request. */
#include "core/export.h"
#include "core/files.h"
#include "core/job.h"
#include "core/list.h"
#include "core/pages.h"
#include "core/work_page.h"
#include "web/body.h"
#include <sys/stat.h>
#include <unistd.h>

static const struct tr MSG_format = { "Chọn định dạng xlsx, csv hoặc json.", "Choose xlsx, csv or json." };

#define ROW struct export_in
const struct shape export_in_shape = { sizeof(ROW), FIELDS{ { COL(entity), .max = 100 }, { COL(format), .max = 50 },
	{ COL(pairs), .is = LONG, .max = 100000 },
	{ COL(all) }, { COL(org) }, { COL(year) }, { COL(stamp) }, END } };
#undef ROW

enum rc answer_made(struct exchange *x, int fd, str name, str type, struct stamp stamp)
{
	struct stat st;
	if (!stamp_said(x->c, &stamp))
		return E_FAULT;
	int own = dup(fd);
	if (own < 0 || fstat(own, &st) != 0) {
		if (own >= 0)
			close(own);
		return E_FAULT;
	}
	TRY(answer_file(x->c, stamp_name(x->c, name, &stamp), type, S("")));
	x->p->memory = (str){ NULL, 0 };
	x->p->fd = own;
	x->p->from = 0;
	x->p->size = st.st_size;
	reply_header(x->p, S("Content-Security-Policy"), S("sandbox; default-src 'none'"));
	return OK;
}

/* The code stands in the name too: the only place of json. */
static str name_of(struct ctx *c, const struct entity *e, enum export_format f)
{
	static const char *const ends[] = { "xlsx", "csv", "json" };
	return TEXT(c, "%.*s-%.*s.%s", FMT(viet_slug(c->mem, str_of(e->label.vi))), FMT(day_iso(c->mem, c->today)),
		ends[f]);
}

static str pairs_text(struct exchange *x)
{
	struct buf b;
	buf_init(&b, x->c->mem, 100000);
	for (int i = 0; i < x->n_pairs; i++)
		put_fmt(&b, "%.*s\t%.*s\n", FMT(x->pairs[i].name), FMT(x->pairs[i].value));
	return buf_str(&b);
}

str export_pairs(struct arena *mem, str query)
{
	struct pairs all = { 0 };
	struct buf b;
	buf_init(&b, mem, 100000);
	if (form_read(mem, query, &all) != 0)
		return S("");
	for (int i = 0; i < all.n; i++)
		put_fmt(&b, "%.*s\t%.*s\n", FMT(all.p[i].name), FMT(all.p[i].value));
	return buf_str(&b);
}

/* The filters of the list, to stand within another address. */
static void put_question(struct buf *b, const struct exchange *x)
{
	struct buf q;
	buf_init(&q, x->c->mem, 100000);
	for (int i = 0; i < x->n_pairs; i++) {
		str name = x->pairs[i].name;
		if (!x->pairs[i].value.n || name.p[0] == '_' || str_is(name, "format") || str_is(name, "all"))
			continue;
		put_z(&q, q.n ? "&" : "");
		put_url(&q, name);
		put_c(&q, '=');
		put_url(&q, x->pairs[i].value);
	}
	put_url(b, buf_str(&q));
}

enum rc export_count(struct ctx *c, const struct list_ask *ask, uint32_t verb, int64_t *ret)
{
	struct list_ask count = *ask;
	struct list_answer a;
	count.verb = verb;
	count.show = ask->e->list;
	count.limit = 1;
	count.count = true;
	TRY(list_rows(c, &count, &a));
	if (a.count < 0) {                               /* a list that cannot be counted is read as far as matters */
		count.limit = TAKE_ALONE + 1;
		count.count = false;
		TRY(list_rows(c, &count, &a));
		a.count = a.rows.n;
	}
	*ret = a.count;
	return OK;
}

enum rc export_alone(struct exchange *x, const struct meta *m, bool personal, str format, bool all, int64_t rows,
	bool *ret_sent)
{
	static const struct tr MSG_second = { "{1} hồ sơ có dữ liệu cá nhân: cần người thứ hai duyệt trước khi xuất. Hãy "
		"đăng nhập và xin ở {2}.",
		"{1} records of people: a second person has to agree before they leave. Sign in and ask at {2}." };
	struct buf b;
	*ret_sent = rows > TAKE_ALONE && personal;
	if (!*ret_sent)
		return OK;
	buf_init(&b, x->c->mem, 400000);
	put_fmt(&b, EXPORT_ASK "?list=%s&format=%.*s&every=%d&ask=", m->e->name, FMT(format), all);
	put_question(&b, x);
	str address = address_of(x, "%.*s", FMT(buf_str(&b)));
	if (x->json || x->actor.token)
		return FAILF(x->c, E_STATE, 0, &MSG_second, rows > LIST_COUNT_MAX ? S("10.000+") : int_text(x->c->mem, rows),
			S(EXPORT_ASK));
	answer_go(x, address);
	return OK;
}

enum rc export_later(struct exchange *x, const struct meta *m, const char *job, str format, bool all)
{
	struct export_in in = { str_of(m->e->name), format, pairs_text(x), all, x->c->here.org.v, x->c->here.year, 0 };
	int64_t id;
	TRY(job_add_core(x->c, job, x->c->here.org, &in, &id));
	answer_go(x, TEXT(x->c, "/viec/%lld", (long long)id));
	return OK;
}

enum rc export_page(struct exchange *x, const struct meta *m)
{
	struct list_asked *q = NEW(x->c->mem, struct list_asked);
	const struct pair *format = pair_last(x, "format"), *all = pair_last(x, "all");
	enum export_format f = x->json ? EXPORT_JSON : EXPORT_XLSX;
	struct stamp stamp = NOT_PERSONAL;
	int64_t rows;
	int fd;
	bool sent;
	if (format && !export_format_read(format->value, &f))
		return FAIL(x->c, E_INVALID, 0, &MSG_format);
	bool every = all && str_is(all->value, "1");
	TRY(list_read(x, m, EXPORT, q));
	q->ask.units = list_spans_units(x);
	TRY(export_count(x->c, &q->ask, EXPORT, &rows));
	str word = f == EXPORT_XLSX ? S("xlsx") : f == EXPORT_CSV ? S("csv") : S("json");
	bool personal = is_personal(x->c, m->e, EXPORT, every);
	TRY(export_alone(x, m, personal, word, every, rows, &sent));
	if (sent)
		return OK;
	if (rows > EXPORT_AT_ONCE && x->c->who->user.v)
		return export_later(x, m, "export", word, every);
	if (personal)
		stamp = stamp_make(x->c, 0);
	TRY(file_temp(x->c, &fd));
	TRY(export_list(x->c, &q->ask, f, every, stamp, fd, &rows));
	return answer_made(x, fd, name_of(x->c, m->e, f), str_of(export_type(f)), stamp);
}

bool export_asked(struct ctx *c, const struct export_in *in, struct exchange *ret)
{
	int most = 1;
	for (ptrdiff_t i = 0; i < in->pairs.n; i++)
		most += in->pairs.p[i] == '\n';
	*ret = (struct exchange){ .c = c, .meta = registry_entity(c->app->registry, in->entity),
		.pairs = NEWS(c->mem, struct pair, most), .r = NEW(c->mem, struct request) };   /* one without parts */
	ret->app = (struct app *)(uintptr_t)c->app;
	for (str left = in->pairs, line; left.n > 0;) {
		str_cut(left, '\n', &line, &left);
		struct pair *p = &ret->pairs[ret->n_pairs++];
		str_cut(line, '\t', &p->name, &p->value);
	}
	c->here.org.v = in->org;
	c->here.year = in->year;
	return ret->meta != NULL;
}

static uint32_t verb_for(str format)
{
	enum export_format f;
	return export_format_read(format, &f) ? EXPORT : PRINT;
}

enum rc export_weigh(struct ctx *c, const struct export_in *in, int64_t *ret_rows, bool *ret_personal)
{
	struct list_asked *q = NEW(c->mem, struct list_asked);
	struct here here = c->here;
	uint32_t verb = verb_for(in->format);
	struct exchange x;
	enum rc rc = export_asked(c, in, &x) && perm_any(c, x.meta->e, verb) ? OK : E_MISSING;
	if (rc == OK)
		rc = list_read(&x, x.meta, verb, q);
	if (rc == OK && verb == PRINT && !str_is(in->format, EXPORT_PRINT))
		rc = print_weigh(&x, x.meta, in->format, &q->ask, ret_rows, ret_personal);
	else if (rc == OK) {
		rc = export_count(c, &q->ask, verb, ret_rows);
		*ret_personal = is_personal(c, x.meta->e, verb, in->all);
	}
	c->here = here;
	return rc;
}

enum rc export_job(struct ctx *c, void *in_)
{
	static const struct tr MSG_rows = { "{1} dòng", "{1} rows" };
	const struct export_in *in = in_;
	struct list_asked *q = NEW(c->mem, struct list_asked);
	struct stamp stamp = NOT_PERSONAL;
	struct exchange x;
	enum export_format f;
	int64_t rows;
	file_id file;
	bool personal;
	int fd;
	TRY(export_weigh(c, in, &rows, &personal));
	if (!export_asked(c, in, &x) || !export_format_read(in->format, &f) ||
		(personal && rows > TAKE_ALONE && !in->stamp))
		return E_MISSING;
	if (personal)
		stamp = stamp_make(c, in->stamp);
	const struct meta *m = x.meta;
	TRY(list_read(&x, m, EXPORT, q));
	if (c->here.org.v)
		TRY(orgs_above(c, c->here.org, &x.orgs, &x.n_orgs));
	q->ask.units = list_spans_units(&x);
	TRY(file_temp(c, &fd));
	TRY(export_list(c, &q->ask, f, in->all, stamp, fd, &rows));
	TRY(file_make(c, (org_id){ in->org }, stamp_name(c, name_of(c, m->e, f), &stamp), export_type(f), fd,
		(instant){ c->now.v + EXPORT_KEEP_MS }, stamp, &file));
	return job_result(c, file, sayf(c, &MSG_rows, ARGS(int_text(c->mem, rows))));
}
