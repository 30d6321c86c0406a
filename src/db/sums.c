/* sums.c -- see sums.h. */
#include "db/sums.h"
#include <sqlite3.h>

enum { PAGE_MAX = 65536, PAGE_MIN = 512, HEADER = 100, SEEN_PAGES = 16384, SEEN_AGAIN = 65536 };

/* The system's own handle follows in the same allocation. */
struct file {
	sqlite3_file base;
	bool known, sums;                                /* of the file's header: read once it has one        */
	uint32_t page;
	unsigned fetched;
	uint8_t seen[SEEN_PAGES / 8];                    /* mapped pages whose sum was found right             */
};

static sqlite3_file *below(sqlite3_file *f)
{
	return (sqlite3_file *)(void *)((char *)f + sizeof(struct file));
}

/* Eight independent lanes of multiply and rotate: memory speed, and any change of a bit changes about half of the
 * result. */
uint64_t sum_of(const uint8_t *p, size_t n, uint64_t offset)
{
	enum { LANES = 4 };
	static const uint64_t odd = 0x9E3779B97F4A7C15u, prime = 0xD6E8FEB86659FD93u;
	uint64_t lane[LANES] = { offset + odd, offset ^ prime, ~offset, offset * odd + 1 }, w, h;
	size_t i = 0;

	for (; i + 8 * LANES <= n; i += 8 * LANES)
		for (int k = 0; k < LANES; k++) {
			memcpy(&w, p + i + 8 * (size_t)k, 8);
			lane[k] = ((lane[k] ^ w) * odd) ^ ((lane[k] ^ w) >> 29);
		}
	for (int k = 0; i + 8 <= n; i += 8, k++) {
		memcpy(&w, p + i, 8);
		lane[k] = ((lane[k] ^ w) * odd) ^ ((lane[k] ^ w) >> 29);
	}
	h = n * prime;
	for (int k = 0; k < LANES; k++) {
		h = (h ^ lane[k]) * prime;
		h ^= h >> 32;
	}
	return h * odd ^ h >> 31;
}

static bool all_zero(const uint8_t *p, size_t n)
{
	return p[0] == 0 && memcmp(p, p + 1, n - 1) == 0;
}

/* What SQLite is given in place of a page's sum, so that a page it changes carries this mark into the log and not an
 * old sum.
 * A plain SQLite that looks into the file when nobody else has it open moves the log into it as it is, marks and
 * all. */
static const uint8_t unsummed[SUM_BYTES] = { 'K', 'h', 'u', 0xC3, 0xAA, ' ', '~', 0 };

/* Right, or never summed: a page that SQLite filled anew has zeros there, but then not in the whole last sector; one
 * that the file merely grew past is all zeros. */
static bool fits(const uint8_t *p, size_t n, uint64_t offset)
{
	const uint8_t *at = p + n - SUM_BYTES;
	uint64_t is;

	memcpy(&is, at, sizeof is);
	if (is == 0)
		return !all_zero(p + n - PAGE_MIN, PAGE_MIN) || all_zero(p, n);
	return is == sum_of(p, n - SUM_BYTES, offset) || memcmp(at, unsummed, SUM_BYTES) == 0;
}

static void learn(struct file *f, const uint8_t *header)
{
	uint32_t page = (uint32_t)header[16] << 8 | header[17];

	if (memcmp(header, "SQLite format 3", 16) != 0)
		return;
	f->page = page == 1 ? PAGE_MAX : page;
	f->sums = header[20] == SUM_BYTES;
	f->known = true;
}

/* Learns the file's header; in a new file it may stand in the log only, and another process may write it first. A
 * header that cannot be read fails the call: without it a page would go to the file with no sum. */
static int know(sqlite3_file *h)
{
	struct file *f = (struct file *)h;
	uint8_t header[HEADER];
	int code = f->known ? SQLITE_OK : below(h)->pMethods->xRead(below(h), header, HEADER, 0);

	if (!f->known && code == SQLITE_OK)
		learn(f, header);
	return code == SQLITE_IOERR_SHORT_READ ? SQLITE_OK : code;
}

static bool is_page(const struct file *f, sqlite3_int64 n, sqlite3_int64 offset)
{
	return f->page == (uint64_t)n && offset % n == 0;
}

/* ---- the file ---------------------------------------------------------------------------------- */

static int sums_close(sqlite3_file *h)
{
	return below(h)->pMethods->xClose(below(h));
}

