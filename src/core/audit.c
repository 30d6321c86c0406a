/* audit.c -- see audit.h, and audit of ctx.h: writing and reading history. Verifying: audit_verify.c. */
#include "core/audit.h"
#include "core/audit_hash.h"
#include "core/crud.h"
#include "core/data.h"
#include "core/perm.h"
#include "core/row.h"
#include "web/json.h"
#include <cjson/cJSON.h>
#include <stdio.h>

/* ---- the end of a chain ----------------------------------------------------------------------- */

enum { TRIES = 20 };

static struct audit_head *head_slot(struct ctx *c, int64_t org)
{
	struct work *w = work_of(c);
	for (int i = 0; i < w->n_heads; i++)
		if (w->heads[i].org == org)
			return &w->heads[i];
	return NULL;
}

static enum rc head_read(struct ctx *c, int64_t org, struct audit_head *ret)
{
	struct rows r;
	struct audit_head h = { .org = org };
	TRY(db_query(c->db, "SELECT seq, hash FROM audit_head WHERE org = ?1", VALS(v_int(org)), &r));
	bool found = rows_next(&r);
	if (found) {
		str hash = rows_blob(&r, 1);
		h.seq = rows_int(&r, 0);
		if (hash.n == (ptrdiff_t)sizeof h.hash.b)
			memcpy(h.hash.b, hash.p, sizeof h.hash.b);
	}
	TRY(rows_end(&r));
	*ret = h;
	return found ? OK : E_MISSING;
}

static str digest_text(const digest *d)
{
	return (str){ (const char *)d->b, sizeof d->b };
}

/* Moves the end of the chain from `from` to `to`; E_STATE when it is no longer there. */
static enum rc head_move(struct ctx *c, const struct audit_head *from, const struct audit_head *to)
{
	int64_t moved = 0;
	TRY(db_exec(c->db, "UPDATE audit_head SET seq = ?1, hash = ?2 WHERE org = ?3 AND seq = ?4 AND hash = ?5",
		VALS(v_int(to->seq), v_blob(digest_text(&to->hash)), v_int(from->org), v_int(from->seq),
			v_blob(digest_text(&from->hash))), &moved));
	return moved == 1 ? OK : E_STATE;
}

static enum rc head_insert(struct ctx *c, int64_t org)
{
	static const uint8_t zero[32];
	return db_exec(c->db, "INSERT INTO audit_head (org, seq, hash) VALUES (?1, 0, ?2) ON CONFLICT (org) DO NOTHING",
		VALS(v_int(org), v_blob((str){ (const char *)zero, sizeof zero })), NULL);
}

static enum rc head_write(struct ctx *c, struct audit_head *h)
{
	if (h->held && h->written != h->seq)
		TRY(db_exec(c->db, "UPDATE audit_head SET seq = ?1, hash = ?2 WHERE org = ?3",
			VALS(v_int(h->seq), v_blob(digest_text(&h->hash)), v_int(h->org)), NULL));
	h->written = h->seq;
	return OK;
}

/* A slot for one more chain; the one that must make room is written first. */
static enum rc head_place(struct ctx *c, int64_t seq, struct audit_head **ret)
{
	struct work *w = work_of(c);
	if (w->n_heads < (int)COUNT(w->heads)) {
		*ret = &w->heads[w->n_heads++];
		return OK;
	}
	*ret = &w->heads[seq % (int64_t)COUNT(w->heads)];
	return head_write(c, *ret);
}

