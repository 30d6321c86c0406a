/* bytes.h -- the places of things in a shard (shard.h), for its writer and its reader. Numbers are little-endian. */
#ifndef KHUE_RESULTS_BYTES_H
#define KHUE_RESULTS_BYTES_H
#include "mod/results/shard.h"

#define SHARD_MAGIC "KHUERES\1"
enum { AT_COUNT = 8, AT_N_SUBJECTS = 12, AT_N_GROUPS = 14, AT_KEY_SIZE = 16, AT_RECORD_SIZE = 18, AT_BLOCK = 20,
	AT_N_PAIRS = 24,
       AT_SUBJECTS = 32, AT_GROUPS = 40, AT_RECORDS = 48, AT_TREE = 56, AT_DISTS = 64, AT_PAIRS = 72, AT_SIZE = 80,
AT_EXAM = 88,
       AT_ROOT = 128, AT_BODY = 160 };
/* A record: number, group (2), language (1), 0, marks (2 each). A dist: first pair, number of pairs. A pair: mark,
 * 0, count. */
enum { SUBJECT_BYTES = 16, RECORD_REST = 4, DIST_BYTES = 8, PAIR_BYTES = 8 };

static inline const unsigned char *at_byte(str s, size_t at) { return (const unsigned char *)s.p + at; }
static inline uint16_t get16(const unsigned char *p) { return (uint16_t)(p[0] | p[1] << 8); }
static inline uint32_t get32(const unsigned char *p) { return get16(p) | (uint32_t)get16(p + 2) << 16; }
static inline uint64_t get64(const unsigned char *p) { return get32(p) | (uint64_t)get32(p + 4) << 32; }
static inline void put16(unsigned char *p, unsigned v) { p[0] = (unsigned char)v; p[1] = (unsigned char)(v >> 8); }
static inline void put32(unsigned char *p, uint32_t v) { put16(p, v & 0xFFFF); put16(p + 2, v >> 16); }
static inline void put64(unsigned char *p, uint64_t v) { put32(p, (uint32_t)v); put32(p + 4, (uint32_t)(v >> 32)); }

/* Stored nodes of the tree over n leaves: levels 4 and up. */
int64_t tree_nodes(int64_t n);
digest  shard_body(str bytes);
#endif
