/* cmd_search.c -- khue search: writes the lines by which search finds rows again (core/search.h). */
#include "app/boot.h"
#include "core/audit.h"
#include "core/search.h"

static const struct tr
	MSG_what = { "Cần: khue search rebuild [BẢNG ..]", "Say: khue search rebuild [ENTITY ..]" },
	MSG_entity = { "Không có bảng \"{1}\". Xem: khue matrix", "There is no entity \"{1}\". See: khue matrix" },
	MSG_done = { "{1}: đã viết lại chỉ mục tìm kiếm, {2} dòng.", "{1}: the search index is written again, {2} lines." },
	MSG_failed = { "Không thực hiện được: {1}", "Failed: {1}" };

static enum rc rebuild(struct ctx *x, const struct entity *e, int64_t *ret)
{
	TRY(search_rebuild(x, e));
	TRY(db_int(x->db, "SELECT count(*) FROM search WHERE entity = ?1", VALS(v_text(str_of(e->name))), ret));
	return audit(x, (org_id){ 0 }, e->name, 0, "search", str_fmt(x->mem, "%lld", (long long)*ret));
}

/* An entity's lines are there whole, as they were or new. */
static enum rc one(struct cli *c, struct app *a, const struct entity *e)
{
	struct arena mem;
	arena_init(&mem, (size_t)1 << 30);
	struct ctx *x = cli_ctx(c, a);
	int64_t lines = 0;
	x->mem = &mem;
	x->who = &actor_system;
	enum rc rc = db_begin(x->db);
	if (rc == OK)
		rc = rebuild(x, e, &lines);
	if (rc == OK)
		rc = db_commit(x->db);
	else
		db_rollback(x->db);
	if (rc == OK)
		SAYF(c, &MSG_done, str_of(e->name), str_fmt(c->mem, "%lld", (long long)lines));
	else
		BADF(c, rc, &MSG_failed, str_of(db_why(a->db)));
	arena_free(&mem);
	return rc;
}

static enum rc named(struct cli *c, struct app *a, const char *name)
{
	const struct meta *m = registry_entity(a->registry, str_of(name));
	return m ? one(c, a, m->e) : (enum rc)BADF(c, E_MISSING, &MSG_entity, str_of(name));
}

static enum rc every(struct cli *c, struct app *a)
{
	for (int i = 0; i < a->registry->n_entities; i++)
		if (a->registry->metas[i].fold)
			TRY(one(c, a, a->registry->metas[i].e));
	return db_exec(a->db, "DELETE FROM search_stale", NULL, 0, NULL);
}

int cmd_search(struct cli *c)
{
	struct app a;
	const char *verb = cli_next(c), *name = cli_next(c);      /* taken before boot reads what is left */
	if (!verb || strcmp(verb, "rebuild") != 0)
		return BAD(c, E_INVALID, &MSG_what);
	enum rc rc = boot(c, &a, BOOT_SCHEMA | BOOT_SECRET);
	if (rc != OK)
		return (int)rc;
	if (!name)
		rc = every(c, &a);
	for (; name && rc == OK; name = cli_next(c))
		rc = named(c, &a, name);
	boot_end(&a);
	return (int)rc;
}
