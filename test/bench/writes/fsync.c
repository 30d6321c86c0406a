/* fsync -- how often this disk makes 4 kB durable: fsync FILE [SECONDS]. Prints the number a second. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	static char page[4096];
	double begin = now(), most = argc > 2 ? atof(argv[2]) : 2;
	int fd = argc > 1 ? open(argv[1], O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1, n = 0;
	if (fd < 0)
		return 2;
	for (; now() - begin < most; n++)
		if (pwrite(fd, page, sizeof page, (off_t)(n % 4096) * 4096) != sizeof page || fdatasync(fd) != 0)
			return 1;
	printf("%.1f\n", n / (now() - begin));
	unlink(argv[1]);
	return 0;
}
