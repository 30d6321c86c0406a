/* doctor.h -- what khue doctor looks at: each check says one sentence, good, worth a look, or wrong. */
#ifndef KHUE_DOCTOR_H
#define KHUE_DOCTOR_H
#include "app/boot.h"

enum level { FINE, WARN, WRONG };
struct doctor { struct cli *c; struct app app; bool up /* app.db is open */, json; const char *cert; int n[3]; };
/* check: a stable word for --json; text with {1} {2}.. */
void doctor_say(struct doctor *d, const char *check, enum level level, const struct tr *text, const str *args, int n);
#define TELL(d, check, level, tr)       doctor_say((d), (check), (level), (tr), NULL, 0)
#define TELLF(d, check, level, tr, ...) doctor_say((d), (check), (level), (tr), ARGS(__VA_ARGS__))
str doctor_number(struct doctor *d, int64_t v);

/* folders, keys, disk, clock, certificate, sandbox, fonts, memory; false: the data folder is closed to who asks */
bool doctor_host(struct doctor *d);
/* schema, settings of the engine, history, queues */
void doctor_db(struct doctor *d);
/* e-mail, browsers, SMS and the others: set up? last success, last failure; within doctor_db */
void doctor_channels(struct doctor *d);
void doctor_backup(struct doctor *d);
void doctor_around(struct doctor *d);    /* mail, clamd                                                               */
#endif
