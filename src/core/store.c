/* store.c -- see store.h: rows into the database, with what is derived from them. */
#include "core/store.h"
#include "core/audit.h"
#include "core/data.h"
#include "core/ended.h"
#include "core/ddl.h"
#include "core/files.h"
#include "core/plan.h"
#include "core/row.h"
#include "core/row_check.h"
#include "base/log.h"

static const struct tr
	MSG_taken  = { "Đã có {1} với {2} này ({3}); hãy kiểm tra lại.",
		"There is already a {1} with this {2} ({3}); check it." },
	MSG_used   = { "Dữ liệu đang được nơi khác dùng nên không ghi được.",
		"The data is used elsewhere, so it cannot be written." },
	MSG_no_ref = { "Không tìm thấy {1} đã chọn; hãy chọn lại từ danh sách.",
		"The chosen {1} was not found; choose again from the list." },
	MSG_stale  = { "Có người vừa sửa trước; hãy xem lại nội dung mới rồi lưu lần nữa.",
		"Somebody saved first; look at the new content and save again." };

/* ---- what is derived ------------------------------------------------------------------------ */

enum { FOLD_MAX = 4000 };

static str fold_of(struct ctx *c, const struct table *t, const void *row)
{
	struct buf b;
	buf_init(&b, c->mem, 1 << 16);
	for (int i = BASE_COLUMNS; i < t->n; i++) {
		const struct field *f = t->columns[i];
		if (!(f->is & SEARCH) || field_empty(f, row))
			continue;
		if (b.n)
			put_c(&b, ' ');
		const str text = field_code(f, row, c->mem), joined = viet_joined(c->mem, text);
		put(&b, viet_words(c->mem, text));
		if (joined.n)
			put_fmt(&b, " %.*s", FMT(joined));
	}
	ptrdiff_t n = (ptrdiff_t)b.n < FOLD_MAX ? (ptrdiff_t)b.n : FOLD_MAX;
	while (n > 0 && n < (ptrdiff_t)b.n && ((unsigned char)b.p[n] & 0xc0) == 0x80)
		n--;
	return (str){ b.p, n };
}

enum rc store_fold(struct ctx *c, const struct entity *e, const void *row, bool *ret_other)
{
	int64_t changed = 0;
	const struct table *t = table_for(c, e);
	const char *sql = str_z(c->mem, TEXT(c, "UPDATE %s SET _fold = ?1 WHERE id = ?2 AND _fold <> ?1", e->name));

	TRY(db_exec(c->db, sql, VALS(v_text(fold_of(c, t, row)), v_int(((const struct base *)row)->id)), &changed));
	*ret_other = changed > 0;
	return OK;
}

/* The key of a part of a name: parts repeat, so ICU is asked once for each. */
static str part_key(struct ctx *c, str part)
{
	enum { SLOTS = 8192, LONGEST = 60 };
	struct data *d = data_of(c);
	if (part.n == 0 || part.n > LONGEST)
		return viet_part_key(c->mem, part);
	if (!d->part_keys)
		d->part_keys = NEWS(&d->mem, struct part_key, SLOTS);
	struct part_key *k = &d->part_keys[str_hash(part) % SLOTS];
	if (k->n == part.n && memcmp(k->part, part.p, (size_t)part.n) == 0)
		return (str){ k->key, k->n_key };
	str key = viet_part_key(c->mem, part);
	if (key.n > (ptrdiff_t)sizeof k->key)
		return key;
	memcpy(k->part, part.p, (size_t)part.n);
	memcpy(k->key, key.p, (size_t)key.n);
	k->n = (uint8_t)part.n;
	k->n_key = (uint8_t)key.n;
	return key;
}

/* viet_name_key, with the parts' keys kept. */
static void put_name_key(struct ctx *c, struct buf *b, str name)
{
	str part[3];
	viet_name_parts(name, &part[1], &part[2], &part[0]);
	for (int i = 0; i < 3; i++) {
		put(b, part_key(c, part[i]));
		put_c(b, 0);
	}
}

