/* live.c -- reading what is published. */
#include "mod/results/live.h"
#include "mod/results/folder.h"
#include "mod/results/results.h"
#include "mod/results/stats.h"
#include "base/calendar.h"
#include "base/log.h"
#include "web/json.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LIVE_MAX = 64, MANIFEST_MAX = 65536 };

static const struct tr
	MSG_damaged = { "Kết quả của kỳ thi {1} tạm thời không xem được: {2}. Nơi công bố đã được báo.",
		"The results of {1} cannot be shown for now: {2}. The publisher has been told." },
	MSG_signature = { "chữ ký của tệp kết quả không đúng", "the signature of the result file does not fit" },
	MSG_other = { "tệp kết quả không phải tệp đã được ký", "the result file is not the one that was signed" },
	MSG_gone = { "không đọc được tệp kết quả", "the result file cannot be read" };

/* A published exam that this process has open. stamp: of the manifest it was read from. */
struct held { struct live live; struct stat stamp; struct arena mem; struct mapped map; const char *manifest;
	bool used; };
struct shelf { struct held at[LIVE_MAX]; };

static struct shelf *shelf_of(struct ctx *c)
{
	struct shelf *s = kept(c, &mod_results, sizeof *s);

	return s ? s : NEW(c->mem, struct shelf);
}

static void let_go(void *arg)
{
	struct held *h = arg;

	if (!h->used)
		return;
	unmap_file(&h->map);
	arena_free(&h->mem);
	h->used = false;
}

