/* notify.c -- the bell and the post. A notice is a row of the same transaction as its cause; a letter waits in the
 * outbox and is sent by a job, again after 1 min, 4 min, 16 min .. up to 8 times. KHUE_SMTP=smtp://host:port (or
 * smtps://), KHUE_SMTP_FROM, and KHUE_SMTP_USER with KHUE_SMTP_PASSWORD_FILE switch the post on; KHUE_SMTP_CA=file
 * names the authority of a mail server with a certificate of the province's own. */
#include "core/work_in.h"
#include "core/notices.h"
#include "core/registry.h"
#include <curl/curl.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { LETTERS = 100, FIRST_WAIT_MS = 60000 };

const struct choice told_kinds[] = {
	[NOTE_WORK] = { "work", { "Việc trong hệ thống (đơn chờ duyệt, việc nền đã xong)",
		"Work in the system (what waits for approval, jobs that ended)" }, INITIAL },
	[NOTE_MESSAGE] = { "message", { "Tin nhắn giữa gia đình và thầy cô", "Messages between families and teachers" } },
	[NOTE_NOTICE] = { "notice", { "Thông báo của nhà trường", "Notices of the school" } },
	[NOTE_LEAVE] = { "leave", { "Đơn xin nghỉ học", "Leave requests" } }, END };

enum rc note(struct ctx *c, const struct note *at, const struct tr *text, const str *args, int n, str link)
{
	str vi, en;
	if (at->to.v == 0 && (at->person.v == 0 || (at->sms.n == 0 && at->zalo.n == 0)))
		return OK;
	str_cut(both_languages(c, text, args, n), '\n', &vi, &en);
	return db_exec(c->db,
		"INSERT INTO notice (id, account, vi, en, link, made, seen, kind, org, person, urgent, about, sms, zalo,"
		" spread) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, 0)",
		VALS(v_int(new_id(c)), v_int(at->to.v), v_text(vi), v_text(en), v_text(link), v_int(c->now.v),
			v_int(at->to.v ? 0 : c->now.v), v_text(str_of(told_kinds[at->kind].code)), v_int(at->org.v),
			v_int(at->person.v), v_int(at->urgent), v_int(at->about), at->sms.n ? v_text(at->sms) : v_null(),
			at->zalo.n ? v_text(at->zalo) : v_null()), NULL);
}

enum rc notify(struct ctx *c, user_id to, const struct tr *text, const str *args, int n, str link)
{
	return note(c, &(struct note){ .to = to }, text, args, n, link);
}

enum rc notices_unread(struct ctx *c, int64_t *ret)
{
	*ret = 0;
	return c->who->user.v ? db_int(c->db, "SELECT count(*) FROM notice WHERE account = ?1 AND seen = 0",
		VALS(v_int(c->who->user.v)), ret) : OK;
}

enum rc notices_list(struct ctx *c, struct notice *ret, int max, int *n)
{
	struct rows r;
	*n = 0;
	TRY(db_query(c->db,
		"SELECT id, vi, en, link, made, seen FROM notice WHERE account = ?1 ORDER BY seen, made DESC, id DESC LIMIT ?2",
	             VALS(v_int(c->who->user.v), v_int(max)), &r));
	while (*n < max && rows_next(&r))
		ret[(*n)++] = (struct notice){ rows_int(&r, 0), str_copy(c->mem, rows_text(&r, c->lang == EN ? 2 : 1)),
			str_copy(c->mem, rows_text(&r, 3)),
			{ rows_int(&r, 4) }, rows_int(&r, 5) != 0 };
	return rows_end(&r);
}

enum rc notices_seen(struct ctx *c, int64_t id)
{
	if (id)
		return db_exec(c->db, "UPDATE notice SET seen = ?1 WHERE id = ?2 AND account = ?3 AND seen = 0",
			VALS(v_int(c->now.v), v_int(id), v_int(c->who->user.v)), NULL);
	return db_exec(c->db, "UPDATE notice SET seen = ?1 WHERE account = ?2 AND seen = 0",
		VALS(v_int(c->now.v), v_int(c->who->user.v)), NULL);
}

enum rc notices_seen_at(struct ctx *c, str link)
{
	return db_exec(c->db, "UPDATE notice SET seen = ?1 WHERE account = ?2 AND seen = 0 AND link = ?3",
		VALS(v_int(c->now.v), v_int(c->who->user.v), v_text(link)), NULL);
}

/* ---- the post ------------------------------------------------------------------------------------ */

static bool address_ok(str s)
{
	ptrdiff_t at = str_find(s, S("@"));
	if (at < 1 || at == s.n - 1 || s.n > 254)
		return false;
	for (ptrdiff_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] == 0x7F || s.p[i] == '<' || s.p[i] == '>' || s.p[i] == ',')
			return false;
	return true;
}

enum rc mail_add(struct ctx *c, str address, str subject, str body, int64_t *ret)
{
	int64_t id = new_id(c);
	if (!address_ok(address))
		return E_INVALID;
	if (ret)
		*ret = id;
	return db_exec(c->db, "INSERT INTO outbox (id, address, subject, body, made, due) VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
		VALS(v_int(id), v_text(address), v_text(subject), v_text(body), v_int(c->now.v)), NULL);
}

