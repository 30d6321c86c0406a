/* files.c -- see files.h. A content is written to a temporary name, synced, renamed to its digest, its folder
 * synced; only then does its row appear. The same content twice is one file. */
#include "core/files.h"
#include "core/app.h"
#include "core/clam.h"
#include "core/data.h"
#include "core/image.h"
#include "core/registry.h"
#include "core/resume.h"
#include "core/sandbox.h"
#include "core/stamp.h"
#include "base/hash.h"
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct tr
	MSG_too_large = { "Tệp lớn hơn {1} MB. Hãy nén hoặc chia nhỏ tệp.",
		"The file is larger than {1} MB. Compress or split it." },
	MSG_empty = { "Tệp rỗng.", "The file is empty." },
	MSG_kind = { "Không nhận loại tệp này, hoặc nội dung không đúng với phần mở rộng “{1}”.",
		"This kind of file is not accepted, or its content does not match its extension “{1}”." },
	MSG_page = { "Tệp này là trang web được đặt tên .{1}. Hãy mở bằng Excel rồi lưu lại dạng .xlsx.",
		"This file is a web page named .{1}. Open it in Excel and save it as .xlsx." },
	MSG_picture = { "Ảnh này bị hỏng, hoặc lớn quá {1} triệu điểm ảnh (WebP không mất dữ liệu hay có chỗ trong suốt: "
		"{2} triệu; ảnh động: {3} triệu cho mọi khung hình). Hãy mở bằng phần mềm xem ảnh, lưu lại rồi gửi.",
		"This picture is broken, or larger than {1} million points (WebP without loss or with clear parts: {2}, "
		"an animation: {3} in all its pictures). Open it, save it again and send that." },
	MSG_infected = { "Tệp có mã độc ({1}) nên bị từ chối.", "The file contains malware ({1}) and was refused." },
	MSG_quarantine = { "Tệp đang chờ quét mã độc. Hãy thử lại sau ít phút.",
		"The file is waiting for its malware scan. Try again in a few minutes." },
	MSG_disk = { "Không ghi được tệp lên máy chủ. Hãy báo quản trị hệ thống.",
		"The server could not store the file. Tell the administrator." };

enum { SCAN_NOW_S = 2, SCAN_LATER_S = 30, SCANNER_DOWN_MS = 30000 };

static void close_fd(void *arg)
{
	close((int)(intptr_t)arg);
}

static const char *folder_of(struct ctx *c, str sha)
{
	return str_z(c->mem, TEXT(c, "%s/files/%.2s/%.2s", c->app->data, sha.p, sha.p + 2));
}

static bool make_folders(struct ctx *c, const char *last)
{
	char *p = str_z(c->mem, str_of(last));
	for (char *at = strchr(p + 1, '/'); at; at = strchr(at + 1, '/')) {
		*at = 0;
		if (mkdir(p, 0700) != 0 && errno != EEXIST)
			return false;
		*at = '/';
	}
	return mkdir(p, 0700) == 0 || errno == EEXIST;
}

static bool sync_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good = fd >= 0 && fsync(fd) == 0;
	if (fd >= 0)
		close(fd);
	return good;
}

/* A full disk is answered with 507, which tells the sender that it is not about his file. */
static enum rc disk_failed(struct ctx *c, int error)
{
	bool no_room = error == ENOSPC || error == EDQUOT;
	if (no_room)
		answer_with(c, 507);
	return FAIL(c, no_room ? E_LIMIT : E_BUSY, 0, &MSG_disk);
}

/* A new file under files/tmp; *ret_path names it. */
static int temp_named(struct ctx *c, const char **ret_path)
{
	uint8_t any[12];
	fresh_bytes(c, any, sizeof any);
	*ret_path = str_z(c->mem, TEXT(c, "%s/files/tmp/%.*s", c->app->data, FMT(hex_of(c->mem, any, sizeof any))));
	if (!make_folders(c, str_z(c->mem, TEXT(c, "%s/files/tmp", c->app->data))))
		return -1;
	return open(*ret_path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
}

enum rc file_temp(struct ctx *c, int *ret_fd)
{
	const char *path;
	int fd = temp_named(c, &path);
	if (fd < 0)
		return disk_failed(c, errno);
	unlink(path);
	arena_at_end(c->mem, close_fd, (void *)(intptr_t)fd);
	*ret_fd = fd;
	return OK;
}

/* ---- contents --------------------------------------------------------------------------------- */

static bool write_whole(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t did = write(fd, p, n);
		if (did < 0 && errno == EINTR)
			continue;
		if (did <= 0)
			return false;
		p += did;
		n -= (size_t)did;
	}
	return true;
}

