/* seal.c -- each night the ends of a school's ledgers that moved are signed twice, by a key of the bureau and one of
 * the department: who alters a book afterwards and chains it anew cannot sign what stood here. The keys are files of
 * the installation (DATA/keys/ledger-*.key, 0400); a service with keys of its own can take their place.
 *
 * What a school sealed is sealed once more by the unit at the top of its tree, number and hash, and the history of that
 * unit tells of it: a school's seals cannot be taken away unseen by who reaches the school's rows alone. */
#include "mod/records/records_rules.h"
#include "core/put.h"
#include "base/hash.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct tr MSG_key = { "Không đọc hoặc ghi được khóa niêm phong {1} (cần 32 byte, chmod 0400).",
	"The sealing key {1} cannot be read or written (32 bytes, chmod 0400)." };
struct seal_keys { uint8_t public[2][crypto_sign_PUBLICKEYBYTES], secret[2][crypto_sign_SECRETKEYBYTES]; };
enum { SEED = crypto_sign_SEEDBYTES };

static bool seed_read(const char *path, uint8_t seed[static SEED])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat st;
	bool good = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & 077) == 0 &&
		read(fd, seed, SEED) == SEED;

	if (fd >= 0)
		close(fd);
	return good;
}

static bool seed_make(struct ctx *c, const char *path, uint8_t seed[static SEED])
{
	fresh_bytes(c, seed, SEED);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0400);
	bool good = fd >= 0 && write(fd, seed, SEED) == SEED && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return good;
}

/* make: a key that is not there yet is drawn. */
static enum rc keys_open(struct ctx *c, bool make, struct seal_keys *ret)
{
	static const char *const names[] = { "bureau", "department" };
	char *folder = str_z(c->mem, TEXT(c, "%s/keys", data_folder(c)));
	uint8_t seed[SEED];

	if (make && mkdir(folder, 0700) != 0 && errno != EEXIST)
		return FAILF(c, E_FAULT, 0, &MSG_key, str_of(folder));
	for (int i = 0; i < 2; i++) {
		char *path = str_z(c->mem, TEXT(c, "%s/ledger-%s.key", folder, names[i]));
		if (!seed_read(path, seed) && !(make && access(path, F_OK) != 0 && seed_make(c, path, seed)))
			return FAILF(c, make ? E_FAULT : E_MISSING, 0, &MSG_key, str_of(path));
		crypto_sign_seed_keypair(ret->public[i], ret->secret[i], seed);
		sodium_memzero(seed, sizeof seed);
	}
	return OK;
}

/* What is signed; its hash goes into the next one. */
static digest seal_digest(const struct ledger_seal *s)
{
	struct hasher h;
	char text[64];
	int n = snprintf(text, sizeof text, "khue ledger seal %lld %lld %lld", (long long)s->base.org.v,
		(long long)s->seq, (long long)s->at.v);

	hash_begin(&h);
	hash_add_sized(&h, (str){ text, n });
	hash_add_sized(&h, s->before);
	hash_add_sized(&h, s->lines);
	return hash_end(&h);
}

static str signed_by(struct arena *a, const struct seal_keys *k, int who, const digest *d)
{
	uint8_t sig[crypto_sign_BYTES];

	crypto_sign_detached(sig, NULL, d->b, sizeof d->b, k->secret[who]);
	return base64url_of(a, sig, sizeof sig);
}

static bool signature_fits(struct arena *a, const struct seal_keys *k, int who, const digest *d, str text)
{
	str sig;

	return base64url_read(a, text, &sig) && sig.n == crypto_sign_BYTES &&
		crypto_sign_verify_detached((const unsigned char *)sig.p, d->b, sizeof d->b, k->public[who]) == 0;
}

/* ---- sealing --------------------------------------------------------------------------------------------- */

struct seal_in { int64_t school, course, entries, next, after; };
#define ROW struct seal_in
static const struct shape seal_in_shape = { sizeof(ROW), FIELDS{ { COL(school) }, { COL(course) }, { COL(entries) },
	{ COL(next) }, { COL(after) }, END } };
