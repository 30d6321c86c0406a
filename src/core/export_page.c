/* export_page.c -- E/export, and the job that makes what is too long for a request. */
#include "core/export.h"
#include "core/files.h"
#include "core/job.h"
#include "core/list.h"
#include "core/pages.h"
#include "core/work_page.h"
#include <sys/stat.h>
#include <unistd.h>

static const struct tr MSG_format = { "Chọn định dạng xlsx, csv hoặc json.", "Choose xlsx, csv or json." };

#define ROW struct export_in
const struct shape export_in_shape = { sizeof(ROW), FIELDS{ { COL(entity), .max = 100 }, { COL(format), .max = 50 },
	{ COL(pairs), .is = LONG, .max = 100000 },
	{ COL(all) }, { COL(org) }, { COL(year) }, END } };
#undef ROW

enum rc answer_made(struct exchange *x, int fd, str name, str type)
{
	struct stat st;
	int own = dup(fd);
	if (own < 0 || fstat(own, &st) != 0) {
		if (own >= 0)
			close(own);
		return E_FAULT;
	}
	TRY(answer_file(x->c, name, type, S("")));
	x->p->memory = (str){ NULL, 0 };
	x->p->fd = own;
	x->p->from = 0;
	x->p->size = st.st_size;
	reply_header(x->p, S("Content-Security-Policy"), S("sandbox; default-src 'none'"));
	return OK;
}

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

enum rc export_later(struct exchange *x, const struct meta *m, const char *job, str format, bool all)
{
	struct export_in in = { str_of(m->e->name), format, pairs_text(x), all, x->c->here.org.v, x->c->here.year };
	int64_t id;
	TRY(job_add_core(x->c, job, x->c->here.org, &in, &id));
	answer_go(x, TEXT(x->c, "/viec/%lld", (long long)id));
	return OK;
}

enum rc export_page(struct exchange *x, const struct meta *m)
{
	struct list_asked *q = NEW(x->c->mem, struct list_asked);
	const struct pair *format = pair_last(x, "format"), *all = pair_last(x, "all");
	struct list_answer a;
	enum export_format f = x->json ? EXPORT_JSON : EXPORT_XLSX;
	int64_t rows;
	int fd;
	if (format && !export_format_read(format->value, &f))
		return FAIL(x->c, E_INVALID, 0, &MSG_format);
	bool every = all && str_is(all->value, "1");
	TRY(list_read(x, m, EXPORT, q));
	struct list_ask count = q->ask;
	count.verb = EXPORT;
	count.limit = 1;
	count.count = true;
	TRY(list_rows(x->c, &count, &a));
	if (a.count > EXPORT_AT_ONCE && x->c->who->user.v)
		return export_later(x, m, "export", f == EXPORT_XLSX ? S("xlsx") : f == EXPORT_CSV ? S("csv") : S("json"),
			every);
	TRY(file_temp(x->c, &fd));
	TRY(export_list(x->c, &q->ask, f, every, fd, &rows));
	return answer_made(x, fd, name_of(x->c, m->e, f), str_of(export_type(f)));
}

bool export_asked(struct ctx *c, const struct export_in *in, struct exchange *ret)
{
	int most = 1;
	for (ptrdiff_t i = 0; i < in->pairs.n; i++)
		most += in->pairs.p[i] == '\n';
	*ret = (struct exchange){ .c = c, .meta = registry_entity(c->app->registry, in->entity),
		.pairs = NEWS(c->mem, struct pair, most) };
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

enum rc export_job(struct ctx *c, void *in_)
{
	static const struct tr MSG_rows = { "{1} dòng", "{1} rows" };
	const struct export_in *in = in_;
	struct list_asked *q = NEW(c->mem, struct list_asked);
	struct exchange x;
	enum export_format f;
	int64_t rows;
	file_id file;
	int fd;
	if (!export_asked(c, in, &x) || !export_format_read(in->format, &f))
		return E_MISSING;
	const struct meta *m = x.meta;
	TRY(list_read(&x, m, EXPORT, q));
	TRY(file_temp(c, &fd));
	TRY(export_list(c, &q->ask, f, in->all, fd, &rows));
	TRY(file_make(c, (org_id){ in->org }, name_of(c, m->e, f), export_type(f), fd,
		(instant){ c->now.v + EXPORT_KEEP_MS }, &file));
	return job_result(c, file, sayf(c, &MSG_rows, ARGS(int_text(c->mem, rows))));
}
