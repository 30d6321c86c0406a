/* drill.c -- signing in to a restored installation, over HTTP as a person would. */
#include "app/backup/restore.h"
#include "core/query.h"
#include "mod/auth/auth.h"
#include <curl/curl.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { READY_S = 30 };
static const struct tr
	MSG_account = { "Diễn tập: không tạo được tài khoản thử.", "Drill: cannot make a trial account." },
	MSG_ready = { "Diễn tập: hệ thống khôi phục không phục vụ được trong {1} giây.",
		"Drill: the restored installation did not serve within {1} s." },
	MSG_sign_in = { "Diễn tập: không đăng nhập được ({1}).", "Drill: cannot sign in ({1})." };

struct visit { CURL *curl; struct arena *mem; struct buf body; char socket[200]; };

static size_t keep(char *p, size_t size, size_t n, void *arg)
{
	struct visit *v = arg;
	put(&v->body, (str){ p, (ptrdiff_t)(size * n) });
	return size * n;
}

/* Status of the answer, 0 without one. form NULL: GET. */
static long ask(struct visit *v, const char *path, const char *form)
{
	const char *url = path_of(v->mem, "http://localhost%s", path);
	long status = 0;
	v->body.n = 0;
	curl_easy_setopt(v->curl, CURLOPT_UNIX_SOCKET_PATH, v->socket);
	curl_easy_setopt(v->curl, CURLOPT_URL, url);
	curl_easy_setopt(v->curl, CURLOPT_COOKIEFILE, "");
	curl_easy_setopt(v->curl, CURLOPT_TIMEOUT, 30L);
	curl_easy_setopt(v->curl, CURLOPT_WRITEFUNCTION, keep);
	curl_easy_setopt(v->curl, CURLOPT_WRITEDATA, v);
	curl_easy_setopt(v->curl, CURLOPT_REFERER, "http://localhost/dang-nhap");
	if (form)
		curl_easy_setopt(v->curl, CURLOPT_POSTFIELDS, form);
	else
		curl_easy_setopt(v->curl, CURLOPT_HTTPGET, 1L);
	if (curl_easy_perform(v->curl) == CURLE_OK)
		curl_easy_getinfo(v->curl, CURLINFO_RESPONSE_CODE, &status);
	return status;
}

/* value="..." of the form's token */
static str token_in(str page)
{
	ptrdiff_t at = str_find(page, S("name=\"_csrf\""));
	str rest = at < 0 ? (str){ "", 0 } : str_sub(page, at, -1), value, after;
	ptrdiff_t from = str_find(rest, S("value=\""));
	if (from < 0)
		return (str){ "", 0 };
	str_cut(str_sub(rest, from + 7, -1), '"', &value, &after);
	return value;
}

static enum rc sign_in(struct cli *c, struct visit *v, const char *login, const char *password)
{
	long status = 0;
	for (int i = 0; i < READY_S * 20 && (status = ask(v, "/readyz", NULL)) != 200; i++)
		nanosleep(&(struct timespec){ 0, 50000000 }, NULL);
	if (status != 200)
		return (enum rc)BADF(c, E_STATE, &MSG_ready, S("30"));
	if (ask(v, "/dang-nhap", NULL) != 200)
		return (enum rc)BADF(c, E_STATE, &MSG_sign_in, S("GET /dang-nhap"));
	const char *form = path_of(v->mem, "_csrf=%.*s&login=%s&password=%s", FMT(token_in(buf_str(&v->body))), login,
		password);
	status = ask(v, "/dang-nhap", form);
	if (status != 303)
		return (enum rc)BADF(c, E_STATE, &MSG_sign_in, str_fmt(v->mem, "POST /dang-nhap: %ld", status));
	status = ask(v, "/tai-khoan", NULL);
	if (status != 200 || str_find(buf_str(&v->body), str_of(login)) < 0)
		return (enum rc)BADF(c, E_STATE, &MSG_sign_in, str_fmt(v->mem, "GET /tai-khoan: %ld", status));
	return OK;
}

static enum rc trial_account(struct cli *c, const char *login, const char *password)
{
	struct app a;
	struct ctx x;
	struct new_account n = { .login = str_of(login), .name = S("Diễn tập khôi phục"), .password = str_of(password) };
	TRY(boot(c, &a, BOOT_SCHEMA | BOOT_SECRET));
	ctx_start(&x, &a, c->mem);
	x.who = &actor_system;
	x.reason = S("khue restore --drill");
	enum rc rc = db_begin(a.db);
	if (rc == OK)
		rc = auth_demo(&x, &n, 1, false, NULL);
	if (rc == OK)
		rc = db_commit(a.db);
	else
		db_rollback(a.db);
	boot_end(&a);
	return rc == OK ? OK : (enum rc)BAD(c, rc, &MSG_account);
}

static pid_t serve_it(struct cli *c, struct visit *v)
{
	pid_t pid = fork();
	if (pid)
		return pid;
	const char *listen = path_of(c->mem, "unix:%s", v->socket);
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null >= 0) {
		dup2(null, 1);
		dup2(null, 2);
	}
	/* nothing else of the environment: what waits in the copy for the mail server, the SMS gateway, Zalo and browsers
	 * is sent by the installation itself, and its standby and credentials are not the copy's */
	char *const settings[] = { str_z(c->mem, str_fmt(c->mem, "KHUE_DB_FILE=%s/db.address", c->data)), NULL };
	execle("/proc/self/exe", "khue", "serve", "--data", c->data, "--listen", listen, "--workers", "1", (char *)NULL,
		settings);
	_exit(127);
}

enum rc drill_login(struct cli *c, const char *data, const char *where, int64_t *ret_ms)
{
	struct cli there = *c;
	struct visit v = { .mem = c->mem };
	struct timespec from, to;
	uint8_t any[24];
	there.data = data;
	there.where = where;
	random_bytes(any, sizeof any);
	const char *login = path_of(c->mem, "dientap%.*s", FMT(hex_of(c->mem, any, 6))),
		*password = path_of(c->mem, "Kd-%.*s", FMT(hex_of(c->mem, any + 6, 18)));
	TRY(trial_account(&there, login, password));
	TRY(put_file(c, data, "db.address", str_of(where), 0600));
	snprintf(v.socket, sizeof v.socket, "/tmp/khue-drill-%ld", (long)getpid());
	buf_init(&v.body, c->mem, 8 << 20);
	v.curl = curl_easy_init();
	clock_gettime(CLOCK_MONOTONIC, &from);
	pid_t pid = serve_it(&there, &v);
	enum rc rc = pid > 0 && v.curl ? sign_in(c, &v, login, password) : E_FAULT;
	clock_gettime(CLOCK_MONOTONIC, &to);
	*ret_ms = (int64_t)(to.tv_sec - from.tv_sec) * 1000 + (to.tv_nsec - from.tv_nsec) / 1000000;
	if (pid > 0) {
		kill(pid, SIGTERM);
		waitpid(pid, NULL, 0);
	}
	curl_easy_cleanup(v.curl);
	return rc;
}