/* Bytewise order of these keys is the order of the .sort columns: texts end in a zero that no key holds inside. */
str store_sort(struct ctx *c, const struct table *t, const void *row)
{
	struct buf b;
	buf_init(&b, c->mem, 1 << 16);
	for (int i = 0; i < t->n_order; i++) {
		const struct field *f = t->order[i];
		struct val v = field_val(f, row);
		if (f->type == T_TEXT) {
			if (f->is & NAME)
				put_name_key(c, &b, v.s);
			else
				put(&b, viet_key(c->mem, v.s));
			put_c(&b, 0);
		} else if (f->type == T_PICK) {
			put_c(&b, *((const char *)row + f->at));
		} else if (v.type == V_NULL) {
			put_c(&b, (char)0xff);
		} else {
			put_c(&b, 1);
			for (int k = 7; k >= 0; k--)
				put_c(&b, (char)(((uint64_t)v.i ^ UINT64_C(1) << 63) >> (8 * k) & 255));
		}
	}
	return buf_str(&b);
}

/* ---- transactions ---------------------------------------------------------------------------- */

enum rc store_begin(struct ctx *c, bool *ret_own)
{
	*ret_own = db_depth(c->db) == 0;
	return *ret_own ? db_begin(c->db) : OK;
}

enum rc store_end(struct ctx *c, bool own, enum rc rc)
{
	if (!own)
		return rc;
	if (rc == OK)
		return db_commit(c->db);
	db_rollback(c->db);
	return rc;
}

enum rc store_clash(struct ctx *c, const struct table *t, enum rc rc, const void *row)
{
	if (rc == E_FAULT)
		log_line(LOG_ERROR, "store_failed", "entity", t->e->name, "why", db_why(c->db), NULL);
	if (rc != E_CONFLICT)
		return rc;
	int u = ddl_unique_clash(c->mem, t->e, str_of(db_clash(c->db)));
	if (u < 0)
		return FAIL(c, E_CONFLICT, 0, &MSG_used);
	/* told at the last of the key's own columns */
	const struct field *f = t->columns[column_at(t, t->e->unique[u][0])];
	for (int i = 1; i < (int)COUNT(t->e->unique[u]) && t->e->unique[u][i]; i++)
		f = t->columns[column_at(t, t->e->unique[u][i])];
	str label = str_lower(c->mem, say(c, &t->e->label));
	return FAILF(c, E_INVALID, f->at, &MSG_taken, label, say(c, &f->label), field_text(f, row, c->lang, c->mem));
}

/* ---- loading --------------------------------------------------------------------------------- */

static const struct plan *load_plan(struct ctx *c, const struct table *t, const struct rights *read,
	const struct rights *by)
{
	struct plan_key key = { .n = 0 };
	key_byte(&key, 'W');
	key_two(&key, t->meta->index);
	key_rights(&key, read);
	key_rights(&key, by);
	const struct plan *p = plan_get(c, &key);
	if (p)
		return p;
	struct draft *d = NEW(c->mem, struct draft);
	draft_begin(d, c->mem);
	d->few = true;
	put_z(&d->sql, "SELECT ");
	for (int i = 0; i < t->n; i++)
		put_fmt(&d->sql, "a.%s, ", t->columns[i]->name);
	for (int i = BASE_COLUMNS; i < t->n; i++) {
		draft_shows(d, read, t->columns[i], "a");
		put_z(&d->sql, ", ");
	}
	d->seats = read->n;
	put_z(&d->sql, "CASE WHEN ");
	draft_rights(d, by, "a");
	put_z(&d->sql, " THEN 1 ELSE 0 END FROM ");
	d->seats = 0;
	put_fmt(&d->sql, "%s a WHERE a.id = ", t->e->name);
	draft_slot(d, SLOT_ARG, 0);
	put_z(&d->sql, " AND ");
	draft_rights(d, read, "a");
	return plan_put(c, &key, d);
}

