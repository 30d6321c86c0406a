/* checkpoint.c -- see checkpoint.h. */
#include "core/checkpoint.h"
#include "core/app.h"
#include "base/calendar.h"
#include "base/log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEX = 64, FILES_MAX = 40000 };
#define FILE_BYTES ((ptrdiff_t)64 << 20)
struct end { int64_t org, seq; digest hash; };

static digest key_of(const uint8_t secret[static 32])
{
	digest k;
	memcpy(k.b, secret, sizeof k.b);
	return hash_keyed(k, S("audit checkpoint"));
}

static str bytes_of(const digest *d)
{
	return (str){ (const char *)d->b, sizeof d->b };
}

static digest seal_of(struct arena *mem, digest key, const digest *before, str block)
{
	struct buf b;
	buf_init(&b, mem, (size_t)FILE_BYTES);
	put(&b, bytes_of(before));
	put(&b, block);
	return hash_keyed(key, buf_str(&b));
}

/* ---- reading ------------------------------------------------------------------------------------ */

static enum rc read_file(struct arena *mem, const char *path, str *ret)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat st;
	if (fd < 0)
		return errno == ENOENT ? E_MISSING : E_FAULT;
	enum rc rc = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= FILE_BYTES ? OK : E_FAULT;
	char *p = rc == OK ? NEWS(mem, char, st.st_size + 1) : NULL;
	ptrdiff_t n = 0, got = 1;
	while (rc == OK && n < st.st_size && got > 0) {
		got = read(fd, p + n, (size_t)(st.st_size - n));
		n += got > 0 ? got : 0;
	}
	close(fd);
	if (rc == OK && got < 0)
		rc = E_FAULT;
	if (rc == OK)
		*ret = (str){ p, n };
	return rc;
}

/* What is told of each line of a whole, rightly sealed block; false stops. */
typedef bool end_fn(void *arg, const struct end *e);

static bool line_read(str line, struct end *ret)
{
	str org, seq, hash, rest;
	return str_cut(line, ' ', &org, &rest) && str_cut(rest, ' ', &seq, &hash) && str_to_int(org, &ret->org)
	       && str_to_int(seq, &ret->seq) && hash.n == HEX && hex_read(hash, ret->hash.b, sizeof ret->hash.b);
}

struct block { str text, body; int64_t lines; digest seal; bool whole; };

/* The block at the start of *left, which moves behind it. Not whole: cut short, *left is behind the next "torn" or
 * empty. */
static struct block block_next(str *left)
{
	struct block b = { 0 };
	str line, rest, at, count;
	const char *start = left->p;
	bool good = str_cut(*left, '\n', &line, &rest) && str_starts(line, S("at ")) &&
		str_cut(str_sub(line, 3, -1), ' ', &at, &count)
	            && str_to_int(count, &b.lines) && b.lines >= 0 && b.lines < left->n;
	b.body = rest;
	for (int64_t i = 0; good && i < b.lines; i++)
		good = str_cut(rest, '\n', &line, &rest) && line.n > HEX;
	b.body.n = good ? rest.p - b.body.p : 0;
	b.text = (str){ start, good ? rest.p - start : 0 };
	good = good && str_cut(rest, '\n', &line, &rest) && line.n == 5 + HEX && str_starts(line, S("seal "))
	       && hex_read(str_sub(line, 5, -1), b.seal.b, sizeof b.seal.b);
	b.whole = good;
	if (!good) {
		ptrdiff_t torn = str_find(*left, S("\ntorn\n"));
		rest = torn < 0 ? (str){ left->p + left->n, 0 } : str_sub(*left, torn + 6, -1);
	}
	*left = rest;
	return b;
}

