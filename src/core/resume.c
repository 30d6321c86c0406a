/* resume.c -- see resume.h. The bytes are written and synced before the row says that they are there; what lies beyond
 * the row's word, from a cut in between, is written over. */
#include "core/resume.h"
#include "core/files.h"
#include "core/pages.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OPEN_MOST = 20, KEEP_MS = 86400000, SENT_MOST = 20 };
enum { OPEN, USED /* by a form */, KEPT /* and a file since */ };        /* upload.used                            */

static const struct tr
	MSG_begin = { "Cần tên tệp và dung lượng.", "A file's name and size are needed." },
	MSG_large = { "Tệp lớn hơn {1} MB. Hãy nén hoặc chia nhỏ tệp.",
		"The file is larger than {1} MB. Compress or split it." },
	MSG_many = { "Bạn có {1} tệp đang gửi dở. Hãy gửi xong, hoặc đợi một ngày.",
		"You have {1} files half sent. Finish them, or wait a day." },
	MSG_offset = { "Đoạn này không nối tiếp phần đã có ({1} byte).",
		"This piece does not follow what is there ({1} bytes)." },
	MSG_over = { "Đoạn này vượt quá dung lượng đã báo.", "This piece goes beyond the size that was told." },
	MSG_empty = { "Đoạn này rỗng.", "This piece is empty." },
	MSG_lost = { "Tệp gửi dở không còn; hãy chọn lại tệp và gửi.",
		"The upload is no longer there: choose the file again." },
	MSG_half = { "Tệp chưa gửi xong; hãy gửi tiếp.", "The file is not wholly sent yet." },
	MSG_disk = { "Không ghi được tệp lên máy chủ. Hãy báo quản trị hệ thống.",
		"The server could not store the file. Tell the administrator." };

struct upload { int64_t id, size, have; str name; };

static const char *path_of_upload(struct ctx *c, int64_t id)
{
	return str_z(c->mem, TEXT(c, "%s/files/tmp/up-%lld", c->app->data, (long long)id));
}

static enum rc disk_failed(struct ctx *c)
{
	bool no_room = errno == ENOSPC || errno == EDQUOT;

	if (no_room)
		answer_with(c, 507);
	return FAIL(c, no_room ? E_LIMIT : E_BUSY, 0, &MSG_disk);
}

/* How much is really there: a restored database knows of bytes that no backup kept. */
static int64_t on_disk(struct ctx *c, int64_t id)
{
	struct stat st = { .st_size = 0 };
	int fd = open(path_of_upload(c, id), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd >= 0 && fstat(fd, &st) != 0)
		st.st_size = 0;
	if (fd >= 0)
		close(fd);
	return st.st_size;
}

/* The actor's own, begun and not used; the row is believed as far as the bytes reach. */
static enum rc upload_find(struct ctx *c, int64_t id, struct upload *ret)
{
	struct rows r;

	TRY(db_query(c->db,
		"SELECT id, size, have, name FROM upload WHERE id = ?1 AND made_by = ?2 AND used = 0 AND until > "
		"?3", VALS(v_int(id), v_int(c->who->user.v), v_int(c->now.v)), &r));
	bool found = rows_next(&r);
	if (found)
		*ret = (struct upload){ rows_int(&r, 0), rows_int(&r, 1), rows_int(&r, 2), str_copy(c->mem, rows_text(&r, 3)) };
	TRY(rows_end(&r));
	if (!found)
		return E_MISSING;
	int64_t there = ret->have ? on_disk(c, ret->id) : 0;
	ret->have = there < ret->have ? there : ret->have;
	return OK;
}

static enum rc upload_of_page(struct exchange *x, struct upload *ret)
{
	int64_t id;

	x->json = true;
	if (!x->c->who->user.v || x->names.n < 1 || !id_read(x->names.at[0].value, &id))
		return E_MISSING;
	return upload_find(x->c, id, ret);
}

static enum rc told(struct exchange *x, int status, const struct upload *u)
{
	reply_header(x->p, S("Upload-Offset"), TEXT(x->c, "%lld", (long long)u->have));
	reply_header(x->p, S("Upload-Length"), TEXT(x->c, "%lld", (long long)u->size));
	put_fmt(answer_json(x, status), "{\"id\":\"%lld\",\"offset\":%lld,\"size\":%lld}", (long long)u->id,
		(long long)u->have, (long long)u->size);
	return OK;
}