static int sums_read(sqlite3_file *h, void *to, int n, sqlite3_int64 offset)
{
	struct file *f = (struct file *)h;
	int code = below(h)->pMethods->xRead(below(h), to, n, offset);

	if (code != SQLITE_OK && code != SQLITE_IOERR_SHORT_READ)
		return code;
	if (offset == 0 && n >= HEADER && code == SQLITE_OK)
		learn(f, to);
	if (n < PAGE_MIN)
		return code;
	if (know(h) != SQLITE_OK)
		return SQLITE_IOERR_READ;
	if (!f->sums || !is_page(f, n, offset))
		return code;
	/* what lies behind the end is zeros, and fits; the half of a page that is there does not */
	if (!fits(to, (size_t)n, (uint64_t)offset))
		return SQLITE_IOERR_DATA;
	memcpy((char *)to + n - SUM_BYTES, unsummed, SUM_BYTES);
	return code;
}

static int sums_write(sqlite3_file *h, const void *from, int n, sqlite3_int64 offset)
{
	struct file *f = (struct file *)h;
	uint8_t copy[PAGE_MAX];
	uint64_t sum;

	if (offset == 0 && n >= HEADER)
		learn(f, from);
	if (n >= PAGE_MIN && know(h) != SQLITE_OK)
		return SQLITE_IOERR_WRITE;
	if (n < PAGE_MIN || n > PAGE_MAX || !f->sums || !is_page(f, n, offset))
		return below(h)->pMethods->xWrite(below(h), from, n, offset);
	memcpy(copy, from, (size_t)n - SUM_BYTES);
	sum = sum_of(copy, (size_t)n - SUM_BYTES, (uint64_t)offset);
	memcpy(copy + n - SUM_BYTES, &sum, sizeof sum);
	return below(h)->pMethods->xWrite(below(h), copy, n, offset);
}

static int sums_truncate(sqlite3_file *h, sqlite3_int64 n) { return below(h)->pMethods->xTruncate(below(h), n); }
static int sums_sync(sqlite3_file *h, int flags) { return below(h)->pMethods->xSync(below(h), flags); }
static int sums_size(sqlite3_file *h, sqlite3_int64 *ret) { return below(h)->pMethods->xFileSize(below(h), ret); }
static int sums_lock(sqlite3_file *h, int level) { return below(h)->pMethods->xLock(below(h), level); }
static int sums_unlock(sqlite3_file *h, int level) { return below(h)->pMethods->xUnlock(below(h), level); }
static int sums_reserved(sqlite3_file *h, int *ret) { return below(h)->pMethods->xCheckReservedLock(below(h), ret); }
static int sums_sector(sqlite3_file *h) { return below(h)->pMethods->xSectorSize(below(h)); }
static int sums_character(sqlite3_file *h) { return below(h)->pMethods->xDeviceCharacteristics(below(h)); }

static int sums_control(sqlite3_file *h, int op, void *arg)
{
	struct file *f = (struct file *)h;

	if (op == SQLITE_FCNTL_CKPT_START) {
		f->known = false;                        /* a VACUUM elsewhere may have given the file its sums */
		memset(f->seen, 0, sizeof f->seen);
	}
	return below(h)->pMethods->xFileControl(below(h), op, arg);
}

static int sums_shm_map(sqlite3_file *h, int region, int size, int extend, void volatile **ret)
{
	return below(h)->pMethods->xShmMap(below(h), region, size, extend, ret);
}

static int sums_shm_lock(sqlite3_file *h, int at, int n, int flags) { return below(h)->pMethods->xShmLock(below(h),
	at, n, flags); }
static void sums_shm_barrier(sqlite3_file *h) { below(h)->pMethods->xShmBarrier(below(h)); }
static int sums_shm_unmap(sqlite3_file *h, int drop) { return below(h)->pMethods->xShmUnmap(below(h), drop); }

static int sums_unfetch(sqlite3_file *h, sqlite3_int64 offset, void *p)
{
	return below(h)->pMethods->xUnfetch(below(h), offset, p);
}

/* A mapped page is looked at when it is first used and again now and then. One that does not fit is not mapped:
 * SQLite then reads it, and is told. */