/* Copies `from` (or, with from < 0, bytes) into `to` and takes its digest on the way. */
static bool copy_digest(int from, str bytes, int to, uint8_t ret[static 32], int64_t *ret_size)
{
	enum { PIECE = 1 << 18 };
	EVP_MD_CTX *h = EVP_MD_CTX_new();
	bool good = h && EVP_DigestInit_ex(h, EVP_sha256(), NULL) == 1;
	char *piece = from < 0 ? NULL : malloc(PIECE);
	*ret_size = 0;
	if (good && from < 0) {
		good = EVP_DigestUpdate(h, bytes.p, (size_t)bytes.n) == 1 && write_whole(to, bytes.p, (size_t)bytes.n);
		*ret_size = bytes.n;
	}
	for (off_t at = 0; good && from >= 0;) {
		ssize_t n = piece ? pread(from, piece, PIECE, at) : -1;
		if (n < 0 && piece && errno == EINTR)
			continue;
		if (n <= 0) {
			good = n == 0;
			break;
		}
		good = EVP_DigestUpdate(h, piece, (size_t)n) == 1 && (to < 0 || write_whole(to, piece, (size_t)n));
		at += n;
		*ret_size += n;
	}
	good = good && EVP_DigestFinal_ex(h, ret, NULL) == 1;
	EVP_MD_CTX_free(h);
	free(piece);
	return good;
}

/* Stores a content; it is durable when this returns OK. */
static enum rc store(struct ctx *c, int from, str bytes, str *ret_sha, int64_t *ret_size)
{
	const char *temp;
	uint8_t sum[32];
	int fd = temp_named(c, &temp);
	if (fd < 0)
		return disk_failed(c, errno);
	bool good = copy_digest(from, bytes, fd, sum, ret_size) && fsync(fd) == 0;
	good = close(fd) == 0 && good;
	*ret_sha = hex_of(c->mem, sum, sizeof sum);
	const char *folder = folder_of(c, *ret_sha), *path = str_z(c->mem, TEXT(c, "%s/%.*s", folder, FMT(*ret_sha)));
	struct stat st;
	if (good && stat(path, &st) == 0 && st.st_size == *ret_size) {
		unlink(temp);
		return OK;
	}
	good = good && make_folders(c, folder) && rename(temp, path) == 0 && sync_folder(folder);
	if (good)
		return OK;
	int error = errno;
	unlink(temp);
	return disk_failed(c, error);
}

/* ---- rows ---------------------------------------------------------------------------------------- */

static enum rc add_row(struct ctx *c, org_id org, str name, const char *type, str sha, int64_t size, const char *scan,
	instant until, file_id *ret)
{
	int64_t id = new_id(c);
	TRY(db_exec(c->db, "INSERT INTO file (id, org, made_by, made, name, type, sha256, size, scan, until) "
	            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
	            VALS(v_int(id), v_int(org.v), v_int(c->who->user.v), v_int(c->now.v),
		v_text(file_name_clean(c->mem, name)),
	                 v_text(str_of(type)), v_text(sha), v_int(size), v_text(str_of(scan)), v_int(until.v)), NULL));
	ret->v = id;
	return OK;
}

static str extension(str name)
{
	ptrdiff_t dot = name.n;
	while (dot > 0 && name.p[dot - 1] != '.')
		dot--;
	return dot > 0 ? str_sub(name, dot - 1, -1) : S("");
}

/* Within a request, which holds a transaction that others wait for: a scanner that does not answer is asked once,
 * then left alone for a while. What was not scanned waits in quarantine for the job. */
static enum clam scan_now(struct ctx *c, int fd, str bytes, str *found)
{
	struct data *d = data_of(c);
	if (c->now.v < d->scanner_down)
		return CLAM_DOWN;
	enum clam clam = clam_scan(c->mem, fd, bytes, SCAN_NOW_S, found);
	d->scanner_down = clam == CLAM_DOWN ? c->now.v + SCANNER_DOWN_MS : 0;
	return clam;
}

/* ---- pictures are written anew, by a process that can do nothing else -------------------------------------- */

struct picture { const char *type; str bytes; };

