/* cmd_scheme.c -- khue scheme list | show | check | average | rate | diff | results. Works without an installation;
 * the schemes of one (DATA/schemes) count when it is there. */
#include "app/boot.h"
#include "app/schemes.h"
#include "base/calendar.h"
#include "core/job.h"
#include "mod/records/records.h"
#include "mod/records/scheme_json.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { FILE_MAX = 1 << 20 };

static const struct tr
	MSG_what = { "Cần nói rõ: {1}. Xem: khue scheme --help", "Say which: {1}. See: khue scheme --help" },
	MSG_no_scheme = { "Không có quy chế \"{1}\". Xem: khue scheme list",
		"There is no scheme \"{1}\". See: khue scheme list" },
	MSG_json = { "Cần --json '{…}'.", "--json '{…}' is needed." },
	MSG_bad = { "{1}: {2}", "{1}: {2}" },
	MSG_good = { "{1}: đúng.", "{1}: right." },
	MSG_open = { "Không mở được {1}: {2}", "Cannot open {1}: {2}" },
	MSG_set = { "--set {1}: cần TÊN=GIÁ_TRỊ của một tham số. Xem: khue scheme show",
		"--set {1}: NAME=VALUE of a parameter is needed. See: khue scheme show" },
	MSG_same = { "Hai quy chế xếp như nhau: {1}.", "Both schemes rate the same: {1}." },
	MSG_elsewhere = { "Việc {1} đang chờ hoặc đang chạy; xem: khue job list.",
		"Job {1} waits or runs; see: khue job list." },
	MSG_counted = { "{1} trong {2} học sinh được xếp khác.", "{1} of {2} pupils are rated differently." },
	MSG_differ = { "{1}: {2} → {3}", "{1}: {2} → {3}" },
	MSG_heading = { "Trường\tLớp\tHọc sinh\t{1}\t{2}", "School\tClass\tPupil\t{1}\t{2}" };

static const char *needed(struct cli *c, const char *what)
{
	const char *arg = cli_next(c);

	if (!arg)
		exit(BADF(c, E_INVALID, &MSG_what, str_of(what)));
	return arg;
}

/* ---- mistakes in files ---------------------------------------------------------------------------------- */

static void tell_mistake(void *arg, str file, const struct mistake *m)
{
	struct schemes_told *t = arg;
	struct cli *c = t->c;
	str words = c->lang == VI ? m->vi : m->en;

	t->n++;
	if (m->line)
		fprintf(t->to, "%.*s:%d: %.*s\n", FMT(file), m->line, FMT(words));
	else
		fprintf(t->to, "%.*s: %.*s\n", FMT(file), FMT(words));
}

struct scheme_set *schemes_of(struct cli *c, struct schemes_told *told)
{
	struct scheme_set *set = NEW(c->mem, struct scheme_set);
	const char *folder = str_z(c->mem, str_fmt(c->mem, "%s/schemes", c->data));

	schemes_load(c->mem, folder, set, tell_mistake, told);
	return set;
}

int schemes_tell(struct cli *c, FILE *to)
{
	struct schemes_told told = { c, to, 0 };
	struct scheme_set *set = schemes_of(c, &told);

	if (told.n == 0)
		schemes_check(c->mem, set, tell_mistake, &told);
	return told.n;
}

static struct scheme_set *loaded(struct cli *c)
{
	struct schemes_told told = { c, stderr, 0 };
	struct scheme_set *set = schemes_of(c, &told);

	if (told.n)
		exit((int)E_STATE);
	return set;
}

static struct scheme *chosen(struct cli *c, const struct scheme_set *set)
{
	const char *code = needed(c, "tt22 | tt58-26 | tt27 …");
	struct scheme *s = scheme_named(set, str_of(code));

	if (!s)
		exit(BADF(c, E_MISSING, &MSG_no_scheme, str_of(code)));
	return s;
}

/* --set adjust=substitute, as often as wanted. */
static void set_parameters(struct cli *c, struct scheme *s)
{
	const char *told;
	str name, value;

	while (cli_value(c, "--set", &told))
		if (!str_cut(str_of(told), '=', &name, &value) || !scheme_set(s, name, value))
			exit(BADF(c, E_INVALID, &MSG_set, str_of(told)));
}

static str given_json(struct cli *c)
{
	const char *text;

	if (!cli_value(c, "--json", &text))
		exit(BAD(c, E_INVALID, &MSG_json));
	return str_of(text);
}

static int bad_input(struct cli *c, const struct bad_json *bad)
{
	const char *text = c->lang == VI ? bad->text.vi : bad->text.en;
	str words = str_of(text), all = words;
	ptrdiff_t at = str_find(words, S("{1}"));

	if (at >= 0)
		all = str_fmt(c->mem, "%.*s%.*s%.*s", FMT(str_sub(words, 0, at)), FMT(bad->what),
			FMT(str_sub(words, at + 3, -1)));
	return bad->field.n ? BADF(c, E_INVALID, &MSG_bad, bad->field, all)
		: BADF(c, E_INVALID, &MSG_bad, str_of(c->command->name), all);
}