enum rc store_load(struct ctx *c, const struct table *t, int64_t id, const struct grant *grants, uint32_t verb,
	struct stored *ret)
{
	struct rights read, by;
	struct rows r;
	const struct rights *const sets[] = { &read, &by };
	rights_of(c, t, t->e->grants, READ, &read);
	rights_of(c, t, grants, verb, &by);
	if (!grants)
		read.system = by.system = true, read.n = by.n = 0;
	if (rights_none(&read))
		return E_MISSING;
	const struct plan *p = load_plan(c, t, &read, &by);
	TRY(db_query(c->db, p->sql, plan_bind(c, p, sets, 2, VALS(v_int(id))), p->n, &r));
	bool found = rows_next(&r);
	struct stored s = { .row = arena_alloc(c->mem, t->e->size, 16) };
	if (found) {
		row_zero(t->e, s.row);
		for (int i = 0; i < t->n; i++)
			field_load(t->columns[i], &r, i, s.row, c->mem);
		for (int i = BASE_COLUMNS; i < t->n; i++)
			if (rows_int(&r, t->n + i - BASE_COLUMNS))
				cols_add(&s.shown, i);
		s.may = rows_int(&r, 2 * t->n - BASE_COLUMNS) == 1;
	}
	TRY(rows_end(&r));
	if (!found)
		return E_MISSING;
	*ret = s;
	return OK;
}

/* Did code put something into a SECRET column it could not read? A number or a flag of 0 is what an unread row has. */
static bool put_unseen(const struct field *f, const void *row)
{
	int64_t v = 0;

	if (!(f->is & SECRET) || field_empty(f, row))
		return false;
	memcpy(&v, (const char *)row + f->at, type_size((enum type)f->type) < sizeof v ? type_size((enum type)f->type)
		: sizeof v);
	return v != 0;
}

void store_keep_hidden(const struct table *t, const struct stored *s, void *row)
{
	for (int i = BASE_COLUMNS; i < t->n; i++) {
		const struct field *f = t->columns[i];
		if (!cols_has(&s->shown, i) && !put_unseen(f, row))
			memcpy((char *)row + f->at, (const char *)s->row + f->at, type_size((enum type)f->type));
	}
}

/* ---- checks ---------------------------------------------------------------------------------- */

enum rc ref_known(struct ctx *c, const struct table *to, int64_t id)
{
	struct work *w = work_of(c);
	struct rights read;
	const struct rights *const sets[] = { &read };
	int64_t found = 0, user = c->who->system ? -1 : c->who->user.v;
	for (unsigned i = 0; i < COUNT(w->seen) && i < w->n_seen; i++)
		if (w->seen[i].e == to->e && w->seen[i].id == id && w->seen[i].user == user)
			return OK;
	rights_of(c, to, to->e->grants, READ, &read);
	struct plan_key key = { .n = 0 };
	key_byte(&key, 'R');
	key_two(&key, to->meta->index);
	key_rights(&key, &read);
	const struct plan *p = plan_get(c, &key);
	if (!p) {
		struct draft *d = NEW(c->mem, struct draft);
		draft_begin(d, c->mem);
		d->few = true;
		put_z(&d->sql, "SELECT 1 FROM ");
		put_z(&d->sql, to->e->name);
		put_z(&d->sql, " a WHERE a.gone = 0 AND a.id = ");
		draft_slot(d, SLOT_ARG, 0);
		put_z(&d->sql, " AND ");
		draft_rights(d, &read, "a");
		p = plan_put(c, &key, d);
	}
	TRY(db_int(c->db, p->sql, plan_bind(c, p, sets, 1, VALS(v_int(id))), p->n, &found));
	unsigned at = w->n_seen++ % (unsigned)COUNT(w->seen);
	w->seen[at].e = to->e;
	w->seen[at].id = id;
	w->seen[at].user = user;
	return OK;
}

/* Who reads a row may open the files it names: so nobody names one that is closed to them. */
static enum rc file_is_known(struct ctx *c, int64_t id)
{
	uint64_t count = db_count(c->db);
	enum rc known = file_known(c, (file_id){ id });

	work_of(c)->asked += db_count(c->db) - count;
	return known;
}