#undef ROW
struct end_row { int64_t id, entries; str head; };
#define ROW struct end_row
static const struct shape end_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(entries) }, { COL(head) }, END } };
#undef ROW
#define ROW struct number_row
const struct shape number_shape = { sizeof(ROW), FIELDS{ { COL(n) }, END } };
#undef ROW
struct seal_row { int64_t seq; str lines, before, bureau, department; instant at; org_id org; };
#define ROW struct seal_row
static const struct shape seal_shape = { sizeof(ROW), FIELDS{ { COL(seq) }, { COL(lines) }, { COL(before) },
	{ COL(bureau) }, { COL(department) }, { COL(at) }, { REF(org, org) }, END } };
#undef ROW
struct hash_row { str hash; };
#define ROW struct hash_row
static const struct shape hash_shape = { sizeof(ROW), FIELDS{ { COL(hash) }, END } };
#undef ROW
enum { SCHOOLS_MAX = 20000, BOOKS_MAX = 20000 };

static struct ledger_seal seal_of(const struct seal_row *r)
{
	return (struct ledger_seal){ .base = { .org = r->org }, .seq = r->seq, .at = r->at, .lines = r->lines,
		.before = r->before, .bureau = r->bureau, .department = r->department };
}

/* The next seal of a unit, over these lines. */
static enum rc seal_write(struct ctx *c, const struct seal_keys *keys, int64_t unit, str lines, int64_t *ret_seq,
	digest *ret)
{
	struct seal_in in = { .school = unit };
	struct seal_row last = { 0 };
	struct ledger_seal s;

	enum rc rc = query_one(c, "records/seal_last", &seal_in_shape, &in, &seal_shape, &last);
	if (rc != OK && rc != E_MISSING)
		return rc;
	row_zero(&ledger_seal, &s);
	s.base.org.v = unit;
	s.lines = lines;
	s.seq = last.seq + 1;
	s.at = c->now;
	if (rc == OK) {
		struct ledger_seal was = seal_of(&last);
		digest d = seal_digest(&was);
		s.before = hex_of(c->mem, d.b, sizeof d.b);
	}
	*ret = seal_digest(&s);
	*ret_seq = s.seq;
	s.bureau = signed_by(c->mem, keys, 0, ret);
	s.department = signed_by(c->mem, keys, 1, ret);
	return put_rows(c, &ledger_seal, &s, 1, (const col[]){ 0 });
}

/* A school's latest seal: its number and hash; top: the unit above all of its tree. */
struct sealed_school { int64_t school, top, seq; digest hash; };

static enum rc seal_school(struct ctx *c, const struct seal_keys *keys, int64_t school, struct sealed_school *ret)
{
	struct seal_in in = { .school = school };
	struct buf lines;
	items ends;

	TRY(query(c, "records/books_unsealed", &seal_in_shape, &in, &end_shape, &ends, BOOKS_MAX));
	buf_init(&lines, c->mem, (size_t)2 << 20);
	for (int64_t i = 0; i < ends.n; i++) {
		const struct end_row *e = (const struct end_row *)ends.p + i;
		put_fmt(&lines, "%s%lld %lld %.*s", i ? "\n" : "", (long long)e->id, (long long)e->entries, FMT(e->head));
		TRY(execute(c, "records/sealed", &seal_in_shape, &(struct seal_in){ .course = e->id, .next = e->entries },
			NULL));
	}
	ret->school = school;
	enum rc rc = query_int(c, "records/unit_above", &seal_in_shape, &in, &ret->top);
	if (rc != OK && rc != E_MISSING)
		return rc;
	return seal_write(c, keys, school, buf_str(&lines), &ret->seq, &ret->hash);
}

/* The seals that schools of one tree made, sealed by its top, and told in its history. */
static enum rc seal_above(struct ctx *c, const struct seal_keys *keys, int64_t top, const struct sealed_school *made,
	int64_t n)
{
	struct buf lines;
	int64_t seq;
	digest d;

	buf_init(&lines, c->mem, (size_t)4 << 20);
	for (int64_t i = 0; i < n; i++)
		if (made[i].top == top && made[i].school != top)
			put_fmt(&lines, "%sschool %lld %lld %.*s", lines.n ? "\n" : "", (long long)made[i].school,
				(long long)made[i].seq, FMT(hex_of(c->mem, made[i].hash.b, sizeof made[i].hash.b)));
	if (!top || !lines.n)
		return OK;
	TRY(seal_write(c, keys, top, buf_str(&lines), &seq, &d));
	return audit(c, (org_id){ top }, "ledger_seal", seq, "seal", hex_of(c->mem, d.b, sizeof d.b));
}

