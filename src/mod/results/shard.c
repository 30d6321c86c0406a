/* shard.c -- reading a shard. Nothing in a file is believed before it is checked. */
#include "mod/results/shard.h"
#include "mod/results/bytes.h"
#include "base/calendar.h"

static const struct tr
	MSG_magic = { "Đây không phải tệp kết quả thi của Khuê", "This is not a result file of Khuê" },
	MSG_version = { "Tệp kết quả thi thuộc phiên bản khác", "The result file is of another version" },
	MSG_damaged = { "Tệp kết quả thi bị hỏng hoặc bị cắt bớt", "The result file is damaged or cut short" };

bool exam_code_ok(str code)
{
	for (ptrdiff_t i = 0; i < code.n; i++)
		if (!((code.p[i] >= 'a' && code.p[i] <= 'z') || (code.p[i] >= '0' && code.p[i] <= '9') ||
			(i && code.p[i] == '-')))
			return false;
	return code.n > 0 && code.n <= EXAM_CODE_MAX;
}

/* ---- opening ------------------------------------------------------------------------------------- */

/* True when `count` things of `size` bytes at `at` lie within the file. */
static bool lies_within(str bytes, uint64_t at, uint64_t count, uint64_t size)
{
	uint64_t n = (uint64_t)bytes.n;

	return at >= SHARD_HEADER && at <= n && (size == 0 || count <= (n - at) / size);
}

int64_t tree_nodes(int64_t n)
{
	int64_t width = (n + SHARD_BLOCK - 1) / SHARD_BLOCK, total = width;

	while (width > 1) {
		width = (width + 1) / 2;
		total += width;
	}
	return total;
}

static bool read_subjects(struct shard *s, size_t at)
{
	for (int i = 0; i < s->n_subjects; i++) {
		const char *p = s->bytes.p + at + (size_t)i * SUBJECT_BYTES;
		s->subject[i] = subject_named((str){ p, (ptrdiff_t)strnlen(p, SUBJECT_BYTES) });
		if (s->subject[i] < 0)
			return false;
		for (int k = 0; k < i; k++)
			if (s->subject[k] == s->subject[i])
				return false;
	}
	return true;
}

static bool read_dists(const struct shard *s)
{
	for (int i = 0; i < (s->n_groups + 1) * s->n_subjects; i++) {
		const unsigned char *p = at_byte(s->bytes, s->dists_at + (size_t)i * DIST_BYTES);
		uint32_t first = get32(p), count = get32(p + 4);
		if (first > s->n_pairs || count > s->n_pairs - first)
			return false;
	}
	return true;
}

static bool read_header(struct shard *s)
{
	const unsigned char *h = at_byte(s->bytes, 0);
	size_t subjects_at = get64(h + AT_SUBJECTS);

	s->n = get32(h + AT_COUNT);
	s->n_subjects = get16(h + AT_N_SUBJECTS);
	s->n_groups = get16(h + AT_N_GROUPS);
	s->key_size = get16(h + AT_KEY_SIZE);
	s->record_size = get16(h + AT_RECORD_SIZE);
	s->n_pairs = get32(h + AT_N_PAIRS);
	s->groups_at = get64(h + AT_GROUPS);
	s->records_at = get64(h + AT_RECORDS);
	s->tree_at = get64(h + AT_TREE);
	s->dists_at = get64(h + AT_DISTS);
	s->pairs_at = get64(h + AT_PAIRS);
	s->exam = (str){ s->bytes.p + AT_EXAM, (ptrdiff_t)strnlen(s->bytes.p + AT_EXAM, EXAM_CODE_MAX + 1) };
	memcpy(s->root.b, h + AT_ROOT, 32);
	memcpy(s->body.b, h + AT_BODY, 32);
	return get64(h + AT_SIZE) == (uint64_t)s->bytes.n && s->n > 0 && s->n_subjects > 0 && s->n_subjects <= SUBJECTS &&
		s->n_groups <= GROUPS_MAX && s->key_size > 0 && s->key_size <= NUMBER_MAX && s->exam.n <= EXAM_CODE_MAX &&
		s->exam.n > 0 &&
		s->record_size == s->key_size + RECORD_REST + 2 * s->n_subjects && get16(h + AT_BLOCK) == SHARD_BLOCK &&
		lies_within(s->bytes, subjects_at, (uint64_t)s->n_subjects, SUBJECT_BYTES) &&
		lies_within(s->bytes, s->groups_at, (uint64_t)s->n_groups, GROUP_BYTES) &&
		lies_within(s->bytes, s->records_at, (uint64_t)s->n, (uint64_t)s->record_size) &&
		lies_within(s->bytes, s->tree_at, (uint64_t)tree_nodes(s->n), 32) &&
		lies_within(s->bytes, s->dists_at, (uint64_t)((s->n_groups + 1) * s->n_subjects), DIST_BYTES) &&
		lies_within(s->bytes, s->pairs_at, s->n_pairs, PAIR_BYTES) && read_subjects(s, subjects_at);
}

