/* cmd_doctor.c -- khue doctor: what is wrong with this installation, in plain words. */
#include "app/doctor.h"
#include "app/backup/depot.h"
#include "core/clam.h"
#include "mod/results/folder.h"
#include "base/calendar.h"
#include "web/html.h"
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static const struct tr
	MSG_level[] = { { "tốt", "good" }, { "lưu ý", "note" }, { "LỖI", "WRONG" } },
	MSG_sum = { "{1} tốt, {2} lưu ý, {3} lỗi.", "{1} good, {2} to note, {3} wrong." },
	MSG_no_key = { "Chưa có khóa sao lưu. Tạo: khue backup --new-key TỆP",
		"There is no backup key. Make one: khue backup --new-key FILE" },
	MSG_no_backup = { "Chưa sao lưu lần nào. Sao lưu: khue backup --to THƯ_MỤC",
		"There has been no backup. Back up: khue backup --to FOLDER" },
	MSG_backup = { "Sao lưu gần nhất: {1} ({2} giờ trước), ở {3}.", "Last backup: {1} ({2} hours ago), in {3}." },
	MSG_old_backup = { "Sao lưu gần nhất đã {1} giờ trước. Xem: systemctl status khue-backup.timer",
		"The last backup is {1} hours old. See: systemctl status khue-backup.timer" },
	MSG_drill = { "Diễn tập khôi phục gần nhất đạt {1} ngày trước.", "The last restore drill passed {1} days ago." },
	MSG_no_drill = { "Chưa diễn tập khôi phục trong {1} ngày. Chạy: khue restore --drill --from {2}",
		"No restore drill passed within {1} days. Run: khue restore --drill --from {2}" },
	MSG_mail = { "Máy chủ thư {1} trả lời.", "The mail server {1} answers." },
	MSG_no_mail = { "Không nối được máy chủ thư {1}.", "The mail server {1} cannot be reached." },
	MSG_mail_off = { "Không gửi thư (KHUE_SMTP chưa đặt).", "No mail is sent (KHUE_SMTP is not set)." },
	MSG_clam = { "Trình quét mã độc trả lời.", "The malware scanner answers." },
	MSG_no_clam = { "Trình quét mã độc không trả lời; tệp tải lên nằm chờ.",
		"The malware scanner does not answer; uploads wait." },
	MSG_clam_off = { "Tệp tải lên không được quét mã độc (KHUE_CLAMD chưa đặt).",
		"Uploads are not scanned for malware (KHUE_CLAMD is not set)." };

str doctor_number(struct doctor *d, int64_t v)
{
	return str_fmt(d->c->mem, "%lld", (long long)v);
}

void doctor_say(struct doctor *d, const char *check, enum level level, const struct tr *text, const str *args, int n)
{
	static const char *const levels[] = { "good", "note", "wrong" };
	struct buf b;
	buf_init(&b, d->c->mem, 8192);
	for (const char *p = d->c->lang == VI ? text->vi : text->en; *p; p++) {
		if (p[0] == '{' && p[1] >= '1' && p[1] <= '9' && p[2] == '}' && p[1] - '1' < n) {
			put(&b, args[p[1] - '1']);
			p += 2;
		} else {
			put_c(&b, *p);
		}
	}
	if (d->json) {
		struct buf j;
		buf_init(&j, d->c->mem, 20000);
		put_json(&j, buf_str(&b));
		printf("%s\n {\"check\": \"%s\", \"level\": \"%s\", \"text\": %.*s}", d->n[0] + d->n[1] + d->n[2] ? "," : "",
			check, levels[level], FMT(buf_str(&j)));
	} else {
		const struct tr *word = &MSG_level[level];
		printf("[%s] %.*s\n", d->c->lang == VI ? word->vi : word->en, FMT(buf_str(&b)));
	}
	d->n[level]++;
}

/* ---- backups --------------------------------------------------------------------------------------------- */

/* "MILLISECONDS NAME FOLDER" of DATA/backup.last. */
static bool last_backup(struct doctor *d, int64_t *ret_hours, str *ret_name, str *ret_place)
{
	str text, at, rest;
	int64_t made;
	if (!read_file(d->c->mem, d->c->data, "backup.last", 8192, &text) || !str_cut(str_trim(text), ' ', &at, &rest) ||
		!str_to_int(at, &made))
		return false;
	str_cut(rest, ' ', ret_name, ret_place);
	*ret_hours = (instant_now().v - made) / 3600000;
	return true;
}

