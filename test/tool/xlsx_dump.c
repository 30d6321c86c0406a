/* xlsx_dump.c -- prints the cells of a workbook, one a line: sheet TAB row TAB column TAB kind TAB text (JSON-like
 * escapes).
 * For test/xlsx_grid.py, which holds them against openpyxl. -n: only counts rows (bench). */
#include "core/xlsx.h"
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>

struct dump { const char *sheet_name; int sheet; bool quiet; int64_t rows, cells; };

static void print_text(str s)
{
	for (ptrdiff_t i = 0; i < s.n; i++) {
		char ch = s.p[i];
		if (ch == '\n')
			fputs("\\n", stdout);
		else if (ch == '\t')
			fputs("\\t", stdout);
		else if (ch == '\\')
			fputs("\\\\", stdout);
		else if (ch == '\r')
			fputs("\\r", stdout);
		else
			putchar(ch);
	}
}

static bool row(void *arg, int64_t number, const struct cell *cells, int n)
{
	static const char *const kinds[] = { "empty", "text", "number", "day", "moment", "clock", "bool", "error" };
	struct dump *d = arg;
	d->rows++;
	d->cells += n;
	for (int i = 0; i < n && !d->quiet; i++) {
		if (cells[i].kind == CELL_BLANK)
			continue;
		printf("%d\t%lld\t%d\t%s\t", d->sheet, (long long)number, i, kinds[cells[i].kind]);
		print_text(cells[i].text);
		putchar('\n');
	}
	return true;
}

int main(int argc, char **argv)
{
	struct arena mem;
	struct stat st;
	struct xlsx *x;
	struct file_fault why;
	bool quiet = argc > 2 && strcmp(argv[1], "-n") == 0;
	int fd = argc > 1 ? open(argv[argc - 1], O_RDONLY) : -1;
	if (fd < 0 || fstat(fd, &st) != 0 || st.st_size == 0)
		return 2;
	char *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	arena_init(&mem, (size_t)1 << 30);
	enum rc rc = xlsx_open(&mem, (str){ p, st.st_size }, &x, &why);
	struct dump d = { .quiet = quiet };
	for (; rc == OK && d.sheet < xlsx_sheets(x); d.sheet++)
		rc = xlsx_rows(x, d.sheet, row, &d, &why);
	if (rc != OK)
		fprintf(stderr, "%s (%s)\n", why.en, why.detail);
	else if (quiet)
		printf("%lld rows, %lld cells\n", (long long)d.rows, (long long)d.cells);
	arena_free(&mem);
	return rc == OK ? 0 : 1;
}
