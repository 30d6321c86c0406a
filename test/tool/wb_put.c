/* wb_put.c -- puts texts and numbers into cells of a workbook: wb_put IN OUT SHEET ROW COLUMN TEXT .. (counted from
 * 0). For test/import/run, which holds the result against openpyxl's view of both files. */
#include "core/workbook.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static bool is_number(const char *s)
{
	char *end;

	(void)strtod(s, &end);
	return *s && !*end;
}

int main(int argc, char **argv)
{
	struct arena mem;
	struct workbook *w;
	struct file_fault why = { 0 };
	int in = argc > 2 ? open(argv[1], O_RDONLY) : -1;
	int out = argc > 2 ? open(argv[2], O_RDWR | O_CREAT | O_TRUNC, 0600) : -1;

	if (in < 0 || out < 0)
		return 2;
	arena_init(&mem, (size_t)512 << 20);
	enum rc rc = wb_open(&mem, in, (str){ 0 }, &w, &why);
	for (int i = 3; rc == OK && i + 3 < argc; i += 4)
		rc = wb_put(w, atoi(argv[i]), atoi(argv[i + 1]), atoi(argv[i + 2]), is_number(argv[i + 3]),
			str_of(argv[i + 3]));
	if (rc == OK)
		rc = wb_write(w, in, (str){ 0 }, out, &why);
	if (rc != OK)
		fprintf(stderr, "wb_put: %d %s %s\n", (int)rc, why.en ? why.en : "", why.detail ? why.detail : "");
	close(in);
	close(out);
	arena_free(&mem);
	return rc == OK ? 0 : 1;
}