/* Every block of one day's file. *seal: the day's first, then the last that fits. */
static enum rc walk_file(struct arena *mem, str text, digest key, digest *seal, int64_t *blocks, end_fn *each,
	void *arg)
{
	while (text.n) {
		struct block b = block_next(&text);
		if (!b.whole)
			continue;
		digest want = seal_of(mem, key, seal, b.text);
		if (!str_eq(bytes_of(&want), bytes_of(&b.seal)))
			return E_STATE;
		*seal = want;
		++*blocks;
		for (str line, rest = b.body; each && rest.n; ) {
			struct end e;
			str_cut(rest, '\n', &line, &rest);
			if (!line_read(line, &e) || !each(arg, &e))
				return E_CONFLICT;
		}
	}
	return OK;
}

/* ---- writing ------------------------------------------------------------------------------------ */

static digest first_seal(digest key, str day_name)
{
	return hash_keyed(key, day_name);
}

static enum rc ends_moved(struct ctx *c, struct end **ret, int64_t *ret_n)
{
	struct rows r;
	int64_t n = 0, cap = 64;
	struct end *at = NEWS(c->mem, struct end, cap);
	TRY(db_query(c->db, "SELECT h.org, h.seq, h.hash FROM audit_head h LEFT JOIN audit_mark m ON m.org = h.org "
		"WHERE h.seq > 0 AND (m.seq IS NULL OR m.seq <> h.seq) ORDER BY h.org LIMIT 10000", NULL, 0, &r));
	while (rows_next(&r)) {
		if (n == cap) {
			struct end *more = NEWS(c->mem, struct end, cap * 2);
			memcpy(more, at, sizeof *at * (size_t)cap);
			at = more;
			cap *= 2;
		}
		str hash = rows_blob(&r, 2);
		at[n] = (struct end){ .org = rows_int(&r, 0), .seq = rows_int(&r, 1) };
		memcpy(at[n].hash.b, hash.p, hash.n == (ptrdiff_t)sizeof at[n].hash.b ? sizeof at[n].hash.b : 0);
		n++;
	}
	*ret = at;
	*ret_n = n;
	return rows_end(&r);
}

static enum rc append(const char *path, str text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return E_FAULT;
	bool good = write(fd, text.p, (size_t)text.n) == text.n && fsync(fd) == 0;
	return close(fd) == 0 && good ? OK : E_FAULT;
}

static enum rc mark(struct ctx *c, const struct end *at, int64_t n)
{
	TRY(db_begin(c->db));
	for (int64_t i = 0; i < n; i++) {
		enum rc rc = db_exec(c->db,
			"INSERT INTO audit_mark (org, seq) VALUES (?1, ?2) ON CONFLICT (org) DO UPDATE SET seq = excluded.seq",
			VALS(v_int(at[i].org), v_int(at[i].seq)), NULL);
		if (rc != OK) {
			db_rollback(c->db);
			return rc;
		}
	}
	return db_commit(c->db);
}

enum rc checkpoint_write(struct ctx *c, int64_t *ret_n)
{
	struct end *at;
	int64_t n, blocks = 0;
	struct buf b;
	str day_name = day_iso(c->mem, c->today), old = { 0 };
	char *folder = str_z(c->mem, TEXT(c, "%s/audit", c->app->data)),
		*path = str_z(c->mem, TEXT(c, "%s/%.*s.log", folder, FMT(day_name)));
	digest key = key_of(c->app->secret), seal = first_seal(key, day_name);
	TRY(ends_moved(c, &at, &n));
	*ret_n = n;
	if (n == 0)
		return OK;
	if (mkdir(folder, 0700) != 0 && errno != EEXIST)
		return E_FAULT;
	enum rc rc = read_file(c->mem, path, &old);
	if (rc == OK)
		rc = walk_file(c->mem, old, key, &seal, &blocks, NULL, NULL);
	if (rc != OK && rc != E_MISSING)
		return E_FAULT;
	buf_init(&b, c->mem, (size_t)FILE_BYTES);
	put_fmt(&b, "at %lld %lld\n", (long long)c->now.v, (long long)n);
	for (int64_t i = 0; i < n; i++)
		put_fmt(&b, "%lld %lld %.*s\n", (long long)at[i].org, (long long)at[i].seq,
			FMT(hex_of(c->mem, at[i].hash.b, sizeof at[i].hash.b)));
	seal = seal_of(c->mem, key, &seal, buf_str(&b));
	str mac = hex_of(c->mem, seal.b, sizeof seal.b);
	put_fmt(&b, "seal %.*s\n", FMT(mac));
	bool cut = old.n && !(old.n > HEX + 6 && str_starts(str_sub(old, old.n - HEX - 6, -1), S("seal ")) &&
		old.p[old.n - 1] == '\n');
	TRY(append(path, cut ? TEXT(c, "\ntorn\n%.*s", FMT(buf_str(&b))) : buf_str(&b)));
	log_line(LOG_INFO, "audit_checkpoint", "day", str_z(c->mem, day_name), "seal", str_z(c->mem, mac), NULL);
	return mark(c, at, n);
}