static enum rc clean_there(void *arg, int fd, struct sandbox *out, str *say)
{
	enum { PIECE = 1 << 19 };
	const struct picture *p = arg;
	struct image_made made;
	str bytes = p->bytes;
	off_t size = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);
	char *all = fd < 0 ? NULL : malloc((size_t)size + 1);
	(void)say;
	if (fd >= 0 && (size < 0 || !all || pread(fd, all, (size_t)size, 0) != size))
		return E_FAULT;
	if (fd >= 0)
		bytes = (str){ all, size };
	if (!image_clean(p->type, bytes, &made))
		return E_INVALID;
	for (size_t at = 0; at < made.n; at += PIECE) {
		sandbox_put(out, made.p + at, made.n - at < PIECE ? made.n - at : PIECE);
		sandbox_send(out);
	}
	return OK;
}

static bool piece_came(void *arg, str frame)
{
	return write_whole(*(int *)arg, frame.p, (size_t)frame.n);
}

static enum rc picture_anew(struct ctx *c, const char *type, int *fd, str *bytes, col at)
{
	static const struct sandbox_limits LIMITS = { .cpu_s = 20, .wait_s = 25 };
	struct picture p = { type, *bytes };
	str secret = { (const char *)c->app->secret, sizeof c->app->secret }, say;
	enum rc rc = OK;
	int anew;
	TRY(file_temp(c, &anew));
	enum sandbox_end end = sandbox_run(c->mem, &LIMITS, secret, *fd, clean_there, &p, piece_came, &anew, &rc, &say);
	if (end == SANDBOX_STOPPED)
		return disk_failed(c, errno);
	if (end == SANDBOX_FAILED)
		return FAIL(c, E_BUSY, at, &MSG_disk);
	if (end != SANDBOX_DONE || rc != OK)
		return FAILF(c, E_INVALID, at, &MSG_picture, TEXT(c, "%d", IMAGE_POINTS / 1000000),
			TEXT(c, "%d", IMAGE_LOSSLESS / 1000000), TEXT(c, "%d", IMAGE_POINTS / 1000000 * IMAGE_TIMES));
	*fd = anew;
	*bytes = S("");
	return OK;
}

/* Programs that "export to Excel" write a page of HTML and call it .xls. */
static bool is_page(str ext, str head)
{
	head = str_trim(str_starts(head, S("\xEF\xBB\xBF")) ? str_sub(head, 3, -1) : head);
	return ext.n >= 4 && ext.n <= 5 && strncasecmp(ext.p, ".xls", 4) == 0 && str_starts(head, S("<"));
}

static enum rc keep(struct ctx *c, org_id org, str name, int fd, str bytes, col at, file_id *ret)
{
	char head_bytes[4096];
	struct stat st = { .st_size = bytes.n };
	if (fd >= 0 && fstat(fd, &st) != 0)
		return FAIL(c, E_FAULT, at, &MSG_disk);
	if (st.st_size == 0)
		return FAIL(c, E_INVALID, at, &MSG_empty);
	if (st.st_size > FILE_MAX)
		return FAILF(c, E_INVALID, at, &MSG_too_large, TEXT(c, "%lld", FILE_MAX >> 20));
	TRY(upload_room(c, org, st.st_size, at));
	str head = str_sub(bytes, 0, sizeof head_bytes), found = S("");
	if (fd >= 0) {
		ssize_t n = pread(fd, head_bytes, sizeof head_bytes, 0);
		head = (str){ head_bytes, n > 0 ? n : 0 };
	}
	const char *type = file_type_of(name, head);
	if (!type)
		return FAILF(c, E_INVALID, at, is_page(extension(name), head) ? &MSG_page : &MSG_kind,
			file_name_clean(c->mem, extension(name)));
	enum clam clam = scan_now(c, fd, bytes, &found);
	if (clam == CLAM_FOUND)
		return FAILF(c, E_INVALID, at, &MSG_infected, found);
	str sha;
	int64_t size;
	int sent = fd;
	if (image_known(type))
		TRY(picture_anew(c, type, &fd, &bytes, at));
	TRY(store(c, fd, bytes, &sha, &size));
	TRY(add_row(c, org, name, type, sha, size, clam == CLAM_CLEAN ? "clean" : clam == CLAM_OFF ? "none" : "wait",
		(instant){ 0 }, ret));
	return uploads_kept(c, sent);
}

enum rc file_keep(struct ctx *c, org_id org, str name, int fd, str bytes, col at, file_id *ret)
{
	return keep(c, org, name, fd, bytes, at, ret);
}