static str base64(struct arena *mem, str s)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	struct buf b;
	buf_init(&b, mem, (size_t)s.n * 2 + 64);
	for (ptrdiff_t i = 0; i < s.n; i += 3) {
		unsigned v = (unsigned)(unsigned char)s.p[i] << 16;
		if (i + 1 < s.n)
			v |= (unsigned)(unsigned char)s.p[i + 1] << 8;
		if (i + 2 < s.n)
			v |= (unsigned char)s.p[i + 2];
		put_c(&b, letters[v >> 18]);
		put_c(&b, letters[v >> 12 & 63]);
		put_c(&b, i + 1 < s.n ? letters[v >> 6 & 63] : '=');
		put_c(&b, i + 2 < s.n ? letters[v & 63] : '=');
		if (i % 57 == 54)
			put_z(&b, "\r\n");
	}
	return buf_str(&b);
}

/* RFC 2047, in pieces of at most 39 bytes that do not split a character. */
static void put_subject(struct buf *b, struct arena *mem, str s)
{
	bool first = true;
	while (s.n > 0) {
		ptrdiff_t n = s.n < 39 ? s.n : 39;
		while (n > 1 && n < s.n && ((unsigned char)s.p[n] & 0xC0) == 0x80)
			n--;
		put_fmt(b, "%s=?UTF-8?B?%.*s?=", first ? "" : "\r\n ", FMT(base64(mem, str_sub(s, 0, n))));
		s = str_sub(s, n, -1);
		first = false;
	}
}

str mail_text(struct ctx *c, str from, str address, str subject, str body, int64_t id)
{
	struct buf b;
	buf_init(&b, c->mem, 4 << 20);
	put_fmt(&b, "Date: %.*s\r\nFrom: <%.*s>\r\nTo: <%.*s>\r\nMessage-ID: <%lld.khue@%.*s>\r\nSubject: ",
		FMT(mail_date(c)), FMT(from), FMT(address),
		(long long)id, FMT(str_sub(from, str_find(from, S("@")) + 1, -1)));
	put_subject(&b, c->mem, subject);
	put_z(&b,
		"\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n"
		"Auto-Submitted: auto-generated\r\n\r\n");
	put(&b, base64(c->mem, body));
	put_z(&b, "\r\n");
	return buf_str(&b);
}