static enum rc seal_tops(struct ctx *c, const struct seal_keys *keys, const struct sealed_school *made, int64_t n)
{
	for (int64_t i = 0; i < n; i++) {
		int64_t first = 0;
		while (made[first].top != made[i].top)
			first++;
		if (first == i)
			TRY(seal_above(c, keys, made[i].top, made, n));
	}
	return OK;
}

enum rc ledger_seal_all(struct ctx *c, int64_t *ret)
{
	static const struct tr doing = { "Niêm phong sổ điểm", "Sealing the ledgers" };
	struct seal_keys *keys = NEW(c->mem, struct seal_keys);
	items schools;

	*ret = 0;
	TRY(query(c, "records/schools_unsealed", NULL, NULL, &number_shape, &schools, SCHOOLS_MAX));
	if (schools.n)
		TRY(keys_open(c, true, keys));
	struct sealed_school *made = NEWS(c->mem, struct sealed_school, schools.n + 1);
	for (int64_t i = 0; i < schools.n; i++) {
		TRY(seal_school(c, keys, ((const struct number_row *)schools.p)[i].n, &made[i]));
		++*ret;
		if (c->job)
			job_progress(c, i + 1, schools.n, &doing);
	}
	return seal_tops(c, keys, made, schools.n);
}

/* ---- proving ------------------------------------------------------------------------------------------------ */

static const struct tr
	WHAT_line = { "có dòng niêm phong không đọc được", "a line of a seal cannot be read" },
	WHAT_other = { "sổ không phải sổ đã niêm phong", "the book is not the one that was sealed" },
	WHAT_missing = { "thiếu một niêm phong", "a seal is missing" },
	WHAT_signature = { "chữ ký của niêm phong không khớp", "the signature of a seal does not fit" },
	WHAT_book = { "niêm phong của sổ không còn", "the seal of the book is missing" },
	WHAT_above = { "niêm phong mà cấp trên đã ký không còn hoặc đã khác",
		"the seal that the unit above countersigned is missing or another" },
	WHAT_history = { "niêm phong mà lịch sử ghi không còn hoặc đã khác",
		"the seal that the history tells of is missing or another" };

static enum rc seal_fault(struct ledger_fault *f, int64_t course_, int64_t school, int64_t seq, const struct tr *what)
{
	*f = (struct ledger_fault){ course_, seq, what, .school = school };
	return E_STATE;
}

/* The latest seal of a school that its tree's top countersigned. */
struct head { int64_t school, seq; str hash; };
struct heads { struct head at[SCHOOLS_MAX]; int64_t n; };

static bool head_read(struct ctx *c, struct heads *h, str line)
{
	struct head x;
	str id, seq;
	int64_t i = 0;

	if (!str_cut(line, ' ', &id, &line) || !str_cut(line, ' ', &seq, &line) || !str_to_int(id, &x.school) ||
		!str_to_int(seq, &x.seq))
		return false;
	while (i < h->n && h->at[i].school != x.school)
		i++;
	if (i == SCHOOLS_MAX)
		return false;
	x.hash = str_copy(c->mem, line);
	h->at[i] = x;
	h->n += i == h->n;
	return true;
}

/* Books that say they are sealed, in the order of their ids: how far, and how far a seal was found to say so. Of every
 * school, for a book may have gone to another with its class. */
struct sealed_book { int64_t id, sealed, seen; };
#define ROW struct sealed_book
static const struct shape sealed_shape = { sizeof(ROW), FIELDS{ { COL(id) }, { COL(sealed) }, END } };
#undef ROW
enum { SEALED_MAX = 2000000 };

static void see_end(const items *books, int64_t course_, int64_t entries)
{
	int64_t low = 0, high = books->n;
	struct sealed_book *b = (struct sealed_book *)(uintptr_t)books->p;

	while (low < high) {
		int64_t middle = (low + high) / 2;
		if (b[middle].id < course_)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < books->n && b[low].id == course_ && b[low].seen < entries)
		b[low].seen = entries;
}

