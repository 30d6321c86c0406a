/* doctor_host.c -- see doctor.h: the machine. */
#include "app/doctor.h"
#include "app/backup/depot.h"
#include "base/calendar.h"
#include "core/print.h"
#include <dirent.h>
#include <errno.h>
#include <linux/landlock.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <pango/pangocairo.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <unistd.h>

static const struct tr
	MSG_data = { "Thư mục dữ liệu {1} đúng chủ, người khác không đọc được.",
		"The data folder {1} has the right owner and is closed to others." },
	MSG_no_data = { "Không có thư mục dữ liệu {1}: {2}", "There is no data folder {1}: {2}" },
	MSG_data_open = { "Người khác đọc được {1} (chmod 0700 {1}).", "Others can read {1} (chmod 0700 {1})." },
	MSG_data_owner = { "{1} thuộc người dùng khác (uid {2}); chạy lệnh bằng chính người dùng ấy "
		"(sudo -u khue khue doctor …).",
		"{1} belongs to another user (uid {2}); run as that user (sudo -u khue khue doctor ..)." },
	MSG_secret = { "Khóa của hệ thống chỉ chủ đọc được.", "The installation's secret is readable by its owner only." },
	MSG_no_secret = { "Thiếu {1}: không có nó thì không ai đăng nhập được. Khôi phục từ bản sao lưu.",
		"{1} is missing: nobody can sign in without it. Restore it from a backup." },
	MSG_secret_open = { "{1} có quyền {2}; phải là 0400.", "{1} has mode {2}; it must be 0400." },
	MSG_disk = { "Đĩa còn {1} MB trống ({2}%).", "{1} MB are free on the disk ({2}%)." },
	MSG_disk_low = { "Đĩa chỉ còn {1} MB trống ({2}%): ghi sẽ sớm thất bại.",
		"Only {1} MB are free on the disk ({2}%): writes will soon fail." },
	MSG_inodes = { "Đĩa sắp hết chỗ cho tệp mới (còn {1} inode).", "The disk is running out of inodes ({1} left)." },
	MSG_clock = { "Đồng hồ được đồng bộ.", "The clock is synchronised." },
	MSG_clock_free =
	{ "Đồng hồ không được đồng bộ: mã một lần và nhật ký dựa vào nó. Cài systemd-timesyncd hoặc chrony.",
	                   "The clock is not synchronised: one-time codes and the history rely on it. Install "
		"systemd-timesyncd or chrony." },
	MSG_cert = { "Chứng thư còn hạn {1} ngày.", "The certificate is valid for {1} more days." },
	MSG_cert_soon = { "Chứng thư hết hạn sau {1} ngày.", "The certificate expires in {1} days." },
	MSG_cert_over = { "Chứng thư đã hết hạn.", "The certificate has expired." },
	MSG_no_cert = { "Không đọc được chứng thư {1}; nếu máy khác giữ TLS thì bỏ qua.",
		"Cannot read the certificate {1}; never mind if another machine does TLS." },
	MSG_box = { "Nhân có seccomp và Landlock (ABI {1}) cho hộp cát đọc tệp.",
		"The kernel has seccomp and Landlock (ABI {1}) for the sandbox." },
	MSG_no_landlock = { "Nhân không có Landlock: tệp tải lên được đọc với seccomp thôi.",
		"The kernel has no Landlock: uploads are read under seccomp only." },
	MSG_no_seccomp = { "Nhân không có seccomp: không đọc tệp tải lên an toàn được.",
		"The kernel has no seccomp: uploads cannot be read safely." },
	MSG_font = { "Có phông chữ đủ dấu tiếng Việt; bản in dùng {1}.",
		"A font with every Vietnamese letter is there; prints use {1}." },
	MSG_other_font = { "Bản in dùng {1}, không phải Times New Roman hay phông cùng kích thước (NĐ 30/2020/NĐ-CP): "
		"dòng và trang ngắt khác. Cài fonts-liberation2.",
		"Prints use {1}, not Times New Roman or a font of its measures (Decree 30/2020): lines and pages break "
		"elsewhere. Install fonts-liberation2." },
	MSG_mixed_font = { "Phông {1} của máy thiếu chữ tiếng Việt: bản in chen chữ của phông khác vào giữa từ. Cài "
		"fonts-liberation2.",
		"This machine's {1} lacks Vietnamese letters: prints mix letters of another font into words. Install "
		"fonts-liberation2." },
	MSG_no_font = { "Không có phông chữ đủ dấu tiếng Việt: bản in sẽ có ô vuông. Cài fonts-dejavu-core.",
		"No font has every Vietnamese letter: prints will show boxes. Install fonts-dejavu-core." },
	MSG_files = { "Giới hạn {1} tệp mở; nên từ 4096.", "The limit of open files is {1}; 4096 or more is better." },
	MSG_running = { "Khuê đang phục vụ với {1} tiến trình, {2} MB bộ nhớ; máy còn {3} MB.",
		"Khuê serves with {1} processes, {2} MB of memory; the machine has {3} MB left." },
	MSG_stopped = { "Khuê không phục vụ trên máy này.", "Khuê is not serving on this machine." },
	MSG_memory = { "Bộ nhớ còn {1} MB.", "{1} MB of memory are left." };