static int sums_fetch(sqlite3_file *h, sqlite3_int64 offset, int n, void **ret)
{
	struct file *f = (struct file *)h;
	int code = below(h)->pMethods->xFetch(below(h), offset, n, ret);
	size_t at;

	if (code != SQLITE_OK || !*ret || (know(h) == SQLITE_OK && f->known && !f->sums))
		return code;
	if (!is_page(f, n, offset)) {
		sums_unfetch(h, offset, *ret);
		*ret = NULL;
		return SQLITE_OK;
	}
	if (++f->fetched % SEEN_AGAIN == 0)
		memset(f->seen, 0, sizeof f->seen);
	at = (size_t)(offset / n);
	if (at < SEEN_PAGES && f->seen[at / 8] >> at % 8 & 1)
		return SQLITE_OK;
	if (fits(*ret, (size_t)n, (uint64_t)offset)) {
		if (at < SEEN_PAGES)
			f->seen[at / 8] = (uint8_t)(f->seen[at / 8] | 1u << at % 8);
		return SQLITE_OK;
	}
	sums_unfetch(h, offset, *ret);
	*ret = NULL;
	return SQLITE_OK;
}

static const sqlite3_io_methods with_map = {
	3, sums_close, sums_read, sums_write, sums_truncate, sums_sync, sums_size, sums_lock, sums_unlock, sums_reserved,
		sums_control,
	sums_sector, sums_character, sums_shm_map, sums_shm_lock, sums_shm_barrier, sums_shm_unmap, sums_fetch,
	sums_unfetch };
static const sqlite3_io_methods without_map = {
	2, sums_close, sums_read, sums_write, sums_truncate, sums_sync, sums_size, sums_lock, sums_unlock, sums_reserved,
		sums_control,
	sums_sector, sums_character, sums_shm_map, sums_shm_lock, sums_shm_barrier, sums_shm_unmap, NULL, NULL };

/* ---- the system ---------------------------------------------------------------------------------- */

static sqlite3_vfs *system_of(sqlite3_vfs *v)
{
	return v->pAppData;
}

/* Only a database has pages; journals and logs carry sums of SQLite's own. */
static int sums_open(sqlite3_vfs *v, const char *name, sqlite3_file *h, int flags, int *ret)
{
	struct file *f = (struct file *)h;
	int code;

	if (!(flags & SQLITE_OPEN_MAIN_DB))
		return system_of(v)->xOpen(system_of(v), name, h, flags, ret);
	memset(f, 0, sizeof *f);
	code = system_of(v)->xOpen(system_of(v), name, below(h), flags, ret);
	if (below(h)->pMethods)
		h->pMethods = below(h)->pMethods->iVersion >= 3 ? &with_map : &without_map;
	return code;
}

static int sums_delete(sqlite3_vfs *v, const char *name, int sync) { return system_of(v)->xDelete(system_of(v), name,
	sync); }
static int sums_access(sqlite3_vfs *v, const char *name, int flags,
	int *ret) { return system_of(v)->xAccess(system_of(v), name, flags, ret); }
static int sums_path(sqlite3_vfs *v, const char *name, int n,
	char *ret) { return system_of(v)->xFullPathname(system_of(v), name, n, ret); }
static int sums_random(sqlite3_vfs *v, int n, char *ret) { return system_of(v)->xRandomness(system_of(v), n, ret); }
static int sums_sleep(sqlite3_vfs *v, int us) { return system_of(v)->xSleep(system_of(v), us); }
static int sums_error(sqlite3_vfs *v, int n, char *ret) { return system_of(v)->xGetLastError(system_of(v), n, ret); }
static int sums_time(sqlite3_vfs *v, sqlite3_int64 *ret) { return system_of(v)->xCurrentTimeInt64(system_of(v), ret); }

const char *sums_vfs(void)
{
	static const char name[] = "khue";
	sqlite3_vfs *system = sqlite3_vfs_find(NULL), *v;

	if (sqlite3_vfs_find(name))
		return name;
	if (!system || !(v = sqlite3_malloc(sizeof *v)))
		return NULL;
	/* Registered once and as long as the process lives. No extension is ever loaded: no xDl functions. */
	*v = (sqlite3_vfs){ .iVersion = 2, .szOsFile = (int)sizeof(struct file) + system->szOsFile,
		.mxPathname = system->mxPathname, .zName = name,
		.pAppData = system, .xOpen = sums_open, .xDelete = sums_delete, .xAccess = sums_access,
		.xFullPathname = sums_path,
		.xRandomness = sums_random, .xSleep = sums_sleep, .xGetLastError = sums_error, .xCurrentTimeInt64 = sums_time };
	return sqlite3_vfs_register(v, 0) == SQLITE_OK ? name : NULL;
}