static enum rc refs_check(struct ctx *c, const struct table *t, const void *old, const void *row)
{
	enum rc rc = OK;
	for (int i = BASE_COLUMNS; i < t->n; i++) {
		const struct field *f = t->columns[i];
		if ((f->type != T_FILE && (f->type != T_REF || !f->ref)) || f->is & DERIVED || field_empty(f, row) ||
			(old && field_same(f, old, row)))
			continue;
		int64_t id = *(const int64_t *)(const void *)((const char *)row + f->at);
		if (f->type == T_REF && f->ref == t->e && id == ((const struct base *)row)->id)
			continue;
		enum rc known = f->type == T_FILE ? file_is_known(c, id) : ref_known(c, table_for(c, f->ref), id);
		if (known != OK && known != E_MISSING)       /* nobody is told "does not exist" because a database is busy */
			return known;
		if (known == E_MISSING)
			rc = FAILF(c, E_INVALID, f->at, &MSG_no_ref, str_lower(c->mem, say(c, &f->label)));
		else if (f->is & LIVING && (known = ended_chosen(c, (org_id){ id }, f->at)) != OK)
			rc = known;
		if (rc != OK && rc != E_INVALID)
			return rc;
	}
	return rc;
}

enum rc store_check(struct ctx *c, const struct table *t, const void *old, const void *row)
{
	struct work *w = work_of(c);
	uint64_t count = db_count(c->db);
	enum rc rc = fields_check_some(c, t->e->fields, row, 0, DERIVED);
	w->asked += db_count(c->db) - count;             /* by the fields' own .check */
	enum rc refs = refs_check(c, t, old, row);
	if (rc == OK)
		rc = refs;
	if (rc != OK || !t->e->check)
		return rc;
	count = db_count(c->db);
	rc = t->e->check(c, row);
	w->asked += db_count(c->db) - count;
	return rc;
}

enum rc store_check_changed(struct ctx *c, const struct table *t, const void *old, const void *row)
{
	struct field *changed = NEWS(c->mem, struct field, t->n + 1);
	int n = 0;
	for (int i = BASE_COLUMNS; i < t->n; i++)
		if (!field_same(t->columns[i], old, row))
			changed[n++] = *t->columns[i];
	TRY(fields_check_some(c, changed, row, 0, 0));
	return refs_check(c, t, old, row);
}

enum rc store_check_derived(struct ctx *c, const struct table *t, const void *row)
{
	return fields_check_some(c, t->e->fields, row, DERIVED, 0);
}

/* ---- writing --------------------------------------------------------------------------------- */

void store_columns(struct buf *b, const struct table *t)
{
	for (int i = 0; i < t->n; i++)
		put_fmt(b, "%s%s", i ? ", " : "", t->columns[i]->name);
	put_z(b, t->meta->fold ? ", _fold" : "");
	put_z(b, t->meta->sort ? ", _sort" : "");
}

static const struct plan *insert_plan(struct ctx *c, const struct table *t)
{
	struct plan_key key = { .n = 0 };
	key_byte(&key, 'I');
	key_two(&key, t->meta->index);
	const struct plan *p = plan_get(c, &key);
	if (p)
		return p;
	struct draft *d = NEW(c->mem, struct draft);
	int n = t->n + t->meta->fold + t->meta->sort;
	draft_begin(d, c->mem);
	put_z(&d->sql, "INSERT INTO ");
	put_z(&d->sql, t->e->name);
	put_z(&d->sql, " (");
	store_columns(&d->sql, t);
	put_z(&d->sql, ") VALUES (");
	for (int i = 0; i < n; i++) {
		put_z(&d->sql, i ? ", " : "");
		draft_slot(d, SLOT_ARG, i);
	}
	put_c(&d->sql, ')');
	return plan_put(c, &key, d);
}

/* A base column as stored: references to organisations and users are 0 rather than NULL. */
static struct val base_val(const struct field *f, const void *row)
{
	struct val v = field_val(f, row);
	return v.type == V_NULL ? v_int(0) : v;
}

int store_args(struct ctx *c, const struct table *t, const void *row, struct val *args)
{
	int n = 0;
	for (int i = 0; i < t->n; i++)
		args[n++] = i < BASE_COLUMNS ? base_val(t->columns[i], row) : field_val(t->columns[i], row);
	if (t->meta->fold)
		args[n++] = v_text(fold_of(c, t, row));
	if (t->meta->sort)
		args[n++] = v_blob(store_sort(c, t, row));
	return n;
}

enum rc store_insert(struct ctx *c, const struct table *t, const void *row)
{
	struct val args[COLUMNS_MAX + 2];
	store_args(c, t, row, args);
	const struct plan *p = insert_plan(c, t);
	TRY(store_clash(c, t, db_exec(c->db, p->sql, args, p->n, NULL), row));
	return audit_row(c, t, "create", NULL, row, NULL);
}