/* ---- POST /tai-len: name, size --------------------------------------------------------------------------- */

/* What is begun takes its room of the day already, and so does what a form used that made no file of it, for as long
 * as its bytes lie here. */
static enum rc half_sent(struct ctx *c, int64_t *ret_n, int64_t *ret_bytes)
{
	struct rows r;

	*ret_n = *ret_bytes = 0;
	TRY(db_query(c->db,
		"SELECT COALESCE(SUM(1 - used), 0), COALESCE(SUM(size), 0) FROM upload WHERE made_by = ?1 AND used < ?3 "
		"AND (used = ?4 OR until > ?2)",
		VALS(v_int(c->who->user.v), v_int(c->now.v), v_int(KEPT), v_int(USED)), &r));
	if (rows_next(&r)) {
		*ret_n = rows_int(&r, 0);
		*ret_bytes = rows_int(&r, 1);
	}
	return rows_end(&r);
}

enum rc upload_begin_page(struct exchange *x)
{
	struct ctx *c = x->c;
	const struct pair *name = pair_last(x, "name"), *size = pair_last(x, "size");
	org_id org = c->here.org.v || c->who->n_seats == 0 ? c->here.org : c->who->seats[0].org;
	struct upload u = { .id = new_id(c) };
	int64_t open, bytes;

	x->json = true;
	if (!c->who->user.v)
		return E_MISSING;
	if (!name || !size || !name->value.n || !str_to_int(size->value, &u.size) || u.size <= 0)
		return FAIL(c, E_INVALID, 0, &MSG_begin);
	if (u.size > FILE_MAX)
		return FAILF(c, E_INVALID, 0, &MSG_large, TEXT(c, "%lld", FILE_MAX >> 20));
	TRY(half_sent(c, &open, &bytes));
	TRY(upload_room(c, org, u.size + bytes, 0));
	if (open >= OPEN_MOST)
		return FAILF(c, E_INVALID, 0, &MSG_many, TEXT(c, "%lld", (long long)open));
	TRY(db_exec(c->db,
		"INSERT INTO upload (id, made_by, org, made, until, name, size, have) VALUES (?1, ?2, ?3, ?4, ?5, "
		"?6, ?7, 0)", VALS(v_int(u.id), v_int(c->who->user.v), v_int(org.v), v_int(c->now.v), v_int(c->now.v + KEEP_MS),
		v_text(file_name_clean(c->mem, name->value)), v_int(u.size)), NULL));
	reply_header(x->p, S("Location"), TEXT(c, UPLOADS "/%lld", (long long)u.id));
	return told(x, 201, &u);
}

enum rc upload_state_page(struct exchange *x)
{
	struct upload u;

	TRY(upload_of_page(x, &u));
	return told(x, 200, &u);
}

/* ---- PATCH /tai-len/{id} ---------------------------------------------------------------------------------- */

static bool write_at(int fd, str s, int64_t at)
{
	while (s.n > 0) {
		ssize_t did = pwrite(fd, s.p, (size_t)s.n, at);
		if (did < 0 && errno == EINTR)
			continue;
		if (did <= 0)
			return false;
		s = str_sub(s, did, -1);
		at += did;
	}
	return true;
}

static enum rc keep_piece(struct ctx *c, const struct upload *u, str piece)
{
	int fd = -1;

	if (u->have == 0) {                              /* the folder of temporary files is made with the first one */
		int any;
		TRY(file_temp(c, &any));
	}
	fd = open(path_of_upload(c, u->id), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return disk_failed(c);
	bool good = write_at(fd, piece, u->have) && fsync(fd) == 0;
	int error = errno;
	close(fd);
	errno = error;
	return good ? OK : disk_failed(c);
}

/* The row is taken first: two senders of one upload come one after the other. */
enum rc upload_append_page(struct exchange *x)
{
	struct ctx *c = x->c;
	str piece = x->r->body;
	struct upload u;
	int64_t offset, changed;

