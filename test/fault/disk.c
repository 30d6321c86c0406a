/* disk.c -- see disk.h. */
#include "disk.h"
#include "db/sums.h"
#include <assert.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum { FILES = 8, PAGE = 4096, SECTOR = 512, REGION = 32768, REGIONS = 64 };

struct span { size_t at, n; };
struct memory {
	char name[64];
	bool there;
	uint8_t *now; size_t n, cap;                     /* what the process wrote                    */
	uint8_t *kept; size_t kept_n, kept_cap;          /* what survived the last sync               */
	struct span *since; int n_since, cap_since;      /* writes since then                         */
	void *shared[REGIONS];
};
static struct {
	struct memory files[FILES];
	bool dark, fired;
	uint64_t changes, calls, cut, seed, fail_at;
	int fail_times;
	enum disk_fault fault;
} disk;
struct handle { sqlite3_file base; struct memory *m; };

static uint64_t chance(void)
{
	uint64_t z = disk.seed += 0x9E3779B97F4A7C15u;
	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

static uint8_t *room(uint8_t *p, size_t *cap, size_t n)
{
	if (n <= *cap)
		return p;
	*cap = n * 2;
	p = realloc(p, *cap);
	if (!p)
		abort();
	return p;
}

/* Counts a call; what it must fail with, or SQLITE_OK. */
static int counted(bool changes, bool reads, bool writes)
{
	bool reading = disk.fault == DISK_SHORT_READ || disk.fault == DISK_FLIP;
	if (disk.dark)
		return SQLITE_IOERR;
	if (changes && ++disk.changes == disk.cut) {
		disk.dark = true;
		return SQLITE_IOERR;
	}
	if (!reading || reads)
		disk.calls++;
	if (disk.fault == DISK_FINE || (reading && !reads) || !disk.fail_at || disk.calls < disk.fail_at ||
		!disk.fail_times)
		return SQLITE_OK;
	if (disk.fault == DISK_FULL && !writes)
		return SQLITE_OK;
	if (disk.fail_times > 0)
		disk.fail_times--;
	disk.fired = true;
	return disk.fault == DISK_FULL ? SQLITE_FULL : reading ? -1 : SQLITE_IOERR;
}

/* ---- files ------------------------------------------------------------------------------------ */

static struct memory *named(const char *name, bool make)
{
	const char *slash = strrchr(name, '/');
	struct memory *empty = NULL;
	name = slash ? slash + 1 : name;
	for (int i = 0; i < FILES; i++) {
		if (disk.files[i].there && strcmp(disk.files[i].name, name) == 0)
			return &disk.files[i];
		if (!disk.files[i].there && !empty)
			empty = &disk.files[i];
	}
	if (!make || !empty || strlen(name) >= sizeof empty->name)
		return NULL;
	strcpy(empty->name, name);
	empty->there = true;
	empty->n = empty->kept_n = 0;
	empty->n_since = 0;
	return empty;
}

static int disk_close(sqlite3_file *f)
{
	(void)f;
	return SQLITE_OK;
}

static int disk_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at)
{
	struct memory *m = ((struct handle *)f)->m;
	int rc = counted(false, true, false);
	size_t from = (size_t)at, have = from < m->n ? m->n - from : 0;
	if (rc > 0)
		return SQLITE_IOERR_READ;
	if (have > (size_t)n)
		have = (size_t)n;
	if (rc < 0 && disk.fault == DISK_SHORT_READ)
		have /= 2;
	memcpy(to, m->now + from, have);
	memset((char *)to + have, 0, (size_t)n - have);
	if (rc < 0 && disk.fault == DISK_FLIP && have)
		((uint8_t *)to)[chance() % have] ^= (uint8_t)(1u << chance() % 8);
	return have < (size_t)n ? SQLITE_IOERR_SHORT_READ : SQLITE_OK;
}

