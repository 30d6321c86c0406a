/* shard_make.c -- writing a shard: the whole file in memory, then its hashes. */
#include "mod/results/shard.h"
#include "mod/results/bytes.h"

enum { MARKS = MARK_MAX + 1 };
struct making {
	struct arena *a; const struct mark_set *s; str exam;
	int subject[SUBJECTS], n_subjects, key_size, record_size;
	uint32_t *counts;                        /* [group + 1][subject][mark]; group 0 of it is all    */
	uint32_t n_pairs;
	size_t groups_at, records_at, tree_at, dists_at, pairs_at, size;
	unsigned char *p;
};

static uint32_t *counts_of(const struct making *m, int group, int k)
{
	return m->counts + ((size_t)(group + 1) * (size_t)m->n_subjects + (size_t)k) * MARKS;
}

static void measure(struct making *m)
{
	for (int i = 0; subjects[i].code; i++)
		if (m->s->has[i])
			m->subject[m->n_subjects++] = i;
	for (int64_t i = 0; i < m->s->n; i++) {
		int n = (int)strlen(m->s->rows[i].number);
		m->key_size = n > m->key_size ? n : m->key_size;
	}
	m->record_size = m->key_size + RECORD_REST + 2 * m->n_subjects;
}

static void count_marks(struct making *m)
{
	m->counts = NEWS(m->a, uint32_t, (m->s->n_groups + 1) * m->n_subjects * MARKS);
	for (int64_t i = 0; i < m->s->n; i++) {
		const struct marks *r = &m->s->rows[i];
		for (int k = 0; k < m->n_subjects; k++) {
			int v = r->at[m->subject[k]];
			if (v == NO_MARK)
				continue;
			counts_of(m, -1, k)[v]++;
			if (r->group != NO_GROUP)
				counts_of(m, r->group, k)[v]++;
		}
	}
	for (int i = 0; i < (m->s->n_groups + 1) * m->n_subjects * MARKS; i++)
		m->n_pairs += m->counts[i] != 0;
}

static void place(struct making *m)
{
	m->groups_at = SHARD_HEADER + (size_t)m->n_subjects * SUBJECT_BYTES;
	m->records_at = m->groups_at + (size_t)m->s->n_groups * GROUP_BYTES;
	m->tree_at = m->records_at + (size_t)m->s->n * (size_t)m->record_size;
	m->dists_at = m->tree_at + (size_t)tree_nodes(m->s->n) * 32;
	m->pairs_at = m->dists_at + (size_t)(m->s->n_groups + 1) * (size_t)m->n_subjects * DIST_BYTES;
	m->size = m->pairs_at + (size_t)m->n_pairs * PAIR_BYTES;
	m->p = arena_alloc(m->a, m->size, 8);
}

static void write_header(struct making *m)
{
	memcpy(m->p, SHARD_MAGIC, 8);
	put32(m->p + AT_COUNT, (uint32_t)m->s->n);
	put16(m->p + AT_N_SUBJECTS, (unsigned)m->n_subjects);
	put16(m->p + AT_N_GROUPS, (unsigned)m->s->n_groups);
	put16(m->p + AT_KEY_SIZE, (unsigned)m->key_size);
	put16(m->p + AT_RECORD_SIZE, (unsigned)m->record_size);
	put16(m->p + AT_BLOCK, SHARD_BLOCK);
	put32(m->p + AT_N_PAIRS, m->n_pairs);
	put64(m->p + AT_SUBJECTS, SHARD_HEADER);
	put64(m->p + AT_GROUPS, m->groups_at);
	put64(m->p + AT_RECORDS, m->records_at);
	put64(m->p + AT_TREE, m->tree_at);
	put64(m->p + AT_DISTS, m->dists_at);
	put64(m->p + AT_PAIRS, m->pairs_at);
	put64(m->p + AT_SIZE, m->size);
	memcpy(m->p + AT_EXAM, m->exam.p, (size_t)m->exam.n);
	for (int k = 0; k < m->n_subjects; k++)
		memcpy(m->p + SHARD_HEADER + k * SUBJECT_BYTES, subjects[m->subject[k]].code,
			strlen(subjects[m->subject[k]].code));
	for (int g = 0; g < m->s->n_groups; g++)
		memcpy(m->p + m->groups_at + (size_t)g * GROUP_BYTES, m->s->groups[g].name.p, (size_t)m->s->groups[g].name.n);
}

static void write_records(struct making *m)
{
	for (int64_t i = 0; i < m->s->n; i++) {
		const struct marks *r = &m->s->rows[i];
		unsigned char *p = m->p + m->records_at + (size_t)i * (size_t)m->record_size;
		memcpy(p, r->number, (size_t)m->key_size);
		p += m->key_size;
		put16(p, r->group);
		p[2] = r->language;
		for (int k = 0; k < m->n_subjects; k++)
			put16(p + RECORD_REST + 2 * k, (unsigned)r->at[m->subject[k]] & 0xFFFF);
	}
}

/* Every level is made at once; those above the blocks are stored one after another. */
static digest write_tree(struct making *m)
{
	int64_t n = m->s->n;
	digest *level = NEWS(m->a, digest, n);
	unsigned char *to = m->p + m->tree_at;

	for (int64_t i = 0; i < n; i++)
		level[i] = leaf_of(m->exam, &m->s->rows[i]);
	for (int height = 0; n > 1 || height <= 4; height++) {
		if (height >= 4) {
			memcpy(to, level, (size_t)n * 32);
			to += n * 32;
			if (n == 1)
				break;
		}
		for (int64_t i = 0; i + 1 < n; i += 2)
			level[i / 2] = node_of(level[i], level[i + 1]);
		if (n % 2)
			level[n / 2] = level[n - 1];
		n = (n + 1) / 2;
	}
	return level[0];
}

static void write_dists(struct making *m)
{
	uint32_t next = 0;

	for (int i = 0; i < (m->s->n_groups + 1) * m->n_subjects; i++) {
		unsigned char *p = m->p + m->dists_at + (size_t)i * DIST_BYTES;
		uint32_t first = next;
		for (int v = 0; v < MARKS; v++) {
			uint32_t count = m->counts[(size_t)i * MARKS + (size_t)v];
			unsigned char *pair = m->p + m->pairs_at + (size_t)next * PAIR_BYTES;
			if (!count)
				continue;
			put16(pair, (unsigned)v);
			put32(pair + 4, count);
			next++;
		}
		put32(p, first);
		put32(p + 4, next - first);
	}
}

enum rc shard_make(struct arena *a, const struct mark_set *s, str exam, str *ret)
{
	struct making m = { .a = a, .s = s, .exam = exam };
	digest root, body;

	if (s->n == 0 || !exam_code_ok(exam))
		return E_INVALID;
	if (s->n > INT32_MAX)
		return E_LIMIT;
	measure(&m);
	if (m.n_subjects == 0)
		return E_INVALID;
	count_marks(&m);
	place(&m);
	write_header(&m);
	write_records(&m);
	write_dists(&m);
	root = write_tree(&m);
	memcpy(m.p + AT_ROOT, root.b, 32);
	body = shard_body((str){ (const char *)m.p, (ptrdiff_t)m.size });
	memcpy(m.p + AT_BODY, body.b, 32);
	*ret = (str){ (const char *)m.p, (ptrdiff_t)m.size };
	return OK;
}