	TRY(upload_of_page(x, &u));
	TRY(db_exec(c->db, "UPDATE upload SET used = 0 WHERE id = ?1 AND used = 0", VALS(v_int(u.id)), &changed));
	TRY(upload_of_page(x, &u));
	if (!str_to_int(req_header(x->r, "upload-offset"), &offset) || offset != u.have)
		return FAILF(c, E_CONFLICT, 0, &MSG_offset, TEXT(c, "%lld", (long long)u.have));
	if (piece.n == 0)
		return FAIL(c, E_INVALID, 0, &MSG_empty);
	if (piece.n > u.size - u.have)
		return FAIL(c, E_INVALID, 0, &MSG_over);
	TRY(keep_piece(c, &u, piece));
	u.have += piece.n;
	TRY(db_exec(c->db, "UPDATE upload SET have = ?1 WHERE id = ?2", VALS(v_int(u.have), v_int(u.id)), NULL));
	return told(x, 200, &u);
}

/* ---- used by a form ------------------------------------------------------------------------------------------- */

static void close_fd(void *arg)
{
	close((int)(intptr_t)arg);
}

static enum rc attach(struct exchange *x, const struct pair *p, struct part *ret)
{
	struct ctx *c = x->c;
	struct upload u;
	struct stat st;
	int64_t id;

	enum rc rc = id_read(p->value, &id) ? upload_find(c, id, &u) : E_MISSING;
	if (rc != OK)
		return rc == E_MISSING ? FAIL(c, E_INVALID, 0, &MSG_lost) : rc;
	if (u.have != u.size)
		return FAIL(c, E_INVALID, 0, &MSG_half);
	int fd = open(path_of_upload(c, id), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return errno == ENOENT ? FAIL(c, E_INVALID, 0, &MSG_lost) : E_BUSY;
	arena_at_end(c->mem, close_fd, (void *)(intptr_t)fd);
	/* what a cut left beyond the last acknowledged piece */
	if (fstat(fd, &st) != 0 || st.st_size < u.size || (st.st_size > u.size && ftruncate(fd, u.size) != 0))
		return FAIL(c, E_INVALID, 0, &MSG_lost);
	*ret = (struct part){ .name = str_sub(p->name, 0, p->name.n - 5), .filename = u.name, .fd = fd };
	int64_t n = 0;
	TRY(db_exec(c->db, "UPDATE upload SET used = ?2 WHERE id = ?1 AND used = 0", VALS(v_int(id), v_int(USED)), &n));
	x->attached[x->n_attached++] = (struct attached){ fd, id };
	return n == 1 ? OK : FAIL(c, E_INVALID, 0, &MSG_lost);           /* another form was there first */
}

enum rc uploads_attach(struct exchange *x)
{
	struct part *parts = NULL;
	int n = 0;

	if (!x->c->who->user.v)
		return OK;
	for (int i = 0; i < x->r->n_params && n < SENT_MOST; i++) {
		const struct pair *p = &x->r->params[i];
		if (p->name.n <= 5 || !str_ends(p->name, S(".sent")) || !p->value.n)
			continue;
		if (!parts) {
			parts = NEWS(x->c->mem, struct part, x->r->n_parts + SENT_MOST);
			x->attached = NEWS(x->c->mem, struct attached, SENT_MOST);
			if (x->r->n_parts)
				memcpy(parts, x->r->parts, (size_t)x->r->n_parts * sizeof *parts);
		}
		TRY(attach(x, p, &parts[x->r->n_parts + n]));
		n++;
	}
	if (n) {
		x->r->parts = parts;
		x->r->n_parts += n;
	}
	return OK;
}

enum rc uploads_kept(struct ctx *c, int fd)
{
	const struct exchange *x = c->web;

	for (int i = 0; x && i < x->n_attached; i++)
		if (x->attached[i].fd == fd)
			return db_exec(c->db, "UPDATE upload SET used = ?2 WHERE id = ?1",
				VALS(v_int(x->attached[i].upload), v_int(KEPT)), NULL);
	return OK;
}

/* ---- over ------------------------------------------------------------------------------------------------------ */

enum rc uploads_sweep(struct ctx *c)
{
	enum { MOST = 500 };
	int64_t ids[MOST];
	struct rows r;
	int n = 0;

	TRY(db_query(c->db, "SELECT id FROM upload WHERE until < ?1 OR (used > 0 AND made < ?2) LIMIT 500",
		VALS(v_int(c->now.v), v_int(c->now.v - KEEP_MS / 24)), &r));
	while (n < MOST && rows_next(&r))
		ids[n++] = rows_int(&r, 0);
	TRY(rows_end(&r));
	for (int i = 0; i < n; i++) {
		unlink(path_of_upload(c, ids[i]));
		TRY(db_exec(c->db, "DELETE FROM upload WHERE id = ?1", VALS(v_int(ids[i])), NULL));
	}
	return OK;
}
