/* work_in.h -- between job.c, job_work.c, notify.c and the pages of jobs and notices. */
#ifndef KHUE_WORK_IN_H
#define KHUE_WORK_IN_H
#include "core/job.h"

const struct job *job_named(const struct ctx *c, str name);
static inline int64_t job_limit_s(const struct job *j) { return j && j->limit_s ? j->limit_s : 600; }
/* An actor as text and back; seats whose period is over are left out. */
str actor_text(struct ctx *c);
struct actor *actor_read(struct ctx *c, str text);
/* "vi\nen", and the half that c reads. */
str both_languages(struct ctx *c, const struct tr *text, const str *args, int n);
str in_language(const struct ctx *c, str both);
/* Sends what waits in the outbox: at most 100 letters. */
enum rc outbox_send(struct ctx *c, void *in);
#endif