/* Every end it names is still in the book at that place. */
static enum rc ends_fit(struct ctx *c, const struct ledger_seal *s, const items *books, struct heads *heads,
	struct ledger_fault *f)
{
	str line, rest = s->lines, id, seq;
	struct seal_in in = { 0 };

	while (rest.n) {
		struct hash_row h = { 0 };
		str_cut(rest, '\n', &line, &rest);
		if (str_starts(line, S("school "))) {
			if (!head_read(c, heads, str_sub(line, 7, -1)))
				return seal_fault(f, 0, s->base.org.v, s->seq, &WHAT_line);
			continue;
		}
		if (!str_cut(line, ' ', &id, &line) || !str_cut(line, ' ', &seq, &line) || !str_to_int(id, &in.course) ||
			!str_to_int(seq, &in.entries))
			return seal_fault(f, 0, s->base.org.v, s->seq, &WHAT_line);
		enum rc rc = query_one(c, "records/hash_at", &seal_in_shape, &in, &hash_shape, &h);
		if (rc != OK && rc != E_MISSING)
			return rc;
		if (!str_eq(h.hash, line))
			return seal_fault(f, in.course, s->base.org.v, in.entries, &WHAT_other);
		see_end(books, in.course, in.entries);
	}
	return OK;
}

static enum rc school_fits(struct ctx *c, const struct seal_keys *keys, int64_t school, const items *books,
	struct heads *heads, int64_t *n, struct ledger_fault *f)
{
	struct seal_in in = { .school = school };
	str before = { 0 };
	int64_t next = 1;
	items got;

	do {
		TRY(query(c, "records/seals_of", &seal_in_shape, &in, &seal_shape, &got, 50));
		for (int64_t i = 0; i < got.n; i++) {
			struct ledger_seal s = seal_of((const struct seal_row *)got.p + i);
			digest d = seal_digest(&s);
			if (s.seq != next || !str_eq(s.before, before))
				return seal_fault(f, 0, school, s.seq, &WHAT_missing);
			if (!signature_fits(c->mem, keys, 0, &d, s.bureau) || !signature_fits(c->mem, keys, 1, &d, s.department))
				return seal_fault(f, 0, school, s.seq, &WHAT_signature);
			TRY(ends_fit(c, &s, books, heads, f));
			before = hex_of(c->mem, d.b, sizeof d.b);
			in.after = next++;
			++*n;
		}
	} while (got.n);
	return OK;
}

static enum rc seal_is(struct ctx *c, int64_t unit, int64_t seq, str hash, bool *ret)
{
	struct seal_row r;

	*ret = false;
	enum rc rc = query_one(c, "records/seal_at", &seal_in_shape, &(struct seal_in){ .school = unit, .entries = seq },
		&seal_shape, &r);
	if (rc != OK)
		return rc == E_MISSING ? OK : rc;
	struct ledger_seal s = seal_of(&r);
	digest d = seal_digest(&s);
	*ret = str_eq(hex_of(c->mem, d.b, sizeof d.b), hash);
	return OK;
}

/* Chains were walked: the latest seal holds those before it. */
static enum rc heads_fit(struct ctx *c, const struct heads *h, struct ledger_fault *f)
{
	bool is;

	for (int64_t i = 0; i < h->n; i++) {
		TRY(seal_is(c, h->at[i].school, h->at[i].seq, h->at[i].hash, &is));
		if (!is)
			return seal_fault(f, 0, h->at[i].school, h->at[i].seq, &WHAT_above);
	}
	return OK;
}

struct told_seal { int64_t org, seq; str detail; };
#define ROW struct told_seal
static const struct shape told_seal_shape = { sizeof(ROW), FIELDS{ { COL(org) }, { COL(seq) }, { COL(detail) }, END } };
#undef ROW
enum { TOLD_MAX = 100000 };

static enum rc history_fits(struct ctx *c, struct ledger_fault *f)
{
	items got;
	bool is = true;

