/* live.h -- the folder DATA/results as this process sees it: published exams mapped, drafts read and written.
 *
 * DATA/results/EXAM/draft.khs       what was imported and not yet published
 * DATA/results/EXAM/ROOT.khs        a published shard, never changed; named by 16 digits of its root
 * DATA/results/EXAM/manifest.json   which shard is published, by whom, signed; replaced by rename
 * DATA/results/EXAM/withdrawn.json  that its results were taken back, by whom and why; until the next publication
 * DATA/keys/results.key             the seed of the publishing key, 0400; results.pub: the public key as base64url */
#ifndef KHUE_RESULTS_LIVE_H
#define KHUE_RESULTS_LIVE_H
#include "core/ctx.h"
#include "mod/results/proof.h"

struct live {
	struct shard shard; struct issue issue;
	str published;                       /* as people write it                                             */
	uint16_t (*below)[MARK_MAX + 1];     /* [column][mark]: thousandths of the candidates with a lower mark */
};

/* The published exam of that code: E_MISSING when there is none, E_FAULT (said and logged) when its files are
 * damaged. It is checked byte by byte when this process first sees it, and stays mapped until another is published. */
enum rc live_exam(struct ctx *c, str code, const struct live **ret);
/* All published exams, newest year first; damaged ones are left out (and logged). */
enum rc live_list(struct ctx *c, const struct live *const **ret, int *n);

/* The rows of the draft, or of what is published when there is no draft; neither: an empty set. */
enum rc draft_read(struct ctx *c, str code, struct mark_set *ret);
enum rc draft_write(struct ctx *c, str code, const struct mark_set *set);
bool    draft_exists(struct ctx *c, str code);

/* The publishing key, made at its first use. */
enum rc publishing_key(struct ctx *c, struct signing *ret);
/* Publishes the draft (or again what is published): sets *v's count, root, body, key and signature; the files are
 * durable and in their places on OK and untouched otherwise. */
enum rc live_publish(struct ctx *c, struct issue *v);
/* What the public reads of an exam whose results were taken back, until they are published again. */
struct withdrawn { str exam, name, by, reason; int64_t year; instant at; };
/* Takes the manifest away and leaves this in its place; the shard stays as the next draft. */
enum rc live_withdraw(struct ctx *c, const struct withdrawn *w);
/* E_MISSING: the exam was never published, or is. */
enum rc live_withdrawn(struct ctx *c, str code, struct withdrawn *ret);
/* All of them, newest year first: struct withdrawn. */
void live_withdrawn_list(struct ctx *c, items *ret);
#endif