/* ---- verifying ---------------------------------------------------------------------------------- */

struct holding { struct db *d; struct audit_fault *fault; enum rc rc; };

static bool end_holds(void *arg, const struct end *e)
{
	struct holding *h = arg;
	struct rows r;
	h->rc = db_query(h->d, "SELECT hash FROM audit WHERE org = ?1 AND seq = ?2", VALS(v_int(e->org), v_int(e->seq)),
		&r);
	if (h->rc != OK)
		return false;
	bool same = rows_next(&r) && str_eq(rows_blob(&r, 0), bytes_of(&e->hash));
	h->rc = rows_end(&r);
	if (h->rc == OK && !same)
		*h->fault = (struct audit_fault){ e->org, e->seq, "the line differs from what a checkpoint saw" };
	return h->rc == OK && same;
}

static int name_order(const void *a, const void *b)
{
	return str_cmp(*(const str *)a, *(const str *)b);
}

static bool is_day_file(str name)
{
	day d;
	return name.n == 14 && str_ends(name, S(".log")) && day_read(str_sub(name, 0, 10), (day){ 0 }, &d);
}

static enum rc day_files(struct arena *mem, const char *folder, str **ret, int *ret_n)
{
	DIR *dir = opendir(folder);
	str *at = NEWS(mem, str, FILES_MAX);
	int n = 0;
	*ret = at;
	*ret_n = 0;
	if (!dir)
		return errno == ENOENT ? OK : E_FAULT;
	for (struct dirent *e = readdir(dir); e && n < FILES_MAX; e = readdir(dir))
		if (is_day_file(str_of(e->d_name)))
			at[n++] = str_copy(mem, str_of(e->d_name));
	closedir(dir);
	qsort(at, (size_t)n, sizeof *at, name_order);
	*ret_n = n;
	return OK;
}

enum rc checkpoint_verify(struct db *d, struct arena *mem, const char *data, const uint8_t secret[static 32],
                          int64_t *ret_blocks, struct audit_fault *ret)
{
	char *folder = str_z(mem, str_fmt(mem, "%s/audit", data));
	digest key = key_of(secret);
	struct audit_fault fault = { 0 };
	struct holding h = { d, &fault, OK };
	int64_t blocks = 0;
	str *files, text;
	int n;
	TRY(day_files(mem, folder, &files, &n));
	for (int i = 0; i < n; i++) {
		digest seal = first_seal(key, str_sub(files[i], 0, 10));
		TRY(read_file(mem, str_z(mem, str_fmt(mem, "%s/%.*s", folder, FMT(files[i]))), &text));
		enum rc rc = walk_file(mem, text, key, &seal, &blocks, end_holds, &h);
		TRY(h.rc);
		if (rc == E_STATE)
			fault = (struct audit_fault){ 0, blocks + 1, "the seal of this checkpoint is wrong" };
		if (rc == E_CONFLICT && !fault.what)
			fault = (struct audit_fault){ 0, blocks, "a line of this checkpoint cannot be read" };
		if (rc != OK) {
			*ret = fault;
			return E_STATE;
		}
	}
	*ret_blocks = blocks;
	return OK;
}
