/* cmd_key.c -- khue key: keys that sign documents: list, make (our own authority, for trials), import (PKCS#12). */
#include "app/boot.h"
#include "core/sign.h"
#include "mod/people/people.h"
#include "mod/transcript/transcript.h"
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { P12_MAX = 1 << 20, PASSWORD_MAX = 1024 };
static const struct tr
	MSG_what = { "Cần một trong: list, make, import TỆP.p12. Xem: khue key --help",
		"One of: list, make, import FILE.p12. See: khue key --help" },
	MSG_whose = { "Cần --org ĐƠN_VỊ hoặc --login TÀI_KHOẢN.", "--org UNIT or --login ACCOUNT is needed." },
	MSG_nobody = { "Không tìm thấy \"{1}\".", "\"{1}\" is not known." },
	MSG_line = { "{1}\t{2}\t{3}", "{1}\t{2}\t{3}" },
	MSG_made = { "Khóa {1}: {2}, có hiệu lực đến {3}.", "Key {1}: {2}, valid until {3}." },
	MSG_trial = { "Chứng thư của cơ quan thử nghiệm trong DATA/keys/sign/authority.crt: không ai bên ngoài tin.",
		"A certificate of the trial authority in DATA/keys/sign/authority.crt: nobody outside trusts it." },
	MSG_many = { "Đã cấp khóa thử nghiệm cho {1} đơn vị và {2} người.", "Trial keys for {1} units and {2} people." },
	MSG_password = { "Cần --password-file TỆP (chỉ chủ sở hữu đọc được) chứa mật khẩu của tệp PKCS#12.",
		"--password-file FILE (readable by its owner only) with the password of the PKCS#12 file is needed." },
	MSG_file = { "Không đọc được {1}.", "{1} cannot be read." };

struct owner { str name, subject, unit; };

static enum rc list(struct cli *c, struct ctx *x)
{
	items names;
	struct sign_key k;

	cli_end(c);
	TRY(sign_names(x, &names));
	for (int64_t i = 0; i < names.n; i++) {
		str name = ((const str *)names.p)[i];
		bool good = sign_open(x, name, &k) == OK;
		SAYF(c, &MSG_line, name, good ? k.subject : x->problems[x->n_problems - 1].text,
			good ? day_iso(c->mem, k.until) : S(""));
	}
	return OK;
}

static enum rc owner_org(struct cli *c, struct ctx *x, str slug, struct owner *ret)
{
	struct org o;

	if (find_one(x, &org, &o, IS({ offsetof(struct org, slug), v_text(slug) })) != OK)
		return (enum rc)BADF(c, E_MISSING, &MSG_nobody, slug);
	*ret = (struct owner){ sign_name_org(x, (org_id){ o.base.id }), o.name, o.name };
	return OK;
}

static enum rc owner_person(struct cli *c, struct ctx *x, str login, struct owner *ret)
{
	int64_t id = 0;
	struct person p;

	if (db_int(x->db, "SELECT person FROM account WHERE login = ?1 AND gone = 0", VALS(v_text(login)), &id) != OK ||
		find(x, &person, id, &p) != OK)
		return (enum rc)BADF(c, E_MISSING, &MSG_nobody, login);
	*ret = (struct owner){ sign_name_person(x, (person_id){ id }), p.name, title_of(x, &org, p.base.org.v) };
	return OK;
}

static enum rc owner_told(struct cli *c, struct ctx *x, const char *slug, const char *login, struct owner *ret)
{
	if (!slug == !login)
		return (enum rc)BAD(c, E_INVALID, &MSG_whose);
	return slug ? owner_org(c, x, str_of(slug), ret) : owner_person(c, x, str_of(login), ret);
}

static enum rc tell_key(struct cli *c, struct ctx *x, str name)
{
	struct sign_key k;

	TRY(sign_open(x, name, &k));
	SAYF(c, &MSG_made, name, k.subject, day_text(c->mem, k.until));
	return OK;
}

static enum rc make_all(struct cli *c, struct ctx *x)
{
	int64_t orgs = 0, people = 0;

	TRY(sign_make_all(x, &orgs, &people));
	SAYF(c, &MSG_many, str_fmt(c->mem, "%lld", (long long)orgs), str_fmt(c->mem, "%lld", (long long)people));
	SAY(c, &MSG_trial);
	return OK;
}

static enum rc make(struct cli *c, struct ctx *x)
{
	const char *slug = NULL, *login = NULL;
	bool all = cli_flag(c, "--all");
	struct owner o;

	cli_value(c, "--org", &slug);
	cli_value(c, "--login", &login);
	cli_end(c);
	if (all)
		return make_all(c, x);
	TRY(owner_told(c, x, slug, login, &o));
	TRY(sign_make(x, o.name, o.subject, o.unit));
	TRY(tell_key(c, x, o.name));
	SAY(c, &MSG_trial);
	return OK;
}

/* Into memory that is wiped. private_: nobody else may read the file. */
static bool read_whole(const char *path, bool private_, char *to, size_t max, str *ret)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	ssize_t n = -1;

	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (!private_ || (st.st_mode & 077) == 0) &&
		(size_t)st.st_size <= max)
		n = read(fd, to, max);
	if (fd >= 0)
		close(fd);
	*ret = (str){ to, n };
	return n > 0;
}

static enum rc import(struct cli *c, struct ctx *x)
{
	const char *slug = NULL, *login = NULL, *secret = NULL, *path;
	char *p12 = NEWS(c->mem, char, P12_MAX), password[PASSWORD_MAX];
	str bytes, word;
	struct owner o;
	enum rc rc;

	cli_value(c, "--org", &slug);
	cli_value(c, "--login", &login);
	cli_value(c, "--password-file", &secret);
	path = cli_next(c);
	cli_end(c);
	if (!path)
		return (enum rc)BAD(c, E_INVALID, &MSG_what);
	TRY(owner_told(c, x, slug, login, &o));
	if (!secret || !read_whole(secret, true, password, sizeof password, &word))
		return (enum rc)BAD(c, E_INVALID, &MSG_password);
	if (!read_whole(path, false, p12, P12_MAX, &bytes))
		rc = (enum rc)BADF(c, E_MISSING, &MSG_file, str_of(path));
	else
		rc = sign_import(x, o.name, bytes, str_trim(word));
	sodium_memzero(password, sizeof password);
	sodium_memzero(p12, P12_MAX);
	return rc == OK ? tell_key(c, x, o.name) : rc;
}

int cmd_key(struct cli *c)
{
	const char *what = cli_next(c);
	struct app a;
	enum rc rc;

	if (!what || (strcmp(what, "list") != 0 && strcmp(what, "make") != 0 && strcmp(what, "import") != 0))
		return BAD(c, E_INVALID, &MSG_what);
	rc = boot(c, &a, BOOT_SCHEMA);
	if (rc != OK)
		return (int)rc;
	struct ctx *x = cli_ctx(c, &a);
	const struct actor *who = as_system(x, "whoever runs the command on the machine acts for the installation");
	rc = *what == 'l' ? list(c, x) : *what == 'm' ? make(c, x) : import(c, x);
	as_actor(x, who);
	if (rc != OK && x->n_problems)
		cli_problems(c, x, rc);
	boot_end(&a);
	return (int)rc;
}
