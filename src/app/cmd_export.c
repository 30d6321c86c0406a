/* cmd_export.c -- khue export: rows of an entity as a file, as the installation itself; the history says so. */
#include "app/boot.h"
#include "core/audit.h"
#include "core/export.h"
#include "mod/org/org.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static const struct tr
	MSG_what = { "Cần tên bảng, ví dụ: khue export school_class --out lop.xlsx",
		"Name an entity, e.g.: khue export school_class --out classes.xlsx" },
	MSG_entity = { "Không có bảng \"{1}\". Xem: khue matrix", "There is no entity \"{1}\". See: khue matrix" },
	MSG_format = { "--format: xlsx, csv hoặc json.", "--format: xlsx, csv or json." },
	MSG_out = { "Thiếu --out TỆP.", "--out FILE is missing." },
	MSG_open = { "Không tạo được {1}: {2}", "Cannot create {1}: {2}" },
	MSG_no_org = { "Không có đơn vị nào mang tên trong địa chỉ \"{1}\".",
		"There is no unit with the address name \"{1}\"." },
	MSG_done = { "Đã ghi {1} dòng vào {2}.", "Wrote {1} rows to {2}." },
	MSG_failed = { "Không thực hiện được: {1}", "Failed: {1}" };

struct wish { const char *entity, *out, *slug; enum export_format format; };

/* --format, else what the file's name ends in. */
static bool read_format(struct cli *c, struct wish *w)
{
	const char *text = NULL, *dot = strrchr(w->out, '.');
	if (!cli_value(c, "--format", &text))
		text = dot ? dot + 1 : "";
	return export_format_read(str_of(text), &w->format);
}

static enum rc write_rows(struct cli *c, struct ctx *x, const struct wish *w, const struct entity *e, int fd,
			  int64_t *ret)
{
	struct list_ask ask = { .e = e, .verb = EXPORT, .wide = !w->slug };
	struct org o;
	if (w->slug) {
		enum rc rc = find_one(x, &org, &o, IS({ offsetof(struct org, slug), v_text(str_of(w->slug)) }));
		if (rc == E_MISSING)
			BADF(c, rc, &MSG_no_org, str_of(w->slug));
		TRY(rc);
		x->here.org.v = o.base.id;
	}
	TRY(export_list(x, &ask, w->format, true, stamp_free("the installation's own rows, to its operator"), fd, ret));
	return audit(x, x->here.org, e->name, 0, "export", str_fmt(c->mem, "%lld", (long long)*ret));
}

/* The file is there whole or not at all. */
static enum rc to_file(struct cli *c, struct ctx *x, const struct wish *w, const struct entity *e)
{
	const char *part = str_z(c->mem, str_fmt(c->mem, "%s.part", w->out));
	int64_t rows = 0;
	int fd = open(part, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return (enum rc)BADF(c, E_FAULT, &MSG_open, str_of(part), str_of(strerror(errno)));
	enum rc rc = db_begin(x->db);
	if (rc == OK)
		rc = write_rows(c, x, w, e, fd, &rows);
	if (rc == OK)
		rc = db_commit(x->db);
	else
		db_rollback(x->db);
	close(fd);
	if (rc == OK && rename(part, w->out) != 0)
		rc = (enum rc)BADF(c, E_FAULT, &MSG_open, str_of(w->out), str_of(strerror(errno)));
	if (rc != OK)
		unlink(part);
	else
		SAYF(c, &MSG_done, str_fmt(c->mem, "%lld", (long long)rows), str_of(w->out));
	return rc;
}

int cmd_export(struct cli *c)
{
	struct app a;
	struct wish w = { 0 };
	cli_value(c, "--out", &w.out);
	cli_value(c, "--org", &w.slug);
	if (!w.out)
		return BAD(c, E_INVALID, &MSG_out);
	if (!read_format(c, &w))
		return BAD(c, E_INVALID, &MSG_format);
	w.entity = cli_next(c);
	cli_end(c);
	if (!w.entity)
		return BAD(c, E_INVALID, &MSG_what);
	enum rc rc = boot(c, &a, BOOT_SCHEMA | BOOT_SECRET);
	if (rc != OK)
		return (int)rc;
	const struct meta *m = registry_entity(a.registry, str_of(w.entity));
	struct ctx *x = cli_ctx(c, &a);
	x->who = &actor_system;
	rc = m ? to_file(c, x, &w, m->e) : (enum rc)BADF(c, E_MISSING, &MSG_entity, str_of(w.entity));
	if (rc != OK && x->n_problems)
		cli_problems(c, x, rc);
	else if (rc != OK && *db_why(a.db))
		BADF(c, rc, &MSG_failed, str_of(db_why(a.db)));
	boot_end(&a);
	return (int)rc;
}
