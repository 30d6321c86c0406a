/* once.c -- see once.h. */
#include "core/once.h"

static const struct tr
	MSG_other = { "Biểu mẫu này đã được gửi với nội dung khác; hãy mở lại trang rồi nhập lại.",
	              "This form was already sent with other content; open the page again." },
	MSG_key   = { "Khóa gửi một lần (Idempotency-Key) không hợp lệ.", "The Idempotency-Key is not valid." };
enum { KEY_MAX = 100 };

static bool key_fits(str key)
{
	for (ptrdiff_t i = 0; i < key.n; i++)
		if (key.p[i] <= ' ' || key.p[i] > '~')
			return false;
	return key.n <= KEY_MAX;
}

static str stored_key(struct ctx *c)
{
	return TEXT(c, "%lld/%.*s", (long long)c->who->user.v, FMT(c->key));
}

static enum rc read_answer(struct ctx *c, str input, struct once *ret)
{
	struct rows r;
	struct once a = { 0 };
	TRY(db_query(c->db, "SELECT input, status, go, said, body FROM once WHERE key = ?1", VALS(v_text(stored_key(c))),
		&r));
	bool found = rows_next(&r), same = found && str_eq(rows_blob(&r, 0), input);
	if (found)
		a = (struct once){ (int)rows_int(&r, 1), str_copy(c->mem, rows_text(&r, 2)), str_copy(c->mem, rows_text(&r, 3)),
			str_copy(c->mem, rows_text(&r, 4)) };
	TRY(rows_end(&r));
	if (!found)
		return E_BUSY;
	if (!same)
		return FAIL(c, E_CONFLICT, 0, &MSG_other);
	*ret = a;
	return OK;
}

enum rc once_ask(struct ctx *c, digest input, struct once_asked *ret)
{
	str in = { (const char *)input.b, sizeof input.b };

	*ret = (struct once_asked){ .input = input };
	if (!c->key.n)
		return OK;
	if (!key_fits(c->key))
		return FAIL(c, E_INVALID, 0, &MSG_key);
	return db_ahead(c->db,
		"INSERT INTO once (key, user_id, at, input, status, go, said, body) VALUES (?1, ?2, ?3, ?4, 0, '', '', '') "
		"ON CONFLICT (key) DO NOTHING RETURNING 1", VALS(v_text(stored_key(c)), v_int(c->who->user.v),
			v_int(c->now.v), v_blob(in)), &ret->r);
}

enum rc once_take(struct ctx *c, struct once_asked *a, bool *ret_again, struct once *ret)
{
	*ret_again = false;
	if (!c->key.n)
		return OK;
	bool fresh = rows_next(&a->r);
	TRY(rows_end(&a->r));
	if (fresh)
		return OK;
	*ret_again = true;
	TRY(read_answer(c, (str){ (const char *)a->input.b, sizeof a->input.b }, ret));
	/* Touched, so that the commit of the repetition waits for the disk and the standby as the first one had to: the
	 * first may have been interrupted there, and its answer given now is a promise like any other. */
	return db_exec(c->db, "UPDATE once SET status = status WHERE key = ?1", VALS(v_text(stored_key(c))), NULL);
}

enum rc once_keep(struct ctx *c, const struct once *answer)
{
	if (!c->key.n)
		return OK;
	return db_later(c->db, "UPDATE once SET status = ?1, go = ?2, said = ?3, body = ?4 WHERE key = ?5",
		VALS(v_int(answer->status), v_text(answer->go), v_text(answer->said), v_text(answer->body),
			v_text(stored_key(c))));
}

enum rc once_drop(struct ctx *c)
{
	str key = c->key;
	if (!key.n)
		return OK;
	str stored = stored_key(c);
	c->key = (str){ 0 };
	return db_exec(c->db, "DELETE FROM once WHERE key = ?1", VALS(v_text(stored)), NULL);
}

enum rc once_forget(struct ctx *c, instant before, int64_t *ret_n)
{
	return db_exec(c->db, "DELETE FROM once WHERE at < ?1", VALS(v_int(before.v)), ret_n);
}