/* Takes the next place of the chain for a line: its seq and hash, with the head moved there. */
static enum rc head_take(struct ctx *c, struct audit_line *line)
{
	struct work *w = work_of(c);
	struct audit_head *known = head_slot(c, line->org), at, next;
	for (int i = 0; i < TRIES; i++) {
		if (known && i == 0) {
			at = *known;
		} else {
			enum rc rc = head_read(c, line->org, &at);
			if (rc == E_MISSING) {
				TRY(head_insert(c, line->org));
				continue;
			}
			TRY(rc);
		}
		line->seq = at.seq + 1;
		line->hash = audit_hash(c->mem, &at.hash, line);
		next = (struct audit_head){ line->org, line->seq, line->hash };
		/* while held, the first line still moves the head: that is the lock */
		enum rc rc = w->hold && known && i == 0 && known->held ? OK : head_move(c, &at, &next);
		if (rc == E_STATE)
			continue;
		TRY(rc);
		if (!known)
			TRY(head_place(c, line->seq, &known));
		next.held = w->hold;
		next.written = next.held && known->held ? known->written : next.seq;
		*known = next;
		return OK;
	}
	return E_BUSY;
}

void audit_hold(struct ctx *c)
{
	work_of(c)->hold = true;
}

enum rc audit_release(struct ctx *c)
{
	struct work *w = work_of(c);
	w->hold = false;
	for (int i = 0; i < w->n_heads; i++) {
		TRY(head_write(c, &w->heads[i]));
		w->heads[i].held = false;
	}
	return OK;
}

/* ---- lines ----------------------------------------------------------------------------------- */

#define LINE_NAMES "org, seq, at, user_id, impersonator, entity, item, verb, detail, reason, hash"
enum { LINE_COLUMNS = 11 };

/* hash: the line's, where it stays until the values are used. */
static void line_args(const struct audit_line *l, const digest *hash, struct val *ret)
{
	const struct val v[LINE_COLUMNS] = { v_int(l->org), v_int(l->seq), v_int(l->at.v), v_int(l->user.v),
		v_int(l->impersonator.v),
		v_text(l->entity), v_int(l->item), v_text(l->verb), v_text(l->detail), v_text(l->reason),
		v_blob(digest_text(hash)) };
	memcpy(ret, v, sizeof v);
}

/* Completes the line and takes its place in the chain. */
static enum rc line_take(struct ctx *c, struct audit_line *l)
{
	l->at = c->now;
	l->user = c->who->user;
	l->impersonator = c->who->impersonator;
	l->reason = c->reason;
	return head_take(c, l);
}

static enum rc write_line(struct ctx *c, struct audit_line *l)
{
	struct val args[LINE_COLUMNS];
	TRY(line_take(c, l));
	line_args(l, &l->hash, args);
	return db_exec(c->db, "INSERT INTO audit (" LINE_NAMES ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
		args, LINE_COLUMNS, NULL);
}

/* Whose lent seat gave the right: by the step's grants, or by the entity's for what the verb is. */
static user_id lender_for(struct ctx *c, const struct table *t, const char *verb, const void *row)
{
	const struct step *s = step_named(t->e, str_of(verb));
	uint32_t is = strcmp(verb, "create") == 0 ? CREATE : strcmp(verb, "update") == 0 ? UPDATE : RETIRE;
	return perm_lender(c, t->e, s && s->by ? s->by : t->e->grants, s && s->by ? 0 : is, row);
}

/* What the line tells, into b. */
static void put_detail(struct buf *b, const struct table *t, const void *old, const void *row,
	const struct cols *changed, user_id lender)
{
	const char *comma = lender.v ? ",\"" : "\"";
	put_c(b, '{');
	if (lender.v)
		put_fmt(b, "\"@\":%lld", (long long)lender.v);
	for (int i = 0; i < t->n; i++) {
		const struct field *f = t->columns[i];
		bool tell = changed ? cols_has(changed, i) : i >= BASE_COLUMNS && !field_empty(f, row);
		if (!tell || f->is & SECRET || (i < BASE_COLUMNS && f->at != offsetof(struct base, org)))
			continue;
		put_z(b, comma);
		put_z(b, f->name);
		put_z(b, "\":");
		comma = ",\"";
		if (old) {
			put_c(b, '[');
			field_json(b, f, old);
			put_c(b, ',');
		}
		field_json(b, f, row);
		put_z(b, old ? "]" : "");
	}
	put_c(b, '}');
}

