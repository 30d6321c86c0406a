/* shard.h -- the published results of one exam as one immutable file, read where it lies (mmap).
 *
 * Little-endian. Header of 192 bytes, then: codes of the subjects, names of the groups (provinces, clusters),
 * records of one fixed size sorted by candidate number, the upper levels of a Merkle tree over them, and the
 * distributions.
 *
 *   leaf  = BLAKE2b-256( 0x00, "EXAM\nNUMBER\nhoa_hoc=9.25\nma_ngoai_ngu=N1\ntoan=8.6\n" )      names in byte order
 *   node  = BLAKE2b-256( 0x01, left, right ); the last of an odd level goes up as it is
 *   body  = BLAKE2b-256( the file without the 32 bytes that hold body )
 *
 * Root and body are what the publisher signs (proof.h). Levels 0 to 3 are not stored: sixteen leaves are quickly
 * hashed. */
#ifndef KHUE_RESULTS_SHARD_H
#define KHUE_RESULTS_SHARD_H
#include "base/hash.h"
#include "mod/results/marks.h"

enum { SHARD_HEADER = 192, SHARD_BLOCK = 16, SHARD_LEVELS = 32, EXAM_CODE_MAX = 39 };

/* 1..39 lower-case letters, digits and hyphens, not beginning with one: also a folder's name. */
bool exam_code_ok(str code);

struct shard {
	str bytes;
	str exam;
	int64_t n;                           /* candidates                                                     */
	int n_subjects, n_groups, key_size, record_size;
	int subject[SUBJECTS];               /* column of the file -> index of subjects[]                      */
	size_t groups_at, records_at, tree_at, dists_at, pairs_at; uint32_t n_pairs;
	digest root, body;
};
/* Builds the file. s is sorted and has no number twice. */
enum rc shard_make(struct arena *a, const struct mark_set *s, str exam, str *ret);
/* Checks every size and offset, so that nothing below can read outside bytes, whatever they are. False: *why in both
 * languages. */
bool shard_open(str bytes, struct shard *ret, const struct tr **why);
/* Reads every byte: false when one differs from what was written. */
bool shard_whole(const struct shard *s);

/* The place of a candidate, or -1. */
int64_t shard_find(const struct shard *s, str number);
void shard_at(const struct shard *s, int64_t i, struct marks *ret);
str  shard_group(const struct shard *s, int group);          /* empty for NO_GROUP                             */
/* All rows back in memory, e.g. to add another file's. */
void shard_rows(const struct shard *s, struct mark_set *ret);

/* What is hashed of a candidate, without the 0x00; and the leaf. */
str  leaf_text(struct arena *a, str exam, const struct marks *m);
digest leaf_of(str exam, const struct marks *m);
digest node_of(digest left, digest right);
/* The hashes beside the way from leaf i up to the root, lowest first; returns how many (at most SHARD_LEVELS). */
int  shard_path(const struct shard *s, int64_t i, digest ret[static SHARD_LEVELS]);
/* The root that a leaf and its path lead to. False: the path has not the length that i and n ask for. */
bool path_root(digest leaf, int64_t i, int64_t n, const digest *path, int n_path, digest *ret);

/* How many candidates have which mark. column: of the file; group: -1 all. Marks ascend. */
struct dist { const unsigned char *p; uint32_t n; };
struct dist shard_dist(const struct shard *s, int column, int group);
void dist_at(const struct dist *d, uint32_t i, int *ret_mark, int64_t *ret_count);
#endif
