/* cmd_docs.c -- khue docs and khue matrix: what the declarations say. Neither opens a database. */
#include "app/cli.h"
#include "app/modules.h"
#include "core/docs.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct tr
	MSG_registry = { "Khai báo của chương trình mâu thuẫn: {1}", "The program's declarations clash: {1}" },
	MSG_write = { "Không ghi được {1}: {2}", "Cannot write {1}: {2}" },
	MSG_wrote = { "Đã ghi {1} trang vào {2}.", "Wrote {1} pages to {2}." },
	MSG_stale = { "{1} khác với khai báo. Chạy: khue docs --out {2}",
		"{1} differs from the declarations. Run: khue docs --out {2}" },
	MSG_glossary = { "{1}: thiếu dòng \"| `{2}` | {3} | {4} |\"",
		"{1}: the line \"| `{2}` | {3} | {4} |\" is missing" },
	MSG_fresh = { "{1} trang khớp với khai báo.", "{1} pages agree with the declarations." };

struct docs { struct cli *c; const struct registry *r; const char *out; bool verify; int pages; enum rc rc; };

static bool same_text(const char *path, str text)
{
	char block[65536];
	ptrdiff_t at = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool same = fd >= 0;
	for (ssize_t n; same && (n = read(fd, block, sizeof block)) != 0; at += n)
		same = n > 0 && at + n <= text.n && memcmp(block, text.p + at, (size_t)n) == 0;
	if (fd >= 0)
		close(fd);
	return same && at == text.n;
}

static bool write_text(const char *path, str text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	bool good = fd >= 0 && write(fd, text.p, (size_t)text.n) == text.n;
	if (fd >= 0)
		good = close(fd) == 0 && good;
	return good;
}

static void page(struct docs *d, const char *name, const struct buf *b)
{
	const char *path = str_z(d->c->mem, str_fmt(d->c->mem, "%s/%s", d->out, name));
	d->pages++;
	if (d->verify) {
		if (!same_text(path, buf_str(b)))
			d->rc = (enum rc)BADF(d->c, E_STATE, &MSG_stale, str_of(path), str_of(d->out));
	} else if (!write_text(path, buf_str(b))) {
		d->rc = (enum rc)BADF(d->c, E_FAULT, &MSG_write, str_of(path), str_of(strerror(errno)));
	}
}

static struct buf *fresh(struct docs *d)
{
	struct buf *b = NEW(d->c->mem, struct buf);
	buf_init(b, d->c->mem, (size_t)16 << 20);
	return b;
}

static void write_all(struct docs *d)
{
	struct buf *b = fresh(d);
	docs_index(d->r, b);
	page(d, "reference/README.md", b);
	docs_roles(d->r, b = fresh(d));
	page(d, "reference/roles.md", b);
	docs_routes(d->r, b = fresh(d));
	page(d, "reference/routes.md", b);
	docs_checks(b = fresh(d));
	page(d, "checks.md", b);
	for (int i = 0; i < d->r->n_modules; i++) {
		const struct module *m = d->r->modules[i];
		docs_module(d->r, m, d->c->mem, b = fresh(d));
		page(d, str_z(d->c->mem, str_fmt(d->c->mem, "reference/%s.md", m->name)), b);
	}
}

/* Every entity's word and labels are in the glossary, which people write. */
static void verify_glossary(struct docs *d)
{
	struct arena *mem = d->c->mem;
	const char *path = str_z(mem, str_fmt(mem, "%s/glossary.md", d->out));
	struct buf text;
	char block[65536];
	buf_init(&text, mem, (size_t)4 << 20);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	for (ssize_t n; fd >= 0 && (n = read(fd, block, sizeof block)) > 0; )
		put(&text, (str){ block, n });
	if (fd >= 0)
		close(fd);
	for (int i = 0; i < d->r->n_entities; i++) {
		const struct entity *e = d->r->metas[i].e;
		if (str_find(buf_str(&text), str_fmt(mem, "| `%s` | %s | %s |", e->name, e->label.vi, e->label.en)) < 0)
			d->rc = (enum rc)BADF(d->c, E_STATE, &MSG_glossary, str_of(path), str_of(e->name), str_of(e->label.vi),
				str_of(e->label.en));
	}
}

static struct registry *registry(struct cli *c)
{
	char why[256] = "";
	struct registry *r = registry_new(all_modules, why);
	if (!r)
		BADF(c, E_FAULT, &MSG_registry, str_of(why));
	return r;
}

int cmd_docs(struct cli *c)
{
	struct docs d = { .c = c, .out = "doc", .verify = cli_flag(c, "--verify") };
	struct registry *r;
	cli_value(c, "--out", &d.out);
	cli_end(c);
	if (!(d.r = r = registry(c)))
		return (int)E_FAULT;
	umask(022);                              /* pages are for everybody, unlike what an installation writes */
	if (!d.verify) {
		mkdir(d.out, 0755);
		mkdir(str_z(c->mem, str_fmt(c->mem, "%s/reference", d.out)), 0755);
	}
	write_all(&d);
	if (d.verify)
		verify_glossary(&d);
	registry_free(r);
	if (d.rc == OK)
		SAYF(c, d.verify ? &MSG_fresh : &MSG_wrote, str_fmt(c->mem, "%d", d.pages), str_of(d.out));
	return (int)d.rc;
}

static void print_cells(const struct registry *r)
{
	printf("entity\trole\tscope\tmay\thidden\n");
	for (int i = 0; i < r->n_entities; i++) {
		const struct entity *e = r->metas[i].e;
		for (const struct grant *g = e->grants; g && g->to; g++) {
			printf("%s\t%s\t%s\t", e->name, g->to->name, g->in->name);
			for (int k = 0, n = 0; k < 7; k++)
				if (g->may >> k & 1)
					printf("%s%s", n++ ? "," : "", may_names[k]);
			printf("\t");
			for (int k = 0; k < (int)COUNT(g->hide) && g->hide[k]; k++)
				printf("%s%s", k ? "," : "", column_name(e, g->hide[k]));
			printf("\n");
		}
	}
}

int cmd_matrix(struct cli *c)
{
	struct buf b;
	bool json = cli_flag(c, "--json");
	cli_end(c);
	struct registry *r = registry(c);
	if (!r)
		return (int)E_FAULT;
	buf_init(&b, c->mem, (size_t)64 << 20);
	if (json) {
		docs_matrix_json(r, c->mem, &b);
		fwrite(b.p, 1, b.n, stdout);
	} else {
		print_cells(r);
	}
	registry_free(r);
	return 0;
}
