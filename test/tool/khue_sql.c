/* khue_sql.c -- changes a database behind the program's back, for tests that plant something: khue_sql
 * FILE|postgres://.. SQL..
 * A plain SQLite would leave the checksums of the pages it writes as they were (src/db/sums.h). */
#include "db/db.h"
#include <stdio.h>

int main(int argc, char **argv)
{
	struct db *d;
	char why[256];
	enum rc rc = OK;

	if (argc < 3)
		return 2;
	if (db_open(&d, argv[1], 0, why) != OK) {
		fprintf(stderr, "%s\n", why);
		return 1;
	}
	for (int i = 2; i < argc && rc == OK; i++)
		rc = db_script(d, str_of(argv[i]));
	if (rc != OK)
		fprintf(stderr, "%s\n", db_why(d));
	db_close(d);
	return rc == OK ? 0 : 1;
}
