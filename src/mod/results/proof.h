/* proof.h -- who published which results, signed; and the proof that a candidate's marks are among them.
 *
 * The publisher's Ed25519 key signs a short text:
 *
 *   khue-results-1\nexam: CODE\ncandidates: N\nroot: HEX\nfile: HEX\npublished: 2026-07-16T08:00:00+07:00\nby: NAME\n
 *
 * A candidate's JSON carries the marks, the path of the Merkle tree (shard.h) and this signature: enough to check
 * the marks without us, with nothing but BLAKE2b and Ed25519. */
#ifndef KHUE_RESULTS_PROOF_H
#define KHUE_RESULTS_PROOF_H
#include "mod/results/shard.h"

struct issue {
	str exam, name, by;                  /* name: of the exam, for people; not signed                      */
	str published;                       /* ISO 8601, as signed                                            */
	int64_t year, count;
	digest root, body;
	uint8_t key[32], signature[64];
};
struct signing { uint8_t key[32], secret[64]; };
void signing_from(const uint8_t seed[static 32], struct signing *ret);
/* Sets key and signature. by must hold no line end. */
void issue_sign(struct arena *a, struct issue *v, const struct signing *k);
bool issue_signed(struct arena *a, const struct issue *v);
str  issue_json(struct arena *a, const struct issue *v);             /* manifest.json                          */
bool issue_read(struct arena *a, str json, struct issue *ret);

/* {"exam","candidate","marks":{..},"foreign_language","published","by","proof":{..}} of the i-th candidate. */
str  result_json(struct arena *a, const struct shard *s, const struct issue *v, int64_t i);

enum proof_end { PROOF_GOOD, PROOF_UNREADABLE, PROOF_INCOMPLETE, PROOF_MARKS, PROOF_SIGNATURE, PROOF_OTHER_KEY };
struct proof_told { struct issue issue; struct marks marks; };
/* key: the only one that is trusted; NULL: whichever the file names. */
enum proof_end proof_check(struct arena *a, str json, const uint8_t *key, struct proof_told *ret);
const struct tr *proof_words(enum proof_end e);
#endif
