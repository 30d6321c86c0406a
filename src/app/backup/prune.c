/* prune.c -- see prune.h. */
#include "app/backup/prune.h"
#include "base/calendar.h"
#include "mod/results/folder.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const struct tr
	MSG_head = { "tên\tlúc\tphiên bản\tcơ sở dữ liệu\tbảng\tdòng\ttệp\tkB\tkB ghi thêm",
		"name\tmade\tversion\tengine\ttables\trows\tfiles\tkB\tkB written" },
	MSG_pruned = { "Đã xóa {1} bản sao lưu và {2} đối tượng; còn {3} bản.",
		"Removed {1} backups and {2} objects; {3} backups are left." },
	MSG_remove = { "Không xóa được {1}.", "Cannot remove {1}." },
	MSG_damaged = { "Hỏng: {1}", "Damaged: {1}" },
	MSG_whole = { "{1} bản sao lưu và {2} đối tượng nguyên vẹn.", "{1} backups and {2} objects are whole." };

/* ---- which are kept --------------------------------------------------------------------------------------- */

static int64_t period(const struct snapshot *s, int which)
{
	day d = day_at(s->made);
	struct ymd at = day_ymd(d);
	return which == 0 ? d.v : which == 1 ? d.v - day_week(d) : (int64_t)at.y * 12 + at.m;
}

void backups_kept(const struct keep *k, const struct snapshot *list, int n, bool *ret)
{
	const int most[] = { k->daily, k->weekly, k->monthly };
	for (int i = 0; i < n; i++)
		ret[i] = i == 0;
	for (int which = 0; which < 3; which++) {
		int64_t last = INT64_MIN;
		int seen = 0;
		for (int i = 0; i < n && seen < most[which]; i++) {
			if (period(&list[i], which) == last)
				continue;
			last = period(&list[i], which);
			ret[i] = true;
			seen++;
		}
	}
}

/* ---- objects ------------------------------------------------------------------------------------------------ */

struct objects { char (*at)[65]; int64_t n, max; };

static int by_name(const void *a, const void *b)
{
	return memcmp(a, b, 64);
}

static enum rc read_objects(struct cli *c, const struct depot *p, const char *name, struct objects *to)
{
	str text, line;
	if (!read_file(c->mem, path_of(c->mem, "%s/%s", p->dir, name), "objects", (int64_t)512 << 20, &text))
		return (enum rc)BADF(c, E_STATE, &MSG_damaged, str_fmt(c->mem, "%s/objects", name));
	while (text.n) {
		str_cut(text, '\n', &line, &text);
		if (line.n != 64)
			return (enum rc)BADF(c, E_STATE, &MSG_damaged, str_fmt(c->mem, "%s/objects", name));
		if (to->n == to->max) {
			void *more = realloc(to->at, (size_t)(to->max = to->max ? to->max * 2 : 4096) * sizeof *to->at);
			if (!more)
				abort();
			to->at = more;
		}
		memcpy(to->at[to->n], line.p, 64);
		to->at[to->n++][64] = 0;
	}
	return OK;
}

static bool is_named(const struct objects *o, const char *name)
{
	return o->n && bsearch(name, o->at, (size_t)o->n, sizeof *o->at, by_name);
}

/* Calls fn with every object's path and name. */
static enum rc each_object(struct cli *c, const struct depot *p, enum rc (*fn)(void *arg, const char *path,
	const char *name), void *arg)
{
	enum rc rc = OK;
	for (int i = 0; i < 256 && rc == OK; i++) {
		const char *folder = path_of(c->mem, "%s/object/%02x", p->dir, (unsigned)i);
		DIR *d = opendir(folder);
		const struct dirent *e;
		while (d && rc == OK && (e = readdir(d)) != NULL)
			if (strlen(e->d_name) == 64)
				rc = fn(arg, path_of(c->mem, "%s/%s", folder, e->d_name), e->d_name);
		if (d)
			closedir(d);
	}
	return rc;
}

/* ---- pruning -------------------------------------------------------------------------------------------------- */

struct sweeping { struct objects named; int64_t removed; };

static enum rc sweep(void *arg, const char *path, const char *name)
{
	struct sweeping *s = arg;
	if (!is_named(&s->named, name) && unlink(path) == 0)
		s->removed++;
	return OK;
}

/* First out of the catalogue, then off the disk: what a kill leaves behind begins with a dot and is removed next
 * time. */
static bool drop(struct cli *c, const struct depot *p, const char *name)
{
	const char *gone = path_of(c->mem, "%s/.%s", p->dir, name);
	return rename(path_of(c->mem, "%s/%s", p->dir, name), gone) == 0 && remove_tree(gone);
}