static void drill(struct doctor *d, str place)
{
	enum { OFTEN = 35 };
	str text, at, rest;
	int64_t made = 0, days;
	if (read_file(d->c->mem, str_z(d->c->mem, place), "drill", 8192, &text) && str_cut(str_trim(text), ' ', &at, &rest))
		str_to_int(at, &made);
	days = (instant_now().v - made) / 86400000;
	if (made && days <= OFTEN)
		TELLF(d, "drill", FINE, &MSG_drill, doctor_number(d, days));
	else
		TELLF(d, "drill", WARN, &MSG_no_drill, doctor_number(d, OFTEN), place);
}

void doctor_backup(struct doctor *d)
{
	int64_t hours;
	str name, place;
	if (access(path_of(d->c->mem, "%s/backup.pub", d->c->data), F_OK) != 0)
		TELL(d, "backup_key", WARN, &MSG_no_key);
	if (!last_backup(d, &hours, &name, &place)) {
		TELL(d, "backup", WARN, &MSG_no_backup);
		return;
	}
	if (hours <= 26)
		TELLF(d, "backup", FINE, &MSG_backup, name, doctor_number(d, hours), place);
	else
		TELLF(d, "backup", hours > 24 * 7 ? WRONG : WARN, &MSG_old_backup, doctor_number(d, hours));
	drill(d, place);
}

/* ---- what Khuê talks to ------------------------------------------------------------------------------------- */

static bool reaches(const char *host, const char *port)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *found = NULL;
	bool good = false;
	if (getaddrinfo(host, port, &hints, &found) != 0)
		return false;
	for (struct addrinfo *a = found; a && !good; a = a->ai_next) {
		int s = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), error = 0;
		socklen_t n = sizeof error;
		if (s < 0)
			continue;
		connect(s, a->ai_addr, a->ai_addrlen);
		struct pollfd p = { s, POLLOUT, 0 };
		good = poll(&p, 1, 5000) == 1 && getsockopt(s, SOL_SOCKET, SO_ERROR, &error, &n) == 0 && error == 0;
		close(s);
	}
	freeaddrinfo(found);
	return good;
}

static void mail(struct doctor *d)
{
	const char *url = getenv("KHUE_SMTP");
	char host[256] = "", port[8] = "25";
	if (!url || !*url) {
		TELL(d, "mail", WARN, &MSG_mail_off);
		return;
	}
	const char *at = strstr(url, "://");
	at = at ? at + 3 : url;
	if (strncmp(url, "smtps", 5) == 0)
		strcpy(port, "465");
	sscanf(at, "%255[^:/]:%7[0-9]", host, port);
	TELLF(d, "mail", reaches(host, port) ? FINE : WRONG, reaches(host, port) ? &MSG_mail : &MSG_no_mail, str_of(host));
}

void doctor_around(struct doctor *d)
{
	str found = S("");
	mail(d);
	switch (clam_scan(d->c->mem, -1, S("khue doctor"), 5, &found)) {
	case CLAM_OFF:   TELL(d, "clamd", WARN, &MSG_clam_off); break;
	case CLAM_CLEAN: TELL(d, "clamd", FINE, &MSG_clam); break;
	case CLAM_FOUND: case CLAM_DOWN: TELL(d, "clamd", WRONG, &MSG_no_clam); break;
	}
}

int cmd_doctor(struct cli *c)
{
	struct doctor d = { .c = c, .cert = "/etc/khue/tls/cert.pem" };
	d.json = cli_flag(c, "--json");
	cli_value(c, "--cert", &d.cert);
	cli_end(c);
	if (d.json)
		printf("[");
	if (doctor_host(&d)) {
		doctor_db(&d);
		doctor_backup(&d);
	}
	doctor_around(&d);
	if (d.json)
		printf("\n]\n");
	else
		SAYF(c, &MSG_sum, doctor_number(&d, d.n[FINE]), doctor_number(&d, d.n[WARN]), doctor_number(&d, d.n[WRONG]));
	return d.n[WRONG] ? (int)E_STATE : 0;
}