/* ---- average, rate ----------------------------------------------------------------------------------------- */

static int average(struct cli *c)
{
	struct scheme_set *set = loaded(c);
	str json = given_json(c);
	struct scheme *s = chosen(c, set);
	struct bad_json bad;
	struct buf out;

	cli_end(c);
	buf_init(&out, c->mem, FILE_MAX);
	if (!average_json(c->mem, s, json, &out, &bad))
		return bad_input(c, &bad);
	printf("%.*s\n", FMT(buf_str(&out)));
	return 0;
}

static int rate(struct cli *c)
{
	struct scheme_set *set = loaded(c);
	str json = given_json(c);
	struct scheme *s = chosen(c, set);
	struct bad_json bad;
	struct buf out;

	set_parameters(c, s);
	cli_end(c);
	buf_init(&out, c->mem, FILE_MAX);
	if (!rate_json(c->mem, s, set->programme, json, &out, &bad))
		return bad_input(c, &bad);
	printf("%.*s\n", FMT(buf_str(&out)));
	return 0;
}

/* ---- list, show, check ---------------------------------------------------------------------------------------- */

static str grades_of(struct cli *c, const struct applies *a)
{
	str years = str_fmt(c->mem, "%d-%d", a->year, a->year + 1);

	if (a->until)
		years = str_fmt(c->mem, "%.*s..%d-%d", FMT(years), a->until, a->until + 1);
	return str_fmt(c->mem, "%.*s-%.*s %s %.*s", FMT(grade_code(a->first)), FMT(grade_code(a->last)), a->cohort
		? "cohort" : "from", FMT(years));
}

static int list(struct cli *c)
{
	struct scheme_set *set = loaded(c);

	cli_end(c);
	for (int i = 0; i < set->n; i++) {
		const struct scheme *s = set->at[i];
		str whom = S("");
		for (int k = 0; k < s->n_applies; k++)
			whom = str_fmt(c->mem, "%.*s%s%.*s", FMT(whom), k ? "; " : "", FMT(grades_of(c, &s->applies[k])));
		printf("%.*s\t%.*s\t%.*s\t%.*s\n", FMT(s->is.code), FMT(day_iso(c->mem, s->from)), FMT(whom),
			FMT(c->lang == VI ? s->is.vi : s->is.en));
	}
	return 0;
}

static bool find_text(void *arg, str name, str bytes)
{
	struct { str name, text; } *want = arg;

	if (str_eq(name, want->name))
		want->text = bytes;
	return want->text.n == 0;
}

static enum rc read_whole(struct cli *c, const char *path, str *ret)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), error = errno;
	char *p = NEWS(c->mem, char, FILE_MAX);
	ptrdiff_t at = 0;
	ssize_t n = fd < 0 ? -1 : 1;

	while (n > 0 && at < FILE_MAX) {
		n = read(fd, p + at, (size_t)(FILE_MAX - at));
		error = errno;
		at += n > 0 ? n : 0;
	}
	if (fd >= 0)
		close(fd);
	*ret = (str){ p, at };
	return n == 0 ? OK : (enum rc)BADF(c, E_MISSING, &MSG_open, str_of(path),
		str_of(n < 0 ? strerror(error) : "> 1 MB"));
}

/* The file a scheme was read from, as it is. */
static int show(struct cli *c)
{
	struct scheme_set *set = loaded(c);
	struct scheme *s = chosen(c, set);
	struct { str name, text; } want = { s->file, { 0 } };

	cli_end(c);
	embedded_each(s->file, find_text, &want);
	if (!want.text.n && read_whole(c, str_z(c->mem, str_fmt(c->mem, "%s/schemes/%.*s", c->data, FMT(s->file))),
		&want.text) != OK)
		return (int)E_MISSING;
	fwrite(want.text.p, 1, (size_t)want.text.n, stdout);
	return 0;
}

static int check(struct cli *c)
{
	const char *path = needed(c, "FILE");
	struct reading *r = NEW(c->mem, struct reading);
	struct schemes_told told = { c, stderr, 0 };
	str text;

	cli_end(c);
	if (read_whole(c, path, &text) != OK)
		return (int)E_MISSING;
	r->mem = c->mem;
	if (str_ends(str_of(path), S(".programme")))
		programme_read(r, text, NEW(c->mem, struct programme));
	else
		scheme_read(r, text, NEW(c->mem, struct scheme));
	for (int i = 0; i < r->n; i++)
		tell_mistake(&told, str_of(path), &r->found[i]);
	if (r->n)
		return (int)E_INVALID;
	SAYF(c, &MSG_good, str_of(path));
	return 0;
}

/* ---- diff -------------------------------------------------------------------------------------------------------- */