static int disk_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 at)
{
	struct memory *m = ((struct handle *)f)->m;
	size_t end = (size_t)at + (size_t)n;
	int rc = counted(true, false, true);
	if (rc && !disk.dark)
		return rc == SQLITE_FULL ? SQLITE_FULL : SQLITE_IOERR_WRITE;
	if (rc && disk.changes != disk.cut)
		return SQLITE_IOERR_WRITE;                   /* the write during which it goes may leave sectors */
	m->now = room(m->now, &m->cap, end);
	if (end > m->n) {
		memset(m->now + m->n, 0, end - m->n);
		m->n = end;
	}
	memcpy(m->now + at, from, (size_t)n);
	if (m->n_since == m->cap_since) {
		m->cap_since = m->cap_since ? m->cap_since * 2 : 64;
		m->since = realloc(m->since, (size_t)m->cap_since * sizeof *m->since);
		if (!m->since)
			abort();
	}
	m->since[m->n_since++] = (struct span){ (size_t)at, (size_t)n };
	return rc ? SQLITE_IOERR_WRITE : SQLITE_OK;
}

static void keep_all(struct memory *m)
{
	m->kept = room(m->kept, &m->kept_cap, m->n);
	for (int i = 0; i < m->n_since; i++) {
		struct span s = m->since[i];
		size_t n = s.at >= m->n ? 0 : s.at + s.n > m->n ? m->n - s.at : s.n;
		if (!n)
			continue;                            /* cut off since */
		if (s.at > m->kept_n)
			memset(m->kept + m->kept_n, 0, s.at - m->kept_n);
		memcpy(m->kept + s.at, m->now + s.at, n);
		if (s.at + n > m->kept_n)
			m->kept_n = s.at + n;
	}
	if (m->n > m->kept_n)
		memset(m->kept + m->kept_n, 0, m->n - m->kept_n);
	m->kept_n = m->n;
	m->n_since = 0;
}

static int disk_sync(sqlite3_file *f, int flags)
{
	(void)flags;
	if (counted(true, false, false))
		return SQLITE_IOERR_FSYNC;
	keep_all(((struct handle *)f)->m);
	return SQLITE_OK;
}

static int disk_truncate(sqlite3_file *f, sqlite3_int64 n)
{
	struct memory *m = ((struct handle *)f)->m;
	if (counted(true, false, false))
		return SQLITE_IOERR_TRUNCATE;
	if ((size_t)n < m->n)
		m->n = (size_t)n;
	if ((size_t)n < m->kept_n && (chance() & 1))
		m->kept_n = (size_t)n;                       /* a truncation may reach the disk before a sync */
	return SQLITE_OK;
}

static int disk_file_size(sqlite3_file *f, sqlite3_int64 *ret)
{
	if (counted(false, false, false))
		return SQLITE_IOERR_FSTAT;
	*ret = (sqlite3_int64)((struct handle *)f)->m->n;
	return SQLITE_OK;
}

static int disk_lock(sqlite3_file *f, int level)
{
	(void)f, (void)level;
	return disk.dark ? SQLITE_IOERR_LOCK : SQLITE_OK;
}

static int disk_reserved(sqlite3_file *f, int *ret)
{
	(void)f;
	*ret = 0;
	return SQLITE_OK;
}

static int disk_control(sqlite3_file *f, int op, void *arg)
{
	(void)f, (void)op, (void)arg;
	return SQLITE_NOTFOUND;
}

static int disk_sector(sqlite3_file *f)
{
	(void)f;
	return SECTOR;
}

