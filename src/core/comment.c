/* comment.c -- see comment.h. Table comment(id, org, entity, item, made_by, made, text). */
#include "core/comment.h"
#include "core/pages.h"

static const struct tr MSG_empty = { "Hãy viết ý kiến trước khi gửi.", "Write something before sending." };
static const struct tr MSG_long = { "Ý kiến dài quá {1} ký tự.", "The comment is longer than {1} characters." };
static const struct tr MSG_bad = { "Ý kiến có ký tự không đọc được.",
	"The comment has characters that cannot be read." };

enum rc comment_read(struct ctx *c, const struct entity *e, int64_t id, items *ret)
{
	struct comment_view *v = NEWS(c->mem, struct comment_view, COMMENTS_SHOWN);
	struct rows r;
	int n = 0;

	TRY(db_query(c->db,
		"SELECT made_by, author, made, text FROM comment WHERE entity = ?1 AND item = ?2 ORDER BY id LIMIT ?3",
		VALS(v_text(str_of(e->name)), v_int(id), v_int(COMMENTS_SHOWN)), &r));
	while (n < COMMENTS_SHOWN && rows_next(&r)) {
		v[n].mine = rows_int(&r, 0) == c->who->user.v;
		v[n].who = str_copy(c->mem, rows_text(&r, 1));
		v[n].when = instant_text(c->mem, (instant){ rows_int(&r, 2) });
		v[n].text = str_copy(c->mem, rows_text(&r, 3));
		v[n].begin = text_begin(v[n].text);
		n++;
	}
	*ret = ITEMS(v, n);
	return rows_end(&r);
}

enum rc comment_add(struct ctx *c, const struct entity *e, int64_t id, org_id org, str text)
{
	str clean, most = put_n(c->mem, COMMENT_MAX);

	if (!viet_clean(c->mem, str_trim(text), &clean))
		return FAIL(c, E_INVALID, 0, &MSG_bad);
	if (clean.n == 0)
		return FAIL(c, E_INVALID, 0, &MSG_empty);
	if (str_chars(clean) > COMMENT_MAX)
		return fail(c, E_INVALID, 0, &MSG_long, &most, 1);
	TRY(db_exec(c->db,
		"INSERT INTO comment (id, org, entity, item, made_by, author, made, text) VALUES (?1, ?2, ?3, ?4, ?5, ?6, "
			"?7, ?8)",
		VALS(v_int(new_id(c)), v_int(org.v), v_text(str_of(e->name)), v_int(id), v_int(c->who->user.v),
			v_text(c->who->name),
		v_int(c->now.v), v_text(clean)), NULL));
	return audit(c, org, e->name, id, "comment", S(""));
}

enum rc comment_page(struct exchange *x, const struct meta *m)
{
	static const struct tr sent = { "Đã gửi ý kiến.", "Comment sent." };
	const struct cJSON *member = x->body ? json_get(x->body, "text") : NULL;
	const struct pair *typed = pair_last(x, "text");
	void *row;
	enum rc rc;

	if (!(m->e->keeps & COMMENTS) || !x->c->who->user.v)
		return E_MISSING;
	TRY(row_of_page(x, m, &row));
	rc = comment_add(x->c, m->e, ((struct base *)row)->id, ((struct base *)row)->org, member ? json_text(member)
		: typed ? typed->value : S(""));
	if (rc != OK && (x->json || rc != E_INVALID))
		return rc;
	if (rc != OK) {
		x->refused = rc;
		return detail_show(x, m, row, 422);
	}
	if (x->json) {
		put_z(answer_json(x, 201), "{}");
		return OK;
	}
	return go_to(x->c, address_of(x, "/%s/%lld", m->e->name, (long long)((struct base *)row)->id), &sent);
}