/* May the rest be looked at? To whom the folder is closed everything in it seems to be missing. */
static bool folder(struct doctor *d)
{
	struct stat st;
	str data = str_of(d->c->data);
	if (stat(d->c->data, &st) != 0)
		TELLF(d, "data", WRONG, &MSG_no_data, data, str_of(strerror(errno)));
	else if (st.st_uid != geteuid() && geteuid() != 0)
		TELLF(d, "data", WRONG, &MSG_data_owner, data, doctor_number(d, st.st_uid));
	else if (st.st_mode & 077)
		TELLF(d, "data", WRONG, &MSG_data_open, data);
	else
		TELLF(d, "data", FINE, &MSG_data, data);
	return access(d->c->data, R_OK | X_OK) == 0;
}

static bool one_secret(struct doctor *d, const char *path)
{
	struct stat st;
	if (stat(path, &st) != 0 || !(st.st_mode & 077))
		return true;
	TELLF(d, "secret", WRONG, &MSG_secret_open, str_of(path),
		str_fmt(d->c->mem, "%04o", (unsigned)(st.st_mode & 07777)));
	return false;
}

static void secrets(struct doctor *d)
{
	const char *path = path_of(d->c->mem, "%s/secret", d->c->data), *keys = path_of(d->c->mem, "%s/keys", d->c->data);
	const char *credentials = getenv("CREDENTIALS_DIRECTORY");
	const struct dirent *e;
	if (access(path, F_OK) != 0 && !(credentials && access(path_of(d->c->mem, "%s/secret", credentials), F_OK) == 0)) {
		TELLF(d, "secret", WRONG, &MSG_no_secret, str_of(path));
		return;
	}
	bool good = one_secret(d, path);
	DIR *dir = opendir(keys);
	while (dir && (e = readdir(dir)) != NULL)
		if (e->d_name[0] != '.' && !strstr(e->d_name, ".pub"))
			good &= one_secret(d, path_of(d->c->mem, "%s/%s", keys, e->d_name));
	if (dir)
		closedir(dir);
	if (good)
		TELL(d, "secret", FINE, &MSG_secret);
}

static void disk(struct doctor *d)
{
	struct statvfs s;
	if (statvfs(d->c->data, &s) != 0 || s.f_blocks == 0)
		return;
	int64_t mb = (int64_t)(s.f_bavail * s.f_frsize >> 20), percent = (int64_t)(s.f_bavail * 100 / s.f_blocks);
	enum level level = mb < 256 ? WRONG : mb < 2048 || percent < 5 ? WARN : FINE;
	TELLF(d, "disk", level, level == FINE ? &MSG_disk : &MSG_disk_low, doctor_number(d, mb), doctor_number(d, percent));
	if (s.f_files && s.f_favail < 10000)
		TELLF(d, "inodes", WARN, &MSG_inodes, doctor_number(d, (int64_t)s.f_favail));
}

static void machine_clock(struct doctor *d)
{
	struct timex t = { 0 };
	bool synced = adjtimex(&t) != TIME_ERROR && !(t.status & STA_UNSYNC);
	TELL(d, "clock", synced ? FINE : WARN, synced ? &MSG_clock : &MSG_clock_free);
}

static void certificate(struct doctor *d)
{
	FILE *f = fopen(d->cert, "re");
	X509 *x = f ? PEM_read_X509(f, NULL, NULL, NULL) : NULL;
	int days = 0, seconds = 0;
	if (f)
		fclose(f);
	if (!x || ASN1_TIME_diff(&days, &seconds, NULL, X509_get0_notAfter(x)) != 1)
		TELLF(d, "certificate", WARN, &MSG_no_cert, str_of(d->cert));
	else if (days < 0 || seconds < 0)
		TELL(d, "certificate", WRONG, &MSG_cert_over);
	else
		TELLF(d, "certificate", days < 21 ? WARN : FINE, days < 21 ? &MSG_cert_soon : &MSG_cert,
			doctor_number(d, days));
	X509_free(x);
}

static void sandbox(struct doctor *d)
{
	int abi = (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) < 0)
		TELL(d, "sandbox", WRONG, &MSG_no_seccomp);
	else if (abi < 1)
		TELL(d, "sandbox", WARN, &MSG_no_landlock);
	else
		TELLF(d, "sandbox", FINE, &MSG_box, doctor_number(d, abi));
}

