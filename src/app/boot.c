/* boot.c -- see boot.h. */
#include "app/boot.h"
#include "core/page.h"
#include "app/modules.h"
#include "base/calendar.h"
#include "base/hash.h"
#include "core/migrate.h"
#include "core/replica.h"
#include "mod/auth/auth.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct tr
	MSG_registry = { "Khai báo của chương trình mâu thuẫn: {1}", "The program's declarations clash: {1}" },
	MSG_db = { "Không mở được cơ sở dữ liệu {1}: {2}", "Cannot open the database {1}: {2}" },
	MSG_folder = { "Không tạo được thư mục {1}: {2}", "Cannot create the folder {1}: {2}" },
	MSG_secret = { "Không đọc được {1}: {2}. Tạo hệ thống mới bằng: khue init",
		"Cannot read {1}: {2}. Create an installation with: khue init" },
	MSG_secret_open = { "{1} phải dài 32 byte và không cho người khác đọc (chmod 0400).",
		"{1} must be 32 bytes that nobody else may read (chmod 0400)." },
	MSG_secret_write = { "Không ghi được {1}: {2}", "Cannot write {1}: {2}" },
	MSG_pending = { "Cơ sở dữ liệu còn {1} bước di trú chưa chạy. Chạy: khue migrate",
		"The database lacks {1} migrations. Run: khue migrate" },
	MSG_schema = { "Cơ sở dữ liệu không dùng được với phiên bản này: {1}",
		"The database does not fit this version: {1}" };

static instant wall_clock(void *arg)
{
	(void)arg;
	return instant_now();
}

static void system_random(void *arg, void *p, size_t n)
{
	(void)arg;
	random_bytes(p, n);
}

enum rc boot_db(struct cli *c, unsigned flags, struct db **ret)
{
	char why[256] = "";
	enum rc rc = db_open(ret, c->where, flags, why);
	if (rc != OK)
		BADF(c, rc, &MSG_db, cli_address(c, c->where), str_of(why));
	return rc;
}

/* The systemd credential "secret", else DATA/secret. */
static const char *secret_path(struct cli *c)
{
	const char *credentials = getenv("CREDENTIALS_DIRECTORY"), *path = "";
	if (credentials && access(path = str_z(c->mem, str_fmt(c->mem, "%s/secret", credentials)), F_OK) == 0)
		return path;
	return str_z(c->mem, str_fmt(c->mem, "%s/secret", c->data));
}

static enum rc read_secret(struct cli *c, uint8_t ret[static 32])
{
	const char *path = secret_path(c);
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0) {
		BADF(c, E_MISSING, &MSG_secret, str_of(path), str_of(strerror(errno)));
		return E_MISSING;
	}
	bool good = fstat(fd, &st) == 0 && (st.st_mode & 077) == 0 && st.st_size == 32 && read(fd, ret, 32) == 32;
	close(fd);
	if (!good)
		BADF(c, E_STATE, &MSG_secret_open, str_of(path));
	return good ? OK : E_STATE;
}

/* Creates every folder of the path that is not there. */
static enum rc make_folders(struct cli *c)
{
	for (const char *at = c->data; at; ) {
		at = strchr(at + 1, '/');
		const char *path = str_z(c->mem, (str){ c->data, at ? at - c->data : (ptrdiff_t)strlen(c->data) });
		if (mkdir(path, 0700) != 0 && errno != EEXIST)
			return (enum rc)BADF(c, E_FAULT, &MSG_folder, str_of(path), str_of(strerror(errno)));
	}
	return OK;
}

enum rc boot_folder(struct cli *c, bool *ret_new)
{
	uint8_t key[32];
	const char *path = secret_path(c);
	*ret_new = false;
	TRY(make_folders(c));
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0400);
	if (fd < 0 && errno == EEXIST)
		return read_secret(c, key);
	random_bytes(key, sizeof key);
	bool good = fd >= 0 && write(fd, key, sizeof key) == (ssize_t)sizeof key && fsync(fd) == 0;
	int error = errno;
	if (fd >= 0)
		close(fd);
	if (!good) {
		unlink(path);
		return (enum rc)BADF(c, E_FAULT, &MSG_secret_write, str_of(path), str_of(strerror(error)));
	}
	*ret_new = true;
	return OK;
}

static enum rc schema_is_here(struct cli *c, struct app *a)
{
	const struct migration *list;
	char why[256] = "";
	int pending = 0, n = migrations_embedded(c->mem, a->registry, &list);
	enum rc rc = migrate_pending(a->db, c->mem, list, n, &pending, why);
	if (rc != OK)
		BADF(c, rc, &MSG_schema, str_of(*why ? why : db_why(a->db)));
	else if (pending)
		rc = (enum rc)BADF(c, E_STATE, &MSG_pending, str_fmt(c->mem, "%d", pending));
	return rc;
}

static enum rc boot_all(struct cli *c, struct app *a, unsigned what)
{
	char why[256] = "";
	a->registry = registry_new(all_modules, why);
	if (!a->registry)
		return (enum rc)BADF(c, E_FAULT, &MSG_registry, str_of(why));
	if (what & BOOT_SECRET)
		TRY(read_secret(c, a->secret));
	TRY(boot_db(c, (what & BOOT_SERVE ? DB_SERVE : 0u) | (what & BOOT_PROMPT ? DB_PROMPT : 0u), &a->db));
	if (what & BOOT_SCHEMA) {
		TRY(schema_is_here(c, a));
		db_mark(a->db, rights_tables(c->mem, a->registry), rights_columns(c->mem, a->registry));
	}
	if (what & BOOT_PAGES && !pages_open(a, why))
		return (enum rc)BADF(c, E_FAULT, &MSG_registry, str_of(why));
	return OK;
}

enum rc boot(struct cli *c, struct app *a, unsigned what)
{
	*a = (struct app){ .modules = all_modules, .data = c->data, .where = c->where, .clock = wall_clock,
		.random = system_random };
	int n_modules = 0;
	while (all_modules[n_modules])
		n_modules++;
	a->actor_of = auth_actor;
	a->keep_lang = auth_keep_lang;
	a->kept = NEWS(c->mem, void *, n_modules + 1);
	a->files_host = getenv("KHUE_FILES_HOST");
	if (a->files_host && !*a->files_host)
		a->files_host = NULL;
	a->demo = access(str_z(c->mem, str_fmt(c->mem, "%s/demo", c->data)), F_OK) == 0;
	enum rc rc = boot_all(c, a, what);
	if (rc != OK)
		boot_end(a);
	return rc;
}

void boot_end(struct app *a)
{
	if (a->pages_kept)
		pages_close(a);
	replica_free(a->replica);
	if (a->db)
		db_close(a->db);
	registry_free(a->registry);
	explicit_bzero(a->secret, sizeof a->secret);
	*a = (struct app){ 0 };
}

struct ctx *cli_ctx(struct cli *c, struct app *a)
{
	struct ctx *x = NEW(c->mem, struct ctx);

	ctx_start(x, a, c->mem);
	x->lang = c->lang;
	return x;
}

enum rc boot_mark_demo(struct cli *c)
{
	const char *path = str_z(c->mem, str_fmt(c->mem, "%s/demo", c->data));
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		return (enum rc)BADF(c, E_FAULT, &MSG_secret_write, str_of(path), str_of(strerror(errno)));
	close(fd);
	return OK;
}
