/* ended.c -- see ended.h. Its SQL speaks of tables of the module org. */
#include "core/ended.h"
#include "core/data.h"
#include "core/page.h"

enum { SUCCESSORS_MOST = 20 };

/* A merged unit's target and a divided one's parts, by the decisions that were carried out; a dropped tier's target. */
static enum rc successors_read(struct ctx *c, struct arena *mem, struct ended *e)
{
	struct rows r;

	e->now = NEWS(mem, struct successor, SUCCESSORS_MOST);
	TRY(db_query(c->db, "SELECT DISTINCT o.name, o.slug FROM org_change k"
		" LEFT JOIN org_change_part p ON p.change = k.id AND p.gone = 0"
		" JOIN org o ON o.id = CASE WHEN k.kind = 'split' THEN p.part ELSE k.target END"
		" WHERE k.state = 'applied' AND k.gone = 0 AND k.kind IN ('merge', 'split', 'drop_tier')"
		" AND (k.subject = ?1 OR (k.kind = 'merge' AND p.part = ?1)) ORDER BY 1", VALS(v_int(e->unit.v)), &r));
	while (e->n < SUCCESSORS_MOST && rows_next(&r))
		e->now[e->n++] = (struct successor){ str_copy(mem, rows_text(&r, 0)), str_copy(mem, rows_text(&r, 1)) };
	return rows_end(&r);
}

enum rc unit_ended(struct ctx *c, struct arena *mem, org_id unit, struct ended *ret)
{
	struct rows r;
	bool found;

	*ret = (struct ended){ .unit = unit, .on = NO_DAY };
	if (!unit.v || !registry_entity(c->app->registry, S("org_change")))
		return E_MISSING;
	TRY(db_query(c->db, "SELECT name, until FROM org WHERE id = ?1 AND state <> 'active'", VALS(v_int(unit.v)), &r));
	found = rows_next(&r);
	if (found) {
		ret->name = str_copy(mem, rows_text(&r, 0));
		ret->on = rows_null(&r, 1) ? NO_DAY : (day){ (int32_t)rows_int(&r, 1) };
	}
	TRY(rows_end(&r));
	return found ? successors_read(c, mem, ret) : E_MISSING;
}

str ended_text(struct ctx *c, const struct ended *e)
{
	static const struct tr ended = { "{1} đã kết thúc hoạt động từ ngày {2}", "{1} ended on {2}" },
		unsaid = { "{1} đã kết thúc hoạt động", "{1} has ended" };

	return e->on.v == NO_DAY.v ? sayf(c, &unsaid, ARGS(e->name))
		: sayf(c, &ended, ARGS(e->name, day_text(c->mem, e->on)));
}

static str names_of(struct ctx *c, const struct ended *e)
{
	struct buf b;

	buf_init(&b, c->mem, 8192);
	for (int i = 0; i < e->n; i++) {
		put_z(&b, i ? ", " : "");
		put(&b, e->now[i].name);
	}
	return buf_str(&b);
}

enum rc ended_chosen(struct ctx *c, org_id unit, col at)
{
	static const struct tr
	MSG_now = { "{1}. Nay là: {2}. Hãy chọn đơn vị hiện nay.", "{1}. Today: {2}. Choose the unit of today." },
	MSG_none = { "{1}. Hãy chọn đơn vị khác.", "{1}. Choose another unit." };
	struct ended e;
	enum rc rc = unit_ended(c, c->mem, unit, &e);

	if (rc != OK)
		return rc == E_MISSING ? OK : rc;
	return FAILF(c, E_INVALID, at, e.n ? &MSG_now : &MSG_none, ended_text(c, &e), names_of(c, &e));
}

enum rc ended_refuses(struct ctx *c, org_id unit)
{
	static const struct tr
	MSG_now = { "{1}. Nay là: {2}. Dữ liệu ở đây chỉ còn xem, in và xuất; việc mới ghi ở đơn vị hiện nay.",
		"{1}. Today: {2}. What is here is read, printed and exported; new work is written at the unit of today." },
	MSG_none = { "{1}. Dữ liệu ở đây chỉ còn xem, in và xuất.", "{1}. What is here is read, printed and exported." };
	struct ended *e = NEW(c->mem, struct ended);

	TRY(unit_ended(c, c->mem, unit, e));
	if (c->web)
		exchange_of(c)->closed = e;
	return FAILF(c, E_STATE, 0, e->n ? &MSG_now : &MSG_none, ended_text(c, e), names_of(c, e));
}

enum rc unit_takes(struct ctx *c, org_id unit)
{
	struct work *w = work_of(c);

	if (c->who->system || unit.v == 0 || w->takes.v == unit.v)
		return OK;
	for (int i = 0; i < c->who->n_seats; i++)
		if (c->who->seats[i].org.v == unit.v && !c->who->seats[i].ended)
			return OK;
	enum rc rc = ended_refuses(c, unit);
	if (rc != E_MISSING)
		return rc;
	w->takes = unit;
	return OK;
}