static int diff_given(struct cli *c, const struct scheme_set *set, struct scheme *const s[2], str json)
{
	str level[2];
	int at[2];

	for (int i = 0; i < 2; i++) {
		struct rating *r = NEW(c->mem, struct rating);
		struct bad_json bad;
		if (!rate_given(c->mem, s[i], set->programme, json, r, &bad))
			return bad_input(c, &bad);
		at[i] = r->level;
		level[i] = s[i]->levels[r->level].is.code;
	}
	if (scheme_alike(s[0], at[0], s[1], at[1]))
		SAYF(c, &MSG_same, str_eq(level[0], level[1]) ? level[0] : str_fmt(c->mem, "%.*s = %.*s", FMT(level[0]),
			FMT(level[1])));
	else
		SAYF(c, &MSG_differ, str_fmt(c->mem, "%.*s, %.*s", FMT(s[0]->is.code), FMT(s[1]->is.code)), level[0], level[1]);
	return 0;
}

struct differing { struct cli *c; struct scheme *const *s; int64_t n; };

static void tell_pupil(void *arg, str school, str class, str pupil_, str a, str b)
{
	struct differing *d = arg;

	if (d->n++ == 0)
		SAYF(d->c, &MSG_heading, d->s[0]->is.code, d->s[1]->is.code);
	printf("%.*s\t%.*s\t%.*s\t%.*s\t%.*s\n", FMT(school), FMT(class), FMT(pupil_), FMT(a), FMT(b));
}

/* The school year that today is in, unless told. */
static int64_t year_of(const struct ctx *x, int64_t told)
{
	struct ymd t = day_ymd(x->today);

	return told ? told : t.m >= 8 ? t.y : t.y - 1;
}

struct opened { struct app app; struct ctx x; };

static enum rc open_records(struct cli *c, struct opened *o)
{
	TRY(boot(c, &o->app, BOOT_SCHEMA | BOOT_SECRET | BOOT_PAGES));
	ctx_start(&o->x, &o->app, c->mem);
	o->x.lang = c->lang;
	as_system(&o->x, "khue scheme");
	return OK;
}

static str number(struct cli *c, int64_t v) { return str_fmt(c->mem, "%lld", (long long)v); }

/* The pupils of a school year in the database. */
static int diff_stored(struct cli *c, struct scheme *const s[2], int64_t year)
{
	struct opened *o = NEW(c->mem, struct opened);
	struct differing d = { c, s, 0 };
	int64_t pupils = 0;
	enum rc rc = open_records(c, o);

	if (rc != OK)
		return (int)rc;
	rc = results_differ(&o->x, s[0], s[1], year_of(&o->x, year), tell_pupil, &d, &pupils);
	if (rc == OK)
		SAYF(c, &MSG_counted, number(c, d.n), number(c, pupils));
	else
		cli_problems(c, &o->x, rc);
	boot_end(&o->app);
	return (int)rc;
}

/* A running server may have taken the job meanwhile: then it does it. */
static enum rc run_results(struct cli *c, struct opened *o, int64_t year)
{
	struct job_state s;
	int64_t id;

	TRY(results_queue(&o->x, year_of(&o->x, year), &id));
	jobs_run_due(&o->app);
	TRY(job_read(&o->x, id, &s));
	if (str_is(s.state, "done"))
		printf("%.*s\n", FMT(s.note));
	else if (str_is(s.state, "failed"))
		return (enum rc)BADF(c, E_STATE, &MSG_bad, number(c, id), s.problem);
	else
		SAYF(c, &MSG_elsewhere, number(c, id));
	return OK;
}

/* Every class's results, computed anew from the marks that are stored. */
static int results(struct cli *c)
{
	struct opened *o = NEW(c->mem, struct opened);
	int64_t year = cli_number(c, "--year", 0, 1990, 2200);

	cli_end(c);
	enum rc rc = open_records(c, o);
	if (rc != OK)
		return (int)rc;
	rc = run_results(c, o, year);
	if (rc != OK && o->x.n_problems)
		cli_problems(c, &o->x, rc);
	boot_end(&o->app);
	return (int)rc;
}

static int diff(struct cli *c)
{
	struct scheme_set *set = loaded(c);
	struct scheme *s[2];
	const char *json = NULL;
	bool given = cli_value(c, "--json", &json);
	int64_t year = cli_number(c, "--year", 0, 1990, 2200);

	for (int i = 0; i < 2; i++)
		s[i] = chosen(c, set);
	cli_end(c);
	return given ? diff_given(c, set, s, str_of(json)) : diff_stored(c, s, year);
}

int cmd_scheme(struct cli *c)
{
	static const struct { const char *name; int (*run)(struct cli *c);
		} verbs[] = { { "list", list }, { "show", show }, { "check", check },
		{ "average", average }, { "rate", rate }, { "diff", diff }, { "results", results } };
	const char *verb = needed(c, "list | show | check | average | rate | diff | results");

	for (ptrdiff_t i = 0; i < COUNT(verbs); i++)
		if (strcmp(verb, verbs[i].name) == 0)
			return verbs[i].run(c);
	return BADF(c, E_INVALID, &MSG_what, S("list | show | check | average | rate | diff | results"));
}