enum rc audit_row(struct ctx *c, const struct table *t, const char *verb, const void *old, const void *row,
	const struct cols *changed)
{
	struct buf b;
	const struct base *base = row;
	buf_init(&b, c->mem, (size_t)4 << 20);
	put_detail(&b, t, old, row, changed, lender_for(c, t, verb, old ? old : row));
	struct audit_line line = { .org = base->org.v, .entity = str_of(t->e->name), .item = base->id,
		.verb = str_of(verb), .detail = buf_str(&b) };
	return write_line(c, &line);
}

static enum rc lines_write(struct ctx *c, const struct table *t, const char *verb, const void *const *rows, int64_t n)
{
	enum { AT_ONCE = 2000 };
	struct val *args = NEWS(c->mem, struct val, (n < AT_ONCE ? n : AT_ONCE) * LINE_COLUMNS);
	struct buf b;
	user_id lender = n > 0 ? lender_for(c, t, verb, rows[0]) : (user_id){ 0 };      /* they are written at once */
	int k = 0;
	buf_init(&b, c->mem, (size_t)4 << 20);
	for (int64_t i = 0; i < n; i++) {
		const struct base *base = rows[i];
		digest *hash = NEW(c->mem, digest);
		b.n = 0;
		put_detail(&b, t, NULL, rows[i], NULL, lender);
		struct audit_line line = { .org = base->org.v, .entity = str_of(t->e->name), .item = base->id,
			.verb = str_of(verb),
			.detail = str_copy(c->mem, buf_str(&b)) };
		TRY(line_take(c, &line));
		*hash = line.hash;
		line_args(&line, hash, args + k++ * LINE_COLUMNS);
		if (k < AT_ONCE && i < n - 1)
			continue;
		TRY(db_insert(c->db, "audit", LINE_NAMES, args, LINE_COLUMNS, k));
		k = 0;
	}
	return OK;
}

enum rc audit_rows(struct ctx *c, const struct table *t, const char *verb, const void *const *rows, int64_t n)
{
	struct work *w = work_of(c);
	bool held = w->hold;
	w->hold = true;
	enum rc rc = lines_write(c, t, verb, rows, n);
	if (rc == OK)
		return held ? OK : audit_release(c);
	w->hold = held;
	w->n_heads = 0;                                  /* what they held is rolled back */
	return rc;
}

enum rc audit(struct ctx *c, org_id org, const char *entity, int64_t id, const char *verb, str detail)
{
	struct buf b;
	buf_init(&b, c->mem, (size_t)1 << 20);
	put_z(&b, "{\"\":");
	put_json(&b, detail);
	put_c(&b, '}');
	struct audit_line line = { .org = org.v, .entity = str_of(entity), .item = id, .verb = str_of(verb),
		.detail = buf_str(&b) };
	return write_line(c, &line);
}

/* ---- reading ----------------------------------------------------------------------------------- */

