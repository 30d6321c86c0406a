/* keys.c -- see depot.h: for whom backups are enciphered, and how the secret is told; who serves an installation. */
#include "app/backup/depot.h"
#include "mod/results/folder.h"
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

static const struct tr
	MSG_no_key = { "Chưa có khóa sao lưu {1}. Tạo bằng: khue backup --new-key TỆP, hoặc khue backup --new-passphrase",
	               "There is no backup key {1}. Make one: khue backup --new-key FILE, "
	               	"or khue backup --new-passphrase" },
	MSG_bad_key = { "{1} không phải khóa công khai của khue backup.", "{1} is no public key of khue backup." },
	MSG_bad_secret = { "{1} không phải khóa bí mật của khue backup.", "{1} is no secret key of khue backup." },
	MSG_need_key = { "Bản sao lưu này mở bằng khóa bí mật: --key TỆP.",
		"This backup is opened with a secret key: --key FILE." },
	MSG_wrong = { "Khóa hoặc cụm mật khẩu không phải của bản sao lưu này. Không có gì bị thay đổi.",
		"The key or passphrase is not this backup's. Nothing was changed." },
	MSG_ask = { "Cụm mật khẩu của bản sao lưu: ", "Passphrase of the backup: " },
	MSG_no_phrase = { "Không đọc được cụm mật khẩu từ {1}.", "Cannot read the passphrase from {1}." },
	MSG_short = { "Cụm mật khẩu phải dài ít nhất 12 kí tự.", "The passphrase needs at least 12 characters." },
	MSG_memory = { "Không đủ bộ nhớ để tính khóa (cần 256 MB).", "Not enough memory to work the key out (256 MB)." },
	MSG_serving = { "Khuê đang phục vụ dữ liệu ở {1}. Dừng nó trước: systemctl stop khue",
		"Khuê is serving the data in {1}. Stop it first: systemctl stop khue" },
	MSG_no_lock = { "Không mở được {1}/serving: {2}", "Cannot open {1}/serving: {2}" };

static bool whole_file(struct cli *c, const char *path, str *ret)
{
	const char *slash = strrchr(path, '/');
	const char *folder = slash ? str_z(c->mem, (str){ path, slash == path ? 1 : slash - path }) : ".";
	return read_file(c->mem, folder, slash ? slash + 1 : path, 1 << 16, ret);
}

enum rc backup_key(struct cli *c, const char *file, struct vault_key *ret)
{
	const char *path = file ? file : path_of(c->mem, "%s/backup.pub", c->data);
	str text;
	if (!whole_file(c, path, &text))
		return (enum rc)BADF(c, E_MISSING, &MSG_no_key, str_of(path));
	return vault_key_read(text, ret) ? OK : (enum rc)BADF(c, E_INVALID, &MSG_bad_key, str_of(path));
}

static bool from_terminal(struct cli *c, const struct tr *ask, char *line, int size)
{
	struct termios was, quiet;
	FILE *tty = fopen("/dev/tty", "r+e");
	bool good = tty && tcgetattr(fileno(tty), &was) == 0;
	if (good) {
		quiet = was;
		quiet.c_lflag &= ~(tcflag_t)ECHO;
		fputs(c->lang == VI ? ask->vi : ask->en, tty);
		fflush(tty);
		tcsetattr(fileno(tty), TCSAFLUSH, &quiet);
		good = fgets(line, size, tty) != NULL;
		tcsetattr(fileno(tty), TCSAFLUSH, &was);
		fputc('\n', tty);
	}
	if (tty)
		fclose(tty);
	return good;
}

enum rc read_passphrase(struct cli *c, const char *file, const struct tr *ask, str *ret)
{
	char line[1024] = "";
	bool good;
	if (!file) {
		good = from_terminal(c, ask, line, sizeof line);
	} else {
		FILE *f = strcmp(file, "-") == 0 ? stdin : fopen(file, "re");
		good = f && fgets(line, sizeof line, f) != NULL;
		if (f && f != stdin)
			fclose(f);
	}
	if (!good)
		return (enum rc)BADF(c, E_MISSING, &MSG_no_phrase, str_of(file ? file : "/dev/tty"));
	line[strcspn(line, "\r\n")] = 0;
	*ret = str_copy(c->mem, str_of(line));
	sodium_memzero(line, sizeof line);
	return str_chars(*ret) >= 12 ? OK : (enum rc)BAD(c, E_INVALID, &MSG_short);
}

enum rc backup_secret(struct cli *c, const char *key_file, const char *passphrase_file, const struct vault_key *of,
	struct vault_secret *ret)
{
	struct vault_key key = *of;
	str text;
	if (key_file) {
		if (!whole_file(c, key_file, &text) || !vault_secret_read(text, ret))
			return (enum rc)BADF(c, E_INVALID, &MSG_bad_secret, str_of(key_file));
		sodium_memzero((void *)(uintptr_t)text.p, (size_t)text.n);
	} else if (of->kind == 0) {
		return (enum rc)BAD(c, E_INVALID, &MSG_need_key);
	} else {
		TRY(read_passphrase(c, passphrase_file, &MSG_ask, &text));
		bool good = vault_pair_of(text, &key, ret);
		sodium_memzero((void *)(uintptr_t)text.p, (size_t)text.n);
		if (!good)
			return (enum rc)BAD(c, E_FAULT, &MSG_memory);
	}
	return vault_fits(of, ret) ? OK : (enum rc)BAD(c, E_DENIED, &MSG_wrong);
}

/* ---- who serves ----------------------------------------------------------------------------------------- */

static enum rc hold(struct cli *c, const char *data, int how, int *ret_fd)
{
	*ret_fd = open(path_of(c->mem, "%s/serving", data), O_RDONLY | O_CREAT | O_CLOEXEC, 0600);
	if (*ret_fd < 0)
		return (enum rc)BADF(c, E_FAULT, &MSG_no_lock, str_of(data), str_of(strerror(errno)));
	if (flock(*ret_fd, how | LOCK_NB) == 0)
		return OK;
	close(*ret_fd);
	*ret_fd = -1;
	return (enum rc)BADF(c, E_STATE, &MSG_serving, str_of(data));
}

enum rc serving_begin(struct cli *c, int *ret_fd)
{
	TRY(hold(c, c->data, LOCK_SH, ret_fd));
	/* and the byte of its number: who looks learns from the lock which process it is */
	fcntl(*ret_fd, F_SETLK, &(struct flock){ .l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = getpid(),
		.l_len = 1 });
	return OK;
}

int serving_by(struct cli *c, pid_t *ret, int most)
{
	int fd = open(path_of(c->mem, "%s/serving", c->data), O_RDONLY | O_CLOEXEC), n = 0;
	struct flock at = { .l_whence = SEEK_SET };

	while (fd >= 0 && n < most) {
		at.l_type = F_WRLCK;
		at.l_len = 0;
		if (fcntl(fd, F_GETLK, &at) != 0 || at.l_type == F_UNLCK)
			break;
		ret[n++] = (pid_t)at.l_start;
		at.l_start += at.l_len;
		at.l_whence = SEEK_SET;
	}
	if (fd >= 0)
		close(fd);
	return n;
}

enum rc serving_none(struct cli *c, const char *data, int *ret_fd)
{
	*ret_fd = -1;
	return access(data, F_OK) == 0 ? hold(c, data, LOCK_EX, ret_fd) : OK;
}
