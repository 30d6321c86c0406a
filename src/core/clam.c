/* clam.c -- see clam.h: the INSTREAM command of clamd(8). */
#include "core/clam.h"
#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

enum { PIECE = 1 << 16 };

static int reach(const char *path, int wait_s)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	struct timeval wait = { wait_s, 0 };
	if (strlen(path) >= sizeof at.sun_path)
		return -1;
	memcpy(at.sun_path, path, strlen(path) + 1);
	int s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (s < 0)
		return -1;
	setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
	setsockopt(s, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
	if (connect(s, (struct sockaddr *)&at, sizeof at) != 0) {
		close(s);
		return -1;
	}
	return s;
}

static bool tell(int s, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t did = send(s, p, n, MSG_NOSIGNAL);
		if (did <= 0)
			return false;
		p += did;
		n -= (size_t)did;
	}
	return true;
}

static bool tell_piece(int s, const char *p, size_t n)
{
	uint32_t size = htonl((uint32_t)n);
	return tell(s, (const char *)&size, sizeof size) && tell(s, p, n);
}

static bool tell_all(int s, int fd, str bytes)
{
	char piece[PIECE];
	for (off_t at = 0;;) {
		ssize_t n = fd >= 0 ? pread(fd, piece, PIECE, at) : bytes.n - at < PIECE ? bytes.n - at : PIECE;
		if (n < 0 || (n > 0 && !tell_piece(s, fd >= 0 ? piece : bytes.p + at, (size_t)n)))
			return false;
		if (n == 0)
			return tell_piece(s, "", 0);
		at += n;
	}
}

enum clam clam_scan(struct arena *mem, int fd, str bytes, int wait_s, str *found)
{
	const char *path = getenv("KHUE_CLAMD");
	char answer[512];
	ssize_t n = 0, got;
	if (!path || !*path)
		return CLAM_OFF;
	int s = reach(path, wait_s);
	if (s < 0)
		return CLAM_DOWN;
	bool said = tell(s, "zINSTREAM", 10) && tell_all(s, fd, bytes);
	while (said && n < (ssize_t)sizeof answer && (got = recv(s, answer + n, sizeof answer - (size_t)n, 0)) > 0)
		n += got;
	close(s);
	str a = { answer, n };
	if (a.n > 0 && a.p[a.n - 1] == 0)
		a.n--;
	if (str_eq(a, S("stream: OK")))
		return CLAM_CLEAN;
	if (!str_starts(a, S("stream: ")) || !str_ends(a, S(" FOUND")))
		return CLAM_DOWN;
	*found = str_copy(mem, str_sub(a, 8, a.n - 6));
	return CLAM_FOUND;
}