static str verb_label(const struct ctx *c, const struct entity *e, str verb)
{
	static const struct { const char *verb; struct tr label; } known[] = {
		{ "create", { "Lập mới", "Created" } }, { "update", { "Sửa", "Changed" } },
		{ "retire", { "Thôi dùng", "Retired" } },
		{ "unretire", { "Khôi phục", "Restored" } },
		/* what modules write with audit() */
		{ "create_many", { "Lập mới một lượt; số hồ sơ:", "Created at once; rows:" } },
		{ "moved_in", { "Chuyển đến từ", "Moved in from" } }, { "moved_out", { "Chuyển đi đến", "Moved out to" } },
		{ "act_as", { "Đóng vai tài khoản này", "Acted as this account" } },
		{ "reorganised", { "Sắp xếp lại theo quyết định", "Reorganised by decision" } },
		{ "came", { "Về đơn vị này theo quyết định; từ:", "Came to this unit by decision; from:" } },
		{ "classes_shared", { "Chia lớp cho các đơn vị", "Shared the classes out" } },
		{ "totp_on", { "Bật xác thực hai bước", "Two-step sign-in on" } },
		{ "totp_off", { "Tắt xác thực hai bước", "Two-step sign-in off" } },
		{ "reads_alarm", { "Xem hồ sơ cá nhân nhiều bất thường trong một giờ; số hồ sơ/bình thường:",
			"Read unusually many personal records in an hour; records/usual:" } },
		{ "activation_sheet", { "In phiếu kích hoạt; số phiếu:", "Printed activation slips:" } },
		{ "export", { "Xuất dữ liệu", "Exported" } }, { "import", { "Nhập từ tệp; số dòng:", "Imported; rows:" } },
		{ "comment", { "Ghi ý kiến", "Commented" } }, { "set", { "Đổi thiết lập", "Changed a setting" } },
		{ "close", { "Chốt khi còn thiếu; lý do:", "Closed with gaps, because:" } },
		{ "open", { "Mở sổ điểm còn thiếu", "Opened the missing books of marks" } },
		{ "seal", { "Niêm phong sổ điểm; mã băm:", "Sealed the ledgers; hash:" } },
		{ "look", { "Xem hội thoại; lý do:", "Read the conversation, because:" } },
		{ "search", { "Lập lại chỉ mục tìm kiếm; số dòng:", "Built the search index again; lines:" } },
		{ "revoke_all", { "Kết thúc mọi phiên và mã truy cập API", "Ended every session and API token" } },
		{ "breach_pack", { "Lập danh sách người bị ảnh hưởng bởi sự cố; số người:",
			"Listed who was touched by a breach; persons:" } },
		{ "copy", { "Lấy bản sao dữ liệu của người này", "Took a copy of the data about this person" } },
		{ "erase", { "Xóa dữ liệu của người này", "Erased the data about this person" } },
		{ "reads_forgotten", { "Xóa nhật ký xem đã quá hạn giữ, số dòng:",
			"Lines of the log of readings past their time:" } },
		{ "passkey_on", { "Thêm khóa truy cập", "Added a passkey" } },
		{ "passkey_off", { "Bỏ khóa truy cập", "Removed a passkey" } },
		{ "passkey_copied", { "Khóa truy cập có dấu hiệu bị sao chép, đã ngừng dùng",
			"A passkey seems copied and was stopped" } },
		{ "device_on", { "Nhớ thiết bị", "Remembered a device" } },
		{ "device_off", { "Thôi nhớ thiết bị", "Forgot a device" } },
		{ "password", { "Đổi mật khẩu", "Changed the password" } },
		{ "reset", { "Cấp lại mật khẩu", "Reset the password" } },
		{ "reset_totp", { "Cấp lại mật khẩu, tắt xác thực hai bước", "Reset the password and two-step sign-in" } },
		{ "login", { "Đăng nhập", "Signed in" } }, { "login_failing",
			{ "Đăng nhập sai nhiều lần", "Failed to sign in again and again" } } };
	for (const struct step *s = e->flow.steps; s && s->name; s++)
		if (str_is(verb, s->name))
			return say(c, &s->label);
	for (int i = 0; i < (int)COUNT(known); i++)
		if (str_is(verb, known[i].verb))
			return say(c, &known[i].label);
	return verb;
}

/* The name a file had; that there was one where its row is gone. */
static str file_title(struct ctx *c, int64_t id)
{
	static const struct tr some = { "một tệp", "a file" };
	struct rows r;
	str name = { 0 };

	if (!id)
		return name;
	if (db_query(c->db, "SELECT name FROM file WHERE id = ?1", VALS(v_int(id)), &r) == OK) {
		if (rows_next(&r))
			name = str_copy(c->mem, rows_text(&r, 0));
		rows_end(&r);
	}
	return name.n ? name : say(c, &some);
}