static bool same_stamp(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
		a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* The slot that holds this exam, or a free one; the first is given up when all are taken. */
static struct held *place_for(struct shelf *s, str code)
{
	struct held *free_one = NULL;

	for (int i = 0; i < LIVE_MAX; i++) {
		if (s->at[i].used && str_eq(s->at[i].live.issue.exam, code))
			return &s->at[i];
		if (!s->at[i].used && !free_one)
			free_one = &s->at[i];
	}
	if (free_one)
		return free_one;
	let_go(&s->at[0]);
	return &s->at[0];
}

static enum rc damaged(struct ctx *c, str code, const struct tr *why)
{
	log_line(LOG_ERROR, "results damaged", "exam", str_z(c->mem, code), "why", why->en, NULL);
	return FAILF(c, E_FAULT, 0, &MSG_damaged, code, say(c, why));
}

/* What every look-up would work out again. */
static void work_out(struct live *l, struct arena *mem)
{
	instant t;

	l->published = instant_read(l->issue.published, &t) ? instant_text(mem, t) : l->issue.published;
	l->below = arena_alloc(mem, sizeof *l->below * (size_t)l->shard.n_subjects, _Alignof(uint16_t));
	for (int k = 0; k < l->shard.n_subjects; k++) {
		struct dist d = shard_dist(&l->shard, k, -1);
		for (uint32_t i = 0; i < d.n; i++) {
			int mark;
			int64_t count;
			dist_at(&d, i, &mark, &count);
			l->below[k][mark] = (uint16_t)stats_below(&d, mark);
		}
	}
}

/* Fills the slot from the manifest. On failure it is free again. */
static const struct tr *hold(struct ctx *c, struct held *h, str code, const char *folder)
{
	const struct tr *why = &MSG_gone;
	struct issue v;
	str manifest;
	bool good;

	arena_init(&h->mem, 1 << 20);
	h->used = true;
	good = read_file(&h->mem, folder, "manifest.json", MANIFEST_MAX, &manifest) && issue_read(&h->mem, manifest, &v);
	if (good && (!issue_signed(&h->mem, &v) || !str_eq(v.exam, code))) {
		why = &MSG_signature;
		good = false;
	}
	if (good)
		good = map_file(folder, shard_name(c->mem, &v.root), &h->map);
	if (good)
		good = shard_open(h->map.bytes, &h->live.shard, &why);
	if (good && (!shard_whole(&h->live.shard) || memcmp(h->live.shard.body.b, v.body.b, 32) != 0 ||
			memcmp(h->live.shard.root.b, v.root.b, 32) != 0 || h->live.shard.n != v.count ||
			!str_eq(h->live.shard.exam, code))) {
		why = &MSG_other;
		good = false;
	}
	h->live.issue = v;
	if (good) {
		work_out(&h->live, &h->mem);
		return NULL;
	}
	let_go(h);
	return why;
}

/* Another publication may happen between reading the manifest and mapping its shard: then once more. */
static const struct tr *hold_newest(struct ctx *c, struct held *h, str code, const char *folder, const char *manifest)
{
	const struct tr *why = &MSG_gone;
	struct stat now;

	for (int tries = 0; tries < 3; tries++) {
		let_go(h);
		*h = (struct held){ .stamp = h->stamp };
		why = hold(c, h, code, folder);
		if (!why || stat(manifest, &now) != 0 || same_stamp(&now, &h->stamp))
			break;
		h->stamp = now;
	}
	return why;
}

enum rc live_exam(struct ctx *c, str code, const struct live **ret)
{
	const char *folder, *manifest;
	const struct tr *why;
	struct held *h;
	struct stat st;

	if (!exam_code_ok(code))
		return E_MISSING;
	h = place_for(shelf_of(c), code);
	if (h->used && stat(h->manifest, &st) == 0 && same_stamp(&h->stamp, &st)) {
		*ret = &h->live;
		return OK;
	}
	let_go(h);
	folder = results_folder(c, code);
	manifest = str_z(c->mem, str_fmt(c->mem, "%s/manifest.json", folder));
	if (stat(manifest, &st) != 0)
		return E_MISSING;
	h->stamp = st;
	why = hold_newest(c, h, code, folder, manifest);
	if (why)
		return damaged(c, code, why);
	h->manifest = str_z(&h->mem, str_of(manifest));
	if (!kept(c, &mod_results, sizeof(struct shelf)))
		arena_at_end(c->mem, let_go, h);
	*ret = &h->live;
	return OK;
}

static int newest_first(const void *a_, const void *b_)
{
	const struct live *a = *(const struct live *const *)a_, *b = *(const struct live *const *)b_;

	if (a->issue.year != b->issue.year)
		return a->issue.year > b->issue.year ? -1 : 1;
	return str_cmp(a->issue.exam, b->issue.exam);
}

enum rc live_list(struct ctx *c, const struct live *const **ret, int *n)
{
	const struct live **list = NEWS(c->mem, const struct live *, LIVE_MAX);
	DIR *d = opendir(results_folder(c, S("")));
	struct dirent *e;

	*n = 0;
	*ret = list;
	while (d && *n < LIVE_MAX && (e = readdir(d)) != NULL) {
		int problems = c->n_problems;
		enum rc before = c->rc;
		if (live_exam(c, str_of(e->d_name), &list[*n]) == OK)
			++*n;
		c->n_problems = problems;
		c->rc = before;
	}
	if (d)
		closedir(d);
	qsort(list, (size_t)*n, sizeof *list, newest_first);
	return OK;
}

/* ---- what was taken back ---------------------------------------------------------------------------------- */

enum rc live_withdrawn(struct ctx *c, str code, struct withdrawn *ret)
{
	const char *folder, *bad;
	const cJSON *o, *at;
	ptrdiff_t where;
	struct stat st;
	str text;

	if (!exam_code_ok(code))
		return E_MISSING;
	folder = results_folder(c, code);
	if (stat(str_z(c->mem, str_fmt(c->mem, "%s/manifest.json", folder)), &st) == 0 ||
			!read_file(c->mem, folder, "withdrawn.json", MANIFEST_MAX, &text))
		return E_MISSING;
	o = json_read(c->mem, text, &bad, &where);
	at = o ? json_get(o, "at") : NULL;
	if (!at || !json_int(json_get(o, "year"), &ret->year) || !cJSON_IsString(at) ||
			!instant_read(json_text(at), &ret->at))
		return E_MISSING;
	ret->exam = code;
	str *const texts[] = { &ret->name, &ret->by, &ret->reason };
	static const char *const names[] = { "name", "by", "reason" };
	for (int i = 0; i < COUNT(names); i++) {
		const cJSON *v = json_get(o, names[i]);
		*texts[i] = v && cJSON_IsString(v) ? str_copy(c->mem, json_text(v)) : S("");
	}
	return OK;
}

static int newest_withdrawn(const void *a_, const void *b_)
{
	const struct withdrawn *a = a_, *b = b_;

	return a->year != b->year ? (a->year > b->year ? -1 : 1) : str_cmp(a->exam, b->exam);
}

void live_withdrawn_list(struct ctx *c, items *ret)
{
	struct withdrawn *list = NEWS(c->mem, struct withdrawn, LIVE_MAX);
	DIR *d = opendir(results_folder(c, S("")));
	struct dirent *e;
	int n = 0;

	while (d && n < LIVE_MAX && (e = readdir(d)) != NULL)
		n += live_withdrawn(c, str_copy(c->mem, str_of(e->d_name)), &list[n]) == OK;
	if (d)
		closedir(d);
	qsort(list, (size_t)n, sizeof *list, newest_withdrawn);
	*ret = (items){ list, n };
}