	TRY(query(c, "records/seals_told", NULL, NULL, &told_seal_shape, &got, TOLD_MAX));
	const struct told_seal *t = got.p;
	for (int64_t i = 0; i < got.n; i++) {
		if (i + 1 < got.n && t[i + 1].org == t[i].org)
			continue;
		TRY(seal_is(c, t[i].org, t[i].seq, history_text(c, t[i].detail), &is));
		if (!is)
			return seal_fault(f, 0, t[i].org, t[i].seq, &WHAT_history);
	}
	return OK;
}

enum rc seals_verify(struct ctx *c, int64_t *ret, struct ledger_fault *fault)
{
	struct seal_keys *keys = NEW(c->mem, struct seal_keys);
	struct heads *heads = NEW(c->mem, struct heads);
	items schools, books;

	TRY(query(c, "records/seal_schools", NULL, NULL, &number_shape, &schools, SCHOOLS_MAX));
	TRY(query(c, "records/books_sealed", &seal_in_shape, &(struct seal_in){ 0 }, &sealed_shape, &books, SEALED_MAX));
	if (schools.n)
		TRY(keys_open(c, false, keys));
	for (int64_t i = 0; i < schools.n; i++)
		TRY(school_fits(c, keys, ((const struct number_row *)schools.p)[i].n, &books, heads, ret,
			fault));
	for (int64_t i = 0; i < books.n; i++) {
		const struct sealed_book *b = (const struct sealed_book *)books.p + i;
		if (b->seen < b->sealed)
			return seal_fault(fault, b->id, 0, b->sealed, &WHAT_book);
	}
	TRY(heads_fit(c, heads, fault));
	return history_fits(c, fault);
}

/* ---- what was answered ---------------------------------------------------------------------------------------- */

struct answer_row { str key, begins; };
#define ROW struct answer_row
static const struct shape answer_shape = { sizeof(ROW), FIELDS{ { COL(key) }, { COL(begins) }, END } };
#undef ROW

/* "course":NUMBER or "head":"TEXT" of the beginning of an answer; empty: not there. */
static str told_value(str begins, const char *name)
{
	ptrdiff_t at = str_find(begins, str_of(name));
	str rest = at < 0 ? (str){ 0 } : str_trim(str_sub(begins, at + (ptrdiff_t)strlen(name), -1)), value = { 0 };

	str_cut(rest, ',', &value, &rest);
	return value.n > 1 && value.p[0] == '"' ? str_sub(value, 1, value.n - 1) : value;
}

static enum rc answer_fits(struct ctx *c, str begins, struct ledger_fault *f)
{
	static const struct tr what = { "sổ không còn lần ghi mà người ghi đã được báo là đã lưu",
		"the book lacks an entry that its writer was told is saved" };
	str head = told_value(begins, "\"head\":");
	struct seal_in in = { 0 };
	struct hash_row h = { 0 };

	if (!head.n || !str_to_int(told_value(begins, "\"course\":"), &in.course) ||
		!str_to_int(told_value(begins, "\"seq\":"), &in.entries))
		return OK;                                       /* another answer, or of a book without an entry           */
	enum rc rc = query_one(c, "records/hash_at", &seal_in_shape, &in, &hash_shape, &h);
	if (rc != OK && rc != E_MISSING)
		return rc;
	return str_eq(h.hash, head) ? OK : seal_fault(f, in.course, 0, in.entries, &what);
}

enum rc answers_verify(struct ctx *c, struct ledger_fault *fault)
{
	struct answer_row last = { 0 };
	struct arena *mem = c->mem, room;
	enum rc rc = OK;
	items got;

	arena_init(&room, (size_t)1 << 30);
	room.full = mem->full;
	do {
		c->mem = &room;
		rc = query(c, "records/answers_kept", &answer_shape, &last, &answer_shape, &got, 500);
		for (int64_t i = 0; rc == OK && i < got.n; i++)
			rc = answer_fits(c, ((const struct answer_row *)got.p)[i].begins, fault);
		c->mem = mem;
		if (rc == OK && got.n)
			last.key = str_copy(mem, ((const struct answer_row *)got.p)[got.n - 1].key);
		arena_reset(&room);
	} while (rc == OK && got.n);
	arena_free(&room);
	return rc;
}