/* A value of the detail as people read it. */
static str detail_text(struct ctx *c, const struct entity *e, const struct field *f, const cJSON *v)
{
	struct flaw bad;
	void *row = arena_alloc(c->mem, e->size, 16);
	row_zero(e, row);
	if (!v || cJSON_IsNull(v) || !field_from_json(f, v, c->today, c->mem, row, &bad))
		return (str){ 0 };
	if (f->type == T_REF && f->ref)
		return title_of(c, f->ref, *(const int64_t *)(const void *)((const char *)row + f->at));
	if (f->type == T_FILE)
		return file_title(c, *(const int64_t *)(const void *)((const char *)row + f->at));
	return str_copy(c->mem, field_text(f, row, c->lang, c->mem));
}

static void read_changes(struct ctx *c, const struct table *t, const struct cols *hidden, const cJSON *detail,
	struct audit_event *ev)
{
	struct audit_change *at = NEWS(c->mem, struct audit_change, cJSON_GetArraySize(detail) + 1);
	int64_t n = 0;
	for (const cJSON *v = detail ? detail->child : NULL; v; v = v->next) {
		const struct field *f = field_named(t->e->fields, str_of(v->string));
		if (!f && t->unit && strcmp(v->string, t->unit->name) == 0)  /* it passed to another unit */
			f = t->unit;
		if (strcmp(v->string, "@") == 0)
			json_int(v, &ev->lender.v);
		if (v->string[0] == 0 && cJSON_IsString(v))
			ev->note = str_copy(c->mem, str_of(v->valuestring));
		if (!f || f->is & SECRET || cols_has(hidden, column_at(t, f->at)))
			continue;
		bool pair = cJSON_IsArray(v);
		at[n++] = (struct audit_change){ str_of(f->name), say(c, &f->label),
			pair ? detail_text(c, t->e, f, cJSON_GetArrayItem(v, 0)) : (str){ 0 },
			detail_text(c, t->e, f, pair ? cJSON_GetArrayItem(v, 1) : v) };
	}
	ev->changes = (items){ at, n };
}

enum rc audit_of(struct ctx *c, const struct entity *e, int64_t id, instant before, int max, items *ret)
{
	const struct table *t = table_for(c, e);
	struct cols hidden;
	struct rows r;
	int n = 0;
	max = max < 1 ? 1 : max > 500 ? 500 : max;
	void *row = arena_alloc(c->mem, e->size, 16);
	TRY(row_find(c, e, READ, id, row, &hidden));
	struct audit_event *at = NEWS(c->mem, struct audit_event, max);
	str *details = NEWS(c->mem, str, max);
	TRY(db_query(c->db,
		"SELECT org, seq, at, user_id, impersonator, verb, reason, detail FROM audit WHERE entity = ?1 AND item = ?2 "
		"AND at < ?3 ORDER BY at DESC, seq DESC LIMIT ?4",
		VALS(v_text(str_of(e->name)), v_int(id), v_int(before.v ? before.v : INT64_MAX), v_int(max)), &r));
	while (n < max && rows_next(&r)) {
		str verb = str_copy(c->mem, rows_text(&r, 5));
		details[n] = str_copy(c->mem, rows_text(&r, 7));
		at[n++] = (struct audit_event){ rows_int(&r, 0), rows_int(&r, 1), { rows_int(&r, 2) }, { rows_int(&r, 3) },
			{ rows_int(&r, 4) }, { 0 },
			verb, verb_label(c, e, verb), str_copy(c->mem, rows_text(&r, 6)), .note = { 0 } };
	}
	TRY(rows_end(&r));
	for (int i = 0; i < n; i++) {
		cJSON *detail = cJSON_ParseWithLength(details[i].p, (size_t)details[i].n);
		read_changes(c, t, &hidden, detail, &at[i]);
		cJSON_Delete(detail);
	}
	*ret = (items){ at, n };
	return OK;
}
