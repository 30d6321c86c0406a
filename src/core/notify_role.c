/* notify_role.c -- one notice to everybody who holds a role at an organisation today, also as a loan: whoever stands in
 * for the principal is who answers; or to a person. Reads mod/auth's tables of accounts, of seats and of loans. */
#include "core/app.h"
#include "core/registry.h"

enum { HOLDERS_MAX = 50 };

/* The accounts that the rows name; these are at their end before anything is written. */
static enum rc notify_each(struct ctx *c, struct rows *rows, const struct tr *text, const str *args, int n, str link)
{
	int64_t holders[HOLDERS_MAX];
	int k = 0;

	while (k < HOLDERS_MAX && rows_next(rows))
		holders[k++] = rows_int(rows, 0);
	TRY(rows_end(rows));
	for (int i = 0; i < k; i++)
		TRY(notify(c, (user_id){ holders[i] }, text, args, n, link));
	return OK;
}

enum rc notify_role(struct ctx *c, const struct role *r, org_id at, const struct tr *text, const str *args, int n,
	str link)
{
	struct rows rows;

	if (!registry_entity(c->app->registry, S("seat")) || at.v == 0)
		return OK;
	TRY(db_query(c->db, "WITH held AS (SELECT id, account FROM seat WHERE org = ?1 AND role = ?2 AND gone = 0"
		" AND since <= ?3 AND (until IS NULL OR until >= ?3))"
		" SELECT account FROM held UNION SELECT d.borrower FROM held JOIN delegation d ON d.seat = held.id"
		" AND d.gone = 0 AND d.since <= ?3 AND d.until >= ?3 ORDER BY 1 LIMIT ?4",
		VALS(v_int(at.v), v_text(str_of(r->name)), v_int(c->today.v), v_int(HOLDERS_MAX)), &rows));
	return notify_each(c, &rows, text, args, n, link);
}

enum rc notify_person(struct ctx *c, int64_t person, const struct tr *text, const str *args, int n, str link)
{
	struct rows rows;

	if (!registry_entity(c->app->registry, S("account")) || person == 0)
		return OK;
	TRY(db_query(c->db, "SELECT id FROM account WHERE person = ?1 AND state = 'active' AND gone = 0 ORDER BY id"
		" LIMIT ?2", VALS(v_int(person), v_int(HOLDERS_MAX)), &rows));
	return notify_each(c, &rows, text, args, n, link);
}