/* What an interrupted backup or prune left; the lock is held, so nobody is at work on it. */
static void drop_leftovers(struct cli *c, const struct depot *p)
{
	DIR *d = opendir(p->dir);
	const struct dirent *e;
	while (d && (e = readdir(d)) != NULL)
		if (e->d_name[0] == '.' && e->d_name[1] >= '0' && e->d_name[1] <= '9')
			remove_tree(path_of(c->mem, "%s/%s", p->dir, e->d_name));
	if (d)
		closedir(d);
}

enum rc backups_prune(struct cli *c, struct depot *p, const struct keep *k)
{
	struct snapshot *list;
	struct sweeping s = { 0 };
	int n, gone = 0;
	if (p->lock < 0)
		TRY(depot_lock(c, p));
	TRY(depot_list(c, p, &list, &n));
	bool *kept = NEWS(c->mem, bool, n + 1);
	backups_kept(k, list, n, kept);
	enum rc rc = OK;
	for (int i = 0; i < n && rc == OK; i++)
		if (kept[i])
			rc = read_objects(c, p, list[i].name, &s.named);
	for (int i = 0; i < n && rc == OK; i++) {
		if (!kept[i] && !drop(c, p, list[i].name))
			rc = (enum rc)BADF(c, E_FAULT, &MSG_remove, str_of(list[i].name));
		gone += !kept[i];
	}
	if (rc == OK) {
		drop_leftovers(c, p);
		if (s.named.n)
			qsort(s.named.at, (size_t)s.named.n, sizeof *s.named.at, by_name);
		rc = each_object(c, p, sweep, &s);
	}
	free(s.named.at);
	if (rc == OK)
		SAYF(c, &MSG_pruned, str_fmt(c->mem, "%d", gone), str_fmt(c->mem, "%lld", (long long)s.removed),
			str_fmt(c->mem, "%d", n - gone));
	return rc;
}

/* ---- listing and verifying
 * ---------------------------------------------------------------------------------------- */

enum rc backups_list(struct cli *c, const struct depot *p)
{
	struct snapshot *list;
	int n;
	TRY(depot_list(c, p, &list, &n));
	SAY(c, &MSG_head);
	for (int i = 0; i < n; i++)
		printf("%s\t%.*s\t%.*s\t%.*s\t%lld\t%lld\t%lld\t%lld\t%lld\n", list[i].name,
			FMT(instant_iso(c->mem, list[i].made)), FMT(list[i].version),
			FMT(list[i].engine), (long long)list[i].tables, (long long)list[i].rows, (long long)list[i].files,
			(long long)list[i].bytes / 1024, (long long)list[i].fresh / 1024);
	return OK;
}

struct checking { struct cli *c; struct arena mem; int64_t n, bad; };

static enum rc hold(void *arg, const char *path, const char *name)
{
	struct checking *k = arg;
	(void)name;
	arena_reset(&k->mem);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool good = fd >= 0 && vault_whole(&k->mem, fd) == OK;
	if (fd >= 0)
		close(fd);
	k->n++;
	k->bad += !good;
	if (!good)
		BADF(k->c, E_STATE, &MSG_damaged, str_of(path));
	return OK;
}

enum rc backups_verify(struct cli *c, const struct depot *p)
{
	struct checking k = { .c = c };
	struct objects named = { 0 };
	struct snapshot *list;
	int n;
	TRY(depot_list(c, p, &list, &n));
	arena_init(&k.mem, (size_t)16 << 20);
	enum rc rc = OK;
	for (int i = 0; i < n && rc == OK; i++) {
		hold(&k, path_of(c->mem, "%s/%s/data", p->dir, list[i].name), "");
		rc = read_objects(c, p, list[i].name, &named);
	}
	k.n = 0;
	if (rc == OK)
		rc = each_object(c, p, hold, &k);
	for (int64_t i = 0; i < named.n; i++) {
		const char *path = path_of(c->mem, "%s/object/%.2s/%s", p->dir, named.at[i], named.at[i]);
		if (access(path, F_OK) == 0)
			continue;
		k.bad++;
		BADF(c, E_STATE, &MSG_damaged, str_of(path));
	}
	free(named.at);
	arena_free(&k.mem);
	if (rc == OK && k.bad == 0)
		SAYF(c, &MSG_whole, str_fmt(c->mem, "%d", n), str_fmt(c->mem, "%lld", (long long)k.n));
	return rc == OK && k.bad ? E_STATE : rc;
}
