#include "web/manager.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct manager manager_of(void)
{
	const char *patience = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");
	struct manager m = { 0 };

	if (patience && (!pid || strtoll(pid, NULL, 10) == getpid()))
		m.every_ms = strtoll(patience, NULL, 10) / 3000;
	return m;
}

bool manager_tell(const char *text)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	size_t n = path ? strlen(path) : 0;

	if (n < 2 || n >= sizeof to.sun_path || (path[0] != '/' && path[0] != '@'))
		return false;
	memcpy(to.sun_path, path, n);
	if (path[0] == '@')
		to.sun_path[0] = 0;                  /* a name that is no file */
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return false;
	/* a manager that does not read must not hold up who watches the workers */
	ssize_t sent = sendto(fd, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT, (struct sockaddr *)&to,
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) + n));
	close(fd);
	return sent == (ssize_t)strlen(text);
}

void manager_pulse(struct manager *m, int64_t now, bool all_serve, bool somebody_answers)
{
	if (!m->ready && all_serve) {
		m->ready = true;
		manager_tell("READY=1\nSTATUS=Khuê serves");
	}
	if (!m->ready || !m->every_ms || !somebody_answers || now - m->told < m->every_ms)
		return;
	m->told = now;
	manager_tell("WATCHDOG=1");
}
