/* cli.h -- the commands of the program: their table, their options, what they print. Messages are Vietnamese or English
 * by --lang, else LANG. The exit code of a failure is its enum rc. */
#ifndef KHUE_CLI_H
#define KHUE_CLI_H
#include "core/ctx.h"

struct cli {
	struct arena *mem;
	enum lang lang;
	const struct command *command;
	const char *data;                /* folder of the installation: --data, KHUE_DATA, ./var/khue          */
	const char *where;               /* database: --db, KHUE_DB, DATA/khue.db                              */
	const char *read;                /* a standby of it: --db-read, KHUE_DB_READ; NULL: none               */
	char **args; int n;              /* what no option has taken yet                                       */
};
struct command {
	const char *name;
	struct tr summary, use, help;    /* use: what follows the name; help: paragraphs, closed by \n         */
	int (*run)(struct cli *c);       /* returns an exit code                                               */
};
extern const struct command commands[];                              /* closed by name NULL                 */

/* Takes an option out of the arguments. cli_value: false without it; a value that is missing ends the program. */
bool cli_flag(struct cli *c, const char *name);
bool cli_value(struct cli *c, const char *name, const char **ret);
/* The same for a number within bounds; anything else ends the program with a message. */
int64_t cli_number(struct cli *c, const char *name, int64_t otherwise, int64_t min, int64_t max);
/* The next argument that is no option; NULL when there is none. */
const char *cli_next(struct cli *c);
/* To be called when every option has been taken: ends the program with a message when something is left. */
void cli_end(struct cli *c);

/* A line on standard output, {1} {2}.. replaced. */
void cli_say(struct cli *c, const struct tr *text, const str *args, int n);
/* A line on standard error; returns the exit code of rc. */
int  cli_fail(struct cli *c, enum rc rc, const struct tr *text, const str *args, int n);
#define SAY(c, tr)          cli_say((c), (tr), NULL, 0)
#define SAYF(c, tr, ...)    cli_say((c), (tr), ARGS(__VA_ARGS__))
#define BAD(c, rc, tr)      cli_fail((c), (rc), (tr), NULL, 0)
#define BADF(c, rc, tr, ...) cli_fail((c), (rc), (tr), ARGS(__VA_ARGS__))
/* Problems that ctx collected, one a line on standard error; returns the exit code of rc. */
int  cli_problems(struct cli *c, const struct ctx *x, enum rc rc);

/* The address in a file that nobody else may read; anything else ends the program with a message. */
const char *cli_address_in(struct cli *c, const char *path);
/* A database address as it may be shown: without its password. */
str cli_address(struct cli *c, const char *where);
/* Work by hand on the package's installation knows what its service knows: the settings of /etc/khue/khue.env whose
 * KHUE_DATA is this folder, unless the environment has them. told: the command line named another database, then
 * nothing about databases. */
void cli_settings(struct cli *c, bool told);
/* The mark beside DATA/khue.db that says where its content went. */
const char *cli_moved(struct cli *c);

int cmd_serve(struct cli *c);
int cmd_demo(struct cli *c);
int cmd_init(struct cli *c);
int cmd_check(struct cli *c);
int cmd_migrate(struct cli *c);
int cmd_backup(struct cli *c);
int cmd_restore(struct cli *c);
int cmd_doctor(struct cli *c);
int cmd_move(struct cli *c);
int cmd_user(struct cli *c);
int cmd_matrix(struct cli *c);
int cmd_docs(struct cli *c);
int cmd_job(struct cli *c);
int cmd_key(struct cli *c);
int cmd_export(struct cli *c);
int cmd_breach(struct cli *c);
int cmd_trace(struct cli *c);
int cmd_import(struct cli *c);
int import_results(struct cli *c);
int import_pupils(struct cli *c);
int import_staff(struct cli *c);
int import_schools(struct cli *c);
int import_units(struct cli *c);
int import_boundaries(struct cli *c);
int cmd_publish(struct cli *c);
int cmd_results(struct cli *c);
int cmd_scheme(struct cli *c);
int cmd_search(struct cli *c);
#endif