static int disk_character(sqlite3_file *f)
{
	(void)f;
	return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

/* ---- the log's shared memory: of one process ------------------------------------------------------ */

static int disk_shm_map(sqlite3_file *f, int region, int size, int extend, void volatile **ret)
{
	struct memory *m = ((struct handle *)f)->m;
	assert(region < REGIONS && size == REGION);
	if (!m->shared[region] && extend && !(m->shared[region] = calloc(1, REGION)))
		return SQLITE_NOMEM;
	*ret = m->shared[region];
	return SQLITE_OK;
}

static int disk_shm_lock(sqlite3_file *f, int at, int n, int flags)
{
	(void)f, (void)at, (void)n, (void)flags;
	return SQLITE_OK;
}

static void disk_shm_barrier(sqlite3_file *f)
{
	(void)f;
}

static void forget_shared(struct memory *m)
{
	for (int i = 0; i < REGIONS; i++) {
		free(m->shared[i]);
		m->shared[i] = NULL;
	}
}

static int disk_shm_unmap(sqlite3_file *f, int drop)
{
	(void)drop;
	forget_shared(((struct handle *)f)->m);
	return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
	.iVersion = 2, .xClose = disk_close, .xRead = disk_read, .xWrite = disk_write, .xTruncate = disk_truncate,
	.xSync = disk_sync,
	.xFileSize = disk_file_size, .xLock = disk_lock, .xUnlock = disk_lock, .xCheckReservedLock = disk_reserved,
	.xFileControl = disk_control, .xSectorSize = disk_sector, .xDeviceCharacteristics = disk_character,
	.xShmMap = disk_shm_map, .xShmLock = disk_shm_lock, .xShmBarrier = disk_shm_barrier, .xShmUnmap = disk_shm_unmap,
};

/* ---- the file system ------------------------------------------------------------------------------ */

static int fs_open(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags, int *ret)
{
	struct handle *h = (struct handle *)f;
	(void)v;
	h->base.pMethods = NULL;
	if (counted(false, false, false))
		return SQLITE_CANTOPEN;
	h->m = named(name ? name : "unnamed", flags & SQLITE_OPEN_CREATE);
	if (!h->m)
		return SQLITE_CANTOPEN;
	h->base.pMethods = &methods;
	if (ret)
		*ret = flags;
	return SQLITE_OK;
}

static int fs_delete(sqlite3_vfs *v, const char *name, int sync)
{
	struct memory *m = named(name, false);
	(void)v, (void)sync;
	if (counted(true, false, false))
		return SQLITE_IOERR_DELETE;
	if (!m)
		return SQLITE_IOERR_DELETE_NOENT;
	m->there = false;
	m->n_since = 0;
	return SQLITE_OK;
}

static int fs_access(sqlite3_vfs *v, const char *name, int flags, int *ret)
{
	struct memory *m = named(name, false);
	(void)v, (void)flags;
	if (counted(false, false, false))
		return SQLITE_IOERR_ACCESS;
	*ret = m && m->n > 0;
	return SQLITE_OK;
}

static int fs_full_path(sqlite3_vfs *v, const char *name, int n, char *ret)
{
	(void)v;
	sqlite3_snprintf(n, ret, "%s", name);
	return SQLITE_OK;
}

static int fs_random(sqlite3_vfs *v, int n, char *ret)
{
	(void)v;
	for (int i = 0; i < n; i++)
		ret[i] = (char)chance();
	return n;
}

static int fs_sleep(sqlite3_vfs *v, int us)
{
	(void)v;
	return us;
}

static int fs_time(sqlite3_vfs *v, sqlite3_int64 *ret)
{
	(void)v;
	*ret = INT64_C(212000000000000);
	return SQLITE_OK;
}

static int fs_error(sqlite3_vfs *v, int n, char *ret)
{
	(void)v, (void)n, (void)ret;
	return 0;
}

void disk_register(void)
{
	static sqlite3_vfs fs = { .iVersion = 2, .szOsFile = sizeof(struct handle), .mxPathname = 200, .zName = "disk",
		.xOpen = fs_open,
		.xDelete = fs_delete, .xAccess = fs_access, .xFullPathname = fs_full_path, .xRandomness = fs_random,
		.xSleep = fs_sleep,
		.xGetLastError = fs_error, .xCurrentTimeInt64 = fs_time };
	sqlite3_vfs_register(&fs, 1);
}

/* ---- what the test does to it ------------------------------------------------------------------------ */

void disk_clear(void)
{
	for (int i = 0; i < FILES; i++) {
		struct memory *m = &disk.files[i];
		forget_shared(m);
		m->there = false;
		m->n = m->kept_n = 0;
		m->n_since = 0;
	}
	disk.dark = disk.fired = false;
	disk_cut_after(0, 1);
	disk_fail(DISK_FINE, 0, 0, 1);
}

void disk_save(struct disk_image *ret)
{
	*ret = (struct disk_image){ .n = 0 };
	for (int i = 0; i < FILES; i++) {
		const struct memory *m = &disk.files[i];
		if (!m->there)
			continue;
		strcpy(ret->file[ret->n].name, m->name);
		ret->file[ret->n].n = m->n;
		ret->file[ret->n].p = malloc(m->n + 1);
		if (!ret->file[ret->n].p)
			abort();
		memcpy(ret->file[ret->n++].p, m->now, m->n);
	}
}

void disk_load(const struct disk_image *from)
{
	disk_clear();
	for (int i = 0; i < from->n; i++) {
		struct memory *m = named(from->file[i].name, true);
		size_t n = from->file[i].n;
		m->now = room(m->now, &m->cap, n);
		m->kept = room(m->kept, &m->kept_cap, n);
		memcpy(m->now, from->file[i].p, n);
		memcpy(m->kept, from->file[i].p, n);
		m->n = m->kept_n = n;
	}
}

void disk_cut_after(uint64_t n, uint64_t seed)
{
	disk.cut = n;
	disk.seed = seed;
	disk.changes = disk.calls = 0;
}

bool disk_dark(void) { return disk.dark; }
bool disk_fired(void) { return disk.fired; }
uint64_t disk_calls(void) { return disk.calls; }

/* One sector of a write that was not synced: kept or not. */
static void sector(struct memory *m, size_t from, size_t end)
{
	if (end > m->n)
		end = m->n;
	if (from >= end || !(chance() & 1))
		return;
	m->kept = room(m->kept, &m->kept_cap, end);
	if (end > m->kept_n) {
		if (from > m->kept_n)
			memset(m->kept + m->kept_n, chance() & 1 ? 0 : 0xA5, from - m->kept_n);
		m->kept_n = end;
	}
	memcpy(m->kept + from, m->now + from, end - from);
}

void disk_power(void)
{
	for (int i = 0; i < FILES; i++) {
		struct memory *m = &disk.files[i];
		for (int k = 0; k < m->n_since; k++) {
			struct span s = m->since[k];
			for (size_t at = s.at; at < s.at + s.n; ) {
				size_t end = (at / SECTOR + 1) * SECTOR;
				if (end > s.at + s.n)
					end = s.at + s.n;
				sector(m, at, end);
				at = end;
			}
		}
		m->n_since = 0;
		m->now = room(m->now, &m->cap, m->kept_n);
		if (m->kept_n)
			memcpy(m->now, m->kept, m->kept_n);
		m->n = m->kept_n;
		forget_shared(m);
	}
	disk.dark = false;
	disk.cut = 0;
}

void disk_fail(enum disk_fault what, uint64_t n, int times, uint64_t seed)
{
	disk.fault = what;
	disk.fail_at = n;
	disk.fail_times = times;
	disk.seed = seed;
	disk.calls = 0;
	disk.fired = false;
}

static struct memory *main_file(void)
{
	for (int i = 0; i < FILES; i++)
		if (disk.files[i].there && strcmp(disk.files[i].name, "khue.db") == 0)
			return &disk.files[i];
	return NULL;
}

size_t disk_size(void)
{
	const struct memory *m = main_file();
	return m ? m->n : 0;
}

bool disk_damage(size_t n, bool mend)
{
	struct memory *m = main_file();
	if (!m || n >= m->n || m->now[n] == 0)
		return false;
	m->now[n] ^= 0x10;
	if (mend) {
		size_t page = n / PAGE * PAGE;
		uint64_t sum = sum_of(m->now + page, PAGE - SUM_BYTES, page);
		memcpy(m->now + page + PAGE - SUM_BYTES, &sum, sizeof sum);
	}
	memcpy(m->kept, m->now, m->n);
	return true;
}