static bool has_all(PangoFont *font, const char *letters)
{
	for (; *letters; letters = g_utf8_next_char(letters))
		if (!pango_font_has_char(font, g_utf8_get_char(letters)))
			return false;
	return true;
}

/* What the machine has of PRINT_FONT. *ret_whole: with every one of these letters. */
static str print_family(struct doctor *d, PangoContext *context, const char *letters, bool *ret_whole)
{
	PangoFontDescription *asked = pango_font_description_from_string(PRINT_FONT), *got;
	PangoFont *font = pango_context_load_font(context, asked);
	str family = S("");
	*ret_whole = font && has_all(font, letters);
	if (font) {
		got = pango_font_describe(font);
		family = str_copy(d->c->mem, str_of(pango_font_description_get_family(got)));
		pango_font_description_free(got);
		g_object_unref(font);
	}
	pango_font_description_free(asked);
	return family;
}

static void fonts(struct doctor *d)
{
	static const char vietnamese[] = "ĂÂĐÊÔƠƯăâđêôơư ẮẰẲẴẶấầẩẫậỆệỗộởỡợựữỳỵỷỹ";
	PangoContext *context = pango_font_map_create_context(pango_cairo_font_map_get_default());
	PangoLayout *l = pango_layout_new(context);
	pango_layout_set_text(l, vietnamese, -1);
	bool good = pango_layout_get_unknown_glyphs_count(l) == 0, whole;
	str family = print_family(d, context, vietnamese, &whole);
	bool times = str_starts(family, S("Liberation Serif")) || str_starts(family, S("Times New Roman"));
	if (!good)
		TELL(d, "fonts", WRONG, &MSG_no_font);
	else if (!whole)
		TELLF(d, "fonts", WARN, &MSG_mixed_font, family);
	else
		TELLF(d, "fonts", times ? FINE : WARN, times ? &MSG_font : &MSG_other_font, family);
	g_object_unref(l);
	g_object_unref(context);
}

enum { SUPERVISORS = 16 };
struct servers { pid_t at[SUPERVISORS]; int n; };

/* The number in the first line of a file of /proc that has the format; 0: there is none. */
static int64_t proc_number(struct doctor *d, const char *pid, const char *file, const char *format)
{
	char line[128];
	long long v = 0;
	FILE *f = fopen(path_of(d->c->mem, "/proc/%s/%s", pid, file), "re");

	while (f && fgets(line, sizeof line, f))
		if (sscanf(line, format, &v) == 1)
			break;
	if (f)
		fclose(f);
	return v;
}

/* Pages of a process that serves this installation, or whose parent does; 0: another, of another installation too. */
static int64_t serving_pages(struct doctor *d, const char *pid, const struct servers *ours)
{
	int64_t self = strtoll(pid, NULL, 10);

	for (int i = 0; i < ours->n; i++)
		if (self == ours->at[i] || proc_number(d, pid, "status", "PPid: %lld") == ours->at[i])
			return proc_number(d, pid, "statm", "%*s %lld");
	return 0;
}

static int64_t memory_left_mb(void)
{
	char line[128];
	long long kb = 0;
	FILE *f = fopen("/proc/meminfo", "re");
	while (f && fgets(line, sizeof line, f))
		if (sscanf(line, "MemAvailable: %lld", &kb) == 1)
			break;
	if (f)
		fclose(f);
	return kb / 1024;
}

static void processes(struct doctor *d)
{
	DIR *proc = opendir("/proc");
	const struct dirent *e;
	int64_t pages = 0, n = 0, left = memory_left_mb();
	struct rlimit files;
	struct servers ours;

	ours.n = serving_by(d->c, ours.at, SUPERVISORS);
	while (proc && (e = readdir(proc)) != NULL) {
		int64_t one = e->d_name[0] >= '1' && e->d_name[0] <= '9' ? serving_pages(d, e->d_name, &ours)
			: 0;
		pages += one;
		n += one > 0;
	}
	if (proc)
		closedir(proc);
	if (n)
		TELLF(d, "serving", left < 256 ? WARN : FINE, &MSG_running, doctor_number(d, n),
			doctor_number(d, pages * (sysconf(_SC_PAGESIZE) / 1024) / 1024), doctor_number(d, left));
	else
		TELL(d, "serving", WARN, &MSG_stopped);
	if (!n && left < 512)
		TELLF(d, "memory", WARN, &MSG_memory, doctor_number(d, left));
	if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_max < 4096)
		TELLF(d, "files", WARN, &MSG_files, doctor_number(d, (int64_t)files.rlim_max));
}

bool doctor_host(struct doctor *d)
{
	bool open = folder(d);

	if (open)
		secrets(d);
	disk(d);
	machine_clock(d);
	certificate(d);
	sandbox(d);
	fonts(d);
	processes(d);
	return open;
}
