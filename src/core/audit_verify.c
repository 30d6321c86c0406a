/* audit_verify.c -- see audit.h: walking the chains. */
#include "core/audit.h"
#include "core/audit_hash.h"

static void add_int(struct hasher *h, int64_t v)
{
	char at[24], *end = at + sizeof at, *p = end;
	uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
	do
		*--p = (char)('0' + u % 10);
	while (u /= 10);
	if (v < 0)
		*--p = '-';
	hash_add_sized(h, (str){ p, end - p });
}

digest audit_hash(struct arena *mem, const digest *before, const struct audit_line *l)
{
	struct hasher h;
	(void)mem;
	hash_begin(&h);
	hash_add_sized(&h, (str){ (const char *)before->b, sizeof before->b });
	add_int(&h, l->org);
	add_int(&h, l->seq);
	add_int(&h, l->at.v);
	add_int(&h, l->user.v);
	add_int(&h, l->impersonator.v);
	hash_add_sized(&h, l->entity);
	add_int(&h, l->item);
	hash_add_sized(&h, l->verb);
	hash_add_sized(&h, l->detail);
	hash_add_sized(&h, l->reason);
	return hash_end(&h);
}

static bool is_digest(str s, const digest *d)
{
	return s.n == (ptrdiff_t)sizeof d->b && memcmp(s.p, d->b, sizeof d->b) == 0;
}

static enum rc broken(struct audit_fault *ret, int64_t org, int64_t seq, const char *what)
{
	*ret = (struct audit_fault){ org, seq, what };
	return E_STATE;
}

/* One chain from its first line; *before and *seq end at the last line that fits. */
static enum rc walk(struct db *d, struct arena *mem, int64_t org, digest *before, int64_t *seq, struct audit_fault *ret)
{
	struct rows r;
	enum rc rc = OK;
	TRY(db_query(d,
		"SELECT seq, at, user_id, impersonator, entity, item, verb, detail, reason, hash FROM audit WHERE org = ?1 "
			"ORDER BY seq",
		VALS(v_int(org)), &r));
	while (rc == OK && rows_next(&r)) {
		struct audit_line l = { .org = org, .seq = rows_int(&r, 0), .at = { rows_int(&r, 1) },
			.user = { rows_int(&r, 2) },
			.impersonator = { rows_int(&r, 3) }, .entity = rows_text(&r, 4), .item = rows_int(&r, 5),
			.verb = rows_text(&r, 6),
			.detail = rows_text(&r, 7), .reason = rows_text(&r, 8) };
		if (l.seq != *seq + 1) {
			rc = broken(ret, org, *seq + 1, "the line is missing");
			break;
		}
		digest want = audit_hash(mem, before, &l);
		if (!is_digest(rows_blob(&r, 9), &want)) {
			rc = broken(ret, org, l.seq, "the line or the one before it was altered");
			break;
		}
		*before = want;
		*seq = l.seq;
	}
	enum rc end = rows_end(&r);
	return rc != OK ? rc : end;
}

static enum rc check_chain(struct db *d, struct arena *mem, int64_t org, int64_t *lines, struct audit_fault *ret)
{
	digest hash = { { 0 } };
	struct rows r;
	int64_t seq = 0;
	TRY(walk(d, mem, org, &hash, &seq, ret));
	TRY(db_query(d, "SELECT seq, hash FROM audit_head WHERE org = ?1", VALS(v_int(org)), &r));
	bool found = rows_next(&r);
	int64_t head = found ? rows_int(&r, 0) : 0;
	bool same = found && is_digest(rows_blob(&r, 1), &hash);
	TRY(rows_end(&r));
	*lines += seq;
	if (head > seq)
		return broken(ret, org, seq + 1, "the line is missing at the end of the chain");
	if (head < seq)
		return broken(ret, org, head + 1, "the line lies beyond the end of the chain");
	return same ? OK : broken(ret, org, seq, "the end of the chain has another hash");
}

enum rc audit_verify(struct db *d, struct arena *mem, int64_t *ret_lines, struct audit_fault *ret)
{
	enum { AT_ONCE = 256 };
	int64_t orgs[AT_ONCE], last = INT64_MIN, lines = 0;
	int n;
	do {
		struct rows r;
		n = 0;
		TRY(db_query(d,
			"SELECT org FROM (SELECT org FROM audit_head UNION SELECT org FROM audit) x WHERE org > ?1 ORDER BY org "
				"LIMIT 256",
			VALS(v_int(last)), &r));
		while (n < AT_ONCE && rows_next(&r))
			orgs[n++] = rows_int(&r, 0);
		TRY(rows_end(&r));
		for (int i = 0; i < n; i++)
			TRY(check_chain(d, mem, orgs[i], &lines, ret));
		last = n ? orgs[n - 1] : last;
	} while (n == AT_ONCE);
	*ret_lines = lines;
	return OK;
}