bool shard_open(str bytes, struct shard *ret, const struct tr **why)
{
	struct shard s = { .bytes = bytes };
	bool ours = bytes.n >= 8 && memcmp(bytes.p, SHARD_MAGIC, 7) == 0;

	*why = !ours ? &MSG_magic : bytes.p[7] != SHARD_MAGIC[7] ? &MSG_version : &MSG_damaged;
	if (!ours || bytes.p[7] != SHARD_MAGIC[7] || bytes.n < SHARD_HEADER || !read_header(&s) || !read_dists(&s))
		return false;
	*ret = s;
	return true;
}

digest shard_body(str bytes)
{
	struct hasher h;

	hash_begin(&h);
	hash_add(&h, str_sub(bytes, 0, AT_BODY));
	hash_add(&h, str_sub(bytes, AT_BODY + 32, -1));
	return hash_end(&h);
}

bool shard_whole(const struct shard *s)
{
	digest d = shard_body(s->bytes);

	return memcmp(d.b, s->body.b, 32) == 0;
}

/* ---- candidates ---------------------------------------------------------------------------------- */

static const unsigned char *record_at(const struct shard *s, int64_t i)
{
	return at_byte(s->bytes, s->records_at + (size_t)i * (size_t)s->record_size);
}

int64_t shard_find(const struct shard *s, str number)
{
	char key[NUMBER_MAX + 1];
	int64_t low = 0, high = s->n;

	if (!number_read(number, key) || strlen(key) > (size_t)s->key_size)
		return -1;
	while (low < high) {
		int64_t mid = low + (high - low) / 2;
		if (memcmp(record_at(s, mid), key, (size_t)s->key_size) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < s->n && memcmp(record_at(s, low), key, (size_t)s->key_size) == 0 ? low : -1;
}

void shard_at(const struct shard *s, int64_t i, struct marks *ret)
{
	const unsigned char *p = record_at(s, i);

	*ret = (struct marks){ 0 };
	memcpy(ret->number, p, (size_t)s->key_size);
	p += s->key_size;
	ret->group = get16(p);
	if (ret->group >= s->n_groups)
		ret->group = NO_GROUP;
	ret->language = *language_code(p[2]) ? p[2] : 0;
	for (int k = 0; k < SUBJECTS; k++)
		ret->at[k] = NO_MARK;
	for (int k = 0; k < s->n_subjects; k++) {
		unsigned v = get16(p + RECORD_REST + 2 * k);
		ret->at[s->subject[k]] = v <= MARK_MAX ? (int16_t)v : NO_MARK;
	}
}

str shard_group(const struct shard *s, int group)
{
	const char *p;

	if (group < 0 || group >= s->n_groups)
		return S("");
	p = s->bytes.p + s->groups_at + (size_t)group * GROUP_BYTES;
	return (str){ p, (ptrdiff_t)strnlen(p, GROUP_BYTES) };
}

void shard_rows(const struct shard *s, struct mark_set *ret)
{
	uint16_t groups[GROUPS_MAX];

	for (int g = 0; g < s->n_groups; g++)
		groups[g] = mark_set_group(ret, shard_group(s, g));
	for (int64_t i = 0; i < s->n; i++) {
		struct marks *m = mark_set_add(ret);
		shard_at(s, i, m);
		if (m->group != NO_GROUP)
			m->group = groups[m->group];
	}
	for (int k = 0; k < s->n_subjects; k++)
		ret->has[s->subject[k]] = true;
}

/* ---- the tree -------------------------------------------------------------------------------------- */

static void put_mark(struct buf *b, int mark)
{
	put_int(b, mark / 100);
	if (mark % 100) {
		put_c(b, '.');
		put_c(b, (char)('0' + mark / 10 % 10));
		if (mark % 10)
			put_c(b, (char)('0' + mark % 10));
	}
	put_c(b, '\n');
}

/* Begins with the byte 0 that tells leaves from nodes. Fixed room: 40 + 16 + 16 names of at most 15 bytes with
 * "=10.00\n". */
static void put_leaf(struct buf *b, str exam, const struct marks *m)
{
	put_c(b, '\0');
	put(b, exam);
	put_c(b, '\n');
	put_z(b, m->number);
	put_c(b, '\n');
	for (int k = 0; k < LEAF_NAMES; k++) {
		int i = leaf_order[k];
		if (i == LEAF_LANGUAGE && m->language) {
			put_fmt(b, "ma_ngoai_ngu=%s\n", language_code(m->language));
		} else if (i != LEAF_LANGUAGE && m->at[i] != NO_MARK) {
			put_z(b, subjects[i].code);
			put_c(b, '=');
			put_mark(b, m->at[i]);
		}
	}
}

str leaf_text(struct arena *a, str exam, const struct marks *m)
{
	struct buf b;

	buf_init(&b, a, 1024);
	put_leaf(&b, exam, m);
	return str_sub(buf_str(&b), 1, -1);
}

digest leaf_of(str exam, const struct marks *m)
{
	char bytes[1024];
	struct buf b = { .p = bytes, .cap = sizeof bytes, .max = sizeof bytes };

	put_leaf(&b, exam, m);
	return hash_of(buf_str(&b));
}

digest node_of(digest left, digest right)
{
	char bytes[65];

	bytes[0] = 1;
	memcpy(bytes + 1, left.b, 32);
	memcpy(bytes + 33, right.b, 32);
	return hash_of((str){ bytes, sizeof bytes });
}

/* Halves a level in place; the last of an odd one goes up as it is. */
static int64_t level_up(digest *at, int64_t n)
{
	for (int64_t i = 0; i + 1 < n; i += 2)
		at[i / 2] = node_of(at[i], at[i + 1]);
	if (n % 2)
		at[n / 2] = at[n - 1];
	return (n + 1) / 2;
}

/* Levels 0 to 3 from the records of one block. */
static int path_in_block(const struct shard *s, int64_t i, digest *ret)
{
	int64_t first = i / SHARD_BLOCK * SHARD_BLOCK, n = s->n - first < SHARD_BLOCK ? s->n - first : SHARD_BLOCK,
		at = i - first;
	digest level[SHARD_BLOCK];
	int found = 0;

	for (int64_t k = 0; k < n; k++) {
		struct marks m;
		shard_at(s, first + k, &m);
		level[k] = leaf_of(s->exam, &m);
	}
	while (n > 1) {
		if ((at ^ 1) < n)
			ret[found++] = level[at ^ 1];
		n = level_up(level, n);
		at /= 2;
	}
	return found;
}

int shard_path(const struct shard *s, int64_t i, digest ret[static SHARD_LEVELS])
{
	int found = path_in_block(s, i, ret);
	int64_t width = (s->n + SHARD_BLOCK - 1) / SHARD_BLOCK, at = i / SHARD_BLOCK;
	const unsigned char *level = at_byte(s->bytes, s->tree_at);

	while (width > 1) {
		if ((at ^ 1) < width)
			memcpy(ret[found++].b, level + (at ^ 1) * 32, 32);
		level += width * 32;
		width = (width + 1) / 2;
		at /= 2;
	}
	return found;
}

bool path_root(digest leaf, int64_t i, int64_t n, const digest *path, int n_path, digest *ret)
{
	int used = 0;

	if (i < 0 || i >= n)
		return false;
	for (; n > 1; i /= 2, n = (n + 1) / 2) {
		if ((i ^ 1) >= n)
			continue;
		if (used == n_path)
			return false;
		leaf = i & 1 ? node_of(path[used], leaf) : node_of(leaf, path[used]);
		used++;
	}
	*ret = leaf;
	return used == n_path;
}

/* ---- distributions ----------------------------------------------------------------------------------- */

struct dist shard_dist(const struct shard *s, int column, int group)
{
	const unsigned char *p;

	if (column < 0 || column >= s->n_subjects || group < -1 || group >= s->n_groups)
		return (struct dist){ NULL, 0 };
	p = at_byte(s->bytes, s->dists_at + (size_t)((group + 1) * s->n_subjects + column) * DIST_BYTES);
	return (struct dist){ at_byte(s->bytes, s->pairs_at + (size_t)get32(p) * PAIR_BYTES), get32(p + 4) };
}

void dist_at(const struct dist *d, uint32_t i, int *ret_mark, int64_t *ret_count)
{
	const unsigned char *p = d->p + (size_t)i * PAIR_BYTES;

	*ret_mark = get16(p) <= MARK_MAX ? get16(p) : MARK_MAX;
	*ret_count = get32(p + 4);
}