enum rc file_put(struct ctx *c, org_id org, str name, str bytes, file_id *ret)
{
	return keep(c, org, name, -1, bytes, 0, ret);
}

enum rc file_own(struct ctx *c, org_id org, str name, str type, str bytes, instant until, struct stamp stamp,
	file_id *ret)
{
	str sha;
	int64_t size;
	if (!stamp_said(c, &stamp))
		return E_FAULT;
	if (bytes.n > FILE_MAX)
		return FAILF(c, E_INVALID, 0, &MSG_too_large, TEXT(c, "%lld", FILE_MAX >> 20));
	TRY(store(c, -1, bytes, &sha, &size));
	return add_row(c, org, name, str_z(c->mem, type), sha, size, "own", until, ret);
}

enum rc file_make(struct ctx *c, org_id org, str name, const char *type, int fd, instant until, struct stamp stamp,
	file_id *ret)
{
	str sha;
	int64_t size;
	if (!stamp_said(c, &stamp))
		return E_FAULT;
	TRY(store(c, fd, S(""), &sha, &size));
	return add_row(c, org, name, type, sha, size, "own", until, ret);
}

/* ---- opening -------------------------------------------------------------------------------------- */

/* One row that names the file: E_MISSING is not for the actor. */
static enum rc one_row(struct ctx *c, str entity, int64_t row)
{
	const struct meta *m = registry_entity(c->app->registry, entity);
	enum rc rc = m ? find(c, m->e, row, arena_alloc(c->mem, m->e->size, 16)) : E_MISSING;

	return rc == E_DENIED ? E_MISSING : rc;
}

static enum rc named_by(struct ctx *c, const struct entity *e, col at, file_id id)
{
	items found = { NULL, 0 };
	enum rc rc = find_all(c, e, &found, 1, IS({ at, v_int(id.v) }));

	return rc == E_DENIED || (rc == OK && found.n == 0) ? E_MISSING : rc;
}

static enum rc by_rows(struct ctx *c, file_id id)
{
	struct { str entity; int64_t row; } on[64];
	enum rc rc = E_MISSING;
	struct rows rows;
	int n = 0;

	TRY(db_query(c->db, "SELECT entity, row FROM file_on WHERE file = ?1 LIMIT 64", VALS(v_int(id.v)), &rows));
	while (n < COUNT(on) && rows_next(&rows)) {
		on[n].entity = str_copy(c->mem, rows_text(&rows, 0));
		on[n++].row = rows_int(&rows, 1);
	}
	TRY(rows_end(&rows));
	for (int i = 0; i < n && rc == E_MISSING; i++)
		rc = one_row(c, on[i].entity, on[i].row);
	const struct registry *g = c->app->registry;
	for (int i = 0; i < g->n_entities && rc == E_MISSING; i++)
		for (const struct field *f = g->metas[i].e->fields; f->name && rc == E_MISSING; f++)
			if (f->type == T_FILE)
				rc = named_by(c, g->metas[i].e, f->at, id);
	return rc;
}

/* May the actor read a row the file hangs on, or one that names it in a field? E_MISSING: no. What was refused on the
 * way is not told. */
static enum rc reachable(struct ctx *c, file_id id)
{
	enum rc was = c->rc;
	int problems = c->n_problems;
	enum rc rc = by_rows(c, id);

	c->rc = was;
	c->n_problems = problems;
	return rc;
}

enum rc file_known(struct ctx *c, file_id id)
{
	int64_t by = 0;

	if (c->who->system)
		return OK;
	TRY(db_int(c->db, "SELECT made_by FROM file WHERE id = ?1", VALS(v_int(id.v)), &by));
	return by && by == c->who->user.v ? OK : reachable(c, id);
}

