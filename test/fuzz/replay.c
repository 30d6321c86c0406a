/* replay.c -- runs a fuzz target over files and folders given as arguments: one "ok" line a file. A crash ends the
 * program, and its last line names the file. Linked with a target instead of libFuzzer. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	uint8_t *bytes;
	struct stat st;
	size_t n;

	if (!f || fstat(fileno(f), &st) != 0)
		return 1;
	bytes = malloc((size_t)st.st_size + 1);
	if (!bytes)
		return 1;
	n = fread(bytes, 1, (size_t)st.st_size, f);
	fclose(f);
	printf("# %s\n", path);
	fflush(stdout);
	LLVMFuzzerTestOneInput(bytes, n);
	free(bytes);
	printf("ok - %s\n", path);
	return 0;
}

static int replay(const char *path)
{
	struct dirent **names = NULL;
	int n = scandir(path, &names, NULL, alphasort), bad = 0;
	char below[4096];

	if (n < 0)
		return replay_file(path);
	for (int i = 0; i < n; i++) {
		if (names[i]->d_name[0] != '.' && (size_t)snprintf(below, sizeof below, "%s/%s", path, names[i]->d_name)
			< sizeof below)
			bad |= replay(below);
		free(names[i]);
	}
	free(names);
	return bad;
}

int main(int argc, char **argv)
{
	int bad = argc < 2;

	LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
	for (int i = 1; i < argc; i++)
		bad |= replay(argv[i]);
	return bad;
}