static const struct plan *update_plan(struct ctx *c, const struct table *t, const struct cols *changed)
{
	struct plan_key key = { .n = 0 };
	int arg = 0;
	key_byte(&key, 'U');
	key_two(&key, t->meta->index);
	for (int i = 0; i < COLUMNS_MAX / 8; i++)
		key_byte(&key, (int)(changed->bits[i / 8] >> (i % 8 * 8) & 255));
	const struct plan *p = plan_get(c, &key);
	if (p)
		return p;
	struct draft *d = NEW(c->mem, struct draft);
	draft_begin(d, c->mem);
	put_z(&d->sql, "UPDATE ");
	put_z(&d->sql, t->e->name);
	put_z(&d->sql, " SET rev = rev + 1, changed = ");
	draft_slot(d, SLOT_ARG, arg++);
	for (int i = 0; i < t->n; i++) {
		if (!cols_has(changed, i))
			continue;
		put_fmt(&d->sql, ", %s = ", t->columns[i]->name);
		draft_slot(d, SLOT_ARG, arg++);
	}
	if (t->meta->fold) {
		put_z(&d->sql, ", _fold = ");
		draft_slot(d, SLOT_ARG, arg++);
	}
	if (t->meta->sort) {
		put_z(&d->sql, ", _sort = ");
		draft_slot(d, SLOT_ARG, arg++);
	}
	put_z(&d->sql, " WHERE id = ");
	draft_slot(d, SLOT_ARG, arg++);
	put_z(&d->sql, " AND rev = ");
	draft_slot(d, SLOT_ARG, arg);
	return plan_put(c, &key, d);
}

static enum rc write_columns(struct ctx *c, const struct table *t, const struct cols *changed, void *row)
{
	struct val args[COLUMNS_MAX + 5];
	struct base *base = row;
	int n = 0;
	int64_t touched = 0;
	args[n++] = v_int(c->now.v);
	for (int i = 0; i < t->n; i++)
		if (cols_has(changed, i))
			args[n++] = i < BASE_COLUMNS ? base_val(t->columns[i], row) : field_val(t->columns[i], row);
	if (t->meta->fold)
		args[n++] = v_text(fold_of(c, t, row));
	if (t->meta->sort)
		args[n++] = v_blob(store_sort(c, t, row));
	args[n++] = v_int(base->id);
	args[n++] = v_int(base->rev);
	const struct plan *p = update_plan(c, t, changed);
	TRY(store_clash(c, t, db_exec(c->db, p->sql, args, p->n, &touched), row));
	if (touched == 0)
		return FAIL(c, E_CONFLICT, 0, &MSG_stale);
	base->rev++;
	base->changed = c->now;
	return OK;
}

enum rc store_update(struct ctx *c, const struct table *t, const void *old, void *row, const char *verb,
	struct cols *ret_changed)
{
	struct cols changed = { 0 };
	const struct base *was = old;
	struct base *base = row;
	if (base->rev != was->rev)
		return FAIL(c, E_CONFLICT, 0, &MSG_stale);
	base->made_by = was->made_by;
	base->made = was->made;
	base->gone = was->gone;
	if (base->org.v != was->org.v)
		cols_add(&changed, column_at(t, offsetof(struct base, org)));
	for (int i = BASE_COLUMNS; i < t->n; i++)
		if (!field_same(t->columns[i], old, row))
			cols_add(&changed, i);
	*ret_changed = changed;
	/* a step that changes nothing is still an event */
	if (cols_none(&changed) && strcmp(verb, "update") == 0)
		return OK;
	TRY(write_columns(c, t, &changed, row));
	return audit_row(c, t, verb, old, row, &changed);
}

enum rc store_gone(struct ctx *c, const struct table *t, void *row, bool gone)
{
	struct cols changed = { 0 };
	((struct base *)row)->gone = gone;
	cols_add(&changed, column_at(t, offsetof(struct base, gone)));
	TRY(write_columns(c, t, &changed, row));
	return audit_row(c, t, gone ? "retire" : "unretire", row, row, &changed);
}