static enum rc open_row(struct ctx *c, file_id id, bool own, struct file_info *ret, int *ret_fd)
{
	struct rows r;
	struct file_info f = { .id = id };
	int64_t made_by = 0;
	str scan = { 0 };
	TRY(db_query(c->db, "SELECT name, type, sha256, size, made_by, scan FROM file WHERE id = ?1", VALS(v_int(id.v)),
		&r));
	bool there = rows_next(&r);
	if (there) {
		f.name = str_copy(c->mem, rows_text(&r, 0));
		f.type = str_copy(c->mem, rows_text(&r, 1));
		f.sha256 = str_copy(c->mem, rows_text(&r, 2));
		f.size = rows_int(&r, 3);
		made_by = rows_int(&r, 4);
		scan = str_copy(c->mem, rows_text(&r, 5));
	}
	TRY(rows_end(&r));
	bool mine = own || c->who->system || (made_by && made_by == c->who->user.v);
	if (!there || f.sha256.n != 64)
		return E_MISSING;
	TRY(mine ? OK : reachable(c, id));
	if (str_is(scan, "wait") || str_is(scan, "found"))
		return FAIL(c, E_STATE, 0, &MSG_quarantine);
	int fd = open(str_z(c->mem, TEXT(c, "%s/%.*s", folder_of(c, f.sha256), FMT(f.sha256))),
		O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return E_MISSING;
	*ret = f;
	*ret_fd = fd;
	return OK;
}

enum rc file_open(struct ctx *c, file_id id, struct file_info *ret, int *ret_fd)
{
	return open_row(c, id, false, ret, ret_fd);
}

enum rc file_open_own(struct ctx *c, file_id id, struct file_info *ret, int *ret_fd)
{
	return open_row(c, id, true, ret, ret_fd);
}

enum rc files_own(struct ctx *c, const int64_t *ids, int n, struct file_info *ret)
{
	enum { AT_ONCE = 50 };
	static const char sql[] =
		"SELECT id, type, sha256 FROM file WHERE COALESCE(scan, '') NOT IN ('wait', 'found') AND id IN ("
		"?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, "
		"?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, ?38, ?39, ?40, "
		"?41, ?42, ?43, ?44, ?45, ?46, ?47, ?48, ?49, ?50)";
	for (int from = 0; from < n; from += AT_ONCE) {
		struct val v[AT_ONCE];
		struct rows r;
		for (int i = 0; i < AT_ONCE; i++)
			v[i] = v_int(ids[from + i < n ? from + i : n - 1]);
		TRY(db_query(c->db, sql, v, AT_ONCE, &r));
		while (rows_next(&r))
			for (int i = from; i < n && i < from + AT_ONCE; i++)
				if (ids[i] == rows_int(&r, 0))
					ret[i] = (struct file_info){ .id = { ids[i] }, .type = str_copy(c->mem, rows_text(&r, 1)),
						.sha256 = str_copy(c->mem, rows_text(&r, 2)) };
		TRY(rows_end(&r));
	}
	return OK;
}

int file_at(struct ctx *c, const struct file_info *f)
{
	return f->sha256.n != 64 ? -1 : open(str_z(c->mem, TEXT(c, "%s/%.*s", folder_of(c, f->sha256), FMT(f->sha256))),
		O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
}

struct mapped { void *p; size_t n; };

static void unmap(void *arg)
{
	struct mapped *m = arg;
	munmap(m->p, m->n);
}

enum rc file_get(struct ctx *c, file_id id, struct file_info *ret, str *ret_bytes)
{
	int fd;
	TRY(file_open(c, id, ret, &fd));
	struct mapped *m = NEW(c->mem, struct mapped);
	*m = (struct mapped){ mmap(NULL, (size_t)(ret->size ? ret->size : 1), PROT_READ, MAP_SHARED, fd, 0),
		(size_t)(ret->size ? ret->size : 1) };
	close(fd);
	if (m->p == MAP_FAILED)
		return FAIL(c, E_FAULT, 0, &MSG_disk);
	arena_at_end(c->mem, unmap, m);
	*ret_bytes = (str){ m->p, ret->size };
	return OK;
}

/* ---- hanging, sweeping ------------------------------------------------------------------------------ */

enum rc file_hang(struct ctx *c, file_id id, const struct entity *e, int64_t row)
{
	return db_exec(c->db,
		"INSERT INTO file_on (file, entity, row) VALUES (?1, ?2, ?3) ON CONFLICT (entity, row, file) DO NOTHING",
		VALS(v_int(id.v), v_text(str_of(e->name)), v_int(row)), NULL);
}

enum rc files_on(struct ctx *c, const struct entity *e, int64_t row, items *ret)
{
	enum { MOST = 200 };
	struct file_info *at = NEWS(c->mem, struct file_info, MOST);
	struct rows r;
	int n = 0;
	TRY(db_query(c->db, "SELECT f.id, f.name, f.type, f.sha256, f.size FROM file_on o JOIN file f ON f.id = o.file "
	             "WHERE o.entity = ?1 AND o.row = ?2 ORDER BY f.id", VALS(v_text(str_of(e->name)), v_int(row)), &r));
	while (n < MOST && rows_next(&r))
		at[n++] = (struct file_info){ { rows_int(&r, 0) }, str_copy(c->mem, rows_text(&r, 1)),
			str_copy(c->mem, rows_text(&r, 2)),
			str_copy(c->mem, rows_text(&r, 3)), rows_int(&r, 4) };
	*ret = (items){ at, n };
	return rows_end(&r);
}

enum { SWEEP = 200 };
struct swept { int64_t id; str sha; };

static int read_swept(struct ctx *c, const char *sql, int64_t arg, struct swept *ret)
{
	struct rows r;
	int n = 0;
	if (db_query(c->db, sql, VALS(v_int(arg)), &r) != OK)
		return 0;
	while (n < SWEEP && rows_next(&r))
		ret[n++] = (struct swept){ rows_int(&r, 0), str_copy(c->mem, rows_text(&r, 1)) };
	rows_end(&r);
	return n;
}

static enum rc scan_waiting(struct ctx *c)
{
	struct swept *at = NEWS(c->mem, struct swept, SWEEP);
	int n = read_swept(c, "SELECT id, sha256 FROM file WHERE scan = 'wait' AND id > ?1 ORDER BY id LIMIT 200", 0, at);
	for (int i = 0; i < n; i++) {
		str found;
		int fd = open(str_z(c->mem, TEXT(c, "%s/%.*s", folder_of(c, at[i].sha), FMT(at[i].sha))), O_RDONLY | O_CLOEXEC);
		enum clam clam = fd < 0 ? CLAM_DOWN : clam_scan(c->mem, fd, S(""), SCAN_LATER_S, &found);
		if (fd >= 0)
			close(fd);
		if (clam == CLAM_DOWN)
			return OK;
		data_of(c)->scanner_down = 0;
		TRY(db_exec(c->db, "UPDATE file SET scan = ?1 WHERE id = ?2",
			VALS(v_text(clam == CLAM_FOUND ? S("found") : clam == CLAM_OFF ? S("none") : S("clean")),
				v_int(at[i].id)), NULL));
	}
	return OK;
}

enum rc files_sweep(struct ctx *c, int64_t *ret_removed)
{
	struct swept *at = NEWS(c->mem, struct swept, SWEEP);
	*ret_removed = 0;
	TRY(scan_waiting(c));
	TRY(uploads_sweep(c));
	int n = read_swept(c, "SELECT id, sha256 FROM file WHERE until > 0 AND until < ?1 ORDER BY until LIMIT 200",
		c->now.v, at);
	for (int i = 0; i < n; i++) {
		int64_t left;
		TRY(db_exec(c->db, "DELETE FROM file_on WHERE file = ?1", VALS(v_int(at[i].id)), NULL));
		TRY(db_exec(c->db, "DELETE FROM file WHERE id = ?1", VALS(v_int(at[i].id)), NULL));
		TRY(db_int(c->db, "SELECT count(*) FROM file WHERE sha256 = ?1", VALS(v_text(at[i].sha)), &left));
		if (left == 0)
			unlink(str_z(c->mem, TEXT(c, "%s/%.*s", folder_of(c, at[i].sha), FMT(at[i].sha))));
		++*ret_removed;
	}
	return OK;
}

enum rc files_verify(struct ctx *c, int64_t *ret_good, str *ret_first_bad)
{
	struct swept *at = NEWS(c->mem, struct swept, SWEEP);
	int64_t after = 0;
	int n;
	*ret_good = 0;
	*ret_first_bad = S("");
	while ((n = read_swept(c, "SELECT id, sha256 FROM file WHERE id > ?1 ORDER BY id LIMIT 200", after, at)) > 0)
		for (int i = 0; i < n; i++) {
			uint8_t sum[32];
			int64_t size;
			int fd = open(str_z(c->mem, TEXT(c, "%s/%.*s", folder_of(c, at[i].sha), FMT(at[i].sha))),
				O_RDONLY | O_CLOEXEC);
			bool good = fd >= 0 && copy_digest(fd, S(""), -1, sum, &size) && str_eq(hex_of(c->mem, sum, sizeof sum),
				at[i].sha);
			if (fd >= 0)
				close(fd);
			if (good)
				++*ret_good;
			else if (ret_first_bad->n == 0)
				*ret_first_bad = at[i].sha;
			after = at[i].id;
		}
	return OK;
}