str mail_date(struct ctx *c)
{
	static const char *const days[] = { "", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
	static const char *const months[] = { "", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct",
		"Nov", "Dec" };
	struct ymd d = day_ymd(c->today);
	int64_t s = (c->now.v / 1000 + 7 * 3600) % 86400;
	return TEXT(c, "%s, %d %s %d %02d:%02d:%02d +0700", days[day_week(c->today)], d.d, months[d.m], d.y,
		(int)(s / 3600), (int)(s / 60 % 60), (int)(s % 60));
}

static size_t give(char *p, size_t size, size_t n, void *arg)
{
	str *left = arg;
	size_t room = size * n, take = (size_t)left->n < room ? (size_t)left->n : room;
	memcpy(p, left->p, take);
	*left = str_sub(*left, (ptrdiff_t)take, -1);
	return take;
}

static str secret_of(struct ctx *c, const char *path)
{
	char *p = arena_alloc(c->mem, 512, 1);
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	ssize_t n = fd < 0 ? 0 : read(fd, p, 511);
	if (fd >= 0)
		close(fd);
	return str_trim((str){ p, n > 0 ? n : 0 });
}

struct letter { int64_t id, tries; str address, subject, body; };

/* This machine's own mail server: nobody stands between, and its certificate is often one it signed itself. */
static bool beside(const char *url)
{
	const char *host = strstr(url, "://");
	host = host ? host + 3 : url;
	size_t n = strcspn(host, *host == '[' ? "]" : ":/");
	return (n == 9 && strncmp(host, "localhost", n) == 0) || (n == 9 && strncmp(host, "127.0.0.1", n) == 0) ||
		strncmp(host, "[::1]", 5) == 0;
}

static CURLcode post(struct ctx *c, CURL *h, const char *url, const char *from, const struct letter *l, char *why)
{
	str left = mail_text(c, str_of(from), l->address, l->subject, l->body, l->id);
	struct curl_slist *to = curl_slist_append(NULL, str_z(c->mem, TEXT(c, "<%.*s>", FMT(l->address))));
	const char *user = getenv("KHUE_SMTP_USER"), *ca = getenv("KHUE_SMTP_CA");
	curl_usessl tls = user ? CURLUSESSL_ALL : beside(url) ? CURLUSESSL_NONE : CURLUSESSL_TRY;
	curl_easy_reset(h);
	curl_easy_setopt(h, CURLOPT_URL, url);
	curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(h, CURLOPT_USE_SSL, (long)tls);
	if (ca && *ca)
		curl_easy_setopt(h, CURLOPT_CAINFO, ca);
	curl_easy_setopt(h, CURLOPT_MAIL_FROM, str_z(c->mem, TEXT(c, "<%s>", from)));
	curl_easy_setopt(h, CURLOPT_MAIL_RCPT, to);
	curl_easy_setopt(h, CURLOPT_READFUNCTION, give);
	curl_easy_setopt(h, CURLOPT_READDATA, &left);
	curl_easy_setopt(h, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT, 5L);
	curl_easy_setopt(h, CURLOPT_TIMEOUT, 30L);
	curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(h, CURLOPT_ERRORBUFFER, why);
	if (user) {
		curl_easy_setopt(h, CURLOPT_USERNAME, user);
		curl_easy_setopt(h, CURLOPT_PASSWORD, str_z(c->mem, secret_of(c, getenv("KHUE_SMTP_PASSWORD_FILE"))));
	}
	CURLcode got = curl_easy_perform(h);
	curl_slist_free_all(to);
	return got;
}

static int waiting(struct ctx *c, struct letter *ret)
{
	struct rows r;
	int n = 0;
	if (db_query(c->db,
		"SELECT id, tries, address, subject, body FROM outbox WHERE sent = 0 AND due <= ?1 AND tries < ?2 ORDER BY "
			"due LIMIT 100",
	             VALS(v_int(c->now.v), v_int(MAIL_TRIES)), &r) != OK)
		return 0;
	while (n < LETTERS && rows_next(&r))
		ret[n++] = (struct letter){ rows_int(&r, 0), rows_int(&r, 1), str_copy(c->mem, rows_text(&r, 2)),
			str_copy(c->mem, rows_text(&r, 3)),
			str_copy(c->mem, rows_text(&r, 4)) };
	rows_end(&r);
	return n;
}

/* The server is away, says nothing, is not who it should be or does not know us: no letter's fault. */
static bool server_away(CURLcode got)
{
	return got == CURLE_COULDNT_CONNECT || got == CURLE_COULDNT_RESOLVE_HOST || got == CURLE_OPERATION_TIMEDOUT ||
		got == CURLE_RECV_ERROR || got == CURLE_SEND_ERROR || got == CURLE_GOT_NOTHING ||
		got == CURLE_WEIRD_SERVER_REPLY || got == CURLE_SSL_CONNECT_ERROR ||
		got == CURLE_PEER_FAILED_VERIFICATION || got == CURLE_SSL_CACERT_BADFILE || got == CURLE_USE_SSL_FAILED ||
		got == CURLE_LOGIN_DENIED;
}

/* The code with which the server, which otherwise takes letters, refuses this one: for its address, or for what it
 * says. 0: that is not what went wrong. libcurl has the same results for it as for a server that is away. */
static long letter_refused(CURL *h, CURLcode got, const char *why)
{
	long code = 0;
	bool here = got == CURLE_SEND_ERROR
		? strncmp(why, "RCPT failed", 11) == 0 || strncmp(why, "DATA failed", 11) == 0
		: got == CURLE_WEIRD_SERVER_REPLY && (!*why || strcmp(why, curl_easy_strerror(got)) == 0);

	curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &code);
	return here && code >= 400 ? code : 0;
}

/* A letter that is refused is tried again ever later, MAIL_TRIES times, or not at all when the server says for good
 * (RFC 5321 4.2.1: 5yz). When the server is away the first letter of a round finds it out, the others are not tried
 * and none loses a try: the next round does, however long that lasts. */
enum rc outbox_send(struct ctx *c, void *in)
{
	const char *url = getenv("KHUE_SMTP"), *from = getenv("KHUE_SMTP_FROM");
	struct letter *at = NEWS(c->mem, struct letter, LETTERS);
	(void)in;
	if (!url || !*url || !from || !*from)
		return OK;
	int n = waiting(c, at);
	CURL *h = n ? curl_easy_init() : NULL;
	for (int i = 0; i < n && h; i++) {
		char why[CURL_ERROR_SIZE] = "";
		CURLcode got = post(c, h, url, from, &at[i], why);
		int64_t wait = FIRST_WAIT_MS;
		long refused = letter_refused(h, got, why);
		if (!refused && server_away(got)) {
			db_exec(c->db, "UPDATE outbox SET due = ?1, problem = ?2 WHERE id = ?3", VALS(v_int(c->now.v + wait),
				v_text(str_of(*why ? why : curl_easy_strerror(got))), v_int(at[i].id)), NULL);
			break;
		}
		for (int64_t k = 0; k < at[i].tries; k++)
			wait *= 4;
		db_exec(c->db, "UPDATE outbox SET tries = ?5, sent = ?1, due = ?2, problem = ?3 WHERE id = ?4",
			VALS(v_int(got == CURLE_OK ? c->now.v : 0), v_int(c->now.v + wait),
				v_text(got == CURLE_OK ? S("") : refused ? TEXT(c, "SMTP %ld", refused)
					: str_of(*why ? why : curl_easy_strerror(got))),
			     v_int(at[i].id), v_int(refused >= 500 ? MAIL_TRIES : at[i].tries + 1)), NULL);
	}
	if (h)
		curl_easy_cleanup(h);
	return OK;
}
